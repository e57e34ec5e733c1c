"""Hostile input doubled four times: the time each reader takes, against a floor that only looks at the same bytes.

A reader is linear where the time grows about twofold with each doubling and the ratio to the floor stays what it was. Below about
10 ms the growth shows mostly the noise of the machine.
"""

from __future__ import annotations

import collections
import contextlib
import csv
import io
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path
from xml.parsers import expat

from harness import table

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from builders import contents, write
from hostile_workbooks import MAIN, form, number_cell, rows_of, sheet, text_cell, workbook

from evaluator.api import load
from evaluator.errors import EvaluatorError
from evaluator.forms.matrix_workspace import workspace_from
from evaluator.forms.scorecard_import import ImportOptions, import_files
from evaluator.model.file_names import Layout
from evaluator.reports.language import language_problems
from evaluator.reports.terminal.imports import imports_page
from evaluator.reports.terminal.page import render
from evaluator.workspace.file_reader import KINDS, Reader
from evaluator.workspace.stores import CardStore
from evaluator.workspace.transaction import Transaction
from evaluator.xlsx.reader import letters_of

DOUBLINGS = 4
YamlText = Callable[[int], str]

CARD = "schema: scorecard/1\nvendor: v-1\nedition: e\nassessor: a\nassessed: 2026-11-10\nkind: desk review\nanswers:\n"
ANSWER = "    level: 2\n    rationale: x\n    confidence: low\n"
LANGUAGE = "schema: language/1\nlang: en\nstrings:\n"
DAY = "2026-01-01"


@dataclass(frozen=True)
class Flood:
    """A kind of hostile text: the kind of file it pretends to be, how it is made, and its largest size in repetitions."""

    kind: str
    text: YamlText
    most: int


FLOODS = {
    "tab and comment": Flood("scorecard", lambda n: "a:\n" + "\t#\n" * n + "b: 1\n", 300_000),
    "literal blocks with tabs": Flood("scorecard", lambda n: "a:\n" + "- |\n x\n \ty\n" * n, 90_000),
    "literal blocks, then a mistake": Flood("scorecard", lambda n: "a:\n" + "- |\n x\n \ty\n" * n + "}\n", 90_000),
    "lines of tabs only": Flood("scorecard", lambda n: "a: 1\n" + ("\t" * 30 + "\n") * n, 32_000),
    "deep brackets": Flood("scorecard", lambda n: "[" * n, 900_000),
    "deep lists": Flood("scorecard", lambda n: "- " * n, 450_000),
    "deep keys": Flood("scorecard", lambda n: "? " * n, 450_000),
    "anchors": Flood("scorecard", lambda n: "a:\n" + "- &x 1\n" * n, 130_000),
    "merges": Flood("scorecard", lambda n: "a: &x {b: 1}\nb:\n" + "  <<: *x\n" * n, 100_000),
    "tags": Flood("scorecard", lambda n: "a:\n" + "- !x 1\n" * n, 130_000),
    "documents": Flood("scorecard", lambda n: "---\na: 1\n" * n, 100_000),
    "one key again and again": Flood("scorecard", lambda n: "a: 1\n" * n, 180_000),
    "a long word": Flood("scorecard", lambda n: "a: " + "x" * n, 900_000),
    "a long key": Flood("scorecard", lambda n: "x" * n + ": 1", 900_000),
    "a text of many lines": Flood("scorecard", lambda n: "a:" + " x\n" * n, 300_000),
    "an open quote": Flood("scorecard", lambda n: 'a: "' + "x\n" * n, 450_000),
    "a wide mapping": Flood("scorecard", lambda n: "{" + ", ".join(f"k{i}: 1" for i in range(n)) + "}", 80_000),
    "a wide list": Flood("scorecard", lambda n: "a: [" + "1," * n + "]", 450_000),
    "a long number": Flood("scorecard", lambda n: "a: " + "1" * n, 900_000),
    "large numbers": Flood("scorecard", lambda n: "a:\n" + "- 1e400\n" * n, 110_000),
    "unknown keys": Flood("scorecard", lambda n: CARD + "  c-1:\n" + ANSWER + "".join(f"k{i}: 1\n" for i in range(n)), 80_000),
    "unknown strings": Flood("language", lambda n: LANGUAGE + "".join(f"  firmness.title.{i}: x\n" for i in range(n)), 32_000),
    "wrong answers": Flood("scorecard", lambda n: CARD + "".join(f"  c-{i}: 1\n" for i in range(n)), 70_000),
    "wrong parts of unions": Flood(
        "scorecard", lambda n: CARD + "".join(f"  c-{i}: {{level: x, rationale: 1}}\n" for i in range(n)), 24_000
    ),
    "wrong keys": Flood("scorecard", lambda n: CARD + "".join(f"  C {i}: {{}}\n" for i in range(n)), 64_000),
    "criteria without anything": Flood("criteria", lambda n: "schema: criteria/1\nfamily: f\ncriteria:\n" + "- {}\n" * n, 180_000),
    "evidence": Flood(
        "scorecard",
        lambda n: CARD + "  c-1:\n" + ANSWER + "    evidence:\n" + f"    - {{source: x, date: {DAY}, grade: A}}\n" * n,
        20_000,
    ),
}  # fmt: skip


def seconds_of(job: Callable[[], object]) -> float:
    """Processor time, the shorter of two runs: what the machine does beside it only ever adds."""
    times = []
    for _ in range(2):
        start = time.process_time()
        job()
        times.append(time.process_time() - start)
    return min(times)


def sizes(most: int) -> list[int]:
    """``most`` and its halves, the smallest first."""
    return [most >> step for step in range(DOUBLINGS, -1, -1)]


def row(name: str, size: str, times: list[float], floor: list[float]) -> tuple[str, ...]:
    """One line of a table: times, growth by doubling, and the ratio to the floor at the smallest and the largest size."""
    growth = [later / before for before, later in pairwise(times)]
    mean = (times[-1] / times[0]) ** (1 / DOUBLINGS)
    return (
        name,
        size,
        " ".join(f"{1000 * taken:.0f}" for taken in times),
        " ".join(f"{ratio:.1f}" for ratio in growth),
        f"{mean:.2f}",
        f"{times[0] / floor[0]:.1f} -> {times[-1] / floor[-1]:.1f}",
    )


HEADERS = ("input", "largest", "ms at each size", "growth by doubling", "mean growth", "x floor, smallest -> largest")


def scan_bytes(path: Path) -> None:
    """The floor of a file: read, decoded, its lines counted; ten times, for it is quick."""
    for _ in range(10):
        path.read_bytes().decode("utf-8").count("\n")


def yaml_files() -> None:
    """Files of a workspace, from the disk to the printed problems; the floor is reading and decoding them."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        (root / "reports").mkdir()
        file = root / "reports/language.yaml"

        def read(kind: str) -> str:
            if kind == "language":
                return "\n".join(map(str, language_problems(root / "reports")))
            reader = Reader(root)
            reader.model("reports/language.yaml", KINDS[kind].model)
            return "\n".join(map(str, reader.problems))

        for name, flood in FLOODS.items():
            times, floors = [], []
            for size in sizes(flood.most):
                file.write_text(flood.text(size), encoding="utf-8")
                assert file.stat().st_size <= 1_000_000, name
                times.append(seconds_of(partial(read, flood.kind)))
                floors.append(seconds_of(partial(scan_bytes, file)) / 10)
            rows.append(row(name, f"{file.stat().st_size / 1000:.0f} kB", times, floors))
    table("Hostile YAML (floor: reading, decoding and counting the lines)", HEADERS, rows)


def scan_parts(path: Path) -> None:
    """The floor of a workbook: its parts inflated and scanned, nothing noted."""
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            parser = expat.ParserCreate()
            with archive.open(entry) as stream:
                parser.ParseFile(stream)


Maker = Callable[[Path, int], Path]


def merged_over_each_other(path: Path, count: int) -> Path:
    """Many ranges merged over the same rows."""
    rows = rows_of([number_cell(f"A{n}", n)] for n in range(1, count + 1))
    ranges = "".join(f'<mergeCell ref="A1:B{count}"/>' for _ in range(count))
    return workbook(path, sheet(rows, after=f"<mergeCells>{ranges}</mergeCells>"))


def hidden_again_and_again(path: Path, count: int) -> Path:
    """Many statements that the same columns are hidden."""
    rows = matrix_rows(count)
    columns = f'<col min="1" max="{count}" hidden="1"/>' * count
    return workbook(path, sheet(rows, before=f"<cols>{columns}</cols>"))


def matrix_rows(options: int, formula: str = "") -> str:
    """A matrix with so many options, three criteria and a row of totals."""
    head = [text_cell("A1", "Criterion"), text_cell("B1", "Weight")]
    head += [text_cell(f"{letters_of(n + 2)}1", f"Option {n}") for n in range(options)]
    rows = [head]
    for row in range(2, 5):
        rows.append([text_cell(f"A{row}", f"Criterion {row}"), number_cell(f"B{row}", 1)])
        rows[-1] += [number_cell(f"{letters_of(n + 2)}{row}", n % 5) for n in range(options)]
    rows.append([text_cell("A5", "Total"), *(number_cell(f"{letters_of(n + 2)}5", 1, formula) for n in range(options))])
    return rows_of(rows)


def options_without_names(path: Path, count: int) -> Path:
    """A matrix whose columns are all called a score, under a row that names none of them."""
    head = [text_cell("A2", "Criterion"), text_cell("B2", "Weight")]
    head += [text_cell(f"{letters_of(n + 2)}2", "score") for n in range(count)]
    rows = [[text_cell("A1", "Group")], head]
    for row in range(3, 6):
        rows.append([text_cell(f"A{row}", f"Criterion {row}"), number_cell(f"B{row}", 1)])
        rows[-1] += [number_cell(f"{letters_of(n + 2)}{row}", n % 5) for n in range(count)]
    return workbook(path, sheet(rows_of(rows)))


def answers(path: Path, count: int, *, error: bool = False) -> Path:
    """A form whose every row is about a criterion that does not exist, or holds an error."""
    rows = []
    for row in range(3, count + 3):
        level = f'<c r="C{row}" t="e"><v>#N/A</v></c>' if error else text_cell(f"C{row}", "9")
        rows.append([text_cell(f"A{row}", "c-1" if error else f"c-{row}"), level, text_cell(f"D{row}", "x")])
    return workbook(path, form(rows))


def shared_strings(path: Path, count: int) -> Path:
    """A table of strings that no cell uses."""
    table_ = f"<sst {MAIN}>" + "".join(f"<si><t>text {n}</t></si>" for n in range(count)) + "</sst>"
    return workbook(path, sheet(matrix_rows(2)), parts={"xl/sharedStrings.xml": table_})


def styles(path: Path, count: int) -> Path:
    """Formats without end."""
    formats = "".join(f'<numFmt numFmtId="{n + 200}" formatCode="0.0{n}"/>' for n in range(count))
    cells = "".join(f'<xf numFmtId="{n + 200}"/>' for n in range(count))
    made = f"<styleSheet {MAIN}><numFmts>{formats}</numFmts><cellXfs>{cells}</cellXfs></styleSheet>"
    return workbook(path, sheet(matrix_rows(2)), parts={"xl/styles.xml": made})


def defined_names(path: Path, count: int) -> Path:
    """Names for cells without end."""
    names = "".join(f'<definedName name="n{n}">S1!$A${n + 1}</definedName>' for n in range(count))
    return workbook(path, sheet(matrix_rows(2)), names=f"<definedNames>{names}</definedNames>")


def deep_xml(path: Path, count: int) -> Path:
    """Elements inside elements."""
    return workbook(path, sheet(matrix_rows(2), after="<a>" * count + "</a>" * count))


def one_long_text(path: Path, count: int) -> Path:
    """A cell with a text that never ends, and that is compressed as a text is."""
    return workbook(path, sheet(rows_of([[text_cell("A1", "".join(f"{n:x} " for n in range(count)))]])))


BOOKS: dict[str, tuple[Maker, int]] = {
    "merged over each other": (merged_over_each_other, 16_000),
    "hidden again and again": (hidden_again_and_again, 1_900),
    "long formulas": (lambda path, n: workbook(path, sheet(matrix_rows(n, "A" * 1_900))), 1_900),
    "formulas with many quotes": (lambda path, n: workbook(path, sheet(matrix_rows(n, "'" * 1_900))), 1_900),
    "options without names": (options_without_names, 1_900),
    "unknown criteria": (answers, 16_000),
    "errors in every row": (lambda path, n: answers(path, n, error=True), 16_000),
    "shared strings": (shared_strings, 400_000),
    "styles": (styles, 200_000),
    "defined names": (defined_names, 200_000),
    "deep elements": (deep_xml, 100_000),
    "one long text": (one_long_text, 2_000_000),
    "many sheets": (lambda path, n: workbook(path, *[sheet(matrix_rows(2))] * n), 960),
}


def workbooks() -> None:
    """Workbooks as a matrix, and where they are forms as scorecards; the floor is inflating and scanning their parts."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        root = write(Path(folder) / "workspace", contents())
        path = Path(folder) / "given.xlsx"
        workspace = load(root)

        def take() -> None:
            options = ImportOptions(date(2026, 11, 20), dry_run=True)
            render(imports_page(import_files([path], workspace, CardStore(Transaction(root), Layout()), options)))
            with contextlib.suppress(EvaluatorError):
                workspace_from(path, date(2026, 11, 20))

        for name, (make, most) in BOOKS.items():
            times, floors = [], []
            for size in sizes(most):
                make(path, size)
                times.append(seconds_of(take))
                floors.append(seconds_of(partial(scan_parts, path)))
            rows.append(row(name, f"{path.stat().st_size / 1000:.0f} kB", times, floors))
    table("Hostile workbooks (floor: inflating the parts and scanning them)", HEADERS, rows)


TEXTS: dict[str, tuple[Callable[[int], str], int]] = {
    "quotes": (lambda n: '"' * n, 4_000_000),
    "open quotes on every line": (lambda n: '"a\n' * n, 1_200_000),
    "one long line": (lambda n: "a;1;" * n, 140_000),
    "empty lines": (lambda n: "\n" * n, 400_000),
    "options without end": (
        lambda n: "Criterion,Weight" + ",Option" * n + "\n" + ("Name,1" + ",2" * n + "\n") * 3,
        16_000,
    ),
    "criteria without end": (lambda n: "Criterion,Weight,A,B\n" + "Name,1,2,3\n" * n, 16_000),
    "totals without end": (lambda n: "Criterion,Weight,A,B\nName,1,2,3\n" + "Total,1,2,3\n" * n, 16_000),
    "titles of many words": (lambda n: "Criterion,Weight,A,B\n" + "grand " * n + "x,1,2,3\n", 20_000),
}


def csv_files() -> None:
    """Text files as a matrix; the floor is the library that parts the same text into cells."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "given.csv"

        def take() -> None:
            with contextlib.suppress(EvaluatorError):
                workspace_from(path, date(2026, 11, 20))

        def part(text: str) -> None:
            with contextlib.suppress(csv.Error):
                collections.deque(csv.reader(io.StringIO(text)), maxlen=0)

        for name, (make, most) in TEXTS.items():
            times, floors = [], []
            for size in sizes(most):
                text = make(size)
                path.write_text(text, encoding="utf-8")
                times.append(seconds_of(take))
                floors.append(seconds_of(partial(part, text)))
            rows.append(row(name, f"{path.stat().st_size / 1000:.0f} kB", times, floors))
    table("Hostile text files (floor: the library that parts them into cells)", HEADERS, rows)


PARAGRAPHS: dict[str, tuple[Callable[[int], str], int]] = {
    "words of another script": (lambda n: "é word " * n, 64_000),
    "no blank": (lambda n: "é" * n, 400_000),
    "wide letters without a blank": (lambda n: "中" * n, 320_000),
    "marks on one letter": (lambda n: "e" + "\u0301" * n, 400_000),
    "joined emoji": (lambda n: "👩\u200d" * n, 128_000),
    "one syllable without end": (lambda n: "\u1100" * n, 320_000),
    "flags": (lambda n: "\U0001f1e6" * n, 64_000),
    "hyphens": (lambda n: "é-" * n, 256_000),
}


def paragraphs() -> None:
    """Texts folded to the width of a terminal; the floor is to encode them, a hundred times, for that is quick."""
    rows = []

    def encode(text: str) -> None:
        for _ in range(100):
            text.encode()

    for name, (make, most) in PARAGRAPHS.items():
        times, floors = [], []
        for size in sizes(most):
            text = make(size)
            times.append(seconds_of(partial(render, [text], 80)))
            floors.append(seconds_of(partial(encode, text)) / 100)
        rows.append(row(name, f"{len(text.encode()) / 1000:.0f} kB", times, floors))
    table("Hostile paragraphs on the terminal (floor: encoding them)", HEADERS, rows)


def main() -> None:
    """All tables."""
    yaml_files()
    workbooks()
    csv_files()
    paragraphs()


if __name__ == "__main__":
    main()
