"""Files imported one by one: what is written, what is held back, and what is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from builders import build, card_of, contents
from exchange_sheets import KEYS, Shelf, full

from evaluator.errors import Problem, Severity
from evaluator.forms.import_changes import Imported, ImportReport
from evaluator.forms.scorecard_import import ImportOptions, import_files
from evaluator.model.workspace import Workspace

TODAY = date(2026, 11, 20)
Sheets = dict[str, tuple[str, list[dict[str, Any]]]]


def workspace() -> Workspace:
    return build(contents(criteria=2, vendors=2, level=1))


def file(folder: Path, sheets: Sheets, name: str = "given.xlsx") -> Path:
    """A workbook of forms: title -> mark and lines; keys in row 2, lines from row 3 on."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, (mark, lines) in sheets.items():
        sheet = book.create_sheet(title)
        sheet.append([mark])
        sheet.append([f"#column {key}" for key in KEYS])
        for line in lines:
            sheet.append([line.get(key) for key in KEYS])
    book.save(folder / name)
    return folder / name


def sheet(vendor: str, *lines: dict[str, Any], assessor: str = "desk-a") -> tuple[str, list[dict[str, Any]]]:
    return f"#sheet scorecard {vendor} business {assessor}", list(lines)


def imported(*paths: Path, **options: Any) -> tuple[tuple[Imported, ...], Shelf]:
    now = workspace()
    store = Shelf(*(card for vendor in now.vendors.values() for card in vendor.scorecards))
    report = import_files(paths, now, store, ImportOptions(TODAY, **{"prefer": "theirs", **options}))
    return report.files, store


def test_a_change_of_a_scorecard_is_handed_to_the_store(tmp_path: Path) -> None:
    (found,), store = imported(file(tmp_path, {"One": sheet("v-1", full("c-1"), full("c-2", level="unknown"))}))
    assert (found.file, found.problems, found.conflicts, found.blocked, found.failed) == (
        "given.xlsx",
        [],
        [],
        False,
        False,
    )
    assert [change.criterion for change in found.changes] == ["c-1", "c-2"]
    assert found.written == ["changed desk-a"]
    ((before, answers, head),) = store.changed
    assert (before, head, store.created) == (store.cards["v-1", "business", "desk-a"], {}, [])
    assert {key: answer and answer.level for key, answer in answers.items()} == {"c-1": 3, "c-2": "unknown"}


def test_emptied_answers_are_taken_away(tmp_path: Path) -> None:
    _, store = imported(file(tmp_path, {"One": sheet("v-1", {"criterion": "c-1", "line": 1})}))
    assert [answers for _, answers, _ in store.changed] == [{"c-1": None}]


def test_a_remark_alone_is_a_change(tmp_path: Path) -> None:
    path = file(tmp_path, {"One": sheet("v-1")})
    book = openpyxl.load_workbook(path)
    book["One"]["N5"], book["One"]["N6"] = "#head notice", "By two."
    book.save(path)
    (found,), store = imported(path)
    assert ([one.after for one in found.headers], found.written) == (["By two."], ["changed desk-a"])
    assert [(answers, head) for _, answers, head in store.changed] == [({}, {"notice": "By two."})]


def test_a_new_scorecard_is_created_with_its_answers_or_not_at_all(tmp_path: Path) -> None:
    (found,), store = imported(file(tmp_path, {"One": sheet("v-1", full("c-1"), assessor="desk-b")}))
    assert found.written == ["new desk-b"]
    (card,) = store.created
    assert (card.assessor, {key: answer.level for key, answer in card.answers.items()}) == ("desk-b", {"c-1": 3})
    (found,), store = imported(file(tmp_path, {"One": sheet("v-1", {"criterion": "c-1"}, assessor="desk-b")}))
    assert (found.written, found.changes, store.created) == ([], [], [])


def test_what_changes_nothing_writes_nothing(tmp_path: Path) -> None:
    (found,), store = imported(file(tmp_path, {"One": sheet("v-1")}))
    assert (found.written, store.changed, store.created) == ([], [], [])


def test_mistakes_hold_back_the_file_unless_the_valid_answers_are_asked_for(tmp_path: Path) -> None:
    path = file(
        tmp_path, {"One": sheet("v-1", full("c-1"), full("c-2", level="high")), "Two": sheet("v-2", full("c-1"))}
    )
    (found,), store = imported(path)
    assert (found.blocked, found.failed, found.written, store.changed) == (True, True, [], [])
    assert [(change.vendor, change.criterion) for change in found.changes] == [("v-1", "c-1"), ("v-2", "c-1")]
    (found,), store = imported(path, accept_valid=True)
    assert (found.blocked, found.failed, found.written) == (False, True, ["changed desk-a", "changed desk-a"])


def test_a_form_that_cannot_be_used_leaves_the_others(tmp_path: Path) -> None:
    path = file(tmp_path, {"One": sheet("v-9", full("c-1")), "Two": sheet("v-2", full("c-1"))})
    (found,), _ = imported(path)
    assert [problem.cell for problem in found.problems] == ["One!A1"]
    assert [change.vendor for change in found.changes] == ["v-2"]
    (found,), store = imported(path, accept_valid=True)
    assert [before.vendor for before, _, _ in store.changed] == ["v-2"]


def test_a_second_copy_of_a_sheet_is_refused(tmp_path: Path) -> None:
    path = file(tmp_path, {"One": sheet("v-1", full("c-1")), "Two": sheet("v-1", full("c-2"))})
    (found,), _ = imported(path)
    assert [(p.code, p.message, p.file, p.cell, p.hint) for p in found.problems] == [
        ("two-sheets", "the sheet is a second copy of 'One'", "given.xlsx", "Two!A1", "delete one of the two")
    ]
    assert [change.criterion for change in found.changes] == ["c-1"]


def test_a_file_that_is_not_opened_says_why_and_leaves_the_others(tmp_path: Path) -> None:
    good = file(tmp_path, {"One": sheet("v-1", full("c-1"))})
    files, _ = imported(tmp_path / "gone.xlsx", good)
    assert [(p.code, p.message, p.file) for p in files[0].problems] == [
        ("refused", "was not opened: there is no such file", "gone.xlsx")
    ]
    assert [found.blocked for found in files] == [True, False]


def test_conflicts_are_listed_and_nothing_is_taken(tmp_path: Path) -> None:
    path = file(tmp_path, {"One": sheet("v-1", full("c-1"))})
    (found,), store = imported(path, prefer=None)
    assert ([one.criterion for one in found.conflicts], found.failed, found.blocked) == (["c-1"], True, False)
    (kept,), _ = imported(path, prefer="ours")
    assert ([one.criterion for one in kept.kept], kept.failed, kept.changes) == (["c-1"], False, [])
    assert store.changed == []


def test_what_is_said_of_a_file_comes_from_all_its_forms(tmp_path: Path) -> None:
    lines = full("c-1"), {"criterion": "c-9", "level": 2}
    path = file(tmp_path, {"One": sheet("v-1", *lines)})
    book = openpyxl.load_workbook(path)
    book["One"].merge_cells("C3:C4")
    book.save(path)
    (found,), _ = imported(path)
    assert [problem.code for problem in found.problems] == ["unknown-criterion"]
    assert found.notes == [
        "the hidden sheet is gone: what was exported is not known, so every difference has to be decided",
        "V-1!C3:C4 is merged over 2 criteria; each of them gets what it says".replace("V-1", "One"),
    ]


def test_broken_files_of_a_vendor_keep_its_form_out(tmp_path: Path) -> None:
    broken = Problem("x", "is broken", card_of("v-1"))
    (found,), _ = imported(file(tmp_path, {"One": sheet("v-1", full("c-1"))}), broken=(broken,))
    assert found.problems == [broken]


def test_the_day_of_the_answers_is_today(tmp_path: Path) -> None:
    (found,), _ = imported(file(tmp_path, {"One": sheet("v-1", full("c-1"))}))
    assert [change.after and change.after.date for change in found.changes] == [TODAY]


def test_a_report_says_whether_it_only_tried() -> None:
    assert import_files([], workspace(), Shelf(), ImportOptions(TODAY, dry_run=True)) == ImportReport((), dry_run=True)
    assert import_files([], workspace(), Shelf(), ImportOptions(TODAY)).dry_run is False


@pytest.mark.parametrize(
    ("spoil", "failed"),
    [
        (lambda found: found.problems.append(Problem("x", "x", "f")), True),
        (lambda found: found.problems.append(Problem("x", "x", "f", severity=Severity.WARNING)), False),
        (lambda found: found.conflicts.append(object()), True),
        (lambda found: found.kept.append(object()), False),
    ],
)
def test_an_import_failed_where_something_is_left_to_be_decided(spoil: Callable[[Any], None], failed: bool) -> None:  # noqa: FBT001
    found = Imported("f")
    spoil(found)
    assert found.failed is failed
    assert ImportReport((Imported("g"), found), dry_run=False).failed is failed
    assert not ImportReport((Imported("g"),), dry_run=False).failed
