"""Counting over samples: who ranks where, with which weights, ahead of whom, at what regret, and which stacks are best.

Stochastic multicriteria acceptability analysis (SMAA-2: Lahdelma and Salminen 2001). Options that tie share the ranks
they take up; stacks that tie share the sample.
"""

from __future__ import annotations

from math import comb, sqrt

import numpy as np
from numpy.typing import NDArray

from evaluator.scoring.tolerances import SHARE_DIGITS, SHARE_TIE, descending
from evaluator.sensitivity.arrays import Array
from evaluator.stack.exact_search import ANY, EXHAUSTIVE, AllowedStacks, Rows, all_sets, best_stacks
from evaluator.stack.stack_value import every_set_value, set_values

SampledParts = NDArray[np.float32]
"""Options x use cases x samples: parts of stack values; single precision is ample for shares of samples."""

WORK = 400_000_000
"""Numbers that one size of stack may take: it bounds the samples that are searched for stacks."""
FEWEST = 200
"""Samples searched however many stacks there are."""
TIED = 50
"""Stacks that tie for one sample and share it, where samples are searched one by one."""
HELD = 1 << 21
"""Values of sets held at a time."""
PAIRED = 20_000
"""Samples in which every pair is compared: enough for a standard error below half a point in a hundred."""


class RankCounts:
    """Sums over samples, for a number of options and criteria; its size does not grow with the samples."""

    def __init__(self, options: int, criteria: int) -> None:
        self.options = options
        self.samples = 0
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
        """Count a block: scores (samples x options, not negative, overwritten) under weights (samples x criteria)."""
        self.samples += len(scores)
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
        differing = keys[:, 1:] ^ keys[:, :-1]
        ties = bool(differing.size) and int(differing.min()) <= self._low
        self._compare(pairs, ties=ties)
        if ties:
            level = differing <= self._low
            tied = level.any(axis=1)
            self._shared(order[tied], level[tied], weights[tied])
            order, weights = order[~tied], weights[~tied]
        self._counted(order, weights)

    def _counted(self, order: NDArray[np.int64], weights: Array) -> None:
        """Samples without ties; options stand in rising order of score. ``order`` is overwritten."""
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
        """Samples with ties: each option of a group takes its part of every rank the group takes up."""
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
        """Every pair of options (options x samples); bits are packed, because counting packed ones is many times faster."""
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


class StackCounts:
    """Shares of samples in which allowed sets of one size are best; where sets tie, each takes its part of the sample."""

    def __init__(
        self, options: int, use_cases: int, size: int, samples: int, watched: Rows = (), allowed: AllowedStacks = ANY
    ) -> None:
        self.size = size
        self.options = options
        self.allowed = allowed
        self.combinations = comb(options, size)
        self.limit = min(samples, max(FEWEST, WORK // max(1, self.combinations * use_cases)))
        self.every = self.combinations <= EXHAUSTIVE
        every = all_sets(options, size) if self.every else np.empty((0, size), dtype=np.intp)
        # Values come from one pass over all sets, of which those not allowed are then dropped.
        self.kept = slice(None) if allowed.free else np.flatnonzero(allowed.passes(every))
        self.sets = every[self.kept]
        self.first = np.zeros(len(self.sets))
        self.found: dict[Rows, float] = {}
        self.samples = 0
        self.nothing_served = 0
        self.watched = watched
        self.shortfalls: list[Array] = []
        """Of the watched set, by sample, as a share of the whole value."""

    def add(self, parts: SampledParts) -> None:
        """Count the samples of ``parts``, as many as are still wanted."""
        parts = parts[:, :, : self.limit - self.samples]
        step = max(1, HELD // self.combinations) if self.every else max(1, parts.shape[2])
        for first in range(0, parts.shape[2], step):
            some = parts[:, :, first : first + step]
            self.samples += some.shape[2]
            best = self._add_every(np.ascontiguousarray(some)) if self.every else self._add_searched(some)
            if self.watched:
                own = set_values(some, np.array([self.watched], dtype=np.intp))[0]
                self.shortfalls.append(np.maximum(best.astype(np.float64) - own, 0.0))

    def _add_every(self, parts: SampledParts) -> NDArray[np.float32]:
        values = every_set_value(parts, self.size, self.combinations)[self.kept]
        first = values.argmax(axis=0)
        best: NDArray[np.float32] = np.take_along_axis(values, first[None], axis=0)[0]
        some = best > SHARE_TIE
        self.nothing_served += int((~some).sum())
        winners = (values == best).sum(axis=0, dtype=np.int32)
        alone = some & (winners == 1)
        self.first += np.bincount(first[alone], minlength=len(self.sets))
        tied = np.flatnonzero(some & (winners > 1))
        if len(tied):
            self.first += ((values[:, tied] == best[tied]) / winners[tied]).sum(axis=1)
        return best

    def _add_searched(self, parts: SampledParts) -> NDArray[np.float32]:
        best = np.zeros(parts.shape[2], dtype=np.float32)
        for sample in range(parts.shape[2]):
            table = parts[:, :, sample].astype(np.float64)
            sets = best_stacks(table, self.size, band=0.0, keep=TIED, allowed=self.allowed).sets
            best[sample] = sets[0][0]
            if best[sample] <= SHARE_TIE:
                self.nothing_served += 1
                continue
            for _, rows in sets:
                self.found[rows] = self.found.get(rows, 0.0) + 1 / len(sets)
        return best

    def shares(self) -> list[tuple[Rows, float, float]]:
        """Sets with their share of samples and its standard error, most first, equal ones in the order of their rows."""
        if self.every:
            counts = [(tuple(map(int, self.sets[row])), float(self.first[row])) for row in np.flatnonzero(self.first)]
        else:
            counts = list(self.found.items())
        shares = [(rows, count / self.samples) for rows, count in counts]
        shares.sort(key=lambda item: (descending(item[1], SHARE_DIGITS), item[0]))
        return [(rows, share, standard_error(share, self.samples)) for rows, share in shares]

    def members(self) -> Array:
        """By option: the share of samples whose best set holds it."""
        result = np.zeros(self.options)
        for rows, share, _ in self.shares():
            result[list(rows)] += share
        return result


def standard_error(share: float, samples: int) -> float:
    """Of a share found in so many independent samples."""
    return sqrt(max(0.0, share * (1 - share)) / samples) if samples else 0.0
