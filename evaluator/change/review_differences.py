"""What changed between two reviews, and why: exact to the last point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from evaluator.change.attribution import Bridge, Bridges, StackBridge, ToolSets
from evaluator.change.input_differences import criterion_changes, other_changes, same_way, weight_changes
from evaluator.change.mixtures import ReviewSide
from evaluator.errors import EvaluatorError
from evaluator.evaluation.evaluate import evaluate
from evaluator.model.change import (
    Cause,
    CellChange,
    Change,
    Crossed,
    GateMove,
    LostUse,
    OptionChange,
    Points,
    RankMove,
    RankReason,
    ReviewRef,
    StackChange,
    ToolGone,
)
from evaluator.model.evaluated import Evaluated, Fit, GateOutcome, OptionScore
from evaluator.model.workspace import Workspace
from evaluator.scoring.tolerances import TIE_DIGITS
from evaluator.stack.recommendation import decision_matrix, stacks

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
        return recommended_tools(self.result) if self.approved is None else self.approved


def recommended_tools(result: Evaluated) -> tuple[str, ...]:
    """The recommended stack; nothing where none is."""
    chosen = result.stacks.chosen if result.stacks else None
    return chosen.tools if chosen else ()


def change(old: ComparedReview, new: ComparedReview) -> Change:
    """Everything that changed from ``old`` to ``new``.

    For every option of both, the points by criterion and cause sum to the difference of score, low and high to
    rounding (about 1e-13); exchanging the reviews reverses every sign; a cause that did not occur has no part.
    """
    old = under_ids_of(old, new.result.workspace)
    bridges = Bridges(old.side, new.side)
    common = sorted(bridges.sides[0].cells.keys() & bridges.sides[1].cells.keys())
    found = {option: bridges.bridge(option) for option in common}
    moves = _moves(old, new, found)
    options = [_option_change(old, new, option, found.get(option), moves.get(option)) for option in _order(old, new)]
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


def under_ids_of(review: ComparedReview, other: Workspace) -> ComparedReview:
    """The review with its options called as in ``other``: an edition goes by another id where others of its vendor came or went."""
    workspace = review.result.workspace
    ids = workspace.ids_in(other)
    if not ids:
        return review
    found = evaluate(workspace.with_ids(ids), review.result.as_of, version=review.result.version)
    return ComparedReview(
        review.name,
        replace(found, digest=review.result.digest),
        review.version,
        None if review.approved is None else tuple(ids.get(tool, tool) for tool in review.approved),
        {ids.get(option, option): points for option, points in review.recorded.items()},
    )


def _ref(review: ComparedReview) -> ReviewRef:
    head = review.result.workspace.catalogue.head
    return ReviewRef(
        review.name, review.result.as_of, review.result.digest, review.version, f"{head.id} {head.version}"
    )


def _order(old: ComparedReview, new: ComparedReview) -> list[str]:
    ranked = [option.id for option in new.result.scores.options]
    return ranked + [option.id for option in old.result.scores.options if option.id not in set(ranked)]


def _option_change(
    old: ComparedReview, new: ComparedReview, option: str, bridge: Bridge | None, rank: RankMove | None
) -> OptionChange:
    """One option; one of a single review has figures and no bridge."""
    before, after = (
        next((found for found in review.result.scores.options if found.id == option), None) for review in (old, new)
    )
    found = after or before
    cells = _with_engine(bridge, ((old.side, old.recorded), (new.side, new.recorded))) if bridge else ()
    verdicts = [review.result.verdicts.get(option) for review in (old, new)]
    return OptionChange(
        id=option,
        name=found.name if found else option,
        status="kept" if bridge else "came" if after else "went",
        old=_figures(old, before) if before else None,
        new=_figures(new, after) if after else None,
        causes=by_cause(cells),
        cells=cells,
        rank=rank,
        crossed=Crossed(bridge.new_facts, bridge.new_method) if bridge else None,
        verdicts=(verdicts[0].value if verdicts[0] else None, verdicts[1].value if verdicts[1] else None),
        cleared=(before.cleared if before else None, after.cleared if after else None),
    )


def _figures(review: ComparedReview, option: OptionScore) -> Points:
    recorded = review.recorded.get(option.id)
    return Points.total(recorded.values()) if recorded else Points(option.score, option.low, option.high)


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


def _moves(old: ComparedReview, new: ComparedReview, bridges: Mapping[str, Bridge]) -> dict[str, RankMove]:
    """Why each rank moved, from four rankings of the options that both reviews have."""
    then, now = (
        _ranks({option.id: option.score for option in review.result.scores.options if option.id in bridges})
        for review in (old, new)
    )
    facts = _ranks({option: bridge.new_facts for option, bridge in bridges.items()})
    method = _ranks({option: bridge.new_method for option, bridge in bridges.items()})
    found = {}
    for key in bridges:
        before, after = old.result.scores.option(key).rank, new.result.scores.option(key).rank
        if then[key] == now[key]:
            reason = RankReason.UNMOVED if before == after else RankReason.OPTIONS
        elif facts[key] == then[key] and method[key] == now[key]:
            reason = RankReason.METHOD
        elif facts[key] == now[key] and method[key] == then[key]:
            reason = RankReason.FACTS
        else:
            reason = RankReason.BOTH
        found[key] = RankMove(before, after, then[key], now[key], facts[key], method[key], reason)
    return found


def _ranks(scores: Mapping[str, float]) -> dict[str, int]:
    """Competition ranks, as the engine gives them."""
    shown = {option: round(score, TIE_DIGITS) for option, score in scores.items()}
    ordered = sorted(shown.values(), reverse=True)
    first = {score: place for place, score in reversed(list(enumerate(ordered, start=1)))}
    return {option: first[score] for option, score in shown.items()}


def _stack(old: ComparedReview, new: ComparedReview, bridges: Bridges) -> StackChange | None:
    if not old.tools and not new.tools:
        return None
    sets = ToolSets(old.tools, new.tools, _with_limits_of(new, old), _with_limits_of(old, new))
    bridge = StackBridge(bridges, sets)
    everything, choice = frozenset(Cause), frozenset({Cause.CHOICE, Cause.LIMITS})
    return StackChange(
        tools=(old.tools, new.tools),
        values=(bridge.value(frozenset()), bridge.value(everything)),
        causes=bridge.causes(),
        old_tools_now=bridge.value(everything - choice),
        new_tools_then=bridge.value(choice),
        gone=tools_gone(old.result, new.result, old.tools, new.tools),
        costs=_costs(old.result, new.result, old.tools, new.tools),
    )


def _with_limits_of(other: ComparedReview, own: ComparedReview) -> tuple[str, ...]:
    """The tools that ``own`` would recommend under the limits of the other; its own where it approved others, or none fit."""
    workspace, limits = own.result.workspace, other.result.workspace.evaluation.stack
    if workspace.evaluation.stack == limits or set(own.tools) != set(recommended_tools(own.result)):
        return own.tools
    evaluation = workspace.evaluation.model_copy(update={"stack": limits})
    under = Workspace.model_construct(**{**dict(workspace), "evaluation": evaluation})
    try:
        found = stacks(under, decision_matrix(under, own.result.fits))
    except EvaluatorError:  # a limit names a tool that is no option there
        return own.tools
    return found.chosen.tools if found and found.chosen else ()


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


def tools_gone(old: Evaluated, new: Evaluated, before: Sequence[str], after: Sequence[str]) -> tuple[ToolGone, ...]:
    """Each tool of ``before`` that is not in ``after``: the use cases it served, and what became of them."""
    options = {option.id: option for option in (*new.scores.options, *old.scores.options)}
    known = {option.id for option in new.scores.options}
    served, now = serving(old, before), _by_tool(new)
    found = []
    for tool in before:
        if tool in after:
            continue
        levels = [
            {
                cell.criterion: cell.level
                for option in result.scores.options
                if option.id == tool
                for cell in option.cells
            }
            for result in (old, new)
        ]
        uses = []
        for use_case in served.get(tool, ()):
            was, today = _by_tool(old)[use_case][tool], now.get(use_case, {})
            fit, server = today.get(tool), _best(today, after)
            uses.append(
                LostUse(
                    use_case=use_case,
                    fits=(was.fit, fit.fit if fit else None),
                    now=server,
                    now_fit=today[server].fit if server else 0.0,
                    gates=tuple(_gates(was, fit, levels)) if fit else (),
                    absent=tuple(need for need in fit.absent if need not in was.absent) if fit else (),
                )
            )
        name = options[tool].name if tool in options else tool
        found.append(ToolGone(tool, name, still_option=tool in known, uses=tuple(uses)))
    return tuple(found)


def _by_tool(result: Evaluated) -> dict[str, dict[str, Fit]]:
    return {use_case: {fit.option: fit for fit in row} for use_case, row in result.fits.items()}


def serving(result: Evaluated, tools: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The use cases that each of ``tools`` serves of a stack, by tool; those that serve none are left out."""
    found: dict[str, list[str]] = {}
    for use_case, fits in _by_tool(result).items():
        tool = _best(fits, tools)
        if tool is not None:
            found.setdefault(tool, []).append(use_case)
    return {tool: tuple(cases) for tool, cases in sorted(found.items())}


def _best(fits: Mapping[str, Fit], tools: Sequence[str]) -> str | None:
    """Which of ``tools`` serves the use case: the best fit above zero, ties by id."""
    able = [fits[tool] for tool in tools if tool in fits and fits[tool].fit > 0]
    return min(able, key=lambda fit: (-round(fit.fit, 9), fit.option)).option if able else None


def _gates(was: Fit, fit: Fit, levels: Sequence[Mapping[str, int | None]]) -> Iterator[GateMove]:
    """Gates that stood in nobody's way then and do now."""
    before = {check.criterion: check.outcome for check in (*was.failed, *was.unsupported)}
    for check in (*fit.failed, *fit.unsupported):
        if before.get(check.criterion) is not check.outcome:
            yield GateMove(
                criterion=check.criterion,
                required=check.required,
                levels=(levels[0].get(check.criterion), levels[1].get(check.criterion)),
                outcome="failed" if check.outcome is GateOutcome.FAILED else "unsupported",
                evidence_status=check.evidence_status,
            )
