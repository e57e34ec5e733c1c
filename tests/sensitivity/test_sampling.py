"""Samples of weights and answers: what holds for each of them; their moments are tested in test_robustness_properties."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from builders import Content, answer, contents, evaluated
from hypothesis import given
from hypothesis import strategies as st
from review_builders import answers_of

from evaluator.model.sensitivity import AnswerUncertainty
from evaluator.sensitivity.arrays import arrays
from evaluator.sensitivity.sampling import (
    ENTRIES,
    AnswerSamples,
    AnyWeights,
    AroundWeights,
    OrderedWeights,
    answer_samples,
    concentration,
)

SEED = 11
WEIGHTS = st.lists(st.sampled_from([0.0, 0.1, 0.2, 0.3]), min_size=2, max_size=6).filter(any).map(np.array)


def chance() -> np.random.Generator:
    return np.random.default_rng(SEED)


@given(WEIGHTS)
def test_any_weights_sum_to_the_whole_and_leave_out_what_weighs_nothing(weights: Any) -> None:
    drawn = AnyWeights(weights).sample(chance(), 200)
    assert drawn.shape == (200, len(weights))
    assert drawn.sum(axis=1) == pytest.approx(np.ones(200))
    assert ((drawn > 0) == (weights > 0)).all()


@given(WEIGHTS)
def test_ordered_weights_keep_the_order_and_leave_out_what_weighs_nothing(weights: Any) -> None:
    drawn = OrderedWeights(weights).sample(chance(), 200)
    assert drawn.sum(axis=1) == pytest.approx(np.ones(200))
    assert ((drawn > 0) == (weights > 0)).all()
    for one in range(len(weights)):
        for two in range(len(weights)):
            if weights[one] > weights[two] + 1e-9:
                assert (drawn[:, one] >= drawn[:, two]).all()
            elif one != two and weights[one] == weights[two] > 0:
                share = float((drawn[:, one] > drawn[:, two]).mean())
                assert 0.3 < share < 0.7


def test_weights_within_rounding_are_equal() -> None:
    near = OrderedWeights(np.array([0.5, 0.5 + 1e-12])).sample(chance(), 500)
    assert 0.4 < float((near[:, 0] > near[:, 1]).mean()) < 0.6
    apart = OrderedWeights(np.array([0.5, 0.5 + 1e-8])).sample(chance(), 500)
    assert (apart[:, 1] >= apart[:, 0]).all()


@given(WEIGHTS, st.sampled_from([1.0, 20.0, 1e6]))
def test_weights_around_the_stated_ones(weights: Any, parameter: float) -> None:
    centre = weights / weights.sum()
    drawn = AroundWeights(centre[None], parameter).sample(chance(), 300)
    assert drawn.sum(axis=1) == pytest.approx(np.ones(300), abs=1e-8)
    assert (drawn[:, weights == 0] == 0).all()
    assert (drawn[:, weights > 0] >= 1e-9).all()
    if parameter == 1e6:
        assert np.abs(drawn - centre).max() < 0.01


def test_several_centres_are_drawn_alike_each_with_its_own_zeros() -> None:
    drawn = AroundWeights(np.array([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5], [0.0, 0.0, 1.0]]), 50.0).sample(chance(), 900)
    kinds = Counter(tuple((line > 0).tolist()) for line in drawn)
    assert set(kinds) == {(True, False, False), (False, True, True), (False, False, True)}
    assert all(240 < count < 360 for count in kinds.values())
    assert drawn.sum(axis=1) == pytest.approx(np.ones(900))
    # However far a draw strays, a criterion of some weight keeps some.
    far = AroundWeights(np.array([[0.5, 0.5], [0.9, 0.1]]), 0.01).sample(chance(), 300)
    assert far.min() == 1e-9


@pytest.mark.parametrize(
    ("half_width", "criteria", "found"),
    [
        # 4 (n - 1) / h² - 1.
        (0.5, 2, 15),
        (0.5, 10, 143),
        (1.0, 3, 7),
        (2.0, 2, 1),
        (0.5, 1, 1),
    ],
)
def test_the_concentration_of_a_half_width(half_width: float, criteria: int, found: float) -> None:
    assert concentration(half_width, criteria) == pytest.approx(found)


def samples_of(content: Content, uncertainty: AnswerUncertainty | None = None) -> AnswerSamples:
    result = evaluated(content)
    return answer_samples(result, arrays(result), uncertainty or AnswerUncertainty())


def one_option(*levels: int | str, confidence: str = "low") -> Content:
    content = contents(criteria=len(levels), families=1, vendors=1)
    for place, level in enumerate(levels, start=1):
        answers_of(content, "v-1")[f"c-{place}"] = answer(level, confidence=confidence)
    return content


def shares(found: AnswerSamples, option: int = 0, column: int = 0) -> dict[float, float]:
    """How often each value stands in the table of a cell."""
    table = found.tables[option]
    assert table is not None
    entries = table[column * ENTRIES : (column + 1) * ENTRIES]
    return {float(value): count / ENTRIES for value, count in Counter(entries.tolist()).items()}


def test_a_table_holds_each_value_as_often_as_its_chance_says() -> None:
    found = samples_of(one_option(2, "unknown", 0))
    assert shares(found) == pytest.approx({0: 0.05, 0.25: 0.2, 0.5: 0.5, 0.75: 0.2, 1: 0.05})
    assert shares(found, column=1) == pytest.approx(dict.fromkeys((0, 0.25, 0.5, 0.75, 1), 0.2))
    assert shares(found, column=2) == pytest.approx({0: 0.75, 0.25: 0.2, 0.5: 0.05})
    table = found.tables[0]
    assert table is not None
    assert len(table) == 3 * ENTRIES


def test_a_scale_that_does_not_begin_at_zero_and_values_of_its_own() -> None:
    content = one_option("unknown")
    content["criteria/f-1.yaml"]["criteria"][0] |= {"levels": {2: "Some", 3: "More"}, "values": [0.25, 0.75]}
    assert shares(samples_of(content)) == {0.25: 0.5, 0.75: 0.5}


def test_draws_come_from_the_table_of_their_own_column() -> None:
    found = samples_of(one_option(4, 0, "unknown"), AnswerUncertainty(low=(0.5, 0.25)))
    values = found.sample(chance(), 0, 4000)
    assert values.shape == (4000, 3)
    assert set(np.unique(values[:, 0])) == {0.75, 1.0}
    assert set(np.unique(values[:, 1])) == {0.0, 0.25}
    assert set(np.unique(values[:, 2])) == {0.0, 0.25, 0.5, 0.75, 1.0}
    assert float((values[:, 0] == 1).mean()) == pytest.approx(0.75, abs=0.03)
    # Columns are drawn by themselves.
    assert float(((values[:, 0] == 1) & (values[:, 1] == 0)).mean()) == pytest.approx(0.75**2, abs=0.03)


def test_an_option_whose_answers_are_all_certain_is_the_same_in_every_draw() -> None:
    content = contents(criteria=2, families=1, vendors=2)
    for vendor, confidence in (("v-1", "high"), ("v-2", "medium")):
        for key, level in (("c-1", 3), ("c-2", 1)):
            answers_of(content, vendor)[key] = answer(level, confidence=confidence)
    found = samples_of(content)
    assert found.is_certain(0)
    assert not found.is_certain(1)
    assert found.sample(chance(), 0, 3).tolist() == [[0.75, 0.25]] * 3
    assert found.certain[0].tolist() == [0.75, 0.25]


def test_one_uncertain_answer_is_enough() -> None:
    content = one_option(3, 1, confidence="high")
    answers_of(content, "v-1")["c-2"]["confidence"] = "medium"
    found = samples_of(content)
    assert not found.is_certain(0)
    assert shares(found) == {0.75: 1}
    # Where every level but one earns the same, an answer may stray and still be certain.
    even = one_option(0, 1, confidence="medium")
    for item in even["criteria/f-1.yaml"]["criteria"]:
        item["values"] = [0.5, 0.5, 0.5, 0.5, 0.5]
    assert samples_of(even).is_certain(0)


def test_options_stand_in_the_order_of_their_ids() -> None:
    content = contents(criteria=1, families=1, vendors=2)
    answers_of(content, "v-1")["c-1"] = answer(1, confidence="high")
    answers_of(content, "v-2")["c-1"] = answer(4, confidence="high")
    assert samples_of(content).certain.tolist() == [[0.25], [1.0]]
