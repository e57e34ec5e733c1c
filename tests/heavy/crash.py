"""Crashes, full disks, other writers and locks, for every verb that writes; prints a table and every fault.

    python tests/heavy/crash.py [--verb WORDS ...] [--section NAME ...] [--seconds N] [--jobs N]

Each verb is killed at each of its file events, and has its disk filled at each, for good and for a moment; where one run takes
seconds, at as many events as fit ``--seconds`` for each section, spread evenly. Then two and ten writers at once, a lock
left by the dead, a lock held by the living, a file system that cannot lock, and a disk that really is full (needs the right to
mount). A cell is bad trials / trials. Exit code 1 where anything was bad.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from program_server import Program
from writing_trials import Fault, Tally, Trials
from writing_verbs import VERBS, Verb

SECTIONS = ("killed", "full", "moment", "disk", "two", "ten", "unlike", "stale", "held", "flock")
"""Columns: killed; disk full from an event on, or for a moment; a small disk; two and ten writers of the same, writers of different
things; a stale lock, a held lock, no lock at all."""
ROOM = (0, 4096, 16384, 65536)
"""Bytes left on the small disk."""
LEAST = 3
"""Events that are tried even where that takes longer than allowed."""
WAITING = {"held", "flock"}
"""Sections in which runs may mostly wait, so that more can go on beside each other."""


def spread(count: int, cost: float, seconds: float) -> Sequence[int]:
    """The numbers from 1 to ``count``, or as many of them, evenly, as fit the time."""
    fitting = max(LEAST, int(seconds / cost))
    if fitting >= count:
        return range(1, count + 1)
    return sorted({1 + round(number * (count - 1) / (fitting - 1)) for number in range(fitting)})


def tried(trials: Trials, verb: Verb, chosen: Collection[str], seconds: float) -> dict[str, Tally]:
    """The chosen sections, each within ``seconds`` where that leaves enough to be tried."""
    clean = trials.clean(verb)
    cost = 2.5 * clean.seconds + 0.3
    points = spread(len(clean.events), cost, seconds)
    rounds = max(1, min(60, int(seconds / 4 / cost)))
    sections: dict[str, Callable[[], Tally]] = {
        "killed": lambda: trials.kills(verb, points),
        "full": lambda: trials.full(verb, points, once=False),
        "moment": lambda: trials.full(verb, points, once=True),
        "disk": lambda: trials.on_small_disk(verb, ROOM) if not verb.slow else Tally(),
        "two": lambda: trials.writers(verb, 2, rounds),
        "ten": lambda: trials.writers(verb, 10, max(1, rounds // 6)) if cost < seconds / 10 else Tally(),
        "unlike": lambda: trials.different_writers(verb, 10, max(1, rounds // 6)),
        "stale": lambda: trials.stale_locks(verb),
        "held": lambda: trials.held_lock(verb),
        "flock": lambda: trials.without_flock(verb) if not verb.slow or verb.in_workspace else Tally(),
    }
    return {name: section() for name, section in sections.items() if name in chosen}


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A file system of a few megabytes in ``folder``; False where it may not be mounted."""
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", folder], capture_output=True, check=False)
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", "--lazy", folder], check=False)


def in_parallel(
    verbs: Sequence[Verb], folder: Path, jobs: int, work: Callable[[Trials, Verb], dict[str, Tally]]
) -> dict[str, dict[str, Tally]]:
    """``work`` on every verb, ``jobs`` at a time, each with a program and a folder of its own."""

    def one(number: int) -> dict[str, dict[str, Tally]]:
        found = {}
        with Program() as program:
            trials = Trials(program, folder / str(number))
            while left:
                verb = left.pop(0)
                start = time.monotonic()
                found[verb.name] = work(trials, verb)
                print(f"{time.monotonic() - start:6.0f} s  {verb.name}", file=sys.stderr, flush=True)
        return found

    left = sorted(verbs, key=lambda verb: not verb.slow)
    folder.mkdir()
    with ThreadPoolExecutor(jobs) as pool:
        return {name: found for part in pool.map(one, range(jobs)) for name, found in part.items()}


def table(found: dict[str, dict[str, Tally]]) -> str:
    """A line for each verb, a column for each section."""
    rows = [["", "events", *SECTIONS]]
    for verb in VERBS:
        if verb.name in found:
            tallies = found[verb.name]
            events = max((tally.possible for tally in tallies.values()), default=0)
            cells = [tallies.get(name, Tally()) for name in SECTIONS]
            rows.append(
                [verb.name, str(events), *(f"{cell.bad}/{cell.tried}" if cell.tried else "-" for cell in cells)]
            )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) for row in rows)


def listed(faults: Sequence[Fault]) -> str:
    """Each kind of fault once, with how often it was found and the first place."""
    kinds = Counter((fault.verb, fault.section, _kind(fault.what)) for fault in faults)
    first = {(fault.verb, fault.section, _kind(fault.what)): fault for fault in reversed(faults)}
    return "\n".join(f"{count:5} x  {first[kind]}" for kind, count in kinds.items())


def _kind(what: str) -> str:
    return what.partition("left over: ")[0] if "left over: " in what else what.partition(": ~")[0].partition(": -")[0]


def main() -> int:
    """Try everything and print what was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--verb", action="append", default=[], metavar="WORDS", help="only verbs with these words")
    parser.add_argument("--section", action="append", default=[], choices=SECTIONS, help="only this column")
    parser.add_argument("--seconds", type=float, default=60, help="for each section of each verb")
    parser.add_argument("--jobs", type=int, default=2)
    wanted = parser.parse_args()
    verbs = [verb for verb in VERBS if not wanted.verb or any(words in verb.name for words in wanted.verb)]
    chosen = set(wanted.section or SECTIONS)
    found: dict[str, dict[str, Tally]] = {verb.name: {} for verb in verbs}

    def go(place: Path, jobs: int, sections: set[str]) -> None:
        some = chosen & sections
        if some:
            made = in_parallel(verbs, place, jobs, lambda trials, verb: tried(trials, verb, some, wanted.seconds))
            for name, tallies in made.items():
                found[name] |= tallies

    with tempfile.TemporaryDirectory(prefix="crash-") as name:
        folder = Path(name)
        go(folder / "main", wanted.jobs, set(SECTIONS) - WAITING - {"disk"})
        go(folder / "waiting", 3 * wanted.jobs, WAITING)
        with small_disk(folder / "disk") as mounted:
            if mounted:
                go(folder / "disk" / "trials", 1, {"disk"})
    faults = [fault for tallies in found.values() for tally in tallies.values() for fault in tally.faults]
    print(table(found))
    if not mounted and "disk" in chosen:
        print("The small disk was left out: this user may not mount one.")
    count = sum(tally.tried for tallies in found.values() for tally in tallies.values())
    print(f"{count} trials, {sum(tally.bad for tallies in found.values() for tally in tallies.values())} bad")
    if faults:
        print(listed(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
