"""The README and the guides: what they tell people to type runs, what they link to exists."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from evaluator import api

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
GUIDES = [page for page in PAGES if page.name not in {"commands.md", "files.md"} and page.parent.name != "decisions"]


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped evaluation in which the pages' commands may write."""
    root = tmp_path_factory.mktemp("docs") / "workspace"
    subprocess.run([sys.executable, "-m", "evaluator", "init", root], check=True, cwd=ROOT, capture_output=True)
    (root / "out").mkdir()
    return root


def commands() -> list[tuple[str, str]]:
    """(page, command) for every command line of the guides, each command once, in reading order."""
    seen: dict[str, str] = {}
    for page in GUIDES:
        for block in blocks(page, "sh"):
            lines = [block] if "<<" in block else block.replace("\\\n", " ").splitlines()
            for line in lines:
                command = line if "<<" in line else line.split("  #")[0].strip()
                if command:
                    seen.setdefault(command, page.name)
    return [(page, command) for command, page in seen.items()]


@pytest.mark.slow
def test_every_command_of_the_guides_runs(workspace: Path) -> None:
    program = Path(sys.executable).with_name("evaluator")
    for page, command in commands():
        done = subprocess.run(
            ["sh", "-euc", command],
            cwd=workspace,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"},
        )
        assert done.returncode == 0, f"{page}: {command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"


@pytest.mark.slow
def test_the_python_of_the_readme_runs(workspace: Path) -> None:
    shutil.rmtree(workspace / "my-evaluation", ignore_errors=True)
    subprocess.run(
        [sys.executable, "-m", "evaluator", "init", workspace / "my-evaluation"],
        check=True,
        cwd=ROOT,
        capture_output=True,
    )
    for block in blocks(ROOT / "README.md", "python"):
        done = subprocess.run([sys.executable, "-c", block], cwd=workspace, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert (workspace / "out" / "recommendation.pdf").stat().st_size > 0
    assert (workspace / "out" / "comparison.xlsx").stat().st_size > 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_command_is_documented_and_every_make_target_is_explained() -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "evaluator", "--help"], check=True, capture_output=True, text=True, cwd=ROOT
    ).stdout
    reference = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for command in re.findall(r"^  ([a-z-]+) {2,}", listed.split("Commands:")[1], re.MULTILINE):
        assert f"## evaluator {command}" in reference
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert targets is not None
    for target in targets.group(1).split():
        assert re.search(rf"^{target}:.*## ", makefile, re.MULTILINE), f"make {target} has no explanation"


@pytest.mark.parametrize("page", ["README.md", "docs/scorecards.md"])
def test_pages_name_the_date_of_the_shipped_evaluation(page: str) -> None:
    shipped = api.load(ROOT).evaluation.as_of
    named = re.findall(r"--date (\d{4}-\d\d-\d\d)", (ROOT / page).read_text(encoding="utf-8"))
    assert named
    assert set(named) == {shipped.isoformat()}
