"""What the unknown answers could do to the order of options."""

from __future__ import annotations

from evaluator.model.evaluated import OptionScore
from evaluator.reports.workbook import names
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.writer import SheetWriter, WorkbookWriter, area, cell

SHEET = "Sensitivity"
TOP = 4
HEADERS = (
    "Option", "Score", "Rank by score", "Low", "Rank by low", "High", "Rank by high", "Width, high less low",
    "Options it is ahead of, whatever is unknown", "Options it is behind, whatever is unknown",
)  # fmt: skip
FIGURES = ((1, "live_score", "score"), (3, "live_low", "low"), (5, "live_high", "high"))


def write(book: WorkbookWriter, plan: WorkbookPlan) -> None:
    """Write the sheet: live, options in official order."""
    sheet = book.sheet(
        SHEET,
        "Sensitivity to what is not known",
        "The order if unknown answers earn nothing (score), if weak answers earn nothing either (low), and if all unknowns turn out best (high).",
        tab="#3A8C8C",
    )
    sheet.formula(2, 0, names.STATE, plan.official_state, "strong")
    sheet.widths([30, 10, 10, 10, 10, 10, 10, 12, 20, 20])
    sheet.headers(TOP, 0, HEADERS)
    last = TOP + max(len(plan.ranked), 1)
    places = {option.id: place for place, option in enumerate(plan.options, start=1)}
    for row, option in enumerate(plan.ranked, start=TOP + 1):
        sheet.text(row, 0, plan.labels[option.id], "bold")
        for column, live, figure in FIGURES:
            value = round(getattr(option, figure), 9)
            sheet.formula(row, column, f"ROUND(INDEX({live},{places[option.id]}),9)", value, "points")
            span = area(TOP + 1, column, last, column)
            sheet.formula(row, column + 1, f"RANK({cell(row, column)},{span},0)", _rank(plan, value, figure), "rank")
        _sure(sheet, plan, option, row, last)
    sheet.freeze(TOP + 1, 1)
    sheet.repeat(TOP)
    sheet.print_area(last, len(HEADERS) - 1)
    sheet.protect()


def _rank(plan: WorkbookPlan, value: float, figure: str) -> int:
    others: list[float] = [getattr(other, figure) for other in plan.ranked]
    return 1 + sum(round(other, 9) > value for other in others)


def _sure(sheet: SheetWriter, plan: WorkbookPlan, option: OptionScore, row: int, last: int) -> None:
    low, high = cell(row, 3), cell(row, 5)
    lows, highs = area(TOP + 1, 3, last, 3), area(TOP + 1, 5, last, 5)
    own_low, own_high = round(option.low, 9), round(option.high, 9)
    sheet.formula(row, 7, f"{high}-{low}", own_high - own_low, "points")
    ahead = sum(round(other.high, 9) < own_low for other in plan.ranked)
    behind = sum(round(other.low, 9) > own_high for other in plan.ranked)
    sheet.formula(row, 8, f"SUMPRODUCT(({highs}<{low})*1)", ahead, "rank")
    sheet.formula(row, 9, f"SUMPRODUCT(({lows}>{high})*1)", behind, "rank")
