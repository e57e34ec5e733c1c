"""A copy of a workbook that came back, in which every cell to fix or decide is marked and says why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from evaluator.characters import safe_line, safe_text
from evaluator.errors import EvaluatorError, Problem, Severity
from evaluator.forms.answer_rows import level_in_words
from evaluator.forms.cell_words import text_of
from evaluator.forms.form_layout import MAX_POINTS, height
from evaluator.forms.form_writer import FONT, INPUT
from evaluator.forms.import_changes import Imported
from evaluator.forms.scorecard_import import DAY_HINT, REMARK_HINT
from evaluator.forms.scorecard_reader import MOVE_HINT
from evaluator.xlsx.editor import open_for_change, saved

if TYPE_CHECKING:
    from openpyxl import Workbook

SHEET = "Import findings"
COLUMNS = ("Cell", "Kind", "Finding", "What to do")
MARK = "#import-findings"
"""Stands at the head of the hidden columns of a sheet of findings, by which it is recognised."""
FIRST = 6
"""The row of the first finding, as spreadsheets count."""
_CELL, _NOTE, _AUTHOR = 5, 6, 7
"""Hidden columns: which cell was marked, with the fill it had; the note it had, and whose."""
_WIDTHS = (28, 12, 70, 60)
_HEIGHTS = {1: 26, 2: 16, 3: 16}
"""Of the rows above the findings, in points."""
_FILLS = {"error": "FFC7CE", "warning": "FFEB9C", "conflict": "BDD7EE"}
_INPUT = INPUT.replace("#", "FF")
_MOST = 32_000
"""Characters of a note; a cell ends at 32,767."""
_BY = "evaluator"
_OURS = re.compile(r"(error|warning|conflict): ")
"""How a note of ours begins."""
_ADDRESS = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}\Z")
_TO_DO = {
    MOVE_HINT: "correct the date; if it is right, tell whoever sent you this workbook",
    DAY_HINT: "enter the day of the answers at the top of the sheet, no later than the date of the evaluation",
    REMARK_HINT: "agree with whoever sent you this workbook which of the two remarks counts",
}
"""Hints for whoever imports -> what the person who filled in the workbook can do."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of the sheet of findings."""

    cell: str
    """As ``Sheet!A1``; empty where it has none."""
    kind: str
    text: str
    to_do: str


def annotate(imported: Imported, day: date) -> bytes:
    """Return the workbook of an import with the findings at their cells and on a first sheet.

    Everything else stays as it is, so that the copy can be corrected and imported in its turn: what an earlier import
    marked is taken back, and a formula in a cell for entries gives way to the stored result that was imported, which the
    copy would lose. Nothing is evaluated.

    Args:
        imported: what came of the workbook.
        day: the date of the import.

    Raises:
        EvaluatorError: the workbook could not be opened, or no copy of it can be made.
    """
    if not imported.workbook:
        raise EvaluatorError(f"'{imported.file}' {imported.problems[0].message}.")
    book = open_for_change(imported.workbook, imported.file)
    _remove_earlier(book)
    for place, value in imported.computed.items():
        cell = _cell_at(book, place)
        if cell is not None:
            cell.value = None if value == "" else value
            if isinstance(value, str):
                cell.data_type = "s"  # text, also where it begins like a formula
    findings = sorted(_findings(imported), key=lambda finding: _order(book, finding.cell))
    sheet = _list(book, findings, [*dict.fromkeys(imported.subjects)], day)
    _mark_cells(book, sheet, findings)
    return saved(book, imported.file)


def _findings(imported: Imported) -> Iterator[Finding]:
    for problem in imported.problems:
        kind = "error" if problem.severity is Severity.ERROR else "warning"
        yield Finding(problem.cell or "", kind, safe_text(problem.message), _sentence(_to_do(problem)))
    for conflict in imported.conflicts:
        text = f"workspace: {level_in_words(conflict.ours)}; this workbook: {level_in_words(conflict.theirs)}"
        to_do = "Both changed since the export. Agree with whoever sent you this workbook which answer counts."
        yield Finding(conflict.cell, "conflict", text, to_do)
    for place, value in imported.computed.items():
        text = safe_text(f"the cell held a formula; its stored result stands here now: {text_of(value) or 'nothing'}")
        yield Finding(place, "formula", text, "Check the value, and type another one if it is wrong.")


def _to_do(problem: Problem) -> str:
    if not problem.cell and problem.line is not None:
        return "nothing in this workbook; whoever sent it to you has to correct the file named here"
    usual = "correct the entry" if problem.severity is Severity.ERROR else "nothing; this is for your information"
    return _TO_DO.get(problem.hint, problem.hint) or usual


def _sentence(text: str) -> str:
    text = safe_text(text)
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".")


def _order(book: Workbook, place: str) -> tuple[int, int, int]:
    """Sheet, row and column of a cell; what has none comes first."""
    cell = _cell_at(book, place)
    return (-1, 0, 0) if cell is None else (book.index(cell.parent), cell.row, cell.column)


def _cell_at(book: Workbook, place: str) -> Any:
    """The cell called ``Sheet!A1``, or the first of the merged range that hides it; None where the workbook has none."""
    from openpyxl.cell.cell import MergedCell

    name, _, address = place.rpartition("!")
    sheet: Any = next((sheet for sheet in book.worksheets if sheet.title == name), None)
    if sheet is None or not _ADDRESS.match(address):
        return None
    cell = sheet[address]
    if isinstance(cell, MergedCell):
        hiding = next(merged for merged in sheet.merged_cells.ranges if address in merged)
        return sheet.cell(hiding.min_row, hiding.min_col)
    return cell


def _remove_earlier(book: Workbook) -> None:
    """Take back what an earlier import left: its sheet, fills and notes; a cell that was moved since gets the usual fill."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    before: dict[str, tuple[Any, Any, Any]] = {}
    for sheet in [sheet for sheet in book.worksheets if _is_ours(sheet)]:
        for row in sheet.iter_rows(min_row=FIRST, min_col=_CELL, max_col=_AUTHOR):
            before[str(row[0].value)] = copy(row[0].fill), row[1].value, row[2].value
        del book[sheet.title]
    # A sheet may have been renamed since; its cells are then known by their addresses.
    names = set(book.sheetnames)
    renamed = {
        place.rpartition("!")[2]: found for place, found in before.items() if place.rpartition("!")[0] not in names
    }
    for sheet in book.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.comment is None or cell.comment.author != _BY or not _OURS.match(cell.comment.text):
                continue
            usual = PatternFill() if cell.protection.locked else PatternFill("solid", fgColor=_INPUT)
            known = before.get(f"{sheet.title}!{cell.coordinate}") or renamed.get(cell.coordinate)
            fill, note, author = known or (usual, None, None)
            if cell.fill.fill_type == "solid" and str(cell.fill.fgColor.rgb)[-6:] in _FILLS.values():
                cell.fill = fill
            kept = note is not None and cell.comment.text.endswith(str(note))
            cell.comment = Comment(str(note), str(author)) if kept else None


def _is_ours(sheet: Any) -> bool:
    """Whether a sheet is one of findings, and not a person's own of that name; earlier versions began with the titles."""
    if sheet.cell(FIRST - 1, _CELL).value == MARK:
        hidden = all(sheet.column_dimensions[column].hidden for column in "EFG")
        return sheet.cell(1, 1).value == SHEET and hidden
    titles = tuple(sheet.cell(1, column).value for column in range(1, len(COLUMNS) + 1))
    return sheet.title == SHEET and titles == COLUMNS


def _list(book: Workbook, findings: Sequence[Finding], subjects: Sequence[str], day: date) -> Any:
    """Write the first sheet: of what and when, and every finding with a link to its cell; returns the sheet."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.hyperlink import Hyperlink
    from openpyxl.worksheet.properties import PageSetupProperties

    name, number = SHEET, 1
    while name.casefold() in map(str.casefold, book.sheetnames):
        number += 1
        name = f"{SHEET} ({number})"
    sheet = book.create_sheet(name, 0)
    shown = findings or [Finding("", "none", "Nothing has to be fixed or decided.", "")]
    rows: dict[int, tuple[str, ...]] = {
        1: (SHEET,),
        2: ("Vendor and edition: " + (safe_line("; ".join(subjects)) or "not known"),),
        3: (f"Date of import: {day.isoformat()}",),
        FIRST - 1: (*COLUMNS, MARK),
        **{row: (one.cell, one.kind, one.text, one.to_do) for row, one in enumerate(shown, start=FIRST)},
    }
    for row, texts in rows.items():
        for column, text in enumerate(texts, start=1):
            cell = sheet.cell(row, column)
            cell.value, cell.data_type = text[:_MOST], "s"  # text, also where it begins like a formula
            cell.font = Font(name=FONT, size=16 if row == 1 else 10, bold=row in {1, FIRST - 1})
            cell.alignment = Alignment(wrap_text=row >= FIRST - 1, vertical="top")
        lines = [height(text, width, 10) for text, width in zip(texts, _WIDTHS, strict=False)]
        sheet.row_dimensions[row].height = min(MAX_POINTS, max(lines)) if row >= FIRST - 1 else _HEIGHTS[row]
    for row, finding in enumerate(shown, start=FIRST):
        title, _, address = finding.cell.rpartition("!")
        if title in book.sheetnames:
            linked, quoted = sheet.cell(row, 1), title.replace("'", "''")
            linked.hyperlink = Hyperlink(ref=linked.coordinate, location=f"'{quoted}'!{address}")
    for column, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for column in (_CELL, _NOTE, _AUTHOR):
        sheet.column_dimensions[get_column_letter(column)].hidden = True
    sheet.freeze_panes = f"A{FIRST}"
    sheet.print_title_rows = f"{FIRST - 1}:{FIRST - 1}"
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book.active = 0
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet
    return sheet


def _mark_cells(book: Workbook, sheet: Any, findings: Sequence[Finding]) -> None:
    """Colour every cell that is to be fixed or decided and say why in a note; what it had before is kept beside the finding."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    by_cell: dict[str, list[tuple[int, Finding]]] = {}
    for row, finding in enumerate(findings, start=FIRST):
        cell = _cell_at(book, finding.cell)
        if cell is not None and finding.kind in _FILLS:
            by_cell.setdefault(f"{cell.parent.title}!{cell.coordinate}", []).append((row, finding))
    for place, found in by_cell.items():
        cell, row = _cell_at(book, place), found[0][0]
        texts = [f"{one.kind}: {one.text.rstrip('.')}. {one.to_do}" for _, one in found]
        noted: Any = sheet.cell(row, _CELL)
        noted.value, noted.data_type, noted.fill = place, "s", copy(cell.fill)
        if cell.comment:
            for column, text in ((_NOTE, cell.comment.text), (_AUTHOR, cell.comment.author or "")):
                kept: Any = sheet.cell(row, column)
                kept.value, kept.data_type = text[:_MOST], "s"
            texts.append(cell.comment.text)
        worst = min((one.kind for _, one in found), key=list(_FILLS).index)
        cell.fill = PatternFill("solid", fgColor=_FILLS[worst])
        cell.comment = Comment("\n".join(texts)[:_MOST], _BY, height=120, width=360)
