"""Value against cost: the stacks that no other beats on value without costing more."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evaluator.model.evaluated import DecisionMatrix
from evaluator.model.stack_details import Frontier, FrontierPoint
from evaluator.model.workspace import Workspace
from evaluator.scoring.tolerances import MONEY_DIGITS, TIE, TIE_DIGITS
from evaluator.stack.cost import CostTable, Flags, set_costs
from evaluator.stack.exact_search import ANY, AllowedStacks
from evaluator.stack.recommendation import describe
from evaluator.stack.stack_value import Sets, Values, parts_of, set_values

MOST_SETS = 300_000
"""Stacks that are priced: sizes are taken in turn as long as no more than so many come together."""


def frontiers(
    workspace: Workspace, matrix: DecisionMatrix, most: int, allowed: AllowedStacks = ANY
) -> tuple[Frontier, ...]:
    """One frontier per currency in which a stack of some value is priced in full, over the allowed stacks of up to ``most`` tools."""
    by_size = _sets(allowed, len(matrix.options), most)
    costs = set_costs(workspace, matrix)
    tables = [costs.of(sets) for sets in by_size]
    value = np.concatenate([set_values(parts_of(matrix), sets) for sets in by_size] or [np.empty(0)])
    found = [_frontier(currency, workspace, matrix, by_size, tables, value) for currency in costs.currencies]
    return tuple(frontier for frontier in found if frontier)


def _sets(allowed: AllowedStacks, count: int, most: int) -> list[Sets]:
    """The allowed sets of each size, as far as they are priced."""
    by_size: list[Sets] = []
    total = 0
    for size in range(1, min(most, count) + 1):
        total += allowed.count(count, size)
        if total > MOST_SETS and by_size:
            break
        by_size.append(allowed.sets(count, size))
    return by_size


def _frontier(
    currency: str,
    workspace: Workspace,
    matrix: DecisionMatrix,
    by_size: Sequence[Sets],
    tables: Sequence[CostTable],
    value: Values,
) -> Frontier | None:
    every = [rows for sets in by_size for rows in sets]

    def point(number: int) -> FrontierPoint:
        stack = describe(workspace, matrix, [matrix.options[row] for row in every[number]])
        return FrontierPoint(stack.tools, stack.value, stack.cost)

    cost = np.concatenate([table.expected[currency] for table in tables])
    known = np.concatenate([table.only(currency) for table in tables])
    efficient = _efficient(value, cost, known)
    if not efficient:
        return None
    better = np.flatnonzero(~known & (value > value[efficient[-1]] + TIE))
    return Frontier(
        currency=currency,
        points=tuple(map(point, efficient)),
        up_to=len(by_size),
        priced=int(known.sum()),
        unpriced=int((~known).sum()),
        better_unpriced=point(int(better[value[better].argmax()])) if len(better) else None,
    )


def _efficient(value: Values, cost: Values, known: Flags) -> list[int]:
    """Places of the stacks on the frontier, cheapest first; of equal ones the first, which has the fewest tools."""
    places = np.flatnonzero(known & (value > TIE))
    order = places[np.lexsort((places, -np.round(value[places], TIE_DIGITS), np.round(cost[places], MONEY_DIGITS)))]
    found, reached = [], 0.0
    for number in order:
        if value[number] > reached + TIE:
            found.append(int(number))
            reached = float(value[number])
    return found
