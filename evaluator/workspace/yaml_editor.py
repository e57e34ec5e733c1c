"""Edits of YAML files: set, add and remove at a path, in the lines that the edit is about and no others.

The edits make up the value that the file shall hold. Where it differs from what the file holds, lines are replaced, from the
places that the strict reader gives, in the style of :mod:`evaluator.workspace.yaml_writer`; every other line stays to the letter,
with its comments, quotes and line end. A collection in brackets in which something changes is put on lines of its own, comments
included. The new text is then read, and returned only if it holds what was meant.

ruamel.yaml, which keeps comments through a round trip, was not taken for this: it writes the whole file anew and so folds long
texts that nobody touched, loses the alignment and the line ends of others, and reads by other rules than the program does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from evaluator.errors import ContentError, EvaluatorError, quoted
from evaluator.workspace.yaml_format import HEADER, comments_of, lift_first, remarks_of
from evaluator.workspace.yaml_positions import Node, Steps, last_line
from evaluator.workspace.yaml_reader import YamlDocument, parse
from evaluator.workspace.yaml_writer import Remarks, entry_lines, item_lines, leaf, lines_of

_WORD = re.compile(r"\w+")
_ALIKE = 0.6
"""From this share of common words on, an item of a list is taken for a changed one and not for a new one."""
_MOST_COMPARED = 10_000
"""Pairs of items that are compared word by word; with more of them, each item that differs counts as new."""


class _Edit(NamedTuple):
    """Lines in place of those from ``start`` up to ``end``, both from 0."""

    start: int
    end: int
    lines: Sequence[str]


class _Entry(NamedTuple):
    """An entry of a mapping or an item of a list in the text; lines and columns count from 1."""

    path: Steps
    value: Any
    node: Node
    line: int
    column: int
    """Of its key, or its hyphen."""
    last: int
    """Its last line."""
    is_item: bool = False


class _UnusualError(Exception):
    """What is around the place of an edit cannot stay as it is laid out."""


class YamlEditor:
    """One YAML file under edit; :meth:`text` returns the file as edited."""

    def __init__(self, data: bytes, file: str, document: YamlDocument | None = None) -> None:
        """Start from the text ``data`` of ``file``, and from its ``document`` where it was read already.

        Raises:
            ContentError: the file cannot be read; carries what is wrong with it.
        """
        self._file = file
        self._start(data, document or parse(data, file))
        if self.document.problems:
            raise ContentError(f"{quoted(file)} has errors; nothing was written.", self.document.problems)
        self._value = self.document.value
        self._above: dict[Steps, str] = {}

    def _start(self, data: bytes, document: YamlDocument) -> None:
        self._data = data
        self.document = document
        """What the file holds: as it was found, and after :meth:`text` as it was read back."""
        text = data.decode("utf-8", "replace")
        self._end = "\r" if "\r\n" in text else ""
        self._lines = text.split("\n")
        if self._lines[-1]:
            self._lines[-1:] = [f"{self._lines[-1]}{self._end}", ""]

    @property
    def value(self) -> Any:
        """What the file holds after the edits so far."""
        return self._value

    def set(self, path: Steps, value: Any, *, before: str = "", order: Sequence[str] = (), remark: str = "") -> None:
        """Give the entry at ``path`` a value.

        Args:
            path: leads to an entry, or to a new key of a mapping.
            value: plain values, in lists and mappings.
            before: the key before which a new one stands.
            order: keys in the order in which a new one takes its place; where that tells nothing, it comes last.
            remark: a comment above a new key.
        """

        def changed(inside: Any, step: Any) -> Any:
            if isinstance(inside, Mapping) and step not in inside:
                keys = list(inside)
                keys.insert(_place(keys, step, before, order), step)
                self._above[path] = remark
                return {key: _plain(value) if key == step else inside[key] for key in keys}
            return _replaced(inside, step, (_plain(value),))

        self._value = _with(self._value, path, changed)

    def add(self, path: Steps, item: Any) -> None:
        """Add an item to the end of the list at ``path``, which is made where there is none."""

        def changed(inside: Any, step: Any) -> Any:
            before = inside.get(step) if isinstance(inside, Mapping) else inside[step]
            return _replaced(inside, step, ((*(before or ()), _plain(item)),))

        self._value = _with(self._value, path, changed)

    def remove(self, path: Steps) -> None:
        """Remove the entry at ``path``, if there is one; comments above it stay."""
        self._value = _with(self._value, path, lambda inside, step: _replaced(inside, step, ()))

    def text(self) -> bytes:
        """Return the file as edited; the very same where nothing changed.

        Raises:
            EvaluatorError: it is not read back as it was meant.
        """
        old = self.document.value
        if _is_same(self._value, old):
            return self._data
        root = _Entry((), old, self.document.places.root, 1, 1, len(self._lines))
        try:
            edits = list(self._block(root, self._value))
        except _UnusualError:
            edits = [_Edit(0, len(self._lines) - 1, self._relaid(root, self._value))]
        new = "\n".join(self._spliced(0, len(self._lines), edits))
        try:
            data = new.encode("utf-8")
        except UnicodeEncodeError:
            data = b""
        after = parse(data, self._file)
        if after.problems or not _is_same(after.value, self._value) or self._has_lost_comments(new, after):
            raise EvaluatorError(
                f"{quoted(self._file)} cannot be edited safely, because of its layout or of a character in the new text; nothing was "
                "written. Try again after `evaluator format`."
            )
        self._start(data, after)
        return data

    def _has_lost_comments(self, new: str, after: YamlDocument) -> bool:
        """Whether a comment is gone that stood neither beside nor inside a value that was removed or replaced."""
        root = self.document.places.root
        free = set(self._lines_of_gone(root, self.document.value, after.value))
        before = comments_of("\n".join(self._lines), root)
        wanted = Counter(comment for line, comment in before.items() if line not in free)
        return bool(wanted - Counter(comments_of(new, after.places.root).values()))

    def _lines_of_gone(self, node: Node, old: Any, new: Any) -> Iterator[int]:
        """The lines of the values that were removed or replaced."""
        if _is_same(old, new):
            return
        is_same_kind = isinstance(old, Mapping) == isinstance(new, Mapping)
        if not (is_same_kind and _steps(old) and _steps(new)):
            yield from range(node.line, last_line(node, self._lines) + 1)
            return
        origins = _origins(old, new)
        places = {number: step for number, step in zip(origins, _steps(new), strict=True) if number is not None}
        entries = [(line, inner) for line, _, inner in (node.keys or {}).values()]
        entries += [(self._hyphen_line(node, item, 1), item) for item in node.items or ()]
        for number, ((line, inner), step) in enumerate(zip(entries, _steps(old), strict=True)):
            if number in places:
                yield from self._lines_of_gone(inner, old[step], new[places[number]])
            else:
                yield from range(line, last_line(inner, self._lines) + 1)

    def _spliced(self, start: int, end: int, edits: Sequence[_Edit]) -> list[str]:
        """The lines from ``start`` to ``end`` with edits of them made."""
        lines: list[str] = []
        for edit in sorted(edits, key=lambda edit: edit[:2]):
            lines += self._lines[start : edit.start]
            lines += [f"{line}{self._end}" for line in edit.lines]
            start = edit.end
        return [*lines, *self._lines[start:end]]

    def _block(self, entry: _Entry, new: Mapping[Any, Any] | Sequence[Any]) -> Iterator[_Edit]:
        """What changes inside a mapping or a list that has entries before and after."""
        inside = list(self._entries(entry))
        origins = _origins(entry.value, new)
        kept = [number for number in origins if number is not None]
        if entry.node.end is not None or not kept:
            raise _UnusualError
        if not isinstance(new, Mapping) and kept != sorted(kept):
            yield self._rearranged(inside, origins, new)
            return
        first, last = inside[0], max(each.last for each in inside)
        if not first.is_item and (0 not in kept or origins[0] is None) and self._before(first).strip():
            raise _UnusualError  # the first entry of the mapping stands behind a hyphen
        at, added = self._first_line(first), list[str]()
        for step, number in zip(_steps(new), origins, strict=True):
            if number is None:
                added += self._new_entry((*entry.path, step), new[step], first)
                continue
            yield _Edit(at, at, added)
            at, added = inside[number].last, []
            yield from self._changed(inside[number], new[step])
        if at == last and added:
            at = self._end_of_comments(at, first.column)
            added = added if entry.path else ["", *added]
        yield _Edit(at, at, added)
        for number in set(range(len(inside))) - set(kept):
            yield _Edit(inside[number].line - 1, inside[number].last, ())

    def _entries(self, entry: _Entry) -> Iterator[_Entry]:
        """The entries of a mapping or list in the text; the line of an item is that of its hyphen."""
        for key, (line, column, node) in (entry.node.keys or {}).items():
            last = last_line(node, self._lines)
            yield _Entry((*entry.path, key), entry.value[key], node, line, column, last)
        column, last = entry.node.column, 0
        for number, node in enumerate(entry.node.items or ()):
            line = self._hyphen_line(entry.node, node, last)
            if line == last or self._lines[line - 1][: column - 1].strip():
                raise _UnusualError
            last = last_line(node, self._lines)
            yield _Entry((*entry.path, number), entry.value[number], node, line, column, last, is_item=True)

    def _hyphen_line(self, node: Node, item: Node, least: int) -> int:
        """The line, from 1, of the hyphen of an item of the list ``node``, at least ``least``; of its value in brackets."""
        line = item.line
        while node.end is None and line > least and not self._lines[line - 1].startswith("-", node.column - 1):
            line -= 1
        return line

    def _new_entry(self, path: Steps, value: Any, beside: _Entry) -> list[str]:
        """The lines of an entry that is new in the same mapping or list as ``beside``."""
        indent = beside.column - 1
        if beside.is_item:
            return list(item_lines(value, indent))
        remark = [f"{' ' * indent}# {self._above[path]}"] if self._above.get(path) else []
        return [*remark, *entry_lines(path[-1], value, indent)]

    def _rearranged(self, inside: Sequence[_Entry], origins: Sequence[int | None], new: Sequence[Any]) -> _Edit:
        """The items of a list in another order, each with what stands above it."""
        starts = [self._first_line(inside[0]), *(entry.last for entry in inside)]
        lines: list[str] = []
        for item, number in zip(new, origins, strict=True):
            if number is None:
                lines += item_lines(item, inside[0].column - 1)
            else:
                edits = self._changed(inside[number], item)
                lines += [line.removesuffix("\r") for line in self._spliced(starts[number], inside[number].last, edits)]
        for number in sorted(set(range(len(inside))) - set(origins)):
            above = [line.removesuffix("\r") for line in self._lines[starts[number] : inside[number].line - 1]]
            lines += [line for line in above if line.strip()]
        return _Edit(starts[0], starts[-1], lines)

    def _changed(self, entry: _Entry, new: Any) -> list[_Edit]:
        """What changes in an entry that stays."""
        old = entry.value
        if _is_same(old, new):
            return []
        try:
            if _steps(old) and _steps(new) and isinstance(new, type(old)):
                return list(self._block(entry, new))
            if not _steps(old) and not _steps(new):
                return [self._leaf(entry, new)]
        except _UnusualError:
            pass
        first, *rest = self._relaid(entry, new)
        return [_Edit(entry.line - 1, entry.last, [f"{self._before(entry)}{first.lstrip()}", *rest])]

    def _leaf(self, entry: _Entry, new: Any) -> _Edit:
        """A value without anything inside it in place of another; what stands before and behind it in its lines stays."""
        line, column = entry.node.line, entry.node.column
        row = self._lines[line - 1].removesuffix("\r")
        if line != entry.line or entry.node.end is None:
            raise _UnusualError
        if header := HEADER.match(row, column - 1):
            behind = row[header.end() :]
        else:
            behind = self._lines[entry.last - 1].removesuffix("\r")[entry.node.end[1] - 1 :]
        before = row[: column - 1]
        if not before.endswith(" "):
            before += " "
        first, *rest = leaf(new, entry.column + 1, len(before)).split("\n")
        return _Edit(line - 1, entry.last, [f"{before}{first}{behind}".rstrip(), *rest])

    def _relaid(self, entry: _Entry, new: Any) -> list[str]:
        """The lines of an entry written anew, with the comments inside it."""
        if not entry.path:
            remarks = remarks_of("\n".join(self._lines), entry.node)
            if not isinstance(new, Mapping):
                return []
            return list(lines_of(new, 0, _carried(remarks, self.document.value, new) | self._new_remarks(())))
        step = 0 if entry.is_item else entry.path[-1]
        alone = Node(entry.line, entry.column, None if entry.is_item else {step: (entry.line, entry.column, entry.node)},
                     [entry.node] if entry.is_item else None)  # fmt: skip
        remarks = remarks_of("\n".join(self._lines), alone, entry.line, entry.last)
        remarks = _carried(remarks, entry.value, new, (step,), (step,))
        remarks |= {(step, *path): remark for path, remark in self._new_remarks(entry.path).items()}
        own = remarks[step,]
        indent = entry.column - 1
        if not entry.is_item:
            remarks[step,] = replace(own, below=(*filter(None, own.above), *own.below))
            return list(entry_lines(step, new, indent, remarks))
        above = [f"{' ' * indent}{text}" for text in own.above if text]
        return [*above, *item_lines(new, indent, remarks, (step,))]

    def _new_remarks(self, path: Steps) -> dict[Steps, Remarks]:
        """The remarks above new keys inside the entry at ``path``, by the rest of their path."""
        depth = len(path)
        return {
            key[depth:]: Remarks((f"# {text}",)) for key, text in self._above.items() if text and key[:depth] == path
        }

    def _before(self, entry: _Entry) -> str:
        """What stands in the line of an entry before it: blanks, and perhaps a hyphen."""
        return self._lines[entry.line - 1][: entry.column - 1]

    def _first_line(self, entry: _Entry) -> int:
        """Where something new goes that is to stand before the first entry of a block, from 0: above the comment on that entry."""
        line = entry.line - 1
        while len(entry.path) > 1 and self._lines[line - 1].lstrip().startswith("#"):
            line -= 1
        return line

    def _end_of_comments(self, line: int, column: int) -> int:
        """The line, from 0, after the comments that follow a block, further right than ``column``."""
        while (
            line < len(self._lines)
            and self._lines[line].lstrip().startswith("#")
            and self._lines[line].startswith(" " * column)
        ):
            line += 1
        return line


def _place(keys: Sequence[Any], key: str, before: str, order: Sequence[str]) -> int:
    """Where among ``keys`` a new one takes its place."""
    if before in keys:
        return keys.index(before)
    if key not in order:
        return len(keys)
    earlier = set(order[: order.index(key)])
    return max((place for place, each in enumerate(keys, 1) if each in earlier), default=0)


def _with(value: Any, path: Steps, change: Callable[[Any, Any], Any]) -> Any:
    """``value`` with the collection that holds the entry at ``path`` changed."""
    step, *rest = path
    if not rest:
        return change(value, step)
    inside = value.get(step, {}) if isinstance(value, Mapping) else value[step]
    return _replaced(value, step, (_with(inside, tuple(rest), change),))


def _replaced(value: Any, step: Any, new: Sequence[Any]) -> Any:
    """A mapping or list with ``new``, one value or none, in place of its entry ``step``."""
    if isinstance(value, Mapping):
        rest = {key: entry for key, entry in value.items() if key != step or new}
        return {**rest, step: new[0]} if new else rest
    return (*value[:step], *new, *value[step + 1 :])


def _plain(value: Any) -> Any:
    """``value`` as the reader gives it: lists as tuples, dates as texts."""
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return tuple(map(_plain, value))
    return value.isoformat() if isinstance(value, date) else value


def _is_same(one: Any, other: Any) -> bool:
    """Whether two values are written alike, which ``==`` does not tell of 1, 1.0 and True; the order of keys does not count."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_is_same(value, other[key]) for key, value in one.items())
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_is_same, one, other))
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    return repr(one) == repr(other)


def _steps(value: Any) -> Sequence[Any]:
    """The keys of a mapping, the places of a list; none of any other value."""
    if isinstance(value, Mapping):
        return list(value)
    return range(len(value)) if isinstance(value, tuple) else ()


def _origins(old: Any, new: Any) -> list[int | None]:
    """For each entry of ``new`` the number of the entry of ``old`` that it comes from; None for a new one.

    In a mapping that is the one of the same key. In a list it is the first of these that no other item comes from: an item with
    the same content; the mapping with the same id or, without ids, in the same place; what :func:`_pair_changed` finds.
    """
    if isinstance(new, Mapping):
        places = {key: number for number, key in enumerate(old)}
        return [places.get(key) for key in new]
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    found: list[int | None] = [*range(same), *(None for _ in new[same:])]
    for key_of in (lambda _, item: repr(item), _origin_key):
        free: dict[Any, list[int]] = {}
        for number in sorted(set(range(len(old))) - set(found), reverse=True):
            free.setdefault(key_of(number, old[number]), []).append(number)
        free.pop(None, None)
        for place in range(same, len(new)):
            if found[place] is None and (numbers := free.get(key_of(place, new[place]))):
                found[place] = numbers.pop()
    _pair_changed(old, new, found)
    return found


def _pair_changed(old: Sequence[Any], new: Sequence[Any], found: list[int | None]) -> None:
    """Add to ``found`` the origins of items that changed.

    If there are as many items as before, that is the one in the same place; else, for texts, the one with most words in common.
    """
    if len(old) == len(new):
        taken = set(found)
        for place, item in enumerate(new):
            if found[place] is None and place not in taken and _may_change_into(old[place], item):
                found[place] = place
        return
    gone = sorted(set(range(len(old))) - set(found))
    fresh = [place for place, number in enumerate(found) if number is None]
    if len(gone) * len(fresh) <= _MOST_COMPARED:
        pairs = ((-_likeness(old[number], new[place]), number, place) for number in gone for place in fresh)
        for likeness, number, place in sorted(pairs):
            if -likeness >= _ALIKE and number not in found and found[place] is None:
                found[place] = number


def _likeness(old: Any, new: Any) -> float:
    """The share of words that two texts have in common, from 0 to 1; 0 for what is no text."""
    if not isinstance(old, str) or not isinstance(new, str):
        return 0.0
    one, other = set(_WORD.findall(old)), set(_WORD.findall(new))
    return 2 * len(one & other) / max(len(one) + len(other), 1)


def _may_change_into(old: Any, new: Any) -> bool:
    """Whether two items in the same place may be one that changed: of one kind, and not mappings with two ids."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return "id" not in old or "id" not in new
    return all(isinstance(old, kind) == isinstance(new, kind) for kind in (Mapping, tuple))


def _carried(
    remarks: Mapping[Steps, Remarks], old: Any, new: Any, source: Steps = (), target: Steps = ()
) -> dict[Steps, Remarks]:
    """The remarks of the old value, each at the path in the new one of the entry it belongs to.

    Remarks above an entry that is removed move above the next one that is kept or, after the last, below the collection; remarks
    beside it or inside it are removed with it.
    """
    is_same_kind = isinstance(old, Mapping) == isinstance(new, Mapping)
    origins = _origins(old, new) if is_same_kind and _steps(old) and _steps(new) else [None for _ in _steps(new)]
    places = {number: step for number, step in zip(origins, _steps(new), strict=True) if number is not None}
    found: dict[Steps, Remarks] = {}
    left: tuple[str, ...] = ()
    for number, step in enumerate(_steps(old)):
        if number not in places:
            left += tuple(text for text in remarks.get((*source, step), Remarks()).above if text)
            continue
        path = (*target, places[number])
        found |= _carried(remarks, old[step], new[places[number]], (*source, step), path)
        found[path] = replace(found[path], above=(*left, *found[path].above))
        left = ()
    own = remarks.get(source, Remarks())
    if isinstance(new, tuple):
        for step in _steps(new):
            if inner := _steps(new[step]):
                lift_first(found, (*target, step), inner[0])
    return {**found, target: replace(own, below=(*left, *own.below))}


def _origin_key(place: int, item: Any) -> Any:
    """By what an item of a list that changes is known again: its id, else its place; None for what is no mapping."""
    if not isinstance(item, Mapping):
        return None
    return ("id", repr(item["id"])) if "id" in item else ("place", place)
