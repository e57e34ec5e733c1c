"""Closed reviews, read back and scored by the tool at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from evaluator import __version__
from evaluator.change.review_differences import ComparedReview
from evaluator.errors import EvaluatorError
from evaluator.model.change import Points
from evaluator.model.closed_review import Engine
from evaluator.model.file_names import Layout
from evaluator.model.numerical_rules import NUMERICAL_RULES
from evaluator.model.review import Past
from evaluator.model.workspace import Workspace
from evaluator.reviews import record_files
from evaluator.reviews.record_reader import UnusableRecordError, sound_record


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace as a review needs it: its folder, its content, and how many errors the content has."""

    root: Path
    workspace: Workspace
    errors: int = 0
    digests: Mapping[str, str] = field(default_factory=dict, repr=False)
    """SHA-256 of the files of the content by name."""
    layout: Layout = field(default_factory=Layout)


def engine() -> Engine:
    """The tool at hand."""
    return Engine(__version__, NUMERICAL_RULES)


def compared_review(root: Path, name: str) -> ComparedReview:
    """A closed review, scored by the tool at hand, with the points its record has.

    Raises :class:`EvaluatorError` where its record does not hold or cannot be used.
    """
    found = sound_record(root, name)
    try:
        result = found.result()
    except UnusableRecordError as error:
        raise EvaluatorError(f"The record of {name} cannot be used: {error}.") from error
    record = found.record
    recorded = {
        option.id: {
            cell.criterion: Points(float(cell.points), float(cell.low), float(cell.high)) for cell in option.cells
        }
        for option in record.result.scores.options
    }
    return ComparedReview(
        name,
        result,
        record.engine.version,
        approved=tuple(dict.fromkeys(record.approved)),
        recorded={} if record.engine.rules == NUMERICAL_RULES else recorded,
    )


def past(root: Path, name: str) -> Past:
    """A closed review as the next one needs it; raises :class:`EvaluatorError` where its record does not hold or cannot be used."""
    found = sound_record(root, name)
    record = found.record
    return Past(
        name=name,
        as_of=record.as_of,
        workspace=found.workspace,
        approved=tuple(dict.fromkeys(record.approved)),
        before=record.since.as_of if record.since else None,
    )


def latest(root: Path, as_of: date) -> str | None:
    """The closed review with the latest date before ``as_of``.

    Raises :class:`EvaluatorError` where a record cannot be used: it might be the latest.
    """
    dated = [
        (day, name)
        for name in record_files.closed_review_names(root)
        if (day := sound_record(root, name).record.as_of) < as_of
    ]
    return max(dated, default=(None, None))[1]
