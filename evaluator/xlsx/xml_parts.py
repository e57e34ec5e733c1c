"""The XML parts of a workbook, streamed through expat: sizes, extents, and what the cell reader hides."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import IO, Protocol
from xml.parsers import expat

MAX_ROWS = 20_000
MAX_COLUMNS = 2_000
MAX_AREA = 600_000
"""Cells of the smallest rectangle around a sheet's content: what the reader allots memory for."""
MAX_MERGED = 20_000
MAX_FORMULA = 2_000
_CHUNK = 64 * 1024
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})\Z")
_TEXT_TYPES = {"str", "inlineStr"}
"""Types of cells whose result may be an empty text."""
_ENCODINGS = {"utf-8", "us-ascii", "ascii"}


class PartError(Exception):
    """A part that may not be read; the message completes the sentence 'it was not opened: ...'."""


class ReadingBudget:
    """How many inflated bytes may still be read, whatever the directory claims."""

    def __init__(self, limit: int) -> None:
        self.left = limit

    def take(self, count: int) -> None:
        """Count ``count`` bytes; raises :class:`PartError` once the limit is passed."""
        self.left -= count
        if self.left < 0:
            raise PartError("it unpacks to more than it admits")


Element = Callable[[dict[str, str]], None]
"""What is done with the attributes of an element."""


class Handler(Protocol):
    """Something that looks at a part while it is streamed."""

    def attach(self, parser: expat.XMLParserType) -> Mapping[str, Element]:
        """What is done with which elements, by their names without prefix."""


def scan(stream: IO[bytes], handler: Handler, budget: ReadingBudget) -> None:
    """Stream one part through ``handler``.

    Raises:
        PartError: it is no well-formed UTF-8 XML, or declares a document type.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.XmlDeclHandler = _utf8_only
    elements = handler.attach(parser)

    def start(name: str, attributes: dict[str, str]) -> None:
        found = elements.get(name) or (elements.get(name.rpartition(":")[2]) if ":" in name else None)
        if found is not None:
            found(attributes)

    parser.StartElementHandler = start
    try:
        while chunk := stream.read(_CHUNK):
            budget.take(len(chunk))
            parser.Parse(chunk, False)  # noqa: FBT003 - expat takes it by position
        parser.Parse(b"", True)  # noqa: FBT003
    except expat.ExpatError as error:
        raise PartError("a part of it is damaged") from error


def _no_doctype(*_: object) -> None:
    raise PartError("a part of it declares entities, which workbooks never need")


def _utf8_only(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding and encoding.lower() not in _ENCODINGS:
        raise PartError("a part of it is not in UTF-8")


class Sheets:
    """``xl/workbook.xml``: the sheets' names and relations, in order."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []

    def attach(self, _: expat.XMLParserType) -> Mapping[str, Element]:
        """Note every sheet."""
        return {"sheet": self._sheet}

    def _sheet(self, attributes: dict[str, str]) -> None:
        relation = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
        self.found.append((attributes.get("name", ""), relation))


class Relations:
    """``xl/_rels/workbook.xml.rels``: which part a relation leads to."""

    def __init__(self) -> None:
        self.by_id: dict[str, str] = {}
        self.macros = False

    def attach(self, _: expat.XMLParserType) -> Mapping[str, Element]:
        """Note every target inside the file; links to elsewhere are never followed."""
        return {"Relationship": self._relation}

    def _relation(self, attributes: dict[str, str]) -> None:
        if attributes.get("TargetMode") == "External":
            return
        self.macros |= "vbaproject" in attributes.get("Type", "").lower()
        self.by_id[attributes.get("Id", "")] = attributes.get("Target", "")


class SheetPart:
    """A worksheet: how far it reaches, which cells hold no stored value, which rows and columns are hidden.

    Cells are ``(row, column)``, counted from 0. For a part that is no worksheet nothing is noted.
    """

    def __init__(self, *, formulas: bool = False) -> None:
        self._keep = formulas
        self.rows = self.columns = 0
        self.merged = 0
        self.unstored: set[tuple[int, int]] = set()
        """Formulas without a stored result."""
        self.errors: set[tuple[int, int]] = set()
        """Cells whose stored value is an error such as #N/A."""
        self.computed: set[tuple[int, int]] = set()
        """All cells with a formula."""
        self.formulas: dict[tuple[int, int], str] = {}
        self.hidden_rows: set[int] = set()
        self.hidden_columns: list[tuple[int, int]] = []
        self._row, self._column = -1, -1
        self._reference: str | None = None
        """The name of the present cell, read only if the cell holds something: most do not."""
        self._type: str | None = None
        self._parser: expat.XMLParserType

    def unreadable(self, cell: tuple[int, int]) -> bool:
        """Whether a cell holds an error, or a formula without a stored result."""
        return cell in self.errors or cell in self.unstored

    def attach(self, parser: expat.XMLParserType) -> Mapping[str, Element]:
        """Note what matters of a worksheet."""
        self._parser = parser
        return {
            "c": self._cell,
            "v": self._value,
            "is": self._value,
            "f": self._formula,
            "row": self._start_row,
            "col": self._columns_of,
            "mergeCell": self._merge,
        }

    def _take_text(self, take: Callable[[str], None]) -> None:
        """Have the text of the present element taken by ``take``."""
        self._parser.CharacterDataHandler = take
        self._parser.EndElementHandler = self._stop_text

    def _stop_text(self, _: str) -> None:
        self._parser.CharacterDataHandler = self._parser.EndElementHandler = None

    def _add_formula_text(self, data: str) -> None:
        cell = self._place()
        self.formulas[cell] = (self.formulas.get(cell, "") + data)[:MAX_FORMULA]

    def _note_result(self, _: str) -> None:
        self.unstored.discard(self._place())

    def _place(self) -> tuple[int, int]:
        """The present cell."""
        if self._reference is not None:
            self._row, self._column = position(self._reference)
            self._reference = None
        return self._row, self._column

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._place()
        number = attributes.get("r")
        self._row = _whole(number) - 1 if number else self._row + 1
        self._column = -1
        if attributes.get("hidden") in {"1", "true"}:
            self.hidden_rows.add(self._row)

    def _cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._place()
            self._column += 1
        self._reference = reference
        self._type = attributes.get("t")

    def _value(self, _: dict[str, str]) -> None:
        cell = self._place()
        if self._type == "e":
            self.errors.add(cell)
        if self._type in _TEXT_TYPES:
            self.unstored.discard(cell)
        elif cell in self.unstored:
            self._take_text(self._note_result)  # an empty result is none
        self._extend()

    def _formula(self, _: dict[str, str]) -> None:
        cell = self._place()
        self.computed.add(cell)
        self.unstored.add(cell)
        if self._keep:
            self._take_text(self._add_formula_text)
        self._extend()

    def _extend(self) -> None:
        if self._row < self.rows and self._column < self.columns:
            return
        self.rows = max(self.rows, self._row + 1)
        self.columns = max(self.columns, self._column + 1)
        if self.rows > MAX_ROWS:
            raise PartError(f"a sheet has content below row {MAX_ROWS:,}")
        if self.columns > MAX_COLUMNS:
            raise PartError(f"a sheet has content to the right of column {MAX_COLUMNS:,}")
        if self.rows * self.columns > MAX_AREA:
            raise PartError(f"a sheet spans more than {MAX_AREA:,} cells")

    def _merge(self, _: dict[str, str]) -> None:
        self.merged += 1
        if self.merged > MAX_MERGED:
            raise PartError(f"a sheet has more than {MAX_MERGED:,} merged ranges")

    def _columns_of(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in {"1", "true"} and len(self.hidden_columns) < MAX_COLUMNS:
            self.hidden_columns.append((_whole(attributes.get("min", "")) - 1, _whole(attributes.get("max", "")) - 1))


def position(reference: str) -> tuple[int, int]:
    """``C7`` as (6, 2); raises :class:`PartError` for what names no cell."""
    match = _REFERENCE.match(reference)
    if match is None:
        raise PartError("a part of it is damaged")
    letters, number = match.groups()
    return int(number) - 1, _column(letters)


@lru_cache(MAX_COLUMNS)
def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 8) or int(text) < 1:  # noqa: PLR2004
        raise PartError("a part of it is damaged")
    return int(text)
