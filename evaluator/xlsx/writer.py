"""The only module that writes workbooks: formats by name, safe text, tables, formulas with their values, rules on inputs.

Every text goes out as text, whatever it begins with; no address becomes a link; the same content gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any, Generic, TypeVar

from evaluator.xlsx.cell_text import clean, count_lines

FIRST_DAY = date(1900, 3, 1)
"""Before it spreadsheets disagree about dates; an earlier day goes out as text."""

ERROR_WORDS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})

ROW_PIXELS = 20
"""Height of a row of one line."""

MOST_LINES = 14
LINE_HEIGHT = 13
"""Points; a row of text never grows beyond ``MOST_LINES`` of these, whatever strangers wrote."""
USUAL_WIDTH = 9.0

Style = Mapping[str, Any]
"""Properties of a format, as the library names them."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A live cell: the formula, and the value that viewers which do not recalculate show.

    In a table, ``[@Score]`` stands for the cell under the heading Score in the same row, ``[Score]`` for the whole column.
    """

    text: str
    value: float | str


@dataclass(frozen=True, slots=True)
class Styled:
    """A value in another style or number format than its column's."""

    value: str | float | Formula
    style: str = ""
    number_format: str = ""


Value = str | int | float | date | Formula | Styled | None
Row = TypeVar("Row")

_REFERENCE = re.compile(r"\[(@?)([^\[\]]+)\]")


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column of a table."""

    header: str
    width: float
    """In digits; 0 where another table of the sheet sets it."""
    style: str
    value: Callable[[Row], Value]
    """What it shows of a row."""
    name: str = ""
    """Its name in formulas, where they refer to it."""


def cell(row: int, column: int) -> str:
    """Return the address of a cell: ``$B$3`` for row 2, column 1."""
    return area(row, column, row, column)


def area(row: int, column: int, last_row: int, last_column: int) -> str:
    """Return the address of a range: ``$B$3:$C$9``; a single cell where both corners agree."""
    from xlsxwriter.utility import xl_range_abs

    return str(xl_range_abs(row, column, last_row, last_column))


class WorkbookWriter:
    """A workbook in the making.

    Args:
        styles: the formats of cells by name.
        created: the day that the document says it was made.
        properties: what else the document says about itself.
        default: properties of cells that have no format.
        clean: what every text passes before it is written.
        fit_rows: whether a row grows to the lines of its wrapped text: not every program does so by itself.
    """

    def __init__(
        self,
        styles: Mapping[str, Style],
        created: date,
        *,
        properties: Mapping[str, str] | None = None,
        default: Style | None = None,
        clean: Callable[[str], str] = clean,
        fit_rows: bool = False,
    ) -> None:
        import xlsxwriter

        self._buffer = BytesIO()
        self.workbook: Any = xlsxwriter.Workbook(
            self._buffer,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_format_properties": dict(default or {}),
            },
        )
        day = datetime(created.year, created.month, created.day)  # noqa: DTZ001 - a day of the calendar
        self.workbook.set_properties({**(properties or {}), "created": day})
        self.clean = clean
        self.sheets: list[SheetWriter] = []
        self._styles = styles
        self._formats: dict[object, Any] = {}
        self.wrapped = frozenset(name for name, style in styles.items() if fit_rows and style.get("text_wrap"))
        self.bold = frozenset(name for name, style in styles.items() if style.get("bold"))

    def style(self, name: str, **changes: Any) -> Any:
        """Return the format ``name``, with changes."""
        key = (name, *sorted(changes.items())) if changes else name
        found = self._formats.get(key)
        if found is None:
            found = self._formats[key] = self.workbook.add_format({**self._styles[name], **changes})
        return found

    def finish(self) -> bytes:
        """Return the finished workbook."""
        for page in self.sheets:
            page.fit_rows()
        self.workbook.close()
        return self._buffer.getvalue()


class SheetWriter:
    """A sheet being written. Rows and columns count from 0; ``sheet`` is the library's own worksheet."""

    def __init__(self, book: WorkbookWriter, name: str) -> None:
        self.book = book
        self.sheet: Any = book.workbook.add_worksheet(name)
        self.name = name
        self._printed = (0, 0)
        self._widths: dict[int, float] = {}
        self._lines: dict[int, int] = {}
        self._fixed: set[int] = set()
        book.sheets.append(self)

    def put(self, row: int, column: int, value: Any, style: str, **changes: Any) -> None:
        """Write one value: text as text, a formula with its value, nothing as an empty cell of that style."""
        if isinstance(value, Styled):
            changes |= {"num_format": value.number_format} if value.number_format else {}
            value, style = value.value, value.style or style
        if isinstance(value, Formula):
            self.formula(row, column, value.text, value.value, style, **changes)
            return
        found = self.book.style(style, **changes)
        if value is None:
            self.sheet.write_blank(row, column, None, found)
        elif isinstance(value, bool):
            self.sheet.write_boolean(row, column, value, found)
        elif isinstance(value, int | float):
            self.sheet.write_number(row, column, value, found)
        elif isinstance(value, date) and value >= FIRST_DAY:
            self.sheet.write_datetime(row, column, value, found)
        else:
            text = self.book.clean(str(value))
            self.sheet.write_string(row, column, text, found)
            self._grow(row, column, text, style)

    def formula(self, row: int, column: int, text: str, value: float | str, style: str, **changes: Any) -> None:
        """Write one of our own formulas, and its value with the present inputs."""
        shown = self.book.clean(value) if isinstance(value, str) else value
        if shown in ERROR_WORDS:
            shown = f"{shown} "  # a name like this would be stored as an error
        self.sheet.write_formula(row, column, text, self.book.style(style, **changes), shown)
        if isinstance(shown, str):
            self._grow(row, column, shown, style)

    def _grow(self, row: int, column: int, text: str, style: str) -> None:
        """Let the row grow to the lines that ``text`` needs."""
        if style not in self.book.wrapped:
            return
        width = self._widths.get(column, USUAL_WIDTH)
        if len(text) < width / 2 and "\n" not in text:
            return
        lines = count_lines(text, width, MOST_LINES, bold=style in self.book.bold)
        if lines > self._lines.get(row, 1):
            self._lines[row] = lines

    def fit_rows(self) -> None:
        """Set the height of rows that hold text of several lines."""
        for row, lines in self._lines.items():
            if row not in self._fixed:
                self.sheet.set_row(row, lines * LINE_HEIGHT + 3)

    def row(self, row: int, column: int, values: Iterable[Value], styles: Sequence[str]) -> None:
        """Write one value per column from ``column`` on, each in its style."""
        for offset, (value, style) in enumerate(zip(values, styles, strict=True)):
            self.put(row, column + offset, value, style)

    def section(self, top: int, title: str, rows: Iterable[Sequence[Value]], styles: Sequence[str]) -> int:
        """Write a title and below it rows, one style per column; returns the last row."""
        self.put(top, 0, title, "section")
        last = top
        for last, values in enumerate(rows, start=top + 1):
            self.row(last, 0, values, styles)
        return last

    def headers(self, row: int, column: int, headers: Iterable[str], style: str = "head") -> None:
        """Write a row of headings."""
        for offset, header in enumerate(headers):
            self.put(row, column + offset, header, style)

    def rows(
        self, top: int, columns: Sequence[Column[Row]], rows: Iterable[Row], left: int = 0, heading: str = "head"
    ) -> int:
        """Write headings in the style ``heading``, rows and the names of columns, from column ``left`` on; returns the last row."""
        self.headers(top, left, [column.header for column in columns], heading)
        rows = list(rows)
        last, end = top + len(rows), top + max(len(rows), 1)
        numbers = {column.header: number for number, column in enumerate(columns, start=left)}

        def resolved(formula: Formula, row: int) -> Formula:
            def address(found: re.Match[str]) -> str:
                number = numbers[found[2]]
                return cell(row, number) if found[1] else area(top + 1, number, end, number)

            return Formula(_REFERENCE.sub(address, formula.text), formula.value)

        for row, found in enumerate(rows, start=top + 1):
            for number, column in enumerate(columns, start=left):
                value = column.value(found)
                self.put(row, number, resolved(value, row) if isinstance(value, Formula) else value, column.style)
        for number, column in enumerate(columns, start=left):
            if column.name:
                self.define(column.name, top + 1, number, end)
        return last

    def sums(self, top: int, last: int, columns: Mapping[int, tuple[float, str]]) -> None:
        """Write the sums of columns below a table, given the row of its headings, its last row, and each sum with its style."""
        for column, (total, style) in columns.items():
            self.formula(last + 1, column, f"SUM({area(top + 1, column, last, column)})", total, style)

    def table(
        self,
        top: int,
        columns: Sequence[Column[Row]],
        rows: Iterable[Row],
        *,
        keep: int,
        printed: int | None = None,
        filtered: bool = True,
    ) -> int:
        """Write the table of a sheet: headings that stay in view and repeat in print, rows, filters; returns the last row.

        Args:
            top: the row of the headings.
            columns: what the table shows.
            rows: what each row shows.
            keep: so many columns stay in view.
            printed: so many columns go on paper, the rest is for the screen; all where left out.
            filtered: whether rows can be filtered.
        """
        self.widths([column.width for column in columns])
        last = self.rows(top, columns, rows)
        right = len(columns) - 1
        if filtered and last > top:
            self.sheet.autofilter(top, 0, last, right)
        self.sheet.freeze_panes(top + 1, keep)
        self.sheet.repeat_rows(top)
        self.print_area(last, right if printed is None else printed - 1)
        self.sheet.ignore_errors({"number_stored_as_text": area(0, 0, last, right).replace("$", "")})
        return last

    def widths(self, widths: Sequence[float]) -> None:
        """Set the widths of columns in digits."""
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
            self._widths[column] = width

    def height(self, row: int, points: float) -> None:
        """Set the height of a row, whatever it holds."""
        self.sheet.set_row(row, points)
        self._fixed.add(row)

    def print_area(self, last_row: int, last_column: int) -> None:
        """Print from the first cell to this one, or further where an earlier call reached further."""
        self._printed = (max(self._printed[0], last_row), max(self._printed[1], last_column))
        self.sheet.print_area(0, 0, *self._printed)

    def define(
        self, name: str, row: int, column: int, last_row: int | None = None, last_column: int | None = None
    ) -> None:
        """Name a cell, the cells below it down to ``last_row``, or a range, for formulas."""
        corner = (row if last_row is None else last_row, column if last_column is None else last_column)
        self.book.workbook.define_name(name, self.reference(row, column, *corner))

    def reference(self, row: int, column: int, last_row: int, last_column: int) -> str:
        """Return a range as another sheet or a chart refers to it."""
        name = self.name.replace("'", "''")
        return f"='{name}'!{area(row, column, last_row, last_column)}"

    def choice(self, cells: Sequence[tuple[int, int, int, int]], options: Mapping[str, Any]) -> None:
        """Set a rule on what may be entered into several ranges."""
        first, *others = cells
        rule = {"other_cells": others, **options} if others else dict(options)
        self.sheet.data_validation(*first, rule)

    def shade(self, cells: tuple[int, int, int, int], formula: str, style: str) -> None:
        """Shade cells for which ``formula`` holds, written for the first cell of the range."""
        rule = {"type": "formula", "criteria": f"={formula}", "format": self.book.style(style)}
        self.sheet.conditional_format(*cells, rule)

    def chart(self, row: int, column: int, chart: Any, *, width: int, height: int, description: str) -> int:
        """Place a chart, with its text for those who cannot see it; returns the last row that it covers."""
        chart.set_size({"width": width, "height": height})
        self.sheet.insert_chart(row, column, chart, {"description": self.book.clean(description), "object_position": 2})
        return row + height // ROW_PIXELS + 1

    def lock(self, **allowed: bool) -> None:
        """Protect the sheet without a password, against slips: only unlocked cells can be typed into, sizes may change."""
        self.sheet.protect("", {"format_columns": True, "format_rows": True, "format_cells": True, **allowed})
