"""Where a weighted matrix has its criteria, options, weights, totals and ranks, and what was taken for what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from evaluator.errors import EvaluatorError
from evaluator.forms.matrix_layout import Matrix, MatrixEntry, find_matrix
from evaluator.forms.matrix_table import Number, Table

Rows = Sequence[Any]
HEAD = ["Criterion", "Weight", "Alpha", "Beta"]
X, Y = ["x", 2.0, 5.0, 1.0], ["y", 1.0, 2.0, 4.0]


def found(rows: Rows, *, transposed: bool | None = None, **more: Any) -> Matrix:
    return find_matrix(Table("given.csv", "", [list(row) for row in rows], **more), transposed=transposed)


def names(matrix: Matrix) -> list[tuple[str, str]]:
    """Family and name of every criterion."""
    return [(line.family, line.name) for line in matrix.lines]


def scores(matrix: Matrix) -> list[list[float | None]]:
    return [[entry.number.value if entry.number else None for entry in line.scores] for line in matrix.lines]


def told(matrix: Matrix, start: str) -> list[str]:
    """The sentences that begin with a word."""
    return [text for text in matrix.taken if text.startswith(start)]


def test_a_plain_matrix_cell_by_cell() -> None:
    matrix = found([HEAD, X, Y, ["Total", "", 12.0, 6.0], ["Rank", "", 1.0, 2.0]])
    assert (matrix.file, matrix.options, matrix.unread, matrix.family_weights) == (
        "given.csv",
        ("Alpha", "Beta"),
        [],
        {},
    )
    first = matrix.lines[0]
    assert (first.name, first.cell, first.family, first.note) == ("x", "A2", "", "")
    assert first.weight == MatrixEntry(Number(2.0), "B2")
    assert first.scores == (MatrixEntry(Number(5.0), "C2"), MatrixEntry(Number(1.0), "D2"))
    assert [(one.name, one.row, [entry.value for entry in one.entries]) for one in matrix.totals] == [
        ("Total", "A4", [12, 6])
    ]
    assert [(one.name, one.row, [entry.value for entry in one.entries]) for one in matrix.ranks] == [
        ("Rank", "A5", [1, 2])
    ]
    assert matrix.taken == [
        "criteria in rows: 2, named from A1 on",
        "options in columns: Alpha, Beta",
        "weights: B1 'Weight'",
        "families: none; one is made for all criteria",
        "totals: A4 'Total'",
        "ranks: A5 'Rank'",
    ]


def test_an_entry_without_a_number_counts_as_0() -> None:
    assert MatrixEntry(None, "A1").value == 0
    assert MatrixEntry(Number(3.5), "A1").value == 3.5


# The row of titles


def test_titles_stand_below_a_heading_and_blank_rows() -> None:
    matrix = found([["Our matrix"], [], ["Made in spring"], [], HEAD, [], X, Y])
    assert matrix.taken[0] == "criteria in rows: 2, named from A5 on"


def test_numbers_are_looked_for_in_three_rows_below_the_titles() -> None:
    unscored = [["a", "", "", ""], ["b", "", "", ""]]
    assert len(found([HEAD, *unscored, X, Y], transposed=False).lines) == 2
    with pytest.raises(EvaluatorError):
        found([HEAD, *unscored, ["c", "", "", ""], X], transposed=False)


def test_titles_need_a_name_to_the_left_of_the_numbers() -> None:
    with pytest.raises(EvaluatorError) as refused:
        found([["Alpha", "Beta"], [1.0, 2.0], [3.0, 4.0]])
    assert str(refused.value) == (
        "'given.csv' holds no matrix that can be found: expected a row of option names, and under it rows with a "
        "criterion's name, a weight and a number per option (or all of it transposed)."
    )


def test_one_title_over_numbers_is_enough_beside_the_names() -> None:
    assert found([["Criterion", "Alpha"], ["x", 1.0], ["y", 2.0]], transposed=False).options == ("Alpha",)
    with pytest.raises(EvaluatorError):
        found([["", "Alpha"], ["x", 1.0], ["y", 2.0]], transposed=False)


# Weights and options


@pytest.mark.parametrize("title", ["Weighting", "Gewichtung", "importance (%)", "Priority", "poids", "Wt.", "peso"])
def test_words_for_weights(title: str) -> None:
    matrix = found([["Criterion", title, "Alpha", "Beta"], X, Y])
    assert matrix.taken[2] == f"weights: B1 '{title}'"
    assert matrix.options == ("Alpha", "Beta")


def test_without_weights_every_criterion_weighs_the_same() -> None:
    matrix = found([["Criterion", "Alpha", "Beta"], ["x", 1.0, 2.0], ["y", 3.0, 4.0]], transposed=False)
    assert [line.weight for line in matrix.lines] == [None, None]
    assert "no weights were found: every criterion weighs the same" in matrix.taken


def test_a_column_of_words_is_no_column_of_weights() -> None:
    rows = [["Criterion", "Importance", "Weight", "Alpha"], ["x", "high", 2.0, 1.0], ["y", "low", 3.0, 2.0], ["z", 1.0, 1.0, 1.0]]  # fmt: skip
    matrix = found(rows, transposed=False)
    assert told(matrix, "weights") == ["weights: C1 'Weight'"]
    assert matrix.options == ("Alpha",)


def test_an_empty_column_of_weights_is_passed_over() -> None:
    matrix = found(
        [["Criterion", "Weight", "Importance", "Alpha"], ["x", "", 2.0, 1.0], ["y", "", 3.0, 2.0]], transposed=False
    )
    assert told(matrix, "weights") == ["weights: C1 'Importance'"]


def test_weights_may_stand_to_the_right() -> None:
    matrix = found([["Criterion", "Alpha", "Beta", "Weight"], ["x", 5.0, 1.0, 2.0], ["y", 2.0, 4.0, 1.0]])
    assert matrix.options == ("Alpha", "Beta")
    assert [line.weight.value for line in matrix.lines if line.weight] == [2, 1]


def test_numbering_and_computed_columns_are_no_options() -> None:
    matrix = found(
        [["No.", "Criterion", "Weight", "Alpha", "Weighted Alpha", "Average", "Beta", "Empty"],
         [1.0, "x", 2.0, 5.0, 10.0, 3.0, 1.0, ""], [2.0, "y", 1.0, 2.0, 2.0, 3.0, 4.0, ""]],
        transposed=False,
    )  # fmt: skip
    assert matrix.options == ("Alpha", "Beta")
    assert told(matrix, "left") == ["left aside as computed from others: E1 'Weighted Alpha', F1 'Average'"]


def test_numbers_stored_beside_few_words_are_still_scores() -> None:
    matrix = found([HEAD, ["x", 2.0, "n/a", 1.0], ["y", 1.0, 3.0, 2.0]])
    assert scores(matrix) == [[None, 1], [3, 2]]
    assert matrix.unread == []


def test_options_over_score_and_weighted_columns() -> None:
    rows = [
        ["", "", "Alpha", "", "Beta", ""],
        ["Criterion", "Weight", "Score", "Weighted", "Rating", "Result"],
        ["x", 2.0, 5.0, 10.0, 1.0, 2.0],
        ["y", 1.0, 2.0, 2.0, 4.0, 4.0],
    ]
    matrix = found(rows, transposed=False)
    assert matrix.options == ("Alpha", "Beta")
    assert scores(matrix) == [[5, 1], [2, 4]]
    assert told(matrix, "left") == ["left aside as computed from others: D2 'Weighted', F2 'Result'"]


def test_a_second_score_column_of_an_option_is_left_aside_and_one_without_a_name_too() -> None:
    rows = [
        ["", "", "", "Alpha", ""],
        ["Criterion", "Weight", "Score", "Score", "Raw"],
        ["x", 2.0, 3.0, 5.0, 1.0],
        ["y", 1.0, 3.0, 2.0, 4.0],
    ]
    matrix = found(rows, transposed=False)
    assert matrix.options == ("Alpha",)
    assert scores(matrix) == [[5], [2]]
    assert told(matrix, "left") == ["left aside as computed from others: C2 'Score', E2 'Raw'"]


def test_the_score_of_an_option_may_stand_after_what_is_computed_from_it() -> None:
    rows = [
        ["", "", "Alpha", ""],
        ["Criterion", "Weight", "Weighted", "Score"],
        ["x", 2.0, 10.0, 5.0],
        ["y", 1.0, 2.0, 2.0],
    ]
    matrix = found(rows, transposed=False)
    assert (matrix.options, scores(matrix)) == (("Alpha",), [[5], [2]])


def test_columns_called_like_scores_in_the_first_row_are_options() -> None:
    matrix = found([["Criterion", "Weight", "Score", "Rating"], X, Y], transposed=False)
    assert matrix.options == ("Score", "Rating")


# Families and remarks


def test_families_as_headings() -> None:
    matrix = found([HEAD, X, ["Money", "", "", ""], Y])
    assert names(matrix) == [("", "x"), ("Money", "y")]
    assert told(matrix, "families") == ["families: Money"]


def test_families_in_a_column_by_its_title_or_by_its_repeats() -> None:
    rows = [["Security", "x", 2.0, 5.0, 1.0], ["", "y", 1.0, 2.0, 4.0], ["Money", "z", 1.0, 2.0, 4.0]]
    expected = [("Security", "x"), ("Security", "y"), ("Money", "z")]
    assert names(found([["Area", *HEAD], *rows], transposed=False)) == expected
    assert names(found([["Topic", *HEAD], *rows], transposed=False)) == expected
    repeated = [rows[0], ["Security", *rows[1][1:]], rows[2]]
    assert names(found([["Topic", *HEAD], *repeated], transposed=False)) == expected


def test_two_columns_of_texts_without_repeats_are_names_and_something_else() -> None:
    rows = [["x", "about x", 2.0, 5.0], ["y", "about y", 1.0, 2.0]]
    matrix = found([["Criterion", "More", "Weight", "Alpha"], *rows], transposed=False)
    assert names(matrix) == [("", "x"), ("", "y")]
    assert [line.note for line in matrix.lines] == ["about x", "about y"]
    assert told(matrix, "remarks") == ["remarks on criteria: B1 'More'"]


def test_a_repeat_in_the_second_column_makes_it_no_column_of_names() -> None:
    rows = [["Security", "x", 2.0, 5.0], ["Security", "x", 1.0, 2.0], ["Money", "z", 1.0, 2.0]]
    assert names(found([["Topic", "Criterion", "Weight", "Alpha"], *rows], transposed=False)) == [
        ("", "Security"), ("", "Security"), ("", "Money"),
    ]  # fmt: skip


def test_a_column_of_repeats_that_stands_apart_is_no_family() -> None:
    rows = [["Security", 2.0, "x", 5.0], ["Security", 1.0, "y", 2.0], ["Money", 1.0, "z", 2.0]]
    matrix = found([["Topic", "Weight", "Criterion", "Alpha"], *rows], transposed=False)
    assert names(matrix) == [("", "Security"), ("", "Security"), ("", "Money")]
    assert [line.note for line in matrix.lines] == ["x", "y", "z"]


def test_remarks_are_joined_and_never_name_a_criterion() -> None:
    rows = [["see x", "x", "good", 2.0, 5.0], ["see y", "y", "", 1.0, 2.0]]
    matrix = found([["Comment", "Criterion", "Note", "Weight", "Alpha"], *rows], transposed=False)
    assert names(matrix) == [("", "x"), ("", "y")]
    assert [line.note for line in matrix.lines] == ["see x; good", "see y"]
    assert told(matrix, "remarks") == ["remarks on criteria: A1 'Comment', C1 'Note'"]


def test_the_first_text_column_names_where_all_are_remarks_or_families() -> None:
    rows = [["x", 2.0, 5.0], ["y", 1.0, 2.0]]
    assert names(found([["Description", "Weight", "Alpha"], *rows], transposed=False)) == [("", "x"), ("", "y")]
    assert names(found([["Category", "Weight", "Alpha"], *rows], transposed=False)) == [("", "x"), ("", "y")]


def test_a_name_may_stand_to_the_left_of_its_column() -> None:
    rows = [["1", "x", 2.0, 5.0, 1.0], ["2", "y", 1.0, 2.0, 4.0], ["Sum", "", "", 12.0, 6.0]]
    matrix = found([["#", *HEAD], *rows], transposed=False)
    assert [one.name for one in matrix.totals] == ["Sum"]
    assert matrix.totals[0].row == "B4"


# Rows that are no criteria


@pytest.mark.parametrize(
    "name",
    [
        "Total",
        "TOTAL:",
        "Grand Total",
        "Weighted score",
        "Summe",
        "Gesamt",
        "Overall score",
        "Ergebnis",
        "Total (max 5)",
    ],
)
def test_words_for_totals(name: str) -> None:
    assert [one.name for one in found([HEAD, X, Y, [name, "", 12.0, 6.0]]).totals] == [name]


@pytest.mark.parametrize("name", ["Rank", "Overall rank", "Ranking (best first)", "Platz", "Rang:"])
def test_words_for_ranks(name: str) -> None:
    assert [one.name for one in found([HEAD, X, Y, [name, "", 1.0, 2.0]]).ranks] == [name]


@pytest.mark.parametrize("name", ["Average", "Subtotal security", "Maximum", "Max", "Durchschnitt", "Check"])
def test_other_computed_rows_are_left_aside(name: str) -> None:
    matrix = found([HEAD, X, Y, [name, "", 3.5, 2.5]])
    assert (len(matrix.lines), matrix.totals, matrix.ranks) == (2, [], [])
    assert told(matrix, "left") == [f"left aside as computed from others: A4 '{name}'"]


@pytest.mark.parametrize("name", ["Total cost of ownership", "Ranking of vendors", "Maxims", "Rank and file"])
def test_criteria_that_only_begin_like_totals(name: str) -> None:
    assert names(found([HEAD, X, [name, 1.0, 2.0, 3.0]]))[1] == ("", name)


def test_computed_rows_without_figures_are_passed_over() -> None:
    matrix = found([HEAD, X, Y, ["Total", "", "", ""], ["Average", "", "", ""]])
    assert (len(matrix.lines), matrix.totals) == (2, [])
    assert told(matrix, "left") == []


def test_a_total_in_the_column_of_families_begins_no_family() -> None:
    rows = [["Security", *X], ["Total", "", "", 12.0, 6.0], ["", *Y]]
    matrix = found([["Area", *HEAD], *rows], transposed=False)
    assert names(matrix) == [("Security", "x"), ("Security", "y")]
    assert [(one.name, one.row) for one in matrix.totals] == [("Total", "B3")]


def test_a_total_whose_name_stands_in_the_column_of_names() -> None:
    rows = [["Security", *X], ["Sum", "Total", "", 12.0, 6.0]]
    matrix = found([["Area", *HEAD], *rows], transposed=False)
    assert [one.name for one in matrix.totals] == ["Total"]


def test_formulas_without_results_count_as_figures_of_totals_and_are_unread_as_scores() -> None:
    formulas = {(3, 2): "C2*B2", (3, 3): "D2*B2", (2, 3): "1+1"}
    matrix = found([HEAD, X, ["y", 1.0, 2.0, ""], ["Total", "", "", ""]], formulas=formulas)
    assert [[entry.formula for entry in one.entries] for one in matrix.totals] == [["C2*B2", "D2*B2"]]
    assert matrix.unread == [("D3", "a formula without a stored result")]


# Scores that are none


@pytest.mark.parametrize("word", ["", "?", "-", "–", "n/a", "N/A", "tbd", "x", "unknown", "k.A."])
def test_words_for_no_score(word: str) -> None:
    matrix = found([HEAD, X, ["y", 1.0, word, 4.0]])
    assert (scores(matrix), matrix.unread) == ([[5, 1], [None, 4]], [])


def test_other_words_are_unread() -> None:
    assert found([HEAD, X, ["y", 1.0, "good", 4.0]]).unread == [("C3", "good")]


def test_a_row_that_says_unknown_is_a_criterion_and_no_heading() -> None:
    matrix = found([HEAD, X, ["y", "", "?", ""], ["Money", "", "", ""], ["z", 1.0, 2.0, 4.0]])
    assert names(matrix) == [("", "x"), ("", "y"), ("Money", "z")]


# Weights beside headings


def test_weights_beside_headings_are_those_of_families() -> None:
    matrix = found([HEAD, ["Security", 3.0, "", ""], X, Y, ["Money", 3.0, "", ""], ["z", 3.0, 5.0, 1.0]])
    assert {name: entry.cell for name, entry in matrix.family_weights.items()} == {"Security": "B2", "Money": "B5"}
    assert names(matrix) == [("Security", "x"), ("Security", "y"), ("Money", "z")]


def test_weights_beside_rows_that_nobody_scored_are_no_families() -> None:
    for rows in ([X, ["open", 3.0, "", ""], Y], [["Security", 3.0, "", ""], X, Y, ["open", 3.0, "", ""]]):
        matrix = found([HEAD, *rows])
        assert matrix.family_weights == {}
        assert ("", "open") in names(matrix)
        assert {line.family for line in matrix.lines} == {""}


def test_what_is_left_aside_is_said_once_however_often_the_rows_are_read() -> None:
    matrix = found([HEAD, X, ["open", 3.0, "", ""], Y, ["Average", "", 3.5, 2.5]])
    assert told(matrix, "left") == ["left aside as computed from others: A5 'Average'"]


# Transposed


def turned(rows: Rows) -> list[list[Any]]:
    width = max(map(len, rows))
    return [[row[n] if n < len(row) else "" for row in rows] for n in range(width)]


def test_criteria_in_columns_are_found_by_the_weights() -> None:
    rows = [HEAD, X, Y, ["Total", "", 12.0, 6.0]]
    matrix = found(turned(rows))
    assert names(matrix) == [("", "x"), ("", "y")]
    assert scores(matrix) == [[5, 1], [2, 4]]
    assert matrix.lines[0].cell == "B1"
    assert matrix.taken == [
        "criteria in columns: 2, named from A1 on",
        "options in rows: Alpha, Beta",
        "weights: A2 'Weight'",
        "families: none; one is made for all criteria",
        "totals: D1 'Total'",
    ]


def test_what_was_asked_for_wins() -> None:
    square: list[list[Any]] = [["", "Alpha", "Beta"], ["x", 1.0, 2.0], ["y", 3.0, 4.0]]
    square[0][0] = "Criterion"
    assert found(square).options == ("Alpha", "Beta")
    assert found(square, transposed=True).options == ("x", "y")
    assert found([HEAD, X, Y], transposed=True).options != ("Alpha", "Beta")


def test_hidden_rows_and_columns_are_told() -> None:
    assert found([HEAD, X, Y], hidden=["row 2", "column D"]).taken[-1] == (
        "hidden in the sheet and read all the same: row 2, column D"
    )


def test_titles_in_two_rows() -> None:
    above = ["Criterion", "Weight", "Alpha", "Alpha", "Beta", "Beta"]
    body = [["x", 2.0, 5.0, 10.0, 1.0, 2.0], ["y", 1.0, 2.0, 2.0, 4.0, 4.0]]
    repeated = found(
        [above, ["Criterion", "Weight", "Score", "Weighted", "Score", "Weighted"], *body], transposed=False
    )
    assert repeated.taken[0] == "criteria in rows: 2, named from A2 on"
    alone = found([["Criterion", "Weight", "Alpha", "", "Beta", ""], ["", "", "Score", "", "Score", ""], *body], transposed=False)  # fmt: skip
    assert alone.taken[0] == "criteria in rows: 2, named from A1 on"
    assert repeated.options == alone.options == ("Alpha", "Beta")
    assert scores(repeated) == scores(alone) == [[5, 1], [2, 4]]


def test_a_first_criterion_without_scores_is_no_second_row_of_titles() -> None:
    matrix = found([HEAD, ["Value", 1.0, "n/a", "?"], X, Y])
    assert names(matrix) == [("", "Value"), ("", "x"), ("", "y")]
