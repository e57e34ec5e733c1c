"""Weights asked for: what each stakeholder said, what follows from it, and whether the weights are sealed."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from evaluator.model.base import Day, Id, Model, NotNegative, Number
from evaluator.model.sensitivity import Elicited, WeightSpread

Method = Literal["swing", "rank order centroid", "pairwise"]
FAMILIES = "families"
"""The group of the families themselves; every other group holds the criteria of one family."""


class Pair(Model):
    """One judgement: how many times as important the first is as the second."""

    first: Id
    second: Id
    times: Annotated[Number, Field(gt=0, le=1e6, allow_inf_nan=False)]
    """1/3 says that the second is three times as important."""


class Judged(Model):
    """What one stakeholder said of one group of things: points, an order, or pairs; exactly one of the three."""

    points: dict[Id, NotNegative] | None = None
    """Swing weights: the importance of raising each from its worst to its best level, 100 for the most important."""
    order: tuple[tuple[Id, ...], ...] | None = None
    """From most to least important; those of equal importance together."""
    pairs: tuple[Pair, ...] | None = None
    """Pairwise judgements."""

    @model_validator(mode="after")
    def _one_way(self) -> Judged:
        given = [part for part in (self.points, self.order, self.pairs) if part is not None]
        if len(given) != 1:
            raise PydanticCustomError("one_way", "give either points, or an order, or pairs")
        if self.points is not None and not any(self.points.values()):
            raise PydanticCustomError("no_points", "at least one of the points must be more than 0")
        named = [key for group in self.order or () for key in group]
        if len(set(named)) != len(named):
            raise PydanticCustomError("named_twice", "something is listed twice in the order")
        if self.pairs is not None:
            pairs = [frozenset((pair.first, pair.second)) for pair in self.pairs]
            if any(len(pair) == 1 for pair in pairs):
                raise PydanticCustomError("with_itself", "something is judged against itself")
            if len(set(pairs)) != len(pairs):
                raise PydanticCustomError("judged_twice", "a pair is judged twice")
        return self

    @property
    def method(self) -> Method:
        """How it was asked."""
        if self.points is not None:
            return "swing"
        return "pairwise" if self.pairs is not None else "rank order centroid"

    @property
    def named(self) -> tuple[str, ...]:
        """Everything that is spoken of, each once, in the order in which it comes up."""
        if self.points is not None:
            return tuple(self.points)
        if self.order is not None:
            return tuple(key for group in self.order for key in group)
        return tuple(dict.fromkeys(key for pair in self.pairs or () for key in (pair.first, pair.second)))


class Stakeholder(Model):
    """``weights/<role>.yaml``: what one stakeholder said about the weights; a role, never a person's name."""

    format: Annotated[Literal["stakeholder/1"], Field(alias="schema")]
    role: Id
    date: Day
    """The day of the last judgement."""
    note: str = ""
    families: Judged | None = None
    """The families against each other."""
    criteria: dict[Id, Judged] = {}
    """By family: its criteria against each other. A family that is not named keeps the importance of ``criteria/weights.yaml``."""

    def group(self, key: str) -> Judged | None:
        """What was said of the families (:data:`FAMILIES`), or of the criteria of one family."""
        return self.families if key == FAMILIES else self.criteria.get(key)

    def with_judgement(self, key: str, judged: Judged | None, day: datetime.date) -> Stakeholder:
        """The same with something else, or nothing, said of one group."""
        if key == FAMILIES:
            return self.model_copy(update={"families": judged, "date": day})
        criteria = {family: value for family, value in self.criteria.items() if family != key or judged is not None}
        return self.model_copy(update={"criteria": criteria | ({key: judged} if judged else {}), "date": day})


@dataclass(frozen=True, slots=True)
class Group:
    """Things that are weighed against each other: the families, or the criteria of one family, as far as in scope."""

    id: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """The weights that follow from what one stakeholder said."""

    role: str
    date: datetime.date
    methods: tuple[str, ...]
    """The ways in which they were asked, each once."""
    groups: dict[str, Elicited]
    """By group: the weights inside it, summing to 1; only groups that are judged in full."""
    unfinished: dict[str, tuple[str, ...]]
    """By group that was begun: what is still missing, in words."""
    untouched: tuple[str, ...]
    """Groups of which nothing was said; inside them the importance of the organisation's weights holds."""
    weights: dict[str, float] | None
    """By criterion in scope, summing to 1; None while the families are not judged or a group is unfinished."""


@dataclass(frozen=True, slots=True)
class Adopted:
    """Weights put together from several stakeholders: the arithmetic mean of their weights."""

    roles: tuple[str, ...]
    families: dict[str, tuple[float, float]]
    """By family: the share before and after, each summing to 1."""
    criteria: dict[str, tuple[float, float]]
    """By criterion: the share of its family before and after."""
    figures: tuple[dict[str, float], dict[str, float]]
    """What is written: families out of 100, and criteria out of 100 inside their family."""


class SealState(StrEnum):
    """What can be said of the weights and the first answer."""

    NEVER = "never"
    """There is no seal."""
    BEFORE = "before"
    """Sealed before the first answer, and not changed since as far as the seal shows."""
    SAME_DAY = "same-day"
    """Sealed on the day of the first answer, so the order cannot be confirmed."""
    LATE = "late"
    """Sealed after the first answer."""
    RESEALED = "resealed"
    """Sealed before the first answer, then sealed anew after it."""
    CHANGED = "changed"
    """The weights in use are not those that were sealed."""


@dataclass(frozen=True, slots=True)
class Sealing:
    """The seal of the weights, compared with the weights in use and the earliest answer."""

    state: SealState
    sealed: datetime.date | None = None
    by: str = ""
    method: str = ""
    first_answer: datetime.date | None = None
    """The day of the earliest answer on any option in scope; None where there is none."""
    provable: bool = False
    """Whether the seal has a digest, by which a later change shows."""
    earlier: datetime.date | None = None
    """The day of the first seal, where a later one replaced it."""
    changed: bool = False
    """Whether the weights are known to have changed between two seals."""


@dataclass(frozen=True, slots=True)
class WeightsState:
    """Who stated which weights, how far they lie apart, and whether the weights in use are sealed."""

    stakeholders: tuple[Stated, ...]
    families: tuple[WeightSpread, ...]
    """Over the stakeholders whose weights are complete; widest first."""
    criteria: tuple[WeightSpread, ...]
    sealing: Sealing
    schema: Literal["weights-state/1"] = "weights-state/1"

    @property
    def complete(self) -> tuple[Stated, ...]:
        """The stakeholders whose weights count."""
        return tuple(stated for stated in self.stakeholders if stated.weights is not None)
