"""The shipped evaluation is found wherever it lies, and a new workspace is made of it whole or not at all."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from evaluator.errors import EvaluatorError, has_errors
from evaluator.rules.run import run
from evaluator.workspace import shipped
from evaluator.workspace.load import load
from evaluator.workspace.shipped import blank_shipped_files, shipped_files, shipped_root
from evaluator.workspace.transaction import create_workspace

TODAY = date(2027, 3, 1)


def copy_shipped(target: Path, *, blank: bool = False, today: date | None = None) -> None:
    create_workspace(target, blank_shipped_files(today) if blank else shipped_files())


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_checkout_ships_itself() -> None:
    assert shipped_root() == Path(__file__).parents[2]


def test_a_package_with_content_inside_ships_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "evaluator"
    (package / "shipped").mkdir(parents=True)
    (package / "shipped/evaluation.yaml").write_text("x")
    monkeypatch.setattr(shipped, "__file__", str(package / "workspace/shipped.py"))
    assert shipped_root() == package / "shipped"


def test_a_package_without_content_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "__file__", str(tmp_path / "evaluator/workspace/shipped.py"))
    with pytest.raises(EvaluatorError, match="missing from this installation"):
        shipped_root()


def test_a_copy_is_the_same_evaluation(tmp_path: Path) -> None:
    copy_shipped(tmp_path / "new")
    copied, original = load(tmp_path / "new"), load(shipped_root())
    assert copied.problems == ()
    assert copied.workspace == original.workspace
    assert names(tmp_path) == ["new"]
    assert names(tmp_path / "new") == [".evaluator", "criteria", "evaluation.yaml", "schemas", "vendors"]


def test_every_file_of_a_copy_finds_its_schema(tmp_path: Path) -> None:
    copy_shipped(tmp_path / "full")
    copy_shipped(tmp_path / "blank", blank=True)
    for path in tmp_path.rglob("*.yaml"):
        first = path.read_text(encoding="utf-8").split("\n", 1)[0]
        mark, _, name = first.partition("$schema=")
        assert mark == "# yaml-language-server: "
        assert (path.parent / name).is_file(), path


def test_a_blank_workspace_has_warnings_only(tmp_path: Path) -> None:
    copy_shipped(tmp_path / "new", blank=True, today=TODAY)
    loaded = load(tmp_path / "new")
    assert loaded.problems == ()
    assert loaded.workspace is not None
    found = run(loaded.workspace, TODAY, loaded.layout)
    assert not has_errors(found)
    assert {problem.code for problem in found} == {"unsealed", "few-options", "no-use-case"}
    assert loaded.workspace.evaluation.as_of == TODAY
    assert loaded.workspace.vendors == {}
    assert loaded.workspace.demand.use_cases == ()
    assert loaded.workspace.guardrails.valid_until == date(2028, 3, 1)
    assert not loaded.workspace.guardrails.triggers


def test_a_blank_workspace_keeps_the_catalogue_the_weights_and_the_data_classes(tmp_path: Path) -> None:
    copy_shipped(tmp_path / "new", blank=True)
    blank, full = load(tmp_path / "new").workspace, load(shipped_root()).workspace
    assert blank is not None
    assert full is not None
    assert blank.catalogue == full.catalogue
    assert blank.weights == full.weights.model_copy(update={"seal": None})
    assert blank.guardrails.data_classes == full.guardrails.data_classes
    assert blank.demand.capabilities == full.demand.capabilities
    assert blank.evaluation.as_of == full.evaluation.as_of


@pytest.mark.parametrize("blank", [False, True])
def test_an_empty_folder_is_filled(blank: bool, tmp_path: Path) -> None:  # noqa: FBT001
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("out/\n")
    inode = tmp_path.stat().st_ino
    copy_shipped(tmp_path, blank=blank)
    assert load(tmp_path).problems == ()
    assert tmp_path.stat().st_ino == inode  # somebody may stand in it
    assert names(tmp_path)[:3] == [".evaluator", ".git", ".gitignore"]
    assert not [name for name in names(tmp_path) if name.endswith(".tmp")]


def test_missing_parents_are_made(tmp_path: Path) -> None:
    copy_shipped(tmp_path / "a/b/c", blank=True)
    assert load(tmp_path / "a/b/c").problems == ()


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(EvaluatorError, match="is not empty"):
        copy_shipped(tmp_path)
    assert names(tmp_path) == ["notes.txt"]


@pytest.mark.parametrize("link", [False, True])
def test_a_file_or_a_dangling_link_is_refused(link: bool, tmp_path: Path) -> None:  # noqa: FBT001
    target = tmp_path / "x"
    if link:
        target.symlink_to("nowhere")
    else:
        target.write_text("mine")
    with pytest.raises(EvaluatorError, match="is a file"):
        copy_shipped(target)
    assert names(tmp_path) == ["x"]


@pytest.mark.parametrize("existing", [False, True])
@pytest.mark.parametrize("after", [0, 3, 10])
def test_all_or_nothing(existing: bool, after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: FBT001
    target = tmp_path / "outer/new"
    if existing:
        target.mkdir(parents=True)
    real, count = os.fsync, 0

    def fail(handle: int) -> None:
        nonlocal count
        count += 1
        if count > after:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(EvaluatorError, match="the disk is full"):
        copy_shipped(target)
    monkeypatch.undo()
    assert names(tmp_path) == (["outer"] if existing else [])
    assert not existing or names(target) == []


def test_a_failing_move_leaves_an_existing_folder_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.replace

    def fail(self: Path, target: Path) -> Path:
        if target.name == "evaluation.yaml":
            raise PermissionError(13, "Permission denied")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(EvaluatorError, match="permission denied"):
        copy_shipped(tmp_path)
    monkeypatch.undo()
    assert names(tmp_path) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="a superuser writes everywhere")
def test_an_unwritable_place_for_real(tmp_path: Path) -> None:
    (tmp_path / "f").mkdir(0o555)
    with pytest.raises(EvaluatorError, match="permission denied"):
        copy_shipped(tmp_path / "f/new")
