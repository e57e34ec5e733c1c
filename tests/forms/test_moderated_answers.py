"""Agreed answers: everybody's evidence, and what those who gave the level still want to see."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from builders import answer, evidence, freeze, scorecard

from evaluator.forms.answer_rows import BLANK, AnswerRow, row_of
from evaluator.forms.moderated_answers import moderated_row, moderation_way
from evaluator.model.scorecard import Answer, Scorecard

DAY = date(2026, 11, 20)
SHARED = evidence(source="shared")


def card(assessor: str, level: int | str, missing: tuple[str, ...] = (), *sources: str) -> Scorecard:
    items = [evidence(source=source) for source in sources]
    answers = {"c-1": {**answer(level, missing=missing), "evidence": items}}
    return Scorecard.model_validate(freeze(scorecard("v-1", assessor, answers)))


def agreed(row: AnswerRow, *cards: Scorecard, before: Answer | None = None, key: str = "c-1") -> Answer:
    way = moderation_way(cards, lambda criterion: f"print of {criterion}")
    assert way.base("c-1") == "print of c-1"
    return way.build(key, row, before, DAY)


def test_a_form_shows_an_answer_without_its_evidence() -> None:
    full = Answer.model_validate(freeze(answer(2, missing=["a"], capped_from=3)))
    assert moderated_row(full) == AnswerRow(2, "The page says so.", ("a",), "medium")
    assert moderated_row(None) == BLANK
    assert moderation_way((), lambda _: None).view(full) == moderated_row(full)


def test_the_agreed_answer_says_what_the_row_says() -> None:
    found = agreed(AnswerRow(2, "Agreed.", ("a",), "high"), card("desk-a", 1))
    assert (found.level, found.rationale, found.missing, found.confidence, found.date, found.evidence) == (
        2, "Agreed.", ("a",), "high", DAY, (),
    )  # fmt: skip


def test_everybodys_evidence_once_the_agreed_ones_first() -> None:
    before = Answer.model_validate(freeze({**answer(2), "evidence": [evidence(source="old"), SHARED]}))
    found = agreed(
        AnswerRow(2, "r", (), "low"),
        card("desk-a", 1, (), "a", "shared"),
        card("desk-b", 2, (), "shared", "b"),
        before=before,
    )
    assert [item.source for item in found.evidence] == ["old", "shared", "a", "b"]
    assert agreed(AnswerRow(2, "r"), card("desk-a", 1, (), "a"), key="c-2").evidence == ()


def test_evidence_too_long_for_a_cell_is_kept_whole() -> None:
    found = agreed(AnswerRow(2, "r"), card("desk-a", 2, (), "x" * 35_000))
    assert [len(item.source) for item in found.evidence] == [35_000]
    assert len(row_of(found).evidence[0].source) < 33_000


@pytest.mark.parametrize(
    ("cards", "missing"),
    [
        ([("a", 2, ("m", "n")), ("b", 2, ("n", "o"))], ("m", "n", "o")),
        ([("a", 2, ("m",)), ("b", 2, ())], ()),
        ([("a", 2, ("m",)), ("b", 3, ())], ("m",)),
        ([("a", 1, ("m",)), ("b", 3, ("n",))], ()),
        ([("a", "unknown", ("m",))], ()),
        ([], ()),
    ],
)
def test_what_is_still_to_be_shown_where_all_who_gave_the_level_say_so(
    cards: list[tuple[Any, ...]], missing: tuple[str, ...]
) -> None:
    assert agreed(AnswerRow(2, "r"), *(card(*one) for one in cards)).missing == missing


@pytest.mark.parametrize("word", ["none", "None", "-", "–", "NOTHING"])
def test_the_moderators_may_say_that_nothing_is_missing(word: str) -> None:
    cards = card("a", 2, ("m",)), card("b", 2, ("m",))
    assert agreed(AnswerRow(2, "r", (word,)), *cards).missing == ()
    assert agreed(AnswerRow(2, "r", (word, "x")), *cards).missing == (word, "x")
    assert agreed(AnswerRow(2, "r", ("x",)), *cards).missing == ("x",)
