"""Text from strangers, made fit for a spreadsheet: as it was, unless a spreadsheet could not hold it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

MOST_UNITS = 32_767
"""What one cell holds, in UTF-16 units."""

_CUT = "… (cut here: a cell holds no more)"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BREAKS = re.compile(r"\s+")
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FOOTER_MOST = 80
_EXACT = 160
_AVERAGE = 0.95
"""Mean width of a letter in running text, in digits, with what lines lose because words are not broken."""
_BROKEN = 0.75
"""How much of a line a part of an address fills: programs break it where they like."""
_DIGITS_PER_WIDTH, _INDENT, _BOLD, _SPACE, _WIDE = 0.945, 1.3, 1.07, 0.5, 1.8
_WIDTHS = {
    letter: units / 556
    for units, letters in (
        (191, "'"), (222, "ijl"), (260, "|"), (278, " !,./:;I[\\]ft"), (333, "()-`r{}"), (355, '"'), (389, "*"), (469, "^"),
        (500, "Jcksvxyz"), (556, "#$0123456789?L_abdeghnopqu"), (584, "+<=>~"), (611, "FTZ"), (667, "&ABEKPSVXY"),
        (722, "CDHNRUw"), (778, "GOQ"), (833, "Mm"), (889, "%"), (944, "W"), (1015, "@"),
    )
    for letter in letters
}  # fmt: skip
"""Widths of Arial's letters, in digits."""

REPLACEMENT = "\ufffd"


def clean(text: str) -> str:
    """``text`` without what XML or a cell cannot hold.

    Control characters and halves of surrogate pairs become the replacement character; carriage returns become line breaks;
    what is longer than a cell is cut, and says so.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _ILLEGAL.search(text):
        text = _ILLEGAL.sub(REPLACEMENT, text)
    if len(text) > MOST_UNITS // 2 and _units(text) > MOST_UNITS:
        room = 2 * (MOST_UNITS - len(_CUT))
        text = text.encode("utf-16-le")[:room].decode("utf-16-le", errors="ignore") + _CUT
    return text


def _units(text: str) -> int:
    return len(text) + sum(letter > "\uffff" for letter in text)


def one_line(text: str, width: int) -> str:
    """``text`` on one line, cut to ``width`` characters with an ellipsis: for headings, labels and drop-down lists.

    Marks that turn the direction of writing go: in a list of names they would turn the names that follow.
    """
    flat = _BREAKS.sub(" ", _DIRECTIONS.sub("", clean(text[: 4 * width]))).strip()
    return flat if len(flat) <= width and len(text) <= 4 * width else flat[: width - 1].rstrip() + "…"


def labels(names: Mapping[str, str], width: int = 28) -> dict[str, str]:
    """A short name for each id that no other id has, upper and lower case taken as equal: spreadsheets do.

    Where two names agree after shortening, the id takes the place of the name.
    """
    short = {key: one_line(name, width) or key for key, name in names.items()}
    counts: dict[str, int] = {}
    for label in short.values():
        counts[label.casefold()] = counts.get(label.casefold(), 0) + 1
    taken = {label.casefold() for label in short.values() if counts[label.casefold()] == 1}
    return {
        key: label if counts[label.casefold()] == 1 else _free(f"{one_line(label, width - 10)} [{key}]", taken)
        for key, label in short.items()
    }


def _free(label: str, taken: set[str]) -> str:
    """``label``, with a number where it is taken already."""
    candidate, number = label, 2
    while candidate.casefold() in taken:
        candidate, number = f"{label} {number}", number + 1
    taken.add(candidate.casefold())
    return candidate


def count_lines(text: str, width: float, most: int, *, bold: bool = False) -> int:
    """How many lines ``text`` takes in a column of ``width`` digits, at most ``most``; an estimate from the widths of Arial."""
    room = max(width * _DIGITS_PER_WIDTH - _INDENT, 2.0) / (_BOLD if bold else 1.0)
    total = 0
    for paragraph in text[: int(3 * room) * most].split("\n"):
        total += _wrapped(paragraph, room) if len(paragraph) <= _EXACT else math.ceil(len(paragraph) * _AVERAGE / room)
        if total >= most:
            return most
    return max(total, 1)


def _wrapped(paragraph: str, room: float) -> int:
    """Lines of a short paragraph, broken between words; a word of more than a line is broken inside."""
    count, used = 1, 0.0
    for word in paragraph.split(" "):
        size = _digits(word)
        if used and used + _SPACE + size > room:
            count, used = count + 1, 0.0
        while size > room:
            count, size = count + 1, size - _BROKEN * room
        used += size + (_SPACE if used else 0.0)
    return count


def _digits(text: str) -> float:
    """The width of ``text`` in digits."""
    return sum(
        _WIDTHS.get(letter, _WIDE if letter > "\u1100" and not "\u2000" <= letter < "\u2e80" else 1.0)
        for letter in text
    )


def footer(text: str) -> str:
    """``text`` for a page footer, where an ampersand is a command."""
    return one_line(text, _FOOTER_MOST).replace("&", "&&")
