"""Several scorecards of one option become one answer per criterion, by a stated rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import Literal

from evaluator.model.scorecard import AGREED, Answer, Scorecard

UnknownIf = Literal["any", "all"]


@dataclass(frozen=True, slots=True)
class Combined:
    """The answer that counts, whose it is, and every assessor's level."""

    answer: Answer
    by: tuple[str, ...]
    levels: dict[str, int | None]


def rule_in_words(unknown_if: UnknownIf) -> str:
    """The combination rule as a sentence for people."""
    unknown = (
        "unknown if any assessor says unknown" if unknown_if == "any" else "unknown only if every assessor says unknown"
    )
    return f"Moderated answers count first; where assessors have not agreed, the lower level counts, {unknown}."


def _level(answer: Answer) -> int | None:
    return answer.level if isinstance(answer.level, int) else None


def _merged(answers: list[tuple[str, Answer]]) -> Answer:
    """The first answer, carrying the evidence of all and the lowest confidence."""
    first = answers[0][1]
    if len(answers) == 1:
        return first
    evidence = dict.fromkeys(item for _, answer in answers for item in answer.evidence)
    missing = dict.fromkeys(text for _, answer in answers for text in answer.missing)
    floor = all(answer.missing for _, answer in answers)
    order = ("low", "medium", "high")
    confidence = min((answer.confidence for _, answer in answers), key=order.index)
    return first.model_copy(
        update={
            "evidence": tuple(evidence),
            "missing": tuple(missing) if floor or first.level == "unknown" else (),
            "confidence": confidence,
        }
    )


def combine(cards: Iterable[Scorecard], criterion: str, unknown_if: UnknownIf) -> Combined | None:
    """One answer on ``criterion`` from ``cards``; None where no scorecard has one.

    The moderated answer counts where there is one. Otherwise the lowest level, with the evidence of
    all who gave it; unknown as soon as one assessor says so (``any``), or only if all do (``all``).
    An answer stays open above (``missing``) only if all who gave it say so.
    """
    answers = [(card.assessor, card.answers[criterion]) for card in cards if criterion in card.answers]
    if not answers:
        return None
    levels = {assessor: _level(answer) for assessor, answer in answers if assessor != AGREED}
    if len(answers) == 1:
        assessor, answer = answers[0]
        return Combined(answer, (assessor,), levels)
    answers.sort(key=itemgetter(0))
    agreed = [(assessor, answer) for assessor, answer in answers if assessor == AGREED]
    unknown = [(assessor, answer) for assessor, answer in answers if not answer.known]
    if agreed:
        counting = agreed
    elif unknown and (unknown_if == "any" or len(unknown) == len(answers)):
        counting = unknown
    else:
        lowest = min(level for level in levels.values() if level is not None)
        counting = [(assessor, answer) for assessor, answer in answers if answer.level == lowest]
    return Combined(_merged(counting), tuple(assessor for assessor, _ in counting), levels)
