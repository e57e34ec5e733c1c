"""What the HTML version needs to move weights: the values behind the scores, and the script that works with them.

The script (``theme/whatif.js``) is the one place outside the engine that computes, for a reader who tries other weights;
it says so, and says whether the printed weights give it the printed figures. All it gets is taken from the result.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluator.model.cost import Coverage
from evaluator.model.evaluated import Evaluated, Fit, OptionScore
from evaluator.model.stack_limits import StackConstraints
from evaluator.reports import sentences
from evaluator.reports.language import Language
from evaluator.reports.paper.assets import Assets
from evaluator.reports.paper.content_policy import policy_of
from evaluator.reports.paper.rendering import clean

MOST_SIZE = 4
"""Larger stacks are not tried in a browser."""

MOST_SETS = 5_000
"""Where a budget limits the stacks, those that keep to it are listed; sizes of which more exist are not tried in a browser."""

SCRIPT = "whatif.js"
WORDS = ("span", "by-the-rule", "no-weight", "trial", "lost", "equal", "disagrees")
"""The strings that the script puts on the page."""


@dataclass(frozen=True, slots=True)
class Knob:
    """One family with its printed weight on the organisation's own scale."""

    id: str
    title: str
    text: str
    criteria: tuple[tuple[str, float], ...]
    """Criteria with their importance in the family."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What the template shows and embeds."""

    families: tuple[Knob, ...]
    most: str
    """The right end of every slider."""
    sizes: tuple[int, ...]
    more_sizes: bool
    data: str
    """The JSON data block; no character of it can end its element."""
    script: str
    policy: str

    @property
    def elements(self) -> tuple[str, str]:
        """The script elements of the page, exactly as its template has them."""
        return (
            f'<script type="application/json" id="whatif-data">{self.data}</script>',
            f"<script>{self.script}</script>",
        )


def what_if(result: Evaluated, assets: Assets, say: Language) -> WhatIf | None:
    """The weights to move for ``result``; None where there is no option. Raises :class:`EvaluatorError` without the script."""
    if not result.scores.options:
        return None
    knobs = _knobs(result)
    sizes = [size.size for size in result.stacks.sizes] if result.stacks else []
    places = {option: place for place, option in enumerate(sorted(option.id for option in result.scores.options))}
    limits = result.stacks.limits if result.stacks else StackConstraints()
    tried = [size for size in sizes if size <= MOST_SIZE]
    sets = None if limits.budget is None else _affordable(result, tried, places)
    tried = tried if sets is None else [*sets]
    data = {
        "moreSizes": len(sizes) > len(tried),
        **_data(result, knobs, tried),
        "required": [places[tool] for tool in limits.required],
        "excluded": [places[tool] for tool in limits.excluded],
        "sets": sets,
        "words": {word: clean(say.string(f"whatif.{word}")) for word in WORDS},
    }
    script = Assets(assets.folders[-1:]).text("theme", SCRIPT)  # the program's own, whatever a workspace has
    return WhatIf(
        families=knobs,
        most=_text(2 * max(float(knob.text) for knob in knobs)),
        sizes=tuple(tried),
        more_sizes=len(sizes) > len(tried),
        data=_embedded(data),
        script=script,
        policy=policy_of(script),
    )


def _knobs(result: Evaluated) -> tuple[Knob, ...]:
    """The families that have a criterion of some importance in scope."""
    workspace = result.workspace
    titles = {family.id: family.title for family in workspace.catalogue.head.families}
    knobs = []
    for family, criteria in workspace.catalogue.families.items():
        weights = [
            (item.id, float(workspace.weights.criteria.get(item.id, 0)))
            for item in criteria
            if item.id in result.scores.weights
        ]
        counted = tuple((criterion, weight) for criterion, weight in weights if weight > 0)
        if counted:
            figure = _text(float(workspace.weights.families.get(family, 0)))
            knobs.append(Knob(family, titles[family], figure, counted))
    return tuple(knobs)


def _text(figure: float) -> str:
    """The shortest text that reads back as ``figure``."""
    return repr(figure).removesuffix(".0")


def _affordable(result: Evaluated, sizes: Sequence[int], places: Mapping[str, int]) -> dict[int, list[list[int]]]:
    """By size, the stacks that keep to all limits, as places of options by id."""
    from evaluator.stack.recommendation import listed_stacks

    found = {}
    for size in sizes:
        listed = listed_stacks(result, size, MOST_SETS)
        if not listed.complete:
            break
        found[size] = [[places[tool] for tool in tools] for tools in listed.tools]
    return found


def _data(result: Evaluated, knobs: Sequence[Knob], sizes: Sequence[int]) -> dict[str, Any]:
    """What the script computes from; lists run over options by id, criteria and families as named."""
    options = sorted(result.scores.options, key=lambda option: option.id)
    criteria = [criterion for knob in knobs for criterion, _ in knob.criteria]
    totals = [sum(importance for _, importance in knob.criteria) for knob in knobs]
    return {
        "families": [float(knob.text) for knob in knobs],
        "criteria": [
            {"family": place, "share": importance / totals[place]}
            for place, knob in enumerate(knobs)
            for _, importance in knob.criteria
        ],
        "options": [_option(result, option, criteria) for option in options],
        "useCases": [_use_case(result, case, row, options, criteria) for case, row in result.fits.items()]
        if sizes
        else [],
        "sizes": list(sizes),
        "minGain": result.stacks.min_gain if result.stacks else 0.0,
        "printed": [
            {"size": size.size, "value": size.best.value}
            for size in (result.stacks.sizes if result.stacks else ())
            if size.size in sizes
        ],
    }


def _option(result: Evaluated, option: OptionScore, criteria: Sequence[str]) -> dict[str, Any]:
    values = [result.earned[option.id][criterion] for criterion in criteria]
    return {
        "id": option.id,
        "name": clean(sentences.short_name(result, option.id)),
        "score": [answer.value for answer in values],
        "low": [answer.low for answer in values],
        "high": [answer.high for answer in values],
        "printed": {"score": option.score, "low": option.low, "high": option.high, "rank": option.rank},
    }


def _use_case(
    result: Evaluated, case: str, row: Sequence[Fit], options: Sequence[OptionScore], criteria: Sequence[str]
) -> dict[str, Any]:
    use_case = result.workspace.demand.by_id[case]
    by_option = {fit.option: fit for fit in row}
    credit = float(result.workspace.evaluation.policies.conditional_credit)
    by_state = {Coverage.COVERED: 1.0, Coverage.CONDITIONAL: credit, Coverage.NOT_COVERED: 0.0}
    return {
        "importance": float(use_case.importance),
        "emphasis": [float(use_case.emphasis.get(criterion, 1)) for criterion in criteria],
        "factors": [by_option[item.id].capabilities * by_state[by_option[item.id].coverage] for item in options],
    }


def _embedded(data: object) -> str:
    """``data`` as JSON in which no text can end the element or begin a comment."""
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
