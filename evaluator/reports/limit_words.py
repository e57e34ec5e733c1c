"""What a stack has to keep to, in words: tools in place, tools ruled out, the budget, and what the limits cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from evaluator.models.limits import Budget, Limits
from evaluator.models.result import Result
from evaluator.models.workspace import Ruling
from evaluator.reports.sentences import Sentences, names, short_name
from evaluator.reports.words import joined, points, whole


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One limit as a table shows it."""

    what: str
    reason: str


def limits_of(result: Result) -> Limits:
    """What the stacks of ``result`` keep to; nothing where none was looked for."""
    return result.stacks.limits if result.stacks else Limits()


def limits_sentence(limits: Limits, names: Callable[[Sequence[str]], str]) -> str:
    """All limits in one sentence, with tools called by ``names``; empty where nothing is limited."""
    parts = []
    if limits.required:
        parts.append(f"holds {names(limits.required)}")
    if limits.excluded:
        parts.append(f"does without {names(limits.excluded)}")
    if limits.budget is not None:
        budget = f"{limits.currency} {whole(limits.budget)}"
        parts.append(f"costs no more than {budget} per year as far as prices are known")
    return f"Within the limits set, every stack {joined(parts)}." if parts else ""


def budget_sentence(result: Result) -> str:
    """Whether the recommended stack keeps to the budget; empty where there is none."""
    stacks, limits = result.stacks, limits_of(result)
    if stacks is None or stacks.chosen is None or stacks.budget is None or limits.budget is None:
        return ""
    budget = f"the budget of {limits.currency} {whole(limits.budget)} per year"
    if stacks.budget is Budget.WITHIN:
        return f"The expected cost of the recommended stack keeps to {budget}."
    cost = stacks.chosen.cost
    foreign = [amount.currency for amount in cost.amounts if amount.currency != limits.currency and amount.high > 0]
    why = [f"a price of {names(result, cost.unpriced)} is not known"] if cost.unpriced else []
    why += [f"prices stand in {joined(foreign)}"] if foreign else []
    return f"That the recommended stack keeps to {budget} is not shown: {joined(why)}."


def price_of_limits(result: Result) -> str:
    """What would be recommended without the limits; empty where that is no other stack."""
    stacks = result.stacks
    free = stacks.unlimited if stacks else None
    if stacks is None or free is None:
        return ""
    chosen = stacks.chosen
    if chosen is not None and chosen.tools == free.tools:
        return "Without these limits the same stack would be recommended."
    other = f"Without these limits {names(result, free.tools)} would be recommended, worth {points(free.value)} points"
    return f"{other}." if chosen is None else f"{other} against {points(chosen.value)}."


def limits_lead(result: Result) -> Sentences:
    """The limits, whether the budget is kept, and what the limits cost; empty where nothing is limited."""
    if not limits_of(result).any:
        return ()
    named = partial(names, result)
    found = (limits_sentence(limits_of(result), named), budget_sentence(result), price_of_limits(result))
    return tuple(sentence for sentence in found if sentence)


def limit_rows(result: Result) -> tuple[LimitRow, ...]:
    """Every limit with the reason that the evaluation gives."""
    limits, stack = limits_of(result), result.workspace.evaluation.stack
    rows = [
        LimitRow(f"{short_name(result, tool)}: every stack holds it", _reason(stack.required, tool))
        for tool in limits.required
    ]
    rows += [
        LimitRow(f"{short_name(result, tool)}: no stack holds it", _reason(stack.excluded, tool))
        for tool in limits.excluded
    ]
    if limits.budget is not None:
        note = (
            "At list price, before tax, by the expected cost. A price that is not known speaks neither for nor against."
        )
        rows.append(LimitRow(f"At most {limits.currency} {whole(limits.budget)} per year", note))
    return tuple(rows)


def _reason(rulings: Sequence[Ruling], tool: str) -> str:
    return next((item.reason for item in rulings if item.tool == tool), "")
