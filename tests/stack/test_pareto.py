"""Value against cost: the stacks that no other beats on value without costing more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from analysis_builders import demand_of
from builders import build, contents, profile_of

from evaluator.model.evaluated import DecisionMatrix
from evaluator.model.stack_details import Frontier
from evaluator.model.workspace import Workspace
from evaluator.stack import pareto
from evaluator.stack.exact_search import AllowedStacks
from evaluator.stack.pareto import frontiers


def market(table: Mapping[str, Sequence[float]], prices: Mapping[str, Any]) -> tuple[Workspace, DecisionMatrix]:
    """Options with a flat price per year: an amount in EUR, an amount with its currency, or None."""
    content = contents(vendors=sorted(table), use_cases=len(next(iter(table.values()))))
    for key, given in prices.items():
        edition = content[profile_of(key)]["editions"][0]
        amount, currency = given if isinstance(given, tuple) else (given, "EUR")
        edition["prices"][0] |= {"unit": "flat", "per": "year", "amount": amount, "currency": currency}
        if amount is None:
            edition["prices"] = []
    return build(content), demand_of(table)


def found_in(
    table: Mapping[str, Sequence[float]], prices: Mapping[str, Any], most: int = 2, **knobs: Any
) -> tuple[Frontier, ...]:
    workspace, demand = market(table, prices)
    return frontiers(workspace, demand, most, **knobs)


def points(found: Frontier) -> list[tuple[tuple[str, ...], float, float]]:
    return [(point.tools, point.value, point.cost.expected(found.currency)) for point in found.points]


FITS = {"a": [60, 0], "b": [0, 40], "d": [50, 40]}


def test_cheapest_first_and_only_what_is_worth_more() -> None:
    # Singles: a 30 for 100, b 20 for 50, d 45 for 300. Pairs: a+b 50 for 150, a+d 50 for 400, b+d 45 for 350.
    (found,) = found_in(FITS, {"a": 100, "b": 50, "d": 300})
    assert found.currency == "EUR"
    assert points(found) == [(("b",), 20, 50), (("a",), 30, 100), (("a", "b"), 50, 150)]
    assert (found.up_to, found.priced, found.unpriced, found.better_unpriced) == (2, 6, 0, None)
    (singles,) = found_in(FITS, {"a": 100, "b": 50, "d": 300}, 1)
    assert points(singles) == [(("b",), 20, 50), (("a",), 30, 100), (("d",), 45, 300)]
    assert (singles.up_to, singles.priced) == (1, 3)


def test_of_equal_stacks_the_first_and_smallest_stands() -> None:
    (found,) = found_in({"a": [0], "b": [50], "d": [50]}, {"a": 0, "b": 10, "d": 10})
    assert points(found) == [(("b",), 50, 10)]
    # Of equal cost the more valuable.
    (better,) = found_in({"a": [40], "b": [50]}, {"a": 10, "b": 10})
    assert points(better) == [(("b",), 50, 10)]


def test_a_free_stack_that_serves_nothing_is_no_point() -> None:
    (found,) = found_in({"a": [0], "b": [50]}, {"a": 0, "b": 10})
    assert points(found) == [(("b",), 50, 10)]


def test_stacks_whose_price_is_not_known_are_counted_and_the_best_is_named_if_it_is_worth_more() -> None:
    (found,) = found_in(FITS, {"a": 100, "b": None, "d": 300})
    assert points(found) == [(("a",), 30, 100), (("d",), 45, 300), (("a", "d"), 50, 400)]
    # b, a+b and b+d; a+b is worth 50 too, which is no more.
    assert (found.priced, found.unpriced, found.better_unpriced) == (3, 3, None)
    (better,) = found_in({**FITS, "b": [0, 50]}, {"a": 100, "b": None, "d": 300})
    assert better.better_unpriced is not None
    assert (better.better_unpriced.tools, better.better_unpriced.value) == (("a", "b"), 55)
    assert better.better_unpriced.cost.unpriced == ("b",)


def test_currencies_have_frontiers_of_their_own() -> None:
    euros, dollars = found_in({"a": [60, 0], "b": [0, 40], "d": [0, 0]}, {"a": 100, "b": (50, "USD"), "d": 0}, 2)
    assert (euros.currency, points(euros)) == ("EUR", [(("a",), 30, 100)])
    assert (dollars.currency, points(dollars)) == ("USD", [(("b",), 20, 50)])
    assert euros.better_unpriced is not None
    assert euros.better_unpriced.tools == ("a", "b")
    # Priced in dollars alone, or for nothing: b, d and b with d.
    assert (dollars.priced, dollars.unpriced) == (3, 3)


def test_a_currency_in_which_no_stack_of_value_is_priced_has_none() -> None:
    assert found_in({"a": [0]}, {"a": 10}) == ()
    assert found_in({"a": [50]}, {"a": None}) == ()


def test_only_allowed_stacks_are_priced() -> None:
    prices = {"a": 100, "b": 50, "d": 300}
    (found,) = found_in(FITS, prices, allowed=AllowedStacks(required=(2,)))
    assert points(found) == [(("d",), 45, 300), (("a", "d"), 50, 400)]
    # No stack of one tool holds both.
    (both,) = found_in(FITS, prices, allowed=AllowedStacks(required=(0, 1)))
    assert (points(both), both.up_to, both.priced) == ([(("a", "b"), 50, 150)], 2, 1)


def test_no_size_is_larger_than_the_options() -> None:
    (found,) = found_in(FITS, {"a": 100, "b": 50, "d": 300}, 9)
    assert (found.up_to, found.priced) == (3, 7)


@pytest.mark.parametrize(("most_sets", "up_to"), [(1, 1), (3, 1), (5, 1), (6, 2), (7, 3)])
def test_sizes_are_priced_in_turn_as_long_as_not_too_many_come_together(
    most_sets: int, up_to: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # There are 3, 3 and 1 stacks of one, two and three tools.
    monkeypatch.setattr(pareto, "MOST_SETS", most_sets)
    (found,) = found_in(FITS, {"a": 100, "b": 50, "d": 300}, 3)
    assert found.up_to == up_to


def test_differences_within_rounding_are_none() -> None:
    (found,) = found_in({"a": [50], "b": [50 + 1e-10]}, {"a": 10, "b": 20}, 1)
    assert points(found) == [(("a",), 50, 10)]
    (better,) = found_in({"a": [50], "b": [50 + 1e-8]}, {"a": 10, "b": 20}, 1)
    assert [point.tools for point in better.points] == [("a",), ("b",)]
    # Of equal cost the more valuable stands, whose lead is more than rounding.
    (equal,) = found_in({"a": [50], "b": [50 + 2e-9]}, {"a": 10, "b": 10}, 1)
    assert [point.tools for point in equal.points] == [("b",)]
    (costs,) = found_in({"a": [40], "b": [50]}, {"a": 10, "b": 10 + 2e-7}, 1)
    assert [point.tools for point in costs.points] == [("b",)]
    (apart,) = found_in({"a": [40], "b": [50]}, {"a": 10, "b": 10 + 2e-6}, 1)
    assert [point.tools for point in apart.points] == [("a",), ("b",)]
