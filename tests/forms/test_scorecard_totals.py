"""The figures at the top of a scorecard form: formulas, and what they give at export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from builders import AS_OF, answer, build, card_of, contents
from exchange_sheets import opened_sheet, values
from openpyxl.worksheet.worksheet import Worksheet

from evaluator.forms.export_order import Setting
from evaluator.forms.export_selection import order_for
from evaluator.forms.form_writer import FormWriter
from evaluator.forms.score_preview import Figures
from evaluator.forms.scorecard_totals import Totals, draw_totals
from evaluator.model.evidence_status import EvidenceStatus

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
    page = book.sheet("S")
    totals = draw_totals(page, setting, order, PRESENT, ["f-1", "f-2", "f-9"], 20)
    return opened_sheet(book.finish(), folder, "S"), totals


def stored(folder: Path) -> dict[str, Any]:
    found = openpyxl.load_workbook(folder / "written.xlsx", data_only=True)["S"]
    assert isinstance(found, Worksheet)
    return values(found)


def test_the_figures_and_where_they_stand(tmp_path: Path) -> None:
    sheet, totals = drawn(tmp_path)
    # What is not in the sheet stands in row 1: c-4, at level 4 of 4 with fresh evidence, weighs 0.1.
    assert [sheet[name].value for name in ("U1", "W1", "X1", "T1")] == [0.1, 0.1, 0.1, 0.1]
    assert [sheet[name].value for name in ("G2", "H2", "J2", "O2")] == [
        "=SUM($Y$8:$Y$21)",
        "=100*($U$1+SUMPRODUCT($S$8:$S$21,$U$8:$U$21))",
        "=100*($W$1+SUMPRODUCT($S$8:$S$21,$W$8:$W$21))",
        "=100*($X$1+SUMPRODUCT($S$8:$S$21,$X$8:$X$21))",
    ]
    # score 0.4 x 0.75 + 0.2 x 0.5 + 0.1; low 0.4 x 0.75 + 0.1; high 0.3 more than the score
    found = stored(tmp_path)
    assert [found[name] for name in ("G2", "H2", "J2", "O2")] == pytest.approx([3, 50, 40, 80])
    assert [sheet[name].number_format for name in ("G2", "H2", "J2", "O2")] == [
        '"answered "0" of 3"', '"score "0.0" of 100"', '"low "0.0" (fresh and carried by its evidence)"',
        '"high "0.0" (unknowns at best)"',
    ]  # fmt: skip
    assert (totals.page, totals.total) == ("S", 3)
    assert {key: place for key, (place, _) in totals.cells.items()} == {
        "answered": "$G$2", "value": "$H$2", "low": "$J$2", "high": "$O$2",
        "coverage": '$T$1+SUMPRODUCT($S$8:$S$21,($T$8:$T$21<>"")*1)',
    }  # fmt: skip
    assert {key: value for key, (_, value) in totals.cells.items()} == pytest.approx(
        {"answered": 3, "value": 50, "low": 40, "high": 80, "coverage": 0.7}
    )


def test_counts_by_family_leave_out_families_without_criteria(tmp_path: Path) -> None:
    _, totals = drawn(tmp_path)
    assert totals.families == {
        "f-1": ('SUMIF($Z$8:$Z$21,"f-1",$Y$8:$Y$21)', 2, 2), "f-2": ('SUMIF($Z$8:$Z$21,"f-2",$Y$8:$Y$21)', 1, 1),
    }  # fmt: skip


def test_without_weights_there_is_no_preview(tmp_path: Path) -> None:
    sheet, totals = drawn(tmp_path, {})
    assert [sheet[name].value for name in ("H2", "J2", "O2")] == [None] * 3
    assert list(totals.cells) == ["answered", "coverage"]
    assert totals.cells["coverage"][1] == 0
    assert [sheet[name].value for name in ("U1", "W1", "X1", "T1")] == [0] * 4


def test_a_new_scorecard_has_no_answers_outside_of_the_sheet(tmp_path: Path) -> None:
    sheet, _ = drawn(tmp_path, card=False)
    assert [sheet[name].value for name in ("U1", "W1", "X1", "T1")] == [0, 0, 0.1, 0]


def test_criteria_without_a_weight_count_for_nothing(tmp_path: Path) -> None:
    _, totals = drawn(tmp_path, {"c-1": 1.0})
    assert {key: value for key, (_, value) in totals.cells.items()} == pytest.approx(
        {"answered": 3, "value": 75, "low": 75, "high": 75, "coverage": 1}
    )
