"""The sheet that answers: what is recommended, and how all options stand. Official figures only."""

from __future__ import annotations

from evaluator.model.evaluated import ClassGates, GateOutcome, OptionScore
from evaluator.reports.language import ENGLISH
from evaluator.reports.sentences import first_place, recommendation
from evaluator.reports.words import GATE_MARKS, GATE_WORDS, VERDICT_WORDS, checks_held, counted, money
from evaluator.reports.workbook import charts, names
from evaluator.reports.workbook.cell_text import one_line
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.writer import SheetWriter, TableColumn, Value, WorkbookWriter

SHEET = "Summary"
TOP = 7
MOST_CLOSE = 6
LOOK_OF = {GateOutcome.MET: "met", GateOutcome.FAILED: "failed", GateOutcome.UNSUPPORTED: "open"}


def write(book: WorkbookWriter, plan: WorkbookPlan) -> None:
    """Write the sheet."""
    sheet = book.sheet(SHEET, one_line(plan.result.workspace.evaluation.title, 110), _status(plan), tab="#1F3A5F")
    first = (first_place(plan.result),) if plan.ranked else ()
    sentences = (*recommendation(plan.result), *first) if plan.whole else first
    for row, sentence in enumerate(dict.fromkeys(sentences), start=2):
        sheet.text(row, 0, one_line(sentence, 200), "strong" if row == 2 else "plain")  # noqa: PLR2004 - the first
    sheet.formula(TOP - 2, 0, names.STATE, plan.official_state, "note")
    columns = _columns(plan)
    last = sheet.table(TOP, columns, [_row(plan, option) for option in plan.ranked])
    sheet.freeze(TOP + 1, 2)
    if plan.ranked:
        _shade_gates(sheet, plan)
        bottom = _chart(book, sheet, plan, [column.header for column in columns].index("Score"), last)
        sheet.print_area(bottom, 0)
    sheet.activate()


def _status(plan: WorkbookPlan) -> str:
    result = plan.result
    failing = sum(not check.passed for check in result.final)
    state = (
        f"DRAFT, {counted(failing, 'check')} open (see Method)" if failing else checks_held(result.final).capitalize()
    )
    parts = [
        f"Official figures as of {result.as_of}",
        f"valid until {result.valid_until}",
        f"data {result.digest[:12]}",
        state,
    ]
    return ", ".join([*parts, plan.selection] if plan.selection else parts) + "."


def _columns(plan: WorkbookPlan) -> list[TableColumn]:
    gates = [TableColumn(f"Gates: {plan.class_labels[key]}", 13, "centre") for key in plan.classes]
    cleared = [TableColumn("Cleared for", 12), TableColumn("Can still be cleared for", 13)] if plan.whole else []
    ends = [TableColumn("Verdict", 13, "wrap"), TableColumn("Cost per year, alone", 24, "wrap")] if plan.whole else []
    return [
        TableColumn("Rank", 6, "rank"),
        TableColumn("Option", 26, "bold"),
        TableColumn("Edition", 18, "wrap"),
        *cleared,
        *gates,
        TableColumn("Score", 8, "points_bold"),
        TableColumn("Low", 8, "points"),
        TableColumn("High", 8, "points"),
        TableColumn("Could fall by", 8, "points"),
        TableColumn("Could rise by", 8, "points"),
        TableColumn("Answered, share of weight", 10, "percent"),
        TableColumn("Stale, share of weight", 9, "percent"),
        *ends,
        TableColumn("Too close to call with", 30, "wrap"),
    ]


def _row(plan: WorkbookPlan, option: OptionScore) -> list[Value]:
    cost = plan.result.costs.get(option.id)
    cleared = [plan.class_label(option.cleared), plan.class_label(option.clearable)] if plan.whole else []
    verdict = VERDICT_WORDS[plan.result.verdicts[option.id]] if option.id in plan.result.verdicts else ""
    ends = [verdict, money(cost) if cost else "serves no use case"] if plan.whole else []
    return [
        option.rank,
        plan.labels[option.id],
        one_line(option.edition_name, 40),
        *cleared,
        *[gates_in_words(option.gates[key]) for key in plan.classes],
        option.score,
        option.low,
        option.high,
        max(0.0, option.score - option.low),
        max(0.0, option.high - option.score),
        option.coverage,
        option.stale,
        *ends,
        ENGLISH.named([plan.labels[other] for other in option.close], MOST_CLOSE) or "none",
    ]


def gates_in_words(gates: ClassGates) -> str:
    """``✗ 2 failed, 1 unsupported``; ``✓ met``."""
    if not gates.checks:
        return "no gate"
    counts = {outcome: len(gates.of(outcome)) for outcome in (GateOutcome.FAILED, GateOutcome.UNSUPPORTED)}
    found = [f"{count} {GATE_WORDS[outcome]}" for outcome, count in counts.items() if count]
    return f"{GATE_MARKS[gates.verdict]} {', '.join(found) or GATE_WORDS[GateOutcome.MET]}"


def _shade_gates(sheet: SheetWriter, plan: WorkbookPlan) -> None:
    first = 5 if plan.whole else 3
    for row, option in enumerate(plan.ranked, start=TOP + 1):
        for column, key in enumerate(plan.classes, start=first):
            if option.gates[key].checks:
                look = LOOK_OF[option.gates[key].verdict]
                sheet.text(row, column, gates_in_words(option.gates[key]), look)


def _chart(book: WorkbookWriter, sheet: SheetWriter, plan: WorkbookPlan, score: int, last: int) -> int:
    bars = charts.Bars(1, score, score + 3, score + 4, TOP + 1, last)
    return charts.scores(book, sheet, plan, bars, "Official score with its range from low to high", (last + 2, 1))
