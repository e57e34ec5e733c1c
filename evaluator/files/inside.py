"""Looking at a workspace without ever leaving it: links out of it are refused, and so is what is no plain file."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from evaluator.errors import Problem
from evaluator.files.text import MAX_BYTES, too_large

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
    text = os.fsencode(name).decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def folder(root: Path, name: str, *, links: bool = True) -> tuple[Entry, ...] | Problem:
    """What is in the folder ``name`` of the workspace, sorted; nothing if there is no such folder.

    Without ``links``, a link anywhere in ``name`` is refused, also one that stays inside the workspace.
    """
    real = _real(root, name) if links else _unlinked(root, name)
    if isinstance(real, Problem):
        return () if real.code == "missing-file" else real
    try:
        with os.scandir(real) as found:
            entries = [Entry(entry.name, _is_folder(entry), entry.is_symlink()) for entry in found]
    except NotADirectoryError:
        return Problem("not-a-folder", "expected a folder, found a file", name, hint="rename or remove it")
    except OSError as error:
        return _unreadable(name, error, "folder")
    return tuple(sorted(entries, key=lambda entry: entry.name))


def read(root: Path, name: str, *, links: bool = True, most: int = MAX_BYTES) -> bytes | Problem:
    """The bytes of the file ``name`` of the workspace; never more than ``most``.

    Without ``links``, a link anywhere in ``name`` is refused, also one that stays inside the workspace.
    """
    real = _real(root, name) if links else _unlinked(root, name)
    if isinstance(real, Problem):
        return real
    try:
        # O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
        handle = os.open(real, _FLAGS)
        with os.fdopen(handle, "rb") as stream:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                return _not_a_file(name)
            if status.st_size > most:
                return too_large(name, most)
            data = stream.read(most + 1)
    except IsADirectoryError:
        return Problem("not-a-file", "expected a file, found a folder", name, hint="rename or remove the folder")
    except OSError as error:
        return _not_a_file(name) if _is_special(real) else _unreadable(name, error, "file")
    return too_large(name, most) if len(data) > most else data


def _real(root: Path, name: str) -> Path | Problem:
    """Where ``name`` really lies, all links followed, or why it may not be used."""
    try:
        real = (root / name).resolve(strict=True)
    except FileNotFoundError:
        if (root / name).is_symlink():
            return Problem("broken-link", "the link leads nowhere", name, hint="replace it by the file itself")
        return Problem("missing-file", "the file is missing", name)
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


def _unlinked(root: Path, name: str) -> Path | Problem:
    """Where ``name`` lies, given that no link leads there."""
    path = root
    for step in PurePosixPath(name).parts:
        path /= step
        if path.is_symlink():
            there = path.relative_to(root).as_posix()
            return Problem(
                "link",
                "it is a link, and links are not followed here",
                there,
                hint="replace it by what it leads to",
            )
    return _real(root, name)


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
