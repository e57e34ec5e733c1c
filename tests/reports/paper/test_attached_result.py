"""The result inside a PDF is enough to do the evaluation again: its inputs, scored anew, give every figure of the paper.

The inputs are written out as the files of a workspace, read and checked like any other, and evaluated
through the public interface; the second implementation of the figures, ``oracle``, gets the same inputs.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import oracle
import paper_cases as cases
import pytest
from builders import Content
from paper_attachment import again, inputs
from paper_figures import pts
from paper_reading import Reading
from pypdf import PdfReader
from tagged_pdf import Block, Tagged

from evaluator import api
from evaluator.api.papers import review_papers
from evaluator.model.evaluated import Evaluated

Paper = tuple[list[Block], dict[str, Any]]

CASES: dict[str, Callable[[], Content]] = {
    "everyday": cases.everyday,
    "final": cases.final,
    "no gate passed": cases.no_gate_passed,
    "no use case": cases.no_use_case,
    "hostile": cases.hostile,
}


def paper_of(result: Evaluated, folder: Path) -> Paper:
    """What the PDF on ``result`` says, and the result that it carries."""
    reader = PdfReader(api.recommend(result, folder / "paper.pdf"))
    return Tagged(reader).blocks, json.loads(reader.attachments["result.json"][0])


@pytest.mark.parametrize("name", CASES)
def test_the_attached_result_scored_again_gives_the_paper(name: str, tmp_path: Path) -> None:
    blocks, data = paper_of(api.with_sensitivity(cases.result_of(CASES[name]())), tmp_path)
    scored = again(data, tmp_path / "workspace")
    assert scored["digest"] == data["digest"]
    assert {**scored, "version": ""} == {**data, "version": ""}
    if name != "hostile":
        assert Reading({**scored, "version": data["version"]}, blocks).unfounded() == []


def test_a_changed_answer_in_the_attachment_does_not_give_the_paper(tmp_path: Path) -> None:
    blocks, data = paper_of(cases.result_of(cases.final()), tmp_path)
    answer = data["workspace"]["vendors"]["v-2"]["scorecards"][0]["answers"]["c-1"]
    answer["level"] = 4 if answer["level"] != 4 else 3
    scored = again(data, tmp_path / "workspace")
    assert scored["digest"] != data["digest"]
    assert len(Reading(scored, blocks).unfounded()) > 3


def test_the_second_implementation_gives_the_paper(tmp_path: Path) -> None:
    blocks, data = paper_of(cases.result_of(cases.final()), tmp_path)
    content = inputs(data)
    as_of = date.fromisoformat(data["as_of"])
    scores = oracle.scores(content, as_of)
    names = {data["workspace"]["vendors"][key]["profile"]["name"]: key for key in scores}
    ranks = oracle.ranks(scores)
    seen = 0
    for block in blocks:
        if block.caption.startswith("All options in order"):
            row = scores[next((key for name, key in names.items() if block.row.startswith(name)), "v-1")]
            key = next((key for name, key in names.items() if block.row.startswith(name)), "")
            if block.column == "Score":
                low, high = pts(float(row["low"])), pts(float(row["high"]))
                assert block.text == f"{pts(float(row['score']))} {low} to {high}"
                seen += 1
            elif block.column == "Rank":
                assert block.text == str(ranks[key])
                seen += 1
        elif block.caption.startswith("The best stack of every size") and block.column == "Value":
            tools = {key for name, key in names.items() if name in block.row}
            value, best = oracle.best_stacks(content, as_of, len(tools))[0]
            assert pts(float(value)) == block.text
            assert set(best) == tools or value == stack_value(content, as_of, tools)
            seen += 1
    assert seen == 2 * len(scores) + len(data["stacks"]["sizes"])


def stack_value(content: Content, as_of: date, tools: set[str]) -> Fraction:
    """The value of one stack, by the second implementation."""
    return next(value for value, found in oracle.best_stacks(content, as_of, len(tools)) if set(found) == tools)


def test_an_issued_review_carries_its_result_and_its_workbook(tmp_path: Path) -> None:
    result = cases.result_of(cases.final())
    issued = PdfReader(BytesIO(review_papers(tmp_path, lambda _: None)(result)["recommendation.pdf"]))
    assert list(issued.attachments) == ["comparison.xlsx", "result.json"]
    assert json.loads(issued.attachments["result.json"][0])["digest"] == result.digest
