"""Workbooks as they are written: safe text, values with their style, tables whose formulas refer to headings, names, print areas."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from evaluator.xlsx.writer import Column, Formula, SheetWriter, Style, Styled, WorkbookWriter, area, cell

DAY = date(2026, 11, 24)
STYLES: dict[str, Style] = {
    "plain": {},
    "head": {"bold": True},
    "section": {"italic": True},
    "wrap": {"text_wrap": True},
    "red": {"bg_color": "#FF0000"},
    "open": {"locked": False},
    "date": {"num_format": "yyyy-mm-dd"},
}
Pair = tuple[str, float]
TABLE: list[Column[Pair]] = [
    Column("Name", 12, "plain", lambda row: row[0], "names"),
    Column("Points, raw", 8, "plain", lambda row: row[1]),
    Column("Twice", 8, "plain", lambda row: Formula("2*[@Points, raw]", 2 * row[1]), "twice"),
    Column("Share", 8, "plain", lambda _: Formula("[@Twice]/SUM([Twice])", 0.5)),
]
ROWS: list[Pair] = [("a", 3), ("b", 5)]


def book(*, fit_rows: bool = False) -> WorkbookWriter:
    return WorkbookWriter(STYLES, DAY, fit_rows=fit_rows)


def opened(made: WorkbookWriter, *, values: bool = False) -> Workbook:
    return openpyxl.load_workbook(BytesIO(made.finish()), data_only=values)


def test_addresses() -> None:
    assert cell(2, 1) == "$B$3"
    assert area(2, 1, 8, 27) == "$B$3:$AB$9"
    assert area(2, 1, 2, 1) == "$B$3"


def test_every_value_keeps_its_kind_and_no_text_becomes_a_formula_or_a_link() -> None:
    made = book()
    page = SheetWriter(made, "S")
    given = ["=1+1", "http://x.example", "a\x00b", 3, 2.5, True, DAY, date(1900, 2, 28), "", None, Formula("1+2", 3)]
    for column, value in enumerate(given):
        page.put(0, column, value, "date" if value == DAY else "plain")
    cells = opened(made)["S"][1]
    assert [found.value for found in cells] == [
        "=1+1", "http://x.example", "a\ufffdb", 3, 2.5, True, datetime(2026, 11, 24), "1900-02-28", "", None, "=1+2",
    ]  # fmt: skip
    assert [found.data_type for found in cells] == ["s", "s", "s", "n", "n", "b", "d", "s", "s", "n", "f"]
    assert all(found.hyperlink is None for found in cells)


@pytest.mark.parametrize("word", ["#REF!", "#N/A"])
def test_a_name_that_reads_like_an_error_is_stored_as_text(word: str) -> None:
    made = book()
    SheetWriter(made, "S").formula(0, 0, '"x"', word, "plain")
    found = opened(made, values=True)["S"]["A1"]
    assert (found.value, found.data_type) == (f"{word} ", "s")


def test_a_formula_in_a_table_refers_to_headings() -> None:
    made = book()
    page = SheetWriter(made, "S")
    assert page.rows(1, TABLE, ROWS, left=1) == 3
    sheet = opened(made)["S"]
    assert [found.value for found in sheet[2]] == [None, "Name", "Points, raw", "Twice", "Share"]
    assert [found.value for found in sheet[4]] == [None, "b", 5, "=2*$C$4", "=$D$4/SUM($D$3:$D$4)"]


def test_an_unknown_heading_in_a_formula_is_a_bug() -> None:
    columns: list[Column[Pair]] = [Column("Name", 9, "plain", lambda _: Formula("[@Nmae]", 0))]
    with pytest.raises(KeyError, match="Nmae"):
        SheetWriter(book(), "S").rows(0, columns, ROWS)


def test_named_columns_are_defined_over_all_rows_and_over_one_where_there_is_none() -> None:
    for rows, last in ((ROWS, 3), ([], 2)):
        made = book()
        SheetWriter(made, "Bob's").rows(0, TABLE, rows)
        defined = opened(made).defined_names
        where = "$A$2" if last == 2 else f"$A$2:$A${last}"
        assert defined["names"].attr_text == f"'Bob''s'!{where}"
        assert set(defined) == {"names", "twice"}


def test_a_table_has_filters_frozen_headings_and_prints_what_is_asked() -> None:
    made = book()
    SheetWriter(made, "S").table(3, TABLE, ROWS, keep=2, printed=3)
    sheet = opened(made)["S"]
    assert sheet.auto_filter.ref == "A4:D6"
    assert sheet.freeze_panes == "C5"
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.print_area == "'S'!$A$1:$C$6"
    assert sheet.column_dimensions["A"].width == pytest.approx(12, abs=1)


def test_an_empty_table_has_no_filter() -> None:
    made = book()
    assert SheetWriter(made, "S").table(0, TABLE, [], keep=0) == 0
    assert opened(made)["S"].auto_filter.ref is None


def test_numbers_stored_as_text_are_not_marked_as_mistakes() -> None:
    made = book()
    SheetWriter(made, "S").table(0, TABLE, ROWS, keep=0)
    text = zipfile.ZipFile(BytesIO(made.finish())).read("xl/worksheets/sheet1.xml").decode()
    assert '<ignoredError sqref="A1:D3" numberStoredAsText="1"/>' in text


def test_a_value_may_have_a_style_or_a_number_format_of_its_own() -> None:
    made = book()
    page = SheetWriter(made, "S")
    page.put(0, 0, Styled("x", "red"), "plain")
    page.put(0, 1, Styled(Formula("1+1", 2), number_format='0" old"'), "red")
    first, second = opened(made)["S"][1]
    assert (first.value, first.fill.fgColor.rgb) == ("x", "FFFF0000")
    assert (second.value, second.number_format, second.fill.fgColor.rgb) == ("=1+1", '0" old"', "FFFF0000")


def test_rows_grow_to_their_wrapped_text_unless_their_height_is_set() -> None:
    for fit_rows, heights in ((True, (42, 30)), (False, (None, 30))):
        made = book(fit_rows=fit_rows)
        page = SheetWriter(made, "S")
        page.widths([10])
        for row in (0, 1):
            page.put(row, 0, "line\nline\nline", "wrap")
        page.height(1, 30)
        found = opened(made)["S"].row_dimensions
        assert (found[1].height, found[2].height) == heights


def test_a_section_is_a_title_with_rows_below() -> None:
    made = book()
    page = SheetWriter(made, "S")
    assert page.section(1, "Title", [("a", 1), ("b", 2)], ["plain", "plain"]) == 3
    assert page.section(5, "Nothing", [], []) == 5
    values = [[found.value for found in row] for row in opened(made)["S"].iter_rows()]
    assert values == [[None, None], ["Title", None], ["a", 1], ["b", 2], [None, None], ["Nothing", None]]


def test_the_print_area_only_grows() -> None:
    made = book()
    page = SheetWriter(made, "S")
    page.print_area(5, 1)
    page.print_area(2, 3)
    assert opened(made)["S"].print_area == "'S'!$A$1:$D$6"


def test_a_locked_sheet_has_no_password_and_leaves_input_cells_open() -> None:
    made = book()
    page = SheetWriter(made, "S")
    page.put(0, 0, 1, "open")
    page.put(0, 1, 1, "plain")
    page.lock(autofilter=True)
    sheet = opened(made)["S"]
    assert (sheet.protection.sheet, sheet.protection.password) == (True, None)
    assert (sheet.protection.autoFilter, sheet.protection.formatRows, sheet.protection.insertRows) == (
        False,
        False,
        True,
    )
    assert [found.protection.locked for found in sheet[1]] == [False, True]


def test_the_same_content_gives_the_same_bytes_whenever_it_is_written() -> None:
    def made() -> bytes:
        found = book()
        SheetWriter(found, "S").table(0, TABLE, ROWS, keep=0)
        return found.finish()

    first = made()
    assert made() == first
    assert openpyxl.load_workbook(BytesIO(first)).properties.created == datetime(2026, 11, 24)
