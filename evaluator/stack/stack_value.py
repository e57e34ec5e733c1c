"""The value of a set of tools: the only place that has its formula.

The value is the sum over use cases of the best part among the tools of the set (facility location: Cornuejols, Fisher and
Nemhauser 1977). The part of an option in a use case is its fit times the share of importance of the use case. The value is
monotone, and submodular: a tool adds no more to a larger set than to a smaller one.

Parts are arrays of options x use cases; a further axis may follow, of samples or outcomes, which values keep. A state is what
has to be known of a set to add a tool to it: use cases, then further axes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import fsum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluator.model.evaluated import DecisionMatrix

Parts = NDArray[np.floating[Any]]
State = NDArray[np.floating[Any]]
Values = NDArray[np.floating[Any]]
Sets = NDArray[np.intp]
"""One set of options per line: row numbers in rising order."""

BLOCK = 1 << 20
"""Numbers held at a time while sets are valued: 8 MB."""


def value_of(matrix: DecisionMatrix, tools: Collection[str]) -> float:
    """Return the value of a set of tools, 0 to 100: the mean of the best fits over use cases, weighted by importance."""
    best = (
        float(case.importance) * max((matrix.fits[case.id][tool].fit for tool in tools), default=0.0)
        for case in matrix.use_cases
    )
    return fsum(best) / fsum(float(case.importance) for case in matrix.use_cases)


def parts_of(matrix: DecisionMatrix) -> Parts:
    """Return the parts of all options as an array."""
    return np.array(matrix.parts, dtype=float).reshape(len(matrix.options), len(matrix.use_cases))


def empty_state(parts: Parts) -> State:
    """Return the state of the set without any tool."""
    return np.zeros_like(parts, shape=parts.shape[1:])


def add_tool(state: State, tool: Parts) -> State:
    """Return the state of a set with one tool more, given the parts of the tool."""
    result: State = np.maximum(state, tool)
    return result


def state_value(state: State) -> Values:
    """Return the value of a set."""
    result: Values = state.sum(axis=0)
    return result


def values_with(state: State, tools: Parts) -> Values:
    """Return, for each of several tools, the value of a set with that tool added; the first axis of ``tools`` counts them."""
    result: Values = np.maximum(tools, state).sum(axis=1)
    return result


def set_states(parts: Parts, sets: Sets) -> State:
    """Return the states of many sets of one size; the sets become the axis after the use cases."""
    if not sets.shape[1]:
        return np.zeros_like(parts, shape=(parts.shape[1], len(sets), *parts.shape[2:]))
    best = parts[sets[:, 0]]
    for place in range(1, sets.shape[1]):
        np.maximum(best, parts[sets[:, place]], out=best)
    result: State = np.moveaxis(best, 0, 1)
    return result


def set_values(parts: Parts, sets: Sets) -> Values:
    """Return the values of many sets of one size, a block of sets at a time."""
    values = np.empty_like(parts, shape=(len(sets), *parts.shape[2:]))
    step = max(1, BLOCK // max(1, parts[:1].size))
    for first in range(0, len(sets), step):
        values[first : first + step] = state_value(set_states(parts, sets[first : first + step]))
    return values


def set_value(parts: Parts, rows: Sequence[int]) -> float:
    """Return the value of one set of options, which may be empty; without a further axis."""
    return float(set_values(parts, np.array([list(rows)], dtype=np.intp).reshape(1, len(rows)))[0])


def every_set_value(parts: Parts, size: int, count: int) -> Values:
    """Return the values of all ``count`` sets of ``size`` options in the order of their rows, each state made once."""
    values = np.empty_like(parts, shape=(count, *parts.shape[2:]))
    _fill(values, parts, empty_state(parts), size)
    return values


def _fill(values: Values, parts: Parts, state: State, left: int) -> int:
    """Write the values of all sets with ``left`` more of the options ``parts`` into the first lines; return their number."""
    if left == 1:
        values[: len(parts)] = values_with(state, parts)
        return len(parts)
    line = 0
    for row in range(len(parts) - left + 1):
        line += _fill(values[line:], parts[row + 1 :], add_tool(state, parts[row]), left - 1)
    return line


def largest_leads(near: Parts, far: Parts, rows: Sequence[int]) -> Parts:
    """Return parts whose set values bound how far any set can be ahead of the set ``rows`` between two tables of parts.

    Each difference of two options in a use case rises or falls all the way from ``near`` to ``far``. The best option of
    another set is ahead of the best of ``rows`` by no more than it is of any member of ``rows``.
    """
    leads = [np.maximum(near - near[[row]], far - far[[row]]) for row in rows]
    result: Parts = np.min(leads, axis=0)
    return result


def matched_rows(parts: Parts) -> NDArray[np.bool_]:
    """Return which options another one matches in every use case: no set needs them while one that matches them is left out."""
    matched = np.zeros(len(parts), dtype=bool)
    for row, own in enumerate(parts):
        as_good = (parts >= own).all(axis=1)
        better = as_good & (parts > own).any(axis=1)
        matched[row] = better.any() or as_good[:row].any()
    return matched
