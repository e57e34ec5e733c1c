"""The XML parts of a workbook as they are streamed: how far a sheet reaches, and what its cells hold."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.xlsx import xml_parts
from evaluator.xlsx.reader import address
from evaluator.xlsx.xml_parts import PartError, ReadingBudget, Relations, SheetPart, Sheets, position, scan


def scanned(text: str | bytes, handler: Any = None, limit: int = 1_000_000) -> Any:
    """What a handler noted of a part; of a worksheet, where none is given."""
    found = SheetPart(formulas=True) if handler is None else handler
    scan(io.BytesIO(text if isinstance(text, bytes) else text.encode()), found, ReadingBudget(limit))
    return found


def seen(rows: str, *, formulas: bool = True) -> SheetPart:
    """What was noted of a sheet with these rows."""
    found = scanned(f"<worksheet><sheetData>{rows}</sheetData></worksheet>", SheetPart(formulas=formulas))
    assert isinstance(found, SheetPart)
    return found


def refused(text: str | bytes, handler: Any = None, limit: int = 1_000_000) -> str:
    with pytest.raises(PartError) as caught:
        scanned(text, handler, limit)
    return str(caught.value)


# The parser


def test_a_budget_counts_down_to_nothing_and_no_further() -> None:
    budget = ReadingBudget(5)
    budget.take(2)
    budget.take(3)
    assert budget.left == 0
    with pytest.raises(PartError, match="it unpacks to more than it admits"):
        budget.take(1)


def test_a_part_takes_its_bytes_from_the_budget() -> None:
    scanned("<a></a>", limit=7)
    assert refused("<a></a>", limit=6) == "it unpacks to more than it admits"


@pytest.mark.parametrize("encoding", ["", ' encoding="UTF-8"', ' encoding="us-ascii"', ' encoding="ASCII"'])
def test_encodings_that_hide_nothing(encoding: str) -> None:
    scanned(f'<?xml version="1.0"{encoding}?><a/>')


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<?xml version="1.0" encoding="ISO-8859-1"?><a/>', "a part of it is not in UTF-8"),
        ("<!DOCTYPE a><a/>", "a part of it declares entities, which workbooks never need"),
        ("<a>", "a part of it is damaged"),
        ("", "a part of it is damaged"),
        ("<a/><b/>", "a part of it is damaged"),
        ("<a>&b;</a>", "a part of it is damaged"),
    ],
)
def test_what_may_not_be_read(text: str, words: str) -> None:
    assert refused(text) == words


def test_a_part_longer_than_one_chunk_is_read_to_its_end() -> None:
    found = seen('<row r="1">' + '<c r="A1"><v>1</v></c>' * 6_000 + '</row><row r="2"><c r="C2"><v>1</v></c></row>')
    assert (found.rows, found.columns) == (2, 3)


def test_elements_are_known_whatever_their_prefix() -> None:
    found = scanned('<x:worksheet xmlns:x="m"><x:row r="3"><x:c r="B3"><x:v>1</x:v></x:c></x:row></x:worksheet>')
    assert (found.rows, found.columns) == (3, 2)


# The workbook and its relations


def test_sheets_in_order_with_their_relations() -> None:
    found = scanned('<w xmlns:r="x" xmlns:q="y"><sheet name="One" r:id="r1"/><sheet name="Two" sheetId="7"/><sheet q:id="r3"/></w>', Sheets())  # fmt: skip
    assert found.found == [("One", "r1"), ("Two", ""), ("", "r3")]


def test_relations_inside_the_file_alone() -> None:
    found = scanned(
        '<R><Relationship Id="a" Target="x.xml" Type="t"/><Relationship Id="b" Target="http://x" TargetMode="External"/>'
        '<Relationship Id="c" TargetMode="Internal"/><Relationship Target="d"/></R>',
        Relations(),
    )
    assert found.by_id == {"a": "x.xml", "c": "", "": "d"}
    assert found.macros is False


def test_one_relation_to_macros_is_remembered() -> None:
    found = scanned(
        '<R><Relationship Id="a" Type="http://x/vbaProject" Target="m"/><Relationship Id="b" Type="y" Target="n"/></R>',
        Relations(),
    )
    assert found.macros is True


# A sheet


def test_how_far_a_sheet_reaches() -> None:
    assert (seen("").rows, seen("").columns) == (0, 0)
    found = seen(
        '<row r="2"><c r="C2"><v>1</v></c></row><row r="4"><c r="B4" t="inlineStr"><is><t>x</t></is></c></row>'
    )
    assert (found.rows, found.columns) == (4, 3)
    formula = seen('<row r="2"><c r="E2"><f>1</f></c></row>')
    assert (formula.rows, formula.columns) == (2, 5)


def test_cells_that_hold_nothing_are_no_content() -> None:
    found = seen('<row r="9"><c r="Z9" s="3"/></row><row r="1"><c r="A1"><v>1</v></c></row>')
    assert (found.rows, found.columns) == (1, 1)


def test_rows_and_cells_without_names_follow_one_another() -> None:
    found = seen("<row><c><v>1</v></c><c/><c><f>1</f></c></row><row/><row><c/><c><f>2</f></c></row>")
    assert (found.rows, found.columns) == (3, 3)
    assert found.formulas == {(0, 2): "1", (2, 1): "2"}


def test_a_named_cell_sets_where_the_next_ones_stand() -> None:
    found = seen(
        '<row r="5"><c r="C5"/><c><f>a</f></c><c r="G5"><v>1</v></c><c><f>b</f></c></row><row><c><f>c</f></c></row>'
    )
    assert found.formulas == {(4, 3): "a", (4, 7): "b", (5, 0): "c"}


def test_formulas_with_and_without_a_stored_result() -> None:
    cells = (
        '<c r="A1"><f>1+2</f><v>3</v></c><c r="B1"><f>B2</f></c><c r="C1"><f>C2</f><v></v></c>'
        '<c r="D1" t="str"><f>D2</f><v></v></c><c r="E1" t="e"><f>E2</f><v>#N/A</v></c><c r="F1"><v>1</v></c>'
    )
    found = seen(f'<row r="1">{cells}</row>')
    assert found.computed == {(0, column) for column in range(5)}
    assert found.unstored == {(0, 1), (0, 2)}
    assert found.errors == {(0, 4)}
    assert found.formulas == {(0, 0): "1+2", (0, 1): "B2", (0, 2): "C2", (0, 3): "D2", (0, 4): "E2"}
    assert [found.unreadable((0, column)) for column in range(6)] == [False, True, True, False, True, False]
    silent = seen(f'<row r="1">{cells}</row>', formulas=False)
    assert silent.formulas == {}
    assert silent.unstored == found.unstored
    assert scanned('<w><c r="A1"><f>x</f></c></w>', SheetPart()).formulas == {}


def test_an_inline_text_is_a_result() -> None:
    found = seen(
        '<row r="1"><c r="A1" t="inlineStr"><f>x</f><is><t/></is></c><c r="B1" t="n"><f>x</f><is><t/></is></c></row>'
    )
    assert found.unstored == {(0, 1)}


def test_an_error_without_a_formula_is_an_error() -> None:
    found = seen('<row r="1"><c r="B1" t="e"><v>#REF!</v></c></row>')
    assert (found.errors, found.computed) == ({(0, 1)}, set())


def test_a_long_formula_is_kept_up_to_its_limit_and_no_text_after_it() -> None:
    formula = "1+" * 1_500
    found = seen(f'<row r="1"><c r="A1"><f>{formula}</f><v>7</v></c></row>')
    assert found.formulas == {(0, 0): formula[:2_000]}


def test_hidden_rows_and_columns() -> None:
    found = scanned(
        '<w><cols><col min="2" max="4" hidden="1"/><col min="6" max="6"/><col min="7" max="9" hidden="true"/></cols>'
        '<row r="2" hidden="1"/><row hidden="true"/><row r="5" hidden="0"/></w>'
    )
    assert found.hidden_columns == [(1, 3), (6, 8)]
    assert found.hidden_rows == {1, 2}


def test_no_more_hidden_columns_are_noted_than_a_sheet_may_have() -> None:
    found = scanned("<w>" + '<col min="1" max="1" hidden="1"/>' * 2_001 + "</w>")
    assert len(found.hidden_columns) == 2_000


@pytest.mark.parametrize("number", ["0", "-1", "x", "", "1.5", "123456789", "٣"])
def test_numbers_that_are_none(number: str) -> None:
    assert refused(f'<w><col min="{number}" max="1" hidden="1"/></w>') == "a part of it is damaged"
    assert refused(f'<w><col min="1" max="{number}" hidden="1"/></w>') == "a part of it is damaged"
    if number:
        assert refused(f'<w><row r="{number}"/></w>') == "a part of it is damaged"


def test_the_largest_number_that_is_read() -> None:
    assert scanned('<w><col min="1" max="99999999" hidden="1"/></w>').hidden_columns == [(0, 99_999_998)]


# Bounds


def value(place: str) -> str:
    return f'<row r="1"><c r="{place}"><v>1</v></c></row>'


def test_the_last_row_the_last_column_and_the_largest_area() -> None:
    assert seen(value("A20000")).rows == xml_parts.MAX_ROWS == 20_000
    assert refused(f"<w>{value('A20001')}</w>") == "a sheet has content below row 20,000"
    assert seen(value("BXX1")).columns == xml_parts.MAX_COLUMNS == 2_000
    assert refused(f"<w>{value('BXY1')}</w>") == "a sheet has content to the right of column 2,000"
    assert seen(value("AD20000")).columns * 20_000 == xml_parts.MAX_AREA == 600_000
    assert refused(f"<w>{value('AE20000')}</w>") == "a sheet spans more than 600,000 cells"


def test_two_far_cells_span_an_area_together() -> None:
    row, column = value("A20000"), value("BXX1")
    assert refused(f"<w>{row}{column}</w>") == "a sheet spans more than 600,000 cells"
    assert refused(f"<w>{column}{row}</w>") == "a sheet spans more than 600,000 cells"


def test_the_most_merged_ranges() -> None:
    assert scanned("<w>" + "<mergeCell/>" * 20_000 + "</w>").merged == xml_parts.MAX_MERGED == 20_000
    assert refused("<w>" + "<mergeCell/>" * 20_001 + "</w>") == "a sheet has more than 20,000 merged ranges"


# Names of cells


@pytest.mark.parametrize(
    ("name", "place"), [("A1", (0, 0)), ("C7", (6, 2)), ("Z10", (9, 25)), ("AA1", (0, 26)), ("XFD1048576", (1_048_575, 16_383))]
)  # fmt: skip
def test_names_of_cells(name: str, place: tuple[int, int]) -> None:
    assert position(name) == place


@pytest.mark.parametrize("name", ["A12345678", "AAAA1", "A01", "A1\n", "A 1"])
def test_what_names_no_cell(name: str) -> None:
    with pytest.raises(PartError, match="a part of it is damaged"):
        position(name)


@given(st.integers(0, 1_048_575), st.integers(0, 16_383))
def test_a_cell_is_found_under_its_name(row: int, column: int) -> None:
    assert position(address(row, column)) == (row, column)
