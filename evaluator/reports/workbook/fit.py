"""How well every option serves every use case: live, official, and what both are made of."""

from __future__ import annotations

from collections.abc import Callable

from evaluator.model.cost import Coverage
from evaluator.model.demand import UseCase
from evaluator.model.evaluated import Fit
from evaluator.reports.words import COVERAGE_MARKS, COVERAGE_WORDS
from evaluator.reports.workbook import names
from evaluator.reports.workbook.check_words import AGREES, TOLERANCE, verdict
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.writer import SheetWriter, WorkbookWriter, area, cell

SHEET = "Fit"
TOP = 4
LEFT = 3
COLUMN_OF_CHECK = 2


def write(book: WorkbookWriter, plan: WorkbookPlan) -> None:
    """Write the sheet: use cases in file order, options by id."""
    sheet = book.sheet(
        SHEET,
        "Fit of every option for every use case",
        "0 to 100. ● covered, ◐ conditional: something it needs is not shown, ○ not covered: a gate fails or a must is absent.",
        tab="#3A8C8C",
    )
    sheet.formula(2, 0, names.STATE, plan.official_state, "strong")
    sheet.widths([44, 11, 12, *[13] * len(plan.options)])
    height = len(plan.use_cases) + 2
    blocks = {
        name: TOP + number * height for number, name in enumerate(("live", "official", "score", "share", "coverage"))
    }
    _live(book, sheet, plan, blocks)
    _block(sheet, plan, blocks["official"], "Official fit", lambda fit: fit.fit)
    _scores(sheet, plan, blocks["score"])
    _block(
        sheet,
        plan,
        blocks["share"],
        "Share of needed capabilities",
        lambda fit: fit.capabilities,
        "percent",
        marked=False,
    )
    _coverage(book, sheet, plan, blocks["coverage"])
    sheet.freeze(TOP + 1, 1)
    sheet.print_area(blocks["coverage"] + len(plan.use_cases), LEFT + max(len(plan.options), 1) - 1)
    if len(plan.options) > 16:  # noqa: PLR2004 - more do not fit a page
        sheet.repeat_columns(0, 0)
    sheet.protect()


def _headers(
    sheet: SheetWriter, plan: WorkbookPlan, top: int, what: str, second: str = "Importance", third: str = "Data class"
) -> None:
    sheet.headers(top, 0, [what, second, third, *(plan.labels[option.id] for option in plan.options)])
    for row, case in enumerate(plan.use_cases, start=top + 1):
        sheet.text(row, 0, plan.use_case_labels[case.id], "label")
        sheet.number(row, 1, case.importance, "free")
        if third == "Data class":
            sheet.text(row, 2, plan.class_label(case.data_class))


def marked_shape(coverage: Coverage) -> str:
    """The number format of a fit: its mark, then the figure."""
    return f'"{COVERAGE_MARKS[coverage]} "0.0'


def _live(book: WorkbookWriter, sheet: SheetWriter, plan: WorkbookPlan, blocks: dict[str, int]) -> None:
    top = blocks["live"]
    _headers(sheet, plan, top, "Fit with the what-if inputs", third="Check")
    right = LEFT + len(plan.options) - 1
    for row, case in enumerate(plan.use_cases):
        at = top + 1 + row
        for column, option in enumerate(plan.options, start=LEFT):
            fit = plan.fits[case.id][option.id]
            score, share, covered = (cell(blocks[name] + 1 + row, column) for name in ("score", "share", "coverage"))
            credit = f'IF({covered}="{COVERAGE_WORDS[Coverage.CONDITIONAL]}",{names.CREDIT},1)'
            formula = f'IF({covered}="{COVERAGE_WORDS[Coverage.NOT_COVERED]}",0,{score}*{share}*{credit})'
            sheet.formula(at, column, formula, fit.fit, "points", marked_shape(fit.coverage))
        live, official = (
            area(at, LEFT, at, right),
            area(blocks["official"] + 1 + row, LEFT, blocks["official"] + 1 + row, right),
        )
        spread = f"SQRT(SUMPRODUCT(({live}-{official})*({live}-{official})))"
        sheet.formula(at, COLUMN_OF_CHECK, verdict(f"{spread}<{TOLERANCE}"), AGREES, "cell")
    last = top + len(plan.use_cases)
    for column, option in enumerate(plan.options, start=LEFT):
        book.define(names.of(names.FIT, option.id), SHEET, area(top + 1, column, last, column))
    book.define(names.IMPORTANCE, SHEET, area(top + 1, 1, last, 1))
    book.define(names.FITS, SHEET, area(top + 1, LEFT, last, right))


def _block(
    sheet: SheetWriter,
    plan: WorkbookPlan,
    top: int,
    what: str,
    read: Callable[[Fit], float],
    look: str = "points",
    *,
    marked: bool = True,
) -> None:
    """One official figure of every fit."""
    _headers(sheet, plan, top, what)
    for row, case in enumerate(plan.use_cases, start=top + 1):
        for column, option in enumerate(plan.options, start=LEFT):
            fit = plan.fits[case.id][option.id]
            sheet.number(row, column, read(fit), look, marked_shape(fit.coverage) if marked else "")


def _scores(sheet: SheetWriter, plan: WorkbookPlan, top: int) -> None:
    """The score under the emphasis of each use case, live."""
    _headers(sheet, plan, top, "Score under the use case's emphasis, live", third="Sum of weights")
    for row, case in enumerate(plan.use_cases, start=top + 1):
        emphasis = names.of(names.EMPHASIS, case.id)
        total = cell(row, 2)
        sheet.formula(row, 2, f"SUMPRODUCT({names.WEIGHT},{emphasis})", _sum_of_weights(plan, case), "free", "0.0000")
        for column, option in enumerate(plan.options, start=LEFT):
            sums = ",".join(
                f"SUMPRODUCT({names.WEIGHT},{emphasis},{names.of(prefix, option.id)})"
                for prefix in (names.GIVEN, names.LOW, names.BEST)
            )
            formula = f"IF({total}=0,0,100*CHOOSE({names.UNKNOWN_NUMBER},{sums})/{total})"
            sheet.formula(row, column, formula, plan.fits[case.id][option.id].score, "points")


def _sum_of_weights(plan: WorkbookPlan, case: UseCase) -> float:
    return sum(weight * case.emphasis.get(key, 1.0) for key, weight in plan.result.scores.weights.items())


def _coverage(book: WorkbookWriter, sheet: SheetWriter, plan: WorkbookPlan, top: int) -> None:
    _headers(sheet, plan, top, "Coverage: gates and musts of the use case")
    for row, case in enumerate(plan.use_cases, start=top + 1):
        for column, option in enumerate(plan.options, start=LEFT):
            sheet.text(row, column, COVERAGE_WORDS[plan.fits[case.id][option.id].coverage])
    last, right = top + len(plan.use_cases), LEFT + len(plan.options) - 1
    book.define(names.COVERAGES, SHEET, area(top + 1, LEFT, last, right))
