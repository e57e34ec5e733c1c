"""The only module of the forms that writes workbooks: text as text, formats by name, identities hidden."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from evaluator.forms.answer_rows import shown
from evaluator.forms.cell_marks import META_SHEET
from evaluator.forms.cell_words import clean

FONT = "Calibri"
INK = "#1F2933"
QUIET = "#52606D"
BAND = "#243B53"
PALE = "#F0F4F8"
INPUT = "#FFFBE6"
LINE = "#9FB3C8"
POINT = 9
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_MAX_NAME = 31

_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16},
    "heading": {"bold": True, "font_size": 11, "bottom": 1},
    "text": {"text_wrap": True},
    "quiet": {"font_color": QUIET, "text_wrap": True},
    "label": {"font_color": QUIET, "valign": "bottom"},
    "figure": {"bold": True, "align": "left", "valign": "vcenter"},
    "column": {"bold": True, "bg_color": PALE, "text_wrap": True, "border": 1, "border_color": LINE, "valign": "vcenter"},
    "band": {"bold": True, "bg_color": BAND, "font_color": "#FFFFFF", "valign": "vcenter", "font_size": 11},
    "cell": {"text_wrap": True, "border": 1, "border_color": LINE},
    "level": {"bold": True, "border": 1, "border_color": LINE, "align": "center"},
    "note": {"text_wrap": True, "border": 1, "border_color": LINE, "font_color": QUIET},
    # What is typed into a cell formatted as text stays text: no formula, no date, no lost zeros.
    "input": {
        "text_wrap": True, "border": 1, "border_color": LINE, "bg_color": INPUT, "locked": False, "num_format": "@",
    },
    "pick": {
        "border": 1, "border_color": LINE, "bg_color": INPUT, "locked": False,
        "bold": True, "align": "center", "font_size": 12,
    },
    "word": {"border": 1, "border_color": LINE, "bg_color": INPUT, "locked": False, "align": "center"},
    "day": {
        "border": 1, "border_color": LINE, "bg_color": INPUT, "locked": False,
        "align": "center", "num_format": "yyyy-mm-dd",
    },
    "picked": {"bold": True, "bg_color": "#D9E8F6"},
    "bold": {"bold": True},
    "soft": {"font_color": QUIET},
    "plain": {},
}  # fmt: skip


class FormWriter:
    """A workbook being written; :meth:`finish` gives its bytes, the same for the same content."""

    def __init__(self, created: date) -> None:
        import xlsxwriter

        self._stream = io.BytesIO()
        self.workbook: Any = xlsxwriter.Workbook(
            self._stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self.workbook.set_properties({"created": datetime(created.year, created.month, created.day)})  # noqa: DTZ001
        self._formats: dict[tuple[str, tuple[tuple[str, Any], ...]], Any] = {}
        self._names: set[str] = {META_SHEET.casefold(), "history"}

    def style(self, name: str, **changes: Any) -> Any:
        """The format ``name``, with changes."""
        key = name, tuple(sorted(changes.items())) if changes else ()
        if key not in self._formats:
            base = {"font_name": FONT, "font_size": POINT, "font_color": INK, "valign": "top"}
            self._formats[key] = self.workbook.add_format(base | _STYLES[name] | changes)
        return self._formats[key]

    def sheet(self, title: str) -> Page:
        """A new sheet for people, its name made fit and unique."""
        plain = _fitting(" ".join(clean(title).translate(_FORBIDDEN).split()), _MAX_NAME) or "Sheet"
        name, number = plain, 1
        while name.casefold() in self._names:
            number += 1
            tail = f" ({number})"
            name = _fitting(plain, _MAX_NAME - len(tail)) + tail
        self._names.add(name.casefold())
        return Page(self, self.workbook.add_worksheet(name))

    def identities(self, rows: Iterable[Sequence[str]]) -> None:
        """The hidden sheet of identities."""
        page = self.workbook.add_worksheet(META_SHEET)
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                page.write_string(number, column, text)
        page.very_hidden()

    def finish(self) -> bytes:
        """The bytes of the workbook."""
        self.workbook.close()
        return self._stream.getvalue()


def _fitting(name: str, units: int) -> str:
    """``name`` cut to so many units as spreadsheets count them, where an emoji counts twice."""
    cut = name.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")
    return cut.strip(" '")


class Page:
    """A sheet being written. Rows and columns count from 0."""

    def __init__(self, book: FormWriter, sheet: Any) -> None:
        self.book = book
        self.sheet = sheet

    @property
    def name(self) -> str:
        """The sheet's name."""
        return str(self.sheet.get_name())

    def put(self, row: int, column: int, value: Any, style: str = "text", **changes: Any) -> None:
        """Write one value: text as text, whatever it begins with; nothing as an empty cell of that style."""
        found = self.book.style(style, **changes)
        if value is None or value == "":
            self.sheet.write_blank(row, column, None, found)
        elif isinstance(value, date):
            if value.year < 1900:  # noqa: PLR2004 - where the calendar of spreadsheets begins
                self.sheet.write_string(row, column, value.isoformat(), found)
            else:
                self.sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), found)  # noqa: DTZ001
        elif isinstance(value, bool):
            self.sheet.write_boolean(row, column, value, found)
        elif isinstance(value, int | float):
            self.sheet.write_number(row, column, value, found)
        else:
            self.sheet.write_string(row, column, shown(str(value)), found)

    def formula(
        self, row: int, column: int, formula: str, value: float | str, style: str = "plain", **changes: Any
    ) -> None:
        """Write one of our own formulas with its present value, which viewers show that do not compute."""
        self.sheet.write_formula(row, column, formula, self.book.style(style, **changes), value)

    def tall(self, first: int, last: int, column: int, value: Any, style: str) -> None:
        """Write one value over several rows."""
        if last > first:
            self.sheet.merge_range(first, column, last, column, "", self.book.style(style))
        self.put(first, column, value, style)

    def rich(self, first: int, last: int, column: int, pieces: Sequence[tuple[str, str]], style: str) -> None:
        """Write pieces of text, each in a style of its own, over several rows."""
        found = self.book.style(style)
        if last > first:
            self.sheet.merge_range(first, column, last, column, "", found)
        parts: list[Any] = []
        for name, text in pieces:
            parts += [self.book.style(name), text]
        self.sheet.write_rich_string(first, column, *parts, found)

    def choice(self, cells: Sequence[tuple[int, int, int, int]], options: Mapping[str, Any]) -> None:
        """A rule on what may be entered into several ranges."""
        first, *others = cells
        rule = {"other_cells": others, **options} if others else dict(options)
        self.sheet.data_validation(*first, rule)

    def lock(self) -> None:
        """Protect the sheet without a password: only answer cells can be typed into, sizes may change."""
        self.sheet.protect("", {"format_columns": True, "format_rows": True, "format_cells": True})
