"""The workbook that a vendor fills in, cell by cell, as another library reads it."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from builders import AS_OF, build, contents, profile_of
from exchange_sheets import rules, values, widths
from openpyxl.worksheet.worksheet import Worksheet

from evaluator.forms.earlier_answers import VendorReply
from evaluator.forms.export_order import ExportOrder, Setting
from evaluator.forms.export_selection import order_for
from evaluator.forms.questionnaire_form import questionnaire_book
from evaluator.forms.questionnaire_replies import stated_digest
from evaluator.model.workspace import Workspace

MARK = "#sheet questionnaire v-1 business desk-a"
TOLD = VendorReply(date(2025, 11, 24), ("2025-01-01: Yes.",))


def workspace() -> Workspace:
    content = contents(vendors=2)
    content[profile_of("v-1")]["name"] = "Acme"
    content["criteria/f-1.yaml"]["criteria"][0]["evidence"] = ["a page", "a test"]
    return build(content)


def order(workspace: Workspace, criteria: tuple[str, ...] = ("c-1", "c-3", "c-2"), **changes: Any) -> ExportOrder:
    made = order_for(workspace, "v-1", "desk-a", criteria, None)
    fields = {name: getattr(made, name) for name in ("profile", "edition", "assessor", "card", "criteria")}
    return ExportOrder(**{**fields, **changes})


def book(*orders: ExportOrder) -> openpyxl.Workbook:
    setting = Setting(workspace().catalogue, AS_OF, "1.2.3")
    return openpyxl.load_workbook(io.BytesIO(questionnaire_book(setting, orders, "Example Ltd")))


def sheet(**changes: Any) -> Worksheet:
    found = book(order(workspace(), **changes))["Acme"]
    assert isinstance(found, Worksheet)
    return found


def guide(*orders: ExportOrder) -> list[str]:
    found = book(*orders)["Start here"]
    assert isinstance(found, Worksheet)
    return list(values(found).values())


def test_a_first_questionnaire_cell_by_cell() -> None:
    found = sheet()
    assert values(found) == {
        "A1": MARK, "C2": "Acme · Business",
        "C3": "Answered by (role)", "C4": "#head by", "E3": "Day of the replies", "E4": "#head date",
        "C6": "Question", "D6": "What would show it", "E6": "Your reply", "F6": "Link or name of the document", "G6": "Date of the document",
        "A7": "#column criterion", "B7": "#column line", "C7": "#column question", "D7": "#column wanted", "E7": "#column reply",
        "F7": "#column link", "G7": "#column document_date",
        "C8": "Family f-1",
        "A9": "c-1", "B9": 1, "C9": "Criterion c-1\nHow good is c-1? ", "D9": "a page; a test",
        "A10": "c-3", "B10": 1, "C10": "Criterion c-3\nHow good is c-3? ", "D10": "a page",
        "C11": "Family f-2",
        "A12": "c-2", "B12": 1, "C12": "Criterion c-2\nHow good is c-2? ", "D12": "a page",
    }  # fmt: skip
    unlocked = {"C5", "E5", *(f"{letter}{row}" for row in (9, 10, 12) for letter in "EFG")}
    assert {cell.coordinate for row in found.iter_rows() for cell in row if not cell.protection.locked} == unlocked
    assert (found.freeze_panes, found.print_title_rows, found.print_area) == ("A8", "$6:$6", "'Acme'!$C$2:$G$12")
    assert (found.protection.sheet, found.page_setup.fitToWidth or 1, found.page_setup.fitToHeight) == (True, 1, 0)
    assert [found.row_dimensions[row].height for row in (8, 9)] == [20.25, 48]
    assert rules(found) == {}
    assert widths(found) == [50, 36, 56, 34, 12]
    assert [found[name].number_format for name in ("E9", "G9")] == ["@", "yyyy-mm-dd"]


def test_a_vendor_asked_before_is_reminded() -> None:
    found = sheet(replies={"c-1": TOLD})
    assert [found[f"{letter}7"].value for letter in "CDEFGHIJ"] == [
        f"#column {key}"
        for key in ("since_day", "question", "wanted", "stated", "since", "reply", "link", "document_date")
    ]
    assert [found[f"{letter}9"].value for letter in "CFG"] == ["2025-11-24", TOLD.text, None]
    assert [found[f"{letter}10"].value for letter in "CFG"] == [
        None,
        "Not known to us yet; please reply in full.",
        None,
    ]
    assert [found[name].protection.locked for name in ("G9", "G10", "H9", "H10")] == [False, True, False, False]
    assert rules(found) == {"G9": ("list", '"unchanged,changed,do not know"')}
    (rule,) = found.data_validations.dataValidation
    assert (rule.promptTitle, rule.prompt, rule.error) == (
        "Since 2025-11-24", "Has anything about this changed since that day?", "One of: unchanged, changed, do not know.",
    )  # fmt: skip
    assert [found[f"{letter}6"].value for letter in "FG"] == ["What you told or showed before", "Since last time"]
    assert widths(found) == [50, 36, 36, 14, 56, 34, 12]
    assert found["G9"].alignment.wrap_text


def test_what_a_vendor_was_reminded_of_is_noted() -> None:
    made = book(order(workspace(), replies={"c-1": TOLD}))
    hidden = [[cell.value for cell in row if cell.value is not None] for row in made["_evaluator"].iter_rows()]
    assert hidden[0] == ["evaluator-workbook/1", "1.2.3"]
    assert [row for row in hidden if row[0] == "answer"] == [
        ["answer", MARK, "c-1", stated_digest("2025-11-24", TOLD.text)]
    ]


def test_ranked_questions_stand_in_one_row_without_families() -> None:
    found = sheet(criteria=("c-2", "c-1", "c-3"), ranked=True)
    assert [found[f"A{row}"].value for row in (8, 9, 10)] == ["c-2", "c-1", "c-3"]
    assert found.max_row == 10


def test_a_row_is_as_high_as_its_longest_text() -> None:
    # 36 units of width hold 42 characters.
    said = {
        "c-1": VendorReply(date(2025, 11, 24), ("x" * 42 * 4,)),
        "c-3": VendorReply(date(2025, 11, 24), ("x" * 9_000,)),
    }
    found = sheet(replies=said)
    assert found.row_dimensions[9].height == pytest.approx(5 * 11.8 + 3, abs=0.4)
    assert found.row_dimensions[10].height == pytest.approx(400, abs=0.4)
    assert found.row_dimensions[12].height == 48


def test_a_sheet_without_questions_still_prints() -> None:
    assert sheet(criteria=()).print_area == "'Acme'!$C$2:$G$8"


def test_the_guide_speaks_of_what_the_sheets_have() -> None:
    plain = guide(order(workspace()))
    assert plain[0] == "Questions from Example Ltd"
    assert "If time is short, begin at the top." not in plain
    assert "Since last time" not in plain
    assert (
        plain[-1]
        == "Example Ltd keeps every reply with its date as written evidence of the vendor, and judges it itself."
    )
    ranked = guide(order(workspace()), order(workspace(), ranked=True))
    assert ranked[5:7] == [
        "If time is short, begin at the top.", "Leave a question empty rather than guess. Save as .xlsx and send the file back.",
    ]  # fmt: skip
    assert "Since last time" in guide(order(workspace()), order(workspace(), replies={"c-1": TOLD}))


def test_one_sheet_per_order() -> None:
    assert book(order(workspace()), order(workspace())).sheetnames == ["Start here", "Acme", "Acme (2)", "_evaluator"]
