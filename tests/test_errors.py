"""What can be wrong, and how it is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.errors import (
    MOST_ALIKE,
    ContentError,
    EvaluatorError,
    Problem,
    Severity,
    Suggestions,
    check_line,
    folded,
    has_errors,
    known_ids,
    one_line,
    quoted,
)

WARNING = Problem("c", "m", severity=Severity.WARNING)


@pytest.mark.parametrize(
    ("problem", "place"),
    [
        (Problem("c", "m"), "."),
        (Problem("c", "m", "f"), "f"),
        (Problem("c", "m", "f", line=3), "f:3:1"),
        (Problem("c", "m", "f", line=3, column=7), "f:3:7"),
        (Problem("c", "m", "f", column=7), "f"),
        (Problem("c", "m", line=1, column=2), ".:1:2"),
        (Problem("c", "m", "f", cell="S!A1", line=3), "f [S!A1]"),
        (Problem("c", "m", "f", cell=""), "f"),
    ],
)
def test_a_place_is_told_as_far_as_it_is_known(problem: Problem, place: str) -> None:
    assert problem.place == place
    assert str(problem) == f"{place}: error: m"


def test_a_problem_is_one_line_with_its_weight_and_hint() -> None:
    assert str(Problem("c", "m\n\x1b", "f\t", hint="h")) == "f\ufffd: error: m\ufffd\ufffd (h)"
    assert str(WARNING) == ".: warning: m"
    assert Problem("c", "m") == Problem("c", "m", "", (), None, None, None, "", Severity.ERROR)
    assert [each.value for each in Severity] == ["error", "warning"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"), (5, "5"), (" a \n b\tc ", "a b c"), ("x" * 60, "x" * 60), ("x" * 61, f"{'x' * 59}…"), ("a\x1bb\u202e", "a\ufffdb\ufffd"), ("", ""),
        (None, "None"), (" " * 1200 + "a", ""), (" " * 1199 + "a", "a"),
    ],
)  # fmt: skip
def test_a_quoted_value_is_short_and_on_one_line(value: object, text: str) -> None:
    assert one_line(value) == text


def test_a_name_is_quoted_on_one_line() -> None:
    assert quoted("a\nb\x1b\udcff.yaml") == "'a\ufffdb\ufffd\ufffd.yaml'"


@given(st.text(), st.integers(1, 80))
def test_a_quoted_value_is_never_longer_than_its_limit(text: str, limit: int) -> None:
    found = one_line(text, limit)
    assert len(found) <= limit
    assert "\n" not in found


def test_warnings_are_no_errors() -> None:
    assert [has_errors(each) for each in ([], [WARNING], [WARNING, Problem("c", "m")])] == [False, False, True]


def test_an_error_of_the_content_carries_its_problems() -> None:
    error = ContentError("words", iter([WARNING]))
    assert (str(error), error.problems) == ("words", (WARNING,))
    assert isinstance(error, EvaluatorError)


@pytest.mark.parametrize("text", ["a", "é", "…", "a b"])
def test_a_line_of_visible_text(text: str) -> None:
    check_line("name", text)


@pytest.mark.parametrize("text", ["", " ", "\u200b", "a\nb", "a\tb", "a\x07"])
def test_what_is_none(text: str) -> None:
    with pytest.raises(EvaluatorError) as raised:
        check_line("name", text)
    assert str(raised.value) == "The name must be one line of visible text without control characters."


def test_the_nearest_known_word_is_suggested() -> None:
    known = Suggestions(["medium", "high", "highest"])
    assert [known.nearest(word) for word in ("meduim", "hig", "zzz")] == ["medium", "high", ""]
    assert known.hint("meduim") == "did you mean medium?"
    assert known.hint("zzz") == ""
    assert known.hint("zzz", "else") == "else"


def test_twenty_words_are_looked_up_and_only_their_beginning() -> None:
    assert Suggestions.MOST == 20
    known = Suggestions(word for word in ("medium",))
    assert [known.nearest(f"medium{number}") for number in range(21)] == ["medium"] * 20 + [""]
    assert known.nearest("medium0") == "medium"
    long = "a" * 80
    assert Suggestions([long]).nearest(long + "b" * 500) == long


def test_the_first_unknown_id_is_told() -> None:
    known_ids("vendor", [], [])
    known_ids("vendor", ["a", "b"], {"a": 1, "b": 2})
    for chosen, known, words in (
        (["acme", "acmee", "zz"], ["acme"], "There is no vendor 'acmee'; did you mean acme?"),
        (["zz"], ["acme", "bolt"], "There is no vendor 'zz'; there are acme, bolt."),
        (["z\nz"], [], "There is no vendor 'z z'; there are none."),
    ):
        with pytest.raises(EvaluatorError) as raised:
            known_ids("vendor", chosen, known)
        assert str(raised.value) == words


def many(code: str, count: int, file: str = "f") -> list[Problem]:
    return [Problem(code, f"{code} {number}", file, line=number) for number in range(1, count + 1)]


def test_one_hundred_of_a_kind_are_listed() -> None:
    assert MOST_ALIKE == 100
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
