"""Agreement between assessors: Krippendorff's alpha for ordinal levels, and the plain share of equal answers.

Written here because the well-known library for it is under the GPL; held against published examples.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from math import fsum

from evaluator.model.assessor_agreement import Agreement, AgreementFigures
from evaluator.model.scorecard import AGREED, Scorecard
from evaluator.model.workspace import Option, Workspace

Unit = Sequence[int | None]
"""The answers of several assessors to one question: a level, or None for unknown."""


def alpha(units: Iterable[Unit]) -> float | None:
    """Krippendorff's alpha for ordinal data; None where no two levels meet or all levels are the same.

    Unknowns count as missing; a question with fewer than two levels has nothing to compare and is left
    out. 1 is perfect agreement, 0 what chance would give. Krippendorff, Computing Krippendorff's
    Alpha-Reliability (2011); Hayes and Krippendorff (2007), Communication Methods and Measures 1(1), 77-89.
    """
    paired = [levels for unit in units if len(levels := [level for level in unit if level is not None]) > 1]
    totals = Counter(level for levels in paired for level in levels)
    distance = _ordinal(totals)
    observed = fsum(distance[pair] / (len(levels) - 1) for levels in paired for pair in combinations(sorted(levels), 2))
    expected = fsum(
        totals[low] * totals[high] * distance[low, high] for low, high in combinations(sorted(totals), 2)
    ) / max(totals.total() - 1, 1)
    return 1 - observed / expected if expected else None


def _ordinal(totals: Counter[int]) -> dict[tuple[int, int], float]:
    """The squared ordinal distance between any two levels in use: how many answers lie between them."""
    return {
        (low, high): (sum(totals[level] for level in totals if low <= level <= high) - (totals[low] + totals[high]) / 2)
        ** 2
        for low in totals
        for high in totals
    }


def equal_share(units: Iterable[Unit]) -> float | None:
    """The share of pairs of answers to the same question that are equal; unknown equals unknown."""
    pairs = [first == second for unit in units for first, second in combinations(unit, 2)]
    return sum(pairs) / len(pairs) if pairs else None


def agreement(workspace: Workspace, options: Sequence[str] | None = None) -> Agreement:
    """How far the assessors of ``options`` (default: all) agree, by family and overall; a vendor's id is all of its options.

    Only scorecards on one edition are compared with each other, the moderated one not being one of them, and
    only criteria in scope. Levels of all criteria are pooled as they are numbered.
    """
    chosen = [option for option in workspace.options if options is None or {option.id, option.vendor} & {*options}]
    by_family: dict[str, list[Unit]] = {}
    for family, criteria in workspace.catalogue.families.items():
        keys = [criterion.id for criterion in criteria if criterion.id not in workspace.evaluation.out_of_scope]
        by_family[family] = [unit for option in chosen for key in keys if len(unit := answered_levels(option, key)) > 1]
    titles = {family.id: family.title for family in workspace.catalogue.head.families}
    return Agreement(
        assessors=tuple(sorted({card.assessor for option in chosen for card in _cards(option)})),
        vendors=tuple(option.id for option in chosen if len(_cards(option)) > 1),
        families={family: _figures(titles.get(family, family), units) for family, units in by_family.items() if units},
        overall=_figures("All families", [unit for units in by_family.values() for unit in units]),
    )


def _cards(option: Option) -> list[Scorecard]:
    return [card for card in option.scorecards if card.assessor != AGREED]


def answered_levels(option: Option, criterion: str) -> Unit:
    """The levels of all assessors of one option on a criterion, None for unknown."""
    answers = [card.answers[criterion] for card in _cards(option) if criterion in card.answers]
    return [answer.level if isinstance(answer.level, int) else None for answer in answers]


def _figures(title: str, units: Sequence[Unit]) -> AgreementFigures:
    return AgreementFigures(title, len(units), equal_share(units), alpha(units))
