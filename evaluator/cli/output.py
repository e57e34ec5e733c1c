"""Output to the terminal: everything that the program prints passes through this module.

While :func:`safe_streams` holds, stdout and stderr are streams that replace what a terminal would obey, whoever
writes to them: commands, click, warnings, log lines and tracebacks. Commands print with :func:`emit`,
:func:`emit_json` and :func:`note` only.
"""

from __future__ import annotations

import errno
import io
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO

import click

from evaluator.characters import safe_json, safe_line, safe_text
from evaluator.errors import Notice, one_line


class OutputError(Exception):
    """Stdout cannot be written; ``closed`` says whether its reader has gone, as with ``| head``."""

    def __init__(self, reason: str, *, closed: bool) -> None:
        super().__init__(reason)
        self.closed = closed


class _SafeBytes(io.RawIOBase):
    """The same stream for callers that write bytes, as click does for shell completion."""

    def __init__(self, stream: _SafeStream) -> None:
        self._stream = stream

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: Any) -> int:
        """Write ``data``, which is UTF-8."""
        self._stream.write(bytes(data).decode("utf-8", "replace"))
        return len(data)


class _SafeStream(io.TextIOBase):
    """A stream to the terminal, or to what replaces it, that passes on safe text only."""

    def __init__(self, stream: TextIO | None, *, needed: bool) -> None:
        """``stream`` is None where the system closed it; errors of a stream that is not ``needed`` are ignored."""
        self._stream = stream
        self._needed = needed
        self.buffer = _SafeBytes(self)

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream behind."""
        return getattr(self._stream, "encoding", None) or "utf-8"

    @property
    def errors(self) -> str:  # type: ignore[override]
        """How the stream behind writes what its encoding lacks."""
        return getattr(self._stream, "errors", None) or "replace"

    def writable(self) -> bool:
        """Always."""
        return True

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._stream is not None and self._stream.isatty()

    def fileno(self) -> int:
        """The descriptor behind."""
        if self._stream is None:
            raise io.UnsupportedOperation("fileno")
        return self._stream.fileno()

    def write(self, text: str) -> int:
        """Write ``text``, made safe. Click tries with nothing, as bytes and as text, which of them a stream takes."""
        if not isinstance(text, str):
            raise TypeError("expected text")
        if text:
            self._pass(safe_text(text))
        return len(text)

    def rewrite_line(self, text: str) -> None:
        """Write ``text`` over the line on which the cursor stands."""
        self._pass(f"\r{safe_line(text)}")

    def _pass(self, text: str) -> None:
        if self._stream is None:
            self._fail(OSError(errno.EPIPE, "closed"))
            return
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError as error:
            # What waits in the buffer would be tried again at the end of the process, and fail again.
            with suppress(OSError, ValueError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, self._stream.fileno())
                os.close(nowhere)
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        if self._needed:
            raise OutputError(error.strerror or str(error), closed=error.errno == errno.EPIPE) from error


@contextmanager
def safe_streams() -> Iterator[None]:
    """Make stdout and stderr pass on safe text only."""
    before = sys.stdout, sys.stderr
    for stream in (sys.stdin, *before):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(
                errors="replace"
            )  # bytes that are no text, and characters that an encoding lacks, get a mark
    sys.stdout, sys.stderr = _SafeStream(before[0], needed=True), _SafeStream(before[1], needed=False)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", Notice)
            warnings.showwarning = _notices()
            yield
    finally:
        sys.stdout, sys.stderr = before


def _notices() -> Callable[..., None]:
    """Print each notice once, as a sentence; warnings of libraries are for developers and not shown."""
    shown: set[str] = set()

    def show(message: Warning | str, category: type[Warning], *_: object, **__: object) -> None:
        if issubclass(category, Notice) and str(message) not in shown:
            shown.add(str(message))
            note(f"Warning: {message}")

    return show


def emit(text: str = "", end: str = "\n") -> None:
    """Print a page, or a part of one, on stdout."""
    sys.stdout.write(text + end)


def emit_json(data: object) -> None:
    """Print ``data`` as JSON on stdout, with characters that control a terminal escaped; reading it gives equal data."""
    import json

    text = safe_json(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False))
    try:
        text.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        text = json.dumps(data, indent=2, allow_nan=False)
    emit(text)


def note(text: str) -> None:
    """Print a line of progress, or an error, on stderr; a line end in it cannot make it two."""
    sys.stderr.write(f"{safe_line(text)}\n")


def progress(text: str, *, last: bool) -> None:
    """Show progress: on a terminal over the line before, elsewhere only the ``last`` line."""
    if isinstance(sys.stderr, _SafeStream) and sys.stderr.isatty():
        sys.stderr.rewrite_line(text)
        sys.stderr.write("\n" * last)
    elif last:
        note(text)


def show_click_error(error: click.ClickException) -> None:
    """Show a usage error as click does, with its message on one line: it quotes what was typed."""
    if isinstance(error, click.UsageError) and not isinstance(error, click.exceptions.NoArgsIsHelpError):
        error = click.UsageError(one_line(error.format_message(), 600), error.ctx)
    error.show()
