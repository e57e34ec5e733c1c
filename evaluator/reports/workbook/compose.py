"""All sheets, in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from evaluator.evaluation.subset import narrowed
from evaluator.model.evaluated import Evaluated
from evaluator.model.sensitivity import Sensitivity
from evaluator.reports.workbook import (
    anchors,
    answers,
    assessors,
    breakeven,
    changes,
    evidence,
    fit,
    flat_data,
    gates,
    levels,
    live_model,
    lookup,
    method,
    readme,
    scores,
    stack_details,
    stack_list,
    stacks,
    summary,
    unknown_answers,
    use_cases,
    weights,
    whatif,
)
from evaluator.reports.workbook import families as family_sheet
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.writer import Facts, WorkbookWriter

BREAKEVEN = "How far each weight is from another first place and another stack."
CONTRIBUTIONS = "What each tool is worth in the recommended stack, what its tools share, and what value costs."
Write = Callable[[WorkbookWriter, WorkbookPlan], None]


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
    evaluation = plan.result.workspace.evaluation
    facts = Facts(evaluation.title, evaluation.organisation, result.as_of, result.digest, result.version)
    book = WorkbookWriter(facts)
    sheets = _sheets(plan, None if narrow.words else result.sensitivity)
    readme.write(book, plan, [(name, what) for name, what, _ in sheets])
    for _, _, write in sheets:
        write(book, plan)
    flat_data.write(book, plan)
    return book.content()


def _sheets(plan: WorkbookPlan, firm: Sensitivity | None) -> list[tuple[str, str, Write]]:
    """Name, purpose and writer of each sheet after the first, in order."""
    demanded: list[tuple[str, str, Write]] = [
        (fit.SHEET, "Live: every option for every use case, beside the official fits.", fit.write),
        (
            stacks.SHEET,
            "Live: the best stack of each size, its runner-up, who serves what; beside the official ones.",
            stacks.write,
        ),
        *(
            [(stack_list.SHEET, "Every stack that is compared, with its value.", stack_list.write)]
            if plan.sizes
            else []
        ),
        *(
            [(stack_details.SHEET, CONTRIBUTIONS, partial(stack_details.write, full=firm.stack))]
            if firm and firm.stack
            else []
        ),
        (use_cases.SHEET, "What people want to build.", use_cases.write),
    ]
    return [
        (summary.SHEET, "Official: recommendation, ranks, scores with their range, clearance, cost.", summary.write),
        (whatif.SHEET, "Live: change weights and choices, see ranks and stacks follow.", whatif.write),
        (weights.SHEET, "Official weights, and the what-if importance of each criterion.", weights.write),
        (levels.SHEET, "The matrix of levels, criteria by options.", levels.write),
        (lookup.SHEET, "One answer at a time: level, anchor, rationale, evidence.", lookup.write),
        (family_sheet.SHEET, "Official scores by family, and the profile of the leading options.", family_sheet.write),
        (
            gates.SHEET,
            "Which class of data each option is cleared for, and what stands in the way.",
            gates.write_matrix,
        ),
        (gates.LIST, "Every gate of every option and data class.", gates.write_list),
        (scores.SHEET, "Live and official figures of every option, side by side, with a check.", scores.write),
        (unknown_answers.SHEET, "Live: what unknown answers could do to the order.", unknown_answers.write),
        *([(breakeven.SHEET, BREAKEVEN, partial(breakeven.write, found=firm.breakeven))] if firm else []),
        *(demanded if plan.use_cases and plan.options else []),
        (answers.SHEET, "Every answer of every assessor with its rationale.", answers.write),
        (evidence.SHEET, "Sources, their age, and when they go stale.", evidence.write_evidence),
        (evidence.COSTS, "List prices by edition.", evidence.write_costs),
        (anchors.SHEET, "Questions and anchored levels.", anchors.write),
        (assessors.SHEET, "Scorecards, assessors, roles.", assessors.write_cards),
        (assessors.DIFFERENCES, "Answers on which assessors differ.", assessors.write_differences),
        *_since(plan),
        (method.SHEET, "How figures are made, policies, assumptions, what was left out.", method.write),
        (live_model.SHEET, "The numbers behind the live formulas.", live_model.write),
    ]


def _since(plan: WorkbookPlan) -> list[tuple[str, str, Write]]:
    """The sheets on what changed since the previous review, where there is one."""
    change = plan.result.changes
    if change is None:
        return []
    return [
        (
            changes.SHEET,
            "What moved each option's score since the edition before.",
            partial(changes.write_options, change=change),
        ),
        (changes.LIST, "Every answer, weight and rule that moved a score.", partial(changes.write_list, change=change)),
    ]
