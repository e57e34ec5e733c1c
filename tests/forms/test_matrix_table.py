"""A table that somebody else made: cells, names, numbers, and the files it is read from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hostile_workbooks import number_cell, rows_of, workbook
from hostile_workbooks import sheet as sheet_part
from hypothesis import given
from hypothesis import strategies as st

from evaluator.forms import matrix_table
from evaluator.forms.matrix_table import Number, Table, number_of, read_table
from evaluator.xlsx.guard import RefusedError


def test_cells_by_row_and_column() -> None:
    table = Table("f.csv", "S", [["a", 1.0], [" b  c ", "2", "x"]], {(0, 1): "1+0"})
    assert table.width == 3
    assert [table.value(*place) for place in ((0, 0), (1, 2), (0, 2), (2, 0), (-1, 0), (0, -1))] == [
        "a",
        "x",
        "",
        "",
        "",
        "",
    ]
    assert [table.text(*place) for place in ((0, 0), (0, 1), (1, 0), (1, 1), (5, 5))] == ["a", "", "b c", "", ""]
    assert table.number(0, 1) == Number(1.0)
    assert table.number(1, 1) == Number(2.0, as_text=True)
    assert Table("f.csv", "", [["2"]], typed=False).number(0, 0) == Number(2.0)
    assert (table.cell(1, 2), Table("f.csv", "", []).cell(1, 2)) == ("S!C2", "C2")
    assert (table.formula(0, 1), table.formula(1, 0)) == ("1+0", "")
    assert Table("f.csv", "", []).width == 0
    assert Table("f.csv", "", []).typed is True


def test_a_table_turned_keeps_the_names_of_its_cells() -> None:
    table = Table("f.csv", "S", [["a", 1.0], ["b", 2.0, "x"]], {(0, 1): "1+0"}, ["row 2"], typed=False)
    turned = table.transpose()
    assert turned.rows == [["a", "b"], [1.0, 2.0], ["", "x"]]
    assert (turned.transposed, turned.typed, turned.hidden, turned.file, turned.name) == (
        True,
        False,
        ["row 2"],
        "f.csv",
        "S",
    )
    assert turned.cell(1, 0) == "S!B1"
    assert (turned.formula(1, 0), turned.formula(0, 1)) == ("1+0", "")
    assert turned.transpose().cell(1, 0) == "S!A2"


@given(st.lists(st.lists(st.sampled_from(["", "a", 1.0]), min_size=2, max_size=2), min_size=1, max_size=4))
def test_turning_twice_changes_nothing(rows: list[list[Any]]) -> None:
    assert Table("f", "", rows).transpose().transpose().rows == rows


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (3.0, Number(3.0)), (1e12, Number(1e12)), (-1e12, Number(-1e12)), (1.1e12, None), (True, None), (None, None),
        ("3", Number(3.0, as_text=True)), ("3,5", Number(3.5, as_text=True, comma=True)),
        ("3.50", Number(3.5, as_text=True)), (",5", Number(0.5, as_text=True, comma=True)),
        ("12 %", Number(0.12, as_text=True)), ("1 200,5", Number(1200.5, as_text=True, comma=True)),
        ("1'200", Number(1200, as_text=True)), ("\u00a03\u00a0", Number(3, as_text=True)),
        ("1\u202f200", Number(1200, as_text=True)), ("1 20", None), ("1000000000000", Number(1e12, as_text=True)),
        ("1000000000001", None), ("0" * 38 + "3", Number(3, as_text=True)), ("0" * 39 + "3", None), ("3.", None), ("3 4", None),
    ],
)  # fmt: skip
def test_numbers(value: Any, found: Number | None) -> None:
    assert number_of(value) == found


def test_a_number_in_a_file_of_text_is_no_worse_for_being_text() -> None:
    assert number_of("3,5", typed=False) == Number(3.5, comma=True)


# Workbooks


def book(path: Path, *sheets: tuple[str, list[list[Any]]]) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return made


def test_the_first_sheet_with_two_numbers_that_is_not_hidden(tmp_path: Path) -> None:
    path = tmp_path / "given.xlsx"
    made = book(
        path, ("Words", [["a"]]), ("One", [[1, "2", True]]), ("Hidden", [[1, 2]]), ("Scores", [["a", 1], ["b", 2]]),
        ("More", [[1, 2]]),
    )  # fmt: skip
    made["Hidden"].sheet_state = "hidden"
    made.save(path)
    table, said = read_table(path)
    assert (table.file, table.name, table.rows, table.typed, table.transposed) == (
        "given.xlsx", "Scores", [["a", 1.0], ["b", 2.0]], True, False,
    )  # fmt: skip
    assert said == ["sheet 'Scores'; not read: Hidden, More"]
    table, said = read_table(path, "hidden")
    assert (table.name, said) == ("Hidden", ["sheet 'Hidden'; not read: Scores, More"])
    with pytest.raises(
        RefusedError, match=r"^'given.xlsx' has no sheet 'None'; its sheets are Words, One, Hidden, Scores, More.$"
    ):
        read_table(path, "None")
    book(path, ("Words", [["a"]]), ("One", [[1, "2"]]))
    with pytest.raises(RefusedError, match=r"^'given.xlsx' has no sheet with numbers.$"):
        read_table(path)
    book(path, ("Only", [[1, 2]]))
    assert read_table(path)[1] == ["sheet 'Only'"]


def test_merged_cells_hold_their_value_everywhere_and_formulas_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "given.xlsx"
    made = book(path, ("S", [["a", "", 1, 2], [None, None, "=C1+D1", 3], [None, None, 5, 6], ["b", "c", 7, 8]]))
    made["S"].merge_cells("A1:B3")
    made["S"].merge_cells("D2:D9")
    made["S"]["D2"].value = 9
    made.save(path)
    table, _ = read_table(path)
    assert [row[:2] for row in table.rows] == [["a", "a"]] * 3 + [["b", "c"]]
    assert [row[2:] for row in table.rows] == [[1, 2], ["", 9], [5, 9], [7, 9]]
    assert table.formula(1, 2) == "C1+D1"
    assert table.hidden == []


def test_a_range_merged_without_a_value_or_beyond_the_sheet(tmp_path: Path) -> None:
    path = tmp_path / "given.xlsx"
    made = book(path, ("S", [["", 1, 2], ["x", 3, 4]]))
    made["S"]["A1"].value = None
    made["S"].merge_cells("A2:A9")
    made.save(path)
    assert read_table(path)[0].rows[:2] == [["", 1.0, 2.0], ["x", 3.0, 4.0]]


def test_hidden_rows_and_columns_that_hold_something(tmp_path: Path) -> None:
    path = tmp_path / "given.xlsx"
    made = book(path, ("S", [["a", 1, None, 2], [], ["b", 3, None, 4]]))
    sheet = made["S"]
    for row in (2, 3, 4, 9):
        sheet.row_dimensions[row].hidden = True
    for column in "BCD":
        sheet.column_dimensions[column].hidden = True
    made.save(path)
    assert read_table(path)[0].hidden == ["row 3", "column B", "column D"]
    columns = '<cols><col min="2" max="3" hidden="1"/><col min="1" max="2" hidden="1"/><col min="4" max="4" hidden="1"/></cols>'
    cells = rows_of([[number_cell(f"{letter}1", 1) for letter in "ABCDE"]])
    workbook(path, sheet_part(cells, before=columns))
    assert read_table(path)[0].hidden == ["column A", "column B", "column C", "column D"]


# Text files


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a;b,c\n1;2\n", "text in UTF-8, columns separated by semicolons"),
        (b"\xef\xbb\xbfa,b\n1,2\n", "text in UTF-8, columns separated by commas"),
        ("a\tä\n1\t2\n".encode("utf-16"), "text in UTF-16, columns separated by tabs"),
        ("a|ä\n1|2\n".encode("cp1252"), "text in Windows-1252, columns separated by bars"),
        (b"one\ntwo\n", "text in UTF-8, columns separated by commas"),
    ],
)
def test_text_as_programs_write_it(tmp_path: Path, data: bytes, said: str) -> None:
    for name in ("given.csv", "given.TSV", "given.txt"):
        path = tmp_path / name
        path.write_bytes(data)
        table, taken = read_table(path)
        assert taken == [said]
        assert (table.file, table.name, table.typed, table.cell(0, 1)) == (name, "", False, "B1")
        assert table.value(0, 0) in {"a", "one"}


def test_the_delimiter_is_the_one_that_parts_most_lines_alike(tmp_path: Path) -> None:
    path = tmp_path / "given.csv"
    path.write_text("a;b;c\n\n1,5;2,5;3,5\n1;2,5;3\n")
    assert read_table(path)[0].rows[2] == ["1,5", "2,5", "3,5"]
    path.write_text("a;b")
    assert read_table(path)[0].rows == [["a", "b"]]
    path.write_text("a;b,c\n1;2,3\n")
    assert read_table(path)[0].rows[0] == ["a", "b,c"]
    path.write_text("a;b\n" + "1,2\n" * 3)
    assert read_table(path)[0].rows[1] == ["1", "2"]
    path.write_text("a,b\n" * 50 + "a;b;c;d\n" * 100)
    assert read_table(path)[0].rows[0] == ["a", "b"]


def test_text_files_that_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "given.csv"
    path.write_bytes(b"a,\0,b\n")
    with pytest.raises(RefusedError, match=r"^'given.csv' is not text.$"):
        read_table(path)
    path.write_bytes(b'"' + b"x" * 200_000)
    with pytest.raises(RefusedError, match=r"^'given.csv' is no table of text: "):
        read_table(path)
    path.write_bytes(b"a,b\n1,2\n")
    monkeypatch.setattr(matrix_table, "MAX_AREA", 4)
    assert read_table(path)[0].width == 2
    monkeypatch.setattr(matrix_table, "MAX_AREA", 3)
    with pytest.raises(RefusedError, match=r"^'given.csv' spans more than 3 cells and was not read.$"):
        read_table(path)
    monkeypatch.setattr(matrix_table, "MAX_CSV", 7)
    with pytest.raises(RefusedError, match="are not opened"):
        read_table(path)
