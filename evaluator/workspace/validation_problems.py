"""From the errors of a model to problems in words, each with its place in the file.

Keyed on the ``type`` of Pydantic's errors; its English texts are never looked at. Everything that is
wrong in one file comes out at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel, ValidationError

from evaluator.errors import Problem, one_line
from evaluator.workspace.declared_keys import allowed_words, annotation_at, known_keys
from evaluator.workspace.problem_limit import folded
from evaluator.workspace.validation_words import OWN, RULES, did_you_mean, found_words
from evaluator.workspace.yaml_positions import Places, Steps

_MOST_RAISED = 5_000
"""How many errors of one file are described; nobody reads more of them one by one."""
_KEY = "[key]"  # Pydantic's mark for an error of a key rather than of its value

_AT_KEY = {
    "level_gap": "levels",
    "values_count": "values",
    "values_order": "values",
    "gate_level": "gates",
    "scale_order": "max",
}
"""Which key a complaint about a whole mapping is really about."""


@dataclass(frozen=True, slots=True)
class _Fault:
    """One error, placed: ``path`` leads to what exists in the file, or is missing there."""

    path: Steps
    on_key: bool
    branch: bool
    """Whether it is one of several ways in which the value could have fitted."""
    code: str
    expected: str
    """What would fit; empty where ``says`` is the whole sentence."""
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
    if kind == "missing":
        return _Fault(path, on_key, branch, "missing-key", "", f"the key `{path[-1]}` is missing",
                      allowed_words(annotation_at(model, path)), None)  # fmt: skip
    if kind == "extra_forbidden":
        return _Fault(path, on_key, branch, "unknown-key", "", f"unknown key `{one_line(path[-1], 40)}`",
                      _nearest(path[-1], known_keys(annotation_at(model, path[:-1]))), None)  # fmt: skip
    rule = RULES.get(kind)
    if rule is None:
        # A validator of the models speaks for itself, and a type nobody foresaw still has words of its own.
        if kind in _AT_KEY and places.has((*path, _AT_KEY[kind])):
            path = (*path, _AT_KEY[kind])
        code = kind.replace("_", "-") if kind in OWN else "invalid-value"
        return _Fault(path, on_key, branch, code, "", _lower(one_line(error["msg"], 200)), OWN.get(kind, ""), None)
    code, expected, hint = rule(found, context)
    return _Fault(path, on_key, branch, code, expected, "", hint, found)


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


def _nearest(key: Any, known: Sequence[str]) -> str:
    return did_you_mean(key, known) or (f"known here: {', '.join(known)}" if known else "")
