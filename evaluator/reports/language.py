"""The words of the papers: one catalogue of strings by key, which a workspace may override.

The shipped ``reports/language.yaml`` holds every string; ``reports/language.yaml`` of a workspace holds those that it
changes. Templates and sentences ask for strings by key and put their values in by name. Strings are plain text, never
markup and never a template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from evaluator.errors import ContentError, EvaluatorError, Problem, Suggestions, folded, one_line
from evaluator.model.file_names import LANGUAGE
from evaluator.model.language import LanguageFile
from evaluator.model.renamed_keys import present_string
from evaluator.reports.paper.assets import Assets
from evaluator.workspace import containment
from evaluator.workspace.file_reader import Reader
from evaluator.workspace.shipped import shipped_root

FILE = LANGUAGE.rpartition("/")[2]
ONE, MANY = ".one", ".many"
MOST_NAMED = 4
"""Longer lists end with a count."""

_PLACE = re.compile(r"\{([a-z_]+)\}")


class Language:
    """The strings of the papers in one language; ``tag`` is its BCP 47 tag."""

    def __init__(self, tag: str, strings: Mapping[str, str]) -> None:
        self.tag = tag
        self._strings = strings

    @property
    def strings(self) -> Mapping[str, str]:
        """Every string by key."""
        return self._strings

    def string(self, key: str) -> str:
        """The string of ``key`` with its placeholders; ``LookupError`` where there is none."""
        found = self.strings.get(key)
        if found is None:
            new = present_string(key)
            hint = f"it is called '{new}' now" if new in self.strings else Suggestions(self.strings).hint(key)
            raise LookupError(f"there is no string '{one_line(key)}'" + (f"; {hint}" if hint else ""))
        return found

    def __call__(self, key: str, /, **values: object) -> str:
        """The string of ``key`` with ``values`` put in; ``LookupError`` where one is missing."""
        string = self.string(key)
        lacking = sorted(placeholders(string) - values.keys())
        if lacking:
            raise LookupError(f"the string '{key}' needs {{{lacking[0]}}}")
        return filled(string, values)

    def number(self, key: str, n: float, /, **values: object) -> str:
        """The string for one (``key.one``) or another number of things (``key.many``), with ``{n}`` put in."""
        return filled(self.string(form(key, n)), {"n": number(n), **values})

    def counted(self, n: float, noun: str) -> str:
        """``1 tool``, ``2.5 points``: a number with a noun of the catalogue."""
        return self.number(f"count.{noun}", n)

    def joined(self, items: Sequence[str], last: str = "and") -> str:
        """``a, b and c``; ``last`` is ``and`` or ``or``."""
        if len(items) <= 1:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self(f'list.{last}')} {items[-1]}"

    def named(self, items: Sequence[str], most: int = MOST_NAMED) -> str:
        """``a, b, c and 5 more``."""
        if len(items) <= most:
            return self.joined(items)
        return self.joined([*items[: most - 1], self("list.more", n=len(items) - most + 1)])


class _Shipped(Language):
    """The English that ships, read when the first word of it is needed."""

    def __init__(self) -> None:
        super().__init__("en", {})

    @cached_property
    def strings(self) -> Mapping[str, str]:
        """Every string by key."""
        content = _read(_shipped_folder())
        if content is None:
            raise EvaluatorError("The words of the papers are missing from this installation; install evaluator again.")
        return content.strings


ENGLISH: Language = _Shipped()


def language_of(assets: Assets) -> Language:
    """The language of the papers made with ``assets``: the shipped strings, and what workspace folders put in their place.

    Raises:
        ContentError: a workspace's file is broken, has a key that no paper uses, or a string that lacks a placeholder
            or has one too many; with every such problem at its line.
    """
    tag, strings = ENGLISH.tag, dict(ENGLISH.strings)
    for folder in reversed(assets.folders[:-1]):
        content = _read(folder)
        if content is not None:
            tag = content.lang
            strings |= content.strings
    return Language(tag, strings)


def form(key: str, n: float) -> str:
    """The key of the string for ``n`` things."""
    return key + (ONE if n == 1 else MANY)


def number(n: float) -> str:
    """``3``, ``2.5``."""
    return str(n) if isinstance(n, int) else f"{n:g}"


def filled(string: str, values: Mapping[str, object]) -> str:
    """``string`` with ``{name}`` replaced by the values; nothing else in it means anything."""
    return _PLACE.sub(lambda found: str(values[found[1]]), string)


def placeholders(string: str) -> frozenset[str]:
    """The names in braces."""
    return frozenset(_PLACE.findall(string))


def language_problems(folder: Path) -> tuple[Problem, ...]:
    """What is wrong with the language file of a workspace's report folder; nothing where there is none."""
    return _found(folder)[1]


def _read(folder: Path) -> LanguageFile | None:
    """The language file of a report folder; None where there is none."""
    content, problems = _found(folder)
    if problems:
        raise ContentError("The words of the papers have errors; fix them and try again.", problems)
    return content


def _found(folder: Path) -> tuple[LanguageFile | None, tuple[Problem, ...]]:
    reader = Reader(folder.parent.resolve())
    name = f"{folder.name}/{FILE}"
    data = containment.read(reader.root, name)
    if isinstance(data, Problem) and data.code == containment.MISSING:
        return None, ()
    content = reader.model(name, LanguageFile)
    if content is not None and folder.resolve() != _shipped_folder():
        for key, message, hint in _faults(content.strings):
            reader.note("bad-string", message, name, ("strings", key), hint)
    return content, tuple(folded(sorted(reader.problems, key=lambda problem: problem.line or 0)))


def _shipped_folder() -> Path:
    return (shipped_root() / LANGUAGE).parent.resolve()


def _faults(strings: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Key, what is wrong, and what to do."""
    known = ENGLISH.strings
    suggestions = Suggestions(known)
    for key, string in strings.items():
        shipped = known.get(key)
        if shipped is None:
            if (new := present_string(key)) in known:
                yield (
                    key,
                    f"the string '{key}' is called '{new}' now",
                    f"the shipped one is: {one_line(known[new], 200)}",
                )
            else:
                yield key, f"no paper has a string '{one_line(key)}'", suggestions.hint(key, "remove it")
            continue
        wanted, found = placeholders(shipped), placeholders(string)
        spare = {"n"} if key.endswith(ONE) else set()  # "a tool" says what "1 tool" says
        if missing := sorted(wanted - found - spare):
            yield key, f"the string '{key}' lacks {_braced(missing)}", f"the shipped one is: {one_line(shipped, 200)}"
        if unknown := sorted(found - wanted):
            hint = f"it may hold {_braced(sorted(wanted))}" if wanted else "it may hold none"
            yield key, f"the string '{key}' has the unknown placeholder {_braced(unknown)}", hint
        if set("{}") & set(_PLACE.sub("", string)):
            yield key, f"the string '{key}' has a brace that belongs to no placeholder", "write placeholders as {name}"


def _braced(names: Sequence[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
