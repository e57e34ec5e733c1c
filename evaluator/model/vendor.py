"""A vendor: a product in a named edition, with sourced facts, prices and capabilities."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from evaluator.model.base import Confidence, Currency, Day, Id, Model, Name, NotNegative, Text

Support = Literal["native", "partial", "built", "none", "unknown"]
PriceUnit = Literal["flat", "maker", "internal-user", "member", "external-user", "user"]
"""``member`` is everybody inside, makers and internal users; ``user`` is everybody, inside and outside."""


Deployment = Literal["cloud", "self-hosted", "either"]
"""Where an edition runs; ``either`` can be had both ways."""


class Fact(Model):
    """One sourced statement.

    ``source_date`` is empty where the source bears no date: it then counts from the day the profile
    was captured. Facts that contradict each other share a ``conflict`` id.
    """

    topic: Text
    fact: Text
    value: Any = None
    source: Text
    source_title: str = ""
    source_date: Day | None
    confidence: Confidence
    conflict: Id | None = None


class Price(Model):
    """One component of an edition's price: ``amount`` per ``unit`` and period, before tax."""

    unit: PriceUnit
    amount: NotNegative
    currency: Currency
    per: Literal["month", "year"]
    minimum: NotNegative = 0
    """The smallest number of units that is billed."""
    included: NotNegative = 0
    """Units that the price of another component already covers."""
    billing: str = ""
    source: Text
    source_date: Day | None
    confidence: Confidence
    note: str = ""


class Estimate(Model):
    """What others say that an edition costs, where no list price is known: a range per ``unit`` and period, before tax."""

    unit: PriceUnit
    low: NotNegative
    high: NotNegative
    currency: Currency
    per: Literal["month", "year"]
    source: Text
    source_date: Day | None
    confidence: Confidence
    note: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> Estimate:
        if self.high < self.low:
            raise PydanticCustomError("estimate_order", "the high end of an estimate must not lie below its low end")
        return self


class Capability(Model):
    """How far the product can do one thing that use cases need, in the evaluated edition."""

    support: Support
    note: Text
    source: Text | None
    source_date: Day | None
    confidence: Confidence


class Edition(Model):
    """A plan one can buy. No prices means that the price is not known, never that it is free."""

    id: Id
    name: Name
    deployment: Deployment
    prices: tuple[Price, ...] = ()
    unpriced: tuple[PriceUnit, ...] = ()
    """Whom the edition charges for at a price that is not known."""
    # Left out where empty, so that digests of older profiles stay what they were.
    estimates: Annotated[tuple[Estimate, ...], Field(exclude_if=lambda value: not value)] = ()
    """Third-party figures for what is not priced; an organisation's own quote stands under ``prices``."""
    capabilities: Annotated[dict[Id, Capability], Field(exclude_if=lambda value: not value)] = {}
    """What this edition can do otherwise than the profile says for the product."""
    note: str = ""


class KnownGap(Model):
    """What was looked for and not found in public sources."""

    topic: Text
    note: str = ""


class Rehearsal(Model):
    """One try at leaving: what was taken out and built elsewhere, in how many hours, and what was lost."""

    date: Day
    hours: NotNegative | None = None
    finding: Text


class ExitPlan(Model):
    """How the organisation would leave the product, planned or in a hurry."""

    owner: Text
    """The role that keeps the plan."""
    planned: Text
    stressed: Text = "not described"
    """What is done when the vendor fails at once."""
    export: Text
    """How data and logic get out, in which form."""
    alternatives: dict[Id, Text] = {}
    """By use case: the tool or the manual way that takes over."""
    notice_days: Annotated[int, Field(ge=0)] | None = None
    retrieval_days: Annotated[int, Field(ge=0)] | None = None
    """How long after the end the data can still be fetched."""
    rehearsed: tuple[Rehearsal, ...] = ()
    next_rehearsal: Day | None = None
    note: str = ""

    @property
    def last_rehearsal(self) -> Rehearsal | None:
        """The latest rehearsal, if there was one."""
        return max(self.rehearsed, key=lambda rehearsal: rehearsal.date, default=None)


class Profile(Model):
    """``vendors/<id>/profile.yaml``."""

    format: Annotated[Literal["profile/1"], Field(alias="schema")]
    id: Id
    name: Name
    homepage: Text
    owner: str = ""
    """The company or group that owns the vendor, written alike in every profile."""
    regions: tuple[str, ...] = ()
    """Where the evaluated edition may keep the data, written alike in every profile."""
    summary: str = ""
    edition: Id
    """The edition that is evaluated and priced."""
    editions: Annotated[tuple[Edition, ...], Field(min_length=1)]
    captured: Day
    """The day on which the sources were read; facts without a date of their own count from here."""
    notice: str = ""
    facts: tuple[Fact, ...] = ()
    capabilities: dict[Id, Capability] = {}
    gaps: tuple[KnownGap, ...] = ()
    exit: ExitPlan | None = None

    @property
    def evaluated(self) -> Edition | None:
        """The edition that is evaluated, if the profile lists it."""
        return next((edition for edition in self.editions if edition.id == self.edition), None)

    @property
    def deployment(self) -> Deployment | None:
        """Where the evaluated edition runs; None where the profile does not list it."""
        return self.evaluated.deployment if self.evaluated else None
