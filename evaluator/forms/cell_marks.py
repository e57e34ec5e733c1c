"""Who a workbook's sheets, rows and columns are, wherever they are moved: marks in hidden cells.

A hidden sheet carries what was exported: catalogue, criteria and fingerprints. Each sheet for people carries
a mark of its own, a hidden row of column keys, and the criterion's id in every row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from evaluator.forms.answer_rows import digest
from evaluator.model.catalogue import Catalogue, Criterion
from evaluator.model.vendor import Profile
from evaluator.xlsx.reader import SheetValues

Kind = Literal["scorecard", "moderation", "questionnaire"]
KINDS: tuple[Kind, ...] = ("scorecard", "moderation", "questionnaire")

META_SHEET = "_evaluator"
FORMAT = "evaluator-workbook/1"
SHEET_MARK = "#sheet"
COLUMN_MARK = "#column"
HEADER_MARK = "#head"
ID_COLUMN = "criterion"
LINE_COLUMN = "line"


RESERVED_NAMES = frozenset({"profile", "own-work"})
"""What no assessor may be called: the names of the other files of a vendor, beside which scorecards may lie."""


@dataclass(frozen=True, slots=True)
class Token:
    """Which form a sheet is: its kind, and whose answers on what."""

    kind: Kind
    vendor: str
    edition: str
    assessor: str
    """Empty where the assessor is to be filled in."""

    @property
    def mark(self) -> str:
        """The text of the sheet's hidden mark."""
        return f"{SHEET_MARK} {self.kind} {self.vendor} {self.edition} {self.assessor}".strip()


def subject_of(profile: Profile, edition: str) -> str:
    """The names of a vendor and of its edition, for people."""
    name = next((found.name for found in profile.editions if found.id == edition), edition)
    return f"{profile.name} · {name}"


def token_in(text: Any) -> Token | None:
    """The token that a mark spells, or nothing."""
    parts = text.split() if isinstance(text, str) and len(text) < 400 else []  # noqa: PLR2004 - three ids fit
    match parts:
        case [mark, kind, vendor, edition, *rest] if mark == SHEET_MARK and kind in KINDS and len(rest) <= 1:
            return Token(kind, vendor, edition, "".join(rest))
    return None


@dataclass(slots=True)
class Exported:
    """What went out with a workbook; empty where its hidden sheet is gone."""

    catalogue: str = ""
    version: str = ""
    """Of the catalogue; empty where it is not known what was exported."""
    criteria: dict[str, str] = field(default_factory=dict)
    """Criterion -> fingerprint of its question and anchors."""
    headers: dict[str, str] = field(default_factory=dict)
    """Mark of a sheet -> fingerprint of its header."""
    answers: dict[tuple[str, str], str] = field(default_factory=dict)
    """Mark of a sheet and criterion -> fingerprint of the row."""


def wording(criterion: Criterion) -> str:
    """A fingerprint of what a criterion asks and of its anchors."""
    return digest([criterion.question, sorted(criterion.levels.items())])


def exported(catalogue: Catalogue) -> Exported:
    """What every export says of the catalogue."""
    return Exported(
        catalogue=catalogue.head.id,
        version=catalogue.head.version,
        criteria={key: wording(criterion) for key, criterion in catalogue.criteria.items()},
    )


def encode(value: Exported, version: str) -> list[list[str]]:
    """The rows of the hidden sheet."""
    rows = [[FORMAT, version], ["catalogue", value.catalogue, value.version]]
    rows += [["criterion", key, print_] for key, print_ in value.criteria.items()]
    rows += [["head", mark, print_] for mark, print_ in value.headers.items()]
    rows += [["answer", mark, key, print_] for (mark, key), print_ in value.answers.items()]
    return rows


def decode(sheets: Iterable[SheetValues]) -> Exported:
    """What the hidden sheet says, under whatever name; rows that say nothing known are passed over."""
    value = Exported()
    for sheet in sheets:
        if not sheet.rows or sheet.value(0, 0) != FORMAT:
            continue
        for row in sheet.rows[1:]:
            match [cell for cell in row if isinstance(cell, str) and cell]:
                case ["catalogue", catalogue, version]:
                    value.catalogue, value.version = catalogue, version
                case ["criterion", key, print_]:
                    value.criteria[key] = print_
                case ["head", mark, print_]:
                    value.headers[mark] = print_
                case ["answer", mark, key, print_]:
                    value.answers[mark, key] = print_
                case _:
                    pass
    return value


@dataclass(slots=True)
class AnswerBlock:
    """The rows of one criterion in a form."""

    criterion: str
    lines: list[tuple[int, int]]
    """Line number and row, in the order of the lines."""


UNNUMBERED = 10_000
"""The line number of a row that has none; forms have fewer lines."""


@dataclass(frozen=True)
class MarkedSheet:
    """A sheet whose columns are known by the keys in one of its rows."""

    sheet: SheetValues
    key_row: int
    """Below 0 where there is none."""
    columns: Mapping[str, int]

    def at(self, row: int, key: str) -> Any:
        """The value in ``row`` under the column ``key``."""
        column = self.columns.get(key)
        return "" if column is None else self.sheet.value(row, column)

    def cell(self, row: int, key: str) -> str:
        """The name of that cell."""
        return self.sheet.cell(row, self.columns.get(key, 0))


def marks_in(sheet: SheetValues, first_key: str) -> tuple[MarkedSheet, list[tuple[int, int, str]]]:
    """The sheet with its columns, known by the row that holds ``first_key``, and row, column and text of all its marks."""
    marks = [
        (row, column, value) for row, column, value in sheet.cells() if isinstance(value, str) and value[:1] == "#"
    ]
    key_row = next((row for row, _, value in marks if value == f"{COLUMN_MARK} {first_key}"), -1)
    columns: dict[str, int] = {}
    for row, column, value in marks:
        mark, _, key = value.partition(" ")
        if mark == COLUMN_MARK and row == key_row:
            columns.setdefault(key, column)
    return MarkedSheet(sheet, key_row, columns), marks


@dataclass(frozen=True)
class Form(MarkedSheet):
    """A sheet for people, located: its token, and the cells of its header."""

    token: Token
    header: Mapping[str, tuple[int, int]]

    @cached_property
    def blocks(self) -> tuple[AnswerBlock, ...]:
        """The criteria of the form, in the order in which they stand, whatever rows they were moved to."""
        found: dict[str, list[tuple[int, int]]] = {}
        for row in range(len(self.sheet.rows)):
            key = self.at(row, ID_COLUMN)
            if row == self.key_row or not isinstance(key, str) or not key or key.startswith("#"):
                continue
            line = self.at(row, LINE_COLUMN)
            known = isinstance(line, float) and line.is_integer() and 0 < line < UNNUMBERED
            found.setdefault(key.strip(), []).append((int(line) if known else UNNUMBERED, row))
        return tuple(AnswerBlock(key, sorted(lines)) for key, lines in found.items())

    def named(self, key: str) -> Any:
        """The value of a cell of the header."""
        place = self.header.get(key)
        return "" if place is None else self.sheet.value(*place)

    def header_cell(self, key: str) -> str:
        """The name of that cell."""
        return self.sheet.cell(*self.header.get(key, (0, 0)))


def locate(sheet: SheetValues) -> Form | None:
    """The form that a sheet is, found by its marks wherever they stand; nothing for other sheets."""
    found, marks = marks_in(sheet, ID_COLUMN)
    token = next((token for _, _, value in marks if (token := token_in(value))), None)
    header: dict[str, tuple[int, int]] = {}
    for row, column, value in marks:
        mark, _, key = value.partition(" ")
        if mark == HEADER_MARK:
            # The value stands in the next row, under its mark.
            header.setdefault(key, (row + 1, column))
    return Form(sheet, found.key_row, found.columns, token, header) if token and found.key_row >= 0 else None
