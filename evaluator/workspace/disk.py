"""Single files on the disk: read with a bound and without waiting, decoded, made to survive a power cut; sentences for errors of the system."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import stat
from io import BufferedReader
from pathlib import Path

from evaluator.errors import EvaluatorError, Problem, quoted

MAX_BYTES = 1_000_000
"""Bytes of a file of a workspace."""

BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""What YAML calls not printable: control characters, byte-order marks inside the text, non-characters."""
_CONFLICT = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_WORDS = {
    errno.EROFS: "the disk is read-only",
    errno.ENAMETOOLONG: "the name is too long",
    errno.EIO: "the disk reports an error",
    errno.EXDEV: "it lies on another disk than the folder of the workspace",
}
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
# O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_CREATE = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class NotAFileError(OSError):
    """What lies there is a device, a pipe or the like."""


class TooLargeError(OSError):
    """The file is larger than what is read of one."""


def open_file(path: Path, *, links: bool = False) -> BufferedReader:
    """Open a plain file for reading; a link at its end is followed with ``links`` only.

    Raises:
        NotAFileError: it is no plain file.
        OSError: there is none, it is a folder or a link, or it cannot be read.
    """
    handle = os.open(path, _READ if links else _READ | _NO_LINK)
    mode = os.fstat(handle).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    raise NotAFileError(errno.EINVAL, "it is no plain file")


def read_bounded(path: Path, most: int, *, links: bool = False) -> bytes:
    """The bytes of a plain file, of which there may be ``most``.

    Raises:
        TooLargeError: there are more.
        OSError: see :func:`open_file`.
    """
    with open_file(path, links=links) as stream:
        size = os.fstat(stream.fileno()).st_size
        data = stream.read(most + 1) if size <= most else b""
    if max(size, len(data)) > most:
        raise TooLargeError(errno.EFBIG, f"it is larger than {most / 1_000_000:g} MB")
    return data


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


def sha256(data: bytes) -> str:
    """The SHA-256 of ``data`` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def file_digest(path: Path) -> str | None:
    """The SHA-256 of a file; None where there is none, an empty text for what is not a plain file.

    Raises:
        OSError: the file cannot be read.
    """
    try:
        with open_file(path, links=True) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (IsADirectoryError, NotAFileError):
        return ""


def write_new(path: Path, data: bytes, like: Path | None = None) -> None:
    """Make the file ``path`` with ``data``, flush it to the disk and read it back; with the permissions of ``like`` where given.

    Raises:
        OSError: there is a file of that name, or the system refuses.
        EvaluatorError: what was read back is not what was written.
    """
    # Unlike a file of tempfile's, this one gets the permissions that the umask grants.
    handle = os.open(path, _CREATE, 0o666)
    try:
        with os.fdopen(handle, "w+b") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
            stream.seek(0)
            _same(path, stream.read(), data)
        if like is not None:
            path.chmod(stat.S_IMODE(like.stat().st_mode))
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def _same(path: Path, found: bytes, data: bytes) -> None:
    if found != data:
        raise EvaluatorError(f"{quoted(path)} does not hold what was written to it; check the disk.")


def flush_folder(folder: Path) -> None:
    """Flush the entries of ``folder`` to the disk, where the system can do that."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def reason_of(error: OSError) -> str:
    """What the system says of an error."""
    return (error.strerror or "the system refuses").lower()


def cannot_write(target: Path, error: OSError) -> str:
    """Why ``target`` could not be written, as one sentence."""
    name = quoted(target)
    if isinstance(error, FileNotFoundError | NotADirectoryError | FileExistsError) and not target.parent.is_dir():
        return f"{name} cannot be written: {quoted(target.parent)} is not a folder."
    if isinstance(error, PermissionError):
        return f"{name} cannot be written: permission denied; is it open in another program, or is the folder write-protected?"
    if error.errno in _FULL:
        return f"{name} cannot be written: the disk is full."
    return f"{name} cannot be written: {_WORDS.get(error.errno or 0) or reason_of(error)}."
