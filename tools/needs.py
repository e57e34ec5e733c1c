"""Finds what this machine lacks for the evaluator by using each thing once.

python tools/needs.py packages run|dev    the Debian packages that would bring what is missing
python tools/needs.py sentence run|dev    the same in one sentence; exit 1 where the work cannot go on without it

``run`` is for using the program, ``dev`` for its tests too.

With the Python of .venv the PDF engine makes a small PDF. Before .venv is there any Python from 3.11 serves; the
libraries of the engine are then only loaded, so that one sentence can name everything at once.
"""

from __future__ import annotations

import ctypes
import logging
import re
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libharfbuzz.so.0",
    "libfontconfig.so.1",
    "libpangoft2-1.0.so.0",
)
"""What the PDF engine loads, by the names it has on Linux."""

WORDS = "Ready"


@dataclass(frozen=True)
class Need:
    """Something the machine must have: how to find out, and the packages that bring it."""

    name: str
    missing: Callable[[], bool]
    debian: tuple[str, ...]
    fedora: str
    macos: str
    tests_only: bool = False
    stops: bool = False
    """Whether the tests cannot run without it."""


def in_venv() -> bool:
    """Whether this Python belongs to a virtual environment."""
    return sys.prefix != sys.base_prefix


def no_venv() -> bool:
    """Whether this Python cannot make a virtual environment with pip."""
    if in_venv():
        return False
    with TemporaryDirectory() as folder:
        return _fails(sys.executable, "-m", "venv", f"{folder}/venv")


def no_pango() -> bool:
    """Whether the PDF engine cannot be loaded."""
    if not in_venv():
        return not all(map(_loads, LIBRARIES))
    from evaluator.errors import EvaluatorError

    try:
        _small_pdf()
    except EvaluatorError:
        return True
    return False


def no_subsetter() -> bool:
    """Whether the PDF engine has no HarfBuzz-Subset."""
    if not in_venv():
        return not _loads("libharfbuzz-subset.so.0")
    from evaluator.reports.paper.pdf import subsetter_found

    return no_pango() or not subsetter_found()


def no_fonts() -> bool:
    """Whether fontconfig does not find the fonts of the theme: the letters of a small PDF are not in it."""
    if not in_venv() or no_pango():
        return False
    return not set(WORDS) <= set(_letters(_small_pdf()))


def no_git() -> bool:
    """Whether git cannot make a repository."""
    with TemporaryDirectory() as folder:
        return _fails("git", "init", "--quiet", folder)


def no_ssh_keygen() -> bool:
    """Whether ssh-keygen cannot make a key."""
    with TemporaryDirectory() as folder:
        return _fails("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{folder}/key")


NEEDS = (
    Need(
        "the Python module venv", no_venv, (f"python3.{sys.version_info.minor}-venv",), "python3", "python", stops=True
    ),
    Need(
        "the text-layout library Pango",
        no_pango,
        ("libpango-1.0-0", "libpangoft2-1.0-0"),
        "pango",
        "pango",
        stops=True,
    ),
    Need("the font library HarfBuzz-Subset", no_subsetter, ("libharfbuzz-subset0",), "harfbuzz", "harfbuzz"),
    Need("the settings of fontconfig", no_fonts, ("fontconfig-config",), "fontconfig", "fontconfig", stops=True),
    Need("git", no_git, ("git",), "git", "git", tests_only=True, stops=True),
    Need("ssh-keygen", no_ssh_keygen, ("openssh-client",), "openssh-clients", "openssh", tests_only=True),
)


def _small_pdf() -> bytes:
    from evaluator.reports.paper.assets import Assets
    from evaluator.reports.paper.pdf import to_pdf

    html = f"<html lang='en'><title>{WORDS}</title><p>{WORDS}"
    return to_pdf(html, Assets.of([ROOT / "reports"]), stamped=date(2026, 1, 1))


def _letters(pdf: bytes) -> Iterator[str]:
    """The letters that the fonts in a PDF have, by the tables that lead from a glyph to its letter."""
    for found in re.finditer(rb"/Length (\d+)[^\n]*>>\nstream\n", pdf):
        try:
            content = zlib.decompress(pdf[found.end() : found.end() + int(found[1])])
        except zlib.error:
            continue
        for code in re.findall(rb"<[0-9a-fA-F]+> <([0-9a-fA-F]{4})>", content):
            yield chr(int(code, 16))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _fails(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode != 0  # noqa: S603 - our own words
    except OSError:
        return True


def sentence(missing: list[Need]) -> str:
    """What to install on Debian, Fedora and macOS."""
    names = [need.name for need in missing]
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if names[1:] else names[0]
    debian = " ".join(package for need in missing for package in need.debian)
    fedora = " ".join(dict.fromkeys(need.fedora for need in missing))
    macos = " ".join(dict.fromkeys(need.macos for need in missing))
    return (
        f"this machine lacks {listed}; as root: apt-get install {debian} "
        f"(Fedora: dnf install {fedora}; macOS: brew install {macos}); then run make again."
    )


def main(arguments: list[str]) -> int:
    """Carry out what the arguments ask; the exit code."""
    if len(arguments) != 2 or arguments[0] not in {"packages", "sentence"} or arguments[1] not in {"run", "dev"}:  # noqa: PLR2004
        print("usage: needs.py packages|sentence run|dev", file=sys.stderr)
        return 2
    tests = arguments[1] == "dev"
    logging.disable()  # the program's own line about a missing library
    missing = [need for need in NEEDS if (tests or not need.tests_only) and need.missing()]
    if arguments[0] == "packages":
        print(*(package for need in missing for package in need.debian))
        return 0
    if missing:
        print(f"setup: {sentence(missing)}", file=sys.stderr)
    return int(any(need.stops and (tests or need.missing is no_venv) for need in missing))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
