"""The figures at the top of a scorecard form: how far it is, and the preview of the score; all live."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum
from typing import Literal

from evaluator.forms.export_order import ExportOrder, Setting
from evaluator.forms.form_writer import Page
from evaluator.forms.score_preview import Figures, absolute, figures
from evaluator.forms.scorecard_columns import AT, FIRST, TITLE

_PREVIEWS: tuple[tuple[Literal["value", "low", "high"], str, str], ...] = (
    ("value", "missing", '"score "0.0" of 100"'),
    ("low", "source", '"low "0.0" (fresh and carried by its evidence)"'),
    ("high", "earlier", '"high "0.0" (unknowns at best)"'),
)
"""Column of the helper, column of the title row it is shown in, number format."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Where the live figures of a sheet stand, with their present values."""

    page: str
    """The sheet's name."""
    total: int
    """How many criteria in scope the sheet asks."""
    cells: dict[str, tuple[str, float]]
    """answered, value, low, high, coverage -> reference or formula, and present value."""
    families: dict[str, tuple[str, int, int]]
    """Family -> formula that counts its answers, the present count, and how many there are."""


def draw_totals(
    page: Page, setting: Setting, order: ExportOrder, present: Mapping[str, Figures], families: Iterable[str], last: int
) -> Totals:
    """Write the figures of a sheet whose criteria stand down to the row ``last``.

    Args:
        page: the sheet.
        setting: catalogue, weights and date.
        order: whose answers; those that the sheet does not ask for count as they are.
        present: criteria in scope that the sheet asks for, with what their answers are worth now.
        families: the families that the sheet has.
        last: the last row.
    """
    weights, total = setting.weights, len(present)
    rest = _rest(setting, order, present)
    for key, value in rest.items():
        page.put(0, AT[key], value, "plain")
    counted = f"=SUM({_over('answered', last)})"
    wanted = {"answered": (AT["rationale"], counted, _sum(present, "answered"), f'"answered "0" of {total}"')}
    if weights:
        for key, place, words in _PREVIEWS:
            formula = f"=100*({absolute(0, AT[key])}+SUMPRODUCT({_over('weight', last)},{_over(key, last)}))"
            wanted[key] = (AT[place], formula, 100 * (rest[key] + _sum(present, key, weights)), words)
    cells = {}
    for name, (column, formula, value, words) in wanted.items():
        page.formula(TITLE, column, formula, value, "figure", num_format=words)
        cells[name] = (absolute(TITLE, column), value)
    known = f'({_over("number", last)}<>"")'
    cells["coverage"] = (
        f"{absolute(0, AT['number'])}+SUMPRODUCT({_over('weight', last)},{known}*1)",
        rest["number"] + fsum(weights.get(key, 0) for key, found in present.items() if found.number is not None),
    )
    counts = {family: _count(setting, present, family, last) for family in families}
    return Totals(page.name, total, cells, {family: found for family, found in counts.items() if found[2]})


def _over(key: str, last: int) -> str:
    return f"{absolute(FIRST, AT[key])}:{absolute(last, AT[key])}"


def _count(setting: Setting, present: Mapping[str, Figures], family: str, last: int) -> tuple[str, int, int]:
    group = [found for key, found in present.items() if setting.catalogue.family_of[key] == family]
    formula = f'SUMIF({_over("family", last)},"{family}",{_over("answered", last)})'
    return formula, sum(found.answered for found in group), len(group)


def _sum(
    present: Mapping[str, Figures],
    key: Literal["answered", "value", "low", "high"],
    weights: Mapping[str, float] | None = None,
) -> float:
    return fsum(
        (1 if weights is None else weights.get(name, 0.0)) * getattr(found, key) for name, found in present.items()
    )


def _rest(setting: Setting, order: ExportOrder, present: Mapping[str, Figures]) -> dict[str, float]:
    """The same sums over the answers that are not in the sheet."""
    catalogue, weights = setting.catalogue, setting.weights
    answers = order.card.answers if order.card else {}
    rest = {
        key: figures(answers.get(key), catalogue.criteria[key], catalogue, setting.as_of)
        for key in weights
        if key not in present
    }
    return {
        "value": fsum(weights[key] * found.value for key, found in rest.items()),
        "low": fsum(weights[key] * found.low for key, found in rest.items()),
        "high": fsum(weights[key] * found.high for key, found in rest.items()),
        "number": fsum(weights[key] for key, found in rest.items() if found.number is not None),
    }
