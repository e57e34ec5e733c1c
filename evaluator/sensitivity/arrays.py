"""An evaluation as arrays: what sampling, break-even weights and value of information compute with.

Rows are options in the order of their ids, columns the criteria that count (those of some weight) or the use cases of some
importance. The figures are those of scoring and fit; tests hold them together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from evaluator.model.cost import Coverage
from evaluator.model.evaluated import Fit, Scores
from evaluator.model.workspace import Workspace
from evaluator.stack.allowed_stacks import ANY, AllowedStacks
from evaluator.stack.decision_matrix import decision_matrix
from evaluator.stack.limits import allowed

Array = NDArray[np.float64]
TIE = 1e-9
"""Shares of the scale closer than this are equal: float noise splits no tie."""


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
    """Options x use cases: whether the fit depends on what is not shown."""
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

    def factors(self, credit: float | None = None) -> Array:
        """Options x use cases: what the score under emphasis is multiplied with to give a fit's part in a stack's value."""
        counted = np.where(self.conditional, self.credit if credit is None else credit, 1.0)
        result: Array = self.capability * counted * self.importance
        return result

    def worth(self, weights: Array) -> Array:
        """Options x use cases: the part of a stack's value that each option would earn in each use case.

        ``weights`` may have leading axes; so has the result then.
        """
        emphasised = weights[..., None, :] * self.emphasis
        total = emphasised.sum(axis=-1)
        earned = self.values @ np.swapaxes(emphasised, -1, -2)
        # A use case whose emphasis leaves no weight earns nothing.
        score = np.divide(earned, total[..., None, :], out=np.zeros_like(earned), where=total[..., None, :] > 0)
        result: Array = score * self.factors()
        return result


def arrays(
    workspace: Workspace, scores: Scores, fits: Mapping[str, Sequence[Fit]], also: Collection[str] = ()
) -> Arrays:
    """The evaluation as arrays; criteria of no weight are left out unless they are in ``also``, use cases where ``fits`` is empty."""
    order = sorted(scores.options, key=lambda option: option.id)
    kept = [number for number, (key, weight) in enumerate(scores.weights.items()) if weight > 0 or key in also]
    keys = [list(scores.weights)[number] for number in kept]
    cases = [case for case in workspace.demand.use_cases if case.importance > 0 and fits]
    total = fsum(float(case.importance) for case in cases)
    by_option = {case.id: {fit.option: fit for fit in fits[case.id]} for case in cases}
    criteria = workspace.catalogue.criteria
    values = np.zeros((len(order), len(keys)))
    for row, option in enumerate(order):
        for column, number in enumerate(kept):
            level = option.cells[number].level
            values[row, column] = 0.0 if level is None else criteria[keys[column]].value(level)
    capability = np.zeros((len(order), len(cases)))
    conditional = np.zeros((len(order), len(cases)), dtype=bool)
    for row, option in enumerate(order):
        for column, case in enumerate(cases):
            fit = by_option[case.id][option.id]
            capability[row, column] = 0.0 if fit.coverage is Coverage.NOT_COVERED else fit.capabilities
            conditional[row, column] = fit.coverage is Coverage.CONDITIONAL
    policies = workspace.evaluation.policies
    demand = decision_matrix(workspace, fits) if fits else None
    able = allowed(workspace, demand, workspace.evaluation.stack.limits) if demand else ANY
    most = min(workspace.evaluation.stack.max_tools, len(order))
    return Arrays(
        options=tuple(option.id for option in order),
        criteria=tuple(keys),
        families=tuple(workspace.catalogue.family_of[key] for key in keys),
        weights=np.array([scores.weights[key] for key in keys]),
        values=values,
        use_cases=tuple(case.id for case in cases),
        importance=np.array([float(case.importance) / total for case in cases]),
        emphasis=np.array([[float(case.emphasis.get(key, 1)) for key in keys] for case in cases]).reshape(
            len(cases), len(keys)
        ),
        capability=capability,
        conditional=conditional,
        credit=float(policies.conditional_credit),
        min_gain=float(policies.min_gain) / 100,
        close=float(policies.close_points) / 100,
        sizes=able.sizes(demand.values, most) if demand else (),
        allowed=able,
    )
