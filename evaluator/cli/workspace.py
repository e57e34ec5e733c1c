"""Commands on the workspace itself."""

from __future__ import annotations

import shlex
import sys
from datetime import date
from pathlib import Path
from typing import Literal

import click

from evaluator import api
from evaluator.cli import options
from evaluator.cli.output import emit, emit_json, note
from evaluator.errors import has_errors


@click.command()
@click.argument("folder", metavar="DIR", type=options.FOLDER)
@click.option("--blank", is_flag=True, help="Criteria and weights only: no vendors, no use cases.")
@click.option("--example", is_flag=True, help="With two closed reviews of the shipped evaluation.")
@click.option("--from-matrix", "matrix", type=options.FILE, help="From a weighted matrix (.xlsx, .csv): same totals.")
@click.option("--scale", metavar="MIN..MAX", help="The matrix's lowest and highest score, where it does not tell.")
@click.option("--sheet", metavar="NAME", help="The matrix's sheet (default: the first with numbers).")
@click.option(
    "--criteria-in-columns/--criteria-in-rows",
    "transposed",
    default=None,
    help="How the matrix is laid out (default: found by its weights).",
)
def init(
    folder: str,
    matrix: str | None,
    scale: str | None,
    sheet: str | None,
    *,
    blank: bool,
    example: bool,
    transposed: bool | None,
) -> None:
    """Make a new workspace in DIR, a copy of the shipped evaluation."""
    if blank + example + (matrix is not None) > 1:
        raise click.UsageError("--blank, --example and --from-matrix are three ways to start; choose one.")
    if matrix is None:
        if scale or sheet or transposed is not None:
            raise click.UsageError(
                "--scale, --sheet and --criteria-in-... describe a matrix; name it with --from-matrix."
            )
        made = api.init_example(folder, note) if example else api.init(folder, blank=blank, today=options.today())
    else:
        report = api.init_from_matrix(
            folder, matrix, today=options.today(), scale=scale, sheet=sheet, transposed=transposed
        )
        emit(api.matrix_as_text(report))
        made = Path(folder)
    following = f"review diff {' '.join(sorted(api.listed_ids(made, 'closed-reviews')))}" if example else "check"
    note(f"made the workspace {made}; next: evaluator {following} --workspace {made}")


@click.command()
@options.workspace
@options.json_flag
def check(folder: str, *, as_json: bool) -> None:
    """List every problem of the workspace, as file:line:column: message."""
    problems = api.check(folder)
    if as_json:
        emit_json(api.problems_as_data(problems))
    else:
        emit(api.problems_as_text(problems))
    sys.exit(1 if has_errors(problems) else 0)


@click.command()
@click.option("--check", "dry_run", is_flag=True, help="Write nothing; exit 1 if a file would change.")
@options.workspace
def format(folder: str, *, dry_run: bool) -> None:  # noqa: A001 - the name of the command
    """Put the YAML files of the workspace into the style in which the program writes them.

    Values, comments and the order of keys stay as they are. Closed reviews and everything under reports/ but language.yaml are
    left alone, and no file is moved. After that, a command that changes a file changes only the lines it is about.
    """
    found = api.format_files(folder, dry_run=dry_run)
    changed = [name for name, is_changed in found.items() if is_changed]
    for name in changed:
        emit(f"{name}: {'would be formatted' if dry_run else 'formatted'}")
    emit(f"{len(changed)} of {len(found)} files {'would change' if dry_run else 'changed'}.")
    sys.exit(1 if dry_run and changed else 0)


@click.group()
def vendor() -> None:
    """Add a vendor to the evaluation, and record the own work on it."""


@vendor.command("add")
@click.argument("vendor_id", metavar="ID")
@click.option("--name", required=True, help="The product's name.")
@click.option("--homepage", required=True, metavar="URL", help="Where the vendor describes it.")
@click.option("--edition", default="Standard", show_default=True, help="The edition to evaluate.")
@click.option(
    "--date",
    "captured",
    type=options.Day(),
    help="The day of the profile (default: today, or the evaluation's date if that is earlier).",
)
@options.workspace
def add(vendor_id: str, name: str, homepage: str, edition: str, captured: date | None, folder: str) -> None:
    """Start the profile of a new vendor: vendors/ID/profile.yaml.

    Everything about it is unknown until facts, capabilities, prices and answers are filled in.
    """
    path, is_option = api.add_vendor(
        folder, vendor_id, name=name, homepage=homepage, edition=edition, captured=captured
    )
    note(f"made {path}")
    if not is_option:
        note(f"evaluation.yaml names its options; add {vendor_id} there to have it evaluated")
    there = "" if folder == "." else f" --workspace {shlex.quote(folder)}"
    note(f"next: evaluator scorecard export {vendor_id} --assessor desk-a -o {vendor_id}.xlsx{there}")


@vendor.command("own-work")
@options.vendor
@click.argument("item", required=False)
@click.option("--state", type=click.Choice(("open", "done", "not-needed")), help="The new state of ITEM.")
@click.option("--role", default="", help="The role of whoever did it; no personal name.")
@click.option("--on", type=options.Day(), help="The day on which it was done.")
@click.option("--finding", default="", metavar="TEXT", help="What was found, or why it is not needed.")
@click.option("--edition", metavar="ID", help="The edition it is about (default: the evaluated one).")
@options.workspace
def own_work(
    vendor: str,
    item: str | None,
    state: Literal["open", "done", "not-needed"] | None,
    role: str,
    on: date | None,
    finding: str,
    edition: str | None,
    folder: str,
) -> None:
    """Record the due diligence on VENDOR that only the organisation can do; without ITEM, list it.

    ITEM is the id of an item under own_work in the catalogue, as CRITERION/ITEM where several criteria have one of that id.
    """
    if item is None:
        emit(api.own_work_as_text(folder, vendor))
        return
    if state is None:
        raise click.UsageError("Say with --state what became of the item: open, done or not-needed.")
    file, recorded = api.record_own_work(
        folder, vendor, item, state=state, role=role, on=on, finding=finding, edition=edition
    )
    note(f"recorded {recorded} as {state} in {file}")
