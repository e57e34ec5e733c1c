"""Closing a review: everything that was known and computed, frozen in one step."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from evaluator.characters import safe_line
from evaluator.errors import ContentError, EvaluatorError, Problem
from evaluator.model.evaluated import Evaluated
from evaluator.model.file_names import review_file
from evaluator.model.renamed_keys import RECORD_SCHEMA
from evaluator.model.review import Review, ReviewState
from evaluator.reports.json_contract import dumped, result_data
from evaluator.reviews import record_files, review_files
from evaluator.reviews.opening import current
from evaluator.reviews.record import ClosedReview, Place, engine
from evaluator.reviews.signatures import NAMESPACE, Signer
from evaluator.reviews.state import approved_tools, following, with_waivers
from evaluator.workspace.transaction import check_folder

Papers = Callable[[Evaluated], Mapping[str, bytes]]
"""Makes what is issued with a review, by file name."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A review that was just closed."""

    folder: Path
    result: Evaluated


def close(place: Place, name: str, on: date, papers: Papers, key: Path | None = None) -> Closed:
    """Freeze the review: its record, its papers, their checksums and a signature with ``key``, published in one step.

    Raises:
        ContentError: something blocks closing; carries each point.
        EvaluatorError: the review is closed already, perhaps since a moment ago, or ``key`` cannot sign.
    """
    folder = record_files.review_folder(place.root, name)
    unchanged = {**place.digests, **review_files.digests(place.root, name)}
    if name in record_files.closed_review_names(place.root):
        raise EvaluatorError(
            f"'{name}' is closed already; a closed review is never overwritten.{_how_to_sign(folder, key)}"
        )
    sign = Signer(key, place.root) if key else None
    if sign:
        sign.check()
    check_folder(place.root, f"reports/{name}")
    review = review_files.read_review(place.root, name)
    result, found, before = current(place, name, review, on)
    if found.blocked:
        raise _blocked(name, found, review)
    result = following(before, result, replace(found, closed=on))
    issued = with_waivers(result, found)
    written = papers(issued)
    record = _record(place.root, name, on, review, result, before)
    return Closed(record_files.publish_review(place.root, name, record, written, unchanged, sign), issued)


def _how_to_sign(folder: Path, key: Path | None) -> str:
    """What to do where a key was named for a review that is closed."""
    if key is None or (folder / record_files.SIGNATURE).exists():
        return ""
    named = shlex.join(
        ["ssh-keygen", "-Y", "sign", "-n", NAMESPACE, "-f", safe_line(str(key)), str(folder / record_files.SUMS)]
    )
    return f" It is not signed; to sign it as it is: {named}"


def _blocked(name: str, found: ReviewState, review: Review | None) -> ContentError:
    file = review_file(name)
    hint = f"waive it under waived: in {file}, with a reason"
    if review is None:
        hint = f"open the review to waive it: evaluator review open {name} --as-of {found.as_of}"
    problems = [
        Problem(blocker.id, f"{blocker.id}: {blocker.finding}", file, hint=hint if blocker.can_be_waived else "")
        for blocker in found.blocked
    ]
    count = len(problems)
    points = "1 point blocks" if count == 1 else f"{count} points block"
    return ContentError(f"The review {name} cannot be closed: {points} it.", problems)


def _record(
    root: Path, name: str, on: date, review: Review | None, result: Evaluated, before: ClosedReview | None
) -> dict[str, Any]:
    data = result_data(result)
    workspace = data.pop("workspace")
    since = None
    if before:
        since = {
            "review": before.record.review,
            "as_of": before.record.as_of.isoformat(),
            "record": before.digest,
        }
    return {
        "schema": RECORD_SCHEMA,
        "review": name,
        "as_of": result.as_of.isoformat(),
        "closed": on.isoformat(),
        "engine": dumped(engine()),
        "since": since,
        "approved": list(approved_tools(result, review)),
        "review_file": review.model_dump(mode="json", by_alias=True) if review else None,
        "log": review_files.read_log(root).model_dump(mode="json", by_alias=True),
        "workspace": workspace,
        "result": data,
    }
