"""A workspace: everything one evaluation consists of, as one frozen value."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from evaluator.model.base import Currency, Day, Id, Model, Name, NotNegative, Share, Text, digest_of
from evaluator.model.catalogue import Catalogue, Criterion, Weights
from evaluator.model.demand import Demand, Guardrails
from evaluator.model.elicitation import Stakeholder
from evaluator.model.own_work import OwnWorkFile
from evaluator.model.scorecard import Scorecard
from evaluator.model.stack_limits import StackConstraints
from evaluator.model.vendor import Profile


class Exclusion(Model):
    """An option that was looked at and left out before scoring."""

    option: Text
    reason: Text
    date: Day


class Decider(Model):
    """A role that takes part in the decision."""

    role: Name
    part: Literal["decides", "consulted", "informed"]


class CapabilityCredit(Model):
    """What each degree of support earns, 0 to 1; unknown earns nothing and makes a must conditional."""

    native: Share = 1.0
    partial: Share = 0.6
    built: Share = 0.4


class Policies(Model):
    """How the numbers are read; every default is printed in the paper."""

    close_points: NotNegative = 2
    """Options whose scores differ by no more than this many points are too close to call."""
    conditional_credit: Share = 0.5
    """What a fit is multiplied by while something it needs is unsupported or unknown."""
    min_gain: NotNegative = 2
    """The next tool must add at least this many points, or the stack stays smaller."""
    unknown_if: Literal["any", "all"] = "any"
    """Several scorecards without agreement: unknown if any assessor says unknown, or only if all do."""
    gates: Literal["starter", "all"] | tuple[Id, ...] = "starter"
    """Which gates are switched on: the starter set, all, or those of the named criteria."""
    capability_credit: CapabilityCredit = CapabilityCredit()
    should_weight: Share = 0.5
    """How much a capability that should be there counts beside one that must."""

    def switches_on(self, criterion: Criterion) -> bool:
        """Whether the gates of a criterion are switched on."""
        if isinstance(self.gates, str):
            return self.gates == "all" or criterion.starter_gate
        return criterion.id in self.gates


class ToolLimit(Model):
    """A tool that every stack has to hold, or that none may hold, and why."""

    tool: Id
    reason: Text


class YearlyBudget(Model):
    """The most a stack may cost per year, at list price before tax."""

    amount: NotNegative
    currency: Currency


def _unset(value: object) -> bool:
    return not value


class StackLimits(Model):
    """What a stack has to keep to. What is not set is left out of a record, so that digests stay what they were."""

    max_tools: Annotated[int, Field(ge=1, le=6)] = 4
    required: Annotated[tuple[ToolLimit, ...], Field(exclude_if=_unset)] = ()
    """Tools that are in place and stay: every stack holds them."""
    excluded: Annotated[tuple[ToolLimit, ...], Field(exclude_if=_unset)] = ()
    """Options that are scored but that no stack may hold."""
    budget: Annotated[YearlyBudget | None, Field(exclude_if=_unset)] = None

    @property
    def limits(self) -> StackConstraints:
        """All but the number of tools, without reasons."""
        return StackConstraints(
            required=tuple(sorted(item.tool for item in self.required)),
            excluded=tuple(sorted(item.tool for item in self.excluded)),
            budget=float(self.budget.amount) if self.budget else None,
            currency=self.budget.currency if self.budget else "",
        )


class Evaluation(Model):
    """``evaluation.yaml``: what is decided, by whom, as of when, among which options, by which policies."""

    format: Annotated[Literal["evaluation/1"], Field(alias="schema")]
    title: Name
    organisation: Name
    notice: str = ""
    as_of: Day
    question: str = ""
    options: tuple[Id, ...] | None = None
    """Vendors in scope; all vendor folders where absent."""
    status_quo: Id | None = None
    """The option that stands for what is done today, if there is one."""
    excluded: tuple[Exclusion, ...] = ()
    deciders: tuple[Decider, ...] = ()
    out_of_scope: dict[Id, Text] = {}
    """Criteria taken out for all options alike, each with its reason."""
    stack: StackLimits = StackLimits()
    policies: Policies = Policies()
    assumptions: tuple[Text, ...] = ()
    valid_months: Annotated[int, Field(ge=1, le=12)] = 12


class Vendor(Model):
    """A vendor with all its scorecards, one per assessor and edition, in that order of ids."""

    profile: Profile
    scorecards: tuple[Scorecard, ...] = ()
    # Left out where there is none, so that the digest of an evaluation without own work is what it always was.
    own_work: Annotated[OwnWorkFile | None, Field(exclude_if=lambda value: value is None)] = None
    """What became of the due diligence that only the organisation can do."""

    def card_of(self, assessor: str, edition: str | None = None) -> Scorecard | None:
        """Return an assessor's scorecard on ``edition`` (default: the evaluated one), else the only one on another edition."""
        cards = [card for card in self.scorecards if card.assessor == assessor]
        wanted = [card for card in cards if card.edition == (edition or self.profile.edition)]
        found = wanted or cards
        return found[0] if len(found) == 1 else None


def scorecard_order(card: Scorecard) -> tuple[str, str]:
    """Return the key by which the scorecards of a vendor are sorted; no two of them have the same."""
    return card.assessor, card.edition


class Workspace(Model):
    """One evaluation."""

    evaluation: Evaluation
    catalogue: Catalogue
    weights: Weights
    demand: Demand
    guardrails: Guardrails
    vendors: dict[Id, Vendor]
    # Left out where empty, so that the digest of an evaluation without stakeholders is what it always was.
    stakeholders: Annotated[dict[Id, Stakeholder], Field(exclude_if=lambda value: not value)] = {}
    """By role: what those whose weights were asked for said."""

    @cached_property
    def options(self) -> tuple[Vendor, ...]:
        """The vendors in scope, by id."""
        chosen = None if self.evaluation.options is None else frozenset(self.evaluation.options)
        return tuple(self.vendors[key] for key in sorted(self.vendors) if chosen is None or key in chosen)

    def with_evaluation(self, **changes: object) -> Workspace:
        """The same content under an evaluation with ``changes`` (fields, taken as they are); what was worked out of this one is not carried along."""
        evaluation = self.evaluation.model_copy(update=changes)
        return Workspace.model_construct(**{**dict(self), "evaluation": evaluation})

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON of the content: comments, key order and layout of the files do not count."""
        return digest_of(self.model_dump(mode="json", by_alias=True))
