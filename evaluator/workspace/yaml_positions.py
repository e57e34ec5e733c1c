"""Where in a text each value stands: from a path of keys and positions to line and column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from evaluator.errors import one_line

Steps = tuple[str | int, ...]
"""Keys and positions that lead to a value."""


class Node(NamedTuple):
    """The place of one value, and the places of what is inside it. Lines and columns count from 1."""

    line: int
    column: int
    keys: dict[Any, tuple[int, int, Node]] | None = None
    """For a mapping: per key the place of the key and the node of its value."""
    items: list[Node] | None = None
    """For a list: the node of each item."""
    end: tuple[int, int] | None = None
    """Where a plain value, or a collection in brackets, ends: behind its last character, or at the start of the line
    that follows a block of text. A mapping or list whose entries stand on lines of their own has no such place."""


def last_line(node: Node, lines: Sequence[str]) -> int:
    """The last line of a value, from 1; blank lines that follow a block of text are no part of it."""
    while node.end is None and (inside := [inner for *_, inner in (node.keys or {}).values()] or node.items):
        node = inside[-1]
    line, column = node.end or (node.line, node.column)
    if node.end is None or column > 1:
        return line
    while line > node.line + 1 and not lines[line - 2].strip():
        line -= 1
    return line - 1


class Places:
    """The places of all values of one document."""

    __slots__ = ("root",)

    def __init__(self, root: Node | None = None) -> None:
        self.root = root or Node(1, 1)

    def has(self, path: Steps) -> bool:
        """Whether the document has a value at ``path``."""
        return self._walk(path)[0] == len(path)

    def renamed(self, key: str, name: str) -> Places:
        """The same with ``name`` as the name of a key of the whole document."""
        keys = {name if found == key else found: place for found, place in (self.root.keys or {}).items()}
        return Places(self.root._replace(keys=keys))

    def key(self, path: Steps) -> tuple[int, int]:
        """Line and column of the key that ``path`` ends in; for an item of a list, of the item."""
        _, node, key = self._walk(path)
        return key or (node.line, node.column)

    def best(self, path: Steps) -> tuple[int, int]:
        """Where a reader should look: at a plain value itself, at the key of a mapping or list."""
        _, node, key = self._walk(path)
        if key is not None and (node.keys is not None or node.items is not None):
            return key
        return node.line, node.column

    def dotted(self, path: Steps) -> str:
        """``path`` as people write it: ``facts[2].source``, positions in lists counted from 1."""
        text = ""
        for depth, step in enumerate(path):
            _, node, _ = self._walk(path[:depth])
            if node.items is not None and isinstance(step, int):
                text += f"[{step + 1}]"
            else:
                text += f".{one_line(step, 40)}" if text else one_line(step, 40)
        return text

    def _walk(self, path: Steps) -> tuple[int, Node, tuple[int, int] | None]:
        """How far ``path`` leads, the node found there, and the place of its key."""
        node = self.root
        key: tuple[int, int] | None = None
        for depth, step in enumerate(path):
            if node.keys is not None and step in node.keys:
                line, column, node = node.keys[step]
                key = (line, column)
            elif node.items is not None and isinstance(step, int) and 0 <= step < len(node.items):
                node, key = node.items[step], None
            else:
                return depth, node, key
        return len(path), node, key
