"""The live part of a scorecard form: its formulas, and the figures that they give at export."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from builders import AS_OF, answer, build, card_of, contents, evidence, freeze
from exchange_sheets import opened_sheet, values
from openpyxl.worksheet.worksheet import Worksheet

from evaluator.forms.export_order import Setting, order_for
from evaluator.forms.form_layout import FormSheet
from evaluator.forms.form_writer import FormWriter
from evaluator.forms.score_preview import (
    CARRY,
    CriterionBlock,
    Figures,
    Totals,
    array,
    draw_totals,
    figures,
    lacking,
    progress,
)
from evaluator.forms.scorecard_form import COLUMNS
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.scorecard import Answer

CONTENT = contents(criteria=2, vendors=0)
CONTENT["criteria/f-1.yaml"]["criteria"][0] |= {
    "levels": {1: "a", 2: "b", 3: "c"}, "values": (0.25, 0.5, 0.75), "fresh_months": 6,
}  # fmt: skip
CONTENT["criteria/catalogue.yaml"]["scale"] = {"min": 0, "max": 4}
CATALOGUE = build(CONTENT).catalogue
PLAIN = CATALOGUE.criteria["c-2"]
OWN = CATALOGUE.criteria["c-1"]
AT = {column.key: number for number, column in enumerate(COLUMNS)}
BLOCK = CriterionBlock(OWN, 7, 9, AT)


def given_answer(level: int | str, **changes: Any) -> Answer:
    return Answer.model_validate(freeze(answer(level, **changes)))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (None, Figures(None, 0, 0, 0.75, answered=False, evidence_status=EvidenceStatus.UNKNOWN)),
        (given_answer("unknown"), Figures(None, 0, 0, 0.75, answered=True)),
        (given_answer(4), Figures(None, 0, 0, 0.75, answered=True)),
        (given_answer(3), Figures(3, 0.75, 0.75, 0.75, answered=True, evidence_status=EvidenceStatus.SUPPORTED)),
        (
            given_answer(1, evidence=[]),
            Figures(1, 0.25, 0, 0.25, answered=True, evidence_status=EvidenceStatus.UNSUPPORTED),
        ),
        (
            given_answer(2, evidence=[evidence(date="2026-05-23")]),
            Figures(2, 0.5, 0, 0.5, answered=True, evidence_status=EvidenceStatus.STALE),
        ),
        (
            given_answer(2, evidence=[evidence(date="2026-05-24")]),
            Figures(2, 0.5, 0.5, 0.5, answered=True, evidence_status=EvidenceStatus.SUPPORTED),
        ),
    ],
)
def test_what_an_answer_is_worth(found: Answer | None, expected: Figures) -> None:
    assert figures(found, OWN, CATALOGUE, AS_OF) == expected


def test_figures_of_nothing() -> None:
    assert Figures() == Figures(None, 0.0, 0.0, 0.0, answered=False, evidence_status=EvidenceStatus.UNKNOWN)


def test_level_0_is_a_level() -> None:
    assert figures(given_answer(0), PLAIN, CATALOGUE, AS_OF) == Figures(
        0, 0, 0, 0, answered=True, evidence_status=EvidenceStatus.SUPPORTED
    )


def test_references_do_not_move() -> None:
    assert (BLOCK.at("about"), BLOCK.at("level"), BLOCK.at("level", 9), BLOCK.at("level", 0)) == (
        "$C$8", "$F$8", "$F$10", "$F$1",
    )  # fmt: skip
    assert BLOCK.over("carry") == "$X$8:$X$10"
    assert array([0, 0.5, "A"]) == '{0,0.5,"A"}'
    assert array([]) == "{}"


def test_the_formulas_of_one_criterion() -> None:
    # level F8, rationale G8, confidence I8; helpers: number V8, value W8, carry X8:X10
    assert BLOCK.number() == '=IF(ISNUMBER($F$8),$F$8,IFERROR(VALUE(TRIM($F$8)),""))'
    assert BLOCK.value() == '=IF($V$8="",0,IFERROR(INDEX({0.25,0.5,0.75},$V$8-(1)+1),0))'
    assert BLOCK.low() == "=IF(MAX($X$8:$X$10)=3,$W$8,0)"
    assert BLOCK.high() == '=IF($V$8="",0.75,$W$8)'
    assert BLOCK.answered() == '=IFERROR(IF(TRIM($F$8)="",0,1),1)'
    assert BLOCK.to_do() == (
        '=IFERROR(IF(TRIM($F$8)="",IF($G$8&$I$8="","to be answered","no level"),'
        'IF(IF($V$8<>"",ISNA(MATCH($V$8,{1,2,3},0)),LOWER(TRIM($F$8))<>"unknown"),"not a level, and not unknown",'
        'IF($G$8="","no reason given",'
        'IF(MIN($X$8:$X$10)<0,"an evidence row is not complete, or its date is only text",'
        'IF(AND($V$8<>"",$I$8=""),"no confidence given",'
        'IF(AND($V$8<>"",MAX($X$8:$X$10)=0),"no evidence",'
        'IF(AND($V$8<>"",MAX($X$8:$X$10)=1),"the evidence cannot carry this level",'
        'IF(AND($V$8<>"",MAX($X$8:$X$10)=2),"the evidence is stale","")))))))),"a cell holds an error")'
    )


def test_the_formula_of_one_row_of_evidence() -> None:
    # source J9, date K9, captured L9, grade M9, kind N9, valid until O9, note S9, fixed address AC9; A to C carry all levels,
    # which end at 3, D two, E one
    day = 'IF(AND(TRIM($N$9)="page",$AC$9<>$J$9,$L$9<>""),$L$9,IF($K$9<>"",$K$9,$L$9))'
    assert BLOCK.carry(8, CATALOGUE, "$E$1") == (
        '=IFERROR(IF($J$9&$K$9&$L$9&$M$9&$S$9&$N$9&$O$9="",0,'
        f'IF(OR($J$9="",{day}=""),-1,'
        'IF(INDEX({3,3,3,2,1},MATCH(TRIM($M$9),{"A","B","C","D","E"},0))<$V$8,1,'
        f'IF(IF(AND(TRIM($N$9)="certificate",$AC$9<>$J$9,$O$9<>""),$O$9,EDATE({day},6))<$E$1,2,3)))),-1)'
    )
    assert CARRY == {"none": 0, "incomplete": -1, "weak": 1, "stale": 2, "supported": 3}


@pytest.mark.parametrize(
    ("level", "items", "words"),
    [
        ("unknown", [], ""),
        (2, [], "no evidence"),
        (3, [evidence(grade="E")], "the evidence cannot carry this level"),
        (2, [evidence(date="2025-01-01")], "the evidence is stale"),
        (2, [evidence()], ""),
    ],
)
def test_what_a_complete_answer_lacks(level: int | str, items: list[dict[str, Any]], words: str) -> None:
    found = given_answer(level, evidence=items)
    assert lacking(found, figures(found, PLAIN, CATALOGUE, date(2026, 11, 24))) == words


def test_what_an_empty_answer_lacks() -> None:
    assert lacking(None, Figures()) == "to be answered"


WEIGHTS = {"c-1": 0.4, "c-3": 0.3, "c-2": 0.2, "c-4": 0.1}
PRESENT = {
    "c-1": Figures(3, 0.75, 0.75, 0.75, answered=True, evidence_status=EvidenceStatus.SUPPORTED),
    "c-3": Figures(None, 0, 0, 1, answered=True),
    "c-2": Figures(2, 0.5, 0, 0.5, answered=True, evidence_status=EvidenceStatus.STALE),
}
"""c-1 and c-3 are of the first family, c-2 and c-4 of the second; c-4 is not in the sheet."""


def drawn(folder: Path, weights: dict[str, float] | None = None, *, card: bool = True) -> tuple[Worksheet, Totals]:
    content = contents(vendors=1)
    content[card_of("v-1")]["answers"]["c-4"] = answer(4)
    workspace = build(content)
    setting = Setting(workspace.catalogue, AS_OF, "1", WEIGHTS if weights is None else weights)
    order = order_for(workspace, "v-1", "desk-a" if card else "", tuple(PRESENT), None)
    book = FormWriter(AS_OF)
    sheet = FormSheet(book, "S", COLUMNS)
    totals = draw_totals(sheet, setting, order, PRESENT, ["f-1", "f-2", "f-9"], 20)
    return opened_sheet(book.finish(), folder, "S"), totals


def stored(folder: Path) -> dict[str, Any]:
    found = openpyxl.load_workbook(folder / "written.xlsx", data_only=True)["S"]
    assert isinstance(found, Worksheet)
    return values(found)


def test_the_figures_and_where_they_stand(tmp_path: Path) -> None:
    sheet, totals = drawn(tmp_path)
    # What is not in the sheet stands in row 1: c-4, at level 4 of 4 with fresh evidence, weighs 0.1.
    assert [sheet[name].value for name in ("W1", "Y1", "Z1", "V1")] == [0.1, 0.1, 0.1, 0.1]
    assert [sheet[name].value for name in ("G2", "H2", "J2", "Q2")] == [
        "=SUM($AA$8:$AA$21)",
        "=100*($W$1+SUMPRODUCT($U$8:$U$21,$W$8:$W$21))",
        "=100*($Y$1+SUMPRODUCT($U$8:$U$21,$Y$8:$Y$21))",
        "=100*($Z$1+SUMPRODUCT($U$8:$U$21,$Z$8:$Z$21))",
    ]
    # score 0.4 x 0.75 + 0.2 x 0.5 + 0.1; low 0.4 x 0.75 + 0.1; high 0.3 more than the score
    found = stored(tmp_path)
    assert [found[name] for name in ("G2", "H2", "J2", "Q2")] == pytest.approx([3, 50, 40, 80])
    assert [sheet[name].number_format for name in ("G2", "H2", "J2", "Q2")] == [
        '"answered "0" of 3"', '"score "0.0" of 100"', '"low "0.0" (supported by fresh evidence)"',
        '"high "0.0" (unknowns at best)"',
    ]  # fmt: skip
    assert (totals.page, totals.total) == ("S", 3)
    assert {key: place for key, (place, _) in totals.cells.items()} == {
        "answered": "$G$2", "value": "$H$2", "low": "$J$2", "high": "$Q$2",
        "coverage": '$V$1+SUMPRODUCT($U$8:$U$21,($V$8:$V$21<>"")*1)',
    }  # fmt: skip
    assert {key: value for key, (_, value) in totals.cells.items()} == pytest.approx(
        {"answered": 3, "value": 50, "low": 40, "high": 80, "coverage": 0.7}
    )


def test_counts_by_family_leave_out_families_without_criteria(tmp_path: Path) -> None:
    _, totals = drawn(tmp_path)
    assert totals.families == {
        "f-1": ('SUMIF($AB$8:$AB$21,"f-1",$AA$8:$AA$21)', 2, 2), "f-2": ('SUMIF($AB$8:$AB$21,"f-2",$AA$8:$AA$21)', 1, 1),
    }  # fmt: skip


def test_without_weights_there_is_no_preview(tmp_path: Path) -> None:
    sheet, totals = drawn(tmp_path, {})
    assert [sheet[name].value for name in ("H2", "J2", "O2")] == [None] * 3
    assert list(totals.cells) == ["answered", "coverage"]
    assert totals.cells["coverage"][1] == 0
    assert [sheet[name].value for name in ("W1", "Y1", "Z1", "V1")] == [0] * 4


def test_a_new_scorecard_has_no_answers_outside_of_the_sheet(tmp_path: Path) -> None:
    sheet, _ = drawn(tmp_path, card=False)
    assert [sheet[name].value for name in ("W1", "Y1", "Z1", "V1")] == [0, 0, 0.1, 0]


def test_criteria_without_a_weight_count_for_nothing(tmp_path: Path) -> None:
    _, totals = drawn(tmp_path, {"c-1": 1.0})
    assert {key: value for key, (_, value) in totals.cells.items()} == pytest.approx(
        {"answered": 3, "value": 75, "low": 75, "high": 75, "coverage": 1}
    )


# The progress


def both_of(draw: Callable[[FormWriter], Any], title: str) -> tuple[Worksheet, Worksheet]:
    """The sheet with its formulas, and with their stored results."""
    book = FormWriter(AS_OF)
    draw(book)
    data = book.finish()
    both = [openpyxl.load_workbook(io.BytesIO(data), data_only=stored)[title] for stored in (False, True)]
    assert isinstance(both[0], Worksheet)
    assert isinstance(both[1], Worksheet)
    return both[0], both[1]


def setting(**more: Any) -> Setting:
    content = contents(criteria=2, families=3)
    content["criteria/catalogue.yaml"] |= {"rules": ["Rule one."], "evidence_rules": ["Rule two."]}
    return Setting(build(content).catalogue, AS_OF, "1", **more)


CELLS = {"answered": ("$G$2", 3.0), "value": ("$H$2", 50.0), "low": ("$J$2", 40.0), "high": ("$Q$2", 80.0),
         "coverage": ('$V$1+SUMPRODUCT($U$8:$U$21,($V$8:$V$21<>"")*1)', 0.7)}  # fmt: skip
SHEETS = [
    ("V-1", Totals("V-1", 4, CELLS, {"f-1": ('SUMIF($AB$8:$AB$21,"f-1",$AA$8:$AA$21)', 2, 3)})),
    ("O'Hara", Totals("O'Hara", 5, CELLS, {"f-2": ("$A$1", 1, 1)})),
]


def test_how_far_every_sheet_is() -> None:
    sheet, stored = both_of(
        lambda book: progress(book.sheet("Progress"), setting(weights={"c-1": 1.0}), SHEETS), "Progress"
    )
    assert [cell.value for cell in sheet[4]] == [
        "Vendor", "Answered", "Score", "Low", "High", "Coverage", "Family f-1", "Family f-2",
    ]  # fmt: skip
    assert [cell.value for cell in sheet[5]] == [
        "V-1", "='V-1'!$G$2", "='V-1'!$H$2", "='V-1'!$J$2", "='V-1'!$Q$2",
        "='V-1'!$V$1+SUMPRODUCT('V-1'!$U$8:$U$21,('V-1'!$V$8:$V$21<>\"\")*1)",
        "=SUMIF('V-1'!$AB$8:$AB$21,\"f-1\",'V-1'!$AA$8:$AA$21)", "–",
    ]  # fmt: skip
    assert [cell.value for cell in stored[5]][1:7] == [3, 50, 40, 80, 0.7, 2]
    assert [cell.number_format for cell in sheet[5]][1:7] == ['0" of 4"', "0.0", "0.0", "0.0", "0%", '0" of 3"']
    assert [sheet["A6"].value, sheet["B6"].value, sheet["G6"].value, sheet["H6"].value] == [
        "O'Hara", "='O''Hara'!$G$2", "–", "='O''Hara'!$A$1",
    ]  # fmt: skip
    assert sheet["H6"].number_format == '0" of 1"'
    assert sheet["A1"].value == "Progress"
    assert sheet["A2"].value == (
        "Answered counts unknown as an answer. Score: unknown earns nothing. Low: unsupported and stale answers count as unknown "
        "too. High: every unknown at its best. Coverage: share of the weight that is answered with a level."
    )
    assert (sheet.freeze_panes, sheet.protection.sheet, sheet.print_title_rows) == ("B5", True, "$4:$4")
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_view.showGridLines is False
    assert [sheet.row_dimensions[row].height for row in (1, 4)] == [26.25, 51.75]
    assert [round(sheet.column_dimensions[letter].width) for letter in "AB"] == [31, 13]
    assert sheet.column_dimensions["B"].max == 8


def test_without_weights_only_answers_are_counted() -> None:
    sheet, _ = both_of(lambda book: progress(book.sheet("Progress"), setting(), SHEETS[:1]), "Progress")
    assert [cell.value for cell in sheet[4]] == ["Vendor", "Answered", "Family f-1"]
    assert [cell.value for cell in sheet[5]][:2] == ["V-1", "='V-1'!$G$2"]
    assert str(sheet["C5"].value).startswith("=SUMIF('V-1'!")
    assert sheet["A2"].value == "Answered counts unknown as an answer."
