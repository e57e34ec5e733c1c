"""Two closed reviews made from the shipped evaluation, to be looked at and tried out.

The first is scored as of a year earlier on nothing but what is dated to that time; the second is the shipped
evaluation as it is. Nothing is invented: an answer, fact, price or capability without a source of that time is
unknown in the first.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

from evaluator.errors import EvaluatorError
from evaluator.model.base import Model, add_months
from evaluator.model.evidence_status import carriers
from evaluator.model.file_names import EVALUATION, WEIGHTS, Layout, profile_file
from evaluator.model.review import Review
from evaluator.model.scorecard import UNKNOWN, Answer, Scorecard
from evaluator.model.vendor import Capability, Profile
from evaluator.model.workspace import Workspace
from evaluator.reviews import review_files
from evaluator.reviews.closing import Closed, Papers, close
from evaluator.reviews.opening import open_review, state
from evaluator.reviews.record import Place
from evaluator.workspace.journal import is_content_name
from evaluator.workspace.load import load
from evaluator.workspace.shipped import shipped_files, shipped_root
from evaluator.workspace.transaction import check_new_workspace, create_workspace, transaction
from evaluator.workspace.yaml_writer import dump

_NOTICE = (
    "An example: the shipped desk review cut down to what is dated {day} or earlier. What has no source of that time "
    "is unknown here, also where it was true already."
)
_WAIVED = {"final-status-quo": "An example: the shipped evaluation describes no status quo."}
_WAIVED_BEFORE = {
    "final-weights-sealed": "An example: the shipped weights are younger than the earlier review, so its seal is not from before it."
}
"""What the earlier review waives as well."""
_OPENED_BEFORE = timedelta(days=30)


def example(target: Path, papers: Callable[[Path], Papers], progress: Callable[[str], None]) -> None:
    """Make the workspace ``target`` with two closed reviews, a year apart: all of it, or nothing.

    Args:
        target: a new or an empty folder.
        papers: what is issued with a closed review of the workspace in a folder.
        progress: told what is being done.

    Raises:
        EvaluatorError: the folder holds something, or cannot be written.
    """
    check_new_workspace(target)
    with tempfile.TemporaryDirectory(prefix="evaluator-example-") as folder:
        building = Path(folder).resolve() / "workspace"
        _two_reviews(building, papers(building), progress)
        made = sorted(path for path in building.rglob("*") if path.is_file())
        names = [path.relative_to(building).as_posix() for path in made]
        files = {name: path.read_bytes() for name, path in zip(names, made, strict=True) if is_content_name(name)}
    create_workspace(target, files)


def _two_reviews(target: Path, papers: Papers, progress: Callable[[str], None]) -> tuple[Closed, Closed]:
    """Make the workspace ``target`` with two closed reviews, step by step; returns both."""
    create_workspace(target, shipped_files())
    shipped = _place(shipped_root())
    now = shipped.workspace.evaluation.as_of
    then = add_months(now, -12)
    progress(f"cutting the shipped evaluation down to {then}")
    cut = {
        name: dump(model.model_dump(mode="json", by_alias=True, exclude_defaults=True)).encode("utf-8")
        for name, model in _cut(shipped.workspace, shipped.layout, then).items()
    }
    _write(target, cut)
    first = _closed_review(target, then, _WAIVED | _WAIVED_BEFORE, papers, progress)
    progress("taking up the shipped evaluation as it is")
    _write(target, {name: text for name, text in shipped_files().items() if name in cut})
    return first, _closed_review(target, now, _WAIVED, papers, progress)


def _write(root: Path, files: Mapping[str, bytes]) -> None:
    with transaction(root) as change:
        for name, text in files.items():
            change.write(name, text)


def _closed_review(
    target: Path, as_of: date, waived: Mapping[str, str], papers: Papers, progress: Callable[[str], None]
) -> Closed:
    name = str(as_of.year)
    place = _place(target)
    review = Review.model_validate(
        {
            "schema": "review/1",
            "review": name,
            "as_of": as_of,
            "opened": as_of - _OPENED_BEFORE,
            "deadline": as_of + _OPENED_BEFORE,
            "waived": dict(waived),
        }
    )
    open_review(place, review)
    _confirm(place, name, as_of)
    _divest(_place(target), name, as_of)
    progress(f"closing the review {name}")
    return close(_place(target), name, as_of + timedelta(days=1), papers)


def _confirm(place: Place, name: str, as_of: date) -> None:
    """Both reviews were assessed whole, so an answer that is the same in both gets a date of its own."""
    _, found = state(place, name)
    cards: dict[str, list[str]] = {}
    for key, assessor, criterion in found.due.carried:
        option = place.workspace.option(key)
        file = place.layout.card_file(option.vendor, option.edition, assessor)
        cards.setdefault(file, []).append(criterion)
    with transaction(place.root) as change:
        for file, criteria in cards.items():
            review_files.set_answer_days(change, file, criteria, as_of)


def _divest(place: Place, name: str, as_of: date) -> None:
    """An entry for each tool that loses its approval."""
    _, found = state(place, name)
    with transaction(place.root) as change:
        for tool in found.lost:
            entry = {
                "tool": tool,
                "owner": "platform team",
                "until": add_months(as_of, 12),
                "running": ["an example: nothing is known of what runs on it"],
            }
            review_files.append_log(change, "divest", entry)


def _place(root: Path) -> Place:
    loaded = load(root)
    if loaded.workspace is None:
        raise EvaluatorError("The shipped evaluation cannot be read; install evaluator again.")
    return Place(root, loaded.workspace, layout=loaded.layout)


def _cut(workspace: Workspace, layout: Layout, day: date) -> dict[str, Model]:
    """The files of the earlier review that differ from the shipped ones."""
    evaluation = workspace.evaluation.model_copy(update={"as_of": day, "notice": _NOTICE.format(day=day)})
    files: dict[str, Model] = {EVALUATION: evaluation}
    seal = workspace.weights.seal
    if seal and seal.date > day:
        files[WEIGHTS] = workspace.weights.model_copy(update={"seal": seal.model_copy(update={"date": day})})
    for key, vendor in workspace.vendors.items():
        files[profile_file(key)] = _profile(vendor.profile, day)
        for card in vendor.scorecards:
            files[layout.file_of(card)] = _card(card, workspace, day)
    return files


def _profile(profile: Profile, day: date) -> Profile:
    editions = tuple(
        edition.model_copy(
            update={
                "prices": tuple(price for price in edition.prices if _known(price.source_date, day)),
                "estimates": tuple(found for found in edition.estimates if _known(found.source_date, day)),
                "quote": edition.quote if edition.quote and edition.quote.date <= day else None,
                "capabilities": {key: _capability(found, day) for key, found in edition.capabilities.items()},
            }
        )
        for edition in profile.editions
    )
    return profile.model_copy(
        update={
            "captured": min(profile.captured, day),
            "editions": editions,
            "facts": tuple(fact for fact in profile.facts if _known(fact.source_date, day)),
            "capabilities": {key: _capability(found, day) for key, found in profile.capabilities.items()},
            "gaps": (),
        }
    )


def _known(source_date: date | None, day: date) -> bool:
    """Whether a source is of that time; one without a date was read later."""
    return source_date is not None and source_date <= day


def _capability(found: Capability, day: date) -> Capability:
    if _known(found.source_date, day):
        return found
    return Capability(
        support="unknown", note=f"No source of {day} or earlier.", source=None, source_date=None, confidence="low"
    )


def _card(card: Scorecard, workspace: Workspace, day: date) -> Scorecard:
    answers = {
        key: _answer(answer, workspace, key, day)
        for key, answer in card.answers.items()
        if key in workspace.catalogue.criteria
    }
    return card.model_copy(
        update={"assessed": min(card.assessed, day), "notice": _NOTICE.format(day=day), "answers": answers}
    )


def _answer(answer: Answer, workspace: Workspace, criterion: str, day: date) -> Answer:
    """The answer on the evidence of that time; unknown where none of it carries the level."""
    evidence = tuple(
        item.model_copy(update={"captured": item.captured if item.captured and item.captured <= day else None})
        for item in answer.evidence
        if item.date is not None and item.date <= day
    )
    cut = answer.model_copy(update={"evidence": evidence, "date": None})
    if not answer.known or carriers(cut, workspace.catalogue.criteria[criterion], workspace.catalogue):
        return cut
    return Answer(
        level=UNKNOWN,
        rationale=f"No evidence of {day} or earlier carries a level.",
        evidence=evidence,
        confidence="low",
    )
