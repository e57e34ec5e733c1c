"""The first sheets of a workbook: how to fill it in, and how far it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evaluator.forms.export_order import Setting
from evaluator.forms.form_layout import height, page_setup
from evaluator.forms.form_writer import FormWriter, Page
from evaluator.forms.scorecard_totals import Totals

_WIDTH = 92.0
Section = tuple[str, Sequence[str]]


def guide(book: FormWriter, title: str, sections: Sequence[Section]) -> None:
    """A sheet of short texts under headings."""
    page = book.sheet("Start here")
    page.sheet.hide_gridlines(2)
    page.sheet.set_column(0, 0, 2)
    page.sheet.set_column(1, 1, _WIDTH)
    page.put(0, 1, title, "title")
    page.sheet.set_row(0, 28)
    row = 2
    for heading, texts in sections:
        page.put(row, 1, heading, "heading")
        page.sheet.set_row(row, 18)
        for text in texts:
            row += 1
            page.put(row, 1, text, "text", font_size=10)
            page.sheet.set_row(row, height(text, _WIDTH, 10))
        row += 2
    page.lock()
    page_setup(page, title, (0, 0), wide=False)


def scorecard_sections(setting: Setting) -> list[Section]:
    """How to fill in a scorecard, in the words of the catalogue."""
    head = setting.catalogue.head
    return [
        (
            "What to do",
            [
                "Each further sheet is one vendor. Fill in the yellow cells; everything else is locked.",
                "Answer: choose the highest level whose statement is shown in full, or unknown. There are no half levels.",
                "Reason: at least one sentence that names the evidence. Score against the statements, never against another vendor.",
                (
                    "Still to be shown: what the next level needs and you did not see, one entry per row. It says that a "
                    "higher level is not ruled out. Leave it empty where the product stops at this level."
                ),
                "Confidence: low, medium or high. For unknown it may stay empty and then counts as low.",
                (
                    "Evidence: one item per row: where it is, the date it stands for, the day you captured it (one of the "
                    "two dates is enough), and its grade."
                ),
                (
                    "An answer that is there already and still stands: look at its source again and write the day under "
                    "Looked at again on. What stood in the last edition is shown beside it."
                ),
                "The column Check says what an answer still lacks. Figures at the top follow while you type.",
                "Rows and columns may be moved, sorted or hidden and sheets renamed. Save as .xlsx and send the file back.",
            ],
        ),
        (
            "What is understood",
            [
                "Levels: 3, 3.0 or level 3. Unknown: unknown. To take an answer back, empty all its cells.",
                "Dates: 2026-11-03, 3.11.2026, 3 November 2026, or a date cell. 03/11/2026 can mean two days and is refused.",
                "Text that begins with = + - or @ stays text; formulas are never computed.",
            ],
        ),
        (
            f"Evidence grades of {head.title}",
            [_grade(item.grade, item.what, item.max_level) for item in head.evidence_grades],
        ),
        ("Rules", [*head.rules, *head.evidence_rules]),
    ]


def _grade(grade: str, what: str, top: int) -> str:
    return f"{grade}: {what}. Carries a level up to {top} alone."


def progress(page: Page, setting: Setting, sheets: Sequence[tuple[str, Totals]]) -> None:
    """How far every vendor's sheet is, by family, and the score preview; all live.

    Args:
        page: the empty sheet.
        setting: catalogue and weights.
        sheets: name and totals of every vendor's sheet.
    """
    page.sheet.hide_gridlines(2)
    families = [
        family for family in setting.catalogue.head.families if any(family.id in one.families for _, one in sheets)
    ]
    figures = [("answered", "Answered", "0")]
    if setting.weights:
        figures += [
            ("value", "Score", "0.0"),
            ("low", "Low", "0.0"),
            ("high", "High", "0.0"),
            ("coverage", "Coverage", "0%"),
        ]
    titles = ["Vendor", *(title for _, title, _ in figures), *(family.title for family in families)]
    page.put(0, 0, "Progress", "title", text_wrap=False)
    page.put(1, 0, _explained(setting), "quiet", text_wrap=False)
    page.sheet.set_row(0, 26)
    page.sheet.set_column(0, 0, 30)
    page.sheet.set_column(1, len(titles) - 1, 12)
    page.sheet.set_row(3, 52)
    for column, title in enumerate(titles):
        page.put(3, column, title, "column")
    for number, (name, totals) in enumerate(sheets, start=4):
        page.put(number, 0, name, "cell")
        sheet = "'" + totals.page.replace("'", "''") + "'!"
        for column, (key, _, form) in enumerate(figures, start=1):
            formula, value = totals.cells[key]
            shape = f'0" of {totals.total}"' if key == "answered" else form
            page.formula(number, column, "=" + _on(sheet, formula), value, "cell", num_format=shape)
        for column, family in enumerate(families, start=len(figures) + 1):
            if family.id not in totals.families:
                page.put(number, column, "–", "note")
                continue
            formula, value, of = totals.families[family.id]
            page.formula(number, column, "=" + _on(sheet, formula), value, "cell", num_format=f'0" of {of}"')
    page.sheet.freeze_panes(4, 1)
    page.lock()
    page_setup(page, "Progress", (3, 3))
    page.sheet.fit_to_pages(1, 0)


def _explained(setting: Setting) -> str:
    count = "Answered counts unknown as an answer."
    if not setting.weights:
        return count
    return (
        f"{count} Score: unknown earns nothing. Low: stale or uncarried answers count as unknown too. "
        "High: every unknown at its best. Coverage: share of the weight that is answered with a level."
    )


def _on(sheet: str, formula: str) -> str:
    """``formula`` with its references led to another sheet."""
    return re.sub(r"(?<![A-Z$!])(\$[A-Z]+\$\d+(?::\$[A-Z]+\$\d+)?)", lambda found: sheet + found[1], formula)
