"""What is due at a review and why, what is carried, and what blocks closing."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest
from builders import (
    AS_OF,
    CATALOGUE,
    EVALUATION,
    GUARDRAILS,
    USE_CASES,
    WEIGHTS,
    answer,
    card_of,
    criterion,
    evidence,
    profile_of,
)
from review_builders import NEXT, a_year_later, answers_of, final_contents, log, past, review, state

from evaluator.model.review import DueKind, ReviewState

EVENT = {"trigger": "sold", "vendor": "v-1", "date": date(2027, 3, 2), "by": "architect"}


def kinds(found: ReviewState) -> dict[tuple[str, str], set[str]]:
    return {(item.vendor, item.criterion): {reason.kind.value for reason in item.reasons} for item in found.due.answers}


def fresh(months: int = 60) -> Any:
    """Content whose evidence stays fresh for a long time, with a trigger that reopens c-2 and c-3."""
    content = final_contents(vendors=2)
    for value in content.values():
        for item in value.get("criteria", []) if value["schema"] == "criteria/1" else []:
            item["fresh_months"] = months
    content[CATALOGUE]["triggers"] = [{"id": "sold", "when": "it changes hands", "reopens": ["c-2", "c-3"]}]
    return content


def test_nothing_is_due_and_everything_is_carried_when_nothing_happened() -> None:
    content = fresh()
    found = state(a_year_later(content), past(content))
    assert found.due.answers == ()
    assert len(found.due.carried) == 8
    assert [(row.id, row.answers, row.confirmed, row.carried, row.due) for row in found.vendors] == [
        ("v-2", 4, 0, 4, 0),
        ("v-1", 4, 0, 4, 0),
    ]


def test_a_first_review_has_nothing_carried_and_only_stale_answers_due() -> None:
    content = final_contents(vendors=1, criteria=2)
    answers_of(content, "v-1")["c-1"]["evidence"] = [evidence(date="2024-01-01")]
    found = state(content, None)
    assert found.due.carried == ()
    assert kinds(found) == {("v-1", "c-1"): {"stale"}}


def test_stale_and_soon_stale_by_the_criterions_own_limit() -> None:
    content = fresh()
    later = a_year_later(content)
    for file, months in (("f-1", 12), ("f-2", 15)):
        for item in later[f"criteria/{file}.yaml"]["criteria"]:
            item["fresh_months"] = months
    found = kinds(state(later, past(content)))
    assert found["v-1", "c-1"] == {"stale"}  # fresh until 2027-10-01
    assert found["v-1", "c-2"] == {"soon"}  # fresh until 2028-01-01, which lies within three months
    assert ("v-1", "c-2") not in kinds(state(later, past(content), opened=review(soon_months=1)))


def test_a_trigger_reopens_its_criteria_on_its_vendor_and_nothing_else() -> None:
    content = fresh()
    found = state(a_year_later(content), past(content), log(triggers=[EVENT]))
    assert kinds(found) == {("v-1", "c-2"): {"trigger"}, ("v-1", "c-3"): {"trigger"}}
    everyone = state(a_year_later(content), past(content), log(triggers=[{**EVENT, "vendor": None}]))
    assert len(everyone.due.answers) == 4
    named = state(a_year_later(content), past(content), log(triggers=[{**EVENT, "reopens": ("c-1",)}]))
    assert kinds(named) == {("v-1", "c-1"): {"trigger"}}
    future = {**EVENT, "date": date(2027, 12, 1)}
    assert state(a_year_later(content), past(content), log(triggers=[future])).due.answers == ()


def test_an_answer_given_after_the_trigger_is_done() -> None:
    content = fresh()
    later = a_year_later(content)
    answers_of(later, "v-1")["c-2"]["date"] = "2027-03-02"
    found = state(later, past(content), log(triggers=[EVENT]))
    assert kinds(found) == {("v-1", "c-3"): {"trigger"}}
    assert ("v-1", "desk-a", "c-2") not in found.due.carried


@pytest.mark.parametrize(
    ("change", "carried"),
    [
        ({}, True),
        ({"rationale": "Other words."}, True),
        ({"date": "2026-11-20"}, True),
        ({"date": "2027-10-01"}, False),
        ({"level": 1}, False),
        ({"evidence": [evidence(date="2027-09-01")]}, False),
        ({"missing": ["a test"]}, False),
        ({"confidence": "high"}, False),
    ],
)
def test_what_confirms_an_answer(change: dict[str, Any], carried: bool) -> None:  # noqa: FBT001
    content = fresh()
    answers_of(content, "v-1")["c-1"]["level"] = 3
    later = a_year_later(content)
    answers_of(later, "v-1")["c-1"].update(change)
    found = state(later, past(content))
    assert (("v-1", "desk-a", "c-1") in found.due.carried) is carried


def test_a_new_date_on_the_whole_scorecard_confirms_nothing() -> None:
    content = fresh()
    later = a_year_later(content)
    later[card_of("v-1")]["assessed"] = "2027-11-01"
    found = state(later, past(content), log(triggers=[EVENT]))
    assert len(found.due.carried) == 8
    assert kinds(found) == {("v-1", "c-2"): {"trigger"}, ("v-1", "c-3"): {"trigger"}}


def test_an_answer_carried_twice_is_due() -> None:
    content = fresh()
    before = past(content, before=date(2026, 11, 10))
    found = state(a_year_later(content), before)
    assert {reason for item in kinds(found).values() for reason in item} == {"never-confirmed"}
    assert len(found.due.answers) == 8
    assert state(a_year_later(content), past(content, before=date(2026, 11, 9))).due.answers == ()


def test_reworded_new_and_other_edition() -> None:
    content = fresh()
    later = a_year_later(content)
    later["criteria/f-1.yaml"]["criteria"][0]["levels"] = {level: f"New {level}" for level in range(5)}
    later["criteria/f-2.yaml"]["criteria"].append(criterion("c-9", fresh_months=60))
    later[WEIGHTS]["criteria"]["c-9"] = 1
    found = kinds(state(later, past(content)))
    assert found == {(v, k): {r} for v in ("v-1", "v-2") for k, r in (("c-1", "reworded"), ("c-9", "new"))}
    later = a_year_later(content)
    later[profile_of("v-1")]["edition"] = "enterprise"
    later[card_of("v-1")]["edition"] = "enterprise"
    assert set(kinds(state(later, past(content)))) == {("v-1", f"c-{n}") for n in range(1, 5)}
    assert {kind for row in kinds(state(later, past(content))).values() for kind in row} == {"edition"}


def tiers(content: Any, **changes: Any) -> None:
    tier = {"tier": 1, "data_classes": ["internal"], "full_months": 12, "light_months": 6, **changes}
    content[GUARDRAILS]["review_tiers"] = [tier]


def test_cadence_holds_for_approved_tools_by_the_data_they_hold() -> None:
    content = fresh()
    tiers(content)
    before = past(content)
    assert before.approved == ("v-2",)
    found = state(a_year_later(content), before)
    assert set(kinds(found)) == {("v-2", f"c-{n}") for n in range(1, 5)}
    assert found.due.tiers == {"v-2": 1}
    assert [(row.vendor, row.last) for row in found.due.light_checks] == [("v-2", AS_OF)]
    looked = log(checks=[{"vendor": "v-2", "date": date(2027, 9, 1), "by": "architect"}])
    assert state(a_year_later(content), before, looked).due.light_checks == ()
    tiers(content, full_months=24)
    assert state(a_year_later(content), past(content)).due.answers == ()
    tiers(content, data_classes=["restricted"])
    assert state(a_year_later(content), past(content)).due.tiers == {}


def test_moderated_answers_are_asked_instead_of_those_they_moderate() -> None:
    content = fresh()
    content[card_of("v-1", "desk-b")] = {**copy.deepcopy(content[card_of("v-1")]), "assessor": "desk-b"}
    content[card_of("v-1", "agreed")] = {
        **copy.deepcopy(content[card_of("v-1")]),
        "assessor": "agreed",
        "answers": {"c-2": answer(3)},
    }
    found = state(a_year_later(content), past(content), log(triggers=[EVENT]))
    asked = {(item.assessor, item.criterion) for item in found.due.answers}
    assert asked == {("agreed", "c-2"), ("desk-a", "c-3"), ("desk-b", "c-3")}


def test_twelve_tools_nine_triggers_and_expired_items_give_a_list_of_those_alone() -> None:
    content = final_contents(vendors=12, criteria=48, families=8)
    for value in content.values():
        for item in value.get("criteria", []) if value["schema"] == "criteria/1" else []:
            item["fresh_months"] = 60
    content[CATALOGUE]["triggers"] = [
        {"id": "sold", "when": "sold", "reopens": ["c-1", "c-2", "c-3"]},
        {"id": "price", "when": "dearer", "reopens": ["c-4"]},
    ]
    expired = {(f"v-{n % 12 + 1}", f"c-{n + 5}") for n in range(41)}
    for vendor, key in expired:
        content[card_of(vendor)]["answers"][key] |= {"level": 1, "evidence": [evidence(date="2022-11-01")]}
    before = past(content)
    events = [{**EVENT, "vendor": f"v-{n}", "trigger": "sold" if n % 2 else "price"} for n in range(1, 10)]
    found = state(a_year_later(content), before, log(triggers=events))
    reopened = {(f"v-{n}", key) for n in range(1, 10) for key in (("c-1", "c-2", "c-3") if n % 2 else ("c-4",))}
    assert set(kinds(found)) == expired | reopened
    assert len(found.triggers) == 9


# What blocks closing


def blockers(found: ReviewState) -> dict[str, str]:
    return {blocker.id: blocker.waived for blocker in found.blockers}


def test_a_clean_review_is_not_blocked() -> None:
    content = fresh()
    assert state(a_year_later(content), past(content)).blockers == ()


def test_what_stands_between_a_draft_and_a_final_paper_blocks() -> None:
    content = fresh()
    later = a_year_later(content)
    del later[WEIGHTS]["seal"]
    later[EVALUATION]["status_quo"] = None
    found = state(later, past(content), opened=review(waived={"final-status-quo": "Seen elsewhere."}))
    assert blockers(found) == {"final-weights-sealed": "", "final-status-quo": "Seen elsewhere."}
    assert [blocker.id for blocker in found.blocked] == ["final-weights-sealed"]


def test_a_reworded_criterion_is_due_once_whether_the_log_tells_it_too_or_not() -> None:
    content = fresh()
    later = a_year_later(content)
    later["criteria/f-1.yaml"]["criteria"][0]["levels"] = {level: f"Another {level}" for level in range(5)}
    upgraded = {"trigger": "catalogue", "date": date(2027, 6, 1), "by": "catalogue upgrade", "reopens": ("c-1",)}
    found = state(later, past(content), log(triggers=[upgraded, {**upgraded, "date": date(2027, 7, 1)}]))
    for item in found.due.answers:
        assert [reason.kind for reason in item.reasons] == [DueKind.REWORDED]
    assert [blocker.id for blocker in found.blockers] == ["reworded-v-2"]


def test_a_trigger_that_happened_twice_blocks_as_one_point_with_both_days() -> None:
    content = fresh()
    events = [{**EVENT, "vendor": "v-2"}, {**EVENT, "vendor": "v-2", "date": date(2027, 9, 9)}]
    (blocker,) = state(a_year_later(content), past(content), log(triggers=events)).blockers
    assert blocker.id == "trigger-v-2-sold"
    assert "the trigger sold of 2027-03-02 and 2027-09-09 reopened" in blocker.finding
    assert blocker.finding.endswith(": c-2, c-3.")


def test_errors_and_another_date_cannot_be_waived() -> None:
    content = fresh()
    opened = review(as_of=date(2027, 11, 1), waived={"errors": "No.", "as-of": "No."})
    found = state(a_year_later(content), past(content), opened=opened, errors=2)
    assert {blocker.id for blocker in found.blocked} == {"errors", "as-of"}
    assert "2 errors" in found.blocked[0].finding


def test_reopened_answers_on_approved_tools_block_and_on_others_do_not() -> None:
    content = fresh()
    found = state(a_year_later(content), past(content), log(triggers=[{**EVENT, "vendor": "v-2"}]))
    assert set(blockers(found)) == {"trigger-v-2-sold"}
    assert "c-2, c-3" in found.blockers[0].finding
    assert blockers(state(a_year_later(content), past(content), log(triggers=[EVENT]))) == {}


def test_a_stale_gate_of_an_approved_tool_blocks_until_it_is_confirmed() -> None:
    content = fresh(months=12)
    content["criteria/f-1.yaml"]["criteria"][0] |= {"starter_gate": True, "gates": {"confidential": 1}}
    later = a_year_later(content)
    found = state(later, past(content))
    assert set(blockers(found)) == {"gates-v-2"}
    answers_of(later, "v-2")["c-1"]["evidence"] = [evidence(date="2027-10-01")]
    assert blockers(state(later, past(content))) == {}


def test_a_tool_that_loses_its_approval_needs_a_divest_entry() -> None:
    content = fresh()
    later = a_year_later(content)
    for key in answers_of(later, "v-2"):
        answers_of(later, "v-2")[key]["level"] = 0
    for key in answers_of(later, "v-1"):
        answers_of(later, "v-1")[key]["level"] = 4
    found = state(later, past(content))
    assert (found.lost, found.approved) == (("v-2",), ("v-1",))
    assert set(blockers(found)) == {"divest-v-2"}
    entry = {"tool": "v-2", "owner": "head of IT", "until": date(2028, 6, 30), "running": ("a form",)}
    found = state(later, past(content), log(divest=[entry]))
    assert blockers(found) == {}
    assert [row.tool for row in found.divest] == ["v-2"]
    kept = state(later, past(content), opened=review(approved=("v-1", "v-2")))
    assert (kept.lost, blockers(kept)) == ((), {})


def test_exit_plans_and_their_rehearsals_are_told() -> None:
    content = fresh()
    plan = {"owner": "platform team", "planned": "Move to another tool.", "export": "CSV, each table."}
    content[profile_of("v-2")]["exit"] = {
        **plan,
        "rehearsed": [{"date": "2026-05-01", "hours": 12, "finding": "Attachments were lost."}],
        "next_rehearsal": "2027-05-01",
    }
    found = state(a_year_later(content), past(content)).exits[0]
    assert (found.tool, found.last_rehearsal, found.overdue) == ("v-2", date(2026, 5, 1), True)


def test_progress_counts_by_vendor_assessor_and_family() -> None:
    content = fresh()
    later = a_year_later(content)
    answers_of(later, "v-1")["c-1"]["date"] = "2027-10-01"
    found = state(later, past(content), log(triggers=[EVENT]))
    for rows in (found.vendors, found.assessors, found.families):
        assert sum(row.answers for row in rows) == 8
        assert sum(row.confirmed for row in rows) == 1
        assert sum(row.carried for row in rows) == 7
        assert sum(row.due for row in rows) == 2
    assert {row.id: row.confirmed for row in found.families} == {"f-1": 1, "f-2": 0}


def test_every_reason_has_words() -> None:
    from evaluator.reports.change_words import DUE_WORDS

    assert set(DUE_WORDS) == set(DueKind)


def test_use_cases_decide_the_tier_even_by_how_much_they_matter() -> None:
    content = fresh()
    tiers(content, data_classes=[], criticality=["enterprise"])
    assert state(a_year_later(content), past(content)).due.tiers == {}
    content[USE_CASES]["use_cases"][0]["criticality"] = "enterprise"
    assert state(a_year_later(content), past(content)).due.tiers == {"v-2": 1}


assert NEXT > AS_OF
