"""What every part of the public interface shares: kinds of arguments, and writing to a named file."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from evaluator.errors import EvaluatorError, one_line

if TYPE_CHECKING:
    from evaluator.model.workspace import Workspace

Folder = str | Path
Progress = Callable[[str], None]
Paper = Literal["A4", "letter"]


def silent(_: str) -> None:
    """Report no progress."""


def target_file(path: Folder, endings: tuple[str, ...]) -> Path:
    """``path``, when its format is one of ``endings`` and it can be written; else :class:`EvaluatorError`."""
    from evaluator.workspace.output import check_output

    if not str(path):
        raise EvaluatorError("The name of the file to write is empty; name a file.")
    if str(path).endswith(("/", os.sep)):
        raise EvaluatorError(f"'{one_line(path)}' names a folder; name a file to write to.")
    target = Path(path)
    if target.suffix.lower() not in endings:
        raise EvaluatorError(f"'{target}' does not end in {' or '.join(endings)}, so its format is not known.")
    check_output(target)
    return target


def target_folder(path: Folder) -> Path:
    """``path``, when it names a folder; the empty name, which would be the current folder, is an :class:`EvaluatorError`."""
    if not str(path):
        raise EvaluatorError("The name of the folder to write to is empty; name a folder.")
    return Path(path)


def write_target(target: Path, content: bytes) -> Path:
    """Write the file whole or not at all, and return its path."""
    from evaluator.workspace.output import write_output

    write_output(target, content)
    return target


def day_of(workspace: Workspace, as_of: date | None) -> date:
    """The date to judge at: the content can be looked at later, never earlier than it stands for."""
    stands_for = workspace.evaluation.as_of
    if as_of is not None and as_of < stands_for:
        raise EvaluatorError(f"The content stands for {stands_for}; it cannot tell what was known on {as_of}.")
    return as_of or stands_for
