"""The only module of the reports that writes workbooks: sheets, tables, formulas with their values, print set-up.

Every text goes out as text, whatever it begins with; no address becomes a link; the same input gives the same bytes.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from evaluator.reports.workbook.cell_text import clean, count_lines, footer
from evaluator.reports.workbook.styles import BOLD, CONDITIONS, LOOKS, WRAPPED

FIRST_DAY = datetime.date(1900, 3, 1)
"""Before it spreadsheets disagree about dates; an earlier day goes out as text."""

ERROR_WORDS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})

ROW_PIXELS = 20
"""Height of a row of one line."""

MOST_LINES = 14
LINE_HEIGHT = 13
"""Points; a row of text never grows beyond ``MOST_LINES`` of these, whatever strangers wrote."""
USUAL_WIDTH = 9.0


@dataclass(frozen=True, slots=True)
class Formula:
    """A live cell: the formula, and the value that viewers which do not recalculate show."""

    text: str
    value: float | str


Value = str | int | float | datetime.date | Formula | None


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column of a table: its heading, its width in digits, and the look of its cells."""

    header: str
    width: float
    look: str = "cell"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the document says about itself."""

    title: str
    organisation: str
    as_of: datetime.date
    digest: str
    version: str


def column_letters(column: int) -> str:
    """``A`` for 0, ``AA`` for 26."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell(row: int, column: int) -> str:
    """``$B$3`` for row 2, column 1."""
    return f"${column_letters(column)}${row + 1}"


def area(row: int, column: int, last_row: int, last_column: int) -> str:
    """``$B$3:$C$9``; a single cell where both corners agree."""
    first, last = cell(row, column), cell(last_row, last_column)
    return first if first == last else f"{first}:{last}"


class WorkbookWriter:
    """A workbook in the making."""

    def __init__(self, facts: Facts) -> None:
        import xlsxwriter

        self._buffer = BytesIO()
        self._book = xlsxwriter.Workbook(
            self._buffer,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_format_properties": {"font_name": "Arial", "font_size": 10},
            },
        )
        self._looks: dict[tuple[str, str], Any] = {}
        self._conditions: dict[str, Any] = {}
        self._sheets: list[SheetWriter] = []
        self.facts = facts
        self._describe(facts)

    def _describe(self, facts: Facts) -> None:
        self._book.set_properties(
            {
                "title": clean(facts.title)[:255],
                "company": clean(facts.organisation)[:255],
                "subject": "Comparison of options",
                "comments": f"As of {facts.as_of}. Data hash {facts.digest}. Evaluator {facts.version}.",
                "created": datetime.datetime.combine(facts.as_of, datetime.time(), datetime.UTC).replace(tzinfo=None),
            }
        )
        self._book.set_custom_property("As of", facts.as_of.isoformat())
        self._book.set_custom_property("Data hash", facts.digest)
        self._book.set_custom_property("Evaluator version", facts.version)
        self._book.set_size(2400, 1500)

    def look(self, name: str, number: str = "") -> Any:
        """The format of a look, with another number format where one is given."""
        found = self._looks.get((name, number))
        if found is None:
            properties = {**LOOKS[name], "num_format": number} if number else LOOKS[name]
            found = self._looks[name, number] = self._book.add_format(properties)
        return found

    def condition(self, name: str) -> Any:
        """The format that a condition adds."""
        if name not in self._conditions:
            self._conditions[name] = self._book.add_format(CONDITIONS[name])
        return self._conditions[name]

    def define(self, name: str, sheet: str, where: str) -> None:
        """Give a cell or range of ``sheet`` a name for formulas."""
        self._book.define_name(name, f"='{sheet}'!{where}")

    def chart(self, options: dict[str, Any]) -> Any:
        """A new chart, to be placed with :meth:`Sheet.chart`."""
        return self._book.add_chart(options)

    def sheet(self, name: str, title: str, explanation: str = "", *, tab: str = "") -> SheetWriter:
        """A new sheet with its title in the first row and one line about it in the second."""
        page = self.bare(name)
        page.set_up(title, explanation, tab)
        return page

    def bare(self, name: str) -> SheetWriter:
        """A new sheet without title, for machines."""
        page = SheetWriter(self, self._book.add_worksheet(name), name)
        self._sheets.append(page)
        return page

    def content(self) -> bytes:
        """The finished workbook."""
        for page in self._sheets:
            page.finish()
        self._book.close()
        return self._buffer.getvalue()


class SheetWriter:
    """One sheet: rows and columns count from 0."""

    def __init__(self, book: WorkbookWriter, page: Any, name: str) -> None:
        self.book = book
        self.name = name
        self._page = page
        self._last = [0, 0]
        self._widths: dict[int, float] = {}
        self._lines: dict[int, int] = {}
        self._fixed: set[int] = set()

    def set_up(self, title: str, explanation: str, tab: str) -> None:
        """Title, explanation, and how the sheet prints."""
        self._page.hide_gridlines(2)
        self.text(0, 0, title, "title")
        self.height(0, 24)
        if explanation:
            self.text(1, 0, explanation, "note")
        if tab:
            self._page.set_tab_color(tab)
        self._page.set_landscape()
        self._page.set_paper(9)
        self._page.fit_to_pages(1, 0)
        self._page.set_margins(0.4, 0.4, 0.5, 0.6)
        facts = self.book.facts
        about = f"As of {facts.as_of}, data {facts.digest[:12]}"
        self._page.set_footer(f"&L&8{footer(facts.title)}&C&8{about}&R&8&A, page &P of &N")

    def text(self, row: int, column: int, text: str, look: str = "cell") -> None:
        """Text, as text."""
        shown = clean(text)
        self._page.write_string(row, column, shown, self.book.look(look))
        if look in WRAPPED:
            self._grow(row, column, shown, look)

    def _grow(self, row: int, column: int, text: str, look: str) -> None:
        """Let the row grow to the lines that ``text`` needs."""
        width = self._widths.get(column, USUAL_WIDTH)
        if len(text) < width / 2 and "\n" not in text:
            return
        lines = count_lines(text, width, MOST_LINES, bold=look in BOLD)
        if lines > self._lines.get(row, 1):
            self._lines[row] = lines

    def finish(self) -> None:
        """Set the height of rows that hold text of several lines: not every program does so by itself."""
        for row, lines in self._lines.items():
            if row not in self._fixed:
                self._page.set_row(row, lines * LINE_HEIGHT + 3)

    def number(self, row: int, column: int, number: float, look: str = "points", shape: str = "") -> None:
        """A number, with another number format than the look's where ``shape`` gives one."""
        self._page.write_number(row, column, number, self.book.look(look, shape))

    def formula(
        self, row: int, column: int, text: str, value: float | str, look: str = "points", shape: str = ""
    ) -> None:
        """A formula without its equals sign, and its value with the official inputs."""
        shown = clean(value) if isinstance(value, str) else value
        if shown in ERROR_WORDS:
            shown = f"{shown} "  # a name like this would be stored as an error
        self._page.write_formula(row, column, f"={text}", self.book.look(look, shape), shown)
        if isinstance(shown, str) and look in WRAPPED:
            self._grow(row, column, shown, look)

    def link(self, row: int, column: int, sheet: str) -> None:
        """A jump to another sheet of this workbook."""
        self._page.write_url(row, column, f"internal:'{sheet}'!A1", self.book.look("link"), sheet)

    def put(self, row: int, column: int, value: Value, look: str = "cell") -> None:
        """A value of any kind."""
        if isinstance(value, str):
            self.text(row, column, value, look)
        elif value is None:
            self._page.write_blank(row, column, None, self.book.look(look))
        elif isinstance(value, Formula):
            self.formula(row, column, value.text, value.value, look)
        elif isinstance(value, datetime.date):
            if value < FIRST_DAY:
                self.text(row, column, value.isoformat(), look)
            else:
                self._page.write_datetime(row, column, value, self.book.look(look))
        else:
            self._page.write_number(row, column, value, self.book.look(look))

    def row(self, row: int, column: int, values: Iterable[Value], looks: Sequence[str]) -> None:
        """One value per column from ``column`` on, each in its look."""
        for offset, (value, look) in enumerate(zip(values, looks, strict=True)):
            self.put(row, column + offset, value, look)

    def headers(self, row: int, column: int, headers: Iterable[str]) -> None:
        """A row of headings."""
        for offset, header in enumerate(headers):
            self.text(row, column + offset, header, "head")

    def table(self, top: int, columns: Sequence[TableColumn], rows: Iterable[Sequence[Value]]) -> int:
        """A table of its own sheet, filterable, its headings frozen and repeated in print; returns its last row."""
        self.widths([column.width for column in columns])
        self.headers(top, 0, [column.header for column in columns])
        looks = [column.look for column in columns]
        row = top
        for values in rows:
            row += 1
            self.row(row, 0, values, looks)
        if row > top:
            self._page.autofilter(top, 0, row, len(columns) - 1)
        self._page.repeat_rows(top)
        self.print_area(row, len(columns) - 1)
        return row

    def widths(self, widths: Sequence[float], first: int = 0) -> None:
        """Column widths in digits, from column ``first`` on."""
        for offset, width in enumerate(widths):
            self._page.set_column(first + offset, first + offset, width)
            self._widths[first + offset] = width

    def height(self, row: int, points: float) -> None:
        """The height of a row."""
        self._page.set_row(row, points)
        self._fixed.add(row)

    def freeze(self, row: int, column: int = 0) -> None:
        """Keep the rows above ``row`` and the columns left of ``column`` in view."""
        self._page.freeze_panes(row, column)

    def repeat(self, row: int, last: int | None = None) -> None:
        """Repeat rows at the top of each printed page."""
        self._page.repeat_rows(row, row if last is None else last)

    def filter(self, row: int, column: int, last_row: int, last_column: int) -> None:
        """Filter buttons over a range."""
        self._page.autofilter(row, column, last_row, last_column)

    def repeat_columns(self, first: int, last: int) -> None:
        """Repeat columns at the left of each printed page, and let the sheet run over several pages."""
        self._page.repeat_columns(first, last)
        self._page.fit_page = False
        self._page.set_print_scale(70)

    def print_area(self, last_row: int, last_column: int) -> None:
        """What is printed: from the first cell to this one, or further where an earlier call reached further."""
        self._last = [max(self._last[0], last_row), max(self._last[1], last_column)]
        self._page.print_area(0, 0, *self._last)

    def print_only(self, last_row: int, last_column: int) -> None:
        """Print from the first cell to this one and no further: the rest is for the screen."""
        self._last = [last_row, last_column]
        self._page.print_area(0, 0, last_row, last_column)

    def choose(self, row: int, column: int, source: str, title: str, message: str) -> None:
        """A drop-down list fed by the named range ``source``."""
        self._page.data_validation(
            row,
            column,
            row,
            column,
            {
                "validate": "list",
                "source": f"={source}",
                "input_title": title,
                "input_message": message,
                "error_title": "Not one of the choices",
                "error_message": "Please take one of the choices in the list.",
            },
        )

    def at_least_zero(self, row: int, column: int, last_row: int, message: str) -> None:
        """Cells that take a number from 0 on."""
        self._page.data_validation(
            row,
            column,
            last_row,
            column,
            {
                "validate": "decimal",
                "criteria": ">=",
                "value": 0,
                "input_title": "What-if weight",
                "input_message": message,
                "error_title": "Not a weight",
                "error_message": "A weight is a number from 0 on.",
            },
        )

    def colour_levels(self, row: int, column: int, last_row: int, last_column: int) -> None:
        """A light colour scale behind numbers."""
        from evaluator.reports.workbook.styles import HIGHEST, LOWEST, MIDDLE

        scale = {"type": "3_color_scale", "min_color": LOWEST, "mid_color": MIDDLE, "max_color": HIGHEST}
        self._page.conditional_format(row, column, last_row, last_column, scale)

    def shade(self, row: int, column: int, last_row: int, last_column: int, formula: str, condition: str) -> None:
        """Shade cells for which ``formula`` holds, written for the first cell of the range."""
        self._page.conditional_format(
            row,
            column,
            last_row,
            last_column,
            {"type": "formula", "criteria": f"={formula}", "format": self.book.condition(condition)},
        )

    def chart(self, row: int, column: int, chart: Any, *, width: int, height: int, description: str) -> int:
        """Place a chart, with its text for those who cannot see it; returns the last row that it covers."""
        chart.set_size({"width": width, "height": height})
        self._page.insert_chart(row, column, chart, {"description": clean(description), "object_position": 2})
        return row + height // ROW_PIXELS + 1

    def protect(self) -> None:
        """Lock everything but the input cells, without a password: against slips, not against people."""
        allowed = {
            "format_columns": True,
            "format_rows": True,
            "format_cells": True,
            "autofilter": True,
            "objects": True,
        }
        self._page.protect("", allowed)

    def text_numbers(self, last_row: int, last_column: int) -> None:
        """Do not mark ids that look like numbers as mistakes."""
        self._page.ignore_errors({"number_stored_as_text": f"A1:{column_letters(last_column)}{last_row + 1}"})

    def hide(self) -> None:
        """Hide the sheet."""
        self._page.hide()

    def activate(self) -> None:
        """Open the workbook on this sheet."""
        self._page.activate()
