"""Workbooks as they come back from people: moved, merged, half filled, mistyped, from another catalogue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from builders import answer, contents, evidence, write
from exchange_tools import TODAY, Filled, card, export, rewritten, take, texts_of

from evaluator.errors import Severity

KEYS = ("c-1", "c-2", "c-3", "c-4")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two vendors; desk-a has answered the first with 0, 2, 4, 1."""
    return write(tmp_path / "ws", contents(criteria=4, vendors=2))


@pytest.fixture
def form(root: Path) -> Filled:
    return Filled(export(root, root / "form.xlsx", ["v-1"], "desk-a"))


def level(root: Path, key: str) -> Any:
    found = card(root, "v-1", "desk-a")
    assert found is not None
    return found.answers[key].level if key in found.answers else None


def changed(root: Path, form: Filled, **options: Any) -> dict[str, Any]:
    """Criterion -> new level of what an import changes."""
    report = take(root, form.save(), **options)
    assert report.files[0].problems == []
    return {change.criterion: change.after and change.after.level for change in report.files[0].changes}


def test_rows_sorted_columns_moved_sheets_renamed_hidden_and_surrounded(root: Path, form: Filled) -> None:
    form.put("c-2", "level", "level 3")
    form.put("c-3", "source", "https://example.test/new", 1)
    form.put("c-3", "date", "3 Nov 2026", 1)
    form.put("c-3", "grade", "b", 1)
    sheet = form.sheet
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    first = form.rows["c-1"][0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=first)]
    # Sorted backwards, with the answer and evidence columns swapped, everything shifted by two rows and a column.
    level_at, source_at = form.columns["level"] - 1, form.columns["source"] - 1
    for row in rows:
        row[level_at], row[source_at] = row[source_at], row[level_at]
    keys = sheet.cell(first - 2, level_at + 1), sheet.cell(first - 2, source_at + 1)
    keys[0].value, keys[1].value = keys[1].value, keys[0].value
    assert keys[0].value == "#column source"
    for number, row in enumerate(reversed(rows), start=first):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value
    sheet.insert_rows(1, 2)
    sheet.insert_cols(1)
    sheet.title = "Mine (final) v2"
    sheet.row_dimensions[first + 5].hidden = True
    sheet.column_dimensions["H"].hidden = True
    form.book.create_sheet("Notes", 0)["A1"] = "#column level"
    assert changed(root, form) == {"c-2": 3, "c-3": 4}
    written = card(root, "v-1", "desk-a")
    assert written is not None
    assert [item.source for item in written.answers["c-3"].evidence] == [
        evidence()["source"],
        "https://example.test/new",
    ]
    assert written.answers["c-3"].evidence[1].date == date(2026, 11, 3)


@pytest.mark.parametrize("typed", ["3 ", "3.0", "3,0", "level 3", 3, 3.0, "Level 3"])
def test_a_level_typed_as_text(root: Path, form: Filled, typed: Any) -> None:
    form.put("c-1", "level", typed)
    assert changed(root, form) == {"c-1": 3}


def test_all_mistakes_at_once_by_cell_and_nothing_written(root: Path, form: Filled) -> None:
    before = (root / "vendors/v-1/business/desk-a.yaml").read_bytes()
    form.put("c-1", "level", "high")
    form.put("c-1", "confidence", "sure")
    form.put("c-2", "level", 3)
    form.put("c-2", "date", "03/11/2026")
    form.put("c-3", "grade", "F")
    form.put("c-3", "source", None)
    form.put("c-4", "rationale", None)
    form.put("c-4", "captured", 46329)
    form.cell("c-4", "captured").number_format = "General"
    report = take(root, form.save())
    found = texts_of(report.files[0].problems)
    assert found == {
        form.name("c-1", "level"): "expected a level from 0 to 4, or unknown, found 'high' | ",
        form.name("c-1", "confidence"): "expected low, medium or high, found 'sure' | ",
        form.name("c-2", "date"): "the date '03/11/2026' can be read in two ways | write 2026-11-03 or 2026-03-11",
        form.name("c-3", "grade"): "expected a grade of the catalogue, found F | one of A, B, C, D, E",
        form.name("c-3", "source"): "the evidence has no source | where can it be found?",
        form.name("c-4", "rationale"): "c-4 has no reason | one sentence that names the evidence",
        form.name("c-4", "captured"): "expected a date, found the number 46329 | "
        "format the cell as a date, or write 2026-11-03 if that is meant",
    }
    assert report.files[0].blocked
    assert report.failed
    assert (root / "vendors/v-1/business/desk-a.yaml").read_bytes() == before


def test_accept_valid_takes_the_answers_without_mistakes(root: Path, form: Filled) -> None:
    form.put("c-1", "level", "high")
    form.put("c-2", "level", 3)
    report = take(root, form.save(), accept_valid=True)
    assert report.failed
    assert [change.criterion for change in report.files[0].changes] == ["c-2"]
    assert (level(root, "c-1"), level(root, "c-2")) == (0, 3)


def test_a_changed_answer_must_be_complete(root: Path) -> None:
    form = Filled(export(root, root / "form.xlsx", ["v-2"], "desk-b"))
    form.put("c-1", "level", 2)
    form.put("c-2", "rationale", "Because.")
    form.put("c-3", "level", "unknown")
    form.put("c-3", "rationale", "Nothing found.")
    form.put("c-4", "note", "a stray note", 1)
    found = texts_of(take(root, form.save()).files[0].problems)
    assert found == {
        form.name("c-1", "rationale"): "c-1 has no reason | one sentence that names the evidence",
        form.name("c-1", "confidence"): "c-1 has no confidence | one of low, medium, high",
        form.name("c-2", "level"): "c-2 has entries but no level | write unknown if it is not known",
        form.name("c-2", "confidence"): "c-2 has no confidence | one of low, medium, high",
        form.name("c-4", "level"): "c-4 has entries but no level | write unknown if it is not known",
        form.name("c-4", "rationale"): "c-4 has no reason | one sentence that names the evidence",
        form.name("c-4", "confidence"): "c-4 has no confidence | one of low, medium, high",
        form.name("c-4", "source", 1): "the evidence has no source | where can it be found?",
        form.name("c-4", "date", 1): "the evidence has no date | the day it stands for, or the day it was captured",
        form.name("c-4", "grade", 1): "the evidence has no grade | one of A, B, C, D, E",
    }


def test_an_unknown_answer_may_leave_its_confidence_empty(root: Path) -> None:
    form = Filled(export(root, root / "form.xlsx", ["v-2"], "desk-b"))
    form.put("c-3", "level", "unknown")
    form.put("c-3", "rationale", "Nothing found.")
    assert changed(root, form) == {"c-3": "unknown"}
    written = card(root, "v-2", "desk-b")
    assert written is not None
    assert written.answers["c-3"].confidence == "low"
    assert written.assessed == TODAY
    assert take(root, form.path).files[0].changes == []


def test_emptying_all_cells_of_an_answer_takes_it_away(root: Path, form: Filled) -> None:
    form.answer("c-3", None)
    assert changed(root, form) == {"c-3": None}
    assert level(root, "c-3") is None


def test_deleting_its_rows_leaves_an_answer_alone(root: Path, form: Filled) -> None:
    form.sheet.delete_rows(form.rows["c-4"][0], len(form.rows["c-4"]))
    assert changed(root, form) == {}
    assert level(root, "c-4") == 1


def test_a_column_that_is_gone_does_not_count_as_emptied(root: Path, form: Filled) -> None:
    form.put("c-1", "level", 3)
    form.sheet.delete_cols(form.columns["note"])
    (problem,) = take(root, form.save()).files[0].problems
    assert problem.message == "columns are missing: note; without them an emptied answer cannot be recognised"


def test_merged_cells_give_every_criterion_under_them_their_value(root: Path, form: Filled) -> None:
    for merged in list(form.sheet.merged_cells.ranges):
        form.sheet.unmerge_cells(str(merged))
    first, last = form.rows["c-1"][0], form.rows["c-3"][-1]
    assert form.rows["c-3"][0] == form.rows["c-1"][-1] + 1
    letter = form.cell("c-1", "level").column_letter
    form.put("c-1", "level", 3)
    form.put("c-3", "level", None)
    form.sheet.merge_cells(f"{letter}{first}:{letter}{last}")
    report = take(root, form.save())
    assert {change.criterion: change.after and change.after.level for change in report.files[0].changes} == {
        "c-1": 3,
        "c-3": 3,
    }
    assert report.files[0].notes == [
        f"V-1!{letter}{first}:{letter}{last} is merged over 2 criteria; each of them gets what it says"
    ]


def test_two_entries_for_one_answer_are_not_chosen_between(root: Path, form: Filled) -> None:
    for merged in list(form.sheet.merged_cells.ranges):
        form.sheet.unmerge_cells(str(merged))
    form.put("c-2", "level", 3, 0)
    form.put("c-2", "level", 4, 2)
    (problem,) = take(root, form.save()).files[0].problems
    assert problem.message.startswith("c-2 has two entries here")
    form.put("c-2", "level", 3, 2)
    assert changed(root, form) == {"c-2": 3}


def test_a_criterion_that_stands_twice_is_an_error(root: Path, form: Filled) -> None:
    for offset, row in enumerate(form.rows["c-2"]):
        for column in range(1, form.sheet.max_column + 1):
            form.sheet.cell(200 + offset, column).value = form.sheet.cell(row, column).value
    (problem,) = take(root, form.save()).files[0].problems
    assert "c-2 stands in the sheet twice" in problem.message


def test_an_entry_in_a_row_of_no_criterion_is_an_error(root: Path, form: Filled) -> None:
    row = form.rows["c-4"][-1] + 2
    form.sheet.cell(row, form.columns["source"]).value = "https://lost.example"
    (problem,) = take(root, form.save()).files[0].problems
    assert problem.message == "the entry stands in a row that belongs to no criterion"
    assert problem.cell == f"V-1!J{row}"


def test_a_copied_sheet_is_an_error(root: Path, form: Filled) -> None:
    form.book.copy_worksheet(form.sheet)
    (problem,) = take(root, form.save()).files[0].problems
    assert problem.message == "the sheet is a second copy of 'V-1'"


def test_formulas_are_never_computed(root: Path, form: Filled) -> None:
    form.cell("c-2", "level").value = "=1+2"
    (problem,) = take(root, form.save()).files[0].problems
    assert problem.message == "the cell holds a formula without a stored result"
    assert problem.cell == form.name("c-2", "level")


def test_the_stored_result_of_a_formula_is_taken_and_said(root: Path, form: Filled) -> None:
    name = form.cell("c-2", "level").coordinate
    form.put("c-2", "level", 3)

    def compute(part: str, data: bytes) -> bytes:
        old = f'r="{name}"'.encode()
        if part != "xl/worksheets/sheet3.xml" or old not in data:
            return data
        start = data.index(b"<v>3</v>", data.index(old))
        return data[:start] + b"<f>1+2</f>" + data[start:]

    report = take(root, rewritten(form.save(), compute))
    assert level(root, "c-2") == 3
    assert report.files[0].notes == [f"formulas were not computed, their stored results were taken: V-1!{name}"]


def test_error_values_are_errors(root: Path, form: Filled) -> None:
    cell = form.cell("c-2", "level")
    cell.value, cell.data_type = "#N/A", "e"
    (problem,) = take(root, form.save()).files[0].problems
    assert problem.message == "the cell holds an error value such as #N/A"


def test_text_like_a_formula_stays_text_everywhere(root: Path, form: Filled) -> None:
    texts = {"c-1": "=cmd|' /C calc'!A0", "c-2": "+1", "c-3": "-1+2", "c-4": "@SUM(A1)"}
    for key, text in texts.items():
        form.put(key, "rationale", text)
    assert set(changed(root, form)) == set(texts)
    written = card(root, "v-1", "desk-a")
    assert written is not None
    assert {key: found.rationale for key, found in written.answers.items()} == texts
    again = export(root, root / "again.xlsx", ["v-1"], "desk-a")
    values = Filled(again)
    assert all(values.cell(key, "rationale").data_type == "s" for key in texts)
    assert take(root, again).files[0].changes == []


def test_dates_of_every_kind(root: Path, form: Filled) -> None:
    form.put("c-1", "date", datetime(2026, 11, 3, 15, 0))
    form.put("c-2", "date", date(2026, 11, 3))
    form.put("c-3", "date", "3.11.2026")
    form.put("c-4", "date", "2026-11-03")
    changed(root, form)
    written = card(root, "v-1", "desk-a")
    assert written is not None
    assert {found.evidence[0].date for found in written.answers.values()} == {date(2026, 11, 3)}


def test_a_workbook_that_counts_days_from_1904(root: Path, form: Filled) -> None:
    for key in KEYS:
        form.put(key, "date", date(2026, 11, 3))

    def mac(part: str, data: bytes) -> bytes:
        if part == "xl/workbook.xml":
            return data.replace(b"<workbookPr", b'<workbookPr date1904="1"')
        shift = 1462
        return data.replace(b"<v>46329</v>", f"<v>{46329 - shift}</v>".encode())

    path = rewritten(form.save(), mac)
    assert openpyxl.load_workbook(path).epoch.year == 1904
    take(root, path)
    written = card(root, "v-1", "desk-a")
    assert written is not None
    assert written.answers["c-1"].evidence[0].date == date(2026, 11, 3)


def test_days_after_the_date_of_the_evaluation_would_break_the_workspace(root: Path, form: Filled) -> None:
    form.put("c-1", "date", date(2026, 12, 1))
    form.put("c-2", "captured", date(2026, 12, 1))
    form.put("c-3", "captured", date(2026, 9, 1))
    found = dict(texts_of(take(root, form.save(), today=date(2026, 12, 2)).files[0].problems))
    assert found.pop("V-1!G5").startswith("the answers are of 2026-12-02, after the date of the evaluation, 2026-11-24")
    hint = "correct it, or move as_of in evaluation.yaml first"
    assert found == {
        form.name("c-1", "date"): f"2026-12-01 lies after the date of the evaluation, 2026-11-24 | {hint}",
        form.name("c-2", "captured"): f"2026-12-01 lies after the date of the evaluation, 2026-11-24 | {hint}",
        form.name("c-3", "date"): "the evidence stands for 2026-10-01 but was captured on 2026-09-01, before that day"
        " | correct one of the two",
    }
    again = Filled(export(root, root / "again.xlsx", ["v-1"], "desk-a"))
    again.put("c-1", "level", 3)
    (problem,) = take(root, again.save(), today=date(2026, 12, 2)).files[0].problems
    assert problem.message == "the answers are of 2026-12-02, after the date of the evaluation, 2026-11-24"
    assert problem.cell == "V-1!G5"
    again.put_header("date", "2026-11-24")
    assert changed(root, again) == {"c-1": 3}


def test_the_assessor_may_be_filled_in(root: Path) -> None:
    form = Filled(export(root, root / "form.xlsx", ["v-1"], ""))
    form.put("c-1", "level", "unknown")
    form.put("c-1", "rationale", "Nothing found.")
    (problem,) = take(root, form.save()).files[0].problems
    assert (problem.message, problem.hint) == ("the assessor is not named", "a short id such as desk-a")
    for name in ("Anna Müller", "agreed", "profile", "../desk", "a" * 65):
        form.put_header("assessor", name)
        (problem,) = take(root, form.save()).files[0].problems
        assert "cannot be an assessor's id" in problem.message
    form.put_header("assessor", "Desk-C")
    form.put_header("date", "24.10.2026")
    form.put_header("kind", "trial")
    form.put_header("notice", "In a tenant of our own.")
    assert changed(root, form) == {"c-1": "unknown"}
    written = card(root, "v-1", "desk-c")
    assert written is not None
    assert (written.assessed, written.kind, written.notice) == (date(2026, 10, 24), "trial", "In a tenant of our own.")


def test_an_exported_assessor_is_not_changed(root: Path, form: Filled) -> None:
    form.put_header("assessor", "desk-b")
    (problem,) = take(root, form.save()).files[0].problems
    assert problem.message == "the sheet was exported for desk-a, the cell says desk-b"


def test_changed_answers_bear_the_day_of_the_form(root: Path, form: Filled) -> None:
    form.put("c-1", "level", 3)
    form.put_header("date", "2026-10-24")
    changed(root, form)
    written = card(root, "v-1", "desk-a")
    assert written is not None
    assert (written.answers["c-1"].date, written.answers["c-2"].date) == (date(2026, 10, 24), None)


def test_remarks_on_the_whole_come_back(root: Path, form: Filled) -> None:
    form.put_header("notice", "A remark: with a colon")
    form.put_header("kind", "trial")
    report = take(root, form.save())
    assert [(head.key, head.after) for head in report.files[0].headers] == [
        ("kind", "trial"),
        ("notice", "A remark: with a colon"),
    ]
    written = card(root, "v-1", "desk-a")
    assert written is not None
    assert (written.kind, written.notice) == ("trial", "A remark: with a colon")
    assert take(root, form.path).files[0].headers == []


def edit_disk(root: Path, change: Callable[[dict[str, Any]], None], vendor: str = "v-1") -> None:
    path = root / f"vendors/{vendor}/business/desk-a.yaml"
    value = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(value)
    path.write_text(yaml.safe_dump(value, sort_keys=False), encoding="utf-8")


def test_three_ways_meet_answer_by_answer(root: Path, form: Filled) -> None:
    form.put("c-1", "level", 3)  # only the workbook
    form.put("c-2", "level", 4)  # both, differently
    form.put("c-3", "level", 3)  # both, to the same
    edit_disk(root, lambda value: value["answers"]["c-2"].update(level=1))
    edit_disk(root, lambda value: value["answers"]["c-3"].update(level=3))
    edit_disk(root, lambda value: value["answers"]["c-4"].update(level=0))  # only the workspace
    report = take(root, form.save())
    assert report.failed
    assert [change.criterion for change in report.files[0].changes] == ["c-1"]
    (conflict,) = report.files[0].conflicts
    assert conflict.ours is not None
    assert conflict.theirs is not None
    assert (conflict.criterion, conflict.ours.level, conflict.theirs.level) == ("c-2", 1, 4)
    assert [level(root, key) for key in KEYS] == [3, 1, 3, 0]
    ours = take(root, form.path, prefer="ours")
    assert not ours.failed
    assert [kept.criterion for kept in ours.files[0].kept] == ["c-2"]
    assert [level(root, key) for key in KEYS] == [3, 1, 3, 0]
    theirs = take(root, form.path, prefer="theirs")
    assert [change.criterion for change in theirs.files[0].changes] == ["c-2"]
    assert [level(root, key) for key in KEYS] == [3, 4, 3, 0]


def test_without_the_hidden_sheet_every_difference_is_to_be_decided(root: Path, form: Filled) -> None:
    form.put("c-1", "level", 3)
    del form.book["_evaluator"]
    report = take(root, form.save())
    assert [conflict.criterion for conflict in report.files[0].conflicts] == ["c-1"]
    assert "the hidden sheet is gone" in report.files[0].notes[0]
    assert level(root, "c-1") == 0


def test_a_dry_run_writes_nothing_and_sees_what_came_before_it(root: Path, form: Filled) -> None:
    form.put("c-1", "level", 3)
    first = form.save()
    form.put("c-1", "level", 4)
    second = form.save(root / "second.xlsx")
    report = take(root, first, second, dry_run=True)
    assert [len(imported.changes) for imported in report.files] == [1, 0]
    assert [conflict.criterion for conflict in report.files[1].conflicts] == ["c-1"]
    assert level(root, "c-1") == 0
    real = take(root, first, second)
    assert [conflict.criterion for conflict in real.files[1].conflicts] == ["c-1"]


def test_an_older_catalogue_is_moved_by_ids_with_a_list(root: Path, form: Filled) -> None:
    form.put("c-1", "level", 3)
    form.put("c-2", "level", 3)
    form.put("c-3", "level", 3)
    path = form.save()
    family = root / "criteria/f-1.yaml"
    value = yaml.safe_load(family.read_text())
    assert [item["id"] for item in value["criteria"]] == ["c-1", "c-3"]
    value["criteria"][0]["question"] = "Asked in other words?"
    value["criteria"][1]["id"] = "c-9"
    family.write_text(yaml.safe_dump(value))
    weights = root / "criteria/weights.yaml"
    weights.write_text(weights.read_text().replace("c-3", "c-9"))
    head = root / "criteria/catalogue.yaml"
    head.write_text(head.read_text().replace("1.0.0", "1.1.0"))
    report = take(root, path)
    assert report.files[0].notes == [
        "exported from test 1.0.0, moved to test 1.1.0 by ids",
        "reworded since (read again whether the answers hold): c-1",
        "added since (not in the workbook): c-9",
        "removed since (their answers are not imported): c-3",
    ]
    (problem,) = report.files[0].problems
    assert problem.severity is Severity.WARNING
    assert problem.message == "c-3 is no longer in the catalogue; its answer '3' is not imported"
    assert {change.criterion for change in report.files[0].changes} == {"c-1", "c-2"}


def test_a_level_that_the_new_rubric_lost_is_an_error(root: Path, form: Filled) -> None:
    form.put("c-1", "level", 4)
    path = form.save()
    family = root / "criteria/f-1.yaml"
    value = yaml.safe_load(family.read_text())
    del value["criteria"][0]["levels"][4]
    family.write_text(yaml.safe_dump(value))
    (problem,) = take(root, path).files[0].problems
    assert problem.message == "expected a level from 0 to 3, or unknown, found 4"


def test_what_is_not_of_this_workspace_is_said(root: Path, form: Filled, tmp_path: Path) -> None:
    other = write(tmp_path / "other", contents(vendors=["v-9"]))
    (problem,) = take(other, form.save()).files[0].problems
    assert problem.message == "there is no vendor 'v-1' in this workspace"
    (root / "vendors/v-1/business/desk-a.yaml").write_text("schema: scorecard/1\nvendor: v-1\n")
    report = take(root, form.path)
    assert report.files[0].blocked
    assert {problem.file for problem in report.files[0].problems} == {"vendors/v-1/business/desk-a.yaml"}
    foreign = tmp_path / "foreign.xlsx"
    openpyxl.Workbook().save(foreign)
    (problem,) = take(root, foreign).files[0].problems
    assert "holds no form of the evaluator" in problem.message


def test_mistakes_in_one_file_do_not_keep_the_others_out(root: Path, form: Filled) -> None:
    form.put("c-1", "level", "x")
    bad = form.save(root / "bad.xlsx")
    form.put("c-1", "level", 3)
    report = take(root, bad, root / "missing.xlsx", form.save())
    assert [imported.blocked for imported in report.files] == [True, True, False]
    assert level(root, "c-1") == 3


def test_an_answer_too_long_for_a_cell_is_kept(root: Path) -> None:
    text = "word " * 7_900
    edit_disk(root, lambda value: value["answers"].update({"c-1": answer(2, rationale=text)}))
    form = Filled(export(root, root / "form.xlsx", ["v-1"], "desk-a"))
    assert str(form.cell("c-1", "rationale").value).endswith("[the rest is kept in the scorecard's file]")
    form.put("c-1", "level", 3)
    assert changed(root, form) == {"c-1": 3}
    written = card(root, "v-1", "desk-a")
    assert written is not None
    assert written.answers["c-1"].rationale == text


def test_vendors_with_difficult_names_get_sheets_of_their_own(tmp_path: Path) -> None:
    content = contents(criteria=2, vendors=4, assessors=())
    names = ["'A/B: [1]*?'", "'a b 1", "History", "😀" * 40]
    for number, name in enumerate(names, start=1):
        content[f"vendors/v-{number}/profile.yaml"]["name"] = name
    root = write(tmp_path / "ws", content)
    path = export(root, tmp_path / "form.xlsx", [f"v-{n}" for n in range(1, 5)], "desk-a")
    sheets = openpyxl.load_workbook(path).sheetnames
    assert sheets == ["Start here", "Progress", "A B 1", "a b 1 (2)", "History (2)", "😀" * 15, "_evaluator"]
    assert take(root, path).files[0].problems == []
