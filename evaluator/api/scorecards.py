"""Scorecards out of and into the workspace, moderation, agreement, and starting from a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluator import __version__
from evaluator.api.common import Folder, target_file, target_folder, write_target
from evaluator.api.workspaces import load, usable_for
from evaluator.errors import EvaluatorError

if TYPE_CHECKING:
    from evaluator.exchange.changes import ImportReport, Side
    from evaluator.exchange.choosing import Only
    from evaluator.exchange.matrix_workspace import MatrixReport
    from evaluator.exchange.orders import Setting
    from evaluator.files.load import Loaded
    from evaluator.models.agreement import Agreement
    from evaluator.models.review import Past
    from evaluator.models.workspace import Workspace


def export_scorecards(
    folder: Folder,
    vendors: Sequence[str],
    path: Folder,
    *,
    assessor: str | None = None,
    family: str | None = None,
    only: Only | None = None,
    for_vendor: bool = False,
) -> Path:
    """Write the workbook (.xlsx) in which ``vendors`` are assessed, a sheet each; returns the path written.

    Args:
        folder: the workspace.
        vendors: ids of vendors.
        path: the workbook.
        assessor: whose scorecards; left out, the only assessor's a vendor has, else to be filled in.
        family: only criteria of this family.
        only: only criteria without a level (``unknown``), with evidence that is too old (``stale``), or whose answer
            could change the decision (``gaps``; in a questionnaire the most valuable first).
        for_vendor: a questionnaire to the vendor instead: no levels, scores or weights.

    Where an earlier edition is closed, its answers stand beside the present ones, and a vendor is asked what changed since.
    """
    from evaluator.exchange.choosing import orders_for

    target = target_file(path, (".xlsx",))
    workspace = load(folder) if only == "gaps" else _workspace_of(_loaded(folder), vendors)
    as_of = workspace.evaluation.as_of
    orders = orders_for(
        workspace,
        vendors,
        as_of=as_of,
        assessor=assessor,
        family=family,
        only=only,
        for_vendor=for_vendor,
        past=_edition_before(folder, as_of),
        ranked=_open_questions(workspace, as_of) if only == "gaps" else None,
    )
    setting = _setting(workspace)
    if for_vendor:
        from evaluator.exchange.questionnaire_book import questionnaire_book

        return write_target(target, questionnaire_book(setting, orders, workspace.evaluation.organisation))
    from evaluator.exchange.scorecard_book import scorecard_book

    return write_target(target, scorecard_book(setting, orders))


def import_scorecards(
    folder: Folder,
    files: Iterable[Folder],
    *,
    today: date,
    dry_run: bool = False,
    accept_valid: bool = False,
    prefer: Side | None = None,
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
    """
    from evaluator.exchange.importing import ImportOptions, import_files
    from evaluator.files.cards import CardStore
    from evaluator.files.change import changing, settle
    from evaluator.files.flood import folded
    from evaluator.files.root import find_root

    root = find_root(Path(folder))
    if not dry_run:
        settle(root)
    loaded = _loaded(root)
    workspace = _workspace_of(loaded, ())
    broken = tuple(problem for problem in loaded.problems if _vendor_of(problem.file))
    options = ImportOptions(today, dry_run=dry_run, accept_valid=accept_valid, prefer=prefer, broken=broken)
    with changing(root, dry_run=dry_run) as change:
        store = CardStore(change, tuple(workspace.catalogue.criteria))
        report = import_files([Path(file) for file in files], workspace, store, options)
    for imported in report.files:
        imported.problems = folded(imported.problems)
    return report


def moderate(folder: Folder, vendor: str, path: Folder) -> tuple[Path, Agreement]:
    """Write the moderation workbook (.xlsx) of ``vendor``; returns its path and the agreement of the assessors."""
    from evaluator.exchange.choosing import moderation_for
    from evaluator.exchange.moderation_book import moderation_book

    target = target_file(path, (".xlsx",))
    workspace = _workspace_of(_loaded(folder), [vendor])
    figures = agreement(workspace, [vendor])
    book = moderation_book(_setting(workspace), moderation_for(workspace, vendor, figures))
    return write_target(target, book), figures


def agreement(workspace: Workspace, vendors: Sequence[str] | None = None) -> Agreement:
    """How far the assessors of ``vendors`` (default: all options) agree, by family and overall."""
    from evaluator.analysis.agreement import agreement as agreement_of

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
    from evaluator.exchange.matrix_workspace import workspace_from
    from evaluator.files.change import create_workspace
    from evaluator.files.shipped import blank_shipped_files
    from evaluator.files.yaml_text import dump
    from evaluator.models.layout import GUARDRAILS, USE_CASES

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
    from evaluator.reports.imports import matrix_page

    return matrix_page(report)


def imports_as_text(report: ImportReport) -> str:
    """What an import changed or would change, for the terminal."""
    from evaluator.reports.imports import imports_page

    return imports_page(report)


def imports_as_data(report: ImportReport) -> dict[str, Any]:
    """The machine-readable edition of :func:`imports_as_text`."""
    from evaluator.reports.imports import imports_data

    return imports_data(report)


def agreement_as_text(found: Agreement) -> str:
    """Agreement figures for the terminal."""
    from evaluator.reports.imports import agreement_page

    return agreement_page(found)


def agreement_as_data(found: Agreement) -> dict[str, Any]:
    """The machine-readable edition of :func:`agreement_as_text`."""
    from evaluator.reports.imports import agreement_data

    return agreement_data(found)


def _loaded(folder: Folder) -> Loaded:
    from evaluator.files.load import load as load_files
    from evaluator.files.root import find_root

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


def _edition_before(folder: Folder, as_of: date) -> Past | None:
    """The closed edition before ``as_of``, if there is one."""
    from evaluator.files.root import find_root
    from evaluator.reviewing.editions import latest, past

    root = find_root(Path(folder))
    name = latest(root, as_of)
    return past(root, name) if name else None


def _open_questions(workspace: Workspace, as_of: date) -> dict[str, list[str]]:
    """Vendor -> the criteria whose answer could change the decision, the most valuable first."""
    from evaluator.analysis.gaps import gaps

    criteria = workspace.catalogue.criteria
    return {
        found.option: [question.subject for question in found.questions if question.subject in criteria]
        for found in gaps(workspace, as_of).options
    }


def _setting(workspace: Workspace) -> Setting:
    """What every exported workbook shares."""
    from evaluator.exchange.orders import Setting
    from evaluator.scoring.weights import criterion_weights

    scope = workspace.evaluation.out_of_scope
    try:
        weights = criterion_weights(workspace.catalogue, workspace.weights, scope)
    except EvaluatorError:
        weights = {}  # nothing has weight yet: answers can be gathered all the same, without a preview
    return Setting(workspace.catalogue, workspace.evaluation.as_of, __version__, weights, scope)
