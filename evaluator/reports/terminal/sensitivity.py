"""Pages of the terminal on how sensitive the answer is: robustness, methods, break-even weights, open questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluator.model.sensitivity import (
    AnswerBreakeven,
    Breakeven,
    BreakevenPoint,
    LeastChange,
    MethodComparison,
    OpenQuestion,
    OpenQuestions,
    OpenReason,
    Robustness,
    Scenario,
    WeightBreakeven,
    WeightDistribution,
)
from evaluator.model.workspace import Workspace
from evaluator.reports import words
from evaluator.reports.terminal.page import Column, Indented, Page, Part, Section, Table
from evaluator.reports.terminal.scores import heading, option_name, option_names

QUESTIONS = 20
"""Questions listed unless another number is asked for."""
NEAREST = 12
"""Criteria listed, those whose break-even weight is nearest."""
LEADING = 3
"""Ranks that count as leading."""
PRIORITIES = 4
"""Options whose priorities are listed, those that rank first most often under any weights."""

DISTRIBUTION_WORDS = {
    WeightDistribution.AROUND: "weights around the stated ones",
    WeightDistribution.ORDER: "any weights in the stated order of importance",
    WeightDistribution.ANY: "any weights",
}


def robustness_page(workspace: Workspace, found: Robustness) -> Page:
    """How often each option ranks first, how often the recommended stack is the best of its size, and who wins otherwise."""
    head = [heading(workspace, found.as_of), [_simulations(found)]]
    if not found.scenarios:
        return [*head, "No option is in scope."]
    views = [
        (view.name, option_names(workspace, view.first), option_names(workspace, view.stack or ()))
        for view in found.views
    ]
    verb = "ranks" if len(found.equal_weights) == 1 else "rank"
    return [
        *head,
        _first_places(workspace, found),
        *_stacks(workspace, found),
        _priorities(workspace, found.scenario(WeightDistribution.ANY)),
        Table((("by the weights of", str), ("ranks first", str), ("stack", str)), views),
        f"With equal weights on all criteria that count, {option_names(workspace, found.equal_weights)} {verb} first.",
    ]


def _simulations(found: Robustness) -> str:
    low, high = found.credit
    stays = f"in 95 % of simulations a typical weight stays within {words.share(found.half_width)} of its stated value."
    whose = "Around the stated weights,"
    if found.views:
        roles = words.joined([view.name for view in found.views])
        whose = f"Around: each takes the weights of one of {len(found.views)} stakeholders ({roles});"
    return (
        f"{found.samples:,} simulations with seed {found.seed} vary the weights, the answers (by their confidence; "
        f"unknown ones over all levels) and the credit for a conditional fit (from {low:g} to {high:g}). {whose} {stays}"
    )


def _first_places(workspace: Workspace, found: Robustness) -> Section:
    rows = [
        (
            option_name(workspace, option.option),
            *(scenario.options[place].first for scenario in found.scenarios),
            100 * option.first_error,
            option.within(LEADING),
            option.regret,
        )
        for place, option in enumerate(found.scenarios[0].options)
    ]
    shares: list[Column] = [(scenario.law.value, words.chance) for scenario in found.scenarios]
    around = (("±", words.points), (f"first {LEADING}", words.chance), ("regret", words.points))
    legend = "; ".join(f"{scenario.law.value}: {DISTRIBUTION_WORDS[scenario.law]}" for scenario in found.scenarios)
    return [
        f"First place by score: {option_names(workspace, found.first)}. Share of simulations in which each option ranks first:",
        Table((("option", str), *shares, *around), rows),
        (
            f"{legend[0].upper()}{legend[1:]}. ±, first {LEADING} and regret belong to the first of these. ±: standard error "
            f"in percentage points. First {LEADING}: share with rank {LEADING} or better. Regret: points behind the best "
            "option, on average. The shares are not probabilities of being right."
        ),
    ]


def _stacks(workspace: Workspace, found: Robustness) -> Iterator[Section]:
    if found.stack is None:
        yield "No stack is recommended, so none is compared with others."
        return
    within = " within the limits set" if workspace.evaluation.stack.limits.any else ""
    rows = [
        (
            scenario.law.value,
            (scenario.stack.share, scenario.stack.share_error),
            scenario.stack.close,
            (scenario.stack.regret, scenario.stack.regret_error),
        )
        for scenario in found.scenarios
        if scenario.stack
    ]
    yield (
        f"Recommended stack{within}: {option_names(workspace, found.stack)}.",
        Table(
            (
                *(("weights", str), ("best of its size", _share)),
                *(("within the close band", words.chance), ("regret", _points)),
            ),
            rows,
        ),
    )
    around = found.scenarios[0]
    shares = [
        (size.size, option_names(workspace, share.tools), (share.share, share.error))
        for size in around.sizes
        for share in size.stacks[:3]
    ]
    yield (
        "Stacks that are best of their size most often, around the stated weights:",
        Table((("size", words.whole), ("stack", str), ("share", _share)), shares),
        *(
            f"Stacks of {size.size} were searched in {size.draws:,} simulations."
            for size in around.sizes
            if size.draws < found.samples
        ),
    )


def _share(found: tuple[float, float]) -> str:
    """A share of simulations with its standard error in percentage points."""
    return f"{words.chance(found[0])} ± {100 * found[1]:.1f}"


def _points(found: tuple[float, float]) -> str:
    """Points with their standard error."""
    return f"{words.hundredths(found[0])} ± {words.hundredths(found[1])}"


def _priorities(workspace: Workspace, scenario: Scenario) -> Section:
    """For the leading options, the criteria they need more than an equal weight on."""
    lines = []
    ranked = sorted(scenario.options, key=lambda option: (-option.first, option.option))
    for option in ranked[:PRIORITIES]:
        central = option.central or {}
        most = sorted(central.items(), key=lambda item: (-item[1], item[0]))[:3]
        wanted = [
            f"{workspace.catalogue.criteria[key].title} {words.points(weight * len(central))}"
            for key, weight in most
            if weight * len(central) > 1
        ]
        if wanted:
            lines.append(Indented(f"{option_name(workspace, option.option)}: {'; '.join(wanted)}."))
    title = "Priorities under which each option would rank first (multiples of an equal weight):"
    return [title, *lines] if lines else []


def methods_page(workspace: Workspace, found: MethodComparison) -> Page:
    """Whether the first place depends on the method; follows the page on robustness and has no heading of its own."""
    rows = [
        (
            words.METHOD_WORDS[opinion.method],
            option_names(workspace, opinion.first),
            "same" if opinion.agrees else "other",
        )
        for opinion in found.methods
    ]
    others = sum(not opinion.agrees for opinion in found.methods)
    verb = "puts" if others == 1 else "put"
    differs = f"The first place depends on the method: {others} of {len(rows)} {verb} another option first."
    if not rows:
        return ["No option is in scope."]
    return [
        "The first place does not depend on the method." if found.agree else differs,
        Table((("method", str), ("ranks first", str), ("first place", str)), rows),
    ]


def breakeven_page(workspace: Workspace, found: Breakeven) -> Page:
    """The weights and answers nearest to another first place or another stack."""
    first = option_names(workspace, found.first)
    lead = []
    if not found.first:
        lead.append("No option is in scope.")
    elif len(found.first) > 1:
        lead.append(f"{first} share the first place: any change can decide it.")
    elif found.runner_up:
        lead.append(f"{first} leads {option_name(workspace, found.runner_up)} by {words.hundredths(found.gap)} points.")
    if found.stack:
        lead.append(f"Recommended stack: {option_names(workspace, found.stack)}.")
    titles = {family.id: family.title for family in workspace.catalogue.head.families}
    titles |= {key: criterion.title for key, criterion in workspace.catalogue.criteria.items()}
    return [
        heading(workspace, found.as_of),
        lead,
        _weights(workspace, titles, ("family", "families"), found.families, len(found.families)),
        _weights(workspace, titles, ("criterion", "criteria"), found.criteria, NEAREST),
        _least(workspace, titles, found.least[0]) if found.least else [],
        _answers(workspace, "Fewest answers", found.answers),
        _answers(workspace, "Fewest open answers", found.open_answers),
        ["No set of open answers can change the first place."] if found.runner_up and not found.open_answers else [],
    ]


def _weights(
    workspace: Workspace, titles: dict[str, str], noun: tuple[str, str], rows: Sequence[WeightBreakeven], most: int
) -> Section:
    """The break-even weights nearest to the stated ones; one and several of what is weighted are called ``noun``."""
    able = sorted((row for row in rows if row.nearest is not None), key=lambda row: (row.nearest, row.id))
    table = [
        (
            titles[row.id],
            row.weight,
            _nearer(workspace, row.weight, row.first_down, row.first_up),
            _nearer(workspace, row.weight, row.stack_down, row.stack_up),
        )
        for row in able[:most]
    ]
    columns = ((noun[0], str), ("weight", words.percent), ("first place changes", str), ("stack changes", str))
    notes = []
    if len(able) < len(rows):
        notes.append(f"For {words.counted(len(rows) - len(able), *noun)}, no weight changes the result.")
    if len(able) > most:
        notes.append(
            f"For {words.counted(len(able) - most, 'more ' + noun[0], 'more ' + noun[1])}, only a larger change does."
        )
    return [Table(columns, table), *notes]


def _nearer(workspace: Workspace, weight: float, down: BreakevenPoint | None, up: BreakevenPoint | None) -> str:
    """The nearer of two break-even weights, and to whom the result changes there."""
    points = [(abs(point.at - weight), side, point) for side, point in (("below", down), ("above", up)) if point]
    if not points:
        return "none"
    _, side, point = min(points, key=lambda item: item[0])
    return f"{side} {words.percent(point.at)}: {option_names(workspace, point.to)}"


def _least(workspace: Workspace, titles: dict[str, str], least: LeastChange) -> Section:
    name = option_name(workspace, least.rival)
    if least.distance is None:
        return [f"No weights on the criteria that count let {name} or any other option draw level."]
    changes = [
        f"{titles[key]} {words.percent(before)} to {words.percent(after)}"
        for key, (before, after) in least.weights.items()
    ]
    moved = words.percent(least.distance / 2)
    return [
        f"Smallest change of all weights together: moving {moved} of the weight lets {name} draw level.",
        Indented(f"{'; '.join(changes)}."),
    ]


def _answers(workspace: Workspace, title: str, found: AnswerBreakeven | None) -> Section:
    if found is None:
        return []
    name = option_name(workspace, found.rival)
    return [
        f"{title} that let {name} draw level: {len(found.changes)}.",
        *(
            Indented(
                f"{option_name(workspace, change.option)}, {workspace.catalogue.criteria[change.criterion].title}: "
                f"{_level(change.before)} to {_level(change.after)}"
            )
            for change in found.changes
        ),
    ]


def _level(value: int | None) -> str:
    return words.UNKNOWN if value is None else f"level {value}"


def questions_page(workspace: Workspace, found: OpenQuestions, most: int = QUESTIONS) -> Page:
    """Whom to ask, what to ask first, and what each answer could change."""
    questions = found.questions
    head = heading(workspace, found.as_of)
    if not questions:
        return [head, "No open answer could change anything."]
    deciding = [question for question in questions if question.gain > 0 or question.gain_first > 0]
    shown = (deciding or questions)[:most]
    lines: list[Part] = ["What to ask first:" if deciding else "No single answer changes the choice. To begin with:"]
    lines += [line for question in shown for line in _question(workspace, question)]
    if len(deciding) > len(shown):
        lines.append(f"{words.counted(len(deciding) - len(shown), 'more answer')} could change the choice.")
    if deciding and len(questions) > len(deciding):
        lines.append(f"{len(questions) - len(deciding)} more would change it only together with others, if at all.")
    rows = []
    for option in found.options:
        if option.questions:
            blocking = sum(bool(question.gates or question.use_cases) for question in option.questions)
            gains = ((option.gain, option.gain_error), option.gain_first)
            rows.append((option_name(workspace, option.option), len(option.questions), blocking, *gains))
    columns = (
        *(("vendor", str), ("open", words.whole), ("block a gate", words.whole)),
        *(("gain, stack", _points), ("gain, first place", words.hundredths)),
    )
    return [
        head,
        (
            f"{words.counted(len(questions), 'open answer')}. Gain: the points that knowing an answer before deciding "
            f"would save, on average; for a vendor, knowing all its answers, from {found.samples:,} simulations with "
            f"seed {found.seed}."
        ),
        Table(columns, rows),
        lines,
    ]


def _question(workspace: Workspace, question: OpenQuestion) -> Iterator[Part]:
    capability = question.doubt is OpenReason.CAPABILITY
    title = (
        workspace.demand.capabilities.get(question.subject, question.subject)
        if capability
        else workspace.catalogue.criteria[question.subject].title
    )
    has = "" if capability or question.level is None else f"level {question.level}, "
    yield f"{option_name(workspace, question.option)}: {title} ({has}{words.OPEN_REASON_WORDS[question.doubt]})"
    effects = [f"gain {words.hundredths(question.gain)}"]
    if question.gain_first > 0:
        effects.append(f"for the first place {words.hundredths(question.gain_first)}")
    if not capability:
        effects.append(f"score {words.points(question.score[0])} to {words.points(question.score[1])}")
    for how, clears in (("alone", True), ("with others", False)):
        blocked = [gate.data_class or gate.data_tag for gate in question.gates if gate.clears is clears]
        effects += [f"{how} blocks {words.joined(blocked)}"] if blocked else []
    if question.use_cases:
        effects.append(words.counted(len(question.use_cases), "use case"))
    yield Indented("; ".join(effects), 4)
    others = [option_names(workspace, tools) for tools in question.stacks[:2]]
    if others:
        yield Indented(f"could make {words.joined(others, 'or')} the better stack", 4)
