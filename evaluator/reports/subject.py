"""What a paper on one vendor shows: where it stands, and what to ask it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evaluator.models.result import Cell, Fit, OptionScore, Result
from evaluator.models.scorecard import AGREED
from evaluator.models.standing import Standing
from evaluator.models.terms import Coverage
from evaluator.reports import sentences, views
from evaluator.reports.exits import NO_PLAN, exit_rows
from evaluator.reports.sections import scorecards_view

MOST_QUESTIONS = 10
"""A vendor paper has two pages; further questions, and those that can add no points, are counted."""
QUESTIONS_BESIDE_PLAN = 4
"""An exit plan takes their room."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask the vendor."""

    criterion: str
    why: str
    ask: tuple[str, ...]
    at_stake: float
    """Points between what is relied on today and the best level that is still open."""


@dataclass(frozen=True, slots=True)
class Use:
    """One use case and how well the vendor serves it."""

    title: str
    data_class: str
    state: views.State
    fit: Fit
    blocked: str


def subject_view(result: Result, vendor: str) -> Mapping[str, object]:
    """Everything that a paper on ``vendor`` shows."""
    option = result.scores.option(vendor)
    asked = questions(result, option)
    plan = exit_rows(result, vendor)
    most = QUESTIONS_BESIDE_PLAN if plan else MOST_QUESTIONS
    worth = [question for question in asked if round(question.at_stake, 9) > 0][:most]
    return {
        "option": option,
        "standing": sentences.standing(result, vendor),
        "permits": views.permits(option),
        "rows": views.gate_rows(result, option),
        "uses": _uses(result, vendor),
        "questions": worth,
        "more_questions": len(asked) - len(worth),
        "gaps": result.workspace.vendors[vendor].profile.gaps,
        "conflicts": _conflicts(result, vendor),
        "dissent": sentences.dissent(result, [vendor]),
        "several": len([name for name in option.scorecards if name != AGREED]) > 1,
        "cells": scorecards_view(result)["cells"],
        "exit": plan,
        "no_exit": NO_PLAN,
        "evidence": [item for item in result.evidence if item.option == vendor],
    }


def questions(result: Result, option: OptionScore) -> tuple[Question, ...]:
    """Unknown, weak and open answers outside the unmet minimum levels, those with most at stake first."""
    unmet = {row.criterion for row in views.gate_rows(result, option)}
    found = []
    for cell in option.cells:
        criterion = result.workspace.catalogue.criteria[cell.criterion]
        why = _why(cell)
        if not why or cell.criterion in unmet or criterion.own_figures:
            continue
        missing = cell.answer.missing if cell.answer else ()
        found.append(Question(cell.criterion, why, missing or (criterion.question,), cell.high - cell.low))
    return tuple(sorted(found, key=lambda question: -round(question.at_stake, 9)))


def _why(cell: Cell) -> str:
    if cell.standing is Standing.UNKNOWN:
        return "unknown"
    if cell.standing is Standing.STALE:
        return f"level {cell.level}, evidence stale"
    if cell.standing in {Standing.OVER_CAP, Standing.UNSUPPORTED}:
        return f"level {cell.level}, {views.STANDINGS[cell.standing].word}"
    if cell.answer and cell.answer.missing:
        return f"level {cell.level} or more"
    return ""


def _uses(result: Result, vendor: str) -> tuple[Use, ...]:
    titles = {item.id: item.title for item in result.workspace.guardrails.data_classes}
    rows = []
    for case in result.workspace.demand.use_cases:
        fit = next(fit for fit in result.fits[case.id] if fit.option == vendor)
        why = "" if fit.coverage is Coverage.COVERED else views.blocked(result, vendor, case.id)
        rows.append(Use(case.title, titles[case.data_class], views.COVERED[fit.coverage], fit, why))
    return tuple(rows)


def _conflicts(result: Result, vendor: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Statements in public sources that contradict each other, by topic."""
    groups: dict[str, list[str]] = {}
    topics = {}
    for fact in result.workspace.vendors[vendor].profile.facts:
        if fact.conflict:
            groups.setdefault(fact.conflict, []).append(fact.fact)
            topics[fact.conflict] = fact.topic
    return tuple((topics[key], tuple(facts)) for key, facts in groups.items())
