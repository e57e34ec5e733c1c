"""What each type of a model's error expected, and what may help, in words.

Keyed on the ``type`` of Pydantic's errors; its English texts are never looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from evaluator.errors import Suggestions, one_line

_FORMS = {
    r"^[^\r\n\t]+$": "a name on one line, without tabs",
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "lower-case letters and digits, in words joined by hyphens",
    r"^[A-Z]$": "one capital letter",
    r"^[A-Z]{3}$": "a currency of three capital letters such as EUR",
    r"^\d+\.\d+\.\d+$": "a version of three numbers such as 1.0.0",
}


class Expectation(NamedTuple):
    """The code of a problem, what would fit, and what may help."""

    code: str
    expected: str
    hint: str = ""


Rule = Callable[[Any, Mapping[str, Any]], Expectation]
"""From the value found and the error's context to what was expected."""


def _text(found: Any, _: Mapping[str, Any]) -> Expectation:
    hint = ""
    if isinstance(found, bool | int | float):
        hint = "put it in quotes"
    elif isinstance(found, dict):
        hint = "a text that contains a colon and a space needs quotes"
    elif isinstance(found, tuple):
        hint = "write one text instead of a list"
    return Expectation("wrong-type", "text", hint)


def _number(expected: str) -> Rule:
    def rule(found: Any, _: Mapping[str, Any]) -> Expectation:
        hint = ""
        if isinstance(found, str) and re.fullmatch(r"[-+]?\d+(\.\d+)?", found):
            hint = "remove the quotes"
        elif isinstance(found, float) and expected == "a whole number":
            hint = "no fractions here"
        return Expectation("wrong-type", expected, hint)

    return rule


def _typed(expected: str, hint: str = "") -> Rule:
    return lambda _found, _context: Expectation("wrong-type", expected, hint)


def _one_of(found: Any, context: Mapping[str, Any]) -> Expectation:
    expected = str(context.get("expected", "one of the known words"))
    known = re.findall(r"'([^']*)'", expected)
    return Expectation("not-one-of", expected, did_you_mean(found, known))


def _form(found: Any, context: Mapping[str, Any]) -> Expectation:
    pattern = str(context.get("pattern"))
    expected = _FORMS.get(pattern, f"a text of the form {pattern}")
    slug = re.sub(r"[^a-z0-9]+", "-", str(found).lower()).strip("-")
    hint = f"for instance {slug[:64]}" if slug and pattern.startswith("^[a-z0-9]+") else ""
    return Expectation("bad-form", expected, hint)


def _day(found: Any, _: Mapping[str, Any]) -> Expectation:
    hint = ""
    if isinstance(found, str):
        if re.fullmatch(r"\d{4}-\d\d-\d\d", found):
            hint = "there is no such day"
        elif match := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", found):
            day, month, year = (int(part) for part in match.groups())
            try:
                hint = f"write {date(year, month, day).isoformat()}"
            except ValueError:
                hint = "there is no such day"
        elif re.match(r"\d{4}-\d\d-\d\d[T ]", found):
            hint = f"leave out the time: {found[:10]}"
        elif re.fullmatch(r"\d{4}-\d\d?", found):
            hint = "name a day; the last of the month if only the month is known"
    elif type(found) is int and date.min.year <= found <= date.max.year:
        hint = "name a day; the last of the year if only the year is known"
    return Expectation("bad-date", "a date as YYYY-MM-DD", hint)


def _bound(words: str, key: str) -> Rule:
    return lambda _found, context: Expectation("out-of-range", f"{words} {_plain(context.get(key))}")


def _few(_: Any, context: Mapping[str, Any]) -> Expectation:
    count = context.get("min_length", 1)
    return Expectation("too-few", f"at least {count} {'entry' if count == 1 else 'entries'}")


RULES: dict[str, Rule] = {
    "string_type": _text,
    "string_too_short": lambda _f, _c: Expectation("empty-text", "some text"),
    "nothing_visible": lambda _f, _c: Expectation("empty-text", "visible text"),
    "string_too_long": lambda _f, c: Expectation("too-long", f"at most {c.get('max_length')} characters"),
    "string_pattern_mismatch": _form,
    "int_type": _number("a whole number"),
    "int_from_float": _number("a whole number"),
    "float_type": _number("a number"),
    "bool_type": _typed("true or false", "without quotes; yes and no are plain words here"),
    "literal_error": _one_of,
    "tuple_type": _typed("a list", "write each entry on a line of its own, after a hyphen"),
    "dict_type": _typed("a mapping of keys to values"),
    "model_type": _typed("a mapping of keys to values"),
    "model_attributes_type": _typed("a mapping of keys to values"),
    "invalid_key": _typed("a word", "put it in quotes"),
    "date_type": _day,
    "not_a_day": _day,
    "greater_than_equal": _bound("at least", "ge"),
    "less_than_equal": _bound("at most", "le"),
    "greater_than": _bound("more than", "gt"),
    "less_than": _bound("less than", "lt"),
    "finite_number": lambda _f, _c: Expectation("out-of-range", "a finite number"),
    "too_short": _few,
    "too_long": lambda _f, c: Expectation("too-many", f"at most {c.get('max_length')} entries"),
}
OWN = {
    "scale_order": "swap the two",
    "level_gap": "number the levels one by one",
    "values_count": "one number per level, from the lowest to the highest",
    "values_order": "a higher level is never worth less",
    "gate_level": "choose one of the criterion's levels",
    "not_a_language": "the tag that BCP 47 gives the language",
    "not_words": "write it on one line, with at least one letter or sign, and without marks that turn its direction",
    "valid_until_kind": "write kind: certificate, or remove valid_until",
    "evidence_undated": "add date: or captured: as YYYY-MM-DD",
}
"""The validators of the models, whose messages are our own, and what may help."""


def found_words(value: Any) -> str:
    """What stands there instead, in words."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{one_line(value, 40)}'" if value else "an empty text"
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, tuple | list) else one_line(value, 40)


def _plain(number: Any) -> str:
    return f"{number:g}" if isinstance(number, int | float) else str(number)


def did_you_mean(found: Any, known: Sequence[str]) -> str:
    """A suggestion, where one of ``known`` is close."""
    return Suggestions(known).hint(str(found)[:80].lower())
