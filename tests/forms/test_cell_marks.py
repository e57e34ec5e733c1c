"""Marks by which a sheet, its columns and its rows are known, wherever they were moved."""

from __future__ import annotations

from typing import Any

import pytest
from builders import workspace
from exchange_sheets import KEYS, SCORECARD, form_of, full, sheet_of

from evaluator.forms.cell_marks import (
    FORMAT,
    UNNUMBERED,
    Exported,
    Token,
    decode,
    encode,
    exported,
    locate,
    marks_in,
    subject_of,
    token_in,
    wording,
)

CATALOGUE = workspace(criteria=2).catalogue


@pytest.mark.parametrize("kind", ["scorecard", "moderation", "questionnaire"])
@pytest.mark.parametrize("assessor", ["", "desk-a"])
def test_a_mark_spells_its_token(kind: Any, assessor: str) -> None:
    token = Token(kind, "v-1", "business", assessor)
    assert token.mark == f"#sheet {kind} v-1 business {assessor}".strip()
    assert token_in(token.mark) == token


@pytest.mark.parametrize(
    "text",
    [
        "#sheet scorecard v-1", "#sheet guess v-1 business", "#page scorecard v-1 business", "#sheet scorecard a b c d", "",
        None, 3.0, "#sheet scorecard v-1 business " + "x" * 370,
    ],
)  # fmt: skip
def test_what_is_no_mark(text: Any) -> None:
    assert token_in(text) is None


def test_a_mark_of_399_characters_is_read() -> None:
    assert token_in("#sheet scorecard v-1 business " + "x" * 369) is not None


# What went out


def test_what_every_export_says_of_the_catalogue() -> None:
    found = exported(CATALOGUE)
    assert (found.catalogue, found.version, list(found.criteria), found.headers, found.answers) == (
        "test", "1.0.0", ["c-1", "c-2"], {}, {},
    )  # fmt: skip
    assert found.criteria["c-1"] == wording(CATALOGUE.criteria["c-1"])


def test_the_wording_of_a_criterion_is_its_question_and_its_anchors() -> None:
    criterion = CATALOGUE.criteria["c-1"]
    for same in ({"title": "x"}, {"why": "x"}, {"levels": dict(reversed(criterion.levels.items()))}):
        assert wording(criterion.model_copy(update=same)) == wording(criterion)
    for other in ({"question": "x?"}, {"levels": {**criterion.levels, 0: "x"}}):
        assert wording(criterion.model_copy(update=other)) != wording(criterion)


def test_the_hidden_sheet_row_by_row() -> None:
    value = Exported("test", "1.0.0", {"c-1": "aa"}, {SCORECARD: "bb"}, {(SCORECARD, "c-1"): "cc"})
    rows = encode(value, "2.1.0")
    assert rows == [
        ["evaluator-workbook/1", "2.1.0"], ["catalogue", "test", "1.0.0"], ["criterion", "c-1", "aa"],
        ["head", SCORECARD, "bb"], ["answer", SCORECARD, "c-1", "cc"],
    ]  # fmt: skip
    assert decode([sheet_of([["x"]]), sheet_of(rows, name="Renamed"), sheet_of([])]) == value


def test_rows_that_say_nothing_known_are_passed_over() -> None:
    rows = [[FORMAT], ["new", "a", "b"], ["answer", "a"], ["head", 1.0, "x", "", "y"], [], ["catalogue", "test", "1"]]
    assert decode([sheet_of(rows)]) == Exported("test", "1", headers={"x": "y"})
    assert decode([sheet_of([["evaluator-workbook/2"], ["catalogue", "test", "1"]])]) == Exported()
    assert decode([]) == Exported()


# A form


def test_a_form_is_located_by_its_marks_wherever_they_stand() -> None:
    rows = [
        ["Title", "", ""],
        ["", "#column level", "#head date"],
        ["", "", "2026-11-03"],
        ["#head kind", "", SCORECARD],
        ["trial", "", ""],
        ["#column level", "#column criterion", "#column level"],
        [3.0, "c-1", ""],
    ]
    form = locate(sheet_of(rows))
    assert form is not None
    assert (form.token, form.key_row) == (Token("scorecard", "v-1", "business", "desk-a"), 5)
    assert form.columns == {"level": 0, "criterion": 1}
    assert form.header == {"date": (2, 2), "kind": (4, 0)}
    assert (form.named("date"), form.named("kind"), form.named("notice")) == ("2026-11-03", "trial", "")
    assert (form.header_cell("date"), form.header_cell("notice")) == ("V-1!C3", "V-1!A1")
    assert (form.at(6, "level"), form.at(6, "note"), form.at(99, "level")) == (3.0, "", "")
    assert (form.cell(6, "criterion"), form.cell(6, "note")) == ("V-1!B7", "V-1!A7")


def test_the_first_of_two_marks_counts() -> None:
    rows = [[SCORECARD, "#head date", "#head date"], ["#sheet scorecard v-2 business", "a", "b"], ["#column criterion"]]
    form = locate(sheet_of(rows))
    assert form is not None
    assert (form.token.vendor, form.named("date")) == ("v-1", "a")


@pytest.mark.parametrize(
    "rows",
    [[], [[SCORECARD], ["#column level"]], [["#column criterion"]], [["x" + SCORECARD], ["#column criterion"]]],
)
def test_other_sheets_are_no_forms(rows: list[list[Any]]) -> None:
    assert locate(sheet_of(rows)) is None


def test_a_key_row_at_the_top_is_one() -> None:
    form = locate(sheet_of([["#column criterion", SCORECARD], ["c-1"]]))
    assert form is not None
    assert [block.criterion for block in form.blocks] == ["c-1"]


def test_blocks_gather_the_rows_of_a_criterion_by_their_numbers() -> None:
    lines = [
        full("c-2", 2), full(" c-1 ", 1), full("c-2", 1), {"criterion": "c-2"}, {"criterion": "#note"}, {"criterion": 3.0},
        {"criterion": "c-1", "line": 2.5}, {"criterion": "c-1", "line": 0.0}, {"criterion": "c-1", "line": 10_000.0},
        {"criterion": "c-1", "line": 9_999.0}, {"criterion": "c-1", "line": "3"}, {"criterion": "c-1", "line": -1.0},
    ]  # fmt: skip
    form = form_of(*lines)
    assert [(block.criterion, block.lines) for block in form.blocks] == [
        ("c-2", [(1, 6), (2, 4), (UNNUMBERED, 7)]),
        ("c-1", [(1, 5), (9_999, 13), *((UNNUMBERED, row) for row in (10, 11, 12, 14, 15))]),
    ]


def test_a_key_row_without_marks_in_front_is_no_criterion() -> None:
    form = form_of(full(), keys=(*KEYS, "criterion"))
    assert [block.criterion for block in form.blocks] == ["c-1"]


def test_vendor_and_edition_by_their_names() -> None:
    profile = workspace(vendors=1).vendors["v-1"].profile
    assert [subject_of(profile, edition) for edition in ("business", "gone")] == ["V-1 · Business", "V-1 · gone"]


def test_the_columns_of_a_sheet_are_those_beside_its_first_key() -> None:
    found, marks = marks_in(
        sheet_of([["#column other"], ["#column group", "#column points"], ["families", 100.0]]), "group"
    )
    assert (found.key_row, dict(found.columns), len(marks)) == (1, {"group": 0, "points": 1}, 3)
    assert (found.at(2, "points"), found.at(2, "share"), found.cell(2, "points")) == (100.0, "", "V-1!B3")
    assert marks_in(sheet_of([["x"]]), "group")[0].key_row < 0
