"""Weights that do not fit the catalogue, and their seal: whether they were fixed before the first answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from evaluator.model.base import digest_of
from evaluator.model.catalogue import Weights
from evaluator.model.elicitation import FAMILIES, Sealing, SealState
from evaluator.model.file_names import WEIGHTS, stakeholder_file
from evaluator.model.scorecard import Scorecard
from evaluator.model.workspace import Workspace
from evaluator.rules.base import Finding, Nearest, RuleContext


def missing_weights(context: RuleContext) -> Iterator[Finding]:
    """A family or a criterion in scope without a weight."""
    catalogue, weights = context.workspace.catalogue, context.workspace.weights
    for family in catalogue.head.families:
        if family.id not in weights.families:
            yield _unweighted("families", "family", family.id)
    for key in context.criteria_in_scope():
        if key not in weights.criteria:
            yield _unweighted("criteria", "criterion", key)


def _unweighted(part: str, what: str, key: str) -> Finding:
    return Finding(
        WEIGHTS, (part,), f"the {what} {key} has no weight", f"add {key}: and a number; 0 takes it out of the sum"
    )


def weightless(context: RuleContext) -> Iterator[Finding]:
    """Weights under which no criterion in scope counts at all."""
    if not context.layout.incomplete_catalogue and not any(
        _sum(context, key) for key in context.workspace.weights.families
    ):
        yield Finding(
            WEIGHTS,
            ("families",),
            "no criterion in scope has any weight",
            "give at least one family and one of its criteria more than 0",
        )


def lost_family_weights(context: RuleContext) -> Iterator[Finding]:
    """A family whose weight has no effect, because none of its criteria in scope has a weight."""
    if context.layout.incomplete_catalogue:
        return
    weights = context.workspace.weights
    if not any(_sum(context, key) for key in weights.families):
        return  # said once for all
    for family in context.workspace.catalogue.head.families:
        if weights.families.get(family.id, 0) > 0 and not _sum(context, family.id):
            yield Finding(
                WEIGHTS,
                ("families", family.id),
                f"the weight of the family {family.id} has no effect: none of its criteria in scope has a weight",
                "give one of its criteria a weight above 0, or set the family to 0",
            )


def _sum(context: RuleContext, family: str) -> float:
    """The sum of the weights of a family's criteria in scope; 0 for a family without a weight of its own."""
    workspace = context.workspace
    if not workspace.weights.families.get(family, 0):
        return 0.0
    return sum(
        workspace.weights.criteria.get(criterion.id, 0)
        for criterion in workspace.catalogue.families.get(family, ())
        if criterion.id not in workspace.evaluation.out_of_scope
    )


def unsealed(context: RuleContext) -> Iterator[Finding]:
    """Weights without a seal."""
    if context.workspace.weights.seal is None:
        yield Finding(
            WEIGHTS,
            (),
            "the weights are not sealed",
            "fix them before the first answer is known, and note under seal when, by which role and by which method",
        )


def sealed_late(context: RuleContext) -> Iterator[Finding]:
    """Weights sealed after the first answer."""
    seal = context.workspace.weights.seal
    if seal is None:
        return
    days = ((day, context.layout.file_of(card)) for day, card in _answer_days(context.workspace))
    first = min(days, default=None)
    if first is not None and first[0] < seal.date:
        yield Finding(
            WEIGHTS,
            ("seal", "date"),
            f"the weights were sealed on {seal.date}, after the first answer on {first[0]}",
            f"the answer is in {first[1]}; weights that are fixed later can follow the answers",
        )


def strange_judgements(context: RuleContext) -> Iterator[Finding]:
    """A stakeholder weighs a family or a criterion that does not exist, or in another family than its own."""
    catalogue = context.workspace.catalogue
    if context.layout.incomplete_catalogue:
        return
    groups = {FAMILIES: dict.fromkeys(catalogue.families)}
    groups |= {family: dict.fromkeys(item.id for item in items) for family, items in catalogue.families.items()}
    near_family = Nearest(catalogue.families, "criteria/catalogue.yaml")
    near = {group: Nearest(known, "criteria/") for group, known in groups.items()}
    for role, said in context.workspace.stakeholders.items():
        file = stakeholder_file(role)
        for family in said.criteria:
            if family not in catalogue.families:
                message = f"there is no family {family}"
                yield Finding(file, ("criteria", family), message, near_family(family))
        for group in (FAMILIES, *(family for family in said.criteria if family in catalogue.families)):
            judged = said.group(group)
            path = (FAMILIES,) if group == FAMILIES else ("criteria", group)
            what = "family" if group == FAMILIES else f"criterion of {group}"
            for key in judged.named if judged else ():
                if key not in groups[group]:
                    yield Finding(file, path, f"there is no {what} {key}", near[group](key))


def unfinished_judgements(context: RuleContext) -> Iterator[Finding]:
    """A stakeholder who began to weigh and did not finish: their weights do not count yet."""
    workspace = context.workspace
    scope = context.criteria_in_scope()
    inside: dict[str, list[str]] = {}
    for key in scope:
        inside.setdefault(workspace.catalogue.family_of[key], []).append(key)
    families = [family for family in workspace.catalogue.families if family in inside]
    for role, said in workspace.stakeholders.items():
        lacking = []
        for group in (FAMILIES, *families):
            judged = said.group(group)
            items = families if group == FAMILIES else inside[group]
            named = frozenset(judged.named) if judged else frozenset()
            left = sum(item not in named for item in items) if judged or group == FAMILIES else 0
            if left:
                lacking.append(f"{left} of {len(items)} " + (FAMILIES if group == FAMILIES else f"criteria of {group}"))
        if lacking:
            yield Finding(
                stakeholder_file(role),
                (),
                f"the weights of {role} are not complete and do not count: {', '.join(lacking[:3])} not weighed",
                f"to continue, run: evaluator weights swing --stakeholder {role}",
            )


def seals_out_of_order(context: RuleContext) -> Iterator[Finding]:
    """A seal that is said to be earlier than the present one and bears a later date."""
    seal = context.workspace.weights.seal
    for place, old in enumerate(seal.earlier if seal else ()):
        if seal and old.date > seal.date:
            yield Finding(
                WEIGHTS,
                ("seal", "earlier", place),
                f"the seal of {old.date} is said to be earlier than that of {seal.date}",
                "correct one of the two dates",
            )


def first_answer(workspace: Workspace) -> date | None:
    """The day of the earliest answer on any option in scope; None where there is none."""
    return min((day for day, _ in _answer_days(workspace)), default=None)


def _answer_days(workspace: Workspace) -> Iterator[tuple[date, Scorecard]]:
    """The day of every answer on an option in scope: its own or, where it has none, that of its scorecard."""
    for vendor in workspace.options:
        for card in vendor.scorecards:
            for answer in card.answers.values():
                yield answer.date or card.assessed, card


def weights_digest(weights: Weights) -> str:
    """SHA-256 over the figures of families and criteria; their order, notes, reasons and the seal do not count."""
    return digest_of(
        [{key: float(value) for key, value in part.items()} for part in (weights.families, weights.criteria)]
    )


def sealing(workspace: Workspace) -> Sealing:
    """The seal, compared with the weights in use and the earliest answer."""
    seal, first = workspace.weights.seal, first_answer(workspace)
    if seal is None:
        return Sealing(SealState.NEVER, first_answer=first)
    earlier = min((old.date for old in seal.earlier), default=None)
    if seal.digest is not None and seal.digest != weights_digest(workspace.weights):
        state = SealState.CHANGED
    elif first is None or seal.date < first:
        state = SealState.BEFORE
    elif earlier is not None and earlier < first:
        state = SealState.RESEALED
    else:
        state = SealState.SAME_DAY if seal.date == first else SealState.LATE
    changed = any(old.digest is not None and old.digest != seal.digest for old in seal.earlier)
    return Sealing(state, seal.date, seal.by, seal.method, first, seal.digest is not None, earlier, changed)
