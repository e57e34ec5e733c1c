"""Sentences composed from a result: true for any workspace, without filler and without comparison as a reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evaluator.model.cost import Coverage
from evaluator.model.elicitation import Sealing, SealState
from evaluator.model.evaluated import Evaluated, GateOutcome, Stack, Stacks, StackSize
from evaluator.model.scorecard import AGREED
from evaluator.reports.language import ENGLISH, Language, form
from evaluator.reports.words import abbreviated, points, share

NAME_WIDTH = 60
"""Longer names are cut inside sentences and tables; the scorecard prints them in full."""

MOST_AGAINST = 3
"""Sentences of disadvantage that page 1 has room for."""

Sentences = tuple[str, ...]


def short_name(result: Evaluated, option: str) -> str:
    """The option's name, cut to a length that fits a line."""
    return abbreviated(" ".join(result.scores.option(option).name.split()), NAME_WIDTH)


def names(result: Evaluated, options: Iterable[str], say: Language = ENGLISH) -> str:
    """``a, b and c``."""
    return say.joined([short_name(result, option) for option in options])


def recommendation(result: Evaluated, say: Language = ENGLISH) -> Sentences:
    """What is recommended, in at most two sentences."""
    if not result.scores.options:
        return (say("recommendation.no-option"),)
    if result.stacks is None:
        return say("recommendation.no-use-case"), first_place(result, say)
    stack = result.stacks.chosen
    if stack is None:
        return say("recommendation.none"), _nothing_serves(result, result.stacks, say)
    how = "alone" if len(stack.tools) == 1 else "together"
    waiting = all(place.coverage is not Coverage.COVERED for place in stack.served)
    condition = "-on-conditions" if waiting else ""
    return say(f"recommendation.approve-{how}{condition}", tools=names(result, stack.tools, say)), _service(stack, say)


def _nothing_serves(result: Evaluated, stacks: Stacks, say: Language) -> str:
    if not stacks.sizes:
        return say("recommendation.no-stack-within-limits")
    if stacks.limits.any:
        return say("recommendation.nothing-serves-within-limits")
    count = len(result.scores.options)
    return say.number("recommendation.nothing-serves", count, use_cases=say.counted(_wanted(result), "use-case"))


def _wanted(result: Evaluated) -> int:
    """Use cases that count: those of some importance."""
    return sum(case.importance > 0 for case in result.workspace.demand.use_cases)


def _service(stack: Stack, say: Language) -> str:
    """How many use cases the stack covers, serves on condition, and leaves open."""
    count = {state: sum(place.coverage is state for place in stack.served) for state in Coverage}
    total = say.counted(len(stack.served), "use-case")
    key = "service.it" if len(stack.tools) == 1 else "service.they"
    parts = []
    if count[Coverage.COVERED]:
        parts.append(say(f"{key}-covers", n=count[Coverage.COVERED], use_cases=total))
    if count[Coverage.CONDITIONAL]:
        if parts:
            parts.append(say(f"{key}-waits", n=count[Coverage.CONDITIONAL]))
        else:
            parts.append(say(f"{key}-only-waits", n=count[Coverage.CONDITIONAL], use_cases=total))
    if count[Coverage.NOT_COVERED]:
        parts.append(say(f"{key}-leaves", n=count[Coverage.NOT_COVERED]))
    return say(key, parts=say.joined(parts))


def first_place(result: Evaluated, say: Language = ENGLISH) -> str:
    """Who ranks first by score, with ties and the close band named."""
    options = result.scores.options
    first = [option for option in options if option.rank == 1]
    lead = options[0]
    who = say.named([short_name(result, option.id) for option in first])
    figure = points(lead.score)
    if len(first) > 1:
        return say("first-place.shared", options=who, score=figure)
    span = {"low": points(lead.low), "high": points(lead.high)}
    # A range of no width is none; that no answer is open is said only where it is exactly so.
    how = "open" if span["low"] != span["high"] else "supported" if lead.low == lead.high else "plain"
    near = [short_name(result, option) for option in lead.close]
    if near:
        band = points(float(result.workspace.evaluation.policies.close_points))
        key = form("first-place.close", len(near))
        return say(key, option=who, score=figure, others=say.named(near), points=band)
    if len(options) == 1:
        return say(f"first-place.only.{how}", option=who, score=figure, **(span if how == "open" else {}))
    return say(f"first-place.clear.{how}", option=who, score=figure, **(span if how == "open" else {}))


def reasons(result: Evaluated, say: Language = ENGLISH) -> Sentences:
    """Up to three reasons for what is recommended, or for why nothing is."""
    stack = result.stacks.chosen if result.stacks else None
    if result.stacks is None:
        return _reasons_by_score(result, say)
    if stack is None:
        return obstacles(result, say)
    found = [_value_sentence(result, stack, say), size_reason(result, say)]
    if len(stack.tools) > 1:
        found.append(marginal_reason(result, stack, say))
    found.append(_clearance(result, stack.tools, say))
    return tuple(reason for reason in found if reason)[:3]


def obstacles(result: Evaluated, say: Language = ENGLISH) -> Sentences:
    """Why no option serves any use case: how many pairs fail on what, and which minimum levels fail most."""
    pairs = [
        fit for case, row in result.fits.items() if result.workspace.demand.by_id[case].importance > 0 for fit in row
    ]
    if not pairs:
        return ()
    failed = sum(bool(fit.failed) for fit in pairs)
    absent = sum(bool(fit.absent) for fit in pairs)
    found = [say.number("obstacles.pairs", len(pairs), failed=failed, absent=absent)]
    by_criterion: dict[str, set[str]] = {}
    for fit in pairs:
        for check in fit.failed:
            by_criterion.setdefault(check.criterion, set()).add(fit.option)
    criteria = result.workspace.catalogue.criteria
    order = sorted(by_criterion.items(), key=lambda item: -len(item[1]))
    if order:
        worst = [f"{criteria[key].title} ({say.counted(len(options), 'option')})" for key, options in order]
        found.append(say("obstacles.gates", criteria=say.named(worst)))
    return tuple(found)


def _reasons_by_score(result: Evaluated, say: Language = ENGLISH) -> Sentences:
    if not result.scores.options:
        return ()
    lead = result.scores.options[0]
    found = [
        say("reasons.answered", share=share(lead.coverage), option=short_name(result, lead.id)),
        _clearance(result, [lead.id], say),
    ]
    return tuple(reason for reason in found if reason)


def _value_sentence(result: Evaluated, stack: Stack, say: Language) -> str:
    """The value of the stack, and how that compares with one tool."""
    value = points(stack.value)
    if len(stack.tools) == 1:
        return say(limited(result, "reasons.value-one"), tool=short_name(result, stack.tools[0]), value=value)
    single = _of_size(result.stacks, 1)
    if single is None:
        return say("reasons.value", value=value)
    one = short_name(result, single.best.tools[0])
    key = limited(result, "reasons.value-against-one")
    return say(key, value=value, one=points(single.best.value), tool=one)


def limited(result: Evaluated, key: str) -> str:
    """The key of the string that says beside "the most" that stacks are limited, where they are."""
    return f"{key}-within-limits" if result.stacks and result.stacks.limits.any else key


def _of_size(stacks: Stacks | None, count: int) -> StackSize | None:
    """The best stack of ``count`` tools; None where none was possible."""
    return next((size for size in stacks.sizes if size.size == count), None) if stacks else None


def size_reason(result: Evaluated, say: Language = ENGLISH) -> str:
    """Why not one tool more."""
    stacks = result.stacks
    if stacks is None or stacks.recommended is None:
        return ""
    following = next((size for size in stacks.sizes if size.size > (stacks.recommended or 0)), None)
    if (
        following is not None and following.size > stacks.recommended + 1
    ):  # limits left the size between without a stack
        figures = {"gain": points(following.gain), "asked": points(stacks.min_gain)}
        return say("reasons.larger", tools=names(result, following.best.tools, say), **figures)
    if following is not None:
        added = names(result, [tool for tool in following.best.tools if tool not in _chosen(stacks)], say)
        figures = {"gain": points(following.gain), "asked": points(stacks.min_gain)}
        if added:
            return say("reasons.one-more-with", size=following.size, tools=added, **figures)
        return say("reasons.one-more", **figures)
    if stacks.recommended == len(result.scores.options):
        return say("reasons.no-further-option")
    return say("reasons.no-larger-stack", tools=say.counted(stacks.recommended, "tool"))


def _chosen(stacks: Stacks) -> tuple[str, ...]:
    return stacks.chosen.tools if stacks.chosen else ()


def marginal_reason(result: Evaluated, stack: Stack, say: Language = ENGLISH) -> str:
    """What the stack would lose without each tool."""
    order = sorted(stack.marginal.items(), key=lambda item: (-round(item[1], 9), item[0]))
    losses = [say("reasons.loss", points=points(loss), tool=short_name(result, tool)) for tool, loss in order]
    return say("reasons.losses", losses=say.joined(losses))


def one_tool_reason(result: Evaluated, say: Language = ENGLISH) -> str:
    """Why one tool is, or is not, enough."""
    stacks = result.stacks
    if stacks is None or stacks.chosen is None:
        return ""
    first, second, chosen = _of_size(stacks, 1), _of_size(stacks, 2), stacks.chosen
    if first is None:
        return say("one-tool.not-allowed")
    single = first.best
    name = short_name(result, single.tools[0])
    left = sum(place.coverage is Coverage.NOT_COVERED for place in single.served)
    gaps = say("one-tool.leaves", use_cases=say.counted(left, "use-case")) if left else say("one-tool.leaves-none")
    figures = {"tool": name, "points": points(single.value), "gaps": gaps}
    if len(chosen.tools) == 1:
        return say("one-tool.enough", **figures)
    text = say(limited(result, "one-tool.best"), **figures)
    return f"{text} {say('one-tool.second', points=points(second.gain))}" if second else text


def alternatives(size: StackSize, say: Language = ENGLISH) -> str:
    """How many other stacks of the same size are tied or close."""
    parts = []
    if size.tied:
        parts.append(say.number("alternatives.tied", len(size.tied)))
    if size.close:
        key = "alternatives.close-at-least" if size.more_close else "alternatives.close"
        parts.append(say.number(key, len(size.close)))
    if not parts:
        return say("alternatives.none")
    text = say("alternatives", stacks=say.joined(parts))
    return f"{text[0].upper()}{text[1:]}"


def _clearance(result: Evaluated, options: Sequence[str], say: Language) -> str:
    """For which data classes tools have shown every minimum level, and which they may still reach."""
    if not any(result.scores.gates.values()):
        return ""
    cleared: dict[str | None, list[str]] = {}
    for option in options:
        cleared.setdefault(result.scores.option(option).cleared, []).append(option)
    parts = []
    for data_class, tools in cleared.items():
        who = names(result, tools, say)
        if data_class is None:
            parts.append(say(form("clearance.none", len(tools)), tools=who))
        else:
            title = class_title(result, data_class)
            if not result.scores.gates[data_class]:
                continue  # nothing had to be shown, so nothing was
            parts.append(say(form("clearance.met", len(tools)), tools=who, data_class=title))
    return say("clearance", parts=say.joined(parts)) if parts else ""


def class_title(result: Evaluated, data_class: str) -> str:
    """The title of a data class as it stands in a sentence."""
    found = next(item for item in result.workspace.guardrails.data_classes if item.id == data_class)
    return found.title.lower() if found.title.istitle() else found.title


def disadvantage(result: Evaluated, say: Language = ENGLISH) -> Sentences:
    """What speaks most against the recommendation: gaps, classes that are closed, and what is not known."""
    stack = result.stacks.chosen if result.stacks else None
    if stack is None:
        return ()
    by_id = result.workspace.demand.by_id
    gaps = [by_id[place.use_case].title for place in stack.served if place.coverage is Coverage.NOT_COVERED]
    found = []
    if all(place.coverage is not Coverage.COVERED for place in stack.served):
        found.append(say("disadvantage.only-on-condition"))
    if gaps:
        found.append(say.number("disadvantage.gaps", len(gaps), use_cases=say.named(gaps)))
    near = _near(result, say)
    if near:
        found.append(near)
    closed = [
        class_title(result, data_class)
        for data_class in result.scores.gates
        if all(_verdict(result, tool, data_class) is GateOutcome.FAILED for tool in stack.tools)
    ]
    if closed:
        found.append(say("disadvantage.closed", classes=say.joined(closed, "or")))
    partly = [tool for tool in stack.tools if share(result.scores.option(tool).coverage) != share(1)]
    if partly:
        found.append(_unknown(result, partly, say))
    return tuple(found[:MOST_AGAINST])


def _near(result: Evaluated, say: Language = ENGLISH) -> str:
    """The stacks of the recommended size that are too close to call; empty where there is none."""
    chosen = (
        next((size for size in result.stacks.sizes if size.size == result.stacks.recommended), None)
        if result.stacks
        else None
    )
    others = (*chosen.tied, *chosen.close) if chosen else ()
    if not others:
        return ""
    first = {"stack": names(result, others[0].tools, say), "points": points(others[0].value)}
    return say.number("disadvantage.close", len(others), **first)


def _verdict(result: Evaluated, option: str, data_class: str) -> GateOutcome:
    return result.scores.option(option).gates[data_class].verdict


def _unknown(result: Evaluated, options: Sequence[str], say: Language) -> str:
    """How much of the weight is answered, tool by tool."""
    parts = [
        say("disadvantage.answered", share=share(result.scores.option(tool).coverage), tool=short_name(result, tool))
        for tool in options
    ]
    return say("disadvantage.unknown", parts=say.joined(parts))


def dissent(
    result: Evaluated, options: Sequence[str], say: Language = ENGLISH, *, here: bool = False
) -> tuple[bool, str]:
    """Whether assessors differ on ``options``, and how often; ``here`` says that these are the tools above."""
    shared = [
        cell
        for option in options
        for cell in result.scores.option(option).cells
        if len([name for name in cell.levels if name != AGREED]) > 1
    ]
    apart = [cell for cell in shared if cell.differs]
    if not shared:
        return False, say("dissent.no-second-opinion")
    total = say.counted(len(shared), "answer")
    if not apart:
        return False, say("dissent.same", answers=total)
    return True, say("dissent.differ-here" if here else "dissent.differ", differing=len(apart), answers=total)


def option_summary(result: Evaluated, vendor: str, say: Language = ENGLISH) -> str:
    """Score, range, rank and clearance of one option."""
    option = result.scores.option(vendor)
    ties = sum(other.rank == option.rank for other in result.scores.options) > 1
    text = say(
        "summary.shared" if ties else "summary",
        option=short_name(result, vendor),
        score=points(option.score),
        low=points(option.low),
        high=points(option.high),
        rank=option.rank,
        options=say.counted(len(result.scores.options), "option"),
    )
    return " ".join(part for part in (text, _clearance(result, [vendor], say), _may_reach(result, vendor, say)) if part)


def _may_reach(result: Evaluated, vendor: str, say: Language) -> str:
    """The highest class that none of its minimum levels closes, and how many are still to be shown."""
    option = result.scores.option(vendor)
    if option.clearable is None or option.clearable == option.cleared:
        return ""
    open_levels = option.gates[option.clearable].of(GateOutcome.UNSUPPORTED)
    title = class_title(result, option.clearable)
    return say.number("summary.may-reach", len(open_levels), data_class=title)


def moderated(result: Evaluated, say: Language = ENGLISH) -> str:
    """How many answers were moderated; empty where none was."""
    count = sum(AGREED in cell.by for option in result.scores.options for cell in option.cells)
    return say.number("process.moderated", count) if count else ""


def gates_lead(result: Evaluated, say: Language = ENGLISH) -> str:
    """How many options are cleared for which class."""
    options = result.scores.options
    parts = []
    for data_class in (key for key, levels in result.scores.gates.items() if levels):
        count = sum(option.gates[data_class].verdict is GateOutcome.MET for option in options)
        parts.append(say("gates.count", n=count, data_class=class_title(result, data_class)))
    possible = {
        data_class: sum(option.gates[data_class].verdict is GateOutcome.UNSUPPORTED for option in options)
        for data_class in result.scores.gates
    }
    waiting = [
        say("gates.count", n=count, data_class=class_title(result, key)) for key, count in possible.items() if count
    ]
    text = say("gates.lead", options=say.counted(len(options), "option"), counts=say.joined(parts))
    return f"{text} {say('gates.lead-open', counts=say.joined(waiting))}" if waiting else text


def gates_policy(result: Evaluated, say: Language = ENGLISH) -> str:
    """Which gates are switched on, in words."""
    policy = result.workspace.evaluation.policies.gates
    criteria = {criterion for levels in result.scores.gates.values() for criterion in levels}
    key = policy if policy in {"starter", "all"} else "chosen"
    return say(f"gates.policy-{key}", criteria=say.counted(len(criteria), "criterion"))


def weights_sealed(result: Evaluated, say: Language = ENGLISH) -> str:
    """When, by whom and how the weights were fixed, and whether that was before the first answer."""
    weights = result.workspace.weights
    sealing = result.sealing
    if sealing is None or sealing.state is SealState.NEVER:
        return " ".join(part for part in (say("seal.never"), weights.note) if part)
    return f"{seal_sentence(sealing, say)} {say('seal.by', by=sealing.by, method=sealing.method.rstrip('.'))}"


def seal_sentence(found: Sealing, say: Language = ENGLISH) -> str:
    """The honest line on the weights: sealed before the first answer, changed after it, or never sealed."""
    sealed, first = found.sealed, found.first_answer
    if first is None and found.state in {SealState.BEFORE, SealState.CHANGED}:
        key = f"seal.{found.state.value}-no-answer"
        sentence = say(key, sealed=sealed)
    elif found.state is SealState.NEVER:
        sentence = say("seal.never")
    elif found.state is SealState.SAME_DAY:
        sentence = say("seal.same-day", sealed=sealed)
    elif found.state is SealState.RESEALED:
        key = "seal.resealed-changed" if found.changed else "seal.resealed"
        sentence = say(key, earlier=found.earlier, sealed=sealed, first=first)
    else:
        sentence = say(f"seal.{found.state.value}", sealed=sealed, first=first)
    undigested = found.state is not SealState.NEVER and not found.provable
    return f"{sentence} {say('seal.no-digest')}" if undigested else sentence
