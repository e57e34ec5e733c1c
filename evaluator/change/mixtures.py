"""The answers and the weights of two reviews, in every mixture of the inputs of both.

A cell's facts (level, evidence, and the date at which it is judged) move together, under one cause that says
what happened to them. So a level that changed does not also count as evidence that went stale.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import product
from typing import NamedTuple

from evaluator.errors import EvaluatorError
from evaluator.model.catalogue import Catalogue, Criterion, Weights
from evaluator.model.change import Cause
from evaluator.model.evaluated import Cell, Earned, Scores
from evaluator.model.evidence_status import evidence_status
from evaluator.model.wording import meaning_changed
from evaluator.model.workspace import Workspace
from evaluator.scoring.aggregation import combine
from evaluator.scoring.score import earned, unanswered, weighted_cell
from evaluator.scoring.weights import criterion_weights


class Mix(NamedTuple):
    """Which review's facts, rubric and combination rule are in force: 0 old, 1 new."""

    facts: int
    rubric: int
    rule: int


MIXES = tuple(Mix(*state) for state in product((0, 1), repeat=3))


@dataclass(frozen=True)
class ReviewSide:
    """One review: its content, the date at which it is judged, and its scores."""

    workspace: Workspace
    as_of: date
    scores: Scores

    @cached_property
    def cells(self) -> dict[str, dict[str, Cell]]:
        """Cells by option and criterion."""
        return {option.id: {cell.criterion: cell for cell in option.cells} for option in self.scores.options}


class AnswerValue(NamedTuple):
    """An answer and what it earns, as shares of the criterion's weight."""

    cell: Cell
    score: float
    low: float
    high: float

    @property
    def seen(self) -> tuple[object, ...]:
        """What a figure can depend on."""
        return *self[1:], self.cell.level, self.cell.evidence_status


@dataclass(frozen=True)
class Mixed:
    """One option on one criterion in all eight mixtures, in the order of :data:`MIXES`, and the cause its facts move under."""

    values: tuple[AnswerValue, ...]
    cause: Cause
    bound: bool
    """Whether the rubric moves together with the facts, under the same cause."""

    def at(self, mix: Mix) -> AnswerValue:
        """The cell in one mixture."""
        return self.values[4 * mix.facts + 2 * mix.rubric + mix.rule]

    @property
    def moves(self) -> bool:
        """Whether any mixture differs from another in value, level or evidence status."""
        return len({value.seen for value in {id(value): value for value in self.values}.values()}) > 1


class OptionCells:
    """The cells of two reviews, mixed."""

    def __init__(self, old: ReviewSide, new: ReviewSide, home: Mapping[str, int]) -> None:
        self._sides = (old, new)
        self._home = home
        self._rule_moves = old.workspace.evaluation.policies.unknown_if != new.workspace.evaluation.policies.unknown_if
        self.rubrics = _rubric_changes(old.workspace.catalogue, new.workspace.catalogue)

    def mixed(self, option: str, criterion: str) -> Mixed:
        """The option on the criterion; the option is in both reviews."""
        if criterion in self._home:
            return Mixed((self.own(self._home[criterion], option, criterion),) * 8, Cause.CRITERIA, bound=True)
        sold = [side.workspace.option(option) for side in self._sides]
        rule = self._rule_moves and any(len(found.scorecards) > 1 for found in sold)
        values = self._values(option, criterion, rubric=False, rule=rule)
        cause = _facts_cause([(values[place].cell.level, values[place + 4].cell.level) for place in range(2)])
        # Under other anchors a level is another statement: where it differs, facts and rubric cannot be separated.
        bound = self.rubrics.get(criterion, False) and cause is not Cause.EVIDENCE
        if criterion in self.rubrics and not bound:
            values = self._values(option, criterion, rubric=True, rule=rule)
        if sold[0].edition != sold[1].edition:
            cause = Cause.EDITION
        elif bound and cause is Cause.ANSWERS:
            cause = Cause.RUBRICS
        return Mixed(values, cause, bound)

    def own(self, side: int, option: str, criterion: str) -> AnswerValue:
        """The option on the criterion as it stands in one review; unknown where it does not count there."""
        cell = self._sides[side].cells[option].get(criterion)
        if cell is None:
            return AnswerValue(unanswered(criterion), 0.0, 0.0, 0.0)
        return _answer_value(cell, self._sides[side].workspace.catalogue.criteria[criterion])

    def _values(self, option: str, criterion: str, *, rubric: bool, rule: bool) -> tuple[AnswerValue, ...]:
        """The cell in all mixtures; rubric and rule are those of the review whose facts are in force, unless they move by themselves."""
        if not rubric and not rule:
            return (self.own(0, option, criterion),) * 4 + (self.own(1, option, criterion),) * 4
        known: dict[Mix, AnswerValue] = {}
        found = []
        for mix in MIXES:
            used = Mix(mix.facts, mix.rubric if rubric else mix.facts, mix.rule if rule else mix.facts)
            if used not in known:
                known[used] = self._value(used, option, criterion)
            found.append(known[used])
        return tuple(found)

    def _value(self, mix: Mix, option: str, criterion: str) -> AnswerValue:
        if mix.facts == mix.rubric == mix.rule:
            return self.own(mix.facts, option, criterion)
        facts, rubric, rule = (self._sides[side] for side in mix)
        catalogue = rubric.workspace.catalogue
        judged = catalogue.criteria[criterion]
        cards = facts.workspace.option(option).scorecards
        found = combine(cards, criterion, rule.workspace.evaluation.policies.unknown_if)
        if found is None:
            return _answer_value(unanswered(criterion), judged)
        level = found.answer.level if isinstance(found.answer.level, int) else None
        status = evidence_status(found.answer, judged, catalogue, facts.as_of)
        cell = Cell(criterion, 0.0, level, status, 0.0, 0.0, 0.0, found.answer, found.by, found.levels)
        return _answer_value(cell, judged)


def _answer_value(cell: Cell, criterion: Criterion) -> AnswerValue:
    return AnswerValue(cell, *earned(criterion, cell.level, cell.evidence_status))


def _facts_cause(pairs: Sequence[tuple[int | None, int | None]]) -> Cause:
    """The cause that the facts of a cell move under, from its levels with old and with new facts."""
    changed = [(old, new) for old, new in pairs if old != new]
    if not changed:
        return Cause.EVIDENCE
    return Cause.ANSWERS if any(old is not None and new is not None for old, new in changed) else Cause.LEARNED


def _rubric_changes(old: Catalogue, new: Catalogue) -> dict[str, bool]:
    """The criteria of both catalogues whose rubrics can move a figure, and whether their meaning changed."""
    found = {}
    for key in old.criteria.keys() & new.criteria.keys():
        before, after = old.criteria[key], new.criteria[key]
        meaning = before is not after and meaning_changed(before, after)
        if meaning or (before.values, before.fresh_months, old.caps[key]) != (
            after.values,
            after.fresh_months,
            new.caps[key],
        ):
            found[key] = meaning
    return found


def weighted(value: AnswerValue, weight: float) -> Cell:
    """The cell of ``value`` under a weight."""
    return weighted_cell(value.cell, Earned(value.score, value.low, value.high), weight)


class MixtureWeights(NamedTuple):
    """Which review's weights, catalogue and scope are in force: 0 old, 1 new."""

    weights: int
    criteria: int
    scope: int


WEIGHT_MIXES = tuple(MixtureWeights(*state) for state in product((0, 1), repeat=3))


class AllMixtureWeights:
    """Two workspaces whose weights are mixed.

    A criterion that counts in one of the two reviews only brings its importance of that review along, and so does a
    family: in the other review its importance was not asked for.
    """

    def __init__(self, old: Workspace, new: Workspace) -> None:
        self._both = (old, new)
        before, after = (
            frozenset(workspace.catalogue.criteria) - frozenset(workspace.evaluation.out_of_scope)
            for workspace in self._both
        )
        self.counting = (before, after)
        """The criteria that count in each review: in the catalogue and in scope."""
        self.home = _only_in_one(before, after)
        """The only review in which a criterion counts, for those that count in one."""
        self.criteria = tuple(sorted(before | after))
        """Every criterion that counts in either review, by id."""
        self._family_home = _only_in_one(
            {old.catalogue.family_of[criterion] for criterion in before},
            {new.catalogue.family_of[criterion] for criterion in after},
        )

    def weights(self, mixture: MixtureWeights) -> dict[str, float]:
        """The normalised weights under ``mixture``; empty where nothing has any weight in that mixture."""
        source = self._both[mixture.criteria].catalogue
        families = {
            family: tuple(criterion for criterion in group if self._counts(criterion.id, mixture.scope))
            for family, group in source.families.items()
        }
        own = [workspace.weights for workspace in self._both]
        weights = Weights.model_construct(
            format="weights/1",
            families={
                family: own[self._family_home.get(family, mixture.weights)].families.get(family, 0)
                for family in families
            },
            criteria={
                criterion.id: own[self.home.get(criterion.id, mixture.weights)].criteria.get(criterion.id, 0)
                for group in families.values()
                for criterion in group
            },
        )
        try:
            return criterion_weights(Catalogue.model_construct(head=source.head, families=families), weights)
        except EvaluatorError:
            return {}

    def _counts(self, criterion: str, scope: int) -> bool:
        """Whether a criterion of the catalogue in force counts when ``scope`` is."""
        old, new = (criterion in workspace.catalogue.criteria for workspace in self._both)
        return criterion in self.counting[scope if old and new else int(new)]


def _only_in_one(old: set[str] | frozenset[str], new: set[str] | frozenset[str]) -> dict[str, int]:
    """The place of the only one of the two sets that holds an id, for each id that one alone holds."""
    return dict.fromkeys(old - new, 0) | dict.fromkeys(new - old, 1)
