"""Shapley values: what each of several causes contributes to a difference, whatever their order.

The value of a cause is the mean, over all orders in which the causes can happen, of what it adds when it
happens (Shapley 1953; Shorrocks 2013 for decompositions). The values sum to the whole difference, a cause
that never adds anything gets exactly zero, and exchanging start and end reverses every sign.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from itertools import combinations
from math import fsum
from typing import TypeVar

from evaluator.stack.contributions import coefficients

Player = TypeVar("Player", bound=Hashable)


def owen(blocks: Sequence[Sequence[Player]], value: Callable[[frozenset[Player]], float]) -> dict[Player, float]:
    """The Owen value (Owen 1977): Shapley between blocks of causes, then inside each block.

    It has all the properties named above, and the sum over a block is that block's Shapley value. It needs about
    ``2 ** (blocks + largest block)`` calls of ``value``, where Shapley needs ``2 ** causes``.
    """
    known: dict[frozenset[Player], float] = {}

    def value_of(chosen: frozenset[Player]) -> float:
        if chosen not in known:
            known[chosen] = value(chosen)
        return known[chosen]

    found: dict[Player, float] = {}
    outer = coefficients(len(blocks))
    for place, block in enumerate(blocks):
        others = [other for number, other in enumerate(blocks) if number != place]
        inner = coefficients(len(block))
        for player in block:
            rest = [other for other in block if other != player]
            terms = []
            for count in range(len(others) + 1):
                for whole in combinations(others, count):
                    base = frozenset(member for group in whole for member in group)
                    for size in range(len(rest) + 1):
                        for chosen in combinations(rest, size):
                            before = base | frozenset(chosen)
                            terms.append(outer[count] * inner[size] * (value_of(before | {player}) - value_of(before)))
            found[player] = fsum(terms)
    return found
