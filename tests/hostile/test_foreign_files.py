"""Files from strangers: each gets its sentence within seconds and bounded memory, and nothing is written."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from builders import contents, write
from exchange_tools import Filled, export, rewritten, take

from evaluator.xlsx import guard
from evaluator.xlsx.guard import RefusedError, admit
from evaluator.xlsx.reader import address, open_workbook
from evaluator.xlsx.xml_parts import PartError, position

SHEET = "xl/worksheets/sheet3.xml"


def _instead(text: bytes, _: bytes) -> bytes:
    """``text``, whatever stood there."""
    return text


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "ws", contents(criteria=2, vendors=1))


@pytest.fixture
def form(root: Path) -> Path:
    return export(root, root / "form.xlsx", ["v-1"], "desk-a")


def refusal(root: Path, path: Path) -> str:
    """The sentence for a file; nothing may be written, and it may not take long."""
    before = (root / "vendors/v-1/business/desk-a.yaml").read_bytes()
    start = time.monotonic()
    report = take(root, path)
    assert time.monotonic() - start < 5
    assert (root / "vendors/v-1/business/desk-a.yaml").read_bytes() == before
    (problem,) = report.files[0].problems
    assert report.files[0].blocked
    return problem.message


def bytes_file(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty (0 bytes)"),
        (b"criterion;level\nc-1;3\n", "is text, not a workbook"),
        ("Kriterium;Stufe\nä;3\n".encode("cp1252"), "is text, not a workbook"),
        ("criterion\t3\n".encode("utf-16"), "is text, not a workbook"),
        (b"%PDF-1.7\x00\x01", "is not a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "is in the old .xls format"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password",
        ),
        (b"PK\x03\x04 and nothing more", "damaged or cut off"),
    ],
)
def test_what_is_no_workbook(root: Path, data: bytes, sentence: str) -> None:
    assert sentence in refusal(root, bytes_file(root / "x.xlsx", data))


def test_missing_folder_and_special_files(root: Path) -> None:
    assert "there is no such file" in refusal(root, root / "missing.xlsx")
    assert "is a folder" in refusal(root, root / "vendors")
    os.mkfifo(root / "pipe.xlsx")
    assert "is no plain file" in refusal(root, root / "pipe.xlsx")


def test_200_megabytes_are_not_read(root: Path) -> None:
    path = root / "big.xlsx"
    with path.open("wb") as stream:
        stream.write(b"PK\x03\x04")
        stream.truncate(200_000_000)
    assert "has 200 MB" in refusal(root, path)


@pytest.mark.parametrize("cut", [0.05, 0.5, 0.9, 0.999])
def test_truncated(root: Path, form: Path, cut: float) -> None:
    data = form.read_bytes()
    assert "damaged or cut off" in refusal(root, bytes_file(form, data[: int(len(data) * cut)]))


def test_encrypted_entries(root: Path, form: Path) -> None:
    data = bytearray(form.read_bytes())
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    assert "protected by a password" in refusal(root, bytes_file(form, bytes(data)))


def part(name: str, change: Callable[[bytes], bytes]) -> Callable[[str, bytes], bytes]:
    return lambda found, data: change(data) if found == name else data


def added(path: Path, name: str, data: bytes = b"<x/>") -> Path:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive_:
        archive_.writestr(name, data)
    return path


def test_macros_and_binary_workbooks(root: Path, form: Path, tmp_path: Path) -> None:
    clean = form.read_bytes()
    assert "contains macros" in refusal(root, added(form, "xl/vbaProject.bin", b"\xd0\xcf"))
    form.write_bytes(clean)
    macro = rewritten(
        form,
        part("xl/_rels/workbook.xml.rels", lambda data: data.replace(
            b"</Relationships>",
            b'<Relationship Id="rX" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="m.xml"/></Relationships>',
        )),
    )  # fmt: skip
    assert "contains macros" in refusal(root, macro)
    form.write_bytes(clean)
    assert "binary workbook" in refusal(root, added(form, "xl/workbook.bin"))
    ods = tmp_path / "x.xlsx"
    with zipfile.ZipFile(ods, "w") as archive_:
        archive_.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive_.writestr("content.xml", "<x/>")
    assert "an OpenDocument file; save it as .xlsx" in refusal(root, ods)
    other = tmp_path / "y.xlsx"
    with zipfile.ZipFile(other, "w") as archive_:
        archive_.writestr("hello.txt", "hello")
    assert "an archive without a workbook" in refusal(root, other)


def test_entities_are_refused(root: Path, form: Path) -> None:
    for text in (
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet>&a;</worksheet>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><worksheet/>',
    ):
        clean = form.read_bytes()
        assert "declares entities" in refusal(root, rewritten(form, part(SHEET, partial(_instead, text))))
        form.write_bytes(clean)
    for name in ("xl/sharedStrings.xml", "xl/styles.xml", "docProps/core.xml"):
        clean = form.read_bytes()
        bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "a">]><x>&a;</x>'
        assert "declares entities" in refusal(root, rewritten(form, part(name, partial(_instead, bomb))))
        form.write_bytes(clean)


def test_other_encodings_do_not_hide_anything(root: Path, form: Path) -> None:
    def utf16(data: bytes) -> bytes:
        return data.decode().replace("UTF-8", "UTF-16").encode("utf-16")

    assert "not in UTF-8" in refusal(root, rewritten(form, part(SHEET, utf16)))


def test_zip_bombs(root: Path, form: Path) -> None:
    clean = form.read_bytes()
    rows = b"<worksheet><sheetData>" + b"<row/>" * 20_000_000 + b"</sheetData></worksheet>"
    assert "would unpack to" in refusal(root, rewritten(form, part(SHEET, lambda _: rows)))
    form.write_bytes(clean)
    many = added(form, "xl/a0.xml")
    with zipfile.ZipFile(many, "a") as archive_:
        for number in range(1, 1_100):
            archive_.writestr(f"xl/a{number}.xml", b"<x/>")
    assert "more than 1000" in refusal(root, many)


def test_a_bomb_that_lies_about_its_size(root: Path, form: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_INFLATED", 10_000)
    monkeypatch.setattr(guard, "_members", lambda *_: None)
    assert "unpacks to more than it admits" in refusal(root, form)


FAR = [
    b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    b'<row r="1048576"><c><v>1</v></c></row>',
    b"<row r='1048576' ><c r='A1048576'><v>1</v></c></row>",
    b'<row r="1"><c r="&#88;FD1"><v>1</v></c></row>',
    b'<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="1048576"><x:c r="A1048576"><x:v>1</x:v></x:c></x:row>',
    b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row>',
    b'<row r="1"><c r="A1"><v>1</v></c></row><row r="20000"><c r="ZZ20000"><f>1</f></c></row>',
]


@pytest.mark.parametrize("rows", FAR)
def test_far_cells(root: Path, form: Path, rows: bytes) -> None:
    path = rewritten(form, part(SHEET, lambda data: data.replace(b"</sheetData>", rows + b"</sheetData>")))
    assert "a sheet has content" in (found := refusal(root, path)) or "spans more than" in found


def test_a_million_rows(root: Path, form: Path) -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(300, 1_000_000, 7))
    path = rewritten(form, part(SHEET, lambda data: data.replace(b"</sheetData>", rows + b"</sheetData>")))
    assert "content below row 20,000" in refusal(root, path)


def test_empty_formatted_rows_far_below_are_no_content(root: Path, form: Path) -> None:
    rows = b"".join(b'<row r="%d"><c r="F%d" s="3"/></row>' % (n, n) for n in range(1_040_000, 1_048_577))
    path = rewritten(form, part(SHEET, lambda data: data.replace(b"</sheetData>", rows + b"</sheetData>")))
    assert take(root, path).files[0].problems == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("xl/workbook.xml", b'r:id="rId3"', b'r:id="rId99"'),
        ("xl/_rels/workbook.xml.rels", b"worksheets/sheet3.xml", b"worksheets/none.xml"),
        ("xl/_rels/workbook.xml.rels", b"worksheets/sheet3.xml", b"../../secret.xml"),
        ("xl/_rels/workbook.xml.rels", b"worksheets/sheet3.xml", b"media/image.png"),
        (SHEET, b"<sheetData>", b"<sheetData><row><c><v>"),
        (SHEET, b'r="A1"', b'r="A0"'),
        (SHEET, b'r="A1"', b'r="AAAA1"'),
        (SHEET, b'r="A1"', b'r="1A"'),
        (SHEET, b'r="A1"', b'r="A99999999999999999999"'),
    ],
)
def test_damaged_parts(root: Path, form: Path, name: str, old: bytes, new: bytes) -> None:
    added(form, "xl/media/image.png", b"<worksheet/>")
    assert refusal(root, rewritten(form, part(name, lambda data: data.replace(old, new))))


def test_external_links_are_not_followed(root: Path, form: Path) -> None:
    added(form, "xl/externalLinks/externalLink1.xml", b"<externalLink/>")
    link = b'<Relationship Id="rX" Type="http://x/externalLink" Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
    path = rewritten(form, part("xl/_rels/workbook.xml.rels", lambda data: data.replace(b"</Relationships>", link)))
    assert take(root, path).files[0].problems == []


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell the memory of a process")
def test_memory_stays_bounded(form: Path) -> None:
    """A sheet of a few kilobytes that unpacks to 90 MB, with a limit on the memory of the process."""
    cell = b'<c r="F9" t="inlineStr"><is><t>' + b"x" * 30_000 + b"</t></is></c>"
    rows = b'<row r="9">' + cell * 3_000 + b"</row>"
    path = rewritten(form, part(SHEET, lambda data: data.replace(b"</sheetData>", rows + b"</sheetData>")))
    code = (
        "import sys\nfrom pathlib import Path\nfrom evaluator.xlsx.guard import admit\n"
        "try: admit(Path(sys.argv[1]))\nexcept Exception as error: print(error)\n"
        "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    *said, memory = done.stdout.split("\n")[:-1]
    assert said
    assert "would unpack to" in said[0]
    assert int(memory) < 100_000


def test_the_reader_of_cells_cannot_take_the_process_down(form: Path) -> None:
    """A far cell behind a name that was not looked through would abort it; such names are refused."""
    data = io.BytesIO()
    with zipfile.ZipFile(form) as old, zipfile.ZipFile(data, "w") as new:
        for entry in old.infolist():
            new.writestr(
                entry.filename.replace("sheet3.xml", "sheet3.bin"),
                old.read(entry).replace(b"sheet3.xml", b"sheet3.bin"),
            )
    form.write_bytes(data.getvalue())
    with pytest.raises(RefusedError, match="has no content in the file"):
        open_workbook(form)


def test_an_honest_workbook_is_admitted_with_what_was_seen(form: Path) -> None:
    filled = Filled(form)
    filled.cell("c-1", "rationale").value = "=1+1"
    filled.save()
    admitted = admit(form, formulas=True)
    seen = admitted.sheets["V-1"]
    place = position(filled.cell("c-1", "rationale").coordinate)
    assert place in seen.unstored
    assert seen.formulas[place] == "1+1"
    assert openpyxl.load_workbook(form)["V-1"].max_row >= seen.rows > 10


@pytest.mark.parametrize("place", [(0, 0), (6, 2), (19_999, 701), (5, 26), (0, 16_383)])
def test_cells_have_one_name(place: tuple[int, int]) -> None:
    assert position(address(*place)) == place


@pytest.mark.parametrize("name", ["", "A", "7", "A0", "AAAA1", "a1", "A1B", "A-1", "Ä1"])
def test_what_names_no_cell(name: str) -> None:
    with pytest.raises(PartError):
        position(name)
