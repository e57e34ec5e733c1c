"""All sheets, in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from evaluator.evaluation.subset import narrowed
from evaluator.model.change import Change
from evaluator.model.evaluated import Evaluated
from evaluator.model.sensitivity import Breakeven, Sensitivity
from evaluator.model.stack_details import StackDetails
from evaluator.reports.workbook import (
    changes,
    explanation,
    gates,
    live_model,
    live_scores,
    official_tables,
    source_tables,
    stacks,
    what_if,
)
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.styles import ComparisonBook

Write = Callable[[ComparisonBook, WorkbookPlan], None]
Sheet = tuple[str, str, Write]
"""Name, purpose and writer of a sheet."""


def comparison_xlsx(result: Evaluated, *, options: Sequence[str] = (), families: Sequence[str] = ()) -> bytes:
    """The comparison workbook of ``result``: official figures as values, and formulas that recompute them.

    The same arguments give the same bytes.

    Args:
        result: what was computed, from which everything is read; how robust the whole answer is has sheets of its own.
        options: only these: ranks and the live model are then among them alone.
        families: only these: the sheets on clearance, use cases and stacks are then left out.

    Raises:
        EvaluatorError: for an id that the evaluation does not have, or where nothing is left that has any weight.
    """
    narrow = narrowed(result, options, families)
    plan = WorkbookPlan(narrow.result, narrow.words, narrow.whole)
    book = ComparisonBook(result)
    sheets = _sheets(plan, None if narrow.words else result.sensitivity)
    explanation.write_read_me(book, plan, [(name, what) for name, what, _ in sheets])
    for _, _, write in sheets:
        write(book, plan)
    source_tables.write_data(book, plan)
    return book.finish()


def _sheets(plan: WorkbookPlan, sensitivity: Sensitivity | None) -> list[Sheet]:
    """The sheets after the first, in order; those on stacks, sensitivity and changes only where there is something to show."""
    demand = bool(plan.use_cases and plan.options)
    return [
        (
            official_tables.SUMMARY,
            "Official: recommendation, ranks, scores with their range, clearance, cost.",
            official_tables.write_summary,
        ),
        (what_if.WHAT_IF, "Live: change weights and choices, see ranks and stacks follow.", what_if.write_what_if),
        (what_if.WEIGHTS, "Official weights, and the what-if importance of each criterion.", what_if.write_weights),
        (official_tables.COMPARE, "The matrix of levels, criteria by options.", official_tables.write_compare),
        (what_if.LOOK_UP, "One answer at a time: level, anchor, rationale, evidence.", what_if.write_look_up),
        (
            official_tables.FAMILIES,
            "Official scores by family, and the profile of the leading options.",
            official_tables.write_families,
        ),
        (gates.GATES, "Which class of data each option is cleared for, and what stands in the way.", gates.write_gates),
        (gates.LIST, "Every gate of every option and data class.", gates.write_gate_list),
        (
            live_scores.SCORES,
            "Live and official figures of every option, side by side, with a check.",
            live_scores.write_scores,
        ),
        (live_scores.UNKNOWN, "Live: what unknown answers could do to the order.", live_scores.write_unknown),
        *(_breakeven(sensitivity.breakeven) if sensitivity else []),
        *(_demand(plan, sensitivity.stack if sensitivity else None) if demand else []),
        (source_tables.ANSWERS, "Every answer of every assessor with its rationale.", source_tables.write_answers),
        (source_tables.EVIDENCE, "Sources, their age, and when they go stale.", source_tables.write_evidence),
        (source_tables.COSTS, "List prices by edition.", source_tables.write_costs),
        (source_tables.RUBRICS, "Questions and anchored levels.", source_tables.write_rubrics),
        (source_tables.PEOPLE, "Scorecards, assessors, roles.", source_tables.write_people),
        (source_tables.DIFFERENCES, "Answers on which assessors differ.", source_tables.write_differences),
        *(_changes(plan.result.changes) if plan.result.changes else []),
        (
            explanation.METHOD,
            "How figures are made, policies, assumptions, what was left out.",
            explanation.write_method,
        ),
        (live_model.SHEET, "The numbers behind the live formulas.", live_model.write),
    ]


def _breakeven(found: Breakeven) -> list[Sheet]:
    what = "How far each weight is from another first place and another stack."
    return [(official_tables.BREAKEVEN, what, partial(official_tables.write_breakeven, found=found))]


def _demand(plan: WorkbookPlan, details: StackDetails | None) -> list[Sheet]:
    """The sheets on use cases, how well they are served, and stacks."""
    live = "Live: the best stack of each size, its runner-up, who serves what; beside the official ones."
    sheets: list[Sheet] = [
        (live_scores.FIT, "Live: every option for every use case, beside the official fits.", live_scores.write_fit),
        (stacks.STACKS, live, stacks.write_stacks),
    ]
    if plan.sizes:
        sheets.append((stacks.LIST, "Every stack that is compared, with its value.", stacks.write_list))
    if details:
        what = "What each tool is worth in the recommended stack, what its tools share, and what value costs."
        write = partial(official_tables.write_stack_details, full=details)
        sheets.append((official_tables.STACK_DETAILS, what, write))
    return [*sheets, (source_tables.USE_CASES, "What people want to build.", source_tables.write_use_cases)]


def _changes(change: Change) -> list[Sheet]:
    """The sheets on what changed since the previous review."""
    moved, listed = (
        "What moved each option's score since the edition before.",
        "Every answer, weight and rule that moved a score.",
    )
    return [
        (changes.CHANGES, moved, partial(changes.write_options, change=change)),
        (changes.LIST, listed, partial(changes.write_list, change=change)),
    ]
