"""Weights asked for, not invented: swings, rank orders, pairwise judgements, several people.

All functions take ids with figures and give weights that sum to 1. They know neither families nor criteria: ask for
families first, then inside each family, and multiply (top down, so that a branch cut into more criteria wins no weight).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import fsum, isfinite, sqrt

from evaluator.errors import EvaluatorError
from evaluator.model.sensitivity import Consistency, Contradiction, Elicited, Triple, WeightSpread
from evaluator.scoring.tolerances import EIGENVECTOR_PRECISION, SHARE_DIGITS, descending
from evaluator.scoring.weights import normalise

Order = Sequence[str | Sequence[str]]
"""From most to least important; those of equal importance together in a list of their own."""

RANDOM_INDICES = (0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
"""The mean consistency index of random judgements, for 1 to 15 items (Saaty 1980)."""

MOST = len(RANDOM_INDICES)
SHOWN = 3
"""Contradictions that are listed."""
STEPS = 1000


def swing(points: Mapping[str, float]) -> Elicited:
    """Swing weights: the swing people would make first gets 100, the others points beside it (von Winterfeldt and Edwards 1986).

    ``points`` are those answers, on any scale; the question is asked about the step from the lowest to the highest level of each.
    """
    return Elicited("swing", shares(points))


def shares(figures: Mapping[str, float]) -> dict[str, float]:
    """``figures`` divided by their sum; :class:`EvaluatorError` where one is negative or not a number, or all are 0."""
    return normalise(figures, "Nothing has any weight; give at least one more than 0.")


def rank_order_centroid(order: Order) -> Elicited:
    """The mean of all weights of this order: w_k = (1/n) (1/k + ... + 1/n) (Barron and Barrett 1996).

    Steep: right where people would have shared out points, too steep where they would have rated freely (Roberts and Goodwin 2002).
    """
    groups = _groups(order)
    count = sum(map(len, groups))
    figures = [fsum(1 / j for j in range(k, count + 1)) for k in range(1, count + 1)]
    raw: dict[str, float] = {}
    place = 0
    for group in groups:  # items of equal importance share the figures of the places they take up
        raw |= dict.fromkeys(group, fsum(figures[place : place + len(group)]) / len(group))
        place += len(group)
    return Elicited("rank order centroid", shares(raw))


def _groups(order: Order) -> list[list[str]]:
    groups = [[item] if isinstance(item, str) else list(item) for item in order]
    names = [name for group in groups for name in group]
    if not names:
        raise EvaluatorError("The order is empty; name at least one item.")
    twice = next((name for number, name in enumerate(names) if name in names[:number]), None)
    if twice is not None:
        raise EvaluatorError(f"'{twice}' stands twice in the order.")
    return [group for group in groups if group]


Judgements = Mapping[tuple[str, str], float]
"""How many times as important the first is as the second; 1/3 says that the second is three times as important."""


def pairwise(items: Sequence[str], judgements: Judgements) -> Elicited:
    """Weights from pairwise judgements: the principal eigenvector (analytic hierarchy process: Saaty 1980).

    With the consistency ratio CR = CI / RI, where CI = (largest eigenvalue - n) / (n - 1), and the judgements that the
    weights contradict most.

    Raises:
        EvaluatorError: a pair is missing, judged twice in contradiction, or judged by a figure that is not above 0.
    """
    if not 1 <= len(items) <= MOST:
        raise EvaluatorError(f"Pairwise judgements are for 1 to {MOST} items; use swings for more.")
    matrix = _matrix(items, judgements)
    weights, largest = _principal(matrix)
    count = len(items)
    index = max(0.0, (largest - count) / (count - 1)) if count > 1 else 0.0
    random_index = RANDOM_INDICES[count - 1]
    ratio = index / random_index if random_index else 0.0
    found = [
        Contradiction(items[one], items[two], matrix[one][two], weights[one] / weights[two])
        for one, two in combinations(range(count), 2)
    ]
    found.sort(key=lambda item: (descending(_factor(item)), item.first, item.second))
    return Elicited(
        method="pairwise",
        weights=dict(zip(items, weights, strict=True)),
        consistency=Consistency(largest, index, ratio, random_index, "Saaty"),
        contradictions=tuple(item for item in found[:SHOWN] if _factor(item) > 1 + EIGENVECTOR_PRECISION**0.5),
        triple=_worst_triple(items, matrix),
    )


def _worst_triple(items: Sequence[str], matrix: Sequence[Sequence[float]]) -> Triple | None:
    """The three items whose judgements contradict each other most (the triad of Koczkodaj 1993, as a factor)."""
    found = [
        Triple((items[a], items[b], items[c]), (matrix[a][b], matrix[b][c], matrix[a][c]))
        for a, b, c in combinations(range(len(items)), 3)
    ]
    worst = max(found, key=lambda triple: -descending(triple.factor), default=None)
    return worst if worst is not None and worst.factor > 1 + EIGENVECTOR_PRECISION**0.5 else None


def _factor(item: Contradiction) -> float:
    return max(item.given / item.implied, item.implied / item.given)


def _matrix(items: Sequence[str], judgements: Judgements) -> list[list[float]]:
    for pair in judgements:
        for name in pair:
            if name not in items:
                raise EvaluatorError(f"'{name}' is judged and is not among the items.")
    matrix = [[1.0] * len(items) for _ in items]
    for one, two in combinations(range(len(items)), 2):
        first, second = items[one], items[two]
        given, other = judgements.get((first, second)), judgements.get((second, first))
        if given is None and other is None:
            raise EvaluatorError(f"'{first}' and '{second}' are not judged against each other.")
        for figure in (given, other):
            if figure is not None and not (isfinite(figure) and figure > 0):
                raise EvaluatorError(f"The judgement of '{first}' and '{second}' must be a number above 0.")
        if given is not None and other is not None and abs(given * other - 1) > EIGENVECTOR_PRECISION**0.5:
            raise EvaluatorError(
                f"'{first}' and '{second}' are judged twice, and the two judgements contradict each other."
            )
        matrix[one][two] = given if given is not None else 1 / (other or 1.0)
        matrix[two][one] = 1 / matrix[one][two]
    return matrix


def _principal(matrix: Sequence[Sequence[float]]) -> tuple[list[float], float]:
    """The principal eigenvector, summing to 1, and its eigenvalue, by power iteration: judgements are positive, so it converges."""
    count = len(matrix)
    vector, largest = [1 / count] * count, float(count)
    for _ in range(STEPS):
        image = [fsum(entry * weight for entry, weight in zip(row, vector, strict=True)) for row in matrix]
        largest = fsum(image)
        following = [entry / largest for entry in image]
        moved = max(abs(new - old) for new, old in zip(following, vector, strict=True))
        vector = following
        if moved <= EIGENVECTOR_PRECISION:
            break
    return vector, largest


def weight_spread(weights: Mapping[str, Mapping[str, float]]) -> tuple[WeightSpread, ...]:
    """How much the weights of several people, each normalised to 1, differ on every item; widest first.

    An item that somebody did not weigh has no weight for them.
    """
    people = [shares(given) for given in weights.values()]
    rows = []
    for item in dict.fromkeys(item for person in people for item in person):
        given = [person.get(item, 0.0) for person in people]
        mean = fsum(given) / len(given)
        variance = fsum((weight - mean) ** 2 for weight in given) / (len(given) - 1) if len(given) > 1 else 0.0
        rows.append(WeightSpread(item, mean, min(given), max(given), sqrt(variance)))
    return tuple(sorted(rows, key=lambda row: (descending(row.high - row.low, SHARE_DIGITS), row.id)))
