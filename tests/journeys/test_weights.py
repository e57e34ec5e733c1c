"""Weights asked for, kept apart by stakeholder, adopted and sealed: the real program and what it leaves on disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from builders import WEIGHTS, contents, write
from hypothesis import given, settings
from hypothesis import strategies as st
from real_program import ROOT, run

from evaluator import api
from evaluator.errors import EvaluatorError
from evaluator.model.elicitation import SealState
from evaluator.rules.weights import sealing
from evaluator.weighting.stakeholders import stated, views
from evaluator.workspace.load import load

TODAY = date(2026, 11, 24)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "w", contents(criteria=4, vendors=2))


def spoken(root: Path, role: str, *answers: str, more: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """A swing session with ``answers`` typed line by line and the end of input behind them."""
    return subprocess.run(
        [sys.executable, "-m", "evaluator", "weights", "swing", "--stakeholder", role, *more],
        input="".join(f"{answer}\n" for answer in answers),
        capture_output=True,
        text=True,
        cwd=root,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def weights_of(root: Path, role: str) -> dict[str, float] | None:
    workspace = load(root).workspace
    assert workspace is not None
    found = stated(workspace, workspace.stakeholders[role]).weights
    return None if found is None else dict(found)


def test_swings_are_shares_of_the_points_families_first_then_inside(root: Path) -> None:
    done = spoken(root, "cfo", "f-2", "50", "c-1", "25", "c-4", "100")
    assert done.returncode == 0, done.stderr
    # f-2 100 and f-1 50; c-1 100 and c-3 25; c-4 100 and c-2 100.
    expected = {"c-1": 1 / 3 * 0.8, "c-3": 1 / 3 * 0.2, "c-2": 2 / 3 * 0.5, "c-4": 2 / 3 * 0.5}
    assert weights_of(root, "cfo") == pytest.approx(expected)


def test_back_takes_an_answer_back_and_nonsense_is_asked_again(root: Path) -> None:
    done = spoken(root, "cfo", "f-9", "f-1", "10", "back", "many", "200", "50", "c-1", "25", "c-4", "100")
    assert done.returncode == 0, done.stderr
    assert weights_of(root, "cfo") == pytest.approx(
        {"c-1": 2 / 3 * 0.8, "c-3": 2 / 3 * 0.2, "c-2": 1 / 6, "c-4": 1 / 6}
    )


def test_ranks_give_the_published_centroids(tmp_path: Path) -> None:
    """Four in order: 0.5208, 0.2708, 0.1458, 0.0625 (Barron and Barrett, Management Science 42, 1996, table 1)."""
    content = contents(criteria=8, vendors=2)
    root = write(tmp_path / "w", content)
    families = list(content[WEIGHTS]["families"])
    inside = [key for key in ("c-1", "c-3", "c-5", "c-7") if key in content[WEIGHTS]["criteria"]]
    assert run("weights", "rank", "--stakeholder", "cfo", *families, cwd=root).returncode == 0
    assert run("weights", "rank", "--stakeholder", "cfo", *inside, cwd=root).returncode == 0
    found = weights_of(root, "cfo")
    assert found is not None
    total = sum(found[key] for key in inside)
    assert [found[key] / total for key in inside] == pytest.approx([0.5208, 0.2708, 0.1458, 0.0625], abs=5e-5)
    assert total == pytest.approx(0.75)  # the first of two families


@settings(max_examples=25, deadline=None)
@given(points=st.lists(st.integers(0, 100), min_size=2, max_size=2).filter(any), order=st.permutations(["c-1", "c-3"]))
def test_whole_weights_sum_to_one_and_keep_the_order(
    tmp_path_factory: pytest.TempPathFactory, points: list[int], order: list[str]
) -> None:
    root = write(tmp_path_factory.mktemp("w"), contents(criteria=4, vendors=2))
    file = root / "weights" / "cfo.yaml"
    file.parent.mkdir()
    file.write_text(
        "schema: stakeholder/1\nrole: cfo\ndate: 2026-11-20\n"
        f"families:\n  points: {{f-1: {points[0]}, f-2: {points[1]}}}\n"
        f"criteria:\n  f-1:\n    order: [[{order[0]}], [{order[1]}]]\n",
        encoding="utf-8",
    )
    found = weights_of(root, "cfo")
    assert found is not None
    assert sum(found.values()) == pytest.approx(1)
    assert found[order[0]] >= found[order[1]]
    assert found["c-1"] + found["c-3"] == pytest.approx(points[0] / sum(points))


def test_pairs_with_contradictions_are_told_by_their_ratio(tmp_path: Path) -> None:
    """3 x 3 with a12 = 3, a23 = 3, a13 = 1/3: far from consistent (Saaty's limit is 0.1)."""
    content = contents(criteria=6, vendors=2)
    root = write(tmp_path / "w", content)
    file = tmp_path / "pairs.csv"
    file.write_text("first,second,times\nc-1,c-3,3\nc-3,c-5,3\nc-1,c-5,1/3\n", encoding="utf-8")
    done = run("weights", "pairwise", "--stakeholder", "cfo", file, cwd=root)
    assert done.returncode == 0, done.stderr
    told = done.stdout + done.stderr
    assert "onsistency ratio" in told
    assert all(key in told for key in ("c-1", "c-3", "c-5"))


def two_roles(root: Path) -> None:
    assert run("weights", "rank", "--stakeholder", "cfo", "f-1", "f-2", cwd=root).returncode == 0
    assert run("weights", "rank", "--stakeholder", "cto", "f-2", "f-1", cwd=root).returncode == 0


def test_stakeholders_stay_apart_and_their_spread_is_the_spread_of_the_draws(root: Path) -> None:
    one = run("weights", "rank", "--stakeholder", "cfo", "f-1", "f-2", cwd=root)
    assert one.returncode == 0
    assert api.robustness(api.evaluate(api.load(root)), samples=200).views == ()
    two_roles(root)
    workspace = api.load(root)
    assert sorted(views(workspace)) == ["cfo", "cto"]
    found = api.robustness(api.evaluate(workspace), samples=200)
    assert [view.name for view in found.views] == ["cfo", "cto"]
    shown = run("weights", "show", cwd=root)
    assert max(map(len, shown.stdout.splitlines())) <= 80
    assert "cfo" in shown.stdout


def test_the_mean_is_adopted_and_comments_stay(root: Path) -> None:
    weights = root / WEIGHTS
    weights.write_text("# ours\n" + weights.read_text(encoding="utf-8"), encoding="utf-8")
    two_roles(root)
    before = weights.read_bytes()
    assert run("weights", "adopt", "--dry-run", cwd=root).returncode == 0
    assert weights.read_bytes() == before
    assert run("weights", "adopt", cwd=root).returncode == 0
    assert weights.read_text(encoding="utf-8").startswith("# ours\n")
    families = api.load(root).weights.families
    assert families["f-1"] / families["f-2"] == pytest.approx(1, abs=1e-3)  # 3:1 and 1:3 meet in the middle


def test_a_seal_shows_a_later_change(root: Path, tmp_path: Path) -> None:
    content = contents(criteria=4, vendors=2)
    del content[WEIGHTS]["seal"]
    root = write(tmp_path / "unsealed", content)
    workspace = load(root).workspace
    assert workspace is not None
    assert sealing(workspace).state is SealState.NEVER
    done = run("weights", "seal", "--by", "head of IT", "--method", "swing", "--date", "2026-01-10", cwd=root)
    assert done.returncode == 0, done.stderr
    workspace = load(root).workspace
    assert workspace is not None
    assert sealing(workspace).state is SealState.BEFORE
    two_roles(root)
    file = root / WEIGHTS
    file.write_text(file.read_text(encoding="utf-8").replace("f-1: 10", "f-1: 30"), encoding="utf-8")
    workspace = load(root).workspace
    assert workspace is not None
    assert sealing(workspace).state is SealState.CHANGED
    assert "changed after they were sealed" in run("weights", "show", cwd=root).stdout


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("rank", "--stakeholder", "cfo", "f-1", "f-9"), "f-9"),
        (("rank", "--stakeholder", "cfo", "f-1"), "f-2"),
        (("rank", "--stakeholder", "Some One", "f-1", "f-2"), "Some One"),
        (("rank", "--stakeholder", "cfo", "f-1", "c-1"), "not a mixture"),
        (("adopt",), "nothing to adopt"),
        (("adopt", "nobody"), "nobody"),
        (("import", "missing.xlsx"), "missing.xlsx"),
        (("pairwise", "--stakeholder", "cfo", "missing.csv"), "missing.csv"),
        (("swing", "--stakeholder", "cfo", "-o", "x.docx"), ".xlsx"),
    ],
)
def test_what_cannot_be_done_gets_a_sentence_and_changes_nothing(
    root: Path, arguments: tuple[str, ...], expected: str
) -> None:
    before = (root / WEIGHTS).read_bytes()
    done = run("weights", *arguments, cwd=root)
    assert done.returncode in {1, 2}
    assert expected in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert (root / WEIGHTS).read_bytes() == before
    assert not (root / "weights").exists()


def test_a_broken_file_of_a_stakeholder_is_told_by_its_line(root: Path) -> None:
    (root / "weights").mkdir()
    (root / "weights" / "cfo.yaml").write_text(
        "schema: stakeholder/1\nrole: cto\ndate: 2026-11-20\nfamilies: {points: {f-9: 1}}\n",
        encoding="utf-8",
    )
    problems = [problem for problem in api.check(root) if problem.file == "weights/cfo.yaml"]
    assert problems
    with pytest.raises(EvaluatorError):
        api.load(root)


def test_json_of_the_state(root: Path) -> None:
    two_roles(root)
    data = json.loads(run("weights", "show", "--json", cwd=root).stdout)
    assert "sealing" in data
