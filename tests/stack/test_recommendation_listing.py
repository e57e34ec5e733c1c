"""All stacks of one size with their value, or those that the search kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest
from analysis_builders import demand_of, workspace_of

from evaluator.model.evaluated import Evaluated
from evaluator.model.workspace import Workspace
from evaluator.stack.recommendation import ListedStacks, decision_matrix, listed_stacks, stacks

FITS = {"a": [80, 0], "b": [40, 60], "d": [0, 70]}


def result(table: Mapping[str, Sequence[float]], **stack: Any) -> Evaluated:
    """As much of a result as is read."""
    workspace = workspace_of(table)
    if stack:
        limits = type(workspace.evaluation.stack).model_validate(stack)
        workspace = workspace.with_evaluation(stack=limits)
    fits = {key: tuple(row.values()) for key, row in demand_of(table).fits.items()}
    matrix = decision_matrix(workspace, fits)
    return cast("Evaluated", SimpleNamespace(workspace=workspace, matrix=matrix, stacks=stacks(workspace, matrix)))


def test_every_stack_of_a_size_in_the_order_of_its_tools() -> None:
    found = listed_stacks(result(FITS), 2, 3)
    assert found.tools == (("a", "b"), ("a", "d"), ("b", "d"))
    # The mean of the better fits: (80 + 60) / 2, (80 + 70) / 2, (40 + 70) / 2.
    assert found.values == (70, 75, 55)
    assert found.combinations == 3
    assert found.complete
    assert found.ranked == (1, 0, 2)
    assert listed_stacks(result(FITS), 1, 3).tools == (("a",), ("b",), ("d",))
    assert listed_stacks(result(FITS), 3, 1).values == (75,)


def test_limits_are_kept() -> None:
    found = listed_stacks(result(FITS, excluded=({"tool": "d", "reason": "old"},)), 2, 3)
    assert (found.tools, found.combinations) == ((("a", "b"),), 1)
    required = listed_stacks(result(FITS, required=({"tool": "d", "reason": "old"},)), 2, 3)
    assert required.tools == (("a", "d"), ("b", "d"))


def test_a_budget_leaves_out_what_is_too_expensive_and_the_rest_is_complete() -> None:
    # Two makers in each of two use cases, at 10 a month: 480 a year if one tool serves both, as a and b do not.
    found = listed_stacks(result(FITS, budget={"amount": 300, "currency": "EUR"}), 1, 3)
    assert found.tools == (("a",), ("d",))
    assert found.combinations == 2
    assert found.complete


def test_of_too_many_stacks_those_that_the_search_kept_are_listed() -> None:
    # The best pair is worth 75; within the close band of 2 points lies none, of 5 points a with b.
    found = listed_stacks(result(FITS), 2, 2)
    assert (found.tools, found.values) == ((("a", "d"),), (75,))
    assert found.combinations == 3
    assert not found.complete
    near = {"a": [80, 0], "b": [40, 68], "d": [0, 70], "e": [0, 70]}
    kept = listed_stacks(result(near), 2, 5)
    # Best, tied and close, in the order of their tools.
    assert kept.tools == (("a", "b"), ("a", "d"), ("a", "e"))
    assert kept.values == (74, 75, 75)
    assert kept.ranked == (1, 2, 0)
    assert kept.combinations == 6


def test_ties_stand_in_the_order_of_their_tools_whatever_rounding_says() -> None:
    listed = ListedStacks((("a",), ("b",), ("d",)), (50.0, 50 + 1e-10, 50 + 2e-9), 3)
    assert listed.ranked == (2, 0, 1)


@pytest.mark.parametrize("size", [4, 5])
def test_no_stack_is_larger_than_the_options(size: int) -> None:
    assert listed_stacks(result(FITS), size, 9) == ListedStacks((), (), 0)


def test_where_no_use_case_counts_nothing_is_listed() -> None:
    empty: Workspace = workspace_of(FITS, [0, 0])
    made = cast("Evaluated", SimpleNamespace(workspace=empty, matrix=None, stacks=None))
    assert listed_stacks(made, 1, 9) == ListedStacks((), (), 0)
    full = result(FITS)
    without = cast("Evaluated", SimpleNamespace(workspace=full.workspace, matrix=full.matrix, stacks=None))
    assert listed_stacks(without, 1, 9) == ListedStacks((), (), 0)
