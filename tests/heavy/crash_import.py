"""Kills a thousand imports at random moments: every file is the old one or the new one, whole, and the next import completes.

    python tests/heavy/crash_import.py [IMPORTS] [SEED]

Half of the imports are killed after a random time, half at a random call into the file system (just before or just after
it), which finds the narrow moments that time alone seldom hits. Then two writers at once are tried, a hundred times.
"""

from __future__ import annotations

import builtins
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from builders import contents, write
from exchange_tools import Filled, card, export, take

from evaluator import api
from evaluator.errors import has_errors

KEYS = ("c-1", "c-2", "c-3", "c-4")
CALLS = ("open", "write", "fsync", "close", "rename", "replace", "chmod", "unlink", "mkdir", "scandir", "stat")


def prepare(root: Path, number: int) -> Path:
    """A form that changes an old scorecard, makes a new one and differs from run to run."""
    form = Filled(export(root, root / "form.xlsx", ["v-1", "v-2"], "desk-a"))
    for key in KEYS:
        form.put(key, "level", number % 5)
        form.put(key, "rationale", f"Run {number}, question {key}.")
    return form.save()


def killed_at_call(root: Path, file: Path, count: int, *, before: bool) -> None:
    """Import, and die at the file system call number ``count``."""
    left = count

    def dying(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if not left and before:
                os.kill(os.getpid(), signal.SIGKILL)
            result = real(*arguments, **named)
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return call

    for name in CALLS:
        setattr(os, name, dying(getattr(os, name)))
    builtins.open = dying(builtins.open)
    take(root, file)


def child(work: Callable[[], object]) -> int:
    """A process that does ``work``; its id."""
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
    finally:
        os._exit(0)


def crash(root: Path, imports: int, draw: random.Random) -> int:
    """Kill so many imports; the number that left something wrong."""
    bad = finished = left = 0
    paths = [root / "vendors/v-1/desk-a.yaml", root / "vendors/v-2/desk-a.yaml"]
    for number in range(imports):
        file = prepare(root, number) if number % 10 == 0 else root / "form.xlsx"
        old = [path.read_bytes() for path in paths]
        take(root, file)
        new = [path.read_bytes() for path in paths]
        for path, data in zip(paths, old, strict=True):
            path.write_bytes(data)
        if number % 2:
            pid = child(lambda: take(root, file))
            time.sleep(draw.uniform(0, 0.06))
            os.kill(pid, signal.SIGKILL)
        else:
            count, before = draw.randint(1, 90), draw.random() < 0.5
            pid = child(lambda: killed_at_call(root, file, count, before=before))
        os.waitpid(pid, 0)
        left += any(path.name.endswith(".tmp") for path in root.rglob("*"))
        found = [path.read_bytes() for path in paths]
        finished += found == new
        if any(data not in pair for data, *pair in zip(found, old, new, strict=True)) or has_errors(api.check(root)):
            bad += 1
            print(f"import {number} left something else")
        take(root, file)
        if [path.read_bytes() for path in paths] != new:
            bad += 1
            print(f"import {number} could not be completed afterwards")
        if number % 10 == 9:
            for path in paths:
                path.write_bytes(new[paths.index(path)])
        else:
            for path, data in zip(paths, old, strict=True):
                path.write_bytes(data)
    (root / "vendors/v-1/last").write_text("")
    (root / "vendors/v-2/last").write_text("")
    swept = [path.name for path in root.rglob("*") if path.name.endswith(".tmp")]
    bad += len(swept)
    print(f"{imports} imports killed, {finished} of them after their work was done; {bad} left something wrong")
    print(f"{left} of the dead left a temporary file behind; {len(swept)} are there after the next write")
    return bad


def race(root: Path, rounds: int) -> int:
    """Two writers at once on one scorecard, with different answers; the number of rounds that lost one."""
    bad = 0
    for number in range(rounds):
        files = []
        for half in (KEYS[:2], KEYS[2:]):
            form = Filled(export(root, root / f"{half[0]}.xlsx", ["v-1"], "desk-b"))
            for key in half:
                form.put(key, "level", "unknown")
                form.put(key, "rationale", f"Round {number}, {key}.")
            files.append(form.save())
        pids = [child(partial(take, root, file)) for file in files]
        for pid in pids:
            os.waitpid(pid, 0)
        written = card(root, "v-1", "desk-b")
        lost = written is None or any(written.answers[key].rationale != f"Round {number}, {key}." for key in KEYS)
        if lost:
            bad += 1
            print(f"round {number} lost an answer")
    print(f"{rounds} rounds of two writers at once; {bad} lost something")
    return bad


def main(imports: int, seed: int) -> int:
    """Both; the number of things that went wrong."""
    folder = Path(tempfile.mkdtemp(prefix="crash-import-"))
    root = write(folder / "ws", contents(criteria=4, vendors=2))
    bad = crash(root, imports, random.Random(seed)) + race(root, max(1, imports // 10))
    shutil.rmtree(folder)
    return bad


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, int(sys.argv[2]) if len(sys.argv) > 2 else 1)))
