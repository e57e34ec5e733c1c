"""What it would take to change the answer: one weight, all weights together, or a few answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from evaluator.model.catalogue import Criterion
from evaluator.model.evaluated import Evaluated, OptionScore, Scores
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.sensitivity import AnswerBreakeven, AnswerChange, Breakeven, LeastChange, WeightBreakeven
from evaluator.model.workspace import Workspace
from evaluator.sensitivity.arrays import TIE, Array, Arrays, arrays
from evaluator.sensitivity.breakeven_weights import first_turns, path, stack_turns
from evaluator.sensitivity.stack_choice import Rows, recommended

DUST = 1e-12
"""What rounding leaves of a gap that is closed."""


def breakeven(result: Evaluated) -> Breakeven:
    """How far weights and answers are from another first place, and weights from another recommended stack.

    Criteria of no weight play no part: no change gives them any. A rival that draws level counts as a flip.
    """
    workspace, scores = result.workspace, result.scores
    table = arrays(workspace, scores, result.fits)
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
        criteria=_turns(table, singles, first, stack),
        families=_turns(table, groups, first, stack),
        least=least_changes(table, first[0]) if alone else (),
        answers=fewest_answers(workspace, scores, open_only=False) if alone else None,
        open_answers=fewest_answers(workspace, scores, open_only=True) if alone else None,
    )


def _turns(
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
                down, up = first_turns(table, along, leader)
            if stack:
                stack_down, stack_up = stack_turns(table, along, stack)
        rows.append(WeightBreakeven(key, weight, down, up, stack_down, stack_up))
    return tuple(rows)


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
        sorted(found, key=lambda item: (2.0 if item.distance is None else round(item.distance, 12), item.rival))
    )


def _least_change(table: Arrays, rival: str, lead: Array) -> LeastChange:
    gap = float(table.weights @ lead)
    to = int(lead.argmin())
    if lead[to] > 0:
        return LeastChange(rival, None, {})
    after = table.weights.copy()
    for row in np.argsort(-lead, kind="stable"):
        if gap <= DUST or lead[row] <= lead[to]:
            break
        moved = min(float(table.weights[row]), gap / float(lead[row] - lead[to]))
        after[row] -= moved
        after[to] += moved
        gap -= moved * float(lead[row] - lead[to])
    changed = np.flatnonzero(np.abs(after - table.weights) > DUST)
    return LeastChange(
        rival,
        float(np.abs(after - table.weights).sum()),
        {table.criteria[row]: (float(table.weights[row]), float(after[row])) for row in changed},
    )


def fewest_answers(workspace: Workspace, scores: Scores, *, open_only: bool) -> AnswerBreakeven | None:
    """A smallest set of answers that, answered otherwise, would let a rival draw level with the single first place.

    Exact in their number: effects on a gap add up, so the largest ones make the smallest set. Of several smallest sets
    it is one with the largest effects, and the last answer moves no further than it must. With ``open_only``, only unknown
    answers of the rival may rise and only answers of the first place that are not firm may fall, to unknown.
    """
    leader = scores.options[0]
    best: AnswerBreakeven | None = None
    for rival in scores.options[1:]:
        moves = [*_rises(workspace, rival, open_only=open_only), *_falls(leader, open_only=open_only)]
        moves.sort(key=lambda move: (-round(move[0], 9), move[1].option, move[1].criterion))
        changes = _enough(workspace, scores, moves, leader.score - rival.score)
        if changes is not None and (best is None or len(changes) < len(best.changes)):
            best = AnswerBreakeven(rival.id, changes)
    return best


Move = tuple[float, AnswerChange]


def _rises(workspace: Workspace, option: OptionScore, *, open_only: bool) -> list[Move]:
    """What each answer of ``option`` could add at its best level."""
    moves = []
    for cell in option.cells:
        criterion = workspace.catalogue.criteria[cell.criterion]
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


def _enough(workspace: Workspace, scores: Scores, moves: Sequence[Move], gap: float) -> tuple[AnswerChange, ...] | None:
    taken: list[AnswerChange] = []
    for effect, change in moves:
        if gap - effect <= TIE:
            criterion = workspace.catalogue.criteria[change.criterion]
            return (*taken, _no_further(criterion, scores.weights[change.criterion], change, gap))
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
