"""The page of the terminal on what changed between two reviews: table and chart, ranks, causes, stack, inputs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any

from evaluator.model.change import (
    NATURES,
    Cause,
    CellChange,
    Change,
    Nature,
    OptionChange,
    Points,
    StackChange,
    ToolGone,
)
from evaluator.model.workspace import Workspace
from evaluator.reports import change_words, words
from evaluator.reports.terminal.page import Bar, Chart, Indented, Page, Part, Section, Table
from evaluator.reports.terminal.scores import LOW

MOST_BARS = 25
"""Options drawn in the chart; the table has all."""
LISTED = 20
"""Criteria, weights and other inputs listed."""
THEN, NOW = "o", "*"
MARKS = {Nature.FACTS: "=", Nature.METHOD: "-", Nature.CHOICE: "~"}
"""What a stretch is drawn with, by what moved it: marks differ in shape, never in colour alone."""
AGAINST = "#"
"""Where one part takes back what another gave."""


def change_page(workspace: Workspace, change: Change, chosen: Collection[str] = ()) -> Page:
    """What changed and why: table, chart, ranks and causes; for ``chosen`` options also criterion by criterion."""
    options = [option for option in change.options if not chosen or option.id in chosen]
    kept = [option for option in options if option.status == "kept"]
    causes = [line for option in kept for line in _causes(option)]
    old, new = change.old, change.new
    detail = [section for option in options for section in _option_sections(workspace, change, option)]
    return [
        f"Changes from {old.name} (as of {old.as_of}) to {new.name} (as of {new.as_of})",
        _overview(options),
        (f"Facts and method add up to the difference of the score. {LOW} When evidence goes stale, only low moves."),
        *([] if chosen else _chart(kept)),
        *_ranks(change, options),
        causes or (["No score moved."] if kept else []),
        *(detail if chosen else (*_stack(workspace, change), *_inputs(workspace, change))),
    ]


def _overview(options: Sequence[OptionChange]) -> Table:
    rows: list[tuple[Any, ...]] = []
    for option in options:
        facts, method, _ = change_words.natures_of(change_words.scores_of(option.causes)).values()
        difference, rank = option.difference, option.rank
        figures = (option.name, *(side.score if side else "" for side in (option.old, option.new)))
        if difference is None or rank is None:
            rows.append((*figures, "", "", "", "", "", "new" if option.status == "came" else "removed"))
            continue
        ranks = f"{rank.old} to {rank.new}"
        moved_by = change_words.RANK_WORDS[rank.reason]
        rows.append((*figures, difference.score, facts, method, difference.low, ranks, moved_by))
    differences = ((head, words.signed) for head in ("score", "facts", "method", "low"))
    scores = (("option", str), ("then", words.points), ("now", words.points))
    return Table((*scores, *differences, ("rank", str), ("moved by", str)), rows)


def _chart(kept: Sequence[OptionChange]) -> Iterator[Section]:
    """The bridge of each option's score: facts first, then method."""
    parts = {option.id: _natures(option) for option in kept}
    if not any(parts.values()):
        return
    drawn = kept[:MOST_BARS]
    against = any(_oppose(parts[option.id]) for option in drawn)
    legend = _legend((nature for option in drawn for nature, _ in parts[option.id]), against=against)
    more = f" The first {MOST_BARS} of {len(kept)} are drawn." if len(kept) > MOST_BARS else ""
    yield f"Score of each option: {legend}.{more}"
    yield Chart(
        [
            bridge(option.name, option.old.score, option.new.score, parts[option.id])
            for option in drawn
            if option.old and option.new
        ]
    )


def _natures(option: OptionChange) -> list[tuple[Nature, float]]:
    """What each nature moved of the score, for those that moved anything."""
    natures = change_words.natures_of(change_words.scores_of(option.causes))
    return [(nature, points) for nature, points in natures.items() if points]


def _oppose(parts: Sequence[tuple[Nature, float]]) -> bool:
    """Whether parts work against each other, so that their stretches overlap."""
    return min((points for _, points in parts), default=0.0) < 0 < max(points for _, points in parts)


def _legend(natures: Iterable[Nature], *, against: bool = False) -> str:
    """What the marks of a chart mean; only those that occur."""
    found = set(natures)
    marks = [f"{mark} {change_words.NATURE_WORDS[nature]}" for nature, mark in MARKS.items() if nature in found]
    return ", ".join(
        [f"{THEN} then", f"{NOW} now", *marks, *([f"{AGAINST} one takes back the other"] if against else [])]
    )


def bridge(name: str, then: float, now: float, parts: Sequence[tuple[Nature, float]]) -> Bar:
    """One line from a figure then to the same now, with the stretch of each part between and beyond them."""
    ends = pairwise(accumulate((points for _, points in parts), initial=then))
    stretches = [(start, end, MARKS[nature]) for (nature, _), (start, end) in zip(parts, ends, strict=True)]
    overlap = AGAINST if _oppose(parts) else ""
    return Bar(name, stretches, [(then, THEN), (now, NOW)], words.signed(now - then), overlap)


def waterfall(change: Change, causes: Mapping[Cause, float], figures: tuple[float, float]) -> list[Part]:
    """The old figure, one line per cause from where the one before it ended, and the new figure; by nature, largest first."""
    shown = change_words.by_size(causes)
    steps = [step for nature in Nature for step in shown if NATURES[step[0]] is nature]
    ends = pairwise(accumulate((points for _, points in steps), initial=figures[0]))
    bars = [
        Bar(
            change_words.cause_word(cause, points),
            [(start, end, MARKS[NATURES[cause]])],
            [(end, ">" if points > 0 else "<")],
            words.signed(points),
        )
        for (cause, points), (start, end) in zip(steps, ends, strict=True)
    ]
    then, now = (
        Bar(side.name, [], [(figure, mark)], words.points(figure))
        for side, figure, mark in zip((change.old, change.new), figures, (THEN, NOW), strict=True)
    )
    return [f"{_legend(NATURES[cause] for cause, _ in steps)}.", Chart([then, *bars, now], names=27)]


def _ranks(change: Change, options: Sequence[OptionChange]) -> Iterator[Section]:
    """What the reasons of rank moves mean, and the two crossed rankings between then and now."""
    yield change_words.rank_sentences(change, {option.id for option in options})
    rows = [(option.name, *change_words.crossed_row(option)) for option in options if option.rank]
    if rows and change_words.crossed(change):
        yield Table((("score (rank)", str), *((head, _ranked) for head in change_words.CROSSED_HEADS)), rows)
    yield change_words.crossed_note(change) if rows else ""


def _ranked(found: tuple[float, int]) -> str:
    """A score with its rank."""
    return f"{words.points(found[0])} ({found[1]})"


def _causes(option: OptionChange) -> list[Part]:
    """What moved score and low, each on lines of its own; nothing where neither moved."""
    scores, lows = change_words.scores_of(option.causes), change_words.lows_of(option.causes)
    difference = option.difference
    if difference is None or not (scores or lows):
        return []
    lines: list[Part] = [option.name]
    if scores:
        lines.append(Indented(f"score {words.signed(difference.score)}: {change_words.cause_list(scores)}"))
    if lows and lows != scores:
        lines.append(Indented(f"low {words.signed(difference.low)}: {change_words.cause_list(lows)}"))
    return lines


def _option_sections(workspace: Workspace, change: Change, option: OptionChange) -> Iterator[Section]:
    """The waterfalls of score and low of one option, and every criterion that moved them."""
    if option.old is None or option.new is None:
        yield f"{option.name} is an option of one of the two reviews only."
        return
    scores, lows = change_words.scores_of(option.causes), change_words.lows_of(option.causes)
    if scores:
        yield [f"{option.name}, score", *waterfall(change, scores, (option.old.score, option.new.score))]
    if lows and lows != scores:
        yield [f"{option.name}, low", *waterfall(change, lows, (option.old.low, option.new.low))]
    parts = [(cell, *part) for cell in sorted(option.cells, key=_by_effect) for part in _cell_parts(cell)]
    shown = [part for part in parts if _shows(*part)]
    rows = [
        (_title(workspace, cell.criterion), f"{_level(cell, 0)} to {_level(cell, 1)}", word, points.score, points.low)
        for cell, word, points in shown
    ]
    if option.difference:
        rows.append(("total", "", "", option.difference.score, option.difference.low))
    figures = (("score", words.signed_hundredths), ("low", words.signed_hundredths))
    yield [
        f"{option.name}, by criterion and cause",
        Table((("criterion", str), ("level", str), ("cause", str), *figures), rows),
        *_more(len(parts) - len(shown), "effect", where=" on high alone, or below 0.005"),
    ]


def _shows(cell: CellChange, _word: str, points: Points) -> bool:
    """Whether a part moves score or low as far as two decimals show, or the level moved."""
    return any(float(f"{value:.2f}") for value in (points.score, points.low)) or cell.levels[0] != cell.levels[1]


def _by_effect(cell: CellChange) -> tuple[float, float, str]:
    total = cell.total
    return -round(abs(total.score), 9), -round(abs(total.low), 9), cell.criterion


def _cell_parts(cell: CellChange) -> list[tuple[str, Points]]:
    parts = [
        (change_words.cause_word(cause, points.score or points.low), points) for cause, points in cell.parts.items()
    ]
    return parts or [("no effect", Points(0.0, 0.0, 0.0))]


def _level(cell: CellChange, side: int) -> str:
    return "out" if cell.evidence_statuses[side] is None else words.level(cell.levels[side])


def _title(workspace: Workspace, criterion: str) -> str:
    """The title of a criterion of the newer catalogue; its id where that lacks it."""
    found = workspace.catalogue.criteria.get(criterion)
    return found.title if found else criterion


def _stack(workspace: Workspace, change: Change) -> Iterator[Section]:
    stack = change.stack
    if stack is None:
        return
    names = {option.id: option.name for option in change.options}
    yield ["Stack", change_words.stack_headline(change, names), change_words.stack_value(stack, change)]
    if stack.causes:
        yield waterfall(change, stack.causes, stack.values)
    if stack.gone or stack.came:
        yield _other_tools(change, stack)
    for gone in stack.gone:
        yield [*change_words.gone_sentences(gone, change, workspace), _lost_uses(gone, workspace, names)]


def _other_tools(change: Change, stack: StackChange) -> str:
    now, then = words.points(stack.old_tools_now), words.points(stack.new_tools_then)
    old, new = change_words.of_review(change.old.name), change_words.of_review(change.new.name)
    return f"The tools {old} would reach {now} points now; those {new} would have reached {then} points then."


def _lost_uses(gone: ToolGone, workspace: Workspace, names: Mapping[str, str]) -> Table:
    titles = {case.id: case.title for case in workspace.demand.use_cases}
    rows = [
        (
            titles.get(use.use_case, use.use_case),
            use.fits[0],
            "" if use.fits[1] is None else use.fits[1],
            names.get(use.now, use.now) if use.now else "not covered",
            use.now_fit if use.now else "",
        )
        for use in gone.uses
    ]
    fits = (("fit then", words.points), ("now", words.points))
    return Table((("use case", str), *fits, ("served now by", str), ("fit", words.points)), rows)


def _inputs(workspace: Workspace, change: Change) -> Iterator[Section]:
    """What changed in the method and in what is asked."""
    criteria = [
        Indented(
            f"{row.title}: {words.joined([change_words.CRITERION_WORDS[what] for what in row.what])}"
            + (f" ({row.note})" if row.note else "")
        )
        for row in change.criteria[:LISTED]
    ]
    if criteria:
        yield ["Criteria", *criteria, *_more(len(change.criteria) - LISTED, "criterion", "criteria")]
    weights = [(_title(workspace, row.criterion), row.old, row.new) for row in change.weights[:LISTED]]
    yield [
        Table((("weight", str), ("then", words.percent), ("now", words.percent)), weights),
        *_more(len(change.weights) - LISTED, "weight"),
    ]
    others = [
        Indented(
            f"{row.what}: {words.abbreviated(row.old, 60) or 'none'} to {words.abbreviated(row.new, 60) or 'none'}"
        )
        for row in change.others[:LISTED]
    ]
    if others:
        yield ["Other inputs", *others, *_more(len(change.others) - LISTED, "input")]
    way = [f"{_title(workspace, row.criterion)} ({'up' if row.up else 'down'})" for row in change.same_way]
    if way:
        yield f"On {words.joined(way)} all options moved the same way: check for another assessor or another reading."


def _more(count: int, one: str, several: str = "", where: str = "") -> list[Part]:
    """That there are more rows than the page lists."""
    noun = one if count == 1 else several or f"{one}s"
    return [Indented(f"and {count} more {noun}{where}")] if count > 0 else []
