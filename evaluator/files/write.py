"""Writing a file so that it is either the new one or the old one, never half of each."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
import sys
import time
from pathlib import Path

from evaluator.errors import EvaluatorError
from evaluator.files.inside import shown
from evaluator.files.lock import try_lock

_TEMPORARY = re.compile(r"\..{1,100}\.[0-9a-f]{12}\.tmp", re.DOTALL)
_OLD_SECONDS = 3600
_TRIES = 100

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_WORDS = {
    errno.EROFS: "the disk is read-only",
    errno.ENAMETOOLONG: "the name is too long",
    errno.EIO: "the disk reports an error",
}


def write_text(target: Path, text: str) -> None:
    """Writes ``text`` as UTF-8 with plain line feeds; see :func:`write_bytes`."""
    write_bytes(target, text.encode("utf-8"))


def write_bytes(target: Path, data: bytes) -> None:
    """Writes ``data`` to ``target``: to a temporary file beside it that then takes its place.

    Missing folders on the way are made. A link is followed, so that the file behind it is replaced and the link stays. A device or a
    pipe, such as ``/dev/stdout``, is written to directly.

    Raises:
        EvaluatorError: it could not be written; a file that was there is unchanged.
    """
    try:
        status = _writable(target)
        if status is not None and not stat.S_ISREG(status.st_mode):
            with target.open("wb") as stream:
                stream.write(data)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target.resolve(), data, status)
    except OSError as error:
        raise EvaluatorError(cannot_write(target, error)) from error


def check_writable(target: Path) -> None:
    """Finds out, before the work, whether :func:`write_bytes` may write to ``target``; nothing is made or changed.

    Raises:
        EvaluatorError: it may not.
    """
    try:
        status = _writable(target)
        if status is not None and not stat.S_ISREG(status.st_mode):
            return
        folder = target.resolve().parent
        while not folder.exists():
            folder = folder.parent
        if not folder.is_dir():
            raise NotADirectoryError
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError
    except OSError as error:
        raise EvaluatorError(cannot_write(target, error)) from error


def cannot_write(target: Path, error: OSError) -> str:
    """Why ``target`` could not be written, as one sentence."""
    name = _name(target)
    if isinstance(error, FileNotFoundError | NotADirectoryError | FileExistsError):
        return f"{name} cannot be written: '{shown(str(target.parent))}' is no folder."
    if isinstance(error, PermissionError):
        return f"{name} cannot be written: permission denied; is it open in another program, or the folder protected?"
    if error.errno in _FULL:
        return f"{name} cannot be written: the disk is full."
    reason = _WORDS.get(error.errno or 0) or (error.strerror or "the system refuses").lower()
    return f"{name} cannot be written: {reason}."


def _writable(target: Path) -> os.stat_result | None:
    """What is at ``target`` now, None where nothing is; refuses a folder and a protected file."""
    status = target.stat() if target.exists() else None
    if status is None:
        return None
    if stat.S_ISDIR(status.st_mode):
        raise EvaluatorError(f"{_name(target)} is a folder; name a file to write to.")
    if stat.S_ISREG(status.st_mode) and not os.access(target, os.W_OK):
        raise EvaluatorError(f"{_name(target)} is write-protected; nothing was written.")
    return status


def _replace(target: Path, data: bytes, status: os.stat_result | None) -> None:
    sweep(target.parent)
    temporary, handle = _temporary(target)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
            if status is not None:
                temporary.chmod(stat.S_IMODE(status.st_mode))
            if sys.platform != "win32":
                temporary.replace(target)  # still locked, so that nobody takes it for a dead writer's
        if sys.platform == "win32":
            temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _flush_folder(target.parent)


def _temporary(target: Path) -> tuple[Path, int]:
    """A new file beside ``target``, locked for as long as it is open."""
    for _ in range(_TRIES):
        # O_EXCL and the ordinary mode: unlike tempfile's, the new file gets the rights the umask grants.
        temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.tmp")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        try_lock(handle)
        with contextlib.suppress(OSError):
            if os.path.samestat(temporary.stat(), os.fstat(handle)):
                return temporary, handle
        os.close(handle)  # somebody swept it away before it was locked
    raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))


def sweep(folder: Path) -> None:
    """Takes away the temporary files in ``folder`` whose writers died: those that nobody has locked.

    Where the system cannot lock, they stay. Windows lets nobody remove a file that is open, so there only its age
    has to tell that it is not just being renamed.
    """
    with contextlib.suppress(OSError):
        for name in [entry.name for entry in os.scandir(folder) if _TEMPORARY.fullmatch(entry.name)]:
            _take_away(folder / name)


def _take_away(path: Path) -> None:
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            if time.time() - path.stat().st_mtime > _OLD_SECONDS:
                path.unlink()
            return
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            if stat.S_ISREG(os.fstat(handle).st_mode) and try_lock(handle):
                path.unlink()
        finally:
            os.close(handle)


def _flush_folder(folder: Path) -> None:
    """Makes the new name last through a power cut, where the system can do that."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _name(target: Path) -> str:
    return f"'{shown(str(target))}'"
