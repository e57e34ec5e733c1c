"""``evaluator format``: a workspace in the program's style, and nothing but its layout changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import EVALUATION, WEIGHTS, card_of, contents, write
from real_program import run
from review_builders import closed, final_contents

from evaluator.api import format_files, load


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "ws", contents(criteria=2, vendors=2))


def texts(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if ".evaluator" not in path.parts and path.is_file()
    }


def test_format_says_what_it_did_and_then_has_nothing_to_do(root: Path) -> None:
    first, before = run("format", cwd=root), texts(root)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.splitlines()[-1].endswith(" files changed.")
    (root / WEIGHTS).write_bytes(before[WEIGHTS] + b"note: 'x'   # why\n")
    checked = run("format", "--check", cwd=root)
    assert (checked.returncode, checked.stderr) == (1, "")
    assert checked.stdout == f"{WEIGHTS}: would be formatted\n1 of {len(before)} files would change.\n"
    assert texts(root) == {**before, WEIGHTS: before[WEIGHTS] + b"note: 'x'   # why\n"}
    second = run("format", "--workspace", root, cwd=root.parent)
    assert (second.returncode, second.stdout) == (0, f"{WEIGHTS}: formatted\n1 of {len(before)} files changed.\n")
    assert texts(root) == {**before, WEIGHTS: before[WEIGHTS] + b"note: x  # why\n"}
    third = run("format", "--check", cwd=root)
    assert (third.returncode, third.stdout) == (0, f"0 of {len(before)} files would change.\n")


def test_scorecards_beside_the_profile_stay_there(root: Path) -> None:
    old, new = root / card_of("v-1"), root / "vendors/v-1/desk-a.yaml"
    old.rename(new)
    before = load(root)
    assert format_files(root)["vendors/v-1/desk-a.yaml"]
    assert load(root) == before
    assert new.exists()
    assert not old.exists()


def test_closed_reviews_are_left_alone(tmp_path: Path) -> None:
    closed(tmp_path, "2026", final_contents(vendors=2))
    review = tmp_path / "reviews/2026.yaml"
    review.parent.mkdir()
    review.write_text("edition: '2026' # kept\n\n\n")
    before = texts(tmp_path)
    found = format_files(tmp_path)
    assert "reviews/2026.yaml" not in found
    after = texts(tmp_path)
    assert {name for name in before if before[name] != after[name]} == {
        name for name, changed in found.items() if changed
    }
    assert not [name for name in found if name.startswith("reports/")]


def test_a_broken_file_is_named_and_nothing_is_written(root: Path) -> None:
    (root / EVALUATION).write_text("title: a: b\n")
    (root / "vendors/v-1/profile.yaml").write_text("- a\n")
    before = texts(root)
    done = run("format", cwd=root)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "evaluation.yaml:1:9: error: a second colon in one entry, or an indentation that fits nothing above (a text that contains ': ' "
        "needs quotes)\nvendors/v-1/profile.yaml:1:1: error: expected keys with values\n"
        "Error: Nothing was formatted, because files cannot be read. Fix them and try again.\n"
    )
    assert texts(root) == before


def test_a_link_is_not_written_through(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "shared.yaml"
    (root / WEIGHTS).rename(other)
    (root / WEIGHTS).symlink_to(other)
    before = other.read_bytes()
    done = run("format", cwd=root)
    assert done.returncode == 1
    assert "the link leaves the workspace and was not followed" in done.stderr
    assert other.read_bytes() == before
