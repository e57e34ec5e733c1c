"""The answers and the weights of two reviews, in every mixture of the inputs of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import product
from typing import NamedTuple

from evaluator.errors import EvaluatorError
from evaluator.model.catalogue import Catalogue, Criterion, Weights
from evaluator.model.change import Cause
from evaluator.model.evaluated import Cell, Scores
from evaluator.model.evidence_status import EvidenceStatus, evidence_status
from evaluator.model.wording import meaning_changed
from evaluator.model.workspace import Workspace
from evaluator.scoring.aggregation import combine, on_edition
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
        seen = {id(value): value for value in self.values}
        return len({(*value[1:], value.cell.level, value.cell.evidence_status) for value in seen.values()}) > 1


class OptionCells:
    """The cells of two reviews, mixed."""

    def __init__(self, old: ReviewSide, new: ReviewSide, home: Mapping[str, int]) -> None:
        self._sides = (old, new)
        self._home = home
        self._rule_moves = old.workspace.evaluation.policies.unknown_if != new.workspace.evaluation.policies.unknown_if
        self._rubrics = _rubric_changes(old.workspace.catalogue, new.workspace.catalogue)

    def rubric_cause(self, criterion: str) -> bool:
        """Whether the rubric of ``criterion`` can move any figure."""
        return criterion in self._rubrics

    def mixed(self, option: str, criterion: str) -> Mixed:
        """The option on the criterion; the option is in both reviews."""
        if criterion in self._home:
            own = self._pure(self._home[criterion], option, criterion)
            return Mixed((own,) * 8, Cause.CRITERIA, bound=True)
        if criterion not in self._rubrics and not self._rule_moves:
            old, new = self._pure(0, option, criterion), self._pure(1, option, criterion)
            return Mixed((old,) * 4 + (new,) * 4, self._plain_cause(option, old, new), bound=False)
        rubric, rule = criterion in self._rubrics, self._rule_moves and self._several(option)
        apart = [self._state(mix, option, criterion, rubric=False, rule=rule) for mix in MIXES]
        cause = _facts_cause([(apart[place].cell.level, apart[place + 4].cell.level) for place in range(2)])
        # Under other anchors a level is another statement: where it differs, facts and rubric cannot be separated.
        bound = self._rubrics.get(criterion, False) and cause is not Cause.EVIDENCE
        if self._edition(0, option) != self._edition(1, option):
            label = Cause.EDITION
        elif bound and cause is Cause.ANSWERS:
            label = Cause.RUBRICS
        else:
            label = cause
        if rubric and not bound:
            apart = [self._state(mix, option, criterion, rubric=True, rule=rule) for mix in MIXES]
        return Mixed(tuple(apart), label, bound)

    def alone(self, side: int, option: str, criterion: str) -> AnswerValue:
        """The option on the criterion as it stands in one review; unknown where it does not count there."""
        return self._pure(side, option, criterion)

    def _edition(self, side: int, option: str) -> str:
        return self._sides[side].workspace.vendors[option].profile.edition

    def _several(self, option: str) -> bool:
        """Whether the combination rule has anything to decide on the option in either review."""
        return any(len(on_edition(side.workspace.vendors[option])[0]) > 1 for side in self._sides)

    def _pure(self, side: int, option: str, criterion: str) -> AnswerValue:
        catalogue = self._sides[side].workspace.catalogue
        cell = self._sides[side].cells[option].get(criterion)
        if cell is None:
            return AnswerValue(_unanswered(criterion), 0.0, 0.0, 0.0)
        return _answer_value(cell, catalogue.criteria[criterion])

    def _plain_cause(self, option: str, old: AnswerValue, new: AnswerValue) -> Cause:
        if self._edition(0, option) != self._edition(1, option):
            return Cause.EDITION
        return _facts_cause([(old.cell.level, new.cell.level)])

    def _state(self, mix: Mix, option: str, criterion: str, *, rubric: bool, rule: bool) -> AnswerValue:
        """One mixture; rubric and rule are those of the review whose facts are in force, unless they move by themselves."""
        facts = mix.facts
        ruled = mix.rubric if rubric else facts
        combined_by = mix.rule if rule else facts
        if facts == ruled == combined_by:
            return self._pure(facts, option, criterion)
        side = self._sides[facts]
        catalogue = self._sides[ruled].workspace.catalogue
        found = combine(
            on_edition(side.workspace.vendors[option])[0],
            criterion,
            self._sides[combined_by].workspace.evaluation.policies.unknown_if,
        )
        judged = catalogue.criteria[criterion]
        if found is None:
            return _answer_value(_unanswered(criterion), judged)
        answer = found.answer
        level = answer.level if isinstance(answer.level, int) else None
        state = evidence_status(answer, judged, catalogue, side.as_of)
        return _answer_value(Cell(criterion, 0.0, level, state, 0.0, 0.0, 0.0, answer, found.by, found.levels), judged)


def _unanswered(criterion: str) -> Cell:
    return Cell(criterion, 0.0, None, EvidenceStatus.UNKNOWN, 0.0, 0.0, 0.0, None, (), {})


def _answer_value(cell: Cell, criterion: Criterion) -> AnswerValue:
    if cell.level is None:
        return AnswerValue(cell, 0.0, 0.0, criterion.best_value)
    value = criterion.value(cell.level)
    return AnswerValue(cell, value, value if cell.evidence_status is EvidenceStatus.SUPPORTED else 0.0, value)


def _facts_cause(pairs: Sequence[tuple[int | None, int | None]]) -> Cause:
    """The cause that the facts of a cell move under, from its levels with old and with new facts."""
    changed = [(old, new) for old, new in pairs if old != new]
    if not changed:
        return Cause.EVIDENCE
    return Cause.ANSWERS if any(old is not None and new is not None for old, new in changed) else Cause.LEARNED


def _rubric_changes(old: Catalogue, new: Catalogue) -> dict[str, bool]:
    """The criteria of both catalogues whose rubrics can move a figure, and whether their meaning changed."""
    found = {}
    for key, before in old.criteria.items():
        after = new.criteria.get(key)
        if after is None:
            continue
        meaning = before is not after and meaning_changed(before, after)
        if (
            meaning
            or before.values != after.values
            or before.fresh_months != after.fresh_months
            or old.caps[key] != new.caps[key]
        ):
            found[key] = meaning
    return found


def weighted(value: AnswerValue, weight: float) -> Cell:
    """The cell of ``value`` under a weight, as the engine would make it."""
    full = 100 * weight
    return replace(value.cell, weight=weight, points=full * value.score, low=full * value.low, high=full * value.high)


class MixtureWeights(NamedTuple):
    """Which review's weights, catalogue and scope are in force: 0 old, 1 new."""

    weights: int
    criteria: int
    scope: int


WEIGHT_MIXES = tuple(MixtureWeights(*state) for state in product((0, 1), repeat=3))


@dataclass(frozen=True)
class AllMixtureWeights:
    """Two workspaces whose weights are mixed.

    A criterion that counts in one of the two reviews only brings its importance of that review along, and so does a
    family: in the other review nobody weighed it in earnest.
    """

    old: Workspace
    new: Workspace

    @property
    def both(self) -> tuple[Workspace, Workspace]:
        """Old and new."""
        return self.old, self.new

    @cached_property
    def counting(self) -> tuple[frozenset[str], frozenset[str]]:
        """The criteria that count in each review: in the catalogue and in scope."""
        old, new = (
            frozenset(workspace.catalogue.criteria) - frozenset(workspace.evaluation.out_of_scope)
            for workspace in self.both
        )
        return old, new

    @cached_property
    def home(self) -> dict[str, int]:
        """The only review in which a criterion counts, for those that count in one."""
        old, new = self.counting
        return dict.fromkeys(old - new, 0) | dict.fromkeys(new - old, 1)

    @cached_property
    def criteria(self) -> tuple[str, ...]:
        """Every criterion that counts in either review, by id."""
        old, new = self.counting
        return tuple(sorted(old | new))

    def weights(self, mixture: MixtureWeights) -> dict[str, float]:
        """The normalised weights under ``mixture``; empty where nothing has any weight in that mixture."""
        catalogue = self._catalogue(mixture)
        try:
            return criterion_weights(catalogue, self._weights(mixture, catalogue))
        except EvaluatorError:
            return {}

    def _catalogue(self, mixture: MixtureWeights) -> Catalogue:
        source = self.both[mixture.criteria].catalogue
        families: dict[str, tuple[Criterion, ...]] = {
            family: tuple(criterion for criterion in group if self._counts(criterion.id, mixture.scope))
            for family, group in source.families.items()
        }
        return Catalogue.model_construct(head=source.head, families=families)

    def _counts(self, criterion: str, scope: int) -> bool:
        """Whether a criterion of the catalogue in force counts when ``scope`` is."""
        old, new = (criterion in workspace.catalogue.criteria for workspace in self.both)
        if old and new:
            return criterion in self.counting[scope]
        return criterion in self.counting[int(new)]

    def _weights(self, mixture: MixtureWeights, catalogue: Catalogue) -> Weights:
        own = tuple(workspace.weights for workspace in self.both)
        return Weights.model_construct(
            format="weights/1",
            families={
                family: own[self._family_home.get(family, mixture.weights)].families.get(family, 0)
                for family in catalogue.families
            },
            criteria={
                criterion: own[self.home.get(criterion, mixture.weights)].criteria.get(criterion, 0)
                for criterion in catalogue.criteria
            },
        )

    @cached_property
    def _family_home(self) -> Mapping[str, int]:
        """The only review in which a family has a criterion that counts."""
        live = [
            {workspace.catalogue.family_of[criterion] for criterion in counting}
            for workspace, counting in zip(self.both, self.counting, strict=True)
        ]
        return dict.fromkeys(live[0] - live[1], 0) | dict.fromkeys(live[1] - live[0], 1)
