"""The evidence register: one row per item, with every answer that leans on it and the day it goes stale."""

from __future__ import annotations

from datetime import date

from builders import AS_OF, EVALUATION, answer, build, card_of, contents, evidence

from evaluator.model.evaluated import EvidenceItem, EvidenceUse
from evaluator.scoring.evidence_register import evidence_register


def test_no_evidence_no_rows() -> None:
    assert evidence_register(build(contents(level="unknown")), AS_OF) == ()


def test_an_item_that_several_answers_name_is_one_row() -> None:
    """``c-1`` keeps evidence fresh for 12 months, ``c-2`` for 24; both assessors name the same page."""
    content = contents(criteria=2, families=1, vendors=1, assessors=("a", "b"))
    content["criteria/f-1.yaml"]["criteria"][1]["fresh_months"] = 24
    page = evidence(date="2025-10-01", note="first")
    content[card_of("v-1", "a")]["answers"] = {"c-2": answer(1, evidence=[page]), "c-1": answer(1, evidence=[page])}
    content[card_of("v-1", "b")]["answers"] = {"c-1": answer(1, evidence=[evidence(date="2025-10-01", note="second")])}
    day = date(2025, 10, 1)
    assert evidence_register(build(content), AS_OF) == (
        EvidenceItem(
            "E0001", "v-1", "https://vendor.example/doc", "C", day, None, "document", None,
            (
                EvidenceUse("c-1", "a", date(2026, 10, 1), stale=True),
                EvidenceUse("c-1", "b", date(2026, 10, 1), stale=True),
                EvidenceUse("c-2", "a", date(2027, 10, 1), stale=False),
            ),
        ),
    )  # fmt: skip


def test_other_source_grade_day_or_option_is_another_row() -> None:
    content = contents(criteria=1, families=1, vendors=3)
    content[EVALUATION]["options"] = ["v-1", "v-2"]
    items = [
        evidence(),
        evidence(source="https://other.example"),
        evidence(grade="B"),
        evidence(date="2026-10-02"),
        evidence(captured="2026-10-03"),
        evidence(),
    ]
    content[card_of("v-1")]["answers"]["c-1"] = answer(1, evidence=items)
    found = evidence_register(build(content), AS_OF)
    assert [row.id for row in found] == ["E0001", "E0002", "E0003", "E0004", "E0005", "E0006"]
    assert [(row.option, len(row.uses)) for row in found] == [("v-1", 2), *[("v-1", 1)] * 4, ("v-2", 1)]
    assert [row.source for row in found][1] == "https://other.example"
    assert (found[2].grade, found[3].date, found[4].captured) == ("B", date(2026, 10, 2), date(2026, 10, 3))


def test_every_kind_is_a_row_with_the_day_until_which_it_is_fresh() -> None:
    content = contents(criteria=1, families=1, vendors=1)
    days = {"date": "2025-10-01", "captured": "2026-10-05"}
    items = [
        evidence(kind="page", **days),
        evidence(kind="trial", **days),
        evidence(kind="certificate", valid_until="2027-03-31", **days),
        evidence(kind="page", source="https://vendor.example/v1.2/doc", **days),
    ]
    content[card_of("v-1")]["answers"]["c-1"] = answer(1, evidence=items)
    assert [
        (row.kind, row.valid_until, row.fresh_until, row.stale) for row in evidence_register(build(content), AS_OF)
    ] == [
        ("page", None, date(2027, 10, 5), False),
        ("trial", None, date(2026, 10, 1), True),
        ("certificate", date(2027, 3, 31), date(2027, 3, 31), False),
        ("document", None, date(2026, 10, 1), True),
    ]


def test_the_last_fresh_day_is_not_stale() -> None:
    content = contents(criteria=1, families=1, vendors=1)
    content[card_of("v-1")]["answers"]["c-1"] = answer(1, evidence=[evidence(date="2025-11-24")])
    for as_of, stale in ((AS_OF, False), (date(2026, 11, 25), True)):
        (row,) = evidence_register(build(content), as_of)
        assert (row.stale, row.fresh_until) == (stale, AS_OF)


def test_undated_evidence_ages_from_its_capture() -> None:
    content = contents(criteria=1, families=1, vendors=1)
    content[card_of("v-1")]["answers"]["c-1"] = answer(1, evidence=[evidence(date=None, captured="2026-01-31")])
    (row,) = evidence_register(build(content), AS_OF)
    assert (row.date, row.captured, row.fresh_until) == (None, date(2026, 1, 31), date(2027, 1, 31))
