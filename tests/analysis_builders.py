"""Computed values for tests of the analysis modules, made directly: scores, fits and arrays of a few numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from builders import AS_OF, build, contents, freeze, use_case
from numpy.typing import ArrayLike

from evaluator.model.cost import Coverage
from evaluator.model.demand import UseCase
from evaluator.model.evaluated import Cell, DecisionMatrix, Fit, GateCheck, GateChecks, GateOutcome, OptionScore, Scores
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.scorecard import Answer
from evaluator.model.workspace import Workspace
from evaluator.sensitivity.arrays import Arrays


def cell(criterion: str, points: float, /, **changes: Any) -> Cell:
    """A supported answer at level 2 that earns ``points`` of a weight of a half; low and high are the same."""
    given = {
        "weight": 0.5,
        "level": 2,
        "evidence_status": EvidenceStatus.SUPPORTED,
        "low": points,
        "high": points,
        "answer": None,
        "by": ("desk-a",),
        "levels": {},
        **changes,
    }
    return Cell(criterion=criterion, points=points, **given)


def option(key: str, *cells: Cell, **changes: Any) -> OptionScore:
    """An option whose figures are the sums over its cells."""
    given: dict[str, Any] = {
        "name": key.upper(),
        "edition": "business",
        "edition_name": "Business",
        "score": sum(one.points for one in cells),
        "low": sum(one.low for one in cells),
        "high": sum(one.high for one in cells),
        "rank": 1,
        "coverage": 1.0,
        "stale": 0.0,
        "close": (),
        "families": {},
        "gates": {},
        "cleared": None,
        "clearable": None,
        "scorecards": ("desk-a",),
        "left_out": (),
        **changes,
    }
    return OptionScore(id=key, cells=cells, **given)


def scores_of(*options: OptionScore, **changes: Any) -> Scores:
    """The scores of ``options``, in the order given."""
    weights = {one.criterion: one.weight for one in options[0].cells} if options else {}
    return Scores(**{"as_of": AS_OF, "options": options, "weights": weights, "gates": {}, "combination": "", **changes})


def gate(criterion: str, outcome: GateOutcome, /, **changes: Any) -> GateCheck:
    """A gate at level 3 that was checked."""
    given = {"required": 3, "observed": 1, "reason": "", "evidence_status": EvidenceStatus.SUPPORTED, **changes}
    return GateCheck(criterion=criterion, outcome=outcome, **given)


def gates(*checks: GateCheck) -> GateChecks:
    """The gates of one data class."""
    return GateChecks(checks)


def fit(key: str, case: str, value: float, /, **changes: Any) -> Fit:
    """A fit of ``value``: covered where it is more than 0."""
    given = {
        "potential": value,
        "score": value,
        "capabilities": 1.0,
        "coverage": Coverage.COVERED if value > 0 else Coverage.NOT_COVERED,
        "failed": (),
        "absent": (),
        "unsupported": (),
        "unknown_capabilities": (),
        **changes,
    }
    return Fit(option=key, use_case=case, fit=value, **given)


def case(key: str, **changes: Any) -> UseCase:
    """One use case of two makers and twenty users inside."""
    return UseCase.model_validate(freeze(use_case(key, **changes)))


def answer_of(level: int | str, **changes: Any) -> Answer:
    """An answer without evidence."""
    given = {"level": level, "rationale": "As read.", "confidence": "medium", **changes}
    return Answer.model_validate(freeze(given))


def demand_of(table: Mapping[str, Sequence[float]], importance: Sequence[float] | None = None) -> DecisionMatrix:
    """What stacks are chosen by, from the fits of every option by use case (``u-1`` ...)."""
    options = tuple(sorted(table))
    count = len(table[options[0]])
    weights = importance or [1] * count
    cases = tuple(case(f"u-{n + 1}", importance=weights[n]) for n in range(count))
    fits = {one.id: {key: fit(key, one.id, table[key][n]) for key in options} for n, one in enumerate(cases)}
    parts = tuple(tuple(table[key][n] * weights[n] / sum(weights) for n in range(count)) for key in options)
    return DecisionMatrix(options, cases, fits, parts)


def workspace_of(table: Mapping[str, Sequence[float]], importance: Sequence[float] | None = None) -> Workspace:
    """A workspace with the options and use cases of :func:`demand_of`."""
    count = len(next(iter(table.values())))
    content = contents(vendors=sorted(table), use_cases=count)
    for place, weight in enumerate(importance or [1] * count):
        content["criteria/use-cases.yaml"]["use_cases"][place]["importance"] = weight
    return build(content)


def arrays_of(values: ArrayLike, weights: Sequence[float], **changes: Any) -> Arrays:
    """An evaluation as arrays: options ``v-1`` ..., criteria ``c-1`` ... and one use case that all could serve in full."""
    rows = np.asarray(values, dtype=float)
    count, criteria = rows.shape
    cases = len(changes.get("importance", [1]))
    given: dict[str, Any] = {
        "options": tuple(f"v-{n + 1}" for n in range(count)),
        "criteria": tuple(f"c-{n + 1}" for n in range(criteria)),
        "families": ("f-1",) * criteria,
        "use_cases": tuple(f"u-{n + 1}" for n in range(cases)),
        "importance": [1.0],
        "emphasis": np.ones((cases, criteria)),
        "capability": np.ones((count, cases)),
        "conditional": np.zeros((count, cases), dtype=bool),
        "credit": 0.5,
        "min_gain": 0.02,
        "close": 0.02,
        "sizes": tuple(range(1, count + 1)),
        **changes,
    }
    for name in ("importance", "emphasis", "capability", "conditional"):
        given[name] = np.asarray(given[name])
    return Arrays(weights=np.array(weights, dtype=float), values=rows, **given)
