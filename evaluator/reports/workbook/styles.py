"""How the comparison workbook looks: formats of cells, title rows, page set-up, properties of the document.

Colour only ever repeats what a word, a mark or a number says.
"""

from __future__ import annotations

from evaluator.model.evaluated import Evaluated
from evaluator.reports.workbook.formulas import OFFICIAL_STATE
from evaluator.xlsx.cell_text import clean, footer
from evaluator.xlsx.writer import SheetWriter, Style, WorkbookWriter

INK, QUIET, LINE = "#1B2733", "#5B6B7A", "#C9D2DB"
HEAD, BAND = "#1F3A5F", "#E8EEF5"
INPUT, INPUT_EDGE = "#FFF6CC", "#B8860B"
MET, FAILED, OPEN = "#DCEEF7", "#F8DED2", "#FDF3CF"
LOWEST, MIDDLE, HIGHEST = "#F6D9BF", "#FFFFFF", "#BFD9EE"
OFFICIAL_TAB, INPUT_TAB, LIVE_TAB = HEAD, INPUT_EDGE, "#3A8C8C"
"""Colours of the tabs of sheets with official figures, with inputs, and with formulas that follow them."""

PALETTE = ("#1F3A5F", "#C8641B", "#3A8C8C", "#8A5A9E", "#7A7A2E", "#5B6B7A")
"""Series colours, distinguished by shape or pattern as well."""

TABLE_TOP, LIVE_TOP = 3, 4
"""Row of the headings: below title and explanation, and on live sheets below the state of the inputs too."""
FEW_OPTIONS = 16
"""Up to this many columns of options fit the width of a page."""

_DEFAULT: Style = {"font_name": "Arial", "font_size": 10}
_BASE: Style = {**_DEFAULT, "font_color": INK, "valign": "top"}
_GRID: Style = {**_BASE, "border": 1, "border_color": LINE}
_NUMBER: Style = {**_GRID, "align": "right"}
_TEXT: Style = {**_GRID, "align": "left", "indent": 1}
_CENTRE: Style = {**_GRID, "align": "center"}
_TYPED: Style = {"bg_color": INPUT, "border_color": INPUT_EDGE, "locked": False}
_HEADING: Style = {"bold": True, "font_color": "#FFFFFF", "bg_color": HEAD, "text_wrap": True}

STYLES: dict[str, Style] = {
    "title": {**_BASE, "font_size": 16, "bold": True, "font_color": HEAD},
    "section": {**_BASE, "font_size": 12, "bold": True, "font_color": HEAD},
    "plain": _BASE,
    "strong": {**_BASE, "bold": True},
    "note": {**_BASE, "font_color": QUIET},
    "link": {**_BASE, "font_color": "#1F5FA8", "underline": 1},
    "head": {**_GRID, **_HEADING, "align": "center", "valign": "vcenter"},
    "label": {**_TEXT, "bold": True, "bg_color": BAND, "text_wrap": True},
    "label_number": {**_NUMBER, "bold": True, "bg_color": BAND, "num_format": "0.0"},
    "cell": _TEXT,
    "wrap": {**_TEXT, "text_wrap": True},
    "bold": {**_TEXT, "bold": True},
    "centre": _CENTRE,
    "whole": {**_NUMBER, "num_format": "0"},
    "rank": {**_CENTRE, "num_format": "0"},
    "points": {**_NUMBER, "num_format": "0.0"},
    "points_bold": {**_NUMBER, "num_format": "0.0", "bold": True},
    "points_exact": {**_NUMBER, "num_format": "0.000000000"},
    "signed": {**_NUMBER, "num_format": "+0.0;-0.0;0.0"},
    "value": {**_NUMBER, "num_format": "0.00"},
    "free": {**_NUMBER, "num_format": "0.###"},
    "policy": {**_TEXT, "num_format": "0.###"},
    "percent": {**_NUMBER, "num_format": "0%"},
    "percent_fine": {**_NUMBER, "num_format": "0.0%"},
    "percent_signed": {**_NUMBER, "num_format": "+0.0%;-0.0%;0.0%"},
    "money": {**_NUMBER, "num_format": "#,##0.00"},
    "date": {**_TEXT, "num_format": "yyyy-mm-dd"},
    "input": {**_NUMBER, **_TYPED, "num_format": "0.###"},
    "input_text": {**_TEXT, **_TYPED, "bold": True, "text_wrap": True},
    "met": {**_CENTRE, "bg_color": MET, "text_wrap": True},
    "failed": {**_CENTRE, "bg_color": FAILED, "text_wrap": True},
    "open": {**_CENTRE, "bg_color": OPEN, "text_wrap": True},
    # What a condition adds to a cell whose text already says the same.
    "shade_met": {"bg_color": MET},
    "shade_failed": {"bg_color": FAILED, "bold": True},
    "shade_open": {"bg_color": OPEN},
}


class ComparisonBook(WorkbookWriter):
    """A comparison workbook in the making."""

    def __init__(self, result: Evaluated) -> None:
        evaluation = result.workspace.evaluation
        properties = {
            "title": clean(evaluation.title)[:255],
            "company": clean(evaluation.organisation)[:255],
            "subject": "Comparison of options",
            "comments": f"As of {result.as_of}. Data hash {result.digest}. Evaluator {result.version}.",
        }
        super().__init__(STYLES, result.as_of, properties=properties, default=_DEFAULT, fit_rows=True)
        self.workbook.set_custom_property("As of", result.as_of.isoformat())
        self.workbook.set_custom_property("Data hash", result.digest)
        self.workbook.set_custom_property("Evaluator version", result.version)
        self.workbook.set_size(2400, 1500)
        about = f"As of {result.as_of}, data {result.digest[:12]}"
        self._footer = f"&L&8{footer(evaluation.title)}&C&8{about}&R&8&A, page &P of &N"

    def sheet(self, name: str, title: str, explanation: str, tab: str = "") -> SheetWriter:
        """Return a new sheet with its title in the first row and one line about it in the second, made ready for print."""
        page = SheetWriter(self, name)
        page.sheet.hide_gridlines(2)
        page.put(0, 0, title, "title")
        page.height(0, 24)
        if explanation:
            page.put(1, 0, explanation, "note")
        if tab:
            page.sheet.set_tab_color(tab)
        page.sheet.set_landscape()
        page.sheet.set_paper(9)
        page.sheet.fit_to_pages(1, 0)
        page.sheet.set_margins(0.4, 0.4, 0.5, 0.6)
        page.sheet.set_footer(self._footer)
        return page


def follow_inputs(page: SheetWriter) -> None:
    """Lock a sheet of formulas, and say in its third row whether the inputs are the official ones."""
    page.formula(2, 0, "state_of_inputs", OFFICIAL_STATE, "strong")
    lock(page)


def lock(page: SheetWriter) -> None:
    """Lock everything but the input cells; filters still work."""
    page.lock(autofilter=True, objects=True)


def print_options(page: SheetWriter, last_row: int, left: int, options: int, *, repeat: int) -> None:
    """Print so many columns of options from column ``left`` on; if many, over several pages with the first columns on each."""
    page.print_area(last_row, left + max(options, 1) - 1)
    if options > FEW_OPTIONS:
        page.sheet.repeat_columns(0, repeat - 1)
        page.sheet.fit_page = False
        page.sheet.set_print_scale(70)
