"""Following one vendor over reviews and commits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from evaluator.change.mixtures import ReviewSide
from evaluator.change.review_differences import Recorded, under_ids_of, vendor_bridge
from evaluator.errors import EvaluatorError
from evaluator.model.change import NOW, Points
from evaluator.model.closed_review import HistoryPoint
from evaluator.model.workspace import Workspace
from evaluator.reviews import record_files
from evaluator.reviews.record import Place, compared_review
from evaluator.scoring.score import score

if TYPE_CHECKING:
    from evaluator.workspace.git_history import PastReader


def history(place: Place, vendor: str, *, commits: bool, revisions: Sequence[str]) -> tuple[HistoryPoint, ...]:
    """One option over all closed reviews and now; over the commits of the workspace too; or at ``revisions`` alone.

    Args:
        place: the workspace.
        vendor: the id of the option today, or of one that is none any more.
        commits: whether commits are followed too.
        revisions: the only commits that are wanted.
    """
    now = place.workspace
    folder = vendor.partition("@")[0]
    if revisions:
        return tuple(_followed(vendor, _called_as_in(now, _revision_moments(place.root, folder, revisions))))
    found = [*_followed(vendor, [*_closed_moments(place.root, now), _Moment("now", NOW, _side(now))])]
    if commits:
        found += _followed(vendor, _called_as_in(now, _commit_moments(place.root, folder)))
    return tuple(found)


_CUT = "This clone is shallow: earlier commits are not in it and not shown. If you trust it, run git fetch --unshallow to get them."


@dataclass(frozen=True, slots=True)
class _Moment:
    """One point in time; without a side where the workspace could not be used then."""

    kind: Literal["review", "commit", "now"]
    label: str
    side: ReviewSide | None
    recorded: Recorded = field(default_factory=dict)
    note: str = ""


def _closed_moments(root: Path, now: Workspace) -> list[_Moment]:
    names = record_files.closed_review_names(root)
    found = [under_ids_of(compared_review(root, name), now) for name in names]
    found.sort(key=lambda review: (review.result.as_of, review.name))
    return [_Moment("review", review.name, review.side, review.recorded) for review in found]


def _side(workspace: Workspace) -> ReviewSide:
    as_of = workspace.evaluation.as_of
    return ReviewSide(workspace, as_of, score(workspace, as_of))


def _commit_moments(root: Path, vendor: str) -> Iterator[_Moment]:
    """The commits that changed a file the vendor's figures depend on."""
    from evaluator.workspace.git_history import PastReader, files_of, open_history

    before: dict[str, str] | None = None
    with open_history(root) as past:
        reader = PastReader(past)
        for commit in past.commits():
            if commit.is_cut:
                yield _Moment("commit", f"before {commit.id[:8]}", None, note=_CUT)
            files = files_of(past, commit, vendor)
            if files and files != before:
                before = files
                yield _commit_moment(reader, f"{commit.day} {commit.id[:8]}", files, vendor, commit.subject)


def _revision_moments(root: Path, vendor: str, revisions: Sequence[str]) -> Iterator[_Moment]:
    from evaluator.workspace.git_history import PastReader, files_of, open_history

    with open_history(root) as past:
        reader = PastReader(past)
        for revision in revisions:
            commit = past.commit_at(revision)
            note = f"{commit.day} {commit.id[:8]} {commit.subject}"
            yield _commit_moment(reader, revision, files_of(past, commit, vendor), vendor, note)


def _commit_moment(reader: PastReader, label: str, files: Mapping[str, str], vendor: str, subject: str) -> _Moment:
    from evaluator.workspace.git_history import PastError

    try:
        return _Moment("commit", label, _side(reader.workspace(files, vendor)), note=subject)
    except (PastError, EvaluatorError) as error:
        return _Moment("commit", label, None, note=f"{subject}: {error}")


def _absent(moment: _Moment) -> str:
    return "no option any more" if moment.kind == "now" else "not an option then"


def _called_as_in(now: Workspace, moments: Iterable[_Moment]) -> Iterator[_Moment]:
    """The moments with the ids that their options have now."""
    for moment in moments:
        ids = moment.side.workspace.ids_in(now) if moment.side else {}
        yield replace(moment, side=_side(moment.side.workspace.with_ids(ids))) if moment.side and ids else moment


def _followed(vendor: str, moments: Iterable[_Moment]) -> Iterator[HistoryPoint]:
    """A point for each moment, with what moved the figures since the last one that has any; a commit that moved nothing has none."""
    before: _Moment | None = None
    for moment in moments:
        option = next((o for o in moment.side.scores.options if o.id == vendor), None) if moment.side else None
        if moment.side is None or option is None:
            day = moment.side.as_of if moment.side else None
            yield HistoryPoint(moment.kind, moment.label, day, None, None, 0.0, {}, moment.note or _absent(moment))
            continue
        causes = {}
        if before and before.side:
            causes = vendor_bridge(before.side, moment.side, vendor, (before.recorded, moment.recorded))
        first = before is None
        before = moment
        if moment.kind != "commit" or first or causes:
            cells = moment.recorded.get(vendor)
            yield HistoryPoint(
                kind=moment.kind,
                label=moment.label,
                as_of=moment.side.as_of,
                points=Points.total(cells.values()) if cells else Points(option.score, option.low, option.high),
                rank=None if moment.kind == "commit" else option.rank,
                coverage=option.coverage,
                causes=causes,
                note=moment.note,
            )
