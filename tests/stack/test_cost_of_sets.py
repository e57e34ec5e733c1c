"""Costs of many stacks at once, held against pricing each by the rules of one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from builders import freeze, use_case
from hypothesis import given
from hypothesis import strategies as st

from evaluator.model.demand import UseCase
from evaluator.model.vendor import Edition
from evaluator.stack import cost as module
from evaluator.stack.cost import UNITS, CostTable, SetCosts, yearly_cost
from evaluator.stack.exact_search import all_sets


def priced(*prices: dict[str, Any], unpriced: tuple[str, ...] = ()) -> Edition:
    """An edition with these prices, those with two ends as estimates, in EUR per year unless they say otherwise."""
    one = {"currency": "EUR", "per": "year", "source": "s", "source_date": None, "confidence": "high"}
    sold = {"id": "business", "name": "B", "deployment": "cloud", "unpriced": list(unpriced)}
    groups = {
        key: [{**one, **price} for price in prices if ("low" in price) == (key == "estimates")]
        for key in ("prices", "estimates")
    }
    return Edition.model_validate(freeze({**sold, **groups}))


def case(makers: int, internal: int = 0, external: int = 0) -> UseCase:
    users = {"makers": makers, "internal": internal, "external": external}
    return UseCase.model_validate(freeze(use_case("u", users=users)))


def cost(editions: Sequence[Edition | None], cases: list[UseCase], fits: list[list[float]], *rows: int) -> CostTable:
    return SetCosts(editions, cases, np.array(fits, dtype=float)).of(np.array([rows]))


MAKER = {"unit": "maker", "amount": 10}


def test_people_are_counted_midway_between_once_and_in_every_use_case() -> None:
    """5 and 3 makers: between 5 and 8 of them, at 10 a year, or at 120 by the month."""
    cases = [case(5), case(3)]
    assert cost([priced(MAKER)], cases, [[1, 1]], 0).expected["EUR"].tolist() == [65]
    assert cost([priced({**MAKER, "per": "month"})], cases, [[1, 1]], 0).expected["EUR"].tolist() == [780]
    assert cost([priced({**MAKER, "unit": "flat"})], cases, [[1, 1]], 0).expected["EUR"].tolist() == [10]


def test_minimum_and_included_units() -> None:
    """At least 6 billed: 6 and 8. Two included: 3 and 6; nobody at all costs nothing there, but in an idle tool the minimum."""
    cases = [case(5), case(3)]
    assert cost([priced({**MAKER, "minimum": 6})], cases, [[1, 1]], 0).expected["EUR"].tolist() == [70]
    assert cost([priced({**MAKER, "included": 2})], cases, [[1, 1]], 0).expected["EUR"].tolist() == [45]
    assert cost([priced({**MAKER, "included": 9})], cases, [[1, 1]], 0).expected["EUR"].tolist() == [0]
    members = priced({"unit": "external-user", "amount": 10, "minimum": 4})
    assert cost([members], cases, [[1, 1]], 0).expected["EUR"].tolist() == [0]
    assert cost([members], cases, [[0, 0]], 0).expected["EUR"].tolist() == [40]


def test_a_use_case_goes_to_the_best_fit_and_of_equal_ones_to_the_first() -> None:
    profiles = [priced(MAKER), priced({**MAKER, "amount": 100})]
    cases = [case(1), case(2), case(4)]
    found = cost(profiles, cases, [[1, 2, 1], [1 + 1e-11, 1, 2]], 0, 1)
    # The first serves 1 and 2 makers, between 2 and 3; the second 4.
    assert found.expected["EUR"].tolist() == [25 + 400]


def test_prices_that_are_not_known() -> None:
    cases = [case(1, external=2), case(1)]
    charged = priced(MAKER, unpriced=("external-user",))
    nothing, strange = priced(), None
    for one, fits, unpriced in (
        (charged, [1.0, 1.0], True), (charged, [0.0, 1.0], False), (priced(MAKER), [1.0, 1.0], False),
        (nothing, [0.0, 0.0], True), (strange, [1.0, 1.0], True),
    ):  # fmt: skip
        assert cost([one], cases, [fits], 0).unpriced.tolist() == [unpriced]


def test_stacks_priced_in_full_in_one_currency() -> None:
    profiles = [priced(MAKER), priced({**MAKER, "currency": "USD"}), priced(), priced({**MAKER, "currency": "USD"})]
    costs = SetCosts(profiles, [case(1)], np.array([[1.0], [2.0], [3.0], [0.0]]))
    assert costs.currencies == ["EUR", "USD"]
    table = costs.of(np.array([[0], [1], [2], [3]]))
    assert table.only("EUR").tolist() == [True, False, False, True]
    assert table.only("USD").tolist() == [False, True, False, True]
    # Where the second serves, the first is idle and costs nothing; where the fourth serves nothing, it does.
    pairs = costs.of(np.array([[0, 1], [0, 3], [0, 2]]))
    assert pairs.only("EUR").tolist() == [False, True, False]
    assert pairs.only("USD").tolist() == [True, False, False]


PRICES: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    unit=st.sampled_from(list(UNITS)),
    amount=st.integers(0, 9),
    currency=st.sampled_from(["EUR", "USD"]),
    per=st.sampled_from(["month", "year"]),
    minimum=st.sampled_from([0, 3]),
    included=st.sampled_from([0, 2]),
)


ESTIMATES: st.SearchStrategy[dict[str, Any]] = st.builds(
    lambda low, more, **rest: {"low": low, "high": low + more, **rest},
    st.integers(0, 9),
    st.integers(0, 9),
    unit=st.sampled_from(list(UNITS)),
    currency=st.sampled_from(["EUR", "USD"]),
    per=st.sampled_from(["month", "year"]),
)


@given(
    st.lists(st.tuples(st.lists(PRICES | ESTIMATES, max_size=3), st.booleans()), min_size=1, max_size=4),
    st.lists(st.tuples(*[st.integers(0, 5)] * 3), min_size=1, max_size=3),
    st.data(),
)
def test_every_stack_costs_what_it_costs_alone(
    given_: list[tuple[list[dict[str, Any]], bool]], users: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    profiles = [priced(*prices, unpriced=("member",) if open_ else ()) for prices, open_ in given_]
    cases = [case(*row) for row in users]
    entries = st.lists(st.integers(0, 2), min_size=len(cases), max_size=len(cases))
    fits = [data.draw(entries) for _ in profiles]
    size = data.draw(st.integers(1, len(profiles)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BLOCK", 4)
        table = SetCosts(profiles, cases, np.array(fits, dtype=float)).of(all_sets(len(profiles), size))
    for number, rows in enumerate(combinations(range(len(profiles)), size)):
        jobs: dict[str, list[UseCase]] = {str(row): [] for row in rows}
        for place, one in enumerate(cases):
            best = max(rows, key=lambda row, place=place: (fits[row][place], -row))  # type: ignore[misc]
            if fits[best][place] > 0:
                jobs[str(best)].append(one)
        expected = yearly_cost(jobs, {str(row): profiles[row] for row in rows})
        for currency, amounts in table.expected.items():
            assert amounts[number] == pytest.approx(expected.expected(currency))
        for amount in expected.amounts:
            assert amount.low <= amount.expected <= amount.high
            assert 0 <= amount.estimated <= amount.expected
        assert table.unpriced[number] == bool(expected.unpriced)
