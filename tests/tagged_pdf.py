"""What a reader that follows the tags of a PDF is told: its blocks in order, and every table cell under its heads.

Text is taken from the marked content that the structure tree points to, decoded by each font's own map to Unicode,
so a figure in a table comes with the caption, the row and the column it stands under.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream

BLOCKS = {
    "/P",
    "/H1",
    "/H2",
    "/H3",
    "/H4",
    "/LI",
    "/LBody",
    "/Lbl",
    "/Caption",
    "/TH",
    "/TD",
    "/Figure",
    "/Div",
    "/Sect",
}
MARGIN = -1


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of text that belongs together; ``text`` of a picture is its alternative text."""

    kind: str
    text: str
    section: str
    """The heading of level 2 above it, without its number."""
    part: str
    """The heading of level 3 above it."""
    caption: str = ""
    column: str = ""
    row: str = ""
    group: str = ""
    """In a table: its caption, the head of the column, the head of the row, and the group of rows."""
    line: tuple[str, ...] = ()
    """In a table: all cells of the row."""
    page: int = 0
    """The page on which it begins, counted from 1."""


class Tagged:
    """The tagged text of a PDF."""

    def __init__(self, reader: PdfReader) -> None:
        self.order = [page.indirect_reference.idnum for page in reader.pages]  # type: ignore[union-attr]
        self.pages = {page.indirect_reference.idnum: _marked(reader, page) for page in reader.pages}  # type: ignore[union-attr]
        self.root: Any = reader.trailer["/Root"]["/StructTreeRoot"]  # type: ignore[index]
        self.drawn: list[str] = []
        """Words inside pictures, for which the alternative text stands."""
        self.told: set[tuple[int | None, int]] = set()
        self.blocks = joined(_Walk(self).document())
        self.margins = [
            " ".join(" ".join(text for number, text in marked.items() if (page, number) not in self.told).split())
            for page, marked in self.pages.items()
        ]
        """By page: what stands on it and is no part of the reading order."""

    def pieces(self, element: Any, page: int | None = None) -> Iterator[tuple[str, Any, int | None]]:
        """The children of ``element`` in order: ``text`` with what is said, or ``element``; and the page they are on."""
        page = element.raw_get("/Pg").idnum if "/Pg" in element else page
        found = element.get("/K", [])
        found = found.get_object() if hasattr(found, "get_object") else found
        for item in found if isinstance(found, list) else [found]:
            child = item.get_object()
            if isinstance(child, int):
                yield "text", self._marked(page, child), page
            elif child.get("/Type") == "/MCR":
                where = child.raw_get("/Pg").idnum if "/Pg" in child else page
                yield "text", self._marked(where, int(child["/MCID"])), where
            elif "/S" in child:
                yield "element", child, page

    def _marked(self, page: int | None, number: int) -> str:
        self.told.add((page, number))
        return self.pages[page].get(number, "") if page is not None else ""

    def text(self, element: Any, page: int | None = None) -> str:
        """Everything below ``element``, blanks made alike; a picture gives its alternative text."""
        return " ".join(" ".join(self._said(element, page)).split())

    def _said(self, element: Any, page: int | None) -> Iterator[str]:
        if element.get("/S") == "/Figure":
            yield f"[{element.get('/Alt', '')}]"
            drawn = [item for way, item, _ in self.pieces(element, page) if way == "text"]
            self.drawn += [word for text in drawn for word in text.split()]
            return
        for kind, item, where in self.pieces(element, page):
            if kind == "text":
                yield item
            else:
                yield from self._said(item, where)


def joined(blocks: Iterable[Block]) -> list[Block]:
    """``blocks`` with what a new page cut apart in the middle of a sentence as one again."""
    found: list[Block] = []
    for block in blocks:
        before = found[-1] if found else None
        cut = before and before.kind == block.kind in {"/P", "/LBody"} and 0 < before.page < block.page
        begun = block.text[:1].isupper() or re.fullmatch(r"(level )?\d+|unknown|•", block.text)
        if before and cut and not begun and not before.text.endswith((".", "!", "?")):
            found[-1] = replace(before, text=f"{before.text} {block.text}")
        else:
            found.append(block)
    return found


class _Walk:
    """One pass through the structure tree, with the headings that are in force."""

    def __init__(self, tagged: Tagged) -> None:
        self.tagged = tagged
        self.section = self.part = ""
        self.last: tuple[str, list[str], str, str] = ("", [], "", "")

    def document(self) -> Iterator[Block]:
        for top in self.tagged.root["/K"]:
            yield from self.below(top.get_object())

    def below(self, element: Any, page: int | None = None) -> Iterator[Block]:
        kind = str(element["/S"])
        if kind == "/Table":
            yield from self.table(element, page)
            return
        children = list(self.tagged.pieces(element, page))
        inner = [item for way, item, _ in children if way == "element" and self.has_block(item)]
        if kind in BLOCKS and not inner:
            text = self.tagged.text(element, page)
            if kind == "/H2":
                self.section, self.part = re.sub(r"^(\d+|[A-Z]) ", "", text), ""
            elif kind == "/H3":
                self.part = text
            yield Block(kind, text, self.section, self.part, page=self.at(element, page))
            return
        loose = []
        for way, item, where in children:
            if way == "text":
                loose.append(item)
            elif self.has_block(item):
                if "".join(loose).strip():
                    yield Block(kind, " ".join(" ".join(loose).split()), self.section, self.part)
                loose = []
                yield from self.below(item, where)
            else:
                loose.append(self.tagged.text(item, where))
        if "".join(loose).strip():
            yield Block(kind, " ".join(" ".join(loose).split()), self.section, self.part)

    def at(self, element: Any, page: int | None) -> int:
        """The number of the page that ``element`` begins on."""
        found = element.raw_get("/Pg").idnum if "/Pg" in element else page
        return self.tagged.order.index(found) + 1 if found in self.tagged.order else 0

    def has_block(self, element: Any) -> bool:
        if str(element["/S"]) in BLOCKS | {"/Table"}:
            return True
        return any(way == "element" and self.has_block(item) for way, item, _ in self.tagged.pieces(element, None))

    def table(self, element: Any, page: int | None) -> Iterator[Block]:
        """The cells of one table; a table that goes on from the page before keeps its caption, group and row."""
        caption, heads, group, named = "", [], "", ""
        for _, part, where in self.tagged.pieces(element, page):
            name = str(part["/S"])
            if name == "/Caption":
                caption = self.tagged.text(part, where)
                yield Block("/Caption", caption, self.section, self.part, caption, page=self.at(part, where))
                continue
            for _, row, place in self.tagged.pieces(part, where):
                cells = [(cell, self.tagged.text(cell, at)) for _, cell, at in self.tagged.pieces(row, place)]
                if name == "/THead":
                    heads = [text for _, text in cells]
                    if not caption and heads == self.last[1]:
                        caption, _, group, named = self.last
                    continue
                if len(cells) == 1 and len(heads) > 1:
                    group = cells[0][1]
                    yield Block("/TH", group, self.section, self.part, caption, "", "", group)
                    continue
                named = next((text for cell, text in cells if cell["/S"] == "/TH" and text), named)
                for head, (cell, text) in zip(heads, cells, strict=False):
                    line = tuple(said for _, said in cells)
                    yield Block(str(cell["/S"]), text, self.section, self.part, caption, head, named, group, line)
        self.last = (caption, heads, group, named)


def _marked(reader: PdfReader, page: Any) -> dict[int, str]:
    """The text of every piece of marked content of ``page``, by its number; what bears none is under ``MARGIN``."""
    fonts = {name: _unicode(font.get_object()) for name, font in page["/Resources"].get("/Font", {}).items()}
    found: dict[int, list[str]] = {}
    open_marks: list[int | None] = []
    font: dict[int, str] = {}
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator in {b"BDC", b"BMC"}:
            properties = operands[1] if len(operands) > 1 else {}
            number = properties.get("/MCID") if hasattr(properties, "get") else None
            open_marks.append(None if number is None else int(number))
        elif operator == b"EMC":
            open_marks.pop()
        elif operator == b"Tf":
            font = fonts[operands[0]]
        elif operator in {b"Tj", b"TJ"}:
            where = next((mark for mark in reversed(open_marks) if mark is not None), MARGIN)
            strings = operands[0] if operator == b"TJ" else [operands[0]]
            found.setdefault(where, []).append("".join(_decoded(item, font) for item in strings))
    return {number: " ".join(parts) for number, parts in found.items()}


def _decoded(item: Any, font: dict[int, str]) -> str:
    if not isinstance(item, str | bytes):
        return ""  # a number moves the pen
    raw: Any = getattr(item, "original_bytes", item)
    return "".join(font.get(int.from_bytes(raw[place : place + 2], "big"), "") for place in range(0, len(raw), 2))


def _unicode(font: Any) -> dict[int, str]:
    """The map from glyph number to text of a font with two bytes to a glyph."""
    table: dict[int, str] = {}
    text = font["/ToUnicode"].get_data().decode("latin-1")
    for body in re.findall(r"beginbfchar(.*?)endbfchar", text, re.DOTALL):
        for code, meant in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]*)>", body):
            table[int(code, 16)] = bytes.fromhex(meant).decode("utf-16-be")
    return table
