"""Which criteria make a score, or the difference between two."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.model.evaluated import Difference, Explanation, Scores, Separation
from evaluator.scoring.tolerances import descending


def explain(scores: Scores, option: str, against: str | None = None) -> Explanation:
    """Points per criterion of ``option``, alone or less those of ``against``, largest effect first.

    The parts add up to the score or to the difference, and with what unknowns could still earn to the high score.
    ``KeyError`` for an option that is not scored.
    """
    chosen = scores.option(option)
    if against is None:
        parts = [
            Difference(cell.criterion, cell.weight, cell.points, (cell.level, None), (cell.high - cell.points, 0.0))
            for cell in chosen.cells
        ]
        total = chosen.score
    else:
        other = scores.option(against)
        parts = [
            Difference(
                cell.criterion,
                cell.weight,
                cell.points - rival.points,
                (cell.level, rival.level),
                (cell.high - cell.points, rival.high - rival.points),
            )
            for cell, rival in zip(chosen.cells, other.cells, strict=True)
        ]
        total = chosen.score - other.score
    return Explanation(
        scores.as_of,
        option,
        against,
        total,
        tuple(
            sorted(parts, key=lambda part: (descending(abs(part.points)), descending(max(part.open)), part.criterion))
        ),
    )


def separations(scores: Scores, leaders: Sequence[str], count: int = 8) -> tuple[Separation, ...]:
    """The ``count`` criteria on which the leading options earn the most different points."""
    chosen = [scores.option(option) for option in leaders]
    table = []
    for cells in zip(*(option.cells for option in chosen), strict=True):
        points = {option.id: cell.points for option, cell in zip(chosen, cells, strict=True)}
        table.append(Separation(cells[0].criterion, points, max(points.values()) - min(points.values())))
    table.sort(key=lambda row: (descending(row.spread), row.criterion))
    return tuple(row for row in table[:count] if row.spread > 0)
