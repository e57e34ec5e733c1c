"""Verifying closed reviews: every changed byte is found and every figure computed again; and comparing two of them."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from evaluator import __version__
from evaluator.change.review_differences import ComparedReview, change
from evaluator.characters import safe_line
from evaluator.errors import EvaluatorError, Problem
from evaluator.evaluation.evaluate import evaluate
from evaluator.model.change import NOW, Change
from evaluator.model.closed_review import Engine, FigureChange, SignatureState, Tampering, Verification
from evaluator.model.renamed_keys import present_key, present_word
from evaluator.model.workspace import Workspace
from evaluator.reports.json_contract import result_data
from evaluator.reviews.record import Place, UnusableRecordError, closed_review, compared_review, engine
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
)
from evaluator.reviews.signatures import Signers, signature_of
from evaluator.reviews.state import open_at
from evaluator.workspace import containment
from evaluator.workspace.disk import sha256


def verify(root: Path, name: str, signers: Signers | None = None) -> Verification:
    """Whether a closed review is as it was issued, whether the tool at hand computes its figures, and who signed it.

    Args:
        root: the workspace.
        name: the name of the review.
        signers: who may sign; without it a signature is checked, and its signer is not.

    Raises :class:`EvaluatorError` where there is no such review, or its signer cannot be checked.
    """
    stored, found = tampering(root, name)
    record = stored.data if stored else {}
    closed = day_of(record.get("closed"))
    signature = signature_of(root, name, closed, signers)
    if signature.state is SignatureState.WRONG:
        found = (*found, Tampering(SIGNATURE, signature.finding))
    figures: tuple[FigureChange, ...] = ()
    note = unusable = ""
    if stored:
        note, broken = broken_chain(root, stored)
        found = (*found, *([broken] if broken else []))
        try:
            figures = figure_changes(record["result"], result_data(closed_review(stored).result()))
        except UnusableRecordError as error:
            unusable = str(error)
    return Verification(
        name,
        day_of(record.get("as_of")),
        closed,
        found,
        figures,
        _recorded_by(stored) if stored else None,
        engine(),
        notes=(note,) if note else (),
        unusable=unusable,
        signature=signature,
        signer_wanted=signers is not None,
    )


def day_of(value: object) -> date | None:
    """The date that a record has as text; None where it is none."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _recorded_by(stored: Stored) -> Engine:
    """The tool that computed the recorded figures, as a record says that may have been tampered with."""
    found = stored.data.get("engine")
    found = found if isinstance(found, dict) else {}
    rules = found.get("rules", 1)
    return Engine(str(found.get("version", "unknown")), rules if type(rules) is int else None)


def diff(place: Place | None, root: Path, old: str, new: str, as_of: date | None = None) -> tuple[Workspace, Change]:
    """What changed from one review to another, or to ``now``; with the content of the newer one, for its titles."""
    if old == new:
        raise EvaluatorError(f"Name two reviews; {old} is the same as {new}.")
    before, after = _either(place, root, old, as_of), _either(place, root, new, as_of)
    return after.result.workspace, change(before, after)


def _either(place: Place | None, root: Path, name: str, as_of: date | None) -> ComparedReview:
    if name != NOW:
        return compared_review(root, name)
    if place is None:
        raise EvaluatorError("The workspace has errors. Run `evaluator check`, fix them and try again.")
    result = evaluate(place.workspace, as_of or place.workspace.evaluation.as_of, version=__version__)
    opened = open_at(place.root, result.as_of)
    return ComparedReview(NOW, result, __version__, approved=opened.approved if opened else None)


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
        elif _only_digest(record, path, now[path]):
            yield f"parts.{path}", "its digest was changed"
        else:
            yield path, "the field was changed"


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
            yield Tampering(safe_line(name), data.message)
            continue
        present[name] = sha256(data)
        if present[name] != issued[name]:
            yield Tampering(safe_line(name), "the file is not the one that was issued")
    present[RECORD] = sha256(stored.raw)
    yield from _sums(root, stored, present, issued)
    known = {*issued, RECORD, SUMS, SIGNATURE}
    entries = containment.folder(root.resolve(), f"reports/{stored.name}", links=False, on_disk=True)
    for entry in entries if isinstance(entries, tuple) else ():
        if entry.name not in known:
            yield Tampering(safe_line(entry.name), "the file is not part of the review")


def _sums(root: Path, stored: Stored, present: Mapping[str, str], issued: Mapping[str, Any]) -> Iterator[Tampering]:
    """The checksum file against the papers as the record knows them and the record as it lies there."""
    data = read_file(root, stored.name, SUMS)
    if data == checksums(present):
        return
    whole = stored.data["seal"] == seal_of(stored.data) and canonical(stored.data) == stored.raw
    found = _lines(data)
    if isinstance(found, str):
        yield Tampering(SUMS, found)
    elif {*found} != {*issued, RECORD}:
        yield Tampering(SUMS, "it lists other files than were issued")
    elif whole and found[RECORD] != present[RECORD]:
        yield Tampering(SUMS, "the record is whole, but its checksum is another; one of the two was replaced", RECORD)
    elif any(found[name] != issued[name] for name in issued):
        names = ", ".join(safe_line(name) for name in issued if found[name] != issued[name])
        yield Tampering(SUMS, "the checksum differs from the one in the record", names)
    elif all(found[name] == digest for name, digest in present.items()):
        yield Tampering(SUMS, "its layout was changed")


def _papers_by_sums(root: Path, review: str) -> Iterator[Tampering]:
    """The papers against the checksum file alone, where the record cannot be read."""
    found = _lines(read_file(root, review, SUMS))
    if isinstance(found, str):
        yield Tampering(SUMS, found)
        return
    for name, digest in sorted(found.items()):
        content = read_file(root, review, name) if name != RECORD else b""
        if isinstance(content, Problem):
            yield Tampering(safe_line(name), content.message)
        elif name != RECORD and sha256(content) != digest:
            yield Tampering(safe_line(name), "the file is not the one that was issued")


def _lines(data: bytes | Problem) -> dict[str, str] | str:
    """The digests in a checksum file by name; what is wrong with it where it is none."""
    if isinstance(data, Problem):
        return data.message
    try:
        rows = [line.partition("  ") for line in data.decode("utf-8").splitlines()]
    except UnicodeDecodeError:
        rows = [("", "", "")]
    if not all(gap for _, gap, _ in rows):
        return "it is not a list of checksums"
    return {name: digest for digest, _, name in rows}


def _first_difference(one: bytes, other: bytes) -> int:
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))


def broken_chain(root: Path, stored: Stored) -> tuple[str, Tampering | None]:
    """Whether the record of the previous review is the one that this review was closed upon.

    A note where it is not at hand, and a :class:`Tampering` where it is another.
    """
    since = stored.present.get("since")
    if not isinstance(since, dict):
        return "", None
    name = str(since.get("review"))
    try:
        before = review_folder(root, name) / RECORD
    except EvaluatorError as error:
        return "", Tampering(RECORD, f"the previous review cannot be found: {str(error).rstrip('.')}", "since.review")
    if not os.path.lexists(before):
        return f"The previous review, {name}, is not in this workspace.", None
    data = read_file(root, name, RECORD)
    if isinstance(data, Problem):
        return "", Tampering(f"reports/{name}/{RECORD}", data.message)
    if sha256(data) != since.get("record"):
        finding = f"it is not the record of {name} that the review {stored.name} was closed upon"
        return "", Tampering(f"reports/{name}/{RECORD}", finding)
    return "", None


TOLERANCE = 1e-9
"""Figures closer than this are the same: another processor may round the last digit differently."""
NOT_FIGURES = frozenset({"digest", "version", "workspace", "review", "changes"})
"""Parts of a result that are inputs, or computed from more than one review."""
_SENTENCE = "reason"
"""Says a gate's outcome in words, which another version may word otherwise; the outcome itself is compared."""
_CHECKS = "final"
"""The checks of a final paper go by their id: one that a later version adds is no difference."""
_KEYS = ("id", "option", "criterion", "use_case")


def figure_changes(recorded: Mapping[str, Any], computed: Mapping[str, Any]) -> tuple[FigureChange, ...]:
    """Every figure of the recorded result that this version of the tool computes differently or no longer has.

    Both as plain JSON data. What only this version computes is no difference, and neither is an old name of a key or word or another sentence.
    """
    return tuple(_walk("", recorded, computed, NOT_FIGURES))


def _walk(path: str, then: Any, now: Any, skipped: Collection[str] = ()) -> Iterator[FigureChange]:
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        for key, value in then.items():
            if key not in skipped and key != _SENTENCE:
                found = now.get(present_key(key, now))
                recorded = value if value == found else present_word(key, value)
                yield from _walk(f"{path}.{key}" if path else key, recorded, found)
    elif path == _CHECKS and _is_list(then) and _is_list(now):
        known = {_name(item, place): item for place, item in enumerate(now)}
        for place, item in enumerate(then):
            yield from _walk(f"{path}[{_name(item, place)}]", item, known.get(_name(item, place)))
    elif _is_list(then) and _is_list(now):
        for place in range(max(len(then), len(now))):
            one, other = (side[place] if place < len(side) else None for side in (then, now))
            yield from _walk(f"{path}[{_name(one or other, place)}]", one, other)
    elif not _same(then, now):
        yield FigureChange(path, then, now)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _name(item: Any, place: int) -> str:
    if isinstance(item, Mapping):
        for key in _KEYS:
            if isinstance(item.get(key), str):
                return str(item[key])
    return str(place)


def _same(then: Any, now: Any) -> bool:
    if isinstance(then, bool) or isinstance(now, bool):
        return then is now
    if isinstance(then, int | float) and isinstance(now, int | float):
        return abs(then - now) <= TOLERANCE
    return bool(then == now)
