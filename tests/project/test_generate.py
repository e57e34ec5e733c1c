"""What is generated is written, checked and named when stale."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def generate(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    spec = importlib.util.spec_from_file_location("generate", ROOT / "tools/generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_stale_and_a_missing_file_are_named_and_then_written(generate: Any, tmp_path: Path) -> None:
    generate.PAGES[:] = [("a/one.txt", lambda: "1\n"), ("two.txt", lambda: "2\n"), ("three.txt", lambda: "3\n")]
    (tmp_path / "two.txt").write_text("old\n")
    (tmp_path / "three.txt").write_text("3\n")
    assert generate.stale(tmp_path) == ["a/one.txt", "two.txt"]
    assert generate.write(tmp_path) == ["a/one.txt", "two.txt"]
    assert generate.stale(tmp_path) == []
    assert (tmp_path / "two.txt").read_text() == "2\n"


def test_check_names_what_is_stale(
    generate: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "PAGES", [("nowhere/at-all.txt", lambda: "x")])
    assert generate.main(["--check"]) == 1
    assert "nowhere/at-all.txt is stale" in capsys.readouterr().err


def test_another_argument_is_refused(generate: Any) -> None:
    assert generate.main(["--chekc"]) == 2
