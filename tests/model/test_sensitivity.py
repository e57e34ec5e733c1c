"""How firm an answer is: the small rules of the results."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from evaluator.model.sensitivity import (
    AnswerUncertainty,
    Breakeven,
    BreakevenPoint,
    Consistency,
    Elicited,
    MethodComparison,
    MethodRanking,
    OpenQuestion,
    OpenQuestions,
    OpenReason,
    OptionAcceptability,
    OptionQuestions,
    Robustness,
    Scenario,
    Sensitivity,
    Triple,
    WeightBreakeven,
    WeightDistribution,
    open_question_order,
)

DAY = date(2026, 1, 1)


def test_shares_of_ranks_are_added_up_to_one() -> None:
    found = OptionAcceptability("v", (0.5, 0.25, 0.125, 0.125), 0, None, {}, 0, 0)
    assert found.first == 0.5
    assert [found.within(rank) for rank in range(6)] == [0, 0.5, 0.75, 0.875, 1, 1]
    over = OptionAcceptability("v", (0.1,) * 3 + (0.7 + 1e-9,), 0, None, {}, 0, 0)
    assert over.within(4) == 1


def test_the_laws_of_levels() -> None:
    laws = AnswerUncertainty()
    assert (laws.high, laws.medium, laws.low) == ((1.0,), (0.8, 0.1), (0.5, 0.2, 0.05))
    for law in (laws.high, laws.medium, laws.low):
        assert law[0] + 2 * sum(law[1:]) == pytest.approx(1)


def test_a_scenario_is_found_by_its_law() -> None:
    scenarios = tuple(Scenario(law, (), (), None) for law in WeightDistribution)
    found = Robustness(DAY, 1, 2, 0.5, 1, AnswerUncertainty(), (0, 1), (), None, (), (), scenarios)
    assert [found.scenario(law) for law in WeightDistribution] == list(scenarios)
    assert [law.value for law in WeightDistribution] == ["around", "order", "any"]
    assert found.schema == "robustness/1"


def turns(*at: float | None) -> WeightBreakeven:
    return WeightBreakeven("c", 0.5, *(None if each is None else BreakevenPoint(each, ("v",)) for each in at))


def test_the_nearest_turn_is_the_smallest_change() -> None:
    assert turns(0.25, 1, None, 0.625).nearest == 0.125
    assert turns(0.375, 1, 0, None).nearest == 0.125
    assert turns(None, None, 0.25, None).nearest == 0.25
    assert turns(None, 0.75, None, None).nearest == 0.25
    assert turns(None, None, None, None).nearest is None


def question(**changes: Any) -> OpenQuestion:
    values: dict[str, Any] = {
        "option": "v", "subject": "c", "doubt": OpenReason.STALE, "level": 1, "missing": (), "score": (1, 2), "gates": (), "use_cases": (),
        "firsts": (), "stacks": (), "gain": 0, "gain_first": 0, **changes,
    }  # fmt: skip
    return OpenQuestion(**values)


def in_order(questions: list[OpenQuestion]) -> list[OpenQuestion]:
    return sorted(questions, key=open_question_order)


def test_the_most_valuable_question_comes_first() -> None:
    ordered = [
        question(gain=2),
        question(gain=1, gain_first=1),
        question(gain=1, use_cases=("u", "w")),
        question(gain=1, use_cases=("u",), score=(1, 9)),
        question(gain=1, use_cases=("u",), score=(2, 9)),
        question(gain=1, use_cases=("u",), option="w"),
        question(gain=1, use_cases=("u",), option="w", subject="d"),
    ]
    assert in_order(ordered[::-1]) == ordered
    groups = (OptionQuestions("v", tuple(ordered[3:]), 0, 0, 0), OptionQuestions("w", tuple(ordered[:3]), 0, 0, 0))
    assert OpenQuestions(DAY, 1, 1, None, (), groups).questions == tuple(ordered)
    assert OpenQuestions(DAY, 1, 1, None, (), groups).schema == "questions/1"


def test_differences_below_a_billionth_do_not_order_questions() -> None:
    close = [
        question(option="a", gain=1, gain_first=1, score=(0, 1)),
        question(option="b", gain=1 + 1e-10, gain_first=1 + 1e-10, score=(0, 1 + 1e-10)),
    ]
    assert in_order(close[::-1]) == close
    apart = [question(option="b", gain=1 + 2e-9), question(option="a", gain=1)]
    assert in_order(apart[::-1]) == apart
    first = [question(option="b", gain_first=1 + 2e-9), question(option="a", gain_first=1)]
    assert in_order(first[::-1]) == first
    wide = [question(option="b", score=(0, 1 + 2e-9)), question(option="a", score=(0, 1))]
    assert in_order(wide[::-1]) == wide


def test_opinions_agree_where_all_do() -> None:
    yes, no = MethodRanking("m", (), (), agrees=True), MethodRanking("n", (), (), agrees=False)
    assert [MethodComparison(DAY, (), each).agree for each in ((yes, yes), (yes, no), (no, no), ())] == [
        True,
        False,
        False,
        True,
    ]
    assert MethodComparison(DAY, (), ()).schema == "methods/1"
    assert Breakeven(DAY, (), None, 0, None, (), (), (), None, None).schema == "breakeven/1"
    assert Sensitivity(None, None, None).stack is None  # type: ignore[arg-type]


def test_a_consistency_ratio_of_a_tenth_is_acceptable() -> None:
    ratios = {0.1: True, 0.1000001: False, 0: True}
    assert {ratio: Consistency(3, 0, ratio, 0.5, "t").acceptable for ratio in ratios} == ratios


@pytest.mark.parametrize(("judged", "factor"), [((2, 3, 6), 1), ((2, 3, 3), 2), ((2, 3, 12), 2), ((0.5, 0.5, 1), 4)])
def test_how_far_three_judgements_contradict_each_other(judged: tuple[float, float, float], factor: float) -> None:
    assert Triple(("a", "b", "c"), judged).factor == pytest.approx(factor)


def test_weights_that_are_not_from_pairs_have_no_contradictions() -> None:
    elicited = Elicited("swing", {})
    assert (elicited.consistency, elicited.contradictions, elicited.triple) == (None, (), None)


def test_the_words_of_doubt() -> None:
    assert [doubt.value for doubt in OpenReason] == [
        "unknown",
        "stale",
        "over-cap",
        "unsupported",
        "floor",
        "capability",
    ]
