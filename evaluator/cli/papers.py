"""Commands that write papers."""

from __future__ import annotations

from datetime import date

import click

from evaluator import api
from evaluator.cli.options import as_of_option, note, workspace_option


@click.command()
@click.option("-o", "output", required=True, metavar="FILE", help="The workbook to write: .xlsx.")
@workspace_option
@as_of_option
def compare(output: str, folder: str, as_of: date | None) -> None:
    """Write the comparison workbook."""
    note("scoring")
    result = api.evaluate(api.load(folder), as_of)
    note("writing the workbook")
    note(f"wrote {api.compare(result, output)}")


@click.command()
@click.option("-o", "output", required=True, metavar="FILE", help="The paper to write: .pdf, .html or .json.")
@workspace_option
@as_of_option
def recommend(output: str, folder: str, as_of: date | None) -> None:
    """Write the recommendation paper."""
    note("scoring")
    opened = api.open_workspace(folder)
    result = api.evaluate(api.usable(opened), as_of)
    note("writing the paper")
    note(f"wrote {api.recommend(result, output, overrides=opened.root)}")


@click.command()
@click.option("-o", "output", default="out", show_default=True, metavar="DIR", help="Where the papers go.")
def demo(output: str) -> None:
    """Do the whole main job on the shipped evaluation."""
    for path in api.demo(output, progress=note):
        note(f"wrote {path}")
