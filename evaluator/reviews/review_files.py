"""The files under ``reviews/``, and the dates that a review writes into other files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from evaluator.errors import ContentError, EvaluatorError, Problem, quoted
from evaluator.model.base import Model
from evaluator.model.file_names import EVALUATION, REVIEW_LOG, review_file
from evaluator.model.review import Review, ReviewLog, empty_log
from evaluator.reviews.record_files import RECORD, closed_review_names
from evaluator.workspace import containment
from evaluator.workspace.containment import MISSING
from evaluator.workspace.file_reader import read_model
from evaluator.workspace.transaction import Transaction
from evaluator.workspace.yaml_editor import YamlEditor
from evaluator.workspace.yaml_positions import Places, Steps
from evaluator.workspace.yaml_reader import parse
from evaluator.workspace.yaml_writer import Remarks, dump

_M = TypeVar("_M", bound=Model)

_LOG_HEAD = b"""\
# yaml-language-server: $schema=../schemas/review-log.schema.json
# What happens between two reviews; `evaluator review log` adds to it.
schema: review-log/1
"""
_APPROVED = (
    "",
    "# The tools that were approved, where they are not the recommended stack:",
    "# approved: [one-tool, another-tool]",
    "",
    "# Points that block closing and that the deciders waive, each with its reason:",
)
_WAIVED = ("# waived:", "#   final-status-quo: The board has seen today's cost in a paper of its own.")
_REMARKS: dict[Steps, Remarks] = {
    ("schema",): Remarks(("# yaml-language-server: $schema=../schemas/review.schema.json",)),
    ("as_of",): Remarks(("# Evidence is judged at this date.",)),
    ("soon_months",): Remarks(("", "# Evidence that goes stale within so many months after the date is due as well.")),
    ("waived",): Remarks(_APPROVED),
}


def read_review(root: Path, name: str) -> Review | None:
    """The file of a review; None where it was not opened. Raises :class:`ContentError` where it is wrong."""
    return _read(root, review_file(name), Review)


def read_log(root: Path) -> ReviewLog:
    """The log of the workspace; an empty one where there is none. Raises :class:`ContentError` where it is wrong."""
    return _read(root, REVIEW_LOG, ReviewLog) or empty_log()


@dataclass(frozen=True, slots=True)
class FoundReviews:
    """The files under ``reviews/`` for whoever checks them: what can be used, and what is wrong with any of them."""

    log: ReviewLog | None
    opened: tuple[Review, ...]
    """The reviews that are not closed."""
    problems: tuple[Problem, ...]
    places: Mapping[str, Places]
    """By file."""

    def pin(self, problem: Problem) -> Problem:
        """A problem in one of the files with its line and column."""
        line, column = self.places[problem.file].best(problem.path)
        return replace(problem, line=line, column=column)


def find_reviews(root: Path) -> FoundReviews:
    """Read every file under ``reviews/``; never raises for what is in it."""
    problems: list[Problem] = []
    found = containment.folder(root, "reviews")
    if isinstance(found, Problem):
        return FoundReviews(None, (), (found,), {})
    log: ReviewLog | None = None
    opened: list[Review] = []
    places: dict[str, Places] = {}
    try:
        closed = closed_review_names(root)
    except EvaluatorError as error:
        closed = ()
        problems.append(Problem("closed-reviews", str(error).rstrip("."), "reports"))
    for name in closed:
        record = f"reports/{name}/{RECORD}"
        if not (root / record).is_file():
            message = "a closed review without its record, or with something else in its place"
            problems.append(Problem("closed-reviews", message, record, hint="restore it from git or a backup"))
    for name in (entry.name for entry in found if not entry.is_hidden and entry.name.endswith(".yaml")):
        file = f"reviews/{name}"
        try:
            if file == REVIEW_LOG:
                log = _read(root, file, ReviewLog)
            else:
                review = _read(root, file, Review)
                if review and f"{review.name}.yaml" != name:
                    problems.append(wrong_name(file, review))
                elif review and review.name not in closed:
                    opened.append(review)
            data = containment.read(root, file)
            places[file] = parse(data, file).places if isinstance(data, bytes) else Places()
        except ContentError as error:
            problems += error.problems
    return FoundReviews(log, tuple(opened), tuple(problems), places)


def wrong_name(file: str, review: Review) -> Problem:
    """The problem of a review whose file bears the name of another."""
    stem = file.rpartition("/")[2].removesuffix(".yaml")
    return Problem("review-name", f"the file says {review.name}, its name {stem}", file, ("review",))


def open_reviews(root: Path) -> tuple[str, ...]:
    """The reviews that were opened and are not closed, by name."""
    found = containment.folder(root, "reviews")
    names = [] if isinstance(found, Problem) else [entry.name for entry in found if not entry.is_hidden]
    opened = {
        name.removesuffix(".yaml") for name in names if name.endswith(".yaml") and f"reviews/{name}" != REVIEW_LOG
    }
    return tuple(sorted(opened - set(closed_review_names(root))))


def _read(root: Path, file: str, model: type[_M]) -> _M | None:
    data = containment.read(root, file)
    if isinstance(data, Problem):
        if data.code == MISSING:
            return None
        raise ContentError(f"{quoted(file)} cannot be used.", [data])
    return _parsed(data, file, model)


def _parsed(data: bytes, file: str, model: type[_M]) -> _M:
    found = read_model(data, file, model)
    if found.content is None:
        raise ContentError(f"{quoted(file)} cannot be used.", found.problems)
    return found.content


def write_review(change: Transaction, review: Review) -> None:
    """Make the file of ``review``; raises :class:`EvaluatorError` where it was opened already."""
    found = change.read(review_file(review.name))
    if not isinstance(found, Problem) or found.code != MISSING:
        raise EvaluatorError(f"The review {review.name} is open already: see {review_file(review.name)}.")
    value = {
        "schema": "review/1",
        "review": review.name,
        "as_of": review.as_of,
        "opened": review.opened,
        "deadline": review.deadline,
        "since": review.since,
        "soon_months": review.soon_months,
        "waived": review.waived or None,
    }
    remarks = _REMARKS if review.waived else {**_REMARKS, (): Remarks(below=(*_APPROVED, *_WAIVED))}
    text = dump({key: entry for key, entry in value.items() if entry is not None}, remarks)
    data = text.encode("utf-8")
    if _parsed(data, review_file(review.name), Review) != review:
        raise EvaluatorError(f"The review {review.name} cannot be written; write {review_file(review.name)} yourself.")
    change.create(review_file(review.name), data)


def set_as_of(change: Transaction, day: date) -> None:
    """Move the date of the evaluation; nothing else in its file changes."""
    editor = YamlEditor(_usable(change, EVALUATION), EVALUATION)
    editor.set(("as_of",), day)
    change.write(EVALUATION, editor.text())


def set_answer_days(change: Transaction, file: str, criteria: Sequence[str], day: date) -> None:
    """Give each answer in the scorecard ``file`` a date of its own; nothing else in it changes."""
    if criteria:
        editor = YamlEditor(_usable(change, file), file)
        for criterion in criteria:
            editor.set(("answers", criterion, "date"), day, before="confidence")
        change.write(file, editor.text())


def append_log(change: Transaction, key: str, entry: Mapping[str, Any]) -> None:
    """One more trigger, check or divest entry in the log; makes the log where there is none. What is empty is left out."""
    editor = YamlEditor(_usable(change, REVIEW_LOG, missing=_LOG_HEAD), REVIEW_LOG)
    editor.add((key,), {name: value for name, value in entry.items() if value not in (None, "", ())})
    new = editor.text()
    _parsed(new, REVIEW_LOG, ReviewLog)
    change.write(REVIEW_LOG, new)


def _usable(change: Transaction, file: str, missing: bytes | None = None) -> bytes:
    """The text of a file; ``missing`` where there is none. Raises :class:`ContentError` where it cannot be read."""
    data = change.read(file)
    if isinstance(data, bytes):
        return data
    if missing is not None and data.code == MISSING:
        return missing
    raise ContentError(f"{quoted(file)} cannot be used.", [data])


def digests(root: Path, name: str) -> dict[str, str | None]:
    """SHA-256 by name of the files that a review is closed with; None where there is no such file."""
    change = Transaction(root)
    change.read(review_file(name))
    change.read(REVIEW_LOG)
    return change.digests
