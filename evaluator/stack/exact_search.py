"""The best stacks of one size, exactly, by branch and bound.

A tool adds no more to a larger set than to a smaller one. So the value of a set is at most that of what is chosen already plus
what each of the tools still to come adds on its own (Nemhauser, Wolsey and Fisher 1978). A branch is left once this bound
proves that it holds nothing that would be kept. Where rows exclude each other, as the editions of one vendor do, fewer sets
are allowed, so that the bound stays one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, pairwise
from math import comb

import numpy as np
from numpy.typing import NDArray

from evaluator.scoring.tolerances import TIE, TIE_DIGITS
from evaluator.stack.stack_value import (
    Parts,
    Sets,
    State,
    Values,
    add_tool,
    empty_state,
    set_values,
    state_value,
    values_with,
)

Rows = tuple[int, ...]
Accept = Callable[[Sets], NDArray[np.bool_]]
"""Which of the given sets may be chosen."""

EXHAUSTIVE = 20_000
"""Up to this many sets, valuing every one takes no longer than a search."""


@lru_cache(maxsize=32)
def all_sets(count: int, size: int) -> Sets:
    """Return every set of ``size`` out of ``count`` rows, in the order of their rows; read-only."""
    flat = np.fromiter(
        (row for rows in combinations(range(count), size) for row in rows), np.intp, comb(count, size) * size
    )
    sets = flat.reshape(comb(count, size), size)
    sets.flags.writeable = False
    return sets


@dataclass(frozen=True, slots=True)
class AllowedStacks:
    """The sets that hold every ``required`` row, no ``excluded`` one, at most one of each group, and pass ``accept``; all by default.

    Whether a set passes does not change when weights or answers are tried: a budget is held against the stated figures.
    """

    required: Rows = ()
    excluded: Rows = ()
    accept: Accept | None = None
    groups: Rows = ()
    """The group of each row, of whose rows a set holds at most one; every row is a group of its own where left out."""

    @property
    def free(self) -> bool:
        """Whether every set is allowed."""
        return not self.required and not self.excluded and not self.groups and self.accept is None

    @property
    def possible(self) -> bool:
        """Whether a set can hold every required row: none of them is excluded, and no two are of one group."""
        groups = [self.groups[row] for row in self.required if self.groups]
        return not {*self.required} & {*self.excluded} and len(set(groups)) == len(groups)

    def count(self, options: int, size: int) -> int:
        """How many sets of ``size`` rows out of ``options`` there are before ``accept`` is asked."""
        left, rows = size - len(self.required), self.open_rows(options)
        if left < 0 or not self.possible:
            return 0
        if not self.groups:
            return comb(len(rows), left)
        counts = [1, *[0] * left]  # by number of rows, of the groups so far
        for members in Counter(self.groups[row] for row in rows).values():
            counts = [counts[0], *(more + members * less for less, more in pairwise(counts))]
        return counts[left]

    def open_rows(self, options: int) -> NDArray[np.intp]:
        """The rows that may join the required ones: not excluded, and of no group that has a row already."""
        taken = {self.groups[row] for row in self.required if self.groups}
        closed = {*self.required, *self.excluded, *(row for row, group in enumerate(self.groups) if group in taken)}
        return np.array([row for row in range(options) if row not in closed], dtype=np.intp)

    def apart(self, row: int, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """Those of ``rows`` that are not of the group of ``row``."""
        return rows[np.array(self.groups, dtype=np.intp)[rows] != self.groups[row]] if self.groups else rows

    def candidates(self, options: int, size: int) -> Sets:
        """Every set of ``size`` rows that ``accept`` is asked about, in the order of their rows."""
        if not self.required and not self.excluded and not self.groups:
            return all_sets(options, size)
        if not self.count(options, size):
            return np.empty((0, size), dtype=np.intp)
        rows = self.open_rows(options)
        more = rows[all_sets(len(rows), size - len(self.required))]
        sets = np.sort(np.hstack([np.tile(np.array(self.required, dtype=np.intp), (len(more), 1)), more]), axis=1)
        sets = sets[np.lexsort(sets.T[::-1])]
        return sets[self._one_of_each(sets)]

    def _one_of_each(self, sets: Sets) -> NDArray[np.bool_]:
        """Which of ``sets`` hold at most one row of each group."""
        if not self.groups:
            return np.ones(len(sets), dtype=bool)
        groups = np.sort(np.array(self.groups, dtype=np.intp)[sets], axis=1)
        result: NDArray[np.bool_] = (np.diff(groups, axis=1) != 0).all(axis=1)
        return result

    def sets(self, options: int, size: int) -> Sets:
        """Every allowed set of ``size`` rows out of ``options``, in the order of their rows."""
        sets = self.candidates(options, size)
        return sets if self.accept is None else sets[self.accept(sets)]

    def passes(self, sets: Sets) -> NDArray[np.bool_]:
        """Which of ``sets`` are allowed."""
        able = self._one_of_each(sets) if self.accept is None else self._one_of_each(sets) & self.accept(sets)
        for row in self.required:
            able = able & (sets == row).any(axis=1)
        return able & ~np.isin(sets, self.excluded).any(axis=1) if self.excluded else able

    def sizes(self, parts: Parts, most: int) -> tuple[int, ...]:
        """The sizes up to ``most`` of which at least one set of the rows of ``parts`` is allowed."""
        able = [size for size in range(1, most + 1) if self.count(len(parts), size)]
        if self.accept is None:
            return tuple(able)
        return tuple(size for size in able if best_stacks(parts, size, band=0.0, keep=1, allowed=self).sets)

    def with_(self, row: int) -> AllowedStacks:
        """The same, with ``row`` required too."""
        return replace(self, required=tuple(sorted({*self.required, row})))

    def without(self, *rows: int) -> AllowedStacks:
        """The same, with ``rows`` excluded too."""
        return replace(self, excluded=tuple(sorted({*self.excluded, *rows})))


ANY = AllowedStacks()
"""Every set is allowed."""


@dataclass(frozen=True, slots=True)
class Search:
    """Outcome of one search: ``sets`` holds (value, members), best first; members are row numbers in order."""

    sets: tuple[tuple[float, Rows], ...]
    more: bool
    """Whether sets inside the band were left out because ``keep`` was reached."""
    combinations: int
    examined: int


def best_stacks(parts: Parts, size: int, *, band: float, keep: int, allowed: AllowedStacks = ANY) -> Search:
    """Return the allowed sets of ``size`` rows within ``band`` of the best, at most ``keep``, best first.

    ``parts`` is an (options x use cases) array of numbers that are not negative. Sets of equal value stand in the order of
    their rows. Exact for every number of options.
    """
    total = allowed.count(len(parts), size)
    if size < 1 or not total:
        return Search((), more=False, combinations=0, examined=0)
    kept = _Kept(keep + 1, band, allowed.accept)
    left = size - len(allowed.required)
    if not left or comb(len(allowed.open_rows(len(parts))), left) <= EXHAUSTIVE:
        sets = allowed.candidates(len(parts), size)
        kept.add(set_values(parts, sets), sets)
        examined = len(sets)
    else:
        search = _Search(parts, size, kept, allowed)
        state = empty_state(parts)
        for row in allowed.required:
            state = add_tool(state, parts[row])
        search.branch(state, allowed.required, allowed.open_rows(len(parts)))
        examined = search.examined
    found = zip(map(float, kept.values[:keep]), (tuple(map(int, rows)) for rows in kept.sets), strict=False)
    return Search(tuple(found), more=len(kept.values) > keep, combinations=total, examined=examined)


class _Kept:
    """The best ``room`` sets so far: one more than asked for, so that it shows whether any was left out."""

    def __init__(self, room: int, band: float, accept: Accept | None) -> None:
        self.room = room
        self.band = band
        self.accept = accept
        self.values: Values = np.empty(0)
        self.sets: Sets = np.empty((0, 0), dtype=np.intp)

    @property
    def full(self) -> bool:
        """Whether a further set displaces one that is kept."""
        return len(self.values) == self.room

    @property
    def threshold(self) -> float:
        """What a set must exceed to be looked at; one that ties with the last may stand before it."""
        if not len(self.values):
            return -np.inf
        floor = float(self.values[0]) - self.band - 2 * TIE
        return max(floor, float(self.values[-1]) - 2 * TIE) if self.full else floor

    def too_late(self, bound: float, chosen: Rows, following: Sets) -> bool:
        """Whether all sets of ``chosen`` and some of ``following``, of at most the value ``bound``, stand after the last one kept."""
        if not self.full or round(bound, TIE_DIGITS) > round(float(self.values[-1]), TIE_DIGITS):
            return False
        left = self.sets.shape[1] - len(chosen)
        first = sorted((*chosen, *np.sort(following)[:left].tolist()))
        return bool(first > self.sets[-1].tolist())

    def add(self, values: Values, sets: Sets) -> None:
        """Keep those of ``sets`` that are among the best so far."""
        reach = np.flatnonzero(values > self.threshold)
        if len(reach) and self.accept is not None:
            reach = reach[self.accept(sets[reach])]
        if not len(reach):
            return
        values, sets = values[reach], sets[reach]
        if len(self.values):
            values, sets = np.concatenate([self.values, values]), np.concatenate([self.sets, sets])
        order = np.lexsort((*sets.T[::-1], -np.round(values, TIE_DIGITS)))[: self.room]
        values, sets = values[order], sets[order]
        inside = values >= values[0] - self.band - TIE
        self.values, self.sets = values[inside], sets[inside]


class _Search:
    """One walk through all sets of ``size`` rows, leaving out what the bound proves not to be kept."""

    def __init__(self, parts: Parts, size: int, kept: _Kept, allowed: AllowedStacks) -> None:
        self.parts = parts
        self.size = size
        self.kept = kept
        self.allowed = allowed
        self.examined = 0

    def branch(self, state: State, chosen: Rows, rows: NDArray[np.intp]) -> None:
        """Offer every set of ``chosen`` and further ones of ``rows`` that may be kept; those that add most come first."""
        left = self.size - len(chosen)
        values = values_with(state, self.parts[rows])
        if left == 1:
            self.examined += len(rows)
            self.kept.add(values, _completed(chosen, rows))
            return
        base = float(state_value(state))
        order = np.argsort(-values, kind="stable")
        rows, gains = rows[order], values[order] - base
        sums = np.concatenate([[0.0], np.cumsum(gains)])
        for place in range(len(rows) - left + 1):
            bound = base + float(sums[place + left] - sums[place])
            if bound <= self.kept.threshold:
                return
            # A companion is of use only if it, with the best others there are, lifts the set above the threshold.
            others = float(gains[place] + sums[place + left - 1] - sums[place + 1])
            useful = int(np.searchsorted(-gains[place + 1 :], base + others - self.kept.threshold, side="left"))
            following = self.allowed.apart(int(rows[place]), rows[place + 1 : place + 1 + useful])
            if len(following) < left - 1:
                continue
            joined = (*chosen, int(rows[place]))
            if not self.kept.too_late(bound, joined, following):
                self.branch(add_tool(state, self.parts[rows[place]]), joined, following)


def _completed(chosen: Rows, rows: NDArray[np.intp]) -> Sets:
    """The sets of ``chosen`` with one of ``rows``."""
    return np.sort(np.hstack([np.tile(np.array(chosen, dtype=np.intp), (len(rows), 1)), rows[:, None]]), axis=1)
