"""A workbook or a list of weights that came back: judgements by group, every mistake with its cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from evaluator.errors import Problem, Severity
from evaluator.forms.cell_marks import MarkedSheet, marks_in
from evaluator.forms.cell_words import UnreadError, choice_of, text_of, word_of
from evaluator.forms.scorecard_reader import some_of
from evaluator.forms.weights_form import KEY, MARK, MOST_TIMES
from evaluator.model.elicitation import Group, Judged, Pair
from evaluator.xlsx.guard import RefusedError, read_bounded
from evaluator.xlsx.reader import open_workbook

_TOP = 100.0
_MOST_CSV = 1_000_000
_WHICH = {"1": "first", "2": "second", "a": "first", "b": "second", "same": "equal", "=": "equal"}


@dataclass(slots=True)
class Returned:
    """What one file says."""

    file: str
    role: str = ""
    kind: str = ""
    judged: dict[str, Judged] = field(default_factory=dict)
    """By group; groups left empty are missing."""
    problems: list[Problem] = field(default_factory=list)
    cells: set[str] = field(default_factory=set)
    """Cells that were found wrong."""

    def wrong(self, cell: str, message: str, hint: str = "") -> None:
        """Note a mistake, unless the cell was found wrong already."""
        if cell not in self.cells:
            self.cells.add(cell)
            self.problems.append(Problem("unread", message, self.file, cell=cell, hint=hint))

    def remark(self, code: str, cell: str, message: str) -> None:
        """Note what keeps nothing from being taken."""
        self.problems.append(Problem(code, message, self.file, cell=cell, severity=Severity.WARNING))


def read_ballot(path: Path, groups: Sequence[Group]) -> Returned:
    """What the workbook at ``path`` says of ``groups``; mistakes are gathered.

    Raises:
        RefusedError: it may not be opened, or is no form for weights.
    """
    found = Returned(path.name)
    for sheet in open_workbook(path):
        form, marks = marks_in(sheet, KEY)
        for _, _, value in marks:
            match value.split():
                case [mark, ("swing" | "pairwise") as kind, role] if mark == MARK:
                    found.kind, found.role = kind, role
        if not found.role or form.key_row < 0:
            continue
        known = {(group.id, item) for group in groups for item in group.items}
        reader = _swings if found.kind == "swing" else _pairs
        reader(form, groups, known, found)
        if not found.judged and not found.problems:
            cell = sheet.cell(form.key_row, 0)
            found.wrong(cell, "nothing is filled in", "fill in the yellow cells of at least one group")
        return found
    raise RefusedError(
        f"'{path.name}' holds no form for weights: its hidden marks are gone, or it never was one; "
        "write it again and copy the figures over."
    )


def _rows(form: MarkedSheet) -> list[int]:
    return [row for row in range(len(form.sheet.rows)) if row != form.key_row and text_of(form.at(row, KEY))]


def _swings(form: MarkedSheet, groups: Sequence[Group], known: set[tuple[str, str]], found: Returned) -> None:
    points: dict[str, dict[str, float]] = {}
    cells: dict[tuple[str, str], str] = {}
    for row in _rows(form):
        key = text_of(form.at(row, KEY)), text_of(form.at(row, "item"))
        if _strange(form, row, key, known, found):
            continue
        cell = form.cell(row, "points")
        if key in cells:
            found.wrong(cell, f"{key[1]} stands here a second time", "remove one of the two rows")
            continue
        cells[key] = cell
        value = _number(form.at(row, "points"), cell, 0, _TOP, found)
        if value is not None:
            points.setdefault(key[0], {})[key[1]] = value
    for group in groups:
        if group.id in points:
            _swung(group, points[group.id], cells, found)


def _swung(group: Group, given: Mapping[str, float], cells: Mapping[tuple[str, str], str], found: Returned) -> None:
    """The swings of one group, of which at least one is given."""
    top = max(given, key=lambda item: given[item])
    cell = cells[group.id, top]
    missing = [item for item in group.items if item not in given]
    for item in missing:
        if (group.id, item) in cells:
            message = f"{item} has no figure; the rest of its group has"
            found.wrong(cells[group.id, item], message, "0 says that its swing counts for nothing")
    _without_row(group, [item for item in missing if (group.id, item) not in cells], cell, found)
    if missing:
        return
    if given[top] <= 0:
        found.wrong(cell, f"all of {group.id} are 0", "give the largest swing 100")
        return
    if given[top] != _TOP:
        message = f"no swing of {group.id} is 100; only the proportions count, so it is taken as it is"
        found.remark("no-top", cell, message)
    found.judged[group.id] = Judged(points={item: _plain(given[item]) for item in group.items})


def _without_row(group: Group, names: Sequence[str], cell: str, found: Returned) -> None:
    """Note, at a filled cell of the group, what is weighed in it now and what the form has no row for."""
    if names:
        message = f"the sheet has no row for {some_of(names)}; all of {group.id} are weighed together"
        found.wrong(cell, message, "write the workbook again and copy the figures over")


def _pairs(form: MarkedSheet, groups: Sequence[Group], known: set[tuple[str, str]], found: Returned) -> None:
    pairs: dict[str, list[Pair]] = {}
    empty: dict[str, list[tuple[str, str]]] = {}
    cells: dict[tuple[str, frozenset[str]], str] = {}
    for row in _rows(form):
        group, one, two = (text_of(form.at(row, key)) for key in (KEY, "item", "second_item"))
        if _strange(form, row, (group, one), known, found) or _strange(form, row, (group, two), known, found):
            continue
        cell = form.cell(row, "more")
        if (group, frozenset((one, two))) in cells:
            found.wrong(cell, f"{one} and {two} stand here a second time", "remove one of the two rows")
            continue
        cells[group, frozenset((one, two))] = cell
        times = _times(form, row, found)
        if times is None:
            empty.setdefault(group, []).append((cell, f"{one} and {two}"))
        else:
            pairs.setdefault(group, []).append(Pair(first=one, second=two, times=times))
    for group_ in groups:
        if group_.id not in pairs:
            continue
        for cell, names in empty.get(group_.id, ()):
            found.wrong(cell, f"{names} are not compared; the rest of their group is", "compare every pair of a group")
        judged = pairs[group_.id][0]
        wanted = combinations(group_.items, 2)
        lacking = [f"{one} and {two}" for one, two in wanted if (group_.id, frozenset((one, two))) not in cells]
        _without_row(group_, lacking, cells[group_.id, frozenset((judged.first, judged.second))], found)
        found.judged[group_.id] = Judged(pairs=tuple(pairs[group_.id]))


def _times(form: MarkedSheet, row: int, found: Returned) -> int | float | None:
    """How many times as important the first of a row is; None where nothing is said, or nothing that can be read."""
    which_cell, times_cell = form.cell(row, "more"), form.cell(row, "times")
    before = len(found.problems)
    try:
        which = choice_of(form.at(row, "more"), ("first", "second", "equal"), _WHICH)
    except UnreadError as error:
        found.wrong(which_cell, str(error), error.hint)
        return None
    times = _number(form.at(row, "times"), times_cell, 1, MOST_TIMES, found)
    if len(found.problems) > before:
        return None
    if which == "equal" and times not in {None, 1}:
        found.wrong(times_cell, "both matter the same, and yet one more than the other", "empty one of the two cells")
    elif which is None and times not in {None, 1}:
        found.wrong(which_cell, "expected first, second or equal, found nothing")
    elif which in {"first", "second"} and times is None:
        found.wrong(times_cell, f"expected a number from 1 to {MOST_TIMES}, found nothing")
    if len(found.problems) > before or (which is None and times is None):
        return None
    value = times or 1.0
    return 1 / value if which == "second" else _plain(value)


def _strange(form: MarkedSheet, row: int, key: tuple[str, str], known: set[tuple[str, str]], found: Returned) -> bool:
    """Whether a row asks for what is not weighed any more; said where something is filled in."""
    if key in known:
        return False
    filled = any(text_of(form.at(row, column)) for column in ("points", "more", "times"))
    if filled:
        cell = form.cell(row, "points" if "points" in form.columns else "more")
        name = " ".join(key[1].split())[:64]
        found.remark("not-weighed", cell, f"'{name}' is not weighed here (any more); the figure is not imported")
    return True


def _number(value: Any, cell: str, low: float, high: float, found: Returned) -> float | None:
    """A number from ``low`` to ``high``: 40, 37.5, 37,5 or 40 %."""
    text = word_of(value).removesuffix("%").strip()
    if not text:
        return None
    number = ratio(text) if not isinstance(value, bool) else None
    if number is None or not low <= number <= high:
        found.wrong(
            cell, f"expected a number from {low:g} to {high:g}, found '{' '.join(text_of(value).split())[:40]}'"
        )
        return None
    return number


def ratio(text: str) -> float | None:
    """``3``, ``0.5``, ``0,5`` or ``1/3`` as a number; None for anything else."""
    top, slash, bottom = text.strip().partition("/")
    try:
        number = float(top.replace(",", ".")) / (float(bottom.replace(",", ".")) if slash else 1.0)
    except (ValueError, ZeroDivisionError):
        return None
    return number if abs(number) < 1e12 else None  # noqa: PLR2004 - as far as the models go; false for nan


def _plain(value: float) -> int | float:
    return int(value) if float(value).is_integer() else value


def read_pairs(path: Path) -> Returned:
    """The judgements of a CSV file with the columns first, second and times; a heading line may stand above.

    Raises:
        RefusedError: the file cannot be read.
    """
    found = Returned(path.name, kind="pairwise")
    try:
        text = read_bounded(path, _MOST_CSV).decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text), _dialect(text)))
    except (UnicodeDecodeError, csv.Error) as error:
        raise RefusedError(f"'{path.name}' is not text with commas or semicolons; save it as CSV (UTF-8).") from error
    pairs: list[Pair] = []
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip() for cell in line]
        if not any(cells) or cells[0].startswith("#") or [cell.casefold() for cell in cells[:2]] == ["first", "second"]:
            continue
        pair = pair_of(cells)
        if isinstance(pair, str):
            found.problems.append(Problem("unread", pair, path.name, line=number, column=1))
        else:
            pairs.append(pair)
    _grouped(found, pairs)
    return found


def read_pair_list(name: str, value: object) -> Returned:
    """The judgements of a YAML file: a list of mappings with first, second and times, or that list under ``pairs``."""
    found = Returned(name, kind="pairwise")
    rows = value.get("pairs") if isinstance(value, Mapping) else value
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        found.problems.append(Problem("unread", "expected a list of pairs, each with first, second and times", name))
        return found
    pairs = []
    for number, row in enumerate(rows, start=1):
        cells = (
            [str(row.get(key, "")) for key in ("first", "second", "times")] if isinstance(row, Mapping) else [str(row)]
        )
        pair = pair_of(cells)
        if isinstance(pair, str):
            found.problems.append(Problem("unread", f"pair {number}: {pair}", name))
        else:
            pairs.append(pair)
    _grouped(found, pairs)
    return found


def pair_of(cells: Sequence[str]) -> Pair | str:
    """One judgement from three texts, or what is wrong with them."""
    if len(cells) < 3 or not all(cells[:3]):  # noqa: PLR2004 - first, second, times
        return f"expected first, second and times, found '{', '.join(cells)[:60]}'"
    number = ratio(cells[2])
    if number is None or not 1 / MOST_TIMES - 1e-9 <= number <= MOST_TIMES:
        return f"expected a number from 1/{MOST_TIMES} to {MOST_TIMES}, found '{cells[2][:40]}'"
    try:
        return Pair(first=cells[0], second=cells[1], times=_plain(number))
    except ValueError:
        return f"'{cells[0][:64]}' and '{cells[1][:64]}' must be ids of families or criteria"


def _grouped(found: Returned, pairs: Sequence[Pair]) -> None:
    """The pairs as one group, still without a name: whose they are is for the caller to say."""
    if found.problems:
        return
    if not pairs:
        found.problems.append(Problem("unread", "there is no judgement in the file", found.file))
        return
    try:
        found.judged[""] = Judged(pairs=tuple(pairs))
    except ValueError as error:
        message = "a pair is judged twice" if "twice" in str(error) else "something is judged against itself"
        found.problems.append(Problem("unread", message, found.file))


def _dialect(text: str) -> type[csv.Dialect]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return _Semicolons if first.count(";") > first.count(",") else csv.excel


class _Semicolons(csv.excel):
    delimiter = ";"
