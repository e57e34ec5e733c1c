"""Robustness, flips, gaps and the stack search, as ratios: against plain numpy, a loop as libraries make it, and a MILP solver.

The libraries (pymcdm, pyrepo-mcda) and the solver (scipy) are no dependency of the project; where they are installed beside it,
they are measured too.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import content
import numpy as np
import stack
from harness import command_seconds, in_own_process, seconds, table
from numpy.typing import NDArray

from evaluator.evaluation.evaluate import evaluate
from evaluator.model.workspace import Workspace
from evaluator.sensitivity.breakeven import breakeven
from evaluator.sensitivity.rank_acceptability import RankCounts
from evaluator.sensitivity.robustness import robustness
from evaluator.sensitivity.sampling import AnyWeights, product
from evaluator.sensitivity.value_of_information import value_of_information
from evaluator.stack.exact_search import best_stacks
from evaluator.stack.stack_value import Parts
from evaluator.workspace.load import load

Matrix = NDArray[np.float64]
ROOT = Path(__file__).parents[1]
OPTIONS, CRITERIA, DRAWS = 50, 40, 100_000
BLOCK = 4096
LOOP_DRAWS = 1_000
"""Draws that the slow loops make; their time is scaled."""


def values() -> Matrix:
    """What 50 options earn on 40 criteria."""
    return np.random.default_rng(1).random((OPTIONS, CRITERIA))


def counted(draws: int = DRAWS) -> RankCounts:
    """Our way: ranks with shared ties, central weights, pairs and regret, a block at a time."""
    chance, weights, tally, earned = (
        np.random.default_rng(1),
        AnyWeights(np.ones(CRITERIA)),
        RankCounts(OPTIONS, CRITERIA),
        values(),
    )
    for done in range(0, draws, BLOCK):
        drawn = weights.sample(chance, min(BLOCK, draws - done))
        tally.add(product(drawn, earned.T), drawn)
    return tally


def plain() -> Matrix:
    """Blocked numpy with no bookkeeping: order the scores, count places, nothing else; ties fall as they may."""
    chance, earned, counts = np.random.default_rng(1), values().T.copy(), np.zeros((OPTIONS, OPTIONS))
    places = np.arange(OPTIONS)
    for done in range(0, DRAWS, BLOCK):
        drawn = chance.standard_exponential((min(BLOCK, DRAWS - done), CRITERIA))
        order = np.argsort(-(drawn @ earned), axis=1)
        counts += np.bincount((order * OPTIONS + places).ravel(), minlength=OPTIONS**2).reshape(OPTIONS, OPTIONS)
    return counts / DRAWS


def one_by_one(score: Callable[[Matrix, Matrix], Matrix]) -> float:
    """Seconds for all draws of a loop that scores and ranks once per draw, scaled from the draws it makes."""
    earned, chance = values(), np.random.default_rng(1)
    drawn = chance.dirichlet(np.ones(CRITERIA), LOOP_DRAWS)
    counts = np.zeros((OPTIONS, OPTIONS))

    def loop() -> None:
        for weights in drawn:
            counts[np.argsort(-score(earned, weights)), np.arange(OPTIONS)] += 1

    return seconds(loop, 3) * DRAWS / LOOP_DRAWS


def like_a_library(earned: Matrix, weights: Matrix) -> Matrix:
    """What a decision-analysis library does per call at the least: check, scale by the options at hand, add up."""
    if earned.shape[1] != len(weights) or np.isnan(earned).any() or not np.isclose(weights.sum(), 1):
        raise ValueError
    low, high = earned.min(axis=0), earned.max(axis=0)
    scaled = (earned - low) / (high - low)
    found: Matrix = (scaled * weights).sum(axis=1)
    return found


def libraries() -> list[tuple[str, Callable[[Matrix, Matrix], Matrix]]]:
    """The weighted sums of libraries that happen to be installed."""
    found: list[tuple[str, Callable[[Matrix, Matrix], Matrix]]] = []
    types = np.ones(CRITERIA)
    if find_spec("pymcdm"):
        method: Any = import_module("pymcdm.methods").WSM()
        found.append(
            ("pymcdm WSM, a draw at a time", lambda earned, weights: method(earned, weights, types, validation=False))
        )
    if find_spec("pyrepo_mcda"):
        saw: Any = import_module("pyrepo_mcda.mcda_methods").SAW()
        found.append(("pyrepo-mcda SAW, a draw at a time", lambda earned, weights: saw(earned, weights, types)))
    return found


def draws() -> None:
    """100,000 weightings of 50 options on 40 criteria."""
    ours = seconds(counted)
    rows = [("evaluator", f"{1000 * ours:.0f}", "1.0")]
    peers = [
        ("numpy, blocked, no bookkeeping", seconds(plain)),
        ("a loop as libraries make it", one_by_one(like_a_library)),
    ]
    peers += [(name, one_by_one(score)) for name, score in libraries()]
    rows += [(name, f"{1000 * taken:,.0f}", f"{taken / ours:.2f}") for name, taken in peers]
    table(f"{DRAWS:,} weightings, {OPTIONS} options x {CRITERIA} criteria", ("way", "ms", "x evaluator"), rows)


def memory() -> None:
    """A million draws take no more memory than a hundred thousand."""
    rows = []
    for draws_ in (100_000, 1_000_000):
        taken, before, peak, _ = in_own_process(_count, draws_)
        rows.append((f"{draws_:,}", f"{taken:.2f}", f"{peak - before:.0f}"))
    table("Memory by draws", ("draws", "s", "MB over start"), rows)


def _count(draws_: int) -> int:
    return counted(draws_).samples


def shipped() -> Workspace:
    """The shipped evaluation."""
    workspace = load(ROOT).workspace
    assert workspace is not None
    return workspace


def whole() -> None:
    """Robustness, break-even weights and questions as called, and as commands."""
    large = content.workspace(50, 40)
    rows = []
    for name, workspace in (("shipped, 12 x 44", shipped()), ("drawn, 50 x 40", large)):
        result = evaluate(workspace, workspace.evaluation.as_of, version="benchmark")
        for job, call in (
            ("robustness, 10,000 draws", robustness),
            ("breakeven", breakeven),
            ("questions", value_of_information),
        ):
            work: Callable[[], object] = partial(call, result)
            rows.append((name, job, f"{1000 * seconds(work, 3):.0f}"))
    table("As called", ("evaluation", "job", "ms"), rows)
    program = [sys.executable, "-m", "evaluator"]
    base = command_seconds([*program, "score"], 5)
    start = command_seconds([sys.executable, "-c", "import click, pydantic, yaml, wcwidth, numpy"], 5)
    commands = [
        (name, f"{1000 * taken:.0f}", f"{taken / base:.2f}", f"{taken / start:.2f}")
        for name in ("robustness", "breakeven", "questions")
        for taken in [command_seconds([*program, name], 5)]
    ]
    table(
        f"Commands on the shipped evaluation (score: {1000 * base:.0f} ms)",
        ("command", "ms", "x score", "x import of its packages"),
        commands,
    )


def solver(worth: Parts, size: int) -> tuple[float, float] | None:
    """Value and seconds of scipy's mixed-integer solver (HiGHS) on the same problem; None where scipy is not installed."""
    if not find_spec("scipy"):
        return None
    optimize: Any = import_module("scipy.optimize")
    sparse: Any = import_module("scipy.sparse")
    options, cases = worth.shape
    count = options * (1 + cases)
    serve = np.arange(options, count)
    which = (serve - options) // cases
    at_most_one = sparse.csr_array((np.ones(len(serve)), ((serve - options) % cases, serve)), (cases, count))
    only_chosen = sparse.csr_array(
        (
            np.r_[np.ones(len(serve)), -np.ones(len(serve))],
            (np.r_[serve - options, serve - options], np.r_[serve, which]),
        ),
        (len(serve), count),
    )
    chosen = sparse.csr_array((np.ones(options), (np.zeros(options, dtype=int), np.arange(options))), (1, count))
    begin = time.perf_counter()
    found = optimize.milp(
        -np.r_[np.zeros(options), worth.ravel()],
        integrality=np.r_[np.ones(options), np.zeros(len(serve))],
        bounds=optimize.Bounds(0, 1),
        constraints=[
            optimize.LinearConstraint(at_most_one, -np.inf, 1),
            optimize.LinearConstraint(only_chosen, -np.inf, 0),
            optimize.LinearConstraint(chosen, size, size),
        ],
    )
    return -float(found.fun), time.perf_counter() - begin


def stacks() -> None:
    """The best stacks of 1 to 4 tools from 200 and 1,000 vendors; the solver on stacks of 3."""
    rows = []
    for vendors in (200, 1000):
        for kind in ("even", "rubric"):
            worth = stack.parts(vendors, kind)
            for size in (1, 2, 3, 4):
                found = best_stacks(worth, size, band=0.0, keep=20)
                work: Callable[[], object] = partial(best_stacks, worth, size, band=0.0, keep=20)
                taken = seconds(work, 3)
                peer = solver(worth, size) if size == 3 else None
                assert peer is None or abs(peer[0] - found.sets[0][0]) < 1e-4
                ratio = f"{peer[1] / taken:.0f} x" if peer else "not tried"
                rows.append((vendors, kind, size, f"{found.combinations:,}", f"{1000 * taken:.1f}", ratio))
    table("Best stacks, 30 use cases", ("vendors", "fits", "tools", "sets", "ms", "scipy milp takes"), rows)


def main() -> None:
    """Print the tables."""
    draws()
    memory()
    whole()
    stacks()


if __name__ == "__main__":
    main()
