"""Own work: due diligence on a criterion that only the buying organisation can do.

Reading a report under a confidentiality agreement or calling a reference is tracked beside the levels, and moves none.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from evaluator.model.base import Day, Id, Model
from evaluator.model.catalogue import Criterion

OwnWorkState = Literal["open", "done", "not-needed"]


class OwnWorkEntry(Model):
    """What became of one item: its state and, where it is done, by which role, when, and what was found."""

    state: OwnWorkState
    role: str = ""
    """The role of whoever did it; no personal name."""
    date: Day | None = None
    """The day on which it was done."""
    finding: str = ""
    """What was found, or why it is not needed."""


class OwnWorkFile(Model):
    """``vendors/<id>/own-work.yaml``."""

    format: Annotated[Literal["own-work/1"], Field(alias="schema")]
    items: dict[Id, dict[Id, dict[Id, OwnWorkEntry]]] = {}
    """By edition, criterion and item of its `own_work`; what is not listed is open."""


@dataclass(frozen=True, slots=True)
class OwnWorkItem:
    """One item of own work on an option."""

    criterion: str
    id: str
    text: str
    state: OwnWorkState
    role: str
    date: datetime.date | None
    finding: str


@dataclass(frozen=True, slots=True)
class OwnWorkCount:
    """How far the own work on an option is."""

    option: str
    total: int
    done: int
    not_needed: int

    @property
    def open(self) -> int:
        """How many items are left to do."""
        return self.total - self.done - self.not_needed

    @classmethod
    def of(cls, option: str, items: Iterable[OwnWorkItem]) -> OwnWorkCount:
        """Count the items of ``option`` by their state."""
        states = [item.state for item in items]
        return cls(option, len(states), states.count("done"), states.count("not-needed"))


def own_work(criteria: Iterable[Criterion], recorded: OwnWorkFile | None, edition: str) -> tuple[OwnWorkItem, ...]:
    """List the own work of ``criteria`` on an edition; what is not recorded is open."""
    entries: Mapping[str, Mapping[str, OwnWorkEntry]] = recorded.items.get(edition, {}) if recorded else {}
    unrecorded = OwnWorkEntry(state="open")
    found = []
    for criterion in criteria:
        for item in criterion.own_work:
            entry = entries.get(criterion.id, {}).get(item.id, unrecorded)
            found.append(
                OwnWorkItem(criterion.id, item.id, item.text, entry.state, entry.role, entry.date, entry.finding)
            )
    return tuple(found)
