"""Where the shipped evaluation lies, and what a new workspace takes of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from evaluator.errors import EvaluatorError
from evaluator.workspace import shipped
from evaluator.workspace.shipped import blank_shipped_files, shipped_files, shipped_root

FILES = {
    "evaluation.yaml": ("schema: evaluation/1\ntitle: T\norganisation: O\nas_of: 2026-03-04\nquestion: ü\n"),
    "criteria/weights.yaml": "schema: weights/1\nfamilies: {}\ncriteria: {}\n",
    "criteria/use-cases.yaml": "capabilities: {}\n",
    "criteria/guardrails.yaml": "outcomes: [go]\ndata_classes: []\n",
    "criteria/catalogue.yaml": "c\n",
    "vendors/v/profile.yaml": "p\n",
    "vendors/v/a.yaml": "a\n",
    "vendors/v/e/a.yaml": "b\n",
    "schemas/x.schema.json": "{}\n",
}
LEFT = [
    "README.md",
    "criteria/notes.txt",
    "criteria/deep/x.yaml",
    "vendors/x.yaml",
    "vendors/v/e/deep/x.yaml",
    "schemas/x.yaml",
    "reports/x.pdf",
]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(shipped, "__file__", str(tmp_path / "evaluator/workspace/shipped.py"))
    return tmp_path.resolve() / "evaluator"


def fill(root: Path) -> None:
    for name, text in {**FILES, **dict.fromkeys(LEFT, "x")}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    (root / "vendors/v/folder.yaml").mkdir()


def test_it_lies_in_the_package_or_else_around_it(package: Path) -> None:
    with pytest.raises(EvaluatorError) as raised:
        shipped_root()
    assert str(raised.value) == "The shipped evaluation is missing from this installation; install evaluator again."
    fill(package.parent)
    assert shipped_root() == package.parent
    (package / "shipped/evaluation.yaml").mkdir(parents=True)
    assert shipped_root() == package.parent
    fill(package / "shipped2")
    (package / "shipped/evaluation.yaml").rmdir()
    (package / "shipped").rmdir()
    (package / "shipped2").rename(package / "shipped")
    assert shipped_root() == package / "shipped"


def test_a_new_workspace_takes_content_and_schemas(package: Path) -> None:
    fill(package.parent)
    assert shipped_files() == {name: text.encode() for name, text in FILES.items()}
    assert next(iter(shipped_files())) == "evaluation.yaml"


def test_a_blank_one_starts_on_a_day(package: Path) -> None:
    fill(package.parent)
    assert b"as_of: 2026-03-04\n" in blank_shipped_files()["evaluation.yaml"]
    found = blank_shipped_files(date(2027, 1, 2))
    assert b"as_of: 2027-01-02\n" in found["evaluation.yaml"]
    assert not [name for name in found if name.startswith("vendors/")]
    (package.parent / "evaluation.yaml").write_text("[")
    with pytest.raises(EvaluatorError) as raised:
        blank_shipped_files()
    assert str(raised.value) == "The shipped evaluation cannot be read; install evaluator again."
