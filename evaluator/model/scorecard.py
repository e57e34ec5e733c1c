"""A scorecard: one assessor's answers on one vendor in one edition."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from evaluator.model.base import Confidence, Day, Id, Model, Text

UNKNOWN: Literal["unknown"] = "unknown"
AGREED = "agreed"
"""The assessor id of the moderated scorecard."""
REPLY = "Reply of the vendor"
NAMED = "Named by the vendor in the questionnaire."
CONFIRMED = "The vendor confirmed"
"""How the note begins on evidence that came with a questionnaire."""


class Evidence(Model):
    """One item: where it is, the day it stands for, the day it was captured, and its grade."""

    source: Text
    date: Day | None = None
    """The day the item stands for; an undated item counts from its capture."""
    captured: Day | None = None
    grade: Annotated[str, Field(pattern=r"^[A-Z]$")]
    note: str = ""

    @model_validator(mode="after")
    def _dated(self) -> Evidence:
        if self.date is None and self.captured is None:
            raise PydanticCustomError(
                "evidence_undated", "evidence needs the date it stands for, or the date it was captured"
            )
        return self

    @property
    def day(self) -> datetime.date:
        """The day from which the item ages."""
        return self.date or self.captured or datetime.date.max

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
