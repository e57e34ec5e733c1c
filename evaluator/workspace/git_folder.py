"""The git folder of a workspace, found and read as plain files: HEAD, references, what a shallow clone lacks.

No process is started and no configuration of git is read here. What is not laid out as git itself lays it out is refused.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evaluator.characters import safe_line
from evaluator.errors import EvaluatorError, quoted
from evaluator.workspace.disk import TooLargeError, read_bounded, reason_of

ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
"""The id of an object, SHA-1 or SHA-256."""

_SHORT, _LONG = 4_096, 64_000_000
"""Bytes that are read of a file that holds one line, or many."""
_DEPTH = 5
"""How many references may name one another, as in git."""
_SPECIAL = re.compile(r"(?:[A-Z]+_)?HEAD")
_REFERENCE = re.compile(r"refs(?:/(?!\.)(?:(?!\.\.|@\{)[^\x00-\x20\x7f~^:?*\[\\/])+(?<!\.lock)(?<!\.))+")
_SEARCHED = ("{}", "refs/{}", "refs/tags/{}", "refs/heads/{}", "refs/remotes/{}", "refs/remotes/{}/HEAD")
"""Where git looks for a name, in this order (gitrevisions)."""


@dataclass(frozen=True, slots=True)
class GitFolder:
    """The git folder of one checkout."""

    top: Path
    """The folder that is checked out."""
    own: Path
    """What belongs to this checkout: HEAD."""
    common: Path
    """What all checkouts of the repository share: objects and references."""

    @property
    def objects(self) -> Path:
        """The folder of the objects."""
        return self.common / "objects"

    def check_objects(self) -> None:
        """Raise :class:`EvaluatorError` where reading objects would leave the repository, or wait for ever."""
        for entry in _below(self.objects):
            if not entry.is_file(follow_symlinks=False):
                raise _refused(Path(entry.path), "is a link, pipe or device, and only plain files are read")
        alternates = self.objects / "info" / "alternates"
        lines = (_read(alternates, _LONG) or b"").split(b"\n")
        if any(line and not line.startswith(b"#") for line in lines):
            raise _refused(
                alternates,
                "borrows objects from another repository, and nothing outside this one is read; if you trust this one, "
                "copy them into it: git repack -a -d && rm .git/objects/info/alternates",
            )

    def is_partial(self) -> bool:
        """Whether the clone was made without some contents, to be fetched when they are needed."""
        return any((self.objects / "pack").glob("*.promisor"))

    def shallow(self) -> frozenset[str]:
        """The commits whose parents a shallow clone lacks."""
        return frozenset((_read(self.common / "shallow", _LONG) or b"").decode("ascii", "replace").split())

    def head(self) -> str | None:
        """The id of the commit that is checked out; nothing where the branch has none yet.

        Raises:
            EvaluatorError: HEAD or what it names is damaged, or kept in a form that is not read.
        """
        return self._value("HEAD", _DEPTH)

    def reference(self, name: str) -> str | None:
        """The id of the object that ``name`` stands for; nothing where there is no such branch, tag or other reference.

        Raises:
            EvaluatorError: the reference is damaged, or kept in a form that is not read.
        """
        return next(filter(None, (self._value(where.format(name), _DEPTH) for where in _SEARCHED)), None)

    def branch(self) -> str:
        """What HEAD says, for a message."""
        said = (_read(self.own / "HEAD", _SHORT) or b"").decode("utf-8", "replace")
        return safe_line(said.strip().removeprefix("ref: ").removeprefix("refs/heads/"))

    def _value(self, name: str, depth: int) -> str | None:
        if (self.common / "reftable").is_dir():
            raise EvaluatorError(
                f"The repository of {quoted(self.top)} keeps its branches and tags as a reftable, which is not "
                "read; name commits by their full id with --at, or, if you trust it, run: git refs migrate --ref-format=files"
            )
        if _SPECIAL.fullmatch(name):
            said = _read(self.own / name, _SHORT)
        elif _REFERENCE.fullmatch(name):
            said = _read(self.common / name, _SHORT)
            said = self._packed(name) if said is None else said
        else:
            return None
        if said is None:
            return None
        words = said.decode("utf-8", "replace").strip()
        if words.startswith("ref:") and depth:
            return self._value(words[4:].strip(), depth - 1)
        if found := ID.match(words):
            return found[0]
        raise EvaluatorError(
            f"git's reference {quoted(name)} is damaged: expected the id of a commit or the name of a branch."
        )

    def _packed(self, name: str) -> bytes | None:
        listed = _read(self.common / "packed-refs", _LONG) or b""
        found = re.search(rb"^([0-9a-f]{40,64}) " + re.escape(os.fsencode(name)) + rb"\r?$", listed, re.MULTILINE)
        return found[1] if found else None


def find_git_folder(root: Path) -> GitFolder:
    """The git folder of the repository that ``root`` lies in: the nearest ``.git``, never a folder that only looks bare.

    Raises:
        EvaluatorError: there is none, or it is laid out in a way that may lead into another repository.
    """
    real = root.resolve()
    nearest: GitFolder | EvaluatorError | None = None
    for top in reversed((real, *real.parents)):  # from the outside in: a submodule is known by the repository around it
        around = nearest if isinstance(nearest, GitFolder) else None
        try:
            nearest = _git_folder(top, around) or nearest
        except EvaluatorError as error:
            nearest = error
    if isinstance(nearest, GitFolder):
        return nearest
    raise nearest or EvaluatorError(f"{quoted(root)} is not in a git repository, so there are no commits to read.")


def _git_folder(top: Path, around: GitFolder | None) -> GitFolder | None:
    """The git folder of the checkout ``top``; nothing where it is none."""
    entry = top / ".git"
    mode = _mode(entry)
    if mode is None:
        return None
    if stat.S_ISDIR(mode):
        found = GitFolder(top, entry, entry)
    elif stat.S_ISREG(mode):
        found = _elsewhere(top, entry, around)
    else:
        raise _refused(entry, "is a link, pipe or device, and such a git folder is not read")
    if _mode(found.own / "HEAD") is None:
        raise _refused(entry, "is not a git repository: it has no HEAD")
    if not stat.S_ISDIR(_mode(found.objects) or 0):
        raise _refused(entry, "is not a git repository: it has no 'objects' folder of its own")
    return found


def _elsewhere(top: Path, entry: Path, around: GitFolder | None) -> GitFolder:
    """The git folder that the file ``.git`` names, where it is a worktree's or a submodule's.

    A worktree's git folder names the file back; a submodule's lies in the git folder of the repository around it.
    """
    own = _named(entry, "gitdir:")
    if around and own.is_relative_to(around.own / "modules") and _mode(own / "commondir") is None:
        return GitFolder(top, own, own)
    common = own.parent.parent
    if (
        own.parent.name == "worktrees"
        and _mode(own / "gitdir") is not None
        and _named(own / "gitdir") == entry
        and _named(own / "commondir") == common
    ):
        return GitFolder(top, own, common)
    raise _refused(
        entry,
        "leads to a git folder that is neither a worktree's nor a submodule's, so it is not read; "
        "if the worktree was moved and you trust it, run: git worktree repair",
    )


def _named(file: Path, before: str = "") -> Path:
    """The path, all links followed, that ``file`` holds after the word ``before``."""
    said = os.fsdecode((_read(file, _SHORT) or b"").strip())
    try:
        if said.startswith(before) and said != before:
            return (file.parent / said.removeprefix(before).strip()).resolve()
    except (OSError, RuntimeError, ValueError):
        pass
    raise _refused(file, "is damaged: expected the path of a git folder")


def _below(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Everything in a folder and its real subfolders that is no folder."""
    folders = [str(folder)]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    else:
                        yield entry
        except OSError as error:
            raise _unreadable(folder, error) from None


def _mode(path: Path) -> int | None:
    """The kind of what lies at ``path`` itself, links not followed; nothing where nothing is."""
    try:
        return path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return None
        raise _unreadable(path, error) from None


def _read(path: Path, limit: int) -> bytes | None:
    """The bytes of a plain file that no link leads to; nothing where there is no file.

    Raises:
        EvaluatorError: it is something else, too large, or cannot be read.
    """
    mode = _mode(path)
    if mode is None or stat.S_ISDIR(mode):
        return None
    if not stat.S_ISREG(mode) or path.parent.resolve() != path.parent:
        raise _refused(path, "is a link, pipe or device, or reached through a link, and only plain files are read")
    try:
        return read_bounded(path, limit)
    except FileNotFoundError:
        return None
    except TooLargeError:
        raise _refused(path, f"is larger than {limit:,} bytes and was not read") from None
    except OSError as error:
        raise _unreadable(path, error) from None


def _refused(path: Path, why: str) -> EvaluatorError:
    return EvaluatorError(f"The history cannot be read: {quoted(path)} {why}.")


def _unreadable(path: Path, error: OSError) -> EvaluatorError:
    return _refused(path, f"cannot be read: {reason_of(error)}")
