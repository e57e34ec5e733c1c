"""What is open about one option, and what its scores and fits become as answers come in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.model.catalogue import Catalogue
from evaluator.model.demand import UseCase
from evaluator.model.evaluated import Cell, Evaluated, Fit, GateCheck, OptionScore
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.sensitivity import AnswerUncertainty, OpenReason
from evaluator.scoring.fit import capability_share, support_of
from evaluator.scoring.weights import emphasised
from evaluator.sensitivity.arrays import Array
from evaluator.sensitivity.sampling import level_chances

SUPPORTS = ("native", "partial", "built", "none")
"""What an unknown capability may turn out to be, all alike."""

REASONS = {
    EvidenceStatus.UNKNOWN: OpenReason.UNKNOWN,
    EvidenceStatus.STALE: OpenReason.STALE,
    EvidenceStatus.OVER_CAP: OpenReason.OVER_CAP,
    EvidenceStatus.UNSUPPORTED: OpenReason.UNSUPPORTED,
}

Codes = NDArray[np.intp]
Key = tuple[bool, str]
"""Whether it is a capability, and the id of the capability or criterion."""


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """One open answer and the chances of what it may turn out to be.

    For a criterion ``codes`` are levels; for a capability they are places in ``SUPPORTS``.
    """

    subject: str
    doubt: OpenReason
    level: int | None
    missing: tuple[str, ...]
    codes: tuple[int, ...]
    chances: tuple[float, ...]

    @property
    def key(self) -> Key:
        """What it is about; a capability may bear a criterion's id."""
        return self.doubt is OpenReason.CAPABILITY, self.subject


def open_answers(
    catalogue: Catalogue, option: OptionScore, fits: Sequence[Fit], uncertainty: AnswerUncertainty
) -> tuple[OpenAnswer, ...]:
    """Everything open about ``option`` that can matter: a criterion of some weight, a gate, or a capability that must be there.

    A known answer that is not supported may turn out as low confidence says; an unknown one at any level, all alike; one that
    is a lower bound below a gate at its own level or any above, all alike.
    """
    gated = {check.criterion for check in option.checks if check.unmet}
    gated |= {check.criterion for fit in fits for check in (*fit.unsupported, *fit.failed)}
    found = []
    for cell in option.cells:
        if cell.evidence_status is not EvidenceStatus.SUPPORTED and (cell.weight > 0 or cell.criterion in gated):
            found.append(_cell(catalogue, cell, uncertainty))
        elif cell.criterion in gated and cell.answer and cell.answer.missing:
            found.append(_lower_bound(catalogue, cell))
    unknown = dict.fromkeys(need for fit in fits for need in fit.unknown_capabilities)
    chance = (1 / len(SUPPORTS),) * len(SUPPORTS)
    return (
        *found,
        *(OpenAnswer(need, OpenReason.CAPABILITY, None, (), tuple(range(len(SUPPORTS))), chance) for need in unknown),
    )


def _cell(catalogue: Catalogue, cell: Cell, uncertainty: AnswerUncertainty) -> OpenAnswer:
    criterion = catalogue.criteria[cell.criterion]
    chances = level_chances(cell, criterion, uncertainty)
    likely = [number for number, chance in enumerate(chances) if chance > 0]
    return OpenAnswer(
        cell.criterion,
        REASONS[cell.evidence_status],
        cell.level,
        cell.answer.missing if cell.answer else (),
        tuple(criterion.min_level + number for number in likely),
        tuple(chances[number] for number in likely),
    )


def _lower_bound(catalogue: Catalogue, cell: Cell) -> OpenAnswer:
    criterion = catalogue.criteria[cell.criterion]
    lowest = criterion.min_level if cell.level is None else cell.level
    levels = tuple(range(lowest, criterion.max_level + 1))
    missing = cell.answer.missing if cell.answer else ()
    return OpenAnswer(cell.criterion, OpenReason.FLOOR, cell.level, missing, levels, (1 / len(levels),) * len(levels))


class Outcomes:
    """One option's scores and parts of stack values, for many ways in which its open answers may turn out."""

    def __init__(
        self, result: Evaluated, option: OptionScore, cases: Sequence[UseCase], fits: Sequence[Fit], importance: Array
    ) -> None:
        self.workspace = result.workspace
        self.option = option
        self.importance = importance
        weights = result.scores.weights
        self.places = {cell.criterion: number for number, cell in enumerate(option.cells)}
        self.weights = np.array([weights[cell.criterion] for cell in option.cells])
        self.case_weights = np.array([list(emphasised(weights, case.emphasis).values()) for case in cases]).reshape(
            len(cases), len(option.cells)
        )
        self.earned = np.array([result.earned[option.id][cell.criterion].value for cell in option.cells])
        self.base = np.array([fit.score / 100 for fit in fits])
        self.shares = np.array([fit.capabilities for fit in fits])
        self.refused = np.array(
            [bool(fit.absent) or len(fit.failed) > len(open_failures(fit)) for fit in fits], dtype=bool
        )
        self.failing = np.array([len(open_failures(fit)) for fit in fits])
        self.pending = np.array([len(fit.unsupported) + len(fit.unknown_capabilities) for fit in fits])
        self.waiting = _by_subject([(check.criterion, check.required) for check in fit.unsupported] for fit in fits)
        self.refusing = _by_subject([(check.criterion, check.required) for check in open_failures(fit)] for fit in fits)
        self.unknown_capabilities = _by_subject([(need, 0) for need in fit.unknown_capabilities] for fit in fits)
        self.steps = self._support_steps(cases)

    def _support_steps(self, cases: Sequence[UseCase]) -> dict[str, list[tuple[int, Array]]]:
        """By unknown capability: the use cases that want it, and what each degree of support adds to the share."""
        profile, policies = self.workspace.vendors[self.option.id].profile, self.workspace.evaluation.policies
        steps: dict[str, list[tuple[int, Array]]] = {}
        for number, case in enumerate(cases):
            support = {need: support_of(profile.capabilities.get(need)) for need in (*case.must, *case.should)}
            for need, degree_now in support.items():
                if degree_now == "unknown":
                    added = [capability_share(case, {**support, need: degree}, policies) for degree in SUPPORTS]
                    steps.setdefault(need, []).append(
                        (number, np.array(added) - capability_share(case, support, policies))
                    )
        return steps

    def scores(self, answers: Mapping[Key, Codes], count: int) -> Array:
        """The option's score between 0 and 1 in each of ``count`` outcomes."""
        result = np.full(count, self.option.score / 100)
        for (capability, subject), codes in answers.items():
            if not capability:
                result += self.weights[self.places[subject]] * self._change(subject, codes)
        return result

    def parts(self, answers: Mapping[Key, Codes], count: int) -> Array:
        """Outcomes x use cases: the parts of stack values that the option would have, between 0 and 1."""
        score = np.tile(self.base, (count, 1))
        share = np.tile(self.shares, (count, 1))
        failed = np.tile(self.refused, (count, 1))
        pending, failing = self.pending.copy(), self.failing.copy()
        for (capability, subject), codes in answers.items():
            if not capability:
                score += np.outer(self._change(subject, codes), self.case_weights[:, self.places[subject]])
                for open_, gates in ((pending, self.waiting), (failing, self.refusing)):
                    for case, required in gates.get(subject, ()):
                        failed[:, case] |= codes < required
                        open_[case] -= 1
            else:
                for case, added in self.steps.get(subject, ()):
                    share[:, case] += added[codes]
                for case, _ in self.unknown_capabilities.get(subject, ()):
                    failed[:, case] |= codes == SUPPORTS.index("none")
                    pending[case] -= 1
        credit = float(self.workspace.evaluation.policies.conditional_credit)
        counted = np.where(failed | (failing > 0), 0.0, np.where(pending > 0, credit, 1.0))
        result: Array = score * share * counted * self.importance
        return result

    def _change(self, criterion: str, levels: Codes) -> Array:
        """What a criterion earns at ``levels``, less what it earns now."""
        rubric = self.workspace.catalogue.criteria[criterion]
        values = np.array([rubric.value(level) for level in range(rubric.min_level, rubric.max_level + 1)])
        result: Array = values[levels - rubric.min_level] - self.earned[self.places[criterion]]
        return result


def open_failures(fit: Fit) -> tuple[GateCheck, ...]:
    """Gates failed by an answer that is not supported: a new answer may still meet them."""
    return tuple(check for check in fit.failed if check.evidence_status is not EvidenceStatus.SUPPORTED)


def _by_subject(rows: Iterable[Sequence[tuple[str, int]]]) -> dict[str, list[tuple[int, int]]]:
    """By subject, the numbers of the rows that name it, each with the level it needs there."""
    found: dict[str, list[tuple[int, int]]] = {}
    for number, row in enumerate(rows):
        for subject, required in row:
            found.setdefault(subject, []).append((number, required))
    return found
