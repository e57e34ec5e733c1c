"""Every answer of every assessor, with its reason and evidence."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.model.catalogue import Criterion
from evaluator.model.evaluated import Cell, OptionScore
from evaluator.model.evidence_status import evidence_status
from evaluator.model.scorecard import Answer, Scorecard
from evaluator.reports.words import EVIDENCE_STATUS_WORDS
from evaluator.reports.workbook.cell_text import lines, one_line
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.writer import TableColumn, Value, WorkbookWriter

SHEET = "Answers"
TOP = 3
COLUMNS = (
    TableColumn("Option", 25),
    TableColumn("Edition", 16, "wrap"),
    TableColumn("Family", 22, "wrap"),
    TableColumn("Criterion", 30, "wrap"),
    TableColumn("Assessor", 11),
    TableColumn("Level", 9, "centre"),
    TableColumn("Counts", 9, "centre"),
    TableColumn("Stands", 12),
    TableColumn("Confidence", 11),
    TableColumn("Rationale", 70, "wrap"),
    TableColumn("Next level still needs", 40, "wrap"),
    TableColumn("Evidence", 12, "wrap"),
    TableColumn("Grades", 8),
    TableColumn("Answered on", 12, "date"),
)


def write(book: WorkbookWriter, plan: WorkbookPlan) -> None:
    """Write the sheet."""
    sheet = book.sheet(
        SHEET,
        "Answers",
        "One row per assessor, option and criterion. 'Counts' says whose answer the figures use; evidence numbers lead to Evidence.",
    )
    last = sheet.table(TOP, COLUMNS, _rows(plan))
    sheet.freeze(TOP + 1, 4)
    sheet.text_numbers(last, len(COLUMNS) - 1)


def _rows(plan: WorkbookPlan) -> Iterator[list[Value]]:
    for option in plan.ranked:
        cards = [card for card in plan.result.workspace.vendors[option.id].scorecards if card.edition == option.edition]
        edition = one_line(option.edition_name, 40)
        for criterion, cell in zip(plan.criteria, option.cells, strict=True):
            for card in cards:
                answer = card.answers.get(criterion.id)
                if answer is not None:
                    yield _row(plan, option, edition, criterion, cell, card, answer)


def _row(
    plan: WorkbookPlan,
    option: OptionScore,
    edition: str,
    criterion: Criterion,
    cell: Cell,
    card: Scorecard,
    answer: Answer,
) -> list[Value]:
    state = evidence_status(answer, criterion, plan.result.workspace.catalogue, plan.result.as_of)
    return [
        plan.labels[option.id],
        edition,
        plan.family_titles[criterion.id],
        plan.criterion_labels[criterion.id],
        card.assessor,
        answer.level,
        "counts" if card.assessor in cell.by else "",
        EVIDENCE_STATUS_WORDS[state],
        answer.confidence,
        answer.rationale,
        lines(answer.missing),
        ", ".join(plan.evidence_id(option.id, item) for item in answer.evidence),
        ", ".join(item.grade for item in answer.evidence),
        answer.date or card.assessed,
    ]
