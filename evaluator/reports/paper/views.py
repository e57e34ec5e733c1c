"""What several papers and sections show: rows taken from a result, with words and marks instead of codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from evaluator.model.cost import Coverage
from evaluator.model.evaluated import (
    Cell,
    Evaluated,
    EvidenceItem,
    EvidenceKey,
    GateCheck,
    GateChecks,
    GateOutcome,
    OptionScore,
    Served,
    Stack,
)
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.own_work import OwnWorkCount
from evaluator.model.review import ExitPlanState
from evaluator.model.scorecard import AGREED, Answer
from evaluator.model.vendor import ExitPlan, Fact, Price, PriceUnit, Rehearsal
from evaluator.reports.language import Language, form
from evaluator.reports.sentences import tag_titles
from evaluator.reports.words import (
    COVERAGE_MARKS,
    COVERAGE_WORDS,
    EVIDENCE_STATUS_WORDS,
    GATE_MARKS,
    GATE_WORDS,
    day,
    points,
)

MOST_SHOWN = 3
"""Without a recommended stack, the decision page shows this many options."""
MOST_OWN_WORK = 8
"""Criteria with open own work that a paper lists."""

PermitTable = dict[str, dict[str, "State"]]
"""By option and data class."""
CellsByFamily = dict[str, tuple[Cell, ...]]
ExitRows = tuple[tuple[str, str], ...]
"""What is asked, and the answer."""

VIABILITY_TOPICS = ("ownership", "financials", "lifecycle", "customers", "data_export")
"""Topics of profile facts that belong to the page on risk, viability and exit."""


@dataclass(frozen=True, slots=True)
class State:
    """One state in a table: never colour alone. ``tone`` is good, open, bad or plain.

    ``word`` is a key of the language until :meth:`in_words`.
    """

    word: str
    mark: str
    tone: str
    note: str = ""

    def in_words(self, say: Language, note: str = "") -> State:
        """The state in words, with a note."""
        return replace(self, word=say(self.word), note=note)


PERMIT = {
    GateOutcome.MET: State("state.approved", "✓", "good"),
    GateOutcome.UNSUPPORTED: State("state.conditional", "?", "open"),
    GateOutcome.FAILED: State("state.not-permitted", "✗", "bad"),
    GateOutcome.NOT_APPLICABLE: State("state.approved", "✓", "good"),
}
COVERED = {
    coverage: State(COVERAGE_WORDS.keys_of[coverage], COVERAGE_MARKS[coverage], tone)
    for coverage, tone in (
        (Coverage.COVERED, "good"),
        (Coverage.CONDITIONAL, "open"),
        (Coverage.NOT_COVERED, "bad"),
    )
}
EVIDENCE_STATES = {
    status: State(key, "", "plain" if status is EvidenceStatus.SUPPORTED else "open")
    for status, key in EVIDENCE_STATUS_WORDS.keys_of.items()
}
_GATES = {
    outcome: State(GATE_WORDS.keys_of[outcome], GATE_MARKS[outcome], tone)
    for outcome, tone in (
        (GateOutcome.MET, "good"),
        (GateOutcome.FAILED, "bad"),
        (GateOutcome.UNSUPPORTED, "open"),
        (GateOutcome.NOT_APPLICABLE, "plain"),
    )
}
NEEDED = {
    EvidenceStatus.STALE: "needed.stale",
    EvidenceStatus.OVER_CAP: "needed.beyond-its-evidence",
    EvidenceStatus.UNSUPPORTED: "needed.unsupported",
}
"""What evidence is needed where a level is high enough, by keys of the language."""
STATES = {
    "approved": PERMIT[GateOutcome.MET],
    "conditional": PERMIT[GateOutcome.UNSUPPORTED],
    "not_permitted": PERMIT[GateOutcome.FAILED],
    "covered": COVERED[Coverage.COVERED],
    "covered_conditionally": COVERED[Coverage.CONDITIONAL],
    "not_covered": COVERED[Coverage.NOT_COVERED],
    **{outcome.value: state for outcome, state in _GATES.items()},
    "passed": State("state.passed", "✓", "good"),
    "open": State("state.open", "?", "open"),
    "waived": State("state.waived", "–", "open"),
}
"""States by the names that templates know them by."""


def shown_options(result: Evaluated) -> tuple[str, ...]:
    """The options that the decision is about: the recommended stack, else the highest-ranked ones."""
    stack = result.stacks.chosen if result.stacks else None
    if stack is not None:
        return stack.tools
    return tuple(option.id for option in result.scores.options[:MOST_SHOWN])


def permits(gates: Mapping[str, GateChecks], say: Language) -> dict[str, State]:
    """By data class or tag: whether the option may hold such data, and what stands in the way."""
    return {data: PERMIT[found.verdict].in_words(say, _in_the_way(found, say)) for data, found in gates.items()}


_IN_THE_WAY = {
    GateOutcome.UNSUPPORTED: "permits.unsupported",
    GateOutcome.FAILED: "permits.failed",
    GateOutcome.NOT_APPLICABLE: "permits.not-applicable",
}
_ONLY = {"cloud": "permits.only-cloud", "self-hosted": "permits.only-self-hosted"}


def _in_the_way(gates: GateChecks, say: Language) -> str:
    if not gates.assessed:
        return say("permits.not-assessed")
    if not gates.checks:
        return say("permits.none-set")
    if gates.verdict is GateOutcome.MET:
        return ""
    return say(_IN_THE_WAY[gates.verdict], n=len(gates.of(gates.verdict)))


def permit_table(options: Iterable[OptionScore], say: Language) -> PermitTable:
    """:func:`permits` of each option, by its id."""
    return {option.id: permits(option.gates, say) for option in options}


@dataclass(frozen=True, slots=True)
class TagRow:
    """Which tags the data in one option may bear, besides its class, and which gates do not apply to it."""

    option: str
    tags: dict[str, State]
    approved: tuple[str, ...]
    conditional: tuple[str, ...]
    not_permitted: tuple[str, ...]
    not_applicable: tuple[str, ...]


def tag_rows(result: Evaluated, options: Iterable[OptionScore], say: Language) -> tuple[TagRow, ...]:
    """A row for each option; none where no tag has a gate and every gate applies."""
    titles, criteria = tag_titles(result), result.workspace.catalogue.criteria
    rows = []
    for option in options:
        held: dict[str, list[str]] = {PERMIT[outcome].word: [] for outcome in GateOutcome}
        for tag, gates in option.tag_gates.items():
            held[PERMIT[gates.verdict].word].append(titles[tag])
        limited = (criteria[check.criterion] for check in option.not_applicable)
        rows.append(
            TagRow(
                option.id,
                permits(option.tag_gates, say),
                approved=tuple(held[PERMIT[GateOutcome.MET].word]),
                conditional=tuple(held[PERMIT[GateOutcome.UNSUPPORTED].word]),
                not_permitted=tuple(held[PERMIT[GateOutcome.FAILED].word]),
                not_applicable=tuple(
                    say(_ONLY[found.gates_apply_to], criterion=found.title) for found in limited if found.gates_apply_to
                ),
            )
        )
    return tuple(rows) if any(row.tags or row.not_applicable for row in rows) else ()


@dataclass(frozen=True, slots=True)
class Condition:
    """What has to be supported before a tool of the stack serves all the use cases it is chosen for."""

    tool: str
    checks: tuple[GateCheck, ...]
    """Unsupported gates, each at the highest level that one of the use cases needs."""
    capabilities: tuple[str, ...]
    use_cases: tuple[str, ...]


def conditions(result: Evaluated, stack: Stack) -> tuple[Condition, ...]:
    """By tool of ``stack`` that serves a use case on condition, in the order of the stack."""
    found = []
    for tool in stack.tools:
        checks: dict[str, GateCheck] = {}
        capabilities: dict[str, None] = {}
        waiting = []
        cases = [place.use_case for place in stack.served if place.tool == tool]
        for case in cases:
            fit = next(fit for fit in result.fits[case] if fit.option == tool)
            if fit.coverage is not Coverage.CONDITIONAL:
                continue
            waiting.append(case)
            capabilities |= dict.fromkeys(fit.unknown_capabilities)
            for check in fit.unsupported:
                if check.criterion not in checks or checks[check.criterion].required < check.required:
                    checks[check.criterion] = check
        if waiting:
            ordered = tuple(checks[criterion] for criterion in result.scores.weights if criterion in checks)
            found.append(Condition(tool, ordered, tuple(capabilities), tuple(waiting)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class OwnWorkView:
    """The own work on one tool: how far it is, and what is open by criterion."""

    tool: str
    count: OwnWorkCount
    open: dict[str, tuple[str, ...]]
    """By criterion, what is left to do; no more than a paper has room for."""
    more: int
    """Criteria with open work that are left out."""


def own_work(option: OptionScore) -> OwnWorkView | None:
    """The own work on an option; None where the catalogue asks for none."""
    if not option.own_work:
        return None
    groups: dict[str, list[str]] = {}
    for item in option.own_work:
        if item.state == "open":
            groups.setdefault(item.criterion, []).append(item.text)
    shown = {criterion: tuple(texts) for criterion, texts in list(groups.items())[:MOST_OWN_WORK]}
    return OwnWorkView(option.id, OwnWorkCount.of(option.id, option.own_work), shown, len(groups) - len(shown))


@dataclass(frozen=True, slots=True)
class GateRow:
    """One criterion with gates, for one option: what each data class requires, and with what outcome."""

    criterion: str
    observed: int | None
    by_class: dict[str, GateCheck | None]
    by_tag: dict[str, GateCheck]
    """Of the tags that have a gate on it."""
    worst: GateCheck
    needed: str
    """What is needed to meet it."""


def gate_rows(result: Evaluated, option: OptionScore, say: Language) -> tuple[GateRow, ...]:
    """The criteria on which ``option`` does not meet the gate of some class or tag, in catalogue order."""
    rows = []
    for criterion in result.scores.weights:
        by_class = {
            data_class: next((check for check in gates.checks if check.criterion == criterion), None)
            for data_class, gates in option.gates.items()
        }
        by_tag = {
            tag: check
            for tag, gates in option.tag_gates.items()
            for check in gates.checks
            if check.criterion == criterion
        }
        open_checks = [check for check in (*by_class.values(), *by_tag.values()) if check and check.unmet]
        if open_checks:
            worst = max(open_checks, key=lambda check: (check.outcome is GateOutcome.FAILED, check.required))
            rows.append(GateRow(criterion, worst.observed, by_class, by_tag, worst, needed(result, worst, say)))
    return tuple(rows)


def needed(result: Evaluated, check: GateCheck, say: Language) -> str:
    """What is needed for ``check`` to be met: the anchor that has to hold, and how."""
    anchor = result.workspace.catalogue.criteria[check.criterion].levels[check.required]
    if check.outcome is GateOutcome.FAILED:
        return say("needed.failed", level=check.required, anchor=anchor)
    if check.observed is not None and check.observed >= check.required:
        return say(NEEDED[check.evidence_status], level=check.required, anchor=anchor)
    return say("needed.evidence", level=check.required, anchor=anchor)


@dataclass(frozen=True, slots=True)
class LevelGroup:
    """Options on the same level of a criterion, with the anchor they share."""

    level: int | None
    anchor: str
    options: tuple[str, ...]


def level_groups(result: Evaluated, criterion: str, options: Sequence[str]) -> tuple[LevelGroup, ...]:
    """``options`` by their level on ``criterion``, highest first, unknown last."""
    anchors = result.workspace.catalogue.criteria[criterion].levels
    groups: dict[int | None, list[str]] = {}
    for option in options:
        groups.setdefault(result.scores.option(option).cell(criterion).level, []).append(option)
    order = sorted(groups, key=lambda level: (level is None, -(level or 0)))
    return tuple(LevelGroup(level, "" if level is None else anchors[level], tuple(groups[level])) for level in order)


@dataclass(frozen=True, slots=True)
class Register:
    """The evidence register by what an answer cites, so that any table can name the rows it rests on."""

    items: dict[EvidenceKey, EvidenceItem]

    @classmethod
    def of(cls, result: Evaluated) -> Register:
        """The register of ``result``."""
        return cls({item.key: item for item in result.evidence})

    def cited(self, option: str, answer: Answer | None) -> tuple[str, ...]:
        """The register numbers that ``answer`` rests on."""
        keys = (EvidenceKey.of(option, item) for item in (answer.evidence if answer else ()))
        return tuple(dict.fromkeys(self.items[key].id for key in keys))


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An answer on which assessors differ."""

    option: str
    criterion: str
    levels: dict[str, int | None]
    counted: int | None
    by: tuple[str, ...]

    @property
    def spread(self) -> int:
        """Levels between the lowest and the highest known answer."""
        known = [level for level in self.levels.values() if level is not None]
        return max(known) - min(known) if known else 0


def disagreements(result: Evaluated, options: Iterable[str]) -> tuple[Disagreement, ...]:
    """Answers on which the assessors of ``options`` differ, widest spread first, then in catalogue order."""
    found = [
        Disagreement(option, cell.criterion, {k: v for k, v in cell.levels.items() if k != AGREED}, cell.level, cell.by)
        for option in options
        for cell in result.scores.option(option).cells
        if cell.differs
    ]
    return tuple(sorted(found, key=lambda row: -row.spread))


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A use case without a tool in the stack, and the options outside it that could serve it."""

    place: Served
    others: tuple[str, ...]
    ruled_out: tuple[str, ...]
    """Options that could serve it and that no stack may hold."""
    blocks: dict[str, str]
    """By tool of the stack: what stands in the way, in words."""


def open_cases(result: Evaluated, stack: Stack, say: Language) -> tuple[OpenCase, ...]:
    """The use cases that ``stack`` leaves without a tool."""
    found = []
    excluded = result.stacks.limits.excluded if result.stacks else ()
    for place in stack.served:
        if place.coverage is not Coverage.NOT_COVERED:
            continue
        fits = {fit.option: fit for fit in result.fits[place.use_case]}
        blocks = {tool: blocked(result, tool, place.use_case, say) for tool in stack.tools}
        able = [option for option, fit in fits.items() if fit.fit > 0 and option not in stack.tools]
        others = tuple(option for option in able if option not in excluded)
        ruled_out = tuple(option for option in able if option in excluded)
        found.append(OpenCase(place, others, ruled_out, blocks))
    return tuple(found)


def blocked(result: Evaluated, option: str, use_case: str, say: Language) -> str:
    """Why ``option`` does not serve ``use_case`` without condition; empty where it does."""
    fit = next(fit for fit in result.fits[use_case] if fit.option == option)
    criteria = result.workspace.catalogue.criteria
    parts = []
    if fit.failed:
        titles = ", ".join(f"“{criteria[check.criterion].title}”" for check in fit.failed)
        parts.append(say("blocked.fails", criteria=titles))
    if fit.absent:
        known = result.workspace.demand.capabilities
        parts.append(say("blocked.lacks", capabilities=", ".join(known.get(need, need) for need in fit.absent)))
    if not parts and fit.unsupported:
        parts.append(say.number("conditions.gates", len(fit.unsupported)))
    if not parts and fit.unknown_capabilities:
        parts.append(say.number("conditions.capabilities", len(fit.unknown_capabilities)))
    if not parts and fit.fit <= 0:
        parts.append(say("blocked.earns-nothing"))
    return "; ".join(parts)


def viability_facts(result: Evaluated, option: str) -> dict[str, tuple[Fact, ...]]:
    """Facts on risk, viability and exit from the option's profile, by topic."""
    facts = result.workspace.vendors[option].profile.facts
    by_topic = {topic: tuple(fact for fact in facts if fact.topic == topic) for topic in VIABILITY_TOPICS}
    return {topic: found for topic, found in by_topic.items() if found}


def cells_by_family(result: Evaluated, option: OptionScore) -> CellsByFamily:
    """The cells of every family of the catalogue."""
    catalogue = result.workspace.catalogue
    return {
        family.id: tuple(cell for cell in option.cells if catalogue.family_of[cell.criterion] == family.id)
        for family in catalogue.head.families
    }


def vendor_cells(result: Evaluated, option: str) -> tuple[Cell, ...]:
    """The option's cells of those families that judge the vendor rather than the product."""
    catalogue = result.workspace.catalogue
    about = {family.id for family in catalogue.head.families if family.about == "vendor"}
    return tuple(cell for cell in result.scores.option(option).cells if catalogue.family_of[cell.criterion] in about)


def price_in_words(price: Price, say: Language) -> str:
    """One price component: ``USD 20 per maker and month, at least 5, billed yearly``."""
    amount = f"{price.currency} {price.amount:,.2f}".removesuffix(".00")
    per = {"amount": amount, "period": say(f"period.{price.per}")}
    text = (
        say("price.flat", **per) if price.unit == "flat" else say("price", unit=unit_in_words(price.unit, say), **per)
    )
    if price.minimum:
        text += f", {say('price.minimum', n=f'{price.minimum:g}')}"
    if price.included:
        text += f", {say('price.included', n=f'{price.included:g}')}"
    return f"{text}, {price.billing}" if price.billing else text


def unit_in_words(unit: PriceUnit, say: Language) -> str:
    """Whom a price counts: ``internal user``; nobody in particular where the price is flat."""
    return say(f"unit.{unit}")


def exit_rows(result: Evaluated, tool: str, say: Language) -> ExitRows:
    """The exit plan of a tool, a row per question; nothing where its profile has none."""
    plan = result.workspace.vendors[tool].profile.exit
    return tuple(_exit_rows(result, tool, plan, say)) if plan else ()


def _exit_rows(result: Evaluated, tool: str, plan: ExitPlan, say: Language) -> Iterator[tuple[str, str]]:
    state = ExitPlanState.of(tool, plan, result.as_of)
    yield say("exit.kept-by"), plan.owner
    last = _rehearsal(plan.last_rehearsal, say) if plan.last_rehearsal else say("exit.never-rehearsed")
    yield say("exit.last-rehearsal"), last
    yield say("exit.next-rehearsal"), next_rehearsal(state, say)
    yield say("exit.planned"), plan.planned
    yield say("exit.stressed"), plan.stressed
    yield say("exit.export"), plan.export
    terms = (_days(plan.notice_days, "exit.notice", say), _days(plan.retrieval_days, "exit.retrieval", say))
    yield say("exit.terms"), "; ".join(terms)
    if plan.alternatives:
        titles = {case.id: case.title for case in result.workspace.demand.use_cases}
        took = "; ".join(f"{titles.get(key, key)}: {text}" for key, text in plan.alternatives.items())
        yield say("exit.takes-over"), f"{took}."
    if plan.note:
        yield say("exit.note"), plan.note


def _rehearsal(found: Rehearsal, say: Language) -> str:
    when = day(found.date, say)
    if found.hours is None:
        return say("exit.rehearsed", date=when, finding=found.finding)
    hours = points(found.hours).removesuffix(".0")
    return say(form("exit.rehearsed-in", found.hours), date=when, finding=found.finding, n=hours)


def _days(days: int | None, key: str, say: Language) -> str:
    return say(f"{key}-unknown") if days is None else say.number(key, days)


def next_rehearsal(state: ExitPlanState, say: Language) -> str:
    """The day of the next rehearsal, and whether it has passed without one."""
    if state.next_rehearsal is None:
        return say("exit.none-planned")
    return say("exit.overdue" if state.overdue else "exit.planned-for", date=day(state.next_rehearsal, say))


def exit_sentence(state: ExitPlanState, say: Language) -> str:
    """Whether there is a plan and when it was last tried."""
    if not state.planned:
        return say("exit.no-plan-short")
    last = (
        say("exit.plan-rehearsed", date=day(state.last_rehearsal, say))
        if state.last_rehearsal
        else say("exit.plan-never-rehearsed")
    )
    return f"{last}; {say('exit.and-next', next=next_rehearsal(state, say))}" if state.next_rehearsal else last
