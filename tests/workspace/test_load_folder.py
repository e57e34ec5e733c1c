"""A folder becomes one frozen workspace, whatever order the disk gives, and problems find their lines."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from builders import AS_OF, CATALOGUE, EVALUATION, WEIGHTS, build, card_of, contents, profile_of, write

from evaluator.errors import Problem
from evaluator.model.workspace import Workspace
from evaluator.rules.run import run
from evaluator.workspace.load import load


def loaded_workspace(root: Path) -> Workspace:
    loaded = load(root)
    assert loaded.problems == ()
    assert loaded.workspace is not None
    return loaded.workspace


def test_the_folder_gives_the_same_value_as_the_content(tmp_path: Path) -> None:
    content = contents(criteria=5, vendors=3, assessors=("desk-a", "agreed"))
    workspace = loaded_workspace(write(tmp_path, content))
    assert workspace == build(content)
    assert workspace.digest == build(content).digest


def test_the_order_of_the_disk_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write(tmp_path, contents(criteria=6, families=3, vendors=5, assessors=("b", "a", "c")))
    straight = load(root)
    real = os.scandir

    class Shuffled:
        def __init__(self, path: Any) -> None:
            with real(path) as entries:
                self.entries = sorted(entries, key=lambda entry: entry.name[::-1], reverse=True)

        def __enter__(self) -> list[os.DirEntry[str]]:
            return self.entries

        def __exit__(self, *_: object) -> None:
            return None

    monkeypatch.setattr(os, "scandir", Shuffled)
    shuffled = load(root)
    assert shuffled.workspace == straight.workspace
    assert shuffled.workspace is not None
    assert list(shuffled.workspace.vendors) == ["v-1", "v-2", "v-3", "v-4", "v-5"]
    assert [card.assessor for card in shuffled.workspace.vendors["v-1"].scorecards] == ["a", "b", "c"]
    assert shuffled.layout == straight.layout


def test_families_come_in_the_order_of_the_catalogue_not_of_the_files(tmp_path: Path) -> None:
    content = contents(families=3, criteria=3)
    content[CATALOGUE]["families"].reverse()
    content["criteria/aaa.yaml"] = content.pop("criteria/f-1.yaml")
    workspace = loaded_workspace(write(tmp_path, content))
    assert list(workspace.catalogue.families) == ["f-3", "f-2", "f-1"]


def test_a_family_may_lie_in_a_file_of_any_name(tmp_path: Path) -> None:
    content = contents()
    content[CATALOGUE]["families"].append({"id": "guardrails", "title": "Guardrails", "about": "product"})
    content[WEIGHTS]["families"]["guardrails"] = 0
    content["criteria/guardrails-in-product.yaml"] = {
        "schema": "criteria/1",
        "family": "guardrails",
        "criteria": [{**content["criteria/f-1.yaml"]["criteria"][0], "id": "sharing", "references": ["nothing"]}],
    }
    content[WEIGHTS]["criteria"]["sharing"] = 1
    loaded = load(write(tmp_path, content))
    assert loaded.problems == ()
    assert loaded.layout.families["guardrails"] == "criteria/guardrails-in-product.yaml"
    assert loaded.workspace is not None
    assert loaded.workspace.guardrails.policy_owner == "Data office"
    found = [p for p in run(loaded.workspace, AS_OF, loaded.layout) if p.code == "unknown-reference"]
    assert [problem.file for problem in found] == ["criteria/guardrails-in-product.yaml"]


def test_a_workspace_without_vendors_loads(tmp_path: Path) -> None:
    assert loaded_workspace(write(tmp_path, contents(vendors=0))).vendors == {}


def test_problems_of_the_content_get_their_lines(tmp_path: Path) -> None:
    root = write(tmp_path, contents())
    card = root / card_of("v-1")
    text = card.read_text().replace("level: 2", "level: 9", 1)
    card.write_text(text)
    loaded = load(root)
    assert loaded.workspace is not None
    (problem,) = loaded.report(run(loaded.workspace, AS_OF, loaded.layout))
    line = text.split("\n").index("    level: 9") + 1
    assert (problem.code, problem.line, problem.column) == ("level-off-scale", line, 12)
    assert str(problem).startswith(f"vendors/v-1/business/desk-a.yaml:{line}:12: error: level 9")


def test_a_problem_is_pinned_as_far_as_its_path_leads(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, contents()))
    weights = (tmp_path / WEIGHTS).read_text().split("\n")
    pinned = loaded.pin(Problem("x", "m", WEIGHTS, ("criteria", "not-there")))
    assert pinned.line == weights.index("criteria:") + 1
    assert loaded.pin(Problem("x", "m", WEIGHTS)).line == 1
    assert loaded.pin(Problem("x", "m", "no-such-file.yaml")).line is None
    assert loaded.pin(Problem("x", "m", WEIGHTS, line=77)).line == 77
    assert loaded.pin(Problem("x", "m", WEIGHTS, cell="A1")).line is None


def test_a_criterion_after_a_dropped_one_keeps_its_place(tmp_path: Path) -> None:
    content = contents(criteria=4, families=1)
    content["criteria/f-1.yaml"]["criteria"][1]["id"] = "c-1"
    content["criteria/f-1.yaml"]["criteria"][3]["references"] = ["nothing"]
    loaded = load(write(tmp_path, content))
    assert [problem.code for problem in loaded.problems] == ["two-criteria"]
    assert loaded.workspace is not None
    found = [p for p in run(loaded.workspace, AS_OF, loaded.layout) if p.code == "unknown-reference"]
    assert found[0].path[:2] == ("criteria", 3)
    assert len(loaded.pin(found[0]).message) > 0


def test_the_report_is_in_order_of_files_and_lines(tmp_path: Path) -> None:
    content = contents()
    content[profile_of("v-2")]["edition"] = "none"
    content[card_of("v-1")]["answers"]["c-4"]["level"] = 9
    content[card_of("v-1")]["answers"]["c-1"]["level"] = 9
    content[EVALUATION]["excluded"] = [{"option": "v-1", "reason": "x", "date": "2026-01-01"}]
    loaded = load(write(tmp_path, content))
    assert loaded.workspace is not None
    report = loaded.report(reversed(run(loaded.workspace, AS_OF, loaded.layout)))
    places = [(problem.file, problem.line) for problem in report]
    assert places == sorted(places, key=lambda place: (place[0], place[1] or 0))
    assert [problem.code for problem in report if problem.file == card_of("v-1")] == ["level-off-scale"] * 2


def test_the_digest_of_every_file_read_is_kept(tmp_path: Path) -> None:
    content = contents()
    loaded = load(write(tmp_path, content))
    assert sorted(loaded.digests) == sorted(content)
    assert all(len(digest) == 64 for digest in loaded.digests.values())


def test_the_shipped_evaluation_is_clean_apart_from_warnings() -> None:
    root = Path(__file__).parents[2]
    loaded = load(root)
    assert loaded.problems == ()
    assert loaded.workspace is not None
    found = run(loaded.workspace, loaded.workspace.evaluation.as_of, loaded.layout)
    assert {problem.code for problem in found} <= {"stale-evidence", "other-edition", "undated-document"}
