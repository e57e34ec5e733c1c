"""Small result types that several result modules share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Coverage(StrEnum):
    """Whether a vendor serves a use case."""

    COVERED = "covered"
    CONDITIONAL = "conditional"
    NOT_COVERED = "not_covered"


@dataclass(frozen=True, slots=True)
class Amount:
    """Cost per year before tax: everybody counted once, as assumed, and with no overlap of people."""

    currency: str
    low: float
    expected: float
    high: float


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost per year by currency, and the tools whose price is not known or not known for everybody served."""

    amounts: tuple[Amount, ...]
    unpriced: tuple[str, ...]
