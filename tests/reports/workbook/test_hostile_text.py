"""Text from strangers in the workbook: as text, complete as far as a cell can hold it, and breaking no layout."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import openpyxl
import pytest
from builders import AS_OF, CATALOGUE, EVALUATION, GUARDRAILS, USE_CASES, Content, build, card_of, contents, profile_of

from evaluator.evaluation.evaluate import evaluate
from evaluator.reports.workbook import comparison_xlsx
from evaluator.xlsx.cell_text import MOST_UNITS, clean
from evaluator.xlsx.writer import LINE_HEIGHT, MOST_LINES

HOSTILE = (
    "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=tab", "x" * 40_000, "a\x00b\x07c\x1bd", "مرحبا بالعالم", "😀" * 30_000,
    "\u202eright to left", "<b>&amp;\"'", "A & B", "line\nbreak\r\nmore", "  . ", "_x0041_", "*?~", "='x'!A1", "#REF!", "1e5", "TRUE",
    "http://evil.example/", "{=1}", "\ufffe.\uffff", "2026-01-01",
)  # fmt: skip


def _name(text: str) -> str:
    """``text`` as far as a name may hold it: one line of at most 500 characters."""
    return text.translate(str.maketrans("\t\r\n", "   "))[:500]


def hostile() -> Content:
    """Every text that a person may write, hostile."""
    content = contents(criteria=6, vendors=len(HOSTILE), use_cases=3, assessors=("desk-a", "desk-b"))
    for number, text in enumerate(HOSTILE, start=1):
        _hostile_vendor(content, f"v-{number}", text)
    for value in content.values():
        for number, item in enumerate(value.get("criteria", []) if value["schema"] == "criteria/1" else []):
            item |= {
                "title": _name(HOSTILE[number]),
                "question": HOSTILE[5],
                "starter_gate": True,
                "gates": {"internal": 2},
            }
            item["levels"] = {level: HOSTILE[level + number] for level in range(5)}
    content[EVALUATION] |= {"title": "=1+1&\x01" + "T" * 490, "organisation": "@org", "notice": "n" * 40_000}
    content[EVALUATION]["assumptions"] = list(HOSTILE)
    for case, text in zip(content[USE_CASES]["use_cases"], HOSTILE, strict=False):
        case |= {"title": _name(text), "story": HOSTILE[5], "department": _name(text)}
    for item, title in zip(content[GUARDRAILS]["data_classes"], ("*", "*", "?", "=1"), strict=True):
        item["title"] = title
    for family in content[CATALOGUE]["families"]:
        family["title"] = "=F(1)"
    return content


def _hostile_vendor(content: Content, vendor: str, text: str) -> None:
    profile = content[profile_of(vendor)]
    profile["name"] = _name(text)
    for edition in profile["editions"]:
        edition |= {"name": _name(text), "note": text}
    for assessor in ("desk-a", "desk-b"):
        card = content[card_of(vendor, assessor)]
        card["notice"] = text
        for answer in card["answers"].values():
            answer |= {"rationale": text, "missing": [text]}
            for item in answer["evidence"]:
                item["source"] = text


@pytest.fixture(scope="module")
def made() -> bytes:
    return comparison_xlsx(evaluate(build(hostile()), AS_OF, version="test"))


def test_it_is_a_sound_workbook_without_links_or_errors(made: bytes) -> None:
    archive = zipfile.ZipFile(BytesIO(made))
    everything = "".join(archive.read(name).decode("utf-8") for name in archive.namelist())
    assert 'TargetMode="External"' not in everything
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", everything)
    values = openpyxl.load_workbook(BytesIO(made), data_only=True)
    assert not [
        cell.coordinate for sheet in values for row in sheet.iter_rows() for cell in row if cell.data_type == "e"
    ]


def test_every_text_goes_out_as_text(made: bytes) -> None:
    sheet = openpyxl.load_workbook(BytesIO(made))["Answers"]
    rows = list(sheet.iter_rows(min_row=5))
    texts = {str(row[9].value) for row in rows}
    assert {row[9].data_type for row in rows} == {"s"}
    for text in HOSTILE:
        assert clean(text).replace("_x0041_", "A") in texts or clean(text) in texts or not text.strip()


def test_no_formula_holds_what_a_stranger_wrote(made: bytes) -> None:
    book = openpyxl.load_workbook(BytesIO(made))
    formulas = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert len(formulas) > 1000
    written = [text for text in HOSTILE if len(text) > 4 and text not in {"TRUE", "*?~"}]
    assert not [formula for formula in formulas if any(text in formula for text in written)]


def test_labels_and_rows_stay_within_bounds(made: bytes) -> None:
    book = openpyxl.load_workbook(BytesIO(made))
    names = [cell.value for cell in book["Compare"][4][3:]]
    assert len(names) == len(set(names)) == len(HOSTILE)
    assert max(len(str(name)) for name in names) <= 40
    for sheet in book:
        heights = [dimension.height for dimension in sheet.row_dimensions.values() if dimension.height]
        assert max(heights, default=0) <= MOST_LINES * LINE_HEIGHT + 4
        for row in sheet.iter_rows():
            assert all(len(str(cell.value)) <= MOST_UNITS for cell in row if isinstance(cell.value, str))
