"""The flat copy for machines: one row per option and criterion, hidden; the look-up sheet reads it."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.model.catalogue import Criterion
from evaluator.model.evaluated import Cell, OptionScore
from evaluator.reports.words import EVIDENCE_STATUS_WORDS
from evaluator.reports.workbook.cell_text import lines
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.writer import Value, WorkbookWriter, area

SHEET = "Data"
SCHEMA = "comparison-data/1"
HEADERS = (
    "option",
    "criterion",
    "family",
    "weight",
    "level",
    "standing",
    "points",
    "low",
    "high",
    "assessors",
    "confidence",
    "anchor",
    "next_anchor",
    "rationale",
    "missing",
    "evidence",
)
LOOKED_UP = (
    "level",
    "standing",
    "points",
    "assessors",
    "confidence",
    "anchor",
    "next_anchor",
    "rationale",
    "missing",
    "evidence",
)
_LOOKS = ("plain",) * len(HEADERS)


def write(book: WorkbookWriter, plan: WorkbookPlan) -> None:
    """Write the sheet: options by id, criteria in catalogue order, headings in the first row."""
    sheet = book.bare(SHEET)
    sheet.row(0, 0, HEADERS, ["strong"] * len(HEADERS))
    last = 0
    for last, values in enumerate(_rows(plan), start=1):
        sheet.row(last, 0, values, _LOOKS)
    for head in LOOKED_UP:
        column = HEADERS.index(head)
        book.define(f"data_{head}", SHEET, area(1, column, max(last, 1), column))
    sheet.hide()


def _rows(plan: WorkbookPlan) -> Iterator[list[Value]]:
    for option in plan.options:
        for criterion, cell in zip(plan.criteria, option.cells, strict=True):
            yield _row(plan, option, criterion, cell)


def _row(plan: WorkbookPlan, option: OptionScore, criterion: Criterion, cell: Cell) -> list[Value]:
    answer = cell.answer
    return [
        option.id,
        cell.criterion,
        plan.result.workspace.catalogue.family_of[cell.criterion],
        cell.weight,
        "unknown" if cell.level is None else cell.level,
        EVIDENCE_STATUS_WORDS[cell.evidence_status],
        cell.points,
        cell.low,
        cell.high,
        ", ".join(cell.by) or "nobody",
        answer.confidence if answer else "none",
        *anchors(criterion, cell.level),
        answer.rationale if answer else "No scorecard has an answer.",
        lines(answer.missing) if answer and answer.missing else "nothing is listed",
        lines(_evidence(plan, option, cell)) or "none",
    ]


def row_values(plan: WorkbookPlan, option: OptionScore, criterion: Criterion, cell: Cell) -> dict[str, float | str]:
    """One row by heading."""
    return {
        head: value
        for head, value in zip(HEADERS, _row(plan, option, criterion, cell), strict=True)
        if isinstance(value, int | float | str)
    }


def anchors(criterion: Criterion, level: int | None) -> tuple[str, str]:
    """What the level says, and what the level above it would ask."""
    if level is None:
        return "The answer is unknown.", f"Level {criterion.min_level}: {criterion.levels[criterion.min_level]}"
    above = criterion.levels.get(level + 1)
    return criterion.levels[level], f"Level {level + 1}: {above}" if above else "This is the highest level."


def _evidence(plan: WorkbookPlan, option: OptionScore, cell: Cell) -> Iterator[str]:
    for item in cell.answer.evidence if cell.answer else ():
        yield f"{plan.evidence_id(option.id, item)} grade {item.grade}, {item.day}: {item.source}"
