"""The questionnaire of a vendor: questions without levels, scores or weights, and replies that become evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from evaluator.errors import Problem
from evaluator.forms.answer_rows import AnswerRow, Item, answer_of, digest, evidence_of, item_of
from evaluator.forms.cell_marks import ID_COLUMN, LINE_COLUMN, Exported, Form, Token, encode, exported
from evaluator.forms.cell_words import choice_of, day_of, text_of, word_of
from evaluator.forms.earlier_answers import NO_REPLY, NO_STATEMENT, VendorReply
from evaluator.forms.export_order import ExportOrder, Setting
from evaluator.forms.form_layout import (
    FIRST,
    MAX_POINTS,
    Field,
    FormColumn,
    FormSheet,
    Section,
    brief,
    guide,
)
from evaluator.forms.form_writer import FormWriter
from evaluator.forms.import_changes import CardKey, ImportedChange
from evaluator.forms.scorecard_reader import AnswerCells, late, misplaced_answers
from evaluator.model.catalogue import Catalogue, Criterion
from evaluator.model.fixed_addresses import fixed_address
from evaluator.model.scorecard import CONFIRMED, NAMED, REPLY, UNKNOWN, Answer, EvidenceKind, Scorecard

GRADE = "D"
"""The grade of the shipped catalogue for a written answer of the vendor."""
NOT_ASSESSED = "The vendor has replied to the questionnaire; the reply is not assessed yet."
Since = Literal["unchanged", "changed", "do not know"]
SINCE: tuple[Since, ...] = ("unchanged", "changed", "do not know")
"""What a vendor may say of a question that was put to it, or looked at, before."""
_OTHER_WORDS = {
    **dict.fromkeys(("not changed", "no change", "no changes", "nothing changed", "same", "the same"), "unchanged"),
    **dict.fromkeys(("as before", "still the same", "still true", "still valid"), "unchanged"),
    **dict.fromkeys(("has changed", "change", "yes, changed", "different"), "changed"),
    **dict.fromkeys(("don't know", "don’t know", "dont know", "not known", "unknown", "?", "not sure"), "do not know"),
}
_REPLY_WORDS = {
    "changed": "the vendor says that it has changed",
    "do not know": "the vendor does not know whether it has changed (nothing follows from that)",
}
_IDS = (FormColumn(ID_COLUMN), FormColumn(LINE_COLUMN, width=4))
_QUESTION = (
    FormColumn("question", "Question", 50),
    FormColumn("wanted", "Evidence we look for", 36),
)
_SINCE = (
    FormColumn("stated", "Your earlier statements", 36),
    FormColumn("since", "Since last time", 14),
)
_REPLIES = (
    FormColumn("reply", "Your reply", 56),
    FormColumn("link", "Link or name of the document", 34),
    FormColumn("document_date", "Date of the document", 12),
)
COLUMNS = (*_IDS, *_QUESTION, *_REPLIES)
COLUMNS_SINCE = (*_IDS, FormColumn("since_day"), *_QUESTION, *_SINCE, *_REPLIES)
"""Of a sheet whose vendor was asked before."""


def questionnaire_book(setting: Setting, orders: Sequence[ExportOrder], organisation: str) -> bytes:
    """A workbook with a sheet of questions per order.

    Args:
        setting: the catalogue; weights are not looked at.
        orders: vendors, editions and criteria; ``assessor`` is whose scorecard the replies join. A sheet whose vendor was
            asked before shows what it said, and asks whether that has changed.
        organisation: who asks.
    """
    book = FormWriter(setting.as_of)
    guide(book, f"Questions from {organisation}", _sections(organisation, orders))
    identities = exported(setting.catalogue)
    for order in orders:
        _draw(book, setting, order, identities)
    book.identities(encode(identities, setting.version))
    return book.finish()


def _sections(organisation: str, orders: Sequence[ExportOrder]) -> list[Section]:
    todo = [
        "Each further sheet is one product in one edition. Please reply for that edition only, in the yellow cells.",
        "A reply names what the product does today; previews and plans do not count.",
        "A link or a document that shows it counts for more than the reply alone. Give the date it stands for.",
    ]
    if any(order.ranked for order in orders):
        todo.append("If time is short, begin at the top.")
    todo.append("Leave a question empty rather than guess. Save as .xlsx and send the file back.")
    sections: list[Section] = [("What to do", todo)]
    if any(order.replies for order in orders):
        sections.append(
            (
                "Since last time",
                [
                    "Where we asked or looked before, say whether anything has changed since the day given there.",
                    "unchanged: your earlier statements still hold in full; nothing more is needed.",
                    "changed: say under Your reply what is different today.",
                    "do not know: somebody else has to be asked; the reply may stay empty.",
                ],
            )
        )
    kept = f"{organisation} keeps every reply with its date as written evidence of the vendor, and judges it itself."
    return [*sections, ("What becomes of the replies", [kept])]


def _draw(book: FormWriter, setting: Setting, order: ExportOrder, identities: Exported) -> None:
    """Draw the sheet of one vendor, and note in ``identities`` what the vendor was reminded of."""
    catalogue = setting.catalogue
    mark = Token("questionnaire", order.profile.id, order.edition, order.assessor).mark
    sheet = FormSheet(book, order.profile.name, COLUMNS_SINCE if order.replies else COLUMNS)
    fields = [
        Field("question", "by", "Answered by (role)"),
        Field("reply", "date", "Day of the replies", style="day"),
    ]
    sheet.begin(mark, order.subject, fields)
    titles = {family.id: family.title for family in catalogue.head.families}
    row, above = FIRST, ""
    for key in order.criteria:
        family = "" if order.ranked else catalogue.family_of[key]
        if family != above:
            sheet.band(row, titles.get(family, family))
            row, above = row + 1, family
        reply = order.replies.get(key)
        if reply:
            identities.answers[mark, key] = stated_digest(reply.since.isoformat(), reply.text)
        _question(sheet, row, catalogue.criteria[key], reply)
        row += 1
    sheet.end(row - 1, order.subject)


def _question(sheet: FormSheet, row: int, criterion: Criterion, reply: VendorReply | None) -> None:
    wanted = "; ".join(criterion.evidence)
    sheet.put(row, "soft", **{ID_COLUMN: criterion.id, LINE_COLUMN: 1})
    pieces = [("bold", f"{brief(criterion.title)}\n"), ("plain", f"{brief(criterion.question)} ")]
    sheet.page.rich(row, row, sheet.at["question"], pieces, "cell")
    sheet.put(row, "note", wanted=wanted)
    sheet.put(row, "input", reply=None, link=None)
    sheet.put(row, "day", document_date=None)
    needed = sheet.height(question=f"{criterion.title}\n{criterion.question}", wanted=wanted)
    if "since" in sheet.at:
        column, stated = sheet.at["since"], reply.text if reply else NO_REPLY
        sheet.put(row, "soft", since_day=reply.since.isoformat() if reply else "")
        sheet.put(row, "note", stated=stated)
        sheet.page.put(row, column, None, "word" if reply else "note", text_wrap=True)
        if reply:
            needed = max(needed, sheet.height(stated=stated))
            sheet.choice(
                [(row, column, row, column)],
                SINCE,
                "Since last time",
                "One of: unchanged, changed, do not know.",
                input_title=f"Since {reply.since}",
                input_message="Has anything about this changed since that day?",
            )
    sheet.page.sheet.set_row(row, min(MAX_POINTS, max(48, needed)))


@dataclass(frozen=True, slots=True)
class Reply:
    """What the vendor says of one criterion, as the evidence it becomes."""

    criterion: str
    items: tuple[Item, ...]
    cell: str


@dataclass(slots=True)
class Replies:
    """A questionnaire as it came back."""

    replies: list[Reply] = field(default_factory=list)
    faults: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def stated_digest(since: str, stated: str) -> str:
    """A fingerprint of what a vendor was reminded of, by which it is noticed where that was altered."""
    return digest([since, text_of(stated)])


def read_replies(
    form: Form,
    catalogue: Catalogue,
    vendor: str,
    day: date,
    as_of: date,
    exported: Mapping[tuple[str, str], str],
) -> Replies:
    """The replies of a form, what is wrong with its cells, and what the vendor could not say.

    Args:
        form: the questionnaire as it came back.
        catalogue: the criteria asked about.
        vendor: the vendor's name, for the evidence's source.
        day: the day of the replies.
        as_of: the date of the evaluation.
        exported: mark of a sheet and criterion -> fingerprint of what the vendor was reminded of.
    """
    cells, found = AnswerCells(form), Replies()
    grade = GRADE if GRADE in catalogue.grades else list(catalogue.grades)[-1]
    said: dict[str, list[str]] = {"changed": [], "do not know": []}
    for block in form.blocks:
        if block.criterion not in catalogue.criteria:
            continue
        row = block.lines[0][1]
        since = cells.read(row, "since", _since, None)
        if since in said:
            said[since].append(f"{block.criterion} [{form.cell(row, 'since')}]")
        items = []
        if since == "unchanged":
            print_ = exported.get((form.token.mark, block.criterion))
            if note := _confirmation(cells, row, print_):
                items.append(_statement(f"{vendor}: confirmed in our questionnaire", day, day, grade, note))
        text = cells.read(row, "reply", text_of, "")
        link = cells.read(row, "link", text_of, "")
        stands = _document_date(cells, row, day, as_of)
        if since == "changed" and not text:
            cells.fault(row, "reply", "it has changed, but the reply does not say how", "one sentence is enough")
        elif text or link:
            mark = f" (changed since {text_of(form.at(row, 'since_day'))})" if since == "changed" else ""
            note = f"{REPLY}{mark}: {text}" if text else NAMED
            source = link or f"{vendor}: reply to our questionnaire"
            items.append(_statement(source, stands or day, day, grade, note))
        if items:
            key = "since" if since == "unchanged" else "reply"
            found.replies.append(Reply(block.criterion, tuple(items), form.cell(row, key)))
    found.faults = [*misplaced_answers(form), *cells.faults]
    found.notes = [f"{words}: {', '.join(said[key])}" for key, words in _REPLY_WORDS.items() if said[key]]
    return found


def _statement(source: str, stands: date, day: date, grade: str, note: str) -> Item:
    """What a vendor says as evidence: a statement, or a document where the address names one version of it."""
    kind: EvidenceKind = "document" if fixed_address(source) else "statement"
    return Item(source, stands, day, grade, note, kind)


def _since(value: Any) -> Since | None:
    word = word_of(value).rstrip(".!")
    found = choice_of(word, SINCE, _OTHER_WORDS) if word else None
    return next((known for known in SINCE if known == found), None)


def _document_date(cells: AnswerCells, row: int, day: date, as_of: date) -> date | None:
    """The day for which the document that a vendor names stands, which may not lie after the reply."""
    stands = cells.read(row, "document_date", day_of, None)
    for key, message, hint in late(stands, day if stands else None, as_of):
        if key == "date":
            cells.fault(row, "document_date", message, hint)
    return stands


def _confirmation(cells: AnswerCells, row: int, exported: str | None) -> str:
    """The note on the evidence that an ``unchanged`` is; empty where it cannot be one."""
    before, stated = text_of(cells.form.at(row, "since_day")), text_of(cells.form.at(row, "stated"))
    if not before:
        message = "nothing was stated or asked before, so it cannot be unchanged"
        cells.fault(row, "since", message, "write the answer under Your reply")
        return ""
    if exported is not None and exported != stated_digest(before, stated):
        message = "the text that was sent in this cell has been changed"
        cells.fault(row, "stated", message, "put the text back, or mark the question as changed and say how")
        return ""
    # Without the hidden sheet nobody can tell whether the text is still what was sent.
    said = stated.partition("\n")[2]
    quote = "" if exported is None or said == NO_STATEMENT else f" Stated before:\n{said}"
    return f"{CONFIRMED} that nothing has changed since {before}.{quote}"


def with_replies(card: Scorecard | None, replies: Iterable[Reply], who: CardKey, day: date) -> Iterator[ImportedChange]:
    """The answers that change: each reply joins the evidence, or replaces what came from the same source before.

    The level stays what it was; a criterion without an answer gets an unknown one that waits to be assessed.
    """
    dated = None if card is None or card.assessed == day else day
    for reply in replies:
        before = card.answers.get(reply.criterion) if card else None
        after = before
        for item in reply.items:
            after = _with(after, item, dated)
        if after != before:
            yield ImportedChange(who, reply.criterion, before, after, reply.cell)


def _with(before: Answer | None, item: Item, day: date | None) -> Answer:
    if before is None:
        return answer_of(AnswerRow(UNKNOWN, NOT_ASSESSED, confidence="low", evidence=(item,)), None, day)
    new = evidence_of(item)
    items = list(before.evidence)
    for place, old in enumerate(map(item_of, items)):
        if (old.source, old.grade) != (item.source, item.grade):
            continue
        if old.note == item.note:
            return before  # imported already, on whichever day
        stated = {"kind": old.kind, "valid_until": old.valid_until} if old.kind else {}
        items[place] = new.model_copy(update=stated)
        return before.model_copy(update={"evidence": tuple(items)})
    return before.model_copy(update={"evidence": (*items, new)})
