"""The workbook that a vendor fills in: questions and what would show it, without levels, scores or weights."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from evaluator.forms.cell_marks import ID_COLUMN, LINE_COLUMN, Exported, Token, encode, exported
from evaluator.forms.earlier_answers import NO_REPLY, VendorReply
from evaluator.forms.export_order import ExportOrder, Setting
from evaluator.forms.form_layout import (
    MAX_POINTS,
    FormColumn,
    band,
    brief,
    fields,
    header_row,
    height,
    letters,
    page_setup,
    title_row,
)
from evaluator.forms.form_writer import FormWriter, Page
from evaluator.forms.overview_sheet import Section, guide
from evaluator.forms.questionnaire_replies import SINCE, stated_digest
from evaluator.model.catalogue import Criterion

_BEFORE = {"since_day", "stated", "since"}
"""Columns that only a sheet has whose vendor was asked before."""
COLUMNS = (
    FormColumn(ID_COLUMN, "", 8, hidden=True),
    FormColumn(LINE_COLUMN, "", 4, hidden=True),
    FormColumn("since_day", "", 8, hidden=True),
    FormColumn("question", "Question", 50),
    FormColumn("wanted", "What would show it", 36),
    FormColumn("stated", "What you told or showed before", 36),
    FormColumn("since", "Since last time", 14),
    FormColumn("reply", "Your reply", 56),
    FormColumn("link", "Link or name of the document", 34),
    FormColumn("document_date", "Date of the document", 12),
)
_WIDTHS = {column.key: column.width for column in COLUMNS}
_TITLE, _FIELDS, _TITLES, _KEYS, _FIRST = 1, 2, 5, 6, 7


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
        _Sheet(book.sheet(order.profile.name), setting, order).draw(identities)
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
                    "Where we asked or looked before, choose what became of it since the day that is given there.",
                    "unchanged: what you told or showed before still holds in full; nothing more is needed.",
                    "changed: say under Your reply what is different today.",
                    "do not know: somebody else has to be asked; the reply may stay empty.",
                ],
            )
        )
    kept = f"{organisation} keeps every reply with its date as written evidence of the vendor, and judges it itself."
    return [*sections, ("What becomes of the replies", [kept])]


class _Sheet:
    """Draws the sheet of one vendor."""

    def __init__(self, page: Page, setting: Setting, order: ExportOrder) -> None:
        self._page = page
        self._setting = setting
        self._order = order
        self._token = Token("questionnaire", order.profile.id, order.edition, order.assessor)
        self._columns = tuple(column for column in COLUMNS if order.replies or column.key not in _BEFORE)
        self._at = letters(self._columns)
        self._titles = {family.id: family.title for family in setting.catalogue.head.families}

    def draw(self, identities: Exported) -> None:
        """Draw it, and note in ``identities`` what the vendor was reminded of."""
        page, order, at = self._page, self._order, self._at
        name = f"{order.profile.name} · {order.edition_name}"
        title_row(page, _TITLE, at["question"], self._token.mark, name)
        fields(
            page,
            _FIELDS,
            [
                (at["question"], "by", "Answered by (role)", None, "input"),
                (at["reply"], "date", "Day of the replies", None, "day"),
            ],
        )
        header_row(page, self._columns, _TITLES, _KEYS)
        row = _FIRST
        for family, keys in self._groups():
            if family:
                band(page, row, at["question"], len(self._columns) - 1, self._titles.get(family, family))
                row += 1
            for key in keys:
                reply = order.replies.get(key)
                if reply:
                    identities.answers[self._token.mark, key] = stated_digest(reply.since.isoformat(), reply.text)
                self._question(row, self._setting.catalogue.criteria[key], reply)
                row += 1
        page.sheet.freeze_panes(_FIRST, 0)
        page.lock()
        page_setup(page, name, (_TITLES, _TITLES))
        page.sheet.fit_to_pages(1, 0)
        page.sheet.print_area(_TITLE, at["question"], max(row - 1, _FIRST), len(self._columns) - 1)

    def _groups(self) -> list[tuple[str, list[str]]]:
        """The questions by family; all in one, without a family, where they stand by their value."""
        if self._order.ranked:
            return [("", list(self._order.criteria))]
        family_of = self._setting.catalogue.family_of
        return [(family, list(keys)) for family, keys in groupby(self._order.criteria, family_of.__getitem__)]

    def _question(self, row: int, criterion: Criterion, reply: VendorReply | None) -> None:
        page, at = self._page, self._at
        wanted = "; ".join(criterion.evidence)
        page.put(row, at[ID_COLUMN], criterion.id, "soft")
        page.put(row, at[LINE_COLUMN], 1, "soft")
        pieces = [("bold", f"{brief(criterion.title)}\n"), ("plain", f"{brief(criterion.question)} ")]
        page.rich(row, row, at["question"], pieces, "cell")
        page.put(row, at["wanted"], wanted, "note")
        if self._order.replies:
            self._before(row, reply)
        page.put(row, at["reply"], None, "input")
        page.put(row, at["link"], None, "input")
        page.put(row, at["document_date"], None, "day")
        asked = f"{criterion.title}\n{criterion.question}"
        texts = {"question": asked, "wanted": wanted, "stated": reply.text if reply else ""}
        needed = max(48, *(height(text, _WIDTHS[key]) for key, text in texts.items()))
        page.sheet.set_row(row, min(MAX_POINTS, needed))

    def _before(self, row: int, reply: VendorReply | None) -> None:
        page, column = self._page, self._at["since"]
        page.put(row, self._at["since_day"], reply.since.isoformat() if reply else "", "soft")
        page.put(row, self._at["stated"], reply.text if reply else NO_REPLY, "note")
        page.put(row, column, None, "word" if reply else "note", text_wrap=True)
        if reply:
            page.choice(
                [(row, column, row, column)],
                {
                    "validate": "list",
                    "source": list(SINCE),
                    "input_title": f"Since {reply.since}",
                    "input_message": "Has anything about this changed since that day?",
                    "error_title": "Since last time",
                    "error_message": "One of: unchanged, changed, do not know.",
                },
            )
