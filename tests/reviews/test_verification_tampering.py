"""A changed byte of a closed review is found, and its file and field are named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evaluator.errors import EvaluatorError
from evaluator.model.closed_review import Tampering
from evaluator.reviews.record_files import (
    RECORD,
    SIGNATURE,
    SUMS,
    canonical,
    checksums,
    closed_review_names,
    publish_review,
    read_record,
    sealed,
)
from evaluator.reviews.verification import broken_chain, tampering

BODY: dict[str, Any] = {
    "schema": "record/2",
    "review": "2026",
    "as_of": "2026-11-24",
    "workspace": {"a": {"b": 1, "c": 2}},
    "result": {"scores": {"x": 1, "y": 2}},
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    publish_review(tmp_path, "2026", BODY, {"b.pdf": b"B", "a.pdf": b"A"}, {})
    return tmp_path.resolve()


def folder(root: Path) -> Path:
    return root / "reports/2026"


def found(root: Path) -> list[tuple[str, str, str]]:
    return [(one.file, one.finding, one.field) for one in tampering(root, "2026")[1]]


def record(root: Path) -> Any:
    return json.loads((folder(root) / RECORD).read_bytes())


def replace(root: Path, data: object) -> None:
    """Put another record in place, and its checksum beside it."""
    raw = data if isinstance(data, bytes) else canonical(data)
    (folder(root) / RECORD).write_bytes(raw)
    sums = {name: hashlib.sha256((folder(root) / name).read_bytes()).hexdigest() for name in ("a.pdf", "b.pdf", RECORD)}
    (folder(root) / SUMS).write_bytes(checksums(sums))


def test_what_was_issued_is_found_whole(root: Path) -> None:
    stored, findings = tampering(root, "2026")
    assert stored == read_record(root, "2026")
    assert findings == ()
    (folder(root) / SIGNATURE).write_text("")
    assert found(root) == []
    with pytest.raises(EvaluatorError, match="There is no closed review"):
        tampering(root, "2027")


def test_another_layout_of_the_record(root: Path) -> None:
    raw = (folder(root) / RECORD).read_bytes()
    for changed, place in (
        (raw[:-1] + b" \n", len(raw) - 1),
        (raw + b"\n", len(raw)),
        (raw.replace(b":", b": ", 1), raw.index(b":") + 1),
    ):
        replace(root, changed)
        assert found(root) == [(RECORD, f"from byte {place} on it is not in canonical form", "")]


def edit(path: str, value: Any) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        *steps, last = path.split(".")
        for step in steps:
            data = data[step]
        if value is None:
            del data[last]
        else:
            data[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "finding", "field"),
    [
        (edit("as_of", "2026-11-25"), "the field was changed", "as_of"),
        (edit("workspace.a.b", 9), "the field was changed", "workspace.a.b"),
        (edit("result.scores.x", 9), "the field was changed", "result.scores.x"),
        (edit("workspace.a.b", None), "the field is gone, or its digest was added", "workspace.a.b"),
        (edit("workspace.a.d", 1), "the field was added, or its digest is gone", "workspace.a.d"),
        (
            lambda data: data["parts"].update({"workspace.a.b": "0" * 16}),
            "its digest was changed",
            "parts.workspace.a.b",
        ),
        (lambda data: data["parts"].pop("as_of"), "the field was added, or its digest is gone", "as_of"),
        (lambda data: data["parts"].update({"x": "0"}), "the field is gone, or its digest was added", "x"),
        (edit("seal", "0" * 64), "the seal is not that of the record", "seal"),
    ],
)
def test_the_changed_field_is_named(change: Callable[[Any], None], finding: str, field: str, root: Path) -> None:
    data = record(root)
    change(data)
    replace(root, data)
    assert found(root) == [(RECORD, finding, field)]


@pytest.mark.parametrize(("count", "more"), [(20, []), (21, ["and 1 more fields"]), (50, ["and 30 more fields"])])
def test_twenty_changed_fields_are_listed_in_order(count: int, more: list[str], root: Path) -> None:
    data = record(root)
    data["workspace"]["n"] = {f"{number:02}": 1 for number in range(count)}
    replace(root, data)
    assert [(finding, field) for _, finding, field in found(root)] == [
        *[
            ("the field was added, or its digest is gone", f"workspace.n.{number:02}")
            for number in range(min(20, count))
        ],
        *[(words, "") for words in more],
    ]


def test_papers_are_those_that_were_issued(root: Path) -> None:
    (folder(root) / "a.pdf").write_bytes(b"X")
    (folder(root) / "b.pdf").unlink()
    (folder(root) / "new\n").write_bytes(b"")
    assert found(root) == [
        ("a.pdf", "the file is not the one that was issued", ""),
        ("b.pdf", "the file is missing", ""),
        ("new\ufffd", "the file is not part of the review", ""),
    ]


def sums(root: Path, change: Callable[[str], str]) -> list[tuple[str, str, str]]:
    path = folder(root) / SUMS
    path.write_bytes(change(path.read_text()).encode("utf-8", "surrogateescape"))
    return found(root)


ZERO = "0" * 64


@pytest.mark.parametrize(
    ("change", "finding", "field"),
    [
        (lambda text: text.replace("  a", " a"), "it is not a list of checksums", ""),
        (lambda text: text + "\udcff", "it is not a list of checksums", ""),
        (lambda text: text + f"{ZERO}  c.pdf\n", "it lists other files than were issued", ""),
        (lambda text: "".join(text.splitlines(keepends=True)[1:]), "it lists other files than were issued", ""),
        (lambda _: "", "it lists other files than were issued", ""),
        (lambda text: "".join(reversed(text.splitlines(keepends=True))), "its layout was changed", ""),
        (lambda text: text.replace("\n", "\r\n"), "its layout was changed", ""),
        (lambda text: ZERO + text[64:], "the checksum differs from the one in the record", "a.pdf"),
        (
            lambda text: "".join(f"{ZERO}{line[64:]}" for line in text.splitlines(keepends=True)[:2]) + text.splitlines(keepends=True)[2],
            "the checksum differs from the one in the record", "b.pdf, a.pdf",
        ),
        (
            lambda text: "".join(text.splitlines(keepends=True)[:2]) + f"{ZERO}  record.json\n",
            "the record is whole, but its checksum is another; one of the two was replaced", RECORD,
        ),
    ],
)  # fmt: skip
def test_the_checksum_file(change: Callable[[str], str], finding: str, field: str, root: Path) -> None:
    assert sums(root, change) in [
        [(SUMS, finding, field)],
        [(SUMS, finding, ", ".join(reversed(field.split(", "))))],
    ]


def test_a_checksum_file_that_is_missing(root: Path) -> None:
    (folder(root) / SUMS).unlink()
    assert found(root) == [(SUMS, "the file is missing", "")]


def test_a_changed_paper_does_not_make_the_checksums_wrong(root: Path) -> None:
    (folder(root) / "a.pdf").write_bytes(b"X")
    assert found(root) == [("a.pdf", "the file is not the one that was issued", "")]
    data = record(root)
    data["as_of"] = "x"
    (folder(root) / RECORD).write_bytes(canonical(data))
    assert found(root) == [
        (RECORD, "the field was changed", "as_of"),
        ("a.pdf", "the file is not the one that was issued", ""),
    ]


def test_where_the_record_cannot_be_read_the_checksums_tell_of_the_papers(root: Path) -> None:
    (folder(root) / RECORD).write_bytes(b"{")
    start = (RECORD, "it is no JSON from line 1, column 2 on", "")
    assert tampering(root, "2026") == (None, (Tampering(*start),))
    (folder(root) / "b.pdf").write_bytes(b"X")
    (folder(root) / "a.pdf").unlink()
    assert found(root) == [
        start,
        ("a.pdf", "the file is missing", ""),
        ("b.pdf", "the file is not the one that was issued", ""),
    ]
    (folder(root) / SUMS).write_bytes(b"x\n")
    assert found(root) == [start, (SUMS, "it is not a list of checksums", "")]
    (folder(root) / SUMS).unlink()
    assert found(root) == [start, (SUMS, "the file is missing", "")]


def chained(root: Path, since: object) -> tuple[str, Tampering | None]:
    data = sealed({**record(root), "since": since})
    replace(root, data)
    return broken_chain(root, read_record(root, "2026"))


def test_a_review_is_chained_to_the_one_before(root: Path) -> None:
    publish_review(root, "2025", {**BODY, "review": "2025"}, {}, {})
    digest = hashlib.sha256((root / "reports/2025" / RECORD).read_bytes()).hexdigest()
    assert chained(root, None) == ("", None)
    assert chained(root, "2025") == ("", None)
    assert chained(root, {"review": "2025", "record": digest}) == ("", None)
    assert chained(root, {"review": "2025", "record": ZERO}) == (
        "",
        Tampering("reports/2025/record.json", "it is not the record of 2025 that the review 2026 was closed upon"),
    )
    assert chained(root, {"review": "2024", "record": digest}) == (
        "The previous review, 2024, is not in this workspace.",
        None,
    )
    note, wrong = chained(root, {"review": "../x", "record": digest})
    assert note == ""
    assert wrong == Tampering(
        RECORD,
        "the previous review cannot be found: '../x' cannot name a review; use lower-case letters, digits and hyphens, such as 2027",
        "since.review",
    )
    (root / "reports/2025" / RECORD).unlink()
    (root / "reports/2025" / RECORD).mkdir()
    assert chained(root, {"review": "2025", "record": digest}) == (
        "",
        Tampering("reports/2025/record.json", "expected a file, found a folder"),
    )


def journal(root: Path, files: list[tuple[str, bytes | None, bytes]], made: list[str]) -> None:
    """A journal as a repository could bring it: each file with the text from before a change that never was, and the present one."""
    change = root / ".evaluator/change"
    change.mkdir(parents=True)
    entries = []
    for place, (name, before, after) in enumerate(files):
        if before is not None:
            (change / f"{place}.old").write_bytes(before)
        digests = [None if text is None else hashlib.sha256(text).hexdigest() for text in (before, after)]
        entries.append({"name": f"reports/2026/{name}", "before": digests[0], "after": digests[1]})
    (change / "journal.json").write_text(json.dumps({"schema": "journal/1", "id": "x", "files": entries, "made": made}))


@pytest.mark.parametrize("name", ["a.pdf", RECORD, SUMS])
def test_no_journal_stands_in_for_a_changed_file(name: str, root: Path) -> None:
    issued = (folder(root) / name).read_bytes()
    (folder(root) / name).write_bytes(b"changed")
    journal(root, [(name, issued, b"changed")], [])
    assert found(root)


def test_no_journal_hides_an_added_file_or_the_review(root: Path) -> None:
    (folder(root) / "more.pdf").write_bytes(b"more")
    texts = {path.name: path.read_bytes() for path in folder(root).iterdir()}
    journal(root, [(name, None, text) for name, text in texts.items()], ["reports/2026"])
    assert found(root) == [("more.pdf", "the file is not part of the review", "")]
    assert closed_review_names(root) == ("2026",)
