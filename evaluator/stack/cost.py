"""Cost per year of stacks, from list prices, quotes, estimates and head counts: of one in full, of many as expected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from evaluator.model.cost import Amount, Cost
from evaluator.model.demand import UseCase, Users
from evaluator.model.evaluated import DecisionMatrix, Fit
from evaluator.model.vendor import Charge, Edition, Estimate, PriceUnit
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


@dataclass(frozen=True, slots=True)
class Rate:
    """What is charged per unit and year: one figure of a list price or a quote, or the two ends of an estimate."""

    unit: PriceUnit
    currency: str
    low: float
    high: float
    minimum: float = 0.0
    included: float = 0.0
    estimated: bool = False

    @classmethod
    def of(cls, price: Charge | Estimate) -> Rate:
        """The rate of a price or an estimate."""
        periods = 12 if price.per == "month" else 1
        if isinstance(price, Estimate):
            low, high = float(price.low) * periods, float(price.high) * periods
            return cls(price.unit, price.currency, low, high, estimated=True)
        amount = float(price.amount) * periods
        return cls(price.unit, price.currency, amount, amount, float(price.minimum), float(price.included))

    def charged(self, low: Figures | np.float64, high: Figures | np.float64) -> tuple[Figures, Figures]:
        """What is charged per year for so few and so many heads, at the lower and at the higher end; nothing for nobody."""
        return self._charged(self.low, low), self._charged(self.high, high)

    def _charged(self, rate: float, heads: Figures | np.float64) -> Figures:
        units = np.maximum(np.maximum(heads - self.included, self.minimum), 0.0)
        result: Figures = np.where(heads > 0, rate * units, 0.0)
        return result

    @property
    def idle(self) -> tuple[float, float]:
        """What is charged per year for a tool that nobody uses, at both ends."""
        count = max(float(self.unit == "flat") - self.included, self.minimum, 0.0)
        return self.low * count, self.high * count


def rates_of(edition: Edition | None) -> tuple[Rate, ...]:
    """All that an edition is counted to cost; empty where nothing is known or estimated."""
    if edition is None:
        return ()
    return (*map(Rate.of, edition.charges), *map(Rate.of, edition.counted_estimates))


def yearly_cost(served: Mapping[str, Sequence[UseCase]], editions: Mapping[str, Edition | None]) -> Cost:
    """Cost per year before tax of the tools in ``served``, each used for the given use cases.

    People can work in several use cases of one tool, and nobody knows how many do: ``low`` counts as
    many heads as the largest use case has, ``high`` adds all use cases up, ``expected`` lies midway.
    A tool that serves nothing still costs what is charged for nobody: a flat price and a smallest number of units.
    An estimate gives its lower end to ``low`` and its higher end to ``high``.
    A tool without a known or estimated price for everybody it serves is named in ``unpriced``; what is known is added.
    """
    parts: list[Amount] = []
    unpriced: list[str] = []
    for tool, use_cases in served.items():
        edition = editions[tool]
        rates, open_units = rates_of(edition), edition.unknown_units if edition else ()
        if not rates or any(_most_users(unit, use_cases) for unit in open_units):
            unpriced.append(tool)
        parts += [_amount(rate, use_cases) for rate in rates]
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
        option: yearly_cost({option: cases}, {option: workspace.option(option).sold})
        for option, cases in sorted(jobs.items())
    }


def _most_users(unit: PriceUnit, use_cases: Sequence[UseCase]) -> int:
    """The most that one use case has; 0 where nobody is charged for."""
    return max((UNITS[unit](use_case.users) for use_case in use_cases), default=0)


def _amount(rate: Rate, use_cases: Sequence[UseCase]) -> Amount:
    low, high = rate.idle
    if use_cases:
        fewest = _most_users(rate.unit, use_cases)
        most = fewest if rate.unit == "flat" else sum(UNITS[rate.unit](use_case.users) for use_case in use_cases)
        low, high = map(float, rate.charged(np.float64(fewest), np.float64(most)))
    expected = (low + high) / 2
    return Amount(rate.currency, low, expected, high, expected if rate.estimated else 0.0)


def _added(parts: Iterable[Amount]) -> tuple[Amount, ...]:
    """Sums by currency, in the order of currency codes; currencies are never converted."""
    by_currency: dict[str, list[Amount]] = {}
    for part in parts:
        by_currency.setdefault(part.currency, []).append(part)
    return tuple(
        Amount(
            currency,
            *(fsum(getattr(part, name) for part in amounts) for name in ("low", "expected", "high", "estimated")),
        )
        for currency, amounts in sorted(by_currency.items())
    )


@dataclass(frozen=True, slots=True)
class CostTable:
    """The expected cost of many stacks, one entry per stack."""

    expected: dict[str, Figures]
    """By currency; 0 where no tool has a price in it."""
    unpriced: Flags
    """Whether the price of a tool is neither known nor estimated for everybody it serves."""

    def only(self, currency: str) -> Flags:
        """Which stacks are priced in full, in ``currency`` alone."""
        result = ~self.unpriced
        for other, amounts in self.expected.items():
            if other != currency:
                result = result & (amounts <= 0)
        return result


class SetCosts:
    """What stacks cost, given who serves what: in a stack, each use case goes to the tool with the best fit."""

    def __init__(self, editions: Sequence[Edition | None], use_cases: Sequence[UseCase], fits: Figures) -> None:
        self.fits = np.round(fits, TIE_DIGITS)
        self.heads = {
            unit: np.array([count(case.users) for case in use_cases], dtype=float) for unit, count in UNITS.items()
        }
        self.rates = [rates_of(edition) for edition in editions]
        self.open_units = [edition.unknown_units if edition else () for edition in editions]
        self.currencies = sorted({rate.currency for rates in self.rates for rate in rates})

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
                for rate in self.rates[option]:
                    table.expected[rate.currency][first + rows] += self._expected(rate, served[rows])
                table.unpriced[first + rows] |= self._unpriced(int(option), served[rows])

    def _expected(self, rate: Rate, served: Flags) -> Figures:
        """Midway between the lower end for everybody counted once and the higher end with no overlap of people."""
        heads = self.heads[rate.unit]
        fewest = (served * heads).max(axis=1)
        most = fewest if rate.unit == "flat" else served @ heads
        return np.where(served.any(axis=1), sum(rate.charged(fewest, most)) / 2, sum(rate.idle) / 2)

    def _unpriced(self, option: int, served: Flags) -> Flags:
        if not self.rates[option]:
            return np.ones(len(served), dtype=bool)
        result = np.zeros(len(served), dtype=bool)
        for unit in self.open_units[option]:
            result |= (served * self.heads[unit]).max(axis=1) > 0
        return result


def set_costs(workspace: Workspace, matrix: DecisionMatrix) -> SetCosts:
    """What stacks of the options of ``matrix`` cost."""
    fits = [[matrix.fits[case.id][option].fit for case in matrix.use_cases] for option in matrix.options]
    return SetCosts(
        [workspace.option(option).sold for option in matrix.options],
        matrix.use_cases,
        np.array(fits, dtype=float).reshape(len(matrix.options), len(matrix.use_cases)),
    )
