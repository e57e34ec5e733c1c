"""Along one weight: where the first place turns, and where the recommended stack does.

A path lets one criterion or family take any share of the whole weight while all other weights keep their proportions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.model.sensitivity import BreakevenPoint
from evaluator.sensitivity.arrays import TIE, Array, Arrays
from evaluator.sensitivity.stack_choice import NOTHING, Rows, chosen, tops

GRID = 9
"""Places looked at in one go."""
COARSE = 1 / 1024
"""A stretch shorter than this, at both ends of which the stack holds, is taken to hold between."""
FINE = 1e-7
"""How precisely a turn of the stack is placed."""
EDGE = 1e-9
"""How close a path comes to no weight, or to all of it."""


@dataclass(frozen=True, slots=True)
class Path:
    """The weights as a function of the share of one group of criteria."""

    share: float
    """The group's share as stated."""
    inside: Array
    """Weights that sum to 1 over the group alone."""
    outside: Array
    """Weights that sum to 1 over all others."""

    def weights(self, shares: Array) -> Array:
        """One line of weights for each share of the group."""
        result: Array = shares[:, None] * self.inside + (1 - shares[:, None]) * self.outside
        return result


def path(weights: Array, group: NDArray[np.bool_]) -> Path | None:
    """The path of ``group``; None where it has no weight, or all of it."""
    share = float(weights[group].sum())
    rest = float(weights[~group].sum())
    if share <= 0 or rest <= 0:
        return None
    return Path(share, np.where(group, weights, 0.0) / share, np.where(group, 0.0, weights) / rest)


def first_turns(table: Arrays, along: Path, leader: int) -> tuple[BreakevenPoint | None, BreakevenPoint | None]:
    """The nearest weights below and above the stated one at which another option draws level with ``leader``.

    The gap to each rival is linear along a path, so the turns are exact (one weight at a time: Triantaphyllou and Sánchez 1997,
    with the others rescaled).
    """
    inside, outside = table.scores(along.inside), table.scores(along.outside)
    lead_in, lead_out = inside[leader] - inside, outside[leader] - outside
    slope = lead_in - lead_out
    roots = np.divide(-lead_out, slope, out=np.full_like(slope, np.nan), where=np.abs(slope) > TIE**2)
    roots[leader] = np.nan
    # Who draws level only where a weight is nothing or everything overtakes nowhere.
    below = np.where((roots > TIE) & (roots < along.share), roots, -np.inf)
    above = np.where((roots < 1 - TIE) & (roots > along.share), roots, np.inf)
    return _at(table, below, float(below.max())), _at(table, above, float(above.min()))


def _at(table: Arrays, roots: Array, where: float) -> BreakevenPoint | None:
    if not np.isfinite(where):
        return None
    who = np.flatnonzero(np.abs(roots - where) <= TIE)
    return BreakevenPoint(where, tuple(table.options[row] for row in who))


def stack_turns(table: Arrays, along: Path, stack: Rows) -> tuple[BreakevenPoint | None, BreakevenPoint | None]:
    """The nearest weights below and above the stated one at which ``stack`` is no longer recommended.

    Fits are ratios of linear functions along a path, with one denominator per use case, so each difference of two fits rises
    or falls all the way; its values at two places bound it between them. A stretch is passed over when these bounds prove
    that the stack holds; otherwise it is cut, down to a thousandth of the whole weight.
    """
    search = _Stretch(table, along, stack)
    return tuple(search.breakeven(along.share, end) for end in (EDGE, 1 - EDGE))  # type: ignore[return-value]


class _Stretch:
    def __init__(self, table: Arrays, along: Path, stack: Rows) -> None:
        self.table = table
        self.along = along
        self.stack = stack

    def breakeven(self, begin: float, end: float) -> BreakevenPoint | None:
        """The break-even point nearest to ``begin`` on the way to ``end``."""
        places = np.linspace(begin, end, GRID)
        worth = self.table.worth(self.along.weights(places))
        found = chosen(worth, self.table.sizes, self.table.min_gain, self.table.allowed)
        holds = [self._holds(worth[number], rows) for number, rows in enumerate(found)]
        proved = self._proved(worth)
        for number in range(GRID - 1):
            if holds[number + 1] and proved[number]:
                continue
            near, far = float(places[number]), float(places[number + 1])
            if holds[number + 1] and abs(far - near) <= COARSE:
                continue
            if abs(far - near) <= FINE:
                return BreakevenPoint(far, tuple(self.table.options[row] for row in found[number + 1]))
            inner = self.breakeven(near, far)
            if inner:
                return inner
        return None

    def _holds(self, worth: Array, rows: Rows) -> bool:
        """Whether the stack is recommended, or ties with the one that is."""
        if rows == self.stack:
            return True
        if len(rows) != len(self.stack):
            return False
        value, best = (float(worth[list(members)].max(axis=0).sum()) for members in (self.stack, rows))
        return value >= best - NOTHING

    def _proved(self, worth: Array) -> NDArray[np.bool_]:
        """For each stretch between neighbouring places, whether bounds prove that the stack holds."""
        near, far = worth[:-1], worth[1:]
        table = self.table
        place = table.sizes.index(len(self.stack))
        ahead = self._ahead(near, far, self.stack)
        proved: NDArray[np.bool_] = tops(ahead, len(self.stack), table.allowed)[0] <= NOTHING
        for larger in table.sizes[place + 1 : place + 2]:
            proved &= tops(ahead, larger, table.allowed)[0] < table.min_gain
        following = self.stack
        least = max(table.min_gain, 2 * NOTHING)
        for smaller in table.sizes[:place][::-1]:
            proved &= tops(self._ahead(near, far, following), smaller, table.allowed)[0] <= -least
            following = tops(near[:1], smaller, table.allowed)[1][0]
        return proved

    @staticmethod
    def _ahead(near: Array, far: Array, stack: Rows) -> Array:
        """What each option can be ahead of ``stack`` in each use case, at most, anywhere on each stretch."""
        leads = [np.maximum(near - near[:, [row]], far - far[:, [row]]) for row in stack]
        result: Array = np.min(leads, axis=0)
        return result
