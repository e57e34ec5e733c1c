"""Robustness: exact cases, an independent second implementation, and what must hold for every evaluation."""

from __future__ import annotations

import copy
import random
import tracemalloc
from itertools import combinations
from math import exp, lgamma, log, sqrt

import numpy as np
import oracle
import pytest
from builders import (
    USE_CASES,
    WEIGHTS,
    Content,
    answer,
    card_of,
    contents,
    evaluated,
    profile_of,
    use_case,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import evaluations

from evaluator.errors import EvaluatorError
from evaluator.model.sensitivity import AnswerUncertainty, OptionAcceptability, Robustness, WeightDistribution
from evaluator.sensitivity import rank_acceptability
from evaluator.sensitivity.rank_acceptability import RankCounts, StackCounts
from evaluator.sensitivity.robustness import robustness
from evaluator.sensitivity.sampling import AnyWeights, AroundWeights, OrderedWeights, concentration, product
from evaluator.weighting.elicitation import rank_order_centroid

SURE = AnswerUncertainty(medium=(1.0,), low=(1.0,))
DRAWS = 40_000
SPREAD = 5
"""Standard errors that a share may be off: one test in some millions fails by chance, and seeds are fixed."""


def table(levels: dict[str, list[int | str]], weights: list[float], **knobs: object) -> Content:
    """Vendors with the given levels on criteria of one family with the given weights."""
    keys = [f"c-{number}" for number in range(1, len(weights) + 1)]
    content = contents(
        criteria=len(weights),
        families=1,
        vendors=list(levels),
        level=lambda vendor, key, _: levels[vendor][keys.index(key)],
        **knobs,  # type: ignore[arg-type]
    )
    content[WEIGHTS]["criteria"] = dict(zip(keys, weights, strict=True))
    return content


def found(content: Content, samples: int = DRAWS, **knobs: object) -> Robustness:
    return robustness(evaluated(content), samples, 7, **knobs)  # type: ignore[arg-type]


def of(result: Robustness, law: WeightDistribution, option: str) -> OptionAcceptability:
    return next(row for row in result.scenario(law).options if row.option == option)


def near(share: float, draws: int = DRAWS) -> object:
    return pytest.approx(share, abs=SPREAD * sqrt(max(share * (1 - share), 1e-4) / draws))


def beta_above(threshold: float, one: float, two: float) -> float:
    """The chance that a beta variable exceeds a threshold, by the midpoint rule."""
    steps = 20_000
    scale = lgamma(one + two) - lgamma(one) - lgamma(two)
    total = 0.0
    for step in range(steps):
        at = threshold + (step + 0.5) / steps * (1 - threshold)
        total += exp(scale + (one - 1) * log(at) + (two - 1) * log(1 - at))
    return total / steps * (1 - threshold)


def test_two_options_and_two_criteria_exactly() -> None:
    """The first leads by 0.75 on one criterion, the second by 0.5 on the other: the first leads from a weight of 0.4 on."""
    content = table({"a": [4, 0], "b": [1, 2]}, [3, 2])
    result = found(content, uncertainty=SURE, half_width=0.5)
    assert result.concentration == pytest.approx(4 * 1 / 0.25 - 1)
    around = beta_above(0.4, 0.6 * result.concentration, 0.4 * result.concentration)
    assert of(result, WeightDistribution.AROUND, "a").first == near(around)
    assert of(result, WeightDistribution.ORDER, "a").first == 1.0
    least = of(result, WeightDistribution.ANY, "a")
    assert least.first == near(0.6)
    assert least.first_error == pytest.approx(sqrt(0.24 / DRAWS), rel=0.05)
    assert least.central == pytest.approx({"c-1": 0.7, "c-2": 0.3}, abs=0.005)
    assert least.above == {"b": near(0.6, 20_000)}
    # The mean of 0.5 - 1.25 w over the weights below 0.4 is 0.1, in points 10.
    assert least.regret == pytest.approx(10, abs=0.3)
    assert of(result, WeightDistribution.ANY, "b").ranks == pytest.approx((1 - least.first, least.first))


def test_the_other_order_of_weights_gives_the_other_half() -> None:
    result = found(table({"a": [4, 0], "b": [1, 2]}, [2, 3]), uncertainty=SURE)
    # Under w1 < w2 the weight is even between 0 and 0.5; above 0.4 lies a fifth of it.
    assert of(result, WeightDistribution.ORDER, "a").first == near(0.2)


def clip(polygon: list[tuple[float, float]], coefficients: tuple[float, float, float]) -> list[tuple[float, float]]:
    """The part of a polygon in the plane where a x + b y + c >= 0."""
    a, b, c = coefficients
    kept: list[tuple[float, float]] = []
    for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        one, two = a * x1 + b * y1 + c, a * x2 + b * y2 + c
        if one >= 0:
            kept.append((x1, y1))
        if one * two < 0:
            part = one / (one - two)
            kept.append((x1 + part * (x2 - x1), y1 + part * (y2 - y1)))
    return kept


def area_and_centre(polygon: list[tuple[float, float]]) -> tuple[float, float, float]:
    twice = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        cross = x1 * y2 - x2 * y1
        twice += cross
        x, y = x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return (abs(twice) / 2, x / (3 * twice), y / (3 * twice)) if twice else (0.0, 0.0, 0.0)


@pytest.mark.parametrize("number", range(4))
def test_acceptability_and_central_weights_are_areas_of_the_weight_triangle(number: int) -> None:
    """SMAA (Lahdelma, Hokkanen and Salminen 1998): with three criteria the share of first ranks is an area, cut by straight lines."""
    chance = random.Random(number)
    levels: dict[str, list[int | str]] = {name: [chance.randint(0, 4) for _ in range(3)] for name in "abcd"}
    result = found(table(levels, [3, 2, 1]), uncertainty=SURE)
    exact: dict[str, tuple[float, float, float]] = {}
    for option, own in levels.items():
        region = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)]
        for rival, theirs in levels.items():
            if rival != option and region:
                lead = [(int(one) - int(two)) / 4 for one, two in zip(own, theirs, strict=True)]
                region = clip(region, (lead[0] - lead[2], lead[1] - lead[2], lead[2]))
        exact[option] = area_and_centre(region) if len(region) > 2 else (0.0, 0.0, 0.0)
    for option, (area, x, y) in exact.items():
        row = of(result, WeightDistribution.ANY, option)
        same = [other for other in levels if levels[other] == levels[option]]
        assert row.first == near(2 * area / len(same))
        if row.central and area > 0.02:
            assert list(row.central.values()) == pytest.approx([x, y, 1 - x - y], abs=0.02)


def test_levels_stray_by_their_confidence() -> None:
    """One criterion: the rival is at 2 for certain; the other at 2 by medium or low confidence, or unknown."""
    content = table({"sure": [2], "open": [2]}, [1])
    content[card_of("sure")]["answers"]["c-1"]["confidence"] = "high"
    for changes, lower, even, higher in (
        ({"confidence": "high"}, 0.0, 1.0, 0.0),
        ({"confidence": "medium"}, 0.1, 0.8, 0.1),
        ({"confidence": "low"}, 0.25, 0.5, 0.25),
        ({"confidence": "high", "evidence": []}, 0.25, 0.5, 0.25),
        ({"level": "unknown"}, 0.4, 0.2, 0.4),
    ):
        varied = copy.deepcopy(content)
        varied[card_of("open")]["answers"]["c-1"] |= changes
        row = of(found(varied), WeightDistribution.AROUND, "open")
        assert row.first == near(higher + even / 2)
        assert row.ranks[1] == near(lower + even / 2)


def test_levels_stay_on_the_scale() -> None:
    content = table({"sure": [1], "open": [0]}, [1])
    content[card_of("sure")]["answers"]["c-1"]["confidence"] = "high"
    content[card_of("open")]["answers"]["c-1"]["confidence"] = "low"
    # Up one level 0.2 ties, up two 0.05 leads; three quarters stay at the end.
    assert of(found(content), WeightDistribution.AROUND, "open").first == near(0.05 + 0.1)


def conditional() -> Content:
    """One vendor serves at 50 points; the other would at 100, on condition."""
    content = table({"shown": [2], "open": [4]}, [1])
    content[profile_of("open")]["capabilities"] = {"cap-2": content[profile_of("open")]["capabilities"]["cap-2"]}
    content[USE_CASES]["use_cases"] = [use_case("u-1", must=[], should=[], gates={"c-1": 2})]
    return content


def test_the_conditional_credit_decides_between_shown_and_open() -> None:
    content = conditional()
    content[card_of("open")]["answers"]["c-1"] = answer(
        4, evidence=[{"source": "https://a.example", "date": "2020-01-01", "grade": "C"}]
    )
    result = found(content, uncertainty=SURE)
    size = result.scenario(WeightDistribution.AROUND).sizes[0]
    assert {share.tools: share.share for share in size.stacks} == {("open",): near(0.5), ("shown",): near(0.5)}
    narrow = found(content, uncertainty=SURE, credit=(0.6, 0.9)).scenario(WeightDistribution.AROUND)
    assert narrow.sizes[0].stacks[0].tools == ("open",)
    assert narrow.sizes[0].stacks[0].share == 1.0
    # Today's credit of 0.5 makes them equal, and the first by id is recommended; it falls short only where the credit is low.
    assert result.stack == ("open",)
    stack = result.scenario(WeightDistribution.AROUND).stack
    assert stack is not None
    assert stack.share == near(0.5)
    assert stack.regret == pytest.approx(100 * 0.125, abs=0.5)
    assert of(result, WeightDistribution.AROUND, "open").in_stack == stack.share


def naive(content: Content, seed: int, draws: int) -> tuple[dict[str, float], dict[tuple[str, ...], float]]:
    """First places and best pairs around the stated weights, draw by draw in plain Python."""
    chance = random.Random(seed)
    keys = list(content[WEIGHTS]["criteria"])
    stated = content[WEIGHTS]["criteria"]
    total = sum(stated.values())
    vendors = sorted({name.split("/")[1] for name in content if name.startswith("vendors/")})
    size = 4 * (len(keys) - 1) / 0.25 - 1
    firsts = dict.fromkeys(vendors, 0.0)
    pairs: dict[tuple[str, ...], float] = {}
    cases = content[USE_CASES]["use_cases"]
    for _ in range(draws):
        raw = {key: chance.gammavariate(size * stated[key] / total, 1) for key in keys}
        drawn = {}
        for vendor in vendors:
            for key in keys:
                given_ = content[card_of(vendor)]["answers"][key]
                if given_["level"] == "unknown":
                    drawn[vendor, key] = chance.randint(0, 4)
                else:
                    law = {"high": [1.0], "medium": [0.8, 0.1], "low": [0.5, 0.2, 0.05]}[given_["confidence"]]
                    steps = list(range(-len(law) + 1, len(law)))
                    step = chance.choices(steps, [law[abs(one)] for one in steps])[0]
                    drawn[vendor, key] = min(4, max(0, given_["level"] + step))
        scores = {vendor: sum(raw[key] * drawn[vendor, key] for key in keys) for vendor in vendors}
        best = max(scores.values())
        leaders = [vendor for vendor in vendors if scores[vendor] > best - 1e-9]
        for leader in leaders:
            firsts[leader] += 1 / len(leaders) / draws
        fits = {}
        for case in cases:
            emphasis = {key: raw[key] * case["emphasis"].get(key, 1) for key in keys}
            for vendor in vendors:
                fits[vendor, case["id"]] = (
                    case["importance"]
                    * sum(emphasis[key] * drawn[vendor, key] for key in keys)
                    / sum(emphasis.values())
                )
        values = {
            pair: sum(max(fits[vendor, case["id"]] for vendor in pair) for case in cases)
            for pair in combinations(vendors, 2)
        }
        top = max(values.values())
        winners = [pair for pair, value in values.items() if value > top - 1e-9]
        for pair in winners:
            pairs[pair] = pairs.get(pair, 0.0) + 1 / len(winners) / draws
    return firsts, pairs


def uneven() -> Content:
    """Four vendors, unknown and uncertain answers, two use cases that care for different things."""
    levels: dict[str, list[int | str]] = {
        "a": [3, 1, "unknown", 2],
        "b": [1, 3, 2, 2],
        "c": ["unknown", 2, 2, 3],
        "d": [2, 2, 2, 1],
    }
    content = table(levels, [4, 3, 2, 1])
    confidences = ["low", "medium", "high"]
    for row, vendor in enumerate(levels):
        for column in range(4):
            content[card_of(vendor)]["answers"][f"c-{column + 1}"]["confidence"] = confidences[(row + column) % 3]
    content[USE_CASES]["use_cases"] = [
        use_case("u-1", importance=2, emphasis={"c-1": 3}),
        use_case("u-2", importance=1, emphasis={"c-2": 4, "c-4": 0.5}),
    ]
    return content


def test_shares_agree_with_plain_python() -> None:
    content, draws = uneven(), 6000
    firsts, pairs = naive(content, 11, draws)
    scenario = found(content).scenario(WeightDistribution.AROUND)
    for row in scenario.options:
        assert row.first == near(firsts[row.option], draws)
    size = next(size for size in scenario.sizes if size.size == 2)
    assert {share.tools: share.share for share in size.stacks} == {
        pair: near(share, draws) for pair, share in pairs.items()
    }
    assert sum(share.share for share in size.stacks) == pytest.approx(1)


def test_searching_each_draw_finds_the_same_winners(monkeypatch: pytest.MonkeyPatch) -> None:
    earned = np.random.default_rng(4).random((6, 5, 200)).astype(np.float32)
    every = StackCounts(6, 5, 3, 200, watched=(0, 1, 2))
    every.add(earned)
    monkeypatch.setattr(rank_acceptability, "EXHAUSTIVE", 0)
    each = StackCounts(6, 5, 3, 200, watched=(0, 1, 2))
    each.add(earned)
    assert {rows: share for rows, share, _ in every.shares()} == pytest.approx(
        {rows: share for rows, share, _ in each.shares()}
    )
    assert every.members() == pytest.approx(each.members())
    assert every.members().sum() == pytest.approx(3)
    assert np.concatenate(every.shortfalls) == pytest.approx(np.concatenate(each.shortfalls), abs=1e-5)


def test_fewer_draws_are_searched_where_there_are_very_many_stacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rank_acceptability, "WORK", 1)
    sizes = found(uneven(), 1000).scenario(WeightDistribution.AROUND).sizes
    assert {size.draws for size in sizes} == {200}


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(evaluations())
def test_what_holds_for_every_evaluation(content: Content) -> None:
    result = robustness(evaluated(content), 300, 3)
    criteria = [key for key, weight in content[WEIGHTS]["criteria"].items() if weight > 0]
    for scenario in result.scenarios:
        ranks = np.array([row.ranks for row in scenario.options])
        assert ranks.sum(axis=0) == pytest.approx(np.ones(len(ranks)))
        assert ranks.sum(axis=1) == pytest.approx(np.ones(len(ranks)))
        for row in scenario.options:
            assert row.regret >= -1e-9
            assert (row.central is None) == (row.first == 0)
            if row.central:
                assert set(row.central) <= set(criteria)
                assert sum(row.central.values()) == pytest.approx(1)
            for other in scenario.options:
                if other.option != row.option:
                    assert row.above[other.option] + other.above[row.option] == pytest.approx(1)
        for size in scenario.sizes:
            assert all(oracle.allowed(content, share.tools) for share in size.stacks)
            total = sum(share.share for share in size.stacks) + size.others + size.worthless
            assert total == pytest.approx(1)
        if scenario.stack:
            assert scenario.stack.regret >= 0
            assert scenario.stack.share <= scenario.stack.close + 1e-9
    assert result == robustness(evaluated(content), 300, 3)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(evaluations(max_vendors=3), st.data())
def test_a_dominated_option_never_ranks_first(content: Content, data: st.DataObject) -> None:
    """It answers as another does and lower on one criterion of some weight, and all of it is certain."""
    content = copy.deepcopy(content)
    counts = [
        key
        for value in content.values()
        if value["schema"] == "criteria/1" and content[WEIGHTS]["families"][value["family"]] > 0
        for key in [item["id"] for item in value["criteria"]]
        if content[WEIGHTS]["criteria"][key] > 0
    ]
    values = {
        item["id"]: item.get("values")
        for v in content.values()
        if v["schema"] == "criteria/1"
        for item in v["criteria"]
    }
    able = [key for key in counts if values[key] is None or values[key][3] > values[key][2]]
    if not able:
        return
    worse = data.draw(st.sampled_from(able))
    edition = content[profile_of("v-1")]["edition"]
    for vendor, level in (("v-1", 3), ("shadow", 2)):
        answers = {key: answer(3 if key != worse else level, confidence="high") for key in content[WEIGHTS]["criteria"]}
        content[profile_of(vendor)] = {**content[profile_of("v-1")], "id": vendor}
        for name in [name for name in content if name.startswith(f"vendors/{vendor}/") and "profile" not in name]:
            del content[name]
        content[card_of(vendor)] = {
            "schema": "scorecard/1", "vendor": vendor, "edition": edition, "assessor": "desk-a", "assessed": "2026-11-10",
            "kind": "desk review", "answers": answers,
        }  # fmt: skip
    result = robustness(evaluated(content), 400, 5)
    for scenario in result.scenarios:
        shadow = next(row for row in scenario.options if row.option == "shadow")
        assert shadow.first == 0
        assert shadow.above["v-1"] == 0


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(evaluations(), st.data())
def test_what_weighs_nothing_has_no_influence(content: Content, data: st.DataObject) -> None:
    content = copy.deepcopy(content)
    keys = list(content[WEIGHTS]["criteria"])
    if len(keys) < 2:
        return
    content[WEIGHTS]["criteria"][keys[-1]] = 0
    content[WEIGHTS]["families"]["f-1"] = 10
    for value in content.values():
        for item in value.get("criteria", ()) if value["schema"] == "criteria/1" else ():
            item.pop("gates", None)
            item.pop("tag_gates", None)  # with a gate, the first answer clears an option that was not assessed
    for case in content[USE_CASES]["use_cases"]:
        case["gates"] = {}
    before = robustness(evaluated(content), 100, 1)
    vendor = data.draw(st.sampled_from(sorted({name.split("/")[1] for name in content if name.startswith("vendors/")})))
    content[card_of(vendor)]["answers"] = {**content[card_of(vendor)]["answers"], keys[-1]: answer(4, confidence="low")}
    assert robustness(evaluated(content), 100, 1) == before


def test_options_with_the_same_certain_answers_share_every_rank() -> None:
    result = found(table({"a": [3, 1], "b": [3, 1], "c": [1, 2]}, [1, 1]), 2000, uncertainty=SURE)
    for scenario in result.scenarios:
        one, two, _ = sorted(scenario.options, key=lambda row: row.option)
        assert one.ranks == two.ranks
        assert one.above["b"] == 0.5


def test_uniform_weights_of_an_order_average_to_the_rank_order_centroid() -> None:
    """Barron and Barrett (1996): the centroid of all weights with w1 >= w2 >= ... is the rank order centroid."""
    drawn = OrderedWeights(np.array([0.1, 0.4, 0.3, 0.2])).sample(np.random.default_rng(1), 60_000)
    assert (np.diff(drawn[:, [1, 2, 3, 0]], axis=1) <= 0).all()
    expected = rank_order_centroid(["second", "third", "fourth", "first"]).weights
    assert drawn.mean(axis=0) == pytest.approx(
        [expected[key] for key in ("first", "second", "third", "fourth")], abs=0.002
    )


def test_criteria_of_equal_weight_may_stand_in_either_order() -> None:
    drawn = OrderedWeights(np.array([0.4, 0.3, 0.3, 0.0])).sample(np.random.default_rng(1), 40_000)
    assert (drawn[:, 0] >= drawn[:, 1:].max(axis=1)).all()
    assert (drawn[:, 1] > drawn[:, 2]).mean() == near(0.5)
    assert drawn[:, 3].max() == 0
    centroid = rank_order_centroid(["a", ["b", "c"]]).weights
    assert drawn[:, :3].mean(axis=0) == pytest.approx([centroid[key] for key in "abc"], abs=0.003)


def test_moments_of_the_weight_laws() -> None:
    weights = np.array([0.5, 0.3, 0.2])
    drawn = AroundWeights(weights[None], 20.0).sample(np.random.default_rng(1), 60_000)
    assert drawn.sum(axis=1) == pytest.approx(np.ones(len(drawn)), abs=1e-6)
    assert drawn.mean(axis=0) == pytest.approx(weights, abs=0.003)
    assert drawn.var(axis=0) == pytest.approx(weights * (1 - weights) / 21, rel=0.03)
    anything = AnyWeights(np.array([1.0, 0.0, 1.0, 1.0])).sample(np.random.default_rng(1), 60_000)
    assert anything.mean(axis=0) == pytest.approx([1 / 3, 0, 1 / 3, 1 / 3], abs=0.003)
    assert anything[:, 0].var() == pytest.approx(1 / 18, rel=0.03)


@pytest.mark.parametrize("criteria", [2, 10, 44])
def test_the_half_width_is_two_deviations_of_an_average_weight(criteria: int) -> None:
    weights = np.full(criteria, 1 / criteria)
    drawn = AroundWeights(weights[None], concentration(0.4, criteria)).sample(np.random.default_rng(1), 30_000)
    assert 2 * drawn.std(axis=0).mean() * criteria == pytest.approx(0.4, rel=0.02)


def test_several_people_are_drawn_in_turn_and_shown_apart() -> None:
    content = table({"a": [4, 0], "b": [0, 4]}, [1, 1])
    people = {"ann": {"c-1": 9, "c-2": 1}, "ben": {"c-1": 1, "c-2": 9}, "cat": {"c-1": 8, "c-2": 2}}
    result = found(content, uncertainty=SURE, half_width=0.2, stakeholders=people)
    assert of(result, WeightDistribution.AROUND, "a").first == near(2 / 3)
    assert [(view.name, view.first) for view in result.views] == [("ann", ("a",)), ("ben", ("b",)), ("cat", ("a",))]
    assert result.views[0].distance == pytest.approx(0.8)
    central = of(result, WeightDistribution.AROUND, "b").central
    assert central is not None
    assert central["c-2"] > 0.8


def test_a_criterion_that_only_a_stakeholder_weighs_counts_in_their_draws() -> None:
    content = table({"a": [2, 0], "b": [1, 4]}, [1, 0])
    result = found(content, 2000, uncertainty=SURE, stakeholders={"ann": {"c-2": 1}})
    assert of(result, WeightDistribution.AROUND, "b").first == 1
    assert of(result, WeightDistribution.ANY, "a").first == 1
    assert result.equal_weights == ("a",)


def test_progress_is_told_and_ends_at_the_whole() -> None:
    told: list[tuple[int, int]] = []
    found(uneven(), 9000, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (9000, 9000)
    assert len(told) > 1
    assert told == sorted(told)


def test_memory_does_not_grow_with_the_draws() -> None:
    content = uneven()
    peaks = []
    for samples in (10_000, 60_000):
        tracemalloc.start()
        found(content, samples)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.6 * peaks[0]


@pytest.mark.parametrize(
    "knobs",
    [
        {"samples": 0},
        {"stakeholders": {"ann": {"c-1": 0}}},
        {"stakeholders": {"ann": {"c-1": -1, "c-2": 2}}},
    ],
)
def test_requests_that_cannot_be_carried_out(knobs: dict[str, object]) -> None:
    with pytest.raises(EvaluatorError):
        found(uneven(), **knobs)  # type: ignore[arg-type]


def test_nothing_in_scope_and_no_use_case() -> None:
    content = contents(vendors=1, criteria=2)
    content[USE_CASES]["use_cases"] = []
    alone = found(content, 100)
    assert alone.stack is None
    assert [row.first for row in alone.scenarios[0].options] == [1.0]
    content["evaluation.yaml"]["options"] = []
    empty = found(content, 100)
    assert empty.scenarios == ()
    assert empty.equal_weights == ()


def test_ties_in_blocks_are_counted_as_by_hand() -> None:
    tally = RankCounts(3, 2)
    scores = np.array([[0.5, 0.5, 0.1], [0.2, 0.2, 0.2], [0.1, 0.9, 0.3]])
    weights = np.array([[0.5, 0.5], [0.25, 0.75], [1.0, 0.0]])
    tally.add(scores.copy(), weights)
    assert tally.counts == pytest.approx(
        np.array(
            [
                [1 / 2 + 1 / 3, 1 / 2 + 1 / 3, 1 / 3 + 1],
                [1 / 2 + 1 / 3 + 1, 1 / 2 + 1 / 3, 1 / 3],
                [1 / 3, 1 / 3 + 1, 1 + 1 / 3],
            ]
        )
    )
    assert tally.weights[1] == pytest.approx([0.25 + 0.25 / 3 + 1, 0.25 + 0.75 / 3])
    assert tally.ahead[0] == pytest.approx([0, 0.5 + 0.5, 1 + 0.5])
    assert tally.regret == pytest.approx([0.8, 0, 1.0])


@pytest.mark.parametrize("lines", [1, 5, 999, 9000])
@pytest.mark.parametrize("columns", [1, 15, 40])
def test_products_in_parts_are_products(lines: int, columns: int) -> None:
    chance = np.random.default_rng(lines)
    one, two = chance.random((lines, 7)), chance.random((7, columns))
    assert np.allclose(product(one, two), np.einsum("ij,jk->ik", one, two))
