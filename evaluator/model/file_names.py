"""The names of the files of a workspace, shared by whoever reads them and whoever reports about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from evaluator.model.catalogue import Catalogue

EVALUATION = "evaluation.yaml"
CATALOGUE = "criteria/catalogue.yaml"
WEIGHTS = "criteria/weights.yaml"
USE_CASES = "criteria/use-cases.yaml"
GUARDRAILS = "criteria/guardrails.yaml"
REVIEW_LOG = "reviews/log.yaml"
LANGUAGE = "reports/language.yaml"


def profile_file(vendor: str) -> str:
    """The file of a vendor's profile, relative to the workspace."""
    return f"vendors/{vendor}/profile.yaml"


def scorecard_file(vendor: str, assessor: str) -> str:
    """The file of one assessor's scorecard on a vendor, relative to the workspace."""
    return f"vendors/{vendor}/{assessor}.yaml"


def stakeholder_file(role: str) -> str:
    """The file of what one stakeholder said about the weights, relative to the workspace."""
    return f"weights/{role}.yaml"


def review_file(name: str) -> str:
    """The file of one review, relative to the workspace."""
    return f"reviews/{name}.yaml"


@dataclass(frozen=True, slots=True)
class Layout:
    """What a workspace value does not know about the files it came from.

    A family's file may have any name, and what could not be read is missing from the value: rules
    that look for what is *not* there need to know, or one broken file would set off a cascade.
    """

    families: Mapping[str, str] = field(default_factory=dict)
    """Family id -> file of its criteria."""
    criteria: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """Criterion id -> its file and its position there."""
    incomplete_catalogue: bool = False
    """Whether some criteria file could not be used."""
    incomplete_vendors: frozenset[str] = frozenset()
    """Vendors with a profile or a scorecard that could not be used."""

    @classmethod
    def usual(cls, catalogue: Catalogue) -> Layout:
        """The layout of a complete catalogue whose files bear the names of their families."""
        return cls(
            families={family: f"criteria/{family}.yaml" for family in catalogue.families},
            criteria={
                criterion.id: (f"criteria/{family}.yaml", place)
                for family, group in catalogue.families.items()
                for place, criterion in enumerate(group)
            },
        )
