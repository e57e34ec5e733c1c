"""The best subsets of a given size under a coverage objective, exactly."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

EPSILON = 1e-9
"""Values closer than this are equal."""


@dataclass(frozen=True, slots=True)
class Search:
    """Outcome of one search: ``sets`` holds (value, members), best first; members are row numbers in order."""

    sets: tuple[tuple[float, tuple[int, ...]], ...]
    more: bool
    """Whether sets inside the band were left out because ``keep`` was reached."""
    combinations: int
    examined: int


def best_subsets(worth: Matrix, size: int, *, band: float, keep: int) -> Search:
    """All subsets of ``size`` rows whose value lies within ``band`` of the best, at most ``keep``, best first.

    ``worth`` is an (options x use cases) matrix of non-negative numbers; the value of a subset is the
    sum over columns of its largest entry (the facility location objective). Exact: a branch of
    the search is left only when its bound proves that it holds nothing of the band. The objective is
    monotone and submodular (Nemhauser, Wolsey and Fisher 1978), so a subset is never worth
    more than what is already chosen plus the gains, taken alone, of the rows still to come.
    """
    count = worth.shape[0]
    if not 1 <= size <= count:
        return Search((), more=False, combinations=0, examined=0)
    order = np.argsort(-worth.sum(axis=1), kind="stable")
    branch = _Branch(worth[order], size, band, keep)
    branch.offer_greedy()
    branch.descend((), np.zeros(worth.shape[1]), 0.0, 0)
    found = [(value, tuple(sorted(int(order[row]) for row in rows))) for value, rows in branch.heap]
    best = max((value for value, _ in found), default=0.0)
    inside = sorted(
        ((value, rows) for value, rows in found if value >= best - band - EPSILON),
        key=lambda item: (-round(item[0], 9), item[1]),
    )
    more = branch.dropped >= best - band - EPSILON
    return Search(tuple(inside), more=more, combinations=comb(count, size), examined=branch.examined)


class _Branch:
    """Depth-first branch and bound over rows sorted by their value alone, largest first."""

    def __init__(self, worth: Matrix, size: int, band: float, keep: int) -> None:
        self.worth = worth
        self.size = size
        self.band = band
        self.keep = keep
        self.heap: list[tuple[float, tuple[int, ...]]] = []
        self.best = 0.0
        self.dropped = -np.inf
        self.examined = 0
        self.seen: set[tuple[int, ...]] = set()

    @property
    def threshold(self) -> float:
        """What a subset must reach to matter: the band below the best, or the worst kept when all places are taken."""
        floor = self.best - self.band - EPSILON
        return max(floor, self.heap[0][0]) if len(self.heap) >= self.keep else floor

    def offer_greedy(self) -> None:
        """A first good subset, so that the bound cuts from the start."""
        chosen: tuple[int, ...] = ()
        current = np.zeros(self.worth.shape[1])
        for _ in range(self.size):
            gains = np.maximum(self.worth - current, 0.0).sum(axis=1)
            gains[list(chosen)] = -1.0
            row = int(gains.argmax())
            chosen, current = (*chosen, row), np.maximum(current, self.worth[row])
        rows = tuple(sorted(chosen))
        self.offer(float(np.max(self.worth[list(rows)], axis=0).sum()), rows)

    def offer(self, value: float, rows: tuple[int, ...]) -> None:
        """Keep a subset if it is among the best so far."""
        if rows in self.seen:
            return
        self.best = max(self.best, value)
        entry = (value, rows)
        self.seen.add(rows)
        if len(self.heap) < self.keep:
            heapq.heappush(self.heap, entry)
        else:
            out = heapq.heappushpop(self.heap, entry)
            self.seen.discard(out[1])
            self.dropped = max(self.dropped, out[0])

    def descend(self, chosen: tuple[int, ...], current: Matrix, value: float, start: int) -> None:
        """Try every way to complete ``chosen`` with rows from ``start`` on."""
        gains = np.maximum(self.worth[start:] - current, 0.0).sum(axis=1)
        left = self.size - len(chosen)
        if left == 1:
            self.complete(chosen, value, gains, start)
            return
        bounds = value + gains + _best_companions(gains, left - 1)
        for position in np.flatnonzero(bounds >= self.threshold):
            if bounds[position] < self.threshold:
                continue
            row = start + int(position)
            following = np.maximum(current, self.worth[row])
            self.descend((*chosen, row), following, value + float(gains[position]), row + 1)

    def complete(self, chosen: tuple[int, ...], value: float, gains: Matrix, start: int) -> None:
        """Add the last row: every one that reaches the threshold, largest gain first."""
        self.examined += len(gains)
        reach = np.flatnonzero(value + gains >= self.threshold)
        for position in reach[np.argsort(-gains[reach], kind="stable")][: self.keep]:
            total = value + float(gains[position])
            if total < self.threshold:
                break
            self.offer(total, (*chosen, start + int(position)))
        if len(reach) > self.keep:
            self.dropped = max(self.dropped, value + float(np.sort(gains[reach])[-self.keep - 1]))


def _best_companions(gains: Matrix, count: int) -> Matrix:
    """For each row, an upper bound on what the ``count`` rows after it can add: their largest gains."""
    bound = np.full(len(gains), -np.inf)
    if len(gains) <= count:
        return bound
    if count == 1:
        bound[:-1] = np.maximum.accumulate(gains[:0:-1])[::-1]
        return bound
    # Largest gains of the whole remainder: looser than those after each row, and one pass.
    bound[:-count] = float(np.sort(gains)[-count:].sum())
    return bound
