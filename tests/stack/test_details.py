"""One stack, everything about it: contributions, overlap, concentration, what stays open, and limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest
from analysis_builders import demand_of, fit, gate, workspace_of
from builders import build, contents, profile_of

from evaluator.errors import EvaluatorError
from evaluator.model.cost import Coverage
from evaluator.model.evaluated import Evaluated, Fit, GateOutcome
from evaluator.model.stack_details import Concentration, Obstacle, Overlap, SizeStep, ToolContribution, Uncovered
from evaluator.model.stack_limits import Budget
from evaluator.stack.details import concentrations, overlaps, stack_details, uncovered
from evaluator.stack.recommendation import decision_matrix, describe, stacks


def about(figure: float) -> Any:
    """``figure`` but for rounding."""
    return pytest.approx(figure)


FITS = {"a": [80, 0, 0], "b": [40, 60, 0], "d": [0, 30, 0]}


def result(table: Mapping[str, Sequence[float]], importance: Sequence[float] | None = None, **stack: Any) -> Evaluated:
    """As much of a result as is read."""
    workspace = workspace_of(table, importance)
    if stack:
        workspace = workspace.with_evaluation(stack=type(workspace.evaluation.stack).model_validate(stack))
    fits = {key: tuple(row.values()) for key, row in demand_of(table).fits.items()}
    matrix = decision_matrix(workspace, fits)
    return cast("Evaluated", SimpleNamespace(workspace=workspace, matrix=matrix, stacks=stacks(workspace, matrix)))


def test_contributions_alone_last_and_in_the_mean() -> None:
    found = stack_details(result(FITS))
    assert found is not None
    # a alone (80 + 0) / 3, b alone (40 + 60) / 3, together (80 + 60) / 3.
    assert found.tools == ("a", "b")
    assert found.value == about(140 / 3)
    assert [row.tool for row in found.worth] == ["b", "a"]
    b, a = found.worth
    assert (b.alone, b.last) == (about(100 / 3), about(60 / 3))
    assert b.fair == about((100 / 3 + 60 / 3) / 2)
    assert (a.alone, a.last) == (about(80 / 3), about(40 / 3))
    assert a.fair == about((80 / 3 + 40 / 3) / 2)


def test_equal_contributions_stand_by_tool() -> None:
    found = stack_details(result({"b": [50, 0], "a": [0, 50]}))
    assert found is not None
    assert found.worth == (ToolContribution("a", 25, 25, 25), ToolContribution("b", 25, 25, 25))


def test_what_each_further_tool_buys() -> None:
    found = stack_details(result(FITS))
    assert found is not None
    assert found.steps == (
        SizeStep(1, ("b",), about(100 / 3), about(100 / 3), 2, 0, 1),
        SizeStep(2, ("a", "b"), about(140 / 3), about(40 / 3), 2, 0, 1),
        SizeStep(3, ("a", "b", "d"), about(140 / 3), about(0), 2, 0, 1),
    )
    assert found.coverage == {"u-1": Coverage.COVERED, "u-2": Coverage.COVERED, "u-3": Coverage.NOT_COVERED}
    assert [row.use_case for row in found.uncovered] == ["u-3"]
    assert [row.tools for row in found.overlaps] == [("a", "b")]


def test_another_stack_may_be_shown_its_tools_by_id() -> None:
    found = stack_details(result(FITS), tools=("d", "a"))
    assert found is not None
    assert (found.tools, found.value) == (("a", "d"), about(110 / 3))
    with pytest.raises(EvaluatorError, match="'z' is not an option in scope"):
        stack_details(result(FITS), tools=("z",))
    with pytest.raises(EvaluatorError, match="required twice"):
        stack_details(result(FITS), tools=("a", "a"))
    # All options together are a stack as well, whatever its largest size.
    everything = stack_details(result(FITS, max_tools=1), tools=("a", "b", "d"))
    assert everything is not None
    assert everything.tools == ("a", "b", "d")


def test_how_far_the_frontier_goes() -> None:
    def up_to(made: Evaluated, **knobs: int) -> int:
        found = stack_details(made, **knobs)  # type: ignore[arg-type]
        assert found is not None
        return found.frontier[0].up_to

    assert up_to(result(FITS)) == 3
    assert up_to(result(FITS, max_tools=2)) == 2
    assert up_to(result(FITS), max_tools=2) == 2
    assert up_to(result(FITS), max_tools=9) == 3


def test_the_frontier_keeps_to_every_limit_but_the_budget() -> None:
    # Two makers in each use case at 10 a month: 240 a year for each tool that serves one use case.
    found = stack_details(
        result(FITS, excluded=({"tool": "d", "reason": "old"},), budget={"amount": 250, "currency": "EUR"})
    )
    assert found is not None
    assert found.tools == ("a",)
    assert found.budget is Budget.WITHIN
    assert found.limits.excluded == ("d",)
    assert [point.tools for point in found.frontier[0].points] == [("a",), ("b",), ("a", "b")]
    free = stack_details(result(FITS))
    assert free is not None
    assert free.budget is None


def test_a_stack_that_is_shown_may_be_over_budget() -> None:
    found = stack_details(result(FITS, budget={"amount": 250, "currency": "EUR"}), tools=("a", "b"))
    assert found is not None
    assert found.budget is Budget.OVER
    assert found.cost.expected("EUR") == 480


def test_limits_that_leave_no_stack() -> None:
    made = result(FITS, required=({"tool": "a", "reason": "in place"},), budget={"amount": 1, "currency": "EUR"})
    with pytest.raises(EvaluatorError, match="No stack keeps to these limits"):
        stack_details(made)
    shown = stack_details(made, tools=("b",))
    assert shown is not None
    assert shown.tools == ("b",)


def test_without_use_cases_or_anything_of_value_there_is_no_stack() -> None:
    empty = workspace_of(FITS, [0, 0, 0])
    made = cast("Evaluated", SimpleNamespace(workspace=empty, matrix=None, stacks=None))
    assert stack_details(made) is None
    assert stack_details(made, tools=("a",)) is None
    assert stack_details(result({"a": [0]})) is None


def test_overlap_is_what_both_could_do_of_what_the_lesser_could_do_alone() -> None:
    demand = demand_of({"a": [80, 20, 0], "b": [40, 60, 0], "d": [0, 0, 0], "e": [0, 10, 40]})
    # a with b: 40 + 20 of 100; a with e: 10 of 50; b with e: 10 of 50; d does nothing.
    assert overlaps(demand, ("a", "b", "d", "e")) == (
        Overlap(("a", "b"), about(0.6), ("u-1", "u-2")),
        Overlap(("a", "e"), about(0.2), ("u-2",)),
        Overlap(("b", "e"), about(0.2), ("u-2",)),
        Overlap(("a", "d"), 0, ()),
        Overlap(("b", "d"), 0, ()),
        Overlap(("d", "e"), 0, ()),
    )
    assert overlaps(demand, ("a",)) == ()
    # Of less than a point.
    (small,) = overlaps(demand_of({"a": [0.5], "b": [0.25]}), ("a", "b"))
    assert (small.share, small.use_cases) == (1, ("u-1",))


def test_owners_and_regions_that_several_tools_share() -> None:
    content = contents(vendors=["a", "b", "d"])
    for key, owner, regions in (("a", "Big", ["eu", "us"]), ("b", "Big", ["eu"]), ("d", "", ["us", "us", "eu"])):
        content[profile_of(key)] |= {"owner": owner, "regions": regions}
    workspace = build(content)
    assert concentrations(workspace, ("a", "b", "d")) == (
        Concentration("owner", "Big", ("a", "b")),
        Concentration("region", "eu", ("a", "b", "d")),
        Concentration("region", "us", ("a", "d")),
    )
    assert concentrations(workspace, ("b", "d")) == (Concentration("region", "eu", ("b", "d")),)
    assert concentrations(workspace, ("d",)) == ()


def test_who_else_could_serve_and_why_others_cannot() -> None:
    demand = demand_of({"a": [0, 0], "b": [0, 0], "d": [30, 0], "e": [30 + 2e-10, 0.5], "f": [40, 0], "g": [50, 0]})
    failed: dict[str, Any] = {"failed": (gate("c-1", GateOutcome.FAILED), gate("c-2", GateOutcome.FAILED))}
    hindered: dict[str, Fit] = {
        "a": fit("a", "u-1", 0, **failed),
        "b": fit("b", "u-1", 0, absent=("cap-1",)),
    }
    demand.fits["u-1"].update(hindered)
    stack = describe(workspace_of({key: [0, 0] for key in "abdefg"}), demand, ["a"])
    first, second = uncovered(demand, stack, ("g", "a"))
    # Best first, ties by id; those with the fewest obstacles first.
    assert first == Uncovered(
        "u-1", ("f", "d", "e"), ("g",), (Obstacle("b", (), ("cap-1",)), Obstacle("a", ("c-1", "c-2"), ()))
    )
    assert (second.elsewhere, second.ruled_out) == (("e",), ())
    assert [row.option for row in second.obstacles] == ["a", "b", "d", "f", "g"]
    assert uncovered(demand, stack)[0].elsewhere == ("g", "f", "d", "e")
    served = describe(workspace_of({key: [0, 0] for key in "abdefg"}), demand, ["e"])
    assert uncovered(demand, served) == ()
