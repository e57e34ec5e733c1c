"""A workspace that scores to the same totals as the matrix it was made from."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import fsum
from pathlib import Path
from typing import Any

from evaluator.errors import ContentError, EvaluatorError, Problem
from evaluator.forms.matrix_check import Checked, check_matrix, weight_of
from evaluator.forms.matrix_layout import Line, Matrix, find_matrix
from evaluator.forms.matrix_scale import MatrixScale, find_scale
from evaluator.forms.matrix_table import read_table
from evaluator.model.base import MAX_NAME
from evaluator.model.file_names import CATALOGUE, EVALUATION, WEIGHTS, profile_file, scorecard_file
from evaluator.model.scorecard import UNKNOWN

ASSESSOR = "matrix"
EDITION = "as-scored"
_MAX_ID = 64
_TAKEN = frozenset({"catalogue", "weights", "use-cases", "guardrails"})
"""Names of other files in the folder of the families."""


@dataclass(frozen=True, slots=True)
class Total:
    """One option's total in the sheet's terms and in the workspace's."""

    option: str
    name: str
    total: float
    """The sum of weight times score."""
    score: float
    """0 to 100: what the workspace scores."""


@dataclass(frozen=True, slots=True)
class MatrixReport:
    """What was made of a matrix."""

    file: str
    taken: tuple[str, ...]
    """What was taken for what."""
    findings: tuple[Problem, ...]
    """What does not follow from the sheet's own figures."""
    totals: tuple[Total, ...]
    conversion: str
    """How a total becomes a score, in words."""


def workspace_from(
    path: Path, today: date, *, scale: str | None = None, sheet: str | None = None, transposed: bool | None = None
) -> tuple[dict[str, dict[str, Any]], MatrixReport]:
    """The files of a workspace made from a matrix, and what was found in it.

    Args:
        path: the .xlsx or .csv file.
        today: the day the workspace starts from.
        scale: lowest and highest score as ``MIN..MAX``, where the sheet does not tell.
        sheet: the sheet, where it is not the first with numbers.
        transposed: whether criteria stand in columns, where the weights do not tell.

    Returns:
        File name -> plain values, for the files that are made from the matrix; and the report.

    Raises:
        EvaluatorError: the matrix cannot be found or understood.
    """
    table, said = read_table(path, sheet)
    matrix = find_matrix(table, transposed=transposed)
    _usable(matrix)
    found = find_scale(matrix, table, scale)
    matrix.taken += [f"scale: {found.score(found.bottom):g} to {found.score(found.top):g}, {found.found}"]
    weights = _effective(matrix)
    checked = check_matrix(matrix, found.score(found.top))
    files = _Maker(matrix, found, weights, path.name, today).files()
    return files, _report(matrix, found, weights, checked, said)


def _usable(matrix: Matrix) -> None:
    """Raise for what cannot be guessed."""
    problems = [
        Problem(
            "not-a-score", f"expected a number, or nothing for unknown, found '{text[:40]}'", matrix.file, cell=cell
        )
        for cell, text in matrix.unread
    ]
    names = Counter(name.casefold() for name in matrix.options)
    problems += [
        Problem("two-options", f"two options are called '{name}'", matrix.file, hint="rename one of them")
        for name, count in names.items()
        if count > 1
    ]
    problems += [
        Problem(
            "name-too-long",
            f"a name has {len(name)} characters, expected at most {MAX_NAME}: '{name[:40]}…'",
            matrix.file,
            hint="shorten it",
        )
        for name in dict.fromkeys(
            [*matrix.options, *(line.name for line in matrix.lines), *(line.family for line in matrix.lines)]
        )
        if len(name) > MAX_NAME
    ]
    if any(line.weight and line.weight.value < 0 for line in matrix.lines):
        cell = next(line.weight.cell for line in matrix.lines if line.weight and line.weight.value < 0)
        problems.append(
            Problem(
                "negative-weight", "a weight is negative", matrix.file, cell=cell, hint="turn its scale round instead"
            )
        )
    if problems:
        raise ContentError(f"'{matrix.file}' has errors; fix them and try again.", problems)
    if not any(weight_of(line) for line in matrix.lines):
        raise EvaluatorError(f"'{matrix.file}' has no criterion with a weight above 0.")


def _effective(matrix: Matrix) -> list[float]:
    """The weight of every criterion in the whole: its own, times its family's where the sheet weighs both."""
    own = [weight_of(line) for line in matrix.lines]
    given = {name: entry.value for name, entry in matrix.family_weights.items()}
    by_family: dict[str, list[float]] = {name: [] for name in given}
    for weight, line in zip(own, matrix.lines, strict=True):
        by_family.setdefault(line.family, []).append(weight)
    inside = {name: fsum(by_family[name]) for name in given}
    if not given:
        return own
    if all(abs(given[name] - inside[name]) < 1e-9 for name in given):  # noqa: PLR2004
        matrix.taken.append("figures beside the families: the sums of their weights")
        return own
    whole = {1.0, 100.0}
    if all(round(each, 9) in whole for each in inside.values()) and round(fsum(given.values()), 9) in whole:
        matrix.taken.append(
            "figures beside the families: weights of the families; those of the criteria are shares inside them"
        )
        return [
            weight * given.get(line.family, 0.0) / inside.get(line.family, 1.0)
            for weight, line in zip(own, matrix.lines, strict=True)
        ]
    raise EvaluatorError(
        f"'{matrix.file}' gives weights to families ({', '.join(given)}) that are neither the sums of their criteria's weights "
        "nor weights of their own with shares of 100 % inside; make it one or the other."
    )


def _report(
    matrix: Matrix, scale: MatrixScale, weights: list[float], checked: Checked, said: list[str]
) -> MatrixReport:
    totals = []
    for option, (key, name) in enumerate(_ids(matrix.options).items()):
        raw = fsum(weight * line.scores[option].value for weight, line in zip(weights, matrix.lines, strict=True))
        totals.append(Total(key, name, raw, _score(matrix, scale, weights, option)))
    whole = fsum(weights)
    if scale.low < 0:
        conversion = "score = 100 x the share of the scale's range, by weight"
    else:
        conversion = f"score = 100 x total / {whole * float(scale.high):.10g} (the most possible)"
    rules = [f"the totals in {row} are {words}" for row, words in checked.rules.items()]
    return MatrixReport(matrix.file, (*said, *matrix.taken, *rules), checked.findings, tuple(totals), conversion)


def _score(matrix: Matrix, scale: MatrixScale, weights: list[float], option: int) -> float:
    """What the workspace scores; an unknown earns nothing."""
    earned = fsum(
        weight * scale.value(scale.level(line.scores[option].value))
        for weight, line in zip(weights, matrix.lines, strict=True)
        if line.scores[option].number
    )
    return 100 * earned / fsum(weights)


def _ids(names: tuple[str, ...] | list[str], taken: frozenset[str] = frozenset()) -> dict[str, str]:
    """Ids made from names, each once and none of those ``taken`` -> the name."""
    found: dict[str, str] = {}
    last: dict[str, int] = {}
    for name in names:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: _MAX_ID - 4].strip("-") or "unnamed"
        number = last.get(base, 1)
        key = base if number == 1 else f"{base}-{number}"
        while key in found or key in taken:
            number += 1
            key = f"{base}-{number}"
        last[base] = number
        found[key] = name
    return found


class _Maker:
    """Turns a matrix into the plain values of files."""

    def __init__(self, matrix: Matrix, scale: MatrixScale, weights: list[float], file: str, today: date) -> None:
        self._matrix = matrix
        self._scale = scale
        self._weights = weights
        self._file = file
        self._today = today
        names = list(dict.fromkeys(line.family or "Criteria" for line in matrix.lines))
        self._families = {name: key for key, name in _ids(names, _TAKEN).items()}
        self._criteria = list(_ids([line.name for line in matrix.lines]))

    def files(self) -> dict[str, dict[str, Any]]:
        """Every file that is made from the matrix."""
        files: dict[str, dict[str, Any]] = {
            EVALUATION: self._evaluation(),
            CATALOGUE: self._catalogue(),
            WEIGHTS: self._weighing(),
        }
        for name, key in self._families.items():
            criteria = [self._criterion(number, line) for number, line in self._of(name)]
            files[f"criteria/{key}.yaml"] = {"schema": "criteria/1", "family": key, "criteria": criteria}
        for option, (key, name) in enumerate(_ids(self._matrix.options).items()):
            files[profile_file(key)] = self._profile(key, name)
            files[scorecard_file(key, EDITION, ASSESSOR)] = self._scorecard(key, option)
        return files

    def _of(self, family: str) -> list[tuple[int, Line]]:
        return [(n, line) for n, line in enumerate(self._matrix.lines) if (line.family or "Criteria") == family]

    def _evaluation(self) -> dict[str, Any]:
        return {
            "schema": "evaluation/1",
            "title": f"Evaluation from {self._file}",
            "organisation": "Name of the organisation",
            "as_of": self._today,
            "notice": f"Taken over from {self._file} on {self._today}. No answer has evidence yet: that is why every low score is 0.",
        }

    def _catalogue(self) -> dict[str, Any]:
        bottom, top = self._scale.bottom, self._scale.top
        caps = {"A": top, "B": top, "C": top, "D": bottom + (top - bottom) // 2, "E": bottom + (top - bottom) // 4}
        what = {
            "A": "observed by us in a trial, with a record",
            "B": "independent report or certificate whose scope names the product",
            "C": "contract, or public documentation of the edition, captured with its date",
            "D": "written answer of the vendor",
            "E": "third-party web page, review site, press",
        }
        return {
            "schema": "catalogue/1",
            "id": next(iter(_ids([Path(self._file).stem]))),
            "version": "1.0.0",
            "date": self._today,
            "title": f"Criteria of {self._file}",
            "status": "Taken over from a spreadsheet; the anchors are still to be written.",
            "scale": {"min": bottom, "max": top},
            "evidence_grades": [{"grade": key, "what": words, "max_level": caps[key]} for key, words in what.items()],
            "families": [{"id": key, "title": name, "about": "product"} for name, key in self._families.items()],
        }

    def _criterion(self, number: int, line: Line) -> dict[str, Any]:
        levels = range(self._scale.bottom, self._scale.top + 1)
        found: dict[str, Any] = {
            "id": self._criteria[number],
            "title": line.name,
            "question": line.note or line.name,
            "why": f"Row of {self._file}, {line.cell}.",
            "levels": {
                level: f"Score {self._scale.score(level):g} of the sheet; what it takes is still to be written."
                for level in levels
            },
        }
        if self._scale.low != 0:
            found["values"] = [self._scale.value(level) for level in levels]
        return found | {"evidence": ["whatever shows the level"], "fresh_months": 12, "edition_sensitive": False}

    def _weighing(self) -> dict[str, Any]:
        shares = {name: fsum(self._weights[n] for n, _ in self._of(name)) for name in self._families}
        return {
            "schema": "weights/1",
            "note": f"The weights of {self._file}; not sealed.",
            "families": {key: shares[name] for name, key in self._families.items()},
            "criteria": {self._criteria[n]: self._weights[n] for n in range(len(self._criteria))},
        }

    def _profile(self, key: str, name: str) -> dict[str, Any]:
        return {
            "schema": "profile/2",
            "id": key,
            "name": name,
            "homepage": "unknown",
            "evaluate": [EDITION],
            "editions": [{"id": "as-scored", "name": "As scored in the sheet", "deployment": "either"}],
            "captured": self._today,
        }

    def _scorecard(self, key: str, option: int) -> dict[str, Any]:
        answers: Mapping[str, Any] = {
            self._criteria[number]: self._answer(line, option) for number, line in enumerate(self._matrix.lines)
        }
        return {
            "schema": "scorecard/1",
            "vendor": key,
            "edition": EDITION,
            "assessor": ASSESSOR,
            "assessed": self._today,
            "kind": "desk review",
            "answers": answers,
        }

    def _answer(self, line: Line, option: int) -> dict[str, Any]:
        entry = line.scores[option]
        if entry.number is None:
            return {"level": UNKNOWN, "rationale": f"No score in {self._file}, {entry.cell}.", "confidence": "low"}
        level = self._scale.level(entry.value)
        return {
            "level": level,
            "rationale": f"Score {entry.value:g} in {self._file}, {entry.cell}.",
            "confidence": "low",
        }
