"""The sheets on gates: what stands between each option and each data class, and every check in a list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from evaluator.model.evaluated import ClassGates, GateCheck, GateOutcome, OptionScore
from evaluator.reports.words import GATE_MARKS, GATE_WORDS
from evaluator.reports.workbook.plan import WorkbookPlan, level_or_unknown
from evaluator.reports.workbook.styles import TABLE_TOP
from evaluator.xlsx.writer import Column, SheetWriter, Styled

STYLE_OF = {GateOutcome.MET: "met", GateOutcome.FAILED: "failed", GateOutcome.UNSUPPORTED: "open"}
MOST_NAMED = 6


def clearance(plan: WorkbookPlan, *widths: float) -> list[Column[OptionScore]]:
    """Return the columns of what an option is cleared for; none where only some families are shown."""
    if not plan.whole:
        return []
    return [
        Column("Cleared for", widths[0], "cell", lambda option: plan.class_label(option.cleared)),
        Column("Can still be cleared for", widths[1], "cell", lambda option: plan.class_label(option.clearable)),
    ]


def gates_by_class(plan: WorkbookPlan, prefix: str, width: float) -> Iterator[Column[OptionScore]]:
    """Yield one column per data class: how many of its gates are met, coloured by the outcome."""

    def in_words(key: str, option: OptionScore) -> Styled:
        gates = option.gates[key]
        return Styled(_in_words(gates), STYLE_OF[gates.verdict] if gates.checks else "")

    for key in plan.classes:
        yield Column(f"{prefix}{plan.class_labels[key]}", width, "centre", partial(in_words, key))


def _in_words(gates: ClassGates) -> str:
    """``✗ 2 failed, 1 unsupported``; ``✓ met``."""
    if not gates.checks:
        return "no gate"
    counts = {outcome: len(gates.of(outcome)) for outcome in (GateOutcome.FAILED, GateOutcome.UNSUPPORTED)}
    found = [f"{count} {GATE_WORDS[outcome]}" for outcome, count in counts.items() if count]
    return f"{GATE_MARKS[gates.verdict]} {', '.join(found) or GATE_WORDS[GateOutcome.MET]}"


def write_gates(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write what stands between each option and each data class."""
    columns: list[Column[OptionScore]] = [
        Column("Option", 28, "bold", lambda option: plan.labels[option.id]),
        *gates_by_class(plan, "", 20),
        *clearance(plan, 16, 16),
        Column("What stands in the way of the next class", 90, "wrap", lambda option: _next_class(plan, option)),
    ]
    page.table(TABLE_TOP, columns, plan.ranked, keep=1)


def explained(plan: WorkbookPlan) -> str:
    """Return what the sheet of gates says of itself."""
    text = (
        "A gate is a minimum level for a class of data; a class inherits the gates below it. It never enters the score. "
        "✓ met, ✗ failed, ? unsupported (unknown, stale or not ruled out)."
    )
    return text if plan.whole else f"{text} Only gates of the chosen families: others may stand in the way."


def _next_class(plan: WorkbookPlan, option: OptionScore) -> str:
    """The gates of the lowest class that are not met, in words."""
    for key in plan.classes:
        unmet = [check for check in option.gates[key].checks if check.outcome is not GateOutcome.MET]
        if unmet:
            named = [
                f"{GATE_MARKS[check.outcome]} {plan.criterion_labels[check.criterion]}: {check.reason}"
                for check in unmet[:MOST_NAMED]
            ]
            rest = len(unmet) - len(named)
            more = [f"and {rest} more in the gate list"] if rest else []
            return "\n".join([f"{plan.class_labels[key]}:", *named, *more])
    return "nothing: the gates of every class are met"


@dataclass(frozen=True, slots=True)
class _Checked:
    """A gate of a data class, checked on an option."""

    option: OptionScore
    data_class: str
    check: GateCheck


def write_gate_list(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write every check; the live scores count its outcomes."""
    columns: list[Column[_Checked]] = [
        Column("Option", 24, "cell", lambda row: plan.labels[row.option.id]),
        Column("Data class", 14, "cell", lambda row: plan.class_labels[row.data_class]),
        Column("Criterion", 44, "wrap", lambda row: plan.criterion_labels[row.check.criterion]),
        Column("Needed", 8, "whole", lambda row: row.check.required),
        Column("Found", 9, "centre", lambda row: level_or_unknown(row.check.observed)),
        Column("Outcome", 12, "centre", lambda row: GATE_WORDS[row.check.outcome], "gate_outcome"),
        Column("Mark", 6, "centre", lambda row: GATE_MARKS[row.check.outcome]),
        Column("Why it is not met", 46, "wrap", lambda row: row.check.reason),
        Column("What evidence is missing", 60, "wrap", lambda row: "\n".join(row.check.to_show)),
        Column("Option id", 20, "cell", lambda row: row.option.id, "gate_option"),
        Column("Class id", 14, "cell", lambda row: row.data_class, "gate_class"),
    ]
    checks = [
        _Checked(option, key, check)
        for option in plan.ranked
        for key in plan.classes
        for check in option.gates[key].checks
    ]
    last = page.table(TABLE_TOP, columns, checks, keep=3, printed=9)
    if checks:
        for outcome, style in STYLE_OF.items():
            formula = f'$F{TABLE_TOP + 2}="{GATE_WORDS[outcome]}"'
            page.shade((TABLE_TOP + 1, 5, last, 6), formula, f"shade_{style}")
