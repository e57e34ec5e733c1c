"""What people type into cells, understood where it can mean one thing only.

Each function takes a cell's value and gives back what it means, ``None`` for an empty cell, or raises
:class:`UnreadError` with the sentence for the person who typed it.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from evaluator.characters import has_visible
from evaluator.model import file_names
from evaluator.model.scorecard import UNKNOWN

_MAX_ID = 64
_UNKNOWN_WORDS = {"unknown", "not known", "?"}
_LEVEL = re.compile(r"(?:level\s*)?([+-]?\d{1,4})(?:[.,]0+)?\Z")
_ESCAPE = re.compile("_x005F_", re.IGNORECASE)
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_YEARS = range(1990, 2101)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ]\d{1,2}:\d{2}.*)?\Z")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\Z")
_SLASHED = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4})\Z")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+(?:de\s+)?([^\W\d_]{3,12})\.?,?[\s-]+(?:de\s+)?(\d{4})\Z")
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,12})\.?[\s-]+(\d{1,2})(?:st|nd|rd|th)?,?[\s-]+(\d{4})\Z")
_MONTHS = {
    # English, German, French, Spanish, Italian, Dutch and Portuguese, by as many letters as they need.
    1: "jan jän gen ene",
    2: "feb fév fev",
    3: "mar mär maa mrt",
    4: "apr avr abr",
    5: "may mai mei mag",
    6: "jun juin giu",
    7: "jul juil lug",
    8: "aug aoû aou ago",
    9: "sep set",
    10: "oct okt ott out",
    11: "nov",
    12: "dec dez déc dic",
}
_DATE_HINT = "write it as YYYY-MM-DD"


class UnreadError(Exception):
    """A cell that means nothing here: what was expected, and a hint where there is one."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def clean(text: str) -> str:
    """``text`` as it is kept: plain line feeds, no invisible control characters, nothing around it; empty if nothing is seen.

    The escape sign of workbooks, which no writer escapes itself, is taken for what it stands for.
    """
    text = text.strip() if text.isascii() and text.isprintable() else _CONTROL.sub("", _BREAKS.sub("\n", text)).strip()
    if not text.isascii() and not has_visible(text):
        return ""
    while "_" in text and _ESCAPE.search(text):
        text = _ESCAPE.sub("_", text)
    return text


def text_of(value: Any) -> str:
    """Any cell as text, as the person saw it as far as that is known."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float | int):
        return _plain(float(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def word_of(value: Any) -> str:
    """A cell as one word or phrase to compare: lower case, one kind of blank, one width of letters."""
    return " ".join(unicodedata.normalize("NFKC", text_of(value)).split()).casefold()


def level_of(value: Any, levels: Collection[int]) -> int | Literal["unknown"] | None:
    """A level of the criterion, or unknown; ``3 ``, ``3.0``, ``3,0`` and ``level 3`` are 3."""
    low, high = min(levels), max(levels)
    wanted = f"a level from {low} to {high}, or unknown"
    if isinstance(value, date | time | timedelta | bool):
        raise UnreadError(f"expected {wanted}, found {_found(value)}")
    word = word_of(value)
    if not word:
        return None
    if word in _UNKNOWN_WORDS:
        return UNKNOWN
    match = _LEVEL.match(word)
    if match is None:
        half = isinstance(value, float) or re.fullmatch(r"[+-]?\d+[.,]\d+", word)
        raise UnreadError(f"expected {wanted}, found {_found(value)}", "there are no half levels" if half else "")
    level = int(match[1])
    if level not in levels:
        raise UnreadError(f"expected {wanted}, found {_found(value)}")
    return level


def choice_of(value: Any, choices: Sequence[str], aliases: Mapping[str, str] | None = None) -> str | None:
    """One of ``choices``, whatever its case, or a known other word for one."""
    word = word_of(value)
    if not word:
        return None
    known = {choice.casefold(): choice for choice in choices} | dict(aliases or {})
    if word in known:
        return known[word]
    raise UnreadError(f"expected {listed(choices)}, found {_found(value)}")


def day_of(value: Any) -> date | None:
    """A day: a date cell, ISO text, or a local form that can mean one day only."""
    if isinstance(value, bool | time | timedelta):
        raise UnreadError(f"expected a date, found {_found(value)}", _DATE_HINT)
    if isinstance(value, float | int):
        raise UnreadError(f"expected a date, found the number {_plain(float(value))}", _serial_hint(float(value)))
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
    elif word := word_of(value):
        day = _day_in(word, value)
    else:
        return None
    if day.year not in _YEARS:
        raise UnreadError(f"expected a date of our time, found {_found(value)}", _DATE_HINT)
    return day


def _day_in(word: str, value: Any) -> date:
    if match := _ISO.match(word):
        year, month, day = int(match[1]), int(match[2]), int(match[3])
    elif match := _DOTTED.match(word):
        day, month, year = int(match[1]), int(match[2]), int(match[3])
    elif match := _SLASHED.match(word):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        day, month = _two(first, second, year, value)
    elif match := _DAY_FIRST.match(word):
        day, month, year = int(match[1]), _month(match[2], value), int(match[3])
    elif match := _MONTH_FIRST.match(word):
        day, month, year = int(match[2]), _month(match[1], value), int(match[3])
    else:
        raise UnreadError(f"expected a date, found {_found(value)}", _DATE_HINT)
    try:
        return date(year, month, day)
    except ValueError:
        raise UnreadError(f"expected a date, found {_found(value)}", "there is no such day") from None


def _two(first: int, second: int, year: int, value: Any) -> tuple[int, int]:
    """Day and month of ``03/11/2026``, where only one of the two orders is possible."""
    highest = 12
    if first == second or second <= highest < first:
        return first, second
    if first <= highest < second:
        return second, first
    if first > highest:
        raise UnreadError(f"expected a date, found {_found(value)}", "there is no such day")
    both = f"{year}-{second:02}-{first:02} or {year}-{first:02}-{second:02}"
    raise UnreadError(f"the date {_found(value)} can be read in two ways", f"write {both}")


def _month(name: str, value: Any) -> int:
    for number, starts in _MONTHS.items():
        if any(name.startswith(start) for start in starts.split()):
            return number
    raise UnreadError(f"expected a date, found {_found(value)}", _DATE_HINT)


def _serial_hint(number: float) -> str:
    """A number may be a date whose format was lost on the way."""
    first, last = 32_874, 73_415  # 1990-01-01 and 2100-12-31 as spreadsheets count days
    if first <= number <= last:
        meant = date(1899, 12, 30) + timedelta(days=int(number))
        return f"format the cell as a date, or write {meant.isoformat()} if that is meant"
    return _DATE_HINT


def _plain(number: float) -> str:
    if math.isfinite(number) and number.is_integer() and abs(number) < 1e15:  # noqa: PLR2004 - exact in a double
        return str(int(number))
    return repr(number)


def _found(value: Any) -> str:
    text = " ".join(text_of(value).split())
    short = text if len(text) <= 40 else f"{text[:39]}…"  # noqa: PLR2004 - what fits a line
    return short if isinstance(value, float | int | date) and not isinstance(value, bool) else f"'{short}'"


def is_id(text: str) -> bool:
    """Whether ``text`` can be an id: up to 64 lower-case letters and digits, in words joined by hyphens."""
    return len(text) <= _MAX_ID and file_names.is_id(text)


def listed(words: Sequence[str]) -> str:
    """``a, b or c``."""
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else "".join(words)
