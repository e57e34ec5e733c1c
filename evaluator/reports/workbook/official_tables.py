"""The sheets of official figures: recommendation and ranks, levels, families, break-even weights, the recommended stack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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
from evaluator.reports.words import VERDICT_WORDS, checks_held, counted, joined, money, points
from evaluator.reports.workbook import charts
from evaluator.reports.workbook.formulas import OFFICIAL_STATE
from evaluator.reports.workbook.gates import clearance, gates_by_class, shade_gates
from evaluator.reports.workbook.plan import Part, WorkbookPlan
from evaluator.reports.workbook.styles import (
    FEW_OPTIONS,
    HIGHEST,
    LIVE_TOP,
    LOWEST,
    MIDDLE,
    OFFICIAL_TAB,
    TABLE_TOP,
    ComparisonBook,
    across_pages,
)
from evaluator.xlsx.cell_text import one_line
from evaluator.xlsx.writer import Column, SheetWriter

SUMMARY, COMPARE, FAMILIES = "Summary", "Compare", "Families"
BREAKEVEN, STACK_DETAILS = "Turning points", "Stack in full"
SUMMARY_TOP = 7
MOST_CLOSE = 6


def write_summary(book: ComparisonBook, plan: WorkbookPlan) -> None:
    """Write the sheet that answers: what is recommended, and how all options stand."""
    title = one_line(plan.result.workspace.evaluation.title, 110)
    page = book.sheet(SUMMARY, title, _status(plan), OFFICIAL_TAB)
    first = (first_place(plan.result),) if plan.ranked else ()
    sentences = (*recommendation(plan.result), *first) if plan.whole else first
    for place, sentence in enumerate(dict.fromkeys(sentences)):
        page.put(2 + place, 0, one_line(sentence, 200), "plain" if place else "strong")
    page.formula(SUMMARY_TOP - 2, 0, "state_of_inputs", OFFICIAL_STATE, "note")
    columns = _summary_columns(plan)
    last = page.table(SUMMARY_TOP, columns, plan.ranked, keep=2)
    if plan.ranked:
        shade_gates(page, plan, SUMMARY_TOP, 5 if plan.whole else 3)
        score = [column.header for column in columns].index("Score")
        bars = charts.Bars(1, score, score + 3, score + 4, SUMMARY_TOP + 1, last)
        chart_title = "Official score with its range from low to high"
        page.print_area(charts.scores(page, plan, bars, chart_title, (last + 2, 1)), 0)
    page.sheet.activate()


def _status(plan: WorkbookPlan) -> str:
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

    def cost(option: OptionScore) -> str:
        found = plan.result.costs.get(option.id)
        return money(found) if found else "serves no use case"

    def close(option: OptionScore) -> str:
        return ENGLISH.named([plan.labels[other] for other in option.close], MOST_CLOSE) or "none"

    alone: list[Column[OptionScore]] = [
        Column("Verdict", 13, "wrap", verdict),
        Column("Cost per year, alone", 24, "wrap", cost),
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


def write_compare(book: ComparisonBook, plan: WorkbookPlan) -> None:
    """Write the matrix of levels: criteria in rows, options in columns, best option first."""
    page = book.sheet(
        COMPARE,
        "Levels by criterion",
        "Level of each answer that counts. ? unknown; old: evidence past its limit; weak: its evidence cannot carry the level; "
        "bare: no evidence; ≠ assessors differ. Colour repeats the number.",
    )
    left = 3
    columns: list[Column[tuple[Part, str]]] = [
        Column("Family", 36, "wrap", lambda row: row[0].title),
        Column("Criterion", 48, "wrap", lambda row: plan.criterion_labels[row[1]]),
        Column("Weight", 8, "percent_fine", lambda row: plan.result.scores.weights[row[1]]),
    ]
    rows = [(part, key) for part in plan.families for key in part.criteria]
    page.widths([column.width for column in columns] + [12.5] * len(plan.ranked))
    last = page.rows(TABLE_TOP, columns, rows)
    page.headers(TABLE_TOP, left, [plan.labels[option.id] for option in plan.ranked])
    for column, option in enumerate(plan.ranked, start=left):
        for row, found in enumerate(option.cells, start=TABLE_TOP + 1):
            _level(page, row, column, found)
    right = left + len(plan.ranked) - 1
    if last > TABLE_TOP:
        page.sheet.autofilter(TABLE_TOP, 0, last, right)
        scale = {"type": "3_color_scale", "min_color": LOWEST, "mid_color": MIDDLE, "max_color": HIGHEST}
        page.sheet.conditional_format(TABLE_TOP + 1, left, last, max(right, left), scale)
    figures = [[option.score, option.low, option.high] for option in plan.ranked]
    for offset, label in enumerate(("Score", "Low", "High")):
        row = last + 1 + offset
        page.row(row, 0, ["", label, ""], ["label"] * left)
        page.row(row, left, [found[offset] for found in figures], ["label_number"] * len(figures))
    page.sheet.freeze_panes(TABLE_TOP + 1, left)
    page.sheet.repeat_rows(TABLE_TOP)
    page.print_area(last + 4, max(right, left))
    if len(plan.ranked) > FEW_OPTIONS:
        across_pages(page, left - 1)


def _level(page: SheetWriter, row: int, column: int, found: Cell) -> None:
    """Write a level, its number format saying in a word what stands behind it."""
    differs = DIFFERS if found.differs else ""
    if found.level is None:
        page.put(row, column, f"?{differs}", "centre")
        return
    mark = MARKS.get(found.evidence_status, "") + differs
    page.put(row, column, found.level, "centre", num_format=f'0"{mark}"' if mark else "0")


def write_families(book: ComparisonBook, plan: WorkbookPlan) -> None:
    """Write scores by family, and the profile of the leading options on one scale."""
    page = book.sheet(
        FAMILIES,
        "Scores by family",
        "Official figures, 0 to 100 inside each family; an unknown answer earns nothing in the score and its best level in high.",
    )
    left = 2
    page.widths([40, 9, *[12.5] * len(plan.ranked)])
    last = _family_block(page, plan, TABLE_TOP, "Score", "points", lambda family: family.score)
    score_rows = (TABLE_TOP + 1, last)
    last = _family_block(page, plan, last + 2, "Low", "points", lambda family: family.low)
    last = _family_block(page, plan, last + 2, "High", "points", lambda family: family.high)
    last = _family_block(page, plan, last + 2, "Answered, share of weight", "percent", lambda family: family.coverage)
    page.sheet.freeze_panes(TABLE_TOP + 1, left)
    if len(plan.ranked) > FEW_OPTIONS:
        across_pages(page, left - 1)
    page.print_area(last, max(left, left + len(plan.ranked) - 1))
    if plan.ranked:
        page.print_area(charts.profile(page, plan, score_rows, (last + 2, 0)), 0)


def _family_block(
    page: SheetWriter, plan: WorkbookPlan, top: int, figure: str, style: str, read: Callable[[FamilyScore], float]
) -> int:
    """Write one figure of every family and option; returns the last row."""
    page.headers(top, 0, [figure, "Weight", *(plan.labels[option.id] for option in plan.ranked)])
    for row, part in enumerate(plan.families, start=top + 1):
        found = [option.families.get(part.id) for option in plan.ranked]
        page.put(row, 0, part.title, "label")
        page.put(row, 1, next((family.weight for family in found if family), 0.0), "percent_fine")
        for column, family in enumerate(found, start=2):
            page.put(row, column, read(family) if family else "no weight", style if family else "cell")
    return top + len(plan.families)


NEVER = "never"
MOST_RIVALS = 5


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A family or criterion and the weights at which something else holds."""

    kind: str
    title: str
    found: WeightBreakeven


def write_breakeven(book: ComparisonBook, plan: WorkbookPlan, found: Breakeven) -> None:
    """Write how far each weight is from another first place and stack, nearest first, and how far all are together."""

    def at(point: BreakevenPoint | None) -> float | str:
        return point.at if point else NEVER

    def to(point: BreakevenPoint | None) -> str:
        return _tools(plan, point.to) if point else ""

    page = book.sheet(
        BREAKEVEN,
        "Turning points",
        "The weight at which something else holds, all other weights keeping their proportions. A rival that draws level counts.",
    )
    page.put(2, 0, _first_place_note(plan, found), "strong")
    titles = {part.id: part.title for part in plan.families}
    rows = [_Weighed("family", titles.get(row.id, row.id), row) for row in _nearest(found.families)]
    rows += [_Weighed("criterion", plan.criterion_title(row.id), row) for row in _nearest(found.criteria)]
    columns: list[Column[_Weighed]] = [
        Column("Kind", 11, "cell", lambda row: row.kind),
        Column("Family or criterion", 50, "wrap", lambda row: row.title),
        Column("Weight", 9, "percent_fine", lambda row: row.found.weight),
        Column("First place turns at or below", 12, "percent_fine", lambda row: at(row.found.first_down)),
        Column("to", 28, "wrap", lambda row: to(row.found.first_down)),
        Column("First place turns at or above", 12, "percent_fine", lambda row: at(row.found.first_up)),
        Column("to", 28, "wrap", lambda row: to(row.found.first_up)),
        Column("Stack turns at or below", 12, "percent_fine", lambda row: at(row.found.stack_down)),
        Column("to", 30, "wrap", lambda row: to(row.found.stack_down)),
        Column("Stack turns at or above", 12, "percent_fine", lambda row: at(row.found.stack_up)),
        Column("to", 30, "wrap", lambda row: to(row.found.stack_up)),
    ]
    last = page.table(LIVE_TOP, columns, rows, keep=2)
    page.print_area(_least_changes(page, plan, found, last + 2), len(columns) - 1)


def _first_place_note(plan: WorkbookPlan, found: Breakeven) -> str:
    if found.runner_up is None:
        return f"First place: {_tools(plan, found.first, ', ')}; there is nothing left to turn."
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


def write_stack_details(book: ComparisonBook, plan: WorkbookPlan, full: StackDetails) -> None:
    """Write what each tool adds to the recommended stack, what its tools share, and value against cost."""
    page = book.sheet(
        STACK_DETAILS,
        "The recommended stack in full",
        "Official figures, in points of the stack's value. The fair share is the Shapley value; the shares sum to the value.",
    )
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
