"""Where a review stands: progress, what blocks closing, which tools lose their approval, what changed since the previous one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from evaluator import __version__
from evaluator.change.due import due, relevant
from evaluator.change.review_differences import ComparedReview, change
from evaluator.model.evaluated import Evaluated, FinalCheck
from evaluator.model.own_work import OwnWorkCount
from evaluator.model.review import (
    Blocker,
    Divest,
    Due,
    DueAnswer,
    DueKind,
    ExitPlanState,
    Past,
    Progress,
    Review,
    ReviewLog,
    ReviewState,
    TriggerEvent,
)
from evaluator.reviews import review_files
from evaluator.reviews.record import ClosedReview, Place, sound_record

_REOPENED = (DueKind.TRIGGER, DueKind.REWORDED)
_NOT_URGENT = frozenset({DueKind.SOON})


def review_state(
    result: Evaluated,
    name: str,
    review: Review | None,
    past: Past | None,
    log: ReviewLog,
    errors: int = 0,
    on: date | None = None,
) -> ReviewState:
    """The state of the review ``name`` at the date of ``result``.

    Args:
        result: the evaluation at the date of the review.
        name: the name of the review.
        review: its file; None where a review is closed without having been opened.
        past: the closed review before it.
        log: the triggers, checks and divest entries.
        errors: how many errors the content has.
        on: the day from which the days to the deadline count.
    """
    items = due(result, past, log, review.soon_months if review else 0)
    approved = approved_tools(result, review)
    approved_before = past.approved if past else ()
    lost = tuple(tool for tool in approved_before if tool not in approved)
    found = (
        *_content(result, review, errors),
        *_final(result.final),
        *_answers(result, items, {*approved, *approved_before}),
        *_divest(lost, log, past),
    )
    family_of = result.workspace.catalogue.family_of
    return ReviewState(
        review=name,
        as_of=result.as_of,
        opened=review.opened if review else None,
        deadline=review.deadline if review else None,
        since=past.name if past else None,
        vendors=_progress(result, items, lambda vendor, _assessor, _criterion: vendor),
        assessors=_progress(result, items, lambda _vendor, assessor, _criterion: assessor),
        families=_progress(result, items, lambda _vendor, _assessor, criterion: family_of[criterion]),
        due=items,
        blockers=tuple(_waived(blocker, review) for blocker in found),
        approved=approved,
        lost=lost,
        triggers=_triggers(log, past, result.as_of),
        divest=tuple(entry for entry in log.divest if entry.done is None or entry.done > result.as_of),
        exits=_exits(result, approved),
        days_left=_days_left(review, on),
        note=review.note if review else "",
        own_work=tuple(
            OwnWorkCount.of(option.id, option.own_work) for option in result.scores.options if option.own_work
        ),
    )


def _waived(blocker: Blocker, review: Review | None) -> Blocker:
    """``blocker`` with the reason for which the file of the review waives it, if it does and may."""
    reason = review.waived.get(blocker.id, "") if review and blocker.can_be_waived else ""
    return replace(blocker, waived=reason)


def _triggers(log: ReviewLog, past: Past | None, as_of: date) -> tuple[TriggerEvent, ...]:
    """The triggers after the previous review and up to ``as_of``, latest first."""
    events = (event for event in log.triggers if event.date <= as_of and (past is None or event.date > past.as_of))
    return tuple(sorted(events, key=lambda event: (event.date, event.vendor or "", event.trigger), reverse=True))


def _exits(result: Evaluated, approved: Iterable[str]) -> tuple[ExitPlanState, ...]:
    """The exit plan of every approved tool; a tool that has no vendor in the workspace is left out."""
    vendors = result.workspace.vendors
    return tuple(
        ExitPlanState.of(tool, vendors[tool].profile.exit, result.as_of) for tool in approved if tool in vendors
    )


def _days_left(review: Review | None, on: date | None) -> int | None:
    """Days from ``on`` to the deadline, negative past it; None without either."""
    return (review.deadline - on).days if review and review.deadline and on else None


def approved_tools(result: Evaluated, review: Review | None) -> tuple[str, ...]:
    """What the review approves: what its file says, or the recommended stack."""
    if review and review.approved is not None:
        return review.approved
    chosen = result.stacks.chosen if result.stacks else None
    return chosen.tools if chosen else ()


def with_waivers(result: Evaluated, state: ReviewState) -> Evaluated:
    """The result with the final checks that were waived counted as passed, each with its reason."""
    waived = {blocker.id: blocker.waived for blocker in state.blockers if blocker.waived}
    checks = tuple(
        FinalCheck(check.id, passed=True, finding=f"{check.finding} Waived: {waived[_final_id(check)]}", waived=True)
        if not check.passed and _final_id(check) in waived
        else check
        for check in result.final
    )
    return replace(result, final=checks)


def _content(result: Evaluated, review: Review | None, errors: int) -> Iterator[Blocker]:
    if errors:
        finding = f"The workspace has {errors} {'error' if errors == 1 else 'errors'}; `evaluator check` lists them."
        yield Blocker("errors", finding, can_be_waived=False)
    own = result.workspace.evaluation.as_of
    if review and own != review.as_of:
        finding = f"evaluation.yaml says as_of {own}, the review {review.as_of}."
        yield Blocker("as-of", finding, can_be_waived=False)


def _final(checks: Iterable[FinalCheck]) -> Iterator[Blocker]:
    for check in checks:
        if not check.passed:
            yield Blocker(_final_id(check), check.finding)


def _final_id(check: FinalCheck) -> str:
    return f"final-{check.id}"


def _answers(result: Evaluated, items: Due, tools: Iterable[str]) -> Iterator[Blocker]:
    """Answers on approved and recommended tools that a decision cannot rest on as they are."""
    own = {criterion for case in result.workspace.demand.use_cases for criterion in case.gates}
    gated = own | result.scores.gated_criteria
    for tool in sorted(tools):
        mine = [item for item in items.answers if item.vendor == tool]
        yield from _reopened(tool, mine)
        open_gates = sorted(
            {
                item.criterion
                for item in mine
                if item.criterion in gated
                and item.carried
                and any(reason.kind not in {*_NOT_URGENT, *_REOPENED} for reason in item.reasons)
            }
        )
        if open_gates:
            finding = f"Gates of {tool} whose answers are due and not confirmed: {', '.join(open_gates)}."
            yield Blocker(f"gates-{tool}", finding)


def _reopened(tool: str, items: Sequence[DueAnswer]) -> Iterator[Blocker]:
    """One point per trigger, whenever it happened, and one for all re-worded criteria."""
    days: dict[str, set[str]] = {}
    criteria: dict[str, set[str]] = {}
    for item in items:
        for reason in item.reasons:
            if reason.kind in _REOPENED:
                trigger = reason.detail if reason.kind is DueKind.TRIGGER else ""
                days.setdefault(trigger, set()).add(str(reason.day))
                criteria.setdefault(trigger, set()).add(item.criterion)
    for trigger in sorted(criteria):
        listed = ", ".join(sorted(criteria[trigger]))
        if not trigger:
            yield Blocker(f"reworded-{tool}", f"Re-worded criteria of {tool} that nobody answered again: {listed}.")
            continue
        when = " and ".join(sorted(days[trigger]))
        finding = f"{tool}: the trigger {trigger} of {when} reopened answers that nobody gave again: {listed}."
        yield Blocker(f"trigger-{tool}-{trigger}", finding)


def _divest(lost: Iterable[str], log: ReviewLog, past: Past | None) -> Iterator[Blocker]:
    for tool in lost:
        if not any(_covers(entry, tool, past) for entry in log.divest):
            before = past.name if past else ""
            finding = f"{tool} was approved in {before} and is no longer; reviews/log.yaml has no divest entry for it."
            yield Blocker(f"divest-{tool}", finding)


def _covers(entry: Divest, tool: str, past: Past | None) -> bool:
    return entry.tool == tool and (entry.done is None or past is None or entry.done >= past.as_of)


def _progress(result: Evaluated, items: Due, key: Callable[[str, str, str], str]) -> tuple[Progress, ...]:
    """Counts by what ``key`` makes of vendor, assessor and criterion, in the order of first appearance."""
    carried = set(items.carried)
    counts: dict[str, list[int]] = {}
    for option in result.scores.options:
        vendor = result.workspace.vendors[option.id]
        for criterion in result.scores.weights:
            for card, _ in relevant(vendor, criterion):
                row = counts.setdefault(key(option.id, card.assessor, criterion), [0, 0, 0])
                row[0] += 1
                row[1] += (option.id, card.assessor, criterion) in carried
    for item in items.answers:
        counts.setdefault(key(item.vendor, item.assessor, item.criterion), [0, 0, 0])[2] += 1
    return tuple(
        Progress(name, answers, answers - carried_count, carried_count, due_count)
        for name, (answers, carried_count, due_count) in counts.items()
    )


def drafted(place: Place, result: Evaluated, on: date) -> Evaluated:
    """``result`` as a draft of the open review at whose date it was computed; as it is where there is no such review, or several."""
    review = open_at(place.root, result.as_of)
    if review is None:
        return result
    before = sound_record(place.root, review.since) if review.since else None
    log = review_files.read_log(place.root)
    found = review_state(result, review.name, review, before.past if before else None, log, place.errors, on)
    return with_waivers(following(before, result, found), found)


def open_at(root: Path, as_of: date) -> Review | None:
    """The open review at this date; None where there is no such review, or several."""
    opened = [
        review
        for name in review_files.open_reviews(root)
        if (review := review_files.read_review(root, name)) and review.as_of == as_of
    ]
    return opened[0] if len(opened) == 1 else None


def following(before: ClosedReview | None, result: Evaluated, found: ReviewState) -> Evaluated:
    """``result`` with the state of its review, and with what changed since the previous review, if there is one."""
    new = ComparedReview(found.review, result, __version__, approved=found.approved)
    return replace(result, review=found, changes=change(before.compared(), new) if before else None)
