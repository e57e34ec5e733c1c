"""Branch and bound over subsets under the facility location objective.

Two bounds are held against the threshold at every node, both cheap for all candidates at once:

- The objective is monotone and submodular, so a subset is worth at most what is chosen plus the gains, taken alone, of
  the rows still to come (Nemhauser, Wolsey and Fisher 1978).
- For any price per column, a subset is worth at most the prices plus what each of its rows earns above them
  (Lagrangian dual of facility location: Cornuejols, Fisher and Nemhauser 1977). Good prices come from subgradient steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from evaluator.stack.option_sets import Rows, Sets

Indexes = NDArray[np.intp]
STEPS = 100
"""Subgradient steps for the prices: more gain nothing on instances of any size we measured."""
FRESH_PRICES = 3
"""With this many rows still to choose, new prices pay for themselves."""
FRESH_STEPS = 10
PATIENCE = 12
"""One step in so many may bring no better bound before the step length is halved; never fewer than four."""
LEAST = 1e-9
"""A bound that falls by no more than this has not improved."""
CHUNK = 8192
"""Pairs valued at a time, so that the threshold they are held against stays current."""
LOT = 1 << 20
"""Pairs listed at a time, so that memory stays flat."""


class Sink(Protocol):
    """Who receives the subsets that are found."""

    @property
    def threshold(self) -> float:
        """What a subset must exceed to matter."""

    def take(self, values: Rows, sets: Sets) -> bool:
        """Receive subsets with their values; whether the search may stop."""


class Tree:
    """All subsets of ``size`` rows of ``worth``, at least two of them and no more than there are rows."""

    def __init__(self, worth: Rows, size: int) -> None:
        self.worth = worth
        self.size = size
        self.examined = 0
        self.prices: Rows = np.zeros(worth.shape[1])

    def start(self, sink: Sink) -> None:
        """Good subsets to begin with: greedy, then single exchanges until none helps; and prices that fit them."""
        chosen: list[int] = []
        for _ in range(self.size):
            chosen.append(self._exchange(chosen, sink)[0])
        value = float(self.worth[chosen].max(axis=0).sum())
        improved = self.size > 1
        while improved:
            improved = False
            for place in range(self.size):
                rest = chosen[:place] + chosen[place + 1 :]
                row, reached = self._exchange(rest, sink)
                if reached > value + 1e-12:
                    chosen, value, improved = [*rest, row], reached, True
        self.prices = prices(self.worth, self.size, value, np.sort(self.worth, axis=0)[-self.size], STEPS)

    def _exchange(self, rest: list[int], sink: Sink) -> tuple[int, float]:
        """The row that completes ``rest`` best, and the value; whole subsets are offered to ``sink``."""
        covered = self.worth[rest].max(axis=0) if rest else np.zeros(self.worth.shape[1])
        values = np.maximum(self.worth, covered).sum(axis=1)
        values[rest] = -1.0
        best = int(values.argmax())
        if len(rest) == self.size - 1:
            self.examined += len(values) - len(rest)
            others = np.delete(np.arange(len(values)), rest)
            sink.take(
                values[others], np.hstack([np.tile(np.array(rest, dtype=np.intp), (len(others), 1)), others[:, None]])
            )
        return best, float(values[best])

    def walk(self, sink: Sink, *, by_rows: bool) -> None:
        """Give ``sink`` every subset that may exceed its threshold.

        Rows with the largest gain come first, which proves fastest, or ``by_rows`` all subsets in the order of their rows.
        """
        everything = np.arange(len(self.worth))
        self._node(sink, (), np.zeros(self.worth.shape[1]), everything, self.prices, by_rows=by_rows)

    def _node(
        self,
        sink: Sink,
        chosen: tuple[int, ...],
        covered: Rows,
        candidates: Indexes,
        paid: Rows,
        *,
        by_rows: bool,
    ) -> bool:
        left = self.size - len(chosen)
        rows = self.worth[candidates]
        if left == 1:
            self.examined += len(candidates)
            return sink.take(np.maximum(rows, covered).sum(axis=1), _joined(chosen, candidates[:, None]))
        if left == FRESH_PRICES and chosen and len(candidates) > left:
            paid = self._fresh(rows, covered, paid, sink.threshold)
        bounds = _Bounds(rows, covered, paid)
        able = bounds.able(left, sink.threshold)
        if not by_rows:
            able = able[np.argsort(-bounds.gains[able], kind="stable")]
        candidates, rows, bounds = candidates[able], rows[able], bounds.of(able)
        if len(candidates) < left:
            return False
        if left == 2:  # noqa: PLR2004 - the last two rows are tried for all candidates at once
            return self._pairs(sink, chosen, covered, candidates, bounds, by_rows=by_rows)
        for place in range(len(candidates) - left + 1):
            if bounds.spent(place, left, sink.threshold, ordered=not by_rows):
                break
            following = np.maximum(covered, rows[place])
            more = (*chosen, int(candidates[place]))
            if self._node(sink, more, following, candidates[place + 1 :], paid, by_rows=by_rows):
                return True
        return False

    def _fresh(self, rows: Rows, covered: Rows, paid: Rows, threshold: float) -> Rows:
        """Prices for what is left once some rows are chosen, from a few more steps."""
        added, begin = np.maximum(rows - covered, 0.0), np.maximum(paid - covered, 0.0)
        return covered + prices(added, FRESH_PRICES, threshold - float(covered.sum()), begin, FRESH_STEPS)

    def _pairs(
        self,
        sink: Sink,
        chosen: tuple[int, ...],
        covered: Rows,
        candidates: Indexes,
        bounds: _Bounds,
        *,
        by_rows: bool,
    ) -> bool:
        if by_rows:
            lots: Iterator[tuple[Indexes, Indexes]] = _pairs_by_rows(bounds, sink.threshold)
        else:
            lots = _pairs_by_gain(bounds, sink.threshold)
        rows = np.maximum(self.worth[candidates], covered)
        for first, second in lots:
            for begin in range(0, len(first), CHUNK):
                one, two = first[begin : begin + CHUNK], second[begin : begin + CHUNK]
                able = bounds.pairs(one, two) > sink.threshold
                one, two = one[able], two[able]
                self.examined += len(one)
                values = np.maximum(rows[one], rows[two]).sum(axis=1)
                if sink.take(values, _joined(chosen, np.column_stack([candidates[one], candidates[two]]))):
                    return True
        return False


class _Bounds:
    """The two bounds for one node: a base, and what each candidate adds to it."""

    def __init__(self, rows: Rows, covered: Rows, prices_: Rows) -> None:
        paid = np.maximum(covered, prices_)
        self.base = float(covered.sum())
        self.paid = float(paid.sum())
        self.gains: Rows = np.maximum(rows - covered, 0.0).sum(axis=1)
        self.above: Rows = np.maximum(rows - paid, 0.0).sum(axis=1)

    def of(self, places: Indexes) -> _Bounds:
        """The same for some of the candidates."""
        other = object.__new__(_Bounds)
        other.base, other.paid = self.base, self.paid
        other.gains, other.above = self.gains[places], self.above[places]
        return other

    def able(self, left: int, threshold: float) -> Indexes:
        """The candidates that, with the best companions there are, may exceed the threshold."""
        if len(self.gains) < left:
            return np.empty(0, dtype=np.intp)
        with_gains = self.base + self.gains + _largest(self.gains, left - 1)
        with_prices = self.paid + self.above + _largest(self.above, left - 1)
        return np.flatnonzero(np.minimum(with_gains, with_prices) > threshold)

    def spent(self, place: int, left: int, threshold: float, *, ordered: bool) -> bool:
        """Whether no candidate from ``place`` on, all of them ordered by gain, may exceed the threshold."""
        return ordered and self.base + float(self.gains[place : place + left].sum()) <= threshold

    def pairs(self, one: Indexes, two: Indexes) -> Rows:
        """The smaller of the two bounds for pairs of candidates."""
        with_gains = self.base + self.gains[one] + self.gains[two]
        with_prices = self.paid + self.above[one] + self.above[two]
        bound: Rows = np.minimum(with_gains, with_prices)
        return bound


def _largest(values: Rows, count: int) -> float:
    return float(np.partition(values, len(values) - count)[len(values) - count :].sum()) if count else 0.0


def _joined(chosen: tuple[int, ...], last: Sets) -> Sets:
    return np.hstack([np.tile(np.array(chosen, dtype=np.intp), (len(last), 1)), last])


def _pairs_by_gain(bounds: _Bounds, threshold: float) -> Iterator[tuple[Indexes, Indexes]]:
    """Pairs whose gains may exceed the threshold, in lots; candidates are ordered by gain, largest first."""
    gains = bounds.gains
    places = np.arange(len(gains))
    reach = np.searchsorted(-gains, bounds.base + gains - threshold, side="left")
    counts = np.maximum(reach - places - 1, 0)
    ends = np.cumsum(counts)
    begin = 0
    while begin < len(gains):
        done = ends[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(ends, done + LOT, side="right")))
        some = counts[begin:end]
        first = np.repeat(places[begin:end], some)
        second = np.arange(int(some.sum())) - np.repeat(np.cumsum(some) - some, some) + first + 1
        if len(first):
            yield first, second
        begin = end


def _pairs_by_rows(bounds: _Bounds, threshold: float) -> Iterator[tuple[Indexes, Indexes]]:
    """Pairs that may exceed the threshold, in the order of the candidates."""
    count = len(bounds.gains)
    step = max(1, LOT // count)
    for begin in range(0, count, step):
        one = np.arange(begin, min(begin + step, count))
        with_gains = bounds.base + bounds.gains[one, None] + bounds.gains
        with_prices = bounds.paid + bounds.above[one, None] + bounds.above
        able = np.minimum(with_gains, with_prices) > threshold
        first, second = np.nonzero(np.triu(able, begin + 1))
        if len(first):
            yield first + begin, second


def prices(worth: Rows, size: int, reached: float, start: Rows, steps: int) -> Rows:
    """Prices per column under which the bound on subsets of ``size`` rows is low; ``reached`` is the value to get down to.

    Subgradient steps after Held, Wolfe and Crowder (1974), from ``start``. Any prices give a valid bound; these give a tight one.
    """
    best, current, lowest, length, stalled = start, start, np.inf, 1.0, 0
    for _ in range(steps):
        above = np.maximum(worth - current, 0.0)
        earned = above.sum(axis=1)
        top = np.argpartition(earned, len(earned) - size)[len(earned) - size :]
        bound = float(current.sum() + earned[top].sum())
        if bound < lowest - LEAST:
            best, lowest, stalled = current, bound, 0
        else:
            stalled += 1
        if stalled > max(4, steps // PATIENCE):
            current, length, stalled = best, length / 2, 0
            continue
        slope = 1.0 - (above[top] > 0).sum(axis=0)
        norm = float(slope @ slope)
        if not norm or lowest - reached <= LEAST:
            break
        current = np.maximum(current - length * (bound - reached) / norm * slope, 0.0)
    return best
