"""One writer at a time."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path

import pytest

from evaluator.errors import EvaluatorError
from evaluator.workspace import lock as module
from evaluator.workspace.lock import WAIT_SECONDS, locked, writing_into


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "w/.evaluator"
    folder.mkdir(parents=True)
    return folder


def enter(folder: Path, wait: float | None = 0) -> None:
    with locked(folder, wait):
        pass


def test_a_second_writer_is_refused_until_the_first_has_finished(folder: Path) -> None:
    words = f"'{folder.parent}' is locked by another command that is writing to it; try again when that has finished."
    with locked(folder):
        with pytest.raises(EvaluatorError) as raised:
            enter(folder)
        assert str(raised.value) == words
        (folder / "lock.owner").write_text("")
        with pytest.raises(EvaluatorError) as raised:
            enter(folder)
        assert str(raised.value) == f"{words} If none is running, remove '{folder / 'lock.owner'}'."
    enter(folder)


def test_an_error_in_the_block_releases_the_lock(folder: Path) -> None:
    with pytest.raises(KeyError), locked(folder):
        raise KeyError
    enter(folder)


def test_thirty_seconds_are_waited(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert WAIT_SECONDS == 30
    monkeypatch.setattr(module, "WAIT_SECONDS", 0)
    with locked(folder), pytest.raises(EvaluatorError):
        enter(folder, None)


def refusing(monkeypatch: pytest.MonkeyPatch, number: int | None) -> None:
    def flock(*_: object) -> None:
        raise OSError(number, "Strange Words") if number else OSError()

    monkeypatch.setattr(fcntl, "flock", flock)


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP])
def test_where_files_cannot_be_locked_one_that_names_the_owner_takes_their_place(
    number: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing(monkeypatch, number)
    with locked(folder):
        assert sorted(os.listdir(folder)) == ["lock.owner"]  # noqa: PTH208 - names only
        assert str(os.getpid()) in (folder / "lock.owner").read_text()
        with pytest.raises(EvaluatorError, match="If none is running, remove"):
            enter(folder)
    assert os.listdir(folder) == []  # noqa: PTH208


@pytest.mark.parametrize(("number", "reason"), [(errno.EIO, "strange words"), (None, "the system refuses")])
def test_a_lock_that_cannot_be_made_for_another_reason(
    number: int | None, reason: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing(monkeypatch, number)
    with pytest.raises(EvaluatorError) as raised:
        enter(folder)
    assert str(raised.value) == f"'{folder.parent}' cannot be locked for writing: {reason}."


def test_the_first_writer_into_a_folder_clears_it_and_who_comes_meanwhile_does_not(tmp_path: Path) -> None:
    cleared: list[Path] = []
    with writing_into(tmp_path, cleared.append):
        assert cleared == [tmp_path]
        with writing_into(tmp_path, cleared.append):
            assert cleared == [tmp_path]
    with writing_into(tmp_path, cleared.append):
        assert cleared == [tmp_path, tmp_path]


def test_a_folder_that_cannot_be_locked_is_not_cleared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cleared: list[Path] = []
    with writing_into(tmp_path / "none", cleared.append):
        pass
    refusing(monkeypatch, errno.ENOLCK)
    with writing_into(tmp_path, cleared.append):
        pass
    assert cleared == []


def test_a_folder_that_somebody_keeps_locked_is_written_into_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAUSE_SECONDS", 0)
    cleared: list[Path] = []
    other = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(other, fcntl.LOCK_EX)
        with writing_into(tmp_path, cleared.append):
            assert cleared == []
    finally:
        os.close(other)
