"""Weights asked for: what each way of asking gives, worked out by hand; published examples stand in test_firmness_examples."""

from __future__ import annotations

from itertools import combinations
from math import inf, nan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.errors import EvaluatorError
from evaluator.model.sensitivity import Consistency, Contradiction, Triple, WeightSpread
from evaluator.weighting.elicitation import (
    MOST,
    RANDOM_INDICES,
    pairwise,
    rank_order_centroid,
    shares,
    swing,
    weight_spread,
)


def test_swings_are_divided_by_their_sum() -> None:
    found = swing({"a": 100, "b": 60, "c": 0})
    assert (found.method, found.weights) == ("swing", {"a": 0.625, "b": 0.375, "c": 0})
    assert (found.consistency, found.contradictions, found.triple) == (None, (), None)


@pytest.mark.parametrize("figure", [-1, -1e-12, nan, inf])
def test_a_weight_is_a_number_of_at_least_nothing(figure: float) -> None:
    with pytest.raises(EvaluatorError, match=r"'b' has the weight .*; a weight must be a number of at least 0\."):
        shares({"a": 1, "b": figure})


@pytest.mark.parametrize("figures", [{}, {"a": 0}, {"a": 0, "b": 0.0}])
def test_something_must_have_a_weight(figures: dict[str, float]) -> None:
    with pytest.raises(EvaluatorError, match="Nothing has any weight"):
        shares(figures)


def test_a_small_weight_is_one() -> None:
    assert shares({"a": 0.25, "b": 0.25}) == {"a": 0.5, "b": 0.5}


def test_rank_order_centroid_by_hand() -> None:
    # Of three: (1 + 1/2 + 1/3) / 3 = 11/18, (1/2 + 1/3) / 3 = 5/18, 1/9 = 2/18.
    found = rank_order_centroid(["a", "b", "c"])
    assert found.method == "rank order centroid"
    assert found.weights == pytest.approx({"a": 11 / 18, "b": 5 / 18, "c": 2 / 18})
    assert rank_order_centroid(["a"]).weights == {"a": 1}


def test_items_of_equal_importance_share_the_weights_of_their_places() -> None:
    # Of four: 25/48, 13/48, 7/48 and 3/48.
    found = rank_order_centroid(["a", ["b", "c"], [], "d"]).weights
    assert found == pytest.approx({"a": 25 / 48, "b": 10 / 48, "c": 10 / 48, "d": 3 / 48})
    assert rank_order_centroid([["a", "b"], "c"]).weights == pytest.approx({"a": 8 / 18, "b": 8 / 18, "c": 2 / 18})


def test_orders_that_are_none() -> None:
    empty: list[list[list[str]]] = [[], [[]]]
    for order in empty:
        with pytest.raises(EvaluatorError, match="The order is empty"):
            rank_order_centroid(order)
    with pytest.raises(EvaluatorError, match=r"'b' stands twice in the order\."):
        rank_order_centroid(["a", ["b", "c"], "b"])


ITEMS = ("a", "b", "c", "d")
FIGURES = st.sampled_from([1 / 9, 1 / 5, 1 / 3, 1 / 2, 1.0, 2.0, 3.0, 5.0, 9.0])


@given(st.lists(FIGURES, min_size=6, max_size=6))
def test_weights_are_the_principal_eigenvector(figures: list[float]) -> None:
    pairs = list(combinations(ITEMS, 2))
    found = pairwise(ITEMS, dict(zip(pairs, figures, strict=True)))
    matrix = np.ones((4, 4))
    for (first, second), figure in zip(pairs, figures, strict=True):
        row, column = ITEMS.index(first), ITEMS.index(second)
        matrix[row, column], matrix[column, row] = figure, 1 / figure
    values, vectors = np.linalg.eig(matrix)
    place = int(np.argmax(values.real))
    vector = np.abs(vectors[:, place].real)
    assert list(found.weights.values()) == pytest.approx((vector / vector.sum()).tolist(), abs=1e-9)
    assert found.consistency is not None
    assert found.consistency.largest == pytest.approx(float(values[place].real))
    index = max(0.0, (float(values[place].real) - 4) / 3)
    assert found.consistency.index == pytest.approx(index, abs=1e-9)
    assert found.consistency.ratio == pytest.approx(index / 0.90, abs=1e-9)
    # A judgement is contradicted by the factor between it and the ratio of the weights.
    factors = {}
    for (first, second), figure in zip(pairs, figures, strict=True):
        implied = found.weights[first] / found.weights[second]
        factors[first, second] = max(figure / implied, implied / figure)
    shown = [factors[row.first, row.second] for row in found.contradictions]
    worst = sorted((factor for factor in factors.values() if factor > 1 + 1e-7), reverse=True)
    assert shown == pytest.approx(worst[:3])


def test_one_and_two_items_cannot_contradict_each_other() -> None:
    one = pairwise(["a"], {})
    assert one.weights == {"a": 1}
    assert one.consistency == Consistency(1, 0, 0, 0, "Saaty")
    two = pairwise(["a", "b"], {("b", "a"): 3})
    assert two.weights == pytest.approx({"a": 0.25, "b": 0.75})
    assert two.consistency is not None
    assert (two.consistency.index, two.consistency.ratio, two.consistency.random_index) == (0, 0, 0)
    assert (two.contradictions, two.triple) == ((), None)


def test_contradictions_worst_first_with_what_the_weights_say() -> None:
    # By symmetry all weights are equal; every judgement of 2 is off by a factor of 2.
    found = pairwise("abc", {("a", "b"): 2, ("b", "c"): 2, ("a", "c"): 0.5})
    assert [(row.first, row.second, row.given) for row in found.contradictions] == [
        ("a", "b", 2),
        ("a", "c", 0.5),
        ("b", "c", 2),
    ]
    assert [row.implied for row in found.contradictions] == pytest.approx([1, 1, 1])
    assert isinstance(found.contradictions[0], Contradiction)


def test_the_worst_triple_is_the_one_whose_third_judgement_is_furthest_off() -> None:
    judged = {("a", "b"): 2, ("b", "c"): 2, ("a", "c"): 4, ("a", "d"): 8, ("b", "d"): 4, ("c", "d"): 3}
    # a, b, c and a, b, d agree; a, c, d gives 4 x 3 = 12 against 8; b, c, d gives 2 x 3 = 6 against 4.
    found = pairwise(ITEMS, judged)
    assert found.triple == Triple(("a", "c", "d"), (4, 3, 8))
    judged[("b", "d")] = 3
    # Now b, c, d gives 6 against 3.
    assert pairwise(ITEMS, judged).triple == Triple(("b", "c", "d"), (2, 3, 3))


def test_tables_of_random_indices() -> None:
    # As printed, for 1 to 15 items.
    assert (
        tuple(
            map(
                float,
                [
                    "0",
                    "0",
                    ".58",
                    ".90",
                    "1.12",
                    "1.24",
                    "1.32",
                    "1.41",
                    "1.45",
                    "1.49",
                    "1.51",
                    "1.48",
                    "1.56",
                    "1.57",
                    "1.59",
                ],
            )
        )
        == RANDOM_INDICES
    )
    assert MOST == 15
    judged = {("a", "b"): 2.0, ("b", "c"): 2.0, ("a", "c"): 2.0}
    found = pairwise("abc", judged).consistency
    assert found is not None
    assert (found.table, found.random_index) == ("Saaty", 0.58)
    assert found.ratio == found.index / 0.58 > 0


def test_up_to_fifteen_items_are_judged_in_pairs() -> None:
    items = [f"i{n}" for n in range(16)]
    judged = dict.fromkeys(combinations(items, 2), 1.0)
    fifteen = {pair: figure for pair, figure in judged.items() if "i15" not in pair}
    assert pairwise(items[:15], fifteen).weights == pytest.approx(dict.fromkeys(items[:15], 1 / 15))
    with pytest.raises(EvaluatorError, match="for 1 to 15 items"):
        pairwise(items, judged)
    with pytest.raises(EvaluatorError, match="for 1 to 15 items"):
        pairwise([], {})


def test_a_pair_may_be_judged_both_ways_if_the_judgements_agree() -> None:
    assert pairwise("ab", {("a", "b"): 3, ("b", "a"): 1 / 3}).weights == pytest.approx({"a": 0.75, "b": 0.25})
    for back in (3.0, 1 / 3 + 1e-6, 1 / 3 - 1e-6):
        with pytest.raises(EvaluatorError, match="judged twice, and the two judgements contradict"):
            pairwise("ab", {("a", "b"): 3, ("b", "a"): back})


@pytest.mark.parametrize("figure", [0.0, -2.0, nan, inf])
def test_a_judgement_is_a_number_above_nothing_whichever_way_it_is_given(figure: float) -> None:
    for judged in ({("a", "b"): figure}, {("b", "a"): figure}, {("a", "b"): 1.0, ("b", "a"): figure}):
        with pytest.raises(EvaluatorError, match="The judgement of 'a' and 'b' must be a number above 0"):
            pairwise("ab", judged)
    assert pairwise("ab", {("a", "b"): 0.5}).weights == pytest.approx({"a": 1 / 3, "b": 2 / 3})


def test_every_pair_of_the_items_is_judged_and_no_other() -> None:
    with pytest.raises(EvaluatorError, match="'a' and 'c' are not judged against each other"):
        pairwise("abc", {("a", "b"): 1, ("b", "c"): 1})
    with pytest.raises(EvaluatorError, match="'z' is judged and is not among the items"):
        pairwise("ab", {("a", "b"): 1, ("a", "z"): 1})


def test_stakeholders_side_by_side_widest_apart_first() -> None:
    found = weight_spread({"it": {"a": 1, "b": 1, "c": 2}, "law": {"a": 5, "b": 5}, "hr": {"b": 3, "a": 1}})
    # a: 1/4, 1/2, 1/4; b: 1/4, 1/2, 3/4; c: 1/2, 0, 0. b and c are equally far apart.
    assert [row.id for row in found] == ["b", "c", "a"]
    a, b, c = found[2], found[0], found[1]
    assert (a.low, a.high) == (0.25, 0.5)
    assert a.deviation == pytest.approx(sqrt((2 * (1 / 12) ** 2 + (1 / 6) ** 2) / 2))
    assert b == WeightSpread("b", 0.5, 0.25, 0.75, 0.25)
    assert (c.low, c.high) == (0, 0.5)
    assert {row.id: row.mean for row in found} == pytest.approx({"a": 1 / 3, "b": 1 / 2, "c": 1 / 6})


def test_one_stakeholder_is_nowhere_apart() -> None:
    found = weight_spread({"it": {"b": 1, "a": 3}})
    assert found == (WeightSpread("a", 0.75, 0.75, 0.75, 0), WeightSpread("b", 0.25, 0.25, 0.25, 0))
    assert weight_spread({}) == ()
