"""What people type into cells: understood where it can mean one thing, refused with a sentence where not."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.forms.cell_words import UnreadError, choice_of, clean, day_of, level_of, text_of

LEVELS = range(5)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (3.0, 3), ("3", 3), ("3 ", 3), (" 3\n", 3), ("3.0", 3), ("3,0", 3), ("3.00", 3), ("level 3", 3), ("Level 3", 3),
        ("level3", 3), ("LEVEL  3", 3), ("\u00a03\u00a0", 3), ("３", 3), ("0", 0), (0.0, 0),
        ("unknown", "unknown"), ("Unknown ", "unknown"), ("UNKNOWN", "unknown"), ("?", "unknown"), ("not known", "unknown"),
        ("", None), ("  ", None),
    ],
)  # fmt: skip
def test_levels(typed: Any, meant: Any) -> None:
    assert level_of(typed, LEVELS) == meant


@pytest.mark.parametrize(
    "typed",
    ["x3", "three", "3 or 4", "5", "-1", 5.0, 2.5, "2.5", "2,5", "yes", True, date(2026, 3, 1), "n/a", "3%", "½"],
)
def test_a_word_that_is_no_answer_says_what_would_be(typed: Any) -> None:
    with pytest.raises(UnreadError, match="expected a level from 0 to 4, or unknown, found"):
        level_of(typed, LEVELS)


def test_a_half_level_gets_a_hint() -> None:
    for typed in (2.5, "2,5"):
        with pytest.raises(UnreadError) as caught:
            level_of(typed, LEVELS)
        assert caught.value.hint == "there are no half levels"


@pytest.mark.parametrize(
    "typed",
    [
        date(2026, 11, 3), datetime(2026, 11, 3), datetime(2026, 11, 3, 14, 30), "2026-11-03", "2026-11-3", "2026/11/03",
        "2026-11-03T10:00:00Z", "2026-11-03 10:00", "3.11.2026", "03.11.2026", "3. 11. 2026", "3 Nov 2026", "3 November 2026",
        "3. November 2026", "3rd November 2026", "Nov 3, 2026", "November 3 2026", "3-Nov-2026", "3 novembre 2026",
        "3 de noviembre de 2026", " 3 NOV 2026 ",
    ],
)  # fmt: skip
def test_days(typed: Any) -> None:
    assert day_of(typed) == date(2026, 11, 3)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("13/11/2026", date(2026, 11, 13)), ("11/13/2026", date(2026, 11, 13)), ("11/11/2026", date(2026, 11, 11)),
        ("31-12-2026", date(2026, 12, 31)), ("5. März 2026", date(2026, 3, 5)), ("5 mars 2026", date(2026, 3, 5)),
        ("5 août 2026", date(2026, 8, 5)), ("5 mei 2026", date(2026, 5, 5)), ("12 Okt. 2026", date(2026, 10, 12)), ("", None),
    ],
)  # fmt: skip
def test_days_that_only_one_reading_allows(typed: str, meant: date | None) -> None:
    assert day_of(typed) == meant


def test_a_day_that_can_be_read_in_two_ways_is_refused_with_both() -> None:
    with pytest.raises(UnreadError, match="two ways") as caught:
        day_of("03/11/2026")
    assert caught.value.hint == "write 2026-11-03 or 2026-03-11"


@pytest.mark.parametrize(
    "typed",
    ["2026", "November 2026", "3.11.26", "11/3/26", "tomorrow", "31.02.2026", "2026-13-01", "32/13/2026", True, time(3, 4),
     "0206-01-01", "3 Foo 2026", 46329.0, 3.0],
)  # fmt: skip
def test_what_is_no_day_is_refused(typed: Any) -> None:
    with pytest.raises(UnreadError, match="expected a date"):
        day_of(typed)


def test_a_number_that_may_be_a_date_says_which() -> None:
    with pytest.raises(UnreadError) as caught:
        day_of(46329.0)
    assert "2026-11-03" in caught.value.hint


def test_choices_take_any_case_and_known_other_words() -> None:
    assert choice_of(" Medium ", ["low", "medium", "high"]) == "medium"
    assert choice_of("h", ["low", "medium", "high"], {"h": "high"}) == "high"
    assert choice_of("", ["low"]) is None
    with pytest.raises(UnreadError, match="expected low, medium or high, found 'sure'"):
        choice_of("sure", ["low", "medium", "high"])


def test_other_types_become_text_as_it_was_seen() -> None:
    assert [text_of(value) for value in (42.0, 4.5, True, date(2026, 1, 2), datetime(2026, 1, 2), "a\r\nb\x07")] == [
        "42", "4.5", "TRUE", "2026-01-02", "2026-01-02", "a\nb",
    ]  # fmt: skip


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.one_of(st.text(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.times(), st.timedeltas()))
def test_any_cell_is_understood_or_refused(value: Any) -> None:
    for meaning in (day_of, lambda cell: level_of(cell, LEVELS), lambda cell: choice_of(cell, ["low"])):
        try:
            meaning(value)
        except UnreadError as error:
            assert str(error).startswith(("expected", "the date"))  # noqa: PT017
