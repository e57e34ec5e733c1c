"""Does the first place depend on the method? Cross-checks on the same answers, anchors and weights."""

from __future__ import annotations

import numpy as np

from evaluator.model.evaluated import Evaluated
from evaluator.model.sensitivity import MethodComparison, MethodRanking
from evaluator.sensitivity.arrays import TIE, arrays
from evaluator.sensitivity.ranking_methods import promethee, topsis, usual, v_shape, weighted_product, weighted_sum

LEAST = 0.2
"""What a value of 0 becomes in the weighted product: an answer that earns nothing must not decide alone."""
FULL = 0.5
"""From half the scale on, a difference counts in full in PROMETHEE II; smaller ones in proportion."""

METHODS = (
    "weighted-sum",
    "equal-weights",
    "topsis",
    "promethee",
    "promethee-usual",
    "weighted-product",
    "low-levels-count-more",
    "high-levels-count-more",
)
"""In the order of :func:`compare_methods`. The last two bend the scale: the square root and the square of every value."""


def compare_methods(result: Evaluated) -> MethodComparison:
    """Who ranks first by each of ``METHODS``, with the answers as given; an unknown answer earns nothing in any of them.

    Equal weights stand for the finding that they are hard to beat (Dawes 1979): where they put someone else first, the weights
    decide. Bent scales show whether equal steps between levels do (Abbas and Cadenbach 2018).
    """
    scores = result.scores
    if not scores.options:
        return MethodComparison(result.as_of, (), ())
    table = arrays(result.workspace, scores, {})
    names, values, weights = table.options, table.values, table.weights
    first = tuple(option.id for option in scores.options if option.rank == 1)
    figures = {
        "weighted-sum": weighted_sum(values, weights),
        "equal-weights": weighted_sum(values, np.ones_like(weights)),
        "topsis": topsis(values, weights),
        "promethee": promethee(values, weights, v_shape(FULL)),
        "promethee-usual": promethee(values, weights, usual),
        "weighted-product": weighted_product(values, weights, LEAST),
        "low-levels-count-more": weighted_sum(np.sqrt(values), weights),
        "high-levels-count-more": weighted_sum(values**2, weights),
    }
    found = []
    for method in METHODS:
        shown = [round(float(figure), 9) for figure in figures[method]]
        order = sorted(range(len(names)), key=lambda row: (-shown[row], names[row]))
        leaders = tuple(names[row] for row in order if shown[row] >= shown[order[0]] - TIE / 10)
        found.append(MethodRanking(method, leaders, tuple(names[row] for row in order), set(leaders) == set(first)))
    return MethodComparison(result.as_of, first, tuple(found))
