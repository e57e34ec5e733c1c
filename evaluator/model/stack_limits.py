"""What a stack has to keep to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Budget(StrEnum):
    """Whether a stack's expected cost keeps to the budget."""

    WITHIN = "within"
    OVER = "over"
    UNKNOWN = "unknown"
    """A price is not known or is in another currency, and what is known does not exceed the budget."""


@dataclass(frozen=True, slots=True)
class StackConstraints:
    """Tools already in place, tools ruled out, money per year before tax; what is left out limits nothing."""

    required: tuple[str, ...] = ()
    """Ids of tools that every stack holds."""
    excluded: tuple[str, ...] = ()
    """Ids of tools that no stack holds."""
    budget: float | None = None
    """The most a stack may be known to cost per year."""
    currency: str = ""

    @property
    def any(self) -> bool:
        """Whether anything is limited."""
        return bool(self.required or self.excluded) or self.budget is not None


NO_LIMITS = StackConstraints()
