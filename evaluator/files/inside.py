"""Looking at a workspace without ever leaving it: links out of it are refused, and so is what is no plain file.

While a change to several files is unfinished, everything is seen as it was before that change.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from evaluator.characters import safe_line
from evaluator.errors import EvaluatorError, Problem
from evaluator.files.journal import Journal, find_journal
from evaluator.files.text import MAX_BYTES, too_large

MISSING = "missing-file"
"""The code of the problem that there is no such file."""
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """One name in a folder."""

    name: str
    is_folder: bool
    is_link: bool = False

    @property
    def is_hidden(self) -> bool:
        """Whether the name belongs to an editor, git or the system rather than to the workspace."""
        return self.name.startswith((".", "_", "#", "~"))


def shown(name: str) -> str:
    """A file name that can be printed anywhere, whatever bytes the file system gave."""
    return safe_line(name)


def folder(root: Path, name: str) -> tuple[Entry, ...] | Problem:
    """What is in the folder ``name`` of the workspace, sorted; nothing if there is no such folder."""
    found = _folder(root, name)
    journal = find_journal(root)
    return found if journal is None or isinstance(found, Problem) else _before(root, name, found, journal)


def _before(root: Path, name: str, found: tuple[Entry, ...], journal: Journal) -> tuple[Entry, ...]:
    """The entries of a folder as they were before an unfinished change."""
    listed = {entry.name: entry for entry in found}
    for path in journal.entries:
        parent, _, own = path.rpartition("/")
        if parent != name:
            continue
        if not _is_applied(journal, root, path):
            continue
        if journal.entries[path].before is None:
            listed.pop(own, None)
        else:
            listed.setdefault(own, Entry(own, is_folder=False))
    for path in journal.made:
        parent, _, own = path.rpartition("/")
        if parent == name and not folder(root, path):
            listed.pop(own, None)
    return tuple(listed[own] for own in sorted(listed))


def _folder(root: Path, name: str) -> tuple[Entry, ...] | Problem:
    real = _real(root, name)
    if isinstance(real, Problem):
        return () if real.code == MISSING else real
    try:
        with os.scandir(real) as found:
            entries = [Entry(entry.name, _is_folder(entry), entry.is_symlink()) for entry in found]
    except NotADirectoryError:
        return Problem("not-a-folder", "expected a folder, found a file", name, hint="rename or remove it")
    except OSError as error:
        return _unreadable(name, error, "folder")
    return tuple(sorted(entries, key=lambda entry: entry.name))


def exists(root: Path, name: str) -> bool:
    """Whether the workspace has a file ``name``, be it one that cannot be read."""
    found = read(root, name)
    return isinstance(found, bytes) or found.code != MISSING


def read(root: Path, name: str) -> bytes | Problem:
    """The bytes of the file ``name`` of the workspace; never more than the limit."""
    found = _read(root, name)
    journal = find_journal(root)
    if journal is None or not _is_applied(journal, root, name):
        return found
    try:
        old = journal.old(name)
    except EvaluatorError:
        now = find_journal(root)
        if now is not None and now.id == journal.id:
            raise
        return read(root, name)  # that change was completed meanwhile
    return _missing(name) if old is None else old


def _is_applied(journal: Journal, root: Path, name: str) -> bool:
    try:
        return journal.is_applied(root, name)
    except OSError:
        return False


def _read(root: Path, name: str) -> bytes | Problem:
    real = _real(root, name)
    if isinstance(real, Problem):
        return real
    try:
        # O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
        handle = os.open(real, _FLAGS)
        with os.fdopen(handle, "rb") as stream:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                return _not_a_file(name)
            if status.st_size > MAX_BYTES:
                return too_large(name)
            data = stream.read(MAX_BYTES + 1)
    except IsADirectoryError:
        return Problem("not-a-file", "expected a file, found a folder", name, hint="rename or remove the folder")
    except OSError as error:
        return _not_a_file(name) if _is_special(real) else _unreadable(name, error, "file")
    return too_large(name) if len(data) > MAX_BYTES else data


def _real(root: Path, name: str) -> Path | Problem:
    """Where ``name`` really lies, all links followed, or why it may not be used."""
    try:
        real = (root / name).resolve(strict=True)
    except FileNotFoundError:
        if os.path.islink(root / name):  # noqa: PTH114 - of a name that is too long it says no
            return Problem("broken-link", "the link leads nowhere", name, hint="replace it by the file itself")
        return _missing(name)
    except (OSError, RuntimeError) as error:  # a loop of links is a RuntimeError up to Python 3.12
        if isinstance(error, PermissionError):
            return _unreadable(name, error, "file")
        return Problem("broken-link", "the link leads nowhere", name, hint="replace it by the file itself")
    if not real.is_relative_to(root):
        return Problem(
            "link-outside",
            "the link leaves the workspace and was not followed",
            name,
            hint="copy the file into the workspace",
        )
    return real


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_special(real: Path) -> bool:
    try:
        return not stat.S_ISREG(real.stat().st_mode)
    except OSError:
        return False


def _not_a_file(name: str) -> Problem:
    return Problem("not-a-file", "expected a file, found a device or pipe", name, hint="rename or remove it")


def _missing(name: str) -> Problem:
    return Problem(MISSING, "the file is missing", name)


def _unreadable(name: str, error: OSError, what: str) -> Problem:
    if isinstance(error, PermissionError):
        return Problem(
            "unreadable",
            f"the {what} cannot be read: permission denied",
            name,
            hint=f"ask for the right to read it, or run: chmod u+r {shown(name)}",
        )
    reason = (error.strerror or "unknown reason").lower()
    return Problem("unreadable", f"the {what} cannot be read: {reason}", name)
