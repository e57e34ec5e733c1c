"""Plain values as YAML: the text to the letter, and read back unchanged by two readers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from evaluator.workspace.yaml_reader import parse
from evaluator.workspace.yaml_writer import WIDTH, Remarks, dump, lines_of, resolve_differs, scalar


def test_mappings_and_lists_are_blocks() -> None:
    value = {
        "a": 1,
        2: {"b": {"c": "x"}},
        "list": ["x", {"k": 1, "l": {"m": 2}}, ["y", ["z"]], [], {}],
        "tuple": ("t",),
        "empty": {},
        "none": [],
        "unit": (),
    }
    assert dump(value) == (
        "a: 1\n2:\n  b:\n    c: x\nlist:\n  - x\n  - k: 1\n    l:\n      m: 2\n  -\n    - y\n    -\n      - z\n"
        "  - []\n  - {}\ntuple:\n  - t\nempty: {}\nnone: []\nunit: []\n"
    )
    assert YAML(typ="safe", pure=True).load(dump(value))["list"] == value["list"]


def test_a_mapping_may_be_indented() -> None:
    assert list(lines_of({"a": {"b": [1]}}, 3)) == ["   a:", "     b:", "       - 1"]
    assert list(lines_of({"a": 1})) == ["a: 1"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"), (True, "true"), (False, "false"), (0, "0"), (-1, "-1"), (0.1, "0.1"), (1e22, "1e+22"),
        (date(2026, 1, 2), "2026-01-02"), ("2026-01-02", "2026-01-02"), ("", "''"), ("word", "word"),
        ("two words", "two words"), ("two  blanks", "'two  blanks'"), (" x", "' x'"), ("x ", "'x '"), ("1", "'1'"),
        ("0x1f", "'0x1f'"), ("9" * 20, f"'{'9' * 20}'"), ("true", "'true'"), ("~", "'~'"), ("yes", "yes"), ("12:30", "12:30"),
        ("a: b", "'a: b'"), ("a:", "'a:'"), ("a:b", "a:b"), ("a #b", "'a #b'"), ("a#b", "a#b"), ("- a", "'- a'"),
        ("-a", "'-a'"), ("?", "'?'"), ("---", "'---'"), ("...", "'...'"), ("it's", "it's"), ("'it's'", "'''it''s'''"),
        ("(x)", "(x)"), ("[x]", "'[x]'"), ("{x}", "'{x}'"), ("€ 5", "€ 5"), ("“x”", "“x”"), ("@x", "'@x'"), ("*x", "'*x'"),
        ("ü", "ü"), ("x\ty", '"x\\ty"'), ("x\x7f", '"x\\u007f"'), ("x\u2028y", '"x\\u2028y"'), ("\ufeff", '"\\ufeff"'),
        ("x\xa0y", '"x\\u00a0y"'), ("😀", "'😀'"), ("x\x01", '"x\\u0001"'),
        ("a\nb", "|-\n    a\n    b"), ("a\n\n  b", "|-\n    a\n\n      b"), ("a\n", "|\n    a"), (" a\nb", '" a\\nb"'),
        ("\na", '"\\na"'), ("\ta\nb", '"\\ta\\nb"'), ("a \nb", '"a \\nb"'), ("a\nb\x01", '"a\\nb\\u0001"'), ("a\n\tb", "|-\n    a\n    \tb"),
        ("a\n\x85b", '"a\\n\\u0085b"'),
    ],
)  # fmt: skip
def test_a_value_to_the_letter(value: Any, text: str) -> None:
    assert dump({"a": {"k": value}}) == f"a:\n  k: {text}\n"
    assert dump({"k": [value]}) == f"k:\n  - {text}\n"
    back = value.isoformat() if isinstance(value, date) else value
    assert parse(dump({"k": [value]}).encode(), "").value == {"k": (back,)}


@pytest.mark.parametrize(
    ("key", "text"), [(1, "1"), ("1", "'1'"), ("a b", "a b"), ("a: b", "'a: b'"), ("x" * 200, "x" * 200)]
)
def test_a_key_to_the_letter(key: Any, text: str) -> None:
    assert dump({key: 1}) == f"{text}: 1\n"


def test_a_key_of_many_words_stays_on_its_line() -> None:
    (line,) = lines_of({"x" * 60 + " " + "y" * 60: 1})
    assert line == f"{'x' * 60} {'y' * 60}: 1"


def test_a_long_text_is_folded_at_the_width() -> None:
    assert WIDTH == 110
    words = "word " * 20 + "w" * 3  # 103 letters, 7 are taken by the indented key
    assert scalar(words, 4, 7) == words
    assert scalar(f"{words}w", 4, 7) == f">-\n    {words}w"
    assert scalar(f"{words}ww: w", 4, 7) == f">-\n    {words}ww:\n    w"
    assert dump({"a": {"bcd": words}}) == f"a:\n  bcd: {words}\n"
    text = dump({"key": "word " * 60 + "end", "list": ["word " * 60 + "end"]})
    lines = text.splitlines()
    assert max(map(len, lines)) <= 110
    assert lines[:2] == ["key: >-", f"  {' '.join(['word'] * 21)}"]
    assert "list:\n  - >-\n    word word" in text
    assert parse(text.encode(), "").value == {"key": "word " * 60 + "end", "list": ("word " * 60 + "end",)}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("w " * 60 + "end\n", [">", *(f"  {line}" for line in (("w " * 54).strip(), "w w w w w w end"))]),
        ("a\n\n" + "w " * 60 + "b\nc", [">-", "  a", "", "", f"  {('w ' * 54).strip()}", "  w w w w w w b", "", "  c"]),
        ("  a\n" + "w " * 60 + "b", None),
        ("a\n  b\n" + "w " * 60 + "b", ["|-", "  a", "    b", f"  {'w ' * 60}b"]),
        (
            "a  b " * 30 + "c",
            [">-", f"  {' '.join(['a  b'] * 21)} a  b".removesuffix(" a  b"), f"  {' '.join(['a  b'] * 9)} c"],
        ),
        ("w " * 60, None),
    ],
)
def test_a_text_of_long_lines_is_folded_where_that_keeps_it(text: str, lines: list[str] | None) -> None:
    found = dump({"k": text})
    assert parse(found.encode(), "").value == {"k": text}
    if lines is None:
        assert found.count("\n") == 1
    else:
        assert found == "k: " + "\n".join(lines) + "\n"


def test_remarks_stand_above_beside_and_below_their_entries() -> None:
    value = {"a": 1, "b": {"c": "x", "d": ("p", {"q": "x " * 60 + "x"})}, "e": {}}
    remarks = {
        ("a",): Remarks(above=("# one", "", "# two"), beside="# three"),
        ("b",): Remarks(beside="# four", below=("", "# five")),
        ("b", "d"): Remarks(below=("# six",)),
        ("b", "d", 1): Remarks(above=("# seven",)),
        ("b", "d", 1, "q"): Remarks(beside="# eight"),
        ("e",): Remarks(beside="# nine"),
        (): Remarks(below=("# ten",)),
    }
    text = dump(value, remarks)
    folded = ">-  # eight\n        " + ("x " * 51).strip() + "\n        " + ("x " * 10).strip()
    assert text == (
        "# one\n\n# two\na: 1  # three\nb:  # four\n  c: x\n  d:\n    - p\n    # seven\n    - q: "
        f"{folded}\n    # six\n\n  # five\ne: {{}}  # nine\n# ten\n"
    )
    assert parse(text.encode(), "").value == value


def test_a_long_word_is_not_broken() -> None:
    word = "x" * 200
    assert scalar(word, 2, 5) == word
    assert scalar("ab-" * 60, 2, 5) == "ab-" * 60


def test_words_that_are_no_texts_are_known() -> None:
    assert [resolve_differs(text) for text in ("1", "1.5", "null", "9" * 99, "one", "1.2.3")] == [
        True, True, True, True, False, False,
    ]  # fmt: skip


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=40)


def printed(text: str) -> bool:
    from evaluator.workspace.disk import CONTROL

    return not CONTROL.search(text.replace("\ufeff", ""))


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,5}", fullmatch=True),
        st.recursive(
            TEXTS.filter(printed) | st.integers(-1000, 1000) | st.booleans() | st.none() | st.floats(-1e9, 1e9),
            lambda inner: (
                st.lists(inner, max_size=3).map(tuple) | st.dictionaries(TEXTS.filter(str.isalpha), inner, max_size=3)
            ),
            max_leaves=8,
        ),
        min_size=1,
        max_size=3,
    )
)
def test_what_is_written_is_read_back(value: dict[str, Any]) -> None:
    found = parse(dump(value).encode(), "")
    assert found.problems == ()
    assert found.value == value
