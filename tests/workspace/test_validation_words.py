"""What each type of a model's error expected, and what may help: every rule, on values of each kind."""

from __future__ import annotations

from typing import Any

import pytest

from evaluator.workspace.validation_words import OWN, RULES, did_you_mean, found_words

NUMBERS = {
    "a number": ["float_type"],
    "a whole number": ["int_type", "int_from_float"],
}


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (True, "put it in quotes"), (5, "put it in quotes"), (1.5, "put it in quotes"), ({}, "a text that contains a colon and a space needs quotes"),
        ((), "write one text instead of a list"), (None, ""),
    ],
)  # fmt: skip
def test_where_a_text_was_expected(value: Any, hint: str) -> None:
    assert RULES["string_type"](value, {}) == ("wrong-type", "text", hint)


@pytest.mark.parametrize(("kind", "expected"), [(kind, words) for words, kinds in NUMBERS.items() for kind in kinds])
def test_where_a_number_was_expected(kind: str, expected: str) -> None:
    whole = expected == "a whole number"
    for value, hint in {
        "5": "remove the quotes", "-5": "remove the quotes", "+1.25": "remove the quotes", "1.": "", "x5": "", "5 ": "", "": "",
        1.5: "no fractions here" if whole else "", None: "", True: "",
    }.items():  # fmt: skip
        assert RULES[kind](value, {}) == ("wrong-type", expected, hint)


@pytest.mark.parametrize(
    ("kind", "context", "expectation"),
    [
        ("string_too_short", {}, ("empty-text", "some text", "")),
        ("nothing_visible", {}, ("empty-text", "visible text", "")),
        ("string_too_long", {"max_length": 5}, ("too-long", "at most 5 characters", "")),
        ("bool_type", {}, ("wrong-type", "true or false", "without quotes; yes and no are plain words here")),
        ("tuple_type", {}, ("wrong-type", "a list", "write each entry on a line of its own, after a hyphen")),
        ("dict_type", {}, ("wrong-type", "a mapping of keys to values", "")),
        ("model_type", {}, ("wrong-type", "a mapping of keys to values", "")),
        ("model_attributes_type", {}, ("wrong-type", "a mapping of keys to values", "")),
        ("invalid_key", {}, ("wrong-type", "a word", "put it in quotes")),
        ("greater_than_equal", {"ge": 5}, ("out-of-range", "at least 5", "")),
        ("less_than_equal", {"le": 1e12}, ("out-of-range", "at most 1e+12", "")),
        ("less_than_equal", {"le": 1.0}, ("out-of-range", "at most 1", "")),
        ("greater_than", {"gt": 0.5}, ("out-of-range", "more than 0.5", "")),
        ("less_than", {"lt": "x"}, ("out-of-range", "less than x", "")),
        ("finite_number", {}, ("out-of-range", "a finite number", "")),
        ("too_short", {"min_length": 1}, ("too-few", "at least 1 entry", "")),
        ("too_short", {"min_length": 2}, ("too-few", "at least 2 entries", "")),
        ("too_short", {}, ("too-few", "at least 1 entry", "")),
        ("too_long", {"max_length": 3}, ("too-many", "at most 3 entries", "")),
    ],
)
def test_where_something_else_was_expected(kind: str, context: dict[str, Any], expectation: tuple[str, ...]) -> None:
    assert RULES[kind](object(), context) == expectation


@pytest.mark.parametrize("kind", ["date_type", "not_a_day"])
@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("2026-02-30", "there is no such day"), ("31.1.2026", "write 2026-01-31"), ("1.02.2026", "write 2026-02-01"), ("31.2.2026", "there is no such day"),
        ("1.1.26", ""), ("2026-01-31T10:00", "leave out the time: 2026-01-31"), ("2026-01-31 10", "leave out the time: 2026-01-31"),
        ("2026-01-31x", ""), ("2026-1", "name a day; the last of the month if only the month is known"),
        ("2026-11", "name a day; the last of the month if only the month is known"), ("2026-111", ""), ("soon", ""), ("", ""), (None, ""),
        (1, "name a day; the last of the year if only the year is known"), (9999, "name a day; the last of the year if only the year is known"),
        (0, ""), (10_000, ""), (True, ""), (2026.0, ""),
    ],
)  # fmt: skip
def test_where_a_date_was_expected(kind: str, value: Any, hint: str) -> None:
    assert RULES[kind](value, {}) == ("bad-date", "a date as YYYY-MM-DD", hint)


@pytest.mark.parametrize(
    ("pattern", "value", "expected", "hint"),
    [
        (
            r"^[a-z0-9]+(-[a-z0-9]+)*$",
            "My  Vendor!",
            "lower-case letters and digits, in words joined by hyphens",
            "for instance my-vendor",
        ),
        (r"^[a-z0-9]+(-[a-z0-9]+)*$", "表", "lower-case letters and digits, in words joined by hyphens", ""),
        (
            r"^[a-z0-9]+(-[a-z0-9]+)*$",
            "X" * 70,
            "lower-case letters and digits, in words joined by hyphens",
            f"for instance {'x' * 64}",
        ),
        (r"^[A-Z]$", "ab", "one capital letter", ""),
        (r"^[A-Z]{3}$", "euro", "a currency of three capital letters such as EUR", ""),
        (r"^\d+\.\d+\.\d+$", "1.0", "a version of three numbers such as 1.0.0", ""),
        (r"^[^\r\n\t]+$", "a\nb", "a name on one line, without tabs", ""),
        (r"^x$", "y", "a text of the form ^x$", ""),
    ],
)
def test_where_a_form_was_expected(pattern: str, value: str, expected: str, hint: str) -> None:
    assert RULES["string_pattern_mismatch"](value, {"pattern": pattern}) == ("bad-form", expected, hint)


def test_the_forms_are_those_of_the_models() -> None:
    from pydantic import TypeAdapter

    from evaluator.model import base, catalogue, scorecard

    patterns = {
        TypeAdapter(kind).json_schema()["pattern"] for kind in (base.Id, base.Name, base.Currency)
    } | {
        model.model_json_schema()["properties"][field]["pattern"]
        for model, field in ((catalogue.EvidenceGrade, "grade"), (catalogue.Revision, "version"), (scorecard.Evidence, "grade"))
    }  # fmt: skip
    for pattern in patterns:
        assert not RULES["string_pattern_mismatch"]("?", {"pattern": pattern}).expected.startswith("a text of the form")


def test_where_one_of_some_words_was_expected() -> None:
    expected = "'low', 'medium' or 'high'"
    assert RULES["literal_error"]("Meduim", {"expected": expected}) == ("not-one-of", expected, "did you mean medium?")
    assert RULES["literal_error"](5, {"expected": expected}) == ("not-one-of", expected, "")
    assert RULES["literal_error"]("x", {}) == ("not-one-of", "one of the known words", "")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "nothing"), (True, "true"), (False, "false"), ("", "an empty text"), ("x", "'x'"), ("a\nb" * 50, f"'{'a b' + 'a b' * 12}…'"), ({}, "a mapping"),
        ((), "a list"), ([], "a list"), (5, "5"), (1.5, "1.5"), (10**60, f"1{'0' * 38}…"),
    ],
)  # fmt: skip
def test_what_was_found_in_words(value: Any, words: str) -> None:
    assert found_words(value) == words


def test_suggestions_are_near_and_need_no_capitals() -> None:
    assert did_you_mean("NATIV", ["native", "none"]) == "did you mean native?"
    assert did_you_mean("zzz", ["native"]) == ""
    assert did_you_mean("native" + "x" * 80, ["native" + "x" * 74]) == f"did you mean native{'x' * 74}?"


def test_the_validators_of_the_models_have_hints() -> None:
    assert set(OWN) == {
        "scale_order", "level_gap", "values_count", "values_order", "gate_level", "not_a_language", "not_words", "evidence_undated",
    }  # fmt: skip
    assert all(OWN.values())
