"""Commands that write papers."""

from __future__ import annotations

from datetime import date
from typing import Literal

import click

from evaluator import api
from evaluator.cli import options
from evaluator.cli.output import note


@click.command()
@options.output("The workbook (.xlsx), or pages to read (.pdf, .html).")
@click.option("--options", "chosen", metavar="A,B,...", help="Compare these options only.")
@options.family("Compare on the criteria of this family only.")
@options.paper
@options.workspace
@options.as_of
def compare(
    output: str, chosen: str | None, family: str | None, paper: api.Paper, folder: str, as_of: date | None
) -> None:
    """Write the comparison of the options."""
    api.check_target(output, "compare")
    opened = api.open_workspace(folder)
    workspace = api.usable(opened)
    names = [] if chosen is None else [part.strip() for part in chosen.split(",")]
    api.known_options(workspace, names)
    api.known_families(workspace, [] if family is None else [family])
    note("scoring")
    result = api.with_review(api.with_sensitivity(api.evaluate(workspace, as_of)), opened.root, options.today())
    note("writing the comparison")
    path = api.compare(result, output, options=names, family=family, overrides=opened.root, paper=paper)
    note(f"wrote {path}")


@click.command()
@options.output("The paper to write: .pdf, .html or .json.")
@options.day("--on", "counted", "Count the days to an open review's deadline from here")
@options.paper
@options.workspace
@options.as_of
def recommend(output: str, counted: date, paper: api.Paper, folder: str, as_of: date | None) -> None:
    """Write the recommendation paper; while a review is open, its draft."""
    api.check_target(output, "recommend")
    opened = api.open_workspace(folder)
    note("scoring")
    result = api.with_sensitivity(api.evaluate(api.usable(opened), as_of))
    result = api.with_review(result, opened.root, counted)
    note("writing the paper")
    note(f"wrote {api.recommend(result, output, opened.root, paper)}")


@click.group()
def report() -> None:
    """Write a paper on one vendor."""


@report.command("vendor")
@options.vendor
@options.output("The paper to write: .pdf.")
@options.paper
@options.workspace
@options.as_of
def vendor_report(vendor: str, output: str, paper: api.Paper, folder: str, as_of: date | None) -> None:
    """Where VENDOR stands, its gates, and the questions open to it."""
    _report(vendor, output, "vendor", paper, folder, as_of)


@report.command("scorecard")
@options.vendor
@options.output("The paper to write: .pdf.")
@options.paper
@options.workspace
@options.as_of
def scorecard_report(vendor: str, output: str, paper: api.Paper, folder: str, as_of: date | None) -> None:
    """Every answer on VENDOR with its reason and evidence."""
    _report(vendor, output, "scorecard", paper, folder, as_of)


def _report(
    vendor: str, output: str, kind: Literal["vendor", "scorecard"], paper: api.Paper, folder: str, as_of: date | None
) -> None:
    api.check_target(output, "report")
    opened = api.open_workspace(folder)
    workspace = api.usable(opened)
    api.known_options(workspace, [vendor])
    result = api.evaluate(workspace, as_of)
    note("writing the paper")
    note(f"wrote {api.report(result, vendor, output, kind, opened.root, paper)}")


@click.command()
@click.option("-o", "output", default="out", show_default=True, type=options.FOLDER, help="Where the papers go.")
def demo(output: str) -> None:
    """Do the whole main job on the shipped evaluation."""
    for path in api.demo(output, progress=note):
        note(f"wrote {path}")
