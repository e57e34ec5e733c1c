"""The one style in which the program writes YAML, as the lines of plain values with the remarks that belong to them.

Mappings and lists stand in blocks, indented by two blanks, also below a key. A text stands plain where it is read back as
itself, else in single quotes. One that is longer than its line is folded (``>-``) at :data:`WIDTH`, one with lines of its own
keeps them (``|-``), and what none of these can hold is escaped in double quotes.

What an unquoted word stands for is the YAML 1.2 core schema, minus what no evaluation needs: ``yes``, ``on``, ``12:30`` and dates
stay text, ``012`` is twelve; infinity and not-a-number stay text too.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from evaluator.workspace.yaml_positions import Steps

WIDTH = 110
_PLAIN = re.compile(r"[\w(/$€£.+…–—“‘«][^\n\t]*\Z")
_UNSAFE = re.compile(
    r": |:\Z| #|\A[-?:] |\A---|\A\.\.\.|\s\Z|  |[^\x20-\x7e\xa1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]"
)
"""U+2028 and U+2029 end a line for libyaml, so that an unquoted text would end there or be read as something else."""
_ODD = re.compile(r"[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]")
_BREAK = re.compile(r"(?<=\S) (?=\S)")
"""Where a text can be folded: a line that starts with a blank would keep its line end."""
MAX_DIGITS = 15
"""Longer whole numbers lose their last digits in spreadsheets and in floating point."""

_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_PREFIXED = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_NUMERIC_START = frozenset("0123456789+-.")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(frozen=True, slots=True)
class Remarks:
    """The comments of one entry, each from its ``#`` on; an empty text stands for a blank line."""

    above: tuple[str, ...] = ()
    """On lines of their own before the entry."""
    beside: str = ""
    """At the end of its first line."""
    below: tuple[str, ...] = ()
    """After the last entry inside it, and as far indented."""


_NO_REMARKS = Remarks()


def dump(value: Mapping[Any, Any], remarks: Mapping[Steps, Remarks] | None = None) -> str:
    """``value`` as the text of a YAML file, with remarks by the path of their entry."""
    return "\n".join(lines_of(value, 0, remarks)) + "\n"


def lines_of(
    value: Mapping[Any, Any], indent: int = 0, remarks: Mapping[Steps, Remarks] | None = None, path: Steps = ()
) -> Iterator[str]:
    """The lines of the mapping at ``path``, indented by ``indent`` blanks."""
    known = remarks or {}
    for key, entry in value.items():
        yield from _indented(known.get((*path, key), _NO_REMARKS).above, indent)
        yield from entry_lines(key, entry, indent, known, path)
    yield from _indented(known.get(path, _NO_REMARKS).below, indent)


def entry_lines(
    key: Any, entry: Any, indent: int, remarks: Mapping[Steps, Remarks] | None = None, path: Steps = ()
) -> Iterator[str]:
    """The lines of one entry of the mapping at ``path``, without the remarks above it."""
    return _value_lines(f"{' ' * indent}{_key(key)}:", entry, indent, remarks or {}, (*path, key))


def item_lines(
    item: Any, indent: int, remarks: Mapping[Steps, Remarks] | None = None, path: Steps = ()
) -> Iterator[str]:
    """The lines of one item of a list, itself at ``path``, without the remarks above it; its hyphen is indented by ``indent``."""
    start = f"{' ' * indent}-"
    if isinstance(item, Mapping) and item:
        first, *rest = lines_of(item, indent + 2, remarks, path)
        yield f"{start} {first.lstrip()}"
        yield from rest
    else:
        yield from _value_lines(start, item, indent, remarks or {}, path)


def _value_lines(start: str, value: Any, indent: int, remarks: Mapping[Steps, Remarks], path: Steps) -> Iterator[str]:
    found = remarks.get(path, _NO_REMARKS)
    beside = f"  {found.beside}" if found.beside else ""
    if isinstance(value, Mapping) and value:
        yield f"{start}{beside}"
        yield from lines_of(value, indent + 2, remarks, path)
        return
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        yield f"{start}{beside}"
        for number, item in enumerate(value):
            place = (*path, number)
            yield from _indented(remarks.get(place, _NO_REMARKS).above, indent + 2)
            yield from item_lines(item, indent + 2, remarks, place)
    else:
        first, *rest = leaf(value, indent + 2, len(start) + 1).split("\n")
        yield f"{start} {first}{beside}"
        yield from rest
    yield from _indented(found.below, indent + 2)


def _indented(remarks: Sequence[str], indent: int) -> Iterator[str]:
    for remark in remarks:
        yield f"{' ' * indent}{remark}" if remark else ""


def _key(key: Any) -> str:
    text = str(key)
    if isinstance(key, int):
        return text
    return _escaped(text) if "\n" in text else scalar(text, 0, -len(text) - 2)  # a key is never folded


def leaf(value: Any, indent: int, used: int) -> str:
    """A value that has nothing inside it; see :func:`scalar` for the rest."""
    if isinstance(value, str):
        return scalar(value, indent, used)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{}"
    return repr(value) if isinstance(value, int | float) else "[]"


def scalar(text: str, indent: int, used: int) -> str:
    """A text as a scalar.

    Args:
        text: the text.
        indent: how far lines after the first are indented.
        used: how many characters of the first line are taken.
    """
    if _ODD.search(text) or any(letter < " " and letter not in "\n\t" for letter in text):
        return _escaped(text)
    if "\n" in text:
        return _block(text, indent) or _escaped(text)
    if "\t" in text:
        return _escaped(text)
    is_plain = _PLAIN.match(text) and not _UNSAFE.search(text) and not resolve_differs(text)
    line = text if is_plain else "'" + text.replace("'", "''") + "'"
    is_long = used + len(line) > WIDTH and _BREAK.search(text)
    return (_block(text, indent) if is_long else "") or line


def resolve_differs(text: str) -> bool:
    """Whether the unquoted ``text`` would be read as something else than text."""
    try:
        return bool(resolve(text) != text)
    except ValueError:
        return True


def _block(text: str, indent: int) -> str:
    """The text on lines of its own, folded where one of them is too long; empty where that would change it."""
    lines = text.removesuffix("\n").split("\n")
    if text[0] in " \t\n" or lines[-1] == "" or any(line != line.rstrip() for line in lines):
        return ""
    end = "" if text.endswith("\n") else "-"
    is_wide = "\n" not in text or any(indent + len(line) > WIDTH for line in lines)
    if is_wide and not any(line[:1] in (" ", "\t") for line in lines):
        first, *others = (_fold(line, WIDTH - indent) for line in lines)
        header, lines = f">{end}", first + [line for other in others for line in ("", *other)]
    else:
        header = f"|{end}"
    return "\n".join([header, *(f"{' ' * indent}{line}" if line else "" for line in lines)])


def _fold(line: str, width: int) -> list[str]:
    """The line in parts of at most ``width`` characters where it has blanks; none for an empty one."""
    parts: list[str] = []
    for word in _BREAK.split(line) if line else ():
        if parts and len(parts[-1]) + 1 + len(word) <= width:
            parts[-1] += f" {word}"
        else:
            parts.append(word)
    return parts


def _escaped(text: str) -> str:
    return _ODD.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))


class NumberTooLargeError(ValueError):
    """A number that could not be kept exactly."""


def resolve(text: str) -> Any:
    """The value of an unquoted scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMERIC_START:
        return text
    if _INTEGER.match(text):
        if len(text.lstrip("+-").lstrip("0")) > MAX_DIGITS:
            raise NumberTooLargeError
        return int(text)
    if _PREFIXED.match(text):
        if len(text) - 2 > MAX_DIGITS:
            raise NumberTooLargeError
        return int(text, 0)
    if _FLOAT.match(text):
        number = float(text)
        if not math.isfinite(number):
            raise NumberTooLargeError
        return number
    return text


def resolve_key(text: str) -> str | int:
    """The value of an unquoted key: a whole number where it reads as one, else text."""
    if text[:1] in _NUMERIC_START and len(text) <= MAX_DIGITS and _INTEGER.match(text):
        return int(text)
    return text
