"""From bytes to text: UTF-8 and nothing that editors hide or terminals obey."""

from __future__ import annotations

import re

from evaluator.errors import Problem

MAX_BYTES = 1_000_000

BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""What YAML calls not printable: control characters, byte-order marks inside the text, non-characters."""
_CONFLICT = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)


def too_large(file: str, most: int = MAX_BYTES) -> Problem:
    """The problem of a file of more than ``most`` bytes."""
    return Problem(
        code="too-large",
        message=f"the file is larger than {most // 1_000_000} MB and was not read",
        file=file,
        line=1,
        column=1,
        hint="a workspace holds text; keep captures and exports outside of its YAML files",
    )


def byte_order_mark(file: str) -> Problem:
    """The problem of a file that starts with a byte-order mark."""
    return Problem(
        code="yaml-bom",
        message="the file starts with a byte-order mark; expected UTF-8 without one",
        file=file,
        line=1,
        column=1,
        hint='save it as "UTF-8", not as "UTF-8 with BOM"',
    )


def decode(data: bytes, file: str) -> str | Problem:
    """The text, or why it is none that may be read."""
    if data.startswith(_UTF16):
        return Problem(
            code="yaml-encoding",
            message="the file is UTF-16; expected UTF-8",
            file=file,
            line=1,
            column=1,
            hint='save it as "UTF-8"',
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        start = data.rfind(b"\n", 0, error.start) + 1
        return Problem(
            code="yaml-encoding",
            message=f"the byte 0x{data[error.start]:02x} is not UTF-8",
            file=file,
            line=data.count(b"\n", 0, error.start) + 1,
            column=len(data[start : error.start].decode("utf-8", "replace")) + 1,
            hint="the file seems to be saved as Latin-1 or Windows-1252; save it as UTF-8",
        )
    if found := CONTROL.search(text):
        name = "a NUL character" if found[0] == "\0" else f"the control character U+{ord(found[0]):04X}"
        return _at(found, "yaml-control", file, f"expected text, found {name}", "most editors hide it; remove it")
    if found := _CONFLICT.search(text):
        return _at(
            found,
            "yaml-conflict",
            file,
            "the file holds an unfinished merge",
            "keep one of the two versions and delete the lines <<<<<<<, ======= and >>>>>>>",
        )
    return text


def _at(found: re.Match[str], code: str, file: str, message: str, hint: str) -> Problem:
    text, index = found.string, found.start()
    line, column = text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)
    return Problem(code=code, message=message, file=file, line=line, column=column, hint=hint)
