"""The sheets that explain: what this workbook is and how to use it, and how its figures are made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluator.model.evaluated import Evaluated
from evaluator.reports.language import ENGLISH
from evaluator.reports.sentences import seal_sentence
from evaluator.reports.words import checks_held, counted
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.source_tables import SCHEMA
from evaluator.reports.workbook.styles import TABLE_TOP
from evaluator.xlsx.cell_text import one_line
from evaluator.xlsx.writer import SheetWriter, Value

Pair = tuple[str, str]
"""A label and what it says."""
PAIR = ("label", "wrap")
"""The styles of a pair."""

LEGEND = (
    ("Yellow cells",
     "Inputs, the only cells to change: on What if, Weights and Look up. Sheets with formulas are locked without a password."),
    ("Official", "Fixed values, written by the evaluator. Nothing in this workbook changes them."),
    ("Live, what-if",
     "Formulas that follow the inputs. Named cells and columns make them readable: weight, given_..., low_..., best_..., fit_..."),
    ("Check",
     "agrees: live equals official. as official: inputs changed, figure did not. what-if: it differs, because inputs were changed."),
    ("DOES NOT AGREE", "Should never appear. If it does, the workbook was edited outside the inputs: write it again."),
    ("Score, low, high",
     "Unknown answers earn nothing; weak answers earn nothing either; unknown answers earn their best level."),
    ("✓ met, ✗ failed, ? unsupported",
     "A gate: a minimum level for a class or tag of data. Never part of the score. – means that it does not apply to the edition."),
    ("● covered, ◐ conditional, ○ not covered", "A use case: served; served once evidence is there; not served."),
    ("old, weak, bare, ≠, ?",
     "On Compare: evidence past its limit; evidence that cannot carry the level; no evidence; assessors differ; unknown."),
    ("Colour", "Repeats what a word, a mark or a number says already. It can be ignored."),
)  # fmt: skip
USE = (
    "1. On What if, change a family's weight, the data class, what an unknown answer counts as, or the stack size. On Weights, change the importance of a criterion.",
    "2. Ranks, gates, fits and best stacks follow at once. The line at the head of each live sheet says whether the inputs are the official ones.",
    "3. To return: copy the official column over the what-if column, and choose 'nothing' for unknown answers; or close without saving.",
    "4. A changed weight is an argument, not a decision: the official weights are changed in the evaluation, with a reason, and the workbook is written again.",
)  # fmt: skip
RULES = (
    ("Value of a level",
     "(level - lowest) / (highest - lowest) on the criterion's own scale, or the values the catalogue gives."),
    ("Weight of a criterion",
     "Weight of its family x its importance / importance of all criteria of the family in scope, then out of 1 over all criteria."),
    ("Score", "100 x sum of weight x value. An unknown answer earns nothing."),
    ("Low",
     "As the score, but answers that are stale, without evidence, or above what their evidence can carry earn nothing either."),
    ("High", "As the score, but every unknown answer earns the best level of its criterion."),
    ("Rank", "By score. Options whose scores agree to nine decimals share a rank: 1, 2, 2, 4."),
    ("Gate",
     "Met by a supported level at or above the minimum; failed by a level below it; unsupported otherwise; not applicable to an edition of another deployment. Never in the score."),
    ("Fit for a use case",
     "Score with the use case's emphasis on the weights x share of the capabilities it needs. 0 where a gate fails or a must is absent; counted in part where something is unsupported."),
    ("Value of a stack", "Mean over use cases of the best fit in the stack, weighted by importance."),
    ("Recommended size", "The smallest whose next tool would add less than the least gain below."),
)  # fmt: skip


def write_read_me(page: SheetWriter, plan: WorkbookPlan, sheets: Sequence[Pair]) -> None:
    """Write what this workbook is, how to read it, and how to use it; ``sheets`` are names with what they show."""
    page.widths([34, 120])
    facts = list(_facts(plan))
    for row, fact in enumerate(facts, start=TABLE_TOP):
        page.row(row, 0, fact, PAIR)
    last = page.section(TABLE_TOP + len(facts) + 1, "How to use it", [[text] for text in USE], ["plain"])
    top = last + 2
    last = page.section(top, "Sheets", sheets, ["link", "plain"])
    for row, (name, _) in enumerate(sheets, start=top + 1):
        page.sheet.write_url(row, 0, f"internal:'{name}'!A1", page.book.style("link"), name)
    page.print_area(page.section(last + 2, "Legend", LEGEND, PAIR), 1)


def _facts(plan: WorkbookPlan) -> Iterator[Pair]:
    """What the workbook is about and where its figures come from."""
    result, evaluation = plan.result, plan.result.workspace.evaluation
    options, criteria = counted(len(plan.options), "option"), counted(len(plan.criteria), "criterion", "criteria")
    if plan.selection:
        yield "Selection", plan.selection
    yield "Organisation", one_line(evaluation.organisation, 120)
    yield "Question", evaluation.question or "not stated"
    yield "As of", f"{result.as_of}, valid until {result.valid_until}"
    yield "Status", _status(result)
    yield "Compared", f"{options}, {criteria} in scope, {counted(len(plan.use_cases), 'use case')}"
    yield "Weights", seal_sentence(result.sealing, ENGLISH) if result.sealing else "not stated"
    yield "Data hash", result.digest
    yield "Written by", f"evaluator {result.version}; flat data: sheet Data, hidden, schema {SCHEMA}"
    if evaluation.notice:
        yield "Notice", evaluation.notice


def _status(result: Evaluated) -> str:
    """Draft or final, and what makes it a draft."""
    failing = sum(not check.passed for check in result.final)
    open_ = f"the review {result.review.review} is not closed" if result.review and not result.review.closed else ""
    checks = f"{counted(failing, 'check')} of a final paper open, listed on Method" if failing else ""
    why = "; ".join(filter(None, (open_, checks)))
    return f"draft: {why}" if why else checks_held(result.final)


def write_method(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write how the figures are made, the policies that formulas refer to, and what was left out."""
    page.widths([34, 110])
    last = page.section(TABLE_TOP, "How the figures are made", RULES, PAIR)
    last = _policies(page, plan, last + 2)
    for title, pairs in _decided(plan):
        rows = [(one_line(label, 90), text) for label, text in pairs]
        last = page.section(last + 2, title, rows or [("none", "")], PAIR)
    page.print_area(last + 1, 1)


def _policies(page: SheetWriter, plan: WorkbookPlan, top: int) -> int:
    """Write the policies, those that formulas read with a name; returns the last row."""
    policies = plan.result.workspace.evaluation.policies
    credit = policies.capability_credit
    gates = policies.gates if isinstance(policies.gates, str) else ", ".join(policies.gates)
    credited = f"native {credit.native:g}, partial {credit.partial:g}, built {credit.built:g}; none and unknown 0"
    rows: tuple[tuple[str, Value, str, str], ...] = (
        # label, value, style, name in formulas
        ("Too close to call, points", float(policies.close_points), "policy", "close_points"),
        ("What a conditional fit counts", float(policies.conditional_credit), "policy", "conditional_credit"),
        ("Least gain of the next tool, points", float(policies.min_gain), "policy", "min_gain"),
        ("As of", plan.result.as_of, "date", "as_of"),
        ("Gates switched on", gates, "wrap", ""),
        ("Credit for a capability", credited, "wrap", ""),
        ("A capability that should be there", f"counts {policies.should_weight:g} of one that must", "wrap", ""),
        ("Several scorecards", plan.result.scores.combination or "nothing had to be combined", "wrap", ""),
    )
    page.put(top, 0, "Policies", "section")
    for row, (label, value, style, name) in enumerate(rows, start=top + 1):
        page.row(row, 0, [label, value], ["label", style])
        if name:
            page.define(name, row, 1)
    return top + len(rows)


def _decided(plan: WorkbookPlan) -> Iterator[tuple[str, list[Pair]]]:
    """What was decided beside the policies, and whether the paper may be final."""
    evaluation, known = plan.result.workspace.evaluation, plan.result.workspace.catalogue.criteria
    yield (
        "Taken out for all options alike",
        [(known[key].title if key in known else key, reason) for key, reason in evaluation.out_of_scope.items()],
    )
    yield (
        "Looked at and left out before scoring",
        [(item.option, f"{item.reason} ({item.date})") for item in evaluation.excluded],
    )
    yield "Assumptions", [(f"Assumption {number}", text) for number, text in enumerate(evaluation.assumptions, start=1)]
    yield (
        "Checks of a final paper",
        [
            ("waived" if check.waived else "holds" if check.passed else "open", check.finding)
            for check in plan.result.final
        ],
    )
    yield "Notice", [("Notice", evaluation.notice)] if evaluation.notice else []
