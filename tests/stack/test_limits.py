"""What a stack has to keep to: what is refused, what is allowed, and whether the money is enough."""

from __future__ import annotations

from math import inf, nan
from typing import Any

import numpy as np
import pytest
from analysis_builders import fit
from builders import EVALUATION, build, contents, profile_of

from evaluator.errors import EvaluatorError
from evaluator.model.cost import Amount, Cost
from evaluator.model.stack_limits import NO_LIMITS, Budget, StackConstraints
from evaluator.model.workspace import Workspace
from evaluator.stack.limits import ASKED, allowed, budget_of, check_limits, with_limits
from evaluator.stack.recommendation import decision_matrix

OPTIONS = ("v-1", "v-2", "v-3")


@pytest.mark.parametrize(
    "limits",
    [
        NO_LIMITS,
        StackConstraints(required=("v-1", "v-2")),
        StackConstraints(required=("v-1",), excluded=("v-2", "v-3")),
        StackConstraints(budget=0, currency="EUR"),
        StackConstraints(currency="EUR"),
    ],
)
def test_limits_that_can_be_kept(limits: StackConstraints) -> None:
    check_limits(limits, OPTIONS, 2)


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (
            StackConstraints(required=("v-9",)),
            "'v-9' is not an option in scope, so no stack can require or exclude it.",
        ),
        (StackConstraints(excluded=("v-9",)), "'v-9' is not an option in scope"),
        (StackConstraints(required=("v-1",), excluded=("v-1",)), "'v-1' is both required and excluded."),
        (StackConstraints(required=("v-1", "v-1")), "A tool is required twice; name it once."),
        (StackConstraints(required=OPTIONS), "3 tools are required, and a stack may hold 2."),
        (StackConstraints(budget=-1, currency="EUR"), "A budget is an amount of money that is not negative."),
        (StackConstraints(budget=inf, currency="EUR"), "A budget is an amount of money that is not negative."),
        (StackConstraints(budget=nan, currency="EUR"), "A budget is an amount of money that is not negative."),
        (StackConstraints(budget=5), "A budget needs its currency, as EUR or USD."),
        (StackConstraints(budget=0), "A budget needs its currency, as EUR or USD."),
    ],
)
def test_limits_that_cannot_be_kept(limits: StackConstraints, sentence: str) -> None:
    with pytest.raises(EvaluatorError) as caught:
        check_limits(limits, OPTIONS, 2)
    assert sentence in str(caught.value)


def limited(**stack: Any) -> Workspace:
    content = contents(vendors=3)
    content[EVALUATION]["stack"] = stack
    return build(content)


def test_limits_asked_for_stand_as_if_the_evaluation_set_them() -> None:
    before = limited(
        max_tools=3,
        required=[{"tool": "v-1", "reason": "in place"}],
        excluded=[{"tool": "v-2", "reason": "left the market"}],
        budget={"amount": 9, "currency": "USD"},
    )
    asked = StackConstraints(required=("v-1", "v-2"), excluded=("v-3",), budget=5.0, currency="EUR")
    found = with_limits(before, asked).evaluation.stack
    assert found.limits == asked
    assert found.max_tools == 3
    assert [(item.tool, item.reason) for item in found.required] == [("v-1", "in place"), ("v-2", ASKED)]
    # A reason to exclude a tool is none to require it, and the other way round.
    assert [(item.tool, item.reason) for item in found.excluded] == [("v-3", ASKED)]
    turned = with_limits(before, StackConstraints(excluded=("v-2", "v-1"))).evaluation.stack
    assert [(item.tool, item.reason) for item in turned.excluded] == [("v-2", "left the market"), ("v-1", ASKED)]
    assert (turned.required, turned.budget) == ((), None)


def test_a_budget_of_nothing_is_a_budget() -> None:
    found = with_limits(limited(), StackConstraints(budget=0.0, currency="EUR")).evaluation.stack
    assert found.budget is not None
    assert (found.budget.amount, found.budget.currency) == (0, "EUR")


def test_the_limits_of_the_evaluation_itself_change_nothing() -> None:
    before = limited(required=[{"tool": "v-1", "reason": "in place"}], budget={"amount": 9, "currency": "USD"})
    assert with_limits(before, StackConstraints(required=("v-1",), budget=9.0, currency="USD")) is before
    assert with_limits(limited(), NO_LIMITS).evaluation.stack.limits == NO_LIMITS


FITS = {"u-1": tuple(fit(key, "u-1", 50) for key in ("v-3", "v-1", "v-2"))}


def priced(**amounts: Any) -> Workspace:
    """Options whose price per maker and year is as given; the use case has two makers."""
    content = contents(vendors=sorted(amounts))
    for key, amount in amounts.items():
        (price,) = content[profile_of(key)]["editions"][0]["prices"]
        if amount is None:
            content[profile_of(key)]["editions"][0]["prices"] = []
        else:
            price |= {"amount": amount, "per": "year"}
    return build(content)


PRICED = priced(**{"v-1": 10, "v-2": 20, "v-3": None})


def test_rows_are_those_of_the_options_by_id() -> None:
    demand = decision_matrix(PRICED, FITS)
    assert demand is not None
    found = allowed(PRICED, demand, StackConstraints(required=("v-3", "v-1"), excluded=("v-2",)))
    assert (found.required, found.excluded, found.accept) == ((0, 2), (1,), None)
    assert allowed(PRICED, demand, StackConstraints(excluded=("v-2", "v-1", "v-2"))).excluded == (0, 1)


@pytest.mark.parametrize(
    ("limits", "sets"),
    [
        # v-1 costs 20 and v-2 40 a year; the price of v-3 is not known. Equal fits go to the first id.
        (StackConstraints(budget=20.0, currency="EUR"), [True, False, True, True, True, False]),
        (StackConstraints(budget=19.9, currency="EUR"), [False, False, True, False, False, False]),
        (StackConstraints(budget=40.0, currency="EUR"), [True, True, True, True, True, True]),
        (StackConstraints(budget=0.0, currency="USD"), [True, True, True, True, True, True]),
        (StackConstraints(budget=20.0 - 1e-12, currency="EUR"), [True, False, True, True, True, False]),
        (StackConstraints(budget=20.0 - 1e-8, currency="EUR"), [False, False, True, False, False, False]),
    ],
)
def test_a_stack_is_over_budget_by_what_is_known_of_its_cost(limits: StackConstraints, sets: list[bool]) -> None:
    demand = decision_matrix(PRICED, FITS)
    assert demand is not None
    accept = allowed(PRICED, demand, limits).accept
    assert accept is not None
    pairs = np.array([[0, 0], [1, 1], [2, 2], [0, 1], [0, 2], [1, 2]], dtype=np.intp)
    assert accept(pairs).tolist() == sets


EUR = (Amount("EUR", 80, 100, 120),)


@pytest.mark.parametrize(
    ("cost", "budget", "found"),
    [
        (Cost(EUR, ()), 100.0, Budget.WITHIN),
        (Cost(EUR, ()), 100 - 1e-12, Budget.WITHIN),
        (Cost(EUR, ()), 100 - 1e-8, Budget.OVER),
        (Cost(EUR, ()), 99.0, Budget.OVER),
        (Cost(EUR, ("v-1",)), 99.0, Budget.OVER),
        (Cost(EUR, ("v-1",)), 100.0, Budget.UNKNOWN),
        (Cost((*EUR, Amount("USD", 0, 5, 10)), ()), 100.0, Budget.UNKNOWN),
        (Cost((*EUR, Amount("USD", 0, 0, 0)), ()), 100.0, Budget.WITHIN),
        (Cost((), ()), 0.0, Budget.WITHIN),
        (Cost(EUR, ()), 0.0, Budget.OVER),
        (Cost(EUR, ("v-1",)), None, None),
    ],
)
def test_whether_the_expected_cost_keeps_to_the_budget(cost: Cost, budget: float | None, found: Budget | None) -> None:
    assert budget_of(cost, StackConstraints(budget=budget, currency="EUR")) is found
