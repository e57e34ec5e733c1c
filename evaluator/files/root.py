"""Finding the workspace, and paths that content names: never outside of it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

from evaluator.errors import EvaluatorError
from evaluator.files.inside import exists, shown
from evaluator.models.layout import EVALUATION


def find_root(start: Path) -> Path:
    """The workspace that ``start`` lies in: that folder or its nearest parent with an evaluation.yaml.

    Raises:
        EvaluatorError: there is no such folder.
    """
    try:
        real = start.resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        raise EvaluatorError(f"There is no folder '{shown(str(start))}'.") from None
    for folder in (real, *real.parents):
        try:
            (folder / EVALUATION).lstat()  # whatever it is: if it cannot be read, that is said of it
        except OSError:
            continue  # a folder that cannot be read is not a workspace either
        if exists(folder, EVALUATION):
            return folder
    raise EvaluatorError(
        f"'{shown(str(start))}' is not in a workspace: there is no evaluation.yaml there or in any folder above; "
        "name the workspace with --workspace, or make one with `evaluator init DIR`."
    )


def resolve_inside(root: Path, name: str) -> Path:
    """The path inside the workspace ``root`` that content calls ``name``; it need not exist.

    Raises:
        EvaluatorError: the name leads out of the workspace, be it by itself or through a link.
    """
    posix, windows = PurePosixPath(name), PureWindowsPath(name)
    told = shown(name)
    if not name or "\0" in name:
        raise EvaluatorError(f"'{told}' is no file name.")
    if posix.is_absolute() or windows.drive or windows.root or ".." in posix.parts or ".." in windows.parts:
        raise EvaluatorError(f"'{told}' leads out of the workspace; name a file inside it, relative to its folder.")
    try:
        base = root.resolve(strict=True)
        real = (base / name).resolve()
    except (OSError, RuntimeError):
        raise EvaluatorError(f"'{told}' cannot be followed inside the workspace.") from None
    if not real.is_relative_to(base):
        raise EvaluatorError(f"'{told}' leads out of the workspace through a link; copy the file into the workspace.")
    return real
