"""What papers show of how to leave a tool: who keeps the plan, what it says, and whether it was ever tried."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.models.result import Result
from evaluator.models.review import ExitStanding
from evaluator.models.vendor import ExitPlan, Rehearsal
from evaluator.reports.words import counted, day, points

NO_PLAN = (
    "No exit plan is in its profile: who would see to leaving it, how, and whether that was ever tried is unknown."
)


def exit_rows(result: Result, tool: str) -> tuple[tuple[str, str], ...]:
    """The exit plan of a tool, a row per question; nothing where its profile has none."""
    plan = result.workspace.vendors[tool].profile.exit
    return tuple(_rows(result, tool, plan)) if plan else ()


def _rows(result: Result, tool: str, plan: ExitPlan) -> Iterator[tuple[str, str]]:
    standing = ExitStanding.of(tool, plan, result.as_of)
    yield "Kept by", plan.owner
    yield "Last rehearsal", _rehearsal(plan.last_rehearsal) if plan.last_rehearsal else "never rehearsed"
    yield "Next rehearsal", next_rehearsal(standing)
    yield "Planned exit", plan.planned
    yield "If the vendor fails at once", plan.stressed
    yield "How data and logic get out", plan.export
    yield (
        "Terms",
        f"{_days(plan.notice_days, 'of notice', 'how long notice has to be given')}; {_retrieval(plan.retrieval_days)}",
    )
    if plan.alternatives:
        titles = {case.id: case.title for case in result.workspace.demand.use_cases}
        yield (
            "Takes over",
            "; ".join(f"{titles.get(key, key)}: {text}" for key, text in plan.alternatives.items()) + ".",
        )
    if plan.note:
        yield "Note", plan.note


def _rehearsal(found: Rehearsal) -> str:
    hours = (
        "" if found.hours is None else f", {counted(1, 'hour') if found.hours == 1 else f'{_plain(found.hours)} hours'}"
    )
    return f"{day(found.date)}{hours}: {found.finding}"


def _plain(hours: float) -> str:
    return points(hours).removesuffix(".0")


def _days(days: int | None, what: str, unknown: str) -> str:
    return f"{unknown} is unknown" if days is None else f"{counted(days, 'day')} {what}"


def _retrieval(days: int | None) -> str:
    return _days(days, "to fetch data after the end", "how long data can be fetched after the end")


def next_rehearsal(standing: ExitStanding) -> str:
    """The day of the next rehearsal, and whether it has passed without one."""
    if standing.next_rehearsal is None:
        return "none planned"
    return f"planned for {day(standing.next_rehearsal)}{', overdue' if standing.overdue else ''}"


def exit_sentence(standing: ExitStanding) -> str:
    """Whether there is a plan and when it was last tried."""
    if not standing.planned:
        return "no exit plan in its profile"
    last = f"last rehearsed on {day(standing.last_rehearsal)}" if standing.last_rehearsal else "never rehearsed"
    following = f"; the next rehearsal is {next_rehearsal(standing)}" if standing.next_rehearsal else ""
    return f"exit plan {last}{following}"
