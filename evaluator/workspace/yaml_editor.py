"""Small edits of YAML files as text: comments, order and layout of everything else stay as they are.

Each edit is checked by reading the new text: it must hold exactly the old content with the one change. Where it does
not (an unusual layout), nothing is written and the person is told what to write.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from evaluator.errors import EvaluatorError
from evaluator.workspace.yaml_positions import Steps
from evaluator.workspace.yaml_reader import parse
from evaluator.workspace.yaml_writer import lines_of

_DAY = re.compile(r"""(['"]?)\d{4}-\d\d-\d\d\1""")


def entry_lines(entry: Mapping[str, Any], indent: int, newline: str) -> list[str]:
    """``entry`` as an item of a list, its hyphen at column ``indent`` (from 0); what is empty is left out."""
    first, *rest = lines_of(_given(entry), indent + 2)
    return [f"{line}{newline}" for line in (f"{' ' * indent}- {first.lstrip()}", *rest)]


def _given(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if value is not None and value not in ("", ())}


def _newline(line: str) -> str:
    """How ``line`` ends, and so how a line beside it has to."""
    return "\r\n" if line.endswith("\r\n") else "\n"


def with_days(data: bytes, file: str, paths: Sequence[Steps], day: date, before: str = "") -> bytes:
    """The file with ``day`` at each of ``paths``: in place of the date there, or as a new key before its sibling ``before``."""
    document = parse(data, file)
    lines = data.decode("utf-8").splitlines(keepends=True)
    inserts: list[tuple[int, str]] = []
    expected = document.value
    for path in paths:
        if document.places.has(path):
            line, column = document.places.value(path)
            row = lines[line - 1]
            found = _DAY.match(row, column - 1)
            if found:
                lines[line - 1] = f"{row[: found.start()]}{found[1]}{day}{found[1]}{row[found.end() :]}"
        elif before:
            line, column = document.places.key((*path[:-1], before))
            inserts.append((line - 1, f"{' ' * (column - 1)}{path[-1]}: {day}{_newline(lines[line - 1])}"))
        expected = _set(expected, path, day.isoformat())
    for line, text in sorted(inserts, reverse=True):
        lines.insert(line, text)
    return _checked("".join(lines), file, expected, f"write {paths[0][-1]}: {day} there yourself")


def with_entry(data: bytes, file: str, key: str, entry: Mapping[str, Any]) -> bytes:
    """The file with ``entry`` at the end of the list under the top-level ``key``."""
    document = parse(data, file)
    value = document.value or {}
    lines = data.decode("utf-8").splitlines(keepends=True)
    newline = _newline(lines[0]) if lines else "\n"
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += newline
    keys = document.places.root.keys or {}
    if key not in keys:
        lines += [newline, f"{key}:{newline}", *entry_lines(entry, 2, newline)]
    else:
        line, _, node = keys[key]
        if node.items:
            end = min((other for other, _, _ in keys.values() if other > line), default=len(lines) + 1) - 1
            while not lines[end - 1].strip() or lines[end - 1].startswith("#"):
                end -= 1
            first = lines[node.items[0].line - 1]
            lines[end:end] = entry_lines(entry, len(first) - len(first.lstrip()), newline)
        else:
            lines[line - 1 : line] = [f"{key}:{newline}", *entry_lines(entry, 2, newline)]
    plain = {name: _text(item) for name, item in _given(entry).items()}
    expected = (*value.get(key, ()), plain)
    return _checked("".join(lines), file, _set(value, (key,), expected), f"add the entry to {key} yourself")


def _text(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return tuple(value) if isinstance(value, list | tuple) else value


def _checked(text: str, file: str, expected: Any, hint: str) -> bytes:
    """The new text as bytes, if it holds exactly what is expected."""
    new = text.encode("utf-8")
    after = parse(new, file)
    if after.problems or after.value != expected:
        raise EvaluatorError(f"'{file}' is laid out so that it cannot be edited safely; {hint}. Nothing was written.")
    return new


def _set(value: Any, path: Steps, new: Any) -> Any:
    if not path:
        return new
    if isinstance(value, Mapping):
        return {**value, path[0]: _set(value.get(path[0], {}), path[1:], new)}
    if isinstance(value, Sequence) and isinstance(path[0], int):
        return tuple(_set(item, path[1:], new) if place == path[0] else item for place, item in enumerate(value))
    return new
