"""What the forms look like: columns and rows, fields, heights, the guide, and the printed page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from evaluator.forms.answer_rows import shown
from evaluator.forms.cell_marks import COLUMN_MARK, HEADER_MARK, ID_COLUMN, LINE_COLUMN
from evaluator.forms.form_writer import FormWriter, Page
from evaluator.model.base import Confidence
from evaluator.model.catalogue import Criterion
from evaluator.model.scorecard import UNKNOWN, EvidenceKind, Scorecard

CONFIDENCES: tuple[str, ...] = get_args(Confidence)
EVIDENCE_KINDS: tuple[EvidenceKind, ...] = get_args(EvidenceKind)
CARD_KINDS: tuple[str, ...] = get_args(Scorecard.model_fields["kind"].annotation)
"""How a scorecard may have come about."""
TITLE, FIELDS, TITLES = 1, 2, 5
"""The rows of the title, of the fields and of the column titles; the hidden keys and the content follow."""
FIRST = TITLES + 2
LINE_POINTS = 11.8
BAND_POINTS = 20.0
MAX_POINTS = 400.0
"""A row ends at 409 points."""
MAX_PIECE = 6_000
_PER_WIDTH = 1.17
"""Characters of running text in the text size of the forms per unit of column width."""
_GUIDE_WIDTH = 92.0
Section = tuple[str, Sequence[str]]
"""A heading of the guide, and the texts under it."""
Range = tuple[int, int, int, int]
"""First row and column, last row and column."""


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column of a form; without a title it is for the program only, and hidden."""

    key: str
    title: str = ""
    width: float = 8

    @property
    def hidden(self) -> bool:
        """Whether it is for the program only."""
        return not self.title


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form's header, over a column of the form."""

    column: str
    key: str
    label: str
    value: object = None
    style: Literal["input", "day", "note"] = "input"


def day_field(column: str, of: str, as_of: date) -> Field:
    """The field for the day of what is entered, which may not lie after the date of the evaluation."""
    return Field(column, "date", f"Day of {of} (no later than {as_of}; empty: the day of import)", style="day")


class FormSheet:
    """A sheet of a form being drawn: marks by which it is recognised, a title, fields, columns, content."""

    def __init__(self, book: FormWriter, name: str, columns: Sequence[FormColumn], titles: int = TITLES) -> None:
        self.page: Page = book.sheet(name)
        self.columns = columns
        self.at = {column.key: number for number, column in enumerate(columns)}
        """The position of every column by its key."""
        visible = [number for number, column in enumerate(columns) if not column.hidden]
        self.left, self.right = visible[0], visible[-1]
        self.titles, self.first = titles, titles + 2

    def begin(self, mark: str, title: str, fields: Iterable[Field] = ()) -> None:
        """Write the hidden mark of the sheet, its title, the fields, and the columns' titles over their hidden keys."""
        page, keys = self.page, self.titles + 1
        page.put(0, 0, mark, "soft")
        page.put(TITLE, self.left, title, "title", text_wrap=False)
        page.sheet.set_row(TITLE, 26)
        hidden_rows = {0, keys}
        for field in fields:
            place = self.at[field.column]
            page.put(FIELDS, place, field.label, "label")
            page.put(FIELDS + 1, place, f"{HEADER_MARK} {field.key}", "soft")
            page.put(FIELDS + 2, place, field.value, field.style)
            page.sheet.set_row(FIELDS + 2, 28)
            hidden_rows.add(FIELDS + 1)
        for number, column in enumerate(self.columns):
            page.sheet.set_column(number, number, column.width, page.book.style("text"), {"hidden": column.hidden})
            page.put(keys, number, f"{COLUMN_MARK} {column.key}", "soft")
            if not column.hidden:
                page.put(self.titles, number, column.title, "column")
        page.sheet.set_row(self.titles, 40)
        for row in hidden_rows:
            page.sheet.set_row(row, None, None, {"hidden": True})

    def put(self, row: int, style: str, **cells: Any) -> None:
        """Write cells of one style in ``row``, by the keys of their columns."""
        for key, value in cells.items():
            self.page.put(row, self.at[key], value, style)

    def tall(self, rows: tuple[int, int], style: str, **cells: Any) -> None:
        """Write cells of one style over the first to the last of ``rows``, by the keys of their columns."""
        for key, value in cells.items():
            self.page.tall(*rows, self.at[key], value, style)

    def band(self, row: int, title: str) -> None:
        """Write a heading across all columns."""
        for column in range(self.left, self.right + 1):
            self.page.put(row, column, "", "band")
        self.page.put(row, self.left, title, "band", text_wrap=False)
        self.page.sheet.set_row(row, BAND_POINTS)

    def height(self, **texts: str) -> float:
        """How high a row has to be for the texts in these columns, in points."""
        return max(height(text, self.columns[self.at[key]].width) for key, text in texts.items())

    def block_line(self, row: int, line: int, criterion: Criterion, missing: Sequence[str]) -> str:
        """Write what every row of a criterion begins with; returns what its level takes."""
        steps = sorted(criterion.levels)
        step = steps[line] if line < len(steps) else None
        anchor = "" if step is None else criterion.levels[step]
        self.put(row, "soft", **{ID_COLUMN: criterion.id, LINE_COLUMN: line + 1})
        self.put(row, "level", step=step)
        self.put(row, "cell", anchor=anchor)
        self.put(row, "input", missing=missing[line] if line < len(missing) else "")
        return anchor

    def choice(self, places: Sequence[Range], source: Sequence[str], title: str, message: str, **more: str) -> None:
        """Let cells take one of a list, and say ``message`` where something else is typed."""
        options = {"validate": "list", "source": [*source], "error_title": title, "error_message": message}
        self.page.choice(places, {**options, **more})

    def answer_rules(self, last: int, answers: Mapping[tuple[int, ...], Sequence[Range]]) -> None:
        """Let confidences down to the row ``last``, and the answer cells, by the levels they take, be chosen from lists."""
        column = self.at["confidence"]
        places = [(self.first, column, last, column)]
        self.choice(places, CONFIDENCES, "Confidence", "Expected low, medium or high.")
        for levels, ranges in answers.items():
            message = f"Expected a level from {levels[0]} to {levels[-1]}, or unknown."
            self.choice(ranges, [*map(str, levels), UNKNOWN], "Answer", message)

    def end(self, last: int, header: str, frozen: str = "") -> None:
        """Freeze the titles, and the columns before ``frozen``; protect the sheet; print all down to the row ``last``."""
        self.page.sheet.freeze_panes(self.first, self.at.get(frozen, 0))
        self.page.lock()
        page_setup(self.page, header, (self.titles, self.titles))
        self.page.sheet.fit_to_pages(1, 0)
        self.page.sheet.print_area(TITLE, self.left, max(last, self.first), self.right)


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


def table_page(page: Page, title: str, explained: str, titles: Sequence[str], widths: tuple[float, float]) -> None:
    """A sheet with one table: title, a line that explains it, and column titles in row 3; ``widths`` of the first column and the others."""
    page.sheet.hide_gridlines(2)
    page.put(0, 0, title, "title", text_wrap=False)
    page.put(1, 0, explained, "quiet", text_wrap=False)
    page.sheet.set_row(0, 26)
    page.sheet.set_column(0, 0, widths[0])
    page.sheet.set_column(1, len(titles) - 1, widths[1])
    for column, text in enumerate(titles):
        page.put(3, column, text, "column")
    page.lock()
    page_setup(page, page.name, (3, 3))
    page.sheet.fit_to_pages(1, 0)


def guide(book: FormWriter, title: str, sections: Iterable[Section]) -> None:
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
