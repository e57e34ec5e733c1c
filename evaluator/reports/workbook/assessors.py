"""Who took part, what was scored by whom, and where assessors differ."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.model.scorecard import AGREED
from evaluator.reports.words import counted, level
from evaluator.reports.workbook.cell_text import one_line
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.writer import TableColumn, Value, WorkbookWriter

SHEET, DIFFERENCES = "People", "Differences"
TOP = 3
CARDS = (
    TableColumn("Option", 24),
    TableColumn("Assessor", 14),
    TableColumn("Kind", 14),
    TableColumn("Edition assessed", 22, "wrap"),
    TableColumn("Assessed on", 12, "date"),
    TableColumn("Answers", 9, "whole"),
    TableColumn("Used", 26, "wrap"),
    TableColumn("Notice", 70, "wrap"),
)


def write_cards(book: WorkbookWriter, plan: WorkbookPlan) -> None:
    """Write the scorecards and who takes part in the decision."""
    sheet = book.sheet(
        SHEET,
        "People and scorecards",
        plan.result.scores.combination or "One scorecard per option; nothing had to be combined.",
    )
    last = sheet.table(TOP, CARDS, _card_rows(plan))
    sheet.freeze(TOP + 1, 1)
    row = last + 2
    sheet.text(row, 0, "Who takes part in the decision", "section")
    deciders = plan.result.workspace.evaluation.deciders
    for decider in deciders:
        row += 1
        sheet.text(row, 0, one_line(decider.role, 60), "bold")
        sheet.text(row, 1, decider.part, "cell")
    if not deciders:
        row += 1
        sheet.text(row, 0, "Nobody is named.", "plain")
    sheet.print_area(row, len(CARDS) - 1)


def _card_rows(plan: WorkbookPlan) -> Iterator[list[Value]]:
    for option in plan.options:
        vendor = plan.result.workspace.vendors[option.id]
        names = {edition.id: edition.name for edition in vendor.profile.editions}
        for card in vendor.scorecards:
            yield [
                plan.labels[option.id],
                card.assessor,
                card.kind,
                names.get(card.edition, card.edition),
                card.assessed,
                sum(key in plan.result.scores.weights for key in card.answers),
                "used" if card.edition == option.edition else "not used: another edition",
                card.notice,
            ]


def write_differences(book: WorkbookWriter, plan: WorkbookPlan) -> None:
    """Write the answers on which assessors differ."""
    assessors = sorted(
        {card.assessor for option in plan.options for card in plan.result.workspace.vendors[option.id].scorecards}
    )
    assessors = [assessor for assessor in assessors if assessor != AGREED]
    rows = list(_difference_rows(plan, assessors))
    sheet = book.sheet(
        DIFFERENCES,
        "Where assessors differ",
        f"{counted(len(rows), 'answer')} on which assessors gave different levels, widest first. "
        "A spread cannot be given where one says unknown.",
    )
    columns = [
        TableColumn("Option", 24),
        TableColumn("Family", 24, "wrap"),
        TableColumn("Criterion", 44, "wrap"),
        *[TableColumn(one_line(assessor, 24), 12, "centre") for assessor in assessors],
        TableColumn("Spread, levels", 9, "centre"),
        TableColumn("Level that counts", 11, "centre"),
        TableColumn("Whose", 18),
    ]
    last = sheet.table(TOP, columns, rows)
    sheet.freeze(TOP + 1, 3)
    sheet.text_numbers(last, len(columns) - 1)


def _difference_rows(plan: WorkbookPlan, assessors: list[str]) -> Iterator[list[Value]]:
    found = [
        (_spread(list(cell.levels.values())), option, cell)
        for option in plan.ranked
        for cell in option.cells
        if cell.differs
    ]
    found.sort(key=lambda row: -1 if row[0] is None else row[0], reverse=True)
    for spread, option, cell in found:
        yield [
            plan.labels[option.id],
            plan.family_titles[cell.criterion],
            plan.criterion_labels[cell.criterion],
            *[_level(cell.levels[assessor]) if assessor in cell.levels else "" for assessor in assessors],
            "" if spread is None else spread,
            _level(cell.level),
            ", ".join(cell.by),
        ]


def _level(value: int | None) -> int | str:
    return level(None) if value is None else value


def _spread(levels: list[int | None]) -> int | None:
    known = [value for value in levels if value is not None]
    return max(known) - min(known) if len(known) == len(levels) and known else None
