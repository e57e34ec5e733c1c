"""Official weights beside the what-if weights: the input cells for criteria."""

from __future__ import annotations

from math import fsum

from evaluator.reports.language import ENGLISH
from evaluator.reports.sentences import weights_sealed
from evaluator.reports.workbook import names
from evaluator.reports.workbook.cell_text import one_line
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.writer import Formula, SheetWriter, WorkbookWriter, area, cell

SHEET = "Weights"
TOP = 4
HEADERS = (
    "Family", "Criterion", "Official importance", "What-if importance (input)", "Official weight", "What-if weight",
    "Change", "Family's reason",
)  # fmt: skip


def write(book: WorkbookWriter, plan: WorkbookPlan) -> None:
    """Write the sheet."""
    sealed = weights_sealed(plan.result, ENGLISH)
    sheet = book.sheet(SHEET, "Weights", one_line(sealed, 260), tab="#B8860B")
    sheet.formula(2, 0, names.STATE, plan.official_state, "strong")
    sheet.widths([36, 50, 11, 12, 10, 10, 9, 62])
    sheet.headers(TOP, 0, HEADERS)
    last = _rows(sheet, plan)
    _sums(sheet, plan, last)
    first = TOP + 1
    book.define(names.IMPORTANCE_OFFICIAL, SHEET, area(first, 2, last, 2))
    book.define(names.IMPORTANCE_INPUT, SHEET, area(first, 3, last, 3))
    sheet.at_least_zero(
        first, 3, last, "Importance inside the family, on any scale. 0 takes the criterion out of the sum."
    )
    sheet.shade(first, 3, last, 3, f"{cell(first, 3).replace('$', '')}<>{cell(first, 2).replace('$', '')}", "open")
    sheet.filter(TOP, 0, last, len(HEADERS) - 1)
    sheet.freeze(TOP + 1, 2)
    sheet.repeat(TOP)
    row = _out_of_scope(sheet, plan, last + 3)
    sheet.print_area(row, len(HEADERS) - 1)
    sheet.protect()


def _rows(sheet: SheetWriter, plan: WorkbookPlan) -> int:
    stated = plan.result.workspace.weights
    row = TOP
    for part in plan.families:
        for place, key in enumerate(part.criteria):
            row += 1
            weight = plan.result.scores.weights[key]
            importance = stated.criteria.get(key, 0)
            sheet.text(row, 0, part.title, "wrap")
            sheet.text(row, 1, plan.criterion_labels[key], "wrap")
            sheet.number(row, 2, importance, "free")
            sheet.number(row, 3, importance, "input")
            sheet.number(row, 4, weight, "percent_fine")
            sheet.formula(row, 5, f"INDEX({names.WEIGHT},{row - TOP})", weight, "percent_fine")
            sheet.formula(row, 6, f"{cell(row, 5)}-{cell(row, 4)}", 0.0, "percent_fine", "+0.0%;-0.0%;0.0%")
            sheet.text(row, 7, one_line(stated.reasons.get(part.id, ""), 400) if place == 0 else "", "wrap")
    return row


def _sums(sheet: SheetWriter, plan: WorkbookPlan, last: int) -> None:
    row = last + 1
    total = fsum(plan.result.scores.weights.values())
    sheet.row(row, 0, ["Sum", "", "", ""], ["label"] * 4)
    for column in (4, 5):
        span = area(TOP + 1, column, last, column)
        sheet.put(row, column, Formula(f"SUM({span})", total), "percent_fine")


def _out_of_scope(sheet: SheetWriter, plan: WorkbookPlan, top: int) -> int:
    """Criteria that nobody is scored on, with the reason; returns the last row."""
    gone = plan.result.workspace.evaluation.out_of_scope
    if not gone:
        return top - 2
    known = plan.result.workspace.catalogue.criteria
    sheet.text(top, 0, "Taken out for all options alike", "section")
    for row, (key, reason) in enumerate(gone.items(), start=top + 1):
        sheet.text(row, 0, plan.family_titles.get(key, ""), "cell")
        sheet.text(row, 1, one_line(known[key].title, 60) if key in known else key, "cell")
        sheet.text(row, 2, one_line(reason, 200), "plain")
    return top + len(gone)
