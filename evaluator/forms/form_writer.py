"""Workbooks of forms: how their cells look, names of sheets made fit, identities hidden."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from evaluator.forms.answer_rows import shown
from evaluator.forms.cell_marks import META_SHEET
from evaluator.forms.cell_words import clean
from evaluator.xlsx.writer import SheetWriter, Style, WorkbookWriter

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

_BASE: Style = {"font_name": FONT, "font_size": POINT, "font_color": INK, "valign": "top"}
_STYLES: dict[str, Style] = {
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


class FormWriter(WorkbookWriter):
    """A workbook that people fill in."""

    def __init__(self, created: date) -> None:
        super().__init__({name: {**_BASE, **style} for name, style in _STYLES.items()}, created, clean=shown)
        self._names: set[str] = {META_SHEET.casefold(), "history"}

    def sheet(self, title: str) -> Page:
        """A new sheet for people, its name made fit and unique."""
        plain = _fitting(" ".join(clean(title).translate(_FORBIDDEN).split()), _MAX_NAME) or "Sheet"
        name, number = plain, 1
        while name.casefold() in self._names:
            number += 1
            tail = f" ({number})"
            name = _fitting(plain, _MAX_NAME - len(tail)) + tail
        self._names.add(name.casefold())
        return Page(self, name)

    def identities(self, rows: Iterable[Sequence[str]]) -> None:
        """The hidden sheet of identities."""
        sheet = self.workbook.add_worksheet(META_SHEET)
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
        sheet.very_hidden()


def _fitting(name: str, units: int) -> str:
    """``name`` cut to so many units as spreadsheets count them, where an emoji counts twice."""
    cut = name.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")
    return cut.strip(" '")


class Page(SheetWriter):
    """A sheet of a form."""

    def put(self, row: int, column: int, value: Any, style: str = "text", **changes: Any) -> None:
        """Write one value; an empty text is an empty cell."""
        super().put(row, column, None if value == "" else value, style, **changes)

    def tall(self, first: int, last: int, column: int, value: Any, style: str) -> None:
        """Write one value over several rows."""
        self._merge(first, last, column, style)
        self.put(first, column, value, style)

    def rich(self, first: int, last: int, column: int, pieces: Sequence[tuple[str, str]], style: str) -> None:
        """Write pieces of text, each in a style of its own, over several rows."""
        self._merge(first, last, column, style)
        parts: list[Any] = []
        for name, text in pieces:
            parts += [self.book.style(name), text]
        self.sheet.write_rich_string(first, column, *parts, self.book.style(style))

    def _merge(self, first: int, last: int, column: int, style: str) -> None:
        if last > first:
            self.sheet.merge_range(first, column, last, column, "", self.book.style(style))
