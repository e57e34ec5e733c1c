"""One answer from several scorecards: which counts, whose it is, and what it carries."""

from __future__ import annotations

from typing import Any

import pytest
from builders import answer, evidence, freeze, scorecard

from evaluator.model.scorecard import Scorecard
from evaluator.scoring.aggregation import Combined, combine, rule_in_words


def card(assessor: str, level: int | str, /, **changes: Any) -> Scorecard:
    """A scorecard with one answer on ``c-1``."""
    return Scorecard.model_validate(freeze(scorecard("v-1", assessor, {"c-1": answer(level, **changes)})))


def combined(*cards: Scorecard, unknown_if: Any = "any") -> Combined:
    found = combine(cards, "c-1", unknown_if)
    assert found is not None
    return found


def test_no_answer_is_none() -> None:
    assert combine([], "c-1", "any") is None
    assert combine([card("a", 3)], "c-2", "any") is None


def test_a_scorecard_that_is_silent_leaves_the_other_alone() -> None:
    silent = Scorecard.model_validate(freeze(scorecard("v-1", "b", {})))
    found = combined(card("a", 3), silent)
    assert (found.by, found.levels, found.answer.level) == (("a",), {"a": 3}, 3)


def test_one_answer_is_taken_as_it_is() -> None:
    only = card("a", 3, missing=["the contract"], confidence="low")
    found = combined(only)
    assert found == Combined(only.answers["c-1"], ("a",), {"a": 3})
    assert combined(card("a", "unknown")).levels == {"a": None}


def test_a_single_moderated_answer_is_no_assessors_level() -> None:
    found = combined(card("agreed", 2))
    assert (found.by, found.levels) == (("agreed",), {})


def test_the_lowest_level_counts_with_all_levels_kept() -> None:
    found = combined(card("a", 3), card("b", 1), card("c", 2))
    assert (found.answer.level, found.by, found.levels) == (1, ("b",), {"a": 3, "b": 1, "c": 2})


def test_those_who_share_the_lowest_level_are_named_by_assessor() -> None:
    found = combined(card("c", 0), card("b", 2), card("a", 0))
    assert (found.answer.level, found.by) == (0, ("a", "c"))
    assert found.answer.rationale == card("a", 0).answers["c-1"].rationale


def test_the_first_by_assessor_gives_the_words() -> None:
    found = combined(card("b", 2, rationale="of b"), card("a", 2, rationale="of a"))
    assert found.answer.rationale == "of a"


def test_one_unknown_answer_makes_it_unknown_or_not_by_the_policy() -> None:
    cards = card("a", 3), card("b", "unknown"), card("c", 1)
    found = combined(*cards, unknown_if="any")
    assert (found.answer.level, found.by, found.levels) == ("unknown", ("b",), {"a": 3, "b": None, "c": 1})
    found = combined(*cards, unknown_if="all")
    assert (found.answer.level, found.by) == (1, ("c",))
    found = combined(card("a", "unknown"), card("b", "unknown"), unknown_if="all")
    assert (found.answer.level, found.by) == ("unknown", ("a", "b"))


def test_the_moderated_answer_counts_even_where_others_are_lower_or_unknown() -> None:
    for other in (0, "unknown"):
        found = combined(card("zoe", other), card("agreed", 3), card("adam", 4))
        assert (found.answer.level, found.by) == (3, ("agreed",))
        assert found.levels == {"zoe": None if other == "unknown" else 0, "adam": 4}


def test_equal_answers_pool_their_evidence_each_item_once() -> None:
    one, two = evidence(source="https://a.example"), evidence(source="https://b.example")
    found = combined(card("a", 2, evidence=[one, two]), card("b", 2, evidence=[two]), card("c", 3, evidence=[]))
    assert [item.source for item in found.answer.evidence] == ["https://a.example", "https://b.example"]


@pytest.mark.parametrize(
    ("first", "second", "lowest"),
    [("high", "medium", "medium"), ("low", "high", "low"), ("medium", "low", "low"), ("high", "high", "high")],
)
def test_the_lowest_confidence_counts(first: str, second: str, lowest: str) -> None:
    found = combined(card("a", 2, confidence=first), card("b", 2, confidence=second))
    assert found.answer.confidence == lowest


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (["x"], [], ()),
        ([], ["x"], ()),
        (["x", "y"], ["y", "z"], ("x", "y", "z")),
        ([], [], ()),
    ],
)
def test_an_answer_stays_open_above_only_if_all_who_gave_it_say_so(
    first: list[str], second: list[str], expected: tuple[str, ...]
) -> None:
    """One assessor for whom the level is all there is makes it so: nothing is missing then."""
    found = combined(card("a", 2, missing=first), card("b", 2, missing=second), card("c", 3, missing=["other"]))
    assert found.answer.missing == expected


def test_of_unknown_answers_all_that_is_missing_is_kept() -> None:
    found = combined(card("a", "unknown", missing=["x"]), card("b", "unknown", missing=[]))
    assert found.answer.missing == ("x",)


def test_the_rule_in_words() -> None:
    start = "Moderated answers count first; where assessors have not agreed, the lower level counts, "
    assert rule_in_words("any") == f"{start}unknown if any assessor says unknown."
    assert rule_in_words("all") == f"{start}unknown only if every assessor says unknown."
