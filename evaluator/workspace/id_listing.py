"""The ids that a workspace holds, found line by line without reading it whole: what a shell may complete."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from evaluator.model.file_names import no_scorecards, scorecard_folders
from evaluator.workspace import containment
from evaluator.workspace.containment import find_root

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_LISTED = re.compile(r"^ *- id: *([a-z0-9-]+) *$", re.ASCII | re.MULTILINE)
_FAMILY = re.compile(r"^family: *([a-z0-9-]+) *$", re.ASCII | re.MULTILINE)


def listed_ids(folder: Path, kind: str) -> list[str]:
    """Return the ids of ``kind`` in the workspace around ``folder``, sorted; files that cannot be read hold none.

    Raises:
        EvaluatorError: there is no workspace.
    """
    root = find_root(folder)
    return sorted({name for name in _KINDS[kind](root) if _ID.fullmatch(name)})


def _vendors(root: Path) -> Iterator[str]:
    return _names(root, "vendors", folders=True)


def _assessors(root: Path) -> Iterator[str]:
    for vendor in _vendors(root):
        for folder in scorecard_folders(vendor, _names(root, f"vendors/{vendor}", folders=True)):
            names = _names(root, folder)
            yield from (name for name in names if f"{folder}/{name}.yaml" not in no_scorecards(vendor))


def _criteria(root: Path) -> Iterator[str]:
    for text in _criteria_files(root):
        yield from _LISTED.findall(text)


def _families(root: Path) -> Iterator[str]:
    for text in _criteria_files(root):
        yield from _FAMILY.findall(text)


def _closed_reviews(root: Path) -> Iterator[str]:
    for name in _names(root, "reports", folders=True):
        if any(entry.name == "record.json" for entry in _entries(root, f"reports/{name}")):
            yield name


def _names(root: Path, folder: str, *, folders: bool = False) -> Iterator[str]:
    """The names of the folders in ``folder``, or of its YAML files without their ending."""
    for entry in _entries(root, folder):
        if folders and entry.is_folder:
            yield entry.name
        elif not folders and not entry.is_folder and entry.name.endswith(".yaml"):
            yield entry.name.removesuffix(".yaml")


def _criteria_files(root: Path) -> Iterator[str]:
    for name in _names(root, "criteria"):
        text = _text(root, f"criteria/{name}.yaml")
        if _FAMILY.search(text):
            yield text


def _entries(root: Path, folder: str) -> tuple[containment.FolderEntry, ...]:
    found = containment.folder(root, folder)
    return found if isinstance(found, tuple) else ()


def _text(root: Path, name: str) -> str:
    found = containment.read(root, name)
    return found.decode("utf-8", "replace") if isinstance(found, bytes) else ""


_KINDS: dict[str, Callable[[Path], Iterator[str]]] = {
    "vendors": _vendors,
    "criteria": _criteria,
    "families": _families,
    "assessors": _assessors,
    "stakeholders": lambda root: _names(root, "weights"),
    "open-reviews": lambda root: (name for name in _names(root, "reviews") if name != "log"),
    "closed-reviews": _closed_reviews,
}
