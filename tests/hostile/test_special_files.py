"""Pipes, devices, folders, and links that lead out or nowhere, in place of files and folders: a sentence each, and no waiting."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import CATALOGUE, EVALUATION, card_of, contents, profile_of, stakeholder, write
from sampling import pairs

from evaluator import api

FILES = (
    EVALUATION, CATALOGUE, "criteria/f-1.yaml", profile_of("v-1"), card_of("v-1"), "weights/finance.yaml", "reviews/2027.yaml",
    "reviews/log.yaml", "reports/language.yaml",
)  # fmt: skip
FOLDERS = ("criteria", "vendors", "vendors/v-1", "weights", "reviews", "reports")


MAKERS: dict[str, Callable[[Path], None]] = {
    "a pipe": os.mkfifo,
    "a folder": Path.mkdir,
    "a link that leads nowhere": lambda path: path.symlink_to("nowhere"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with a file in every place."""
    content = contents()
    content["weights/finance.yaml"] = stakeholder("finance", families={"points": {"f-1": 100, "f-2": 50}})
    content["reviews/2027.yaml"] = {
        "schema": "review/1",
        "edition": "2027",
        "as_of": "2027-11-24",
        "opened": "2027-10-01",
    }
    content["reviews/log.yaml"] = {"schema": "review-log/1"}
    content["reports/language.yaml"] = {"schema": "language/1", "lang": "en", "strings": {}}
    found = write(tmp_path / "workspace", content)
    assert not api.check(found)
    return found


@pytest.mark.parametrize(("name", "what"), pairs(FILES, MAKERS))
def test_in_place_of_a_file(name: str, what: str, root: Path) -> None:
    (root / name).unlink()
    MAKERS[what](root / name)
    assert name in [problem.file for problem in api.check(root)]


@pytest.mark.parametrize("what", [what for what in MAKERS if what != "a folder"])
@pytest.mark.parametrize("name", FOLDERS)
def test_in_place_of_a_folder(name: str, what: str, root: Path) -> None:
    (root / name).rename(root.parent / "elsewhere")
    MAKERS[what](root / name)
    found = [problem.file for problem in api.check(root)]
    assert any(file == name or file.startswith(f"{name}/") for file in found), found


TAKING = {
    "scorecard import": "scorecard import {file}",
    "weights import": "weights import {file}",
    "weights pairwise csv": "weights pairwise --stakeholder x {file}",
    "weights pairwise yaml": "weights pairwise --stakeholder x {file}",
    "init --from-matrix xlsx": "init {new} --from-matrix {file}",
    "init --from-matrix csv": "init {new} --from-matrix {file}",
}
ENDINGS = {"weights pairwise csv": ".csv", "weights pairwise yaml": ".yaml", "init --from-matrix csv": ".csv"}


@pytest.mark.parametrize(("command", "what"), pairs(TAKING, [*MAKERS, "nothing at all"]))
def test_named_as_a_file_to_take_in(command: str, what: str, root: Path, tmp_path: Path) -> None:
    file = tmp_path / f"given{ENDINGS.get(command, '.xlsx')}"
    if what in MAKERS:
        MAKERS[what](file)
    arguments = TAKING[command].format(file=file, new=tmp_path / "new").split()
    done = subprocess.run(
        [sys.executable, "-m", "evaluator", *arguments],
        cwd=root, capture_output=True, text=True, check=False, timeout=60, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 1
    assert file.name in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["/dev/zero", "-", "."])
def test_a_name_that_is_no_file(name: str, root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "evaluator", "scorecard", "import", "--", name],
        cwd=root, capture_output=True, text=True, check=False, timeout=60, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 1
    assert "name a file" in done.stdout or "there is no such file" in done.stdout
