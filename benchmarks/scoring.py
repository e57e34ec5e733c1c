"""Scoring from 12 x 48 to 5,000 x 300: time, memory, and how they grow."""

from __future__ import annotations

import time
from datetime import date

import content
from harness import in_own_process, table

AS_OF = date(2026, 11, 24)
SIZES = ((12, 48), (60, 200), (500, 300), (1000, 300), (2500, 300), (5000, 300))


def job(vendors: int, criteria: int) -> tuple[float, float]:
    """Seconds to make the content, seconds to score it."""
    from evaluator.scoring.score import score

    start = time.perf_counter()
    workspace = content.workspace(vendors, criteria)
    made = time.perf_counter() - start
    start = time.perf_counter()
    score(workspace, AS_OF)
    return made, time.perf_counter() - start


def main() -> None:
    """Print the table."""
    rows = []
    for vendors, criteria in SIZES:
        _, before, peak, (_, taken) = in_own_process(job, vendors, criteria)
        cells = vendors * criteria
        rows.append(
            (
                f"{vendors:,} x {criteria}",
                f"{1000 * taken:.1f}",
                f"{1e6 * taken / cells:.2f}",
                f"{peak - before:.0f}",
                f"{1e6 * (peak - before) / cells:.0f}",
            )
        )
    table("Scoring", ("vendors x criteria", "ms", "microseconds per cell", "MB over start", "bytes per cell"), rows)


if __name__ == "__main__":
    main()
