"""What each cause moved: of an option's figures, criterion by criterion, and of the value of the stack.

Each cause gets its Shapley value: the mean, over all orders in which the causes can happen, of what it adds when it
happens (Shapley 1953; Shorrocks 2013 for decompositions). The values sum to the whole difference, a cause that never
adds anything gets exactly zero, and exchanging start and end reverses every sign.

The points of a cell are its weight times the value of its answer. Weights move by three causes (weights, criteria,
scope), values by three others (facts, rubric, combination rule). A stack has causes of its own besides; the choice of
tools is one like any other, so nobody decides whether the old or the new set is followed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import factorial, fsum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from evaluator.change.mixtures import (
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
from evaluator.model.evaluated import OptionScore, Scores
from evaluator.model.workspace import Vendor, Workspace
from evaluator.scoring.fit import fits
from evaluator.scoring.gates import class_gates, tag_gates
from evaluator.stack.contributions import coefficients
from evaluator.stack.recommendation import decision_matrix
from evaluator.stack.stack_value import value_of

Array = NDArray[np.float64]
Player = TypeVar("Player", bound=Hashable)
State = frozenset[Cause]

MOST_CAUSES = 9
"""More causes than this are attributed between natures first: 2 to the power of their number is too many."""


def owen(blocks: Sequence[Sequence[Player]], value: Callable[[frozenset[Player]], float]) -> dict[Player, float]:
    """The Owen value (Owen 1977): Shapley between blocks of causes, then inside each block; of one block its Shapley value.

    The sum over a block is that block's Shapley value. It needs about ``2 ** (blocks + largest block)`` calls of
    ``value``, one for each set. Sums are exact (``fsum``), so the order of the causes does not matter.
    """
    known: dict[frozenset[Player], float] = {}

    def value_of(chosen: frozenset[Player]) -> float:
        if chosen not in known:
            known[chosen] = value(chosen)
        return known[chosen]

    found: dict[Player, float] = {}
    outer = coefficients(len(blocks))
    for place, block in enumerate(blocks):
        others = [*blocks[:place], *blocks[place + 1 :]]
        inner = coefficients(len(block))
        for player in block:
            rest = [other for other in block if other != player]
            found[player] = fsum(
                outer[len(whole)] * inner[len(part)] * (value_of(before | {player}) - value_of(before))
                for whole in _subsets(others)
                for part in _subsets(rest)
                for before in [frozenset([*part, *(member for group in whole for member in group)])]
            )
    return found


_Item = TypeVar("_Item")


def _subsets(items: Sequence[_Item]) -> Iterable[tuple[_Item, ...]]:
    return (chosen for size in range(len(items) + 1) for chosen in combinations(items, size))


# The figures of an option

_OTHER_CAUSES = (Cause.RUBRICS, Cause.COMBINATION, Cause.WEIGHTS, Cause.CRITERIA, Cause.SCOPE)
_ORDERS: Array = np.array([factorial(before) * factorial(5 - before) for before in range(6)], dtype=float)[
    np.indices((2,) * 5).sum(axis=0)
]
"""In how many of the orders of six causes exactly these of the other five come before a cause; an axis for each of them."""
_OLD, _NEW = (0, 0, 0), (1, 1, 1)


@dataclass(frozen=True)
class Bridge:
    """One option's bridge from its old figures to its new ones."""

    option: str
    cells: tuple[CellChange, ...]
    """Points by criterion and cause, which add up."""
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
        weights = [self.mixtures.weights(mixture) for mixture in WEIGHT_MIXES]
        table = [[found.get(criterion, 0.0) for criterion in self.criteria] for found in weights]
        self._weights: Array = np.array(table).reshape(2, 2, 2, len(self.criteria))
        self._ends: tuple[list[float], list[float]] = (self._weights[_OLD].tolist(), self._weights[_NEW].tolist())

    def weight(self, mixture: MixtureWeights) -> dict[str, float]:
        """The weights under ``mixture``, of every criterion that counts in either review."""
        return dict(zip(self.criteria, map(float, self._weights[mixture]), strict=True))

    def bridge(self, option: str) -> Bridge:
        """The bridge of an option that both reviews have."""
        mixed = [self.cells.mixed(option, criterion) for criterion in self.criteria]
        points = self._points(mixed)
        moved = [
            np.tensordot(_ORDERS, np.diff(points, axis=axis).squeeze(axis), axes=5) / factorial(6) for axis in range(6)
        ]
        by_criterion = np.array(moved).transpose(2, 0, 1).tolist()
        cells = [self._cell(place, cell, by_criterion[place]) for place, cell in enumerate(mixed)]
        facts = [NATURES[cell.cause] is Nature.FACTS for cell in mixed]
        score = points[..., 0, :]
        return Bridge(
            option,
            tuple(change for change, cell in zip(cells, mixed, strict=True) if change.parts or cell.moves),
            new_facts=fsum(np.where(facts, score[1, 0, 0, *_OLD], score[0, 0, 0, *_OLD])),
            new_method=fsum(np.where(facts, score[0, 1, 1, *_NEW], score[1, 1, 1, *_NEW])),
        )

    def _points(self, mixed: Sequence[Mixed]) -> Array:
        """The points of every cell in all mixtures: an axis for each of the six causes, then figures, then criteria."""
        values = np.array([[value[1:] for value in cell.values] for cell in mixed]).reshape(len(mixed), 2, 2, 2, 3)
        by_weight = self._weights[None, None, None, :, :, :, None, :]
        return 100 * values.transpose(1, 2, 3, 4, 0)[:, :, :, None, None, None] * by_weight

    def _cell(self, place: int, mixed: Mixed, moved: Sequence[Sequence[float]]) -> CellChange:
        """One criterion; ``moved`` has a row of three figures for each cause."""
        criterion = self.criteria[place]
        home = self.mixtures.home.get(criterion)
        old = mixed.values[0].cell if home != 1 else None
        new = mixed.values[-1].cell if home != 0 else None
        parts: dict[Cause, Points] = {}
        for cause, figures in zip((mixed.cause, *_OTHER_CAUSES), moved, strict=True):
            if any(figures):
                part = Points(*figures)
                parts[cause] = Points.total((parts[cause], part)) if cause in parts else part
        return CellChange(
            criterion,
            (old.level if old else None, new.level if new else None),
            (old.evidence_status if old else None, new.evidence_status if new else None),
            (self._ends[0][place], self._ends[1][place]),
            parts,
        )


# The value of the stack

_RULE, _RUBRIC, _FACTS = 1, 2, 4
"""Places of the three causes in the number of a mixture."""
_NO_CELL = frozenset(
    {
        *(Cause.CAPABILITIES, Cause.GATES, Cause.POLICIES, Cause.DEMAND),
        *(Cause.OPTIONS, Cause.LIMITS, Cause.CHOICE, Cause.ENGINE),
    }
)
GateLevels = Mapping[str, Mapping[str, int]]
"""Data class or tag -> criterion -> minimum level."""
_CREDITS = ("conditional_credit", "capability_credit", "should_weight")


@dataclass(frozen=True)
class ToolSets:
    """The tools of both reviews, and what either would have chosen under the limits of the other."""

    old: Sequence[str]
    new: Sequence[str]
    old_with_new_limits: Sequence[str]
    new_with_old_limits: Sequence[str]

    def chosen(self, state: State) -> Sequence[str]:
        """The set with the causes in ``state`` at new."""
        if Cause.CHOICE in state:
            return self.new if Cause.LIMITS in state else self.new_with_old_limits
        return self.old_with_new_limits if Cause.LIMITS in state else self.old


class StackBridge:
    """The value of any set of tools in every mixture of two reviews, through the engine's own fits."""

    def __init__(self, bridges: Bridges, tools: ToolSets) -> None:
        self._bridges = bridges
        self._spaces = (bridges.sides[0].workspace, bridges.sides[1].workspace)
        self._tools = tools
        self._gates = (class_gates(self._spaces[0]), class_gates(self._spaces[1]))
        self._tag_gates = (tag_gates(self._spaces[0]), tag_gates(self._spaces[1]))
        self._catalogues = (self._catalogue(0), self._catalogue(1))
        self._weights = {mixture: bridges.weight(mixture) for mixture in WEIGHT_MIXES}
        self._options: dict[tuple[str, State], OptionScore] = {}
        every = {*tools.old, *tools.new, *tools.old_with_new_limits, *tools.new_with_old_limits}
        self._present = {tool: tuple(tool in side.cells for side in bridges.sides) for tool in every}
        self._mixed = {
            tool: {criterion: bridges.cells.mixed(tool, criterion) for criterion in bridges.criteria}
            for tool, present in self._present.items()
            if all(present)
        }

    def causes(self) -> dict[Cause, float]:
        """What each cause moved; the parts sum to the difference."""
        active = self.active()
        blocks = [active]
        if len(active) > MOST_CAUSES:
            blocks = [[cause for cause in active if NATURES[cause] is nature] for nature in Nature]
        return {cause: points for cause, points in owen(blocks, self.value).items() if points}

    def _catalogue(self, side: int) -> Catalogue:
        """The criteria of both reviews, those that both have as in one; only their order and where gates apply are read."""
        known = {**self._spaces[1 - side].catalogue.criteria, **self._spaces[side].catalogue.criteria}
        criteria = tuple(known[key] for key in self._bridges.criteria)
        return Catalogue.model_construct(head=self._spaces[0].catalogue.head, families={"both": criteria})

    def active(self) -> list[Cause]:
        """The causes that can have moved anything, in a fixed order."""
        old, new = self._spaces
        sets = self._tools
        cells = [cell for row in self._mixed.values() for cell in row.values()]
        labels = {cell.cause for cell in cells if _differs(cell, _FACTS)}
        in_both = [self._in_both(criterion) for criterion in self._bridges.mixtures.home]
        profiles = [(old.vendors[tool].profile, new.vendors[tool].profile) for tool in self._mixed]
        checks = {
            Cause.EDITION: Cause.EDITION in labels or any(a.deployment != b.deployment for a, b in profiles),
            Cause.CAPABILITIES: any(_support(old, tool) != _support(new, tool) for tool in self._mixed),
            Cause.GATES: self._gates[0] != self._gates[1]
            or self._tag_gates[0] != self._tag_gates[1]
            or self._applies(),
            Cause.POLICIES: _credits(old) != _credits(new),
            Cause.DEMAND: old.demand.use_cases != new.demand.use_cases,
            Cause.OPTIONS: any(not all(present) for present in self._present.values()),
            Cause.LIMITS: _differ(sets.old, sets.old_with_new_limits) or _differ(sets.new, sets.new_with_old_limits),
            Cause.CHOICE: _differ(sets.old, sets.new_with_old_limits) or _differ(sets.new, sets.old_with_new_limits),
            Cause.WEIGHTS: self._weights_move(0),
            Cause.CRITERIA: self._weights_move(1) or not all(in_both),
            Cause.SCOPE: self._weights_move(2) or any(in_both),
            Cause.RUBRICS: Cause.RUBRICS in labels or any(_differs(cell, _RUBRIC) for cell in cells),
            Cause.COMBINATION: any(_differs(cell, _RULE) for cell in cells),
        }
        return [cause for cause in Cause if checks.get(cause, cause in labels)]

    def value(self, state: State) -> float:
        """The value of the set chosen in ``state``, with the causes in it at new and all others at old."""
        present = int(Cause.OPTIONS in state)
        chosen = [tool for tool in self._tools.chosen(state) if self._present[tool][present]]
        if not chosen:
            return 0.0
        mixture = MixtureWeights(*(int(cause in state) for cause in (Cause.WEIGHTS, Cause.CRITERIA, Cause.SCOPE)))
        weights = {key: weight for key, weight in self._weights[mixture].items() if self._counts(key, state)}
        scores = Scores(
            as_of=self._bridges.sides[1].as_of,
            options=tuple(self._option(tool, weights, state) for tool in chosen),
            weights=weights,
            gates=self._gates_in(self._gates, weights, state),
            combination="",
            tag_gates=self._gates_in(self._tag_gates, weights, state),
        )
        space = self._space(chosen, state)
        try:
            matrix = decision_matrix(space, fits(space, scores))
        except EvaluatorError:  # a mixture in which nothing has any weight, or a use case's emphasis leaves nothing any
            return 0.0
        return value_of(matrix, chosen) if matrix else 0.0

    def _weights_move(self, axis: int) -> bool:
        """Whether any weight differs with one of weights, criteria and scope exchanged."""
        return any(
            self._weights[mixture]
            != self._weights[MixtureWeights(*(1 if place == axis else now for place, now in enumerate(mixture)))]
            for mixture in WEIGHT_MIXES
        )

    def _in_both(self, criterion: str) -> bool:
        return all(criterion in space.catalogue.criteria for space in self._spaces)

    def _counts(self, criterion: str, state: State) -> bool:
        home = self._bridges.mixtures.home.get(criterion)
        cause = Cause.SCOPE if self._in_both(criterion) else Cause.CRITERIA
        return home is None or home == int(cause in state)

    def _option(self, tool: str, weights: Mapping[str, float], state: State) -> OptionScore:
        """The option with its cells in ``state``; causes that touch no cell share one."""
        key = (tool, state - _NO_CELL)
        if key not in self._options:
            side = int(not self._present[tool][0])
            cells = []
            for criterion, weight in weights.items():
                if tool in self._mixed:
                    mixed = self._mixed[tool][criterion]
                    value = mixed.at(Mix(*(int(c in state) for c in (mixed.cause, Cause.RUBRICS, Cause.COMBINATION))))
                else:
                    value = self._bridges.cells.own(side, tool, criterion)
                cells.append(weighted(value, weight))
            self._options[key] = replace(self._bridges.sides[side].scores.option(tool), cells=tuple(cells))
        return self._options[key]

    def _applies(self) -> bool:
        """Whether the gates of any criterion apply to another deployment than they did."""
        both = zip(*(catalogue.criteria.values() for catalogue in self._catalogues), strict=True)
        return any(old.gates_apply_to != new.gates_apply_to for old, new in both)

    def _gates_in(
        self, gates: tuple[GateLevels, GateLevels], weights: Mapping[str, float], state: State
    ) -> dict[str, dict[str, int]]:
        """The gates in force on the criteria that count; a criterion of one review only brings its gates along."""
        new = int(Cause.GATES in state)
        home = self._bridges.mixtures.home
        return {
            data: {
                criterion: level
                for criterion in weights
                if (level := gates[home.get(criterion, new)].get(data, {}).get(criterion)) is not None
            }
            for data in {**gates[new], **gates[1 - new]}
        }

    def _space(self, chosen: Iterable[str], state: State) -> Workspace:
        """As much of a workspace as fits are computed from."""
        vendors = {}
        for tool in chosen:
            side = int(not self._present[tool][0])
            sides = (Cause.CAPABILITIES in state, Cause.EDITION in state) if tool in self._mixed else (side, side)
            able, sold = (self._spaces[int(found)].vendors[tool].profile for found in sides)
            profile = able.model_copy(update={"edition": sold.edition, "editions": sold.editions})
            vendors[tool] = Vendor.model_construct(profile=profile, scorecards=())
        return Workspace.model_construct(
            evaluation=self._spaces[int(Cause.POLICIES in state)].evaluation,
            catalogue=self._catalogues[int(Cause.GATES in state)],
            weights=self._spaces[0].weights,
            guardrails=self._spaces[0].guardrails,
            demand=self._spaces[int(Cause.DEMAND in state)].demand,
            vendors=vendors,
        )


def _differ(one: Sequence[str], other: Sequence[str]) -> bool:
    return set(one) != set(other)


def _support(space: Workspace, tool: str) -> dict[str, str]:
    return {key: found.support for key, found in space.vendors[tool].profile.capabilities.items()}


def _credits(space: Workspace) -> list[object]:
    return [getattr(space.evaluation.policies, name) for name in _CREDITS]


def _differs(cell: Mixed, bit: int) -> bool:
    """Whether the cell differs in anything that a fit reads when one of the three causes is exchanged."""
    seen = [(value.seen, bool(value.cell.answer and value.cell.answer.missing)) for value in cell.values]
    return any(seen[place] != seen[place ^ bit] for place in range(8))
