"""One stack, everything about it: contribution of each tool, overlap, gaps, concentration, limits, cost."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from math import fsum
from typing import Literal

from evaluator.errors import EvaluatorError
from evaluator.model.cost import Coverage
from evaluator.model.evaluated import DecisionMatrix, Evaluated, Stack, Stacks
from evaluator.model.stack_details import (
    Concentration,
    Obstacle,
    Overlap,
    SizeStep,
    StackDetails,
    Uncovered,
)
from evaluator.model.stack_limits import StackConstraints
from evaluator.model.workspace import Workspace
from evaluator.scoring.tolerances import descending
from evaluator.stack.contributions import contributions
from evaluator.stack.limits import allowed, budget_of, check_limits
from evaluator.stack.pareto import frontiers
from evaluator.stack.recommendation import describe


def stack_details(result: Evaluated, *, tools: Sequence[str] = (), max_tools: int | None = None) -> StackDetails | None:
    """Everything about ``tools``, or about the recommended stack of ``result``; None where none is recommended.

    Args:
        result: what was computed, within its limits.
        tools: another stack to show than the recommended one.
        max_tools: the largest stack on the frontier of value against cost (default: the evaluation's).

    Raises:
        EvaluatorError: a tool is not an option in scope, or no stack keeps to the limits.
    """
    workspace, best, matrix = result.workspace, result.stacks, result.matrix
    if matrix is None or best is None:
        return None
    limits = best.limits
    stack = best.chosen
    if tools:
        check_limits(StackConstraints(required=tuple(tools)), matrix.options, len(matrix.options))
        stack = describe(workspace, matrix, sorted(tools))
    elif not best.sizes and limits.any:
        raise EvaluatorError("No stack keeps to these limits; loosen one of them.")
    if stack is None:
        return None
    most = min(max_tools or workspace.evaluation.stack.max_tools, len(matrix.options))
    return StackDetails(
        tools=stack.tools,
        value=stack.value,
        steps=_steps(best),
        worth=contributions(matrix, stack),
        overlaps=overlaps(matrix, stack.tools),
        concentrations=concentrations(workspace, stack.tools),
        uncovered=uncovered(matrix, stack, limits.excluded),
        coverage={place.use_case: place.coverage for place in stack.served},
        cost=stack.cost,
        limits=limits,
        budget=budget_of(stack.cost, limits),
        frontier=frontiers(
            workspace,
            matrix,
            most,
            # What more money would buy is what a frontier is read for, so the budget does not cut it.
            allowed(workspace, matrix, replace(limits, budget=None)),
        ),
    )


def _steps(best: Stacks) -> tuple[SizeStep, ...]:
    rows = []
    for size in best.sizes:
        count = {state: sum(place.coverage is state for place in size.best.served) for state in Coverage}
        rows.append(
            SizeStep(
                size=size.size,
                tools=size.best.tools,
                value=size.best.value,
                gain=size.gain,
                covered=count[Coverage.COVERED],
                conditional=count[Coverage.CONDITIONAL],
                not_covered=count[Coverage.NOT_COVERED],
            )
        )
    return tuple(rows)


def overlaps(matrix: DecisionMatrix, tools: Sequence[str]) -> tuple[Overlap, ...]:
    """Every pair of ``tools``: what both could do, as a share of what the one that does less could do alone; most first."""
    rows = {tool: matrix.parts[matrix.options.index(tool)] for tool in tools}
    found = []
    for one, two in combinations(tools, 2):
        both = [min(pair) for pair in zip(rows[one], rows[two], strict=True)]
        less = min(fsum(rows[one]), fsum(rows[two]))
        cases = tuple(case.id for case, part in zip(matrix.use_cases, both, strict=True) if part > 0)
        found.append(Overlap((one, two), fsum(both) / less if less > 0 else 0.0, cases))
    return tuple(sorted(found, key=lambda row: (descending(row.share), row.tools)))


def concentrations(workspace: Workspace, tools: Iterable[str]) -> tuple[Concentration, ...]:
    """Owners and regions that several of ``tools`` share, as their profiles name them."""
    shared: dict[tuple[Literal["owner", "region"], str], list[str]] = {}
    for tool in tools:
        profile = workspace.option(tool).profile
        if profile.owner:
            shared.setdefault(("owner", profile.owner), []).append(tool)
        for region in dict.fromkeys(profile.regions):
            shared.setdefault(("region", region), []).append(tool)
    found = [Concentration(kind, value, tuple(users)) for (kind, value), users in shared.items() if len(users) > 1]
    return tuple(sorted(found, key=lambda row: (row.kind, -len(row.tools), row.value)))


def uncovered(matrix: DecisionMatrix, stack: Stack, excluded: Collection[str] = ()) -> tuple[Uncovered, ...]:
    """The use cases that no tool of ``stack`` serves, who else could, and why each of the others cannot."""
    found = []
    for place in stack.served:
        if place.tool is not None:
            continue
        fits = matrix.fits[place.use_case].values()
        able = sorted((fit for fit in fits if fit.fit > 0), key=lambda fit: (descending(fit.fit), fit.option))
        unable = [
            Obstacle(fit.option, tuple(check.criterion for check in fit.failed), fit.absent)
            for fit in fits
            if fit.fit <= 0
        ]
        unable.sort(key=lambda row: (len(row.failed) + len(row.absent), row.option))
        free = tuple(fit.option for fit in able if fit.option not in excluded)
        barred = tuple(fit.option for fit in able if fit.option in excluded)
        found.append(Uncovered(place.use_case, free, barred, tuple(unable)))
    return tuple(found)
