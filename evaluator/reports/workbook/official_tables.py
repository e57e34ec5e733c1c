"""The sheets of official figures: recommendation and ranks, levels, families, break-even weights, the recommended stack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from evaluator.model.evaluated import Cell, FamilyScore, OptionScore
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.sensitivity import Breakeven, BreakevenPoint, LeastChange, WeightBreakeven
from evaluator.model.stack_details import (
    Concentration,
    Frontier,
    FrontierPoint,
    Overlap,
    StackDetails,
    ToolContribution,
)
from evaluator.reports.language import ENGLISH
from evaluator.reports.sentences import first_place, recommendation
from evaluator.reports.words import VERDICT_WORDS, checks_held, counted, joined, points
from evaluator.reports.workbook import charts
from evaluator.reports.workbook.formulas import OFFICIAL_STATE
from evaluator.reports.workbook.gates import clearance, gates_by_class
from evaluator.reports.workbook.plan import Part, PlacedCriterion, WorkbookPlan, present
from evaluator.reports.workbook.styles import HIGHEST, LIVE_TOP, LOWEST, MIDDLE, TABLE_TOP, print_options
from evaluator.xlsx.cell_text import one_line
from evaluator.xlsx.writer import Column, SheetWriter, Styled, Value

SUMMARY_TOP = 7
MOST_CLOSE = 6


def write_summary(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write the sheet that answers: what is recommended, and how all options stand."""
    first = (first_place(plan.result, ENGLISH),) if plan.ranked else ()
    sentences = (*recommendation(plan.result, ENGLISH), *first) if plan.whole else first
    for place, sentence in enumerate(dict.fromkeys(sentences)):
        page.put(2 + place, 0, one_line(sentence, 200), "plain" if place else "strong")
    page.formula(SUMMARY_TOP - 2, 0, "state_of_inputs", OFFICIAL_STATE, "note")
    columns = _summary_columns(plan)
    last = page.table(SUMMARY_TOP, columns, plan.ranked, keep=2)
    if plan.ranked:
        score = [column.header for column in columns].index("Score")
        bars = charts.Bars(1, score, score + 3, score + 4, SUMMARY_TOP + 1, last)
        chart_title = "Official score with its range from low to high"
        page.print_area(charts.scores(page, plan, bars, chart_title, (last + 2, 1)), 0)
    page.sheet.activate()


def status(plan: WorkbookPlan) -> str:
    """Return what the summary says of itself: date, data, and whether it is a draft."""
    result = plan.result
    failing = sum(not check.passed for check in result.final)
    state = (
        f"DRAFT, {counted(failing, 'check')} open (see Method)" if failing else checks_held(result.final).capitalize()
    )
    parts = [
        f"Official figures as of {result.as_of}",
        f"valid until {result.valid_until}",
        f"data {result.digest[:12]}",
        state,
    ]
    return ", ".join([*parts, plan.selection] if plan.selection else parts) + "."


def _summary_columns(plan: WorkbookPlan) -> list[Column[OptionScore]]:
    def verdict(option: OptionScore) -> str:
        return VERDICT_WORDS[plan.result.verdicts[option.id]] if option.id in plan.result.verdicts else ""

    def close(option: OptionScore) -> str:
        return ENGLISH.named([plan.labels[other] for other in option.close], MOST_CLOSE) or "none"

    alone: list[Column[OptionScore]] = [
        Column("Verdict", 13, "wrap", verdict),
        Column("Cost per year, alone", 24, "wrap", lambda option: plan.cost_alone(option.id)),
    ]
    return [
        Column("Rank", 6, "rank", lambda option: option.rank),
        Column("Option", 26, "bold", lambda option: plan.labels[option.id]),
        Column("Edition", 18, "wrap", lambda option: one_line(option.edition_name, 40)),
        *clearance(plan, 12, 13),
        *gates_by_class(plan, "Gates: ", 13),
        Column("Score", 8, "points_bold", lambda option: option.score),
        Column("Low", 8, "points", lambda option: option.low),
        Column("High", 8, "points", lambda option: option.high),
        Column("Could fall by", 8, "points", lambda option: max(0.0, option.score - option.low)),
        Column("Could rise by", 8, "points", lambda option: max(0.0, option.high - option.score)),
        Column("Answered, share of weight", 10, "percent", lambda option: option.coverage),
        Column("Stale, share of weight", 9, "percent", lambda option: option.stale),
        *(alone if plan.whole else []),
        Column("Too close to call with", 30, "wrap", close),
    ]


MARKS = {
    EvidenceStatus.SUPPORTED: "",
    EvidenceStatus.STALE: " old",
    EvidenceStatus.OVER_CAP: " weak",
    EvidenceStatus.UNSUPPORTED: " bare",
}
DIFFERS = " ≠"


def write_compare(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write the matrix of levels: criteria in rows, options in columns, best option first."""

    def of_option(option: OptionScore) -> Column[PlacedCriterion]:
        return Column(plan.labels[option.id], 12.5, "centre", lambda row: _level(option.cells[row.place - 1]))

    columns: list[Column[PlacedCriterion]] = [
        Column("Family", 36, "wrap", lambda row: row.family.title),
        Column("Criterion", 48, "wrap", lambda row: plan.criterion_labels[row.criterion.id]),
        Column("Weight", 8, "percent_fine", lambda row: plan.result.scores.weights[row.criterion.id]),
        *map(of_option, plan.ranked),
    ]
    left, options = 3, len(plan.ranked)
    last = page.table(TABLE_TOP, columns, plan.placed_criteria, keep=left)
    if last > TABLE_TOP:
        scale = {"type": "3_color_scale", "min_color": LOWEST, "mid_color": MIDDLE, "max_color": HIGHEST}
        page.sheet.conditional_format(TABLE_TOP + 1, left, last, left + max(options, 1) - 1, scale)
    for row, label in enumerate(("Score", "Low", "High"), start=last + 1):
        figures = [getattr(option, label.lower()) for option in plan.ranked]
        page.row(row, 0, ["", label, "", *figures], ["label"] * left + ["label_number"] * options)
    print_options(page, last + 4, left, options, repeat=left)


def _level(found: Cell) -> Styled:
    """A level, its number format saying in a word what stands behind it."""
    differs = DIFFERS if found.differs else ""
    if found.level is None:
        return Styled(f"?{differs}")
    mark = MARKS.get(found.evidence_status, "") + differs
    return Styled(found.level, number_format=f'0"{mark}"' if mark else "0")


def write_families(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write scores by family, and the profile of the leading options on one scale."""
    left, options = 2, len(plan.ranked)
    page.widths([40, 9, *[12.5] * options])
    blocks: tuple[tuple[str, str, Callable[[FamilyScore], float]], ...] = (
        ("Score", "points", lambda family: family.score),
        ("Low", "points", lambda family: family.low),
        ("High", "points", lambda family: family.high),
        ("Answered, share of weight", "percent", lambda family: family.coverage),
    )
    last = TABLE_TOP - 2
    for figure, style, read in blocks:
        last = page.rows(last + 2, list(_family_columns(plan, figure, style, read)), plan.families)
    page.sheet.freeze_panes(TABLE_TOP + 1, left)
    print_options(page, last, left, options, repeat=left)
    if plan.ranked:
        scores = (TABLE_TOP + 1, TABLE_TOP + len(plan.families))
        page.print_area(charts.profile(page, plan, scores, (last + 2, 0)), 0)


def _family_columns(
    plan: WorkbookPlan, figure: str, style: str, read: Callable[[FamilyScore], float]
) -> Iterator[Column[Part]]:
    """The columns of one figure of every family and option."""

    def weight(part: Part) -> float:
        return next((option.families[part.id].weight for option in plan.ranked if part.id in option.families), 0.0)

    def of_option(option: OptionScore, part: Part) -> Value:
        family = option.families.get(part.id)
        return read(family) if family else Styled("no weight", "cell")

    yield Column(figure, 0, "label", lambda part: part.title)
    yield Column("Weight", 0, "percent_fine", weight)
    for option in plan.ranked:
        yield Column(plan.labels[option.id], 0, style, partial(of_option, option))


NEVER = "never"
MOST_RIVALS = 5


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A family or criterion and the weights at which something else holds."""

    kind: str
    title: str
    found: WeightBreakeven


def write_breakeven(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write how far each weight is from another first place and stack, nearest first, and how far all are together."""

    def at(point: BreakevenPoint | None) -> float | str:
        return point.at if point else NEVER

    def to(point: BreakevenPoint | None) -> str:
        return _tools(plan, point.to) if point else ""

    found = present(plan.result.sensitivity).breakeven
    page.put(2, 0, _first_place_note(plan, found), "strong")
    titles = {part.id: part.title for part in plan.families}
    rows = [_Weighed("family", titles.get(row.id, row.id), row) for row in _nearest(found.families)]
    rows += [_Weighed("criterion", plan.criterion_title(row.id), row) for row in _nearest(found.criteria)]
    columns: list[Column[_Weighed]] = [
        Column("Kind", 11, "cell", lambda row: row.kind),
        Column("Family or criterion", 50, "wrap", lambda row: row.title),
        Column("Weight", 9, "percent_fine", lambda row: row.found.weight),
        Column("First place changes at or below", 12, "percent_fine", lambda row: at(row.found.first_down)),
        Column("to", 28, "wrap", lambda row: to(row.found.first_down)),
        Column("First place changes at or above", 12, "percent_fine", lambda row: at(row.found.first_up)),
        Column("to", 28, "wrap", lambda row: to(row.found.first_up)),
        Column("Stack changes at or below", 12, "percent_fine", lambda row: at(row.found.stack_down)),
        Column("to", 30, "wrap", lambda row: to(row.found.stack_down)),
        Column("Stack changes at or above", 12, "percent_fine", lambda row: at(row.found.stack_up)),
        Column("to", 30, "wrap", lambda row: to(row.found.stack_up)),
    ]
    last = page.table(LIVE_TOP, columns, rows, keep=2)
    page.print_area(_least_changes(page, plan, found, last + 2), len(columns) - 1)


def _first_place_note(plan: WorkbookPlan, found: Breakeven) -> str:
    if found.runner_up is None:
        return f"First place: {_tools(plan, found.first, ', ')}; there is no other option."
    first, second = (plan.labels[option] for option in (found.first[0], found.runner_up))
    stack = f" Recommended stack: {_tools(plan, found.stack)}." if found.stack else ""
    return f"First place: {first}, {points(found.gap)} points before {second}.{stack}"


def _nearest(rows: tuple[WeightBreakeven, ...]) -> list[WeightBreakeven]:
    """Those with the nearest break-even point first; those that have none keep their order at the end."""
    return sorted(rows, key=lambda row: (row.nearest is None, row.nearest or 0.0))


def _tools(plan: WorkbookPlan, tools: tuple[str, ...], between: str = " + ") -> str:
    return between.join(plan.labels.get(tool, tool) for tool in tools) or "none"


def _least_changes(page: SheetWriter, plan: WorkbookPlan, found: Breakeven, top: int) -> int:
    """Write the smallest change of all weights together that lets each of the nearest rivals draw level; returns the last row."""

    def changes(change: LeastChange) -> str:
        weights = [
            f"{plan.criterion_title(key)}: {100 * before:.1f} % to {100 * after:.1f} %"
            for key, (before, after) in change.weights.items()
        ]
        return "\n".join([plan.labels.get(change.rival, change.rival), *weights])

    title = "The smallest change of all weights together that lets a rival draw level: the nearest rivals"
    page.put(top, 0, title, "section")
    columns: list[Column[LeastChange]] = [
        Column("Sum", 0, "percent_fine", lambda change: NEVER if change.distance is None else change.distance),
        Column("Rival, and the weights that change", 0, "wrap", changes),
    ]
    return page.rows(top + 1, columns, found.least[:MOST_RIVALS])


def write_stack_details(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write what each tool adds to the recommended stack, what its tools share, and value against cost."""
    full = present(plan.stack_details)
    page.widths([60, 16, 18, 16])
    page.row(2, 0, [f"{plan.stack_label(full.tools)}: value", full.value], ["strong", "points_bold"])
    tools: list[Column[ToolContribution]] = [
        Column("Tool", 0, "wrap", lambda tool: plan.labels[tool.tool]),
        Column("Alone", 0, "points", lambda tool: tool.alone),
        Column("Lost without it", 0, "points", lambda tool: tool.last),
        Column("Fair share", 0, "points", lambda tool: tool.fair),
    ]
    last = page.rows(LIVE_TOP, tools, full.worth)
    if full.overlaps:
        last = _overlaps(page, plan, full, last + 2)
    if full.concentrations:
        shared = [[_shared(plan, item)] for item in full.concentrations]
        title = "Owners and regions that several tools of the stack share"
        last = page.section(last + 2, title, shared, ["plain"])
    for frontier in full.frontier:
        last = _frontier(page, plan, frontier, last + 2)
    page.print_area(last, 3)


def _shared(plan: WorkbookPlan, found: Concentration) -> str:
    return f"{found.kind.capitalize()} {found.value}: {joined([plan.labels[tool] for tool in found.tools])}"


def _overlaps(page: SheetWriter, plan: WorkbookPlan, full: StackDetails, top: int) -> int:
    """Write what two tools could both do; returns the last row."""
    columns: list[Column[Overlap]] = [
        Column("Two tools", 0, "wrap", lambda overlap: plan.stack_label(overlap.tools)),
        Column("Overlap", 0, "percent", lambda overlap: overlap.share),
        Column("Use cases of both", 0, "rank", lambda overlap: len(overlap.use_cases)),
    ]
    last = page.rows(top, columns, full.overlaps) + 1
    note = "Overlap: what both could do, as a share of what the one that does less could do alone."
    page.put(last, 0, note, "note")
    return last


def _frontier(page: SheetWriter, plan: WorkbookPlan, frontier: Frontier, top: int) -> int:
    """Write the stacks that no other beats on value without costing more, in one currency; returns the last row."""
    columns: list[Column[FrontierPoint]] = [
        Column(
            f"No stack of more value costs less, in {frontier.currency}",
            0,
            "wrap",
            lambda point: plan.stack_label(point.tools),
        ),
        Column("Value", 0, "points", lambda point: point.value),
        Column("Expected per year", 0, "whole", lambda point: point.cost.expected(frontier.currency)),
    ]
    last = page.rows(top, columns, frontier.points) + 1
    compared = f"{counted(frontier.priced, 'stack')} of up to {counted(frontier.up_to, 'tool')} priced in full"
    page.put(last, 0, f"{compared}; {counted(frontier.unpriced, 'stack')} not.", "note")
    return last
