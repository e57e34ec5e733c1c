"""The renderer of pages: sections, tables and texts that fit the terminal, and nothing that starts a line of its own."""

from __future__ import annotations

from typing import Any

import pytest
import wcwidth
from hypothesis import given
from hypothesis import strategies as st

from evaluator.reports.terminal.page import Indented, Table, folded, render
from evaluator.reports.words import columns_of, points, whole

NAMES = ("Microsoft Power Platform", "A product with a name that goes on and on")


def test_sections_stand_apart_and_empty_ones_are_left_out() -> None:
    assert render(["one", [], "", ["two", "", Indented("three")], Table((("head", str),), [])]) == "one\n\ntwo\n  three"


def test_a_table_has_text_to_the_left_and_figures_to_the_right() -> None:
    table = Table((("option", str), ("score", points), ("note", str)), [("a", 12.34, ""), ("bc", 5, "x")])
    assert render([table]).splitlines() == [
        "option  score  note",
        "------  -----  ----",
        "a        12.3",
        "bc        5.0  x",
    ]


def test_a_column_that_holds_nothing_is_left_out() -> None:
    table = Table((("option", str), ("cleared", str), ("rank", whole)), [("a", "", 1), ("b", "", 2)])
    assert render([table]).splitlines()[0] == "option  rank"


def test_a_table_that_is_too_wide_folds_heads_of_figures_before_texts_and_loses_nothing() -> None:
    columns = (("option", str), ("share of the weight that is known", points), ("stack", str))
    table = Table(columns, [(name, 1.5, name) for name in NAMES])
    assert max(map(len, render([table], 100).splitlines()[3:])) <= 100
    assert all(f"{name}  " in render([table], 100) for name in NAMES)
    narrow = render([table], 60).splitlines()
    assert max(map(len, narrow)) <= 60
    firsts = " ".join(line[:24].strip() for line in narrow)
    assert all(word in firsts for name in NAMES for word in name.split())
    assert [line for line in narrow if line.startswith(" ")]


@pytest.mark.parametrize(("terminal", "width"), [("20", 60), ("72", 72), ("90", 90), ("300", 100)])
def test_a_page_takes_the_width_of_the_terminal(terminal: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", terminal)
    lines = render(["word " * 200]).splitlines()
    assert width - 5 < max(map(len, lines)) <= width


def test_a_page_without_a_terminal_has_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert max(map(len, render(["word " * 200]).splitlines())) in range(76, 81)


@given(st.lists(st.tuples(st.text(max_size=120), st.floats(-1e6, 1e6), st.text(max_size=60)), min_size=1, max_size=5))
def test_no_text_makes_a_table_wider_or_a_paragraph_start_a_heading(rows: list[tuple[str, float, str]]) -> None:
    table = Table((("name", str), ("points", points), ("note", str)), rows)
    assert max(map(columns_of, render([table], 80).splitlines())) <= 80
    assert len(render([Indented(rows[0][0], exact=True)], 80).splitlines()) <= 1


ENDLESS = ["é", "中", "ก", "क्ष", "e\u0301", "👩\u200d", "👩🏽\u200d🚀", "\U0001f1e6", "\U0001f1e6\U0001f1f9", "é-", "x"]


@pytest.mark.parametrize("letter", ENDLESS)
def test_no_word_is_handed_on_whole_that_goes_over_many_lines(letter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[str] = []

    def wrap(text: str, width: int, **options: Any) -> list[str]:
        handed.append(text)
        return fold(text, width, **options)

    fold = wcwidth.wrap
    monkeypatch.setattr(wcwidth, "wrap", wrap)
    lines = folded(f"ä {letter * 3000} ä", 40)
    assert "".join(lines).replace(" ", "") == f"ä{letter * 3000}ä"
    assert max(map(columns_of, handed)) <= 4 * 40


@given(
    st.lists(st.tuples(st.sampled_from(ENDLESS[:-2]), st.integers(1, 300)), min_size=1, max_size=6),
    st.sampled_from([8, 20, 40]),
    st.sampled_from(["", " "]),
)
def test_a_word_in_pieces_folds_as_the_whole(words: list[tuple[str, int]], width: int, hanging: str) -> None:
    text = " ".join(letter * times for letter, times in words)
    assert folded(text, width, hanging=hanging) == wcwidth.wrap(text, width, subsequent_indent=hanging)
