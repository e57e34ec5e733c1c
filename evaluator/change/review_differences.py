"""What changed between two reviews, and why: exact to the last point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evaluator.change.cell_mixtures import ReviewSide
from evaluator.change.input_differences import criterion_changes, other_changes, same_way, weight_changes
from evaluator.change.lost_tools import tools_gone
from evaluator.change.score_bridge import Bridge, Bridges
from evaluator.change.stack_bridge import StackBridge
from evaluator.model.change import (
    Cause,
    CellChange,
    Change,
    Crossed,
    OptionChange,
    Points,
    RankMove,
    RankReason,
    ReviewRef,
    StackChange,
)
from evaluator.model.evaluated import Evaluated, OptionScore
from evaluator.scoring.tolerances import TIE_DIGITS

Recorded = Mapping[str, Mapping[str, Points]]
"""Points by option and criterion, as a record has them."""


@dataclass(frozen=True)
class ComparedReview:
    """One of the two reviews: its result as this version of the tool computes it, and how it was recorded."""

    name: str
    result: Evaluated
    version: str
    """The version of the tool that recorded it."""
    approved: tuple[str, ...] | None = None
    """The approved tools; the recommended stack where left out."""
    recorded: Recorded = field(default_factory=dict)
    """Recorded points, where another version of the tool computed them."""

    @property
    def side(self) -> ReviewSide:
        """Its inputs and scores."""
        return ReviewSide(self.result.workspace, self.result.as_of, self.result.scores)

    @property
    def tools(self) -> tuple[str, ...]:
        """The approved tools."""
        if self.approved is not None:
            return self.approved
        chosen = self.result.stacks.chosen if self.result.stacks else None
        return chosen.tools if chosen else ()


def change(old: ComparedReview, new: ComparedReview) -> Change:
    """Everything that changed from ``old`` to ``new``.

    For every option of both, the points by criterion and cause sum to the difference of score, low and high to
    rounding (about 1e-13); exchanging the reviews reverses every sign; a cause that did not occur has no part.
    """
    bridges = Bridges(old.side, new.side)
    common = sorted(bridges.sides[0].cells.keys() & bridges.sides[1].cells.keys())
    found = {option: bridges.bridge(option) for option in common}
    moves = _moves(old, new, found)
    options = [
        _kept(old, new, bridge, moves[option]) if (bridge := found.get(option)) else _lone(old, new, option)
        for option in _order(old, new)
    ]
    return Change(
        old=_ref(old),
        new=_ref(new),
        options=tuple(options),
        criteria=criterion_changes(old.result.workspace, new.result.workspace),
        weights=weight_changes(bridges.mixtures, old.result.scores.weights, new.result.scores.weights),
        others=other_changes(old.result.workspace, new.result.workspace),
        same_way=same_way(options),
        stack=_stack(old, new, bridges),
    )


def _ref(review: ComparedReview) -> ReviewRef:
    head = review.result.workspace.catalogue.head
    return ReviewRef(
        review.name, review.result.as_of, review.result.digest, review.version, f"{head.id} {head.version}"
    )


def _order(old: ComparedReview, new: ComparedReview) -> list[str]:
    ranked = [option.id for option in new.result.scores.options]
    return ranked + [option.id for option in old.result.scores.options if option.id not in set(ranked)]


def _figures(review: ComparedReview, option: OptionScore) -> Points:
    recorded = review.recorded.get(option.id)
    return Points.total(recorded.values()) if recorded else Points(option.score, option.low, option.high)


def _find(review: ComparedReview, option: str) -> OptionScore | None:
    return next((found for found in review.result.scores.options if found.id == option), None)


def _verdict(review: ComparedReview, option: str) -> str | None:
    verdict = review.result.verdicts.get(option)
    return verdict.value if verdict else None


def _kept(old: ComparedReview, new: ComparedReview, bridge: Bridge, rank: RankMove) -> OptionChange:
    before, after = old.result.scores.option(bridge.option), new.result.scores.option(bridge.option)
    cells = _with_engine(bridge, ((old.side, old.recorded), (new.side, new.recorded)))
    return OptionChange(
        id=bridge.option,
        name=after.name,
        status="kept",
        old=_figures(old, before),
        new=_figures(new, after),
        causes=by_cause(cells),
        cells=cells,
        rank=rank,
        crossed=Crossed(bridge.new_facts, bridge.new_method),
        verdicts=(_verdict(old, bridge.option), _verdict(new, bridge.option)),
        cleared=(before.cleared, after.cleared),
    )


def by_cause(cells: Sequence[CellChange]) -> dict[Cause, Points]:
    """The points of every cause over all criteria."""
    parts: dict[Cause, list[Points]] = {}
    for cell in cells:
        for cause, points in cell.parts.items():
            parts.setdefault(cause, []).append(points)
    return {cause: Points.total(parts[cause]) for cause in Cause if cause in parts}


def vendor_bridge(
    old: ReviewSide, new: ReviewSide, vendor: str, recorded: tuple[Recorded, Recorded] | None = None
) -> dict[Cause, Points]:
    """What each cause moved of one vendor's figures; nothing where it is an option of one of the two only."""
    if vendor not in old.cells or vendor not in new.cells:
        return {}
    bridge = Bridges(old, new).bridge(vendor)
    before, after = recorded or ({}, {})
    return by_cause(_with_engine(bridge, ((old, before), (new, after))))


def _with_engine(
    bridge: Bridge, ends: tuple[tuple[ReviewSide, Recorded], tuple[ReviewSide, Recorded]]
) -> tuple[CellChange, ...]:
    """The cells of a bridge, with what another version of the tool computed in either review."""
    if not any(bridge.option in recorded for _, recorded in ends):
        return bridge.cells
    moved: dict[str, Points] = {}
    for (side, said_by), sign in zip(ends, (-1.0, 1.0), strict=True):
        computed = {key: Points(cell.points, cell.low, cell.high) for key, cell in side.cells[bridge.option].items()}
        recorded = said_by.get(bridge.option) or computed
        nothing = Points(0.0, 0.0, 0.0)
        for criterion in sorted({*recorded, *computed}):
            said, now = recorded.get(criterion, nothing), computed.get(criterion, nothing)
            gap = Points(sign * (said.score - now.score), sign * (said.low - now.low), sign * (said.high - now.high))
            if gap:
                moved[criterion] = Points.total([moved.get(criterion, nothing), gap])
    cells = {cell.criterion: cell for cell in bridge.cells}
    for criterion, gap in moved.items():
        cell = cells.get(criterion, CellChange(criterion, (None, None), (None, None), (0.0, 0.0), {}))
        cells[criterion] = CellChange(
            criterion, cell.levels, cell.evidence_statuses, cell.weights, {**cell.parts, Cause.ENGINE: gap}
        )
    return tuple(cells[criterion] for criterion in sorted(cells))


def _lone(old: ComparedReview, new: ComparedReview, option: str) -> OptionChange:
    """An option of one review only: it has figures and no bridge."""
    before, after = _find(old, option), _find(new, option)
    found = after or before
    return OptionChange(
        id=option,
        name=found.name if found else option,
        status="came" if after else "went",
        old=_figures(old, before) if before else None,
        new=_figures(new, after) if after else None,
        causes={},
        cells=(),
        rank=None,
        crossed=None,
        verdicts=(_verdict(old, option), _verdict(new, option)),
        cleared=(before.cleared if before else None, after.cleared if after else None),
    )


def _moves(old: ComparedReview, new: ComparedReview, bridges: Mapping[str, Bridge]) -> dict[str, RankMove]:
    """Why each rank moved, from four rankings of the options that both reviews have."""
    scores = [review.result.scores for review in (old, new)]
    then, now = (
        _ranks({option.id: option.score for option in found.options if option.id in bridges}) for found in scores
    )
    facts = _ranks({option: bridge.new_facts for option, bridge in bridges.items()})
    method = _ranks({option: bridge.new_method for option, bridge in bridges.items()})
    official = [{option.id: option.rank for option in found.options} for found in scores]
    return {
        option: RankMove(
            old=official[0][option],
            new=official[1][option],
            common_old=then[option],
            common_new=now[option],
            new_facts=facts[option],
            new_method=method[option],
            reason=_reason(
                official[0][option] != official[1][option], then[option], now[option], facts[option], method[option]
            ),
        )
        for option in bridges
    }


def _reason(moved: bool, then: int, now: int, facts: int, method: int) -> RankReason:  # noqa: FBT001 - one of five figures
    if then == now:
        return RankReason.OPTIONS if moved else RankReason.UNMOVED
    if facts == then and method == now:
        return RankReason.METHOD
    if facts == now and method == then:
        return RankReason.FACTS
    return RankReason.BOTH


def _ranks(scores: Mapping[str, float]) -> dict[str, int]:
    """Competition ranks, as the engine gives them."""
    shown = {option: round(score, TIE_DIGITS) for option, score in scores.items()}
    ordered = sorted(shown.values(), reverse=True)
    first = {score: place for place, score in reversed(list(enumerate(ordered, start=1)))}
    return {option: first[score] for option, score in shown.items()}


def _stack(old: ComparedReview, new: ComparedReview, bridges: Bridges) -> StackChange | None:
    if not old.tools and not new.tools:
        return None
    bridge = StackBridge(bridges, (old.tools, new.tools))
    everything = frozenset(Cause)
    return StackChange(
        tools=(old.tools, new.tools),
        values=(bridge.value(frozenset()), bridge.value(everything)),
        causes=bridge.causes(),
        old_tools_now=bridge.value(everything - {Cause.CHOICE}),
        new_tools_then=bridge.value(frozenset({Cause.CHOICE})),
        gone=tools_gone(old.result, new.result, old.tools, new.tools),
        costs=_costs(old.result, new.result, old.tools, new.tools),
    )


def _costs(
    old: Evaluated, new: Evaluated, before: Sequence[str], after: Sequence[str]
) -> tuple[tuple[str, float, float], ...]:
    table: dict[str, list[float]] = {}
    for place, (result, tools) in enumerate(((old, before), (new, after))):
        chosen = result.stacks.chosen if result.stacks else None
        if chosen and set(chosen.tools) == set(tools):
            for amount in chosen.cost.amounts:
                table.setdefault(amount.currency, [0.0, 0.0])[place] = amount.expected
    return tuple((currency, found[0], found[1]) for currency, found in sorted(table.items()))
