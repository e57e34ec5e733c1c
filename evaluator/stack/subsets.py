"""The best subsets of a given size under a coverage objective, exactly."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from evaluator.stack.exact_search import Tree
from evaluator.stack.option_sets import Rows, Sets, all_sets, gathered

Matrix = NDArray[np.float64]
Accept = Callable[[Sets], NDArray[np.bool_]]
"""Which of the given sets (one per line, row numbers in order) may be chosen."""

EPSILON = 1e-9
"""Values closer than this are equal."""

EXHAUSTIVE = 20_000
"""Up to this many subsets, trying every one takes no longer than a search."""


@dataclass(frozen=True, slots=True)
class Search:
    """Outcome of one search: ``sets`` holds (value, members), best first; members are row numbers in order."""

    sets: tuple[tuple[float, tuple[int, ...]], ...]
    more: bool
    """Whether sets inside the band were left out because ``keep`` was reached."""
    combinations: int
    examined: int


def best_subsets(
    worth: Matrix,
    size: int,
    *,
    band: float,
    keep: int,
    required: Collection[int] = (),
    excluded: Collection[int] = (),
    accept: Accept | None = None,
) -> Search:
    """All subsets of ``size`` rows whose value lies within ``band`` of the best, at most ``keep``, best first.

    ``worth`` is an (options x use cases) matrix of non-negative numbers; the value of a subset is the
    sum over columns of its largest entry (the facility location objective). Every subset holds the ``required``
    rows, none of the ``excluded`` ones, and passes ``accept``. Subsets of equal value stand in the order of their rows.
    Exact: a branch of the search is left only when a bound proves that it holds nothing that would be kept.
    """
    fixed = sorted(set(required))
    free = np.array([row for row in range(len(worth)) if row not in fixed and row not in excluded], dtype=np.intp)
    left = size - len(fixed)
    if size < 1 or not 0 <= left <= len(free) or set(fixed) & set(excluded):
        return Search((), more=False, combinations=0, examined=0)
    covered = worth[fixed].max(axis=0) if fixed else np.zeros(worth.shape[1])
    # What the fixed rows cover earns nothing twice, so the rest is the same problem on what each row adds.
    added = np.maximum(worth[free] - covered, 0.0)
    start = float(covered.sum())

    def whole(sets: Sets) -> Sets:
        """Sets of free rows with the fixed ones, as rows of ``worth`` in order."""
        return np.sort(np.hstack([free[sets], np.tile(np.array(fixed, dtype=np.intp), (len(sets), 1))]), axis=1)

    def allowed(sets: Sets) -> NDArray[np.bool_]:
        return np.ones(len(sets), dtype=bool) if accept is None else accept(whole(sets))

    combinations = comb(len(free), left)
    search = _Kept(keep, band, allowed)
    if combinations <= EXHAUSTIVE or not left:
        examined = _try_every(added, left, search)
    else:
        examined = _branch(added, left, search)
    rows = [tuple(map(int, members)) for members in whole(search.sets)]
    found = sorted(
        ((start + float(value), members) for value, members in zip(search.values, rows, strict=True)),
        key=lambda item: (-round(item[0], 9), item[1]),
    )
    return Search(tuple(found[:keep]), more=len(found) > keep, combinations=combinations, examined=examined)


class _Kept:
    """The best subsets so far, one more than asked for, so that it shows whether any was left out."""

    def __init__(self, keep: int, band: float, allowed: Accept) -> None:
        self.room = keep + 1
        self.band = band
        self.allowed = allowed
        self.values: Rows = np.empty(0)
        self.sets: Sets = np.empty((0, 0), dtype=np.intp)

    @property
    def full(self) -> bool:
        """Whether a subset has to be worth more than the last one kept."""
        return len(self.values) == self.room

    @property
    def threshold(self) -> float:
        """What a subset must exceed to be kept."""
        if not len(self.values):
            return -np.inf
        floor = float(self.values[0]) - self.band - 2 * EPSILON
        return max(floor, float(self.values[-1]) + EPSILON) if self.full else floor

    def take(self, values: Rows, sets: Sets) -> bool:
        """Keep those that are among the best so far; never asks the search to stop."""
        reach = np.flatnonzero(values > self.threshold)
        if len(reach):
            reach = reach[self.allowed(sets[reach])]
        if len(reach):
            self._merge(values[reach], np.sort(sets[reach], axis=1))
        return False

    def _merge(self, values: Rows, sets: Sets) -> None:
        if len(self.values):
            values, sets = np.concatenate([self.values, values]), np.concatenate([self.sets, sets])
        # Best first, equal ones in the order of their rows; the same subset twice stands side by side.
        order = np.lexsort((*sets.T[::-1], -np.round(values, 9)))
        values, sets = values[order], sets[order]
        fresh = np.ones(len(values), dtype=bool)
        fresh[1:] = (sets[1:] != sets[:-1]).any(axis=1)
        values, sets = values[fresh][: self.room], sets[fresh][: self.room]
        inside = values >= values[0] - self.band - EPSILON
        self.values, self.sets = values[inside], sets[inside]


class _Ties:
    """The first subsets, in the order of their rows, that are worth exactly ``target``."""

    def __init__(self, target: float, count: int, allowed: Accept) -> None:
        self.target = target
        self.count = count
        self.allowed = allowed
        self.threshold = target - EPSILON
        self.values: list[float] = []
        self.sets: list[NDArray[np.intp]] = []

    def take(self, values: Rows, sets: Sets) -> bool:
        """Keep ties; whether enough are found."""
        ties = np.flatnonzero(np.abs(values - self.target) <= EPSILON)
        if len(ties):
            ties = ties[self.allowed(np.sort(sets[ties], axis=1))]
        for place in ties[: self.count - len(self.sets)]:
            self.values.append(float(values[place]))
            self.sets.append(np.sort(sets[place]))
        return len(self.sets) >= self.count


def _try_every(worth: Matrix, size: int, search: _Kept) -> int:
    sets = all_sets(len(worth), size)
    search.take(gathered(worth, sets), sets)
    return len(sets)


def _branch(worth: Matrix, size: int, search: _Kept) -> int:
    """Branch and bound; where equal subsets compete for the last places, the first in order get them."""
    tree = Tree(worth, size)
    tree.start(search)
    tree.walk(search, by_rows=False)
    if search.full:
        above = int((search.values > search.values[-1] + EPSILON).sum())
        places = search.room - above
        if places > 1:
            ties = _Ties(float(search.values[-1]), places, search.allowed)
            tree.walk(ties, by_rows=True)
            search.values = np.concatenate([search.values[:above], np.array(ties.values)])
            search.sets = np.concatenate([search.sets[:above], np.array(ties.sets, dtype=np.intp)])
    return tree.examined
