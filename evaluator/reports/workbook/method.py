"""How the figures are made, under which policies, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.reports.workbook import names
from evaluator.reports.workbook.cell_text import one_line
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.writer import SheetWriter, WorkbookWriter, cell

SHEET = "Method"
RULES = (
    (
        "Value of a level",
        "(level - lowest) / (highest - lowest) on the criterion's own scale, or the values the catalogue gives.",
    ),
    (
        "Weight of a criterion",
        "Weight of its family x its importance / importance of all criteria of the family in scope, then out of 1 over all criteria.",
    ),
    ("Score", "100 x sum of weight x value. An unknown answer earns nothing."),
    (
        "Low",
        "As the score, but answers that are stale, without evidence, or above what their evidence can carry earn nothing either.",
    ),
    ("High", "As the score, but every unknown answer earns the best level of its criterion."),
    ("Rank", "By score. Options whose scores agree to nine decimals share a rank: 1, 2, 2, 4."),
    (
        "Gate",
        "Met by a firm level at or above the minimum; failed by a firm level below it; not shown otherwise. Never in the score.",
    ),
    (
        "Fit for a use case",
        (
            "Score with the use case's emphasis on the weights x share of the capabilities it needs. 0 where a gate fails or a must is "
            "absent; counted in part where something is not shown."
        ),
    ),
    ("Value of a stack", "Mean over use cases of the best fit in the stack, weighted by importance."),
    ("Recommended size", "The smallest whose next tool would add less than the least gain below."),
)


def write(book: WorkbookWriter, plan: WorkbookPlan) -> None:
    """Write the sheet; it also holds the policies that formulas refer to."""
    sheet = book.sheet(
        SHEET,
        "Method and policies",
        "The formulas that the figures follow, and what was decided before they were computed.",
    )
    sheet.widths([34, 110])
    row = _pairs(sheet, 3, "How the figures are made", RULES)
    row = _policies(book, sheet, plan, row + 1)
    for title, pairs in _rest(plan):
        row = _pairs(sheet, row + 1, title, pairs or (("none", ""),))
    sheet.print_area(row, 1)


def _pairs(sheet: SheetWriter, top: int, title: str, pairs: tuple[tuple[str, str], ...]) -> int:
    """A heading and rows of two texts; returns the next free row."""
    sheet.text(top, 0, title, "section")
    for row, (label, text) in enumerate(pairs, start=top + 1):
        sheet.text(row, 0, one_line(label, 90), "label")
        sheet.text(row, 1, text, "wrap")
    return top + 1 + len(pairs)


def _policies(book: WorkbookWriter, sheet: SheetWriter, plan: WorkbookPlan, top: int) -> int:
    policies = plan.result.workspace.evaluation.policies
    credit = policies.capability_credit
    named = (
        ("Too close to call, points", float(policies.close_points), names.CLOSE),
        ("What a conditional fit counts", float(policies.conditional_credit), names.CREDIT),
        ("Least gain of the next tool, points", float(policies.min_gain), names.MIN_GAIN),
    )
    sheet.text(top, 0, "Policies", "section")
    for row, (label, number, name) in enumerate(named, start=top + 1):
        sheet.text(row, 0, label, "label")
        sheet.number(row, 1, number, "policy")
        book.define(name, SHEET, cell(row, 1))
    row = top + len(named) + 1
    sheet.text(row, 0, "As of", "label")
    sheet.put(row, 1, plan.result.as_of, "date")
    book.define(names.AS_OF, SHEET, cell(row, 1))
    gates = policies.gates if isinstance(policies.gates, str) else ", ".join(policies.gates)
    texts = (
        ("Gates switched on", gates),
        (
            "Credit for a capability",
            f"native {credit.native:g}, partial {credit.partial:g}, built {credit.built:g}; none and unknown 0",
        ),
        ("A capability that should be there", f"counts {policies.should_weight:g} of one that must"),
        ("Several scorecards", plan.result.scores.combination or "nothing had to be combined"),
    )
    for offset, (label, text) in enumerate(texts, start=1):
        sheet.text(row + offset, 0, label, "label")
        sheet.text(row + offset, 1, text, "wrap")
    return row + len(texts) + 1


def _rest(plan: WorkbookPlan) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    workspace = plan.result.workspace
    evaluation = workspace.evaluation
    yield (
        "Taken out for all options alike",
        tuple((_title(plan, key), reason) for key, reason in evaluation.out_of_scope.items()),
    )
    yield (
        "Looked at and left out before scoring",
        tuple((item.option, f"{item.reason} ({item.date})") for item in evaluation.excluded),
    )
    yield (
        "Assumptions",
        tuple((f"Assumption {number}", text) for number, text in enumerate(evaluation.assumptions, start=1)),
    )
    yield (
        "Checks of a final paper",
        tuple(
            ("waived" if check.waived else "holds" if check.passed else "open", check.finding)
            for check in plan.result.final
        ),
    )
    yield "Notice", (("Notice", evaluation.notice),) if evaluation.notice else ()


def _title(plan: WorkbookPlan, criterion: str) -> str:
    known = plan.result.workspace.catalogue.criteria.get(criterion)
    return known.title if known else criterion
