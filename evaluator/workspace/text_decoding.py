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
    message = f"the file is larger than {most // 1_000_000} MB and was not read"
    hint = "a workspace holds text; keep captures and exports outside of its YAML files"
    return Problem("too-large", message, file, line=1, column=1, hint=hint)


def byte_order_mark(file: str) -> Problem:
    """The problem of a file that starts with a byte-order mark."""
    message = "the file starts with a byte-order mark; expected UTF-8 without one"
    return Problem("yaml-bom", message, file, line=1, column=1, hint='save it as "UTF-8", not as "UTF-8 with BOM"')


def decode(data: bytes, file: str) -> str | Problem:
    """The text, or why it is none that may be read."""
    if data.startswith(_UTF16):
        message = "the file is UTF-16; expected UTF-8"
        return Problem("yaml-encoding", message, file, line=1, column=1, hint='save it as "UTF-8"')
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"the byte 0x{data[error.start]:02x} is not UTF-8"
        hint = "the file seems to be saved as Latin-1 or Windows-1252; save it as UTF-8"
        return _at(data[: error.start].decode("utf-8"), "yaml-encoding", file, message, hint)
    if found := CONTROL.search(text):
        name = "a NUL character" if found[0] == "\0" else f"the control character U+{ord(found[0]):04X}"
        hint = "most editors hide it; remove it"
        return _at(text[: found.start()], "yaml-control", file, f"expected text, found {name}", hint)
    if found := _CONFLICT.search(text):
        hint = "keep one of the two versions and delete the lines <<<<<<<, ======= and >>>>>>>"
        return _at(text[: found.start()], "yaml-conflict", file, "the file holds an unfinished merge", hint)
    return text


def _at(before: str, code: str, file: str, message: str, hint: str) -> Problem:
    """A problem that stands behind the text ``before``."""
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return Problem(code, message, file, line=line, column=column, hint=hint)
