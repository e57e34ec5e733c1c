"""A vendor: a product in one or several evaluated editions, with sourced facts, prices and capabilities."""

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


class Charge(Model):
    """One component of what an edition costs: ``amount`` per ``unit`` and period, before tax."""

    unit: PriceUnit
    amount: NotNegative
    currency: Currency
    per: Literal["month", "year"]
    minimum: NotNegative = 0
    """The smallest number of units that is billed."""
    included: NotNegative = 0
    """Units that the price of another component already covers."""


class Price(Charge):
    """One component of an edition's list price."""

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


class Quote(Model):
    """What the vendor offered the organisation for an edition."""

    prices: Annotated[tuple[Charge, ...], Field(min_length=1)]
    date: Day
    by: Text
    """The role that obtained it; no personal name."""
    note: str = ""


class Capability(Model):
    """How far the product can do one thing that use cases need."""

    support: Support
    note: Text
    source: Text | None
    source_date: Day | None
    confidence: Confidence


def _unset(value: object) -> bool:
    return not value


class Edition(Model):
    """A plan one can buy. No prices means that the price is not known, never that it is free."""

    id: Id
    name: Name
    deployment: Deployment
    prices: tuple[Price, ...] = ()
    unpriced: tuple[PriceUnit, ...] = ()
    """Whom the edition charges for at a price that is not known."""
    # Left out where empty, so that digests of older profiles stay what they were.
    estimates: Annotated[tuple[Estimate, ...], Field(exclude_if=_unset)] = ()
    """Third-party figures for units without a list price."""
    quote: Annotated[Quote | None, Field(exclude_if=_unset)] = None
    """The organisation's own quote; where there is one, list prices and estimates do not count."""
    capabilities: Annotated[dict[Id, Capability], Field(exclude_if=_unset)] = {}
    """What this edition can do otherwise than the profile says for the product."""
    note: str = ""

    @property
    def charges(self) -> tuple[Charge, ...]:
        """The prices that count: the quote's where there is one, else the list prices."""
        return self.quote.prices if self.quote else self.prices

    @property
    def counted_estimates(self) -> tuple[Estimate, ...]:
        """The estimates that count: of units without a list price, where there is no quote."""
        listed = {price.unit for price in self.prices}
        return () if self.quote else tuple(found for found in self.estimates if found.unit not in listed)

    @property
    def unknown_units(self) -> tuple[PriceUnit, ...]:
        """Whom the edition charges for at a price that is neither known nor estimated."""
        estimated = {found.unit for found in self.counted_estimates}
        return () if self.quote else tuple(unit for unit in self.unpriced if unit not in estimated)

    @property
    def currencies(self) -> frozenset[str]:
        """The currencies of what counts."""
        return frozenset(
            [found.currency for found in self.charges] + [found.currency for found in self.counted_estimates]
        )


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

    format: Annotated[Literal["profile/2", "profile/1"], Field(alias="schema")]
    id: Id
    name: Name
    homepage: Text
    owner: str = ""
    """The company or group that owns the vendor, written alike in every profile."""
    regions: tuple[str, ...] = ()
    """Where the evaluated editions may keep the data, written alike in every profile."""
    summary: str = ""
    # A profile keeps the key of its version, so that the digest of an older one stays what it was.
    evaluate: Annotated[tuple[Id, ...], Field(min_length=1, exclude_if=_unset)] = ()
    """The editions that are evaluated and priced, each an option of its own; required."""
    edition_1: Annotated[Id | None, Field(alias="edition", exclude_if=_unset)] = None
    """In a profile/1 in place of ``evaluate``: the one edition that is evaluated."""
    editions: Annotated[tuple[Edition, ...], Field(min_length=1)]
    captured: Day
    """The day on which the sources were read; facts without a date of their own count from here."""
    notice: str = ""
    facts: tuple[Fact, ...] = ()
    capabilities: dict[Id, Capability] = {}
    gaps: tuple[KnownGap, ...] = ()
    exit: ExitPlan | None = None

    @model_validator(mode="after")
    def _one_version(self) -> Profile:
        if self.format == "profile/1" and self.evaluate:
            raise PydanticCustomError("evaluate_in_1", "it is a key of profile/2, and this is a profile/1")
        if self.format == "profile/2" and self.edition_1:
            raise PydanticCustomError("edition_in_2", "it is a key of profile/1, and this is a profile/2")
        if not self.evaluated:
            key = "edition" if self.format == "profile/1" else "evaluate"
            raise PydanticCustomError("nothing_evaluated", "the key `{key}` is missing", {"key": key})
        return self

    @property
    def evaluated(self) -> tuple[str, ...]:
        """The ids of the editions that are evaluated, each once, in the order of the profile."""
        return tuple(dict.fromkeys(self.evaluate)) or ((self.edition_1,) if self.edition_1 else ())

    @property
    def present(self) -> Profile:
        """The same in the newest version."""
        if self.format == "profile/2":
            return self
        return self.model_copy(update={"format": "profile/2", "evaluate": self.evaluated, "edition_1": None})

    @property
    def oldest(self) -> Profile:
        """The same in the oldest version that can say it."""
        if len(self.evaluated) > 1:
            return self.present
        return self.model_copy(update={"format": "profile/1", "evaluate": (), "edition_1": self.evaluated[0]})

    def option_id(self, edition: str) -> str:
        """The id of an edition as an option: the vendor's where no other is evaluated, else ``vendor@edition``."""
        return self.id if self.evaluated == (edition,) else f"{self.id}@{edition}"

    def option_name(self, edition: str) -> str:
        """The name of an edition as an option, which no other of the vendor has."""
        if self.evaluated == (edition,):
            return self.name
        names = [found.name for found in self.editions]
        sold = self.edition(edition)
        return f"{self.name} {sold.name if sold and names.count(sold.name) == 1 else edition}"

    def edition(self, key: str) -> Edition | None:
        """The edition with this id, if the profile lists it."""
        return next((edition for edition in self.editions if edition.id == key), None)


def evaluated_words(profile: Profile) -> str:
    """Which editions are evaluated, as part of a sentence."""
    verb = "edition is" if len(profile.evaluated) == 1 else "editions are"
    return f"the evaluated {verb} {', '.join(profile.evaluated)}"
