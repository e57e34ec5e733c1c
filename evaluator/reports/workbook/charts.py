"""Native charts, each with a title, named axes and a text for those who cannot see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluator.model.cost import Coverage
from evaluator.model.evaluated import OptionScore
from evaluator.reports.words import COVERAGE_WORDS, points
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.styles import INK, LINE, PALETTE, QUIET
from evaluator.xlsx.writer import SheetWriter

MOST_BARS = 25
"""A chart of bars shows at most this many options; the table beside it shows all."""
MOST_WORDS = 2_000
"""Characters of a chart's text."""

FONT = {"name": "Arial", "size": 9, "color": INK}
_MARKERS = ("circle", "square", "diamond", "triangle", "x")
GRID = {"visible": True, "line": {"color": LINE}}
_SCALE = {"min": 0, "max": 100}


@dataclass(frozen=True, slots=True)
class Bars:
    """The columns and rows of a sheet where a chart of scores finds its figures."""

    name: int
    score: int
    below: int
    above: int
    first: int
    last: int


def titled(chart: Any, title: str, across: dict[str, Any], up: dict[str, Any]) -> None:
    """Give a chart its title, named axes, legend and frame."""
    axis = {"num_font": FONT, "name_font": FONT, "line": {"color": QUIET}}
    chart.set_title({"name": title, "name_font": {**FONT, "size": 11, "bold": True}})
    chart.set_x_axis({**axis, **across})
    chart.set_y_axis({**axis, **up})
    chart.set_legend({"position": "bottom", "font": FONT})
    chart.set_chartarea({"border": {"color": LINE}})


def stacked_bars(
    page: SheetWriter, rows: tuple[int, int], series: Sequence[tuple[str, int, Mapping[str, Any]]], gap: int
) -> Any:
    """Return a chart of stacked bars, one for each of ``rows`` (first, last), named in the first column of the sheet.

    Args:
        page: the sheet with the figures.
        rows: the first and the last row.
        series: name, column and look of each part of the bars.
        gap: space between the bars, in percent of their width.
    """
    first, last = rows
    chart = page.book.workbook.add_chart({"type": "bar", "subtype": "stacked"})
    for name, column, look in series:
        names, values = page.reference(first, 0, last, 0), page.reference(first, column, last, column)
        chart.add_series({"name": name, "categories": names, "values": values, "gap": gap, **look})
    return chart


def scores(page: SheetWriter, plan: WorkbookPlan, bars: Bars, title: str, place: tuple[int, int]) -> int:
    """Draw horizontal bars of a score, best on top, each with a whisker from low to high; returns the last row covered."""
    last = min(bars.last, bars.first + MOST_BARS - 1)

    def figures(column: int) -> str:
        return page.reference(bars.first, column, last, column)

    chart = page.book.workbook.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": "Score, with its range from low to high",
            "categories": figures(bars.name),
            "values": figures(bars.score),
            "fill": {"color": "#9DB8D6"},
            "border": {"color": PALETTE[0]},
            "gap": 45,
            "x_error_bars": {
                "type": "custom",
                "plus_values": figures(bars.above),
                "minus_values": figures(bars.below),
                "line": {"color": INK, "width": 1.5},
            },
        }
    )
    up = {"name": "Option, in order of score", "reverse": True, "major_gridlines": {"visible": False}}
    across = {"name": "Points, 0 to 100", "label_position": "high", **_SCALE, "major_gridlines": GRID}
    shown = plan.ranked[:MOST_BARS]
    first = f", the first {MOST_BARS} of {len(plan.ranked)}" if len(plan.ranked) > MOST_BARS else ""
    titled(chart, title + first, across, up)
    figures_of = "; ".join(
        f"{plan.labels[option.id]} {points(option.score)} ({points(option.low)} to {points(option.high)})"
        for option in shown
    )
    text = f"Bars of the score of each option in order, with a whisker from low to high. {figures_of}."
    height = 150 + 24 * len(shown)
    return page.chart(*place, chart, width=760, height=height, description=text[:MOST_WORDS])


def profile(page: SheetWriter, plan: WorkbookPlan, rows: tuple[int, int], place: tuple[int, int]) -> int:
    """Mark the leading options by family, on one scale, distinguished by the shape of the marker; returns the last row covered."""
    leaders = [option for option in plan.ranked if option.id in plan.result.leaders][: len(_MARKERS)]
    columns = {option.id: number for number, option in enumerate(plan.ranked, start=2)}
    first, last = rows
    chart = page.book.workbook.add_chart({"type": "line"})
    for option, marker, colour in zip(leaders, _MARKERS, PALETTE, strict=False):
        column = columns[option.id]
        chart.add_series(
            {
                "name": page.reference(first - 1, column, first - 1, column),
                "categories": page.reference(first, 0, last, 0),
                "values": page.reference(first, column, last, column),
                "line": {"none": True},
                "marker": {"type": marker, "size": 9, "fill": {"color": colour}, "border": {"color": colour}},
            }
        )
    across = {"name": "Family", "major_gridlines": GRID}
    up = {"name": "Score inside the family, 0 to 100", **_SCALE, "major_gridlines": GRID}
    titled(chart, "Leading options by family", across, up)
    described = "; ".join(f"{plan.labels[option.id]}: {_by_family(plan, option)}" for option in leaders)
    text = f"Markers of the score of the leading options in each family. {described}."
    return page.chart(*place, chart, width=1100, height=420, description=text[:MOST_WORDS])


def _by_family(plan: WorkbookPlan, option: OptionScore) -> str:
    found = [(part.title, option.families[part.id].score) for part in plan.families if part.id in option.families]
    return ", ".join(f"{title} {points(score)}" for title, score in found)


def coverage(page: SheetWriter, plan: WorkbookPlan, rows: tuple[int, int], place: tuple[int, int]) -> int:
    """Draw how many use cases the best stack of each size covers, distinguished by pattern; returns the last row covered."""
    border = {"color": PALETTE[0]}
    looks: tuple[dict[str, Any], ...] = (
        {"fill": border, "border": border},
        {
            "pattern": {"pattern": "wide_upward_diagonal", "fg_color": PALETTE[0], "bg_color": "#FFFFFF"},
            "border": border,
        },
        {"fill": {"color": "#FFFFFF"}, "border": border},
    )
    heading = rows[0] - 1
    series = [
        (page.reference(heading, column, heading, column), column, look) for column, look in enumerate(looks, start=2)
    ]
    chart = stacked_bars(page, rows, series, gap=45)
    tools = {"name": "Tools in the stack", "reverse": True}
    cases = {"name": "Use cases", "min": 0, "label_position": "high", "major_gridlines": GRID}
    titled(chart, "Use cases served by the best stack of each size", cases, tools)
    described = "; ".join(
        f"{size.size}: "
        + ", ".join(
            f"{sum(place.coverage is state for place in size.best.served)} {COVERAGE_WORDS[state]}"
            for state in Coverage
        )
        for size in plan.sizes
    )
    text = f"Live stacked bars: use cases covered, conditional and not covered, by number of tools. With the official inputs, {described}."
    return page.chart(*place, chart, width=620, height=300, description=text[:MOST_WORDS])
