"""Answers and evidence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from builders import answer, evidence, freeze, scorecard
from pydantic import ValidationError

from evaluator.model import scorecard as module
from evaluator.model.scorecard import Answer, Evidence, Scorecard

ITEM = {"source": "x", "grade": "C"}
ONE, TWO = date(2026, 1, 1), date(2026, 2, 2)


def item(**changes: Any) -> Evidence:
    return Evidence.model_validate({**ITEM, **changes})


def test_evidence_ages_from_its_date_or_else_from_its_capture() -> None:
    assert item(date=ONE, captured=TWO).day == item(date=ONE).day == ONE
    assert item(captured=TWO).day == TWO
    assert Evidence.model_construct(source="x", grade="C").day == date.max


@pytest.mark.parametrize(
    ("changes", "kind", "day"),
    [
        ({"date": ONE, "captured": TWO}, "document", ONE),
        ({"date": ONE, "captured": TWO, "kind": "page"}, "page", TWO),
        ({"date": ONE, "kind": "page"}, "page", ONE),
        ({"date": ONE, "captured": TWO, "kind": "trial"}, "trial", ONE),
        ({"captured": TWO, "kind": "statement"}, "statement", TWO),
        ({"captured": TWO, "source": "https://a.example/b"}, "page", TWO),
        ({"date": ONE, "captured": TWO, "source": "https://a.example/b"}, "document", ONE),
        ({"captured": TWO, "source": "a letter"}, "document", TWO),
        ({"captured": TWO, "source": "https://a.example/b", "note": "Reply of the vendor"}, "statement", TWO),
        ({"date": ONE, "captured": TWO, "source": "https://a.example/3.75/sso", "kind": "page"}, "document", ONE),
    ],
)
def test_evidence_ages_by_its_kind(changes: dict[str, Any], kind: str, day: date) -> None:
    found = item(**changes)
    assert (found.effective_kind, found.day) == (kind, day)


def test_only_a_certificate_has_an_end() -> None:
    assert item(date=ONE, kind="certificate", valid_until=TWO).valid_until == TWO
    for kind in (None, "page", "document"):
        with pytest.raises(ValidationError, match="only a certificate has valid_until"):
            item(date=ONE, kind=kind, valid_until=TWO)


def test_a_kind_that_is_not_stated_leaves_the_content_as_it_was() -> None:
    assert set(item(date=ONE).model_dump(mode="json")) == {"source", "date", "captured", "grade", "note"}


def test_evidence_without_a_day_is_refused() -> None:
    with pytest.raises(ValidationError) as raised:
        item()
    (error,) = raised.value.errors()
    assert (error["type"], error["msg"]) == (
        "evidence_undated",
        "evidence needs the date it stands for, or the date it was captured",
    )


@pytest.mark.parametrize(
    ("note", "is_from"),
    [
        ("Reply of the vendor", True), ("Reply of the vendor, 2026", True), ("Named by the vendor in the questionnaire.", True),
        ("The vendor confirmed it.", True), ("", False), ("Seen. The vendor confirmed it.", False), ("Named by the vendor", False),
    ],
)  # fmt: skip
def test_notes_tell_what_came_with_a_questionnaire(note: str, is_from: bool) -> None:  # noqa: FBT001
    assert item(date=ONE, note=note).from_questionnaire is is_from
    assert item(date=ONE).note == ""


def test_an_answer_is_known_where_it_is_a_level() -> None:
    found = Answer.model_validate(freeze(answer(0)))
    assert found.known
    assert not Answer.model_validate(freeze(answer("unknown"))).known
    assert (found.missing, found.capped_from, found.date) == ((), None, None)
    assert Answer.model_validate({"level": 1, "rationale": "x", "confidence": "low"}).evidence == ()
    for level in (True, 1.0, "1", "Unknown"):
        with pytest.raises(ValidationError):
            Answer.model_validate({"level": level, "rationale": "x", "confidence": "low"})


def test_what_a_scorecard_has_where_nothing_is_said() -> None:
    assert Scorecard.model_validate(freeze(scorecard("v", "a", {"c": answer(1, evidence=[evidence()])}))).notice == ""
    assert (module.UNKNOWN, module.AGREED) == ("unknown", "agreed")


def test_the_day_of_the_hand_in_is_part_of_the_content_only_where_it_is_given() -> None:
    without = scorecard("v-1", "desk-a", {})
    assert "handed_in" not in Scorecard.model_validate(freeze(without)).model_dump(mode="json")
    given = Scorecard.model_validate(freeze({**without, "handed_in": "2026-11-20"}))
    assert given.model_dump(mode="json")["handed_in"] == "2026-11-20"
    assert Scorecard.model_validate(given.model_dump(by_alias=True)) == given
