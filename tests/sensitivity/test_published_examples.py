"""Published examples: each test names where the numbers stand."""

from __future__ import annotations

import numpy as np
import pytest

from evaluator.errors import EvaluatorError
from evaluator.sensitivity.arrays import Array, Arrays
from evaluator.sensitivity.breakeven import first_breakevens, path
from evaluator.sensitivity.method_comparison import (
    Preference,
    promethee,
    topsis,
    usual,
    v_shape,
    weighted_product,
    weighted_sum,
)
from evaluator.stack.contributions import shapley
from evaluator.weighting.elicitation import (
    pairwise,
    rank_order_centroid,
    swing,
    weight_spread,
)


def matrix(*rows: list[float]) -> Array:
    return np.array(rows, dtype=float)


# --- weighted sums and products ---------------------------------------------------------------------------------------

TRIANTAPHYLLOU = matrix([25, 20, 15, 30], [10, 30, 20, 30], [30, 10, 30, 10])
TRIANTAPHYLLOU_WEIGHTS = np.array([0.20, 0.15, 0.40, 0.25])


def test_weighted_sum_of_triantaphyllou() -> None:
    """Triantaphyllou, Multi-criteria decision making methods (2000), example of the weighted sum model: 21.50, 22.00, 22.00."""
    assert weighted_sum(TRIANTAPHYLLOU, TRIANTAPHYLLOU_WEIGHTS) == pytest.approx([21.50, 22.00, 22.00])


def test_weighted_product_of_triantaphyllou() -> None:
    """The same data by the weighted product model: ratios 1.007, 1.067 and 1.059."""
    first, second, third = weighted_product(TRIANTAPHYLLOU, TRIANTAPHYLLOU_WEIGHTS)
    assert (first / second, first / third, second / third) == pytest.approx((1.007, 1.067, 1.059), abs=6e-4)


def test_spotis_is_the_anchored_weighted_sum() -> None:
    """Dezert, Tchamova, Han and Tacnet, The SPOTIS rank reversal free method (2020), example 1: 0.1989, 0.3705, 0.3063, 0.7491.

    SPOTIS is the distance to the ideal at fixed ends: one less the weighted sum of anchored values.
    """
    table = matrix([10.5, -3.1, 1.7], [-4.7, 0, 3.4], [8.1, 0.3, 1.3], [3.2, 7.3, -5.3])
    worst, best = np.array([-5, 10, -8]), np.array([12, -6, 5])
    values = (table - worst) / (best - worst)
    assert 1 - weighted_sum(values, np.array([0.2, 0.3, 0.5])) == pytest.approx(
        [0.1989, 0.3705, 0.3063, 0.7491], abs=3e-4
    )


# --- TOPSIS -----------------------------------------------------------------------------------------------------------


def classical_topsis(table: Array, weights: Array, cost: set[int]) -> Array:
    """TOPSIS as published: columns divided by their length, ideal and anti-ideal from the options at hand."""
    lengths = np.sqrt((table**2).sum(axis=0))
    values = np.array([[-1.0 if column in cost else 1.0 for column in range(table.shape[1])]]) * table / lengths
    return topsis(values, weights, values.max(axis=0), values.min(axis=0))


def test_topsis_of_hwang_and_yoon() -> None:
    """Hwang and Yoon, Multiple attribute decision making (1981), the fighter aircraft: 0.643, 0.268, 0.613, 0.312."""
    table = matrix(
        [2.0, 1500, 20000, 5.5, 5, 9],
        [2.5, 2700, 18000, 6.5, 3, 5],
        [1.8, 2000, 21000, 4.5, 7, 7],
        [2.2, 1800, 20000, 5.0, 5, 5],
    )
    weights = np.array([0.2, 0.1, 0.1, 0.1, 0.2, 0.3])
    assert classical_topsis(table, weights, {3}) == pytest.approx([0.643, 0.268, 0.613, 0.312], abs=6e-4)


def test_topsis_with_fixed_ends_knows_only_the_scale() -> None:
    values = matrix([1, 1, 1], [0, 0, 0], [1, 0, 0.5])
    found = topsis(values, np.array([0.5, 0.3, 0.2]))
    # Distances of the last: to the ideal the root of 0.09 + 0.01, to the worst the root of 0.25 + 0.01.
    assert found == pytest.approx([1, 0, 0.26**0.5 / (0.26**0.5 + 0.1**0.5)])
    assert topsis(values[2:], np.array([0.5, 0.3, 0.2])) == pytest.approx(found[2:])


# --- PROMETHEE --------------------------------------------------------------------------------------------------------

HYDRO = matrix(
    [-80, 90, -6, -5.4, -8, 5],
    [-65, 58, -2, -9.7, -1, 1],
    [-83, 60, -4, -7.2, -4, 7],
    [-40, 80, -10, -7.5, -7, 10],
    [-52, 72, -6, -2.0, -3, 8],
    [-94, 96, -7, -3.6, -5, 6],
)
HYDRO_PREFERENCES: list[Preference] = [
    lambda difference: (difference > 10).astype(float),
    v_shape(30),
    lambda difference: np.clip((difference - 0.5) / 4.5, 0.0, 1.0),
    lambda difference: np.where(difference > 6, 1.0, np.where(difference > 1, 0.5, 0.0)),
    usual,
    lambda difference: np.where(difference > 0, 1 - np.exp(-(difference**2) / 50), 0.0),
]
"""One preference function of each of the six types."""


def test_promethee_of_brans_vincke_and_mareschal() -> None:
    """Brans, Vincke and Mareschal (1986), EJOR 24(2), the six hydroelectric stations, one preference function of each type.

    The order is a5, a2, a4, a6, a3, a1; the paper rounds preferences before it adds, so flows agree to 0.002 x 5.
    """
    net = promethee(HYDRO, np.ones(6), HYDRO_PREFERENCES)
    assert [f"a{1 + row}" for row in np.argsort(-net)] == ["a5", "a2", "a4", "a6", "a3", "a1"]
    assert net == pytest.approx([-0.1457, 0.0172, -0.0895, -0.0200, 0.2929, -0.0549], abs=1e-3)


def test_promethee_with_the_usual_function_counts_wins() -> None:
    """Brans and Vincke (1985): one criterion, any difference in full; flows of three options in a row are -1, 0, 1."""
    assert promethee(matrix([10], [20], [30]), np.array([1.0])) == pytest.approx([-1, 0, 1])


def test_promethee_in_proportion_over_the_whole_scale_is_the_weighted_sum() -> None:
    """Mareschal (2015), Note on the PROMETHEE net flow computation: with V-shapes as wide as the range the flow is linear."""
    chance = np.random.default_rng(3)
    values, weights = chance.random((6, 4)), chance.random(4)
    scores = weighted_sum(values, weights)
    expected = (6 * scores - scores.sum()) / 5
    assert promethee(values, weights, v_shape(1.0)) == pytest.approx(expected)


# --- pairwise judgements ----------------------------------------------------------------------------------------------

DRINKS = ("coffee", "wine", "tea", "beer", "soda", "milk", "water")
DRINK_JUDGEMENTS = {
    ("coffee", "wine"): 9, ("coffee", "tea"): 5, ("coffee", "beer"): 2, ("coffee", "soda"): 1, ("coffee", "milk"): 1,
    ("water", "coffee"): 2, ("water", "wine"): 9, ("water", "tea"): 9, ("water", "beer"): 3, ("water", "soda"): 2,
    ("water", "milk"): 3, ("tea", "wine"): 3, ("beer", "wine"): 9, ("beer", "tea"): 3, ("beer", "milk"): 1,
    ("soda", "wine"): 9, ("soda", "tea"): 4, ("soda", "beer"): 2, ("soda", "milk"): 2, ("milk", "wine"): 9,
    ("milk", "tea"): 3,
}  # fmt: skip


def test_ahp_drinks_of_saaty() -> None:
    """Saaty (2008), Decision making with the analytic hierarchy process, drinks: weights, and a consistency ratio of 0.022."""
    found = pairwise(DRINKS, DRINK_JUDGEMENTS)
    assert found.weights == pytest.approx(
        {"coffee": 0.177, "wine": 0.019, "tea": 0.042, "beer": 0.116, "soda": 0.190, "milk": 0.129, "water": 0.327},
        abs=6e-4,
    )
    assert found.consistency is not None
    assert found.consistency.ratio == pytest.approx(0.022, abs=5e-4)
    assert found.consistency.acceptable


CITIES: dict[str, dict[tuple[str, str], float]] = {
    "Culture": {
        ("Bethesda", "Pittsburgh"): 1, ("Boston", "Bethesda"): 2, ("Boston", "Pittsburgh"): 2.5, ("Boston", "Santa Fe"): 1,
        ("Santa Fe", "Bethesda"): 2, ("Santa Fe", "Pittsburgh"): 2.5,
    },
    "Family": {
        ("Bethesda", "Boston"): 2, ("Bethesda", "Santa Fe"): 4, ("Boston", "Santa Fe"): 2, ("Pittsburgh", "Bethesda"): 3,
        ("Pittsburgh", "Boston"): 8, ("Pittsburgh", "Santa Fe"): 9,
    },
    "Housing": {
        ("Bethesda", "Boston"): 5, ("Bethesda", "Santa Fe"): 2.5, ("Pittsburgh", "Bethesda"): 2, ("Pittsburgh", "Boston"): 9,
        ("Pittsburgh", "Santa Fe"): 7, ("Santa Fe", "Boston"): 4,
    },
    "Jobs": {
        ("Bethesda", "Pittsburgh"): 3, ("Bethesda", "Santa Fe"): 4, ("Boston", "Bethesda"): 2, ("Boston", "Pittsburgh"): 6,
        ("Boston", "Santa Fe"): 8, ("Pittsburgh", "Santa Fe"): 1,
    },
    "Transportation": {
        ("Bethesda", "Boston"): 1.5, ("Bethesda", "Santa Fe"): 4, ("Boston", "Santa Fe"): 2.5, ("Pittsburgh", "Bethesda"): 2,
        ("Pittsburgh", "Boston"): 3.5, ("Pittsburgh", "Santa Fe"): 9,
    },
}  # fmt: skip


def test_ahp_cities_of_saaty() -> None:
    """Saaty (2005), Theory and applications of the analytic network process, best city: 0.229, 0.275, 0.385, 0.111."""
    goal = pairwise(
        ("Culture", "Family", "Housing", "Jobs", "Transportation"),
        {
            ("Culture", "Housing"): 3, ("Culture", "Transportation"): 5, ("Family", "Culture"): 5, ("Family", "Housing"): 7,
            ("Family", "Transportation"): 7, ("Housing", "Transportation"): 3, ("Jobs", "Culture"): 2, ("Jobs", "Housing"): 4,
            ("Jobs", "Transportation"): 7, ("Family", "Jobs"): 1,
        },
    )  # fmt: skip
    cities = ("Bethesda", "Boston", "Pittsburgh", "Santa Fe")
    local = {family: pairwise(cities, judged).weights for family, judged in CITIES.items()}
    total = {city: sum(goal.weights[family] * local[family][city] for family in CITIES) for city in cities}
    assert total == pytest.approx(
        {"Bethesda": 0.229, "Boston": 0.275, "Pittsburgh": 0.385, "Santa Fe": 0.111}, abs=6e-4
    )


def test_ahp_cars_of_haas_and_meixner() -> None:
    """Haas and Meixner, An illustrated guide to the analytic hierarchy process: style 0.3196, reliability 0.5584, fuel 0.1220."""
    found = pairwise(
        ("style", "reliability", "fuel"),
        {("reliability", "style"): 2, ("style", "fuel"): 3, ("reliability", "fuel"): 4},
    )
    assert found.weights == pytest.approx({"style": 0.3196, "reliability": 0.5584, "fuel": 0.1220}, abs=5e-5)


def test_consistent_judgements_give_their_own_ratios_and_no_contradiction() -> None:
    found = pairwise("abc", {("a", "b"): 2, ("b", "c"): 3, ("a", "c"): 6})
    assert found.weights == pytest.approx({"a": 0.6, "b": 0.3, "c": 0.1})
    assert found.consistency is not None
    assert found.consistency.largest == pytest.approx(3)
    assert found.consistency.ratio == pytest.approx(0, abs=1e-12)
    assert found.contradictions == ()


def test_the_worst_contradiction_is_named() -> None:
    found = pairwise("abc", {("a", "b"): 3, ("b", "c"): 3, ("c", "a"): 3})
    assert found.weights == pytest.approx({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3})
    assert found.consistency is not None
    assert not found.consistency.acceptable
    assert {(row.given, round(row.implied, 9)) for row in found.contradictions} == {(3, 1.0), (1 / 3, 1.0)}


@pytest.mark.parametrize(
    ("judgements", "word"),
    [
        ({("a", "b"): 2.0}, "not judged"),
        ({("a", "b"): 0.0}, "above 0"),
        ({("a", "x"): 2.0}, "not among"),
        ({("a", "b"): 2.0, ("b", "a"): 2.0, ("a", "c"): 1.0, ("b", "c"): 1.0}, "contradict"),
    ],
)
def test_judgements_that_cannot_be_used(judgements: dict[tuple[str, str], float], word: str) -> None:
    with pytest.raises(EvaluatorError, match=word):
        pairwise("abc", judgements)


# --- rank orders and swings -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "weights"),
    [
        (2, [0.7500, 0.2500]),
        (3, [0.6111, 0.2778, 0.1111]),
        (4, [0.5208, 0.2708, 0.1458, 0.0625]),
        (5, [0.4567, 0.2567, 0.1567, 0.0900, 0.0400]),
    ],
)
def test_rank_order_centroid_of_barron_and_barrett(count: int, weights: list[float]) -> None:
    """Barron and Barrett (1996), Decision quality using ranked attribute weights, table of ROC weights."""
    assert list(rank_order_centroid("abcde"[:count]).weights.values()) == pytest.approx(weights, abs=6e-5)


def test_items_of_equal_rank_share_the_weights_of_their_places() -> None:
    found = rank_order_centroid(["a", ["b", "c"], "d"]).weights
    assert found == pytest.approx({"a": 0.520833, "b": 0.208333, "c": 0.208333, "d": 0.0625}, abs=1e-6)


def test_swing_weights_of_the_textbook() -> None:
    """Goodwin and Wright, Decision analysis for management judgment, the office location: swings 100, 80, 70, 30, 20, 10."""
    points = {"closeness": 100, "visibility": 80, "image": 70, "size": 30, "comfort": 20, "car parking": 10}
    assert swing({key: float(value) for key, value in points.items()}).weights == pytest.approx(
        {"closeness": 0.32, "visibility": 0.26, "image": 0.23, "size": 0.10, "comfort": 0.06, "car parking": 0.03},
        abs=6e-3,
    )


@pytest.mark.parametrize("points", [{}, {"a": 0.0}, {"a": -1.0, "b": 2.0}, {"a": float("nan")}])
def test_swings_that_give_no_weights(points: dict[str, float]) -> None:
    with pytest.raises(EvaluatorError):
        swing(points)


@pytest.mark.parametrize("order", [[], ["a", "a"], ["a", ["b", "a"]]])
def test_orders_that_give_no_weights(order: list[str | list[str]]) -> None:
    with pytest.raises(EvaluatorError):
        rank_order_centroid(order)


def test_several_people_stay_apart() -> None:
    found = weight_spread({"ann": {"a": 3, "b": 1}, "ben": {"a": 1, "c": 1}})
    assert {row.id: row.mean for row in found} == pytest.approx({"c": 0.25, "a": 0.625, "b": 0.125})
    assert [(row.id, row.low, row.high) for row in found] == [("c", 0, 0.5), ("a", 0.5, 0.75), ("b", 0, 0.25)]
    assert found[0].deviation == pytest.approx(0.353553, abs=1e-6)


# --- Shapley ----------------------------------------------------------------------------------------------------------


def test_shapley_taxi_fare() -> None:
    """The airport problem of Littlechild and Owen (1973) as a taxi ride of 6, 12 and 42: shares 2, 5 and 35."""
    fares = {"ann": 6.0, "ben": 12.0, "cat": 42.0}
    found = shapley(tuple(fares), lambda riders: max((fares[rider] for rider in riders), default=0.0))
    assert found == pytest.approx({"ann": 2, "ben": 5, "cat": 35})


def test_shapley_gloves() -> None:
    """The glove game (Shapley and Shubik 1969): one left and two right gloves; 2/3 and 1/6 each."""
    found = shapley(("left", "right 1", "right 2"), lambda held: float("left" in held and len(held) > 1))
    assert found == pytest.approx({"left": 2 / 3, "right 1": 1 / 6, "right 2": 1 / 6})


def test_shapley_shubik_power() -> None:
    """Shapley and Shubik (1954): four votes of 3, 2, 1, 1 with 4 needed have the powers 1/2, 1/6, 1/6, 1/6."""
    votes = {"a": 3, "b": 2, "c": 1, "d": 1}
    found = shapley(tuple(votes), lambda side: float(sum(votes[one] for one in side) >= 4))
    assert found == pytest.approx({"a": 1 / 2, "b": 1 / 6, "c": 1 / 6, "d": 1 / 6})


# --- one weight at a time ---------------------------------------------------------------------------------------------


def test_critical_weights_of_triantaphyllou_and_sanchez() -> None:
    """Triantaphyllou and Sánchez (1997), Decision Sciences 28(1), numerical example: four alternatives and criteria.

    Their change d_k = (P_j - P_i) / (a_jk - a_ik) is stated before the weights are normalised again, so the weight at
    which the order turns is (w_k - d_k) / (1 - d_k).
    """
    table = matrix(
        [0.3088, 0.2897, 0.3867, 0.1922],
        [0.2163, 0.3458, 0.1755, 0.6288],
        [0.4509, 0.2473, 0.1194, 0.0575],
        [0.0240, 0.1172, 0.3184, 0.1215],
    )
    weights = np.array([0.3277, 0.3058, 0.2876, 0.0790])
    scores = table @ weights
    assert scores == pytest.approx([0.3162, 0.2768, 0.2621, 0.1449], abs=2e-4)
    weights = weights / weights.sum()
    scores = table @ weights
    none = np.zeros(0)
    arrays = Arrays(
        options=tuple("abcd"),
        criteria=tuple("wxyz"),
        families=tuple("wxyz"),
        weights=weights,
        values=table,
        use_cases=(),
        importance=none,
        emphasis=none,
        capability=none,
        conditional=np.zeros(0, dtype=bool),
        credit=0.5,
        min_gain=0.02,
        close=0.02,
        sizes=(1, 2, 3, 4),
    )
    for criterion in range(4):
        group = np.arange(4) == criterion
        along = path(weights, group)
        assert along is not None
        turns = []
        for rival in (1, 2, 3):
            change = (scores[rival] - scores[0]) / (table[rival, criterion] - table[0, criterion])
            turns.append((weights[criterion] - change) / (1 - change))
        down, up = first_breakevens(arrays, along, 0)
        below = [turn for turn in turns if 0 < turn < weights[criterion]]
        above = [turn for turn in turns if weights[criterion] < turn < 1]
        assert (down.at if down else None) == (pytest.approx(max(below)) if below else None)
        assert (up.at if up else None) == (pytest.approx(min(above)) if above else None)
