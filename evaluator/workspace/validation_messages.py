"""What is said of content that a model refuses: one table of messages, and problems made from it with their places.

Keyed on the ``type`` of Pydantic's errors; its English texts are never looked at. Everything that is wrong in one file
comes out at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from evaluator.errors import Problem, Suggestions, folded, one_line
from evaluator.workspace.declared_keys import allowed_words, annotation_at, known_keys
from evaluator.workspace.yaml_positions import Places, Steps

_MOST_RAISED = 5_000
"""How many errors of one file are described; nobody reads more of them one by one."""
_KEY = "[key]"  # Pydantic's mark for an error of a key rather than of its value

Hint = str | Callable[[Any, Mapping[str, Any]], str]
"""What may help; from the value found and the error's context where it depends on them."""


class Message(NamedTuple):
    """What is said of one type of error."""

    code: str
    expected: str = ""
    """What would fit, the error's context put in."""
    hint: Hint = ""
    key: str = ""
    """The key that an error of a whole mapping is really about."""
    says: str = ""
    """What is wrong, where nothing else would fit there; without both the model's own words are used."""


def _text_hint(found: Any, _: Mapping[str, Any]) -> str:
    if isinstance(found, bool | int | float):
        return "put it in quotes"
    if isinstance(found, dict):
        return "a text that contains a colon and a space needs quotes"
    return "write one text instead of a list" if isinstance(found, tuple) else ""


def _number_hint(found: Any, _: Mapping[str, Any]) -> str:
    return "remove the quotes" if isinstance(found, str) and re.fullmatch(r"[-+]?\d+(\.\d+)?", found) else ""


def _whole_number_hint(found: Any, context: Mapping[str, Any]) -> str:
    return "no fractions here" if isinstance(found, float) else _number_hint(found, context)


def _word_hint(found: Any, context: Mapping[str, Any]) -> str:
    return did_you_mean(found, re.findall(r"'([^']*)'", context["expected"]))


def _form_hint(found: Any, context: Mapping[str, Any]) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", str(found).lower()).strip("-")
    return f"for instance {slug[:64]}" if slug and context["pattern"].startswith("^[a-z0-9]+") else ""


_DAY_FORMS = (
    (r"\d{4}-\d\d-\d\d", "there is no such day"),
    (r"\d{4}-\d\d-\d\d[T ](?s:.*)", "leave out the time: {:.10}"),
    (r"\d{4}-\d\d?", "name a day; the last of the month if only the month is known"),
)
"""Texts that are meant as a day, and what may help."""


def _day_hint(found: Any, _: Mapping[str, Any]) -> str:
    if type(found) is int and date.min.year <= found <= date.max.year:
        return "name a day; the last of the year if only the year is known"
    if not isinstance(found, str):
        return ""
    if match := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", found):
        day, month, year = map(int, match.groups())
        try:
            return f"write {date(year, month, day).isoformat()}"
        except ValueError:
            return "there is no such day"
    return next((hint.format(found) for form, hint in _DAY_FORMS if re.fullmatch(form, found)), "")


def _missing_key_hint(_: Any, context: Mapping[str, Any]) -> str:
    return allowed_words(context["declared"])


def _unknown_key_hint(_: Any, context: Mapping[str, Any]) -> str:
    known = known_keys(context["declared"])
    return did_you_mean(context["key"], known) or (f"known here: {', '.join(known)}" if known else "")


FORMS = {
    r"^[^\r\n\t]+$": "a name on one line, without tabs",
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "lower-case letters and digits, in words joined by hyphens",
    r"^[A-Z]$": "one capital letter",
    r"^[A-Z]{3}$": "a currency of three capital letters such as EUR",
    r"^\d+\.\d+\.\d+$": "a version of three numbers such as 1.0.0",
}
"""The patterns of the models in words."""
_WHOLE_NUMBER = Message("wrong-type", "a whole number", _whole_number_hint)
_MAPPING = Message("wrong-type", "a mapping of keys to values")
_DAY = Message("bad-date", "a date as YYYY-MM-DD", _day_hint)
MESSAGES = {
    "missing": Message("missing-key", "", _missing_key_hint, says="the key `{key}` is missing"),
    "extra_forbidden": Message("unknown-key", "", _unknown_key_hint, says="unknown key `{key}`"),
    "string_type": Message("wrong-type", "text", _text_hint),
    "string_too_short": Message("empty-text", "some text"),
    "nothing_visible": Message("empty-text", "visible text"),
    "string_too_long": Message("too-long", "at most {max_length} characters"),
    "string_pattern_mismatch": Message("bad-form", "{form}", _form_hint),
    "int_type": _WHOLE_NUMBER,
    "int_from_float": _WHOLE_NUMBER,
    "float_type": Message("wrong-type", "a number", _number_hint),
    "bool_type": Message("wrong-type", "true or false", "without quotes; yes and no are plain words here"),
    "literal_error": Message("not-one-of", "{expected}", _word_hint),
    "tuple_type": Message("wrong-type", "a list", "write each entry on a line of its own, after a hyphen"),
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "invalid_key": Message("wrong-type", "a word", "put it in quotes"),
    "date_type": _DAY,
    "not_a_day": _DAY,
    "greater_than_equal": Message("out-of-range", "at least {ge:g}"),
    "less_than_equal": Message("out-of-range", "at most {le:g}"),
    "greater_than": Message("out-of-range", "more than {gt:g}"),
    "less_than": Message("out-of-range", "less than {lt:g}"),
    "finite_number": Message("out-of-range", "a finite number"),
    "too_short": Message("too-few", "at least {min_length} {entries}"),
    "too_long": Message("too-many", "at most {max_length} entries"),
    # The validators of the models, whose messages are our own.
    "scale_order": Message("scale-order", "", "swap the two", "max"),
    "level_gap": Message("level-gap", "", "number the levels one by one", "levels"),
    "values_count": Message("values-count", "", "one number per level, from the lowest to the highest", "values"),
    "values_order": Message("values-order", "", "a higher level cannot have a lower value", "values"),
    "gate_level": Message("gate-level", "", "choose one of the criterion's levels", "gates"),
    "tag_gate_level": Message("tag-gate-level", "", "choose one of the criterion's levels", "tag_gates"),
    "not_a_language": Message("not-a-language", "", "the tag that BCP 47 gives the language"),
    "not_words": Message(
        "not-words",
        "",
        "write it on one line, with at least one letter or sign, and without marks that turn its direction",
    ),
    "valid_until_kind": Message(
        "valid-until-kind", "", "write kind: certificate, or remove valid_until", "valid_until"
    ),
    "estimate_order": Message("estimate-order", "", "give the lower figure under low", "high"),
    "evidence_undated": Message("evidence-undated", "", "add date: or captured: as YYYY-MM-DD"),
}
"""Type of an error -> what is said of it."""
_UNFORESEEN = Message("invalid-value")


def expectation(kind: str, found: Any, context: Mapping[str, Any]) -> tuple[str, str, str]:
    """The code, what was expected and what may help, for an error of type ``kind`` on the value ``found``."""
    message = MESSAGES.get(kind, _UNFORESEEN)
    pattern = context.get("pattern", "")
    words = {
        "form": FORMS.get(pattern, f"a text of the form {pattern}"),
        "entries": "entry" if context.get("min_length") == 1 else "entries",
    }
    hint = message.hint if isinstance(message.hint, str) else message.hint(found, context)
    return message.code, message.expected.format(**words, **context), hint


@dataclass(frozen=True, slots=True)
class _Fault:
    """One error, placed: ``path`` leads to what exists in the file, or is missing there."""

    path: Steps
    on_key: bool
    branch: bool
    """Whether it is one of several ways in which the value could have fitted."""
    code: str
    expected: str
    """What would fit; empty where it is ``says`` that counts."""
    says: str
    hint: str
    found: Any


def problems_of(error: ValidationError, model: type[BaseModel], places: Places, file: str) -> list[Problem]:
    """All errors of one file as problems, in the order of their places.

    Args:
        error: what the model raised for the content of the file.
        model: the model of the whole file.
        places: where the values stand.
        file: the file's name, relative to the workspace.
    """
    raised = error.errors(include_url=False)
    faults = [fault for item in raised[:_MOST_RAISED] if (fault := _fault(item, model, places)) is not None]
    problems = [_problem(group, places, file) for group in _merged(faults)]
    problems.sort(key=lambda problem: (problem.line or 0, problem.column or 0, problem.message))
    if len(raised) > _MOST_RAISED:
        problems.append(_unread(problems[-1], len(raised) - _MOST_RAISED))
    return folded(problems)


def _unread(last: Problem, count: int) -> Problem:
    """The problem that stands for errors of a file that were not looked at."""
    message = f"up to {count:,} more problems in this file are not listed"
    return replace(last, code="more-problems", message=message, hint="fix those that are listed and check again")


def _fault(error: Any, model: type[BaseModel], places: Places) -> _Fault | None:
    kind: str = error["type"]
    found, context = error["input"], error.get("ctx") or {}
    path, on_key, branch = _path(error["loc"], kind, places)
    if kind in {"too_short", "too_long"} and not isinstance(found, str) and _long_enough(found, context):
        return None  # only entries that failed themselves are missing; they are reported
    message = MESSAGES.get(kind, _UNFORESEEN)
    if message.key and places.has((*path, message.key)):
        path = (*path, message.key)
    if message.says:
        declared = annotation_at(model, path if kind == "missing" else path[:-1])
        context = {"key": one_line(path[-1], 40), "declared": declared}
    code, expected, hint = expectation(kind, found, context)
    # A validator of the models speaks for itself, and a type nobody foresaw still has words of its own.
    says = message.says.format(**context) or _lower(one_line(error["msg"], 200))
    return _Fault(path, on_key, branch, code, expected, says, hint, found)


def _path(loc: Sequence[str | int], kind: str, places: Places) -> tuple[Steps, bool, bool]:
    """``loc`` without the names that Pydantic gives to the branches of a union, which no file contains."""
    path: Steps = ()
    branch = False
    last = len(loc) - 1
    for number, step in enumerate(loc):
        if step == _KEY and number == last:
            return path, True, branch
        if places.has((*path, step)) or (kind == "missing" and number == last):
            path = (*path, step)
        else:
            branch = True
    return path, kind in {"invalid_key", "extra_forbidden"}, branch


def _merged(faults: list[_Fault]) -> Iterator[list[_Fault]]:
    """Faults that are one mistake together: the branches of a union, without those that were never meant."""
    groups: dict[Any, list[_Fault]] = {}
    around = {fault.path[:size] for fault in faults if fault.branch for size in range(len(fault.path))}
    for number, fault in enumerate(faults):
        if fault.branch:
            if fault.path in around:
                continue
            groups.setdefault((fault.path, fault.on_key), []).append(fault)
        else:
            groups[number] = [fault]
    yield from groups.values()


def _problem(group: list[_Fault], places: Places, file: str) -> Problem:
    fault = group[0]
    wanted = list(dict.fromkeys(each.expected for each in group if each.expected))
    if "a number" in wanted and "a whole number" in wanted:
        wanted.remove("a whole number")
    says = fault.says
    if wanted:
        says = f"expected {' or '.join(wanted)}, found {found_words(fault.found)}"
        says = f"as key: {says}" if fault.on_key else says
    hint = next((each.hint for each in group if each.hint), "")
    if fault.found is None and any("'unknown'" in words for words in wanted):
        hint = "write unknown if it is not known"
    missing = fault.code == "missing-key"
    around = fault.path[:-1] if missing or fault.on_key else fault.path
    line, column = places.key(fault.path) if fault.on_key else places.best(around)
    name = places.dotted(around)
    return Problem(
        code=fault.code,
        message=f"{name}: {says}" if name else says,
        file=file,
        path=fault.path,
        line=line,
        column=column,
        hint=hint,
    )


def _long_enough(found: Any, context: Mapping[str, Any]) -> bool:
    try:
        return int(context.get("min_length", 0)) <= len(found) <= int(context.get("max_length", len(found)))
    except TypeError:
        return False


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


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


def did_you_mean(found: Any, known: Sequence[str]) -> str:
    """A suggestion, where one of ``known`` is close."""
    return Suggestions(known).hint(str(found)[:80].lower())
