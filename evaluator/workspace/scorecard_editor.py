"""Changing answers in a scorecard's file without touching the rest of it.

Only the lines of the answers that change are written anew, and inside those comments and the order of keys
stay. What results is read back by the strict reader before it is trusted: a file of an unusual shape is
edited as a whole instead, and one that even then does not say what it should is not written at all.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from evaluator.errors import EvaluatorError
from evaluator.workspace.yaml_positions import Node
from evaluator.workspace.yaml_reader import parse
from evaluator.workspace.yaml_writer import WIDTH, lines_of

_ANSWERS = "answers"
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")


def edited(
    data: bytes, answers: Mapping[str, Mapping[str, Any] | None], head: Mapping[str, str], order: Sequence[str]
) -> bytes:
    """The text of a scorecard with some answers changed.

    Args:
        data: the file as it is, readable by the strict reader.
        answers: criterion -> the whole answer as plain values, or None to take it away.
        head: keys of the scorecard itself with their new text.
        order: criteria in the order in which new answers take their place.

    Raises:
        EvaluatorError: the file cannot be edited without changing more than was asked for.
    """
    document = parse(data, "")
    wanted = expected(document.value, answers, head)
    for attempt in (_spliced, _whole, _rewritten):
        try:
            result = attempt(data, document.places.root, answers, head, order)
        except Exception:  # noqa: BLE001, S112 - whatever an unusual file does to the libraries, the next attempt is made
            continue
        if _holds_exactly(result, wanted):
            return result
    raise EvaluatorError("The scorecard's file has an unusual shape that cannot be edited safely; nothing was written.")


def expected(value: Any, answers: Mapping[str, Mapping[str, Any] | None], head: Mapping[str, str]) -> dict[str, Any]:
    """What the file says after the change, as plain values."""
    after = dict(value[_ANSWERS])
    for key, answer in answers.items():
        if answer is None:
            after.pop(key, None)
        else:
            after[key] = _frozen(answer)
    changed = {**value, **head, _ANSWERS: after}
    return {key: entry for key, entry in changed.items() if entry != "" or key not in head}


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _frozen(entry) for key, entry in value.items()}
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value


def _holds_exactly(data: bytes, wanted: Mapping[str, Any]) -> bool:
    document = parse(data, "")
    return not document.problems and document.value == wanted


def _spliced(
    data: bytes, root: Node, answers: Mapping[str, Any], head: Mapping[str, str], order: Sequence[str]
) -> bytes:
    """Only the lines of what changes are replaced; inside an answer comments stay."""
    return _replaced(data, root, answers, head, order, _block)


def _rewritten(
    data: bytes, root: Node, answers: Mapping[str, Any], head: Mapping[str, str], order: Sequence[str]
) -> bytes:
    """Only the lines of what changes are replaced; the answers that change lose comments inside them."""
    return _replaced(data, root, answers, head, order, lambda _, key, answer, indent: _fresh(key, answer, indent))


def _replaced(
    data: bytes,
    root: Node,
    answers: Mapping[str, Any],
    head: Mapping[str, str],
    order: Sequence[str],
    block_of: Callable[[list[str], str, Mapping[str, Any], int], list[str]],
) -> bytes:
    text = data.decode("utf-8")
    lines, carriage = split_lines(text)
    top = root.keys or {}
    _, _, block = top[_ANSWERS]
    spans = _spans(block, lines, end_of(top, _ANSWERS, lines))
    edits: list[tuple[int, int, list[str]]] = []
    indent = next(iter(block.keys.values()))[1] - 1 if block.keys else 2
    edits += [_top_edit(top, key, value, lines) for key, value in head.items()]
    for key, answer in answers.items():
        if key not in spans:
            continue
        start, end = spans[key]
        edits.append((start, end, block_of(lines[start:end], key, answer, indent) if answer is not None else []))
    edits += _added(answers, spans, order, indent, top, lines)
    if not {**spans, **answers}.keys() - {key for key, answer in answers.items() if answer is None}:
        line = top[_ANSWERS][0] - 1
        edits.append((line, line + 1, [f"{_ANSWERS}: {{}}"]))
    for start, end, new in sorted(edits, key=lambda edit: edit[:2], reverse=True):
        lines[start:end] = [f"{line}{carriage}" for line in new]
    return joined_lines(lines, carriage)


def split_lines(text: str) -> tuple[list[str], str]:
    """The lines of a file without their line feeds, and what stands before a line feed in a new one: a carriage return, or nothing."""
    carriage = "\r" if "\r\n" in text else ""
    lines = text.split("\n")
    lines[-1] += carriage
    return lines, carriage


def joined_lines(lines: Sequence[str], carriage: str) -> bytes:
    """The file of what :func:`split_lines` returned."""
    return "\n".join(lines).removesuffix(carriage).encode("utf-8")


def edited_whole(data: bytes, change: Callable[[Any], None]) -> bytes:
    """The file through the editor as a whole: comments, order and line ends stay, the layout becomes the usual one."""
    text = data.decode("utf-8")
    yaml = editor()
    value = yaml.load(text.replace("\r\n", "\n"))
    change(value)
    stream = io.StringIO()
    yaml.dump(value, stream)
    new = stream.getvalue()
    return (new.replace("\n", "\r\n") if "\r\n" in text else new).encode("utf-8")


def end_of(keys: Mapping[Any, tuple[int, int, Node]], key: str, lines: list[str]) -> int:
    """The line, from 0, at which the entry ``key`` of a mapping ends."""
    start = keys[key][0]
    return min([line - 1 for line, _, _ in keys.values() if line > start], default=len(lines))


def _spans(block: Node, lines: list[str], end: int) -> dict[str, tuple[int, int]]:
    """Criterion -> its first line and the line after its last, from 0, without comments that follow it."""
    starts = {key: line - 1 for key, (line, _, _) in (block.keys or {}).items()}
    ordered = sorted(starts.values())
    spans = {}
    for key, start in starts.items():
        after = next((line for line in ordered if line > start), end)
        spans[key] = (start, trimmed(lines, start, after))
    return spans


def trimmed(lines: list[str], start: int, end: int) -> int:
    """The line at which an entry ends, without blank lines and comments that follow it."""
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return end


def _top_edit(
    top: Mapping[Any, tuple[int, int, Node]], key: str, value: str, lines: list[str]
) -> tuple[int, int, list[str]]:
    new = _lines({key: value}, 0) if value else []
    if key in top:
        start = top[key][0] - 1
        return start, trimmed(lines, start, end_of(top, key, lines)), new
    before = top[_ANSWERS][0] - 1
    return before, before, new


def _added(
    answers: Mapping[str, Any],
    spans: Mapping[str, tuple[int, int]],
    order: Sequence[str],
    indent: int,
    top: Mapping[Any, tuple[int, int, Node]],
    lines: list[str],
) -> list[tuple[int, int, list[str]]]:
    """Where new answers go: after the nearest criterion before them that has an answer, together where they meet."""
    place = {key: number for number, key in enumerate(order)}
    new = sorted((key for key, answer in answers.items() if answer is not None and key not in spans),
                 key=lambda key: (place.get(key, len(order)), key))  # fmt: skip
    groups: dict[int, list[str]] = {}
    start = top[_ANSWERS][0]
    for key in new:
        before = [spans[other][1] for other in spans if place.get(other, -1) < place.get(key, len(order))]
        at = max(before, default=min((span[0] for span in spans.values()), default=start))
        groups.setdefault(at, []).extend(_fresh(key, answers[key], indent))
    edits = [(at, at, text) for at, text in groups.items()]
    if new and not spans:
        # An empty mapping stands in the line of the key itself: it gives way to the first answer.
        line = start - 1
        edits.append((line, trimmed(lines, line, end_of(top, _ANSWERS, lines)), [f"{_ANSWERS}:"]))
    return edits


def _fresh(key: str, answer: Mapping[str, Any], indent: int) -> list[str]:
    return _lines({key: answer}, indent)


def _lines(value: Mapping[str, Any], indent: int) -> list[str]:
    return "\n".join(lines_of(value, indent)).split("\n")


def _block(old: list[str], key: str, answer: Mapping[str, Any], indent: int) -> list[str]:
    """The lines of one answer with some of its values changed."""
    blank = " " * indent
    text = "\n".join(line.removeprefix(blank).removesuffix("\r") for line in old) + "\n"
    yaml = editor()
    value = yaml.load(text)
    _update(value[key], answer)
    stream = io.StringIO()
    yaml.dump(value, stream)
    # The editor leaves a blank at the end of each line of a folded text.
    return [f"{blank}{line}".rstrip() for line in stream.getvalue().rstrip("\n").split("\n")]


def _whole(data: bytes, root: Node, answers: Mapping[str, Any], head: Mapping[str, str], order: Sequence[str]) -> bytes:
    """The file edited as a whole."""
    del root
    place = {key: number for number, key in enumerate(order)}

    def change(value: Any) -> None:
        for key, text in head.items():
            if text:
                value[key] = text
            else:
                value.pop(key, None)
        kept = value[_ANSWERS]
        for key, answer in answers.items():
            if answer is None:
                kept.pop(key, None)
            elif key in kept:
                _update(kept[key], answer)
            else:
                before = [
                    number for number, other in enumerate(kept) if place.get(other, -1) < place.get(key, len(order))
                ]
                kept.insert(max(before, default=-1) + 1, key, _editable(answer))

    return edited_whole(data, change)


def editor() -> Any:
    """The editor of YAML that keeps comments, set to the style of the shipped files."""
    from ruamel.yaml import YAML

    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _update(old: Any, new: Mapping[str, Any]) -> None:
    """Bring an answer as loaded by the editor to ``new``, touching only what differs."""
    for key in [key for key in old if key not in new]:
        del old[key]
    keys = list(new)
    for key, value in new.items():
        if key not in old:
            before = [number for number, other in enumerate(old) if other in keys[: keys.index(key)]]
            old.insert(max(before, default=-1) + 1, key, _editable(value))
        elif isinstance(value, Sequence) and not isinstance(value, str):
            if _plain(old[key]) != _plain(value):
                old[key] = _items(old[key], value)
        elif _plain(old[key]) != _plain(value):
            old[key] = _editable(value)


def _items(old: Sequence[Any], new: Sequence[Any]) -> list[Any]:
    """``new`` for the editor, with the entries of ``old`` that it repeats."""
    known = list(old)
    plain = [_plain(entry) for entry in known]
    return [known[plain.index(_plain(entry))] if _plain(entry) in plain else _editable(entry) for entry in new]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(entry) for entry in value]
    return value if isinstance(value, int) else str(value)


def _editable(value: Any) -> Any:
    """A plain value for the editor: dates as dates, long texts over several lines."""
    from ruamel.yaml.scalarstring import LiteralScalarString

    if isinstance(value, Mapping):
        return {key: _editable(entry) for key, entry in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_editable(entry) for entry in value]
    if not isinstance(value, str):
        return value
    if _DAY.match(value):
        with contextlib.suppress(ValueError):
            return date.fromisoformat(value)
    return LiteralScalarString(value) if "\n" in value else value
