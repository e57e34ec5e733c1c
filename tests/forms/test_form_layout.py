"""What the forms have in common: marks, columns, heads, heights and the page."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from builders import AS_OF, build, contents
from exchange_sheets import header, rules, values
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from evaluator.forms.form_layout import (
    FIELDS,
    FIRST,
    MAX_PIECE,
    TITLE,
    TITLES,
    Field,
    FormColumn,
    FormSheet,
    about,
    about_text,
    brief,
    day_field,
    guide,
    height,
    page_setup,
    stretched,
    table_page,
)
from evaluator.forms.form_writer import FormWriter, Page
from evaluator.model.catalogue import Criterion

COLUMNS = (
    FormColumn("criterion"),
    FormColumn("line", width=4),
    FormColumn("about", "Criterion", 42.5),
    FormColumn("step", "Level", 6),
    FormColumn("anchor", "Anchor", 20),
    FormColumn("level", "Answer", 10),
    FormColumn("missing", "Missing", 10),
    FormColumn("confidence", "Confidence", 10),
    FormColumn("value"),
)
"""A to I, of which C to H are shown."""
CRITERION = build(contents(criteria=1)).catalogue.criteria["c-1"]


def drawn(draw: Callable[[Page], object]) -> Worksheet:
    """A sheet as another library reads it."""
    book = FormWriter(date(2026, 11, 24))
    draw(book.sheet("S"))
    found = openpyxl.load_workbook(io.BytesIO(book.finish()))["S"]
    assert isinstance(found, Worksheet)
    return found


def form(draw: Callable[[FormSheet], object], titles: int = TITLES) -> Worksheet:
    """A sheet of these columns as another library reads it."""
    book = FormWriter(date(2026, 11, 24))
    draw(FormSheet(book, "S", COLUMNS, titles))
    found = openpyxl.load_workbook(io.BytesIO(book.finish()))["S"]
    assert isinstance(found, Worksheet)
    return found


def test_columns_for_the_program_are_hidden() -> None:
    assert [column.hidden for column in COLUMNS] == [True, True, *[False] * 6, True]
    assert (COLUMNS[0].width, COLUMNS[1].width) == (8, 4)
    sheet = FormSheet(FormWriter(date(2026, 11, 24)), "S", COLUMNS)
    assert (sheet.at["about"], sheet.at["value"], sheet.left, sheet.right) == (2, 8, 2, 7)
    assert (TITLE, FIELDS, TITLES, FIRST, sheet.first) == (1, 2, 5, 7, 7)


def test_the_mark_of_a_sheet_and_its_title() -> None:
    sheet = form(lambda sheet: sheet.begin("#sheet x", "Acme"), 3)
    assert [sheet[name].value for name in ("A1", "C2")] == ["#sheet x", "Acme"]
    assert sheet.row_dimensions[1].hidden
    assert (sheet.row_dimensions[2].height, sheet["C2"].font.sz, sheet["C2"].alignment.wrap_text) == (26.25, 16, None)


def test_titles_for_people_and_keys_for_the_reader() -> None:
    sheet = form(lambda sheet: sheet.begin("#sheet x", "Acme"), 3)
    assert [cell.value for cell in sheet[4]] == [
        None, None, "Criterion", "Level", "Anchor", "Answer", "Missing", "Confidence", None,
    ]  # fmt: skip
    assert [cell.value for cell in sheet[5]] == [f"#column {column.key}" for column in COLUMNS]
    assert [sheet.column_dimensions[letter].hidden for letter in "ACI"] == [True, False, True]
    assert [round(sheet.column_dimensions[letter].width) for letter in "CD"] == [43, 7]
    assert (sheet.row_dimensions[5].hidden, sheet.row_dimensions[4].height) == (True, 39.75)


def test_fields_of_the_header() -> None:
    fields = [Field("about", "kind", "Kind", "trial"), day_field("level", "these", date(2026, 11, 24))]
    sheet = form(lambda sheet: sheet.begin("#sheet x", "Acme", fields))
    label = "Day of these (no later than 2026-11-24; empty: the day of import)"
    assert [sheet[f"C{row}"].value for row in (3, 4, 5)] == ["Kind", "#head kind", "trial"]
    assert [sheet[f"F{row}"].value for row in (3, 4, 5)] == [label, "#head date", None]
    assert (sheet.row_dimensions[4].hidden, sheet.row_dimensions[5].height) == (True, 27.75)
    assert (sheet["C5"].protection.locked, sheet["F5"].number_format) == (False, "yyyy-mm-dd")


def test_a_band_across_columns() -> None:
    sheet = form(lambda sheet: sheet.band(3, "Family"))
    assert values(sheet) == {"C4": "Family"}
    assert [cell.fill.fgColor.rgb for cell in sheet[4]] == [*["00000000"] * 2, *["FF243B53"] * 6]
    assert (sheet.max_column, sheet.row_dimensions[4].height, sheet["C4"].alignment.wrap_text) == (8, 20.25, None)


def test_cells_by_the_keys_of_their_columns() -> None:
    def draw(sheet: FormSheet) -> None:
        sheet.put(0, "note", about="a", level=3)
        sheet.tall((1, 2), "pick", level=2, confidence="low")

    sheet = form(draw)
    assert values(sheet) == {"C1": "a", "F1": 3, "F2": 2, "H2": "low"}
    assert sorted(map(str, sheet.merged_cells.ranges)) == ["F2:F3", "H2:H3"]
    assert (sheet["C1"].protection.locked, sheet["F2"].protection.locked) == (True, False)


def test_a_row_is_as_high_as_its_highest_text() -> None:
    sheet = FormSheet(FormWriter(date(2026, 11, 24)), "S", COLUMNS)
    assert sheet.height(about="x", missing="x" * 30) == height("x" * 30, 10) > height("x", 42.5)


def test_what_may_be_chosen_as_confidence_and_answer() -> None:
    answers = {(0, 1, 2): [(7, 2, 9, 2), (14, 2, 16, 2)], (1, 3): [(10, 2, 13, 2)]}
    sheet = form(lambda sheet: sheet.answer_rules(16, answers))
    assert rules(sheet) == {
        "H8:H17": ("list", '"low,medium,high"'),
        "C8:C10 C15:C17": ("list", '"0,1,2,unknown"'),
        "C11:C14": ("list", '"1,3,unknown"'),
    }
    assert [(rule.errorTitle, rule.error) for rule in sheet.data_validations.dataValidation] == [
        ("Confidence", "Expected low, medium or high."),
        ("Answer", "Expected a level from 0 to 2, or unknown."),
        ("Answer", "Expected a level from 1 to 3, or unknown."),
    ]


def test_every_row_of_a_criterion_begins_alike() -> None:
    said: list[str] = []
    upside_down = CRITERION.model_copy(update={"levels": {2: "two", 1: "one"}})
    missing = ["", "m1", "m2"]
    drawn_ = form(lambda sheet: said.extend(sheet.block_line(7 + n, n, upside_down, missing) for n in range(4)))
    assert values(drawn_) == {
        "A8": "c-1", "B8": 1, "D8": 1, "E8": "one",
        "A9": "c-1", "B9": 2, "D9": 2, "E9": "two", "G9": "m1",
        "A10": "c-1", "B10": 3, "G10": "m2", "A11": "c-1", "B11": 4,
    }  # fmt: skip
    assert said == ["one", "two", "", ""]


@pytest.mark.parametrize(("last", "printed"), [(9, "'S'!$C$2:$H$10"), (3, "'S'!$C$2:$H$8")])
def test_how_a_form_ends(last: int, printed: str) -> None:
    sheet = form(lambda sheet: sheet.end(last, "Acme", "step"))
    assert (sheet.freeze_panes, sheet.protection.sheet, sheet.print_area) == ("D8", True, printed)
    assert (sheet.print_title_rows, header(sheet)) == ("$6:$6", "Acme")
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)


def test_a_sheet_with_one_table() -> None:
    sheet = drawn(lambda page: table_page(page, "Title", "Explained.", ["A", "B", "C"], (30, 12)))
    assert values(sheet) == {"A1": "Title", "A2": "Explained.", "A4": "A", "B4": "B", "C4": "C"}
    assert (sheet.protection.sheet, sheet.print_title_rows, sheet.sheet_view.showGridLines) == (True, "$4:$4", False)


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
