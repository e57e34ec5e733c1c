"""The bridge from the value of the old stack to that of the new one, by the same causes and those that only a stack has.

The choice of tools is a cause like any other, so the bridge needs no decision whether the old or the new set
is followed. Every mixture of causes goes through the engine's own fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from evaluator.change.attribution import owen
from evaluator.change.cell_mixtures import Mix, Mixed, weighted
from evaluator.change.score_bridge import Bridges
from evaluator.change.weight_mixtures import WEIGHT_MIXES, MixtureWeights
from evaluator.errors import EvaluatorError
from evaluator.model.catalogue import Catalogue
from evaluator.model.change import NATURES, Cause, Nature
from evaluator.model.evaluated import Cell, OptionScore, Scores
from evaluator.model.vendor import Profile
from evaluator.model.workspace import Policies, Vendor, Workspace
from evaluator.scoring.fit import fits
from evaluator.scoring.gates import switched_on
from evaluator.stack.contributions import shapley
from evaluator.stack.recommendation import decision_matrix
from evaluator.stack.stack_value import value_of

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
        weights = self._weights[
            MixtureWeights(*(int(cause in state) for cause in (Cause.WEIGHTS, Cause.CRITERIA, Cause.SCOPE)))
        ]
        chosen = [tool for tool in self._tools[int(Cause.CHOICE in state)] if self._is_option(tool, state)]
        if not chosen:
            return 0.0
        weights = {criterion: weight for criterion, weight in weights.items() if self._counts(criterion, state)}
        scores = Scores(
            as_of=self._bridges.sides[1].as_of,
            options=tuple(self._option(tool, weights, state) for tool in chosen),
            weights=weights,
            gates=self._gates_in(weights, state),
            combination="",
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
