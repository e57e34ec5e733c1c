"""What counts as equal: every tolerance of the figures, and the order of figures that tie."""

from __future__ import annotations

TIE_DIGITS = 9
"""Points that agree to this many decimals are equal: rounding in the last digits splits no tie."""
TIE = 1e-9
"""Points, or money, closer than this are equal."""
SHARE_TIE = TIE / 100
"""The same for figures between 0 and 1: a stack of no more value than this serves nothing."""
MONEY_DIGITS = 6
"""Amounts of money that agree to this many decimals are equal where stacks are ordered by cost."""
CLOSED_GAP = 1e-12
"""What rounding leaves of a gap that is closed by moving weights."""
SINGLE_PRECISION = 1e-7
"""What figures of single precision may add to a shortfall."""
LEAST_WEIGHT = 1e-9
"""No sampled weight lies below this share, so that a difference on a criterion of some weight always counts."""


def descending(figure: float) -> float:
    """Return a key that sorts the largest figure first and leaves ties to the keys after it."""
    return -round(figure, TIE_DIGITS)
