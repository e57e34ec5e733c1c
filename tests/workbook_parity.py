"""The comparison workbook held against the engine: edit the inputs, recalculate with LibreOffice, compare every live figure.

Inputs are edited in the file itself, as a person would, and nowhere else. LibreOffice gets a profile of its own that recalculates on
load: by default it would believe the values that are stored beside the formulas.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from io import BytesIO
from itertools import combinations
from math import fsum
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from evaluator.evaluation.evaluate import evaluate
from evaluator.model.evaluated import Cell, Evaluated, Fit, OptionScore, Scores, Stack
from evaluator.model.workspace import Workspace
from evaluator.scoring.fit import fits
from evaluator.stack.recommendation import decision_matrix, describe, recommended_size, stacks

TOLERANCE = 1e-9
Inputs = Mapping[tuple[str, str], float | str]
"""Values by sheet and address."""
POLICIES = ("nothing", "nothing, supported only", "best level")
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody types into the inputs; an empty mapping leaves the official weights."""

    families: Mapping[str, float]
    criteria: Mapping[str, float]
    data_class: int
    """Place of the data class, from 1."""
    policy: int
    """Place of the treatment of unknown answers, from 1."""
    size: int


def soffice() -> str | None:
    """The LibreOffice program, where it is installed; none under faketime, where it hangs."""
    if "faketime" in os.environ.get("LD_PRELOAD", ""):
        return None
    return shutil.which("soffice") or shutil.which("libreoffice")


def recalculated(files: Sequence[Path], profile: Path, out: Path) -> list[Path]:
    """``files`` loaded, recalculated and saved again by LibreOffice into ``out``."""
    program = soffice()
    assert program
    user = profile / "user"
    user.mkdir(parents=True, exist_ok=True)
    (user / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    command = [
        program,
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless",
        "--norestore",
        "--convert-to",
        "xlsx",
    ]
    subprocess.run([*command, "--outdir", str(out), *map(str, files)], check=True, capture_output=True)
    made = [out / file.name for file in files]
    missing = [file.name for file in made if not file.exists()]
    assert not missing, f"LibreOffice wrote nothing for {missing}"
    return made


class Values:
    """A workbook's values by name, whoever computed them."""

    def cells(self, name: str) -> list[list[Any]]:
        """The rows of a named range."""
        raise NotImplementedError

    def errors(self) -> Iterator[str]:
        """Every cell that holds an error value."""
        raise NotImplementedError

    def column(self, name: str) -> list[Any]:
        """The values of a named column."""
        return [row[0] for row in self.cells(name)]

    def one(self, name: str) -> Any:
        """The value of a named cell."""
        return self.cells(name)[0][0]


class Grid(Values):
    """The values that a file holds: stored by whoever wrote it, or recalculated by whoever saved it last."""

    def __init__(self, content: bytes | Path, *, values: bool = True) -> None:
        source = BytesIO(content) if isinstance(content, bytes) else content
        self.book = openpyxl.load_workbook(source, data_only=values)

    def cells(self, name: str) -> list[list[Any]]:
        """The rows of a named range."""
        sheet, where = self.place(name)
        found = self.book[sheet][where]
        if not isinstance(found, tuple):
            return [[found.value]]
        return [[cell.value for cell in row] for row in found]

    def place(self, name: str) -> tuple[str, str]:
        """Sheet and address of a name."""
        ((sheet, where),) = self.book.defined_names[name].destinations
        return sheet, where.replace("$", "")

    def errors(self) -> Iterator[str]:
        """Every cell that holds an error value."""
        for sheet in self.book:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "e":
                        yield f"{sheet.title}!{cell.coordinate}: {cell.value}"


class Sheets(Values):
    """A workbook in IronCalc: a second, quick evaluator, which recalculates in place after every edit."""

    def __init__(self, file: Path) -> None:
        import ironcalc

        self.model = ironcalc.load_from_xlsx(str(file), "en", "UTC", "en")
        self.error = ironcalc.CellType.ErrorValue
        self.numbers = {sheet["name"]: number for number, sheet in enumerate(self.model.get_worksheets_properties())}
        self.written = Grid(file, values=False)
        self.formulas = [
            (sheet.title, int(cell.row or 1), int(cell.column or 1))
            for sheet in self.written.book
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f"
        ]

    def type(self, inputs: Inputs) -> None:
        """Put values into cells and recalculate."""
        for (sheet, where), value in inputs.items():
            row, column = coordinate_to_tuple(where)
            if isinstance(value, str):
                self.model.update_cell_with_text(self.numbers[sheet], row, column, value)
            else:
                self.model.update_cell_with_number(self.numbers[sheet], row, column, value)
        self.model.evaluate()

    def cells(self, name: str) -> list[list[Any]]:
        """The rows of a named range."""
        sheet, where = self.written.place(name)
        left, top, right, bottom = (edge or 1 for edge in range_boundaries(where))
        number = self.numbers[sheet]
        return [
            [self.model.get_cell_value(number, row, column) for column in range(left, right + 1)]
            for row in range(top, bottom + 1)
        ]

    def errors(self) -> Iterator[str]:
        """Every formula that gives an error value."""
        for sheet, row, column in self.formulas:
            if self.model.get_cell_type(self.numbers[sheet], row, column) == self.error:
                yield f"{sheet} row {row} column {column}"


def edited(content: bytes, edit: Edit, result: Evaluated) -> bytes:
    """The workbook with ``edit`` typed into its input cells, every other byte of its sheets left alone."""
    return typed(content, cells_of(Grid(content, values=False), edit, result))


def cells_of(grid: Grid, edit: Edit, result: Evaluated) -> Inputs:
    """The input cells that ``edit`` changes, with their new values."""
    inputs: dict[tuple[str, str], float | str] = {}
    for name, wanted in (("input_family_weights", edit.families), ("input_importance", edit.criteria)):
        sheet, where = grid.place(name)
        found = grid.book[sheet][where]
        cells = [row[0] for row in found] if isinstance(found, tuple) else [found]
        keys = weighted(result) if name == "input_family_weights" else list(result.scores.weights)
        inputs |= {
            (sheet, cell.coordinate): wanted[key] for key, cell in zip(keys, cells, strict=True) if key in wanted
        }
    choices: tuple[tuple[str, float | str], ...] = (
        ("input_data_class", grid.column("data_classes")[edit.data_class - 1]),
        ("input_unknown_counts_as", POLICIES[edit.policy - 1]),
        ("input_stack_size", edit.size),
    )
    return inputs | {grid.place(name): value for name, value in choices}


def weighted(result: Evaluated) -> list[str]:
    """Families with a criterion in scope, in catalogue order."""
    catalogue = result.workspace.catalogue
    return list(dict.fromkeys(catalogue.family_of[key] for key in result.scores.weights))


def typed(content: bytes, inputs: Inputs) -> bytes:
    """The workbook with these values in these cells (sheet, address)."""
    source = zipfile.ZipFile(BytesIO(content))
    book = source.read("xl/workbook.xml").decode()
    names = [name.replace("&amp;", "&") for name in re.findall(r'<sheet name="([^"]*)"', book)]
    by_part: dict[str, dict[str, float | str]] = {}
    for (sheet, where), value in inputs.items():
        by_part.setdefault(f"xl/worksheets/sheet{names.index(sheet) + 1}.xml", {})[where] = value
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            data = source.read(item)
            for where, value in by_part.get(item.filename, {}).items():
                data = _set(data.decode(), where, value).encode()
            target.writestr(item, data)
    return out.getvalue()


def _set(xml: str, where: str, value: float | str) -> str:
    pattern = re.compile(rf'<c r="{where}"( s="\d+")?( t="\w+")?(?:/>|>.*?</c>)')
    body = f"<v>{value!r}</v>" if not isinstance(value, str) else f"<is><t>{escape(value)}</t></is>"
    kind = ' t="inlineStr"' if isinstance(value, str) else ""
    changed, count = pattern.subn(lambda found: f'<c r="{where}"{found[1] or ""}{kind}>{body}</c>', xml)
    assert count == 1, where
    return changed


class Expected:
    """What the engine says after the same edit."""

    def __init__(self, workspace: Workspace, edit: Edit, version: str = "test") -> None:
        weights = workspace.weights
        changed = weights.model_copy(
            update={
                "families": {**weights.families, **edit.families},
                "criteria": {**weights.criteria, **edit.criteria},
            }
        )
        self.workspace = workspace.model_copy(update={"weights": changed})
        self.edit = edit
        self.result = evaluate(self.workspace, workspace.evaluation.as_of, version=version)
        self.options = sorted(self.result.scores.options, key=lambda option: option.id)

    @cached_property
    def counted(self) -> Scores:
        """The scores with unknown answers counted as the edit wants."""

        def cell(found: Cell) -> Cell:
            return replace(found, points=(found.points, found.low, found.high)[self.edit.policy - 1])

        def option(found: OptionScore) -> OptionScore:
            return replace(found, score=self.figure(found), cells=tuple(cell(one) for one in found.cells))

        return replace(self.result.scores, options=tuple(option(found) for found in self.result.scores.options))

    def figure(self, option: OptionScore) -> float:
        """The figure that ranks."""
        return (option.score, option.low, option.high)[self.edit.policy - 1]

    @cached_property
    def fits(self) -> dict[str, tuple[Fit, ...]]:
        """Fit by use case."""
        return fits(self.workspace, self.counted)

    @cached_property
    def ranks(self) -> dict[str, int]:
        """Competition rank by option."""
        shown = {option.id: round(self.figure(option), 9) for option in self.options}
        return {key: 1 + sum(other > own for other in shown.values()) for key, own in shown.items()}

    def all_stacks(self, size: int) -> list[tuple[float, tuple[str, ...]]]:
        """Every stack of one size with its value, best first, found by trying them all."""
        cases = [case for case in self.workspace.demand.use_cases if case.importance > 0]
        by_case = [{fit.option: fit.fit for fit in self.fits[case.id]} for case in cases]
        total = fsum(float(case.importance) for case in cases)
        found = [
            (
                fsum(
                    float(case.importance) * max(fit[tool] for tool in tools)
                    for case, fit in zip(cases, by_case, strict=True)
                )
                / total,
                tools,
            )
            for tools in combinations([option.id for option in self.options], size)
            if self.keeps_to_limits(tools)
        ]
        return sorted(found, key=lambda item: (-round(item[0], 9), item[1]))

    def keeps_to_limits(self, tools: Sequence[str]) -> bool:
        """Whether a stack holds every required tool and no excluded one."""
        stack = self.workspace.evaluation.stack
        return {item.tool for item in stack.required} <= set(tools) and not {
            item.tool for item in stack.excluded
        } & set(tools)

    def described(self, tools: Sequence[str]) -> Stack:
        """Who serves what in one stack."""
        matrix = decision_matrix(self.workspace, self.fits)
        assert matrix is not None
        return describe(self.workspace, matrix, list(tools))

    @cached_property
    def recommended(self) -> int | None:
        """The recommended size."""
        found = stacks(self.workspace, decision_matrix(self.workspace, self.fits))
        return recommended_size(found.sizes, found.min_gain) if found else None


def official_inputs(grid: Grid) -> Inputs:
    """What the input cells hold when the workbook was written."""
    names = (
        "input_family_weights",
        "input_importance",
        "input_data_class",
        "input_unknown_counts_as",
        "input_stack_size",
    )
    found: dict[tuple[str, str], float | str] = {}
    for name in names:
        sheet, where = grid.place(name)
        cells = grid.book[sheet][where]
        for cell in [row[0] for row in cells] if isinstance(cells, tuple) else [cells]:
            found[sheet, cell.coordinate] = cell.value
    return found


def random_edit(result: Evaluated, chance: random.Random) -> Edit:
    """Some or all weights redrawn, zeros among them, and every choice drawn anew; something always keeps weight."""
    keys, family_ids = list(result.scores.weights), weighted(result)
    kind = chance.randrange(4)

    def weight() -> float:
        return chance.choice([0, 0, 1, 2, 5, 10, 20, round(chance.uniform(0, 30), 2), chance.uniform(0, 1), 1e-6, 1e6])

    families = {key: weight() for key in family_ids if kind in {1, 3} or chance.random() < 0.3}
    criteria = {key: weight() for key in keys if kind in {2, 3} or chance.random() < 0.2}
    if kind == 0:
        families, criteria = {}, {}
    edit = Edit(
        families,
        criteria,
        chance.randint(1, len(result.scores.gates)),
        chance.randint(1, len(POLICIES)),
        chance.randint(1, len(result.stacks.sizes) if result.stacks else 1),
    )
    return edit if kind == 0 or has_weight(result.workspace, edit) else random_edit(result, chance)


def has_weight(workspace: Workspace, edit: Edit) -> bool:
    """Whether scoring and every use case still have any weight after the edit."""
    from evaluator.errors import EvaluatorError

    try:
        Expected(workspace, edit)
    except EvaluatorError:
        return False
    return True


def mismatches(grid: Values, expected: Expected) -> Iterator[str]:
    """Every live figure that differs from the engine's, and every error value."""
    yield from grid.errors()
    yield from _scores(grid, expected)
    if expected.result.stacks:
        yield from _fits(grid, expected)
        yield from _stacks(grid, expected)
    words = [*grid.column("live_check"), grid.one("state_of_inputs")]
    yield from (f"the sheet says {word}" for word in words if "NOT AGREE" in str(word))


def _same(what: str, found: object, wanted: object) -> Iterator[str]:
    if isinstance(wanted, int | float) and not isinstance(wanted, bool):
        if not isinstance(found, int | float) or abs(found - wanted) > TOLERANCE:
            yield f"{what}: {found!r} where the engine has {wanted!r}"
    elif found != wanted:
        yield f"{what}: {found!r} where the engine has {wanted!r}"


def _columns(names: Iterable[tuple[str, list[Any], list[Any]]]) -> Iterator[str]:
    for name, found, wanted in names:
        if len(found) != len(wanted):
            yield f"{name}: {len(found)} rows where there should be {len(wanted)}"
        for row, (one, other) in enumerate(zip(found, wanted, strict=False)):
            yield from _same(f"{name} row {row + 1}", one, other)


def _scores(grid: Values, expected: Expected) -> Iterator[str]:
    scores, options = expected.result.scores, expected.options
    key = list(scores.gates)[expected.edit.data_class - 1]
    outcomes = [{check.criterion: check.outcome.value for check in option.gates[key].checks} for option in options]
    ranks = [expected.ranks[option.id] for option in options]
    order = sorted(range(len(options)), key=lambda place: (ranks[place], options[place].id))
    columns: list[tuple[str, list[Any]]] = [
        ("weight", list(scores.weights.values())),
        ("live_score", [option.score for option in options]),
        ("live_low", [option.low for option in options]),
        ("live_high", [option.high for option in options]),
        ("live_counted", [expected.figure(option) for option in options]),
        ("live_rank", ranks),
        *(
            (f"live_gates_{word}", [list(found.values()).count(word) for found in outcomes])
            for word in ("met", "failed", "unsupported")
        ),
        ("option_at_place", [place + 1 for place in order]),
        ("what_if_score", [expected.figure(options[place]) for place in order]),
        ("what_if_rank", [ranks[place] for place in order]),
    ]
    yield from _columns((name, grid.column(name), wanted) for name, wanted in columns)


def _fits(grid: Values, expected: Expected) -> Iterator[str]:
    for row, case in zip(grid.cells("fits"), expected.fits.values(), strict=True):
        wanted = {fit.option: fit.fit for fit in case}
        for found, option in zip(row, expected.options, strict=True):
            yield from _same(f"fit of {option.id} for {case[0].use_case}", found, wanted[option.id])


def _stacks(grid: Values, expected: Expected) -> Iterator[str]:
    labels = dict(zip((option.id for option in expected.options), grid.column("option_names"), strict=True))

    def label(tools: Sequence[str]) -> str:
        return " + ".join(labels[tool] for tool in tools)

    for size in expected.result.stacks.sizes if expected.result.stacks else ():
        found = expected.all_stacks(size.size)
        values = {label(tools): value for value, tools in found}
        listed = grid.column(f"stack_names_{size.size}")
        yield from _columns(
            [(f"stacks of {size.size}", grid.column(f"stack_values_{size.size}"), [values[name] for name in listed])]
        )
        if len(listed) < len(found):
            found = [item for item in found if label(item[1]) in listed]
        best = found[0]
        yield from _same(f"best stack of {size.size}", grid.one(f"best_stack_{size.size}"), label(best[1]))
        yield from _same(f"value of best {size.size}", grid.one(f"best_value_{size.size}"), best[0])
        second = found[1] if len(found) > 1 else None
        yield from _same(
            f"runner-up of {size.size}", grid.one(f"runner_up_{size.size}"), label(second[1]) if second else "none"
        )
        if second:
            yield from _same(f"value of runner-up {size.size}", grid.one(f"runner_up_value_{size.size}"), second[0])
        served = expected.described(best[1]).served
        words = {"covered": "covered", "conditional": "conditional", "not_covered": "not covered"}
        yield from _columns(
            [
                (f"served fit {size.size}", grid.column(f"served_fit_{size.size}"), [one.fit for one in served]),
                (
                    f"served by {size.size}",
                    grid.column(f"served_by_{size.size}"),
                    [labels[one.tool] if one.tool else "nobody" for one in served],
                ),
                (
                    f"coverage {size.size}",
                    grid.column(f"served_coverage_{size.size}"),
                    [words[one.coverage.value] for one in served],
                ),
            ]
        )
        if size.size == expected.edit.size:
            yield from _columns([("shown fit", grid.column("what_if_served_fit"), [one.fit for one in served])])
    yield from _same("recommended size", grid.one("recommended_size"), expected.recommended or "none")
