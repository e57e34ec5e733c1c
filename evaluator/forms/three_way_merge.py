"""The three-way merge, answer by answer: as exported, as the workspace has it now, as the workbook has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from evaluator.forms.answer_rows import BLANK, AnswerRow, ScorecardHeader, header_of
from evaluator.forms.import_changes import Conflict, HeaderChange, ImportedChange, Side
from evaluator.model.scorecard import Answer, Scorecard


@dataclass(frozen=True, slots=True)
class Theirs:
    """One criterion as the workbook has it."""

    criterion: str
    row: AnswerRow
    cell: str
    """The name of the answer cell."""
    confirmed: date | None = None
    """The day on which the answer, as it went out, was found to stand."""


@dataclass(frozen=True, slots=True)
class Way:
    """How answers become rows and rows answers, for one kind of form."""

    view: Callable[[Answer | None], AnswerRow]
    """The part of an answer that the form shows."""
    build: Callable[[str, AnswerRow, Answer | None, date | None], Answer]
    """The answer that filled cells give: criterion, cells, the answer before, the day."""
    base: Callable[[str], str | None]
    """Criterion -> fingerprint of the row at export; None where that is not known."""


@dataclass(slots=True)
class Merged:
    """What is to be done to one scorecard."""

    changes: list[ImportedChange] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    kept: list[Conflict] = field(default_factory=list)


def touched(theirs: Theirs, card: Scorecard | None, way: Way) -> bool:
    """Whether the workbook's row says anything new: neither what went out nor what is there now."""
    ours = way.view(card.answers.get(theirs.criterion) if card else None)
    return theirs.row != ours and theirs.row.digest != way.base(theirs.criterion)


def merge(
    card: Scorecard | None,
    rows: Iterable[Theirs],
    way: Way,
    *,
    who: tuple[str, str],
    day: date,
    prefer: Side | None,
) -> Merged:
    """Hold the workbook's rows against the scorecard.

    Args:
        card: the scorecard as it is now; None where there is none.
        rows: the rows that came back, found complete.
        way: what the form shows of an answer.
        who: vendor and assessor.
        day: the day of the answers that change.
        prefer: which answer counts where both changed; None leaves them to be decided.
    """
    merged = Merged()
    for theirs in rows:
        ours = card.answers.get(theirs.criterion) if card else None
        if theirs.row == way.view(ours):
            if ours and card and _newly(theirs.confirmed, ours.date or card.assessed, dated=ours.date is not None):
                renewed = ours.model_copy(update={"date": theirs.confirmed})
                merged.changes.append(ImportedChange(*who, theirs.criterion, ours, renewed, theirs.cell))
            continue
        if not touched(theirs, card, way) and theirs.confirmed is None:
            continue
        after = None
        if theirs.row != BLANK:
            after = way.build(theirs.criterion, theirs.row, ours, theirs.confirmed or day)
            # The scorecard's own date says it already where the days are the same; a new date alone confirms.
            if card is None or (after.date == card.assessed and not _same(ours, after)):
                after = after.model_copy(update={"date": None})
        base = way.base(theirs.criterion)
        as_exported = ours is None if base is None else way.view(ours).digest == base
        if as_exported or prefer == "theirs":
            merged.changes.append(ImportedChange(*who, theirs.criterion, ours, after, theirs.cell))
        else:
            conflict = Conflict(*who, theirs.criterion, ours, after, theirs.cell)
            (merged.kept if prefer == "ours" else merged.conflicts).append(conflict)
    return merged


def _newly(confirmed: date | None, day: date, *, dated: bool) -> bool:
    """Whether an answer of ``day`` was found to stand later; on that day too, where only its scorecard bears the date."""
    return confirmed is not None and (confirmed > day or (confirmed == day and not dated))


def _same(before: Answer | None, after: Answer) -> bool:
    """Whether only words differ."""
    words = {"rationale": "", "date": None}
    return before is not None and before.model_copy(update=words) == after.model_copy(update=words)


def merge_header(
    card: Scorecard, theirs: ScorecardHeader, base: str | None, prefer: Side | None
) -> tuple[ScorecardHeader, bool]:
    """The header that results, and whether both sides changed it and the workspace's was kept undecided."""
    ours = header_of(card)
    theirs = ScorecardHeader(theirs.kind or ours.kind, theirs.notice)
    if theirs == ours or theirs.digest == base:
        return ours, False
    if ours.digest == base or prefer == "theirs":
        return theirs, False
    return ours, prefer is None


def header_changes(
    before: ScorecardHeader, after: ScorecardHeader, who: tuple[str, str], cells: tuple[str, str]
) -> list[HeaderChange]:
    """What differs between two headers; ``cells`` are those of kind and remark."""
    found = []
    if before.kind != after.kind:
        found.append(HeaderChange(*who, "kind", before.kind, after.kind, cells[0]))
    if before.notice != after.notice:
        found.append(HeaderChange(*who, "notice", before.notice, after.notice, cells[1]))
    return found
