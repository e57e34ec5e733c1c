"""What an unquoted word of YAML stands for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from evaluator.workspace.yaml_writer import MAX_DIGITS, NumberTooLargeError, resolve, resolve_key


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((word, None) for word in ("", "~", "null", "Null", "NULL")),
        *((word, True) for word in ("true", "True", "TRUE")),
        *((word, False) for word in ("false", "False", "FALSE")),
        *((word, word) for word in ("nULL", "FALSe", "yes", "XX", "-", "+", ".", "..", "1-2", "0b1", "0xg", "0o8", "-0x1")),
        ("0", 0),
        ("-0", 0),
        ("+012", 12),
        ("0o17", 15),
        ("0xFf", 255),
        ("1e3", 1000.0),
        ("1.E+2", 100.0),
        ("-.5e-1", -0.05),
    ],
)  # fmt: skip
def test_a_word_is_what_the_core_schema_says(text: str, value: Any) -> None:
    found = resolve(text)
    assert found == value
    assert type(found) is type(value)


@given(
    st.integers(-(10**MAX_DIGITS) + 1, 10**MAX_DIGITS - 1).map(str)
    | st.floats(allow_nan=False, allow_infinity=False).map(repr)
    | st.from_regex(r"0x[0-9a-f]{1,15}|0o[0-7]{1,15}", fullmatch=True)
)
def test_numbers_are_those_of_another_reader_of_yaml_1_2(text: str) -> None:
    if "e" in text and "." not in text and "x" not in text:
        text = text.replace("e", ".0e")  # ruamel wants the point there
    assert resolve(text) == YAML(typ="safe", pure=True).load(text)


@pytest.mark.parametrize("prefix", ["", "-", "+", "0", "-000"])
def test_whole_numbers_may_have_fifteen_digits_that_count(prefix: str) -> None:
    assert resolve(f"{prefix}{'9' * 15}") == int(f"{prefix}{'9' * 15}")
    with pytest.raises(NumberTooLargeError):
        resolve(f"{prefix}1{'0' * 15}")


@pytest.mark.parametrize(("start", "digit"), [("0x", "f"), ("0o", "7")])
def test_numbers_in_other_bases_may_have_fifteen_digits(start: str, digit: str) -> None:
    assert resolve(start + digit * 15) == int(start + digit * 15, 0)
    with pytest.raises(NumberTooLargeError):
        resolve(start + digit * 16)


def test_a_number_beyond_floating_point_is_refused() -> None:
    assert resolve("1e308") == 1e308
    for text in ("1e309", "-1e309"):
        with pytest.raises(NumberTooLargeError):
            resolve(text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("0", 0),
        ("-7", -7),
        ("+7", 7),
        ("012", 12),
        ("9" * 15, 10**15 - 1),
        ("9" * 16, "9" * 16),
        ("1.5", "1.5"),
        ("0x1", "0x1"),
        ("true", "true"),
        ("", ""),
        ("-", "-"),
        ("a1", "a1"),
    ],
)
def test_a_key_is_a_whole_number_or_a_text(text: str, key: str | int) -> None:
    found = resolve_key(text)
    assert found == key
    assert type(found) is type(key)
