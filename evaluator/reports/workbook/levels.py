"""The matrix of levels: criteria in rows, options in columns, best option first."""

from __future__ import annotations

from evaluator.model.evaluated import Cell
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.writer import SheetWriter, WorkbookWriter

SHEET = "Compare"
TOP = 3
LEFT = 3
"""Column of the first option."""
FEW = 16
"""Up to this many options fit the width of a page."""

MARKS = {
    EvidenceStatus.SUPPORTED: "",
    EvidenceStatus.STALE: " old",
    EvidenceStatus.OVER_CAP: " weak",
    EvidenceStatus.UNSUPPORTED: " bare",
}
UNKNOWN_MARK = "?"
DIFFERS = " ≠"
LEGEND = (
    "Level of each answer that counts. ? unknown; old: evidence past its limit; weak: its evidence cannot carry the level; "
    "bare: no evidence; ≠ assessors differ. Colour repeats the number."
)


def write(book: WorkbookWriter, plan: WorkbookPlan) -> None:
    """Write the sheet."""
    sheet = book.sheet(SHEET, "Levels by criterion", LEGEND)
    heads = ["Family", "Criterion", "Weight", *(plan.labels[option.id] for option in plan.ranked)]
    sheet.widths([36, 48, 8, *[12.5] * len(plan.ranked)])
    sheet.headers(TOP, 0, heads)
    last = TOP
    for part in plan.families:
        for key in part.criteria:
            last += 1
            sheet.text(last, 0, part.title, "wrap")
            sheet.text(last, 1, plan.criterion_labels[key], "wrap")
            sheet.number(last, 2, plan.result.scores.weights[key], "percent_fine")
    for column, option in enumerate(plan.ranked, start=LEFT):
        for row, cell in enumerate(option.cells, start=TOP + 1):
            _level(sheet, row, column, cell)
    right = LEFT + len(plan.ranked) - 1
    if last > TOP:
        sheet.filter(TOP, 0, last, right)
        sheet.colour_levels(TOP + 1, LEFT, last, max(right, LEFT))
    _totals(sheet, plan, last + 1)
    sheet.freeze(TOP + 1, LEFT)
    sheet.repeat(TOP)
    sheet.print_area(last + 4, max(right, LEFT))
    if len(plan.ranked) > FEW:
        sheet.repeat_columns(0, LEFT - 1)


def level_shape(cell: Cell) -> str:
    """The number format of a level: the figure, and what stands behind it in a word."""
    mark = MARKS.get(cell.evidence_status, "") + (DIFFERS if cell.differs else "")
    return f'0"{mark}"' if mark else "0"


def _level(sheet: SheetWriter, row: int, column: int, cell: Cell) -> None:
    if cell.level is None:
        sheet.text(row, column, UNKNOWN_MARK + (DIFFERS if cell.differs else ""), "centre")
    else:
        sheet.number(row, column, cell.level, "centre", level_shape(cell))


def _totals(sheet: SheetWriter, plan: WorkbookPlan, row: int) -> None:
    figures = (("Score", "score"), ("Low", "low"), ("High", "high"))
    for offset, (label, figure) in enumerate(figures):
        for column in range(LEFT):
            sheet.text(row + offset, column, label if column == 1 else "", "label")
        for column, option in enumerate(plan.ranked, start=LEFT):
            sheet.number(row + offset, column, getattr(option, figure), "label_number")
