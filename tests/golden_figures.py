"""Figures that a version of the numerical rules gives for fixed content, by plain names of their own.

The content was drawn by the strategy of the property tests: gaps, old evidence, several assessors, gates and limits.
``tools/new_golden_figures.py`` writes the figures of a new version.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from evaluator import api
from evaluator.model.evaluated import Evaluated
from evaluator.model.sensitivity import OpenQuestions
from evaluator.model.workspace import Workspace

GOLDEN = Path(__file__).parent / "golden"

Files = Mapping[str, str]
"""Text of the files of a workspace by name."""
Figures = dict[str, Any]


def golden_file(version: int) -> Path:
    """The file with the figures of one version of the rules."""
    return GOLDEN / f"figures-{version}.json.gz"


def read_golden(version: int) -> dict[str, dict[str, Any]]:
    """By case: ``files`` and ``figures``."""
    cases: dict[str, dict[str, Any]] = json.loads(gzip.decompress(golden_file(version).read_bytes()))
    return cases


def figures_of(files: Files) -> Figures:
    """Every kind of figure that the program computes from one workspace, today and a year later."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = _opened(Path(folder), files)
    as_of = workspace.evaluation.as_of
    result = api.with_sensitivity(api.evaluate(workspace, as_of))
    later = api.evaluate(workspace, as_of + timedelta(days=400))
    return json.loads(json.dumps(dict(_all(result, later))))  # type: ignore[no-any-return]


def _opened(root: Path, files: Files) -> Workspace:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    opened = api.open_workspace(root)
    assert opened.workspace, opened.problems
    return opened.workspace


def _all(result: Evaluated, later: Evaluated) -> Iterator[tuple[str, Any]]:
    yield from _scores("now", result)
    yield from _scores("later", later)
    yield from _stacks(result)
    yield from _firmness(result)
    yield from _questions(api.questions(result))
    yield from _causes(result, later)


def _scores(when: str, result: Evaluated) -> Iterator[tuple[str, Any]]:
    for option in result.scores.options:
        name = f"{when} {option.id}"
        yield f"{name} score", [option.score, option.low, option.high, option.rank, option.coverage, option.stale]
        yield f"{name} cleared", [option.cleared, option.clearable]
        for cell in option.cells:
            yield f"{name} {cell.criterion}", [cell.weight, cell.level, cell.points, cell.low, cell.high]
    for use_case, row in result.fits.items():
        for fit in row:
            yield f"{when} {fit.option} for {use_case}", [fit.fit, fit.potential, fit.score, fit.capabilities]


def _stacks(result: Evaluated) -> Iterator[tuple[str, Any]]:
    if not result.stacks:
        return
    yield "recommended size", result.stacks.recommended
    for size in result.stacks.sizes:
        yield f"best of {size.size}", [*size.best.tools, size.best.value, size.gain]
        yield f"ties and runners-up of {size.size}", [[*row.tools, row.value] for row in (*size.tied, *size.close)]
        yield f"lost without, of {size.size}", size.best.marginal
    for option, cost in result.costs.items():
        yield (
            f"cost of {option}",
            [[amount.currency, amount.low, amount.expected, amount.high] for amount in cost.amounts],
        )


def _firmness(result: Evaluated) -> Iterator[tuple[str, Any]]:
    if not result.sensitivity:
        return
    for scenario in result.sensitivity.robustness.scenarios:
        for row in scenario.options:
            yield f"ranks of {row.option}, weights {scenario.law.value}", [*row.ranks, row.regret, row.in_stack]
        for size in scenario.sizes:
            shares = [[*row.tools, row.share] for row in size.stacks]
            yield f"stacks of {size.size}, weights {scenario.law.value}", shares
    flips = result.sensitivity.breakeven
    yield "gap to the next", flips.gap
    for turns in (*flips.criteria, *flips.families):
        found = (turns.first_down, turns.first_up, turns.stack_down, turns.stack_up)
        yield f"turns of {turns.id}", [[turn.at, *turn.to] if turn else None for turn in found]
    for rival in flips.least:
        yield f"least change for {rival.rival}", rival.distance
    for opinion in result.sensitivity.methods.methods:
        yield f"order by {opinion.method}", opinion.order
    full = result.sensitivity.stack
    if full:
        yield "contributions", {row.tool: [row.alone, row.last, row.fair] for row in full.worth}
        yield "overlaps", [[*row.tools, row.share] for row in full.overlaps]
        yield "frontier", [[*point.tools, point.value] for frontier in full.frontier for point in frontier.points]


def _questions(found: OpenQuestions) -> Iterator[tuple[str, Any]]:
    for option in found.options:
        yield f"knowing all of {option.option}", [option.gain, option.gain_first]
        for question in option.questions:
            yield (
                f"knowing {question.subject} of {option.option}",
                [question.gain, question.gain_first, *question.score],
            )


def _causes(result: Evaluated, later: Evaluated) -> Iterator[tuple[str, Any]]:
    from evaluator.change.review_differences import ComparedReview, change

    found = change(ComparedReview("now", result, ""), ComparedReview("later", later, ""))
    for option in found.options:
        moved = {cause.value: [points.score, points.low, points.high] for cause, points in option.causes.items()}
        yield f"change of {option.id}", moved
    if found.stack:
        yield "change of the stack", {cause.value: points for cause, points in found.stack.causes.items()}
