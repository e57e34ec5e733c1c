"""Workbooks from strangers, opened for a change and written again.

openpyxl trusts a file: it makes a cell for every one that has a style or lies in a merged range or a link, and decodes
pictures by what they hold, for some with programs of the machine. So the cells are counted first, pictures are kept as they
are or left out, and any error of the library becomes one sentence.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from evaluator.errors import EvaluatorError, quoted
from evaluator.xlsx.guard import MAX_INFLATED
from evaluator.xlsx.xml_parts import MAX_AREA, MAX_COLUMNS, MAX_ROWS, Element, PartError, ReadingBudget, position, scan

if TYPE_CHECKING:
    from openpyxl import Workbook

_PICTURES = ("PNG", "JPEG", "GIF")
"""Forms of pictures that are kept, byte for byte; all others are left out."""


def open_for_change(data: bytes, name: str) -> Workbook:
    """Open an admitted workbook with all its styles, notes and pictures.

    Args:
        data: the file, which the guard has admitted.
        name: how the file is called in sentences.

    Raises:
        EvaluatorError: it would fill too many cells, or a part of it is damaged.
    """
    try:
        _count_cells(data)
    except PartError as error:
        raise EvaluatorError(
            f"No copy of {quoted(name)} can be made: {error}. Delete the empty rows and columns after the entries, "
            "or import it without a copy."
        ) from error
    with _in_one_sentence(name):
        return _loader()(io.BytesIO(data))


def saved(book: Workbook, name: str) -> bytes:
    """Return the workbook as a file; not by its own ``save``, which puts the present time into it.

    Raises:
        EvaluatorError: a part of it is damaged.
    """
    from openpyxl.writer.excel import ExcelWriter

    target = io.BytesIO()
    with _in_one_sentence(name):
        ExcelWriter(book, _TimelessArchive(target, "w", zipfile.ZIP_DEFLATED)).save()
    return target.getvalue()


@contextmanager
def _in_one_sentence(name: str) -> Iterator[None]:
    """Turn any error of the library into one sentence on the file, and keep its warnings back."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Exception as error:
        raise EvaluatorError(
            f"No copy of {quoted(name)} can be made: a part of the file is damaged. Open it in a spreadsheet program, save "
            "it as .xlsx and try again, or import it without a copy."
        ) from error


@cache
def _loader() -> Callable[[io.BytesIO], Workbook]:
    """The library's way of opening, with pictures that are not decoded."""
    from openpyxl import load_workbook
    from openpyxl.drawing.image import Image, PILImage
    from openpyxl.reader import drawings

    pillow: Any = PILImage

    class UndecodedPicture(Image):
        """A picture of which only the size is read, and which is written as it was."""

        def __init__(self, img: io.BytesIO) -> None:
            self._content = img.getvalue()
            try:
                with pillow.open(img, formats=_PICTURES) as picture:
                    self.width, self.height = picture.size
                    self.format = str(picture.format).lower()
            except Exception as error:  # the library leaves out what ends in an OSError
                raise OSError(str(error)) from error

        def _data(self) -> bytes:
            return self._content

    drawings.__dict__["Image"] = UndecodedPicture  # the reader has no argument for it
    return load_workbook


class _TimelessArchive(zipfile.ZipFile):
    """A ZIP file whose entries bear no time, so that the same workbook gives the same bytes."""

    def writestr(self, zinfo_or_arcname: str | zipfile.ZipInfo, data: Any, *_: Any, **__: Any) -> None:
        name = zinfo_or_arcname if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname.filename
        super().writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        self.writestr(str(arcname or filename), Path(filename).read_bytes())


def _count_cells(data: bytes) -> None:
    """Raise :class:`PartError` where a part of the file would fill more cells than a sheet may have content."""
    budget = ReadingBudget(MAX_INFLATED)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            if entry.filename.lower().endswith(".xml"):
                with archive.open(entry) as stream:
                    scan(stream, _Cells(), budget)


class _Cells:
    """The cells that are made of a part: the rectangle around them, and how many those of ranges are."""

    def __init__(self) -> None:
        self._row, self._column = -1, -1
        self._rows = self._columns = self._in_ranges = 0

    def attach(self, _: expat.XMLParserType) -> Mapping[str, Element]:
        """Note cells, merged ranges, links and notes."""
        return {
            "row": self._start_row,
            "c": self._cell,
            "mergeCell": self._range,
            "hyperlink": self._range,
            "comment": self._range,
        }

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", "")
        self._row = position(f"A{number}")[0] if number else self._row + 1
        self._column = -1

    def _cell(self, attributes: dict[str, str]) -> None:
        if "r" in attributes:
            self._row, self._column = position(attributes["r"])
        else:
            self._column += 1
        self._reach(self._row, self._column)

    def _range(self, attributes: dict[str, str]) -> None:
        first, _, last = attributes.get("ref", "").replace("$", "").partition(":")
        top, left = position(first)
        bottom, right = position(last or first)
        self._reach(bottom, right)
        self._in_ranges += max(0, bottom - top + 1) * max(0, right - left + 1)
        if self._in_ranges > MAX_AREA:
            raise PartError(f"its merged ranges and links cover more than {MAX_AREA:,} cells")

    def _reach(self, row: int, column: int) -> None:
        self._rows, self._columns = max(self._rows, row + 1), max(self._columns, column + 1)
        if self._rows > MAX_ROWS or self._columns > MAX_COLUMNS or self._rows * self._columns > MAX_AREA:
            raise PartError(f"a sheet has formatted cells below row {MAX_ROWS:,} or right of column {MAX_COLUMNS:,}")
