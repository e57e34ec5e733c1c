"""What changed since the edition before: by option, and criterion by criterion, in points that add up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluator.models.change import Cause, CellChange, Change, OptionChange, Points
from evaluator.models.standing import Standing
from evaluator.reports.change_words import CAUSE_WORDS, RANK_WORDS
from evaluator.reports.words import STANDING_WORDS, level
from evaluator.reports.workbook.book import Book, Column, Formula, Value, area, cell
from evaluator.reports.workbook.plan import Plan
from evaluator.reports.workbook.text import one_line

SHEET, LIST = "Changes", "Change list"
TOP = 3
FIRST_CAUSE = 9


def write_options(book: Book, plan: Plan, change: Change) -> None:
    """Write one row per option of either edition: both scores, and what each cause moved."""
    causes = _causes(change)
    sheet = book.sheet(
        SHEET,
        f"Changes since {one_line(change.old.name, 40)}",
        f"Official figures of {change.old.as_of} and {change.new.as_of}, in points of the score. The causes add up to the difference.",
    )
    columns = [
        Column("Option", 28, "bold"),
        Column("Status", 10, "centre"),
        Column("Score before", 9, "points"),
        Column("Score now", 9, "points"),
        Column("Difference", 11, "signed"),
        Column("Rank before", 8, "rank"),
        Column("Rank now", 8, "rank"),
        Column("Why the rank moved", 24, "wrap"),
        Column("Do the causes add up?", 12, "centre"),
        *[Column(CAUSE_WORDS[cause], 14, "signed") for cause in causes],
    ]
    rows = [_option(plan, option, causes, row) for row, option in enumerate(change.options, start=TOP + 1)]
    sheet.table(TOP, columns, rows)
    sheet.freeze(TOP + 1, 1)


def write_list(book: Book, plan: Plan, change: Change) -> None:
    """Write one row per option and criterion on which anything moved."""
    causes = _causes(change)
    sheet = book.sheet(
        LIST,
        "Every answer, weight and rule that moved a score",
        f"{change.old.name} against {change.new.name}, in points of the score.",
    )
    columns = [
        Column("Option", 28),
        Column("Criterion", 48, "wrap"),
        Column("Level before", 9, "centre"),
        Column("Level now", 9, "centre"),
        Column("Stood", 16),
        Column("Stands", 16),
        Column("Weight before", 9, "percent_fine"),
        Column("Weight now", 9, "percent_fine"),
        Column("Points", 9, "signed"),
        *[Column(CAUSE_WORDS[cause], 14, "signed") for cause in causes],
    ]
    last = sheet.table(TOP, columns, _cells(plan, change, causes))
    sheet.freeze(TOP + 1, 2)
    sheet.text_numbers(last, len(columns) - 1)


def _causes(change: Change) -> list[Cause]:
    """The causes that moved any option's score, in the order of their kind."""
    found = {cause for option in change.options for cause in option.causes}
    return [cause for cause in Cause if cause in found]


def _option(plan: Plan, option: OptionChange, causes: Sequence[Cause], row: int) -> list[Value]:
    difference = option.difference
    moved: list[Value] = [option.causes[cause].score if cause in option.causes else None for cause in causes]
    adds_up: Value = ""
    if difference is not None and causes:
        span = area(row, FIRST_CAUSE, row, FIRST_CAUSE + len(causes) - 1)
        adds_up = Formula(f'IF(ABS(SUM({span})-{cell(row, 4)})<0.000000001,"yes","NO")', "yes")
    rank = option.rank
    return [
        plan.labels.get(option.id, one_line(option.name, 28)),
        option.status,
        _score(option.old),
        _score(option.new),
        _score(difference),
        rank.old if rank else None,
        rank.new if rank else None,
        RANK_WORDS[rank.reason] if rank else "",
        adds_up,
        *moved,
    ]


def _score(points: Points | None) -> float | None:
    return None if points is None else points.score


def _cells(plan: Plan, change: Change, causes: Sequence[Cause]) -> Iterator[list[Value]]:
    for option in change.options:
        for found in option.cells:
            yield [
                plan.labels.get(option.id, one_line(option.name, 28)),
                plan.criterion_title(found.criterion),
                *[level(value) if value is None else value for value in found.levels],
                *[_standing(state) for state in found.standings],
                *found.weights,
                found.total.score,
                *_parts(found, causes),
            ]


def _parts(found: CellChange, causes: Sequence[Cause]) -> list[Value]:
    return [found.parts[cause].score if cause in found.parts else None for cause in causes]


def _standing(state: Standing | None) -> str:
    return STANDING_WORDS[state] if state else "did not count"
