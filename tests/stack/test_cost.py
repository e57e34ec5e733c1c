"""Cost per year of a stack: every unit, heads counted once or added up, and what is charged for nobody."""

from __future__ import annotations

from typing import Any

import pytest
from analysis_builders import case, fit
from builders import build, contents, freeze, profile_of, use_case

from evaluator.model.cost import Amount, Cost
from evaluator.model.demand import Users
from evaluator.model.vendor import Edition, Price
from evaluator.stack.cost import UNITS, Rate, costs_alone, yearly_cost

USERS = Users(makers=3, internal=50, external=700)


def price(**changes: Any) -> dict[str, Any]:
    return {
        "unit": "maker",
        "amount": 10,
        "currency": "EUR",
        "per": "month",
        "source": "https://v.example/pricing",
        "source_date": None,
        "confidence": "high",
        **changes,
    }


def priced(*prices: dict[str, Any], unpriced: tuple[str, ...] = (), **more: Any) -> Edition:
    edition = {
        "id": "business",
        "name": "Business",
        "deployment": "cloud",
        "prices": prices,
        "unpriced": unpriced,
        **more,
    }
    return Edition.model_validate(freeze(edition))


def users(makers: int, internal: int, external: int) -> dict[str, Any]:
    return {"users": {"makers": makers, "internal": internal, "external": external}}


LARGE = case("u-1", **users(3, 50, 700))
SMALL = case("u-2", **users(2, 20, 0))


@pytest.mark.parametrize(
    ("unit", "heads"),
    [("flat", 1), ("maker", 3), ("member", 53), ("internal-user", 50), ("external-user", 700), ("user", 753)],
)
def test_whom_each_unit_counts(unit: Any, heads: int) -> None:
    assert UNITS[unit](USERS) == heads


def test_a_price_per_month_is_twelve_times_a_year() -> None:
    assert Rate.of(Price.model_validate(price(amount=2.5))).low == 30
    assert Rate.of(Price.model_validate(price(amount=2.5, per="year"))).high == 2.5


@pytest.mark.parametrize(
    ("changes", "idle"),
    [
        ({"unit": "flat"}, 120),
        ({"unit": "flat", "included": 1}, 0),
        ({}, 0),
        ({"minimum": 5}, 600),
        ({"minimum": 5, "included": 9}, 600),
        ({"unit": "flat", "minimum": 2}, 240),
    ],
)
def test_what_is_charged_for_a_tool_that_nobody_uses(changes: dict[str, Any], idle: float) -> None:
    assert Rate.of(Price.model_validate(price(**changes))).idle == (idle, idle)


@pytest.mark.parametrize(
    ("changes", "low", "high"),
    [
        # Makers: 3 in the larger use case, 5 in both; 120 a year each.
        ({}, 360, 600),
        ({"per": "year"}, 30, 50),
        ({"unit": "member"}, 120 * 53, 120 * 75),
        ({"unit": "internal-user"}, 120 * 50, 120 * 70),
        ({"unit": "external-user"}, 120 * 700, 120 * 700),
        # A flat price is paid once, however many use cases there are.
        ({"unit": "flat"}, 120, 120),
        ({"minimum": 4}, 480, 600),
        ({"included": 1}, 240, 480),
        ({"included": 1, "minimum": 3}, 360, 480),
        ({"included": 9}, 0, 0),
    ],
)
def test_one_price_over_two_use_cases(changes: dict[str, Any], low: float, high: float) -> None:
    found = yearly_cost({"v-1": [LARGE, SMALL]}, {"v-1": priced(price(**changes))})
    assert found == Cost((Amount("EUR", low, (low + high) / 2, high),), ())


def test_a_smallest_number_is_not_charged_where_nobody_of_that_kind_is_there() -> None:
    found = yearly_cost({"v-1": [SMALL]}, {"v-1": priced(price(unit="external-user", minimum=100))})
    assert found.amounts == (Amount("EUR", 0, 0, 0),)


def test_a_tool_that_serves_nothing_costs_what_is_charged_for_nobody() -> None:
    found = yearly_cost({"v-1": []}, {"v-1": priced(price(unit="flat"), price(minimum=2))})
    assert found == Cost((Amount("EUR", 360, 360, 360),), ())


def test_amounts_are_added_by_currency_in_the_order_of_codes() -> None:
    editions = {
        "v-1": priced(price(currency="USD"), price(unit="flat")),
        "v-2": priced(price(currency="USD", amount=1)),
    }
    found = yearly_cost({"v-1": [SMALL], "v-2": [LARGE]}, editions)
    assert found.amounts == (Amount("EUR", 120, 120, 120), Amount("USD", 276, 276, 276))


def test_low_expected_and_high_are_added_apart() -> None:
    editions = {"v-1": priced(price(), price(unit="internal-user", amount=1))}
    # 360 to 600, and 600 to 840.
    assert yearly_cost({"v-1": [LARGE, SMALL]}, editions).amounts == (Amount("EUR", 960, 1200, 1440),)


def test_a_tool_without_a_price_for_everybody_it_serves_is_named() -> None:
    outside = priced(price(), unpriced=("external-user",))
    assert yearly_cost({"v-1": [LARGE]}, {"v-1": outside}).unpriced == ("v-1",)
    assert yearly_cost({"v-1": [LARGE]}, {"v-1": outside}).amounts != ()
    # The small use case has nobody outside.
    assert yearly_cost({"v-1": [SMALL]}, {"v-1": outside}).unpriced == ()
    assert yearly_cost({"v-1": [SMALL, LARGE]}, {"v-1": outside}).unpriced == ("v-1",)
    assert yearly_cost({"v-1": []}, {"v-1": outside}).unpriced == ()
    assert yearly_cost({"v-1": [SMALL]}, {"v-1": priced()}) == Cost((), ("v-1",))
    assert yearly_cost({"v-1": [SMALL]}, {"v-1": None}) == Cost((), ("v-1",))


def estimate(**changes: Any) -> dict[str, Any]:
    given = {key: value for key, value in price().items() if key != "amount"}
    return {**given, "low": 5, "high": 20, **changes}


def test_an_estimate_gives_a_range_and_is_told_apart() -> None:
    estimated = priced(estimates=(estimate(),))
    # 5 x 12 for 3 makers to 20 x 12 for 5.
    found = yearly_cost({"v-1": [LARGE, SMALL]}, {"v-1": estimated})
    assert found == Cost((Amount("EUR", 180, 690, 1200, 690),), ())
    both = priced(
        price(unit="flat"), estimates=(estimate(unit="flat", low=1, high=1), estimate(per="year")), unpriced=("maker",)
    )
    found = yearly_cost({"v-1": [SMALL]}, {"v-1": both})
    # The flat fee has a list price, so that the estimate of it does not count; makers are estimated at 5 to 20 a year.
    assert found == Cost((Amount("EUR", 130, 145, 160, 25),), ())
    assert yearly_cost({"v-1": []}, {"v-1": priced(estimates=(estimate(unit="flat"),))}).amounts == (
        Amount("EUR", 60, 150, 240, 150),
    )


def test_a_quote_replaces_list_prices_estimates_and_what_is_unknown() -> None:
    quote = {
        "prices": [{"unit": "flat", "amount": 500, "currency": "USD", "per": "year"}],
        "date": "2026-11-01",
        "by": "x",
    }
    quoted = priced(price(), estimates=(estimate(unit="user"),), unpriced=("internal-user",), quote=quote)
    assert yearly_cost({"v-1": [SMALL]}, {"v-1": quoted}) == Cost((Amount("USD", 500, 500, 500),), ())


def test_an_option_alone_serves_all_that_it_can() -> None:
    content = contents(vendors=["v-2", "v-1", "v-3"], use_cases=3)
    content["criteria/use-cases.yaml"]["use_cases"] = [
        use_case("u-2", **users(2, 20, 0)),
        use_case("u-1", **users(3, 50, 700)),
        use_case("u-3", importance=0, **users(9, 0, 0)),
    ]
    content[profile_of("v-2")]["editions"][0]["prices"][0]["amount"] = 1
    fits = {
        "u-1": (fit("v-3", "u-1", 0), fit("v-2", "u-1", 0), fit("v-1", "u-1", 50)),
        "u-2": (fit("v-2", "u-2", 2), fit("v-1", "u-2", 1), fit("v-3", "u-2", 0)),
        "u-3": (fit("v-1", "u-3", 9), fit("v-2", "u-3", 9), fit("v-3", "u-3", 9)),
    }
    found = costs_alone(build(content), fits)
    # Makers at 120 and 12 a year; the use case of no importance is not counted, and v-3 serves no other.
    assert list(found.items()) == [
        ("v-1", Cost((Amount("EUR", 360, 480, 600),), ())),
        ("v-2", Cost((Amount("EUR", 24, 24, 24),), ())),
    ]
