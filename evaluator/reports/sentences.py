"""Sentences composed from a result: true for any workspace, without filler and without comparison as a reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evaluator.models.result import GateOutcome, Result, Stack, Stacks, StackSize
from evaluator.models.scorecard import AGREED
from evaluator.models.terms import Coverage
from evaluator.models.weighing import Sealing, SealState
from evaluator.reports.words import abbreviated, counted, joined, points, share

NAME_WIDTH = 60
"""Longer names are cut inside sentences and tables; the scorecard prints them in full."""

MOST_NAMED = 4
"""Longer lists end with a count."""

MOST_AGAINST = 3
"""Sentences of disadvantage that page 1 has room for."""

Sentences = tuple[str, ...]


def short_name(result: Result, option: str) -> str:
    """The option's name, cut to a length that fits a line."""
    return abbreviated(" ".join(result.scores.option(option).name.split()), NAME_WIDTH)


def names(result: Result, options: Iterable[str]) -> str:
    """``a, b and c``."""
    return joined([short_name(result, option) for option in options])


def named(items: Sequence[str], most: int = MOST_NAMED) -> str:
    """``a, b, c and 5 more``."""
    if len(items) <= most:
        return joined(items)
    return joined([*items[: most - 1], f"{len(items) - most + 1} more"])


def recommendation(result: Result) -> Sentences:
    """What is recommended, in at most two sentences."""
    if not result.scores.options:
        return ("No option is in scope, so there is nothing to recommend.",)
    if result.stacks is None:
        return ("No use case of any importance is described, so no stack is recommended.", first_place(result))
    stack = result.stacks.chosen
    if stack is None:
        return "No option can be recommended.", _nothing_serves(result, result.stacks)
    how = "alone" if len(stack.tools) == 1 else "together"
    waiting = all(place.coverage is not Coverage.COVERED for place in stack.served)
    condition = ", on conditions" if waiting else ""
    return f"Approve {names(result, stack.tools)} {how}{condition}.", _service(stack)


def _nothing_serves(result: Result, stacks: Stacks) -> str:
    if not stacks.sizes:
        return "No stack keeps to the limits of this evaluation."
    if stacks.limits.any:
        return "No stack that keeps to the limits of this evaluation serves any use case."
    count = len(result.scores.options)
    who = "The only option serves none" if count == 1 else f"None of the {count} options serves any"
    return (
        f"{who} of {counted(_wanted(result), 'use case')}: wherever it is needed, an option fails a minimum level, lacks "
        "a capability that must be there, or earns nothing."
    )


def _wanted(result: Result) -> int:
    """Use cases that count: those of some importance."""
    return sum(case.importance > 0 for case in result.workspace.demand.use_cases)


def _service(stack: Stack) -> str:
    """How many use cases the stack covers, serves on condition, and leaves open."""
    count = {state: sum(place.coverage is state for place in stack.served) for state in Coverage}
    total = len(stack.served)
    subject = "It" if len(stack.tools) == 1 else "Together they"
    verb = ("covers", "serves", "leaves") if len(stack.tools) == 1 else ("cover", "serve", "leave")
    parts = []
    if count[Coverage.COVERED]:
        parts.append(f"{verb[0]} {count[Coverage.COVERED]} of {counted(total, 'use case')}")
    if count[Coverage.CONDITIONAL]:
        whole = "" if parts else f" of {counted(total, 'use case')}"
        parts.append(f"{verb[1]} {count[Coverage.CONDITIONAL]}{whole} once the conditions are met")
    if count[Coverage.NOT_COVERED]:
        parts.append(f"{verb[2]} {count[Coverage.NOT_COVERED]} without a tool")
    return f"{subject} {joined(parts)}."


def first_place(result: Result) -> str:
    """Who ranks first by score, with ties and the close band named."""
    options = result.scores.options
    first = [option for option in options if option.rank == 1]
    lead = options[0]
    who = named([short_name(result, option.id) for option in first])
    figure = f"{points(lead.score)} of 100 points"
    if len(first) > 1:
        return f"By score {who} share the first place with {figure}."
    low, high = points(lead.low), points(lead.high)
    span = f" (between {low} and {high}, depending on answers that are open)"
    if low == high:
        span = "; every answer behind it stands" if lead.low == lead.high else ""
    near = [short_name(result, option) for option in lead.close]
    if near:
        band = points(float(result.workspace.evaluation.policies.close_points))
        verb = "lies" if len(near) == 1 else "lie"
        return (
            f"By score {who} comes first with {figure}; {named(near)} {verb} within {band} points: too close to call."
        )
    if len(options) == 1:
        return f"{who} is the only option and scores {figure}{span}."
    return f"By score {who} comes first with {figure}{span}."


def reasons(result: Result) -> Sentences:
    """Up to three reasons for what is recommended, or for why nothing is."""
    stack = result.stacks.chosen if result.stacks else None
    if result.stacks is None:
        return _reasons_by_score(result)
    if stack is None:
        return obstacles(result)
    found = [_worth(result, stack), size_reason(result)]
    if len(stack.tools) > 1:
        found.append(marginal_reason(result, stack))
    found.append(_clearance(result, stack.tools))
    return tuple(reason for reason in found if reason)[:3]


def obstacles(result: Result) -> Sentences:
    """Why no option serves any use case: how many pairs fail on what, and which minimum levels fail most."""
    pairs = [
        fit for case, row in result.fits.items() if result.workspace.demand.by_id[case].importance > 0 for fit in row
    ]
    if not pairs:
        return ()
    failed = sum(bool(fit.failed) for fit in pairs)
    absent = sum(bool(fit.absent) for fit in pairs)
    of = f"Of {counted(len(pairs), 'pair')} of option and use case"
    found = [f"{of}, {failed} fail a minimum level and {absent} lack a capability that must be there."]
    by_criterion: dict[str, set[str]] = {}
    for fit in pairs:
        for check in fit.failed:
            by_criterion.setdefault(check.criterion, set()).add(fit.option)
    criteria = result.workspace.catalogue.criteria
    order = sorted(by_criterion.items(), key=lambda item: -len(item[1]))
    if order:
        worst = [f"{criteria[key].title} ({counted(len(options), 'option')})" for key, options in order]
        found.append(f"Minimum levels that fail: {named(worst)}.")
    return tuple(found)


def _reasons_by_score(result: Result) -> Sentences:
    if not result.scores.options:
        return ()
    lead = result.scores.options[0]
    found = [
        f"{share(lead.coverage)} of the weight of {short_name(result, lead.id)} is answered.",
        _clearance(result, [lead.id]),
    ]
    return tuple(reason for reason in found if reason)


def _worth(result: Result, stack: Stack) -> str:
    """What the stack is worth, and how that compares with one tool."""
    value = f"{points(stack.value)} of 100 points over the use cases"
    if len(stack.tools) == 1:
        return f"{short_name(result, stack.tools[0])} is worth {value}, the most that one tool reaches{within(result)}."
    single = _of_size(result.stacks, 1)
    if single is None:
        return f"The stack is worth {value}."
    one = short_name(result, single.best.tools[0])
    return f"The stack is worth {value}; the most that one tool reaches{within(result)} is {points(single.best.value)} ({one})."


def within(result: Result) -> str:
    """What has to be said beside "the most" where stacks are limited."""
    return " within the limits set" if result.stacks and result.stacks.limits.any else ""


def _of_size(stacks: Stacks | None, count: int) -> StackSize | None:
    """The best stack of ``count`` tools; None where none was possible."""
    return next((size for size in stacks.sizes if size.size == count), None) if stacks else None


def size_reason(result: Result) -> str:
    """Why not one tool more."""
    stacks = result.stacks
    if stacks is None or stacks.recommended is None:
        return ""
    following = _of_size(stacks, stacks.recommended + 1)
    if following is not None:
        added = names(result, [tool for tool in following.best.tools if tool not in _chosen(stacks)])
        text = f"One tool more would add {points(following.gain)} points, and the policy asks for {points(stacks.min_gain)}"
        return f"{text} (size {following.size}, with {added})." if added else f"{text}."
    if stacks.recommended == len(result.scores.options):
        return "No further option is in scope."
    return f"No larger stack lies within the limits of this evaluation ({counted(stacks.recommended, 'tool')})."


def _chosen(stacks: Stacks) -> tuple[str, ...]:
    return stacks.chosen.tools if stacks.chosen else ()


def marginal_reason(result: Result, stack: Stack) -> str:
    """What the stack would lose without each tool."""
    order = sorted(stack.marginal.items(), key=lambda item: (-round(item[1], 9), item[0]))
    losses = [f"{points(loss)} points without {short_name(result, tool)}" for tool, loss in order]
    return f"The stack would lose {joined(losses)}."


def one_tool_reason(result: Result) -> str:
    """Why one tool is, or is not, enough."""
    stacks = result.stacks
    if stacks is None or stacks.chosen is None:
        return ""
    first, second, chosen = _of_size(stacks, 1), _of_size(stacks, 2), stacks.chosen
    if first is None:
        return "The limits of this evaluation ask for more than one tool."
    single = first.best
    name = short_name(result, single.tools[0])
    left = sum(place.coverage is Coverage.NOT_COVERED for place in single.served)
    gaps = f"leaves {counted(left, 'use case')} without a tool" if left else "leaves no use case without a tool"
    if len(chosen.tools) == 1:
        return f"One tool is enough by this rule: {name} is worth {points(single.value)} points and {gaps}."
    text = f"The best single tool{within(result)}, {name}, is worth {points(single.value)} points and {gaps}."
    return f"{text} A second tool adds {points(second.gain)} points." if second else text


def alternatives(size: StackSize) -> str:
    """How many other stacks of the same size are tied or close."""
    parts = []
    if size.tied:
        verb = "is" if len(size.tied) == 1 else "are"
        parts.append(f"{counted(len(size.tied), 'other stack')} of this size {verb} worth exactly the same")
    if size.close:
        verb = "lies" if len(size.close) == 1 else "lie"
        more = "at least " if size.more_close else ""
        parts.append(f"{more}{counted(len(size.close), 'other stack')} {verb} within the close band")
    if not parts:
        return "No other stack of this size lies within the close band."
    text = joined(parts)
    return f"{text[0].upper()}{text[1:]}: by value alone these are too close to call."


def _clearance(result: Result, options: Sequence[str]) -> str:
    """For which data classes tools have shown every minimum level, and which they may still reach."""
    if not any(result.scores.gates.values()):
        return ""
    cleared: dict[str | None, list[str]] = {}
    for option in options:
        cleared.setdefault(result.scores.option(option).cleared, []).append(option)
    parts = []
    for data_class, tools in cleared.items():
        has = "has" if len(tools) == 1 else "have"
        if data_class is None:
            parts.append(f"{names(result, tools)} {has} not yet shown all minimum levels of any class")
        else:
            title = class_title(result, data_class)
            if not result.scores.gates[data_class]:
                continue  # nothing had to be shown, so nothing was
            parts.append(f"{names(result, tools)} {has} shown all minimum levels for {title} data")
    return f"{joined(parts)}." if parts else ""


def class_title(result: Result, data_class: str) -> str:
    """The title of a data class as it stands in a sentence."""
    found = next(item for item in result.workspace.guardrails.data_classes if item.id == data_class)
    return found.title.lower() if found.title.istitle() else found.title


def disadvantage(result: Result) -> Sentences:
    """What speaks most against the recommendation: gaps, classes that are closed, and what is not known."""
    stack = result.stacks.chosen if result.stacks else None
    if stack is None:
        return ()
    by_id = result.workspace.demand.by_id
    gaps = [by_id[place.use_case].title for place in stack.served if place.coverage is Coverage.NOT_COVERED]
    found = []
    if all(place.coverage is not Coverage.COVERED for place in stack.served):
        found.append("No use case is covered without a condition.")
    if gaps:
        verb = "has" if len(gaps) == 1 else "have"
        found.append(f"{counted(len(gaps), 'use case')} {verb} no tool in this stack: {named(gaps)}.")
    near = _near(result)
    if near:
        found.append(near)
    closed = [
        class_title(result, data_class)
        for data_class in result.scores.gates
        if all(_verdict(result, tool, data_class) is GateOutcome.FAILED for tool in stack.tools)
    ]
    if closed:
        found.append(f"No tool of the stack may hold {joined(closed, 'or')} data.")
    partly = [tool for tool in stack.tools if share(result.scores.option(tool).coverage) != share(1)]
    if partly:
        found.append(_unknown(result, partly))
    return tuple(found[:MOST_AGAINST])


def _near(result: Result) -> str:
    """The stacks of the recommended size that are too close to call; empty where there is none."""
    chosen = (
        next((size for size in result.stacks.sizes if size.size == result.stacks.recommended), None)
        if result.stacks
        else None
    )
    others = (*chosen.tied, *chosen.close) if chosen else ()
    if not others:
        return ""
    first = f"{names(result, others[0].tools)} at {points(others[0].value)} points"
    if len(others) == 1:
        return f"The choice is too close to call against {first}."
    return f"The choice is too close to call against {counted(len(others), 'other stack')} of its size, among them {first}."


def _verdict(result: Result, option: str, data_class: str) -> GateOutcome:
    return result.scores.option(option).gates[data_class].verdict


def _unknown(result: Result, options: Sequence[str]) -> str:
    """How much of the weight is answered, tool by tool."""
    parts = [f"{share(result.scores.option(tool).coverage)} for {short_name(result, tool)}" for tool in options]
    return f"Not every answer is known; answered is, by weight, {joined(parts)}."


def dissent(result: Result, options: Sequence[str]) -> tuple[bool, str]:
    """Whether assessors differ on ``options``, and how often."""
    shared = [
        cell
        for option in options
        for cell in result.scores.option(option).cells
        if len([name for name in cell.levels if name != AGREED]) > 1
    ]
    apart = [cell for cell in shared if cell.differs]
    if not shared:
        return False, "No answer was given by more than one assessor, so there is no second opinion."
    total = counted(len(shared), "answer")
    if not apart:
        return False, f"The assessors give the same level on all {total} that several gave."
    return True, f"The assessors differ on {len(apart)} of {total} that several gave."


def standing(result: Result, vendor: str) -> str:
    """Score, range, rank and clearance of one option."""
    option = result.scores.option(vendor)
    ties = sum(other.rank == option.rank for other in result.scores.options) > 1
    place = f"{'shares ' if ties else ''}rank {option.rank} of {counted(len(result.scores.options), 'option')}"
    text = (
        f"{short_name(result, vendor)} scores {points(option.score)} of 100 points, between {points(option.low)} and "
        f"{points(option.high)}: {place}."
    )
    return " ".join(part for part in (text, _clearance(result, [vendor]), _may_reach(result, vendor)) if part)


def _may_reach(result: Result, vendor: str) -> str:
    """The highest class that none of its minimum levels closes, and how many are still to be shown."""
    option = result.scores.option(vendor)
    if option.clearable is None or option.clearable == option.cleared:
        return ""
    open_levels = option.gates[option.clearable].of(GateOutcome.NOT_SHOWN)
    title = class_title(result, option.clearable)
    verb = "is" if len(open_levels) == 1 else "are"
    return f"It may reach {title} data once {counted(len(open_levels), 'more minimum level')} {verb} shown."


def moderated(result: Result) -> str:
    """How many answers were moderated; empty where none was."""
    count = sum(AGREED in cell.by for option in result.scores.options for cell in option.cells)
    return f"{counted(count, 'answer')} {'was' if count == 1 else 'were'} moderated." if count else ""


def gates_lead(result: Result) -> str:
    """How many options are cleared for which class."""
    options = result.scores.options
    parts = []
    for data_class in (key for key, levels in result.scores.gates.items() if levels):
        count = sum(option.gates[data_class].verdict is GateOutcome.MET for option in options)
        parts.append(f"{count} for {class_title(result, data_class)} data")
    possible = {
        data_class: sum(option.gates[data_class].verdict is GateOutcome.NOT_SHOWN for option in options)
        for data_class in result.scores.gates
    }
    waiting = [f"{count} for {class_title(result, key)} data" for key, count in possible.items() if count]
    text = f"Of {counted(len(options), 'option')}, all minimum levels are met by {joined(parts)}."
    return f"{text} None fails but some are not shown: {joined(waiting)}." if waiting else text


def gates_policy(result: Result) -> str:
    """Which gates are switched on, in words."""
    policy = result.workspace.evaluation.policies.gates
    criteria = {criterion for levels in result.scores.gates.values() for criterion in levels}
    count = counted(len(criteria), "criterion", "criteria")
    if policy == "starter":
        return f"the starter set, {count}"
    if policy == "all":
        return f"all gates of the catalogue, {count}"
    return f"chosen gates, {count}"


def weights_sealed(result: Result) -> str:
    """When, by whom and how the weights were fixed, and whether that was before the first answer."""
    weights = result.workspace.weights
    sealing = result.sealing
    if sealing is None or sealing.state is SealState.NEVER:
        return " ".join(part for part in ("The weights were never sealed.", weights.note) if part)
    return f"{seal_sentence(sealing)} By {sealing.by}; method: {sealing.method.rstrip('.')}."


def seal_sentence(found: Sealing) -> str:
    """The honest line on the weights: sealed before the first answer, changed after it, or never sealed."""
    sealed, first = found.sealed, found.first_answer
    sentences = {
        SealState.NEVER: "The weights were never sealed.",
        SealState.BEFORE: f"The weights were sealed on {sealed}, before the first answer on {first}.",
        SealState.SAME_DAY: f"The weights were sealed on {sealed}, the day of the first answer: which came first is not shown.",
        SealState.LATE: f"The weights were sealed on {sealed}, after the first answer on {first}.",
        SealState.RESEALED: _resealed(found),
        SealState.CHANGED: f"The weights were changed after they were sealed on {sealed}; nothing shows that this was before "
        f"the first answer on {first}.",
    }
    if first is None and found.state is SealState.BEFORE:
        sentence = f"The weights were sealed on {sealed}; there is no answer yet."
    elif first is None and found.state is SealState.CHANGED:
        sentence = f"The weights were changed after they were sealed on {sealed}; there is no answer yet."
    else:
        sentence = sentences[found.state]
    unproven = found.state is not SealState.NEVER and not found.provable
    return f"{sentence} The seal has no digest, so a later change would not show." if unproven else sentence


def _resealed(found: Sealing) -> str:
    if found.changed:
        return (
            f"The weights were changed after the first answer on {found.first_answer}: sealed on {found.earlier}, changed, "
            f"and sealed anew on {found.sealed}."
        )
    return (
        f"The weights were sealed on {found.earlier} and anew on {found.sealed}, after the first answer on "
        f"{found.first_answer}; nothing shows whether they changed in between."
    )
