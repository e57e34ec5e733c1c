"""Objects of a git repository, through one process of git that knows nothing but the objects."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evaluator.errors import EvaluatorError
from evaluator.workspace import git_objects
from evaluator.workspace.git_folder import GitFolder
from evaluator.workspace.git_objects import GitObject, GitObjects, find_program, open_objects

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")


def git(top: Path, *arguments: str, given: bytes = b"") -> str:
    clean = {"PATH": os.environ["PATH"], "HOME": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", "-C", str(top), *arguments], input=given, capture_output=True, check=True, env=clean)
    return done.stdout.decode().strip()


@pytest.fixture
def folder(tmp_path: Path) -> GitFolder:
    top = tmp_path.resolve() / "repo"
    top.mkdir()
    git(top, "init", "-q")
    return GitFolder(top, top / ".git", top / ".git")


@pytest.fixture
def objects(folder: GitFolder) -> Iterator[GitObjects]:
    with open_objects(folder, "sha1") as found:
        yield found


def stored(folder: GitFolder, data: bytes) -> str:
    return git(folder.top, "hash-object", "-w", "--stdin", given=data)


def test_an_object_is_read_up_to_the_limit(folder: GitFolder, objects: GitObjects) -> None:
    data = b"a\nb\0" * 3
    name = stored(folder, data)
    assert objects.read(name, len(data)) == GitObject(name, "blob", data)
    assert objects.read(name, len(data) - 1) == GitObject(name, "blob", None)
    assert objects.read(name, 100) == GitObject(name, "blob", data)
    assert objects.read(stored(folder, b""), 0) == GitObject(stored(folder, b""), "blob", b"")
    tree = git(folder.top, "mktree", given=f"100644 blob {name}\tx\n".encode())
    assert (found := objects.read(tree, 100))
    assert found.kind == "tree"
    assert objects.read(f"{tree}:x", 100) == GitObject(name, "blob", data)


def test_what_there_is_not(folder: GitFolder, objects: GitObjects) -> None:
    assert objects.read("0" * 40, 100) is None
    assert objects.read("HEAD", 100) is None
    names = [stored(folder, str(number).encode()) for number in range(200)]
    start = next(name[:4] for name in names if sum(other[:4] == name[:4] for other in names) == 1)
    assert objects.read(start, 100)


def test_ids_of_sha_256(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--object-format=sha256")
    folder = GitFolder(tmp_path, tmp_path / ".git", tmp_path / ".git")
    name = stored(folder, b"x")
    with open_objects(folder, "sha256") as objects:
        assert objects.read(name, 1) == GitObject(name, "blob", b"x")


def test_a_content_that_does_not_match_its_id_is_damaged(folder: GitFolder, objects: GitObjects) -> None:
    one, two = stored(folder, b"one"), stored(folder, b"two")
    path = folder.objects / one[:2] / one[2:]
    path.chmod(0o644)
    path.write_bytes((folder.objects / two[:2] / two[2:]).read_bytes())
    with pytest.raises(EvaluatorError) as raised:
        objects.read(one, 100)
    assert str(raised.value) in {
        f"The git repository is damaged: the object {one[:12]} does not match its id.",
        f"git cannot read {one[:12]}; the repository may be damaged (fatal: hash mismatch {one}).",
    }
    assert objects.read(two, 100)


def fake(tmp_path: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/git").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "bin/git").chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / "bin"), os.environ["PATH"]]))


ID = "1" * 40


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("exit 3", "it ended with code -9"),
        ("read line; echo why >&2; exit 3", "why"),
        ("read line; echo one >&2; echo two >&2; echo nonsense; cat", "two"),
        (f"read line; printf '{ID} blob 9\\nshort'; exit 0", "it ended with code"),
        (f"read line; printf '{ID} blob 1234567890123456789\\n'; cat", "it ended with code"),
        (f"read line; printf '{ID} thing 1\\nx\\n'; cat", "it ended with code"),
        ("read line; printf 'x%.0s' $(seq 9000); cat", "it ended with code"),
    ],
)
def test_a_git_that_answers_nonsense_is_ended(
    script: str, words: str, folder: GitFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(tmp_path, script, monkeypatch)
    with open_objects(folder, "sha1") as objects, pytest.raises(EvaluatorError) as raised:
        objects.read(ID, 100)
    said = str(raised.value)
    assert said.startswith("git cannot read 111111111111; the repository may be damaged (")
    assert words in said or (words.startswith("it ended") and "it ended with code" in said)


def test_a_git_that_does_not_answer_is_ended(
    folder: GitFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert git_objects._PATIENCE == 30  # noqa: SLF001
    monkeypatch.setattr(git_objects, "_PATIENCE", 0.1)
    fake(tmp_path, "exec sleep 20", monkeypatch)
    with (
        open_objects(folder, "sha1") as objects,
        pytest.raises(EvaluatorError, match=r"^git did not answer within \d+ seconds when asked for main"),
    ):
        objects.read("main", 100)


def test_a_git_that_cannot_be_started_is_told(
    folder: GitFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/git").write_text("not a program")
    (tmp_path / "bin/git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with open_objects(folder, "sha1") as objects, pytest.raises(EvaluatorError) as raised:
        objects.read(ID, 1)
    assert str(raised.value) == "The history cannot be read: git cannot be started (exec format error)."


def enter(folder: GitFolder) -> str:
    with pytest.raises(EvaluatorError) as raised, open_objects(folder, "sha1"):
        pass
    return str(raised.value)


def test_no_git_of_the_repository_or_of_a_relative_folder_is_run(
    folder: GitFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "git is not installed; the history of commits cannot be read."
    (folder.top / "git").write_text("#!/bin/sh\n")
    (folder.top / "git").chmod(0o755)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/git").symlink_to(folder.top / "git")
    monkeypatch.chdir(folder.top)
    for path in ("", ".", str(folder.top), str(tmp_path / "bin"), f"{folder.top}/../repo", str(tmp_path / "none")):
        monkeypatch.setenv("PATH", path)
        assert enter(folder) == words


def test_git_runs_in_a_folder_and_an_environment_of_its_own(
    folder: GitFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(
        tmp_path,
        f'env > "{tmp_path}/env"; cp -r "$GIT_DIR" "{tmp_path}/dir"; echo "$@" > "{tmp_path}/arguments"; read line; echo "$line missing"',
        monkeypatch,
    )
    monkeypatch.setenv("GIT_DIR", "/elsewhere")
    monkeypatch.setenv("DEVELOPER_DIR", "kept")
    with open_objects(folder, "sha1") as objects:
        assert objects.read("x", 1) is None
    found = dict(line.split("=", 1) for line in (tmp_path / "env").read_text().splitlines() if "=" in line)
    private = found["GIT_DIR"]
    for name in ("PWD", "_", "SHLVL", "OLDPWD"):
        found.pop(name, None)
    assert found == {
        "DEVELOPER_DIR": "kept", "PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": private, "XDG_CONFIG_HOME": private,
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_DIR": private, "GIT_OBJECT_DIRECTORY": str(folder.objects),
        "GIT_ALLOC_LIMIT": "64m",
    }  # fmt: skip
    assert (tmp_path / "arguments").read_text() == "cat-file --batch\n"
    assert Path(private).name.startswith("evaluator-git-")
    assert not Path(private).exists()
    assert (tmp_path / "dir/config").read_text() == (
        "[core]\nrepositoryformatversion = 0\nbare = true\ncommitGraph = false\nmultiPackIndex = false\nbigFileThreshold = 1m\n"
    )
    assert (tmp_path / "dir/HEAD").read_text() == "ref: refs/heads/none\n"


def test_without_a_temporary_folder_nothing_is_read(folder: GitFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", full)
    assert enter(folder) == "The history cannot be read: no temporary folder can be made (No space left on device)."


def test_objects_outside_are_refused_before_git_is_started(folder: GitFolder) -> None:
    (folder.objects / "info").mkdir(exist_ok=True)
    (folder.objects / "info/alternates").write_text("/elsewhere\n")
    assert "borrows objects" in enter(folder)


def test_git_is_ended_with_the_reading(folder: GitFolder) -> None:
    with open_objects(folder, "sha1") as objects:
        objects.read(stored(folder, b"x"), 1)
        process = objects._process  # noqa: SLF001
        assert process
        assert process.poll() is None
    assert process.poll() is not None
    assert process.stdin
    assert process.stdin.closed


def program(folder: Path, name: str = "tool") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / name
    made.write_text("#!/bin/sh\n")
    made.chmod(0o755)
    return made


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "workspace").mkdir()
    return tmp_path / "workspace"


def searched(monkeypatch: pytest.MonkeyPatch, *folders: object) -> None:
    monkeypatch.setenv("PATH", os.pathsep.join(map(str, folders)))


def test_the_first_outside_counts_and_the_path_keeps_what_may_be_searched(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(workspace / "bin")
    wanted = program(tmp_path / "bin")
    searched(monkeypatch, workspace / "bin", "relative", "", tmp_path / "bin", workspace)
    assert find_program("tool", workspace) == (str(wanted), str(tmp_path / "bin"))


def test_a_program_inside_is_none(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(workspace / "bin")
    program(workspace)
    searched(monkeypatch, workspace / "bin", workspace)
    assert find_program("tool", workspace) is None


def test_neither_a_linked_folder_nor_a_linked_program_leads_inside(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = program(workspace / "bin")
    (tmp_path / "link").symlink_to(workspace / "bin")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "tool").symlink_to(inside)
    searched(monkeypatch, tmp_path / "link")
    assert find_program("tool", workspace) is None
    searched(monkeypatch, tmp_path / "bin")
    assert find_program("tool", workspace) is None


def test_the_workspace_itself_may_be_linked(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(workspace / "bin")
    (tmp_path / "elsewhere").symlink_to(workspace)
    searched(monkeypatch, workspace / "bin")
    assert find_program("tool", tmp_path / "elsewhere") is None


def test_a_program_in_the_current_folder_is_none(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    searched(monkeypatch, ".", "")
    assert find_program("tool", workspace) is None
