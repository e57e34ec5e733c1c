"""The writer of workbooks: text as text, names of sheets, identities hidden."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from exchange_sheets import rules

from evaluator.forms.form_writer import FormWriter

DAY = date(2026, 11, 24)


def opened(book: FormWriter) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(book.finish()))


def test_every_value_keeps_its_kind() -> None:
    book = FormWriter(DAY)
    page = book.sheet("S")
    given: list[Any] = [
        "=1+1",
        "http://x.example",
        " a\r\n",
        3,
        2.5,
        True,
        DAY,
        date(1900, 3, 1),
        date(1899, 12, 31),
        "",
        None,
    ]
    for column, value in enumerate(given):
        page.put(2, column, value, "day" if isinstance(value, date) else "text")
    sheet = opened(book)["S"]
    cells = sheet[3]
    assert [cell.value for cell in cells] == [
        "=1+1", "http://x.example", "a", 3, 2.5, True, datetime(2026, 11, 24), datetime(1900, 3, 1), "1899-12-31", None, None,
    ]  # fmt: skip
    assert [cell.data_type for cell in cells] == ["s", "s", "s", "n", "n", "b", "d", "d", "s", "n", "n"]
    assert sheet["A3"].hyperlink is None


def test_styles_by_name_with_changes() -> None:
    book = FormWriter(DAY)
    page = book.sheet("S")
    page.put(0, 0, "a")
    page.put(0, 1, "b", "pick")
    page.put(0, 2, DAY, "day")
    page.put(0, 3, "c", "input", font_size=7)
    page.put(0, 4, 1, "level", num_format="0.0%")
    assert book.style("pick") is book.style("pick")
    assert book.style("pick") is not book.style("pick", font_size=3)
    assert book.style("pick", bold=False, font_size=3) is book.style("pick", font_size=3, bold=False)
    cells = opened(book)["S"][1]
    assert [(cell.font.name, cell.font.sz, cell.font.b, cell.protection.locked) for cell in cells] == [
        ("Calibri", 9, False, True), ("Calibri", 12, True, False), ("Calibri", 9, False, False), ("Calibri", 7, False, False),
        ("Calibri", 9, True, True),
    ]  # fmt: skip
    assert [cell.number_format for cell in cells] == ["General", "General", "yyyy-mm-dd", "@", "0.0%"]
    assert [cell.fill.fgColor.rgb for cell in cells[1:4]] == ["FFFFFBE6"] * 3
    assert (cells[0].font.color.rgb, cells[0].alignment.vertical, cells[0].alignment.wrap_text) == (
        "FF1F2933",
        "top",
        True,
    )


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (["Acme"], ["Acme"]),
        (["Acme", "ACME", "acme"], ["Acme", "ACME (2)", "acme (3)"]),
        (["[a]:*?/\\b", "' x '", "''"], ["a b", "x", "Sheet"]),
        (["x" * 40, "x" * 40], ["x" * 31, "x" * 27 + " (2)"]),
        (["😀" * 20, "😀" * 20], ["😀" * 15, "😀" * 13 + " (2)"]),
        (["History", "_evaluator"], ["History (2)", "_evaluator (2)"]),
        (["x" * 30 + " y"], ["x" * 30]),
    ],
)
def test_names_of_sheets_are_fit_and_unique(titles: list[str], names: list[str]) -> None:
    book = FormWriter(DAY)
    assert [book.sheet(title).name for title in titles] == names
    assert opened(book).sheetnames == names


def test_identities_are_hidden_from_people() -> None:
    book = FormWriter(DAY)
    book.sheet("S")
    book.identities([["evaluator-workbook/1", "2"], ["=x"]])
    made = opened(book)
    sheet = made["_evaluator"]
    assert sheet.sheet_state == "veryHidden"
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [["evaluator-workbook/1", "2"], ["=x", None]]
    assert sheet["A2"].data_type == "s"


def test_the_same_content_gives_the_same_bytes() -> None:
    def made(day: date) -> bytes:
        book = FormWriter(day)
        book.sheet("S").put(0, 0, "x")
        return book.finish()

    assert made(DAY) == made(DAY)
    book = FormWriter(DAY)
    book.sheet("S")
    assert opened(book).properties.created == datetime(2026, 11, 24)


def test_formulas_with_their_present_values() -> None:
    book = FormWriter(DAY)
    page = book.sheet("S")
    page.formula(0, 0, "=1+2", 3, "plain")
    page.formula(1, 0, '="a"', "a", "level", num_format="0.0")
    data = book.finish()
    assert [cell.value for cell in openpyxl.load_workbook(io.BytesIO(data))["S"]["A"]] == ["=1+2", '="a"']
    stored = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["S"]["A"]
    assert [cell.value for cell in stored] == [3, "a"]
    assert (stored[0].number_format, stored[1].number_format, stored[1].font.b) == ("General", "0.0", True)


def test_values_over_several_rows() -> None:
    book = FormWriter(DAY)
    page = book.sheet("S")
    page.tall(1, 3, 0, 2, "pick")
    page.tall(1, 1, 1, 3, "pick")
    page.rich(1, 2, 2, [("bold", "a "), ("soft", "b")], "cell")
    page.rich(3, 3, 2, [("bold", "c "), ("plain", "d")], "cell")
    sheet = opened(book)["S"]
    assert {str(found) for found in sheet.merged_cells.ranges} == {"A2:A4", "C2:C3"}
    assert [sheet[name].value for name in ("A2", "B2", "C2", "C4")] == [2, 3, "a b", "c d"]
    assert sheet["A4"].protection.locked is False
    assert sheet["C3"].border.left.style == "thin"


def test_rules_over_one_or_several_ranges() -> None:
    book = FormWriter(DAY)
    page = book.sheet("S")
    page.choice([(0, 0, 2, 0)], {"validate": "list", "source": ["a", "b"]})
    page.choice([(0, 1, 2, 1), (4, 1, 4, 1)], {"validate": "list", "source": ["c"]})
    assert rules(opened(book)["S"]) == {"A1:A3": ("list", '"a,b"'), "B1:B3 B5": ("list", '"c"')}


def test_a_sheet_is_locked_without_a_password() -> None:
    book = FormWriter(DAY)
    page = book.sheet("S")
    page.lock()
    found = opened(book)["S"].protection
    assert (found.sheet, found.password) == (True, None)
    assert (found.formatColumns, found.formatRows, found.formatCells, found.insertRows) == (False, False, False, True)


STYLES = {
    # bold, size, fill, edge below and above, text that wraps, locked, across, down
    "title": (True, 16, None, None, None, False, True, None, "top"),
    "heading": (True, 11, None, "thin", None, False, True, None, "top"),
    "text": (False, 9, None, None, None, True, True, None, "top"),
    "quiet": (False, 9, None, None, None, True, True, None, "top"),
    "label": (False, 9, None, None, None, False, True, None, None),
    "figure": (True, 9, None, None, None, False, True, "left", "center"),
    "column": (True, 9, "F0F4F8", "thin", "thin", True, True, None, "center"),
    "band": (True, 11, "243B53", None, None, False, True, None, "center"),
    "cell": (False, 9, None, "thin", "thin", True, True, None, "top"),
    "level": (True, 9, None, "thin", "thin", False, True, "center", "top"),
    "note": (False, 9, None, "thin", "thin", True, True, None, "top"),
    "input": (False, 9, "FFFBE6", "thin", "thin", True, False, None, "top"),
    "pick": (True, 12, "FFFBE6", "thin", "thin", False, False, "center", "top"),
    "word": (False, 9, "FFFBE6", "thin", "thin", False, False, "center", "top"),
    "day": (False, 9, "FFFBE6", "thin", "thin", False, False, "center", "top"),
    "picked": (True, 9, "D9E8F6", None, None, False, True, None, "top"),
    "bold": (True, 9, None, None, None, False, True, None, "top"),
}


def test_how_every_style_looks() -> None:
    book = FormWriter(DAY)
    page = book.sheet("S")
    for column, name in enumerate(STYLES):
        page.put(0, column, "x", name)
    for cell, (name, looks) in zip(opened(book)["S"][1], STYLES.items(), strict=True):
        fill = cell.fill.fgColor.rgb[2:] if cell.fill.fill_type else None
        edges = cell.border.bottom.style, cell.border.top.style
        wraps, across, down = bool(cell.alignment.wrap_text), cell.alignment.horizontal, cell.alignment.vertical
        found = (cell.font.b, cell.font.sz, fill, *edges, wraps, cell.protection.locked, across, down)
        assert (name, found) == (name, looks)
