"""All sheets of the comparison workbook, in order: what each is called, what it says of itself, who writes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evaluator.evaluation.subset import narrowed
from evaluator.model.evaluated import Evaluated
from evaluator.reports.language import ENGLISH
from evaluator.reports.sentences import limits_lead, weights_sealed
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
from evaluator.reports.workbook.styles import INPUT_TAB, LIVE_TAB, OFFICIAL_TAB, ComparisonBook, follow_inputs
from evaluator.xlsx.cell_text import one_line
from evaluator.xlsx.writer import SheetWriter

Text = str | Callable[[WorkbookPlan], str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the workbook."""

    name: str
    write: Callable[[SheetWriter, WorkbookPlan], None]
    purpose: str
    """What the first sheet says of it."""
    title: Text
    about: Text
    """The line below the title."""
    tab: str = ""
    live: bool = False
    """Whether it holds formulas that follow the inputs."""
    when: Callable[[WorkbookPlan], bool] = lambda _: True
    """Whether a workbook has it."""


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
    sheets = [sheet for sheet in SHEETS if sheet.when(plan)]
    page = book.sheet("Read me", _title(plan), "Comparison workbook", OFFICIAL_TAB)
    explanation.write_read_me(page, plan, [(sheet.name, sheet.purpose) for sheet in sheets])
    for sheet in sheets:
        page = book.sheet(sheet.name, _said(sheet.title, plan), _said(sheet.about, plan), sheet.tab)
        if sheet.live:
            follow_inputs(page)
        sheet.write(page, plan)
    source_tables.write_data(SheetWriter(book, "Data"), plan)
    return book.finish()


def _said(text: Text, plan: WorkbookPlan) -> str:
    return text if isinstance(text, str) else text(plan)


def _title(plan: WorkbookPlan) -> str:
    return one_line(plan.result.workspace.evaluation.title, 110)


def _demand(plan: WorkbookPlan) -> bool:
    return bool(plan.use_cases and plan.options)


def _no_stack(plan: WorkbookPlan) -> str:
    """Why there is no stack."""
    if plan.result.stacks:
        return " ".join(("No stack keeps to the limits of this evaluation.", *limits_lead(plan.result, ENGLISH)))
    return "No use case of any importance is described, so no stack is computed."


def _catalogue(plan: WorkbookPlan) -> str:
    head = plan.result.workspace.catalogue.head
    return f"{head.title}, version {head.version} of {head.date}."


SHEETS = (
    Sheet("Summary", official_tables.write_summary,
          "Official: recommendation, ranks, scores with their range, clearance, cost.",
          _title, official_tables.status, tab=OFFICIAL_TAB),
    Sheet("What if", what_if.write_what_if,
          "Live: change weights and choices, see ranks and stacks follow.",
          "What if", "Change the yellow cells; weights of single criteria are on Weights. Nothing here changes the official result.",
          tab=INPUT_TAB, live=True),
    Sheet("Weights", what_if.write_weights,
          "Official weights, and the what-if importance of each criterion.",
          "Weights", lambda plan: one_line(weights_sealed(plan.result, ENGLISH), 260), tab=INPUT_TAB, live=True),
    Sheet("Compare", official_tables.write_compare,
          "The matrix of levels, criteria by options.",
          "Levels by criterion",
          "Level of each answer that counts. ? unknown; old: evidence past its limit; weak: its evidence cannot carry the level; "
          "bare: no evidence; ≠ assessors differ. Colour repeats the number."),
    Sheet("Look up", what_if.write_look_up,
          "One answer at a time: level, anchor, rationale, evidence.",
          "Look up one answer", "Choose an option and a criterion in the yellow cells.",
          tab=INPUT_TAB, when=lambda plan: bool(plan.options)),
    Sheet("Families", official_tables.write_families,
          "Official scores by family, and the profile of the leading options.",
          "Scores by family",
          "Official figures, 0 to 100 inside each family; an unknown answer earns nothing in the score and its best level in high."),
    Sheet("Gates", gates.write_gates,
          "Which class of data each option is cleared for, and what stands in the way.",
          "Gates by data class", gates.explained),
    Sheet("Gate list", gates.write_gate_list,
          "Every gate of every option and data class.",
          "Every gate", "One row per option, data class and gate. The what-if sheet counts the outcomes of this list."),
    Sheet("Live scores", live_scores.write_scores,
          "Live and official figures of every option, side by side, with a check.",
          "Live scores, beside the official ones",
          "Left: recomputed from the inputs. Right: official, fixed. Counted score: score, low or high, as unknown answers count.",
          tab=LIVE_TAB, live=True),
    Sheet("Sensitivity", live_scores.write_unknown,
          "Live: what unknown answers could do to the order.",
          "Sensitivity to what is not known",
          "The order if unknown answers earn nothing (score), if weak answers earn nothing either (low), and if all unknowns turn out best (high).",
          tab=LIVE_TAB, live=True),
    Sheet("Break-even", official_tables.write_breakeven,
          "How far each weight is from another first place and another stack.",
          "Break-even",
          "The weight at which something else holds, all other weights keeping their proportions. A rival that draws level counts.",
          when=lambda plan: plan.result.sensitivity is not None),
    Sheet("Fit", live_scores.write_fit,
          "Live: every option for every use case, beside the official fits.",
          "Fit of every option for every use case",
          "0 to 100. ● covered, ◐ conditional: something it needs is unsupported, ○ not covered: a gate fails or a must is absent.",
          tab=LIVE_TAB, live=True, when=_demand),
    Sheet("Stacks", stacks.write_stacks,
          "Live: the best stack of each size, its runner-up, who serves what; beside the official ones.",
          "Stacks: the best sets of tools",
          "The value of a stack is the mean of the best fit over the use cases, weighted by importance. Every set compared is on Stack list.",
          tab=LIVE_TAB, live=True, when=lambda plan: _demand(plan) and bool(plan.sizes)),
    Sheet("Stacks", stacks.write_nothing,
          "Live: the best stack of each size, its runner-up, who serves what; beside the official ones.",
          "Stacks", _no_stack, when=lambda plan: _demand(plan) and not plan.sizes),
    Sheet("Stack list", stacks.write_list,
          "Every stack that is compared, with its value.",
          "Every stack compared",
          "Filter by the number of tools. Values follow the what-if inputs; official values stand beside.",
          when=lambda plan: _demand(plan) and bool(plan.sizes)),
    Sheet("Stack in full", official_tables.write_stack_details,
          "What each tool contributes to the recommended stack, what its tools share, and what value costs.",
          "The recommended stack in full",
          "Official figures, in points of the stack's value. The fair share is the Shapley value; the shares sum to the value.",
          when=lambda plan: _demand(plan) and plan.stack_details is not None),
    Sheet("Use cases", source_tables.write_use_cases,
          "What people want to build.",
          "Use cases", lambda plan: plan.result.workspace.demand.notice, when=_demand),
    Sheet("Answers", source_tables.write_answers,
          "Every answer of every assessor with its rationale.",
          "Answers",
          "One row per assessor, option and criterion. 'Counts' says whose answer the figures use; evidence numbers lead to Evidence."),
    Sheet("Evidence", source_tables.write_evidence,
          "Sources, their age, and when they go stale.",
          "Evidence register", source_tables.grades_explained),
    Sheet("Costs", source_tables.write_costs,
          "List prices by edition.",
          "List prices",
          "As found in public sources, before tax and discount; currencies are not converted. No price means not known, never free."),
    Sheet("Rubrics", source_tables.write_rubrics,
          "Questions and anchored levels.",
          "Rubrics", _catalogue),
    Sheet("People", source_tables.write_people,
          "Scorecards, assessors, roles.",
          "People and scorecards",
          lambda plan: plan.result.scores.combination or "One scorecard per option; nothing had to be combined."),
    Sheet("Differences", source_tables.write_differences,
          "Answers on which assessors differ.",
          "Where assessors differ", source_tables.differences_counted),
    Sheet("Changes", changes.write_options,
          "What moved each option's score since the previous review.",
          changes.since, changes.explained, when=lambda plan: plan.result.changes is not None),
    Sheet("Change list", changes.write_list,
          "Every answer, weight and rule that moved a score.",
          "Every answer, weight and rule that moved a score", changes.compared, when=lambda plan: plan.result.changes is not None),
    Sheet("Method", explanation.write_method,
          "How figures are made, policies, assumptions, what was left out.",
          "Method and policies", "The formulas that the figures follow, and what was decided before they were computed."),
    Sheet("Model", live_model.write,
          "The numbers behind the live formulas.",
          "Model",
          "What the live formulas read. Weights follow the inputs; values, emphasis and choices are data of the evaluation."),
)  # fmt: skip
"""The order of the workbook. The first sheet stands before these, the hidden data for machines behind them."""
