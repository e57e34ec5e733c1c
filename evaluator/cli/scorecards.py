"""Commands on scorecards and questionnaires: workbooks out and in, and moderation."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from typing import Any, Literal

import click

from evaluator import api
from evaluator.cli import options
from evaluator.cli.output import emit, emit_json, note
from evaluator.cli.renamed import RenamedChoice, renamed_flag


@click.group()
def scorecard() -> None:
    """Export scorecards as workbooks, import and moderate what came back."""


def export_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """VENDOR, ``-o``, ``--assessor``, ``--family`` and ``--only`` of an export."""
    for option in (
        options.workspace,
        click.option(
            "--only",
            type=RenamedChoice(["unknown", "stale", "questions"], "gaps", "questions"),
            help="Only criteria without a level, with stale evidence, or whose answer could change the decision.",
        ),
        options.family("Only the criteria of this family."),
        click.option(
            "--assessor",
            metavar="ID",
            shell_complete=options.completing("assessors"),
            help="Whose scorecards (default: the only one's there is, else left to be filled in).",
        ),
        options.output("The workbook to write: .xlsx."),
        click.argument(
            "vendors", nargs=-1, required=True, metavar="VENDOR...", shell_complete=options.completing("vendors")
        ),
    ):
        command = option(command)
    return command


Only = Literal["unknown", "stale", "questions"]


@scorecard.command("export")
@export_options
@renamed_flag("--for-vendor", "evaluator questionnaire export")
def export(
    vendors: tuple[str, ...], output: str, assessor: str | None, family: str | None, only: Only | None, folder: str
) -> None:
    """Write the workbook in which VENDORs are assessed, a sheet each."""
    note(f"wrote {api.export_scorecards(folder, vendors, output, assessor=assessor, family=family, only=only)}")


@scorecard.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=options.FILE)
@options.dry_run("Only say what would change.")
@click.option("--accept-valid", is_flag=True, help="Take the answers without mistakes from a file that has some.")
@click.option("--ours", "prefer", flag_value="ours", help="Where both changed: keep the workspace's answer.")
@click.option("--theirs", "prefer", flag_value="theirs", help="Where both changed: take the workbook's answer.")
@options.day("--date", "today", "The day of answers whose file names none")
@click.option(
    "--annotate",
    metavar="OUT.xlsx",
    type=options.FILE,
    help="Also write a copy of the one FILE, in which each cell to fix or decide is marked and says why.",
)
@options.workspace
@options.json_flag
def import_(
    files: tuple[str, ...],
    prefer: Literal["ours", "theirs"] | None,
    today: date,
    annotate: str | None,
    folder: str,
    *,
    dry_run: bool,
    accept_valid: bool,
    as_json: bool,
) -> None:
    """Bring filled-in workbooks into the workspace. The exit code is 1 if something is left to fix or decide."""
    report = api.import_scorecards(
        folder,
        files,
        today=today,
        dry_run=dry_run,
        accept_valid=accept_valid,
        prefer=prefer,
        annotate=annotate,
    )
    if annotate is not None:
        note(f"wrote {annotate}")
    if as_json:
        emit_json(api.imports_as_data(report))
    else:
        emit(api.imports_as_text(report))
    sys.exit(1 if report.failed else 0)


@scorecard.command()
@options.vendor
@options.output("The workbook to write: .xlsx.")
@options.workspace
@options.json_flag
def moderate(vendor: str, output: str, folder: str, *, as_json: bool) -> None:
    """Write the workbook in which the assessors of VENDOR resolve their differences."""
    path, found = api.moderate(folder, vendor, output)
    if as_json:
        emit_json(api.agreement_as_data(found))
    else:
        emit(api.agreement_as_text(found))
    note(f"wrote {path}")


@click.group()
def questionnaire() -> None:
    """Export questionnaires to vendors; `scorecard import` reads the replies."""


@questionnaire.command("export")
@export_options
def export_questionnaire(
    vendors: tuple[str, ...], output: str, assessor: str | None, family: str | None, only: Only | None, folder: str
) -> None:
    """Write the workbook that VENDORs fill in, a sheet each: no levels, scores or weights.

    With --only questions the most valuable question comes first.
    """
    note(f"wrote {api.export_questionnaires(folder, vendors, output, assessor=assessor, family=family, only=only)}")
