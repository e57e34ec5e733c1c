"""The best set of tools for the use cases, for every size up to the limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, pairwise
from math import fsum

import numpy as np

from evaluator.model.cost import Coverage
from evaluator.model.demand import UseCase
from evaluator.model.evaluated import DecisionMatrix, Evaluated, Fit, Served, Stack, Stacks, StackSize
from evaluator.model.stack_limits import NO_LIMITS, StackConstraints
from evaluator.model.workspace import Workspace
from evaluator.scoring.tolerances import TIE, descending
from evaluator.stack.cost import yearly_cost
from evaluator.stack.exact_search import Search, best_stacks
from evaluator.stack.limits import allowed, budget_of, check_limits
from evaluator.stack.stack_value import parts_of, set_values, value_of

KEEP = 50
"""How many stacks of one size are kept inside the close band."""


def decision_matrix(workspace: Workspace, fits: Mapping[str, Sequence[Fit]]) -> DecisionMatrix | None:
    """Return what stacks are chosen by; None where no use case counts."""
    use_cases = tuple(case for case in workspace.demand.use_cases if case.importance > 0)
    if not use_cases:
        return None
    options = tuple(sorted(fit.option for fit in fits[use_cases[0].id]))
    by_option = {case.id: {fit.option: fit for fit in fits[case.id]} for case in use_cases}
    total = fsum(float(case.importance) for case in use_cases)
    parts = tuple(
        tuple(by_option[case.id][option].fit * float(case.importance) / total for case in use_cases)
        for option in options
    )
    return DecisionMatrix(options, use_cases, by_option, parts)


def stacks(workspace: Workspace, matrix: DecisionMatrix | None, max_tools: int | None = None) -> Stacks | None:
    """The best stacks of sizes 1 to ``max_tools`` (default: the evaluation's) within its limits; None without use cases.

    Recommended is the smallest size that serves anything and whose next tool would add less than ``policies.min_gain``
    points. A size of which no stack keeps to the limits is left out.

    Raises:
        EvaluatorError: a limit names what is not an option, or the limits contradict each other.
    """
    if matrix is None:
        return None
    found = _within(workspace, matrix, max_tools, workspace.evaluation.stack.limits)
    if not found.limits.any:
        return found
    return replace(found, unlimited=_within(workspace, matrix, max_tools, NO_LIMITS).chosen)


def _within(workspace: Workspace, matrix: DecisionMatrix, max_tools: int | None, limits: StackConstraints) -> Stacks:
    most = min(workspace.evaluation.stack.max_tools if max_tools is None else max_tools, len(matrix.options))
    check_limits(limits, matrix.options, most)
    able = allowed(workspace, matrix, limits)
    band = float(workspace.evaluation.policies.close_points)
    sizes: list[StackSize] = []
    for size in range(1, most + 1):
        search = best_stacks(parts_of(matrix), size, band=band, keep=KEEP, allowed=able)
        if search.sets:
            sizes.append(_size(workspace, matrix, search, sizes[-1] if sizes else None))
    min_gain = float(workspace.evaluation.policies.min_gain)
    recommended = recommended_size(sizes, min_gain)
    cost = next((size.best.cost for size in sizes if size.size == recommended), None)
    return Stacks(tuple(sizes), recommended, min_gain, limits, budget_of(cost, limits) if cost else None)


def _size(workspace: Workspace, matrix: DecisionMatrix, search: Search, below: StackSize | None) -> StackSize:
    found = [describe(workspace, matrix, [matrix.options[row] for row in rows]) for _, rows in search.sets]
    best = found[0]
    tied = tuple(stack for stack in found[1:] if best.value - stack.value <= TIE)
    return StackSize(
        size=len(best.tools),
        best=best,
        tied=tied,
        close=tuple(found[1 + len(tied) :]),
        more_close=search.more,
        gain=best.value - (below.best.value if below else 0.0),
        combinations=search.combinations,
        examined=search.examined,
    )


def recommended_size(sizes: Sequence[StackSize], min_gain: float) -> int | None:
    """The smallest size that serves anything and whose next tool does not add enough; None where no size serves anything."""
    serving = list(dropwhile(lambda size: size.best.value <= TIE, sizes))
    for current, following in pairwise(serving):
        if not adds_enough(following.gain, min_gain, TIE):
            return current.size
    return serving[-1].size if serving else None


def adds_enough(gain: float, min_gain: float, tie: float) -> bool:
    """Whether a stack of one tool more gains enough to be recommended; all three figures in the same unit."""
    return gain > tie and gain >= min_gain - tie


def describe(workspace: Workspace, matrix: DecisionMatrix, tools: Sequence[str]) -> Stack:
    """A stack's value, who serves what, what each tool adds and what it costs per year."""
    served = tuple(_served(case, matrix.fits[case.id], tools) for case in matrix.use_cases)
    value = value_of(matrix, tools)
    cases: dict[str, list[UseCase]] = {tool: [] for tool in tools}
    for case, place in zip(matrix.use_cases, served, strict=True):
        if place.tool is not None:
            cases[place.tool].append(case)
    editions = {tool: workspace.option(tool).sold for tool in tools}
    return Stack(
        tools=tuple(tools),
        value=value,
        served=served,
        marginal={tool: value - value_of(matrix, [other for other in tools if other != tool]) for tool in tools},
        cost=yearly_cost(cases, editions),
        costs={tool: yearly_cost({tool: own}, editions) for tool, own in cases.items()},
    )


def _served(case: UseCase, fits: Mapping[str, Fit], tools: Sequence[str]) -> Served:
    able = sorted(
        (fits[tool] for tool in tools if fits[tool].fit > 0), key=lambda fit: (descending(fit.fit), fit.option)
    )
    if not able:
        return Served(case.id, None, 0.0, Coverage.NOT_COVERED, ())
    return Served(case.id, able[0].option, able[0].fit, able[0].coverage, tuple(fit.option for fit in able[1:]))


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
        return tuple(sorted(range(len(self.tools)), key=lambda place: (descending(self.values[place]), place)))


def listed_stacks(result: Evaluated, size: int, most: int) -> ListedStacks:
    """Every stack of ``size`` within the limits of ``result`` where at most ``most`` exist; otherwise those that the search kept.

    For papers that recompute stacks one by one. Empty where no use case counts.
    """
    matrix = result.matrix
    if matrix is None or result.stacks is None or size > len(matrix.options):
        return ListedStacks((), (), 0)
    able = allowed(result.workspace, matrix, result.stacks.limits)
    total = able.count(len(matrix.options), size)
    if total <= most:
        sets = able.sets(len(matrix.options), size)
        total = len(sets)
    else:
        sets = np.array(_kept(result.stacks, size, matrix.options), dtype=np.intp).reshape(-1, size)
    tools = tuple(tuple(matrix.options[row] for row in rows) for rows in sets)
    return ListedStacks(tools, tuple(map(float, set_values(parts_of(matrix), sets))), total)


def _kept(stacks: Stacks, size: int, options: Sequence[str]) -> list[list[int]]:
    place = {option: number for number, option in enumerate(options)}
    return sorted(
        sorted(place[tool] for tool in stack.tools)
        for found in stacks.sizes
        if found.size == size
        for stack in (found.best, *found.tied, *found.close)
    )
