"""Counting ranks over draws: who ranks where, with which weights, ahead of whom, and at what regret.

Stochastic multicriteria acceptability analysis (SMAA-2: Lahdelma and Salminen 2001). Options that tie share the ranks
they take up.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evaluator.sensitivity.arrays import Array

PAIRED = 20_000
"""Draws in which every pair is compared: enough for a standard error below half a point in a hundred."""


class RankCounts:
    """Sums over draws, for a number of options and criteria; its size does not grow with the draws."""

    def __init__(self, options: int, criteria: int) -> None:
        self.options = options
        self.draws = 0
        self.paired = 0
        self.counts = np.zeros((options, options))
        """Option x rank."""
        self.weights = np.zeros((options, criteria))
        """Sums of the weights with which each option ranked first."""
        self.ahead = np.zeros((options, options))
        """How often one option scored more than another; ties count half."""
        self.regret = np.zeros(options)
        bits = max(1, (options - 1).bit_length())
        self._low = (1 << bits) - 1
        self._names = np.arange(options, dtype=np.int64)
        self._ranks = np.arange(options - 1, -1, -1, dtype=np.int64)

    def add(self, scores: Array, weights: Array) -> None:
        """Count a block: scores (draws x options, not negative, overwritten) under weights (draws x criteria)."""
        self.draws += len(scores)
        self.regret -= scores.sum(axis=0)
        pairs = scores[: max(0, PAIRED - self.paired)].T.copy()
        # The bits of a number that is not negative order as it does: with the option's name in the last ones, one sort
        # of whole numbers gives the order, and options whose other bits agree (a few parts in 10^13) tie.
        keys = scores.view(np.int64)
        keys &= ~self._low
        keys |= self._names
        keys.sort(axis=1)
        order = keys & self._low
        self.regret += float((keys[:, -1] - order[:, -1]).view(np.float64).sum())
        apart = keys[:, 1:] ^ keys[:, :-1]
        ties = bool(apart.size) and int(apart.min()) <= self._low
        self._compare(pairs, ties=ties)
        if ties:
            level = apart <= self._low
            tied = level.any(axis=1)
            self._shared(order[tied], level[tied], weights[tied])
            order, weights = order[~tied], weights[~tied]
        self._counted(order, weights)

    def _counted(self, order: NDArray[np.int64], weights: Array) -> None:
        """Draws without ties; options stand in rising order of score. ``order`` is overwritten."""
        if not len(order):
            return
        first = order[:, -1].astype(np.uint16 if self.options <= 1 << 16 else np.int64)
        by_first = np.argsort(first, kind="stable")
        winners = first[by_first]
        begins = np.flatnonzero(np.r_[True, winners[1:] != winners[:-1]])
        self.weights[winners[begins]] += np.add.reduceat(weights[by_first], begins, axis=0)
        order *= self.options
        order += self._ranks
        places = np.bincount(order.ravel(), minlength=self.options**2)
        self.counts += places.reshape(self.options, self.options)

    def _shared(self, order: NDArray[np.int64], level: NDArray[np.bool_], weights: Array) -> None:
        """Draws with ties: each option of a group takes its part of every rank the group takes up."""
        ones = np.ones((len(order), 1), dtype=bool)
        begins = np.hstack([ones, ~level])
        places = np.broadcast_to(np.arange(self.options), order.shape)
        first = np.maximum.accumulate(np.where(begins, places, 0), axis=1)
        ends = np.hstack([~level, ones])
        last = np.minimum.accumulate(np.where(ends, places, self.options)[:, ::-1], axis=1)[:, ::-1]
        part = 1 / (last - first + 1)
        steps = np.zeros((self.options, self.options + 1))
        # Rank 0 is the last place of the rising order.
        np.add.at(steps, (order, self.options - 1 - last), part)
        np.add.at(steps, (order, self.options - first), -part)
        self.counts += np.cumsum(steps, axis=1)[:, :-1]
        shares = np.zeros((len(order), self.options))
        np.put_along_axis(shares, order, np.where(last == self.options - 1, part, 0.0), axis=1)
        self.weights += shares.T @ weights

    def _compare(self, columns: Array, *, ties: bool) -> None:
        """Every pair of options (options x draws); bits are packed, because counting packed ones is many times faster."""
        count = columns.shape[1]
        self.paired += count
        for one in range(self.options - 1 if count else 0):
            others = columns[one + 1 :]
            more = _count(columns[one] > others)
            less = _count(columns[one] < others) if ties else count - more
            even = count - more - less
            self.ahead[one, one + 1 :] += more + even / 2
            self.ahead[one + 1 :, one] += less + even / 2


def _count(flags: NDArray[np.bool_]) -> Array:
    """How many are set in each line."""
    result: Array = np.bitwise_count(np.packbits(flags, axis=1)).sum(axis=1, dtype=np.int64).astype(np.float64)
    return result
