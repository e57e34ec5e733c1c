"""What counts as equal, and the order of figures that tie."""

from __future__ import annotations

from evaluator.scoring.tolerances import SHARE_TIE, TIE, TIE_DIGITS, descending


def test_a_tie_is_the_last_decimal_that_counts() -> None:
    assert TIE == 10**-TIE_DIGITS
    assert SHARE_TIE * 100 == TIE


def test_figures_that_tie_are_left_to_the_next_key() -> None:
    figures = [(50.0, "b"), (50 + TIE / 10, "c"), (50 - TIE / 10, "a"), (50 + 2 * TIE, "d")]
    assert [name for _, name in sorted(figures, key=lambda row: (descending(row[0]), row[1]))] == ["d", "a", "b", "c"]
    assert descending(0.25 + 1e-12) == descending(0.25)
    assert descending(0.25 + 1e-12, 12) < descending(0.25, 12)
