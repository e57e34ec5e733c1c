"""Closing editions while the process is killed at random moments: each time the edition is whole or not there.

    python tests/heavy/review_crash.py --kills 1000

Exit code 1 where an edition was half there, or did not verify.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from builders import AS_OF
from review_builders import PAPERS, final_contents, place

from evaluator.models.record import Verdict
from evaluator.reviewing.closing import close
from evaluator.reviewing.editions import Place
from evaluator.reviewing.verifying import verify


def killed(there: Place, root: Path, after: float) -> str:
    """Close in a child that is killed ``after`` seconds; what is left."""
    shutil.rmtree(root / "reports", ignore_errors=True)
    child = os.fork()
    if child == 0:
        close(there, "2026", AS_OF, {**PAPERS, "large.bin": lambda _: b"x" * 3_000_000})
        os._exit(0)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if not (root / "reports" / "2026").exists():
        return "nothing"
    return "whole" if verify(root, "2026").verdict is Verdict.SAME else "broken"


def main() -> int:
    """Kill, look, count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    chance = random.Random(wanted.seed)
    counts = {"nothing": 0, "whole": 0, "broken": 0}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        there = place(root, final_contents(vendors=3, criteria=12))
        start = time.perf_counter()
        close(there, "2026", AS_OF, PAPERS)
        took = 2 * (time.perf_counter() - start)
        for _ in range(wanted.kills):
            counts[killed(there, root, chance.uniform(0, took))] += 1
    print(f"{wanted.kills} kills: nothing left {counts['nothing']}, whole {counts['whole']}, broken {counts['broken']}")
    return 1 if counts["broken"] or not (counts["nothing"] and counts["whole"]) else 0


if __name__ == "__main__":
    sys.exit(main())
