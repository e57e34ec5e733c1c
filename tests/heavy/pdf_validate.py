"""Holds the papers against two validators that know nothing of this project: PDF/UA-1 and PDF/A-3a.

    python tests/heavy/pdf_validate.py --validators .venv-validate

``page`` checks both standards rule by rule; ``outloud`` checks PDF/UA-1 a second time; qpdf reads the file's own structure. Every paper is made of the shipped
evaluation (A4, and the recommendation in letter too) and of odd ones: long, hostile and right-to-left names, dissent, nothing
that passes, no use case, thirty options, a second review with its changes. A paper from which the language and the tags are
taken must fail. Exit code 1 where a rule is broken, or a validator is missing or takes anything.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import paper_cases as cases
from pypdf import PdfReader, PdfWriter

from evaluator import api
from evaluator.model.evaluated import Evaluated

ROOT = Path(__file__).parents[2]
NEEDED = ROOT / "tests" / "heavy" / "validators.txt"

# Runs in the validators' own Python: a list of files in, what each breaks out.
# PAG-001 guesses running heads from lines that come again on top of pages, and takes the heads of long tables for such.
PROGRAM = """
import json, sys
import page
import pikepdf
from outloud.cli import main
from click.testing import CliRunner

found = {}
profiles = {"PDF/A-3a": page.ValidationProfile.PDF_A_3A, "PDF/UA-1": page.ValidationProfile.PDF_UA_1}
for file in sys.argv[1:]:
    found[file] = {}
    for name, profile in profiles.items():
        report = page.validate_pdf(file, profile=profile, limits=page.SafetyLimits.unlimited())
        found[file][name] = (report.rules.total, [f"{item.rule_id}: {item.message}" for item in report.failures])
    found[file]["structure"] = (1, pikepdf.open(file).check_pdf_syntax())
    said = CliRunner().invoke(main, ["--layer", "conformance", "--skip", "PAG-001", "--json", "-", file]).stdout
    (result,) = json.loads(said[said.index("{"):])["results"]
    broken = [f"{item['rule']}: {item['message']}" for item in result["findings"] if item["severity"] != "info"]
    found[file]["PDF/UA-1, second"] = (len(result["rules"]), broken)
json.dump(found, sys.stdout)
"""


def papers(folder: Path) -> Iterator[Path]:
    """Every kind of paper, made one after another."""
    shipped = api.with_sensitivity(api.evaluate(api.load(ROOT)))
    yield from set_of(folder / "shipped", shipped)
    yield api.recommend(shipped, folder / "shipped" / "recommendation-letter.pdf", paper="letter")
    many: dict[str, Callable[[], Any]] = {"everyday": cases.everyday, "many": cases.many, "final": cases.final}
    for name, case in {**many, **cases.EDGES}.items():
        yield from set_of(folder / name.replace(" ", "-"), api.with_sensitivity(cases.result_of(case())))
    example = api.init_example(folder / "example")
    yield from sorted(example.glob("reports/*/recommendation.pdf"))


def set_of(folder: Path, result: Evaluated) -> Iterator[Path]:
    """The recommendation, the comparison, and the two papers on the first option."""
    folder.mkdir(parents=True, exist_ok=True)
    yield api.recommend(result, folder / "recommendation.pdf")
    if result.scores.options:
        first = result.scores.options[0].id
        yield api.compare(
            result, folder / "comparison.pdf", options=[option.id for option in result.scores.options[:8]]
        )
        yield api.report(result, first, folder / "vendor.pdf")
        yield api.report(result, first, folder / "scorecard.pdf", kind="scorecard")


def spoiled(paper: Path, target: Path) -> Path:
    """``paper`` without its language and its tags: a control that must not pass."""
    writer = PdfWriter(clone_from=PdfReader(paper))
    for key in ("/Lang", "/StructTreeRoot", "/MarkInfo"):
        del writer.root_object[key]
    writer.write(target)
    return target


def main() -> int:
    """Make, validate, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--validators", type=Path, default=ROOT / ".venv-validate", help="a virtual environment with them"
    )
    parser.add_argument("--keep", type=Path, help="keep the papers in this folder")
    chosen = parser.parse_args()
    python = chosen.validators / "bin" / "python"
    known = (
        subprocess.run([python, "-c", "import page, outloud"], capture_output=True, check=False)
        if python.exists()
        else None
    )
    if known is None or known.returncode:
        print(
            f"The validators are missing: python3 -m venv {chosen.validators} && "
            f"{python} -m pip install -r {NEEDED.relative_to(ROOT)}",
            file=sys.stderr,
        )
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        started = time.perf_counter()
        made = list(papers(folder))
        control = spoiled(made[0], folder / "control.pdf")
        print(f"{len(made)} papers in {time.perf_counter() - started:.0f} s")
        done = subprocess.run([python, "-c", PROGRAM, *made, control], capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stderr, file=sys.stderr)
            return 1
        return report(json.loads(done.stdout), folder, control)


def report(found: dict[str, dict[str, tuple[int, list[str]]]], folder: Path, control: Path) -> int:
    """One line for each paper; the control must break every standard."""
    broken = 0
    for file, standards in found.items():
        name = Path(file).relative_to(folder)
        sums = ", ".join(
            f"{standard} {len(faults)} of {rules} rules" for standard, (rules, faults) in standards.items()
        )
        print(f"{name}: broken are {sums}")
        if Path(file) == control:
            broken += sum(not standards[standard][1] for standard in standards if standard != "structure")
            continue
        for standard, (_, faults) in standards.items():
            broken += bool(faults)
            for fault in sorted(set(faults))[:10]:
                print(f"    {standard}: {fault}")
    print("every paper holds, and the control fails" if not broken else f"{broken} findings")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
