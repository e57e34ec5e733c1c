"""What the terminal shows: plain text that fits 80 columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

import tabulate

from evaluator.errors import Problem, Severity, one_line
from evaluator.model.cost import Coverage
from evaluator.model.elicitation import Sealing
from evaluator.model.evaluated import (
    Difference,
    Evaluated,
    Explanation,
    Fit,
    GateOutcome,
    OptionScore,
    Scores,
    Stack,
    Stacks,
)
from evaluator.model.workspace import Workspace
from evaluator.reports import words
from evaluator.reports.limit_words import limits_lead
from evaluator.reports.sentences import names, recommendation, seal_sentence, size_reason
from evaluator.reports.terminal.columns import cut, folded

WIDTH = 80
tabulate.MIN_PADDING = 0  # columns no wider than what they hold, so that tables fit the page


def table(rows: Sequence[Sequence[str]], headers: Sequence[str], align: str) -> str:
    """A plain table; ``align`` has one letter per column, ``l`` or ``r``."""
    sides = {"l": "left", "r": "right"}
    rows = [[cut(one_line(cell, 10 * WIDTH), WIDTH) for cell in row] for row in rows]
    return tabulate.tabulate(
        rows, headers, tablefmt="simple", disable_numparse=True, colalign=[sides[letter] for letter in align]
    )


def paragraph(text: str, indent: str = "") -> str:
    """``text`` folded to the width of the terminal page."""
    return folded(text, WIDTH, indent)


def heading(workspace: Workspace, as_of: date, criteria: int) -> str:
    """Title, date and scope, with the notice that the content carries."""
    facts = (
        f"as of {as_of.isoformat()}",
        words.counted(len(workspace.options), "option"),
        f"{words.counted(criteria, 'criterion', 'criteria')} in scope",
    )
    lines = [paragraph(workspace.evaluation.title), ", ".join(facts)]
    if workspace.evaluation.notice:
        lines.append(paragraph(workspace.evaluation.notice))
    return "\n".join(lines)


def scores_page(
    workspace: Workspace, scores: Scores, chosen: Collection[str] = (), sealing: Sealing | None = None
) -> str:
    """The ranking with ranges, and whether the weights were sealed; for ``chosen`` options also families and gates."""
    parts = [
        heading(workspace, scores.as_of, len(scores.weights)),
        "",
        _ranking([o for o in scores.options if not chosen or o.id in chosen]),
    ]
    parts += ["", *_reading(scores)]
    parts += [paragraph(seal_sentence(sealing))] if sealing else []
    for option in scores.options:
        if option.id in chosen:
            parts += ["", _option_page(workspace, option)]
    return "\n".join(parts)


def _ranking(options: Sequence[OptionScore]) -> str:
    rows = [
        (
            f"{option.rank}",
            words.abbreviated(option.name, 24),
            words.points(option.score),
            words.points(option.low),
            words.points(option.high),
            words.share(option.coverage),
            words.share(option.stale),
            words.abbreviated(option.cleared or "none", 12),
        )
        for option in options
    ]
    return table(rows, ("rank", "option", "score", "low", "high", "answered", "stale", "cleared"), "rlrrrrrl")


def _reading(scores: Scores) -> list[str]:
    notes = [
        "Scores run from 0 to 100. Low counts stale, unsupported and over-graded answers as unknown; high takes every unknown at its best level."
    ]
    first = scores.options[0] if scores.options else None
    if first and first.close:
        close = [scores.option(option).name for option in first.close]
        notes.append(f"Too close to call with {first.name}: {words.joined(close)}.")
    if scores.combination:
        notes.append(scores.combination)
        differing = sum(cell.differs for option in scores.options for cell in option.cells)
        apart = [option.name for option in scores.options if any(cell.differs for cell in option.cells)]
        if differing:
            notes.append(f"{words.counted(differing, 'answer')} differ between assessors ({words.joined(apart)}).")
        else:
            notes.append("No answer differs between assessors.")
    notes += [
        f"{option.name}: the scorecard of {words.joined(option.left_out)} is on another edition than "
        f"{option.edition_name} and is not combined."
        for option in scores.options
        if option.left_out
    ]
    return [paragraph(note) for note in notes]


def _option_page(workspace: Workspace, option: OptionScore) -> str:
    titles = {family.id: family.title for family in workspace.catalogue.head.families}
    rows = [
        (
            words.abbreviated(titles[family], 40),
            words.share(score.weight),
            words.points(score.score),
            f"{words.points(score.low)} to {words.points(score.high)}",
            words.share(score.coverage),
        )
        for family, score in option.families.items()
    ]
    lines = [
        paragraph(f"{option.name}, {option.edition_name}"),
        table(rows, ("family", "weight", "score", "range", "answered"), "lrrrr"),
        "",
        _gates_page(workspace, option),
    ]
    differing = [cell for cell in option.cells if cell.differs]
    if differing:
        rows_ = [
            (
                words.abbreviated(workspace.catalogue.criteria[cell.criterion].title, 40),
                ", ".join(f"{assessor} {words.level(level)}" for assessor, level in cell.levels.items()),
                words.level(cell.level),
            )
            for cell in differing
        ]
        lines += ["", table(rows_, ("assessors differ on", "answers", "counts"), "lll")]
    return "\n".join(lines)


def _gates_page(workspace: Workspace, option: OptionScore) -> str:
    rows = []
    for data_class, gates in option.gates.items():
        if not gates.checks:
            continue
        for check in gates.checks:
            if check.outcome is not GateOutcome.MET:
                title = workspace.catalogue.criteria[check.criterion].title
                mark = f"{words.GATE_MARKS[check.outcome]} {words.gate_word(check)}"
                rows.append(
                    (data_class, words.abbreviated(title, 34), f"{check.required}", words.level(check.observed), mark)
                )
    verdict = f"cleared for {option.cleared or 'no data class'}, clearable for {option.clearable or 'no data class'}"
    if not rows:
        return paragraph(f"Gates: {verdict}; no gate is open.")
    return paragraph(f"Gates: {verdict}.") + "\n" + table(rows, ("class", "gate", "needs", "has", "outcome"), "llrrl")


def explanation_page(workspace: Workspace, explanation: Explanation) -> str:
    """Every criterion that has an effect, largest first; the table adds up to its last line."""
    alone = explanation.against is None
    shown = [part for part in explanation.parts if part.points or (alone and part.open[0])]
    title, headers, rows = _alone(workspace, explanation, shown) if alone else _against(workspace, explanation, shown)
    show = words.points if alone else words.signed
    silent = len(explanation.parts) - len(shown)
    if silent:
        rows.append((f"{words.counted(silent, 'criterion', 'criteria')} without effect", "", "", show(0.0, 2)))
    rows.append(("total", "", "", show(explanation.score, 2), *([_open(explanation.open[0])] if alone else [])))
    return "\n".join(
        [
            heading(workspace, explanation.as_of, len(explanation.parts)),
            "",
            paragraph(title),
            table([(*row, *[""] * (len(headers) - len(row))) for row in rows], headers, "l" + "r" * (len(headers) - 1)),
            *_open_sentence(workspace, explanation),
        ]
    )


_Explained = tuple[str, list[str], list[tuple[str, ...]]]
"""Title, headers and rows of an explanation."""


def _alone(workspace: Workspace, explanation: Explanation, shown: Sequence[Difference]) -> _Explained:
    name = workspace.vendors[explanation.option].profile.name
    rows: list[tuple[str, ...]] = [
        (
            words.abbreviated(workspace.catalogue.criteria[part.criterion].title, 38),
            words.level(part.levels[0]),
            words.share(part.weight),
            words.points(part.points, 2),
            _open(part.open[0]),
        )
        for part in shown
    ]
    title = f"{name}: {words.points(explanation.score, 2)} points of 100, by criterion"
    return title, ["criterion", "level", "weight", "points", "could earn"], rows


def _against(workspace: Workspace, explanation: Explanation, shown: Sequence[Difference]) -> _Explained:
    names = [workspace.vendors[key].profile.name for key in (explanation.option, explanation.against) if key]
    rows: list[tuple[str, ...]] = [
        (
            words.abbreviated(workspace.catalogue.criteria[part.criterion].title, 36),
            words.level(part.levels[0]),
            words.level(part.levels[1]),
            words.signed(part.points, 2),
        )
        for part in shown
    ]
    title = f"{' against '.join(names)}: {words.signed(explanation.score, 2)} points, by criterion"
    return title, ["criterion", *(words.abbreviated(name, 14) for name in names), "points"], rows


def _open(points: float) -> str:
    return f"+{words.points(points, 2)}" if points else ""


def _open_sentence(workspace: Workspace, explanation: Explanation) -> list[str]:
    """What unknown answers could still earn; nothing where everything is answered."""
    names = (explanation.option, explanation.against)
    parts = [
        f"{workspace.vendors[name].profile.name} {words.points(points, 2)} points"
        for name, points in zip(names, explanation.open, strict=True)
        if name is not None and points
    ]
    return (
        ["", paragraph(f"Unknown answers earn nothing; they could still earn {' and '.join(parts)}.")] if parts else []
    )


def stacks_page(result: Evaluated, stacks: Stacks | None) -> str:
    """The best stack of every size, the recommended one in detail, and what stays uncovered."""
    workspace, scores = result.workspace, result.scores
    parts = [heading(workspace, scores.as_of, len(scores.weights)), ""]
    if stacks is None:
        return "\n".join([*parts, "No use case of any importance is described, so no stack can be chosen."])
    names = {option.id: option.name for option in scores.options}
    limited = limits_lead(result)
    parts += [paragraph(" ".join(limited)), ""] if limited else []
    for size in stacks.sizes:
        if size.size != stacks.recommended and size.size > 1 and not round(size.gain, 9):
            parts.append(
                f"{words.counted(size.size, 'tool')}: {words.points(size.best.value)} points, no more than the size below"
            )
            continue
        mark = "  <- recommended" if size.size == stacks.recommended else ""
        gain = f", {words.signed(size.gain)} over the size below" if size is not stacks.sizes[0] else ""
        parts.append(f"{words.counted(size.size, 'tool')}: {words.points(size.best.value)} points{gain}{mark}")
        parts.append(paragraph(words.joined([names[tool] for tool in size.best.tools]), "    "))
        parts.append(paragraph(f"per year: {words.money(size.best.cost)}", "    "))
        close = (*size.tied, *size.close)
        if close:
            more = " or more" if size.more_close else ""
            parts.append(
                paragraph(f"{words.counted(len(close), 'other stack')}{more} within the close band, next:", "    ")
            )
            parts.append(
                paragraph(
                    f"{words.joined([names[t] for t in close[0].tools])} ({words.points(close[0].value)})", "    "
                )
            )
    chosen = next((size.best for size in stacks.sizes if size.size == stacks.recommended), None)
    parts += ["", *_recommended(result, chosen)]
    parts += [paragraph(seal_sentence(result.sealing))] if result.sealing else []
    return "\n".join(parts)


def _recommended(result: Evaluated, chosen: Stack | None) -> list[str]:
    if chosen is None:
        return [paragraph(" ".join(("No stack is recommended.", *recommendation(result)[1:])))]
    titles = {case.id: case.title for case in result.workspace.demand.use_cases}
    names = {option.id: option.name for option in result.scores.options}
    rows = [
        (
            words.abbreviated(titles[place.use_case], 38),
            f"{words.COVERAGE_MARKS[place.coverage]} {words.COVERAGE_WORDS[place.coverage]}",
            words.abbreviated(names[place.tool], 17) if place.tool else "",
            words.points(place.fit),
        )
        for place in chosen.served
    ]
    lines = [
        paragraph(f"Recommended: {words.counted(len(chosen.tools), 'tool')}. {size_reason(result)}"),
        "",
        table(rows, ("use case", "served", "by", "fit"), "lllr"),
    ]
    lines += ["", *_uncovered(result, chosen)]
    return lines


def _uncovered(result: Evaluated, chosen: Stack) -> list[str]:
    """Which use cases the stack leaves open, and what stands in the way of the nearest option."""
    titles = {case.id: case.title for case in result.workspace.demand.use_cases}
    lines = []
    for place in chosen.served:
        if place.coverage is Coverage.NOT_COVERED:
            excluded = result.stacks.limits.excluded if result.stacks else ()
            fits = result.fits[place.use_case]
            able = [fit.option for fit in fits if fit.coverage is not Coverage.NOT_COVERED]
            free = sum(option not in excluded for option in able)
            who = "no option covers it"
            if free:
                who = f"{words.counted(free, 'option')} outside the stack could"
            elif able:
                who = f"only what is ruled out could serve it: {names(result, able)}"
            lines.append(paragraph(f"Not covered: {titles[place.use_case]} ({who}; {_obstacle(fits)})"))
    return lines


def _obstacle(fits: Sequence[Fit]) -> str:
    gates = sum(bool(fit.failed) for fit in fits)
    absent = sum(bool(fit.absent) for fit in fits)
    return f"{gates} fail a gate, {absent} lack a needed capability"


def problems_page(problems: Iterable[Problem]) -> str:
    """One line per problem, then the count."""
    rows = list(problems)
    errors = sum(problem.severity is Severity.ERROR for problem in rows)
    lines = [str(problem) for problem in rows]
    summary = f"{words.counted(errors, 'error')}, {words.counted(len(rows) - errors, 'warning')}"
    return "\n".join([*lines, summary if rows else "no problem found"])
