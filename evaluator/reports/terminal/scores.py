"""Pages of the terminal on figures: scores, explanations, stacks, one stack in full, and the problems of a workspace."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from evaluator.errors import Problem, Severity, one_line
from evaluator.model.cost import Coverage
from evaluator.model.elicitation import Sealing
from evaluator.model.evaluated import Evaluated, Explanation, OptionScore, Scores, Stack, StackSize
from evaluator.model.own_work import OwnWorkCount, OwnWorkItem
from evaluator.model.stack_details import Frontier, StackDetails, Uncovered
from evaluator.model.stack_limits import Budget
from evaluator.model.workspace import Workspace
from evaluator.reports import words
from evaluator.reports.language import ENGLISH
from evaluator.reports.sentences import limits_lead, limits_sentence, names, recommendation, seal_sentence, size_reason
from evaluator.reports.terminal.page import Indented, Page, Part, Section, Table

BUDGET_WORDS = {
    Budget.WITHIN: "within the budget",
    Budget.OVER: "over the budget",
    Budget.UNKNOWN: "not known to be within the budget",
}
FIGURES = (("score", words.points), ("low", words.points), ("high", words.points), ("known", words.share))
"""The columns of a score with its range and the share of the weight that is known."""
LOW = "Low counts answers that are stale, unsupported or beyond their evidence as unknown."
LEGEND = (
    f"Scores run from 0 to 100. {LOW} High takes every unknown answer at its best level. Known: share of the weight with a "
    "known answer. Stale: share of the weight whose evidence is too old."
)
CLEARED = "Cleared: the highest data class whose gates are all met."
TAGS = "Tags: the data tags with gates that are all met; a tag adds its gates to those of the class."
NO_GATES = "No gates are set, so no option is cleared for a data class."


def heading(workspace: Workspace, as_of: date, criteria: int | None = None) -> Section:
    """Title, date and scope, with the notice that the content carries."""
    facts = [f"as of {as_of.isoformat()}"]
    if criteria is not None:
        facts.append(words.counted(len(workspace.options), "option"))
        facts.append(f"{words.counted(criteria, 'criterion', 'criteria')} in scope")
    return workspace.evaluation.title, ", ".join(facts), workspace.evaluation.notice or ""


def option_name(workspace: Workspace, option: str) -> str:
    """The option's name on one line."""
    return one_line(workspace.vendors[option].profile.name)


def option_names(workspace: Workspace, options: Iterable[str]) -> str:
    """``a, b and c``; nobody where there is none."""
    return words.joined([option_name(workspace, option) for option in options]) or "nobody"


def scores_page(
    workspace: Workspace, scores: Scores, chosen: Collection[str] = (), sealing: Sealing | None = None
) -> Page:
    """The ranking with ranges, and whether the weights were sealed; for ``chosen`` options also families and gates."""
    shown = [option for option in scores.options if option.id in chosen]
    gated = bool(scores.gated_criteria)
    tagged = bool(scores.tag_gates)
    rows = []
    for option in shown or scores.options:
        cleared = _cleared(option) if gated else ""
        if tagged:
            cleared += f", {len(option.cleared_tags)} of {words.counted(len(scores.tag_gates), 'tag')}"
        figures = (option.score, option.low, option.high, option.coverage, option.stale)
        rows.append((option.rank, option.name, *figures, cleared))
    return [
        heading(workspace, scores.as_of, len(scores.weights)),
        Table((("rank", words.whole), ("option", str), *FIGURES, ("stale", words.share), ("cleared", str)), rows),
        [
            f"{LEGEND} {CLEARED if gated else NO_GATES}{f' {TAGS}' if tagged else ''}",
            *_notes(scores),
            seal_sentence(sealing, ENGLISH) if sealing else "",
        ],
        *(section for option in shown for section in _option_sections(workspace, option, gated=gated)),
    ]


def _cleared(option: OptionScore) -> str:
    """What an option is cleared for, in words."""
    return (option.cleared or "none") if option.assessed else words.NOT_ASSESSED


def _notes(scores: Scores) -> Iterator[str]:
    first = scores.options[0] if scores.options else None
    if first and first.close:
        close = [scores.option(option).name for option in first.close]
        yield f"Too close to call with {first.name}: {words.joined(close)}."
    if scores.combination:
        yield scores.combination
        differing = sum(cell.differs for option in scores.options for cell in option.cells)
        apart = [option.name for option in scores.options if any(cell.differs for cell in option.cells)]
        verb = "differs" if differing == 1 else "differ"
        yield (
            f"{words.counted(differing, 'answer')} {verb} between assessors ({words.joined(apart)})."
            if differing
            else "No answer differs between assessors."
        )
    for option in scores.options:
        if scores.gated_criteria and not option.assessed:
            yield f"{option.name}: {words.NOT_ASSESSED}; no answer about it is known, so the gates clear it for nothing."
        if option.left_out:
            yield (
                f"{option.name}: the scorecard of {words.joined(option.left_out)} is on another edition than "
                f"{option.edition_name} and is not combined."
            )


def _option_sections(workspace: Workspace, option: OptionScore, *, gated: bool) -> Iterator[Section]:
    criteria = workspace.catalogue.criteria
    titles = {family.id: family.title for family in workspace.catalogue.head.families}
    families = [
        (titles[key], found.weight, found.score, found.low, found.high, found.coverage)
        for key, found in option.families.items()
    ]
    yield f"{option.name}, {option.edition_name}", Table((("family", str), ("weight", words.share), *FIGURES), families)
    gates = [
        (
            data,
            criteria[check.criterion].title,
            check.required,
            check.observed,
            f"{words.GATE_MARKS[check.outcome]} {words.gate_word(check)}",
        )
        for data, found in (*option.gates.items(), *((f"tag {tag}", held) for tag, held in option.tag_gates.items()))
        for check in found.checks
        if check.unmet
    ]
    heads = (("class", str), ("gate", str), ("needs", words.level), ("has", words.level), ("outcome", str))
    yield (
        " ".join(_clearance(option, open_gates=bool(gates))) if gated else "Gates: none set.",
        Table(heads, gates),
        *(f"Not applicable: {criteria[check.criterion].title} ({check.reason})." for check in option.not_applicable),
    )
    differing = [
        (
            criteria[cell.criterion].title,
            ", ".join(f"{assessor} {words.level(level)}" for assessor, level in cell.levels.items()),
            cell.level,
        )
        for cell in option.cells
        if cell.differs
    ]
    yield Table((("assessors differ on", str), ("answers", str), ("counts", words.level)), differing)
    yield own_work_sentence(option.own_work)


def own_work_page(option: OptionScore) -> Page:
    """Every item of own work on an option, what is open first."""
    items = sorted(option.own_work, key=lambda item: item.state != "open")
    rows = [
        (f"{item.criterion}/{item.id}", item.text, item.state, item.role, item.date or "", item.finding)
        for item in items
    ]
    heads = ("item", "what", "state", "role", "on", "finding")
    none = "The catalogue asks for no own work on the criteria in scope."
    return [
        (f"{option.name}, {option.edition_name}", own_work_sentence(option.own_work) or none),
        Table(tuple((head, str) for head in heads), rows),
    ]


def own_work_sentence(items: Sequence[OwnWorkItem]) -> str:
    """How much of the due diligence that only the organisation can do is done; nothing where there is none."""
    count = OwnWorkCount.of("", items)
    needed = f"; {count.not_needed} not needed" if count.not_needed else ""
    return f"Own work: {count.done} of {count.total} done{needed}." if items else ""


def _clearance(option: OptionScore, *, open_gates: bool) -> Iterator[str]:
    """What an option is and can still be cleared for, by class and by tag."""
    state = "" if option.assessed else f"{words.NOT_ASSESSED}, "
    further = [option.clearable] if option.clearable and option.clearable != option.cleared else []
    tail = "" if open_gates else "; no gate is unmet"
    yield f"Gates: {state}cleared for {option.cleared or 'no data class'}{_once_met(further)}{tail}."
    if option.tag_gates:
        cleared = words.joined(option.cleared_tags) or "none"
        further = [tag for tag in option.clearable_tags if tag not in option.cleared_tags]
        yield f"Data tags: cleared for {cleared}{_once_met(further)}."


def _once_met(data: Sequence[str]) -> str:
    """What an option would be cleared for once unsupported gates are met; empty where that is nothing further."""
    return f"; for {words.joined(data)} once every unsupported gate is met" if data else ""


def explanation_page(workspace: Workspace, explanation: Explanation) -> Page:
    """Every criterion that has an effect, largest first; the table adds up to its last line."""
    titles = {key: criterion.title for key, criterion in workspace.catalogue.criteria.items()}
    alone = explanation.against is None
    called = [option_name(workspace, option) for option in (explanation.option, explanation.against) if option]
    shown = [part for part in explanation.parts if part.points or (alone and part.open[0])]
    rows: list[tuple[Any, ...]] = [
        (
            titles[part.criterion],
            part.levels[0],
            "" if alone else part.levels[1],
            part.weight if alone else "",
            part.points,
            _open(part.open[0]) if alone else "",
        )
        for part in shown
    ]
    silent = len(explanation.parts) - len(shown)
    if silent:
        rows.append((f"{words.counted(silent, 'criterion', 'criteria')} without effect", "", "", "", 0.0, ""))
    rows.append(("total", "", "", "", explanation.score, _open(explanation.open[0]) if alone else ""))
    show = words.hundredths if alone else words.signed_hundredths
    first, second = ("level", "") if alone else called
    columns = (
        *(("criterion", str), (first, words.level), (second, words.level), ("weight", words.share)),
        *(("points", show), ("could earn", words.hundredths)),
    )
    could = [
        f"{name} {words.hundredths(points)} points"
        for name, points in zip(called, explanation.open, strict=False)
        if points
    ]
    unit = "points of 100" if alone else "points"
    return [
        heading(workspace, explanation.as_of, len(explanation.parts)),
        [
            f"{' against '.join(called)}: {show(explanation.score)} {unit}, by criterion",
            Table(columns, rows),
        ],
        f"Unknown answers earn nothing; they could still earn {' and '.join(could)}." if could else "",
    ]


def _open(points: float) -> str:
    return f"+{words.hundredths(points)}" if points else ""


def stacks_page(result: Evaluated) -> Page:
    """The best stack of every size, the recommended one in detail, and what stays uncovered."""
    stacks = result.stacks
    head = heading(result.workspace, result.scores.as_of, len(result.scores.weights))
    if stacks is None:
        return [head, "No use case of any importance is described, so no stack can be chosen."]
    sizes = [line for before, size in pairwise((None, *stacks.sizes)) if size for line in _size(result, before, size)]
    return [
        head,
        " ".join(limits_lead(result, ENGLISH)),
        sizes,
        *_recommended(result, stacks.chosen),
        seal_sentence(result.sealing, ENGLISH) if result.sealing else "",
    ]


def _size(result: Evaluated, before: StackSize | None, size: StackSize) -> Iterator[Part]:
    """The best stack of one size, what it adds to the size ``before`` it, and which stacks are too close to call."""
    recommended = result.stacks is not None and size.size == result.stacks.recommended
    figures = f"{words.counted(size.size, 'tool')}: {words.points(size.best.value)} points"
    less = words.counted(before.size, "tool") if before else ""
    if before and not recommended and not round(size.gain, 9):
        yield f"{figures}, no gain over {less}"
        return
    gain = f", {words.signed(size.gain)} over {less}" if before else ""
    yield f"{figures}{gain}{'  <- recommended' if recommended else ''}"
    yield Indented(names(result, size.best.tools, ENGLISH), 4)
    yield Indented(f"per year: {words.money(size.best.cost, ENGLISH)}", 4)
    close = (*size.tied, *size.close)
    if close:
        several = len(close) > 1 or size.more_close
        count = f"{words.counted(len(close), 'other stack')}{' or more' if size.more_close else ''}"
        best = f"{names(result, close[0].tools, ENGLISH)} ({words.points(close[0].value)})"
        tail = f"are too close to call, the best of them {best}" if several else f"is too close to call: {best}"
        yield Indented(f"{count} {tail}", 4)


def _recommended(result: Evaluated, chosen: Stack | None) -> Iterator[Section]:
    if chosen is None:
        yield " ".join(("No stack is recommended.", *recommendation(result, ENGLISH)[1:]))
        return
    titles = {case.id: case.title for case in result.workspace.demand.use_cases}
    rows = [
        (
            titles[place.use_case],
            f"{words.COVERAGE_MARKS[place.coverage]} {words.COVERAGE_WORDS[place.coverage]}",
            result.scores.option(place.tool).name if place.tool else "",
            place.fit,
        )
        for place in chosen.served
    ]
    yield f"Recommended: {words.counted(len(chosen.tools), 'tool')}. {size_reason(result, ENGLISH)}"
    yield Table((("use case", str), ("served", str), ("by", str), ("fit", words.points)), rows)
    if result.scores.tag_gates:
        tools = [result.scores.option(tool) for tool in chosen.tools]
        held = [(option.name, _cleared(option), ", ".join(option.cleared_tags) or "none") for option in tools]
        yield Table((("tool", str), ("cleared for", str), ("data tags", str)), held)
    yield [
        f"Not covered: {titles[place.use_case]} ({_obstacle(result, place.use_case)})"
        for place in chosen.served
        if place.coverage is Coverage.NOT_COVERED
    ]


def _obstacle(result: Evaluated, use_case: str) -> str:
    """Who else could serve a use case, and how many options fail on what."""
    excluded = result.stacks.limits.excluded if result.stacks else ()
    fits = result.fits[use_case]
    able = [fit.option for fit in fits if fit.coverage is not Coverage.NOT_COVERED]
    free = sum(option not in excluded for option in able)
    who = "no option covers it"
    if free:
        who = f"{words.counted(free, 'option')} outside the stack could"
    elif able:
        who = f"only what is ruled out could serve it: {names(result, able, ENGLISH)}"
    gates = sum(bool(fit.failed) for fit in fits)
    absent = sum(bool(fit.absent) for fit in fits)
    lacks = "lacks" if absent == 1 else "lack"
    return f"{who}; {gates} {'fails' if gates == 1 else 'fail'} a gate, {absent} {lacks} a required capability"


def stack_page(workspace: Workspace, found: StackDetails) -> Page:
    """One stack in full: sizes, contributions, overlap, concentration, cost, and what stays open."""
    steps = []
    for step in found.steps:
        served = f"{step.covered}/{step.conditional}/{step.not_covered}"
        steps.append((step.size, option_names(workspace, step.tools), step.value, step.gain, served))
    contributions = [(option_name(workspace, row.tool), row.alone, row.last, row.fair) for row in found.worth]
    overlaps = [(option_names(workspace, row.tools), row.share, len(row.use_cases)) for row in found.overlaps]
    figures = (("points", words.points), ("gain", words.signed), ("covered / conditional / none", words.whole))
    return [
        f"{option_names(workspace, found.tools)}: {words.points(found.value)} points",
        limits_sentence(found.limits, lambda tools: option_names(workspace, tools), ENGLISH),
        Table((("size", words.whole), ("best stack", str), *figures), steps),
        [
            Table(
                (("tool", str), *((head, words.points) for head in ("alone", "lost without it", "fair share"))),
                contributions,
            ),
            "Fair share: the mean of what the tool adds over all orders of approval (Shapley value); the shares add up.",
        ],
        Table((("overlap of", str), ("share", words.chance), ("use cases", words.whole)), overlaps),
        [*_risks(workspace, found), *(_uncovered(workspace, row) for row in found.uncovered)],
        *(_frontier(workspace, frontier) for frontier in found.frontier),
    ]


def _risks(workspace: Workspace, found: StackDetails) -> Iterator[str]:
    yield f"Per year: {words.money(found.cost, ENGLISH)}"
    if found.budget and found.limits.budget is not None:
        limit = f"{found.limits.currency} {words.whole(found.limits.budget)}"
        yield f"The expected cost is {BUDGET_WORDS[found.budget]} of {limit}."
    for row in found.concentrations:
        yield f"Same {row.kind}, {row.value}: {option_names(workspace, row.tools)}."


def _uncovered(workspace: Workspace, row: Uncovered) -> str:
    title = workspace.demand.by_id[row.use_case].title
    if row.elsewhere:
        return f"Not covered: {title}. Outside the stack: {option_names(workspace, row.elsewhere[:3])}."
    if row.ruled_out:
        return f"Not covered: {title}. Only what is ruled out could serve it: {option_names(workspace, row.ruled_out)}."
    if not row.obstacles:
        return f"Not covered: {title}."
    nearest = row.obstacles[0]
    lacking = [workspace.catalogue.criteria[key].title for key in nearest.failed]
    lacking += [workspace.demand.capabilities.get(key, key) for key in nearest.absent]
    what = f" lacks {words.joined(lacking)}" if lacking else " scores nothing there"
    return f"Not covered: {title}, by no option. Nearest: {option_name(workspace, nearest.option)}{what}."


def _frontier(workspace: Workspace, frontier: Frontier) -> Iterator[Part]:
    rows = [
        (option_names(workspace, point.tools), point.value, point.cost.expected(frontier.currency))
        for point in frontier.points
    ]
    yield f"Value against cost, stacks of up to {words.counted(frontier.up_to, 'tool')} priced in {frontier.currency}:"
    yield Table((("stack", str), ("points", words.points), (f"{frontier.currency} a year", words.whole)), rows)
    if frontier.better_unpriced:
        point = frontier.better_unpriced
        yield (
            f"{words.counted(frontier.unpriced, 'stack')} could not be compared, as the price is not known in full in "
            f"{frontier.currency}. The best: {option_names(workspace, point.tools)}, {words.points(point.value)} points."
        )


def problems_page(problems: Sequence[Problem]) -> Page:
    """One line per problem, then the count."""
    if not problems:
        return ["no problem found"]
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    summary = f"{words.counted(errors, 'error')}, {words.counted(len(problems) - errors, 'warning')}"
    return [[*(Indented(str(problem), 0, exact=True) for problem in problems), summary]]
