"""What the paper shows of the review: its dates, what blocks closing, what was confirmed, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evaluator.model.evaluated import Evaluated
from evaluator.model.review import DueKind, ReviewState
from evaluator.reports import change_words, words
from evaluator.reports.language import ENGLISH, Language
from evaluator.reports.paper.exit_plans import exit_sentence
from evaluator.reports.sentences import NAME_WIDTH

View = Mapping[str, object]


def has_review(result: Evaluated) -> bool:
    """Whether there is a review that was opened, or one that follows another, so that answers can be carried."""
    return result.review is not None and bool(result.review.opened or result.review.since)


REASON_WORDS = {
    DueKind.STALE: "evidence stale",
    DueKind.SOON: "evidence soon stale",
    DueKind.NEVER_CONFIRMED: "carried through the edition before already",
    DueKind.CADENCE: "full review of its tier due",
    DueKind.TRIGGER: "reopened by a trigger",
    DueKind.REWORDED: "the criterion asks something else",
    DueKind.NEW: "the criterion is new",
    DueKind.EDITION: "another edition of the product is evaluated",
}


def approval(result: Evaluated) -> str:
    """That the review approves other tools than the paper recommends, and why; empty where it does not."""
    state, stack = result.review, result.stacks.chosen if result.stacks else None
    if state is None or set(state.approved) == set(stack.tools if stack else ()):
        return ""
    names = [result.workspace.vendors[tool].profile.name for tool in state.approved]
    tools = words.joined([words.abbreviated(name, NAME_WIDTH) for name in names]) or "no tool"
    reason = state.note or "No reason is noted."
    return f"The review {state.review} approves {tools}, not what is recommended here. {reason}"


def review_view(result: Evaluated, say: Language = ENGLISH) -> View:
    """How far answers were confirmed, what is carried, and what follows from the review."""
    state = result.review
    if state is None:
        return {}
    names = {
        key: words.abbreviated(vendor.profile.name, NAME_WIDTH) for key, vendor in result.workspace.vendors.items()
    }
    titles = {family.id: family.title for family in result.workspace.catalogue.head.families}
    return {
        "state": state,
        "lead": _review_lead(state) if state.since else "A first edition: nothing was carried from another.",
        "dates": list(_dates(state)),
        "standing": _closing_sentence(state),
        "progress": [
            ("Option", state.vendors, names),
            ("Assessor", state.assessors, {}),
            ("Family", state.families, titles),
        ]
        if state.since
        else [],
        "reasons": [
            (REASON_WORDS[kind], count)
            for kind in DueKind
            if (count := sum(item.has(kind) for item in state.due.answers))
        ],
        "blocked": state.blocked,
        "waived": [blocker for blocker in state.blockers if blocker.waived],
        "divest": [(names.get(entry.tool, entry.tool), entry) for entry in state.divest],
        "exits": [(names.get(row.tool, row.tool), exit_sentence(row, say)) for row in state.exits],
        "triggers": [
            (event, names.get(event.vendor, event.vendor) if event.vendor else "all options")
            for event in state.triggers
        ],
    }


def _dates(state: ReviewState) -> Iterator[tuple[str, str]]:
    """The days of a review, by name."""
    yield "As of", words.day(state.as_of)
    if state.since:
        yield "Edition before", state.since
    if state.opened:
        yield "Opened", words.day(state.opened)
    yield "Deadline", words.day(state.deadline) if state.deadline else "none set"
    yield "Closed", words.day(state.closed) if state.closed else "not yet"


def _closing_sentence(state: ReviewState) -> str:
    """How far the deadline is, and what stands in the way of closing, in a sentence."""
    where = change_words.deadline(state)
    if state.closed:
        return f"Closed {where}." if state.deadline else "Closed; no deadline was set."
    blocked = len(state.blocked)
    if not blocked:
        return f"{_upper(where)}. Nothing blocks closing."
    return f"{_upper(where)}. {words.counted(blocked, 'point')} {'blocks' if blocked == 1 else 'block'} closing:"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _review_lead(state: ReviewState) -> str:
    answers = sum(row.answers for row in state.vendors)
    confirmed = sum(row.confirmed for row in state.vendors)
    carried = len(state.due.carried)
    due = len(state.due.answers)
    if not carried:
        first = f"All of {words.counted(answers, 'answer')} were given or confirmed since {state.since}"
    else:
        first = (
            f"Of {words.counted(answers, 'answer')}, {confirmed} were given or confirmed since {state.since}; {carried} "
            f"{'is' if carried == 1 else 'are'} carried: as in {state.since}, counted, and not confirmed"
        )
    return f"{first}. {due or 'None'} of them {'is' if due <= 1 else 'are'} due to be looked at again."
