"""What must hold before a recommendation may be called final: until then every page says draft.

Most checks look at the content. The sum of weights is held against the figures themselves; marks on stale evidence, classes and
dates are found from the content a second time, so that a paper does not rest on the figures alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from math import fsum, isclose

from evaluator.model.base import add_months
from evaluator.model.cost import Coverage
from evaluator.model.elicitation import SealState
from evaluator.model.evaluated import Cell, FinalCheck, GateOutcome, OptionScore, Scores, Stack
from evaluator.model.evidence_status import EvidenceStatus, carriers, fresh_until
from evaluator.model.scorecard import AGREED
from evaluator.model.workspace import Workspace
from evaluator.rules.weights import sealing
from evaluator.rules.wording import comparisons
from evaluator.scoring.tolerances import TIE

WIDE_SPREAD = 2
"""Assessors this many levels apart have to meet and agree before the answer of a chosen tool is final."""

LONGEST = 12
"""Months after which a recommendation may no longer hold."""

_NAMED = 3


def final_checks(
    workspace: Workspace, scores: Scores, chosen: Stack | None, valid_until: date
) -> tuple[FinalCheck, ...]:
    """The checks that stand between a draft and a final paper, in a fixed order.

    Args:
        workspace: the content.
        scores: what was computed from it.
        chosen: the recommended stack; None where there is none.
        valid_until: the day until which the recommendation holds at the latest.
    """
    tools = chosen.tools if chosen else ()
    return (
        _weights_sum(scores),
        _weights_sealed(workspace),
        _status_quo(workspace),
        _exclusions(workspace),
        _deciders(workspace),
        _evidence(scores.options),
        _comparisons(workspace),
        _stale(workspace, scores),
        _moderation([option for option in scores.options if option.id in tools]),
        _dissent(scores.options),
        _classes(workspace, scores, chosen),
        _validity(scores.as_of, valid_until),
        _guardrails(workspace, scores.as_of),
    )


def _weights_sum(scores: Scores) -> FinalCheck:
    total = fsum(scores.weights.values())
    passed = isclose(total, 1, abs_tol=TIE)
    count = _counted(len(scores.weights), "criterion", "criteria")
    finding = f"The weights of {count} in scope sum to {100 * total:.12g} %"
    return FinalCheck("weights-sum", passed, f"{finding}." if passed else f"{finding}, not to 100 %.")


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


def _exclusions(workspace: Workspace) -> FinalCheck:
    """Vendors in the workspace that are neither options nor named, by id or name, among those left out."""
    reasons = {item.option.strip().casefold() for item in workspace.evaluation.excluded}
    options = {vendor.profile.id for vendor in workspace.options}
    silent = [
        key
        for key, vendor in sorted(workspace.vendors.items())
        if key not in options and not reasons & {key.casefold(), vendor.profile.name.strip().casefold()}
    ]
    if silent:
        verb = "is neither an option" if len(silent) == 1 else "are neither options"
        finding = (
            f"{_counted(len(silent), 'vendor')} of the workspace {verb} nor left out with a reason: {_named(silent)}."
        )
        return FinalCheck("exclusions", passed=False, finding=finding)
    finding = "Every option left out has a reason." if reasons else "No vendor of the workspace was left out."
    return FinalCheck("exclusions", passed=True, finding=finding)


def _deciders(workspace: Workspace) -> FinalCheck:
    passed = any(decider.part == "decides" for decider in workspace.evaluation.deciders)
    finding = "The roles that decide are named." if passed else "No role is named that decides."
    return FinalCheck("deciders", passed, finding)


def _evidence(options: Iterable[OptionScore]) -> FinalCheck:
    count = sum(cell.evidence_status is EvidenceStatus.UNSUPPORTED for option in options for cell in option.cells)
    if not count:
        return FinalCheck("evidence", passed=True, finding="Every known answer names its evidence.")
    finding = f"{count} known {'answer names' if count == 1 else 'answers name'} no evidence."
    return FinalCheck("evidence", passed=False, finding=finding)


def _comparisons(workspace: Workspace) -> FinalCheck:
    found = list(comparisons(workspace))
    if not found:
        return FinalCheck("comparative-wording", passed=True, finding="No reason compares with other options.")
    words = _named(list(dict.fromkeys(f"“{item.word}”" for item in found)))
    verb = "compares" if len(found) == 1 else "compare"
    finding = f"{_counted(len(found), 'reason')} {verb} with other options ({words}); `evaluator check` lists them."
    return FinalCheck("comparative-wording", passed=False, finding=finding)


def _stale(workspace: Workspace, scores: Scores) -> FinalCheck:
    """Answers that no fresh evidence carries have to be marked stale, whatever the figures say."""
    old = [cell for option in scores.options for cell in option.cells if _rests_on_old(workspace, cell, scores.as_of)]
    unmarked = sum(cell.evidence_status is not EvidenceStatus.STALE for cell in old)
    rest = f"{_counted(len(old), 'answer')} {'rests' if len(old) == 1 else 'rest'} on evidence past its limit"
    if unmarked:
        finding = f"{rest}; {unmarked} of them {'is' if unmarked == 1 else 'are'} not marked stale."
        return FinalCheck("stale-evidence", passed=False, finding=finding)
    finding = f"{rest}; each is marked stale." if old else "No answer rests on evidence past its limit."
    return FinalCheck("stale-evidence", passed=True, finding=finding)


def _rests_on_old(workspace: Workspace, cell: Cell, as_of: date) -> bool:
    if cell.answer is None or cell.level is None:
        return False
    criterion = workspace.catalogue.criteria[cell.criterion]
    carrying = carriers(cell.answer, criterion, workspace.catalogue)
    return bool(carrying) and all(fresh_until(item, criterion) < as_of for item in carrying)


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


def _dissent(options: Iterable[OptionScore]) -> FinalCheck:
    """An agreed answer without those it was agreed from hides whether anybody dissented."""
    agreed = [cell for option in options for cell in option.cells if AGREED in cell.by]
    alone = sum(not cell.levels for cell in agreed)
    if alone:
        verb = "stands" if alone == 1 else "stand"
        finding = f"{_counted(alone, 'agreed answer')} {verb} without any assessor's own, so dissent is not shown."
        return FinalCheck("dissent", passed=False, finding=finding)
    finding = "Every agreed answer stands beside the assessors' own." if agreed else "No answer was moderated."
    return FinalCheck("dissent", passed=True, finding=finding)


def _classes(workspace: Workspace, scores: Scores, chosen: Stack | None) -> FinalCheck:
    """Each recommended tool is given only classes of data that the guardrails know and its minimum levels allow."""
    if chosen is None:
        return FinalCheck("classes", passed=True, finding="No tool is recommended for any class of data.")
    wrong = list(dict.fromkeys(_closed(workspace, scores, chosen)))
    if wrong:
        finding = f"A recommended tool is given a class of data that it may not hold: {_named(wrong)}."
        return FinalCheck("classes", passed=False, finding=finding)
    finding = "The recommended tools are given only classes of the guardrails that their minimum levels allow."
    return FinalCheck("classes", passed=True, finding=finding)


def _closed(workspace: Workspace, scores: Scores, chosen: Stack) -> Iterator[str]:
    for place in chosen.served:
        if place.tool is None:
            continue
        use_case = workspace.demand.by_id[place.use_case]
        option = scores.option(place.tool)
        known = use_case.data_class in workspace.guardrails.class_ids
        held = [(use_case.data_class, option.gates.get(use_case.data_class) if known else None)]
        held += [(tag, option.tag_gates[tag]) for tag in use_case.data_tags if tag in option.tag_gates]
        waits = place.coverage is not Coverage.COVERED
        for data, gates in held:
            if gates is None or not (gates.cleared or (waits and gates.verdict is GateOutcome.UNSUPPORTED)):
                yield f"{place.tool} for {data}"


def _validity(as_of: date, valid_until: date) -> FinalCheck:
    passed = as_of <= valid_until <= add_months(as_of, LONGEST)
    finding = f"The recommendation holds until {valid_until}, {'' if passed else 'not '}within {LONGEST} months."
    return FinalCheck("validity", passed, finding)


def _guardrails(workspace: Workspace, as_of: date) -> FinalCheck:
    until = workspace.guardrails.valid_until
    if until >= as_of:
        return FinalCheck("guardrails", passed=True, finding=f"The guardrails hold until {until}.")
    return FinalCheck("guardrails", passed=False, finding=f"The guardrails lapsed on {until}.")


def _counted(count: int, singular: str, plural: str = "") -> str:
    return f"{count} {singular if count == 1 else plural or singular + 's'}"


def _named(items: list[str]) -> str:
    """The first few, and how many more there are."""
    if len(items) <= _NAMED:
        return ", ".join(items)
    return f"{', '.join(items[: _NAMED - 1])} and {len(items) - _NAMED + 1} more"
