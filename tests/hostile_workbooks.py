"""Workbooks that no spreadsheet program writes: made part by part, for the readers that have to refuse or survive them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def text_cell(place: str, text: str) -> str:
    """A cell with a text of its own."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def number_cell(place: str, number: float, formula: str = "") -> str:
    """A cell with a number, and with the formula that it is said to be the result of."""
    return f'<c r="{place}">' + (f"<f>{formula}</f>" if formula else "") + f"<v>{number}</v></c>"


def rows_of(rows: Iterable[Iterable[str]]) -> str:
    """Rows of cells, numbered from 1."""
    return "".join(f'<row r="{number}">{"".join(cells)}</row>' for number, cells in enumerate(rows, start=1))


def sheet(rows: str = "", before: str = "", after: str = "") -> str:
    """A worksheet: its rows, and what stands before and after them."""
    return f"<worksheet {MAIN}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>"


def workbook(path: Path, *sheets: str, parts: Mapping[str, str] | None = None, names: str = "") -> Path:
    """A workbook with these worksheets, further parts by their paths, and defined names."""
    numbers = range(1, len(sheets) + 1)
    listed = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
    targets = "".join(
        f'<Relationship Id="r{n}" Type="{_RELATED}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    others = {
        "sharedStrings": "xl/sharedStrings.xml",
        "styles": "xl/styles.xml",
    }
    targets += "".join(
        f'<Relationship Id="{kind}" Type="{_RELATED}/{kind}" Target="{part.removeprefix("xl/")}"/>'
        for kind, part in others.items()
        if part in (parts or {})
    )
    content = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r" Type="{_RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{_RELATED}"><sheets>{listed}</sheets>{names}</workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{targets}</Relationships>",
        **{f"xl/worksheets/sheet{n}.xml": text for n, text in zip(numbers, sheets, strict=True)},
        **(parts or {}),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    path.write_bytes(made.getvalue())
    return path


def form(rows: Iterable[Iterable[str]], kind: str = "scorecard v-1 business desk-a") -> str:
    """A sheet with the hidden marks of a form: the columns criterion, level, rationale and source, then ``rows`` from row 3 on."""
    marks = ("criterion", "line", "level", "rationale", "missing", "confidence", "capped_from")
    items = ("source", "date", "captured", "grade", "note")
    head = [text_cell(f"{'ABCDEFGHIJKL'[n]}2", f"#column {key}") for n, key in enumerate((*marks, *items))]
    return sheet(rows_of([[text_cell("A1", f"#sheet {kind}")], head, *rows]))
