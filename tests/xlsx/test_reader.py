"""From an admitted workbook to sheets of plain values."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from exchange_sheets import sheet_of
from hostile_workbooks import number_cell, rows_of, sheet, workbook
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from evaluator.xlsx import reader
from evaluator.xlsx.guard import Admitted, RefusedError, admit
from evaluator.xlsx.reader import address, letters_of, open_workbook, read


@given(st.integers(0, 16_383), st.integers(0, 1_048_575))
def test_columns_and_cells_are_named_as_spreadsheets_do(column: int, row: int) -> None:
    assert letters_of(column) == get_column_letter(column + 1)
    assert address(row, column) == f"{get_column_letter(column + 1)}{row + 1}"


def test_values_inside_and_outside_of_a_sheet() -> None:
    found = sheet_of([["a", ""], ["", 2.0]])
    assert [found.value(*place) for place in ((0, 0), (1, 1), (2, 0), (0, 2), (-1, 0), (0, -1))] == [
        "a",
        2.0,
        "",
        "",
        "",
        "",
    ]
    assert found.cell(1, 2) == "V-1!C2"
    assert list(found.cells()) == [(0, 0, "a"), (1, 1, 2.0)]


def test_cells_come_as_plain_values(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "One"
    moment = datetime(2026, 11, 3, 15, 30)
    first.append([None, "text", 3, 2.5, True, date(2026, 11, 3), moment, time(8, 5)])
    first.append([])
    first.append(["last"])
    first.merge_cells("B1:C2")
    hidden, very = book.create_sheet("Two"), book.create_sheet("Three")
    hidden.sheet_state, very.sheet_state = "hidden", "veryHidden"
    book.create_chartsheet("Chart")
    path = tmp_path / "given.xlsx"
    book.save(path)
    sheets = open_workbook(path)
    assert [(one.file, one.name, one.hidden) for one in sheets] == [
        ("given.xlsx", "One", False), ("given.xlsx", "Two", True), ("given.xlsx", "Three", True),
    ]  # fmt: skip
    one = sheets[0]
    assert one.rows[0] == ["", "text", "", 2.5, True, date(2026, 11, 3), moment, time(8, 5)]
    assert one.rows[1:] == [[""] * 8, ["last", *[""] * 7]]
    assert one.merged == [((0, 1), (1, 2))]
    assert one.seen.rows == 3
    assert sheets[1].rows == []


def test_formulas_are_kept_where_asked_for(tmp_path: Path) -> None:
    path = workbook(tmp_path / "given.xlsx", sheet(rows_of([[number_cell("A1", 3, "1+2")]])))
    assert open_workbook(path)[0].seen.formulas == {}
    (found,) = open_workbook(path, formulas=True)
    assert (found.rows, found.seen.formulas) == ([[3.0]], {(0, 0): "1+2"})


def two_by_two(tmp_path: Path, *ranges: str) -> Any:
    rows = rows_of([[number_cell("A1", 1), number_cell("B1", 2)], [number_cell("A2", 3), number_cell("B2", 4)]])
    merged = "<mergeCells>" + "".join(f'<mergeCell ref="{one}"/>' for one in ranges) + "</mergeCells>"
    return open_workbook(workbook(tmp_path / "given.xlsx", sheet(rows, after=merged)))[0].merged


def test_merged_ranges_may_cover_each_cell_once(tmp_path: Path) -> None:
    assert len(two_by_two(tmp_path, "A1:B2")) == 1
    assert len(two_by_two(tmp_path, "A1:B1", "A2:B2", "C1:Z9")) == 3
    assert len(two_by_two(tmp_path, "B1:Z9", "A1:A2")) == 2
    assert len(two_by_two(tmp_path, "A2:B9", "A1:B1")) == 2
    for ranges in (("A1:B2", "A1:A2"), ("A1:Z9", "B2:C3")):
        with pytest.raises(RefusedError) as refused:
            two_by_two(tmp_path, *ranges)
        assert str(refused.value) == (
            "'given.xlsx' was not opened: merged ranges of its sheet 'S1' overlap; unmerge them and try again."
        )


def test_a_sheet_under_another_name_than_was_looked_through(tmp_path: Path) -> None:
    found = admit(workbook(tmp_path / "given.xlsx", sheet()))
    with pytest.raises(RefusedError, match=r"^'given.xlsx' names its sheets in two ways and was not opened.$"):
        read(Admitted(found.name, found.data, {}))


def test_what_the_reader_cannot_digest_gets_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Admitted("given.xlsx", b"no archive", {})
    with pytest.raises(RefusedError, match=r"^'given.xlsx' cannot be read; save it again as .xlsx and try again.$"):
        read(broken)

    class PanicException(BaseException):
        """What the reader of cells raises where it panics."""

    def raising(error: BaseException) -> Any:
        def stands_in(_: Admitted) -> Any:
            raise error

        return stands_in

    monkeypatch.setattr(reader, "_read", raising(PanicException()))
    with pytest.raises(RefusedError):
        read(broken)
    monkeypatch.setattr(reader, "_read", raising(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        read(broken)
