"""Scores of small tables worked out by hand; what flat tests of scoring hold already is not repeated here."""

from __future__ import annotations

import pytest
from builders import (
    AS_OF,
    EVALUATION,
    WEIGHTS,
    Content,
    answer,
    build,
    card_of,
    contents,
    evidence,
    profile_of,
    with_editions,
)
from hypothesis import given
from hypothesis import strategies as st

from evaluator.model.evaluated import FamilyScore, OptionScore, Scores
from evaluator.scoring.score import score
from evaluator.scoring.tolerances import TIE_DIGITS


def of(content: Content, vendor: str = "v-1") -> OptionScore:
    return score(build(content), AS_OF).option(vendor)


def two_families() -> Content:
    """``c-1`` (0.6) firm at 3, ``c-3`` (0.2) stale at 2, both of ``f-1``; ``c-2`` (0.2) of ``f-2`` unknown."""
    content = contents(criteria=3, families=2, vendors=1)
    content[WEIGHTS] |= {"families": {"f-1": 8, "f-2": 2}, "criteria": {"c-1": 3, "c-3": 1, "c-2": 1}}
    content[card_of("v-1")]["answers"] = {
        "c-1": answer(3),
        "c-3": answer(2, evidence=[evidence(date="2020-01-01")]),
        "c-2": answer("unknown"),
    }
    return content


def test_score_low_high_coverage_and_stale_share() -> None:
    option = of(two_families())
    # 60 x 3/4 + 20 x 2/4 = 55; the stale 10 do not count in low; the unknown 20 count in high.
    assert (option.score, option.low, option.high) == pytest.approx((55, 45, 75))
    assert (option.coverage, option.stale) == pytest.approx((0.8, 0.2))
    assert (option.rank, option.close) == (1, ())
    assert (option.edition, option.edition_name, option.name) == ("business", "Business", "V-1")


def test_every_cell_of_it() -> None:
    cells = {cell.criterion: cell for cell in of(two_families()).cells}
    assert list(cells) == ["c-1", "c-3", "c-2"]
    assert [(cell.points, cell.low, cell.high) for cell in cells.values()] == [
        pytest.approx((45, 45, 45)), pytest.approx((10, 0, 10)), pytest.approx((0, 0, 20))
    ]  # fmt: skip
    assert [(cell.level, cell.by, cell.levels) for cell in cells.values()] == [
        (3, ("desk-a",), {"desk-a": 3}), (2, ("desk-a",), {"desk-a": 2}), (None, ("desk-a",), {"desk-a": None})
    ]  # fmt: skip
    assert cells["c-2"].answer is not None


def test_families_are_scored_by_their_own_weight() -> None:
    families = of(two_families()).families
    assert list(families) == ["f-1", "f-2"]
    one, two = families.values()
    # Inside f-1: three quarters of the weight at 75 points, a quarter, stale, at 50.
    assert [one.score, one.low, one.high, one.weight, one.coverage] == pytest.approx([68.75, 56.25, 68.75, 0.8, 1])
    assert [two.score, two.low, two.high, two.weight, two.coverage] == pytest.approx([0, 0, 100, 0.2, 0])
    assert isinstance(one, FamilyScore)


def test_a_family_of_no_weight_or_out_of_scope_has_no_score() -> None:
    content = two_families()
    content[WEIGHTS]["families"]["f-2"] = 0
    assert list(of(content).families) == ["f-1"]
    content = two_families()
    content[EVALUATION]["out_of_scope"] = {"c-2": "does not apply"}
    assert list(of(content).families) == ["f-1"]
    assert [cell.criterion for cell in of(content).cells] == ["c-1", "c-3"]


def test_the_best_value_of_an_own_scale_limits_high_and_points() -> None:
    content = contents(criteria=2, families=1, vendors=1)
    for item in content["criteria/f-1.yaml"]["criteria"]:
        item["values"] = [0, 0.1, 0.3, 0.5, 0.8]
    content[card_of("v-1")]["answers"] = {"c-1": answer(3), "c-2": answer("unknown")}
    option = of(content)
    assert (option.score, option.high) == pytest.approx((25, 65))
    del content[card_of("v-1")]["answers"]["c-2"]
    assert of(content).high == pytest.approx(65)


def test_an_answer_that_nobody_gave_is_an_empty_cell() -> None:
    content = contents(criteria=1, families=1, vendors=1)
    content[card_of("v-1")]["answers"] = {}
    (cell,) = of(content).cells
    assert (cell.level, cell.points, cell.low, cell.high) == (None, 0, 0, 100)
    assert (cell.answer, cell.by, cell.levels, cell.evidence_status.value) == (None, (), {}, "unknown")


def test_an_edition_that_the_profile_does_not_list_goes_by_its_id() -> None:
    content = contents(criteria=1, families=1, vendors=1)
    content[profile_of("v-1")]["edition"] = "gold"
    assert of(content).edition_name == "gold"


def test_what_holds_for_all_options() -> None:
    content = contents(criteria=2, families=1, vendors=2, assessors=("desk-a", "desk-b"))
    content[EVALUATION]["policies"] = {"unknown_if": "all"}
    found = score(build(content), AS_OF)
    assert found.as_of == AS_OF
    assert found.weights == {"c-1": 0.5, "c-2": 0.5}
    assert list(found.gates) == ["public", "internal", "confidential", "restricted"]
    assert "unknown only if every assessor says unknown" in found.combination
    del content[card_of("v-2", "desk-b")]
    assert "unknown only if every assessor says unknown" in score(build(content), AS_OF).combination
    content[card_of("v-1", "desk-b")]["edition"] = "enterprise"
    assert score(build(content), AS_OF).combination == ""


def test_who_scored_other_editions_is_named_once() -> None:
    content = contents(criteria=2, families=1, vendors=1, level=1, assessors=("desk-a", "desk-b"))
    with_editions(content, "v-1", "desk-b", "enterprise", "gold", answers={})
    (option,) = score(build(content), AS_OF).options
    assert (option.scorecards, option.left_out) == (("desk-a", "desk-b"), ("desk-b",))
    assert [cell.by for cell in option.cells] == [("desk-a", "desk-b")] * 2


def ranked(levels: list[int], band: float) -> Scores:
    """Vendors with one criterion of 101 levels, so that each may have any whole number of points."""
    content = contents(criteria=1, families=1, vendors=len(levels))
    content["criteria/f-1.yaml"]["criteria"][0]["levels"] = {
        level: f"Level {level}" for level in range(101)
    }  # levels are limited to 100
    for number, level in enumerate(levels, start=1):
        content[card_of(f"v-{number}")]["answers"] = {"c-1": answer(level)}
    content[EVALUATION]["policies"] = {"close_points": band}
    return score(build(content), AS_OF)


@given(st.lists(st.integers(0, 12), max_size=7), st.sampled_from([0, 1, 2, 3, 100]))
def test_ranks_and_close_options_are_those_of_the_definition(levels: list[int], band: int) -> None:
    found = ranked(levels, band)
    points = {f"v-{number}": level for number, level in enumerate(levels, start=1)}
    order = sorted(points, key=lambda key: (-points[key], key))
    assert [option.id for option in found.options] == order
    for option in found.options:
        assert option.rank == 1 + sum(other > points[option.id] for other in points.values())
        assert option.close == tuple(
            key for key in order if key != option.id and abs(points[key] - points[option.id]) <= band
        )


def test_the_band_forgives_float_noise_and_no_more() -> None:
    """A band of 0.3 points against scores that lie 0.30000000000000004 apart, and one that is truly smaller."""
    content = contents(criteria=2, families=1, vendors=2)
    content[WEIGHTS]["criteria"] = {"c-1": 0.3, "c-2": 99.7}
    for vendor, level in (("v-1", 4), ("v-2", 0)):
        content[card_of(vendor)]["answers"] = {"c-1": answer(level), "c-2": answer(2)}
    for band, close in ((0.3, ("v-2",)), (0.3 - 1e-8, ())):
        content[EVALUATION]["policies"] = {"close_points": band}
        assert of(content).close == close
    assert TIE_DIGITS == 9


def test_scores_that_agree_to_nine_decimals_tie_and_others_do_not() -> None:
    for difference, ranks in ((5e-12, [1, 1]), (4e-11, [1, 2])):
        content = contents(criteria=2, families=1, vendors=2, level=2)
        content["criteria/f-1.yaml"]["criteria"][0]["values"] = [0, 0.25, 0.5, 0.5 + difference, 1]
        content[card_of("v-2")]["answers"]["c-1"] = answer(3)
        found = score(build(content), AS_OF)
        assert [option.rank for option in found.options] == ranks
        assert [option.id for option in found.options] == (["v-1", "v-2"] if ranks == [1, 1] else ["v-2", "v-1"])
