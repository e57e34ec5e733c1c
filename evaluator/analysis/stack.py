"""The best set of tools for the use cases, for every size up to the limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import fsum

from evaluator.analysis.cost import yearly_cost
from evaluator.analysis.demanded import Demanded, demanded
from evaluator.analysis.limits import check_limits, within_budget
from evaluator.analysis.subsets import EPSILON, Search, best_subsets
from evaluator.models.demand import UseCase
from evaluator.models.firmness import Limits
from evaluator.models.result import Fit, Served, Stack, Stacks, StackSize
from evaluator.models.terms import Coverage
from evaluator.models.workspace import Workspace

KEEP = 50
"""How many stacks of one size are kept inside the close band."""


def stacks(workspace: Workspace, fits: Mapping[str, Sequence[Fit]], max_tools: int | None = None) -> Stacks | None:
    """The best stacks of sizes 1 to ``max_tools`` (default: the evaluation's limit); None without use cases.

    The value of a stack is the mean over use cases of the best fit in the stack, weighted by the
    importance of the use case, 0 to 100. Recommended is the smallest size whose next tool would add
    less than ``policies.min_gain`` points.
    """
    return stacks_within(workspace, fits, Limits(), max_tools)


def stacks_within(
    workspace: Workspace, fits: Mapping[str, Sequence[Fit]], limits: Limits, max_tools: int | None = None
) -> Stacks | None:
    """The best stacks that hold the required tools, none of the excluded ones, and keep to the budget; None without use cases.

    A stack is over budget if the expected cost that is known exceeds it; a price that is not known speaks neither for nor
    against. A size for which no such stack exists is left out.

    Raises:
        EvaluatorError: a named tool is not an option, is both required and excluded, or the limits leave no room.
    """
    demand = demanded(workspace, fits)
    if demand is None:
        return None
    most = min(workspace.evaluation.stack.max_tools if max_tools is None else max_tools, len(demand.options))
    check_limits(limits, demand.options, most)
    place = {option: row for row, option in enumerate(demand.options)}
    affordable = within_budget(workspace, demand, limits)
    band = float(workspace.evaluation.policies.close_points)
    sizes: list[StackSize] = []
    for size in range(max(1, len(limits.required)), most + 1):
        search = best_subsets(
            demand.worth,
            size,
            band=band,
            keep=KEEP,
            required=[place[tool] for tool in limits.required],
            excluded=[place[tool] for tool in limits.excluded],
            accept=affordable,
        )
        if search.sets:
            sizes.append(_size(workspace, demand, search, sizes[-1] if sizes else None))
    min_gain = float(workspace.evaluation.policies.min_gain)
    return Stacks(tuple(sizes), recommended_size(sizes, min_gain), min_gain)


def _size(workspace: Workspace, demand: Demanded, search: Search, below: StackSize | None) -> StackSize:
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
    """The smallest size whose next tool adds less than ``min_gain``; None where even one tool is worth nothing."""
    if not sizes or sizes[0].best.value <= EPSILON:
        return None
    for current, following in pairwise(sizes):
        if following.gain <= EPSILON or following.gain < min_gain - EPSILON:
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
