"""Who ranks first by each method: every method decides one small case in its own way."""

from __future__ import annotations

from datetime import date

from builders import AS_OF, EVALUATION, WEIGHTS, answer, card_of, contents, evaluated

from evaluator.model.sensitivity import MethodComparison
from evaluator.sensitivity.method_comparison import METHODS, compare_methods


def asked(
    levels: dict[str, list[int | str]], weights: list[float], values: list[float] | None = None
) -> MethodComparison:
    """Vendors with these levels on criteria of one family."""
    keys = [f"c-{number}" for number in range(1, len(weights) + 1)]
    content = contents(
        criteria=len(weights), families=1, vendors=list(levels), level=lambda vendor, key, _: levels[vendor][keys.index(key)]
    )  # fmt: skip
    content[WEIGHTS]["criteria"] = dict(zip(keys, weights, strict=True))
    if values:
        for item in content["criteria/f-1.yaml"]["criteria"]:
            item["values"] = values
    return compare_methods(evaluated(content))


def first(found: MethodComparison) -> dict[str, tuple[str, ...]]:
    return {opinion.method: opinion.first for opinion in found.methods}


def test_methods_stand_in_their_order_and_agree_on_who_is_best_everywhere() -> None:
    found = asked({"a": [2, 1], "b": [4, 3], "c": [1, 0]}, [1, 1])
    assert tuple(opinion.method for opinion in found.methods) == tuple(METHODS)
    assert len(METHODS) == 8
    assert (found.as_of, found.first) == (AS_OF, ("b",))
    assert all(opinion.agrees for opinion in found.methods)
    assert all(opinion.order == ("b", "a", "c") for opinion in found.methods)


def test_no_option() -> None:
    content = contents(vendors=0)
    assert compare_methods(evaluated(content, date(2026, 1, 1))) == MethodComparison(date(2026, 1, 1), (), ())


def test_a_specialist_against_an_all_rounder() -> None:
    """``a`` is at 4 on half the weight and 0 elsewhere, ``b`` at 2 everywhere: both score 50.

    By hand: the root of b is 0.71 and a's mean root 0.5; the square of b is 0.25 and a's mean square 0.5. The product
    lifts 0 to 0.2, so that a has the root of 0.2, 0.45, and b 0.6. Half the scale counts in full: flows are equal.
    """
    found = asked({"a": [4, 0], "b": [2, 2]}, [1, 1])
    assert found.first == ("a", "b")
    assert first(found) == {
        "weighted-sum": ("a", "b"),
        "equal-weights": ("a", "b"),
        "topsis": ("a", "b"),
        "promethee": ("a", "b"),
        "promethee-usual": ("a", "b"),
        "weighted-product": ("b",),
        "low-levels-count-more": ("b",),
        "high-levels-count-more": ("a",),
    }
    assert {opinion.method for opinion in found.methods if not opinion.agrees} == {
        "weighted-product", "low-levels-count-more", "high-levels-count-more"
    }  # fmt: skip


def test_weights_decide_where_equal_ones_would_not() -> None:
    """Weighted 0.6 x 1 against 0.6 x 0.25 + 0.4; equal weights leave 0.5 against 0.625. Of the distances TOPSIS takes squares."""
    found = first(asked({"a": [4, 0], "b": [1, 4]}, [3, 2]))
    assert found["weighted-sum"] == ("a",)
    assert found["equal-weights"] == ("b",)
    # Distances: a 0.4 to the ideal and 0.6 to the worst; b 0.45 and the root of 0.15^2 + 0.4^2, 0.427.
    assert found["topsis"] == ("a",)


def test_differences_of_half_the_scale_count_in_full() -> None:
    """``a`` leads by 4 levels on 0.4 of the weight, which counts like 2; ``b`` by 2 on the other 0.6, in full."""
    found = first(asked({"a": [4, 0], "b": [0, 2]}, [4, 6]))
    assert found["promethee"] == found["promethee-usual"] == ("b",)
    assert found["weighted-sum"] == ("a",)
    # One level is half of what counts in full: 0.6 x 0.5 against 0.4.
    found = first(asked({"a": [4, 0], "b": [0, 1]}, [4, 6]))
    assert (found["promethee"], found["promethee-usual"]) == (("a",), ("b",))


def test_an_answer_that_earns_nothing_is_lifted_to_a_fifth_in_the_product() -> None:
    """``b`` at 1 and 3 becomes 0.4 and 0.8; ``a`` at 0 and 4 becomes 0.2 and 1: compare 0.4 x 0.8 with 0.2, and on 1 to 4
    0.4 x 0.8^4 = 0.164 with 0.2."""
    levels: dict[str, list[int | str]] = {"a": ["unknown", 4], "b": [1, 3]}
    assert first(asked(levels, [1, 1]))["weighted-product"] == ("b",)
    assert first(asked(levels, [1, 4]))["weighted-product"] == ("a",)
    # With 0.4 x 0.8^2 = 0.256 against 0.2, and 0.4 x 0.8^3 = 0.205: a tenth would have let b win longer, a third less long.
    assert first(asked(levels, [1, 3]))["weighted-product"] == ("b",)


def test_criteria_of_no_weight_play_no_part() -> None:
    found = asked({"a": [1, 4], "b": [2, 0]}, [1, 0])
    assert set(first(found).values()) == {("b",)}


def test_leaders_by_a_hair_are_leaders_and_float_noise_is_none() -> None:
    values = [0, 0.25, 0.5, 0.5 + 2e-8, 1]
    assert first(asked({"a": [2], "b": [3]}, [1], values))["weighted-sum"] == ("b",)
    values = [0, 0.25, 0.5, 0.5 + 1e-11, 1]
    found = asked({"a": [2], "b": [3]}, [1], values)
    assert first(found)["weighted-sum"] == ("a", "b")
    assert found.methods[0].order == ("a", "b")


def test_only_options_in_scope_have_a_say() -> None:
    content = contents(criteria=1, families=1, vendors=2, level=1)
    content[card_of("v-1")]["answers"]["c-1"] = answer(4)
    content[EVALUATION]["options"] = ["v-2"]
    assert compare_methods(evaluated(content)).first == ("v-2",)
