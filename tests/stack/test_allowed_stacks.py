"""Which sets of options may be a stack: held against trying every set."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from evaluator.stack.allowed_stacks import ANY, AllowedStacks
from evaluator.stack.option_sets import Sets


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


WORTH = np.array([[5.0, 0.0], [4.0, 1.0], [0.0, 3.0], [1.0, 1.0]])


def test_the_best_set_keeps_to_every_limit() -> None:
    def best(able: AllowedStacks) -> tuple[float, tuple[int, ...]]:
        return able.best(WORTH, 2, band=0.0, keep=1).sets[0]

    assert best(ANY) == (8.0, (0, 2))
    assert best(AllowedStacks(required=(1,))) == (7.0, (1, 2))
    assert best(AllowedStacks(excluded=(2,))) == (6.0, (0, 1))
    # Rows 0 and 2 add up to an even number; the best odd pair is 1 and 2.
    assert best(AllowedStacks(accept=odd)) == (7.0, (1, 2))


def test_band_and_keep_are_passed_on() -> None:
    found = ANY.best(WORTH, 2, band=1.0, keep=5)
    assert found.sets == ((8.0, (0, 2)), (7.0, (1, 2)))
    assert not found.more
    short = ANY.best(WORTH, 2, band=1.0, keep=1)
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
    assert able.sizes(WORTH, most) == sizes
