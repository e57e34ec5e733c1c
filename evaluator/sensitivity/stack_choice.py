"""Which stack is recommended, for many tables of worth at once: the rule of :mod:`evaluator.stack.recommendation`, on arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evaluator.model.sensitivity import Tools
from evaluator.sensitivity.arrays import Array, Arrays
from evaluator.stack.allowed_stacks import ANY, AllowedStacks
from evaluator.stack.option_sets import BLOCK, Sets
from evaluator.stack.subsets import EPSILON

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


def tops(tables: Tables, size: int, allowed: AllowedStacks = ANY) -> tuple[Values, list[Rows]]:
    """The largest value among allowed sets of ``size``, of which there must be one, and the first in order that has it, for every table."""
    count = tables.shape[1]
    if allowed.count(count, size) <= EVERY:
        sets = allowed.sets(count, size)
        values = values_of(tables, sets)
        best = values.max(axis=1)
        first = (values >= best[:, None] - NOTHING).argmax(axis=1)
        return best, [tuple(map(int, sets[place])) for place in first]
    found = []
    for table in tables:
        # The search takes no negative entries; a constant per column moves all sets alike.
        floor = np.minimum(table.min(axis=0), 0.0)
        value, rows = allowed.best(table - floor, size, band=0.0, keep=1).sets[0]
        found.append((value + float(floor.sum()), rows))
    return np.array([value for value, _ in found]), [rows for _, rows in found]


def enough(gain: float, min_gain: float) -> bool:
    """Whether a larger stack that gains so much is worth its further tool; both as shares of the whole value."""
    return gain > NOTHING and gain >= min_gain - NOTHING


def chosen(tables: Tables, sizes: Sequence[int], min_gain: float, allowed: AllowedStacks = ANY) -> list[Rows]:
    """The recommended stack of every table; empty where no allowed stack serves any use case.

    The smallest of the ``sizes`` that is worth anything and whose next one adds less than ``min_gain``, and the first of the
    best stacks of that size.
    """
    result: list[Rows] = [()] * len(tables)
    reached = np.zeros(len(tables))
    open_ = np.arange(len(tables))
    for size in sizes:
        if not len(open_):
            break
        value, rows = tops(tables[open_], size, allowed)
        going = []
        for number, place in enumerate(open_):
            if result[place] and not enough(float(value[number] - reached[place]), min_gain):
                continue
            if value[number] > NOTHING:
                result[place], reached[place] = rows[number], value[number]
            elif allowed.free:
                continue  # more tools are worth no more where not even one is worth anything
            going.append(place)
        open_ = np.array(going, dtype=np.intp)
    return result


def recommended(table: Arrays, weights: Array) -> Rows:
    """The rows of the stack recommended under ``weights``; empty where there is none."""
    return chosen(table.worth(weights)[None], table.sizes, table.min_gain, table.allowed)[0]


def firsts(table: Arrays, weights: Array) -> Tools:
    """Who ranks first under ``weights``, with the answers as given; several where they tie."""
    if not table.options:
        return ()
    scores = table.scores(weights)
    return tuple(table.options[row] for row in np.flatnonzero(scores >= scores.max() - NOTHING))
