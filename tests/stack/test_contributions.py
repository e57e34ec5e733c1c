"""The Shapley value, held against the mean over all orders; published games stand in tests/sensitivity/test_published_examples.py."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.stack.contributions import shapley

Tools = tuple[str, ...]


@given(st.integers(0, 4), st.data())
def test_the_mean_addition_over_all_orders(count: int, data: st.DataObject) -> None:
    members = tuple("dbca"[:count])
    worth: dict[Tools, float] = {}

    def of(tools: frozenset[str]) -> float:
        chosen = tuple(one for one in members if one in tools)
        if chosen not in worth:
            worth[chosen] = data.draw(st.integers(-9, 9))
        return worth[chosen]

    found = shapley(members, of)
    assert tuple(found) == members
    orders = list(permutations(members))
    for member in members:
        total = 0.0
        for order in orders:
            before = [one for one in members if one in order[: order.index(member)]]
            total += of(frozenset({*before, member})) - of(frozenset(before))
        assert found[member] == pytest.approx(total / len(orders))


def test_every_set_is_valued_once() -> None:
    asked: list[Tools] = []

    def of(chosen: frozenset[str]) -> float:
        asked.append(tuple(sorted(chosen)))
        return float(len(chosen) ** 2)

    assert shapley("abc", of) == pytest.approx({"a": 3, "b": 3, "c": 3})
    assert sorted(asked) == sorted([(), ("a",), ("b",), ("c",), ("a", "b"), ("a", "c"), ("b", "c"), ("a", "b", "c")])
