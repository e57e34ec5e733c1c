"""What an import changes: the three-way merge of exported, present and returned answers, and what comes of every file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

from evaluator.errors import Problem, has_errors
from evaluator.forms.answer_rows import (
    BLANK,
    AnswerRow,
    Item,
    ScorecardHeader,
    answer_of,
    header_of,
    item_of,
    row_of,
)
from evaluator.model.scorecard import Answer, Evidence, Scorecard

Side = Literal["ours", "theirs"]
"""Which answer counts where both changed: the workspace's (ours) or the workbook's (theirs)."""


@dataclass(frozen=True, slots=True)
class CardKey:
    """Which scorecard it is: no two of a workspace have the same vendor, edition and assessor."""

    vendor: str
    edition: str
    assessor: str


@dataclass(frozen=True, slots=True)
class ImportedChange:
    """One answer that differs: as it was, as it becomes; None where there is none."""

    who: CardKey
    criterion: str
    before: Answer | None
    after: Answer | None
    cell: str


@dataclass(frozen=True, slots=True)
class HeaderChange:
    """One remark on a whole scorecard that differs."""

    who: CardKey
    key: Literal["kind", "notice"]
    before: str
    after: str
    cell: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """One answer that both the workspace and the workbook changed since the export, differently."""

    who: CardKey
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
    workbook: bytes = field(default=b"", repr=False)
    """The workbook itself, for its annotated copy; empty where it was not opened."""
    subjects: list[str] = field(default_factory=list)
    """Vendor and edition of every form."""
    computed: dict[str, Any] = field(default_factory=dict)
    """Cells for entries that hold a formula, with the stored results that were taken."""

    @property
    def failed(self) -> bool:
        """Whether something is left to be fixed or decided."""
        return has_errors(self.problems) or bool(self.conflicts)

    @property
    def scorecards(self) -> set[CardKey]:
        """Those on which the file says anything new."""
        changed = {change.who for change in self.changes} | {head.who for head in self.headers}
        return changed | {conflict.who for conflict in (*self.conflicts, *self.kept)}


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came of all files of one import."""

    files: tuple[Imported, ...]
    dry_run: bool

    @property
    def failed(self) -> bool:
        """Whether something is left to be fixed or decided."""
        return any(imported.failed for imported in self.files)


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


@dataclass(slots=True)
class ReturnedAnswer:
    """One criterion as the workbook has it."""

    criterion: str
    row: AnswerRow
    cell: str
    """The name of the answer cell."""
    confirmed: date | None = None
    """The day on which the answer, as it went out, was found to stand."""
    faults: list[Problem] = field(default_factory=list)
    """What is wrong with its cells."""
    first: int = 0
    """The first row of the criterion."""
    evidence_rows: tuple[int, ...] = ()
    """The rows of the items of evidence."""


@dataclass(frozen=True, slots=True)
class Way:
    """How answers become rows and rows answers, for one kind of form."""

    view: Callable[[Answer | None], AnswerRow]
    """The part of an answer that the form shows."""
    build: Callable[[str, AnswerRow, Answer | None, date | None], Answer]
    """The answer that filled cells give: criterion, cells, the answer before, the day."""
    base: Mapping[str, str]
    """Criterion -> fingerprint of the row at export, where that is known."""


def scorecard_way(base: Mapping[str, str], view: Callable[[Evidence], Item] = item_of) -> Way:
    """The way of a scorecard form, which shows whole answers, and of their evidence what ``view`` gives."""
    return Way(lambda answer: row_of(answer, view), lambda _, row, before, day: answer_of(row, before, day, view), base)


@dataclass(slots=True)
class Merged:
    """What is to be done to one scorecard."""

    changes: list[ImportedChange] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    kept: list[Conflict] = field(default_factory=list)


def touched(theirs: ReturnedAnswer, card: Scorecard | None, way: Way) -> bool:
    """Whether the workbook's row says anything new: neither what went out nor what is there now."""
    ours = way.view(card.answers.get(theirs.criterion) if card else None)
    return theirs.row != ours and theirs.row.digest != way.base.get(theirs.criterion)


def merge(
    card: Scorecard | None,
    rows: Iterable[ReturnedAnswer],
    way: Way,
    *,
    who: CardKey,
    day: date,
    prefer: Side | None,
) -> Merged:
    """Compare the workbook's rows with the scorecard.

    Args:
        card: the scorecard as it is now; None where there is none.
        rows: the rows that came back, found complete.
        way: what the form shows of an answer.
        who: whose scorecard that is, or would be.
        day: the day of the answers that change.
        prefer: which answer counts where both changed; None leaves them to be decided.
    """
    merged = Merged()
    for theirs in rows:
        ours, confirmed = card.answers.get(theirs.criterion) if card else None, theirs.confirmed
        if theirs.row == way.view(ours):
            if ours and card and confirmed:
                day_before = ours.date or card.assessed
                # On the same day it is new where only the scorecard bears the date.
                if confirmed > day_before or (confirmed == day_before and ours.date is None):
                    renewed = ours.model_copy(update={"date": confirmed})
                    merged.changes.append(ImportedChange(who, theirs.criterion, ours, renewed, theirs.cell))
            continue
        if not touched(theirs, card, way) and confirmed is None:
            continue
        after = None
        if theirs.row != BLANK:
            after = way.build(theirs.criterion, theirs.row, ours, confirmed or day)
            # The scorecard's own date says it already where the days are the same; a new date alone confirms.
            if card is None or (after.date == card.assessed and not _same(ours, after)):
                after = after.model_copy(update={"date": None})
        base = way.base.get(theirs.criterion)
        # A form without the columns of the kind may have lost them: what went out had it, as the scorecard has.
        as_exported = ours is None if base is None else base in {way.view(ours).digest, row_of(ours).digest}
        if as_exported or prefer == "theirs":
            merged.changes.append(ImportedChange(who, theirs.criterion, ours, after, theirs.cell))
        else:
            conflict = Conflict(who, theirs.criterion, ours, after, theirs.cell)
            (merged.kept if prefer == "ours" else merged.conflicts).append(conflict)
    return merged


def _same(before: Answer | None, after: Answer) -> bool:
    """Whether only words differ."""
    words = {"rationale": "", "date": None}
    return before is not None and before.model_copy(update=words) == after.model_copy(update=words)


def merge_header(
    card: Scorecard, theirs: ScorecardHeader, base: str | None, prefer: Side | None, cells: Mapping[str, str]
) -> list[HeaderChange] | None:
    """What changes in the header of a scorecard; None where both sides changed it and that is to be decided.

    Args:
        card: the scorecard as it is now.
        theirs: the header that came back; an empty kind is none.
        base: fingerprint of the header at export; None where that is not known.
        prefer: which side counts where both changed.
        cells: the names of the cells by key.
    """
    ours = header_of(card)
    theirs = ScorecardHeader(theirs.kind or ours.kind, theirs.notice)
    if theirs == ours or theirs.digest == base:
        return []
    if ours.digest != base and prefer != "theirs":
        return [] if prefer == "ours" else None
    keys: tuple[Literal["kind", "notice"], ...] = ("kind", "notice")
    who = CardKey(card.vendor, card.edition, card.assessor)
    return [
        HeaderChange(who, key, getattr(ours, key), getattr(theirs, key), cells[key])
        for key in keys
        if getattr(ours, key) != getattr(theirs, key)
    ]
