"""What stakeholders say about the weights: what is refused, and what follows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from evaluator.model.elicitation import FAMILIES, Judged, Sealing, SealState, Stakeholder, Stated, WeightsState

DAY, LATER = date(2026, 1, 1), date(2026, 2, 2)
POINTS = {"points": {"a": 100, "b": 0}}
ORDER = {"order": (("b",), ("a", "c"))}


def pairs(*names: str, times: float = 2) -> dict[str, Any]:
    return {"pairs": tuple({"first": pair[0], "second": pair[1], "times": times} for pair in names)}


def judged(**given: Any) -> Judged:
    return Judged.model_validate(given)


@pytest.mark.parametrize(
    ("given", "method", "named"),
    [
        (POINTS, "swing", ("a", "b")),
        (ORDER, "rank order centroid", ("b", "a", "c")),
        (pairs("ca", "ab", "cb"), "pairwise", ("c", "a", "b")),
        ({"order": ()}, "rank order centroid", ()),
        ({"pairs": ()}, "pairwise", ()),
    ],
)
def test_how_it_was_asked_and_what_was_named(given: dict[str, Any], method: str, named: tuple[str, ...]) -> None:
    assert (judged(**given).method, judged(**given).named) == (method, named)


@pytest.mark.parametrize(
    ("given", "kind", "words"),
    [
        ({}, "one_way", "give either points, or an order, or pairs"),
        ({**POINTS, **ORDER}, "one_way", "give either points, or an order, or pairs"),
        ({**POINTS, **ORDER, **pairs("ab")}, "one_way", "give either points, or an order, or pairs"),
        ({"points": {"a": 0, "b": 0}}, "no_points", "at least one of the points must be more than 0"),
        ({"points": {}}, "no_points", "at least one of the points must be more than 0"),
        ({"order": (("a",), ("b", "a"))}, "named_twice", "something is listed twice in the order"),
        ({"order": (("a", "a"),)}, "named_twice", "something is listed twice in the order"),
        (pairs("ab", "aa"), "with_itself", "something is judged against itself"),
        (pairs("ab", "ba"), "judged_twice", "a pair is judged twice"),
        (pairs("ab", times=0), "greater_than", "Input should be greater than 0"),
    ],
)
def test_what_is_refused(given: dict[str, Any], kind: str, words: str) -> None:
    with pytest.raises(ValidationError) as raised:
        judged(**given)
    assert (kind, words) in [(error["type"], error["msg"]) for error in raised.value.errors()]


def person(**groups: Any) -> Stakeholder:
    return Stakeholder.model_validate({"schema": "stakeholder/1", "role": "it", "date": DAY, **groups})


def test_what_was_said_of_a_group() -> None:
    found = person(families=POINTS, criteria={"f": ORDER})
    assert FAMILIES == "families"
    assert found.group("families") == judged(**POINTS)
    assert found.group("f") == judged(**ORDER)
    assert found.group("g") is None
    assert (person().families, person().criteria, person().note) == (None, {}, "")


def test_something_else_or_nothing_is_said_of_a_group() -> None:
    found, other = person(families=POINTS, criteria={"f": ORDER, "g": POINTS}), judged(**pairs("ab"))
    assert found.with_judgement("families", other, LATER) == person(
        families=pairs("ab"), criteria={"f": ORDER, "g": POINTS}, date=LATER
    )
    assert found.with_judgement("families", None, LATER).families is None
    changed = found.with_judgement("f", other, LATER)
    assert changed == person(families=POINTS, criteria={"f": pairs("ab"), "g": POINTS}, date=LATER)
    assert list(changed.criteria) == ["f", "g"]
    assert found.with_judgement("f", None, LATER) == person(families=POINTS, criteria={"g": POINTS}, date=LATER)
    assert found.with_judgement("h", other, LATER).criteria == {**found.criteria, "h": other}
    assert found.with_judgement("h", None, LATER).criteria == found.criteria


def test_only_stakeholders_whose_weights_are_complete_count() -> None:
    first, second = (Stated("a", DAY, (), {}, {}, (), weights) for weights in (None, {"c": 1.0}))
    state = WeightsState((first, second), (), (), Sealing(SealState.NEVER))
    assert state.complete == (second,)
    assert state.schema == "weights-state/1"


def test_words_and_what_is_left_out() -> None:
    assert [each.value for each in SealState] == ["never", "before", "same-day", "late", "resealed", "changed"]
    assert Sealing(SealState.NEVER) == Sealing(
        SealState.NEVER, None, "", "", None, provable=False, earlier=None, changed=False
    )
