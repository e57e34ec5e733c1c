"""What it would take to change the answer: one weight, all weights together, or a few answers.

One weight is varied along a path: one criterion or family takes any share of the whole weight while all other weights keep
their proportions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.model.catalogue import Catalogue, Criterion
from evaluator.model.evaluated import Evaluated, OptionScore
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.sensitivity import (
    AnswerBreakeven,
    AnswerChange,
    Breakeven,
    BreakevenPoint,
    LeastChange,
    WeightBreakeven,
)
from evaluator.scoring.tolerances import (
    BREAKEVEN_PRECISION,
    CLOSED_GAP,
    PATH_END,
    SHARE_DIGITS,
    SHARE_TIE,
    TIE,
    descending,
)
from evaluator.sensitivity.arrays import Array, Arrays, arrays, best_sets, recommended, recommended_stacks
from evaluator.stack.exact_search import Rows
from evaluator.stack.stack_value import Parts, largest_leads, set_value

GRID = 9
"""Places looked at in one go."""
COARSE = 1 / 1024
"""A stretch shorter than this, at both ends of which the stack holds, is taken to hold between."""


def breakeven(result: Evaluated) -> Breakeven:
    """How far weights and answers are from another first place, and weights from another recommended stack.

    Criteria of no weight play no part: no change gives them any. The answer counts as changed once a rival draws level.
    """
    scores = result.scores
    table = arrays(result)
    first = tuple(option.id for option in scores.options if option.rank == 1)
    rivals = [option for option in scores.options if option.rank > 1]
    stack = recommended(table, table.weights)
    groups = {key: np.array([own == key for own in table.families]) for key in dict.fromkeys(table.families)}
    singles = {key: np.arange(len(table.criteria)) == number for number, key in enumerate(table.criteria)}
    alone = len(first) == 1
    lead = scores.option(first[0]).score if first else 0.0
    return Breakeven(
        as_of=result.as_of,
        first=first,
        runner_up=rivals[0].id if rivals and alone else None,
        gap=lead - rivals[0].score if rivals and alone else 0.0,
        stack=tuple(table.options[row] for row in stack) or None,
        criteria=_weight_breakevens(table, singles, first, stack),
        families=_weight_breakevens(table, groups, first, stack),
        least=least_changes(table, first[0]) if alone else (),
        answers=fewest_answers(result, open_only=False) if alone else None,
        open_answers=fewest_answers(result, open_only=True) if alone else None,
    )


def _weight_breakevens(
    table: Arrays, groups: Mapping[str, NDArray[np.bool_]], first: Sequence[str], stack: Rows
) -> tuple[WeightBreakeven, ...]:
    leader = table.options.index(first[0]) if len(first) == 1 else None
    rows = []
    for key, group in groups.items():
        weight = float(table.weights[group].sum())
        along = path(table.weights, group)
        down = up = stack_down = stack_up = None
        if along is not None:
            if leader is not None:
                down, up = first_breakevens(table, along, leader)
            if stack:
                stack_down, stack_up = stack_breakevens(table, along, stack)
        rows.append(WeightBreakeven(key, weight, down, up, stack_down, stack_up))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class Path:
    """The weights as a function of the share of one group of criteria."""

    share: float
    """The group's share as stated."""
    inside: Array
    """Weights that sum to 1 over the group alone."""
    outside: Array
    """Weights that sum to 1 over all others."""

    def weights(self, shares: Array) -> Array:
        """One line of weights for each share of the group."""
        result: Array = shares[:, None] * self.inside + (1 - shares[:, None]) * self.outside
        return result


def path(weights: Array, group: NDArray[np.bool_]) -> Path | None:
    """The path of ``group``; None where it has no weight, or all of it."""
    share = float(weights[group].sum())
    rest = float(weights[~group].sum())
    if share <= 0 or rest <= 0:
        return None
    return Path(share, np.where(group, weights, 0.0) / share, np.where(group, 0.0, weights) / rest)


def first_breakevens(table: Arrays, along: Path, leader: int) -> tuple[BreakevenPoint | None, BreakevenPoint | None]:
    """The nearest weights below and above the stated one at which another option draws level with ``leader``.

    The gap to each rival is linear along a path, so the break-even weights are exact (one weight at a time: Triantaphyllou and
    Sánchez 1997, with the others rescaled).
    """
    inside, outside = table.scores(along.inside), table.scores(along.outside)
    lead_in, lead_out = inside[leader] - inside, outside[leader] - outside
    slope = lead_in - lead_out
    roots = np.divide(-lead_out, slope, out=np.full_like(slope, np.nan), where=np.abs(slope) > TIE**2)
    roots[leader] = np.nan
    # Who draws level only where a weight is nothing or everything overtakes nowhere.
    below = np.where((roots > TIE) & (roots < along.share), roots, -np.inf)
    above = np.where((roots < 1 - TIE) & (roots > along.share), roots, np.inf)
    return _at(table, below, float(below.max())), _at(table, above, float(above.min()))


def _at(table: Arrays, roots: Array, where: float) -> BreakevenPoint | None:
    if not np.isfinite(where):
        return None
    who = np.flatnonzero(np.abs(roots - where) <= TIE)
    return BreakevenPoint(where, tuple(table.options[row] for row in who))


def stack_breakevens(table: Arrays, along: Path, stack: Rows) -> tuple[BreakevenPoint | None, BreakevenPoint | None]:
    """The nearest weights below and above the stated one at which ``stack`` is no longer recommended.

    Fits are ratios of linear functions along a path, with one denominator per use case, so each difference of two fits rises
    or falls all the way; its values at two places bound it between them. A stretch is passed over when these bounds prove
    that the stack holds; otherwise it is cut, down to a thousandth of the whole weight.
    """
    search = _Stretch(table, along, stack)
    return search.breakeven(along.share, PATH_END), search.breakeven(along.share, 1 - PATH_END)


class _Stretch:
    def __init__(self, table: Arrays, along: Path, stack: Rows) -> None:
        self.table = table
        self.along = along
        self.stack = stack

    def breakeven(self, begin: float, end: float) -> BreakevenPoint | None:
        """The break-even point nearest to ``begin`` on the way to ``end``."""
        places = np.linspace(begin, end, GRID)
        parts = self.table.parts(self.along.weights(places))
        found = recommended_stacks(self.table, parts)
        holds = [self._holds(parts[..., number], rows) for number, rows in enumerate(found)]
        proved = self._proved(parts)
        for number in range(GRID - 1):
            if holds[number + 1] and proved[number]:
                continue
            near, far = float(places[number]), float(places[number + 1])
            if holds[number + 1] and abs(far - near) <= COARSE:
                continue
            if abs(far - near) <= BREAKEVEN_PRECISION:
                return BreakevenPoint(far, tuple(self.table.options[row] for row in found[number + 1]))
            inner = self.breakeven(near, far)
            if inner:
                return inner
        return None

    def _holds(self, parts: Parts, rows: Rows) -> bool:
        """Whether the stack is recommended, or ties with the one that is."""
        if rows == self.stack:
            return True
        if len(rows) != len(self.stack):
            return False
        return set_value(parts, self.stack) >= set_value(parts, rows) - SHARE_TIE

    def _proved(self, parts: Parts) -> NDArray[np.bool_]:
        """For each stretch between neighbouring places, whether bounds prove that the stack holds."""
        near, far = parts[..., :-1], parts[..., 1:]
        table = self.table
        place = table.sizes.index(len(self.stack))
        leads = largest_leads(near, far, self.stack)
        proved: NDArray[np.bool_] = best_sets(leads, len(self.stack), table.allowed)[0] <= SHARE_TIE
        for larger in table.sizes[place + 1 : place + 2]:
            proved &= best_sets(leads, larger, table.allowed)[0] < table.min_gain
        following = self.stack
        least = max(table.min_gain, 2 * SHARE_TIE)
        for smaller in table.sizes[:place][::-1]:
            proved &= best_sets(largest_leads(near, far, following), smaller, table.allowed)[0] <= -least
            following = best_sets(near[..., :1], smaller, table.allowed)[1][0]
        return proved


def least_changes(table: Arrays, first: str) -> tuple[LeastChange, ...]:
    """For every rival, the smallest sum of absolute weight changes after which it draws level; nearest first.

    Exact: the linear program min sum |w' - w| with w' >= 0, sum w' = 1 and no lead left is solved by moving weight from the
    criteria on which ``first`` leads most to the one on which it leads least, until the lead is gone.
    """
    leader = table.options.index(first)
    found = [
        _least_change(table, name, table.values[leader] - table.values[row])
        for row, name in enumerate(table.options)
        if row != leader
    ]
    return tuple(
        sorted(
            found, key=lambda item: (2.0 if item.distance is None else round(item.distance, SHARE_DIGITS), item.rival)
        )
    )


def _least_change(table: Arrays, rival: str, lead: Array) -> LeastChange:
    gap = float(table.weights @ lead)
    to = int(lead.argmin())
    if lead[to] > 0:
        return LeastChange(rival, None, {})
    after = table.weights.copy()
    for row in np.argsort(-lead, kind="stable"):
        if gap <= CLOSED_GAP or lead[row] <= lead[to]:
            break
        moved = min(float(table.weights[row]), gap / float(lead[row] - lead[to]))
        after[row] -= moved
        after[to] += moved
        gap -= moved * float(lead[row] - lead[to])
    changed = np.flatnonzero(np.abs(after - table.weights) > CLOSED_GAP)
    return LeastChange(
        rival,
        float(np.abs(after - table.weights).sum()),
        {table.criteria[row]: (float(table.weights[row]), float(after[row])) for row in changed},
    )


def fewest_answers(result: Evaluated, *, open_only: bool) -> AnswerBreakeven | None:
    """A smallest set of answers that, answered otherwise, would let a rival draw level with the single first place.

    Exact in their number: effects on a gap add up, so the largest ones make the smallest set. Of several smallest sets
    it is one with the largest effects, and the last answer moves no further than it must. With ``open_only``, only unknown
    answers of the rival may rise and only answers of the first place that are not supported may fall, to unknown.
    """
    catalogue = result.workspace.catalogue
    leader, *rivals = result.scores.options
    best: AnswerBreakeven | None = None
    for rival in rivals:
        moves = [*_rises(catalogue, rival, open_only=open_only), *_falls(leader, open_only=open_only)]
        moves.sort(key=lambda move: (descending(move[0]), move[1].option, move[1].criterion))
        changes = _enough(result, moves, leader.score - rival.score)
        if changes is not None and (best is None or len(changes) < len(best.changes)):
            best = AnswerBreakeven(rival.id, changes)
    return best


Move = tuple[float, AnswerChange]


def _rises(catalogue: Catalogue, option: OptionScore, *, open_only: bool) -> list[Move]:
    """What each answer of ``option`` could add at its best level."""
    moves = []
    for cell in option.cells:
        criterion = catalogue.criteria[cell.criterion]
        gain = 100 * cell.weight * criterion.best_value - cell.points
        if cell.level is None or not open_only:
            moves.append((gain, AnswerChange(option.id, cell.criterion, cell.level, criterion.max_level)))
    return moves


def _falls(option: OptionScore, *, open_only: bool) -> list[Move]:
    """What ``option`` would lose with each answer unknown."""
    return [
        (cell.points, AnswerChange(option.id, cell.criterion, cell.level, None))
        for cell in option.cells
        if cell.evidence_status is not EvidenceStatus.SUPPORTED or not open_only
    ]


def _enough(result: Evaluated, moves: Sequence[Move], gap: float) -> tuple[AnswerChange, ...] | None:
    taken: list[AnswerChange] = []
    for effect, change in moves:
        if gap - effect <= TIE:
            criterion = result.workspace.catalogue.criteria[change.criterion]
            return (*taken, _no_further(criterion, result.scores.weights[change.criterion], change, gap))
        gap -= effect
        taken.append(change)
    return None


def _no_further(criterion: Criterion, weight: float, change: AnswerChange, gap: float) -> AnswerChange:
    """The last change, to the level nearest to the present one that closes ``gap`` points."""
    below = criterion.min_level - 1
    before, now = (below, 0.0) if change.before is None else (change.before, criterion.value(change.before))
    if change.after is None:
        levels, effect = range(before - 1, below, -1), -1.0
    else:
        levels, effect = range(before + 1, criterion.max_level + 1), 1.0
    for level in levels:
        if gap - effect * 100 * weight * (criterion.value(level) - now) <= TIE:
            return AnswerChange(change.option, change.criterion, change.before, level)
    return change
