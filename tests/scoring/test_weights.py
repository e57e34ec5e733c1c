"""Weights that sum to 1: by family and importance, without what is out of scope, and under emphasis."""

from __future__ import annotations

from typing import Any

import pytest
from builders import WEIGHTS, build, contents

from evaluator.errors import EvaluatorError
from evaluator.scoring.weights import criterion_weights, emphasised, normalise


def test_figures_divided_by_their_sum() -> None:
    assert normalise({"a": 3, "b": 1, "c": 0}) == {"a": 0.75, "b": 0.25, "c": 0.0}
    assert normalise({"a": 0.25}) == {"a": 1.0}


@pytest.mark.parametrize("figures", [{}, {"a": 0.0}, {"a": 0.0, "b": 0.0}])
def test_nothing_of_weight_is_refused_in_words(figures: dict[str, float]) -> None:
    with pytest.raises(EvaluatorError) as refused:
        normalise(figures)
    assert str(refused.value) == (
        "No criterion in scope has any weight; give at least one family and one of its criteria more than 0."
    )


def found(families: dict[str, Any], criteria: dict[str, Any], out: tuple[str, ...] = ()) -> dict[str, float]:
    """Weights of ``c-1`` and ``c-3`` in ``f-1``, ``c-2`` and ``c-4`` in ``f-2``."""
    content = contents(criteria=4, families=2)
    content[WEIGHTS] |= {"families": families, "criteria": criteria}
    workspace = build(content)
    return criterion_weights(workspace.catalogue, workspace.weights, out)


def test_a_family_shares_its_weight_by_importance_in_catalogue_order() -> None:
    weights = found({"f-1": 3, "f-2": 1}, {"c-4": 1, "c-3": 3, "c-2": 1, "c-1": 1})
    # f-1 has 3/4: a quarter of it for c-1, three quarters for c-3; f-2 has 1/4, halved.
    assert weights == pytest.approx({"c-1": 3 / 16, "c-3": 9 / 16, "c-2": 1 / 8, "c-4": 1 / 8})
    assert list(weights) == ["c-1", "c-3", "c-2", "c-4"]


def test_what_is_out_of_scope_leaves_its_share_to_its_family() -> None:
    weights = found({"f-1": 1, "f-2": 1}, {"c-1": 1, "c-2": 1, "c-3": 4, "c-4": 1}, ("c-3",))
    assert weights == pytest.approx({"c-1": 0.5, "c-2": 0.25, "c-4": 0.25})


def test_what_has_no_figure_weighs_nothing() -> None:
    assert found({"f-1": 2}, {"c-1": 1, "c-2": 1}) == {"c-1": 1.0, "c-3": 0.0, "c-2": 0.0, "c-4": 0.0}


def test_a_family_none_of_whose_criteria_weighs_leaves_its_weight_to_the_others() -> None:
    weights = found({"f-1": 9, "f-2": 1}, {"c-1": 0, "c-3": 0, "c-2": 1, "c-4": 3})
    assert weights == {"c-1": 0.0, "c-3": 0.0, "c-2": 0.25, "c-4": 0.75}


def test_emphasis_multiplies_and_normalises_again() -> None:
    # 0.5 x 2, 0.3 x 0 and 0.2 as it is: 1.0 and 0.2 of 1.2.
    assert emphasised({"a": 0.5, "b": 0.3, "c": 0.2}, {"a": 2, "b": 0}) == pytest.approx(
        {"a": 5 / 6, "b": 0, "c": 1 / 6}
    )
    with pytest.raises(EvaluatorError):
        emphasised({"a": 1.0, "b": 0.0}, {"a": 0})


@pytest.mark.parametrize("figure", [-1.0, float("nan"), float("inf")])
def test_a_weight_is_a_number_that_is_not_negative(figure: float) -> None:
    with pytest.raises(EvaluatorError, match=r"'b' has the weight .*; a weight must be a number of at least 0"):
        normalise({"a": 1.0, "b": figure})


def test_the_sentence_where_nothing_has_weight_is_the_callers() -> None:
    with pytest.raises(EvaluatorError, match=r"^Nobody asked for anything$"):
        normalise({"a": 0.0}, "Nobody asked for anything")
