"""The sheet of numbers behind the live formulas: choices in force, weights in force, values of all answers."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

from evaluator.reports.workbook import names
from evaluator.reports.workbook.cell_text import quoted
from evaluator.reports.workbook.check_words import AGREES, equal, verdict
from evaluator.reports.workbook.plan import OFFICIAL_STATE, WorkbookPlan
from evaluator.reports.workbook.writer import SheetWriter, WorkbookWriter, area, cell

SHEET = "Model"
CHOICES_TOP = 3
UNKNOWN_LABELS = ("nothing", "nothing, firm only", "best level")
"""What an unknown answer may count as; the first is the official policy."""
NO_WEIGHT = (
    "No criterion has any weight: nothing can be scored. Give at least one family and one of its criteria more than 0."
)
MOST_WEIGHT = 1_000_000_000_000
"""The largest weight that the content may hold; a larger input counts as this."""

HEADERS = (
    "Criterion", "Family", "Family weight in force", "Importance in force", "Importance of the family", "Raw weight",
    "Weight in force", "Official weight", "Check", "Id",
)  # fmt: skip
WEIGHT_COLUMN = 6
LEFT = len(HEADERS)


def write(book: WorkbookWriter, plan: WorkbookPlan) -> None:
    """Write the sheet."""
    sheet = book.sheet(
        SHEET,
        "Model",
        "What the live formulas read. Weights follow the inputs; values, emphasis and choices are data of the evaluation.",
    )
    top = _choices(book, sheet, plan) + 2
    _weights(book, sheet, plan, top)
    right = _values(book, sheet, plan, top)
    right = _emphasis(book, sheet, plan, top, right)
    sheet.widths([36, 24, 10, 10, 10, 10, 10, 10, 16, 22, *[11] * (right - LEFT)])
    sheet.print_only(top + len(plan.criteria) + 1, LEFT - 1)
    sheet.protect()


def _choices(book: WorkbookWriter, sheet: SheetWriter, plan: WorkbookPlan) -> int:
    """The drop-down lists and which entry is in force; returns the last row used."""
    sizes = [size.size for size in plan.sizes] or [1]
    lists: tuple[tuple[str, Sequence[str | int], str, str], ...] = (
        ("Data classes", [plan.class_labels[key] for key in plan.classes], names.CLASS_CHOICES, "class_numbers"),
        ("Unknown counts as", list(UNKNOWN_LABELS), names.UNKNOWN_CHOICES, "unknown_numbers"),
        ("Stack sizes", sizes, names.SIZE_CHOICES, "size_numbers"),
    )
    most = max(len(items) for _, items, _, _ in lists)
    sheet.headers(CHOICES_TOP, 0, ["Data classes", "Unknown counts as", "Stack sizes", "No.", "Class id"])
    for row in range(1, most + 1):
        sheet.number(CHOICES_TOP + row, 3, row, "whole")
    for column, (_, items, name, numbers) in enumerate(lists):
        for row, item in enumerate(items, start=CHOICES_TOP + 1):
            sheet.put(row, column, item, "wrap" if isinstance(item, str) else "whole")
        end = CHOICES_TOP + len(items)
        book.define(name, SHEET, area(CHOICES_TOP + 1, column, end, column))
        book.define(numbers, SHEET, area(CHOICES_TOP + 1, 3, end, 3))
    for row, key in enumerate(plan.classes, start=CHOICES_TOP + 1):
        sheet.text(row, 4, key)
    book.define("class_ids", SHEET, area(CHOICES_TOP + 1, 4, CHOICES_TOP + len(plan.classes), 4))
    return _in_force(book, sheet, plan, CHOICES_TOP + most + 1)


def _in_force(book: WorkbookWriter, sheet: SheetWriter, plan: WorkbookPlan, top: int) -> int:
    """What the inputs come to; an input that is no choice falls back to the official one."""
    place = plan.gated_class
    found = f"SUMPRODUCT(({names.CLASS_CHOICES}={names.CLASS_INPUT})*class_numbers)"
    policy = f"SUMPRODUCT(({names.UNKNOWN_CHOICES}={names.UNKNOWN_INPUT})*unknown_numbers)"
    size = f"SUMPRODUCT(({names.SIZE_CHOICES}={names.SIZE_INPUT})*size_numbers)"
    changed = "+".join(
        f"SUMPRODUCT(({inputs}<>{official})*1)"
        for inputs, official in (
            (names.FAMILY_INPUT, names.FAMILY_OFFICIAL),
            (names.IMPORTANCE_INPUT, names.IMPORTANCE_OFFICIAL),
        )
    )
    rows: tuple[tuple[str, str, int | str, str], ...] = (
        ("Data class in force, no.", f"IF({found}>0,{found},{place})", place, names.CLASS_NUMBER),
        ("Data class in force, id", f"INDEX(class_ids,{names.CLASS_NUMBER})", plan.classes[place - 1], names.CLASS_ID),
        ("Unknown counts as, no.", f"MAX(1,{policy})", 1, names.UNKNOWN_NUMBER),
        ("Stack size in force", f"IF({size}>0,{size},{plan.shown_size})", plan.shown_size, names.SIZE),
        ("Weights that differ from the official ones", changed, 0, names.CHANGED_WEIGHTS),
        ("Inputs that differ", f"{names.CHANGED_WEIGHTS}+({names.UNKNOWN_NUMBER}>1)", 0, names.CHANGED),
        ("State", _state(), plan.official_state, names.STATE),
    )
    for row, (label, formula, value, name) in enumerate(rows, start=top):
        sheet.text(row, 0, label, "label")
        sheet.formula(row, 1, formula, value, "cell", "0")
        book.define(name, SHEET, cell(row, 1))
    return top + len(rows)


def _state() -> str:
    """One sentence about the inputs, for the head of every live sheet."""
    policy = f'IF({names.UNKNOWN_NUMBER}=1,"","; unknown answers count as "&INDEX({names.UNKNOWN_CHOICES},{names.UNKNOWN_NUMBER}))'
    what_if = (
        f'"What-if: "&{names.CHANGED_WEIGHTS}&" of the weights differ from the official ones"&{policy}'
        '&". The official result is unchanged."'
    )
    return f"IF({names.TOTAL_WEIGHT}=0,{quoted(NO_WEIGHT)},IF({names.CHANGED}=0,{quoted(OFFICIAL_STATE)},{what_if}))"


def _weights(book: WorkbookWriter, sheet: SheetWriter, plan: WorkbookPlan, top: int) -> None:
    """The weight of every criterion, step by step from the inputs."""
    sheet.headers(top, 0, HEADERS)
    first, count = top + 1, len(plan.criteria)
    last = top + count
    stated = plan.result.workspace.weights.criteria
    raw_weight = raw_weights(plan)
    row = first
    for number, part in enumerate(plan.families, start=1):
        span = area(row, 3, row + len(part.criteria) - 1, 3)
        importance = fsum(float(stated.get(key, 0)) for key in part.criteria)
        for key in part.criteria:
            sheet.text(row, 0, plan.criterion_labels[key])
            sheet.text(row, 1, part.id)
            sheet.formula(row, 2, in_force(names.FAMILY_INPUT, number), part.weight, "free")
            sheet.formula(row, 3, in_force(names.IMPORTANCE_INPUT, row - top), float(stated.get(key, 0)), "free")
            sheet.formula(row, 4, f"SUM({span})", importance, "free")
            share, own = cell(row, 4), cell(row, 3)
            sheet.formula(row, 5, f"IF({share}=0,0,{cell(row, 2)}*{own}/{share})", raw_weight[key], "free")
            weight = plan.result.scores.weights[key]
            sheet.formula(
                row, 6, f"IF({names.TOTAL_WEIGHT}=0,0,{cell(row, 5)}/{names.TOTAL_WEIGHT})", weight, "percent_fine"
            )
            sheet.number(row, 7, weight, "percent_fine")
            sheet.formula(row, 8, verdict(equal(cell(row, 6), cell(row, 7))), AGREES, "cell")
            sheet.text(row, 9, key)
            row += 1
    sheet.text(last + 1, 0, "Sum", "label")
    sheet.formula(last + 1, 5, f"SUM({area(first, 5, last, 5)})", fsum(raw_weight.values()), "free")
    sheet.formula(last + 1, 6, f"SUM({area(first, 6, last, 6)})", 1.0, "percent_fine")
    book.define(names.TOTAL_WEIGHT, SHEET, cell(last + 1, 5))
    book.define("criterion_family", SHEET, area(first, 1, last, 1))
    book.define(names.WEIGHT, SHEET, area(first, WEIGHT_COLUMN, last, WEIGHT_COLUMN))


def raw_weights(plan: WorkbookPlan) -> dict[str, float]:
    """Family weight times share of the family's importance, before all are brought to 1."""
    stated = plan.result.workspace.weights.criteria
    raw: dict[str, float] = {}
    for part in plan.families:
        total = fsum(float(stated.get(key, 0)) for key in part.criteria)
        raw |= {key: part.weight * float(stated.get(key, 0)) / total if total else 0.0 for key in part.criteria}
    return raw


def in_force(inputs: str, place: int) -> str:
    """An input as it counts: text and empty cells as 0, never below 0."""
    return f"MIN({MOST_WEIGHT},MAX(0,N(INDEX({inputs},{place}))))"


def _values(book: WorkbookWriter, sheet: SheetWriter, plan: WorkbookPlan, top: int) -> int:
    """Three values per answer: as given, supported answers only, unknown at its best; returns the next free column."""
    column = LEFT
    blocks = ((names.GIVEN, "as answered", 0), (names.LOW, "firm answers only", 1), (names.BEST, "unknown at best", 2))
    values = {
        option.id: [plan.result.earned[option.id][criterion.id] for criterion in plan.criteria]
        for option in plan.options
    }
    last = top + len(plan.criteria)
    for prefix, what, place in blocks:
        for option in plan.options:
            sheet.text(top, column, f"{plan.labels[option.id]}: {what}", "head")
            for row, three in enumerate(values[option.id], start=top + 1):
                sheet.number(row, column, three[place], "value")
            book.define(names.of(prefix, option.id), SHEET, area(top + 1, column, last, column))
            column += 1
    return column


def _emphasis(book: WorkbookWriter, sheet: SheetWriter, plan: WorkbookPlan, top: int, column: int) -> int:
    """The factor of every use case on every weight; returns the next free column."""
    last = top + len(plan.criteria)
    for case in plan.use_cases:
        sheet.text(top, column, f"Emphasis: {plan.use_case_labels[case.id]}", "head")
        for row, criterion in enumerate(plan.criteria, start=top + 1):
            sheet.number(row, column, case.emphasis.get(criterion.id, 1), "free")
        book.define(names.of(names.EMPHASIS, case.id), SHEET, area(top + 1, column, last, column))
        column += 1
    return column
