"""The first sheets of a workbook: how to fill it in, and how far it is."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from builders import AS_OF, build, contents
from exchange_sheets import values
from openpyxl.worksheet.worksheet import Worksheet

from evaluator.forms.export_order import Setting
from evaluator.forms.form_writer import FormWriter
from evaluator.forms.overview_sheet import guide, progress, scorecard_sections
from evaluator.forms.scorecard_totals import Totals


def drawn(draw: Callable[[FormWriter], Any], title: str) -> tuple[Worksheet, Worksheet]:
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


def test_a_guide_of_short_texts() -> None:
    sections = [("One", ["a", "x" * 200]), ("Two", ["b"])]
    sheet, _ = drawn(lambda book: guide(book, "Title", sections), "Start here")
    assert values(sheet) == {"B1": "Title", "B3": "One", "B4": "a", "B5": "x" * 200, "B7": "Two", "B8": "b"}
    assert (sheet.protection.sheet, sheet.page_setup.orientation) == (True, "portrait")
    assert sheet.sheet_view.showGridLines is False
    assert [round(sheet.column_dimensions[letter].width) for letter in "AB"] == [3, 93]
    # Letters of 10 points: 96 to a line of 13.1 points.
    assert sheet.row_dimensions[5].height == pytest.approx(3 * 13.1 + 3, abs=0.4)
    assert sheet.row_dimensions[4].height == pytest.approx(13.1 + 3, abs=0.4)
    assert [sheet.row_dimensions[row].height for row in (1, 3, 7)] == [27.75, 18, 18]
    assert (sheet["B4"].font.sz, sheet["B3"].font.sz) == (10, 11)


def test_how_to_fill_in_a_scorecard_in_the_words_of_the_catalogue() -> None:
    sections = dict(scorecard_sections(setting()))
    assert list(sections) == ["What to do", "What is understood", "Evidence grades of Test catalogue", "Rules"]
    assert sections["Evidence grades of Test catalogue"] == [
        f"{grade}: kind {grade}. Carries a level up to {cap} alone."
        for grade, cap in (("A", 4), ("B", 4), ("C", 4), ("D", 2), ("E", 1))
    ]
    assert sections["Rules"] == ["Rule one.", "Rule two."]


CELLS = {"answered": ("$G$2", 3.0), "value": ("$H$2", 50.0), "low": ("$J$2", 40.0), "high": ("$O$2", 80.0),
         "coverage": ('$T$1+SUMPRODUCT($S$8:$S$21,($T$8:$T$21<>"")*1)', 0.7)}  # fmt: skip
SHEETS = [
    ("V-1", Totals("V-1", 4, CELLS, {"f-1": ('SUMIF($Z$8:$Z$21,"f-1",$Y$8:$Y$21)', 2, 3)})),
    ("O'Hara", Totals("O'Hara", 5, CELLS, {"f-2": ("$A$1", 1, 1)})),
]


def test_how_far_every_sheet_is() -> None:
    sheet, stored = drawn(
        lambda book: progress(book.sheet("Progress"), setting(weights={"c-1": 1.0}), SHEETS), "Progress"
    )
    assert [cell.value for cell in sheet[4]] == [
        "Vendor", "Answered", "Score", "Low", "High", "Coverage", "Family f-1", "Family f-2",
    ]  # fmt: skip
    assert [cell.value for cell in sheet[5]] == [
        "V-1", "='V-1'!$G$2", "='V-1'!$H$2", "='V-1'!$J$2", "='V-1'!$O$2",
        "='V-1'!$T$1+SUMPRODUCT('V-1'!$S$8:$S$21,('V-1'!$T$8:$T$21<>\"\")*1)",
        "=SUMIF('V-1'!$Z$8:$Z$21,\"f-1\",'V-1'!$Y$8:$Y$21)", "–",
    ]  # fmt: skip
    assert [cell.value for cell in stored[5]][1:7] == [3, 50, 40, 80, 0.7, 2]
    assert [cell.number_format for cell in sheet[5]][1:7] == ['0" of 4"', "0.0", "0.0", "0.0", "0%", '0" of 3"']
    assert [sheet["A6"].value, sheet["B6"].value, sheet["G6"].value, sheet["H6"].value] == [
        "O'Hara", "='O''Hara'!$G$2", "–", "='O''Hara'!$A$1",
    ]  # fmt: skip
    assert sheet["H6"].number_format == '0" of 1"'
    assert sheet["A1"].value == "Progress"
    assert sheet["A2"].value == (
        "Answered counts unknown as an answer. Score: unknown earns nothing. Low: stale or uncarried answers count as unknown "
        "too. High: every unknown at its best. Coverage: share of the weight that is answered with a level."
    )
    assert (sheet.freeze_panes, sheet.protection.sheet, sheet.print_title_rows) == ("B5", True, "$4:$4")
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_view.showGridLines is False
    assert [sheet.row_dimensions[row].height for row in (1, 4)] == [26.25, 51.75]
    assert [round(sheet.column_dimensions[letter].width) for letter in "AB"] == [31, 13]
    assert sheet.column_dimensions["B"].max == 8


def test_without_weights_only_answers_are_counted() -> None:
    sheet, _ = drawn(lambda book: progress(book.sheet("Progress"), setting(), SHEETS[:1]), "Progress")
    assert [cell.value for cell in sheet[4]] == ["Vendor", "Answered", "Family f-1"]
    assert [cell.value for cell in sheet[5]][:2] == ["V-1", "='V-1'!$G$2"]
    assert str(sheet["C5"].value).startswith("=SUMIF('V-1'!")
    assert sheet["A2"].value == "Answered counts unknown as an answer."
