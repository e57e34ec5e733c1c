"""Does the first place depend on the method? Other published ways to rank, on the same answers, anchors and weights.

They are cross-checks of the weighted sum, never a second ranking. All take an (options x criteria) array in which more is
better, and weights, which need not sum to 1. Anchored values between 0 and 1 go in as they are; the published examples that
normalise by the options at hand do so before they call.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from evaluator.model.evaluated import Evaluated
from evaluator.model.sensitivity import MethodComparison, MethodRanking
from evaluator.scoring.tolerances import TIE_DIGITS
from evaluator.sensitivity.arrays import Array, arrays

LEAST = 0.2
"""What a value of 0 becomes in the weighted product: an answer that earns nothing must not decide alone."""
FULL = 0.5
"""From half the scale on, a difference counts in full in PROMETHEE II; smaller ones in proportion."""

Preference = Callable[[Array], Array]
"""From differences between two options on one criterion to degrees of preference between 0 and 1."""


def weighted_sum(values: Array, weights: Array) -> Array:
    """Score of each option: the weighted mean of its values."""
    result: Array = values @ weights / weights.sum()
    return result


def weighted_product(values: Array, weights: Array, least: float = 0.0) -> Array:
    """Score of each option: the weighted geometric mean of its values (Bridgman 1922; Miller and Starr 1969).

    A single value of 0 would make the product 0, whatever else the option has to offer, so values can be moved up: ``least`` is
    what 0 becomes, 1 stays 1.
    """
    lifted = least + (1 - least) * values
    counts = weights > 0
    with np.errstate(divide="ignore"):
        logs = np.log(lifted[:, counts])
    result: Array = np.exp(logs @ (weights[counts] / weights.sum()))
    return result


def topsis(values: Array, weights: Array, ideal: Array | float = 1.0, anti_ideal: Array | float = 0.0) -> Array:
    """Closeness of each option to the ideal, between 0 and 1 (TOPSIS: Hwang and Yoon 1981).

    ``ideal`` and ``anti_ideal`` are values per criterion. With anchored values they are the ends of the scale, so that no
    option's figure depends on the others; the classical method takes the best and the worst of the options.
    """
    to_best = np.sqrt((((values - ideal) * weights) ** 2).sum(axis=1))
    to_worst = np.sqrt((((values - anti_ideal) * weights) ** 2).sum(axis=1))
    both = to_best + to_worst
    result: Array = np.divide(to_worst, both, out=np.zeros_like(both), where=both > 0)
    return result


def usual(difference: Array) -> Array:
    """Any difference counts in full (type 1 of Brans and Vincke 1985)."""
    result: Array = (difference > 0).astype(float)
    return result


def v_shape(full: float) -> Preference:
    """A difference counts in proportion, in full from ``full`` on (type 3)."""
    return lambda difference: np.clip(difference / full, 0.0, 1.0)


def promethee(values: Array, weights: Array, preferences: Preference | list[Preference] = usual) -> Array:
    """Net flow of each option, between -1 and 1 (PROMETHEE II: Brans and Vincke 1985); one preference function, or one each."""
    count = len(values)
    shares = weights / weights.sum()
    each = preferences if isinstance(preferences, list) else [preferences] * values.shape[1]
    preferred = np.zeros((count, count))
    for column, (share, preference) in enumerate(zip(shares, each, strict=True)):
        preferred += share * preference(values[:, None, column] - values[None, :, column])
    np.fill_diagonal(preferred, 0.0)
    others = max(1, count - 1)
    result: Array = preferred.sum(axis=1) / others - preferred.sum(axis=0) / others
    return result


METHODS: dict[str, Callable[[Array, Array], Array]] = {
    "weighted-sum": weighted_sum,
    "equal-weights": lambda values, weights: weighted_sum(values, np.ones_like(weights)),
    "topsis": topsis,
    "promethee": lambda values, weights: promethee(values, weights, v_shape(FULL)),
    "promethee-usual": promethee,
    "weighted-product": lambda values, weights: weighted_product(values, weights, LEAST),
    "low-levels-count-more": lambda values, weights: weighted_sum(np.sqrt(values), weights),
    "high-levels-count-more": lambda values, weights: weighted_sum(values**2, weights),
}
"""The last two bend the scale: the square root and the square of every value."""


def compare_methods(result: Evaluated) -> MethodComparison:
    """Who ranks first by each of ``METHODS``, with the answers as given; an unknown answer earns nothing in any of them.

    Equal weights stand for the finding that they are hard to beat (Dawes 1979): where they put someone else first, the weights
    decide. Bent scales show whether equal steps between levels do (Abbas and Cadenbach 2018).
    """
    scores = result.scores
    if not scores.options:
        return MethodComparison(result.as_of, (), ())
    table = arrays(result)
    names = table.options
    first = tuple(option.id for option in scores.options if option.rank == 1)
    found = []
    for method, ranked in METHODS.items():
        figures = [round(float(figure), TIE_DIGITS) for figure in ranked(table.values, table.weights)]
        order = sorted(range(len(names)), key=lambda row: (-figures[row], names[row]))
        leaders = tuple(names[row] for row in order if figures[row] == figures[order[0]])
        found.append(MethodRanking(method, leaders, tuple(names[row] for row in order), set(leaders) == set(first)))
    return MethodComparison(result.as_of, first, tuple(found))
