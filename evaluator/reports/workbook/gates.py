"""The sheets on gates: what stands between each option and each data class or tag, and every check in a list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

from evaluator.model.evaluated import GateCheck, GateChecks, GateOutcome, OptionScore
from evaluator.reports.words import GATE_MARKS, GATE_WORDS, NOT_ASSESSED
from evaluator.reports.workbook.plan import WorkbookPlan, level_or_unknown
from evaluator.reports.workbook.styles import TABLE_TOP
from evaluator.xlsx.writer import Column, SheetWriter, Styled

STYLE_OF = {
    GateOutcome.MET: "met",
    GateOutcome.FAILED: "failed",
    GateOutcome.UNSUPPORTED: "open",
    GateOutcome.NOT_APPLICABLE: "",
}
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
    for key in plan.classes:
        yield Column(f"{prefix}{plan.class_labels[key]}", width, "centre", partial(_coloured, "gates", key))


def _coloured(kind: Literal["gates", "tag_gates"], key: str, option: OptionScore) -> Styled:
    gates: GateChecks = getattr(option, kind)[key]
    return Styled(_in_words(gates), STYLE_OF[gates.verdict] if gates.checks or not gates.assessed else "")


def _in_words(gates: GateChecks) -> str:
    """``✗ 2 failed, 1 unsupported``; ``✓ met``."""
    if not gates.assessed:
        return f"{GATE_MARKS[gates.verdict]} {NOT_ASSESSED}"
    if not gates.checks:
        return "no gate"
    listed = [outcome for outcome in GateOutcome if outcome is not GateOutcome.MET]
    found = [f"{count} {GATE_WORDS[outcome]}" for outcome in listed if (count := len(gates.of(outcome)))]
    if gates.verdict is GateOutcome.MET:
        found = [GATE_WORDS[GateOutcome.MET], *found]
    return f"{GATE_MARKS[gates.verdict]} {', '.join(found)}"


def write_gates(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write what stands between each option and each data class or tag."""
    columns: list[Column[OptionScore]] = [
        Column("Option", 28, "bold", lambda option: plan.labels[option.id]),
        *gates_by_class(plan, "", 20),
        *clearance(plan, 16, 16),
        *(
            Column(f"Tag: {label}", 20, "centre", partial(_coloured, "tag_gates", tag))
            for tag, label in plan.tag_labels.items()
        ),
        Column("What stands in the way of the next class", 90, "wrap", lambda option: _next_class(plan, option)),
    ]
    if any(option.not_applicable for option in plan.ranked):
        columns.append(Column("Gates that do not apply", 60, "wrap", lambda option: _not_applicable(plan, option)))
    page.table(TABLE_TOP, columns, plan.ranked, keep=1)


def _not_applicable(plan: WorkbookPlan, option: OptionScore) -> str:
    return "\n".join(f"{plan.criterion_labels[check.criterion]}: {check.reason}" for check in option.not_applicable)


def explained(plan: WorkbookPlan) -> str:
    """Return what the sheet of gates says of itself."""
    text = (
        "A gate is a minimum level for a class of data or for data with a tag, which adds its gates to those of the class; "
        "a class inherits the gates below it. It never enters the score. "
        "✓ met, ✗ failed, ? unsupported (unknown, stale or not ruled out), – not applicable to the edition."
    )
    return text if plan.whole else f"{text} Only gates of the chosen families: others may stand in the way."


def _next_class(plan: WorkbookPlan, option: OptionScore) -> str:
    """The gates of the lowest class that are not met, in words."""
    for key in plan.classes:
        unmet = [check for check in option.gates[key].checks if check.unmet]
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
    """A gate of a data class or tag, checked on an option."""

    option: OptionScore
    kind: Literal["class", "tag"]
    data: str
    """The id of the data class or tag."""
    check: GateCheck


def _kinds(option: OptionScore) -> Iterator[tuple[Literal["class", "tag"], dict[str, GateChecks]]]:
    yield "class", option.gates
    yield "tag", option.tag_gates


def write_gate_list(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write every check; the live scores count its outcomes."""
    columns: list[Column[_Checked]] = [
        Column("Option", 24, "cell", lambda row: plan.labels[row.option.id]),
        Column(
            "Data", 14, "cell", lambda row: (plan.class_labels if row.kind == "class" else plan.tag_labels)[row.data]
        ),
        Column("Criterion", 44, "wrap", lambda row: plan.criterion_labels[row.check.criterion]),
        Column("Needed", 8, "whole", lambda row: row.check.required),
        Column("Found", 9, "centre", lambda row: level_or_unknown(row.check.observed)),
        Column("Outcome", 12, "centre", lambda row: GATE_WORDS[row.check.outcome], "gate_outcome"),
        Column("Mark", 6, "centre", lambda row: GATE_MARKS[row.check.outcome]),
        Column("Why it is not met or does not apply", 46, "wrap", lambda row: row.check.reason),
        Column("What evidence is missing", 60, "wrap", lambda row: "\n".join(row.check.still_missing)),
        Column("Option id", 20, "cell", lambda row: row.option.id, "gate_option"),
        Column("Class id", 14, "cell", lambda row: row.data if row.kind == "class" else "", "gate_class"),
        Column("Kind of gate", 12, "cell", lambda row: f"data {row.kind}"),
    ]
    checks = [
        _Checked(option, kind, data, check)
        for option in plan.ranked
        for kind, groups in _kinds(option)
        for data, gates in groups.items()
        for check in gates.checks
    ]
    last = page.table(TABLE_TOP, columns, checks, keep=3, printed=9)
    if checks:
        for outcome, style in ((outcome, style) for outcome, style in STYLE_OF.items() if style):
            formula = f'$F{TABLE_TOP + 2}="{GATE_WORDS[outcome]}"'
            page.shade((TABLE_TOP + 1, 5, last, 6), formula, f"shade_{style}")
