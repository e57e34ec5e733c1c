"""What open answers could change: held against evaluations in which the answer has come in."""

from __future__ import annotations

import copy
from itertools import combinations

import oracle
import pytest
from builders import (
    AS_OF,
    CATALOGUE,
    USE_CASES,
    WEIGHTS,
    Content,
    answer,
    build,
    capability,
    card_of,
    contents,
    evaluated,
    profile_of,
    tagged,
    use_case,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import evaluations

from evaluator.evaluation.evaluate import evaluate
from evaluator.model.evaluated import Evaluated
from evaluator.model.sensitivity import AnswerUncertainty, OpenQuestion, OpenQuestions, OpenReason
from evaluator.sensitivity.value_of_information import value_of_information

LOW = {0: 0.5, 1: 0.2, 2: 0.05}
NEAR = 1e-7


def result_of(content: Content) -> Evaluated:
    return evaluate(build(content), AS_OF, version="test")


def came_in(content: Content, question: OpenQuestion, outcome: int | str) -> Content:
    """The same evaluation with one answer agreed at a level, firm and closed above; or a capability known."""
    known = copy.deepcopy(content)
    if question.doubt is OpenReason.CAPABILITY:
        known[profile_of(question.option)]["capabilities"][question.subject] = capability(str(outcome))
        return known
    edition = known[profile_of(question.option)]["edition"]
    name = card_of(question.option, "agreed")
    card = known.get(name)
    if card is None or card["edition"] != edition:
        card = {**known[card_of(question.option)], "assessor": "agreed", "edition": edition, "answers": {}}
    known[name] = {**card, "answers": {**card["answers"], question.subject: answer(int(outcome))}}
    return known


def outcomes(question: OpenQuestion) -> dict[int | str, float]:
    """The documented law of each doubt, on levels 0 to 4."""
    if question.doubt is OpenReason.CAPABILITY:
        return dict.fromkeys(("native", "partial", "built", "none"), 0.25)
    if question.doubt is OpenReason.UNKNOWN:
        return dict.fromkeys(range(5), 0.2)
    assert question.level is not None
    if question.doubt is OpenReason.FLOOR:
        levels = range(question.level, 5)
        return dict.fromkeys(levels, 1 / len(levels))
    chances: dict[int | str, float] = {}
    for step in range(-2, 3):
        level = min(4, max(0, question.level + step))
        chances[level] = chances.get(level, 0.0) + LOW[abs(step)]
    return chances


def value(result: Evaluated, tools: tuple[str, ...]) -> float:
    cases = [case for case in result.workspace.demand.use_cases if case.importance > 0]
    total = sum(float(case.importance) for case in cases)
    best = [max((fit.fit for fit in result.fits[case.id] if fit.option in tools), default=0.0) for case in cases]
    return sum(float(case.importance) * fit for case, fit in zip(cases, best, strict=True)) / total


def allowed(content: Content, found: OpenQuestions) -> list[tuple[str, ...]]:
    """The stacks of the recommended size, or else of the smallest there is, that keep to the limits."""
    names = sorted(option.option for option in found.options)
    for size in [len(found.stack)] if found.stack else range(1, 5):
        able = [tools for tools in combinations(names, size) if oracle.allowed(content, tools)]
        if able:
            return able
    return []


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(evaluations(max_vendors=3, max_criteria=4, use_cases=2), st.data())
def test_every_question_says_what_the_answer_would_do(content: Content, data: st.DataObject) -> None:
    found = value_of_information(evaluated(content), 50)
    if not found.questions:
        return
    question = data.draw(st.sampled_from(found.questions))
    able = allowed(content, found)
    leader = found.first[0]
    regret = regret_first = 0.0
    scores, firsts, stacks = [], set(), set()
    for outcome, chance in outcomes(question).items():
        after = result_of(came_in(content, question, outcome))
        scores.append(after.scores.option(question.option).score)
        best = max((value(after, tools) for tools in able), default=0.0)
        short = best - value(after, found.stack or ())
        regret += chance * short
        if short > NEAR:
            stacks.add(next(tools for tools in able if value(after, tools) > best - NEAR))
        first = after.scores.options[0]
        regret_first += chance * (first.score - after.scores.option(leader).score)
        if first.score > after.scores.option(leader).score + NEAR:
            firsts.add(first.score)
    assert question.gain == pytest.approx(regret, abs=NEAR)
    assert question.gain_first == pytest.approx(regret_first, abs=NEAR)
    assert question.score == pytest.approx((min(scores), max(scores)), abs=NEAR)
    assert bool(question.stacks) == bool(stacks)
    assert bool(question.firsts) == bool(firsts)


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(evaluations(max_vendors=2, max_criteria=2, use_cases=1), st.data())
def test_asking_a_vendor_everything_gains_what_all_outcomes_together_do(content: Content, data: st.DataObject) -> None:
    samples = 4000
    found = value_of_information(evaluated(content), samples)
    option = data.draw(st.sampled_from(found.options))
    if not 1 <= len(option.questions) <= 3:
        return
    able = allowed(content, found)
    total = 0.0
    states: list[tuple[Content, float]] = [(content, 1.0)]
    for question in option.questions:
        states = [
            (came_in(state, question, outcome), chance * more)
            for state, chance in states
            for outcome, more in outcomes(question).items()
        ]
    for state, chance in states:
        after = result_of(state)
        best = max((value(after, tools) for tools in able), default=0.0)
        total += chance * (best - value(after, found.stack or ()))
    assert option.gain == pytest.approx(total, abs=max(5 * option.gain_error, 1e-6))


def gated() -> Content:
    """Two vendors; on the first criterion, internal data needs level 2."""
    content = contents(criteria=3, families=1, vendors=2, level=3)
    content["criteria/f-1.yaml"]["criteria"][0] |= {"gates": {"internal": 2}, "starter_gate": True}
    return content


def test_an_answer_that_alone_holds_up_a_class_says_so() -> None:
    content = gated()
    content[card_of("v-1")]["answers"]["c-1"] = answer("unknown")
    question = next(q for q in value_of_information(evaluated(content)).questions if q.option == "v-1")
    assert question.subject == "c-1"
    assert {(gate.data_class, gate.required, gate.clears) for gate in question.gates} == {
        ("internal", 2, True),
        ("confidential", 2, True),
        ("restricted", 2, True),
    }
    assert question.use_cases == ("u-1",)
    assert question.score == pytest.approx((100 * 2 / 4, 100 * (2 * 0.75 + 1) / 3))


def test_an_old_answer_below_a_gate_may_still_meet_it() -> None:
    content = gated()
    content[card_of("v-1")]["answers"]["c-1"] = answer(
        1, evidence=[{"source": "https://a.example", "date": "2020-01-01", "grade": "C"}]
    )
    question = next(q for q in value_of_information(evaluated(content)).questions if q.option == "v-1")
    assert question.doubt is OpenReason.STALE
    assert question.use_cases == ("u-1",)
    assert all(gate.clears for gate in question.gates)


def test_a_floor_below_a_gate_is_a_question_and_a_closed_level_is_none() -> None:
    content = gated()
    content[card_of("v-1")]["answers"]["c-1"] = answer(1, missing=["the contract"])
    content[card_of("v-2")]["answers"]["c-1"] = answer(1)
    found = value_of_information(evaluated(content))
    assert [(q.option, q.subject, q.doubt, q.missing) for q in found.questions] == [
        ("v-1", "c-1", OpenReason.FLOOR, ("the contract",))
    ]


def test_an_open_answer_that_weighs_nothing_and_holds_up_nothing_is_no_question() -> None:
    content = contents(criteria=3, families=1, vendors=2, level=3)
    content[WEIGHTS]["criteria"]["c-3"] = 0
    content[card_of("v-1")]["answers"]["c-3"] = answer("unknown")
    assert value_of_information(evaluated(content)).questions == ()


def test_a_must_that_is_unknown_is_a_question() -> None:
    content = contents(criteria=2, families=1, vendors=2, level=3)
    del content[profile_of("v-2")]["capabilities"]["cap-1"]
    question = value_of_information(evaluated(content)).questions[0]
    assert (question.option, question.subject, question.doubt) == ("v-2", "cap-1", OpenReason.CAPABILITY)


def test_nothing_is_open_where_everything_is_firm_and_no_use_case_is_needed() -> None:
    content = contents(criteria=2, vendors=2, level=3)
    assert value_of_information(evaluated(content)).questions == ()
    content[USE_CASES]["use_cases"] = []
    content[card_of("v-1")]["answers"]["c-1"] = answer("unknown")
    found = value_of_information(evaluated(content))
    assert found.stack is None
    assert found.questions[0].gain == 0
    assert found.questions[0].gain_first == pytest.approx(0.2 * 12.5)


def test_the_same_seed_gives_the_same_gains_and_other_vendors_do_not_matter_to_the_draws() -> None:
    content = contents(
        criteria=4, vendors=3, level=lambda vendor, key, _: "unknown" if key in {"c-1", "c-2"} else int(vendor[-1])
    )
    assert value_of_information(evaluated(content)) == value_of_information(evaluated(content))
    assert content[CATALOGUE]["scale"] == {"min": 0, "max": 4}


def test_the_law_of_low_confidence_can_be_narrowed() -> None:
    content = contents(criteria=2, vendors=2, level=2, answer_changes={"evidence": []})
    wide = value_of_information(evaluated(content)).questions[0].score
    narrow = value_of_information(evaluated(content), uncertainty=AnswerUncertainty(low=(1.0,))).questions[0].score
    assert narrow == pytest.approx((50, 50))
    assert wide == pytest.approx((25, 75))


def test_a_capability_that_bears_a_criterions_id_is_another_question() -> None:
    def named(capability_id: str) -> OpenQuestions:
        content = contents(
            criteria=2, families=1, vendors=2, level=lambda vendor, *_: "unknown" if vendor == "v-1" else 2
        )
        content[USE_CASES]["capabilities"] = {capability_id: "Forms"}
        content[USE_CASES]["use_cases"] = [use_case("u-1", must=[capability_id], gates={"c-1": 1})]
        for vendor, support in (("v-1", "unknown"), ("v-2", "native")):
            content[profile_of(vendor)]["capabilities"] = {capability_id: capability(support)}
        return value_of_information(evaluated(content), 500)

    def figures(found: OpenQuestions) -> list[object]:
        return [
            (option.gain, [(row.doubt, row.gain, row.score, row.use_cases, row.gates) for row in option.questions])
            for option in found.options
        ]

    assert figures(named("c-1")) == figures(named("cap-1"))


def test_an_answer_that_alone_holds_up_a_tag_says_so() -> None:
    content = tagged()
    content[card_of("v-2")]["answers"]["c-1"] = answer("unknown")
    question = next(
        q for q in value_of_information(evaluated(content)).questions if (q.option, q.subject) == ("v-2", "c-1")
    )
    assert [(gate.data_class, gate.data_tag, gate.required, gate.clears) for gate in question.gates] == [
        ("", "personal-data", 2, True)
    ]
    assert question.use_cases == ("u-1",)
