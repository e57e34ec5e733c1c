"""What an import needs of the place where scorecards are kept, and a place that only remembers."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from evaluator.models.layout import scorecard_file
from evaluator.models.scorecard import Answer, Scorecard


class Store(Protocol):
    """Scorecards on disk. What is read under the lock stays as it is until the lock is released."""

    def locked(self) -> AbstractContextManager[None]:
        """Keep every other writer out."""

    def read(self, vendor: str, assessor: str) -> Scorecard | None:
        """The scorecard as it is now; None where there is none.

        Raises:
            ContentError: it cannot be used as it is.
        """

    def create(self, card: Scorecard) -> str:
        """Write a new scorecard; returns the name of its file."""

    def change(self, before: Scorecard, answers: Mapping[str, Answer | None], head: Mapping[str, str]) -> str:
        """Change answers (None takes one away) and parts of the head; returns the name of the file."""


class Rehearsal:
    """A store that reads from another and keeps what would be written to itself."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._cards: dict[tuple[str, str], Scorecard] = {}

    def locked(self) -> AbstractContextManager[None]:
        """Nothing is written, so nobody is kept out."""
        return nullcontext()

    def read(self, vendor: str, assessor: str) -> Scorecard | None:
        """The scorecard as it would be by now."""
        if (vendor, assessor) not in self._cards:
            return self._store.read(vendor, assessor)
        return self._cards[vendor, assessor]

    def create(self, card: Scorecard) -> str:
        """Remember a new scorecard."""
        self._cards[card.vendor, card.assessor] = card
        return scorecard_file(card.vendor, card.assessor)

    def change(self, before: Scorecard, answers: Mapping[str, Answer | None], head: Mapping[str, str]) -> str:
        """Remember a changed scorecard."""
        changed = {**before.answers, **answers}
        kept = {key: answer for key, answer in changed.items() if answer is not None}
        return self.create(before.model_copy(update={"answers": kept, **head}))
