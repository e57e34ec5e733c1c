"""Repositories made to run a stranger's program, to lead elsewhere or to hang: none of it happens, and a sentence says what is wrong."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path

import pytest
import yaml
from builders import Content, card_of, write
from review_builders import final_contents, place

from evaluator.errors import EvaluatorError
from evaluator.reviews.history import history

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")

CARD = card_of("v-1")
HONEST = ["start", "better"]


def git(folder: Path, *arguments: str, given: bytes = b"") -> str:
    """The output of git; without anything of the machine's own configuration."""
    names = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always")
    clean = {"PATH": os.environ["PATH"], "HOME": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-C", str(folder), "-c", "gc.auto=0", *names, *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=True, env=clean).stdout.decode().strip()


@dataclass(frozen=True)
class Victim:
    """A workspace with two commits, and a program that leaves a mark where it is run."""

    base: Path
    content: Content

    @property
    def top(self) -> Path:
        return self.base / "repo"

    @property
    def root(self) -> Path:
        return self.top / "ws"

    @property
    def git(self) -> Path:
        return self.top / ".git"

    @property
    def mark(self) -> Path:
        return self.base / "MARK"

    @property
    def program(self) -> Path:
        return self.base / "evil.sh"

    def object_of(self, revision: str) -> Path:
        name = git(self.top, "rev-parse", revision)
        return self.git / "objects" / name[:2] / name[2:]

    def configure(self, text: str) -> None:
        with (self.git / "config").open("a") as config:
            config.write(text.replace("PROGRAM", str(self.program)).replace("BASE", str(self.base)))

    def notes(self) -> list[str]:
        points = history(place(self.root), "v-1", commits=True, revisions=())
        return [point.note for point in points if point.kind == "commit"]


@pytest.fixture
def victim(tmp_path: Path) -> Iterator[Victim]:
    content = final_contents(vendors=2)
    made = Victim(tmp_path, content)
    write(made.root, content)
    made.program.write_text(f"#!/bin/sh\necho run >> '{made.mark}'\nexit 1\n")
    made.program.chmod(0o755)
    git(made.base, "init", "-q", "-b", "main", str(made.top))
    commit(made, "start")
    content[CARD]["answers"]["c-1"]["level"] = 4
    (made.root / CARD).write_text(yaml.safe_dump(content[CARD], sort_keys=False))
    commit(made, "better")
    yield made
    assert not made.mark.exists(), "a program of the repository was run"


def commit(victim: Victim, subject: str) -> None:
    git(victim.top, "add", "-A")
    git(victim.top, "commit", "-q", "-m", subject)


def signed(victim: Victim, form: str = "PGP SIGNATURE") -> None:
    """Make the last commit look signed."""
    head, message = git(victim.top, "cat-file", "commit", "HEAD").split("\n\n", 1)
    signature = f"gpgsig -----BEGIN {form}-----\n \n AAAA\n -----END {form}-----"
    text = f"{head}\n{signature}\n\n{message}\n".encode()
    forged = git(victim.top, "hash-object", "-t", "commit", "-w", "--stdin", given=text)
    git(victim.top, "update-ref", "HEAD", forged)


def promised(victim: Victim, remote: str) -> None:
    """Take the newest scorecard away and say that a remote will give it."""
    victim.object_of(f"HEAD:ws/{CARD}").unlink()
    victim.configure(
        "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tpartialClone = origin\n"
        f'[remote "origin"]\n\tpromisor = true\n\tpartialclonefilter = blob:none\n{remote}'
    )
    (victim.git / "objects" / "pack" / f"pack-{'0' * 40}.promisor").touch()


CONFIGURED = {
    "signatures": '[log]\n\tshowSignature = true\n[gpg]\n\tprogram = "PROGRAM"\n',
    "ssh-signatures": '[log]\n\tshowSignature = true\n[gpg "ssh"]\n\tprogram = "PROGRAM"\n\tallowedSignersFile = /x\n',
    "fsmonitor": '[core]\n\tfsmonitor = "PROGRAM"\n\tuntrackedCache = true\n',
    "pager": '[core]\n\tpager = "PROGRAM"\n[pager]\n\tlog = "PROGRAM"\n\tcat-file = "PROGRAM"\n\trev-list = true\n',
    "external-diff": '[diff]\n\texternal = "PROGRAM"\n[diff "x"]\n\tcommand = "PROGRAM"\n\ttextconv = "PROGRAM"\n',
    "filters": '[filter "x"]\n\tclean = "PROGRAM"\n\tsmudge = "PROGRAM"\n\tprocess = "PROGRAM"\n\trequired = true\n',
    "hooks": '[core]\n\thooksPath = "BASE/hooks"\n[hook "x"]\n\tevent = reference-transaction\n\tcommand = "PROGRAM"\n',
    "aliases": '[alias]\n\tlog = "!PROGRAM"\n\tcat-file = "!PROGRAM"\n\trev-list = "!PROGRAM"\n',
    "editors": '[core]\n\teditor = "PROGRAM"\n\taskPass = "PROGRAM"\n\talternateRefsCommand = "PROGRAM"\n',
    "credentials": '[credential]\n\thelper = "!PROGRAM"\n',
    "include": '[include]\n\tpath = "BASE/included"\n[includeIf "gitdir:**"]\n\tpath = "BASE/included"\n',
    "include-of-a-pipe": '[include]\n\tpath = "BASE/pipe"\n',
    "worktree-elsewhere": "[core]\n\tworktree = /etc\n\tbare = false\n",
    "worktree-config": "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tworktreeConfig = true\n",
    "trace": "[trace2]\n\teventTarget = BASE/MARK\n\tnormalTarget = BASE/MARK\n",
    "unknown-extension": "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tnobody-knows = true\n",
    "no-configuration": "[[[ \x00 nothing that git could read",
}


@pytest.mark.parametrize("name", CONFIGURED)
def test_configuration_runs_nothing_and_the_history_is_read(name: str, victim: Victim) -> None:
    signed(victim, "SSH SIGNATURE" if name.startswith("ssh") else "PGP SIGNATURE")
    (victim.git / "info").mkdir(exist_ok=True)
    (victim.git / "info" / "attributes").write_text("* diff=x filter=x\n")
    for folder in (victim.git / "hooks", victim.base / "hooks"):
        folder.mkdir(exist_ok=True)
        for hook in ("reference-transaction", "post-index-change", "post-checkout", "fsmonitor-watchman"):
            shutil.copy(victim.program, folder / hook)
    (victim.base / "included").write_text(CONFIGURED["signatures"].replace("PROGRAM", str(victim.program)))
    (victim.git / "config.worktree").write_text((victim.base / "included").read_text())
    os.mkfifo(victim.base / "pipe")
    victim.configure(CONFIGURED[name])
    assert victim.notes() == HONEST
    (named,) = history(place(victim.root), "v-1", commits=False, revisions=("HEAD",))
    assert named.points


@pytest.mark.parametrize("revision", ["@{upstream}", "@{-1}", "@{1}", "HEAD@{yesterday}"])
def test_a_revision_of_a_log_or_of_another_repository_is_none(victim: Victim, revision: str) -> None:
    with pytest.raises(EvaluatorError, match="There is no branch, tag or commit"):
        history(place(victim.root), "v-1", commits=False, revisions=(revision,))


REMOTES = {
    "upload-pack": '\turl = BASE/none\n\tuploadpack = "PROGRAM"\n[protocol "file"]\n\tallow = always\n',
    "ssh": '\turl = ssh://x/y\n[core]\n\tsshCommand = "PROGRAM"\n[protocol "ssh"]\n\tallow = always\n',
    "ext": '\turl = "ext::PROGRAM %S"\n[protocol "ext"]\n\tallow = always\n[protocol]\n\tallow = always\n',
    "proxy": '\turl = git://127.0.0.1/y\n[core]\n\tgitProxy = "PROGRAM"\n[protocol "git"]\n\tallow = always\n',
    "instead-of": '\turl = x:y\n[url "ext::PROGRAM "]\n\tinsteadOf = x:\n[protocol "ext"]\n\tallow = always\n',
}


@pytest.mark.parametrize("name", REMOTES)
def test_a_missing_content_is_fetched_from_nowhere(name: str, victim: Victim) -> None:
    promised(victim, REMOTES[name])
    first, second = victim.notes()
    assert first == "start"
    assert re.search("better: The blob [0-9a-f]{12} is not in this clone.*nothing is fetched", second)


def bare_looking(victim: Victim, folder: Path) -> None:
    """Make ``folder`` look like a bare repository whose configuration runs a program."""
    shutil.copytree(victim.git / "objects", folder / "objects")
    shutil.copytree(victim.git / "refs", folder / "refs")
    shutil.copy(victim.git / "HEAD", folder / "HEAD")
    (folder / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = true\n")
    with (folder / "config").open("a") as config:
        config.write(CONFIGURED["signatures"].replace("PROGRAM", str(victim.program)))
        config.write(CONFIGURED["fsmonitor"].replace("PROGRAM", str(victim.program)))


def test_a_workspace_that_looks_like_a_bare_repository(victim: Victim) -> None:
    signed(victim)
    bare_looking(victim, victim.root)
    assert victim.notes() == HONEST


def test_a_workspace_that_looks_bare_and_lies_in_no_repository(victim: Victim) -> None:
    signed(victim)
    bare_looking(victim, victim.root)
    shutil.rmtree(victim.git)
    with pytest.raises(EvaluatorError, match="not in a git repository"):
        victim.notes()


def elsewhere(victim: Victim) -> Path:
    """Another repository beside the victim's, which it must not be led into."""
    other = victim.base / "other"
    shutil.copytree(victim.top, other)
    return other


def git_file(victim: Victim) -> None:
    """A file .git that names the git folder of another repository."""
    other = elsewhere(victim)
    shutil.rmtree(victim.git)
    victim.git.write_text(f"gitdir: {other / '.git'}\n")


def worktree_of_another(victim: Victim) -> None:
    """A file .git that names a worktree which another repository keeps for another folder."""
    other = elsewhere(victim)
    git(other, "worktree", "add", "-q", "-b", "x", str(victim.base / "mine"))
    shutil.rmtree(victim.git)
    victim.git.write_text(f"gitdir: {other / '.git' / 'worktrees' / 'mine'}\n")


def modules_by_dots(victim: Victim) -> None:
    """A file .git that climbs out of the folder of submodules."""
    other = elsewhere(victim)
    (victim.root / ".git").write_text(f"gitdir: ../.git/modules/../../../{other.name}/.git\n")


def modules_by_link(victim: Victim) -> None:
    (victim.git / "modules").symlink_to(elsewhere(victim))
    (victim.root / ".git").write_text("gitdir: ../.git/modules/.git\n")


def git_link(victim: Victim) -> None:
    other = elsewhere(victim)
    shutil.rmtree(victim.git)
    victim.git.symlink_to(other / ".git")


def common_folder(victim: Victim) -> None:
    """A git folder of its own that says its objects are another's."""
    other = elsewhere(victim)
    shutil.rmtree(victim.git / "objects")
    (victim.git / "commondir").write_text(f"{other / '.git'}\n")


def alternates(victim: Victim) -> None:
    other = elsewhere(victim)
    (victim.git / "objects" / "info").mkdir(exist_ok=True)
    (victim.git / "objects" / "info" / "alternates").write_text(f"# no harm\n\n{other / '.git' / 'objects'}\n")


def linked(name: str) -> Callable[[Victim], None]:
    """An attack that replaces a part of the git folder by a link to the same part of another repository."""

    def attack(victim: Victim) -> None:
        other = elsewhere(victim)
        target = victim.git / name
        shutil.rmtree(target) if target.is_dir() else target.unlink()
        target.symlink_to(other / ".git" / name)

    return attack


def linked_object(victim: Victim) -> None:
    path = victim.object_of("HEAD")
    path.rename(victim.base / "object")
    path.symlink_to(victim.base / "object")


def piped(name: str) -> Callable[[Victim], None]:
    """An attack that puts a pipe, which nobody writes to, where a part of the git folder is read."""

    def attack(victim: Victim) -> None:
        path = victim.git / name
        path.unlink(missing_ok=True)
        path.parent.mkdir(exist_ok=True)
        os.mkfifo(path)

    return attack


def piped_object(victim: Victim) -> None:
    path = victim.object_of("HEAD")
    path.unlink()
    os.mkfifo(path)


def listening(victim: Victim) -> None:
    """A socket among the packs."""
    here = Path.cwd()
    os.chdir(victim.git / "objects" / "pack")  # the path of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("pack-x.pack")
    finally:
        os.chdir(here)


def head_climbs(victim: Victim) -> None:
    other = elsewhere(victim)
    (victim.git / "HEAD").write_text(f"ref: refs/heads/../../../{other.name}/.git/refs/heads/main\n")


def head_circles(victim: Victim) -> None:
    (victim.git / "HEAD").write_text("ref: refs/heads/a\n")
    (victim.git / "refs/heads/a").write_text("ref: refs/heads/b\n")
    (victim.git / "refs/heads/b").write_text("ref: refs/heads/a\n")


def endless(name: str) -> Callable[[Victim], None]:
    """An attack that makes a file of the git folder enormous (and sparse)."""

    def attack(victim: Victim) -> None:
        with (victim.git / name).open("wb") as file:
            file.truncate(10**11)

    return attack


LAYOUTS: dict[str, tuple[Callable[[Victim], None], str]] = {
    "git-file": (git_file, "neither a worktree's nor a submodule's"),
    "worktree-of-another": (worktree_of_another, "neither a worktree's nor a submodule's"),
    "modules-by-dots": (modules_by_dots, "neither a worktree's nor a submodule's"),
    "modules-by-link": (modules_by_link, "neither a worktree's nor a submodule's"),
    "git-link": (git_link, "is a link"),
    "common-folder": (common_folder, "no 'objects' folder of its own"),
    "alternates": (alternates, "borrows objects from another repository"),
    "linked-objects": (linked("objects"), "no 'objects' folder of its own"),
    "linked-packs": (linked("objects/pack"), "is a link"),
    "linked-object": (linked_object, "is a link"),
    "linked-head": (linked("HEAD"), "is a link"),
    "linked-references": (linked("refs"), "reached through a link"),
    "linked-branches": (linked("refs/heads"), "reached through a link"),
    "linked-branch": (linked("refs/heads/main"), "is a link"),
    "piped-head": (piped("HEAD"), "is a link, pipe or device"),
    "piped-branch": (piped("refs/heads/main"), "is a link, pipe or device"),
    "piped-pack": (piped("objects/pack/pack-1.pack"), "is a link, pipe or device"),
    "piped-index": (piped("objects/pack/pack-1.idx"), "is a link, pipe or device"),
    "piped-object": (piped_object, "is a link, pipe or device"),
    "piped-alternates": (piped("objects/info/alternates"), "is a link, pipe or device"),
    "piped-shallow": (piped("shallow"), "is a link, pipe or device"),
    "socket": (listening, "is a link, pipe or device"),
    "head-climbs": (head_climbs, "has none yet"),
    "head-circles": (head_circles, "is damaged"),
    "endless-head": (endless("HEAD"), "larger than"),
    "endless-branch": (endless("refs/heads/main"), "larger than"),
    "endless-shallow": (endless("shallow"), "larger than"),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_that_leads_elsewhere_or_hangs_is_told(name: str, victim: Victim) -> None:
    attack, sentence = LAYOUTS[name]
    attack(victim)
    with pytest.raises(EvaluatorError, match=sentence):
        victim.notes()


def test_pipes_in_what_is_not_read_do_no_harm(victim: Victim) -> None:
    for name in ("config", "index", "packed-refs.lock", "info/grafts", "info/attributes"):
        (victim.git / name).unlink(missing_ok=True)
        os.mkfifo(victim.git / name)
    assert victim.notes() == HONEST


def test_replacements_and_grafts_change_no_history(victim: Victim) -> None:
    first, last = git(victim.top, "rev-parse", "HEAD~1"), git(victim.top, "rev-parse", "HEAD")
    git(victim.top, "replace", last, first)
    (victim.git / "info" / "grafts").write_text(f"{last}\n")
    assert victim.notes() == HONEST


def test_forged_indexes_of_objects_change_no_history(victim: Victim) -> None:
    for number in range(3):
        git(victim.top, "commit", "-q", "--allow-empty", "-m", f"empty {number}")
    git(victim.top, "commit-graph", "write", "--reachable")
    graph = victim.git / "objects" / "info" / "commit-graph"
    data = bytearray(graph.read_bytes())
    graph.chmod(0o644)
    for place_ in range(len(data) - 150, len(data) - 20):
        data[place_] = 0
    graph.write_bytes(data)
    (victim.git / "objects" / "pack" / "multi-pack-index").write_bytes(b"MIDX" + bytes(100))
    assert victim.notes() == HONEST


def test_commits_in_a_circle_are_found_out(victim: Victim) -> None:
    """Objects whose ids are not their content: without a look at the id, the walk would never end."""
    text = git(victim.top, "cat-file", "commit", "HEAD").encode() + b"\n"
    head = git(victim.top, "rev-parse", "HEAD")
    text = re.sub(rb"parent [0-9a-f]{40}", b"parent " + head.encode(), text)
    path = victim.object_of("HEAD")
    path.chmod(0o644)
    path.write_bytes(zlib.compress(b"commit %d\0" % len(text) + text))
    with pytest.raises(EvaluatorError, match="damaged"):
        victim.notes()


def loose(victim: Victim, kind: str, data: bytes, claimed: int | None = None) -> str:
    """Write an object without asking git, which may refuse it."""
    whole = b"%s %d\0" % (kind.encode(), len(data) if claimed is None else claimed) + data
    name = sha1(whole, usedforsecurity=False).hexdigest()
    path = victim.git / "objects" / name[:2] / name[2:]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(zlib.compress(whole, 1))
    return name


def with_tree(victim: Victim, tree: str) -> None:
    """A third commit whose tree is ``tree``."""
    head = git(victim.top, "rev-parse", "HEAD")
    who = "a <a@example.org> 1700000000 +0000"
    made = loose(victim, "commit", f"tree {tree}\nparent {head}\nauthor {who}\ncommitter {who}\n\nthird\n".encode())
    (victim.git / "refs/heads/main").write_text(f"{made}\n")


def test_a_folder_that_holds_itself_many_times_over_is_not_unfolded(victim: Victim) -> None:
    tree = loose(victim, "tree", b"100644 f\0" + bytes(20))
    for _ in range(30):
        tree = loose(victim, "tree", b"".join(b"40000 %d\0" % n + bytes.fromhex(tree) for n in range(10)))
    with_tree(victim, loose(victim, "tree", b"40000 ws\0" + bytes.fromhex(tree)))
    assert victim.notes() == HONEST


def test_a_folder_of_a_million_entries_is_refused(victim: Victim) -> None:
    with_tree(victim, loose(victim, "tree", b"".join(b"100644 %07d\0" % n + bytes(20) for n in range(1_000_000))))
    with pytest.raises(EvaluatorError, match="too many entries"):
        victim.notes()


@pytest.mark.parametrize("megabytes", [2, 300])
def test_an_enormous_file_is_told_and_not_read(megabytes: int, victim: Victim) -> None:
    blob = loose(victim, "blob", bytes(megabytes * 1_000_000))
    ws = b"".join(b"%s %s\0" % (b"100644" if name == "evaluation.yaml" else b"40000", name.encode()) + bytes.fromhex(id_)
        for name, id_ in {
            "criteria": git(victim.top, "rev-parse", "HEAD:ws/criteria"),
            "evaluation.yaml": blob,
            "vendors": git(victim.top, "rev-parse", "HEAD:ws/vendors"),
        }.items())  # fmt: skip
    with_tree(victim, loose(victim, "tree", b"40000 ws\0" + bytes.fromhex(loose(victim, "tree", ws))))
    *before, last = victim.notes()
    assert before == HONEST
    assert last == "third: evaluation.yaml:1:1: the file is larger than 1 MB and was not read"


def test_a_content_that_claims_another_size_is_damaged(victim: Victim) -> None:
    name = loose(victim, "tree", bytes(1_000), claimed=10)
    with_tree(victim, name)
    with pytest.raises(EvaluatorError, match="damaged"):
        victim.notes()


def test_a_tree_where_a_commit_is_expected(victim: Victim) -> None:
    (victim.git / "refs/heads/main").write_text(git(victim.top, "rev-parse", "HEAD^{tree}") + "\n")
    with pytest.raises(EvaluatorError, match="is a tree, not a commit"):
        victim.notes()


def evil_configuration(victim: Victim) -> Path:
    """A configuration file of the user or the system that runs a program."""
    text = CONFIGURED["signatures"] + CONFIGURED["aliases"] + CONFIGURED["trace"] + CONFIGURED["fsmonitor"]
    path = victim.base / "home" / ".gitconfig"
    path.parent.mkdir()
    path.write_text(text.replace("PROGRAM", str(victim.program)).replace("BASE", str(victim.base)))
    (path.parent / "git").mkdir()
    shutil.copy(path, path.parent / "git" / "config")
    return path


ENVIRONMENT = {
    "home": {"HOME": "BASE/home", "XDG_CONFIG_HOME": "BASE/home"},
    "configuration-files": {"GIT_CONFIG_GLOBAL": "BASE/home/.gitconfig", "GIT_CONFIG_SYSTEM": "BASE/home/.gitconfig"},
    "configuration-values": {
        "GIT_CONFIG_COUNT": "2",
        "GIT_CONFIG_KEY_0": "alias.cat-file",
        "GIT_CONFIG_VALUE_0": "!PROGRAM",
        "GIT_CONFIG_KEY_1": "core.fsmonitor",
        "GIT_CONFIG_VALUE_1": "PROGRAM",
        "GIT_CONFIG_PARAMETERS": "'alias.cat-file=!PROGRAM' 'core.pager=PROGRAM'",
    },
    "programs": {
        "GIT_EXEC_PATH": "BASE/programs",
        "GIT_EXTERNAL_DIFF": "PROGRAM",
        "GIT_PAGER": "PROGRAM",
        "PAGER": "PROGRAM",
        "GIT_SSH": "PROGRAM",
        "GIT_SSH_COMMAND": "PROGRAM",
        "GIT_ASKPASS": "PROGRAM",
        "GIT_PROXY_COMMAND": "PROGRAM",
        "GIT_EDITOR": "PROGRAM",
        "GIT_PAGER_IN_USE": "1",
    },
    "traces": dict.fromkeys(("GIT_TRACE", "GIT_TRACE2", "GIT_TRACE2_EVENT", "GIT_TRACE_SETUP"), "BASE/MARK"),
    "bad-git-dir": {"GIT_DIR": "BASE/nowhere"},
    "other-git-dir": {"GIT_DIR": "BASE/other/.git", "GIT_WORK_TREE": "BASE/other", "GIT_COMMON_DIR": "BASE/other/.git"},
    "other-objects": {
        "GIT_OBJECT_DIRECTORY": "BASE/other/.git/objects",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": "BASE/other/.git/objects",
        "GIT_GRAFT_FILE": "BASE/pipe",
        "GIT_SHALLOW_FILE": "BASE/pipe",
        "GIT_INDEX_FILE": "BASE/pipe",
    },
    "names": {"GIT_NAMESPACE": "x", "GIT_REPLACE_REF_BASE": "refs/heads/", "GIT_REF_PARANOIA": "1", "GIT_PREFIX": "x"},
    "discovery": {"GIT_CEILING_DIRECTORIES": "BASE/repo", "GIT_DISCOVERY_ACROSS_FILESYSTEM": "0"},
    "formats": {"GIT_DEFAULT_HASH": "sha256", "GIT_DEFAULT_REF_FORMAT": "reftable", "GIT_ALLOC_LIMIT": "1"},
}


@pytest.mark.parametrize("name", ENVIRONMENT)
def test_the_environment_runs_nothing_and_leads_nowhere(
    name: str, victim: Victim, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed(victim)
    evil_configuration(victim)
    git(victim.base, "init", "-q", "other")
    os.mkfifo(victim.base / "pipe")
    (victim.base / "programs").mkdir()
    for program in ("git", "git-cat-file", "git-log", "git-rev-list"):
        shutil.copy(victim.program, victim.base / "programs" / program)
    for variable, value in ENVIRONMENT[name].items():
        monkeypatch.setenv(variable, value.replace("PROGRAM", str(victim.program)).replace("BASE", str(victim.base)))
    assert victim.notes() == HONEST


@pytest.mark.parametrize("entry", ["", ".", "bin", "../repo", "{top}", "{top}/ws/../bin", "{base}/link"])
def test_a_git_in_the_repository_or_the_current_folder_is_not_run(
    entry: str, victim: Victim, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (victim.top, victim.root, victim.top / "bin"):
        folder.mkdir(exist_ok=True)
        shutil.copy(victim.program, folder / "git")
    (victim.base / "link").symlink_to(victim.top / "bin")
    monkeypatch.chdir(victim.top)
    first = entry.format(top=victim.top, base=victim.base)
    monkeypatch.setenv("PATH", first)
    with pytest.raises(EvaluatorError, match="git is not installed"):
        victim.notes()
    monkeypatch.setenv("PATH", os.pathsep.join([first, os.defpath]))
    assert victim.notes() == HONEST


def test_a_repository_of_somebody_else_is_read(victim: Victim) -> None:
    """git refuses it for its configuration's sake, which is not read here."""
    if os.geteuid():
        pytest.skip("only root can give files away")
    for path in (victim.top, *victim.top.rglob("*")):
        os.lchown(path, 12345, 12345)
    assert victim.notes() == HONEST


def test_the_program_ends_with_a_sentence_and_1(victim: Victim) -> None:
    """From the terminal, as a user would meet it."""
    signed(victim)
    victim.configure(CONFIGURED["signatures"])
    command = [
        sys.executable,
        "-m",
        "evaluator",
        "review",
        "history",
        "v-1",
        "--commits",
        "--workspace",
        str(victim.root),
    ]
    good = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (good.returncode, good.stderr) == (0, "")
    assert "better" in good.stdout
    alternates(victim)
    bad = subprocess.run(command, capture_output=True, text=True, check=False)
    assert bad.returncode == 1
    assert bad.stdout == ""
    assert re.fullmatch("Error: The history cannot be read: .* borrows objects .*\n", bad.stderr)
