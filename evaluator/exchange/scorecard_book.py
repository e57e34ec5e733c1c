"""The workbook that assessors fill in."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.exchange.book import Book
from evaluator.exchange.identity import encode, exported
from evaluator.exchange.orders import Order, Setting
from evaluator.exchange.overview import guide, progress, scorecard_sections
from evaluator.exchange.scorecard_form import ScorecardForm


def scorecard_book(setting: Setting, orders: Sequence[Order]) -> bytes:
    """A workbook with a sheet per order, in their order, after a guide and a progress sheet.

    Returns:
        The bytes of an .xlsx file, the same for the same content.
    """
    book = Book(setting.as_of)
    who = {order.assessor for order in orders}
    name = f"Scorecards for {next(iter(who))}" if len(who) == 1 and who != {""} else "Scorecards"
    guide(book, name, scorecard_sections(setting))
    identities = exported(setting.catalogue)
    overview = book.sheet("Progress")
    forms = [(order.profile.name, ScorecardForm(book, setting, order)) for order in orders]
    progress(overview, setting, [(title, form.draw(identities)) for title, form in forms])
    book.identities(encode(identities, setting.version))
    return book.finish()
