"""The bridge between two reviews: exact, order-free, antisymmetric, silent about what did not occur."""

from __future__ import annotations

import copy
from itertools import permutations
from math import fsum
from typing import Any

import pytest
from builders import EVALUATION, USE_CASES, WEIGHTS, Content, answer, build, card_of, contents, criterion
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from review_strategies import review_pairs

from evaluator.change.review_differences import ComparedReview, change
from evaluator.errors import EvaluatorError
from evaluator.evaluation.evaluate import evaluate
from evaluator.model.change import NATURES, Cause, Change, Nature, Points, RankReason


def compared(content: Content, name: str = "x") -> ComparedReview:
    workspace = build(content)
    return ComparedReview(name, evaluate(workspace, workspace.evaluation.as_of, version="1"), "1")


def compare(old: Content, new: Content) -> Change:
    try:
        return change(compared(old, "old"), compared(new, "new"))
    except EvaluatorError:
        assume(False)  # noqa: FBT003 - nothing has any weight in one of them
        raise


def numbers(points: Points) -> tuple[float, float, float]:
    return points.score, points.low, points.high


@given(review_pairs())
def test_parts_sum_to_the_difference(pair: tuple[Content, Content, set[Cause]]) -> None:
    found = compare(pair[0], pair[1])
    for option in found.options:
        if option.difference is None:
            assert not option.causes
            continue
        for part, whole in zip(
            zip(*(numbers(points) for points in option.causes.values()), strict=True) if option.causes else [()] * 3,
            numbers(option.difference),
            strict=True,
        ):
            assert fsum(part) == pytest.approx(whole, abs=1e-9)
        assert numbers(Points.total(cell.total for cell in option.cells)) == pytest.approx(
            numbers(option.difference), abs=1e-9
        )
    if found.stack:
        old, new = found.stack.values
        assert fsum(found.stack.causes.values()) == pytest.approx(new - old, abs=1e-9)


@given(review_pairs())
def test_the_stack_starts_and_ends_at_the_values_of_the_engine(pair: tuple[Content, Content, set[Cause]]) -> None:
    found = compare(pair[0], pair[1])
    if found.stack is None:
        return
    for content, value in zip(pair[:2], found.stack.values, strict=True):
        stacks = compared(content).result.stacks
        chosen = stacks.chosen if stacks else None
        assert value == pytest.approx(chosen.value if chosen else 0.0, abs=1e-9)


@given(review_pairs())
def test_causes_that_did_not_occur_have_no_part(pair: tuple[Content, Content, set[Cause]]) -> None:
    found = compare(pair[0], pair[1])
    seen = {cause for option in found.options for cause in option.causes}
    assert seen <= pair[2]
    if found.stack:
        assert set(found.stack.causes) <= pair[2]


@given(review_pairs())
def test_exchanging_the_reviews_flips_every_sign(pair: tuple[Content, Content, set[Cause]]) -> None:
    there, back = compare(pair[0], pair[1]), compare(pair[1], pair[0])
    for option in there.options:
        other = back.option(option.id)
        assert option.causes.keys() == other.causes.keys()
        for cause, points in option.causes.items():
            assert numbers(points) == pytest.approx([-x for x in numbers(other.causes[cause])], abs=1e-9)
    if there.stack and back.stack:
        for cause in {*there.stack.causes, *back.stack.causes}:
            assert there.stack.causes.get(cause, 0) == pytest.approx(-back.stack.causes.get(cause, 0), abs=1e-9)


@given(review_pairs(), st.randoms(use_true_random=False))
def test_the_order_of_files_and_keys_changes_nothing(pair: tuple[Content, Content, set[Cause]], chance: Any) -> None:
    def shuffled(content: Content) -> Content:
        found = copy.deepcopy(content)
        for value in found.values():
            for key in ("criteria", "use_cases"):
                if isinstance(value.get(key), list):
                    chance.shuffle(value[key])
            if "answers" in value:
                rows = list(value["answers"].items())
                chance.shuffle(rows)
                value["answers"] = dict(rows)
        rows = list(found.items())
        chance.shuffle(rows)
        return dict(rows)

    plain, mixed = compare(pair[0], pair[1]), compare(shuffled(pair[0]), shuffled(pair[1]))
    assert [option.causes for option in plain.options] == [option.causes for option in mixed.options]
    assert [option.cells for option in plain.options] == [option.cells for option in mixed.options]
    if plain.stack and mixed.stack:
        assert plain.stack.causes == pytest.approx(mixed.stack.causes, abs=1e-12)


@given(review_pairs())
def test_a_review_against_itself_has_no_change(pair: tuple[Content, Content, set[Cause]]) -> None:
    found = compare(pair[0], copy.deepcopy(pair[0]))
    assert not any(option.causes or option.cells for option in found.options)
    assert not found.criteria
    assert not found.weights
    assert not found.others
    assert not found.same_way
    assert found.stack is None or not found.stack.causes


PLAIN = ("answers", "weights", "add criteria", "remove criteria", "scope", "time")


def mixture(old: Content, new: Content, state: frozenset[Cause]) -> Content:
    """A third content: what each cause stands for taken from ``new``, all else from ``old``; made without the code under test."""
    catalogue = new if Cause.CRITERIA in state else old
    counting = [
        {item["id"] for value in c.values() if value["schema"] == "criteria/1" for item in value["criteria"]}
        - set(c[EVALUATION].get("out_of_scope", {}))
        for c in (old, new)
    ]
    known = [
        {item["id"] for value in c.values() if value["schema"] == "criteria/1" for item in value["criteria"]}
        for c in (old, new)
    ]
    family = {
        item["id"]: value["family"]
        for c in (old, new)
        for value in c.values()
        if value["schema"] == "criteria/1"
        for item in value["criteria"]
    }
    live = [{family[key] for key in side} for side in counting]

    def home(key: str, sides: list[set[str]], default: Content) -> Content:
        if (key in sides[0]) == (key in sides[1]):
            return default
        return old if key in sides[0] else new

    found = copy.deepcopy({name: value for name, value in catalogue.items() if not name.startswith("vendors/")})
    out = []
    for key in known[0] | known[1]:
        if key in known[0] & known[1]:
            counts = key in counting[Cause.SCOPE in state]
        else:
            counts = key in counting[key in known[1]]
        out += [] if counts else [key]
    found[EVALUATION] = {**new[EVALUATION], "out_of_scope": dict.fromkeys(out, "mixture")}
    weights = new if Cause.WEIGHTS in state else old
    found[WEIGHTS] = {
        **old[WEIGHTS],
        "families": {
            key: home(key, live, weights)[WEIGHTS]["families"].get(key, 0) for key in old[WEIGHTS]["families"]
        },
        "criteria": {key: home(key, counting, weights)[WEIGHTS]["criteria"].get(key, 0) for key in known[0] | known[1]},
    }
    for name, value in old.items():
        if not name.startswith("vendors/"):
            continue
        found[name] = copy.deepcopy(value)
        if value["schema"] != "scorecard/1":
            continue
        cells = {}
        for key in {*value["answers"], *new[name]["answers"]}:
            levels = [c[name]["answers"].get(key, {"level": "unknown"})["level"] for c in (old, new)]
            unknown = (levels[0] == "unknown") != (levels[1] == "unknown")
            cause = Cause.LEARNED if unknown else Cause.ANSWERS
            source = home(key, counting, new if cause in state else old)
            if key in source[name]["answers"]:
                cells[key] = source[name]["answers"][key]
        found[name]["answers"] = cells
    return found


@given(review_pairs(PLAIN))
@settings(max_examples=30)
def test_against_all_orders_of_causes_through_the_engine(pair: tuple[Content, Content, set[Cause]]) -> None:
    old, new, _ = pair
    for content in (old, new):  # one scorecard per vendor: how several become one is tested by itself
        for name in [name for name in content if name.endswith(("/desk-b.yaml", "/agreed.yaml"))]:
            del content[name]
    found = compare(old, new)
    players = (Cause.ANSWERS, Cause.LEARNED, Cause.WEIGHTS, Cause.CRITERIA, Cause.SCOPE)
    known: dict[frozenset[Cause], dict[str, float]] = {}

    def scores(state: frozenset[Cause]) -> dict[str, float]:
        if state not in known:
            workspace = build(mixture(old, new, state))
            try:
                result = evaluate(workspace, workspace.evaluation.as_of, version="1")
                known[state] = {option.id: option.score for option in result.scores.options}
            except EvaluatorError:
                known[state] = dict.fromkeys(workspace.vendors, 0.0)
        return known[state]

    orders = list(permutations(players))
    for option in found.options:
        for player in players:
            gains = []
            for order in orders:
                before = frozenset(order[: order.index(player)])
                gains.append(scores(before | {player})[option.id] - scores(before)[option.id])
            moved = option.causes.get(player, Points(0, 0, 0)).score
            assert moved == pytest.approx(fsum(gains) / len(orders), abs=1e-9)
        assert option.crossed
        facts = frozenset({Cause.ANSWERS, Cause.LEARNED})
        assert option.crossed.new_facts == pytest.approx(scores(facts)[option.id], abs=1e-9)
        assert option.crossed.new_method == pytest.approx(scores(frozenset(players) - facts)[option.id], abs=1e-9)


def two(level: int, weight: float) -> Content:
    """Two criteria in one family; c-1 at ``level`` with ``weight``, c-2 at level 2 with weight 1."""
    content = contents(criteria=2, families=1, vendors=1, level=lambda _v, key, _a: level if key == "c-1" else 2)
    content[WEIGHTS]["criteria"] = {"c-1": weight, "c-2": 1}
    return content


def test_two_causes_share_by_the_midpoint_rule() -> None:
    """The published rule for two factors: the change of each at the mean of the other (methods: Shapley of two factors)."""
    found = compare(two(1, 1), two(4, 3)).options[0]
    assert found.difference
    assert found.difference.score == pytest.approx(100 * (0.75 * 1 + 0.25 * 0.5) - 100 * (0.5 * 0.25 + 0.5 * 0.5))
    assert found.causes[Cause.ANSWERS].score == pytest.approx(100 * (0.5 + 0.75) / 2 * (1 - 0.25))
    weights = 100 * ((0.75 - 0.5) * (1 + 0.25) / 2 + (0.25 - 0.5) * 0.5)
    assert found.causes[Cause.WEIGHTS].score == pytest.approx(weights)
    assert set(found.causes) == {Cause.ANSWERS, Cause.WEIGHTS}


def test_an_added_criterion_brings_its_answer_and_takes_weight_from_the_others() -> None:
    old, new = two(2, 1), two(2, 1)
    new["criteria/f-1.yaml"]["criteria"].append(criterion("c-3"))
    new[WEIGHTS]["criteria"]["c-3"] = 2
    new[card_of("v-1")]["answers"]["c-3"] = answer(4)
    found = compare(old, new).options[0]
    assert set(found.causes) == {Cause.CRITERIA}
    assert found.causes[Cause.CRITERIA].score == pytest.approx(75 - 50)
    parts = {cell.criterion: cell.parts[Cause.CRITERIA].score for cell in found.cells}
    assert parts == pytest.approx({"c-1": -12.5, "c-2": -12.5, "c-3": 50})
    assert {cell.criterion: cell.evidence_statuses for cell in found.cells}["c-3"][0] is None


def test_a_level_under_reworded_anchors_is_the_ruler_and_not_the_product() -> None:
    old, new = two(1, 1), two(3, 1)
    item = new["criteria/f-1.yaml"]["criteria"][0]
    item["levels"] = {level: f"Something else at {level}" for level in range(5)}
    found = compare(old, new)
    assert set(found.options[0].causes) == {Cause.RUBRICS}
    assert found.criteria[0].what == ("reworded",)
    item["revisions"] = [{"version": "1.1.0", "meaning": "same", "note": "Plainer words."}]
    found = compare(old, new)
    assert set(found.options[0].causes) == {Cause.ANSWERS}
    assert found.criteria[0].what == ("wording",)
    assert found.criteria[0].note == "Plainer words."


@pytest.mark.parametrize("change_text", [str.upper, lambda text: f"  {text.replace(' ', '  ')}. "])
def test_typography_is_no_change_of_meaning(change_text: Any) -> None:
    old, new = two(1, 1), two(3, 1)
    item = new["criteria/f-1.yaml"]["criteria"][0]
    item["levels"] = {level: change_text(text) for level, text in item["levels"].items()}
    assert set(compare(old, new).options[0].causes) == {Cause.ANSWERS}


def test_a_limit_that_moves_is_a_change_of_meaning() -> None:
    old, new = two(1, 1), two(3, 1)
    old["criteria/f-1.yaml"]["criteria"][0]["levels"][3] = "Kept for 1.5 years"
    new["criteria/f-1.yaml"]["criteria"][0]["levels"][3] = "Kept for 15 years"
    assert set(compare(old, new).options[0].causes) == {Cause.RUBRICS}


def test_evidence_moves_only_the_low_figure() -> None:
    old, new = two(2, 1), two(2, 1)
    new[EVALUATION]["as_of"] = "2028-01-01"
    found = compare(old, new).options[0]
    assert set(found.causes) == {Cause.EVIDENCE}
    assert numbers(found.causes[Cause.EVIDENCE]) == pytest.approx((0, -50, 0))


def test_a_level_that_changed_does_not_also_count_as_evidence_gone_stale() -> None:
    old, new = two(3, 1), two(2, 1)
    new[EVALUATION]["as_of"] = "2028-01-01"
    for key in ("c-1", "c-2"):
        new[card_of("v-1")]["answers"][key]["evidence"][0]["date"] = "2027-12-01"
    found = compare(old, new).options[0]
    assert set(found.causes) == {Cause.ANSWERS}
    assert numbers(found.causes[Cause.ANSWERS]) == pytest.approx((-12.5, -12.5, -12.5))


def ranking(levels: dict[str, tuple[int, int]], weights: tuple[float, float]) -> Content:
    content = contents(
        criteria=2, families=1, vendors=list(levels), level=lambda v, key, _a: levels[v][0 if key == "c-1" else 1]
    )
    content[WEIGHTS]["criteria"] = {"c-1": weights[0], "c-2": weights[1]}
    return content


def reasons(found: Change) -> dict[str, RankReason]:
    return {option.id: option.rank.reason for option in found.options if option.rank}


def test_a_rank_that_moves_only_with_the_ruler_is_called_so() -> None:
    levels = {"a": (4, 1), "b": (1, 4)}
    found = compare(ranking(levels, (3, 1)), ranking(levels, (1, 3)))
    assert reasons(found) == {"a": RankReason.METHOD, "b": RankReason.METHOD}
    move = found.option("a").rank
    assert move
    assert (move.old, move.new, move.new_facts, move.new_method) == (1, 2, 1, 2)
    crossed = found.option("a").crossed
    assert crossed
    assert (crossed.new_facts, crossed.new_method) == pytest.approx((100 * (3 + 0.25) / 4, 100 * (1 + 0.75) / 4))
    assert set(found.option("a").causes) == {Cause.WEIGHTS}


def test_a_rank_that_moves_with_the_facts_is_called_so() -> None:
    found = compare(ranking({"a": (4, 1), "b": (1, 4)}, (3, 1)), ranking({"a": (0, 0), "b": (1, 4)}, (3, 1)))
    assert reasons(found) == {"a": RankReason.FACTS, "b": RankReason.FACTS}


def test_a_rank_that_moves_because_an_option_came_is_called_so() -> None:
    old = ranking({"a": (2, 2), "b": (1, 1)}, (1, 1))
    found = compare(old, ranking({"a": (2, 2), "b": (1, 1), "c": (4, 4)}, (1, 1)))
    assert reasons(found) == {"a": RankReason.OPTIONS, "b": RankReason.OPTIONS}
    assert found.option("c").status == "came"
    assert found.option("c").difference is None


def test_another_engine_is_a_cause_of_its_own() -> None:
    old, new = compared(two(1, 1)), compared(two(2, 1))
    cells = {
        cell.criterion: Points(cell.points + 1, cell.low, cell.high) for cell in old.result.scores.options[0].cells
    }
    found = change(ComparedReview("old", old.result, "0.9", recorded={"v-1": cells}), new).options[0]
    assert found.difference
    assert numbers(found.causes[Cause.ENGINE]) == pytest.approx((-2, 0, 0))
    assert fsum(points.score for points in found.causes.values()) == pytest.approx(found.difference.score, abs=1e-9)


def test_criteria_on_which_everybody_moved_the_same_way_are_named() -> None:
    def content(step: int) -> Content:
        return contents(criteria=2, vendors=3, level=lambda _v, key, _a: 2 + step if key == "c-1" else 2)

    found = compare(content(0), content(1))
    assert [(row.criterion, row.up, row.options) for row in found.same_way] == [("c-1", True, 3)]


def test_a_tool_that_lost_its_place_says_which_gate_it_lost() -> None:
    def content(level: int) -> Content:
        found = contents(criteria=2, families=1, vendors=["a", "b"], level=lambda v, key, _a: _levels(v, key, level))
        found["criteria/f-1.yaml"]["criteria"][0] |= {"starter_gate": True, "gates": {"internal": 2}}
        return found

    def _levels(vendor: str, key: str, level: int) -> int:
        return level if (vendor, key) == ("a", "c-1") else 4 if vendor == "a" else 2

    found = compare(content(3), content(1))
    assert found.stack
    assert found.stack.tools == (("a",), ("b",))
    assert (found.stack.kept, found.stack.came) == ((), ("b",))
    gone = found.stack.gone[0]
    assert (gone.tool, gone.still_option, gone.uses[0].now) == ("a", True, "b")
    gate = gone.uses[0].gates[0]
    assert (gate.criterion, gate.required, gate.levels, gate.outcome) == ("c-1", 2, (3, 1), "failed")
    assert set(found.stack.causes) == {Cause.ANSWERS, Cause.CHOICE}
    assert found.stack.old_tools_now == 0


def test_more_causes_than_are_tried_in_every_mixture_still_add_up() -> None:
    old, new = contents(criteria=4, vendors=3, assessors=("desk-a", "desk-b")), None
    new = copy.deepcopy(old)
    new[EVALUATION] |= {
        "as_of": "2027-11-24",
        "policies": {"unknown_if": "all", "conditional_credit": 1, "gates": "all"},
    }
    new[EVALUATION] |= {"options": ["v-2", "v-3"], "out_of_scope": {"c-2": "Not ours."}}
    new[WEIGHTS]["criteria"]["c-1"] = 5
    new[USE_CASES]["use_cases"][0]["should"] = []
    new[card_of("v-2")]["answers"]["c-1"]["level"] = 0
    new[card_of("v-2")]["answers"]["c-3"] = answer("unknown")
    new[card_of("v-3")]["answers"]["c-3"]["level"] = 1
    new["criteria/f-1.yaml"]["criteria"][0] |= {"values": [0, 0.5, 0.8, 0.9, 1], "gates": {"internal": 1}}
    new["criteria/f-2.yaml"]["criteria"].append(criterion("c-9"))
    new[WEIGHTS]["criteria"]["c-9"] = 1
    for name in ("v-1", "v-2", "v-3"):
        new[f"vendors/{name}/profile.yaml"]["capabilities"]["cap-1"]["support"] = "partial"
    found = compare(old, new)
    assert found.stack
    assert fsum(found.stack.causes.values()) == pytest.approx(found.stack.values[1] - found.stack.values[0], abs=1e-9)
    assert {NATURES[cause] for cause in found.stack.causes} == set(Nature)


@example(3, [1.0, 2.0, 3.0])
@given(st.integers(1, 5), st.lists(st.floats(-5, 5), min_size=5, max_size=5))
def test_single_blocks_and_one_block_have_the_same_values(count: int, worth: list[float]) -> None:
    from evaluator.change.attribution import owen

    players = list(range(count))
    table: list[float] = worth * 11

    def value(chosen: frozenset[int]) -> float:
        return table[sum(1 << player for player in chosen)]

    expected = owen([players], value)
    assert owen([[player] for player in players], value) == pytest.approx(expected, abs=1e-9)
    assert fsum(expected.values()) == pytest.approx(value(frozenset(players)) - value(frozenset()), abs=1e-9)


def test_the_glove_game_has_its_published_value() -> None:
    """Two left gloves, one right glove; a pair is worth 1: Shapley values 1/6, 1/6, 4/6."""
    from evaluator.change.attribution import owen

    found = owen([["left", "other left", "right"]], lambda chosen: float("right" in chosen and len(chosen) > 1))
    assert found == pytest.approx({"left": 1 / 6, "other left": 1 / 6, "right": 4 / 6})
