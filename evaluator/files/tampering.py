"""Whether a closed edition is still what was issued: every changed byte is found, and its file and field are named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from evaluator.errors import EvaluatorError
from evaluator.files.inside import shown
from evaluator.files.records import (
    RECORD,
    SUMS,
    Stored,
    UnreadableRecordError,
    canonical,
    checksums,
    edition_folder,
    parts,
    read_record,
    seal_of,
    sha256,
)
from evaluator.models.record import Tampering

_LISTED = 20


def tampering(root: Path, edition: str) -> tuple[Stored | None, tuple[Tampering, ...]]:
    """The record, where it can be read, and everything in the edition's folder that differs from what was issued.

    Raises :class:`EvaluatorError` where there is no such edition.
    """
    try:
        stored = read_record(root, edition)
    except UnreadableRecordError as error:
        folder = edition_folder(root, edition)
        return None, (Tampering(RECORD, str(error)), *_papers_by_sums(folder))
    found = [*_record(stored), *_folder(stored)]
    return stored, tuple(found)


def _record(stored: Stored) -> Iterator[Tampering]:
    """What is wrong inside the record."""
    expected = canonical(stored.data)
    if expected != stored.raw:
        yield Tampering(RECORD, f"from byte {_first_difference(expected, stored.raw)} on it is not in canonical form")
    if stored.data["seal"] == seal_of(stored.data):
        return
    changed = list(_changed_parts(stored.data))
    for path, finding in changed[:_LISTED]:
        yield Tampering(RECORD, finding, path)
    if len(changed) > _LISTED:
        yield Tampering(RECORD, f"and {len(changed) - _LISTED} more fields")
    if not changed:
        yield Tampering(RECORD, "the seal is not that of the record", "seal")


def _changed_parts(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    then, now = record["parts"], dict(parts(record))
    for path in sorted({*then, *now}):
        if then.get(path) == now.get(path):
            continue
        if path not in now:
            yield path, "the field is gone, or its digest was added"
        elif path not in then:
            yield path, "the field was added, or its digest is gone"
        else:
            yield (
                (f"parts.{path}", "its digest was changed")
                if _only_digest(record, path, now[path])
                else (
                    path,
                    "the field was changed",
                )
            )


def _only_digest(record: Mapping[str, Any], path: str, digest: str) -> bool:
    """Whether the record is whole again once the digest of one part is put right."""
    return bool(record["seal"] == seal_of({**record, "parts": {**record["parts"], path: digest}}))


def _folder(stored: Stored) -> Iterator[Tampering]:
    """What is wrong with the papers and the checksum file, given a record that can be read."""
    issued: dict[str, Any] = stored.data["files"]
    present: dict[str, bytes] = {}
    for name in sorted(issued):
        data = _read(stored.folder, name)
        if data is None:
            yield Tampering(name, "the file is missing or cannot be read")
            continue
        present[name] = data
        if sha256(data) != issued[name]:
            yield Tampering(name, "the file is not the one that was issued")
    present[RECORD] = stored.raw
    yield from _sums(stored, present, issued)
    known = {*issued, RECORD, SUMS}
    for entry in sorted(stored.folder.iterdir()):
        if entry.name not in known:
            yield Tampering(shown(entry.name), "the file is no part of the edition")


def _sums(stored: Stored, present: Mapping[str, bytes], issued: Mapping[str, Any]) -> Iterator[Tampering]:
    """The checksum file against the papers as the record knows them and the record as it lies there."""
    data = _read(stored.folder, SUMS)
    if data is None:
        yield Tampering(SUMS, "the file is missing or cannot be read")
        return
    if data == checksums(present):
        return
    whole = stored.data["seal"] == seal_of(stored.data) and canonical(stored.data) == stored.raw
    found = _lines(data)
    if found is None:
        yield Tampering(SUMS, "it is no list of checksums")
    elif {*found} != {*issued, RECORD}:
        yield Tampering(SUMS, "it lists other files than were issued")
    elif whole and found[RECORD] != sha256(stored.raw):
        yield Tampering(SUMS, "the record is whole, but its checksum is another; one of the two was replaced", RECORD)
    elif any(found[name] != issued[name] for name in issued):
        names = ", ".join(name for name in issued if found[name] != issued[name])
        yield Tampering(SUMS, "the checksum differs from the one in the record", names)
    elif all(found[name] == sha256(content) for name, content in present.items()):
        yield Tampering(SUMS, "its layout was changed")


def _papers_by_sums(folder: Path) -> Iterator[Tampering]:
    """The papers against the checksum file alone, where the record cannot be read."""
    data = _read(folder, SUMS)
    found = _lines(data) if data is not None else None
    if found is None:
        yield Tampering(SUMS, "the file is missing or no list of checksums")
        return
    for name, digest in sorted(found.items()):
        content = _read(folder, name)
        if name != RECORD and (content is None or sha256(content) != digest):
            yield Tampering(shown(name), "the file is not the one that was issued")


def _lines(data: bytes) -> dict[str, str] | None:
    try:
        rows = [line.partition("  ") for line in data.decode("utf-8").splitlines()]
    except UnicodeDecodeError:
        return None
    return {name: digest for digest, _, name in rows} if all(gap for _, gap, _ in rows) else None


def _read(folder: Path, name: str) -> bytes | None:
    """A file of the edition; nothing that lies outside of its folder."""
    path = folder / name
    try:
        if path.name != name or path.is_symlink() or not path.is_file():
            return None
        return path.read_bytes()
    except (OSError, ValueError):
        return None


def _first_difference(one: bytes, other: bytes) -> int:
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))


def broken_chain(root: Path, stored: Stored) -> tuple[str, Tampering | None]:
    """Whether the record of the edition before is the one that this edition was closed upon.

    A note where it is not at hand, and a :class:`Tampering` where it is another.
    """
    since = stored.data.get("since")
    if not isinstance(since, dict):
        return "", None
    name = str(since.get("edition"))
    try:
        before = edition_folder(root, name) / RECORD
    except EvaluatorError:
        return "", Tampering(RECORD, "the edition before has no possible name", "since.edition")
    if not before.is_file():
        return f"The edition before, {name}, is not in this workspace.", None
    if sha256(before.read_bytes()) != since.get("record"):
        finding = f"it is not the record of {name} that the edition {stored.edition} was closed upon"
        return "", Tampering(f"reports/{name}/{RECORD}", finding)
    return "", None
