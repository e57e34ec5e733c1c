"""What the terminal shows of what changed between two reviews: bridge table and chart, ranks, causes; 80 columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

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
from evaluator.reports.terminal.bridge import AGAINST, MARKS, NOW, THEN, Step, Track, bridges, waterfall
from evaluator.reports.terminal.inputs import criterion_title, input_changes, more
from evaluator.reports.terminal.scores import paragraph, table

MOST_BARS = 25
"""Options drawn in the chart; the table has all."""


def change_page(workspace: Workspace, change: Change, chosen: Collection[str] = ()) -> str:
    """What changed and why: table, chart, ranks and causes; for ``chosen`` options also criterion by criterion."""
    options = [option for option in change.options if not chosen or option.id in chosen]
    lines = [
        paragraph(
            f"Changes from {change.old.name} (as of {change.old.as_of}) to {change.new.name} (as of {change.new.as_of})"
        ),
        "",
        _bridge_table(options),
        "",
        paragraph(
            "Facts and method add up to the difference of the score. Low counts stale, unsupported and over-graded "
            "answers as unknown; it alone moves when evidence ages."
        ),
        *([] if chosen else _chart(options)),
        *_ranks(change, options),
        *_causes(options),
    ]
    for option in options:
        if option.id in chosen:
            lines += ["", *_option_bridge(workspace, change, option)]
    if not chosen:
        lines += [*_stack(workspace, change), *input_changes(change, workspace)]
    return "\n".join(lines)


def _chart(options: Sequence[OptionChange]) -> list[str]:
    """The bridge of each option's score: facts first, then method."""
    tracks = [
        Track(option.name, option.old.score, option.new.score, _parts(change_words.scores_of(option.causes)))
        for option in options
        if option.status == "kept" and option.old and option.new
    ]
    if not any(track.parts for track in tracks):
        return []
    more = f" The first {MOST_BARS} of {len(tracks)} are drawn." if len(tracks) > MOST_BARS else ""
    drawn = tracks[:MOST_BARS]
    parts = [part for track in drawn for part in track.parts]
    return [
        "",
        paragraph(
            f"Score of each option: {_legend(parts, turns=any(track.has_opposing_parts for track in drawn))}.{more}"
        ),
        "",
        *bridges(drawn),
    ]


def _parts(causes: Mapping[Cause, float]) -> list[tuple[Nature, float]]:
    """What each nature moved, for those that moved anything."""
    return [(nature, points) for nature, points in change_words.natures_of(causes).items() if points]


def _legend(parts: Iterable[tuple[Nature, float]], *, turns: bool = False) -> str:
    """What the marks of a chart mean; only those that occur."""
    natures = {nature for nature, _ in parts}
    told = [f"{mark} {change_words.NATURE_WORDS[nature]}" for nature, mark in MARKS.items() if nature in natures]
    return ", ".join([f"{THEN} then", f"{NOW} now", *told, *([f"{AGAINST} one takes back the other"] if turns else [])])


def _waterfall(change: Change, causes: Mapping[Cause, float], figures: tuple[float, float]) -> list[str]:
    """A figure's bridge cause by cause, those of one nature together, largest first."""
    shown = change_words.by_size(causes)
    steps = [
        Step(change_words.cause_word(cause, points), NATURES[cause], points)
        for nature in Nature
        for cause, points in shown
        if NATURES[cause] is nature
    ]
    names = (change.old.name, change.new.name)
    return [
        paragraph(f"{_legend((step.nature, step.points) for step in steps)}."),
        *waterfall((names[0], figures[0]), steps, (names[1], figures[1])),
    ]


def _ranks(change: Change, options: Sequence[OptionChange]) -> list[str]:
    """What the reasons of rank moves mean, and the two crossed rankings between then and now."""
    told = change_words.rank_sentences(change, {option.id for option in options})
    lines = ["", *(paragraph(sentence) for sentence in told)] if told else []
    rows = [
        (
            words.abbreviated(option.name, 30),
            *(f"{words.points(score)} ({rank})" for score, rank in change_words.crossed_row(option)),
        )
        for option in options
        if option.rank
    ]
    if rows and change_words.crossed(change):
        lines += ["", table(rows, ("score (rank)", *change_words.CROSSED_HEADS), "lrrrr")]
    return [*lines, "", paragraph(change_words.crossed_note(change))] if rows else lines


def _bridge_table(options: Iterable[OptionChange]) -> str:
    rows = []
    for option in options:
        natures = change_words.natures_of(change_words.scores_of(option.causes))
        facts, method, _ = natures.values()
        difference = option.difference
        if difference is None or option.rank is None:
            figures = option.new or option.old
            score = words.points(figures.score) if figures else ""
            then, now = ("", score) if option.status == "came" else (score, "")
            word = "came in" if option.status == "came" else "went out"
            rows.append((words.abbreviated(option.name, 16), then, now, "", "", "", "", "", word))
            continue
        rows.append(
            (
                words.abbreviated(option.name, 16),
                words.points(option.old.score if option.old else 0.0),
                words.points(option.new.score if option.new else 0.0),
                words.signed(difference.score),
                words.signed(facts),
                words.signed(method),
                words.signed(difference.low),
                f"{option.rank.old} to {option.rank.new}",
                change_words.RANK_WORDS[option.rank.reason],
            )
        )
    heads = ("option", "then", "now", "score", "facts", "method", "low", "rank", "moved by")
    return table(rows, heads, "lrrrrrrll")


def _causes(options: Sequence[OptionChange]) -> list[str]:
    kept = [option for option in options if option.status == "kept"]
    lines = [line for option in kept for line in _figure_lines(option)]
    return ["", *(lines or ["No score moved."])] if kept else []


def _figure_lines(option: OptionChange) -> list[str]:
    """What moved score and low, each on lines of its own; nothing where neither moved."""
    scores, lows = change_words.scores_of(option.causes), change_words.lows_of(option.causes)
    difference = option.difference
    if difference is None or not (scores or lows):
        return []
    lines = [option.name]
    if scores:
        lines.append(paragraph(f"score {words.signed(difference.score)}: {change_words.cause_list(scores)}", "  "))
    if lows and lows != scores:
        lines.append(paragraph(f"low {words.signed(difference.low)}: {change_words.cause_list(lows)}", "  "))
    return lines


def _option_bridge(workspace: Workspace, change: Change, option: OptionChange) -> list[str]:
    if option.old is None or option.new is None:
        return [f"{option.name} is an option of one of the two reviews only."]
    parts = [(cell, *part) for cell in sorted(option.cells, key=_by_effect) for part in _cell_parts(cell)]
    told = [part for part in parts if _shows(*part)]
    rows = [
        (
            words.abbreviated(criterion_title(workspace, cell.criterion), 28),
            f"{_level(cell, 0)} to {_level(cell, 1)}",
            words.abbreviated(word, 24),
            words.signed(points.score, 2),
            words.signed(points.low, 2),
        )
        for cell, word, points in told
    ]
    difference = option.difference
    if difference:
        rows.append(("total", "", "", words.signed(difference.score, 2), words.signed(difference.low, 2)))
    scores, lows = change_words.scores_of(option.causes), change_words.lows_of(option.causes)
    lines = []
    if scores:
        lines += [f"{option.name}, score", *_waterfall(change, scores, (option.old.score, option.new.score)), ""]
    if lows and lows != scores:
        lines += [f"{option.name}, low", *_waterfall(change, lows, (option.old.low, option.new.low)), ""]
    return [
        *lines,
        f"{option.name}, by criterion and cause",
        table(rows, ("criterion", "level", "cause", "score", "low"), "lllrr"),
        *more(len(parts) - len(told), "effect", where="on high alone, or below 0.005"),
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
    return "out" if cell.evidence_statuses[side] is None else words.abbreviated(words.level(cell.levels[side]), 7)


def _stack(workspace: Workspace, change: Change) -> list[str]:
    stack = change.stack
    if stack is None:
        return []
    names = {option.id: option.name for option in change.options}
    lines = [
        "",
        "Stack",
        paragraph(change_words.stack_headline(change, names)),
        paragraph(change_words.stack_value(stack, change)),
        *_stack_chart(change, stack),
    ]
    if stack.gone or stack.came:
        lines += [
            "",
            paragraph(
                f"The tools {change_words.of_review(change.old.name)} would be worth "
                f"{words.points(stack.old_tools_now)} now; those {change_words.of_review(change.new.name)} would have "
                f"been worth {words.points(stack.new_tools_then)} then."
            ),
        ]
    for gone in stack.gone:
        lines += ["", *(paragraph(sentence) for sentence in change_words.gone_sentences(gone, change, workspace))]
        lines += _lost_uses(gone, workspace, names)
    return lines


def _stack_chart(change: Change, stack: StackChange) -> list[str]:
    return ["", *_waterfall(change, stack.causes, stack.values)] if stack.causes else []


def _lost_uses(gone: ToolGone, workspace: Workspace, names: Mapping[str, str]) -> list[str]:
    if not gone.uses:
        return []
    titles = {case.id: case.title for case in workspace.demand.use_cases}
    rows = [
        (
            words.abbreviated(titles.get(use.use_case, use.use_case), 34),
            words.points(use.fits[0]),
            "" if use.fits[1] is None else words.points(use.fits[1]),
            words.abbreviated(names.get(use.now, use.now) if use.now else "not covered", 20),
            words.points(use.now_fit) if use.now else "",
        )
        for use in gone.uses
    ]
    return [table(rows, ("use case", "fit then", "now", "served now by", "fit"), "lrrlr")]
