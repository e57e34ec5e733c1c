"""Writing a file that a person named with ``-o``: it is the new one or the old one, never half of each.

Such a file never replaces an input: inside a workspace only what is no content of it can be written, and nothing through a link.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from evaluator.errors import EvaluatorError, quoted
from evaluator.model.file_names import EVALUATION
from evaluator.workspace import containment
from evaluator.workspace.disk import cannot_write, flush_folder, write_new
from evaluator.workspace.journal import OWN_FOLDER
from evaluator.workspace.lock import writing_into

_TEMPORARY = re.compile(r"\..{1,100}\.[0-9a-f]{12}\.tmp", re.DOTALL)
_OUTPUTS = frozenset({".xlsx", ".pdf", ".html", ".json"})
_CONTENT = frozenset({"criteria", "vendors", "weights", "reviews", "schemas", OWN_FOLDER, ".git"})
"""Folders of a workspace that hold its content, or what belongs to a program."""
_OVERRIDES = frozenset({"templates", "theme"})
"""Folders below ``reports`` that hold what a workspace overrides in its papers."""


def write_output(target: Path, data: bytes) -> None:
    """Write ``data`` to ``target``: to a temporary file beside it that then takes its place.

    Missing folders on the way are made. What lies in ``/dev``, such as ``/dev/stdout``, is written to directly.

    Raises:
        EvaluatorError: it could not be written; a file that was there is unchanged.
    """
    try:
        status = _existing(target)
        if status is not None and not stat.S_ISREG(status.st_mode):
            with target.open("wb") as stream:
                stream.write(data)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target.resolve(), data, status)
    except OSError as error:
        raise EvaluatorError(cannot_write(target, error)) from error


def check_outputs(folder: Path, prefix: str) -> None:
    """Find out whether workbooks whose names begin with ``prefix`` may be written into ``folder``; nothing is made or changed.

    Raises:
        EvaluatorError: one of them may not.
    """
    try:
        check_output(folder / f"{prefix}.xlsx")
    except EvaluatorError as error:
        raise EvaluatorError(f"No workbook can be written into {quoted(folder)}: {error}") from error
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.name.startswith(prefix) and path.suffix == ".xlsx":
                check_output(path)


def check_output(target: Path) -> None:
    """Find out, before the work, whether :func:`write_output` may write to ``target``; nothing is made or changed.

    Raises:
        EvaluatorError: it may not.
    """
    try:
        status = _existing(target)
        if status is not None and not stat.S_ISREG(status.st_mode):
            return
        check_parent(target)
    except OSError as error:
        raise EvaluatorError(cannot_write(target, error)) from error


def check_parent(target: Path) -> None:
    """Raise the :class:`OSError` that making ``target`` would end with, as far as the folder it will lie in tells."""
    folder = target.resolve().parent
    while not folder.exists():
        folder = folder.parent
    if not folder.is_dir():
        raise NotADirectoryError
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _refusal(folder)


def _refusal(folder: Path) -> OSError:
    """Why nothing can be written into ``folder``."""
    if hasattr(os, "statvfs") and os.statvfs(folder).f_flag & os.ST_RDONLY:
        return OSError(errno.EROFS, os.strerror(errno.EROFS))
    return PermissionError()


def _existing(target: Path) -> os.stat_result | None:
    """What is at ``target`` now, None where nothing is; refuses what may not be replaced."""
    name = quoted(target)
    _refuse_content(target)
    is_device = _is_device(target)
    if target.is_symlink() and not is_device:
        raise EvaluatorError(f"{name} is a link, and nothing is written through it; name the file itself.")
    if not target.exists():
        return None
    status = target.stat()
    if stat.S_ISDIR(status.st_mode):
        raise EvaluatorError(f"{name} is a folder; name a file to write to.")
    if not stat.S_ISREG(status.st_mode) and not is_device:
        raise EvaluatorError(f"{name} is a device or a pipe; name a file to write to.")
    if stat.S_ISREG(status.st_mode) and not os.access(target, os.W_OK):
        if isinstance(error := _refusal(target.parent), PermissionError):
            raise EvaluatorError(f"{name} is write-protected; nothing was written.")
        raise error
    return status


def _is_device(target: Path) -> bool:
    """Whether ``target`` is something in ``/dev`` that is no plain file there, such as ``/dev/stdout``."""
    named = Path(os.path.normpath(target.absolute()))
    return (
        named == target.absolute() and named.is_relative_to("/dev") and not (named.is_file() and not named.is_symlink())
    )


def _refuse_content(target: Path) -> None:
    """Refuse a place inside a workspace that holds content, or that a link leads to or from.

    Raises:
        EvaluatorError: nothing may be written there.
    """
    for path in (target.absolute(), *target.absolute().parents):
        if path.is_symlink() and any(_workspaces(path.parent.resolve() / path.name)):
            raise EvaluatorError(
                f"{quoted(path)} is a link inside the workspace, and nothing is written through it; "
                "remove it, or name a file elsewhere."
            )
    real = target.resolve()
    for root in _workspaces(real):
        if _is_content(root, real.relative_to(root).parts):
            raise EvaluatorError(
                f"{quoted(target)} belongs to the content of the workspace {quoted(root)}; name a file elsewhere."
            )


def _workspaces(path: Path) -> Iterator[Path]:
    """The workspaces that ``path`` lies in."""
    return (folder for folder in path.parents if os.path.lexists(folder / EVALUATION))


def _is_content(root: Path, parts: tuple[str, ...]) -> bool:
    """Whether the file at ``parts`` below a workspace is an input of it, or belongs to a review."""
    first = parts[0].casefold()
    if len(parts) == 1:
        return Path(first).suffix not in _OUTPUTS
    if first != "reports":
        return first in _CONTENT
    if len(parts) == 2:  # noqa: PLR2004 - a file directly in reports/
        return Path(parts[1].casefold()).suffix not in _OUTPUTS
    folder = parts[1]
    is_review = os.path.lexists(root / first / folder / "record.json") or containment.exists(
        root, f"reviews/{folder}.yaml"
    )
    return folder.casefold() in _OVERRIDES or is_review


def _replace(target: Path, data: bytes, status: os.stat_result | None) -> None:
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.tmp")
    with writing_into(target.parent, clear=_remove_abandoned):
        try:
            write_new(temporary, data, like=target if status is not None else None)
            temporary.replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        flush_folder(target.parent)


def _remove_abandoned(folder: Path) -> None:
    """Remove the temporary files in ``folder``, into which nobody else writes: their writers have died."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _TEMPORARY.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                Path(entry).unlink()
