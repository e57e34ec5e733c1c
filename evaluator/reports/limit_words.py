"""What a stack has to keep to, in words: tools in place, tools ruled out, the budget, and what the limits cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from evaluator.model.evaluated import Evaluated
from evaluator.model.stack_limits import Budget, StackConstraints
from evaluator.model.workspace import ToolLimit
from evaluator.reports.language import ENGLISH, Language
from evaluator.reports.sentences import Sentences, names, short_name
from evaluator.reports.words import points, whole


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One limit as a table shows it."""

    what: str
    reason: str


def limits_of(result: Evaluated) -> StackConstraints:
    """What the stacks of ``result`` keep to; nothing where none was looked for."""
    return result.stacks.limits if result.stacks else StackConstraints()


def limits_sentence(limits: StackConstraints, names: Callable[[Sequence[str]], str], say: Language = ENGLISH) -> str:
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


def budget_sentence(result: Evaluated, say: Language = ENGLISH) -> str:
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


def price_of_limits(result: Evaluated, say: Language = ENGLISH) -> str:
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


def limits_lead(result: Evaluated, say: Language = ENGLISH) -> Sentences:
    """The limits, whether the budget is kept, and what the limits cost; empty where nothing is limited."""
    if not limits_of(result).any:
        return ()
    named = partial(names, result, say=say)
    found = (limits_sentence(limits_of(result), named, say), budget_sentence(result, say), price_of_limits(result, say))
    return tuple(sentence for sentence in found if sentence)


def limits_against(result: Evaluated, say: Language = ENGLISH) -> Sentences:
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


def limit_rows(result: Evaluated, say: Language = ENGLISH) -> tuple[LimitRow, ...]:
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
