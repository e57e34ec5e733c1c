"""What would change the first place: small changes of weights and answers worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from analysis_builders import arrays_of, cell, option, scores_of
from builders import AS_OF, USE_CASES, WEIGHTS, Content, answer, build, contents, evaluated
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike
from review_builders import answers_of

from evaluator.model.evaluated import Evaluated, OptionScore, Scores
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.sensitivity import AnswerBreakeven, AnswerChange, BreakevenPoint
from evaluator.model.workspace import Workspace
from evaluator.scoring.score import score
from evaluator.sensitivity.breakeven import breakeven, fewest_answers, least_changes


def near(figure: float, distance: float = 1e-9) -> Any:
    """``figure`` but for rounding."""
    return pytest.approx(figure, abs=distance)


# All weights together


def least(values: ArrayLike, weights: Sequence[float], first: str = "v-1") -> list[tuple[str, Any, Any]]:
    return [(row.rival, row.distance, row.weights) for row in least_changes(arrays_of(values, weights), first)]


def about(**pairs: tuple[float, float]) -> dict[str, Any]:
    return {key.replace("_", "-"): pytest.approx(pair) for key, pair in pairs.items()}


def test_weight_moves_from_the_largest_lead_to_the_smallest() -> None:
    # Leads 1, 0 and -1 give a gap of 0.3; each unit moved from the first to the last closes 2.
    found = least([[1.0, 0.5, 0.0], [0.0, 0.5, 1.0]], [0.5, 0.3, 0.2])
    assert found == [("v-2", pytest.approx(0.3), about(c_1=(0.5, 0.35), c_3=(0.2, 0.35)))]


def test_the_next_lead_gives_where_the_largest_is_used_up() -> None:
    # Leads 1, 0.5 and -0.5: 0.1 from the first closes 0.15 of 0.55 - 0.05 = 0.5; the rest is 0.35 from the second.
    found = least([[1.0, 1.0, 0.0], [0.0, 0.5, 0.5]], [0.1, 0.8, 0.1])
    gap = 0.1 * 1 + 0.8 * 0.5 - 0.1 * 0.5
    second = gap - 0.1 * 1.5
    assert found == [
        (
            "v-2",
            pytest.approx(2 * (0.1 + second)),
            about(c_1=(0.1, 0), c_2=(0.8, 0.8 - second), c_3=(0.1, 0.2 + second)),
        )
    ]


def test_a_rival_that_leads_nowhere_draws_level_where_it_is_as_good() -> None:
    # All weight has to move to the criterion on which both are equal.
    assert least([[1.0, 0.5], [0.0, 0.5]], [0.4, 0.6]) == [
        ("v-2", pytest.approx(0.8), about(c_1=(0.4, 0), c_2=(0.6, 1)))
    ]
    assert least([[1.0, 0.5], [0.0, 0.4]], [0.4, 0.6]) == [("v-2", None, {})]


def test_who_is_level_already_needs_no_change() -> None:
    assert least([[1, 0], [0, 1]], [0.5, 0.5]) == [("v-2", 0, {})]
    assert least([[0.5, 0.5], [0.5, 0.5]], [0.5, 0.5]) == [("v-2", 0, {})]


def test_nearest_first_ties_by_rival_and_those_out_of_reach_last() -> None:
    values = [[0.0, 0.0], [1.0, 0.5], [0.5, 0.6], [0.5, 0.6], [0.9, 0.6]]
    found = least(values, [0.5, 0.5], "v-2")
    assert [rival for rival, _, _ in found] == ["v-5", "v-3", "v-4", "v-1"]
    assert found[-1][1] is None
    # The same distance but for rounding.
    near = least([[1.0, 0.5], [0.5, 0.6 - 1e-14], [0.5, 0.6]], [0.5, 0.5])
    assert [rival for rival, _, _ in near] == ["v-2", "v-3"]


@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=2, max_size=2), st.data())
def test_no_smaller_change_on_a_grid_of_weights_draws_level(levels: list[list[int]], data: st.DataObject) -> None:
    raw = data.draw(st.lists(st.integers(1, 4), min_size=3, max_size=3))
    weights = np.array(raw) / sum(raw)
    values = np.array(levels) / 4
    leader = int(np.argmax(values @ weights))
    ((_, distance, moved),) = least(values.tolist(), weights.tolist(), f"v-{leader + 1}")
    lead = values[leader] - values[1 - leader]
    steps = np.arange(0, 1.0001, 0.05)
    grid = np.array([[a, b, 1 - a - b] for a in steps for b in steps if a + b <= 1.0001])
    level = grid[grid @ lead <= 1e-9]
    if distance is None:
        assert len(level) == 0
        return
    if len(level):
        assert distance <= np.abs(level - weights).sum(axis=1).min() + 1e-9
    after = weights.copy()
    for key, (_, now) in moved.items():
        after[int(key[2:]) - 1] = now
    assert after.sum() == pytest.approx(1)
    assert after.min() >= -1e-12
    assert float(after @ lead) <= 1e-9
    assert np.abs(after - weights).sum() == pytest.approx(distance)


# Answers


WORKSPACE = build(contents(criteria=4, families=1, vendors=1))


def made(workspace: Workspace, scores: Scores) -> Evaluated:
    """As much of what is evaluated as is read."""
    return cast("Evaluated", SimpleNamespace(workspace=workspace, scores=scores))


def answered(key: str, *levels: int | None, **standings: EvidenceStatus) -> OptionScore:
    """An option on criteria of a quarter each, 6.25 points a level."""
    return option(
        key,
        *(
            cell(
                f"c-{n}",
                6.25 * (level or 0),
                weight=0.25,
                level=level,
                evidence_status=EvidenceStatus.UNKNOWN
                if level is None
                else standings.get(f"c_{n}", EvidenceStatus.SUPPORTED),
            )
            for n, level in enumerate(levels, start=1)
        ),
    )


def fewest(*options: OptionScore, open_only: bool = False) -> AnswerBreakeven | None:
    scores: Scores = scores_of(*options)
    return fewest_answers(made(WORKSPACE, scores), open_only=open_only)


def test_one_answer_that_rises_no_further_than_it_must() -> None:
    # A gap of 12.5 is two levels; v-2 can rise by 4 levels on c-1, v-1 fall by 3 on any.
    found = fewest(answered("v-1", 3, 3, 3, 3), answered("v-2", 0, 4, 3, 3))
    assert found == AnswerBreakeven("v-2", (AnswerChange("v-2", "c-1", 0, 2),))
    # To draw level is enough.
    assert fewest(answered("v-1", 3, 3, 3, 3), answered("v-2", 0, 4, 3, 1)) == AnswerBreakeven(
        "v-2", (AnswerChange("v-2", "c-1", 0, 4),)
    )


def test_one_answer_that_falls_no_further_than_it_must() -> None:
    # v-2 can rise by one level at most; v-1 has to fall by 3 levels on c-1.
    found = fewest(answered("v-1", 4, 4, 4, 3), answered("v-2", 3, 3, 3, 3))
    assert found == AnswerBreakeven("v-2", (AnswerChange("v-1", "c-1", 4, 1),))


def test_the_largest_effects_come_first_and_ties_go_to_the_first_option_and_criterion() -> None:
    # A gap of 43.75 points is seven levels: two answers of four levels, the second only as far as needed.
    found = fewest(answered("v-1", 4, 4, 4, 4), answered("v-2", 4, 1, 0, 4))
    assert found == AnswerBreakeven("v-2", (AnswerChange("v-1", "c-1", 4, None), AnswerChange("v-1", "c-2", 4, 1)))
    turned = fewest(answered("v-2", 4, 4, 4, 4), answered("v-1", 4, 1, 0, 4))
    assert turned == AnswerBreakeven("v-1", (AnswerChange("v-1", "c-3", 0, 4), AnswerChange("v-2", "c-1", 4, 1)))


def test_an_unknown_answer_may_rise_from_nothing() -> None:
    found = fewest(answered("v-1", 2, 2, 2, 2), answered("v-2", None, 2, 2, 1))
    assert found == AnswerBreakeven("v-2", (AnswerChange("v-2", "c-1", None, 3),))
    # A floor of the scale is as good as nothing.
    assert fewest(answered("v-1", 0, 0, 0, 1), answered("v-2", None, 0, 0, 0)) == AnswerBreakeven(
        "v-2", (AnswerChange("v-2", "c-1", None, 1),)
    )


def test_the_rival_that_needs_the_fewest_answers_and_of_those_the_first() -> None:
    first = answered("v-1", 4, 4, 4, 4)
    two, one = answered("v-2", 2, 2, 2, 2), answered("v-3", 4, 4, 1, 4)
    found = fewest(first, two, one)
    assert found is not None
    assert (found.rival, len(found.changes)) == ("v-3", 1)
    again = fewest(first, one, answered("v-4", 4, 1, 4, 4))
    assert again is not None
    assert again.rival == "v-3"


def test_only_open_answers_unknown_ones_of_a_rival_and_unsupported_ones_of_the_first() -> None:
    first = answered("v-1", 4, 2, 2, 2, c_2=EvidenceStatus.STALE)
    assert fewest(first, answered("v-2", 2, 2, 2, 2), open_only=True) == AnswerBreakeven(
        "v-2", (AnswerChange("v-1", "c-2", 2, 0),)
    )
    assert fewest(first, answered("v-2", None, 2, 2, 2), open_only=True) == AnswerBreakeven(
        "v-2", (AnswerChange("v-2", "c-1", None, 4),)
    )
    assert fewest(first, answered("v-2", 0, 2, 2, 2), open_only=True) is None
    firm = answered("v-1", 4, 2, 2, 2)
    assert fewest(firm, answered("v-2", 2, 2, 2, 2), open_only=True) is None


def test_without_a_rival_nobody_draws_level() -> None:
    assert fewest(answered("v-1", 4, 4, 4, 4)) is None


def test_a_criterion_of_no_weight_cannot_help() -> None:
    first = option("v-1", cell("c-1", 50, weight=1.0), cell("c-2", 0, weight=0.0))
    rival = option("v-2", cell("c-1", 25, weight=1.0, level=1), cell("c-2", 0, weight=0.0, level=0))
    scores = scores_of(first, rival)
    found = fewest_answers(made(WORKSPACE, scores), open_only=False)
    assert found == AnswerBreakeven("v-2", (AnswerChange("v-2", "c-1", 1, 2),))


def test_values_of_their_own_decide_how_far_an_answer_moves() -> None:
    content = contents(criteria=1, families=1, vendors=2)
    content["criteria/f-1.yaml"]["criteria"][0] |= {
        "levels": {n: f"L {n}" for n in (1, 2, 3)},
        "values": [0.1, 0.4, 0.6],
    }
    answers_of(content, "v-1")["c-1"] = answer(3)
    answers_of(content, "v-2")["c-1"] = answer(1)
    workspace = build(content)
    found = fewest_answers(made(workspace, score(workspace, AS_OF)), open_only=False)
    # The first may fall by 60 points, the rival rise by 50; from 60, level 1 stands 50 lower, which is just enough.
    assert found == AnswerBreakeven("v-2", (AnswerChange("v-1", "c-1", 3, 1),))
    answers_of(content, "v-2")["c-1"] = answer("unknown")
    workspace = build(content)
    found = fewest_answers(made(workspace, score(workspace, AS_OF)), open_only=False)
    # No level closes 60 points but the answer lost altogether.
    assert found == AnswerBreakeven("v-2", (AnswerChange("v-1", "c-1", 3, None),))


def test_a_level_that_falls_short_by_little_is_not_enough() -> None:
    content = contents(criteria=4, families=1, vendors=1)
    # A quarter of the weight times 0.496 is 12.4 points, where 12.5 are needed.
    content["criteria/f-1.yaml"]["criteria"][0]["values"] = [0, 0.1, 0.496, 0.6, 1]
    scores = scores_of(answered("v-1", 3, 3, 3, 3), answered("v-2", 0, 4, 3, 3))
    found = fewest_answers(made(build(content), scores), open_only=False)
    assert found == AnswerBreakeven("v-2", (AnswerChange("v-2", "c-1", 0, 3),))


def test_level_zero_of_a_scale_that_begins_below_falls_no_further_than_it_must() -> None:
    content = contents(criteria=2, families=1, vendors=2)
    content[WEIGHTS]["criteria"] = {"c-1": 4, "c-2": 1}
    content["criteria/f-1.yaml"]["criteria"][0] |= {
        "levels": {level: f"Level {level}" for level in range(-2, 3)},
        "values": [0, 0.1, 0.9, 0.95, 1],
    }
    for vendor, first, second in (("v-1", 0, 4), ("v-2", 1, 0)):
        answers_of(content, vendor).update({"c-1": answer(first), "c-2": answer(second)})
    workspace = build(content)
    # 72 + 20 against 76: one level down on c-1 costs 64 of the 16 needed.
    found = fewest_answers(made(workspace, score(workspace, AS_OF)), open_only=False)
    assert found == AnswerBreakeven("v-2", (AnswerChange("v-1", "c-1", 0, -1),))


# Everything together


def ranking(*levels: tuple[int, int], weights: tuple[float, float] = (1, 1)) -> Content:
    content = contents(
        criteria=2,
        families=2,
        vendors=len(levels),
        level=lambda vendor, key, _a: levels[int(vendor[2:]) - 1][int(key[2:]) - 1],
    )
    content[WEIGHTS]["families"] = {"f-1": weights[0], "f-2": weights[1]}
    return content


def test_the_first_place_its_rival_and_the_gap() -> None:
    found = breakeven(evaluated(ranking((1, 4), (2, 2), (0, 1))))
    assert (found.as_of, found.first, found.runner_up, found.gap) == (AS_OF, ("v-1",), "v-2", 12.5)
    assert found.stack == ("v-1",)
    assert [row.rival for row in found.least] == ["v-2", "v-3"]
    assert found.answers is not None
    assert found.open_answers is None


def test_one_weight_by_itself_and_a_family_by_itself() -> None:
    found = breakeven(evaluated(ranking((1, 4), (2, 2))))
    # v-2 leads by 1 on c-1 and v-1 by 2 on c-2: level at two thirds.
    first, second = found.criteria
    assert (first.id, first.weight, first.first_down) == ("c-1", 0.5, None)
    assert first.first_up == BreakevenPoint(near(2 / 3), ("v-2",))
    assert (second.id, second.first_up) == ("c-2", None)
    assert second.first_down == BreakevenPoint(near(1 / 3), ("v-2",))
    assert [row.id for row in found.families] == ["f-1", "f-2"]
    assert found.families[0].first_up == first.first_up
    # The stack turns where the scores do: there is one use case.
    assert first.stack_up is not None
    assert (first.stack_up.at, first.stack_up.to) == (near(2 / 3, 1e-6), ("v-2",))
    assert (first.stack_down, second.stack_up) == (None, None)


def test_a_shared_first_place_leaves_only_the_stack_to_turn() -> None:
    # The third would draw level with v-1 at a weight of 0.6.
    found = breakeven(evaluated(ranking((1, 3), (3, 1), (3, 0))))
    assert (found.first, found.runner_up, found.gap) == (("v-1", "v-2"), None, 0)
    assert (found.least, found.answers, found.open_answers) == ((), None, None)
    assert all(row.first_down is None and row.first_up is None for row in found.criteria)
    assert found.stack == ("v-1",)
    assert found.criteria[0].stack_up is not None


def test_without_a_use_case_there_is_no_stack_to_turn() -> None:
    content = ranking((1, 4), (2, 2))
    content[USE_CASES]["use_cases"] = []
    found = breakeven(evaluated(content))
    assert found.stack is None
    assert all(row.stack_down is None and row.stack_up is None for row in found.criteria)
    assert found.criteria[0].first_up is not None


def test_a_weight_that_is_everything_has_nothing_to_move_against() -> None:
    found = breakeven(evaluated(ranking((1, 4), (2, 2), weights=(0, 1))))
    (only,) = found.criteria
    assert (only.id, only.weight) == ("c-2", 1)
    assert (only.first_down, only.first_up, only.stack_down, only.stack_up) == (None, None, None, None)


def test_one_option_has_no_rival() -> None:
    found = breakeven(evaluated(ranking((1, 4))))
    assert (found.first, found.runner_up, found.gap, found.least) == (("v-1",), None, 0, ())
