"""What the section "How firm it is" shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluator.models.firmness import Firmness, Turn, WeightLaw, WeightTurns
from evaluator.models.result import Result
from evaluator.reports import sentences
from evaluator.reports.words import METHOD_WORDS, chance, counted, joined, percent, points

MOST_TURNS = 12
MOST_STACKS = 5


@dataclass(frozen=True, slots=True)
class TurnRow:
    """One weight and what it would turn."""

    title: str
    kind: str
    weight: str
    first: tuple[str, ...]
    stack: tuple[str, ...]


def has_firmness(result: Result) -> bool:
    """Whether it was asked how firm the answer is."""
    return result.firmness is not None and bool(result.firmness.robustness.scenarios)


def firmness_view(result: Result) -> Mapping[str, object]:
    """Shares of draws, stacks that would win, the nearest turns, and the second opinions."""
    firm = result.firmness
    if firm is None or not firm.robustness.scenarios:
        return {}
    around = firm.robustness.scenario(WeightLaw.AROUND)
    laws = (WeightLaw.AROUND, WeightLaw.ORDER, WeightLaw.ANY)
    by_law = {law: {row.option: row for row in firm.robustness.scenario(law).options} for law in laws}
    return {
        "lead": lead(result, firm),
        "draws": f"{firm.robustness.samples:,}",
        "seed": firm.robustness.seed,
        "spread": percent(firm.robustness.half_width),
        "firsts": [
            (row, [chance(by_law[law][row.option].first) for law in laws], chance(row.within(3)))
            for row in around.options
        ],
        "stacks": [
            (sentences.names(result, share.tools), chance(share.share))
            for size in around.sizes
            if around.stack and size.size == len(around.stack.tools)
            for share in size.stacks[:MOST_STACKS]
        ],
        "turns": _turns(result, [*firm.flips.families, *firm.flips.criteria]),
        "least": _least(result, firm),
        "opinions": [
            (METHOD_WORDS[opinion.method], _few(result, opinion.first), opinion.agrees)
            for opinion in firm.opinions.opinions
        ],
    }


def lead(result: Result, firm: Firmness) -> str:
    """How often the answer held, in two sentences."""
    around = firm.robustness.scenario(WeightLaw.AROUND)
    firsts = {row.option: row for row in around.options}
    first = firm.robustness.first
    told = first if len(first) <= sentences.MOST_NAMED else first[: sentences.MOST_NAMED - 1]
    parts = [f"{sentences.names(result, [key])} in {chance(firsts[key].first)}" for key in told]
    text = f"With weights drawn around the stated ones, first place went to {joined(parts)} of draws"
    left = len(first) - len(told)
    text += f"; {counted(left, 'more option')} share the first place by score." if left else "."
    if around.stack is not None:
        stack = around.stack
        text += (
            f" The recommended stack was the best of its size in {chance(stack.share)}, and within the close band in "
            f"{chance(stack.close)}; on average it fell {points(stack.regret, 2)} points short of the best."
        )
    return text


def _turns(result: Result, weights: Sequence[WeightTurns]) -> list[TurnRow]:
    """The weights that turn something, those nearest to doing so first."""
    families = {family.id: family.title for family in result.workspace.catalogue.head.families}
    criteria = result.workspace.catalogue.criteria
    able = sorted((row for row in weights if row.nearest is not None), key=lambda row: (row.nearest or 0.0, row.id))
    return [
        TurnRow(
            title=families[row.id] if row.id in families else criteria[row.id].title,
            kind="family" if row.id in families else "criterion",
            weight=percent(row.weight),
            first=_words(result, (("below", row.first_down), ("above", row.first_up))),
            stack=_words(result, (("below", row.stack_down), ("above", row.stack_up))),
        )
        for row in able[:MOST_TURNS]
    ]


def _words(result: Result, turns: Sequence[tuple[str, Turn | None]]) -> tuple[str, ...]:
    return tuple(f"{side} {percent(turn.at)}: {_few(result, turn.to)}" for side, turn in turns if turn)


def _few(result: Result, options: Sequence[str]) -> str:
    """``a, b, c and 5 more``."""
    return sentences.named([sentences.short_name(result, option) for option in options])


def _least(result: Result, firm: Firmness) -> str:
    """The smallest change of all weights together that changes the first place."""
    nearest = firm.flips.least[0] if firm.flips.least else None
    if nearest is None or nearest.distance is None:
        return "No other weights on the criteria that count would change the first place."
    moved = percent(nearest.distance / 2)
    rival = sentences.names(result, [nearest.rival])
    changes = [
        f"{result.workspace.catalogue.criteria[key].title} from {percent(before)} to {percent(after)}"
        for key, (before, after) in nearest.weights.items()
    ]
    return f"Moving {moved} of all weight is enough to let {rival} draw level: {joined(changes)}."
