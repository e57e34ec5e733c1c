"""Commands that write papers."""

from __future__ import annotations

from datetime import date
from typing import Literal

import click

from evaluator import api
from evaluator.cli.options import Day, as_of_option, completing, paper_option, today, workspace_option
from evaluator.cli.output import note


@click.command()
@click.option(
    "-o", "output", required=True, metavar="FILE", help="The workbook (.xlsx), or pages to read (.pdf, .html)."
)
@click.option("--options", "chosen", metavar="A,B,...", help="Compare these options only.")
@click.option(
    "--family", metavar="ID", shell_complete=completing("families"), help="Compare on the criteria of this family only."
)
@paper_option
@workspace_option
@as_of_option
def compare(
    output: str, chosen: str | None, family: str | None, paper: api.Paper, folder: str, as_of: date | None
) -> None:
    """Write the comparison of the options."""
    api.check_target(output, "compare")
    opened = api.open_workspace(folder)
    workspace = api.usable(opened)
    options = [] if chosen is None else [part.strip() for part in chosen.split(",")]
    api.known_options(workspace, options)
    api.known_families(workspace, [] if family is None else [family])
    note("scoring")
    result = api.with_review(api.with_sensitivity(api.evaluate(workspace, as_of)), opened.root, today())
    note("writing the comparison")
    path = api.compare(result, output, options=options, family=family, overrides=opened.root, paper=paper)
    note(f"wrote {path}")


@click.command()
@click.option("-o", "output", required=True, metavar="FILE", help="The paper to write: .pdf, .html or .json.")
@click.option(
    "--on",
    "counted",
    type=Day(),
    metavar="DATE",
    help="Count the days to an open review's deadline from here (default: today).",
)
@paper_option
@workspace_option
@as_of_option
def recommend(output: str, counted: date | None, paper: api.Paper, folder: str, as_of: date | None) -> None:
    """Write the recommendation paper; while a review is open, its draft."""
    api.check_target(output, "recommend")
    opened = api.open_workspace(folder)
    note("scoring")
    result = api.with_sensitivity(api.evaluate(api.usable(opened), as_of))
    result = api.with_review(result, opened.root, counted or today())
    note("writing the paper")
    note(f"wrote {api.recommend(result, output, opened.root, paper)}")


@click.group()
def report() -> None:
    """Write a paper on one vendor."""


@report.command("vendor")
@click.argument("vendor", shell_complete=completing("vendors"))
@click.option("-o", "output", required=True, metavar="FILE", help="The paper to write: .pdf.")
@paper_option
@workspace_option
@as_of_option
def vendor_report(vendor: str, output: str, paper: api.Paper, folder: str, as_of: date | None) -> None:
    """Where VENDOR stands, its gates, and the questions open to it."""
    _report(vendor, output, "vendor", paper, folder, as_of)


@report.command("scorecard")
@click.argument("vendor", shell_complete=completing("vendors"))
@click.option("-o", "output", required=True, metavar="FILE", help="The paper to write: .pdf.")
@paper_option
@workspace_option
@as_of_option
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
@click.option("-o", "output", default="out", show_default=True, metavar="DIR", help="Where the papers go.")
def demo(output: str) -> None:
    """Do the whole main job on the shipped evaluation."""
    for path in api.demo(output, progress=note):
        note(f"wrote {path}")
