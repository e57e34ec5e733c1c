"""Exit plans in papers: who keeps one, what it says, and whether leaving was ever tried."""

from __future__ import annotations

from io import BytesIO

import paper_cases as cases
from builders import USE_CASES, contents, evaluated, profile_of, tagged
from pypdf import PdfReader

from evaluator.reports.language import ENGLISH
from evaluator.reports.paper.papers import recommendation_html, vendor_pdf
from evaluator.reports.paper.views import gate_rows, shown_options, tag_rows


def pages(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]


def test_a_vendor_paper_shows_the_exit_plan_or_that_there_is_none() -> None:
    content = cases.everyday()
    case = content[USE_CASES]["use_cases"][0]
    content[profile_of("v-2")]["exit"] = {
        "owner": "platform team",
        "planned": "Move to another tool over six months.",
        "export": "Tables as CSV; logic is rebuilt.",
        "alternatives": {case["id"]: "paper forms"},
        "notice_days": 90,
        "rehearsed": [
            {"date": "2025-05-01", "finding": "Attachments were lost."},
            {"date": "2026-05-01", "hours": 12, "finding": "Links between tables were lost."},
        ],
        "next_rehearsal": "2026-10-01",
    }
    result = cases.result_of(content)
    about = pages(vendor_pdf(result, "v-2", assets=cases.ASSETS))
    assert len(about) <= 2
    told = " ".join(" ".join(about).split())
    for words in (
        "Exit plan",
        "Plan owner platform team",
        "Planned exit Move to another tool over six months.",
        "If the vendor fails suddenly not described",
        "How data and logic get out Tables as CSV; logic is rebuilt.",
        f"Alternatives {case['title']}: paper forms.",
        "Terms 90 days of notice; time to retrieve data after the end unknown",
        "Last rehearsal 2026-05-01, 12 hours: Links between tables were lost.",
        "Next rehearsal planned for 2026-10-01, overdue",
    ):
        assert words in told, words
    none = " ".join(" ".join(pages(vendor_pdf(result, "v-3", assets=cases.ASSETS))).split())
    assert "No exit plan on file." in none
    del content[profile_of("v-2")]["exit"]["rehearsed"]
    never = pages(vendor_pdf(cases.result_of(content), "v-2", assets=cases.ASSETS))
    assert "Last rehearsal never rehearsed" in " ".join(" ".join(never).split())


def test_the_recommendation_tells_the_exit_of_each_tool_that_it_is_about() -> None:
    content = cases.everyday()
    tool = shown_options(cases.result_of(content))[0]
    content[profile_of(tool)]["exit"] = {"owner": "platform team", "planned": "Move.", "export": "CSV."}
    html = recommendation_html(cases.result_of(content), assets=cases.ASSETS)
    risk = html.split('id="risk"')[1].split("<h2")[0]
    assert "never rehearsed" in risk
    assert "platform team" in risk


def test_papers_show_what_each_tool_may_hold_by_tag_and_which_gates_do_not_apply() -> None:
    result = evaluated(tagged())
    rows = {row.option: row for row in tag_rows(result, result.scores.options, ENGLISH)}
    assert (rows["v-1"].approved, rows["v-1"].not_permitted) == (("Personal data",), ("secrets",))
    assert (rows["v-3"].approved, rows["v-3"].conditional) == ((), ("Personal data", "secrets"))
    assert rows["v-3"].tags["secrets"].note == "not assessed"
    assert rows["v-2"].not_applicable == ("“Criterion c-3” (applies to self-hosted editions only)",)
    unmet = {row.criterion: row for row in gate_rows(result, result.scores.option("v-1"), ENGLISH)}
    assert list(unmet["c-2"].by_tag) == ["secrets"]
    assert "c-3" not in unmet
    untagged = evaluated(contents())
    assert tag_rows(untagged, untagged.scores.options, ENGLISH) == ()
    about = " ".join(pages(vendor_pdf(result, "v-1", assets=cases.ASSETS)))
    assert "Gates that do not apply: “Criterion c-3” (applies to self-hosted editions only)." in about
