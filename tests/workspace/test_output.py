"""A file that a person named: where it may be written, and that it never takes the place of an input."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from pathlib import Path

import pytest

from evaluator.errors import EvaluatorError
from evaluator.workspace import output
from evaluator.workspace.output import check_output, check_outputs, write_output


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path.resolve() / "w"
    root.mkdir()
    (root / "evaluation.yaml").write_text("")
    return root


def is_refused(target: Path) -> bool:
    try:
        check_output(target)
    except EvaluatorError as error:
        if "belongs to the content of the workspace" not in str(error):
            raise
        with pytest.raises(EvaluatorError):
            write_output(target, b"x")
        return True
    return False


@pytest.mark.parametrize(
    "name",
    [
        "evaluation.yaml", "backlog.csv", "README.md", "new", "criteria/x.pdf", "vendors/v/x.xlsx", "weights/x.pdf", "reviews/x.pdf",
        "schemas/x.json", ".evaluator/x.pdf", ".git/x.pdf", "CRITERIA/x.pdf", "Reviews/x.pdf", "reports/language.yaml", "reports/x",
        "reports/templates/x.pdf", "reports/Theme/x.pdf", "reports/templates/deep/x.pdf", "reports/2026/x.pdf", "reports/2027/x.pdf",
        "reports/2026/deep/x.pdf",
    ],
)  # fmt: skip
def test_content_of_a_workspace_is_not_written_to(name: str, root: Path) -> None:
    (root / "reports/2026").mkdir(parents=True)
    (root / "reports/2026/record.json").write_text("")
    (root / "reviews").mkdir()
    (root / "reviews/2027.yaml").write_text("")
    assert is_refused(root / name)
    with pytest.raises(EvaluatorError) as raised:
        check_output(root / name)
    assert str(raised.value) == (
        f"'{root / name}' belongs to the content of the workspace '{root}'; name a file elsewhere."
    )
    assert not (root / name).exists() or name == "evaluation.yaml"


@pytest.mark.parametrize(
    "name",
    [
        "x.pdf",
        "x.XLSX",
        "x.html",
        "x.json",
        "out/x",
        "out/criteria/x.yaml",
        "reports/x.pdf",
        "reports/X.Html",
        "reports/2028/x",
        "reports/2028/a/b",
    ],
)
def test_anything_else_in_it_is(name: str, root: Path) -> None:
    assert not is_refused(root / name)
    write_output(root / name, b"data")
    assert (root / name).read_bytes() == b"data"


def test_a_workspace_within_a_workspace_counts_too(root: Path) -> None:
    inner = root / "out/inner"
    (inner / "criteria").mkdir(parents=True)
    (inner / "evaluation.yaml").symlink_to("nowhere")
    assert is_refused(inner / "criteria/x.pdf")
    assert not is_refused(inner / "x.pdf")
    assert is_refused(root / "vendors/inner/x.pdf")
    assert not is_refused(root.parent / "criteria/x.pdf")


@pytest.mark.parametrize("place", ["out", "x.pdf"])
def test_a_link_in_a_workspace_is_not_written_through(place: str, root: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (root / place).symlink_to(tmp_path / "there")
    target = root / "out/x.pdf" if place == "out" else root / place
    for act in (check_output, lambda path: write_output(path, b"x")):
        with pytest.raises(EvaluatorError) as raised:
            act(target)
        assert str(raised.value) == (
            f"'{root / place}' is a link inside the workspace, and nothing is written through it; remove it, or name a file elsewhere."
        )
    assert list((tmp_path / "there").iterdir()) == []


def test_a_link_outside_may_lead_to_a_folder_but_not_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there")
    write_output(tmp_path / "link/x", b"1")
    assert (tmp_path / "there/x").read_bytes() == b"1"
    (tmp_path / "file").symlink_to("there/x")
    with pytest.raises(EvaluatorError) as raised:
        write_output(tmp_path / "file", b"2")
    assert (
        str(raised.value)
        == f"'{tmp_path / 'file'}' is a link, and nothing is written through it; name the file itself."
    )
    assert (tmp_path / "there/x").read_bytes() == b"1"


def test_a_link_into_a_workspace_leads_to_its_content(root: Path) -> None:
    (root / "criteria").mkdir()
    link = root.parent / "link"
    link.symlink_to(root / "criteria")
    assert is_refused(link / "x.pdf")


def test_folders_and_pipes_are_no_targets(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for target, words in (
        (tmp_path, "is a folder; name a file to write to."),
        (tmp_path / "pipe", "is a device or a pipe; name a file to write to."),
    ):
        for act in (check_output, lambda path: write_output(path, b"x")):
            with pytest.raises(EvaluatorError) as raised:
                act(target)
            assert str(raised.value) == f"'{target}' {words}"


def test_devices_are_written_to() -> None:
    check_output(Path("/dev/null"))
    write_output(Path("/dev/null"), b"x")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    assert [output._is_device(Path(name)) for name in ("/dev/null", "/dev/stdout", "/dev/new", "/tmp", "/dev/../etc/x")] == [  # noqa: S108, SLF001
        True, True, True, False, False,
    ]  # fmt: skip


def test_a_folder_that_cannot_be_made_or_written_to_is_told_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_output(tmp_path / "a/b/c")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("")
    with pytest.raises(EvaluatorError, match=r"file' is not a folder\.$"):
        check_output(tmp_path / "file/x")
    asked: list[tuple[Path, int]] = []

    def access(path: Path, mode: int) -> bool:
        asked.append((Path(path), mode))
        return False

    monkeypatch.setattr(os, "access", access)
    with pytest.raises(EvaluatorError, match="permission denied"):
        check_output(tmp_path / "a/b")
    assert asked == [(tmp_path.resolve(), os.W_OK | os.X_OK)]
    with pytest.raises(EvaluatorError) as raised:
        check_output(tmp_path / "file")
    assert str(raised.value) == f"'{tmp_path / 'file'}' is write-protected; nothing was written."
    assert asked[1] == (tmp_path / "file", os.W_OK)
    read_only = os.statvfs_result((*os.statvfs(tmp_path)[:8], os.ST_RDONLY, 255, 0))
    monkeypatch.setattr(os, "statvfs", lambda _: read_only)
    for target in (tmp_path / "file", tmp_path / "a"):
        with pytest.raises(EvaluatorError, match="cannot be written: the disk is read-only"):
            check_output(target)


def test_workbooks_are_written_into_a_folder_where_each_may_be(tmp_path: Path) -> None:
    check_outputs(tmp_path / "new", "card")
    assert list(tmp_path.iterdir()) == []
    for name in ("other.xlsx", "card.pdf"):
        (tmp_path / name).symlink_to("nowhere")
    check_outputs(tmp_path, "card")
    (tmp_path / "card-1.xlsx").symlink_to("nowhere")
    with pytest.raises(EvaluatorError, match=r"card-1\.xlsx' is a link"):
        check_outputs(tmp_path, "card")
    (tmp_path / "card-1.xlsx").unlink()
    (tmp_path / "card-1.xlsx").write_bytes(b"")
    check_outputs(tmp_path, "card")


def test_a_folder_into_which_no_workbook_may_go_is_named(root: Path) -> None:
    with pytest.raises(EvaluatorError) as raised:
        check_outputs(root / "vendors", "card")
    assert str(raised.value).startswith(
        f"No workbook can be written into '{root / 'vendors'}': '{root / 'vendors/card.xlsx'}' belongs"
    )


def test_the_rights_of_an_old_file_stay(tmp_path: Path) -> None:
    target = tmp_path / "x"
    target.write_bytes(b"old")
    target.chmod(0o604)
    write_output(target, b"new")
    assert (target.read_bytes(), target.stat().st_mode & 0o7777) == (b"new", 0o604)
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_the_data_are_on_the_disk_before_they_take_their_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[bytes, list[str]]] = []

    def fsync(handle: int) -> None:
        if stat.S_ISREG(os.fstat(handle).st_mode):
            (temporary,) = tmp_path.iterdir()
            assert output._TEMPORARY.fullmatch(temporary.name)  # noqa: SLF001
            seen.append((temporary.read_bytes(), [temporary.name[:3]]))

    monkeypatch.setattr(os, "fsync", fsync)
    write_output(tmp_path / "x", b"data")
    assert seen == [(b"data", [".x."])]


def test_a_long_name_can_be_written(tmp_path: Path) -> None:
    name = "n" * 240
    write_output(tmp_path / name, b"x")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", [".x.0123456789ab.tmp", ".x\n.0123456789ab.tmp", f".{'x' * 100}.0123456789ab.tmp"])
def test_what_a_dead_writer_left_goes(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"")
    write_output(tmp_path / "y", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["y"]


@pytest.mark.parametrize(
    "name",
    ["x.0123456789ab.tmp", ".x.0123456789a.tmp", ".x.0123456789AB.tmp", ".x.0123456789ab.tmp2", "..0123456789ab.tmp"],
)
def test_what_is_named_otherwise_stays(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"")
    write_output(tmp_path / "y", b"x")
    assert (tmp_path / name).exists()


def test_a_link_or_a_pipe_named_like_a_temporary_file_stays(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"")
    (tmp_path / ".x.0123456789ab.tmp").symlink_to("f")
    os.mkfifo(tmp_path / ".y.0123456789ab.tmp")
    write_output(tmp_path / "z", b"x")
    assert len(list(tmp_path.iterdir())) == 4


def test_where_folders_cannot_be_locked_nothing_is_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def flock(*_: object) -> None:
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr(fcntl, "flock", flock)
    (tmp_path / ".x.0123456789ab.tmp").write_bytes(b"")
    write_output(tmp_path / "y", b"x")
    assert len(list(tmp_path.iterdir())) == 2


def test_no_file_stays_open(tmp_path: Path) -> None:
    before = os.dup(0)
    os.close(before)
    write_output(tmp_path / "x", b"1")
    after = os.dup(0)
    os.close(after)
    assert after == before
