"""The strict YAML reader: plain values with places, and one sentence for everything it refuses."""

from __future__ import annotations

import contextlib
import math
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from evaluator.workspace.disk import MAX_BYTES
from evaluator.workspace.yaml_reader import MAX_DEPTH, YamlDocument, parse
from evaluator.workspace.yaml_writer import resolve


def of(text: str | bytes) -> YamlDocument:
    return parse(text.encode() if isinstance(text, str) else text, "f.yaml")


def test_values_are_plain_and_lists_are_tuples() -> None:
    document = of("a: text\nb:\n  - 1\n  - x: [true, null]\nc: {d: 1.5}\n")
    assert document.value == {"a": "text", "b": (1, {"x": (True, None)}), "c": {"d": 1.5}}
    assert document.problems == ()


def test_every_value_has_a_place() -> None:
    places = of("a: text\nlong:\n  - 1\n  - key: >-\n      folded\n    list: [x, y]\n").places
    assert places.best(("a",)) == (1, 4)
    assert places.key(("a",)) == (1, 1)
    assert places.best(("long",)) == (2, 1)
    assert places.best(("long", 0)) == (3, 5)
    assert places.best(("long", 1, "key")) == (4, 10)
    assert places.best(("long", 1, "list")) == (6, 5)
    assert places.best(("long", 1, "list", 1)) == (6, 15)


def test_a_path_that_leads_nowhere_ends_at_the_last_thing_there_is() -> None:
    places = of("a:\n  b: 1\n").places
    assert not places.has(("a", "c"))
    assert places.best(("a", "c", 0)) == (1, 1)
    assert places.best(("a", "b", "c")) == (2, 6)
    assert places.dotted(("a", "list", 0)) == "a.list.0"


def test_columns_count_letters_not_bytes() -> None:
    assert of("ä: {ö: x}\n").places.best(("ä", "ö")) == (1, 8)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("Off", "Off"),
        ("y", "y"),
        ("012", 12),
        ("0o14", 12),
        ("0x1F", 31),
        ("-7", -7),
        ("+7", 7),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("12:30:45", "12:30:45"),
        ("2026-11-24", "2026-11-24"),
        ("1.5", 1.5),
        ("1.", 1.0),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1.2.3", "1.2.3"),
        (".inf", ".inf"),
        ("-.inf", "-.inf"),
        (".nan", ".nan"),
        ("~", None),
        ("null", None),
        ("", None),
        ("nULL", "nULL"),
        ("true", True),
        ("True", True),
        ("TRUE", True),
        ("tRUE", "tRUE"),
        ("false", False),
        ("-", "-"),
        ("=", "="),
        ("<<", "<<"),
    ],
)
def test_words_resolve_by_the_core_schema(text: str, value: Any) -> None:
    assert resolve(text) == value
    assert type(resolve(text)) is type(value)


def test_keys_are_text_or_whole_numbers() -> None:
    assert of('0: a\n01: b\ntrue: c\n1.5: d\nnull: e\n"2": f\n').value == {
        0: "a", 1: "b", "true": "c", "1.5": "d", "null": "e", "2": "f",
    }  # fmt: skip


def test_quoted_words_stay_text() -> None:
    assert of("""{a: "1", b: 'true', c: "null", d: |-\n  5\n}""".replace("d: |-\n  5\n", "")).value == {
        "a": "1", "b": "true", "c": "null",
    }  # fmt: skip
    assert of("a: |\n  12\n").value == {"a": "12\n"}


REFUSED = {
    "empty": (b"", "yaml-empty", 1, 1, "the file is empty"),
    "only a comment": (b"# nothing\n", "yaml-empty", 1, 1, "the file is empty"),
    "only an empty document": (b"---\n...\n", "yaml-empty", 1, 1, "the file is empty"),
    "byte-order mark": (b"\xef\xbb\xbfa: 1\n", "yaml-bom", 1, 1, "byte-order mark"),
    "utf-16": ("a: 1\n".encode("utf-16"), "yaml-encoding", 1, 1, "UTF-16"),
    "latin-1": ("a: 1\nb: Zür\n".encode("latin-1"), "yaml-encoding", 2, 5, "the byte 0xfc is not UTF-8"),
    "truncated utf-8": ("a: é".encode()[:-1], "yaml-encoding", 1, 4, "the byte 0xc3 is not UTF-8"),
    "NUL": (b"a: 1\nb: \x00\n", "yaml-control", 2, 4, "a NUL character"),
    "escape sequence": (b"a: \x1b[2J\n", "yaml-control", 1, 4, "U+001B"),
    "escaped escape": (b'a: "\\e[2J"\n', "yaml-control", 1, 4, "U+001B"),
    "escaped NUL in a key": (b'"\\0": 1\n', "yaml-control", 1, 1, "U+0000"),
    "mark inside": ("a: \ufeff1\n".encode(), "yaml-control", 1, 4, "U+FEFF"),
    "unfinished merge": (b"a: 1\n<<<<<<< HEAD\nb: 1\n", "yaml-conflict", 2, 1, "unfinished merge"),
    "tab": (b"a:\n\tb: 1\n", "yaml-tab", 2, 1, "indented with a tab"),
    "tab after spaces": (b"a:\n  b: 1\n  \tc: 1\n", "yaml-tab", 3, 3, "indented with a tab"),
    "tab that YAML would swallow": (b"- a\n\t- b\n", "yaml-tab", 2, 1, "indented with a tab"),
    "tab in brackets": (b"a: [1,\n\t2]\n", "yaml-tab", 2, 1, "indented with a tab"),
    "alias": (b"a: &x [1]\nb: *x\n", "yaml-alias", 1, 4, "the anchor &x"),
    "anchor alone": (b"a: &x 1\n", "yaml-alias", 1, 4, "the anchor &x"),
    "alias to nothing": (b"a: *x\n", "yaml-alias", 1, 4, "the alias *x"),
    "merge key": (b"a: 1\n<<: *x\n", "yaml-alias", 2, 5, "the alias *x"),
    "python object": (b"a: !!python/object:os.system [x]\n", "yaml-tag", 1, 4, "!!python/object:os.system"),
    "python object as root": (b"!!python/object/apply:os.system [x]\n", "yaml-tag", 1, 1, "!!python/object/apply"),
    "tag on a key": (b"!!str a: 1\n", "yaml-tag", 1, 1, "!!str"),
    "tag with an escape": (b"a: !%1Bx y\n", "yaml-tag", 1, 4, "!\ufffdx"),
    "long tag": (b"a: !" + b"x" * 9000 + b" y\n", "yaml-tag", 1, 4, "…"),
    "standard tag": (b'a: !!int "1"\n', "yaml-tag", 1, 4, "!!int"),
    "local tag": (b"a: !secret x\n", "yaml-tag", 1, 4, "!secret"),
    "duplicate key": (b"a: 1\nb: 2\na: 3\n", "yaml-duplicate-key", 3, 1, "`a` is given here a second time"),
    "duplicate number": (b"1: a\n01: b\n", "yaml-duplicate-key", 2, 1, "`1` is given here a second time"),
    "two documents": (b"a: 1\n---\nb: 2\n", "yaml-documents", 2, 1, "second document"),
    "mapping as key": (b"{a: 1}: 2\n", "yaml-key", 1, 1, "plain word as key"),
    "list as key": (b"? [a]\n: 1\n", "yaml-key", 1, 3, "plain word as key"),
    "alias as key": (b"*x : 1\n", "yaml-key", 1, 1, "plain word as key"),
    "deep brackets": (b"[" * 100_000, "yaml-depth", 1, MAX_DEPTH + 1, "nesting"),
    "deep braces": (b"{a: " * 100_000, "yaml-depth", 1, 4 * MAX_DEPTH + 1, "nesting"),
    "deep dashes": (b"- " * 100_000, "yaml-depth", 1, 2 * MAX_DEPTH + 1, "nesting"),
    "huge number": (b"a: 9999999999999999\n", "yaml-number", 1, 4, "too large"),
    "endless number": (b"a: " + b"9" * 10_000 + b"\n", "yaml-number", 1, 4, "too large"),
    "huge float": (b"a: 1e999\n", "yaml-number", 1, 4, "too large"),
    "huge hexadecimal": (b"a: 0xffffffffffffffffff\n", "yaml-number", 1, 4, "too large"),
    "open bracket": (b"a: 1\nb: [1, 2\n", "yaml-syntax", 3, 1, "a bracket is not closed"),
    "open quote": (b"a: 'x\nb: 2\n", "yaml-syntax", 3, 1, "ends inside a quoted text"),
    "second colon": (b"a: b: c\n", "yaml-syntax", 1, 5, "second colon"),
    "at sign": (b"a: @b\n", "yaml-syntax", 1, 4, "cannot start with @"),
    "backslash": (b'a: "C:\\work"\n', "yaml-syntax", 1, 7, "backslash"),
    "dedent": (b"a:\n    b: 1\n  c: 2\n", "yaml-syntax", 3, 3, "does not fit the lines above"),
    "no colon": (b"a: 1\nb\nc: 2\n", "yaml-syntax", 3, 1, "expected a key, a colon and a space"),
    "too large": (b"#" * (MAX_BYTES + 1), "too-large", 1, 1, "larger than 1 MB"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_is_one_sentence_with_its_place(case: str) -> None:
    data, code, line, column, words = REFUSED[case]
    problem = of(data).problems[0]
    assert (problem.code, problem.line, problem.column) == (code, line, column)
    assert words in problem.message
    assert problem.file == "f.yaml"
    assert problem.hint
    assert "\n" not in str(problem)
    assert str(problem).isprintable()


def test_a_bomb_of_aliases_is_refused_before_anything_is_built() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    document = of("\n".join(lines))
    assert document.value is None
    assert [problem.code for problem in document.problems] == ["yaml-alias"] * 3 + ["yaml-unread"]
    assert [problem.line for problem in document.problems] == [1, 2, 2, 6]


def test_a_tab_inside_literal_text_is_content() -> None:
    text = "a: |\n  code\n  \tindented\nb: >\n  x\n   \ty\nc: 'one\tword'\nd: \t1\n"
    document = of(text)
    assert document.problems == ()
    assert document.value["a"] == "code\n\tindented\n"
    assert document.value["d"] == 1


def test_problems_that_leave_the_content_readable_come_together() -> None:
    document = of(b"\xef\xbb\xbfa: 1\na: 2\nb: !!str x\nc: &y z\n")
    assert [problem.code for problem in document.problems] == [
        "yaml-bom", "yaml-duplicate-key", "yaml-tag", "yaml-alias",
    ]  # fmt: skip
    assert document.value == {"a": 1, "b": "x", "c": "z"}


def test_the_first_of_two_equal_keys_is_named() -> None:
    assert "first is in line 1" in of("a: 1\na: 2\n").problems[0].hint


def test_exactly_the_limit_is_read() -> None:
    data = b"a: 1\n#"
    assert of(data + b"x" * (MAX_BYTES - len(data))).value == {"a": 1}


@given(st.binary(max_size=400))
def test_no_bytes_raise(data: bytes) -> None:
    document = of(data)
    assert document.value is not None or document.problems


@given(st.text(alphabet="ab0:-?[]{}#&*!|>'\"%@`, \n\t.~<=\\", max_size=80))
def test_no_text_of_yaml_signs_raises(text: str) -> None:
    document = of(text)
    assert document.value is not None or document.problems
    for problem in document.problems:
        assert 1 <= (problem.line or 0) <= text.count("\n") + 2


def is_number(text: str) -> bool:
    """Whether Python takes the text for a number: the library, of YAML 1.1, leaves 1E5 and 09 unquoted as texts."""
    for read in (float, lambda text: int(text, 0)):
        with contextlib.suppress(ValueError):
            read(text)
            return True
    return False


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**14), 10**14)
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: not 0 < abs(number) < 1e-300)
    | st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"], exclude_characters="\ufeff\ufffe"),
        max_size=20,
    ).filter(lambda text: not is_number(text)),
    lambda inner: (
        st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.from_regex(r"[a-z][a-z-]{0,8}", fullmatch=True), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(plain.filter(lambda value: value is not None))
def test_what_the_library_writes_is_read_back(value: Any) -> None:
    def lists(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: lists(item) for key, item in part.items()}
        return [lists(item) for item in part] if isinstance(part, tuple) else part

    text = yaml.safe_dump(lists(value), allow_unicode=True, sort_keys=False)
    found = of(text)
    assert found.problems == ()
    assert found.value == value or (isinstance(value, float) and math.isclose(found.value, value))
