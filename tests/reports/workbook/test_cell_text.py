"""Text from strangers in the workbook: as text, complete as far as a cell can hold it, and breaking no layout."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import openpyxl
import pytest
from builders import AS_OF, CATALOGUE, EVALUATION, GUARDRAILS, USE_CASES, Content, build, card_of, contents, profile_of
from hypothesis import given
from hypothesis import strategies as st

from evaluator.evaluation.evaluate import evaluate
from evaluator.reports.workbook import comparison_xlsx
from evaluator.reports.workbook.cell_text import MOST_UNITS, clean, count_lines, footer, labels, one_line
from evaluator.reports.workbook.writer import LINE_HEIGHT, MOST_LINES

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


@given(st.text(st.characters(), max_size=300))
def test_clean_text_can_be_written_and_is_kept_where_it_can(text: str) -> None:
    shown = clean(text)
    shown.encode("utf-8")
    assert clean(shown) == shown
    kept = [letter for letter in text if letter.isprintable() and letter not in "\ufffe\uffff"]
    assert [letter for letter in shown if letter.isprintable() and letter != "\ufffd"] == [
        letter for letter in kept if letter != "\ufffd" and not "\ud800" <= letter <= "\udfff"
    ]


@pytest.mark.parametrize("text", ["x" * 40_000, "😀" * 20_000, "é😀" * 15_000])
def test_what_a_cell_cannot_hold_is_cut_and_says_so(text: str) -> None:
    shown = clean(text)
    assert len(shown.encode("utf-16-le")) // 2 <= MOST_UNITS
    assert shown.endswith("(cut here: a cell holds no more)")
    assert text.startswith(shown[: shown.index("…")])


def test_half_of_a_surrogate_pair_is_replaced() -> None:
    assert clean("a\ud83db") == "a\ufffdb"


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.text(max_size=60), min_size=1, max_size=8))
def test_labels_are_short_and_told_apart_whatever_their_case(names: dict[str, str]) -> None:
    short = labels(names)
    assert set(short) == set(names)
    folded = [label.casefold() for label in short.values()]
    assert len(set(folded)) == len(folded)
    assert all(0 < len(label) <= 44 and "\n" not in label for label in short.values())


@given(st.text(max_size=400), st.integers(2, 60))
def test_one_line_never_exceeds_its_width(text: str, width: int) -> None:
    assert len(one_line(text, width)) <= width


@given(st.text(max_size=2000), st.floats(4, 120), st.integers(1, 20))
def test_lines_are_counted_within_bounds_and_more_room_never_needs_more(text: str, width: float, most: int) -> None:
    assert 1 <= count_lines(text, width, most) <= most
    if len(text) <= 100:
        assert count_lines(text, width + 40, most) <= count_lines(text, width, most)


def test_an_ampersand_in_a_footer_is_no_command() -> None:
    assert footer("R&D &P") == "R&&D &&P"


def test_a_label_cannot_turn_the_text_after_it() -> None:
    assert one_line("\u202eright to left\u2066", 40) == "right to left"
    assert labels({"v-1": "\u202e"}) == {"v-1": "v-1"}
