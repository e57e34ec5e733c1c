"""What the paper shows of the review: what changed since the last edition, and how far its answers were confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil, floor

from evaluator.models.change import Change, Nature, OptionChange, Points, ToolGone
from evaluator.models.result import Result
from evaluator.models.review import DueKind, ReviewState
from evaluator.reports import change_words, words
from evaluator.reports.exits import exit_sentence

View = Mapping[str, object]

MOST_CELLS = 12
"""Answers listed for one option; the workbook has all."""
MOST_ROWS = 40
NAME_WIDTH = 60
FIRST = "This is the first edition: there is none before it to compare with."
ALONE = "This paper was made outside a review, so it is compared with no edition before it."


@dataclass(frozen=True, slots=True)
class BridgeRow:
    """One option of both editions: figures then and now, and what moved them."""

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


def has_review(result: Result) -> bool:
    """Whether the edition has a review that was opened, or follows another, so that answers can be carried."""
    return result.review is not None and bool(result.review.opened or result.review.since)


def changes_view(result: Result) -> View:
    """What changed since the last edition, by cause."""
    change = result.changes
    if change is None:
        first = result.review is not None and result.review.since is None
        return {"headline": "", "change": None, "alone": FIRST if first else ALONE}
    names = {option.id: words.abbreviated(option.name, NAME_WIDTH) for option in change.options}
    shown = [option for option in change.options if option.status == "kept" and option.id in result.leaders]
    return {
        "change": change,
        "headline": change_words.stack_headline(change, names),
        "scale": _scale(change),
        "value": change_words.stack_value(change.stack, change) if change.stack else "",
        "rows": list(_bridge_rows(change)),
        "others": [option for option in change.options if option.status != "kept"],
        "ranks": change_words.rank_sentences(change),
        "crossed": [
            (words.abbreviated(option.name, NAME_WIDTH), change_words.crossed_row(option))
            for option in change.options
            if option.rank and change_words.crossed(change)
        ],
        "crossed_note": change_words.crossed_note(change),
        "cells": {names[option.id]: _cell_rows(result, option) for option in shown if option.cells},
        "more_cells": {names[option.id]: max(0, len(option.cells) - MOST_CELLS) for option in shown},
        "gone": [_gone(tool, change, result, names) for tool in (change.stack.gone if change.stack else ())],
        "criteria": [
            (row.title, words.joined([change_words.CRITERION_WORDS[what] for what in row.what]), row.note)
            for row in change.criteria[:MOST_ROWS]
        ],
        "weights": [(_title(result, row.criterion), row.old, row.new) for row in change.weights[:MOST_ROWS]],
        "inputs": [
            (row.what, words.abbreviated(row.old or "none", 120), words.abbreviated(row.new or "none", 120))
            for row in change.others[:MOST_ROWS]
        ],
        "same_way": [f"{_title(result, row.criterion)} ({'up' if row.up else 'down'})" for row in change.same_way],
    }


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


def _cell_rows(result: Result, option: OptionChange) -> list[CellRow]:
    """The answers that moved most, a row per cause."""
    cells = sorted(option.cells, key=lambda cell: (-round(_size(cell.total), 9), cell.criterion))[:MOST_CELLS]
    return [
        CellRow(
            _title(result, cell.criterion),
            (
                words.level(cell.levels[0]) if cell.standings[0] else "not counted",
                words.level(cell.levels[1]) if cell.standings[1] else "not counted",
            ),
            change_words.cause_word(cause, points.score or points.low),
            points.score,
            points.low,
        )
        for cell in cells
        for cause, points in cell.parts.items()
    ]


def _size(points: Points) -> float:
    return max(abs(points.score), abs(points.low))


def _title(result: Result, criterion: str) -> str:
    found = result.workspace.catalogue.criteria.get(criterion)
    return found.title if found else criterion


def _gone(tool: ToolGone, change: Change, result: Result, names: Mapping[str, str]) -> View:
    titles = {case.id: case.title for case in result.workspace.demand.use_cases}
    return {
        "name": words.abbreviated(tool.name, NAME_WIDTH),
        "sentences": change_words.gone_sentences(tool, change, result.workspace),
        "uses": [
            (
                titles.get(use.use_case, use.use_case),
                use.fits[0],
                use.fits[1],
                names.get(use.now, use.now) if use.now else "not covered",
                use.now_fit if use.now else None,
            )
            for use in tool.uses
        ],
    }


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


def approval(result: Result) -> str:
    """That the review approves other tools than the paper recommends, and why; empty where it does not."""
    state, stack = result.review, result.stacks.chosen if result.stacks else None
    if state is None or set(state.approved) == set(stack.tools if stack else ()):
        return ""
    names = [result.workspace.vendors[tool].profile.name for tool in state.approved]
    tools = words.joined([words.abbreviated(name, NAME_WIDTH) for name in names]) or "no tool"
    reason = state.note or "No reason is noted."
    return f"The review {state.edition} approves {tools}, not what is recommended here. {reason}"


def review_view(result: Result) -> View:
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
        "standing": _standing(state),
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
        "exits": [(names.get(row.tool, row.tool), exit_sentence(row)) for row in state.exits],
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


def _standing(state: ReviewState) -> str:
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
    return f"{first}. {due or 'None'} {'is' if due <= 1 else 'are'} still due."
