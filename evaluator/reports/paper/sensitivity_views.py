"""What the section "How firm it is" shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluator.model.evaluated import Evaluated
from evaluator.model.sensitivity import BreakevenPoint, Sensitivity, WeightBreakeven, WeightDistribution
from evaluator.reports import sentences
from evaluator.reports.language import ENGLISH, MOST_NAMED, Language
from evaluator.reports.words import chance, percent, points

MOST_BREAKEVENS = 12
MOST_STACKS = 5


@dataclass(frozen=True, slots=True)
class BreakevenRow:
    """One weight and what it would turn."""

    title: str
    kind: str
    weight: str
    first: tuple[str, ...]
    stack: tuple[str, ...]


def has_sensitivity(result: Evaluated) -> bool:
    """Whether it was asked how robust the answer is."""
    return result.sensitivity is not None and bool(result.sensitivity.robustness.scenarios)


def sensitivity_view(result: Evaluated, say: Language = ENGLISH) -> Mapping[str, object]:
    """Shares of draws, stacks that would win, the nearest break-even points, and the second opinions."""
    firm = result.sensitivity
    if firm is None or not firm.robustness.scenarios:
        return {}
    around = firm.robustness.scenario(WeightDistribution.AROUND)
    laws = (WeightDistribution.AROUND, WeightDistribution.ORDER, WeightDistribution.ANY)
    by_law = {law: {row.option: row for row in firm.robustness.scenario(law).options} for law in laws}
    return {
        "lead": lead(result, firm, say),
        "draws": f"{firm.robustness.samples:,}",
        "seed": firm.robustness.seed,
        "spread": percent(firm.robustness.half_width),
        "firsts": [
            (row, [chance(by_law[law][row.option].first) for law in laws], chance(row.within(3)))
            for row in around.options
        ],
        "stacks": [
            (sentences.names(result, share.tools, say), chance(share.share))
            for size in around.sizes
            if around.stack and size.size == len(around.stack.tools)
            for share in size.stacks[:MOST_STACKS]
        ],
        "turns": _breakeven_rows(result, [*firm.breakeven.families, *firm.breakeven.criteria], say),
        "least": _least(result, firm, say),
        "sole": len(firm.breakeven.first) == 1,
        "opinions": [
            (say(f"method-name.{opinion.method}"), _few(result, opinion.first, say), opinion.agrees)
            for opinion in firm.methods.methods
        ],
    }


def lead(result: Evaluated, firm: Sensitivity, say: Language = ENGLISH) -> str:
    """How often the answer held, in two sentences."""
    around = firm.robustness.scenario(WeightDistribution.AROUND)
    firsts = {row.option: row for row in around.options}
    first = firm.robustness.first
    told = first if len(first) <= MOST_NAMED else first[: MOST_NAMED - 1]
    parts = [
        say("firmness.first", option=sentences.names(result, [key], say), share=chance(firsts[key].first))
        for key in told
    ]
    left = len(first) - len(told)
    if left:
        text = say.number("firmness.lead-shared", left, parts=say.joined(parts))
    else:
        text = say("firmness.lead", parts=say.joined(parts))
    if around.stack is not None:
        stack = around.stack
        figures = {"share": chance(stack.share), "close": chance(stack.close), "regret": points(stack.regret, 2)}
        return f"{text} {say('firmness.lead-stack', **figures)}"
    return text


def _breakeven_rows(result: Evaluated, weights: Sequence[WeightBreakeven], say: Language) -> list[BreakevenRow]:
    """The weights with a break-even point, the nearest first."""
    families = {family.id: family.title for family in result.workspace.catalogue.head.families}
    criteria = result.workspace.catalogue.criteria
    able = sorted((row for row in weights if row.nearest is not None), key=lambda row: (row.nearest or 0.0, row.id))
    return [
        BreakevenRow(
            title=families[row.id] if row.id in families else criteria[row.id].title,
            kind=say("firmness.kind-family" if row.id in families else "firmness.kind-criterion"),
            weight=percent(row.weight),
            first=_words(result, (("below", row.first_down), ("above", row.first_up)), say),
            stack=_words(result, (("below", row.stack_down), ("above", row.stack_up)), say),
        )
        for row in able[:MOST_BREAKEVENS]
    ]


def _words(result: Evaluated, turns: Sequence[tuple[str, BreakevenPoint | None]], say: Language) -> tuple[str, ...]:
    return tuple(
        say(f"firmness.{side}", weight=percent(turn.at), options=_few(result, turn.to, say))
        for side, turn in turns
        if turn
    )


def _few(result: Evaluated, options: Sequence[str], say: Language) -> str:
    """``a, b, c and 5 more``."""
    return say.named([sentences.short_name(result, option) for option in options])


def _least(result: Evaluated, firm: Sensitivity, say: Language) -> str:
    """The smallest change of all weights together that changes the first place."""
    if len(firm.breakeven.first) > 1:
        return say("firmness.least-shared", options=_few(result, firm.breakeven.first, say))
    nearest = firm.breakeven.least[0] if firm.breakeven.least else None
    if nearest is None or nearest.distance is None:
        return say("firmness.no-other-weights")
    moved = percent(nearest.distance / 2)
    rival = sentences.names(result, [nearest.rival], say)
    changes = [
        say(
            "firmness.change",
            criterion=result.workspace.catalogue.criteria[key].title,
            before=percent(before),
            after=percent(after),
        )
        for key, (before, after) in nearest.weights.items()
    ]
    return say("firmness.least", moved=moved, rival=rival, changes=say.joined(changes))
