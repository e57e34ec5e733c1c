"""What is to be exported: one order per sheet, made by whoever knows the workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from evaluator.forms.earlier_answers import EarlierAnswers, VendorReply
from evaluator.model.catalogue import Catalogue
from evaluator.model.scorecard import Scorecard
from evaluator.model.vendor import Profile


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
    """Whether the criteria stand by what their answer is worth, the most first."""

    @property
    def edition_name(self) -> str:
        """The edition's name for people."""
        return next((found.name for found in self.profile.editions if found.id == self.edition), self.edition)


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
