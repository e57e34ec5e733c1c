"""Commands on weights: asking stakeholders, putting together, sealing."""

from __future__ import annotations

import sys
from datetime import date

import click

from evaluator import api
from evaluator.cli import options
from evaluator.cli.output import emit, emit_json, note


@click.group()
def weights() -> None:
    """Ask for weights, see who weighs what, adopt and seal them."""


_who = click.option(
    "--stakeholder",
    "role",
    required=True,
    metavar="ROLE",
    shell_complete=options.completing("stakeholders"),
    help="Whose weights: a role such as head-of-finance.",
)


_date_option = options.day("--date", "today", "The day on which it was said")
_dry_option = options.dry_run("Only say what would be written.")


@weights.command()
@options.workspace
@options.json_flag
def show(folder: str, *, as_json: bool) -> None:
    """Show who stated which weights, and whether they are sealed. Also shows how far the stakeholders differ."""
    workspace = api.load(folder)
    state = api.weights_state(workspace)
    if as_json:
        emit_json(api.weights_as_data(state))
    else:
        emit(api.weights_as_text(workspace, state))


@weights.command()
@_who
@options.output("Write a workbook to fill in instead of asking here: .xlsx.", required=False)
@click.option(
    "--redo",
    metavar="GROUP",
    shell_complete=options.completing("families"),
    help="Ask one group again: families, or a family's id.",
)
@_date_option
@options.workspace
def swing(role: str, output: str | None, redo: str | None, today: date, folder: str) -> None:
    """Ask ROLE what each step from worst to best is worth. Answers are read from the terminal.

    The families come first, then the criteria inside each. Every answer is kept at once: stop with `quit`, Ctrl-C or the end of
    input, and the same command goes on there. `back` takes the last answer back, `redo` asks a group again.
    """
    if output is not None:
        note(f"wrote {api.weights_workbook(folder, role, output, today)}")
        return
    session = api.SwingSession(folder, role, today)
    if redo is not None:
        session.redo(redo)
    try:
        _ask(session)
    finally:
        # Also on Ctrl-C: whoever stops is told that nothing is lost.
        _show_progress(session, role)


def _ask(session: api.SwingSession) -> None:
    """Ask until everything is answered, somebody quits, or the input ends."""
    shown = ""
    while not session.done:
        question = session.question
        if question != shown:
            emit(f"{question}\n" if shown == "" else f"\n{question}\n")
            shown = question
        emit(session.prompt, end="")
        line = sys.stdin.readline()
        if not sys.stdin.isatty():
            emit(line.rstrip("\n"))
        if not line or line.strip().casefold() in {"quit", "q", "exit"}:
            return
        said = session.answer(line)
        if said:
            emit(said)


def _show_progress(session: api.SwingSession, role: str) -> None:
    if session.done:
        emit(f"\nEverything is weighed; it is kept in weights/{role}.yaml.\nSee: evaluator weights show")
    else:
        emit(
            f"\nStopped, {session.progress}. Nothing is lost; go on with:\n  evaluator weights swing --stakeholder {role}"
        )


@weights.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=options.FILE)
@_dry_option
@_date_option
@options.workspace
def import_(files: tuple[str, ...], today: date, folder: str, *, dry_run: bool) -> None:
    """Take filled-in workbooks of weights. A file with mistakes changes nothing; each mistake is named by its cell."""
    read = api.import_weights(folder, files, today, dry_run=dry_run)
    emit(api.weights_read_as_text(folder, read, dry_run=dry_run))
    sys.exit(1 if any(one.failed for one in read) else 0)


@weights.command()
@_who
@click.argument(
    "order", nargs=-1, required=True, metavar="ID...", shell_complete=options.completing("families", "criteria")
)
@_dry_option
@_date_option
@options.workspace
def rank(role: str, order: tuple[str, ...], today: date, folder: str, *, dry_run: bool) -> None:
    """Take the order of ROLE, most important first. Rank all families, or all criteria of one family; a=b ranks two alike."""
    read = api.rank_weights(folder, role, order, today, dry_run=dry_run)
    emit(api.weights_read_as_text(folder, [read], dry_run=dry_run))


@weights.command()
@_who
@click.argument("file", required=False, metavar="[FILE]", type=options.FILE)
@options.output("Write a workbook to fill in: .xlsx.", required=False)
@click.option(
    "--group",
    default="families",
    show_default=True,
    metavar="GROUP",
    shell_complete=options.completing("families"),
    help="What the workbook asks: families, or a family's id.",
)
@_dry_option
@_date_option
@options.workspace
def pairwise(
    role: str, file: str | None, output: str | None, group: str, today: date, folder: str, *, dry_run: bool
) -> None:
    """Take the pairwise judgements of ROLE, or write their workbook.

    FILE (.csv or .yaml) holds first, second and times; -o writes the workbook to fill in.
    """
    if (file is None) == (output is None):
        raise click.UsageError("Name a FILE of judgements, or with -o a workbook to write.")
    if output is not None:
        note(f"wrote {api.weights_workbook(folder, role, output, today, pairs=group)}")
        return
    read = api.pairwise_weights(folder, role, str(file), today, dry_run=dry_run)
    emit(api.weights_read_as_text(folder, [read], dry_run=dry_run))
    sys.exit(1 if read.failed else 0)


@weights.command()
@click.option(
    "--stakeholder",
    "roles",
    multiple=True,
    metavar="ROLE",
    shell_complete=options.completing("stakeholders"),
    help="Only this one's weights; may be repeated.",
)
@_dry_option
@options.workspace
@options.json_flag
def adopt(roles: tuple[str, ...], folder: str, *, dry_run: bool, as_json: bool) -> None:
    """Adopt the mean of the stakeholders' weights. Comments in criteria/weights.yaml are kept."""
    workspace = api.load(folder)
    found = api.adopt_weights(folder, roles, dry_run=dry_run)
    if as_json:
        emit_json(api.weights_as_data(found))
    else:
        emit(api.weights_as_text(workspace, found, dry_run=dry_run))
    if not dry_run:
        note("wrote criteria/weights.yaml")
        for line in api.seal_as_text(api.weights_state(api.load(folder)).sealing).splitlines():
            note(line)


@weights.command()
@click.option("--by", required=True, metavar="ROLE", help="Which role seals them, in words.")
@click.option("--method", metavar="TEXT", help="How they were found (default: as the stakeholders were asked).")
@click.option("--note", "remark", default="", metavar="TEXT", help="A remark.")
@_date_option
@options.workspace
def seal(by: str, method: str | None, remark: str, today: date, folder: str) -> None:
    """Fix the weights before the first answer is seen. The seal records date, role, method and a digest that reveals later changes."""
    found = api.seal_weights(folder, by, method, remark, today)
    emit(api.seal_as_text(found))
