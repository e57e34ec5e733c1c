"""Reviews: the diff of two reviews against scoring both, a vendor's history over commits against git alone, and how both grow."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import content
import yaml
from harness import in_own_process, seconds, table

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from builders import Content, card_of, write
from review_builders import final_contents

SIZES = ((12, 48), (60, 200), (150, 300), (300, 300))
COMMITS = (50, 125, 250, 500)
THEN, NOW = date(2026, 11, 24), date(2027, 11, 24)


def diff_job(vendors: int, criteria: int) -> tuple[float, float, float]:
    """Seconds to score both reviews, to explain every score, and to do the whole diff with the stack's bridge.

    Every answer, every weight and the date differ: the worst case.
    """
    from evaluator.change.mixtures import ReviewSide
    from evaluator.change.review_differences import ComparedReview, change, vendor_bridge
    from evaluator.evaluation.evaluate import evaluate
    from evaluator.model.workspace import Workspace
    from evaluator.scoring.score import score

    old, new = content.workspace(vendors, criteria, seed=1), content.workspace(vendors, criteria, seed=2)
    importance = {key: place % 5 + 1 for place, key in enumerate(new.weights.criteria)}
    weights = new.weights.model_copy(update={"criteria": importance})
    new = Workspace.model_construct(**{**dict(new), "weights": weights})
    start = time.perf_counter()
    sides = [ReviewSide(space, day, score(space, day)) for space, day in ((old, THEN), (new, NOW))]
    scored = time.perf_counter() - start
    first = next(iter(old.vendors))
    assert vendor_bridge(sides[0], sides[1], first)
    reviews = [
        ComparedReview(day.isoformat(), evaluate(space, day, version="1"), "1")
        for space, day in ((old, THEN), (new, NOW))
    ]
    start = time.perf_counter()
    found = change(reviews[0], reviews[1])
    taken = time.perf_counter() - start
    parts = sum(len(cell.parts) for option in found.options for cell in option.cells)
    return scored, taken, parts


def repository(root: Path, commits: int) -> Content:
    """A workspace under git in which each commit changes one or two answers of one of four vendors."""
    chance = random.Random(1)  # noqa: S311 - content for a benchmark
    made = final_contents(vendors=4, criteria=48, families=9)
    write(root, made)
    _git(root, "init", "-q")
    _commit(root, "start")
    for number in range(1, commits):
        vendor = f"v-{number % 4 + 1}"
        answers = made[card_of(vendor)]["answers"]
        for key in chance.sample(sorted(answers), chance.randint(1, 2)):
            answers[key]["level"] = chance.randint(0, 4)
        (root / card_of(vendor)).write_text(yaml.safe_dump(made[card_of(vendor)], sort_keys=False), encoding="utf-8")
        _commit(root, f"change {number}")
    return made


def _git(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    names = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "gc.auto=0", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", "-C", str(root), *names, *arguments], check=True, capture_output=True, input=given)
    return done.stdout


def _commit(root: Path, subject: str) -> None:
    _git(root, "add", "-A")
    _git(root, "commit", "-q", "--allow-empty", "-m", subject)


def _floor(root: Path) -> None:
    """What git alone takes to list the changes and to give every content that the vendor's figures depend on."""
    listed = _git(
        root, "log", "--raw", "--no-abbrev", "--format=%H", "--", "criteria", "evaluation.yaml", "vendors/v-2"
    )
    blobs = {line.split()[3] for line in listed.splitlines() if line.startswith(b":")}
    _git(root, "cat-file", "--batch", given=b"\n".join(blobs) + b"\n")


def _followed_commits(root: Path) -> list[object]:
    """Every commit that moved a figure of the vendor, with the causes between them."""
    from evaluator.reviews.history import _commit_moments, _followed

    return list(_followed("v-2", _commit_moments(root, "v-2")))


def history_rows() -> Iterator[tuple[object, ...]]:
    """One row per number of commits."""
    for count in COMMITS:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            repository(root, count)
            points = len(_followed_commits(root))
            taken = seconds(partial(_followed_commits, root), 3)
            floor = seconds(partial(_floor, root), 3)
            yield count, points, f"{1000 * taken:.0f}", f"{1000 * taken / count:.2f}", f"{1000 * floor:.0f}"


def main() -> None:
    """Print both tables."""
    rows = []
    for vendors, criteria in SIZES:
        _, before, peak, (scored, taken, parts) = in_own_process(diff_job, vendors, criteria)
        rows.append(
            (
                f"{vendors} x {criteria}",
                f"{1000 * taken:.0f}",
                f"{taken / scored:.1f}",
                f"{1e6 * taken / (vendors * criteria):.0f}",
                f"{parts:,}",
                f"{peak - before:.0f}",
            )
        )
    table(
        "Diff of two reviews that differ in everything",
        ("vendors x criteria", "ms", "x scoring both", "microseconds per cell", "parts", "MB over start"),
        rows,
    )
    table(
        "History of one vendor over commits",
        ("commits", "points", "ms", "ms per commit", "git alone, ms"),
        list(history_rows()),
    )


if __name__ == "__main__":
    main()
