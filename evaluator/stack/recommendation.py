"""The best set of tools for the use cases, for every size up to the limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import dropwhile, pairwise
from math import fsum

from evaluator.model.cost import Coverage
from evaluator.model.demand import UseCase
from evaluator.model.evaluated import Fit, Served, Stack, Stacks, StackSize
from evaluator.model.stack_limits import NO_LIMITS, StackConstraints
from evaluator.model.workspace import Workspace
from evaluator.stack.cost import yearly_cost
from evaluator.stack.decision_matrix import DecisionMatrix, decision_matrix
from evaluator.stack.limits import allowed, budget_of, check_limits
from evaluator.stack.subsets import EPSILON, Search

KEEP = 50
"""How many stacks of one size are kept inside the close band."""


def stacks(
    workspace: Workspace,
    fits: Mapping[str, Sequence[Fit]],
    max_tools: int | None = None,
) -> Stacks | None:
    """The best stacks of sizes 1 to ``max_tools`` (default: the evaluation's) within its limits; None without use cases.

    The value of a stack is the mean over use cases of the best fit in the stack, weighted by the
    importance of the use case, 0 to 100. Recommended is the smallest size that is worth anything and whose next tool would
    add less than ``policies.min_gain`` points. A size of which no stack keeps to the limits is left out.

    Raises:
        EvaluatorError: a limit names what is not an option, or the limits contradict each other.
    """
    demand = decision_matrix(workspace, fits)
    if demand is None:
        return None
    found = _within(workspace, demand, max_tools, workspace.evaluation.stack.limits)
    return (
        replace(found, unlimited=_within(workspace, demand, max_tools, NO_LIMITS).chosen) if found.limits.any else found
    )


def _within(workspace: Workspace, demand: DecisionMatrix, max_tools: int | None, limits: StackConstraints) -> Stacks:
    most = min(workspace.evaluation.stack.max_tools if max_tools is None else max_tools, len(demand.options))
    check_limits(limits, demand.options, most)
    able = allowed(workspace, demand, limits)
    band = float(workspace.evaluation.policies.close_points)
    sizes: list[StackSize] = []
    for size in range(1, most + 1):
        search = able.best(demand.values, size, band=band, keep=KEEP)
        if search.sets:
            sizes.append(_size(workspace, demand, search, sizes[-1] if sizes else None))
    min_gain = float(workspace.evaluation.policies.min_gain)
    recommended = recommended_size(sizes, min_gain)
    cost = next((size.best.cost for size in sizes if size.size == recommended), None)
    return Stacks(tuple(sizes), recommended, min_gain, limits, budget_of(cost, limits) if cost else None)


def _size(workspace: Workspace, demand: DecisionMatrix, search: Search, below: StackSize | None) -> StackSize:
    found = [describe(workspace, demand.fits, [demand.options[row] for row in rows]) for _, rows in search.sets]
    best = found[0]
    tied = tuple(stack for stack in found[1:] if best.value - stack.value <= EPSILON)
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
    """The smallest size of some worth whose next tool adds less than ``min_gain``; None where no size is worth anything."""
    worthy = list(dropwhile(lambda size: size.best.value <= EPSILON, sizes))
    for current, following in pairwise(worthy):
        if following.gain <= EPSILON or following.gain < min_gain - EPSILON:
            return current.size
    return worthy[-1].size if worthy else None


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
