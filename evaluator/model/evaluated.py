"""What is computed from a workspace at a date: the only thing that reports read.

Plain frozen data classes, because a large evaluation makes millions of cells; they have a published
schema like the files.
Scores, fits and points lie between 0 and 100; weights and shares between 0 and 1.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from enum import StrEnum
from math import fsum
from typing import Annotated, Literal, NamedTuple

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from evaluator.model.change import Change
from evaluator.model.cost import Cost, Coverage
from evaluator.model.demand import UseCase
from evaluator.model.edition_comparison import EditionComparison
from evaluator.model.elicitation import Sealing
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.own_work import OwnWorkItem
from evaluator.model.review import ReviewState
from evaluator.model.scorecard import Answer, Evidence, EvidenceKind
from evaluator.model.sensitivity import OpenQuestions, Sensitivity
from evaluator.model.stack_limits import NO_LIMITS, Budget, StackConstraints
from evaluator.model.workspace import Workspace


class GateOutcome(StrEnum):
    """The outcome of a gate."""

    MET = "met"
    FAILED = "failed"
    UNSUPPORTED = "unsupported"
    NOT_APPLICABLE = "not_applicable"
    """The gate is set for another deployment; it is neither met nor in the way."""


class Earned(NamedTuple):
    """What an answer earns, as shares of the weight of its criterion."""

    value: float
    """Nothing where it is unknown."""
    low: float
    """Nothing where it is not supported."""
    high: float
    """The best there is where it is unknown."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One option on one criterion in scope: the answer that counts and what it earns."""

    criterion: str
    weight: float
    level: int | None
    """None where unknown."""
    evidence_status: EvidenceStatus
    points: float
    low: float
    high: float
    answer: Answer | None
    """The answer that counts; None where no scorecard has one."""
    by: tuple[str, ...]
    """Whose answer counts."""
    levels: dict[str, int | None]
    """Level by assessor, None where unknown; more than one entry where several answered."""

    @property
    def differs(self) -> bool:
        """Whether the assessors gave different answers."""
        return len(set(self.levels.values())) > 1


@dataclass(frozen=True, slots=True)
class FamilyScore:
    """An option's score inside one family; ``weight`` is the family's share of the whole."""

    score: float
    low: float
    high: float
    weight: float
    coverage: float


@dataclass(frozen=True, slots=True)
class GateCheck:
    """One gate, checked on one option."""

    criterion: str
    required: int
    observed: int | None
    outcome: GateOutcome
    reason: str
    """Why the gate is not met or not applicable, in words; empty where it is met."""
    evidence_status: EvidenceStatus
    missing: tuple[str, ...] = ()
    """What the answer says the next level still needs."""

    @property
    def unmet(self) -> bool:
        """Whether the gate is in the way: failed or unsupported."""
        return self.outcome in {GateOutcome.FAILED, GateOutcome.UNSUPPORTED}

    @property
    def still_missing(self) -> tuple[str, ...]:
        """What is missing to meet the gate; empty where the level is reached and only its evidence falls short."""
        return self.missing if self.observed is None or self.observed < self.required else ()


@dataclass(frozen=True, slots=True)
class GateChecks:
    """All gates of one data class (its own and those of the classes below it) or of one data tag, for one option."""

    checks: tuple[GateCheck, ...]
    assessed: bool = True
    """Whether any answer about the option is known; without one it is cleared for nothing that the evaluation gates."""

    def of(self, outcome: GateOutcome) -> tuple[GateCheck, ...]:
        """The checks with ``outcome``."""
        return tuple(check for check in self.checks if check.outcome is outcome)

    @property
    def verdict(self) -> GateOutcome:
        """Failed if any gate fails, unsupported if any is unsupported or nothing is known, met otherwise.

        Not applicable only where no gate of several applies.
        """
        outcomes = {check.outcome for check in self.checks}
        if GateOutcome.FAILED in outcomes:
            return GateOutcome.FAILED
        if GateOutcome.UNSUPPORTED in outcomes or not self.assessed:
            return GateOutcome.UNSUPPORTED
        return GateOutcome.NOT_APPLICABLE if outcomes == {GateOutcome.NOT_APPLICABLE} else GateOutcome.MET

    @property
    def cleared(self) -> bool:
        """Whether the option may hold such data: nothing is in the way."""
        return self.verdict in {GateOutcome.MET, GateOutcome.NOT_APPLICABLE}


@dataclass(frozen=True, slots=True)
class OptionScore:
    """Everything scored for one option."""

    id: str
    name: str
    """The vendor's, with that of the edition where several editions are evaluated."""
    vendor: str
    edition: str
    edition_name: str
    score: float
    low: float
    high: float
    rank: int
    """Shared by exact ties: 1, 2, 2, 4."""
    coverage: float
    stale: float
    close: tuple[str, ...]
    """Options whose score lies within the close band of this one."""
    families: dict[str, FamilyScore]
    gates: dict[str, GateChecks]
    cleared: str | None
    clearable: str | None
    cells: tuple[Cell, ...]
    scorecards: tuple[str, ...]
    """Assessors whose answers were combined."""
    left_out: tuple[str, ...]
    """Assessors whose scorecard is on an edition of the vendor that is not evaluated."""
    tag_gates: dict[str, GateChecks] = field(default_factory=dict)
    """The gates of every data tag that has any."""
    cleared_tags: tuple[str, ...] = ()
    """The data tags whose gates leave nothing in the way."""
    clearable_tags: tuple[str, ...] = ()
    """The data tags that no gate rules out."""
    assessed: bool = True
    """Whether any answer is known; an option without one is cleared for no data class or tag."""
    own_work: tuple[OwnWorkItem, ...] = ()
    """The due diligence that only the organisation can do, on the criteria in scope; it moves no figure."""

    @property
    def title(self) -> str:
        """The name with that of the edition, once."""
        return self.name if self.id != self.vendor else f"{self.name}, {self.edition_name}"

    @property
    def checks(self) -> tuple[GateCheck, ...]:
        """Every gate of every data class, then of every data tag."""
        return tuple(check for gates in (*self.gates.values(), *self.tag_gates.values()) for check in gates.checks)

    @property
    def not_applicable(self) -> tuple[GateCheck, ...]:
        """The gates that do not apply to the edition, each criterion once."""
        found = {check.criterion: check for check in self.checks if check.outcome is GateOutcome.NOT_APPLICABLE}
        return tuple(found.values())

    def cell(self, criterion: str) -> Cell:
        """The cell of ``criterion``; ``KeyError`` where it is not in scope."""
        for cell in self.cells:
            if cell.criterion == criterion:
                return cell
        raise KeyError(criterion)


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of all options in scope, best first, ties by id."""

    as_of: datetime.date
    options: tuple[OptionScore, ...]
    weights: dict[str, float]
    """Normalised weight of every criterion in scope, in catalogue order; they sum to 1."""
    gates: dict[str, dict[str, int]]
    """Switched-on minimum levels: data class -> criterion -> level, classes lowest first."""
    combination: str
    """In words, how several scorecards became one answer; empty where none had to be combined."""
    tag_gates: dict[str, dict[str, int]] = field(default_factory=dict)
    """Switched-on minimum levels of every data tag that has any: data tag -> criterion -> level, tags in file order."""

    @property
    def gated_criteria(self) -> frozenset[str]:
        """The criteria with a gate for some data class or tag."""
        return frozenset(key for levels in (*self.gates.values(), *self.tag_gates.values()) for key in levels)

    def option(self, option: str) -> OptionScore:
        """The option with this id; ``KeyError`` where there is none."""
        for candidate in self.options:
            if candidate.id == option:
                return candidate
        raise KeyError(option)


@dataclass(frozen=True, slots=True)
class Fit:
    """How well one option serves one use case."""

    option: str
    use_case: str
    fit: float
    """What counts: ``potential`` in full, credited if conditional, or 0."""
    potential: float
    """Score under the use case's emphasis times the share of capabilities."""
    score: float
    capabilities: float
    """Share of needed capabilities, 0 to 1."""
    coverage: Coverage
    failed: tuple[GateCheck, ...]
    absent: tuple[str, ...]
    """Capabilities that must be there and are not."""
    unsupported: tuple[GateCheck, ...]
    unknown_capabilities: tuple[str, ...]
    """Capabilities that must be there and are unknown."""
    not_applicable: tuple[GateCheck, ...] = ()
    """Gates of the use case that do not apply to the deployment of the option."""


@dataclass(frozen=True, slots=True)
class DecisionMatrix:
    """What stacks are chosen by: every option in every use case of some importance."""

    options: tuple[str, ...]
    """By id."""
    use_cases: tuple[UseCase, ...]
    fits: dict[str, dict[str, Fit]]
    """By use case and option."""
    parts: tuple[tuple[float, ...], ...]
    """Options x use cases: fit times share of importance, 0 to 100: what an option alone gives to the value of a stack."""


@dataclass(frozen=True, slots=True)
class Served:
    """Which tool of a stack serves a use case."""

    use_case: str
    tool: str | None
    fit: float
    coverage: Coverage
    others: tuple[str, ...]
    """Further tools of the stack that could serve it: the overlap."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A set of tools approved together."""

    tools: tuple[str, ...]
    value: float
    """Mean of the best fits over use cases, weighted by importance."""
    served: tuple[Served, ...]
    marginal: dict[str, float]
    """What the stack would lose without each tool."""
    cost: Cost
    costs: dict[str, Cost]
    """By tool: its part of ``cost``."""


@dataclass(frozen=True, slots=True)
class StackSize:
    """The best stacks of one size."""

    size: int
    best: Stack
    tied: tuple[Stack, ...]
    """Other stacks of exactly the same value."""
    close: tuple[Stack, ...]
    """Runners-up inside the close band, best first."""
    more_close: bool
    """Whether further stacks of the band were left out of ``close``."""
    gain: float
    """Points over the best stack of the size below."""
    combinations: int
    """How many sets of this size exist."""
    examined: int
    """How many had to be computed; the rest were proved to be below the band."""


@dataclass(frozen=True, slots=True)
class Stacks:
    """The best stack of every size, and the recommended size."""

    sizes: tuple[StackSize, ...]
    recommended: int | None
    """None where no option serves any use case, or no stack keeps to the limits."""
    min_gain: float
    limits: StackConstraints = NO_LIMITS
    """What every stack here keeps to."""
    budget: Budget | None = None
    """Whether the recommended stack keeps to the budget; None where no budget is set or no stack is recommended."""

    unlimited: Stack | None = None
    """What would be recommended without the limits; None where nothing is limited, or nothing would be."""

    @property
    def chosen(self) -> Stack | None:
        """The recommended stack."""
        return next((size.best for size in self.sizes if size.size == self.recommended), None)


@dataclass(frozen=True, slots=True)
class EvidenceUse:
    """One answer that leans on an item of evidence."""

    criterion: str
    assessor: str
    fresh_until: datetime.date
    stale: bool


class EvidenceKey(NamedTuple):
    """What makes two items of evidence one row of the register."""

    option: str
    source: str
    grade: str
    date: datetime.date | None
    captured: datetime.date | None
    kind: EvidenceKind
    valid_until: datetime.date | None

    @classmethod
    def of(cls, option: str, item: Evidence) -> EvidenceKey:
        """The key of an item on ``option``; its kind is the one by which it ages."""
        return cls(option, item.source, item.grade, item.date, item.captured, item.effective_kind, item.valid_until)


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One row of the evidence register."""

    id: str
    option: str
    source: str
    grade: str
    date: datetime.date | None
    captured: datetime.date | None
    kind: EvidenceKind
    """The kind by which the item ages."""
    valid_until: datetime.date | None
    """The last day on which a certificate holds."""
    uses: tuple[EvidenceUse, ...]

    @property
    def key(self) -> EvidenceKey:
        """What makes two items of evidence one row."""
        return EvidenceKey(self.option, self.source, self.grade, self.date, self.captured, self.kind, self.valid_until)

    @property
    def fresh_until(self) -> datetime.date:
        """The day on which the first use goes stale."""
        return min(use.fresh_until for use in self.uses)

    @property
    def stale(self) -> bool:
        """Whether any use is stale."""
        return any(use.stale for use in self.uses)


@dataclass(frozen=True, slots=True)
class Separation:
    """A criterion that sets leading options apart: points earned by each."""

    criterion: str
    points: dict[str, float]
    spread: float


@dataclass(frozen=True, slots=True)
class Difference:
    """One criterion's part in the difference between two options; the parts sum to the difference."""

    criterion: str
    weight: float
    points: float
    levels: tuple[int | None, int | None]
    open: tuple[float, float] = (0.0, 0.0)
    """Points that an unknown answer could still earn, of the option and of the other."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an option scores what it scores, alone or against another."""

    as_of: datetime.date
    option: str
    against: str | None
    score: float
    """The option's score, or the difference to the other."""
    parts: tuple[Difference, ...]
    """Largest effect first; of no effect, those that could earn most."""

    @property
    def open(self) -> tuple[float, float]:
        """Points that unknown answers could still earn, of the option and of the other: score plus open is high."""
        return fsum(part.open[0] for part in self.parts), fsum(part.open[1] for part in self.parts)


class OptionVerdict(StrEnum):
    """What the result says about an option."""

    RECOMMENDED = "recommended"
    """In the recommended stack."""
    CLOSE = "close"
    """In a stack of the recommended size that ties with it or lies within the close band."""
    NOT_CHOSEN = "not_chosen"
    RULED_OUT = "ruled_out"


@dataclass(frozen=True, slots=True)
class FinalCheck:
    """One thing that must hold before a paper may be called final."""

    id: str
    passed: bool
    finding: str
    """What was found, as a sentence."""
    waived: bool = False
    """Whether it does not hold and counts as passed by a waiver, whose reason the finding ends with."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Everything computed from one workspace at one date."""

    workspace: Workspace
    as_of: datetime.date
    digest: str
    version: str
    scores: Scores
    fits: dict[str, tuple[Fit, ...]]
    """By use case, in the order of ``scores.options``."""
    stacks: Stacks | None
    """None where there is no use case."""
    verdicts: dict[str, OptionVerdict]
    """By option."""
    costs: dict[str, Cost]
    """Cost per year of each option that serves a use case, as if it alone served all those it can."""
    evidence: tuple[EvidenceItem, ...]
    separations: tuple[Separation, ...]
    """The criteria that set the leading options apart, most first."""
    leaders: tuple[str, ...]
    """The options those separations compare."""
    valid_until: datetime.date
    final: tuple[FinalCheck, ...]
    """What must hold before the paper is final; while one has not passed, it is a draft."""
    editions: tuple[EditionComparison, ...] = ()
    """For each vendor of whom several editions are options: which first passes which gates, and at what price."""
    sealing: Sealing | None = None
    """Whether the weights were fixed before the first answer, and are still those."""
    review: ReviewState | None = None
    """Where the review stands, for an evaluation that is part of one."""
    changes: Change | None = None
    """What changed since the previous review, where there is one."""
    sensitivity: Sensitivity | None = None
    """How robust the answer is, where it was asked."""
    questions: OpenQuestions | None = None
    """Which open answers could change it, where it was asked."""
    earned: SkipJsonSchema[Annotated[dict[str, dict[str, Earned]], Field(exclude=True)]] = field(
        default_factory=dict, compare=False, repr=False
    )
    """What every answer earns, by option and criterion in scope; not published, as the cells have it in points."""
    matrix: SkipJsonSchema[Annotated[DecisionMatrix | None, Field(exclude=True)]] = field(
        default=None, compare=False, repr=False
    )
    """The fits as stacks are chosen by them; not published. None where no use case counts."""
    schema: Literal["result/1"] = field(default="result/1")
