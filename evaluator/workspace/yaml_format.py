"""YAML files in the program's own style: the same values in the same order, with their comments.

Comments are found between the values whose places the strict reader knows, go to the entry they belong to, and are written
with it by :mod:`evaluator.workspace.yaml_writer`. A text is returned only if it holds the same values, keys in the same
order, and the same comments as before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from evaluator.errors import ContentError, EvaluatorError, Problem, quoted
from evaluator.model.file_names import EVALUATION, LANGUAGE
from evaluator.workspace import containment
from evaluator.workspace.transaction import Transaction
from evaluator.workspace.yaml_positions import Node, Steps, last_line
from evaluator.workspace.yaml_reader import YamlDocument, parse
from evaluator.workspace.yaml_writer import Remarks, dump

_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#.*")
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\"")
HEADER = re.compile(r"[|>][-+0-9]*")
_REST = " \t,]}"
"""What may stand between a value and the comment beside it."""


def yaml_files(root: Path) -> list[str]:
    """Return the names of the YAML files of a workspace, of whatever kind and in whatever layout; files in papers are none.

    Raises:
        ContentError: a folder cannot be read.
    """
    vendors = [f"vendors/{entry.name}" for entry in _entries(root, "vendors") if entry.is_folder]
    editions = [f"{vendor}/{entry.name}" for vendor in vendors for entry in _entries(root, vendor) if entry.is_folder]
    folders = ["criteria", "weights", "reviews", *sorted([*vendors, *editions])]
    found = [name for name in (EVALUATION, LANGUAGE) if containment.exists(root, name)]
    for folder in folders:
        names = [entry.name for entry in _entries(root, folder) if not entry.is_folder]
        found += [f"{folder}/{name}" for name in names if name.endswith(".yaml")]
    return found


def _entries(root: Path, folder: str) -> list[containment.FolderEntry]:
    found = containment.folder(root, folder)
    if isinstance(found, Problem):
        raise ContentError(f"{quoted(folder)} cannot be read.", [found])
    return [entry for entry in found if not entry.is_hidden]


def format_files(change: Transaction, names: Iterable[str]) -> dict[str, bool]:
    """Put files into the program's style; returns for each whether that changes it.

    Raises:
        ContentError: some of them cannot be read; carries what is wrong with them.
        EvaluatorError: a file would not hold what it held before.
    """
    texts: dict[str, bytes] = {}
    changed: list[str] = []
    problems: list[Problem] = []
    for name in names:
        data = change.read(name)
        if isinstance(data, Problem):
            problems.append(data)
            continue
        try:
            texts[name] = formatted(data, name)
        except ContentError as error:
            problems += error.problems
        else:
            changed += [name] if texts[name] != data else []
    if problems:
        raise ContentError("Nothing was formatted, because files cannot be read. Fix them and try again.", problems)
    for name in changed:
        change.write(name, texts[name])
    return {name: name in changed for name in texts}


def formatted(data: bytes, file: str) -> bytes:
    """Return the text of a YAML file in the program's style; line ends stay as they are.

    Raises:
        ContentError: the file cannot be read; carries what is wrong with it.
        EvaluatorError: it would not hold what it held before.
    """
    document = parse(data, file)
    problems = document.problems
    if not problems and not (isinstance(document.value, Mapping) and document.value):
        problems = (Problem("not-a-mapping", "expected keys with values", file, line=1, column=1),)
    if problems:
        raise ContentError(f"{quoted(file)} cannot be read.", problems)
    text = data.decode("utf-8")
    before = _Comments(text, document.places.root)
    new = dump(document.value, before.remarks())
    after = parse(new.encode("utf-8"), file)
    # The text of a value tells its type and the order of its keys, which the values themselves do not when compared.
    if (
        after.problems
        or repr(after.value) != repr(document.value)
        or _comments(new, after) != _comments(text, document)
    ):
        raise EvaluatorError(f"{quoted(file)} is laid out so that it cannot be formatted safely.")
    return (new.replace("\n", "\r\n") if "\r\n" in text else new).encode("utf-8")


def remarks_of(text: str, root: Node, first: int = 1, last: int | None = None) -> dict[Steps, Remarks]:
    """Return the comments and blank lines in the lines ``first`` to ``last`` of a text, by the path of their entry."""
    return _Comments(text, root, first, last).remarks()


def lift_first(remarks: dict[Steps, Remarks], item: Steps, first: str | int) -> None:
    """Move the comments above the ``first`` entry inside an item of a list, and the one beside the item, above the item.

    That entry is written behind the hyphen of the item, where no line can be above it.
    """
    own, inside = remarks.get(item, Remarks()), remarks.get((*item, first), Remarks())
    above = (*own.above, *filter(None, (own.beside, *inside.above)))
    remarks[item] = replace(own, above=above, beside="")
    remarks[*item, first] = replace(inside, above=())


def comments_of(text: str, root: Node) -> dict[int, str]:
    """Return the comment of each line of a text that has one."""
    return {line: comment for line, (_, comment) in _Comments(text, root).found.items()}


def _comments(text: str, document: YamlDocument) -> list[str]:
    return sorted(comments_of(text, document.places.root).values())


class _Comments:
    """The comments of a text, and its blank lines, given to the entries of the document below ``root``."""

    def __init__(self, text: str, root: Node, first: int = 1, last: int | None = None) -> None:
        self._lines = [line.removesuffix("\r") for line in text.split("\n")]
        self._last = len(self._lines) if last is None else last
        self._root = root
        self._inside: set[int] = set()
        """Lines inside texts of several lines."""
        self._masked_lines = masked = self._masked()
        self.found = {
            number: (match.start() + 1, self._lines[number - 1][match.start() :].rstrip())
            for number, line in enumerate(masked[first - 1 : self._last], first)
            if (match := _COMMENT.search(line))
        }
        """Line -> column and text of its comment."""
        self._left = dict(self.found)
        self._next = first
        """The first line whose comment may still be above an entry."""
        self._is_at_start = first == 1
        """Whether nothing was found yet; blank lines before everything else are dropped."""
        self._remarks: dict[Steps, Remarks] = {}

    def remarks(self) -> dict[Steps, Remarks]:
        """The remarks by the path of their entry."""
        end = self._last + 1
        self._walk(self._root, (), end, 0)
        rest = self._above(end)
        while rest and not rest[-1]:
            rest.pop()
        if rest:
            old = self._remarks.get((), Remarks())
            self._remarks[()] = replace(old, below=(*old.below, *rest))
        return self._remarks

    def _masked(self) -> list[str]:
        """The lines with every value and quoted key blotted out, so that what is left of ``#`` are comments."""
        masked = [list(line) for line in self._lines]

        def blot(number: int, start: int, end: int) -> None:
            masked[number - 1][start - 1 : end - 1] = "x" * (end - start)

        for line, column, node in _spans(self._root):
            if node is None:  # a key
                if quoted := _QUOTED.match(self._lines[line - 1], column - 1):
                    blot(line, column, quoted.end() + 1)
                continue
            last, (_, end) = last_line(node, self._lines), node.end or (line, column)
            self._inside.update(range(line, last))
            for number in range(line, last + 1):
                if number == line and HEADER.match(self._lines[line - 1], column - 1):
                    continue  # a comment may stand beside the header of a block of text
                blot(
                    number,
                    column if number == line else 1,
                    end if number == last and end > 1 else len(masked[number - 1]) + 1,
                )
        return ["".join(line) for line in masked]

    def _walk(self, node: Node, path: Steps, stop: int, column: int) -> None:
        """Give what stands before the line ``stop`` to the entries of ``node``, whose own key or hyphen is at ``column``."""
        entries = [(key, line, place, inner) for key, (line, place, inner) in (node.keys or {}).items()]
        entries += [(number, inner.line, node.column, inner) for number, inner in enumerate(node.items or ())]
        for number, (key, line, place, inner) in enumerate(entries):
            step = (*path, key)
            above, beside = self._above(line), self._beside(line, inner, is_item=node.items is not None)
            within = self._within(line, inner)
            if within and not beside:
                beside = within.pop(0)
            above += within
            self._walk(inner, step, entries[number + 1][1] if number + 1 < len(entries) else stop, place)
            old = self._remarks.get(step, Remarks())
            self._remarks[step] = replace(old, above=tuple(above), beside=beside)
            if node.items is not None and (inner.keys or inner.items):
                lift_first(self._remarks, step, next(iter(inner.keys or (0,))))
        below = self._above(node.end[0]) if entries and node.end is not None else []
        while below and not below[-1]:
            below.pop()
        if entries and (below := [*below, *self._below(stop, max(node.column, column + 1))]):
            self._remarks[path] = replace(self._remarks.get(path, Remarks()), below=tuple(below))

    def _beside(self, line: int, node: Node, *, is_item: bool) -> str:
        """The comment at the end of the entry that starts in ``line``: behind its value, or else behind its key."""
        places = []
        if node.end is not None:
            header = HEADER.match(self._lines[node.line - 1], node.column - 1)
            places.append((node.line, header.end() + 1) if header else node.end)
        if not is_item and (node.end is None or node.line > line):
            places.append((line, 1))
        for number, start in places:
            column, text = self._left.get(number, (0, ""))
            if text and (start == 1 or not self._masked_lines[number - 1][start - 1 : column - 1].strip(_REST)):
                del self._left[number]
                return text
        return ""

    def _within(self, line: int, node: Node) -> list[str]:
        """The comments between the key in ``line`` and its plain value, or inside brackets that hold nothing else."""
        if node.keys or node.items or node.end is None:
            return []
        stop = node.line if node.keys is None and node.items is None else node.end[0]
        return [self._left.pop(number)[1] for number in range(line, stop) if number in self._left]

    def _above(self, line: int) -> list[str]:
        """What stands before ``line`` and belongs to nothing yet; of several blank lines, one."""
        found: list[str] = []
        for number in range(self._next, line):
            _, text = self._left.pop(number, (0, ""))
            is_blank = number not in self._inside and not self._lines[number - 1].strip()
            if text or (is_blank and (found[-1:] != [""]) and (found or not self._is_at_start)):
                found.append(text)
        self._next, self._is_at_start = max(self._next, line), False
        return found

    def _below(self, stop: int, column: int) -> list[str]:
        """The comments before the line ``stop`` that stand at ``column`` or further right."""
        last = self._next
        for number in range(self._next, stop):
            place, _ = self._left.get(number, (None, ""))
            if place is not None and (place < column or self._lines[number - 1][: place - 1].strip()):
                break
            if place is not None:
                last = number + 1
        return self._above(last)


def _spans(node: Node) -> Iterator[tuple[int, int, Node | None]]:
    """Where every key and every plain value starts, with the node of a value."""
    for line, column, inner in (node.keys or {}).values():
        yield line, column, None
        yield from _spans(inner)
    for inner in node.items or ():
        yield from _spans(inner)
    if node.keys is None and node.items is None:
        yield node.line, node.column, node
