"""The copy of a workbook that came back: findings at their cells and on a first sheet, everything else as it was."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from exchange_tools import Filled, export, rewritten, small
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from evaluator import api
from evaluator.errors import EvaluatorError, Problem, Severity
from evaluator.forms.annotation import FIRST, MARK, SHEET, annotate
from evaluator.forms.form_writer import FONT
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


def found_in(book: Any, title: str = SHEET) -> list[tuple[Any, ...]]:
    """The findings: cell, kind, finding, what to do."""
    return [row[:4] for row in book[title].iter_rows(min_row=FIRST, values_only=True)]


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
    rows = found_in(book)
    found = {problem.cell: problem for problem in imported.problems}
    assert [row[:3] for row in rows] == [
        (form.name(key, "level"), "error", found[form.name(key, "level")].message) for key in ("c-3", "c-2")
    ]
    for key in ("c-2", "c-3"):
        name, address = form.name(key, "level").split("!")
        cell = book[name][address]
        assert cell.comment.text == f"error: {found[f'{name}!{address}'].message}. Correct the entry."
        assert cell.fill.fgColor.rgb == "00FFC7CE"
    links = {cell.value: cell.hyperlink.location for (cell, *_) in book[SHEET].iter_rows(min_row=FIRST)}
    name, address = form.name("c-2", "level").split("!")
    assert links[f"{name}!{address}"] == f"'{name}'!{address}"


def test_the_findings_say_of_what_and_when_they_are(root: Path, form: Filled, tmp_path: Path) -> None:
    taken(root, form, tmp_path / "copy.xlsx")
    sheet = book_of(tmp_path / "copy.xlsx")[SHEET]
    assert [sheet.cell(row, 1).value for row in (1, 2, 3, 5)] == [
        "Import findings", "Vendor and edition: V-1 · Business", "Date of import: 2026-11-20", "Cell",
    ]  # fmt: skip
    assert [cell.value for cell in sheet[5][:4]] == ["Cell", "Kind", "Finding", "What to do"]
    assert {cell.font.name for row in sheet.iter_rows() for cell in row if cell.value} == {FONT}
    assert sheet.row_dimensions[1].height == 26
    assert [sheet.column_dimensions[letter].hidden for letter in "DEFG"] == [False, True, True, True]


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
    assert [row[2] for row in found_in(book)] == ["Nothing has to be fixed or decided."]
    assert not [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.comment]


def test_a_conflict_says_both_answers(root: Path, form: Filled, tmp_path: Path) -> None:
    path = root / "vendors/v-1/business/desk-a.yaml"
    level = form.cell("c-1", "level").value
    path.write_text(path.read_text(encoding="utf-8").replace(f"level: {level}", "level: 1", 1), encoding="utf-8")
    form.put("c-1", "level", 4)
    report = taken(root, form, tmp_path / "copy.xlsx")
    (conflict,) = report.files[0].conflicts
    name, address = conflict.cell.split("!")
    book = book_of(tmp_path / "copy.xlsx")
    (row,) = found_in(book)
    assert row[1:3] == ("conflict", "workspace: level 1; this workbook: level 4")
    assert book[name][address].comment.text == f"conflict: {row[2]}. {row[3]}"
    assert "--" not in row[3]


# A second copy


@pytest.mark.parametrize("name", ["V-1", "Renamed"])
def test_a_corrected_cell_has_its_own_colour_and_note_again(
    root: Path, form: Filled, tmp_path: Path, name: str
) -> None:
    form.put("c-2", "level", "seven")
    form.put("c-3", "level", "nine")
    form.cell("c-2", "level").fill = PatternFill("solid", fgColor="00CCEEDD")
    form.cell("c-2", "level").comment = Comment("ask Ann", "Bob")
    taken(root, form, tmp_path / "copy.xlsx")
    again = Filled(tmp_path / "copy.xlsx")
    assert again.cell("c-2", "level").comment.text.endswith("ask Ann")
    again.put("c-2", "level", 4)
    again.sheet.title = name
    taken(root, again, tmp_path / "second.xlsx")
    second = Filled(tmp_path / "second.xlsx")
    assert second.cell("c-3", "level").fill.fgColor.rgb == "00FFC7CE"
    cell = second.cell("c-2", "level")
    assert cell.fill.fgColor.rgb == "00CCEEDD"
    assert (cell.comment.text, cell.comment.author) == ("ask Ann", "Bob")


def test_a_marked_cell_that_was_moved_gets_the_colour_of_the_forms(root: Path, form: Filled, tmp_path: Path) -> None:
    form.put("c-2", "level", "seven")
    usual = form.cell("c-3", "level").fill.fgColor.rgb
    taken(root, form, tmp_path / "copy.xlsx")
    book = book_of(tmp_path / "copy.xlsx")
    book[SHEET].delete_rows(FIRST)
    book.save(tmp_path / "copy.xlsx")
    again = Filled(tmp_path / "copy.xlsx")
    again.put("c-2", "level", 4)
    taken(root, again, tmp_path / "second.xlsx")
    cell = Filled(tmp_path / "second.xlsx").cell("c-2", "level")
    assert (cell.comment, cell.fill.fgColor.rgb) == (None, usual)


def test_a_colour_chosen_since_is_kept(root: Path, form: Filled, tmp_path: Path) -> None:
    form.put("c-2", "level", "seven")
    taken(root, form, tmp_path / "copy.xlsx")
    again = Filled(tmp_path / "copy.xlsx")
    again.put("c-2", "level", 4)
    again.cell("c-2", "level").fill = PatternFill("solid", fgColor="00112233")
    taken(root, again, tmp_path / "second.xlsx")
    assert Filled(tmp_path / "second.xlsx").cell("c-2", "level").fill.fgColor.rgb == "00112233"


def test_a_sheet_of_ones_own_of_that_name_is_never_deleted(root: Path, form: Filled, tmp_path: Path) -> None:
    form.book.create_sheet(SHEET)["A1"] = "my own list"
    taken(root, form, tmp_path / "copy.xlsx")
    again = Filled(tmp_path / "copy.xlsx")
    assert again.book.sheetnames[0] == "Import findings (2)"
    assert again.book[SHEET]["A1"].value == "my own list"
    assert found_in(again.book, "Import findings (2)")[0][1] == "none"
    taken(root, again, tmp_path / "second.xlsx")
    assert [name for name in book_of(tmp_path / "second.xlsx").sheetnames if name.startswith(SHEET)] == [
        "Import findings (2)",
        SHEET,
    ]


def findings_sheet(book: Any, title: str) -> Any:
    """An empty sheet of findings, as an earlier import left it, under another title."""
    sheet = book.create_sheet(title)
    sheet["A1"] = SHEET
    sheet.cell(FIRST - 1, 5).value = MARK
    for column in "EFG":
        sheet.column_dimensions[column].hidden = True
    return sheet


def test_findings_of_an_earlier_version_or_renamed_are_replaced(root: Path, form: Filled, tmp_path: Path) -> None:
    form.book.create_sheet(SHEET).append(["Cell", "Kind", "Finding", "What to do"])
    findings_sheet(form.book, "Renamed")
    taken(root, form, tmp_path / "copy.xlsx")
    book = book_of(tmp_path / "copy.xlsx")
    assert "Renamed" not in book.sheetnames
    assert [name for name in book.sheetnames if name.startswith(SHEET)] == [SHEET]


@pytest.mark.parametrize("place", ["V-1!XFD1048576", "V-1!ZZZ9999999", "V-1!", "Gone!A1", "=1+1", "x" * 300])
def test_a_strange_sheet_of_findings_marks_nothing(root: Path, form: Filled, tmp_path: Path, place: str) -> None:
    sheet = findings_sheet(form.book, "Findings")
    sheet.cell(FIRST, 5).value = place
    sheet.cell(FIRST, 6).value = "note"
    before = cells(form.book)
    taken(root, form, tmp_path / "copy.xlsx")
    after = cells(book_of(tmp_path / "copy.xlsx"))
    assert after == {key: value for key, value in before.items() if key[0] != "Findings"}


# Formulas


def with_formula(form: Filled, criterion: str, key: str, stored: bytes) -> Path:
    """The saved form with a formula in one of its cells, and a stored result of it."""
    name = form.cell(criterion, key).coordinate
    form.put(criterion, key, 4321)

    def compute(_: str, data: bytes) -> bytes:
        return re.sub(
            rf'(<c r="{name}"[^>]*?)( t="n")?><v>4321</v>'.encode(),
            lambda found: found[1] + stored,
            data,
        )

    return rewritten(form.save(), compute)


def test_the_copy_keeps_the_stored_results_of_formulas_in_entry_cells(root: Path, form: Filled, tmp_path: Path) -> None:
    form.put("c-3", "level", "seven")
    path = with_formula(form, "c-2", "level", b"><f>1+2</f><v>3</v>")
    api.import_scorecards(root, [path], today=TODAY, annotate=tmp_path / "copy.xlsx")
    again = Filled(tmp_path / "copy.xlsx")
    assert again.cell("c-2", "level").value == 3
    assert [row[:3] for row in found_in(again.book)] == [
        (form.name("c-3", "level"), "error", "expected a level from 0 to 4, or unknown, found 'seven'"),
        (form.name("c-2", "level"), "formula", "the cell held a formula; its stored result stands here now: 3"),
    ]
    assert again.cell("c-2", "level").comment is None
    again.put("c-3", "level", 1)
    report = taken(root, again, tmp_path / "second.xlsx")
    assert not report.failed
    assert {change.criterion: change.after.level for change in report.files[0].changes} == {"c-2": 3, "c-3": 1}


@pytest.mark.parametrize(
    ("stored", "value"),
    [(b' t="str"><f>A1&amp;"x"</f><v>=1+1</v>', "=1+1"), (b' t="str"><f>IF(1,"")</f><v></v>', None)],
)
def test_stored_texts_stay_texts_and_empty_ones_leave_the_cell_empty(
    root: Path, form: Filled, tmp_path: Path, stored: bytes, value: str | None
) -> None:
    path = with_formula(form, "c-2", "note", stored)
    api.import_scorecards(root, [path], today=TODAY, annotate=tmp_path / "copy.xlsx")
    cell = Filled(tmp_path / "copy.xlsx").cell("c-2", "note")
    assert (cell.value, cell.data_type == "f") == (value, False)
    assert not api.import_scorecards(root, [tmp_path / "copy.xlsx"], today=TODAY).failed


def test_a_form_that_cannot_be_used_keeps_its_stored_results_too(root: Path, tmp_path: Path) -> None:
    form = Filled(export(root, tmp_path / "out.xlsx", ["v-1"], ""))
    path = with_formula(form, "c-2", "level", b"><f>1+2</f><v>3</v>")
    report = api.import_scorecards(root, [path], today=TODAY, annotate=tmp_path / "copy.xlsx")
    assert [problem.message for problem in report.files[0].problems] == ["the assessor is not named"]
    assert Filled(tmp_path / "copy.xlsx").cell("c-2", "level").value == 3


# What to do


def test_an_assessor_is_told_nothing_that_only_the_terminal_knows(root: Path, form: Filled, tmp_path: Path) -> None:
    form.put("c-2", "date", "2026-12-24")
    form.put("c-3", "grade", "")
    form.put_header("date", "2026-12-24")
    report = taken(root, form, tmp_path / "copy.xlsx")
    assert {"correct it, or move as_of in evaluation.yaml first"} < {p.hint for p in report.files[0].problems}
    rows = found_in(book_of(tmp_path / "copy.xlsx"))
    assert [row[3] for row in rows] == [
        "Enter the day of the answers at the top of the sheet, no later than the date of the evaluation.",
        "One of A, B, C, D, E.",
        "Correct the date; if it is right, tell whoever sent you this workbook.",
    ]


def test_findings_stand_in_the_order_of_their_cells(tmp_path: Path) -> None:
    places = ["It's!B10", "It's!C2", "", "It's!B2", "Second!A1"]
    book = read(tmp_path / "x.xlsx", *(Problem("a", "x", cell=place) for place in places))
    assert [row[0] for row in found_in(book)] == [None, "It's!B2", "It's!C2", "It's!B10", "Second!A1"]


def of(path: Path, *problems: Problem) -> Imported:
    return Imported("x.xlsx", problems=list(problems), workbook=path.read_bytes())


def plain(path: Path) -> Path:
    book: Any = openpyxl.Workbook()
    book.active.title = "It's"
    book.active["B2"] = 1
    book.active["B2"].comment = Comment("my own note", "somebody")
    book.active.merge_cells("C3:D5")
    book.active["A9"] = "=1+1"
    book.create_sheet("Second")
    book.save(path)
    return path


def read(path: Path, *problems: Problem) -> Any:
    target = path.with_name("copy.xlsx")
    target.write_bytes(annotate(of(plain(path), *problems), TODAY))
    return book_of(target)


def test_notes_of_others_stay_and_the_worst_finding_gives_the_colour(tmp_path: Path) -> None:
    mild = Problem("a", "first", cell="It's!B2", severity=Severity.WARNING)
    book = read(tmp_path / "x.xlsx", mild, Problem("b", "second", cell="It's!B2", hint="do it"))
    cell = book["It's"]["B2"]
    assert (
        cell.comment.text
        == "warning: first. Nothing; this is for your information.\nerror: second. Do it.\nmy own note"
    )
    assert cell.fill.fgColor.rgb == "00FFC7CE"
    assert book[SHEET].cell(FIRST, 1).hyperlink.location == "'It''s'!B2"
    assert book["It's"]["A9"].value == "=1+1"


def test_a_cell_inside_a_merged_range_is_marked_at_its_first(tmp_path: Path) -> None:
    book = read(tmp_path / "x.xlsx", Problem("a", "first", cell="It's!D4"))
    assert book["It's"]["C3"].comment.text == "error: first. Correct the entry."


def test_a_finding_without_a_known_cell_is_listed_only(tmp_path: Path) -> None:
    book = read(tmp_path / "x.xlsx", Problem("a", "one"), Problem("b", "two", cell="Gone!A1"))
    assert [row[:3] for row in found_in(book)] == [
        (None, "error", "one"),
        ("Gone!A1", "error", "two"),
    ]
    assert [cell.hyperlink for (cell, *_) in book[SHEET].iter_rows(min_row=FIRST)] == [None, None]


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "@x", "-2"])
def test_a_finding_is_text_however_it_begins(tmp_path: Path, text: str) -> None:
    book = read(tmp_path / "x.xlsx", Problem("a", text, hint=text, cell="It's!B2"))
    assert [(cell.value, cell.data_type) for cell in book[SHEET][f"C{FIRST}:D{FIRST}"][0]] == [
        (text, "s"),
        (f"{text}.", "s"),
    ]


def test_a_row_of_findings_is_as_high_as_its_longest_text(tmp_path: Path) -> None:
    book = read(tmp_path / "x.xlsx", Problem("a", "x " * 200, cell="It's!B2"), Problem("a", "y", cell="It's!B3"))
    first, second = (book[SHEET].row_dimensions[row].height for row in (FIRST, FIRST + 1))
    assert first > 4 * second


def test_what_no_workbook_can_hold_is_shown_by_a_mark(tmp_path: Path) -> None:
    book = read(tmp_path / "x.xlsx", Problem("a", "a\x07b\x1b[31m", cell="It's!B2"))
    assert "\x07" not in book[SHEET].cell(FIRST, 3).value
    assert book[SHEET].cell(FIRST, 3).value.startswith("a")


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


def test_the_same_findings_give_the_same_bytes_at_any_time(
    root: Path, form: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form.put("c-3", "level", 9)
    first, second = tmp_path / "one.xlsx", tmp_path / "two.xlsx"
    given = form.save()
    api.import_scorecards(root, [given], today=TODAY, annotate=first)
    monkeypatch.setattr("time.localtime", lambda *_: (2031, 5, 6, 7, 8, 9, 0, 0, 0))
    api.import_scorecards(root, [given], today=TODAY, annotate=second)
    assert first.read_bytes() == second.read_bytes()
    with ZipFile(first) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_sheet_or_a_note_that_only_looks_like_ours_stays(root: Path, form: Filled, tmp_path: Path) -> None:
    own = form.book.create_sheet("My own")
    own["E5"], own["A1"] = MARK, "my list"
    hidden = form.book.create_sheet("Hidden")
    hidden["E5"], hidden.sheet_state = MARK, "hidden"
    sheet, address = form.name("c-2", "level").split("!")
    form.book[sheet][address].comment = Comment("ask Ann", "evaluator")
    form.put("c-3", "level", 9)
    taken(root, form, tmp_path / "copy.xlsx")
    book = book_of(tmp_path / "copy.xlsx")
    assert {"My own", "Hidden", sheet} <= set(book.sheetnames)
    assert book[sheet][address].comment.text == "ask Ann"
