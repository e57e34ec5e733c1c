"""Long lists of problems are cut, and what was cut is said."""

from __future__ import annotations

import pytest

from evaluator.errors import Problem
from evaluator.workspace.problem_limit import MOST, folded


def many(code: str, count: int, file: str = "f") -> list[Problem]:
    return [Problem(code, f"{code} {number}", file, line=number) for number in range(1, count + 1)]


def test_one_hundred_of_a_kind_are_listed() -> None:
    assert MOST == 100
    assert folded(many("a", 100)) == many("a", 100)
    (*kept, last) = folded(many("a", 101))
    assert kept == many("a", 99)
    assert (last.message, last.line) == ("a 100; 1 more of this kind in this file are not listed", 100)


def test_kinds_and_files_are_counted_apart_and_the_order_stays() -> None:
    mixed = [each for group in zip(many("a", 3), many("b", 3), many("a", 3, "g"), strict=True) for each in group]
    assert [f"{problem.file} {problem.message}" for problem in folded(mixed, {"a": 2})] == [
        "f a 1",
        "f b 1",
        "g a 1",
        "f a 2; 1 more of this kind in this file are not listed",
        "f b 2",
        "g a 2; 1 more of this kind in this file are not listed",
        "f b 3",
    ]


@pytest.mark.parametrize(("count", "words"), [(1103, "1,003"), (100_100, "100,000")])
def test_the_rest_is_counted(count: int, words: str) -> None:
    assert folded(many("a", count))[-1].message == f"a 100; {words} more of this kind in this file are not listed"


def test_nothing_stays_nothing() -> None:
    assert folded([]) == []
