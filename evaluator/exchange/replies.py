"""A vendor's replies to a questionnaire: evidence of the grade for what a vendor writes, never a level."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from evaluator.errors import Problem
from evaluator.exchange.answers_in import Cells, late, strays
from evaluator.exchange.changes import Change
from evaluator.exchange.identity import Form
from evaluator.exchange.rows import Item, Row, answer_of, item_of
from evaluator.exchange.words import day_of, text_of
from evaluator.models.catalogue import Catalogue
from evaluator.models.scorecard import UNKNOWN, Answer, Evidence, Scorecard

GRADE = "D"
"""The grade of the shipped catalogue for a written answer of the vendor."""
NOT_ASSESSED = "The vendor has replied to the questionnaire; the reply is not assessed yet."


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply, as the evidence it becomes."""

    criterion: str
    item: Item
    cell: str


def read_replies(
    form: Form, catalogue: Catalogue, vendor: str, day: date, as_of: date
) -> tuple[list[Reply], list[Problem]]:
    """The replies of a form, and what is wrong with its cells.

    Args:
        form: the questionnaire as it came back.
        catalogue: the criteria asked about.
        vendor: the vendor's name, for the evidence's source.
        day: the day of the replies.
        as_of: the date of the evaluation.
    """
    cells = Cells(form)
    grade = GRADE if GRADE in catalogue.grades else list(catalogue.grades)[-1]
    replies = []
    for block in form.blocks:
        if block.criterion not in catalogue.criteria:
            continue
        row = block.lines[0][1]
        text = cells.read(row, "reply", text_of, "")
        link = cells.read(row, "link", text_of, "")
        stands = cells.read(row, "document_date", day_of, None)
        for key, message, hint in late(stands, day if stands else None, as_of):
            if key == "date":
                cells.fault(row, "document_date", message, hint)
        if text or link:
            source = link or f"{vendor}: reply to our questionnaire"
            note = f"Reply of the vendor: {text}" if text else "Named by the vendor in the questionnaire."
            item = Item(source, stands or day, day, grade, note)
            replies.append(Reply(block.criterion, item, form.cell(row, "reply")))
    return replies, [*strays(form), *cells.faults]


def with_replies(card: Scorecard | None, replies: Iterable[Reply], who: tuple[str, str], day: date) -> Iterator[Change]:
    """The answers that change: each reply joins the evidence, or replaces what came from the same source before.

    The level stays what it was; a criterion without an answer gets an unknown one that waits to be assessed.
    """
    dated = None if card is None or card.assessed == day else day
    for reply in replies:
        before = card.answers.get(reply.criterion) if card else None
        after = _with(before, reply.item, dated)
        if after != before:
            yield Change(*who, reply.criterion, before, after, reply.cell)


def _with(before: Answer | None, item: Item, day: date | None) -> Answer:
    if before is None:
        return answer_of(Row(UNKNOWN, NOT_ASSESSED, confidence="low", evidence=(item,)), None, day)
    new = Evidence(source=item.source, date=item.date, captured=item.captured, grade=item.grade, note=item.note)
    items = list(before.evidence)
    for place, old in enumerate(map(item_of, items)):
        if (old.source, old.grade) != (item.source, item.grade):
            continue
        if old.note == item.note:
            return before  # imported already, on whichever day
        items[place] = new
        return before.model_copy(update={"evidence": tuple(items)})
    return before.model_copy(update={"evidence": (*items, new)})
