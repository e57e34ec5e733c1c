"""Commands that print figures: scores, stacks, and how sensitive they are."""

from __future__ import annotations

from datetime import date

import click

from evaluator import api
from evaluator.cli import options
from evaluator.cli.output import emit, emit_json, progress
from evaluator.errors import EvaluatorError

LONG = 200_000
"""Simulations from which on progress is shown."""


@click.command()
@click.argument("vendors", nargs=-1, metavar="[VENDOR]...", shell_complete=options.completing("vendors"))
@options.workspace
@options.as_of
@options.json_flag
def score(vendors: tuple[str, ...], folder: str, as_of: date | None, *, as_json: bool) -> None:
    """Score the options, with range, gates and rank; name vendors for their detail."""
    workspace = api.load(folder)
    api.known_options(workspace, vendors)
    scores = api.score(workspace, as_of)
    if as_json:
        emit_json(api.as_data(scores, vendors))
    else:
        emit(api.as_text(workspace, scores, vendors))


@click.command()
@options.vendor
@click.option(
    "--against",
    metavar="VENDOR",
    shell_complete=options.completing("vendors"),
    help="Explain the difference to this vendor.",
)
@options.workspace
@options.as_of
@options.json_flag
def explain(vendor: str, against: str | None, folder: str, as_of: date | None, *, as_json: bool) -> None:
    """Show which criteria make the score of VENDOR; the points add up."""
    workspace = api.load(folder)
    explanation = api.explain(workspace, vendor, against, as_of)
    if as_json:
        emit_json(api.as_data(explanation))
    else:
        emit(api.as_text(workspace, explanation))


@click.command()
@click.option(
    "--max-tools",
    type=click.IntRange(1, 6),
    metavar="N",
    help="The largest stack to look for (default: the evaluation's).",
)
@click.option(
    "--required",
    multiple=True,
    metavar="VENDOR",
    shell_complete=options.completing("vendors"),
    help="A tool that every stack has to hold; repeatable.",
)
@click.option(
    "--excluded",
    multiple=True,
    metavar="VENDOR",
    shell_complete=options.completing("vendors"),
    help="A tool that no stack may hold; repeatable.",
)
@click.option(
    "--budget",
    type=(options.Money(), options.Currency()),
    metavar="AMOUNT CURRENCY",
    help="The most a stack may cost per year, as: --budget 50000 EUR.",
)
@click.option(
    "--full",
    is_flag=True,
    help="The recommended stack in full: contributions, overlap, shared owners, cost, frontier.",
)
@options.workspace
@options.as_of
@options.json_flag
def stack(
    max_tools: int | None,
    required: tuple[str, ...],
    excluded: tuple[str, ...],
    budget: tuple[float, str] | None,
    folder: str,
    as_of: date | None,
    *,
    full: bool,
    as_json: bool,
) -> None:
    """Find the best set of tools of every size, and the recommended one.

    Each limit given here takes the place of the one of its kind in evaluation.yaml.
    """
    workspace = api.load(folder)
    limits = api.limits(workspace, required, excluded, budget)
    result = api.evaluate(workspace, as_of, max_tools=max_tools, limits=limits)
    found = api.stack_details(result, max_tools=max_tools) if full else None
    if full and found is None:
        raise EvaluatorError("No stack is recommended, so there is none to show in full; see: evaluator stack")
    if as_json:
        emit_json(api.sensitivity_as_data(found) if found else api.as_data(result))
    else:
        emit(api.sensitivity_as_text(workspace, found) if found else api.as_text(workspace, result))


@click.command()
@click.option(
    "--samples", type=click.IntRange(1, 10_000_000), metavar="N", help="How many simulations (default: 10,000)."
)
@click.option(
    "--seed", type=click.IntRange(0), metavar="N", help="Of the simulations; the same seed gives the same figures."
)
@options.workspace
@options.as_of
@options.json_flag
def robustness(samples: int | None, seed: int | None, folder: str, as_of: date | None, *, as_json: bool) -> None:
    """Show how often the answer holds when weights, levels and unknowns vary at random."""
    result = api.evaluate(api.load(folder), as_of)
    found = api.robustness(result, samples, seed, _progress if (samples or 0) > LONG else None)
    if as_json:
        emit_json(api.sensitivity_as_data(found))
        return
    emit(api.sensitivity_as_text(result.workspace, found))
    emit()
    emit(api.sensitivity_as_text(result.workspace, api.compare_methods(result)))


def _progress(done: int, total: int) -> None:
    progress(f"{done:,} of {total:,} simulations", last=done >= total)


@click.command()
@options.workspace
@options.as_of
@options.json_flag
def breakeven(folder: str, as_of: date | None, *, as_json: bool) -> None:
    """Show what would change the answer: which weights, which answers."""
    result = api.evaluate(api.load(folder), as_of)
    found = api.breakeven(result)
    if as_json:
        emit_json(api.sensitivity_as_data(found))
    else:
        emit(api.sensitivity_as_text(result.workspace, found))


@click.command()
@options.workspace
@options.as_of
@options.json_flag
def questions(folder: str, as_of: date | None, *, as_json: bool) -> None:
    """Show which open answers could change the decision: what to ask next."""
    result = api.evaluate(api.load(folder), as_of)
    found = api.questions(result)
    if as_json:
        emit_json(api.sensitivity_as_data(found))
    else:
        emit(api.sensitivity_as_text(result.workspace, found))
