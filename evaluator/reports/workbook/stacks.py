"""The best stacks: recomputed over every set that is listed, beside the official ones, and who serves what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.model.cost import Coverage
from evaluator.model.evaluated import Evaluated, Served, StackSize
from evaluator.reports.language import ENGLISH
from evaluator.reports.sentences import limits_lead
from evaluator.reports.words import COVERAGE_WORDS, counted, money
from evaluator.reports.workbook import charts, names
from evaluator.reports.workbook.check_words import AGREES, TOLERANCE, equal, verdict
from evaluator.reports.workbook.plan import MOST_SETS, WorkbookPlan
from evaluator.reports.workbook.writer import SheetWriter, WorkbookWriter, area, cell

SHEET = "Stacks"
TOP = 4
NOBODY = "nobody"
NONE = "none"
HEADERS = (
    "Tools",
    "Best stack",
    "Value",
    "Gain",
    "Runner-up",
    "Its value",
    "Behind by",
    "Close?",
    "Check",
    "Rows in the list",
)
WIDTHS = (9, 46, 10, 10, 46, 13, 10, 10, 16, 8, 8)
BEST, VALUE, GAIN, RUNNER_UP, ITS_VALUE, BEHIND, CLOSE, CHECK, FIRST, SECOND = range(1, 11)


@dataclass(frozen=True, slots=True)
class Official:
    """What the official inputs give for one size."""

    label: str
    gain: float
    runner_up: str
    runner_up_value: float | str
    behind: float | str
    close: str
    """Whether the runner-up lies within the close band: ``tie``, ``close``, ``no``."""
    first: int
    second: int
    """Rows of best and runner-up in the list, from 1; 0 where there is none."""


def official(plan: WorkbookPlan, size: StackSize) -> Official:
    """Best and runner-up of ``size`` with the official inputs."""
    listed = plan.listed[size.size]
    label = plan.stack_label(size.best.tools)
    best = listed.tools.index(size.best.tools)
    second = next((place for place in listed.ranked if place != best), None)
    if second is None:
        return Official(label, size.gain, NONE, "", "", "no other", best + 1, 0)
    gap = size.best.value - listed.values[second]
    band = float(plan.result.workspace.evaluation.policies.close_points)
    close = "tie" if round(gap, 9) == 0 else "close" if round(gap, 9) <= band else "no"
    return Official(
        label,
        size.gain,
        plan.stack_label(listed.tools[second]),
        listed.values[second],
        gap,
        close,
        best + 1,
        second + 1,
    )


def write(book: WorkbookWriter, plan: WorkbookPlan) -> None:
    """Write the sheet."""
    if not plan.sizes:
        limited = " ".join(("No stack keeps to the limits of this evaluation.", *limits_lead(plan.result, ENGLISH)))
        nobody = "No use case of any importance is described, so no stack is computed."
        sheet = book.sheet(SHEET, "Stacks", limited if plan.result.stacks else nobody)
        sheet.print_area(2, 8)
        return
    sheet = book.sheet(
        SHEET,
        "Stacks: the best sets of tools",
        "The value of a stack is the mean of the best fit over the use cases, weighted by importance. Every set compared is on Stack list.",
        tab="#3A8C8C",
    )
    sheet.formula(2, 0, names.STATE, plan.official_state, "strong")
    sheet.widths(WIDTHS)
    sheet.headers(TOP, 0, HEADERS)
    for row, size in enumerate(plan.sizes, start=TOP + 1):
        _best(book, sheet, plan, size, row)
    row = _recommended(book, sheet, plan, TOP + len(plan.sizes) + 2)
    for sentence in limits_lead(plan.result, ENGLISH):
        row += 1
        sheet.text(row, 1, sentence, "plain")
    counts = _counts(sheet, plan, row + 2)
    row = charts.coverage(book, sheet, plan, (row + 3, counts), (counts + 2, 1))
    fixed = row + 2
    row = _official_block(sheet, plan, fixed)
    for at in range(TOP + 1, TOP + 1 + len(plan.sizes)):
        sheet.formula(at, CHECK, _check(at, fixed + at - TOP), AGREES, "centre")
    top = row + 2
    for size in plan.sizes:
        top = _served(book, sheet, plan, size, top) + 2
    sheet.freeze(TOP + 1, 0)
    sheet.print_area(top, CHECK)
    sheet.protect()


def _best(book: WorkbookWriter, sheet: SheetWriter, plan: WorkbookPlan, size: StackSize, row: int) -> None:
    """Best stack and runner-up of one size, live."""
    key, found = str(size.size), official(plan, size)
    labels, values, rounded, others = (
        names.of(name, key) for name in ("stack_names", "stack_values", "stack_rounded", "stack_others")
    )
    value, first, second, behind = (cell(row, column) for column in (VALUE, FIRST, SECOND, BEHIND))
    alone = found.second == 0
    below = cell(row - 1, VALUE) if size.size > plan.sizes[0].size else "0"
    close = f'IF(ROUND({behind},9)=0,"tie",IF(ROUND({behind},9)<={names.CLOSE},"close","no"))'
    # A list of one set is one cell, in which not every spreadsheet looks anything up.
    figures: tuple[tuple[int, str, float | str, str], ...] = (
        (BEST, labels if alone else f"INDEX({labels},{first})", found.label, "wrap"),
        (VALUE, values if alone else f"INDEX({values},{first})", size.best.value, "points_bold"),
        (GAIN, f"{value}-{below}", found.gain, "signed"),
        (RUNNER_UP, f'"{NONE}"' if alone else f"INDEX({labels},{second})", found.runner_up, "wrap"),
        (ITS_VALUE, '""' if alone else f"INDEX({values},{second})", found.runner_up_value, "points"),
        (BEHIND, '""' if alone else f"{value}-{cell(row, ITS_VALUE)}", found.behind, "points"),
        (CLOSE, '"no other"' if alone else close, found.close, "centre"),
        (FIRST, "1" if alone else f"MATCH(MAX({rounded}),{rounded},0)", found.first, "whole"),
        (SECOND, "0" if alone else f"MATCH(MAX({others}),{others},0)", found.second, "whole"),
    )
    sheet.number(row, 0, size.size, "rank")
    for column, formula, shown, look in figures:
        sheet.formula(row, column, formula, shown, look)
    for name, column in _NAMED:
        book.define(names.of(name, key), SHEET, cell(row, column))


_NAMED = (
    ("best_stack", BEST),
    ("best_value", VALUE),
    ("best_gain", GAIN),
    ("runner_up", RUNNER_UP),
    ("runner_up_value", ITS_VALUE),
    ("runner_up_behind", BEHIND),
    ("runner_up_close", CLOSE),
    ("best_check", CHECK),
    ("best_row", FIRST),
)


def _check(row: int, fixed: int) -> str:
    """Whether stack and value of a row equal the official ones in row ``fixed``."""
    best = f"{cell(row, BEST)}={cell(fixed, BEST)}"
    return verdict(f"AND({best},{equal(cell(row, VALUE), cell(fixed, VALUE))})")


def _official_block(sheet: SheetWriter, plan: WorkbookPlan, top: int) -> int:
    """The engine's best stack and runner-up of every size, fixed, with its cost; returns the last row."""
    heads = [
        "Tools",
        "Official best stack",
        "Value",
        "Gain",
        "Official runner-up",
        "Its value",
        "Behind by",
        "Sets listed",
    ]
    sheet.headers(top, 0, heads)
    for row, size in enumerate(plan.sizes, start=top + 1):
        other = next(iter((*size.tied, *size.close)), None)
        sheet.row(
            row,
            0,
            [
                size.size,
                plan.stack_label(size.best.tools),
                size.best.value,
                size.gain,
                plan.stack_label(other.tools) if other else "none in the close band",
                other.value if other else "",
                size.best.value - other.value if other else "",
                len(plan.listed[size.size].tools),
            ],
            ["rank", "wrap", "points_bold", "signed", "wrap", "points", "points", "whole"],
        )
    top += len(plan.sizes) + 1
    for row, size in enumerate(plan.sizes, start=top + 1):
        sheet.text(
            row,
            0,
            f"{counted(size.size, 'tool')}: cost per year of the official best {money(size.best.cost)}. {compared(plan, size)}",
            "plain",
        )
    return top + len(plan.sizes)


def compared(plan: WorkbookPlan, size: StackSize) -> str:
    """What the live search of one size covers, in words."""
    listed = plan.listed[size.size]
    if listed.complete:
        sets = f"{counted(listed.combinations, 'set')} of {counted(size.size, 'tool')}{_within(plan.result)}"
        return f"All {sets}: the live best is exact."
    return (
        f"{listed.combinations:,} sets of {size.size} tools exist{_within(plan.result)}, more than the {MOST_SETS:,} this workbook lists. Recomputed here: the "
        f"{counted(len(listed.tools), 'set')} that the engine found best with the official inputs. After a change the live best is the best of "
        "these; the engine (evaluator stack) searches all."
    )


def _recommended(book: WorkbookWriter, sheet: SheetWriter, plan: WorkbookPlan, row: int) -> int:
    """The recommended size: the smallest whose next tool would add less than the least gain."""
    values = [cell(TOP + 1 + number, VALUE) for number in range(len(plan.sizes))]
    # From the largest size down: a size of some worth is enough where the next one gains too little.
    formula = f'IF({values[-1]}<={TOLERANCE},"{NONE}",{plan.sizes[-1].size})'
    for number in range(len(plan.sizes) - 2, -1, -1):
        gain = f"ROUND({values[number + 1]}-{values[number]},9)"
        stops = f"AND({values[number]}>{TOLERANCE},OR({gain}<=0,{gain}<{names.MIN_GAIN}))"
        formula = f"IF({stops},{plan.sizes[number].size},{formula})"
    chosen = plan.result.stacks.recommended if plan.result.stacks else None
    sheet.text(row, 1, "Recommended size with the what-if inputs", "label")
    sheet.formula(row, 2, formula, NONE if chosen is None else chosen, "bold")
    book.define("recommended_size", SHEET, cell(row, 2))
    sheet.text(row + 1, 1, "Official recommended size", "label")
    sheet.put(row + 1, 2, NONE if chosen is None else chosen, "bold")
    return row + 1


def _counts(sheet: SheetWriter, plan: WorkbookPlan, top: int) -> int:
    """How many use cases the best stack of each size covers; returns the last row."""
    sheet.headers(top, 0, ["Tools", "Best stack", *(COVERAGE_WORDS[state].capitalize() for state in Coverage)])
    for row, size in enumerate(plan.sizes, start=top + 1):
        key = str(size.size)
        sheet.number(row, 0, size.size, "rank")
        sheet.formula(row, 1, names.of("best_stack", key), plan.stack_label(size.best.tools), "wrap")
        for column, state in enumerate(Coverage, start=2):
            formula = f'SUMPRODUCT(({names.of("served_coverage", key)}="{COVERAGE_WORDS[state]}")*1)'
            sheet.formula(row, column, formula, sum(served.coverage is state for served in size.best.served), "rank")
    return top + len(plan.sizes)


def _served(book: WorkbookWriter, sheet: SheetWriter, plan: WorkbookPlan, size: StackSize, top: int) -> int:
    """Which tool of the best stack of one size serves which use case; returns the last row."""
    key = str(size.size)
    sheet.text(top, 0, f"Who serves what: best stack of {counted(size.size, 'tool')}", "section")
    tools = [cell(top, BEHIND + number) for number in range(size.size)]
    sheet.text(top, ITS_VALUE, "Option no.:", "note")
    alone = len(plan.listed[size.size].tools) == 1
    for number, at in enumerate(size.best.tools):
        listed = names.of(f"stack_tool_{number + 1}_of", key)
        label = listed if alone else f"INDEX({listed},{names.of('best_row', key)})"
        place = next(no for no, option in enumerate(plan.options, start=1) if option.id == at)
        formula = f"SUMPRODUCT(({names.OPTION_LABELS}={label})*{names.OPTION_NUMBERS})"
        sheet.formula(top, BEHIND + number, formula, place, "rank")
    sheet.headers(top + 1, 0, ["Use case no.", "Use case", "Fit", "Option no.", "Served by", "Coverage"])
    places = {case.id: place for place, case in enumerate(plan.use_cases, start=1)}
    first = top + 2
    for row, served in enumerate(size.best.served, start=first):
        _serve(sheet, plan, served, row, places[served.use_case], tools)
    last = top + 1 + len(size.best.served)
    for name, column in (("served_fit", 2), ("served_by", 4), ("served_coverage", 5)):
        book.define(names.of(name, key), SHEET, area(first, column, last, column))
    return last


def _serve(sheet: SheetWriter, plan: WorkbookPlan, served: Served, row: int, place: int, tools: Sequence[str]) -> None:
    fits = [f"INDEX({names.FITS},{place},{tool})" for tool in tools]
    best, number = cell(row, 2), cell(row, 3)
    chosen = tools[-1]
    for fit, tool in reversed(list(zip(fits[:-1], tools[:-1], strict=True))):
        chosen = f"IF(AND({fit}>0,ROUND({fit},9)=ROUND({best},9)),{tool},{chosen})"
    at = next((no for no, option in enumerate(plan.options, start=1) if option.id == served.tool), 0)
    sheet.number(row, 0, place, "rank")
    sheet.text(row, 1, plan.use_case_labels[served.use_case], "label")
    sheet.formula(row, 2, f"MAX({','.join(fits)})", served.fit, "points")
    sheet.formula(row, 3, f"IF({best}<=0,0,{chosen})", at, "rank")
    who = plan.labels[served.tool] if served.tool else NOBODY
    sheet.formula(row, 4, f'IF({number}=0,"{NOBODY}",INDEX({names.OPTION_LABELS},{number}))', who, "cell")
    none = COVERAGE_WORDS[Coverage.NOT_COVERED]
    formula = f'IF({number}=0,"{none}",INDEX({names.COVERAGES},{place},{number}))'
    sheet.formula(row, 5, formula, COVERAGE_WORDS[served.coverage], "cell")


def _within(result: Evaluated) -> str:
    """What has to be said beside a count of stacks where they are limited."""
    return " within the limits set" if result.stacks and result.stacks.limits.any else ""
