"""The value of an option's answer on a criterion in every mixture of two reviews' facts, rubrics and combination rule.

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

from evaluator.model.catalogue import Catalogue, Criterion
from evaluator.model.change import Cause
from evaluator.model.evaluated import Cell, Earned, Scores
from evaluator.model.evidence_status import evidence_status
from evaluator.model.wording import meaning_changed
from evaluator.model.workspace import Workspace
from evaluator.scoring.aggregation import combine, on_edition
from evaluator.scoring.score import earned, unanswered, weighted_cell


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
            return AnswerValue(unanswered(criterion), 0.0, 0.0, 0.0)
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
            return _answer_value(unanswered(criterion), judged)
        answer = found.answer
        level = answer.level if isinstance(answer.level, int) else None
        state = evidence_status(answer, judged, catalogue, side.as_of)
        return _answer_value(Cell(criterion, 0.0, level, state, 0.0, 0.0, 0.0, answer, found.by, found.levels), judged)


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
    """The cell of ``value`` under a weight."""
    return weighted_cell(value.cell, Earned(value.score, value.low, value.high), weight)
