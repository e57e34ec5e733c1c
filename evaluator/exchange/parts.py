"""The XML parts of a workbook, streamed through expat: sizes, extents, and what the cell reader hides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import IO, Protocol
from xml.parsers import expat

MAX_ROWS = 20_000
MAX_COLUMNS = 2_000
MAX_AREA = 600_000
"""Cells of the smallest rectangle around a sheet's content: what the reader allots memory for."""
MAX_MERGED = 20_000
MAX_FORMULA = 2_000
MAX_DEPTH = 100
_CHUNK = 64 * 1024
_TEXT_TYPES = {"str", "inlineStr"}
"""Types of cells whose result may be an empty text."""
_ENCODINGS = {"utf-8", "us-ascii", "ascii"}


class PartError(Exception):
    """A part that may not be read; the message completes the sentence 'it was not opened: ...'."""


class Budget:
    """How many inflated bytes may still be read, whatever the directory claims."""

    def __init__(self, limit: int) -> None:
        self.left = limit

    def take(self, count: int) -> None:
        """Count ``count`` bytes; raises :class:`PartError` once the limit is passed."""
        self.left -= count
        if self.left < 0:
            raise PartError("it unpacks to more than it admits")


class Handler(Protocol):
    """What is done with the elements of a part."""

    listens: bool
    """Whether the text that follows is wanted; may change with every element."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins; ``name`` has no prefix."""

    def text(self, data: str) -> None:
        """A piece of text."""


def scan(stream: IO[bytes], handler: Handler, budget: Budget) -> None:
    """Stream one part through ``handler``.

    Raises:
        PartError: it is no well-formed UTF-8 XML, declares a document type, or nests too deep.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.XmlDeclHandler = _utf8_only
    depth = 0
    prefixed = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, prefixed
        depth += 1
        if depth > MAX_DEPTH:
            raise PartError("a part nests deeper than any spreadsheet program does")
        handler.start(name.rpartition(":")[2] if ":" in name else name, attributes)
        parser.CharacterDataHandler = handler.text if handler.listens else None

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
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

    listens = False

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []
        self.macros = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note a sheet."""
        if name == "sheet":
            relation = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            self.found.append((attributes.get("name", ""), relation))

    def text(self, data: str) -> None:
        """Nothing to note."""


class Relations:
    """``xl/_rels/workbook.xml.rels``: which part a relation leads to."""

    listens = False

    def __init__(self) -> None:
        self.by_id: dict[str, str] = {}
        self.macros = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note a target inside the file; links to elsewhere are never followed."""
        if name != "Relationship" or attributes.get("TargetMode") == "External":
            return
        self.macros |= "vbaproject" in attributes.get("Type", "").lower()
        self.by_id[attributes.get("Id", "")] = attributes.get("Target", "")

    def text(self, data: str) -> None:
        """Nothing to note."""


class SheetPart:
    """A worksheet: how far it reaches, which cells hold no stored value, which rows and columns are hidden.

    Cells are ``(row, column)``, counted from 0. For a part that is no worksheet nothing is noted.
    """

    def __init__(self, *, formulas: bool = False) -> None:
        self.listens = False
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
        self._type = ""
        self._in_formula = False
        self._handlers: dict[str, Callable[[Mapping[str, str]], None]] = {
            "c": self._cell,
            "v": self._value,
            "is": self._value,
            "f": self._formula,
            "row": self._start_row,
            "col": self._columns_of,
            "mergeCell": self._merge,
        }

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note what matters of an element."""
        self._in_formula = self.listens = False
        handler = self._handlers.get(name)
        if handler is not None:
            handler(attributes)

    def text(self, data: str) -> None:
        """Keep the text of a formula; note that one has a result."""
        cell = self._row, self._column
        if self._in_formula:
            self.formulas[cell] = (self.formulas.get(cell, "") + data)[:MAX_FORMULA]
        else:
            self.unstored.discard(cell)

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        number = attributes.get("r")
        self._row = _whole(number) - 1 if number else self._row + 1
        self._column = -1
        if attributes.get("hidden") in {"1", "true"}:
            self.hidden_rows.add(self._row)

    def _cell(self, attributes: Mapping[str, str]) -> None:
        reference = attributes.get("r")
        if reference:
            self._row, self._column = position(reference)
        else:
            self._column += 1
        self._type = attributes.get("t", "n")

    def _value(self, _: Mapping[str, str]) -> None:
        cell = self._row, self._column
        if self._type == "e":
            self.errors.add(cell)
        if self._type in _TEXT_TYPES:
            self.unstored.discard(cell)
        else:
            self.listens = cell in self.unstored  # an empty result is none
        self._extend()

    def _formula(self, _: Mapping[str, str]) -> None:
        cell = self._row, self._column
        self.computed.add(cell)
        self.unstored.add(cell)
        self._in_formula = self.listens = self._keep
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

    def _merge(self, _: Mapping[str, str]) -> None:
        self.merged += 1
        if self.merged > MAX_MERGED:
            raise PartError(f"a sheet has more than {MAX_MERGED:,} merged ranges")

    def _columns_of(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("hidden") in {"1", "true"} and len(self.hidden_columns) < MAX_COLUMNS:
            self.hidden_columns.append((_whole(attributes.get("min", "")) - 1, _whole(attributes.get("max", "")) - 1))


def position(reference: str) -> tuple[int, int]:
    """``C7`` as (6, 2); raises :class:`PartError` for what names no cell."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise PartError("a part of it is damaged")
        column = column * 26 + ord(letter) - 64
    if not letters or len(letters) > 3:  # noqa: PLR2004 - the last column is XFD
        raise PartError("a part of it is damaged")
    return _whole(reference[len(letters) :]) - 1, column - 1


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 8) or int(text) < 1:  # noqa: PLR2004
        raise PartError("a part of it is damaged")
    return int(text)
