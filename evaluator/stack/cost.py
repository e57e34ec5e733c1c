"""Cost per year of stacks, from editions, prices and head counts: of one in full, of many as expected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from evaluator.model.cost import Amount, Cost
from evaluator.model.demand import UseCase, Users
from evaluator.model.evaluated import DecisionMatrix, Fit
from evaluator.model.vendor import Price, PriceUnit, Profile
from evaluator.model.workspace import Workspace
from evaluator.scoring.tolerances import TIE_DIGITS
from evaluator.stack.stack_value import BLOCK, Sets

Figures = NDArray[np.float64]
Flags = NDArray[np.bool_]

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
    low_cost, high_cost = (float(_charged(price, np.float64(heads))) for heads in (low, high))
    return Amount(price.currency, low_cost, (low_cost + high_cost) / 2, high_cost)


def _charged(price: Price, heads: Figures | np.float64) -> Figures:
    """What is charged per year for so many heads; nothing for nobody."""
    units = np.maximum(np.maximum(heads - float(price.included), float(price.minimum)), 0.0)
    result: Figures = np.where(heads > 0, yearly_price(price) * units, 0.0)
    return result


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


@dataclass(frozen=True, slots=True)
class CostTable:
    """The expected cost of many stacks, one entry per stack."""

    expected: dict[str, Figures]
    """By currency; 0 where no tool has a price in it."""
    unpriced: Flags
    """Whether the price of a tool is not known, or not known for everybody it serves."""

    def only(self, currency: str) -> Flags:
        """Which stacks are priced in full, in ``currency`` alone."""
        result = ~self.unpriced
        for other, amounts in self.expected.items():
            if other != currency:
                result = result & (amounts <= 0)
        return result


class SetCosts:
    """What stacks cost, given who serves what: in a stack, each use case goes to the tool with the best fit."""

    def __init__(self, profiles: Sequence[Profile], use_cases: Sequence[UseCase], fits: Figures) -> None:
        editions = [profile.evaluated for profile in profiles]
        self.fits = np.round(fits, TIE_DIGITS)
        self.heads = {
            unit: np.array([count(case.users) for case in use_cases], dtype=float) for unit, count in UNITS.items()
        }
        self.prices = [edition.prices if edition else () for edition in editions]
        self.open_units = [edition.unpriced if edition else () for edition in editions]
        self.currencies = sorted({price.currency for prices in self.prices for price in prices})

    def of(self, sets: Sets) -> CostTable:
        """The cost of every set of options, one set per line."""
        table = CostTable({key: np.zeros(len(sets)) for key in self.currencies}, np.zeros(len(sets), dtype=bool))
        step = max(1, BLOCK // max(1, sets.shape[1] * self.fits.shape[1]))
        for first in range(0, len(sets), step):
            self._add(table, sets[first : first + step], first)
        return table

    def _add(self, table: CostTable, sets: Sets, first: int) -> None:
        members = self.fits[sets]
        best = members.max(axis=1)
        chosen = members.argmax(axis=1)
        for place in range(sets.shape[1]):
            served = (chosen == place) & (best > 0)
            for option in np.unique(sets[:, place]):
                rows = np.flatnonzero(sets[:, place] == option)
                for price in self.prices[option]:
                    table.expected[price.currency][first + rows] += self._expected(price, served[rows])
                table.unpriced[first + rows] |= self._unpriced(int(option), served[rows])

    def _expected(self, price: Price, served: Flags) -> Figures:
        """Midway between everybody counted once and no overlap of people."""
        heads = self.heads[price.unit]
        low = (served * heads).max(axis=1)
        high = low if price.unit == "flat" else served @ heads
        used = (_charged(price, low) + _charged(price, high)) / 2
        return np.where(served.any(axis=1), used, idle_price(price))

    def _unpriced(self, option: int, served: Flags) -> Flags:
        if not self.prices[option]:
            return np.ones(len(served), dtype=bool)
        result = np.zeros(len(served), dtype=bool)
        for unit in self.open_units[option]:
            result |= (served * self.heads[unit]).max(axis=1) > 0
        return result


def set_costs(workspace: Workspace, matrix: DecisionMatrix) -> SetCosts:
    """What stacks of the options of ``matrix`` cost."""
    fits = [[matrix.fits[case.id][option].fit for case in matrix.use_cases] for option in matrix.options]
    return SetCosts(
        [workspace.vendors[option].profile for option in matrix.options],
        matrix.use_cases,
        np.array(fits, dtype=float).reshape(len(matrix.options), len(matrix.use_cases)),
    )
