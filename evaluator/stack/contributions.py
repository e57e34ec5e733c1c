"""What each member contributes to a whole: the exact Shapley value."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from itertools import combinations
from math import factorial, fsum
from typing import TypeVar

from evaluator.model.evaluated import DecisionMatrix, Stack
from evaluator.model.stack_details import ToolContribution
from evaluator.scoring.tolerances import descending
from evaluator.stack.stack_value import value_of

Member = TypeVar("Member", bound=Hashable)


def coefficients(count: int) -> list[float]:
    """For each size of a set of other members, the weight of that set: ``s! (n - s - 1)! / n!``."""
    return [factorial(size) * factorial(count - size - 1) / factorial(count) for size in range(count)]


def shapley(members: Sequence[Member], value: Callable[[frozenset[Member]], float]) -> dict[Member, float]:
    """The mean addition of each member over all orders in which the whole could be put together (Shapley 1953).

    The additions sum to the value of the whole less that of nothing. ``value`` is called once for every subset. Sums are
    exact (``fsum``), so the order of ``members`` does not matter.
    """
    sets = [frozenset(chosen) for size in range(len(members) + 1) for chosen in combinations(members, size)]
    values = {chosen: value(chosen) for chosen in sets}
    share = coefficients(len(members))
    return {
        member: fsum(
            share[len(chosen)] * (values[chosen | {member}] - values[chosen]) for chosen in sets if member not in chosen
        )
        for member in members
    }


def contributions(matrix: DecisionMatrix, stack: Stack) -> tuple[ToolContribution, ...]:
    """What each tool of ``stack`` adds alone, as the last one, and on average over all orders; most first."""
    fair = shapley(stack.tools, lambda tools: value_of(matrix, tools))
    rows = [ToolContribution(tool, value_of(matrix, [tool]), stack.marginal[tool], fair[tool]) for tool in stack.tools]
    return tuple(sorted(rows, key=lambda row: (descending(row.fair), row.tool)))
