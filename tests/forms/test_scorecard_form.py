"""The workbook that assessors fill in: its sheets, in their order."""

from __future__ import annotations

import io

import openpyxl
import pytest
from builders import AS_OF, build, contents

from evaluator.forms.export_order import ExportOrder, Setting
from evaluator.forms.export_selection import order_for
from evaluator.forms.scorecard_form import scorecard_book

WORKSPACE = build(contents(criteria=2, vendors=2))
SETTING = Setting(WORKSPACE.catalogue, AS_OF, "1.2.3", {"c-1": 0.5, "c-2": 0.5})


def order(vendor: str, assessor: str) -> ExportOrder:
    return order_for(WORKSPACE, vendor, assessor, ("c-1",), None)


@pytest.mark.parametrize(
    ("who", "title"),
    [
        (("desk-a", "desk-a"), "Scorecards for desk-a"), (("desk-a", "desk-b"), "Scorecards"), (("", ""), "Scorecards"),
        (("", "desk-a"), "Scorecards"),
    ],
)  # fmt: skip
def test_guide_progress_and_a_sheet_per_order(who: tuple[str, str], title: str) -> None:
    orders = [order("v-2", who[0]), order("v-1", who[1])]
    data = scorecard_book(SETTING, orders)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Start here", "Progress", "V-2", "V-1", "_evaluator"]
    assert book["Start here"]["B1"].value == title
    assert [book["Progress"][name].value for name in ("A5", "A6", "B6")] == ["V-2", "V-1", "='V-1'!$G$2"]
    hidden = [[cell.value for cell in row if cell.value is not None] for row in book["_evaluator"].iter_rows()]
    assert hidden[:2] == [["evaluator-workbook/1", "1.2.3"], ["catalogue", "test", "1.0.0"]]
    marks = [
        f"#sheet scorecard {vendor} business {name}".strip() for vendor, name in (("v-2", who[0]), ("v-1", who[1]))
    ]
    assert [row[1] for row in hidden if row[0] == "head"] == marks
    assert [row[1:3] for row in hidden if row[0] == "answer"] == [[mark, "c-1"] for mark in marks]
    assert scorecard_book(SETTING, orders) == data
