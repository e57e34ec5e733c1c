"""The bridge of an option: every cell against Shapley values over all 64 mixtures of the six causes."""

from __future__ import annotations

import copy
from functools import partial
from math import fsum

import pytest
from builders import AS_OF, EVALUATION, WEIGHTS, Content, answer, build, contents, criterion
from hypothesis import assume, given, settings
from review_builders import answers_of
from review_strategies import review_pairs

from evaluator.change.attribution import Bridges, owen
from evaluator.change.mixtures import Mix, MixtureWeights, ReviewSide
from evaluator.errors import EvaluatorError
from evaluator.model.change import NATURES, Cause, Nature
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.scoring.score import score

SIX = ("facts", "rubric", "rule", "weights", "criteria", "scope")
CAUSES = dict(zip(SIX[1:], (Cause.RUBRICS, Cause.COMBINATION, Cause.WEIGHTS, Cause.CRITERIA, Cause.SCOPE), strict=True))


def side(content: Content) -> ReviewSide:
    workspace = build(content)
    as_of = workspace.evaluation.as_of
    return ReviewSide(workspace, as_of, score(workspace, as_of))


def bridges(old: Content, new: Content) -> Bridges:
    try:
        return Bridges(side(old), side(new))
    except EvaluatorError:
        assume(False)  # noqa: FBT003 - nothing has any weight in one of them
        raise


def figure(made: Bridges, option: str, key: str, place: int, state: frozenset[str]) -> float:
    """One figure of a cell with these of the six at new."""
    new = [int(one in state) for one in SIX]
    weight = made.weight(MixtureWeights(*new[3:]))[key]
    worth = made.cells.mixed(option, key).at(Mix(*new[:3]))
    return 100 * weight * (worth.score, worth.low, worth.high)[place]


@settings(max_examples=15)
@given(review_pairs())
def test_every_part_is_the_shapley_value_over_all_mixtures(pair: tuple[Content, Content, set[Cause]]) -> None:
    made = bridges(pair[0], pair[1])
    for option in sorted(made.sides[0].cells.keys() & made.sides[1].cells.keys()):
        found = made.bridge(option)
        parts = {cell.criterion: cell.parts for cell in found.cells}
        for key in made.criteria:
            facts = made.cells.mixed(option, key).cause
            for place, name in enumerate(("score", "low", "high")):
                expected: dict[Cause, float] = {}
                for one, moved in owen([SIX], partial(figure, made, option, key, place)).items():
                    cause = CAUSES.get(one, facts)
                    expected[cause] = expected.get(cause, 0.0) + moved
                for cause, moved in expected.items():
                    part = parts.get(key, {}).get(cause)
                    assert (getattr(part, name) if part else 0.0) == pytest.approx(moved, abs=1e-9)


@settings(max_examples=15)
@given(review_pairs())
def test_crossed_scores_take_facts_and_method_from_different_reviews(
    pair: tuple[Content, Content, set[Cause]],
) -> None:
    made = bridges(pair[0], pair[1])
    for option in sorted(made.sides[0].cells.keys() & made.sides[1].cells.keys()):
        new_facts, new_method = [], []
        for key in made.criteria:
            mixed = made.cells.mixed(option, key)
            fact = NATURES[mixed.cause] is Nature.FACTS
            new_facts.append(100 * made.weight(MixtureWeights(0, 0, 0))[key] * mixed.at(Mix(int(fact), 0, 0)).score)
            new_method.append(
                100 * made.weight(MixtureWeights(1, 1, 1))[key] * mixed.at(Mix(int(not fact), 1, 1)).score
            )
        found = made.bridge(option)
        assert found.option == option
        assert found.new_facts == pytest.approx(fsum(new_facts), abs=1e-9)
        assert found.new_method == pytest.approx(fsum(new_method), abs=1e-9)


def two(level: int | str, weight: float) -> Content:
    """Two criteria in one family; c-1 at ``level`` with ``weight``, c-2 at level 2 with weight 1."""
    content = contents(criteria=2, families=1, vendors=1, level=2)
    answers_of(content, "v-1")["c-1"] = answer(level)
    content[WEIGHTS]["criteria"] = {"c-1": weight, "c-2": 1}
    return content


def test_two_causes_each_at_the_mean_of_the_other() -> None:
    # Weight 1/2 to 3/4 and worth 1/4 to 1: 75 points times 5/8, and 25 times 5/8.
    found = bridges(two(1, 1), two(4, 3)).bridge("v-1")
    first, second = found.cells
    assert {cause: points.score for cause, points in first.parts.items()} == pytest.approx(
        {Cause.ANSWERS: 46.875, Cause.WEIGHTS: 15.625}
    )
    assert {cause: points.score for cause, points in second.parts.items()} == pytest.approx({Cause.WEIGHTS: -12.5})
    # New facts under old weights, and the other way round.
    assert (found.new_facts, found.new_method) == pytest.approx((50 + 25, 18.75 + 12.5))


def test_a_cell_says_what_stood_and_stands_there() -> None:
    (first, second) = bridges(two("unknown", 1), two(4, 3)).bridge("v-1").cells
    assert (first.criterion, second.criterion) == ("c-1", "c-2")
    assert (first.levels, second.levels) == ((None, 4), (2, 2))
    assert first.evidence_statuses == (EvidenceStatus.UNKNOWN, EvidenceStatus.SUPPORTED)
    assert first.weights == (0.5, 0.75)
    assert second.weights == (0.5, 0.25)
    # An unknown answer could still earn everything: high moves with the weight alone.
    learned = first.parts[Cause.LEARNED]
    assert (learned.score, learned.low, learned.high) == pytest.approx((62.5, 62.5, 0))


def test_a_criterion_that_counts_in_one_review_only_has_nothing_on_the_other_side() -> None:
    old, new = two(2, 1), two(2, 1)
    new["criteria/f-1.yaml"]["criteria"].append(criterion("c-9"))
    new[WEIGHTS]["criteria"]["c-9"] = 2
    answers_of(new, "v-1")["c-9"] = answer(4)
    came = bridges(old, new).bridge("v-1").cells[-1]
    assert (came.criterion, came.levels, came.evidence_statuses) == ("c-9", (None, 4), (None, EvidenceStatus.SUPPORTED))
    assert came.weights == (0, 0.5)
    went = bridges(new, old).bridge("v-1").cells[-1]
    assert (went.levels, went.evidence_statuses, went.weights) == (
        (4, None),
        (EvidenceStatus.SUPPORTED, None),
        (0.5, 0),
    )
    assert set(came.parts) == set(went.parts) == {Cause.CRITERIA}


def test_only_cells_on_which_anything_moved_are_told() -> None:
    old = two(2, 1)
    assert bridges(old, copy.deepcopy(old)).bridge("v-1").cells == ()
    (only,) = bridges(old, two(3, 1)).bridge("v-1").cells
    assert only.criterion == "c-1"
    # A level of no weight moved no points, and is told all the same.
    weightless = two(1, 0)
    (told,) = bridges(weightless, two(3, 0)).bridge("v-1").cells
    assert (told.criterion, told.levels, told.parts) == ("c-1", (1, 3), {})


def test_weights_under_each_ruler_name_every_criterion_that_counts_in_either_review() -> None:
    old, new = two(2, 1), two(2, 3)
    new[EVALUATION]["out_of_scope"] = {"c-2": "Law."}
    made = bridges(old, new)
    assert made.weight(MixtureWeights(0, 0, 0)) == {"c-1": 0.5, "c-2": 0.5}
    assert made.weight(MixtureWeights(1, 0, 0)) == {"c-1": 0.75, "c-2": 0.25}
    assert made.weight(MixtureWeights(0, 0, 1)) == {"c-1": 1, "c-2": 0}


def test_parts_of_the_same_cause_are_added() -> None:
    # A criterion of the new review only brings both its answer and its weight under one cause.
    old, new = two(2, 1), two(2, 1)
    item = new["criteria/f-1.yaml"]["criteria"][0]
    item["levels"] = {level: f"Something else at {level}" for level in range(5)}
    item["values"] = [0, 0.1, 0.2, 0.3, 1]
    answers_of(new, "v-1")["c-1"]["level"] = 4
    (found,) = bridges(old, new).bridge("v-1").cells
    # Facts and rubric move together, from 1/2 to 1 of half the weight.
    assert {cause: points.score for cause, points in found.parts.items()} == pytest.approx({Cause.RUBRICS: 25})


def test_the_dates_are_those_of_the_reviews() -> None:
    old, new = two(2, 1), two(2, 1)
    new[EVALUATION]["as_of"] = "2028-01-01"
    found = bridges(old, new).bridge("v-1")
    assert {cell.evidence_statuses for cell in found.cells} == {(EvidenceStatus.SUPPORTED, EvidenceStatus.STALE)}
    assert {cause for cell in found.cells for cause in cell.parts} == {Cause.EVIDENCE}
    assert side(old).as_of == AS_OF
