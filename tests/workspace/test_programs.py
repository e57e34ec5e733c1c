"""Programs are found where the search path names them, and never inside the workspace."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from evaluator.workspace.programs import find_program


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
