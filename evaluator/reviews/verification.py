"""Verifying closed reviews, and comparing them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from evaluator import __version__
from evaluator.change.review_differences import ComparedReview, change
from evaluator.errors import EvaluatorError
from evaluator.evaluation.evaluate import evaluate
from evaluator.model.change import NOW, Change
from evaluator.model.closed_review import Engine, FigureChange, SignatureState, Tampering, Verification
from evaluator.model.workspace import Workspace
from evaluator.reports.json_contract import result_data
from evaluator.reviews import tampering
from evaluator.reviews.closed_reviews import Place, compared_review, engine
from evaluator.reviews.drafting import open_at
from evaluator.reviews.figure_differences import figure_changes
from evaluator.reviews.record_files import SIGNATURE, Stored
from evaluator.reviews.record_reader import UnusableRecordError, closed_review
from evaluator.reviews.signatures import Signers, signature_of


def verify(root: Path, name: str, signers: Signers | None = None) -> Verification:
    """Whether a closed review is as it was issued, whether the tool at hand computes its figures, and who signed it.

    Args:
        root: the workspace.
        name: the name of the review.
        signers: who may sign; without it a signature is checked, and its signer is not.

    Raises :class:`EvaluatorError` where there is no such review, or its signer cannot be checked.
    """
    stored, found = tampering.tampering(root, name)
    closed = day_of(stored.data.get("closed")) if stored else None
    signature = signature_of(root, name, closed, signers)
    if signature.state is SignatureState.WRONG:
        found = (*found, Tampering(SIGNATURE, signature.finding))
    if stored is None:
        return Verification(
            name, None, None, found, (), None, engine(), signature=signature, signer_wanted=signers is not None
        )
    note, broken = tampering.broken_chain(root, stored)
    figures: tuple[FigureChange, ...] = ()
    unusable = ""
    try:
        figures = figure_changes(stored.data["result"], result_data(closed_review(stored).result()))
    except UnusableRecordError as error:
        unusable = str(error)
    return Verification(
        name,
        day_of(stored.data.get("as_of")),
        closed,
        (*found, *([broken] if broken else [])),
        figures,
        _recorded_by(stored),
        engine(),
        notes=(note,) if note else (),
        unusable=unusable,
        signature=signature,
        signer_wanted=signers is not None,
    )


def day_of(value: object) -> date | None:
    """The date that a record has as text; None where it is none."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _recorded_by(stored: Stored) -> Engine:
    """The tool that computed the recorded figures, as a record says that may have been tampered with."""
    found = stored.data.get("engine")
    found = found if isinstance(found, dict) else {}
    rules = found.get("rules", 1)
    return Engine(str(found.get("version", "unknown")), rules if type(rules) is int else None)


def diff(place: Place | None, root: Path, old: str, new: str, as_of: date | None = None) -> tuple[Workspace, Change]:
    """What changed from one review to another, or to ``now``; with the content of the newer one, for its titles."""
    if old == new:
        raise EvaluatorError(f"Name two reviews; {old} is the same as {new}.")
    before, after = _either(place, root, old, as_of), _either(place, root, new, as_of)
    return after.result.workspace, change(before, after)


def _either(place: Place | None, root: Path, name: str, as_of: date | None) -> ComparedReview:
    if name != NOW:
        return compared_review(root, name)
    if place is None:
        raise EvaluatorError("The workspace has errors. Run `evaluator check`, fix them and try again.")
    result = evaluate(place.workspace, as_of or place.workspace.evaluation.as_of, version=__version__)
    opened = open_at(place.root, result.as_of)
    return ComparedReview(NOW, result, __version__, approved=opened.approved if opened else None)
