"""Commands on how sensitive the answer is."""

from __future__ import annotations

from datetime import date

import click

from evaluator import api
from evaluator.cli.options import as_of_option, json_option, workspace_option
from evaluator.cli.output import emit, emit_json, progress


@click.command()
@click.option(
    "--samples", type=click.IntRange(1, 10_000_000), metavar="N", help="How many simulations (default: 10,000)."
)
@click.option("--seed", type=click.IntRange(0), metavar="N", help="Of the draws; the same seed gives the same figures.")
@workspace_option
@as_of_option
@json_option
def robustness(samples: int | None, seed: int | None, folder: str, as_of: date | None, *, as_json: bool) -> None:
    """Show how often the answer holds when weights, levels and unknowns are drawn at random."""
    result = api.evaluate(api.load(folder), as_of)
    found = api.robustness(result, samples, seed, _progress if (samples or 0) > _LONG else None)
    if as_json:
        emit_json(api.sensitivity_as_data(found))
        return
    emit(api.sensitivity_as_text(result.workspace, found))
    emit()
    emit(api.sensitivity_as_text(result.workspace, api.compare_methods(result)))


_LONG = 200_000
"""Draws from which on progress is told."""


def _progress(done: int, total: int) -> None:
    progress(f"{done:,} of {total:,} draws", last=done >= total)


@click.command()
@workspace_option
@as_of_option
@json_option
def breakeven(folder: str, as_of: date | None, *, as_json: bool) -> None:
    """Show what would change the answer: which weights, which answers."""
    result = api.evaluate(api.load(folder), as_of)
    found = api.breakeven(result)
    if as_json:
        emit_json(api.sensitivity_as_data(found))
    else:
        emit(api.sensitivity_as_text(result.workspace, found))


@click.command()
@workspace_option
@as_of_option
@json_option
def questions(folder: str, as_of: date | None, *, as_json: bool) -> None:
    """Show which open answers could change the decision: what to ask next."""
    result = api.evaluate(api.load(folder), as_of)
    found = api.questions(result)
    if as_json:
        emit_json(api.sensitivity_as_data(found))
    else:
        emit(api.sensitivity_as_text(result.workspace, found))
