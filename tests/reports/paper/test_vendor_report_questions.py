"""The paper on one vendor asks what `evaluator questions` finds, in its order and with its figures."""

from __future__ import annotations

import html
import re
from io import BytesIO
from pathlib import Path

import paper_cases as cases
import pytest
from builders import EVALUATION, USE_CASES, answer, capability, card_of, evidence, profile_of
from pypdf import PdfReader

from evaluator import api
from evaluator.api.sensitivity import with_questions
from evaluator.model.evaluated import Evaluated
from evaluator.model.sensitivity import OpenReason, OptionQuestions
from evaluator.reports.language import ENGLISH
from evaluator.reports.paper.papers import vendor_html, vendor_pdf
from evaluator.reports.paper.views import gate_rows
from evaluator.reports.terminal.page import render
from evaluator.reports.terminal.sensitivity import questions_page
from evaluator.reports.words import points


def rows(page: str, table: str) -> list[list[str]]:
    """The body cells of a table, tags taken out."""
    found = re.search(rf'<table class="{table}">.*?</table>', page, re.DOTALL)
    body = found.group().split("<tbody>")[1] if found else ""
    return [
        [
            " ".join(html.unescape(re.sub(r"<[^>]+>", " ", cell)).split())
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        ]
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    ]


@pytest.fixture(scope="module")
def everyday() -> Evaluated:
    return with_questions(cases.result_of(cases.everyday()))


def gaps_of(result: Evaluated, vendor: str) -> OptionQuestions:
    assert result.questions is not None
    return next(item for item in result.questions.options if item.option == vendor)


@pytest.mark.parametrize("number", range(1, 9))
def test_questions_come_in_the_order_and_with_the_gain_of_the_gaps(number: int, everyday: Evaluated) -> None:
    vendor = f"v-{number}"
    found = gaps_of(everyday, vendor)
    page = vendor_html(everyday, vendor, assets=cases.ASSETS)
    criteria, capabilities = everyday.workspace.catalogue.criteria, everyday.workspace.demand.capabilities
    titles = {
        question.subject: capabilities[question.subject].capitalize()
        if question.doubt is OpenReason.CAPABILITY
        else criteria[question.subject].title
        for question in found.questions
    }
    gains = {
        titles[question.subject]: points(question.gain, 2)
        + (f" first place {points(question.gain_first, 2)}" if question.gain_first > 0 else "")
        for question in found.questions
    }
    levels, asked = rows(page, "gates"), rows(page, "questions")
    assert {row[0]: row[-1] for row in (*levels, *asked)}.items() <= {
        **gains,
        **{row[0]: "–" for row in levels if row[0] not in gains},
    }.items()
    order = list(gains)
    for table in (levels, asked):
        known = [row[0] for row in table if row[0] in gains]
        assert known == sorted(known, key=order.index)
    assert not {row[0] for row in levels} & {row[0] for row in asked}
    if len(asked) < 8:
        assert {row[0] for row in (*levels, *asked)} >= set(gains)
    assert f"would save {points(found.gain, 2)} ± {points(found.gain_error, 2)} points for the stack" in page


def test_the_words_are_those_of_the_page_on_gaps(everyday: Evaluated) -> None:
    assert everyday.questions is not None
    shown = " ".join(render(questions_page(everyday.workspace, everyday.questions, most=10_000)).split())
    seen = 0
    for number in range(1, 9):
        page = vendor_html(everyday, f"v-{number}", assets=cases.ASSETS)
        deciding = [row for row in rows(page, "questions") if not row[4].startswith("0.00")]
        for effect in (effect for row in deciding for effect in row[3].split("; ")):
            assert effect in shown
            seen += 1
    assert seen > 2


def test_a_capability_with_the_id_of_a_criterion_is_a_question_of_its_own() -> None:
    content = cases.everyday()
    content[USE_CASES]["capabilities"]["c-1"] = "ability of that name"
    for use_case in content[USE_CASES]["use_cases"]:
        use_case["must"].append("c-1")
    for row in range(1, 9):
        content[profile_of(f"v-{row}")]["capabilities"]["c-1"] = capability("unknown")
    result = with_questions(cases.result_of(content))
    page = vendor_html(result, "v-1", assets=cases.ASSETS)
    found = {question.doubt: question for question in gaps_of(result, "v-1").questions if question.subject == "c-1"}
    assert len(found) == 2
    (level,) = [row for row in rows(page, "gates") if row[0] == "Criterion c-1"]
    other = next(question for doubt, question in found.items() if doubt is not OpenReason.CAPABILITY)
    assert level[-1].startswith(points(other.gain, 2))
    assert "Ability of that name" in {row[0] for row in rows(page, "questions")}


def test_own_figures_are_not_asked_of_a_vendor() -> None:
    content = cases.everyday()
    family = content["criteria/f-4.yaml"]["criteria"]
    family[0]["own_figures"] = True
    content[card_of("v-1")]["answers"][family[0]["id"]] = answer("unknown")
    page = vendor_html(with_questions(cases.result_of(content)), "v-1", assets=cases.ASSETS)
    assert f"Criterion {family[0]['id']}" not in {row[0] for row in rows(page, "questions")}


def test_without_having_been_asked_nothing_is_said_of_gains() -> None:
    page = vendor_html(cases.result_of(cases.everyday()), "v-1", assets=cases.ASSETS)
    assert rows(page, "questions") == []
    assert "What to ask first" not in page
    assert "Gates that are not met" in page


@pytest.mark.parametrize("name", cases.EDGES)
def test_odd_evaluations_render(name: str) -> None:
    result = with_questions(cases.result_of(cases.EDGES[name]()))
    for option in result.scores.options:
        page = vendor_html(result, option.id, assets=cases.ASSETS)
        assert "What to ask first" in page
        assert "<script>alert" not in page


def test_every_shipped_vendor_has_its_two_pages() -> None:
    result = with_questions(api.evaluate(api.load(Path(__file__).parents[3])))
    pages = {
        option.id: len(PdfReader(BytesIO(vendor_pdf(result, option.id, assets=cases.ASSETS))).pages)
        for option in result.scores.options
    }
    assert pages == dict.fromkeys(pages, 2)


def test_what_there_is_no_room_for_is_counted(everyday: Evaluated) -> None:
    page = vendor_html(everyday, "v-1", assets=cases.ASSETS)
    asked = rows(page, "questions")
    beyond = re.search(r"(\d+) further open point", page)
    unmet = {row.criterion for row in gate_rows(everyday, everyday.scores.option("v-1"), ENGLISH)}
    found = [
        question
        for question in gaps_of(everyday, "v-1").questions
        if question.doubt is OpenReason.CAPABILITY or question.subject not in unmet
    ]
    assert len(asked) + (int(beyond.group(1)) if beyond else 0) == len(found)


def test_what_a_higher_level_would_need_is_no_cure_for_old_evidence() -> None:
    content = cases.everyday()
    content[EVALUATION]["policies"] = {"gates": ["c-1"]}
    content["criteria/f-1.yaml"]["criteria"][0]["gates"] = {"internal": 1, "restricted": 2}
    for vendor, level, day in (("v-1", 2, "2024-01-01"), ("v-2", 1, "2024-01-01"), ("v-3", 1, "2026-11-01")):
        for assessor in ("desk-a", "desk-b"):
            content[card_of(vendor, assessor)]["answers"]["c-1"] = answer(
                level, missing=["the seventh proof"], evidence=[evidence(date=day)]
            )
    result = with_questions(cases.result_of(content))
    cures = {}
    for vendor in ("v-1", "v-2", "v-3"):
        cures[vendor] = rows(vendor_html(result, vendor, assets=cases.ASSETS), "gates")[0][3]
    assert "seventh proof" not in cures["v-1"]
    assert cures["v-1"].startswith("Recent evidence for level 2")
    assert cures["v-2"] == "Still needed for level 2: the seventh proof; and recent evidence."
    assert cures["v-3"] == "Still needed for level 2: the seventh proof."
    assert [check.still_missing for check in result.scores.option("v-1").gates["restricted"].checks] == [()]
