"""Closing a review: everything that was known and computed, frozen in one step."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from evaluator.analysis.review import approved_tools, with_waivers
from evaluator.errors import ContentError, EvaluatorError, Problem
from evaluator.files import records, reviews
from evaluator.files.inside import shown
from evaluator.files.signatures import NAMESPACE, Signer
from evaluator.models.layout import review_file
from evaluator.models.result import Result
from evaluator.models.review import Review, ReviewState
from evaluator.reports.data import dumped, result_data
from evaluator.reviewing.drafting import following
from evaluator.reviewing.editions import Place, engine
from evaluator.reviewing.opening import current

Paper = Callable[[Result], bytes]


@dataclass(frozen=True, slots=True)
class Closed:
    """An edition that was just closed."""

    folder: Path
    result: Result


def close(place: Place, edition: str, on: date, papers: Mapping[str, Paper], key: Path | None = None) -> Closed:
    """Freeze the review: its record, its papers, their checksums and a signature with ``key``, published in one step.

    Raises:
        ContentError: something blocks closing; carries each point.
        EvaluatorError: the review is closed already, perhaps since a moment ago, or ``key`` cannot sign.
    """
    folder = records.edition_folder(place.root, edition)
    unchanged = {**place.digests, **reviews.digests(place.root, edition)}
    if edition in records.editions(place.root):
        raise EvaluatorError(
            f"'{edition}' is closed already; a closed review is never overwritten.{_how_to_sign(folder, key)}"
        )
    sign = Signer(key, place.root) if key else None
    review = reviews.read_review(place.root, edition)
    result, found = current(place, edition, review, on)
    if found.blocked:
        raise _blocked(edition, found, review)
    result = following(place.root, result, replace(found, closed=on))
    issued = with_waivers(result, found)
    written = {name: paper(issued) for name, paper in papers.items()}
    record = _record(place.root, edition, on, review, result)
    return Closed(records.publish_edition(place.root, edition, record, written, unchanged, sign), issued)


def _how_to_sign(folder: Path, key: Path | None) -> str:
    """What to do where a key was named for a review that is closed."""
    if key is None or (folder / records.SIGNATURE).exists():
        return ""
    named = shlex.join(["ssh-keygen", "-Y", "sign", "-n", NAMESPACE, "-f", shown(str(key)), str(folder / records.SUMS)])
    return f" It is not signed; to sign it as it is: {named}"


def _blocked(edition: str, found: ReviewState, review: Review | None) -> ContentError:
    file = review_file(edition)
    hint = f"waive it under waived: in {file}, with a reason"
    if review is None:
        hint = f"open the review to waive it: evaluator review open {edition} --as-of {found.as_of}"
    problems = [
        Problem(blocker.id, f"{blocker.id}: {blocker.finding}", file, hint=hint if blocker.can_be_waived else "")
        for blocker in found.blocked
    ]
    count = len(problems)
    points = "1 point blocks" if count == 1 else f"{count} points block"
    return ContentError(f"The review {edition} cannot be closed: {points} it.", problems)


def _record(root: Path, edition: str, on: date, review: Review | None, result: Result) -> dict[str, Any]:
    data = result_data(result)
    workspace = data.pop("workspace")
    state_ = result.review
    since = None
    if state_ and state_.since:
        before = records.read_record(root, state_.since)
        since = {
            "edition": before.edition,
            "as_of": before.data["as_of"],
            "record": records.sha256(before.raw),
        }
    return {
        "schema": records.SCHEMA,
        "edition": edition,
        "as_of": result.as_of.isoformat(),
        "closed": on.isoformat(),
        "engine": dumped(engine()),
        "since": since,
        "approved": list(approved_tools(result, review)),
        "review": review.model_dump(mode="json", by_alias=True) if review else None,
        "log": reviews.read_log(root).model_dump(mode="json", by_alias=True),
        "workspace": workspace,
        "result": data,
    }
