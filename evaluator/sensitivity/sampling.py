"""Seeded samples of weights and answers, a block at a time.

Every distribution is exact: Dirichlet from gamma variates, uniform weights from exponential ones (Rubinstein 1982), weights of one
order from the same in rank order, levels from tables whose entries are as many as any scale of up to ten levels divides evenly.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.random import Generator

from evaluator.model.catalogue import Criterion
from evaluator.model.evaluated import Cell, Evaluated
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.sensitivity import AnswerUncertainty
from evaluator.scoring.tolerances import LEAST_WEIGHT, TIE
from evaluator.sensitivity.arrays import Array, Arrays

ENTRIES = 2520
"""Entries of a level table: divisible by every number up to ten, and by twenty for chances in steps of 0.05."""
PART = 1 << 18
"""Multiplications in one part of a matrix product: OpenBLAS keeps to one thread up to here."""


def product(lines: Array, columns: Array) -> Array:
    """Return ``lines @ columns``, where there are many lines and few columns.

    The linear algebra library starts its threads for large products, and for lines as short as ours waiting for them costs
    more than the work: on two busy cores up to fifty times as much. The product is therefore made in parts that stay below
    the library's limit, which also makes the figures the same whatever the number of cores.
    """
    rows = max(1, PART // max(1, columns.size))
    whole = len(lines) // rows * rows
    result = np.empty((len(lines), columns.shape[1]))
    if whole:
        parts = lines[:whole].reshape(-1, rows, lines.shape[1])
        np.matmul(parts, columns, out=result[:whole].reshape(-1, rows, columns.shape[1]))
    np.matmul(lines[whole:], columns, out=result[whole:])
    return result


class AroundWeights:
    """Weights around the stated ones, or around those of one stakeholder per sample: Dirichlet with mean there."""

    def __init__(self, centres: Array, concentration: float) -> None:
        self.parameters = centres * concentration

    def sample(self, generator: Generator, count: int) -> Array:
        """``count`` lines of weights that sum to 1."""
        centres = self.parameters
        if len(centres) == 1:
            weights, counts = generator.standard_gamma(centres[0], size=(count, centres.shape[1])), centres[0] > 0
        else:
            chosen = generator.integers(0, len(centres), count)
            weights, counts = generator.standard_gamma(centres[chosen]), centres[chosen] > 0
        result: Array = np.maximum(_normalised(weights), np.where(counts, LEAST_WEIGHT, 0.0))
        return result


class OrderedWeights:
    """All weights that rank the criteria as ``weights`` do, all alike; where those are equal, either may weigh more.

    A criterion of no weight keeps none.
    """

    def __init__(self, weights: Array) -> None:
        self.count = len(weights)
        some = np.flatnonzero(weights > 0)
        self.order = some[np.argsort(-weights[some], kind="stable")]
        falls = np.flatnonzero(np.diff(weights[self.order]) < -TIE) + 1
        self.runs = list(pairwise([0, *map(int, falls), len(self.order)]))

    def sample(self, generator: Generator, count: int) -> Array:
        """``count`` lines of weights that sum to 1."""
        raw = generator.standard_exponential((count, len(self.order)))
        raw.sort(axis=1)
        raw = _normalised(raw[:, ::-1])
        weights = np.zeros((count, self.count))
        for first, end in self.runs:
            run = raw[:, first:end]
            weights[:, self.order[first:end]] = generator.permuted(run, axis=1) if end - first > 1 else run
        return weights


class AnyWeights:
    """All weights on the criteria that have some weight in ``weights``, all alike."""

    def __init__(self, weights: Array) -> None:
        self.count = len(weights)
        self.some = np.flatnonzero(weights > 0)

    def sample(self, generator: Generator, count: int) -> Array:
        """``count`` lines of weights that sum to 1."""
        raw = _normalised(generator.standard_exponential((count, len(self.some))))
        if len(self.some) == self.count:
            return raw
        weights = np.zeros((count, self.count))
        weights[:, self.some] = raw
        return weights


def _normalised(raw: Array) -> Array:
    """Lines divided by their sums, in place."""
    raw *= 1 / raw.sum(axis=1)[:, None]
    return raw


def concentration(half_width: float, criteria: int) -> float:
    """The sum of Dirichlet parameters under which two standard deviations of an average weight are ``half_width`` of it.

    The variance of a Dirichlet weight w is w (1 - w) / (c + 1); for the average weight 1 / n this gives
    c = 4 (n - 1) / half_width² - 1. Never less than 1.
    """
    return max(1.0, 4 * (criteria - 1) / half_width**2 - 1)


def level_chances(cell: Cell, criterion: Criterion, uncertainty: AnswerUncertainty) -> tuple[float, ...]:
    """The chance of every level of ``criterion``, lowest first; they sum to 1.

    An unknown answer makes all levels equally likely. A known one is as answered, or some levels off on either side, as its
    confidence says, and as low confidence says where it is not supported. What would leave the scale stays at its end.
    """
    count = criterion.max_level - criterion.min_level + 1
    if cell.level is None or cell.answer is None:
        return (1 / count,) * count
    supported = cell.evidence_status is EvidenceStatus.SUPPORTED
    by_distance: tuple[float, ...] = getattr(uncertainty, cell.answer.confidence) if supported else uncertainty.low
    chances = [0.0] * count
    place = cell.level - criterion.min_level
    chances[place] += by_distance[0]
    for distance, chance in enumerate(by_distance[1:], start=1):
        chances[max(0, place - distance)] += chance
        chances[min(count - 1, place + distance)] += chance
    return tuple(chances)


class AnswerSamples:
    """What each answer earns in a sample: a table of equally likely values for every cell that is not certain."""

    def __init__(self, tables: Sequence[Array | None], certain: Array) -> None:
        self.tables = tables
        self.certain = certain
        """Options x criteria: what a certain answer earns."""
        self.offsets = np.arange(certain.shape[1], dtype=np.intp) * ENTRIES

    def is_certain(self, option: int) -> bool:
        """Whether every answer of an option is the same in all samples."""
        return self.tables[option] is None

    def sample(self, generator: Generator, option: int, count: int) -> Array:
        """``count`` lines of what the answers of an option earn, between 0 and 1."""
        table = self.tables[option]
        if table is None:
            return np.broadcast_to(self.certain[option], (count, len(self.offsets)))
        entry = generator.integers(0, ENTRIES, (count, len(self.offsets)), dtype=np.uint16)
        result: Array = table.take(np.add(entry, self.offsets, dtype=np.intp), mode="clip")
        return result


def answer_samples(result: Evaluated, table: Arrays, uncertainty: AnswerUncertainty) -> AnswerSamples:
    """The level tables of every option, in the order of ``table``."""
    tables: list[Array | None] = []
    certain = np.zeros((len(table.options), len(table.criteria)))
    made: dict[tuple[tuple[float, ...], tuple[float, ...]], Array] = {}
    for row, option in enumerate(table.options):
        cells = {cell.criterion: cell for cell in result.scores.option(option).cells}
        entries = []
        for key in table.criteria:
            criterion = result.workspace.catalogue.criteria[key]
            values = tuple(criterion.value(level) for level in range(criterion.min_level, criterion.max_level + 1))
            distribution = values, level_chances(cells[key], criterion, uncertainty)
            if distribution not in made:
                made[distribution] = _entries(*distribution)
            entries.append(made[distribution])
        certain[row] = [entry[0] for entry in entries]
        # Values rise with levels, so what begins and ends alike is the same throughout.
        sure = all(entry[0] == entry[-1] for entry in entries)
        tables.append(None if sure else np.concatenate(entries))
    return AnswerSamples(tables, certain)


def _entries(values: Sequence[float], chances: Sequence[float]) -> Array:
    """A table in which each value stands as often as its chance says."""
    ends = np.rint(np.cumsum(chances) * ENTRIES).astype(int)
    return np.repeat(np.array(values, dtype=float), np.diff(ends, prepend=0))
