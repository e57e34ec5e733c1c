"""What counts as equal: every tolerance of the figures, and the order of figures that tie."""

from __future__ import annotations

TIE_DIGITS = 9
"""Points that agree to this many decimals are equal: rounding in the last digits splits no tie."""
TIE = 1e-9
"""Points, weights and amounts of money closer than this are equal."""
SHARE_DIGITS = 12
"""Shares that agree to this many decimals are equal where they are put in order."""
SHARE_TIE = TIE / 100
"""What a tie of points is between 0 and 1: a stack of no more value than this serves nothing."""
MONEY_DIGITS = 6
"""Amounts of money that agree to this many decimals are equal where stacks are ordered by cost."""
SINGLE_PRECISION = 1e-7
"""What figures of single precision may add to a shortfall."""

CLOSED_GAP = 1e-12
"""What rounding leaves of a gap that is closed by moving weights."""
LEAST_WEIGHT = 1e-9
"""No sampled weight lies below this share, so that a difference on a criterion of some weight always counts."""
PATH_END = 1e-9
"""How close a varied weight comes to nothing, or to the whole."""
BREAKEVEN_PRECISION = 1e-7
"""How precisely the break-even weight of a stack is placed."""
EIGENVECTOR_PRECISION = 1e-14
"""By how much weights from pairwise judgements may still move when the iteration ends."""


def descending(figure: float, digits: int = TIE_DIGITS) -> float:
    """Return a key that sorts the largest figure first and leaves ties to the keys after it."""
    return -round(figure, digits)
