"""Agreed answers: what a moderation form holds of them, and where their evidence comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from evaluator.forms.answer_rows import AnswerRow, answer_of, item_of, row_of
from evaluator.forms.three_way_merge import Way
from evaluator.model.scorecard import Answer, Scorecard

MODERATED_COLUMNS = ("level", "rationale", "missing", "confidence")
NOTHING_MISSING = {"-", "–", "none", "nothing"}
"""What the moderators write to say that the product stops at the agreed level."""


def moderated_row(answer: Answer | None) -> AnswerRow:
    """The part of an answer that a moderation form shows."""
    return replace(row_of(answer), evidence=(), capped_from=None)


def moderation_way(cards: Sequence[Scorecard], base: Callable[[str], str | None]) -> Way:
    """How agreed answers become rows, and rows agreed answers with the evidence of all ``cards``."""
    return Way(view=moderated_row, build=lambda key, row, before, day: _agreed(key, row, before, day, cards), base=base)


def _agreed(key: str, row: AnswerRow, before: Answer | None, day: date | None, cards: Sequence[Scorecard]) -> Answer:
    """The agreed answer: everybody's evidence, and what those who gave its level still want to see.

    As where scorecards are combined without an agreement, the answer is a lower bound only if all who gave
    the level say so; the moderators overrule that by writing entries of their own, or ``none``.
    """
    answers = [card.answers[key] for card in cards if key in card.answers]
    evidence = dict.fromkeys(item for answer in (before, *answers) if answer for item in answer.evidence)
    missing = row.missing
    if len(missing) == 1 and missing[0].casefold() in NOTHING_MISSING:
        missing = ()
    elif not missing:
        same = [answer for answer in answers if answer.level == row.level]
        if same and all(answer.missing for answer in same):
            missing = tuple(dict.fromkeys(text for answer in same for text in answer.missing))
    full = replace(row, missing=missing, evidence=tuple(item_of(item) for item in evidence))
    built = answer_of(full, before, day)
    return built.model_copy(update={"evidence": tuple(evidence)})
