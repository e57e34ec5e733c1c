"""Scorecards out of and into the workspace, moderation, agreement, and starting from a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluator import __version__
from evaluator.api.common import Folder, target_file, target_folder, write_target
from evaluator.api.workspaces import load, usable_for
from evaluator.errors import EvaluatorError, folded

if TYPE_CHECKING:
    from evaluator.forms.export_order import ExportOrder, Only, Setting
    from evaluator.forms.import_changes import ImportReport, Side
    from evaluator.forms.matrix_workspace import MatrixReport
    from evaluator.model.assessor_agreement import Agreement
    from evaluator.model.review import Past
    from evaluator.model.workspace import Workspace
    from evaluator.workspace.load import Loaded


def export_scorecards(
    folder: Folder,
    vendors: Sequence[str],
    path: Folder,
    *,
    assessor: str | None = None,
    family: str | None = None,
    only: Only | None = None,
) -> Path:
    """Write the workbook (.xlsx) in which ``vendors`` are assessed, a sheet each; returns the path written.

    Args:
        folder: the workspace.
        vendors: ids of vendors.
        path: the workbook.
        assessor: whose scorecards; left out, the only assessor's a vendor has, else to be filled in.
        family: only criteria of this family.
        only: only criteria without a level (``unknown``), with evidence that is too old (``stale``), or whose answer
            could change the decision (``questions``).

    Where an earlier review is closed, its answers stand beside the present ones.
    """
    from evaluator.forms.scorecard_form import scorecard_book

    target = target_file(path, (".xlsx",))
    workspace, orders = _export_orders(folder, vendors, assessor=assessor, family=family, only=only, for_vendor=False)
    return write_target(target, scorecard_book(_setting(workspace), orders))


def export_questionnaires(
    folder: Folder,
    vendors: Sequence[str],
    path: Folder,
    *,
    assessor: str | None = None,
    family: str | None = None,
    only: Only | None = None,
) -> Path:
    """Write the workbook (.xlsx) that ``vendors`` fill in, a sheet each: no levels, scores or weights; returns its path.

    Arguments as for :func:`export_scorecards`; with ``questions`` the most valuable question comes first. Where an earlier
    review is closed, a vendor is asked what changed since.
    """
    from evaluator.forms.questionnaire_form import questionnaire_book

    target = target_file(path, (".xlsx",))
    workspace, orders = _export_orders(folder, vendors, assessor=assessor, family=family, only=only, for_vendor=True)
    return write_target(target, questionnaire_book(_setting(workspace), orders, workspace.evaluation.organisation))


def _export_orders(
    folder: Folder,
    vendors: Sequence[str],
    *,
    assessor: str | None,
    family: str | None,
    only: Only | None,
    for_vendor: bool,
) -> tuple[Workspace, list[ExportOrder]]:
    """The workspace, and one order per sheet."""
    from evaluator.forms.export_order import orders_for

    workspace = load(folder) if only == "questions" else _workspace_of(_loaded(folder), vendors)
    orders = orders_for(
        workspace,
        vendors,
        assessor=assessor,
        family=family,
        only=only,
        for_vendor=for_vendor,
        past=_closed_review_before(folder, workspace.evaluation.as_of),
        ranked=_open_questions(workspace) if only == "questions" else None,
    )
    return workspace, orders


def import_scorecards(
    folder: Folder,
    files: Iterable[Folder],
    *,
    today: date,
    dry_run: bool = False,
    accept_valid: bool = False,
    prefer: Side | None = None,
    annotate: Folder | None = None,
) -> ImportReport:
    """Bring filled-in workbooks into the workspace: scorecards, moderations, questionnaires; returns what came of it.

    Args:
        folder: the workspace.
        files: the workbooks.
        today: the day of answers whose workbook does not name one.
        dry_run: only say what would change.
        accept_valid: take the answers without mistakes from a workbook that has some.
        prefer: whose answer counts where workspace (``ours``) and workbook (``theirs``) both changed since
            the export; None leaves those to be decided.
        annotate: where to write a copy of the workbook (.xlsx) whose cells say what to fix or decide; for one file.
    """
    from evaluator.forms.annotation import annotate as annotated
    from evaluator.forms.scorecard_import import ImportOptions, import_files
    from evaluator.workspace.containment import find_root
    from evaluator.workspace.stores import CardStore
    from evaluator.workspace.transaction import settle, transaction

    paths = [Path(file) for file in files]
    copy = None if annotate is None else _copy_for(paths, annotate)
    root = find_root(Path(folder))
    if not dry_run:
        settle(root)
    loaded = _loaded(root)
    workspace = _workspace_of(loaded, ())
    broken = tuple(problem for problem in loaded.problems if _vendor_of(problem.file))
    options = ImportOptions(today, dry_run=dry_run, accept_valid=accept_valid, prefer=prefer, broken=broken)
    with transaction(root, dry_run=dry_run) as change:
        store = CardStore(change, loaded.layout, tuple(workspace.catalogue.criteria))
        report = import_files(paths, workspace, store, options)
        if copy is not None:
            write_target(copy, annotated(report.files[0], today))
    for imported in report.files:
        imported.problems = folded(imported.problems)
        imported.workbook = b""
    return report


def _copy_for(paths: Sequence[Path], annotate: Folder) -> Path:
    """Where the copy with the findings goes; refused for several workbooks, and in the place of the workbook itself."""
    if len(paths) != 1:
        raise EvaluatorError("A copy with the findings is written for one workbook at a time; name one.")
    target = target_file(annotate, (".xlsx",))
    if target.exists() and paths[0].exists() and target.samefile(paths[0]):
        raise EvaluatorError(f"'{target}' is the workbook that is imported; name another file for the copy.")
    return target


def moderate(folder: Folder, vendor: str, path: Folder) -> tuple[Path, Agreement]:
    """Write the moderation workbook (.xlsx) of ``vendor``; returns its path and the agreement of the assessors."""
    from evaluator.forms.moderation_form import moderation_book, moderation_for

    target = target_file(path, (".xlsx",))
    workspace = _workspace_of(_loaded(folder), [vendor])
    figures = agreement(workspace, [vendor])
    book = moderation_book(_setting(workspace), moderation_for(workspace, vendor, figures))
    return write_target(target, book), figures


def agreement(workspace: Workspace, vendors: Sequence[str] | None = None) -> Agreement:
    """How far the assessors of ``vendors`` (default: all options) agree, by family and overall."""
    from evaluator.scoring.assessor_agreement import agreement as agreement_of

    return agreement_of(workspace, vendors)


def init_from_matrix(
    folder: Folder,
    file: Folder,
    *,
    today: date,
    scale: str | None = None,
    sheet: str | None = None,
    transposed: bool | None = None,
) -> MatrixReport:
    """A new workspace in ``folder`` that scores to the totals of the weighted matrix in ``file``.

    Args:
        folder: a folder that does not exist or is empty.
        file: an .xlsx or .csv file with criteria in rows and options in columns, or the reverse.
        today: the day the workspace starts from.
        scale: lowest and highest score as ``MIN..MAX``, where the sheet does not tell.
        sheet: the sheet, where it is not the first with numbers.
        transposed: whether criteria stand in columns, where the weights do not tell.

    Returns:
        What was taken for what, and what does not follow from the sheet's own figures.
    """
    from evaluator.forms.matrix_workspace import workspace_from
    from evaluator.model.file_names import GUARDRAILS, USE_CASES
    from evaluator.workspace.shipped import blank_shipped_files
    from evaluator.workspace.transaction import create_workspace
    from evaluator.workspace.yaml_writer import dump

    target = target_folder(folder)
    made, report = workspace_from(Path(file), today, scale=scale, sheet=sheet, transposed=transposed)
    blank = {
        name: text
        for name, text in blank_shipped_files(today).items()
        if name in {GUARDRAILS, USE_CASES} or not name.endswith(".yaml")
    }
    create_workspace(target, {**{name: dump(value).encode("utf-8") for name, value in made.items()}, **blank})
    return report


def matrix_as_text(report: MatrixReport) -> str:
    """What was made of a matrix, for the terminal."""
    from evaluator.reports.terminal.imports import matrix_page
    from evaluator.reports.terminal.page import render

    return render(matrix_page(report))


def imports_as_text(report: ImportReport) -> str:
    """What an import changed or would change, for the terminal."""
    from evaluator.reports.terminal.imports import imports_page
    from evaluator.reports.terminal.page import render

    return render(imports_page(report))


def imports_as_data(report: ImportReport) -> dict[str, Any]:
    """The machine-readable form of :func:`imports_as_text`."""
    from evaluator.reports.json_contract import imports_data

    return imports_data(report)


def agreement_as_text(found: Agreement) -> str:
    """Agreement figures for the terminal."""
    from evaluator.reports.terminal.imports import agreement_page
    from evaluator.reports.terminal.page import render

    return render(agreement_page(found))


def agreement_as_data(found: Agreement) -> dict[str, Any]:
    """The machine-readable form of :func:`agreement_as_text`."""
    from evaluator.reports.json_contract import agreement_data

    return agreement_data(found)


def _loaded(folder: Folder) -> Loaded:
    from evaluator.workspace.containment import find_root
    from evaluator.workspace.load import load as load_files

    return load_files(find_root(Path(folder)))


def _workspace_of(loaded: Loaded, vendors: Sequence[str]) -> Workspace:
    """The workspace for an exchange about ``vendors``: what is wrong with others, or with what figures need, does not hinder it."""
    needed = {*vendors, None}
    return usable_for(
        loaded.workspace,
        loaded.problems,
        lambda file: not file.startswith("weights/") and _vendor_of(file) in needed,
    )


def _vendor_of(file: str) -> str | None:
    """The vendor in whose folder a file lies."""
    folder, *inside = file.split("/")
    return inside[0] if folder == "vendors" and inside else None


def _closed_review_before(folder: Folder, as_of: date) -> Past | None:
    """The closed review before ``as_of``, if there is one."""
    from evaluator.reviews.record import latest, past
    from evaluator.workspace.containment import find_root

    root = find_root(Path(folder))
    name = latest(root, as_of)
    return past(root, name) if name else None


def _open_questions(workspace: Workspace) -> dict[str, list[str]]:
    """Vendor -> the criteria whose answer could change the decision, the most valuable first."""
    from evaluator.api.evaluation import evaluate
    from evaluator.api.sensitivity import questions

    criteria = workspace.catalogue.criteria
    return {
        found.option: [question.subject for question in found.questions if question.subject in criteria]
        for found in questions(evaluate(workspace)).options
    }


def _setting(workspace: Workspace) -> Setting:
    """What every exported workbook shares."""
    from evaluator.forms.export_order import Setting
    from evaluator.scoring.weights import criterion_weights

    scope = workspace.evaluation.out_of_scope
    try:
        weights = criterion_weights(workspace.catalogue, workspace.weights, scope)
    except EvaluatorError:
        weights = {}  # nothing has weight yet: answers can be gathered all the same, without a preview
    return Setting(workspace.catalogue, workspace.evaluation.as_of, __version__, weights, scope)
