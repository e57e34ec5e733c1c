"""Every answer of every assessor, with its reason and evidence."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.models.catalogue import Criterion
from evaluator.models.result import Cell, OptionScore
from evaluator.models.scorecard import Answer, Scorecard
from evaluator.models.standing import standing
from evaluator.reports.words import STANDING_WORDS
from evaluator.reports.workbook.book import Book, Column, Value
from evaluator.reports.workbook.plan import Plan
from evaluator.reports.workbook.text import lines, one_line

SHEET = "Answers"
TOP = 3
COLUMNS = (
    Column("Option", 25),
    Column("Edition", 16, "wrap"),
    Column("Family", 22, "wrap"),
    Column("Criterion", 30, "wrap"),
    Column("Assessor", 11),
    Column("Level", 9, "centre"),
    Column("Counts", 9, "centre"),
    Column("Stands", 12),
    Column("Confidence", 11),
    Column("Rationale", 70, "wrap"),
    Column("Next level still needs", 40, "wrap"),
    Column("Evidence", 12, "wrap"),
    Column("Grades", 8),
    Column("Answered on", 12, "date"),
)


def write(book: Book, plan: Plan) -> None:
    """Write the sheet."""
    sheet = book.sheet(
        SHEET,
        "Answers",
        "One row per assessor, option and criterion. 'Counts' says whose answer the figures use; evidence numbers lead to Evidence.",
    )
    last = sheet.table(TOP, COLUMNS, _rows(plan))
    sheet.freeze(TOP + 1, 4)
    sheet.text_numbers(last, len(COLUMNS) - 1)


def _rows(plan: Plan) -> Iterator[list[Value]]:
    for option in plan.ranked:
        cards = [
            card for card in plan.result.workspace.vendors[option.id].scorecards if card.assessor in option.scorecards
        ]
        edition = one_line(option.edition_name, 40)
        for criterion, cell in zip(plan.criteria, option.cells, strict=True):
            for card in cards:
                answer = card.answers.get(criterion.id)
                if answer is not None:
                    yield _row(plan, option, edition, criterion, cell, card, answer)


def _row(
    plan: Plan, option: OptionScore, edition: str, criterion: Criterion, cell: Cell, card: Scorecard, answer: Answer
) -> list[Value]:
    state = standing(answer, criterion, plan.result.workspace.catalogue, plan.result.as_of)
    return [
        plan.labels[option.id],
        edition,
        plan.family_titles[criterion.id],
        plan.criterion_labels[criterion.id],
        card.assessor,
        answer.level,
        "counts" if card.assessor in cell.by else "",
        STANDING_WORDS[state],
        answer.confidence,
        answer.rationale,
        lines(answer.missing),
        ", ".join(plan.evidence_id(option.id, item) for item in answer.evidence),
        ", ".join(item.grade for item in answer.evidence),
        answer.date or card.assessed,
    ]
