"""Whether the weights were fixed before the first answer, and whether they are still those that were fixed."""

from __future__ import annotations

import hashlib
import json
from datetime import date

from evaluator.model.catalogue import Weights
from evaluator.model.elicitation import Sealing, SealState
from evaluator.model.workspace import Workspace


def first_answer(workspace: Workspace) -> date | None:
    """The day of the earliest answer on any option in scope; None where there is none."""
    days = [
        answer.date or card.assessed
        for vendor in workspace.options
        for card in vendor.scorecards
        for answer in card.answers.values()
    ]
    return min(days, default=None)


def weights_digest(weights: Weights) -> str:
    """SHA-256 over the figures of families and criteria; their order, notes, reasons and the seal do not count."""
    figures = [{key: float(value) for key, value in part.items()} for part in (weights.families, weights.criteria)]
    text = json.dumps(figures, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def sealing(workspace: Workspace) -> Sealing:
    """The seal, held against the weights in use and the earliest answer."""
    seal, first = workspace.weights.seal, first_answer(workspace)
    if seal is None:
        return Sealing(SealState.NEVER, first_answer=first)
    earlier = min((old.date for old in seal.earlier), default=None)
    if seal.digest is not None and seal.digest != weights_digest(workspace.weights):
        state = SealState.CHANGED
    elif first is None or seal.date < first:
        state = SealState.BEFORE
    elif earlier is not None and earlier < first:
        state = SealState.RESEALED
    else:
        state = SealState.SAME_DAY if seal.date == first else SealState.LATE
    changed = any(old.digest is not None and old.digest != seal.digest for old in seal.earlier)
    return Sealing(state, seal.date, seal.by, seal.method, first, seal.digest is not None, earlier, changed)
