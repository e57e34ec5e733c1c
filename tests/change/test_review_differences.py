"""What changed between two reviews: options that stayed, came and went, ranks, and another version of the tool."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from math import fsum
from typing import Any

import pytest
from builders import (
    AS_OF,
    CATALOGUE,
    EVALUATION,
    USE_CASES,
    WEIGHTS,
    Content,
    answer,
    build,
    capability,
    card_of,
    contents,
    profile_of,
    scorecard,
    use_case,
    with_evaluated,
)
from review_builders import answers_of

from evaluator.change.review_differences import ComparedReview, by_cause, change, vendor_bridge
from evaluator.evaluation.evaluate import evaluate
from evaluator.model.change import Cause, CellChange, Change, OptionChange, Points, RankReason, ReviewRef


def ranking(levels: Mapping[str, tuple[int, int]], weights: tuple[float, float] = (1, 1)) -> Content:
    """Options with these levels on c-1 and c-2, whose weights are as given."""
    content = contents(
        criteria=2, families=1, vendors=list(levels), level=lambda v, key, _a: levels[v][0 if key == "c-1" else 1]
    )
    content[WEIGHTS]["criteria"] = {"c-1": weights[0], "c-2": weights[1]}
    return content


def compared(content: Content, name: str = "2026", **changes: Any) -> ComparedReview:
    workspace = build(content)
    return ComparedReview(name, evaluate(workspace, AS_OF, version="1"), "1", **changes)


def compare(old: Content, new: Content) -> Change:
    return change(compared(old), compared(new, "2027"))


def test_both_reviews_are_named_with_what_they_were_computed_from() -> None:
    old, new = compared(ranking({"a": (1, 1)})), compared(ranking({"a": (2, 2)}), "2027")
    found = change(old, replace(new, version="2"))
    assert found.old == ReviewRef("2026", AS_OF, old.result.digest, "1", "test 1.0.0")
    assert found.new == ReviewRef("2027", AS_OF, new.result.digest, "2", "test 1.0.0")


def test_options_stand_in_the_new_order_and_then_those_that_went() -> None:
    old = ranking({"a": (4, 4), "b": (1, 1), "x": (3, 3), "y": (2, 2)})
    new = ranking({"a": (1, 1), "b": (4, 4), "m": (2, 2)})
    found = compare(old, new)
    assert [(option.id, option.status) for option in found.options] == [
        ("b", "kept"),
        ("m", "came"),
        ("a", "kept"),
        ("x", "went"),
        ("y", "went"),
    ]


def test_an_option_that_stayed_has_figures_verdicts_and_clearance_of_both() -> None:
    old, new = ranking({"a": (4, 4), "b": (1, 1)}), ranking({"a": (4, 4), "b": (2, 3)})
    for content in (old, new):
        content["criteria/f-1.yaml"]["criteria"][0] |= {"starter_gate": True, "gates": {"restricted": 2}}
    answers_of(new, "b")["c-2"]["evidence"] = []
    new[profile_of("b")]["name"] = "New name"
    found = compare(old, new).option("b")
    assert found.name == "New name"
    assert (found.old, found.new) == (Points(25, 25, 25), Points(62.5, 25, 62.5))
    assert found.causes == {Cause.ANSWERS: Points(37.5, 0, 37.5)}
    assert {cell.criterion: cell.parts for cell in found.cells} == {
        "c-1": {Cause.ANSWERS: Points(12.5, 12.5, 12.5)},
        "c-2": {Cause.ANSWERS: Points(25, -12.5, 25)},
    }
    assert found.verdicts == ("not_chosen", "not_chosen")
    assert found.cleared == ("confidential", "restricted")
    assert compare(old, new).option("a").verdicts == ("recommended", "recommended")


def test_options_of_one_review_have_figures_and_no_bridge() -> None:
    old, new = ranking({"a": (4, 4), "x": (1, 1)}), ranking({"a": (4, 4), "m": (2, 2)})
    found = compare(old, new)
    came, went = found.option("m"), found.option("x")
    for option in (came, went):
        assert (option.causes, option.cells, option.rank, option.crossed) == ({}, (), None, None)
    assert (came.name, came.old, came.new) == ("M", None, Points(50, 50, 50))
    assert (came.verdicts, came.cleared) == ((None, "not_chosen"), (None, "restricted"))
    assert (went.name, went.old, went.new) == ("X", Points(25, 25, 25), None)
    assert (went.verdicts, went.cleared) == (("not_chosen", None), ("restricted", None))


# Ranks


def rank(found: Change, option: str) -> tuple[int, int, int, int, int, int, RankReason]:
    move = found.option(option).rank
    assert move
    return move.old, move.new, move.common_old, move.common_new, move.new_facts, move.new_method, move.reason


def test_ranks_that_stay() -> None:
    found = compare(ranking({"a": (4, 4), "b": (1, 1)}), ranking({"a": (4, 3), "b": (2, 1)}))
    assert rank(found, "a") == (1, 1, 1, 1, 1, 1, RankReason.UNMOVED)
    assert rank(found, "b") == (2, 2, 2, 2, 2, 2, RankReason.UNMOVED)


def test_ranks_that_move_because_others_came() -> None:
    found = compare(ranking({"a": (4, 4), "b": (1, 1)}), ranking({"a": (3, 4), "b": (1, 1), "m": (4, 4)}))
    assert rank(found, "a") == (1, 2, 1, 1, 1, 1, RankReason.OPTIONS)
    assert rank(found, "b") == (2, 3, 2, 2, 2, 2, RankReason.OPTIONS)


def test_ranks_that_move_with_facts_with_the_method_and_with_both() -> None:
    facts = compare(ranking({"a": (4, 4), "b": (1, 1)}), ranking({"a": (0, 0), "b": (1, 1)}))
    assert rank(facts, "a") == (1, 2, 1, 2, 2, 1, RankReason.FACTS)
    method = compare(ranking({"a": (4, 1), "b": (1, 4)}, (3, 1)), ranking({"a": (4, 1), "b": (1, 4)}, (1, 3)))
    assert rank(method, "a") == (1, 2, 1, 2, 1, 2, RankReason.METHOD)
    # Either alone would have turned the order: with new facts b leads on c-1, with new weights on c-2.
    either = compare(ranking({"a": (4, 1), "b": (1, 4)}, (3, 1)), ranking({"a": (1, 1), "b": (2, 4)}, (1, 3)))
    assert rank(either, "a") == (1, 2, 1, 2, 2, 2, RankReason.BOTH)
    # Neither alone would have: 3 to 1 for a at 3:2 levels 3, 0 and 1, 4; only lower weight and a lower level together.
    neither = compare(ranking({"a": (4, 0), "b": (0, 4)}, (4, 1)), ranking({"a": (3, 0), "b": (0, 4)}, (1.2, 1)))
    assert rank(neither, "a") == (1, 2, 1, 2, 1, 1, RankReason.BOTH)


def test_equal_scores_share_a_rank_and_the_next_is_left_out() -> None:
    levels = {"a": (2, 2), "b": (3, 1), "d": (1, 1), "e": (4, 4)}
    found = compare(ranking(levels), ranking(levels))
    assert [rank(found, key)[2] for key in "abde"] == [2, 2, 4, 1]
    # What rounding leaves of a difference is none.
    near = compare(ranking(levels), ranking(levels, (1, 1 + 1e-13)))
    assert [rank(near, key)[3] for key in "abde"] == [2, 2, 4, 1]


# Another version of the tool


def cells_of(made: ComparedReview, option: str, **changes: Points) -> dict[str, Points]:
    """The points of an option as recorded: as computed, but for those given."""
    found = {
        cell.criterion: Points(cell.points, cell.low, cell.high) for cell in made.result.scores.option(option).cells
    }
    return found | {key.replace("_", "-"): points for key, points in changes.items()}


def test_recorded_figures_stand_and_their_distance_is_a_cause() -> None:
    old, new = compared(ranking({"a": (2, 2)})), compared(ranking({"a": (2, 2)}), "2027")
    recorded = replace(old, recorded={"a": cells_of(old, "a", c_1=Points(26, 24, 27))})
    found = change(recorded, new).option("a")
    assert (found.old, found.new) == (Points(51, 49, 52), Points(50, 50, 50))
    assert found.causes == {Cause.ENGINE: Points(-1, 1, -2)}
    assert found.cells == (
        CellChange("c-1", (None, None), (None, None), (0.0, 0.0), {Cause.ENGINE: Points(-1, 1, -2)}),
    )
    turned = change(new, replace(recorded, name="2028")).option("a")
    assert turned.causes == {Cause.ENGINE: Points(1, -1, 2)}
    assert turned.new == Points(51, 49, 52)


def test_the_engine_stands_beside_other_causes_of_a_cell() -> None:
    old, new = compared(ranking({"a": (1, 2)})), compared(ranking({"a": (2, 2)}), "2027")
    recorded = replace(old, recorded={"a": cells_of(old, "a", c_1=Points(10, 12.5, 12.5))})
    (cell,) = change(recorded, new).option("a").cells
    assert (cell.levels, cell.weights) == ((1, 2), (0.5, 0.5))
    assert cell.parts == {Cause.ANSWERS: Points(12.5, 12.5, 12.5), Cause.ENGINE: Points(2.5, 0, 0)}


def test_both_reviews_may_have_recorded_figures() -> None:
    old, new = compared(ranking({"a": (2, 2)})), compared(ranking({"a": (2, 2)}), "2027")
    one = replace(old, recorded={"a": cells_of(old, "a", c_1=Points(26, 25, 25))})
    other = replace(new, recorded={"a": cells_of(new, "a", c_1=Points(28, 25, 25), c_2=Points(25, 25, 26))})
    found = change(one, other).option("a")
    assert {cell.criterion: cell.parts[Cause.ENGINE] for cell in found.cells} == {
        "c-1": Points(2, 0, 0),
        "c-2": Points(0, 0, 1),
    }
    same = change(one, replace(one, name="2027")).option("a")
    # The two distances take each other up.
    assert same.difference == Points(0, 0, 0)
    assert all(not points for points in same.causes.values())


def test_a_criterion_that_only_the_record_has_or_lacks() -> None:
    old, new = compared(ranking({"a": (2, 2)})), compared(ranking({"a": (2, 2)}), "2027")
    cells = cells_of(old, "a")
    extra = change(replace(old, recorded={"a": cells | {"c-0": Points(3, 2, 1)}}), new).option("a")
    assert [(cell.criterion, cell.parts) for cell in extra.cells] == [("c-0", {Cause.ENGINE: Points(-3, -2, -1)})]
    assert extra.old == Points(53, 52, 51)
    del cells["c-2"]
    short = change(replace(old, recorded={"a": cells}), new).option("a")
    assert [(cell.criterion, cell.parts) for cell in short.cells] == [("c-2", {Cause.ENGINE: Points(25, 25, 25)})]
    assert short.old == Points(25, 25, 25)


def test_a_record_of_another_option_changes_nothing() -> None:
    old, new = compared(ranking({"a": (2, 2)})), compared(ranking({"a": (2, 2)}), "2027")
    found = change(replace(old, recorded={"z": {"c-1": Points(1, 1, 1)}}), new).option("a")
    assert (found.cells, found.old) == ((), Points(50, 50, 50))


def test_a_bridge_of_one_vendor() -> None:
    old, new = compared(ranking({"a": (1, 2), "x": (1, 1)})), compared(ranking({"a": (2, 2), "m": (1, 1)}))
    assert vendor_bridge(old.side, new.side, "a") == {Cause.ANSWERS: Points(12.5, 12.5, 12.5)}
    for option in ("x", "m", "z"):
        assert vendor_bridge(old.side, new.side, option) == {}
    recorded = {"a": cells_of(old, "a", c_1=Points(10, 12.5, 12.5))}
    assert vendor_bridge(old.side, new.side, "a", (recorded, {})) == {
        Cause.ANSWERS: Points(12.5, 12.5, 12.5),
        Cause.ENGINE: Points(2.5, 0, 0),
    }
    assert vendor_bridge(new.side, old.side, "a", ({}, recorded))[Cause.ENGINE] == Points(-2.5, 0, 0)


def test_causes_are_added_over_criteria_in_a_fixed_order() -> None:
    def told(key: str, **parts: Points) -> CellChange:
        return CellChange(
            key, (None, None), (None, None), (0, 0), {Cause[name.upper()]: points for name, points in parts.items()}
        )

    found = by_cause(
        [
            told("c-1", weights=Points(1, 2, 3), answers=Points(4, 4, 4)),
            told("c-2", weights=Points(10, 20, 30)),
            told("c-3"),
        ]
    )
    assert list(found.items()) == [(Cause.ANSWERS, Points(4, 4, 4)), (Cause.WEIGHTS, Points(11, 22, 33))]


# Stacks


def test_the_tools_of_a_review_are_those_approved_or_else_recommended() -> None:
    content = ranking({"a": (4, 4), "b": (1, 1)})
    assert compared(content).tools == ("a",)
    assert compared(content, approved=("b",)).tools == ("b",)
    assert compared(content, approved=()).tools == ()
    content[USE_CASES]["use_cases"] = []
    assert compared(content).tools == ()


def test_where_neither_review_has_a_tool_there_is_no_stack() -> None:
    content = ranking({"a": (4, 4)})
    assert change(compared(content, approved=()), compared(content, approved=())).stack is None
    found = change(compared(content, approved=()), compared(content)).stack
    assert found is not None
    assert (found.tools, found.values, found.causes) == (((), ("a",)), (0, 100), {Cause.CHOICE: 100})
    assert change(compared(content), compared(content, approved=())).stack is not None


def test_values_of_either_set_in_either_review() -> None:
    old, new = ranking({"a": (4, 4), "b": (1, 1)}), ranking({"a": (1, 2), "b": (4, 4)})
    found = compare(old, new).stack
    assert found is not None
    assert found.tools == (("a",), ("b",))
    assert found.values == (100, 100)
    # The old set in the new review: levels 1 and 2; the new one in the old review: 1 and 1.
    assert found.old_tools_now == pytest.approx(37.5)
    assert found.new_tools_then == pytest.approx(25)
    # Facts at the mean of both sets, the choice at the mean of both facts.
    assert found.causes == pytest.approx({Cause.ANSWERS: (-62.5 + 75) / 2, Cause.CHOICE: (62.5 - 75) / 2})
    assert [gone.tool for gone in found.gone] == ["a"]
    assert found.gone[0].uses[0].fits == (100, 37.5)


def test_costs_are_those_of_the_recommended_stacks_by_currency() -> None:
    old, new = ranking({"a": (4, 4), "b": (1, 1)}), ranking({"a": (1, 2), "b": (4, 4)})
    (price,) = new[profile_of("b")]["editions"][0]["prices"]
    new[profile_of("b")]["editions"][0]["prices"] = [price | {"currency": "CHF", "amount": 1}, price | {"amount": 5}]
    found = compare(old, new).stack
    assert found is not None
    # Two makers: at 10 a month, then at 5 and at 1.
    assert found.costs == (("CHF", 0, 24), ("EUR", 240, 120))
    approved = change(compared(old, approved=("b",)), compared(new)).stack
    assert approved is not None
    assert approved.costs == (("CHF", 0, 24), ("EUR", 0, 120))
    named = change(compared(old, approved=("a",)), compared(new, approved=("a",))).stack
    assert named is not None
    assert named.costs == (("EUR", 240, 0),)


def test_a_set_that_is_approved_where_nothing_is_recommended_has_no_cost_there() -> None:
    content = ranking({"a": (4, 4)})
    without = copy.deepcopy(content)
    without[USE_CASES]["use_cases"] = []
    found = change(compared(without, approved=("a",)), compared(content)).stack
    assert found is not None
    assert found.costs == (("EUR", 0, 240),)


def test_the_order_in_which_tools_were_approved_does_not_matter_to_the_cost() -> None:
    content = ranking({"a": (4, 4), "b": (4, 4)})
    content[USE_CASES]["use_cases"] = [
        use_case("u-1", must=["cap-1"], should=[]),
        use_case("u-2", must=["cap-2"], should=[]),
    ]
    content[profile_of("a")]["capabilities"]["cap-2"] = capability("none")
    content[profile_of("b")]["capabilities"]["cap-1"] = capability("none")
    found = change(compared(content, approved=("b", "a")), compared(content)).stack
    assert found is not None
    assert found.costs == (("EUR", 480, 480),)


def test_what_differs_in_the_inputs_is_listed() -> None:
    old, new = (
        ranking({"a": (2, 2), "b": (1, 1), "d": (0, 0)}),
        ranking({"a": (3, 2), "b": (2, 1), "d": (1, 0)}, (1, 3)),
    )
    new[EVALUATION]["policies"] = {"min_gain": 5}
    new["criteria/f-1.yaml"]["criteria"][0]["fresh_months"] = 13
    new[CATALOGUE]["version"] = "1.1.0"
    found = compare(old, new)
    assert found.new.catalogue == "test 1.1.0"
    assert [row.criterion for row in found.criteria] == ["c-1"]
    assert [(row.criterion, row.old, row.new) for row in found.weights] == [("c-1", 0.5, 0.25), ("c-2", 0.5, 0.75)]
    assert [row.what for row in found.others] == ["policy min gain"]
    assert [(row.criterion, row.up, row.options) for row in found.same_way] == [("c-1", True, 3)]


def test_nothing_changed() -> None:
    content = ranking({"a": (2, 2)})
    answers_of(content, "a")["c-2"] = answer("unknown")
    found = compare(content, copy.deepcopy(content))
    assert (found.criteria, found.weights, found.others, found.same_way) == ((), (), (), ())
    only: OptionChange = found.options[0]
    assert (only.causes, only.cells, only.difference) == ({}, (), Points(0, 0, 0))


# Limits on the stack


def with_limits(content: Content, **limits: Any) -> Content:
    made = copy.deepcopy(content)
    made[EVALUATION]["stack"] = limits
    return made


def stack_causes(before: Content, after: Content, **approved: tuple[str, ...]) -> dict[Cause, float]:
    sides = [
        ComparedReview(name, evaluate(space, space.evaluation.as_of, version="1"), "1", approved=approved.get(name))
        for name, space in (("old", build(before)), ("new", build(after)))
    ]
    found = change(*sides).stack
    assert found
    assert fsum(found.causes.values()) == pytest.approx(found.values[1] - found.values[0])
    return found.causes


def test_tools_that_only_the_limits_changed_are_put_down_to_the_limits() -> None:
    free = ranking({"a": (4, 4), "b": (3, 3), "c": (1, 1)})
    best = {"tool": "a", "reason": "No contract."}
    limited = with_limits(free, excluded=[best])
    assert stack_causes(free, limited) == {Cause.LIMITS: pytest.approx(-25)}
    assert stack_causes(limited, free) == {Cause.LIMITS: pytest.approx(25)}
    # A limit that changes nothing is no cause, and neither is one where other tools were approved than recommended.
    assert stack_causes(free, with_limits(free, excluded=[{**best, "tool": "c"}])) == {}
    assert set(stack_causes(free, limited, old=("b",), new=("c",))) == {Cause.CHOICE}


def test_limits_and_another_best_tool_are_told_from_each_other() -> None:
    old = ranking({"a": (4, 4), "b": (3, 3), "c": (2, 2)})
    new = with_limits(ranking({"a": (0, 0), "b": (3, 3), "c": (2, 2)}), excluded=[{"tool": "b", "reason": "No."}])
    assert set(stack_causes(old, new)) == {Cause.ANSWERS, Cause.LIMITS, Cause.CHOICE}


def test_a_limit_on_a_tool_that_is_no_option_in_the_other_review() -> None:
    old = ranking({"a": (4, 4), "b": (3, 3)})
    required = [{"tool": "c", "reason": "In use."}]
    new = with_limits(ranking({"a": (4, 4), "c": (1, 1)}), required=required, max_tools=1)
    assert Cause.LIMITS in stack_causes(old, new)
    assert set(stack_causes(new, old)) == set(stack_causes(old, new))


def with_second_edition(content: Content, level: int) -> Content:
    """The same with another edition of ``v-1`` under evaluation, at one level on all criteria."""
    later = copy.deepcopy(content)
    with_evaluated(later, "v-1", "business", "enterprise")
    answers = {key: answer(level) for key in content[WEIGHTS]["criteria"]}
    later[card_of("v-1", edition="enterprise")] = scorecard("v-1", "desk-a", answers, edition="enterprise")
    return later


def test_an_edition_that_came_and_one_that_stayed_under_another_id() -> None:
    old = contents(criteria=2, families=1, vendors=2, level=3)
    new = with_second_edition(old, 4)
    answers_of(new, "v-1")["c-1"] = answer(1)
    found = change(compared(old, approved=("v-1",)), compared(new, "2027", approved=("v-1@enterprise", "v-2")))
    assert [(option.id, option.status) for option in found.options] == [
        ("v-1@enterprise", "came"), ("v-2", "kept"), ("v-1@business", "kept"),
    ]  # fmt: skip
    kept = next(option for option in found.options if option.id == "v-1@business")
    assert kept.causes.keys() == {Cause.ANSWERS}
    assert kept.old is not None
    assert kept.old.score == 75
    assert [(row.what, row.old, row.new) for row in found.others] == [
        ("evaluated edition of v-1", "business", "business, enterprise")
    ]
    assert found.stack is not None
    assert found.stack.tools == (("v-1@business",), ("v-1@enterprise", "v-2"))
    assert [gone.tool for gone in found.stack.gone] == ["v-1@business"]
    assert fsum(found.stack.causes.values()) == pytest.approx(found.stack.values[1] - found.stack.values[0])


def test_an_edition_that_went_leaves_the_other_with_the_id_of_the_vendor() -> None:
    new = contents(criteria=2, families=1, vendors=2, level=3)
    old = with_second_edition(new, 4)
    old[EVALUATION] |= {"status_quo": "v-1@business", "stack": {"required": [{"tool": "v-1@business", "reason": "x"}]}}
    new[EVALUATION] |= {"status_quo": "v-1", "stack": {"required": [{"tool": "v-1", "reason": "x"}]}}
    found = change(compared(old), compared(new, "2027"))
    assert [(option.id, option.status) for option in found.options] == [
        ("v-1", "kept"), ("v-2", "kept"), ("v-1@enterprise", "went"),
    ]  # fmt: skip
    assert all(not option.causes for option in found.options)
    assert found.old.digest == compared(old).result.digest
    assert found.stack is not None
    assert found.stack.tools == (("v-1",), ("v-1",))


def test_what_an_edition_can_do_and_where_it_runs_have_causes_of_their_own() -> None:
    old = contents(criteria=2, families=1, vendors=2, level=3)
    with_evaluated(old, "v-1", "business", "enterprise")
    new = copy.deepcopy(old)
    new[profile_of("v-1")]["editions"][0]["capabilities"] = {"cap-1": capability("none")}
    found = change(compared(old, approved=("v-1@business",)), compared(new, "2027", approved=("v-1@business",)))
    assert found.stack is not None
    assert found.stack.causes.keys() == {Cause.CAPABILITIES}
    assert found.stack.values == pytest.approx((75, 0))
