"""Finding the workspace that a folder lies in."""

from __future__ import annotations

import os
from pathlib import Path

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
        # Whatever lies there: if it cannot be read, that is said of it. One that an unfinished change made is not there yet.
        if os.path.lexists(folder / EVALUATION) and exists(folder, EVALUATION):
            return folder
    raise EvaluatorError(
        f"'{shown(str(start))}' is not in a workspace: there is no evaluation.yaml there or in any folder above; "
        "name the workspace with --workspace, or make one with `evaluator init DIR`."
    )
