"""How far an answer may be relied on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from builders import answer, build, contents, evidence, freeze

from evaluator.model.evidence_status import EvidenceStatus, carriers, evidence_status, fresh_until
from evaluator.model.scorecard import Answer

CATALOGUE = build(contents(criteria=2)).catalogue  # caps A, B, C: 4, D: 2, E: 1; evidence is fresh for 12 months
CRITERION = CATALOGUE.criteria["c-1"]
DAY = date(2026, 11, 24)


def of(level: int | str, *items: dict[str, Any]) -> Answer:
    return Answer.model_validate(freeze(answer(level, evidence=list(items))))


def at(grade: str, day: str) -> dict[str, Any]:
    return evidence(grade=grade, date=day)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (of("unknown", at("A", "2026-11-01")), "unknown"),
        (of("unknown"), "unknown"),
        (of(1), "unsupported"),
        (of(3, at("D", "2026-11-01")), "over-cap"),
        (of(2, at("D", "2026-11-01")), "supported"),
        (of(1, at("E", "2026-11-01")), "supported"),
        (of(2, at("E", "2026-11-01"), at("E", "2026-11-01")), "over-cap"),
        (of(1, at("Z", "2026-11-01")), "over-cap"),
        (of(0, at("Z", "2026-11-01")), "supported"),
        (of(4, at("A", "2025-11-24")), "supported"),
        (of(4, at("A", "2025-11-23")), "stale"),
        (of(4, at("A", "2025-11-23"), at("B", "2026-01-01")), "supported"),
        (of(4, at("A", "2025-11-23"), at("D", "2026-11-01")), "stale"),
    ],
)
def test_the_evidence_status_of_an_answer(given: Answer, found: str) -> None:
    assert evidence_status(given, CRITERION, CATALOGUE, DAY) == EvidenceStatus(found)


def test_only_items_that_carry_the_level_alone_carry_it() -> None:
    given = of(2, at("E", "2026-11-01"), at("D", "2026-11-02"), at("A", "2026-11-03"), at("Z", "2026-11-04"))
    assert carriers(given, CRITERION, CATALOGUE) == given.evidence[1:3]
    assert carriers(of(0, at("Z", "2026-11-01")), CRITERION, CATALOGUE) != ()
    assert carriers(of("unknown", at("A", "2026-11-01")), CRITERION, CATALOGUE) == ()


def test_statuses_in_their_order() -> None:
    assert [each.value for each in EvidenceStatus] == ["unknown", "unsupported", "over-cap", "stale", "supported"]


def test_a_certificate_is_fresh_until_its_end_and_not_longer() -> None:
    item = {**at("A", "2020-01-01"), "kind": "certificate", "valid_until": "2026-11-24"}
    assert evidence_status(of(4, item), CRITERION, CATALOGUE, DAY) is EvidenceStatus.SUPPORTED
    assert evidence_status(of(4, item), CRITERION, CATALOGUE, date(2026, 11, 25)) is EvidenceStatus.STALE
    (found,) = of(4, {**at("A", "2026-01-01"), "kind": "certificate"}).evidence
    assert fresh_until(found, CRITERION) == date(2027, 1, 1)


def test_a_page_that_was_looked_at_again_is_as_young_as_the_look() -> None:
    page = {**at("A", "2020-01-01"), "captured": "2026-11-01"}
    assert evidence_status(of(4, {**page, "kind": "page"}), CRITERION, CATALOGUE, DAY) is EvidenceStatus.SUPPORTED
    assert evidence_status(of(4, {**page, "kind": "document"}), CRITERION, CATALOGUE, DAY) is EvidenceStatus.STALE
