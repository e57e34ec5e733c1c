"""What a rule gets and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from evaluator.errors import Severity, Suggestions
from evaluator.model.catalogue import Criterion
from evaluator.model.file_names import Layout, profile_file
from evaluator.model.scorecard import Answer, Scorecard
from evaluator.model.vendor import Profile
from evaluator.model.workspace import Vendor, Workspace

_LISTED = 8


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

    def known_answers(self) -> Iterator[tuple[str, str, Answer, Criterion]]:
        """File, criterion id, answer and criterion of every level given on a criterion that counts."""
        counting = self.criteria_in_scope()
        for file, card, _ in self.option_scorecards():
            for key, answer in card.answers.items():
                if answer.known and key in counting:
                    yield file, key, answer, counting[key]


class Finding(NamedTuple):
    """One place where a rule does not hold."""

    file: str
    path: tuple[str | int, ...]
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
