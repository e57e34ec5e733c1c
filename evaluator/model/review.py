"""A review: one yearly cycle of the evaluation, what happens between two of them, and what is due.

The files ``reviews/<review>.yaml`` and ``reviews/log.yaml`` are models; what is computed from them is
plain data classes, like the result.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AliasChoices, Field

from evaluator.model.base import Day, Id, Model, Text
from evaluator.model.own_work import OwnWorkCount
from evaluator.model.vendor import ExitPlan
from evaluator.model.workspace import Workspace


class Review(Model):
    """``reviews/<review>.yaml``: one review, from its opening on."""

    format: Annotated[Literal["review/1"], Field(alias="schema")]
    name: Annotated[Id, Field(alias="review", validation_alias=AliasChoices("review", "edition"))]
    """Files written before 2026-12 call it ``edition``."""
    as_of: Day
    """The date at which evidence is judged and the result is computed."""
    opened: Day
    deadline: Day | None = None
    since: Id | None = None
    """The closed review before this one."""
    soon_months: Annotated[int, Field(ge=0, le=24)] = 3
    """Evidence that goes stale within so many months after the date of the review is due as well."""
    approved: tuple[Id, ...] | None = None
    """The tools that were approved, where they are not the recommended stack."""
    waived: dict[Id, Text] = {}
    """Points that block closing and were waived, each with its reason."""
    note: str = ""


class TriggerEvent(Model):
    """Something that happened to a vendor and reopens answers."""

    trigger: Id
    """One of the triggers that ``criteria/catalogue.yaml`` lists, or ``catalogue`` for re-worded criteria."""
    vendor: Id | None = None
    """None where it reopens the answers on all vendors."""
    date: Day
    by: Text
    """The role that noted it."""
    source: str = ""
    note: str = ""
    reopens: tuple[Id, ...] | None = None
    """The criteria reopened, where they are not those of the trigger."""


class LightCheck(Model):
    """Prices, sub-processors, terms on AI, status and ownership were looked at, and nothing had happened."""

    vendor: Id
    date: Day
    by: Text
    note: str = ""


class Divest(Model):
    """A tool that lost its approval: who sees to it that people leave, until when, and what still runs on it."""

    tool: Id
    owner: Text
    """A role."""
    until: Day
    running: Annotated[tuple[Text, ...], Field(min_length=1)]
    done: Day | None = None
    note: str = ""


class ReviewLog(Model):
    """``reviews/log.yaml``: what happens between two reviews."""

    format: Annotated[Literal["review-log/1"], Field(alias="schema")]
    triggers: tuple[TriggerEvent, ...] = ()
    checks: tuple[LightCheck, ...] = ()
    divest: tuple[Divest, ...] = ()


def empty_log() -> ReviewLog:
    """The log of a workspace in which nothing was noted yet."""
    return ReviewLog.model_validate({"schema": "review-log/1"})


CATALOGUE_TRIGGER = "catalogue"
"""The trigger of criteria that a newer catalogue re-worded."""


@dataclass(frozen=True, slots=True)
class Past:
    """A closed review, as far as the next review needs it."""

    name: str
    as_of: datetime.date
    workspace: Workspace
    approved: tuple[str, ...]
    before: datetime.date | None = None
    """The date of the review before that one."""


class DueKind(StrEnum):
    """Why an answer is due."""

    STALE = "stale"
    SOON = "soon"
    NEVER_CONFIRMED = "never-confirmed"
    CADENCE = "cadence"
    TRIGGER = "trigger"
    REWORDED = "reworded"
    NEW = "new"
    EDITION = "edition"


@dataclass(frozen=True, slots=True)
class DueReason:
    """One reason, with the day on which it arose and what it is about: a trigger, a tier, an edition."""

    kind: DueKind
    day: datetime.date | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DueAnswer:
    """One answer that one assessor has to confirm or give again."""

    vendor: str
    assessor: str
    criterion: str
    level: int | None
    """The level that stands now; None where unknown or not answered."""
    reasons: tuple[DueReason, ...]
    carried: bool

    def has(self, *kinds: DueKind) -> bool:
        """Whether one of the reasons is of one of ``kinds``."""
        return any(reason.kind in kinds for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class LightCheckDue:
    """An approved tool whose last look, light or full, is too long ago."""

    vendor: str
    tier: int
    months: int
    last: datetime.date | None


@dataclass(frozen=True, slots=True)
class Due:
    """Everything that is due at one date."""

    answers: tuple[DueAnswer, ...]
    carried: tuple[tuple[str, str, str], ...]
    """Vendor, assessor and criterion of every answer that is the same as in the previous review and not confirmed."""
    light_checks: tuple[LightCheckDue, ...]
    tiers: dict[str, int]
    """The review tier of every approved tool."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one vendor, assessor or family is; counts of answers."""

    id: str
    answers: int
    confirmed: int
    """Given or confirmed since the previous review."""
    carried: int
    due: int


@dataclass(frozen=True, slots=True)
class Blocker:
    """One point that stands in the way of closing, or was waived."""

    id: str
    finding: str
    waived: str = ""
    """The reason, where it was waived."""
    can_be_waived: bool = True

    @property
    def blocks(self) -> bool:
        """Whether it still stands in the way."""
        return not self.waived


@dataclass(frozen=True, slots=True)
class ExitPlanState:
    """How ready the organisation is to leave an approved tool."""

    tool: str
    planned: bool
    last_rehearsal: datetime.date | None
    next_rehearsal: datetime.date | None
    overdue: bool
    """Whether a rehearsal was planned for a day that has passed without one since."""

    @classmethod
    def of(cls, tool: str, plan: ExitPlan | None, as_of: datetime.date) -> ExitPlanState:
        """What ``plan`` comes to at a date."""
        if plan is None:
            return cls(tool, planned=False, last_rehearsal=None, next_rehearsal=None, overdue=False)
        last = plan.last_rehearsal.date if plan.last_rehearsal else None
        following = plan.next_rehearsal
        overdue = following is not None and following < as_of and (last is None or last < following)
        return cls(tool, planned=True, last_rehearsal=last, next_rehearsal=following, overdue=overdue)


@dataclass(frozen=True, slots=True)
class ReviewState:
    """Where a review stands: what reports show of it."""

    review: str
    as_of: datetime.date
    opened: datetime.date | None
    """None for a review that is closed without having been opened."""
    deadline: datetime.date | None
    since: str | None
    vendors: tuple[Progress, ...]
    assessors: tuple[Progress, ...]
    families: tuple[Progress, ...]
    due: Due
    blockers: tuple[Blocker, ...]
    approved: tuple[str, ...]
    lost: tuple[str, ...]
    """Tools approved in the previous review and not in this one."""
    triggers: tuple[TriggerEvent, ...]
    """Those since the previous review, latest first."""
    divest: tuple[Divest, ...]
    """Those not done at the date of the review."""
    exits: tuple[ExitPlanState, ...]
    """Of every approved tool."""
    closed: datetime.date | None = None
    days_left: int | None = None
    """Days to the deadline, from today or from the day of closing; negative past it. None without a deadline."""
    note: str = ""
    """What the file of the review says about it."""
    own_work: tuple[OwnWorkCount, ...] = ()
    """How far the own work is, by option that has any."""

    @property
    def blocked(self) -> tuple[Blocker, ...]:
        """What still stands in the way of closing."""
        return tuple(blocker for blocker in self.blockers if blocker.blocks)
