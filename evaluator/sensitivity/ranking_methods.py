"""Other ways to rank, as published: cross-checks of the weighted sum, never a second ranking.

All take an (options x criteria) matrix in which more is better, and weights; weights need not sum to 1. Anchored values between 0
and 1 go in as they are. The published examples that normalise by the options at hand do so before they call.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from evaluator.sensitivity.arrays import Array

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


def u_shape(indifferent: float) -> Preference:
    """A difference counts in full once it exceeds ``indifferent`` (type 2)."""
    return lambda difference: (difference > indifferent).astype(float)


def v_shape(full: float) -> Preference:
    """A difference counts in proportion, in full from ``full`` on (type 3)."""
    return lambda difference: np.clip(difference / full, 0.0, 1.0)


def level(indifferent: float, full: float) -> Preference:
    """A difference counts half beyond ``indifferent``, in full beyond ``full`` (type 4)."""
    return lambda difference: np.where(difference > full, 1.0, np.where(difference > indifferent, 0.5, 0.0))


def linear(indifferent: float, full: float) -> Preference:
    """A difference counts from ``indifferent`` on, in proportion, and in full from ``full`` on (type 5)."""
    return lambda difference: np.clip((difference - indifferent) / (full - indifferent), 0.0, 1.0)


def gaussian(turning: float) -> Preference:
    """A difference counts along a bell curve that turns at ``turning`` (type 6)."""
    return lambda difference: np.where(difference > 0, 1 - np.exp(-(difference**2) / (2 * turning**2)), 0.0)


def flows(values: Array, weights: Array, preferences: Preference | list[Preference]) -> tuple[Array, Array]:
    """Leaving and entering flow of each option (PROMETHEE I: Brans and Vincke 1985); one preference function, or one each."""
    count = len(values)
    shares = weights / weights.sum()
    each = preferences if isinstance(preferences, list) else [preferences] * values.shape[1]
    preferred = np.zeros((count, count))
    for column, (share, preference) in enumerate(zip(shares, each, strict=True)):
        preferred += share * preference(values[:, None, column] - values[None, :, column])
    np.fill_diagonal(preferred, 0.0)
    others = max(1, count - 1)
    return preferred.sum(axis=1) / others, preferred.sum(axis=0) / others


def promethee(values: Array, weights: Array, preferences: Preference | list[Preference] = usual) -> Array:
    """Net flow of each option, between -1 and 1 (PROMETHEE II: Brans and Vincke 1985)."""
    leaving, entering = flows(values, weights, preferences)
    result: Array = leaving - entering
    return result
