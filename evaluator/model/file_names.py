"""The names of the files of a workspace, shared by whoever reads them and whoever reports about them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evaluator.model.catalogue import Catalogue
    from evaluator.model.scorecard import Scorecard

EVALUATION = "evaluation.yaml"
CATALOGUE = "criteria/catalogue.yaml"
WEIGHTS = "criteria/weights.yaml"
USE_CASES = "criteria/use-cases.yaml"
GUARDRAILS = "criteria/guardrails.yaml"
REVIEW_LOG = "reviews/log.yaml"
LANGUAGE = "reports/language.yaml"
FIXED_FILES = (EVALUATION, CATALOGUE, WEIGHTS, USE_CASES, GUARDRAILS)
"""The files that every workspace has and every figure depends on, besides those of the families."""

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def is_id(name: str) -> bool:
    """Whether a folder or a file without its ending can be called so: lower-case words joined by hyphens."""
    return _ID.fullmatch(name) is not None


def profile_file(vendor: str) -> str:
    """The file of a vendor's profile, relative to the workspace."""
    return f"vendors/{vendor}/profile.yaml"


def own_work_file(vendor: str) -> str:
    """The file of the own work on a vendor, relative to the workspace."""
    return f"vendors/{vendor}/own-work.yaml"


def no_scorecards(vendor: str) -> frozenset[str]:
    """Return the YAML files of a vendor that are no scorecards, relative to the workspace."""
    return frozenset({profile_file(vendor), own_work_file(vendor)})


def scorecard_file(vendor: str, edition: str, assessor: str) -> str:
    """Return the file in which a new scorecard is written; that of an existing one is in :class:`Layout`."""
    return f"vendors/{vendor}/{edition}/{assessor}.yaml"


def scorecard_folders(vendor: str, inside: Iterable[str]) -> list[str]:
    """Return the folders in which scorecards of a vendor may lie: its own, and one for each edition.

    Args:
        vendor: the vendor's id.
        inside: the names of the folders in the vendor's own.
    """
    own = f"vendors/{vendor}"
    return [own, *(f"{own}/{name}" for name in sorted(inside) if is_id(name))]


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
    scorecards: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    """Vendor, edition and assessor -> file of the scorecard, where one was read."""
    incomplete_catalogue: bool = False
    """Whether some criteria file could not be used."""
    incomplete_vendors: frozenset[str] = frozenset()
    """Vendors with a profile or a scorecard that could not be used."""

    def card_file(self, vendor: str, edition: str, assessor: str) -> str:
        """Return the file from which a scorecard was read, or in which a new one is written."""
        return self.scorecards.get((vendor, edition, assessor)) or scorecard_file(vendor, edition, assessor)

    def file_of(self, card: Scorecard) -> str:
        """Return the file of a scorecard, as :meth:`card_file` does."""
        return self.card_file(card.vendor, card.edition, card.assessor)

    @classmethod
    def default(cls, catalogue: Catalogue) -> Layout:
        """The layout of a complete catalogue whose files bear the names of their families."""
        return cls(
            families={family: f"criteria/{family}.yaml" for family in catalogue.families},
            criteria={
                criterion.id: (f"criteria/{family}.yaml", place)
                for family, group in catalogue.families.items()
                for place, criterion in enumerate(group)
            },
        )
