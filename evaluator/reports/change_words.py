"""The words for what changed and for what is due, and the sentences that every report makes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from evaluator.model.change import (
    NATURES,
    NOW,
    Cause,
    Change,
    CriterionWhat,
    GateMove,
    Nature,
    OptionChange,
    Points,
    RankReason,
    StackChange,
    ToolGone,
)
from evaluator.model.review import DueKind, DueReason, ReviewState
from evaluator.model.workspace import Workspace
from evaluator.reports import words

CAUSE_WORDS = {
    Cause.ANSWERS: "answer changed",
    Cause.LEARNED: "unknown answered or answer lost",
    Cause.EVIDENCE: "evidence stale or renewed",
    Cause.EDITION: "another edition evaluated",
    Cause.WEIGHTS: "weights",
    Cause.CRITERIA: "criteria added or removed",
    Cause.RUBRICS: "rubrics",
    Cause.COMBINATION: "rule for several scorecards",
    Cause.SCOPE: "scope",
    Cause.ENGINE: "another version of the numerical rules",
    Cause.CAPABILITIES: "capabilities",
    Cause.GATES: "gates",
    Cause.POLICIES: "policies",
    Cause.DEMAND: "use cases",
    Cause.OPTIONS: "options came or went",
    Cause.LIMITS: "limits on the stack",
    Cause.CHOICE: "other tools chosen",
}
_GAIN_WORDS = {Cause.LEARNED: "unknown answered", Cause.EVIDENCE: "evidence renewed"}
_LOSS_WORDS = {Cause.LEARNED: "answer lost", Cause.EVIDENCE: "evidence stale"}
"""What causes are called where they give points, and where they take them."""
NATURE_WORDS = {
    Nature.FACTS: "facts changed",
    Nature.METHOD: "method changed",
    Nature.CHOICE: "demand or choice changed",
}
RANK_WORDS = {
    RankReason.UNMOVED: "",
    RankReason.FACTS: "facts",
    RankReason.METHOD: "method only",
    RankReason.BOTH: "both",
    RankReason.OPTIONS: "options",
}
CRITERION_WORDS = {
    CriterionWhat.ADDED: "added",
    CriterionWhat.REMOVED: "removed",
    CriterionWhat.MOVED: "moved to another family",
    CriterionWhat.REWORDED: "asks something else",
    CriterionWhat.WORDING: "re-worded, same meaning",
    CriterionWhat.VALUES: "values of its levels",
    CriterionWhat.FRESHNESS: "how long evidence stays fresh",
    CriterionWhat.CAPS: "evidence caps",
    CriterionWhat.GATES: "gates",
    CriterionWhat.OUT_OF_SCOPE: "taken out of scope",
    CriterionWhat.IN_SCOPE: "brought into scope",
}
DUE_WORDS = {
    DueKind.STALE: "stale, fresh until {day}",
    DueKind.SOON: "soon stale, fresh until {day}",
    DueKind.NEVER_CONFIRMED: "carried through {detail} already, given on {day}",
    DueKind.CADENCE: "full review of tier {detail} due since {day}",
    DueKind.TRIGGER: "{detail} on {day}",
    DueKind.REWORDED: "re-worded",
    DueKind.NEW: "new criterion",
    DueKind.EDITION: "now evaluated: {detail}",
}


def due_reason(reason: DueReason) -> str:
    """One reason with its day and what it is about."""
    return DUE_WORDS[reason.kind].format(day=reason.day or "", detail=reason.detail)


def deadline(state: ReviewState) -> str:
    """How far the deadline of a review is, from today or from the day of closing."""
    if state.deadline is None:
        return "without a deadline"
    if state.days_left is None:
        return f"to be closed by {state.deadline}"
    if state.days_left == 0:
        return f"on the day of the deadline, {state.deadline}"
    if state.days_left < 0:
        return f"{words.counted(-state.days_left, 'day')} past the deadline of {state.deadline}"
    where = "before" if state.closed else "to"
    return f"{words.counted(state.days_left, 'day')} {where} the deadline of {state.deadline}"


def cause_word(cause: Cause, points: float) -> str:
    """The cause in words, by whether it gave points or took them."""
    return (_LOSS_WORDS if points < 0 else _GAIN_WORDS).get(cause, CAUSE_WORDS[cause])


def rank_sentences(change: Change, options: Collection[str] | None = None) -> list[str]:
    """What the words for the causes of rank moves mean, for those that occur; and each rank that only the method moved.

    Only about ``options``, where these are named.
    """
    moved = [
        option
        for option in change.options
        if option.rank and option.rank.reason is not RankReason.UNMOVED and (options is None or option.id in options)
    ]
    found = [
        f"{option.name} moved from rank {option.rank.old} to {option.rank.new} only because of the method: "
        f"the new facts under the old method leave it where it was."
        for option in moved
        if option.rank and option.rank.reason is RankReason.METHOD
    ]
    reasons = {option.rank.reason for option in moved if option.rank}
    if RankReason.BOTH in reasons:
        found.append("Both: neither the facts nor the method alone moved the rank to where it is.")
    if RankReason.OPTIONS in reasons:
        found.append("Options: among the options of both reviews the rank is the same; others came or went.")
    return found


CROSSED_HEADS = ("then", "new facts", "new method", "now")
"""The four rankings: all old, new facts under the old method, old facts under the new method, all new."""
_SAME_POINTS = 1e-9


def crossed(change: Change) -> bool:
    """Whether a ranking with the facts of one review under the method of the other says anything new."""
    return any(
        abs(option.crossed.new_facts - option.new.score) > _SAME_POINTS
        or abs(option.crossed.new_method - option.old.score) > _SAME_POINTS
        for option in change.options
        if option.crossed and option.old and option.new
    )


def crossed_row(option: OptionChange) -> list[tuple[float, int]]:
    """Score and rank of an option of both reviews in each of the four rankings, in the order of :data:`CROSSED_HEADS`."""
    rank, scores = option.rank, option.crossed
    if rank is None or scores is None or option.old is None or option.new is None:
        return []
    return [
        (option.old.score, rank.common_old),
        (scores.new_facts, rank.new_facts),
        (scores.new_method, rank.new_method),
        (option.new.score, rank.common_new),
    ]


def crossed_note(change: Change) -> str:
    """What the two crossed rankings are; that they say nothing new, where no weight, criterion or rule moved a score."""
    if not crossed(change):
        return (
            f"No change is due to the method: the answers {of_review(change.new.name)} with the weights and catalogue "
            f"{of_review(change.old.name)} rank as they do now, and the reverse as then."
        )
    among = "" if all(option.rank for option in change.options) else " Ranks are among the options of both reviews."
    return (
        f"New facts: the answers {of_review(change.new.name)} with the weights and catalogue "
        f"{of_review(change.old.name)}. New method: the reverse.{among}"
    )


def of_review(name: str) -> str:
    """``of 2026``, or ``of today``."""
    return "of today" if name == NOW else f"of {name}"


def by_size(causes: Mapping[Cause, float], smallest: float = 0.05) -> list[tuple[Cause, float]]:
    """The causes that show when printed with one decimal, largest effect first."""
    shown = [(cause, points) for cause, points in causes.items() if abs(points) >= smallest]
    order = list(Cause)
    return sorted(shown, key=lambda item: (-round(abs(item[1]), 9), order.index(item[0])))


def cause_list(causes: Mapping[Cause, float]) -> str:
    """``answer changed +2.0, weights −0.3``; what does not show with one decimal is summed up as smaller effects."""
    shown = by_size(causes)
    parts = [f"{cause_word(cause, points)} {words.signed(points)}" for cause, points in shown]
    if len(shown) < len(causes):
        parts.append("smaller effects")
    return ", ".join(parts) or "no change"


def scores_of(causes: Mapping[Cause, Points]) -> dict[Cause, float]:
    """The score part of each cause."""
    return {cause: points.score for cause, points in causes.items() if points.score}


def lows_of(causes: Mapping[Cause, Points]) -> dict[Cause, float]:
    """The low part of each cause."""
    return {cause: points.low for cause, points in causes.items() if points.low}


def natures_of(causes: Mapping[Cause, float]) -> dict[Nature, float]:
    """The sum of the causes of each nature."""
    found = dict.fromkeys(Nature, 0.0)
    for cause, points in causes.items():
        found[NATURES[cause]] += points
    return found


def stack_headline(change: Change, names: Mapping[str, str]) -> str:
    """What happened to the approved tools, in one sentence for a first page."""
    stack = change.stack
    if stack is None:
        return ""

    def listed(tools: Sequence[str]) -> str:
        return words.joined([names.get(tool, tool) for tool in tools])

    withdrawn = [tool.tool for tool in stack.gone]
    if not withdrawn and not stack.came:
        return f"Unchanged since {change.old.name}: {listed(stack.kept)}."
    now = change.new.name == NOW
    gone = "not among them:" if now else "withdrawn:"
    parts = [
        f"{label} {listed(tools)}"
        for label, tools in (("unchanged:", stack.kept), ("new:", stack.came), (gone, withdrawn))
        if tools
    ]
    parts += [] if stack.tools[1] else ["no stack is recommended" if now else "nothing is approved"]
    head = f"Recommended now, against {change.old.name}" if now else f"Changed since {change.old.name}"
    return f"{head}; {'; '.join(parts)}."


def stack_value(stack: StackChange, change: Change) -> str:
    """The stack's bridge in one sentence."""
    old, new = stack.values
    if not stack.causes:
        return f"The value of the stack is {words.points(new)} in both."
    return (
        f"The value of the stack went from {words.points(old)} {in_review(change.old.name)} to {words.points(new)} "
        f"{in_review(change.new.name)} ({words.signed(new - old)}): {cause_list(stack.causes)}."
    )


def in_review(name: str) -> str:
    """``in 2026``, or ``now``."""
    return name if name == NOW else f"in {name}"


def gone_sentences(gone: ToolGone, change: Change, workspace: Workspace) -> list[str]:
    """Why a tool is no longer in the stack: what became of the use cases it served, and what stands in its way now."""
    if not gone.still_option:
        return [f"{gone.name} is no longer an option."]
    ruled_out = next((item for item in workspace.evaluation.stack.excluded if item.tool == gone.tool), None)
    if ruled_out is not None:
        return [f"{gone.name} is ruled out by the limits on the stack: {ruled_out.reason}"]
    if not gone.uses:
        return [f"{gone.name} served no use case in {change.old.name}."]
    count = len(gone.uses)
    found = [f"{gone.name} served {words.counted(count, 'use case')} in {change.old.name}."]
    moves: Counter[str] = Counter()
    for use in gone.uses:
        lost = [f"capability lost: {workspace.demand.capabilities.get(need, need)}" for need in use.absent]
        moves.update([*(gate_move(move, workspace) for move in use.gates), *lost])
    found += [f"{text[0].upper()}{text[1:]} (on {on} of {count})." for text, on in moves.items()]
    open_uses = [use for use in gone.uses if use.fits[1]]
    better = [use for use in open_uses if use.now and use.now_fit > (use.fits[1] or 0.0)]
    if better:
        found.append(
            f"It could still serve {len(open_uses)} of them; on {len(better)} a tool of the new stack has the higher fit."
        )
    return found


def gate_move(move: GateMove, workspace: Workspace) -> str:
    """A gate that is in the way and was not, in words."""
    criterion = workspace.catalogue.criteria.get(move.criterion)
    title = criterion.title if criterion else move.criterion
    levels = f"level {words.level(move.levels[0])} then, {words.level(move.levels[1])} now"
    if move.outcome == "failed":
        return f"gate failed: {title}, {levels}, {move.required} needed"
    return f"gate no longer supported: {title}, {levels}, {words.EVIDENCE_STATUS_WORDS[move.evidence_status]}"
