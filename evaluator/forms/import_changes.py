"""What an import would do or has done: changes, conflicts, mistakes and remarks, per file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from evaluator.errors import Problem, has_errors
from evaluator.model.scorecard import Answer

Side = Literal["ours", "theirs"]
"""Which answer counts where both changed: the workspace's (ours) or the workbook's (theirs)."""


@dataclass(frozen=True, slots=True)
class ImportedChange:
    """One answer that differs: as it was, as it becomes; None where there is none."""

    vendor: str
    assessor: str
    criterion: str
    before: Answer | None
    after: Answer | None
    cell: str


@dataclass(frozen=True, slots=True)
class HeaderChange:
    """One remark on a whole scorecard that differs."""

    vendor: str
    assessor: str
    key: Literal["kind", "notice"]
    before: str
    after: str
    cell: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """One answer that both the workspace and the workbook changed since the export, differently."""

    vendor: str
    assessor: str
    criterion: str
    ours: Answer | None
    theirs: Answer | None
    cell: str


@dataclass(slots=True)
class Imported:
    """What came of one file."""

    file: str
    changes: list[ImportedChange] = field(default_factory=list)
    headers: list[HeaderChange] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    kept: list[Conflict] = field(default_factory=list)
    """Conflicts that were decided for the workspace's answer."""
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    """Files of the workspace that were written."""
    blocked: bool = False
    """Whether its mistakes kept all of it from being written."""

    @property
    def failed(self) -> bool:
        """Whether something is left to be fixed or decided."""
        return has_errors(self.problems) or bool(self.conflicts)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came of all files of one import."""

    files: tuple[Imported, ...]
    dry_run: bool

    @property
    def failed(self) -> bool:
        """Whether something is left to be fixed or decided."""
        return any(imported.failed for imported in self.files)
