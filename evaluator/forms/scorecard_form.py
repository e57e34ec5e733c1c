"""The workbook that assessors fill in."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.forms.cell_marks import encode, exported
from evaluator.forms.export_order import ExportOrder, Setting
from evaluator.forms.form_writer import FormWriter
from evaluator.forms.overview_sheet import guide, progress, scorecard_sections
from evaluator.forms.scorecard_sheet import ScorecardForm


def scorecard_book(setting: Setting, orders: Sequence[ExportOrder]) -> bytes:
    """A workbook with a sheet per order, in their order, after a guide and a progress sheet.

    Returns:
        The bytes of an .xlsx file, the same for the same content.
    """
    book = FormWriter(setting.as_of)
    who = {order.assessor for order in orders}
    name = f"Scorecards for {next(iter(who))}" if len(who) == 1 and who != {""} else "Scorecards"
    guide(book, name, scorecard_sections(setting))
    identities = exported(setting.catalogue)
    overview = book.sheet("Progress")
    forms = [(order.profile.name, ScorecardForm(book, setting, order)) for order in orders]
    progress(overview, setting, [(title, form.draw(identities)) for title, form in forms])
    book.identities(encode(identities, setting.version))
    return book.finish()
