"""Scores by family, and the profile of the leading options on one scale."""

from __future__ import annotations

from collections.abc import Callable

from evaluator.model.evaluated import FamilyScore
from evaluator.reports.workbook import charts
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.writer import SheetWriter, WorkbookWriter

SHEET = "Families"
TOP = 3
LEFT = 2
FEW = 16
"""Up to this many options fit the width of a page."""

Figure = Callable[[FamilyScore], float]


def write(book: WorkbookWriter, plan: WorkbookPlan) -> None:
    """Write the sheet."""
    sheet = book.sheet(
        SHEET,
        "Scores by family",
        "Official figures, 0 to 100 inside each family; an unknown answer earns nothing in the score and its best level in high.",
    )
    sheet.widths([40, 9, *[12.5] * len(plan.ranked)])
    row = _block(sheet, plan, TOP, "Score", lambda family: family.score)
    score_rows = (TOP + 1, row)
    row = _block(sheet, plan, row + 2, "Low", lambda family: family.low)
    row = _block(sheet, plan, row + 2, "High", lambda family: family.high)
    row = _block(sheet, plan, row + 2, "Answered, share of weight", lambda family: family.coverage, "percent")
    sheet.freeze(TOP + 1, LEFT)
    if len(plan.ranked) > FEW:
        sheet.repeat_columns(0, LEFT - 1)
    sheet.print_area(row, max(LEFT, LEFT + len(plan.ranked) - 1))
    if plan.ranked:
        sheet.print_area(charts.profile(book, sheet, plan, score_rows, (row + 2, 0)), 0)


def _block(sheet: SheetWriter, plan: WorkbookPlan, top: int, figure: str, read: Figure, look: str = "points") -> int:
    """One figure of every family and option; returns the last row."""
    sheet.headers(top, 0, [figure, "Weight", *(plan.labels[option.id] for option in plan.ranked)])
    row = top
    for part in plan.families:
        row += 1
        sheet.text(row, 0, part.title, "label")
        found = [option.families.get(part.id) for option in plan.ranked]
        sheet.number(row, 1, next((family.weight for family in found if family), 0.0), "percent_fine")
        for column, family in enumerate(found, start=LEFT):
            if family is None:
                sheet.text(row, column, "no weight", "cell")
            else:
                sheet.number(row, column, read(family), look)
    return row
