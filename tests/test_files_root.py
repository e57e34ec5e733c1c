"""Finding the workspace, and never leaving it."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import contents, write

from evaluator.errors import EvaluatorError
from evaluator.files.root import find_root, resolve_inside


def test_the_workspace_is_the_folder_or_its_nearest_parent(tmp_path: Path) -> None:
    outer = write(tmp_path, contents())
    inner = write(tmp_path / "vendors/v-1/inner", contents())
    (inner / "deep/deeper").mkdir(parents=True)
    assert find_root(outer) == outer
    assert find_root(outer / "vendors/v-1") == outer
    assert find_root(inner / "deep/deeper") == inner


def test_what_bears_the_name_of_the_evaluation_is_found_so_that_it_can_be_told(tmp_path: Path) -> None:
    (tmp_path / "evaluation.yaml").mkdir()
    assert find_root(tmp_path) == tmp_path


def test_a_folder_without_an_evaluation_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(EvaluatorError, match=r"is not in a workspace.*evaluator init"):
        find_root(tmp_path)


@pytest.mark.parametrize("name", ["nowhere", "a\0b"])
def test_no_folder_no_workspace(name: str, tmp_path: Path) -> None:
    with pytest.raises(EvaluatorError, match="There is no folder"):
        find_root(tmp_path / name)


@pytest.mark.parametrize("name", ["reports/a.html", "a b/c", "./x", "a/./b", "...", "new/file"])
def test_a_name_inside_is_resolved(name: str, tmp_path: Path) -> None:
    assert resolve_inside(tmp_path, name) == tmp_path.resolve() / name


@pytest.mark.parametrize(
    "name",
    ["../x", "a/../../x", "/etc/passwd", "C:\\x", "\\\\server\\x", "..\\x", "a\\..\\..\\x", "C:x", "", "a\0b", ".."],
)
def test_a_name_that_leads_out_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(EvaluatorError, match=r"leads out of the workspace|is no file name") as raised:
        resolve_inside(tmp_path, name)
    assert str(raised.value).isprintable()


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "w/out").symlink_to(tmp_path)
    (tmp_path / "w/in").symlink_to("folder")
    with pytest.raises(EvaluatorError, match="through a link"):
        resolve_inside(tmp_path / "w", "out/secret")
    assert resolve_inside(tmp_path / "w", "in/x") == tmp_path.resolve() / "w/folder/x"


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(EvaluatorError, match=r"cannot be followed|leads out"):
        resolve_inside(tmp_path, "a/x")
