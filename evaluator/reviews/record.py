"""The content of a closed review, checked and scored again. Recorded inputs reach the rest of the program only through this module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from evaluator import __version__
from evaluator.change.review_differences import ComparedReview
from evaluator.errors import EvaluatorError, has_errors, one_line
from evaluator.evaluation.evaluate import evaluate
from evaluator.model.base import AS_ISSUED
from evaluator.model.catalogue import Catalogue
from evaluator.model.change import Points
from evaluator.model.closed_review import Engine, Record
from evaluator.model.evaluated import Evaluated
from evaluator.model.file_names import Layout
from evaluator.model.numerical_rules import NUMERICAL_RULES
from evaluator.model.review import Past
from evaluator.model.workspace import Vendor, Workspace, scorecard_order
from evaluator.reviews import record_files
from evaluator.rules.run import NEEDED_TO_COMPUTE, run
from evaluator.workspace.disk import sha256


class UnusableRecordError(EvaluatorError):
    """A record that can be read and that this version of the tool cannot use."""


@dataclass(frozen=True, slots=True)
class ClosedReview:
    """The content of a record."""

    record: Record
    workspace: Workspace
    """The recorded inputs, with the families in the order of the catalogue's head."""
    digest: str
    """SHA-256 of the file of the record."""

    def result(self) -> Evaluated:
        """The recorded inputs, scored by the tool at hand.

        Raises :class:`UnusableRecordError` where they cannot be scored.
        """
        try:
            return evaluate(self.workspace, self.record.as_of, version=__version__)
        except EvaluatorError as error:
            raise UnusableRecordError(str(error).rstrip(".")) from error

    @property
    def past(self) -> Past:
        """The review as the next one needs it."""
        since = self.record.since
        return Past(
            self.record.review, self.record.as_of, self.workspace, self.approved, since.as_of if since else None
        )

    @property
    def approved(self) -> tuple[str, ...]:
        """The tools that were approved, each once."""
        return tuple(dict.fromkeys(self.record.approved))

    def compared(self) -> ComparedReview:
        """The review scored by the tool at hand, with the points its record has where other rules computed them.

        Raises :class:`EvaluatorError` where it cannot be scored.
        """
        record = self.record
        try:
            result = self.result()
        except UnusableRecordError as error:
            raise EvaluatorError(f"The record of {record.review} cannot be used: {error}.") from error
        recorded = {
            option.id: {
                cell.criterion: Points(float(cell.points), float(cell.low), float(cell.high)) for cell in option.cells
            }
            for option in record.result.scores.options
            if record.engine.rules != NUMERICAL_RULES
        }
        return ComparedReview(record.review, result, record.engine.version, self.approved, recorded)


def sound_record(root: Path, name: str) -> ClosedReview:
    """The content of a closed review whose seal holds.

    Raises :class:`EvaluatorError` where there is no such review, its seal does not hold, or its content cannot be used.
    """
    advice = f"see `evaluator review verify {name}`"
    try:
        stored = record_files.read_record(root, name)
        if not record_files.is_sealed(stored):
            raise EvaluatorError(f"The record of {name} was tampered with; {advice}.")
        return closed_review(stored)
    except record_files.UnreadableRecordError as error:
        raise EvaluatorError(f"The record of {name} cannot be read: {error}; {advice}.") from error
    except UnusableRecordError as error:
        raise EvaluatorError(f"The record of {name} cannot be used: {error}.") from error


def closed_review(stored: record_files.Stored) -> ClosedReview:
    """The content of a record; raises :class:`UnusableRecordError` for the first thing in it that does not fit."""
    try:
        record = Record.model_validate_json(record_files.canonical(stored.present), context=AS_ISSUED)
    except ValidationError as error:
        raise UnusableRecordError(_sentence(error)) from error
    workspace = _in_order(record.workspace)
    for fault in _faults(record, workspace):
        raise UnusableRecordError(fault)
    return ClosedReview(record, workspace, sha256(stored.raw))


def _sentence(error: ValidationError) -> str:
    """Where the first value stands that does not fit. The path leads through types of the models, which are no keys."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    path = ".".join(one_line(step, 40) for step in found[0]["loc"][:8])
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    where = f"its field {one_line(path, 200)}" if path else "its content"
    return f"{where} is not what this version of the tool expects there{more}"


def _faults(record: Record, workspace: Workspace) -> Iterator[str]:
    """Yield what the models cannot check: names that do not agree, and ids that do not exist."""
    for key, vendor in workspace.vendors.items():
        yield from _vendor_faults(key, vendor)
    for role, stakeholder in workspace.stakeholders.items():
        if stakeholder.role != role:
            yield f"the weights of {role} name {stakeholder.role} as their role"
    criteria = [criterion.id for group in workspace.catalogue.families.values() for criterion in group]
    if len(criteria) != len(set(criteria)):
        yield "a criterion appears twice in its catalogue"
    options = {option.profile.id for option in workspace.options}
    for tool in record.approved:
        if tool not in options:
            yield f"it approves {tool}, which is not one of its options"
    for problem in run(workspace, record.as_of, rules=NEEDED_TO_COMPUTE):
        if has_errors([problem]):
            yield one_line(problem.message, 200)


def _vendor_faults(key: str, vendor: Vendor) -> Iterator[str]:
    if vendor.profile.id != key:
        yield f"the profile of {key} names {vendor.profile.id} as its vendor"
    cards = [scorecard_order(card) for card in vendor.scorecards]
    if cards != sorted(set(cards)):
        yield f"the scorecards of {key} are not one for each assessor and edition, in order"
    for card in vendor.scorecards:
        if card.vendor != key:
            yield f"a scorecard of {key} names {card.vendor} as its vendor"


def _in_order(workspace: Workspace) -> Workspace:
    """Canonical JSON sorts its keys; the order of the families, which is content, is that of the catalogue's head."""
    catalogue = workspace.catalogue
    order = {family.id: place for place, family in enumerate(catalogue.head.families)}
    families = sorted(catalogue.families.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))
    return Workspace(**{**dict(workspace), "catalogue": Catalogue(head=catalogue.head, families=dict(families))})


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
    """A closed review, scored by the tool at hand; raises :class:`EvaluatorError` where its record does not hold or cannot be used."""
    return sound_record(root, name).compared()


def past(root: Path, name: str) -> Past:
    """A closed review as the next one needs it; raises :class:`EvaluatorError` where its record does not hold or cannot be used."""
    return sound_record(root, name).past


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
