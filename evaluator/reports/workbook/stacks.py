"""The best stacks: recomputed over every stack that is listed, beside the official ones, and who serves what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.model.cost import Coverage
from evaluator.model.evaluated import Served, Stack, StackSize
from evaluator.reports.language import ENGLISH
from evaluator.reports.sentences import limits_lead
from evaluator.reports.words import COVERAGE_WORDS, counted, money
from evaluator.reports.workbook import charts
from evaluator.reports.workbook.formulas import AGREES, TOLERANCE, equal, named, stack_value, verdict
from evaluator.reports.workbook.plan import MOST_SETS, WorkbookPlan
from evaluator.reports.workbook.styles import LIVE_TOP, TABLE_TOP, lock
from evaluator.xlsx.writer import Column, Formula, SheetWriter, cell

NOBODY = "nobody"
NONE = "none"
HEADERS = (
    "Tools", "Best stack", "Value", "Gain", "Runner-up", "Its value", "Behind by", "Close?", "Check", "Rows in the list",
)  # fmt: skip
WIDTHS = (9, 46, 10, 10, 46, 13, 10, 10, 16, 8, 8)
BEST, VALUE, GAIN, RUNNER_UP, ITS_VALUE, BEHIND, CLOSE, CHECK, FIRST, SECOND = range(1, 11)
"""Columns of the live best stacks; the last two hold rows in the list of stacks."""


@dataclass(frozen=True, slots=True)
class Official:
    """What the official inputs give for one size."""

    label: str
    runner_up: str
    runner_up_value: float | str
    behind: float | str
    close: str
    """Whether the runner-up lies within the close band: ``tie``, ``close``, ``no``."""
    first: int
    second: int
    """Rows of best and runner-up in the list, from 1; 0 where there is none."""


def official(plan: WorkbookPlan, size: StackSize) -> Official:
    """Return best and runner-up of ``size`` with the official inputs."""
    listed = plan.listed[size.size]
    label = plan.stack_label(size.best.tools)
    best = listed.tools.index(size.best.tools)
    second = next((place for place in listed.ranked if place != best), None)
    if second is None:
        return Official(label, NONE, "", "", "no other", best + 1, 0)
    gap = size.best.value - listed.values[second]
    band = float(plan.result.workspace.evaluation.policies.close_points)
    close = "tie" if round(gap, 9) == 0 else "close" if round(gap, 9) <= band else "no"
    other = plan.stack_label(listed.tools[second])
    return Official(label, other, listed.values[second], gap, close, best + 1, second + 1)


def recommended(plan: WorkbookPlan) -> int | str:
    """Return the recommended number of tools, or the word for none."""
    return NONE if plan.recommended is None else plan.recommended


def server(plan: WorkbookPlan, served: Served) -> str:
    """Return who serves a use case."""
    return plan.labels[served.tool] if served.tool else NOBODY


def write_nothing(page: SheetWriter, _plan: WorkbookPlan) -> None:
    """Leave the sheet to the line that says why there is no stack."""
    page.print_area(2, 8)


def write_stacks(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write the best stacks of every size."""
    page.widths(WIDTHS)
    page.headers(LIVE_TOP, 0, HEADERS)
    for row, size in enumerate(plan.sizes, start=LIVE_TOP + 1):
        _best(page, plan, size, row)
    row = _recommended(page, plan, LIVE_TOP + len(plan.sizes) + 2)
    for sentence in limits_lead(plan.result, ENGLISH):
        row += 1
        page.put(row, 1, sentence, "plain")
    counts = _counts(page, plan, row + 2)
    fixed = charts.coverage(page, plan, (row + 3, counts), (counts + 2, 1)) + 2
    row = _official_block(page, plan, fixed)
    for place in range(1, len(plan.sizes) + 1):
        page.formula(LIVE_TOP + place, CHECK, _check(LIVE_TOP + place, fixed + place), AGREES, "centre")
    top = row + 2
    for size in plan.sizes:
        top = _served(page, plan, size, top) + 2
    page.sheet.freeze_panes(LIVE_TOP + 1, 0)
    page.print_area(top, CHECK)


def _best(page: SheetWriter, plan: WorkbookPlan, size: StackSize, row: int) -> None:
    """Write best stack and runner-up of one size, live."""
    found = official(plan, size)
    labels, values, rounded, others = (
        named(name, size.size) for name in ("stack_names", "stack_values", "stack_rounded", "stack_others")
    )
    value, first, second, behind = (cell(row, column) for column in (VALUE, FIRST, SECOND, BEHIND))
    alone = found.second == 0
    below = cell(row - 1, VALUE) if size.size > plan.sizes[0].size else "0"
    close = f'IF(ROUND({behind},9)=0,"tie",IF(ROUND({behind},9)<=close_points,"close","no"))'
    # A list of one stack is one cell, in which not every spreadsheet looks anything up.
    figures: tuple[tuple[int, str, str, float | str, str], ...] = (
        (BEST, "best_stack", labels if alone else f"INDEX({labels},{first})", found.label, "wrap"),
        (VALUE, "best_value", values if alone else f"INDEX({values},{first})", size.best.value, "points_bold"),
        (GAIN, "best_gain", f"{value}-{below}", size.gain, "signed"),
        (RUNNER_UP, "runner_up", f'"{NONE}"' if alone else f"INDEX({labels},{second})", found.runner_up, "wrap"),
        (ITS_VALUE, "runner_up_value", '""' if alone else f"INDEX({values},{second})", found.runner_up_value, "points"),
        (BEHIND, "runner_up_behind", '""' if alone else f"{value}-{cell(row, ITS_VALUE)}", found.behind, "points"),
        (CLOSE, "runner_up_close", '"no other"' if alone else close, found.close, "centre"),
        (FIRST, "best_row", "1" if alone else f"MATCH(MAX({rounded}),{rounded},0)", found.first, "whole"),
        (SECOND, "", "0" if alone else f"MATCH(MAX({others}),{others},0)", found.second, "whole"),
    )
    page.put(row, 0, size.size, "rank")
    for column, name, formula, shown, style in figures:
        page.formula(row, column, formula, shown, style)
        if name:
            page.define(named(name, size.size), row, column)
    page.define(named("best_check", size.size), row, CHECK)


def _check(row: int, fixed: int) -> str:
    """Whether stack and value of a row equal the official ones in row ``fixed``."""
    best = f"{cell(row, BEST)}={cell(fixed, BEST)}"
    return verdict(f"AND({best},{equal(cell(row, VALUE), cell(fixed, VALUE))})")


def _official_block(page: SheetWriter, plan: WorkbookPlan, top: int) -> int:
    """Write the engine's best stack and runner-up of every size, fixed, with its cost; returns the last row."""

    def other(size: StackSize) -> Stack | None:
        return next(iter((*size.tied, *size.close)), None)

    def runner_up(size: StackSize) -> str:
        found = other(size)
        return plan.stack_label(found.tools) if found else "none in the close band"

    columns: list[Column[StackSize]] = [
        Column("Tools", 0, "rank", lambda size: size.size),
        Column("Official best stack", 0, "wrap", lambda size: plan.stack_label(size.best.tools)),
        Column("Value", 0, "points_bold", lambda size: size.best.value),
        Column("Gain", 0, "signed", lambda size: size.gain),
        Column("Official runner-up", 0, "wrap", runner_up),
        Column("Its value", 0, "points", lambda size: found.value if (found := other(size)) else ""),
        Column("Behind by", 0, "points", lambda size: size.best.value - found.value if (found := other(size)) else ""),
        Column("Sets listed", 0, "whole", lambda size: len(plan.listed[size.size].tools)),
    ]
    below = page.rows(top, columns, plan.sizes) + 2
    for row, size in enumerate(plan.sizes, start=below):
        cost = f"{counted(size.size, 'tool')}: cost per year of the official best {money(size.best.cost, ENGLISH)}."
        page.put(row, 0, f"{cost} {_compared(plan, size)}", "plain")
    return below + len(plan.sizes) - 1


def _compared(plan: WorkbookPlan, size: StackSize) -> str:
    """What the live search of one size covers, in words."""
    listed, stacks = plan.listed[size.size], plan.result.stacks
    within = " within the limits set" if stacks and stacks.limits.any else ""
    if listed.complete:
        sets = f"{counted(listed.combinations, 'set')} of {counted(size.size, 'tool')}{within}"
        return f"All {sets}: the live best is exact."
    return (
        f"{listed.combinations:,} sets of {size.size} tools exist{within}, more than the {MOST_SETS:,} this workbook lists. Recomputed here: the "
        f"{counted(len(listed.tools), 'set')} that the engine found best with the official inputs. After a change the live best is the best of "
        "these; the engine (evaluator stack) searches all."
    )


def _recommended(page: SheetWriter, plan: WorkbookPlan, row: int) -> int:
    """Write the smallest size whose next tool would add less than the least gain; returns the last row."""
    values = [cell(LIVE_TOP + 1 + number, VALUE) for number in range(len(plan.sizes))]
    # From the largest size down: a size of any value is enough where the next one gains too little.
    formula = f'IF({values[-1]}<={TOLERANCE},"{NONE}",{plan.sizes[-1].size})'
    for number in range(len(plan.sizes) - 2, -1, -1):
        gain = f"ROUND({values[number + 1]}-{values[number]},9)"
        stops = f"AND({values[number]}>{TOLERANCE},OR({gain}<=0,{gain}<min_gain))"
        formula = f"IF({stops},{plan.sizes[number].size},{formula})"
    page.put(row, 1, "Recommended size with the what-if inputs", "label")
    page.formula(row, 2, formula, recommended(plan), "bold")
    page.define("recommended_size", row, 2)
    page.row(row + 1, 1, ["Official recommended size", recommended(plan)], ["label", "bold"])
    return row + 1


def _counts(page: SheetWriter, plan: WorkbookPlan, top: int) -> int:
    """Write how many use cases the best stack of each size covers; returns the last row."""

    def count(state: Coverage) -> Column[StackSize]:
        def covered(size: StackSize) -> Formula:
            formula = f'SUMPRODUCT(({named("served_coverage", size.size)}="{COVERAGE_WORDS[state]}")*1)'
            return Formula(formula, sum(served.coverage is state for served in size.best.served))

        return Column(COVERAGE_WORDS[state].capitalize(), 0, "rank", covered)

    def best(size: StackSize) -> Formula:
        return Formula(named("best_stack", size.size), plan.stack_label(size.best.tools))

    tools: Column[StackSize] = Column("Tools", 0, "rank", lambda size: size.size)
    return page.rows(top, [tools, Column("Best stack", 0, "wrap", best), *map(count, Coverage)], plan.sizes)


def _served(page: SheetWriter, plan: WorkbookPlan, size: StackSize, top: int) -> int:
    """Write which tool of the best stack of one size serves which use case; returns the last row."""
    page.put(top, 0, f"Who serves what: best stack of {counted(size.size, 'tool')}", "section")
    page.put(top, ITS_VALUE, "Option no.:", "note")
    alone = len(plan.listed[size.size].tools) == 1
    for number, tool in enumerate(size.best.tools):
        listed = named(f"stack_tool_{number + 1}_of", size.size)
        label = listed if alone else f"INDEX({listed},{named('best_row', size.size)})"
        formula = f"SUMPRODUCT((option_names={label})*option_numbers)"
        page.formula(top, BEHIND + number, formula, plan.places[tool], "rank")
    tools = [cell(top, BEHIND + number) for number in range(size.size)]
    return page.rows(top + 1, _served_columns(plan, size, tools), size.best.served)


def _served_columns(plan: WorkbookPlan, size: StackSize, tools: Sequence[str]) -> list[Column[Served]]:
    """Who serves a use case; ``tools`` are the cells with the numbers of the stack's tools."""
    places = {case.id: place for place, case in enumerate(plan.use_cases, start=1)}
    none = COVERAGE_WORDS[Coverage.NOT_COVERED]

    def fits(served: Served) -> list[str]:
        return [f"INDEX(fits,{places[served.use_case]},{tool})" for tool in tools]

    def best_fit(served: Served) -> Formula:
        return Formula(f"MAX({','.join(fits(served))})", served.fit)

    def number(served: Served) -> Formula:
        """The first of the tools with the best fit."""
        chosen = tools[-1]
        for fit, tool in reversed(list(zip(fits(served)[:-1], tools[:-1], strict=True))):
            chosen = f"IF(AND({fit}>0,ROUND({fit},9)=ROUND([@Fit],9)),{tool},{chosen})"
        return Formula(f"IF([@Fit]<=0,0,{chosen})", plan.places[served.tool] if served.tool else 0)

    def name(served: Served) -> Formula:
        formula = f'IF([@Option no.]=0,"{NOBODY}",INDEX(option_names,[@Option no.]))'
        return Formula(formula, server(plan, served))

    def coverage(served: Served) -> Formula:
        formula = f'IF([@Option no.]=0,"{none}",INDEX(coverages,{places[served.use_case]},[@Option no.]))'
        return Formula(formula, COVERAGE_WORDS[served.coverage])

    return [
        Column("Use case no.", 0, "rank", lambda served: places[served.use_case]),
        Column("Use case", 0, "label", lambda served: plan.use_case_labels[served.use_case]),
        Column("Fit", 0, "points", best_fit, named("served_fit", size.size)),
        Column("Option no.", 0, "rank", number),
        Column("Served by", 0, "cell", name, named("served_by", size.size)),
        Column("Coverage", 0, "cell", coverage, named("served_coverage", size.size)),
    ]


FIRST_TOOL = 3
"""Column of the first tool on the list of stacks."""


def write_list(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write every stack that is compared: sizes one after another, stacks in the order of their tools' ids."""
    most = plan.sizes[-1].size
    heads = [
        "Tools", "No.", "Stack", *(f"Tool {number}" for number in range(1, most + 1)),
        "Value", "Official value", "Check", "Rounded", "Rounded, without the best",
    ]  # fmt: skip
    page.widths([7, 7, 60, *[24] * most, 9, 9, 16, 14, 14])
    page.headers(TABLE_TOP, 0, heads)
    row = TABLE_TOP + 1
    for size in plan.sizes:
        row = _stacks_of(page, plan, size, row, FIRST_TOOL + most)
    page.sheet.autofilter(TABLE_TOP, 0, row - 1, len(heads) - 1)
    page.sheet.freeze_panes(TABLE_TOP + 1, 3)
    page.sheet.repeat_rows(TABLE_TOP)
    page.print_area(row - 1, FIRST_TOOL + most + 2)
    lock(page)


def _stacks_of(page: SheetWriter, plan: WorkbookPlan, size: StackSize, first: int, value: int) -> int:
    """Write all stacks of one size, their value in column ``value``; returns the next free row."""
    listed, best = plan.listed[size.size], official(plan, size).first
    for number, (tools, points) in enumerate(zip(listed.tools, listed.values, strict=True), start=1):
        row = first + number - 1
        live, fixed, rounded = (cell(row, value + offset) for offset in (0, 1, 3))
        page.row(row, 0, [size.size, number, plan.stack_label(tools)], ["rank", "whole", "cell"])
        page.row(row, FIRST_TOOL, [plan.labels[tool] for tool in tools], ["cell"] * size.size)
        is_best = f"{cell(row, 1)}={named('best_row', size.size)}"
        figures: Sequence[Formula | float] = (
            Formula(stack_value(tools), points),
            points,
            Formula(verdict(equal(live, fixed)), AGREES),
            Formula(f"ROUND({live},9)", round(points, 9)),
            Formula(f"IF({is_best},-1,{rounded})", -1 if number == best else round(points, 9)),
        )
        page.row(row, value, figures, ["points", "points", "cell", "points_exact", "points_exact"])
    last = first + len(listed.tools) - 1
    columns = {"stack_names": 2, "stack_values": value, "stack_rounded": value + 3, "stack_others": value + 4}
    columns |= {f"stack_tool_{place + 1}_of": FIRST_TOOL + place for place in range(size.size)}
    for name, column in columns.items():
        page.define(named(name, size.size), first, column, last)
    return last + 1
