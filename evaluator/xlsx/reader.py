"""The only module that reads cells: from an admitted workbook to sheets of plain values."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from evaluator.xlsx.guard import Admitted, RefusedError, admit
from evaluator.xlsx.xml_parts import SheetPart

Value = str | float | bool | date | datetime | time | timedelta
"""What a cell holds; an empty cell holds an empty text, whole numbers come as ``float``."""


@dataclass(slots=True)
class SheetValues:
    """One sheet: rows of values, the same length each, counted from 0."""

    file: str
    name: str
    hidden: bool
    rows: list[list[Any]] = field(repr=False)
    seen: SheetPart = field(repr=False)
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list, repr=False)
    """First and last cell of every merged range; only the first holds its value."""

    def value(self, row: int, column: int) -> Any:
        """The value of a cell; an empty text where there is none."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return ""

    def cell(self, row: int, column: int) -> str:
        """The cell's name for people: ``Airtable!F12``."""
        return f"{self.name}!{address(row, column)}"

    def cells(self) -> Iterator[tuple[int, int, Any]]:
        """Every cell that holds something."""
        for row, values in enumerate(self.rows):
            for column, value in enumerate(values):
                if value != "":
                    yield row, column, value


@lru_cache(1024)
def letters_of(column: int) -> str:
    """The name of a column: ``2`` as C."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """``(6, 2)`` as C7."""
    return f"{letters_of(column)}{row + 1}"


def open_workbook(path: Path, *, formulas: bool = False) -> list[SheetValues]:
    """The sheets of the workbook at ``path``; raises :class:`RefusedError` where it may not be opened."""
    return read(admit(path, formulas=formulas))


def read(admitted: Admitted) -> list[SheetValues]:
    """The sheets of an admitted workbook."""
    try:
        return _read(admitted)
    except RefusedError:
        raise
    except BaseException as error:
        # The reader is native code: what it cannot digest comes as its own error, or as a panic, which
        # is no Exception. Everything else (an interrupt, say) goes its way.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise RefusedError(f"'{admitted.name}' cannot be read; save it again as .xlsx and try again.") from error
        raise


def _read(admitted: Admitted) -> list[SheetValues]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    sheets = []
    with contextlib.closing(CalamineWorkbook.from_filelike(io.BytesIO(admitted.data))) as workbook:
        for meta in workbook.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            seen = admitted.sheets.get(meta.name)
            if seen is None:
                raise RefusedError(f"'{admitted.name}' names its sheets in two ways and was not opened.")
            content = workbook.get_sheet_by_name(meta.name)
            sheet = SheetValues(
                file=admitted.name,
                name=meta.name,
                hidden=meta.visible != SheetVisibleEnum.Visible,
                rows=content.to_python(skip_empty_area=False),
                seen=seen,
                merged=list(content.merged_cell_ranges or ()),
            )
            if _merged_area(sheet) > sum(map(len, sheet.rows)):
                raise RefusedError(
                    f"'{admitted.name}' was not opened: merged ranges of its sheet '{meta.name[:31]}' overlap; unmerge them and try again."
                )
            sheets.append(sheet)
    return sheets


def _merged_area(sheet: SheetValues) -> int:
    """How many cells of the sheet the merged ranges cover, each range by itself: no more than there are, unless two overlap."""
    height, width = len(sheet.rows), max(map(len, sheet.rows), default=0)
    return sum(
        max(0, min(bottom, height - 1) - top + 1) * max(0, min(right, width - 1) - left + 1)
        for (top, left), (bottom, right) in sheet.merged
    )
