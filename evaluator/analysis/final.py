"""What must hold before a recommendation may be called final: until then every page says draft."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from evaluator.analysis.sealing import sealing
from evaluator.models.result import FinalCheck, OptionScore, Scores
from evaluator.models.scorecard import AGREED
from evaluator.models.standing import Standing
from evaluator.models.weighing import SealState
from evaluator.models.workspace import Workspace

WIDE_SPREAD = 2
"""Assessors this many levels apart have to meet and agree before the answer of a chosen tool is final."""


def final_checks(workspace: Workspace, scores: Scores, chosen: Sequence[str]) -> tuple[FinalCheck, ...]:
    """The checks that stand between a draft and a final paper, in a fixed order; ``chosen`` are the recommended tools."""
    return (
        _weights_sealed(workspace),
        _status_quo(workspace),
        _deciders(workspace),
        _evidence(scores.options),
        _moderation([option for option in scores.options if option.id in chosen]),
        _guardrails(workspace, scores.as_of),
    )


def _weights_sealed(workspace: Workspace) -> FinalCheck:
    found = sealing(workspace)
    sealed, first = found.sealed, found.first_answer
    findings = {
        SealState.NEVER: "The weights are not sealed.",
        SealState.BEFORE: f"The weights were sealed on {sealed}, before the first answer.",
        SealState.SAME_DAY: f"The weights were sealed on {sealed}, the day of the first answer: which came first is not shown.",
        SealState.LATE: f"The weights were sealed on {sealed}, after the first answer of {first}.",
        SealState.RESEALED: f"The weights were sealed anew on {sealed}, after the first answer of {first}.",
        SealState.CHANGED: f"The weights are not those that were sealed on {sealed}.",
    }
    return FinalCheck("weights-sealed", passed=found.state is SealState.BEFORE, finding=findings[found.state])


def _status_quo(workspace: Workspace) -> FinalCheck:
    known = {vendor.profile.id for vendor in workspace.options}
    passed = workspace.evaluation.status_quo in known
    finding = "What is done today is among the options." if passed else "What is done today is not among the options."
    return FinalCheck("status-quo", passed, finding)


def _deciders(workspace: Workspace) -> FinalCheck:
    passed = any(decider.part == "decides" for decider in workspace.evaluation.deciders)
    finding = "The roles that decide are named." if passed else "No role is named that decides."
    return FinalCheck("deciders", passed, finding)


def _evidence(options: Iterable[OptionScore]) -> FinalCheck:
    count = sum(cell.standing is Standing.UNSUPPORTED for option in options for cell in option.cells)
    if not count:
        return FinalCheck("evidence", passed=True, finding="Every known answer names its evidence.")
    finding = f"{count} known {'answer names' if count == 1 else 'answers name'} no evidence."
    return FinalCheck("evidence", passed=False, finding=finding)


def _moderation(chosen: Iterable[OptionScore]) -> FinalCheck:
    """Answers on chosen tools that lie wide apart and were not moderated."""
    apart = 0
    for option in chosen:
        for cell in option.cells:
            known = [level for level in cell.levels.values() if level is not None]
            if AGREED not in cell.by and known and max(known) - min(known) >= WIDE_SPREAD:
                apart += 1
    if not apart:
        finding = f"No unmoderated answer on a recommended tool has assessors {WIDE_SPREAD} levels or more apart."
        return FinalCheck("moderation", passed=True, finding=finding)
    finding = (
        f"On {apart} {'answer' if apart == 1 else 'answers'} on recommended tools, assessors lie {WIDE_SPREAD} "
        "levels or more apart and have not agreed."
    )
    return FinalCheck("moderation", passed=False, finding=finding)


def _guardrails(workspace: Workspace, as_of: date) -> FinalCheck:
    until = workspace.guardrails.valid_until
    if until >= as_of:
        return FinalCheck("guardrails", passed=True, finding=f"The guardrails hold until {until}.")
    return FinalCheck("guardrails", passed=False, finding=f"The guardrails lapsed on {until}.")
