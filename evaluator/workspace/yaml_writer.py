"""Plain values as YAML text in the style of the shipped files; what the strict reader reads back unchanged."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from evaluator.workspace.yaml_scalars import resolve

WIDTH = 110
_PLAIN = re.compile(r"[\w(/$€£.+…–—“‘«][^\n\t]*\Z")
_UNSAFE = re.compile(
    r": |:\Z| #|\A[-?:] |\A---|\A\.\.\.|\s\Z|  |[^\x20-\x7e\xa1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]"
)
"""U+2028 and U+2029 end a line for libyaml, so that an unquoted text would end there or be read as something else."""
_ODD = re.compile(r"[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]")


def dump(value: Mapping[Any, Any]) -> str:
    """``value`` as the text of a YAML file: mappings and lists in block style, dates plain."""
    return "\n".join(lines_of(value)) + "\n"


def lines_of(value: Mapping[Any, Any], indent: int = 0) -> Iterator[str]:
    """The lines of a mapping, indented by ``indent`` blanks."""
    for key, entry in value.items():
        yield from _entry(f"{' ' * indent}{_key(key)}:", entry, indent)


def _key(key: Any) -> str:
    return str(key) if isinstance(key, int) else scalar(str(key), 0, -len(str(key)))  # a key is never folded


def _entry(start: str, entry: Any, indent: int) -> Iterator[str]:
    if isinstance(entry, Mapping) and entry:
        yield start
        yield from lines_of(entry, indent + 2)
    elif isinstance(entry, Sequence) and not isinstance(entry, str) and entry:
        yield start
        for item in entry:
            yield from _item(item, indent + 2)
    else:
        yield f"{start} {_leaf(entry, indent + 2, len(start) + 1)}"


def _item(item: Any, indent: int) -> Iterator[str]:
    if isinstance(item, Mapping) and item:
        first, *rest = lines_of(item, indent + 2)
        yield f"{' ' * indent}- {first.lstrip()}"
        yield from rest
        return
    start = f"{' ' * indent}-"
    if isinstance(item, Sequence) and not isinstance(item, str) and item:
        yield start
        for each in item:
            yield from _item(each, indent + 2)
    else:
        yield f"{start} {_leaf(item, indent + 2, len(start) + 1)}"


def _leaf(value: Any, indent: int, used: int) -> str:
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
    """A text as a scalar: plain where that is safe, over several lines where it is long.

    Args:
        text: the text.
        indent: how far lines after the first are indented.
        used: how many characters of the first line are taken.
    """
    if "\n" in text:
        return _block(text, indent)
    if not _PLAIN.match(text) or _UNSAFE.search(text) or resolve_differs(text):
        return _quoted(text)
    if used + len(text) <= WIDTH:
        return text
    first = textwrap.TextWrapper(
        width=WIDTH, initial_indent=" " * min(used, WIDTH // 2), subsequent_indent=" " * indent,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return "\n".join(first.wrap(text)).lstrip()


def resolve_differs(text: str) -> bool:
    """Whether the unquoted ``text`` would be read as something else than text."""
    try:
        return bool(resolve(text) != text)
    except ValueError:
        return True


def _quoted(text: str) -> str:
    if _ODD.search(text) or any(letter < " " for letter in text):
        return _escaped(text)
    return "'" + text.replace("'", "''") + "'"


def _block(text: str, indent: int) -> str:
    lines = text.split("\n")
    plain = text[0] not in " \t\n" and lines[-1] != "" and all(line == line.rstrip() for line in lines)
    if not plain or _ODD.search(text) or any(letter < " " and letter not in "\n\t" for letter in text):
        return _escaped(text)
    blank = " " * indent
    return "|-\n" + "\n".join(f"{blank}{line}" if line else "" for line in lines)


def _escaped(text: str) -> str:
    return _ODD.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))
