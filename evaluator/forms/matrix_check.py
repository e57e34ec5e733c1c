"""A matrix held against its own arithmetic: weights, totals, ranks, and what spreadsheets do not say."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import fsum

from evaluator.errors import Problem, Severity
from evaluator.forms.matrix_layout import Line, Matrix, MatrixEntry, Summary

_TIE = 9
_SHOWN = 8
_REFERENCE = re.compile(r"\"[^\"]*\"|'[^']*'!|\$?[A-Z]{1,3}\$?\d+|(?<![A-Z0-9.])[A-Z][A-Z0-9.]*\(", re.IGNORECASE)
_LITERAL = re.compile(r"(?<![\w.])\d+(?:\.\d+)?%?")
_DIGITS = re.compile(r",\s*\d+\s*\)")
_HARMLESS = {"0", "1", "100", "100%"}

Rule = Callable[[Matrix, int, bool], float | None]


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks found, and the rule by which the sheet's totals follow from its rows, if one does."""

    findings: tuple[Problem, ...]
    rules: dict[str, str]
    """Place of a row of totals -> its rule in words."""


def weight_of(line: Line) -> float:
    """The weight of a criterion as its row has it; 1 where the sheet has none at all."""
    return 1.0 if line.weight is None else line.weight.value


def plain_total(matrix: Matrix, option: int) -> float:
    """The sum of weight times score of one option; nothing counts as nothing."""
    return fsum(weight_of(line) * line.scores[option].value for line in matrix.lines)


def check_matrix(matrix: Matrix, highest: float) -> Checked:
    """Everything that does not follow from the sheet's own figures.

    Args:
        matrix: the matrix.
        highest: the highest score of its scale.
    """
    findings = [*_weights(matrix), *_stored(matrix), *_gaps(matrix)]
    rules: dict[str, str] = {}
    for summary in matrix.totals:
        rule, found = _totals(matrix, summary, highest)
        findings += [*found, *_literals(matrix, summary)]
        if rule:
            rules[summary.row] = rule
    for summary in matrix.ranks:
        findings += _ranks(matrix, summary)
    return Checked(tuple(findings), rules)


def _note(matrix: Matrix, code: str, message: str, cell: str | None = None, hint: str = "") -> Problem:
    return Problem(code, message, matrix.file, cell=cell, hint=hint, severity=Severity.WARNING)


def _weights(matrix: Matrix) -> Iterator[Problem]:
    entries = [line.weight for line in matrix.lines if line.weight is not None]
    if not entries:
        return
    total = fsum(entry.value for entry in entries)
    shares = all(0 <= entry.value <= 1 for entry in entries) and total < 3  # noqa: PLR2004 - three times over is no slip
    percent = 100 * total if shares else total
    meant = shares or abs(total - 100) < 70  # noqa: PLR2004 - what was meant to be 100 is near it
    if meant and abs(percent - 100) > 1e-6:  # noqa: PLR2004
        hint = "they are brought to 100 % by the same factor; check that none is missing or counted twice"
        yield _note(matrix, "weight-sum", f"the weights sum to {percent:.6g} %", entries[0].cell, hint)
    for line in matrix.lines:
        if line.weight is not None and line.weight.number is None:
            yield _note(matrix, "no-weight", f"'{line.name}' has no weight and counts for nothing", line.weight.cell)
        elif line.weight is not None and line.weight.value < 0:
            yield _note(matrix, "negative-weight", f"'{line.name}' has a negative weight", line.weight.cell)


def _stored(matrix: Matrix) -> Iterator[Problem]:
    """Numbers that a spreadsheet's sums leave out because they are text, and decimal commas."""
    for what, entries in (
        ("weights", [line.weight for line in matrix.lines if line.weight]),
        ("scores", [entry for line in matrix.lines for entry in line.scores]),
    ):
        texts = [entry.cell for entry in entries if entry.number and entry.number.as_text]
        commas = [entry.cell for entry in entries if entry.number and entry.number.comma]
        if texts:
            message = f"{what} stored as text, which sums leave out: {_list(texts)}"
            yield _note(matrix, "stored-as-text", message, texts[0], "they are read as the numbers they spell")
        if commas:
            message = f"{what} with a decimal comma: {_list(commas)}"
            yield _note(matrix, "decimal-comma", message, commas[0], "read as a decimal point")


def _gaps(matrix: Matrix) -> Iterator[Problem]:
    empty = [entry.cell for line in matrix.lines for entry in line.scores if entry.number is None]
    if empty:
        yield _note(
            matrix, "no-score", f"no score in {_list(empty)}: unknown, which earns nothing, as in the sheet", empty[0]
        )


def _list(cells: list[str]) -> str:
    more = f" and {len(cells) - _SHOWN} more" if len(cells) > _SHOWN else ""
    return ", ".join(cells[:_SHOWN]) + more


def _count(entry: MatrixEntry | None, *, texts: bool) -> float:
    if entry is None or entry.number is None or (entry.number.as_text and not texts):
        return 0.0
    return entry.number.value


def _products(matrix: Matrix, option: int, texts: bool) -> float:  # noqa: FBT001 - the rules share one shape
    return fsum(
        (1.0 if line.weight is None else _count(line.weight, texts=texts)) * _count(line.scores[option], texts=texts)
        for line in matrix.lines
    )


def _all_weights(matrix: Matrix, texts: bool) -> float:  # noqa: FBT001
    return fsum(1.0 if line.weight is None else _count(line.weight, texts=texts) for line in matrix.lines)


def _scores(matrix: Matrix, option: int, texts: bool) -> list[float]:  # noqa: FBT001
    numbers = [line.scores[option].number for line in matrix.lines]
    return [number.value for number in numbers if number and (texts or not number.as_text)]


def _rules(highest: float) -> dict[str, Rule]:
    def average(matrix: Matrix, option: int, texts: bool) -> float | None:  # noqa: FBT001
        total = _all_weights(matrix, texts)
        return _products(matrix, option, texts) / total if total else None

    def share(matrix: Matrix, option: int, texts: bool) -> float | None:  # noqa: FBT001
        found = average(matrix, option, texts)
        return None if found is None else found / highest

    def mean(matrix: Matrix, option: int, texts: bool) -> float | None:  # noqa: FBT001
        found = _scores(matrix, option, texts)
        return fsum(found) / len(found) if found else None

    return {
        "the sum of weight times score": _products,
        "the average of the scores by weight": average,
        "the sum of weight times score, divided by 100": lambda m, o, t: _products(m, o, t) / 100,
        "the sum of weight times score as a share of the most possible": share,
        "the sum of weight times score as a percentage of the most possible":
            lambda m, o, t: None if (found := share(m, o, t)) is None else 100 * found,
        "the plain sum of the scores, without weights": lambda m, o, t: fsum(_scores(m, o, t)),
        "the plain average of the scores, without weights": mean,
    }  # fmt: skip


def _totals(matrix: Matrix, summary: Summary, highest: float) -> tuple[str, list[Problem]]:
    """The rule that most printed totals follow, and those that do not follow it."""
    printed = [(option, entry) for option, entry in enumerate(summary.entries) if entry.number]
    if not printed:
        message = (
            f"the totals in {summary.row} '{summary.name}' are formulas without stored results and were not compared"
        )
        return "", [_note(matrix, "total-unstored", message, summary.row)]
    rules = _rules(highest)
    tried = [
        (sum(_follows(entry, rule(matrix, option, texts)) for option, entry in printed), words, texts)
        for texts in (True, False)
        for words, rule in rules.items()
    ]
    hits, words, texts = max(tried, key=lambda found: found[0])
    if 2 * hits <= len(printed):
        message = f"the totals in {summary.row} '{summary.name}' follow from their rows by no rule that was tried"
        return "", [_note(matrix, "total-unexplained", message, summary.row)]
    findings = []
    for option, entry in printed:
        right, counted = (rules[words](matrix, option, each) for each in (True, texts))
        if not _follows(entry, counted):
            message = (
                f"'{matrix.options[option]}' has the total {entry.value:g}, its rows give {_figure(right)} ({words})"
            )
            findings.append(_note(matrix, "total", message, entry.cell))
        elif not texts and not _follows(entry, right):
            message = f"'{matrix.options[option]}' has the total {entry.value:g}, with the figures stored as text it is {_figure(right)}"
            findings.append(_note(matrix, "total", message, entry.cell))
    return words, findings


def _follows(entry: MatrixEntry, computed: float | None) -> bool:
    """Whether a printed total is the computed one, as far as its decimals go."""
    if computed is None or entry.number is None:
        return False
    digits = len(repr(entry.value).partition(".")[2].rstrip("0")) if "e" not in repr(entry.value) else 12
    slack = 0.5 * 10**-digits if digits <= 6 else 0.0  # noqa: PLR2004 - more decimals than anybody rounds to
    return abs(entry.value - computed) <= max(slack * 1.000001, 1e-9 * max(1.0, abs(computed)))


def _figure(value: float | None) -> str:
    return "nothing" if value is None else f"{value:.10g}"


def _literals(matrix: Matrix, summary: Summary) -> Iterator[Problem]:
    """Factors typed into the formulas of totals, which do not follow the weights when those change."""
    for entry in summary.entries:
        bare = _DIGITS.sub(")", _REFERENCE.sub(" ", entry.formula))
        found = [number for number in _LITERAL.findall(bare) if number not in _HARMLESS]
        if found:
            message = f"the formula holds factors typed as figures: {', '.join(dict.fromkeys(found))}"
            yield _note(matrix, "typed-factor", message, entry.cell, "they do not follow the weights")


def _ranks(matrix: Matrix, summary: Summary) -> Iterator[Problem]:
    """Printed ranks against the order of the totals, best first or worst first, whichever fits more of them."""
    totals = [round(plain_total(matrix, option), _TIE) for option in range(len(matrix.options))]
    printed = [(option, entry) for option, entry in enumerate(summary.entries) if entry.number]
    rising = sorted(totals)
    orders = [[1 + len(rising) - bisect_right(rising, total) for total in totals],
              [1 + bisect_left(rising, total) for total in totals]]  # fmt: skip
    ranks = max(orders, key=lambda order: sum(entry.value == order[option] for option, entry in printed))
    alike: dict[float, list[int]] = {}
    for option, _ in printed:
        alike.setdefault(totals[option], []).append(option)
    split_at = {total: {summary.entries[other].value for other in same} for total, same in alike.items()}
    for option, entry in printed:
        same, split = alike[totals[option]], split_at[totals[option]]
        if len(split) > 1:
            if option == same[0]:
                names = " and ".join(f"'{matrix.options[other]}'" for other in same)
                given = " and ".join(f"{value:g}" for value in sorted(split))
                yield _note(matrix, "tie", f"{names} have the same total and are ranked apart: {given}", entry.cell)
        elif entry.value != ranks[option] and not _shared(entry.value, ranks[option], len(same)):
            message = f"'{matrix.options[option]}' is ranked {entry.value:g}, its total puts it at {ranks[option]}"
            yield _note(matrix, "rank", message, entry.cell)


def _shared(printed: float, rank: int, count: int) -> bool:
    """Whether a printed rank is one of the ways to number a tie: its first, middle or last place."""
    return printed in {rank, rank + (count - 1) / 2, rank + count - 1}
