"""From bytes to text: what is refused, and its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yaml.reader import Reader

from evaluator.errors import Problem
from evaluator.workspace.text_decoding import BOM, CONTROL, MAX_BYTES, byte_order_mark, decode, too_large


def problem(code: str, message: str, line: int, column: int, hint: str) -> Problem:
    return Problem(code=code, message=message, file="f.yaml", line=line, column=column, hint=hint)


def test_a_file_that_is_too_large_is_told_with_its_limit_in_millions_of_bytes() -> None:
    hint = "a workspace holds text; keep captures and exports outside of its YAML files"
    assert MAX_BYTES == 1_000_000
    assert too_large("f.yaml") == problem("too-large", "the file is larger than 1 MB and was not read", 1, 1, hint)
    assert too_large("f.yaml", 64_500_000).message == "the file is larger than 64 MB and was not read"


def test_a_byte_order_mark() -> None:
    assert BOM.decode("utf-8") == "\ufeff"
    assert byte_order_mark("f.yaml") == problem(
        "yaml-bom",
        "the file starts with a byte-order mark; expected UTF-8 without one",
        1,
        1,
        'save it as "UTF-8", not as "UTF-8 with BOM"',
    )


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_by_its_mark(encoding: str) -> None:
    found = decode("\ufeffa: 1\n".encode(encoding), "f.yaml")
    assert found == problem("yaml-encoding", "the file is UTF-16; expected UTF-8", 1, 1, 'save it as "UTF-8"')


@pytest.mark.parametrize(
    ("data", "byte", "line", "column"),
    [
        (b"\xe9", "e9", 1, 1),
        (b"a\xe9", "e9", 1, 2),
        (b"\n\xe9", "e9", 2, 1),
        ("a: ü\nbö".encode() + b"\xe9\nc\xff", "e9", 2, 3),
        (b"a: \xc3", "c3", 1, 4),
        (b"a: \x0f\x80", "80", 1, 5),
    ],
)
def test_the_first_byte_that_is_not_utf_8_is_named_with_its_place(
    data: bytes, byte: str, line: int, column: int
) -> None:
    hint = "the file seems to be saved as Latin-1 or Windows-1252; save it as UTF-8"
    assert decode(data, "f.yaml") == problem("yaml-encoding", f"the byte 0x{byte} is not UTF-8", line, column, hint)


@pytest.mark.parametrize(
    ("text", "name", "line", "column"),
    [
        ("\0", "a NUL character", 1, 1),
        ("a\0", "a NUL character", 1, 2),
        ("ü\n\x1b[2J", "the control character U+001B", 2, 1),
        ("a\nb: \x7f", "the control character U+007F", 2, 4),
        ("\ufeff", "the control character U+FEFF", 1, 1),
        ("\uffff", "the control character U+FFFF", 1, 1),
    ],
)
def test_the_first_control_character_is_named_with_its_place(text: str, name: str, line: int, column: int) -> None:
    expected = problem("yaml-control", f"expected text, found {name}", line, column, "most editors hide it; remove it")
    assert decode(text.encode(), "f.yaml") == expected


@given(st.characters(exclude_categories=["Cs"]))
def test_control_characters_are_those_that_the_library_does_not_print(letter: str) -> None:
    assert bool(CONTROL.search(letter)) == bool(Reader.NON_PRINTABLE.search(letter)) or letter == "\ufeff"


@pytest.mark.parametrize(
    ("text", "line"), [("<<<<<<< ours\n", 1), ("a: 1\n>>>>>>> theirs\n", 2), ("a\n\n<<<<<<< x", 3)]
)
def test_an_unfinished_merge_is_told_by_its_line(text: str, line: int) -> None:
    assert decode(text.encode(), "f.yaml") == problem(
        "yaml-conflict",
        "the file holds an unfinished merge",
        line,
        1,
        "keep one of the two versions and delete the lines <<<<<<<, ======= and >>>>>>>",
    )


@pytest.mark.parametrize(
    "text", ["", "a: 1\n", "<<<<<<\n", "<<<<<<<x\n", " <<<<<<< x\n", "=======\n", "\t\r\n\x85\xa0é😀"]
)
def test_everything_else_is_the_text(text: str) -> None:
    assert decode(text.encode(), "f.yaml") == text
