"""Sentences of the recommendation say what the figures say, in every kind of workspace."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import paper_cases as cases
import pytest
from builders import EVALUATION, USE_CASES, Content, capability, contents, profile_of

from evaluator.model.cost import Coverage
from evaluator.model.evaluated import Evaluated
from evaluator.reports import sentences
from evaluator.reports.language import ENGLISH
from evaluator.reports.paper import views
from evaluator.reports.words import counted, points


@pytest.fixture(scope="module")
def everyday() -> Evaluated:
    return cases.result_of(cases.everyday())


def test_a_stack_is_named_with_what_it_covers_leaves_and_waits_for(everyday: Evaluated) -> None:
    assert everyday.stacks is not None
    stack = everyday.stacks.chosen
    assert stack is not None
    first, second = sentences.recommendation(everyday, ENGLISH)
    for tool in stack.tools:
        assert everyday.scores.option(tool).name in first
    states = [served.coverage for served in stack.served]
    assert Coverage.NOT_COVERED in states
    assert f"leave {states.count(Coverage.NOT_COVERED)} without a tool" in second
    assert f"cover {states.count(Coverage.COVERED)} of {counted(len(states), 'use case')}" in second


def test_the_reasons_carry_the_figures_of_the_result(everyday: Evaluated) -> None:
    stacks = everyday.stacks
    assert stacks is not None
    assert stacks.chosen is not None
    value, size, losses = sentences.reasons(everyday, ENGLISH)
    assert points(stacks.chosen.value) in value
    assert points(stacks.sizes[0].best.value) in value
    following = next(item for item in stacks.sizes if item.size == len(stacks.chosen.tools) + 1)
    assert f"would add {points(following.gain)} points" in size
    assert f"requires at least {points(stacks.min_gain)}" in size
    for tool, loss in stacks.chosen.marginal.items():
        assert f"{points(loss)} points without {everyday.scores.option(tool).name}" in losses


def test_the_main_disadvantage_names_the_gaps_first(everyday: Evaluated) -> None:
    assert everyday.stacks is not None
    assert everyday.stacks.chosen is not None
    gaps = [place for place in everyday.stacks.chosen.served if place.tool is None]
    assert sentences.disadvantage(everyday, ENGLISH)[0].startswith(counted(len(gaps), "use case"))


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (cases.no_option, ("No option is in scope, so there is nothing to recommend.",)),
        (cases.nothing_known, "No option can be recommended. None of the 3 options serves any of 2 use cases"),
        (cases.no_gate_passed, "No option can be recommended. None of the 4 options serves any of 3 use cases"),
        (cases.no_use_case, "No use case of any importance is described, so no stack is recommended. By score,"),
        (cases.one_option, "Approve V-1 alone. It covers 2 of 2 use cases."),
    ],
)
def test_what_is_said_where_there_is_little_to_say(case: Callable[[], Content], expected: str | tuple[str]) -> None:
    text = " ".join(sentences.recommendation(cases.result_of(case()), ENGLISH))
    assert text.startswith(expected if isinstance(expected, str) else expected[0])


def test_a_single_option_that_serves_nothing_is_no_plural() -> None:
    content = contents(vendors=1, use_cases=1, criteria=2, level="unknown")
    text = " ".join(sentences.recommendation(cases.result_of(content), ENGLISH))
    assert "The only option serves none of 1 use case" in text


def test_nothing_recommended_says_what_fails_and_how_often() -> None:
    first, second = sentences.reasons(cases.result_of(cases.no_gate_passed()), ENGLISH)
    assert first == ("Of 12 pairs of option and use case, 12 fail a gate and 0 lack a required capability.")
    assert "Criterion c-1 (4 options)" in second


def test_where_all_is_conditional_the_approval_is_too() -> None:
    content = contents(vendors=2, use_cases=2, criteria=4)
    for vendor in ("v-1", "v-2"):
        content[profile_of(vendor)]["capabilities"] = {"cap-1": capability("unknown"), "cap-2": capability("native")}
    result = cases.result_of(content)
    first, second = sentences.recommendation(result, ENGLISH)
    assert first.endswith("alone, subject to conditions.")
    assert "serves 2 of 2 use cases once the conditions are met" in second
    assert "No use case is covered without a condition." in sentences.disadvantage(result, ENGLISH)


def test_exact_ties_share_the_first_place() -> None:
    text = sentences.first_place(cases.result_of(cases.all_tied()), ENGLISH)
    assert text == "By score, V-1, V-2, V-3 and 2 more share the first place with 50.0 of 100 points."


def test_close_scores_are_too_close_to_call() -> None:
    content = contents(vendors=2, use_cases=0, criteria=4)
    content[EVALUATION]["policies"] = {"close_points": 100}
    text = sentences.first_place(cases.result_of(content), ENGLISH)
    assert text.endswith("lies within 100.0 points: too close to call.")


def test_use_cases_without_importance_are_no_demand() -> None:
    content = contents(vendors=2, use_cases=1, criteria=4)
    content[USE_CASES]["use_cases"][0]["importance"] = 0
    result = cases.result_of(content)
    assert result.stacks is None
    assert sentences.recommendation(result, ENGLISH)[0].startswith("No use case of any importance")


def test_the_limit_of_the_search_is_named_where_it_ends_the_stack() -> None:
    content = cases.everyday()
    content[EVALUATION]["policies"]["min_gain"] = 0
    content[EVALUATION]["stack"] = {"max_tools": 2}
    result = cases.result_of(content)
    assert (
        sentences.size_reason(result, ENGLISH) == "No larger stack lies within the limits of this evaluation (2 tools)."
    )


def test_stacks_that_start_above_one_tool_are_explained_without_a_single_one(everyday: Evaluated) -> None:
    assert everyday.stacks is not None
    larger = tuple(size for size in everyday.stacks.sizes if size.size > 1)
    result = dataclasses.replace(everyday, stacks=dataclasses.replace(everyday.stacks, sizes=larger))
    assert sentences.one_tool_reason(result, ENGLISH) == "The limits of this evaluation require more than one tool."
    assert sentences.reasons(result, ENGLISH)[0].startswith("The stack has a value of")


def test_dissent_counts_the_answers_that_several_gave(everyday: Evaluated) -> None:
    options = [option.id for option in everyday.scores.options]
    found, text = sentences.dissent(everyday, options, ENGLISH)
    apart = sum(cell.differs for option in everyday.scores.options for cell in option.cells)
    assert found
    assert text == f"The assessors differ on {apart} of {counted(8 * 12, 'answer')} they share."
    assert len(views.disagreements(everyday, options)) == apart


def test_without_a_second_assessor_there_is_no_second_opinion() -> None:
    found, text = sentences.dissent(cases.result_of(cases.all_tied()), ["v-1"], ENGLISH)
    assert not found
    assert "no second opinion" in text


def test_no_sentence_has_an_unfilled_place_or_a_double_blank(everyday: Evaluated) -> None:
    for result in [everyday, *(cases.result_of(case()) for case in cases.EDGES.values())]:
        said = [
            *sentences.recommendation(result, ENGLISH),
            *sentences.reasons(result, ENGLISH),
            *sentences.disadvantage(result, ENGLISH),
        ]
        for sentence in said:
            assert sentence.endswith(".")
            assert not re.search(r"\bNone\b(?! of)|nan|  |,\.|\.\.", sentence), sentence


def test_conditions_ask_for_the_highest_level_that_a_use_case_needs() -> None:
    content = contents(vendors=1, use_cases=2, criteria=2, level="unknown")
    content["criteria/f-1.yaml"]["criteria"][0]["gates"] = {"internal": 1, "restricted": 3}
    content[EVALUATION]["policies"] = {"gates": "all"}
    content["vendors/v-1/business/desk-a.yaml"]["answers"]["c-2"] = {
        "level": 3,
        "rationale": "Seen.",
        "evidence": [{"source": "https://v.example/a", "date": "2026-10-01", "grade": "C"}],
        "confidence": "high",
    }
    content[USE_CASES]["use_cases"][1]["data_class"] = "restricted"
    result = cases.result_of(content)
    assert result.stacks is not None
    assert result.stacks.chosen is not None
    (condition,) = views.conditions(result, result.stacks.chosen)
    assert condition.use_cases == ("u-1", "u-2")
    assert [(check.criterion, check.required) for check in condition.checks] == [("c-1", 3)]


def test_a_range_without_width_is_not_called_one() -> None:
    result = cases.result_of(cases.no_use_case())
    assert result.scores.options[0].low == result.scores.options[0].high
    assert (
        sentences.first_place(result, ENGLISH)
        == "By score, V-1 comes first with 50.0 of 100 points; every answer behind it is supported."
    )
    alone = sentences.first_place(cases.result_of(cases.one_option()), ENGLISH)
    assert alone == "V-1 is the only option and scores 43.8 of 100 points; every answer behind it is supported."
