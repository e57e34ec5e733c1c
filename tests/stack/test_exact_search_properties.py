"""The exact search for stacks, held against trying every one."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from evaluator.stack import exact_search
from evaluator.stack.exact_search import ANY, AllowedStacks, Search, all_sets, best_stacks
from evaluator.stack.stack_value import Parts, set_values

[float, tuple[int, ...]]


Found = tuple[float, tuple[int, ...]]


def every_subset(parts: Parts, size: int) -> list[Found]:
    """All subsets, best first, equal ones in the order of their rows; in plain loops."""
    found = []
    for rows in combinations(range(len(parts)), size):
        value = sum(max(float(parts[row, column]) for row in rows) for column in range(parts.shape[1]))
        found.append((value, rows))
    return sorted(found, key=lambda item: (-round(item[0], 9), item[1]))


def agree(search: Search, expected: list[Found], band: float, keep: int) -> None:
    inside = [item for item in expected if item[0] >= expected[0][0] - band - 1e-9]
    assert [rows for _, rows in search.sets] == [rows for _, rows in inside[:keep]]
    assert [value for value, _ in search.sets] == pytest.approx([value for value, _ in inside[:keep]], abs=1e-9)
    assert search.more == (len(inside) > keep)
    assert search.combinations == len(expected)


@st.composite
def tables(draw: st.DrawFn) -> Parts:
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
        monkeypatch.setattr(exact_search, "EXHAUSTIVE", -1)


@pytest.mark.usefixtures("way")
@settings(max_examples=120)
@given(tables(), st.integers(1, 4), st.sampled_from([1, 3, 20, 500]), st.sampled_from([0.0, 0.05, 1.0, 100.0]))
def test_the_best_stacks_are_those_of_trying_every_one(parts: Parts, size: int, keep: int, band: float) -> None:
    size = min(size, len(parts))
    agree(best_stacks(parts, size, band=band, keep=keep), every_subset(parts, size), band, keep)


@pytest.mark.usefixtures("way")
@settings(max_examples=80)
@given(tables(), st.data())
def test_required_excluded_and_refused_subsets(parts: Parts, data: st.DataObject) -> None:
    rows = st.integers(0, len(parts) - 1)
    required = data.draw(st.sets(rows, max_size=2))
    excluded = data.draw(st.sets(rows, max_size=2)) - required
    size = data.draw(st.integers(max(1, len(required)), 4))
    odd = data.draw(st.booleans())

    def accept(sets: NDArray[np.intp]) -> NDArray[np.bool_]:
        assert (np.diff(sets, axis=1) > 0).all()
        result: NDArray[np.bool_] = sets.sum(axis=1) % 2 == 1
        return result

    search = best_stacks(
        parts,
        size,
        band=100.0,
        keep=500,
        allowed=AllowedStacks(tuple(sorted(required)), tuple(sorted(excluded)), accept if odd else None),
    )
    allowed = [
        (value, members)
        for value, members in every_subset(parts, size)
        if required <= set(members) and not excluded & set(members) and (not odd or sum(members) % 2 == 1)
    ]
    assert [members for _, members in search.sets] == [members for _, members in allowed]


@pytest.mark.parametrize("size", [1, 2, 3, 4])
@pytest.mark.parametrize("kind", ["even", "levels"])
def test_a_larger_instance_goes_through_the_search(size: int, kind: str) -> None:
    chance = np.random.default_rng(size)
    parts: Parts = chance.random((36, 12))
    if kind == "levels":
        parts = np.floor(5 * parts)
    search = best_stacks(parts, size, band=0.5, keep=20)
    sets = all_sets(36, size)
    values = set_values(parts, sets)
    best = [(float(values[row]), tuple(map(int, sets[row]))) for row in np.argsort(-values, kind="stable")[:400]]
    best.sort(key=lambda item: (-round(item[0], 9), item[1]))
    inside = [item for item in best if item[0] >= best[0][0] - 0.5 - 1e-9]
    assert [rows for _, rows in search.sets] == [rows for _, rows in inside[:20]]
    assert search.more == (len(inside) > 20)
    if size == 4:
        assert search.examined < search.combinations / 10


def test_greedy_is_not_enough() -> None:
    """Nemhauser, Wolsey and Fisher (1978): greedy may stay below the best set; the search does not."""
    parts = np.array([[4.0, 4.0, 4.0, 0.0, 0.0, 0.0], [6.0, 6.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 6.0, 6.0, 0.0, 0.0]])
    parts = np.vstack([parts, [[5.0, 0.0, 5.0, 0.0, 4.0, 0.0]]])
    first = int(parts.sum(axis=1).argmax())
    second = int(np.maximum(parts, parts[first]).sum(axis=1).argmax())
    greedy = float(np.maximum(parts[first], parts[second]).sum())
    assert best_stacks(parts, 2, band=0.0, keep=1).sets[0][0] > greedy


def test_many_equal_subsets_come_in_the_order_of_their_rows_and_quickly() -> None:
    search = best_stacks(np.zeros((400, 5)), 3, band=0.0, keep=5)
    assert [rows for _, rows in search.sets] == [(0, 1, 2), (0, 1, 3), (0, 1, 4), (0, 1, 5), (0, 1, 6)]
    assert search.more
    assert search.combinations == 10_586_800


def test_sizes_that_do_not_exist_find_nothing() -> None:
    parts = np.ones((3, 2))
    for size, allowed in ((0, ANY), (4, ANY), (1, AllowedStacks(required=(0, 1))), (3, AllowedStacks(excluded=(0,)))):
        assert best_stacks(parts, size, band=1.0, keep=5, allowed=allowed).sets == ()


def one_of_each(rows: tuple[int, ...], groups: tuple[int, ...]) -> bool:
    return len({groups[row] for row in rows}) == len(rows)


@pytest.mark.usefixtures("way")
@settings(max_examples=150)
@given(tables(), st.data())
def test_subsets_with_at_most_one_of_each_group(parts: Parts, data: st.DataObject) -> None:
    number = st.integers(0, len(parts) - 1)
    groups = tuple(data.draw(st.lists(number, min_size=len(parts), max_size=len(parts))))
    required = data.draw(st.sets(number, max_size=2))
    excluded = data.draw(st.sets(number, max_size=2)) - required
    size, keep = data.draw(st.integers(1, 4)), data.draw(st.sampled_from([1, 3, 500]))
    odd = data.draw(st.booleans())

    def accept(sets: NDArray[np.intp]) -> NDArray[np.bool_]:
        assert all(one_of_each(tuple(rows), groups) for rows in sets.tolist())
        result: NDArray[np.bool_] = sets.sum(axis=1) % 2 == 1
        return result

    able = AllowedStacks(tuple(sorted(required)), tuple(sorted(excluded)), accept if odd else None, groups)
    counted = [
        (value, members)
        for value, members in every_subset(parts, size)
        if required <= set(members) and not excluded & set(members) and one_of_each(members, groups)
    ]
    expected = [item for item in counted if not odd or sum(item[1]) % 2 == 1]
    assert able.count(len(parts), size) == len(counted)
    assert [tuple(rows) for rows in able.sets(len(parts), size).tolist()] == sorted(rows for _, rows in expected)
    every = [rows for rows in all_sets(len(parts), size).tolist() if one_of_each(tuple(rows), groups)]
    asked = np.array(every, dtype=np.intp).reshape(len(every), size)
    assert sorted(map(tuple, asked[able.passes(asked)].tolist())) == sorted(rows for _, rows in expected)
    search = best_stacks(parts, size, band=0.05, keep=keep, allowed=able)
    if expected:
        inside = [item for item in expected if item[0] >= expected[0][0] - 0.05 - 1e-9]
        assert [rows for _, rows in search.sets] == [rows for _, rows in inside[:keep]]
        assert [value for value, _ in search.sets] == pytest.approx([value for value, _ in inside[:keep]], abs=1e-9)
        assert search.more == (len(inside) > keep)
    else:
        assert search.sets == ()
    assert search.combinations == len(counted)
