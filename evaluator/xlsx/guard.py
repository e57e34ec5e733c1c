"""The gate for workbooks from strangers: bounded and looked through before any library opens them.

A workbook is a ZIP archive of XML parts. Its sizes are bounded from the directory, its parts are streamed
through expat without entities, and the extent of every sheet is known before the reader of cells, which
would allot memory for one far cell, sees the file. Nothing is unpacked to disk and nothing is evaluated.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from evaluator.errors import EvaluatorError
from evaluator.xlsx.xml_parts import PartError, ReadingBudget, Relations, SheetPart, Sheets, scan

MAX_FILE = 30_000_000
MAX_ENTRIES = 1_000
MAX_INFLATED = 100_000_000
MAX_RATIO = 250
"""How far one part may be compressed; honest parts reach about 40, a bomb a thousand."""
RATIO_FROM = 1_000_000
"""Smaller parts cannot hold a bomb, and may be compressed as far as they like."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_FLAG_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


class RefusedError(EvaluatorError):
    """A file that is not opened; the message says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A workbook that may be opened: its bytes, and what was seen of each sheet by name."""

    name: str
    data: bytes = field(repr=False)
    sheets: dict[str, SheetPart]


def admit(path: Path, *, formulas: bool = False) -> Admitted:
    """Look through the workbook at ``path``.

    Args:
        path: the file.
        formulas: whether to keep the texts of formulas, which are never evaluated.

    Raises:
        RefusedError: it is missing, too large, or no plain workbook; in one sentence.
    """
    name = path.name
    data = read_bounded(path)
    archive = _archive(data, name)
    _members(archive, name)
    budget = ReadingBudget(MAX_INFLATED)
    try:
        return Admitted(name, data, _sheets(archive, name, budget, formulas=formulas))
    except PartError as error:
        raise RefusedError(f"'{name}' was not opened: {error}.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise RefusedError(f"'{name}' is damaged or cut off; ask for it again.") from error


def read_bounded(path: Path, limit: int = MAX_FILE) -> bytes:
    """The bytes of a plain file of at most ``limit`` bytes; raises :class:`RefusedError` otherwise."""
    name = path.name
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            what = "a folder" if stat.S_ISDIR(status.st_mode) else "no plain file"
            raise RefusedError(f"'{name}' is {what}; name a file.")
        if status.st_size > limit:
            raise RefusedError(
                f"'{name}' has {status.st_size / 1e6:.0f} MB; files of more than {limit // 1_000_000} MB are not opened."
            )
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else "it cannot be read"
        raise RefusedError(f"'{name}' was not opened: {reason}.") from error
    if len(data) > limit:
        raise RefusedError(f"'{name}' grew while it was read; try again.")
    if not data:
        raise RefusedError(f"'{name}' is empty (0 bytes); ask for it again.")
    return data


def _archive(data: bytes, name: str) -> zipfile.ZipFile:
    """The archive, or the sentence for what the file is instead."""
    if data.startswith(_OLE):
        if _ENCRYPTED_PACKAGE in data:
            raise RefusedError(f"'{name}' is protected by a password; save it without one and try again.")
        raise RefusedError(f"'{name}' is in the old .xls format; save it as .xlsx and try again.")
    if not data.startswith(b"PK"):
        what = "text, not a workbook" if _is_text(data[:4096]) else "not a workbook"
        raise RefusedError(f"'{name}' is {what}, whatever its ending says; save it as .xlsx and try again.")
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
        raise RefusedError(f"'{name}' is damaged or cut off; ask for it again.") from error


def _is_text(start: bytes) -> bool:
    if b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    return all(byte in b"\t\r\n\0" or byte >= ord(" ") for byte in start)


def _members(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse what the directory of the archive alone gives away."""
    entries = archive.infolist()
    names = [entry.filename.lower() for entry in entries]
    if len(entries) > MAX_ENTRIES:
        raise RefusedError(f"'{name}' holds {len(entries)} parts; a workbook of more than {MAX_ENTRIES} is not opened.")
    if len(set(names)) != len(names):
        raise RefusedError(f"'{name}' holds two parts of the same name and was not opened.")
    if any(entry.flag_bits & _FLAG_ENCRYPTED for entry in entries):
        raise RefusedError(f"'{name}' is protected by a password; save it without one and try again.")
    if any(entry.compress_type not in _METHODS for entry in entries):
        raise RefusedError(f"'{name}' is packed in a way that no spreadsheet program uses and was not opened.")
    total = sum(entry.file_size for entry in entries)
    packed = any(
        entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1) for entry in entries
    )
    if total > MAX_INFLATED or packed:
        raise RefusedError(
            f"'{name}' would unpack to {total / 1e6:.0f} MB from {sum(e.compress_size for e in entries) / 1e6:.1f} MB"
            " and was not opened."
        )
    if any("vbaproject" in part or "macrosheets" in part for part in names):
        raise RefusedError(f"'{name}' contains macros; save it as .xlsx, which has none, and try again.")
    if "xl/workbook.bin" in names:
        raise RefusedError(f"'{name}' is a binary workbook (.xlsb); save it as .xlsx and try again.")
    if _WORKBOOK not in names or _RELATIONS not in names:
        hint = "an OpenDocument file; save it as .xlsx" if "content.xml" in names else "an archive without a workbook"
        raise RefusedError(f"'{name}' is {hint}.")


def _sheets(archive: zipfile.ZipFile, name: str, budget: ReadingBudget, *, formulas: bool) -> dict[str, SheetPart]:
    """Stream every XML part once; the sheets by the names that people gave them."""
    parts: dict[str, SheetPart] = {}
    names, targets = Sheets(), Relations()
    for entry in archive.infolist():
        lower = entry.filename.lower()
        if not lower.endswith((".xml", ".rels")):
            continue
        handler = names if lower == _WORKBOOK else targets if lower == _RELATIONS else SheetPart(formulas=formulas)
        with archive.open(entry) as stream:
            scan(stream, handler, budget)
        if isinstance(handler, SheetPart):
            parts[lower] = handler
    if targets.macros:
        raise RefusedError(f"'{name}' contains macros; save it as .xlsx, which has none, and try again.")
    return {title: _part(parts, targets.by_id.get(relation, ""), title) for title, relation in names.found}


def _part(parts: dict[str, SheetPart], target: str, title: str) -> SheetPart:
    """The part behind a sheet; only one that was looked through counts."""
    path = target.lower().replace("\\", "/").lstrip("/")
    for candidate in (path, f"xl/{path}"):
        if candidate in parts:
            return parts[candidate]
    raise PartError(f"the sheet '{title[:31]}' has no content in the file")
