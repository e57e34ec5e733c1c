"""Text from strangers, made fit for a cell: kept where it can be, cut or replaced where it cannot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.xlsx.cell_text import MOST_UNITS, clean, count_lines, footer, labels, one_line


@given(st.text(st.characters(), max_size=300))
def test_clean_text_can_be_written_and_is_kept_where_it_can(text: str) -> None:
    shown = clean(text)
    shown.encode("utf-8")
    assert clean(shown) == shown
    kept = [letter for letter in text if letter.isprintable() and letter not in "\ufffe\uffff"]
    assert [letter for letter in shown if letter.isprintable() and letter != "\ufffd"] == [
        letter for letter in kept if letter != "\ufffd" and not "\ud800" <= letter <= "\udfff"
    ]


@pytest.mark.parametrize("text", ["x" * 40_000, "😀" * 20_000, "é😀" * 15_000])
def test_what_a_cell_cannot_hold_is_cut_and_says_so(text: str) -> None:
    shown = clean(text)
    assert len(shown.encode("utf-16-le")) // 2 <= MOST_UNITS
    assert shown.endswith("(cut here: a cell holds no more)")
    assert text.startswith(shown[: shown.index("…")])


def test_half_of_a_surrogate_pair_is_replaced() -> None:
    assert clean("a\ud83db") == "a\ufffdb"


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.text(max_size=60), min_size=1, max_size=8))
def test_labels_are_short_and_told_apart_whatever_their_case(names: dict[str, str]) -> None:
    short = labels(names)
    assert set(short) == set(names)
    folded = [label.casefold() for label in short.values()]
    assert len(set(folded)) == len(folded)
    assert all(0 < len(label) <= 44 and "\n" not in label for label in short.values())


@given(st.text(max_size=400), st.integers(2, 60))
def test_one_line_never_exceeds_its_width(text: str, width: int) -> None:
    assert len(one_line(text, width)) <= width


@given(st.text(max_size=2000), st.floats(4, 120), st.integers(1, 20))
def test_lines_are_counted_within_bounds_and_more_room_never_needs_more(text: str, width: float, most: int) -> None:
    assert 1 <= count_lines(text, width, most) <= most
    if len(text) <= 100:
        assert count_lines(text, width + 40, most) <= count_lines(text, width, most)


def test_an_ampersand_in_a_footer_is_no_command() -> None:
    assert footer("R&D &P") == "R&&D &&P"


def test_a_label_cannot_turn_the_text_after_it() -> None:
    assert one_line("\u202eright to left\u2066", 40) == "right to left"
    assert labels({"v-1": "\u202e"}) == {"v-1": "v-1"}
