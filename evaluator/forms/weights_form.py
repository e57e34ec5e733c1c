"""The workbook in which one stakeholder weighs: swings, or pairs, one sheet for one role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Literal

from evaluator.forms.form_layout import TITLE, FormColumn, FormSheet, Range, Section, brief, guide
from evaluator.forms.form_writer import FormWriter
from evaluator.model.catalogue import Catalogue
from evaluator.model.elicitation import FAMILIES, Group, Stakeholder
from evaluator.xlsx.reader import address
from evaluator.xlsx.writer import area

Kind = Literal["swing", "pairwise"]
MARK = "#weights"
KEY = "group"
MOST_TIMES = 9
SWINGS = (
    *map(FormColumn, (KEY, "item")),
    FormColumn("name", "What is weighed", 44),
    FormColumn("worst", "At its worst", 40),
    FormColumn("best", "At its best", 40),
    FormColumn("points", "Swing, 0 to 100", 10),
    FormColumn("share", "Share in its group", 10),
)
PAIRS = (
    *map(FormColumn, (KEY, "item", "second_item")),
    FormColumn("name", "First", 44),
    FormColumn("second_name", "Second", 44),
    FormColumn("more", "Which matters more: first, second, equal", 16),
    FormColumn("times", "How many times, 1 to 9", 12),
)
_TITLES = 4


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
    book, sheet = _begun(ballot, "swing", SWINGS, _swing_sections(ballot))
    row = sheet.first
    places: list[Range] = []
    for group in ballot.groups:
        sheet.band(row, ballot.heading(group))
        row += 1
        place = (row, sheet.at["points"], row + len(group.items) - 1, sheet.at["points"])
        places.append(place)
        judged = ballot.stakeholder.group(group.id) if ballot.stakeholder else None
        points = (judged.points if judged else None) or {}
        total = sum(float(points.get(item, 0)) for item in group.items)
        whole = f"SUM({area(*place)})"
        for item in group.items:
            worst, best = _ends(ballot, group, item)
            name = ballot.title(item)
            sheet.put(row, "soft", group=group.id, item=item)
            sheet.put(row, "cell", name=name)
            sheet.put(row, "note", worst=worst, best=best)
            sheet.page.put(row, sheet.at["points"], points.get(item), "pick", num_format="General")
            share = float(points.get(item, 0)) / total if total else ""
            formula = f'=IF({whole}>0,{address(row, sheet.at["points"])}/{whole},"")'
            sheet.page.formula(row, sheet.at["share"], formula, share, "level", num_format="0.0%")
            sheet.page.sheet.set_row(row, max(24, sheet.height(name=name, worst=worst, best=best)))
            row += 1
    message = "A number from 0 to 100; the largest swing of the group is 100."
    _numbers(sheet, places, (0, 100), "Swing", message)
    sheet.end(row - 1, f"Weights by {ballot.role}")
    return book.finish()


def pairwise_book(ballot: Ballot) -> bytes:
    """A workbook that asks for every pair of every group of ``ballot``."""
    book, sheet = _begun(ballot, "pairwise", PAIRS, _pair_sections(ballot))
    row = sheet.first
    ranges: list[tuple[int, int]] = []
    for group in ballot.groups:
        sheet.band(row, ballot.heading(group))
        row += 1
        start, known = row, _judged(ballot, group)
        for one, two in combinations(group.items, 2):
            judged = known.get((one, two))
            times = None if judged is None else max(judged, 1 / judged)
            names = ballot.title(one), ballot.title(two)
            sheet.put(row, "soft", group=group.id, item=one, second_item=two)
            sheet.put(row, "cell", name=names[0], second_name=names[1])
            sheet.put(row, "word", more=_which(judged))
            sheet.page.put(row, sheet.at["times"], times, "pick", num_format="General")
            sheet.page.sheet.set_row(row, max(20, sheet.height(name=names[0], second_name=names[1])))
            row += 1
        ranges.append((start, row - 1))
    more, times_at = sheet.at["more"], sheet.at["times"]
    which = {"validate": "list", "source": ["first", "second", "equal"]}
    sheet.page.choice([(first, more, last, more) for first, last in ranges], which)
    places = [(first, times_at, last, times_at) for first, last in ranges]
    message = "A number from 1 (equal) to 9 (extremely more)."
    _numbers(sheet, places, (1, MOST_TIMES), "How many times", message)
    sheet.end(row - 1, f"Weights by {ballot.role}")
    return book.finish()


def _begun(
    ballot: Ballot, kind: Kind, columns: Sequence[FormColumn], sections: Iterable[Section]
) -> tuple[FormWriter, FormSheet]:
    """A workbook with its guide, and the sheet to be filled in, begun."""
    book = FormWriter(ballot.day)
    guide(book, f"Weights by {ballot.role}", sections)
    sheet = FormSheet(book, "Weights", columns, _TITLES)
    sheet.begin(f"{MARK} {kind} {ballot.role}", f"Weights by {ballot.role}")
    line = "Yellow cells only. The largest swing of every group is 100." if kind == "swing" else "Yellow cells only."
    sheet.page.put(TITLE + 1, sheet.left, f"{ballot.organisation}. {line}", "quiet", text_wrap=False)
    return book, sheet


def _numbers(sheet: FormSheet, places: Sequence[Range], bounds: tuple[int, int], title: str, message: str) -> None:
    """Let cells take numbers within ``bounds``."""
    rule = {"validate": "decimal", "criteria": "between", "minimum": bounds[0], "maximum": bounds[1]}
    sheet.page.choice(places, {**rule, "error_title": title, "error_message": message})


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


def _swing_sections(ballot: Ballot) -> Iterator[tuple[str, list[str]]]:
    yield (
        "What to do",
        [
            f"The sheet Weights asks {ballot.role} of {ballot.organisation} how much each thing counts. Answer for your role alone.",
            "Take one group at a time, the families first. Imagine everything in the group at its worst.",
            "Which one would you lift to its best first? Give it 100. The step counts, not the name: if worst and best lie close together, the step is small.",
            "Give every other one how much its step counts beside that: 50 is half as much, 0 nothing at all. Two may have the same figure.",
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
