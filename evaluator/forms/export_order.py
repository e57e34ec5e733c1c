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
from evaluator.model.review import Past
from evaluator.model.scorecard import AGREED, Scorecard
from evaluator.model.vendor import Profile
from evaluator.model.workspace import Vendor, Workspace


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
    vendors: Sequence[str],
    *,
    assessor: str | None = None,
    family: str | None = None,
    only: Only | None = None,
    for_vendor: bool = False,
    past: Past | None = None,
    ranked: Mapping[str, Sequence[str]] | None = None,
) -> list[ExportOrder]:
    """One order per vendor, in the order asked for; vendors with nothing to be asked are left out.

    Args:
        workspace: the evaluation.
        vendors: ids of vendors, each once.
        assessor: whose scorecards; where left out, the only assessor's a vendor has, else to be filled in.
        family: only criteria of this family.
        only: only criteria that are unknown or unanswered, whose evidence is stale, or that ``ranked`` names.
        for_vendor: only what a vendor can answer: in scope, and not from the organisation's own figures.
        past: the previous closed review, whose answers are shown beside.
        ranked: vendor -> its open questions, the most valuable first; a questionnaire keeps that order.

    Raises:
        EvaluatorError: something named does not exist, or there is nothing to be asked.
    """
    if len(set(vendors)) != len(vendors):
        raise EvaluatorError("A vendor is named twice; name each once.")
    if family is not None:
        known_ids("family", [family], list(workspace.catalogue.families))
    orders = []
    for name in vendors:
        vendor = vendor_of(workspace, name)
        who = _assessor(vendor, assessor, only)
        criteria = _criteria(workspace, vendor.card_of(who), family, only)
        if only == "questions":
            open_questions = [key for key in (ranked or {}).get(name, ()) if key in criteria]
            # A questionnaire begins with the most valuable; a scorecard keeps the order of the catalogue.
            criteria = open_questions if for_vendor else [key for key in criteria if key in open_questions]
        order = order_for(workspace, name, who, criteria, past, for_vendor=for_vendor, ranked=only == "questions")
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
    name: str,
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
        name: the id of a vendor of it.
        assessor: whose scorecard; empty, to be filled in.
        criteria: what is asked, in this order; of a vendor only what is in scope and not the organisation's own figure.
        past: the previous closed review.
        for_vendor: whether the vendor is asked, and reminded of what it said before.
        ranked: whether ``criteria`` stand by their value.
    """
    vendor = workspace.vendors[name]
    card = vendor.card_of(assessor)
    scope, catalogue = workspace.evaluation.out_of_scope, workspace.catalogue.criteria
    chosen = tuple(key for key in criteria if not for_vendor or not (catalogue[key].own_figures or key in scope))
    replies = {key: found for key in chosen if (found := vendor_reply(vendor, past, key))} if for_vendor else {}
    edition = card.edition if card else vendor.profile.edition
    return ExportOrder(
        vendor.profile,
        edition,
        assessor,
        card,
        chosen,
        earlier_of(past, name, edition, assessor),
        replies,
        ranked and for_vendor,
    )


def vendor_of(workspace: Workspace, name: str) -> Vendor:
    """The vendor with this id; raises :class:`EvaluatorError` with a suggestion where there is none."""
    known_ids("vendor", [name], sorted(workspace.vendors))
    return workspace.vendors[name]


def _assessor(vendor: Vendor, asked: str | None, only: Only | None) -> str:
    """Whose scorecard goes out: the one asked for, else that of the only assessor; empty, to be filled in, where there are several.

    Raises:
        EvaluatorError: nobody can be called so, or it has to be said whose unknown or stale answers are meant.
    """
    names = list(dict.fromkeys(card.assessor for card in vendor.scorecards))
    if asked is None:
        individual = [name for name in names if name != AGREED]
        if len(individual) == 1:
            return individual[0]
        if names and only in {"unknown", "stale"}:
            raise EvaluatorError(
                f"Whose answers are {only}? {vendor.profile.name} has scorecards of {', '.join(names)}; name one."
            )
        return ""
    if asked == AGREED and AGREED not in names:
        raise EvaluatorError(
            f"{vendor.profile.name} has no agreed scorecard to correct; `evaluator scorecard moderate {vendor.profile.id}` starts one."
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
