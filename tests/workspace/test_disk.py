"""Single files: what is read and refused, how a new one is made, and the sentences for errors of the system."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yaml.reader import Reader

from evaluator.errors import EvaluatorError, Problem
from evaluator.workspace import disk
from evaluator.workspace.disk import (
    BOM,
    CONTROL,
    MAX_BYTES,
    NotAFileError,
    TooLargeError,
    byte_order_mark,
    cannot_write,
    decode,
    flush_folder,
    open_file,
    read_bounded,
    too_large,
    write_new,
)


def test_a_file_of_exactly_the_limit_is_read(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"12345")
    assert read_bounded(tmp_path / "f", 5) == b"12345"
    (tmp_path / "f").write_bytes(b"")
    assert read_bounded(tmp_path / "f", 0) == b""


def test_a_larger_file_is_refused_with_the_limit(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"123456")
    with pytest.raises(TooLargeError) as raised:
        read_bounded(tmp_path / "f", 5)
    assert raised.value.errno == errno.EFBIG
    os.truncate(tmp_path / "f", 2_500_001)
    with pytest.raises(TooLargeError) as raised:
        read_bounded(tmp_path / "f", 2_500_000)
    assert raised.value.strerror == "it is larger than 2.5 MB"


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="wants files whose size is not known")
def test_a_file_that_is_larger_than_it_says_is_refused() -> None:
    path = Path("/proc/self/status")
    assert path.stat().st_size == 0
    assert len(read_bounded(path, 100_000)) > 100
    with pytest.raises(TooLargeError):
        read_bounded(path, 100)


def test_a_link_is_followed_only_where_that_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"x")
    (tmp_path / "link").symlink_to("f")
    assert read_bounded(tmp_path / "link", 1, links=True) == b"x"
    with open_file(tmp_path / "link", links=True) as stream:
        assert stream.read() == b"x"
    for read in (lambda path: read_bounded(path, 1), open_file):
        with pytest.raises(OSError, match="symbolic link") as raised:
            read(tmp_path / "link")
        assert raised.value.errno == errno.ELOOP


def test_folders_and_pipes_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(IsADirectoryError) as folder:
        open_file(tmp_path)
    assert folder.value.errno == errno.EISDIR
    with pytest.raises(NotAFileError, match="it is no plain file") as pipe:
        open_file(tmp_path / "pipe")
    assert pipe.value.errno == errno.EINVAL
    with pytest.raises(FileNotFoundError):
        open_file(tmp_path / "none")


def test_what_is_refused_is_closed_again(tmp_path: Path) -> None:
    before = os.dup(0)
    os.close(before)
    for _ in range(3):
        with pytest.raises(IsADirectoryError):
            open_file(tmp_path)
    after = os.dup(0)
    os.close(after)
    assert after == before


def test_a_new_file_has_the_rights_of_the_umask_or_of_another(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        write_new(tmp_path / "a", b"1")
        (tmp_path / "like").write_bytes(b"")
        (tmp_path / "like").chmod(0o604)
        write_new(tmp_path / "b", b"2\n", like=tmp_path / "like")
    finally:
        os.umask(old)
    assert (tmp_path / "a").read_bytes() == b"1"
    assert (tmp_path / "b").read_bytes() == b"2\n"
    assert (tmp_path / "a").stat().st_mode & 0o7777 == 0o640
    assert (tmp_path / "b").stat().st_mode & 0o7777 == 0o604


def test_a_new_file_replaces_none(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"old"


def test_a_new_file_is_flushed_and_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[bytes] = []
    monkeypatch.setattr(os, "fsync", lambda handle: flushed.append(os.pread(handle, 10, 0)))
    write_new(tmp_path / "a", b"data")
    assert flushed == [b"data"]

    def spoil(handle: int) -> None:
        os.pwrite(handle, b"X", 0)

    monkeypatch.setattr(os, "fsync", spoil)
    with pytest.raises(EvaluatorError) as raised:
        write_new(tmp_path / "b", b"data")
    assert str(raised.value) == f"'{tmp_path / 'b'}' does not hold what was written to it; check the disk."
    assert not (tmp_path / "b").exists()


def test_a_new_file_that_cannot_be_completed_goes_again(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_new(tmp_path / "a", b"x", like=tmp_path / "none")
    assert not (tmp_path / "a").exists()


def test_a_folder_is_flushed_where_it_can_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[bool] = []
    monkeypatch.setattr(os, "fsync", lambda handle: flushed.append(os.fstat(handle).st_ino == tmp_path.stat().st_ino))
    before = os.dup(0)
    os.close(before)
    flush_folder(tmp_path)
    flush_folder(tmp_path / "none")
    after = os.dup(0)
    os.close(after)
    assert flushed == [True]
    assert after == before


FULL = "the disk is full"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(errno.ENOSPC, "x"), FULL),
        (OSError(errno.EDQUOT, "x"), FULL),
        (OSError(errno.EFBIG, "x"), FULL),
        (OSError(errno.EROFS, "x"), "the disk is read-only"),
        (OSError(errno.ENAMETOOLONG, "x"), "the name is too long"),
        (OSError(errno.EIO, "x"), "the disk reports an error"),
        (OSError(errno.EXDEV, "x"), "it lies on another disk than the folder of the workspace"),
        (OSError(errno.EBUSY, "Device or resource busy"), "device or resource busy"),
        (OSError("odd"), "the system refuses"),
        (FileExistsError(errno.EEXIST, "File exists"), "file exists"),
        (FileNotFoundError(errno.ENOENT, "No such file"), "no such file"),
    ],
)  # fmt: skip
def test_each_error_has_its_sentence(error: OSError, reason: str, tmp_path: Path) -> None:
    assert cannot_write(tmp_path / "f\n", error) == f"'{tmp_path}/f\ufffd' cannot be written: {reason}."


def test_a_denied_permission_asks_for_its_usual_causes(tmp_path: Path) -> None:
    assert cannot_write(tmp_path / "f", PermissionError(errno.EACCES, "x")) == (
        f"'{tmp_path}/f' cannot be written: permission denied; is it open in another program, or is the folder write-protected?"
    )


@pytest.mark.parametrize("error", [FileNotFoundError(), NotADirectoryError(), FileExistsError()])
def test_a_parent_that_is_no_folder_is_named(error: OSError, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for parent in ("none", "file"):
        target = tmp_path / parent / "f"
        expected = f"'{target}' cannot be written: '{tmp_path / parent}' is not a folder."
        assert cannot_write(target, error) == expected
    assert cannot_write(tmp_path / "none/f", OSError(errno.ENOSPC, "x")).endswith("the disk is full.")


def test_digests_are_written_in_hexadecimal() -> None:
    assert disk.sha256(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-4


def test_opening_never_waits_and_never_follows() -> None:
    assert disk._READ & os.O_NONBLOCK  # noqa: SLF001 - a pipe would be waited for
    assert disk._NO_LINK == os.O_NOFOLLOW  # noqa: SLF001


def problem(code: str, message: str, line: int, column: int, hint: str) -> Problem:
    return Problem(code=code, message=message, file="f.yaml", line=line, column=column, hint=hint)


def test_a_file_that_is_too_large_is_told_with_its_limit_in_millions_of_bytes() -> None:
    hint = "a workspace holds text; keep captures and exports outside of its YAML files"
    assert MAX_BYTES == 1_000_000
    assert too_large("f.yaml") == problem("too-large", "the file is larger than 1 MB and was not read", 1, 1, hint)
    assert too_large("f.yaml", 64_500_000).message == "the file is larger than 64 MB and was not read"


def test_a_byte_order_mark() -> None:
    assert BOM.decode("utf-8") == "\ufeff"
    assert byte_order_mark("f.yaml") == problem(
        "yaml-bom",
        "the file starts with a byte-order mark; expected UTF-8 without one",
        1,
        1,
        'save it as "UTF-8", not as "UTF-8 with BOM"',
    )


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_by_its_mark(encoding: str) -> None:
    found = decode("\ufeffa: 1\n".encode(encoding), "f.yaml")
    assert found == problem("yaml-encoding", "the file is UTF-16; expected UTF-8", 1, 1, 'save it as "UTF-8"')


@pytest.mark.parametrize(
    ("data", "byte", "line", "column"),
    [
        (b"\xe9", "e9", 1, 1),
        (b"a\xe9", "e9", 1, 2),
        (b"\n\xe9", "e9", 2, 1),
        ("a: ü\nbö".encode() + b"\xe9\nc\xff", "e9", 2, 3),
        (b"a: \xc3", "c3", 1, 4),
        (b"a: \x0f\x80", "80", 1, 5),
    ],
)
def test_the_first_byte_that_is_not_utf_8_is_named_with_its_place(
    data: bytes, byte: str, line: int, column: int
) -> None:
    hint = "the file seems to be saved as Latin-1 or Windows-1252; save it as UTF-8"
    assert decode(data, "f.yaml") == problem("yaml-encoding", f"the byte 0x{byte} is not UTF-8", line, column, hint)


@pytest.mark.parametrize(
    ("text", "name", "line", "column"),
    [
        ("\0", "a NUL character", 1, 1),
        ("a\0", "a NUL character", 1, 2),
        ("ü\n\x1b[2J", "the control character U+001B", 2, 1),
        ("a\nb: \x7f", "the control character U+007F", 2, 4),
        ("\ufeff", "the control character U+FEFF", 1, 1),
        ("\uffff", "the control character U+FFFF", 1, 1),
    ],
)
def test_the_first_control_character_is_named_with_its_place(text: str, name: str, line: int, column: int) -> None:
    expected = problem("yaml-control", f"expected text, found {name}", line, column, "most editors hide it; remove it")
    assert decode(text.encode(), "f.yaml") == expected


@given(st.characters(exclude_categories=["Cs"]))
def test_control_characters_are_those_that_the_library_does_not_print(letter: str) -> None:
    assert bool(CONTROL.search(letter)) == bool(Reader.NON_PRINTABLE.search(letter)) or letter == "\ufeff"


@pytest.mark.parametrize(
    ("text", "line"), [("<<<<<<< ours\n", 1), ("a: 1\n>>>>>>> theirs\n", 2), ("a\n\n<<<<<<< x", 3)]
)
def test_an_unfinished_merge_is_told_by_its_line(text: str, line: int) -> None:
    assert decode(text.encode(), "f.yaml") == problem(
        "yaml-conflict",
        "the file holds an unfinished merge",
        line,
        1,
        "keep one of the two versions and delete the lines <<<<<<<, ======= and >>>>>>>",
    )


@pytest.mark.parametrize(
    "text", ["", "a: 1\n", "<<<<<<\n", "<<<<<<<x\n", " <<<<<<< x\n", "=======\n", "\t\r\n\x85\xa0é😀"]
)
def test_everything_else_is_the_text(text: str) -> None:
    assert decode(text.encode(), "f.yaml") == text
