"""An answer as a workbook holds it, and the fingerprint by which a change is noticed.

A row keeps everything of an answer but its date. Texts are kept as :func:`clean` leaves them and as far as
a cell can hold them, so that what a workbook gives back untouched is equal to what went out, whichever
program saved it in between.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from evaluator.forms.cell_words import clean
from evaluator.model.base import Confidence
from evaluator.model.scorecard import UNKNOWN, Answer, Evidence, EvidenceKind, Scorecard

MAX_CELL = 32_000
"""Characters of a text that go into one cell; a cell ends at 32,767."""
_CUT = " … [the rest is kept in the scorecard's file]"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of evidence."""

    source: str = ""
    date: datetime.date | None = None
    captured: datetime.date | None = None
    grade: str = ""
    note: str = ""
    kind: EvidenceKind | Literal[""] = ""
    valid_until: datetime.date | None = None

    @property
    def plain(self) -> list[Any]:
        """The cells as the fingerprint takes them; the kind only where it is stated, as forms without that column had it."""
        cells = [self.source, self.date, self.captured, self.grade, self.note]
        return [*cells, self.kind, self.valid_until] if self.kind or self.valid_until else cells


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One criterion's answer cells."""

    level: int | Literal["unknown"] | None = None
    rationale: str = ""
    missing: tuple[str, ...] = ()
    confidence: str = ""
    capped_from: int | None = None
    evidence: tuple[Item, ...] = ()

    @property
    def digest(self) -> str:
        """A fingerprint of the row."""
        items = [item.plain for item in self.evidence]
        return digest([self.level, self.rationale, self.missing, self.confidence, self.capped_from, items])


@dataclass(frozen=True, slots=True)
class ScorecardHeader:
    """What a scorecard says of itself and an assessor may change."""

    kind: str = ""
    notice: str = ""

    @property
    def digest(self) -> str:
        """A fingerprint of the header."""
        return digest([self.kind, self.notice])


BLANK = AnswerRow()


def digest(value: Any) -> str:
    """A fingerprint of plain values."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def shown(text: str) -> str:
    """``text`` as a cell holds it."""
    text = clean(text)
    return text if len(text) <= MAX_CELL else clean(text[:MAX_CELL]) + _CUT


def row_of(answer: Answer | None, view: Callable[[Evidence], Item] | None = None) -> AnswerRow:
    """The cells of an answer, its items of evidence as ``view`` gives them; blank ones where there is none."""
    if answer is None:
        return BLANK
    return AnswerRow(
        level=answer.level,
        rationale=shown(answer.rationale),
        missing=tuple(text for text in map(shown, answer.missing) if text),
        confidence=answer.confidence,
        capped_from=answer.capped_from,
        evidence=tuple(map(view or item_of, answer.evidence)),
    )


def item_of(evidence: Evidence) -> Item:
    """The cells of an item of evidence."""
    return Item(
        source=shown(evidence.source),
        date=evidence.date,
        captured=evidence.captured,
        grade=evidence.grade,
        note=shown(evidence.note),
        kind=evidence.kind or "",
        valid_until=evidence.valid_until,
    )


def item_without_kind(evidence: Evidence) -> Item:
    """The cells of an item of evidence in a form that was exported before evidence had a kind."""
    return replace(item_of(evidence), kind="", valid_until=None)


def level_in_words(answer: Answer | None) -> str:
    """``level 2``, ``unknown`` or ``no answer``."""
    if answer is None:
        return "no answer"
    return f"level {answer.level}" if answer.known else UNKNOWN


def header_of(card: Scorecard | None) -> ScorecardHeader:
    """The header of a scorecard."""
    return ScorecardHeader(card.kind, shown(card.notice)) if card else ScorecardHeader()


def answer_of(
    row: AnswerRow,
    before: Answer | None,
    day: datetime.date | None,
    view: Callable[[Evidence], Item] = item_of,
) -> Answer:
    """The answer that ``row`` gives; what the workbook left untouched stays as it was in ``before``.

    Args:
        row: filled cells, already found complete.
        before: the answer on disk, if there is one.
        day: the day of the answer, where it is not the scorecard's.
        view: what the form shows of an item of evidence; where it shows no kind, an item keeps that of its source.
    """
    old = row_of(before)
    texts = {shown(text): text for text in before.missing} if before else {}
    untouched: dict[Item, list[Evidence]] = {}
    sources: dict[str, Evidence] = {}
    for found in reversed(before.evidence if before else ()):
        untouched.setdefault(view(found), []).append(found)
        sources[shown(found.source)] = found

    def item_as_it_was(item: Item) -> Evidence:
        if same := untouched.get(item):
            return same.pop()
        new, old = evidence_of(item), sources.get(item.source)
        if old is None or view is item_of:
            return new
        return new.model_copy(update={"kind": old.kind, "valid_until": old.valid_until})

    return Answer(
        level=row.level if row.level is not None else UNKNOWN,
        rationale=before.rationale if before and row.rationale == old.rationale else row.rationale,
        missing=tuple(texts.get(text, text) for text in row.missing),
        capped_from=row.capped_from,
        evidence=tuple(map(item_as_it_was, row.evidence)),
        confidence=cast("Confidence", row.confidence or "low"),
        date=day,
    )


def evidence_of(item: Item) -> Evidence:
    """The item of evidence that cells give."""
    return Evidence(
        source=item.source,
        kind=item.kind or None,
        date=item.date,
        captured=item.captured,
        valid_until=item.valid_until,
        grade=item.grade,
        note=item.note,
    )
