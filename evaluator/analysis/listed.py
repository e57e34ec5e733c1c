"""All stacks of one size with their value, for papers that recompute them one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb, fsum

import numpy as np

from evaluator.models.result import Result


@dataclass(frozen=True, slots=True)
class ListedStacks:
    """Stacks of one size, in the order of their tools' ids; ``values`` lie between 0 and 100."""

    tools: tuple[tuple[str, ...], ...]
    values: tuple[float, ...]
    combinations: int
    """How many stacks of this size exist."""

    @property
    def complete(self) -> bool:
        """Whether every stack of this size is listed."""
        return len(self.tools) == self.combinations

    @property
    def ranked(self) -> tuple[int, ...]:
        """Positions in ``tools``, best first, ties in the order of their tools."""
        return tuple(sorted(range(len(self.tools)), key=lambda place: (-round(self.values[place], 9), place)))


def listed_stacks(result: Result, size: int, most: int) -> ListedStacks:
    """Every stack of ``size`` where at most ``most`` exist; otherwise those that the search kept.

    The value is that of :func:`evaluator.analysis.stack.stacks`: the mean of the best fits over use cases, weighted by
    importance. Empty where no use case counts.
    """
    cases = [case for case in result.workspace.demand.use_cases if case.importance > 0]
    options = sorted(option.id for option in result.scores.options)
    total = comb(len(options), size)
    if not cases or not total:
        return ListedStacks((), (), 0)
    chosen = list(combinations(range(len(options)), size)) if total <= most else _kept(result, size, options)
    share = fsum(float(case.importance) for case in cases)
    by_case = [{fit.option: fit.fit for fit in result.fits[case.id]} for case in cases]
    table = np.array(
        [
            [fits[option] * float(case.importance) / share for case, fits in zip(cases, by_case, strict=True)]
            for option in options
        ]
    )
    values = table[np.array(chosen, dtype=np.intp).reshape(len(chosen), size)].max(axis=1).sum(axis=1)
    return ListedStacks(tuple(tuple(options[row] for row in rows) for rows in chosen), tuple(map(float, values)), total)


def _kept(result: Result, size: int, options: Sequence[str]) -> list[tuple[int, ...]]:
    found = next((item for item in (result.stacks.sizes if result.stacks else ()) if item.size == size), None)
    kept: Iterable[tuple[str, ...]] = (
        [stack.tools for stack in (found.best, *found.tied, *found.close)] if found else []
    )
    place = {option: number for number, option in enumerate(options)}
    return sorted(tuple(place[tool] for tool in tools) for tools in kept)
