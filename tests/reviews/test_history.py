"""One vendor over closed reviews and over the commits of its workspace."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from itertools import pairwise
from math import fsum
from pathlib import Path
from typing import Any

import pytest
import yaml
from builders import AS_OF, EVALUATION, WEIGHTS, Content, card_of, with_evaluated, write
from review_builders import NEXT, a_year_later, closed, final_contents, place

from evaluator import api
from evaluator.errors import EvaluatorError
from evaluator.model.change import Cause
from evaluator.model.closed_review import HistoryPoint
from evaluator.reviews.history import history
from evaluator.workspace.git_history import open_history

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")

CARD = card_of("v-1")


def git(root: Path, *arguments: str) -> str:
    names = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", "-C", str(root), *names, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(root: Path, subject: str) -> str:
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", subject)
    return git(root, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> tuple[Path, Content]:
    """A workspace in a folder of a repository, with one commit."""
    content = final_contents(vendors=2)
    root = write(tmp_path / "repo" / "ws", content)
    git(root.parent, "init", "-q")
    commit(root.parent, "start")
    return root, content


def rewrite(root: Path, content: Content, name: str) -> None:
    (root / name).write_text(yaml.safe_dump(content[name], sort_keys=False), encoding="utf-8")


def levels(root: Path, content: Content, key: str, level: Any) -> None:
    content[CARD]["answers"][key]["level"] = level
    rewrite(root, content, CARD)


def commits_of(root: Path) -> list[HistoryPoint]:
    points = history(place(root), "v-1", commits=True, revisions=())
    return [point for point in points if point.kind == "commit"]


def test_closed_reviews_and_now_with_the_causes_between_them(tmp_path: Path) -> None:
    content = final_contents(vendors=2)
    closed(tmp_path, "2026", content)
    later = a_year_later(content)
    later[CARD]["answers"]["c-1"]["level"] = 4
    closed(tmp_path, "2027", later, on=NEXT)
    now = a_year_later(later, date(2027, 12, 24))
    now[WEIGHTS]["criteria"]["c-1"] = 3
    points = history(place(tmp_path, now), "v-1", commits=False, revisions=())
    assert [(point.kind, point.label, point.as_of) for point in points] == [
        ("review", "2026", AS_OF),
        ("review", "2027", NEXT),
        ("now", "now", date(2027, 12, 24)),
    ]
    assert [set(point.causes) for point in points] == [set(), {Cause.ANSWERS, Cause.EVIDENCE}, {Cause.WEIGHTS}]
    for before, after in pairwise(points):
        assert before.points
        assert after.points
        moved = fsum(part.score for part in after.causes.values())
        assert moved == pytest.approx(after.points.score - before.points.score, abs=1e-9)
    assert [point.rank for point in points] == [2, 2, 2]


def test_commits_that_moved_a_figure_are_listed_with_their_causes(repository: tuple[Path, Content]) -> None:
    root, content = repository
    levels(root, content, "c-1", 4)
    commit(root, "better")
    content[CARD]["answers"]["c-2"]["rationale"] = "Other words."
    rewrite(root, content, CARD)
    commit(root, "words only")
    (root / "README.md").write_text("not of the workspace")
    commit(root, "not of the workspace")
    content[WEIGHTS]["criteria"]["c-1"] = 5
    rewrite(root, content, WEIGHTS)
    commit(root, "weights")
    found = commits_of(root)
    assert [point.note for point in found] == ["start", "better", "weights"]
    assert [set(point.causes) for point in found] == [set(), {Cause.ANSWERS}, {Cause.WEIGHTS}]
    assert [round(point.points.score, 6) for point in found if point.points] == [
        50,
        62.5,
        pytest.approx(100 * (5 / 12 + 1 / 24 + 1 / 4), abs=1e-5),
    ]
    assert all(point.rank is None for point in found)


def test_moving_a_scorecard_moves_no_figure(repository: tuple[Path, Content]) -> None:
    root, content = repository
    for name in ("v-1", "v-2"):
        git(root, "mv", card_of(name), f"vendors/{name}/desk-a.yaml")
    commit(root, "beside the profile")
    (root / "vendors/v-1/desk-a.yaml").rename(root / CARD)
    commit(root, "back in the folder of the edition")
    levels(root, content, "c-1", 4)
    commit(root, "better")
    found = commits_of(root)
    assert [(point.note, set(point.causes)) for point in found] == [("start", set()), ("better", {Cause.ANSWERS})]


def test_a_commit_that_cannot_be_used_is_told_and_passed_over(repository: tuple[Path, Content]) -> None:
    root, content = repository
    good = (root / CARD).read_text()
    (root / CARD).write_text("answers: [")
    commit(root, "broken")
    (root / CARD).write_text(good.replace("level: 2", "level: 9", 1))
    commit(root, "no such level")
    (root / EVALUATION).rename(root / "away.yaml")
    commit(root, "no workspace")
    (root / "away.yaml").rename(root / EVALUATION)
    (root / CARD).write_text(good)
    levels(root, content, "c-1", 3)
    commit(root, "mended")
    found = commits_of(root)
    assert [point.points is None for point in found] == [False, True, True, True, False]
    assert "broken: vendors/v-1/business/desk-a.yaml:2:1" in found[1].note
    assert "there is no level 9" in found[2].note
    assert "evaluation.yaml is missing" in found[3].note
    assert set(found[4].causes) == {Cause.ANSWERS}


def test_named_revisions_alone(repository: tuple[Path, Content]) -> None:
    root, content = repository
    git(root, "tag", "v1")
    levels(root, content, "c-1", "unknown")
    commit(root, "lost")
    points = history(place(root), "v-1", commits=False, revisions=("v1", "HEAD"))
    assert [point.label for point in points] == ["v1", "HEAD"]
    assert set(points[1].causes) == {Cause.LEARNED}


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "HEAD~9", ""])
def test_revisions_that_are_none(revision: str, repository: tuple[Path, Content]) -> None:
    root, _ = repository
    with open_history(root) as past, pytest.raises(EvaluatorError, match=r"revision|branch, tag or commit"):
        past.commit_at(revision)
    assert not (root / "x").exists()


def test_merges_are_followed_along_their_first_parent(repository: tuple[Path, Content]) -> None:
    root, content = repository
    main = git(root, "rev-parse", "--abbrev-ref", "HEAD")
    git(root, "checkout", "-q", "-b", "side")
    levels(root, content, "c-1", 4)
    commit(root, "on the side")
    git(root, "checkout", "-q", main)
    git(root, "merge", "-q", "--no-ff", "-m", "merged", "side")
    assert [point.note for point in commits_of(root)] == ["start", "merged"]


def test_odd_subjects_and_links_do_not_disturb(repository: tuple[Path, Content]) -> None:
    root, content = repository
    levels(root, content, "c-1", 4)
    commit(root, "a\x01b\x02c é \x1b[31m")
    (root / card_of("v-1", "link")).symlink_to("/etc/hostname")
    (root / "vendors" / "v-1" / "ü name.yaml").write_text("x: 1")
    (root / "vendors" / "v-1" / "ü name.yaml").rename(root / "vendors" / "ü name.yaml")
    commit(root, "odd")
    found = commits_of_even_if_broken(root)
    assert found[1].points
    assert "\x1b" not in found[1].note


def commits_of_even_if_broken(root: Path) -> list[HistoryPoint]:
    """The commits of a workspace whose present state cannot be loaded."""
    from evaluator.reviews.history import _commit_moments, _followed

    return list(_followed("v-1", _commit_moments(root, "v-1")))


def test_an_option_is_followed_by_its_edition(tmp_path: Path) -> None:
    content = final_contents(vendors=2)
    closed(tmp_path, "2026", content)
    later = a_year_later(content)
    with_evaluated(later, "v-1", "business", "enterprise")
    later[EVALUATION]["status_quo"] = "v-1@business"
    workspace, points = (place(tmp_path, later), history(place(tmp_path), "v-1@business", commits=False, revisions=()))
    assert workspace.workspace.option("v-1@business")
    assert [(point.label, point.points is not None) for point in points] == [("2026", True), ("now", True)]
    added = history(place(tmp_path), "v-1@enterprise", commits=False, revisions=())
    assert [(point.label, point.points is not None) for point in added] == [("2026", False), ("now", True)]
    with pytest.raises(EvaluatorError, match=r"^Several editions of v-1 are evaluated"):
        api.review_history(tmp_path, "v-1")
    with pytest.raises(EvaluatorError, match=r"^There is no option 'v-1@gold'"):
        api.review_history(tmp_path, "v-1@gold")
