"""What every template can use: the result, look-ups into it, and how values become text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from math import fsum
from typing import Any

from evaluator.models.result import EvidenceUse, GateCheck, Result
from evaluator.models.stack_in_full import FrontierPoint
from evaluator.models.terms import Cost
from evaluator.reports import limit_words, sections, sentences, views, words


def looked_up(result: Result) -> dict[str, object]:
    """The result and what templates look up in it."""
    workspace, scores = result.workspace, result.scores
    stack = sections.chosen(result)
    return {
        "result": result,
        "ws": workspace,
        "evaluation": workspace.evaluation,
        "catalogue": workspace.catalogue,
        "criteria": workspace.catalogue.criteria,
        "use_cases": workspace.demand.by_id,
        "classes": workspace.guardrails.data_classes,
        "class_titles": sections.class_titles(result),
        "scores": scores,
        "stacks": result.stacks,
        "chosen": stack,
        "recommended": stack.tools if stack else (),
        "options": {option.id: option for option in scores.options},
        "names": {option.id: sentences.short_name(result, option.id) for option in scores.options},
        "leaders": sections.leaders(result),
        "family_weights": sections.family_weights(result),
        "register": views.Register.of(result),
        "standings": views.STANDINGS,
        "seal_line": sentences.seal_sentence(result.sealing) if result.sealing else "",
        "full": result.firmness.stack if result.firmness else None,
        "verdict_words": words.VERDICT_WORDS,
        "limits": {
            "lead": limit_words.limits_lead(result),
            "rows": limit_words.limit_rows(result),
            "budget": limit_words.budget_sentence(result),
        },
    }


def _expected_in(point: FrontierPoint, currency: str) -> str:
    """The expected cost of a stack that is priced in one currency."""
    return words.whole(fsum(amount.expected for amount in point.cost.amounts if amount.currency == currency))


def filters(result: Result) -> Mapping[str, Callable[..., Any]]:
    """How values become text inside templates."""
    criteria, cases = result.workspace.catalogue.criteria, result.workspace.demand.by_id

    def title_of(use_case: str) -> str:
        return cases[use_case].title

    def check_title(check: GateCheck) -> str:
        return words.abbreviated(criteria[check.criterion].title, sentences.NAME_WIDTH)

    def use_title(use: EvidenceUse) -> str:
        return criteria[use.criterion].title

    return {
        "points": words.points,
        "signed": words.signed,
        "share": words.share,
        "day": _day,
        "money": words.money,
        "money_short": _money_short,
        "whole": words.whole,
        "weight": lambda share: f"{100 * share:.1f} %",
        "f2": lambda number: f"{number:.2f}",
        "f4": lambda number: f"{number:.4f}",
        "shortened": lambda text, width: words.abbreviated(" ".join(text.split()), width),
        "capped": lambda text: text[:1].upper() + text[1:],
        "counted": _counted,
        "named": sentences.named,
        "words": lambda key: key.replace("-", " ").replace("_", " "),
        "topic": lambda key: key.replace("_", " ").replace("-", " ").capitalize(),
        "price": views.price_in_words,
        "unit": views.unit_in_words,
        "expected_in": _expected_in,
        "cure": partial(views.cure, result),
        "groups": lambda criterion: views.level_groups(result, criterion, result.leaders),
        "title_of": title_of,
        "check_title": check_title,
        "use_title": use_title,
    }


def _day(value: date | None) -> str:
    return words.day(value)


def _counted(count: float, singular: str, plural: str = "") -> str:
    """``1 point``, ``2.5 points``."""
    return f"{count:g} {singular if count == 1 else plural or singular + 's'}"


def _money_short(cost: Cost) -> str:
    """The expected cost alone, for narrow columns."""
    parts = [f"{amount.currency} {amount.expected:,.0f}" for amount in cost.amounts]
    if cost.unpriced:
        parts.append("price unknown")
    return " + ".join(parts)
