"""Other programs on this machine: found where the search path names them, never inside a workspace."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def find_program(name: str, outside: Path) -> tuple[str, str] | None:
    """Return where the program ``name`` is installed, and the search path it was found on; None where it is not.

    The search path keeps no relative folder and none inside ``outside``, and neither may the program lie there: a
    workspace that somebody sent must not bring a program of its own.
    """
    top = outside.resolve()
    path = os.pathsep.join(folder for folder in os.get_exec_path() if _is_outside(folder, top))
    found = shutil.which(name, path=path)
    return (found, path) if found is not None and _is_outside(found, top) else None


def _is_outside(path: str, top: Path) -> bool:
    try:
        return Path(path).is_absolute() and not Path(path).resolve().is_relative_to(top)
    except (OSError, RuntimeError, ValueError):
        return False
