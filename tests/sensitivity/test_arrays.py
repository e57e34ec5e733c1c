"""An evaluation as arrays: where each figure comes from, and what is worked out of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from analysis_builders import arrays_of
from builders import (
    EVALUATION,
    USE_CASES,
    WEIGHTS,
    Content,
    answer,
    capability,
    card_of,
    contents,
    evaluated,
    profile_of,
    use_case,
)

from evaluator.sensitivity.arrays import Arrays, arrays
from evaluator.stack.exact_search import ANY
from evaluator.stack.stack_value import parts_of


def two_options() -> Content:
    """Two options on three criteria of two families, weights 3/8, 1/2 and 1/8; two use cases, and one of no importance."""
    content = contents(criteria=3, families=2, vendors=["v-2", "v-1"], level=lambda _v, key, _a: int(key[2:]))
    content[WEIGHTS]["criteria"] = {"c-1": 3, "c-2": 1, "c-3": 1}
    content[card_of("v-2")]["answers"]["c-2"] = answer("unknown")
    content[USE_CASES]["use_cases"] = [
        use_case("u-1", importance=3, emphasis={"c-1": 2, "c-3": 0.5}),
        use_case("u-0", importance=0),
        use_case("u-2", importance=1, must=["cap-1", "cap-2"], should=[]),
    ]
    content[profile_of("v-1")]["capabilities"]["cap-1"] = capability("none")
    content[profile_of("v-2")]["capabilities"]["cap-2"] = capability("unknown")
    return content


def made(content: Content, **knobs: Any) -> Arrays:
    return arrays(evaluated(content), **knobs)


def test_rows_columns_and_figures_stand_where_they_belong() -> None:
    found = made(two_options())
    assert found.options == ("v-1", "v-2")
    assert found.criteria == ("c-1", "c-3", "c-2")
    assert found.families == ("f-1", "f-1", "f-2")
    # Each family weighs a half; c-1 and c-3 share theirs as 3 to 1.
    assert found.weights.tolist() == [0.375, 0.125, 0.5]
    # Levels 1, 3 and 2 of 4; an unknown answer earns nothing.
    assert found.values.tolist() == [[0.25, 0.75, 0.5], [0.25, 0.75, 0.0]]
    assert found.use_cases == ("u-1", "u-2")
    assert found.importance.tolist() == [0.75, 0.25]
    assert found.emphasis.tolist() == [[2, 0.5, 1], [1, 1, 1]]


def test_rows_stand_by_id_whoever_leads() -> None:
    found = made(contents(criteria=1, families=1, vendors=2, level=lambda vendor, _k, _a: int(vendor[2:])))
    assert (found.options, found.values.tolist()) == (("v-1", "v-2"), [[0.25], [0.5]])


def test_capabilities_count_unless_something_rules_the_option_out() -> None:
    found = made(two_options())
    # v-1 lacks a must of both use cases; v-2 is not known to have what is a should of the first and a must of the second.
    assert found.capability == pytest.approx(np.array([[0, 0], [2 / 3, 1 / 2]]))
    assert found.conditional.tolist() == [[False, False], [False, True]]


def test_policies_and_limits_come_as_shares() -> None:
    content = two_options()
    content[EVALUATION]["policies"] = {"min_gain": 5, "close_points": 3, "conditional_credit": 0.25}
    content[EVALUATION]["stack"] = {"max_tools": 1}
    found = made(content)
    assert (found.min_gain, found.close, found.credit) == (0.05, 0.03, 0.25)
    assert found.sizes == (1,)
    assert found.allowed == ANY
    assert made(two_options()).sizes == (1, 2)
    content[EVALUATION]["stack"] = {
        "required": [{"tool": "v-2", "reason": "in place"}, {"tool": "v-1", "reason": "too"}]
    }
    limited = made(content)
    assert limited.allowed.required == (0, 1)
    assert limited.sizes == (2,)


def test_a_criterion_of_no_weight_is_left_out_unless_it_is_asked_for() -> None:
    content = two_options()
    content[WEIGHTS]["criteria"]["c-3"] = 0
    assert made(content).criteria == ("c-1", "c-2")
    assert made(content).values.tolist() == [[0.25, 0.5], [0.25, 0.0]]
    found = made(content, also={"c-3"})
    assert found.criteria == ("c-1", "c-3", "c-2")
    assert found.weights.tolist() == [0.5, 0, 0.5]
    assert found.emphasis.tolist() == [[2, 0.5, 1], [1, 1, 1]]


def test_without_use_cases_there_are_no_stacks() -> None:
    content = two_options()
    content[USE_CASES]["use_cases"] = []
    found = made(content)
    assert found.use_cases == ()
    assert found.sizes == ()
    assert found.emphasis.shape == (0, 3)
    assert found.capability.shape == (2, 0)
    assert found.allowed == ANY


TABLE = arrays_of(
    [[1.0, 0.0], [0.5, 1.0]],
    [0.5, 0.5],
    importance=[0.75, 0.25],
    emphasis=[[1, 3], [1, 0]],
    capability=[[1, 0.5], [0.8, 0]],
    conditional=[[True, False], [False, True]],
    credit=0.4,
)


def test_scores_for_one_weighting_and_for_several() -> None:
    assert TABLE.scores(np.array([0.25, 0.75])).tolist() == [0.25, 0.875]
    assert TABLE.scores(np.array([[1, 0], [0, 1]])).tolist() == [[1, 0.5], [0, 1]]


def test_parts_are_the_score_under_emphasis_times_capability_credit_and_importance() -> None:
    # Weights 1 to 3 in the first use case: scores 1/4 and 7/8; the second looks at the first criterion alone: 1 and 1/2.
    expected = np.array([[0.25 * 0.4 * 0.75, 1 * 0.5 * 0.25], [0.875 * 0.8 * 0.75, 0]])
    assert TABLE.parts(np.array([0.5, 0.5])) == pytest.approx(expected)
    several = TABLE.parts(np.array([[0.5, 0.5], [0.0, 1.0]]))
    assert several.shape == (2, 2, 2)
    assert several[..., 0] == pytest.approx(expected)
    # The second use case gives the only criterion of some weight none: it earns nothing.
    assert several[..., 1] == pytest.approx(np.array([[0, 0], [0.6, 0]]))


def test_parts_are_those_of_the_fits_of_the_engine() -> None:
    result = evaluated(two_options())
    assert result.matrix is not None
    found = arrays(result)
    assert found.parts(found.weights) == pytest.approx(parts_of(result.matrix) / 100)
