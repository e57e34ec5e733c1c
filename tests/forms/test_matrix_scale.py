"""The scale of a matrix: as asked for, as the sheet states it, or where the scores touch both its ends."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.errors import EvaluatorError
from evaluator.forms.matrix_layout import Line, Matrix, MatrixEntry
from evaluator.forms.matrix_scale import MatrixScale, find_scale, fraction
from evaluator.forms.matrix_table import Number, Table


def scale(*scores: float | None, asked: str | None = None, said: Sequence[Any] = ()) -> MatrixScale:
    """The scale of one criterion's scores, in a sheet whose first column says something."""
    entries = tuple(
        MatrixEntry(None if score is None else Number(score), f"B{n}") for n, score in enumerate(scores, start=1)
    )
    matrix = Matrix("given.csv", (), [Line("x", "A1", "", "", None, entries)], [], [], {}, [])
    return find_scale(matrix, Table("given.csv", "", [["", text] for text in said]), asked)


def ends(found: MatrixScale) -> tuple[float, float, float, str]:
    return float(found.low), float(found.high), float(found.step), found.found


def refusal(*scores: float | None, **more: Any) -> str:
    with pytest.raises(EvaluatorError) as refused:
        scale(*scores, **more)
    return str(refused.value)


@pytest.mark.parametrize("low", [0, 1])
@pytest.mark.parametrize("high", [3, 4, 5, 6, 7, 9, 10, 100])
def test_a_usual_scale_is_told_from_its_ends(low: int, high: int) -> None:
    assert ends(scale(high, low, 2.0)) == (low, high, 1, "because the scores touch both ends of it")


@pytest.mark.parametrize(("low", "high"), [(2, 5), (-1, 5), (0, 2), (1, 8), (1, 11), (0, 99), (0.5, 5)])
def test_other_ends_tell_nothing(low: float, high: float) -> None:
    assert refusal(low, high) == (
        f"The scale of 'given.csv' cannot be told from scores between {low:g} and {high:g}; "
        "name it with --scale MIN..MAX, for instance --scale 0..5."
    )


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Scores from 1 to 5", 1, 5), ("Scale: 0-10", 0, 10), ("Skala 1 bis 6", 1, 6), ("Rating 1..5", 1, 5),
        ("(1 – 5)", 1, 5), ("Punkte: 0…4,5", 0, 4.5), ("scoring goes -2 to 4", -2, 4),
    ],
)  # fmt: skip
def test_a_scale_that_the_sheet_states(text: str, low: float, high: float) -> None:
    found = scale(2.0, 4.0, said=["nothing", text])
    assert (float(found.low), float(found.high), found.found) == (low, high, "as B2 states")


@pytest.mark.parametrize(
    "text",
    ["from 1 to 5", "Scale 5 to 1", "Scale 3 to 5", "Scale 1 to 3", "Scale 4 to 4", 1.5, "x" * 490 + " scale 1 to 5"],
)
def test_what_states_no_scale_that_holds_the_scores(text: Any) -> None:
    assert "cannot be told from scores between 2 and 4" in refusal(2.0, 4.0, said=[text])


def test_a_stated_scale_may_end_at_the_scores() -> None:
    assert ends(scale(2.0, 4.0, said=["Scale 2 to 4"]))[:2] == (2, 4)


def test_what_is_stated_goes_before_what_the_scores_touch_and_what_is_asked_before_both() -> None:
    assert ends(scale(1.0, 5.0, said=["Scale 0 to 10"])) == (0, 10, 1, "as B1 states")
    assert ends(scale(1.0, 5.0, said=["Scale 0 to 10"], asked=" -1 .. 7,5 ")) == (-1, 7.5, 0.5, "as asked for")


@pytest.mark.parametrize("asked", ["5..1", "3..3", "-5..0", "-5..-1", "1-5", "1..5x", "five"])
def test_what_is_no_scale(asked: str) -> None:
    assert refusal(1.0, asked=asked) == f"'{asked}' is no scale; write --scale MIN..MAX, for instance --scale 1..5."


def test_scores_outside_of_the_scale_by_their_cells() -> None:
    assert refusal(1.0, None, 6.0, asked="1..5") == (
        "B3 holds 6, outside of the scale 1 to 5 (as asked for); correct it, or name the scale with --scale MIN..MAX."
    )
    assert refusal(0.5, 3.0, asked="1..5").startswith("B1 holds 0.5, outside of the scale 1 to 5")


def test_no_scores() -> None:
    assert refusal(None) == "'given.csv' has no scores."


@pytest.mark.parametrize(
    ("score", "step"), [(3, 1), (2.5, 0.5), (2.25, 0.25), (2.2, 0.2), (2.1, 0.1), (2.15, 0.05), (0.11, 0.01)]
)
def test_the_largest_step_that_all_scores_keep(score: float, step: float) -> None:
    asked = "0..1" if score < 1 else "0..3"
    assert ends(scale(0.0, score, asked=asked))[2] == step


def test_at_most_a_hundred_steps() -> None:
    assert scale(0.01, asked="0..1").top == 100
    assert refusal(1.0, 0.01, asked="0..2") == (
        "The scores have more than 100 steps between 0 and 2 (see B2); round them, then try again."
    )
    assert refusal(1.0, 2.0, asked="0..101").endswith("between 0 and 101 (see B1); round them, then try again.")
    assert scale(1.0, asked="-100..1").bottom == -100
    assert "more than 100 steps" in refusal(1.0, asked="-101..1")
    assert refusal(1.0, 0.001, asked="0..1") == (
        "The scores have more than 100 steps between 0 and 1 (see B2); round them, then try again."
    )


def test_levels_scores_and_values() -> None:
    half = MatrixScale(Fraction(1), Fraction(5), Fraction(1, 2), "")
    assert (half.bottom, half.top, half.level(3.5), half.score(7)) == (2, 10, 7, 3.5)
    assert [half.value(level) for level in (2, 5, 10)] == [0.2, 0.5, 1]
    below = MatrixScale(Fraction(-2), Fraction(2), Fraction(1), "")
    assert [below.value(level) for level in (-2, -1, 0, 2)] == [0, 0.25, 0.5, 1]


@given(st.integers(-500, 500))
def test_a_number_is_what_people_wrote(hundredths: int) -> None:
    assert fraction(hundredths / 100) == Fraction(hundredths, 100)
