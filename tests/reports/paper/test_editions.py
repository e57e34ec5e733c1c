"""Several editions of a vendor in papers and workbooks: named uniquely, and compared with each other."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from builders import (
    AS_OF,
    EVALUATION,
    GUARDRAILS,
    Content,
    answer,
    build,
    card_of,
    contents,
    profile_of,
    scorecard,
    with_evaluated,
)

from evaluator import api
from evaluator.model.evaluated import Evaluated
from evaluator.reports.paper.papers import comparison_html, recommendation_html, vendor_html
from evaluator.reports.workbook import comparison_xlsx

ASSETS = [Path(__file__).parents[3] / "reports"]
ESTIMATE = {
    "unit": "flat", "low": 5000, "high": 9000, "currency": "EUR", "per": "year", "source": "https://analyst.example/x",
    "source_date": "2026-09-01", "confidence": "low", "note": "seen in a forum",
}  # fmt: skip
QUOTE = {
    "date": "2026-11-02", "by": "Procurement", "note": "for three years",
    "prices": [{"unit": "flat", "amount": 1234, "currency": "EUR", "per": "year"}],
}  # fmt: skip


def editions() -> Content:
    """``v-1`` with a cheap edition that fails gates, one at an estimated price that meets them, and one that is quoted."""
    content = contents(criteria=3, families=1, vendors=2, use_cases=2, level=1)
    with_evaluated(content, "v-1", "business", "enterprise", "gold")
    profile = content[profile_of("v-1")]
    profile["editions"][1]["estimates"] = [ESTIMATE]
    profile["editions"][2]["quote"] = QUOTE
    for edition, level in (("enterprise", 3), ("gold", 4)):
        answers = {f"c-{number}": answer(level) for number in (1, 2, 3)}
        content[card_of("v-1", edition=edition)] = scorecard("v-1", "desk-a", answers, edition=edition)
    for number, item in enumerate(content["criteria/f-1.yaml"]["criteria"]):
        item["gates"] = {"internal": 1, "confidential": 2 + number}
    content["criteria/f-1.yaml"]["criteria"][0]["tag_gates"] = {"personal-data": 4}
    content[GUARDRAILS]["data_tags"] = [{"id": "personal-data", "title": "Personal data", "min_class": "internal"}]
    content[EVALUATION]["policies"] = {"gates": "all"}
    return content


@pytest.fixture(scope="module")
def result() -> Evaluated:
    return api.with_sensitivity(api.evaluate(build(editions()), AS_OF))


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_every_address_inside_a_paper_leads_somewhere(result: Evaluated) -> None:
    for page in (recommendation_html(result, assets=ASSETS), comparison_html(result, assets=ASSETS)):
        ids = re.findall(r'\sid="([^"]*)"', page)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#([^"]*)"', page)) <= set(ids)
        for name in ("V-1 Business", "V-1 Enterprise", "V-1 Gold", "V-2"):
            assert name in text(page)


def test_a_workbook_has_every_option_under_a_name_of_its_own(result: Evaluated) -> None:
    data = comparison_xlsx(result)
    book = openpyxl.load_workbook(io.BytesIO(data))
    heads = next(row for row in book["Compare"].iter_rows(values_only=True) if "V-2" in row)
    assert sorted(str(head) for head in heads if str(head).startswith("V-")) == [
        "V-1 Business", "V-1 Enterprise", "V-1 Gold", "V-2",
    ]  # fmt: skip
    assert all(re.fullmatch(r"[^\[\]:*?/\\]{1,31}", sheet) for sheet in book.sheetnames)
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]*", name) for name in book.defined_names)
    cells = {str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value}
    assert {"V-1 Business", "V-1 Enterprise", "V-1 Gold", "V-2"} <= cells
    assert {"estimate", "own quote", "list price"} <= cells
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert packed.testzip() is None


def test_the_report_on_an_edition_compares_all_of_its_vendor(result: Evaluated) -> None:
    page = text(vendor_html(result, "v-1@business", assets=ASSETS))
    assert "Editions compared" in page
    assert "Enterprise EUR 7,000 (5,000 to 9,000), of which EUR 7,000 is estimated by third parties" in page
    assert "Gold EUR 1,234" in page
    found = re.findall(r"(Internal|Confidential|Personal data) (Business|Enterprise|Gold) EUR ([\d,]+)", page)
    assert found == [
        ("Internal", "Business", "360"),
        ("Confidential", "Gold", "1,234"),
        ("Personal data", "Gold", "1,234"),
    ]
    assert "Editions compared" not in text(vendor_html(result, "v-2", assets=ASSETS))


def test_prices_estimates_and_quotes_stand_apart(result: Evaluated) -> None:
    content = editions()
    content[EVALUATION]["stack"] = {"required": [{"tool": "v-1@enterprise", "reason": "x"}]}
    page = text(recommendation_html(api.evaluate(build(content), AS_OF), assets=ASSETS))
    assert "EUR 10 per maker and month" in page
    assert "EUR 5,000 to 9,000 per year (third-party estimate)" in page
    assert "EUR 1,234 per year (own quote of 2026-11-02, Procurement)" in page
    assert result.stacks is not None


def test_scores_as_data_name_the_vendor_and_compare_its_editions() -> None:
    workspace = build(editions())
    scores = api.score(workspace, AS_OF)
    data = api.as_data(scores, ["v-1@gold"], api.compare_editions(workspace, scores, ["v-1@gold"]))
    (option,) = data["options"]
    assert (option["id"], option["vendor"], option["edition"], option["name"]) == (
        "v-1@gold",
        "v-1",
        "gold",
        "V-1 Gold",
    )
    (found,) = data["editions"]
    assert [price["option"] for price in found["editions"]] == ["v-1@business", "v-1@enterprise", "v-1@gold"]
    assert [(row["kind"], row["data"], row["edition"]["edition"], row["lacking"]) for row in found["first"]] == [
        ("class", "internal", "business", []),
        ("class", "confidential", "gold", ["c-3"]),
        ("class", "restricted", "gold", ["c-3"]),
        ("tag", "personal-data", "gold", ["c-1"]),
    ]


def test_where_no_edition_meets_the_gates_the_last_one_says_what_it_lacks() -> None:
    content = editions()
    content["criteria/f-1.yaml"]["criteria"][1]["gates"] = {"internal": 4}
    content[card_of("v-1", edition="gold")]["answers"]["c-2"] = answer("unknown")
    workspace = build(content)
    scores = api.score(workspace, AS_OF)
    (found,) = api.compare_editions(workspace, scores)
    assert [(row.edition, row.lacking) for row in found.first if row.data == "internal"] == [(None, ("c-2",))]
    page = " ".join(api.as_text(workspace, scores, ["v-1@gold"], [found]).split())
    assert "Editions of V-1, in the order of its profile" in page
    assert "internal none Criterion c-2" in page
