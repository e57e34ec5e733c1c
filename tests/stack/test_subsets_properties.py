"""The exact search for stacks, held against trying every one."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from evaluator.stack import subsets
from evaluator.stack.exact_search import Tree, prices
from evaluator.stack.option_sets import all_sets, gathered
from evaluator.stack.subsets import Matrix, Search, best_subsets

Found = tuple[float, tuple[int, ...]]


def every_subset(worth: Matrix, size: int) -> list[Found]:
    """All subsets, best first, equal ones in the order of their rows; in plain loops."""
    found = []
    for rows in combinations(range(len(worth)), size):
        value = sum(max(float(worth[row, column]) for row in rows) for column in range(worth.shape[1]))
        found.append((value, rows))
    return sorted(found, key=lambda item: (-round(item[0], 9), item[1]))


def agree(search: Search, expected: list[Found], band: float, keep: int) -> None:
    inside = [item for item in expected if item[0] >= expected[0][0] - band - 1e-9]
    assert [rows for _, rows in search.sets] == [rows for _, rows in inside[:keep]]
    assert [value for value, _ in search.sets] == pytest.approx([value for value, _ in inside[:keep]], abs=1e-9)
    assert search.more == (len(inside) > keep)
    assert search.combinations == len(expected)


@st.composite
def tables(draw: st.DrawFn) -> Matrix:
    """Fits with and without ties, rows twice, columns of no importance."""
    options, cases = draw(st.integers(3, 9)), draw(st.integers(1, 5))
    entry = draw(
        st.sampled_from(
            [
                st.floats(0, 1).map(lambda value: round(value, 3)),
                st.integers(0, 3).map(float),
                st.sampled_from([0.0, 1.0]),
            ]
        )
    )
    table = np.array(draw(st.lists(entry, min_size=options * cases, max_size=options * cases)), dtype=float)
    table = table.reshape(options, cases)
    if draw(st.booleans()):
        table[:, draw(st.integers(0, cases - 1))] = 0.0
    if draw(st.booleans()):
        table[draw(st.integers(0, options - 1))] = table[0]
    return table


@pytest.fixture(params=["every", "search"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small instances are tried one by one; switching that off sends them through the search."""
    if request.param == "search":
        monkeypatch.setattr(subsets, "EXHAUSTIVE", -1)


@pytest.mark.usefixtures("way")
@settings(max_examples=120)
@given(tables(), st.integers(1, 4), st.sampled_from([1, 3, 20, 500]), st.sampled_from([0.0, 0.05, 1.0, 100.0]))
def test_the_best_subsets_are_those_of_trying_every_one(worth: Matrix, size: int, keep: int, band: float) -> None:
    size = min(size, len(worth))
    agree(best_subsets(worth, size, band=band, keep=keep), every_subset(worth, size), band, keep)


@pytest.mark.usefixtures("way")
@settings(max_examples=80)
@given(tables(), st.data())
def test_required_excluded_and_refused_subsets(worth: Matrix, data: st.DataObject) -> None:
    rows = st.integers(0, len(worth) - 1)
    required = data.draw(st.sets(rows, max_size=2))
    excluded = data.draw(st.sets(rows, max_size=2)) - required
    size = data.draw(st.integers(max(1, len(required)), 4))
    odd = data.draw(st.booleans())

    def accept(sets: NDArray[np.intp]) -> NDArray[np.bool_]:
        assert (np.diff(sets, axis=1) > 0).all()
        result: NDArray[np.bool_] = sets.sum(axis=1) % 2 == 1
        return result

    search = best_subsets(
        worth, size, band=100.0, keep=500, required=required, excluded=excluded, accept=accept if odd else None
    )
    allowed = [
        (value, members)
        for value, members in every_subset(worth, size)
        if required <= set(members) and not excluded & set(members) and (not odd or sum(members) % 2 == 1)
    ]
    assert [members for _, members in search.sets] == [members for _, members in allowed]


@pytest.mark.parametrize("size", [1, 2, 3, 4])
@pytest.mark.parametrize("kind", ["even", "levels"])
def test_a_larger_instance_goes_through_the_search(size: int, kind: str) -> None:
    chance = np.random.default_rng(size)
    worth: Matrix = chance.random((36, 12))
    if kind == "levels":
        worth = np.floor(5 * worth)
    search = best_subsets(worth, size, band=0.5, keep=20)
    sets = all_sets(36, size)
    values = gathered(worth, sets)
    best = [(float(values[row]), tuple(map(int, sets[row]))) for row in np.argsort(-values, kind="stable")[:400]]
    best.sort(key=lambda item: (-round(item[0], 9), item[1]))
    inside = [item for item in best if item[0] >= best[0][0] - 0.5 - 1e-9]
    assert [rows for _, rows in search.sets] == [rows for _, rows in inside[:20]]
    assert search.more == (len(inside) > 20)
    if size == 4:
        assert search.examined < search.combinations / 10


def test_greedy_is_not_enough() -> None:
    """Nemhauser, Wolsey and Fisher (1978): greedy may stay below the best set; the search does not."""
    worth = np.array([[4.0, 4.0, 4.0, 0.0, 0.0, 0.0], [6.0, 6.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 6.0, 6.0, 0.0, 0.0]])
    worth = np.vstack([worth, [[5.0, 0.0, 5.0, 0.0, 4.0, 0.0]]])
    first = int(worth.sum(axis=1).argmax())
    second = int(np.maximum(worth, worth[first]).sum(axis=1).argmax())
    greedy = float(np.maximum(worth[first], worth[second]).sum())
    assert best_subsets(worth, 2, band=0.0, keep=1).sets[0][0] > greedy


def test_many_equal_subsets_come_in_the_order_of_their_rows_and_quickly() -> None:
    search = best_subsets(np.zeros((400, 5)), 3, band=0.0, keep=5)
    assert [rows for _, rows in search.sets] == [(0, 1, 2), (0, 1, 3), (0, 1, 4), (0, 1, 5), (0, 1, 6)]
    assert search.more
    assert search.combinations == 10_586_800


def test_sizes_that_do_not_exist_find_nothing() -> None:
    worth = np.ones((3, 2))
    for size, knobs in ((0, {}), (4, {}), (1, {"required": [0, 1]}), (3, {"excluded": [0]})):
        arguments: dict[str, Any] = knobs
        assert best_subsets(worth, size, band=1.0, keep=5, **arguments).sets == ()


@given(tables(), st.integers(2, 3))
def test_any_prices_bound_every_subset(worth: Matrix, size: int) -> None:
    start = np.sort(worth, axis=0)[-size]
    found = prices(worth, size, 0.0, start, 20)
    above = np.maximum(worth - found, 0.0).sum(axis=1)
    for value, rows in every_subset(worth, size):
        assert value <= found.sum() + above[list(rows)].sum() + 1e-9
    assert Tree(worth, size).size == size
