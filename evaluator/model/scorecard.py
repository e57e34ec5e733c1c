"""A scorecard: one assessor's answers on one vendor in one edition."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from evaluator.model.base import Confidence, Day, Id, Model, Text
from evaluator.model.fixed_addresses import fixed_address

UNKNOWN: Literal["unknown"] = "unknown"
AGREED = "agreed"
"""The assessor id of the moderated scorecard."""
REPLY = "Reply of the vendor"
NAMED = "Named by the vendor in the questionnaire."
CONFIRMED = "The vendor confirmed"
"""How the note begins on evidence that came with a questionnaire."""


EvidenceKind = Literal["page", "document", "statement", "trial", "certificate"]
"""A page may change at any time; a document is a text of a stated day or version; a statement is what the vendor answered to
us; a trial is what somebody saw in the product; a certificate or report is valid until a stated day."""


class Evidence(Model):
    """One item: where it is, what kind it is, the day it stands for, the day it was captured, and its grade."""

    source: Text
    # Left out where not stated, so that the digest of a scorecard without it is what it always was.
    kind: Annotated[EvidenceKind | None, Field(exclude_if=lambda value: value is None)] = None
    date: Day | None = None
    """The day the item stands for."""
    captured: Day | None = None
    """The day on which somebody last looked at it."""
    valid_until: Annotated[Day | None, Field(exclude_if=lambda value: value is None)] = None
    """The last day on which a certificate holds."""
    grade: Annotated[str, Field(pattern=r"^[A-Z]$")]
    note: str = ""

    @model_validator(mode="after")
    def _dated(self) -> Evidence:
        if self.date is None and self.captured is None:
            raise PydanticCustomError(
                "evidence_undated", "evidence needs the date it stands for, or the date it was captured"
            )
        if self.valid_until is not None and self.kind != "certificate":
            raise PydanticCustomError(
                "valid_until_kind", "only a certificate has valid_until; expected kind: certificate"
            )
        return self

    @cached_property
    def effective_kind(self) -> EvidenceKind:
        """The kind by which the item ages: a fixed address is a document whatever is stated; what is not stated is assumed.

        Assumed is a statement for what a vendor replied, a page for a web address without a date, and a document for all else.
        """
        if fixed_address(self.source):
            return "document"
        if self.kind is not None:
            return self.kind
        if self.from_questionnaire:
            return "statement"
        return "page" if self.date is None and self.source.startswith(("http://", "https://")) else "document"

    @cached_property
    def day(self) -> datetime.date:
        """The day from which the item ages.

        A page ages from the day on which somebody last looked at it; all else from the day it stands for or, where that is
        not stated, from its capture.
        """
        first, second = (self.captured, self.date) if self.effective_kind == "page" else (self.date, self.captured)
        return first or second or datetime.date.max

    @property
    def from_questionnaire(self) -> bool:
        """Whether the vendor said it in a questionnaire, so that no assessor need have looked at anything."""
        return self.note.startswith((REPLY, NAMED, CONFIRMED))


class Answer(Model):
    """A level, or unknown, with its reason, evidence, confidence and date."""

    level: StrictInt | Literal["unknown"]
    rationale: Text
    missing: tuple[Text, ...] = ()
    """What the next level still needs to be shown. An answer with an entry is a lower bound: nothing seen
    contradicts a higher level. Without one, the level is what the product has."""
    capped_from: StrictInt | None = None
    """The level the assessor saw claimed, where the grade of the evidence held the answer down."""
    evidence: tuple[Evidence, ...] = ()
    confidence: Confidence
    date: Day | None = None
    """The day of the answer, where it is not the scorecard's."""

    @property
    def known(self) -> bool:
        """Whether the answer is a level."""
        return self.level != UNKNOWN


class Scorecard(Model):
    """``vendors/<id>/<edition>/<assessor>.yaml``."""

    format: Annotated[Literal["scorecard/1"], Field(alias="schema")]
    vendor: Id
    edition: Id
    """The edition that was assessed; it must be one of the profile's."""
    assessor: Id
    assessed: Day
    # Left out where empty, so that the digest of a scorecard without it is what it always was.
    handed_in: Annotated[Day | None, Field(exclude_if=lambda value: value is None)] = None
    """The day on which the assessor handed the scorecard in."""
    kind: Literal["desk review", "trial", "questionnaire", "moderation"]
    notice: str = ""
    answers: dict[Id, Answer]
