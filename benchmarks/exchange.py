"""Workbooks out and in, against the libraries that do nothing but write or read the same cells."""

from __future__ import annotations

import io
import re
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from harness import in_own_process, seconds, table

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from exchange_tools import Filled, card, export, opened, order_of, setting_of, shipped

from evaluator.forms.scorecard_form import scorecard_book
from evaluator.forms.scorecard_import import ImportOptions, import_files
from evaluator.workspace.load import load
from evaluator.workspace.stores import CardStore
from evaluator.workspace.transaction import transaction

DAY = date(2026, 11, 20)
FILES = 500
SAMPLE = 50
"""Of how many files the floors are measured, and taken for all."""
Cells = list[tuple[str, list[tuple[int, int, Any]]]]


def exporting() -> None:
    """Export of 1 and 50 vendors with all their answers."""
    memory = {count: in_own_process(export_size, count) for count in (1, 50)}
    workspace = opened(ROOT)
    order = order_of(workspace, "airtable", "desk-a")
    setting = setting_of(workspace)
    rows = []
    for count in (1, 50):
        job = partial(scorecard_book, setting, [order] * count)
        cells = read_cells(job())
        floor = seconds(partial(write_cells, cells), 3)
        taken = seconds(job, 3)
        _, before, peak, size = memory[count]
        number = sum(len(found) for _, found in cells)
        rows.append((count, f"{number:,}", f"{1000 * taken:.0f}", f"{1000 * floor:.0f}", f"{taken / floor:.2f}",
                     f"{peak - before:.0f}", f"{size / 1024:.0f}"))  # fmt: skip
    headers = ("vendors", "cells", "export ms", "same cells by xlsxwriter ms", "ratio", "memory MB", "file kB")
    table("Export of scorecards (48 criteria)", headers, rows)


def export_size(count: int) -> int:
    """The size of an export, for measuring its memory in a process of its own."""
    workspace = opened(ROOT)
    return len(scorecard_book(setting_of(workspace), [order_of(workspace, "airtable", "desk-a")] * count))


def read_cells(data: bytes) -> Cells:
    """Every filled cell of a workbook, formulas as text."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data))
    return [
        (sheet.title, [(cell.row - 1, cell.column - 1, cell.value) for row in sheet.iter_rows() for cell in row
                       if cell.value is not None and cell.row and cell.column])
        for sheet in book.worksheets
    ]  # fmt: skip


def write_cells(cells: Cells) -> None:
    """The floor: the same cells through the same library, without formats, rules or thought."""
    import xlsxwriter

    book = xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True})
    for title, found in cells:
        sheet = book.add_worksheet(title)
        for row, column, value in found:
            sheet.write(row, column, value if isinstance(value, int | float | str) else str(value))
    book.close()


def importing() -> None:
    """Import of 500 filled scorecards: looked at, new, changed."""
    with tempfile.TemporaryDirectory() as folder:
        root = shipped(Path(folder) / "ws")
        files = filled_forms(root, Path(folder) / "forms", FILES)
        some = files[:: max(1, FILES // SAMPLE)]
        floors = {
            name: seconds(partial(job, some), 1) * len(files) / len(some)
            for name, job in (("openpyxl", by_openpyxl), ("calamine", by_calamine))
        }
        rows = []
        for what, job in (("looked at (--dry-run)", partial(bring, dry_run=True)), ("new scorecards written", partial(bring, fresh=True)),
                          ("imported again, nothing changed", bring), ("every reason changed", partial(bring, changed=True))):  # fmt: skip
            if what == "every reason changed":
                files = [raised(file) for file in files]
            taken, before, peak, _ = in_own_process(job, root, files)
            rows.append(
                (
                    what,
                    f"{taken:.2f}",
                    f"{taken / floors['openpyxl']:.2f}",
                    f"{taken / floors['calamine']:.1f}",
                    f"{peak - before:.0f}",
                )
            )
        headers = (
            "500 files",
            "seconds",
            f"x openpyxl ({floors['openpyxl']:.1f} s)",
            f"x calamine ({floors['calamine']:.2f} s)",
            "memory MB",
        )
        table("Import of 500 filled scorecards (48 criteria each)", headers, rows)
        growth = []
        for count in (1, 50, 500):
            _, before, peak, _ = in_own_process(partial(bring, dry_run=True), root, files[:count])
            growth.append((count, f"{peak - before:.0f}"))
        table("Memory by number of files", ("files", "memory MB"), growth)


def bring(
    root: Path, files: Iterable[Path], *, dry_run: bool = False, fresh: bool = False, changed: bool = False
) -> int:
    """Import; the number of answers that changed."""
    workspace = opened(root)
    options = ImportOptions(DAY, dry_run=dry_run, prefer="theirs" if changed else None)
    with transaction(root, dry_run=dry_run) as change:
        store = CardStore(change, load(root).layout, tuple(workspace.catalogue.criteria))
        report = import_files(list(files), workspace, store, options)
    count = sum(len(imported.changes) for imported in report.files)
    assert not report.failed, [str(problem) for imported in report.files for problem in imported.problems][:3]
    assert dry_run or bool(count) == (fresh or changed)
    return count


def filled_forms(root: Path, folder: Path, count: int) -> list[Path]:
    """So many workbooks of as many new assessors, each with all the answers of a shipped scorecard."""
    folder.mkdir()
    workspace = opened(root)
    vendors = list(workspace.vendors)
    first = {}
    for vendor in vendors:
        form = Filled(export(root, folder / f"{vendor}.xlsx", [vendor], "desk-000"))
        known = card(root, vendor, "desk-a")
        assert known is not None
        for key, answer in known.answers.items():
            form.answer(key, answer)
        first[vendor] = form.save().read_bytes()
    files = []
    for number in range(count):
        path = folder / f"{number}.xlsx"
        path.write_bytes(renamed(first[vendors[number % len(vendors)]], b"desk-000", f"desk-{number:03}".encode()))
        files.append(path)
    return files


def renamed(data: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with a text replaced everywhere."""
    return in_sheets(data, lambda part: part.replace(old, new))


def in_sheets(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with its sheets changed as text."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in archive.infolist():
            content = archive.read(entry)
            made.writestr(entry.filename, change(content) if "worksheets/sheet" in entry.filename else content)
    return out.getvalue()


def raised(path: Path) -> Path:
    """The form with another reason in every answer."""
    words = re.compile(rb'(<c r="G(?:[89]|[1-9]\d+)"[^>]*><is><t>)')
    path.write_bytes(in_sheets(path.read_bytes(), lambda part: words.sub(rb"\1Again: ", part)))
    return path


def by_openpyxl(files: Iterable[Path]) -> None:
    """The floor: every cell read through openpyxl."""
    import openpyxl

    for file in files:
        for sheet in openpyxl.load_workbook(file, data_only=True).worksheets:
            for _ in sheet.iter_rows(values_only=True):
                pass


def by_calamine(files: Iterable[Path]) -> None:
    """The floor of the library that is used: every cell read, nothing checked."""
    from python_calamine import CalamineWorkbook

    for file in files:
        with CalamineWorkbook.from_path(file) as book:
            for number in range(len(book.sheet_names)):
                book.get_sheet_by_index(number).to_python(skip_empty_area=False)


def main() -> None:
    """Both tables."""
    exporting()
    importing()


if __name__ == "__main__":
    main()
