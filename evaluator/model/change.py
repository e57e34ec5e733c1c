"""What changed between two reviews of an evaluation, and why: points by criterion and cause.

Plain frozen data classes, like the result. Old always comes before new.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import fsum
from typing import Literal

from evaluator.model.evidence_status import EvidenceStatus

NOW = "now"
"""The name of what is not a closed review."""


class Nature(StrEnum):
    """Whether the products changed, as far as is known, or the method, or what is asked of them."""

    FACTS = "facts"
    METHOD = "method"
    CHOICE = "choice"


class Cause(StrEnum):
    """A group of inputs that can move a figure. The first nine and the tool itself can move a score, all can move a stack."""

    ANSWERS = "answers"
    """Both reviews know a level, and it differs."""
    LEARNED = "learned"
    """An unknown was answered, or a known answer became unknown."""
    EVIDENCE = "evidence"
    """The level is the same; its evidence went stale, was renewed, or carries more or less."""
    EDITION = "edition"
    """Another edition of the product is evaluated."""
    WEIGHTS = "weights"
    CRITERIA = "criteria"
    """Criteria added, removed, or moved to another family."""
    RUBRICS = "rubrics"
    """Anchors re-worded, or scale, values, freshness or evidence caps changed."""
    COMBINATION = "combination"
    """Several scorecards become one answer by another rule."""
    SCOPE = "scope"
    """Criteria taken out or brought in, for all options alike."""
    ENGINE = "engine"
    """Another version of the tool computes other figures from the same inputs."""
    CAPABILITIES = "capabilities"
    GATES = "gates"
    """Minimum levels of data classes and tags, which of them are on, where they apply, or the data classes."""
    POLICIES = "policies"
    """What capabilities and conditional fits are credited with."""
    DEMAND = "demand"
    """Use cases, their importance, needs and emphasis."""
    OPTIONS = "options"
    """Options came into the evaluation or left it."""
    LIMITS = "limits"
    """The limits on the stack, so that other tools were chosen."""
    CHOICE = "choice"
    """Other tools were chosen, for another reason than the limits."""


NATURES = {
    **dict.fromkeys((Cause.ANSWERS, Cause.LEARNED, Cause.EVIDENCE, Cause.EDITION, Cause.CAPABILITIES), Nature.FACTS),
    **dict.fromkeys((Cause.WEIGHTS, Cause.CRITERIA, Cause.RUBRICS, Cause.COMBINATION, Cause.SCOPE), Nature.METHOD),
    **dict.fromkeys((Cause.ENGINE, Cause.GATES, Cause.POLICIES), Nature.METHOD),
    **dict.fromkeys((Cause.DEMAND, Cause.OPTIONS, Cause.LIMITS, Cause.CHOICE), Nature.CHOICE),
}


@dataclass(frozen=True, slots=True)
class Points:
    """One option's three figures, or a part of their difference."""

    score: float
    low: float
    high: float

    @classmethod
    def total(cls, parts: Iterable[Points]) -> Points:
        """The sum of ``parts``; their order does not matter."""
        found = list(parts)
        return cls(fsum(p.score for p in found), fsum(p.low for p in found), fsum(p.high for p in found))

    def __bool__(self) -> bool:
        return bool(self.score or self.low or self.high)


@dataclass(frozen=True, slots=True)
class BridgeStep:
    """One cause on the way from an old figure to a new one."""

    cause: Cause
    points: float
    start: float
    end: float


def bridge_steps(start: float, causes: Iterable[tuple[Cause, float]]) -> tuple[BridgeStep, ...]:
    """The steps of a bridge chart, in the order of ``causes``: each starts where the one before it ended, the first at ``start``."""
    found: list[BridgeStep] = []
    for cause, points in causes:
        start = found[-1].end if found else start
        found.append(BridgeStep(cause, points, start, start + points))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class CellChange:
    """One option on one criterion: what stood and stands there, and the points each cause moved."""

    criterion: str
    levels: tuple[int | None, int | None]
    """None where unknown, not answered, or where the criterion does not count."""
    evidence_statuses: tuple[EvidenceStatus | None, EvidenceStatus | None]
    """None where the criterion does not count in that review."""
    weights: tuple[float, float]
    parts: dict[Cause, Points]

    @property
    def total(self) -> Points:
        """All causes together."""
        return Points.total(self.parts.values())


class RankReason(StrEnum):
    """Why a rank moved."""

    UNMOVED = "unmoved"
    FACTS = "facts"
    METHOD = "method"
    """The facts alone would have left it where it was: only the method changed."""
    BOTH = "both"
    OPTIONS = "options"
    """Among the options of both reviews it stands where it stood; others came or went."""


@dataclass(frozen=True, slots=True)
class RankMove:
    """An option's rank in both reviews, and among the options that both have, under each mixture of facts and method."""

    old: int
    new: int
    common_old: int
    common_new: int
    new_facts: int
    """New facts under the old method."""
    new_method: int
    """Old facts under the new method."""
    reason: RankReason


@dataclass(frozen=True, slots=True)
class Crossed:
    """An option's score with the facts of one review under the method (weights, catalogue, scope) of the other."""

    new_facts: float
    """New facts under the old method."""
    new_method: float
    """Old facts under the new method."""


@dataclass(frozen=True, slots=True)
class OptionChange:
    """One option in both reviews, or in one of them."""

    id: str
    name: str
    status: Literal["kept", "came", "went"]
    old: Points | None
    new: Points | None
    causes: dict[Cause, Points]
    """What each cause moved; they sum to the difference. Empty unless the option is in both reviews."""
    cells: tuple[CellChange, ...]
    """Every criterion on which anything moved, in the order of ids."""
    rank: RankMove | None
    crossed: Crossed | None
    """None unless the option is in both reviews."""
    verdicts: tuple[str | None, str | None]
    cleared: tuple[str | None, str | None]

    @property
    def difference(self) -> Points | None:
        """New less old; None unless the option is in both reviews."""
        if self.old is None or self.new is None:
            return None
        return Points(self.new.score - self.old.score, self.new.low - self.old.low, self.new.high - self.old.high)

    def of(self, nature: Nature) -> Points:
        """What all causes of one nature moved together."""
        return Points.total(points for cause, points in self.causes.items() if NATURES[cause] is nature)


class CriterionWhat(StrEnum):
    """What differs in a criterion."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    REWORDED = "reworded"
    """Question or anchors ask something else: a level under one says nothing about a level under the other."""
    WORDING = "wording"
    """Other words, the same meaning."""
    VALUES = "values"
    FRESHNESS = "freshness"
    CAPS = "caps"
    GATES = "gates"
    OUT_OF_SCOPE = "out-of-scope"
    IN_SCOPE = "in-scope"


@dataclass(frozen=True, slots=True)
class CriterionChange:
    """One criterion that is not the same in both reviews."""

    criterion: str
    title: str
    what: tuple[CriterionWhat, ...]
    note: str = ""
    """Why, where the content says so."""


@dataclass(frozen=True, slots=True)
class WeightChange:
    """A normalised weight, 0 to 1, that differs; 0 where the criterion does not count."""

    criterion: str
    old: float
    new: float


@dataclass(frozen=True, slots=True)
class FieldChange:
    """Another input that differs, as text: a policy, a use case, the data classes."""

    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class SameWay:
    """A criterion on which the levels of all options moved the same way: perhaps another scorer, or another reading."""

    criterion: str
    up: bool
    options: int


@dataclass(frozen=True, slots=True)
class GateMove:
    """A gate that an option met for a use case and no longer meets."""

    criterion: str
    required: int
    levels: tuple[int | None, int | None]
    outcome: Literal["failed", "unsupported"]
    evidence_status: EvidenceStatus


@dataclass(frozen=True, slots=True)
class LostUse:
    """A use case that a tool served in the old stack."""

    use_case: str
    fits: tuple[float, float | None]
    """The tool's fit then and now; None where the use case or the tool is gone."""
    now: str | None
    """Who serves it in the new stack."""
    now_fit: float
    gates: tuple[GateMove, ...]
    absent: tuple[str, ...]
    """Capabilities that must be there, were there, and are not."""


@dataclass(frozen=True, slots=True)
class ToolGone:
    """A tool of the old stack that is not in the new one."""

    tool: str
    name: str
    still_option: bool
    uses: tuple[LostUse, ...]


@dataclass(frozen=True, slots=True)
class StackChange:
    """The approved set of tools, then and now; values lie between 0 and 100, that of no tools is 0."""

    tools: tuple[tuple[str, ...], tuple[str, ...]]
    values: tuple[float, float]
    causes: dict[Cause, float]
    """They sum to the difference of the values."""
    old_tools_now: float
    """The value of the old set in the new review."""
    new_tools_then: float
    """The value of the new set in the old review."""
    gone: tuple[ToolGone, ...]
    costs: tuple[tuple[str, float, float], ...]
    """Currency, expected cost per year then and now; unknown prices add nothing."""

    @property
    def kept(self) -> tuple[str, ...]:
        """Tools in both sets."""
        return tuple(tool for tool in self.tools[0] if tool in self.tools[1])

    @property
    def came(self) -> tuple[str, ...]:
        """Tools of the new set only."""
        return tuple(tool for tool in self.tools[1] if tool not in self.tools[0])


@dataclass(frozen=True, slots=True)
class ReviewRef:
    """Which review is meant."""

    name: str
    as_of: datetime.date
    digest: str
    version: str
    """The version of the tool that computed its figures."""
    catalogue: str
    """Id and version of the catalogue."""


@dataclass(frozen=True, slots=True)
class Change:
    """Everything that changed between two reviews."""

    old: ReviewRef
    new: ReviewRef
    options: tuple[OptionChange, ...]
    """In the order of the new ranking, then those that went."""
    criteria: tuple[CriterionChange, ...]
    weights: tuple[WeightChange, ...]
    others: tuple[FieldChange, ...]
    same_way: tuple[SameWay, ...]
    stack: StackChange | None
    """None where neither review has a stack."""

    def option(self, option: str) -> OptionChange:
        """The option with this id; ``KeyError`` where neither review has it."""
        for candidate in self.options:
            if candidate.id == option:
                return candidate
        raise KeyError(option)
