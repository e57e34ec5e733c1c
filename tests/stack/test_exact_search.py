"""The best stacks of very many small tables, by trial of all and by search, held against plain loops; what is allowed."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from evaluator.stack import exact_search
from evaluator.stack.exact_search import ANY, AllowedStacks, Rows, Search, all_sets, best_stacks
from evaluator.stack.stack_value import Parts, Sets


def ranked(parts: Parts, size: int) -> list[tuple[float, Rows]]:
    """All subsets, best first, equal ones in the order of their rows."""
    found = [
        (float(sum(parts[list(rows), column].max() for column in range(parts.shape[1]))), rows)
        for rows in combinations(range(len(parts)), size)
    ]
    return sorted(found, key=lambda item: (-round(item[0], 9), item[1]))


def small(number: int) -> tuple[Parts, int, int, float]:
    """A table, a size, how many to keep and a band; entries from few levels, so that many subsets tie."""
    chance = np.random.default_rng(number)
    rows, columns = int(chance.integers(2, 8)), int(chance.integers(1, 5))
    levels = int(chance.choice([1, 2, 4, 1000]))
    parts = chance.integers(0, levels + 1, (rows, columns)) / levels
    return (
        parts,
        int(chance.integers(1, min(5, rows + 1))),
        int(chance.choice([1, 2, 3, 30])),
        float(chance.choice([0, 0.25, 1])),
    )


@pytest.mark.parametrize("exhaustive", [20_000, -1])
@pytest.mark.parametrize("block", range(4))
def test_the_best_stacks_of_many_tables(monkeypatch: pytest.MonkeyPatch, exhaustive: int, block: int) -> None:
    monkeypatch.setattr(exact_search, "EXHAUSTIVE", exhaustive)
    for number in range(100 * block, 100 * block + 100):
        parts, size, keep, band = small(number)
        expected = ranked(parts, size)
        inside = [rows for value, rows in expected if value >= expected[0][0] - band - 1e-9]
        found = best_stacks(parts, size, band=band, keep=keep)
        assert [rows for _, rows in found.sets] == inside[:keep], number
        assert [value for value, _ in found.sets] == pytest.approx([value for value, _ in expected[: len(found.sets)]])
        assert (found.more, found.combinations) == (len(inside) > keep, len(expected))
        if exhaustive > 0:
            assert found.examined == len(expected)
        else:
            assert found.examined > 0


@pytest.mark.parametrize("exhaustive", [20_000, -1])
def test_required_excluded_and_refused_rows_of_many_tables(monkeypatch: pytest.MonkeyPatch, exhaustive: int) -> None:
    monkeypatch.setattr(exact_search, "EXHAUSTIVE", exhaustive)

    def odd(sets: NDArray[np.intp]) -> NDArray[np.bool_]:
        result: NDArray[np.bool_] = sets.sum(axis=1) % 2 == 1
        return result

    for number in range(150):
        parts, size, keep, band = small(number)
        chance = np.random.default_rng(1000 + number)
        order = chance.permutation(len(parts))
        required = order[: min(int(chance.integers(0, 3)), size)].tolist()
        excluded = order[len(required) : len(required) + int(chance.integers(0, 2))].tolist()
        accept = odd if number % 2 else None
        allowed = [
            (value, rows)
            for value, rows in ranked(parts, size)
            if set(required) <= set(rows) and not set(excluded) & set(rows) and (not accept or sum(rows) % 2)
        ]
        inside = [rows for value, rows in allowed if value >= allowed[0][0] - band - 1e-9]
        found = best_stacks(
            parts, size, band=band, keep=keep, allowed=AllowedStacks(tuple(required), tuple(excluded), accept)
        )
        assert [rows for _, rows in found.sets] == inside[:keep], number
        assert found.more == (len(inside) > keep)
        assert [value for value, _ in found.sets] == pytest.approx([value for value, _ in allowed[: len(found.sets)]])


@pytest.mark.parametrize(
    ("size", "required", "excluded"), [(0, (), ()), (4, (), ()), (1, (0, 1), ()), (3, (), (0,)), (2, (1,), (1,))]
)
def test_what_cannot_be_finds_nothing(size: int, required: Rows, excluded: Rows) -> None:
    found = best_stacks(np.ones((3, 2)), size, band=1.0, keep=5, allowed=AllowedStacks(required, excluded))
    assert found == Search((), more=False, combinations=0, examined=0)


def test_required_rows_that_are_all_of_it() -> None:
    parts = np.array([[0.5, 0.0], [0.0, 1.0], [1.0, 1.0]])
    assert best_stacks(parts, 2, band=0.0, keep=5, allowed=AllowedStacks(required=(0, 1))) == Search(
        ((1.5, (0, 1)),), more=False, combinations=1, examined=1
    )
    assert best_stacks(parts, 3, band=0.0, keep=5).sets == ((2.0, (0, 1, 2)),)


@pytest.mark.parametrize("exhaustive", [20_000, -1])
def test_the_edge_of_the_band_is_inside(monkeypatch: pytest.MonkeyPatch, exhaustive: int) -> None:
    monkeypatch.setattr(exact_search, "EXHAUSTIVE", exhaustive)
    parts = np.array([[1.0], [0.7], [0.7 - 1e-6]])
    assert [rows for _, rows in best_stacks(parts, 1, band=0.3, keep=5).sets] == [(0,), (1,)]
    assert [rows for _, rows in best_stacks(parts, 1, band=0.3 + 1e-6, keep=5).sets] == [(0,), (1,), (2,)]


@pytest.mark.parametrize("exhaustive", [20_000, -1])
def test_values_closer_than_a_billionth_are_equal(monkeypatch: pytest.MonkeyPatch, exhaustive: int) -> None:
    monkeypatch.setattr(exact_search, "EXHAUSTIVE", exhaustive)
    parts = np.array([[0.5], [0.5 + 1e-10], [0.5 - 1e-10], [0.4]])
    found = best_stacks(parts, 1, band=0.0, keep=2)
    assert ([rows for _, rows in found.sets], found.more) == ([(0,), (1,)], True)


@pytest.mark.parametrize(("count", "size"), [(5, 2), (4, 4), (3, 1), (3, 5), (0, 1), (4, 0)])
def test_every_set_in_the_order_of_its_rows(count: int, size: int) -> None:
    found = all_sets(count, size)
    assert [tuple(rows) for rows in found.tolist()] == list(combinations(range(count), size))
    assert found.shape[1] == size
    assert not found.flags.writeable


def odd(sets: Sets) -> NDArray[np.bool_]:
    """Accepts sets whose rows add up to an odd number."""
    result: NDArray[np.bool_] = sets.sum(axis=1) % 2 == 1
    return result


def expected(able: AllowedStacks, options: int, size: int) -> list[tuple[int, ...]]:
    return [
        rows
        for rows in combinations(range(options), size)
        if set(able.required) <= set(rows)
        and not set(able.excluded) & set(rows)
        and (able.accept is None or sum(rows) % 2 == 1)
    ]


def rows_of(sets: Sets) -> list[tuple[int, ...]]:
    return [tuple(map(int, rows)) for rows in sets]


LIMITS = st.builds(
    lambda required, excluded, accept: AllowedStacks(
        required, tuple(row for row in excluded if row not in required), accept
    ),
    st.lists(st.integers(0, 5), max_size=3, unique=True).map(lambda rows: tuple(sorted(rows))),
    st.lists(st.integers(0, 5), max_size=3, unique=True).map(lambda rows: tuple(sorted(rows))),
    st.sampled_from([None, odd]),
)


@given(LIMITS, st.integers(1, 6))
def test_the_allowed_sets_are_those_of_trying_every_one(able: AllowedStacks, size: int) -> None:
    sets = able.sets(6, size)
    assert rows_of(sets) == expected(able, 6, size)
    assert sets.shape == (len(sets), size)


@given(LIMITS, st.integers(1, 6))
def test_passing_is_being_one_of_them(able: AllowedStacks, size: int) -> None:
    every = ANY.sets(6, size)
    assert [rows for rows, passed in zip(rows_of(every), able.passes(every), strict=True) if passed] == expected(
        able, 6, size
    )


@given(LIMITS, st.integers(0, 6))
def test_the_count_is_taken_before_anything_is_accepted(able: AllowedStacks, size: int) -> None:
    assert able.count(6, size) == len(expected(AllowedStacks(able.required, able.excluded), 6, size))


def test_only_without_any_limit_is_every_set_allowed() -> None:
    assert ANY.free
    assert not AllowedStacks(required=(0,)).free
    assert not AllowedStacks(excluded=(0,)).free
    assert not AllowedStacks(accept=odd).free


def test_one_row_more_is_required_or_excluded() -> None:
    able = AllowedStacks((3,), (4,), odd)
    assert able.with_(1) == AllowedStacks((1, 3), (4,), odd)
    assert able.with_(3) == able
    assert able.without(2) == AllowedStacks((3,), (2, 4), odd)
    assert able.without(4) == able
    assert AllowedStacks((16,), (17,)).with_(1).required == (1, 16)
    assert AllowedStacks((16,), (17,)).without(2).excluded == (2, 17)


PARTS = np.array([[5.0, 0.0], [4.0, 1.0], [0.0, 3.0], [1.0, 1.0]])


def test_the_best_set_keeps_to_every_limit() -> None:
    def best(able: AllowedStacks) -> tuple[float, tuple[int, ...]]:
        return best_stacks(PARTS, 2, band=0.0, keep=1, allowed=able).sets[0]

    assert best(ANY) == (8.0, (0, 2))
    assert best(AllowedStacks(required=(1,))) == (7.0, (1, 2))
    assert best(AllowedStacks(excluded=(2,))) == (6.0, (0, 1))
    # Rows 0 and 2 add up to an even number; the best odd pair is 1 and 2.
    assert best(AllowedStacks(accept=odd)) == (7.0, (1, 2))


def test_band_and_keep_are_passed_on() -> None:
    found = best_stacks(PARTS, 2, band=1.0, keep=5)
    assert found.sets == ((8.0, (0, 2)), (7.0, (1, 2)))
    assert not found.more
    short = best_stacks(PARTS, 2, band=1.0, keep=1)
    assert len(short.sets) == 1
    assert short.more


@pytest.mark.parametrize(
    ("able", "most", "sizes"),
    [
        (ANY, 4, (1, 2, 3, 4)),
        (ANY, 2, (1, 2)),
        (AllowedStacks(required=(0, 1)), 4, (2, 3, 4)),
        (AllowedStacks(excluded=(0, 1)), 4, (1, 2)),
        # The only set of four rows adds up to 6.
        (AllowedStacks(accept=odd), 4, (1, 2, 3)),
    ],
)
def test_sizes_of_which_a_set_is_allowed(able: AllowedStacks, most: int, sizes: tuple[int, ...]) -> None:
    assert able.sizes(PARTS, most) == sizes
