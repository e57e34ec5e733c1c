"""Every option recomputed from the inputs, the official figures beside, and whether they agree."""

from __future__ import annotations

from evaluator.model.evaluated import GateOutcome, OptionScore
from evaluator.reports.words import GATE_WORDS
from evaluator.reports.workbook import names
from evaluator.reports.workbook.check_words import AGREES, WHAT_IF, equal, verdict
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.writer import SheetWriter, WorkbookWriter, area, cell

SHEET = "Live scores"
TOP = 4
OUTCOMES = (GateOutcome.MET, GateOutcome.FAILED, GateOutcome.UNSUPPORTED)
HEADERS = (
    "No.", "Option", "Score", "Low", "High", "Counted score", "Counted, rounded", "Rank", "Place",
    "Gates met", "Gates failed", "Gates unsupported",
    "Official score", "Official low", "Official high", "Official rank",
    "Official gates met", "Official gates failed", "Official gates unsupported", "Difference", "Check", "Could fall by", "Could rise by",
    "Option at this place, no.",
)  # fmt: skip
COLUMN = {head: number for number, head in enumerate(HEADERS)}


def write(book: WorkbookWriter, plan: WorkbookPlan) -> None:
    """Write the sheet: options by id."""
    sheet = book.sheet(
        SHEET,
        "Live scores, beside the official ones",
        "Left: recomputed from the inputs. Right: official, fixed. Counted score: score, low or high, as unknown answers count.",
        tab="#3A8C8C",
    )
    sheet.formula(2, 0, names.STATE, plan.official_state, "strong")
    sheet.widths([5, 28, 9, 9, 9, 10, 12, 7, 7, 8, 8, 8, 10, 10, 10, 9, 9, 9, 9, 11, 36, 9, 9, 10])
    sheet.headers(TOP, 0, HEADERS)
    last = TOP + max(len(plan.options), 1)
    order = {option.id: place for place, option in enumerate(plan.ranked, start=1)}
    for number, option in enumerate(plan.options, start=1):
        _live(sheet, TOP + number, option, plan, order[option.id])
        _official(sheet, TOP + number, option, plan)
        _check(sheet, TOP + number)
        at = next(place for place, other in enumerate(plan.options, start=1) if other.id == plan.ranked[number - 1].id)
        sheet.formula(
            TOP + number, COLUMN["Option at this place, no."], f"MATCH({number},{names.PLACES},0)", at, "whole"
        )
    for name, head in _NAMED:
        book.define(name, SHEET, area(TOP + 1, COLUMN[head], last, COLUMN[head]))
    sheet.freeze(TOP + 1, 2)
    sheet.repeat(TOP)
    sheet.print_area(last, len(HEADERS) - 1)
    sheet.protect()


_NAMED = (
    (names.OPTION_NUMBERS, "No."),
    (names.OPTION_LABELS, "Option"),
    (names.ROUNDED, "Counted, rounded"),
    (names.PLACES, "Place"),
    (names.ORDER, "Option at this place, no."),
    ("live_score", "Score"),
    ("live_low", "Low"),
    ("live_high", "High"),
    ("live_counted", "Counted score"),
    ("live_rank", "Rank"),
    ("live_gates_met", "Gates met"),
    ("live_gates_failed", "Gates failed"),
    ("live_gates_unsupported", "Gates unsupported"),
    ("official_score", "Official score"),
    ("official_rank", "Official rank"),
    ("live_check", "Check"),
    ("could_fall_by", "Could fall by"),
    ("could_rise_by", "Could rise by"),
)


def _live(sheet: SheetWriter, row: int, option: OptionScore, plan: WorkbookPlan, place: int) -> None:
    at = {head: cell(row, column) for head, column in COLUMN.items()}
    sheet.number(row, 0, row - TOP, "whole")
    sheet.text(row, 1, plan.labels[option.id], "bold")
    for head, prefix, value in (
        ("Score", names.GIVEN, option.score),
        ("Low", names.LOW, option.low),
        ("High", names.BEST, option.high),
    ):
        formula = f"100*SUMPRODUCT({names.WEIGHT},{names.of(prefix, option.id)})"
        sheet.formula(row, COLUMN[head], formula, value, "points")
    counted = f"CHOOSE({names.UNKNOWN_NUMBER},{at['Score']},{at['Low']},{at['High']})"
    sheet.formula(row, COLUMN["Counted score"], counted, option.score, "points_bold")
    sheet.formula(
        row,
        COLUMN["Counted, rounded"],
        f"ROUND({at['Counted score']},9)",
        round(option.score, 9),
        "points",
        "0.000000000",
    )
    sheet.formula(row, COLUMN["Rank"], f"RANK({at['Counted, rounded']},{names.ROUNDED},0)", option.rank, "whole")
    column = COLUMN["Counted, rounded"]
    above = (
        f"+SUMPRODUCT(({area(TOP + 1, column, row - 1, column)}={at['Counted, rounded']})*1)" if row > TOP + 1 else ""
    )
    sheet.formula(row, COLUMN["Place"], f"{at['Rank']}{above}", place, "whole")
    gates = option.gates[plan.classes[plan.gated_class - 1]]
    for head, outcome in zip(("Gates met", "Gates failed", "Gates unsupported"), OUTCOMES, strict=True):
        formula = (
            f'SUMPRODUCT(({names.GATE_OPTION}="{option.id}")*({names.GATE_CLASS}={names.CLASS_ID})'
            f'*({names.GATE_OUTCOME}="{GATE_WORDS[outcome]}"))'
        )
        sheet.formula(row, COLUMN[head], formula, len(gates.of(outcome)), "whole")
    sheet.formula(
        row,
        COLUMN["Could fall by"],
        f"MAX(0,{at['Counted score']}-{at['Low']})",
        max(0.0, option.score - option.low),
        "points",
    )
    sheet.formula(
        row,
        COLUMN["Could rise by"],
        f"MAX(0,{at['High']}-{at['Counted score']})",
        max(0.0, option.high - option.score),
        "points",
    )


def _official(sheet: SheetWriter, row: int, option: OptionScore, plan: WorkbookPlan) -> None:
    for head, value in (("Official score", option.score), ("Official low", option.low), ("Official high", option.high)):
        sheet.number(row, COLUMN[head], value, "points")
    sheet.number(row, COLUMN["Official rank"], option.rank, "whole")
    heads = ("Official gates met", "Official gates failed", "Official gates unsupported")
    for head, outcome in zip(heads, OUTCOMES, strict=True):
        counts = [len(option.gates[key].of(outcome)) for key in plan.classes]
        listed = ",".join(map(str, counts))
        sheet.formula(
            row, COLUMN[head], f"CHOOSE({names.CLASS_NUMBER},{listed})", counts[plan.gated_class - 1], "whole"
        )


def _check(sheet: SheetWriter, row: int) -> None:
    at = {head: cell(row, column) for head, column in COLUMN.items()}
    difference = at["Difference"]
    sheet.formula(row, COLUMN["Difference"], f"{at['Counted score']}-{at['Official score']}", 0.0, "signed")
    gates = ",".join(
        f"{at[f'Gates {word}']}<>{at[f'Official gates {word}']}"
        for word in (GATE_WORDS[outcome] for outcome in OUTCOMES)
    )
    pairs = (("Counted score", "Official score"), ("Low", "Official low"), ("High", "Official high"))
    same = ",".join(equal(at[live], at[official]) for live, official in pairs)
    moved = (
        f'"{WHAT_IF}: "&IF({difference}>=0,"+","")&ROUND({difference},1)'
        f'&" points, rank "&{at["Official rank"]}&" to "&{at["Rank"]}'
    )
    check = verdict(f"AND({same},{at['Rank']}={at['Official rank']})", moved)
    formula = f'IF(OR({gates}),"GATES DO NOT AGREE",{check})'
    sheet.formula(row, COLUMN["Check"], formula, AGREES, "cell")
