"""One answer at a time: choose an option and a criterion, read level, anchor, rationale and evidence."""

from __future__ import annotations

from evaluator.reports.workbook import names
from evaluator.reports.workbook.flat_data import row_values
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.writer import WorkbookWriter, area, cell

SHEET = "Look up"
OPTION, CRITERION = 3, 4
FIELDS = (
    ("Level", "level"),
    ("What this level says", "anchor"),
    ("What the next level asks", "next_anchor"),
    ("How it stands", "standing"),
    ("Points it earns, official weights", "points"),
    ("Whose answer counts", "assessors"),
    ("Confidence", "confidence"),
    ("Rationale", "rationale"),
    ("Next level still needs", "missing"),
    ("Evidence", "evidence"),
)
HEIGHTS = {"anchor": 44, "next_anchor": 57, "rationale": 96, "missing": 57, "evidence": 96}


def write(book: WorkbookWriter, plan: WorkbookPlan) -> None:
    """Write the sheet; nothing where there is no answer to look up."""
    if not plan.options:
        return
    sheet = book.sheet(
        SHEET, "Look up one answer", "Choose an option and a criterion in the yellow cells.", tab="#B8860B"
    )
    sheet.widths([36, 110, 4, 6, 60])
    first = plan.ranked[0]
    place = next(no for no, option in enumerate(plan.options) if option.id == first.id)
    sheet.text(OPTION, 0, "Option", "label")
    sheet.text(OPTION, 1, plan.labels[first.id], "input_text")
    sheet.text(CRITERION, 0, "Criterion", "label")
    sheet.text(CRITERION, 1, plan.criterion_labels[plan.criteria[0].id], "input_text")
    book.define("look_up_option", SHEET, cell(OPTION, 1))
    book.define("look_up_criterion", SHEET, cell(CRITERION, 1))
    for number, criterion in enumerate(plan.criteria):
        sheet.text(3 + number, 4, plan.criterion_labels[criterion.id], "note")
    sheet.text(2, 4, "Criteria to choose from", "note")
    last = 2 + len(plan.criteria)
    book.define("criterion_names", SHEET, area(3, 4, last, 4))
    sheet.choose(OPTION, 1, names.OPTION_LABELS, "Option", "One of the options.")
    sheet.choose(CRITERION, 1, "criterion_names", "Criterion", "One of the criteria in scope.")
    option = f"SUMPRODUCT(({names.OPTION_LABELS}=look_up_option)*{names.OPTION_NUMBERS})"
    sheet.text(CRITERION + 1, 0, "Row of the data", "note")
    numbers = "SUMPRODUCT((criterion_names=look_up_criterion)*criterion_numbers)"
    for number in range(len(plan.criteria)):
        sheet.number(3 + number, 3, number + 1, "note", "0")
    book.define("criterion_numbers", SHEET, area(3, 3, last, 3))
    count = len(plan.criteria)
    row = f"IF({option}*{numbers}=0,0,({option}-1)*{count}+{numbers})"
    sheet.formula(CRITERION + 1, 1, row, place * count + 1, "note", "0")
    book.define("look_up_row", SHEET, cell(CRITERION + 1, 1))
    values = row_values(plan, first, plan.criteria[0], first.cells[0])
    for at, (label, field) in enumerate(FIELDS, start=CRITERION + 2):
        sheet.text(at, 0, label, "label")
        formula = f'IF(look_up_row=0,"choose an option and a criterion above",INDEX(data_{field},look_up_row))'
        sheet.formula(at, 1, formula, values[field], "reading")
        if field in HEIGHTS:
            sheet.height(at, HEIGHTS[field])
    sheet.print_area(CRITERION + 1 + len(FIELDS), 1)
    sheet.protect()
