"""The one module that knows where the shipped evaluation lies, and how a new workspace is made of it."""

from __future__ import annotations

import contextlib
import secrets
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from evaluator.errors import EvaluatorError
from evaluator.files.blank import blank_files
from evaluator.files.inside import shown
from evaluator.files.reader import Reader
from evaluator.files.write import cannot_write
from evaluator.models.layout import EVALUATION
from evaluator.models.workspace import Evaluation

_PATTERNS = (EVALUATION, "criteria/*.yaml", "vendors/*/*.yaml", "schemas/*.json")
"""What a new workspace takes over."""
_IGNORED = frozenset({".git", ".gitignore", ".gitattributes"})
"""What may lie in the folder of a new workspace: people make the repository first."""


def shipped_root() -> Path:
    """The folder of the shipped evaluation: inside the installed package, or the checkout around it.

    Raises:
        EvaluatorError: the installation lacks it.
    """
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "shipped", package.parent):
        if (folder / EVALUATION).is_file():
            return folder
    raise EvaluatorError("The shipped evaluation is missing from this installation; install evaluator again.")


def copy_shipped(target: Path, *, blank: bool = False, today: date | None = None) -> None:
    """Makes a new workspace in ``target``: all of it, or nothing.

    Args:
        target: a folder that does not exist or is empty, apart from git's own.
        blank: without vendors, use cases and seal, with placeholders to fill in.
        today: the date a blank workspace starts from; the shipped evaluation's if left out.

    Raises:
        EvaluatorError: the folder holds something, or cannot be written.
    """
    create_workspace(target, blank_texts(today) if blank else _texts(shipped_root()))


def blank_texts(today: date | None = None) -> dict[str, str]:
    """The files of a blank workspace by name; it starts from ``today``, or from the shipped evaluation's date."""
    return blank_files(_texts(shipped_root()), today or _shipped_date())


def create_workspace(target: Path, files: Mapping[str, str]) -> None:
    """Makes a new workspace of ``files`` in ``target``: all of it, or nothing.

    Args:
        target: a folder that does not exist or is empty, apart from git's own.
        files: the texts of the files, by name.

    Raises:
        EvaluatorError: the folder holds something, or cannot be written.
    """
    made: list[Path] = []
    try:
        if _must_be_made(target):
            made = _make_parents(target.absolute().parent)
            _create(target, files)
        else:
            _fill(target, files)
    except BaseException as error:
        for folder in reversed(made):
            with contextlib.suppress(OSError):
                folder.rmdir()
        if isinstance(error, OSError):
            raise EvaluatorError(cannot_write(target, error)) from error
        raise


def _must_be_made(target: Path) -> bool:
    """Whether ``target`` does not exist yet; it must not hold anything if it does."""
    name = shown(str(target))
    if target.is_dir():
        if {entry.name for entry in target.iterdir()} - _IGNORED:
            raise EvaluatorError(f"'{name}' is not empty; name a new or an empty folder.")
        return False
    if target.exists() or target.is_symlink():
        raise EvaluatorError(f"'{name}' is a file; name a new or an empty folder.")
    return True


def _texts(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for pattern in _PATTERNS
        for path in sorted(root.glob(pattern))
        if path.is_file()
    }


def _shipped_date() -> date:
    evaluation = Reader(shipped_root()).model(EVALUATION, Evaluation)
    if evaluation is None:
        raise EvaluatorError("The shipped evaluation cannot be read; install evaluator again.")
    return evaluation.as_of


def _make_parents(folder: Path) -> list[Path]:
    """Makes the missing folders on the way to ``folder``, and gives them, outermost first."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    made = []
    for each in reversed(missing):
        each.mkdir()
        made.append(each)
    return made


def _create(target: Path, files: Mapping[str, str]) -> None:
    """A folder that does not exist yet: built beside its place, then renamed."""
    building = target.absolute().with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.tmp")
    try:
        _write(building, files)
        building.rename(target)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


def _fill(target: Path, files: Mapping[str, str]) -> None:
    """A folder that exists, perhaps as somebody's current one: built inside, then moved up.

    The file that makes it a workspace comes last.
    """
    building = target / f".{secrets.token_hex(6)}.tmp"
    moved: list[Path] = []
    try:
        _write(building, files)
        for entry in sorted(building.iterdir(), key=lambda entry: entry.name == EVALUATION):
            moved.append(target / entry.name)
            entry.rename(moved[-1])
        building.rmdir()
    except BaseException:
        for path in (building, *moved):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
        raise


def _write(folder: Path, files: Mapping[str, str]) -> None:
    folder.mkdir()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
