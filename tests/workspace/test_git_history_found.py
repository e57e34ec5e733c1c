"""Reading git: what the program reads is what git itself says, and every failure has its own sentence."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from builders import card_of, write
from review_builders import final_contents, place

from evaluator.errors import EvaluatorError
from evaluator.reviews.history import history
from evaluator.workspace import git_objects
from evaluator.workspace.git_history import Commit, open_history

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")

IDENTITY = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@x", "GIT_COMMITTER_NAME": "c", "GIT_COMMITTER_EMAIL": "c@x"}


def git(folder: Path, *arguments: str, given: bytes = b"", **more: str) -> str:
    """The output of git, without anything of the machine's own configuration."""
    clean = {"PATH": os.environ["PATH"], "HOME": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **IDENTITY, **more}
    settings = ("-c", "protocol.file.allow=always", "-c", "gc.auto=0", "-c", "init.defaultBranch=main")
    command = ["git", "-C", str(folder), *settings, *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=True, env=clean).stdout.decode().strip()


@dataclass
class Repository:
    """A repository in which tests commit."""

    top: Path

    def commit(self, subject: str, files: dict[str, str | bytes] | None = None, **more: str) -> str:
        for name, text in (files or {}).items():
            path = self.top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)
        git(self.top, "add", "-A")
        git(
            self.top,
            "commit",
            "-q",
            "--allow-empty",
            "--allow-empty-message",
            "-F",
            "-",
            given=subject.encode(),
            **more,
        )
        return git(self.top, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    top = tmp_path / "repo"
    top.mkdir()
    git(top, "init", "-q")
    return Repository(top)


def commits(root: Path) -> tuple[Commit, ...]:
    with open_history(root) as past:
        return past.commits()


def subjects(root: Path) -> list[str]:
    return [commit.subject for commit in commits(root)]


def read_all(root: Path) -> None:
    """Read every content that any commit has at the top of the workspace."""
    with open_history(root) as past:
        for commit in past.commits():
            for content in past.files(commit, [""]).values():
                past.read(content, 2_000)


def listed_by_git(root: Path) -> list[tuple[str, ...]]:
    """Id, day and subject of each commit as git itself says them."""
    said = git(root, "log", "--first-parent", "--reverse", "--date=short", "--format=%H%x01%cd%x01%s%x02")
    return [tuple(line.strip().split("\x01")) for line in said.split("\x02") if line.strip()]


def listed_here(root: Path) -> list[tuple[str, ...]]:
    return [(commit.id, commit.day.isoformat(), commit.subject) for commit in commits(root)]


def files_by_git(root: Path, commit: str, folders: list[str]) -> dict[str, str]:
    """Path -> id of the plain files in ``folders`` of the workspace as git itself says them."""
    found = {}
    for line in git(root, "ls-tree", "-r", "-z", commit, ".").split("\0"):
        if line:
            meta, _, name = line.partition("\t")
            if meta.startswith("100") and name.rpartition("/")[0] in folders:
                found[name] = meta.split()[2]
    return found


FOLDERS = ["", "a", "a/b", "ü c"]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_random_history_is_read_as_git_reads_it(seed: int, algorithm: str, tmp_path: Path) -> None:
    """git is the second implementation: its log, its trees and its contents."""
    chance = random.Random(seed)
    top = tmp_path / "repo"
    (top / "ws").mkdir(parents=True)
    git(top, "init", "-q", f"--object-format={algorithm}")
    made, root = Repository(top), top / "ws"
    for number in range(12):
        for _ in range(chance.randint(0, 4)):
            path = root / chance.choice(FOLDERS) / f"{chance.choice('xyz')}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists() or path.is_symlink():
                path.unlink()
            kind = chance.random()
            if kind < 0.6:
                path.write_bytes(chance.randbytes(chance.choice((0, 10, 5_000))))
                path.chmod(chance.choice((0o644, 0o755)))
            elif kind < 0.8:
                path.symlink_to("x.yaml")
        zone = chance.choice(("+0000", "+1300", "-1100", "+0530", "-0330"))
        day = f"{chance.randint(10**8, 2 * 10**9)} {zone}"
        subject = chance.choice(("one line", "two\nlines\n\nbody", "ü € 😀", "\n\n  lead", "x" * 150, "a\tb"))
        made.commit(f"{number} {subject}", GIT_COMMITTER_DATE=day)
        if number == 7:
            git(top, "checkout", "-q", "-b", "side", "HEAD~2")
            made.commit("on the side")
            git(top, "checkout", "-q", "main")
            git(top, "merge", "-q", "-s", "ours", "-m", "merged", "side")
        if number == chance.randint(0, 11):
            git(top, "gc", "-q")
    expected = [(id_, day, " ".join(subject.split())) for id_, day, subject in listed_by_git(root)]
    assert listed_here(root) == expected
    with open_history(root) as past:
        for commit in past.commits():
            files = past.files(commit, FOLDERS)
            assert files == files_by_git(root, commit.id, FOLDERS)
            for name, content in files.items():
                shown = subprocess.run(
                    ["git", "-C", str(top), "cat-file", "blob", content], capture_output=True, check=True
                )
                assert past.read(content, 10_000) == shown.stdout, name


REVISIONS = ["HEAD", "@", "main", "heads/main", "refs/heads/main", "main~2", "HEAD^", "@~1^0", "v1", "tags/v1", "v2^{}",
             "v2~1", "side", "merged^2", "main^{/two}", "origin", "origin/main", "v1-2-gABBREVIATED", "FULL", "ABBREVIATED", "deep/er", "ORIG_HEAD"]  # fmt: skip


@pytest.mark.parametrize("is_packed", [False, True], ids=["loose", "packed"])
def test_revisions_mean_what_they_mean_to_git(is_packed: bool, repository: Repository, tmp_path: Path) -> None:  # noqa: FBT001
    top = repository.top
    repository.commit("one")
    git(top, "tag", "v1")
    git(top, "branch", "side")
    repository.commit("two")
    git(top, "tag", "-a", "-m", "second", "v2")
    git(top, "branch", "deep/er")
    git(top, "checkout", "-q", "side")
    repository.commit("three")
    git(top, "checkout", "-q", "main")
    git(top, "merge", "-q", "--no-ff", "-m", "merged", "side")
    git(top, "tag", "merged")
    git(top, "branch", "v1")  # the name of a tag too: git takes the tag
    git(tmp_path, "clone", "-q", str(top), "clone")
    clone = tmp_path / "clone"
    git(clone, "branch", "side", "origin/side")
    git(clone, "branch", "deep/er", "v2")
    git(clone, "update-ref", "ORIG_HEAD", "HEAD~1")
    if is_packed:
        git(clone, "pack-refs", "--all")
    full = git(clone, "rev-parse", "HEAD")
    with open_history(clone) as past:
        for revision in REVISIONS:
            name = revision.replace("ABBREVIATED", full[:9]).replace("FULL", full)
            expected = git(clone, "rev-parse", f"{name}^{{commit}}")
            assert past.commit_at(name).id == expected, name
        for revision in ("nowhere", "main~9", "HEAD^3", "a b", "a\nb", "-x", "", "..", "../HEAD", "HEAD..main", "x" * 5_000,
                         "v1^{tree}", "main:one", "@{-1}", "main@{1}", "config", "refs/heads", "0" * 40, "deep", "main/x"):  # fmt: skip
            with pytest.raises(EvaluatorError, match=r"revision|branch, tag or commit"):
                past.commit_at(revision)


def test_a_workspace_at_the_top_and_one_below(repository: Repository) -> None:
    repository.commit(
        "start",
        {"evaluation.yaml": "a", "ws/evaluation.yaml": "b", "ws/vendors/v/x.yaml": "c", "ws/vendors/v/e/x.yaml": "d"},
    )
    for root, content in ((repository.top, b"a"), (repository.top / "ws", b"b")):
        with open_history(root) as past:
            (commit,) = past.commits()
            found = past.files(commit, ("", "vendors/v", "nowhere", "evaluation.yaml"))
            assert past.read(found["evaluation.yaml"], 10) == content
            folders = [past.folders(commit, name) for name in ("vendors", "vendors/v", "nowhere")]
    assert folders == [("v",), ("e",), ()]
    assert list(found) == ["evaluation.yaml", "vendors/v/x.yaml"]


def test_a_worktree_is_read_at_its_own_branch(repository: Repository, tmp_path: Path) -> None:
    repository.commit("start", {"ws/x": "1"})
    git(repository.top, "worktree", "add", "-q", "-b", "other", str(tmp_path / "wt"))
    Repository(tmp_path / "wt").commit("elsewhere")
    assert subjects(tmp_path / "wt" / "ws") == ["start", "elsewhere"]
    assert subjects(repository.top) == ["start"]
    (tmp_path / "wt").rename(tmp_path / "moved")
    with pytest.raises(EvaluatorError, match="git worktree repair"):
        commits(tmp_path / "moved")


def test_submodules_are_read_also_in_a_worktree_and_in_each_other(tmp_path: Path) -> None:
    for name in ("inner", "middle", "outer"):
        (tmp_path / name).mkdir()
        git(tmp_path / name, "init", "-q")
        Repository(tmp_path / name).commit(f"in {name}", {"x": name})
    for around, inside in (("middle", "inner"), ("outer", "middle")):
        git(tmp_path / around, "submodule", "add", "-q", str(tmp_path / inside), "sub")
        Repository(tmp_path / around).commit("with a submodule")
    git(tmp_path, "clone", "-q", "--recurse-submodules", str(tmp_path / "outer"), "clone")
    git(tmp_path / "clone", "worktree", "add", "-q", "-b", "other", str(tmp_path / "wt"))
    git(tmp_path / "wt", "submodule", "update", "-q", "--init", "--recursive")
    for top in (tmp_path / "clone", tmp_path / "wt"):
        assert subjects(top) == ["in outer", "with a submodule"]
        assert subjects(top / "sub") == ["in middle", "with a submodule"]
        assert subjects(top / "sub" / "sub") == ["in inner"]


def test_a_shallow_clone_says_that_its_history_is_cut(tmp_path: Path) -> None:
    content = final_contents(vendors=2)
    root = write(tmp_path / "repo" / "ws", content)
    git(root.parent, "init", "-q")
    made = Repository(root.parent)
    made.commit("start")
    for number in range(4):
        made.commit(f"change {number}", {f"ws/{card_of('v-1')}": (root / card_of("v-1")).read_text() + f"# {number}\n"})
    git(tmp_path, "clone", "-q", "--depth=2", f"file://{root.parent}", "clone")
    found = history(place(tmp_path / "clone" / "ws"), "v-1", commits=True, revisions=())
    cut, first, *_ = [point for point in found if point.kind == "commit"]
    assert cut.label == f"before {first.label.split()[-1]}"
    assert cut.points is None
    assert cut.note.startswith("This clone is shallow: earlier commits are not in it")
    assert first.note == "change 2"
    with (
        open_history(tmp_path / "clone") as past,
        pytest.raises(EvaluatorError, match=r"no branch, tag or commit 'HEAD~3' in this repository.*shallow"),
    ):
        past.commit_at("HEAD~3")
    whole = history(place(root), "v-1", commits=True, revisions=())
    assert not [point for point in whole if point.label.startswith("before")]


def test_a_partial_clone_says_which_content_it_lacks(repository: Repository, tmp_path: Path) -> None:
    repository.commit("start", {"x.yaml": "a", "y.yaml": "b"})
    git(repository.top, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{repository.top}", "clone")
    with open_history(tmp_path / "clone") as past:
        (commit,) = past.commits()
        (content, _) = past.files(commit, [""]).values()
        with pytest.raises(EvaluatorError, match=f"The blob {content[:12]} is not in this clone.*nothing is fetched"):
            past.read(content, 10)


def test_borrowed_objects_are_refused_and_the_sentence_says_how_to_copy_them(
    repository: Repository, tmp_path: Path
) -> None:
    repository.commit("start")
    git(tmp_path, "clone", "-q", "--shared", str(repository.top), "clone")
    with pytest.raises(EvaluatorError, match=r"borrows objects from another repository.*git repack -a -d"):
        commits(tmp_path / "clone")
    git(tmp_path / "clone", "repack", "-q", "-a", "-d")
    (tmp_path / "clone/.git/objects/info/alternates").unlink()
    assert subjects(tmp_path / "clone") == ["start"]


def test_no_repository_and_no_commit(tmp_path: Path) -> None:
    with pytest.raises(EvaluatorError, match="not in a git repository"):
        commits(tmp_path)
    git(tmp_path, "init", "-q")
    with pytest.raises(EvaluatorError, match="There are no commits to read: the branch 'main' has none yet"):
        commits(tmp_path)
    with (
        open_history(tmp_path) as past,
        pytest.raises(EvaluatorError, match="no branch, tag or commit 'HEAD' in this repository"),
    ):
        past.commit_at("HEAD")


def test_a_detached_head_and_no_head(repository: Repository) -> None:
    repository.commit("start")
    repository.commit("next")
    git(repository.top, "checkout", "-q", "--detach", "HEAD~1")
    assert subjects(repository.top) == ["start"]
    (repository.top / ".git/HEAD").unlink()
    with pytest.raises(EvaluatorError, match="is not a git repository: it has no HEAD"):
        commits(repository.top)


def test_references_kept_as_a_reftable_are_told_and_ids_still_work(repository: Repository) -> None:
    """As git 2.45 and newer lay them out; an older git cannot make one."""
    id_ = repository.commit("start")
    (repository.top / ".git/HEAD").write_text("ref: refs/heads/.invalid\n")
    (repository.top / ".git/reftable").mkdir()
    with open_history(repository.top) as past:
        with pytest.raises(EvaluatorError, match="keeps its branches and tags as a reftable"):
            past.commits()
        assert past.commit_at(id_).subject == "start"


def cut_short(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(b"")


def scrambled(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(bytes(255 - byte for byte in path.read_bytes()))


def removed(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("what", ["HEAD", "HEAD^{tree}", "HEAD~1", "HEAD:x.yaml"])
@pytest.mark.parametrize("damage", [cut_short, emptied, scrambled, removed])
def test_a_damaged_object_is_told(what: str, damage: Callable[[Path], None], repository: Repository) -> None:
    repository.commit("start", {"x.yaml": "0"})
    repository.commit("next", {"x.yaml": "1" * 1_000})
    id_ = git(repository.top, "rev-parse", what)
    damage(repository.top / ".git/objects" / id_[:2] / id_[2:])
    with pytest.raises(EvaluatorError, match=r"damaged.*\.$"):
        read_all(repository.top)


@pytest.mark.parametrize("damage", [cut_short, emptied, scrambled, removed])
@pytest.mark.parametrize("suffix", ["pack", "idx"])
def test_a_damaged_pack_is_told(suffix: str, damage: Callable[[Path], None], repository: Repository) -> None:
    repository.commit("start", {f"{number}.yaml": str(number) * 100 for number in range(50)})
    git(repository.top, "gc", "-q")
    for path in (repository.top / ".git/objects/pack").glob(f"*.{suffix}"):
        damage(path)
    with pytest.raises(EvaluatorError, match=r"damaged.*\.$"):
        read_all(repository.top)


@pytest.mark.parametrize(
    "said", [b"", b"ref:", b"nonsense\n", b"\xff\xfe\x00", b"ref: refs/heads/main\x00x", b"0" * 39, b"ref: ref"]
)
def test_a_damaged_head_is_told(said: bytes, repository: Repository) -> None:
    repository.commit("start")
    (repository.top / ".git/HEAD").write_bytes(said)
    with pytest.raises(EvaluatorError, match=r"(is damaged|has none yet).*\.$"):
        commits(repository.top)


@pytest.mark.parametrize("said", [b"", b"nonsense\n", b"ref: refs/heads/main\n", bytes(1_000), b"0" * 40])
def test_a_damaged_branch_is_told(said: bytes, repository: Repository) -> None:
    repository.commit("start")
    (repository.top / ".git/refs/heads/main").write_bytes(said)
    with pytest.raises(EvaluatorError, match=r"is (damaged|damaged or incomplete)\b.*\.$"):
        commits(repository.top)


def test_reading_goes_on_after_a_damaged_and_after_a_large_content(repository: Repository) -> None:
    """git ends over a damaged content, and is ended over a large one; the next question starts it again."""
    repository.commit("start", {"bad.yaml": "0" * 5_000, "large.yaml": "1" * 100_000, "good.yaml": "2"})
    bad = git(repository.top, "rev-parse", "HEAD:bad.yaml")
    cut_short(repository.top / ".git/objects" / bad[:2] / bad[2:])
    with open_history(repository.top) as past:
        (commit,) = past.commits()
        files = past.files(commit, [""])
        for _ in range(2):
            with pytest.raises(EvaluatorError, match="damaged"):
                past.read(files["bad.yaml"], 10_000)
            assert past.read(files["large.yaml"], 99_999) is None
            assert past.read(files["good.yaml"], 10) == b"2"
        assert past.read(files["large.yaml"], 100_000) == b"1" * 100_000


def stored(repository: Repository, headers: bytes, message: bytes) -> None:
    """A commit as it would come from another program, put at the end of the branch."""
    tree = git(repository.top, "rev-parse", "HEAD^{tree}").encode()
    text = b"tree " + tree + b"\n" + headers + b"\n" + message
    made = git(repository.top, "hash-object", "-t", "commit", "-w", "--literally", "--stdin", given=text)
    (repository.top / ".git/refs/heads/main").write_text(f"{made}\n")


WHO = b"author a <a> 1 +0000\ncommitter a <a> "
TIMES = {
    b"0 +0000": date(1970, 1, 1),
    b"1700000000 +0000": date(2023, 11, 14),
    b"1700000000 +1400": date(2023, 11, 15),
    b"1700000000 -2300": date(2023, 11, 13),
    b"1700000000 +9999": date(2023, 11, 19),
    b"999999999999999999 +0000": date(1970, 1, 1),
    b"253402300799 +0001": date(1970, 1, 1),
    b"-1 +0000": date(1970, 1, 1),
    b"soon": date(1970, 1, 1),
    b"": date(1970, 1, 1),
}


@pytest.mark.parametrize("when", TIMES)
def test_odd_times(when: bytes, repository: Repository) -> None:
    repository.commit("start")
    stored(repository, WHO + when + b"\n", b"odd\n")
    assert commits(repository.top)[-1].day == TIMES[when]


SUBJECTS = {
    (b"", "ü".encode()): "ü",
    (b"", b"\xfc"): "\ufffd",
    (b"encoding ISO-8859-1\n", b"\xfc"): "ü",
    (b"encoding windows-1252\n", b"\x80"): "€",
    (b"encoding Shift_JIS\n", "日本".encode("shift_jis")): "日本",
    (b"encoding cp99999\n", b"x"): "x",
    (b"encoding zip\n", b"x\xfc"): "x\ufffd",
    (b"encoding ../../x\n", b"x"): "x",
    (b"encoding unicode_escape\n", rb"\x1b"): r"\x1b",
    (b"", b"\x1b]0;owned\x07\xc2\x9b31m"): "\ufffd]0;owned\ufffd\ufffd31m",
    (b"", b""): "",
    (b"", b"\n\n\n"): "",
    (b"", b"one\ntwo\n\nthree"): "one two",
    (b"gpgsig -----BEGIN-----\n \n x\n -----END-----\n", b"signed"): "signed",
    (b"parent x\n", b"no such header"): "no such header",
}


@pytest.mark.parametrize("case", SUBJECTS, ids=str)
def test_odd_messages(case: tuple[bytes, bytes], repository: Repository) -> None:
    repository.commit("start")
    headers, message = case
    stored(repository, WHO + b"1 +0000\n" + headers, message)
    assert commits(repository.top)[-1].subject == SUBJECTS[case]


def test_an_endless_subject_is_cut(repository: Repository) -> None:
    repository.commit("start")
    stored(repository, WHO + b"1 +0000\n", b"x" * 900_000)
    assert len(commits(repository.top)[-1].subject) == 200
    stored(repository, WHO + b"1 +0000\n", b"x" * 1_100_000)
    with pytest.raises(EvaluatorError, match=r"the commit [0-9a-f]{12} is too large"):
        commits(repository.top)


@pytest.mark.parametrize(
    "headers", [b"", b"author a\n", b"committer a <a> 1 +0000\n", b"parent x\n" + WHO + b"1 +0000\n"]
)
def test_a_commit_that_is_none(headers: bytes, repository: Repository) -> None:
    repository.commit("start")
    stored(repository, headers, b"x")
    with pytest.raises(EvaluatorError, match=r"damaged: the commit [0-9a-f]{12} cannot be read"):
        commits(repository.top)


@pytest.mark.parametrize("length", [40, 41, 63])
def test_a_commit_with_an_id_cut_short(length: int, tmp_path: Path) -> None:
    """git would take it for an abbreviation."""
    git(tmp_path, "init", "-q", "--object-format=sha256")
    made = Repository(tmp_path)
    made.commit("start", {"x": "1"})
    tree = git(tmp_path, "rev-parse", "HEAD^{tree}")
    text = f"tree {tree[:length]}\n".encode() + WHO + b"1 +0000\n\nx"
    cut = git(tmp_path, "hash-object", "-t", "commit", "-w", "--literally", "--stdin", given=text)
    (tmp_path / ".git/refs/heads/main").write_text(f"{cut}\n")
    with pytest.raises(EvaluatorError, match="damaged"):
        read_all(tmp_path)


def test_a_deep_history_is_walked(repository: Repository) -> None:
    count = 20_000
    lines = [f"commit refs/heads/main\ncommitter a <a> {n} +0000\ndata <<E\nn{n}\nE\n" for n in range(count)]
    git(repository.top, "fast-import", "--quiet", given="".join(lines).encode())
    found = commits(repository.top)
    assert (len(found), found[0].subject, found[-1].subject) == (count, "n0", f"n{count - 1}")


def test_git_is_not_installed(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EvaluatorError, match="git is not installed"):
        commits(repository.top)


def program(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / "git").write_text(text)
    (folder / "git").chmod(0o755)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("#!/bin/sh\nexit 3\n", "git cannot read .*it ended with code 3"),
        ("#!/bin/sh\necho 'fatal: \x1b[31mno' >&2\nexit 1\n", "git cannot read .*fatal: \ufffd\\[31mno"),
        ("#!/bin/sh\nexec 0<&-\nexec sleep 0.3\n", "git cannot read"),
        ("#!/bin/sh\nread x; echo hello\n", "git cannot read"),
        ("#!/nowhere/at/all\n", "git cannot be started"),
        ("#!/bin/sh\nexec sleep 60\n", "git did not answer within"),
        ("#!/bin/sh\nread x; yes\n", "git cannot read"),
    ],
)
def test_a_git_that_fails_is_told(
    text: str, sentence: str, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit("start")
    program(tmp_path / "programs", text)
    monkeypatch.setattr(git_objects, "_PATIENCE", 1.0)
    monkeypatch.setenv("PATH", f"{tmp_path / 'programs'}:{os.environ['PATH']}")
    with pytest.raises(EvaluatorError, match=sentence):
        commits(repository.top)


def test_nothing_is_left_behind(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit("start")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    before = sorted(path.name for path in repository.top.rglob("*"))
    with open_history(repository.top) as past:
        past.commits()
        assert list((tmp_path / "temporary").iterdir())
    assert not list((tmp_path / "temporary").iterdir())
    assert sorted(path.name for path in repository.top.rglob("*")) == before
    shutil.rmtree(tmp_path / "temporary")
    with pytest.raises(EvaluatorError, match="no temporary folder can be made"):
        commits(repository.top)


def test_a_reader_who_looks_away_loses_nothing(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """git is ended where it does not answer, not where nobody asks."""
    monkeypatch.setattr(git_objects, "_PATIENCE", 0.2)
    repository.commit("start", {"x": "1"})
    with open_history(repository.top) as past:
        (commit,) = past.commits()
        time.sleep(0.5)
        assert past.files(commit, [""])
