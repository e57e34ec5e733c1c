"""What the log and the file of a review name."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from builders import CATALOGUE, EVALUATION, Content, build, contents, with_evaluated
from review_builders import log, review

from evaluator.errors import Severity
from evaluator.model.file_names import REVIEW_LOG
from evaluator.rules.reviews import check_log, check_review, deadline_faults


def content() -> Content:
    made = contents(criteria=2, families=1, vendors=2)
    made[CATALOGUE]["triggers"] = [{"id": "breach", "when": "w", "reopens": ["c-1"]}]
    return made


def event(**changes: Any) -> dict[str, Any]:
    return {"trigger": "breach", "vendor": "v-1", "date": "2027-01-01", "by": "Office", **changes}


def check(vendor: str) -> dict[str, Any]:
    return {"vendor": vendor, "date": "2027-01-01", "by": "Office"}


def test_a_log_whose_names_all_exist() -> None:
    noted = log(
        triggers=[event(), event(trigger="catalogue", vendor=None, reopens=("c-1", "c-2"))],
        checks=[check("v-2")],
    )
    assert list(check_log(build(content()), noted)) == []


def test_every_name_of_the_log_that_does_not_exist() -> None:
    noted = log(
        triggers=[event(), event(trigger="breech", vendor="v-9", reopens=("c-1", "c-9"))],
        checks=[check("v-1"), check("zzz")],
    )
    found = list(check_log(build(content()), noted))
    assert [(problem.code, problem.path, problem.severity) for problem in found] == [
        ("unknown-log-trigger", ("triggers", 1, "trigger"), Severity.ERROR),
        ("unknown-log-criterion", ("triggers", 1, "reopens", 1), Severity.WARNING),
        ("unknown-log-vendor", ("triggers", 1, "vendor"), Severity.WARNING),
        ("unknown-log-vendor", ("checks", 1, "vendor"), Severity.WARNING),
    ]
    assert {problem.file for problem in found} == {REVIEW_LOG}
    assert [problem.message for problem in found] == [
        "there is no trigger breech", "there is no criterion c-9 any more", "there is no vendor v-9", "there is no vendor zzz"
    ]  # fmt: skip
    assert [problem.hint for problem in found] == [
        "did you mean breach?", "", found[2].hint, "known ids are in vendors/, a folder each"
    ]  # fmt: skip
    assert "did you mean v-" in found[2].hint


def test_only_options_can_be_approved() -> None:
    made = content()
    made[EVALUATION]["options"] = ["v-1"]
    workspace = build(made)
    assert list(check_review(workspace, review())) == []
    assert list(check_review(workspace, review(approved=("v-1",)))) == []
    (problem,) = check_review(workspace, review(approved=("v-1", "v-2")))
    assert (problem.code, problem.path, problem.file) == ("unknown-approved-tool", ("approved", 1), "reviews/2027.yaml")
    assert problem.message == "there is no option v-2 that could be approved"
    assert problem.hint == "did you mean v-1?"
    assert problem.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("opened", "as_of", "deadline", "what"),
    [
        ("2027-03-01", "2027-03-01", "2027-03-01", None),
        ("2027-03-02", "2027-03-01", "2027-03-01", "the opening day, 2027-03-02"),
        ("2027-03-01", "2027-03-02", "2027-03-01", "the date at which the review judges evidence, 2027-03-02"),
        ("2027-03-02", "2027-03-03", "2027-03-01", "the opening day, 2027-03-02"),
        ("2027-03-02", "2027-03-03", None, None),
    ],
)
def test_a_deadline_comes_after_opening_and_date(
    opened: str, as_of: str, deadline: str | None, what: str | None
) -> None:
    day = date.fromisoformat
    made = review(opened=day(opened), as_of=day(as_of), deadline=deadline and day(deadline))
    found = list(deadline_faults(made))
    assert [problem.message for problem in found] == ([f"the deadline {deadline} lies before {what}"] if what else [])
    for problem in found:
        assert (problem.code, problem.path, problem.file) == ("early-deadline", ("deadline",), "reviews/2027.yaml")
    assert [problem.code for problem in check_review(build(content()), made)] == [problem.code for problem in found]


def test_at_most_one_edition_of_a_vendor_is_approved() -> None:
    made = content()
    with_evaluated(made, "v-1", "business", "enterprise")
    workspace = build(made)
    assert list(check_review(workspace, review(approved=("v-1@business", "v-2")))) == []
    (problem,) = check_review(workspace, review(approved=("v-1@business", "v-1@enterprise")))
    assert (problem.code, problem.path) == ("two-editions", ("approved",))
    assert problem.message == "several editions of v-1 are approved, and a stack holds at most one edition of a vendor"
    (problem,) = check_review(workspace, review(approved=("v-1",)))
    assert problem.code == "unknown-approved-tool"
