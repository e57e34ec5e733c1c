"""From the errors of a model to problems: merging, order, limits and places; the sentences are in test_validation_sentences."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, ValidationError

from evaluator.errors import Problem
from evaluator.model.base import Id, Model
from evaluator.workspace.validation_messages import MESSAGES, did_you_mean, expectation, found_words, problems_of
from evaluator.workspace.yaml_reader import parse


class Part(Model):
    word: Literal["one", "two"]
    size: Annotated[int, Field(ge=1, le=3)] = 1


class Whole(Model):
    parts: Annotated[tuple[Part, ...], Field(min_length=1, max_length=2)] = ()
    level: int | Literal["unknown"] = 0
    share: int | float = 0
    names: dict[Id, Part] = {}  # noqa: RUF012 - Pydantic copies defaults
    many: tuple[int, ...] = ()
    either: Part | int | None = None
    few: Annotated[dict[str, int], Field(min_length=2)] = {}  # noqa: RUF012


def told(text: str) -> list[Problem]:
    document = parse(text.encode(), "f.yaml")
    with pytest.raises(ValidationError) as raised:
        Whole.model_validate(document.value)
    return problems_of(raised.value, Whole, document.places, "f.yaml")


def only(text: str) -> Problem:
    (problem,) = told(text)
    return problem


def test_a_problem_has_code_sentence_file_path_place_and_hint() -> None:
    assert only("parts:\n  - word: on\n") == Problem(
        "not-one-of",
        "parts[1].word: expected 'one' or 'two', found 'on'",
        "f.yaml",
        ("parts", 0, "word"),
        2,
        11,
        hint="did you mean one?",
    )
    assert only("parts:\n  - {}\n") == Problem(
        "missing-key",
        "parts[1]: the key `word` is missing",
        "f.yaml",
        ("parts", 0, "word"),
        2,
        5,
        hint="one of: one, two",
    )
    assert only("\nzz: 1\n") == Problem(
        "unknown-key", "unknown key `zz`", "f.yaml", ("zz",), 2, 1,
        hint="known here: parts, level, share, names, many, either, few",
    )  # fmt: skip
    assert only("levl: 1\n").hint == "did you mean level?"
    assert only("names:\n  A b: {word: one}\n") == Problem(
        "bad-form", "names: as key: expected lower-case letters and digits, in words joined by hyphens, found 'A b'", "f.yaml",
        ("names", "A b"), 2, 3, hint="for instance a-b",
    )  # fmt: skip


def test_the_ways_of_a_union_are_one_mistake() -> None:
    assert only("level: x\n").message == "level: expected a whole number or 'unknown', found 'x'"
    assert only("level:\n").hint == "write unknown if it is not known"
    assert only("share: x\n").message == "share: expected a number, found 'x'"
    assert only("share:\n").hint == ""
    assert only("share: '5'\n").hint == "remove the quotes"
    assert only("either: {word: x}\n").message == "either.word: expected 'one' or 'two', found 'x'"
    assert only("either: x\n").message == "either: expected a mapping of keys to values or a whole number, found 'x'"


def test_problems_come_in_the_order_of_their_places() -> None:
    text = "share: x\nlevel: y\nparts:\n  - {word: z, size: 9}\n  - {size: 0, word: one}\nzz: 1\n"
    assert [(one.line, one.column, one.code) for one in told(text)] == [
        (1, 8, "wrong-type"), (2, 8, "wrong-type"), (4, 12, "not-one-of"), (4, 21, "out-of-range"), (5, 12, "out-of-range"), (6, 1, "unknown-key"),
    ]  # fmt: skip


def test_lists_that_are_too_short_or_too_long() -> None:
    assert only("parts: []\n").message == "parts: expected at least 1 entry, found a list"
    assert (
        only("parts: [{word: one}, {word: one}, {word: one}]\n").message
        == "parts: expected at most 2 entries, found a list"
    )
    assert only("few: {a: 1}\n").message == "few: expected at least 2 entries, found a mapping"
    assert [one.code for one in told("parts: [{}]\n")] == ["missing-key"]
    assert [one.code for one in told("few: {a: x, b: 1}\n")] == ["wrong-type"]


def test_many_problems_of_a_kind_are_folded_and_the_rest_is_counted() -> None:
    found = told(f"many: [{', '.join(['x'] * 150)}]\n")
    assert len(found) == 100
    assert found[-1].message.endswith("; 50 more of this kind in this file are not listed")
    assert len(told(f"many: [{', '.join(['x'] * 5_000)}]\n")) == 100
    found = told(f"many: [{', '.join(['x'] * 6_234)}]\n")
    assert len(found) == 101
    assert found[-1] == Problem(
        "more-problems", "up to 1,234 more problems in this file are not listed", "f.yaml", found[-1].path, 1, found[-1].column,
        hint="fix those that are listed and check again",
    )  # fmt: skip
    assert found[-2].message.endswith("; 4,900 more of this kind in this file are not listed")


def test_long_keys_are_shortened() -> None:
    assert only(f"{'k' * 50}: 1\n").message == f"unknown key `{'k' * 39}…`"


class Odd(Model):
    values: tuple[int, ...] = ()
    max: int = 0


@pytest.mark.parametrize(
    ("kind", "code", "path", "hint"),
    [
        ("values_count", "values-count", ("values",), "one number per level, from the lowest to the highest"),
        ("scale_order", "scale-order", ("max",), "swap the two"),
        ("level_gap", "level-gap", (), "number the levels one by one"),
        ("strange_thing", "invalid-value", (), ""),
    ],
)
def test_a_validator_of_a_model_speaks_for_itself(kind: str, code: str, path: tuple[str, ...], hint: str) -> None:
    from pydantic_core import InitErrorDetails, PydanticCustomError
    from pydantic_core import ValidationError as Raised

    document = parse(b"values: [1]\nmax: 2\n", "f.yaml")
    details: Any = InitErrorDetails(type=PydanticCustomError(kind, "The words " + "x" * 300), loc=(), input={}, ctx={})
    error = Raised.from_exception_data("Odd", [details])
    (problem,) = problems_of(error, Odd, document.places, "f.yaml")
    assert (problem.code, problem.path, problem.hint) == (code, path, hint)
    start = f"{path[0]}: the words x" if path else "the words x"
    assert problem.message.startswith(start)
    assert len(problem.message.partition("the words")[2]) == 200 - len("the words")


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
    assert expectation("string_type", value, {}) == ("wrong-type", "text", hint)


@pytest.mark.parametrize(("kind", "expected"), [(kind, words) for words, kinds in NUMBERS.items() for kind in kinds])
def test_where_a_number_was_expected(kind: str, expected: str) -> None:
    whole = expected == "a whole number"
    for value, hint in {
        "5": "remove the quotes", "-5": "remove the quotes", "+1.25": "remove the quotes", "1.": "", "x5": "", "5 ": "", "": "",
        1.5: "no fractions here" if whole else "", None: "", True: "",
    }.items():  # fmt: skip
        assert expectation(kind, value, {}) == ("wrong-type", expected, hint)


@pytest.mark.parametrize(
    ("kind", "context", "wanted"),
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
        ("less_than", {"lt": 12}, ("out-of-range", "less than 12", "")),
        ("finite_number", {}, ("out-of-range", "a finite number", "")),
        ("too_short", {"min_length": 1}, ("too-few", "at least 1 entry", "")),
        ("too_short", {"min_length": 2}, ("too-few", "at least 2 entries", "")),
        ("too_long", {"max_length": 3}, ("too-many", "at most 3 entries", "")),
    ],
)
def test_where_something_else_was_expected(kind: str, context: dict[str, Any], wanted: tuple[str, ...]) -> None:
    assert expectation(kind, object(), context) == wanted


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
    assert expectation(kind, value, {}) == ("bad-date", "a date as YYYY-MM-DD", hint)


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
    assert expectation("string_pattern_mismatch", value, {"pattern": pattern}) == ("bad-form", expected, hint)


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
        assert not expectation("string_pattern_mismatch", "?", {"pattern": pattern})[1].startswith("a text of the form")


def test_where_one_of_some_words_was_expected() -> None:
    expected = "'low', 'medium' or 'high'"
    assert expectation("literal_error", "Meduim", {"expected": expected}) == (
        "not-one-of",
        expected,
        "did you mean medium?",
    )
    assert expectation("literal_error", 5, {"expected": expected}) == ("not-one-of", expected, "")


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
    own = {kind for kind, message in MESSAGES.items() if not message.expected and not message.says}
    assert own == {
        "scale_order", "level_gap", "values_count", "values_order", "gate_level", "tag_gate_level", "not_a_language", "not_words", "evidence_undated",
        "valid_until_kind", "estimate_order",
    }  # fmt: skip
    assert all(MESSAGES[kind].hint for kind in own)
    assert all(MESSAGES[kind].code == kind.replace("_", "-") for kind in own)
