"""Which stack is recommended for tables of parts: held against trying every set of every size."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from analysis_builders import arrays_of
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from evaluator.scoring.tolerances import SHARE_TIE
from evaluator.sensitivity import arrays
from evaluator.sensitivity.arrays import best_sets, first_places, recommended, recommended_stacks
from evaluator.stack.exact_search import ANY, AllowedStacks
from evaluator.stack.recommendation import adds_enough
from evaluator.stack.stack_value import Sets

Tables = NDArray[np.float64]

TABLES = st.integers(1, 3).flatmap(
    lambda count: st.lists(
        st.lists(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=2, max_size=2), min_size=4, max_size=4),
        min_size=count,
        max_size=count,
    ).map(np.array)
)


def worth(table: Tables, rows: tuple[int, ...]) -> float:
    return float(sum(max(float(table[row][column]) for row in rows) for column in range(table.shape[1])))


def best(table: Tables, size: int, able: AllowedStacks = ANY) -> tuple[float, tuple[int, ...]]:
    sets = [
        rows
        for rows in combinations(range(len(table)), size)
        if set(able.required) <= set(rows) and not set(able.excluded) & set(rows)
    ]
    return max(((worth(table, rows), rows) for rows in sets), key=lambda item: (item[0], [-row for row in item[1]]))


def by_hand(table: Tables, sizes: tuple[int, ...], min_gain: float, able: AllowedStacks = ANY) -> tuple[int, ...]:
    """The smallest size worth anything whose next size adds too little."""
    stack: tuple[int, ...] = ()
    reached = 0.0
    for size in sizes:
        value, rows = best(table, size, able)
        if stack and (value - reached <= 0 or value - reached < min_gain):
            return stack
        if value > 0:
            stack, reached = rows, value
    return stack


def last(tables: Tables) -> Tables:
    """Tables on the last axis."""
    return np.moveaxis(tables, 0, -1)


def chosen(tables: Tables, sizes: tuple[int, ...], min_gain: float, able: AllowedStacks = ANY) -> list[tuple[int, ...]]:
    """The recommended stack of every table."""
    table = arrays_of(np.ones((tables.shape[1], 1)), [1.0], sizes=sizes, min_gain=min_gain, allowed=able)
    return recommended_stacks(table, last(tables))


LIMITED = st.sampled_from(
    [ANY, AllowedStacks(required=(1,)), AllowedStacks(excluded=(0, 2)), AllowedStacks(required=(3,), excluded=(0,))]
)


@given(TABLES, st.integers(1, 2), LIMITED)
def test_the_top_is_the_first_of_the_best_allowed_sets(tables: Tables, size: int, able: AllowedStacks) -> None:
    expected = [best(table, size, able) for table in tables]
    values, rows = best_sets(last(tables), size, able)
    assert (values.tolist(), rows) == ([value for value, _ in expected], [found for _, found in expected])


@given(TABLES, st.integers(1, 2), LIMITED)
def test_a_search_finds_the_same_tops_negative_entries_included(tables: Tables, size: int, able: AllowedStacks) -> None:
    lowered = tables - 0.75
    values, rows = best_sets(last(lowered), size, able)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrays, "EXHAUSTIVE", 0)
        searched, found = best_sets(last(lowered), size, able)
    assert searched == pytest.approx(values)
    assert found == rows


def test_up_to_a_number_of_sets_all_are_valued(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(arrays, "best_stacks", refuse)
    monkeypatch.setattr(arrays, "EXHAUSTIVE", 6)
    assert best_sets(np.ones((4, 1, 1)), 2)[1] == [(0, 1)]
    monkeypatch.setattr(arrays, "EXHAUSTIVE", 5)
    with pytest.raises(AssertionError):
        best_sets(np.ones((4, 1, 1)), 2)


def test_rounding_decides_no_tie() -> None:
    assert best_sets(np.array([[[0.5]], [[0.5 + SHARE_TIE / 2]]]), 1)[1] == [(0,)]
    assert best_sets(np.array([[[0.5]], [[0.5 + 2 * SHARE_TIE]]]), 1)[1] == [(1,)]


@pytest.mark.parametrize(
    ("gain", "min_gain", "found"),
    [
        (0.02, 0.02, True),
        (0.02 - SHARE_TIE / 2, 0.02, True),
        (0.02 - 2 * SHARE_TIE, 0.02, False),
        (0.0, 0.0, False),
        (SHARE_TIE, 0.0, False),
        (2 * SHARE_TIE, 0.0, True),
        (-0.1, 0.0, False),
    ],
)
def test_a_further_tool_has_to_add_the_least_gain_and_more_than_rounding(
    gain: float,
    min_gain: float,
    found: bool,  # noqa: FBT001 - one of three columns
) -> None:
    assert adds_enough(gain, min_gain, SHARE_TIE) is found


@given(TABLES, st.sampled_from([0.0, 0.25, 0.5]), LIMITED)
def test_the_recommended_stack_is_that_of_trying_every_size(
    tables: Tables, min_gain: float, able: AllowedStacks
) -> None:
    sizes = able.sizes(np.ones((4, 2)), 4)
    assert chosen(tables, sizes, min_gain, able) == [by_hand(table, sizes, min_gain, able) for table in tables]


def test_tables_are_decided_one_by_one() -> None:
    # The first stops at one tool, the second at two, the third serves nothing.
    tables = np.array([[[1.0, 1.0], [1.0, 0.0]], [[1.0, 0.0], [0.0, 1.0]], [[0.0, 0.0], [0.0, 0.0]]])
    assert chosen(tables, (1, 2), 0.02) == [(0,), (0, 1), ()]


def test_two_required_tools_worth_nothing_do_not_end_the_search() -> None:
    able = AllowedStacks(required=(0,))
    tables = np.array([[[0.0], [0.0], [1.0]]])
    assert chosen(tables, (1, 2, 3), 0.02, able) == [(0, 2)]


def test_where_some_sets_are_refused_a_size_worth_nothing_does_not_end_the_search() -> None:
    def together(sets: Sets) -> NDArray[np.bool_]:
        """Accepts row 0 alone, and 1 with 2."""
        result: NDArray[np.bool_] = (sets.sum(axis=1) == 0) | (sets.sum(axis=1) == 3)
        return result

    assert chosen(np.array([[[0.0], [1.0], [1.0]]]), (1, 2), 0.02, AllowedStacks(accept=together)) == [(1, 2)]


def test_the_recommended_stack_under_weights() -> None:
    table = arrays_of([[1, 0], [0, 1]], [0.5, 0.5], importance=[0.5, 0.5], emphasis=[[1, 0], [0, 1]])
    assert recommended(table, np.array([0.5, 0.5])) == (0, 1)
    assert recommended(table, np.array([1.0, 0.0])) == (0,)
    assert recommended(arrays_of([[1, 0], [0, 1]], [0.5, 0.5], sizes=(1,)), np.array([0.4, 0.6])) == (1,)


def test_without_options_or_use_cases_nothing_is_recommended() -> None:
    assert recommended(arrays_of(np.empty((0, 2)), [0.5, 0.5]), np.ones(2)) == ()
    assert recommended(arrays_of([[1, 0]], [0.5, 0.5], use_cases=(), importance=[]), np.ones(2)) == ()


def test_who_ranks_first_may_tie() -> None:
    table = arrays_of([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]], [0.5, 0.5])
    assert first_places(table, np.array([0.5, 0.5])) == ("v-1", "v-2", "v-3")
    assert first_places(table, np.array([0.6, 0.4])) == ("v-1",)
    assert first_places(table, np.array([0.5 + SHARE_TIE / 4, 0.5 - SHARE_TIE / 4])) == ("v-1", "v-2", "v-3")
    assert first_places(arrays_of(np.empty((0, 2)), [0.5, 0.5]), np.ones(2)) == ()
