"""A matrix held against its own arithmetic: weights, totals and ranks, worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.errors import Severity
from evaluator.forms.matrix_check import check_matrix, plain_total, weight_of
from evaluator.forms.matrix_layout import Line, Matrix, MatrixEntry, Summary
from evaluator.forms.matrix_table import Number

Cell = float | str | None


def entry(value: Cell, cell: str, formula: str = "") -> MatrixEntry:
    """A number, a number stored as text (with its decimal comma), or nothing."""
    if isinstance(value, str):
        return MatrixEntry(Number(float(value.replace(",", ".")), as_text=True, comma="," in value), cell, formula)
    return MatrixEntry(None if value is None else Number(value), cell, formula)


def matrix(
    *lines: tuple[Cell, Sequence[Cell]],
    total: Sequence[Cell] = (),
    rank: Sequence[Cell] = (),
    formulas: Sequence[str] = (),
    weighted: bool = True,
) -> Matrix:
    """Criteria c1, c2 ... in rows 2, 3 ...; weights in column B, options A, B ... in columns C, D ..."""
    count = len(lines[0][1])
    made = Matrix("given.csv", tuple("ABCDEFGHIJ"[:count]), [], [], [], {}, [])
    for row, (weight, scores) in enumerate(lines, start=2):
        own = entry(weight, f"B{row}") if weighted else None
        entries = tuple(entry(score, f"{'CDEFGHIJKL'[n]}{row}") for n, score in enumerate(scores))
        made.lines.append(Line(f"c{row - 1}", f"A{row}", "", "", own, entries))
    for name, row, given_, group in (("Total", 8, total, made.totals), ("Rank", 9, rank, made.ranks)):
        texts = formulas if name == "Total" else ()
        if given_:
            cells = [f"{'CDEFGHIJKL'[n]}{row}" for n in range(len(given_))]
            entries = tuple(
                entry(value, cell, texts[n] if n < len(texts) else "")
                for n, (value, cell) in enumerate(zip(given_, cells, strict=True))
            )
            group.append(Summary(name, f"A{row}", entries))
    return made


def findings(made: Matrix, highest: float = 5) -> list[tuple[str | None, str]]:
    return [(problem.cell, problem.message) for problem in check_matrix(made, highest).findings]


def codes(made: Matrix) -> list[str]:
    return [problem.code for problem in check_matrix(made, 5).findings]


X: tuple[Cell, Sequence[Cell]] = (2.0, (5.0, 1.0))
Y: tuple[Cell, Sequence[Cell]] = (3.0, (2.0, 4.0))


# Weights


def test_a_matrix_that_follows_says_nothing() -> None:
    found = check_matrix(matrix(X, Y, total=(16, 14), rank=(1, 2)), 5)
    assert (found.findings, found.rules) == ((), {"A8": "the sum of weight times score"})


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ((0.5, 0.5), None), ((0.6, 0.5), "110"), ((1.0, 1.0), "200"), ((1.5, 0.4), None), ((0.1, 0.1), "20"),
        ((60.0, 50.0), "110"), ((50.0, 50.0), None), ((29.0, 1.5), "30.5"), ((15.0, 15.0), None),
        ((100.0, 70.0), None), ((100.0, 69.5), "169.5"), ((0.5, 0.5000001), "100"), ((0.5, 0.500000001), None),
    ],
)  # fmt: skip
def test_weights_that_were_meant_to_be_a_hundred_percent(weights: tuple[float, float], said: str | None) -> None:
    made = matrix((weights[0], (5.0, 1.0)), (weights[1], (2.0, 4.0)))
    assert findings(made) == ([] if said is None else [("B2", f"the weights sum to {said} %")])


def test_three_weights_of_1_are_no_shares() -> None:
    assert findings(matrix((1.0, (5.0, 1.0)), (1.0, (2.0, 4.0)), (1.0, (2.0, 4.0)))) == []


def test_all_that_is_said_of_a_sum_of_weights() -> None:
    (problem,) = check_matrix(matrix((0.6, (5.0, 1.0)), (0.5, (2.0, 4.0))), 5).findings
    assert (problem.code, problem.file, problem.severity, problem.hint) == (
        "weight-sum", "given.csv", Severity.WARNING,
        "they are brought to 100 % by the same factor; check that none is missing or counted twice",
    )  # fmt: skip


def test_weights_that_are_missing_or_negative() -> None:
    made = matrix((None, (5.0, 1.0)), (-1.0, (2.0, 4.0)), (0.0, (1.0, 1.0)), (4.0, (1.0, 1.0)))
    assert findings(made) == [
        ("B2", "'c1' has no weight and counts for nothing"), ("B3", "'c2' has a negative weight"),
    ]  # fmt: skip
    assert codes(made) == ["no-weight", "negative-weight"]
    assert weight_of(made.lines[0]) == 0
    assert weight_of(made.lines[3]) == 4


def test_a_sheet_without_weights_weighs_all_the_same() -> None:
    made = matrix((None, (5.0, 1.0)), (None, (2.0, None)), weighted=False, total=(7, 1))
    assert [problem.code for problem in check_matrix(made, 5).findings] == ["no-score"]
    assert check_matrix(made, 5).rules == {"A8": "the sum of weight times score"}
    mean = matrix((None, (5.0, 1.0)), (None, (2.0, 4.0)), weighted=False, total=(3.5, 2.5))
    assert check_matrix(mean, 5).rules == {"A8": "the average of the scores by weight"}
    assert weight_of(made.lines[0]) == 1
    assert (plain_total(made, 0), plain_total(made, 1)) == (7, 1)


# Numbers as they are stored


def test_numbers_stored_as_text_and_with_commas() -> None:
    made = matrix(("2", ("5", 1.0)), (3.0, ("2,5", 4.0)))
    assert [(p.code, p.cell, p.message, p.hint) for p in check_matrix(made, 5).findings] == [
        ("stored-as-text", "B2", "weights stored as text, which sums leave out: B2", "they are read as the numbers they spell"),
        ("stored-as-text", "C2", "scores stored as text, which sums leave out: C2, C3", "they are read as the numbers they spell"),
        ("decimal-comma", "C3", "scores with a decimal comma: C3", "read as a decimal point"),
    ]  # fmt: skip


def test_long_lists_of_cells_are_cut_after_eight() -> None:
    eight = matrix(*[(None, (None,))] * 8, weighted=False)
    assert findings(eight) == [
        ("C2", "no score in C2, C3, C4, C5, C6, C7, C8, C9: unknown, which earns nothing, as in the sheet")
    ]
    ten = matrix(*[(None, (None,))] * 10, weighted=False)
    assert "C9 and 2 more: unknown" in findings(ten)[0][1]


# Totals


@pytest.mark.parametrize(
    ("totals", "rule"),
    [
        ((16, 14), "the sum of weight times score"),
        ((3.2, 2.8), "the average of the scores by weight"),
        ((0.16, 0.14), "the sum of weight times score, divided by 100"),
        ((0.64, 0.56), "the sum of weight times score as a share of the most possible"),
        ((64, 56), "the sum of weight times score as a percentage of the most possible"),
        ((7, 5), "the plain sum of the scores, without weights"),
        ((3.5, 2.5), "the plain average of the scores, without weights"),
    ],
)
def test_every_rule_of_totals(totals: tuple[float, float], rule: str) -> None:
    found = check_matrix(matrix(X, Y, total=totals), 5)
    assert (found.findings, found.rules) == ((), {"A8": rule})


def test_a_rule_must_explain_more_than_half_of_the_totals() -> None:
    assert findings(matrix(X, Y, total=(16, 15))) == [
        ("A8", "the totals in A8 'Total' follow from their rows by no rule that was tried")
    ]
    assert codes(matrix(X, Y, total=(16, 15))) == ["total-unexplained"]
    assert check_matrix(matrix(X, Y, total=(16, 15)), 5).rules == {}
    three = matrix((2.0, (5.0, 1.0, 3.0)), (3.0, (2.0, 4.0, 3.0)), total=(16, 14.5, 15))
    assert findings(three) == [("D8", "'B' has the total 14.5, its rows give 14 (the sum of weight times score)")]
    assert codes(three) == ["total"]


def test_totals_without_stored_results_are_not_compared() -> None:
    made = matrix(X, Y, total=(None, None))
    assert findings(made) == [
        ("A8", "the totals in A8 'Total' are formulas without stored results and were not compared")
    ]
    assert codes(made) == ["total-unstored"]
    assert findings(matrix(X, Y, total=(16, None))) == []


def test_totals_that_leave_out_what_is_stored_as_text() -> None:
    made = matrix((2.0, ("5", 1.0)), (3.0, (2.0, 4.0)), total=(6, 14))
    assert findings(made) == [
        ("C2", "scores stored as text, which sums leave out: C2"),
        ("C8", "'A' has the total 6, with the figures stored as text it is 16"),
    ]
    weight = matrix(("2", (5.0, 1.0)), (3.0, (2.0, 4.0)), total=(6, 12))
    assert [message for _, message in findings(weight)[1:]] == [
        "'A' has the total 6, with the figures stored as text it is 16",
        "'B' has the total 12, with the figures stored as text it is 14",
    ]


def test_plain_sums_leave_out_texts_as_well() -> None:
    made = matrix((2.0, ("5", 1.0)), (3.0, (2.0, 4.0)), total=(2, 5))
    assert check_matrix(made, 5).rules == {"A8": "the plain sum of the scores, without weights"}
    assert findings(made)[1:] == [("C8", "'A' has the total 2, with the figures stored as text it is 7")]


def test_averages_of_nothing_are_nothing() -> None:
    made = matrix((0.0, (5.0, 1.0, 2.0)), (0.0, (2.0, 4.0, 3.0)), total=(3.5, 2.5, 2.5))
    assert check_matrix(made, 5).rules == {"A8": "the plain average of the scores, without weights"}
    empty = matrix((1.0, (None, 1.0, 2.0)), (3.0, (None, 5.0, 3.0)), total=(9, 3, 2.5))
    assert findings(empty)[1:] == [
        ("C8", "'A' has the total 9, its rows give nothing (the plain average of the scores, without weights)")
    ]


@pytest.mark.parametrize(
    ("printed", "follows"),
    [
        (3.333, True),
        (3.3, True),
        (3, True),
        (3.334, False),
        (3.4, False),
        (3.3333333, False),
        (10 / 3, True),
        (3.332999, False),
    ],
)
def test_a_printed_total_is_right_as_far_as_its_decimals_go(printed: float, follows: bool) -> None:  # noqa: FBT001
    made = matrix((1.0, (3.0,)), (2.0, (3.5,)), total=(printed,))
    assert (check_matrix(made, 5).rules == {"A8": "the average of the scores by weight"}) is follows


def test_half_a_last_digit_still_rounds() -> None:
    assert check_matrix(matrix((1.0, (2.5,)), total=(3,)), 5).rules == {"A8": "the sum of weight times score"}
    assert check_matrix(matrix((1.0, (2.4,)), total=(3,)), 5).rules == {}
    assert check_matrix(matrix((1.0, (1e-7,)), total=(1e-7,)), 5).rules == {"A8": "the sum of weight times score"}
    assert check_matrix(matrix((1.0, (3.2e-7,)), total=(1e-7,)), 5).rules == {}


def test_the_first_rule_of_those_that_explain_as_much() -> None:
    assert check_matrix(matrix((1.0, (4.0, 2.0)), total=(4, 2)), 5).rules == {"A8": "the sum of weight times score"}


# Factors in formulas


@pytest.mark.parametrize(
    ("formula", "factors"),
    [
        ("0.5*C2+0.3*C3+0.5*C4", "0.5, 0.3"),
        ("SUM(C2:C9)/20", "20"),
        ("35%*C2", "35%"),
        ("SUMPRODUCT($B$2:$B$4,C2:C4)", None),
        ("ROUND(C2/C3, 2)", None),
        ("C2*100/1+0*100%", None),
        ("'Sheet 7'!C2+LOG10(C3)", None),
        ('IF(C2="7 of 9",C3,C4)', None),
        ("c2*AB12", None),
        ("C2*2.5", "2.5"),
    ],
)
def test_factors_typed_into_formulas(formula: str, factors: str | None) -> None:
    made = matrix(X, Y, total=(16, 14), formulas=(formula,))
    assert findings(made) == (
        [] if factors is None else [("C8", f"the formula holds factors typed as figures: {factors}")]
    )


def test_what_is_said_of_a_factor() -> None:
    (problem,) = check_matrix(matrix(X, Y, total=(16, 14), formulas=("", "7*D2")), 5).findings
    assert (problem.code, problem.cell, problem.hint) == ("typed-factor", "D8", "they do not follow the weights")


# Ranks


def ranked(totals: Sequence[float], ranks: Sequence[Cell]) -> list[tuple[str | None, str]]:
    return findings(matrix((1.0, totals), rank=ranks, weighted=False))


def test_ranks_best_first_or_worst_first() -> None:
    assert ranked((5, 3, 1), (1, 2, 3)) == ranked((5, 3, 1), (3, 2, 1)) == []
    assert ranked((5, 3, 1), (None, 2, None)) == []


def test_wrong_ranks_by_their_cells() -> None:
    assert ranked((5, 4, 3, 1), (1, 3, 2, 4)) == [
        ("D9", "'B' is ranked 3, its total puts it at 2"), ("E9", "'C' is ranked 2, its total puts it at 3"),
    ]  # fmt: skip
    assert codes(matrix((1.0, (5.0, 4.0, 1.0)), rank=(1, 2, 4), weighted=False)) == ["rank"]


@pytest.mark.parametrize("shared", [2, 3, 2.5])
def test_a_tie_may_be_numbered_by_its_first_middle_or_last_place(shared: float) -> None:
    assert ranked((5, 4, 4, 1), (1, shared, shared, 4)) == []


def test_a_tie_numbered_otherwise() -> None:
    assert [cell for cell, _ in ranked((5, 4, 4, 1), (1, 4, 4, 4))] == ["D9", "E9"]
    assert [cell for cell, _ in ranked((5, 4, 4, 1), (1, 1.5, 1.5, 4))] == ["D9", "E9"]


def test_a_tie_ranked_apart_is_said_once() -> None:
    assert ranked((5, 4, 4, 1), (1, 3, 2, 4)) == [
        ("D9", "'B' and 'C' have the same total and are ranked apart: 2 and 3")
    ]
    assert codes(matrix((1.0, (4.0, 4.0)), rank=(1, 2), weighted=False)) == ["tie"]


def test_sums_that_differ_in_the_last_bit_are_a_tie() -> None:
    made = matrix((0.1, (3.0, 0.0)), (0.3, (0.0, 1.0)), rank=(1, 2))
    assert plain_total(made, 0) != plain_total(made, 1)
    assert codes(made)[-1] == "tie"
    assert ranked((1.0, 1.00000001), (2, 1)) == []


def test_worst_first_ties_count_from_the_worst() -> None:
    assert ranked((5, 4, 4, 1), (4, 2, 2, 1)) == []


@given(st.lists(st.integers(0, 5), min_size=1, max_size=6), st.booleans())
def test_right_ranks_are_never_questioned(totals: list[int], best_first: bool) -> None:  # noqa: FBT001
    ranks = [1 + sum((other > one) if best_first else (other < one) for other in totals) for one in totals]
    assert ranked([float(one) for one in totals], [float(rank) for rank in ranks]) == []
