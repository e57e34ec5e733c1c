"""Minimum levels: every check in a list, and what stands between each option and each data class."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.model.evaluated import GateCheck, GateOutcome, OptionScore
from evaluator.reports.words import GATE_MARKS, GATE_WORDS, level
from evaluator.reports.workbook import names
from evaluator.reports.workbook.cell_text import lines
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.summary import LOOK_OF, gates_in_words
from evaluator.reports.workbook.writer import TableColumn, Value, WorkbookWriter, area

SHEET, LIST = "Gates", "Gate list"
TOP = 3
MOST_NAMED = 6
PRINTED = 9
"""Columns of the list that go on paper; the ids behind them are for formulas."""
COLUMNS = (
    TableColumn("Option", 24),
    TableColumn("Data class", 14),
    TableColumn("Criterion", 44, "wrap"),
    TableColumn("Needed", 8, "whole"),
    TableColumn("Found", 9, "centre"),
    TableColumn("Outcome", 12, "centre"),
    TableColumn("Mark", 6, "centre"),
    TableColumn("Why it is not met", 46, "wrap"),
    TableColumn("What is not shown", 60, "wrap"),
    TableColumn("Option id", 20),
    TableColumn("Class id", 14),
)


def write_matrix(book: WorkbookWriter, plan: WorkbookPlan) -> None:
    """Write what stands between each option and each data class."""
    sheet = book.sheet(
        SHEET,
        "Gates by data class",
        "A gate is a minimum level for a class of data; a class inherits the gates below it. It never enters the score. "
        "✓ met, ✗ failed, ? unsupported (unknown, stale or not ruled out)."
        + ("" if plan.whole else " Only gates of the chosen families: others may stand in the way."),
    )
    cleared = [TableColumn("Cleared for", 16), TableColumn("Can still be cleared for", 16)] if plan.whole else []
    columns = [
        TableColumn("Option", 28, "bold"),
        *[TableColumn(plan.class_labels[key], 20, "centre") for key in plan.classes],
        *cleared,
        TableColumn("What stands in the way of the next class", 90, "wrap"),
    ]
    last = sheet.table(TOP, columns, [_summary(plan, option) for option in plan.ranked])
    for row, option in enumerate(plan.ranked, start=TOP + 1):
        for column, key in enumerate(plan.classes, start=1):
            if option.gates[key].checks:
                sheet.text(row, column, gates_in_words(option.gates[key]), LOOK_OF[option.gates[key].verdict])
    sheet.freeze(TOP + 1, 1)
    sheet.text_numbers(last, len(columns) - 1)


def _summary(plan: WorkbookPlan, option: OptionScore) -> list[Value]:
    return [
        plan.labels[option.id],
        *[gates_in_words(option.gates[key]) for key in plan.classes],
        *([plan.class_label(option.cleared), plan.class_label(option.clearable)] if plan.whole else []),
        _next(plan, option),
    ]


def _next(plan: WorkbookPlan, option: OptionScore) -> str:
    """The gates of the lowest class that are not met, in words."""
    for key in plan.classes:
        open_checks = [check for check in option.gates[key].checks if check.outcome is not GateOutcome.MET]
        if open_checks:
            named = [_open(plan, check) for check in open_checks[:MOST_NAMED]]
            rest = len(open_checks) - len(named)
            more = [f"and {rest} more in the gate list"] if rest else []
            return lines([f"{plan.class_labels[key]}:", *named, *more])
    return "nothing: the gates of every class are met"


def _open(plan: WorkbookPlan, check: GateCheck) -> str:
    return f"{GATE_MARKS[check.outcome]} {plan.criterion_labels[check.criterion]}: {check.reason}"


def write_list(book: WorkbookWriter, plan: WorkbookPlan) -> None:
    """Write every check; the live scores count its outcomes."""
    sheet = book.sheet(
        LIST,
        "Every gate",
        "One row per option, data class and gate. The what-if sheet counts the outcomes of this list.",
    )
    last = sheet.table(TOP, COLUMNS, _checks(plan))
    sheet.print_only(last, PRINTED - 1)
    sheet.freeze(TOP + 1, 3)
    end = max(last, TOP + 1)
    for name, column in ((names.GATE_OPTION, 9), (names.GATE_CLASS, 10), (names.GATE_OUTCOME, 5)):
        book.define(name, LIST, area(TOP + 1, column, end, column))
    if last > TOP:
        first = f"$F{TOP + 2}"
        for outcome, look in LOOK_OF.items():
            sheet.shade(TOP + 1, 5, last, 6, f'{first}="{GATE_WORDS[outcome]}"', look)
    sheet.text_numbers(end, len(COLUMNS) - 1)


def _checks(plan: WorkbookPlan) -> Iterator[list[Value]]:
    for option in plan.ranked:
        for key in plan.classes:
            for check in option.gates[key].checks:
                yield [
                    plan.labels[option.id],
                    plan.class_labels[key],
                    plan.criterion_labels[check.criterion],
                    check.required,
                    check.observed if check.observed is not None else level(None),
                    GATE_WORDS[check.outcome],
                    GATE_MARKS[check.outcome],
                    check.reason,
                    lines(check.to_show),
                    option.id,
                    key,
                ]
