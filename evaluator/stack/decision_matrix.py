"""The part of the fits that stacks are chosen by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np

from evaluator.model.demand import UseCase
from evaluator.model.evaluated import Fit
from evaluator.model.workspace import Workspace
from evaluator.stack.subsets import Matrix


@dataclass(frozen=True, slots=True)
class DecisionMatrix:
    """Options by id, use cases of some importance, and what a stack would earn from each."""

    options: tuple[str, ...]
    use_cases: tuple[UseCase, ...]
    fits: dict[str, dict[str, Fit]]
    """By use case and option."""
    values: Matrix
    """Options x use cases: fit times share of importance, 0 to 100."""


def decision_matrix(workspace: Workspace, fits: Mapping[str, Sequence[Fit]]) -> DecisionMatrix | None:
    """What stacks are chosen by; None where no use case counts."""
    use_cases = tuple(case for case in workspace.demand.use_cases if case.importance > 0)
    if not use_cases:
        return None
    options = tuple(sorted(fit.option for fit in fits[use_cases[0].id]))
    by_option = {case.id: {fit.option: fit for fit in fits[case.id]} for case in use_cases}
    total = fsum(float(case.importance) for case in use_cases)
    values = np.array(
        [[by_option[case.id][option].fit * float(case.importance) / total for case in use_cases] for option in options]
    )
    return DecisionMatrix(options, use_cases, by_option, values)


def fit_table(demand: DecisionMatrix) -> Matrix:
    """Options x use cases: the fits, 0 to 100."""
    return np.array([[demand.fits[case.id][option].fit for case in demand.use_cases] for option in demand.options])
