"""Robustness in cases without chance, where every share is known; laws and chances stand in tests/sensitivity/test_robustness_properties.py."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import pytest
from builders import (
    AS_OF,
    EVALUATION,
    USE_CASES,
    WEIGHTS,
    Content,
    answer,
    capability,
    card_of,
    contents,
    evaluated,
    evidence,
    profile_of,
    use_case,
)

from evaluator.errors import EvaluatorError
from evaluator.model.sensitivity import AnswerUncertainty, Robustness, Scenario, StakeholderView, WeightDistribution
from evaluator.sensitivity import robustness as module
from evaluator.sensitivity.robustness import MOST_SAMPLES, SEED, robustness
from evaluator.sensitivity.sampling import concentration

SURE = AnswerUncertainty(medium=(1.0,), low=(1.0,))
"""Every answer is as given."""


def table(levels: dict[str, list[int]], weights: list[float], **evaluation: Any) -> Content:
    """Vendors with these levels on criteria of one family; one use case that needs nothing."""
    keys = [f"c-{number}" for number in range(1, len(weights) + 1)]
    content = contents(
        criteria=len(weights), families=1, vendors=list(levels), level=lambda vendor, key, _: levels[vendor][keys.index(key)]
    )  # fmt: skip
    content[WEIGHTS]["criteria"] = dict(zip(keys, weights, strict=True))
    content[USE_CASES]["use_cases"] = [use_case("u-1", must=[], should=[])]
    content[EVALUATION] |= evaluation
    return content


def found(content: Content, samples: int = 8, **knobs: Any) -> Robustness:
    return robustness(evaluated(content), samples, **{"uncertainty": SURE, **knobs})


LADDER = {"a": [1, 1], "b": [4, 4], "c": [3, 3]}
"""``b`` is best everywhere, ``c`` a level behind, ``a`` three."""


def test_where_one_option_is_best_everywhere_every_share_is_whole() -> None:
    result = found(table(LADDER, [1, 3]))
    assert (result.as_of, result.samples, result.seed, result.half_width) == (AS_OF, 8, SEED, 0.5)
    assert (result.first, result.stack, result.equal_weights, result.views) == (("b",), ("b",), ("b",), ())
    assert (result.laws, result.credit) == (SURE, (0.0, 1.0))
    assert result.concentration == concentration(0.5, 2)
    assert [scenario.law for scenario in result.scenarios] == list(WeightDistribution)
    for scenario in result.scenarios:
        best, middle, last = scenario.options
        assert [row.option for row in scenario.options] == ["b", "c", "a"]
        assert (best.ranks, middle.ranks, last.ranks) == ((1, 0, 0), (0, 1, 0), (0, 0, 1))
        assert (best.first_error, best.in_stack, last.in_stack) == (0, 1, 0)
        assert (best.above, middle.above, last.above) == ({"a": 1, "c": 1}, {"a": 1, "b": 0}, {"b": 0, "c": 0})
        assert [row.regret for row in scenario.options] == pytest.approx([0, 25, 75], abs=1e-3)
        assert best.central is not None
        assert list(best.central) == ["c-1", "c-2"]
        assert sum(best.central.values()) == pytest.approx(1)
        assert (middle.central, last.central) == (None, None)


def test_stacks_of_every_size_and_the_recommended_one() -> None:
    scenario = found(table(LADDER, [1, 1])).scenarios[0]
    one, two, three = scenario.sizes
    assert [(size.size, size.draws, size.worthless) for size in scenario.sizes] == [(1, 8, 0), (2, 8, 0), (3, 8, 0)]
    assert [(share.tools, share.share, share.error) for share in one.stacks] == [(("b",), 1, 0)]
    # Every pair with b is worth the same.
    assert [(share.tools, share.share) for share in two.stacks] == [(("a", "b"), 0.5), (("b", "c"), 0.5)]
    assert two.stacks[0].error == pytest.approx(sqrt(0.25 / 8))
    assert [share.tools for share in three.stacks] == [("a", "b", "c")]
    assert (one.others, two.others) == (0, 0)
    assert scenario.stack is not None
    assert (scenario.stack.tools, scenario.stack.draws, scenario.stack.share, scenario.stack.share_error) == (
        ("b",),
        8,
        1,
        0,
    )
    assert (scenario.stack.close, scenario.stack.regret, scenario.stack.regret_error) == (1, 0, 0)


def test_only_the_stacks_that_win_most_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LISTED", 2)
    scenario = found(table({key: [2, 2] for key in "abcd"}, [1, 1])).scenarios[0]
    assert [(share.tools, share.share) for share in scenario.sizes[0].stacks] == [(("a",), 0.25), (("b",), 0.25)]
    assert scenario.sizes[0].others == pytest.approx(0.5)


def required(*tools: str) -> dict[str, Any]:
    return {"stack": {"required": [{"tool": tool, "reason": "r"} for tool in tools]}}


@pytest.mark.parametrize(("band", "close"), [(25, 1), (24.9, 0)])
def test_how_far_the_recommended_stack_falls_short(band: float, close: float) -> None:
    """``b`` at 100 is conditional and counts half today, so that ``c`` at 75 is recommended; in the draws it counts in full."""
    content = table({"b": [4], "c": [3]}, [1], policies={"close_points": band})
    content[USE_CASES]["use_cases"][0]["gates"] = {"c-1": 3}
    content[card_of("b")]["answers"]["c-1"] = answer(4, evidence=[evidence(date="2020-01-01")])
    result = found(content, credit=(1.0, 1.0))
    assert result.stack == ("c",)
    for scenario in result.scenarios:
        assert scenario.stack is not None
        assert (scenario.stack.share, scenario.stack.share_error, scenario.stack.close) == (0, 0, close)
        assert (scenario.stack.regret, scenario.stack.regret_error) == pytest.approx((25, 0), abs=1e-4)
        assert [row.in_stack for row in scenario.options] == [1, 0]


def test_importance_and_capabilities_weigh_in_every_draw() -> None:
    """``a`` earns 100 in the first use case, times 0.6 for partial support, and has nothing of the second; ``b`` is at 50 in both.

    By importance 1 to 3 that is 15 against 50, by 9 to 1 54 against 50.
    """
    content = table({"a": [4], "b": [2]}, [1], stack={"max_tools": 1}, policies={"min_gain": 0})
    content[profile_of("a")]["capabilities"] = {"cap-1": capability("partial"), "cap-2": capability("none")}
    for importance, best in (((1, 3), "b"), ((9, 1), "a")):
        content[USE_CASES]["use_cases"] = [
            use_case(f"u-{number}", importance=weight, must=[f"cap-{number}"], should=[])
            for number, weight in enumerate(importance, start=1)
        ]
        result = found(content)
        assert result.stack == (best,)
        assert [(share.tools, share.share) for share in result.scenarios[0].sizes[0].stacks] == [((best,), 1)]


def test_the_size_of_the_recommended_stack_is_searched_too() -> None:
    content = table({key: [2, 2] for key in "abcde"}, [1, 1], **required("a", "b", "c", "d"))
    scenario = found(content).scenarios[0]
    assert [size.size for size in scenario.sizes] == [4]
    assert scenario.stack is not None
    assert scenario.stack.tools == ("a", "b", "c", "d")
    assert [row.in_stack for row in scenario.options] == [1, 1, 1, 1, 0]


def test_no_use_case_and_nothing_that_serves() -> None:
    content = table(LADDER, [1, 1])
    content[USE_CASES]["use_cases"] = []
    result = found(content)
    assert (result.stack, result.scenarios[0].sizes, result.scenarios[0].stack) == (None, (), None)
    assert [row.in_stack for row in result.scenarios[0].options] == [0, 0, 0]
    result = found(table({key: [0, 0] for key in "ab"}, [1, 1]))
    assert (result.stack, result.first) == (None, ("a", "b"))
    assert [size.worthless for size in result.scenarios[0].sizes] == [1, 1]


def test_options_in_a_tie_and_equal_weights_over_what_counts() -> None:
    """Weights 3, 1 and 0: a leads by the first; equal ones over the two that count put b first."""
    result = found(table({"a": [3, 0, 0], "b": [0, 4, 0], "c": [3, 0, 4]}, [3, 1, 0]))
    assert result.first == ("a", "c")
    assert result.equal_weights == ("b",)


def test_every_stakeholder_has_a_view_of_their_own() -> None:
    people = {"zoe": {"c-1": 0, "c-2": 5}, "ann": {"c-1": 30.0, "c-2": 10}}
    result = found(table({"a": [4, 0], "b": [0, 4]}, [3, 1]), stakeholders=people)
    assert result.views == (
        StakeholderView("zoe", ("b",), ("b",), pytest.approx(1.5)),  # type: ignore[arg-type]
        StakeholderView("ann", ("a",), ("a",), 0.0),
    )


def test_the_same_seed_gives_the_same_figures_and_another_does_not() -> None:
    content = table({"a": [4, 0], "b": [0, 4]}, [1, 1])
    assert found(content, 50) == found(content, 50) == found(content, 50, seed=SEED)
    assert found(content, 50, seed=1).scenarios != found(content, 50).scenarios


def test_blocks_of_draws_and_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two criteria and two options with one use case: four numbers a draw."""
    content = table({"a": [4, 0], "b": [0, 4]}, [1, 1])
    for block, samples, expected in (
        (4 * 64, 150, [(64, 150), (128, 150), (150, 150)]),
        (4, 64, [(64, 64)]),
        (4 * 100, 150, [(100, 150), (150, 150)]),
        (1 << 30, 5000, [(4096, 5000), (5000, 5000)]),
    ):
        monkeypatch.setattr(module, "BLOCK", block)
        told: list[tuple[int, int]] = []
        result = found(content, samples, progress=lambda done, whole, told=told: told.append((done, whole)))
        assert told == expected
        for scenario in result.scenarios:
            one, two = scenario.options
            assert one.first + two.first == pytest.approx(1)


def test_draws_beyond_those_searched_for_stacks_still_count_ranks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evaluator.sensitivity.rank_acceptability.WORK", 1)
    monkeypatch.setattr("evaluator.sensitivity.rank_acceptability.FEWEST", 10)
    monkeypatch.setattr(module, "BLOCK", 1)
    content = table({"a": [4, 0], "b": [0, 4], "c": [4, 0]}, [1, 1])
    content[card_of("b")]["answers"]["c-1"]["confidence"] = "low"
    for laws in (SURE, AnswerUncertainty()):
        result = found(content, 200, uncertainty=laws)
        for scenario in result.scenarios:
            assert [size.draws for size in scenario.sizes] == [10, 10, 10]
            one, _, three = sorted(scenario.options, key=lambda row: row.option)
            assert sum(row.first for row in scenario.options) == pytest.approx(1)
            assert sum(row.regret * row.first for row in scenario.options) >= 0
            if laws is SURE:
                assert one.ranks == three.ranks
                assert one.above["c"] == 0.5
                assert 0 < one.first < 0.5


@pytest.mark.parametrize(
    ("samples", "knobs", "sentence"),
    [
        (0, {}, "The number of simulations must lie between 1 and 10,000,000."),
        (MOST_SAMPLES + 1, {}, "The number of simulations must lie between 1 and 10,000,000."),
        (1, {"stakeholders": {"ann": {"c-1": 2, "c-2": -1}}}, "'c-2' has the weight -1; a weight must be a number of at least 0."),
    ],
)  # fmt: skip
def test_requests_that_cannot_be_carried_out(samples: int, knobs: dict[str, Any], sentence: str) -> None:
    with pytest.raises(EvaluatorError) as refused:
        found(table(LADDER, [1, 1]), samples, **knobs)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    "knobs",
    [{}, {"half_width": 2}, {"credit": (0, 0)}, {"credit": (1, 1)}, {"stakeholders": {"ann": {"c-1": 1, "c-2": 0}}}],
)
def test_requests_at_the_edge_of_what_can_be(knobs: dict[str, Any]) -> None:
    assert found(table(LADDER, [1, 1]), 1, **knobs).first == ("b",)


def scenario_of(result: Robustness) -> Scenario:
    return result.scenario(WeightDistribution.ANY)


def test_errors_of_shares_and_of_the_regret() -> None:
    """Draws between two specialists: the shortfall of the stack is what the other scores more."""
    content = table({"a": [4, 0], "b": [0, 4]}, [3, 2], policies={"min_gain": 100})
    scenario = scenario_of(found(content, 4000))
    share = scenario.options[0].first
    assert scenario.options[0].first_error == pytest.approx(sqrt(share * (1 - share) / 4000))
    assert scenario.stack is not None
    assert scenario.stack.share_error == pytest.approx(sqrt(scenario.stack.share * (1 - scenario.stack.share) / 4000))
    # Any weight w of the first: short by 1 - 2 w below a half; its mean is a quarter, its mean square a sixth.
    assert scenario.stack.regret == pytest.approx(25, abs=2.5)
    assert scenario.stack.regret_error == pytest.approx(100 * np.sqrt((1 / 6 - 1 / 16) / 4000), rel=0.05)
    # Within 2 points where w is above 0.49.
    assert scenario.stack.close == pytest.approx(0.51, abs=0.05)
    assert scenario.stack.close > scenario.stack.share
