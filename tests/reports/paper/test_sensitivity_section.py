"""The section on how robust the answer is: its figures are those of the result, on everyday and odd evaluations."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from builders import Content, profile_of
from paper_cases import ASSETS, EDGES, all_tied, everyday, final, many, no_use_case, result_of

from evaluator import api
from evaluator.model.sensitivity import WeightDistribution
from evaluator.reports.paper.papers import recommendation_html
from evaluator.reports.words import chance


def section(page: str) -> str:
    """The text of the section, tags taken out."""
    found = re.search(r'<section>\s*<h2 id="sensitivity".*?</section>', page, re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found.group())).split()) if found else ""


def test_without_having_been_asked_there_is_no_section() -> None:
    assert section(recommendation_html(result_of(everyday()), assets=ASSETS)) == ""


def test_the_figures_are_those_of_the_simulations() -> None:
    result = api.with_sensitivity(result_of(everyday()))
    assert result.sensitivity is not None
    text = section(recommendation_html(result, assets=ASSETS))
    around = result.sensitivity.robustness.scenario(WeightDistribution.AROUND)
    for row in around.options:
        name = result.scores.option(row.option).name
        assert f"{name} {chance(row.first)}" in text
    assert around.stack is not None
    assert f"best of its size in {chance(around.stack.share)}" in text
    for opinion in result.sensitivity.methods.methods:
        assert ("same" if opinion.agrees else "other") in text
    assert f"seed {result.sensitivity.robustness.seed}" in text


@pytest.mark.parametrize("name", EDGES)
def test_odd_evaluations_render(name: str) -> None:
    case: Callable[[], Content] = EDGES[name]
    result = api.with_sensitivity(result_of(case()))
    page = recommendation_html(result, assets=ASSETS)
    assert bool(section(page)) is bool(result.scores.options)
    assert "<script>alert" not in page


def test_the_paper_shows_the_stack_in_full() -> None:
    content = everyday()
    for tool in ("v-2", "v-7"):
        content[profile_of(tool)] |= {"owner": "One <Group>", "regions": ["European Union"]}
    result = api.with_sensitivity(result_of(content))
    assert result.sensitivity is not None
    full = result.sensitivity.stack
    assert full is not None
    assert {"v-2", "v-7"} <= set(full.tools)
    page = recommendation_html(result, assets=ASSETS)
    for row in full.worth:
        assert f'<td class="n">{row.fair:.1f}</td>' in page
    plain = " ".join(re.sub(r"<[^>]*>", "", page).split())
    assert "Owner One &lt;Group&gt;: V-2 and V-7" in plain
    assert "Region European Union: V-2 and V-7" in plain
    for frontier in full.frontier:
        assert f"What value costs, in {frontier.currency}" in page
        for point in frontier.points:
            assert f"{sum(a.expected for a in point.cost.amounts if a.currency == frontier.currency):,.0f}</td>" in page


def test_of_many_that_tie_a_few_are_named_and_the_others_counted() -> None:
    page = recommendation_html(api.with_sensitivity(result_of(all_tied())), assets=ASSETS)
    assert re.search(
        r"went to V-1 in \d+ %, V-2 in \d+ % and V-3 in \d+ % of simulations; 2 more options share", section(page)
    )
    assert "weighted sum V-1, V-2, V-3 and 2 more same" in section(page)


def test_no_sentence_lists_thirty_names() -> None:
    page = recommendation_html(api.with_sensitivity(result_of(many())), assets=ASSETS)
    assert "27 more options share the first place by score" in section(page)
    assert "V-1, V-10, V-11 and 27 more" in section(page)


def test_the_method_says_where_chance_is_and_where_not() -> None:
    result = result_of(everyday())
    assert "No chance is involved." in recommendation_html(result, assets=ASSETS)
    page = " ".join(
        html.unescape(re.sub(r"<[^>]+>", " ", recommendation_html(api.with_sensitivity(result), assets=ASSETS))).split()
    )
    assert "No chance is involved." not in page
    assert re.search(r"Of all figures, only the simulations in section 6 involve chance, with seed \d+\.", page)


def test_where_the_first_place_is_shared_nothing_is_said_to_hold_it() -> None:
    text = section(recommendation_html(api.with_sensitivity(result_of(everyday())), assets=ASSETS))
    assert (
        "V-3 and V-8 share the first place; any change of a weight on which their answers differ may separate them."
        in text
    )
    assert "No other weights" not in text
    assert "First place goes to" not in text
    alone = section(recommendation_html(api.with_sensitivity(result_of(final())), assets=ASSETS))
    assert "First place goes to" in alone


def test_without_use_cases_no_stack_is_spoken_of() -> None:
    page = recommendation_html(api.with_sensitivity(result_of(no_use_case())), assets=ASSETS)
    assert "Recommended stack is" not in page
    assert "Verdict" not in page
    assert "list prices before tax" not in page
    assert "Recommended stack is" in recommendation_html(api.with_sensitivity(result_of(final())), assets=ASSETS)
