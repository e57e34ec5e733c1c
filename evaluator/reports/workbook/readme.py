"""The first sheet: what this workbook is, how to read it, and how to use it."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.model.evaluated import Evaluated
from evaluator.reports.sentences import seal_sentence
from evaluator.reports.words import checks_held, counted
from evaluator.reports.workbook import flat_data
from evaluator.reports.workbook.cell_text import one_line
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.writer import WorkbookWriter

SHEET = "Read me"

LEGEND = (
    (
        "Yellow cells",
        "Inputs, the only cells to change: on What if, Weights and Look up. Sheets with formulas are locked without a password.",
    ),
    ("Official", "Fixed values, written by the evaluator. Nothing in this workbook changes them."),
    (
        "Live, what-if",
        "Formulas that follow the inputs. Named cells and columns make them readable: weight, given_..., low_..., best_..., fit_...",
    ),
    (
        "Check",
        "agrees: live equals official. as official: inputs changed, figure did not. what-if: it differs, because inputs were changed.",
    ),
    ("DOES NOT AGREE", "Never to be seen. If it is, the workbook was edited outside the inputs: write it again."),
    (
        "Score, low, high",
        "Unknown answers earn nothing; weak answers earn nothing either; unknown answers earn their best level.",
    ),
    ("✓ met, ✗ failed, ? unsupported", "A gate: a minimum level for a class of data. Never part of the score."),
    ("● covered, ◐ conditional, ○ not covered", "A use case: served; served once something is shown; not served."),
    (
        "old, weak, bare, ≠, ?",
        "On Compare: evidence past its limit; evidence that cannot carry the level; no evidence; assessors differ; unknown.",
    ),
    ("Colour", "Repeats what a word, a mark or a number says already. It can be ignored."),
)
USE = (
    "1. On What if, change a family's weight, the data class, what an unknown answer counts as, or the stack size. On Weights, change the importance of a criterion.",
    "2. Ranks, gates, fits and best stacks follow at once. The line at the head of each live sheet says whether the inputs are the official ones.",
    "3. To return: copy the official column over the what-if column, and choose 'nothing' for unknown answers; or close without saving.",
    "4. A changed weight is an argument, not a decision: the official weights are changed in the evaluation, with a reason, and the workbook is written again.",
)


def write(book: WorkbookWriter, plan: WorkbookPlan, sheets: Sequence[tuple[str, str]]) -> None:
    """Write the sheet; ``sheets`` are names with what they show."""
    result = plan.result
    evaluation = result.workspace.evaluation
    sheet = book.sheet(SHEET, one_line(evaluation.title, 110), "Comparison workbook", tab="#1F3A5F")
    sheet.widths([34, 120])
    facts = [
        ("Organisation", one_line(evaluation.organisation, 120)),
        ("Question", evaluation.question or "not stated"),
        ("As of", f"{result.as_of}, valid until {result.valid_until}"),
        ("Status", _status(result)),
        ("Compared", (f"{counted(len(plan.options), 'option')}, {counted(len(plan.criteria), 'criterion', 'criteria')} in scope, "
                     f"{counted(len(plan.use_cases), 'use case')}")),
        ("Weights", seal_sentence(result.sealing) if result.sealing else "not stated"),
        ("Data hash", result.digest),
        ("Written by", f"evaluator {result.version}; flat data: sheet Data, hidden, schema {flat_data.SCHEMA}"),
    ]  # fmt: skip
    if plan.selection:
        facts.insert(0, ("Selection", plan.selection))
    if evaluation.notice:
        facts.append(("Notice", evaluation.notice))
    row = 3
    for label, text in facts:
        sheet.text(row, 0, label, "label")
        sheet.text(row, 1, text, "wrap")
        row += 1
    sheet.text(row + 1, 0, "How to use it", "section")
    for text in USE:
        row += 1
        sheet.text(row + 1, 0, text, "plain")
    row += 3
    sheet.text(row, 0, "Sheets", "section")
    for name, what in sheets:
        row += 1
        sheet.link(row, 0, name)
        sheet.text(row, 1, what, "plain")
    row += 2
    sheet.text(row, 0, "Legend", "section")
    for label, text in LEGEND:
        row += 1
        sheet.text(row, 0, label, "label")
        sheet.text(row, 1, text, "wrap")
    sheet.print_area(row, 1)


def _status(result: Evaluated) -> str:
    """Draft or final, and what makes it a draft."""
    failing = sum(not check.passed for check in result.final)
    open_ = f"the review {result.review.edition} is not closed" if result.review and not result.review.closed else ""
    checks = f"{counted(failing, 'check')} of a final paper open, listed on Method" if failing else ""
    why = "; ".join(filter(None, (open_, checks)))
    return f"draft: {why}" if why else checks_held(result.final)
