"""Change the code in small ways, one at a time, and count how many changes the tests of the changed module notice.

    python tests/heavy/mutants.py [--sample 300] [--seed N] [--package NAME ...] [--module PATH ...] [--jobs 2]

A changed program is a mutant. It is killed when a test fails or when the tests take far longer than without the change; it
survives when all pass. The operators of mutmut make the mutants. Lines of the packages below ``reports`` are drawn evenly, and one
mutant of each drawn line: a long call has many mutants that say the same. The score is the share of mutants that are killed; the
exit code is 1 where it is below 85 %.

The tests of a module are those that mirror it: ``tests/<package>/test_<module>.py``, and every other test file that imports from
the module itself. What a helper module of the tests imports does not count. The file of the module's name runs first, then the
others from the fastest to the slowest, as many as take twenty seconds together. Every mutant of a module without tests survives.

Excluded, because no test could or should notice them, are changes to annotations and ``cast``, docstrings, decorators, base
classes, type aliases, ``if TYPE_CHECKING``, ``__all__``, ``strict`` of ``zip``, and to sentences: strings with a space in them.

The checkout stays as it is: each job works in a copy of its own.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import libcst
from libcst import matchers
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

ROOT = Path(__file__).parents[2]
GOAL = 0.85
BUDGET = 20.0
"""Seconds of the processor that the test files of a module may take together, unmutated; the first always runs."""
PATIENCE = 10.0
"""A mutant's tests may take so many times their unmutated time, and never less than ``LEAST`` seconds, before they are stopped."""
LEAST = 60.0
PYTEST = """
import os, pytest, sys
code = pytest.main(sys.argv[1:])
print(sum(os.times()[:4]))
sys.exit(code)
"""
"""Runs tests and prints the processor time that they and the programs they started took."""
OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header", "--tb=line", "--hypothesis-profile=mutants")  # fmt: skip

ZIP = matchers.Call(func=matchers.Name("zip"))
STRICT = matchers.Arg(keyword=matchers.Name("strict"))

Node = libcst.CSTNode


@dataclass(frozen=True)
class Change:
    """One node of a module's tree and what an operator puts in its place."""

    line: int
    operator: str
    node: Node
    mutated: Node


@dataclass(frozen=True)
class Mutant:
    """A module of which one line is changed."""

    path: str
    line: int
    before: str
    after: str
    text: str

    def __str__(self) -> str:
        """The place and the change, on one line."""
        return f"{self.path}:{self.line}: {self.before} -> {self.after}"


@dataclass(frozen=True)
class Taken:
    """Seconds that a test file took: on the clock, and of the processor."""

    clock: float
    processor: float


# --- making mutants ---------------------------------------------------------------------------------------------------


def list_packages() -> list[str]:
    """The packages and modules of ``evaluator`` in the layers below ``reports``, as pyproject.toml lists them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    names = [[name.strip() for name in layer.split("|")] for layer in layers]
    reports = next(number for number, layer in enumerate(names) if "reports" in layer)
    return [name for layer in names[reports + 1 :] for name in layer]


def list_modules(packages: Iterable[str]) -> list[str]:
    """Paths of the modules of these packages, from the root of the project."""
    found = []
    for name in packages:
        place = ROOT / "evaluator" / name
        found += sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
    return [path.relative_to(ROOT).as_posix() for path in found]


def is_excluded(node: Node) -> bool:
    """Whether nothing in this node is to be changed."""
    return matchers.matches(
        node,
        matchers.Annotation()
        | matchers.Decorator()
        | matchers.Expr(value=matchers.SimpleString() | matchers.ConcatenatedString())
        | matchers.If(test=matchers.Name("TYPE_CHECKING"))
        | matchers.Assign(targets=[matchers.AssignTarget(target=matchers.Name("__all__"))])
        | matchers.Assign(targets=[matchers.AssignTarget(target=matchers.Name(matchers.MatchRegex("[A-Z]+[a-z].*")))])
        | matchers.Call(func=matchers.Name("cast") | matchers.Name("TypeVar")),
    )


def mutable_nodes(node: Node) -> Iterator[Node]:
    """The node and those in it that may be changed."""
    if is_excluded(node):
        return
    yield node
    children = node.children
    if isinstance(node, libcst.ClassDef):
        children = [node.body]
    elif matchers.matches(node, ZIP):
        children = [item for item in children if not matchers.matches(item, STRICT)]
    for child in children:
        yield from mutable_nodes(child)


def find_sentences(node: Node) -> set[int]:
    """Identities of the strings in a node that people read."""
    found = set()
    waiting = [node]
    while waiting:
        one = waiting.pop()
        waiting.extend(one.children)
        if isinstance(one, libcst.SimpleString | libcst.FormattedStringText) and " " in one.value.strip(" '\""):
            found.add(id(one))
    return found


def changes_behaviour(node: Node, mutated: Node) -> bool:
    """Whether a change is more than another sentence, and more than a ``zip`` that is less strict."""
    if isinstance(node, libcst.Match):
        return True
    if matchers.matches(node, ZIP) and {id(item) for item in node.children if not matchers.matches(item, STRICT)} <= {
        id(item) for item in mutated.children
    }:
        return False
    return find_sentences(node) <= find_sentences(mutated)


def find_changes(source: str) -> tuple[libcst.Module, list[Change]]:
    """The tree of a module and every change to it that counts."""
    wrapper = MetadataWrapper(libcst.parse_module(source), unsafe_skip_copy=True)
    places = wrapper.resolve(PositionProvider)
    found = []
    line = 1
    for node in mutable_nodes(wrapper.module):
        line = places[node].start.line if node in places else line
        for kind, operator in mutation_operators:
            if isinstance(node, kind):
                found += [
                    Change(line, operator.__name__, node, mutated)
                    for mutated in operator(node)
                    if changes_behaviour(node, mutated)
                ]
    return wrapper.module, found


def apply_change(path: str, tree: libcst.Module, change: Change) -> Mutant | None:
    """The module with the change made; None where that is no Python, or the same Python."""
    text = tree.deep_replace(change.node, change.mutated)
    assert isinstance(text, libcst.Module)
    try:
        if ast.dump(ast.parse(text.code)) == ast.dump(ast.parse(tree.code)):
            return None
        compile(text.code, path, "exec")
    except SyntaxError:
        return None
    before, after = (" ".join(tree.code_for_node(node).split())[:100].strip() for node in (change.node, change.mutated))
    return Mutant(path, change.line, before, after, text.code)


def draw_sample(modules: Sequence[str], size: int, chance: random.Random) -> tuple[list[Mutant], int]:
    """At most ``size`` mutants of different lines, drawn evenly; and the number of lines that have any."""
    trees = {}
    lines = defaultdict(list)
    for path in modules:
        trees[path], found = find_changes((ROOT / path).read_text(encoding="utf-8"))
        for change in found:
            lines[path, change.line].append(change)
    sample: list[Mutant] = []
    for path, line in chance.sample(list(lines), len(lines)):
        if len(sample) == size:
            break
        choice = lines[path, line]
        operator = chance.choice(sorted({change.operator for change in choice}))
        made = apply_change(
            path, trees[path], chance.choice([change for change in choice if change.operator == operator])
        )
        sample += [made] if made else []
    return sample, len(lines)


# --- the tests of a module --------------------------------------------------------------------------------------------


def dotted_name(path: str) -> str:
    """The name by which the module of a path is imported."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imported_names(source: str) -> set[str]:
    """Every dotted name that a source imports, or imports from."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def mirroring_test(path: str) -> str:
    """Where the tests of a module stand."""
    place = Path(path).relative_to("evaluator")
    return (Path("tests") / place.parent / f"test_{place.name}").as_posix()


def find_tests(modules: Iterable[str]) -> dict[str, list[str]]:
    """The test files of each module."""
    files = {
        path.relative_to(ROOT).as_posix(): imported_names(path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
    }
    return {
        path: [file for file, names in files.items() if file == mirroring_test(path) or dotted_name(path) in names]
        for path in modules
    }


# --- running them -----------------------------------------------------------------------------------------------------


def copy_project(folder: Path) -> Path:
    """A copy of the project as it stands, without what git ignores; its byte code is checked by content, not by time."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout  # fmt: skip
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    compiling = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "evaluator", "tests"]
    subprocess.run(compiling, cwd=folder, check=True)
    return folder


def run_tests(folder: Path, files: Sequence[str], seconds: float) -> tuple[int | None, str]:
    """The exit code of the tests in a copy, None where they were stopped after so many seconds; and what they printed."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
    with subprocess.Popen(
        [sys.executable, "-c", PYTEST, *OPTIONS, *files], cwd=folder, env=environment, text=True, encoding="utf-8", errors="replace",
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            printed, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return None, ""
    return process.returncode, printed


class Copies:
    """Copies of the project, one for each job."""

    def __init__(self, folder: Path, jobs: int) -> None:
        self.free: SimpleQueue[Path] = SimpleQueue()
        for number in range(jobs):
            self.free.put(copy_project(folder / f"copy-{number}"))

    def time_tests(self, file: str) -> Taken:
        """How long a test file takes without a mutant; SystemExit where it fails."""
        folder = self.free.get()
        start = time.monotonic()
        code, printed = run_tests(folder, [file], seconds=1800)
        self.free.put(folder)
        if code != 0:
            sys.exit(f"mutants: {file} fails without any mutant; see to that first.\n{printed[-3000:]}")
        return Taken(time.monotonic() - start, float(printed.split()[-1]))

    def kills(self, one: Mutant, files: Sequence[str], seconds: float) -> bool:
        """Whether a test among the files fails with the mutant in its place, or does not end in time."""
        folder = self.free.get()
        place = folder / one.path
        sound = place.read_bytes()
        place.write_text(one.text, encoding="utf-8")
        try:
            code, _ = run_tests(folder, files, seconds)
        finally:
            place.write_bytes(sound)
            self.free.put(folder)
        return code != 0


def choose_tests(files: Sequence[str], own: str, taken: dict[str, Taken]) -> list[str]:
    """The mirroring file, then the fastest of the others as long as they fit the budget."""
    ordered = sorted(files, key=lambda file: (file != own, taken[file].processor))
    spent = 0.0
    kept: list[str] = []
    for file in ordered:
        spent += taken[file].processor
        if not kept or spent <= BUDGET:
            kept.append(file)
    return kept


def find_survivors(sample: Sequence[Mutant], tests: dict[str, list[str]], jobs: int) -> list[Mutant]:
    """The mutants that no test of their module noticed."""
    needed = sorted({file for one in sample for file in tests[one.path]})
    with tempfile.TemporaryDirectory(prefix="mutants-") as name, ThreadPoolExecutor(jobs) as pool:
        copies = Copies(Path(name), jobs)
        taken = dict(zip(needed, pool.map(copies.time_tests, needed), strict=True))
        print(f"{len(needed)} test files pass without a mutant", file=sys.stderr, flush=True)

        def survives(one: Mutant) -> bool:
            files = choose_tests(tests[one.path], mirroring_test(one.path), taken)
            limit = max(LEAST, PATIENCE * sum(taken[file].clock for file in files))
            found = not files or not copies.kills(one, files, limit)
            print("survived" if found else "killed  ", one, file=sys.stderr, flush=True)
            return found

        return [one for one, found in zip(sample, pool.map(survives, sample), strict=True) if found]


def percentage(killed: int, count: int) -> str:
    """A score as a percentage, rounded down."""
    return f"{1000 * killed // count / 10:.1f} %" if count else "-"


def main() -> int:
    """Draw, run and report; the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sample", type=int, default=300, help="mutants to try (default 300)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000), help="which are drawn")
    parser.add_argument("--package", nargs="+", metavar="NAME", help="such as analysis; default: all below reports")
    parser.add_argument("--module", nargs="+", metavar="PATH", help="such as evaluator/stack/contributions.py")
    parser.add_argument("--jobs", type=int, default=2, help="processes beside each other (default 2)")
    wanted = parser.parse_args()
    modules = wanted.module or list_modules(wanted.package or list_packages())
    unknown = sorted({*modules} - {*list_modules(["."])})
    if unknown:
        parser.error(
            f"no module {', '.join(unknown)}; give paths from the root of the project, such as evaluator/errors.py"
        )
    tests = find_tests(modules)
    sample, lines = draw_sample(modules, wanted.sample, random.Random(wanted.seed))
    if not sample:
        parser.error("nothing in these modules can be changed")
    print(f"{len(sample)} mutants of {lines} lines in {len(modules)} modules, seed {wanted.seed}", flush=True)
    alive = find_survivors(sample, tests, wanted.jobs)
    print("\nsurvived:", *sorted(map(str, alive)), sep="\n  ")
    print("\nwithout tests:", *(path for path in modules if not tests[path]), sep="\n  ")
    print(f"\n{'package':16}{'mutants':>8}{'killed':>8}{'score':>9}")
    package = {path: Path(path).parts[1].removesuffix(".py") for path in modules}
    for name in (*dict.fromkeys(package.values()), ""):
        count, left = (sum(name in {"", package[one.path]} for one in group) for group in (sample, alive))
        print(f"{name or 'all':16}{count:8}{count - left:8}{percentage(count - left, count):>9}")
    return int(len(sample) - len(alive) < GOAL * len(sample))


if __name__ == "__main__":
    sys.exit(main())
