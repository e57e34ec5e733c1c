"""Bringing a workspace to the shipped catalogue, with its own criteria, weights and answers kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from evaluator.change.catalogue_differences import UpgradePlan, plan
from evaluator.errors import EvaluatorError, has_errors
from evaluator.model.closed_review import Upgrade
from evaluator.model.file_names import GUARDRAILS, REVIEW_LOG, USE_CASES, WEIGHTS
from evaluator.model.review import CATALOGUE_TRIGGER
from evaluator.reviews import review_files
from evaluator.workspace import containment
from evaluator.workspace.catalogue_texts import Kept, released, upgraded_texts, weights_with
from evaluator.workspace.load import Loaded
from evaluator.workspace.transaction import Transaction, transaction

_OTHERS = (WEIGHTS, USE_CASES, GUARDRAILS)
_BY = "catalogue upgrade"


def upgrade(own: Loaded, shipped: Loaded, on: date, *, dry_run: bool) -> Upgrade:
    """Bring the catalogue of ``own`` to that of ``shipped``; both were loaded without errors.

    New criteria get weight 0, so no score moves until somebody weighs them. Criteria that ask something else are logged as a trigger
    on ``on``, which makes their answers due. All files change together.

    Raises:
        EvaluatorError: the workspace follows another catalogue, or a file cannot be edited safely.
    """
    if own.workspace is None or shipped.workspace is None or has_errors(own.problems):
        raise EvaluatorError("The workspace has errors. Run `evaluator check`, fix them and try again.")
    mine, theirs = own.workspace.catalogue, shipped.workspace.catalogue
    if mine.head.id != theirs.head.id:
        raise EvaluatorError(
            f"The workspace follows the catalogue {mine.head.id}, which is not a version of the shipped {theirs.head.id}."
        )
    found = plan(mine, theirs, released(shipped.root))
    texts = upgraded_texts(
        _texts(own.root), _texts(shipped.root), own.layout.families, (mine, theirs), Kept(found.kept, found.kept_fields)
    )
    weights = _weights(own, found, [family.id for family in theirs.head.families], theirs.head.version)
    files = {**({WEIGHTS: weights} if weights else {}), **texts}
    entry = _entry(own, found, on, theirs.head.version)
    with transaction(own.root, dry_run=dry_run) as change:
        change.expect({name: digest for name, digest in own.digests.items() if name.startswith("criteria/")})
        _write(change, files, entry)
    changed = sorted([*files, *([REVIEW_LOG] if entry else [])])
    return Upgrade(mine.head.version, theirs.head.version, found.items, tuple(changed), done=not dry_run)


def _texts(root: Path) -> dict[str, bytes]:
    """The texts of the catalogue's files."""
    entries = containment.folder(root, "criteria")
    names = [f"criteria/{entry.name}" for entry in entries if not entry.is_hidden] if isinstance(entries, tuple) else []
    found = {name: containment.read(root, name) for name in names if name.endswith(".yaml") and name not in _OTHERS}
    return {name: data for name, data in found.items() if isinstance(data, bytes)}


def _weights(own: Loaded, found: UpgradePlan, families: list[str], version: str) -> bytes | None:
    """The new text of the weights; None where nothing is new."""
    if own.workspace is None:
        return None
    weights = own.workspace.weights
    new_families = [family for family in families if family not in weights.families]
    new_criteria = [criterion for criterion in found.added if criterion not in weights.criteria]
    data = containment.read(own.root, WEIGHTS)
    if not (new_families or new_criteria) or not isinstance(data, bytes):
        return None
    return weights_with(data, new_families, new_criteria, version)


def _entry(own: Loaded, found: UpgradePlan, on: date, version: str) -> Mapping[str, Any] | None:
    """The trigger to be logged; None where no criterion asks something else, or where it is logged already."""
    if not found.reopened:
        return None
    note = f"catalogue {version} asks something else"
    log = review_files.read_log(own.root)
    if any(event.note == note and event.reopens == found.reopened for event in log.triggers):
        return None
    return {"trigger": CATALOGUE_TRIGGER, "date": on, "by": _BY, "note": note, "reopens": list(found.reopened)}


def _write(change: Transaction, files: Mapping[str, bytes | None], entry: Mapping[str, Any] | None) -> None:
    if entry:
        review_files.append_log(change, "triggers", entry)
    for name, text in files.items():
        if text is None:
            change.remove(name)
        else:
            change.write(name, text)
