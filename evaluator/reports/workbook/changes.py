"""What changed since the previous review: by option, and criterion by criterion, in points that add up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from evaluator.model.change import Cause, CellChange, Change, OptionChange, Points
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.reports import change_words
from evaluator.reports.change_words import CAUSE_WORDS, RANK_WORDS
from evaluator.reports.words import EVIDENCE_STATUS_WORDS, level
from evaluator.reports.workbook import bridge
from evaluator.reports.workbook.cell_text import one_line
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.writer import Formula, TableColumn, Value, WorkbookWriter, area, cell

SHEET, LIST = "Changes", "Change list"
TOP = 3
CROSSED = (
    TableColumn("New facts on the old ruler: score", 14, "points"),
    TableColumn("New facts on the old ruler: rank", 14, "rank"),
    TableColumn("Old facts on the new ruler: score", 14, "points"),
    TableColumn("Old facts on the new ruler: rank", 14, "rank"),
)


def write_options(book: WorkbookWriter, plan: WorkbookPlan, change: Change) -> None:
    """Write one row per option of either review: score and low before and now, and what each cause moved.

    Below them stand their charts, and the value of the stack step by step.
    """
    sheet = book.sheet(
        SHEET,
        f"Changes since {one_line(change.old.name, 40)}",
        f"Official figures of {change.old.as_of} and {change.new.as_of}, in points. The causes add up to each difference. "
        "Charts and the stack are below the table.",
    )
    blocks = [_Block("Score", change), _Block("Low", change)]
    columns = [
        TableColumn("Option", 28, "bold"),
        TableColumn("Status", 10, "centre"),
        TableColumn("Rank before", 8, "rank"),
        TableColumn("Rank now", 8, "rank"),
        TableColumn("Why the rank moved", 24, "wrap"),
        *CROSSED,
    ]
    for block in blocks:
        block.first = len(columns)
        columns += block.columns()
    rows = [
        [*_option(plan, option), *(value for block in blocks for value in block.values(option, row))]
        for row, option in enumerate(change.options, start=TOP + 1)
    ]
    last = sheet.table(TOP, columns, rows)
    sheet.freeze(TOP + 1, 1)
    sheet.text(last + 1, 0, change_words.crossed_note(change), "note")
    top = below = last + 3
    drawn = [block for block in blocks if block.causes][: 1 if _same(blocks) else 2]
    for block, column in zip(drawn, (0, blocks[0].first), strict=False):
        where = (block.first + 4, (TOP + 1, last), (top, column))
        below = 2 + bridge.options_chart(book, sheet, plan, change, block.name, block.causes, *where)
    if change.stack:
        below = bridge.stack_steps(book, sheet, change, change.stack, below)
    sheet.print_area(below, 0)


def _same(blocks: Sequence[_Block]) -> bool:
    """Whether score and low moved alike, so that one chart tells both."""
    score, low = ([block.moved(option) for option in block.change.options] for block in blocks)
    return score == low


class _Block:
    """The columns on one figure: before, now, the difference, and the causes that moved it."""

    def __init__(self, name: Literal["Score", "Low"], change: Change) -> None:
        self.name = name
        self.change = change
        moving = {cause for option in change.options for cause, points in option.causes.items() if self._figure(points)}
        self.causes = [cause for cause in Cause if cause in moving]
        self.first = 0
        """The number of the block's first column, from 0."""

    def columns(self) -> list[TableColumn]:
        name = self.name
        lower = name.lower()
        return [
            TableColumn(f"{name} before", 9, "points"),
            TableColumn(f"{name} now", 9, "points"),
            TableColumn(f"Difference of the {lower}", 11, "signed"),
            TableColumn(f"Do the causes add up to it? ({lower})", 14, "centre"),
            *[TableColumn(f"{name}: {CAUSE_WORDS[cause]}", 14, "signed") for cause in self.causes],
        ]

    def values(self, option: OptionChange, row: int) -> list[Value]:
        difference = option.difference
        adds_up: Value = ""
        if difference is not None and self.causes:
            span = area(row, self.first + 4, row, self.first + 3 + len(self.causes))
            adds_up = Formula(f'IF(ABS(SUM({span})-{cell(row, self.first + 2)})<0.000000001,"yes","NO")', "yes")
        return [
            *(None if points is None else self._figure(points) for points in (option.old, option.new, difference)),
            adds_up,
            *(self._figure(option.causes[cause]) if cause in option.causes else None for cause in self.causes),
        ]

    def moved(self, option: OptionChange) -> dict[Cause, float]:
        """What each cause moved of the figure of one option."""
        return {cause: self._figure(points) for cause, points in option.causes.items()}

    def _figure(self, points: Points) -> float:
        return points.score if self.name == "Score" else points.low


def write_list(book: WorkbookWriter, plan: WorkbookPlan, change: Change) -> None:
    """Write one row per option and criterion on which anything moved."""
    causes = _causes(change)
    sheet = book.sheet(
        LIST,
        "Every answer, weight and rule that moved a score",
        f"{change.old.name} against {change.new.name}, in points of the score.",
    )
    columns = [
        TableColumn("Option", 28),
        TableColumn("Criterion", 48, "wrap"),
        TableColumn("Level before", 9, "centre"),
        TableColumn("Level now", 9, "centre"),
        TableColumn("Stood", 16),
        TableColumn("Stands", 16),
        TableColumn("Weight before", 9, "percent_fine"),
        TableColumn("Weight now", 9, "percent_fine"),
        TableColumn("Points", 9, "signed"),
        *[TableColumn(CAUSE_WORDS[cause], 14, "signed") for cause in causes],
    ]
    last = sheet.table(TOP, columns, _cells(plan, change, causes))
    sheet.freeze(TOP + 1, 2)
    sheet.text_numbers(last, len(columns) - 1)


def _causes(change: Change) -> list[Cause]:
    """The causes that moved any option's score, in the order of their kind."""
    found = {cause for option in change.options for cause in option.causes}
    return [cause for cause in Cause if cause in found]


def _option(plan: WorkbookPlan, option: OptionChange) -> list[Value]:
    rank = option.rank
    crossed: list[Value] = [value for pair in change_words.crossed_row(option)[1:3] for value in pair]
    return [
        plan.labels.get(option.id, one_line(option.name, 28)),
        option.status,
        rank.old if rank else None,
        rank.new if rank else None,
        RANK_WORDS[rank.reason] if rank else "",
        *(crossed or [None] * len(CROSSED)),
    ]


def _cells(plan: WorkbookPlan, change: Change, causes: Sequence[Cause]) -> Iterator[list[Value]]:
    for option in change.options:
        for found in option.cells:
            yield [
                plan.labels.get(option.id, one_line(option.name, 28)),
                plan.criterion_title(found.criterion),
                *[level(value) if value is None else value for value in found.levels],
                *[_status_words(state) for state in found.evidence_statuses],
                *found.weights,
                found.total.score,
                *_parts(found, causes),
            ]


def _parts(found: CellChange, causes: Sequence[Cause]) -> list[Value]:
    return [found.parts[cause].score if cause in found.parts else None for cause in causes]


def _status_words(state: EvidenceStatus | None) -> str:
    return EVIDENCE_STATUS_WORDS[state] if state else "did not count"
