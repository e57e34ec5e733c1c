"""Which sets of options may be a stack, for every search alike."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from evaluator.stack.option_sets import Sets, all_sets
from evaluator.stack.subsets import Accept, Matrix, Search, best_subsets


@dataclass(frozen=True, slots=True)
class AllowedStacks:
    """The sets that hold every ``required`` row, no ``excluded`` one, and pass ``accept``; all of them by default.

    Whether a set passes does not change when weights or answers are tried: a budget is held against the stated figures.
    """

    required: tuple[int, ...] = ()
    excluded: tuple[int, ...] = ()
    accept: Accept | None = None

    @property
    def free(self) -> bool:
        """Whether every set is allowed."""
        return not self.required and not self.excluded and self.accept is None

    def count(self, options: int, size: int) -> int:
        """How many sets of ``size`` rows out of ``options`` there are before ``accept`` is asked."""
        left = size - len(self.required)
        return comb(options - len(self.required) - len(self.excluded), left) if left >= 0 else 0

    def sets(self, options: int, size: int) -> Sets:
        """Every allowed set of ``size`` rows out of ``options``, in the order of their rows."""
        if self.free:
            return all_sets(options, size)
        if not self.count(options, size):
            return np.empty((0, size), dtype=np.intp)
        fixed = np.array(self.required, dtype=np.intp)
        kept = np.array(
            [row for row in range(options) if row not in self.required and row not in self.excluded], dtype=np.intp
        )
        more = kept[all_sets(len(kept), size - len(fixed))]
        sets = np.sort(np.hstack([np.tile(fixed, (len(more), 1)), more]), axis=1)
        sets = sets[np.lexsort(sets.T[::-1])]
        return sets[self.passes(sets)]

    def passes(self, sets: Sets) -> NDArray[np.bool_]:
        """Which of ``sets`` are allowed."""
        able = np.ones(len(sets), dtype=bool) if self.accept is None else self.accept(sets)
        for row in self.required:
            able = able & (sets == row).any(axis=1)
        if self.excluded:
            able = able & ~np.isin(sets, self.excluded).any(axis=1)
        return able

    def best(self, worth: Matrix, size: int, *, band: float, keep: int) -> Search:
        """The best allowed sets, as :func:`best_subsets` finds them."""
        return best_subsets(
            worth,
            size,
            band=band,
            keep=keep,
            required=self.required,
            excluded=self.excluded,
            accept=self.accept,
        )

    def sizes(self, worth: Matrix, most: int) -> tuple[int, ...]:
        """The sizes up to ``most`` of which at least one set of the rows of ``worth`` is allowed."""
        able = [size for size in range(1, most + 1) if self.count(len(worth), size)]
        if self.accept is None:
            return tuple(able)
        return tuple(size for size in able if self.best(worth, size, band=0.0, keep=1).sets)

    def with_(self, row: int) -> AllowedStacks:
        """The same, with ``row`` required too."""
        return AllowedStacks(tuple(sorted({*self.required, row})), self.excluded, self.accept)

    def without(self, row: int) -> AllowedStacks:
        """The same, with ``row`` excluded too."""
        return AllowedStacks(self.required, tuple(sorted({*self.excluded, row})), self.accept)


ANY = AllowedStacks()
"""Every set is allowed."""
