"""The comparison workbook as a document: sheets, names, formulas, print set-up, charts, and what must never be in it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from evaluator import api
from evaluator.model.evaluated import Evaluated
from evaluator.reports.workbook import comparison_xlsx

ROOT = Path(__file__).parents[3]
SHEETS = (
    "Read me", "Summary", "What if", "Weights", "Compare", "Look up", "Families", "Gates", "Gate list", "Live scores", "Sensitivity",
    "Fit", "Stacks", "Stack list", "Use cases", "Answers", "Evidence", "Costs", "Rubrics", "People", "Differences", "Method", "Model",
    "Data",
)  # fmt: skip
TABLES = ("Summary", "Weights", "Compare", "Gates", "Gate list", "Stack list", "Use cases", "Answers", "Evidence", "Costs",
          "Rubrics", "People", "Differences")  # fmt: skip
INPUTS = {"What if": 3 + 9, "Weights": 44, "Look up": 2}
"""Unlocked cells by sheet: three choices, a weight per family; an importance per criterion; two look-ups."""
OLD_FUNCTIONS = {
    "ABS", "AND", "CHOOSE", "IF", "INDEX", "LEFT", "MATCH", "MAX", "MIN", "N", "OR", "RANK", "RIGHT", "ROUND", "SQRT", "SUM",
    "SUMPRODUCT",
}  # fmt: skip


@pytest.fixture(scope="module")
def result() -> Evaluated:
    return api.evaluate(api.load(ROOT))


@pytest.fixture(scope="module")
def content(result: Evaluated) -> bytes:
    return comparison_xlsx(result)


@pytest.fixture(scope="module")
def book(content: bytes) -> Workbook:
    return openpyxl.load_workbook(BytesIO(content))


@pytest.fixture(scope="module")
def parts(content: bytes) -> dict[str, str]:
    archive = zipfile.ZipFile(BytesIO(content))
    return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def formulas(book: Workbook) -> Iterator[tuple[str, str, str]]:
    """Sheet, address and text of every formula."""
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet.title, cell.coordinate, str(cell.value)


def visible(book: Workbook) -> list[Worksheet]:
    return [sheet for sheet in book if sheet.sheet_state == "visible"]


def test_the_sheets_stand_in_order_and_only_the_flat_data_is_hidden(book: Workbook) -> None:
    assert tuple(book.sheetnames) == SHEETS
    assert [sheet.title for sheet in book if sheet.sheet_state != "visible"] == ["Data"]
    assert book.active is not None
    assert book.active.title == "Summary"


def test_the_first_sheet_leads_to_every_other_visible_sheet(book: Workbook) -> None:
    links = [cell.hyperlink for row in book["Read me"].iter_rows() for cell in row if cell.hyperlink]
    linked = {str(link.location).split("!")[0].strip("'") for link in links}
    assert linked == {sheet.title for sheet in visible(book)} - {"Read me"}


def test_nothing_leads_outside_and_nothing_runs(parts: dict[str, str]) -> None:
    everything = "\n".join(parts.values())
    assert not [name for name in parts if "external" in name.lower() or "vba" in name.lower() or "connections" in name]
    assert 'TargetMode="External"' not in everything
    assert "<oleObject" not in everything
    assert "DDE" not in "".join(text for name, text in parts.items() if name.startswith("xl/workbook"))


def test_formulas_use_functions_that_old_spreadsheets_know_and_none_that_is_volatile(book: Workbook) -> None:
    used = {
        name
        for _, _, text in formulas(book)
        for name in re.findall(r"([A-Z][A-Z0-9.]*)\(", re.sub(r'"[^"]*"', "", text))
    }
    assert used <= OLD_FUNCTIONS


def test_formulas_stay_within_the_limits_of_spreadsheets(book: Workbook) -> None:
    for sheet, where, text in formulas(book):
        assert len(text) <= 8192, f"{sheet}!{where}"
        assert max((len(found) for found in re.findall(r'"((?:[^"]|"")*)"', text)), default=0) <= 255, (
            f"{sheet}!{where}"
        )
    for page in book:
        for rule in page.data_validations.dataValidation:
            assert len(rule.promptTitle or "") <= 32
            assert len(rule.prompt or "") <= 255


def test_inside_sumproduct_stand_only_ranges_arithmetic_and_comparisons(book: Workbook) -> None:
    for sheet, where, text in formulas(book):
        for inside in re.findall(r"SUMPRODUCT\(((?:[^()]|\([^()]*\))*)\)", re.sub(r'"[^"]*"', '""', text)):
            called = re.findall(r"([A-Z]+)\(", inside)
            assert not called, f"{sheet}!{where}: {called}"


def test_every_formula_is_stored_with_its_value(content: bytes, book: Workbook) -> None:
    values = openpyxl.load_workbook(BytesIO(content), data_only=True)
    count = 0
    for sheet, where, text in formulas(book):
        count += 1
        value = values[sheet][where].value
        assert value is not None or '""' in text, f"{sheet}!{where}"
    assert count > 4000


def test_no_cell_holds_an_error_value(content: bytes) -> None:
    values = openpyxl.load_workbook(BytesIO(content), data_only=True)
    assert not [
        (sheet.title, cell.coordinate)
        for sheet in values
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "e"
    ]


def test_every_name_in_a_formula_is_defined_and_every_name_leads_to_a_cell(book: Workbook) -> None:
    defined = set(book.defined_names)
    for name in defined:
        ((sheet, where),) = book.defined_names[name].destinations
        assert book[sheet][where.replace("$", "")] is not None
    used = set()
    for _, _, text in formulas(book):
        bare = re.sub(r'"[^"]*"|\'[^\']*\'!|\$?[A-Z]{1,3}\$?\d+', " ", text)
        used |= set(re.findall(r"\b[a-z][a-z0-9_]*\b", bare))
    assert used <= defined
    assert {
        "weight",
        "fits",
        "input_family_weights",
        "input_importance",
        "input_data_class",
        "given_mendix",
        "fit_mendix",
    } <= defined


def test_only_the_input_cells_are_unlocked_and_sheets_with_formulas_are_protected_without_a_password(
    book: Workbook,
) -> None:
    for sheet in book:
        unlocked = [cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked]
        assert len(unlocked) == INPUTS.get(sheet.title, 0), sheet.title
        if unlocked:
            assert sheet.protection.sheet
            assert not sheet.protection.password


def test_inputs_are_checked_as_they_are_typed(book: Workbook) -> None:
    rules = [
        rule for sheet in ("What if", "Weights", "Look up") for rule in book[sheet].data_validations.dataValidation
    ]
    assert sorted(rule.type for rule in rules) == ["decimal"] * 2 + ["list"] * 5
    assert all(rule.error and rule.prompt for rule in rules)


@pytest.mark.parametrize("name", TABLES)
def test_tables_have_filters_frozen_headings_and_repeat_them_on_paper(book: Workbook, name: str) -> None:
    sheet = book[name]
    assert sheet.auto_filter.ref
    top = int(re.findall(r"\d+", sheet.auto_filter.ref)[0])
    assert sheet.freeze_panes is not None
    assert int(re.findall(r"\d+", sheet.freeze_panes)[0]) == top + 1
    assert sheet.print_title_rows == f"${top}:${top}"
    assert not sheet.merged_cells.ranges


def test_every_visible_sheet_prints_in_landscape_with_an_area_and_a_footer(book: Workbook, result: Evaluated) -> None:
    for sheet in visible(book):
        assert sheet.page_setup.orientation == "landscape", sheet.title
        assert sheet.print_area, sheet.title
        assert sheet.oddFooter is not None
        footer = str(sheet.oddFooter.center.text)
        assert result.digest[:12] in footer
        assert result.as_of.isoformat() in footer


def test_the_document_says_what_it_is(book: Workbook, parts: dict[str, str], result: Evaluated) -> None:
    assert book.properties.title == result.workspace.evaluation.title
    assert result.digest in str(book.properties.description)
    assert book.properties.created is not None
    assert book.properties.created.date() == result.as_of
    assert result.workspace.evaluation.organisation in parts["docProps/app.xml"]
    custom = dict(re.findall(r'name="([^"]+)"><vt:lpwstr>([^<]*)<', parts["docProps/custom.xml"]))
    assert custom == {
        "As of": result.as_of.isoformat(),
        "Data hash": result.digest,
        "Evaluator version": result.version,
    }


def test_charts_have_titles_named_axes_and_text_alternatives_and_none_is_a_radar(parts: dict[str, str]) -> None:
    charts = [text for name, text in parts.items() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
    assert len(charts) == 4
    for chart in charts:
        assert "radarChart" not in chart
        assert chart.count("<c:title>") == 3
    drawings = "".join(text for name, text in parts.items() if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name))
    described = re.findall(r'<xdr:cNvPr [^>]*descr="([^"]+)"', drawings)
    assert len(described) == 4
    assert all(len(text) > 60 for text in described)


def test_colour_never_stands_alone(book: Workbook) -> None:
    for sheet in book:
        for cells in sheet.conditional_formatting:
            for rule in cells.rules:
                if rule.type == "colorScale":
                    assert sheet.title == "Compare"
                    continue
                first = sheet[str(cells.sqref).split()[0].split(":")[0]]
                assert first.value is not None, f"{sheet.title}!{first.coordinate} is shaded but says nothing"


def test_the_same_result_gives_the_same_bytes(result: Evaluated, content: bytes) -> None:
    assert comparison_xlsx(result) == content


def test_columns_are_wide_enough_for_their_headings_words(book: Workbook) -> None:
    for sheet in visible(book):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.fill.fgColor.rgb == "FF1F3A5F" and isinstance(cell.value, str):
                    longest = max((len(word) for word in cell.value.split()), default=0)
                    width = sheet.column_dimensions[cell.column_letter].width
                    assert longest <= width + 1, f"{sheet.title}!{cell.coordinate}: {cell.value!r} in {width}"
