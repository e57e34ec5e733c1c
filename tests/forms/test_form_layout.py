"""What the forms have in common: marks, columns, heads, heights and the page."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from builders import AS_OF, build, contents
from exchange_sheets import rules, values
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from evaluator.forms.form_layout import (
    MAX_PIECE,
    FormColumn,
    about,
    about_text,
    answer_rules,
    band,
    block_line,
    brief,
    fields,
    guide,
    header_row,
    height,
    letters,
    page_setup,
    stretched,
    title_row,
)
from evaluator.forms.form_writer import FormWriter, Page
from evaluator.model.catalogue import Criterion

COLUMNS = (
    FormColumn("criterion", "", 8, hidden=True),
    FormColumn("about", "Criterion", 42.5),
    FormColumn("level", "Answer", 10),
)
CRITERION = build(contents(criteria=1)).catalogue.criteria["c-1"]


def drawn(draw: Callable[[Page], object]) -> Worksheet:
    """A sheet as another library reads it."""
    book = FormWriter(date(2026, 11, 24))
    draw(book.sheet("S"))
    found = openpyxl.load_workbook(io.BytesIO(book.finish()))["S"]
    assert isinstance(found, Worksheet)
    return found


def test_columns_by_their_keys() -> None:
    assert letters(COLUMNS) == {"criterion": 0, "about": 1, "level": 2}
    assert FormColumn("a", "A", 1).hidden is False


def test_the_mark_of_a_sheet_and_its_title() -> None:
    sheet = drawn(lambda page: title_row(page, 1, 2, "#sheet x", "Acme"))
    assert values(sheet) == {"A1": "#sheet x", "C2": "Acme"}
    assert sheet.row_dimensions[1].hidden
    assert (sheet.row_dimensions[2].height, sheet["C2"].font.sz, sheet["C2"].alignment.wrap_text) == (26.25, 16, None)


def test_a_band_across_columns() -> None:
    sheet = drawn(lambda page: band(page, 3, 1, 4, "Family"))
    assert values(sheet) == {"B4": "Family"}
    assert [cell.fill.fgColor.rgb for cell in sheet[4]] == ["00000000", *["FF243B53"] * 4]
    assert (sheet.max_column, sheet.row_dimensions[4].height, sheet["B4"].alignment.wrap_text) == (5, 20.25, None)


def test_titles_for_people_and_keys_for_the_reader() -> None:
    sheet = drawn(lambda page: header_row(page, COLUMNS, 2, 4))
    assert values(sheet) == {
        "B3": "Criterion", "C3": "Answer", "A5": "#column criterion", "B5": "#column about", "C5": "#column level",
    }  # fmt: skip
    assert [sheet.column_dimensions[letter].hidden for letter in "ABC"] == [True, False, False]
    assert [round(sheet.column_dimensions[letter].width) for letter in "ABC"] == [9, 43, 11]
    assert (sheet.row_dimensions[5].hidden, sheet.row_dimensions[3].height) == (True, 39.75)


def test_fields_of_the_head() -> None:
    sheet = drawn(
        lambda page: fields(page, 2, [(0, "kind", "Kind", "trial", "input"), (2, "date", "Day", None, "day")])
    )
    assert values(sheet) == {"A3": "Kind", "A4": "#head kind", "A5": "trial", "C3": "Day", "C4": "#head date"}
    assert (sheet.row_dimensions[4].hidden, sheet.row_dimensions[5].height) == (True, 27.75)
    assert (sheet["A5"].protection.locked, sheet["C5"].number_format) == (False, "yyyy-mm-dd")


def test_what_may_be_chosen_as_confidence_and_answer() -> None:
    answers = {(0, 1, 2): [(7, 2, 9, 2), (14, 2, 16, 2)], (1, 3): [(10, 2, 13, 2)]}
    sheet = drawn(lambda page: answer_rules(page, {"confidence": 4}, (7, 16), answers))
    assert rules(sheet) == {
        "E8:E17": ("list", '"low,medium,high"'),
        "C8:C10 C15:C17": ("list", '"0,1,2,unknown"'),
        "C11:C14": ("list", '"1,3,unknown"'),
    }
    assert [(rule.errorTitle, rule.error) for rule in sheet.data_validations.dataValidation] == [
        ("Confidence", "Expected low, medium or high."),
        ("Answer", "Expected a level from 0 to 2, or unknown."),
        ("Answer", "Expected a level from 1 to 3, or unknown."),
    ]


AT = {"criterion": 0, "line": 1, "step": 2, "anchor": 3, "missing": 4}


def test_every_row_of_a_criterion_begins_alike() -> None:
    said: list[str] = []
    upside_down = CRITERION.model_copy(update={"levels": {2: "two", 1: "one"}})

    def draw(page: Page) -> None:
        said.extend(block_line(page, AT, 7 + n, n, upside_down, f"m{n}" if n else "") for n in range(3))

    assert values(drawn(draw)) == {
        "A8": "c-1", "B8": 1, "C8": 1, "D8": "one",
        "A9": "c-1", "B9": 2, "C9": 2, "D9": "two", "E9": "m1",
        "A10": "c-1", "B10": 3, "E10": "m2",
    }  # fmt: skip
    assert said == ["one", "two", ""]


# Heights


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [("", 10, 1), ("x" * 11, 10, 1), ("x" * 12, 10, 2), ("a\nb\n", 10, 2), ("a\n\nb", 10, 3), ("x" * 23, 10, 2), ("x" * 24, 10, 3), ("ab", 0.1, 2)],
)  # fmt: skip
def test_how_high_a_text_is(text: str, width: float, lines: int) -> None:
    # 11.7 characters in ten units of width, 11.8 points a line, and 3 points around them
    assert height(text, width) == pytest.approx(lines * 11.8 + 3)


def test_larger_letters_need_more_lines_and_higher_ones() -> None:
    assert height("x" * 12, 10, 18) == pytest.approx(3 * 11.8 * 2 + 3) == height("x" * 17, 10, 18)
    assert height("x" * 5, 10, 18) == pytest.approx(11.8 * 2 + 3)


def test_rows_make_room_together_the_last_taking_what_is_missing() -> None:
    assert stretched([20, 30], 50) == [20, 30]
    assert stretched([20, 30], 40) == [20, 30]
    assert stretched([20, 30], 65) == [20, 45]
    assert stretched([20, 30], 500) == [100, 400]
    assert stretched([20, 30], 900) == [400, 400]
    assert stretched([500, 30], 0) == [400, 30]
    assert stretched([], 100) == []


@given(st.lists(st.floats(10, 500), min_size=1, max_size=5), st.floats(0, 3000))
def test_rows_are_never_lower_than_asked_nor_higher_than_a_row_may_be(heights: list[float], whole: float) -> None:
    found = stretched(heights, whole)
    assert all(min(400, before) <= after + 1e-9 <= 400 + 1e-6 for before, after in zip(heights, found, strict=True))
    asked = max(sum(min(400, each) for each in heights), min(whole, 400 * len(heights)))
    assert sum(found) == pytest.approx(asked)


# Texts


def test_what_a_criterion_asks_in_pieces() -> None:
    criterion = CRITERION.model_copy(update={"evidence": ("a page", "a test")})
    pieces = [
        ("bold", "Criterion c-1\n"), ("plain", "How good is c-1?\n"), ("soft", "Why: It matters.\n"),
        ("soft", "Evidence: a page; a test. Fresh for 12 months.\n"), ("soft", "[c-1]"),
    ]  # fmt: skip
    assert about(criterion) == pieces
    assert about(criterion, "Out.") == [*pieces, ("bold", "\nOut.")]
    assert about_text(criterion, "Out.") == "".join(text for _, text in pieces) + "\nOut."
    assert about_text(criterion).endswith("[c-1]")


def test_long_texts_are_cut() -> None:
    assert brief("x" * MAX_PIECE) == "x" * 6_000
    assert brief("x" * (MAX_PIECE + 1)) == "x" * 6_000 + " …"
    assert brief(" a\x00 ") == "a"
    long: Criterion = CRITERION.model_copy(
        update={"title": "t" * 7_000, "question": "q" * 7_000, "why": "w" * 7_000, "evidence": ("e" * 7_000,)}
    )
    assert [len(text) for _, text in about(long)] == [
        6_003,
        6_003,
        6_008,
        6_000 + 2 + len("Evidence: . Fresh for 12 months.\n"),
        5,
    ]


# The page


def test_how_a_sheet_prints() -> None:
    sheet = drawn(lambda page: page_setup(page, "A & B\n" + "x" * 200, (3, 5)))
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == "$4:$6"
    assert sheet.oddHeader is not None
    assert sheet.oddFooter is not None
    assert sheet.oddHeader.left.text == ("A && B " + "x" * 200)[:100]
    assert (sheet.oddHeader.left.size, sheet.oddFooter.left.text, sheet.oddFooter.right.text) == (
        8,
        "&A",
        "page &P of &N",
    )
    margins = sheet.page_margins
    assert (margins.left, margins.right, margins.top, margins.bottom) == (0.4, 0.4, 0.6, 0.6)
    upright = drawn(lambda page: page_setup(page, "A", (0, 0), wide=False))
    assert upright.page_setup.orientation == "portrait"


# The guide


def both_of(draw: Callable[[FormWriter], Any], title: str) -> tuple[Worksheet, Worksheet]:
    """The sheet with its formulas, and with their stored results."""
    book = FormWriter(AS_OF)
    draw(book)
    data = book.finish()
    both = [openpyxl.load_workbook(io.BytesIO(data), data_only=stored)[title] for stored in (False, True)]
    assert isinstance(both[0], Worksheet)
    assert isinstance(both[1], Worksheet)
    return both[0], both[1]


def test_a_guide_of_short_texts() -> None:
    sections = [("One", ["a", "x" * 200]), ("Two", ["b"])]
    sheet, _ = both_of(lambda book: guide(book, "Title", sections), "Start here")
    assert values(sheet) == {"B1": "Title", "B3": "One", "B4": "a", "B5": "x" * 200, "B7": "Two", "B8": "b"}
    assert (sheet.protection.sheet, sheet.page_setup.orientation) == (True, "portrait")
    assert sheet.sheet_view.showGridLines is False
    assert [round(sheet.column_dimensions[letter].width) for letter in "AB"] == [3, 93]
    # Letters of 10 points: 96 to a line of 13.1 points.
    assert sheet.row_dimensions[5].height == pytest.approx(3 * 13.1 + 3, abs=0.4)
    assert sheet.row_dimensions[4].height == pytest.approx(13.1 + 3, abs=0.4)
    assert [sheet.row_dimensions[row].height for row in (1, 3, 7)] == [27.75, 18, 18]
    assert (sheet["B4"].font.sz, sheet["B3"].font.sz) == (10, 11)
