"""A workbook that came back: its forms and their rows of answers, every mistake with its cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, Literal, TypeVar

from evaluator.errors import Problem, Severity
from evaluator.forms.answer_rows import BLANK, AnswerRow, Item
from evaluator.forms.cell_marks import ID_COLUMN, UNNUMBERED, AnswerBlock, Exported, Form, decode, locate, wording
from evaluator.forms.cell_words import UnreadError, choice_of, day_of, level_of, text_of, word_of
from evaluator.forms.form_layout import CONFIDENCES, EVIDENCE_KINDS
from evaluator.forms.import_changes import ReturnedAnswer
from evaluator.model.catalogue import Catalogue, Criterion
from evaluator.model.scorecard import UNKNOWN, EvidenceKind
from evaluator.xlsx.guard import Admitted, RefusedError
from evaluator.xlsx.reader import address, read

CONFIDENCE_WORDS = {"l": "low", "m": "medium", "med": "medium", "h": "high", "mid": "medium"}
KIND_COLUMNS = ("kind", "valid_until")
ITEM_COLUMNS = ("source", "date", "captured", "grade", "note", *KIND_COLUMNS)
ANSWER_COLUMNS = (
    "level",
    "rationale",
    "missing",
    "confidence",
    "capped_from",
    "source",
    "date",
    "captured",
    "grade",
    "note",
)
"""Columns that every scorecard form has."""
ENTRY_COLUMNS = (*ANSWER_COLUMNS, *KIND_COLUMNS, "confirmed", "since", "reply", "link", "document_date")
"""Columns in which somebody enters something, in any form."""
MAX_TEXT = 40_000
TWICE = "criterion-twice"
MOVE_HINT = "correct it, or move as_of in evaluation.yaml first"
_YES = {"yes", "y", "x", "ok", "confirmed", "unchanged", "still stands", "✓", "✔", "true"}
_MOST_LISTED = 12
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Incoming:
    """One workbook."""

    file: str
    exported: Exported
    forms: tuple[Form, ...]


def open_forms(workbook: Admitted) -> Incoming:
    """The forms of a workbook; raises :class:`RefusedError` where there are none to be read."""
    sheets = read(workbook)
    forms = tuple(form for sheet in sheets if (form := locate(sheet)) is not None)
    if not forms:
        raise RefusedError(
            f"'{workbook.name}' holds no form of the evaluator: its hidden marks are gone, or it never was one; "
            "export it again and copy the answers over."
        )
    return Incoming(workbook.name, decode(sheets), forms)


def moved_catalogue(incoming: Incoming, catalogue: Catalogue) -> list[str]:
    """What happened to the catalogue between the export and now, a sentence per kind of change."""
    went = incoming.exported
    if not went.version:
        return ["the hidden sheet is gone: what was exported is not known, so every difference has to be decided"]
    now = {key: wording(criterion) for key, criterion in catalogue.criteria.items()}
    if went.criteria == now:
        return []
    groups = {
        "reworded since (read again whether the answers hold)": [
            key for key in now if went.criteria.get(key, now[key]) != now[key]
        ],
        "added since (not in the workbook)": [key for key in now if key not in went.criteria],
        "removed since (their answers are not imported)": [key for key in went.criteria if key not in now],
    }
    head = catalogue.head
    moved = f"exported from {went.catalogue} {went.version}, moved to {head.id} {head.version} by ids"
    return [moved, *(f"{words}: {some_of(keys)}" for words, keys in groups.items() if keys)]


def some_of(names: Sequence[str]) -> str:
    """The first of ``names``, and how many more there are."""
    more = f" and {len(names) - _MOST_LISTED} more" if len(names) > _MOST_LISTED else ""
    return ", ".join(names[:_MOST_LISTED]) + more


def unplaced(form: Form, incoming: Incoming, catalogue: Catalogue) -> Iterator[Problem]:
    """Blocks whose criterion the catalogue does not have, as far as something is entered in them."""
    for block in form.blocks:
        if block.criterion in catalogue.criteria:
            continue
        if block.criterion not in incoming.exported.criteria:
            cell = form.cell(block.lines[0][1], ID_COLUMN)
            name = " ".join(block.criterion.split())[:64]
            yield Problem("unknown-criterion", f"there is no criterion '{name}'", incoming.file, cell=cell)
            continue
        entered = ((row, key, text_of(form.at(row, key))) for key in ENTRY_COLUMNS for _, row in block.lines)
        for row, key, text in entered:
            if text:
                said = " ".join(text.split())[:60]
                message = f"{block.criterion} is no longer in the catalogue; its answer '{said}' is not imported"
                place = form.cell(row, key)
                yield Problem("removed-criterion", message, incoming.file, cell=place, severity=Severity.WARNING)
                break


def computed(form: Form) -> dict[str, Any]:
    """The cells for entries that hold a formula, with their stored results as far as these can be read."""
    columns = {form.columns[key] for key in ENTRY_COLUMNS if key in form.columns}
    rows = {row for block in form.blocks for _, row in block.lines}
    seen = form.sheet.seen
    places = {(row, column) for row, column in seen.computed if column in columns and row in rows}
    places |= seen.computed & set(form.header.values())
    return {form.sheet.cell(*place): form.sheet.value(*place) for place in sorted(places) if not seen.unreadable(place)}


class AnswerCells:
    """Reads cells of one form and gathers what is wrong with them."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.faults: list[Problem] = []

    def fault(self, row: int, key: str, message: str, hint: str = "", code: str = "cell") -> None:
        """Note a mistake in the cell of ``row`` under the column ``key``."""
        cell = self.form.cell(row, key)
        self.faults.append(Problem(code, message, self.form.sheet.file, path=(key,), cell=cell, hint=hint))

    def read(self, row: int, key: str, meaning: Callable[[Any], _T], empty: _T) -> _T:
        """What a cell means, or ``empty`` with the mistake noted."""
        column = self.form.columns.get(key)
        if column is None:
            return empty
        if self.form.sheet.seen.unreadable((row, column)):
            if (row, column) in self.form.sheet.seen.errors:
                self.fault(row, key, "the cell holds an error value such as #N/A", "type the answer itself")
            else:
                hint = "formulas are not computed here; type the answer itself"
                self.fault(row, key, "the cell holds a formula without a stored result", hint)
            return empty
        value = self.form.sheet.value(row, column)
        if value == "":
            return empty
        try:
            return meaning(value)
        except UnreadError as error:
            self.fault(row, key, str(error), error.hint)
            return empty

    def once(self, block: AnswerBlock, key: str, meaning: Callable[[Any], _T], empty: _T) -> _T:
        """What the one cell of a block means that stands under ``key``, in whichever of its rows."""
        found: dict[str, int] = {}
        for _, row in block.lines:
            word = word_of(self.form.at(row, key))
            if word or self.form.sheet.seen.unreadable((row, self.form.columns.get(key, -1))):
                found.setdefault(word, row)
        if not found:
            return empty
        rows = list(found.values())
        if len(found) > 1:
            others = " and ".join(address(row, self.form.columns[key]) for row in rows)
            self.fault(rows[1], key, f"{block.criterion} has two entries here, in {others}", "keep one of them")
            return empty
        return self.read(rows[0], key, meaning, empty)


def spread(form: Form) -> list[str]:
    """Give every criterion under one merged cell the value that is shown across them all.

    Returns:
        A sentence per merged range for which that was done.
    """
    sheet, said = form.sheet, []
    owner = {row: block.criterion for block in form.blocks for _, row in block.lines}
    for (top, left), (bottom, _) in sheet.merged:
        value = sheet.value(top, left)
        last = min(bottom, len(sheet.rows) - 1)
        if value == "" or top not in owner or owner.get(last) in (None, owner[top]):
            continue
        reached = {owner[top]}
        for row in range(top + 1, last + 1):
            if (criterion := owner.get(row)) and criterion not in reached:
                reached.add(criterion)
                sheet.rows[row][left] = value
        place = f"{sheet.cell(top, left)}:{address(last, left)}"
        said.append(f"{place} is merged over {len(reached)} criteria; each of them gets what it says")
    return said


def read_answers(form: Form, catalogue: Catalogue, day: date | None = None) -> list[ReturnedAnswer]:
    """The answers of a form, each with what is wrong with its cells.

    ``day`` is the one that the form's header gives, where ``yes`` stands for the day of an answer that was looked at again.
    Criteria that the catalogue does not have are left out here; whoever compares catalogues names them.
    """

    def looked_at(value: Any) -> date | None:
        if word_of(value) not in _YES:
            return day_of(value)
        if day is None:
            raise UnreadError("expected the day, found no day at the top of the sheet either", "write it as YYYY-MM-DD")
        return day

    answers = []
    for block in form.blocks:
        criterion = catalogue.criteria.get(block.criterion)
        if criterion is None:
            continue
        cells, first = AnswerCells(form), block.lines[0][1]
        row, evidence_rows = _row(cells, block, criterion)
        confirmed = cells.once(block, "confirmed", looked_at, None)
        place = form.cell(first, "level")
        answers.append(ReturnedAnswer(criterion.id, row, place, confirmed, cells.faults, first, evidence_rows))
    return answers


def _row(cells: AnswerCells, block: AnswerBlock, criterion: Criterion) -> tuple[AnswerRow, tuple[int, ...]]:
    """The cells of one criterion, and the rows in which its items of evidence stand."""
    for (line, row), (same, other) in pairwise(block.lines):
        if line == same != UNNUMBERED:
            message = f"{criterion.id} stands in the sheet twice, also in row {row + 1}"
            cells.fault(other, "level", message, "keep one", TWICE)
            return BLANK, ()
    levels = criterion.levels.keys()
    level = cells.once(block, "level", lambda value: level_of(value, levels), None)
    capped = cells.once(block, "capped_from", lambda value: level_of(value, levels), None)
    if capped == UNKNOWN:
        cells.fault(block.lines[0][1], "capped_from", "expected a level or nothing, found unknown")
    confidence = cells.once(block, "confidence", lambda value: choice_of(value, CONFIDENCES, CONFIDENCE_WORDS), None)
    if level == UNKNOWN:
        confidence = confidence or "low"
    rationale = cells.once(block, "rationale", _text, "")
    missing = tuple(text for _, row in block.lines if (text := cells.read(row, "missing", _text, "")))
    items = {row: item for _, row in block.lines if (item := _item(cells, row)) != Item()}
    capped_from = capped if isinstance(capped, int) else None
    return AnswerRow(level, rationale, missing, confidence or "", capped_from, tuple(items.values())), tuple(items)


def _item(cells: AnswerCells, row: int) -> Item:
    return Item(
        source=cells.read(row, "source", _text, ""),
        date=cells.read(row, "date", day_of, None),
        captured=cells.read(row, "captured", day_of, None),
        grade=cells.read(row, "grade", _grade, ""),
        note=cells.read(row, "note", _text, ""),
        kind=cells.read(row, "kind", _kind, ""),
        valid_until=cells.read(row, "valid_until", day_of, None),
    )


def _kind(value: Any) -> EvidenceKind | Literal[""]:
    word = choice_of(value, EVIDENCE_KINDS)
    return next((kind for kind in EVIDENCE_KINDS if kind == word), "")


def _text(value: Any) -> str:
    text = text_of(value)
    if len(text) > MAX_TEXT:
        raise UnreadError(f"the text has {len(text):,} characters; expected at most {MAX_TEXT:,}")
    return text


def _grade(value: Any) -> str:
    word = word_of(value).removeprefix("grade ").upper()
    if word and not (len(word) == 1 and "A" <= word <= "Z"):
        raise UnreadError(f"expected a grade of evidence, one letter, found '{text_of(value)[:40]}'")
    return word


def misplaced_answers(form: Form) -> Iterator[Problem]:
    """Answers in rows that belong to no criterion; whoever typed them would take them for given."""
    message, hint = "the entry stands in a row that belongs to no criterion", "move it to a row of its criterion"
    headers = {row for row, _ in form.header.values()} | {row - 1 for row, _ in form.header.values()}
    for row in range(form.key_row + 1, len(form.sheet.rows)):
        if row in headers or form.at(row, ID_COLUMN) != "":
            continue
        key = next((key for key in ENTRY_COLUMNS if form.at(row, key) != ""), None)
        if key is not None:
            yield Problem("cell", message, form.sheet.file, cell=form.cell(row, key), hint=hint)


def complete(answer: ReturnedAnswer, form: Form, catalogue: Catalogue, as_of: date) -> list[Problem]:
    """What an answer that was changed still lacks, each with its cell; not where a cell cannot be read anyway.

    ``as_of`` is the date of the evaluation, after which nothing can have been seen yet.
    """
    row, first, cells = answer.row, answer.first, AnswerCells(form)
    if answer.confirmed is not None:
        for _, message, hint in late(None, answer.confirmed, as_of):
            cells.fault(first, "confirmed", message, hint)
        if row == BLANK:
            message = f"{answer.criterion} has no answer to confirm"
            cells.fault(first, "confirmed", message, "give one, or empty the cell")
    if (row == BLANK and not answer.faults) or any(fault.code == TWICE for fault in answer.faults):
        return cells.faults
    name = answer.criterion
    if row.level is None:
        cells.fault(first, "level", f"{name} has entries but no level", "write unknown if it is not known")
    if not row.rationale:
        cells.fault(first, "rationale", f"{name} has no reason", "one sentence that names the evidence")
    if not row.confidence:
        cells.fault(first, "confidence", f"{name} has no confidence", f"one of {', '.join(CONFIDENCES)}")
    for number, item in zip(answer.evidence_rows, row.evidence, strict=True):
        for key, message, hint in [*_lacks(item, catalogue.grades), *late(item.date, item.captured, as_of)]:
            cells.fault(number, key, message, hint)
    # A cell of evidence is known by its place; the one answer cell is the same whichever row it was found in.
    unread = {(fault.path, fault.cell if fault.path[0] in ITEM_COLUMNS else "") for fault in answer.faults}
    return [
        fault
        for fault in cells.faults
        if (fault.path, fault.cell if fault.path[0] in ITEM_COLUMNS else "") not in unread
    ]


def _lacks(item: Item, grades: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    if not item.source:
        yield "source", "the evidence has no source", "where can it be found?"
    if item.date is None and item.captured is None:
        yield "date", "the evidence has no date", "the day it stands for, or the day it was captured"
    if not item.grade:
        yield "grade", "the evidence has no grade", f"one of {', '.join(grades)}"
    elif item.grade not in grades:
        yield "grade", f"expected a grade of the catalogue, found {item.grade}", f"one of {', '.join(grades)}"
    if item.valid_until is not None and item.kind != "certificate":
        yield (
            "valid_until",
            "only a certificate is valid until a day",
            "choose certificate as the kind, or empty the cell",
        )


def late(day: date | None, captured: date | None, as_of: date) -> Iterator[tuple[str, str, str]]:
    """Days of an item of evidence that cannot be: column, message and hint."""
    for key, found in (("date", day), ("captured", captured)):
        if found is not None and found > as_of:
            yield key, f"{found} lies after the date of the evaluation, {as_of}", MOVE_HINT
    if day is not None and captured is not None and day > captured:
        message = f"the evidence stands for {day} but was captured on {captured}, before that day"
        yield "date", message, "correct one of the two"


@dataclass(slots=True)
class ReturnedHeader:
    """The header of a form as it came back."""

    assessor: str = ""
    kind: str = ""
    notice: str = ""
    day: date | None = None
    faults: dict[str, Problem] = field(default_factory=dict)
    """By field."""


def read_header(form: Form, kinds: Sequence[str]) -> ReturnedHeader:
    """Who answered, how, when, and the remark on the whole."""
    header = ReturnedHeader()

    def named(key: str, meaning: Callable[[Any], _T], empty: _T) -> _T:
        try:
            return meaning(form.named(key))
        except UnreadError as error:
            cell = form.header_cell(key)
            header.faults[key] = Problem("cell", str(error), form.sheet.file, cell=cell, hint=error.hint)
            return empty

    header.assessor = named("assessor", text_of, "").casefold()
    header.kind = named("kind", lambda value: choice_of(value, kinds), None) or ""
    header.notice = named("notice", _text, "")
    header.day = named("date", day_of, None)
    return header
