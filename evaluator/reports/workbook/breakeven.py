"""How far each weight is from another first place and another recommended stack, and how far all weights are together."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.model.sensitivity import Breakeven, BreakevenPoint, LeastChange, WeightBreakeven
from evaluator.reports.words import points
from evaluator.reports.workbook.cell_text import lines
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.writer import SheetWriter, TableColumn, Value, WorkbookWriter

SHEET = "Turning points"
TOP = 4
NEVER = "never"
MOST_RIVALS = 5
COLUMNS = (
    TableColumn("Kind", 11),
    TableColumn("Family or criterion", 50, "wrap"),
    TableColumn("Weight", 9, "percent_fine"),
    TableColumn("First place turns at or below", 12, "percent_fine"),
    TableColumn("to", 28, "wrap"),
    TableColumn("First place turns at or above", 12, "percent_fine"),
    TableColumn("to", 28, "wrap"),
    TableColumn("Stack turns at or below", 12, "percent_fine"),
    TableColumn("to", 30, "wrap"),
    TableColumn("Stack turns at or above", 12, "percent_fine"),
    TableColumn("to", 30, "wrap"),
)


def write(book: WorkbookWriter, plan: WorkbookPlan, found: Breakeven) -> None:
    """Write the sheet: official figures, nearest turn first within families and within criteria."""
    sheet = book.sheet(
        SHEET,
        "Turning points",
        "The weight at which something else holds, all other weights keeping their proportions. A rival that draws level counts.",
    )
    sheet.text(2, 0, _first_place_note(plan, found), "strong")
    titles = {part.id: part.title for part in plan.families}
    rows = [_row(plan, "family", titles.get(turns.id, turns.id), turns) for turns in _nearest(found.families)]
    rows += [_row(plan, "criterion", plan.criterion_title(turns.id), turns) for turns in _nearest(found.criteria)]
    last = sheet.table(TOP, COLUMNS, rows)
    sheet.freeze(TOP + 1, 2)
    sheet.print_area(_least(sheet, plan, found, last + 2), len(COLUMNS) - 1)


def _first_place_note(plan: WorkbookPlan, found: Breakeven) -> str:
    if found.runner_up is None:
        return f"First place: {_tools(plan, found.first, ', ')}; there is nothing left to turn."
    first, second = (plan.labels[option] for option in (found.first[0], found.runner_up))
    stack = f" Recommended stack: {_tools(plan, found.stack)}." if found.stack else ""
    return f"First place: {first}, {points(found.gap)} points before {second}.{stack}"


def _nearest(rows: tuple[WeightBreakeven, ...]) -> list[WeightBreakeven]:
    """Those with the nearest break-even point first; those that never do keep their order at the end."""
    return sorted(rows, key=lambda row: (row.nearest is None, row.nearest or 0.0))


def _row(plan: WorkbookPlan, kind: str, title: str, turns: WeightBreakeven) -> list[Value]:
    found = (turns.first_down, turns.first_up, turns.stack_down, turns.stack_up)
    return [kind, title, turns.weight, *[value for turn in found for value in _breakeven_values(plan, turn)]]


def _breakeven_values(plan: WorkbookPlan, turn: BreakevenPoint | None) -> tuple[Value, Value]:
    return (NEVER, "") if turn is None else (turn.at, _tools(plan, turn.to))


def _tools(plan: WorkbookPlan, tools: tuple[str, ...], between: str = " + ") -> str:
    return between.join(plan.labels.get(tool, tool) for tool in tools) or "none"


def _least(sheet: SheetWriter, plan: WorkbookPlan, found: Breakeven, top: int) -> int:
    """What the smallest change of all weights together would be, by rival; returns the last row."""
    sheet.text(
        top,
        0,
        "The smallest change of all weights together that lets a rival draw level: the nearest rivals",
        "section",
    )
    sheet.headers(top + 1, 0, ["Sum", "Rival, and the weights that change"])
    row = top + 1
    for row, change in enumerate(found.least[:MOST_RIVALS], start=top + 2):
        sheet.put(row, 0, NEVER if change.distance is None else change.distance, "percent_fine")
        sheet.text(row, 1, lines([plan.labels.get(change.rival, change.rival), *_changes(plan, change)]), "wrap")
    return row


def _changes(plan: WorkbookPlan, change: LeastChange) -> Iterator[str]:
    for key, (before, after) in change.weights.items():
        yield f"{plan.criterion_title(key)}: {100 * before:.1f} % to {100 * after:.1f} %"
