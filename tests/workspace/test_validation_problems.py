"""From the errors of a model to problems: merging, order, limits and places; the sentences are in test_files_faults."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, ValidationError

from evaluator.errors import Problem
from evaluator.model.base import Id, Model
from evaluator.workspace.validation_problems import problems_of
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
