"""Closed reviews on disk: the record in its only form, its seal and parts, and what is refused in which words."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.errors import EvaluatorError, Problem
from evaluator.reviews import record_files
from evaluator.reviews.record_files import (
    MAX_DEPTH,
    MAX_NUMBER,
    MAX_PAPER,
    MAX_RECORD,
    RECORD,
    RESERVED,
    SIGNATURE,
    SUMS,
    Stored,
    UnreadableRecordError,
    canonical,
    checksums,
    closed_review_names,
    is_sealed,
    item_name,
    parts,
    publish_review,
    read_file,
    read_record,
    review_folder,
    seal_of,
    sealed,
)
from evaluator.workspace import containment
from evaluator.workspace.disk import MAX_BYTES

GOOD: dict[str, Any] = {
    "schema": "record/2",
    "review": "2026",
    "as_of": "2026-11-24",
    "workspace": {},
    "result": {},
    "files": {},
    "parts": {},
    "seal": "x",
}


def put(root: Path, data: object, review: str = "2026") -> Path:
    folder = root / "reports" / review
    folder.mkdir(parents=True, exist_ok=True)
    (folder / RECORD).write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return folder


def why(root: Path, data: object) -> str:
    put(root, data)
    with pytest.raises(UnreadableRecordError) as raised:
        read_record(root, "2026")
    return str(raised.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats(-1e9, 1e9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=10,
)


@given(JSON)
def test_the_canonical_form_is_the_same_data_and_its_own(value: Any) -> None:
    text = canonical(value)
    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text
    assert text.endswith(b"\n")
    assert text.count(b"\n") == 1


def test_the_canonical_form_to_the_letter() -> None:
    assert canonical({"b": [1, 2.5, None], "a": "é\n"}) == '{"a":"é\\n","b":[1,2.5,null]}\n'.encode()
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(float("nan"))


@pytest.mark.parametrize("name", ["2026", "a", "a-b-1", "x" * 64])
def test_names_of_reviews(name: str, tmp_path: Path) -> None:
    assert review_folder(tmp_path, name) == tmp_path.resolve() / "reports" / name


@pytest.mark.parametrize("name", ["", "A", "a b", "-a", "a-", "a--b", "a/b", "..", "x" * 65, "2026\n", "é"])
def test_what_cannot_name_a_review(name: str, tmp_path: Path) -> None:
    with pytest.raises(
        EvaluatorError, match=r"cannot name a review; use lower-case letters, digits and hyphens, such as 2027"
    ):
        review_folder(tmp_path, name)


@pytest.mark.parametrize("name", ["templates", "theme", "now", "all", "log"])
def test_reserved_words_name_no_review(name: str, tmp_path: Path) -> None:
    assert len(RESERVED) == 5
    with pytest.raises(EvaluatorError) as raised:
        review_folder(tmp_path, name)
    assert str(raised.value) == f"'{name}' cannot name a review: it is a reserved word. Use a name such as 2027."


@pytest.mark.parametrize("link", ["reports", "reports/2026"])
def test_reviews_are_not_read_through_links(link: str, tmp_path: Path) -> None:
    put(tmp_path / "there", GOOD)
    (tmp_path / "w" / link).parent.mkdir(parents=True)
    (tmp_path / "w" / link).symlink_to(tmp_path / "there" / link)
    words = f"'{link}' is a link, and closed reviews are not read through links: replace it with the folder itself."
    with pytest.raises(EvaluatorError) as raised:
        review_folder(tmp_path / "w", "2026")
    assert str(raised.value) == words
    if link == "reports":
        with pytest.raises(EvaluatorError) as raised:
            closed_review_names(tmp_path / "w")
        assert str(raised.value) == words
    else:
        assert closed_review_names(tmp_path / "w") == ("2026",)


def test_closed_reviews_are_folders_with_a_record_or_checksums(tmp_path: Path) -> None:
    assert closed_review_names(tmp_path) == ()
    for name, file in {"b": RECORD, "a": SUMS, "open": "x", "all": RECORD, "Not": RECORD, "c": RECORD}.items():
        (tmp_path / "reports" / name).mkdir(parents=True)
        (tmp_path / "reports" / name / file).write_text("")
    (tmp_path / "reports/c" / RECORD).unlink()
    (tmp_path / "reports/c" / RECORD).symlink_to("nowhere")
    assert closed_review_names(tmp_path) == ("a", "b", "c")


def test_a_file_in_place_of_the_folder_of_reports(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("")
    assert closed_review_names(tmp_path) == ()


def test_a_folder_of_reports_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = Problem("unreadable", "the folder cannot be read: permission denied", "reports")
    monkeypatch.setattr(containment, "folder", lambda *_, **__: problem)
    with pytest.raises(EvaluatorError) as raised:
        closed_review_names(tmp_path)
    assert str(raised.value) == "'reports': the folder cannot be read: permission denied."


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "a\0b", "../x"])
def test_no_file_of_a_review_lies_elsewhere(name: str, tmp_path: Path) -> None:
    found = read_file(tmp_path, "2026", name)
    assert found == Problem("not-a-file", "no file of a review can have this name", name)


def test_files_of_a_review_are_read_up_to_their_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, tuple[bool, int]] = {}

    def read(root: Path, name: str, *, links: bool, most: int, on_disk: bool) -> bytes:
        assert root == tmp_path.resolve()
        assert on_disk
        asked[name] = links, most
        return b""

    monkeypatch.setattr(containment, "read", read)
    for name in (RECORD, SUMS, SIGNATURE, "paper.pdf"):
        read_file(tmp_path, "2026", name)
    assert asked == {
        "reports/2026/record.json": (False, 64_000_000),
        "reports/2026/SHA256SUMS": (False, MAX_BYTES),
        "reports/2026/SHA256SUMS.sig": (False, MAX_BYTES),
        "reports/2026/paper.pdf": (False, 256_000_000),
    }
    assert (MAX_RECORD, MAX_PAPER) == (64_000_000, 256_000_000)


def test_a_record_is_read_as_it_lies_there(tmp_path: Path) -> None:
    more = {**GOOD, "later": [1, -1.5, MAX_NUMBER - 1, -(MAX_NUMBER - 1), 1e300]}
    folder = put(tmp_path, more)
    found = read_record(tmp_path, "2026")
    assert found == Stored(folder.resolve(), json.dumps(more).encode(), more)
    assert found.name == "2026"


def test_what_is_not_closed_is_told_with_what_is(tmp_path: Path) -> None:
    with pytest.raises(EvaluatorError, match=r"^There is no closed review '2026'; none is closed yet\.$"):
        read_record(tmp_path, "2026")
    put(tmp_path, GOOD, "b")
    put(tmp_path, GOOD, "a")
    with pytest.raises(EvaluatorError, match=r"^There is no closed review '2026'; the closed ones are a, b\.$"):
        read_record(tmp_path, "2026")
    (tmp_path / "reports/2026").mkdir()
    (tmp_path / "reports/2026" / SUMS).write_text("")
    with pytest.raises(UnreadableRecordError, match=r"^the file is missing$"):
        read_record(tmp_path, "2026")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"ab\xff", "the byte at position 2 is not UTF-8"),
        (b'{"a":"\\ud800"}', "it holds half of a Unicode character (a lone surrogate)"),
        (b'{\n "a" 1}', "it is no JSON from line 2, column 6 on"),
        (b"[" * 100_000, "it is no JSON that can be read"),
        (b"NaN", "it holds the number NaN, which is not finite"),
        (b"[-Infinity]", "it holds the number -Infinity, which is not finite"),
        (b"1e999", "it holds the number 1e999, which is not finite"),
        (b"9223372036854775808", "it holds the number 9223372036854775808, which is too large"),
        (b"-9223372036854775808", "it holds the number -9223372036854775808, which is too large"),
        (b"9" * 5000, f"it holds the number {'9' * 19}…, which is too large"),
        (b'{"a":{"b":1,"b":2}}', "it holds the key b twice in one place"),
        (b"[]", "its schema is None, expected record/2 or record/1"),
        (b'{"schema":"record/3"}', "its schema is record/3, expected record/2 or record/1"),
    ],
)
def test_a_record_that_cannot_be_read_says_why(raw: bytes, words: str, tmp_path: Path) -> None:
    assert why(tmp_path, raw) == words


@pytest.mark.parametrize("key", ["review", "as_of", "workspace", "result", "files", "parts", "seal"])
def test_each_field_has_to_be_there_and_of_its_type(key: str, tmp_path: Path) -> None:
    words = f"its field {key} is missing or of another type"
    assert why(tmp_path, {name: value for name, value in GOOD.items() if name != key}) == words
    assert why(tmp_path, {**GOOD, key: [1]}) == words


def test_a_record_of_another_review(tmp_path: Path) -> None:
    assert why(tmp_path, {**GOOD, "review": "2027"}) == "it says that it is the review 2027"


def test_sixty_four_levels_are_read(tmp_path: Path) -> None:
    def nested(levels: int) -> Any:
        return [nested(levels - 1)] if levels else []

    assert MAX_DEPTH == 64
    put(tmp_path, {**GOOD, "x": nested(61)})
    read_record(tmp_path, "2026")
    put(tmp_path, {**GOOD, "x": nested(62)})
    assert read_record(tmp_path, "2026")
    assert why(tmp_path, {**GOOD, "x": nested(63)}) == "its values are nested more than 64 deep"


@pytest.mark.parametrize(
    ("item", "place", "name"),
    [
        ({"id": "a", "assessor": "b"}, 3, "3:a"), ({"assessor": "b", "option": "c"}, 0, "0:b"), ({"option": "c", "criterion": "d"}, 1, "1:c"),
        ({"criterion": "d", "use_case": "e"}, 1, "1:d"), ({"use_case": "e"}, 1, "1:e"), ({"id": 5}, 2, "2"), ({"id": 5, "use_case": "e"}, 2, "2:e"),
        ({"id": ""}, 2, "2"), ({}, 7, "7"),
    ],
)  # fmt: skip
def test_an_item_is_called_by_its_place_and_id(item: dict[str, Any], place: int, name: str) -> None:
    assert item_name(item, place) == name


def test_parts_go_down_to_single_answers_in_the_inputs_only() -> None:
    def short(value: object) -> str:
        text = json.dumps(value, sort_keys=True, separators=(",", ":")) + "\n"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    record = {
        "workspace": {"a": {"b": {"c": {"d": {"e": {"f": {"g": 1}}}}}}, "list": [{"id": "x", "v": 1}], "empty": {}, "none": [], "plain": [1]},
        "result": {"scores": {"options": {"deep": 1}}, "mixed": [{"id": "x"}, 1]},
        "approved": ["t"],
        "engine": {"code": {"x": 1}},
        "parts": {"p": 1},
        "seal": "s",
    }  # fmt: skip
    assert list(parts(record)) == [
        ("approved", short(["t"])),
        ("engine.code", short({"x": 1})),
        ("result.mixed", short([{"id": "x"}, 1])),
        ("result.scores.options", short({"deep": 1})),
        ("workspace.a.b.c.d.e.f", short({"g": 1})),
        ("workspace.empty", short({})),
        ("workspace.list.0:x.id", short("x")),
        ("workspace.list.0:x.v", short(1)),
        ("workspace.none", short([])),
        ("workspace.plain", short([1])),
    ]


def test_a_seal_is_over_everything_but_itself() -> None:
    body = {**GOOD, "parts": {"old": "1"}, "seal": "old"}
    found = sealed(body)
    rest = {key: value for key, value in body.items() if key not in {"parts", "seal"}}
    assert found["parts"] == dict(parts(rest))
    assert found == {**rest, "parts": found["parts"], "seal": seal_of(found)}
    text = json.dumps({**rest, "parts": found["parts"]}, sort_keys=True, separators=(",", ":")) + "\n"
    assert found["seal"] == hashlib.sha256(text.encode()).hexdigest()
    assert seal_of({**found, "as_of": "x"}) != found["seal"]
    assert is_sealed(Stored(Path(), canonical(found), found))
    assert not is_sealed(Stored(Path(), canonical(found) + b" ", found))
    other = {**found, "seal": "0" * 64}
    assert not is_sealed(Stored(Path(), canonical(other), other))


def test_checksums_are_those_of_sha256sum() -> None:
    assert checksums({"b": "2", "a": "1"}) == b"1  a\n2  b\n"
    assert checksums({}) == b""


def test_a_review_is_published_whole(tmp_path: Path) -> None:
    papers = {"b.pdf": b"B", "a.pdf": b"A"}
    signed: list[bytes] = []

    def sign(sums: bytes) -> bytes:
        signed.append(sums)
        return b"signature"

    folder = publish_review(
        tmp_path,
        "2026",
        {key: GOOD[key] for key in ("schema", "review", "as_of", "workspace", "result")},
        papers,
        {},
        sign,
    )
    assert folder == tmp_path.resolve() / "reports/2026"
    stored = read_record(tmp_path, "2026")
    assert is_sealed(stored)
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in papers.items()}
    assert stored.data["files"] == digests
    sums = checksums({**digests, RECORD: hashlib.sha256(stored.raw).hexdigest()})
    assert signed == [sums]
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert found == {**papers, RECORD: stored.raw, SUMS: sums, SIGNATURE: b"signature"}
    with pytest.raises(EvaluatorError, match="exists already"):
        publish_review(tmp_path, "2026", GOOD, papers, {})
    with pytest.raises(EvaluatorError, match="reserved word"):
        publish_review(tmp_path, "now", GOOD, papers, {})
    with pytest.raises(EvaluatorError, match=r"'evaluation\.yaml' was changed by another program"):
        publish_review(tmp_path, "2027", {**GOOD, "review": "2027"}, papers, {"evaluation.yaml": "0"})
    assert set(publish_review(tmp_path, "2028", {**GOOD, "review": "2028"}, papers, {}).iterdir()) == {
        tmp_path.resolve() / "reports/2028" / name for name in (*papers, RECORD, SUMS)
    }  # fmt: skip


def test_what_could_not_be_read_again_is_not_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(canonical(sealed({**GOOD, "files": {}})))
    monkeypatch.setattr(record_files, "MAX_RECORD", size)
    publish_review(tmp_path, "2026", GOOD, {}, {})
    monkeypatch.setattr(record_files, "MAX_RECORD", size - 1)
    with pytest.raises(EvaluatorError, match=r"^'record.json' would be larger than 0 MB; nothing was closed\.$"):
        publish_review(tmp_path, "2027", {**GOOD, "review": "2027"}, {}, {})
    monkeypatch.undo()
    monkeypatch.setattr(record_files, "MAX_PAPER", 3_000_000)
    publish_review(tmp_path, "2028", {**GOOD, "review": "2028"}, {"a": b"x" * 3_000_000}, {})
    with pytest.raises(EvaluatorError, match=r"^'a' would be larger than 3 MB; nothing was closed\.$"):
        publish_review(tmp_path, "2029", {**GOOD, "review": "2029"}, {"a": b"x" * 3_000_001}, {})
    assert sorted(os.listdir(tmp_path / "reports")) == ["2026", "2028"]  # noqa: PTH208 - names only
