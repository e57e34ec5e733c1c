"""Closed editions on disk: one folder each, with a canonical, hashed record, the papers, and checksums."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from evaluator.errors import EvaluatorError
from evaluator.files.change import create_folder
from evaluator.files.inside import shown
from evaluator.files.root import resolve_inside

RECORD = "record.json"
SUMS = "SHA256SUMS"
SCHEMA = "record/1"
RESERVED = frozenset({"templates", "theme", "now", "all", "log"})
"""Folders of ``reports/`` that are no editions, words that commands take in the place of one, and the log beside the reviews."""

_EDITION = re.compile(r"(?!.{65})[a-z0-9]+(-[a-z0-9]+)*\Z")
_SHORT = 16
_KEYS = ("id", "assessor", "option", "criterion", "use_case")
"""What names an item of a list, for people."""
_DEPTHS = {"workspace": 7, "result": 3}
_DEPTH = 2

Json = dict[str, Any]


class UnreadableRecordError(EvaluatorError):
    """A record that cannot be read at all."""


def canonical(data: object) -> bytes:
    """``data`` as JSON in its only form: sorted keys, no spaces, UTF-8, a line feed at the end."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "surrogatepass") + b"\n"


def sha256(data: bytes) -> str:
    """The SHA-256 of ``data`` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def edition_folder(root: Path, edition: str) -> Path:
    """Where the edition lies or will lie; raises :class:`EvaluatorError` for what cannot be its name."""
    if edition in RESERVED:
        raise EvaluatorError(
            f"'{edition}' cannot name an edition: the word has a meaning of its own; take one such as 2027."
        )
    if not _EDITION.match(edition):
        raise EvaluatorError(
            f"'{shown(edition)}' cannot name an edition; use lower-case letters, digits and hyphens, such as 2027."
        )
    return resolve_inside(root, f"reports/{edition}")


def editions(root: Path) -> tuple[str, ...]:
    """The closed editions of the workspace, by name."""
    folder = resolve_inside(root, "reports")
    if not folder.is_dir():
        return ()
    return tuple(
        sorted(
            entry.name
            for entry in folder.iterdir()
            if _EDITION.match(entry.name) and entry.name not in RESERVED and (entry / RECORD).is_file()
        )
    )


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as it lies on disk."""

    folder: Path
    raw: bytes
    data: Json

    @property
    def edition(self) -> str:
        """Its name."""
        return str(self.data["edition"])


def read_record(root: Path, edition: str) -> Stored:
    """The record of a closed edition.

    Raises:
        UnreadableRecordError: it is no JSON, or no record that this version of the tool knows.
        EvaluatorError: there is no such edition.
    """
    folder = edition_folder(root, edition)
    path = folder / RECORD
    if not path.is_file():
        known = editions(root)
        listed = f"the closed ones are {', '.join(known)}" if known else "none is closed yet"
        raise EvaluatorError(f"There is no closed edition '{shown(edition)}'; {listed}.")
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise EvaluatorError(f"'reports/{edition}/{RECORD}' cannot be read: {error.strerror}.") from error
    return Stored(folder, raw, _parsed(raw, edition))


def _parsed(raw: bytes, edition: str) -> Json:
    try:
        data = json.loads(raw.decode("utf-8"), parse_constant=_number, parse_float=_number)
    except UnicodeDecodeError as error:
        raise UnreadableRecordError(f"the byte at position {error.start} is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise UnreadableRecordError(f"it is no JSON from line {error.lineno}, column {error.colno} on") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableRecordError("it is no JSON that can be read") from error
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        found = data.get("schema") if isinstance(data, dict) else None
        raise UnreadableRecordError(f"its schema is {shown(str(found))}, expected {SCHEMA}")
    wanted = {
        "edition": str,
        "as_of": str,
        "workspace": dict,
        "result": dict,
        "files": dict,
        "parts": dict,
        "seal": str,
    }
    for key, kind in wanted.items():
        if not isinstance(data.get(key), kind):
            raise UnreadableRecordError(f"its field {key} is missing or of another type")
    if data["edition"] != edition:
        raise UnreadableRecordError(f"it says that it is the edition {shown(str(data['edition']))}")
    return data


def _number(text: str) -> float:
    """A finite number: JSON knows no other."""
    number = float(text)
    if not isfinite(number):
        raise ValueError(text)
    return number


def sealed(record: Mapping[str, Any]) -> Json:
    """``record`` with a short digest of every part and, over everything, its seal."""
    body = {key: value for key, value in record.items() if key not in {"parts", "seal"}}
    body["parts"] = dict(parts(body))
    return {**body, "seal": seal_of(body)}


def seal_of(record: Mapping[str, Any]) -> str:
    """SHA-256 over the record without its seal."""
    return sha256(canonical({key: value for key, value in record.items() if key != "seal"}))


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


def checksums(files: Mapping[str, bytes]) -> bytes:
    """The text of the checksum file, as ``sha256sum`` writes it."""
    return "".join(f"{sha256(files[name])}  {name}\n" for name in sorted(files)).encode()


def publish_edition(
    root: Path, edition: str, record: Json, papers: Mapping[str, bytes], unchanged: Mapping[str, str | None]
) -> Path:
    """Write the closed edition, all of it or nothing; returns its folder.

    ``record`` comes without ``files``, ``parts`` and ``seal``; ``unchanged`` holds the SHA-256 of the files it was made of. Raises :class:`EvaluatorError` where the edition exists, also where
    somebody else closed it a moment ago.
    """
    edition_folder(root, edition)
    full = sealed({**record, "files": {name: sha256(data) for name, data in papers.items()}})
    files = {**papers, RECORD: canonical(full)}
    return create_folder(root, f"reports/{edition}", {**files, SUMS: checksums(files)}, unchanged)
