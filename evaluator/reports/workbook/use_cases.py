"""What people want to build, as described."""

from __future__ import annotations

from evaluator.model.demand import UseCase
from evaluator.reports.workbook.cell_text import lines
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.writer import TableColumn, Value, WorkbookWriter

SHEET = "Use cases"
TOP = 3
PRINTED = 12
"""Columns that go on paper: the rest is for the screen."""
COLUMNS = (
    TableColumn("Use case", 36, "wrap"),
    TableColumn("Department", 16, "wrap"),
    TableColumn("What somebody needs", 60, "wrap"),
    TableColumn("Importance", 11, "free"),
    TableColumn("Data class", 13),
    TableColumn("Makers", 8, "whole"),
    TableColumn("Internal users", 9, "whole"),
    TableColumn("External users", 9, "whole"),
    TableColumn("Criticality", 12),
    TableColumn("Lifetime, months", 9, "whole"),
    TableColumn("Must have", 30, "wrap"),
    TableColumn("Should have", 30, "wrap"),
    TableColumn("Matters more or less (factor on the weight)", 36, "wrap"),
    TableColumn("Own gates", 30, "wrap"),
    TableColumn("Id", 24),
)


def write(book: WorkbookWriter, plan: WorkbookPlan) -> None:
    """Write the sheet."""
    sheet = book.sheet(SHEET, "Use cases", plan.result.workspace.demand.notice)
    last = sheet.table(TOP, COLUMNS, [_row(plan, case) for case in plan.use_cases])
    sheet.print_only(last, PRINTED - 1)
    sheet.freeze(TOP + 1, 1)
    sheet.text_numbers(last, len(COLUMNS) - 1)


def _row(plan: WorkbookPlan, case: UseCase) -> list[Value]:
    return [
        case.title,
        case.department,
        case.story,
        case.importance,
        plan.class_label(case.data_class),
        case.users.makers,
        case.users.internal,
        case.users.external,
        case.criticality,
        case.lifetime_months,
        lines(case.must),
        lines(case.should),
        lines(f"{plan.criterion_title(key)}: x {factor:g}" for key, factor in case.emphasis.items()),
        lines(f"{plan.criterion_title(key)}: level {level}" for key, level in case.gates.items()),
        case.id,
    ]
