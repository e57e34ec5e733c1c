"""Stacks of a small table worked out by hand; every other table is tried by brute force in tests/stack/test_details_properties.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from builders import AS_OF, EVALUATION, USE_CASES, Content, build, contents, profile_of, use_case

from evaluator.errors import EvaluatorError
from evaluator.model.cost import Coverage
from evaluator.model.evaluated import Fit, Served, Stack, Stacks
from evaluator.model.stack_limits import Budget, StackConstraints
from evaluator.model.workspace import Workspace
from evaluator.scoring.fit import fits
from evaluator.scoring.score import score
from evaluator.stack.recommendation import decision_matrix, describe, recommended_size, stacks

Table = Mapping[str, tuple[float, ...]]
TABLE: Table = {"a": (100, 0, 40), "b": (0, 80, 40), "c": (60, 60, 0), "d": (60, 60, 0)}
"""Fits of four options in three use cases."""


def case(importance: tuple[float, ...] = (1, 1, 2), table: Table | None = None) -> Content:
    """A workspace of these options; use cases need nothing."""
    content = contents(criteria=1, families=1, vendors=list(table or TABLE), level=2)
    content[USE_CASES]["use_cases"] = [
        use_case(f"u-{number}", importance=weight, must=[], should=[])
        for number, weight in enumerate(importance, start=1)
    ]
    for vendor in table or TABLE:
        content[profile_of(vendor)]["editions"][0]["prices"][0] |= {"unit": "flat", "per": "year", "amount": 100}
    return content


def given(content: Content, table: Table | None = None) -> tuple[Workspace, dict[str, tuple[Fit, ...]]]:
    """The workspace, with the fits of the table in place of its own."""
    workspace = build(content)
    found = fits(workspace, score(workspace, AS_OF))
    rows = table or TABLE
    return workspace, {
        f"u-{number}": tuple(
            replace(fit, fit=float(rows[fit.option][number - 1]), coverage=Coverage.CONDITIONAL) for fit in row
        )
        for number, row in enumerate(found.values(), start=1)
    }


def best(content: Content, table: Table | None = None, **knobs: Any) -> Stacks:
    workspace, found_fits = given(content, table)
    found = stacks(workspace, decision_matrix(workspace, found_fits), **knobs)
    assert found is not None
    return found


def test_the_best_of_every_size_by_hand() -> None:
    """Importance 1, 1 and 2 of 4: alone a is worth 45, b 40, c and d 30; a and b together 65, a and c 60, b and c 55."""
    found = best(case())
    assert [(size.size, size.best.tools, round(size.best.value, 9), round(size.gain, 9)) for size in found.sizes] == [
        (1, ("a",), 45, 45),
        (2, ("a", "b"), 65, 20),
        (3, ("a", "b", "c"), 65, 0),
        (4, ("a", "b", "c", "d"), 65, 0),
    ]
    assert (found.recommended, found.min_gain, found.limits, found.budget) == (2, 2.0, StackConstraints(), None)
    assert found.unlimited is None
    assert [size.combinations for size in found.sizes] == [4, 6, 4, 1]


def test_ties_and_the_close_band() -> None:
    """``c`` and ``d`` are alike: of three tools a, b, c and a, b, d tie. Pairs within 5: a with c or d; within 10: b with them."""
    content = case()
    content[EVALUATION]["policies"] = {"close_points": 5}
    found = best(content)
    assert [stack.tools for stack in found.sizes[2].tied] == [("a", "b", "d")]
    assert found.sizes[1].tied == ()
    assert [stack.tools for stack in found.sizes[1].close] == [("a", "c"), ("a", "d")]
    content[EVALUATION]["policies"] = {"close_points": 10}
    assert [stack.tools for stack in best(content).sizes[1].close] == [("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")]
    assert not best(content).sizes[1].more_close


def test_how_many_tools() -> None:
    assert [size.size for size in best(case(), max_tools=2).sizes] == [1, 2]
    content = case()
    content[EVALUATION]["stack"] = {"max_tools": 3}
    assert [size.size for size in best(content).sizes] == [1, 2, 3]
    assert [size.size for size in best(case(), max_tools=9).sizes] == [1, 2, 3, 4]


@pytest.mark.parametrize(("min_gain", "recommended"), [(20, 2), (20.1, 1), (0, 2)])
def test_the_next_tool_has_to_add_what_the_policy_asks(min_gain: float, recommended: int) -> None:
    content = case()
    content[EVALUATION]["policies"] = {"min_gain": min_gain}
    assert best(content).recommended == recommended


def test_without_use_cases_or_importance_there_is_no_stack() -> None:
    for importance in ((), (0, 0, 0)):
        workspace, found = given(case(importance))
        assert stacks(workspace, decision_matrix(workspace, found)) is None
    assert best(case((1, 0, 0))).sizes[0].best.value == pytest.approx(100)


def test_where_nothing_serves_nothing_is_recommended() -> None:
    nothing = dict.fromkeys(TABLE, (0, 0, 0))
    found = best(case(), nothing)
    assert (found.recommended, found.chosen, found.budget) == (None, None, None)
    assert len(found.sizes) == 4
    assert recommended_size([], 2) is None


def test_limits_and_what_would_hold_without_them() -> None:
    content = case()
    content[EVALUATION]["stack"] = {
        "required": [{"tool": "c", "reason": "r"}],
        "excluded": [{"tool": "a", "reason": "r"}],
        "budget": {"amount": 200, "currency": "EUR"},
    }
    found = best(content)
    # c alone is worth 30; c with b 15 + 20 + 20; three tools cost 300.
    assert [(size.best.tools, round(size.best.value, 9), round(size.gain, 9)) for size in found.sizes] == [
        (("c",), 30, 30), (("b", "c"), 55, 25)
    ]  # fmt: skip
    assert (found.recommended, found.budget) == (2, Budget.WITHIN)
    assert found.unlimited is not None
    assert found.unlimited.tools == ("a", "b")
    content[EVALUATION]["stack"]["excluded"] = [{"tool": "c", "reason": "r"}]
    with pytest.raises(EvaluatorError):
        best(content)


def test_a_size_of_which_no_stack_keeps_to_the_limits_is_left_out() -> None:
    """``a`` and ``b`` required: there is no stack of one, and the gain of two is all of it."""
    content = case()
    content[EVALUATION]["stack"] = {"required": [{"tool": tool, "reason": "r"} for tool in ("a", "b")]}
    found = best(content)
    assert (found.sizes[0].size, round(found.sizes[0].gain, 9)) == (2, 65)
    assert found.recommended == 2


def test_where_every_tool_adds_enough_the_largest_size_is_recommended() -> None:
    specialists: Table = {"a": (90, 0, 0), "b": (0, 90, 0), "c": (0, 0, 90)}
    found = best(case(table=specialists), specialists)
    assert [round(size.gain, 9) for size in found.sizes] == [45, 22.5, 22.5]
    assert found.recommended == 3


# --- one stack --------------------------------------------------------------------------------------------------------


def described(*tools: str, table: Table | None = None) -> Stack:
    workspace, found = given(case(), table)
    demand = decision_matrix(workspace, found)
    assert demand is not None
    return describe(workspace, demand, tools)


def test_who_serves_what_and_what_each_tool_adds() -> None:
    stack = described("b", "a", "c")
    assert stack.tools == ("b", "a", "c")
    assert stack.served == (
        Served("u-1", "a", 100.0, Coverage.CONDITIONAL, ("c",)),
        Served("u-2", "b", 80.0, Coverage.CONDITIONAL, ("c",)),
        Served("u-3", "a", 40.0, Coverage.CONDITIONAL, ("b",)),
    )
    assert stack.value == pytest.approx(65)
    # Without b: 25 + 15 + 20; without a: 15 + 20 + 20; without c nothing changes.
    assert stack.marginal == pytest.approx({"b": 5, "a": 10, "c": 0})
    assert list(stack.costs) == ["b", "a", "c"]
    assert [amount.expected for amount in stack.cost.amounts] == [300]
    assert {tool: cost.amounts[0].expected for tool, cost in stack.costs.items()} == {"a": 100, "b": 100, "c": 100}


def test_what_nobody_serves() -> None:
    assert described("c").served[2] == Served("u-3", None, 0.0, Coverage.NOT_COVERED, ())
    assert described("c").marginal == pytest.approx({"c": 30})


def test_fits_that_agree_to_nine_decimals_tie_and_the_first_by_id_serves() -> None:
    table = {**TABLE, "d": (60 + 1e-10, 60 + 2e-9, 0)}
    served = described("d", "c", table=table).served
    assert [one.tool for one in served] == ["c", "d", None]
