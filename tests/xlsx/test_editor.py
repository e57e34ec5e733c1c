"""Workbooks opened for a change: pictures stay undecoded, cells are counted first, damage ends in a sentence."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from PIL import Image as Pillow

from evaluator.errors import EvaluatorError
from evaluator.xlsx.editor import open_for_change, saved
from evaluator.xlsx.xml_parts import MAX_AREA, MAX_COLUMNS, MAX_ROWS

SHEET = "xl/worksheets/sheet1.xml"
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n%%EOF\n"


def picture(kind: str, size: tuple[int, int] = (3, 2)) -> bytes:
    stream = io.BytesIO()
    Pillow.new("RGB", size, "red").save(stream, kind)
    return stream.getvalue()


def book(*, image: bytes | None = None) -> bytes:
    """A small workbook, with a picture if one is given: its bytes stand where a real one was."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet["A1"], sheet["B2"] = "x", 7
    if image is not None:
        sheet.add_image(Image(io.BytesIO(picture("PNG"))))
    stream = io.BytesIO()
    made.save(stream)
    if image is None:
        return stream.getvalue()
    return changed(stream.getvalue(), "xl/media/image1.png", lambda _: image)


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(target, "w") as after:
        for entry in before.infolist():
            content = before.read(entry)
            after.writestr(entry.filename, change(content) if entry.filename == part else content)
    return target.getvalue()


def replaced(part: str, pattern: str, new: str) -> bytes:
    def change(content: bytes) -> bytes:
        text, count = re.subn(pattern, new, content.decode(), count=1)
        assert count
        return text.encode()

    return changed(book(), part, change)


def in_sheet(pattern: str, new: str) -> bytes:
    return replaced(SHEET, pattern, new)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_pictures_of_the_web_are_written_as_they_were(kind: str) -> None:
    image = picture(kind)
    again = saved(open_for_change(book(image=image), "x.xlsx"), "x.xlsx")
    with zipfile.ZipFile(io.BytesIO(again)) as archive:
        assert [archive.read(name) for name in archive.namelist() if "media" in name] == [image]


@pytest.mark.parametrize(
    "image",
    [EPS, picture("TIFF"), picture("BMP"), b"", b"junk", b"GIF89a", picture("PNG")[:20]],
    ids=["eps", "tiff", "bmp", "empty", "junk", "cut gif", "cut png"],
)
def test_any_other_picture_is_left_out_and_no_program_is_started(
    image: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ghostscript = tmp_path / "gs"
    ghostscript.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    ghostscript.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    again = saved(open_for_change(book(image=image), "x.xlsx"), "x.xlsx")
    with zipfile.ZipFile(io.BytesIO(again)) as archive:
        assert not [name for name in archive.namelist() if "media" in name]
    assert not (tmp_path / "started").exists()


def test_a_picture_that_says_it_is_huge_is_left_out() -> None:
    image = bytearray(picture("PNG"))
    image[16:24] = (60_000).to_bytes(4, "big") * 2
    again = saved(open_for_change(book(image=bytes(image)), "x.xlsx"), "x.xlsx")
    with zipfile.ZipFile(io.BytesIO(again)) as archive:
        assert not [name for name in archive.namelist() if "media" in name]


FAR = {
    "a styled cell in a far row": ("</sheetData>", f'<row r="{MAX_ROWS + 1}"><c s="0"/></row></sheetData>'),
    "a styled cell in a far column": ("</sheetData>", '<row r="3"><c r="XFD3" s="0"/></row></sheetData>'),
    "cells without names after a far one": (
        "</sheetData>",
        '<row r="3"><c r="BXX3"/>' + "<c/>" * 30 + "</row></sheetData>",
    ),
    "a merged range": ("</sheetData>", '</sheetData><mergeCells><mergeCell ref="B9:XFD1048576"/></mergeCells>'),
    "a link": ("</sheetData>", '</sheetData><hyperlinks><hyperlink ref="$A$1:$XFD$1048576" location="A1"/></hyperlinks>'),
    "a wide and a long row": (
        "</sheetData>",
        f'<row r="{MAX_ROWS}"><c/></row><row><c r="A1" s="0"/><c r="BZZ1" s="0"/></row></sheetData>',
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", FAR)
def test_cells_that_would_be_made_are_counted_before(what: str) -> None:
    with pytest.raises(EvaluatorError) as refused:
        open_for_change(in_sheet(*FAR[what]), "x.xlsx")
    assert str(refused.value) == (
        f"No copy of 'x.xlsx' can be made: a sheet has formatted cells below row {MAX_ROWS:,} or right of column {MAX_COLUMNS:,}. "
        "Delete the empty rows and columns after the entries, or import it without a copy."
    )


def test_a_note_far_away_is_counted() -> None:
    made = openpyxl.load_workbook(io.BytesIO(book()))
    made.active["A1"].comment = Comment("x", "y")  # type: ignore[index]
    stream = io.BytesIO()
    made.save(stream)
    part = next(name for name in zipfile.ZipFile(stream).namelist() if "comment" in name and name.endswith(".xml"))
    data = changed(stream.getvalue(), part, lambda text: text.replace(b'ref="A1"', b'ref="XFD1048576"'))
    with pytest.raises(EvaluatorError, match="formatted cells below row"):
        open_for_change(data, "x.xlsx")


def test_ranges_that_cover_each_other_are_counted_together() -> None:
    ranges = '<mergeCell ref="A1:CV1000"/>' * (MAX_AREA // 100_000 + 1)
    with pytest.raises(EvaluatorError, match=f"merged ranges and links cover more than {MAX_AREA:,} cells"):
        open_for_change(in_sheet("</sheetData>", f"</sheetData><mergeCells>{ranges}</mergeCells>"), "x.xlsx")


def test_what_fills_the_sheet_to_its_bound_is_opened() -> None:
    opened = open_for_change(in_sheet("</sheetData>", f'<row r="{MAX_ROWS}"><c s="0"/></row></sheetData>'), "x.xlsx")
    assert opened.worksheets[0].max_row == MAX_ROWS


DAMAGED = {
    "margins": (SHEET, '<pageMargins left="[^"]*"', '<pageMargins left="x"'),
    "a style": (SHEET, '<c r="A1"', '<c r="A1" s="99999"'),
    "a shared text": (SHEET, '<c r="A1".*?</c>', '<c r="A1" t="s"><v>99999</v></c>'),
    "a row": (SHEET, '<row r="1"', '<row r="1" ht="tall"'),
    "a view": (SHEET, "<sheetView ", '<sheetView view="sideways" '),
    "a date of the file": (
        "docProps/core.xml",
        "(<dcterms:created[^>]*>)[^<]*",
        r"\1yesterday",
    ),
    "a font": ("xl/styles.xml", '<sz val="[^"]*"', '<sz val="big"'),
    "a sheet's state": ("xl/workbook.xml", 'state="[^"]*"', 'state="shy"'),
    "a sheet's number": ("xl/workbook.xml", 'sheetId="1"', 'sheetId="one"'),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_a_damaged_part_ends_in_a_sentence(what: str) -> None:
    data = replaced(*DAMAGED[what])
    with pytest.raises(EvaluatorError) as refused:
        saved(open_for_change(data, "x.xlsx"), "x.xlsx")
    assert str(refused.value) == (
        "No copy of 'x.xlsx' can be made: a part of the file is damaged. Open it in a spreadsheet program, save it as .xlsx and "
        "try again, or import it without a copy."
    )
