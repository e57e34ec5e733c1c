"""The checks between a draft and a final paper, each at its boundary; which fault fails which stands in test_paper_final."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from builders import (
    AS_OF,
    EVALUATION,
    GUARDRAILS,
    USE_CASES,
    WEIGHTS,
    Content,
    answer,
    build,
    card_of,
    contents,
    evidence,
    profile_of,
)
from review_builders import answers_of

from evaluator.evaluation.evaluate import evaluate
from evaluator.evaluation.final_checks import final_checks
from evaluator.model.cost import Coverage
from evaluator.model.evaluated import (
    Evaluated,
    FinalCheck,
    GateCheck,
    GateChecks,
    GateOutcome,
    OptionScore,
    Scores,
    Served,
)
from evaluator.model.evidence_status import EvidenceStatus

UNTIL = date(2027, 11, 24)


def content(**knobs: Any) -> Content:
    """Two options, the second better; one criterion weighs everything unless more are asked for."""
    return contents(**{"criteria": 2, "families": 1, "level": lambda vendor, _k, _a: int(vendor[2:]) + 1, **knobs})


def result_of(made: Content, as_of: date = AS_OF) -> Evaluated:
    return evaluate(build(made), as_of, version="test")


def check(
    key: str, made: Content | Evaluated, scores: Scores | None = None, until: date = UNTIL, **changes: Any
) -> FinalCheck:
    """One check of the content; ``changes`` go to the recommended stack."""
    result = made if isinstance(made, Evaluated) else result_of(made)
    chosen = result.stacks.chosen if result.stacks else None
    if chosen is not None and changes:
        chosen = replace(chosen, **changes)
    found = final_checks(result.workspace, scores or result.scores, chosen, until)
    return next(one for one in found if one.id == key)


def told(found: FinalCheck) -> tuple[bool, str]:
    return found.passed, found.finding


# Weights


@pytest.mark.parametrize(
    ("weights", "passed", "finding"),
    [
        ({"c-1": 0.5, "c-2": 0.5}, True, "The weights of 2 criteria in scope sum to 100 %."),
        ({"c-1": 1.0}, True, "The weights of 1 criterion in scope sum to 100 %."),
        ({"c-1": 1.0, "c-2": 5e-10}, True, "The weights of 2 criteria in scope sum to 100.00000005 %."),
        ({"c-1": 1.0, "c-2": 2e-9}, False, "The weights of 2 criteria in scope sum to 100.0000002 %, not to 100 %."),
        ({"c-1": 0.9}, False, "The weights of 1 criterion in scope sum to 90 %, not to 100 %."),
        ({}, False, "The weights of 0 criteria in scope sum to 0 %, not to 100 %."),
    ],
)
def test_weights_sum_to_the_whole_but_for_rounding(weights: dict[str, float], passed: bool, finding: str) -> None:  # noqa: FBT001
    result = result_of(content())
    assert told(check("weights-sum", result, replace(result.scores, weights=weights))) == (passed, finding)


@pytest.mark.parametrize(
    ("sealed", "passed", "words"),
    [
        # The first answer is of 2026-11-10.
        ("2026-11-09", True, "sealed on 2026-11-09, before the first answer."),
        ("2026-11-10", False, "sealed on 2026-11-10, the day of the first answer"),
        ("2026-11-11", False, "sealed on 2026-11-11, after the first answer of 2026-11-10."),
    ],
)
def test_weights_are_sealed_before_the_first_answer(sealed: str, passed: bool, words: str) -> None:  # noqa: FBT001
    made = content()
    made[WEIGHTS]["seal"]["date"] = sealed
    found = check("weights-sealed", made)
    assert found.passed is passed
    assert words in found.finding


def test_weights_sealed_anew_and_weights_that_are_not_those_sealed() -> None:
    made = content()
    made[WEIGHTS]["seal"] |= {"date": "2026-11-20", "earlier": [{"date": "2026-01-15", "by": "Head of architecture"}]}
    found = check("weights-sealed", made)
    assert told(found) == (
        False,
        "The weights were sealed anew on 2026-11-20, after the first answer of 2026-11-10.",
    )
    made[WEIGHTS]["seal"]["digest"] = "0" * 64
    assert told(check("weights-sealed", made)) == (False, "The weights are not those that were sealed on 2026-11-20.")
    del made[WEIGHTS]["seal"]
    assert told(check("weights-sealed", made)) == (False, "The weights are not sealed.")


# Options


def test_what_is_done_today_is_an_option_in_scope() -> None:
    made = content()
    assert told(check("status-quo", made)) == (False, "What is done today is not among the options.")
    made[EVALUATION]["status_quo"] = "v-1"
    assert told(check("status-quo", made)) == (True, "What is done today is among the options.")
    made[EVALUATION]["options"] = ["v-2"]
    assert not check("status-quo", made).passed


def left_out(count: int, *named: str) -> FinalCheck:
    made = content(vendors=5, level=2)
    made[EVALUATION]["options"] = [f"v-{n}" for n in range(count + 1, 6)]
    made[EVALUATION]["excluded"] = [{"option": name, "reason": "old", "date": "2026-05-01"} for name in named]
    return check("exclusions", made)


def test_vendors_left_out_in_silence_are_named_up_to_three() -> None:
    assert told(left_out(1)) == (
        False,
        "1 vendor of the workspace is neither an option nor left out with a reason: v-1.",
    )
    assert told(left_out(3)) == (
        False,
        "3 vendors of the workspace are neither options nor left out with a reason: v-1, v-2, v-3.",
    )
    assert left_out(4).finding.endswith("with a reason: v-1, v-2 and 2 more.")


def test_vendors_left_out_with_a_reason() -> None:
    assert told(left_out(0)) == (True, "No vendor of the workspace was left out.")
    assert told(left_out(1, "v-1")) == (True, "Every option left out has a reason.")
    assert told(left_out(1, " V-1 ")) == (True, "Every option left out has a reason.")
    assert left_out(2, "v-1").finding.endswith("is neither an option nor left out with a reason: v-2.")
    made = content()
    made[EVALUATION] |= {
        "options": ["v-2"],
        "excluded": [{"option": "Old Ware", "reason": "old", "date": "2026-05-01"}],
    }
    made[profile_of("v-1")]["name"] = "  old ware"
    assert check("exclusions", made).passed


@pytest.mark.parametrize(
    ("parts", "passed"),
    [([], False), (["consulted", "informed"], False), (["informed", "decides"], True), (["decides"], True)],
)
def test_a_role_that_decides_is_named(parts: list[str], passed: bool) -> None:  # noqa: FBT001
    made = content()
    made[EVALUATION]["deciders"] = [{"role": f"Role {part}", "part": part} for part in parts]
    finding = "The roles that decide are named." if passed else "No role is named that decides."
    assert told(check("deciders", made)) == (passed, finding)


# Answers


def test_known_answers_without_evidence_are_counted() -> None:
    made = content()
    answers_of(made, "v-1")["c-2"] = answer("unknown")
    assert told(check("evidence", made)) == (True, "Every known answer names its evidence.")
    answers_of(made, "v-1")["c-1"]["evidence"] = []
    assert told(check("evidence", made)) == (False, "1 known answer names no evidence.")
    answers_of(made, "v-2")["c-1"]["evidence"] = []
    assert told(check("evidence", made)) == (False, "2 known answers name no evidence.")


def test_reasons_that_compare_are_counted_and_their_words_told_once() -> None:
    made = content()
    assert told(check("comparative-wording", made)) == (True, "No reason compares with other options.")
    answers_of(made, "v-1")["c-1"]["rationale"] = "Superior to all."
    answers_of(made, "v-2")["c-1"]["rationale"] = "Superior to all."
    assert told(check("comparative-wording", made)) == (
        False,
        "2 reasons compare with other options (“Superior”); `evaluator check` lists them.",
    )


@pytest.mark.parametrize(
    ("as_of", "finding"),
    [
        # Evidence of 2026-10-01 with a limit of twelve months.
        (date(2027, 10, 1), "No answer rests on evidence past its limit."),
        (date(2027, 10, 2), "4 answers rest on evidence past its limit; each is marked stale."),
    ],
)
def test_evidence_past_its_limit_is_found_a_second_time(as_of: date, finding: str) -> None:
    assert told(check("stale-evidence", result_of(content(), as_of))) == (True, finding)


def marked(scores: Scores, *kept: tuple[str, str]) -> Scores:
    """The scores with every cell marked supported but for those named."""

    def one(option: OptionScore) -> OptionScore:
        cells = tuple(
            cell if (option.id, cell.criterion) in kept else replace(cell, evidence_status=EvidenceStatus.SUPPORTED)
            for cell in option.cells
        )
        return replace(option, cells=cells)

    return replace(scores, options=tuple(map(one, scores.options)))


def test_stale_answers_that_are_not_marked_are_counted() -> None:
    result = result_of(content(), date(2027, 10, 2))
    kept = [("v-1", "c-1"), ("v-1", "c-2"), ("v-2", "c-1"), ("v-2", "c-2")]
    assert told(check("stale-evidence", result, marked(result.scores, *kept[1:]))) == (
        False,
        "4 answers rest on evidence past its limit; 1 of them is not marked stale.",
    )
    assert check("stale-evidence", result, marked(result.scores)).finding.endswith("; 4 of them are not marked stale.")


def test_only_evidence_that_can_carry_the_level_counts_and_one_fresh_item_is_enough() -> None:
    made = content(vendors=1, criteria=1)
    answers_of(made, "v-1")["c-1"] |= {
        "level": 3,
        "evidence": [evidence(date="2025-01-01"), evidence(date="2026-11-01", grade="E")],
    }
    assert check("stale-evidence", made).finding == "1 answer rests on evidence past its limit; each is marked stale."
    answers_of(made, "v-1")["c-1"]["evidence"].append(evidence())
    assert check("stale-evidence", made).finding == "No answer rests on evidence past its limit."
    # Evidence that can carry no such level is not past its limit, and an unknown answer rests on none.
    answers_of(made, "v-1")["c-1"]["evidence"] = [evidence(date="2025-01-01", grade="E")]
    assert check("stale-evidence", made).finding == "No answer rests on evidence past its limit."
    answers_of(made, "v-1")["c-1"] |= {"level": "unknown", "evidence": [evidence(date="2025-01-01")]}
    assert check("stale-evidence", made).finding == "No answer rests on evidence past its limit."


def apart(*levels: int | str, vendor: str = "v-2", agreed: bool = False) -> Content:
    """Content in which assessors gave these levels on c-1 of ``vendor``."""
    made = content(assessors=[f"desk-{n}" for n in range(len(levels))])
    for number, level in enumerate(levels):
        answers_of(made, vendor, f"desk-{number}")["c-1"] = answer(level)
    if agreed:
        made[card_of(vendor, "agreed")] = {
            **made[card_of(vendor, "desk-0")],
            "assessor": "agreed",
            "answers": {"c-1": answer(3)},
        }
    return made


@pytest.mark.parametrize(
    ("made", "passed"),
    [
        (apart(4, 3), True),
        (apart(4, 2), False),
        (apart(2, 4), False),
        (apart(4, 3, 2), False),
        (apart(4, "unknown"), True),
        (apart(4, "unknown", 2), False),
        (apart("unknown", "unknown"), True),
        (apart(4, 2, agreed=True), True),
        # v-1 is not recommended.
        (apart(0, 2, vendor="v-1"), True),
    ],
)
def test_assessors_two_levels_apart_on_a_recommended_tool_have_to_agree(made: Content, passed: bool) -> None:  # noqa: FBT001
    finding = (
        "No unmoderated answer on a recommended tool has assessors 2 levels or more apart."
        if passed
        else "On 1 answer on recommended tools, assessors lie 2 levels or more apart and have not agreed."
    )
    result = result_of(made)
    assert result.stacks is not None
    assert result.stacks.chosen is not None
    assert told(check("moderation", result, tools=("v-2",))) == (passed, finding)


def test_answers_that_lie_apart_are_counted() -> None:
    made = apart(4, 2)
    for number, level in enumerate((0, 3)):
        answers_of(made, "v-2", f"desk-{number}")["c-2"] = answer(level)
    found = check("moderation", made, tools=("v-2",))
    assert told(found) == (
        False,
        "On 2 answers on recommended tools, assessors lie 2 levels or more apart and have not agreed.",
    )


def test_agreed_answers_stand_beside_those_they_were_agreed_from() -> None:
    assert told(check("dissent", content())) == (True, "No answer was moderated.")
    made = apart(4, 2, agreed=True)
    assert told(check("dissent", made)) == (True, "Every agreed answer stands beside the assessors' own.")
    for number in range(2):
        del answers_of(made, "v-2", f"desk-{number}")["c-1"]
    assert told(check("dissent", made)) == (
        False,
        "1 agreed answer stands without any assessor's own, so dissent is not shown.",
    )
    made[card_of("v-1", "agreed")] = {**made[card_of("v-2", "agreed")], "vendor": "v-1"}
    for number in range(2):
        del answers_of(made, "v-1", f"desk-{number}")["c-1"]
    assert check("dissent", made).finding.startswith("2 agreed answers stand without")


# Data classes


def classes(outcome: GateOutcome | None, coverage: Coverage, *, known: bool = True) -> tuple[bool, str]:
    """The check where the recommended tool has this outcome for the class of the use case it serves."""
    result = result_of(content())
    checks = GateChecks(() if outcome is None else (GateCheck("c-1", 1, 2, outcome, "", EvidenceStatus.SUPPORTED),))
    gates = {"internal": checks} if known else {}
    options = tuple(replace(option, gates=gates) for option in result.scores.options)
    served = (Served("u-1", "v-2", 50, coverage, ()),)
    return told(check("classes", result, replace(result.scores, options=options), served=served))


OPEN = (True, "The recommended tools are given only classes of the guardrails that their minimum levels allow.")
CLOSED = (False, "A recommended tool is given a class of data that it may not hold: v-2 for internal.")


def test_a_tool_holds_a_class_whose_gates_it_meets_and_on_condition_one_that_is_not_shown() -> None:
    assert classes(None, Coverage.COVERED) == OPEN
    assert classes(GateOutcome.MET, Coverage.COVERED) == OPEN
    assert classes(GateOutcome.UNSUPPORTED, Coverage.COVERED) == CLOSED
    assert classes(GateOutcome.UNSUPPORTED, Coverage.CONDITIONAL) == OPEN
    assert classes(GateOutcome.MET, Coverage.CONDITIONAL) == OPEN
    assert classes(GateOutcome.FAILED, Coverage.CONDITIONAL) == CLOSED
    assert classes(None, Coverage.COVERED, known=False) == CLOSED


def test_a_tool_may_hold_the_tags_of_the_use_case_it_serves() -> None:
    made = content()
    made[GUARDRAILS]["data_tags"] = [{"id": "personal-data", "min_class": "public"}]
    made[USE_CASES]["use_cases"][0]["data_tags"] = ["personal-data"]
    result = result_of(made)
    for outcome, expected in ((GateOutcome.MET, True), (GateOutcome.NOT_APPLICABLE, True), (GateOutcome.FAILED, False)):
        held = {"personal-data": GateChecks((GateCheck("c-1", 1, 2, outcome, "", EvidenceStatus.SUPPORTED),))}
        options = tuple(replace(option, tag_gates=held) for option in result.scores.options)
        served = (Served("u-1", "v-2", 50, Coverage.COVERED, ()),)
        passed, finding = told(check("classes", result, replace(result.scores, options=options), served=served))
        assert passed is expected
        assert ("v-2 for personal-data" in finding) is not expected


def test_a_class_that_the_guardrails_do_not_know_is_closed_and_told_once() -> None:
    made = content(use_cases=2)
    result = result_of(made)
    made[GUARDRAILS]["data_classes"] = [made[GUARDRAILS]["data_classes"][0]]
    workspace = build(made)
    chosen = result.stacks.chosen if result.stacks else None
    assert chosen is not None
    (found,) = [one for one in final_checks(workspace, result.scores, chosen, UNTIL) if one.id == "classes"]
    assert told(found) == CLOSED


def test_a_use_case_that_nobody_serves_gives_no_class_away() -> None:
    served = (Served("u-1", None, 0, Coverage.NOT_COVERED, ()),)
    assert told(check("classes", content(), served=served)) == OPEN
    wrong = Served("u-1", "v-2", 50, Coverage.COVERED, ())
    result = result_of(content())
    options = tuple(replace(one, gates={}) for one in result.scores.options)
    closed = check("classes", result, replace(result.scores, options=options), served=(*served, wrong))
    assert told(closed) == CLOSED
    (found,) = [one for one in final_checks(result.workspace, result.scores, None, UNTIL) if one.id == "classes"]
    assert told(found) == (True, "No tool is recommended for any class of data.")


# Dates


@pytest.mark.parametrize(
    ("until", "passed"),
    [
        (date(2026, 11, 23), False),
        (AS_OF, True),
        (date(2027, 11, 24), True),
        (date(2027, 11, 25), False),
    ],
)
def test_a_recommendation_holds_from_its_own_day_for_twelve_months_at_most(until: date, passed: bool) -> None:  # noqa: FBT001
    finding = f"The recommendation holds until {until}, {'' if passed else 'not '}within 12 months."
    assert told(check("validity", content(), until=until)) == (passed, finding)


@pytest.mark.parametrize(("until", "passed"), [("2026-11-23", False), ("2026-11-24", True), ("2026-11-25", True)])
def test_guardrails_hold_on_their_last_day(until: str, passed: bool) -> None:  # noqa: FBT001
    made = content()
    made[GUARDRAILS]["valid_until"] = until
    finding = f"The guardrails hold until {until}." if passed else f"The guardrails lapsed on {until}."
    assert told(check("guardrails", made)) == (passed, finding)
