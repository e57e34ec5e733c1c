"""Hostile records: one that was issued, changed in one place by chance and sealed again as a forger would."""

from __future__ import annotations

import copy
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from evaluator.reviews import record_files
from evaluator.workspace.disk import sha256

GOLDEN = Path(__file__).parent / "golden"
REVIEW = "2026"

Path_ = tuple[str | int, ...]


def golden(number: int = 2) -> dict[str, Any]:
    """The record of a format, as a version that was issued wrote it."""
    data: dict[str, Any] = json.loads(gzip.decompress((GOLDEN / f"record-{number}.json.gz").read_bytes()))
    return data


def paths(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Where every value inside ``value`` stands."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from paths(inner, (*path, key))


RECORD = golden()
OLD_RECORD = golden(1)
PLACES = [path for path in paths(RECORD) if path[0] not in {"parts", "seal"}]
INPUTS = [path for path in PLACES if path[0] == "workspace"]


def nested(depth: int) -> Any:
    """A list in a list in a list."""
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 5),
    st.sampled_from(
        [10**400, -(10**400), 2**63, 2**62, 10**13, float("inf"), float("nan"), 1e308, -1e308, 1e-308, 0.5]
    ),
    st.sampled_from(["", "v-1", "v-2", "c-1", "c-2", "u-1", "f-1", "desk-a", "2026", "now", "unknown", "../x", "/etc"]),
    st.sampled_from(["0001-01-01", "9999-12-31", "2026-02-30", "2027-11-24", "EUR", "A", "x" * 50_000]),
    st.sampled_from(["\0", "a\0b", "\ud800", "\udfff\ud800", "\x1b]0;x\x07", "\u202e", "\u2028", "\ufeff"]),
    st.text(max_size=5),
)
VALUES = st.one_of(
    SCALARS,
    st.recursive(
        SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    st.sampled_from([nested(70), nested(150)]),
)


def at(value: Any, path: Path_) -> Any:
    """The value that stands at ``path``."""
    for step in path:
        value = value[step]
    return value


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """The bytes of a record with one to three places changed, whose seal holds where it can."""
    data = copy.deepcopy(draw(st.sampled_from([RECORD, OLD_RECORD])))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(PLACES) | st.sampled_from(INPUTS))
        try:
            around = at(data, path[:-1])
            _change(draw, data, around, path)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took the place away
    return sealed(data)


GENTLE: dict[type, list[Any]] = {
    int: [0, 1, 2, 3, 12, 120, 10**12],
    float: [0.0, 0.5, 1.0, 2.0, 1e12, 5e-324],
    bool: [True, False],
    str: [
        "0001-01-01",
        "9999-12-31",
        "2027-11-24",
        "unknown",
        "agreed",
        "EUR",
        "v-1",
        "c-1",
        "u-1",
        "standard",
        "native",
    ],
    type(None): ["v-1", 0, "9999-12-31", []],
    list: [[]],
    dict: [{}],
}
"""Values that a schema may well allow in the place of another of their type, so that what is computed is strange."""


ALIKE = {kind: [value for place in INPUTS if type(value := at(RECORD, place)) is kind] for kind in GENTLE}
"""The recorded inputs by type."""


def _change(draw: st.DrawFn, data: Any, around: Any, path: Path_) -> None:
    key = path[-1]
    match draw(st.sampled_from(["gentle"] * 6 + ["value", "value", "copy", "delete", "twice", "rename", "add"])):
        case "gentle":
            kind = type(around[key])
            around[key] = copy.deepcopy(draw(st.sampled_from([*GENTLE[kind], *ALIKE[kind]])))
        case "value":
            around[key] = draw(VALUES)
        case "copy":
            around[key] = copy.deepcopy(at(data, draw(st.sampled_from(PLACES))))
        case "delete":
            del around[key]
        case "twice" if isinstance(around, list):
            around.append(copy.deepcopy(around[int(key)]))
        case "rename" if isinstance(around, dict):
            around[draw(st.sampled_from(["v-1", "v-9", "c-2", "x", "", "../x", "a" * 70]))] = around.pop(key)
        case _ if isinstance(around, dict):
            around[draw(st.text(max_size=4))] = draw(VALUES)


def sealed(data: dict[str, Any]) -> bytes:
    """``data`` with the seal that belongs to it, where there can be one."""
    try:
        return record_files.canonical(record_files.sealed(data))
    except (ValueError, TypeError, RecursionError):
        try:
            return json.dumps(data, sort_keys=True, separators=(",", ":")).encode() + b"\n"
        except RecursionError:
            return b'{"a":' * 5000 + b"1" + b"}" * 5000


def issue(root: Path, raw: bytes, review: str = REVIEW) -> Path:
    """Put a record with its papers and checksums where a closed review lies; returns the folder."""
    folder = root / "reports" / review
    folder.mkdir(parents=True, exist_ok=True)
    papers = {name: f"stands for {name}".encode() for name in RECORD["files"]}
    digests = {name: sha256(content) for name, content in papers.items()}
    sums = record_files.checksums({**digests, record_files.RECORD: sha256(raw)})
    for name, content in {**papers, record_files.RECORD: raw, record_files.SUMS: sums}.items():
        (folder / name).write_bytes(content)
    return folder
