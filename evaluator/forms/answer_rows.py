"""An answer as a workbook holds it, and the fingerprint by which a change is noticed.

A row keeps everything of an answer but its date. Texts are kept as :func:`clean` leaves them and as far as
a cell can hold them, so that what a workbook gives back untouched is equal to what went out, whichever
program saved it in between.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import dataclass
from typing import Any, Literal, cast

from evaluator.forms.cell_words import clean
from evaluator.model.base import Confidence
from evaluator.model.scorecard import UNKNOWN, Answer, Evidence, Scorecard

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
        items = [[item.source, item.date, item.captured, item.grade, item.note] for item in self.evidence]
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


def row_of(answer: Answer | None) -> AnswerRow:
    """The cells of an answer; blank ones where there is none."""
    if answer is None:
        return BLANK
    return AnswerRow(
        level=answer.level,
        rationale=shown(answer.rationale),
        missing=tuple(text for text in map(shown, answer.missing) if text),
        confidence=answer.confidence,
        capped_from=answer.capped_from,
        evidence=tuple(map(item_of, answer.evidence)),
    )


def item_of(evidence: Evidence) -> Item:
    """The cells of an item of evidence."""
    return Item(shown(evidence.source), evidence.date, evidence.captured, evidence.grade, shown(evidence.note))


def level_in_words(answer: Answer | None) -> str:
    """``level 2``, ``unknown`` or ``no answer``."""
    if answer is None:
        return "no answer"
    return f"level {answer.level}" if answer.known else UNKNOWN


def header_of(card: Scorecard | None) -> ScorecardHeader:
    """The header of a scorecard."""
    return ScorecardHeader(card.kind, shown(card.notice)) if card else ScorecardHeader()


def answer_of(row: AnswerRow, before: Answer | None, day: datetime.date | None) -> Answer:
    """The answer that ``row`` gives; what the workbook left untouched stays as it was in ``before``.

    Args:
        row: filled cells, already found complete.
        before: the answer on disk, if there is one.
        day: the day of the answer, where it is not the scorecard's.
    """
    old = row_of(before)
    texts = {shown(text): text for text in before.missing} if before else {}
    items = {item_of(item): item for item in reversed(before.evidence)} if before else {}
    return Answer(
        level=row.level if row.level is not None else UNKNOWN,
        rationale=before.rationale if before and row.rationale == old.rationale else row.rationale,
        missing=tuple(texts.get(text, text) for text in row.missing),
        capped_from=row.capped_from,
        evidence=tuple(items.get(item) or evidence_of(item) for item in row.evidence),
        confidence=cast("Confidence", row.confidence or "low"),
        date=day,
    )


def evidence_of(item: Item) -> Evidence:
    """The item of evidence that cells give."""
    return Evidence(source=item.source, date=item.date, captured=item.captured, grade=item.grade, note=item.note)
