"""A change to a workspace is made whole or not at all, whatever interrupts it, and never outside of the workspace."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builders import EVALUATION, contents, write

from evaluator.errors import EvaluatorError, Notice, Problem
from evaluator.workspace import containment
from evaluator.workspace.load import load
from evaluator.workspace.transaction import Transaction, create_folder, create_workspace, settle, transaction

OLD = {"criteria/a.yaml": b"old a\n", "criteria/b.yaml": b"old b\n", "criteria/c.yaml": b"old c\n"}
NEW = {
    "criteria/a.yaml": b"new a\n",
    "criteria/b.yaml": None,
    "vendors/x/profile.yaml": b"new x\n",
    "vendors/x/y.yaml": b"y\n",
}
AFTER = {"criteria/c.yaml": b"old c\n", **{name: text for name, text in NEW.items() if text is not None}}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "workspace"
    for name, text in OLD.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text)
    return root


def change_it(root: Path) -> None:
    with transaction(root) as change:
        for name, text in NEW.items():
            if text is None:
                change.remove(name)
            else:
                change.write(name, text)


def tree(root: Path) -> dict[str, bytes]:
    """What lies there, without the program's own folder."""
    files = [path for path in root.rglob("*") if path.is_file() and ".evaluator" not in path.parts]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def seen(root: Path, folder: str = "") -> dict[str, bytes]:
    """What a reader sees."""
    found: dict[str, bytes] = {}
    entries = containment.folder(root, folder)
    assert isinstance(entries, tuple)
    for entry in entries:
        name = f"{folder}/{entry.name}".removeprefix("/")
        if entry.is_hidden:
            continue
        if entry.is_folder:
            assert seen(root, name), f"an empty folder shows: {name}"
            found |= seen(root, name)
        else:
            text = containment.read(root, name)
            assert isinstance(text, bytes)
            found[name] = text
    return found


def own(root: Path) -> list[str]:
    return sorted(path.name for path in (root / ".evaluator").iterdir())


def test_a_change_of_several_files_is_made_and_leaves_only_the_lock(root: Path) -> None:
    change_it(root)
    assert tree(root) == AFTER == seen(root)
    assert own(root) == [".gitignore", "lock"]
    assert (root / ".evaluator/.gitignore").read_text() == "*\n"


def test_what_is_staged_is_read_back_and_nothing_is_written_before_the_end(root: Path) -> None:
    with transaction(root) as change:
        change.read("criteria/a.yaml")
        change.write("criteria/a.yaml", b"1")
        change.write("criteria/a.yaml", b"2")
        assert change.read("criteria/a.yaml") == b"2"
        change.remove("criteria/a.yaml")
        assert isinstance(change.read("criteria/a.yaml"), Problem)
        assert tree(root) == OLD


def test_an_error_in_the_block_changes_nothing(root: Path) -> None:
    def fail() -> None:
        with transaction(root) as change:
            change.create("criteria/d.yaml", b"d")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert tree(root) == OLD


def test_a_dry_run_writes_nothing_at_all(root: Path) -> None:
    with transaction(root, dry_run=True) as change:
        change.create("criteria/d.yaml", b"d")
    assert tree(root) == OLD
    assert not (root / ".evaluator").exists()


def test_permissions_stay(root: Path) -> None:
    (root / "criteria/a.yaml").chmod(0o640)
    change_it(root)
    assert (root / "criteria/a.yaml").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("name", ["criteria/a.yaml", "vendors/x/profile.yaml"])
def test_a_file_that_changed_or_appeared_meanwhile_is_not_overwritten(name: str, root: Path) -> None:
    def change_both() -> None:
        with transaction(root) as change:
            for each in NEW:
                change.write(each, b"mine")
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(b"theirs")

    with pytest.raises(EvaluatorError, match=r"in the meantime; nothing was written"):
        change_both()
    assert tree(root) == {**OLD, name: b"theirs"}


EVENTS = (
    (os, "open"),
    (os, "fsync"),
    (os, "write"),
    (Path, "rename"),
    (Path, "replace"),
    (Path, "mkdir"),
    (Path, "unlink"),
)


def interrupted(monkeypatch: pytest.MonkeyPatch, steps: int, fail: Callable[[], None]) -> None:
    """Let the call after so many of those that reach the disk fail."""
    left = iter(range(steps))
    for owner, name in EVENTS:
        real = getattr(owner, name)

        def call(*arguments: object, _real: Callable[..., object] = real, **named: object) -> object:
            if next(left, None) is None:
                fail()
            return _real(*arguments, **named)

        monkeypatch.setattr(owner, name, call)


def until_it_lives(root: Path) -> Iterator[int]:
    """Numbers of steps, each with a fresh tree, until the change is made."""
    for steps in range(400):
        yield steps
        if tree(root) == AFTER:
            return
        assert tree(root) == OLD
    raise AssertionError


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_whatever_step_fails_everything_is_as_before(number: int, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    once = {"failed": False}

    def fail() -> None:
        if not once["failed"]:
            once["failed"] = True
            raise OSError(number, os.strerror(number))

    said: list[str] = []
    for steps in until_it_lives(root):
        once["failed"] = False
        with monkeypatch.context() as patch:
            interrupted(patch, steps, fail)
            try:
                change_it(root)
            except EvaluatorError as error:
                said.append(str(error))
        assert not {name for name in own(root) if name.startswith("change")} if (root / ".evaluator").exists() else True
    assert len(said) > 20
    assert [sentence for sentence in said if "cannot be" not in sentence] == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="dies in a child")
def test_a_death_at_any_step_is_undone_by_the_next_writer_and_unseen_by_readers(root: Path) -> None:
    undone = 0
    for steps in until_it_lives(root):
        child = os.fork()
        if child == 0:
            with pytest.MonkeyPatch.context() as patch:
                interrupted(patch, steps, lambda: os.kill(os.getpid(), signal.SIGKILL))
                change_it(root)
            os._exit(0)
        os.waitpid(child, 0)
        pending = (root / ".evaluator/change").exists()
        assert seen(root) in (OLD, AFTER)
        if pending:
            assert seen(root) == OLD
            undone += 1
            with pytest.warns(Notice, match="An interrupted change was undone"):
                settle(root)
        else:
            with transaction(root):
                pass
        assert own(root) == [".gitignore", "lock"]
    assert undone > 10


def unfinished(root: Path) -> None:
    """Die in the middle of putting the files in place."""
    child = os.fork()
    if child == 0:
        real, count = Path.replace, iter(range(1))

        def replace(self: Path, target: Path) -> Path:
            if next(count, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(self, target)

        Path.replace = replace  # type: ignore[method-assign,assignment]
        change_it(root)
    os.waitpid(child, 0)
    assert tree(root) != OLD
    assert (root / ".evaluator/change/journal.json").is_file()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="dies in a child")
def test_a_file_edited_by_hand_after_the_interruption_stays_and_is_named(root: Path) -> None:
    unfinished(root)
    (root / "criteria/a.yaml").write_bytes(b"by hand\n")
    assert seen(root)["criteria/a.yaml"] == b"by hand\n"
    with pytest.warns(Notice, match=r"edited since: 'criteria/a.yaml'"):
        settle(root)
    assert tree(root) == {**OLD, "criteria/a.yaml": b"by hand\n"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="dies in a child")
@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", "null", '{"schema": "journal/9"}', '{"schema": "journal/1", "files": 3, "made": []}'],
)
def test_a_journal_that_cannot_be_read_is_told_to_readers_and_writers(text: str, root: Path) -> None:
    unfinished(root)
    (root / ".evaluator/change/journal.json").write_text(text)
    before = tree(root)
    for act in (lambda: containment.read(root, "criteria/a.yaml"), lambda: settle(root), lambda: change_it(root)):
        with pytest.raises(EvaluatorError, match="unfinished change"):
            act()
    assert tree(root) == before


def from_elsewhere(root: Path, entries: list[dict[str, object]], made: list[str]) -> None:
    folder = root / ".evaluator/change"
    folder.mkdir(parents=True, exist_ok=True)
    described = {"schema": "journal/1", "id": "1", "files": entries, "made": made}
    (folder / "journal.json").write_text(json.dumps(described))


@pytest.mark.parametrize("name", ["criteria/\ud800", "n" * 256, "\u00e9" * 128, "/".join("a" * 1400)])
@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_journal_with_names_that_no_file_can_have_cannot_be_used(name: str, kind: str, root: Path) -> None:
    entries: list[dict[str, object]] = [{"name": name, "before": None, "after": "0"}]
    from_elsewhere(root, entries if kind == "file" else [], [name] if kind == "folder" else [])
    for act in (lambda: containment.folder(root, "criteria"), lambda: settle(root)):
        with pytest.raises(EvaluatorError, match="unfinished change"):
            act()


def test_a_journal_that_makes_many_folders_hides_the_empty_ones_and_looks_at_no_others(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("empty", "full"):
        (root / "vendors" / name).mkdir(parents=True)
    (root / "vendors/full/x").write_bytes(b"")
    from_elsewhere(root, [], [f"vendors/{name}" for name in ("empty", "full", *range(1000))])
    looked: list[str] = []
    resolve = Path.resolve

    def resolved(path: Path, *, strict: bool = False) -> Path:
        looked.append(path.name)
        return resolve(path, strict=strict)

    monkeypatch.setattr(Path, "resolve", resolved)
    found = containment.folder(root, "vendors")
    assert not isinstance(found, Problem)
    assert [entry.name for entry in found] == ["full"]
    assert looked == ["vendors", "empty", "full"]


@pytest.mark.parametrize("name", ["../outside", "/outside", ".git/config", "criteria/../../outside", "a\\b", "C:x", ""])
def test_a_journal_from_elsewhere_names_no_file_outside(name: str, root: Path) -> None:
    import hashlib

    outside = root.parent / "outside"
    outside.write_bytes(b"precious")
    folder = root / ".evaluator/change"
    folder.mkdir(parents=True)
    (folder / "0.old").write_bytes(b"evil")
    digests = {"before": hashlib.sha256(b"evil").hexdigest(), "after": hashlib.sha256(b"precious").hexdigest()}
    entry = {"place": 0, "name": name, **digests}
    (folder / "journal.json").write_text(json.dumps({"schema": "journal/1", "id": "1", "files": [entry], "made": []}))
    with pytest.raises(EvaluatorError, match="unfinished change"):
        settle(root)
    assert outside.read_bytes() == b"precious"


LAYOUTS = ["vendors", "vendors/x", "vendors/x/profile.yaml", ".evaluator", ".evaluator/lock", ".evaluator/change"]


@pytest.mark.parametrize("kind", ["outside", "inside", "dangling"])
@pytest.mark.parametrize("place", LAYOUTS)
def test_nothing_is_written_through_a_link(place: str, kind: str, root: Path, tmp_path: Path) -> None:
    goal = {"outside": tmp_path / "elsewhere", "inside": root / "elsewhere", "dangling": tmp_path / "nowhere"}[kind]
    if kind != "dangling":
        goal.mkdir()
    (root / place).parent.mkdir(parents=True, exist_ok=True)
    (root / place).symlink_to(goal)
    before = tree(root)
    with pytest.raises(EvaluatorError):
        change_it(root)
    assert tree(root) == before
    assert kind == "dangling" or list(goal.iterdir()) == []


@pytest.mark.parametrize("place", ["vendors/x/profile.yaml", ".evaluator/lock"])
def test_a_pipe_or_a_folder_in_the_place_of_a_file_is_refused(place: str, root: Path) -> None:
    (root / place).parent.mkdir(parents=True)
    for make in (os.mkfifo, os.mkdir):
        make(root / place)
        with pytest.raises(EvaluatorError, match="not a plain file"):
            change_it(root)
        (root / place).unlink() if make is os.mkfifo else (root / place).rmdir()
    assert tree(root) == OLD


def test_a_new_folder_is_there_whole_or_not_at_all(root: Path) -> None:
    create_folder(root, "reports/2027", {"a": b"1", "b": b"2"}, {})
    assert tree(root / "reports") == {"2027/a": b"1", "2027/b": b"2"}
    with pytest.raises(EvaluatorError, match="exists already"):
        create_folder(root, "reports/2027", {"a": b"3"}, {})
    with pytest.raises(EvaluatorError, match=r"criteria/a.yaml' was changed"):
        create_folder(root, "reports/2028", {"a": b"3"}, {"criteria/a.yaml": "0" * 64})
    assert tree(root / "reports") == {"2027/a": b"1", "2027/b": b"2"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="dies in a child")
def test_a_new_workspace_after_an_interrupted_one_is_made(tmp_path: Path) -> None:
    files = {EVALUATION: b"e", "criteria/a.yaml": b"a", "vendors/x/y.yaml": b"y"}
    target = tmp_path / "new"
    for steps in range(400):
        child = os.fork()
        if child == 0:
            with pytest.MonkeyPatch.context() as patch:
                interrupted(patch, steps, lambda: os.kill(os.getpid(), signal.SIGKILL))
                create_workspace(target, files)
            os._exit(0)
        if os.waitpid(child, 0)[1] == 0:
            break
        if (target / ".evaluator/change").exists():
            with pytest.warns(Notice):
                create_workspace(target, files)
        elif not (target / EVALUATION).exists():
            create_workspace(target, files)
        assert tree(target) == files
        assert sorted(path.name for path in tmp_path.iterdir()) == ["new"]
        shutil.rmtree(target)
    assert steps > 20
    assert tree(target) == files


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_serves_too(number: int, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fcntl = pytest.importorskip("fcntl")

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    child = os.fork()
    if child == 0:
        with transaction(root):
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert own(root) == [".gitignore", "lock.owner"]
    change_it(root)
    assert tree(root) == AFTER
    assert own(root) == [".gitignore"]


def test_a_lock_that_cannot_be_had_for_another_reason_is_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fcntl = pytest.importorskip("fcntl")

    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(EvaluatorError, match="cannot be locked for writing: input/output error"):
        change_it(root)


@pytest.mark.filterwarnings("ignore::evaluator.errors.Notice")
def test_a_reader_sees_two_files_of_one_change_together(tmp_path: Path) -> None:
    """A writer renames the evaluation and a vendor together, again and again; no reader sees one without the other."""
    root = write(tmp_path / "workspace", contents(vendors=2))
    names = (EVALUATION, "vendors/v-1/profile.yaml")
    texts = [(root / name).read_bytes() for name in names]
    stop = threading.Event()

    def work() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with transaction(root) as change:
                for name, text in zip(names, texts, strict=True):
                    change.write(name, text + b"# %d\n" % number)

    writer = threading.Thread(target=work)
    writer.start()
    try:
        for _ in range(25):
            loaded = load(root)
            first, second = (loaded.digests[name] for name in names)
            numbers = {tuple(_numbered(text, digest) for text, digest in zip(texts, (first, second), strict=True))}
            assert all(one == other for one, other in numbers)
    finally:
        stop.set()
        writer.join()


def _numbered(text: bytes, digest: str) -> int:
    """Which number the text with that digest bears."""
    import hashlib

    return next(
        number
        for number in range(100_000)
        if hashlib.sha256(text + (b"# %d\n" % number if number else b"")).hexdigest() == digest
    )


def test_a_change_that_is_thrown_away_reads_what_is_there(root: Path) -> None:
    change = Transaction(root)
    assert change.read("criteria/a.yaml") == b"old a\n"
    assert change.digests["criteria/a.yaml"]


def test_a_change_whose_journal_cannot_be_closed_is_not_made(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if target.name == "change.done":
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(EvaluatorError, match="the disk is full"):
        change_it(root)
    monkeypatch.undo()
    assert seen(root) == OLD
    with pytest.warns(Notice, match="An interrupted change was undone"):
        settle(root)
    assert tree(root) == OLD


@pytest.mark.parametrize("way", ["link/empty", "link", "link/inner/empty"])
def test_no_folder_of_a_journal_lies_outside(way: str, root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    for name in ("empty", "inner/empty"):
        (outside / name).mkdir(parents=True)
    (root / "link").symlink_to(outside)
    (root / ".evaluator/change").mkdir(parents=True)
    described = {"schema": "journal/1", "id": "x", "files": [], "made": [way]}
    (root / ".evaluator/change/journal.json").write_text(json.dumps(described))
    with pytest.raises(EvaluatorError, match="'link' is a link"):
        change_it(root)
    assert (outside / "empty").is_dir()
    assert (outside / "inner/empty").is_dir()
    assert tree(root) == OLD


def test_a_journal_with_a_link_restores_nothing_at_all(root: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/x.yaml").write_bytes(b"theirs")
    (root / "link").symlink_to(tmp_path / "outside")
    change = root / ".evaluator/change"
    change.mkdir(parents=True)
    digests = {text: hashlib.sha256(text).hexdigest() for text in (b"old a\n", b"older", b"theirs")}
    files = [
        {"name": "criteria/a.yaml", "before": digests[b"older"], "after": digests[b"old a\n"]},
        {"name": "link/x.yaml", "before": None, "after": digests[b"theirs"]},
    ]
    (change / "0.old").write_bytes(b"older")
    (change / "journal.json").write_text(json.dumps({"schema": "journal/1", "id": "x", "files": files, "made": []}))
    with pytest.raises(EvaluatorError, match="'link' is a link"):
        change_it(root)
    assert tree(root) == OLD
    assert (tmp_path / "outside/x.yaml").read_bytes() == b"theirs"
