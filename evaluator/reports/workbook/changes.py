"""The sheets on what changed since the previous review: by option and by criterion, in points that add up, with charts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from evaluator.model.change import (
    NATURES,
    NOW,
    Cause,
    CellChange,
    Change,
    OptionChange,
    Points,
    StackChange,
    bridge_steps,
)
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.reports import change_words
from evaluator.reports.change_words import CAUSE_WORDS, RANK_WORDS
from evaluator.reports.words import EVIDENCE_STATUS_WORDS
from evaluator.reports.workbook.charts import FONT, GRID, MOST_BARS, MOST_WORDS, stacked_bars, titled
from evaluator.reports.workbook.formulas import adds_up
from evaluator.reports.workbook.plan import WorkbookPlan, level_or_unknown, present
from evaluator.reports.workbook.styles import INK, PALETTE, TABLE_TOP
from evaluator.xlsx.cell_text import one_line
from evaluator.xlsx.writer import Column, Formula, SheetWriter, Value, cell


@dataclass(frozen=True, slots=True)
class _Figure:
    """Score or low of every option: before, now, the difference, and the causes that moved it."""

    name: Literal["Score", "Low"]
    change: Change

    def of(self, points: Points) -> float:
        """The figure among the points of an option or a cause."""
        return points.score if self.name == "Score" else points.low

    def moved(self, option: OptionChange) -> dict[Cause, float]:
        """What each cause moved of the figure of one option."""
        return {cause: self.of(points) for cause, points in option.causes.items()}

    @property
    def causes(self) -> list[Cause]:
        """The causes that moved the figure of any option, in the order of their kind."""
        moving = {cause for option in self.change.options for cause, points in self.moved(option).items() if points}
        return [cause for cause in Cause if cause in moving]

    def columns(self) -> list[Column[OptionChange]]:
        """The columns of the figure."""
        causes, lower = self.causes, self.name.lower()

        def known(points: Points | None) -> float | None:
            return None if points is None else self.of(points)

        def adding_up(option: OptionChange) -> Value:
            if option.difference is None or not causes:
                return ""
            first, last = (f"[@{self.name}: {CAUSE_WORDS[cause]}]" for cause in (causes[0], causes[-1]))
            total = f"SUM({first if first == last else f'{first}:{last}'})"
            return Formula(adds_up(total, f"[@Difference of the {lower}]"), "yes")

        def moved(cause: Cause) -> Column[OptionChange]:
            header = f"{self.name}: {CAUSE_WORDS[cause]}"
            return Column(header, 14, "signed", lambda option: self.moved(option).get(cause))

        return [
            Column(f"{self.name} before", 9, "points", lambda option: known(option.old)),
            Column(f"{self.name} now", 9, "points", lambda option: known(option.new)),
            Column(f"Difference of the {lower}", 11, "signed", lambda option: known(option.difference)),
            Column(f"Do the causes add up to it? ({lower})", 14, "centre", adding_up),
            *map(moved, causes),
        ]


def since(plan: WorkbookPlan) -> str:
    """Return the title of the sheet of changes."""
    return f"Changes since {one_line(present(plan.result.changes).old.name, 40)}"


def explained(plan: WorkbookPlan) -> str:
    """Return what the sheet of changes says of itself."""
    change = present(plan.result.changes)
    return (
        f"Official figures of {change.old.as_of} and {change.new.as_of}, in points. The causes add up to each difference. "
        "Charts and the stack are below the table."
    )


def compared(plan: WorkbookPlan) -> str:
    """Return what the list of changes says of itself."""
    change = present(plan.result.changes)
    return f"{change.old.name} against {change.new.name}, in points of the score."


def write_options(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write one row per option of either review: score and low before and now, and what each cause moved.

    Below them stand their charts, and the value of the stack step by step.
    """
    change = present(plan.result.changes)
    score, low = _Figure("Score", change), _Figure("Low", change)
    columns = [*_option_columns(plan), *score.columns(), *low.columns()]
    headers = [column.header for column in columns]
    score_at, low_at = headers.index("Score before"), headers.index("Low before")
    last = page.table(TABLE_TOP, columns, change.options, keep=1)
    page.put(last + 1, 0, change_words.crossed_note(change), "note")
    below = last + 3
    drawn = [(figure, at) for figure, at in ((score, score_at), (low, low_at)) if figure.causes]
    if all(score.moved(option) == low.moved(option) for option in change.options):
        drawn = drawn[:1]  # score and low moved alike
    for (figure, at), left in zip(drawn, (0, score_at), strict=False):
        below = 2 + _options_chart(page, plan, figure, at + 4, (TABLE_TOP + 1, last), (last + 3, left))
    if change.stack:
        below = _stack_steps(page, change, change.stack, below)
    page.print_area(below, 0)


def _option_columns(plan: WorkbookPlan) -> list[Column[OptionChange]]:
    def crossed(ranking: int, figure: int) -> Callable[[OptionChange], Value]:
        def shown(option: OptionChange) -> Value:
            rankings = change_words.crossed_row(option)
            return rankings[ranking][figure] if rankings else None

        return shown

    return [
        Column("Option", 28, "bold", lambda option: _option_label(plan, option)),
        Column("Status", 10, "centre", lambda option: option.status),
        Column("Rank before", 8, "rank", lambda option: option.rank.old if option.rank else None),
        Column("Rank now", 8, "rank", lambda option: option.rank.new if option.rank else None),
        Column("Why the rank moved", 24, "wrap", lambda option: RANK_WORDS[option.rank.reason] if option.rank else ""),
        Column("New facts, old method: score", 14, "points", crossed(1, 0)),
        Column("New facts, old method: rank", 14, "rank", crossed(1, 1)),
        Column("Old facts, new method: score", 14, "points", crossed(2, 0)),
        Column("Old facts, new method: rank", 14, "rank", crossed(2, 1)),
    ]


def _option_label(plan: WorkbookPlan, option: OptionChange) -> str:
    return plan.labels.get(option.id, one_line(option.name, 28))


def write_list(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write one row per option and criterion on which anything moved."""
    change = present(plan.result.changes)
    found = {cause for option in change.options for cause in option.causes}

    def moved(cause: Cause) -> Column[tuple[OptionChange, CellChange]]:
        def points(row: tuple[OptionChange, CellChange]) -> float | None:
            part = row[1].parts.get(cause)
            return part.score if part else None

        return Column(CAUSE_WORDS[cause], 14, "signed", points)

    columns: list[Column[tuple[OptionChange, CellChange]]] = [
        Column("Option", 28, "cell", lambda row: _option_label(plan, row[0])),
        Column("Criterion", 48, "wrap", lambda row: plan.criterion_title(row[1].criterion)),
        Column("Level before", 9, "centre", lambda row: level_or_unknown(row[1].levels[0])),
        Column("Level now", 9, "centre", lambda row: level_or_unknown(row[1].levels[1])),
        Column("Evidence before", 16, "cell", lambda row: _status(row[1].evidence_statuses[0])),
        Column("Evidence now", 16, "cell", lambda row: _status(row[1].evidence_statuses[1])),
        Column("Weight before", 9, "percent_fine", lambda row: row[1].weights[0]),
        Column("Weight now", 9, "percent_fine", lambda row: row[1].weights[1]),
        Column("Points", 9, "signed", lambda row: row[1].total.score),
        *(moved(cause) for cause in Cause if cause in found),
    ]
    rows = [(option, changed) for option in change.options for changed in option.cells]
    page.table(TABLE_TOP, columns, rows, keep=2)


def _status(status: EvidenceStatus | None) -> str:
    return EVIDENCE_STATUS_WORDS[status] if status else "did not count"


_PATTERNS = (
    "", "wide_upward_diagonal", "light_horizontal", "small_grid", "wide_downward_diagonal", "dark_vertical", "dotted_diamond",
    "light_vertical", "dark_horizontal", "large_checker",
)  # fmt: skip
"""Causes are distinguished by pattern; the first is plain."""


def _cause_looks() -> list[dict[str, Any]]:
    looks: list[dict[str, Any]] = []
    for pattern, colour in zip(_PATTERNS, (*PALETTE, *PALETTE), strict=False):
        filled = {"pattern": {"pattern": pattern, "fg_color": colour, "bg_color": "#FFFFFF"}}
        looks.append({**(filled if pattern else {"fill": {"color": colour}}), "border": {"color": colour}})
    return looks


def _options_chart(
    page: SheetWriter,
    plan: WorkbookPlan,
    figure: _Figure,
    column: int,
    rows: tuple[int, int],
    place: tuple[int, int],
) -> int:
    """Draw what each cause moved, from 0 to both sides, one bar per option; returns the last row covered.

    Args:
        page: the sheet with the figures, where the chart goes.
        plan: short names of the options.
        figure: what moved.
        column: the column of the first cause.
        rows: the first and the last option.
        place: row and column of the chart's corner.
    """
    first, last = rows[0], min(rows[1], rows[0] + MOST_BARS - 1)
    shown, change = last - first + 1, figure.change
    series = [
        (CAUSE_WORDS[cause], column + offset, look)
        for offset, (cause, look) in enumerate(zip(figure.causes, _cause_looks(), strict=False))
    ]
    chart = stacked_bars(page, (first, last), series, gap=45)
    some = f", the first {MOST_BARS} of {rows[1] - first + 1}" if last < rows[1] else ""
    up = {
        "name": "Option, in order of score",
        "reverse": True,
        "label_position": "low",
        "major_gridlines": {"visible": False},
    }
    across = {"name": "Points that each cause gave or took", "label_position": "high", "major_gridlines": GRID}
    titled(chart, f"{figure.name}: what moved it since {one_line(change.old.name, 40)}{some}", across, up)
    points_of = change_words.scores_of if figure.name == "Score" else change_words.lows_of
    causes = "; ".join(
        f"{_option_label(plan, option)} {change_words.cause_list(points_of(option.causes))}"
        for option in change.options[:shown]
    )
    text = (
        f"Stacked bars of the causes that moved the {figure.name.lower()} of each option, gains to the right. {causes}."
    )
    return page.chart(*place, chart, width=900, height=170 + 24 * shown, description=text[:MOST_WORDS])


STEPS = {
    # headings of the table of the stack's steps, with the style of their cells; the last four are what the chart reads
    "Step": "wrap", "Points": "signed", "From": "points", "To": "points", "What it is": "wrap",
    "Chart: blank": "points", "Chart: value": "points", "Chart: gain": "points", "Chart: loss": "points",
}  # fmt: skip


def _stack_steps(page: SheetWriter, change: Change, stack: StackChange, top: int) -> int:
    """Write the value of the stack, step by step, as a table and as a waterfall; returns the last row covered."""
    names = {option.id: one_line(option.name, 40) for option in change.options}
    page.put(top, 0, "The stack", "section")
    page.put(top + 1, 0, change_words.stack_headline(change, names), "note")
    page.headers(top + 2, 0, STEPS)
    first = last = top + 3
    for last, values in enumerate(_steps(change, stack, first), start=first):
        page.row(last, 0, values, list(STEPS.values()))
    page.put(last + 1, 0, "Do the steps add up to it?", "cell")
    page.formula(last + 1, 1, adds_up(cell(last - 1, 3), cell(last, 3)), "yes", "centre")
    page.print_area(last + 1, len(STEPS) - 1)
    return _waterfall(page, change, stack, (first, last), (last + 3, 0))


def _steps(change: Change, stack: StackChange, first: int) -> list[list[Value]]:
    """The rows of the table: the value before, gains, losses, the value now.

    Gains come before losses, so that no bar of the chart starts below the smaller of both values.
    """
    old, new = stack.values
    causes = sorted(stack.causes.items(), key=lambda item: -round(item[1], 9))
    rows: list[list[Value]] = [[f"Value in {one_line(change.old.name, 40)}", None, old, old, "", 0.0, old, 0.0, 0.0]]
    for row, step in enumerate(bridge_steps(old, causes), start=first + 1):
        points = step.points
        moved, start, end = (cell(row, column) for column in (1, 2, 3))
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
    page: SheetWriter, change: Change, stack: StackChange, rows: tuple[int, int], place: tuple[int, int]
) -> int:
    """Draw the steps from the columns that the table has for it; returns the last row covered."""
    edge = {"color": PALETTE[0]}
    looks: tuple[tuple[str, dict[str, Any]], ...] = (
        ("blank", {"fill": {"none": True}, "border": {"none": True}}),
        ("Value of the stack", {"fill": edge, "border": edge, "data_labels": _labels("0.0;;", "#FFFFFF")}),
        ("Gain", {"fill": {"color": "#9DB8D6"}, "border": edge, "data_labels": _labels("+0.0;;", INK)}),
        ("Loss", {"fill": {"color": "#FFFFFF"}, "border": edge, "data_labels": _labels("−0.0;;", INK)}),
    )
    series = [(name, column, look) for column, (name, look) in enumerate(looks, start=5)]
    chart = stacked_bars(page, rows, series, gap=35)
    up = {"name": "Step", "reverse": True, "major_gridlines": {"visible": False}}
    across = {"name": "Value of the stack, 0 to 100", "label_position": "high", "min": 0, "major_gridlines": GRID}
    titled(chart, f"Value of the stack since {one_line(change.old.name, 40)}, step by step", across, up)
    chart.set_legend({"none": True})  # the steps name themselves, the signs tell gains from losses
    text = f"Waterfall of the stack's value. {change_words.stack_value(stack, change)}"
    height = 150 + 26 * (rows[1] - rows[0] + 1)
    return page.chart(*place, chart, width=900, height=height, description=text[:MOST_WORDS])


def _labels(number_format: str, colour: str) -> dict[str, Any]:
    return {"value": True, "num_format": number_format, "font": {**FONT, "color": colour}}
