"""What the templates of every paper can use: the result, look-ups into it, and how values become text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from evaluator.model.catalogue import Catalogue, Criterion
from evaluator.model.cost import Cost
from evaluator.model.demand import DataClass, UseCase
from evaluator.model.evaluated import Evaluated, EvidenceUse, GateCheck, OptionScore, Scores, Stack, Stacks
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.scorecard import Answer
from evaluator.model.stack_details import StackDetails
from evaluator.model.vendor import Price
from evaluator.model.workspace import Evaluation, Workspace
from evaluator.reports import sentences, words
from evaluator.reports.language import Language
from evaluator.reports.paper import sections, views
from evaluator.reports.paper.plain_data import Helper, decimals, opened


@dataclass(frozen=True, slots=True)
class Limits:
    """What every stack has to keep to, in words."""

    lead: sentences.Sentences
    rows: tuple[sentences.LimitRow, ...]
    budget: str


@dataclass(frozen=True, slots=True)
class LookUps:
    """What the templates of every paper look up, each field under its name; mappings are by id."""

    result: Evaluated
    ws: Workspace
    evaluation: Evaluation
    catalogue: Catalogue
    criteria: Mapping[str, Criterion]
    use_cases: Mapping[str, UseCase]
    classes: tuple[DataClass, ...]
    class_titles: Mapping[str, str]
    tag_titles: Mapping[str, str]
    scores: Scores
    stacks: Stacks | None
    chosen: Stack | None
    recommended: tuple[str, ...]
    options: Mapping[str, OptionScore]
    names: Mapping[str, str]
    leaders: tuple[OptionScore, ...]
    family_weights: Mapping[str, float]
    register: Mapping[str, Helper]
    """``cited``: the numbers of the evidence that an answer of an option rests on."""
    full: StackDetails | None
    limits: Limits
    evidence_states: Mapping[EvidenceStatus, views.State]
    states: Mapping[str, views.State]
    seal_line: str
    verdicts: Mapping[str, str]


def look_ups(result: Evaluated, say: Language) -> LookUps:
    """What the templates of every paper look up."""
    workspace, scores = result.workspace, result.scores
    stack = sections.chosen(result)
    register = views.Register.of(result)

    def cited(option: str, answer: object) -> tuple[str, ...]:
        return register.cited(option, None if answer is None else opened(answer, Answer))

    return LookUps(
        result=result,
        ws=workspace,
        evaluation=workspace.evaluation,
        catalogue=workspace.catalogue,
        criteria=workspace.catalogue.criteria,
        use_cases=workspace.demand.by_id,
        classes=tuple(workspace.guardrails.data_classes),
        class_titles=sections.class_titles(result),
        tag_titles=sentences.tag_titles(result),
        scores=scores,
        stacks=result.stacks,
        chosen=stack,
        recommended=stack.tools if stack else (),
        options={option.id: option for option in scores.options},
        names={option.id: sentences.short_name(result, option.id) for option in scores.options},
        leaders=sections.leaders(result),
        family_weights=sections.family_weights(result),
        register={"cited": Helper(cited)},
        full=result.sensitivity.stack if result.sensitivity else None,
        limits=Limits(
            lead=sentences.limits_lead(result, say),
            rows=sentences.limit_rows(result, say),
            budget=sentences.budget_sentence(result, say),
        ),
        evidence_states={status: state.in_words(say) for status, state in views.EVIDENCE_STATES.items()},
        states={name: state.in_words(say) for name, state in views.STATES.items()},
        seal_line=sentences.seal_sentence(result.sealing, say) if result.sealing else "",
        verdicts={option: words.VERDICT_WORDS.word(verdict, say) for option, verdict in result.verdicts.items()},
    )


def filters(result: Evaluated, say: Language) -> Mapping[str, Callable[..., Any]]:
    """How values become text inside templates; a filter that takes a record says of what."""
    criteria, cases = result.workspace.catalogue.criteria, result.workspace.demand.by_id

    def title_of(use_case: str) -> str:
        return cases[use_case].title

    def check_title(check: object) -> str:
        return words.abbreviated(criteria[opened(check, GateCheck).criterion].title, sentences.NAME_WIDTH)

    def criterion_title(criterion: str) -> str:
        return words.abbreviated(criteria[criterion].title, sentences.NAME_WIDTH)

    def use_title(use: object) -> str:
        return criteria[opened(use, EvidenceUse).criterion].title

    return {
        "points": lambda value, digits=1: words.points(value, decimals(digits)),
        "signed": lambda value, digits=1: words.signed(value, decimals(digits)),
        "share": words.share,
        "day": lambda value: words.day(value, say),
        "money": lambda cost: words.money(opened(cost, Cost), say),
        "money_short": lambda cost: words.money_short(opened(cost, Cost), say),
        "whole": words.whole,
        "weight": lambda share: f"{100 * share:.1f} %",
        "f2": lambda number: f"{number:.2f}",
        "f4": lambda number: f"{number:.4f}",
        "shortened": lambda text, width: words.abbreviated(" ".join(text.split()), width),
        "capped": lambda text: text[:1].upper() + text[1:],
        "counted": say.counted,
        "named": say.named,
        "words": lambda key: key.replace("-", " ").replace("_", " "),
        "topic": lambda key: key.replace("_", " ").replace("-", " ").capitalize(),
        "price": lambda price: views.price_in_words(opened(price, Price), say),
        "unit": lambda unit: views.unit_in_words(unit, say),
        "needed": lambda check: views.needed(result, opened(check, GateCheck), say),
        "groups": lambda criterion: views.level_groups(result, criterion, result.leaders),
        "title_of": title_of,
        "check_title": check_title,
        "criterion_title": criterion_title,
        "use_title": use_title,
    }
