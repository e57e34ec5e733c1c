"""Sentences composed from a result: true for any workspace, without filler and without comparison as a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from evaluator.model.cost import Coverage
from evaluator.model.elicitation import Sealing, SealState
from evaluator.model.evaluated import Evaluated, GateOutcome, Stack, Stacks, StackSize
from evaluator.model.scorecard import AGREED
from evaluator.model.stack_limits import Budget, StackConstraints
from evaluator.model.workspace import ToolLimit
from evaluator.reports.language import Language, form
from evaluator.reports.words import abbreviated, points, share, whole

NAME_WIDTH = 60
"""Longer names are cut inside sentences and tables; the scorecard prints them in full."""

MOST_AGAINST = 3
"""Sentences of disadvantage that page 1 has room for."""

Sentences = tuple[str, ...]


def short_name(result: Evaluated, option: str) -> str:
    """The option's name, cut to a length that fits a line."""
    return abbreviated(" ".join(result.scores.option(option).name.split()), NAME_WIDTH)


def names(result: Evaluated, options: Iterable[str], say: Language) -> str:
    """``a, b and c``."""
    return say.joined([short_name(result, option) for option in options])


def recommendation(result: Evaluated, say: Language) -> Sentences:
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
    wanted = sum(case.importance > 0 for case in result.workspace.demand.use_cases)
    options = len(result.scores.options)
    return say.number("recommendation.nothing-serves", options, use_cases=say.counted(wanted, "use-case"))


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


def first_place(result: Evaluated, say: Language) -> str:
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
    place = "only" if len(options) == 1 else "clear"
    return say(f"first-place.{place}.{how}", option=who, score=figure, **span)


def reasons(result: Evaluated, say: Language) -> Sentences:
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


def obstacles(result: Evaluated, say: Language) -> Sentences:
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


def _reasons_by_score(result: Evaluated, say: Language) -> Sentences:
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


def _of_size(stacks: Stacks | None, count: int | None) -> StackSize | None:
    """The best stack of ``count`` tools; None where none was possible."""
    return next((size for size in stacks.sizes if size.size == count), None) if stacks else None


def size_reason(result: Evaluated, say: Language) -> str:
    """Why not one tool more."""
    stacks = result.stacks
    if stacks is None or stacks.chosen is None or stacks.recommended is None:
        return ""
    following = next((size for size in stacks.sizes if size.size > len(stacks.chosen.tools)), None)
    if following is None:
        if stacks.recommended == len(result.scores.options):
            return say("reasons.no-further-option")
        return say("reasons.no-larger-stack", tools=say.counted(stacks.recommended, "tool"))
    figures = {"gain": points(following.gain), "asked": points(stacks.min_gain)}
    if following.size > stacks.recommended + 1:  # limits left the size between without a stack
        return say("reasons.larger", tools=names(result, following.best.tools, say), **figures)
    added = [tool for tool in following.best.tools if tool not in stacks.chosen.tools]
    if added:
        return say("reasons.one-more-with", size=following.size, tools=names(result, added, say), **figures)
    return say("reasons.one-more", **figures)


def marginal_reason(result: Evaluated, stack: Stack, say: Language) -> str:
    """What the stack would lose without each tool."""
    order = sorted(stack.marginal.items(), key=lambda item: (-round(item[1], 9), item[0]))
    losses = [say("reasons.loss", points=points(loss), tool=short_name(result, tool)) for tool, loss in order]
    return say("reasons.losses", losses=say.joined(losses))


def one_tool_reason(result: Evaluated, say: Language) -> str:
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


def alternatives(size: StackSize, say: Language) -> str:
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
    if not result.scores.gated_criteria:
        return ""
    cleared: dict[str | None, list[str]] = {}
    unknown = [option for option in options if not result.scores.option(option).assessed]
    for option in options:
        if option not in unknown:
            cleared.setdefault(result.scores.option(option).cleared, []).append(option)
    parts = [say(form("clearance.not-assessed", len(unknown)), tools=names(result, unknown, say))] if unknown else []
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


def tag_titles(result: Evaluated) -> dict[str, str]:
    """The titles of data tags by id."""
    return {tag.id: tag.name for tag in result.workspace.guardrails.data_tags}


def disadvantage(result: Evaluated, say: Language) -> Sentences:
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
    found += [near] if (near := _near(result, say)) else []
    closed = [
        class_title(result, data_class)
        for data_class in result.scores.gates
        if all(result.scores.option(tool).gates[data_class].verdict is GateOutcome.FAILED for tool in stack.tools)
    ]
    if closed:
        found.append(say("disadvantage.closed", classes=say.joined(closed, "or")))
    partly = [tool for tool in stack.tools if share(result.scores.option(tool).coverage) != share(1)]
    if partly:
        known = [
            say(
                "disadvantage.answered", share=share(result.scores.option(tool).coverage), tool=short_name(result, tool)
            )
            for tool in partly
        ]
        found.append(say("disadvantage.unknown", parts=say.joined(known)))
    return tuple(found[:MOST_AGAINST])


def _near(result: Evaluated, say: Language) -> str:
    """The stacks of the recommended size that are too close to call; empty where there is none."""
    chosen = _of_size(result.stacks, result.stacks.recommended) if result.stacks else None
    others = (*chosen.tied, *chosen.close) if chosen else ()
    if not others:
        return ""
    first = {"stack": names(result, others[0].tools, say), "points": points(others[0].value)}
    return say.number("disadvantage.close", len(others), **first)


def dissent(result: Evaluated, options: Sequence[str], say: Language, *, here: bool = False) -> tuple[bool, str]:
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


def option_summary(result: Evaluated, vendor: str, say: Language) -> str:
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


def moderated(result: Evaluated, say: Language) -> str:
    """How many answers were moderated; empty where none was."""
    count = sum(AGREED in cell.by for option in result.scores.options for cell in option.cells)
    return say.number("process.moderated", count) if count else ""


def gates_lead(result: Evaluated, say: Language) -> str:
    """How many options are cleared for which class."""
    options = result.scores.options
    parts = []
    for data_class in (key for key, levels in result.scores.gates.items() if levels):
        count = sum(option.gates[data_class].cleared for option in options)
        parts.append(say("gates.count", n=count, data_class=class_title(result, data_class)))
    possible = {
        data_class: sum(option.gates[data_class].verdict is GateOutcome.UNSUPPORTED for option in options)
        for data_class, levels in result.scores.gates.items()
        if levels
    }
    waiting = [
        say("gates.count", n=count, data_class=class_title(result, key)) for key, count in possible.items() if count
    ]
    text = say("gates.lead", options=say.counted(len(options), "option"), counts=say.joined(parts))
    if waiting:
        text = f"{text} {say('gates.lead-open', counts=say.joined(waiting))}"
    tags = [
        say("gates.count-tag", n=sum(tag in option.cleared_tags for option in options), tag=title)
        for tag, title in tag_titles(result).items()
        if tag in result.scores.tag_gates
    ]
    return f"{text} {say('gates.lead-tags', counts=say.joined(tags))}" if tags else text


def gates_policy(result: Evaluated, say: Language) -> str:
    """Which gates are switched on, in words."""
    policy = result.workspace.evaluation.policies.gates
    criteria = result.scores.gated_criteria
    key = policy if policy in {"starter", "all"} else "chosen"
    return say(f"gates.policy-{key}", criteria=say.counted(len(criteria), "criterion"))


def weights_sealed(result: Evaluated, say: Language) -> str:
    """When, by whom and how the weights were fixed, and whether that was before the first answer."""
    weights = result.workspace.weights
    sealing = result.sealing
    if sealing is None or sealing.state is SealState.NEVER:
        return " ".join(part for part in (say("seal.never"), weights.note) if part)
    return f"{seal_sentence(sealing, say)} {say('seal.by', by=sealing.by, method=sealing.method.rstrip('.'))}"


def seal_sentence(found: Sealing, say: Language) -> str:
    """Whether the weights were sealed before the first answer, changed after it, or never sealed."""
    if found.state is SealState.NEVER:
        return say("seal.never")
    key = f"seal.{found.state.value}"
    if found.first_answer is None and found.state in {SealState.BEFORE, SealState.CHANGED}:
        key = f"{key}-no-answer"
    elif found.state is SealState.RESEALED and found.changed:
        key = f"{key}-changed"
    sentence = say(key, earlier=found.earlier, sealed=found.sealed, first=found.first_answer)
    return sentence if found.provable else f"{sentence} {say('seal.no-digest')}"


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One limit as a table shows it."""

    what: str
    reason: str


def limits_of(result: Evaluated) -> StackConstraints:
    """What the stacks of ``result`` keep to; nothing where none was looked for."""
    return result.stacks.limits if result.stacks else StackConstraints()


def limits_sentence(limits: StackConstraints, names: Callable[[Sequence[str]], str], say: Language) -> str:
    """All limits in one sentence, with tools called by ``names``; empty where nothing is limited."""
    parts = []
    if limits.required:
        parts.append(say("limits.holds", tools=names(limits.required)))
    if limits.excluded:
        parts.append(say("limits.does-without", tools=names(limits.excluded)))
    if limits.budget is not None:
        parts.append(say("limits.costs", budget=_budget(limits, limits.budget)))
    return say("limits.sentence", parts=say.joined(parts)) if parts else ""


def _budget(limits: StackConstraints, amount: float) -> str:
    return f"{limits.currency} {whole(amount)}"


def budget_sentence(result: Evaluated, say: Language) -> str:
    """Whether the recommended stack keeps to the budget; empty where there is none."""
    stacks, limits = result.stacks, limits_of(result)
    if stacks is None or stacks.chosen is None or stacks.budget is None or limits.budget is None:
        return ""
    budget = _budget(limits, limits.budget)
    if stacks.budget is Budget.WITHIN:
        return say("limits.kept", budget=budget)
    cost = stacks.chosen.cost
    foreign = cost.beside(limits.currency)
    why = [say("limits.price-unknown", tools=names(result, cost.unpriced, say))] if cost.unpriced else []
    why += [say("limits.other-currency", currencies=say.joined(foreign))] if foreign else []
    return say("limits.budget-unknown", budget=budget, reasons=say.joined(why))


def price_of_limits(result: Evaluated, say: Language) -> str:
    """What would be recommended without the limits; empty where that is no other stack."""
    stacks = result.stacks
    free = stacks.unlimited if stacks else None
    if stacks is None or free is None:
        return ""
    chosen = stacks.chosen
    if chosen is not None and chosen.tools == free.tools:
        return say("limits.same-without")
    other = {
        "tools": names(result, free.tools, say),
        "points": points(free.value),
        "count": say.counted(len(free.tools), "tool"),
    }
    if chosen is None:
        return say("limits.other-without", **other)
    return say("limits.other-without-against", chosen=points(chosen.value), **other)


def limits_lead(result: Evaluated, say: Language) -> Sentences:
    """The limits, whether the budget is kept, and what the limits cost; empty where nothing is limited."""
    if not limits_of(result).any:
        return ()
    named = partial(names, result, say=say)
    found = (limits_sentence(limits_of(result), named, say), budget_sentence(result, say), price_of_limits(result, say))
    return tuple(sentence for sentence in found if sentence)


def limits_against(result: Evaluated, say: Language) -> Sentences:
    """What of the limits speaks against the recommendation: another stack without them, a budget that is not shown to be kept."""
    stacks = result.stacks
    if stacks is None or stacks.chosen is None:
        return ()
    other = stacks.unlimited is not None and stacks.unlimited.tools != stacks.chosen.tools
    found = (
        price_of_limits(result, say) if other else "",
        budget_sentence(result, say) if stacks.budget is Budget.UNKNOWN else "",
    )
    return tuple(sentence for sentence in found if sentence)


def limit_rows(result: Evaluated, say: Language) -> tuple[LimitRow, ...]:
    """Every limit with the reason that the evaluation gives."""
    limits, stack = limits_of(result), result.workspace.evaluation.stack
    rows = [
        LimitRow(say("limits.required", tool=short_name(result, tool)), _reason(stack.required, tool))
        for tool in limits.required
    ]
    rows += [
        LimitRow(say("limits.excluded", tool=short_name(result, tool)), _reason(stack.excluded, tool))
        for tool in limits.excluded
    ]
    if limits.budget is not None:
        budget = _budget(limits, limits.budget)
        rows.append(LimitRow(say("limits.budget", budget=budget), say("limits.budget-note")))
    return tuple(rows)


def _reason(listed: Sequence[ToolLimit], tool: str) -> str:
    return next((item.reason for item in listed if item.tool == tool), "")
