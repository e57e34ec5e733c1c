"""The ids that a shell may complete, found without reading the workspace whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import contents, write

from evaluator.errors import EvaluatorError
from evaluator.workspace.id_listing import listed_ids


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write(tmp_path, contents(criteria=3, vendors=["b", "a"], assessors=("y", "x")))
    for name in (
        "weights/it.yaml",
        "weights/Not One.yaml",
        "weights/notes.txt",
        "reviews/2027.yaml",
        "reviews/log.yaml",
    ):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("")
    (root / "weights/folder.yaml").mkdir()
    (root / "vendors/Not One").mkdir()
    for name in ("vendors/a/beside.yaml", "vendors/b/Not One/out.yaml", "vendors/b/business/profile/deep.yaml"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("")
    (root / "vendors/file").write_text("")
    for name in ("2025/record.json", "2026/record.json", "2024/other", "templates/x"):
        (root / "reports" / name).parent.mkdir(parents=True)
        (root / "reports" / name).write_text("")
    return root


@pytest.mark.parametrize(
    ("kind", "ids"),
    [
        ("vendors", ["a", "b"]),
        ("options", ["a", "b"]),
        ("criteria", ["c-1", "c-2", "c-3"]),
        ("families", ["f-1", "f-2"]),
        ("assessors", ["beside", "x", "y"]),
        ("stakeholders", ["it"]),
        ("open-reviews", ["2027"]),
        ("closed-reviews", ["2025", "2026"]),
    ],
)
def test_ids_are_listed_in_order_and_once(kind: str, ids: list[str], root: Path) -> None:
    assert listed_ids(root, kind) == ids
    assert listed_ids(root / "vendors/a", kind) == ids


def test_ids_are_found_line_by_line(root: Path) -> None:
    (root / "criteria/f-1.yaml").write_text(
        "family:   x-1  \ncriteria:\n- id: a\n    - id:  b \n  - id: c # no\n  - ID: d\n  id: e\n  -  id: f\n  - id: g-\nfamily: Bad\n  family: in\n"
    )
    (root / "criteria/f-2.yaml").write_bytes(b"# \xff\nfamily: z\n- id: z\n")
    assert listed_ids(root, "criteria") == ["a", "b", "z"]
    assert listed_ids(root, "families") == ["x-1", "z"]
    (root / "criteria/f-2.yaml").write_text("- id: hidden\n")
    assert listed_ids(root, "criteria") == ["a", "b"]


def test_files_that_cannot_be_read_hold_none(root: Path) -> None:
    (root / "criteria/f-1.yaml").unlink()
    (root / "criteria/f-1.yaml").symlink_to("nowhere")
    assert listed_ids(root, "criteria") == ["c-2"]
    (root / "weights").rename(root / "w")
    (root / "weights").write_text("")
    assert listed_ids(root, "stakeholders") == []


def test_without_a_workspace_nothing_is_listed(tmp_path: Path) -> None:
    with pytest.raises(EvaluatorError, match="is not in a workspace"):
        listed_ids(tmp_path, "vendors")


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("evaluate: [x, y-2]\n", ["a", "a@x", "a@y-2", "b"]),
        ("id: a\nevaluate:\n  - x\n  - y\neditions:\n  - z\n", ["a", "a@x", "a@y", "b"]),
        ("evaluate:\n- x\n-  y\n", ["a", "a@x", "a@y", "b"]),
        ("evaluate: [x]\n", ["a", "b"]),
        ("evaluate: [../x, -, y--z]\n", ["a", "a@x", "b"]),
        ("  evaluate: [x, y]\n", ["a", "b"]),
        ("evaluate: x, y\n", ["a", "b"]),
    ],
)
def test_several_evaluated_editions_are_options(text: str, options: list[str], root: Path) -> None:
    (root / "vendors/a/profile.yaml").write_text(text)
    assert listed_ids(root, "options") == options
