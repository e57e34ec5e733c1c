"""Workbooks and text files from strangers: what is refused, and what costs no more than its size."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from builders import contents, write
from hostile_workbooks import MAIN, form, number_cell, rows_of, sheet, text_cell, workbook

from evaluator.api import load
from evaluator.errors import EvaluatorError
from evaluator.forms.matrix_layout import find_matrix
from evaluator.forms.matrix_table import Table, read_table
from evaluator.forms.matrix_workspace import workspace_from
from evaluator.forms.scorecard_import import ImportOptions, import_files
from evaluator.forms.weights_reader import read_pairs
from evaluator.model.file_names import Layout
from evaluator.workspace.stores import CardStore
from evaluator.workspace.transaction import Transaction
from evaluator.xlsx.guard import RefusedError
from evaluator.xlsx.reader import SheetValues, letters_of, open_workbook

TODAY = date(2026, 11, 20)


def cells(rows: int, columns: int = 1) -> str:
    """So many rows and columns of numbers."""
    return rows_of(
        [number_cell(f"{letters_of(column)}{row}", 1) for column in range(columns)] for row in range(1, rows + 1)
    )


def merged(*ranges: str) -> str:
    """The part of a sheet that merges these ranges."""
    return "<mergeCells>" + "".join(f'<mergeCell ref="{one}"/>' for one in ranges) + "</mergeCells>"


def far(place: str) -> str:
    """A sheet with one cell."""
    return sheet(f'<row r="{place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}">{number_cell(place, 1)}</row>')


REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "merged ranges over each other": (
        lambda path: workbook(path, sheet(cells(500), after=merged(*["A1:A500"] * 500))), "overlap; unmerge them"
    ),
    "more merged ranges than cells": (
        lambda path: workbook(path, sheet(cells(3), after=merged(*["A1:B2"] * 20_001))), "merged ranges"
    ),
    "a cell in the last row": (lambda path: workbook(path, far("A1048576")), "below row"),
    "a cell in the last column": (lambda path: workbook(path, far("XFD1")), "to the right of column"),
    "a cell in the last corner": (lambda path: workbook(path, far("XFD1048576")), "has content"),
    "a bomb": (lambda path: workbook(path, sheet(rows_of([[text_cell("A1", "x" * 30_000_000)]]))), "would unpack"),
    "more parts than a workbook has": (lambda path: workbook(path, *[sheet()] * 1_001), "parts"),
    "entities": (
        lambda path: workbook(path, '<!DOCTYPE a [<!ENTITY b "c">]>' + sheet(cells(1))), "was not opened"
    ),
    "a column without end": (
        lambda path: workbook(path, sheet(cells(1), before='<cols><col min="1" max="999999999" hidden="1"/></cols>')), "damaged"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_workbook_that_is_refused_before_its_cells_are_read(name: str, tmp_path: Path) -> None:
    make, words = REFUSED[name]
    with pytest.raises(RefusedError, match=words):
        open_workbook(make(tmp_path / "given.xlsx"))


def test_merged_ranges_that_lie_beside_each_other_are_read(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "given.xlsx", sheet(cells(4, 2), after=merged("A1:A2", "A3:A4", "B1:XFD1", "B2:B1048576"))
    )
    (found,) = open_workbook(path)
    assert len(found.merged) == 4


@pytest.mark.parametrize(
    ("parts", "names"),
    [
        ({"xl/sharedStrings.xml": f"<sst {MAIN}>" + "<si><t>x</t></si>" * 50_000 + "</sst>"}, ""),
        ({"xl/styles.xml": f"<styleSheet {MAIN}><cellXfs>" + '<xf numFmtId="0"/>' * 50_000 + "</cellXfs></styleSheet>"}, ""),
        ({"xl/comments1.xml": f"<comments {MAIN}>" + "<c/>" * 50_000 + "</comments>"}, ""),
        ({"xl/odd.xml": "<a>" * 50_000 + "</a>" * 50_000}, ""),
        ({}, "<definedNames>" + "".join(f'<definedName name="n{n}">S1!$A$1</definedName>' for n in range(20_000)) + "</definedNames>"),
    ],
    ids=["shared strings", "styles", "comments", "deep elements", "defined names"],
)  # fmt: skip
def test_floods_beside_the_cells_do_no_harm(parts: dict[str, str], names: str, tmp_path: Path) -> None:
    path = workbook(tmp_path / "given.xlsx", sheet(cells(3, 3)), parts=parts, names=names)
    assert [len(found.rows) for found in open_workbook(path)] == [3]


# The work that is done, counted


class CountedTable(Table):
    """A table that counts how often a cell is looked at."""

    looks = 0

    def value(self, row: int, column: int) -> object:
        CountedTable.looks += 1
        return super().value(row, column)


def test_names_above_the_options_are_looked_up_once() -> None:
    wide = 1_000
    rows: list[list[object]] = [["Group", *[""] * wide], ["Criterion", *["score"] * wide]]
    rows += [[f"Name {row}", *[1.0] * wide] for row in range(3)]
    table = CountedTable("given.csv", "", rows)
    CountedTable.looks = 0
    find_matrix(table, transposed=False)
    assert CountedTable.looks < 100 * wide


def test_hidden_columns_are_looked_at_once_however_often_they_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = "<cols>" + '<col min="1" max="300" hidden="1"/>' * 300 + "</cols>"
    path = workbook(tmp_path / "given.xlsx", sheet(cells(2, 300), before=columns))
    looks: list[int] = []
    real = SheetValues.value

    def counting(found: SheetValues, row: int, column: int) -> object:
        looks.append(row)
        return real(found, row, column)

    monkeypatch.setattr(SheetValues, "value", counting)
    table, _ = read_table(path)
    assert len(table.hidden) == 300
    assert len(looks) < 1_000


def test_a_matrix_that_nobody_scored_gets_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "given.csv"
    path.write_text("Criterion,Weight,A,B\nQuality,5,,\nTotal,5,1,2\n", encoding="utf-8")
    with pytest.raises(EvaluatorError, match=r"'given.csv' has no scores"):
        workspace_from(path, TODAY)


TEXTS = {
    "quotes": '"' * 200_000,
    "open quotes": '"a\n' * 100_000,
    "one line": "a;1;" * 200_000,
    "one word": "x" * 1_000_000,
    "empty lines": "\n" * 300_000,
    "a NUL": "a,\0,b\n",
    "words of totals": "grand " * 50_000,
}


def complaints(reader: str, path: Path) -> list[str]:
    """What is said of a file, be it refused or read with problems."""
    try:
        if reader == "matrix":
            workspace_from(path, TODAY)
            return []
        return list(map(str, read_pairs(path).problems))
    except EvaluatorError as error:
        return [str(error)]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("reader", ["matrix", "pairs"])
def test_a_text_file_that_is_no_table_gets_a_sentence(reader: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "given.csv"
    path.write_text(text, encoding="utf-8")
    found = complaints(reader, path)
    assert found
    assert all("given.csv" in sentence and len(sentence) < 500 for sentence in found)


def test_thousands_of_unknown_criteria_are_told_each_by_its_cell(tmp_path: Path) -> None:
    root = write(tmp_path / "workspace", contents())
    rows = [[text_cell(f"A{row}", f"c-{row}"), text_cell(f"C{row}", "9")] for row in range(3, 2_003)]
    path = workbook(tmp_path / "given.xlsx", form(rows))
    report = import_files(
        [path], load(root), CardStore(Transaction(root), Layout()), ImportOptions(TODAY, dry_run=True)
    )
    assert report.failed
    assert {problem.code for problem in report.files[0].problems} >= {"unknown-criterion"}
    assert all(problem.cell for problem in report.files[0].problems if problem.code == "unknown-criterion")
