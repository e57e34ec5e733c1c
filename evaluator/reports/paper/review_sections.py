"""What the recommendation shows of a review: where it stands, what was confirmed, and what changed since the previous one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil, floor

from evaluator.model.change import Change, Nature, OptionChange, Points, ToolGone
from evaluator.model.evaluated import Evaluated
from evaluator.model.review import Blocker, Divest, DueKind, Progress, ReviewState, TriggerEvent
from evaluator.reports import change_words, words
from evaluator.reports.language import Language
from evaluator.reports.paper.views import exit_sentence
from evaluator.reports.sentences import NAME_WIDTH

MOST_CELLS = 12
"""Answers listed for one option; the workbook has all."""
MOST_ROWS = 40

REASON_WORDS = {
    DueKind.STALE: "evidence stale",
    DueKind.SOON: "evidence soon stale",
    DueKind.NEVER_CONFIRMED: "already carried over in the previous review",
    DueKind.CADENCE: "full review of its tier due",
    DueKind.TRIGGER: "reopened by a trigger",
    DueKind.REWORDED: "the criterion asks something else",
    DueKind.NEW: "the criterion is new",
    DueKind.EDITION: "another edition of the product is evaluated",
}


@dataclass(frozen=True, slots=True)
class ProgressTable:
    """How far answers were confirmed, by option, assessor or family."""

    head: str
    rows: tuple[Progress, ...]
    titles: dict[str, str]
    """What a row is called, where that is not its id."""


@dataclass(frozen=True, slots=True)
class ReviewView:
    """How far answers were confirmed, what is carried over, and what follows from the review."""

    state: ReviewState
    lead: str
    dates: tuple[tuple[str, str], ...]
    closing: str
    """How far the deadline is, and whether anything blocks closing."""
    progress: tuple[ProgressTable, ...]
    reasons: tuple[tuple[str, int], ...]
    """Why answers are still due, and how many."""
    blocked: tuple[Blocker, ...]
    waived: tuple[Blocker, ...]
    divest: tuple[tuple[str, Divest], ...]
    """Tools to be retired, by name."""
    exits: tuple[tuple[str, str], ...]
    """The state of each tool's exit plan."""
    triggers: tuple[tuple[TriggerEvent, str], ...]
    """What happened, and to which option."""


def has_review(result: Evaluated) -> bool:
    """Whether there is a review that was opened, or one that follows another, so that answers can be carried over."""
    return result.review is not None and bool(result.review.opened or result.review.since)


def approval(result: Evaluated) -> str:
    """That the review approves other tools than the paper recommends, and why; empty where it does not."""
    state, stack = result.review, result.stacks.chosen if result.stacks else None
    if state is None or set(state.approved) == set(stack.tools if stack else ()):
        return ""
    names = [result.workspace.vendors[tool].profile.name for tool in state.approved]
    tools = words.joined([words.abbreviated(name, NAME_WIDTH) for name in names]) or "no tool"
    reason = state.note or "No reason is noted."
    return f"The review {state.review} approves {tools}, not what is recommended here. {reason}"


def review_view(result: Evaluated, say: Language) -> ReviewView | None:
    """Where the review stands; None where the result belongs to none."""
    state = result.review
    if state is None:
        return None
    names = {
        key: words.abbreviated(vendor.profile.name, NAME_WIDTH) for key, vendor in result.workspace.vendors.items()
    }
    families = {family.id: family.title for family in result.workspace.catalogue.head.families}
    tables = (
        ProgressTable("Option", state.vendors, names),
        ProgressTable("Assessor", state.assessors, {}),
        ProgressTable("Family", state.families, families),
    )
    counts = {kind: sum(item.has(kind) for item in state.due.answers) for kind in DueKind}
    return ReviewView(
        state=state,
        lead=_review_lead(state) if state.since else "The first review: nothing was carried over.",
        dates=tuple(_dates(state, say)),
        closing=_closing_sentence(state),
        progress=tables if state.since else (),
        reasons=tuple((REASON_WORDS[kind], count) for kind, count in counts.items() if count),
        blocked=tuple(state.blocked),
        waived=tuple(blocker for blocker in state.blockers if blocker.waived),
        divest=tuple((names.get(entry.tool, entry.tool), entry) for entry in state.divest),
        exits=tuple((names.get(row.tool, row.tool), exit_sentence(row, say)) for row in state.exits),
        triggers=tuple(
            (event, names.get(event.vendor, event.vendor) if event.vendor else "all options")
            for event in state.triggers
        ),
    )


def _dates(state: ReviewState, say: Language) -> Iterator[tuple[str, str]]:
    """The days of a review, by name."""
    yield "As of", words.day(state.as_of, say)
    if state.since:
        yield "Previous review", state.since
    if state.opened:
        yield "Opened", words.day(state.opened, say)
    yield "Deadline", words.day(state.deadline, say) if state.deadline else "none set"
    yield "Closed", words.day(state.closed, say) if state.closed else "not yet"


def _closing_sentence(state: ReviewState) -> str:
    """How far the deadline is, and what stands in the way of closing, in a sentence."""
    where = change_words.deadline(state)
    if state.closed:
        return f"Closed {where}." if state.deadline else "Closed; no deadline was set."
    where = where[:1].upper() + where[1:]
    blocked = len(state.blocked)
    if not blocked:
        return f"{where}. Nothing blocks closing."
    return f"{where}. {words.counted(blocked, 'point')} {'blocks' if blocked == 1 else 'block'} closing:"


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
            f"{'was' if carried == 1 else 'were'} carried over unchanged from {state.since}, not reconfirmed"
        )
    return f"{first}. {due or 'None'} of them {'is' if due <= 1 else 'are'} due to be looked at again."


@dataclass(frozen=True, slots=True)
class BridgeRow:
    """One option of both reviews: figures then and now, and what moved them."""

    name: str
    old: Points
    new: Points
    difference: Points
    facts: float
    method: float
    ranks: tuple[int, int]
    moved_by: str
    score: str
    low: str


@dataclass(frozen=True, slots=True)
class CellRow:
    """One criterion on which an option moved, for one cause."""

    criterion: str
    levels: tuple[str, str]
    cause: str
    score: float
    low: float


@dataclass(frozen=True, slots=True)
class LostUse:
    """One use case that a tool served: its fit then and now, and what serves it now."""

    title: str
    then: float
    now: float | None
    server: str
    fit: float | None


@dataclass(frozen=True, slots=True)
class GoneTool:
    """A tool that is no longer in the stack, and why."""

    name: str
    sentences: tuple[str, ...]
    uses: tuple[LostUse, ...]


@dataclass(frozen=True, slots=True)
class ChangesView:
    """What changed since the previous review; only ``alone`` where there is nothing to compare with."""

    alone: str = ""
    """Why nothing is compared."""
    change: Change | None = None
    headline: str = ""
    scale: tuple[int, int] = (0, 0)
    """The ends of the chart of bridges, in points."""
    value: str = ""
    rows: tuple[BridgeRow, ...] = ()
    others: tuple[OptionChange, ...] = ()
    """Options that came or went."""
    ranks: tuple[str, ...] = ()
    crossed: tuple[tuple[str, tuple[tuple[float, int], ...]], ...] = ()
    """Score and rank of an option in each of the four rankings."""
    crossed_note: str = ""
    cells: dict[str, tuple[CellRow, ...]] | None = None
    """The answers that moved most, by name of option."""
    more_cells: dict[str, int] | None = None
    gone: tuple[GoneTool, ...] = ()
    criteria: tuple[tuple[str, str, str], ...] = ()
    weights: tuple[tuple[str, float, float], ...] = ()
    inputs: tuple[tuple[str, str, str], ...] = ()
    """What else changed: its name, then and now."""
    same_way: tuple[str, ...] = ()
    """Criteria on which all options moved alike."""


def changes_view(result: Evaluated, say: Language) -> ChangesView:
    """What changed since the previous review, by cause."""
    change = result.changes
    if change is None:
        first = result.review is not None and result.review.since is None
        return ChangesView(alone=say("changes.first" if first else "changes.alone"))
    names = {option.id: words.abbreviated(option.name, NAME_WIDTH) for option in change.options}
    shown = [option for option in change.options if option.status == "kept" and option.id in result.leaders]
    crossed = [option for option in change.options if option.rank] if change_words.crossed(change) else []
    return ChangesView(
        change=change,
        headline=change_words.stack_headline(change, names),
        scale=_scale(change),
        value=change_words.stack_value(change.stack, change) if change.stack else "",
        rows=tuple(_bridge_rows(change)),
        others=tuple(option for option in change.options if option.status != "kept"),
        ranks=tuple(change_words.rank_sentences(change)),
        crossed=tuple((names[option.id], tuple(change_words.crossed_row(option))) for option in crossed),
        crossed_note=change_words.crossed_note(change),
        cells={names[option.id]: _cell_rows(result, option) for option in shown if option.cells},
        more_cells={names[option.id]: max(0, len(option.cells) - MOST_CELLS) for option in shown},
        gone=tuple(_gone(tool, change, result, names) for tool in (change.stack.gone if change.stack else ())),
        criteria=tuple(
            (row.title, words.joined([change_words.CRITERION_WORDS[what] for what in row.what]), row.note)
            for row in change.criteria[:MOST_ROWS]
        ),
        weights=tuple((_title(result, row.criterion), row.old, row.new) for row in change.weights[:MOST_ROWS]),
        inputs=tuple(
            (row.what, words.abbreviated(row.old or "none", 120), words.abbreviated(row.new or "none", 120))
            for row in change.others[:MOST_ROWS]
        ),
        same_way=tuple(f"{_title(result, row.criterion)} ({'up' if row.up else 'down'})" for row in change.same_way),
    )


_ROUND = 10
"""A chart starts and ends at multiples of so many points."""


def _scale(change: Change) -> tuple[int, int]:
    """The ends of the chart of bridges: round, and wide enough for every stretch."""
    found = [
        figure
        for option in change.options
        if option.old and option.new
        for figure in (option.old.score, option.old.score + option.of(Nature.FACTS).score, option.new.score)
    ] or [0.0]
    low = _ROUND * floor(round(min(found), 9) / _ROUND)
    return low, max(_ROUND * ceil(round(max(found), 9) / _ROUND), low + _ROUND)


def _bridge_rows(change: Change) -> Iterator[BridgeRow]:
    for option in change.options:
        difference, rank = option.difference, option.rank
        if difference is None or rank is None or option.old is None or option.new is None:
            continue
        scores, lows = change_words.scores_of(option.causes), change_words.lows_of(option.causes)
        facts, method, _ = change_words.natures_of(scores).values()
        yield BridgeRow(
            name=words.abbreviated(option.name, NAME_WIDTH),
            old=option.old,
            new=option.new,
            difference=difference,
            facts=facts,
            method=method,
            ranks=(rank.old, rank.new),
            moved_by=change_words.RANK_WORDS[rank.reason],
            score=change_words.cause_list(scores),
            low="" if lows == scores else change_words.cause_list(lows),
        )


def _cell_rows(result: Evaluated, option: OptionChange) -> tuple[CellRow, ...]:
    """The answers that moved most, a row per cause."""

    def size(points: Points) -> float:
        return max(abs(points.score), abs(points.low))

    def level(value: int | None, status: object) -> str:
        return words.level(value) if status else "not counted"

    cells = sorted(option.cells, key=lambda cell: (-round(size(cell.total), 9), cell.criterion))[:MOST_CELLS]
    return tuple(
        CellRow(
            criterion=_title(result, cell.criterion),
            levels=(
                level(cell.levels[0], cell.evidence_statuses[0]),
                level(cell.levels[1], cell.evidence_statuses[1]),
            ),
            cause=change_words.cause_word(cause, points.score or points.low),
            score=points.score,
            low=points.low,
        )
        for cell in cells
        for cause, points in cell.parts.items()
    )


def _title(result: Evaluated, criterion: str) -> str:
    found = result.workspace.catalogue.criteria.get(criterion)
    return found.title if found else criterion


def _gone(tool: ToolGone, change: Change, result: Evaluated, names: Mapping[str, str]) -> GoneTool:
    titles = {case.id: case.title for case in result.workspace.demand.use_cases}
    return GoneTool(
        name=words.abbreviated(tool.name, NAME_WIDTH),
        sentences=tuple(change_words.gone_sentences(tool, change, result.workspace)),
        uses=tuple(
            LostUse(
                title=titles.get(use.use_case, use.use_case),
                then=use.fits[0],
                now=use.fits[1],
                server=names.get(use.now, use.now) if use.now else "not covered",
                fit=use.now_fit if use.now else None,
            )
            for use in tool.uses
        ),
    )
