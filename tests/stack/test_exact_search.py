"""Branch and bound: nothing above the threshold is left out, in either order, however the work is cut."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.stack import exact_search as module
from evaluator.stack.exact_search import Tree, prices

Rows = tuple[int, ...]
Table = NDArray[np.float64]


class Gathered:
    """Everything that a search offers above a fixed threshold, until so many are there."""

    def __init__(self, threshold: float, enough: int = 1_000_000) -> None:
        self.threshold = threshold
        self.enough = enough
        self.found: list[tuple[float, Rows]] = []

    def take(self, values: Table, sets: NDArray[np.intp]) -> bool:
        assert len(values) == len(sets)
        for value, rows in zip(values, sets, strict=True):
            if value > self.threshold:
                self.found.append((float(value), tuple(map(int, rows))))
        return len(self.found) >= self.enough

    @property
    def rows(self) -> list[Rows]:
        """The sets in the order in which they came, their rows sorted."""
        return [tuple(sorted(rows)) for _, rows in self.found]


def value(worth: Table, rows: Rows) -> float:
    return float(worth[list(rows)].max(axis=0).sum())


def tables(count: int) -> list[tuple[Table, int]]:
    """Random tables of coarse and fine entries, with a size of at least two."""
    made = []
    for number in range(count):
        chance = np.random.default_rng(number)
        rows, columns = int(chance.integers(3, 10)), int(chance.integers(1, 6))
        levels = int(chance.choice([1, 3, 1000]))
        made.append((chance.integers(0, levels + 1, (rows, columns)) / levels, int(chance.integers(2, min(6, rows)))))
    return made


@pytest.mark.parametrize("cut", [1 << 20, 3])
@pytest.mark.parametrize("by_rows", [False, True])
def test_every_subset_above_the_threshold_is_found(monkeypatch: pytest.MonkeyPatch, cut: int, *, by_rows: bool) -> None:
    monkeypatch.setattr(module, "LOT", cut)
    monkeypatch.setattr(module, "CHUNK", cut)
    for worth, size in tables(60):
        every = {rows: value(worth, rows) for rows in combinations(range(len(worth)), size)}
        for threshold in (-1.0, float(np.median(list(every.values()))), max(every.values()) - 1e-9):
            tree, sink = Tree(worth, size), Gathered(threshold)
            tree.start(Gathered(np.inf))
            tree.walk(sink, by_rows=by_rows)
            assert sorted(sink.rows) == [rows for rows, worth_ in every.items() if worth_ > threshold]
            assert [one for one, _ in sink.found] == pytest.approx([every[rows] for rows in sink.rows])
            if by_rows:
                assert sink.rows == sorted(sink.rows)
                assert [rows for _, rows in sink.found] == sink.rows


@pytest.mark.parametrize("by_rows", [False, True])
def test_a_sink_that_has_enough_stops_the_search(*, by_rows: bool) -> None:
    for size in (2, 3, 4):
        tree, sink = Tree(np.eye(9), size), Gathered(-1.0, enough=1)
        tree.walk(sink, by_rows=by_rows)
        assert sink.rows[0] == tuple(range(size))
        assert len(sink.rows) <= 9 * 8 / 2
        assert tree.examined == len(sink.rows)


def test_a_subset_that_is_no_better_than_the_threshold_is_not_looked_at() -> None:
    tree, sink = Tree(np.ones((30, 4)), 3), Gathered(4.0)
    tree.walk(sink, by_rows=False)
    assert (tree.examined, sink.found) == (0, [])


def test_the_search_begins_with_a_subset_that_no_exchange_improves() -> None:
    for worth, size in tables(60):
        tree, sink = Tree(worth, size), Gathered(-1.0)
        tree.start(sink)
        best_value = max(one for one, _ in sink.found)
        _, rows = next(item for item in sink.found if item[0] == best_value)
        for out in rows:
            for into in range(len(worth)):
                changed = ({*rows} - {out}) | {into}
                if len(changed) == size:
                    assert value(worth, tuple(changed)) <= best_value + 1e-9
        assert all(len(set(one)) == size for one in sink.rows)
        assert tree.examined == len(sink.found)
        assert all(one == pytest.approx(value(worth, rows)) for one, rows in sink.found)


def bound(worth: Table, size: int, at: Table) -> float:
    """What no subset of so many rows can exceed, given prices."""
    above = np.sort(np.maximum(worth - at, 0.0).sum(axis=1))
    return float(at.sum() + above[len(above) - size :].sum())


def test_prices_bound_every_subset_and_lower_the_bound() -> None:
    lowered = 0
    for worth, size in tables(60):
        best = max(value(worth, rows) for rows in combinations(range(len(worth)), size))
        start = np.sort(worth, axis=0)[-size]
        found = prices(worth, size, best, start, 100)
        assert (found >= 0).all()
        assert best - 1e-9 <= bound(worth, size, found) <= bound(worth, size, start) + 1e-9
        lowered += bound(worth, size, found) < bound(worth, size, start) - 1e-6
        assert prices(worth, size, best, start, 0) is start
    assert lowered > 15


def test_prices_come_close_to_the_best_where_a_few_steps_cannot() -> None:
    """Forty rows and twelve columns: a hundred steps leave less than a third of the gap that the start leaves."""
    worth = np.random.default_rng(5).random((40, 12))
    tree, sink = Tree(worth, 3), Gathered(-1.0)
    tree.start(sink)
    best = max(one for one, _ in sink.found)
    start = np.sort(worth, axis=0)[-3]
    gaps = [bound(worth, 3, at) - best for at in (start, prices(worth, 3, best, start, 10), tree.prices)]
    assert 0 <= gaps[2] < gaps[1] < gaps[0]
    assert gaps[2] < gaps[0] / 3


@pytest.mark.parametrize(("margin", "most"), [(1e-9, 66), (0.2, 500)])
def test_bounds_leave_out_most_of_a_larger_table(margin: float, most: int) -> None:
    """Of 58,905 sets, 56 and 439 are valued; without prices 68, without fresh ones further down 528."""
    worth = np.random.default_rng(2).random((36, 12))
    tree, sink = Tree(worth, 4), Gathered(-1.0)
    tree.start(sink)
    best = max(one for one, _ in sink.found)
    sink = Gathered(best - margin)
    before = tree.examined
    tree.walk(sink, by_rows=False)
    assert max(sink.found)[0] >= best
    assert tree.examined - before < most
