"""The sheet to play with: the inputs on the left, the ranking and the best stacks that follow on the right."""

from __future__ import annotations

from math import fsum

from evaluator.model.evaluated import Served, StackSize
from evaluator.reports.words import COVERAGE_WORDS
from evaluator.reports.workbook import charts, live_model, names, scores, stacks
from evaluator.reports.workbook.check_words import AGREES
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.writer import SheetWriter, WorkbookWriter, area, cell

SHEET = "What if"
CONTROLS = 4
"""Row of the first input."""
RIGHT = 5
"""Column of the ranking."""
RANKING = (
    ("Rank", 6, "live_rank", "rank"),
    ("Option", 28, names.OPTION_LABELS, "bold"),
    ("Counted score", 9, "live_counted", "points_bold"),
    ("Low", 9, "live_low", "points"),
    ("High", 9, "live_high", "points"),
    ("Official rank", 9, "official_rank", "rank"),
    ("Official score", 9, "official_score", "points"),
    ("Check", 40, "live_check", "cell"),
    ("Gates met", 8, "live_gates_met", "rank"),
    ("Gates failed", 8, "live_gates_failed", "rank"),
    ("Gates unsupported", 9, "live_gates_unsupported", "rank"),
    ("Could fall by", 9, "could_fall_by", "points"),
    ("Could rise by", 9, "could_rise_by", "points"),
)
CHECK = 7
"""Place of the check among the columns of the ranking."""


def write(book: WorkbookWriter, plan: WorkbookPlan) -> None:
    """Write the sheet."""
    sheet = book.sheet(
        SHEET, "What if", "Change the yellow cells; weights of single criteria are on Weights. Nothing here changes the official result.",
        tab="#B8860B",
    )  # fmt: skip
    sheet.formula(2, 0, names.STATE, plan.official_state, "strong")
    sheet.widths([42, 27, 14, 14, 3, *[width for _, width, _, _ in RANKING]])
    _controls(book, sheet, plan)
    if plan.sizes:
        _stacks(sheet, plan)
    top = CONTROLS + max(len(plan.sizes), 4) + 1
    families_end = _families(book, sheet, plan, top)
    last = _ranking(book, sheet, plan, top)
    below = max(last, families_end) + 2
    low = _served(book, sheet, plan, below) if plan.sizes else below
    if plan.options:
        bars = charts.Bars(RIGHT + 1, RIGHT + 2, RIGHT + 11, RIGHT + 12, top + 1, last)
        title = "What-if score with its range from low to high"
        low = max(low, charts.scores(book, sheet, plan, bars, title, (below, RIGHT)))
    sheet.freeze(3, 0)
    sheet.print_area(low, RIGHT + len(RANKING) - 1)
    sheet.protect()


def _controls(book: WorkbookWriter, sheet: SheetWriter, plan: WorkbookPlan) -> None:
    """The three choices."""
    sheet.headers(CONTROLS - 1, 0, ["Input", "Choice"])
    rows: tuple[tuple[str, str | int, str, str, str], ...] = (
        ("Data class to gate for", plan.class_labels[plan.classes[plan.gated_class - 1]], names.CLASS_INPUT, names.CLASS_CHOICES,
         "Which gates are counted: those of this class and the classes below it."),
        ("An unknown answer counts as", live_model.UNKNOWN_LABELS[0], names.UNKNOWN_INPUT, names.UNKNOWN_CHOICES,
         "Which figure ranks options and makes the fits: score, low or high."),
        ("Stack size to show", plan.shown_size, names.SIZE_INPUT, names.SIZE_CHOICES,
         "Which best stack is spelled out below."),
    )  # fmt: skip
    for row, (label, value, name, choices, message) in enumerate(rows, start=CONTROLS):
        sheet.text(row, 0, label, "label")
        sheet.put(row, 1, value, "input_text")
        sheet.choose(row, 1, choices, label, message)
        book.define(name, SHEET, cell(row, 1))
    if plan.sizes:
        recommended = plan.result.stacks.recommended if plan.result.stacks else None
        sheet.text(CONTROLS + len(rows), 0, "Recommended size with these inputs", "label")
        value = stacks.NONE if recommended is None else recommended
        sheet.formula(CONTROLS + len(rows), 1, "recommended_size", value, "bold")


def _families(book: WorkbookWriter, sheet: SheetWriter, plan: WorkbookPlan, top: int) -> int:
    """Family weights, official and what-if; returns the last row."""
    sheet.headers(top, 0, ["Family", "Official weight", "What-if weight (input)", "Share of the whole"])
    first, last = top + 1, top + len(plan.families)
    for row, part in enumerate(plan.families, start=first):
        sheet.text(row, 0, part.title, "label")
        sheet.number(row, 1, part.weight, "free")
        sheet.number(row, 2, part.weight, "input")
        share = fsum(plan.result.scores.weights[key] for key in part.criteria)
        sheet.formula(row, 3, f'SUMPRODUCT((criterion_family="{part.id}")*{names.WEIGHT})', share, "percent_fine")
    sheet.text(last + 1, 0, "Sum", "label")
    for column, look in ((1, "free"), (2, "free"), (3, "percent_fine")):
        total = 1.0 if column == 3 else fsum(part.weight for part in plan.families)  # noqa: PLR2004 - the shares
        sheet.formula(last + 1, column, f"SUM({area(first, column, last, column)})", total, look)
    book.define(names.FAMILY_OFFICIAL, SHEET, area(first, 1, last, 1))
    book.define(names.FAMILY_INPUT, SHEET, area(first, 2, last, 2))
    sheet.at_least_zero(first, 2, last, "Weight of the family, on any scale. 0 takes the family out of the sum.")
    sheet.shade(first, 2, last, 2, f"C{first + 1}<>B{first + 1}", "open")
    return last + 1


def _ranking(book: WorkbookWriter, sheet: SheetWriter, plan: WorkbookPlan, top: int) -> int:
    """All options in the order of the counted score; returns the last row."""
    sheet.headers(top, RIGHT, [head for head, _, _, _ in RANKING])
    for place, option in enumerate(plan.ranked, start=1):
        row = top + place
        gates = option.gates[plan.classes[plan.gated_class - 1]]
        counts = [len(gates.of(outcome)) for outcome in scores.OUTCOMES]
        below, above = max(0.0, option.score - option.low), max(0.0, option.high - option.score)
        values: tuple[float | str, ...] = (
            option.rank, plan.labels[option.id], option.score, option.low, option.high,
            option.rank, option.score, AGREES, *counts, below, above,
        )  # fmt: skip
        for offset, ((_, _, name, look), value) in enumerate(zip(RANKING, values, strict=True)):
            sheet.formula(row, RIGHT + offset, f"INDEX({name},INDEX({names.ORDER},{place}))", value, look)
    last = top + max(len(plan.ranked), 1)
    for name, column in (("what_if_rank", RIGHT), ("what_if_score", RIGHT + 2)):
        book.define(name, SHEET, area(top + 1, column, last, column))
    check = RIGHT + CHECK
    sheet.shade(top + 1, check, last, check, f'LEFT({cell(top + 1, check).replace("$", "")},7)="what-if"', "open")
    sheet.shade(top + 1, check, last, check, f'RIGHT({cell(top + 1, check).replace("$", "")},5)="AGREE"', "failed")
    return last


def _stacks(sheet: SheetWriter, plan: WorkbookPlan) -> None:
    """The best stack of every size."""
    heads = ["Tools", "Best stack", "Value", "Gain", "Official value", "Behind by", "Close?", "Runner-up", "Check"]
    sheet.headers(CONTROLS - 1, RIGHT, heads)
    for row, size in enumerate(plan.sizes, start=CONTROLS):
        key, found = str(size.size), stacks.official(plan, size)
        sheet.number(row, RIGHT, size.size, "rank")
        sheet.number(row, RIGHT + 4, size.best.value, "points")
        figures: tuple[tuple[int, str, float | str, str], ...] = (
            (1, "best_stack", found.label, "wrap"),
            (2, "best_value", size.best.value, "points_bold"),
            (3, "best_gain", found.gain, "signed"),
            (5, "runner_up_behind", found.behind, "points"),
            (6, "runner_up_close", found.close, "centre"),
            (7, "runner_up", found.runner_up, "wrap"),
            (8, "best_check", AGREES, "centre"),
        )
        for offset, name, value, look in figures:
            sheet.formula(row, RIGHT + offset, names.of(name, key), value, look)


def _served(book: WorkbookWriter, sheet: SheetWriter, plan: WorkbookPlan, top: int) -> int:
    """Who serves what in the best stack of the chosen size; returns the last row."""
    chosen = _size(plan, plan.shown_size)
    sheet.headers(top, 0, ["Use case, with the best stack of the chosen size", "Served by", "Fit", "Coverage"])
    for row, served in enumerate(chosen.best.served, start=top + 1):
        place = row - top
        sheet.text(row, 0, plan.use_case_labels[served.use_case], "label")
        for column, (what, value, look) in enumerate(_shown(plan, served), start=1):
            cells = ",".join(f"INDEX({names.of(what, str(size.size))},{place})" for size in plan.sizes)
            pick = f"MATCH({names.SIZE},{names.SIZE_CHOICES},0)"
            sheet.formula(row, column, f"CHOOSE({pick},{cells})", value, look)
    last = top + len(chosen.best.served)
    book.define("what_if_served_fit", SHEET, area(top + 1, 2, last, 2))
    return last


def _shown(plan: WorkbookPlan, served: Served) -> tuple[tuple[str, float | str, str], ...]:
    return (
        ("served_by", plan.labels[served.tool] if served.tool else stacks.NOBODY, "wrap"),
        ("served_fit", served.fit, "points"),
        ("served_coverage", COVERAGE_WORDS[served.coverage], "wrap"),
    )


def _size(plan: WorkbookPlan, wanted: int) -> StackSize:
    return next((size for size in plan.sizes if size.size == wanted), plan.sizes[0])
