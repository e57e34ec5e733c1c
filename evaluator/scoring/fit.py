"""How well one option serves one use case."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum

from evaluator.errors import EvaluatorError
from evaluator.model.cost import Coverage
from evaluator.model.demand import UseCase
from evaluator.model.evaluated import Fit, GateChecks, GateOutcome, OptionScore, Scores
from evaluator.model.vendor import Capability, Profile
from evaluator.model.workspace import Policies, Workspace
from evaluator.scoring.gates import check_gates, use_case_gates
from evaluator.scoring.weights import emphasised


def fits(workspace: Workspace, scores: Scores) -> dict[str, tuple[Fit, ...]]:
    """The fit of every option for every use case, by use case, options in the order of ``scores``."""
    table: dict[str, tuple[Fit, ...]] = {}
    for use_case in workspace.demand.use_cases:
        weights = _weights(scores, use_case)
        levels = use_case_gates(use_case, scores, workspace.catalogue)
        row = []
        for option in scores.options:
            profile = workspace.vendors[option.id].profile
            cells = {cell.criterion: cell for cell in option.cells}
            gates = check_gates(cells, levels, workspace.catalogue, profile.deployment)
            row.append(_fit(use_case, option, profile, weights, gates, workspace.evaluation.policies))
        table[use_case.id] = tuple(row)
    return table


def _weights(scores: Scores, use_case: UseCase) -> dict[str, float]:
    try:
        return emphasised(scores.weights, use_case.emphasis)
    except EvaluatorError:
        raise EvaluatorError(f"The emphasis of use case '{use_case.id}' leaves no criterion any weight.") from None


def _fit(
    use_case: UseCase,
    option: OptionScore,
    profile: Profile,
    weights: Mapping[str, float],
    gates: GateChecks,
    policies: Policies,
) -> Fit:
    failed, unsupported, not_applicable = (
        gates.of(outcome) for outcome in (GateOutcome.FAILED, GateOutcome.UNSUPPORTED, GateOutcome.NOT_APPLICABLE)
    )
    support = {need: support_of(profile.capabilities.get(need)) for need in (*use_case.must, *use_case.should)}
    absent = tuple(need for need in use_case.must if support[need] == "none")
    unknown = tuple(need for need in use_case.must if support[need] == "unknown")
    # The emphasised score keeps each cell's value and replaces only its weight.
    score = fsum(cell.points * weights[cell.criterion] / cell.weight for cell in option.cells if cell.weight > 0)
    capabilities = capability_share(use_case, support, policies)
    potential = score * capabilities
    if failed or absent:
        coverage, fit = Coverage.NOT_COVERED, 0.0
    elif unsupported or unknown:
        coverage, fit = Coverage.CONDITIONAL, potential * float(policies.conditional_credit)
    else:
        coverage, fit = Coverage.COVERED, potential
    return Fit(
        option.id,
        use_case.id,
        fit,
        potential,
        score,
        capabilities,
        coverage,
        failed,
        absent,
        unsupported,
        unknown,
        not_applicable,
    )


def support_of(capability: Capability | None) -> str:
    """How far a product has a capability; unknown where the profile does not name it."""
    return capability.support if capability else "unknown"


def capability_share(use_case: UseCase, support: Mapping[str, str], policies: Policies) -> float:
    """Credit earned over credit possible; a should counts ``should_weight`` of a must; 1 where nothing is asked."""
    credit = {**policies.capability_credit.model_dump(), "none": 0.0, "unknown": 0.0}
    needs = [(need, 1.0) for need in use_case.must] + [
        (need, float(policies.should_weight)) for need in use_case.should
    ]
    possible = fsum(weight for _, weight in needs)
    if possible == 0:
        return 1.0
    return fsum(weight * credit[support[need]] for need, weight in needs) / possible
