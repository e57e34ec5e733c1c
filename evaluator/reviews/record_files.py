"""Closed reviews on disk: one folder each, with a canonical, hashed record, the papers, checksums, and perhaps a signature."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from evaluator.errors import EvaluatorError, Problem, one_line, quoted
from evaluator.model.renamed_keys import RECORD_SCHEMAS, present_record
from evaluator.workspace import containment
from evaluator.workspace.disk import MAX_BYTES, sha256
from evaluator.workspace.transaction import create_folder

RECORD = "record.json"
SUMS = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.sig"
"""The signature of the checksum file, under the name that ``ssh-keygen -Y sign`` gives it."""
RESERVED = frozenset({"templates", "theme", "now", "all", "log"})
"""Folders of ``reports/`` that are no closed reviews, words that commands take in the place of one, and the log beside the reviews."""

MAX_RECORD = 64_000_000
MAX_PAPER = 256_000_000
"""The largest record and the largest paper that are read, and so the largest that are written; in bytes."""
MAX_DEPTH = 64
"""How deep the values of a record may be nested; what the tool writes stays below 20."""
MAX_NUMBER = 2**63
"""No number of a record is as large as this: larger ones overflow in arithmetic."""

_REVIEW_NAME = re.compile(r"(?!.{65})[a-z0-9]+(-[a-z0-9]+)*\Z")
_SHORT = 16
_LONGEST_NUMBER = 20
"""Characters of a whole number below :data:`MAX_NUMBER`, with its sign."""
_KEYS = ("id", "assessor", "option", "criterion", "use_case")
"""What names an item of a list, for people."""
_NEEDED = {"review": str, "as_of": str, "workspace": dict, "result": dict, "files": dict, "parts": dict, "seal": str}
"""What a record must have to be held against its seal."""
_DEPTHS = {"workspace": 7, "result": 3}
_DEPTH = 2

Json = dict[str, Any]


class UnreadableRecordError(EvaluatorError):
    """A record that cannot be read at all."""


def canonical(data: object) -> bytes:
    """``data`` as JSON in its only form: sorted keys, no spaces, UTF-8, a line feed at the end."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8") + b"\n"


def review_folder(root: Path, review: str) -> Path:
    """Where the closed review lies or will lie.

    Raises :class:`EvaluatorError` for what cannot be its name, and where a link stands in the way.
    """
    if review in RESERVED:
        raise EvaluatorError(f"'{review}' cannot name a review: it is a reserved word. Use a name such as 2027.")
    if not _REVIEW_NAME.match(review):
        raise EvaluatorError(
            f"{quoted(review)} cannot name a review; use lower-case letters, digits and hyphens, such as 2027."
        )
    base = root.resolve()
    for folder in (base / "reports", base / "reports" / review):
        if folder.is_symlink():
            raise EvaluatorError(_is_link(folder.relative_to(base).as_posix()))
    return base / "reports" / review


def _is_link(name: str) -> str:
    return (
        f"{quoted(name)} is a link, and closed reviews are not read through links: replace it with the folder itself."
    )


def closed_review_names(root: Path) -> tuple[str, ...]:
    """The closed reviews of the workspace, by name; also those that cannot be read, so that whoever asks for them is told.

    Raises :class:`EvaluatorError` where their folder is a link or cannot be read.
    """
    found = containment.folder(root.resolve(), "reports", links=False, on_disk=True)
    if isinstance(found, Problem):
        if found.code == "not-a-folder":
            return ()
        raise EvaluatorError(_is_link(found.file) if found.code == "link" else f"'reports': {found.message}.")
    return tuple(
        entry.name
        for entry in found
        if _REVIEW_NAME.match(entry.name)
        and entry.name not in RESERVED
        and (entry.is_link or any(os.path.lexists(root / "reports" / entry.name / name) for name in (RECORD, SUMS)))
    )


def read_file(root: Path, review: str, name: str) -> bytes | Problem:
    """A file of a closed review as it lies on disk: bounded, never through a link, and nothing outside of its folder."""
    if "/" in name or "\\" in name or "\0" in name or name in {"", ".", ".."}:
        return Problem("not-a-file", "no file of a review can have this name", name)
    most = MAX_RECORD if name == RECORD else MAX_BYTES if name in {SUMS, SIGNATURE} else MAX_PAPER
    return containment.read(root.resolve(), f"reports/{review}/{name}", links=False, most=most, on_disk=True)


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as it lies on disk."""

    folder: Path
    raw: bytes
    data: Json

    @property
    def present(self) -> Json:
        """Its data under the keys of today."""
        return present_record(self.data)

    @property
    def name(self) -> str:
        """The name of the review."""
        return str(self.present["review"])


def read_record(root: Path, review: str) -> Stored:
    """The record of a closed review, as far as its seal can be checked from it.

    Raises:
        UnreadableRecordError: it is no JSON, or no record that this version of the tool knows.
        EvaluatorError: there is no such review.
    """
    folder = review_folder(root, review)
    if not any(os.path.lexists(folder / name) for name in (RECORD, SUMS)):
        known = closed_review_names(root)
        listed = f"the closed ones are {', '.join(known)}" if known else "none is closed yet"
        raise EvaluatorError(f"There is no closed review {quoted(review)}; {listed}.")
    raw = read_file(root, review, RECORD)
    if isinstance(raw, Problem):
        raise UnreadableRecordError(raw.message)
    return Stored(folder, raw, _checked(_parsed(raw), review))


def _parsed(raw: bytes) -> Any:
    try:
        data = json.loads(
            raw.decode("utf-8"),
            parse_constant=_number,
            parse_float=_number,
            parse_int=_whole,
            object_pairs_hook=_unique,
        )
        _bounded(data)
        canonical(data)
    except UnicodeDecodeError as error:
        raise UnreadableRecordError(f"the byte at position {error.start} is not UTF-8") from error
    except UnicodeEncodeError as error:
        raise UnreadableRecordError("it holds half of a Unicode character (a lone surrogate)") from error
    except json.JSONDecodeError as error:
        raise UnreadableRecordError(f"it is no JSON from line {error.lineno}, column {error.colno} on") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableRecordError("it is no JSON that can be read") from error
    return data


def _checked(data: Any, review: str) -> Json:
    """The record, with as much as its seal and verification need."""
    schema = data.get("schema") if isinstance(data, dict) else None
    if schema not in RECORD_SCHEMAS:
        raise UnreadableRecordError(f"its schema is {one_line(schema)}, expected {' or '.join(RECORD_SCHEMAS)}")
    record = present_record(data)
    for key, kind in _NEEDED.items():
        if not isinstance(record.get(key), kind):
            raise UnreadableRecordError(f"its field {key} is missing or of another type")
    if record["review"] != review:
        raise UnreadableRecordError(f"it says that it is the review {one_line(record['review'])}")
    return dict(data)


def _number(text: str) -> float:
    """A finite number: JSON knows no other."""
    number = float(text)
    if not isfinite(number):
        raise UnreadableRecordError(f"it holds the number {one_line(text, 20)}, which is not finite")
    return number


def _whole(text: str) -> int:
    number = int(text) if len(text) <= _LONGEST_NUMBER else MAX_NUMBER
    if abs(number) >= MAX_NUMBER:
        raise UnreadableRecordError(f"it holds the number {one_line(text, 20)}, which is too large")
    return number


def _unique(pairs: list[tuple[str, Any]]) -> Json:
    found: Json = {}
    for name, value in pairs:
        if name in found:
            raise UnreadableRecordError(f"it holds the key {one_line(name)} twice in one place")
        found[name] = value
    return found


def _bounded(data: object) -> None:
    """Refuse what is nested so deep that functions which call themselves would fail on it."""
    layer: list[object] = [data]
    for _ in range(MAX_DEPTH):
        layer = [inner for value in layer if isinstance(value, dict | list) for inner in _inner(value)]
        if not layer:
            return
    raise UnreadableRecordError(f"its values are nested more than {MAX_DEPTH} deep")


def _inner(value: Json | list[Any]) -> Iterable[object]:
    return value.values() if isinstance(value, dict) else value


def sealed(record: Mapping[str, Any]) -> Json:
    """``record`` with a short digest of every part and, over everything, its seal."""
    body = {key: value for key, value in record.items() if key not in {"parts", "seal"}}
    body["parts"] = dict(parts(body))
    return {**body, "seal": seal_of(body)}


def seal_of(record: Mapping[str, Any]) -> str:
    """SHA-256 over the record without its seal."""
    return sha256(canonical({key: value for key, value in record.items() if key != "seal"}))


def is_sealed(stored: Stored) -> bool:
    """Whether the record is in its only form and its seal is that of its content."""
    return canonical(stored.data) == stored.raw and stored.data["seal"] == seal_of(stored.data)


def parts(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Path and short digest of every part: inputs down to the single answer and fact, everything else by its main fields.

    They only locate a difference; what guards the record is its seal and the checksum file.
    """
    for key in sorted(record):
        if key not in {"parts", "seal"}:
            yield from _parts(key, record[key], _DEPTHS.get(key, _DEPTH) - 1)


def _parts(path: str, value: Any, depth: int) -> Iterator[tuple[str, str]]:
    if depth > 0 and isinstance(value, dict) and value:
        for key in sorted(value):
            yield from _parts(f"{path}.{key}", value[key], depth - 1)
    elif depth > 0 and isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        for place, item in enumerate(value):
            yield from _parts(f"{path}.{item_name(item, place)}", item, depth - 1)
    else:
        yield path, sha256(canonical(value))[:_SHORT]


def item_name(item: Mapping[str, Any], place: int) -> str:
    """What people call an item of a list: its id with its place, or its place."""
    found = next((str(item[key]) for key in _KEYS if isinstance(item.get(key), str)), "")
    return f"{place}:{found}" if found else str(place)


def checksums(digests: Mapping[str, str]) -> bytes:
    """The text of the checksum file for SHA-256 digests by file name, as ``sha256sum`` writes it."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests)).encode()


def publish_review(
    root: Path,
    review: str,
    record: Json,
    papers: Mapping[str, bytes],
    unchanged: Mapping[str, str | None],
    sign: Callable[[bytes], bytes] | None = None,
) -> Path:
    """Write the closed review, all of it or nothing; returns its folder.

    Args:
        root: the workspace.
        review: the name of the review.
        record: what is frozen, without ``files``, ``parts`` and ``seal``.
        papers: by file name.
        unchanged: SHA-256 of the files that all of it was made of, by name.
        sign: makes a signature of the checksum file.

    Raises :class:`EvaluatorError` where the review is closed already, also where somebody else closed it a moment ago.
    """
    review_folder(root, review)
    digests = {name: sha256(data) for name, data in papers.items()}
    full = canonical(sealed({**record, "files": digests}))
    for name, size, most in ((RECORD, len(full), MAX_RECORD), *((n, len(d), MAX_PAPER) for n, d in papers.items())):
        if size > most:
            raise EvaluatorError(f"'{name}' would be larger than {most // 1_000_000} MB; nothing was closed.")
    sums = checksums({**digests, RECORD: sha256(full)})
    signature = {SIGNATURE: sign(sums)} if sign else {}
    return create_folder(root, f"reports/{review}", {**papers, RECORD: full, SUMS: sums, **signature}, unchanged)
