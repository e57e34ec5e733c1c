"""Cost per year of a stack, from editions, prices and head counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import fsum

from evaluator.model.cost import Amount, Cost
from evaluator.model.demand import UseCase, Users
from evaluator.model.evaluated import Fit
from evaluator.model.vendor import Price, PriceUnit, Profile
from evaluator.model.workspace import Workspace

UNITS: dict[PriceUnit, Callable[[Users], int]] = {
    "flat": lambda _: 1,
    "maker": lambda users: users.makers,
    "member": lambda users: users.makers + users.internal,
    "internal-user": lambda users: users.internal,
    "external-user": lambda users: users.external,
    "user": lambda users: users.makers + users.internal + users.external,
}
"""Whom each unit of a price counts, in one use case."""


def yearly_cost(served: Mapping[str, Sequence[UseCase]], profiles: Mapping[str, Profile]) -> Cost:
    """Cost per year before tax of the tools in ``served``, each used for the given use cases.

    People can work in several use cases of one tool, and nobody knows how many do: ``low`` counts as
    many heads as the largest use case has, ``high`` adds all use cases up, ``expected`` lies midway.
    A tool that serves nothing still costs what is charged for nobody: a flat price and a smallest number of units.
    A tool without a known price for everybody it serves is named in ``unpriced``; what is known is added.
    """
    parts: list[Amount] = []
    unpriced: list[str] = []
    for tool, use_cases in served.items():
        edition = profiles[tool].evaluated
        prices, open_units = (edition.prices, edition.unpriced) if edition else ((), ())
        if not prices or any(_most_users(unit, use_cases) for unit in open_units):
            unpriced.append(tool)
        parts += [_price(price, use_cases) for price in prices]
    return Cost(_added(parts), tuple(unpriced))


def costs_alone(workspace: Workspace, fits: Mapping[str, Sequence[Fit]]) -> dict[str, Cost]:
    """Cost per year of each option on its own, used for every use case that it can serve; by option id.

    An option that serves no use case has no cost here; a use case of no importance is not counted.
    """
    jobs: dict[str, list[UseCase]] = {}
    for use_case in workspace.demand.use_cases:
        for fit in fits[use_case.id] if use_case.importance > 0 else ():
            if fit.fit > 0:
                jobs.setdefault(fit.option, []).append(use_case)
    return {
        option: yearly_cost({option: cases}, {option: workspace.vendors[option].profile})
        for option, cases in sorted(jobs.items())
    }


def _most_users(unit: PriceUnit, use_cases: Sequence[UseCase]) -> int:
    """The most that one use case has; 0 where nobody is charged for."""
    return max((UNITS[unit](use_case.users) for use_case in use_cases), default=0)


def _price(price: Price, use_cases: Sequence[UseCase]) -> Amount:
    if not use_cases:
        idle = idle_price(price)
        return Amount(price.currency, idle, idle, idle)
    low = _most_users(price.unit, use_cases)
    high = low if price.unit == "flat" else sum(UNITS[price.unit](use_case.users) for use_case in use_cases)
    yearly = yearly_price(price)
    low_cost, high_cost = (
        yearly * max(count - float(price.included), float(price.minimum), 0.0) if count else 0.0
        for count in (low, high)
    )
    return Amount(price.currency, low_cost, (low_cost + high_cost) / 2, high_cost)


def yearly_price(price: Price) -> float:
    """Of one unit."""
    return float(price.amount) * (12 if price.per == "month" else 1)


def idle_price(price: Price) -> float:
    """What is charged per year for a tool that nobody uses."""
    count = float(price.unit == "flat") - float(price.included)
    return yearly_price(price) * max(count, float(price.minimum), 0.0)


def _added(parts: Iterable[Amount]) -> tuple[Amount, ...]:
    """Sums by currency, in the order of currency codes; currencies are never converted."""
    by_currency: dict[str, list[Amount]] = {}
    for part in parts:
        by_currency.setdefault(part.currency, []).append(part)
    return tuple(
        Amount(currency, fsum(a.low for a in amounts), fsum(a.expected for a in amounts), fsum(a.high for a in amounts))
        for currency, amounts in sorted(by_currency.items())
    )
