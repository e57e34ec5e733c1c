"""What can be wrong, and how it is said.

Bad *content* is a value: a :class:`Problem` with its place, gathered and shown together.
A bad *request* is an exception: :class:`EvaluatorError` with one clear sentence.
Anything else that is raised is a bug.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from evaluator.characters import has_visible, safe_line, safe_text

MOST_ALIKE = 100
"""How many problems of one kind in one file are listed one by one."""


class Severity(StrEnum):
    """How much a problem weighs: an error stops the verbs that need the content, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in the content of a workspace or a foreign file.

    ``file`` is relative to the workspace; ``path`` leads to the value inside the file (keys and
    list positions); ``line`` and ``column`` count from 1 and are filled in by whoever knows the
    text; ``cell`` names a spreadsheet cell instead.
    """

    code: str
    message: str
    file: str = ""
    path: tuple[str | int, ...] = ()
    line: int | None = None
    column: int | None = None
    cell: str | None = None
    hint: str = ""
    severity: Severity = Severity.ERROR

    @property
    def place(self) -> str:
        """``file:line:column`` as far as it is known; for a workbook ``file [Sheet!A1]``."""
        if self.cell:
            return f"{self.file} [{self.cell}]"
        parts = [self.file or "."]
        if self.line is not None:
            parts += [str(self.line), str(self.column or 1)]
        return ":".join(parts)

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return safe_line(f"{self.place}: {self.severity}: {self.message}{hint}")


def one_line(value: object, limit: int = 60) -> str:
    """``value`` as a message may quote it: on one line, not too long, and nothing that a terminal would obey."""
    text = safe_text(" ".join(str(value)[: 20 * limit].split()))
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def quoted(name: object) -> str:
    """The name of a file or folder in quotes, as a message may print it whatever bytes the file system gave."""
    return f"'{safe_line(str(name))}'"


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any of ``problems`` is an error rather than a warning."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def folded(problems: Iterable[Problem], most: Mapping[str, int] | None = None) -> list[Problem]:
    """``problems`` in their order, of each kind in a file only the first; the last of them says how many follow.

    Args:
        problems: what was found; those of one file need not stand together.
        most: code -> how many are listed, where that is not :data:`MOST_ALIKE`.
    """
    kept: list[Problem] = []
    last: dict[tuple[str, str], int] = {}
    seen: Counter[tuple[str, str]] = Counter()
    for problem in problems:
        kind = problem.file, problem.code
        seen[kind] += 1
        if seen[kind] <= (most or {}).get(problem.code, MOST_ALIKE):
            last[kind] = len(kept)
            kept.append(problem)
    for kind, place in last.items():
        more = seen[kind] - (most or {}).get(kind[1], MOST_ALIKE)
        if more > 0:
            message = f"{kept[place].message}; {more:,} more of this kind in this file are not listed"
            kept[place] = replace(kept[place], message=message)
    return kept


class Notice(UserWarning):
    """A message to the user that stops nothing: issued with :func:`warnings.warn` and printed on stderr by the program."""


class EvaluatorError(Exception):
    """A request that cannot be carried out; the message is one sentence for the person who asked."""


class ContentError(EvaluatorError):
    """The content has errors, so what was asked cannot be computed; carries the problems."""

    def __init__(self, message: str, problems: Iterable[Problem]) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


def check_line(what: str, text: str) -> None:
    """Raise :class:`EvaluatorError` unless ``text`` is one line of visible text; ``what`` names it in the message."""
    if not has_visible(text) or safe_line(text) != text:
        raise EvaluatorError(f"The {what} must be one line of visible text without control characters.")


class Suggestions:
    """The ``known`` word nearest to a misspelt one, for the first few words that are asked about.

    Each search goes through all known words; without the limit a file full of mistakes would take quadratic time.
    """

    MOST = 20

    def __init__(self, known: Iterable[str]) -> None:
        self._known = tuple(known)
        self._found: dict[str, str] = {}

    def nearest(self, word: str) -> str:
        """The nearest known word; empty where none is close, or the limit is reached."""
        if word not in self._found:
            if len(self._found) >= self.MOST:
                return ""
            from difflib import get_close_matches

            self._found[word] = next(iter(get_close_matches(word[:80], self._known, n=1)), "")
        return self._found[word]

    def hint(self, word: str, otherwise: str = "") -> str:
        """``did you mean ...?``, or ``otherwise`` where there is no suggestion."""
        near = self.nearest(word)
        return f"did you mean {near}?" if near else otherwise


def known_ids(kind: str, chosen: Iterable[str], known: Collection[str]) -> None:
    """Raise :class:`EvaluatorError` for the first of ``chosen`` that is no ``kind``, naming the nearest one that is."""
    for key in chosen:
        if key not in known:
            hint = Suggestions(known).hint(key, f"there are {', '.join(known) or 'none'}.")
            raise EvaluatorError(f"There is no {kind} '{one_line(key)}'; {hint}")
