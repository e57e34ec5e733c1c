"""Days in the future, by every place where a day stands, and evidence captured before its day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import (
    AS_OF,
    EVALUATION,
    WEIGHTS,
    Content,
    answer,
    capability,
    card_of,
    contents,
    evidence,
    profile_of,
)
from check_context import found, messages, places

from evaluator.rules.dates import captured_too_early, future_days

CARD, PROFILE = card_of("v-1"), profile_of("v-1")


def dated(day: str) -> Content:
    """One vendor, with ``day`` in every place that holds one; beside each list's first entry an older one."""
    content = contents(criteria=1, families=1, vendors=1)
    content[WEIGHTS]["seal"]["date"] = day
    content[EVALUATION]["excluded"] = [
        {"option": "Other", "reason": "No export.", "date": "2026-01-01"},
        {"option": "Another", "reason": "No export.", "date": day},
    ]
    profile = content[PROFILE]
    profile["captured"] = day
    profile["facts"].append({**profile["facts"][0], "source_date": day})
    profile["capabilities"]["cap-2"] = capability("native", source_date=day)
    profile["exit"] = {
        "owner": "IT",
        "planned": "x",
        "export": "y",
        "rehearsed": [{"date": "2026-01-01", "finding": "f"}, {"date": day, "finding": "f"}],
    }
    profile["editions"][1]["prices"] = [
        profile["editions"][0]["prices"][0],
        {**profile["editions"][0]["prices"][0], "source_date": day},
    ]
    content[CARD]["assessed"] = day
    content[CARD]["answers"]["c-1"] = answer(2, date=day, evidence=[evidence(), evidence(date=day, captured=day)])
    return content


EVERY = [
    (WEIGHTS, ("seal", "date"), "the seal of"),
    (EVALUATION, ("excluded", 1, "date"), "the exclusion of"),
    (PROFILE, ("captured",), "the capture on"),
    (PROFILE, ("facts", 1, "source_date"), "the source of"),
    (PROFILE, ("capabilities", "cap-2", "source_date"), "the source of"),
    (PROFILE, ("exit", "rehearsed", 1, "date"), "the rehearsal of"),
    (PROFILE, ("editions", 1, "prices", 1, "source_date"), "the source of"),
    (CARD, ("assessed",), "the assessment of"),
    (CARD, ("answers", "c-1", "date"), "the answer of"),
    (CARD, ("answers", "c-1", "evidence", 1, "date"), "the evidence of"),
    (CARD, ("answers", "c-1", "evidence", 1, "captured"), "the capture on"),
]


def test_every_place_that_holds_a_day() -> None:
    day = (AS_OF + timedelta(days=1)).isoformat()
    rows = found(future_days, dated(day))
    assert [(row.file, row.path) for row in rows] == [(file, path) for file, path, _ in EVERY]
    assert [row.message for row in rows] == [
        f"{what} {day} lies after the date of the evaluation, {AS_OF}" for _, _, what in EVERY
    ]


def test_the_day_of_the_evaluation_is_not_too_late() -> None:
    assert found(future_days, dated(AS_OF.isoformat())) == []


def test_days_that_are_not_given() -> None:
    content = contents(criteria=1, families=1, vendors=1)
    del content[WEIGHTS]["seal"]
    content[PROFILE]["facts"][0]["source_date"] = None
    assert found(future_days, content) == []


@pytest.mark.parametrize(
    ("days", "early"),
    [
        ({"date": "2026-10-02", "captured": "2026-10-01"}, True),
        ({"date": "2026-10-01", "captured": "2026-10-01"}, False),
        ({"date": "2026-09-30", "captured": "2026-10-01"}, False),
        ({"date": "2026-10-02", "captured": None}, False),
        ({"date": None, "captured": "2026-10-01"}, False),
    ],
)
def test_evidence_cannot_be_captured_before_its_day(days: dict[str, str | None], *, early: bool) -> None:
    content = contents(criteria=1, families=1, vendors=1)
    content[CARD]["answers"]["c-1"] = answer(2, evidence=[evidence(), evidence(**days)])
    place = (CARD, ("answers", "c-1", "evidence", 1, "date"))
    assert places(captured_too_early, content) == ([place] if early else [])
    if early:
        (message,) = messages(captured_too_early, content)
        assert message == "the evidence stands for 2026-10-02 but was captured on 2026-10-01, before that day"
