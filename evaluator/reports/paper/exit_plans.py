"""What papers show of how to leave a tool: who keeps the plan, what it says, and whether it was ever tried."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.model.evaluated import Evaluated
from evaluator.model.review import ExitPlanState
from evaluator.model.vendor import ExitPlan, Rehearsal
from evaluator.reports.language import ENGLISH, Language, form
from evaluator.reports.words import day, points


def exit_rows(result: Evaluated, tool: str, say: Language = ENGLISH) -> tuple[tuple[str, str], ...]:
    """The exit plan of a tool, a row per question; nothing where its profile has none."""
    plan = result.workspace.vendors[tool].profile.exit
    return tuple(_rows(result, tool, plan, say)) if plan else ()


def _rows(result: Evaluated, tool: str, plan: ExitPlan, say: Language) -> Iterator[tuple[str, str]]:
    standing = ExitPlanState.of(tool, plan, result.as_of)
    yield say("exit.kept-by"), plan.owner
    last = _rehearsal(plan.last_rehearsal, say) if plan.last_rehearsal else say("exit.never-rehearsed")
    yield say("exit.last-rehearsal"), last
    yield say("exit.next-rehearsal"), next_rehearsal(standing, say)
    yield say("exit.planned"), plan.planned
    yield say("exit.stressed"), plan.stressed
    yield say("exit.export"), plan.export
    terms = (_days(plan.notice_days, "exit.notice", say), _days(plan.retrieval_days, "exit.retrieval", say))
    yield say("exit.terms"), "; ".join(terms)
    if plan.alternatives:
        titles = {case.id: case.title for case in result.workspace.demand.use_cases}
        took = "; ".join(f"{titles.get(key, key)}: {text}" for key, text in plan.alternatives.items())
        yield say("exit.takes-over"), f"{took}."
    if plan.note:
        yield say("exit.note"), plan.note


def _rehearsal(found: Rehearsal, say: Language) -> str:
    when = day(found.date)
    if found.hours is None:
        return say("exit.rehearsed", date=when, finding=found.finding)
    hours = points(found.hours).removesuffix(".0")
    return say(form("exit.rehearsed-in", found.hours), date=when, finding=found.finding, n=hours)


def _days(days: int | None, key: str, say: Language) -> str:
    return say(f"{key}-unknown") if days is None else say.number(key, days)


def next_rehearsal(standing: ExitPlanState, say: Language = ENGLISH) -> str:
    """The day of the next rehearsal, and whether it has passed without one."""
    if standing.next_rehearsal is None:
        return say("exit.none-planned")
    return say("exit.overdue" if standing.overdue else "exit.planned-for", date=day(standing.next_rehearsal))


def exit_sentence(standing: ExitPlanState, say: Language = ENGLISH) -> str:
    """Whether there is a plan and when it was last tried."""
    if not standing.planned:
        return say("exit.no-plan-short")
    last = (
        say("exit.plan-rehearsed", date=day(standing.last_rehearsal))
        if standing.last_rehearsal
        else say("exit.plan-never-rehearsed")
    )
    return f"{last}; {say('exit.and-next', next=next_rehearsal(standing, say))}" if standing.next_rehearsal else last
