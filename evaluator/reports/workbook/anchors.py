"""Questions and anchored levels of every criterion of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.model.catalogue import Criterion
from evaluator.reports.workbook.cell_text import lines
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.writer import TableColumn, Value, WorkbookWriter

SHEET = "Rubrics"
TOP = 3
BEFORE_LEVELS = 3
MOST_LEVELS = 7
"""More levels than this share one column."""


def write(book: WorkbookWriter, plan: WorkbookPlan) -> None:
    """Write the sheet."""
    head = plan.result.workspace.catalogue.head
    sheet = book.sheet(SHEET, "Rubrics", f"{head.title}, version {head.version} of {head.date}.")
    criteria = [
        item for item in plan.result.workspace.catalogue.criteria.values() if plan.whole or item in plan.criteria
    ]
    levels = sorted({level for item in criteria for level in item.levels})
    if len(levels) > MOST_LEVELS:
        levels = []
    anchors = [TableColumn(f"Level {level}", 30, "wrap") for level in levels] or [TableColumn("Levels", 90, "wrap")]
    columns = [
        TableColumn("Family", 18, "wrap"),
        TableColumn("Criterion", 26, "wrap"),
        TableColumn("Question", 36, "wrap"),
        *anchors,
        TableColumn("Why it matters", 36, "wrap"),
        TableColumn("Evidence wanted", 36, "wrap"),
        TableColumn("Fresh for, months", 9, "whole"),
        TableColumn("Depends on edition", 11, "centre"),
        TableColumn("Own figures needed", 11, "centre"),
        TableColumn("Gates", 22, "wrap"),
        TableColumn("In scope", 9, "centre"),
        TableColumn("Id", 26),
    ]
    last = sheet.table(TOP, columns, _rows(plan, criteria, levels))
    sheet.print_only(last, BEFORE_LEVELS + len(anchors) - 1)
    sheet.freeze(TOP + 1, 2)
    sheet.text_numbers(last, len(columns) - 1)


def _rows(plan: WorkbookPlan, criteria: list[Criterion], levels: list[int]) -> Iterator[list[Value]]:
    for item in criteria:
        anchors: list[Value] = [item.levels.get(level, "") for level in levels]
        if not levels:
            anchors = [lines(f"{level}: {item.levels[level]}" for level in sorted(item.levels))]
        gates = lines(f"{plan.class_label(key)}: {level}" for key, level in item.gates.items())
        yield [
            plan.family_titles[item.id],
            item.title,
            item.question,
            *anchors,
            item.why,
            lines(item.evidence),
            item.fresh_months,
            "yes" if item.edition_sensitive else "no",
            "yes" if item.own_figures else "no",
            gates + (" (starter gate)" if gates and item.starter_gate else ""),
            "yes" if item.id in plan.result.scores.weights else "no",
            item.id,
        ]
