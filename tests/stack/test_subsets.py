"""The best subsets of very many small tables, by trial of all and by search, held against plain loops."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.stack import subsets
from evaluator.stack.subsets import Matrix, Search, best_subsets

Rows = tuple[int, ...]


def ranked(worth: Matrix, size: int) -> list[tuple[float, Rows]]:
    """All subsets, best first, equal ones in the order of their rows."""
    found = [
        (float(sum(worth[list(rows), column].max() for column in range(worth.shape[1]))), rows)
        for rows in combinations(range(len(worth)), size)
    ]
    return sorted(found, key=lambda item: (-round(item[0], 9), item[1]))


def small(number: int) -> tuple[Matrix, int, int, float]:
    """A table, a size, how many to keep and a band; entries from few levels, so that many subsets tie."""
    chance = np.random.default_rng(number)
    rows, columns = int(chance.integers(2, 8)), int(chance.integers(1, 5))
    levels = int(chance.choice([1, 2, 4, 1000]))
    worth = chance.integers(0, levels + 1, (rows, columns)) / levels
    return (
        worth,
        int(chance.integers(1, min(5, rows + 1))),
        int(chance.choice([1, 2, 3, 30])),
        float(chance.choice([0, 0.25, 1])),
    )


@pytest.mark.parametrize("exhaustive", [20_000, -1])
@pytest.mark.parametrize("block", range(4))
def test_the_best_subsets_of_many_tables(monkeypatch: pytest.MonkeyPatch, exhaustive: int, block: int) -> None:
    monkeypatch.setattr(subsets, "EXHAUSTIVE", exhaustive)
    for number in range(100 * block, 100 * block + 100):
        worth, size, keep, band = small(number)
        expected = ranked(worth, size)
        inside = [rows for value, rows in expected if value >= expected[0][0] - band - 1e-9]
        found = best_subsets(worth, size, band=band, keep=keep)
        assert [rows for _, rows in found.sets] == inside[:keep], number
        assert [value for value, _ in found.sets] == pytest.approx([value for value, _ in expected[: len(found.sets)]])
        assert (found.more, found.combinations) == (len(inside) > keep, len(expected))
        if exhaustive > 0:
            assert found.examined == len(expected)
        else:
            assert found.examined > 0


@pytest.mark.parametrize("exhaustive", [20_000, -1])
def test_required_excluded_and_refused_rows_of_many_tables(monkeypatch: pytest.MonkeyPatch, exhaustive: int) -> None:
    monkeypatch.setattr(subsets, "EXHAUSTIVE", exhaustive)

    def odd(sets: NDArray[np.intp]) -> NDArray[np.bool_]:
        result: NDArray[np.bool_] = sets.sum(axis=1) % 2 == 1
        return result

    for number in range(150):
        worth, size, keep, band = small(number)
        chance = np.random.default_rng(1000 + number)
        order = chance.permutation(len(worth))
        required = order[: min(int(chance.integers(0, 3)), size)].tolist()
        excluded = order[len(required) : len(required) + int(chance.integers(0, 2))].tolist()
        accept = odd if number % 2 else None
        allowed = [
            (value, rows)
            for value, rows in ranked(worth, size)
            if set(required) <= set(rows) and not set(excluded) & set(rows) and (not accept or sum(rows) % 2)
        ]
        inside = [rows for value, rows in allowed if value >= allowed[0][0] - band - 1e-9]
        found = best_subsets(worth, size, band=band, keep=keep, required=required, excluded=excluded, accept=accept)
        assert [rows for _, rows in found.sets] == inside[:keep], number
        assert found.more == (len(inside) > keep)
        assert [value for value, _ in found.sets] == pytest.approx([value for value, _ in allowed[: len(found.sets)]])


@pytest.mark.parametrize(
    ("size", "required", "excluded"), [(0, (), ()), (4, (), ()), (1, (0, 1), ()), (3, (), (0,)), (2, (1,), (1,))]
)
def test_what_cannot_be_finds_nothing(size: int, required: Rows, excluded: Rows) -> None:
    found = best_subsets(np.ones((3, 2)), size, band=1.0, keep=5, required=required, excluded=excluded)
    assert found == Search((), more=False, combinations=0, examined=0)


def test_required_rows_that_are_all_of_it() -> None:
    worth = np.array([[0.5, 0.0], [0.0, 1.0], [1.0, 1.0]])
    assert best_subsets(worth, 2, band=0.0, keep=5, required=(1, 0, 1)) == Search(
        ((1.5, (0, 1)),), more=False, combinations=1, examined=1
    )
    assert best_subsets(worth, 3, band=0.0, keep=5).sets == ((2.0, (0, 1, 2)),)


@pytest.mark.parametrize("exhaustive", [20_000, -1])
def test_the_edge_of_the_band_is_inside(monkeypatch: pytest.MonkeyPatch, exhaustive: int) -> None:
    monkeypatch.setattr(subsets, "EXHAUSTIVE", exhaustive)
    worth = np.array([[1.0], [0.7], [0.7 - 1e-6]])
    assert [rows for _, rows in best_subsets(worth, 1, band=0.3, keep=5).sets] == [(0,), (1,)]
    assert [rows for _, rows in best_subsets(worth, 1, band=0.3 + 1e-6, keep=5).sets] == [(0,), (1,), (2,)]


@pytest.mark.parametrize("exhaustive", [20_000, -1])
def test_values_closer_than_a_billionth_are_equal(monkeypatch: pytest.MonkeyPatch, exhaustive: int) -> None:
    monkeypatch.setattr(subsets, "EXHAUSTIVE", exhaustive)
    worth = np.array([[0.5], [0.5 + 1e-10], [0.5 - 1e-10], [0.4]])
    found = best_subsets(worth, 1, band=0.0, keep=2)
    assert ([rows for _, rows in found.sets], found.more) == ([(0,), (1,)], True)
