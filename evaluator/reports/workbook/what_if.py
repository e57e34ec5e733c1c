"""The sheets with inputs: what if (weights of families, choices), weights of criteria, looking up one answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import fsum

from evaluator.model.evaluated import GateOutcome, OptionScore, Served, StackSize
from evaluator.reports.words import COVERAGE_WORDS
from evaluator.reports.workbook import charts, live_model, stacks
from evaluator.reports.workbook.formulas import AGREES, named
from evaluator.reports.workbook.live_scores import OUTCOMES, gates_header
from evaluator.reports.workbook.plan import Part, PlacedCriterion, WorkbookPlan
from evaluator.reports.workbook.source_tables import data_row
from evaluator.reports.workbook.styles import LIVE_TOP, TABLE_TOP, lock
from evaluator.xlsx.cell_text import one_line
from evaluator.xlsx.writer import Column, Formula, SheetWriter, cell

RIGHT = 5
"""Column of the ranking on the what-if sheet."""


def write_what_if(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write the what-if sheet: the inputs on the left, the ranking and the best stacks that follow on the right."""
    ranking = _ranking_columns(plan)
    page.widths([42, 27, 14, 14, 3, *[column.width for column in ranking]])
    _choices(page, plan)
    if plan.sizes:
        page.rows(LIVE_TOP - 1, _stack_columns(plan), plan.sizes, RIGHT)
    top = LIVE_TOP + max(len(plan.sizes), 4) + 1
    families_end = _families(page, plan, top)
    last = page.rows(top, ranking, enumerate(plan.ranked, start=1), RIGHT)
    _shade_checks(page, top + 1, last, RIGHT + [column.header for column in ranking].index("Check"))
    below = max(last, families_end) + 2
    low = _served(page, plan, below) if plan.sizes else below
    if plan.options:
        bars = charts.Bars(RIGHT + 1, RIGHT + 2, RIGHT + 11, RIGHT + 12, top + 1, last)
        title = "What-if score with its range from low to high"
        low = max(low, charts.scores(page, plan, bars, title, (below, RIGHT)))
    page.sheet.freeze_panes(3, 0)
    page.print_area(low, RIGHT + len(ranking) - 1)


def _choices(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write the three choices."""
    page.headers(LIVE_TOP - 1, 0, ["Input", "Choice"])
    gated = plan.class_labels[plan.gated]
    rows: tuple[Input, ...] = (
        ("Data class to gate for", gated, "input_data_class", "data_classes",
         "Which gates are counted: those of this class and the classes below it."),
        ("An unknown answer counts as", live_model.UNKNOWN_LABELS[0], "input_unknown_counts_as", "unknown_choices",
         "Which figure ranks options and makes the fits: score, low or high."),
        ("Stack size to show", plan.shown_size, "input_stack_size", "stack_sizes",
         "Which best stack is spelled out below."),
    )  # fmt: skip
    _inputs(page, LIVE_TOP, rows)
    if plan.sizes:
        row = LIVE_TOP + len(rows)
        page.put(row, 0, "Recommended size with these inputs", "label")
        page.formula(row, 1, "recommended_size", stacks.recommended(plan), "bold")


Input = tuple[str, str | int, str, str, str]
"""Label, value and name of an input, the named range with its choices, and what they mean."""


def _inputs(page: SheetWriter, top: int, inputs: Sequence[Input]) -> None:
    """Write inputs from row ``top`` on, each a drop-down list of its choices."""
    for row, (label, value, name, choices, message) in enumerate(inputs, start=top):
        page.row(row, 0, [label, value], ["label", "input_text"])
        page.define(name, row, 1)
        rule = {
            "validate": "list",
            "source": f"={choices}",
            "input_title": label,
            "input_message": message,
            "error_title": "Not one of the choices",
            "error_message": "Please take one of the choices in the list.",
        }
        page.choice([(row, 1, row, 1)], rule)


def _take_weights(page: SheetWriter, first: int, last: int, column: int, official: int, message: str) -> None:
    """Let the cells of a column take a number from 0 on, shaded where it differs from the ``official`` column."""
    rule = {
        "validate": "decimal",
        "criteria": ">=",
        "value": 0,
        "input_title": "What-if weight",
        "input_message": message,
        "error_title": "Not a weight",
        "error_message": "A weight is a number from 0 on.",
    }
    page.choice([(first, column, last, column)], rule)
    differs = f"{cell(first, column)}<>{cell(first, official)}".replace("$", "")
    page.shade((first, column, last, column), differs, "shade_open")


def _families(page: SheetWriter, plan: WorkbookPlan, top: int) -> int:
    """Write family weights, official and what-if; returns the last row."""
    weights = plan.result.scores.weights

    def share(part: Part) -> Formula:
        official = fsum(weights[key] for key in part.criteria)
        return Formula(f'SUMPRODUCT((criterion_family="{part.id}")*weight)', official)

    columns: list[Column[Part]] = [
        Column("Family", 0, "label", lambda part: part.title),
        Column("Official weight", 0, "free", lambda part: part.weight, "official_family_weights"),
        Column("What-if weight (input)", 0, "input", lambda part: part.weight, "input_family_weights"),
        Column("Share of the whole", 0, "percent_fine", share),
    ]
    last = page.rows(top, columns, plan.families)
    total = fsum(part.weight for part in plan.families)
    page.put(last + 1, 0, "Sum", "label")
    page.sums(top, last, {1: (total, "free"), 2: (total, "free"), 3: (1.0, "percent_fine")})
    meaning = "Weight of the family, on any scale. 0 takes the family out of the sum."
    _take_weights(page, top + 1, last, 2, 1, meaning)
    return last + 1


Placed = tuple[int, OptionScore]
"""An option and its place by the counted score."""


def _ranking_columns(plan: WorkbookPlan) -> list[Column[Placed]]:
    """All options in the order of the counted score."""

    def live(name: str, official: Callable[[OptionScore], float | str]) -> Callable[[Placed], Formula]:
        def shown(row: Placed) -> Formula:
            place, option = row
            return Formula(f"INDEX({name},INDEX(option_at_place,{place}))", official(option))

        return shown

    def gates(outcome: GateOutcome) -> Column[Placed]:
        name = f"live_gates_{outcome.value}"
        count = live(name, lambda option: len(option.gates[plan.gated].of(outcome)))
        return Column(gates_header(outcome), 12 if outcome is GateOutcome.UNSUPPORTED else 8, "rank", count)

    return [
        Column("Rank", 6, "rank", live("live_rank", lambda option: option.rank), "what_if_rank"),
        Column("Option", 28, "bold", live("option_names", lambda option: plan.labels[option.id])),
        Column("Counted score", 9, "points_bold", live("live_counted", lambda option: option.score), "what_if_score"),
        Column("Low", 9, "points", live("live_low", lambda option: option.low)),
        Column("High", 9, "points", live("live_high", lambda option: option.high)),
        Column("Official rank", 9, "rank", live("official_rank", lambda option: option.rank)),
        Column("Official score", 9, "points", live("official_score", lambda option: option.score)),
        Column("Check", 40, "cell", live("live_check", lambda _: AGREES)),
        *map(gates, OUTCOMES),
        Column("Could fall by", 9, "points", live("could_fall_by", lambda option: max(0.0, option.score - option.low))),
        Column(
            "Could rise by", 9, "points", live("could_rise_by", lambda option: max(0.0, option.high - option.score))
        ),
    ]


def _shade_checks(page: SheetWriter, first: int, last: int, column: int) -> None:
    """Shade the checks of changed figures, and those that do not agree although nothing was changed."""
    check = cell(first, column).replace("$", "")
    page.shade((first, column, last, column), f'LEFT({check},7)="what-if"', "shade_open")
    page.shade((first, column, last, column), f'RIGHT({check},5)="AGREE"', "shade_failed")


def _stack_columns(plan: WorkbookPlan) -> list[Column[StackSize]]:
    """The best stack of every size."""
    official = {size.size: stacks.official(plan, size) for size in plan.sizes}

    def live(name: str, value: Callable[[StackSize], float | str]) -> Callable[[StackSize], Formula]:
        return lambda size: Formula(named(name, size.size), value(size))

    return [
        Column("Tools", 0, "rank", lambda size: size.size),
        Column("Best stack", 0, "wrap", live("best_stack", lambda size: official[size.size].label)),
        Column("Value", 0, "points_bold", live("best_value", lambda size: size.best.value)),
        Column("Gain", 0, "signed", live("best_gain", lambda size: size.gain)),
        Column("Official value", 0, "points", lambda size: size.best.value),
        Column("Behind by", 0, "points", live("runner_up_behind", lambda size: official[size.size].behind)),
        Column("Close?", 0, "centre", live("runner_up_close", lambda size: official[size.size].close)),
        Column("Runner-up", 0, "wrap", live("runner_up", lambda size: official[size.size].runner_up)),
        Column("Check", 0, "centre", live("best_check", lambda _: AGREES)),
    ]


_SERVED = "Use case, with the best stack of the chosen size"


def _served(page: SheetWriter, plan: WorkbookPlan, top: int) -> int:
    """Write who serves what in the best stack of the chosen size; returns the last row."""
    chosen = next((size for size in plan.sizes if size.size == plan.shown_size), plan.sizes[0])
    places = {served.use_case: place for place, served in enumerate(chosen.best.served, start=1)}

    def live(name: str, official: Callable[[Served], float | str]) -> Callable[[Served], Formula]:
        def shown(served: Served) -> Formula:
            of_sizes = ",".join(f"INDEX({named(name, size.size)},{places[served.use_case]})" for size in plan.sizes)
            return Formula(f"CHOOSE(MATCH(stack_size,stack_sizes,0),{of_sizes})", official(served))

        return shown

    columns: list[Column[Served]] = [
        Column(_SERVED, 0, "label", lambda served: plan.use_case_labels[served.use_case]),
        Column("Served by", 0, "wrap", live("served_by", lambda served: stacks.server(plan, served))),
        Column("Fit", 0, "points", live("served_fit", lambda served: served.fit), "what_if_served_fit"),
        Column("Coverage", 0, "wrap", live("served_coverage", lambda served: COVERAGE_WORDS[served.coverage])),
    ]
    return page.rows(top, columns, chosen.best.served)


def write_weights(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write official weights beside the what-if weights: the input cells for criteria."""
    columns = _criterion_columns(plan)
    last = page.table(LIVE_TOP, columns, plan.placed_criteria, keep=2)
    page.row(last + 1, 0, ["Sum", "", "", ""], ["label"] * 4)
    total = fsum(plan.result.scores.weights.values())
    page.sums(LIVE_TOP, last, {4: (total, "percent_fine"), 5: (total, "percent_fine")})
    message = "Importance inside the family, on any scale. 0 takes the criterion out of the sum."
    _take_weights(page, LIVE_TOP + 1, last, 3, 2, message)
    page.print_area(_out_of_scope(page, plan, last + 3), len(columns) - 1)


def _criterion_columns(plan: WorkbookPlan) -> list[Column[PlacedCriterion]]:
    stated, weights = plan.result.workspace.weights, plan.result.scores.weights

    def importance(row: PlacedCriterion) -> float:
        return stated.criteria.get(row.criterion.id, 0)

    def reason(row: PlacedCriterion) -> str:
        return (
            one_line(stated.reasons.get(row.family.id, ""), 400) if row.criterion.id == row.family.criteria[0] else ""
        )

    def live_weight(row: PlacedCriterion) -> Formula:
        return Formula(f"INDEX(weight,{row.place})", weights[row.criterion.id])

    return [
        Column("Family", 36, "wrap", lambda row: row.family.title),
        Column("Criterion", 50, "wrap", lambda row: plan.criterion_labels[row.criterion.id]),
        Column("Official importance", 11, "free", importance, "official_importance"),
        Column("What-if importance (input)", 12, "input", importance, "input_importance"),
        Column("Official weight", 10, "percent_fine", lambda row: weights[row.criterion.id]),
        Column("What-if weight", 10, "percent_fine", live_weight),
        Column("Change", 9, "percent_signed", lambda _: Formula("[@What-if weight]-[@Official weight]", 0.0)),
        Column("Family's reason", 62, "wrap", reason),
    ]


def _out_of_scope(page: SheetWriter, plan: WorkbookPlan, top: int) -> int:
    """Write the criteria that nobody is scored on, with the reason; returns the last row."""
    gone = plan.result.workspace.evaluation.out_of_scope
    if not gone:
        return top - 2
    rows = [
        (plan.family_titles.get(key, ""), plan.criterion_title(key), one_line(reason, 200))
        for key, reason in gone.items()
    ]
    return page.section(top, "Taken out for all options alike", rows, ["cell", "cell", "plain"])


LOOKED_UP = (
    # what is shown, its column on the sheet Data, the height of its row
    ("Level", "level", None),
    ("What this level says", "anchor", 44),
    ("What the next level requires", "next_anchor", 57),
    ("Evidence status", "evidence_status", None),
    ("Points it earns, official weights", "points", None),
    ("Whose answer counts", "assessors", None),
    ("Confidence", "confidence", None),
    ("Rationale", "rationale", 96),
    ("Next level still needs", "missing", 57),
    ("Evidence", "evidence", 96),
)


def write_look_up(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write one answer at a time, for a chosen option and criterion."""
    page.widths([36, 110, 4, 6, 60])
    first, count = plan.ranked[0], len(plan.criteria)
    option, criterion = plan.labels[first.id], plan.criterion_labels[plan.criteria[0].id]
    inputs: tuple[Input, ...] = (
        ("Option", option, "look_up_option", "option_names", "One of the options."),
        ("Criterion", criterion, "look_up_criterion", "criterion_names", "One of the criteria in scope."),
    )
    _inputs(page, TABLE_TOP, inputs)
    found = TABLE_TOP + len(inputs)
    page.put(TABLE_TOP - 1, 4, "Criteria to choose from", "note")
    for number, item in enumerate(plan.criteria):
        page.put(TABLE_TOP + number, 3, number + 1, "note", num_format="0")
        page.put(TABLE_TOP + number, 4, plan.criterion_labels[item.id], "note")
    page.define("criterion_numbers", TABLE_TOP, 3, TABLE_TOP + count - 1)
    page.define("criterion_names", TABLE_TOP, 4, TABLE_TOP + count - 1)
    option_number = "SUMPRODUCT((option_names=look_up_option)*option_numbers)"
    number_in_list = "SUMPRODUCT((criterion_names=look_up_criterion)*criterion_numbers)"
    formula = f"IF({option_number}*{number_in_list}=0,0,({option_number}-1)*{count}+{number_in_list})"
    page.put(found, 0, "Row of the data", "note")
    page.formula(found, 1, formula, (plan.places[first.id] - 1) * count + 1, "note", num_format="0")
    page.define("look_up_row", found, 1)
    values = data_row(plan, first, plan.criteria[0], first.cells[0])
    for row, (label, field, height) in enumerate(LOOKED_UP, start=found + 1):
        formula = f'IF(look_up_row=0,"choose an option and a criterion above",INDEX(data_{field},look_up_row))'
        page.put(row, 0, label, "label")
        page.formula(row, 1, formula, values[field], "wrap")
        if height:
            page.height(row, height)
    page.print_area(found + len(LOOKED_UP), 1)
    lock(page)
