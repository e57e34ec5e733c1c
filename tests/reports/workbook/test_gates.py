"""The sheets on gates: classes, beside them the data tags, and every check with its kind."""

from __future__ import annotations

from io import BytesIO

import openpyxl
from builders import evaluated, tagged

from evaluator.reports.workbook import comparison_xlsx
from evaluator.reports.workbook.styles import TABLE_TOP


def test_tags_stand_beside_the_classes_and_in_the_list_of_gates() -> None:
    book = openpyxl.load_workbook(BytesIO(comparison_xlsx(evaluated(tagged()))))
    heads, *rows = book["Gates"].iter_rows(min_row=TABLE_TOP + 1, values_only=True)
    table = {row[0]: dict(zip(heads, row, strict=True)) for row in rows}
    tags = ("Tag: Personal data", "Tag: secrets")
    assert [table["V-1"][key] for key in tags] == ["✓ met", "✗ 1 failed, 1 not applicable"]
    assert [table["V-2"][key] for key in tags] == ["✓ met", "✓ met, 1 not applicable"]
    assert [table["V-3"][key] for key in tags] == ["? not assessed"] * 2
    assert table["V-3"]["Public"] == "? not assessed"
    assert table["V-1"]["Gates that do not apply"] == "Criterion c-3: applies to self-hosted editions only"
    heads, *rows = book["Gate list"].iter_rows(min_row=TABLE_TOP + 1, values_only=True)
    listed = [dict(zip(heads, row, strict=True)) for row in rows]
    kinds = {(row["Kind of gate"], row["Class id"]) for row in listed if row["Option"] == "V-1"}
    assert kinds >= {("data tag", ""), ("data class", "internal")}
    assert {row["Outcome"] for row in listed if row["Criterion"] == "Criterion c-3"} == {"not applicable"}
