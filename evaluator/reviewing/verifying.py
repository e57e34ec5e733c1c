"""Verifying closed editions, and comparing them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import ValidationError

from evaluator import __version__
from evaluator.analysis.change import Edition, change
from evaluator.analysis.evaluate import evaluate
from evaluator.analysis.figures import figure_changes
from evaluator.errors import EvaluatorError
from evaluator.files import tampering
from evaluator.models.change import NOW, Change
from evaluator.models.record import FigureChange, Verification
from evaluator.models.workspace import Workspace
from evaluator.reports.data import result_data
from evaluator.reviewing.drafting import open_at
from evaluator.reviewing.editions import Place, computed, day_of, edition_of, engine, engine_of


def verify(root: Path, edition: str) -> Verification:
    """Whether a closed edition is as it was issued, and whether the tool at hand computes its figures.

    Raises :class:`EvaluatorError` where there is no such edition.
    """
    stored, found = tampering.tampering(root, edition)
    if stored is None:
        return Verification(edition, None, None, found, (), None, engine())
    note, broken = tampering.broken_chain(root, stored)
    notes = [note] if note else []
    figures: tuple[FigureChange, ...] = ()
    try:
        result = computed(stored)
        figures = figure_changes(stored.data["result"], result_data(result))
    except (ValidationError, EvaluatorError, KeyError, ValueError) as error:
        words = str(error).splitlines()[0] if str(error) else type(error).__name__
        notes.append(f"This version of the tool cannot score the recorded inputs: {words}.")
        if not found and not broken:
            raise EvaluatorError(
                f"The record of {edition} is untouched, but {notes[-1][0].lower()}{notes[-1][1:]}"
            ) from error
    return Verification(
        edition,
        day_of(stored.data.get("as_of")),
        day_of(stored.data.get("closed")),
        (*found, *([broken] if broken else [])),
        figures,
        engine_of(stored),
        engine(),
        tuple(notes),
    )


def diff(place: Place | None, root: Path, old: str, new: str, as_of: date | None = None) -> tuple[Workspace, Change]:
    """What changed from one edition to another, or to ``now``; with the content of the newer one, for its titles."""
    if old == new:
        raise EvaluatorError(f"Name two editions; {old} is the same as {new}.")
    before, after = _either(place, root, old, as_of), _either(place, root, new, as_of)
    return after.result.workspace, change(before, after)


def _either(place: Place | None, root: Path, name: str, as_of: date | None) -> Edition:
    if name != NOW:
        return edition_of(root, name)
    if place is None:
        raise EvaluatorError("The workspace has errors; mend them and try again.")
    result = evaluate(place.workspace, as_of or place.workspace.evaluation.as_of, version=__version__)
    opened = open_at(place.root, result.as_of)
    return Edition(NOW, result, __version__, approved=opened.approved if opened else None)
