"""Days that cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from evaluator.model.file_names import EVALUATION, WEIGHTS
from evaluator.rules.base import OWN_WORK, PROFILES, SCORECARDS, Finding, RuleContext

_DAYS = (
    (WEIGHTS, "seal.date", "the seal of"),
    (EVALUATION, "excluded.*.date", "the exclusion of"),
    (PROFILES, "captured", "the capture on"),
    (PROFILES, "facts.*.source_date", "the source of"),
    (PROFILES, "capabilities.*.source_date", "the source of"),
    (PROFILES, "exit.rehearsed.*.date", "the rehearsal of"),
    (PROFILES, "editions.*.prices.*.source_date", "the source of"),
    (PROFILES, "editions.*.estimates.*.source_date", "the source of"),
    (PROFILES, "editions.*.quote.date", "the quote of"),
    (PROFILES, "editions.*.capabilities.*.source_date", "the source of"),
    (OWN_WORK, "items.*.*.*.date", "the own work of"),
    (SCORECARDS, "assessed", "the assessment of"),
    (SCORECARDS, "handed_in", "the hand-in of"),
    (SCORECARDS, "answers.*.date", "the answer of"),
    (SCORECARDS, "answers.*.evidence.*.date", "the evidence of"),
    (SCORECARDS, "answers.*.evidence.*.captured", "the capture on"),
)
"""Every place that holds a day on which something was seen or done, and what that was."""


def future_days(context: RuleContext) -> Iterator[Finding]:
    """A day after the date of the evaluation, on which nothing can have been seen yet."""
    for kind, pattern, what in _DAYS:
        for file, path, day in context.values(kind, pattern):
            if day > context.as_of:
                yield Finding(
                    file,
                    path,
                    f"{what} {day} lies after the date of the evaluation, {context.as_of}",
                    "correct it, or move as_of in evaluation.yaml",
                )


def latest_day(context: RuleContext) -> date | None:
    """Return the latest day in the content up to the date of the context; None where it holds none."""
    days = (day for kind, pattern, _ in _DAYS for _, _, day in context.values(kind, pattern))
    return max((day for day in days if day <= context.as_of), default=None)


def captured_too_early(context: RuleContext) -> Iterator[Finding]:
    """Evidence that stands for a day after the one on which it was captured."""
    for file, path, item in context.values(SCORECARDS, "answers.*.evidence.*"):
        if item.date is not None and item.captured is not None and item.date > item.captured:
            yield Finding(
                file,
                (*path, "date"),
                f"the evidence stands for {item.date} but was captured on {item.captured}, before that day",
                "correct one of the two",
            )
