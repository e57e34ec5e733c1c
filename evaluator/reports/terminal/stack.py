"""One stack in full on the terminal: plain text that fits 80 columns."""

from __future__ import annotations

from evaluator.model.stack_details import Frontier, StackDetails, Uncovered
from evaluator.model.stack_limits import Budget
from evaluator.model.workspace import Workspace
from evaluator.reports import words
from evaluator.reports.limit_words import limits_sentence
from evaluator.reports.terminal.names import criterion_title, option_name, option_names
from evaluator.reports.terminal.scores import paragraph, table

BUDGET_WORDS = {
    Budget.WITHIN: "within the budget",
    Budget.OVER: "over the budget",
    Budget.UNKNOWN: "not shown to be within the budget",
}


def stack_page(workspace: Workspace, found: StackDetails) -> str:
    """One stack in full: sizes, worth, overlap, concentration, cost, and what stays open."""
    parts = [paragraph(f"{option_names(workspace, found.tools)}: {words.points(found.value)} points"), ""]
    steps = [
        (
            f"{step.size}",
            option_names(workspace, step.tools, 40),
            words.points(step.value),
            words.signed(step.gain),
            f"{step.covered}/{step.conditional}/{step.not_covered}",
        )
        for step in found.steps
    ]
    limited = limits_sentence(found.limits, lambda tools: option_names(workspace, tools))
    parts += [paragraph(limited), ""] if limited else []
    parts.append(table(steps, ("size", "best stack", "points", "gain", "cov/cond/none"), "rlrrr"))
    worth = [
        (option_name(workspace, row.tool), words.points(row.alone), words.points(row.last), words.points(row.fair))
        for row in found.worth
    ]
    parts += ["", table(worth, ("tool", "alone", "lost without it", "fair share"), "lrrr")]
    if found.overlaps:
        overlap = [
            (option_names(workspace, row.tools, 50), words.chance(row.share), f"{len(row.use_cases)}")
            for row in found.overlaps
        ]
        parts += ["", table(overlap, ("overlap of", "share", "use cases"), "lrr")]
    parts += ["", *_risk_lines(workspace, found)]
    parts += [paragraph(_uncovered(workspace, row)) for row in found.uncovered]
    for frontier in found.frontier:
        parts += ["", *_frontier_lines(workspace, frontier)]
    return "\n".join(parts)


def _risk_lines(workspace: Workspace, found: StackDetails) -> list[str]:
    lines = [paragraph(f"Per year: {words.money(found.cost)}")]
    if found.budget and found.limits.budget is not None:
        limit = f"{found.limits.currency} {found.limits.budget:,.0f}"
        lines.append(f"The expected cost is {BUDGET_WORDS[found.budget]} of {limit}.")
    lines += [
        paragraph(f"Same {row.kind}, {row.value}: {option_names(workspace, row.tools)}.")
        for row in found.concentrations
    ]
    return lines


def _uncovered(workspace: Workspace, row: Uncovered) -> str:
    title = workspace.demand.by_id[row.use_case].title
    if row.elsewhere:
        return f"Not covered: {title}. Outside the stack: {option_names(workspace, row.elsewhere[:3])}."
    if row.ruled_out:
        return f"Not covered: {title}. Only what is ruled out could serve it: {option_names(workspace, row.ruled_out)}."
    nearest = row.obstacles[0] if row.obstacles else None
    if nearest is None:
        return f"Not covered: {title}."
    lacking = [criterion_title(workspace, key) for key in nearest.failed] + [
        workspace.demand.capabilities.get(key, key) for key in nearest.absent
    ]
    what = f" lacks {words.joined(lacking)}" if lacking else " earns nothing there"
    return f"Not covered: {title}, by no option. Nearest: {option_name(workspace, nearest.option)}{what}."


def _frontier_lines(workspace: Workspace, frontier: Frontier) -> list[str]:
    rows = [
        (
            option_names(workspace, point.tools, 46),
            words.points(point.value),
            words.whole(point.cost.expected(frontier.currency)),
        )
        for point in frontier.points
    ]
    lines = [
        f"Value against cost, stacks of up to {words.counted(frontier.up_to, 'tool')} priced in {frontier.currency}:",
        table(rows, ("stack", "points", f"{frontier.currency} a year"), "lrr"),
    ]
    if frontier.better_unpriced:
        point = frontier.better_unpriced
        lines.append(
            paragraph(
                f"{frontier.unpriced} stacks have no full price in {frontier.currency}; of those, "
                f"{option_names(workspace, point.tools)} is worth {words.points(point.value)} points."
            )
        )
    return lines
