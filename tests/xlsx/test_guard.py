"""Which files are opened as workbooks, and the sentence for each that is not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hostile_workbooks import number_cell, rows_of, sheet, workbook

from evaluator.errors import EvaluatorError
from evaluator.xlsx import guard
from evaluator.xlsx.guard import RefusedError, admit, read_bounded

PLAIN = sheet(rows_of([[number_cell("A1", 1, "1+0")]]))
RELATION = '<Relationships><Relationship Id="{id}" Type="{type}" Target="{target}"/></Relationships>'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "given.xlsx"


def refusal(path: Path) -> str:
    with pytest.raises(RefusedError) as refused:
        admit(path)
    return str(refused.value)


def of_bytes(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return refusal(path)


def with_parts(path: Path, parts: Mapping[str, str | bytes], kind: int = zipfile.ZIP_DEFLATED) -> Path:
    """A plain workbook with further parts."""
    workbook(path, PLAIN)
    with zipfile.ZipFile(path, "a", kind) as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return path


# The file


def test_a_plain_file_up_to_its_limit(path: Path) -> None:
    path.write_bytes(b"x" * 10)
    assert read_bounded(path, 10) == b"x" * 10
    with pytest.raises(RefusedError, match=r"^'given.xlsx' has 0 MB; files of more than 0 MB are not opened.$"):
        read_bounded(path, 9)
    path.write_bytes(b"x" * 2_600_000)
    with pytest.raises(RefusedError, match=r"^'given.xlsx' has 3 MB; files of more than 2 MB are not opened.$"):
        read_bounded(path, 2_000_000)
    assert guard.MAX_FILE == 30_000_000


def test_what_is_no_file(path: Path, tmp_path: Path) -> None:
    assert refusal(path) == "'given.xlsx' was not opened: there is no such file."
    (tmp_path / "folder.xlsx").mkdir()
    assert refusal(tmp_path / "folder.xlsx") == "'folder.xlsx' is a folder; name a file."
    assert refusal(tmp_path / "a\0b.xlsx") == "'a\0b.xlsx' was not opened: it cannot be read."
    path.symlink_to(path)
    assert refusal(path) == "'given.xlsx' was not opened: it cannot be read."


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "'given.xlsx' is empty (0 bytes); ask for it again."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "'given.xlsx' is in the old .xls format; save it as .xlsx and try again.",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0",
            "'given.xlsx' is protected by a password; save it without one and try again.",
        ),
        (
            b"a\tb\r\n c",
            "'given.xlsx' is text, not a workbook, whatever its ending says; save it as .xlsx and try again.",
        ),
        (b"a\0b", "'given.xlsx' is not a workbook, whatever its ending says; save it as .xlsx and try again."),
        (b"a\x1fb", "'given.xlsx' is not a workbook, whatever its ending says; save it as .xlsx and try again."),
        (
            b"\xff\xfea\0b\0",
            "'given.xlsx' is text, not a workbook, whatever its ending says; save it as .xlsx and try again.",
        ),
        (
            b"\xfe\xff\0a\0b",
            "'given.xlsx' is text, not a workbook, whatever its ending says; save it as .xlsx and try again.",
        ),
        (b"PK nothing", "'given.xlsx' is damaged or cut off; ask for it again."),
    ],
)
def test_what_is_no_workbook(path: Path, data: bytes, sentence: str) -> None:
    assert of_bytes(path, data) == sentence


# What was seen of an honest one


def test_sheets_by_the_names_that_people_gave_them(path: Path) -> None:
    workbook(
        path, sheet(rows_of([[number_cell("A1", 1)]])), sheet(rows_of([[number_cell("A1", 1), number_cell("B1", 2)]]))
    )
    found = admit(path)
    assert (found.name, found.data) == ("given.xlsx", path.read_bytes())
    assert {name: part.columns for name, part in found.sheets.items()} == {"S1": 1, "S2": 2}


def test_formulas_are_kept_where_asked_for(path: Path) -> None:
    workbook(path, PLAIN)
    assert admit(path).sheets["S1"].formulas == {}
    assert admit(path, formulas=True).sheets["S1"].formulas == {(0, 0): "1+0"}


@pytest.mark.parametrize(
    "target", ["worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml", "XL\\Worksheets\\Sheet1.xml", "a.xml"]
)
def test_targets_as_programs_write_them(path: Path, target: str) -> None:
    relations = RELATION.format(id="r1", type="x/worksheet", target=target)
    workbook(path, PLAIN, parts={"xl/_rels/workbook.xml.rels": relations, "xl/a.xml": PLAIN})
    assert admit(path).sheets["S1"].rows == 1


def test_a_sheet_that_leads_nowhere(path: Path) -> None:
    relations = RELATION.format(id="r1", type="x/worksheet", target="worksheets/other.xml")
    workbook(path, PLAIN, parts={"xl/_rels/workbook.xml.rels": relations})
    assert refusal(path) == "'given.xlsx' was not opened: the sheet 'S1' has no content in the file."
    relations = RELATION.format(id="r2", type="x/worksheet", target="worksheets/sheet1.xml")
    workbook(path, PLAIN, parts={"xl/_rels/workbook.xml.rels": relations})
    assert refusal(path) == "'given.xlsx' was not opened: the sheet 'S1' has no content in the file."


def test_parts_that_are_no_xml_are_not_looked_at(path: Path) -> None:
    assert list(admit(with_parts(path, {"xl/media/image1.png": "<no xml"})).sheets) == ["S1"]
    assert (
        refusal(with_parts(path, {"xl/odd.XML": "<no xml"})) == "'given.xlsx' was not opened: a part of it is damaged."
    )
    assert refusal(with_parts(path, {"xl/odd.rels": "<no"})) == "'given.xlsx' was not opened: a part of it is damaged."


# What is refused by its directory


MACROS = "'given.xlsx' contains macros; save it as .xlsx, which has none, and try again."


@pytest.mark.parametrize(
    "name", ["xl/vbaProject.bin", "xl/VBAPROJECT.BIN", "xl/macrosheets/sheet1.xml", "xl/macroSheets/intl1.xml"]
)
def test_macros_in_a_project_or_in_a_macro_sheet(path: Path, name: str) -> None:
    assert refusal(with_parts(path, {name: PLAIN})) == MACROS


def test_macros_under_any_name_by_their_relation(path: Path) -> None:
    relations = (
        '<Relationships><Relationship Id="r1" Type="worksheet" Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="r2" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="x.bin"/>'
        "</Relationships>"
    )
    workbook(path, PLAIN, parts={"xl/_rels/workbook.xml.rels": relations})
    assert refusal(path) == MACROS


def test_binary_workbooks_other_archives_and_two_parts_of_one_name(path: Path) -> None:
    assert refusal(with_parts(path, {"xl/workbook.bin": "x"})) == (
        "'given.xlsx' is a binary workbook (.xlsb); save it as .xlsx and try again."
    )
    assert refusal(with_parts(path, {"XL/Workbook.xml": "<a/>"})) == (
        "'given.xlsx' holds two parts of the same name and was not opened."
    )


@pytest.mark.parametrize(
    ("names", "what"),
    [
        (["content.xml"], "an OpenDocument file; save it as .xlsx"),
        (["xl/workbook.xml"], "an archive without a workbook"),
        (["xl/_rels/workbook.xml.rels"], "an archive without a workbook"),
        ([], "an archive without a workbook"),
    ],
)
def test_archives_that_are_no_workbook(path: Path, names: list[str], what: str) -> None:
    with zipfile.ZipFile(path, "w") as made:
        for name in names:
            made.writestr(name, "<a/>")
        made.writestr("other.txt", "x")
    assert refusal(path) == f"'given.xlsx' is {what}."


def test_the_most_parts(path: Path) -> None:
    workbook(path, PLAIN)
    with zipfile.ZipFile(path) as made:
        count = len(made.namelist())
    with_parts(path, {f"x/{n}.txt": "" for n in range(1_000 - count)})
    assert list(admit(path).sheets) == ["S1"]
    with_parts(path, {f"x/{n}.txt": "" for n in range(1_001 - count)})
    assert refusal(path) == "'given.xlsx' holds 1001 parts; a workbook of more than 1000 is not opened."


def test_other_ways_of_packing(path: Path) -> None:
    assert list(admit(with_parts(path, {"x.txt": "x"}, zipfile.ZIP_STORED)).sheets) == ["S1"]
    assert refusal(with_parts(path, {"x.txt": "x"}, zipfile.ZIP_BZIP2)) == (
        "'given.xlsx' is packed in a way that no spreadsheet program uses and was not opened."
    )


def test_one_part_under_a_password(path: Path) -> None:
    data = bytearray(workbook(path, PLAIN).read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert of_bytes(path, bytes(data)) == "'given.xlsx' is protected by a password; save it without one and try again."


def test_how_far_a_part_may_be_packed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_parts(path, {"x.txt": b"\0" * 100_000})
    with zipfile.ZipFile(path) as made:
        entry = made.getinfo("x.txt")
        largest = sum(found.file_size for found in made.infolist())
        packed = sum(found.compress_size for found in made.infolist())
    assert entry.file_size > 250 * entry.compress_size
    assert list(admit(path).sheets) == ["S1"]
    monkeypatch.setattr(guard, "RATIO_FROM", 100_000)
    assert list(admit(path).sheets) == ["S1"]
    monkeypatch.setattr(guard, "RATIO_FROM", 99_999)
    assert refusal(path) == f"'given.xlsx' would unpack to 0 MB from {packed / 1e6:.1f} MB and was not opened."
    monkeypatch.setattr(guard, "MAX_RATIO", 100_000 / entry.compress_size)
    assert list(admit(path).sheets) == ["S1"]
    monkeypatch.setattr(guard, "MAX_INFLATED", largest)
    assert list(admit(path).sheets) == ["S1"]
    monkeypatch.setattr(guard, "MAX_INFLATED", largest - 1)
    assert "would unpack to" in refusal(path)


def test_the_bounds() -> None:
    assert (guard.MAX_ENTRIES, guard.MAX_INFLATED, guard.MAX_RATIO, guard.RATIO_FROM) == (
        1_000, 100_000_000, 250, 1_000_000,
    )  # fmt: skip


def test_an_archive_that_is_damaged_inside(path: Path) -> None:
    data = bytearray(workbook(path, PLAIN).read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as made:
        entry = made.getinfo("xl/workbook.xml")
    data[entry.header_offset + 30 + len(entry.filename)] ^= 0xFF
    assert of_bytes(path, bytes(data)) == "'given.xlsx' is damaged or cut off; ask for it again."


def test_a_refusal_is_told_like_any_bad_request() -> None:
    assert issubclass(RefusedError, EvaluatorError)
