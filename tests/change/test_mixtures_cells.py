"""What an answer is worth in every mixture of two reviews' facts, rubrics and combination rule."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from analysis_builders import cell
from builders import (
    AS_OF,
    CATALOGUE,
    EVALUATION,
    Content,
    answer,
    build,
    card_of,
    contents,
    evidence,
    profile_of,
)
from review_builders import answers_of

from evaluator.change.mixtures import MIXES, AnswerValue, Mix, Mixed, OptionCells, ReviewSide, weighted
from evaluator.model.change import Cause
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.scoring.score import score

Change = Callable[[Content], object]


def side(content: Content) -> ReviewSide:
    workspace = build(content)
    return ReviewSide(workspace, AS_OF, score(workspace, AS_OF))


def content(level: int | str = 1, assessors: tuple[str, ...] = ("desk-a",)) -> Content:
    made = contents(criteria=2, families=1, vendors=1, level=2, assessors=assessors)
    answers_of(made, "v-1")["c-1"] = answer(level)
    return made


def mixed(change: Change, before: Content | None = None, home: dict[str, int] | None = None) -> Mixed:
    """The first criterion, before and after a change."""
    old = before or content()
    new = copy.deepcopy(old)
    change(new)
    return OptionCells(side(old), side(new), home or {}).mixed("v-1", "c-1")


def figures(found: Mixed) -> list[tuple[float, float, float]]:
    return [worth[1:] for worth in found.values]


def rubric(made: Content, **changes: Any) -> None:
    made["criteria/f-1.yaml"]["criteria"][0] |= changes


def level(made: Content, to: int | str) -> None:
    answers_of(made, "v-1")["c-1"] = answer(to)


def test_mixtures_count_in_binary_and_are_found_by_their_parts() -> None:
    assert tuple(Mix(a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1)) == MIXES
    worths = tuple(AnswerValue(cell("c-1", 0), float(n), 0.0, 0.0) for n in range(8))
    made = Mixed(worths, Cause.ANSWERS, bound=False)
    assert [made.at(mix).score for mix in MIXES] == list(range(8))
    assert made.at(Mix(facts=1, rubric=0, rule=0)).score == 4
    assert made.at(Mix(facts=0, rubric=1, rule=0)).score == 2
    assert made.at(Mix(facts=0, rubric=0, rule=1)).score == 1


def test_a_mixture_moves_by_worth_level_or_standing() -> None:
    same = AnswerValue(cell("c-1", 0, level=2), 0.5, 0.5, 0.5)

    def moves(other: AnswerValue) -> bool:
        return Mixed((same,) * 7 + (other,), Cause.ANSWERS, bound=False).moves

    assert not moves(same)
    assert not moves(AnswerValue(cell("c-1", 99, level=2), 0.5, 0.5, 0.5))
    assert moves(same._replace(score=0.6))
    assert moves(same._replace(low=0.4))
    assert moves(same._replace(high=0.6))
    assert moves(same._replace(cell=cell("c-1", 0, level=3)))
    assert moves(same._replace(cell=cell("c-1", 0, level=2, evidence_status=EvidenceStatus.STALE)))


def test_cells_of_a_side_by_option_and_criterion() -> None:
    found = side(contents(criteria=2, vendors=2)).cells
    assert sorted(found) == ["v-1", "v-2"]
    assert found["v-2"]["c-2"].level == 3


@pytest.mark.parametrize(
    ("before", "after", "cause"),
    [
        (1, 4, Cause.ANSWERS),
        (4, 1, Cause.ANSWERS),
        ("unknown", 3, Cause.LEARNED),
        (3, "unknown", Cause.LEARNED),
        (2, 2, Cause.EVIDENCE),
        ("unknown", "unknown", Cause.EVIDENCE),
    ],
)
def test_facts_move_under_the_cause_that_says_what_happened_to_them(
    before: int | str, after: int | str, cause: Cause
) -> None:
    found = mixed(lambda new: level(new, after), content(before))
    assert (found.cause, found.bound) == (cause, False)

    def worth(given: int | str) -> tuple[float, float, float]:
        return (0.0, 0.0, 1.0) if given == "unknown" else (int(given) / 4,) * 3

    assert figures(found) == [worth(before)] * 4 + [worth(after)] * 4


def test_an_answer_that_is_not_supported_earns_no_low() -> None:
    def without_evidence(new: Content) -> None:
        answers_of(new, "v-1")["c-1"]["evidence"] = []

    found = mixed(without_evidence)
    assert figures(found) == [(0.25, 0.25, 0.25)] * 4 + [(0.25, 0.0, 0.25)] * 4
    assert found.cause is Cause.EVIDENCE


def test_another_edition_is_the_cause_whatever_moved() -> None:
    def change(new: Content) -> None:
        new[profile_of("v-1")]["edition"] = "enterprise"
        new[card_of("v-1")]["edition"] = "enterprise"
        level(new, 4)

    assert mixed(change).cause is Cause.EDITION

    def with_other_words(new: Content) -> None:
        change(new)
        rubric(new, question="Is it any good?")

    assert mixed(with_other_words).cause is Cause.EDITION


def test_a_criterion_that_counts_in_one_review_only_brings_its_answer_along() -> None:
    for home, figure in ((0, 0.25), (1, 1.0)):
        found = mixed(lambda new: level(new, 4), home={"c-1": home})
        assert figures(found) == [(figure,) * 3] * 8
        assert (found.cause, found.bound) == (Cause.CRITERIA, True)


VALUES = (0.0, 0.5, 0.6, 0.7, 1.0)


def test_values_of_levels_move_by_themselves() -> None:
    def change(new: Content) -> None:
        rubric(new, values=list(VALUES))
        level(new, 3)

    found = mixed(change)
    # Old facts: level 1 is worth 0.25, then 0.5. New facts: level 3 is worth 0.75, then 0.7.
    assert [row[0] for row in figures(found)] == [0.25, 0.25, 0.5, 0.5, 0.75, 0.75, 0.7, 0.7]
    assert (found.cause, found.bound) == (Cause.ANSWERS, False)


def test_how_long_evidence_stays_fresh_is_part_of_the_rubric() -> None:
    found = mixed(lambda new: rubric(new, fresh_months=1))
    assert [row[1] for row in figures(found)] == [0.25, 0.25, 0, 0] * 2
    assert found.values[2].cell.evidence_status is EvidenceStatus.STALE


def test_what_a_grade_can_carry_is_part_of_the_rubric() -> None:
    def change(new: Content) -> None:
        new[CATALOGUE]["evidence_grades"][2]["max_level"] = 0

    found = mixed(change)
    assert [row[1] for row in figures(found)] == [0.25, 0.25, 0, 0] * 2
    assert found.values[2].cell.evidence_status is EvidenceStatus.OVER_CAP


def reworded(new: Content, to: int | str) -> None:
    rubric(new, question="Is it any good?")
    level(new, to)


@pytest.mark.parametrize(
    ("before", "after", "cause", "bound"),
    [
        # A level under other anchors is another statement; an unknown that was answered is still news.
        (1, 3, Cause.RUBRICS, True),
        ("unknown", 3, Cause.LEARNED, True),
        (1, "unknown", Cause.LEARNED, True),
        (2, 2, Cause.EVIDENCE, False),
    ],
)
def test_where_the_level_differs_facts_and_reworded_anchors_cannot_be_told_apart(
    before: int | str,
    after: int | str,
    cause: Cause,
    bound: bool,  # noqa: FBT001
) -> None:
    found = mixed(lambda new: reworded(new, after), content(before))
    assert (found.cause, found.bound) == (cause, bound)


def test_a_bound_rubric_moves_with_the_facts() -> None:
    def change(new: Content) -> None:
        reworded(new, 3)
        rubric(new, values=list(VALUES))

    assert [row[0] for row in figures(mixed(change))] == [0.25] * 4 + [0.7] * 4


def test_under_another_scale_a_level_that_differs_never_leaves_its_own() -> None:
    def shorter(new: Content) -> None:
        rubric(new, levels={n: f"Level {n}" for n in (1, 2, 3)})
        level(new, 3)

    # Level 4 of 0 to 4, then level 3 of 1 to 3: the best of either.
    found = mixed(shorter, content(4))
    assert figures(found) == [(1, 1, 1)] * 8
    assert [worth.cell.level for worth in found.values] == [4] * 4 + [3] * 4
    assert (found.cause, found.bound) == (Cause.RUBRICS, True)
    # The same level on both scales is judged by either.
    same = mixed(lambda new: rubric(new, levels={n: f"Level {n}" for n in (1, 2, 3)}), content(2))
    assert [row[0] for row in figures(same)] == [0.5] * 8
    assert not same.bound


def two_assessors(first: int | str, second: int | str) -> Content:
    made = content(first, ("desk-a", "desk-b"))
    answers_of(made, "v-1", "desk-b")["c-1"] = answer(second)
    return made


def all_unknown(new: Content) -> None:
    new[EVALUATION]["policies"] = {"unknown_if": "all"}


def test_the_combination_rule_moves_by_itself() -> None:
    def change(new: Content) -> None:
        all_unknown(new)
        answers_of(new, "v-1", "desk-b")["c-1"] = answer(3)

    # One assessor is unknown in both reviews; the other says 2, then 3.
    before = two_assessors("unknown", 2)
    found = mixed(change, before)
    assert [worth.cell.level for worth in found.values] == [None, 2, None, 2, None, 3, None, 3]
    assert figures(found)[0] == (0.0, 0.0, 1.0)
    assert found.cause is Cause.ANSWERS


def test_one_scorecard_leaves_the_rule_nothing_to_decide() -> None:
    def change(new: Content) -> None:
        all_unknown(new)
        level(new, 4)

    found = mixed(change)
    assert figures(found) == [(0.25,) * 3] * 4 + [(1.0,) * 3] * 4


def test_a_second_assessor_in_either_review_is_enough() -> None:
    def change(new: Content) -> None:
        all_unknown(new)
        new[card_of("v-1", "desk-b")] = {**copy.deepcopy(new[card_of("v-1")]), "assessor": "desk-b"}
        answers_of(new, "v-1", "desk-b")["c-1"] = answer("unknown")

    found = mixed(change)
    assert [worth.cell.level for worth in found.values] == [1, 1, 1, 1, None, 1, None, 1]


def test_rule_and_rubric_move_apart_from_each_other() -> None:
    def change(new: Content) -> None:
        all_unknown(new)
        rubric(new, values=list(VALUES))

    found = mixed(change, two_assessors("unknown", 2))
    assert [row[0] for row in figures(found)] == [0, 0.5, 0, 0.6] * 2
    assert [row[2] for row in figures(found)] == [1, 0.5, 1, 0.6] * 2


def test_a_criterion_that_nobody_answered_is_unknown_in_every_mixture() -> None:
    before = two_assessors(1, 2)
    for assessor in ("desk-a", "desk-b"):
        del answers_of(before, "v-1", assessor)["c-1"]

    def change(new: Content) -> None:
        all_unknown(new)
        rubric(new, values=[0, 0.1, 0.2, 0.3, 0.8])

    found = mixed(change, before)
    assert figures(found) == [(0, 0, 1), (0, 0, 1), (0, 0, 0.8), (0, 0, 0.8)] * 2
    assert {worth.cell.evidence_status for worth in found.values} == {EvidenceStatus.UNKNOWN}
    assert {worth.cell.level for worth in found.values} == {None}
    mixture = found.at(Mix(0, 0, 1)).cell
    assert (mixture.weight, mixture.points, mixture.low, mixture.high) == (0, 0, 0, 0)


def test_a_mixture_knows_the_answer_and_whose_it_is() -> None:
    found = mixed(all_unknown, two_assessors("unknown", 2)).values[1].cell
    assert (found.by, found.levels) == (("desk-b",), {"desk-a": None, "desk-b": 2})
    assert found.answer is not None
    assert found.answer.level == 2
    assert (found.weight, found.points, found.low, found.high) == (0, 0, 0, 0)


def test_an_option_alone_and_a_criterion_that_does_not_count_there() -> None:
    old = content()
    new = copy.deepcopy(old)
    level(new, 4)
    new[EVALUATION]["out_of_scope"] = {"c-2": "Law."}
    cells = OptionCells(side(old), side(new), {})
    assert cells.own(0, "v-1", "c-1").score == 0.25
    assert cells.own(1, "v-1", "c-1").score == 1
    assert cells.own(0, "v-1", "c-2").score == 0.5
    gone = cells.own(1, "v-1", "c-2")
    assert gone[1:] == (0, 0, 0)
    assert (gone.cell.level, gone.cell.evidence_status, gone.cell.answer) == (None, EvidenceStatus.UNKNOWN, None)
    assert (gone.cell.weight, gone.cell.points, gone.cell.low, gone.cell.high) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("change", "moves"),
    [
        (lambda _: None, False),
        (lambda new: rubric(new, why="For another reason."), False),
        (lambda new: rubric(new, question="Is it any good?"), True),
        (lambda new: rubric(new, values=list(VALUES)), True),
        (lambda new: rubric(new, fresh_months=13), True),
        (lambda new: new[CATALOGUE]["evidence_grades"][4].update(max_level=0), True),
        (lambda new: level(new, 4), False),
    ],
)
def test_which_changes_of_a_rubric_can_move_a_figure(change: Change, moves: bool) -> None:  # noqa: FBT001
    old = content()
    new = copy.deepcopy(old)
    change(new)
    cells = OptionCells(side(old), side(new), {})
    assert ("c-1" in cells.rubrics) is moves
    assert "c-9" not in cells.rubrics


def test_a_criterion_that_is_gone_has_no_rubric_to_compare() -> None:
    old = contents(criteria=2, families=1, vendors=1)
    new = copy.deepcopy(old)
    new["criteria/f-1.yaml"]["criteria"].pop(0)
    rubric(new, values=list(VALUES))
    cells = OptionCells(side(old), side(new), {"c-1": 0})
    assert "c-1" not in cells.rubrics
    assert "c-2" in cells.rubrics


def test_a_worth_under_a_weight_is_the_cell_that_the_engine_makes() -> None:
    made = content(3)
    answers_of(made, "v-1")["c-1"]["evidence"] = [evidence(date="2020-01-01")]
    one = side(made)
    found = weighted(OptionCells(one, one, {}).own(0, "v-1", "c-1"), 0.5)
    assert found == one.cells["v-1"]["c-1"]
    assert (found.weight, found.points, found.low, found.high) == (0.5, 37.5, 0, 37.5)
