"""Score, low and high of every option, with coverage, staleness, gates and rank."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from math import fsum

from evaluator.model.catalogue import Catalogue, Criterion
from evaluator.model.evaluated import Cell, Earned, FamilyScore, GateOutcome, OptionScore, Scores
from evaluator.model.evidence_status import EvidenceStatus, evidence_status
from evaluator.model.own_work import own_work
from evaluator.model.scorecard import Scorecard
from evaluator.model.workspace import Policies, Vendor, Workspace
from evaluator.scoring.aggregation import combine, on_edition, rule_in_words
from evaluator.scoring.gates import check_gates, class_gates, clearance, tag_gates
from evaluator.scoring.tolerances import TIE, TIE_DIGITS
from evaluator.scoring.weights import criterion_weights

_ANSWERED = frozenset(EvidenceStatus) - {EvidenceStatus.UNKNOWN}


def score(workspace: Workspace, as_of: date) -> Scores:
    """Score every option of ``workspace`` as things stood on ``as_of``.

    Anchored additive value model: 100 times the sum of weight times value, where an unknown earns
    nothing; ``low`` takes stale, unsupported and over-graded answers as unknown too, ``high`` takes
    every unknown at its best level (interval treatment of missing consequences: Jiménez, Mateos and
    Ríos-Insua 2009). No option's figures depend on any other option.
    """
    weights = criterion_weights(workspace.catalogue, workspace.weights, workspace.evaluation.out_of_scope)
    gates, by_tag = class_gates(workspace), tag_gates(workspace)
    options = [_score_option(vendor, workspace, weights, gates, by_tag, as_of) for vendor in workspace.options]
    combined = any(len(option.scorecards) > 1 for option in options)
    return Scores(
        as_of=as_of,
        options=_ranked(options, float(workspace.evaluation.policies.close_points)),
        weights=weights,
        gates=gates,
        combination=rule_in_words(workspace.evaluation.policies.unknown_if) if combined else "",
        tag_gates=by_tag,
    )


def _score_option(
    vendor: Vendor,
    workspace: Workspace,
    weights: Mapping[str, float],
    gates: Mapping[str, Mapping[str, int]],
    by_tag: Mapping[str, Mapping[str, int]],
    as_of: date,
) -> OptionScore:
    profile = vendor.profile
    used, left_out = on_edition(vendor)
    catalogue = workspace.catalogue
    cells = {
        criterion: _cell(catalogue.criteria[criterion], weight, used, catalogue, workspace.evaluation.policies, as_of)
        for criterion, weight in weights.items()
    }
    edition = profile.evaluated
    assessed = any(cell.level is not None for cell in cells.values())
    # Without any gate in the evaluation the gates say nothing, so that nobody is held back by them either.
    held = assessed or not (by_tag or any(gates.values()))
    checked, checked_tags = (
        {key: check_gates(cells, levels, catalogue, profile.deployment, assessed=held) for key, levels in table.items()}
        for table in (gates, by_tag)
    )
    cleared, clearable = clearance(checked)
    everything = tuple(cells.values())
    return OptionScore(
        id=profile.id,
        name=profile.name,
        edition=profile.edition,
        edition_name=edition.name if edition else profile.edition,
        score=fsum(cell.points for cell in everything),
        low=fsum(cell.low for cell in everything),
        high=fsum(cell.high for cell in everything),
        rank=0,
        coverage=_share(everything, _ANSWERED),
        stale=_share(everything, {EvidenceStatus.STALE}),
        close=(),
        families=_families(cells, workspace.catalogue),
        gates=checked,
        cleared=cleared,
        clearable=clearable,
        cells=everything,
        scorecards=tuple(card.assessor for card in used),
        left_out=tuple(dict.fromkeys(card.assessor for card in left_out)),
        tag_gates=checked_tags,
        cleared_tags=tuple(tag for tag, found in checked_tags.items() if found.cleared),
        clearable_tags=tuple(tag for tag, found in checked_tags.items() if found.verdict is not GateOutcome.FAILED),
        assessed=assessed,
        own_work=own_work((catalogue.criteria[criterion] for criterion in weights), vendor.own_work, profile.edition),
    )


def _cell(
    criterion: Criterion,
    weight: float,
    cards: Sequence[Scorecard],
    catalogue: Catalogue,
    policies: Policies,
    as_of: date,
) -> Cell:
    combined = combine(cards, criterion.id, policies.unknown_if)
    if combined is None:
        cell = unanswered(criterion.id)
    else:
        answer = combined.answer
        state = evidence_status(answer, criterion, catalogue, as_of)
        level = answer.level if isinstance(answer.level, int) else None
        cell = Cell(criterion.id, 0.0, level, state, 0.0, 0.0, 0.0, answer, combined.by, combined.levels)
    return weighted_cell(cell, earned(criterion, cell.level, cell.evidence_status), weight)


def unanswered(criterion: str) -> Cell:
    """The cell of a criterion that no scorecard answers, before any weight."""
    return Cell(criterion, 0.0, None, EvidenceStatus.UNKNOWN, 0.0, 0.0, 0.0, None, (), {})


def earned(criterion: Criterion, level: int | None, status: EvidenceStatus) -> Earned:
    """What an answer earns: an unknown one nothing, ``low`` only what is supported, ``high`` the best for an unknown one."""
    if level is None:
        return Earned(0.0, 0.0, criterion.best_value)
    value = criterion.value(level)
    return Earned(value, value if status is EvidenceStatus.SUPPORTED else 0.0, value)


def weighted_cell(cell: Cell, part: Earned, weight: float) -> Cell:
    """``cell`` under a weight, with the points that ``part`` of it stands for."""
    full = 100 * weight
    return replace(cell, weight=weight, points=full * part.value, low=full * part.low, high=full * part.high)


def earned_by_option(catalogue: Catalogue, scores: Scores) -> dict[str, dict[str, Earned]]:
    """What every answer earns, by option and criterion in scope."""
    criteria = catalogue.criteria
    return {
        option.id: {
            cell.criterion: earned(criteria[cell.criterion], cell.level, cell.evidence_status) for cell in option.cells
        }
        for option in scores.options
    }


def _share(cells: Iterable[Cell], statuses: Collection[EvidenceStatus]) -> float:
    """The share of weight whose answers are in one of ``statuses``; never above 1 by rounding."""
    return min(1.0, fsum(cell.weight for cell in cells if cell.evidence_status in statuses))


def _families(cells: Mapping[str, Cell], catalogue: Catalogue) -> dict[str, FamilyScore]:
    families: dict[str, FamilyScore] = {}
    for family, criteria in catalogue.families.items():
        group = [cells[criterion.id] for criterion in criteria if criterion.id in cells]
        weight = fsum(cell.weight for cell in group)
        if weight > 0:
            families[family] = FamilyScore(
                score=fsum(cell.points for cell in group) / weight,
                low=fsum(cell.low for cell in group) / weight,
                high=fsum(cell.high for cell in group) / weight,
                weight=weight,
                coverage=min(1.0, _share(group, _ANSWERED) / weight),
            )
    return families


def _ranked(options: Sequence[OptionScore], band: float) -> tuple[OptionScore, ...]:
    """Best first, ties by id; competition ranks, and who lies within ``band`` points of whom."""
    shown = {option.id: round(option.score, TIE_DIGITS) for option in options}
    ordered = sorted(options, key=lambda option: (-shown[option.id], option.id))
    ranks: dict[float, int] = {}
    for position, option in enumerate(ordered, start=1):
        ranks.setdefault(shown[option.id], position)
    figures = [shown[option.id] for option in ordered]
    ranked = []
    first = last = 0
    for position, option in enumerate(ordered):
        own = shown[option.id]
        while figures[first] - own > band + TIE:
            first += 1
        while last < len(ordered) and own - figures[last] <= band + TIE:
            last += 1
        close = tuple(other.id for place, other in enumerate(ordered[first:last], start=first) if place != position)
        ranked.append(replace(option, rank=ranks[own], close=close))
    return tuple(ranked)
