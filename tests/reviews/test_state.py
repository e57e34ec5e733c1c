"""Where a review stands, to the day: triggers, divest entries, deadlines, approvals, and what blocks closing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from builders import (
    AS_OF,
    CATALOGUE,
    EVALUATION,
    USE_CASES,
    WEIGHTS,
    Content,
    answer,
    build,
    card_of,
    contents,
    evidence,
    profile_of,
    with_evaluated,
)
from review_builders import NEXT, a_year_later, answers_of, final_contents, log, past, review

from evaluator.evaluation.evaluate import evaluate
from evaluator.model.evaluated import Evaluated, FinalCheck
from evaluator.model.review import Blocker, Past, Review, ReviewLog, ReviewState
from evaluator.reviews.state import approved_tools, review_state, with_waivers

DAY = timedelta(days=1)
EVENT = {"trigger": "sold", "vendor": "v-1", "date": date(2027, 3, 2), "by": "architect"}
DIVEST = {"tool": "v-1", "owner": "head of IT", "until": date(2028, 6, 30), "running": ("a form",)}


def content(**knobs: Any) -> Content:
    """Evidence that stays fresh, and a trigger that reopens ``c-2`` and ``c-3``."""
    made = final_contents(**{"vendors": 2, **knobs})
    for value in made.values():
        for item in value.get("criteria", []) if value["schema"] == "criteria/1" else []:
            item["fresh_months"] = 60
    made[CATALOGUE]["triggers"] = [{"id": "sold", "when": "it changes hands", "reopens": ["c-2", "c-3"]}]
    return made


def result_of(made: Content) -> Evaluated:
    workspace = build(made)
    return evaluate(workspace, workspace.evaluation.as_of, version="1")


def state(
    made: Content,
    before: Past | None = None,
    noted: ReviewLog | None = None,
    opened: Review | None = None,
    **more: Any,
) -> ReviewState:
    return review_state(result_of(made), "2027", opened, before, noted or log(), **more)


def blockers(found: ReviewState) -> list[str]:
    return [blocker.id for blocker in found.blockers]


# --- what the state is made of ----------------------------------------------------------------------------------------


def test_a_review_that_was_never_opened() -> None:
    found = state(content())
    assert (found.review, found.as_of, found.opened, found.deadline, found.since) == ("2027", AS_OF, None, None, None)
    assert (found.approved, found.lost, found.days_left, found.note) == (("v-2",), (), None, "")
    assert [row.tool for row in found.exits] == ["v-2"]


def test_what_the_file_of_a_review_says() -> None:
    made = content()
    opened = review(
        as_of=NEXT, deadline=date(2027, 12, 1), note="Late.", approved=("v-1", "gone"), waived={"final-x": "Seen."}
    )
    found = state(a_year_later(made), past(made), opened=opened, on=date(2027, 11, 28))
    assert (found.opened, found.deadline, found.since, found.note) == (
        date(2027, 10, 1), date(2027, 12, 1), "2026", "Late."
    )  # fmt: skip
    assert found.days_left == 3
    assert (found.approved, found.lost) == (("v-1", "gone"), ("v-2",))
    assert [row.tool for row in found.exits] == ["v-1"]


@pytest.mark.parametrize(
    ("deadline", "on", "left"),
    [
        (date(2027, 12, 1), date(2027, 12, 1), 0),
        (date(2027, 12, 1), date(2027, 12, 3), -2),
        (date(2027, 12, 1), None, None),
        (None, date(2027, 12, 1), None),
    ],
)
def test_days_to_the_deadline(deadline: date | None, on: date | None, left: int | None) -> None:
    assert state(content(), opened=review(as_of=AS_OF, deadline=deadline), on=on).days_left == left


def test_the_months_of_soon_come_from_the_file() -> None:
    """Evidence of ``v-2`` on ``c-1`` is fresh until two months after the review."""
    made = content()
    made["criteria/f-1.yaml"]["criteria"][0]["fresh_months"] = 12
    for vendor in ("v-1", "v-2"):
        answers_of(made, vendor)["c-1"]["evidence"] = [evidence(date="2026-01-24")]
    assert [item.criterion for item in state(made, opened=review(as_of=AS_OF, soon_months=2)).due.answers] == []
    assert {item.criterion for item in state(made, opened=review(as_of=AS_OF, soon_months=3)).due.answers} == {"c-1"}
    assert state(made).due.answers == ()


def test_what_was_approved_is_what_the_file_says_or_the_recommended_stack() -> None:
    found = result_of(content())
    assert approved_tools(found, None) == ("v-2",)
    assert approved_tools(found, review()) == ("v-2",)
    assert approved_tools(found, review(approved=())) == ()
    assert approved_tools(found, review(approved=("v-1",))) == ("v-1",)
    nothing = content()
    nothing[USE_CASES]["use_cases"] = []
    assert approved_tools(result_of(nothing), None) == ()


def test_triggers_after_the_previous_review_up_to_the_day_of_the_review_latest_first() -> None:
    made = content()
    events = [
        {**EVENT, "date": AS_OF},
        {**EVENT, "date": AS_OF + DAY},
        {**EVENT, "date": NEXT, "vendor": None},
        {**EVENT, "date": NEXT, "vendor": "v-2"},
        {**EVENT, "date": NEXT, "vendor": "v-2", "trigger": "price"},
        {**EVENT, "date": NEXT + DAY},
    ]
    found = state(a_year_later(made), past(made), log(triggers=events)).triggers
    assert [(event.date, event.vendor, event.trigger) for event in found] == [
        (NEXT, "v-2", "sold"), (NEXT, "v-2", "price"), (NEXT, None, "sold"), (AS_OF + DAY, "v-1", "sold")
    ]  # fmt: skip
    assert len(state(a_year_later(made), None, log(triggers=events)).triggers) == 5


def test_divest_entries_are_open_until_the_day_after_they_are_done() -> None:
    entries = [DIVEST, *({**DIVEST, "done": day} for day in (AS_OF - DAY, AS_OF, AS_OF + DAY))]
    found = state(content(), noted=log(divest=entries)).divest
    assert [entry.done for entry in found] == [None, AS_OF + DAY]


# --- what blocks closing ----------------------------------------------------------------------------------------------


def divested(done: date | None, tool: str = "v-1") -> list[str]:
    """Blockers where ``v-1`` was approved and is no longer, and a divest entry says so."""
    made = content()
    before = replace(past(made), approved=("v-1", "v-2"))
    return blockers(state(a_year_later(made), before, log(divest=[{**DIVEST, "tool": tool, "done": done}])))


def test_a_tool_that_lost_its_approval_needs_an_entry_of_this_cycle() -> None:
    assert divested(None) == []
    assert divested(AS_OF) == []
    assert divested(AS_OF + DAY) == []
    assert divested(AS_OF - DAY) == ["divest-v-1"]
    assert divested(None, tool="v-2") == ["divest-v-1"]


def test_the_words_on_a_lost_tool() -> None:
    made = content()
    found = state(a_year_later(made), replace(past(made), approved=("v-1", "gone", "v-2")))
    assert found.lost == ("v-1", "gone")
    assert [(blocker.id, blocker.finding) for blocker in found.blockers] == [
        (
            f"divest-{tool}",
            f"{tool} was approved in 2026 and is no longer; reviews/log.yaml has no divest entry for it.",
        )
        for tool in ("v-1", "gone")
    ]


@pytest.mark.parametrize(("errors", "words"), [(1, "1 error;"), (2, "2 errors;")])
def test_errors_block_and_cannot_be_waived(errors: int, words: str) -> None:
    (blocker,) = state(content(), opened=review(as_of=AS_OF, waived={"errors": "No."}), errors=errors).blockers
    assert (blocker.id, blocker.waived, blocker.can_be_waived) == ("errors", "", False)
    assert f"The workspace has {words}" in blocker.finding


def test_two_dates_that_differ_block_and_cannot_be_waived() -> None:
    found = state(content(), opened=review(as_of=AS_OF + DAY, waived={"as-of": "No."}))
    assert found.blockers == (
        Blocker("as-of", "evaluation.yaml says as_of 2026-11-24, the review 2026-11-25.", can_be_waived=False),
    )
    assert state(content(), opened=review(as_of=AS_OF)).blockers == ()


def test_checks_of_a_final_paper_block_until_waived() -> None:
    made = content()
    del made[WEIGHTS]["seal"]
    made[EVALUATION]["status_quo"] = None
    found = state(made, opened=review(as_of=AS_OF, waived={"final-status-quo": "Seen elsewhere."}))
    assert {blocker.id: blocker.waived for blocker in found.blockers} == {
        "final-weights-sealed": "",
        "final-status-quo": "Seen elsewhere.",
    }


def test_waived_checks_count_as_passed_with_their_reason_and_others_stay() -> None:
    checks = (
        FinalCheck("one", passed=False, finding="One is missing."),
        FinalCheck("two", passed=False, finding="Two is missing."),
        FinalCheck("three", passed=True, finding="Three is there."),
        FinalCheck("four", passed=False, finding="Four is missing."),
    )
    result = replace(result_of(content()), final=checks)
    waived = tuple(
        Blocker(f"final-{key}", "x", waived=reason)
        for key, reason in (("one", "Seen."), ("two", ""), ("three", "Odd."))
    )
    found = with_waivers(result, replace(state(content()), blockers=waived))
    assert found.final == (
        FinalCheck("one", passed=True, finding="One is missing. Waived: Seen.", waived=True),
        *checks[1:],
    )


# --- answers that a decision cannot rest on ---------------------------------------------------------------------------


def gate_case(*, own: bool = False, vendor: str = "v-2", carried: bool = True, day: str = "2020-01-01") -> list[str]:
    """Blockers where the evidence of one vendor on ``c-1``, which a gate asks about, has aged."""
    made = content()
    if own:
        made[USE_CASES]["use_cases"][0]["gates"] = {"c-1": 0}
    else:
        made["criteria/f-1.yaml"]["criteria"][0] |= {"starter_gate": True, "gates": {"restricted": 1}}
    answers_of(made, vendor)["c-1"]["evidence"] = [evidence(date=day)]
    later = a_year_later(made)
    if not carried:
        answers_of(later, vendor)["c-1"]["date"] = "2027-11-01"
    found = state(later, replace(past(made), approved=("v-2",)), opened=review(as_of=NEXT, approved=("v-2",)))
    return [blocker.finding for blocker in found.blockers if not blocker.id.startswith("final-")]


def test_gates_of_approved_tools_that_are_due_and_not_confirmed() -> None:
    finding = "Gates of v-2 whose answers are due and not confirmed: c-1."
    assert gate_case() == [finding]
    assert gate_case(own=True) == [finding]
    assert gate_case(vendor="v-1") == []
    assert gate_case(carried=False) == []


def test_a_gate_that_only_goes_stale_soon_does_not_block() -> None:
    """Evidence is fresh for 60 months: until two months after the review, its last day on it, and a day less."""
    assert gate_case(day="2023-01-24") == []
    assert gate_case(day="2022-11-24") == []
    assert gate_case(day="2022-11-23") == ["Gates of v-2 whose answers are due and not confirmed: c-1."]


def test_reopened_answers_block_by_trigger_and_rewording() -> None:
    made = content()
    later = a_year_later(made)
    later["criteria/f-1.yaml"]["criteria"][0]["levels"] = {level: f"Another {level}" for level in range(5)}
    later["criteria/f-1.yaml"]["criteria"][0] |= {"starter_gate": True, "gates": {"restricted": 1}}
    events = [
        {**EVENT, "vendor": "v-2", "date": date(2027, 9, 9)},
        {**EVENT, "vendor": "v-2"},
        {**EVENT, "vendor": "v-2", "trigger": "price", "reopens": ("c-4",)},
        EVENT,
    ]
    found = state(later, past(made), log(triggers=events))
    assert [(blocker.id, blocker.finding) for blocker in found.blockers] == [
        ("reworded-v-2", "Re-worded criteria of v-2 that nobody answered again: c-1."),
        ("trigger-v-2-price", "v-2: the trigger price of 2027-03-02 reopened answers that nobody gave again: c-4."),
        (
            "trigger-v-2-sold",
            "v-2: the trigger sold of 2027-03-02 and 2027-09-09 reopened answers that nobody gave again: c-2, c-3.",
        ),
    ]


def test_approved_tools_of_both_reviews_are_held_to_their_answers_in_order() -> None:
    made = content()
    events = [{**EVENT, "vendor": None}]
    found = state(
        a_year_later(made), replace(past(made), approved=("v-2", "v-1")), log(triggers=events, divest=[DIVEST])
    )
    assert blockers(found) == ["trigger-v-1-sold", "trigger-v-2-sold"]
    found = state(a_year_later(made), None, log(triggers=events), opened=review(as_of=NEXT, approved=("v-1",)))
    assert blockers(found) == ["trigger-v-1-sold"]


# --- progress ---------------------------------------------------------------------------------------------------------


def test_progress_by_vendor_assessor_and_family() -> None:
    """Two assessors; ``v-1`` has a moderated answer on ``c-1``, which alone counts there; one answer is new."""
    made = content(criteria=2, families=2, assessors=("a", "b"))
    made[card_of("v-1", "agreed")] = {
        **made[card_of("v-1", "a")], "assessor": "agreed", "kind": "moderation", "answers": {"c-1": answer(2)}
    }  # fmt: skip
    later = a_year_later(made)
    later[card_of("v-2", "b")]["answers"]["c-2"]["date"] = "2027-11-01"
    found = state(later, past(made), log(triggers=[{**EVENT, "vendor": "v-1"}]))

    def rows(part: Any) -> dict[str, tuple[int, int, int, int]]:
        return {row.id: (row.answers, row.confirmed, row.carried, row.due) for row in part}

    assert rows(found.vendors) == {"v-2": (4, 1, 3, 0), "v-1": (3, 0, 3, 2)}
    assert list(rows(found.vendors)) == ["v-2", "v-1"]
    assert rows(found.assessors) == {"a": (3, 0, 3, 1), "b": (3, 1, 2, 1), "agreed": (1, 0, 1, 0)}
    assert rows(found.families) == {"f-1": (3, 0, 3, 0), "f-2": (4, 1, 3, 2)}


def test_a_new_criterion_that_nobody_answered_is_due_and_counts_no_answer() -> None:
    made = content(criteria=2, families=1)
    before = past(made)
    later = a_year_later(content(criteria=3, families=1))
    for vendor in ("v-1", "v-2"):
        del later[card_of(vendor)]["answers"]["c-3"]
    found = state(later, before)
    assert [(row.id, row.answers, row.due) for row in found.vendors] == [("v-2", 2, 1), ("v-1", 2, 1)]
    assert profile_of("v-1") in later


def test_a_tool_keeps_its_approval_where_another_edition_joins() -> None:
    before = past(contents(vendors=2, level=3))
    assert before.approved == ("v-1",)
    later = a_year_later(contents(vendors=2, level=3))
    with_evaluated(later, "v-1", "business", "enterprise")
    kept = state(later, before, opened=review(approved=("v-1@business",)))
    assert kept.lost == ()
    other = state(later, before, opened=review(approved=("v-1@enterprise",)))
    assert other.lost == ("v-1@business",)
    assert any(blocker.id == "divest-v-1@business" for blocker in other.blockers)
    entry = {"tool": "v-1", "owner": "x", "until": "2028-01-01", "running": ("a form",)}
    covered = state(later, before, log(divest=[entry]), review(approved=("v-1@enterprise",)))
    assert not any(blocker.id.startswith("divest-") for blocker in covered.blockers)
    # A light check is of the vendor, whichever of its editions was approved.
    assert {option.id for option in kept.vendors} == {"v-1@business", "v-2"}
