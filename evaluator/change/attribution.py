"""What each cause moved of an option's figures and of the value of the stack, by Shapley values."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import factorial, fsum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from evaluator.change.mixtures import (
    MIXES,
    WEIGHT_MIXES,
    AllMixtureWeights,
    Mix,
    Mixed,
    MixtureWeights,
    OptionCells,
    ReviewSide,
    weighted,
)
from evaluator.errors import EvaluatorError
from evaluator.model.catalogue import Catalogue
from evaluator.model.change import NATURES, Cause, CellChange, Nature, Points
from evaluator.model.evaluated import Cell, OptionScore, Scores
from evaluator.model.vendor import Profile
from evaluator.model.workspace import Policies, Vendor, Workspace
from evaluator.scoring.fit import fits
from evaluator.scoring.gates import switched_on

Player = TypeVar("Player", bound=Hashable)


def coefficients(count: int) -> list[float]:
    """For each size of a set of other causes, the weight of that set: ``s! (n - s - 1)! / n!``."""
    return [factorial(size) * factorial(count - size - 1) / factorial(count) for size in range(count)]


def shapley(players: Sequence[Player], value: Callable[[frozenset[Player]], float]) -> dict[Player, float]:
    """The Shapley value of each of ``players``; ``value`` is called once for every subset.

    Sums are exact (``fsum``), so the order of ``players`` does not matter.
    """
    sets = [frozenset(chosen) for size in range(len(players) + 1) for chosen in combinations(players, size)]
    values = {chosen: value(chosen) for chosen in sets}
    share = coefficients(len(players))
    return {
        player: fsum(
            share[len(chosen)] * (values[chosen | {player}] - values[chosen]) for chosen in sets if player not in chosen
        )
        for player in players
    }


def owen(blocks: Sequence[Sequence[Player]], value: Callable[[frozenset[Player]], float]) -> dict[Player, float]:
    """The Owen value (Owen 1977): Shapley between blocks of causes, then inside each block.

    It has all the properties named above, and the sum over a block is that block's Shapley value. It needs about
    ``2 ** (blocks + largest block)`` calls of ``value``, where Shapley needs ``2 ** causes``.
    """
    known: dict[frozenset[Player], float] = {}

    def value_of(chosen: frozenset[Player]) -> float:
        if chosen not in known:
            known[chosen] = value(chosen)
        return known[chosen]

    found: dict[Player, float] = {}
    outer = coefficients(len(blocks))
    for place, block in enumerate(blocks):
        others = [other for number, other in enumerate(blocks) if number != place]
        inner = coefficients(len(block))
        for player in block:
            rest = [other for other in block if other != player]
            terms = []
            for count in range(len(others) + 1):
                for whole in combinations(others, count):
                    base = frozenset(member for group in whole for member in group)
                    for size in range(len(rest) + 1):
                        for chosen in combinations(rest, size):
                            before = base | frozenset(chosen)
                            terms.append(outer[count] * inner[size] * (value_of(before | {player}) - value_of(before)))
            found[player] = fsum(terms)
    return found


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


State = frozenset[Cause]

MOST_CAUSES = 9
"""More causes than this are attributed by the Owen value, between natures first: 2 to the power of their number is too many."""
_RULE, _RUBRIC, _FACTS = 1, 2, 4
"""Places of the three causes in the number of a mixture."""
_NO_CELL = frozenset(
    {Cause.CAPABILITIES, Cause.GATES, Cause.POLICIES, Cause.DEMAND, Cause.OPTIONS, Cause.CHOICE, Cause.ENGINE}
)
_CREDITS = ("conditional_credit", "capability_credit", "should_weight")


class StackBridge:
    """The value of either set of tools in every mixture of two reviews."""

    def __init__(self, bridges: Bridges, tools: tuple[Sequence[str], Sequence[str]]) -> None:
        self._bridges = bridges
        self._spaces = (bridges.sides[0].workspace, bridges.sides[1].workspace)
        self._tools = tools
        self._gates = (switched_on(self._spaces[0]), switched_on(self._spaces[1]))
        self._catalogue = _union(self._spaces, bridges.criteria)
        self._weights = {mixture: bridges.weight(mixture) for mixture in WEIGHT_MIXES}
        self._options: dict[tuple[str, State], OptionScore] = {}
        self._present = {tool: tuple(tool in side.cells for side in bridges.sides) for tool in {*tools[0], *tools[1]}}
        self._mixed = {
            tool: {criterion: bridges.cells.mixed(tool, criterion) for criterion in bridges.criteria}
            for tool, present in self._present.items()
            if all(present)
        }

    def causes(self) -> dict[Cause, float]:
        """What each cause moved; the parts sum to the difference."""
        active = self.active()
        if len(active) <= MOST_CAUSES:
            found = shapley(active, self.value)
        else:
            found = owen([[cause for cause in active if NATURES[cause] is nature] for nature in Nature], self.value)
        return {cause: points for cause, points in found.items() if points}

    def active(self) -> list[Cause]:
        """The causes that can have moved anything, in a fixed order."""
        checks = {
            Cause.CAPABILITIES: any(
                all(present) and self._capabilities(0, tool) != self._capabilities(1, tool)
                for tool, present in self._present.items()
            ),
            Cause.GATES: self._gates[0] != self._gates[1],
            Cause.POLICIES: self._credits(0) != self._credits(1),
            Cause.DEMAND: self._spaces[0].demand.use_cases != self._spaces[1].demand.use_cases,
            Cause.OPTIONS: any(not all(present) for present in self._present.values()),
            Cause.CHOICE: set(self._tools[0]) != set(self._tools[1]),
            Cause.WEIGHTS: self._weights_move(0),
            Cause.CRITERIA: self._weights_move(1) or not all(map(self._in_both, self._bridges.mixtures.home)),
            Cause.SCOPE: self._weights_move(2) or any(map(self._in_both, self._bridges.mixtures.home)),
        }
        cells = [cell for row in self._mixed.values() for cell in row.values()]
        labels = {cell.cause for cell in cells if _differs(cell, _FACTS)}
        checks[Cause.RUBRICS] = Cause.RUBRICS in labels or any(_differs(cell, _RUBRIC) for cell in cells)
        checks[Cause.COMBINATION] = any(_differs(cell, _RULE) for cell in cells)
        return [cause for cause in Cause if checks.get(cause, cause in labels)]

    def value(self, state: State) -> float:
        """The value of the set chosen in ``state``, with the causes in it at new and all others at old."""
        new = int(Cause.DEMAND in state)
        cases = [case for case in self._spaces[new].demand.use_cases if case.importance > 0]
        weights = self._weights[
            MixtureWeights(*(int(cause in state) for cause in (Cause.WEIGHTS, Cause.CRITERIA, Cause.SCOPE)))
        ]
        chosen = [tool for tool in self._tools[int(Cause.CHOICE in state)] if self._is_option(tool, state)]
        if not cases or not chosen:
            return 0.0
        weights = {criterion: weight for criterion, weight in weights.items() if self._counts(criterion, state)}
        scores = Scores(
            as_of=self._bridges.sides[1].as_of,
            options=tuple(self._option(tool, weights, state) for tool in chosen),
            weights=weights,
            gates=self._gates_in(weights, state),
            combination="",
        )
        try:
            table = fits(self._space(chosen, state), scores)
        except EvaluatorError:  # a mixture in which nothing has any weight, or a use case's emphasis leaves nothing any
            return 0.0
        total = fsum(float(case.importance) for case in cases)
        best = (float(case.importance) * max(fit.fit for fit in table[case.id]) for case in cases)
        return fsum(best) / total

    def _weights_move(self, axis: int) -> bool:
        """Whether any weight differs with one of weights, criteria and scope exchanged."""
        return any(
            self._weights[mixture]
            != self._weights[MixtureWeights(*(1 if place == axis else now for place, now in enumerate(mixture)))]
            for mixture in WEIGHT_MIXES
        )

    def _in_both(self, criterion: str) -> bool:
        return all(criterion in space.catalogue.criteria for space in self._spaces)

    def _is_option(self, tool: str, state: State) -> bool:
        return self._present[tool][int(Cause.OPTIONS in state)]

    def _counts(self, criterion: str, state: State) -> bool:
        home = self._bridges.mixtures.home.get(criterion)
        if home is None:
            return True
        return home == int((Cause.SCOPE if self._in_both(criterion) else Cause.CRITERIA) in state)

    def _option(self, tool: str, weights: Mapping[str, float], state: State) -> OptionScore:
        """The option with its cells in ``state``; causes that touch no cell share one."""
        key = (tool, state - _NO_CELL)
        if key not in self._options:
            self._options[key] = self._mixed_option(tool, weights, state)
        return self._options[key]

    def _mixed_option(self, tool: str, weights: Mapping[str, float], state: State) -> OptionScore:
        cells = tuple(self._cell(tool, criterion, weight, state) for criterion, weight in weights.items())
        side = self._bridges.sides[int(not self._present[tool][0])]
        return replace(side.scores.option(tool), cells=cells)

    def _cell(self, tool: str, criterion: str, weight: float, state: State) -> Cell:
        if tool not in self._mixed:
            return weighted(self._bridges.cells.alone(int(self._present[tool][1]), tool, criterion), weight)
        mixed = self._mixed[tool][criterion]
        mix = Mix(*(int(cause in state) for cause in (mixed.cause, Cause.RUBRICS, Cause.COMBINATION)))
        return weighted(mixed.at(mix), weight)

    def _gates_in(self, weights: Mapping[str, float], state: State) -> dict[str, dict[str, int]]:
        """The gates in force on the criteria that count; a criterion of one review only brings its gates along."""
        new = int(Cause.GATES in state)
        home = self._bridges.mixtures.home
        return {
            data_class: {
                criterion: level
                for criterion in weights
                if (level := self._gates[home.get(criterion, new)].get(data_class, {}).get(criterion)) is not None
            }
            for data_class in self._gates[new]
        }

    def _space(self, chosen: Iterable[str], state: State) -> Workspace:
        """As much of a workspace as fits are computed from."""
        credit = int(Cause.POLICIES in state)
        new = int(Cause.CAPABILITIES in state)
        vendors = {}
        for tool in chosen:
            side = new if all(self._present[tool]) else int(self._present[tool][1])
            vendors[tool] = Vendor.model_construct(profile=self._profile(side, tool), scorecards=())
        evaluation = self._spaces[credit].evaluation
        return Workspace.model_construct(
            evaluation=evaluation,
            catalogue=self._catalogue,
            weights=self._spaces[0].weights,
            guardrails=self._spaces[0].guardrails,
            demand=self._spaces[int(Cause.DEMAND in state)].demand,
            vendors=vendors,
        )

    def _profile(self, side: int, tool: str) -> Profile:
        return self._spaces[side].vendors[tool].profile

    def _capabilities(self, side: int, tool: str) -> dict[str, str]:
        return {key: found.support for key, found in self._profile(side, tool).capabilities.items()}

    def _credits(self, side: int) -> Policies:
        policies = self._spaces[side].evaluation.policies
        return Policies.model_construct(**{name: getattr(policies, name) for name in _CREDITS})


def _union(spaces: Sequence[Workspace], criteria: Iterable[str]) -> Catalogue:
    """A catalogue that holds the criteria of both; only their order and ids are read."""
    known = {**spaces[0].catalogue.criteria, **spaces[1].catalogue.criteria}
    return Catalogue.model_construct(
        head=spaces[0].catalogue.head, families={"both": tuple(known[criterion] for criterion in criteria)}
    )


def _differs(cell: Mixed, bit: int) -> bool:
    """Whether the cell differs in anything that a fit reads when one of the three causes is exchanged."""
    seen = [(*value[1:], value.cell.level, value.cell.evidence_status, _open(value.cell)) for value in cell.values]
    return any(seen[place] != seen[place ^ bit] for place in range(8))


def _open(cell: Cell) -> bool:
    return bool(cell.answer and cell.answer.missing)
