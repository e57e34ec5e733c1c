"""The evidence register and what it costs: sources, ages, prices."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.model.evaluated import EvidenceItem
from evaluator.model.vendor import Edition, Price
from evaluator.reports.words import money
from evaluator.reports.workbook import names
from evaluator.reports.workbook.cell_text import lines, one_line
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.writer import Formula, TableColumn, Value, WorkbookWriter, cell

SHEET, COSTS = "Evidence", "Costs"
TOP = 3
COLUMNS = (
    TableColumn("No.", 8),
    TableColumn("Option", 24),
    TableColumn("Source", 70, "wrap"),
    TableColumn("Grade", 7, "centre"),
    TableColumn("Stands for", 12, "date"),
    TableColumn("Captured", 12, "date"),
    TableColumn("Fresh until", 12, "date"),
    TableColumn("Days left", 9, "whole"),
    TableColumn("State", 9, "centre"),
    TableColumn("Used for", 60, "wrap"),
    TableColumn("By", 16),
)
PRICES = (
    TableColumn("Option", 24),
    TableColumn("Edition", 22, "wrap"),
    TableColumn("Evaluated", 11, "centre"),
    TableColumn("Deployment", 12),
    TableColumn("Per", 14),
    TableColumn("Amount", 12, "money"),
    TableColumn("Currency", 9, "centre"),
    TableColumn("Period", 9),
    TableColumn("Least units billed", 10, "free"),
    TableColumn("Units included", 10, "free"),
    TableColumn("Billing", 24, "wrap"),
    TableColumn("Confidence", 11),
    TableColumn("Source date", 12, "date"),
    TableColumn("Source", 60, "wrap"),
    TableColumn("Note", 50, "wrap"),
)


def write_evidence(book: WorkbookWriter, plan: WorkbookPlan) -> None:
    """Write the register."""
    result = plan.result
    grades = "; ".join(
        f"{grade.grade} {one_line(grade.what, 60)}" for grade in result.workspace.catalogue.head.evidence_grades
    )
    sheet = book.sheet(SHEET, "Evidence register", f"Days left count from {result.as_of}. Grades: {grades}.")
    shown = {option.id for option in plan.ranked}
    items = [item for item in result.evidence if item.option in shown and any(True for _ in _uses(plan, item))]
    last = sheet.table(TOP, COLUMNS, [_item(plan, item, row) for row, item in enumerate(items, start=TOP + 1)])
    sheet.freeze(TOP + 1, 2)
    if last > TOP:
        sheet.shade(TOP + 1, 7, last, 8, f'$I{TOP + 2}="stale"', "open")
    sheet.text_numbers(last, len(COLUMNS) - 1)


def _uses(plan: WorkbookPlan, item: EvidenceItem) -> Iterator[str]:
    seen = dict.fromkeys(use.criterion for use in item.uses)
    return (plan.criterion_labels[key] for key in seen if key in plan.criterion_labels)


def _item(plan: WorkbookPlan, item: EvidenceItem, row: int) -> list[Value]:
    until = item.fresh_until
    return [
        item.id,
        plan.labels[item.option],
        item.source,
        item.grade,
        item.date or "undated",
        item.captured or "",
        until,
        Formula(f"{cell(row, 6)}-{names.AS_OF}", (until - plan.result.as_of).days),
        "stale" if item.stale else "fresh",
        lines(_uses(plan, item)),
        ", ".join(dict.fromkeys(use.assessor for use in item.uses)),
    ]


def write_costs(book: WorkbookWriter, plan: WorkbookPlan) -> None:
    """Write the list prices; what a stack costs stands on the sheet of stacks."""
    sheet = book.sheet(
        COSTS,
        "List prices",
        "As found in public sources, before tax and discount; currencies are not converted. No price means not known, never free.",
    )
    rows: list[list[Value]] = []
    for option in plan.options:
        profile = plan.result.workspace.vendors[option.id].profile
        for edition in profile.editions:
            evaluated = "evaluated" if edition.id == profile.edition else ""
            rows += [_price(plan.labels[option.id], edition, evaluated, price) for price in edition.prices or (None,)]
    last = sheet.table(TOP, PRICES, rows)
    sheet.freeze(TOP + 1, 2)
    sheet.text(last + 2, 0, "Cost per year of each option alone, for every use case that it can serve", "section")
    row = last + 2
    for option in plan.options:
        cost = plan.result.costs.get(option.id)
        row += 1
        sheet.text(row, 0, plan.labels[option.id], "bold")
        sheet.text(row, 1, money(cost) if cost else "serves no use case", "plain")
    sheet.print_area(row, len(PRICES) - 1)


def _price(label: str, edition: Edition, evaluated: str, price: Price | None) -> list[Value]:
    start: list[Value] = [label, edition.name, evaluated, edition.deployment]
    if price is None:
        return [*start, "price not known", *[None] * 9, edition.note]
    return [
        *start,
        price.unit,
        price.amount,
        price.currency,
        price.per,
        price.minimum,
        price.included,
        price.billing,
        price.confidence,
        price.source_date or "undated",
        price.source,
        price.note,
    ]
