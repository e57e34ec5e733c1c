"""From what stakeholders said to their weights, kept apart, and to weights put together from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import floor, fsum

from evaluator.errors import EvaluatorError
from evaluator.model.elicitation import FAMILIES, Adopted, Group, Judged, Stakeholder, Stated, WeightsState
from evaluator.model.sensitivity import Elicited
from evaluator.model.workspace import Workspace
from evaluator.rules.weights import sealing
from evaluator.scoring.tolerances import TIE
from evaluator.scoring.weights import criterion_weights
from evaluator.weighting.elicitation import pairwise, rank_order_centroid, shares, swing, weight_spread

ENOUGH = 2
"""Stakeholders from which on there is a spread."""
CENTS = 10_000
"""Adopted shares are written in hundredths of a percent."""


def groups(workspace: Workspace) -> tuple[Group, ...]:
    """The families in scope, then the criteria in scope of each, in catalogue order."""
    out = workspace.evaluation.out_of_scope
    inside = {
        family: tuple(criterion.id for criterion in criteria if criterion.id not in out)
        for family, criteria in workspace.catalogue.families.items()
    }
    inside = {family: items for family, items in inside.items() if items}
    return (Group(FAMILIES, tuple(inside)), *(Group(family, items) for family, items in inside.items()))


def group_of(workspace: Workspace, items: Sequence[str]) -> Group:
    """The group that all of ``items`` belong to.

    Raises:
        EvaluatorError: one is no family and no criterion in scope, or they belong to several groups.
    """
    known = groups(workspace)
    for group in known:
        if items and set(items) <= set(group.items):
            return group
    every = {item for group in known for item in group.items}
    strange = next((item for item in items if item not in every), None)
    if strange is not None:
        raise EvaluatorError(
            f"'{strange}' is no family and no criterion in scope; `evaluator weights show` lists them."
        )
    raise EvaluatorError(
        "Weigh families against families, or criteria of one family against each other, not a mixture."
    )


def missing(group: Group, judged: Judged) -> tuple[str, ...]:
    """What ``judged`` does not say of ``group`` yet, in words; nothing where it is complete."""
    if judged.pairs is None:
        named = frozenset(judged.named)
        return tuple(item for item in group.items if item not in named)
    pairs = {frozenset((pair.first, pair.second)) for pair in judged.pairs}
    return tuple(
        f"{one} against {two}" for one, two in combinations(group.items, 2) if frozenset((one, two)) not in pairs
    )


def elicited(group: Group, judged: Judged) -> Elicited:
    """The weights inside ``group`` that follow from ``judged``, which is complete; what is out of scope is left aside."""
    items = frozenset(group.items)
    if judged.points is not None:
        return swing({item: float(judged.points[item]) for item in group.items})
    if judged.order is not None:
        return rank_order_centroid([[item for item in tied if item in items] for tied in judged.order])
    inside = {
        (pair.first, pair.second): float(pair.times)
        for pair in judged.pairs or ()
        if pair.first in items and pair.second in items
    }
    return pairwise(group.items, inside)


def stated(workspace: Workspace, stakeholder: Stakeholder) -> Stated:
    """The weights of one stakeholder: of the families, times those inside each family.

    Inside a family of which nothing was said, the importance of the organisation's weights holds.
    """
    found: dict[str, Elicited] = {}
    unfinished: dict[str, tuple[str, ...]] = {}
    untouched: list[str] = []
    for group in groups(workspace):
        judged = stakeholder.group(group.id)
        if len(group.items) == 1:
            found[group.id] = Elicited("the only one", {group.items[0]: 1.0})
        elif judged is None:
            untouched.append(group.id)
        elif lacking := missing(group, judged):
            unfinished[group.id] = lacking
        elif judged.points is not None and not any(judged.points[item] for item in group.items):
            unfinished[group.id] = ("points above 0 for anything in scope",)
        else:
            found[group.id] = elicited(group, judged)
    whole = FAMILIES in found and not unfinished
    return Stated(
        role=stakeholder.role,
        date=stakeholder.date,
        methods=tuple(dict.fromkeys(one.method for one in found.values() if one.method != "the only one")),
        groups=found,
        unfinished=unfinished,
        untouched=tuple(untouched),
        weights=_whole(workspace, found) if whole else None,
    )


def _whole(workspace: Workspace, found: Mapping[str, Elicited]) -> dict[str, float] | None:
    own = workspace.weights.model_copy(
        update={
            "families": found[FAMILIES].weights,
            "criteria": {
                **workspace.weights.criteria,
                **{key: share for name, one in found.items() if name != FAMILIES for key, share in one.weights.items()},
            },
        }
    )
    try:
        return criterion_weights(workspace.catalogue, own, workspace.evaluation.out_of_scope)
    except EvaluatorError:  # all the weight went to families whose criteria weigh nothing
        return None


def views(workspace: Workspace) -> dict[str, dict[str, float]]:
    """The complete weights of every stakeholder by criterion in scope; empty while they are fewer than two."""
    every = {key: stated(workspace, value).weights for key, value in sorted(workspace.stakeholders.items())}
    found = {key: weights for key, weights in every.items() if weights is not None}
    return found if len(found) >= ENOUGH else {}


def weights_state(workspace: Workspace) -> WeightsState:
    """Who stated what, how far they lie apart, and whether the weights in use are sealed."""
    found = tuple(stated(workspace, value) for _, value in sorted(workspace.stakeholders.items()))
    whole = {one.role: one.weights for one in found if one.weights is not None}
    families = {role: _by_family(workspace, weights) for role, weights in whole.items()}
    return WeightsState(
        stakeholders=found, families=weight_spread(families), criteria=weight_spread(whole), sealing=sealing(workspace)
    )


def _by_family(workspace: Workspace, weights: Mapping[str, float]) -> dict[str, float]:
    return {
        group.id: fsum(weights.get(item, 0.0) for item in group.items)
        for group in groups(workspace)
        if group.id != FAMILIES
    }


def adopted(workspace: Workspace, roles: Sequence[str] = ()) -> Adopted:
    """The mean of the weights of ``roles`` (default: everyone whose weights are complete), beside those in use.

    The rule is the arithmetic mean of every criterion's weight, each person's weights summing to 1 and counting alike. A
    family gets the sum of its criteria's means; inside it they keep their proportions.

    Raises:
        EvaluatorError: a role stated no weights, or did not finish, or nobody did.
    """
    found = {key: stated(workspace, value) for key, value in sorted(workspace.stakeholders.items())}
    for role in roles:
        if role not in found:
            raise EvaluatorError(f"'{role}' stated no weights; those who did are {', '.join(found) or 'nobody'}.")
        if found[role].weights is None:
            raise EvaluatorError(
                f"The weights of '{role}' are not complete; `evaluator weights show` says what is missing."
            )
    chosen = {key: one.weights for key, one in found.items() if one.weights is not None and (not roles or key in roles)}
    if not chosen:
        raise EvaluatorError(
            "Nobody's weights are complete, so there is nothing to adopt; `evaluator weights swing` asks."
        )
    now = criterion_weights(workspace.catalogue, workspace.weights, workspace.evaluation.out_of_scope)
    mean = {key: fsum(weights[key] for weights in chosen.values()) / len(chosen) for key in now}
    before, after = _by_family(workspace, now), _by_family(workspace, mean)
    families: dict[str, float] = dict(hundredths(after))
    criteria: dict[str, tuple[float, float]] = {}
    figures: dict[str, float] = {}
    for group in groups(workspace):
        if group.id == FAMILIES:
            continue
        old = _inside(workspace, group)
        # A family that nobody gives weight keeps the importance inside it.
        new = shares({item: mean[item] for item in group.items}) if after[group.id] > 0 else old
        criteria |= {item: (old[item], new[item]) for item in group.items}
        # Where nothing changes inside a family, the figures of the file stay.
        if any(new.values()) and any(abs(new[item] - old[item]) > TIE for item in group.items):
            figures |= hundredths(new)
    return Adopted(
        roles=tuple(chosen),
        families={key: (before[key], after[key]) for key in after},
        criteria=criteria,
        figures=(families, figures),
    )


def _inside(workspace: Workspace, group: Group) -> dict[str, float]:
    own = {item: float(workspace.weights.criteria.get(item, 0)) for item in group.items}
    return shares(own) if any(own.values()) else own


def hundredths(weights: Mapping[str, float]) -> dict[str, float]:
    """``weights``, which sum to 1, as percentages of two decimals that sum to 100 exactly (largest remainders)."""
    exact = {key: CENTS * weight for key, weight in weights.items()}
    whole = {key: floor(value) for key, value in exact.items()}
    short = CENTS - sum(whole.values())
    for key in sorted(exact, key=lambda key: (whole[key] - exact[key], key))[:short]:
        whole[key] += 1
    return {key: value / 100 for key, value in whole.items()}
