"""What the models declare for a place in a file."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from evaluator.model.base import Model
from evaluator.workspace.declared_keys import allowed_words, annotation_at, known_keys


class Inner(Model):
    word: Literal["a", "b"] = "a"
    format: Annotated[int, Field(alias="schema")] = 0


class Outer(Model):
    plain: int = 0
    inner: Inner = Inner()
    maybe: Inner | None = None
    noted: Annotated[Inner | None, Field()] = None
    listed: Annotated[tuple[Inner, ...], Field(min_length=0)] = ()
    mapped: dict[str, Inner] = {}  # noqa: RUF012 - Pydantic copies defaults
    either: Literal["x"] | tuple[int, ...] = "x"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ((), Outer), (("plain",), int), (("inner",), Inner), (("maybe",), Inner | None), (("inner", "schema"), int), (("maybe", "schema"), int),
        (("noted", "schema"), int), (("listed", 0), Inner), (("listed", 7, "schema"), int), (("mapped", "k"), Inner), (("mapped", "k", "schema"), int),
        (("either", 0), int), (("inner", "format"), None), (("plain", "x"), None), (("none",), None), (("none", "x"), None), (("listed", "x"), None),
        (("inner", 0), None),
    ],
)  # fmt: skip
def test_the_type_at_a_path(path: tuple[str | int, ...], found: Any) -> None:
    assert annotation_at(Outer, path) == found


def test_the_keys_of_a_mapping() -> None:
    assert known_keys(Inner) == known_keys(Inner | None) == known_keys(Annotated[Inner, 1]) == ["word", "schema"]
    assert known_keys(int) == known_keys(None) == known_keys(dict[str, Inner]) == []


def test_the_words_that_are_possible() -> None:
    assert allowed_words(Literal["a", "b"]) == allowed_words(Literal["a", "b"] | None) == "one of: a, b"
    assert allowed_words(Annotated[Literal["a", 1] | None, 1]) == "one of: a, 1"
    assert allowed_words(Literal["unknown"] | int) == ""
    assert allowed_words(int) == allowed_words(None) == ""
