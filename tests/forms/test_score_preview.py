"""The live part of a scorecard form: its formulas, and the figures that they give at export."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from builders import AS_OF, answer, build, contents, evidence, freeze

from evaluator.forms.score_preview import CARRY, FamilyBlock, Figures, absolute, array, figures, lacking
from evaluator.forms.scorecard_columns import AT
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.scorecard import Answer

CONTENT = contents(criteria=2, vendors=0)
CONTENT["criteria/f-1.yaml"]["criteria"][0] |= {
    "levels": {1: "a", 2: "b", 3: "c"}, "values": (0.25, 0.5, 0.75), "fresh_months": 6,
}  # fmt: skip
CONTENT["criteria/catalogue.yaml"]["scale"] = {"min": 0, "max": 4}
CATALOGUE = build(CONTENT).catalogue
PLAIN = CATALOGUE.criteria["c-2"]
OWN = CATALOGUE.criteria["c-1"]
BLOCK = FamilyBlock(OWN, 7, 9, AT)


def given_answer(level: int | str, **changes: Any) -> Answer:
    return Answer.model_validate(freeze(answer(level, **changes)))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (None, Figures(None, 0, 0, 0.75, answered=False, evidence_status=EvidenceStatus.UNKNOWN)),
        (given_answer("unknown"), Figures(None, 0, 0, 0.75, answered=True)),
        (given_answer(4), Figures(None, 0, 0, 0.75, answered=True)),
        (given_answer(3), Figures(3, 0.75, 0.75, 0.75, answered=True, evidence_status=EvidenceStatus.SUPPORTED)),
        (
            given_answer(1, evidence=[]),
            Figures(1, 0.25, 0, 0.25, answered=True, evidence_status=EvidenceStatus.UNSUPPORTED),
        ),
        (
            given_answer(2, evidence=[evidence(date="2026-05-23")]),
            Figures(2, 0.5, 0, 0.5, answered=True, evidence_status=EvidenceStatus.STALE),
        ),
        (
            given_answer(2, evidence=[evidence(date="2026-05-24")]),
            Figures(2, 0.5, 0.5, 0.5, answered=True, evidence_status=EvidenceStatus.SUPPORTED),
        ),
    ],
)
def test_what_an_answer_is_worth(found: Answer | None, expected: Figures) -> None:
    assert figures(found, OWN, CATALOGUE, AS_OF) == expected


def test_figures_of_nothing() -> None:
    assert Figures() == Figures(None, 0.0, 0.0, 0.0, answered=False, evidence_status=EvidenceStatus.UNKNOWN)


def test_level_0_is_a_level() -> None:
    assert figures(given_answer(0), PLAIN, CATALOGUE, AS_OF) == Figures(
        0, 0, 0, 0, answered=True, evidence_status=EvidenceStatus.SUPPORTED
    )


def test_references_do_not_move() -> None:
    assert absolute(6, 2) == "$C$7"
    assert (BLOCK.at("about"), BLOCK.at("level"), BLOCK.at("level", 9), BLOCK.at("level", 0)) == (
        "$C$8", "$F$8", "$F$10", "$F$1",
    )  # fmt: skip
    assert BLOCK.over("carry") == "$V$8:$V$10"
    assert array([0, 0.5, "A"]) == '{0,0.5,"A"}'
    assert array([]) == "{}"


def test_the_formulas_of_one_criterion() -> None:
    # level F8, rationale G8, confidence I8; helpers: number T8, value U8, carry V8:V10
    assert BLOCK.number() == '=IF(ISNUMBER($F$8),$F$8,IFERROR(VALUE(TRIM($F$8)),""))'
    assert BLOCK.value() == '=IF($T$8="",0,IFERROR(INDEX({0.25,0.5,0.75},$T$8-(1)+1),0))'
    assert BLOCK.low() == "=IF(MAX($V$8:$V$10)=3,$U$8,0)"
    assert BLOCK.high() == '=IF($T$8="",0.75,$U$8)'
    assert BLOCK.answered() == '=IFERROR(IF(TRIM($F$8)="",0,1),1)'
    assert BLOCK.to_do() == (
        '=IFERROR(IF(TRIM($F$8)="",IF($G$8&$I$8="","to be answered","no level"),'
        'IF(IF($T$8<>"",ISNA(MATCH($T$8,{1,2,3},0)),LOWER(TRIM($F$8))<>"unknown"),"not a level, and not unknown",'
        'IF($G$8="","no reason given",'
        'IF(MIN($V$8:$V$10)<0,"an evidence row is not complete, or its date is only text",'
        'IF(AND($T$8<>"",$I$8=""),"no confidence given",'
        'IF(AND($T$8<>"",MAX($V$8:$V$10)=0),"no evidence",'
        'IF(AND($T$8<>"",MAX($V$8:$V$10)=1),"the evidence cannot carry this level",'
        'IF(AND($T$8<>"",MAX($V$8:$V$10)=2),"the evidence is stale","")))))))),"a cell holds an error")'
    )


def test_the_formula_of_one_row_of_evidence() -> None:
    # source J9, date K9, captured L9, grade M9, note Q9; A to C carry all levels, which end at 3, D two, E one
    assert BLOCK.carry(8, CATALOGUE, "$E$1") == (
        '=IFERROR(IF($J$9&$K$9&$L$9&$M$9&$Q$9="",0,'
        'IF(OR($J$9="",IF($K$9<>"",$K$9,$L$9)=""),-1,'
        'IF(INDEX({3,3,3,2,1},MATCH(TRIM($M$9),{"A","B","C","D","E"},0))<$T$8,1,'
        'IF(EDATE(IF($K$9<>"",$K$9,$L$9),6)<$E$1,2,3)))),-1)'
    )
    assert CARRY == {"none": 0, "incomplete": -1, "weak": 1, "stale": 2, "firm": 3}


@pytest.mark.parametrize(
    ("level", "items", "words"),
    [
        ("unknown", [], ""),
        (2, [], "no evidence"),
        (3, [evidence(grade="E")], "the evidence cannot carry this level"),
        (2, [evidence(date="2025-01-01")], "the evidence is stale"),
        (2, [evidence()], ""),
    ],
)
def test_what_a_complete_answer_lacks(level: int | str, items: list[dict[str, Any]], words: str) -> None:
    found = given_answer(level, evidence=items)
    assert lacking(found, figures(found, PLAIN, CATALOGUE, date(2026, 11, 24))) == words


def test_what_an_empty_answer_lacks() -> None:
    assert lacking(None, Figures()) == "to be answered"
