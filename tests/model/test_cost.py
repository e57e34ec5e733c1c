"""Costs by currency."""

from __future__ import annotations

from evaluator.model.cost import Amount, Cost, Coverage

COST = Cost(
    (
        Amount("EUR", 1, 2, 3),
        Amount("USD", 0, 0, 0.1),
        Amount("GBP", 0, 0, 0),
        Amount("EUR", 10, 20, 30),
        Amount("CHF", 1, 1, 1),
    ),
    (),
)


def test_what_is_expected_in_one_currency() -> None:
    assert COST.expected("EUR") == 22
    assert COST.expected("USD") == COST.expected("JPY") == 0
    exact = Cost(tuple(Amount("EUR", 0, figure, 0) for figure in (1e16, 1, -1e16)), ())
    assert exact.expected("EUR") == 1


def test_other_currencies_in_which_something_may_have_to_be_paid() -> None:
    assert COST.beside("EUR") == ("USD", "CHF")
    assert COST.beside("CHF") == ("EUR", "USD", "EUR")


def test_words() -> None:
    assert [each.value for each in Coverage] == ["covered", "conditional", "not_covered"]
