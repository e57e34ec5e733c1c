"""A file is either the new one or the old one, and why it could not be written is one sentence."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from evaluator.errors import EvaluatorError
from evaluator.workspace.output import write_output


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_and_its_folders_are_made(tmp_path: Path) -> None:
    write_output(tmp_path / "a/b/c.txt", "é\n".encode())
    assert (tmp_path / "a/b/c.txt").read_bytes() == "é\n".encode()
    assert names(tmp_path / "a/b") == ["c.txt"]


def test_an_old_file_is_replaced_and_keeps_its_rights(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    target.chmod(0o640)
    write_output(target, b"new")
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert names(tmp_path) == ["a.txt"]


def test_a_new_file_has_the_rights_of_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_output(tmp_path / "a", b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


@pytest.mark.parametrize("is_there", [True, False])
def test_nothing_is_written_through_a_link(is_there: bool, tmp_path: Path) -> None:  # noqa: FBT001
    (tmp_path / "real").mkdir()
    if is_there:
        (tmp_path / "real/a").write_text("old")
    (tmp_path / "link").symlink_to("real/a")
    with pytest.raises(EvaluatorError, match="is a link, and nothing is written through it; name the file itself"):
        write_output(tmp_path / "link", b"new")
    assert names(tmp_path / "real") == ["a"] * is_there


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(EvaluatorError, match="is a device or a pipe"):
        write_output(tmp_path / "pipe", b"new")


FAILURES = [
    (errno.ENOSPC, "the disk is full"),
    (errno.EDQUOT, "the disk is full"),
    (errno.EROFS, "the disk is read-only"),
    (errno.EACCES, "permission denied"),
    (errno.ENAMETOOLONG, "the name is too long"),
    (errno.EIO, "the disk reports an error"),
    (errno.EBUSY, "busy"),
]


@pytest.mark.parametrize("step", ["open", "fsync", "replace"])
@pytest.mark.parametrize(("number", "words"), FAILURES)
def test_the_old_file_stays_when_anything_fails(
    step: str, number: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path if step == "replace" else os, step, fail)
    with pytest.raises(EvaluatorError) as raised:
        write_output(target, b"new")
    monkeypatch.undo()
    assert words in str(raised.value)
    assert str(raised.value).startswith(f"'{target}' cannot be written: ")
    assert target.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


def test_an_interruption_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_output(tmp_path / "a.txt", b"new")
    assert names(tmp_path) == []


def test_a_full_disk_for_real() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no device that is always full")
    with pytest.raises(EvaluatorError, match="the disk is full"):
        write_output(Path("/dev/full"), b"x")


def test_a_device_is_written_to_and_stays(tmp_path: Path) -> None:
    write_output(Path("/dev/null"), b"x")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    assert names(tmp_path) == []


def test_a_folder_is_no_target(tmp_path: Path) -> None:
    with pytest.raises(EvaluatorError, match="is a folder; name a file to write to"):
        write_output(tmp_path, b"x")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(EvaluatorError, match="is not a folder"):
        write_output(tmp_path / "file/a.txt", b"x")
    with pytest.raises(EvaluatorError, match="is not a folder"):
        write_output(tmp_path / "file/b/a.txt", b"x")


def test_a_write_protected_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    target.chmod(0o444)
    monkeypatch.setattr(os, "access", lambda *_: False)  # a superuser may write it all the same
    with pytest.raises(EvaluatorError, match="is write-protected"):
        write_output(target, b"new")
    assert target.read_text() == "old"


@pytest.mark.skipif(os.geteuid() == 0, reason="a superuser writes everywhere")
def test_an_unwritable_folder_for_real(tmp_path: Path) -> None:
    (tmp_path / "f").mkdir(0o555)
    with pytest.raises(EvaluatorError, match="permission denied"):
        write_output(tmp_path / "f/a.txt", b"x")


def test_a_very_long_name_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(EvaluatorError, match="the name is too long"):
        write_output(tmp_path / ("n" * 300), b"x")


DYING = """
import os, signal, sys
from pathlib import Path
from evaluator.workspace import output
os.fsync = lambda handle: (print("there", flush=True), signal.pause() if sys.argv[2] == "wait" else os.kill(os.getpid(), 9))
output.write_output(Path(sys.argv[1]), b"new")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="dies by a signal")
def test_what_a_killed_writer_left_behind_goes_with_the_next_write(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    died = subprocess.run([sys.executable, "-c", DYING, target, "die"], check=False, capture_output=True)
    assert died.returncode == -signal.SIGKILL
    (left,) = [name for name in names(tmp_path) if name != "a.txt"]
    assert left.startswith(".a.txt.")
    assert target.read_text() == "old"
    (tmp_path / ".notes.tmp").write_text("somebody else's")
    write_output(tmp_path / "b.txt", b"x")
    assert names(tmp_path) == [".notes.tmp", "a.txt", "b.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="dies by a signal")
def test_the_file_of_a_writer_at_work_stays(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", DYING, tmp_path / "a.txt", "wait"], stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        writer.stdout.readline()
        write_output(tmp_path / "b.txt", b"x")
        assert len(names(tmp_path)) == 2
        writer.kill()
    write_output(tmp_path / "b.txt", b"y")
    assert names(tmp_path) == ["b.txt"]
