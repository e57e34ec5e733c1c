"""The scale of a matrix: from lowest to highest score, in equal steps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from evaluator.errors import EvaluatorError
from evaluator.forms.cell_words import text_of
from evaluator.forms.matrix_layout import Matrix
from evaluator.forms.matrix_table import Table

_NUMBER = r"(-?\d+(?:[.,]\d+)?)"
_STATED = re.compile(
    rf"(?:scale|scores?|scoring|rating|skala|punkte|\()\D{{0,24}}?{_NUMBER}\s*(?:-|–|—|to|bis|\.\.|…)\s*{_NUMBER}",
    re.IGNORECASE,
)
_ASKED = re.compile(rf"\s*{_NUMBER}\s*\.\.\s*{_NUMBER}\s*\Z")
_USUAL_TOPS = (3, 4, 5, 6, 7, 9, 10, 100)
_STEPS = (
    Fraction(1),
    Fraction(1, 2),
    Fraction(1, 4),
    Fraction(1, 5),
    Fraction(1, 10),
    Fraction(1, 20),
    Fraction(1, 100),
)
MAX_LEVEL = 100


@dataclass(frozen=True, slots=True)
class MatrixScale:
    """A scale, and how it was found."""

    low: Fraction
    high: Fraction
    step: Fraction
    found: str

    @property
    def bottom(self) -> int:
        """The level of the lowest score."""
        return int(self.low / self.step)

    @property
    def top(self) -> int:
        """The level of the highest score."""
        return int(self.high / self.step)

    def level(self, score: float) -> int:
        """The level of a score on the scale."""
        return round(fraction(score) / self.step)

    def score(self, level: int) -> float:
        """The score of a level."""
        return float(level * self.step)

    def value(self, level: int) -> float:
        """The value of a level, so that the workspace's totals are those of the sheet, up to one factor.

        Where no score is negative that is the share of the highest score; otherwise the share of the range.
        """
        if self.low < 0:
            return float((level * self.step - self.low) / (self.high - self.low))
        return float(level * self.step / self.high)


def fraction(number: float) -> Fraction:
    """A number as people write it, exactly."""
    return Fraction(repr(number))


def find_scale(matrix: Matrix, table: Table, asked: str | None) -> MatrixScale:
    """The scale of the scores: as asked for, as the sheet states it, or where the scores touch both its ends.

    Raises:
        EvaluatorError: it cannot be found, does not hold all scores, or has too many steps.
    """
    entries = [entry for line in matrix.lines for entry in line.scores if entry.number is not None]
    if not entries:
        raise EvaluatorError(f"'{matrix.file}' has no scores.")
    scores = [fraction(entry.value) for entry in entries]
    low, high, found = _ends(matrix, table, asked, min(scores), max(scores))
    for entry, score in zip(entries, scores, strict=True):
        if not low <= score <= high:
            raise EvaluatorError(
                f"{entry.cell} holds {_plain(score)}, outside of the scale {_plain(low)} to {_plain(high)} ({found}); "
                "correct it, or name the scale with --scale MIN..MAX."
            )
    step = next(
        (step for step in _STEPS if all((score / step).denominator == 1 for score in [*scores, low, high])), None
    )
    if step is None or max(abs(low), abs(high)) / step > MAX_LEVEL:
        fine = next(
            (e.cell for e, score in zip(entries, scores, strict=True) if score.denominator > 1), entries[0].cell
        )
        raise EvaluatorError(
            f"The scores have more than {MAX_LEVEL} steps between 0 and {_plain(high)} (see {fine}); round them, then try again."
        )
    return MatrixScale(low, high, step, found)


def _ends(
    matrix: Matrix, table: Table, asked: str | None, lowest: Fraction, highest: Fraction
) -> tuple[Fraction, Fraction, str]:
    if asked is not None:
        match = _ASKED.match(asked)
        if match is None or _number(match[1]) >= _number(match[2]) or _number(match[2]) <= 0:
            raise EvaluatorError(f"'{asked}' is no scale; write --scale MIN..MAX, for instance --scale 1..5.")
        return _number(match[1]), _number(match[2]), "as asked for"
    for row, values in enumerate(table.rows):
        for column, value in enumerate(values):
            match = _STATED.search(text_of(value)[:500]) if isinstance(value, str) else None
            if (
                match
                and _number(match[1]) < _number(match[2])
                and _number(match[1]) <= lowest
                and highest <= _number(match[2])
            ):
                return _number(match[1]), _number(match[2]), f"as {table.cell(row, column)} states"
    if lowest in (0, 1) and highest in _USUAL_TOPS:
        return lowest, highest, "because the scores touch both ends of it"
    raise EvaluatorError(
        f"The scale of '{matrix.file}' cannot be told from scores between {_plain(lowest)} and {_plain(highest)}; "
        "name it with --scale MIN..MAX, for instance --scale 0..5."
    )


def _number(text: str) -> Fraction:
    return Fraction(text.replace(",", "."))


def _plain(number: Fraction) -> str:
    return f"{float(number):g}"
