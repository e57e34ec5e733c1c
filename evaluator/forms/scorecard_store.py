"""What an import needs of the place where scorecards are kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from evaluator.model.scorecard import Answer, Scorecard


class Store(Protocol):
    """Scorecards on disk, as they are and as one change makes them."""

    def read(self, vendor: str, edition: str, assessor: str) -> Scorecard | None:
        """The scorecard as it is now; None where there is none.

        Raises:
            ContentError: it cannot be used as it is.
        """

    def create(self, card: Scorecard) -> str:
        """Write a new scorecard; returns the name of its file."""

    def change(self, before: Scorecard, answers: Mapping[str, Answer | None], head: Mapping[str, str]) -> str:
        """Change answers (None takes one away) and parts of the header; returns the name of the file."""
