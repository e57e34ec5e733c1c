"""Judgements about weights that come back: from a workbook, a CSV file or a YAML list, every mistake with its place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.errors import Severity
from evaluator.forms.weights_reader import Returned, pair_of, ratio, read_ballot, read_pair_list, read_pairs
from evaluator.model.elicitation import Group, Judged, Pair
from evaluator.xlsx.guard import RefusedError

GROUPS = [Group("families", ("f-1", "f-2")), Group("f-1", ("c-1", "c-2", "c-3"))]
SWING = ("group", "item", "points")
PAIR = ("group", "item", "second_item", "more", "times")


def file(folder: Path, mark: str, keys: Sequence[str], *rows: Sequence[Any]) -> Path:
    """A workbook: notes first, then a form with its mark in A1, its keys in row 2 and ``rows`` from row 3 on."""
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.append(["#column group", "Notes"])
    sheet = book.create_sheet("W")
    for row in ([mark], [f"#column {key}" for key in keys], *rows):
        sheet.append(list(row))
    path = folder / "given.xlsx"
    book.save(path)
    return path


def swings(folder: Path, *rows: Sequence[Any]) -> Returned:
    return read_ballot(file(folder, "#weights swing office", SWING, *rows), GROUPS)


def pairs(folder: Path, *rows: Sequence[Any]) -> Returned:
    return read_ballot(file(folder, "#weights pairwise office", PAIR, *rows), GROUPS)


def said(found: Returned) -> list[tuple[str | None, str, str]]:
    return [(problem.cell, problem.message, problem.hint) for problem in found.problems]


# Swings


def test_swings_of_whole_groups(tmp_path: Path) -> None:
    rows = [("families", "f-1", 100), ("families", "f-2", "37,5"), ("f-1", "c-1", "50 %"), ("f-1", "c-2", 100), ("f-1", "c-3", 0)]  # fmt: skip
    found = swings(tmp_path, *rows)
    assert (found.file, found.role, found.kind, found.problems) == ("given.xlsx", "office", "swing", [])
    assert found.judged == {
        "families": Judged(points={"f-1": 100, "f-2": 37.5}),
        "f-1": Judged(points={"c-1": 50, "c-2": 100, "c-3": 0}),
    }
    points = found.judged["f-1"].points
    assert points is not None
    assert [type(value) for value in points.values()] == [int, int, int]


def test_a_group_left_empty_is_missing_and_an_empty_form_is_a_mistake(tmp_path: Path) -> None:
    empty = [("f-1", key, None) for key in ("c-1", "c-2", "c-3")]
    found = swings(tmp_path, ("families", "f-1", 100), ("families", "f-2", 10), *empty)
    assert (list(found.judged), found.problems) == (["families"], [])
    assert said(swings(tmp_path, *empty)) == [
        ("W!A2", "nothing is filled in", "fill in the yellow cells of at least one group")
    ]


def test_a_group_half_filled_names_each_empty_cell(tmp_path: Path) -> None:
    hint = "0 says that its swing counts for nothing"
    found = swings(tmp_path, ("f-1", "c-1", 100), ("f-1", "c-2", None))
    assert said(found) == [
        ("W!C4", "c-2 has no figure; the rest of its group has", hint),
        (
            "W!C3",
            "the sheet has no row for c-3; all of f-1 are weighed together",
            "write the workbook again and copy the figures over",
        ),
    ]
    assert found.judged == {}


def test_a_cell_found_wrong_is_not_said_to_be_empty(tmp_path: Path) -> None:
    found = swings(tmp_path, ("families", "f-1", 100), ("families", "f-2", "many"))
    assert said(found) == [("W!C4", "expected a number from 0 to 100, found 'many'", "")]
    assert found.problems[0].code == "unread"


@pytest.mark.parametrize("typed", [-1, 100.5, "101", True, "1/0"])
def test_figures_outside_of_0_to_100(tmp_path: Path, typed: Any) -> None:
    (problem,) = swings(tmp_path, ("families", "f-1", 100), ("families", "f-2", typed)).problems
    assert problem.cell == "W!C4"
    assert problem.message.startswith("expected a number from 0 to 100, found '")


def test_a_long_word_is_cut_in_the_message(tmp_path: Path) -> None:
    (problem,) = swings(tmp_path, ("families", "f-1", 100), ("families", "f-2", "so  many " * 9)).problems
    assert problem.message == f"expected a number from 0 to 100, found '{('so many ' * 9)[:40]}'"


def test_a_row_that_stands_twice(tmp_path: Path) -> None:
    found = swings(tmp_path, ("families", "f-1", 100), ("families", "f-1", 50), ("families", "f-2", 50))
    assert said(found) == [("W!C4", "f-1 stands here a second time", "remove one of the two rows")]
    assert found.judged == {"families": Judged(points={"f-1": 100, "f-2": 50})}


def test_the_largest_swing_is_100_or_it_is_said_and_never_0(tmp_path: Path) -> None:
    found = swings(tmp_path, ("families", "f-1", 40), ("families", "f-2", 80))
    (problem,) = found.problems
    assert (problem.cell, problem.code, problem.severity) == ("W!C4", "no-top", Severity.WARNING)
    assert problem.message == "no swing of families is 100; only the proportions count, so it is taken as it is"
    assert found.judged == {"families": Judged(points={"f-1": 40, "f-2": 80})}
    found = swings(tmp_path, ("families", "f-1", 0), ("families", "f-2", 0))
    assert said(found) == [("W!C3", "all of families are 0", "give the largest swing 100")]
    assert found.judged == {}
    found = swings(tmp_path, ("families", "f-1", 0.25), ("families", "f-2", 0))
    assert list(found.judged) == ["families"]


def test_rows_that_are_not_weighed_any_more_are_said_where_filled_in(tmp_path: Path) -> None:
    rows = [("families", "f-1", 100), ("families", "f-2", 0), ("families", "f-9", None), ("f-1", "f-2", 3), (None, "c-1", 5)]  # fmt: skip
    found = swings(tmp_path, *rows)
    (problem,) = found.problems
    assert (problem.cell, problem.code, problem.severity) == ("W!C6", "not-weighed", Severity.WARNING)
    assert problem.message == "'f-2' is not weighed here (any more); the figure is not imported"
    assert list(found.judged) == ["families"]


def test_a_form_of_warnings_alone_is_not_called_empty(tmp_path: Path) -> None:
    found = swings(tmp_path, ("families", f"{'x ' * 50}", 3))
    assert [problem.message for problem in found.problems] == [
        f"'{('x ' * 50)[:64]}' is not weighed here (any more); the figure is not imported"
    ]


# Pairs


def test_pairs_of_a_whole_group(tmp_path: Path) -> None:
    rows = [
        ("f-1", "c-1", "c-2", "first", 3),
        ("f-1", "c-1", "c-3", "b", "4"),
        ("f-1", "c-2", "c-3", "equal", None),
        ("families", "f-1", "f-2", None, 1),
    ]
    found = pairs(tmp_path, *rows)
    assert (found.role, found.kind, found.problems) == ("office", "pairwise", [])
    assert found.judged == {
        "families": Judged(pairs=(Pair(first="f-1", second="f-2", times=1),)),
        "f-1": Judged(
            pairs=(
                Pair(first="c-1", second="c-2", times=3),
                Pair(first="c-1", second="c-3", times=0.25),
                Pair(first="c-2", second="c-3", times=1),
            )
        ),
    }
    first = found.judged["f-1"].pairs
    assert first is not None
    assert type(first[0].times) is int


@pytest.mark.parametrize(
    ("more", "times", "cell", "message"),
    [
        ("equal", 2, "W!E3", "both matter the same, and yet one more than the other"),
        (None, 2, "W!D3", "expected first, second or equal, found nothing"),
        ("first", None, "W!E3", "expected a number from 1 to 9, found nothing"),
        ("2", None, "W!E3", "expected a number from 1 to 9, found nothing"),
        ("third", 2, "W!D3", "expected first, second or equal, found 'third'"),
        ("first", 9.5, "W!E3", "expected a number from 1 to 9, found '9.5'"),
        ("first", 0.5, "W!E3", "expected a number from 1 to 9, found '0.5'"),
    ],
)
def test_a_pair_that_cannot_be_read(tmp_path: Path, more: Any, times: Any, cell: str, message: str) -> None:
    found = pairs(tmp_path, ("families", "f-1", "f-2", more, times))
    assert [(problem.cell, problem.message) for problem in found.problems] == [(cell, message)]
    assert found.judged == {}


def test_the_two_cells_of_a_contradiction_get_a_hint(tmp_path: Path) -> None:
    (problem,) = pairs(tmp_path, ("families", "f-1", "f-2", "equal", 2)).problems
    assert problem.hint == "empty one of the two cells"


@pytest.mark.parametrize(
    ("more", "times", "ratio_"), [("a", 9, 9), ("second", 9, 1 / 9), ("=", 1, 1), ("first", 1, 1), ("1", 2.5, 2.5)]
)
def test_judgements_as_people_write_them(tmp_path: Path, more: str, times: Any, ratio_: float) -> None:
    (pair,) = pairs(tmp_path, ("families", "f-1", "f-2", more, times)).judged["families"].pairs or ()
    assert pair.times == ratio_


def test_a_pair_left_out_and_a_pair_that_stands_twice(tmp_path: Path) -> None:
    rows = [
        ("f-1", "c-1", "c-2", "first", 3),
        ("f-1", "c-2", "c-1", "first", 3),
        ("f-1", "c-1", "c-3", None, None),
        ("f-1", "c-2", "c-3", "first", "lots"),
    ]
    assert said(pairs(tmp_path, *rows)) == [
        ("W!D4", "c-2 and c-1 stand here a second time", "remove one of the two rows"),
        ("W!E6", "expected a number from 1 to 9, found 'lots'", ""),
        ("W!D5", "c-1 and c-3 are not compared; the rest of their group is", "compare every pair of a group"),
        ("W!D6", "c-2 and c-3 are not compared; the rest of their group is", "compare every pair of a group"),
    ]


def test_pairs_for_which_the_sheet_has_no_row_are_named_together(tmp_path: Path) -> None:
    """As where criteria have been added since the workbook was written."""
    assert said(pairs(tmp_path, ("f-1", "c-2", "c-1", "first", 3))) == [
        (
            "W!D3",
            "the sheet has no row for c-1 and c-3, c-2 and c-3; all of f-1 are weighed together",
            "write the workbook again and copy the figures over",
        )
    ]


def test_a_pair_whose_first_cell_is_wrong_is_not_said_to_be_left_out(tmp_path: Path) -> None:
    rows = [
        ("f-1", "c-1", "c-2", "first", 3),
        ("f-1", "c-1", "c-3", "hm", 2),
        ("f-1", "c-2", "c-3", "first", 2),
    ]
    assert [cell for cell, _, _ in said(pairs(tmp_path, *rows))] == ["W!D4"]


def test_pairs_left_empty_altogether(tmp_path: Path) -> None:
    found = pairs(tmp_path, ("families", "f-1", "f-2", None, None))
    assert said(found) == [("W!A2", "nothing is filled in", "fill in the yellow cells of at least one group")]


def test_pairs_of_what_is_not_weighed(tmp_path: Path) -> None:
    rows = [
        ("families", "f-1", "f-2", "first", 2),
        ("families", "f-1", "f-9", "first", 2),
        ("families", "f-9", "f-1", None, 2),
        ("f-2", "c-8", "c-9", None, None),
    ]
    found = pairs(tmp_path, *rows)
    assert [(problem.cell, problem.severity, problem.message[:5]) for problem in found.problems] == [
        ("W!D4", Severity.WARNING, "'f-9'"),
        ("W!D5", Severity.WARNING, "'f-9'"),
    ]
    assert list(found.judged) == ["families"]


# Which sheet


def test_a_form_is_found_by_its_marks_in_whichever_order(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([None, "#column points", "#column item", "#column group", "#column points"])
    sheet.append([None, 100, "f-1", "families", 5])
    sheet.append([None, 50, "f-2", "families", 5])
    sheet.append(["#weights swing office"])
    sheet.append([None, "#column item"])
    book.save(tmp_path / "given.xlsx")
    found = read_ballot(tmp_path / "given.xlsx", GROUPS)
    assert found.judged == {"families": Judged(points={"f-1": 100, "f-2": 50})}


@pytest.mark.parametrize(
    "mark", ["#weights swing", "#weights swing a b", "#weights guess office", "#weight swing office", "x"]
)
def test_what_is_no_form_for_weights(tmp_path: Path, mark: str) -> None:
    with pytest.raises(RefusedError) as refused:
        read_ballot(file(tmp_path, mark, SWING, ("families", "f-1", 100)), GROUPS)
    assert str(refused.value) == (
        "'given.xlsx' holds no form for weights: its hidden marks are gone, or it never was one; "
        "write it again and copy the figures over."
    )
    with pytest.raises(RefusedError):
        read_ballot(file(tmp_path, "#weights swing office", SWING[1:], ("f-1", 100)), [])


# Lists of pairs


def csv_file(folder: Path, text: str | bytes) -> Path:
    path = folder / "pairs.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


THREE = Judged(pairs=(Pair(first="a", second="b", times=3), Pair(first="a", second="c", times=0.5)))


@pytest.mark.parametrize(
    "text",
    [
        "first,second,times\na,b,3\na,c,0.5\n",
        "\ufefffirst;second;times\r\na;b;3\r\na;c;0,5\r\n",
        "# ours\n\n ,,\na, b ,3\na,c,1/2,a remark\n",
        "\n\nFirst,Second,How often\na,b,3\na,c,.5",
    ],
)
def test_pairs_as_text(tmp_path: Path, text: str) -> None:
    found = read_pairs(csv_file(tmp_path, text))
    assert (found.kind, found.role, found.file, found.problems) == ("pairwise", "", "pairs.csv", [])
    assert found.judged == {"": THREE}


def test_mistakes_in_text_by_their_lines(tmp_path: Path) -> None:
    found = read_pairs(csv_file(tmp_path, "first,second,times\na,b,10\n\na,b\na,b,1\n"))
    assert [(problem.line, problem.column, problem.message) for problem in found.problems] == [
        (2, 1, "expected a number from 1/9 to 9, found '10'"),
        (4, 1, "expected first, second and times, found 'a, b'"),
    ]
    assert found.judged == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("first,second,times\n", "there is no judgement in the file"),
        ("a,b,3\nb,a,2\n", "a pair is judged twice"),
        ("a,a,3\n", "something is judged against itself"),
    ],
)
def test_lists_that_cannot_be(tmp_path: Path, text: str, message: str) -> None:
    found = read_pairs(csv_file(tmp_path, text))
    assert [(problem.code, problem.message, problem.file) for problem in found.problems] == [
        ("unread", message, "pairs.csv")
    ]
    assert found.judged == {}


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"^'pairs.csv' is not text with commas or semicolons; save it as CSV"):
        read_pairs(csv_file(tmp_path, b"a,b,\xff\n"))
    with pytest.raises(RefusedError, match="more than 1 MB"):
        read_pairs(csv_file(tmp_path, b"#" * 1_000_001))
    remark = b"#" * 99_999 + b"\n"
    assert read_pairs(csv_file(tmp_path, b"a,b,3\n" + 9 * remark + remark[6:])).problems == []


def test_pairs_as_a_yaml_list() -> None:
    rows = [{"first": "a", "second": "b", "times": 3}, {"first": "a", "second": "c", "times": "1/2"}]
    for value in (rows, {"pairs": rows}, tuple(rows)):
        found = read_pair_list("pairs.yaml", value)
        assert (found.kind, found.problems, found.judged) == ("pairwise", [], {"": THREE})
    found = read_pair_list("pairs.yaml", [*rows, "odd", {"first": "a"}])
    assert [(problem.code, problem.file, problem.message) for problem in found.problems] == [
        ("unread", "pairs.yaml", "pair 3: expected first, second and times, found 'odd'"),
        ("unread", "pairs.yaml", "pair 4: expected first, second and times, found 'a, , '"),
    ]
    for odd in ("text", {"pairs": "text"}, {"other": rows}, None, 3):
        found = read_pair_list("pairs.yaml", odd)
        assert [problem.message for problem in found.problems] == [
            "expected a list of pairs, each with first, second and times"
        ]
        assert found.judged == {}


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (("a", "b", "9"), Pair(first="a", second="b", times=9)),
        (("a", "b", "1/9", "x"), Pair(first="a", second="b", times=1 / 9)),
        (("a", "b", "0.11"), "expected a number from 1/9 to 9, found '0.11'"),
        (("a", "b", "9.1"), "expected a number from 1/9 to 9, found '9.1'"),
        (("a", "b", "x" * 41), f"expected a number from 1/9 to 9, found '{'x' * 40}'"),
        (("a", "b"), "expected first, second and times, found 'a, b'"),
        (("a", "", "3"), "expected first, second and times, found 'a, , 3'"),
        (("x" * 70,), f"expected first, second and times, found '{'x' * 60}'"),
        (("A" * 70, "B" * 70, "3"), f"'{'A' * 64}' and '{'B' * 64}' must be ids of families or criteria"),
    ],
)
def test_one_judgement_from_three_texts(cells: Sequence[str], found: Pair | str) -> None:
    assert pair_of(cells) == found


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3), (" 0,5 ", 0.5), ("1/3", 1 / 3), ("2,5/0,5", 5), ("-2", -2), ("999999999999", 999_999_999_999),
        ("1000000000000", None), ("1/0", None), ("nan", None), ("inf", None), ("three", None), ("", None), ("1/2/3", None),
    ],
)  # fmt: skip
def test_numbers_and_fractions(text: str, number: float | None) -> None:
    assert ratio(text) == number


@given(st.integers(-999, 999), st.integers(1, 99))
def test_a_fraction_is_its_quotient(top: int, bottom: int) -> None:
    assert ratio(f"{top}/{bottom}") == top / bottom
