"""What the section on sensitivity shows: how often the answer holds under other weights, and what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.model.evaluated import Evaluated
from evaluator.model.sensitivity import BreakevenPoint, Sensitivity, WeightBreakeven, WeightDistribution
from evaluator.reports import sentences
from evaluator.reports.language import MOST_NAMED, Language
from evaluator.reports.words import METHOD_WORDS, chance, percent, points

MOST_BREAKEVENS = 12
MOST_STACKS = 5
DISTRIBUTIONS = (WeightDistribution.AROUND, WeightDistribution.ORDER, WeightDistribution.ANY)


@dataclass(frozen=True, slots=True)
class FirstPlaceRow:
    """How often one option comes first, as the table prints it."""

    option: str
    first: tuple[str, ...]
    """Share of samples in which it comes first, for each of :data:`DISTRIBUTIONS`."""
    top_three: str


@dataclass(frozen=True, slots=True)
class StackRow:
    """How often one stack of the recommended size was the best."""

    tools: str
    share: str


@dataclass(frozen=True, slots=True)
class BreakevenRow:
    """One weight, and what changes below and above which value."""

    title: str
    kind: str
    weight: str
    first: tuple[str, ...]
    stack: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MethodRow:
    """What another method ranks first."""

    method: str
    first: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class SensitivityView:
    """Shares of samples, stacks that were the best, break-even weights, and other methods."""

    lead: str
    samples: str
    seed: int
    spread: str
    firsts: tuple[FirstPlaceRow, ...]
    stacks: tuple[StackRow, ...]
    breakeven: tuple[BreakevenRow, ...]
    least: str
    """The smallest change of all weights together that changes the first place."""
    sole: bool
    """Whether one option alone is first."""
    methods: tuple[MethodRow, ...]


def has_sensitivity(result: Evaluated) -> bool:
    """Whether it was asked how robust the answer is."""
    return result.sensitivity is not None and bool(result.sensitivity.robustness.scenarios)


def sensitivity_view(result: Evaluated, say: Language) -> SensitivityView | None:
    """How robust the answer is; None where it was not asked."""
    found = result.sensitivity
    if found is None or not found.robustness.scenarios:
        return None
    around = found.robustness.scenario(WeightDistribution.AROUND)
    shares = [{row.option: row.first for row in found.robustness.scenario(each).options} for each in DISTRIBUTIONS]
    return SensitivityView(
        lead=lead(result, found, say),
        samples=f"{found.robustness.samples:,}",
        seed=found.robustness.seed,
        spread=percent(found.robustness.half_width),
        firsts=tuple(
            FirstPlaceRow(row.option, tuple(chance(each[row.option]) for each in shares), chance(row.within(3)))
            for row in around.options
        ),
        stacks=tuple(
            StackRow(sentences.names(result, share.tools, say), chance(share.share))
            for size in around.sizes
            if around.stack and size.size == len(around.stack.tools)
            for share in size.stacks[:MOST_STACKS]
        ),
        breakeven=_breakeven_rows(result, [*found.breakeven.families, *found.breakeven.criteria], say),
        least=_least(result, found, say),
        sole=len(found.breakeven.first) == 1,
        methods=tuple(
            MethodRow(METHOD_WORDS.word(row.method, say), _few(result, row.first, say), row.agrees)
            for row in found.methods.methods
        ),
    )


def lead(result: Evaluated, found: Sensitivity, say: Language) -> str:
    """How often the answer held, in two sentences."""
    around = found.robustness.scenario(WeightDistribution.AROUND)
    firsts = {row.option: row for row in around.options}
    first = found.robustness.first
    named = first if len(first) <= MOST_NAMED else first[: MOST_NAMED - 1]
    parts = [
        say("sensitivity.first", option=sentences.names(result, [key], say), share=chance(firsts[key].first))
        for key in named
    ]
    left = len(first) - len(named)
    if left:
        text = say.number("sensitivity.lead-shared", left, parts=say.joined(parts))
    else:
        text = say("sensitivity.lead", parts=say.joined(parts))
    if around.stack is None:
        return text
    stack = around.stack
    figures = {"share": chance(stack.share), "close": chance(stack.close), "regret": points(stack.regret, 2)}
    return f"{text} {say('sensitivity.lead-stack', **figures)}"


def _breakeven_rows(result: Evaluated, weights: Sequence[WeightBreakeven], say: Language) -> tuple[BreakevenRow, ...]:
    """The weights with a break-even point, the nearest first."""
    families = {family.id: family.title for family in result.workspace.catalogue.head.families}
    criteria = result.workspace.catalogue.criteria
    able = sorted((row for row in weights if row.nearest is not None), key=lambda row: (row.nearest or 0.0, row.id))
    return tuple(
        BreakevenRow(
            title=families[row.id] if row.id in families else criteria[row.id].title,
            kind=say("sensitivity.kind-family" if row.id in families else "sensitivity.kind-criterion"),
            weight=percent(row.weight),
            first=_words(result, row.first_down, row.first_up, say),
            stack=_words(result, row.stack_down, row.stack_up, say),
        )
        for row in able[:MOST_BREAKEVENS]
    )


def _words(
    result: Evaluated, below: BreakevenPoint | None, above: BreakevenPoint | None, say: Language
) -> tuple[str, ...]:
    return tuple(
        say(key, weight=percent(point.at), options=_few(result, point.to, say))
        for key, point in (("sensitivity.below", below), ("sensitivity.above", above))
        if point
    )


def _few(result: Evaluated, options: Sequence[str], say: Language) -> str:
    """``a, b, c and 5 more``."""
    return say.named([sentences.short_name(result, option) for option in options])


def _least(result: Evaluated, found: Sensitivity, say: Language) -> str:
    """The smallest change of all weights together that changes the first place."""
    if len(found.breakeven.first) > 1:
        return say("sensitivity.least-shared", options=_few(result, found.breakeven.first, say))
    nearest = found.breakeven.least[0] if found.breakeven.least else None
    if nearest is None or nearest.distance is None:
        return say("sensitivity.no-other-weights")
    criteria = result.workspace.catalogue.criteria
    changes = [
        say("sensitivity.change", criterion=criteria[key].title, before=percent(before), after=percent(after))
        for key, (before, after) in nearest.weights.items()
    ]
    rival = sentences.names(result, [nearest.rival], say)
    return say("sensitivity.least", moved=percent(nearest.distance / 2), rival=rival, changes=say.joined(changes))
