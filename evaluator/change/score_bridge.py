"""The bridge from an option's old figures to its new ones: points by criterion and cause, which add up.

The points of a cell are its weight times the value of its answer. Weights move by three causes (weights,
criteria, scope), values by three others (facts, rubric, combination rule); each cause gets its Shapley
value over all mixtures of the six. For two causes that is the midpoint rule: the change of
one at the mean of the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from evaluator.change.cell_mixtures import MIXES, Mixed, OptionCells, ReviewSide
from evaluator.change.weight_mixtures import WEIGHT_MIXES, AllMixtureWeights, MixtureWeights
from evaluator.model.change import NATURES, Cause, CellChange, Nature, Points
from evaluator.stack.contributions import coefficients

Array = NDArray[np.float64]

_SHARE = coefficients(6)
_OTHER_CAUSES = (Cause.RUBRICS, Cause.COMBINATION, Cause.WEIGHTS, Cause.CRITERIA, Cause.SCOPE)


@dataclass(frozen=True)
class Bridge:
    """One option's bridge."""

    option: str
    cells: tuple[CellChange, ...]
    new_facts: float
    """The score of the new facts under the old method."""
    new_method: float
    """The score of the old facts under the new method."""


class Bridges:
    """Two reviews, made ready for the bridges of any of their options."""

    def __init__(self, old: ReviewSide, new: ReviewSide) -> None:
        self.mixtures = AllMixtureWeights(old.workspace, new.workspace)
        self.cells = OptionCells(old, new, self.mixtures.home)
        self.sides = (old, new)
        self.criteria = self.mixtures.criteria
        weights = {mixture: self.mixtures.weights(mixture) for mixture in WEIGHT_MIXES}
        self._weights: Array = np.array(
            [[weights[mixture].get(criterion, 0.0) for criterion in self.criteria] for mixture in WEIGHT_MIXES]
        ).reshape(2, 2, 2, len(self.criteria))
        self._ends: tuple[list[float], list[float]] = (
            self._weights[0, 0, 0].tolist(),
            self._weights[1, 1, 1].tolist(),
        )

    def weight(self, mixture: MixtureWeights) -> dict[str, float]:
        """The weights under ``mixture``, of every criterion that counts in either review."""
        return dict(zip(self.criteria, map(float, self._weights[mixture]), strict=True))

    def bridge(self, option: str) -> Bridge:
        """The bridge of an option that both reviews have."""
        mixed = [self.cells.mixed(option, criterion) for criterion in self.criteria]
        worth = _value_array(mixed)
        moved = self._moved(worth).transpose(2, 0, 1)
        active: list[bool] = np.any(moved, axis=(1, 2)).tolist()
        cells = []
        for place, cell in enumerate(mixed):
            if active[place] or cell.moves:
                cells.append(self._cell(place, cell, _parts(moved[place].tolist(), cell.cause)))
        facts = np.array([NATURES[cell.cause] is Nature.FACTS for cell in mixed])
        return Bridge(
            option,
            tuple(cells),
            new_facts=self._score(worth, np.where(facts, MIXES.index((1, 0, 0)), 0), MixtureWeights(0, 0, 0), mixed),
            new_method=self._score(worth, np.where(facts, MIXES.index((0, 1, 1)), 7), MixtureWeights(1, 1, 1), mixed),
        )

    def _moved(self, worth: Array) -> Array:
        """Points of every criterion by cause and figure: an array (6, 3, criteria).

        ``worth`` is (figures, facts, rubric, rule, criteria). Causes come in the order facts, rubric,
        rule, weights, criteria, scope.
        """
        weights = self._weights
        sizes = np.indices((2, 2, 2)).sum(axis=0)
        by_worth = _shares(weights[None], sizes)[:, 0]
        by_weight = _shares(worth, sizes)
        found = []
        for axis in range(3):
            gain = np.diff(worth, axis=1 + axis).squeeze(1 + axis)
            others = np.indices((2, 2)).sum(axis=0)
            found.append(100 * sum(gain[:, i, j] * by_worth[others[i, j]] for i in (0, 1) for j in (0, 1)))
        for axis in range(3):
            gain = np.diff(weights, axis=axis).squeeze(axis)
            others = np.indices((2, 2)).sum(axis=0)
            found.append(100 * sum(gain[i, j] * by_weight[others[i, j]] for i in (0, 1) for j in (0, 1)))
        return np.array(found)

    def _cell(self, place: int, mixed: Mixed, parts: dict[Cause, Points]) -> CellChange:
        criterion = self.criteria[place]
        home = self.mixtures.home.get(criterion)
        old = mixed.values[0].cell if home != 1 else None
        new = mixed.values[-1].cell if home != 0 else None
        return CellChange(
            criterion,
            (old.level if old else None, new.level if new else None),
            (old.evidence_status if old else None, new.evidence_status if new else None),
            (self._ends[0][place], self._ends[1][place]),
            parts,
        )

    def _score(self, worth: Array, mixes: NDArray[np.intp], mixture: MixtureWeights, mixed: Sequence[Mixed]) -> float:
        """The score with every cell in the mixture that ``mixes`` names."""
        flat = worth[0].reshape(8, len(mixed))
        return fsum(100 * flat[mixes, np.arange(len(mixed))] * self._weights[mixture])


def _value_array(mixed: Sequence[Mixed]) -> Array:
    """The values of every cell: (figures, facts, rubric, rule, criteria)."""
    table = np.array([[row[1:] for row in cell.values] for cell in mixed]).reshape(len(mixed), 8, 3)
    return np.ascontiguousarray(table.transpose(2, 1, 0)).reshape(3, 2, 2, 2, len(mixed))


def _shares(table: Array, sizes: NDArray[np.intp]) -> Array:
    """For each number of causes that already happened among the other three: the weighted sum of ``table`` over its own three.

    ``table`` is (leading, 2, 2, 2, criteria); the result (3, leading, criteria).
    """
    return np.array(
        [
            sum(_SHARE[before + sizes[state]] * table[(slice(None), *state)] for state in np.ndindex(2, 2, 2))
            for before in range(3)
        ]
    )


def _parts(moved: Sequence[Sequence[float]], facts: Cause) -> dict[Cause, Points]:
    """The parts of one cell by cause, without those that moved nothing; ``moved`` has six rows of three figures."""
    found: dict[Cause, Points] = {}
    for cause, (score, low, high) in zip((facts, *_OTHER_CAUSES), moved, strict=True):
        if score or low or high:
            before = found.get(cause)
            part = Points(score, low, high)
            found[cause] = Points.total((before, part)) if before else part
    return found
