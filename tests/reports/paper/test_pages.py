"""Every page of every kind of workspace: it renders, it says where it belongs, and its numbers are the result's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import paper_cases as cases
import pytest
from builders import EVALUATION, profile_of
from pypdf import PdfReader
from sampling import each_nth

from evaluator.model.evaluated import Evaluated
from evaluator.reports.json_contract import dumped
from evaluator.reports.paper.papers import recommendation_html, recommendation_pdf, scorecard_pdf, vendor_pdf

NUMBER = re.compile(r"(?<![\w.,−-])[+−]?\d+(?:[.,]\d+)*(?![\w])")


def pages(content: bytes) -> list[str]:
    """The text of every page, blanks made alike."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]


def values(node: Any) -> Iterator[Any]:
    """Every key, text and number of nested data, and the length of every list and dictionary."""
    if isinstance(node, dict):
        yield len(node)
        for key, item in node.items():
            yield key
            yield from values(item)
    elif isinstance(node, list | tuple):
        yield len(node)
        counts = Counter(item["coverage"] for item in node if isinstance(item, dict) and "coverage" in item)
        yield from counts.values()
        for item in node:
            yield from values(item)
    elif not isinstance(node, bool):
        yield node


def allowed(result: Evaluated) -> set[str]:
    """Every way in which a paper may write a number of the result."""
    found = set(re.findall(r"\d+", "0 100"))
    for value in values(dumped(result)):
        if isinstance(value, str):
            found |= set(re.findall(r"\d+(?:[.,]\d+)*", value))
        elif isinstance(value, int | float):
            for text in (
                f"{value:.1f}",
                f"{value:.2f}",
                f"{value:,.0f}",
                f"{value:g}",
                f"{100 * value:.0f}",
                f"{100 * value:.1f}",
            ):
                found |= {text, f"+{text}"}
    return found


def numbers(text: str) -> set[str]:
    """The numbers in ``text``, without the addresses and dates around them."""
    without = re.sub(
        r"\d{4}-\d\d-\d\d|data [0-9a-f]{12}|page \d+ of \d+|(section|appendix|size) \w+|evaluator \S+", " ", text
    )
    return set(NUMBER.findall(without))


@pytest.fixture(scope="module")
def everyday() -> tuple[Evaluated, list[str]]:
    result = cases.result_of(cases.everyday())
    return result, pages(recommendation_pdf(result, assets=cases.ASSETS))


def test_every_number_of_the_decision_pages_is_a_number_of_the_result(everyday: tuple[Evaluated, list[str]]) -> None:
    result, text = everyday
    assert result.stacks is not None
    assert result.stacks.chosen is not None
    cells = [cell for tool in result.stacks.chosen.tools for cell in result.scores.option(tool).cells]
    known = allowed(result) | {
        str(sum(len(cell.levels) > 1 for cell in cells)),
        str(sum(cell.differs for cell in cells)),
    }
    options = next(number for number, page in enumerate(text) if "3 All options" in page and number > 1)
    checked = 0
    for page in (text[0], *text[2 : options + 2]):
        found = numbers(re.sub(r"(?<![\d.,])\d+ (?=[A-Z])", " ", page))
        assert found <= known, found - known
        checked += len(found)
    assert checked > 80


def test_scores_weights_and_costs_are_printed_as_the_result_has_them(everyday: tuple[Evaluated, list[str]]) -> None:
    result, text = everyday
    whole = " ".join(text)
    for option in result.scores.options:
        assert f"{option.score:.1f} {option.low:.1f} to {option.high:.1f}" in whole
    for weight in result.scores.weights.values():
        assert f"weight {100 * weight:.1f} %" in whole
    assert result.stacks is not None
    for size in result.stacks.sizes:
        for amount in size.best.cost.amounts:
            assert f"{amount.currency} {amount.expected:,.0f}" in whole


def test_every_page_says_whose_it_is_of_when_and_that_it_is_a_draft(everyday: tuple[Evaluated, list[str]]) -> None:
    result, text = everyday
    foot = f"Test evaluation · as of 2026-11-24 · data {result.digest[:12]}"
    for number, page in enumerate(text, start=1):
        assert f"{foot} page {number} of {len(text)}" in page or (
            foot in page and f"page {number} of {len(text)}" in page
        )
        assert "DRAFT" in page.upper()


def test_page_one_lets_a_board_decide(everyday: tuple[Evaluated, list[str]]) -> None:
    result, text = everyday
    first = text[0]
    assert result.stacks is not None
    assert result.stacks.chosen is not None
    for tool in result.stacks.chosen.tools:
        assert result.scores.option(tool).name in first
    for words in (
        "Approve",
        "Reasons",
        "Main disadvantage",
        "Conditions",
        "Cost per year",
        "Valid until 2027-11-24",
        "Decided by Head of IT",
        "Dissent yes",
        "8 options, 12 criteria, 9 use cases",
        "A desk review; nothing was tested.",
        "not permitted",
        "approved",
    ):
        assert words in first, words
    assert "page 1 of" in first
    assert text[1].startswith("Example Ltd DRAFT Contents") or "Contents" in text[1]


def test_a_final_paper_says_draft_nowhere() -> None:
    result = cases.result_of(cases.final())
    assert all(check.passed for check in result.final)
    text = " ".join(pages(recommendation_pdf(result, assets=cases.ASSETS)))
    assert "DRAFT" not in text.upper()
    assert f"all {len(result.final)} checks passed" in text


@pytest.mark.parametrize("case", each_nth(cases.EDGES, 2))
def test_every_kind_of_workspace_becomes_a_paper(case: str) -> None:
    result = cases.result_of(cases.EDGES[case]())
    text = pages(recommendation_pdf(result, assets=cases.ASSETS))
    assert len(text) > 3
    assert "Reasons" in text[0] or "stands in the way" in text[0] or not result.scores.options
    for page in text[1:]:
        assert len(page) > 120, page
    whole = " ".join(text)
    assert "None" not in re.sub(r"None (of|fails)", "", whole)
    assert not re.search(r"\bnan\b|\binf\b|Undefined|\{\{ (?!7 \* 7)", whole)


def test_the_decision_stays_on_its_page_with_long_names() -> None:
    text = pages(recommendation_pdf(cases.result_of(cases.hostile()), assets=cases.ASSETS))
    assert "Contents" in text[1]
    assert "<script>alert(1)</script>" in " ".join(text)


def test_long_papers_print_the_compared_options_and_count_the_others() -> None:
    result = cases.result_of(cases.many())
    html = recommendation_html(result, assets=cases.ASSETS)
    assert html.count('class="card"><bdi>') == len(result.leaders) == 5
    assert "those of the other 25 options are in the comparison workbook" in html
    assert html.count('<tr class="') - html.count('<tr class="group">') > 25
    for option in result.scores.options:
        assert f">{option.name}</bdi>" in html


def test_a_vendor_has_two_pages_and_its_scorecard_all_answers() -> None:
    result = cases.result_of(cases.everyday())
    about = pages(vendor_pdf(result, "v-2", assets=cases.ASSETS))
    assert len(about) <= 2
    for words in ("V-2 scores", "What it may hold", "How it serves the use cases", "Gates that are not met"):
        assert words in " ".join(about)
    card = " ".join(pages(scorecard_pdf(result, "v-2", assets=cases.ASSETS)))
    for criterion in result.scores.weights:
        assert f"Criterion {criterion}" in card
    for item in result.evidence:
        assert (item.id in card) == (item.option == "v-2")


def test_a_price_that_is_only_partly_known_is_called_so() -> None:
    content = cases.everyday()
    for row in range(1, 9):
        edition = content[profile_of(f"v-{row}")]["editions"][0]
        if edition["prices"]:
            edition["unpriced"] = ["external-user", "internal-user"]
    result = cases.result_of(content)
    whole = " ".join(pages(recommendation_pdf(result, assets=cases.ASSETS)))
    assert "part of the price is unknown, and nothing is added for it" in whole
    assert "not known per external user, internal user" in whole


def test_the_title_is_cut_where_it_would_not_fit_a_line() -> None:
    content = cases.all_tied()
    content[EVALUATION]["title"] = "word " * 99
    text = pages(recommendation_pdf(cases.result_of(content), assets=cases.ASSETS))
    assert len(text[0]) < 2500
    assert "…" in text[0]
