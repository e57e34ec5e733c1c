"""What is exported: one order per sheet, from the vendors, the assessor and the criteria asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from evaluator.errors import EvaluatorError, known_ids
from evaluator.forms.cell_marks import RESERVED_NAMES, subject_of
from evaluator.forms.cell_words import is_id
from evaluator.forms.earlier_answers import EarlierAnswers, VendorReply, earlier_of, vendor_reply
from evaluator.model.catalogue import Catalogue
from evaluator.model.evidence_status import EvidenceStatus, evidence_status
from evaluator.model.option_names import editions_of
from evaluator.model.review import Past
from evaluator.model.scorecard import AGREED, Scorecard
from evaluator.model.vendor import Profile
from evaluator.model.workspace import Option, Workspace


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """One sheet: a vendor in an edition, an assessor, and the criteria to be answered."""

    profile: Profile
    edition: str
    assessor: str
    """Empty: to be filled in by whoever receives the workbook."""
    card: Scorecard | None
    """The assessor's scorecard as it is now; None for a new one."""
    criteria: tuple[str, ...]
    """In the order of the catalogue, unless ``ranked``."""
    earlier: EarlierAnswers | None = None
    """The answers of an earlier review, shown beside; never imported."""
    replies: Mapping[str, VendorReply] = field(default_factory=dict)
    """Criterion -> what the vendor said before, for a questionnaire."""
    ranked: bool = False
    """Whether the criteria stand by the value of knowing their answer, the most valuable first."""

    @property
    def name(self) -> str:
        """The name of what is assessed, which no other sheet has."""
        return self.profile.option_name(self.edition)

    @property
    def subject(self) -> str:
        """What is assessed, for people."""
        return subject_of(self.profile, self.edition)


@dataclass(frozen=True, slots=True)
class Setting:
    """What all sheets of a workbook share."""

    catalogue: Catalogue
    as_of: date
    version: str
    """The version of the program that exports."""
    weights: Mapping[str, float] = field(default_factory=dict)
    """Normalised weight of every criterion in scope; without any there is no score preview."""
    out_of_scope: Mapping[str, str] = field(default_factory=dict)
    """Criterion -> why it is left out for all options."""


Only = Literal["unknown", "stale", "questions"]


def orders_for(
    workspace: Workspace,
    names: Sequence[str],
    *,
    edition: str | None = None,
    assessor: str | None = None,
    family: str | None = None,
    only: Only | None = None,
    for_vendor: bool = False,
    past: Past | None = None,
    ranked: Mapping[str, Sequence[str]] | None = None,
) -> list[ExportOrder]:
    """One order per edition of a vendor, in the order asked for; those with nothing to be asked are left out.

    Args:
        workspace: the evaluation.
        names: ids of vendors, each once, for all their evaluated editions, or ``vendor@edition``.
        edition: the edition of every vendor, where it is named apart.
        assessor: whose scorecards; where left out, the only assessor's a vendor has, else to be filled in.
        family: only criteria of this family.
        only: only criteria that are unknown or unanswered, whose evidence is stale, or that ``ranked`` names.
        for_vendor: only what a vendor can answer: in scope, and not from the organisation's own figures.
        past: the previous closed review, whose answers are shown beside.
        ranked: option -> its open questions, the most valuable first; a questionnaire keeps that order.

    Raises:
        EvaluatorError: something named does not exist, or there is nothing to be asked.
    """
    options = [option for name in names for option in editions_of(workspace, name, edition)]
    if len({option.id for option in options}) != len(options):
        raise EvaluatorError("A vendor is named twice; name each once.")
    if family is not None:
        known_ids("family", [family], list(workspace.catalogue.families))
    orders = []
    for option in options:
        who = _assessor(option, assessor, only)
        criteria = _criteria(workspace, option.card_of(who), family, only)
        if only == "questions":
            open_questions = [key for key in (ranked or {}).get(option.id, ()) if key in criteria]
            # A questionnaire begins with the most valuable; a scorecard keeps the order of the catalogue.
            criteria = open_questions if for_vendor else [key for key in criteria if key in open_questions]
        order = order_for(workspace, option, who, criteria, past, for_vendor=for_vendor, ranked=only == "questions")
        if order.criteria:
            orders.append(order)
    if not orders:
        raise EvaluatorError(f"There is nothing to export: {_NOTHING[only]}.")
    return orders


_NOTHING: Mapping[Only | None, str] = {
    None: "no criterion is left to be asked",
    "unknown": "no criterion of these vendors is unknown",
    "stale": "no criterion of these vendors is stale",
    "questions": "no open question of these vendors matters; only options in scope have any",
}


def order_for(
    workspace: Workspace,
    option: Option,
    assessor: str,
    criteria: Sequence[str],
    past: Past | None,
    *,
    for_vendor: bool = False,
    ranked: bool = False,
) -> ExportOrder:
    """The order for one sheet.

    Args:
        workspace: the evaluation.
        option: an edition of a vendor of it, evaluated or not.
        assessor: whose scorecard; empty, to be filled in.
        criteria: what is asked, in this order; of a vendor only what is in scope and not the organisation's own figure.
        past: the previous closed review.
        for_vendor: whether the vendor is asked, and reminded of what it said before.
        ranked: whether ``criteria`` stand by their value.
    """
    card = option.card_of(assessor)
    scope, catalogue = workspace.evaluation.out_of_scope, workspace.catalogue.criteria
    chosen = tuple(key for key in criteria if not for_vendor or not (catalogue[key].own_figures or key in scope))
    replies = (
        {key: found for key in chosen if (found := vendor_reply(workspace.vendors[option.vendor], past, key))}
        if for_vendor
        else {}
    )
    edition = card.edition if card else option.edition
    return ExportOrder(
        option.profile,
        edition,
        assessor,
        card,
        chosen,
        earlier_of(past, option.vendor, edition, assessor),
        replies,
        ranked and for_vendor,
    )


def _assessor(option: Option, asked: str | None, only: Only | None) -> str:
    """Whose scorecard goes out: the one asked for, else that of the only assessor; empty, to be filled in, where there are several.

    Raises:
        EvaluatorError: nobody can be called so, or it has to be said whose unknown or stale answers are meant.
    """
    names = list(dict.fromkeys(card.assessor for card in option.cards))
    if asked is None:
        individual = [name for name in names if name != AGREED]
        if len(individual) == 1:
            return individual[0]
        if names and only in {"unknown", "stale"}:
            raise EvaluatorError(
                f"Whose answers are {only}? {option.name} has scorecards of {', '.join(names)}; name one."
            )
        return ""
    if asked == AGREED and AGREED not in names:
        raise EvaluatorError(
            f"{option.name} has no agreed scorecard to correct; `evaluator scorecard moderate {option.id}` starts one."
        )
    if not is_id(asked):
        raise EvaluatorError(
            f"'{asked}' cannot be an assessor's id; use lower-case letters and digits, in words joined by hyphens."
        )
    if asked in RESERVED_NAMES:
        raise EvaluatorError(f"An assessor cannot be called {asked}: that is the name of another file of the vendor.")
    return asked


def _criteria(workspace: Workspace, card: Scorecard | None, family: str | None, only: Only | None) -> list[str]:
    """The criteria of a family, or of all, that are unknown, or stale, where only those are asked for."""
    catalogue, scope = workspace.catalogue, workspace.evaluation.out_of_scope
    answers = card.answers if card else {}

    def asked(key: str) -> bool:
        answer = answers.get(key)
        if only == "unknown":
            return key not in scope and (answer is None or not answer.known)
        if only == "stale" and answer is not None:
            state = evidence_status(answer, catalogue.criteria[key], catalogue, workspace.evaluation.as_of)
            return state is EvidenceStatus.STALE
        return only != "stale"

    return [key for key in catalogue.criteria if family in {None, catalogue.family_of[key]} and asked(key)]
