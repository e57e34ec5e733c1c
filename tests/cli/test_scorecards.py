"""The commands around scorecards, as people type them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from builders import contents, write
from exchange_tools import Filled


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "ws", contents(criteria=4, vendors=2, assessors=("desk-a", "desk-b"),
                                           level=lambda _, key, who: 3 if who == "desk-b" and key == "c-1" else 1))  # fmt: skip


def run(root: Path, *arguments: str, code: int = 0) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "evaluator", *arguments], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout, done.stderr


def test_export_fill_look_import(root: Path) -> None:
    _, said = run(root, "scorecard", "export", "v-1", "v-2", "--assessor", "desk-a", "-o", "out/form.xlsx")
    assert said == "wrote out/form.xlsx\n"
    form = Filled(root / "out/form.xlsx", "V-1")
    form.put("c-1", "level", 4)
    form.put("c-2", "missing", "a test")
    form.save()
    before = (root / "vendors/v-1/business/desk-a.yaml").read_bytes()
    shown, _ = run(root, "scorecard", "import", "out/form.xlsx", "--dry-run", "--date", "2026-11-20")
    assert shown == (
        "form.xlsx\n  v-1/desk-a: 2 answers would change\n    c-1: level 1 → level 4 [V-1!F9]\n      date: nothing → '2026-11-20'\n"
        "    c-2: level 1 [V-1!F20]\n      evidence still needed: nothing → 'a test'\n      date: nothing → '2026-11-20'\n"
        "\n2 changes would be made.\n"
    )
    assert (root / "vendors/v-1/business/desk-a.yaml").read_bytes() == before
    shown, _ = run(root, "scorecard", "import", "out/form.xlsx", "--date", "2026-11-20")
    assert shown.endswith("2 changes made.\n")
    shown, _ = run(root, "scorecard", "import", "out/form.xlsx", "--date", "2026-11-20")
    assert shown == "form.xlsx\n  nothing changed\n\nNothing changed.\n"


def test_mistakes_and_conflicts_exit_with_1(root: Path) -> None:
    run(root, "scorecard", "export", "v-1", "--assessor", "desk-a", "-o", "form.xlsx")
    form = Filled(root / "form.xlsx")
    form.put("c-1", "level", "maybe")
    form.put("c-2", "level", 4)
    form.save()
    shown, _ = run(root, "scorecard", "import", "form.xlsx", "--date", "2026-11-20", code=1)
    assert "  error: V-1!F9: expected a level from 0 to 4, or unknown, found 'maybe'" in shown
    assert "nothing of this file was written because of the errors" in shown
    assert shown.endswith("Nothing imported: fix 1 error first (1 change is ready).\n")
    form.put("c-1", "level", 4)
    form.save()
    path = root / "vendors/v-1/business/desk-a.yaml"
    path.write_text(path.read_text().replace("level: 1", "level: 2", 1))
    shown, _ = run(root, "scorecard", "import", "form.xlsx", "--date", "2026-11-20", code=1)
    assert "v-1/desk-a: c-1: conflict, left as it is" in shown
    assert "workspace (--ours): level 2, 'The page says so.'" in shown
    shown, _ = run(root, "scorecard", "import", "form.xlsx", "--date", "2026-11-20", "--ours")
    assert "kept the workspace's" in shown
    shown, _ = run(root, "scorecard", "import", "form.xlsx", "--date", "2026-11-20", "--theirs", "--json")
    data: dict[str, Any] = json.loads(shown)
    assert not data["failed"]
    (change,) = data["files"][0]["changes"]
    assert (change["criterion"], change["before"]["level"], change["after"]["level"]) == ("c-1", 2, 4)


def test_moderation_prints_the_agreement(root: Path) -> None:
    shown, said = run(root, "scorecard", "moderate", "v-1", "-o", "m.xlsx")
    assert "Assessors: desk-a and desk-b" in shown
    assert "All families         4   75 %" in shown
    assert said == "wrote m.xlsx\n"
    data = json.loads(run(root, "scorecard", "moderate", "v-1", "-o", "m.xlsx", "--json")[0])
    assert data["overall"]["equal"] == 0.75
    assert (
        "moderation needs two or more"
        in run(write(root / "one", contents(vendors=1)), "scorecard", "moderate", "v-1", "-o", "m.xlsx", code=1)[1]
    )


def test_a_matrix_becomes_a_workspace(root: Path) -> None:
    (root / "m.csv").write_text("Criterion,Weight,A,B\nx,60%,5,1\ny,100%,1,5\nTotal,,4,5.6\n")
    shown, said = run(root, "init", "new", "--from-matrix", "m.csv")
    assert "warning: B2: the weights sum to 160 %" in shown
    assert "score = 100 x total / 8 (the most possible)" in shown
    assert said == "made the workspace new; next: evaluator check --workspace new\n"
    scores = json.loads(run(root, "score", "--workspace", "new", "--json")[0])
    assert {option["id"]: option["score"] for option in scores["options"]} == pytest.approx({"a": 50, "b": 70})
    assert "describe a matrix" in run(root, "init", "other", "--scale", "1..5", code=2)[1]
    assert "three ways to start" in run(root, "init", "other", "--blank", "--from-matrix", "m.csv", code=2)[1]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("scorecard", "export", "-o", "x.xlsx"), 2, "Missing argument"),
        (("scorecard", "export", "v-1"), 2, "Missing option '-o'"),
        (("scorecard", "export", "v-9", "-o", "x.xlsx"), 1, "There is no vendor 'v-9'"),
        (("scorecard", "export", "v-1", "-o", "x.ods"), 1, "does not end in .xlsx"),
        (("scorecard", "import"), 2, "Missing argument"),
        (("scorecard", "import", "none.xlsx"), 1, ""),
        (("scorecard", "moderate", "v-9", "-o", "x.xlsx"), 1, "There is no vendor 'v-9'"),
        (("init", "new", "--from-matrix", "none.csv"), 1, "there is no such file"),
    ],
)
def test_bad_requests_get_a_sentence(root: Path, arguments: tuple[str, ...], code: int, words: str) -> None:
    assert words in run(root, *arguments, code=code)[1]
    assert not (root / "x.xlsx").exists()
    assert not (root / "new").exists()


def test_a_broken_scorecard_elsewhere_does_not_stand_in_the_way(root: Path) -> None:
    (root / "vendors/v-2/business/desk-b.yaml").write_text("schema: scorecard/1\n")
    run(root, "scorecard", "export", "v-1", "--assessor", "desk-a", "-o", "form.xlsx")
    assert "nothing changed" in run(root, "scorecard", "import", "form.xlsx")[0]
