"""Which criteria make a score, a difference, and the distance of leaders."""

from __future__ import annotations

import pytest
from analysis_builders import cell, option, scores_of

from evaluator.model.evaluated import Difference, Separation
from evaluator.scoring.explanation import explain, separations

FOUND = scores_of(
    option(
        "a", cell("c-1", 10, level=2), cell("c-2", 20, level=3), cell("c-3", 0, level=None, high=30), cell("c-4", 0)
    ),
    option("b", cell("c-1", 25, level=4), cell("c-2", 20, level=1), cell("c-3", 5), cell("c-4", 0, high=8)),
)


def test_an_option_alone_largest_part_first_and_then_what_could_earn_most() -> None:
    found = explain(FOUND, "a")
    assert (found.option, found.against, found.score, found.as_of) == ("a", None, 30, FOUND.as_of)
    assert found.parts == (
        Difference("c-2", 0.5, 20, (3, None), (0, 0)),
        Difference("c-1", 0.5, 10, (2, None), (0, 0)),
        Difference("c-3", 0.5, 0, (None, None), (30, 0)),
        Difference("c-4", 0.5, 0, (2, None), (0, 0)),
    )
    assert found.open == (30, 0)


def test_one_option_against_another() -> None:
    found = explain(FOUND, "a", "b")
    assert found.score == -20
    assert found.parts == (
        Difference("c-1", 0.5, -15, (2, 4), (0, 0)),
        Difference("c-3", 0.5, -5, (None, 2), (30, 0)),
        Difference("c-4", 0.5, 0, (2, 2), (0, 8)),
        Difference("c-2", 0.5, 0, (3, 1), (0, 0)),
    )
    assert explain(FOUND, "b", "a").score == 20


def test_equal_parts_stand_by_criterion_whatever_rounding_says() -> None:
    scores = scores_of(option("a", cell("c-2", 10 + 2e-10), cell("c-1", 10), cell("c-3", 10 + 2e-9)))
    assert [part.criterion for part in explain(scores, "a").parts] == ["c-3", "c-1", "c-2"]
    waiting = scores_of(
        option("a", cell("c-2", 0, high=5 + 2e-10), cell("c-1", 0, high=5), cell("c-3", 0, high=5 + 2e-9))
    )
    assert [part.criterion for part in explain(waiting, "a").parts] == ["c-3", "c-1", "c-2"]


def test_an_option_that_is_not_scored() -> None:
    with pytest.raises(KeyError):
        explain(FOUND, "z")
    with pytest.raises(KeyError):
        explain(FOUND, "a", "z")


def test_what_sets_leaders_apart_is_the_range_of_their_points() -> None:
    scores = scores_of(
        option("a", cell("c-1", 10), cell("c-2", 20), cell("c-3", 7), cell("c-4", 3)),
        option("b", cell("c-1", 25), cell("c-2", 20), cell("c-3", 5), cell("c-4", 5 + 1e-12)),
        option("d", cell("c-1", 15), cell("c-2", 20), cell("c-3", 6), cell("c-4", 4)),
    )
    assert separations(scores, ("a", "b", "d")) == (
        Separation("c-1", {"a": 10, "b": 25, "d": 15}, 15),
        Separation("c-3", {"a": 7, "b": 5, "d": 6}, 2),
        Separation("c-4", {"a": 3, "b": 5 + 1e-12, "d": 4}, 2 + 1e-12),
    )
    assert [row.criterion for row in separations(scores, ("d", "a"))] == ["c-1", "c-3", "c-4"]
    assert [row.criterion for row in separations(scores, ("a", "b"), 2)] == ["c-1", "c-3"]


def test_equal_distances_stand_by_criterion_whatever_rounding_says() -> None:
    first = option("a", cell("c-2", 3 + 2e-10), cell("c-1", 3), cell("c-3", 3 + 2e-9))
    second = option("b", cell("c-2", 0), cell("c-1", 0), cell("c-3", 0))
    assert [row.criterion for row in separations(scores_of(first, second), ("a", "b"))] == ["c-3", "c-1", "c-2"]


def test_at_most_eight_criteria_are_named() -> None:
    first = option("a", *(cell(f"c-{n}", n) for n in range(1, 10)))
    second = option("b", *(cell(f"c-{n}", 0) for n in range(1, 10)))
    assert [row.criterion for row in separations(scores_of(first, second), ("a", "b"))] == [
        f"c-{n}" for n in range(9, 1, -1)
    ]


def test_one_leader_differs_from_nothing() -> None:
    assert separations(FOUND, ("a",)) == ()
    assert separations(FOUND, ()) == ()
    assert separations(FOUND, ("a", "a")) == ()
