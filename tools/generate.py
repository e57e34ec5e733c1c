"""Writes what is generated, or with --check says what is stale.

python tools/generate.py            write
python tools/generate.py --check    exit 1 and name the files that differ
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import content_page
import file_schemas
import pages
import releases

from evaluator.workspace.file_reader import KINDS

ROOT = Path(__file__).resolve().parent.parent

PAGES: list[tuple[str, Callable[[], str]]] = [
    *((f"schemas/{kind}.schema.json", partial(file_schemas.schema_text, kind)) for kind in KINDS),
    ("schemas/result.schema.json", pages.result_schema_text),
    ("docs/commands.md", pages.commands_page),
    ("docs/files.md", pages.files_page),
    ("docs/content.md", content_page.content_page),
    ("criteria/releases.json", releases.releases_text),
]
"""Each generated file and what makes its text; add a line for a new one."""


def stale(root: Path = ROOT) -> list[str]:
    """The generated files that are missing or differ from what would be written now."""
    return [name for name, make in PAGES if _text(root / name) != make()]


def write(root: Path = ROOT) -> list[str]:
    """Writes what is stale, and gives its names."""
    names = stale(root)
    for name, make in PAGES:
        if name in names:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(make(), encoding="utf-8", newline="\n")
    return names


def _text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return None


def main(arguments: list[str]) -> int:
    """Carries out what the arguments ask; the exit code."""
    if arguments not in ([], ["--check"]):
        print("usage: generate.py [--check]", file=sys.stderr)
        return 2
    if arguments:
        names = stale()
        for name in names:
            print(f"{name} is stale: run `make generate` and commit it", file=sys.stderr)
        return 1 if names else 0
    for name in write():
        print(f"wrote {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
