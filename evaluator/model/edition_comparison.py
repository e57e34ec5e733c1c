"""The evaluated editions of one vendor, compared: which first passes the gates of each data class and tag, and at what price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evaluator.model.cost import Cost


@dataclass(frozen=True, slots=True)
class EditionPrice:
    """What one edition costs."""

    option: str
    edition: str
    edition_name: str
    cost: Cost
    """Per year, for everybody in every use case of some importance, so that editions differ by their prices alone."""


@dataclass(frozen=True, slots=True)
class FirstEdition:
    """The first edition, in the order in which the profile lists them under ``evaluate``, that passes the gates of a class or tag."""

    kind: Literal["class", "tag"]
    data: str
    """The data class, whose gates include those of the classes below it, or the data tag."""
    edition: EditionPrice | None
    """None where no evaluated edition passes them."""
    lacking: tuple[str, ...]
    """The criteria whose gates the edition before it does not meet, or the last one where none passes."""


@dataclass(frozen=True, slots=True)
class EditionComparison:
    """The evaluated editions of one vendor that are in scope."""

    vendor: str
    name: str
    editions: tuple[EditionPrice, ...]
    first: tuple[FirstEdition, ...]
    """By data class, lowest first, then by data tag; only where any gate is set."""
