"""All sheets, in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from evaluator.analysis.narrow import narrowed
from evaluator.models.firmness import Firmness
from evaluator.models.result import Result
from evaluator.reports.workbook import (
    answers,
    changes,
    compare,
    data,
    demand,
    fit,
    gates,
    lookup,
    method,
    model,
    people,
    readme,
    register,
    rubrics,
    scores,
    sensitivity,
    stack_list,
    stacks,
    summary,
    turning,
    weights,
    whatif,
    worth,
)
from evaluator.reports.workbook import (
    families as family_sheet,
)
from evaluator.reports.workbook.book import Book, Facts
from evaluator.reports.workbook.plan import Plan

TURNING = "How far each weight is from another first place and another stack."
WORTH = "What each tool is worth in the recommended stack, what its tools share, and what value costs."
Write = Callable[[Book, Plan], None]


def comparison_xlsx(result: Result, *, options: Sequence[str] = (), families: Sequence[str] = ()) -> bytes:
    """The comparison workbook of ``result``: official figures as values, and formulas that recompute them.

    The same arguments give the same bytes.

    Args:
        result: what was computed, from which everything is read; how firm the whole answer is has sheets of its own.
        options: only these: ranks and the live model are then among them alone.
        families: only these: the sheets on clearance, use cases and stacks are then left out.

    Raises:
        EvaluatorError: for an id that the evaluation does not have, or where nothing is left that has any weight.
    """
    narrow = narrowed(result, options, families)
    plan = Plan(narrow.result, narrow.words, narrow.whole)
    evaluation = plan.result.workspace.evaluation
    facts = Facts(evaluation.title, evaluation.organisation, result.as_of, result.digest, result.version)
    book = Book(facts)
    sheets = _sheets(plan, None if narrow.words else result.firmness)
    readme.write(book, plan, [(name, what) for name, what, _ in sheets])
    for _, _, write in sheets:
        write(book, plan)
    data.write(book, plan)
    return book.content()


def _sheets(plan: Plan, firm: Firmness | None) -> list[tuple[str, str, Write]]:
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
        *([(worth.SHEET, WORTH, partial(worth.write, full=firm.stack))] if firm and firm.stack else []),
        (demand.SHEET, "What people want to build.", demand.write),
    ]
    return [
        (summary.SHEET, "Official: recommendation, ranks, scores with their range, clearance, cost.", summary.write),
        (whatif.SHEET, "Live: change weights and choices, see ranks and stacks follow.", whatif.write),
        (weights.SHEET, "Official weights, and the what-if importance of each criterion.", weights.write),
        (compare.SHEET, "The matrix of levels, criteria by options.", compare.write),
        (lookup.SHEET, "One answer at a time: level, anchor, rationale, evidence.", lookup.write),
        (family_sheet.SHEET, "Official scores by family, and the profile of the leading options.", family_sheet.write),
        (
            gates.SHEET,
            "Which class of data each option is cleared for, and what stands in the way.",
            gates.write_matrix,
        ),
        (gates.LIST, "Every gate of every option and data class.", gates.write_list),
        (scores.SHEET, "Live and official figures of every option, side by side, with a check.", scores.write),
        (sensitivity.SHEET, "Live: what unknown answers could do to the order.", sensitivity.write),
        *([(turning.SHEET, TURNING, partial(turning.write, flips=firm.flips))] if firm else []),
        *(demanded if plan.use_cases and plan.options else []),
        (answers.SHEET, "Every answer of every assessor with its rationale.", answers.write),
        (register.SHEET, "Sources, their age, and when they go stale.", register.write_evidence),
        (register.COSTS, "List prices by edition.", register.write_costs),
        (rubrics.SHEET, "Questions and anchored levels.", rubrics.write),
        (people.SHEET, "Scorecards, assessors, roles.", people.write_cards),
        (people.DIFFERENCES, "Answers on which assessors differ.", people.write_differences),
        *_since(plan),
        (method.SHEET, "How figures are made, policies, assumptions, what was left out.", method.write),
        (model.SHEET, "The numbers behind the live formulas.", model.write),
    ]


def _since(plan: Plan) -> list[tuple[str, str, Write]]:
    """The sheets on what changed since the edition before, where there is one."""
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
