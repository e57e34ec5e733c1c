"""The sheet of numbers behind the live formulas: choices in force, weights in force, values of all answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from math import fsum

from evaluator.model.demand import UseCase
from evaluator.model.evaluated import OptionScore
from evaluator.reports.workbook.formulas import AGREES, OFFICIAL_STATE, equal, named, quoted, verdict
from evaluator.reports.workbook.plan import PlacedCriterion, WorkbookPlan
from evaluator.reports.workbook.styles import TABLE_TOP, lock
from evaluator.xlsx.writer import Column, Formula, SheetWriter, area

UNKNOWN_LABELS = ("nothing", "nothing, supported only", "best level")
"""What an unknown answer may count as; the first is the official policy."""
NO_WEIGHT = (
    "No criterion has any weight: nothing can be scored. Give at least one family and one of its criteria more than 0."
)
MOST_WEIGHT = 1_000_000_000_000
"""The largest weight that the content may hold; a larger input counts as this."""


def write(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write the choices in force, then weights and values of each criterion."""
    top = _in_force(page, plan, _choices(page, plan) + 1) + 2
    weights = _weight_columns(plan, top + 1)
    columns = [*weights, *_value_columns(plan), *_emphasis_columns(plan)]
    last = page.rows(top, columns, plan.placed_criteria)
    headers = [column.header for column in weights]
    raw, weight = headers.index("Raw weight"), headers.index("Weight in force")
    page.put(last + 1, 0, "Sum", "label")
    page.sums(top, last, {raw: (fsum(raw_weights(plan).values()), "free"), weight: (1.0, "percent_fine")})
    page.define("total_raw_weight", last + 1, raw)
    page.widths([column.width for column in columns])
    page.print_area(last + 1, len(weights) - 1)
    lock(page)


def _choices(page: SheetWriter, plan: WorkbookPlan) -> int:
    """Write the drop-down lists, numbered; returns the last row."""
    lists: tuple[tuple[str, str, str, Sequence[str | int]], ...] = (
        ("Data classes", "data_classes", "class_numbers", [plan.class_labels[key] for key in plan.classes]),
        ("Unknown counts as", "unknown_choices", "unknown_numbers", UNKNOWN_LABELS),
        ("Stack sizes", "stack_sizes", "size_numbers", [size.size for size in plan.sizes] or [1]),
    )
    number, class_id, first = len(lists), len(lists) + 1, TABLE_TOP + 1
    last = TABLE_TOP + max(len(items) for *_, items in lists)
    page.headers(TABLE_TOP, 0, [*(header for header, *_ in lists), "No.", "Class id"])
    for row in range(first, last + 1):
        page.put(row, number, row - TABLE_TOP, "whole")
    for column, (_, name, numbers, items) in enumerate(lists):
        for row, item in enumerate(items, start=first):
            page.put(row, column, item, "wrap" if isinstance(item, str) else "whole")
        page.define(name, first, column, TABLE_TOP + len(items))
        page.define(numbers, first, number, TABLE_TOP + len(items))
    for row, key in enumerate(plan.classes, start=first):
        page.put(row, class_id, key, "cell")
    page.define("class_ids", first, class_id, TABLE_TOP + len(plan.classes))
    return last


def _in_force(page: SheetWriter, plan: WorkbookPlan, top: int) -> int:
    """Write what the inputs come to, an input that is no choice as the official one; returns the next free row."""
    place = plan.gated_class
    found = "SUMPRODUCT((data_classes=input_data_class)*class_numbers)"
    policy = "SUMPRODUCT((unknown_choices=input_unknown_counts_as)*unknown_numbers)"
    size = "SUMPRODUCT((stack_sizes=input_stack_size)*size_numbers)"
    changed = (
        "SUMPRODUCT((input_family_weights<>official_family_weights)*1)"
        "+SUMPRODUCT((input_importance<>official_importance)*1)"
    )
    rows: tuple[tuple[str, str, int | str, str], ...] = (
        ("Data class in force, no.", f"IF({found}>0,{found},{place})", place, "data_class_number"),
        ("Data class in force, id", "INDEX(class_ids,data_class_number)", plan.classes[place - 1], "data_class_id"),
        ("Unknown counts as, no.", f"MAX(1,{policy})", 1, "unknown_number"),
        ("Stack size in force", f"IF({size}>0,{size},{plan.shown_size})", plan.shown_size, "stack_size"),
        ("Weights that differ from the official ones", changed, 0, "changed_weights"),
        ("Inputs that differ", "changed_weights+(unknown_number>1)", 0, "changed_inputs"),
        ("State", _state(), OFFICIAL_STATE, "state_of_inputs"),
    )
    for row, (label, formula, value, name) in enumerate(rows, start=top):
        page.put(row, 0, label, "label")
        page.formula(row, 1, formula, value, "cell", num_format="0")
        page.define(name, row, 1)
    return top + len(rows)


def _state() -> str:
    """The formula of one sentence about the inputs, for the head of every live sheet."""
    policy = 'IF(unknown_number=1,"","; unknown answers count as "&INDEX(unknown_choices,unknown_number))'
    what_if = (
        f'"What-if: "&changed_weights&" of the weights differ from the official ones"&{policy}'
        '&". The official result is unchanged."'
    )
    return f"IF(total_raw_weight=0,{quoted(NO_WEIGHT)},IF(changed_inputs=0,{quoted(OFFICIAL_STATE)},{what_if}))"


def _weight_columns(plan: WorkbookPlan, top: int) -> list[Column[PlacedCriterion]]:
    """The weight of every criterion, step by step from the inputs; the first criterion stands in row ``top``."""
    stated = plan.result.workspace.weights.criteria
    raw, weights = raw_weights(plan), plan.result.scores.weights

    def importance(*criteria: str) -> float:
        return fsum(float(stated.get(key, 0)) for key in criteria)

    def family_weight(row: PlacedCriterion) -> Formula:
        return _input("input_family_weights", row.family.place, row.family.weight)

    def own_importance(row: PlacedCriterion) -> Formula:
        return _input("input_importance", row.place, importance(row.criterion.id))

    def family_importance(row: PlacedCriterion) -> Formula:
        first = top + row.place - 1 - row.family.criteria.index(row.criterion.id)
        siblings = area(first, 3, first + len(row.family.criteria) - 1, 3)
        return Formula(f"SUM({siblings})", importance(*row.family.criteria))

    def raw_weight(row: PlacedCriterion) -> Formula:
        share = "[@Family weight in force]*[@Importance in force]/[@Importance of the family]"
        return Formula(f"IF([@Importance of the family]=0,0,{share})", raw[row.criterion.id])

    def weight(row: PlacedCriterion) -> Formula:
        return Formula("IF(total_raw_weight=0,0,[@Raw weight]/total_raw_weight)", weights[row.criterion.id])

    check = Formula(verdict(equal("[@Weight in force]", "[@Official weight]")), AGREES)
    return [
        Column("Criterion", 36, "cell", lambda row: plan.criterion_labels[row.criterion.id]),
        Column("Family", 24, "cell", lambda row: row.family.id, "criterion_family"),
        Column("Family weight in force", 10, "free", family_weight),
        Column("Importance in force", 10, "free", own_importance),
        Column("Importance of the family", 10, "free", family_importance),
        Column("Raw weight", 10, "free", raw_weight),
        Column("Weight in force", 10, "percent_fine", weight, "weight"),
        Column("Official weight", 10, "percent_fine", lambda row: weights[row.criterion.id]),
        Column("Check", 16, "cell", lambda _: check),
        Column("Id", 22, "cell", lambda row: row.criterion.id),
    ]


def _input(inputs: str, place: int, official: float) -> Formula:
    """An input as it counts: text and empty cells as 0, never below 0."""
    return Formula(f"MIN({MOST_WEIGHT},MAX(0,N(INDEX({inputs},{place}))))", official)


def raw_weights(plan: WorkbookPlan) -> dict[str, float]:
    """Return family weight times share of the family's importance, before all are brought to 1."""
    stated = plan.result.workspace.weights.criteria
    raw: dict[str, float] = {}
    for part in plan.families:
        total = fsum(float(stated.get(key, 0)) for key in part.criteria)
        raw |= {key: part.weight * float(stated.get(key, 0)) / total if total else 0.0 for key in part.criteria}
    return raw


def _value_columns(plan: WorkbookPlan) -> Iterator[Column[PlacedCriterion]]:
    """Three values per answer: as given, supported answers only, unknown at its best."""

    def value(option: OptionScore, which: int, row: PlacedCriterion) -> float:
        return plan.result.earned[option.id][row.criterion.id][which]

    blocks = (("given", "as answered"), ("low", "supported answers only"), ("best", "unknown at best"))
    for which, (prefix, what) in enumerate(blocks):
        for option in plan.options:
            header, name = f"{plan.labels[option.id]}: {what}", named(prefix, option.id)
            yield Column(header, 11, "value", partial(value, option, which), name)


def _emphasis_columns(plan: WorkbookPlan) -> Iterator[Column[PlacedCriterion]]:
    """The factor of every use case on every weight."""

    def factor(case: UseCase, row: PlacedCriterion) -> float:
        return case.emphasis.get(row.criterion.id, 1)

    for case in plan.use_cases:
        header, name = f"Emphasis: {plan.use_case_labels[case.id]}", named("emphasis", case.id)
        yield Column(header, 11, "free", partial(factor, case), name)
