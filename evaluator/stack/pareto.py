"""Value against cost: the stacks that no other beats on value without costing more."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from evaluator.model.evaluated import Stack
from evaluator.model.stack_details import Frontier, FrontierPoint
from evaluator.model.workspace import Workspace
from evaluator.stack.allowed_stacks import ANY, AllowedStacks
from evaluator.stack.cost_arrays import CostTable, SetCosts
from evaluator.stack.decision_matrix import DecisionMatrix, fit_table
from evaluator.stack.option_sets import Sets, gathered
from evaluator.stack.subsets import EPSILON, Matrix

MOST_SETS = 300_000
"""Stacks that are priced: sizes are taken in turn as long as no more than so many come together."""

Describe = Callable[[Sequence[str]], Stack]


def frontiers(
    workspace: Workspace, demand: DecisionMatrix, most: int, describe: Describe, allowed: AllowedStacks = ANY
) -> tuple[Frontier, ...]:
    """One frontier per currency in which a stack of some value is priced in full, over the allowed stacks of up to ``most`` tools."""
    lots = _lots(allowed, len(demand.options), most)
    profiles = [workspace.vendors[option].profile for option in demand.options]
    costs = SetCosts(profiles, demand.use_cases, fit_table(demand))
    tables = [costs.of(sets) for sets in lots]
    values = [gathered(demand.values, sets) for sets in lots]
    found = [_frontier(currency, demand, lots, tables, values, describe) for currency in costs.currencies]
    return tuple(frontier for frontier in found if frontier)


def _lots(allowed: AllowedStacks, count: int, most: int) -> list[Sets]:
    lots: list[Sets] = []
    total = 0
    for size in range(1, min(most, count) + 1):
        total += allowed.count(count, size)
        if total > MOST_SETS and lots:
            break
        lots.append(allowed.sets(count, size))
    return lots


def _frontier(
    currency: str,
    demand: DecisionMatrix,
    lots: Sequence[Sets],
    tables: Sequence[CostTable],
    values: Sequence[Matrix],
    describe: Describe,
) -> Frontier | None:
    def point(lot: int, row: int) -> FrontierPoint:
        stack = describe([demand.options[member] for member in lots[lot][row]])
        return FrontierPoint(stack.tools, stack.value, stack.cost)

    priced = [table.only(currency) for table in tables]
    value = np.concatenate(values)
    cost = np.concatenate([table.expected[currency] for table in tables])
    known = np.concatenate(priced)
    place = [(lot, row) for lot, sets in enumerate(lots) for row in range(len(sets))]
    efficient = _efficient(value, cost, known)
    if not efficient:
        return None
    better = np.flatnonzero(~known & (value > value[efficient[-1]] + EPSILON))
    return Frontier(
        currency=currency,
        points=tuple(point(*place[number]) for number in efficient),
        up_to=len(lots),
        priced=int(known.sum()),
        unpriced=int((~known).sum()),
        better_unpriced=point(*place[better[value[better].argmax()]]) if len(better) else None,
    )


def _efficient(value: Matrix, cost: Matrix, known: NDArray[np.bool_]) -> list[int]:
    """Places of the stacks on the frontier, cheapest first; of equal ones the first, which has the fewest tools."""
    places = np.flatnonzero(known & (value > EPSILON))
    order = places[np.lexsort((places, -np.round(value[places], 9), np.round(cost[places], 6)))]
    found, reached = [], 0.0
    for number in order:
        if value[number] > reached + EPSILON:
            found.append(int(number))
            reached = float(value[number])
    return found
