"""The one module that knows where the shipped evaluation lies, and which of its files a new workspace starts from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from evaluator.errors import EvaluatorError
from evaluator.model.file_names import EVALUATION
from evaluator.model.workspace import Evaluation
from evaluator.workspace.file_reader import Reader
from evaluator.workspace.starter_files import blank_files

_PATTERNS = (EVALUATION, "criteria/*.yaml", "vendors/*/*.yaml", "vendors/*/*/*.yaml", "schemas/*.json")
"""What a new workspace takes over."""


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


def shipped_files() -> dict[str, bytes]:
    """The files of the shipped evaluation by name, for a new workspace.

    Raises:
        EvaluatorError: the installation lacks it.
    """
    return {name: text.encode("utf-8") for name, text in _texts(shipped_root()).items()}


def blank_shipped_files(today: date | None = None) -> dict[str, bytes]:
    """The files of a workspace without vendors, use cases and seal, with placeholders to fill in.

    Args:
        today: the date it starts from; the shipped evaluation's if left out.
    """
    texts = blank_files(_texts(shipped_root()), today or _shipped_date())
    return {name: text.encode("utf-8") for name, text in texts.items()}


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
