"""Bridges from an old figure to a new one, drawn in plain characters: marks differ in shape, never in colour alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor

from evaluator.model.change import Nature
from evaluator.reports import words
from evaluator.reports.terminal.columns import padded
from evaluator.reports.terminal.scores import WIDTH

THEN, NOW = "o", "*"
MARKS = {Nature.FACTS: "=", Nature.METHOD: "-", Nature.CHOICE: "~"}
"""What a stretch is drawn with, by what moved it."""
AGAINST = "#"
"""Where one part takes back what another gave."""
_FIGURE = 6
_GAP = "  "
_ROUND = 10
"""The scale starts and ends at multiples of so many points."""


@dataclass(frozen=True, slots=True)
class Track:
    """One figure then and now, and what moved it: its parts lead from one to the other, in order."""

    name: str
    then: float
    now: float
    parts: Sequence[tuple[Nature, float]]

    @property
    def has_opposing_parts(self) -> bool:
        """Whether parts work against each other, so that their stretches overlap."""
        return min((points for _, points in self.parts), default=0.0) < 0 < max(points for _, points in self.parts)


@dataclass(frozen=True, slots=True)
class Step:
    """One cause with the points it moved."""

    name: str
    nature: Nature
    points: float


class _Scale:
    """Places on a line: a column for each figure between two round ones."""

    def __init__(self, figures: Iterable[float], label: int) -> None:
        found = list(figures)
        self.label = label
        self.columns = WIDTH - label - _FIGURE - 2 * len(_GAP)
        self.low = _ROUND * floor(min(found) / _ROUND)
        self.high = max(_ROUND * ceil(max(found) / _ROUND), self.low + _ROUND)

    def at(self, figure: float) -> int:
        """The column of ``figure``."""
        return round((figure - self.low) / (self.high - self.low) * (self.columns - 1))

    def axis(self) -> str:
        """The line above the plot: both ends and the middle of the scale."""
        middle = f"{(self.low + self.high) / 2:g}"
        line = list(f"{self.low:<{self.columns}}")
        for text, first in (
            (middle, (self.columns - len(middle)) // 2),
            (f"{self.high}", self.columns - len(str(self.high))),
        ):
            line[first : first + len(text)] = text
        return f"{'':{self.label}}{_GAP}{''.join(line)}"

    def line(self, name: str, marks: dict[int, str], figure: str) -> str:
        """One row: its name, the marks by column over the ends and the middle of the scale, its figure."""
        plot = [" "] * self.columns
        for place in (0, (self.columns - 1) // 2, self.columns - 1):
            plot[place] = "|"
        for place, mark in marks.items():
            plot[place] = mark
        return (
            f"{padded(words.abbreviated(name, self.label), self.label)}{_GAP}{''.join(plot)}{_GAP}{figure:>{_FIGURE}}"
        )


def bridges(tracks: Sequence[Track], label: int = 16) -> list[str]:
    """One line per track: ``o`` then, ``*`` now, and the stretch of each part between and beyond them."""
    ends = [_ends(track) for track in tracks]
    scale = _Scale([figure for places in ends for figure in places], label)
    lines = [scale.axis()]
    for track, places in zip(tracks, ends, strict=True):
        marks: dict[int, str] = {}
        for (nature, _), start, end in zip(track.parts, places, places[1:], strict=False):
            for column in _between(scale.at(start), scale.at(end)):
                marks[column] = (
                    (AGAINST if track.has_opposing_parts else marks[column]) if column in marks else MARKS[nature]
                )
        marks |= {scale.at(track.then): THEN, scale.at(track.now): NOW}
        lines.append(scale.line(track.name, marks, words.signed(track.now - track.then)))
    return lines


def _ends(track: Track) -> list[float]:
    """Where each part starts, and where the last one ends."""
    places = [track.then]
    for _, points in track.parts:
        places.append(places[-1] + points)
    return [*places, track.now]


def _between(start: int, end: int) -> range:
    return range(min(start, end), max(start, end) + 1)


def waterfall(start: tuple[str, float], steps: Sequence[Step], end: tuple[str, float], label: int = 27) -> list[str]:
    """The old figure, one line per cause from where the one before it ended, and the new figure."""
    track = Track("", start[1], end[1], [(step.nature, step.points) for step in steps])
    places = _ends(track)
    scale = _Scale(places, label)
    lines = [scale.axis(), scale.line(start[0], {scale.at(start[1]): THEN}, words.points(start[1]))]
    for step, first, last in zip(steps, places, places[1:], strict=False):
        marks = dict.fromkeys(_between(scale.at(first), scale.at(last)), MARKS[step.nature])
        marks[scale.at(last)] = ">" if step.points > 0 else "<"
        lines.append(scale.line(step.name, marks, words.signed(step.points)))
    return [*lines, scale.line(end[0], {scale.at(end[1]): NOW}, words.points(end[1]))]
