"""The live part of a scorecard form: formulas that count, value and check the answers beside them.

They use functions that Excel 2007 knows, and inside SUMPRODUCT only ranges, arithmetic and comparisons,
because one of the engines the workbook was tried on computes anything else there wrongly without a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from evaluator.model.catalogue import Catalogue, Criterion
from evaluator.model.evidence_status import EvidenceStatus, evidence_status
from evaluator.model.scorecard import Answer
from evaluator.scoring.score import earned
from evaluator.xlsx.reader import letters_of

CARRY = {"none": 0, "incomplete": -1, "weak": 1, "stale": 2, "firm": 3}
"""What the helper column says of one row of evidence."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one answer is worth: shares of the criterion's full weight, and how it stands."""

    number: int | None = None
    value: float = 0.0
    low: float = 0.0
    high: float = 0.0
    answered: bool = False
    evidence_status: EvidenceStatus = EvidenceStatus.UNKNOWN


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
class FamilyBlock:
    """Where the cells of one criterion stand: its rows, and its columns by key."""

    criterion: Criterion
    first: int
    last: int
    columns: dict[str, int]

    def at(self, key: str, row: int | None = None) -> str:
        """A reference that does not move."""
        return absolute(self.first if row is None else row, self.columns[key])

    def over(self, key: str) -> str:
        """All rows of a column."""
        return f"{self.at(key)}:{self.at(key, self.last)}"

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
        return f"=IF(MAX({self.over('carry')})={CARRY['firm']},{self.at('value')},0)"

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
        grades = list(catalogue.grades)
        caps = array([catalogue.cap(each, self.criterion) for each in grades])
        place = f"MATCH(TRIM({grade}),{array(grades)},0)"
        stands = f'IF({day}<>"",{day},{captured})'
        return (
            f'=IFERROR(IF({source}&{day}&{captured}&{grade}&{note}="",0,'
            f'IF(OR({source}="",{stands}=""),-1,'
            f"IF(INDEX({caps},{place})<{self.at('number')},1,"
            f"IF(EDATE({stands},{self.criterion.fresh_months})<{as_of},2,3)))),-1)"
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
    """What :meth:`Block.to_do` shows for a complete answer."""
    if answer is None:
        return "to be answered"
    words = {
        EvidenceStatus.UNSUPPORTED: "no evidence",
        EvidenceStatus.OVER_CAP: "the evidence cannot carry this level",
        EvidenceStatus.STALE: "the evidence is stale",
    }
    return words.get(found.evidence_status, "")


def absolute(row: int, column: int) -> str:
    """``$C$7`` for (6, 2)."""
    return f"${letters_of(column)}${row + 1}"
