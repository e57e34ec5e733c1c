"""What each member is worth in a whole: the exact Shapley value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from math import factorial, fsum

SetValue = Callable[[tuple[str, ...]], float]
"""What a set of members is worth, its members in the order given to :func:`shapley`; the empty set included."""


def shapley(members: Sequence[str], worth: SetValue) -> dict[str, float]:
    """The mean addition of each member over all orders in which the whole could be put together (Shapley 1953).

    The values sum to the worth of the whole less that of nothing. Every one of the 2^n sets is valued once, which is
    quick for the few tools of a stack.
    """
    count = len(members)
    values = {chosen: worth(chosen) for size in range(count + 1) for chosen in combinations(members, size)}
    result = {}
    for member in members:
        others = [other for other in members if other != member]
        parts = []
        for size in range(count):
            chance = factorial(size) * factorial(count - size - 1) / factorial(count)
            for chosen in combinations(others, size):
                joined = tuple(other for other in members if other in chosen or other == member)
                parts.append(chance * (values[joined] - values[chosen]))
        result[member] = fsum(parts)
    return result
