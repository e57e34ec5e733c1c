"""Sheets and forms in memory, without a file: for tests of what is read from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from evaluator.forms.cell_marks import Form, locate
from evaluator.model.scorecard import Answer, Scorecard
from evaluator.xlsx.reader import SheetValues
from evaluator.xlsx.xml_parts import SheetPart

SCORECARD = "#sheet scorecard v-1 business desk-a"
KEYS = (
    "criterion", "line", "level", "rationale", "missing", "confidence", "capped_from",
    "source", "date", "captured", "grade", "note", "confirmed",
)  # fmt: skip
"""The columns A to M of :func:`form_of`."""
FIRST = 5
"""The row, as spreadsheets count, of the first line of :func:`form_of`."""


def sheet_of(rows: Sequence[Any], **more: Any) -> SheetValues:
    """A sheet called V-1 of the file given.xlsx; rows are made the same length."""
    width = max(map(len, rows), default=0)
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    return SheetValues(
        **{"file": "given.xlsx", "name": "V-1", "hidden": False, "rows": padded, "seen": SheetPart(), **more}
    )


def form_of(
    *lines: Mapping[str, Any],
    keys: Sequence[str] = KEYS,
    mark: str = SCORECARD,
    head: Mapping[str, Any] | None = None,
    **more: Any,
) -> Form:
    """A form: its mark in row 1, its head in rows 2 and 3, its keys in row 4, and ``lines`` by column key from row 5 on."""
    given = head or {}
    rows: list[list[Any]] = [
        [mark],
        [f"#head {key}" for key in given],
        list(given.values()),
        [f"#column {key}" for key in keys],
        *([line.get(key, "") for key in keys] for line in lines),
    ]
    found = locate(sheet_of(rows, **more))
    assert found is not None
    return found


def full(criterion: str = "c-1", line: int = 1, **changes: Any) -> dict[str, Any]:
    """The cells of a complete answer."""
    return {
        "criterion": criterion,
        "line": float(line),
        "level": 3.0,
        "rationale": "The page says so.",
        "confidence": "medium",
        "source": "https://vendor.example/doc",
        "date": "2026-10-01",
        "grade": "C",
        **changes,
    }


def opened_sheet(data: bytes, folder: Path, title: str) -> Worksheet:
    """A sheet of a workbook that was written, read by another library."""
    path = folder / "written.xlsx"
    path.write_bytes(data)
    found = openpyxl.load_workbook(path)[title]
    assert isinstance(found, Worksheet)
    return found


def values(sheet: Worksheet) -> dict[str, Any]:
    """Every cell that holds something, by its name."""
    return {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None}


def rules(sheet: Worksheet) -> dict[str, tuple[str | None, str | None]]:
    """Range -> kind and content of every rule on what may be entered."""
    return {str(rule.sqref): (rule.type, rule.formula1) for rule in sheet.data_validations.dataValidation}


def messages(problems: Iterable[Any]) -> list[tuple[str | None, str]]:
    """Cell and message of every problem, in order."""
    return [(problem.cell, problem.message) for problem in problems]


class Shelf:
    """A store of scorecards in memory, which notes what is written to it."""

    def __init__(self, *cards: Scorecard) -> None:
        self.cards = {(card.vendor, card.edition, card.assessor): card for card in cards}
        self.created: list[Scorecard] = []
        self.changed: list[tuple[Scorecard, Mapping[str, Answer | None], Mapping[str, str]]] = []

    def read(self, vendor: str, edition: str, assessor: str) -> Scorecard | None:
        """The scorecard as it is now."""
        return self.cards.get((vendor, edition, assessor))

    def create(self, card: Scorecard) -> str:
        """Note a new scorecard."""
        self.created.append(card)
        return f"new {card.assessor}"

    def change(self, before: Scorecard, answers: Mapping[str, Answer | None], head: Mapping[str, str]) -> str:
        """Note a change."""
        self.changed.append((before, answers, head))
        return f"changed {before.assessor}"


def header(sheet: Worksheet) -> str:
    """The text at the left of the head of every printed page."""
    assert sheet.oddHeader is not None
    return str(sheet.oddHeader.left.text)


def widths(sheet: Worksheet) -> list[float]:
    """How wide every column that is shown was asked to be, in order."""
    shown = [found for found in sheet.column_dimensions.values() if not found.hidden]
    return [round(found.width - 0.7109375, 1) for found in shown for _ in range(found.min or 0, 1 + (found.max or 0))]
