"""The sections of the recommendation: which are printed, in what order, and what each shows.

To add one: a template in ``reports/templates/parts``, an entry in ``SECTIONS``, its title in the language, and what it
shows as a field of :class:`RecommendationViews`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from string import ascii_uppercase

from evaluator.model.catalogue import Family
from evaluator.model.evaluated import Cell, Evaluated, EvidenceItem, EvidenceUse, OptionScore, Stack
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.scorecard import Scorecard
from evaluator.model.vendor import Fact
from evaluator.reports import sentences
from evaluator.reports.language import Language
from evaluator.reports.paper import review_sections, views
from evaluator.reports.paper.sensitivity_section import SensitivityView, has_sensitivity, sensitivity_view
from evaluator.reports.sentences import limits_against, limits_lead
from evaluator.reports.words import abbreviated, day

MOST_PRINTED = 15
"""With more options, answers and evidence are printed for the compared ones only; the workbook holds all."""

MOST_RIVALS = 10
MOST_DISAGREEMENTS = 40
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


def class_titles(result: Evaluated) -> dict[str, str]:
    """Titles of data classes by id."""
    return {item.id: item.title for item in result.workspace.guardrails.data_classes}


def family_weights(result: Evaluated) -> dict[str, float]:
    """The share of the whole of every family that has weight."""
    return {family: part.weight for option in result.scores.options[:1] for family, part in option.families.items()}


MAIN: tuple[tuple[str, Callable[[Evaluated], bool]], ...] = (
    ("need", lambda _: True),
    ("stack", lambda result: chosen(result) is not None),
    ("options", lambda result: bool(result.scores.options)),
    ("gates", lambda result: bool(result.scores.options) and bool(result.scores.gated_criteria)),
    ("differences", lambda result: len(result.leaders) > 1),
    ("sensitivity", has_sensitivity),
    ("cost", lambda result: chosen(result) is not None),
    ("risk", lambda result: bool(views.shown_options(result))),
    ("guardrails", lambda _: True),
    ("process", lambda _: True),
    ("validity", lambda _: True),
    ("review", review_sections.has_review),
)
"""Every section by its id, and whether it has something to say; one that has not is left out."""
APPENDICES = ("method", "criteria", "scorecards", "evidence", "assumptions", "changes", "signoff")
"""All are printed, so that a letter means the same in every paper; one without content says so."""


def outline(result: Evaluated, say: Language) -> tuple[Section, ...]:
    """The sections that have something to say, numbered; all appendices, each by its letter."""
    main = [key for key, has_content in MAIN if has_content(result)]
    numbered = [(key, str(number), False) for number, key in enumerate(main, start=1)]
    lettered = [(key, letter, True) for letter, key in zip(ascii_uppercase, APPENDICES, strict=False)]
    return tuple(
        Section(key, say(f"section.{key}"), number, appendix, template=f"parts/{key}.html")
        for key, number, appendix in (*numbered, *lettered)
    )


def place(section: Section, say: Language) -> str:
    """How a sentence refers to the section."""
    return say("place.appendix" if section.appendix else "place.section", number=section.number)


@dataclass(frozen=True, slots=True)
class RecommendationViews:
    """What the sections show, each field under its name in the templates; None where there is nothing to show."""

    decision: DecisionView
    stack: StackView | None
    options_view: OptionsView
    gates_view: GatesView
    differences_view: DifferencesView | None
    sensitivity_view: SensitivityView | None
    risk_view: RiskView
    process_view: ProcessView
    validity_view: ValidityView
    method_view: MethodView
    scorecards_view: ScorecardsView
    evidence_view: EvidenceView
    changes_view: review_sections.ChangesView
    review_view: review_sections.ReviewView | None


def recommendation_views(result: Evaluated, say: Language) -> RecommendationViews:
    """Everything that the recommendation shows."""
    return RecommendationViews(
        decision=decision_view(result, say),
        stack=stack_view(result, say),
        options_view=OptionsView(sentences.first_place(result, say) if result.scores.options else ""),
        gates_view=gates_view(result, say),
        differences_view=differences_view(result, say),
        sensitivity_view=sensitivity_view(result, say),
        risk_view=risk_view(result, say),
        process_view=process_view(result, say),
        validity_view=validity_view(result, say),
        method_view=method_view(result),
        scorecards_view=scorecards_view(result),
        evidence_view=evidence_view(result),
        changes_view=review_sections.changes_view(result, say),
        review_view=review_sections.review_view(result, say),
    )


@dataclass(frozen=True, slots=True)
class DecisionView:
    """Page 1, and what other sections repeat of it."""

    recommendation: sentences.Sentences
    approval: str
    """That the review approves other tools, and why; else empty."""
    options: tuple[OptionScore, ...]
    permits: views.PermitTable
    tag_rows: tuple[views.TagRow, ...]
    reasons: sentences.Sentences
    reasons_title: str
    disadvantage: sentences.Sentences
    conditions: tuple[views.Condition, ...]
    own_work: tuple[views.OwnWorkView, ...]
    """Of the recommended tools."""
    dissent: tuple[bool, str]
    """Whether assessors differ, and how often."""
    deciders: tuple[str, ...]


def decision_view(result: Evaluated, say: Language) -> DecisionView:
    """Page 1: the reasons are the limits where no stack keeps to them."""
    shown = views.shown_options(result)
    options = tuple(result.scores.option(option) for option in shown)
    stack, stacks = chosen(result), result.stacks
    out_of_reach = stacks is not None and not stacks.sizes
    return DecisionView(
        recommendation=sentences.recommendation(result, say),
        approval=review_sections.approval(result),
        options=options,
        permits=views.permit_table(options, say),
        tag_rows=views.tag_rows(result, options, say),
        reasons=limits_lead(result, say) if out_of_reach else sentences.reasons(result, say),
        reasons_title=say("decision.reasons" if stack or stacks is None else "decision.obstacles"),
        disadvantage=(*limits_against(result, say), *sentences.disadvantage(result, say)),
        conditions=views.conditions(result, stack) if stack else (),
        own_work=tuple(
            found for tool in (stack.tools if stack else ()) if (found := views.own_work(result.scores.option(tool)))
        ),
        dissent=sentences.dissent(result, shown, say, here=True),
        deciders=tuple(
            abbreviated(item.role, sentences.NAME_WIDTH)
            for item in result.workspace.evaluation.deciders
            if item.part == "decides"
        ),
    )


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


@dataclass(frozen=True, slots=True)
class StackView:
    """The recommended stack, the other sizes, its gaps and its rivals."""

    one_tool: str
    one_more: str
    jobs: dict[str, tuple[str, ...]]
    """Use cases that each tool is chosen for."""
    spare: dict[str, tuple[str, ...]]
    """Use cases that each tool could serve as well."""
    matrix: tuple[CoverageRow, ...]
    first_column: int
    """Width of the use cases' column, in percent."""
    open: tuple[views.OpenCase, ...]
    alternatives: str
    rivals: tuple[Stack, ...]
    more_rivals: int


def stack_view(result: Evaluated, say: Language) -> StackView | None:
    """The recommended stack; None where there is none."""
    stack, stacks = chosen(result), result.stacks
    if stack is None or stacks is None:
        return None
    size = next(size for size in stacks.sizes if size.size == stacks.recommended)
    rivals = (*size.tied, *size.close)
    titles = {case.id: case.title for case in result.workspace.demand.use_cases}
    served = stack.served
    return StackView(
        one_tool=sentences.one_tool_reason(result, say),
        one_more=sentences.size_reason(result, say),
        jobs={tool: tuple(titles[row.use_case] for row in served if row.tool == tool) for tool in stack.tools},
        spare={tool: tuple(row.use_case for row in served if tool in row.others) for tool in stack.tools},
        matrix=_coverage_rows(result, stack, say),
        first_column=max(30, 47 - 4 * len(stack.tools)),
        open=views.open_cases(result, stack, say),
        alternatives=sentences.alternatives(size, say),
        rivals=rivals[:MOST_RIVALS],
        more_rivals=max(0, len(rivals) - MOST_RIVALS),
    )


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


@dataclass(frozen=True, slots=True)
class OptionsView:
    """All options at a glance."""

    lead: str


@dataclass(frozen=True, slots=True)
class GatesView:
    """The gates of all options, and what the compared ones do not meet."""

    lead: str
    policy: str
    permits: views.PermitTable
    tag_rows: tuple[views.TagRow, ...]
    leaders: tuple[OptionScore, ...]
    rows: dict[str, tuple[views.GateRow, ...]]
    """Gates that are not met, by option."""


def gates_view(result: Evaluated, say: Language) -> GatesView:
    """The gates of all options, and what the compared ones do not meet."""
    options = leaders(result)
    return GatesView(
        lead=sentences.gates_lead(result, say),
        policy=sentences.gates_policy(result, say),
        permits=views.permit_table(result.scores.options, say),
        tag_rows=views.tag_rows(result, result.scores.options, say),
        leaders=options,
        rows={option.id: views.gate_rows(result, option, say) for option in options},
    )


@dataclass(frozen=True, slots=True)
class DifferencesView:
    """Family scores of the compared options."""

    lead: str
    families: dict[str, tuple[Family, ...]]
    """Families about the ``product`` and those about the ``vendor``."""


def differences_view(result: Evaluated, say: Language) -> DifferencesView | None:
    """Family scores of the compared options; None where none is compared."""
    compared = leaders(result)
    if not compared:
        return None
    weighted = [family for family in result.workspace.catalogue.head.families if family.id in compared[0].families]
    key = "differences.lead" if chosen(result) else "differences.lead-ranked"
    return DifferencesView(
        lead=say(key, options=sentences.names(result, [option.id for option in compared], say)),
        families={
            about: tuple(family for family in weighted if family.about == about) for about in ("product", "vendor")
        },
    )


@dataclass(frozen=True, slots=True)
class RiskView:
    """What is known about the vendors behind the tools that the decision is about; all by tool."""

    tools: tuple[str, ...]
    cells: dict[str, tuple[Cell, ...]]
    facts: dict[str, dict[str, tuple[Fact, ...]]]
    exits: dict[str, views.ExitRows]


def risk_view(result: Evaluated, say: Language) -> RiskView:
    """What is known about the vendors behind the tools that the decision is about."""
    tools = views.shown_options(result)
    return RiskView(
        tools=tools,
        cells={tool: views.vendor_cells(result, tool) for tool in tools},
        facts={tool: views.viability_facts(result, tool) for tool in tools},
        exits={tool: views.exit_rows(result, tool, say) for tool in tools},
    )


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


@dataclass(frozen=True, slots=True)
class ProcessView:
    """Who scored what, when the weights were fixed, and where assessors differ."""

    weights: str
    cards: tuple[CardRow, ...]
    more_cards: int
    dissent: str
    disagreements: tuple[views.Disagreement, ...]
    more_disagreements: int


def process_view(result: Evaluated, say: Language) -> ProcessView:
    """Who scored what, when the weights were fixed, and where assessors differ."""
    printed = [option.id for option in printed_options(result)]
    everyone = [option.id for option in result.scores.options]
    cards = tuple(row for option in printed for row in _card_rows(result, option, say))
    disagreements = views.disagreements(result, printed)[:MOST_DISAGREEMENTS]
    return ProcessView(
        weights=sentences.weights_sealed(result, say),
        cards=cards,
        more_cards=sum(len(result.workspace.vendors[option].scorecards) for option in everyone) - len(cards),
        dissent=f"{sentences.dissent(result, everyone, say)[1]} {sentences.moderated(result, say)}".strip(),
        disagreements=disagreements,
        more_disagreements=len(views.disagreements(result, everyone)) - len(disagreements),
    )


def _card_rows(result: Evaluated, option: str, say: Language) -> tuple[CardRow, ...]:
    vendor, evaluated = result.workspace.vendors[option], result.scores.option(option).edition
    editions = {edition.id: edition.name for edition in vendor.profile.editions}
    return tuple(
        CardRow(
            option=option,
            card=card,
            kind=say(f"kind.{card.kind.replace(' ', '-')}"),
            edition=editions.get(card.edition, card.edition),
            used=card.edition == evaluated,
            known=sum(answer.known for answer in card.answers.values()),
        )
        for card in vendor.scorecards
    )


@dataclass(frozen=True, slots=True)
class ValidityView:
    """Which evidence goes stale before the recommendation lapses."""

    stale: int
    expiring: tuple[tuple[EvidenceItem, EvidenceUse], ...]
    """What goes stale next, first to last."""
    sentence: str


def validity_view(result: Evaluated, say: Language) -> ValidityView:
    """Which evidence goes stale before the recommendation lapses."""
    shown = views.shown_options(result)
    every = [(item, use) for item in result.evidence if item.option in shown for use in item.uses]
    uses = {(item.id, use.criterion): (item, use) for item, use in every}.values()
    stale = sum(use.stale for _, use in uses)
    before = [(item, use) for item, use in uses if not use.stale and use.fresh_until < result.valid_until]
    soon = sorted(before, key=lambda pair: (pair[1].fresh_until, pair[0].id))
    parts = (
        say.number("validity.stale", stale),
        say.number("validity.expiring", len(soon), date=day(result.valid_until, say)),
    )
    return ValidityView(
        stale=stale,
        expiring=tuple(soon[:MOST_EXPIRING]),
        sentence=say("validity.evidence-lead", uses=say.counted(len(uses), "use"), parts=say.joined(parts)),
    )


@dataclass(frozen=True, slots=True)
class Example:
    """One answer as the method section works it out."""

    option: str
    cell: Cell
    value: float


@dataclass(frozen=True, slots=True)
class MethodView:
    """The worked line of the method; None where no answer is supported."""

    example: Example | None


def method_view(result: Evaluated) -> MethodView:
    """A worked line: a supported answer of the first option that has one, the one with the most weight."""
    for option in result.scores.options:
        supported = [
            cell for cell in option.cells if cell.evidence_status is EvidenceStatus.SUPPORTED and cell.points > 0
        ]
        if supported:
            cell = max(supported, key=lambda candidate: candidate.weight)
            value = result.workspace.catalogue.criteria[cell.criterion].value(cell.level or 0)
            return MethodView(Example(option.id, cell, value))
    return MethodView(None)


@dataclass(frozen=True, slots=True)
class ScorecardsView:
    """The answers that count, option by option."""

    options: tuple[OptionScore, ...]
    cells: dict[str, views.CellsByFamily]
    left_out: int


def scorecards_view(result: Evaluated) -> ScorecardsView:
    """The answers that count, of the options that are printed."""
    printed = printed_options(result)
    return ScorecardsView(
        options=printed,
        cells={option.id: views.cells_by_family(result, option) for option in printed},
        left_out=len(result.scores.options) - len(printed),
    )


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """The register of evidence."""

    groups: dict[str, tuple[EvidenceItem, ...]]
    """Items by option."""
    count: int
    left_out: int


def evidence_view(result: Evaluated) -> EvidenceView:
    """The register of the options that are printed."""
    printed = {option.id for option in printed_options(result)}
    items = [item for item in result.evidence if item.option in printed]
    order = dict.fromkeys(item.option for item in items)
    groups = {option: tuple(item for item in items if item.option == option) for option in order}
    return EvidenceView(groups, len(items), len(result.evidence) - len(items))
