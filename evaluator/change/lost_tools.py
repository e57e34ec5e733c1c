"""Why a tool that was approved no longer is: use case by use case, from the fits of both reviews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evaluator.model.change import GateMove, LostUse, ToolGone
from evaluator.model.evaluated import Evaluated, Fit, GateOutcome

_Levels = Mapping[str, int | None]


def tools_gone(old: Evaluated, new: Evaluated, before: Sequence[str], after: Sequence[str]) -> tuple[ToolGone, ...]:
    """Each tool of ``before`` that is not in ``after``: the use cases it served, and what became of them."""
    names = {option.id: option.name for option in (*new.scores.options, *old.scores.options)}
    known = {option.id for option in new.scores.options}
    then, now = _by_tool(old), _by_tool(new)
    return tuple(
        ToolGone(
            tool,
            names.get(tool, tool),
            still_option=tool in known,
            uses=tuple(
                _lost(use_case, tool, (then, now), after, (_levels(old, tool), _levels(new, tool)))
                for use_case in then
                if _best(then[use_case], before) == tool
            ),
        )
        for tool in before
        if tool not in after
    )


def _by_tool(result: Evaluated) -> dict[str, dict[str, Fit]]:
    return {use_case: {fit.option: fit for fit in row} for use_case, row in result.fits.items()}


def serving(result: Evaluated, tools: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The use cases that each of ``tools`` serves when all of them are at hand, by tool; those that serve none are left out."""
    found: dict[str, list[str]] = {}
    for use_case, fits in _by_tool(result).items():
        tool = _best(fits, tools)
        if tool is not None:
            found.setdefault(tool, []).append(use_case)
    return {tool: tuple(cases) for tool, cases in sorted(found.items())}


def _best(fits: Mapping[str, Fit], tools: Sequence[str]) -> str | None:
    """Which of ``tools`` serves the use case: the best fit above zero, ties by id."""
    able = [fits[tool] for tool in tools if tool in fits and fits[tool].fit > 0]
    return min(able, key=lambda fit: (-round(fit.fit, 9), fit.option)).option if able else None


def _lost(
    use_case: str,
    tool: str,
    tables: tuple[Mapping[str, Mapping[str, Fit]], Mapping[str, Mapping[str, Fit]]],
    after: Sequence[str],
    levels: tuple[_Levels, _Levels],
) -> LostUse:
    was = tables[0][use_case][tool]
    today = tables[1].get(use_case, {})
    fit = today.get(tool)
    server = _best(today, after)
    return LostUse(
        use_case=use_case,
        fits=(was.fit, fit.fit if fit else None),
        now=server,
        now_fit=today[server].fit if server else 0.0,
        gates=_gates(was, fit, levels) if fit else (),
        absent=tuple(need for need in fit.absent if need not in was.absent) if fit else (),
    )


def _levels(result: Evaluated, tool: str) -> _Levels:
    return {
        cell.criterion: cell.level for option in result.scores.options if option.id == tool for cell in option.cells
    }


def _gates(was: Fit, fit: Fit, levels: tuple[_Levels, _Levels]) -> tuple[GateMove, ...]:
    """Gates that stood in nobody's way then and do now."""
    before = {check.criterion: check.outcome for check in (*was.failed, *was.unsupported)}
    return tuple(
        GateMove(
            criterion=check.criterion,
            required=check.required,
            levels=(levels[0].get(check.criterion), levels[1].get(check.criterion)),
            outcome="failed" if check.outcome is GateOutcome.FAILED else "unsupported",
            evidence_status=check.evidence_status,
        )
        for check in (*fit.failed, *fit.unsupported)
        if before.get(check.criterion) is not check.outcome
    )
