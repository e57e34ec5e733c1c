"""The history of a workspace, read from small repositories and held against what git itself says."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from builders import (
    CATALOGUE,
    EVALUATION,
    WEIGHTS,
    build,
    card_of,
    contents,
    criterion,
    own_work_of,
    profile_of,
    with_own_work,
)

from evaluator.errors import EvaluatorError
from evaluator.workspace import git_history as module
from evaluator.workspace.git_folder import GitFolder
from evaluator.workspace.git_history import Commit, History, PastError, PastReader, files_of, open_history
from evaluator.workspace.git_objects import GitObject

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")

WHO = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@x", "GIT_COMMITTER_NAME": "c", "GIT_COMMITTER_EMAIL": "c@x"}


def git(top: Path, *arguments: str, **more: str) -> str:
    clean = {"PATH": os.environ["PATH"], "HOME": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **WHO, **more}
    command = ["git", "-C", str(top), "-c", "init.defaultBranch=main", *arguments]
    return subprocess.run(command, capture_output=True, check=True, env=clean, text=True).stdout.strip()


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A repository with plain and executable files, a link and a submodule, at its top and in a folder below."""
    top = tmp_path / "repo"
    (top / "w/criteria").mkdir(parents=True)
    git(top, "init", "-q")
    for name in ("plain", "w/plain", "w/criteria/plain"):
        (top / name).write_text(name)
        (top / f"{name}.sh").write_text("run")
        (top / f"{name}.sh").chmod(0o755)
        (top / f"{name}.link").symlink_to("plain")
    git(top, "add", "-A")
    git(top, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},w/module")
    git(top, "commit", "-q", "-m", "first", GIT_COMMITTER_DATE="2026-01-02T23:30:00+0000")
    return top


def test_plain_and_executable_files_are_read_and_links_and_submodules_are_not(top: Path) -> None:
    for root, prefix in ((top, ""), (top / "w", "w/")):
        with open_history(root) as past:
            (commit,) = past.commits()
            found = past.files(commit, ["", "criteria", "criteria/deeper", "none"])
            names = (
                ["plain", "plain.sh"] if not prefix else ["plain", "plain.sh", "criteria/plain", "criteria/plain.sh"]
            )
            assert found == {name: git(top, "rev-parse", f"HEAD:{prefix}{name}") for name in names}
            assert past.read(found["plain"], 100) == f"{prefix}plain".encode()
            assert past.read(found["plain.sh"], 3) == b"run"
            assert past.read(found["plain.sh"], 2) is None


def test_folders_may_be_named_with_slashes_around(top: Path) -> None:
    with open_history(top) as past:
        (commit,) = past.commits()
        assert set(past.files(commit, ["/w//criteria/"])) == {"w/criteria/plain", "w/criteria/plain.sh"}
        assert past.files(commit, []) == {}


def test_commits_come_oldest_first_with_their_parents(top: Path) -> None:
    first = git(top, "rev-parse", "HEAD")
    git(
        top,
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "second\nline\n\nbody",
        GIT_COMMITTER_DATE="2026-03-04T00:30:00+0200",
    )
    second, tree = git(top, "rev-parse", "HEAD"), git(top, "rev-parse", "HEAD^{tree}")
    with open_history(top) as past:
        assert past.commits() == (
            Commit(first, None, tree, date(2026, 1, 2), "first"),
            Commit(second, first, tree, date(2026, 3, 4), "second line"),
        )
        assert past.commits()[0].is_cut is False


def test_a_merge_is_followed_along_its_first_parent(top: Path) -> None:
    git(top, "checkout", "-q", "-b", "side")
    git(top, "commit", "-q", "--allow-empty", "-m", "side")
    git(top, "checkout", "-q", "main")
    git(top, "commit", "-q", "--allow-empty", "-m", "main")
    git(top, "merge", "-q", "--no-ff", "-m", "merge", "side")
    with open_history(top) as past:
        assert [commit.subject for commit in past.commits()] == ["first", "main", "merge"]
        assert past.commit_at("side").subject == past.commit_at("HEAD^2").subject == "side"


def test_a_branch_without_commits_is_named(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    with open_history(tmp_path) as past, pytest.raises(EvaluatorError) as raised:
        past.commits()
    assert str(raised.value) == "There are no commits to read: the branch 'main' has none yet."


@pytest.mark.parametrize("revision", ["", "-x", "--all", "x" * 1001, "a\nb", "a\x1b"])
def test_what_is_no_revision(revision: str, top: Path) -> None:
    with (
        open_history(top) as past,
        pytest.raises(EvaluatorError, match=r"is not a git revision; name a branch, a tag or a"),
    ):
        past.commit_at(revision)


@pytest.mark.parametrize(
    "revision", ["none", "HEAD~1", "HEAD^", "x" * 250, "x" * 1000, "HEAD@{0}", "@{u}", "main@{1.day.ago}", ":/first"]
)
def test_what_no_commit_is_called(revision: str, top: Path) -> None:
    with open_history(top) as past, pytest.raises(EvaluatorError) as raised:
        past.commit_at(revision)
    assert str(raised.value).startswith("There is no branch, tag or commit '")
    assert str(raised.value).endswith("' in this repository.")


def test_revisions_are_those_of_git(top: Path) -> None:
    git(top, "commit", "-q", "--allow-empty", "-m", "second")
    git(top, "tag", "-a", "-m", "x", "v1", "HEAD~1")
    head = git(top, "rev-parse", "HEAD")
    with open_history(top) as past:
        for revision in (
            "HEAD",
            "@",
            "@~1",
            "main",
            "main~1",
            "v1",
            "v1^{commit}",
            "v1^0",
            "heads/main",
            head,
            head[:8],
            f"{head}^",
        ):
            assert past.commit_at(revision).id == git(top, "rev-parse", f"{revision}^{{commit}}")


def test_a_shallow_clone_is_cut_and_says_so(top: Path, tmp_path: Path) -> None:
    git(top, "commit", "-q", "--allow-empty", "-m", "second")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{top}", "clone")
    with open_history(tmp_path / "clone") as past:
        (commit,) = past.commits()
        assert commit.is_cut
        assert commit.parent == git(top, "rev-parse", "HEAD~1")
        with pytest.raises(
            EvaluatorError, match=r"in this repository. This clone is shallow: earlier commits are not in it"
        ):
            past.commit_at("HEAD~1")


class Objects:
    """Objects by id, as git would give them; git itself refuses to make most of these."""

    def __init__(self, **found: tuple[str, bytes | None]) -> None:
        self._found = found

    def read(self, name: str, limit: int) -> GitObject | None:
        kind, data = self._found.get(f"x{name[:1]}", ("", None))
        return GitObject(name, kind, data if data is None or len(data) <= limit else None) if kind else None


TREE, COMMIT, BLOB = "1" * 40, "2" * 40, "3" * 40


def past_of(tmp_path: Path, **found: tuple[str, bytes | None]) -> History:
    folder = tmp_path / "g"
    (folder / "objects/pack").mkdir(parents=True, exist_ok=True)
    (folder / "HEAD").write_text(COMMIT)
    return History(GitFolder(tmp_path, folder, folder), Objects(**found), [])  # type: ignore[arg-type]


def commit_of(rest: bytes = b"committer c <c> 86399 +0000\n\nsubject\n", tree: str = TREE) -> tuple[str, bytes]:
    return "commit", f"tree {tree}\n".encode() + b"author a <a> 0 +0000\n" + rest


def entry(mode: bytes, name: bytes, number: str = "a") -> bytes:
    return mode + b" " + name + b"\0" + bytes.fromhex(number * 40)


@pytest.mark.parametrize(
    ("found", "what"),
    [
        ({}, "The git repository is damaged or incomplete: the commit 222222222222 is missing."),
        ({"x2": ("tree", b"")}, "The git repository is damaged: 222222222222 is a tree, not a commit."),
        ({"x2": ("commit", b"nonsense")}, "The git repository is damaged: the commit 222222222222 cannot be read."),
        ({"x2": ("commit", None)}, "The git repository is damaged: the commit 222222222222 is too large."),
        ({"x2": commit_of()}, "The git repository is damaged or incomplete: the tree 111111111111 is missing."),
        ({"x2": commit_of(), "x1": ("tree", b"x")}, "The git repository is damaged: the folder 111111111111 cannot be read."),
        ({"x2": commit_of(), "x1": ("tree", entry(b"100644", b"a") + b"x")}, "The git repository is damaged: the folder 111111111111 cannot be read."),
        ({"x2": commit_of(), "x1": ("tree", b"x" + entry(b"100644", b"a"))}, "The git repository is damaged: the folder 111111111111 cannot be read."),
        ({"x2": commit_of(), "x1": ("tree", None)}, "A folder in the history has too many entries to be read (111111111111)."),
        ({"x2": commit_of(), "x1": ("tree", b"x" * 2_000_001)}, "A folder in the history has too many entries to be read (111111111111)."),
    ],
)  # fmt: skip
def test_what_is_damaged_is_named(found: dict[str, tuple[str, bytes | None]], what: str, tmp_path: Path) -> None:
    past = past_of(tmp_path, **found)
    with pytest.raises(EvaluatorError) as raised:
        past.files(past.commits()[-1], [""])
    assert str(raised.value) == what


def test_what_a_partial_clone_lacks_is_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "g/objects/pack").mkdir(parents=True)
    (tmp_path / "g/objects/pack/x.promisor").write_bytes(b"")
    with pytest.raises(EvaluatorError) as raised:
        past_of(tmp_path).read(BLOB, 1)
    assert str(raised.value) == (
        "The blob 333333333333 is not in this clone, which was made without some contents; nothing is fetched. A full clone has it."
    )


def test_modes_of_a_folder(tmp_path: Path) -> None:
    modes = {
        b"100644": "a",
        b"100755": "b",
        b"100664": "c",
        b"120000": "d",
        b"160000": "e",
        b"40000": "f",
        b"040000": "0",
    }
    data = b"".join(entry(mode, b"n\xff" + mode, number) for mode, number in modes.items())
    past = past_of(tmp_path, x2=commit_of(), x1=("tree", data), x0=("tree", entry(b"100644", b"x")), xf=("tree", b""))
    (commit,) = past.commits()
    assert past.files(commit, [""]) == {f"n\udcff100{n}": k * 40 for n, k in {644: "a", 755: "b", 664: "c"}.items()}
    assert past.files(commit, ["n\udcff040000"]) == {"n\udcff040000/x": "a" * 40}
    assert past.files(commit, ["n\udcff40000"]) == past.files(commit, ["n\udcff160000"]) == {}


@pytest.mark.parametrize(
    ("when", "day"),
    [
        (b"86399 +0000", date(1970, 1, 1)),
        (b"86400 +0000", date(1970, 1, 2)),
        (b"86399 +0001", date(1970, 1, 2)),
        (b"82799 +0100", date(1970, 1, 1)),
        (b"82800 +0100", date(1970, 1, 2)),
        (b"90000 -0100", date(1970, 1, 2)),
        (b"89999 -0100", date(1970, 1, 1)),
        (b"88199 -0030", date(1970, 1, 1)),
        (b"88200 -0030", date(1970, 1, 2)),
        (b"86400 0000", date(1970, 1, 1)),
        (b"999999999999999999 +0000", date(1970, 1, 1)),
        (b"x", date(1970, 1, 1)),
    ],
)
def test_the_day_is_that_of_the_committer(when: bytes, day: date, tmp_path: Path) -> None:
    past = past_of(tmp_path, x2=commit_of(b"committer c <c> " + when + b"\n\ns\n"))
    assert past.commits()[0].day == day


HEAD = b"committer c <c> 0 +0000\n"


@pytest.mark.parametrize(
    ("rest", "subject"),
    [
        (HEAD, ""),
        (HEAD + b"\n", ""),
        (HEAD + b"\n\n \t\r\n  one \n two\n \t\nthree\n", "one two"),
        (HEAD + b"\none\n\ntwo\n\nthree", "one"),
        (HEAD + b"\n" + b"x" * 5000, "x" * 199 + "…"),
        (HEAD + b"\n" + b"y " * 1999 + b"ende\n", "y " * 99 + "y…"),
        (HEAD + b"encoding latin1\n\n\xe9", "é"),
        (HEAD + b"encoding koi8-r\n\n\xc1", "а"),
        (HEAD + b"encoding KOI8-R\n\n\xc1", "а"),
        (HEAD + b"encoding utf-16\n\na", "a"),
        (HEAD + b"encoding cp99999\n\n\xc3\xa9\xff", "é\ufffd"),
        (HEAD + b"gpgsig x\n more\n\nsigned", "signed"),
    ],
)
def test_the_subject_is_the_first_paragraph(rest: bytes, subject: str, tmp_path: Path) -> None:
    assert past_of(tmp_path, x2=commit_of(rest)).commits()[0].subject == subject


def test_the_folders_last_read_are_kept(tmp_path: Path) -> None:
    past = past_of(tmp_path, x2=commit_of(), x1=("tree", entry(b"100644", b"a")))
    (commit,) = past.commits()
    assert module._TREES_KEPT == past._entries.cache_info().maxsize == 16  # noqa: SLF001
    past.files(commit, ["", ""])
    assert past._entries.cache_info().hits == 1  # noqa: SLF001


def test_a_head_that_cannot_be_read_is_told_when_it_is_asked_for(top: Path) -> None:
    head = git(top, "rev-parse", "HEAD")
    (top / ".git/HEAD").write_text("nonsense")
    with open_history(top) as past:
        assert past.commit_at(head).subject == "first"
        ask: tuple[Callable[[], object], ...] = (past.commits, lambda: past.commit_at("HEAD"))
        for each in ask:
            with pytest.raises(EvaluatorError, match=r"git's reference 'HEAD' is damaged"):
                each()


def test_ids_of_sha_256_are_read(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--object-format=sha256")
    (tmp_path / "f").write_text("x")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "one")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "two")
    with open_history(tmp_path) as past:
        assert [(commit.subject, len(commit.tree)) for commit in past.commits()] == [("one", 64), ("two", 64)]
        assert past.files(past.commits()[1], [""]) == {"f": git(tmp_path, "rev-parse", "HEAD:f")}


PAST = Commit("1", None, "2", date(2026, 1, 1), "s")


class Contents:
    """Contents by id, and how often each was read."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.blobs: dict[str, bytes | None] = {}
        self.reads: list[str] = []
        self.asked: tuple[str, ...] = ()
        self.paths = {name: self.add(value) for name, value in content.items()}

    def add(self, value: Any) -> str:
        data = value if isinstance(value, bytes | None) else yaml.safe_dump(value, sort_keys=False).encode()
        blob = f"blob{len(self.blobs)}"
        self.blobs[blob] = data
        return blob

    def folders(self, _: Commit, folder: str) -> tuple[str, ...]:
        inside = [name.removeprefix(f"{folder}/") for name in self.paths if name.startswith(f"{folder}/")]
        return tuple({name.partition("/")[0]: None for name in inside if "/" in name})

    def files(self, _: Commit, folders: tuple[str, ...]) -> dict[str, str]:
        self.asked = folders
        return {name: blob for name, blob in self.paths.items() if name.rpartition("/")[0] in folders}

    def read(self, blob: str, limit: int) -> bytes | None:
        assert limit == 1_000_000
        self.reads.append(blob)
        return self.blobs[blob]


def read(content: dict[str, Any], vendor: str = "v-1") -> Any:
    past: Any = Contents(content)
    return PastReader(past).workspace(files_of(past, PAST, vendor), vendor)


def why(content: dict[str, Any], vendor: str = "v-1") -> str:
    with pytest.raises(PastError) as raised:
        read(content, vendor)
    return str(raised.value)


def test_only_the_files_that_matter_to_the_vendor_count() -> None:
    content = contents(vendors=["v-1", "v-10"])
    past: Any = Contents(
        {
            **content,
            "README.md": b"",
            "criteria/x.txt": b"",
            "criteria/deep/x.yaml": b"",
            "vendors/v-1/x.txt": b"",
            "vendors/v-1/business/x.txt": b"",
            "vendors/v-1/business/deep/x.yaml": b"",
            "vendors/v-1/My notes/x.yaml": b"",
            "x.yaml": b"",
        }
    )
    found = files_of(past, PAST, "v-1")
    assert past.asked == ("", "criteria", "vendors/v-1", "vendors/v-1/business")
    assert set(found) == {name for name in content if not name.startswith("vendors/v-10/")}
    assert found[EVALUATION] == past.paths[EVALUATION]


def test_it_is_the_workspace_with_that_vendor_alone() -> None:
    content = contents(criteria=3, assessors=("b", "a"))
    whole = build({name: value for name, value in content.items() if not name.startswith("vendors/v-2/")})
    found = read(content)
    assert (found.evaluation, found.catalogue, found.weights) == (whole.evaluation, whole.catalogue, whole.weights)
    assert (found.demand, found.guardrails, found.vendors) == (whole.demand, whole.guardrails, whole.vendors)
    assert [card.assessor for card in found.vendors["v-1"].scorecards] == ["a", "b"]
    content["criteria/0.yaml"] = {"schema": "criteria/1", "family": "other", "criteria": [criterion("x")]}
    del content["criteria/f-2.yaml"]
    assert {family: len(group) for family, group in read(content).catalogue.families.items()} == {
        "f-1": 2,
        "f-2": 0,
        "other": 1,
    }
    assert list(read(content).catalogue.families) == ["f-1", "f-2", "other"]


def test_own_work_is_no_scorecard_and_moves_no_figure() -> None:
    content = with_own_work(contents())
    past: Any = Contents(content)
    files = files_of(past, PAST, "v-1")
    assert own_work_of("v-1") not in files
    assert PastReader(past).workspace(files, "v-1").vendors["v-1"].own_work is None
    assert len(read(content).vendors["v-1"].scorecards) == 1


def test_moving_a_scorecard_changes_nothing() -> None:
    content = contents(assessors=("b", "a"))
    now = read(content)
    for assessors in (("b",), ("a",), ("a", "b")):
        moved = {**content}
        for assessor in assessors:
            moved[f"vendors/v-1/{assessor}.yaml"] = moved.pop(card_of("v-1", assessor))
        assert read(moved) == now


def test_a_folder_that_is_no_edition_holds_no_scorecard() -> None:
    assert read({**contents(), "vendors/v-1/capture/page.yaml": {"a": 1}}) == read(contents())


def test_two_scorecards_of_one_assessor_on_one_edition() -> None:
    content = contents()
    card = content[card_of("v-1")]
    content["vendors/v-1/desk-a.yaml"] = card
    assert why(content) == "there are two scorecards of desk-a on business"
    content["vendors/v-1/desk-a.yaml"] = {**card, "edition": "enterprise"}
    assert [card.edition for card in read(content).vendors["v-1"].scorecards] == ["business", "enterprise"]


def test_what_two_commits_share_is_read_once() -> None:
    past: Any = Contents(contents())
    reader = PastReader(past)
    files = files_of(past, PAST, "v-1")
    first = reader.workspace(files, "v-1")
    assert len(past.reads) == len(set(past.reads)) == len(files)
    changed = {**files, card_of("v-1"): past.add(contents(level=4)[card_of("v-1")])}
    second = reader.workspace(changed, "v-1")
    assert len(past.reads) == len(files) + 1
    assert second.evaluation is first.evaluation
    assert second.vendors["v-1"].scorecards[0].answers["c-1"].level == 4
    broken = {**files, card_of("v-1"): past.add(b"[")}
    for _ in range(2):
        with pytest.raises(PastError):
            reader.workspace(broken, "v-1")
    assert len(past.reads) == len(files) + 2


@pytest.mark.parametrize(
    "name", [EVALUATION, CATALOGUE, WEIGHTS, "criteria/use-cases.yaml", "criteria/guardrails.yaml", profile_of("v-1")]
)
def test_a_file_that_is_missing_is_named(name: str) -> None:
    content = contents()
    del content[name]
    assert why(content) == f"{name} is missing"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a: [\n", "2:1: the line does not fit the lines above"),
        (b"schema: scorecard/1\n", "1:1: the key `answers` is missing"),
        (None, "1:1: the file is larger than 1 MB and was not read"),
    ],
)
def test_the_first_problem_of_a_file_is_told_with_its_place(data: bytes | None, words: str) -> None:
    assert why({**contents(), card_of("v-1"): data}) == f"{card_of('v-1')}:{words}"


def test_a_vendor_that_was_no_option_then() -> None:
    content = contents()
    content[EVALUATION]["options"] = ["v-2"]
    assert why(content) == "not an option then"
    assert read(content, "v-2").vendors.keys() == {"v-2"}


def test_a_level_that_the_criterion_did_not_have() -> None:
    content = contents()
    answers = content[card_of("v-1")]["answers"]
    answers["c-2"]["level"] = 5
    assert why(content) == "desk-a: c-2: there is no level 5"
    answers["c-9"] = answers.pop("c-2")
    assert read(content)
    answers["c-1"]["level"] = "unknown"
    assert read(content)
