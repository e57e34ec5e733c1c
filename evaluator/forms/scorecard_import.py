"""Importing workbooks: read, merge and hand to the store, a file at a time.

A file with mistakes changes nothing, unless the valid answers are asked for; a conflict is left as it is
and listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from evaluator.errors import ContentError, EvaluatorError, Problem, has_errors
from evaluator.forms.cell_marks import Form
from evaluator.forms.import_changes import Imported, ImportReport, Side
from evaluator.forms.import_plan import ImportPlan, Request, plan_for
from evaluator.forms.scorecard_reader import Incoming, computed, moved_catalogue, open_forms, unplaced
from evaluator.forms.scorecard_store import Store
from evaluator.model.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How an import deals with what it finds."""

    today: date
    """The day of answers whose form does not name one."""
    dry_run: bool = False
    accept_valid: bool = False
    """Write the valid answers of a file that has mistakes."""
    prefer: Side | None = None
    """Which answer counts where workspace and workbook both changed."""
    broken: tuple[Problem, ...] = ()
    """What is wrong with files of vendors in the workspace; a form on such a vendor is refused with it."""


def import_files(files: Sequence[Path], workspace: Workspace, store: Store, options: ImportOptions) -> ImportReport:
    """Import every file into ``store``; mistakes in one do not keep the others out."""
    return ImportReport(tuple(_import(path, workspace, store, options) for path in files), options.dry_run)


def _import(path: Path, workspace: Workspace, store: Store, options: ImportOptions) -> Imported:
    result = Imported(path.name)
    try:
        incoming = open_forms(path)
    except EvaluatorError as error:
        result.problems.append(Problem("refused", str(error).removeprefix(f"'{path.name}' ").rstrip("."), path.name))
        result.blocked = True
        return result
    result.notes += moved_catalogue(incoming, workspace.catalogue)
    plans = _plans(incoming, workspace, store, options, result)
    for plan in plans:
        result.changes += plan.merged.changes
        result.headers += plan.headers
        result.conflicts += plan.merged.conflicts
        result.kept += plan.merged.kept
    result.blocked = has_errors(result.problems) and not options.accept_valid
    if not result.blocked:
        result.written += [name for plan in plans if (name := _write(plan, store))]
    return result


def _plans(
    incoming: Incoming, workspace: Workspace, store: Store, options: ImportOptions, result: Imported
) -> list[ImportPlan]:
    """One plan per form; mistakes and remarks go to ``result``."""
    plans: list[ImportPlan] = []
    taken: dict[tuple[str, str, str], str] = {}
    for form in incoming.forms:
        result.problems += unplaced(form, incoming, workspace.catalogue)
        request = Request(form, incoming, workspace, store, options.today, options.prefer, options.broken)
        try:
            plan = plan_for(request)
        except ContentError as error:
            result.problems += error.problems
            continue
        result.problems += plan.problems
        result.notes += [*plan.notes, *computed(form)]
        first = taken.setdefault((*plan.who, form.token.edition), form.sheet.name)
        if first != form.sheet.name:
            result.problems.append(_second(form, first))
        else:
            plans.append(plan)
    return plans


def _second(form: Form, first: str) -> Problem:
    return Problem(
        "two-sheets",
        f"the sheet is a second copy of '{first}'",
        form.sheet.file,
        cell=form.sheet.cell(0, 0),
        hint="delete one of the two",
    )


def _write(plan: ImportPlan, store: Store) -> str:
    """Hand a plan to the store; returns the name of the file, or nothing where nothing changes."""
    answers = {change.criterion: change.after for change in plan.merged.changes}
    if plan.new is not None and answers:  # none of them is taken away: a new scorecard has nothing yet
        return store.create(plan.new.model_copy(update={"answers": answers}))
    if plan.card is not None and (answers or plan.headers):
        return store.change(plan.card, answers, {str(change.key): change.after for change in plan.headers})
    return ""
