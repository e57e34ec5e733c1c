"""The boundaries of the ranking methods; published examples stand in tests/sensitivity/test_published_examples.py."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.sensitivity.arrays import Array
from evaluator.sensitivity.method_comparison import (
    Preference,
    promethee,
    topsis,
    usual,
    v_shape,
    weighted_product,
    weighted_sum,
)

NEAR_NOTHING = 1e-12


def column(*values: float) -> Array:
    return np.array(values, dtype=float)


@pytest.mark.parametrize(
    ("preference", "expected"),
    [
        (usual, {-1: 0, 0: 0, NEAR_NOTHING: 1, 1: 1}),
        (v_shape(2), {-1: 0, 0: 0, 0.5: 0.25, 1: 0.5, 2: 1, 3: 1}),
    ],
)
def test_degrees_of_preference(preference: Preference, expected: dict[float, float]) -> None:
    assert preference(column(*expected)) == pytest.approx(list(expected.values()))


def test_the_weighted_sum_is_a_mean_whatever_the_scale_of_the_weights() -> None:
    values = np.array([[0.2, 0.6], [1.0, 0.0]])
    for weights in (column(3, 1), column(0.75, 0.25), column(30, 10)):
        assert weighted_sum(values, weights) == pytest.approx([0.3, 0.75])


def test_a_nothing_makes_the_product_nothing_unless_it_is_lifted_or_weighs_nothing() -> None:
    values = np.array([[0.0, 1.0], [0.25, 1.0], [1.0, 0.0]])
    assert weighted_product(values, column(1, 1)) == pytest.approx([0, 0.5, 0])
    # 0 becomes 0.04, 1 stays 1, and 0.25 becomes 0.28; roots of 0.04 and 0.28.
    assert weighted_product(values, column(1, 1), 0.04) == pytest.approx([0.2, 0.28**0.5, 0.2])
    assert weighted_product(values, column(2, 0)) == pytest.approx([0, 0.25, 1])


def test_closeness_where_best_and_worst_are_the_same() -> None:
    """All options alike, and ideal and anti-ideal drawn from them: no distance to either end."""
    values = np.array([[0.5, 0.5], [0.5, 0.5]])
    assert topsis(values, column(1, 1), values.max(axis=0), values.min(axis=0)) == pytest.approx([0, 0])


def test_distances_are_weighted_before_they_are_squared() -> None:
    # Weighted distances to the ideal 2 x 0.5 and 1 x 1, to the worst 2 x 0.5 and 0: roots of 2 and of 1.
    assert topsis(np.array([[0.5, 0.0]]), column(2, 1)) == pytest.approx([1 / (1 + 2**0.5)])


def test_flows_of_three_options_by_hand() -> None:
    """Weights 3 and 1 of 4; option 0 leads 1 and 2 on the first criterion, option 2 leads all on the second."""
    values = np.array([[1.0, 0.0], [0.5, 0.0], [0.5, 1.0]])
    # Preferences: 0 over 1 and over 2 by 3/4; 2 over 0 and over 1 by 1/4; each divided by the two others.
    assert promethee(values, column(3, 1)) == pytest.approx([0.625, -0.5, -0.125])
    assert promethee(values, column(3, 1), [usual, v_shape(2)]) == pytest.approx([0.6875, -0.4375, -0.25])


def test_one_option_has_no_flow() -> None:
    assert promethee(np.array([[0.4, 0.2]]), column(1, 1)) == pytest.approx([0])


def test_each_criterion_has_a_preference_function_of_its_own() -> None:
    with pytest.raises(ValueError, match="zip"):
        promethee(np.array([[1.0, 2.0]]), column(1, 1), [usual])


TABLES = st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=2, max_size=5).map(np.array)


@given(TABLES, st.lists(st.floats(0.1, 5), min_size=3, max_size=3).map(np.array))
def test_what_holds_for_every_table(values: Array, weights: Array) -> None:
    """An option at least as good everywhere is at least as good by every method; net flows sum to nothing."""
    better = np.vstack([values, values.max(axis=0)])
    net = promethee(better, weights, v_shape(0.5))
    assert net.sum() == pytest.approx(0, abs=1e-9)
    for figures in (
        weighted_sum(better, weights),
        topsis(better, weights),
        weighted_product(better, weights, 0.2),
        net,
    ):
        assert figures[-1] == pytest.approx(figures.max())
        assert figures.min() >= -1 - 1e-9
        assert figures.max() <= 1 + 1e-9
