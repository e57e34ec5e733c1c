"""Days that cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from evaluator.model.file_names import EVALUATION, WEIGHTS
from evaluator.rules.base import Finding, RuleContext

_Day = tuple[str, tuple[str | int, ...], date | None, str]
"""File, path, the day that stands there, and what happened on it."""


def future_days(context: RuleContext) -> Iterator[Finding]:
    """A day after the date of the evaluation, on which nothing can have been seen yet."""
    for file, path, day, what in _days(context):
        if day is not None and day > context.as_of:
            yield Finding(
                file,
                path,
                f"{what} {day} lies after the date of the evaluation, {context.as_of}",
                "correct it, or move as_of in evaluation.yaml",
            )


def _days(context: RuleContext) -> Iterator[_Day]:
    seal = context.workspace.weights.seal
    if seal is not None:
        yield WEIGHTS, ("seal", "date"), seal.date, "the seal of"
    for place, exclusion in enumerate(context.workspace.evaluation.excluded):
        yield EVALUATION, ("excluded", place, "date"), exclusion.date, "the exclusion of"
    yield from _profile_days(context)
    yield from _scorecard_days(context)


def _profile_days(context: RuleContext) -> Iterator[_Day]:
    for file, profile in context.profiles():
        yield file, ("captured",), profile.captured, "the capture on"
        for place, fact in enumerate(profile.facts):
            yield file, ("facts", place, "source_date"), fact.source_date, "the source of"
        for key, capability in profile.capabilities.items():
            yield file, ("capabilities", key, "source_date"), capability.source_date, "the source of"
        for place, rehearsal in enumerate(profile.exit.rehearsed if profile.exit else ()):
            yield file, ("exit", "rehearsed", place, "date"), rehearsal.date, "the rehearsal of"
        for number, edition in enumerate(profile.editions):
            for place, price in enumerate(edition.prices):
                yield (
                    file,
                    ("editions", number, "prices", place, "source_date"),
                    price.source_date,
                    "the source of",
                )


def _scorecard_days(context: RuleContext) -> Iterator[_Day]:
    for file, card, _ in context.scorecards():
        yield file, ("assessed",), card.assessed, "the assessment of"
        yield file, ("handed_in",), card.handed_in, "the hand-in of"
        for key, answer in card.answers.items():
            yield file, ("answers", key, "date"), answer.date, "the answer of"
            for place, item in enumerate(answer.evidence):
                path = ("answers", key, "evidence", place)
                yield file, (*path, "date"), item.date, "the evidence of"
                yield file, (*path, "captured"), item.captured, "the capture on"


def captured_too_early(context: RuleContext) -> Iterator[Finding]:
    """Evidence that stands for a day after the one on which it was captured."""
    for file, card, _ in context.scorecards():
        for key, answer in card.answers.items():
            for place, item in enumerate(answer.evidence):
                if item.date is not None and item.captured is not None and item.date > item.captured:
                    yield Finding(
                        file,
                        ("answers", key, "evidence", place, "date"),
                        f"the evidence stands for {item.date} but was captured on {item.captured}, before that day",
                        "correct one of the two",
                    )
