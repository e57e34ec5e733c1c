"""A workspace: everything one evaluation consists of, as one frozen value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from evaluator.model.base import Currency, Day, Id, Model, Name, NotNegative, OptionId, Share, Text, digest_of
from evaluator.model.catalogue import Catalogue, Criterion, Weights
from evaluator.model.demand import Demand, Guardrails
from evaluator.model.elicitation import Stakeholder
from evaluator.model.own_work import OwnWorkFile
from evaluator.model.scorecard import Scorecard
from evaluator.model.stack_limits import StackConstraints
from evaluator.model.vendor import Capability, Deployment, Edition, Profile


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

    tool: OptionId
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
    options: tuple[OptionId, ...] | None = None
    """Vendors in scope with all their evaluated editions, or single options; all vendor folders where absent."""
    status_quo: OptionId | None = None
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

    def card_of(self, assessor: str, edition: str) -> Scorecard | None:
        """Return an assessor's scorecard on ``edition``, else the only one on another edition."""
        return _card_of(self.scorecards, assessor, edition)

    def options(self) -> Iterator[Option]:
        """The evaluated editions, each as an option."""
        return map(self.option, self.profile.evaluated)

    def option(self, key: str) -> Option:
        """An edition as an option, evaluated or not."""
        profile = self.profile
        sold = profile.edition(key)
        return Option(
            id=profile.option_id(key),
            vendor=profile.id,
            edition=key,
            name=profile.option_name(key),
            edition_name=sold.name if sold else key,
            profile=profile,
            sold=sold,
            capabilities={**profile.capabilities, **(sold.capabilities if sold else {})},
            scorecards=tuple(card for card in self.scorecards if card.edition == key),
            left_out=tuple(card for card in self.scorecards if card.edition not in {key, *profile.evaluated}),
            own_work=self.own_work,
        )


def _card_of(cards: tuple[Scorecard, ...], assessor: str, edition: str) -> Scorecard | None:
    own = [card for card in cards if card.assessor == assessor]
    found = [card for card in own if card.edition == edition] or own
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class Option:
    """One evaluated edition of a vendor: whatever is asked about an option, it answers."""

    id: str
    """The vendor's where one edition is evaluated, else ``vendor@edition``."""
    vendor: str
    edition: str
    name: str
    """The vendor's where one edition is evaluated, else with that of the edition behind it."""
    edition_name: str
    profile: Profile
    sold: Edition | None
    """None where the profile does not list the edition."""
    capabilities: Mapping[str, Capability]
    """What the edition says of itself, and for all else what the profile says of the product."""
    scorecards: tuple[Scorecard, ...]
    """Those on the edition, by assessor."""
    left_out: tuple[Scorecard, ...]
    """Those on editions of the vendor that are not evaluated; they count for nothing."""
    own_work: OwnWorkFile | None

    @property
    def cards(self) -> tuple[Scorecard, ...]:
        """The scorecards on the edition and those left out, by assessor."""
        return tuple(sorted((*self.scorecards, *self.left_out), key=scorecard_order))

    @property
    def deployment(self) -> Deployment | None:
        """Where the edition runs; None where the profile does not list it."""
        return self.sold.deployment if self.sold else None

    def card_of(self, assessor: str) -> Scorecard | None:
        """Return an assessor's scorecard on the edition, else the only one on an edition that is not evaluated."""
        return _card_of(self.cards, assessor, self.edition)


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

    renamed: Annotated[dict[str, str], Field(exclude=True)] = {}
    """Own id of an option -> the id under which it goes, where it is compared with another evaluation."""

    @cached_property
    def every_option(self) -> dict[str, Option]:
        """All evaluated editions of all vendors by the ids of their options, in scope or not, sorted."""
        own = [option for vendor in self.vendors.values() for option in vendor.options()]
        found = [replace(option, id=self.renamed.get(option.id, option.id)) for option in own]
        return dict(sorted((option.id, option) for option in found))

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """The options in scope, by id."""
        chosen = None if self.evaluation.options is None else frozenset(self.evaluation.options)
        every = self.every_option.values()
        return tuple(
            option
            for option in every
            if chosen is None or chosen & {option.vendor, option.profile.option_id(option.edition)}
        )

    @cached_property
    def names(self) -> dict[str, str]:
        """The names of vendors and options by their ids."""
        vendors = {key: vendor.profile.name for key, vendor in self.vendors.items()}
        return vendors | {key: option.name for key, option in self.every_option.items()}

    @property
    def cards_in_scope(self) -> tuple[Scorecard, ...]:
        """The scorecards on the options in scope and on editions of their vendors that are not evaluated, each once, by vendor."""
        cards = {(card.vendor, *scorecard_order(card)): card for option in self.options for card in option.cards}
        return tuple(card for _, card in sorted(cards.items()))

    def option(self, key: str) -> Option:
        """The option with this id, in scope or not; ``KeyError`` where there is none."""
        return self.every_option[key]

    def options_named(self, name: str) -> tuple[Option, ...]:
        """The options in scope that ``name`` stands for: a vendor's id for all its evaluated editions, any other for one.

        ``vendor@edition`` names an option also where its id is the vendor's because no other edition is evaluated.
        """
        return tuple(
            option for option in self.options if name in {option.id, option.vendor, f"{option.vendor}@{option.edition}"}
        )

    def ids_in(self, other: Workspace) -> dict[str, str]:
        """The ids of options that are called otherwise in ``other``, where the vendor has another number of evaluated editions."""
        there = {(option.vendor, option.edition): option.id for option in other.every_option.values()}
        ids = {key: there.get((option.vendor, option.edition), key) for key, option in self.every_option.items()}
        return {key: new for key, new in ids.items() if key != new}

    def with_ids(self, ids: Mapping[str, str]) -> Workspace:
        """The same content with other ids of options, also where the evaluation names them."""
        evaluation = self.evaluation
        quo, stack = evaluation.status_quo, evaluation.stack
        limits = {
            part: tuple(
                item.model_copy(update={"tool": ids.get(item.tool, item.tool)}) for item in getattr(stack, part)
            )
            for part in ("required", "excluded")
        }
        found = self.with_evaluation(
            status_quo=None if quo is None else ids.get(quo, quo), stack=stack.model_copy(update=limits)
        )
        return Workspace.model_construct(**{**dict(found), "renamed": dict(ids)})

    def with_evaluation(self, **changes: object) -> Workspace:
        """The same content under an evaluation with ``changes`` (fields, taken as they are); what was worked out of this one is not carried along."""
        evaluation = self.evaluation.model_copy(update=changes)
        return Workspace.model_construct(**{**dict(self), "evaluation": evaluation})

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON of the content: comments, key order and layout of the files do not count.

        Neither does the version in which a profile says that one edition is evaluated.
        """
        content = self.model_dump(mode="json", by_alias=True)
        for key, vendor in self.vendors.items():
            content["vendors"][key]["profile"] = vendor.profile.oldest.model_dump(mode="json", by_alias=True)
        return digest_of(content)
