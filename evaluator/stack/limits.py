"""What a stack has to keep to: tools in place, tools ruled out, a budget."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from math import inf

import numpy as np
from numpy.typing import NDArray

from evaluator.errors import EvaluatorError
from evaluator.model.cost import Cost
from evaluator.model.evaluated import DecisionMatrix
from evaluator.model.stack_limits import Budget, StackConstraints
from evaluator.model.workspace import ToolLimit, Workspace, YearlyBudget
from evaluator.scoring.tolerances import TIE
from evaluator.stack.cost import set_costs
from evaluator.stack.exact_search import Accept, AllowedStacks
from evaluator.stack.stack_value import Sets

ASKED = "asked for when this was computed"
"""The reason of a limit that is not the evaluation's own."""


def with_limits(workspace: Workspace, limits: StackConstraints) -> Workspace:
    """``workspace`` as if its evaluation set these limits, so that everything computed from it keeps to them.

    A tool that it limits in the same way already keeps its reason.
    """
    stack = workspace.evaluation.stack
    if limits == stack.limits:
        return workspace
    reasons = {(part, item.tool): item.reason for part in ("required", "excluded") for item in getattr(stack, part)}
    changes = {
        part: tuple(ToolLimit(tool=tool, reason=reasons.get((part, tool), ASKED)) for tool in tools)
        for part, tools in (("required", limits.required), ("excluded", limits.excluded))
    }
    budget = (
        None if limits.budget is None else YearlyBudget.model_construct(amount=limits.budget, currency=limits.currency)
    )
    return workspace.with_evaluation(stack=stack.model_copy(update={**changes, "budget": budget}))


def check_limits(limits: StackConstraints, options: Collection[str], most: int) -> None:
    """Raise :class:`EvaluatorError` for limits that name what is not there or that nothing can keep to."""
    for tool in (*limits.required, *limits.excluded):
        if tool not in options:
            raise EvaluatorError(f"'{tool}' is not an option in scope, so no stack can require or exclude it.")
        if tool in limits.required and tool in limits.excluded:
            raise EvaluatorError(f"'{tool}' is both required and excluded.")
    if len(set(limits.required)) != len(limits.required):
        raise EvaluatorError("A tool is required twice; name it once.")
    for vendor, count in Counter(tool.partition("@")[0] for tool in limits.required).items():
        if count > 1:
            raise EvaluatorError(
                f"Several editions of {vendor} are named, and a stack holds at most one edition of a vendor."
            )
    if len(limits.required) > most:
        raise EvaluatorError(f"{len(limits.required)} tools are required, and a stack may hold {most}.")
    if limits.budget is not None and not 0 <= limits.budget < inf:
        raise EvaluatorError("A budget is an amount of money that is not negative.")
    if limits.budget is not None and not limits.currency:
        raise EvaluatorError("A budget needs its currency, as EUR or USD.")


def allowed(workspace: Workspace, matrix: DecisionMatrix, limits: StackConstraints) -> AllowedStacks:
    """The sets of ``matrix.options`` that keep to ``limits``, which must have passed :func:`check_limits`.

    A stack is over budget if the expected cost that is known exceeds it; a price that is not known adds nothing.
    """
    place = {option: row for row, option in enumerate(matrix.options)}
    return AllowedStacks(
        required=tuple(sorted(place[tool] for tool in limits.required)),
        excluded=tuple(sorted({place[tool] for tool in limits.excluded})),
        accept=_within_budget(workspace, matrix, limits),
        groups=_vendors(workspace, matrix.options),
    )


def _vendors(workspace: Workspace, options: Sequence[str]) -> tuple[int, ...]:
    """The number of the vendor of each option; empty where no vendor has two."""
    vendors = [workspace.option(option).vendor for option in options]
    places = {vendor: place for place, vendor in enumerate(dict.fromkeys(vendors))}
    return tuple(places[vendor] for vendor in vendors) if len(places) < len(vendors) else ()


def _within_budget(workspace: Workspace, matrix: DecisionMatrix, limits: StackConstraints) -> Accept | None:
    """Which stacks do not exceed the budget by what is known of their cost; None where there is no budget."""
    if limits.budget is None:
        return None
    costs = set_costs(workspace, matrix)
    budget = limits.budget

    def affordable(sets: Sets) -> NDArray[np.bool_]:
        found = costs.of(sets).expected.get(limits.currency)
        result: NDArray[np.bool_] = np.ones(len(sets), dtype=bool) if found is None else found <= budget + TIE
        return result

    return affordable


def budget_of(cost: Cost, limits: StackConstraints) -> Budget | None:
    """Whether the expected cost keeps to the budget; None where none is set."""
    if limits.budget is None:
        return None
    if cost.expected(limits.currency) > limits.budget + TIE:
        return Budget.OVER
    return Budget.UNKNOWN if cost.unpriced or cost.beside(limits.currency) else Budget.WITHIN
