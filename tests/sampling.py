"""A sample of many cases for the suite; the others are marked ``exhaustive`` and run by ``make hostile``."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from _pytest.mark import ParameterSet


def pairs(first: Iterable[object], second: Iterable[object], name: Callable[[object], str] = str) -> list[ParameterSet]:
    """Every pair. In the sample the first of ``first`` meets all of ``second``, and each of the others one of them, in turn."""
    others = list(second)
    return [
        pytest.param(
            one,
            other,
            id=f"{name(one)}-{name(other)}",
            marks=() if row == 0 or column == row % len(others) else pytest.mark.exhaustive,
        )
        for row, one in enumerate(first)
        for column, other in enumerate(others)
    ]


def sample(
    every: Iterable[object], chosen: Callable[[object], bool], name: Callable[[object], str] = str
) -> list[ParameterSet]:
    """Each of ``every``; those that are not ``chosen`` are marked ``exhaustive``."""
    return [pytest.param(one, id=name(one), marks=() if chosen(one) else pytest.mark.exhaustive) for one in every]


def each_nth(every: Iterable[object], step: int, name: Callable[[object], str] = str) -> list[ParameterSet]:
    """Each of ``every``; all but the first of every ``step`` are marked ``exhaustive``."""
    return [
        pytest.param(one, id=name(one), marks=() if place % step == 0 else pytest.mark.exhaustive)
        for place, one in enumerate(every)
    ]
