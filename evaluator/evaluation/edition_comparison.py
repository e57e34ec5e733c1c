"""Comparing the evaluated editions of one vendor: the price of passing the gates."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from evaluator.model.edition_comparison import EditionComparison, EditionPrice, FirstEdition
from evaluator.model.evaluated import GateChecks, Scores
from evaluator.model.workspace import Option, Workspace
from evaluator.stack.cost import yearly_cost


def compare_editions(
    workspace: Workspace, scores: Scores, options: Collection[str] = ()
) -> tuple[EditionComparison, ...]:
    """Compare the editions of each vendor that has several in scope; only vendors of ``options``, where any are named."""
    vendors: dict[str, list[Option]] = {}
    for option in workspace.options:
        vendors.setdefault(option.vendor, []).append(option)
    return tuple(
        _comparison(workspace, scores, sorted(found, key=lambda option: option.profile.evaluated.index(option.edition)))
        for found in vendors.values()
        if len(found) > 1 and (not options or any(option.id in options for option in found))
    )


def _comparison(workspace: Workspace, scores: Scores, options: Sequence[Option]) -> EditionComparison:
    jobs = [case for case in workspace.demand.use_cases if case.importance > 0]
    prices = [
        EditionPrice(
            option.id,
            option.edition,
            option.edition_name,
            yearly_cost({option.id: jobs}, {option.id: option.sold}),
        )
        for option in options
    ]
    scored = [scores.option(option.id) for option in options]
    classes = [key for key, levels in scores.gates.items() if levels]
    first = [_first("class", key, prices, [option.gates[key] for option in scored]) for key in classes]
    first += [_first("tag", key, prices, [option.tag_gates[key] for option in scored]) for key in scores.tag_gates]
    return EditionComparison(options[0].vendor, options[0].profile.name, tuple(prices), tuple(first))


def _first(
    kind: Literal["class", "tag"], data: str, prices: Sequence[EditionPrice], gates: Sequence[GateChecks]
) -> FirstEdition:
    place = next((number for number, found in enumerate(gates) if found.cleared), len(gates))
    before = gates[place - 1].checks if place else ()
    lacking = tuple(check.criterion for check in before if check.unmet)
    return FirstEdition(kind, data, prices[place] if place < len(prices) else None, lacking)
