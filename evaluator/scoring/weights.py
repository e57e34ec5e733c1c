"""From the organisation's importance figures to weights that sum to 1."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import fsum, isfinite

from evaluator.errors import EvaluatorError
from evaluator.model.catalogue import Catalogue, Weights

NOTHING_WEIGHED = "No criterion in scope has any weight; give at least one family and one of its criteria more than 0."


def normalise(raw: Mapping[str, float], nothing: str = NOTHING_WEIGHED) -> dict[str, float]:
    """``raw`` divided by its sum.

    Raises:
        EvaluatorError: with the sentence ``nothing`` where all are 0, or where one is negative or not a number.
    """
    for key, figure in raw.items():
        if not isfinite(figure) or figure < 0:
            raise EvaluatorError(f"'{key}' has the weight {figure}; a weight must be a number of at least 0.")
    total = fsum(raw.values())
    if total <= 0:
        raise EvaluatorError(nothing)
    return {key: value / total for key, value in raw.items()}


def criterion_weights(catalogue: Catalogue, weights: Weights, out_of_scope: Collection[str] = ()) -> dict[str, float]:
    """Weight of every criterion in scope, in catalogue order; they sum to 1.

    A family's weight is shared among its criteria in scope by their importance (weighting from the
    top down, so that splitting a criterion does not win weight for its family: Weber, Eisenführ and
    von Winterfeldt 1988), then all are normalised. Criteria and families without a figure weigh 0.
    """
    raw: dict[str, float] = {}
    for family, criteria in catalogue.families.items():
        importance = {
            criterion.id: float(weights.criteria.get(criterion.id, 0))
            for criterion in criteria
            if criterion.id not in out_of_scope
        }
        total = fsum(importance.values())
        share = float(weights.families.get(family, 0)) / total if total else 0.0
        raw |= {criterion: share * value for criterion, value in importance.items()}
    return normalise(raw)


def emphasised(weights: Mapping[str, float], emphasis: Mapping[str, float]) -> dict[str, float]:
    """``weights`` with each criterion's factor applied (1 where absent), normalised again."""
    return normalise({criterion: weight * emphasis.get(criterion, 1.0) for criterion, weight in weights.items()})
