"""The section on how firm the answer is: its figures are those of the result, on everyday and odd evaluations."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from builders import Content
from paper_cases import ASSETS, EDGES, everyday, result_of

from evaluator import api
from evaluator.models.firmness import WeightLaw
from evaluator.reports.paper import recommendation_html
from evaluator.reports.words import chance


def section(page: str) -> str:
    """The text of the section, tags taken out."""
    found = re.search(r'<section>\s*<h2 id="firmness".*?</section>', page, re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found.group())).split()) if found else ""


def test_without_having_been_asked_there_is_no_section() -> None:
    assert section(recommendation_html(result_of(everyday()), assets=ASSETS)) == ""


def test_the_figures_are_those_of_the_draws() -> None:
    result = api.with_firmness(result_of(everyday()))
    assert result.firmness is not None
    text = section(recommendation_html(result, assets=ASSETS))
    around = result.firmness.robustness.scenario(WeightLaw.AROUND)
    for row in around.options:
        name = result.scores.option(row.option).name
        assert f"{name} {chance(row.first)}" in text
    assert around.stack is not None
    assert f"best of its size in {chance(around.stack.share)}" in text
    for opinion in result.firmness.opinions.opinions:
        assert ("same" if opinion.agrees else "other") in text
    assert f"seed {result.firmness.robustness.seed}" in text


@pytest.mark.parametrize("name", EDGES)
def test_odd_evaluations_render(name: str) -> None:
    case: Callable[[], Content] = EDGES[name]
    result = api.with_firmness(result_of(case()))
    page = recommendation_html(result, assets=ASSETS)
    assert bool(section(page)) is bool(result.scores.options)
    assert "<script>alert" not in page
