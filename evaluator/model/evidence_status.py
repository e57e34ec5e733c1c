"""How far an answer may be relied on at a date: one rule, shared by checks and scoring."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from evaluator.model.catalogue import Catalogue, Criterion
from evaluator.model.scorecard import Answer, Evidence


class EvidenceStatus(StrEnum):
    """What stands behind an answer, from nothing to fresh evidence of a sufficient grade."""

    UNKNOWN = "unknown"
    UNSUPPORTED = "unsupported"
    OVER_CAP = "over-cap"
    STALE = "stale"
    SUPPORTED = "supported"


def fresh_until(item: Evidence, criterion: Criterion) -> date:
    """Return the last day on which an item counts as fresh: a certificate until its end, all else for the criterion's months."""
    if item.valid_until is not None and item.effective_kind == "certificate":
        return item.valid_until
    return criterion.fresh_until(item.day)


def carriers(answer: Answer, criterion: Criterion, catalogue: Catalogue) -> tuple[Evidence, ...]:
    """The items of evidence whose grade alone can carry the answer's level; none for an unknown answer.

    Items are taken one by one: two weak ones never lift the cap.
    """
    level = answer.level
    if isinstance(level, str):
        return ()
    caps = catalogue.caps[criterion.id]
    return tuple([item for item in answer.evidence if caps.get(item.grade, criterion.min_level) >= level])


def evidence_status(answer: Answer, criterion: Criterion, catalogue: Catalogue, as_of: date) -> EvidenceStatus:
    """The evidence status of ``answer`` on ``criterion`` at ``as_of``.

    An answer stands on the items that can carry its level; it is stale once all of those are older
    than the criterion's limit. Fresh evidence of too low a grade therefore does not keep it supported.
    """
    if not answer.known:
        return EvidenceStatus.UNKNOWN
    if not answer.evidence:
        return EvidenceStatus.UNSUPPORTED
    carrying = carriers(answer, criterion, catalogue)
    if not carrying:
        return EvidenceStatus.OVER_CAP
    for item in carrying:
        if fresh_until(item, criterion) >= as_of:
            return EvidenceStatus.SUPPORTED
    return EvidenceStatus.STALE
