"""Publishing a folder: it is there whole, or not at all, and never replaces another."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from evaluator.errors import EvaluatorError
from evaluator.files.inside import shown
from evaluator.files.write import cannot_write

_TAKEN = {errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR, errno.EISDIR}


class TakenError(EvaluatorError):
    """Something is there already, perhaps since a moment ago."""


def publish_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Makes the folder ``target`` with ``files`` by name: built beside its place, flushed, then renamed.

    The system's rename decides between two who publish at once: exactly one succeeds. A folder that was being built when
    the process died keeps its hidden name and is nobody's edition.

    Raises:
        TakenError: ``target`` exists.
        EvaluatorError: it cannot be written.
    """
    building = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.tmp")
    try:
        if target.exists() or target.is_symlink():
            raise TakenError(_taken(target))
        target.parent.mkdir(parents=True, exist_ok=True)
        building.mkdir()
        for name, data in files.items():
            _write(building / name, data)
        _flush(building)
        building.rename(target)
        _flush(target.parent)
    except OSError as error:
        if error.errno in _TAKEN and target.exists():
            raise TakenError(_taken(target)) from error
        raise EvaluatorError(cannot_write(target, error)) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _taken(target: Path) -> str:
    return f"'{shown(target.name)}' is closed already; a closed edition is never overwritten."


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _flush(folder: Path) -> None:
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
