"""What the terminal shows of what changed in the method and in what is asked: criteria, weights, other inputs; 80 columns."""

from __future__ import annotations

from evaluator.model.change import Change
from evaluator.model.workspace import Workspace
from evaluator.reports import change_words, words
from evaluator.reports.terminal.scores import paragraph, table

_LISTED = 20


def input_changes(change: Change, workspace: Workspace) -> list[str]:
    """What changed in the method and in what is asked."""
    lines: list[str] = []
    if change.criteria:
        lines += ["", "Criteria"]
        lines += [
            paragraph(
                f"{row.title}: {words.joined([change_words.CRITERION_WORDS[what] for what in row.what])}"
                f"{f' ({row.note})' if row.note else ''}",
                "  ",
            )
            for row in change.criteria[:_LISTED]
        ]
        lines += more(len(change.criteria) - _LISTED, "criterion", "more criteria")
    if change.weights:
        rows = [
            (
                words.abbreviated(criterion_title(workspace, row.criterion), 50),
                f"{100 * row.old:.1f} %",
                f"{100 * row.new:.1f} %",
            )
            for row in change.weights[:_LISTED]
        ]
        lines += ["", table(rows, ("weight", "then", "now"), "lrr")]
        lines += more(len(change.weights) - _LISTED, "weight")
    if change.others:
        lines += ["", "Other inputs"]
        lines += [
            paragraph(
                f"{row.what}: {words.abbreviated(row.old, 60) or 'none'} to {words.abbreviated(row.new, 60) or 'none'}",
                "  ",
            )
            for row in change.others[:_LISTED]
        ]
        lines += more(len(change.others) - _LISTED, "input")
    if change.same_way:
        way = [f"{criterion_title(workspace, row.criterion)} ({'up' if row.up else 'down'})" for row in change.same_way]
        lines += [
            "",
            paragraph(f"All options moved the same way on {words.joined(way)}: another scorer, or another reading?"),
        ]
    return lines


def more(count: int, one: str, several: str = "", where: str = "") -> list[str]:
    """That there are more rows than the page lists."""
    return (
        [paragraph(f"and {words.counted(count, f'more {one}', several)} {where}".rstrip(), "  ")] if count > 0 else []
    )


def criterion_title(workspace: Workspace, criterion: str) -> str:
    """The title of a criterion of the newer catalogue; its id where that lacks it."""
    found = workspace.catalogue.criteria.get(criterion)
    return found.title if found else criterion
