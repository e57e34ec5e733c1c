"""How likely each level is, given an answer: the law that robustness and gaps share."""

from __future__ import annotations

from math import fsum, isclose

from evaluator.errors import EvaluatorError
from evaluator.model.catalogue import Criterion
from evaluator.model.evaluated import Cell
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.sensitivity import AnswerUncertainty

DEFAULT = AnswerUncertainty()


def checked(laws: AnswerUncertainty) -> AnswerUncertainty:
    """``laws``; raises :class:`EvaluatorError` for one whose chances are negative or do not add up to 1."""
    for name in ("high", "medium", "low"):
        law: tuple[float, ...] = getattr(laws, name)
        if not law or min(law) < 0 or not isclose(law[0] + 2 * fsum(law[1:]), 1, abs_tol=1e-9):
            raise EvaluatorError(
                f"The chances for answers of {name} confidence must not be negative, and the first plus twice the others must be 1."
            )
    return laws


def level_chances(cell: Cell, criterion: Criterion, laws: AnswerUncertainty) -> tuple[float, ...]:
    """The chance of every level of ``criterion``, lowest first; they sum to 1.

    An unknown answer makes all levels equally likely. A known one is as answered, or some levels off on either side,
    by the law of its confidence, and by the ``low`` law where it is not supported. What would leave the scale stays at its end.
    """
    count = criterion.max_level - criterion.min_level + 1
    if cell.level is None or cell.answer is None:
        return (1 / count,) * count
    law: tuple[float, ...] = (
        laws.low if cell.evidence_status is not EvidenceStatus.SUPPORTED else getattr(laws, cell.answer.confidence)
    )
    chances = [0.0] * count
    place = cell.level - criterion.min_level
    chances[place] += law[0]
    for distance, chance in enumerate(law[1:], start=1):
        chances[max(0, place - distance)] += chance
        chances[min(count - 1, place + distance)] += chance
    return tuple(chances)
