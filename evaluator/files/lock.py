"""One writer at a time in a workspace."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from evaluator.errors import EvaluatorError
from evaluator.files.inside import shown

WAIT_SECONDS = 30.0
_PAUSE = 0.05


@contextlib.contextmanager
def locked(root: Path, wait: float = WAIT_SECONDS) -> Iterator[None]:
    """Keep other writers out of the workspace ``root`` until the block ends.

    The system lets go of the lock when the process ends, however it ends. The folder itself is locked,
    so that no file is left behind; where folders cannot be locked, a hidden file in it is.

    Raises:
        EvaluatorError: another writer is at work and does not finish within ``wait`` seconds.
    """
    handle = _open(root)
    try:
        until = time.monotonic() + wait
        while not try_lock(handle):
            if time.monotonic() > until:
                raise EvaluatorError(f"Another import is writing to '{shown(str(root))}'; try again when it is done.")
            time.sleep(_PAUSE)
        yield
    finally:
        os.close(handle)


def _open(root: Path) -> int:
    try:
        if sys.platform == "win32":
            return os.open(root / ".evaluator.lock", os.O_RDWR | os.O_CREAT)
        return os.open(root, os.O_RDONLY)
    except OSError as error:
        reason = (error.strerror or "the system refuses").lower()
        raise EvaluatorError(f"'{shown(str(root))}' cannot be locked for writing: {reason}.") from error


def try_lock(handle: int) -> bool:
    """Lock an open file or folder, without waiting; whether that succeeded. Closing it, or the end of the process, lets go."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
