"""Wording that gives an answer away or rests on a comparison.

Levels are held against anchors, and an option is left out, or a criterion taken out, for what it is: what is said of one
option must not rest on another one. Questions go to vendors as they stand, so they may not tell how an answer is judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from evaluator.model.file_names import EVALUATION, Layout
from evaluator.model.workspace import Workspace
from evaluator.rules.base import Finding, Path, RuleContext

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
_LEVEL = re.compile(r"\blevels?\s+(?:of\s+)?\d+\b", re.IGNORECASE)


class Comparison(NamedTuple):
    """A reason that compares: where it stands, what it is the reason of, and the word."""

    file: str
    path: Path
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
    for file, path, what, text in _reasons(workspace, layout or Layout()):
        if word := comparing_word(text):
            yield Comparison(file, path, what, word)


def _reasons(workspace: Workspace, layout: Layout) -> Iterator[tuple[str, Path, str, str]]:
    """File, place in it, what the text is the reason of, and the text."""
    for vendor in workspace.options:
        for card in vendor.scorecards:
            file = layout.file_of(card)
            for key, answer in card.answers.items():
                yield file, ("answers", key, "rationale"), f"the rationale of {key}", answer.rationale
    evaluation = workspace.evaluation
    for place, item in enumerate(evaluation.excluded):
        what = f"the reason for leaving out {' '.join(item.option.split())}"
        yield EVALUATION, ("excluded", place, "reason"), what, item.reason
    for key, reason in evaluation.out_of_scope.items():
        yield EVALUATION, ("out_of_scope", key), f"the reason for taking out {key}", reason
    for part, limits in (("required", evaluation.stack.required), ("excluded", evaluation.stack.excluded)):
        for place, limit in enumerate(limits):
            what = f"the reason for the limit on {limit.tool}"
            yield EVALUATION, ("stack", part, place, "reason"), what, limit.reason


def comparing_words(context: RuleContext) -> Iterator[Finding]:
    """A reason that compares with other products; levels are held against the anchors only."""
    for found in comparisons(context.workspace, context.layout):
        yield Finding(
            found.file,
            found.path,
            f"{found.what} compares: '{found.word}'",
            "say what is seen and which anchor it meets; another option must not matter"
            if found.path[0] == "answers"
            else "say what it is or lacks by itself; another option must not matter",
        )


def levels_in_questions(context: RuleContext) -> Iterator[Finding]:
    """A question, or evidence asked for, that names a level or an evidence grade of the catalogue."""
    grades = "|".join(map(re.escape, context.workspace.catalogue.grades))
    grade = re.compile(rf"\bgrades?\s+(?:{grades})(?!\w)", re.IGNORECASE)
    for key, criterion in context.workspace.catalogue.criteria.items():
        file, place = context.layout.criteria[key]
        asked: list[tuple[Path, str]] = [(("title",), criterion.title), (("question",), criterion.question)]
        asked += [(("evidence", number), text) for number, text in enumerate(criterion.evidence)]
        for path, text in asked:
            found = _LEVEL.search(text) or (grade.search(text) if grades else None)
            if found:
                yield Finding(
                    file,
                    ("criteria", place, *path),
                    f"the text of {key} mentions '{found[0]}', and vendors read it",
                    "ask for the fact; how it is judged belongs in the levels",
                )
