"""What the paper shows of what changed since the last review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil, floor

from evaluator.model.change import Change, Nature, OptionChange, Points, ToolGone
from evaluator.model.evaluated import Evaluated
from evaluator.reports import change_words, words
from evaluator.reports.language import ENGLISH, Language
from evaluator.reports.sentences import NAME_WIDTH

View = Mapping[str, object]

MOST_CELLS = 12
"""Answers listed for one option; the workbook has all."""
MOST_ROWS = 40


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


def changes_view(result: Evaluated, say: Language = ENGLISH) -> View:
    """What changed since the last review, by cause."""
    change = result.changes
    if change is None:
        first = result.review is not None and result.review.since is None
        return {"headline": "", "change": None, "alone": say("changes.first" if first else "changes.alone")}
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
            for option in (change.options if change_words.crossed(change) else ())
            if option.rank
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


def _cell_rows(result: Evaluated, option: OptionChange) -> list[CellRow]:
    """The answers that moved most, a row per cause."""
    cells = sorted(option.cells, key=lambda cell: (-round(_size(cell.total), 9), cell.criterion))[:MOST_CELLS]
    return [
        CellRow(
            _title(result, cell.criterion),
            (
                words.level(cell.levels[0]) if cell.evidence_statuses[0] else "not counted",
                words.level(cell.levels[1]) if cell.evidence_statuses[1] else "not counted",
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


def _title(result: Evaluated, criterion: str) -> str:
    found = result.workspace.catalogue.criteria.get(criterion)
    return found.title if found else criterion


def _gone(tool: ToolGone, change: Change, result: Evaluated, names: Mapping[str, str]) -> View:
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
