"""Demand and guardrails: what people want to build, and which data it may touch."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from evaluator.model.base import Day, Id, Model, Name, NotNegative, Text
from evaluator.model.catalogue import Level


class Users(Model):
    """How many people a use case has: those who build, those inside who use it, those outside."""

    makers: Annotated[int, Field(ge=0)]
    internal: Annotated[int, Field(ge=0)]
    external: Annotated[int, Field(ge=0)]


class Integration(Model):
    """A system that the build reads from or writes to."""

    system: Text
    direction: Literal["read", "write", "both"]
    note: str = ""


class UseCase(Model):
    """Something people want to build."""

    id: Id
    title: Name
    department: Name
    story: Text
    importance: NotNegative = 1
    users: Users
    criticality: Literal["personal", "team", "department", "enterprise"]
    lifetime_months: Annotated[int, Field(ge=1)]
    data_class: Id
    # What came with use-cases/1 of 2026-11-30 is left out where empty, so that older digests stay what they were.
    data_tags: Annotated[tuple[Id, ...], Field(exclude_if=lambda value: not value)] = ()
    """The tags of its data; each brings its gates."""
    conditional_tags: Annotated[dict[Id, Text], Field(exclude_if=lambda value: not value)] = {}
    """Tags that would apply under a condition, with the condition; a note that sets no gate."""
    data_elements: tuple[Text, ...] = ()
    regulation: tuple[Text, ...] = ()
    integrations: tuple[Integration, ...] = ()
    volume: str = ""
    must: tuple[Id, ...] = ()
    should: tuple[Id, ...] = ()
    emphasis: dict[Id, NotNegative] = {}
    """Factor on the weight of a criterion for this use case; 1 where absent."""
    gates: dict[Id, Level] = {}
    """Minimum levels of this use case, over and above those of its data class."""
    review_triggers: tuple[Id, ...] = ()
    call_it_when: tuple[Text, ...] = ()


class Demand(Model):
    """``criteria/use-cases.yaml``."""

    format: Annotated[Literal["use-cases/1"], Field(alias="schema")]
    date: Day
    notice: str = ""
    capabilities: dict[Id, Text]
    use_cases: tuple[UseCase, ...]
    references: tuple[dict[Literal["title", "address"], Text], ...] = ()

    @cached_property
    def by_id(self) -> dict[str, UseCase]:
        """Use cases by id, in file order."""
        return {use_case.id: use_case for use_case in self.use_cases}


class DataClass(Model):
    """A class of data; the order in the file is the order of protection, lowest first."""

    id: Id
    title: Name
    meaning: Text
    examples: tuple[Text, ...] = ()


class DataTag(Model):
    """A property of data that a law or contract attaches conditions to, whatever its class."""

    id: Id
    title: Annotated[str, Field(exclude_if=lambda value: not value)] = ""
    meaning: Annotated[str, Field(exclude_if=lambda value: not value)] = ""
    min_class: Id
    needs: tuple[Text, ...] = ()
    outcome: Id | None = None
    note: str = ""

    @property
    def name(self) -> str:
        """The title, or the id in words where there is none."""
        return self.title or self.id.replace("-", " ")


class Trigger(Model):
    """What starts a review of a build."""

    id: Id
    when: Text
    outcome: Id
    ask: tuple[Text, ...] = ()
    basis: str = ""


class SupportTier(Model):
    """What help a build gets."""

    tier: Annotated[int, Field(ge=1)]
    name: Name
    applies: Text
    means: tuple[Text, ...] = ()
    target: str = ""


class EscalationStep(Model):
    """Whom to ask, and how soon they answer."""

    to: Text
    within_days: NotNegative


class ReviewTier(Model):
    """How often an approved tool is reviewed that holds such data or serves builds that matter so much."""

    tier: Annotated[int, Field(ge=1)]
    data_classes: tuple[Id, ...]
    criticality: tuple[Literal["personal", "team", "department", "enterprise"], ...] = ()
    full_months: Annotated[int, Field(ge=1, le=120)]
    """Months after which every answer has to be confirmed or given again."""
    light_months: Annotated[int, Field(ge=1, le=120)]
    """Months between light checks: prices, sub-processors, terms on AI, status, ownership."""


class Guardrails(Model):
    """``criteria/guardrails.yaml``."""

    format: Annotated[Literal["guardrails/1"], Field(alias="schema")]
    date: Day
    notice: str = ""
    policy_owner: Text
    valid_until: Day
    outcomes: Annotated[tuple[Id, ...], Field(min_length=1)]
    """From the mildest to the strictest."""
    data_classes: Annotated[tuple[DataClass, ...], Field(min_length=1)]
    data_tags: tuple[DataTag, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    support_tiers: tuple[SupportTier, ...] = ()
    escalation: tuple[EscalationStep, ...] = ()
    emergency: str = ""
    review_tiers: tuple[ReviewTier, ...] = ()
    """Strictest first; a tool belongs to the first tier that one of the use cases it serves falls into."""

    @cached_property
    def tag_ids(self) -> tuple[str, ...]:
        """Data tag ids, in file order."""
        return tuple(tag.id for tag in self.data_tags)

    @cached_property
    def class_ids(self) -> tuple[str, ...]:
        """Data class ids, lowest protection first."""
        return tuple(data_class.id for data_class in self.data_classes)
