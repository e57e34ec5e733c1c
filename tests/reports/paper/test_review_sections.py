"""The appendix on changes as pages: its tables hang together where a page can hold them."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from builders import EVALUATION, build
from pypdf import PdfReader
from review_builders import a_year_later, answers_of, final_contents

from evaluator.change.review_differences import ComparedReview, change
from evaluator.evaluation.evaluate import evaluate
from evaluator.reports.paper.papers import recommendation_pdf
from evaluator.workspace.shipped import shipped_root


@pytest.mark.parametrize("lines", [1, 25, 45])
def test_the_bridge_stays_on_one_page_with_its_legend(lines: int) -> None:
    old = final_contents(vendors=20, criteria=4, use_cases=1)
    new = a_year_later(old)
    new[EVALUATION]["assumptions"] = [f"Assumption {number}." for number in range(lines)]
    for vendor in ("v-3", "v-20"):
        answers_of(new, vendor)["c-1"]["level"] = 0
    results = [evaluate(workspace, workspace.evaluation.as_of, version="1") for workspace in map(build, (old, new))]
    found = change(ComparedReview("2026", results[0], "1"), ComparedReview("2027", results[1], "1"))
    paper = recommendation_pdf(replace(results[1], changes=found), assets=[shipped_root() / "reports"])
    texts = [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(paper)).pages]
    (page,) = [text for text in texts if "Score of each option then and now" in text]
    table = page.split("Score of each option then and now")[1].split("Hollow: then; filled: now.")
    assert len(table) == 2
    for option in found.options:
        assert option.name in table[0]
    (moved,) = [text for text in texts if "What changed each score" in text]
    assert sum(f" {option.name} " in moved.split("What changed each score")[1] for option in found.options) == 20
