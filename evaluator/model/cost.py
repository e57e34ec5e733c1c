"""Small result types that several result modules share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import fsum


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
    estimated: float = 0.0
    """How much of ``expected`` rests on third-party estimates rather than on list prices or quotes."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost per year by currency, and the tools whose price is neither known nor estimated for everybody served."""

    amounts: tuple[Amount, ...]
    unpriced: tuple[str, ...]

    def expected(self, currency: str) -> float:
        """The expected cost that is known in ``currency``."""
        return fsum(amount.expected for amount in self.amounts if amount.currency == currency)

    def beside(self, currency: str) -> tuple[str, ...]:
        """The other currencies in which something has to be paid."""
        return tuple(amount.currency for amount in self.amounts if amount.currency != currency and amount.high > 0)
