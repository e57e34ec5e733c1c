"""What people want to build, as described."""

from __future__ import annotations

from evaluator.models.demand import UseCase
from evaluator.reports.workbook.book import Book, Column, Value
from evaluator.reports.workbook.plan import Plan
from evaluator.reports.workbook.text import lines

SHEET = "Use cases"
TOP = 3
PRINTED = 12
"""Columns that go on paper: the rest is for the screen."""
COLUMNS = (
    Column("Use case", 36, "wrap"),
    Column("Department", 16, "wrap"),
    Column("What somebody needs", 60, "wrap"),
    Column("Importance", 11, "free"),
    Column("Data class", 13),
    Column("Makers", 8, "whole"),
    Column("Internal users", 9, "whole"),
    Column("External users", 9, "whole"),
    Column("Criticality", 12),
    Column("Lifetime, months", 9, "whole"),
    Column("Must have", 30, "wrap"),
    Column("Should have", 30, "wrap"),
    Column("Matters more or less (factor on the weight)", 36, "wrap"),
    Column("Own gates", 30, "wrap"),
    Column("Id", 24),
)


def write(book: Book, plan: Plan) -> None:
    """Write the sheet."""
    sheet = book.sheet(SHEET, "Use cases", plan.result.workspace.demand.notice)
    last = sheet.table(TOP, COLUMNS, [_row(plan, case) for case in plan.use_cases])
    sheet.print_only(last, PRINTED - 1)
    sheet.freeze(TOP + 1, 1)
    sheet.text_numbers(last, len(COLUMNS) - 1)


def _row(plan: Plan, case: UseCase) -> list[Value]:
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
