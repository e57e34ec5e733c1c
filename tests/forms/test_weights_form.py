"""The workbook in which one stakeholder weighs, cell by cell."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from builders import build, contents, freeze, stakeholder
from exchange_sheets import header, rules, values, widths
from openpyxl.worksheet.worksheet import Worksheet

from evaluator.forms.weights_form import Ballot, pairwise_book, swing_book
from evaluator.model.elicitation import Group, Stakeholder

GROUPS = (Group("families", ("f-1", "f-2")), Group("f-1", ("c-1", "c-3", "c-5")))
DAY = date(2026, 1, 10)


def ballot(said: dict[str, Any] | None = None, groups: tuple[Group, ...] = GROUPS, **changes: Any) -> Ballot:
    content = contents(criteria=5, vendors=0)
    content["criteria/f-1.yaml"]["criteria"][0] |= changes
    judged = None if said is None else Stakeholder.model_validate(freeze(stakeholder("office", **said)))
    return Ballot(build(content).catalogue, "Example Ltd", "office", groups, judged, DAY)


def swings(asked: Ballot, *, stored: bool = False) -> Worksheet:
    found = openpyxl.load_workbook(io.BytesIO(swing_book(asked)), data_only=stored)["Weights"]
    assert isinstance(found, Worksheet)
    return found


def pairs(asked: Ballot) -> Worksheet:
    found = openpyxl.load_workbook(io.BytesIO(pairwise_book(asked)))["Weights"]
    assert isinstance(found, Worksheet)
    return found


def row(sheet: Worksheet, number: int) -> list[Any]:
    return [cell.value for cell in sheet[number]]


def test_the_names_of_what_is_weighed() -> None:
    asked = ballot()
    assert (asked.title("f-1"), asked.title("c-3")) == ("Family f-1", "Criterion c-3")
    assert [asked.heading(group) for group in GROUPS] == ["Families", "Inside Family f-1"]


def test_swings_cell_by_cell() -> None:
    sheet = swings(ballot())
    top = {key: value for key, value in values(sheet).items() if int(key[1:]) < 6}
    assert top == {
        "A1": "#weights swing office", "C2": "Weights by office",
        "C3": "Example Ltd. Yellow cells only. The largest swing of every group is 100.",
        "C5": "What is weighed", "D5": "At its worst", "E5": "At its best", "F5": "Swing, 0 to 100", "G5": "Share in its group",
    }  # fmt: skip
    assert row(sheet, 6) == [f"#column {key}" for key in ("group", "item", "name", "worst", "best", "points", "share")]
    assert widths(sheet) == [44, 40, 40, 10, 10]
    assert [sheet[name].alignment.wrap_text for name in ("C3", "C8")] == [None, True]
    assert row(sheet, 7) == [None, None, "Families", None, None, None, None]
    assert row(sheet, 8) == [
        "families", "f-1", "Family f-1", "All its criteria at their worst level",
        "All of them at their best: Criterion c-1; Criterion c-3; Criterion c-5", None,
        '=IF(SUM($F$8:$F$9)>0,F8/SUM($F$8:$F$9),"")',
    ]  # fmt: skip
    assert row(sheet, 9)[5:] == [None, '=IF(SUM($F$8:$F$9)>0,F9/SUM($F$8:$F$9),"")']
    assert row(sheet, 10)[2] == "Inside Family f-1"
    assert row(sheet, 11) == [
        "f-1", "c-1", "Criterion c-1", "Level 0 of c-1", "Level 4 of c-1", None, '=IF(SUM($F$11:$F$13)>0,F11/SUM($F$11:$F$13),"")',
    ]  # fmt: skip
    assert [row(sheet, number)[1] for number in (12, 13)] == ["c-3", "c-5"]
    assert sheet.max_row == 13
    assert {cell.coordinate for line in sheet.iter_rows() for cell in line if not cell.protection.locked} == {
        "F8", "F9", "F11", "F12", "F13",
    }  # fmt: skip
    assert [sheet[name].number_format for name in ("F8", "G8")] == ["General", "0.0%"]
    (rule,) = sheet.data_validations.dataValidation
    assert (str(rule.sqref), rule.type, rule.operator, rule.formula1, rule.formula2) == (
        "F8:F9 F11:F13", "decimal", None, "0", "100",
    )  # fmt: skip
    assert rule.error == "A number from 0 to 100; the largest swing of the group is 100."
    assert [sheet.row_dimensions[number].hidden for number in (1, 6)] == [True, True]
    assert [sheet.row_dimensions[number].height for number in (2, 7)] == [26.25, 20.25]


def test_swings_given_before_stand_with_their_shares() -> None:
    asked = ballot({"families": {"points": {"f-1": 100, "f-2": 25}}})
    assert [row(swings(asked), number)[5] for number in (8, 9, 11)] == [100, 25, None]
    stored = swings(asked, stored=True)
    assert [row(stored, number)[6] for number in (8, 9, 11)] == [0.8, 0.2, None]
    half = ballot({"criteria": {"f-1": {"points": {"c-1": 100, "c-3": 60}}}})
    assert [row(swings(half, stored=True), number)[5:] for number in (8, 11, 12, 13)] == [
        [None, None], [100, 0.625], [60, 0.375], [None, 0],
    ]  # fmt: skip


def test_the_ends_of_a_swing_are_the_lowest_and_the_highest_level() -> None:
    sheet = swings(ballot(levels={1: "least", 2: "middle", 3: "most"}))
    assert row(sheet, 11)[3:5] == ["least", "most"]


def test_rows_are_as_high_as_their_texts() -> None:
    # 44 units of width hold 51 characters, 40 hold 46.
    def high(number: int, **changes: Any) -> float:
        return float(swings(ballot(**changes)).row_dimensions[number].height or 15)

    assert high(11) == 24
    assert high(11, levels={0: "x" * 94, 1: "b"}) == pytest.approx(3 * 11.8 + 3, abs=0.4)
    assert high(11, levels={0: "a", 1: "x" * 94}) == pytest.approx(3 * 11.8 + 3, abs=0.4)
    assert high(11, title="x" * 104) == pytest.approx(3 * 11.8 + 3, abs=0.4)
    sheet = pairs(ballot(title="x" * 52))
    assert float(sheet.row_dimensions[10].height) == pytest.approx(2 * 11.8 + 3, abs=0.4)
    assert float(sheet.row_dimensions[12].height) == pytest.approx(20, abs=0.4)


def test_pairs_cell_by_cell() -> None:
    sheet = pairs(ballot())
    assert [sheet[name].value for name in ("A1", "D2", "D3")] == [
        "#weights pairwise office", "Weights by office", "Example Ltd. Yellow cells only.",
    ]  # fmt: skip
    assert row(sheet, 6) == [
        f"#column {key}" for key in ("group", "item", "second_item", "name", "second_name", "more", "times")
    ]
    assert row(sheet, 5) == [
        None, None, None, "First", "Second", "Which matters more: first, second, equal", "How many times, 1 to 9",
    ]  # fmt: skip
    assert widths(sheet) == [44, 44, 16, 12]
    assert [row(sheet, number)[:5] for number in range(7, 13)] == [
        [None, None, None, "Families", None],
        ["families", "f-1", "f-2", "Family f-1", "Family f-2"],
        [None, None, None, "Inside Family f-1", None],
        ["f-1", "c-1", "c-3", "Criterion c-1", "Criterion c-3"],
        ["f-1", "c-1", "c-5", "Criterion c-1", "Criterion c-5"],
        ["f-1", "c-3", "c-5", "Criterion c-3", "Criterion c-5"],
    ]
    assert sheet.max_row == 12
    assert rules(sheet) == {"F8 F10:F12": ("list", '"first,second,equal"'), "G8 G10:G12": ("decimal", "1")}
    assert [rule.formula2 for rule in sheet.data_validations.dataValidation] == [None, "9"]
    assert {cell.coordinate for line in sheet.iter_rows() for cell in line if not cell.protection.locked} == {
        f"{letter}{number}" for letter in "FG" for number in (8, 10, 11, 12)
    }


def test_pairs_given_before_whichever_stood_first() -> None:
    given = [{"first": "c-1", "second": "c-3", "times": 3}, {"first": "c-5", "second": "c-1", "times": 4}, {"first": "c-3", "second": "c-5", "times": 1}]  # fmt: skip
    sheet = pairs(ballot({"criteria": {"f-1": {"pairs": given}}}))
    assert [row(sheet, number)[5:] for number in (8, 10, 11, 12)] == [
        [None, None], ["first", 3], ["second", 4], ["equal", 1],
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["swing", "pairwise"])
def test_the_guide_and_the_page(kind: str) -> None:
    made = openpyxl.load_workbook(io.BytesIO((swing_book if kind == "swing" else pairwise_book)(ballot())))
    assert made.sheetnames == ["Start here", "Weights"]
    guide = list(values(made["Start here"]).values())
    assert guide[:2] == ["Weights by office", "What to do"]
    assert str(guide[2]).startswith("The sheet Weights asks office of Example Ltd ")
    assert ("What is understood" in guide) == (kind == "swing")
    sheet = made["Weights"]
    last, first = (13, "C") if kind == "swing" else (12, "D")
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.print_area) == (
        "A7",
        "$5:$5",
        f"'Weights'!${first}$2:$G${last}",
    )
    assert (sheet.protection.sheet, sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (True, 1, 0)
    assert header(sheet) == "Weights by office"


def test_a_ballot_without_groups_still_prints() -> None:
    assert pairs(ballot(groups=(Group("families", ("f-1", "f-2")),))).print_area == "'Weights'!$D$2:$G$8"
