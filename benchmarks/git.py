"""Reading git: the history of one vendor's files against what git itself takes to list and give the same."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from harness import seconds, table
from review import repository

COMMITS = (125, 250, 500)
VENDOR = "v-2"


def read(root: Path) -> int:
    """Read every commit, and every content that the vendor's figures depend on; returns how many contents there are."""
    from evaluator.workspace.disk import MAX_BYTES
    from evaluator.workspace.git_history import files_of, open_history

    with open_history(root) as past:
        contents = {id_ for commit in past.commits() for id_ in files_of(past, commit, VENDOR).values()}
        assert all(past.read(id_, MAX_BYTES) for id_ in contents)
    return len(contents)


def _git(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    return subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True, input=given).stdout


def listed(root: Path) -> None:
    """The least: git lists the ids of the commits."""
    _git(root, "rev-list", "--first-parent", "HEAD")


def floor(root: Path) -> int:
    """The same task: git lists what each commit changed, and gives the contents."""
    paths = ("criteria", "evaluation.yaml", f"vendors/{VENDOR}")
    raw = _git(root, "log", "--first-parent", "--raw", "--no-abbrev", "--format=%H %cI %s", "HEAD", "--", *paths)
    contents = {line.split()[3] for line in raw.splitlines() if line.startswith(b":")}
    _git(root, "cat-file", "--batch", given=b"\n".join(contents) + b"\n")
    return len(contents)


def rows() -> Iterator[tuple[object, ...]]:
    """One row per number of commits and way of storing them."""
    for count in COMMITS:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            repository(root, count)
            for stored in ("loose", "packed"):
                if stored == "packed":
                    _git(root, "gc", "-q")
                assert read(root) == floor(root)
                taken, least, same = (seconds(partial(job, root)) for job in (read, listed, floor))
                yield (
                    count,
                    stored,
                    f"{1000 * taken:.0f}",
                    f"{1000 * taken / count:.2f}",
                    f"{1000 * same:.0f}",
                    f"{taken / same:.1f}",
                    f"{taken / least:.1f}",
                )


def main() -> None:
    """Print the table."""
    headers = (
        "commits",
        "objects",
        "ms",
        "ms per commit",
        "git log and cat-file, ms",
        "times that",
        "times git rev-list",
    )
    table("Reading the history of one vendor's files from git", headers, list(rows()))


if __name__ == "__main__":
    main()
