"""Own work in papers: what is open on the recommended tools by criterion, and a summary for one vendor."""

from __future__ import annotations

import re
from typing import Any

import paper_cases as cases
from builders import DONE, Content, own_work_of, with_own_work

from evaluator.model.evaluated import Evaluated
from evaluator.reports.paper.papers import recommendation_html, vendor_html
from evaluator.reports.paper.views import MOST_OWN_WORK, own_work


def asked(count: int = 1, **done: dict[str, Any]) -> Evaluated:
    """An everyday evaluation whose first ``count`` criteria ask for two items each; ``done`` are those of the first, for every vendor."""
    content: Content = with_own_work(cases.everyday())
    criteria = [one for name, file in content.items() if name.startswith("criteria/f-") for one in file["criteria"]]
    first = content["criteria/f-1.yaml"]["criteria"][0]
    for criterion in criteria[:count]:
        criterion["own_work"] = first["own_work"]
    del content[own_work_of("v-1")]
    for name in [name for name in content if name.endswith("/profile.yaml")]:
        editions = {edition["id"]: {first["id"]: done} for edition in content[name]["editions"]}
        content[own_work_of(content[name]["id"])] = {"schema": "own-work/1", "items": editions}
    return cases.result_of(content)


def text(html: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", html).split())


def test_open_items_of_the_recommended_tools_are_listed_by_criterion() -> None:
    paper = text(recommendation_html(asked(report=DONE), assets=cases.ASSETS))
    assert "Own work before approval" in paper
    assert "1 of 2 done" in paper
    assert "Call two references." in paper
    assert "Read the audit report." not in paper.partition("Own work before approval")[2].partition("Other stacks")[0]


def test_nothing_is_printed_where_the_catalogue_asks_for_none() -> None:
    result = cases.result_of(cases.everyday())
    assert "Own work" not in recommendation_html(result, assets=cases.ASSETS)
    assert own_work(result.scores.options[0]) is None


def test_what_is_complete_is_said() -> None:
    result = asked(report=DONE, calls={"state": "not-needed"})
    paper = text(recommendation_html(result, assets=cases.ASSETS))
    assert "all 2 items are done or not needed." in paper
    vendor = result.scores.options[0].id
    assert "all 2 items are done or not needed." in text(vendor_html(result, vendor, assets=cases.ASSETS))


def test_a_vendor_paper_counts_the_criteria_that_are_open() -> None:
    result = asked()
    paper = text(vendor_html(result, result.scores.options[0].id, assets=cases.ASSETS))
    assert "Own work of the organisation: 0 of 2 done. Still open on 1 criterion." in paper


def test_no_more_criteria_than_there_is_room_for() -> None:
    result = asked(99)
    found = own_work(result.scores.options[0])
    assert found is not None
    assert len(found.open) == min(MOST_OWN_WORK, found.count.total // 2)
    assert len(found.open) + found.more == found.count.total // 2
