"""Opening a review, sending out what is due, and working through it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from evaluator import __version__
from evaluator.errors import ContentError, EvaluatorError
from evaluator.evaluation.evaluate import evaluate
from evaluator.forms.export_order import Setting, order_for
from evaluator.forms.questionnaire_form import questionnaire_book
from evaluator.forms.scorecard_form import scorecard_book
from evaluator.model.evaluated import Evaluated
from evaluator.model.file_names import review_file
from evaluator.model.option_names import only_option
from evaluator.model.review import Past, Review, ReviewState
from evaluator.reviews import record_files, review_files
from evaluator.reviews.record import ClosedReview, Place, latest, past, sound_record
from evaluator.reviews.state import review_state
from evaluator.rules.base import RuleContext
from evaluator.rules.dates import latest_day
from evaluator.rules.reviews import deadline_faults
from evaluator.workspace.output import write_output
from evaluator.workspace.transaction import transaction


def open_review(place: Place, review: Review) -> Review:
    """Open ``review``: write its file and move the date of the evaluation; returns it with the previous review filled in.

    Raises:
        EvaluatorError: the review is closed or open already, or its dates cannot be.
    """
    record_files.review_folder(place.root, review.name)
    if review.name in record_files.closed_review_names(place.root):
        raise EvaluatorError(f"The review {review.name} is closed already; a closed review is never overwritten.")
    for problem in deadline_faults(review):
        raise EvaluatorError(f"{problem.message[0].upper()}{problem.message[1:]}.")
    review = review.model_copy(update={"since": review.since or latest(place.root, review.as_of)})
    before = past(place.root, review.since) if review.since else None
    if before and review.as_of <= before.as_of:
        raise EvaluatorError(
            f"The review {review.name} is as of {review.as_of}, but {before.name} before it is as of {before.as_of}."
        )
    seen = latest_day(RuleContext(place.workspace, place.workspace.evaluation.as_of, place.layout))
    if seen and review.as_of < seen:
        raise EvaluatorError(
            f"The review {review.name} cannot be as of {review.as_of}: answers, evidence and other content bear days up to {seen}. "
            f"Give --as-of {seen} or a later day."
        )
    with transaction(place.root) as change:
        review_files.write_review(change, review)
        if place.workspace.evaluation.as_of != review.as_of:
            review_files.set_as_of(change, review.as_of)
    return review


def state(place: Place, name: str | None, on: date | None = None) -> tuple[Evaluated, ReviewState]:
    """Where an open review stands on a day; the only open one where none is named."""
    name = name or _only_open(place.root)
    if name in record_files.closed_review_names(place.root):
        raise EvaluatorError(f"The review {name} is closed; `evaluator review verify {name}` says whether it holds.")
    review = review_files.read_review(place.root, name)
    if review is None:
        raise EvaluatorError(f"The review {name} is not open; `evaluator review open {name} --as-of DATE` opens it.")
    result, found, _ = current(place, name, review, on)
    return result, found


def current(
    place: Place, name: str, review: Review | None, on: date | None = None
) -> tuple[Evaluated, ReviewState, ClosedReview | None]:
    """The result at the date of the review, where it stands on a day, and the review before it; ``review`` is its file, if it was opened."""
    if review and review.name != name:
        file = review_file(name)
        raise ContentError(f"'{file}' cannot be used.", [review_files.wrong_name(file, review)])
    as_of = review.as_of if review else place.workspace.evaluation.as_of
    since = review.since if review else latest(place.root, as_of)
    before = sound_record(place.root, since) if since else None
    result = evaluate(place.workspace, as_of, version=__version__)
    log = review_files.read_log(place.root)
    found = review_state(result, name, review, before.past if before else None, log, place.errors, on)
    return result, found, before


def _only_open(root: Path) -> str:
    found = review_files.open_reviews(root)
    if len(found) == 1:
        return found[0]
    if found:
        raise EvaluatorError(f"Several reviews are open: {', '.join(found)}; name one.")
    raise EvaluatorError("No review is open; `evaluator review open REVIEW --as-of DATE` opens one.")


def confirm(place: Place, vendor: str, assessor: str, criteria: Sequence[str], on: date) -> tuple[str, ...]:
    """Date each of the answers of one assessor on a vendor; all of them where none is named. Returns the criteria dated."""
    option = only_option(place.workspace, vendor)
    card = option.card_of(assessor)
    if card is None:
        cards = place.workspace.vendors[option.vendor].scorecards
        known = ", ".join(f"{card.assessor} ({card.edition})" for card in cards) or "none"
        raise EvaluatorError(
            f"{option.vendor} has no scorecard of {assessor} on its edition {option.edition}; its scorecards are {known}."
        )
    file = place.layout.file_of(card)
    unanswered = [criterion for criterion in criteria if criterion not in card.answers]
    if unanswered:
        raise EvaluatorError(f"{assessor} has no answer on {unanswered[0]}: see {file}.")
    chosen = tuple(criteria) or tuple(card.answers)
    if on > place.workspace.evaluation.as_of:
        raise EvaluatorError(f"{on} lies after the date of the evaluation, {place.workspace.evaluation.as_of}.")
    with transaction(place.root) as change:
        review_files.set_answer_days(change, file, chosen, on)
    return chosen


def log(place: Place, entry: Mapping[str, Any], trigger: str | None) -> None:
    """Note a trigger or, where there is none, a light check that found nothing."""
    if trigger is None:
        with transaction(place.root) as change:
            review_files.append_log(change, "checks", {key: entry.get(key) for key in ("vendor", "date", "by", "note")})
        return
    known = [found.id for found in place.workspace.catalogue.head.triggers]
    if trigger not in known:
        listed = f"the catalogue knows {', '.join(known)}" if known else "the catalogue lists none"
        raise EvaluatorError(f"There is no trigger '{trigger}'; {listed}.")
    with transaction(place.root) as change:
        review_files.append_log(change, "triggers", {"trigger": trigger, **entry})


def send(result: Evaluated, state: ReviewState, past: Past | None, folder: Path) -> Iterator[Path]:
    """Write the workbooks of the review into ``folder``, and yield each path.

    Args:
        result: the evaluation at the date of the review.
        state: where the review stands; only what is due goes out.
        past: the previous review, whose answers stand beside the new ones.
        folder: where the workbooks go.
    """
    workspace = result.workspace
    setting = Setting(
        workspace.catalogue, result.as_of, __version__, result.scores.weights, workspace.evaluation.out_of_scope
    )
    due: dict[str, dict[str, set[str]]] = {}
    questions: dict[str, set[str]] = {}
    gated = result.scores.gated_criteria
    for item in state.due.answers:
        due.setdefault(item.assessor, {}).setdefault(item.vendor, set()).add(item.criterion)
        questions.setdefault(item.vendor, set(gated)).add(item.criterion)

    def in_order(criteria: set[str]) -> tuple[str, ...]:
        return tuple(key for key in workspace.catalogue.criteria if key in criteria)

    for assessor, vendors in sorted(due.items()):
        orders = [
            order_for(workspace, workspace.option(key), assessor, in_order(criteria), past)
            for key, criteria in sorted(vendors.items())
        ]
        path = folder / f"{state.review}-{assessor}.xlsx"
        write_output(path, scorecard_book(setting, orders))
        yield path
    for vendor, criteria in sorted(questions.items()):
        order = order_for(workspace, workspace.option(vendor), "", in_order(criteria), past, for_vendor=True)
        if order.criteria:
            path = folder / f"{state.review}-questions-{vendor}.xlsx"
            write_output(path, questionnaire_book(setting, [order], workspace.evaluation.organisation))
            yield path
