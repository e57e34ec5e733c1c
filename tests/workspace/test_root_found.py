"""Finding the workspace that a folder lies in."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import contents, write

from evaluator.errors import EvaluatorError
from evaluator.workspace.root import find_root


def test_the_workspace_is_the_folder_or_its_nearest_parent(tmp_path: Path) -> None:
    outer = write(tmp_path, contents())
    inner = write(tmp_path / "vendors/v-1/inner", contents())
    (inner / "deep/deeper").mkdir(parents=True)
    assert find_root(outer) == outer
    assert find_root(outer / "vendors/v-1") == outer
    assert find_root(inner / "deep/deeper") == inner


def test_whatever_lies_at_evaluation_yaml_makes_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "evaluation.yaml").mkdir()
    assert find_root(tmp_path) == tmp_path.resolve()


def test_without_an_evaluation_yaml_there_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(EvaluatorError, match=r"is not in a workspace.*evaluator init"):
        find_root(tmp_path)


@pytest.mark.parametrize("name", ["nowhere", "a\0b"])
def test_no_folder_no_workspace(name: str, tmp_path: Path) -> None:
    with pytest.raises(EvaluatorError, match="There is no folder"):
        find_root(tmp_path / name)
