"""The sections of the recommendation: which are printed, in what order, and what each shows.

A section is printed only when there is something to say, an appendix always. To add one: a template in
``reports/templates/parts``, an entry in ``MAIN`` or ``APPENDICES``, its title in the language, and what it shows in ``VIEWS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import ascii_uppercase

from evaluator.model.evaluated import Cell, Evaluated, EvidenceItem, OptionScore, Stack
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.scorecard import Scorecard
from evaluator.reports import sentences
from evaluator.reports.language import ENGLISH, Language
from evaluator.reports.paper import change_views, review_views, sensitivity_views, views
from evaluator.reports.paper.exit_plans import exit_rows
from evaluator.reports.paper.plain_data import Helper, opened
from evaluator.reports.sentences import limits_against, limits_lead
from evaluator.reports.words import abbreviated, day

View = Mapping[str, object]

MOST_PRINTED = 15
"""With more options, answers and evidence are printed for the compared ones only; the workbook holds all."""

MOST_RIVALS = 10
MOST_APART = 40
MOST_EXPIRING = 12


@dataclass(frozen=True, slots=True)
class Section:
    """One printed section with its number, or its letter in the appendix."""

    id: str
    title: str
    number: str
    appendix: bool
    template: str
    """The file of its template."""


def chosen(result: Evaluated) -> Stack | None:
    """The recommended stack, if there is one."""
    return result.stacks.chosen if result.stacks else None


def leaders(result: Evaluated) -> tuple[OptionScore, ...]:
    """The options that the paper compares in detail."""
    return tuple(result.scores.option(option) for option in result.leaders)


def printed_options(result: Evaluated) -> tuple[OptionScore, ...]:
    """The options whose answers and evidence are printed."""
    return result.scores.options if len(result.scores.options) <= MOST_PRINTED else leaders(result)


def _has_gates(result: Evaluated) -> bool:
    return bool(result.scores.options) and any(result.scores.gates.values())


def _has_cost(result: Evaluated) -> bool:
    return chosen(result) is not None


def _has_risk(result: Evaluated) -> bool:
    return bool(views.shown_options(result))


def _always(_: Evaluated) -> bool:
    return True


MAIN: tuple[tuple[str, Callable[[Evaluated], bool]], ...] = (
    ("need", _always),
    ("stack", lambda result: chosen(result) is not None),
    ("options", lambda result: bool(result.scores.options)),
    ("gates", _has_gates),
    ("differences", lambda result: len(result.leaders) > 1),
    ("firmness", sensitivity_views.has_sensitivity),
    ("cost", _has_cost),
    ("risk", _has_risk),
    ("guardrails", _always),
    ("process", _always),
    ("validity", _always),
    ("review", review_views.has_review),
)
APPENDICES = ("method", "criteria", "scorecards", "evidence", "assumptions", "changes", "signoff")
"""All are printed, so that a letter means the same in every paper; one without content says so."""


def outline(result: Evaluated, say: Language = ENGLISH) -> tuple[Section, ...]:
    """The sections that have something to say, numbered; all appendices, each by its letter."""
    main = [entry for entry in MAIN if entry[1](result)]
    numbered = [
        Section(key, say(f"section.{key}"), str(number), appendix=False, template=f"parts/{key}.html")
        for number, (key, _) in enumerate(main, start=1)
    ]
    lettered = [
        Section(key, say(f"section.{key}"), letter, appendix=True, template=f"parts/{key}.html")
        for letter, key in zip(ascii_uppercase, APPENDICES, strict=False)
    ]
    return (*numbered, *lettered)


def place(section: Section, say: Language = ENGLISH) -> str:
    """How a sentence refers to the section."""
    return say("place.appendix" if section.appendix else "place.section", number=section.number)


def _reasons(result: Evaluated, say: Language) -> sentences.Sentences:
    """Why this is recommended, or what stands in the way: the limits, where no stack keeps to them."""
    if result.stacks is not None and not result.stacks.sizes:
        return limits_lead(result, say)
    return sentences.reasons(result, say)


def decision_view(result: Evaluated, say: Language = ENGLISH) -> View:
    """Page 1, and what other sections repeat of it."""
    shown = views.shown_options(result)
    options = [result.scores.option(option) for option in shown]
    stack = chosen(result)
    return {
        "recommendation": sentences.recommendation(result, say),
        "approval": review_views.approval(result),
        "options": options,
        "permits": {option.id: views.permits(option, say) for option in options},
        "reasons": _reasons(result, say),
        "reasons_title": say("decision.reasons" if stack or result.stacks is None else "decision.obstacles"),
        "disadvantage": (*limits_against(result, say), *sentences.disadvantage(result, say)),
        "conditions": views.conditions(result, stack) if stack else (),
        "dissent": sentences.dissent(result, shown, say, here=True),
        "deciders": [
            abbreviated(item.role, sentences.NAME_WIDTH)
            for item in result.workspace.evaluation.deciders
            if item.part == "decides"
        ],
    }


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """One tool on one use case."""

    state: views.State
    fit: float
    picked: bool


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One use case across the tools of the stack."""

    title: str
    data_class: str
    cells: tuple[CoverageCell, ...]


def stack_view(result: Evaluated, say: Language = ENGLISH) -> View:
    """The recommended stack, the other sizes, its gaps and its rivals."""
    stack, stacks = chosen(result), result.stacks
    if stack is None or stacks is None:
        return {}
    size = next(size for size in stacks.sizes if size.size == stacks.recommended)
    rivals = (*size.tied, *size.close)
    titles = {case.id: case.title for case in result.workspace.demand.use_cases}
    return {
        "one_tool": sentences.one_tool_reason(result, say),
        "one_more": sentences.size_reason(result, say),
        "jobs": {
            tool: [titles[served.use_case] for served in stack.served if served.tool == tool] for tool in stack.tools
        },
        "spare": {tool: [served.use_case for served in stack.served if tool in served.others] for tool in stack.tools},
        "matrix": _coverage_rows(result, stack, say),
        "first_column": max(30, 47 - 4 * len(stack.tools)),
        "open": views.open_cases(result, stack, say),
        "alternatives": sentences.alternatives(size, say),
        "rivals": rivals[:MOST_RIVALS],
        "more_rivals": max(0, len(rivals) - MOST_RIVALS),
    }


def _coverage_rows(result: Evaluated, stack: Stack, say: Language) -> tuple[CoverageRow, ...]:
    rows = []
    titles = class_titles(result)
    for served in stack.served:
        case = result.workspace.demand.by_id[served.use_case]
        fits = {fit.option: fit for fit in result.fits[case.id]}
        cells = tuple(
            CoverageCell(views.COVERED[fits[tool].coverage].in_words(say), fits[tool].fit, tool == served.tool)
            for tool in stack.tools
        )
        rows.append(CoverageRow(case.title, titles[case.data_class], cells))
    return tuple(rows)


def class_titles(result: Evaluated) -> dict[str, str]:
    """Titles of data classes by id."""
    return {item.id: item.title for item in result.workspace.guardrails.data_classes}


def options_view(result: Evaluated, say: Language = ENGLISH) -> View:
    """All options at a glance."""
    return {"lead": sentences.first_place(result, say)} if result.scores.options else {}


def gates_view(result: Evaluated, say: Language = ENGLISH) -> View:
    """Minimum levels: the matrix of all options, and what the compared ones do not meet."""
    options = leaders(result)
    return {
        "lead": sentences.gates_lead(result, say),
        "policy": sentences.gates_policy(result, say),
        "permits": {option.id: views.permits(option, say) for option in result.scores.options},
        "leaders": options,
        "rows": {option.id: views.gate_rows(result, option, say) for option in options},
    }


def differences_view(result: Evaluated, say: Language = ENGLISH) -> View:
    """Family scores of the compared options, those about the product and those about the vendor apart."""
    compared = leaders(result)
    if not compared:
        return {}
    weighted = [family for family in result.workspace.catalogue.head.families if family.id in compared[0].families]
    recommended = chosen(result)
    key = "differences.lead" if recommended else "differences.lead-ranked"
    return {
        "lead": say(key, options=sentences.names(result, [option.id for option in compared], say)),
        "families": {
            about: [family for family in weighted if family.about == about] for about in ("product", "vendor")
        },
    }


def risk_view(result: Evaluated, say: Language = ENGLISH) -> View:
    """What is known about the vendors behind the tools that the decision is about."""
    tools = views.shown_options(result)
    return {
        "tools": tools,
        "cells": {tool: views.vendor_cells(result, tool) for tool in tools},
        "facts": {tool: views.viability_facts(result, tool) for tool in tools},
        "exits": {tool: exit_rows(result, tool, say) for tool in tools},
    }


@dataclass(frozen=True, slots=True)
class CardRow:
    """One scorecard as the process section lists it."""

    option: str
    card: Scorecard
    kind: str
    """How it was assessed, in words."""
    edition: str
    used: bool
    known: int


def process_view(result: Evaluated, say: Language = ENGLISH) -> View:
    """Who scored what, when the weights were fixed, and where assessors differ."""
    printed = printed_options(result)
    apart = views.disagreements(result, [option.id for option in printed])
    cards = [_card_row(result, option, card, say) for option in printed for card in _cards(result, option)]
    total = sum(len(_cards(result, option)) for option in result.scores.options)
    everyone = [option.id for option in result.scores.options]
    return {
        "weights": sentences.weights_sealed(result, say),
        "cards": cards,
        "more_cards": total - len(cards),
        "dissent": f"{sentences.dissent(result, everyone, say)[1]} {sentences.moderated(result, say)}".strip(),
        "apart": apart[:MOST_APART],
        "more_apart": len(views.disagreements(result, everyone)) - len(apart[:MOST_APART]),
    }


def _cards(result: Evaluated, option: OptionScore) -> tuple[Scorecard, ...]:
    return result.workspace.vendors[option.id].scorecards


def _card_row(result: Evaluated, option: OptionScore, card: Scorecard, say: Language) -> CardRow:
    editions = {edition.id: edition.name for edition in result.workspace.vendors[option.id].profile.editions}
    known = sum(answer.known for answer in card.answers.values())
    kind = say(f"kind.{card.kind.replace(' ', '-')}")
    return CardRow(
        option.id, card, kind, editions.get(card.edition, card.edition), card.edition == option.edition, known
    )


def validity_view(result: Evaluated, say: Language = ENGLISH) -> View:
    """Which evidence goes stale before the recommendation lapses."""
    shown = views.shown_options(result)
    every = [(item, use) for item in result.evidence if item.option in shown for use in item.uses]
    uses = {(item.id, use.criterion): (item, use) for item, use in every}.values()
    stale = sum(use.stale for _, use in uses)
    before = [(item, use) for item, use in uses if not use.stale and use.fresh_until < result.valid_until]
    soon = sorted(before, key=lambda pair: (pair[1].fresh_until, pair[0].id))
    parts = (
        say.number("validity.stale", stale),
        say.number("validity.expiring", len(soon), date=day(result.valid_until)),
    )
    return {
        "stale": stale,
        "expiring": soon[:MOST_EXPIRING],
        "sentence": say("validity.evidence-lead", uses=say.counted(len(uses), "use"), parts=say.joined(parts)),
    }


@dataclass(frozen=True, slots=True)
class Example:
    """One answer as the method section works it out."""

    option: str
    cell: Cell
    value: float


def method_view(result: Evaluated, _say: Language = ENGLISH) -> View:
    """A worked line: a supported answer of the first option, the one with the most weight."""
    for option in result.scores.options:
        firm = [cell for cell in option.cells if cell.evidence_status is EvidenceStatus.SUPPORTED and cell.points > 0]
        if firm:
            cell = max(firm, key=lambda candidate: candidate.weight)
            level = cell.level if cell.level is not None else 0
            value = result.workspace.catalogue.criteria[cell.criterion].value(level)
            return {"example": Example(option.id, cell, value)}
    return {"example": None}


def scorecards_view(result: Evaluated, _say: Language = ENGLISH) -> View:
    """The answers that count, option by option."""
    printed = printed_options(result)
    family_of = result.workspace.catalogue.family_of

    def cells(option: object, family: str) -> tuple[Cell, ...]:
        return tuple(cell for cell in opened(option, OptionScore).cells if family_of[cell.criterion] == family)

    return {"options": printed, "cells": Helper(cells), "left_out": len(result.scores.options) - len(printed)}


def evidence_view(result: Evaluated, _say: Language = ENGLISH) -> View:
    """The register, by option."""
    printed = {option.id for option in printed_options(result)}
    items = [item for item in result.evidence if item.option in printed]
    groups: dict[str, list[EvidenceItem]] = {}
    for item in items:
        groups.setdefault(item.option, []).append(item)
    return {"groups": groups, "count": len(items), "left_out": len(result.evidence) - len(items)}


def family_weights(result: Evaluated) -> dict[str, float]:
    """The share of the whole of every family that has weight."""
    return {family: part.weight for option in result.scores.options[:1] for family, part in option.families.items()}


VIEWS: dict[str, Callable[[Evaluated, Language], View]] = {
    "decision": decision_view,
    "stack": stack_view,
    "options_view": options_view,
    "gates_view": gates_view,
    "differences_view": differences_view,
    "sensitivity_view": sensitivity_views.sensitivity_view,
    "risk_view": risk_view,
    "process_view": process_view,
    "validity_view": validity_view,
    "method_view": method_view,
    "scorecards_view": scorecards_view,
    "evidence_view": evidence_view,
    "changes_view": change_views.changes_view,
    "review_view": review_views.review_view,
}
