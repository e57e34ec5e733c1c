"""Whether a closed review is still what was issued: every changed byte is found, and its file and field are named."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from evaluator.errors import EvaluatorError, Problem
from evaluator.model.closed_review import Tampering
from evaluator.reviews.record_files import (
    RECORD,
    SIGNATURE,
    SUMS,
    Stored,
    UnreadableRecordError,
    canonical,
    checksums,
    parts,
    read_file,
    read_record,
    review_folder,
    seal_of,
    sha256,
)
from evaluator.workspace import containment
from evaluator.workspace.containment import shown

_LISTED = 20


def tampering(root: Path, review: str) -> tuple[Stored | None, tuple[Tampering, ...]]:
    """The record, where it can be read, and everything in its folder that differs from what was issued.

    Raises :class:`EvaluatorError` where there is no such review.
    """
    try:
        stored = read_record(root, review)
    except UnreadableRecordError as error:
        return None, (Tampering(RECORD, str(error)), *_papers_by_sums(root, review))
    found = [*_record(stored), *_folder(root, stored)]
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


def _folder(root: Path, stored: Stored) -> Iterator[Tampering]:
    """What is wrong with the papers and the checksum file, given a record that can be read."""
    issued: dict[str, Any] = stored.data["files"]
    present: dict[str, str] = {}
    for name in sorted(issued):
        data = read_file(root, stored.name, name)
        if isinstance(data, Problem):
            yield Tampering(shown(name), data.message)
            continue
        present[name] = sha256(data)
        if present[name] != issued[name]:
            yield Tampering(shown(name), "the file is not the one that was issued")
    present[RECORD] = sha256(stored.raw)
    yield from _sums(root, stored, present, issued)
    known = {*issued, RECORD, SUMS, SIGNATURE}
    entries = containment.folder(root.resolve(), f"reports/{stored.name}", links=False)
    for entry in entries if isinstance(entries, tuple) else ():
        if entry.name not in known:
            yield Tampering(shown(entry.name), "the file is not part of the review")


def _sums(root: Path, stored: Stored, present: Mapping[str, str], issued: Mapping[str, Any]) -> Iterator[Tampering]:
    """The checksum file against the papers as the record knows them and the record as it lies there."""
    data = read_file(root, stored.name, SUMS)
    if isinstance(data, Problem):
        yield Tampering(SUMS, data.message)
        return
    if data == checksums(present):
        return
    whole = stored.data["seal"] == seal_of(stored.data) and canonical(stored.data) == stored.raw
    found = _lines(data)
    if found is None:
        yield Tampering(SUMS, "it is not a list of checksums")
    elif {*found} != {*issued, RECORD}:
        yield Tampering(SUMS, "it lists other files than were issued")
    elif whole and found[RECORD] != present[RECORD]:
        yield Tampering(SUMS, "the record is whole, but its checksum is another; one of the two was replaced", RECORD)
    elif any(found[name] != issued[name] for name in issued):
        names = ", ".join(shown(name) for name in issued if found[name] != issued[name])
        yield Tampering(SUMS, "the checksum differs from the one in the record", names)
    elif all(found[name] == digest for name, digest in present.items()):
        yield Tampering(SUMS, "its layout was changed")


def _papers_by_sums(root: Path, review: str) -> Iterator[Tampering]:
    """The papers against the checksum file alone, where the record cannot be read."""
    data = read_file(root, review, SUMS)
    if isinstance(data, Problem):
        yield Tampering(SUMS, data.message)
        return
    found = _lines(data)
    if found is None:
        yield Tampering(SUMS, "it is not a list of checksums")
        return
    for name, digest in sorted(found.items()):
        content = read_file(root, review, name) if name != RECORD else b""
        if isinstance(content, Problem):
            yield Tampering(shown(name), content.message)
        elif name != RECORD and sha256(content) != digest:
            yield Tampering(shown(name), "the file is not the one that was issued")


def _lines(data: bytes) -> dict[str, str] | None:
    try:
        rows = [line.partition("  ") for line in data.decode("utf-8").splitlines()]
    except UnicodeDecodeError:
        return None
    return {name: digest for digest, _, name in rows} if all(gap for _, gap, _ in rows) else None


def _first_difference(one: bytes, other: bytes) -> int:
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))


def broken_chain(root: Path, stored: Stored) -> tuple[str, Tampering | None]:
    """Whether the record of the previous review is the one that this review was closed upon.

    A note where it is not at hand, and a :class:`Tampering` where it is another.
    """
    since = stored.data.get("since")
    if not isinstance(since, dict):
        return "", None
    name = str(since.get("edition"))
    try:
        before = review_folder(root, name) / RECORD
    except EvaluatorError as error:
        return "", Tampering(RECORD, f"the previous review cannot be found: {str(error).rstrip('.')}", "since.edition")
    if not os.path.lexists(before):
        return f"The previous review, {name}, is not in this workspace.", None
    data = read_file(root, name, RECORD)
    if isinstance(data, Problem):
        return "", Tampering(f"reports/{name}/{RECORD}", data.message)
    if sha256(data) != since.get("record"):
        finding = f"it is not the record of {name} that the review {stored.name} was closed upon"
        return "", Tampering(f"reports/{name}/{RECORD}", finding)
    return "", None
