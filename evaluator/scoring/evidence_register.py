"""The evidence register: every item that an answer leans on, with the day it goes stale."""

from __future__ import annotations

from datetime import date

from evaluator.model.evaluated import EvidenceItem, EvidenceKey, EvidenceUse
from evaluator.model.evidence_status import fresh_until
from evaluator.model.workspace import Workspace


def evidence_register(workspace: Workspace, as_of: date) -> tuple[EvidenceItem, ...]:
    """One row per option and item of evidence, numbered in a stable order, with the answers it is used for."""
    uses: dict[EvidenceKey, list[EvidenceUse]] = {}
    for vendor in workspace.options:
        for criterion in workspace.catalogue.criteria.values():
            for card in vendor.scorecards:
                answer = card.answers.get(criterion.id)
                for item in answer.evidence if answer else ():
                    until = fresh_until(item, criterion)
                    use = EvidenceUse(criterion.id, card.assessor, until, until < as_of)
                    uses.setdefault(EvidenceKey.of(vendor.profile.id, item), []).append(use)
    return tuple(
        EvidenceItem(f"E{number:04}", *key, tuple(rows)) for number, (key, rows) in enumerate(uses.items(), start=1)
    )
