"""Changes to a workspace: every file in it that the program makes, changes or removes passes through this module.

A change is prepared under the lock from what is read there, its new texts are written and read back beside the content, and only
then do they take their places: one file by a rename, several with a journal by which an interrupted change is undone
(:mod:`evaluator.workspace.journal`). No path leads through a link, and nothing is written over what was not read.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from evaluator.errors import ContentError, EvaluatorError, Notice, Problem, quoted
from evaluator.model.file_names import EVALUATION
from evaluator.workspace import containment, journal
from evaluator.workspace.disk import cannot_write, file_digest, flush_folder, write_new
from evaluator.workspace.journal import CHANGE, OWN_FOLDER, Journal, JournalEntry, digest, is_content_name
from evaluator.workspace.lock import locked
from evaluator.workspace.output import check_parent

_NEW, _DONE, _FOLDER = "change.new", "change.done", "folder.new"
"""Folders that a killed writer may leave: texts being prepared, a completed change, a new folder being prepared."""
_IGNORE = b"*\n"


class Transaction:
    """Changes to files of one workspace that take their places together; see :func:`transaction`."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._texts: dict[str, bytes | None] = {}
        self._read: dict[str, str | None] = {}

    @property
    def root(self) -> Path:
        """The folder of the workspace."""
        return self._root

    @property
    def digests(self) -> dict[str, str | None]:
        """SHA-256 by name of every file that was read or written here, as the change leaves it; None where there is no file."""
        return {**self._read, **{name: digest(text) for name, text in self._texts.items()}}

    def read(self, name: str) -> bytes | Problem:
        """The text of the file ``name``, with what this change makes of it."""
        if name in self._texts:
            text = self._texts[name]
            return text if text is not None else Problem(containment.MISSING, "the file is missing", name)
        found = containment.read(self._root, name)
        if isinstance(found, bytes) or found.code == containment.MISSING:
            self._read.setdefault(name, digest(found) if isinstance(found, bytes) else None)
        return found

    def expect(self, digests: Mapping[str, str | None]) -> None:
        """Refuse the change where a file is no longer what was read before it.

        Args:
            digests: SHA-256 of the texts by file name; None for a file that was not there.
        """
        self._read.update(digests)

    def write(self, name: str, text: bytes) -> None:
        """Set the text of the file ``name``, based on what was read here; a file that does not exist is made.

        Raises:
            ContentError: the file could not be read.
            EvaluatorError: its path leads through a link.
        """
        self._stage(name, text)

    def create(self, name: str, text: bytes) -> None:
        """Make the file ``name``.

        Raises:
            EvaluatorError: there is something of that name, or its path leads through a link.
        """
        _checked(self._root, name)
        if isinstance(found := self.read(name), bytes) or found.code != containment.MISSING:
            raise EvaluatorError(f"There is a file {quoted(name)} already; nothing was written.")
        self._stage(name, text)

    def remove(self, name: str) -> None:
        """Remove the file ``name``."""
        self._stage(name, None)

    def _stage(self, name: str, text: bytes | None) -> None:
        _checked(self._root, name)
        found = self.read(name) if name not in self._read else b""
        if isinstance(found, Problem) and found.code != containment.MISSING:
            raise ContentError(f"{quoted(name)} cannot be used; nothing was written.", [found])
        self._texts[name] = text

    def commit(self) -> None:
        """Put the new texts in place, all or none; the caller holds the lock."""
        changed = {name: text for name, text in self._texts.items() if digest(text) != self._read[name]}
        for name, before in self._read.items():
            self._unchanged(name, before)
        made = tuple(dict.fromkeys(folder for name in changed for folder in _missing_folders(self._root, name)))
        entries = [
            JournalEntry(place, name, self._read[name], digest(text))
            for place, (name, text) in enumerate(changed.items())
        ]
        if entries:
            _apply(self._root, entries, changed, made)

    def _unchanged(self, name: str, before: str | None) -> None:
        with _reworded_errors(self._root / name):
            now = file_digest(self._root / name)
        if now != before:
            how = "was created" if before is None else "was changed by another program"
            raise EvaluatorError(f"{quoted(name)} {how} in the meantime; nothing was written. Try again.")


@contextlib.contextmanager
def transaction(root: Path, *, dry_run: bool = False) -> Iterator[Transaction]:
    """Make a change to the workspace ``root`` while no other writer is at work; it is made when the block ends without an error.

    An earlier change that was interrupted is undone first, with a :class:`~evaluator.errors.Notice`. With ``dry_run`` the change is
    thrown away and nothing at all is written.

    Raises:
        EvaluatorError: another writer is at work, a path leads through a link, a file is not what was read, or the disk refuses.
    """
    change = Transaction(root)
    if dry_run:
        yield change
        return
    with _writing(change.root):
        yield change
        change.commit()


def settle(root: Path) -> None:
    """Undo an interrupted change, so that what is read now is what the next change is made to."""
    if os.path.lexists(root / OWN_FOLDER / CHANGE):
        with _writing(root.resolve()):
            pass


def check_folder(root: Path, name: str) -> None:
    """Find out before the work whether :func:`create_folder` may make the folder ``name`` of the workspace; it is not made.

    Raises:
        EvaluatorError: another writer is at work, or the disk refuses.
    """
    target = root.resolve() / name
    with _writing(root.resolve()), _reworded_errors(target):
        check_parent(target)


def create_folder(root: Path, name: str, files: Mapping[str, bytes], unchanged: Mapping[str, str | None]) -> Path:
    """Make the folder ``name`` of the workspace with ``files`` by name, whole or not at all; it never replaces another.

    Args:
        root: the workspace.
        name: the folder; those above it are made.
        files: the texts by file name.
        unchanged: SHA-256 of files of the workspace that must still be what they were, by name.

    Raises:
        EvaluatorError: there is something of that name, a file was changed, or the folder cannot be written.
    """
    root = root.resolve()
    target = root / name
    with _writing(root), _reworded_errors(target):
        change = Transaction(root)
        change.expect(unchanged)
        change.commit()
        _checked(root, f"{name}/{next(iter(files))}")
        if os.path.lexists(target):
            raise EvaluatorError(f"{quoted(name)} exists already and is not overwritten.")
        building = root / OWN_FOLDER / _FOLDER
        building.mkdir()
        try:
            for file, text in files.items():
                write_new(building / file, text)
            flush_folder(building)
            target.parent.mkdir(parents=True, exist_ok=True)
            building.rename(target)
            flush_folder(target.parent)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    return target


def create_workspace(target: Path, files: Mapping[str, bytes]) -> None:
    """Make a new workspace of ``files`` by name in the folder ``target``: all of it, or nothing.

    Raises:
        EvaluatorError: the folder holds something apart from what belongs to git, or cannot be written.
    """
    check_new_workspace(target)
    own = target / OWN_FOLDER
    is_first = not os.path.lexists(own)
    made = [folder for folder in (target, *target.absolute().parents) if not os.path.lexists(folder)]
    try:
        with _reworded_errors(target):
            target.mkdir(parents=True, exist_ok=True)
        with _writing(target.resolve()):
            try:
                check_new_workspace(target)
                change = Transaction(target)
                for name in sorted(files, key=lambda name: name == EVALUATION):
                    change.create(name, files[name])
                change.commit()
            except BaseException:
                if is_first:
                    shutil.rmtree(own, ignore_errors=True)
                raise
    except BaseException:
        for folder in made:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


_IGNORED = frozenset({".git", ".gitignore", ".gitattributes", OWN_FOLDER})
"""What may lie in the folder of a new workspace: people make the repository first."""


def check_new_workspace(target: Path) -> None:
    """Find out whether a new workspace can be made in the folder ``target``; nothing is made.

    Raises:
        EvaluatorError: it is a file, or holds something apart from what belongs to git, or the disk refuses.
    """
    name = quoted(target)
    if not os.path.lexists(target):
        with _reworded_errors(target):
            check_parent(target)
        return
    if not target.is_dir():
        raise EvaluatorError(f"{name} is a file; name a new or an empty folder.")
    with _reworded_errors(target):
        check_parent(target / EVALUATION)
        journal_ = journal.find_journal(target)
        found = {entry.name for entry in target.iterdir()} - _IGNORED
    if found and journal_ is None:
        raise EvaluatorError(f"{name} is not empty; name a new or an empty folder.")


@contextlib.contextmanager
def _writing(root: Path) -> Iterator[None]:
    """Hold the lock of the workspace, with what a killed writer left cleared away."""
    own = root / OWN_FOLDER
    with _reworded_errors(own):
        _make_own(own)
    with locked(own):
        with _reworded_errors(own):
            _recover(root)
        yield


def _make_own(own: Path) -> None:
    """Make the program's own folder, ``.evaluator``, which git ignores."""
    if own.is_symlink() or (own.exists() and not own.is_dir()):
        raise EvaluatorError(f"{quoted(own)} is not an ordinary folder; remove it and try again.")
    own.mkdir(exist_ok=True)
    ignore = own / ".gitignore"
    try:
        if not os.path.lexists(ignore):
            with contextlib.suppress(FileExistsError):
                write_new(ignore, _IGNORE)
    except OSError:
        with contextlib.suppress(OSError):
            own.rmdir()  # made here: an older one holds more
        raise
    for name in ("lock", "lock.owner"):
        status = (own / name).lstat() if os.path.lexists(own / name) else None
        if status is not None and not stat.S_ISREG(status.st_mode):
            raise EvaluatorError(f"{quoted(own / name)} is not a plain file; remove it and try again.")


def _checked(root: Path, name: str, *, folder: bool = False) -> Path:
    """Where the file (or ``folder``) ``name`` lies; every folder on the way is a plain one, and it is one itself where it exists.

    Raises:
        EvaluatorError: the name leads elsewhere.
    """
    if not is_content_name(name):
        raise EvaluatorError(f"{quoted(name)} cannot be a file of the workspace; nothing was written.")
    path = root
    parts = PurePosixPath(name).parts
    for place, part in enumerate(parts):
        path /= part
        status = path.lstat() if os.path.lexists(path) else None
        if status is None:
            break
        named = quoted("/".join(parts[: place + 1]))
        if stat.S_ISLNK(status.st_mode):
            raise EvaluatorError(
                f"{named} is a link, and nothing is written through links; replace it with what it points to and try again."
            )
        is_last = place == len(parts) - 1
        if (folder or not is_last) and not stat.S_ISDIR(status.st_mode):
            raise EvaluatorError(f"{named} is not a folder; rename or remove it and try again.")
        if is_last and not folder and not stat.S_ISREG(status.st_mode):
            raise EvaluatorError(f"{named} is not a plain file; rename or remove it and try again.")
    return root / name


def _missing_folders(root: Path, name: str) -> list[str]:
    """The folders on the way to a file that do not exist, outermost first."""
    parents = [parent.as_posix() for parent in PurePosixPath(name).parents][-2::-1]
    return [folder for folder in parents if not (root / folder).exists()]


def _apply(root: Path, entries: list[JournalEntry], texts: Mapping[str, bytes | None], made: tuple[str, ...]) -> None:
    """Put the texts in place; on any failure everything is as before."""
    own = root / OWN_FOLDER
    new = own / _NEW
    try:
        with _reworded_errors(root / entries[0].name):
            new.mkdir()
            _prepare(root, new, entries, texts)
            if len(entries) == 1 and not made:
                _place(root, new, entries[0])
                return
            change = Journal(new, {entry.name: entry for entry in entries}, made)
            name, text = journal.manifest(change)
            write_new(new / name, text)
            flush_folder(new)
            new.rename(own / CHANGE)
            flush_folder(own)
        try:
            for folder in made:
                with _reworded_errors(root / folder):
                    _checked(root, folder, folder=True).mkdir(exist_ok=True)
            for entry in entries:
                with _reworded_errors(root / entry.name):
                    _place(root, own / CHANGE, entry)
        except BaseException:
            with _reworded_errors(own):
                _undo(root)
            raise
        with _reworded_errors(own):
            _retire(own)  # where this fails, the next command that writes undoes the change
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _prepare(root: Path, folder: Path, entries: list[JournalEntry], texts: Mapping[str, bytes | None]) -> None:
    """Write the new and the old texts into ``folder`` and read them back."""
    for entry in entries:
        target = _checked(root, entry.name)
        if entry.before is not None:
            old = target.read_bytes()
            write_new(folder / journal.old_file(entry.place), old, like=target)
            if digest(old) != entry.before:
                raise EvaluatorError(
                    f"{quoted(entry.name)} was changed in the meantime; nothing was written. Try again."
                )
        text = texts[entry.name]
        if text is not None:
            write_new(_new_file(folder, entry), text, like=target if entry.before is not None else None)


def _new_file(folder: Path, entry: JournalEntry) -> Path:
    return folder / f"{entry.place}.new"


def _place(root: Path, folder: Path, entry: JournalEntry) -> None:
    target = _checked(root, entry.name)
    if entry.after is None:
        target.unlink(missing_ok=True)
    else:
        _new_file(folder, entry).replace(target)
    flush_folder(target.parent)


def _recover(root: Path) -> None:
    """Clear away what a killed writer left, and undo the change that it did not complete."""
    own = root / OWN_FOLDER
    for name in (_NEW, _DONE, _FOLDER):
        if os.path.lexists(own / name):
            _remove(own / name)
    if os.path.lexists(own / CHANGE):
        changed = _undo(root)
        kept = f" Not undone, because edited since: {', '.join(changed)}." if changed else ""
        warnings.warn(f"An interrupted change was undone before this one.{kept}", Notice, stacklevel=2)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _undo(root: Path) -> list[str]:
    """Restore the old text of every file of an interrupted change; returns the files that were edited since, which stay."""
    own = root / OWN_FOLDER
    change = journal.find_journal(root)
    if change is None:
        return []
    # The journal may have come with the files of somebody else: before anything is restored, no path of it leads elsewhere.
    for name in change.entries:
        _checked(root, name)
    made = [_checked(root, folder, folder=True) for folder in change.made]
    others = []
    for entry in change.entries.values():
        if change.is_altered(root, entry.name):
            target = _checked(root, entry.name)
            old = change.old(entry.name)
            if old is None:
                target.unlink()
            else:
                again = own / CHANGE / f"{entry.place}.again"
                again.unlink(missing_ok=True)
                write_new(again, old, like=own / CHANGE / journal.old_file(entry.place))
                again.replace(target)
            flush_folder(target.parent)
        elif file_digest(root / entry.name) != entry.before:
            others.append(quoted(entry.name))
    for folder in reversed(made):
        with contextlib.suppress(OSError):
            folder.rmdir()
    _retire(own)
    return others


def _retire(own: Path) -> None:
    """Remove the journal in one rename; from then on the change counts as complete, or as undone."""
    (own / CHANGE).rename(own / _DONE)
    flush_folder(own)
    shutil.rmtree(own / _DONE, ignore_errors=True)


@contextlib.contextmanager
def _reworded_errors(target: Path) -> Iterator[None]:
    """Turn an ``OSError`` into an :class:`EvaluatorError` with a sentence."""
    try:
        yield
    except OSError as error:
        raise EvaluatorError(cannot_write(target, error)) from error
