"""What a rule gets and what it gives, and how a rule names places in the files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from evaluator.errors import Severity, Suggestions
from evaluator.model.base import Model
from evaluator.model.catalogue import Criterion
from evaluator.model.file_names import (
    CATALOGUE,
    EVALUATION,
    GUARDRAILS,
    USE_CASES,
    WEIGHTS,
    Layout,
    own_work_file,
    profile_file,
)
from evaluator.model.scorecard import Answer, Scorecard
from evaluator.model.vendor import Profile
from evaluator.model.workspace import Vendor, Workspace

_LISTED = 8

Path = tuple[str | int, ...]
"""Keys and positions in lists that lead to a value of a file."""
PROFILES, SCORECARDS, CRITERIA, OWN_WORK = "profiles", "scorecards", "criteria", "own work"
"""What stands for every file of a kind, where a rule names the places it looks at; of ``CRITERIA`` every single criterion."""


class Found(NamedTuple):
    """A value in a file."""

    file: str
    path: Path
    value: Any


class RuleSheet(NamedTuple):
    """A scorecard with its file and the profile of its vendor."""

    file: str
    card: Scorecard
    profile: Profile


@dataclass(frozen=True, slots=True)
class RuleContext:
    """A workspace at a date, and what is known of its files."""

    workspace: Workspace
    as_of: date
    layout: Layout

    def profiles(self) -> Iterator[tuple[str, Profile]]:
        """Every vendor's profile, in scope or not, with its file."""
        for key, vendor in self.workspace.vendors.items():
            yield profile_file(key), vendor.profile

    def scorecards(self) -> Iterator[RuleSheet]:
        """Every scorecard, in scope or not."""
        yield from self._sheets(self.workspace.vendors.values())

    def options(self) -> Iterator[tuple[str, Vendor]]:
        """The vendors in scope with their ids."""
        for vendor in self.workspace.options:
            yield vendor.profile.id, vendor

    def option_scorecards(self) -> Iterator[RuleSheet]:
        """The scorecards of the vendors in scope."""
        yield from self._sheets(self.workspace.options)

    def _sheets(self, vendors: Iterable[Vendor]) -> Iterator[RuleSheet]:
        for vendor in vendors:
            for card in vendor.scorecards:
                yield RuleSheet(self.layout.file_of(card), card, vendor.profile)

    def criteria_in_scope(self) -> dict[str, Criterion]:
        """The criteria that count, by id."""
        out = self.workspace.evaluation.out_of_scope
        return {key: criterion for key, criterion in self.workspace.catalogue.criteria.items() if key not in out}

    def values(self, kind: str, pattern: str) -> Iterator[Found]:
        """Every value at a place of a file.

        Args:
            kind: the name of a file that stands once, or ``PROFILES``, ``SCORECARDS``, ``OWN_WORK`` or ``CRITERIA``.
            pattern: keys with dots between them, ``*`` for every entry of a list or mapping, ``@`` for every key of a
                mapping; as ``use_cases.*.must.*``.
        """
        for file, path, content in self._contents(kind):
            for more, value in _values(content, pattern.split(".")):
                yield Found(file, (*path, *more), value)

    def _contents(self, kind: str) -> Iterator[tuple[str, Path, Model]]:
        if kind == PROFILES:
            yield from ((file, (), profile) for file, profile in self.profiles())
        elif kind == SCORECARDS:
            yield from ((file, (), card) for file, card, _ in self.scorecards())
        elif kind == OWN_WORK:
            for key, vendor in self.workspace.vendors.items():
                if vendor.own_work is not None:
                    yield own_work_file(key), (), vendor.own_work
        elif kind == CRITERIA:
            for key, criterion in self.workspace.catalogue.criteria.items():
                file, place = self.layout.criteria[key]
                yield file, ("criteria", place), criterion
        else:
            once: dict[str, Model] = {
                EVALUATION: self.workspace.evaluation,
                CATALOGUE: self.workspace.catalogue.head,
                WEIGHTS: self.workspace.weights,
                USE_CASES: self.workspace.demand,
                GUARDRAILS: self.workspace.guardrails,
            }
            yield kind, (), once[kind]

    def known_answers(self) -> Iterator[tuple[str, str, Answer, Criterion]]:
        """File, criterion id, answer and criterion of every level given on a criterion that counts."""
        counting = self.criteria_in_scope()
        for file, card, _ in self.option_scorecards():
            for key, answer in card.answers.items():
                if answer.known and key in counting:
                    yield file, key, answer, counting[key]


def _values(content: Model, steps: list[str]) -> list[tuple[Path, Any]]:
    """What stands at ``steps`` in a file, with the path to it; what is not given is left out."""
    found: list[tuple[Path, Any]] = [((), content)]
    for step in steps:
        held = [(path, value) for path, value in found if value is not None]
        if step == "@":
            found = [((*path, key), key) for path, value in held for key in value]
        elif step == "*":
            found = [((*path, key), entry) for path, value in held for key, entry in _entries(value)]
        else:
            found = [((*path, step), getattr(value, step)) for path, value in held]
    return [(path, value) for path, value in found if value is not None]


def _entries(value: Any) -> Iterable[tuple[str | int, Any]]:
    """The entries of a mapping or a list by key or position; a single word in place of a list has none."""
    if isinstance(value, dict):
        return value.items()
    return () if isinstance(value, str) else enumerate(value)


class Finding(NamedTuple):
    """One place where a rule does not hold."""

    file: str
    path: Path
    message: str
    hint: str = ""


class Rule(NamedTuple):
    """A rule: the code and weight of its problems, and the function that finds them."""

    code: str
    severity: Severity
    find: Callable[[RuleContext], Iterable[Finding]]


class Nearest:
    """Hints for unknown ids: a known id that is close, or the place where known ids are listed."""

    def __init__(self, known: Iterable[str], where: str) -> None:
        self._suggestions = Suggestions(known)
        self._where = f"known ids are in {where}"

    def __call__(self, found: str) -> str:
        """The hint for one id."""
        return self._suggestions.hint(found, self._where)


def listed(names: Iterable[str]) -> str:
    """The names in one line; the first few and a count, where there are many."""
    names = list(names)
    if len(names) <= _LISTED:
        return ", ".join(names)
    return f"{', '.join(names[: _LISTED - 1])} and {len(names) - _LISTED + 1} more"


def counted(number: int, one: str, many: str) -> str:
    """``1 answer``, ``2 answers``."""
    return f"{number} {one if number == 1 else many}"
