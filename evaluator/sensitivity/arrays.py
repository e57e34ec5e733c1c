"""An evaluation as arrays, and what follows from other weights: scores, parts of stack values, the recommended stack.

Rows are options in the order of their ids, columns the criteria that count (those of some weight) or the use cases of some
importance. The figures are those of scoring, fit and :mod:`evaluator.stack.recommendation`; tests hold them together.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from evaluator.model.cost import Coverage
from evaluator.model.evaluated import Evaluated
from evaluator.model.sensitivity import Tools
from evaluator.scoring.tolerances import SHARE_TIE
from evaluator.stack.exact_search import ANY, EXHAUSTIVE, AllowedStacks, Rows, best_stacks
from evaluator.stack.limits import allowed
from evaluator.stack.recommendation import adds_enough
from evaluator.stack.stack_value import Parts, Values, parts_of, set_values

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Arrays:
    """One evaluation; values, weights and shares between 0 and 1."""

    options: tuple[str, ...]
    criteria: tuple[str, ...]
    families: tuple[str, ...]
    """The family of each criterion."""
    weights: Array
    values: Array
    """Options x criteria: what each answer earns of its weight; an unknown one nothing."""
    use_cases: tuple[str, ...]
    importance: Array
    """Use cases: their share of all importance."""
    emphasis: Array
    """Use cases x criteria: factor on the weight."""
    capability: Array
    """Options x use cases: share of needed capabilities; 0 where a gate or a must rules the option out."""
    conditional: NDArray[np.bool_]
    """Options x use cases: whether the fit depends on what is unsupported or unknown."""
    credit: float
    """What a conditional fit counts."""
    min_gain: float
    """What one more tool must add, as a share of the whole value."""
    close: float
    """The close band, likewise."""
    sizes: tuple[int, ...]
    """The numbers of tools of which a stack is allowed, rising."""
    allowed: AllowedStacks = ANY
    """Which sets of rows may be a stack."""

    def scores(self, weights: Array) -> Array:
        """Score of every option between 0 and 1, for one weight vector or one per row."""
        result: Array = weights @ self.values.T
        return result

    def parts(self, weights: Array) -> Array:
        """Options x use cases: the parts of stack values; for several lines of ``weights``, one table per line on a last axis."""
        emphasised = weights[..., None, :] * self.emphasis
        total = emphasised.sum(axis=-1)
        earned = self.values @ np.swapaxes(emphasised, -1, -2)
        # A use case whose emphasis leaves no weight earns nothing.
        score = np.divide(earned, total[..., None, :], out=np.zeros_like(earned), where=total[..., None, :] > 0)
        parts = score * self.capability * np.where(self.conditional, self.credit, 1.0) * self.importance
        return parts if weights.ndim == 1 else np.moveaxis(parts, 0, -1)


def arrays(result: Evaluated, also: Collection[str] = ()) -> Arrays:
    """Return the evaluation as arrays; criteria of no weight are left out unless they are in ``also``."""
    workspace, scores, matrix = result.workspace, result.scores, result.matrix
    options = sorted(option.id for option in scores.options)
    criteria = [key for key, weight in scores.weights.items() if weight > 0 or key in also]
    cases = matrix.use_cases if matrix else ()
    total = fsum(float(case.importance) for case in cases)
    fits = [[matrix.fits[case.id][option] for case in cases] for option in options] if matrix else []
    shape = len(options), len(cases)
    able = allowed(workspace, matrix, workspace.evaluation.stack.limits) if matrix else ANY
    most = min(workspace.evaluation.stack.max_tools, len(options))
    policies = workspace.evaluation.policies
    return Arrays(
        options=tuple(options),
        criteria=tuple(criteria),
        families=tuple(workspace.catalogue.family_of[key] for key in criteria),
        weights=np.array([scores.weights[key] for key in criteria]),
        values=np.array(
            [[result.earned[option][key].value for key in criteria] for option in options], dtype=float
        ).reshape(len(options), len(criteria)),
        use_cases=tuple(case.id for case in cases),
        importance=np.array([float(case.importance) / total for case in cases]),
        emphasis=np.array(
            [[float(case.emphasis.get(key, 1)) for key in criteria] for case in cases], dtype=float
        ).reshape(len(cases), len(criteria)),
        capability=np.array(
            [[0.0 if fit.coverage is Coverage.NOT_COVERED else fit.capabilities for fit in row] for row in fits]
        ).reshape(shape),
        conditional=np.array(
            [[fit.coverage is Coverage.CONDITIONAL for fit in row] for row in fits], dtype=bool
        ).reshape(shape),
        credit=float(policies.conditional_credit),
        min_gain=float(policies.min_gain) / 100,
        close=float(policies.close_points) / 100,
        sizes=able.sizes(parts_of(matrix), most) if matrix else (),
        allowed=able,
    )


def best_sets(parts: Parts, size: int, allowed: AllowedStacks = ANY) -> tuple[Values, list[Rows]]:
    """For every table on the last axis of ``parts``: the largest value of an allowed set of ``size``, and the first set that has it.

    There must be an allowed set. Entries may be negative.
    """
    count = len(parts)
    if allowed.count(count, size) <= EXHAUSTIVE:
        sets = allowed.sets(count, size)
        values = set_values(parts, sets)
        best = values.max(axis=0)
        first = (values >= best - SHARE_TIE).argmax(axis=0)
        return best, [tuple(map(int, sets[place])) for place in first]
    found = []
    for table in np.moveaxis(parts, -1, 0):
        # The search takes no negative entries; a constant per use case moves all sets alike.
        floor = np.minimum(table.min(axis=0), 0.0)
        value, rows = best_stacks(table - floor, size, band=0.0, keep=1, allowed=allowed).sets[0]
        found.append((value + float(floor.sum()), rows))
    return np.array([value for value, _ in found]), [rows for _, rows in found]


def recommended_stacks(table: Arrays, parts: Parts) -> list[Rows]:
    """The recommended stack for every table on the last axis of ``parts``; empty where no allowed stack serves any use case.

    The rule is that of :func:`evaluator.stack.recommendation.recommended_size`, and of a size the first of the best stacks.
    """
    result: list[Rows] = [()] * parts.shape[-1]
    reached = np.zeros(parts.shape[-1])
    undecided = list(range(parts.shape[-1]))
    for size in table.sizes:
        if not undecided:
            break
        values, rows = best_sets(parts[..., undecided], size, table.allowed)
        following = []
        for value, best, place in zip(map(float, values), rows, undecided, strict=True):
            if result[place] and not adds_enough(value - float(reached[place]), table.min_gain, SHARE_TIE):
                continue
            if value > SHARE_TIE:
                result[place], reached[place] = best, value
            elif table.allowed.free:
                continue  # where not even one tool serves anything, no larger stack does
            following.append(place)
        undecided = following
    return result


def recommended(table: Arrays, weights: Array) -> Rows:
    """The rows of the stack recommended under ``weights``; empty where there is none."""
    return recommended_stacks(table, table.parts(weights)[..., None])[0]


def first_places(table: Arrays, weights: Array) -> Tools:
    """Who ranks first under ``weights``, with the answers as given; several where they tie."""
    if not table.options:
        return ()
    scores = table.scores(weights)
    return tuple(table.options[row] for row in np.flatnonzero(scores >= scores.max() - SHARE_TIE))
