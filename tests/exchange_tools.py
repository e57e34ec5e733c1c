"""Forms filled in as people and programs do it: through openpyxl, LibreOffice and a writer of inline strings."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from builders import contents, write
from workbook_parity import soffice

from evaluator.forms.export_order import ExportOrder, Setting
from evaluator.forms.import_changes import ImportReport
from evaluator.forms.scorecard_form import scorecard_book
from evaluator.forms.scorecard_import import ImportOptions, import_files
from evaluator.model.scorecard import Answer, Scorecard
from evaluator.model.workspace import Workspace
from evaluator.scoring.weights import criterion_weights
from evaluator.workspace.load import load
from evaluator.workspace.stores import CardStore
from evaluator.workspace.transaction import Transaction, transaction

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 11, 20)
SINGLE = ("level", "rationale", "confidence", "capped_from")
ITEM = ("source", "date", "captured", "grade", "kind", "valid_until", "note")
OFFICE = soffice()


def opened(root: Path) -> Workspace:
    """The workspace on disk."""
    workspace = load(root).workspace
    assert workspace is not None
    return workspace


def shipped(root: Path) -> Path:
    """A copy of the shipped evaluation."""
    for name in ("criteria", "vendors"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "evaluation.yaml", root)
    return root


def small(root: Path, **knobs: Any) -> Path:
    """A small workspace on disk."""
    return write(root, contents(**knobs))


def setting_of(workspace: Workspace) -> Setting:
    """What an export of the workspace needs."""
    scope = workspace.evaluation.out_of_scope
    return Setting(
        catalogue=workspace.catalogue,
        as_of=workspace.evaluation.as_of,
        version="0.0.0",
        weights=criterion_weights(workspace.catalogue, workspace.weights, scope),
        out_of_scope=scope,
    )


def order_of(workspace: Workspace, vendor: str, assessor: str, criteria: tuple[str, ...] | None = None) -> ExportOrder:
    """The order for one vendor's sheet."""
    found = workspace.vendors[vendor]
    card = next((card for card in found.scorecards if card.assessor == assessor), None)
    edition = card.edition if card else found.profile.edition
    return ExportOrder(found.profile, edition, assessor, card, criteria or tuple(workspace.catalogue.criteria))


def export(root: Path, target: Path, vendors: list[str], assessor: str, **knobs: Any) -> Path:
    """The scorecard workbook of some vendors, in a file."""
    workspace = opened(root)
    orders = [order_of(workspace, vendor, assessor, **knobs) for vendor in vendors]
    target.write_bytes(scorecard_book(setting_of(workspace), orders))
    return target


def take(root: Path, *files: Path, **options: Any) -> ImportReport:
    """Import the files into the workspace."""
    workspace = opened(root)
    chosen = ImportOptions(**{"today": TODAY, **options})
    with transaction(root, dry_run=chosen.dry_run) as change:
        return import_files(
            files, workspace, CardStore(change, load(root).layout, tuple(workspace.catalogue.criteria)), chosen
        )


def card(root: Path, vendor: str, assessor: str) -> Scorecard | None:
    """A scorecard on the evaluated edition as it is on disk."""
    edition = opened(root).vendors[vendor].profile.edition
    return CardStore(Transaction(root), load(root).layout).read(vendor, edition, assessor)


class Filled:
    """A form opened through openpyxl; cells are named by criterion and column key."""

    def __init__(self, path: Path, sheet: str | None = None, book: openpyxl.Workbook | None = None) -> None:
        self.path = path
        self.book = book or openpyxl.load_workbook(path)
        forms = [ws for ws in self.book.worksheets if str(ws["A1"].value).startswith("#sheet ")]
        self.sheet = next(ws for ws in forms if sheet in (None, ws.title))
        self.vendor = str(self.sheet["A1"].value).split()[2]
        self.columns: dict[str, int] = {}
        self.rows: dict[str, list[int]] = {}
        self.head: dict[str, tuple[int, int]] = {}
        for number, row in enumerate(self.sheet.iter_rows(values_only=True), start=1):
            for column, value in enumerate(row, start=1):
                mark, _, key = str(value).partition(" ")
                if mark == "#column":
                    self.columns[key] = column
                elif mark == "#head":
                    self.head[key] = (number + 1, column)
        for number in range(1, self.sheet.max_row + 1):
            value = self.sheet.cell(number, self.columns["criterion"]).value
            if value and not str(value).startswith("#"):
                self.rows.setdefault(str(value), []).append(number)

    def cell(self, criterion: str, key: str, line: int = 0) -> Any:
        """One cell."""
        return self.sheet.cell(self.rows[criterion][line], self.columns[key])

    def name(self, criterion: str, key: str, line: int = 0) -> str:
        """Its name as problems give it."""
        return f"{self.sheet.title}!{self.cell(criterion, key, line).coordinate}"

    def put(self, criterion: str, key: str, value: Any, line: int = 0) -> None:
        """Type into one cell; text stays text."""
        cell = self.cell(criterion, key, line)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"

    def put_header(self, key: str, value: Any) -> None:
        """Type into a cell of the head."""
        self.sheet.cell(*self.head[key]).value = value

    def answer(self, criterion: str, answer: Answer | None) -> None:
        """Fill in a whole answer, or empty all its cells."""
        for line in range(len(self.rows[criterion])):
            for key in ("missing", *ITEM):
                self.put(criterion, key, None, line)
        for key in SINGLE:
            self.put(criterion, key, getattr(answer, key) if answer else None)
        if answer is None:
            return
        for line, text in enumerate(answer.missing):
            self.put(criterion, "missing", text, line)
        for line, item in enumerate(answer.evidence):
            for key in ITEM:
                self.put(criterion, key, getattr(item, key) or None, line)

    def save(self, path: Path | None = None) -> Path:
        """Save the workbook."""
        target = path or self.path
        self.book.save(target)
        return target


def office(folder: Path, kind: str, *files: Path) -> list[Path]:
    """The files as LibreOffice saves them, recalculated; in a folder of their own."""
    assert OFFICE
    folder.mkdir(parents=True, exist_ok=True)
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
    subprocess.run(
        [OFFICE, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--convert-to", kind,
         "--outdir", folder, *files],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return [folder / f"{file.stem}.{kind}" for file in files]


_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def rewritten(path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The archive with its parts changed one by one; a part for which nothing comes back is left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = change(entry.filename, old.read(entry))
            if data is not None:
                new.writestr(entry.filename, data)
    path.write_bytes(out.getvalue())
    return path


def texts_of(problems: Any) -> Mapping[str, str]:
    """Cell -> message of every problem."""
    return {problem.cell or "": f"{problem.message} | {problem.hint}" for problem in problems}
