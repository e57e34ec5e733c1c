"""What people type into cells: the ends of what is understood, and the sentences for what is not."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.forms.cell_words import UnreadError, choice_of, clean, day_of, is_id, level_of, listed, text_of, word_of

DAY = date(2026, 11, 3)


def refused(reading: Any, *given_: Any) -> tuple[str, str]:
    """Message and hint of what cannot be read."""
    with pytest.raises(UnreadError) as caught:
        reading(*given_)
    return str(caught.value), caught.value.hint


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" a ", "a"), (True, "TRUE"), (False, "FALSE"), (3, "3"), (3.0, "3"), (-3.0, "-3"), (2.5, "2.5"), (1e15, "1000000000000000.0"),
        (999_999_999_999_999.0, "999999999999999"), (1e16, "1e+16"), (float("inf"), "inf"), (DAY, "2026-11-03"),
        (datetime(2026, 11, 3), "2026-11-03"), (datetime(2026, 11, 3, 8, 5), "2026-11-03 08:05"), (time(8, 5), "08:05:00"),
        (timedelta(hours=1), "1:00:00"),
    ],
)  # fmt: skip
def test_any_cell_as_text(value: Any, text: str) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a", "a"), (" a\n", "a"), ("a\r\nb\rc\x0bd\u2028e", "a\nb\nc\nd\ne"), ("a\x00b\x07c", "abc"), ("\u200b", ""), ("\ufeffa", "a"),
        ("é", "é"), ("_x005F_x000A_", "_x000A_"), ("_x005f_", "_"), ("_x005F_x005F_", "_"), ("a_b", "a_b"), ("a\tb", "a\tb"),
    ],
)  # fmt: skip
def test_text_as_it_is_kept(text: str, kept: str) -> None:
    assert clean(text) == kept
    assert clean(kept) == kept


def test_words_to_compare() -> None:
    assert word_of(" ＡＢ\u00a0 Straße\n") == "ab strasse"


# Levels


def test_levels_and_what_was_expected_instead() -> None:
    assert level_of("Level -2,0", range(-2, 3)) == -2
    assert level_of("+1", range(5)) == 1
    assert level_of(9999, [9999]) == 9999
    assert refused(level_of, 12345, range(5)) == ("expected a level from 0 to 4, or unknown, found 12345", "")
    for half in (2.5, "2,5", "-2.5"):
        assert refused(level_of, half, range(1, 4))[1] == "there are no half levels"
    for no_half in ("two", 5, True, DAY, timedelta(1), time(1)):
        assert refused(level_of, no_half, range(1, 4))[1] == ""
    for typed, found in ((True, "'TRUE'"), (DAY, "2026-11-03"), ("5", "'5'")):
        assert refused(level_of, typed, range(5))[0] == f"expected a level from 0 to 4, or unknown, found {found}"


def test_a_long_word_is_cut_in_the_sentence() -> None:
    assert refused(level_of, "x" * 40, range(5))[0].endswith(f"found '{'x' * 40}'")
    assert refused(level_of, "x" * 41, range(5))[0].endswith(f"found '{'x' * 39}…'")
    assert refused(level_of, "a \n b", range(5))[0].endswith("found 'a b'")


# Choices


def test_choices_whatever_their_case_and_other_words_for_them() -> None:
    assert choice_of(" TRIAL ", ("Desk review", "Trial")) == "Trial"
    assert choice_of("t", ("Desk review", "Trial"), {"t": "Trial"}) == "Trial"
    assert choice_of("", ("a",)) is None
    assert refused(choice_of, "x", ("a", "b", "c")) == ("expected a, b or c, found 'x'", "")


@pytest.mark.parametrize(
    ("words", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c")]
)
def test_words_in_a_list(words: list[str], text: str) -> None:
    assert listed(words) == text


# Days


@pytest.mark.parametrize(
    "typed",
    [
        DAY, datetime(2026, 11, 3, 9), "2026-11-03", "2026/11/3", "2026.11.03", "2026-11-03T09:00", "2026-11-03 09:00:12", "3.11.2026",
        "3. 11. 2026", "3 November 2026", "3rd Nov. 2026", "3-nov-2026", "November 3, 2026", "nov 3 2026", "3 de noviembre de 2026",
    ],
)  # fmt: skip
def test_a_day_in_many_ways(typed: Any) -> None:
    assert day_of(typed) == DAY


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("january", 1), ("januar", 1), ("gennaio", 1), ("enero", 1), ("février", 2), ("feb", 2), ("märz", 3), ("maart", 3), ("mrt", 3),
        ("avril", 4), ("abril", 4), ("may", 5), ("mai", 5), ("mei", 5), ("maggio", 5), ("juin", 6), ("giugno", 6), ("june", 6),
        ("july", 7), ("juillet", 7), ("luglio", 7), ("août", 8), ("agosto", 8), ("aug", 8), ("settembre", 9), ("september", 9),
        ("oktober", 10), ("ottobre", 10), ("outubro", 10), ("november", 11), ("dezember", 12), ("diciembre", 12), ("décembre", 12),
    ],
)  # fmt: skip
def test_months_in_seven_languages(name: str, month: int) -> None:
    assert day_of(f"3 {name} 2026") == date(2026, month, 3)
    assert day_of(f"{name} 3 2026") == date(2026, month, 3)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("03/03/2026", date(2026, 3, 3)), ("13/11/2026", date(2026, 11, 13)), ("11/13/2026", date(2026, 11, 13)),
        ("13/12/2026", date(2026, 12, 13)), ("12/13/2026", date(2026, 12, 13)), ("31-1-2026", date(2026, 1, 31)),
        ("12/12/2026", date(2026, 12, 12)),
    ],
)  # fmt: skip
def test_slashes_where_only_one_order_is_possible(typed: str, day: date) -> None:
    assert day_of(typed) == day


def test_slashes_that_mean_two_days_or_none() -> None:
    assert refused(day_of, "03/11/2026") == (
        "the date '03/11/2026' can be read in two ways", "write 2026-11-03 or 2026-03-11",
    )  # fmt: skip
    assert refused(day_of, "12/1/2026")[1] == "write 2026-01-12 or 2026-12-01"
    assert refused(day_of, "13/14/2026") == ("expected a date, found '13/14/2026'", "there is no such day")
    assert refused(day_of, "14/13/2026")[1] == "there is no such day"
    assert refused(day_of, "13/13/2026")[1] == "there is no such day"


def test_what_is_no_day() -> None:
    hint = "write it as YYYY-MM-DD"
    for typed in ("soon", "2026", "3 Foo 2026", "foo 3 2026", True, time(8), timedelta(1)):
        message, found = refused(day_of, typed)
        assert message.startswith("expected a date, found ")
        assert found == hint
    for typed in ("2026-02-30", "31.4.2026", "31 April 2026"):
        assert refused(day_of, typed) == (f"expected a date, found '{typed}'", "there is no such day")
    assert day_of("") is None


@pytest.mark.parametrize("year", [1990, 2100])
def test_the_years_of_our_time(year: int) -> None:
    assert day_of(f"{year}-06-01") == day_of(date(year, 6, 1)) == day_of(datetime(year, 6, 1)) == date(year, 6, 1)
    beyond = 1989 if year == 1990 else 2101
    assert refused(day_of, f"{beyond}-06-01") == (
        f"expected a date of our time, found '{beyond}-06-01'",
        "write it as YYYY-MM-DD",
    )
    assert refused(day_of, date(beyond, 6, 1))[0] == f"expected a date of our time, found {beyond}-06-01"
    assert refused(day_of, datetime(beyond, 6, 1))[0] == f"expected a date of our time, found {beyond}-06-01"


@pytest.mark.parametrize(
    ("number", "meant"),
    [(32_874, "1990-01-01"), (73_415, "2100-12-31"), (46_329.75, "2026-11-03"), (32_873, None), (73_416, None)],
)
def test_a_number_that_may_have_been_a_date(number: float, meant: str | None) -> None:
    message, hint = refused(day_of, number)
    assert message == f"expected a date, found the number {number:g}".replace("46329.8", "46329.75")
    assert hint == (
        f"format the cell as a date, or write {meant} if that is meant" if meant else "write it as YYYY-MM-DD"
    )


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_a_day_is_read_as_it_was_written(day: date) -> None:
    for text in (
        day.isoformat(),
        f"{day.day}.{day.month}.{day.year}",
        f"{day.day} {day:%B} {day.year}",
        f"{day:%b} {day.day}, {day.year}",
    ):
        assert day_of(text) == day


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("desk-a", True), ("a", True), ("x" * 64, True), ("2", True),
        ("", False), ("x" * 65, False), ("Desk", False), ("a-", False), ("a--b", False), ("a b", False), ("a\n", False), ("ä", False),
    ],
)  # fmt: skip
def test_what_can_be_an_id(text: str, expected: bool) -> None:  # noqa: FBT001
    assert is_id(text) is expected
