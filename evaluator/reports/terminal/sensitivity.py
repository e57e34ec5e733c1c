"""What the terminal shows of how robust an answer is: plain text that fits 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from evaluator.model.sensitivity import (
    AnswerBreakeven,
    AnswerChange,
    Breakeven,
    BreakevenPoint,
    LeastChange,
    MethodComparison,
    OpenQuestion,
    OpenQuestions,
    OpenReason,
    OptionQuestions,
    Robustness,
    Scenario,
    WeightBreakeven,
    WeightDistribution,
)
from evaluator.model.workspace import Workspace
from evaluator.reports import words
from evaluator.reports.terminal.names import criterion_title, option_name, option_names
from evaluator.reports.terminal.scores import paragraph, table

QUESTIONS = 20
"""Questions listed unless told otherwise."""
NEAREST = 12
"""Single weights listed, those that turn something with the least change."""

LEADING = 3
"""Ranks that count as leading."""

LAW_WORDS = {
    WeightDistribution.AROUND: "weights around the stated ones",
    WeightDistribution.ORDER: "any weights of the stated order",
    WeightDistribution.ANY: "any weights at all",
}
DOUBT_WORDS = {
    OpenReason.UNKNOWN: "unknown",
    OpenReason.STALE: "stale",
    OpenReason.OVER_CAP: "beyond its evidence",
    OpenReason.UNSUPPORTED: "unsupported",
    OpenReason.FLOOR: "higher level unsupported",
    OpenReason.CAPABILITY: "capability unknown",
}


def robustness_page(workspace: Workspace, found: Robustness) -> str:
    """How often each option ranks first, how often the recommended stack is the best of its size, and who wins otherwise."""
    laws = [scenario.law for scenario in found.scenarios]
    parts = [*_head(workspace, found.as_of), "", paragraph(_samples_note(found))]
    if not found.scenarios:
        return "\n".join([*parts, "", "No option is in scope."])
    parts += [
        "",
        paragraph(f"First place by score: {option_names(workspace, found.first)}."),
        _first_table(workspace, found),
    ]
    parts += ["", *_stack_lines(workspace, found)]
    parts += ["", *_central_lines(workspace, found.scenario(WeightDistribution.ANY))]
    if found.views:
        rows = [
            (
                words.abbreviated(view.name, 24),
                option_names(workspace, view.first, 24),
                option_names(workspace, view.stack or (), 24),
            )
            for view in found.views
        ]
        parts += ["", table(rows, ("by the weights of", "ranks first", "stack"), "lll")]
    equal = option_names(workspace, found.equal_weights)
    parts += ["", paragraph(f"With equal weights on all criteria that count, {equal} ranks first.")]
    parts += [
        paragraph(f"Shares are of draws, not chances of being right: {'; '.join(LAW_WORDS[law] for law in laws)}.")
    ]
    return "\n".join(parts)


def _samples_note(found: Robustness) -> str:
    low, high = found.credit
    draws = (
        f"{found.samples:,} draws with seed {found.seed}: weights, answers (by their confidence, unknown ones over all "
        f"levels), and a conditional credit from {low:g} to {high:g}."
    )
    strays = f"an average one strays by {words.share(found.half_width)} in 95 of 100 draws."
    if not found.views:
        return f"{draws} Around the stated weights {strays}"
    roles = words.joined([view.name for view in found.views])
    return (
        f"{draws} Around: each draw takes the weights of one of {len(found.views)} stakeholders ({roles}), and {strays}"
    )


def _first_table(workspace: Workspace, found: Robustness) -> str:
    around = found.scenarios[0]
    rows = []
    for place, option in enumerate(around.options):
        each = [words.chance(scenario.options[place].first) for scenario in found.scenarios]
        error = f"{100 * option.first_error:.1f}"
        leading = words.chance(option.within(LEADING))
        rows.append((option_name(workspace, option.option), *each, error, leading, words.points(option.regret)))
    headers = ("ranks first in", "around", "order", "any", "±", f"first {LEADING}", "regret")
    return table(rows, headers, "lrrrrrr")


def _stack_lines(workspace: Workspace, found: Robustness) -> list[str]:
    if found.stack is None:
        return ["No stack is recommended, so none is held against others."]
    within = " within the limits set" if workspace.evaluation.stack.limits.any else ""
    lines = [paragraph(f"Recommended stack{within}: {option_names(workspace, found.stack)}.")]
    rows = [
        (
            LAW_WORDS[scenario.law],
            f"{words.chance(scenario.stack.share)} ± {100 * scenario.stack.share_error:.1f}",
            words.chance(scenario.stack.close),
            f"{words.points(scenario.stack.regret, 2)} ± {words.points(scenario.stack.regret_error, 2)}",
        )
        for scenario in found.scenarios
        if scenario.stack
    ]
    lines.append(table(rows, ("draws", "best of its size", "within the band", "mean regret"), "lrrr"))
    lines += ["", paragraph("Stacks that are best of their size most often, around the stated weights:")]
    around = found.scenarios[0]
    shown = [
        (
            f"{size.size}",
            option_names(workspace, share.tools, 58),
            f"{words.chance(share.share)} ± {100 * share.error:.1f}",
        )
        for size in around.sizes
        for share in size.stacks[:3]
    ]
    lines.append(table(shown, ("size", "stack", "share"), "rlr"))
    fewer = [size for size in around.sizes if size.draws < found.samples]
    lines += [paragraph(f"Stacks of {size.size} were searched in {size.draws:,} draws.") for size in fewer]
    return lines


def _central_lines(workspace: Workspace, scenario: Scenario) -> list[str]:
    """For the leading options, the criteria they need more than an equal share of."""
    lines = [
        paragraph(
            "What one would have to care about for an option to rank first, in times an equal share (any weights):"
        )
    ]
    ranked = sorted(scenario.options, key=lambda option: (-option.first, option.option))
    for option in ranked[:4]:
        if option.central is None:
            continue
        fair = 1 / len(option.central)
        most = sorted(option.central.items(), key=lambda item: (-item[1], item[0]))[:3]
        liked = [
            f"{criterion_title(workspace, key)} {words.points(weight / fair)}" for key, weight in most if weight > fair
        ]
        if liked:
            lines.append(paragraph(f"{option_name(workspace, option.option)}: {'; '.join(liked)}.", "  "))
    return lines if len(lines) > 1 else []


def breakeven_page(workspace: Workspace, found: Breakeven) -> str:
    """The weights and answers nearest to another first place or another stack."""
    parts = [*_head(workspace, found.as_of), ""]
    if len(found.first) != 1:
        who = option_names(workspace, found.first)
        parts.append(
            paragraph(f"{who} share the first place: any change can decide it." if who else "No option is in scope.")
        )
    elif found.runner_up:
        next_ = option_name(workspace, found.runner_up)
        parts.append(
            paragraph(f"{option_names(workspace, found.first)} leads {next_} by {words.points(found.gap, 2)} points.")
        )
    if found.stack:
        parts.append(paragraph(f"Recommended stack: {option_names(workspace, found.stack)}."))
    parts += ["", *_breakeven_lines(workspace, "family", found.families, len(found.families))]
    parts += ["", *_breakeven_lines(workspace, "criterion", found.criteria, NEAREST)]
    if found.least:
        parts += ["", *_least_lines(workspace, found.least[0])]
    parts += _answer_lines(workspace, found)
    return "\n".join(parts)


def _breakeven_lines(workspace: Workspace, kind: str, turns: Sequence[WeightBreakeven], most: int) -> list[str]:
    able = [turn for turn in turns if turn.nearest is not None]
    able.sort(key=lambda turn: (turn.nearest, turn.id))
    titles = {family.id: family.title for family in workspace.catalogue.head.families}
    rows = []
    for turn in able[:most]:
        title = titles[turn.id] if kind == "family" else criterion_title(workspace, turn.id)
        first = _nearest_breakeven(workspace, turn.weight, turn.first_down, turn.first_up)
        stack = _nearest_breakeven(workspace, turn.weight, turn.stack_down, turn.stack_up)
        rows.append((words.abbreviated(title, 24), words.percent(turn.weight), first or "none", stack or "none"))
    lines = [table(rows, (kind, "weight", "first place turns", "stack turns"), "lrll")] if rows else []
    silent = len(turns) - len(able)
    plural = "families" if kind == "family" else "criteria"
    if silent:
        verb = "turns" if silent == 1 else "turn"
        lines.append(f"{words.counted(silent, kind, plural)} {verb} nothing at any weight.")
    if len(able) > most:
        lines.append(f"{len(able) - most} more turn something further away.")
    return lines


def _nearest_breakeven(
    workspace: Workspace, weight: float, down: BreakevenPoint | None, up: BreakevenPoint | None
) -> str:
    """The nearer of two break-even points."""
    turns = [(abs(turn.at - weight), sign, turn) for sign, turn in (("<", down), (">", up)) if turn]
    if not turns:
        return "none"
    _, sign, turn = min(turns, key=lambda item: item[:2])
    return f"{sign} {words.percent(turn.at)} {option_names(workspace, turn.to, 13)}"


def _least_lines(workspace: Workspace, least: LeastChange) -> list[str]:
    name = option_name(workspace, least.rival)
    if least.distance is None:
        return [paragraph(f"No weights on the criteria that count let {name} or anybody else draw level.")]
    changes = [
        f"{criterion_title(workspace, key)} {words.percent(before)} to {words.percent(after)}"
        for key, (before, after) in least.weights.items()
    ]
    return [
        paragraph(
            f"Smallest change of all weights together: {words.percent(least.distance / 2)} of the weight moved lets {name} draw level."
        ),
        paragraph(f"{'; '.join(changes)}.", "  "),
    ]


def _answer_lines(workspace: Workspace, found: Breakeven) -> list[str]:
    lines = []
    for title, turn in (("Fewest answers", found.answers), ("Fewest open answers", found.open_answers)):
        if turn:
            lines += ["", paragraph(_answers(workspace, title, turn))]
            lines += [paragraph(_change(workspace, change), "  ") for change in turn.changes]
    if found.runner_up and not found.open_answers:
        lines += ["", "No set of open answers can change the first place."]
    return lines


def _answers(workspace: Workspace, title: str, turn: AnswerBreakeven) -> str:
    name = option_name(workspace, turn.rival)
    return f"{title} that let {name} draw level: {len(turn.changes)}."


def _change(workspace: Workspace, change: AnswerChange) -> str:
    title = criterion_title(workspace, change.criterion)
    return (
        f"{option_name(workspace, change.option)}, {title}: {words.level(change.before)} to {words.level(change.after)}"
    )


def questions_page(workspace: Workspace, found: OpenQuestions, most: int = QUESTIONS) -> str:
    """Whom to ask, what to ask first, and what each answer could change."""
    questions = found.questions
    parts = [*_head(workspace, found.as_of), ""]
    if not questions:
        return "\n".join([*parts, "Nothing that matters is open."])
    parts.append(
        paragraph(
            f"{words.counted(len(questions), 'open answer')}. Gain is what knowing an answer before choosing is worth, in points: "
            f"the regret it would spare on average. All of a vendor's answers together: {found.samples:,} draws, seed {found.seed}."
        )
    )
    rows = [_vendor_row(workspace, option) for option in found.options if option.questions]
    parts += ["", table(rows, ("vendor", "open", "hold up a gate", "gain, stack", "gain, first place"), "lrrrr")]
    deciding = [question for question in questions if question.gain > 0 or question.gain_first > 0]
    shown = (deciding or questions)[:most]
    parts += ["", "What to ask first:" if deciding else "No single answer changes the choice. To begin with:"]
    parts += [line for question in shown for line in _question_lines(workspace, question)]
    if len(deciding) > len(shown):
        parts.append(f"{len(deciding) - len(shown)} more answers could change the choice.")
    if deciding and len(questions) > len(deciding):
        parts.append(
            paragraph(f"{len(questions) - len(deciding)} more would change it only together with others, if at all.")
        )
    return "\n".join(parts)


def _vendor_row(workspace: Workspace, option: OptionQuestions) -> tuple[str, ...]:
    holding = sum(bool(question.gates or question.use_cases) for question in option.questions)
    return (
        option_name(workspace, option.option),
        f"{len(option.questions)}",
        f"{holding}",
        f"{words.points(option.gain, 2)} ± {words.points(option.gain_error, 2)}",
        words.points(option.gain_first, 2),
    )


def _question_lines(workspace: Workspace, question: OpenQuestion) -> Iterable[str]:
    capability = question.doubt is OpenReason.CAPABILITY
    title = (
        workspace.demand.capabilities.get(question.subject, question.subject)
        if capability
        else criterion_title(workspace, question.subject)
    )
    where = "above" if question.doubt is OpenReason.FLOOR else "at"
    has = "" if capability or question.level is None else f" {where} level {question.level}"
    yield paragraph(f"{option_name(workspace, question.option)}: {title} ({DOUBT_WORDS[question.doubt]}{has})")
    effects = [f"gain {words.points(question.gain, 2)}"]
    if question.gain_first > 0:
        effects.append(f"for the first place {words.points(question.gain_first, 2)}")
    if not capability:
        effects.append(f"score {words.points(question.score[0])} to {words.points(question.score[1])}")
    clears = [gate.data_class for gate in question.gates if gate.clears]
    held = [gate.data_class for gate in question.gates if not gate.clears]
    if clears:
        effects.append(f"alone holds up {words.joined(clears)}")
    if held:
        effects.append(f"with others holds up {words.joined(held)}")
    if question.use_cases:
        effects.append(words.counted(len(question.use_cases), "use case"))
    yield paragraph("; ".join(effects), "    ")
    others = [option_names(workspace, tools, 50) for tools in question.stacks[:2]]
    if others:
        yield paragraph(f"could make {words.joined(others, 'or')} the better stack", "    ")


def methods_page(workspace: Workspace, found: MethodComparison) -> str:
    """Whether the first place depends on the method."""
    rows = [
        (
            words.METHOD_WORDS[opinion.method],
            option_names(workspace, opinion.first, 28),
            "same" if opinion.agrees else "other",
        )
        for opinion in found.methods
    ]
    others = sum(not opinion.agrees for opinion in found.methods)
    verdict = (
        "The first place does not depend on the method."
        if found.agree
        else f"The first place depends on the method: {others} of {len(rows)} put somebody else first."
    )
    if not rows:
        return "\n".join([*_head(workspace, found.as_of), "", "No option is in scope."])
    return "\n".join(
        [*_head(workspace, found.as_of), "", verdict, "", table(rows, ("method", "ranks first", ""), "lll")]
    )


def _head(workspace: Workspace, as_of: date) -> list[str]:
    notice = workspace.evaluation.notice
    return [
        paragraph(workspace.evaluation.title),
        f"as of {as_of.isoformat()}",
        *([paragraph(notice)] if notice else []),
    ]
