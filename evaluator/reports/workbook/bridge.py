"""Charts of what moved: each option's difference by cause, and the stack's value step by step; with the figures they read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evaluator.model.change import NATURES, NOW, Cause, Change, Points, StackChange, bridge_steps
from evaluator.reports import change_words
from evaluator.reports.workbook.cell_text import one_line
from evaluator.reports.workbook.charts import FONT, GRID, MOST_BARS, MOST_WORDS, span, titled
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.styles import INK, PALETTE
from evaluator.reports.workbook.writer import Formula, SheetWriter, TableColumn, Value, WorkbookWriter, cell

_PATTERNS = (
    "", "wide_upward_diagonal", "light_horizontal", "small_grid", "wide_downward_diagonal", "dark_vertical", "dotted_diamond",
    "light_vertical", "dark_horizontal", "large_checker",
)  # fmt: skip
"""Causes are told apart by pattern; the first is plain."""
_LOOKS: tuple[dict[str, Any], ...] = tuple(
    {"pattern": {"pattern": pattern, "fg_color": colour, "bg_color": "#FFFFFF"}}
    if pattern
    else {"fill": {"color": colour}}
    for pattern, colour in zip(_PATTERNS, (*PALETTE, *PALETTE), strict=False)
)
STEPS = (
    TableColumn("Step", 28, "wrap"),
    TableColumn("Points", 10, "signed"),
    TableColumn("From", 8, "points"),
    TableColumn("To", 8, "points"),
    TableColumn("What it is", 24, "wrap"),
    TableColumn("Chart: blank", 14, "points"),
    TableColumn("Chart: value", 14, "points"),
    TableColumn("Chart: gain", 9, "points"),
    TableColumn("Chart: loss", 9, "points"),
)
"""The table of the stack's steps; it stands under the options, so it keeps to the widths of their first columns."""


def options_chart(
    book: WorkbookWriter,
    sheet: SheetWriter,
    plan: WorkbookPlan,
    change: Change,
    figure: str,
    causes: Sequence[Cause],
    column: int,
    rows: tuple[int, int],
    place: tuple[int, int],
) -> int:
    """Bars of what each cause moved, from 0 to both sides, one bar per option; returns the last row covered.

    Args:
        book: the workbook.
        sheet: the sheet with the figures, where the chart goes.
        plan: short names of the options.
        change: what changed, for the chart's text.
        figure: ``Score`` or ``Low``.
        causes: the causes that moved it, in the order of their columns.
        column: the column of the first cause; the options' names stand in the first column of the sheet.
        rows: the first and the last option.
        place: row and column of the chart's corner.
    """
    first, last = rows[0], min(rows[1], rows[0] + MOST_BARS - 1)
    chart = book.chart({"type": "bar", "subtype": "stacked"})
    for offset, (cause, look) in enumerate(zip(causes, _LOOKS, strict=False)):
        chart.add_series(
            {
                "name": change_words.CAUSE_WORDS[cause],
                "categories": span(sheet, first, 0, last, 0),
                "values": span(sheet, first, column + offset, last, column + offset),
                "border": {"color": look.get("fill", look.get("pattern", {})).get("fg_color", PALETTE[0])},
                "gap": 45,
                **look,
            }
        )
    some = f", the first {MOST_BARS} of {rows[1] - first + 1}" if last < rows[1] else ""
    up = {
        "name": "Option, in order of score",
        "reverse": True,
        "label_position": "low",
        "major_gridlines": {"visible": False},
    }
    across = {
        "name": "Points that each cause gave or took",
        "label_position": "high",
        "major_gridlines": GRID,
    }
    titled(chart, f"{figure}: what moved it since {one_line(change.old.name, 40)}{some}", across, up)
    told = "; ".join(
        f"{plan.labels.get(option.id, one_line(option.name, 28))} {_cause_list(option.causes, figure)}"
        for option in change.options[: last - first + 1]
    )
    text = f"Stacked bars of the causes that moved the {figure.lower()} of each option, gains to the right. {told}."
    return sheet.chart(*place, chart, width=900, height=170 + 24 * (last - first + 1), description=text[:MOST_WORDS])


def _cause_list(causes: dict[Cause, Points], figure: str) -> str:
    read = change_words.scores_of if figure == "Score" else change_words.lows_of
    return change_words.cause_list(read(causes))


def stack_steps(book: WorkbookWriter, sheet: SheetWriter, change: Change, stack: StackChange, top: int) -> int:
    """The value of the stack, step by step, as a table and as a waterfall; returns the last row covered."""
    names = {option.id: one_line(option.name, 40) for option in change.options}
    sheet.text(top, 0, "The stack", "section")
    sheet.text(top + 1, 0, change_words.stack_headline(change, names), "note")
    row = top + 2
    sheet.headers(row, 0, [column.header for column in STEPS])
    first = row + 1
    for row, values in enumerate(_steps(change, stack, first), start=first):
        sheet.row(row, 0, values, [column.look for column in STEPS])
    adds_up = f'IF(ABS({cell(row - 1, 3)}-{cell(row, 3)})<0.000000001,"yes","NO")'
    sheet.text(row + 1, 0, "Do the steps add up to it?", "cell")
    sheet.formula(row + 1, 1, adds_up, "yes", "centre")
    sheet.print_area(row + 1, len(STEPS) - 1)
    return _waterfall(book, sheet, change, stack, (first, row), (row + 3, 0))


def _steps(change: Change, stack: StackChange, first: int) -> list[list[Value]]:
    """The rows of the table: the value before, gains, losses, the value now.

    Gains come before losses, so that no bar of the chart starts below the smaller of both values.
    """
    old, new = stack.values
    causes = sorted(stack.causes.items(), key=lambda item: -round(item[1], 9))
    rows: list[list[Value]] = [[f"Value in {one_line(change.old.name, 40)}", None, old, old, "", 0.0, old, 0.0, 0.0]]
    for row, step in enumerate(bridge_steps(old, causes), start=first + 1):
        points = step.points
        start, end, moved = cell(row, 2), cell(row, 3), cell(row, 1)
        rows.append(
            [
                change_words.cause_word(step.cause, points),
                points,
                Formula(cell(row - 1, 3), step.start),
                Formula(f"{start}+{moved}", step.end),
                change_words.NATURE_WORDS[NATURES[step.cause]],
                Formula(f"MIN({start},{end})", min(step.start, step.end)),
                0.0,
                Formula(f"MAX(0,{moved})", max(0.0, points)),
                Formula(f"MAX(0,-{moved})", max(0.0, -points)),
            ]
        )
    name = "Value now" if change.new.name == NOW else f"Value in {one_line(change.new.name, 40)}"
    return [*rows, [name, None, new, new, "", 0.0, new, 0.0, 0.0]]


def _waterfall(
    book: WorkbookWriter,
    sheet: SheetWriter,
    change: Change,
    stack: StackChange,
    rows: tuple[int, int],
    place: tuple[int, int],
) -> int:
    first, last = rows
    chart = book.chart({"type": "bar", "subtype": "stacked"})
    edge = {"color": PALETTE[0]}
    looks: tuple[tuple[str, dict[str, Any]], ...] = (
        ("blank", {"fill": {"none": True}, "border": {"none": True}}),
        ("Value of the stack", {"fill": edge, "border": edge, "data_labels": _labels("0.0;;", "#FFFFFF")}),
        ("Gain", {"fill": {"color": "#9DB8D6"}, "border": edge, "data_labels": _labels("+0.0;;", INK)}),
        ("Loss", {"fill": {"color": "#FFFFFF"}, "border": edge, "data_labels": _labels("−0.0;;", INK)}),
    )
    for column, (name, look) in enumerate(looks, start=5):
        chart.add_series(
            {
                "name": name,
                "categories": span(sheet, first, 0, last, 0),
                "values": span(sheet, first, column, last, column),
                "gap": 35,
                **look,
            }
        )
    up = {"name": "Step", "reverse": True, "major_gridlines": {"visible": False}}
    across = {"name": "Value of the stack, 0 to 100", "label_position": "high", "min": 0, "major_gridlines": GRID}
    titled(chart, f"Value of the stack since {one_line(change.old.name, 40)}, step by step", across, up)
    chart.set_legend({"none": True})  # the steps name themselves, the signs tell gains from losses
    text = f"Waterfall of the stack's value. {change_words.stack_value(stack, change)}"
    return sheet.chart(*place, chart, width=900, height=150 + 26 * (last - first + 1), description=text[:MOST_WORDS])


def _labels(shape: str, colour: str) -> dict[str, Any]:
    return {"value": True, "num_format": shape, "font": {**FONT, "color": colour}}
