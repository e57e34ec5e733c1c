"""The recommended stack in full: what each tool is worth in it, what its tools share, and value against cost."""

from __future__ import annotations

from evaluator.model.stack_details import Frontier, StackDetails
from evaluator.reports.words import counted, joined
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.writer import SheetWriter, WorkbookWriter

SHEET = "Stack in full"
TOP = 4
WIDTHS = (60, 16, 18, 16)


def write(book: WorkbookWriter, plan: WorkbookPlan, full: StackDetails) -> None:
    """Write the sheet: official figures, one block per question."""
    sheet = book.sheet(
        SHEET,
        "The recommended stack in full",
        "Official figures, in points of the stack's value. The fair share is the Shapley value; the shares sum to the value.",
    )
    sheet.widths(WIDTHS)
    sheet.text(2, 0, f"{plan.stack_label(full.tools)}: value", "strong")
    sheet.put(2, 1, full.value, "points_bold")
    row = _contributions(sheet, plan, full)
    row = _overlaps(sheet, plan, full, row + 2)
    row = _shared(sheet, plan, full, row + 2)
    for frontier in full.frontier:
        row = _frontier(sheet, plan, frontier, row + 2)
    sheet.print_area(row, len(WIDTHS) - 1)


def _contributions(sheet: SheetWriter, plan: WorkbookPlan, full: StackDetails) -> int:
    sheet.headers(TOP, 0, ["Tool", "Alone", "Lost without it", "Fair share"])
    for row, tool in enumerate(full.worth, start=TOP + 1):
        looks = ["wrap", "points", "points", "points"]
        sheet.row(row, 0, [plan.labels[tool.tool], tool.alone, tool.last, tool.fair], looks)
    return TOP + len(full.worth)


def _overlaps(sheet: SheetWriter, plan: WorkbookPlan, full: StackDetails, top: int) -> int:
    """What two tools could both do; returns the last row."""
    if not full.overlaps:
        return top - 2
    sheet.headers(top, 0, ["Two tools", "Overlap", "Use cases of both"])
    for row, overlap in enumerate(full.overlaps, start=top + 1):
        sheet.row(
            row,
            0,
            [plan.stack_label(overlap.tools), overlap.share, len(overlap.use_cases)],
            ["wrap", "percent", "rank"],
        )
    row = top + len(full.overlaps) + 1
    sheet.text(row, 0, "Overlap: what both could do, as a share of what the one that does less could do alone.", "note")
    return row


def _shared(sheet: SheetWriter, plan: WorkbookPlan, full: StackDetails, top: int) -> int:
    """Owners and regions of several tools; returns the last row."""
    if not full.concentrations:
        return top - 2
    sheet.text(top, 0, "Owners and regions that several tools of the stack share", "section")
    row = top
    for row, shared in enumerate(full.concentrations, start=top + 1):
        tools = joined([plan.labels[tool] for tool in shared.tools])
        sheet.text(row, 0, f"{shared.kind.capitalize()} {shared.value}: {tools}", "plain")
    return row


def _frontier(sheet: SheetWriter, plan: WorkbookPlan, frontier: Frontier, top: int) -> int:
    """The stacks that no other beats on value without costing more, in one currency; returns the last row."""
    sheet.headers(top, 0, [f"No stack of more value costs less, in {frontier.currency}", "Value", "Expected per year"])
    for row, point in enumerate(frontier.points, start=top + 1):
        cost = point.cost.expected(frontier.currency)
        sheet.row(row, 0, [plan.stack_label(point.tools), point.value, cost], ["wrap", "points", "whole"])
    row = top + len(frontier.points) + 1
    compared = f"{counted(frontier.priced, 'stack')} of up to {counted(frontier.up_to, 'tool')} priced in full"
    sheet.text(row, 0, f"{compared}; {counted(frontier.unpriced, 'stack')} not.", "note")
    return row
