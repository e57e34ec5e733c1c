"""Which stack is recommended, for many tables of worth at once: the rule of :mod:`evaluator.analysis.stack`, on arrays."""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import NDArray

from evaluator.analysis.arrays import Array, Arrays
from evaluator.analysis.coverage import BLOCK, Sets, all_sets
from evaluator.analysis.subsets import EPSILON, best_subsets
from evaluator.models.firmness import Tools

Tables = NDArray[np.float64]
"""Tables x options x use cases."""
Values = NDArray[np.float64]
Rows = tuple[int, ...]

EVERY = 20_000
"""Up to this many sets of one size, all are valued; above, each table is searched on its own."""
NOTHING = EPSILON / 100
"""A stack that is worth no more than this, as a share of all importance, serves nothing."""


def values_of(tables: Tables, sets: Sets) -> Values:
    """Tables x sets: the value of every set in every table, the sum over use cases of the largest entry."""
    result = np.empty((len(tables), len(sets)))
    step = max(1, BLOCK // max(1, len(sets) * tables.shape[2]))
    for first in range(0, len(tables), step):
        some = tables[first : first + step]
        best = some[:, sets[:, 0]]
        for column in range(1, sets.shape[1]):
            np.maximum(best, some[:, sets[:, column]], out=best)
        best.sum(axis=2, out=result[first : first + step])
    return result


def tops(tables: Tables, size: int) -> tuple[Values, list[Rows]]:
    """The largest value among sets of ``size``, and the first set in order that has it, for every table."""
    count = tables.shape[1]
    if comb(count, size) <= EVERY:
        sets = all_sets(count, size)
        values = values_of(tables, sets)
        best = values.max(axis=1)
        first = (values >= best[:, None] - NOTHING).argmax(axis=1)
        return best, [tuple(map(int, sets[place])) for place in first]
    found = []
    for table in tables:
        # The search takes no negative entries; a constant per column moves all sets alike.
        floor = np.minimum(table.min(axis=0), 0.0)
        value, rows = best_subsets(table - floor, size, band=0.0, keep=1).sets[0]
        found.append((value + float(floor.sum()), rows))
    return np.array([value for value, _ in found]), [rows for _, rows in found]


def chosen(tables: Tables, limit: int, min_gain: float) -> list[Rows]:
    """The recommended stack of every table; empty where no option serves any use case.

    The smallest size whose next tool adds less than ``min_gain``, and the first of the best stacks of that size.
    """
    result: list[Rows] = [()] * len(tables)
    value, rows = tops(tables, 1)
    open_ = [place for place in range(len(tables)) if value[place] > NOTHING]
    current = {place: (float(value[place]), rows[place]) for place in open_}
    for size in range(2, limit + 1):
        if not open_:
            break
        value, rows = tops(tables[open_], size)
        going = []
        for number, place in enumerate(open_):
            if value[number] - current[place][0] < min_gain:
                result[place] = current[place][1]
            else:
                current[place] = (float(value[number]), rows[number])
                going.append(place)
        open_ = going
    for place in open_:
        result[place] = current[place][1]
    return result


def recommended(table: Arrays, weights: Array) -> Rows:
    """The rows of the stack recommended under ``weights``; empty where there is none."""
    if not table.use_cases or not table.options:
        return ()
    return chosen(table.worth(weights)[None], table.limit, table.min_gain)[0]


def firsts(table: Arrays, weights: Array) -> Tools:
    """Who ranks first under ``weights``, with the answers as given; several where they tie."""
    if not table.options:
        return ()
    scores = table.scores(weights)
    return tuple(table.options[row] for row in np.flatnonzero(scores >= scores.max() - NOTHING))
