"""Every set of tools that is compared, with its value from the what-if inputs and the official one."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.model.evaluated import StackSize
from evaluator.reports.workbook import names
from evaluator.reports.workbook.check_words import AGREES, equal, verdict
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.stacks import official
from evaluator.reports.workbook.writer import SheetWriter, WorkbookWriter, area, cell

SHEET = "Stack list"
TOP = 3
FIRST_TOOL = 3
TOTAL = f"SUM({names.IMPORTANCE})"
HELPER = "0.000000000"


def write(book: WorkbookWriter, plan: WorkbookPlan) -> None:
    """Write the sheet: sizes one after another, sets in the order of their tools' ids."""
    sheet = book.sheet(
        SHEET,
        "Every stack compared",
        "Filter by the number of tools. Values follow the what-if inputs; official values stand beside.",
    )
    most = plan.sizes[-1].size
    heads = [
        "Tools", "No.", "Stack", *(f"Tool {number}" for number in range(1, most + 1)),
        "Value", "Official value", "Check", "Rounded", "Rounded, without the best",
    ]  # fmt: skip
    sheet.widths([7, 7, 60, *[24] * most, 9, 9, 16, 14, 14])
    sheet.headers(TOP, 0, heads)
    row = TOP + 1
    for size in plan.sizes:
        row = _size(book, sheet, plan, size, row, FIRST_TOOL + most)
    sheet.filter(TOP, 0, row - 1, len(heads) - 1)
    sheet.freeze(TOP + 1, 3)
    sheet.repeat(TOP)
    sheet.print_only(row - 1, FIRST_TOOL + most + 2)
    sheet.protect()


def _size(book: WorkbookWriter, sheet: SheetWriter, plan: WorkbookPlan, size: StackSize, first: int, value: int) -> int:
    """All stacks of one size, their value in column ``value``; returns the next free row."""
    listed = plan.listed[size.size]
    key = str(size.size)
    best = official(plan, size).first
    for number, (tools, worth) in enumerate(zip(listed.tools, listed.values, strict=True), start=1):
        row = first + number - 1
        sheet.number(row, 0, size.size, "rank")
        sheet.number(row, 1, number, "whole")
        sheet.text(row, 2, plan.stack_label(tools))
        for column, tool in enumerate(tools, start=FIRST_TOOL):
            sheet.text(row, column, plan.labels[tool])
        _values(sheet, row, value, tools, worth)
        rounded, others = cell(row, value + 3), round(worth, 9)
        formula = f"IF({cell(row, 1)}={names.of('best_row', key)},-1,{rounded})"
        sheet.formula(row, value + 4, formula, -1 if number == best else others, "points", HELPER)
    last = first + len(listed.tools) - 1
    columns = [("stack_names", 2), ("stack_values", value), ("stack_rounded", value + 3), ("stack_others", value + 4)]
    columns += [(f"stack_tool_{place + 1}_of", FIRST_TOOL + place) for place in range(size.size)]
    for name, column in columns:
        book.define(names.of(name, key), SHEET, area(first, column, last, column))
    return last + 1


def _values(sheet: SheetWriter, row: int, value: int, tools: Sequence[str], worth: float) -> None:
    """The live value of one stack, the official one, whether they agree, and the figure that ranks."""
    live, fixed = cell(row, value), cell(row, value + 1)
    sheet.formula(row, value, f"SUMPRODUCT({names.IMPORTANCE},{largest(tools)})/{TOTAL}", worth, "points")
    sheet.number(row, value + 1, worth, "points")
    sheet.formula(row, value + 2, verdict(equal(live, fixed)), AGREES, "cell")
    sheet.formula(row, value + 3, f"ROUND({live},9)", round(worth, 9), "points", HELPER)


def largest(tools: Sequence[str]) -> str:
    """The best fit of a set per use case, from comparisons alone: each term counts where its tool is the first of the best.

    Only arithmetic and comparisons, because not every spreadsheet takes functions of ranges inside SUMPRODUCT.
    """
    fits = [names.of(names.FIT, tool) for tool in tools]
    terms = []
    for place, fit in enumerate(fits):
        rivals = [
            f"({fit}{'>' if other < place else '>='}{rival})" for other, rival in enumerate(fits) if other != place
        ]
        terms.append("*".join([fit, *rivals]))
    return "+".join(terms)
