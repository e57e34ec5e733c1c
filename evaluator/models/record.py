"""What is said about closed editions: whether they hold, how a vendor fared over them, how a catalogue differs."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from evaluator.models.change import Cause, Points


@dataclass(frozen=True, slots=True)
class Tampering:
    """One thing that is not as it was issued."""

    file: str
    finding: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One recorded figure that comes out differently; None for what one of the two does not have."""

    path: str
    recorded: Any
    computed: Any


@dataclass(frozen=True, slots=True)
class Engine:
    """Which tool computed: its version, and a fingerprint of the code that turns content into figures."""

    version: str
    code: str


class Verdict(StrEnum):
    """What verification found."""

    SAME = "same"
    CHANGED = "changed"
    TAMPERED = "tampered"


@dataclass(frozen=True, slots=True)
class Verification:
    """One closed edition, held against its seals and scored again."""

    edition: str
    as_of: datetime.date | None
    closed: datetime.date | None
    tampered: tuple[Tampering, ...]
    figures: tuple[FigureChange, ...]
    recorded_by: Engine | None
    computed_by: Engine
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Tampered where anything is not as issued, changed where only figures differ, same otherwise."""
        if self.tampered:
            return Verdict.TAMPERED
        return Verdict.CHANGED if self.figures else Verdict.SAME

    @property
    def same_engine(self) -> bool:
        """Whether the code that recorded the figures is the code at hand."""
        return self.recorded_by == self.computed_by


@dataclass(frozen=True, slots=True)
class HistoryPoint:
    """One vendor at one point: a closed edition, a commit, or now."""

    kind: Literal["edition", "commit", "now"]
    label: str
    as_of: datetime.date | None
    points: Points | None
    """None where it was no option then, or could not be read."""
    rank: int | None
    """None for a commit, where nobody else is scored."""
    coverage: float
    causes: dict[Cause, Points]
    """What moved the figures since the point before."""
    note: str = ""


class UpgradeWhat(StrEnum):
    """What an upgrade of the catalogue does with one thing."""

    ADDED = "added"
    REPLACED = "replaced"
    """Taken over from the shipped catalogue; an answer still answers it."""
    REWORDED = "reworded"
    """Taken over, and it asks something else: its answers have to be confirmed again."""
    MOVED = "moved"
    OWN = "own"
    """Not in the shipped catalogue: kept as it is."""
    KEPT = "kept"
    """The organisation changed it: its own text stays, and the shipped one differs."""
    RETIRED = "retired"
    """The shipped catalogue gave it up; kept until the organisation takes it out."""
    HEAD = "head"


@dataclass(frozen=True, slots=True)
class UpgradeItem:
    """One difference between the workspace's catalogue and the shipped one."""

    what: UpgradeWhat
    id: str
    title: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Upgrade:
    """An upgrade of the catalogue, carried out or only planned."""

    old: str
    new: str
    items: tuple[UpgradeItem, ...]
    files: tuple[str, ...]
    """The files that change."""
    done: bool
