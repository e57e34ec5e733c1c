"""Swing weighting as a conversation: which question comes next, and what an answer changes.

What has been said so far, in the order in which it was said, is the whole state: a conversation that is broken off
goes on where it stopped, and comes to the same weights as one in a single sitting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from evaluator.model.elicitation import Group, Judged, Stakeholder
from evaluator.weighting.stakeholders import missing

TOP = 100
"""What the swing that comes first is worth."""


@dataclass(frozen=True, slots=True)
class SwingQuestion:
    """The next thing to ask: which swing comes first in a group, or what another is worth beside it."""

    group: Group
    item: str | None
    """None asks which comes first."""
    first: str = ""
    """The one that came first, where ``item`` is asked."""
    place: tuple[int, int] = (0, 0)
    """The number of the group, from 1, and how many there are."""


def asked(groups: Sequence[Group]) -> tuple[Group, ...]:
    """The groups in which there is something to weigh."""
    return tuple(group for group in groups if len(group.items) > 1)


def next_question(groups: Sequence[Group], stakeholder: Stakeholder) -> SwingQuestion | None:
    """The first question that is not answered yet; None where everything is."""
    every = asked(groups)
    for number, group in enumerate(every, start=1):
        judged = stakeholder.group(group.id)
        if judged is not None and not missing(group, judged):
            continue
        place = number, len(every)
        points = _points(group, judged)
        if not points:
            return SwingQuestion(group, None, place=place)
        top = max(points, key=lambda key: points[key])
        return SwingQuestion(group, next(item for item in group.items if item not in points), top, place)
    return None


def answered(stakeholder: Stakeholder, question: SwingQuestion, answer: str | float, day: date) -> Stakeholder:
    """``stakeholder`` with the answer to ``question``: the item that comes first, or the points of the one asked."""
    points = _points(question.group, stakeholder.group(question.group.id))
    key, value = (str(answer), TOP) if question.item is None else (question.item, float(answer))
    return stakeholder.with_judgement(question.group.id, Judged(points={**points, key: _plain(value)}), day)


def back(groups: Sequence[Group], stakeholder: Stakeholder, day: date) -> Stakeholder:
    """``stakeholder`` without the last answer; the same where there is none that was given here."""
    question = next_question(groups, stakeholder)
    every = asked(groups)
    before = every if question is None else every[: question.place[0]]
    for group in reversed(before):
        points = _points(group, stakeholder.group(group.id))
        if points:
            rest = dict(list(points.items())[:-1])
            return stakeholder.with_judgement(group.id, Judged(points=rest) if rest else None, day)
        if stakeholder.group(group.id) is not None:
            return stakeholder  # stated in another way: not undone from here
    return stakeholder


def redone(stakeholder: Stakeholder, group: str, day: date) -> Stakeholder:
    """``stakeholder`` without anything about ``group``, which is asked again."""
    return stakeholder.with_judgement(group, None, day)


def _points(group: Group, judged: Judged | None) -> dict[str, float]:
    """Points given so far; what is not in scope any more is kept out of sight of the questions."""
    if judged is None or judged.points is None:
        return {}
    return {key: _plain(value) for key, value in judged.points.items() if key in group.items}


def _plain(value: float) -> float:
    """A whole number as such, so that it is written without a decimal point."""
    return int(value) if float(value).is_integer() else value
