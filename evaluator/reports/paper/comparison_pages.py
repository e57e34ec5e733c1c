"""The comparison for reading: some options side by side on one to three landscape pages, made for a meeting.

It narrows as the comparison workbook does: scores, ranks and the differences are then those among the chosen
options and over the chosen family. Verdicts, clearance, cost and the state of draft stay those of the whole evaluation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from evaluator.errors import EvaluatorError
from evaluator.model.catalogue import Criterion, Family, Scale
from evaluator.model.evaluated import Cell, Evaluated, GateCheck, GateOutcome, OptionScore, OptionVerdict
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.reports import sentences
from evaluator.reports.language import Language
from evaluator.reports.paper import views

MOST_OPTIONS = 8
"""Columns that fit a landscape page and stay readable."""

MOST_CRITERIA = 60
"""Rows of the matrix of levels: more would not end on the third page."""

MOST_DIFFERENCES = 2

STALE, OVER_CAP, UNSUPPORTED, DIFFER = (
    views.State("sign.stale", "†", "open"),
    views.State("sign.beyond-its-evidence", "↑", "open"),
    views.State("sign.unsupported", "°", "open"),
    views.State("sign.differ", "≠", "open"),
)
SIGNS = {EvidenceStatus.STALE: STALE, EvidenceStatus.OVER_CAP: OVER_CAP, EvidenceStatus.UNSUPPORTED: UNSUPPORTED}
"""What stands beside a level that is not supported; the legend has the words."""


@dataclass(frozen=True, slots=True)
class Level:
    """One answer in the matrix."""

    cell: Cell
    text: str
    """The level, with the best one where the criterion has a scale of its own; or the word unknown."""
    signs: str
    tint: int | None
    """Fifth of the value range, 0 to 4; None where unknown."""


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One criterion across the compared options."""

    criterion: Criterion
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class ComparisonBlock:
    """One family of the matrix."""

    family: Family
    rows: tuple[ComparedRow, ...]


@dataclass(frozen=True, slots=True)
class ComparedGate:
    """One criterion with gates across the compared options."""

    criterion: str
    asked: dict[str, int]
    """By data class, lowest first; a class that asks the same as the one below is left out."""
    states: tuple[tuple[tuple[str, GateCheck], ...], ...]
    """By option: the first class whose level is not met, and the first that fails; empty where all are met."""
    asked_by_tag: dict[str, int]
    tag_states: tuple[tuple[tuple[GateOutcome, tuple[str, ...]], ...], ...]
    """By option: the tags whose level is not met, by outcome."""
    applies: tuple[bool, ...]
    """By option: whether the gates apply to its edition."""


@dataclass(frozen=True, slots=True)
class SplitRow:
    """A criterion on which the leading options differ most."""

    criterion: Criterion
    spread: float
    groups: tuple[views.LevelGroup, ...]


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """Some options side by side."""

    options: tuple[OptionScore, ...]
    whole: bool
    """Whether nothing was narrowed to a family."""
    officially: dict[str, OptionScore]
    """The options as they stand in the whole evaluation; empty where nothing was narrowed."""
    all_options: int
    family: Family | None
    """The one family that is compared on."""
    lead: str
    permits: views.PermitTable
    tag_rows: tuple[views.TagRow, ...]
    blocks: tuple[ComparisonBlock, ...]
    criteria_left_out: int
    gates: tuple[ComparedGate, ...]
    differences: tuple[SplitRow, ...]
    signs: tuple[views.State, ...]
    scale: Scale


def comparison_view(
    whole: Evaluated, options: Sequence[str], family: str | None, say: Language
) -> tuple[Evaluated, ComparisonView]:
    """The narrowed result, and what the pages show of it.

    Raises :class:`EvaluatorError` for an unknown id, for more options than fit and for a family without weight.
    """
    from evaluator.evaluation.subset import narrowed  # brings the search for stacks

    if len(set(options)) > MOST_OPTIONS:
        raise EvaluatorError(
            f"A comparison for reading has room for {MOST_OPTIONS} options, and {len(set(options))} were named; "
            "the comparison workbook (.xlsx) holds any number."
        )
    narrow = narrowed(whole, options, [family] if family else [])
    # Chosen options change no decision: what the evaluation says about them stays what it is.
    result = replace(narrow.result, verdicts=whole.verdicts, costs=whole.costs)
    shown = _shown(result)
    head = result.workspace.catalogue.head
    return result, ComparisonView(
        options=shown,
        whole=narrow.whole,
        officially={option.id: option for option in whole.scores.options} if narrow.words else {},
        all_options=len(whole.scores.options),
        family=next((item for item in head.families if item.id == family), None),
        lead=_lead(result, shown, whole, narrow.words, say),
        permits=views.permit_table(shown, say),
        tag_rows=views.tag_rows(result, shown, say),
        blocks=_blocks(result, shown, say),
        criteria_left_out=len(_criteria_left_out(result)),
        gates=_gates(result, shown),
        differences=_differences(result, shown),
        signs=tuple(sign.in_words(say) for sign in (*SIGNS.values(), DIFFER)),
        scale=head.scale,
    )


def _shown(result: Evaluated) -> tuple[OptionScore, ...]:
    """All options up to eight; of more, the recommended tools and those ranked highest, in rank order."""
    ranked = result.scores.options
    if len(ranked) <= MOST_OPTIONS:
        return ranked
    recommended = [option.id for option in ranked if result.verdicts[option.id] is OptionVerdict.RECOMMENDED]
    others = [option.id for option in ranked if option.id not in recommended]
    wanted = [*recommended, *others][:MOST_OPTIONS]
    return tuple(option for option in ranked if option.id in wanted)


def _lead(result: Evaluated, shown: Sequence[OptionScore], whole: Evaluated, narrowed_to: str, say: Language) -> str:
    """What was compared, and what was left out."""
    found = [say("comparison.narrowed", narrowed=narrowed_to)] if narrowed_to else []
    if shown:
        found.append(sentences.first_place(result, say))
    else:
        found.append(say("comparison.nothing"))
    left_out = len(result.scores.options) - len(shown)
    if left_out:
        found.append(say.number("comparison.left-out", left_out, options=len(whole.scores.options)))
    return " ".join(found)


def _criteria_left_out(result: Evaluated) -> frozenset[str]:
    """Criteria for which the matrix has no room: those with the least weight and no gate."""
    weights = result.scores.weights
    gated = result.scores.gated_criteria
    order = sorted(weights, key=lambda criterion: (criterion not in gated, -round(weights[criterion], 9)))
    return frozenset(order[MOST_CRITERIA:])


def _blocks(result: Evaluated, shown: Sequence[OptionScore], say: Language) -> tuple[ComparisonBlock, ...]:
    """The matrix of levels, family by family."""
    catalogue = result.workspace.catalogue
    left_out = _criteria_left_out(result)
    cells = [{cell.criterion: cell for cell in option.cells} for option in shown]
    blocks = []
    for family in catalogue.head.families:
        criteria = [
            criterion
            for criterion in catalogue.families.get(family.id, ())
            if criterion.id in result.scores.weights and criterion.id not in left_out
        ]
        rows = tuple(
            ComparedRow(item, tuple(_level(result, item, own[item.id], say) for own in cells)) for item in criteria
        )
        if rows:
            blocks.append(ComparisonBlock(family, rows))
    return tuple(blocks)


def _level(result: Evaluated, criterion: Criterion, cell: Cell, say: Language) -> Level:
    signs = (SIGNS[cell.evidence_status].mark if cell.evidence_status in SIGNS else "") + (
        DIFFER.mark if cell.differs else ""
    )
    if cell.level is None:
        return Level(cell, say("state.unknown"), signs, None)
    own_scale = criterion.max_level != result.workspace.catalogue.head.scale.max
    text = say("comparison.level-of", level=cell.level, highest=criterion.max_level) if own_scale else str(cell.level)
    return Level(cell, text, signs, min(4, int(5 * criterion.value(cell.level))))


def _gates(result: Evaluated, shown: Sequence[OptionScore]) -> tuple[ComparedGate, ...]:
    """Gates by criterion, in catalogue order."""
    rows = []
    for criterion in result.scores.weights:
        asked: dict[str, int] = {}
        for data_class, levels in result.scores.gates.items():
            if criterion in levels and levels[criterion] not in asked.values():
                asked[data_class] = levels[criterion]
        tags = {tag: levels[criterion] for tag, levels in result.scores.tag_gates.items() if criterion in levels}
        if asked or tags:
            states = tuple(_open(option, criterion) for option in shown)
            tag_states = tuple(_open_tags(option, criterion) for option in shown)
            limited = [{check.criterion for check in option.not_applicable} for option in shown]
            applies = tuple(criterion not in found for found in limited)
            rows.append(ComparedGate(criterion, asked, states, tags, tag_states, applies))
    return tuple(rows)


def _open(option: OptionScore, criterion: str) -> tuple[tuple[str, GateCheck], ...]:
    """The first class whose gate on ``criterion`` is not met, and the first whose fails."""
    found: dict[GateOutcome, tuple[str, GateCheck]] = {}
    for data_class, gates in option.gates.items():
        for check in gates.checks:
            if check.criterion == criterion and check.unmet:
                found.setdefault(check.outcome, (data_class, check))
    return tuple(found.values())


def _open_tags(option: OptionScore, criterion: str) -> tuple[tuple[GateOutcome, tuple[str, ...]], ...]:
    """The data tags whose gate on ``criterion`` is not met, by outcome."""
    found: dict[GateOutcome, tuple[str, ...]] = {}
    for tag, gates in option.tag_gates.items():
        for check in gates.checks:
            if check.criterion == criterion and check.unmet:
                found[check.outcome] = (*found.get(check.outcome, ()), tag)
    return tuple(found.items())


def _differences(result: Evaluated, shown: Sequence[OptionScore]) -> tuple[SplitRow, ...]:
    """The criteria on which the leading options differ most, with the level of every option shown."""
    ids = [option.id for option in shown]
    return tuple(
        SplitRow(
            result.workspace.catalogue.criteria[item.criterion],
            item.spread,
            views.level_groups(result, item.criterion, ids),
        )
        for item in result.separations[:MOST_DIFFERENCES]
    )
