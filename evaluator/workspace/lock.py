"""One writer at a time in a workspace, through the library filelock; and who else writes into any other folder."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from evaluator.errors import EvaluatorError, quoted
from evaluator.workspace.disk import reason_of

if TYPE_CHECKING:
    from filelock import BaseFileLock

WAIT_SECONDS = 30.0
_TRIES, _PAUSE_SECONDS = 50, 0.1
_NO_FLOCK = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP}
"""Error codes of file systems without locks, as network file systems may be."""


@contextlib.contextmanager
def locked(folder: Path, wait: float | None = None) -> Iterator[None]:
    """Keep other writers out until the block ends; ``folder`` holds the lock and exists.

    The system releases the lock when its owner ends, however that happens. Where the file system has no locks, a file that names
    the owner takes their place; one whose owner no longer runs on this machine is removed.

    Args:
        folder: the workspace's own folder for such files.
        wait: seconds to wait for another writer; :data:`WAIT_SECONDS` where left out.

    Raises:
        EvaluatorError: another writer does not finish in time, or the lock cannot be made.
    """
    from filelock import FileLock

    wait = WAIT_SECONDS if wait is None else wait
    name, marker = folder / "lock", folder / "lock.owner"
    try:
        held = _acquire(FileLock(name, timeout=wait, fallback_to_soft=False), folder, marker)
    except OSError as error:
        if error.errno not in _NO_FLOCK:
            raise EvaluatorError(
                f"{quoted(folder.parent)} cannot be locked for writing: {reason_of(error)}."
            ) from error
        from filelock import SoftFileLock

        name.unlink(missing_ok=True)
        held = _acquire(SoftFileLock(marker, timeout=wait), folder, marker)
    try:
        yield
    finally:
        held.release()


@contextlib.contextmanager
def writing_into(folder: Path, clear: Callable[[Path], None]) -> Iterator[None]:
    """Be known as a writer into ``folder`` until the block ends.

    Where the system cannot lock folders, nothing is called and nobody is known.

    Args:
        folder: any folder.
        clear: called with it first where nobody else is writing into it; who comes meanwhile waits a moment.
    """
    handle = None
    try:
        with contextlib.suppress(ImportError, OSError):
            import fcntl

            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                clear(folder)
            for _ in range(_TRIES):  # whoever clears it is done in a moment, unless it was stopped
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
                    break
                time.sleep(_PAUSE_SECONDS)
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _acquire(lock: BaseFileLock, folder: Path, marker: Path) -> BaseFileLock:
    from filelock import Timeout

    try:
        lock.acquire()
    except Timeout:
        message = f"{quoted(folder.parent)} is locked by another command that is writing to it; try again when that has finished."
        if marker.exists():
            message = f"{message} If none is running, remove {quoted(marker)}."
        raise EvaluatorError(message) from None
    return lock
