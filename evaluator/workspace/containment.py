"""Finding a workspace and reading in it without ever leaving it: links out of it are refused, and what is no plain file.

While a change to several files is unfinished, everything is seen as it was before that change; except where a caller wants what
lies on disk, as for closed reviews, which no change alters.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from evaluator.characters import safe_line
from evaluator.errors import EvaluatorError, Problem, quoted
from evaluator.model.file_names import EVALUATION
from evaluator.workspace.disk import MAX_BYTES, NotAFileError, TooLargeError, read_bounded, reason_of, too_large
from evaluator.workspace.journal import CHANGE, OWN_FOLDER, find_journal

MISSING = "missing-file"
"""The code of the problem that there is no such file."""


@dataclass(frozen=True, slots=True)
class FolderEntry:
    """One name in a folder."""

    name: str
    is_folder: bool
    is_link: bool = False

    @property
    def is_hidden(self) -> bool:
        """Whether the name belongs to an editor, git or the system rather than to the workspace."""
        return self.name.startswith((".", "_", "#", "~"))


class WorkspaceView:
    """A workspace at one moment: while a change to several files is unfinished, as it was before that change."""

    def __init__(self, root: Path, *, on_disk: bool = False) -> None:
        """With ``on_disk`` no journal counts, which may have come with the files of somebody else."""
        self._root = root
        self._journal = None if on_disk else find_journal(root)
        self._changed = _by_folder(self._journal.entries if self._journal else ())
        self._made = _by_folder(self._journal.made if self._journal else ())

    def folder(self, name: str, *, links: bool = True) -> tuple[FolderEntry, ...] | Problem:
        """What is in the folder ``name``, sorted; nothing if there is no such folder.

        Without ``links``, a link anywhere in ``name`` is refused, also one that stays inside the workspace.
        """
        real = _real(self._root, name, links=links)
        if isinstance(real, Problem):
            found: tuple[FolderEntry, ...] | Problem = () if real.code == MISSING else real
        else:
            found = _entries(real, name)
        if self._journal is None or isinstance(found, Problem):
            return found
        listed = {entry.name: entry for entry in found}
        for path in self._changed.get(name, ()):
            own = path.rpartition("/")[2]
            if not self._journal.is_altered(self._root, path):
                continue
            if self._journal.entries[path].before is None:
                listed.pop(own, None)
            else:
                listed.setdefault(own, FolderEntry(own, is_folder=False))
        for path in self._made.get(name, ()):
            own = path.rpartition("/")[2]
            if own in listed and not self.folder(path):
                listed.pop(own)
        return tuple(listed[own] for own in sorted(listed))

    def read(self, name: str, *, links: bool = True, most: int = MAX_BYTES) -> bytes | Problem:
        """The bytes of the file ``name``; never more than ``most``.

        Without ``links``, a link anywhere in ``name`` is refused, also one that stays inside the workspace.
        """
        real = _real(self._root, name, links=links)
        found = real if isinstance(real, Problem) else _content(real, name, most)
        journal = self._journal
        if journal is None or not journal.is_altered(self._root, name):
            return found
        try:
            old = journal.old(name)
        except EvaluatorError:
            self._journal = find_journal(self._root)
            if self._journal is not None and self._journal.id == journal.id:
                raise
            return self.read(name, links=links, most=most)  # that change was completed in the meantime
        return _missing(name) if old is None else old


def folder(root: Path, name: str, *, links: bool = True, on_disk: bool = False) -> tuple[FolderEntry, ...] | Problem:
    """See :meth:`WorkspaceView.folder`."""
    return WorkspaceView(root, on_disk=on_disk).folder(name, links=links)


def read(root: Path, name: str, *, links: bool = True, most: int = MAX_BYTES, on_disk: bool = False) -> bytes | Problem:
    """See :meth:`WorkspaceView.read`."""
    return WorkspaceView(root, on_disk=on_disk).read(name, links=links, most=most)


def exists(root: Path, name: str) -> bool:
    """Whether the workspace has a file ``name``, be it one that cannot be read."""
    found = read(root, name)
    return isinstance(found, bytes) or found.code != MISSING


def find_root(start: Path) -> Path:
    """The workspace that ``start`` lies in: that folder or its nearest parent with an evaluation.yaml.

    Raises:
        EvaluatorError: there is no such folder.
    """
    try:
        real = start.resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        raise EvaluatorError(f"There is no folder {quoted(start)}.") from None
    for folder in (real, *real.parents):
        if not os.path.lexists(folder / EVALUATION):
            continue
        if exists(folder, EVALUATION):
            return folder  # whatever lies there: if it cannot be read, that is said of it
        raise EvaluatorError(
            f"{quoted(folder)} is a workspace that was begun and not completed; repeat the command that makes it, "
            f"or remove '{OWN_FOLDER}/{CHANGE}' in it if these files were completed by hand."
        )
    raise EvaluatorError(
        f"{quoted(start)} is not in a workspace: there is no evaluation.yaml there or in any folder above; "
        "name the workspace with --workspace, or make one with `evaluator init DIR`."
    )


def _by_folder(paths: Iterable[str]) -> dict[str, list[str]]:
    """``paths`` by the folder that they lie in."""
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(path.rpartition("/")[0], []).append(path)
    return found


def _real(root: Path, name: str, *, links: bool) -> Path | Problem:
    """Where ``name`` really lies, all links followed, or why it may not be used."""
    if not links:
        path = root
        for step in PurePosixPath(name).parts:
            path /= step
            if path.is_symlink():
                there = path.relative_to(root).as_posix()
                hint = "replace it with what it points to"
                return Problem("link", "it is a link, and links are not followed here", there, hint=hint)
    broken = Problem("broken-link", "the link leads nowhere", name, hint="replace it by the file itself")
    try:
        real = (root / name).resolve(strict=True)
    except FileNotFoundError:
        # Unlike Path.is_symlink, this says no of a name that is too long.
        return broken if os.path.islink(root / name) else _missing(name)  # noqa: PTH114
    except PermissionError as error:
        return _unreadable(name, error, "file")
    except (OSError, RuntimeError):  # a loop of links is a RuntimeError up to Python 3.12
        return broken
    if not real.is_relative_to(root):
        hint = "copy the file into the workspace"
        return Problem("link-outside", "the link leaves the workspace and was not followed", name, hint=hint)
    return real


def _entries(real: Path, name: str) -> tuple[FolderEntry, ...] | Problem:
    """What is in the folder at ``real``, sorted."""
    try:
        with os.scandir(real) as found:
            entries = [FolderEntry(entry.name, _is_folder(entry), entry.is_symlink()) for entry in found]
    except NotADirectoryError:
        return Problem("not-a-folder", "expected a folder, found a file", name, hint="rename or remove it")
    except OSError as error:
        return _unreadable(name, error, "folder")
    return tuple(sorted(entries, key=lambda entry: entry.name))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _content(real: Path, name: str, most: int) -> bytes | Problem:
    """The bytes of the file at ``real``."""
    try:
        return read_bounded(real, most)
    except TooLargeError:
        return too_large(name, most)
    except IsADirectoryError:
        return Problem("not-a-file", "expected a file, found a folder", name, hint="rename or remove the folder")
    except OSError as error:
        if isinstance(error, NotAFileError) or error.errno == errno.ENXIO:  # ENXIO: opening a socket
            return Problem("not-a-file", "expected a file, found a device or pipe", name, hint="rename or remove it")
        return _unreadable(name, error, "file")


def _missing(name: str) -> Problem:
    return Problem(MISSING, "the file is missing", name)


def _unreadable(name: str, error: OSError, what: str) -> Problem:
    if isinstance(error, PermissionError):
        hint = f"ask for the right to read it, or run: chmod u+r {safe_line(name)}"
        return Problem("unreadable", f"the {what} cannot be read: permission denied", name, hint=hint)
    return Problem("unreadable", f"the {what} cannot be read: {reason_of(error)}", name)
