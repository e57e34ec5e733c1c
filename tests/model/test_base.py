"""The small types that all models share."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from evaluator.model.base import (
    AS_ISSUED,
    MAX_NAME,
    Confidence,
    Currency,
    Day,
    Id,
    Model,
    Name,
    NotNegative,
    Share,
    Text,
    add_months,
)


def fits(kind: Any, value: Any, context: Any = None) -> bool:
    try:
        found = TypeAdapter(kind, config=None).validate_python(value, context=context)
    except ValidationError:
        return False
    return bool(found == value)


class Thing(Model):
    count: int = 0


class Dated(Model):
    day: Day


def test_a_model_is_frozen_and_takes_nothing_else() -> None:
    thing = Thing(count=1)
    with pytest.raises(ValidationError, match="frozen"):
        thing.count = 2  # type: ignore[misc]
    for given_ in ({"count": "1"}, {"count": 1.0}, {"count": True}, {"other": 1}):
        with pytest.raises(ValidationError):
            Thing.model_validate(given_)


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ("a", True), ("a-1", True), ("0", True), ("x" * 64, True), ("x" * 65, False), ("", False), ("A", False), ("a--b", False),
        ("-a", False), ("a-", False), ("a b", False), ("a_b", False), ("é", False), ("a\n", False), (1, False),
    ],
)  # fmt: skip
def test_an_id(value: Any, is_one: bool) -> None:  # noqa: FBT001
    assert fits(Id, value) is is_one


@pytest.mark.parametrize(
    ("value", "is_name", "is_text"),
    [
        ("a b", True, True), ("a\nb", False, True), ("a\tb", False, True), ("a\rb", False, True), ("", False, False), (" ", False, False),
        ("\u200b", False, False), ("x" * MAX_NAME, True, True), ("x" * (MAX_NAME + 1), False, True), ("x" * 40_000, False, True),
        ("x" * 40_001, False, False),
    ],
)  # fmt: skip
def test_a_name_is_a_text_of_one_line(value: str, is_name: bool, is_text: bool) -> None:  # noqa: FBT001
    assert MAX_NAME == 500
    assert fits(Name, value) is is_name
    assert fits(Text, value) is is_text


def test_what_was_issued_may_hold_a_text_that_nobody_sees() -> None:
    assert AS_ISSUED == {"as issued": True}
    assert fits(Text, " ", AS_ISSUED)
    assert fits(Name, " ", AS_ISSUED)
    assert not fits(Text, "", AS_ISSUED)
    assert not fits(Text, " ", {"as issued": False})


def test_a_text_that_nobody_sees_has_its_own_kind_of_error() -> None:
    with pytest.raises(ValidationError) as raised:
        TypeAdapter(Text).validate_python(" ")
    (error,) = raised.value.errors()
    assert (error["type"], error["msg"]) == ("nothing_visible", "expected visible text")


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-11-24", date(2026, 11, 24)), ("2024-02-29", date(2024, 2, 29)), (date(2026, 1, 2), date(2026, 1, 2)), ("2025-02-29", None),
        ("20261124", None), ("2026-W48-2", None), ("2026-1-2", None), ("2026-11-24T00:00", None), ("2026-11-24\n", None), ("", None), (None, None),
        (20261124, None), (datetime(2026, 1, 2), None), ("２０２６-11-24", None),
    ],
)  # fmt: skip
def test_a_day(value: Any, day: date | None) -> None:
    if day:
        assert Dated.model_validate({"day": value}).day == day
        return
    with pytest.raises(ValidationError) as raised:
        Dated.model_validate({"day": value})
    (error,) = raised.value.errors()
    if error["type"] == "not_a_day":
        assert error["msg"] == "expected a date as YYYY-MM-DD"
    else:
        assert error["type"] == "date_type"
        assert isinstance(value, str)


@pytest.mark.parametrize(
    ("value", "not_negative", "share"),
    [
        (0, True, True), (1, True, True), (1.0, True, True), (1.1, True, False), (-0.1, False, False), (1e12, True, False),
        (1.1e12, False, False), (float("nan"), False, False), (float("inf"), False, False), (True, False, False), ("1", False, False),
    ],
)  # fmt: skip
def test_numbers(value: Any, not_negative: bool, share: bool) -> None:  # noqa: FBT001
    assert fits(NotNegative, value) is not_negative
    assert fits(Share, value) is share


def test_a_currency_and_a_confidence() -> None:
    assert [fits(Currency, value) for value in ("EUR", "eur", "EU", "EURO", "EUR\n")] == [
        True,
        False,
        False,
        False,
        False,
    ]
    assert [fits(Confidence, value) for value in ("low", "medium", "high", "none")] == [True, True, True, False]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2026-01-15", 0, "2026-01-15"), ("2026-12-01", 1, "2027-01-01"),
        ("2026-11-30", 12, "2027-11-30"), ("2026-01-01", 11, "2026-12-01"), ("2026-01-31", -2, "2025-11-30"), ("2026-01-31", 2, "2026-03-31"),
        ("2024-02-29", 12, "2025-02-28"), ("9999-11-30", 1, "9999-12-30"), ("9999-12-30", 1, "9999-12-31"), ("9990-01-01", 1200, "9999-12-31"),
    ],
)  # fmt: skip
def test_months_are_calendar_months(day: str, months: int, later: str) -> None:
    assert add_months(date.fromisoformat(day), months).isoformat() == later


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 240))
def test_a_month_later_is_the_same_day_or_the_last_of_the_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and date.fromordinal(later.toordinal() + 1).day == 1)
