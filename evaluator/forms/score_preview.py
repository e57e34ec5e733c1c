"""The live part of a scorecard form: formulas that count, value and check the answers beside them.

They use functions that Excel 2007 knows, and inside SUMPRODUCT only ranges, arithmetic and comparisons,
because one of the engines the workbook was tried on computes anything else there wrongly without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum
from typing import Literal

from evaluator.forms.export_order import ExportOrder, Setting
from evaluator.forms.form_layout import FIRST, TITLE, FormSheet, table_page
from evaluator.forms.form_writer import Page
from evaluator.model.catalogue import Catalogue, Criterion
from evaluator.model.evidence_status import EvidenceStatus, evidence_status
from evaluator.model.scorecard import Answer
from evaluator.scoring.score import earned
from evaluator.xlsx.writer import area, cell

CARRY = {"none": 0, "incomplete": -1, "weak": 1, "stale": 2, "supported": 3}
"""What the helper column says of one row of evidence."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one answer earns, as shares of the criterion's full weight, and the status of its evidence."""

    number: int | None = None
    value: float = 0.0
    low: float = 0.0
    high: float = 0.0
    answered: bool = False
    evidence_status: EvidenceStatus = EvidenceStatus.UNKNOWN

    @property
    def known(self) -> bool:
        """Whether there is a level."""
        return self.number is not None


def figures(answer: Answer | None, criterion: Criterion, catalogue: Catalogue, as_of: date) -> Figures:
    """The figures of an answer as they are at export; the formulas give the same."""
    if answer is None or not isinstance(answer.level, int) or answer.level not in criterion.levels:
        return Figures(high=criterion.best_value, answered=answer is not None)
    state = evidence_status(answer, criterion, catalogue, as_of)
    shares = earned(criterion, answer.level, state)
    return Figures(answer.level, *shares, answered=True, evidence_status=state)


def array(values: Sequence[object]) -> str:
    """An array constant."""
    return "{" + ",".join(f'"{value}"' if isinstance(value, str) else repr(value) for value in values) + "}"


@dataclass(frozen=True, slots=True)
class CriterionBlock:
    """Where the cells of one criterion stand: its rows, and its columns by key."""

    criterion: Criterion
    first: int
    last: int
    columns: dict[str, int]

    def at(self, key: str, row: int | None = None) -> str:
        """The address of the first cell under a key, or of the one in ``row``; it does not move."""
        return cell(self.first if row is None else row, self.columns[key])

    def over(self, key: str) -> str:
        """All rows of a column."""
        return area(self.first, self.columns[key], self.last, self.columns[key])

    def number(self) -> str:
        """The level as a number; empty for unknown, for nothing, and for a word."""
        level = self.at("level")
        return f'=IF(ISNUMBER({level}),{level},IFERROR(VALUE(TRIM({level})),""))'

    def value(self) -> str:
        """The value of the level, 0 where there is none."""
        number = self.at("number")
        values = array([self.criterion.value(level) for level in sorted(self.criterion.levels)])
        return f'=IF({number}="",0,IFERROR(INDEX({values},{number}-({self.criterion.min_level})+1),0))'

    def low(self) -> str:
        """The value where fresh evidence of a sufficient grade carries the level."""
        return f"=IF(MAX({self.over('carry')})={CARRY['supported']},{self.at('value')},0)"

    def high(self) -> str:
        """The value, or the best one where the answer is unknown."""
        return f'=IF({self.at("number")}="",{self.criterion.best_value!r},{self.at("value")})'

    def answered(self) -> str:
        """1 where there is an answer, unknown included."""
        return f'=IFERROR(IF(TRIM({self.at("level")})="",0,1),1)'

    def carry(self, row: int, catalogue: Catalogue, as_of: str) -> str:
        """What one row of evidence can carry, as a number of :data:`CARRY`."""
        source, grade = self.at("source", row), self.at("grade", row)
        day, captured, note = self.at("date", row), self.at("captured", row), self.at("note", row)
        kind, valid_until = self.at("kind", row), self.at("valid_until", row)
        grades = list(catalogue.grades)
        caps = array([catalogue.cap(each, self.criterion) for each in grades])
        place = f"MATCH(TRIM({grade}),{array(grades)},0)"
        # A fixed address that went out is a document whatever its kind says; one typed since is judged by the import.
        living = f"{self.at('fixed', row)}<>{source}"
        page = f'AND(TRIM({kind})="page",{living},{captured}<>"")'
        stands = f'IF({page},{captured},IF({day}<>"",{day},{captured}))'
        fresh = f"EDATE({stands},{self.criterion.fresh_months})"
        until = f'IF(AND(TRIM({kind})="certificate",{living},{valid_until}<>""),{valid_until},{fresh})'
        return (
            f'=IFERROR(IF({source}&{day}&{captured}&{grade}&{note}&{kind}&{valid_until}="",0,'
            f'IF(OR({source}="",{stands}=""),-1,'
            f"IF(INDEX({caps},{place})<{self.at('number')},1,"
            f"IF({until}<{as_of},2,3)))),-1)"
        )

    def to_do(self) -> str:
        """What the answer still lacks, in words; the first thing only."""
        level, carry, number = self.at("level"), self.over("carry"), self.at("number")
        known = f'{number}<>""'
        levels = array(sorted(self.criterion.levels))
        return (
            f'=IFERROR(IF(TRIM({level})="",IF({self.at("rationale")}&{self.at("confidence")}="","to be answered","no level"),'
            f'IF(IF({known},ISNA(MATCH({number},{levels},0)),LOWER(TRIM({level}))<>"unknown"),"not a level, and not unknown",'
            f'IF({self.at("rationale")}="","no reason given",'
            f'IF(MIN({carry})<0,"an evidence row is not complete, or its date is only text",'
            f'IF(AND({known},{self.at("confidence")}=""),"no confidence given",'
            f'IF(AND({known},MAX({carry})=0),"no evidence",'
            f'IF(AND({known},MAX({carry})=1),"the evidence cannot carry this level",'
            f'IF(AND({known},MAX({carry})=2),"the evidence is stale","")))))))),"a cell holds an error")'
        )


def lacking(answer: Answer | None, found: Figures) -> str:
    """What :meth:`CriterionBlock.to_do` shows for a complete answer."""
    if answer is None:
        return "to be answered"
    words = {
        EvidenceStatus.UNSUPPORTED: "no evidence",
        EvidenceStatus.OVER_CAP: "the evidence cannot carry this level",
        EvidenceStatus.STALE: "the evidence is stale",
    }
    return words.get(found.evidence_status, "")


_PREVIEWS: tuple[tuple[Literal["value", "low", "high"], str, str], ...] = (
    ("value", "missing", '"score "0.0" of 100"'),
    ("low", "source", '"low "0.0" (supported by fresh evidence)"'),
    ("high", "earlier", '"high "0.0" (unknowns at best)"'),
)
"""Column of the helper, column of the title row it is shown in, number format."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Where the live figures of a sheet stand, with their present values."""

    page: str
    """The sheet's name."""
    total: int
    """How many criteria in scope the sheet asks."""
    cells: dict[str, tuple[str, float]]
    """answered, value, low, high, coverage -> reference or formula, and present value."""
    families: dict[str, tuple[str, int, int]]
    """Family -> formula that counts its answers, the present count, and how many there are."""


def draw_totals(
    sheet: FormSheet,
    setting: Setting,
    order: ExportOrder,
    present: Mapping[str, Figures],
    families: Iterable[str],
    last: int,
) -> Totals:
    """Write the figures of a sheet whose criteria stand down to the row ``last``.

    Args:
        sheet: the sheet.
        setting: catalogue, weights and date.
        order: whose answers; those that the sheet does not ask for count as they are.
        present: criteria in scope that the sheet asks for, with what their answers earn now.
        families: the families that the sheet has.
        last: the last row.
    """
    page, at, weights = sheet.page, sheet.at, setting.weights
    absent = _not_asked(setting, order, present)
    over = {key: area(FIRST, column, last, column) for key, column in at.items()}
    cells: dict[str, tuple[str, float]] = {}

    def live(name: str, column: str, formula: str, value: float, shape: str) -> None:
        page.formula(TITLE, at[column], formula, value, "figure", num_format=shape)
        cells[name] = cell(TITLE, at[column]), value

    count = fsum(found.answered for found in present.values())
    live("answered", "rationale", f"=SUM({over['answered']})", count, f'"answered "0" of {len(present)}"')
    for key, column, shape in _PREVIEWS:
        beside = _weighted(weights, absent, key)
        page.put(0, at[key], beside, "plain")
        if weights:
            formula = f"=100*({cell(0, at[key])}+SUMPRODUCT({over['weight']},{over[key]}))"
            live(key, column, formula, 100 * (beside + _weighted(weights, present, key)), shape)
    beside = _weighted(weights, absent, "known")
    page.put(0, at["number"], beside, "plain")
    formula = f'{cell(0, at["number"])}+SUMPRODUCT({over["weight"]},({over["number"]}<>"")*1)'
    cells["coverage"] = formula, beside + _weighted(weights, present, "known")
    counts = {}
    for family in families:
        group = [found.answered for key, found in present.items() if setting.catalogue.family_of[key] == family]
        if group:
            formula = f'SUMIF({over["family"]},"{family}",{over["answered"]})'
            counts[family] = formula, sum(group), len(group)
    return Totals(page.name, len(present), cells, counts)


def _not_asked(setting: Setting, order: ExportOrder, present: Mapping[str, Figures]) -> dict[str, Figures]:
    """What the answers earn to criteria that have a weight and that the sheet does not ask for."""
    answers, catalogue = order.card.answers if order.card else {}, setting.catalogue
    return {
        key: figures(answers.get(key), catalogue.criteria[key], catalogue, setting.as_of)
        for key in setting.weights
        if key not in present
    }


def _weighted(
    weights: Mapping[str, float], group: Mapping[str, Figures], key: Literal["value", "low", "high", "known"]
) -> float:
    """The sum of weight times one figure over a group of criteria; a criterion without a weight counts nothing."""
    return fsum(weights.get(name, 0.0) * getattr(found, key) for name, found in group.items())


_PROGRESS = (
    ("answered", "Answered", '0" of {total}"'),
    ("value", "Score", "0.0"),
    ("low", "Low", "0.0"),
    ("high", "High", "0.0"),
    ("coverage", "Coverage", "0%"),
)
"""The live figure, its title and its number format."""
_COUNTED = "Answered counts unknown as an answer."
_SCORED = (
    " Score: unknown earns nothing. Low: unsupported and stale answers count as unknown too. High: every unknown at its best."
    " Coverage: share of the weight that is answered with a level."
)


def progress(page: Page, setting: Setting, sheets: Sequence[tuple[str, Totals]]) -> None:
    """How far every vendor's sheet is, by family, and the score preview; all live.

    Args:
        page: the empty sheet.
        setting: catalogue and weights.
        sheets: name and totals of every vendor's sheet.
    """
    head = setting.catalogue.head
    families = [family for family in head.families if any(family.id in one.families for _, one in sheets)]
    figures_shown = _PROGRESS if setting.weights else _PROGRESS[:1]
    titles = ["Vendor", *(title for _, title, _ in figures_shown), *(family.title for family in families)]
    table_page(page, "Progress", _COUNTED + (_SCORED if setting.weights else ""), titles, (30, 12))
    page.sheet.set_row(3, 52)
    page.sheet.freeze_panes(4, 1)
    for row, (name, totals) in enumerate(sheets, start=4):
        page.put(row, 0, name, "cell")
        sheet = "'" + totals.page.replace("'", "''") + "'!"
        shown = [(*totals.cells[key], shape.format(total=totals.total)) for key, _, shape in figures_shown]
        counted = [totals.families.get(family.id) for family in families]
        live = [*shown, *((found[0], found[1], f'0" of {found[2]}"') if found else None for found in counted)]
        for column, figure in enumerate(live, start=1):
            if figure is None:
                page.put(row, column, "–", "note")
            else:
                formula, value, shape = figure
                page.formula(row, column, "=" + _on(sheet, formula), value, "cell", num_format=shape)


def _on(sheet: str, formula: str) -> str:
    """``formula`` with its references led to another sheet."""
    return re.sub(r"(?<![A-Z$!])(\$[A-Z]+\$\d+(?::\$[A-Z]+\$\d+)?)", lambda found: sheet + found[1], formula)
