"""Minimum levels: four outcomes, never mixed into the score."""

from __future__ import annotations

from collections.abc import Mapping

from evaluator.model.catalogue import Catalogue, Criterion
from evaluator.model.demand import UseCase
from evaluator.model.evaluated import Cell, GateCheck, GateChecks, GateOutcome, Scores
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.vendor import Deployment
from evaluator.model.workspace import Workspace

_WHY_UNSUPPORTED = {
    EvidenceStatus.UNKNOWN: "no answer is known",
    EvidenceStatus.STALE: "the evidence is older than the criterion allows",
    EvidenceStatus.UNSUPPORTED: "the answer names no evidence",
    EvidenceStatus.OVER_CAP: "the grade of the evidence cannot carry the level",
}


def check_gate(cell: Cell, required: int, criterion: Criterion, deployment: Deployment | None = None) -> GateCheck:
    """Hold one minimum level of ``criterion`` against one cell of an option in ``deployment``; None where it is not known.

    Only a supported answer meets a gate. A level below the minimum fails it, whatever its evidence: time that passes or
    evidence that is lost must never improve a vendor. The exception is a lower bound, an answer that lists what the next
    level still needs: a higher level is not refuted then, only unsupported, as it is for an unknown answer.
    A gate of another deployment is not applicable; an edition that can be had either way has to meet both.
    """
    missing = cell.answer.missing if cell.answer else ()
    outcome, reason = GateOutcome.MET, ""
    if criterion.gates_apply_to not in {None, deployment} and deployment in {"cloud", "self-hosted"}:
        outcome, reason = GateOutcome.NOT_APPLICABLE, f"applies to {criterion.gates_apply_to} editions only"
    elif cell.level is not None and cell.level < required and not missing:
        outcome, reason = GateOutcome.FAILED, f"level {cell.level} where {required} is needed"
    elif cell.evidence_status is not EvidenceStatus.SUPPORTED or cell.level is None:
        outcome, reason = GateOutcome.UNSUPPORTED, _WHY_UNSUPPORTED[cell.evidence_status]
    elif cell.level < required:
        outcome = GateOutcome.UNSUPPORTED
        reason = f"level {cell.level} is supported, level {required} is still open"
    still = missing if outcome is GateOutcome.UNSUPPORTED else ()
    return GateCheck(cell.criterion, required, cell.level, outcome, reason, cell.evidence_status, still)


def class_gates(workspace: Workspace) -> dict[str, dict[str, int]]:
    """Minimum levels in force: data class -> criterion -> level, lowest class first.

    Each class inherits the gates of the classes below it, so that clearance for a class always
    means clearance for those below. A criterion out of scope has no gate.
    """
    chosen = _switched_on(workspace)
    gates: dict[str, dict[str, int]] = {}
    inherited: dict[str, int] = {}
    for data_class in workspace.guardrails.class_ids:
        own = {criterion.id: criterion.gates[data_class] for criterion in chosen if data_class in criterion.gates}
        inherited = strictest(inherited, own, workspace.catalogue)
        gates[data_class] = inherited
    return gates


def tag_gates(workspace: Workspace) -> dict[str, dict[str, int]]:
    """Minimum levels in force of every data tag that has any: data tag -> criterion -> level, tags in file order.

    They come on top of those of the class of the data; no tag inherits from another.
    """
    chosen = _switched_on(workspace)
    gates = {
        tag: {criterion.id: criterion.tag_gates[tag] for criterion in chosen if tag in criterion.tag_gates}
        for tag in workspace.guardrails.tag_ids
    }
    return {tag: levels for tag, levels in gates.items() if levels}


def _switched_on(workspace: Workspace) -> list[Criterion]:
    """The criteria whose gates are in force."""
    policies, out_of_scope = workspace.evaluation.policies, workspace.evaluation.out_of_scope
    criteria = workspace.catalogue.criteria.values()
    return [found for found in criteria if found.id not in out_of_scope and policies.switches_on(found)]


def use_case_gates(use_case: UseCase, scores: Scores, catalogue: Catalogue) -> dict[str, int]:
    """The strictest of the minimum levels of a use case's data class, of its data tags and of its own, in catalogue order."""
    own = {criterion: level for criterion, level in use_case.gates.items() if criterion in scores.weights}
    gates = strictest(scores.gates.get(use_case.data_class, {}), own, catalogue)
    for tag in use_case.data_tags:
        gates = strictest(gates, scores.tag_gates.get(tag, {}), catalogue)
    return gates


def strictest(first: Mapping[str, int], second: Mapping[str, int], catalogue: Catalogue) -> dict[str, int]:
    """Both sets of minimum levels, the higher level where both name a criterion, in catalogue order."""
    return {
        criterion: max(levels[criterion] for levels in (first, second) if criterion in levels)
        for criterion in catalogue.criteria
        if criterion in first or criterion in second
    }


def check_gates(
    cells: Mapping[str, Cell],
    levels: Mapping[str, int],
    catalogue: Catalogue,
    deployment: Deployment | None,
    *,
    assessed: bool = True,
) -> GateChecks:
    """Hold minimum levels by criterion against the cells of one option, of which something is known if ``assessed``."""
    checks = (check_gate(cells[key], level, catalogue.criteria[key], deployment) for key, level in levels.items())
    return GateChecks(tuple(checks), assessed=assessed)


def clearance(gates: Mapping[str, GateChecks]) -> tuple[str | None, str | None]:
    """The highest class in which nothing is in the way, and the highest that no gate rules out."""
    cleared = clearable = None
    for data_class, checks in gates.items():
        if checks.cleared:
            cleared = data_class
        if checks.verdict is not GateOutcome.FAILED:
            clearable = data_class
    return cleared, clearable
