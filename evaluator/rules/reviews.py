"""Rules on reviews: what their log and their files name has to exist, or it reopens and approves nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from evaluator.errors import Problem, Severity
from evaluator.model.file_names import CATALOGUE, REVIEW_LOG, review_file
from evaluator.model.review import CATALOGUE_TRIGGER, Review, ReviewLog
from evaluator.model.workspace import Workspace
from evaluator.rules.base import Nearest


def check_log(workspace: Workspace, log: ReviewLog) -> Iterator[Problem]:
    """A trigger, a vendor or a criterion that the log names and the workspace does not have; without lines."""
    triggers = {CATALOGUE_TRIGGER, *(trigger.id for trigger in workspace.catalogue.head.triggers)}
    near_trigger = Nearest(sorted(triggers), f"{CATALOGUE} under triggers")
    near_vendor = Nearest(workspace.vendors, "vendors/, a folder each")
    criteria = workspace.catalogue.criteria
    for number, event in enumerate(log.triggers):
        path = ("triggers", number)
        if event.trigger not in triggers:
            message = f"there is no trigger {event.trigger}"
            hint = near_trigger(event.trigger)
            yield Problem("unknown-log-trigger", message, REVIEW_LOG, (*path, "trigger"), hint=hint)
        for place, key in enumerate(event.reopens or ()):
            if key not in criteria:
                # A criterion that was given up since reopens nothing, and that is right.
                message = f"there is no criterion {key} any more"
                reopened = (*path, "reopens", place)
                yield Problem("unknown-log-criterion", message, REVIEW_LOG, reopened, severity=Severity.WARNING)
    named = [(("triggers", number, "vendor"), event.vendor) for number, event in enumerate(log.triggers)]
    named += [(("checks", number, "vendor"), check.vendor) for number, check in enumerate(log.checks)]
    for where, vendor in named:
        if vendor is not None and vendor not in workspace.vendors:
            message, hint = f"there is no vendor {vendor}", near_vendor(vendor)
            yield Problem("unknown-log-vendor", message, REVIEW_LOG, where, hint=hint, severity=Severity.WARNING)


def check_review(workspace: Workspace, review: Review) -> Iterator[Problem]:
    """An open review that approves a tool which is no option, or whose deadline cannot be; without lines."""
    yield from deadline_faults(review)
    known = {option.id for option in workspace.options}
    near = Nearest(sorted(known), "vendors/, a folder each")
    for place, tool in enumerate(review.approved or ()):
        if tool not in known:
            message = f"there is no option {tool} that could be approved"
            file = review_file(review.name)
            yield Problem("unknown-approved-tool", message, file, ("approved", place), hint=near(tool))
    vendors = Counter(workspace.option(tool).vendor for tool in set(review.approved or ()) & known)
    for vendor, count in vendors.items():
        if count > 1:
            message = f"several editions of {vendor} are approved, and a stack holds at most one edition of a vendor"
            yield Problem("two-editions", message, review_file(review.name), ("approved",), hint="keep one of them")


def deadline_faults(review: Review) -> Iterator[Problem]:
    """A deadline before the day of opening, or before the date at which evidence is judged; without lines."""
    days = (review.opened, "the opening day"), (review.as_of, "the date at which the review judges evidence")
    for day, what in days:
        if review.deadline is not None and review.deadline < day:
            message = f"the deadline {review.deadline} lies before {what}, {day}"
            file = review_file(review.name)
            yield Problem("early-deadline", message, file, ("deadline",), hint="move the deadline")
            return
