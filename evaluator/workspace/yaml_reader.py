"""The only module that uses the YAML library: a strict reader of plain values with their places.

It reads the events of the C parser and builds the values itself. That is what allows it to stop an
alias bomb or a deep nesting before anything is built, to know the place of every value, and to
resolve words by the YAML 1.2 core schema; and it takes less time than ``yaml.CSafeLoader``.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import Any

from yaml._yaml import CParser
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from evaluator.errors import Problem, folded, one_line
from evaluator.workspace.disk import BOM, CONTROL, MAX_BYTES, byte_order_mark, decode, too_large
from evaluator.workspace.yaml_positions import Node, Places
from evaluator.workspace.yaml_writer import NumberTooLargeError, resolve, resolve_key

MAX_DEPTH = 30
_VERSION = (1, 2)
MAX_PROBLEMS = 50
"""After so many the rest of the file is not read: more would not help anybody."""
NO_VALUE = frozenset({"yaml-number", "yaml-tag", "yaml-control"})
"""Codes of problems of a single value, which has no meaning then."""
_MOST_LISTED = 3
"""How many anchors and aliases of a file are listed one by one."""

_ODD_LINE_END = re.compile("\r(?!\n)|[\x85\u2028\u2029]")
"""What ends a line for the parser, but for few other programs: in them such a comment hides the entry that follows it."""
_TAB_LINE = re.compile(r"^ *\t[\t ]*(?=\S)", re.MULTILINE)
_NEVER = (sys.maxsize, sys.maxsize)
"""A block of lines behind all others."""
_WORDS = (
    # The library has no codes for its errors, only these words; what we say instead, and what may help.
    (
        "mapping values are not allowed",
        "a second colon in one entry, or an indentation that fits nothing above",
        "a text that contains ': ' needs quotes",
    ),
    (
        "cannot start any token",
        "a text cannot start with {character}",
        "put the text in quotes",
    ),
    (
        "could not find expected ':'",
        "expected a key, a colon and a space",
        "a text over several lines needs quotes, or > after the colon",
    ),
    (
        "incompatible YAML document",
        "the file asks for another version of YAML; files are read as YAML 1.2",
        "remove the line that starts with %YAML",
    ),
    (
        "unknown directive",
        "a line that starts with % is not part of the content",
        "remove the line, or put the text in quotes",
    ),
    (
        "unexpected end of stream",
        "the file ends inside a quoted text",
        "close the quote",
    ),
    (
        "did not find expected ',' or",
        "a bracket is not closed",
        "entries in brackets need a comma between them and the closing bracket",
    ),
    (
        "did not find expected hexdecimal",
        "a backslash inside double quotes starts no known escape",
        "double the backslash, or use single quotes",
    ),
    (
        "unknown escape character",
        "a backslash inside double quotes starts no known escape",
        "double the backslash, or use single quotes",
    ),
    (
        "did not find expected",
        "the line does not fit the lines above",
        "compare its indentation with theirs; a quote or bracket may also end too early",
    ),
)


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """One file's content: plain values (lists as tuples), their places, and what is wrong with it as YAML.

    ``value`` is ``None`` where nothing can be built. With problems it may still be there, so that
    what else is wrong in the file can be reported too; it must not be used for anything more.
    """

    value: Any
    places: Places
    problems: tuple[Problem, ...] = ()


def parse(data: bytes, file: str) -> YamlDocument:
    """Reads one YAML file; never raises for what is in it."""
    if len(data) > MAX_BYTES:
        return YamlDocument(None, Places(), (too_large(file),))
    early: list[Problem] = []
    if data.startswith(BOM):
        early.append(byte_order_mark(file))
        data = data[len(BOM) :]
    text = decode(data, file)
    if isinstance(text, Problem):
        return YamlDocument(None, Places(), (*early, text))
    if found := _ODD_LINE_END.search(text):
        return YamlDocument(None, Places(), (*early, _odd_line_end(text, found, file)))
    builder = _Builder(text, file)
    value, places = builder.run()
    return YamlDocument(value, places, (*early, *folded(builder.problems, {"yaml-alias": _MOST_LISTED})))


def _odd_line_end(text: str, found: re.Match[str], file: str) -> Problem:
    """The problem of a character that ends a line here and not elsewhere; its line is counted as everybody counts."""
    start = found.start()
    if found[0] == "\r":
        message = "a carriage return without a line feed ends a line here"
        hint = 'save the file with the line ends "LF" or "CRLF"'
    else:
        message = f"the character U+{ord(found[0]):04X} ends a line here, which most editors do not show"
        hint = f'remove it; inside double quotes it may be written as "\\u{ord(found[0]):04x}"'
    line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
    return Problem("yaml-line-end", message, file, line=line, column=column, hint=hint)


class _StopError(Exception):
    """The rest of the file cannot be read; the problem is noted already."""


class _Builder:
    """Builds the value and the places of one text from the parser's events."""

    def __init__(self, text: str, file: str) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._text = text
        # The parser's stubs know too little about events to be of use, hence Any.
        self._next: Any = CParser(text).get_event
        self._unusable = False
        # Lines indented with a tab, from 0. YAML lets some of them through and then reads something
        # else than what the indentation shows; only inside a block of literal text are they content.
        self._tabs = _tab_lines(text)
        self._literal: list[tuple[int, int]] = []

    def run(self) -> tuple[Any, Places]:
        """The value, ``None`` if there is none to be used, and the places of what was read."""
        value, root = None, None
        try:
            self._next()  # the start of the stream
            start = self._next()
            if type(start) is not StreamEndEvent:
                self._version(start)
                value, root = self._node(self._next(), 1)
                self._end()
            if value is None and not self.problems:
                self._note(
                    "yaml-empty",
                    "the file is empty; expected a mapping of keys to values",
                    (1, 1),
                    "fill it in, or delete it if it is not needed",
                )
        except _StopError:
            value = None
        except YAMLError as error:
            self._syntax(error)
            value = None
        return (None if self._unusable else value), Places(root)

    def _version(self, start: Any) -> None:
        """Refuse a directive that asks for another version: there ``yes`` and ``012`` mean something else."""
        if start.version is not None and start.version != _VERSION:
            asked = ".".join(map(str, start.version))
            self._note(
                "yaml-version",
                f"the file asks for YAML {asked}; files are read as YAML 1.2, where yes, no, on and off are words",
                _at(start),
                f"remove the line %YAML {asked}, and write true or false where that is meant",
            )

    def _end(self) -> None:
        """What may follow the first document, and what can only be judged once all of it is read."""
        self._next()  # the end of the document
        more = self._next()
        if type(more) is DocumentStartEvent:
            self._stop(
                "yaml-documents",
                "a second document starts here; expected one per file",
                _at(more),
                "remove the line ---, or move what follows into a file of its own",
            )
        if (line := self._indenting_tab()) is not None:
            self._tab(line)

    def _node(self, event: Any, depth: int) -> tuple[Any, Node]:
        kind = type(event)
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        if kind is AliasEvent:
            self._unusable = True
            self._note(
                "yaml-alias", f"the alias *{one_line(event.anchor)} is not allowed here", (line, column), "write it out"
            )
            return None, Node(line, column)
        if event.anchor is not None or event.tag is not None:
            self._properties(event)
        if kind is ScalarEvent:
            return self._scalar(event), Node(line, column, end=_end(event))
        if depth > MAX_DEPTH:
            self._stop(
                "yaml-depth",
                f"the nesting is deeper than {MAX_DEPTH} levels",
                (line, column),
                "no file of a workspace needs that",
            )
        if kind is MappingStartEvent:
            mapping, keys, last = self._mapping(depth)
            return mapping, Node(line, column, keys, end=_end(last) if event.flow_style else None)
        values: list[Any] = []
        items: list[Node] = []
        while type(item := self._next()) is not SequenceEndEvent:
            value, node = self._node(item, depth + 1)
            values.append(value)
            items.append(node)
        return tuple(values), Node(line, column, None, items, _end(item) if event.flow_style else None)

    def _mapping(self, depth: int) -> tuple[dict[Any, Any], dict[Any, tuple[int, int, Node]], Any]:
        """The values and the places by key, and the event that ends the mapping."""
        mapping: dict[Any, Any] = {}
        keys: dict[Any, tuple[int, int, Node]] = {}
        while type(event := self._next()) is not MappingEndEvent:
            mark = event.start_mark
            line, column = mark.line + 1, mark.column + 1
            if type(event) is not ScalarEvent:
                self._stop("yaml-key", "expected a plain word as key", (line, column), "write the key out as a word")
            if event.anchor is not None or event.tag is not None:
                self._properties(event)
            if event.style == '"':
                self._control(event)
            key = resolve_key(event.value) if not event.style else event.value
            value, node = self._node(self._next(), depth + 1)
            if key in mapping:
                self._note(
                    "yaml-duplicate-key",
                    f"the key `{one_line(key)}` is given here a second time",
                    (line, column),
                    f"the first is in line {keys[key][0]}; keep one of them",
                )
                continue
            mapping[key] = value
            keys[key] = (line, column, node)
        return mapping, keys, event

    def _scalar(self, event: Any) -> Any:
        style = event.style
        if not style:
            try:
                return resolve(event.value)
            except NumberTooLargeError:
                self._note(
                    "yaml-number",
                    "the number is too large to be kept exactly",
                    _at(event),
                    "put it in quotes if it is a text",
                )
                return None
        if style == '"':
            self._control(event)
        elif style in "|>" and self._tabs:
            self._literal.append((event.start_mark.line, event.end_mark.line))
        return event.value

    def _control(self, event: Any) -> None:
        """An escape can smuggle in what the text itself may not hold; terminals would obey it."""
        if found := CONTROL.search(event.value):
            self._note(
                "yaml-control",
                f"the text contains the control character U+{ord(found[0]):04X}",
                _at(event),
                "remove the escape",
            )

    def _properties(self, event: Any) -> None:
        if event.anchor is not None:
            self._note(
                "yaml-alias", f"the anchor &{one_line(event.anchor)} is not allowed here", _at(event), "remove it"
            )
        if event.tag is not None:
            tag = one_line(event.tag.replace("tag:yaml.org,2002:", "!!"))
            self._note(
                "yaml-tag", f"the tag {tag} is not allowed here", _at(event), "a workspace holds plain values only"
            )

    def _note(self, code: str, message: str, place: tuple[int, int], hint: str) -> None:
        if stop := len(self.problems) >= MAX_PROBLEMS:
            code, message, hint = "yaml-unread", "the file was not read from here on: it has too many problems", ""
        line, column = place
        self.problems.append(Problem(code=code, message=message, file=self._file, line=line, column=column, hint=hint))
        if stop:
            raise _StopError

    def _stop(self, code: str, message: str, place: tuple[int, int], hint: str) -> None:
        self._note(code, message, place, hint)
        raise _StopError

    def _indenting_tab(self) -> int | None:
        """The first line, from 0, that is indented with a tab outside of a literal block."""
        blocks = iter(self._literal)  # in the order of the text, like the lines
        low, high = next(blocks, _NEVER)
        for line in self._tabs:
            while high <= line:
                low, high = next(blocks, _NEVER)
            if line <= low:
                return line
        return None

    def _tab(self, line: int) -> None:
        column = self._text.split("\n")[line].find("\t") + 1
        self._note(
            "yaml-tab",
            "the line is indented with a tab; expected spaces",
            (line + 1, column),
            "replace the tab by spaces",
        )

    def _syntax(self, error: YAMLError) -> None:
        """Note the parser's error, in words for the person who wrote the file."""
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        if not isinstance(error, MarkedYAMLError) or mark is None:
            self._note("yaml-syntax", "the file is not valid YAML", (1, 1), "")
            return
        tab = self._indenting_tab()
        if tab is not None and tab <= mark.line:
            self._tab(tab)
            return
        found = error.problem or "it cannot be read"
        words, hint = next(
            ((words, hint) for sign, words, hint in _WORDS if sign in found), (f"not valid YAML: {found}", "")
        )
        line = self._text.split("\n")[mark.line : mark.line + 1]
        sign = (line[0] if line else "")[mark.column : mark.column + 1]
        words = words.format(character=one_line(sign) or "this character")
        start = error.context_mark
        if start is not None and start.line != mark.line:
            hint = f"{hint}; what is being read starts in line {start.line + 1}".removeprefix("; ")
        self._note("yaml-syntax", words, (mark.line + 1, mark.column + 1), hint)


def _tab_lines(text: str) -> list[int]:
    """The lines, from 0, that are indented with a tab and hold something."""
    if "\t" not in text:
        return []
    lines, line, before = [], 0, 0
    for match in _TAB_LINE.finditer(text):
        line += text.count("\n", before, match.start())
        before = match.start()
        lines.append(line)
    return lines


def _end(event: Any) -> tuple[int, int]:
    mark = event.end_mark
    return mark.line + 1, mark.column + 1


def _at(event: Any) -> tuple[int, int]:
    mark = event.start_mark
    return mark.line + 1, mark.column + 1
