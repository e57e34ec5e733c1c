"""The comparison for reading: one to three landscape pages, every figure the result's, everything in words too."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import paper_cases as cases
import pytest
from builders import Content
from pypdf import PdfReader

from evaluator import api
from evaluator.errors import EvaluatorError
from evaluator.evaluation.subset import narrowed
from evaluator.model.evaluated import Evaluated, OptionVerdict
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.reports.language import ENGLISH
from evaluator.reports.paper.comparison_pages import DIFFER, MOST_OPTIONS, SIGNS
from evaluator.reports.paper.papers import comparison_html, comparison_pdf

ROOT = Path(__file__).parents[3]
WORKSPACES = {**cases.EDGES, "everyday": cases.everyday, "many": cases.many}


def pages(content: bytes) -> list[str]:
    """The text of every page, blanks made alike."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]


def text_of(html: str) -> str:
    """What a reader sees of the body, blanks made alike."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.split("<body", 1)[1]).split())


@pytest.fixture(scope="module")
def shipped() -> Evaluated:
    return api.evaluate(api.load(ROOT))


@pytest.fixture(scope="module")
def everyday() -> Evaluated:
    return cases.result_of(cases.everyday())


@pytest.mark.parametrize("case", WORKSPACES.values(), ids=WORKSPACES.keys())
def test_every_kind_of_workspace_becomes_one_to_three_landscape_pages(case: Callable[[], Content]) -> None:
    content = comparison_pdf(cases.result_of(case()), assets=cases.ASSETS)
    reader = PdfReader(BytesIO(content))
    assert 1 <= len(reader.pages) <= 3
    assert all(page.mediabox.width > page.mediabox.height for page in reader.pages)
    whole = " ".join(pages(content))
    assert not re.search(r"\bNone\b|\bnan\b|\binf\b|Undefined", whole)
    assert "DRAFT" in whole.upper()


@pytest.mark.parametrize("paper", ["A4", "letter"])
def test_the_shipped_evaluation_fits_three_pages_on_either_paper(shipped: Evaluated, paper: str) -> None:
    text = pages(comparison_pdf(shipped, assets=cases.ASSETS, paper=paper))
    assert len(text) == 3
    assert "4 options of 12 are left out" in text[0]


def test_each_option_has_its_figures_side_by_side(everyday: Evaluated) -> None:
    text = text_of(comparison_html(everyday, assets=cases.ASSETS))
    for option in everyday.scores.options:
        assert f"{option.score:.1f} {option.low:.1f} to {option.high:.1f}" in text
        assert f"{100 * option.coverage:.0f} %, {100 * option.stale:.0f} %" in text
        for part in option.families.values():
            assert f"{part.score:.0f} {part.low:.0f} to {part.high:.0f}" in text
    for words in ("recommended", "not chosen", "price unknown", "approved", "not permitted", "Cleared for"):
        assert words in text, words


def test_every_level_and_what_stands_behind_it_is_in_the_matrix(everyday: Evaluated) -> None:
    html = comparison_html(everyday, assets=cases.ASSETS)
    matrix = html.split('<table class="matrix">')[1].split("</table>")[0]
    found = [
        " ".join(re.sub(r"<[^>]+>", " ", cell).split())
        for cell in re.findall(r'<td class="(?:tint-\d|unknown)">(.*?)</td>', matrix)
    ]
    expected = []
    families = everyday.workspace.catalogue.families
    for criterion in (item.id for group in families.values() for item in group):
        for option in everyday.scores.options:
            cell = option.cell(criterion)
            signs = (SIGNS[cell.evidence_status].mark if cell.evidence_status in SIGNS else "") + (
                DIFFER.mark if cell.differs else ""
            )
            expected.append(f"{'unknown' if cell.level is None else cell.level} {signs}".strip())
    assert found == expected
    assert {cell.evidence_status for option in everyday.scores.options for cell in option.cells} >= {
        EvidenceStatus.STALE,
        EvidenceStatus.UNKNOWN,
    }
    legend = text_of(html)
    for sign in (*SIGNS.values(), DIFFER):
        assert f"{sign.mark} {ENGLISH(sign.word)}" in legend


def test_of_many_options_the_recommended_and_the_highest_are_shown_and_the_others_counted() -> None:
    result = cases.result_of(cases.many())
    html = comparison_html(result, assets=cases.ASSETS)
    head = html.split('<table class="glance">')[1].split("</thead>")[0]
    shown = re.findall(r"<bdi>(.*?)</bdi>", head)
    assert len(shown) == MOST_OPTIONS
    recommended = [
        option.name for option in result.scores.options if result.verdicts[option.id] is OptionVerdict.RECOMMENDED
    ]
    assert set(recommended[:MOST_OPTIONS]) <= set(shown)
    assert f"{len(result.scores.options) - MOST_OPTIONS} options of {len(result.scores.options)} are left out" in html


def test_chosen_options_are_ranked_among_themselves_and_judged_in_the_whole(shipped: Evaluated) -> None:
    chosen = ["smartsheet", "make", "airtable"]
    text = text_of(comparison_html(shipped, assets=cases.ASSETS, options=chosen))
    narrow = narrowed(shipped, chosen).result
    assert "Narrowed to 3 of 12 options" in text
    assert [option.rank for option in narrow.scores.options] == [1, 2, 3]
    for option in narrow.scores.options:
        official = shipped.scores.option(option.id)
        assert f"{official.rank}, {official.score:.1f} {official.low:.1f} to {official.high:.1f}" in text
    glance = text.split("Verdict among all 12")[1].split("Cost per year")[0]
    assert "recommended" not in glance, "the best of three chosen options is not thereby recommended"


def test_one_family_has_its_criteria_alone_and_no_clearance(shipped: Evaluated) -> None:
    html = comparison_html(shipped, assets=cases.ASSETS, family="identity")
    text = text_of(html)
    catalogue = shipped.workspace.catalogue
    matrix = text.split("Levels by criterion and option")[1].split("Gates")[0]
    for criterion in catalogue.criteria.values():
        assert (criterion.title in matrix) == (catalogue.family_of[criterion.id] == "identity")
    assert "Comparison on Identity and access" in text
    assert "Cleared for" not in text
    assert "Verdict" not in text
    assert "In the whole evaluation" in text


@pytest.mark.parametrize(
    ("options", "family", "sentence"),
    [
        (["airtabel"], None, "There is no option 'airtabel'; did you mean airtable?"),
        (["airtable"], "identiti", "There is no family 'identiti'; did you mean identity?"),
        ([f"x-{number}" for number in range(9)], None, "has room for 8 options, and 9 were named"),
    ],
)
def test_a_wrong_request_is_one_sentence(
    shipped: Evaluated, options: list[str], family: str | None, sentence: str
) -> None:
    with pytest.raises(EvaluatorError, match=re.escape(sentence)):
        comparison_html(shipped, assets=cases.ASSETS, options=options, family=family)


def test_hostile_content_adds_no_element_and_no_address() -> None:
    html = comparison_html(cases.result_of(cases.hostile()), assets=cases.ASSETS)
    assert "<script" not in html
    assert "<img" not in html
    assert html.count("</style>") == 1
    assert not re.search(r'(?:src|href)="', html)
    assert "\u202e" not in html


def test_the_same_result_gives_the_same_tagged_bytes(everyday: Evaluated) -> None:
    first = comparison_pdf(everyday, assets=cases.ASSETS)
    assert first == comparison_pdf(everyday, assets=cases.ASSETS)
    root: Any = PdfReader(BytesIO(first)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
