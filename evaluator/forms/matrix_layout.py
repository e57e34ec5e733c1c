"""Where a weighted matrix has its criteria, options, weights, totals and ranks; and what was taken for what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from evaluator.errors import EvaluatorError
from evaluator.forms.matrix_table import Number, Table

_WEIGHT = re.compile(r"\b(weight\w*|gewicht\w*|importance|priorit\w+|poids|pond[eé]ration|peso|wt\.?)\b", re.IGNORECASE)
_FAMILY = re.compile(r"\b(category|group|family|area|section|bereich|kategorie|gruppe|cat[eé]gorie)\b", re.IGNORECASE)
_NOTE = re.compile(
    r"\b(description|definition|comments?|notes?|remarks?|kommentar|bemerkung|beschreibung)\b", re.IGNORECASE
)
_NUMBERING = re.compile(r"(#|no\.?|nr\.?|id|pos\.?|item)\Z", re.IGNORECASE)
_DERIVED = re.compile(
    r"\b(weighted|gewichtet\w*|points|punkte|total|sum|average|mean|min|max|result)\b|×", re.IGNORECASE
)
_SUB = re.compile(
    r"(score|rating|raw|value|wert|bewertung|note|grade|weighted.*|gewichtet.*|points|punkte|result)s?\Z", re.IGNORECASE
)
_TOTAL = re.compile(
    r"(over ?all |grand |weighted |gewichtete[rs]? |final )*(total|sum|summe|gesamt|gesamtsumme|score|result|ergebnis|points|punkte)s?"
    r"( score| points| \(.*\))?:?\Z",
    re.IGNORECASE,
)
_RANK = re.compile(r"(over ?all )?(rank|ranking|rang|place|platz|position)( \(.*\))?:?\Z", re.IGNORECASE)
_ASIDE = re.compile(
    r"(sub ?-?total|zwischensumme|average|mean|durchschnitt|max(imum)?|min(imum)?|check)( .*)?:?\Z", re.IGNORECASE
)
_UNKNOWN = {"", "?", "-", "–", "n/a", "na", "n.a.", "unknown", "tbd", "k.a.", "x"}


@dataclass(frozen=True, slots=True)
class MatrixEntry:
    """A number of the matrix, with the name of its cell; None where there is none."""

    number: Number | None
    cell: str
    formula: str = ""

    @property
    def value(self) -> float:
        """The number, 0 where there is none, as in a spreadsheet's sum."""
        return self.number.value if self.number else 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion."""

    name: str
    cell: str
    family: str
    note: str
    weight: MatrixEntry | None
    scores: tuple[MatrixEntry, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """A row of totals or ranks that the sheet prints."""

    name: str
    row: str
    entries: tuple[MatrixEntry, ...]


@dataclass(slots=True)
class Matrix:
    """A weighted matrix."""

    file: str
    options: tuple[str, ...]
    lines: list[Line]
    totals: list[Summary]
    ranks: list[Summary]
    family_weights: dict[str, MatrixEntry]
    aside: list[str]
    """Names of columns and rows that are computed from others."""
    taken: list[str] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)
    """Name and text of cells that should hold a score and hold another word."""


@dataclass(slots=True)
class _Columns:
    """The columns of a matrix with criteria in rows."""

    header: int
    label: int
    family: int | None
    note: list[int]
    weight: int | None
    options: list[tuple[str, int]]
    aside: list[str]


def find_matrix(table: Table, *, transposed: bool | None = None) -> Matrix:
    """Find the matrix in a table.

    Args:
        table: the table.
        transposed: whether criteria stand in columns; found by the weights where left out.

    Raises:
        EvaluatorError: there is none, in words that say what was looked for.
    """
    upright, turned = _columns(table), _columns(table.transpose())
    if transposed is None:
        weighted = [found for found in (upright, turned) if found is not None and found.weight is not None]
        transposed = upright is None or (bool(weighted) and weighted[0] is turned)
    columns = turned if transposed else upright
    if columns is None:
        raise EvaluatorError(
            f"'{table.file}' holds no matrix that can be found: expected a row of option names, and under it rows with a "
            "criterion's name, a weight and a number per option (or all of it transposed)."
        )
    table = table.transpose() if transposed else table
    matrix = _matrix(table, columns, weighted_headings=True)
    if matrix.family_weights and not _all_used(matrix):
        # Weights beside single rows without scores are no families' weights: nobody scored those criteria.
        matrix = _matrix(table, columns, weighted_headings=False)
    _say(table, columns, matrix)
    return matrix


def _all_used(matrix: Matrix) -> bool:
    """Whether every criterion stands under a heading with a weight, and every such heading has criteria."""
    return {line.family for line in matrix.lines} == set(matrix.family_weights)


def _columns(table: Table) -> _Columns | None:
    header = _header(table)
    if header is None:
        return None
    body = [row for row in range(header + 1, len(table.rows)) if any(value != "" for value in table.rows[row])]
    titles = _titles(table, header)
    numeric = {column: sum(table.number(row, column) is not None for row in body) for column in range(table.width)}
    words = {column: [text for row in body if (text := table.text(row, column))] for column in range(table.width)}
    texts = [column for column in range(table.width) if len(words[column]) > numeric[column]
             and not _NUMBERING.match(titles.get(column, ""))]  # fmt: skip
    textual = frozenset(texts)
    if not texts:
        return None
    family, label, notes = _text_columns(titles, texts, words)
    weight = next((c for c, title in titles.items() if numeric[c] and _WEIGHT.search(title) and c not in textual), None)
    options, aside = _options(table, header, titles, numeric, {*texts, weight})
    if not options:
        return None
    return _Columns(header, label, family, notes, weight, options, aside)


def _header(table: Table) -> int | None:
    """The row of titles: the first over numbers, or the next one where it divides the options into columns of scores."""
    filled = [row for row in range(len(table.rows)) if any(value != "" for value in table.rows[row])]
    for place, row in enumerate(filled):
        if _over_numbers(table, row, filled[place + 1 : place + 4]):
            second = filled[place + 1]
            columns = _over_numbers(table, second, filled[place + 2 : place + 5])
            divided = any(_SUB.match(table.text(second, column)) for column in columns)
            named = any(table.text(second, column) for column in range(min(columns, default=0)))
            return second if divided and named else row
    return None


def _over_numbers(table: Table, row: int, below: Sequence[int]) -> list[int]:
    """The columns in which a row has titles over numbers; none where it is no row of titles."""
    titles = _titles(table, row)
    columns = [
        column
        for column, title in titles.items()
        if not _NUMBERING.match(title) and any(table.number(other, column) is not None for other in below)
    ]
    labelled = any(table.text(other, column) for other in below for column in range(min(columns, default=0)))
    return columns if len(titles) > 1 and labelled else []


def _titles(table: Table, header: int) -> dict[int, str]:
    return {column: table.text(header, column) for column in range(table.width) if table.text(header, column)}


def _text_columns(
    titles: dict[int, str], texts: Sequence[int], words: dict[int, list[str]]
) -> tuple[int | None, int, list[int]]:
    """The columns of families, of criteria's names, and of further texts."""
    named = next((column for column in texts if _FAMILY.search(titles.get(column, ""))), None)
    rest = [column for column in texts if column != named]
    if named is None and len(rest) > 1 and not _NOTE.search(titles.get(rest[1], "")):
        first, second = rest[0], rest[1]
        repeats = len(set(words[first])) < len(words[first]) or len(words[first]) < len(words[second])
        if repeats and len(set(words[second])) == len(words[second]) and second == first + 1:
            named, rest = first, rest[1:]
    if not rest:
        return None, texts[0], []
    label = next((column for column in rest if not _NOTE.search(titles.get(column, ""))), rest[0])
    return named, label, [column for column in rest if column != label]


def _options(
    table: Table, header: int, titles: dict[int, str], numeric: dict[int, int], taken: set[int | None]
) -> tuple[list[tuple[str, int]], list[str]]:
    """The columns of options with their names, and the columns that are computed from others."""
    columns = [
        column for column in titles if column not in taken and numeric[column] and not _NUMBERING.match(titles[column])
    ]
    aside: list[str] = []
    if columns and all(_SUB.match(titles[column]) for column in columns) and header > 0:
        groups: dict[str, int] = {}
        names = _names_above(table, header)
        for column in columns:
            name = names[column]
            if name and not _DERIVED.search(titles[column]) and name not in groups:
                groups[name] = column
            else:
                aside.append(f"{table.cell(header, column)} '{titles[column]}'")
        return list(groups.items()), aside
    plain = [column for column in columns if not _DERIVED.search(titles[column])]
    aside = [
        f"{table.cell(header, column)} '{titles[column]}'" for column in columns if _DERIVED.search(titles[column])
    ]
    return [(titles[column], column) for column in plain], aside


def _names_above(table: Table, header: int) -> list[str]:
    """For each column the nearest text in the row above the header, there or to the left of it."""
    names, name = [], ""
    for column in range(table.width):
        name = table.text(header - 1, column) or name
        names.append(name)
    return names


def _matrix(table: Table, columns: _Columns, *, weighted_headings: bool) -> Matrix:
    options = tuple(name for name, _ in columns.options)
    matrix = Matrix(table.file, options, [], [], [], {}, [*columns.aside])
    family = ""
    for row in range(columns.header + 1, len(table.rows)):
        name = table.text(row, columns.label)
        if columns.family is not None and (text := table.text(row, columns.family)):
            name, family = (name or text, family) if _summary(text) else (name, text)
        entries = tuple(_entry(table, row, column) for _, column in columns.options)
        scored = any(entry.number or entry.formula for entry in entries)
        weight = _entry(table, row, columns.weight) if columns.weight is not None else None
        if not name:
            name = next((text for c in range(columns.label) if (text := table.text(row, c))), "")
        summary = _summary(name)
        if summary is not None:
            group = {"total": matrix.totals, "rank": matrix.ranks}.get(summary)
            if group is not None and scored:
                group.append(Summary(name, table.cell(row, columns.label), entries))
            elif scored:
                matrix.aside.append(f"{table.cell(row, columns.label)} '{name}'")
        elif (
            name
            and not scored
            and not _marked(table, row, columns)
            and (weighted_headings or not (weight and weight.number))
        ):
            family = name
            if weight is not None and weight.number:
                matrix.family_weights[name] = weight
        elif name:
            note = "; ".join(text for column in columns.note if (text := table.text(row, column)))
            texts = [table.text(row, column) for _, column in columns.options]
            matrix.unread += [
                (entry.cell, text or "a formula without a stored result")
                for entry, text in zip(entries, texts, strict=True)
                if entry.number is None and (entry.formula or text.casefold() not in _UNKNOWN)
            ]
            matrix.lines.append(Line(name, table.cell(row, columns.label), family, note, weight, entries))
    return matrix


def _marked(table: Table, row: int, columns: _Columns) -> bool:
    """Whether a row without numbers says unknown where the options stand."""
    return any(table.text(row, column) for _, column in columns.options)


def _entry(table: Table, row: int, column: int) -> MatrixEntry:
    return MatrixEntry(table.number(row, column), table.cell(row, column), table.formula(row, column))


def _summary(name: str) -> str | None:
    for kind, pattern in (("total", _TOTAL), ("rank", _RANK), ("aside", _ASIDE)):
        if pattern.match(name):
            return kind
    return None


def _say(table: Table, columns: _Columns, matrix: Matrix) -> None:
    where = "columns" if table.transposed else "rows"
    across = "rows" if table.transposed else "columns"
    taken = matrix.taken
    taken.append(f"criteria in {where}: {len(matrix.lines)}, named from {table.cell(columns.header, columns.label)} on")
    taken.append(f"options in {across}: {', '.join(matrix.options)}")
    if columns.weight is None:
        taken.append("no weights were found: every criterion weighs the same")
    else:
        taken.append(
            f"weights: {table.cell(columns.header, columns.weight)} '{table.text(columns.header, columns.weight)}'"
        )
    families = list(dict.fromkeys(line.family for line in matrix.lines if line.family))
    taken.append(f"families: {', '.join(families)}" if families else "families: none; one is made for all criteria")
    taken += [f"totals: {found.row} '{found.name}'" for found in matrix.totals]
    taken += [f"ranks: {found.row} '{found.name}'" for found in matrix.ranks]
    if columns.note:
        titles = [f"{table.cell(columns.header, c)} '{table.text(columns.header, c)}'" for c in columns.note]
        taken.append(f"remarks on criteria: {', '.join(titles)}")
    if matrix.aside:
        taken.append(f"left aside as computed from others: {', '.join(matrix.aside)}")
    if table.hidden:
        taken.append(f"hidden in the sheet and read all the same: {', '.join(table.hidden)}")
