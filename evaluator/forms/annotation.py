"""A copy of a workbook that came back, in which every cell to fix or decide is marked and says why."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluator.characters import safe_text
from evaluator.errors import Severity
from evaluator.forms.import_changes import Conflict, Imported
from evaluator.model.scorecard import Answer
from evaluator.xlsx.guard import admit

if TYPE_CHECKING:
    from openpyxl import Workbook

SHEET = "Import findings"
COLUMNS = ("Cell", "Kind", "Finding", "What to do")
_WIDTHS = (28, 12, 80, 60)
_FILLS = {"error": "FFC7CE", "warning": "FFEB9C", "conflict": "BDD7EE"}
_MOST = 32_000
"""Characters of a note; a cell holds 32,767."""
_BY = "evaluator"

Finding = tuple[str, str, str, str]
"""Cell as ``Sheet!A1`` (empty where it has none), kind, finding, what to do."""


def annotate(path: Path, imported: Imported) -> bytes:
    """Return the workbook at ``path`` with the findings of its import at their cells and on a first sheet.

    Everything else stays as it is, so that the copy can be corrected and imported in its turn; a sheet and notes of an
    earlier import are replaced. Nothing in it is evaluated.

    Raises:
        RefusedError: the file is no workbook that may be opened.
    """
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(admit(path, formulas=True).data))
    findings = list(_findings(imported))
    _remove_earlier(book)
    for place in dict.fromkeys(finding[0] for finding in findings):
        _mark(book, place, [finding for finding in findings if finding[0] == place])
    _list(book, findings)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _findings(imported: Imported) -> Iterator[Finding]:
    for problem in imported.problems:
        kind = "error" if problem.severity is Severity.ERROR else "warning"
        yield problem.cell or "", kind, safe_text(problem.message), safe_text(problem.hint)
    for conflict in imported.conflicts:
        yield (
            conflict.cell,
            "conflict",
            _changed_twice(conflict),
            "import with --ours or --theirs, or change this answer",
        )


def _changed_twice(conflict: Conflict) -> str:
    return safe_text(
        f"changed in the workspace and here since the export: {_in_words(conflict.ours)} there, {_in_words(conflict.theirs)} here"
    )


def _in_words(answer: Answer | None) -> str:
    if answer is None:
        return "no answer"
    return f"level {answer.level}" if answer.known else "unknown"


def _remove_earlier(book: Workbook) -> None:
    if SHEET in book.sheetnames:
        del book[SHEET]
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment is not None and cell.comment.author == _BY:
                    cell.comment = None


def _mark(book: Workbook, place: str, findings: list[Finding]) -> None:
    """Colour the cell and say in a note what was found; nothing where the cell is not known."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    name, _, address = place.rpartition("!")
    if name not in book.sheetnames:
        return
    cell = _written_cell(book[name], address)
    worst = min((finding[1] for finding in findings), key=list(_FILLS).index)
    cell.fill = PatternFill("solid", fgColor=_FILLS[worst])
    texts = [f"{kind}: {finding}{f' ({hint})' if hint else ''}" for _, kind, finding, hint in findings]
    earlier = [cell.comment.text] if cell.comment else []
    cell.comment = Comment("\n".join([*texts, *earlier])[:_MOST], _BY, height=120, width=360)


def _written_cell(sheet: Any, address: str) -> Any:
    """The cell at ``address``, or the first of the merged range that hides it."""
    for merged in sheet.merged_cells.ranges:
        if address in merged:
            return sheet.cell(merged.min_row, merged.min_col)
    return sheet[address]


def _list(book: Workbook, findings: list[Finding]) -> None:
    """Write the first sheet: every finding with a link to its cell."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.hyperlink import Hyperlink
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet = book.create_sheet(SHEET, 0)
    rows = findings or [("", "none", "Nothing has to be fixed or decided.", "")]
    for number, row in enumerate([COLUMNS, *rows], start=1):
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            cell.value, cell.data_type = text[:_MOST], "s"  # text, also where it begins like a formula
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
        name, _, address = row[0].rpartition("!")
        if number > 1 and name in book.sheetnames:
            linked, quoted = sheet.cell(number, 1), name.replace("'", "''")
            linked.hyperlink = Hyperlink(ref=linked.coordinate, location=f"'{quoted}'!{address}")
    for column, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book.active = 0
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet
