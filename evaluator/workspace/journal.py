"""The journal of an unfinished change to several files: their old texts, kept until all of the new ones are in place.

While it exists readers see the texts from before the change, and the next command that writes restores them. It lies in
``.evaluator/change``: ``journal.json`` names the files with the SHA-256 of their texts before and after, and ``<n>.old`` holds the
old text of the n-th one.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path, PurePosixPath
from secrets import token_hex
from typing import Any

from evaluator.errors import EvaluatorError, one_line
from evaluator.workspace.disk import file_digest, read_bounded, sha256

OWN_FOLDER = ".evaluator"
"""The folder of a workspace in which the program keeps what is its own."""
CHANGE = "change"
_MANIFEST = "journal.json"
_SCHEMA = "journal/1"
_TRIES = 20
_MAX_MANIFEST = 4_000_000
_MAX_TEXT = 64_000_000
_LONGEST_PART, _MOST_PARTS = 255, 20
"""Bytes of a name in a folder, and names on the way to a file."""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One file of a change: its number and name, and the SHA-256 of its text before and after; None where there is no file."""

    place: int
    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Journal:
    """A change that was begun and not completed."""

    folder: Path
    entries: Mapping[str, JournalEntry]
    made: tuple[str, ...] = ()
    """Folders that the change makes, outermost first."""
    id: str = field(default_factory=lambda: token_hex(8))
    """Which change it is."""

    def is_altered(self, root: Path, name: str) -> bool:
        """Whether the file ``name`` is one that the change has already altered, and nobody since."""
        entry = self.entries.get(name)
        try:
            return entry is not None and entry.before != entry.after and file_digest(root / name) == entry.after
        except OSError:
            return False

    def old(self, name: str) -> bytes | None:
        """The text of the file before the change; None where there was none.

        Raises:
            EvaluatorError: the journal does not hold that text any more.
        """
        entry = self.entries[name]
        if entry.before is None:
            return None
        data = _read(self.folder / old_file(entry.place), _MAX_TEXT)
        if digest(data) != entry.before:
            raise EvaluatorError(damaged(self.folder))
        return data


def digest(data: bytes | None) -> str | None:
    """The SHA-256 of a text in hexadecimal; None for no file."""
    return None if data is None else sha256(data)


def old_file(place: int) -> str:
    """The file of the journal with the old text of the entry numbered ``place``."""
    return f"{place}.old"


def manifest(journal: Journal) -> tuple[str, bytes]:
    """Name and text of the file that describes a journal."""
    data = {
        "schema": _SCHEMA,
        "id": journal.id,
        "files": [asdict(entry) for entry in journal.entries.values()],
        "made": journal.made,
    }
    return _MANIFEST, json.dumps(data, indent=1).encode("utf-8")


def find_journal(root: Path) -> Journal | None:
    """The journal of the workspace ``root``; None where no change is unfinished.

    Raises:
        EvaluatorError: there is one that cannot be used.
    """
    folder = root / OWN_FOLDER / CHANGE
    try:
        status = folder.lstat()
    except OSError:
        return None
    if not stat.S_ISDIR(status.st_mode) or (root / OWN_FOLDER).is_symlink():
        raise EvaluatorError(damaged(folder))
    for _ in range(_TRIES):
        data = _read(folder / _MANIFEST, _MAX_MANIFEST)
        if data is not None:
            break
        if not os.path.lexists(folder):
            return None  # completed just now; where there is one again, the next change is being made
    found = _parsed(folder, data) if data is not None else None
    if found is None:
        raise EvaluatorError(damaged(folder))
    return found


def last_change(root: Path) -> int | None:
    """A number that is another one after every change to the workspace ``root``; None where none was ever made here."""
    try:
        return (root / OWN_FOLDER).stat().st_mtime_ns
    except OSError:
        return None


def damaged(folder: Path) -> str:
    """The sentence on a journal that cannot be used."""
    return (
        f"'{one_line(folder, 200)}' should describe an unfinished change and cannot be read; "
        "compare the workspace with its last commit or backup, then remove that folder."
    )


def _parsed(folder: Path, data: bytes) -> Journal | None:
    with contextlib.suppress(ValueError, TypeError, KeyError, RecursionError):
        found = json.loads(data)
        if found["schema"] == _SCHEMA:
            entries = {entry.name: entry for entry in map(_entry, count(), found["files"])}
            made = tuple(map(str, found["made"]))
            if all(map(is_content_name, (*entries, *made))):
                return Journal(folder, entries, made, str(found["id"]))
    return None


def _entry(place: int, found: Mapping[str, Any]) -> JournalEntry:
    name, before, after = found["name"], found["before"], found["after"]
    if not isinstance(name, str) or not all(text is None or isinstance(text, str) for text in (before, after)):
        raise TypeError(name)
    return JournalEntry(place, name, before, after)


def is_content_name(name: str) -> bool:
    """Whether ``name`` can be a file or folder of a workspace's content: relative, plain, not hidden, and not too long."""
    path = PurePosixPath(name)
    plain = path.as_posix() == name and not path.is_absolute() and "\\" not in name and "\0" not in name
    try:
        is_short = (
            all(len(os.fsencode(part)) <= _LONGEST_PART for part in path.parts) and len(path.parts) <= _MOST_PARTS
        )
    except UnicodeEncodeError:
        return False
    return plain and is_short and bool(path.parts) and not any(part[0] == "." or ":" in part for part in path.parts)


def _read(path: Path, limit: int) -> bytes | None:
    """A plain file of at most ``limit`` bytes, not through a link; None where there is none."""
    try:
        return None if path.is_symlink() else read_bounded(path, limit)
    except OSError:
        return None
