"""Looking at a workspace never leads out of it, and while a change is unfinished shows what was before."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from pathlib import Path

import pytest
from builders import contents, write

from evaluator.errors import EvaluatorError, Problem
from evaluator.workspace import containment
from evaluator.workspace.containment import MISSING, FolderEntry, WorkspaceView, exists, find_root, folder, read
from evaluator.workspace.disk import MAX_BYTES, too_large

RENAME = "rename or remove it"
NOWHERE = ("broken-link", "the link leads nowhere", "replace it by the file itself")
OUTSIDE = ("link-outside", "the link leaves the workspace and was not followed", "copy the file into the workspace")
LINK = ("link", "it is a link, and links are not followed here", "replace it with what it points to")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with links of every kind, beside a folder that is none of its business."""
    root = tmp_path.resolve() / "w"
    (root / "a/b").mkdir(parents=True)
    (root / "a/f").write_bytes(b"f")
    (root / "a/b/g").write_bytes(b"g")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret").write_bytes(b"secret")
    (tmp_path / "w2").mkdir()
    for name, goal in {
        "to-folder": "a", "to-file": "a/f", "out": "../outside", "out-file": "../outside/secret", "beside": "../w2",
        "nowhere": "a/none", "loop": "loop", "top": ".", "absolute": str(root / "a"),
    }.items():  # fmt: skip
        (root / name).symlink_to(goal)
    return root


def told(found: object) -> tuple[str, str, str]:
    assert isinstance(found, Problem)
    return found.code, found.message, found.hint


def test_entries_are_sorted_and_say_what_they_are(root: Path) -> None:
    os.mkfifo(root / "a/pipe")
    (root / "a/z").symlink_to("b")
    (root / "a/y").symlink_to("none")
    (root / "a/.hidden").write_bytes(b"")
    assert folder(root, "a") == (
        FolderEntry(".hidden", is_folder=False),
        FolderEntry("b", is_folder=True),
        FolderEntry("f", is_folder=False),
        FolderEntry("pipe", is_folder=False),
        FolderEntry("y", is_folder=False, is_link=True),
        FolderEntry("z", is_folder=True, is_link=True),
    )
    assert folder(root, "") == folder(root, "top")
    assert folder(root, "none") == ()
    assert folder(root, "none", links=False) == ()


@pytest.mark.parametrize(
    ("name", "is_hidden"),
    [(".x", True), ("_x", True), ("#x#", True), ("~x", True), ("x", False), ("x~", False), ("x.y", False), ("", False)],
)
def test_names_of_editors_and_git_are_hidden(name: str, is_hidden: bool) -> None:  # noqa: FBT001
    assert FolderEntry(name, is_folder=False).is_hidden is is_hidden


@pytest.mark.parametrize("name", ["out", "beside", "out/deeper", "to-folder/../../outside", ".."])
def test_a_folder_that_leads_outside_is_refused(name: str, root: Path) -> None:
    if name == "out/deeper":
        (root.parent / "outside/deeper").mkdir()
    found = folder(root, name)
    assert told(found) == OUTSIDE
    assert isinstance(found, Problem)
    assert found.file == name


@pytest.mark.parametrize("name", ["out-file", "out/secret", "../outside/secret"])
def test_a_file_that_lies_outside_is_refused(name: str, root: Path) -> None:
    assert told(read(root, name)) == OUTSIDE
    assert exists(root, name)


def test_links_that_stay_inside_are_followed_where_they_may_be(root: Path) -> None:
    assert folder(root, "to-folder") == folder(root, "a") == folder(root, "absolute")
    assert read(root, "to-file") == read(root, "to-folder/f") == b"f"
    for name, link in {
        "to-folder": "to-folder",
        "to-folder/b": "to-folder",
        "top/a": "top",
        "out": "out",
        "loop": "loop",
    }.items():
        found = folder(root, name, links=False)
        assert told(found) == LINK
        assert isinstance(found, Problem)
        assert found.file == link
    for name in ("to-file", "to-folder/f", "nowhere"):
        assert told(read(root, name, links=False)) == LINK
    assert folder(root, "a/b", links=False) == (FolderEntry("g", is_folder=False),)
    assert read(root, "a/b/g", links=False) == b"g"


def test_links_that_lead_nowhere(root: Path) -> None:
    for name in ("nowhere", "loop", "loop/x"):
        assert told(read(root, name)) == told(folder(root, name)) == NOWHERE
        assert exists(root, name)


def test_what_is_missing(root: Path) -> None:
    for name in ("none", "a/none", "none/none", "nowhere/x"):
        assert (
            told(read(root, name))
            == (MISSING, "the file is missing", "")
            == ("missing-file", "the file is missing", "")
        )
        assert not exists(root, name)
    assert exists(root, "a/f")
    assert exists(root, "a")


def test_what_is_no_file_or_no_folder(root: Path) -> None:
    os.mkfifo(root / "pipe")
    assert told(read(root, "a")) == ("not-a-file", "expected a file, found a folder", "rename or remove the folder")
    assert told(folder(root, "a/f")) == ("not-a-folder", "expected a folder, found a file", RENAME)
    assert told(read(root, "pipe")) == ("not-a-file", "expected a file, found a device or pipe", RENAME)
    assert told(read(root, "a/f/x")) == NOWHERE


def test_the_limit_is_kept(root: Path) -> None:
    assert read(root, "a/f", most=1) == b"f"
    assert read(root, "a/f", most=0) == too_large("a/f", 0)
    (root / "large").write_bytes(b"x" * MAX_BYTES)
    assert read(root, "large") == b"x" * MAX_BYTES
    (root / "large").write_bytes(b"x" * (MAX_BYTES + 1))
    assert read(root, "large") == WorkspaceView(root).read("large") == too_large("large")


def test_what_may_not_be_read_is_told_with_the_command(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(containment, "read_bounded", refuse)
    monkeypatch.setattr(os, "scandir", refuse)
    hint = "ask for the right to read it, or run: chmod u+r"
    assert told(read(root, "a/f")) == ("unreadable", "the file cannot be read: permission denied", f"{hint} a/f")
    assert told(folder(root, "a")) == ("unreadable", "the folder cannot be read: permission denied", f"{hint} a")
    monkeypatch.setattr(Path, "resolve", refuse)
    assert told(read(root, "a/f")) == ("unreadable", "the file cannot be read: permission denied", f"{hint} a/f")


@pytest.mark.parametrize(
    ("error", "reason"),
    [(OSError(errno.EIO, "Input/output error"), "input/output error"), (OSError(), "the system refuses")],
)
def test_another_error_of_the_system_is_told(
    error: OSError, reason: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> bytes:
        raise error

    monkeypatch.setattr(containment, "read_bounded", fail)
    monkeypatch.setattr(os, "scandir", fail)
    assert told(read(root, "a/f")) == ("unreadable", f"the file cannot be read: {reason}", "")
    assert told(folder(root, "a")) == ("unreadable", f"the folder cannot be read: {reason}", "")


def sha(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()


def begin(root: Path, files: dict[str, tuple[bytes | None, bytes | None]], made: list[str], id_: str = "1") -> None:
    """A change of ``files`` (text before, text after) that was interrupted after all of them were written."""
    where = root / ".evaluator/change"
    where.mkdir(parents=True, exist_ok=True)
    entries = []
    for place, (name, (before, after)) in enumerate(files.items()):
        entries.append({"name": name, "before": sha(before), "after": sha(after)})
        if before is not None:
            (where / f"{place}.old").write_bytes(before)
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        if after is not None:
            (root / name).write_bytes(after)
    described = {"schema": "journal/1", "id": id_, "files": entries, "made": made}
    (where / "journal.json").write_text(json.dumps(described))


def names(found: object) -> list[str]:
    assert isinstance(found, tuple)
    return [entry.name for entry in found]


def test_an_unfinished_change_is_not_seen(tmp_path: Path) -> None:
    (tmp_path / "v/kept").mkdir(parents=True)
    (tmp_path / "v/kept/k").write_bytes(b"k")
    begin(
        tmp_path,
        {
            "v/changed": (b"old", b"new"),
            "v/gone": (b"gone", None),
            "v/new": (None, b"new"),
            "v/made/deep/x": (None, b"x"),
            "v/edited": (None, b"theirs"),
            "v/restored": (b"was", None),
        },
        ["v/made", "v/made/deep", "v/kept"],
    )
    (tmp_path / "v/edited").write_bytes(b"by hand")
    (tmp_path / "v/restored").write_bytes(b"again")
    view = WorkspaceView(tmp_path.resolve())
    assert (
        names(view.folder("v"))
        == names(folder(tmp_path.resolve(), "v"))
        == ["changed", "edited", "gone", "kept", "restored"]
    )
    found = view.folder("v")
    assert isinstance(found, tuple)
    assert found[2] == FolderEntry("gone", is_folder=False)
    assert view.read("v/changed") == read(tmp_path.resolve(), "v/changed") == b"old"
    assert view.read("v/gone") == b"gone"
    assert told(view.read("v/new")) == (MISSING, "the file is missing", "")
    assert view.read("v/edited") == b"by hand"
    assert view.read("v/restored") == b"again"
    assert names(view.folder("v/made")) == []
    assert names(view.folder("v/made/deep")) == []
    assert isinstance(view.folder("v/changed"), Problem)


def test_a_change_that_was_completed_in_the_meantime_is_seen(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    begin(root, {"a": (b"old", b"new")}, [])
    view = WorkspaceView(root)
    (root / ".evaluator/change").rename(root / ".evaluator/done")
    assert view.read("a") == b"new"
    assert view.read("a", most=2) == too_large("a", 2)


def test_a_change_followed_by_another_is_seen_and_the_other_is_not(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    begin(root, {"a": (b"old", b"new")}, [])
    view = WorkspaceView(root)
    (root / ".evaluator/change/0.old").unlink()
    begin(root, {"b": (b"old b", b"new b"), "a": (b"new", b"newer")}, [], id_="2")
    (root / "a").write_bytes(b"new")
    assert view.read("a") == b"new"
    assert view.read("b") == b"old b"


def test_an_old_text_that_is_lost_is_told(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    begin(root, {"a": (b"old", b"new")}, [])
    (root / ".evaluator/change/0.old").unlink()
    with pytest.raises(EvaluatorError, match="unfinished change"):
        read(root, "a")


def refused(start: Path) -> str:
    with pytest.raises(EvaluatorError) as raised:
        find_root(start)
    return str(raised.value)


def test_the_nearest_workspace_counts(tmp_path: Path) -> None:
    top = tmp_path.resolve()
    (top / "a/b").mkdir(parents=True)
    assert refused(top / "a/b") == (
        f"'{top / 'a/b'}' is not in a workspace: there is no evaluation.yaml there or in any folder above; "
        "name the workspace with --workspace, or make one with `evaluator init DIR`."
    )
    (top / "evaluation.yaml").symlink_to("nowhere")
    assert find_root(top / "a/b") == find_root(top) == top
    (top / "a/evaluation.yaml").mkdir()
    assert find_root(top / "a/b") == top / "a"
    assert find_root(top) == top


@pytest.mark.parametrize("name", ["none", "loop", "a\0b"])
def test_where_there_is_no_folder(name: str, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    assert refused(tmp_path / name) == f"There is no folder '{tmp_path / name}'.".replace("\0", "\ufffd")


def test_a_workspace_that_was_begun_is_named_with_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / ".evaluator/change"
    folder.mkdir(parents=True)
    entry = {"name": "evaluation.yaml", "before": None, "after": hashlib.sha256(b"new").hexdigest()}
    (folder / "journal.json").write_text(json.dumps({"schema": "journal/1", "id": "1", "files": [entry], "made": []}))
    (tmp_path / "evaluation.yaml").write_bytes(b"new")
    assert refused(tmp_path) == (
        f"'{tmp_path.resolve()}' is a workspace that was begun and not completed; repeat the command that makes it, "
        "or remove '.evaluator/change' in it if these files were completed by hand."
    )


def test_the_workspace_is_the_folder_or_its_nearest_parent(tmp_path: Path) -> None:
    outer = write(tmp_path, contents())
    inner = write(tmp_path / "vendors/v-1/inner", contents())
    (inner / "deep/deeper").mkdir(parents=True)
    assert find_root(outer) == outer
    assert find_root(outer / "vendors/v-1") == outer
    assert find_root(inner / "deep/deeper") == inner


def test_whatever_lies_at_evaluation_yaml_makes_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "evaluation.yaml").mkdir()
    assert find_root(tmp_path) == tmp_path.resolve()


def test_without_an_evaluation_yaml_there_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(EvaluatorError, match=r"is not in a workspace.*evaluator init"):
        find_root(tmp_path)


@pytest.mark.parametrize("name", ["nowhere", "a\0b"])
def test_no_folder_no_workspace(name: str, tmp_path: Path) -> None:
    with pytest.raises(EvaluatorError, match="There is no folder"):
        find_root(tmp_path / name)
