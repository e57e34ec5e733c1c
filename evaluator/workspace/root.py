"""Finding the workspace that a folder lies in."""

from __future__ import annotations

import os
from pathlib import Path

from evaluator.errors import EvaluatorError
from evaluator.model.file_names import EVALUATION
from evaluator.workspace.containment import exists, shown
from evaluator.workspace.journal import CHANGE, OWN_FOLDER


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
        if not os.path.lexists(folder / EVALUATION):
            continue
        if exists(folder, EVALUATION):
            return folder  # whatever lies there: if it cannot be read, that is said of it
        raise EvaluatorError(
            f"'{shown(str(folder))}' is a workspace that was begun and not completed; repeat the command that makes it, "
            f"or remove '{OWN_FOLDER}/{CHANGE}' in it if these files were completed by hand."
        )
    raise EvaluatorError(
        f"'{shown(str(start))}' is not in a workspace: there is no evaluation.yaml there or in any folder above; "
        "name the workspace with --workspace, or make one with `evaluator init DIR`."
    )
