"""All stacks of one size with their value, for papers that recompute them one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluator.model.evaluated import Evaluated, Stacks
from evaluator.stack.decision_matrix import decision_matrix
from evaluator.stack.limits import allowed


@dataclass(frozen=True, slots=True)
class ListedStacks:
    """Stacks of one size, in the order of their tools' ids; ``values`` lie between 0 and 100."""

    tools: tuple[tuple[str, ...], ...]
    values: tuple[float, ...]
    combinations: int
    """How many stacks of this size may be chosen."""

    @property
    def complete(self) -> bool:
        """Whether every stack of this size is listed."""
        return len(self.tools) == self.combinations

    @property
    def ranked(self) -> tuple[int, ...]:
        """Positions in ``tools``, best first, ties in the order of their tools."""
        return tuple(sorted(range(len(self.tools)), key=lambda place: (-round(self.values[place], 9), place)))


def listed_stacks(result: Evaluated, size: int, most: int) -> ListedStacks:
    """Every stack of ``size`` within the limits of the result where at most ``most`` exist; otherwise those that the search kept.

    The value is that of :func:`evaluator.stack.recommendation.stacks`: the mean of the best fits over use cases, weighted by
    importance. Empty where no use case counts.
    """
    demand = decision_matrix(result.workspace, result.fits)
    if demand is None or result.stacks is None or size > len(demand.options):
        return ListedStacks((), (), 0)
    able = allowed(result.workspace, demand, result.stacks.limits)
    total = able.count(len(demand.options), size)
    if total <= most:
        sets = able.sets(len(demand.options), size)
        total = len(sets)
    else:
        sets = np.array(_kept(result.stacks, size, demand.options), dtype=np.intp).reshape(-1, size)
    values = demand.values[sets].max(axis=1).sum(axis=1)
    tools = tuple(tuple(demand.options[row] for row in rows) for rows in sets)
    return ListedStacks(tools, tuple(map(float, values)), total)


def _kept(stacks: Stacks, size: int, options: Sequence[str]) -> list[list[int]]:
    place = {option: number for number, option in enumerate(options)}
    return sorted(
        sorted(place[tool] for tool in stack.tools)
        for found in stacks.sizes
        if found.size == size
        for stack in (found.best, *found.tied, *found.close)
    )
