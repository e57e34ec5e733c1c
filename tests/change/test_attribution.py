"""Shapley and Owen values: the mean over all orders, worked out order by order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations, product
from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.change.attribution import owen
from evaluator.stack.contributions import coefficients

TABLE = st.lists(st.integers(-20, 20), min_size=16, max_size=16)


def value_of(table: Sequence[int], chosen: frozenset[int]) -> float:
    return float(table[sum(1 << player for player in chosen)])


def by_orders(table: Sequence[int], orders: Sequence[Sequence[int]]) -> dict[int, float]:
    """The mean of what each player adds over ``orders``."""
    found = dict.fromkeys(sorted(orders[0]), 0.0)
    for order in orders:
        before: frozenset[int] = frozenset()
        for player in order:
            found[player] += (value_of(table, before | {player}) - value_of(table, before)) / len(orders)
            before |= {player}
    return found


def test_coefficients_are_the_chances_of_each_set_before() -> None:
    assert coefficients(0) == []
    assert coefficients(1) == [1.0]
    # Three players: first or last of two others with a chance of 1/3 each; one of the two others before it with 1/6 each.
    assert coefficients(3) == pytest.approx([1 / 3, 1 / 6, 1 / 3])
    assert coefficients(4) == pytest.approx([6 / 24, 2 / 24, 2 / 24, 6 / 24])


@given(TABLE, st.integers(1, 4))
def test_shapley_is_the_mean_over_all_orders(table: list[int], count: int) -> None:
    orders = list(permutations(range(count)))
    assert len(orders) == factorial(count)
    found = owen([range(count)], lambda chosen: value_of(table, chosen))
    assert found == pytest.approx(by_orders(table, orders))


@given(TABLE, st.sampled_from([[[0, 1], [2, 3]], [[0], [1, 2, 3]], [[0, 1, 2], [3]], [[3], [1], [0, 2]]]))
def test_owen_is_the_mean_over_the_orders_that_keep_each_block_together(
    table: list[int], blocks: list[list[int]]
) -> None:
    orders = [
        [player for block in inside for player in block]
        for turned in permutations(blocks)
        for inside in product(*(list(permutations(block)) for block in turned))
    ]
    assert owen(blocks, lambda chosen: value_of(table, chosen)) == pytest.approx(by_orders(table, orders))


def test_every_set_is_valued_once() -> None:
    asked: list[frozenset[int]] = []

    def value(chosen: frozenset[int]) -> float:
        asked.append(chosen)
        return 0.0

    owen([range(4)], value)
    assert len(asked) == 2**4
    asked.clear()
    owen([[0, 1], [2, 3]], value)
    # Nothing, both blocks, and either block; each of the four causes alone, and beside the other block.
    assert len(asked) == len(set(asked)) == 12


def test_nobody_contributes_nothing() -> None:
    assert owen([], lambda _: 5.0) == {}
    assert owen([[], ["only"]], lambda chosen: 3.0 * len(chosen)) == {"only": 3.0}
