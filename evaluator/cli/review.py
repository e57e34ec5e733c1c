"""Commands on reviews: opening, following, closing, verifying and comparing yearly reviews."""

from __future__ import annotations

import sys
from datetime import date

import click

from evaluator import api
from evaluator.cli import options
from evaluator.cli.output import emit, emit_json, note
from evaluator.cli.renamed import GroupWithRenamed


@click.group(cls=GroupWithRenamed)
def review() -> None:
    """Open, follow, close, verify and compare yearly reviews."""


@review.command(name="open")
@click.argument("name", metavar="REVIEW")
@click.option("--as-of", type=options.Day(), required=True, help="The date at which evidence is judged.")
@click.option("--deadline", type=options.Day(), help="When the review is to be closed.")
@click.option(
    "--since",
    metavar="REVIEW",
    shell_complete=options.completing("closed-reviews"),
    help="The closed review before it (default: the latest).",
)
@options.day("--on", "opened", "The day of opening")
@click.option(
    "--soon-months",
    type=click.IntRange(0, 24),
    default=3,
    show_default=True,
    metavar="N",
    help="Evidence that goes stale within so many months after the date is due as well.",
)
@click.option(
    "--send", "target", type=options.FOLDER, help="Also write workbooks per assessor and questionnaires per vendor."
)
@options.workspace
@options.json_flag
def open_(
    name: str,
    as_of: date,
    deadline: date | None,
    since: str | None,
    opened: date,
    soon_months: int,
    target: str | None,
    folder: str,
    *,
    as_json: bool,
) -> None:
    """Open a review, and say how much is due and why."""
    workspace, state = api.review_open(
        folder,
        name,
        as_of,
        opened=opened,
        deadline=deadline,
        since=since,
        soon_months=soon_months,
        send=target,
        progress=note,
    )
    if as_json:
        emit_json(api.review_as_data(state))
    else:
        emit(api.opened_as_text(workspace, state))


@review.command()
@click.argument("name", metavar="[REVIEW]", required=False, shell_complete=options.completing("open-reviews"))
@click.option("--due", is_flag=True, help="List every answer that is due, with its reasons.")
@click.option(
    "--send", "target", type=options.FOLDER, help="Also write workbooks and questionnaires with what is still due."
)
@options.day("--on", "counted", "Count the days from here")
@options.workspace
@options.json_flag
def status(name: str | None, counted: date, target: str | None, folder: str, *, due: bool, as_json: bool) -> None:
    """Show how far a review is, what is due and what blocks closing."""
    workspace, state = api.review_status(folder, name, counted, send=target, progress=note)
    if as_json:
        emit_json(api.review_as_data(state))
    elif due:
        emit(api.due_as_text(workspace, state))
    else:
        emit(api.status_as_text(workspace, state))


@review.command()
@options.vendor
@click.argument("criteria", nargs=-1, metavar="[CRITERION]...", shell_complete=options.completing("criteria"))
@click.option(
    "--assessor",
    required=True,
    metavar="ID",
    shell_complete=options.completing("assessors"),
    help="Whose answers they are.",
)
@options.day("--on", "on", "The day on which they were checked")
@options.workspace
def confirm(vendor: str, criteria: tuple[str, ...], assessor: str, on: date, folder: str) -> None:
    """Confirm that answers on VENDOR still hold. Without a CRITERION, this covers all answers of the assessor."""
    dated = api.review_confirm(folder, vendor, criteria, assessor=assessor, on=on)
    note(f"confirmed {len(dated)} {'answer' if len(dated) == 1 else 'answers'} of {assessor} on {vendor}")


@review.command()
@options.vendor
@click.option("--trigger", metavar="ID", help="What happened; reopens the criteria that the catalogue names for it.")
@click.option("--checked", is_flag=True, help="A light check that found nothing new.")
@click.option("--by", required=True, metavar="ROLE", help="The role that notes it.")
@options.day("--on", "on", "The day it happened, or of the check")
@click.option("--source", default="", metavar="TEXT", help="Where it can be read.")
@click.option("--note", "text", default="", metavar="TEXT", help="What happened, in a sentence.")
@options.workspace
def log(
    vendor: str, trigger: str | None, by: str, on: date, source: str, text: str, folder: str, *, checked: bool
) -> None:
    """Note a trigger or a light check on VENDOR between two reviews."""
    if checked == (trigger is not None):
        raise click.UsageError("Name either --trigger ID or --checked.")
    api.review_log(folder, vendor, trigger=trigger, on=on, by=by, source=source, note=text)
    note(f"noted in reviews/log.yaml: {trigger or 'a light check'} on {vendor}")


@review.command()
@click.argument("name", metavar="REVIEW", shell_complete=options.completing("open-reviews"))
@options.day("--on", "on", "The day of closing")
@click.option(
    "--sign",
    "key",
    metavar="KEY",
    type=options.FILE,
    help="Sign the review with this SSH key: a private key, or a public key whose private half is in ssh-agent.",
)
@options.workspace
def close(name: str, on: date, key: str | None, folder: str) -> None:
    """Freeze a review: record, papers and checksums. They are written once."""
    made = api.review_close(folder, name, on=on, sign=key, progress=note)
    note(f"closed {'and signed ' if key else ''}{name}: {made}")


@review.command()
@click.argument("name", metavar="REVIEW|all", shell_complete=options.completing("closed-reviews"))
@click.option(
    "--allowed-signers",
    "allowed",
    type=options.FILE,
    help="The file of allowed signers, as in git; fails unless one of them signed.",
)
@click.option("--revoked", type=options.FILE, help="A file of revoked keys; goes with --allowed-signers.")
@options.workspace
@options.json_flag
def verify(name: str, allowed: str | None, revoked: str | None, folder: str, *, as_json: bool) -> None:
    """Check that a closed review is as issued and who signed it. Its figures are computed again."""
    if revoked is not None and allowed is None:
        raise click.UsageError("--revoked goes with --allowed-signers FILE.")
    found = api.review_verify(folder, name, allowed_signers=allowed, revoked=revoked)
    if as_json:
        emit_json([{**api.review_as_data(row), "verdict": row.verdict.value} for row in found])
    else:
        emit("\n".join(api.verification_as_text(row) for row in found))
    sys.exit(0 if all(row.passed for row in found) else 1)


@review.command()
@click.argument("old", shell_complete=options.completing("closed-reviews"))
@click.argument("new", metavar="NEW|now", shell_complete=options.completing("closed-reviews"))
@click.argument("vendors", nargs=-1, metavar="[VENDOR]...", shell_complete=options.completing("vendors"))
@options.workspace
@options.as_of
@options.json_flag
def diff(old: str, new: str, vendors: tuple[str, ...], folder: str, as_of: date | None, *, as_json: bool) -> None:
    """Explain what changed between two reviews, by cause. Name vendors to see every criterion."""
    workspace, change = api.review_diff(folder, old, new, as_of)
    if as_json:
        emit_json(api.review_as_data(change))
    else:
        emit(api.change_as_text(workspace, change, vendors))


@review.command()
@options.vendor
@click.option("--commits", is_flag=True, help="Also every git commit that changed one of its figures.")
@click.option(
    "--at", "revisions", multiple=True, metavar="REVISION", help="Only at this git revision; may be repeated."
)
@options.workspace
@options.json_flag
def history(vendor: str, revisions: tuple[str, ...], folder: str, *, commits: bool, as_json: bool) -> None:
    """Follow the score of VENDOR over all closed reviews and now, with what moved it."""
    workspace, points = api.review_history(folder, vendor, commits=commits, revisions=revisions)
    if as_json:
        emit_json([api.review_as_data(point) for point in points])
    else:
        emit(api.history_as_text(workspace, vendor, points))


@click.group()
def catalogue() -> None:
    """Work with the catalogue of criteria."""


@catalogue.command()
@options.dry_run("Only say what would change.")
@options.day("--on", "on", "The day of the upgrade")
@options.workspace
@options.json_flag
def upgrade(on: date, folder: str, *, dry_run: bool, as_json: bool) -> None:
    """Bring the catalogue to the shipped one. Own criteria, weights and answers are kept."""
    found = api.catalogue_upgrade(folder, on=on, dry_run=dry_run)
    if as_json:
        emit_json(api.review_as_data(found))
    else:
        emit(api.upgrade_as_text(found))
