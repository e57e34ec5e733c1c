"""Minimum levels: three outcomes, never mixed into the score."""

from __future__ import annotations

from collections.abc import Mapping

from evaluator.model.catalogue import Catalogue
from evaluator.model.evaluated import Cell, ClassGates, GateCheck, GateOutcome
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.workspace import Workspace

_WHY_UNSUPPORTED = {
    EvidenceStatus.UNKNOWN: "no answer is known",
    EvidenceStatus.STALE: "the evidence is older than the criterion allows",
    EvidenceStatus.UNSUPPORTED: "the answer names no evidence",
    EvidenceStatus.OVER_CAP: "the grade of the evidence cannot carry the level",
}


def check_gate(cell: Cell, required: int) -> GateCheck:
    """Hold one minimum level against one cell.

    Only a supported answer meets a gate. A level below the minimum fails it, whatever its evidence: time that passes or
    evidence that is lost must never improve a vendor. The exception is a lower bound, an answer that lists what the next
    level still needs: a higher level is not refuted then, only unsupported, as it is for an unknown answer.
    """
    missing = cell.answer.missing if cell.answer else ()
    outcome, reason = GateOutcome.MET, ""
    if cell.level is not None and cell.level < required and not missing:
        outcome, reason = GateOutcome.FAILED, f"level {cell.level} where {required} is needed"
    elif cell.evidence_status is not EvidenceStatus.SUPPORTED or cell.level is None:
        outcome, reason = GateOutcome.UNSUPPORTED, _WHY_UNSUPPORTED[cell.evidence_status]
    elif cell.level < required:
        outcome = GateOutcome.UNSUPPORTED
        reason = f"level {cell.level} is shown, level {required} is neither shown nor ruled out"
    cure = missing if outcome is GateOutcome.UNSUPPORTED else ()
    return GateCheck(cell.criterion, required, cell.level, outcome, reason, cell.evidence_status, cure)


def switched_on(workspace: Workspace) -> dict[str, dict[str, int]]:
    """Minimum levels in force: data class -> criterion -> level, lowest class first.

    Each class inherits the gates of the classes below it, so that clearance for a class always
    means clearance for those below. A criterion out of scope has no gate.
    """
    policies = workspace.evaluation.policies
    out_of_scope = workspace.evaluation.out_of_scope
    chosen = [
        criterion
        for criterion in workspace.catalogue.criteria.values()
        if criterion.id not in out_of_scope and policies.switches_on(criterion)
    ]
    gates: dict[str, dict[str, int]] = {}
    inherited: dict[str, int] = {}
    for data_class in workspace.guardrails.class_ids:
        own = {criterion.id: criterion.gates[data_class] for criterion in chosen if data_class in criterion.gates}
        inherited = strictest(inherited, own, workspace.catalogue)
        gates[data_class] = inherited
    return gates


def strictest(first: Mapping[str, int], second: Mapping[str, int], catalogue: Catalogue) -> dict[str, int]:
    """Both sets of minimum levels, the higher level where both name a criterion, in catalogue order."""
    return {
        criterion: max(levels[criterion] for levels in (first, second) if criterion in levels)
        for criterion in catalogue.criteria
        if criterion in first or criterion in second
    }


def check_classes(cells: Mapping[str, Cell], gates: Mapping[str, Mapping[str, int]]) -> dict[str, ClassGates]:
    """Every gate of every data class for one option."""
    return {
        data_class: ClassGates(tuple(check_gate(cells[criterion], level) for criterion, level in levels.items()))
        for data_class, levels in gates.items()
    }


def clearance(gates: Mapping[str, ClassGates]) -> tuple[str | None, str | None]:
    """The highest class whose gates are all met, and the highest whose gates none fails."""
    cleared = clearable = None
    for data_class, checks in gates.items():
        if checks.verdict is GateOutcome.MET:
            cleared = data_class
        if checks.verdict is not GateOutcome.FAILED:
            clearable = data_class
    return cleared, clearable
