"""What a paper on one vendor shows: where it stands, and what to ask it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evaluator.model.cost import Coverage
from evaluator.model.edition_comparison import EditionPrice
from evaluator.model.evaluated import Evaluated, EvidenceItem, Fit, OptionScore
from evaluator.model.scorecard import AGREED
from evaluator.model.sensitivity import OpenQuestion, OpenReason, OptionQuestions
from evaluator.reports import sentences
from evaluator.reports.language import Language
from evaluator.reports.paper import views
from evaluator.reports.paper.sections import class_titles
from evaluator.reports.words import OPEN_REASON_WORDS, points

MOST_OPEN_ITEMS = 12
"""Unmet gates and questions that the second of a vendor paper's two pages has room for; further questions are counted."""
LINES, WIDTH = 18, 58
"""Lines of use cases that the first page has room for, and letters in one; two lines more take the room of a question."""
PLAN = 5
"""Of these, how many an exit plan takes the room of."""
OWN_WORK = 1
"""The same for the lines on own work."""
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
    """The points of the stack that knowing the answer before deciding would save, on average."""
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


@dataclass(frozen=True, slots=True)
class Conflict:
    """Statements in public sources that contradict each other."""

    topic: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EditionRow:
    """Which edition first meets the gates of a data class or tag."""

    data: str
    """The title of the class or tag."""
    edition: EditionPrice | None
    lacking: tuple[str, ...]
    """Titles of the criteria whose gates the edition before it does not meet."""


@dataclass(frozen=True, slots=True)
class EditionsView:
    """The evaluated editions of the vendor, compared."""

    prices: tuple[EditionPrice, ...]
    rows: tuple[EditionRow, ...]


@dataclass(frozen=True, slots=True)
class SubjectView:
    """Everything that the papers on one option show."""

    option: OptionScore
    summary: str
    permits: dict[str, views.State]
    tag_rows: tuple[views.TagRow, ...]
    rows: tuple[views.GateRow, ...]
    """Gates that are not met, those to ask about first at the top."""
    open_levels: dict[str, OpenQuestion]
    """By criterion: what only the vendor can answer."""
    uses: tuple[Use, ...]
    questions: tuple[Asked, ...]
    more_questions: int
    asking: str
    """What knowing all open answers would save; empty where that was not computed."""
    conflicts: tuple[Conflict, ...]
    dissent: tuple[bool, str]
    several: bool
    """Whether more than one assessor scored it."""
    cells: views.CellsByFamily
    exit: views.ExitRows
    own_work: views.OwnWorkView | None
    editions: EditionsView | None
    """None where one edition is evaluated."""
    evidence: tuple[EvidenceItem, ...]


def subject_view(result: Evaluated, vendor: str, say: Language) -> SubjectView:
    """Everything that a paper on ``vendor`` shows."""
    option = result.scores.option(vendor)
    rows = views.gate_rows(result, option, say)
    found = _questions(result, option)
    open_levels = {question.subject: question for question in found if question.doubt is not OpenReason.CAPABILITY}
    order = {criterion: place for place, criterion in enumerate(open_levels)}
    unmet = {row.criterion for row in rows}
    asked = [
        _asked(result, question, say)
        for question in found
        if question.doubt is OpenReason.CAPABILITY or question.subject not in unmet
    ]
    uses = _uses(result, vendor, say)
    plan = views.exit_rows(result, vendor, say)
    over = max(0, sum(1 + len(use.blocked) // WIDTH for use in uses) - LINES)
    own_work = views.own_work(option)
    editions = _editions(result, option)
    more = (PLAN if plan else 0) + (OWN_WORK if own_work else 0)
    more += len(editions.rows) + len(editions.prices) if editions else 0
    most = min(MOST_QUESTIONS, max(0, MOST_OPEN_ITEMS - len(rows) - over // 2 - more))
    return SubjectView(
        option=option,
        summary=sentences.option_summary(result, vendor, say),
        permits=views.permits(option.gates, say),
        tag_rows=views.tag_rows(result, [option], say),
        rows=tuple(sorted(rows, key=lambda row: order.get(row.criterion, len(order)))),
        open_levels=open_levels,
        uses=uses,
        questions=tuple(asked[:most]),
        more_questions=max(0, len(asked) - most),
        asking=_asking(result, vendor, say),
        conflicts=_conflicts(result, vendor),
        dissent=sentences.dissent(result, [vendor], say),
        several=len([name for name in option.scorecards if name != AGREED]) > 1,
        cells=views.cells_by_family(result, option),
        exit=plan,
        own_work=own_work,
        editions=editions,
        evidence=tuple(item for item in result.evidence if item.option == vendor),
    )


def _editions(result: Evaluated, option: OptionScore) -> EditionsView | None:
    """The editions of the vendor of ``option``, and which of them first meets the gates of each data class and tag."""
    found = next((comparison for comparison in result.editions if comparison.vendor == option.vendor), None)
    if found is None:
        return None
    titles = {"class": class_titles(result), "tag": sentences.tag_titles(result)}
    criteria = result.workspace.catalogue.criteria
    rows = tuple(
        EditionRow(titles[row.kind][row.data], row.edition, tuple(criteria[key].title for key in row.lacking))
        for row in found.first
    )
    return EditionsView(found.editions, rows)


def _questions(result: Evaluated, option: OptionScore) -> tuple[OpenQuestion, ...]:
    """What only the vendor can answer, the most valuable first; nothing where that was not computed."""
    criteria = result.workspace.catalogue.criteria
    found = _option_questions(result, option.id)
    return tuple(
        question
        for question in (found.questions if found else ())
        if question.doubt is OpenReason.CAPABILITY or not criteria[question.subject].own_figures
    )


def _option_questions(result: Evaluated, vendor: str) -> OptionQuestions | None:
    options = result.questions.options if result.questions else ()
    return next((item for item in options if item.option == vendor), None)


def _asking(result: Evaluated, vendor: str, say: Language) -> str:
    """What knowing all open answers, or one of them, would save."""
    found = _option_questions(result, vendor)
    if found is None or result.questions is None:
        return ""
    together = say(
        "questions.together",
        gain=points(found.gain, 2),
        error=points(found.gain_error, 2),
        first=points(found.gain_first, 2),
        samples=f"{result.questions.samples:,}",
        seed=result.questions.seed,
    )
    alone = any(question.gain > 0 or question.gain_first > 0 for question in found.questions)
    parts = (say("questions.gain"), together, "" if alone else say("questions.none-alone"))
    return " ".join(part for part in parts if part)


def _asked(result: Evaluated, question: OpenQuestion, say: Language) -> Asked:
    today = OPEN_REASON_WORDS.word(question.doubt, say)
    if question.doubt is OpenReason.CAPABILITY:
        title = result.workspace.demand.capabilities.get(question.subject, question.subject)
        show = say("stack.proof")
    else:
        criterion = result.workspace.catalogue.criteria[question.subject]
        title = criterion.title
        show = "; ".join(question.missing or (criterion.question,))
        if question.doubt is OpenReason.FLOOR:
            today = say("questions.today-higher-level", level=question.level)
        elif question.level is not None:
            today = say("questions.today", doubt=today, level=question.level)
    return Asked(title, today, show, tuple(_effects(result, question, say)), question.gain, question.gain_first)


def _effects(result: Evaluated, question: OpenQuestion, say: Language) -> Iterator[str]:
    """What the answer could change, in the words of ``evaluator questions``."""
    tags = sentences.tag_titles(result)
    if question.doubt is not OpenReason.CAPABILITY:
        yield say("word.score-span", low=points(question.score[0]), high=points(question.score[1]))
    for key, clears in (("questions.alone", True), ("questions.with-others", False)):
        held = [
            sentences.class_title(result, gate.data_class) if gate.data_class else tags[gate.data_tag]
            for gate in question.gates
            if gate.clears is clears
        ]
        if held:
            yield say(key, classes=say.joined(held))
    if question.use_cases:
        yield say.counted(len(question.use_cases), "use-case")
    if question.stacks:
        stacks = [sentences.names(result, tools, say) for tools in question.stacks[:2]]
        yield say("questions.other-stack", stacks=say.joined(stacks, "or"))


def _uses(result: Evaluated, vendor: str, say: Language) -> tuple[Use, ...]:
    titles = class_titles(result)
    rows = []
    for case in result.workspace.demand.use_cases:
        fit = next(fit for fit in result.fits[case.id] if fit.option == vendor)
        why = "" if fit.coverage is Coverage.COVERED else views.blocked(result, vendor, case.id, say)
        rows.append(Use(case.title, titles[case.data_class], views.COVERED[fit.coverage].in_words(say), fit, why))
    return tuple(rows)


def _conflicts(result: Evaluated, vendor: str) -> tuple[Conflict, ...]:
    groups: dict[str, list[str]] = {}
    topics = {}
    for fact in result.workspace.option(vendor).profile.facts:
        if fact.conflict:
            groups.setdefault(fact.conflict, []).append(fact.fact)
            topics[fact.conflict] = fact.topic
    return tuple(Conflict(topics[key], tuple(facts)) for key, facts in groups.items())
