"""A workbook that came back: its forms, what went out with it, and how the catalogue has moved since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evaluator.errors import Problem, Severity
from evaluator.forms.answers_reader import ENTRY_COLUMNS
from evaluator.forms.cell_marks import AnswerBlock, Exported, Form, decode, locate, wording
from evaluator.forms.cell_words import text_of
from evaluator.model.catalogue import Catalogue
from evaluator.xlsx.guard import RefusedError
from evaluator.xlsx.reader import open_workbook

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Incoming:
    """One workbook."""

    file: str
    exported: Exported
    forms: tuple[Form, ...]


def open_forms(path: Path) -> Incoming:
    """The forms of the workbook at ``path``; raises :class:`RefusedError` where there are none to be read."""
    sheets = open_workbook(path)
    forms = tuple(form for sheet in sheets if (form := locate(sheet)) is not None)
    if not forms:
        raise RefusedError(
            f"'{path.name}' holds no form of the evaluator: its hidden marks are gone, or it never was one; "
            "export it again and copy the answers over."
        )
    return Incoming(path.name, decode(sheets), forms)


def moved_catalogue(incoming: Incoming, catalogue: Catalogue) -> list[str]:
    """What happened to the catalogue between the export and now, a sentence per kind of change."""
    went = incoming.exported
    if not went.known:
        return ["the hidden sheet is gone: what was exported is not known, so every difference has to be decided"]
    now = {key: wording(criterion) for key, criterion in catalogue.criteria.items()}
    if went.criteria == now:
        return []
    said = [
        f"exported from {went.catalogue} {went.version}, moved to {catalogue.head.id} {catalogue.head.version} by ids"
    ]
    groups = {
        "reworded since (read again whether the answers hold)": [
            k for k in now if went.criteria.get(k, now[k]) != now[k]
        ],
        "added since (not in the workbook)": [key for key in now if key not in went.criteria],
        "removed since (their answers are not imported)": [key for key in went.criteria if key not in now],
    }
    return said + [f"{words}: {_list(keys)}" for words, keys in groups.items() if keys]


def _list(keys: list[str]) -> str:
    more = f" and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else ""
    return ", ".join(keys[:_SHOWN]) + more


def unplaced(form: Form, incoming: Incoming, catalogue: Catalogue) -> Iterator[Problem]:
    """Blocks whose criterion the catalogue does not have, as far as something is entered in them."""
    for block in form.blocks:
        if block.criterion in catalogue.criteria:
            continue
        found = _entered(form, block)
        if block.criterion not in incoming.exported.criteria:
            cell = form.cell(block.lines[0][1], "criterion")
            name = " ".join(block.criterion.split())[:64]
            yield Problem("unknown-criterion", f"there is no criterion '{name}'", incoming.file, cell=cell)
        elif found:
            place, text = found
            yield Problem(
                "removed-criterion",
                f"{block.criterion} is no longer in the catalogue; its answer '{text}' is not imported",
                incoming.file,
                cell=place,
                severity=Severity.WARNING,
            )


def _entered(form: Form, block: AnswerBlock) -> tuple[str, str] | None:
    for key in ENTRY_COLUMNS:
        for _, row in block.lines:
            if text := text_of(form.at(row, key)):
                return form.cell(row, key), " ".join(text.split())[:60]
    return None


def computed(form: Form) -> list[str]:
    """A sentence where answers are the stored results of formulas."""
    columns = {form.columns[key] for key in ENTRY_COLUMNS if key in form.columns}
    rows = {row for block in form.blocks for _, row in block.lines}
    cells = sorted((row, column) for row, column in form.sheet.seen.computed if column in columns and row in rows)
    cells = [cell for cell in cells if form.sheet.value(*cell) != ""]
    if not cells:
        return []
    names = _list([form.sheet.cell(*cell) for cell in cells])
    return [f"formulas were not computed, their stored results were taken: {names}"]
