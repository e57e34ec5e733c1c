"""Sets of rows and what they cover, many at a time."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]
Sets = NDArray[np.intp]
"""One set per line: row numbers in rising order."""

BLOCK = 1 << 20
"""Numbers held at a time while sets are valued: 8 MB."""


@lru_cache(maxsize=32)
def all_sets(count: int, size: int) -> Sets:
    """Every set of ``size`` out of ``count`` rows, in the order of their rows; read-only."""
    flat = np.fromiter(
        (row for rows in combinations(range(count), size) for row in rows), np.intp, comb(count, size) * size
    )
    sets = flat.reshape(comb(count, size), size)
    sets.flags.writeable = False
    return sets


def gathered(worth: Rows, sets: Sets) -> Rows:
    """The value of each set: the sum over columns of the largest entry among its rows."""
    values = np.zeros(len(sets))
    if not sets.shape[1]:
        return values
    step = max(1, BLOCK // max(1, worth.shape[1]))
    for first in range(0, len(sets), step):
        part = sets[first : first + step]
        best = worth[part[:, 0]]
        for column in range(1, part.shape[1]):
            np.maximum(best, worth[part[:, column]], out=best)
        best.sum(axis=1, out=values[first : first + step])
    return values
