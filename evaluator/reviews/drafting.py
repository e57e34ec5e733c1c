"""The state of a review, closed or still open: where the review stands, and what changed since the previous review."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from evaluator import __version__
from evaluator.change.review_differences import ComparedReview, change
from evaluator.model.evaluated import Evaluated
from evaluator.model.review import Review, ReviewState
from evaluator.reviews import review_files
from evaluator.reviews.closed_reviews import Place, compared_review, past
from evaluator.reviews.state import review_state, with_waivers


def drafted(place: Place, result: Evaluated, on: date) -> Evaluated:
    """``result`` as a draft of the open review at whose date it was computed; as it is where there is no such review, or several."""
    review = open_at(place.root, result.as_of)
    if review is None:
        return result
    before = past(place.root, review.since) if review.since else None
    log = review_files.read_log(place.root)
    found = review_state(result, review.edition, review, before, log, place.errors, on)
    return with_waivers(following(place.root, result, found), found)


def open_at(root: Path, as_of: date) -> Review | None:
    """The open review at this date; None where there is no such review, or several."""
    opened = [
        review
        for name in review_files.open_reviews(root)
        if (review := review_files.read_review(root, name)) and review.as_of == as_of
    ]
    return opened[0] if len(opened) == 1 else None


def following(root: Path, result: Evaluated, found: ReviewState) -> Evaluated:
    """``result`` with the state of its review, and with what changed since the previous review, if there is one."""
    changes = None
    if found.since:
        new = ComparedReview(found.edition, result, __version__, approved=found.approved)
        changes = change(compared_review(root, found.since), new)
    return replace(result, review=found, changes=changes)
