"""The best set of tools for the use cases, for every size up to the limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import fsum

import numpy as np

from evaluator.analysis.cost import yearly_cost
from evaluator.analysis.subsets import EPSILON, best_subsets
from evaluator.models.demand import UseCase
from evaluator.models.result import Coverage, Fit, Served, Stack, Stacks, StackSize
from evaluator.models.workspace import Workspace

KEEP = 50
"""How many stacks of one size are kept inside the close band."""


def stacks(workspace: Workspace, fits: Mapping[str, Sequence[Fit]], max_tools: int | None = None) -> Stacks | None:
    """The best stacks of sizes 1 to ``max_tools`` (default: the evaluation's limit); None without use cases.

    The value of a stack is the mean over use cases of the best fit in the stack, weighted by the
    importance of the use case, 0 to 100. Recommended is the smallest size whose next tool would add
    less than ``policies.min_gain`` points.
    """
    use_cases = [case for case in workspace.demand.use_cases if case.importance > 0]
    if not use_cases:
        return None
    options = sorted(fit.option for fit in fits[use_cases[0].id])
    by_option = {case.id: {fit.option: fit for fit in fits[case.id]} for case in use_cases}
    total = fsum(float(case.importance) for case in use_cases)
    worth = np.array(
        [[by_option[case.id][option].fit * float(case.importance) / total for case in use_cases] for option in options]
    )
    band = float(workspace.evaluation.policies.close_points)
    limit = min(max_tools or workspace.evaluation.stack.max_tools, len(options))
    sizes: list[StackSize] = []
    for size in range(1, limit + 1):
        search = best_subsets(worth, size, band=band, keep=KEEP)
        found = [describe(workspace, by_option, [options[row] for row in rows]) for _, rows in search.sets]
        best = found[0]
        tied = tuple(stack for stack in found[1:] if best.value - stack.value <= EPSILON)
        sizes.append(
            StackSize(
                size=size,
                best=best,
                tied=tied,
                close=tuple(found[1 + len(tied) :]),
                more_close=search.more,
                gain=best.value - (sizes[-1].best.value if sizes else 0.0),
                combinations=search.combinations,
                examined=search.examined,
            )
        )
    min_gain = float(workspace.evaluation.policies.min_gain)
    return Stacks(tuple(sizes), recommended_size(sizes, min_gain), min_gain)


def recommended_size(sizes: Sequence[StackSize], min_gain: float) -> int | None:
    """The smallest size whose next tool adds less than ``min_gain``; None where even one tool is worth nothing."""
    if not sizes or sizes[0].best.value <= EPSILON:
        return None
    for current, following in pairwise(sizes):
        if following.gain < min_gain:
            return current.size
    return sizes[-1].size


def describe(workspace: Workspace, by_option: Mapping[str, Mapping[str, Fit]], tools: Sequence[str]) -> Stack:
    """A stack's value, who serves what, what each tool adds and what it costs per year."""
    use_cases = [workspace.demand.by_id[case] for case in by_option]
    served = tuple(_served(case, by_option[case.id], tools) for case in use_cases)
    value = _value(use_cases, by_option, tools)
    jobs: dict[str, list[UseCase]] = {tool: [] for tool in tools}
    for case, place in zip(use_cases, served, strict=True):
        if place.tool is not None:
            jobs[place.tool].append(case)
    profiles = {tool: workspace.vendors[tool].profile for tool in tools}
    return Stack(
        tools=tuple(tools),
        value=value,
        served=served,
        marginal={
            tool: value - _value(use_cases, by_option, [other for other in tools if other != tool]) for tool in tools
        },
        cost=yearly_cost(jobs, profiles),
        costs={tool: yearly_cost({tool: cases}, profiles) for tool, cases in jobs.items()},
    )


def _served(case: UseCase, fits: Mapping[str, Fit], tools: Sequence[str]) -> Served:
    able = sorted(
        (fits[tool] for tool in tools if fits[tool].fit > 0), key=lambda fit: (-round(fit.fit, 9), fit.option)
    )
    if not able:
        return Served(case.id, None, 0.0, Coverage.NOT_COVERED, ())
    return Served(case.id, able[0].option, able[0].fit, able[0].coverage, tuple(fit.option for fit in able[1:]))


def _value(use_cases: Sequence[UseCase], by_option: Mapping[str, Mapping[str, Fit]], tools: Sequence[str]) -> float:
    total = fsum(float(case.importance) for case in use_cases)
    return (
        fsum(
            float(case.importance) * max((by_option[case.id][tool].fit for tool in tools), default=0.0)
            for case in use_cases
        )
        / total
    )
