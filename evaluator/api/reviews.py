"""Annual reviews: opening, following, closing, verifying, comparing; upgrades of the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluator.api.common import Folder, Progress, silent, target_folder
from evaluator.api.evaluation import known_options
from evaluator.api.papers import review_papers
from evaluator.api.workspaces import open_workspace, usable, usable_for
from evaluator.errors import EvaluatorError, check_line, has_errors, one_line

if TYPE_CHECKING:
    from evaluator.model.change import Change
    from evaluator.model.closed_review import HistoryPoint, Upgrade, Verification
    from evaluator.model.evaluated import Evaluated
    from evaluator.model.review import ReviewState
    from evaluator.model.workspace import Workspace
    from evaluator.reviews.record import Place


def review_open(
    folder: Folder,
    name: str,
    as_of: date,
    *,
    opened: date,
    deadline: date | None = None,
    since: str | None = None,
    soon_months: int = 3,
    send: Folder | None = None,
    progress: Progress = silent,
) -> tuple[Workspace, ReviewState]:
    """Open a review: write its file, move the evaluation to ``as_of``, and say what is due.

    Args:
        folder: the workspace.
        name: the name of the review, such as 2027.
        as_of: the date at which evidence is judged.
        opened: the day of opening.
        deadline: when it is to be closed.
        since: the closed review before it; the latest where left out.
        soon_months: evidence that goes stale within so many months after ``as_of`` is due too.
        send: the folder into which workbooks with what is due are written, as by :func:`review_send`.
        progress: called with a sentence when the review is open, and for every workbook.
    """
    from pydantic import ValidationError

    from evaluator.model.review import Review
    from evaluator.reviews.opening import open_review
    from evaluator.reviews.record_files import closed_review_names, review_folder

    if send is not None:
        _check_sending(name, send)
    place = _place(folder, settled=True)
    review_folder(place.root, name)
    if since is not None and since not in (closed := closed_review_names(place.root)):
        listed = f"the closed ones are {', '.join(closed)}" if closed else "none is closed yet"
        raise EvaluatorError(f"There is no closed review '{one_line(since)}' to follow (--since); {listed}.")
    given = {"review": name, "as_of": as_of, "opened": opened, "deadline": deadline, "since": since}
    try:
        review = Review.model_validate({"schema": "review/1", "soon_months": soon_months, **given})
    except ValidationError as error:
        field = error.errors()[0]["loc"][0]
        raise EvaluatorError(
            f"'{one_line({**given, 'soon_months': soon_months}.get(str(field)))}' cannot be the {field} of a review."
        ) from None
    open_review(place, review)
    progress(f"opened the review {name}; next: evaluator review status {name}")
    return review_status(folder, name, opened, send=send, progress=progress)


def review_status(
    folder: Folder = ".",
    name: str | None = None,
    on: date | None = None,
    *,
    send: Folder | None = None,
    progress: Progress = silent,
) -> tuple[Workspace, ReviewState]:
    """Where an open review stands: progress, what is due, what blocks closing.

    Args:
        folder: the workspace.
        name: the name of the review; the only open one where left out.
        on: the day from which the days to the deadline count.
        send: the folder into which workbooks with what is due are written, as by :func:`review_send`.
        progress: called with a sentence for every workbook.

    Raises :class:`ContentError` where the workspace cannot be used; with ``send`` where it has any error.
    """
    from evaluator.reviews.opening import state

    place = _place(folder, may_have_errors=send is None)
    result, found = state(place, name, on)
    if send is not None:
        for path in _sent(place.root, result, found, send):
            progress(f"wrote {path}")
    return place.workspace, found


def with_review(result: Evaluated, folder: Folder, on: date) -> Evaluated:
    """``result`` as a draft of the open review at its date: where the review stands on a day, and what changed since the previous review.

    As it is where no review is open at that date.
    """
    from evaluator.reviews.record import Place
    from evaluator.reviews.state import drafted
    from evaluator.workspace.containment import find_root

    return drafted(Place(find_root(Path(folder)), result.workspace), result, on)


def review_send(folder: Folder, name: str | None, target: Folder) -> tuple[Path, ...]:
    """Write a re-scoring workbook per assessor and a questionnaire per vendor, with what is due, into ``target``."""
    from evaluator.reviews.opening import state

    place = _place(folder)
    return tuple(_sent(place.root, *state(place, name), target))


def _check_sending(name: str, target: Folder) -> None:
    """Raise :class:`EvaluatorError` where the workbooks of a review cannot be written into the folder ``target``."""
    from evaluator.workspace.output import check_outputs

    check_outputs(target_folder(target), f"{name}-")


def _sent(root: Path, result: Evaluated, found: ReviewState, target: Folder) -> Iterator[Path]:
    """Write the workbooks of a review, and yield the path of each."""
    from evaluator.reviews.opening import send
    from evaluator.reviews.record import past

    _check_sending(found.review, target)
    yield from send(result, found, past(root, found.since) if found.since else None, Path(target))


def review_confirm(folder: Folder, vendor: str, criteria: Sequence[str], *, assessor: str, on: date) -> tuple[str, ...]:
    """Say that answers of ``assessor`` on ``vendor`` still stand, by a date of their own; all of them where none is named."""
    from evaluator.reviews.opening import confirm

    place = _place(folder, settled=True)
    known_options(place.workspace, [vendor])
    return confirm(place, vendor, assessor, criteria, on)


def review_log(
    folder: Folder,
    vendor: str,
    *,
    trigger: str | None,
    on: date,
    by: str,
    source: str = "",
    note: str = "",
) -> None:
    """Note what happened to ``vendor``: a trigger, or, where there is none, a light check that found nothing."""
    from evaluator.reviews.opening import log

    for what, text in (("role", by), ("source", source), ("note", note)):
        if text or what == "role":
            check_line(what, text)
    place = _place(folder, settled=True)
    known_options(place.workspace, [vendor])
    log(place, {"vendor": vendor, "date": on, "by": by, "source": source, "note": note}, trigger)


def review_close(
    folder: Folder, name: str, *, on: date, sign: Folder | None = None, progress: Progress = silent
) -> Path:
    """Freeze the review under ``reports/``: record, papers, checksums and signature, in one step; returns its folder.

    Args:
        folder: the workspace.
        name: the name of the review.
        on: the day of closing.
        sign: the SSH key that signs: a private key, or a public one whose private half an agent holds.
        progress: is told what is being done.

    Raises :class:`ContentError` with every point that blocks closing.
    """
    from evaluator.reviews.closing import close

    place = _place(folder, settled=True)
    key = None if sign is None else Path(sign)
    return close(place, name, on, review_papers(place.root, progress), key).folder


def review_verify(
    folder: Folder, name: str, *, allowed_signers: Folder | None = None, revoked: Folder | None = None
) -> tuple[Verification, ...]:
    """Whether a closed review (or ``all``) is as issued, whether this version computes its figures, and who signed it.

    Args:
        folder: the workspace.
        name: the name of the review.
        allowed_signers: a file of those who may sign, as git and OpenSSH have it; the signer is not checked without it.
        revoked: a file of keys that are revoked; it counts only beside ``allowed_signers``.
    """
    from evaluator.reviews.record_files import closed_review_names
    from evaluator.reviews.signatures import Signers
    from evaluator.reviews.verification import verify
    from evaluator.workspace.containment import find_root

    root = find_root(Path(folder))
    signers = None
    if allowed_signers is not None:
        signers = Signers.read(Path(allowed_signers), None if revoked is None else Path(revoked))
    chosen = closed_review_names(root) if name == "all" else (name,)
    if not chosen:
        raise EvaluatorError("No review is closed yet.")
    return tuple(verify(root, name, signers) for name in chosen)


def review_diff(folder: Folder, old: str, new: str, as_of: date | None = None) -> tuple[Workspace, Change]:
    """What changed from one closed review to another, or to ``now`` (at ``as_of``), by cause; with the newer content."""
    from evaluator.reviews.verification import diff
    from evaluator.workspace.containment import find_root

    place = _place(folder) if "now" in {old, new} else None
    return diff(place, find_root(Path(folder)), old, new, as_of)


def init_example(folder: Folder, progress: Progress = silent) -> Path:
    """A new workspace in ``folder`` with two closed reviews made from the shipped content; returns its path."""
    from evaluator.reviews.example import example

    target = target_folder(folder)
    example(target, lambda root: review_papers(root, progress), progress)
    return target


def review_history(
    folder: Folder, vendor: str, *, commits: bool = False, revisions: Sequence[str] = ()
) -> tuple[Workspace, tuple[HistoryPoint, ...]]:
    """One vendor over all closed reviews and now; with ``commits`` over those of the workspace too; or at ``revisions``.

    A vendor that is no option any more is followed as far as it was one.
    """
    from evaluator.reviews.history import history as follow

    place = _place(folder)
    points = follow(place, vendor, commits=commits, revisions=revisions)
    if not any(point.points for point in points):
        known_options(place.workspace, [vendor])
    return place.workspace, points


def catalogue_upgrade(folder: Folder, *, on: date, dry_run: bool = False, shipped: Folder | None = None) -> Upgrade:
    """Bring the workspace's catalogue to the shipped one, its own criteria, weights and answers kept; says every difference."""
    from evaluator.reviews.catalogue_upgrade import upgrade
    from evaluator.workspace.load import load as load_files
    from evaluator.workspace.shipped import shipped_root

    own = load_files(_place(folder, settled=not dry_run).root)
    return upgrade(own, load_files(Path(shipped) if shipped else shipped_root()), on, dry_run=dry_run)


def opened_as_text(workspace: Workspace, state: ReviewState) -> str:
    """How much is due when a review opens, for the terminal."""
    from evaluator.reports.terminal.page import render
    from evaluator.reports.terminal.reviews import opened_page

    return render(opened_page(workspace, state))


def due_as_text(workspace: Workspace, state: ReviewState) -> str:
    """Every answer that is due, for the terminal."""
    from evaluator.reports.terminal.page import render
    from evaluator.reports.terminal.reviews import due_page

    return render(due_page(workspace, state))


def status_as_text(workspace: Workspace, state: ReviewState) -> str:
    """Where a review stands, for the terminal."""
    from evaluator.reports.terminal.page import render
    from evaluator.reports.terminal.reviews import status_page

    return render(status_page(workspace, state))


def change_as_text(workspace: Workspace, change: Change, chosen: Collection[str] = ()) -> str:
    """What changed, for the terminal; criterion by criterion for ``chosen`` options."""
    from evaluator.reports.terminal.changes import change_page
    from evaluator.reports.terminal.page import render

    known = {option.id for option in change.options}
    for vendor in chosen:
        if vendor not in known:
            raise EvaluatorError(
                f"There is no option '{vendor}' in either review; they are {', '.join(sorted(known))}."
            )
    return render(change_page(workspace, change, chosen))


def verification_as_text(found: Verification) -> str:
    """What verification of one review found, for the terminal."""
    from evaluator.reports.terminal.page import render
    from evaluator.reports.terminal.reviews import verification_page

    return render(verification_page(found))


def history_as_text(workspace: Workspace, vendor: str, points: Sequence[HistoryPoint]) -> str:
    """One vendor over time, for the terminal."""
    from evaluator.reports.terminal.page import render
    from evaluator.reports.terminal.reviews import history_page

    return render(history_page(workspace, vendor, points))


def upgrade_as_text(found: Upgrade) -> str:
    """What an upgrade of the catalogue did or would do, for the terminal."""
    from evaluator.reports.terminal.page import render
    from evaluator.reports.terminal.reviews import upgrade_page

    return render(upgrade_page(found))


def review_as_data(value: ReviewState | Change | Verification | HistoryPoint | Upgrade) -> dict[str, Any]:
    """The machine-readable form of what the functions on reviews return."""
    from evaluator.reports.json_contract import dumped

    data: dict[str, Any] = dumped(value)
    return data


def _place(folder: Folder, *, may_have_errors: bool = False, settled: bool = False) -> Place:
    """The workspace as a review needs it; raises :class:`ContentError` where it has errors.

    With ``may_have_errors`` only where a file that every figure needs cannot be read: the others are named, and errors counted.
    """
    from evaluator.reviews.record import Place

    opened = open_workspace(folder, settled=settled)
    if opened.workspace is None or not may_have_errors:
        return Place(opened.root, usable(opened), digests=opened.digests, layout=opened.layout)
    spared = ("vendors/", "weights/", "reports/")
    workspace = usable_for(opened.workspace, opened.unread, lambda file: not file.startswith(spared))
    errors = sum(has_errors([problem]) for problem in opened.problems)
    return Place(opened.root, workspace, errors, layout=opened.layout)
