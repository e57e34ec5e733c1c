"""What open answers are worth knowing: one market worked out by hand, and the short cuts held against trying everything."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import Any

import pytest
from builders import (
    AS_OF,
    EVALUATION,
    USE_CASES,
    Content,
    answer,
    capability,
    contents,
    evaluated,
    profile_of,
    use_case,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from review_builders import answers_of
from strategies import evaluations

from evaluator.model.sensitivity import AnswerUncertainty, GateEffect, OpenQuestion, OpenQuestions, OpenReason
from evaluator.sensitivity import value_of_information as module
from evaluator.sensitivity.value_of_information import value_of_information


def near(figure: float) -> Any:
    """``figure`` but for rounding."""
    return pytest.approx(figure)


def market(*levels: int | str, criteria: int = 1, most: int = 1, **stack: Any) -> Content:
    """Options v-1 ... with these levels on every criterion; one use case, and stacks of at most so many tools."""
    content = contents(
        criteria=criteria, families=1, vendors=len(levels), level=lambda vendor, _k, _a: levels[int(vendor[2:]) - 1]
    )
    content[EVALUATION]["stack"] = {"max_tools": most, **stack}
    return content


def found_in(content: Content, samples: int = 100, **knobs: Any) -> OpenQuestions:
    return value_of_information(evaluated(content), samples, **knobs)


def of(found: OpenQuestions, option: str) -> tuple[OpenQuestion, ...]:
    return next(row.questions for row in found.options if row.option == option)


def test_an_unknown_answer_that_may_overtake_the_recommended_tool() -> None:
    # v-1 earns 75. v-2 may earn 0, 25, 50, 75 or 100, all alike: only the last is worth more, by 25.
    found = found_in(market(3, "unknown"))
    assert (found.as_of, found.samples, found.stack, found.first) == (AS_OF, 100, ("v-1",), ("v-1",))
    assert [row.option for row in found.options] == ["v-2", "v-1"]
    (question,) = found.questions
    assert question == OpenQuestion(
        option="v-2",
        subject="c-1",
        doubt=OpenReason.UNKNOWN,
        level=None,
        missing=(),
        score=(0, 100),
        gates=(),
        use_cases=(),
        firsts=("v-2",),
        stacks=(("v-2",),),
        gain=question.gain,
        gain_first=question.gain_first,
    )
    assert (question.gain, question.gain_first) == (near(5), near(5))


@pytest.mark.parametrize("samples", [50, 400])
def test_the_error_of_a_gain_is_the_deviation_over_the_root_of_the_draws(samples: int) -> None:
    # Knowing the answer gains 25 in some draws and nothing in the others, so mean and deviation go together.
    found = found_in(market(3, "unknown"), samples).options[0]
    assert 0 < found.gain < 25
    assert found.gain_error == near(sqrt(found.gain * (25 - found.gain) / samples))
    assert found.gain_first == near(found.gain)
    assert abs(found.gain - 5) < 4 * found.gain_error


def test_what_is_certain_gains_nothing_and_has_no_error() -> None:
    found = found_in(market(3, 2))
    assert [(row.option, row.questions, row.gain, row.gain_error, row.gain_first) for row in found.options] == [
        ("v-1", (), 0, 0, 0),
        ("v-2", (), 0, 0, 0),
    ]


def test_an_answer_of_the_recommended_tool_that_may_fall() -> None:
    content = market(3, 2)
    answers_of(content, "v-1")["c-1"]["evidence"] = []
    # By the law of low confidence: 0.05 for level 1, 0.2 for 2, 0.5 for 3, 0.25 for 4; only level 1 falls behind v-2, by 25.
    found = found_in(content)
    (question,) = found.questions
    assert (question.option, question.doubt, question.level) == ("v-1", OpenReason.UNSUPPORTED, 3)
    assert question.score == (25, 100)
    assert (question.firsts, question.stacks) == (("v-2",), (("v-2",),))
    assert (question.gain, question.gain_first) == (near(1.25), near(1.25))
    wide = found_in(content, uncertainty=AnswerUncertainty(low=(0.2, 0.4))).questions[0]
    # Level 2 draws level and gains nothing.
    assert (wide.score, wide.gain, wide.firsts, wide.stacks) == ((50, 100), 0, (), ())


def test_draws_and_seed_have_defaults() -> None:
    found = value_of_information(evaluated(market(3, 2)))
    assert (found.samples, found.seed) == (1000, 20261124)
    assert found_in(market(3, "unknown"), seed=7).seed == 7
    one, two = (found_in(market(3, "unknown"), seed=seed).options[0].gain for seed in (1, 2))
    assert one != two


def test_options_stand_by_what_asking_them_gains_then_by_the_first_place_then_by_id() -> None:
    found = found_in(market(2, "unknown", 2, "unknown"))
    assert {row.option for row in found.options[:2]} == {"v-2", "v-4"}
    assert [row.option for row in found.options[2:]] == ["v-1", "v-3"]
    # An option that serves nothing may still take the first place.
    content = market(3, 2, "unknown")
    content[profile_of("v-3")]["capabilities"]["cap-1"] = capability("none")
    found = found_in(content)
    assert [(row.option, row.gain) for row in found.options] == [("v-3", 0), ("v-1", 0), ("v-2", 0)]
    assert found.options[0].gain_first > 0


def test_a_shared_first_place_names_all() -> None:
    assert found_in(market(3, 3, 2)).first == ("v-1", "v-2")


def test_a_stack_of_two_is_held_against_stacks_of_two() -> None:
    # Each option serves a use case of its own; v-3 the second one, like v-2.
    content = market(4, 3, "unknown", most=2)
    content[USE_CASES]["use_cases"] = [
        use_case("u-1", must=["cap-1"], should=[]),
        use_case("u-2", must=["cap-2"], should=[]),
    ]
    for vendor, have in (("v-1", "cap-1"), ("v-2", "cap-2"), ("v-3", "cap-2")):
        content[profile_of(vendor)]["capabilities"] = {
            key: capability("native" if key == have else "none") for key in ("cap-1", "cap-2")
        }
    found = found_in(content)
    assert found.stack == ("v-1", "v-2")
    (question,) = of(found, "v-3")
    # At level 4 the second use case gains 25 of its half: 12.5 points, with a chance of a fifth.
    assert question.stacks == (("v-1", "v-3"),)
    assert question.gain == near(2.5)
    # Its score of 100 draws level with the first.
    assert (question.firsts, question.gain_first) == ((), 0)


def test_a_stack_of_three_keeps_what_both_partners_serve() -> None:
    content = market(4, 4, 3, "unknown", most=3)
    needs = ("cap-1", "cap-2", "cap-3")
    content[USE_CASES]["capabilities"] = dict.fromkeys(needs, "Something.")
    content[USE_CASES]["use_cases"] = [use_case(f"u-{n}", must=[need], should=[]) for n, need in enumerate(needs)]
    for vendor, have in (("v-1", "cap-1"), ("v-2", "cap-2"), ("v-3", "cap-3"), ("v-4", "cap-3")):
        content[profile_of(vendor)]["capabilities"] = {
            key: capability("native" if key == have else "none") for key in needs
        }
    found = found_in(content)
    assert found.stack == ("v-1", "v-2", "v-3")
    (question,) = of(found, "v-4")
    # At level 4, with a chance of a fifth, a third of all importance gains 25.
    assert (question.stacks, question.gain) == ((("v-1", "v-2", "v-4"),), near(25 / 15))


def test_questions_stand_by_what_they_gain() -> None:
    content = market(3, "unknown", criteria=2)
    content["criteria/weights.yaml"]["criteria"] = {"c-1": 1, "c-2": 9}
    answers_of(content, "v-1")["c-1"] = answer(0)
    # v-1 earns 67.5. Of v-2 c-2 alone may earn 90 and c-1 alone only 10.
    first, second = of(found_in(content), "v-2")
    assert (first.subject, second.subject) == ("c-2", "c-1")
    assert (first.gain, second.gain) == (near(22.5 / 5), 0)


def test_a_floor_at_level_zero_of_a_scale_that_begins_below() -> None:
    content = market(0)
    content["criteria/f-1.yaml"]["criteria"][0] |= {
        "levels": {level: f"Level {level}" for level in range(-2, 3)},
        "gates": {"internal": 1},
        "starter_gate": True,
    }
    answers_of(content, "v-1")["c-1"]["missing"] = ["a test"]
    (question,) = found_in(content).questions
    # The level is shown: it may be 0, 1 or 2, and no lower.
    assert (question.doubt, question.level, question.score) == (OpenReason.FLOOR, 0, (50, 100))


def gated(level: int | str, **changes: Any) -> Content:
    """One option with gates at level 3 on both criteria for internal data; c-1 as given, c-2 at level 4."""
    content = market(4, criteria=2)
    for item in content["criteria/f-1.yaml"]["criteria"]:
        item |= {"starter_gate": True, "gates": {"internal": 3}}
    answers_of(content, "v-1")["c-1"] = answer(level, **changes)
    return content


def test_gates_that_an_open_answer_leaves_unmet() -> None:
    (question,) = found_in(gated("unknown")).questions
    assert question.gates == tuple(
        GateEffect(data_class, 3, clears=True) for data_class in ("internal", "confidential", "restricted")
    )
    assert question.use_cases == ("u-1",)
    both = gated("unknown")
    answers_of(both, "v-1")["c-2"] = answer("unknown")
    for question in found_in(both).questions:
        assert [gate.clears for gate in question.gates] == [False, False, False]


def test_a_gate_that_an_old_answer_fails_may_still_be_met() -> None:
    content = gated(2, evidence=[])
    (question,) = found_in(content).questions
    assert question.use_cases == ("u-1",)
    assert len(question.gates) == 3
    # Today the use case is not served at all, and nothing is recommended.
    assert found_in(content).stack is None
    assert question.stacks == (("v-1",),)
    # Levels 3 and 4 with 0.2 and 0.05: c-1 at 75 or 100 beside c-2 at 100.
    assert question.gain == near(0.2 * 87.5 + 0.05 * 100)


def test_a_use_case_that_does_not_wait_for_an_answer_is_not_named() -> None:
    content = gated("unknown")
    content[USE_CASES]["use_cases"].append(use_case("u-2", data_class="public"))
    assert found_in(content).questions[0].use_cases == ("u-1",)


def test_a_floor_below_a_gate_says_what_is_missing() -> None:
    (question,) = found_in(gated(2, missing=["a test"])).questions
    assert (question.doubt, question.level, question.missing) == (OpenReason.FLOOR, 2, ("a test",))
    assert question.score == (75, 100)


def test_a_capability_that_is_unknown_has_no_gates() -> None:
    content = gated("unknown")
    content[USE_CASES]["capabilities"]["c-1"] = "Bears the id of a criterion."
    content[USE_CASES]["use_cases"] = [
        use_case("u-1", must=["c-1"], should=[]),
        use_case("u-2", must=["c-1"], should=[], data_class="public"),
    ]
    found = found_in(content)
    by_doubt = {question.doubt: question for question in found.questions}
    capable, known = by_doubt[OpenReason.CAPABILITY], by_doubt[OpenReason.UNKNOWN]
    assert (capable.subject, capable.gates, capable.use_cases) == ("c-1", (), ("u-1", "u-2"))
    assert capable.score == (50, 50)
    assert (len(known.gates), known.use_cases) == (3, ("u-1",))


def test_without_a_use_case_only_the_first_place_matters() -> None:
    content = market(3, "unknown")
    content[USE_CASES]["use_cases"] = []
    found = found_in(content)
    assert found.stack is None
    (question,) = found.questions
    assert (question.gain, question.stacks, question.gain_first) == (0, (), near(5))


def test_a_single_option_has_no_rival() -> None:
    found = found_in(market("unknown"))
    assert found.stack is None
    (question,) = found.questions
    assert (question.firsts, question.gain_first) == ((), 0)
    # Any level but the lowest makes it a stack: a mean of 50.
    assert (question.stacks, question.gain) == ((("v-1",),), near(50))


# Limits


def limit(tool: str) -> list[dict[str, str]]:
    return [{"tool": tool, "reason": "as decided"}]


def test_an_excluded_option_is_worth_no_question_and_still_may_rank_first() -> None:
    (question,) = found_in(market(3, "unknown", excluded=limit("v-2"))).questions
    assert (question.gain, question.stacks) == (0, ())
    assert (question.gain_first, question.firsts) == (near(5), ("v-2",))


def test_a_required_option_stays_whatever_its_answer() -> None:
    found = found_in(market(3, "unknown", most=2, required=limit("v-2")))
    assert (found.stack, found.questions[0].gain) == (("v-1", "v-2"), 0)
    # Alone it is worth nothing today, and on average 50 once it is known.
    alone = found_in(market(3, "unknown", required=limit("v-2")))
    assert (alone.stack, alone.questions[0].gain) == (None, near(50))
    found = found_in(market(3, "unknown", required=limit("v-1")))
    assert found.stack == ("v-1",)
    assert found.questions[0].gain == 0


def test_required_options_and_a_rival_of_the_other() -> None:
    found = found_in(market(1, 3, "unknown", most=2, required=limit("v-1")))
    assert found.stack == ("v-1", "v-2")
    (question,) = of(found, "v-3")
    assert (question.stacks, question.gain) == ((("v-1", "v-3"),), near(5))


@pytest.mark.parametrize(("budget", "gain"), [(240, 5), (239, 0)])
def test_a_stack_that_costs_too_much_is_no_gain(budget: float, gain: float) -> None:
    content = market(3, "unknown", budget={"amount": budget, "currency": "EUR"})
    # v-1 is cheap; v-2 costs ten a month for two makers.
    content[profile_of("v-1")]["editions"][0]["prices"][0]["amount"] = 1
    # What an unknown answer earns decides today who serves what, so v-2 is priced by itself.
    answers_of(content, "v-2")["c-1"] = answer(1, evidence=[], confidence="high")
    found = found_in(content, uncertainty=AnswerUncertainty(low=(0.2, 0.1, 0.1, 0.2)))
    assert found.questions[0].gain == near(gain)


@settings(max_examples=15)
@given(evaluations(max_vendors=4, max_criteria=3, use_cases=2), st.booleans())
def test_short_cuts_find_what_trying_every_stack_finds(content: Content, budget: bool) -> None:  # noqa: FBT001
    if budget:
        content[EVALUATION].setdefault("stack", {})["budget"] = {"amount": 300, "currency": "EUR"}
    tried = found_in(content, 20)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "EXHAUSTIVE", 0)
        found = found_in(content, 20)
    for one, other in zip(tried.options, found.options, strict=True):
        assert one.gain == pytest.approx(other.gain, abs=1e-9)
        for left, right in zip(one.questions, other.questions, strict=True):
            assert right.gain == pytest.approx(left.gain, abs=1e-9)
            assert replace(left, gain=0, stacks=()) == replace(right, gain=0, stacks=())


@pytest.mark.parametrize("block", [1, 3])
def test_blocks_of_any_length_give_the_same_gains(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    content = market(3, "unknown", 1, "unknown", most=2)
    whole = found_in(content)
    monkeypatch.setattr(module, "BLOCK", block)
    assert found_in(content) == whole
