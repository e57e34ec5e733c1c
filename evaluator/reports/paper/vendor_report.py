"""What a paper on one vendor shows: where it stands, and what to ask it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from evaluator.model.cost import Coverage
from evaluator.model.evaluated import Evaluated, Fit, OptionScore
from evaluator.model.scorecard import AGREED
from evaluator.model.sensitivity import OpenQuestion, OpenReason, OptionQuestions
from evaluator.reports import sentences
from evaluator.reports.language import ENGLISH, Language
from evaluator.reports.paper import views
from evaluator.reports.paper.exit_plans import exit_rows
from evaluator.reports.paper.sections import scorecards_view
from evaluator.reports.words import points

MOST_OPEN_ITEMS = 13
"""Unmet minimum levels and questions that the second of a vendor paper's two pages has room for; further questions are counted."""
LINES, WIDTH = 18, 58
"""Lines of use cases that the first page has room for, and letters in one; two lines more take the room of a question."""
PLAN = 5
"""Of these, how many an exit plan takes the room of."""
MOST_QUESTIONS = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing to ask the vendor."""

    title: str
    today: str
    show: str
    effects: tuple[str, ...]
    """What the answer could change."""
    gain: float
    """What knowing the answer before choosing is worth for the stack, in points."""
    gain_first: float
    """The same for the first place by score."""


@dataclass(frozen=True, slots=True)
class Use:
    """One use case and how well the vendor serves it."""

    title: str
    data_class: str
    state: views.State
    fit: Fit
    blocked: str


def subject_view(result: Evaluated, vendor: str, say: Language = ENGLISH) -> Mapping[str, object]:
    """Everything that a paper on ``vendor`` shows."""
    option = result.scores.option(vendor)
    asked = questions(result, option, say)
    plan = exit_rows(result, vendor, say)
    worth = {
        question.subject: question
        for question in _questions(result, option)
        if question.doubt is not OpenReason.CAPABILITY
    }
    order = {criterion: place for place, criterion in enumerate(worth)}
    rows = views.gate_rows(result, option, say)
    uses = _uses(result, vendor, say)
    over = max(0, sum(1 + len(use.blocked) // WIDTH for use in uses) - LINES)
    most = min(MOST_QUESTIONS, max(0, MOST_OPEN_ITEMS - len(rows) - over // 2 - (PLAN if plan else 0)))
    return {
        "option": option,
        "standing": sentences.option_summary(result, vendor, say),
        "permits": views.permits(option, say),
        "rows": sorted(rows, key=lambda row: order.get(row.criterion, len(order))),
        "worth": worth,
        "uses": uses,
        "questions": asked[:most],
        "more_questions": max(0, len(asked) - most),
        "asking": _asking(result, vendor, say),
        "gaps": result.workspace.vendors[vendor].profile.gaps,
        "conflicts": _conflicts(result, vendor),
        "dissent": sentences.dissent(result, [vendor], say),
        "several": len([name for name in option.scorecards if name != AGREED]) > 1,
        "cells": scorecards_view(result, say)["cells"],
        "exit": plan,
        "evidence": [item for item in result.evidence if item.option == vendor],
    }


def questions(result: Evaluated, option: OptionScore, say: Language = ENGLISH) -> tuple[Asked, ...]:
    """What to ask the vendor besides the unmet minimum levels, in the order of what knowing the answer is worth."""
    unmet = {row.criterion for row in views.gate_rows(result, option)}
    return tuple(
        _asked(result, question, say)
        for question in _questions(result, option)
        if question.doubt is OpenReason.CAPABILITY or question.subject not in unmet
    )


def _questions(result: Evaluated, option: OptionScore) -> tuple[OpenQuestion, ...]:
    """What only the vendor can answer, the most valuable first; nothing where that was not computed."""
    criteria = result.workspace.catalogue.criteria
    found = _gaps(result, option.id)
    return tuple(
        question
        for question in (found.questions if found else ())
        if question.doubt is OpenReason.CAPABILITY or not criteria[question.subject].own_figures
    )


def _gaps(result: Evaluated, vendor: str) -> OptionQuestions | None:
    return (
        next((item for item in result.questions.options if item.option == vendor), None) if result.questions else None
    )


def _asking(result: Evaluated, vendor: str, say: Language) -> str:
    """What knowing everything, and any one thing, is worth."""
    found = _gaps(result, vendor)
    if found is None or result.questions is None:
        return ""
    whole = say(
        "questions.together",
        gain=points(found.gain, 2),
        error=points(found.gain_error, 2),
        first=points(found.gain_first, 2),
        draws=f"{result.questions.samples:,}",
        seed=result.questions.seed,
    )
    whole = f"{say('questions.gain')} {whole}"
    if any(question.gain > 0 or question.gain_first > 0 for question in found.questions):
        return whole
    return f"{whole} {say('questions.none-alone')}"


def _asked(result: Evaluated, question: OpenQuestion, say: Language) -> Asked:
    capability = question.doubt is OpenReason.CAPABILITY
    today = say(f"doubt.{question.doubt.value}")
    if question.doubt is OpenReason.FLOOR:
        today = say("questions.today-floor", level=question.level)
    elif not capability and question.level is not None:
        today = say("questions.today", doubt=today, level=question.level)
    if capability:
        title = result.workspace.demand.capabilities.get(question.subject, question.subject)
        show = say("stack.proof")
    else:
        criterion = result.workspace.catalogue.criteria[question.subject]
        title = criterion.title
        show = "; ".join(question.missing or (criterion.question,))
    return Asked(title, today, show, tuple(_effects(result, question, say)), question.gain, question.gain_first)


def _effects(result: Evaluated, question: OpenQuestion, say: Language) -> Iterator[str]:
    """What the answer could change, in the words of ``evaluator questions``."""
    if question.doubt is not OpenReason.CAPABILITY:
        yield say("word.score-span", low=points(question.score[0]), high=points(question.score[1]))
    for key, clears in (("questions.alone", True), ("questions.with-others", False)):
        held = [sentences.class_title(result, gate.data_class) for gate in question.gates if gate.clears is clears]
        if held:
            yield say(key, classes=say.joined(held))
    if question.use_cases:
        yield say.counted(len(question.use_cases), "use-case")
    if question.stacks:
        stacks = [sentences.names(result, tools, say) for tools in question.stacks[:2]]
        yield say("questions.other-stack", stacks=say.joined(stacks, "or"))


def _uses(result: Evaluated, vendor: str, say: Language) -> tuple[Use, ...]:
    titles = {item.id: item.title for item in result.workspace.guardrails.data_classes}
    rows = []
    for case in result.workspace.demand.use_cases:
        fit = next(fit for fit in result.fits[case.id] if fit.option == vendor)
        why = "" if fit.coverage is Coverage.COVERED else views.blocked(result, vendor, case.id, say)
        rows.append(Use(case.title, titles[case.data_class], views.COVERED[fit.coverage].in_words(say), fit, why))
    return tuple(rows)


def _conflicts(result: Evaluated, vendor: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Statements in public sources that contradict each other, by topic."""
    groups: dict[str, list[str]] = {}
    topics = {}
    for fact in result.workspace.vendors[vendor].profile.facts:
        if fact.conflict:
            groups.setdefault(fact.conflict, []).append(fact.fact)
            topics[fact.conflict] = fact.topic
    return tuple((topics[key], tuple(facts)) for key, facts in groups.items())
