"""The value of a set of tools, held against plain loops, in one go, one tool at a time and with a further axis."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from analysis_builders import demand_of
from hypothesis import given
from hypothesis import strategies as st

from evaluator.stack import stack_value
from evaluator.stack.exact_search import all_sets
from evaluator.stack.stack_value import (
    add_tool,
    empty_state,
    every_set_value,
    largest_leads,
    matched_rows,
    parts_of,
    set_states,
    set_value,
    set_values,
    state_value,
    value_of,
    values_with,
)

TABLES = st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=4, max_size=6)


def by_hand(rows: list[list[int]], chosen: tuple[int, ...]) -> float:
    """The sum over columns of the largest entry."""
    return float(sum(max((rows[row][column] for row in chosen), default=0) for column in range(3)))


@given(TABLES, st.integers(0, 4))
def test_a_set_gives_the_largest_entry_of_every_column(rows: list[list[int]], size: int) -> None:
    parts = np.array(rows, dtype=float)
    expected = [by_hand(rows, chosen) for chosen in combinations(range(len(rows)), size)]
    sets = all_sets(len(rows), size)
    assert set_values(parts, sets).tolist() == expected
    assert state_value(set_states(parts, sets)).tolist() == expected
    assert [set_value(parts, tuple(map(int, one))) for one in sets] == expected
    if size:
        assert every_set_value(parts, size, len(sets)).tolist() == expected
        assert not every_set_value(parts[:, :0], size, len(sets)).any()


@given(TABLES)
def test_one_tool_more(rows: list[list[int]]) -> None:
    parts = np.array(rows, dtype=float)
    state = empty_state(parts)
    for chosen in range(1, len(rows)):
        assert values_with(state, parts).tolist() == [
            by_hand(rows, (*range(chosen - 1), row)) for row in range(len(rows))
        ]
        state = add_tool(state, parts[chosen - 1])
        assert float(state_value(state)) == by_hand(rows, tuple(range(chosen)))


@given(TABLES, TABLES, st.integers(0, 4))
def test_a_further_axis_keeps_tables_apart(one: list[list[int]], two: list[list[int]], size: int) -> None:
    count = min(len(one), len(two))
    tables = [np.array(rows[:count], dtype=float) for rows in (one, two)]
    sets = all_sets(count, size)
    found = set_values(np.stack(tables, axis=2), sets)
    assert found.T.tolist() == [set_values(table, sets).tolist() for table in tables]
    if size:
        assert every_set_value(np.stack(tables, axis=2), size, len(sets)).tolist() == found.tolist()


@pytest.mark.parametrize("block", [1, 2, 7, 8])
def test_blocks_of_any_length_give_the_same_values(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = np.arange(12, dtype=float).reshape(6, 2)[[3, 0, 5, 1, 4, 2]]
    sets = all_sets(6, 3)
    whole = set_values(parts, sets)
    monkeypatch.setattr(stack_value, "BLOCK", block)
    assert set_values(parts, sets).tolist() == whole.tolist()


def test_single_precision_stays() -> None:
    parts = np.ones((4, 2, 3), dtype=np.float32)
    assert set_values(parts, all_sets(4, 2)).dtype == np.float32
    assert every_set_value(parts, 2, 6).dtype == np.float32


def test_no_use_case_gives_nothing() -> None:
    assert set_values(np.empty((3, 0)), all_sets(3, 2)).tolist() == [0, 0, 0]


def test_the_value_of_named_tools_is_that_of_their_rows() -> None:
    matrix = demand_of({"a": [80, 0, 40], "b": [0, 80, 40], "d": [60, 60, 0]}, [1, 1, 2])
    assert value_of(matrix, ()) == 0
    for size in (1, 2, 3):
        for rows in combinations(range(3), size):
            tools = [matrix.options[row] for row in rows]
            assert value_of(matrix, tools) == pytest.approx(set_value(parts_of(matrix), rows))
    # Importance 1, 1 and 2 of 4: 80 / 4 + 80 / 4 + 2 x 40 / 4.
    assert value_of(matrix, ["a", "b"]) == 60


@given(TABLES, TABLES, st.integers(0, 3), st.data())
def test_no_set_is_further_ahead_than_the_largest_leads_say(
    near: list[list[int]], far: list[list[int]], size: int, data: st.DataObject
) -> None:
    count = min(len(near), len(far))
    one, two = (np.array(rows[:count], dtype=float) for rows in (near, far))
    rows = tuple(sorted(data.draw(st.sets(st.integers(0, count - 1), min_size=1, max_size=3))))
    sets = all_sets(count, size + 1)
    bounds = set_values(largest_leads(one, two, rows), sets)
    for share in (0.0, 0.3, 1.0):
        between = (1 - share) * one + share * two
        assert (set_values(between, sets) - set_value(between, rows) <= bounds + 1e-9).all()


@given(TABLES, st.integers(1, 3))
def test_an_option_that_another_matches_is_not_needed(rows: list[list[int]], size: int) -> None:
    parts = np.array(rows, dtype=float)
    needed = parts[~matched_rows(parts)]
    assert len(needed)
    if len(needed) >= size:
        best = set_values(parts, all_sets(len(parts), size)).max()
        assert set_values(needed, all_sets(len(needed), size)).max() == best
