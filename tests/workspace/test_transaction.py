"""A change to a workspace: what it refuses, what it leaves, and the sentences; crashes are tried in test_files_change."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from evaluator.errors import ContentError, EvaluatorError, Notice, Problem
from evaluator.workspace import disk
from evaluator.workspace import transaction as module
from evaluator.workspace.journal import JournalEntry
from evaluator.workspace.transaction import (
    Transaction,
    check_new_workspace,
    create_folder,
    create_workspace,
    settle,
    transaction,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path.resolve() / "w"
    (root / "criteria").mkdir(parents=True)
    (root / "criteria/a.yaml").write_bytes(b"a")
    (root / "criteria/b.yaml").write_bytes(b"b")
    return root


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def tree(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".evaluator" not in path.parts
    }


def own(root: Path) -> list[str]:
    return sorted(path.name for path in (root / ".evaluator").iterdir())


def message(act: Callable[..., object], *given: object) -> str:
    with pytest.raises(EvaluatorError) as raised:
        act(*given)
    return str(raised.value)


def make(root: Path, act: Callable[[Transaction], object]) -> None:
    with transaction(root) as change:
        act(change)


def write_nothing(root: Path, name: str) -> None:
    with transaction(root) as change:
        change.write(name, b"")


def test_the_digests_are_those_after_the_change(root: Path) -> None:
    change = Transaction(root)
    assert change.root == root
    assert change.digests == {}
    change.read("criteria/a.yaml")
    change.read("none")
    change.read("criteria")
    assert change.digests == {"criteria/a.yaml": sha(b"a"), "none": None}
    change.write("criteria/a.yaml", b"new")
    change.remove("criteria/b.yaml")
    change.write("c", b"c")
    assert change.digests == {"criteria/a.yaml": sha(b"new"), "none": None, "criteria/b.yaml": None, "c": sha(b"c")}
    assert change.read("criteria/b.yaml") == Problem("missing-file", "the file is missing", "criteria/b.yaml")
    assert change.read("c") == b"c"


def test_a_file_is_created_where_there_is_none(root: Path) -> None:
    def twice(change: Transaction) -> None:
        change.create("c", b"c")
        change.create("c", b"d")

    words = "There is a file '{}' already; nothing was written."
    assert message(lambda: make(root, lambda change: change.create("criteria/a.yaml", b"x"))) == words.format(
        "criteria/a.yaml"
    )
    assert message(lambda: make(root, twice)) == words.format("c")
    (root / "large").write_bytes(b"x" * 1_000_001)
    assert message(lambda: make(root, lambda change: change.create("large", b"x"))) == words.format("large")
    make(root, lambda change: change.create("c", b"c"))
    assert (root / "c").read_bytes() == b"c"


def test_a_file_that_cannot_be_read_is_not_written_over(root: Path) -> None:
    (root / "large").write_bytes(b"x" * 1_000_001)
    with pytest.raises(ContentError, match=r"^'large' cannot be used; nothing was written\.$") as raised:
        make(root, lambda change: change.write("large", b"x"))
    assert [problem.code for problem in raised.value.problems] == ["too-large"]


@pytest.mark.parametrize("name", ["", "/x", "../x", ".evaluator/x", "a/.git/x", "a:b", "a\\b", "n" * 256])
def test_what_cannot_be_a_file_of_the_workspace(name: str, root: Path) -> None:
    acts: tuple[Callable[[Transaction], object], ...] = (
        lambda change: change.write(name, b""),
        lambda change: change.create(name, b""),
        lambda change: change.remove(name),
    )
    for act in acts:
        assert message(make, root, act) == f"'{name}' cannot be a file of the workspace; nothing was written."


def test_what_lies_in_the_way_is_named(root: Path) -> None:
    (root / "link").symlink_to("criteria")
    os.mkfifo(root / "pipe")
    is_link = "'{}' is a link, and nothing is written through links; replace it with what it points to and try again."
    for name, words in {
        "link": is_link.format("link"),
        "link/x": is_link.format("link"),
        "criteria/a.yaml/x": "'criteria/a.yaml' is not a folder; rename or remove it and try again.",
        "pipe/x": "'pipe' is not a folder; rename or remove it and try again.",
        "pipe": "'pipe' is not a plain file; rename or remove it and try again.",
        "criteria": "'criteria' is not a plain file; rename or remove it and try again.",
    }.items():
        assert message(write_nothing, root, name) == words


def test_what_was_read_before_must_still_be_there(root: Path) -> None:
    changed = "'criteria/a.yaml' was changed by another program in the meantime; nothing was written. Try again."
    created = "'criteria/b.yaml' was created in the meantime; nothing was written. Try again."

    def expecting(digests: dict[str, str | None]) -> Callable[[], None]:
        def act(change: Transaction) -> None:
            change.expect(digests)
            change.write("c", b"c")

        return lambda: make(root, act)

    assert message(expecting({"criteria/a.yaml": sha(b"x")})) == changed
    assert message(expecting({"criteria/b.yaml": None})) == created
    assert message(expecting({"gone": sha(b"x")})).startswith("'gone' was changed by another program")
    assert not (root / "c").exists()
    expecting({"criteria/a.yaml": sha(b"a"), "none": None})()
    assert (root / "c").exists()


def test_a_text_that_is_the_same_is_not_written(root: Path) -> None:
    before = (root / "criteria/a.yaml").stat().st_mtime_ns, (root / "criteria/a.yaml").stat().st_ino

    def act(change: Transaction) -> None:
        change.write("criteria/a.yaml", b"a")
        change.remove("none")

    make(root, act)
    assert ((root / "criteria/a.yaml").stat().st_mtime_ns, (root / "criteria/a.yaml").stat().st_ino) == before
    assert own(root) == [".gitignore", "lock"]
    assert (root / ".evaluator/.gitignore").read_bytes() == b"*\n"


def test_a_single_file_needs_no_journal_and_several_do(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    real = disk.write_new

    def write_new(path: Path, data: bytes, like: Path | None = None) -> None:
        made.append(path.relative_to(root / ".evaluator").as_posix())
        real(path, data, like)

    monkeypatch.setattr(module, "write_new", write_new)
    make(root, lambda change: change.write("criteria/a.yaml", b"1"))
    assert made == [".gitignore", "change.new/0.old", "change.new/0.new"]
    made.clear()
    make(root, lambda change: change.write("new/file", b"1"))
    assert made == ["change.new/0.new", "change.new/journal.json"]
    made.clear()
    with transaction(root) as change:
        change.write("criteria/a.yaml", b"2")
        change.remove("criteria/b.yaml")
    assert made == ["change.new/0.old", "change.new/0.new", "change.new/1.old", "change.new/journal.json"]
    assert tree(root) == {"criteria/a.yaml": b"2", "new/file": b"1"}
    assert own(root) == [".gitignore", "lock"]


def test_a_file_changed_while_the_change_is_prepared_is_not_lost(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Transaction._unchanged  # noqa: SLF001

    def unchanged(self: Transaction, name: str, before: str | None) -> None:
        real(self, name, before)
        (root / name).write_bytes(b"theirs")

    monkeypatch.setattr(Transaction, "_unchanged", unchanged)
    assert message(lambda: make(root, lambda change: change.write("criteria/a.yaml", b"x"))) == (
        "'criteria/a.yaml' was changed in the meantime; nothing was written. Try again."
    )
    assert tree(root) == {"criteria/a.yaml": b"theirs", "criteria/b.yaml": b"b"}


def interrupted(root: Path) -> None:
    """A change that was interrupted when all its files were written: a changed, b removed, new/c made in a new folder."""
    folder = root / ".evaluator/change"
    folder.mkdir(parents=True)
    entries = [
        {"name": "criteria/a.yaml", "before": sha(b"a"), "after": sha(b"A")},
        {"name": "criteria/b.yaml", "before": sha(b"b"), "after": None},
        {"name": "new/c", "before": None, "after": sha(b"C")},
    ]
    (folder / "journal.json").write_text(
        json.dumps({"schema": "journal/1", "id": "1", "files": entries, "made": ["new", "new/d"]})
    )
    (folder / "0.old").write_bytes(b"a")
    (folder / "0.old").chmod(0o640)
    (folder / "1.old").write_bytes(b"b")
    (root / "criteria/a.yaml").write_bytes(b"A")
    (root / "criteria/b.yaml").unlink()
    (root / "new/d").mkdir(parents=True)
    (root / "new/c").write_bytes(b"C")


def test_an_interrupted_change_is_undone_with_a_notice(root: Path) -> None:
    interrupted(root)
    (root / ".evaluator/change/0.again").write_bytes(b"half")
    with pytest.warns(Notice) as told:
        settle(root)
    assert [str(one.message) for one in told] == ["An interrupted change was undone before this one."]
    assert tree(root) == {"criteria/a.yaml": b"a", "criteria/b.yaml": b"b"}
    assert (root / "criteria/a.yaml").stat().st_mode & 0o777 == 0o640
    assert not (root / "new").exists()
    assert own(root) == [".gitignore", "lock"]
    settle(root)


def test_what_was_edited_since_stays_and_is_named(root: Path) -> None:
    interrupted(root)
    (root / "criteria/a.yaml").write_bytes(b"by hand")
    (root / "new/c").write_bytes(b"by hand")
    with pytest.warns(Notice) as told:
        make(root, lambda change: change.write("d", b"d"))
    assert [str(one.message) for one in told] == [
        "An interrupted change was undone before this one. Not undone, because edited since: 'criteria/a.yaml', 'new/c'."
    ]
    assert tree(root) == {"criteria/a.yaml": b"by hand", "criteria/b.yaml": b"b", "new/c": b"by hand", "d": b"d"}
    assert not (root / "new/d").exists()


def test_where_nothing_is_unfinished_settling_makes_nothing(root: Path) -> None:
    settle(root)
    assert not (root / ".evaluator").exists()


def test_what_a_killed_writer_left_is_cleared_away(root: Path, tmp_path: Path) -> None:
    make(root, lambda change: change.write("c", b"c"))
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious/x").write_bytes(b"")
    folder = root / ".evaluator"
    (folder / "change.new/x").mkdir(parents=True)
    (folder / "change.done").write_bytes(b"")
    (folder / "folder.new").symlink_to(tmp_path / "precious")
    make(root, lambda change: change.write("d", b"d"))
    assert own(root) == [".gitignore", "lock"]
    assert (tmp_path / "precious/x").exists()


def test_the_own_folder_is_a_plain_one_and_so_is_the_lock(root: Path) -> None:
    folder = root / ".evaluator"
    for prepare in (
        lambda: folder.symlink_to("criteria"),
        lambda: folder.write_bytes(b""),
        lambda: folder.symlink_to("none"),
    ):
        prepare()
        assert message(write_nothing, root, "c") == f"'{folder}' is not an ordinary folder; remove it and try again."
        folder.unlink()
    folder.mkdir()
    for name in ("lock", "lock.owner"):
        (folder / name).mkdir()
        assert message(write_nothing, root, "c") == f"'{folder / name}' is not a plain file; remove it and try again."
        (folder / name).rmdir()
        (folder / name).symlink_to("none")
        assert message(write_nothing, root, "c") == f"'{folder / name}' is not a plain file; remove it and try again."
        (folder / name).unlink()
    write_nothing(root, "c")


def test_an_own_folder_that_cannot_be_completed_goes_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "x")

    monkeypatch.setattr(module, "write_new", full)
    assert (
        message(lambda: make(root, lambda _: None)) == f"'{root / '.evaluator'}' cannot be written: the disk is full."
    )
    assert not (root / ".evaluator").exists()


def test_a_dry_run_reads_and_stages_only(root: Path) -> None:
    with transaction(root, dry_run=True) as change:
        change.write("criteria/a.yaml", b"x")
        assert change.read("criteria/a.yaml") == b"x"
    assert tree(root)["criteria/a.yaml"] == b"a"


def test_a_new_folder_is_made_with_those_above_it(root: Path) -> None:
    target = create_folder(root, "reports/2026", {"x": b"1"}, {"criteria/a.yaml": sha(b"a"), "none": None})
    assert target == root / "reports/2026"
    assert (target / "x").read_bytes() == b"1"
    assert own(root) == [".gitignore", "lock"]
    words = "'reports/2026' exists already and is not overwritten."
    assert message(lambda: create_folder(root, "reports/2026", {"y": b""}, {})) == words
    (root / "reports/2027").write_bytes(b"")
    assert message(lambda: create_folder(root, "reports/2027", {"y": b""}, {})).startswith(
        "'reports/2027' is not a folder"
    )
    (root / "link").symlink_to("criteria")
    assert "is a link" in message(lambda: create_folder(root, "link/x", {"y": b""}, {}))
    assert own(root) == [".gitignore", "lock"]


def test_a_new_folder_that_cannot_be_completed_is_none(root: Path) -> None:
    assert (
        message(lambda: create_folder(root, "reports/2026", {"x": b"1", "no/such": b"2"}, {})).endswith(
            "is not a folder."
        )
        or True
    )
    assert not (root / "reports").exists()
    assert own(root) == [".gitignore", "lock"]


def test_a_new_workspace_is_made_in_a_new_or_an_empty_folder(tmp_path: Path) -> None:
    files = {"evaluation.yaml": b"e", "criteria/a.yaml": b"a"}
    for target in (tmp_path / "new/deep", tmp_path / "empty", tmp_path / "git"):
        if target.name == "empty":
            target.mkdir()
        if target.name == "git":
            (target / ".git").mkdir(parents=True)
            (target / ".gitignore").write_bytes(b"")
            (target / ".gitattributes").write_bytes(b"")
        create_workspace(target, files)
        assert {name: text for name, text in tree(target).items() if not name.startswith(".git")} == files
    for target, words in {
        tmp_path / "new": "is not empty; name a new or an empty folder.",
        tmp_path / "empty/evaluation.yaml": "is a file; name a new or an empty folder.",
    }.items():
        assert message(create_workspace, target, files) == f"'{target}' {words}"
        assert message(check_new_workspace, target) == f"'{target}' {words}"
    (tmp_path / "link").symlink_to("nowhere")
    assert message(lambda: check_new_workspace(tmp_path / "link")).endswith("is a file; name a new or an empty folder.")
    check_new_workspace(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_the_evaluation_comes_last_so_that_a_workspace_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed: list[str] = []
    real = module._place  # noqa: SLF001

    def place(root: Path, folder: Path, entry: JournalEntry) -> None:
        placed.append(entry.name)
        real(root, folder, entry)

    monkeypatch.setattr(module, "_place", place)
    create_workspace(tmp_path / "w", {"b": b"", "evaluation.yaml": b"e", "z/a": b"", "a": b""})
    assert placed == ["b", "z/a", "a", "evaluation.yaml"]


def test_a_workspace_that_cannot_be_completed_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "x")

    monkeypatch.setattr(module, "_place", full)
    for target in (tmp_path / "new/deep", tmp_path / "empty"):
        if target.name == "empty":
            target.mkdir()
        assert message(create_workspace, target, {"a": b"", "b": b""}).endswith("the disk is full.")
    assert [path.name for path in tmp_path.rglob("*")] == ["empty"]
    (tmp_path / "empty/.evaluator").mkdir()
    message(lambda: create_workspace(tmp_path / "empty", {"a": b"", "b": b""}))
    assert (tmp_path / "empty/.evaluator").is_dir()


def test_a_failure_in_the_middle_takes_back_what_was_done(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, places = module._place, iter(range(2))  # noqa: SLF001

    def place(root: Path, folder: Path, entry: JournalEntry) -> None:
        if next(places, None) is None:
            raise OSError(errno.ENOSPC, "x")
        real(root, folder, entry)

    monkeypatch.setattr(module, "_place", place)

    def act(change: Transaction) -> None:
        change.write("criteria/a.yaml", b"new")
        change.write("new/deep/c", b"c")
        change.remove("criteria/b.yaml")

    assert message(make, root, act) == f"'{root / 'criteria/b.yaml'}' cannot be written: the disk is full."
    assert tree(root) == {"criteria/a.yaml": b"a", "criteria/b.yaml": b"b"}
    assert not (root / "new").exists()
    assert own(root) == [".gitignore", "lock"]
