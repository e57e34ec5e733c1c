"""The workbook in which one stakeholder weighs: swings, or pairs, one sheet for one role."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Literal

from evaluator.forms.form_layout import FormColumn, brief, guide, header_row, height, letters, page_setup
from evaluator.forms.form_writer import FormWriter, Page
from evaluator.model.catalogue import Catalogue
from evaluator.model.elicitation import FAMILIES, Group, Stakeholder
from evaluator.xlsx.reader import address, letters_of

Kind = Literal["swing", "pairwise"]
MARK = "#weights"
KEY = "group"
MOST_TIMES = 9
SWINGS = (
    FormColumn(KEY, "", 8, hidden=True),
    FormColumn("item", "", 8, hidden=True),
    FormColumn("name", "What is weighed", 44),
    FormColumn("worst", "At its worst", 40),
    FormColumn("best", "At its best", 40),
    FormColumn("points", "Swing, 0 to 100", 10),
    FormColumn("share", "Share in its group", 10),
)
PAIRS = (
    FormColumn(KEY, "", 8, hidden=True),
    FormColumn("item", "", 8, hidden=True),
    FormColumn("second_item", "", 8, hidden=True),
    FormColumn("name", "First", 44),
    FormColumn("second_name", "Second", 44),
    FormColumn("more", "Which matters more: first, second, equal", 16),
    FormColumn("times", "How many times, 1 to 9", 12),
)
_WIDTHS = {column.key: column.width for column in (*SWINGS, *PAIRS)}
_TITLE, _LINE, _TITLES, _KEYS, _FIRST = 1, 2, 4, 5, 6


@dataclass(frozen=True, slots=True)
class Ballot:
    """What a workbook asks, and of whom."""

    catalogue: Catalogue
    organisation: str
    role: str
    groups: tuple[Group, ...]
    stakeholder: Stakeholder | None
    """What was said so far; it stands in the cells."""
    day: date

    def title(self, item: str) -> str:
        """The name of a family or a criterion."""
        titles = {family.id: family.title for family in self.catalogue.head.families}
        return titles[item] if item in titles else self.catalogue.criteria[item].title

    def heading(self, group: Group) -> str:
        """The name of a group."""
        return "Families" if group.id == FAMILIES else f"Inside {self.title(group.id)}"


def swing_book(ballot: Ballot) -> bytes:
    """A workbook that asks for swings in every group."""
    book = FormWriter(ballot.day)
    guide(book, f"Weights by {ballot.role}", list(_swing_sections(ballot)))
    page = _sheet(book, ballot, "swing", SWINGS)
    at, row = letters(SWINGS), _FIRST
    cells: list[tuple[int, int, int, int]] = []
    for group in ballot.groups:
        row = _band(page, row, at["name"], len(SWINGS), ballot.heading(group))
        first, last = row, row + len(group.items) - 1
        judged = ballot.stakeholder.group(group.id) if ballot.stakeholder else None
        points = (judged.points if judged else None) or {}
        total = sum(float(points.get(item, 0)) for item in group.items)
        column = letters_of(at["points"])
        whole = f"SUM(${column}${first + 1}:${column}${last + 1})"
        for item in group.items:
            worst, best = _ends(ballot, group, item)
            page.put(row, at[KEY], group.id, "soft")
            page.put(row, at["item"], item, "soft")
            texts = {"name": ballot.title(item), "worst": worst, "best": best}
            page.put(row, at["name"], texts["name"], "cell")
            page.put(row, at["worst"], worst, "note")
            page.put(row, at["best"], best, "note")
            page.put(row, at["points"], points.get(item), "pick", num_format="General")
            share = float(points.get(item, 0)) / total if total else ""
            formula = f'=IF({whole}>0,{address(row, at["points"])}/{whole},"")'
            page.formula(row, at["share"], formula, share, "level", num_format="0.0%")
            page.sheet.set_row(row, max(24, *(height(text, _WIDTHS[key]) for key, text in texts.items())))
            row += 1
        cells.append((first, at["points"], last, at["points"]))
    page.choice(
        cells,
        {
            "validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100,
            "error_title": "Swing", "error_message": "A number from 0 to 100; the largest swing of the group is 100.",
        },
    )  # fmt: skip
    _finish(page, ballot, row, len(SWINGS), at["name"])
    return book.finish()


def pairwise_book(ballot: Ballot) -> bytes:
    """A workbook that asks for every pair of every group of ``ballot``."""
    book = FormWriter(ballot.day)
    guide(book, f"Weights by {ballot.role}", list(_pair_sections(ballot)))
    page = _sheet(book, ballot, "pairwise", PAIRS)
    at, row = letters(PAIRS), _FIRST
    more: list[tuple[int, int, int, int]] = []
    times: list[tuple[int, int, int, int]] = []
    for group in ballot.groups:
        row = _band(page, row, at["name"], len(PAIRS), ballot.heading(group))
        start = row
        known = _judged(ballot, group)
        for one, two in combinations(group.items, 2):
            judged = known.get((one, two))
            cells = [(KEY, group.id), ("item", one), ("second_item", two)]
            for key, value in cells:
                page.put(row, at[key], value, "soft")
            page.put(row, at["name"], ballot.title(one), "cell")
            page.put(row, at["second_name"], ballot.title(two), "cell")
            page.put(row, at["more"], _which(judged), "word")
            page.put(
                row, at["times"], None if judged is None else max(judged, 1 / judged), "pick", num_format="General"
            )
            page.sheet.set_row(row, max(20, *(height(ballot.title(item), _WIDTHS["name"]) for item in (one, two))))
            row += 1
        more.append((start, at["more"], row - 1, at["more"]))
        times.append((start, at["times"], row - 1, at["times"]))
    page.choice(more, {"validate": "list", "source": ["first", "second", "equal"]})
    page.choice(
        times,
        {
            "validate": "decimal", "criteria": "between", "minimum": 1, "maximum": MOST_TIMES,
            "error_title": "How many times", "error_message": "A number from 1 (equal) to 9 (extremely more).",
        },
    )  # fmt: skip
    _finish(page, ballot, row, len(PAIRS), at["name"])
    return book.finish()


def _judged(ballot: Ballot, group: Group) -> dict[tuple[str, str], float]:
    judged = ballot.stakeholder.group(group.id) if ballot.stakeholder else None
    found: dict[tuple[str, str], float] = {}
    for pair in (judged.pairs if judged else None) or ():
        found[pair.first, pair.second] = float(pair.times)
        found[pair.second, pair.first] = 1 / pair.times
    return found


def _which(judged: float | None) -> str | None:
    if judged is None:
        return None
    return "equal" if judged == 1 else "first" if judged > 1 else "second"


def _ends(ballot: Ballot, group: Group, item: str) -> tuple[str, str]:
    """The two ends of a swing: the lowest and the highest level of a criterion, or of all criteria of a family."""
    if group.id != FAMILIES:
        criterion = ballot.catalogue.criteria[item]
        return brief(criterion.levels[criterion.min_level]), brief(criterion.levels[criterion.max_level])
    names = "; ".join(criterion.title for criterion in ballot.catalogue.families[item])
    return "All its criteria at their worst level", f"All of them at their best: {brief(names)}"


def _sheet(book: FormWriter, ballot: Ballot, kind: Kind, columns: Sequence[FormColumn]) -> Page:
    page = book.sheet("Weights")
    page.put(0, 0, f"{MARK} {kind} {ballot.role}", "soft")
    page.sheet.set_row(0, None, None, {"hidden": True})
    name = letters(columns)["name"]
    page.put(_TITLE, name, f"Weights by {ballot.role}", "title", text_wrap=False)
    page.sheet.set_row(_TITLE, 26)
    line = "Yellow cells only. The largest swing of every group is 100." if kind == "swing" else "Yellow cells only."
    page.put(_LINE, name, f"{ballot.organisation}. {line}", "quiet", text_wrap=False)
    header_row(page, columns, _TITLES, _KEYS)
    return page


def _band(page: Page, row: int, first: int, width: int, title: str) -> int:
    for column in range(first, width):
        page.put(row, column, "", "band")
    page.put(row, first, title, "band", text_wrap=False)
    page.sheet.set_row(row, 20)
    return row + 1


def _finish(page: Page, ballot: Ballot, row: int, width: int, first: int) -> None:
    page.sheet.freeze_panes(_FIRST, 0)
    page.lock()
    page_setup(page, f"Weights by {ballot.role}", (_TITLES, _TITLES))
    page.sheet.fit_to_pages(1, 0)
    page.sheet.print_area(_TITLE, first, max(row - 1, _FIRST), width - 1)


def _swing_sections(ballot: Ballot) -> Iterator[tuple[str, list[str]]]:
    yield (
        "What to do",
        [
            f"The sheet Weights asks {ballot.role} of {ballot.organisation} how much each thing counts. Answer for your role alone.",
            "Take one group at a time, the families first. Imagine everything in the group at its worst.",
            "Which one would you lift to its best first? Give it 100. The step counts, not the name: if worst and best lie close together, the step is small.",
            "Give every other one what its step is worth beside that: 50 is half as much, 0 nothing at all. Two may have the same figure.",
            "The share follows while you type. Do not look at any vendor's score first.",
        ],
    )
    yield (
        "What is understood",
        [
            "Numbers from 0 to 100, such as 40 or 37.5. An empty cell is not answered; a group that stays empty keeps the organisation's own importance.",
            "A group is taken as a whole or not at all: fill it to its end. Save as .xlsx and send the file back.",
        ],
    )


def _pair_sections(ballot: Ballot) -> Iterator[tuple[str, list[str]]]:
    yield (
        "What to do",
        [
            f"The sheet Weights asks {ballot.role} of {ballot.organisation} to compare two things at a time. Answer for your role alone.",
            "Choose which of the two matters more, first or second, and how many times as much, from 1 to 9.",
            "1 equally, 3 moderately, 5 strongly, 7 very strongly, 9 extremely more; 2, 4, 6 and 8 lie between (the scale of Saaty).",
            "If both matter the same, choose equal and leave the number empty.",
            "The import says how far the judgements contradict each other, and names the three that do most.",
        ],
    )
