"""Native charts, each with a title, named axes and a text for those who cannot see it."""

from __future__ import annotations

from typing import Any

from evaluator.reports.words import points
from evaluator.reports.workbook.book import Book, Sheet, area
from evaluator.reports.workbook.plan import Plan
from evaluator.reports.workbook.styles import INK, LINE, PALETTE, QUIET

MOST_BARS = 25
"""A chart of bars shows at most this many options; the table beside it shows all."""

_FONT = {"name": "Arial", "size": 9, "color": INK}
_MARKERS = ("circle", "square", "diamond", "triangle", "x")


def _named(chart: Any, title: str, across: str, up: str) -> None:
    chart.set_title({"name": title, "name_font": {**_FONT, "size": 11, "bold": True}, "overlay": False})
    chart.set_x_axis({"name": across, "name_font": _FONT, "num_font": _FONT, "line": {"color": QUIET}})
    chart.set_y_axis({"name": up, "name_font": _FONT, "num_font": _FONT, "line": {"color": QUIET}})
    chart.set_chartarea({"border": {"color": LINE}})


def bars_with_range(
    book: Book, title: str, sheet: str, columns: tuple[int, int, int, int], rows: tuple[int, int]
) -> Any:
    """Horizontal bars of a score, best on top, each with a whisker from low to high.

    ``columns`` are those of the name, the score, what lies below it and what lies above it.
    """
    name, score, below, above = columns
    first, last = rows[0], min(rows[1], rows[0] + MOST_BARS - 1)
    where = lambda column: f"='{sheet}'!{area(first, column, last, column)}"  # noqa: E731 - one line, used four times
    chart = book.chart({"type": "bar"})
    chart.add_series(
        {
            "name": "Score, with its range from low to high",
            "categories": where(name),
            "values": where(score),
            "fill": {"color": "#9DB8D6"},
            "border": {"color": PALETTE[0]},
            "gap": 45,
            "x_error_bars": {
                "type": "custom",
                "plus_values": where(above),
                "minus_values": where(below),
                "line": {"color": INK, "width": 1.5},
            },
        }
    )
    axis = {"num_font": _FONT, "name_font": _FONT, "line": {"color": QUIET}}
    chart.set_title({"name": title, "name_font": {**_FONT, "size": 11, "bold": True}})
    chart.set_y_axis(
        {**axis, "name": "Option, in order of score", "reverse": True, "major_gridlines": {"visible": False}}
    )
    chart.set_x_axis(
        {
            **axis,
            "name": "Points, 0 to 100",
            "min": 0,
            "max": 100,
            "major_gridlines": {"visible": True, "line": {"color": LINE}},
        }
    )
    chart.set_legend({"position": "bottom", "font": _FONT})
    chart.set_chartarea({"border": {"color": LINE}})
    return chart


def ranges_in_words(plan: Plan) -> str:
    """The text of a chart of scores."""
    shown = plan.ranked[:MOST_BARS]
    told = "; ".join(
        f"{plan.labels[option.id]} {points(option.score)} ({points(option.low)} to {points(option.high)})"
        for option in shown
    )
    return f"Bars of the score of each option in order, with a whisker from low to high. {told}."
