"""The git folder as plain files: where it is found, what HEAD and the references say, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from evaluator.errors import EvaluatorError
from evaluator.workspace.git_folder import ID, GitFolder, find_git_folder

ONE, TWO, LONG = "1" * 40, "2" * 40, "3" * 64
PLAIN = "is a link, pipe or device, or reached through a link, and only plain files are read"


def made(top: Path, **files: str) -> GitFolder:
    """A git folder laid out by hand in ``top/.git``; dots in names of files stand for slashes."""
    own = top / ".git"
    (own / "objects/info").mkdir(parents=True)
    (own / "objects/pack").mkdir()
    for name, text in {"HEAD": "ref: refs/heads/main\n", **files}.items():
        path = own / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return find_git_folder(top)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return tmp_path.resolve()


def refused(top: Path, words: str) -> None:
    with pytest.raises(EvaluatorError) as raised:
        find_git_folder(top)
    assert str(raised.value) == words


def test_the_nearest_git_folder_counts(top: Path) -> None:
    outer = made(top)
    (top / "a/b").mkdir(parents=True)
    assert outer == find_git_folder(top / "a/b") == GitFolder(top, top / ".git", top / ".git")
    assert outer.objects == top / ".git/objects"
    inner = made(top / "a/b")
    assert inner == find_git_folder(top / "a/b") == GitFolder(top / "a/b", top / "a/b/.git", top / "a/b/.git")
    assert find_git_folder(top / "a") == outer


def test_without_one_there_is_no_history(top: Path) -> None:
    refused(top, f"'{top}' is not in a git repository, so there are no commits to read.")


def test_a_git_folder_is_laid_out_as_git_does(top: Path) -> None:
    own = top / ".git"
    own.mkdir()
    start = f"The history cannot be read: '{own}'"
    refused(top, f"{start} is not a git repository: it has no HEAD.")
    (own / "HEAD").write_text("")
    refused(top, f"{start} is not a git repository: it has no 'objects' folder of its own.")
    (own / "objects").write_text("")
    refused(top, f"{start} is not a git repository: it has no 'objects' folder of its own.")
    (own / "objects").unlink()
    (own / "objects").symlink_to(top)
    refused(top, f"{start} is not a git repository: it has no 'objects' folder of its own.")
    (own / "objects").unlink()
    (own / "objects").mkdir()
    assert find_git_folder(top).top == top


def test_a_git_folder_of_another_kind_is_refused_and_not_passed_over(top: Path) -> None:
    made(top)
    below = top / "below"
    below.mkdir()
    for make in (lambda path: path.symlink_to(top / ".git"), os.mkfifo):
        make(below / ".git")
        words = f"The history cannot be read: '{below / '.git'}' is a link, pipe or device, and such a git folder is not read."
        refused(below, words)
        (below / ".git").unlink()
    (below / ".git").write_text("gitdir: ../.git\n")
    with pytest.raises(
        EvaluatorError, match=r"neither a worktree's nor a submodule's, so it is not read; if the worktree"
    ):
        find_git_folder(below)


@pytest.mark.parametrize("said", ["", "gitdir:", "../x", "gitdir: \0x", "dir: x"])
def test_a_damaged_file_that_names_a_git_folder(said: str, top: Path) -> None:
    (top / ".git").write_text(said)
    refused(top, f"The history cannot be read: '{top / '.git'}' is damaged: expected the path of a git folder.")


def worktree(top: Path) -> Path:
    made(top / "main", refs__heads__main=ONE, refs__heads__other=TWO)
    own = top / "main/.git/worktrees/w"
    own.mkdir(parents=True)
    (top / "w").mkdir()
    (top / "w/.git").write_text(f"gitdir: {own}\n")
    (own / "gitdir").write_text(f"{top}/w/.git\n")
    (own / "commondir").write_text("../..\n")
    (own / "HEAD").write_text("ref: refs/heads/other\n")
    return own


def test_a_worktree_has_its_own_head_and_shares_the_rest(top: Path) -> None:
    own = worktree(top)
    found = find_git_folder(top / "w")
    assert found == GitFolder(top / "w", own, top / "main/.git")
    assert found.head() == found.reference("other") == TWO
    assert found.reference("main") == ONE
    assert found.branch() == "other"


@pytest.mark.parametrize(
    ("file", "text"), [("gitdir", "/elsewhere/.git"), ("gitdir", None), ("commondir", "../../.."), ("commondir", None)]
)
def test_a_worktree_and_its_git_folder_name_each_other(file: str, text: str | None, top: Path) -> None:
    own = worktree(top)
    (own / file).unlink()
    if text:
        (own / file).write_text(text)
    with pytest.raises(EvaluatorError):
        find_git_folder(top / "w")


def test_a_worktree_lies_in_a_folder_named_worktrees(top: Path) -> None:
    own = worktree(top)
    own.parent.rename(own.parent.with_name("trees"))
    (top / "w/.git").write_text(f"gitdir: {top}/main/.git/trees/w\n")
    with pytest.raises(EvaluatorError, match="neither a worktree's nor a submodule's"):
        find_git_folder(top / "w")


def test_a_submodule_lies_in_the_git_folder_around_it(top: Path) -> None:
    made(top)
    own = top / ".git/modules/sub"
    (own / "objects").mkdir(parents=True)
    (own / "HEAD").write_text(ONE)
    (top / "sub").mkdir()
    (top / "sub/.git").write_text("gitdir: ../.git/modules/sub")
    assert find_git_folder(top / "sub") == GitFolder(top / "sub", own, own)
    (own / "commondir").write_text(".")
    with pytest.raises(EvaluatorError, match="neither a worktree's nor a submodule's"):
        find_git_folder(top / "sub")
    (own / "commondir").unlink()
    (top / "sub/.git").write_text(f"gitdir: {top}/.git")
    with pytest.raises(EvaluatorError, match="neither a worktree's nor a submodule's"):
        find_git_folder(top / "sub")


def test_head_names_a_branch_or_a_commit(top: Path) -> None:
    found = made(top, refs__heads__main=f"{ONE}\n")
    assert (found.head(), found.branch()) == (ONE, "main")
    head = top / ".git/HEAD"
    head.write_text("ref: refs/heads/new\n")
    assert (found.head(), found.branch()) == (None, "new")
    head.write_text(LONG)
    assert (found.head(), found.branch()) == (LONG, LONG)
    head.write_text("ref:refs/remotes/o/HEAD")
    assert (found.head(), found.branch()) == (None, "ref:refs/remotes/o/HEAD")


@pytest.mark.parametrize("said", ["", "nonsense", "1" * 39, "ref", "G" * 40])
def test_a_damaged_reference_is_named(said: str, top: Path) -> None:
    found = made(top, HEAD=said, refs__heads__b=said)
    words = "is damaged: expected the id of a commit or the name of a branch."
    for name, ask in (("HEAD", found.head), ("refs/heads/b", lambda: found.reference("b"))):
        with pytest.raises(EvaluatorError) as raised:
            ask()
        assert str(raised.value) == f"git's reference '{name}' {words}"


def test_a_name_is_looked_for_where_git_looks_and_in_its_order(top: Path) -> None:
    places = ["refs/x", "refs/tags/x", "refs/heads/x", "refs/remotes/x", "refs/remotes/x/HEAD"]
    found = made(top)
    assert found.reference("x") is None
    for number, place in reversed(list(enumerate(places, 1))):
        path = top / ".git" / place
        if place == "refs/remotes/x":
            (path / "HEAD").unlink()
            path.rmdir()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{number}" * 40)
        assert found.reference("x") == f"{number}" * 40
    assert found.reference("refs/heads/x") == found.reference("heads/x") == "3" * 40
    (top / ".git/ORIG_HEAD").write_text("9" * 40)
    assert found.reference("ORIG_HEAD") == "9" * 40
    (top / ".git/config").write_text("8" * 40)
    assert found.reference("config") is found.reference("HEADS") is None


@pytest.mark.parametrize(
    "name",
    ["../HEAD", "refs/heads/../../HEAD", "refs/heads/.x", "refs/heads/x.lock", "refs/heads/x.", "refs/heads/a..b",
     "refs/heads/a@{b", "refs/heads/a b", "refs/heads/a~b", "refs/heads/a^b", "refs/heads/a:b", "refs/heads/a?b", "refs/heads/a*b",
     "refs/heads/a[b", "refs/heads/a\\b", "refs/heads/a\x7fb", "refs/heads/", "refs/heads//x", "refs", "head"],
)  # fmt: skip
def test_a_name_that_git_would_not_make_is_not_looked_for(name: str, top: Path) -> None:
    found = made(top, packed_refs=f"{ONE} {name}\n")
    (top / ".git/packed_refs").rename(top / ".git/packed-refs")
    (top / ".git/refs/heads").mkdir(parents=True)
    path = top / ".git" / name
    if not path.exists() and not name.endswith("/") and "//" not in name:
        path.write_text(ONE)
    assert found.reference(name) is None


@pytest.mark.parametrize(
    "name", ["refs/heads/x", "refs/heads/a/b.c", "refs/heads/lock", "refs/heads/a@b", "refs/heads/ü{"]
)
def test_references_are_read_packed_too_and_the_file_goes_first(name: str, top: Path) -> None:
    found = made(top)
    packed = top / ".git/packed-refs"
    packed.write_bytes(f"# pack-refs\n{TWO} {name}x\n{ONE} {name}\r\n^{TWO}\n{TWO} x{name}\n".encode())
    assert found.reference(name) == ONE
    (top / ".git" / name).parent.mkdir(parents=True)
    (top / ".git" / name).write_text(LONG)
    assert found.reference(name) == LONG
    packed.write_bytes(f"{'1' * 39} refs/heads/short\n".encode())
    assert found.reference("short") is None


def test_five_references_may_name_one_another(top: Path) -> None:
    chain = {f"refs__heads__b{n}": f"ref: refs/heads/b{n + 1}" for n in range(1, 5)}
    found = made(top, HEAD="ref: refs/heads/b1", **chain, refs__heads__b5=ONE)
    assert found.head() == ONE
    (top / ".git/refs/heads/b5").write_text("ref: refs/heads/b6")
    (top / ".git/refs/heads/b6").write_text(ONE)
    with pytest.raises(EvaluatorError, match="is damaged"):
        found.head()
    assert found.reference("b1") == ONE


def test_a_reftable_is_told(top: Path) -> None:
    found = made(top, refs__heads__main=ONE)
    (top / ".git/reftable").write_text("")
    assert found.head() == ONE
    (top / ".git/reftable").unlink()
    (top / ".git/reftable").mkdir()
    for ask in (found.head, lambda: found.reference("main")):
        with pytest.raises(
            EvaluatorError, match=r"as a reftable, which is not read; .* git refs migrate --ref-format=files$"
        ):
            ask()


def test_objects_are_plain_files(top: Path) -> None:
    found = made(top, objects__ab__cd="x", objects__info__alternates="# none\n\n#x\n")
    found.check_objects()
    for make in (lambda path: path.symlink_to("cd"), os.mkfifo):
        make(top / ".git/objects/ab/ef")
        with pytest.raises(EvaluatorError) as raised:
            found.check_objects()
        assert str(raised.value) == (
            f"The history cannot be read: '{top}/.git/objects/ab/ef' is a link, pipe or device, and only plain files are read."
        )
        (top / ".git/objects/ab/ef").unlink()
    (top / ".git/objects/ab/gh").symlink_to(top)
    with pytest.raises(EvaluatorError):
        found.check_objects()


def test_borrowed_objects_are_refused(top: Path) -> None:
    found = made(top, objects__info__alternates="# x\n../../other\n")
    with pytest.raises(
        EvaluatorError, match=r"borrows objects from another repository, .* git repack -a -d && rm .git/objects/"
    ):
        found.check_objects()


def test_partial_and_shallow_clones_are_known(top: Path) -> None:
    found = made(top)
    assert not found.is_partial()
    assert found.shallow() == frozenset()
    (top / ".git/objects/pack/pack-1.promisor").write_text("")
    (top / ".git/shallow").write_text(f"{ONE}\n{TWO}\n")
    assert found.is_partial()
    assert found.shallow() == {ONE, TWO}


def test_a_file_reached_through_a_link_or_too_large_is_refused(top: Path) -> None:
    found = made(top, real__main=ONE)
    (top / ".git/refs").mkdir()
    (top / ".git/refs/heads").symlink_to("../real")
    with pytest.raises(EvaluatorError) as raised:
        found.head()
    assert str(raised.value) == f"The history cannot be read: '{top}/.git/refs/heads/main' {PLAIN}."
    head = top / ".git/HEAD"
    head.write_text(ONE + " " * 4056)
    assert found.head() == ONE
    head.write_text(ONE + " " * 4057)
    with pytest.raises(EvaluatorError) as raised:
        found.head()
    assert str(raised.value) == f"The history cannot be read: '{head}' is larger than 4,096 bytes and was not read."
    head.unlink()
    head.symlink_to("real/main")
    with pytest.raises(EvaluatorError) as raised:
        found.head()
    assert str(raised.value) == f"The history cannot be read: '{head}' {PLAIN}."


def test_ids() -> None:
    assert [bool(ID.fullmatch(text)) for text in (ONE, LONG, "1" * 39, "1" * 41, "1" * 63, "A" * 40)] == [
        True, True, False, False, False, False,
    ]  # fmt: skip
