"""The workbook that a vendor fills in: questions and what would show it, without levels, scores or weights."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from evaluator.exchange.book import Book, Page
from evaluator.exchange.drawing import Column, brief, fields, head_row, height, letters, page_setup
from evaluator.exchange.identity import ID_COLUMN, LINE_COLUMN, Token, encode, exported
from evaluator.exchange.orders import Order, Setting
from evaluator.exchange.overview import guide
from evaluator.models.catalogue import Criterion

COLUMNS = (
    Column(ID_COLUMN, "", 8, hidden=True),
    Column(LINE_COLUMN, "", 4, hidden=True),
    Column("question", "Question", 50),
    Column("wanted", "What would show it", 36),
    Column("reply", "Your reply", 56),
    Column("link", "Link or name of the document", 34),
    Column("document_date", "Date of the document", 12),
)
AT = letters(COLUMNS)
_TITLE, _FIELDS, _TITLES, _KEYS, _FIRST = 1, 2, 5, 6, 7


def questionnaire_book(setting: Setting, orders: Sequence[Order], organisation: str) -> bytes:
    """A workbook with a sheet of questions per order.

    Args:
        setting: the catalogue; weights are not looked at.
        orders: vendors, editions and criteria; ``assessor`` is whose scorecard the replies join.
        organisation: who asks.
    """
    book = Book(setting.as_of)
    guide(book, f"Questions from {organisation}", _sections(organisation))
    identities = exported(setting.catalogue)
    for order in orders:
        _draw(book.sheet(order.profile.name), setting, order)
    book.identities(encode(identities, setting.version))
    return book.finish()


def _sections(organisation: str) -> list[tuple[str, list[str]]]:
    return [
        (
            "What to do",
            [
                "Each further sheet is one product in one edition. Please reply for that edition only, in the yellow cells.",
                "A reply names what the product does today; previews and plans do not count.",
                "A link or a document that shows it counts for more than the reply alone. Give the date it stands for.",
                "Leave a question empty rather than guess. Save as .xlsx and send the file back.",
            ],
        ),
        (
            "What becomes of the replies",
            [
                f"{organisation} keeps every reply with its date as written evidence of the vendor, and judges it itself."
            ],
        ),
    ]


def _draw(page: Page, setting: Setting, order: Order) -> None:
    token = Token("questionnaire", order.profile.id, order.edition, order.assessor)
    page.put(0, 0, token.mark, "soft")
    page.sheet.set_row(0, None, None, {"hidden": True})
    page.put(_TITLE, AT["question"], f"{order.profile.name} · {order.edition_name}", "title", text_wrap=False)
    page.sheet.set_row(_TITLE, 26)
    fields(
        page,
        _FIELDS,
        [
            (AT["question"], "by", "Answered by (role)", None, "input"),
            (AT["reply"], "date", "Day of the replies", None, "day"),
        ],
    )
    head_row(page, COLUMNS, _TITLES, _KEYS)
    titles = {family.id: family.title for family in setting.catalogue.head.families}
    row = _FIRST
    for family, group in groupby(order.criteria, setting.catalogue.family_of.__getitem__):
        for column in range(AT["question"], len(COLUMNS)):
            page.put(row, column, "", "band")
        page.put(row, AT["question"], titles.get(family, family), "band", text_wrap=False)
        page.sheet.set_row(row, 20)
        row += 1
        for key in group:
            _question(page, row, setting.catalogue.criteria[key])
            row += 1
    page.sheet.freeze_panes(_FIRST, 0)
    page.lock()
    page_setup(page, f"{order.profile.name} · {order.edition_name}", (_TITLES, _TITLES))
    page.sheet.fit_to_pages(1, 0)
    page.sheet.print_area(_TITLE, AT["question"], max(row - 1, _FIRST), len(COLUMNS) - 1)


def _question(page: Page, row: int, criterion: Criterion) -> None:
    wanted = "; ".join(criterion.evidence)
    page.put(row, AT[ID_COLUMN], criterion.id, "soft")
    page.put(row, AT[LINE_COLUMN], 1, "soft")
    page.rich(
        row,
        row,
        AT["question"],
        [("bold", f"{brief(criterion.title)}\n"), ("plain", f"{brief(criterion.question)} ")],
        "cell",
    )
    page.put(row, AT["wanted"], wanted, "note")
    page.put(row, AT["reply"], None, "input")
    page.put(row, AT["link"], None, "input")
    page.put(row, AT["document_date"], None, "day")
    page.sheet.set_row(row, max(height(f"{criterion.title}\n{criterion.question}", 50), height(wanted, 36), 48))
