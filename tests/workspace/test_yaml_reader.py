"""The strict reader of YAML: values, places, and every sentence on what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from evaluator.errors import Problem
from evaluator.workspace.disk import MAX_BYTES
from evaluator.workspace.yaml_positions import Node, Places
from evaluator.workspace.yaml_reader import MAX_DEPTH, MAX_PROBLEMS, NO_VALUE, YamlDocument, parse


def of(text: str) -> YamlDocument:
    return parse(text.encode(), "f.yaml")


def told(text: str) -> list[tuple[Any, ...]]:
    return [(one.code, one.message, one.line, one.column, one.hint) for one in of(text).problems]


def test_the_node_of_every_value_is_built() -> None:
    assert of('a: 1\n"b c":\n  - x\n  - {1: y}\n').places.root == Node(
        1, 1, {
            "a": (1, 1, Node(1, 4, end=(1, 5))),
            "b c": (2, 1, Node(3, 3, None, [Node(3, 5, end=(3, 6)), Node(4, 5, {1: (4, 6, Node(4, 9, end=(4, 10)))}, end=(4, 11))])),
        },
    )  # fmt: skip


SYNTAX = "yaml-syntax"
QUOTES = "a text that contains ': ' needs quotes"
FIT = "the line does not fit the lines above"
COMPARE = "compare its indentation with theirs; a quote or bracket may also end too early"
BACKSLASH = ("a backslash inside double quotes starts no known escape", "double the backslash, or use single quotes")
SECOND = "a second colon in one entry, or an indentation that fits nothing above"
BRACKET = ("a bracket is not closed", "entries in brackets need a comma between them and the closing bracket")
REFUSED: dict[str, tuple[str, str, int, int, str]] = {
    "": ("yaml-empty", "the file is empty; expected a mapping of keys to values", 1, 1, "fill it in, or delete it if it is not needed"),
    "~\n": ("yaml-empty", "the file is empty; expected a mapping of keys to values", 1, 1, "fill it in, or delete it if it is not needed"),
    "# x\n%YAML 1.1\n---\na: 1\n": (
        "yaml-version", "the file asks for YAML 1.1; files are read as YAML 1.2, where yes, no, on and off are words", 2, 1,
        "remove the line %YAML 1.1, and write true or false where that is meant",
    ),
    "a: 1\n---\nb: 1\n": (
        "yaml-documents", "a second document starts here; expected one per file", 2, 1,
        "remove the line ---, or move what follows into a file of its own",
    ),
    "a:\n  b: *x\n": ("yaml-alias", "the alias *x is not allowed here", 2, 6, "write it out"),
    "a:\n  b: &x 1\n": ("yaml-alias", "the anchor &x is not allowed here", 2, 6, "remove it"),
    "&x a: 1\n": ("yaml-alias", "the anchor &x is not allowed here", 1, 1, "remove it"),
    "a: !!str 1\n": ("yaml-tag", "the tag !!str is not allowed here", 1, 4, "a workspace holds plain values only"),
    "!x a: 1\n": ("yaml-tag", "the tag !x is not allowed here", 1, 1, "a workspace holds plain values only"),
    "a:\n  ? [b]\n  : 1\n": ("yaml-key", "expected a plain word as key", 2, 5, "write the key out as a word"),
    "a: 1\n\nb:\n  c: 1\n  c: 2\n": ("yaml-duplicate-key", "the key `c` is given here a second time", 5, 3, "the first is in line 4; keep one of them"),
    "a:\n - 1234567890123456\n": ("yaml-number", "the number is too large to be kept exactly", 2, 4, "put it in quotes if it is a text"),
    'a:\n - "\\e"\n': ("yaml-control", "the text contains the control character U+001B", 2, 4, "remove the escape"),
    'a: 1\n"\\0": 1\n': ("yaml-control", "the text contains the control character U+0000", 2, 1, "remove the escape"),
    "a:\n  b: 1\n \t c: 1\n": ("yaml-tab", "the line is indented with a tab; expected spaces", 3, 2, "replace the tab by spaces"),
    "- 1\n\t- 2\n": ("yaml-tab", "the line is indented with a tab; expected spaces", 2, 1, "replace the tab by spaces"),
    "a: |\n  x\nb:\n\tc: 1\n": ("yaml-tab", "the line is indented with a tab; expected spaces", 4, 1, "replace the tab by spaces"),
    "x: 1\na: b: c\n": (SYNTAX, SECOND, 2, 5, QUOTES),
    "a: @b\n": (SYNTAX, "a text cannot start with @", 1, 4, "put the text in quotes"),
    "a: 1\nb\nc: 2\n": (SYNTAX, "expected a key, a colon and a space", 3, 1, "a text over several lines needs quotes, or > after the colon; what is being read starts in line 2"),
    "%YAML 1.3\n---\na: 1\n": (SYNTAX, "the file asks for another version of YAML; files are read as YAML 1.2", 1, 1, "remove the line that starts with %YAML"),
    "%a b\n---\na: 1\n": (SYNTAX, "a line that starts with % is not part of the content", 1, 3, "remove the line, or put the text in quotes"),
    "a: 'x\n": (SYNTAX, "the file ends inside a quoted text", 2, 1, "close the quote; what is being read starts in line 1"),
    "a: 1\nb: [1, 2\n": (SYNTAX, BRACKET[0], 3, 1, f"{BRACKET[1]}; what is being read starts in line 2"),
    "b: {a: 1 b: 2}\n": (SYNTAX, BRACKET[0], 1, 11, BRACKET[1]),
    "b: [1 [2]]\n": (SYNTAX, BRACKET[0], 1, 7, BRACKET[1]),
    'a: "\\w"\n': (SYNTAX, BACKSLASH[0], 1, 5, BACKSLASH[1]),
    'a: "\\xg0"\n': (SYNTAX, BACKSLASH[0], 1, 7, BACKSLASH[1]),
    "a:\n    b: 1\n  c: 2\n": (SYNTAX, FIT, 3, 3, f"{COMPARE}; what is being read starts in line 1"),
    'a: "x" y\n': (SYNTAX, FIT, 1, 8, COMPARE),
    "a: >5x\n": (SYNTAX, FIT, 1, 6, COMPARE),
}  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused_is_one_sentence_with_its_place_and_a_hint(text: str) -> None:
    assert told(text) == [REFUSED[text]]


def test_an_error_of_the_library_that_nobody_foresaw_is_quoted() -> None:
    ((code, message, line, column, hint),) = told("a: !<x\n")
    assert (code, line, column, hint) == (SYNTAX, 1, 7, "")
    assert message == "not valid YAML: did not find the expected '>'"


@pytest.mark.parametrize(("start", "each", "column"), [("", "[", 1), ("", "- ", 2), ("a: ", "[", 1), ("", "{a: ", 4)])
def test_thirty_levels_are_read_and_no_more(start: str, each: str, column: int) -> None:
    close = {"[": "]", "{": "}"}.get(each[0], "")
    depth = MAX_DEPTH - (start != "")
    assert MAX_DEPTH == 30
    assert of(f"{start}{each * depth}x{close * depth}\n").problems == () or each[0] == "{"
    deeper = f"{start}{each * (depth + 1)}x{close * (depth + 1)}\n"
    place = 1, len(start) + depth * column + 1
    assert told(deeper) == [
        ("yaml-depth", "the nesting is deeper than 30 levels", *place, "no file of a workspace needs that")
    ]
    assert of(deeper).value is None


def test_thirty_braces_are_read() -> None:
    assert of("{a: " * 30 + "x" + "}" * 30).problems == ()


def test_a_problem_of_one_value_leaves_the_others() -> None:
    assert of("a: 1234567890123456\nb: 1\n").value == {"a": None, "b": 1}
    assert of("a: !x 1\nb: &y 1\n").value == {"a": 1, "b": 1}
    assert of("a: 1\na: 2\n").value == {"a": 1}
    assert of('"\\e": "\\e"\n').value == {"\x1b": "\x1b"}
    assert of("a: *x\nb: 1\n").value is None
    assert of("a: 1\n---\nb: 1\n").value is None
    assert of("a: [\n").value is None
    assert {"yaml-number", "yaml-tag", "yaml-control"} == NO_VALUE


def test_after_fifty_problems_the_rest_is_not_read() -> None:
    assert MAX_PROBLEMS == 50
    assert [one.code for one in of("a: 1\n" * 51).problems] == ["yaml-duplicate-key"] * 50
    document = of("a: 1\n" * 60)
    assert [one.code for one in document.problems] == ["yaml-duplicate-key"] * 50 + ["yaml-unread"]
    assert document.value is None
    assert told("a: 1\n" * 60)[50] == (
        "yaml-unread", "the file was not read from here on: it has too many problems", 52, 1, "",
    )  # fmt: skip


def test_three_anchors_and_aliases_are_listed() -> None:
    assert [one.line for one in of("".join(f"- &x {n}\n" for n in range(3))).problems] == [1, 2, 3]
    problems = of("".join(f"- &x {n}\n" for n in range(9))).problems
    assert [one.line for one in problems] == [1, 2, 3]
    assert problems[2].message.endswith("; 6 more of this kind in this file are not listed")


def test_what_is_wrong_with_the_bytes_comes_first() -> None:
    assert [one.code for one in parse(b"\xef\xbb\xbfa: \x00\n", "f").problems] == ["yaml-bom", "yaml-control"]
    assert [one.code for one in parse(b"\xef\xbb\xbfa: &x 1\n", "f").problems] == ["yaml-bom", "yaml-alias"]
    assert parse(b"\xef\xbb\xbfa: 1\n", "f").value == {"a": 1}
    assert [one.code for one in parse(b"#" * (MAX_BYTES + 1), "f").problems] == ["too-large"]
    assert [one.code for one in parse(b"#" * MAX_BYTES, "f").problems] == ["yaml-empty"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a: |\n  x\n  \ty\n", []),
        ("a: >\n  x\n  \ty\nb: 1\n", []),
        ("a: |\n  x\n  \ty\nb: |\n  x\n  \ty\n", []),
        ("a: |\n  x\n  \ty\nb:\n  - 1\n\t# z\n", [6]),
        ("a:\n - x\n\t# z\nb: |\n  x\n  \ty\n", [3]),
        ("a: 'x\n\ty'\nb: |\n  x\n", [2]),
        ("a: 1\tx\n", []),
        ("a:\t1\n", []),
        ("a: 1\n\n\t# x\n\n\t# y\n", [3]),
        ("a: |\n  x\n  \ty\nb: [\n  \t1]\nc: |\n  \tx\n", [5]),
    ],
)
def test_a_tab_before_content_is_told_except_in_literal_text(text: str, lines: list[int]) -> None:
    assert [(one.code, one.line) for one in of(text).problems] == [("yaml-tab", line) for line in lines]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a:\n\tb: @\n", "yaml-tab", 2),  # the tab in the line of the mistake explains it
        ("a: @\n\tb: 1\n", SYNTAX, 1),  # one that comes later does not
        ("a:\n  - |\n    x\n    \ty\n  - @\n", SYNTAX, 5),
    ],
)
def test_a_tab_explains_a_mistake_that_follows(text: str, code: str, line: int) -> None:
    assert [(one.code, one.line) for one in of(text).problems] == [(code, line)]


def test_a_document_without_problems_has_none() -> None:
    assert YamlDocument(1, Places()).problems == ()
    assert of("a: 1\n").problems == ()
    assert all(isinstance(one, Problem) and one.file == "f.yaml" for one in of("a: &x *y\n").problems)


@pytest.mark.parametrize(
    "text",
    ["# How{} much\nb: 1\n", "a: 'x{}y'\n", 'a: "x{}y"\n', "a: |\n  x{}w\n  y\n", "a: [x,{} y]\n", "a: x{}w\nb: 1\n"],
)
@pytest.mark.parametrize(
    ("character", "message", "hint"),
    [
        ("\u2028", "the character U+2028 ends a line here", '"\\u2028"'),
        ("\u2029\u2029", "the character U+2029 ends a line here", '"\\u2029"'),
        ("\x85", "the character U+0085 ends a line here", '"\\u0085"'),
        ("\r", "a carriage return without a line feed ends a line here", '"LF" or "CRLF"'),
        ("\r\r\n", "a carriage return without a line feed ends a line here", '"LF" or "CRLF"'),
    ],
)
def test_a_line_ends_where_every_program_ends_it(text: str, character: str, message: str, hint: str) -> None:
    odd = f"first: 1\r\n{text.format(character)}"
    document = parse(odd.encode(), "f.yaml")
    (problem,) = document.problems
    assert (problem.code, problem.file, document.value) == ("yaml-line-end", "f.yaml", None)
    assert odd.split("\n")[(problem.line or 0) - 1][(problem.column or 0) - 1] == character[0]
    assert problem.message.startswith(message)
    assert hint in problem.hint
    assert not parse(odd.replace(character, "").encode(), "f.yaml").problems
