"""Which stacks win, draw by draw."""

from __future__ import annotations

from math import comb, sqrt

import numpy as np
from numpy.typing import NDArray

from evaluator.sensitivity.arrays import Array
from evaluator.sensitivity.stack_choice import NOTHING, Rows
from evaluator.stack.allowed_stacks import ANY, AllowedStacks
from evaluator.stack.option_sets import all_sets

Earned = NDArray[np.float32]
"""Options x use cases x draws: the part of a stack's value each option would earn; single precision is ample for shares of draws."""

WORK = 400_000_000
"""Numbers that one size may take: it bounds the draws that are searched for stacks."""
FEWEST = 200
"""Draws searched however many stacks there are."""
EVERY = 20_000
"""Up to this many sets, all are valued in every draw; above, each draw is searched on its own."""
TIED = 50
"""Sets that tie for one draw and share it, where draws are searched on their own."""
HELD = 1 << 21
"""Values of sets held at a time."""


class StackWins:
    """Shares of draws won by the allowed sets of one size; where sets tie, each takes its part of the draw."""

    def __init__(
        self, options: int, use_cases: int, size: int, samples: int, watched: Rows = (), allowed: AllowedStacks = ANY
    ) -> None:
        self.size = size
        self.options = options
        self.allowed = allowed
        count = comb(options, size)
        self.limit = min(samples, max(FEWEST, WORK // max(1, count * use_cases)))
        self.every = count <= EVERY
        self.sets = all_sets(options, size) if self.every else np.empty((0, size), dtype=np.intp)
        # Values come from one walk over all sets, of which those not allowed are then dropped.
        self.kept = slice(None) if allowed.free else np.flatnonzero(allowed.passes(self.sets))
        self.sets = self.sets[self.kept]
        self.wins = np.zeros(len(self.sets))
        self.found: dict[Rows, float] = {}
        self.draws = 0
        self.worthless = 0
        self.watched = watched
        self.shortfalls: list[Array] = []
        """Of the watched set, by draw, as a share of the whole value."""

    def add(self, earned: Earned) -> None:
        """Count the draws of ``earned``, as many as are still wanted."""
        earned = earned[:, :, : self.limit - self.draws]
        step = max(1, HELD // comb(self.options, self.size)) if self.every else max(1, earned.shape[2])
        for first in range(0, earned.shape[2], step):
            part = earned[:, :, first : first + step]
            self.draws += part.shape[2]
            best = self._every(np.ascontiguousarray(part)) if self.every else self._each(part)
            if self.watched:
                own = part[list(self.watched)].max(axis=0).sum(axis=0)
                self.shortfalls.append(np.maximum(best.astype(np.float64) - own, 0.0))

    def _every(self, earned: Earned) -> NDArray[np.float32]:
        values = np.empty((comb(self.options, self.size), earned.shape[2]), dtype=np.float32)
        _fill(values, earned, np.zeros(earned.shape[1:], dtype=np.float32), 0, self.size, 0)
        values = values[self.kept]
        first = values.argmax(axis=0)
        best: NDArray[np.float32] = np.take_along_axis(values, first[None], axis=0)[0]
        some = best > NOTHING
        self.worthless += int((~some).sum())
        winners = (values == best).sum(axis=0, dtype=np.int32)
        alone = some & (winners == 1)
        self.wins += np.bincount(first[alone], minlength=len(self.sets))
        tied = np.flatnonzero(some & (winners > 1))
        if len(tied):
            self.wins += ((values[:, tied] == best[tied]) / winners[tied]).sum(axis=1)
        return best

    def _each(self, earned: Earned) -> NDArray[np.float32]:
        best = np.zeros(earned.shape[2], dtype=np.float32)
        for draw in range(earned.shape[2]):
            sets = self.allowed.best(earned[:, :, draw].astype(np.float64), self.size, band=0.0, keep=TIED).sets
            best[draw] = sets[0][0]
            if best[draw] <= NOTHING:
                self.worthless += 1
                continue
            for _, rows in sets:
                self.found[rows] = self.found.get(rows, 0.0) + 1 / len(sets)
        return best

    def shares(self) -> list[tuple[Rows, float, float]]:
        """Sets with their share of draws and its standard error, most first, equal ones in the order of their rows."""
        if self.every:
            wins = [(tuple(map(int, self.sets[row])), float(self.wins[row])) for row in np.flatnonzero(self.wins)]
        else:
            wins = list(self.found.items())
        shares = [(rows, won / self.draws) for rows, won in wins]
        shares.sort(key=lambda item: (-round(item[1], 12), item[0]))
        return [(rows, share, standard_error(share, self.draws)) for rows, share in shares]

    def members(self) -> Array:
        """By option: the share of draws whose winner holds it."""
        result = np.zeros(self.options)
        for rows, share, _ in self.shares():
            result[list(rows)] += share
        return result


def standard_error(share: float, draws: int) -> float:
    """Of a share found in so many independent draws."""
    return sqrt(max(0.0, share * (1 - share)) / draws) if draws else 0.0


def _fill(
    values: NDArray[np.float32], earned: Earned, covered: NDArray[np.float32], start: int, left: int, at: int
) -> int:
    """Write the values of all sets with ``left`` more options from ``start`` on, in order, from line ``at``; the next line."""
    if left == 1:
        count = len(earned) - start
        np.maximum(earned[start:], covered).sum(axis=1, out=values[at : at + count])
        return at + count
    for row in range(start, len(earned) - left + 1):
        at = _fill(values, earned, np.maximum(covered, earned[row]), row + 1, left - 1, at)
    return at
