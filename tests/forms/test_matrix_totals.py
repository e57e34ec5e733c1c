"""A workspace made from somebody's weighted matrix: same totals, and what the sheet does not say of itself."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from math import fsum
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from exchange_tools import TODAY, opened
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator import api
from evaluator.errors import ContentError, EvaluatorError, has_errors
from evaluator.forms.matrix_table import number_of
from evaluator.forms.matrix_workspace import MatrixReport
from evaluator.scoring.score import score

Rows = Sequence[Any]
PLAIN: Rows = [
    ["Criterion", "Weight", "Alpha", "Beta"],
    ["Sign-on", 50, 5, 2],
    ["Price", 30, 1, 4],
    ["Support", 20, 3, 3],
    ["Total", None, 340, 280],
    ["Rank", None, 1, 2],
]


def workbook(path: Path, rows: Rows, **formats: str) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for cell, form in formats.items():
        sheet[cell].number_format = form
    book.save(path)
    return path


def text_file(path: Path, rows: Rows, delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    return path


def made(tmp_path: Path, file: Path, **options: Any) -> tuple[dict[str, float], MatrixReport]:
    """Option -> score of the workspace made from a file, and the report."""
    report = api.init_from_matrix(tmp_path / "made", file, today=TODAY, **options)
    workspace = opened(tmp_path / "made")
    return {option.id: option.score for option in score(workspace, TODAY).options}, report


def findings(report: MatrixReport) -> dict[str, str]:
    return {(problem.cell or "").removeprefix("Sheet!"): problem.message for problem in report.findings}


def test_the_workspace_scores_to_the_totals_of_the_sheet(tmp_path: Path) -> None:
    scores, report = made(tmp_path, workbook(tmp_path / "m.xlsx", PLAIN))
    assert scores == pytest.approx({"alpha": 100 * 340 / 500, "beta": 100 * 280 / 500}, abs=1e-9)
    assert report.conversion == "score = 100 x total / 500 (the most possible)"
    assert [(total.name, total.total) for total in report.totals] == [("Alpha", 340), ("Beta", 280)]
    assert report.findings == ()
    assert not has_errors(api.check(tmp_path / "made"))
    assert report.taken == (
        "sheet 'Sheet'",
        "criteria in rows: 3, named from Sheet!A1 on",
        "options in columns: Alpha, Beta",
        "weights: Sheet!B1 'Weight'",
        "families: none; one is made for all criteria",
        "totals: Sheet!A5 'Total'",
        "ranks: Sheet!A6 'Rank'",
        "scale: 1 to 5, because the scores touch both ends of it",
        "the totals in Sheet!A5 are the sum of weight times score",
    )


SCALES = st.sampled_from(
    [(0, 5, 1.0), (1, 5, 1.0), (1, 5, 0.5), (0, 10, 1.0), (0, 100, 1.0), (1, 4, 0.25), (-2, 2, 1.0), (0, 1, 0.1)]
)


@st.composite
def matrices(draw: st.DrawFn) -> tuple[Rows, str]:
    low, high, step = draw(SCALES)
    places = st.integers(round(low / step), round(high / step)).map(lambda place: round(place * step, 6))
    options = draw(st.integers(2, 4))
    rows: list[list[Any]] = [["Criterion", "Weight", *(f"Option {n}" for n in range(options))]]
    for number in range(draw(st.integers(1, 6))):
        weight = draw(st.one_of(st.integers(1, 40), st.floats(0.01, 5).map(lambda value: round(value, 3))))
        blank = st.none() if number and low >= 0 else st.nothing()
        rows.append([f"Criterion {number}", weight, *(draw(st.one_of(places, blank)) for _ in range(options))])
    return rows, f"{low}..{high}"


@given(matrices(), st.booleans(), st.booleans())
@settings(max_examples=60)
def test_any_scale_any_weights_transposed_or_not(
    tmp_path_factory: pytest.TempPathFactory,
    matrix: tuple[Rows, str],
    turned: bool,  # noqa: FBT001
    as_text: bool,  # noqa: FBT001
) -> None:
    rows, scale = matrix
    low, high = (float(end) for end in scale.split(".."))
    whole = fsum(row[1] for row in rows[1:])
    expected = {}
    for column in range(2, len(rows[0])):
        total = fsum(row[1] * row[column] for row in rows[1:] if row[column] is not None)
        expected[f"option-{column - 2}"] = 100 * (
            (total / whole - low) / (high - low) if low < 0 else total / whole / high
        )
    laid = [list(each) for each in zip(*rows, strict=True)] if turned else rows
    folder = tmp_path_factory.mktemp("matrix")
    file = text_file(folder / "m.csv", laid, ";") if as_text else workbook(folder / "m.xlsx", laid)
    scores, _ = made(folder, file, scale=scale)
    assert scores == pytest.approx(expected, abs=1e-9)


def test_weights_that_sum_to_160_percent(tmp_path: Path) -> None:
    rows = [["Criterion", "Weight", "A", "B"], ["x", 0.6, 5, 1], ["y", 0.5, 2, 2], ["z", 0.5, 1, 5]]
    scores, report = made(tmp_path, workbook(tmp_path / "m.xlsx", rows))
    assert findings(report) == {"B2": "the weights sum to 160 %"}
    assert scores["a"] == pytest.approx(100 * (3 + 1 + 0.5) / (5 * 1.6))


def test_totals_and_ranks_that_do_not_follow(tmp_path: Path) -> None:
    rows = [*PLAIN[:4], ["Total", None, 340, 290], ["Rank", None, 2, 1]]
    _, report = made(tmp_path, workbook(tmp_path / "m.xlsx", rows))
    assert findings(report)["A5"] == "the totals in Sheet!A5 'Total' follow from their rows by no rule that was tried"
    rows = [
        ["Criterion", "Weight", "A", "B", "C"],
        ["x", 2, 5, 1, 3],
        ["y", 1, 2, 4, 3],
        ["Total", None, 12, 7, 9],
        ["Rank", None, 1, 2, 3],
    ]
    _, report = made(tmp_path / "second", workbook(tmp_path / "n.xlsx", rows))
    assert findings(report) == {
        "D4": "'B' has the total 7, its rows give 6 (the sum of weight times score)",
        "D5": "'B' is ranked 2, its total puts it at 3",
        "E5": "'C' is ranked 3, its total puts it at 2",
    }


@pytest.mark.parametrize(
    ("totals", "rule"),
    [
        ([3.4, 2.8], "the average of the scores by weight"),
        ([0.68, 0.56], "the sum of weight times score as a share of the most possible"),
        ([68, 56], "the sum of weight times score as a percentage of the most possible"),
        ([9, 9], "the plain sum of the scores, without weights"),
    ],
)
def test_the_rule_of_the_totals_is_found(tmp_path: Path, totals: list[float], rule: str) -> None:
    _, report = made(tmp_path, workbook(tmp_path / "m.xlsx", [*PLAIN[:4], ["Total", None, *totals]]))
    assert report.taken[-1] == f"the totals in Sheet!A5 are {rule}"
    assert findings(report) == {}


def test_numbers_stored_as_text_and_the_total_that_leaves_them_out(tmp_path: Path) -> None:
    rows = [
        *PLAIN[:1],
        ["Sign-on", 50, "5", 2],
        ["Price", 30, 1, 4],
        ["Support", 20, "3,0", 3],
        ["Total", None, 30, 280],
    ]
    scores, report = made(tmp_path, workbook(tmp_path / "m.xlsx", rows), scale="1..5")
    assert scores["alpha"] == pytest.approx(68)
    assert findings(report) == {
        "C2": "scores stored as text, which sums leave out: Sheet!C2, Sheet!C4",
        "C4": "scores with a decimal comma: Sheet!C4",
        "C5": "'Alpha' has the total 30, with the figures stored as text it is 340",
    }


def test_factors_typed_into_formulas(tmp_path: Path) -> None:
    rows = [*PLAIN[:4], ["Total", None, "=0.5*C2+0.3*C3+0.2*C4", "=ROUND(SUMPRODUCT($B$2:$B$4,D2:D4)/100,2)"]]
    _, report = made(tmp_path, workbook(tmp_path / "m.xlsx", rows))
    assert findings(report)["C5"] == "the formula holds factors typed as figures: 0.5, 0.3, 0.2"
    assert "D5" not in findings(report)


def test_exact_ties_ranked_apart(tmp_path: Path) -> None:
    rows = [["Criterion", "Weight", "A", "B", "C"], ["x", 0.1, 3, 1, 5], ["y", 0.2, 1, 2, 5], ["Rank", None, 2, 3, 1]]
    _, report = made(tmp_path, workbook(tmp_path / "m.xlsx", rows))
    assert findings(report)["C4"] == "'A' and 'B' have the same total and are ranked apart: 2 and 3"
    rows[-1] = ["Rank", None, 2.5, 2.5, 1]
    _, report = made(tmp_path / "second", workbook(tmp_path / "n.xlsx", rows))
    assert "C4" not in findings(report)


def test_the_scale_is_read_from_the_sheet_or_asked_for(tmp_path: Path) -> None:
    rows = [["Criterion", "Weight", "A", "B"], ["x", 2, 2, 3], ["y", 1, 2, 4]]
    with pytest.raises(EvaluatorError, match=r"cannot be told from scores between 2 and 4; name it with --scale"):
        made(tmp_path, workbook(tmp_path / "m.xlsx", rows))
    assert not (tmp_path / "made").exists()
    stated = [["Scores from 1 to 5 (5 is best)"], *rows]
    scores, report = made(tmp_path / "stated", workbook(tmp_path / "n.xlsx", stated))
    assert "scale: 1 to 5, as Sheet!A1 states" in report.taken
    asked, _ = made(tmp_path / "asked", workbook(tmp_path / "m.xlsx", rows), scale="1..5")
    assert scores == asked
    with pytest.raises(EvaluatorError, match=r"D3 holds 4, outside of the scale 1 to 3 \(as asked for\)"):
        made(tmp_path, tmp_path / "m.xlsx", scale="1..3")
    for bad in ("5..1", "five", "1-5", "-5..0"):
        with pytest.raises(EvaluatorError, match="is no scale"):
            made(tmp_path, tmp_path / "m.xlsx", scale=bad)


def test_families_as_headings_or_in_a_column_and_their_weights(tmp_path: Path) -> None:
    head = ["Criterion", "Weight", "A", "B"]
    headings = [head, ["Security"], ["x", 2, 1, 5], ["y", 1, 2, 4], ["Money"], ["z", 3, 5, 1]]
    first, report = made(tmp_path / "1", workbook(tmp_path / "1.xlsx", headings))
    assert "families: Security, Money" in report.taken
    column = [["Category", *head], ["Security", "x", 2, 1, 5], [None, "y", 1, 2, 4], ["Money", "z", 3, 5, 1]]
    second, _ = made(tmp_path / "2", workbook(tmp_path / "2.xlsx", column))
    sums = [head, ["Security", 3], ["x", 2, 1, 5], ["y", 1, 2, 4], ["Money", 3], ["z", 3, 5, 1]]
    third, report = made(tmp_path / "3", workbook(tmp_path / "3.xlsx", sums))
    assert "figures beside the families: the sums of their weights" in report.taken
    both = [head, ["Security", 0.5], ["x", 2 / 3, 1, 5], ["y", 1 / 3, 2, 4], ["Money", 0.5], ["z", 1, 5, 1]]
    fourth, _ = made(tmp_path / "4", workbook(tmp_path / "4.xlsx", both))
    for other in (second, third, fourth):
        assert other == pytest.approx(first)
    unscored = [head, ["x", 2, 1, 5], ["Nobody looked", 3], ["z", 3, 5, 1]]
    _, report = made(tmp_path / "6", workbook(tmp_path / "6.xlsx", unscored))
    assert findings(report)["C3"].startswith("no score in Sheet!C3, Sheet!D3")
    odd = [head, ["Security", 7], ["x", 2, 1, 5], ["y", 1, 2, 4], ["Money", 3], ["z", 3, 5, 1]]
    with pytest.raises(EvaluatorError, match="gives weights to families"):
        made(tmp_path / "5", workbook(tmp_path / "5.xlsx", odd))


def test_two_rows_of_titles_with_score_and_weighted_columns(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["No", "Criterion", "Weight", "Alpha", None, "Beta", None],
        [None, None, None, "Score", "Weighted", "Score", "Weighted"],
        [1, "x", 2, 5, 10, 1, 2],
        [2, "y", 1, 2, 2, 4, 4],
        [None, "Total", None, None, 12, None, 6],
    ]
    rows[1][1], rows[1][2] = "Criterion", "Weight"
    scores, report = made(tmp_path, workbook(tmp_path / "m.xlsx", rows))
    assert scores == pytest.approx({"alpha": 80, "beta": 40})
    assert any(
        "left aside as computed from others: Sheet!E2 'Weighted', Sheet!G2 'Weighted'" in line for line in report.taken
    )


def test_hidden_rows_and_columns_are_read_and_said(tmp_path: Path) -> None:
    path = workbook(tmp_path / "m.xlsx", PLAIN)
    book = openpyxl.load_workbook(path)
    sheet = book["Sheet"]
    sheet.column_dimensions["D"].hidden = True
    sheet.row_dimensions[3].hidden = True
    book.save(path)
    scores, report = made(tmp_path, path)
    assert set(scores) == {"alpha", "beta"}
    assert report.taken[-3] == "hidden in the sheet and read all the same: row 3, column D"


def test_what_is_no_score_is_an_error_by_cell(tmp_path: Path) -> None:
    rows = [*PLAIN[:3], ["Support", 20, "good", "n/a"]]
    with pytest.raises(ContentError) as caught:
        made(tmp_path, workbook(tmp_path / "m.xlsx", rows))
    assert [(problem.cell, problem.message) for problem in caught.value.problems] == [
        ("Sheet!C4", "expected a number, or nothing for unknown, found 'good'")
    ]
    assert not (tmp_path / "made").exists()


def test_unknown_scores_earn_nothing_as_in_the_sheet(tmp_path: Path) -> None:
    rows = [*PLAIN[:3], ["Support", 20, "?", None]]
    scores, report = made(tmp_path, workbook(tmp_path / "m.xlsx", rows))
    assert scores["alpha"] == pytest.approx(100 * 280 / 500)
    assert findings(report)["C4"].startswith("no score in Sheet!C4, Sheet!D4: unknown")


def test_names_become_ids_that_are_unique_and_take_no_file(tmp_path: Path) -> None:
    rows = [
        ["Criterion", "Weight", "Ünï Côde™", "weights", "Weights!"],
        ["Weights"],
        ["Same", 1, 1, 5, 2],
        ["Same", 1, 5, 1, 2],
        ["=1+1", 1, 3, 3, 3],
    ]
    scores, _ = made(tmp_path, text_file(tmp_path / "m.csv", rows))
    assert set(scores) == {"uni-codetm", "weights", "weights-2"}
    workspace = opened(tmp_path / "made")
    assert list(workspace.catalogue.families) == ["weights-2"]
    assert list(workspace.catalogue.criteria) == ["same", "same-2", "1-1"]


@pytest.mark.parametrize(("row", "column"), [(0, 2), (1, 0)])
def test_a_name_that_no_workspace_can_hold_is_refused(tmp_path: Path, row: int, column: int) -> None:
    rows: list[list[Any]] = [["Criterion", "Weight", "One", "Two"], ["SSO", 40, 1, 2], ["Audit", 60, 2, 1]]
    rows[row][column] = "x" * 501
    with pytest.raises(ContentError) as refused:
        made(tmp_path, workbook(tmp_path / "m.xlsx", rows), scale="0..5")
    (problem,) = refused.value.problems
    assert "at most 500" in problem.message
    assert not (tmp_path / "w").exists()


def test_two_options_of_one_name_are_refused(tmp_path: Path) -> None:
    rows = [["Criterion", "Weight", "A", "a"], ["x", 1, 1, 5]]
    with pytest.raises(ContentError):
        made(tmp_path, text_file(tmp_path / "m.csv", rows))


@pytest.mark.parametrize(
    "rows", [[["nothing", "here"]], [[1, 2], [3, 4]], [["Criterion", "A"], ["x", "y"]], [["only one column"], [3]]]
)
def test_what_is_no_matrix_is_said(tmp_path: Path, rows: Rows) -> None:
    with pytest.raises(EvaluatorError, match=r"holds no matrix|no sheet with numbers"):
        made(tmp_path, text_file(tmp_path / "m.csv", rows))


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "mine.txt").write_text("mine")
    with pytest.raises(EvaluatorError, match="is not empty"):
        made(tmp_path, workbook(tmp_path / "m.xlsx", PLAIN))
    assert [path.name for path in (tmp_path / "made").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("3.5", 3.5),
        ("3,5", 3.5),
        ("25%", 0.25),
        ("25 %", 0.25),
        ("1 200", 1200),
        (".5", 0.5),
        ("-2", -2),
        ("+1", 1),
    ],
)
def test_numbers_in_text(text: str, value: float) -> None:
    found = number_of(text)
    assert found is not None
    assert found.value == value
    assert found.as_text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "%",
        ".",
        "3-4",
        "three",
        "1.2.3",
        "1e5",
        "0x1",
        "٣ق",
        "2 0",
        "9" * 20,
        True,
        None,
        float("nan"),
        float("inf"),
        1e13,
    ],
)
def test_what_is_no_number(text: Any) -> None:
    assert number_of(text) is None
