"""Sets of rows and what they cover, with a block smaller than the work."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.stack import option_sets
from evaluator.stack.option_sets import all_sets, gathered


@pytest.mark.parametrize(("count", "size"), [(5, 2), (4, 4), (3, 1), (3, 5), (0, 1), (4, 0)])
def test_every_set_in_the_order_of_its_rows(count: int, size: int) -> None:
    found = all_sets(count, size)
    assert [tuple(rows) for rows in found.tolist()] == list(combinations(range(count), size))
    assert found.shape[1] == size
    assert not found.flags.writeable


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=4, max_size=6), st.integers(0, 4))
def test_a_set_covers_the_largest_entry_of_every_column(rows: list[list[int]], size: int) -> None:
    worth = np.array(rows, dtype=float)
    sets = all_sets(len(rows), size)
    expected = [
        float(sum(max(column) for column in zip(*(rows[row] for row in chosen), strict=True)))
        for chosen in sets.tolist()
    ]
    assert gathered(worth, sets).tolist() == expected


@pytest.mark.parametrize("block", [1, 2, 7, 8])
def test_blocks_of_any_length_give_the_same_values(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    worth = np.arange(12, dtype=float).reshape(6, 2)[[3, 0, 5, 1, 4, 2]]
    sets = all_sets(6, 3)
    whole = gathered(worth, sets)
    monkeypatch.setattr(option_sets, "BLOCK", block)
    assert gathered(worth, sets).tolist() == whole.tolist()


def test_no_columns_are_worth_nothing() -> None:
    assert gathered(np.empty((3, 0)), all_sets(3, 2)).tolist() == [0, 0, 0]
