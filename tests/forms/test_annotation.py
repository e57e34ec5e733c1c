"""The copy of a workbook that came back: findings at their cells and on a first sheet, everything else as it was."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from exchange_tools import Filled, export, small
from openpyxl.comments import Comment

from evaluator import api
from evaluator.errors import EvaluatorError, Problem, Severity
from evaluator.forms.annotation import SHEET, annotate
from evaluator.forms.import_changes import Imported

TODAY = date(2026, 11, 20)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small(tmp_path / "ws", vendors=2, criteria=3)


@pytest.fixture
def form(root: Path, tmp_path: Path) -> Filled:
    return Filled(export(root, tmp_path / "out.xlsx", ["v-1"], "desk-a"))


def taken(root: Path, form: Filled, target: Path, **options: Any) -> Any:
    return api.import_scorecards(root, [form.save()], today=TODAY, annotate=target, **options)


def book_of(path: Path) -> Any:
    return openpyxl.load_workbook(path)


def cells(book: Any) -> dict[tuple[str, str], object]:
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None and sheet.title != SHEET
    }


def test_a_mistake_is_marked_at_its_cell_and_listed_first(root: Path, form: Filled, tmp_path: Path) -> None:
    form.put("c-2", "level", "seven")
    form.put("c-3", "level", 9)
    report = taken(root, form, tmp_path / "copy.xlsx")
    (imported,) = report.files
    assert imported.blocked
    assert not imported.written
    book = book_of(tmp_path / "copy.xlsx")
    assert book.sheetnames[0] == book.active.title == SHEET
    rows = [tuple(row) for row in book[SHEET].iter_rows(values_only=True)]
    assert rows[0] == ("Cell", "Kind", "Finding", "What to do")
    found = {problem.cell: problem for problem in imported.problems}
    assert {form.name("c-2", "level"), form.name("c-3", "level")} <= set(found)
    assert [row[:3] for row in rows[1:]] == [(p.cell, p.severity.value, p.message) for p in imported.problems]
    for key in ("c-2", "c-3"):
        name, address = form.name(key, "level").split("!")
        cell = book[name][address]
        problem = found[f"{name}!{address}"]
        assert cell.comment.text == f"error: {problem.message}{f' ({problem.hint})' if problem.hint else ''}"
        assert cell.fill.fgColor.rgb == "00FFC7CE"
    links = {cell.value: cell.hyperlink.location for (cell, *_) in book[SHEET].iter_rows(min_row=2)}
    name, address = form.name("c-2", "level").split("!")
    assert links[f"{name}!{address}"] == f"'{name}'!{address}"


def test_everything_else_stays_and_the_copy_can_be_corrected_and_imported(
    root: Path, form: Filled, tmp_path: Path
) -> None:
    form.put("c-2", "level", "seven")
    before = cells(form.book)
    taken(root, form, tmp_path / "copy.xlsx")
    book = book_of(tmp_path / "copy.xlsx")
    assert cells(book) == before
    assert [sheet.sheet_state for sheet in book.worksheets[1:]] == [sheet.sheet_state for sheet in form.book.worksheets]
    again = Filled(tmp_path / "copy.xlsx")
    again.put("c-2", "level", 4)
    report = taken(root, again, tmp_path / "second.xlsx")
    assert not report.failed
    assert [change.criterion for change in report.files[0].changes] == ["c-2"]
    book = book_of(tmp_path / "second.xlsx")
    assert book.sheetnames.count(SHEET) == 1
    assert [row[2] for row in book[SHEET].iter_rows(min_row=2, values_only=True)] == [
        "Nothing has to be fixed or decided."
    ]
    assert not [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.comment]


def test_a_conflict_says_both_answers(root: Path, form: Filled, tmp_path: Path) -> None:
    path = root / "vendors/v-1/business/desk-a.yaml"
    level = form.cell("c-1", "level").value
    path.write_text(path.read_text(encoding="utf-8").replace(f"level: {level}", "level: 1", 1), encoding="utf-8")
    form.put("c-1", "level", 4)
    report = taken(root, form, tmp_path / "copy.xlsx")
    (conflict,) = report.files[0].conflicts
    name, address = conflict.cell.split("!")
    assert book_of(tmp_path / "copy.xlsx")[name][address].comment.text == (
        "conflict: changed in the workspace and here since the export: level 1 there, level 4 here "
        "(import with --ours or --theirs, or change this answer)"
    )


def of(*problems: Problem) -> Imported:
    return Imported("x.xlsx", problems=list(problems))


def plain(path: Path) -> Path:
    book: Any = openpyxl.Workbook()
    book.active.title = "It's"
    book.active["B2"] = 1
    book.active["B2"].comment = Comment("my own note", "somebody")
    book.active.merge_cells("C3:D5")
    book.active["A9"] = "=1+1"
    book.save(path)
    return path


def read(path: Path, *problems: Problem) -> Any:
    target = path.with_name("copy.xlsx")
    target.write_bytes(annotate(plain(path), of(*problems)))
    return book_of(target)


def test_notes_of_others_stay_and_the_worst_finding_gives_the_colour(tmp_path: Path) -> None:
    mild = Problem("a", "first", cell="It's!B2", severity=Severity.WARNING)
    book = read(tmp_path / "x.xlsx", mild, Problem("b", "second", cell="It's!B2", hint="do it"))
    cell = book["It's"]["B2"]
    assert cell.comment.text == "warning: first\nerror: second (do it)\nmy own note"
    assert cell.fill.fgColor.rgb == "00FFC7CE"
    assert book[SHEET]["A2"].hyperlink.location == "'It''s'!B2"
    assert book["It's"]["A9"].value == "=1+1"


def test_a_cell_inside_a_merged_range_is_marked_at_its_first(tmp_path: Path) -> None:
    book = read(tmp_path / "x.xlsx", Problem("a", "first", cell="It's!D4"))
    assert book["It's"]["C3"].comment.text == "error: first"


def test_a_finding_without_a_known_cell_is_listed_only(tmp_path: Path) -> None:
    book = read(tmp_path / "x.xlsx", Problem("a", "one"), Problem("b", "two", cell="Gone!A1"))
    assert [row[:3] for row in book[SHEET].iter_rows(min_row=2, values_only=True)] == [
        (None, "error", "one"),
        ("Gone!A1", "error", "two"),
    ]
    assert [cell.hyperlink for (cell, *_) in book[SHEET].iter_rows(min_row=2)] == [None, None]


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "@x", "-2"])
def test_a_finding_is_text_however_it_begins(tmp_path: Path, text: str) -> None:
    book = read(tmp_path / "x.xlsx", Problem("a", text, hint=text, cell="It's!B2"))
    assert [(cell.value, cell.data_type) for cell in book[SHEET]["C2:D2"][0]] == [(text, "s"), (text, "s")]


def test_what_no_workbook_can_hold_is_shown_by_a_mark(tmp_path: Path) -> None:
    book = read(tmp_path / "x.xlsx", Problem("a", "a\x07b\x1b[31m", cell="It's!B2"))
    assert "\x07" not in book[SHEET]["C2"].value
    assert book[SHEET]["C2"].value.startswith("a")


def test_a_file_that_is_refused_is_not_annotated_and_changes_nothing(root: Path, tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"PK no zip")
    with pytest.raises(EvaluatorError, match=r"x\.xlsx"):
        api.import_scorecards(root, [tmp_path / "x.xlsx"], today=TODAY, annotate=tmp_path / "copy.xlsx")
    assert not (tmp_path / "copy.xlsx").exists()


def test_wrong_requests(root: Path, form: Filled, tmp_path: Path) -> None:
    path = form.save()
    for files, target, words in (
        ([path, path], tmp_path / "copy.xlsx", "one workbook at a time"),
        ([path], path, "name another file for the copy"),
        ([path], tmp_path / "copy.pdf", "does not end in .xlsx"),
        ([path], root / "vendors" / "copy.xlsx", "copy.xlsx"),
    ):
        with pytest.raises(EvaluatorError, match=words):
            api.import_scorecards(root, files, today=TODAY, annotate=target)


def test_where_the_copy_cannot_be_written_nothing_is_imported(root: Path, form: Filled, tmp_path: Path) -> None:
    before = (root / "vendors/v-1/business/desk-a.yaml").read_bytes()
    form.put("c-1", "level", 4)
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(EvaluatorError):
        taken(root, form, tmp_path / "file" / "x.xlsx")
    assert (root / "vendors/v-1/business/desk-a.yaml").read_bytes() == before
