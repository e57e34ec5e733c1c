"""Measuring: medians of repeated runs, peak memory of a process of its own, and tables of ratios."""

from __future__ import annotations

import gc
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from typing import Any


def seconds(job: Callable[[], object], repeats: int = 5) -> float:
    """Median wall time of ``job`` over ``repeats`` runs, after one run that does not count."""
    job()
    times = []
    for _ in range(repeats):
        gc.collect()
        start = time.perf_counter()
        job()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def command_seconds(command: Sequence[str], repeats: int = 15) -> float:
    """Median wall time of a whole command."""
    return seconds(lambda: subprocess.run(command, check=True, capture_output=True), repeats)


def _measured(job: Callable[..., Any], arguments: tuple[Any, ...], sender: Any) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    value = job(*arguments)
    taken = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sender.send((taken, before / 1024, after / 1024, value))


def in_own_process(job: Callable[..., Any], *arguments: Any) -> tuple[float, float, float, Any]:
    """Seconds, resident megabytes before, peak megabytes, and what ``job`` returned."""
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_measured, args=(job, arguments, sender))
    process.start()
    found: tuple[float, float, float, Any] = receiver.recv()
    process.join()
    return found


def table(title: str, headers: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print one table as Markdown."""
    print(f"\n### {title}\n")
    print("| " + " | ".join(headers) + " |")
    print("|" + "---|" * len(headers))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    sys.stdout.flush()
