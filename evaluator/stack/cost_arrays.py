"""Expected cost per year of many stacks at once: the rules of :mod:`evaluator.stack.cost`, on arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.model.demand import UseCase
from evaluator.model.vendor import Price, Profile
from evaluator.stack.cost import UNITS, idle_price, yearly_price
from evaluator.stack.option_sets import BLOCK, Sets

Figures = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CostTable:
    """One entry per stack."""

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
        self.fits = np.round(fits, 9)
        self.heads = {
            unit: np.array([count(case.users) for case in use_cases], dtype=float) for unit, count in UNITS.items()
        }
        self.prices = [profile.evaluated.prices if profile.evaluated else () for profile in profiles]
        self.open_units = [profile.evaluated.unpriced if profile.evaluated else () for profile in profiles]
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
            jobs = (chosen == place) & (best > 0)
            for option in np.unique(sets[:, place]):
                rows = np.flatnonzero(sets[:, place] == option)
                own = jobs[rows]
                at = first + rows
                for price in self.prices[option]:
                    table.expected[price.currency][at] += self._amount(price, own)
                table.unpriced[at] |= self._open(int(option), own)

    def _amount(self, price: Price, jobs: Flags) -> Figures:
        """Midway between everybody counted once and no overlap of people."""
        heads = self.heads[price.unit]
        low = (jobs * heads).max(axis=1)
        high = low if price.unit == "flat" else jobs @ heads
        yearly = yearly_price(price)
        result: Figures = sum(
            yearly * np.maximum(np.maximum(count - float(price.included), float(price.minimum)), 0.0) * (count > 0) / 2
            for count in (low, high)
        )
        return np.where(jobs.any(axis=1), result, idle_price(price))

    def _open(self, option: int, jobs: Flags) -> Flags:
        if not self.prices[option]:
            return np.ones(len(jobs), dtype=bool)
        result = np.zeros(len(jobs), dtype=bool)
        for unit in self.open_units[option]:
            result |= (jobs * self.heads[unit]).max(axis=1) > 0
        return result
