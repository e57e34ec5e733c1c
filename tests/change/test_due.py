"""What a review has to look at again: each rule on the day before, on the day and on the day after."""

from __future__ import annotations

import copy
from collections.abc import Mapping
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
    Content,
    answer,
    build,
    card_of,
    criterion,
    evidence,
    profile_of,
    use_case,
    with_editions,
)
from review_builders import NEXT, a_year_later, answers_of, final_contents, log, past

from evaluator.change.due import due, relevant
from evaluator.evaluation.evaluate import evaluate
from evaluator.model.review import Due, DueAnswer, DueKind, DueReason, LightCheckDue, Past, ReviewLog

EVENT = {"trigger": "sold", "vendor": "v-1", "date": date(2027, 3, 2), "by": "architect"}


def content(months: int = 60, **knobs: Any) -> Content:
    """Two options on two criteria whose evidence of 2026-10-01 stays fresh for so many months; ``sold`` reopens c-2."""
    made = final_contents(**{"vendors": 2, "criteria": 2, "families": 1, **knobs})
    for item in made["criteria/f-1.yaml"]["criteria"]:
        item["fresh_months"] = months
    made[CATALOGUE]["triggers"] = [{"id": "sold", "when": "it changes hands", "reopens": ["c-2"]}]
    return made


def found_in(
    made: Content, before: Past | None, noted: ReviewLog | None = None, soon_months: int = 3, as_of: date = NEXT
) -> Due:
    result = evaluate(build(a_year_later(made, as_of)), as_of, version="test")
    return due(result, before, noted or log(), soon_months)


def reasons(found: Due, vendor: str = "v-1", key: str = "c-1") -> tuple[DueReason, ...]:
    return tuple(
        reason for item in found.answers if (item.vendor, item.criterion) == (vendor, key) for reason in item.reasons
    )


def test_answers_are_held_against_those_on_the_same_edition() -> None:
    then, now = content(), content()
    with_editions(then, "v-1", "desk-a", "enterprise", answers={})
    assert ("v-1", "desk-a", "c-1") in found_in(now, past(then)).carried
    then[profile_of("v-1")]["edition"] = "enterprise"
    assert ("v-1", "desk-a", "c-1") in found_in(now, past(then)).carried
    then[card_of("v-1")]["answers"]["c-1"] = answer(0)
    assert ("v-1", "desk-a", "c-1") not in found_in(now, past(then)).carried


# Evidence


@pytest.mark.parametrize(
    ("as_of", "kind"),
    [
        # Fresh until 2027-10-01; three months before that is 2027-07-01.
        (date(2027, 7, 1), None),
        (date(2027, 7, 2), DueKind.SOON),
        (date(2027, 10, 1), DueKind.SOON),
        (date(2027, 10, 2), DueKind.STALE),
    ],
)
def test_evidence_is_due_from_the_day_after_three_months_before_its_end(as_of: date, kind: DueKind | None) -> None:
    expected = (DueReason(kind, date(2027, 10, 1)),) if kind else ()
    assert reasons(found_in(content(12), None, as_of=as_of)) == expected


def test_how_soon_is_soon_is_a_setting() -> None:
    as_of = date(2027, 9, 1)
    assert reasons(found_in(content(12), None, soon_months=1, as_of=as_of)) == ()
    assert reasons(found_in(content(12), None, soon_months=2, as_of=as_of))[0].kind is DueKind.SOON
    assert reasons(found_in(content(12), None, soon_months=0, as_of=date(2027, 10, 1))) == ()


def test_the_latest_of_the_evidence_that_can_carry_the_level_counts() -> None:
    made = content(12)
    answers_of(made, "v-1")["c-1"] |= {
        "level": 3,
        "evidence": [
            evidence(date="2026-10-01"),
            evidence(date="2026-11-01"),
            # A weak grade carries no level of 3, however fresh.
            evidence(date="2027-06-01", grade="E"),
        ],
    }
    assert reasons(found_in(made, None)) == (DueReason(DueKind.STALE, date(2027, 11, 1)),)
    assert reasons(found_in(made, None, as_of=date(2027, 11, 1))) == (DueReason(DueKind.SOON, date(2027, 11, 1)),)


@pytest.mark.parametrize(
    "changes", [{"level": "unknown", "evidence": []}, {"evidence": []}, {"level": 4, "evidence": [evidence(grade="E")]}]
)
def test_an_answer_without_evidence_that_carries_it_cannot_go_stale(changes: Mapping[str, Any]) -> None:
    made = content(1)
    answers_of(made, "v-1")["c-1"] |= changes
    assert reasons(found_in(made, None)) == ()


def test_evidence_is_asked_of_those_whose_answer_counts() -> None:
    made = content(1)
    made[card_of("v-1", "desk-b")] = {**copy.deepcopy(made[card_of("v-1")]), "assessor": "desk-b"}
    answers_of(made, "v-1", "desk-b")["c-1"]["level"] = 4
    found = found_in(made, None)
    asked = {(item.assessor, item.criterion) for item in found.answers if item.vendor == "v-1"}
    # The lower answer counts on c-1, both on c-2.
    assert asked == {("desk-a", "c-1"), ("desk-a", "c-2"), ("desk-b", "c-2")}


def test_a_due_answer_says_its_level_and_whether_it_is_carried() -> None:
    made = content(12)
    found = found_in(made, past(made))
    assert found.answers[0] == DueAnswer(
        "v-2", "desk-a", "c-1", 3, (DueReason(DueKind.STALE, date(2027, 10, 1)),), carried=True
    )
    unknown = content()
    answers_of(unknown, "v-1")["c-2"] = answer("unknown")
    found = found_in(unknown, past(unknown), log(triggers=[EVENT]))
    assert [(item.level, item.criterion) for item in found.answers] == [(None, "c-2")]


# Answers carried over


def test_answers_are_carried_by_option_assessor_and_criterion() -> None:
    made = content()
    assert found_in(made, past(made)).carried == tuple(
        (vendor, "desk-a", key) for vendor in ("v-2", "v-1") for key in ("c-1", "c-2")
    )
    assert found_in(made, None).carried == ()


@pytest.mark.parametrize(
    ("change", "carried"),
    [
        ({}, True),
        ({"rationale": "Other words."}, True),
        ({"date": AS_OF.isoformat()}, True),
        ({"date": "2026-11-25"}, False),
        ({"level": 1}, False),
        ({"level": "unknown", "evidence": []}, False),
        ({"evidence": []}, False),
        ({"evidence": [evidence(), evidence(source="https://v.example/new", note="Reply of the vendor")]}, True),
        ({"evidence": [evidence(), evidence(source="https://v.example/new")]}, False),
        ({"missing": ["a test"]}, False),
        ({"capped_from": 4}, False),
        ({"confidence": "high"}, False),
    ],
)
def test_what_makes_an_answer_another(change: Mapping[str, Any], carried: bool) -> None:  # noqa: FBT001
    made = content()
    later = copy.deepcopy(made)
    answers_of(later, "v-1")["c-1"].update(change)
    assert (("v-1", "desk-a", "c-1") in found_in(later, past(made)).carried) is carried


def test_another_assessor_and_a_criterion_not_answered_before_carry_nothing() -> None:
    made = content()
    before = past(made)
    later = copy.deepcopy(made)
    later[card_of("v-1", "desk-z")] = {**later.pop(card_of("v-1")), "assessor": "desk-z"}
    assert {row[0] for row in found_in(later, before).carried} == {"v-2"}
    del answers_of(made, "v-1")["c-1"]
    assert ("v-1", "desk-a", "c-1") not in found_in(content(), past(made)).carried


@pytest.mark.parametrize(
    ("before", "kinds"),
    [(date(2026, 11, 9), ()), (date(2026, 11, 10), (DueKind.NEVER_CONFIRMED,)), (None, ())],
)
def test_an_answer_carried_over_two_reviews_was_never_confirmed(
    before: date | None, kinds: tuple[DueKind, ...]
) -> None:
    made = content()  # assessed on 2026-11-10
    found = reasons(found_in(made, past(made, before=before)))
    assert tuple(reason.kind for reason in found) == kinds
    assert all((reason.day, reason.detail) == (date(2026, 11, 10), "2026") for reason in found)


def test_a_new_date_on_the_scorecard_renews_no_carried_answer_and_an_older_one_counts() -> None:
    made = content()
    before = past(made, before=date(2026, 11, 10))
    made[card_of("v-1")]["assessed"] = "2027-11-01"
    assert reasons(found_in(made, before))[0].day == date(2026, 11, 10)
    made[card_of("v-1")]["assessed"] = "2026-11-05"
    assert reasons(found_in(made, before))[0].day == date(2026, 11, 5)
    # An answer that is not carried was given on the day of the scorecard, one with a date of its own on that.
    made[card_of("v-1")]["assessed"] = "2027-11-01"
    answers_of(made, "v-1")["c-1"]["level"] = 1
    assert reasons(found_in(made, before)) == ()
    answers_of(made, "v-1")["c-2"]["date"] = "2026-11-08"
    assert reasons(found_in(made, before), key="c-2")[0].day == date(2026, 11, 8)


# Triggers


@pytest.mark.parametrize(
    ("day", "due_"),
    [("2027-03-01", True), ("2027-03-02", False), ("2027-03-03", False)],
)
def test_an_answer_given_on_the_day_of_the_trigger_is_done(day: str, due_: bool) -> None:  # noqa: FBT001
    made = content()
    answers_of(made, "v-1")["c-2"]["date"] = day
    found = reasons(found_in(made, past(content()), log(triggers=[EVENT])), key="c-2")
    assert found == ((DueReason(DueKind.TRIGGER, date(2027, 3, 2), "sold"),) if due_ else ())


@pytest.mark.parametrize(("day", "due_"), [(NEXT, True), (date(2027, 11, 25), False)])
def test_a_trigger_counts_up_to_the_day_of_the_review(day: date, due_: bool) -> None:  # noqa: FBT001
    made = content()
    found = found_in(made, past(made), log(triggers=[{**EVENT, "date": day}]))
    assert bool(found.answers) is due_


def asked(found: Due) -> set[tuple[str, str]]:
    return {(item.vendor, item.criterion) for item in found.answers}


def test_a_trigger_reopens_its_own_criteria_on_its_vendor_or_on_all() -> None:
    made = content()
    before = past(made)
    assert asked(found_in(made, before, log(triggers=[EVENT]))) == {("v-1", "c-2")}
    everybody = log(triggers=[{**EVENT, "vendor": None}])
    assert asked(found_in(made, before, everybody)) == {("v-1", "c-2"), ("v-2", "c-2")}
    named = log(triggers=[{**EVENT, "reopens": ("c-1",)}])
    assert asked(found_in(made, before, named)) == {("v-1", "c-1")}
    assert asked(found_in(made, before, log(triggers=[{**EVENT, "reopens": ()}]))) == set()
    assert asked(found_in(made, before, log(triggers=[{**EVENT, "trigger": "unheard-of"}]))) == set()


def test_two_triggers_are_two_reasons() -> None:
    made = content()
    noted = log(triggers=[EVENT, {**EVENT, "date": date(2027, 5, 1)}])
    assert [reason.day for reason in reasons(found_in(made, past(made), noted), key="c-2")] == [
        date(2027, 3, 2),
        date(2027, 5, 1),
    ]


# Another question, another edition, a new criterion


def reworded(made: Content) -> Content:
    later = copy.deepcopy(made)
    later["criteria/f-1.yaml"]["criteria"][0]["question"] = "Is it any good?"
    return later


def test_a_reworded_criterion_is_due_where_its_answer_is_carried() -> None:
    made = content()
    later = reworded(made)
    assert reasons(found_in(later, past(made))) == (DueReason(DueKind.REWORDED),)
    answers_of(later, "v-1")["c-1"]["level"] = 4
    assert reasons(found_in(later, past(made))) == ()
    assert reasons(found_in(later, None)) == ()


def test_the_trigger_of_a_newer_catalogue_says_the_same_once() -> None:
    made = content()
    event = {"trigger": "catalogue", "date": date(2027, 3, 2), "by": "architect", "reopens": ("c-1",)}
    assert reasons(found_in(reworded(made), past(made), log(triggers=[event]))) == (DueReason(DueKind.REWORDED),)
    # The answer need not be carried for the trigger to count.
    later = copy.deepcopy(made)
    answers_of(later, "v-1")["c-1"]["level"] = 4
    assert reasons(found_in(later, past(made), log(triggers=[event]))) == (DueReason(DueKind.REWORDED),)


def test_another_edition_of_the_product_is_due_where_its_answer_is_carried() -> None:
    made = content()
    later = copy.deepcopy(made)
    later[profile_of("v-1")]["edition"] = "enterprise"
    later[card_of("v-1")]["edition"] = "enterprise"
    answers_of(later, "v-1")["c-2"]["level"] = 4
    found = found_in(later, past(made))
    assert reasons(found) == (DueReason(DueKind.EDITION, None, "enterprise"),)
    assert reasons(found, key="c-2") == ()
    assert reasons(found, "v-2") == ()


def with_a_new_criterion(made: Content) -> Content:
    later = copy.deepcopy(made)
    later["criteria/f-1.yaml"]["criteria"].append(criterion("c-9", fresh_months=60))
    later[WEIGHTS]["criteria"]["c-9"] = 1
    later[card_of("v-1", "agreed")] = {**copy.deepcopy(later[card_of("v-1")]), "assessor": "agreed"}
    return later


def test_a_new_criterion_is_asked_of_every_assessor_and_not_of_the_moderation() -> None:
    made = content()
    later = with_a_new_criterion(made)
    new = [item for item in found_in(later, past(made)).answers if item.has(DueKind.NEW)]
    assert new == [
        DueAnswer(vendor, "desk-a", "c-9", None, (DueReason(DueKind.NEW),), carried=False) for vendor in ("v-2", "v-1")
    ]
    answers_of(later, "v-1")["c-9"] = answer(1)
    assert asked(found_in(later, past(made))) == {("v-2", "c-9")}
    assert asked(found_in(later, None)) == set()


def test_a_criterion_that_came_into_scope_is_new() -> None:
    made = content()
    del answers_of(made, "v-1")["c-1"]
    assert asked(found_in(made, past(made))) == set()
    before = copy.deepcopy(made)
    before[EVALUATION]["out_of_scope"] = {"c-1": "Later."}
    assert asked(found_in(made, past(before))) == {("v-1", "c-1")}


def test_the_answers_that_stand_are_the_moderated_one_or_all_on_the_edition() -> None:
    made = content()
    made[card_of("v-1", "desk-b")] = {**copy.deepcopy(made[card_of("v-1")]), "assessor": "desk-b"}
    made[card_of("v-1", "desk-c")] = {
        **copy.deepcopy(made[card_of("v-1")]),
        "assessor": "desk-c",
        "edition": "enterprise",
    }
    made[card_of("v-1", "agreed")] = {
        **copy.deepcopy(made[card_of("v-1")]),
        "assessor": "agreed",
        "answers": {"c-2": answer(3)},
    }
    option = build(made).option("v-1")
    assert [card.assessor for card, _ in relevant(option, "c-1")] == ["desk-a", "desk-b"]
    assert [(card.assessor, found.level) for card, found in relevant(option, "c-2")] == [("agreed", 3)]
    assert relevant(option, "c-9") == []


# Review tiers


def tiered(*tiers: dict[str, Any], **knobs: Any) -> Content:
    made = content(**knobs)
    made[GUARDRAILS]["review_tiers"] = [
        {"tier": 1, "data_classes": ["internal"], "full_months": 12, "light_months": 6, **tier} for tier in tiers
    ]
    return made


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [(date(2027, 11, 9), ()), (date(2027, 11, 10), (DueReason(DueKind.CADENCE, date(2027, 11, 10), "1"),))],
)
def test_every_answer_on_an_approved_tool_is_due_again_after_the_months_of_its_tier(
    as_of: date, expected: tuple[DueReason, ...]
) -> None:
    made = tiered({})
    found = found_in(made, past(made), as_of=as_of)
    assert reasons(found, "v-2") == expected
    assert reasons(found, "v-1") == ()
    assert found.tiers == {"v-2": 1}


@pytest.mark.parametrize(
    ("tier", "found"),
    [
        ({}, {"v-2": 1}),
        ({"data_classes": ["restricted"]}, {}),
        ({"data_classes": ["restricted"], "criticality": ["team"]}, {"v-2": 1}),
        ({"data_classes": ["restricted"], "criticality": ["enterprise"]}, {}),
        ({"data_classes": [], "criticality": ["enterprise", "team"]}, {"v-2": 1}),
    ],
)
def test_a_tier_holds_for_a_data_class_or_for_how_much_a_use_case_matters(
    tier: dict[str, Any], found: dict[str, int]
) -> None:
    made = tiered(tier)
    assert found_in(made, past(made)).tiers == found
    assert found_in(made, None).tiers == {}


def test_the_strictest_tier_that_any_use_case_falls_into_counts() -> None:
    made = tiered(
        {"tier": 3, "data_classes": ["internal"]},
        {"tier": 2, "data_classes": ["public"]},
        {"tier": 1, "data_classes": ["restricted"]},
    )
    made[USE_CASES]["use_cases"] = [use_case("u-1"), use_case("u-2", data_class="public")]
    assert found_in(made, past(made)).tiers == {"v-2": 2}


@pytest.mark.parametrize(
    ("looks", "last", "due_"),
    [
        ([], AS_OF, True),
        ([date(2027, 5, 24)], date(2027, 5, 24), True),
        ([date(2027, 5, 25)], None, False),
        ([date(2027, 5, 25), date(2027, 2, 1)], None, False),
        ([date(2026, 1, 1)], AS_OF, True),
        ([date(2027, 11, 25)], AS_OF, True),
        ([NEXT], None, False),
    ],
)
def test_a_light_check_is_due_so_many_months_after_the_last_look(
    looks: list[date],
    last: date | None,
    due_: bool,  # noqa: FBT001
) -> None:
    made = tiered({})
    noted = log(checks=[{"vendor": "v-2", "date": day, "by": "architect"} for day in looks])
    expected = (LightCheckDue("v-2", 1, 6, last),) if due_ else ()
    assert found_in(made, past(made), noted).light_checks == expected


def test_a_look_at_another_tool_is_none() -> None:
    made = tiered({})
    noted = log(checks=[{"vendor": "v-1", "date": date(2027, 11, 1), "by": "architect"}])
    assert len(found_in(made, past(made), noted).light_checks) == 1
