"""The wheel carries the shipped content and works away from the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content in a folder of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder / "dist"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = (folder / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(installed: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program from the wheel alone: the repository is not on the path."""
    code = "import sys; sys.path[:0] = [sys.argv.pop(1)]; import evaluator; assert 'site' in evaluator.__file__, evaluator.__file__\n"
    code += "from evaluator.cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, installed, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ},
    )


def test_the_shipped_content_is_inside(installed: Path) -> None:
    shipped = installed / "evaluator" / "shipped"
    for name in ("evaluation.yaml", "criteria", "vendors", "schemas"):
        for path in [ROOT / name] if (ROOT / name).is_file() else (ROOT / name).rglob("*.*"):
            copy = shipped / path.relative_to(ROOT)
            assert copy.read_bytes() == path.read_bytes()
    assert (installed / "evaluator" / "py.typed").exists()


@pytest.mark.slow
def test_it_makes_a_workspace_and_the_papers(installed: Path, tmp_path: Path) -> None:
    assert run(installed, tmp_path, "init", "mine").returncode == 0
    scored = run(installed, tmp_path, "score", "--workspace", "mine", "--json")
    assert scored.returncode == 0, scored.stderr
    for arguments in (("compare", "-o", "out/comparison.xlsx"), ("report", "vendor", "retool", "-o", "out/retool.pdf")):
        done = run(installed, tmp_path, *arguments, "--workspace", "mine")
        assert done.returncode == 0, done.stderr
        assert (tmp_path / arguments[-1]).stat().st_size > 0
