"""The journal of an unfinished change: its file, what it says of a file, and which journals are refused."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from evaluator.errors import EvaluatorError
from evaluator.workspace import disk, journal
from evaluator.workspace.disk import file_digest, read_bounded
from evaluator.workspace.journal import (
    Journal,
    JournalEntry,
    damaged,
    digest,
    find_journal,
    is_content_name,
    last_change,
    manifest,
    old_file,
)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def place(root: Path, described: Any, **old: bytes) -> Path:
    folder = root / ".evaluator/change"
    folder.mkdir(parents=True, exist_ok=True)
    data = described if isinstance(described, bytes) else json.dumps(described).encode()
    (folder / "journal.json").write_bytes(data)
    for name, text in old.items():
        (folder / f"{name.removeprefix('n')}.old").write_bytes(text)
    return folder


ENTRIES = {
    "a": JournalEntry(0, "a", sha(b"old a"), sha(b"new a")),
    "b": JournalEntry(1, "b", None, sha(b"new b")),
    "c": JournalEntry(2, "c", sha(b"old c"), None),
    "d": JournalEntry(3, "d", sha(b"same"), sha(b"same")),
}


def test_a_journal_is_found_as_it_was_written(tmp_path: Path) -> None:
    written = Journal(tmp_path / "x", ENTRIES, ("f", "f/g"))
    name, text = manifest(written)
    assert name == "journal.json"
    assert json.loads(text) == {
        "schema": "journal/1",
        "id": written.id,
        "files": [
            {"place": place_, "name": entry.name, "before": entry.before, "after": entry.after}
            for place_, entry in enumerate(ENTRIES.values())
        ],
        "made": ["f", "f/g"],
    }
    folder = place(tmp_path, text)
    assert find_journal(tmp_path) == Journal(folder, ENTRIES, ("f", "f/g"), written.id)
    assert Journal(tmp_path, {}).made == ()
    assert len(written.id) == 16
    assert written.id != Journal(tmp_path, {}).id


def test_where_there_is_none(tmp_path: Path) -> None:
    assert find_journal(tmp_path) is None
    (tmp_path / ".evaluator").mkdir()
    assert find_journal(tmp_path) is None
    assert find_journal(tmp_path / "none") is None


GOOD: dict[str, Any] = {"schema": "journal/1", "id": "1", "files": [], "made": []}


@pytest.mark.parametrize(
    "described",
    [
        b"", b"{", b"\xff", b"[]", b"{}", b"null", b"[" * 100_000,
        *({key: value for key, value in GOOD.items() if key != lost} for lost in GOOD),
        {**GOOD, "schema": "journal/2"},
        {**GOOD, "files": 3},
        {**GOOD, "files": [{"name": "a", "before": None}]},
        {**GOOD, "files": [{"name": 1, "before": None, "after": None}]},
        {**GOOD, "files": [{"name": "a", "before": 1, "after": None}]},
        {**GOOD, "files": [{"name": "a", "before": None, "after": 1}]},
        {**GOOD, "files": [{"name": "../a", "before": None, "after": None}]},
        {**GOOD, "made": ["../a"]},
        {**GOOD, "made": 3},
    ],
)  # fmt: skip
def test_a_journal_that_cannot_be_read_is_told(described: Any, tmp_path: Path) -> None:
    folder = place(tmp_path, described)
    with pytest.raises(EvaluatorError) as raised:
        find_journal(tmp_path)
    assert str(raised.value) == damaged(folder) == (
        f"'{folder}' should describe an unfinished change and cannot be read; "
        "compare the workspace with its last commit or backup, then remove that folder."
    )  # fmt: skip


def test_a_journal_without_its_file_or_too_large_is_told(tmp_path: Path) -> None:
    folder = place(tmp_path, GOOD)
    assert find_journal(tmp_path) == Journal(folder, {}, (), "1")
    text = json.dumps(GOOD).encode()
    place(tmp_path, text + b" " * (4_000_000 - len(text)))
    assert find_journal(tmp_path)
    place(tmp_path, text + b" " * (4_000_001 - len(text)))
    with pytest.raises(EvaluatorError):
        find_journal(tmp_path)
    (folder / "journal.json").unlink()
    with pytest.raises(EvaluatorError):
        find_journal(tmp_path)


@pytest.mark.parametrize("linked", [".evaluator", ".evaluator/change", ".evaluator/change/journal.json"])
def test_a_journal_behind_a_link_is_told(linked: str, tmp_path: Path) -> None:
    place(tmp_path / "there", GOOD)
    (tmp_path / "here" / linked).parent.mkdir(parents=True)
    (tmp_path / "here" / linked).symlink_to(tmp_path / "there" / linked)
    with pytest.raises(EvaluatorError):
        find_journal(tmp_path / "here")


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / ".evaluator").mkdir()
    (tmp_path / ".evaluator/change").write_bytes(b"")
    with pytest.raises(EvaluatorError):
        find_journal(tmp_path)


def test_a_change_that_is_completed_while_its_journal_is_read_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = place(tmp_path, GOOD)
    real = read_bounded

    def completed(path: Path, most: int) -> bytes:
        folder.rename(tmp_path / ".evaluator/change.done")
        return real(path, most)

    monkeypatch.setattr(journal, "read_bounded", completed)
    assert find_journal(tmp_path) is None


def test_a_journal_that_is_replaced_by_the_next_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place(tmp_path, GOOD)
    real, calls = read_bounded, iter(range(19))

    def missing_at_first(path: Path, most: int) -> bytes:
        if next(calls, None) is not None:
            raise FileNotFoundError
        return real(path, most)

    monkeypatch.setattr(journal, "read_bounded", missing_at_first)
    assert find_journal(tmp_path)
    calls = iter(range(20))
    with pytest.raises(EvaluatorError):
        find_journal(tmp_path)


def test_what_a_change_has_altered(tmp_path: Path) -> None:
    found = Journal(tmp_path, ENTRIES)
    texts = {"a": b"new a", "b": b"new b", "d": b"same", "e": b"x"}
    for name, text in texts.items():
        (tmp_path / name).write_bytes(text)
    assert [name for name in "abcdez" if found.is_altered(tmp_path, name)] == ["a", "b", "c"]
    for name in "abc":
        (tmp_path / name).write_bytes(b"by hand")
    assert [name for name in "abcde" if found.is_altered(tmp_path, name)] == []
    (tmp_path / "a").write_bytes(b"old a")
    assert not found.is_altered(tmp_path, "a")


def test_a_file_that_cannot_be_read_counts_as_not_altered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(disk, "open_file", refuse)
    assert not Journal(tmp_path, ENTRIES).is_altered(tmp_path, "a")


def test_old_texts_come_from_the_journal_and_are_checked(tmp_path: Path) -> None:
    folder = place(tmp_path, GOOD, n0=b"old a", n2=b"other")
    found = Journal(folder, ENTRIES)
    assert found.old("a") == b"old a"
    assert found.old("b") is None
    for name in ("c", "d"):
        with pytest.raises(EvaluatorError, match="cannot be read; compare the workspace"):
            found.old(name)
    with pytest.raises(KeyError):
        found.old("z")


def test_digests(tmp_path: Path) -> None:
    assert digest(None) is None
    assert digest(b"") == sha(b"")
    (tmp_path / "f").write_bytes(b"x" * 300_000)
    (tmp_path / "link").symlink_to("f")
    os.mkfifo(tmp_path / "pipe")
    assert file_digest(tmp_path / "f") == file_digest(tmp_path / "link") == sha(b"x" * 300_000)
    assert file_digest(tmp_path / "none") is file_digest(tmp_path / "f/below") is None
    assert file_digest(tmp_path) == file_digest(tmp_path / "pipe") == ""
    with pytest.raises(OSError, match="too long"):
        file_digest(tmp_path / ("n" * 300))
    assert old_file(7) == "7.old"


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("a", True), ("a/b.yaml", True), ("ü c/d", True), ("a" * 255, True), ("a" * 256, False), ("é" * 127, True),
        ("é" * 128, False), ("/".join("a" * 20), True), ("/".join("a" * 21), False), ("", False), (".", False), ("..", False),
        ("/a", False), ("a/", False), ("a//b", False), ("./a", False), ("a/../b", False), (".hidden", False), ("a/.git", False),
        ("a\\b", False), ("a\0b", False), ("C:", False), ("a/b:c", False), ("a\ud800", False), ("a\udcff", True), ("a.b", True),
    ],
)  # fmt: skip
def test_names_of_content_are_relative_plain_and_not_hidden(name: str, is_one: bool) -> None:  # noqa: FBT001
    assert is_content_name(name) is is_one


def test_the_last_change_is_another_after_each(tmp_path: Path) -> None:
    assert last_change(tmp_path) is None
    (tmp_path / ".evaluator").mkdir()
    first = last_change(tmp_path)
    assert first == (tmp_path / ".evaluator").stat().st_mtime_ns
    os.utime(tmp_path / ".evaluator", ns=(1, 2))
    assert last_change(tmp_path) == 2
