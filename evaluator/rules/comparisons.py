"""Comparison as a reason: what is said of one option must not rest on another one.

Levels are held against anchors, and an option is left out, or a criterion taken out, for what it is. One finder for
``evaluator check`` and for the checks of a final paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from evaluator.model.file_names import EVALUATION, Layout
from evaluator.model.workspace import Evaluation, Workspace

# "best practice" and "leading zero" compare nothing.
_COMPARING = re.compile(
    r"\b(?:better|worse|worst|superior|inferior"
    r"|best(?![\w-]|[ -](?:practi[cs]e|effort|before|guess))"
    r"|(?:market|industry)[ -]leading|leading (?:vendor|product|platform|tool|solution)"
    r"|(?:wider|broader|stronger|weaker|richer|poorer|more complete) than"
    r"|outperforms?|best-in-class|state of the art)\b",
    re.IGNORECASE,
)
# A part of each phrase above: looking for these first makes a large evaluation ten times as fast to read through.
_PARTS = ("better", "wors", "superior", "inferior", "best", "leading", " than", "outperform", "state of the art")


Reason = tuple[str, tuple[str | int, ...], str, str]
"""File, place in it, what the text is the reason of, and the text."""


class Comparison(NamedTuple):
    """A reason that compares: where it stands, what it is the reason of, and the word."""

    file: str
    path: tuple[str | int, ...]
    what: str
    word: str


def comparing_word(text: str) -> str | None:
    """The first word or phrase in ``text`` that compares with other products; None where there is none."""
    lowered = text.lower()
    if not any(part in lowered for part in _PARTS):
        return None
    found = _COMPARING.search(text)
    return found[0] if found else None


def comparisons(workspace: Workspace, layout: Layout | None = None) -> Iterator[Comparison]:
    """Every reason that compares: of levels, of options left out, of criteria out of scope, of limits on the stack."""
    for file, path, what, text in (*_rationales(workspace, layout or Layout()), *_reasons(workspace.evaluation)):
        if word := comparing_word(text):
            yield Comparison(file, path, what, word)


def _rationales(workspace: Workspace, layout: Layout) -> Iterator[Reason]:
    for vendor in workspace.options:
        for card in vendor.scorecards:
            file = layout.file_of(card)
            for key, answer in card.answers.items():
                yield file, ("answers", key, "rationale"), f"the rationale of {key}", answer.rationale


def _reasons(evaluation: Evaluation) -> Iterator[Reason]:
    for place, item in enumerate(evaluation.excluded):
        what = f"the reason for leaving out {' '.join(item.option.split())}"
        yield EVALUATION, ("excluded", place, "reason"), what, item.reason
    for key, reason in evaluation.out_of_scope.items():
        yield EVALUATION, ("out_of_scope", key), f"the reason for taking out {key}", reason
    for part in ("required", "excluded"):
        for place, ruling in enumerate(getattr(evaluation.stack, part)):
            what = f"the reason for the limit on {ruling.tool}"
            yield EVALUATION, ("stack", part, place, "reason"), what, ruling.reason
