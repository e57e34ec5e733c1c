"""A workbook that came back: its forms, its rows of answers, and what is wrong with each cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders import AS_OF, build, contents, workspace
from exchange_sheets import FIRST, KEYS, form_of, full, messages
from hostile_workbooks import form, number_cell, rows_of, sheet, text_cell, workbook
from hypothesis import given
from hypothesis import strategies as st

from evaluator.errors import Severity
from evaluator.forms.answer_rows import BLANK, AnswerRow, Item
from evaluator.forms.cell_marks import Exported, Form, exported
from evaluator.forms.cell_words import text_of
from evaluator.forms.form_layout import CARD_KINDS
from evaluator.forms.import_changes import ReturnedAnswer
from evaluator.forms.scorecard_reader import (
    MAX_TEXT,
    TWICE,
    AnswerCells,
    Incoming,
    complete,
    computed,
    late,
    misplaced_answers,
    moved_catalogue,
    open_forms,
    read_answers,
    read_header,
    spread,
    unplaced,
)
from evaluator.model.catalogue import Catalogue
from evaluator.xlsx.guard import RefusedError, admit


def catalogue(criteria: int = 2, change: Callable[[Any], None] | None = None) -> Catalogue:
    content = contents(criteria=criteria, families=1, vendors=0)
    if change:
        change(content["criteria/f-1.yaml"]["criteria"])
    return build(content).catalogue


def incoming(of: Catalogue | None = None) -> Incoming:
    return Incoming("given.xlsx", Exported() if of is None else exported(of), ())


def test_the_forms_of_a_workbook_and_what_went_out_with_it(tmp_path: Path) -> None:
    hidden = sheet(rows_of([[text_cell("A1", "evaluator-workbook/1")], [text_cell("A2", "catalogue"), text_cell("B2", "test"), text_cell("C2", "1")]]))  # fmt: skip
    plain = sheet(rows_of([[number_cell("A1", 1)]]))
    path = workbook(tmp_path / "given.xlsx", plain, form([]), hidden, form([], "questionnaire v-2 business"))
    found = open_forms(admit(path))
    assert (found.file, [one.token.vendor for one in found.forms]) == ("given.xlsx", ["v-1", "v-2"])
    assert found.exported == Exported("test", "1")
    with pytest.raises(RefusedError) as refused:
        open_forms(admit(workbook(path, plain, hidden)))
    assert str(refused.value) == (
        "'given.xlsx' holds no form of the evaluator: its hidden marks are gone, or it never was one; "
        "export it again and copy the answers over."
    )


# The catalogue


def test_a_catalogue_that_has_not_moved_is_not_spoken_of() -> None:
    assert moved_catalogue(incoming(catalogue()), catalogue()) == []
    assert moved_catalogue(incoming(), catalogue()) == [
        "the hidden sheet is gone: what was exported is not known, so every difference has to be decided"
    ]


def test_criteria_reworded_added_and_removed_since() -> None:
    def reworded(criteria: Any) -> None:
        criteria[0]["question"] = "Something else?"
        del criteria[1]

    assert moved_catalogue(incoming(catalogue(3)), catalogue(4, reworded)) == [
        "exported from test 1.0.0, moved to test 1.0.0 by ids",
        "reworded since (read again whether the answers hold): c-1",
        "added since (not in the workbook): c-4",
        "removed since (their answers are not imported): c-2",
    ]
    assert moved_catalogue(incoming(catalogue(2)), catalogue(3)) == [
        "exported from test 1.0.0, moved to test 1.0.0 by ids", "added since (not in the workbook): c-3",
    ]  # fmt: skip


def test_long_lists_are_cut_after_twelve() -> None:
    twelve = ", ".join(f"c-{n}" for n in range(3, 15))
    assert moved_catalogue(incoming(catalogue(2)), catalogue(14))[1] == f"added since (not in the workbook): {twelve}"
    assert moved_catalogue(incoming(catalogue(2)), catalogue(15))[1].endswith(f"{twelve} and 1 more")


# Criteria without a place


def test_criteria_that_nobody_knows_are_told_by_their_cells() -> None:
    (problem,) = unplaced(form_of(full("c-1"), {"criterion": " x  y "}), incoming(catalogue()), catalogue())
    assert (problem.code, problem.message, problem.file, problem.cell, problem.severity) == (
        "unknown-criterion", "there is no criterion 'x y'", "given.xlsx", f"V-1!A{FIRST + 1}", Severity.ERROR,
    )  # fmt: skip
    (long,) = unplaced(form_of({"criterion": "n" * 70}), incoming(catalogue()), catalogue())
    assert long.message == f"there is no criterion '{'n' * 64}'"


def test_removed_criteria_are_told_where_something_is_entered() -> None:
    sent, now = incoming(catalogue(3)), catalogue(2)
    lines = [
        full("c-1"),
        {"criterion": "c-3", "line": 1.0},
        {"criterion": "c-3", "line": 2.0, "source": "far  off " * 9},
    ]
    (problem,) = unplaced(form_of(*lines), sent, now)
    assert (problem.code, problem.file, problem.cell, problem.severity) == (
        "removed-criterion", "given.xlsx", f"V-1!H{FIRST + 2}", Severity.WARNING,
    )  # fmt: skip
    assert problem.message == f"c-3 is no longer in the catalogue; its answer '{('far off ' * 9)[:60]}' is not imported"
    assert list(unplaced(form_of(*lines[:2]), sent, now)) == []
    (level,) = unplaced(form_of({"criterion": "c-3", "level": 3.0, "note": "x"}), sent, now)
    assert level.cell == f"V-1!C{FIRST}"


# Formulas


def test_stored_results_of_formulas_by_their_cells() -> None:
    found = form_of(full("c-1"), full("c-2", level=""), head={"kind": "trial", "date": ""})
    assert computed(found) == {}
    found.sheet.seen.computed |= {(5, 2), (4, 3), (4, 0), (3, 2), (4, 2)}
    assert computed(found) == {"V-1!C5": 3.0, "V-1!D5": "The page says so.", "V-1!C6": ""}
    found.sheet.seen.unstored.add((5, 2))
    assert list(computed(found)) == ["V-1!C5", "V-1!D5"]
    found.sheet.seen.computed |= {(2, 0), (1, 1)}
    assert list(computed(found)) == ["V-1!A3", "V-1!C5", "V-1!D5"]


CATALOGUE = workspace(criteria=2).catalogue
DAY = date(2026, 11, 3)
ITEM = Item("https://vendor.example/doc", date(2026, 10, 1), None, "C", "")


def read(*lines: dict[str, Any], day: date | None = None, **more: Any) -> tuple[Form, list[ReturnedAnswer]]:
    form = form_of(*lines, **more)
    return form, read_answers(form, CATALOGUE, day)


def faults(*lines: dict[str, Any], day: date | None = None) -> list[tuple[str | None, str]]:
    """What is wrong with the only answer of a form, whether it cannot be read or lacks something."""
    form, (found,) = read(*lines, day=day)
    return messages([*found.faults, *complete(found, form, CATALOGUE, AS_OF)])


def test_every_cell_of_an_answer_is_read_into_its_place() -> None:
    lines = (
        full(missing="the contract", capped_from=4.0, captured="2026-10-02", note="page 3"),
        {
            "criterion": "c-1",
            "line": 2.0,
            "missing": " a test ",
            "source": "b",
            "date": "3.11.2026",
            "grade": "grade b",
        },
        {"criterion": "c-1", "line": 3.0},
    )
    _, (found,) = read(*lines)
    assert (found.criterion, found.cell, found.confirmed, found.faults) == ("c-1", "V-1!C5", None, [])
    assert found.row == AnswerRow(
        level=3,
        rationale="The page says so.",
        missing=("the contract", "a test"),
        confidence="medium",
        capped_from=4,
        evidence=(
            Item("https://vendor.example/doc", date(2026, 10, 1), date(2026, 10, 2), "C", "page 3"),
            Item("b", DAY, None, "B", ""),
        ),
    )


def test_an_empty_block_is_a_blank_row_and_criteria_the_catalogue_lacks_are_left_out() -> None:
    _, found = read({"criterion": "c-9", "level": 3.0}, {"criterion": "c-2"}, full("c-1"))
    assert [one.criterion for one in found] == ["c-2", "c-1"]
    assert found[0].row == BLANK
    assert found[1].faults == found[0].faults == []


def test_a_fault_in_one_answer_stays_with_it() -> None:
    _, found = read(full("c-1", level="high"), full("c-2"))
    assert messages(found[0].faults) == [("V-1!C5", "expected a level from 0 to 4, or unknown, found 'high'")]
    assert found[1].faults == []


def test_a_column_that_is_not_there_reads_as_empty() -> None:
    keys = tuple(key for key in KEYS if key not in {"confidence", "note", "confirmed"})
    _, (found,) = read(full(confidence="high", note="x"), keys=keys)
    assert (found.row.confidence, found.row.evidence[0].note, found.confirmed) == ("", "", None)


@pytest.mark.parametrize(
    ("word", "meant"), [("l", "low"), ("M", "medium"), ("med", "medium"), ("mid", "medium"), ("h", "high"), ("High", "high")]
)  # fmt: skip
def test_short_words_for_a_confidence(word: str, meant: str) -> None:
    _, (found,) = read(full(confidence=word))
    assert found.row.confidence == meant


def test_formulas_and_error_values_are_not_read() -> None:
    form = form_of(full(level="", rationale=""))
    form.sheet.seen.unstored.add((4, 2))
    form.sheet.seen.errors.add((4, 3))
    (found,) = read_answers(form, CATALOGUE)
    assert [(fault.cell, fault.message, fault.hint, fault.code, fault.path) for fault in found.faults] == [
        (
            "V-1!C5", "the cell holds a formula without a stored result",
            "formulas are not computed here; type the answer itself", "cell", ("level",),
        ),
        ("V-1!D5", "the cell holds an error value such as #N/A", "type the answer itself", "cell", ("rationale",)),
    ]  # fmt: skip


def test_an_entry_may_stand_in_any_row_of_its_block_and_twice_if_it_is_the_same() -> None:
    lines = [{"criterion": "c-1", "line": float(line)} for line in (1, 2, 3)]
    lines[1]["level"] = 2.0
    lines[2]["level"] = "2"
    lines[2]["rationale"] = "Because."
    _, (found,) = read(*lines)
    assert (found.row.level, found.row.rationale, found.faults) == (2, "Because.", [])


def test_two_different_entries_are_named_by_their_cells() -> None:
    lines = [{"criterion": "c-1", "line": float(line), "level": level} for line, level in ((1, ""), (2, 2.0), (3, 3.0))]
    _, (found,) = read(*lines)
    assert [(fault.cell, fault.message, fault.hint) for fault in found.faults] == [
        ("V-1!C7", "c-1 has two entries here, in C6 and C7", "keep one of them")
    ]
    assert found.row.level is None


def test_a_level_that_was_capped_is_a_level_or_nothing() -> None:
    assert faults(full(capped_from="unknown")) == [("V-1!G5", "expected a level or nothing, found unknown")]
    _, (found,) = read(full(capped_from="unknown"))
    assert found.row.capped_from is None
    _, (zero,) = read(full(capped_from=0.0))
    assert zero.row.capped_from == 0


def test_a_criterion_that_stands_twice_is_named_by_both_rows_and_not_read() -> None:
    form, (found,) = read(full(line=1), full(line=2), full(line=2, level=""))
    (fault,) = found.faults
    assert (fault.cell, fault.message, fault.hint, fault.code) == (
        "V-1!C7", "c-1 stands in the sheet twice, also in row 6", "keep one", TWICE,
    )  # fmt: skip
    assert found.row == BLANK
    assert complete(found, form, CATALOGUE, AS_OF) == []


def test_rows_without_a_line_number_are_no_second_copy() -> None:
    _, (found,) = read(
        full(), full(line=2, level="", rationale="", confidence=""), {"criterion": "c-1"}, {"criterion": "c-1"}
    )
    assert found.faults == []
    assert len(found.row.evidence) == 2


@pytest.mark.parametrize("length", [MAX_TEXT, MAX_TEXT + 1])
def test_the_longest_text_that_is_taken(length: int) -> None:
    said = faults(full(rationale="x" * length))
    assert said == ([] if length == 40_000 else [("V-1!D5", "the text has 40,001 characters; expected at most 40,000")])


@pytest.mark.parametrize(("typed", "grade"), [("a", "A"), ("Grade Z", "Z"), ("z ", "Z")])
def test_grades_as_people_write_them(typed: str, grade: str) -> None:
    _, (found,) = read(full(grade=typed))
    assert found.row.evidence[0].grade == grade


@pytest.mark.parametrize("typed", ["AB", "1", "ä", "[", "@"])
def test_what_is_no_grade(typed: str) -> None:
    assert faults(full(grade=typed)) == [("V-1!K5", f"expected a grade of evidence, one letter, found '{typed}'")]


def test_an_answer_looked_at_again() -> None:
    _, (found,) = read(full(confirmed="2026-11-03"))
    assert found.confirmed == DAY
    for word in ("yes", "X", "ok", "still stands"):
        _, (found,) = read(full(confirmed=word), day=DAY)
        assert found.confirmed == DAY
    _, (found,) = read(full(confirmed="yes"))
    (fault,) = found.faults
    assert (fault.cell, fault.message, fault.hint) == (
        "V-1!M5", "expected the day, found no day at the top of the sheet either", "write it as YYYY-MM-DD",
    )  # fmt: skip
    assert found.confirmed is None


# What an answer lacks


def test_a_complete_answer_lacks_nothing() -> None:
    assert faults(full()) == []
    assert faults({"criterion": "c-1"}) == []


def test_each_thing_that_lacks_is_said_in_the_first_row_of_the_answer() -> None:
    rows = ({"criterion": "c-1", "line": 1.0}, {"criterion": "c-1", "line": 2.0, "missing": "a test"})
    form, (found,) = read(*rows)
    assert [(fault.cell, fault.message, fault.hint) for fault in complete(found, form, CATALOGUE, AS_OF)] == [
        ("V-1!C5", "c-1 has entries but no level", "write unknown if it is not known"),
        ("V-1!D5", "c-1 has no reason", "one sentence that names the evidence"),
        ("V-1!F5", "c-1 has no confidence", "one of low, medium, high"),
    ]


def test_an_unknown_needs_no_confidence_but_a_level_does() -> None:
    assert faults(full(level="unknown", confidence="")) == []
    assert faults(full(confidence="")) == [("V-1!F5", "c-1 has no confidence")]


def test_evidence_lacks_are_said_in_its_own_row() -> None:
    second = {"criterion": "c-1", "line": 2.0, "note": "x"}
    form, (found,) = read(full(), second)
    assert [(fault.cell, fault.message, fault.hint) for fault in complete(found, form, CATALOGUE, AS_OF)] == [
        ("V-1!H6", "the evidence has no source", "where can it be found?"),
        ("V-1!I6", "the evidence has no date", "the day it stands for, or the day it was captured"),
        ("V-1!K6", "the evidence has no grade", "one of A, B, C, D, E"),
    ]
    assert faults(full(date="", captured="2026-10-01")) == []
    form, (found,) = read(full(grade="F"))
    (fault,) = complete(found, form, CATALOGUE, AS_OF)
    assert (fault.cell, fault.message, fault.hint) == (
        "V-1!K5", "expected a grade of the catalogue, found F", "one of A, B, C, D, E",
    )  # fmt: skip


def test_a_cell_that_cannot_be_read_is_not_said_to_be_empty_as_well() -> None:
    assert faults(full(level="high")) == [("V-1!C5", "expected a level from 0 to 4, or unknown, found 'high'")]
    assert [cell for cell, _ in faults(full(date="soon"))] == ["V-1!I5"]
    # Another item of evidence lacks a date of its own.
    second = {"criterion": "c-1", "line": 2.0, "source": "b", "grade": "B"}
    assert [cell for cell, _ in faults(full(date="soon"), second)] == ["V-1!I5", "V-1!I6"]
    # The one answer cell is the same whichever row it was found in.
    rows = (full(level=""), {"criterion": "c-1", "line": 2.0, "level": "high"})
    assert [cell for cell, _ in faults(*rows)] == ["V-1!C6"]


def test_only_a_cell_that_cannot_be_read_still_leaves_an_answer_to_complete() -> None:
    assert faults({"criterion": "c-1", "level": "high"}) == [
        ("V-1!C5", "expected a level from 0 to 4, or unknown, found 'high'"),
        ("V-1!D5", "c-1 has no reason"),
        ("V-1!F5", "c-1 has no confidence"),
    ]


def test_what_is_confirmed_must_be_an_answer_and_not_after_the_evaluation() -> None:
    assert faults({"criterion": "c-1", "confirmed": "2026-11-24"}) == [("V-1!M5", "c-1 has no answer to confirm")]
    assert faults(full(confirmed="2026-11-24")) == []
    assert faults(full(confirmed="2026-11-25")) == [
        ("V-1!M5", "2026-11-25 lies after the date of the evaluation, 2026-11-24")
    ]


def test_days_of_evidence_up_to_the_date_of_the_evaluation() -> None:
    assert list(late(AS_OF, AS_OF, AS_OF)) == []
    assert list(late(None, None, AS_OF)) == []
    after, hint = date(2026, 11, 25), "correct it, or move as_of in evaluation.yaml first"
    words = "2026-11-25 lies after the date of the evaluation, 2026-11-24"
    assert list(late(after, after, AS_OF)) == [("date", words, hint), ("captured", words, hint)]
    assert list(late(DAY, date(2026, 11, 2), AS_OF)) == [
        (
            "date", "the evidence stands for 2026-11-03 but was captured on 2026-11-02, before that day",
            "correct one of the two",
        )
    ]  # fmt: skip
    assert list(late(DAY, None, AS_OF)) == list(late(None, DAY, AS_OF)) == []


def test_late_evidence_is_said_in_its_cell() -> None:
    assert faults(full(), {**full(line=2, level="", rationale="", confidence=""), "date": "2026-11-25"}) == [
        ("V-1!I6", "2026-11-25 lies after the date of the evaluation, 2026-11-24")
    ]


@pytest.mark.parametrize(
    ("level", "typed", "confidence"),
    [("unknown", "", "low"), ("unknown", "high", "high"), (2.0, "", ""), ("", "", "")],
)
def test_an_unknown_without_confidence_is_of_low_confidence(level: Any, typed: str, confidence: str) -> None:
    _, (found,) = read(full(level=level, confidence=typed))
    assert found.row.confidence == confidence


# Entries that belong to no criterion


def test_entries_in_rows_of_no_criterion_once_per_row() -> None:
    form = form_of(full(), {"source": "a", "note": "b"}, {}, {"line": 2.0}, {"confirmed": "yes"})
    assert len(read_answers(form, CATALOGUE)) == 1
    problems = list(misplaced_answers(form))
    assert [(p.cell, p.message, p.hint, p.code, p.file) for p in problems] == [
        (
            cell, "the entry stands in a row that belongs to no criterion", "move it to a row of its criterion",
            "cell", "given.xlsx",
        )
        for cell in ("V-1!H6", "V-1!M9")
    ]  # fmt: skip


def test_every_column_for_entries_of_every_form_is_looked_at() -> None:
    keys = (
        "level", "rationale", "missing", "confidence", "capped_from", "source", "date", "captured", "grade", "note", "confirmed",
        "since", "reply", "link", "document_date",
    )  # fmt: skip
    form = form_of(*({key: "x"} for key in (*keys, "about", "stated")), keys=("criterion", "about", "stated", *keys))
    assert [problem.cell for problem in misplaced_answers(form)] == [
        f"V-1!{'DEFGHIJKLMNOPQR'[n]}{n + 5}" for n in range(15)
    ]


def test_the_head_is_no_entry_even_below_the_keys() -> None:
    form = form_of(full(), {"level": "#head kind"}, {"level": "trial"}, {"level": "late"})
    assert form.header == {"kind": (6, 2)}
    assert messages(misplaced_answers(form)) == [("V-1!C8", "the entry stands in a row that belongs to no criterion")]


# Merged cells


def three() -> list[dict[str, Any]]:
    """One row each of three criteria, the first with a level."""
    return [full("c-1"), full("c-2", level="", line=1), full("c-3", level=1.0)]


def test_a_value_merged_over_several_criteria_is_given_to_each() -> None:
    form = form_of(*three(), merged=[((4, 2), (5, 2))])
    assert spread(form) == ["V-1!C5:C6 is merged over 2 criteria; each of them gets what it says"]
    assert [form.at(row, "level") for row in (4, 5, 6)] == [3.0, 3.0, 1.0]


def test_a_value_merged_over_rows_of_one_criterion_stays_one() -> None:
    lines = [full("c-1"), full("c-1", 2, level=""), full("c-2", level="")]
    form = form_of(*lines, merged=[((4, 2), (5, 2))])
    assert spread(form) == []
    assert form.at(5, "level") == ""


def test_only_the_first_row_of_each_criterion_gets_the_value() -> None:
    lines = [
        full("c-1"),
        full("c-2", level=""),
        full("c-2", 2, level=""),
        full("c-1", 2, level=""),
        full("c-3", level=""),
    ]
    form = form_of(*lines, merged=[((4, 2), (8, 2))])
    assert spread(form) == ["V-1!C5:C9 is merged over 3 criteria; each of them gets what it says"]
    assert [form.at(row, "level") for row in range(4, 9)] == [3.0, 3.0, "", "", 3.0]


def test_merged_ranges_outside_of_the_answers_are_left_alone() -> None:
    lines = [*three(), {}]
    for merged in (((0, 0), (4, 0)), ((4, 2), (7, 2)), ((5, 2), (6, 2))):
        form = form_of(*lines, merged=[merged])
        before = [list(row) for row in form.sheet.rows]
        assert spread(form) == []
        assert form.sheet.rows == before


def test_a_range_that_ends_below_the_sheet_ends_at_its_last_row() -> None:
    form = form_of(*three()[:2], merged=[((4, 2), (40, 2))])
    assert spread(form) == ["V-1!C5:C6 is merged over 2 criteria; each of them gets what it says"]
    assert form.at(5, "level") == 3.0


# The head


def test_the_head_of_a_form() -> None:
    found = read_header(
        form_of(head={"assessor": " Desk-A ", "kind": "Trial", "notice": " Seen. ", "date": "3.11.2026"}), CARD_KINDS
    )
    assert (found.assessor, found.kind, found.notice, found.day, found.faults) == ("desk-a", "trial", "Seen.", DAY, {})
    empty = read_header(form_of(), CARD_KINDS)
    assert (empty.assessor, empty.kind, empty.notice, empty.day, empty.faults) == ("", "", "", None, {})


def test_mistakes_in_the_head_by_their_cells() -> None:
    found = read_header(form_of(head={"kind": "guess", "date": "soon", "notice": "x" * 40_001}), CARD_KINDS)
    assert [(fault.cell, fault.message, fault.hint, fault.code, fault.file) for fault in found.faults.values()] == [
        (
            "V-1!A3", "expected desk review, trial, questionnaire or moderation, found 'guess'", "", "cell",
            "given.xlsx",
        ),
        ("V-1!C3", "the text has 40,001 characters; expected at most 40,000", "", "cell", "given.xlsx"),
        ("V-1!B3", "expected a date, found 'soon'", "write it as YYYY-MM-DD", "cell", "given.xlsx"),
    ]  # fmt: skip
    assert (found.kind, found.notice, found.day) == ("", "", None)


@given(st.lists(st.sampled_from(["", 1.0, "1", "1.0", 2.0, "unknown"]), min_size=1, max_size=4))
def test_one_cell_of_a_block_is_what_all_its_entries_say(entries: list[Any]) -> None:
    form = form_of(
        *({"criterion": "c-1", "line": float(n), "level": entry} for n, entry in enumerate(entries, start=1))
    )
    cells = AnswerCells(form)
    found = cells.once(form.blocks[0], "level", text_of, "nothing")
    said = {text_of(entry) for entry in entries if entry != ""}
    assert found == (said.pop() if len(said) == 1 else "nothing")
    assert bool(cells.faults) == (len({text_of(entry) for entry in entries if entry != ""}) > 1)


def test_levels_are_those_of_the_criterion() -> None:
    short = Catalogue(
        head=CATALOGUE.head,
        families={"f-1": (CATALOGUE.criteria["c-1"].model_copy(update={"levels": {1: "a", 2: "b"}}),)},
    )
    found = read_answers(form_of(full(level=3.0)), short)
    assert messages(found[0].faults) == [("V-1!C5", "expected a level from 1 to 2, or unknown, found 3")]
