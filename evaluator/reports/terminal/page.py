"""What a page of the terminal is made of, and the one renderer of it.

A page is data: sections of paragraphs, tables and charts. Rendering puts a blank line between sections, leaves out what
is empty, and fits everything to a width: texts fold, cells of tables fold where a table would be too wide. Widths are
columns of a terminal: letters of some scripts take two, marks and joiners none.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from math import ceil, floor
from typing import Any

from evaluator.characters import safe_line
from evaluator.errors import one_line
from evaluator.reports.words import abbreviated, columns_of

WIDTH = 80
"""Columns of a page that is not shown on a terminal."""
LIMITS = 60, 100
"""The least and the most columns that a page takes of a terminal: below, tables fold too much; above, texts are hard to read."""
GAP = "  "
"""Between two columns of a table."""
MOST = 400
"""Characters of a cell; the rest is cut."""
NARROWEST = 8
"""Columns that a column of text keeps, however narrow the page."""
FIGURE = 6
"""Columns for the figure at the end of a bar."""
ENDLESS = 2
"""A word of more lines than this is folded in pieces."""
ROUND = 10
"""The scale of a chart starts and ends at multiples of so many points."""


Column = tuple[str, Callable[[Any], str]]
"""The head of a column and the function that shows its values: ``str`` for text, which stands left, others for figures."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of values under columns. What is text already is shown as it is; a column without any text is left out."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Indented:
    """A paragraph after some blanks; ``exact`` is one line as it stands, and ids in a ``list_of_ids`` stay whole."""

    text: str
    by: int = 2
    exact: bool = False
    list_of_ids: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart: stretches from one figure to another and single figures, each with its mark.

    Where two stretches meet, the first is drawn, or ``overlap`` where that is given.
    """

    name: str
    stretches: Sequence[tuple[float, float, str]]
    marks: Sequence[tuple[float, str]]
    figure: str
    overlap: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars on one scale, after names of at most ``names`` columns."""

    bars: Sequence[Bar]
    names: int = 16


Part = str | Indented | Table | Chart
Section = Part | Iterable[Part]
"""One part, or several without a blank line between them."""
Page = Sequence[Section]


def render(page: Page, width: int | None = None) -> str:
    """Return the page as text of at most ``width`` columns, by default those of the terminal."""
    if width is None:
        width = min(max(shutil.get_terminal_size((WIDTH, 0)).columns, LIMITS[0]), LIMITS[1])
    sections = []
    for section in page:
        parts = [section] if isinstance(section, str | Indented | Table | Chart) else section
        sections.append("\n".join(line for part in parts for line in _lines(part, width)))
    return "\n\n".join(section for section in sections if section)


def _lines(part: Part, width: int) -> Iterable[str]:
    if isinstance(part, Table):
        return _table(part, width) if part.rows else ()
    if isinstance(part, Chart):
        return _chart(part, width) if part.bars else ()
    line = Indented(part, 0) if isinstance(part, str) else part
    blanks = " " * line.by
    if line.exact:
        return [blanks + safe_line(line.text)]
    return [blanks + each for each in folded(line.text, width - line.by, break_on_hyphens=not line.list_of_ids)]


def folded(text: str, width: int, *, hanging: str = "", break_on_hyphens: bool = True) -> list[str]:
    """Return the lines of a paragraph, of at most ``width`` columns each; those after the first start with ``hanging``."""
    # Made safe here too, because what folds the text carries the colours of a control sequence over to the next line.
    text = " ".join(safe_line(text).split())
    if text.isascii() and len(text) <= width:
        return [text] if text else []
    import wcwidth

    lines = [""]
    for piece in _pieces(text, ENDLESS * width):
        last = lines.pop()
        start = hanging if lines else ""
        lines += wcwidth.wrap(
            last.removeprefix(start) + piece,
            width,
            initial_indent=start,
            subsequent_indent=hanging,
            break_on_hyphens=break_on_hyphens,
        )
    return lines


def _pieces(text: str, most: int) -> Iterator[str]:
    """Cut ``text`` inside words, after each ``most`` columns of one; no letter, emoji or flag is cut in two.

    For each line, wcwidth measures the rest of the word that the line breaks. A text of another script may have no blank at all.
    """
    if max(map(len, text.split(" "))) <= most // 2:
        yield text
        return
    import wcwidth

    start = end = columns = 0
    for letter in wcwidth.iter_graphemes(text):
        if letter.startswith(" "):
            columns = 0
        elif columns >= most:
            yield text[start:end]
            start, columns = end, 0
        columns += columns_of(letter)
        end += len(letter)
    yield text[start:]


def padded(text: str, width: int, side: str = "l") -> str:
    """Return ``text`` with blanks up to ``width`` columns, after it or, for figures, before it."""
    blanks = " " * (width - columns_of(text))
    return text + blanks if side == "l" else blanks + text


def _table(table: Table, width: int) -> list[str]:
    columns = []
    for place, (head, show) in enumerate(table.columns):
        values = [row[place] for row in table.rows]
        cells = [one_line(value if isinstance(value, str) else show(value), MOST) for value in values]
        if any(cells):
            columns.append(_Column([one_line(head, MOST), *cells], "l" if show is str else "r"))
    widths = _widths(columns, width)
    heads, *rows = (_row(columns, place, widths) for place in range(len(table.rows) + 1))
    return [*heads, GAP.join("-" * each for each in widths), *chain.from_iterable(rows)]


@dataclass(frozen=True, slots=True)
class _Column:
    """The head and the cells of a column, and the side on which they stand."""

    cells: Sequence[str]
    side: str

    @property
    def width(self) -> int:
        return max(map(columns_of, self.cells))

    @property
    def least(self) -> int:
        """How far it can be narrowed: a text to some columns, figures to the widest and to the words of their head."""
        head, *figures = self.cells
        return NARROWEST if self.side == "l" else max(map(columns_of, (*figures, *head.split())))


def _widths(columns: Sequence[_Column], width: int) -> list[int]:
    """The width of each column: as wide as its cells; where that is too wide, heads of figures fold, then texts."""
    widths = [column.width for column in columns]
    least = [column.least for column in columns]
    while sum(widths) + len(GAP) * (len(widths) - 1) > width:
        able = [place for place in range(len(widths)) if widths[place] > least[place]]
        figures = [place for place in able if columns[place].side == "r"]
        if not able:
            break
        widths[max(figures or able, key=lambda place: widths[place])] -= 1
    return widths


def _row(columns: Sequence[_Column], place: int, widths: Sequence[int]) -> list[str]:
    """The lines of one row; 0 is the heads."""
    cells = [
        folded(column.cells[place], width, hanging=" " if column.side == "l" and place else "")
        for column, width in zip(columns, widths, strict=True)
    ]
    sides = [column.side for column in columns]
    lines = zip_longest(*cells, fillvalue="")
    return [GAP.join(map(padded, line, widths, sides)).rstrip() for line in lines] or [""]


def _chart(chart: Chart, width: int) -> list[str]:
    """The axis with both ends and the middle of the scale, and a line for each bar."""
    figures = [figure for bar in chart.bars for figure in _figures(bar)]
    right = max(FIGURE, *(columns_of(bar.figure) for bar in chart.bars))
    columns = width - chart.names - right - 2 * len(GAP)
    low = ROUND * floor(min(figures) / ROUND)
    high = max(ROUND * ceil(max(figures) / ROUND), low + ROUND)

    def column(figure: float) -> int:
        return round((figure - low) / (high - low) * (columns - 1))

    middle = f"{(low + high) / 2:g}"
    axis = f"{low}".ljust((columns - len(middle)) // 2) + middle
    lines = [" " * chart.names + GAP + axis + f"{high}".rjust(columns - len(axis))]
    for bar in chart.bars:
        plot = [" "] * columns
        for place in (0, (columns - 1) // 2, columns - 1):
            plot[place] = "|"
        drawn: set[int] = set()
        for start, end, mark in bar.stretches:
            places = sorted((column(start), column(end)))
            for place in range(places[0], places[1] + 1):
                plot[place] = mark if place not in drawn else bar.overlap or plot[place]
                drawn.add(place)
        for figure, mark in bar.marks:
            plot[column(figure)] = mark
        name = padded(abbreviated(safe_line(bar.name), chart.names), chart.names)
        lines.append(f"{name}{GAP}{''.join(plot)}{GAP}{bar.figure.rjust(right)}")
    return lines


def _figures(bar: Bar) -> Iterable[float]:
    yield from (figure for figure, _ in bar.marks)
    for start, end, _ in bar.stretches:
        yield from (start, end)
