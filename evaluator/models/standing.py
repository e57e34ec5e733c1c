"""How far an answer may be relied on at a date: one rule, shared by checks and scoring."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from evaluator.models.catalogue import Catalogue, Criterion
from evaluator.models.scorecard import Answer, Evidence


class Standing(StrEnum):
    """What stands behind an answer, from nothing to fresh evidence of a sufficient grade."""

    UNKNOWN = "unknown"
    UNSUPPORTED = "unsupported"
    OVER_CAP = "over-cap"
    STALE = "stale"
    FIRM = "firm"


def carriers(answer: Answer, criterion: Criterion, catalogue: Catalogue) -> tuple[Evidence, ...]:
    """The items of evidence whose grade alone can carry the answer's level; none for an unknown answer.

    Items are taken one by one: two weak ones never lift the cap.
    """
    level = answer.level
    if isinstance(level, str):
        return ()
    caps = catalogue.caps[criterion.id]
    return tuple([item for item in answer.evidence if caps.get(item.grade, criterion.min_level) >= level])


def standing(answer: Answer, criterion: Criterion, catalogue: Catalogue, as_of: date) -> Standing:
    """The standing of ``answer`` on ``criterion`` at ``as_of``.

    An answer stands on the items that can carry its level; it is stale once all of those are older
    than the criterion's limit. Fresh evidence of too low a grade therefore does not keep it firm.
    """
    if not answer.known:
        return Standing.UNKNOWN
    if not answer.evidence:
        return Standing.UNSUPPORTED
    carrying = carriers(answer, criterion, catalogue)
    if not carrying:
        return Standing.OVER_CAP
    for item in carrying:
        if criterion.fresh_until(item.day) >= as_of:
            return Standing.FIRM
    return Standing.STALE
