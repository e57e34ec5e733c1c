"""What the forms have in common: columns and rows, heights, the guide, and the page setup."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from evaluator.forms.answer_rows import shown
from evaluator.forms.cell_marks import COLUMN_MARK, HEADER_MARK, ID_COLUMN, LINE_COLUMN
from evaluator.forms.form_writer import FormWriter, Page
from evaluator.model.catalogue import Criterion
from evaluator.model.scorecard import UNKNOWN

Answers = Mapping[tuple[int, ...], Sequence[tuple[int, int, int, int]]]
"""Levels -> the answer cells that take them: first row and column, last row and column."""
CONFIDENCES = ("low", "medium", "high")
LINE_POINTS = 11.8
BAND_POINTS = 20.0
MAX_POINTS = 400.0
"""A row ends at 409 points."""
MAX_PIECE = 6_000
_PER_WIDTH = 1.17
"""Characters of running text in the text size of the forms per unit of column width."""


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column of a form."""

    key: str
    title: str
    width: float
    hidden: bool = False


def letters(columns: Sequence[FormColumn]) -> dict[str, int]:
    """The position of every column by its key."""
    return {column.key: number for number, column in enumerate(columns)}


def title_row(page: Page, row: int, column: int, mark: str, title: str) -> None:
    """The sheet's hidden mark in its first row, and its title in ``row``."""
    page.put(0, 0, mark, "soft")
    page.sheet.set_row(0, None, None, {"hidden": True})
    page.put(row, column, title, "title", text_wrap=False)
    page.sheet.set_row(row, 26)


def band(page: Page, row: int, first: int, last: int, title: str) -> None:
    """A heading across the columns from ``first`` to ``last``."""
    for column in range(first, last + 1):
        page.put(row, column, "", "band")
    page.put(row, first, title, "band", text_wrap=False)
    page.sheet.set_row(row, BAND_POINTS)


def answer_rules(page: Page, at: Mapping[str, int], rows: tuple[int, int], answers: Answers) -> None:
    """Drop-downs for confidence, over the first and last of ``rows``, and for the answer cells by the levels they take."""
    first, last = rows
    page.choice(
        [(first, at["confidence"], last, at["confidence"])],
        {
            "validate": "list",
            "source": list(CONFIDENCES),
            "error_title": "Confidence",
            "error_message": "Expected low, medium or high.",
        },
    )
    for levels, ranges in answers.items():
        words = f"Expected a level from {levels[0]} to {levels[-1]}, or unknown."
        choices = [*map(str, levels), UNKNOWN]
        page.choice(ranges, {"validate": "list", "source": choices, "error_title": "Answer", "error_message": words})


def block_line(page: Page, at: Mapping[str, int], row: int, line: int, criterion: Criterion, missing: str) -> str:
    """What every row of a criterion begins with: its id, the level, what that takes, and what is still to be shown; returns the second."""
    steps = sorted(criterion.levels)
    step = steps[line] if line < len(steps) else None
    anchor = "" if step is None else criterion.levels[step]
    page.put(row, at[ID_COLUMN], criterion.id, "soft")
    page.put(row, at[LINE_COLUMN], line + 1, "soft")
    page.put(row, at["step"], step, "level")
    page.put(row, at["anchor"], anchor, "cell")
    page.put(row, at["missing"], missing, "input")
    return anchor


def day_label(of: str, as_of: date) -> str:
    """The label of the field for a day that may not lie after the date of the evaluation."""
    return f"Day of {of} (no later than {as_of}; empty: the day of import)"


def header_row(page: Page, columns: Sequence[FormColumn], titles: int, keys: int) -> None:
    """Column titles for people, and the hidden row of keys under them."""
    for number, column in enumerate(columns):
        page.sheet.set_column(number, number, column.width, page.book.style("text"), {"hidden": column.hidden})
        page.put(keys, number, f"{COLUMN_MARK} {column.key}", "soft")
        if not column.hidden:
            page.put(titles, number, column.title, "column")
    page.sheet.set_row(keys, None, None, {"hidden": True})
    page.sheet.set_row(titles, 40)


Field = tuple[int, str, str, object, Literal["input", "day", "note"]]
"""A field of a form's header: column, key, label, value, style."""


def fields(page: Page, row: int, entries: Iterable[Field]) -> None:
    """Labels, hidden marks and values of the form's header, in three rows from ``row``."""
    for column, key, label, value, style in entries:
        page.put(row, column, label, "label")
        page.put(row + 1, column, f"{HEADER_MARK} {key}", "soft")
        page.put(row + 2, column, value, style)
    page.sheet.set_row(row + 1, None, None, {"hidden": True})
    page.sheet.set_row(row + 2, 28)


def height(text: str, width: float, point: float = 9) -> float:
    """About how high a text is, in points, in a column of ``width``."""
    per_line = max(1.0, width * _PER_WIDTH * 9 / point)
    lines = sum(max(1, math.ceil(len(part) / per_line)) for part in shown(text).split("\n"))
    return lines * LINE_POINTS * point / 9 + 3


def stretched(heights: Sequence[float], whole: float) -> list[float]:
    """Row heights that together make room for ``whole`` points, the last rows taking what is missing."""
    result = [min(MAX_POINTS, each) for each in heights]
    short = whole - sum(result)
    for place in range(len(result) - 1, -1, -1):
        if short <= 0:
            break
        more = min(short, MAX_POINTS - result[place])
        result[place] += more
        short -= more
    return result


def about(criterion: Criterion, extra: str = "") -> list[tuple[str, str]]:
    """What a criterion asks, in pieces for one cell."""
    pieces = [
        ("bold", f"{brief(criterion.title)}\n"),
        ("plain", f"{brief(criterion.question)}\n"),
        ("soft", f"Why: {brief(criterion.why)}\n"),
        ("soft", f"Evidence: {brief('; '.join(criterion.evidence))}. Fresh for {criterion.fresh_months} months.\n"),
        ("soft", f"[{criterion.id}]"),
    ]
    return [*pieces, ("bold", f"\n{extra}")] if extra else pieces


def brief(text: str) -> str:
    """``text``, cut where several of its length would not fit one cell."""
    text = shown(text)
    return text if len(text) <= MAX_PIECE else f"{text[:MAX_PIECE]} …"


def about_text(criterion: Criterion, extra: str = "") -> str:
    """The pieces of :func:`about` as one text."""
    return "".join(text for _, text in about(criterion, extra))


def page_setup(page: Page, title: str, repeat: tuple[int, int], *, wide: bool = True) -> None:
    """Landscape, title and page numbers, the column titles repeated."""
    sheet = page.sheet
    sheet.set_landscape() if wide else sheet.set_portrait()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    safe = shown(title).replace("&", "&&").replace("\n", " ")[:100]
    sheet.set_header(f"&L&8{safe}")
    sheet.set_footer("&L&8&A&R&8page &P of &N")
    sheet.repeat_rows(*repeat)


SCORECARD_COLUMNS = (
    FormColumn(ID_COLUMN, "", 8, hidden=True),
    FormColumn(LINE_COLUMN, "", 4, hidden=True),
    FormColumn("about", "Criterion", 42),
    FormColumn("step", "Level", 6),
    FormColumn("anchor", "What it takes", 54),
    FormColumn("level", "Answer: level or unknown", 10),
    FormColumn("rationale", "Reason (names the evidence it rests on)", 40),
    FormColumn("missing", "Still to be shown for the next level (one per row)", 30),
    FormColumn("confidence", "Confidence", 11),
    FormColumn("source", "Evidence: source (one item per row)", 34),
    FormColumn("date", "Stands for the date", 11),
    FormColumn("captured", "Captured on", 11),
    FormColumn("grade", "Grade", 7),
    FormColumn("to_do", "Check", 16),
    FormColumn("earlier", "How it stood: last edition, at export", 22),
    FormColumn("confirmed", "Looked at again on (where the answer stands)", 10),
    FormColumn("note", "Note on the evidence", 16),
    FormColumn("capped_from", "Level claimed, if the grade held it down", 10),
    FormColumn("weight", "", 8, hidden=True),
    FormColumn("number", "", 8, hidden=True),
    FormColumn("value", "", 8, hidden=True),
    FormColumn("carry", "", 8, hidden=True),
    FormColumn("low", "", 8, hidden=True),
    FormColumn("high", "", 8, hidden=True),
    FormColumn("answered", "", 8, hidden=True),
    FormColumn("family", "", 8, hidden=True),
)
TITLE, FIELDS, TITLES, KEYS, FIRST = 1, 2, 5, 6, 7
"""The rows of the title, the fields, the column titles and the hidden keys, and the first of the criteria."""
CARD_KINDS = ("desk review", "trial", "questionnaire", "moderation")


_GUIDE_WIDTH = 92.0
Section = tuple[str, Sequence[str]]


def guide(book: FormWriter, title: str, sections: Sequence[Section]) -> None:
    """A sheet of short texts under headings."""
    page = book.sheet("Start here")
    page.sheet.hide_gridlines(2)
    page.sheet.set_column(0, 0, 2)
    page.sheet.set_column(1, 1, _GUIDE_WIDTH)
    page.put(0, 1, title, "title")
    page.sheet.set_row(0, 28)
    row = 2
    for heading, texts in sections:
        page.put(row, 1, heading, "heading")
        page.sheet.set_row(row, 18)
        for text in texts:
            row += 1
            page.put(row, 1, text, "text", font_size=10)
            page.sheet.set_row(row, height(text, _GUIDE_WIDTH, 10))
        row += 2
    page.lock()
    page_setup(page, title, (0, 0), wide=False)
