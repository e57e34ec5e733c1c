"""A table that somebody else made: its cells, wherever it comes from, with their names."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evaluator.forms.cell_words import clean, text_of
from evaluator.xlsx.guard import RefusedError, read_bounded
from evaluator.xlsx.reader import SheetValues, address, letters_of, open_workbook
from evaluator.xlsx.xml_parts import MAX_AREA

MAX_CSV = 5_000_000
MAX_NUMBER = 1e12
"""Weights and scores are smaller; what is larger, infinite or no number at all is left unread."""
_NUMBER = re.compile(r"([+-]?\d{1,3}(?:[ '\u00a0\u202f]\d{3})+|[+-]?\d+)?(?:([.,])(\d+))?\s*(%)?\Z")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands in a cell."""

    value: float
    as_text: bool = False
    """Stored as text, which the sums of a spreadsheet leave out."""
    comma: bool = False
    """Written with a decimal comma."""


@dataclass(slots=True)
class Table:
    """Cells by row and column, counted from 0; transposed or not, a cell keeps its name."""

    file: str
    name: str
    rows: list[list[Any]] = field(repr=False)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict, repr=False)
    hidden: list[str] = field(default_factory=list)
    """Names of hidden rows and columns that hold something."""
    transposed: bool = False
    typed: bool = True
    """Whether cells have types; in a text file a number is no worse for being text."""
    width: int = field(init=False)
    """The number of columns."""

    def __post_init__(self) -> None:
        """Count the columns once: a table may have very many rows."""
        self.width = max(map(len, self.rows), default=0)

    def value(self, row: int, column: int) -> Any:
        """The value of a cell; an empty text where there is none."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return ""

    def text(self, row: int, column: int) -> str:
        """A cell as text, where it holds no number."""
        value = self.value(row, column)
        return "" if self.number(row, column) is not None else " ".join(text_of(value).split())

    def number(self, row: int, column: int) -> Number | None:
        """A cell as a number, text that reads as one included."""
        return number_of(self.value(row, column), typed=self.typed)

    def cell(self, row: int, column: int) -> str:
        """The cell's name in the file."""
        place = address(column, row) if self.transposed else address(row, column)
        return f"{self.name}!{place}" if self.name else place

    def formula(self, row: int, column: int) -> str:
        """The text of a cell's formula."""
        return self.formulas.get((column, row) if self.transposed else (row, column), "")

    def transpose(self) -> Table:
        """The table with rows and columns exchanged."""
        rows = [[self.value(row, column) for row in range(len(self.rows))] for column in range(self.width)]
        return Table(self.file, self.name, rows, self.formulas, self.hidden, not self.transposed, self.typed)


def number_of(value: Any, *, typed: bool = True) -> Number | None:
    """The number that a cell holds or spells; percentages as shares of 1."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return Number(float(value)) if abs(value) <= MAX_NUMBER else None  # not a number is not below it either
    if not isinstance(value, str):
        return None
    text = value.strip().strip("\u00a0")
    match = _NUMBER.match(text) if text and len(text) < 40 else None  # noqa: PLR2004 - no number is longer
    if match is None or not (match[1] or match[3]):
        return None
    whole = re.sub(r"[ '\u00a0\u202f]", "", match[1] or "0")
    found = float(f"{whole}.{match[3] or 0}")
    if abs(found) > MAX_NUMBER:
        return None
    return Number(found / 100 if match[4] else found, as_text=typed, comma=match[2] == ",")


def read_table(path: Path, sheet: str | None = None) -> tuple[Table, list[str]]:
    """The table in a workbook or text file, and what was taken for what.

    Args:
        path: an .xlsx or .csv file.
        sheet: the sheet's name; else the first that is not hidden and holds numbers.

    Raises:
        RefusedError: the file cannot be read, or has no such sheet.
    """
    if path.suffix.lower() in {".csv", ".tsv", ".txt"}:
        return _text_file(path)
    sheets = open_workbook(path, formulas=True)
    if sheet is not None:
        chosen = next((found for found in sheets if found.name.casefold() == sheet.casefold()), None)
        if chosen is None:
            names = ", ".join(found.name for found in sheets)
            raise RefusedError(f"'{path.name}' has no sheet '{sheet}'; its sheets are {names}.")
    else:
        chosen = next((found for found in sheets if not found.hidden and _numbers(found)), None)
        if chosen is None:
            raise RefusedError(f"'{path.name}' has no sheet with numbers.")
    others = [found.name for found in sheets if found is not chosen and _numbers(found)]
    said = [f"sheet '{chosen.name}'" + (f"; not read: {', '.join(others)}" if others else "")]
    return _from_sheet(chosen), said


def _numbers(sheet: SheetValues) -> bool:
    return sum(isinstance(value, float) for _, _, value in sheet.cells()) > 1


def _from_sheet(sheet: SheetValues) -> Table:
    rows = [list(row) for row in sheet.rows]
    for (top, left), (bottom, right) in sheet.merged:
        value = sheet.value(top, left)
        for row in rows[top : bottom + 1]:
            row[left : right + 1] = [value if found == "" else found for found in row[left : right + 1]]
    return Table(sheet.file, sheet.name, rows, dict(sheet.seen.formulas), list(_hidden(sheet)))


def _hidden(sheet: SheetValues) -> Iterator[str]:
    for row in sorted(sheet.seen.hidden_rows):
        if row < len(sheet.rows) and any(value != "" for value in sheet.rows[row]):
            yield f"row {row + 1}"
    width = max(map(len, sheet.rows), default=0)
    reached = 0
    for first, last in sorted(sheet.seen.hidden_columns):
        for column in range(max(first, reached), min(last + 1, width)):
            if any(sheet.value(row, column) != "" for row in range(len(sheet.rows))):
                yield f"column {letters_of(column)}"
        reached = max(reached, last + 1)


def _text_file(path: Path) -> tuple[Table, list[str]]:
    data = read_bounded(path, MAX_CSV)
    text, encoding = _decoded(data, path.name)
    delimiter = _delimiter(text)
    try:
        rows: list[list[Any]] = [
            [clean(cell) for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise RefusedError(f"'{path.name}' is no table of text: {error}.") from error
    if len(rows) * max(map(len, rows), default=0) > MAX_AREA:
        raise RefusedError(f"'{path.name}' spans more than {MAX_AREA:,} cells and was not read.")
    name = {";": "semicolons", ",": "commas", "\t": "tabs", "|": "bars"}[delimiter]
    return Table(path.name, "", rows, typed=False), [f"text in {encoding}, columns separated by {name}"]


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    encodings = [("utf-16", "UTF-16")] if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else []
    for encoding, title in [*encodings, ("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252")]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, title
    raise RefusedError(f"'{name}' is not text.")


def _delimiter(text: str) -> str:
    """The delimiter that parts most lines into the same number of columns."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    best, most = ",", 0
    for delimiter in ";\t,|":
        counts = [line.count(delimiter) for line in lines]
        common = max(set(counts), key=counts.count, default=0)
        if common and counts.count(common) * common > most:
            best, most = delimiter, counts.count(common) * common
    return best
