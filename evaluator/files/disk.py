"""Helpers for writing: a new file that survives a power cut, and sentences for errors of the system."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path

from evaluator.errors import EvaluatorError
from evaluator.files.inside import shown

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_WORDS = {
    errno.EROFS: "the disk is read-only",
    errno.ENAMETOOLONG: "the name is too long",
    errno.EIO: "the disk reports an error",
    errno.EXDEV: "it lies on another disk than the folder of the workspace",
}
_CREATE = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def write_new(path: Path, data: bytes, like: Path | None = None) -> None:
    """Make the file ``path`` with ``data``, flush it to the disk and read it back; with the permissions of ``like`` where given.

    Raises:
        OSError: there is a file of that name, or the system refuses.
        EvaluatorError: what was read back is not what was written.
    """
    # Unlike a file of tempfile's, this one gets the permissions that the umask grants.
    handle = os.open(path, _CREATE, 0o666)
    try:
        with os.fdopen(handle, "w+b") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
            stream.seek(0)
            _same(path, stream.read(), data)
        if like is not None:
            path.chmod(stat.S_IMODE(like.stat().st_mode))
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def _same(path: Path, found: bytes, data: bytes) -> None:
    if found != data:
        raise EvaluatorError(f"'{shown(str(path))}' does not hold what was written to it; check the disk.")


def flush_folder(folder: Path) -> None:
    """Flush the entries of ``folder`` to the disk, where the system can do that."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def cannot_write(target: Path, error: OSError) -> str:
    """Why ``target`` could not be written, as one sentence."""
    name = f"'{shown(str(target))}'"
    if isinstance(error, FileNotFoundError | NotADirectoryError | FileExistsError) and not target.parent.is_dir():
        return f"{name} cannot be written: '{shown(str(target.parent))}' is not a folder."
    if isinstance(error, PermissionError):
        return f"{name} cannot be written: permission denied; is it open in another program, or is the folder write-protected?"
    if error.errno in _FULL:
        return f"{name} cannot be written: the disk is full."
    reason = _WORDS.get(error.errno or 0) or (error.strerror or "the system refuses").lower()
    return f"{name} cannot be written: {reason}."
