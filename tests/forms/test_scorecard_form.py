"""The workbook that assessors fill in, cell by cell, as another library reads it."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from builders import AS_OF, Content, answer, build, card_of, contents, evidence
from exchange_sheets import header, opened_sheet, rules, values, widths
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from evaluator.forms.answer_rows import BLANK, header_of, row_of
from evaluator.forms.cell_marks import Exported
from evaluator.forms.export_order import ExportOrder, Setting, order_for
from evaluator.forms.form_layout import CARD_KINDS, FIELDS, FIRST, TITLE, TITLES
from evaluator.forms.form_writer import FormWriter
from evaluator.forms.score_preview import Totals
from evaluator.forms.scorecard_form import COLUMNS, ScorecardForm, in_words, scorecard_book, scorecard_sections
from evaluator.model.review import Past
from evaluator.model.scorecard import Answer
from evaluator.model.workspace import Workspace

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


AT = {column.key: number for number, column in enumerate(COLUMNS)}
MARK = "#sheet scorecard v-1 business desk-a"
CRITERIA = ("c-1", "c-3", "c-2", "c-4")


def content(**knobs: Any) -> Content:
    return contents(**{"vendors": 1, "level": 2, **knobs})


def setting_of(workspace: Workspace, **more: Any) -> Setting:
    shares = {"c-1": 0.4, "c-3": 0.3, "c-2": 0.2, "c-4": 0.1}
    weights = {key: share for key, share in shares.items() if key in workspace.catalogue.criteria}
    return Setting(**{"catalogue": workspace.catalogue, "as_of": AS_OF, "version": "1", "weights": weights, **more})


def drawn(
    folder: Path,
    of: Content,
    criteria: tuple[str, ...] = CRITERIA,
    past: Past | None = None,
    assessor: str = "desk-a",
    **more: Any,
) -> tuple[Worksheet, Exported, Totals]:
    """The sheet, what it noted of itself, and its figures."""
    workspace = build(of)
    order = order_for(workspace, "v-1", assessor, criteria, past)
    return written(folder, setting_of(workspace, **more), order)


def written(folder: Path, setting: Setting, order: ExportOrder) -> tuple[Worksheet, Exported, Totals]:
    book, noted = FormWriter(AS_OF), Exported()
    totals = ScorecardForm(book, setting, order).draw(noted)
    return opened_sheet(book.finish(), folder, order.profile.name), noted, totals


def at(key: str, row: int) -> str:
    """The name of a cell; ``row`` counts from 0."""
    return f"{get_column_letter(AT[key] + 1)}{row + 1}"


def cells(sheet: Worksheet, row: int, *keys: str) -> list[Any]:
    return [sheet[at(key, row)].value for key in keys]


def height_of(sheet: Worksheet, row: int) -> float:
    """How high a row is; one of the usual height says nothing of it."""
    return float(sheet.row_dimensions[row].height or 15)


def test_where_the_rows_stand() -> None:
    assert (TITLE, FIELDS, TITLES, FIRST) == (1, 2, 5, 7)
    assert CARD_KINDS == ("desk review", "trial", "questionnaire", "moderation")
    assert [column.key for column in COLUMNS if column.hidden] == [
        "criterion", "line", "weight", "number", "value", "carry", "low", "high", "answered", "family", "fixed",
    ]  # fmt: skip


def test_the_head_of_a_known_scorecard(tmp_path: Path) -> None:
    of = content()
    of[card_of("v-1")] |= {"kind": "trial", "notice": "By two."}
    sheet, noted, _ = drawn(tmp_path, of)
    assert sheet["A1"].value == MARK
    assert sheet["C2"].value == "V-1 · Business"
    assert sheet["E1"].value == datetime(2026, 11, 24)
    assert [[sheet[f"{letter}{row}"].value for row in (3, 4, 5)] for letter in "CEGJ"] == [
        ["Assessor (a short id such as desk-a)", "#head assessor", "desk-a"],
        ["How it was assessed", "#head kind", "trial"],
        ["Day of these answers (no later than 2026-11-24; empty: the day of import)", "#head date", None],
        ["Remark on the whole scorecard", "#head notice", "By two."],
    ]
    assert [sheet[f"{letter}5"].protection.locked for letter in "CEGJ"] == [True, False, False, False]
    assert [sheet.cell(7, number + 1).value for number in range(len(COLUMNS))] == [f"#column {c.key}" for c in COLUMNS]
    assert [sheet.cell(6, n + 1).value for n in range(2, 20)] == [
        "Criterion", "Level", "What it takes", "Answer: level or unknown", "Reason (names the evidence it rests on)",
        "Evidence still needed for the next level (one per row)", "Confidence", "Evidence: source (one item per row)",
        "Stands for the date", "Captured on", "Grade", "Kind", "Valid until (certificate)", "Check", "Earlier answers, at export",
        "Confirmed on (if the answer still holds)", "Note on the evidence", "Level claimed, if limited by the grade",
    ]  # fmt: skip
    assert widths(sheet) == [42, 6, 54, 10, 40, 30, 11, 34, 11, 11, 7, 11, 11, 16, 22, 10, 16, 10]
    assert noted.headers == {MARK: header_of(build(of).vendors["v-1"].scorecards[0]).digest}


def test_the_head_where_the_assessor_is_to_be_filled_in(tmp_path: Path) -> None:
    sheet, noted, _ = drawn(tmp_path, content(), assessor="")
    assert sheet["A1"].value == "#sheet scorecard v-1 business"
    assert [sheet[name].value for name in ("C5", "E5", "J5")] == [None, "desk review", None]
    assert sheet["C5"].protection.locked is False
    assert noted.headers == {"#sheet scorecard v-1 business": header_of(None).digest}


def test_families_are_bands_over_their_blocks(tmp_path: Path) -> None:
    sheet, noted, totals = drawn(tmp_path, content())
    # Five levels: a band in row 8, two blocks of five, a band, two blocks of five.
    names = {row: sheet[f"A{row}"].value for row in range(8, 30)}
    assert [row for row, name in names.items() if name is None] == [8, 19]
    assert [names[row] for row in (9, 14, 20, 25)] == list(CRITERIA)
    assert [sheet[f"C{row}"].value for row in (8, 19)] == ["Family f-1", "Family f-2"]
    assert [sheet[f"B{row}"].value for row in range(9, 14)] == [1, 2, 3, 4, 5]
    assert sheet.max_row == 29
    answers = build(content()).vendors["v-1"].scorecards[0].answers
    assert noted.answers == {(MARK, key): row_of(answers[key]).digest for key in CRITERIA}
    assert totals.page == "V-1"


def test_an_answer_with_all_its_cells(tmp_path: Path) -> None:
    of = content(criteria=1, families=1)
    of[card_of("v-1")]["answers"]["c-1"] = answer(
        3, missing=["one", "two"], capped_from=4, confidence="high",
        evidence=[evidence(note="page 3"), evidence(source="b", date=None, captured="2026-10-05", grade="D")],
    )  # fmt: skip
    sheet, _, _ = drawn(tmp_path, of, ("c-1",))
    first = FIRST + 1
    assert cells(sheet, first, "criterion", "line", "step", "anchor") == ["c-1", 1, 0, "Level 0 of c-1"]
    assert cells(sheet, first, "level", "rationale", "confidence", "capped_from") == [3, "The page says so.", "high", 4]
    assert [cells(sheet, first + line, "missing")[0] for line in range(3)] == ["one", "two", None]
    item = ("source", "date", "captured", "grade", "note")
    assert [cells(sheet, first + line, *item) for line in range(3)] == [
        ["https://vendor.example/doc", datetime(2026, 10, 1), None, "C", "page 3"],
        ["b", None, datetime(2026, 10, 5), "D", None],
        [None] * 5,
    ]
    assert str(sheet[at("about", first)].value).startswith("Criterion c-1\nHow good is c-1?\n")
    merged = {str(found) for found in sheet.merged_cells.ranges}
    tall = ("about", "level", "rationale", "confidence", "capped_from", "earlier", "confirmed", "to_do")
    assert merged == {f"{at(key, first)}:{at(key, first + 4)}" for key in tall}
    open_ = ("level", "rationale", "missing", "confidence", "capped_from", "confirmed", *item)
    assert all(sheet[at(key, first)].protection.locked is False for key in open_)
    assert all(sheet[at(key, first)].protection.locked for key in ("about", "anchor", "earlier", "to_do", "weight"))


def test_a_block_has_as_many_rows_as_its_longest_list(tmp_path: Path) -> None:
    def rows_(**changes: Any) -> int:
        of = content(criteria=1, families=1)
        of["criteria/f-1.yaml"]["criteria"][0]["levels"] = {2: "a", 3: "b"}
        of[card_of("v-1")]["answers"]["c-1"] = answer(2, **changes)
        sheet, _, _ = drawn(tmp_path, of, ("c-1",))
        return int(sheet.max_row) - FIRST - 1

    assert rows_() == 3
    assert rows_(missing=["a", "b", "c", "d"]) == 4
    assert rows_(evidence=[evidence()] * 6, missing=["a"]) == 6


def test_an_unanswered_block_is_empty_and_has_nothing_to_confirm(tmp_path: Path) -> None:
    of = content(criteria=1, families=1)
    of[card_of("v-1")]["answers"] = {}
    sheet, noted, _ = drawn(tmp_path, of, ("c-1",))
    row = FIRST + 1
    keys = (
        "level",
        "rationale",
        "missing",
        "confidence",
        "source",
        "date",
        "captured",
        "grade",
        "note",
        "earlier",
        "confirmed",
    )
    assert cells(sheet, row, *keys) == [None] * 11
    assert sheet[at("confirmed", row)].protection.locked is True
    assert noted.answers == {(MARK, "c-1"): BLANK.digest}
    assert computed(tmp_path, row, "to_do", "number", "value", "low", "high", "answered", "carry") == [
        "to be answered", None, 0, 0, 1, 0, 0,
    ]  # fmt: skip


def computed(folder: Path, row: int, *keys: str) -> list[Any]:
    """The present values that the formulas of a row were written with."""
    sheet = openpyxl.load_workbook(folder / "written.xlsx", data_only=True)["V-1"]
    return [sheet[at(key, row)].value or (None if key == "number" else sheet[at(key, row)].value) for key in keys]


def test_the_hidden_figures_of_an_answer(tmp_path: Path) -> None:
    of = content(criteria=1, families=1)
    of[card_of("v-1")]["answers"]["c-1"] = answer(
        3, evidence=[evidence(), evidence(date="2025-11-23"), evidence(date="2025-11-24"), evidence(grade="D")]
    )
    sheet, _, _ = drawn(tmp_path, of, ("c-1",))
    row = FIRST + 1
    assert cells(sheet, row, "weight", "family") == [0.4, "f-1"]
    assert sheet[at("number", row)].value == '=IF(ISNUMBER($F$9),$F$9,IFERROR(VALUE(TRIM($F$9)),""))'
    assert str(sheet[at("carry", row + 1)].value).count("$J$10") == 5
    assert "<$E$1,2,3" in str(sheet[at("carry", row)].value)
    assert computed(tmp_path, row, "number", "value", "low", "high", "answered") == [3, 0.75, 0.75, 0.75, 1]
    assert [computed(tmp_path, row + line, "carry")[0] for line in range(5)] == [3, 2, 3, 1, 0]
    (rule,) = next(iter(sheet.conditional_formatting)).rules
    assert rule.formula == ["$D9=$V$9"]
    assert str(next(iter(sheet.conditional_formatting)).sqref) == "D9:E13"


def test_evidence_is_shown_with_its_kind_and_carries_as_long_as_its_kind_says(tmp_path: Path) -> None:
    of = content(criteria=1, families=1)
    old, fixed = date(2024, 1, 1), "https://vendor.example/blob/0123456789abcdef/doc"
    of[card_of("v-1")]["answers"]["c-1"] = answer(
        3,
        evidence=[
            evidence(kind="page", date=old, captured=date(2026, 10, 1)),
            evidence(kind="page", date=old, captured=date(2026, 10, 1), source=fixed),
            evidence(kind="certificate", date=old, valid_until=date(2026, 11, 24)),
            evidence(kind="certificate", date=old, valid_until=date(2026, 11, 23)),
            evidence(kind="trial", date=old, captured=date(2026, 10, 1)),
        ],
    )
    sheet, _, _ = drawn(tmp_path, of, ("c-1",))
    rows = range(FIRST + 1, FIRST + 6)
    assert [cells(sheet, row, "kind", "fixed")[0] for row in rows] == [
        "page",
        "page",
        "certificate",
        "certificate",
        "trial",
    ]
    assert [sheet[at("fixed", row)].value for row in rows] == [None, fixed, None, None, None]
    assert sheet[at("valid_until", FIRST + 3)].value == datetime(2026, 11, 24)
    assert [computed(tmp_path, row, "carry")[0] for row in rows] == [3, 2, 3, 2, 2]


def test_evidence_of_an_unknown_carries_nothing(tmp_path: Path) -> None:
    of = content(criteria=1, families=1)
    of[card_of("v-1")]["answers"]["c-1"] = answer("unknown", evidence=[evidence()])
    drawn(tmp_path, of, ("c-1",))
    assert computed(tmp_path, FIRST + 1, "to_do", "carry", "high", "answered") == [None, 1, 1, 1]


def test_a_criterion_out_of_scope_is_shown_and_not_counted(tmp_path: Path) -> None:
    of = content(criteria=1, families=1)
    sheet, _, totals = drawn(tmp_path, of, ("c-1",), out_of_scope={"c-1": "Not this year."}, weights={})
    row = FIRST + 1
    assert str(sheet[at("about", row)].value).endswith("[c-1]\nOut of scope for all options: Not this year.")
    assert cells(sheet, row, "weight", "answered", "family") == [0, None, None]
    assert (totals.total, totals.families) == (0, {})


# What stood before


def standing(folder: Path, now: dict[str, Any] | None, then: dict[str, Any] | None = None, **more: Any) -> str | None:
    """The cell that says how an answer stood."""
    of = content(criteria=1, families=1)
    of[card_of("v-1")]["answers"] = {} if now is None else {"c-1": now}
    past = None
    if then is not None:
        before = content(criteria=1, families=1, assessors=(more.get("who", "desk-a"),))
        card = before[card_of("v-1", more.get("who", "desk-a"))]
        card |= {"assessed": "2025-11-10", "edition": more.get("edition", "business"), "answers": {"c-1": then}}
        before["criteria/f-1.yaml"]["criteria"][0] |= more.get("criterion", {})
        past = Past("2025", date(2025, 11, 24), build(before), ())
    sheet, _, _ = drawn(folder, of, ("c-1",), past)
    found: str | None = sheet[at("earlier", FIRST + 1)].value
    return found


def test_how_an_answer_stands_now_and_in_the_previous_review(tmp_path: Path) -> None:
    fresh = answer(2, missing=["x"])
    assert standing(tmp_path, None) is None
    assert standing(tmp_path, fresh) == "On 2026-11-10: level 2, at least"
    assert standing(tmp_path, {**fresh, "date": "2026-11-18"}) == "On 2026-11-18: level 2, at least"
    old = answer(1)
    assert standing(tmp_path, fresh, old) == "Review 2025, 2025-11-10: level 1\nOn 2026-11-10: level 2, at least"
    assert standing(tmp_path, None, {**old, "date": "2025-06-01"}) == "Review 2025, 2025-06-01: level 1"
    assert standing(tmp_path, answer(1, date="2025-11-10"), old) == (
        "Review 2025, 2025-11-10: level 1\nThe same now; nobody has confirmed it since."
    )
    unknown = standing(tmp_path, fresh, answer("unknown"), who="desk-b", edition="enterprise")
    assert unknown == "Review 2025, on enterprise (desk-b), 2025-11-10: unknown\nOn 2026-11-10: level 2, at least"
    reworded = standing(tmp_path, None, old, criterion={"question": "Something else?"})
    assert reworded == "Review 2025, 2025-11-10: level 1\nThe question or its levels have been reworded since then."


def test_a_stale_answer_says_until_when_its_evidence_counted(tmp_path: Path) -> None:
    hint = "Look at the source again, or find a newer one."
    stale = answer(
        2, evidence=[evidence(date="2025-03-01"), evidence(date="2025-10-01"), evidence(date="2026-10-01", grade="E")]
    )
    assert standing(tmp_path, stale) == f"On 2026-11-10: level 2\nStale: its evidence counted until 2026-10-01. {hint}"
    assert standing(tmp_path, None, stale) == (
        f"Review 2025, 2025-11-10: level 2\nStale: its evidence counted until 2026-10-01. {hint}"
    )
    assert standing(tmp_path, answer(2, evidence=[evidence(date="2025-11-24")])) == "On 2026-11-10: level 2"


@pytest.mark.parametrize(
    ("level", "missing", "words"), [(2, [], "level 2"), (0, ["x"], "level 0, at least"), ("unknown", ["x"], "unknown")]
)
def test_an_answer_in_words(level: Any, missing: list[str], words: str) -> None:
    evidence_: list[Any] = []
    found = Answer.model_validate({**answer(level), "missing": tuple(missing), "evidence": tuple(evidence_)})
    assert in_words(found) == words


# The whole sheet


def test_what_may_be_entered(tmp_path: Path) -> None:
    of = content()
    of["criteria/f-1.yaml"]["criteria"][0]["levels"] = {1: "a", 2: "b", 3: "c"}
    sheet, _, _ = drawn(tmp_path, of)
    # c-1 has three rows (9 to 11), then c-3 (12 to 16), the band (17), c-2 (18 to 22) and c-4 (23 to 27).
    found = rules(sheet)
    assert found["F9:F11"] == ("list", '"1,2,3,unknown"')
    assert found["F12:F16 F18:F22 F23:F27"] == ("list", '"0,1,2,3,4,unknown"')
    assert found["I8:I27"] == ("list", '"low,medium,high"')
    assert found["M8:M27"] == ("list", '"A,B,C,D,E"')
    assert found["E5"] == ("list", '"desk review,trial,questionnaire,moderation"')
    assert {"K8:K27", "L8:L27", "O8:O27", "R8:R27"} <= set(found)
    assert found["N8:N27"] == ("list", '"page,document,statement,trial,certificate"')
    errors = {str(rule.sqref): rule.error for rule in sheet.data_validations.dataValidation}
    assert errors["E5"] == "One of: desk review, trial, questionnaire, moderation."
    assert errors["M8:M27"] == "Expected a grade of the catalogue."


def test_how_the_sheet_is_shown_and_printed(tmp_path: Path) -> None:
    sheet, _, _ = drawn(tmp_path, content())
    assert (sheet.freeze_panes, sheet.sheet_view.zoomScale, sheet.protection.sheet) == ("D8", 90, True)
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$6:$6", "$C:$C")
    assert (sheet.page_setup.scale, sheet.page_setup.pageOrder) == (70, "overThenDown")
    assert sheet.print_area == "'V-1'!$C$2:$T$29"
    assert [found.id for found in sheet.col_breaks.brk] == [8]
    assert header(sheet) == "V-1 · Business · scorecard desk-a"


def test_no_block_is_cut_by_the_end_of_a_page(tmp_path: Path) -> None:
    sheet, _, _ = drawn(tmp_path, content(criteria=8), tuple(f"c-{n}" for n in (1, 3, 5, 7, 2, 4, 6, 8)))
    starts = {row - 1 for row in range(8, sheet.max_row + 1) if sheet[f"B{row}"].value in {None, 1}}
    breaks = [found.id for found in sheet.row_breaks.brk]
    assert breaks
    assert set(breaks) <= starts
    filled, pages = 85.0, []
    for row in range(8, sheet.max_row + 1):
        if row - 1 in breaks:
            pages.append(filled)
            filled = 0
        filled += height_of(sheet, row)
    assert all(page <= 652 for page in pages)
    heights = [sum(height_of(sheet, row) for row in range(first, first + 5)) for first in (9, 14)]
    assert pages[0] + max(heights) > 640


def test_rows_are_as_high_as_their_texts(tmp_path: Path) -> None:
    def heights(**changes: Any) -> list[float]:
        of = content(criteria=1, families=1)
        of[card_of("v-1")]["answers"]["c-1"] = answer(2, **changes)
        sheet, _, _ = drawn(tmp_path, of, ("c-1",))
        return [height_of(sheet, row) for row in range(9, 14)]

    one = heights()
    assert one[0] == pytest.approx(14.8, abs=0.4)
    # Forty units of width hold 46 characters of the reason; 30 of them 35; 34 of them 39; 16 of them 18.
    assert heights(missing=["x" * 36])[0] == pytest.approx(26.6, abs=0.4)
    assert heights(evidence=[evidence(source="x" * 40)])[0] == pytest.approx(26.6, abs=0.4)
    assert heights(evidence=[evidence(), evidence(note="x" * 19)])[1] == pytest.approx(26.6, abs=0.4)
    assert heights(missing=["x" * 35])[0] == pytest.approx(14.8, abs=0.4)
    assert sum(heights(rationale="x" * 46 * 20)) == pytest.approx(20 * 11.8 + 3 + 11.8, abs=2)
    assert values(drawn(tmp_path, content())[0])["F9"] == 2


def setting(**more: Any) -> Setting:
    content = contents(criteria=2, families=3)
    content["criteria/catalogue.yaml"] |= {"rules": ["Rule one."], "evidence_rules": ["Rule two."]}
    return Setting(build(content).catalogue, AS_OF, "1", **more)


def test_how_to_fill_in_a_scorecard_in_the_words_of_the_catalogue() -> None:
    sections = dict(scorecard_sections(setting()))
    assert list(sections) == ["What to do", "What is understood", "Evidence grades of Test catalogue", "Rules"]
    assert sections["Evidence grades of Test catalogue"] == [
        f"{grade}: kind {grade}. Carries a level up to {cap} alone."
        for grade, cap in (("A", 4), ("B", 4), ("C", 4), ("D", 2), ("E", 1))
    ]
    assert sections["Rules"] == ["Rule one.", "Rule two."]
