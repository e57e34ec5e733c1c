"""Hundreds of what-if edits of the comparison workbook, recalculated by two spreadsheets and held against the engine.

    python tests/heavy/workbook_parity_many.py --edits 200 --evaluations 100 --quick 1000

``--edits`` are made to the shipped evaluation; ``--evaluations`` are drawn at random, one edit each; both go through LibreOffice.
``--quick`` edits of the shipped evaluation go through IronCalc; evaluations drawn at random do not, because it does not take a name of
a single cell for a range, and such names come up where there is one option or one family. Exit code 1 where any figure differs.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from builders import Content, build
from hypothesis import HealthCheck, Phase, given, seed, settings
from strategies import evaluations
from workbook_parity import (
    Edit,
    Expected,
    Grid,
    Sheets,
    cells_of,
    edited,
    mismatches,
    official_inputs,
    random_edit,
    recalculated,
    soffice,
)

from evaluator import api
from evaluator.errors import EvaluatorError
from evaluator.evaluation.evaluate import evaluate
from evaluator.model.evaluated import Evaluated
from evaluator.reports.workbook import comparison_xlsx

ROOT = Path(__file__).parents[2]
BATCH = 25
Case = tuple[str, Evaluated, Edit]


def shipped_cases(count: int, chance: random.Random) -> Iterator[Case]:
    """Edits of the shipped evaluation."""
    result = api.evaluate(api.load(ROOT))
    for number in range(count):
        yield f"shipped {number}", result, random_edit(result, chance)


def random_cases(count: int, chance: random.Random) -> Iterator[Case]:
    """One edit each of evaluations drawn at random."""
    drawn: list[Content] = []

    @seed(chance.randrange(10**9))
    @settings(
        max_examples=count,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    @given(evaluations(max_vendors=6, max_criteria=8))
    def draw(content: Content) -> None:
        drawn.append(content)

    draw()
    for number, content in enumerate(drawn):
        workspace = build(content)
        try:
            result = evaluate(workspace, workspace.evaluation.as_of, version="test")
        except EvaluatorError:
            continue
        yield f"random {number}", result, random_edit(result, chance)


def batches(cases: Iterator[Case]) -> Iterator[list[Case]]:
    """``BATCH`` cases at a time: one LibreOffice process loads them all."""
    batch: list[Case] = []
    for case in cases:
        batch.append(case)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def compare(batch: list[Case], folder: Path) -> int:
    """Hold one batch against the engine; returns how many cases differ."""
    content: dict[int, bytes] = {}
    files = []
    for number, (_, result, edit) in enumerate(batch):
        if id(result) not in content:
            content[id(result)] = comparison_xlsx(result)
        file = folder / f"case-{number}.xlsx"
        file.write_bytes(edited(content[id(result)], edit, result))
        files.append(file)
    bad = 0
    for file, (name, result, edit) in zip(recalculated(files, folder / "profile", folder / "out"), batch, strict=True):
        bad += told(name, edit, list(mismatches(Grid(file), Expected(result.workspace, edit, result.version))))
    return bad


def quick(count: int, chance: random.Random) -> int:
    """The same comparison in IronCalc, which keeps one workbook and edits it again and again; returns how many cases differ."""
    result = api.evaluate(api.load(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "case.xlsx"
        file.write_bytes(comparison_xlsx(result))
        sheets = Sheets(file)
    official = official_inputs(sheets.written)
    bad = 0
    for number in range(count):
        edit = random_edit(result, chance)
        sheets.type({**official, **cells_of(sheets.written, edit, result)})
        expected = Expected(result.workspace, edit, result.version)
        bad += told(f"quick {number}", edit, list(mismatches(sheets, expected)))
    return bad


def told(name: str, edit: Edit, found: list[str]) -> bool:
    """Whether anything differs, which it prints."""
    if found:
        print(f"{name}: {len(found)} figures differ after {edit}", *found[:5], sep="\n    ")
    return bool(found)


def main() -> int:
    """Run all cases; the exit code says whether every figure agreed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=200)
    parser.add_argument("--evaluations", type=int, default=100)
    parser.add_argument("--quick", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    if soffice() is None:
        print("LibreOffice is not installed; install libreoffice-calc and run this again.", file=sys.stderr)
        return 1
    chance = random.Random(wanted.seed)
    start, done, bad = time.monotonic(), 0, 0
    for cases in (shipped_cases(wanted.edits, chance), random_cases(wanted.evaluations, chance)):
        for batch in batches(cases):
            with tempfile.TemporaryDirectory() as folder:
                bad += compare(batch, Path(folder))
            done += len(batch)
            print(
                f"LibreOffice: {done} cases, {bad} with a difference, {time.monotonic() - start:.0f} s", file=sys.stderr
            )
    print(f"LibreOffice: {done} cases (seed {wanted.seed}), {bad} with a difference beyond 1e-9")
    quick_bad = quick(wanted.quick, chance)
    print(f"IronCalc: {wanted.quick} cases (seed {wanted.seed}), {quick_bad} with a difference beyond 1e-9")
    return 1 if bad or quick_bad or not done else 0


if __name__ == "__main__":
    sys.exit(main())
