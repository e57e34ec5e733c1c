"""The pages about reviews: they fit 80 columns, name every cause, and say what a rank move rests on."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from builders import EVALUATION, GUARDRAILS, WEIGHTS, Content, build, criterion, profile_of
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from review_builders import a_year_later, answers_of, final_contents, log, past, review, state
from review_strategies import review_pairs

from evaluator.change.review_differences import ComparedReview, change
from evaluator.errors import EvaluatorError
from evaluator.evaluation.evaluate import evaluate
from evaluator.model.change import NATURES, Cause, Change, CriterionWhat, Nature, Points, RankReason
from evaluator.model.closed_review import Engine, FigureChange, HistoryPoint, Tampering, UpgradeWhat, Verification
from evaluator.model.workspace import Workspace
from evaluator.reports import change_words
from evaluator.reports.json_contract import dumped, to_text
from evaluator.reports.language import ENGLISH
from evaluator.reports.paper.papers import recommendation_html
from evaluator.reports.paper.sections import outline
from evaluator.reports.terminal import changes, reviews
from evaluator.reports.terminal.page import Chart, Page, render
from evaluator.workspace.shipped import shipped_root

WIDTH = 80


def fits(page: Page) -> str:
    text = render(page)
    assert max(len(line) for line in text.splitlines()) <= WIDTH, text
    return text


def changed(old: Content, new: Content) -> tuple[Workspace, Change]:
    found = []
    for name, content in (("2026", old), ("2027", new)):
        workspace = build(content)
        found.append(ComparedReview(name, evaluate(workspace, workspace.evaluation.as_of, version="1"), "1"))
    return found[1].result.workspace, change(found[0], found[1])


@given(review_pairs())
@settings(max_examples=40)
def test_every_change_has_a_page_and_a_machine_readable_form(pair: tuple[Content, Content, Any]) -> None:
    try:
        workspace, found = changed(pair[0], pair[1])
    except EvaluatorError:
        assume(False)  # noqa: FBT003 - nothing has any weight in one of them
        raise
    fits(changes.change_page(workspace, found))
    fits(changes.change_page(workspace, found, [option.id for option in found.options]))
    to_text(dumped(found))


def test_every_cause_nature_and_reason_has_words() -> None:
    assert set(change_words.CAUSE_WORDS) == set(Cause) == set(NATURES)
    assert set(change_words.NATURE_WORDS) == set(Nature)
    assert set(change_words.RANK_WORDS) == set(RankReason)
    assert set(change_words.CRITERION_WORDS) == set(CriterionWhat)
    assert set(reviews.UPGRADE_WORDS) == set(UpgradeWhat)


def test_a_rank_that_only_the_method_moved_is_called_so() -> None:
    old = final_contents(vendors=2, level=lambda v, key, _a: 4 if (v == "v-1") == (key in {"c-1", "c-3"}) else 1)
    old[WEIGHTS]["criteria"] = {"c-1": 3, "c-3": 3, "c-2": 1, "c-4": 1}
    old[WEIGHTS]["families"] = {"f-1": 20, "f-2": 10}
    new = a_year_later(old, date(2026, 11, 24))
    new[WEIGHTS]["families"] = {"f-1": 10, "f-2": 20}
    page = fits(changes.change_page(*changed(old, new)))
    assert "method only" in page
    told = " ".join(page.split())
    assert "V-1 moved from rank 1 to 2 only because of the method" in told
    assert "Changed since 2026; new: V-2; withdrawn: V-1." in told


def test_the_two_crossed_rankings_stand_between_then_and_now() -> None:
    old = final_contents(vendors=2, level=lambda v, key, _a: 4 if (v == "v-1") == (key in {"c-1", "c-3"}) else 1)
    old[WEIGHTS] |= {"criteria": dict.fromkeys(("c-1", "c-2", "c-3", "c-4"), 1), "families": {"f-1": 20, "f-2": 10}}
    new = a_year_later(old, date(2026, 11, 24))
    new[WEIGHTS]["families"] = {"f-1": 10, "f-2": 20}
    answers_of(new, "v-2")["c-1"]["level"] = 0
    page = fits(changes.change_page(*changed(old, new)))
    rows = {
        line.split("  ")[0]: line.split()
        for line in page.split("score (rank)")[1].splitlines()
        if line.startswith("V-") and "(" in line
    }
    assert rows["V-1"][1:] == ["75.0", "(1)", "75.0", "(1)", "50.0", "(2)", "50.0", "(2)"]
    assert rows["V-2"][1:] == ["50.0", "(2)", "41.7", "(2)", "75.0", "(1)", "70.8", "(1)"]
    told = " ".join(page.split())
    assert "New facts: the answers of 2027 with the weights and catalogue of 2026. New method: the reverse." in told
    new[WEIGHTS]["families"] = {"f-1": 20, "f-2": 10}
    told = " ".join(fits(changes.change_page(*changed(old, new))).split())
    assert "No change is due to the method: the answers of 2027 with the weights and catalogue of 2026 rank as" in told
    assert "score (rank)" not in told


def test_the_page_lists_what_shows_and_counts_the_rest() -> None:
    old = final_contents(vendors=1, criteria=30)
    new = a_year_later(old, date(2026, 11, 24))
    new[WEIGHTS]["criteria"] = {f"c-{number}": number for number in range(1, 31)}
    page = fits(changes.change_page(*changed(old, new)))
    assert "and 8 more weights" in page
    for key in ("c-1", "c-2"):
        answers_of(old, "v-1")[key]["level"] = "unknown"
        answers_of(new, "v-1")[key]["level"] = "unknown"
    page = fits(changes.change_page(*changed(old, new), ["v-1"]))
    rows = page.split("by criterion and cause")[1]
    assert "Criterion c-1 " not in rows
    assert "more effects on high alone, or below 0.005" in rows


def test_options_of_one_review_only_and_scores_that_stand_still_are_told_in_words() -> None:
    old = final_contents(vendors=2)
    new = final_contents(vendors=3)
    page = fits(changes.change_page(*changed(old, new)))
    assert "No score moved." in page
    assert "Score of each option" not in page
    page = fits(changes.change_page(*changed(old, new), ["v-3"]))
    assert "V-3 is an option of one of the two reviews only." in page
    assert "No score moved." not in page


# The chart


def test_the_chart_shows_each_bridge_and_the_waterfall_of_the_stack() -> None:
    old = final_contents(vendors=3)
    new = a_year_later(old, date(2026, 11, 24))
    answers_of(new, "v-1")["c-1"]["level"] = 4
    new[WEIGHTS]["criteria"]["c-1"] = 9
    page = fits(changes.change_page(*changed(old, new)))
    assert "Score of each option: o then, * now, = facts changed, - method changed." in " ".join(page.split())
    line = next(line for line in page.splitlines() if line.startswith("V-1 ") and "o=" in line)
    assert re.fullmatch(r"V-1 +\|? *o=+-+\*.* \+22\.5", line), line
    assert "takes back" not in page
    new[WEIGHTS]["criteria"]["c-1"] = 0.2
    page = fits(changes.change_page(*changed(old, new)))
    assert "# one takes back the other." in " ".join(page.split())
    chosen = fits(changes.change_page(*changed(old, new), ["v-1"]))
    assert "Score of each option" not in chosen
    told = chosen.split("V-1, score\n")[1].splitlines()
    assert [row.split("  ")[0] for row in told[2:6]] == ["2026", "answer changed", "weights", "2027"]
    assert ">" in told[3]
    assert "<" in told[4]


def test_a_chart_of_many_says_how_many_it_draws() -> None:
    old = final_contents(vendors=30, criteria=2)
    new = a_year_later(old)
    answers_of(new, "v-3")["c-1"]["level"] = 0
    page = fits(changes.change_page(*changed(old, new)))
    assert "The first 25 of 30 are drawn." in " ".join(page.split())


def test_a_stretch_that_is_taken_back_is_marked() -> None:
    bars = [
        changes.bridge("a", 30, 47, [(Nature.FACTS, 20), (Nature.METHOD, -3)]),
        changes.bridge("b", 40, 45, [(Nature.FACTS, -5), (Nature.METHOD, 10)]),
    ]
    _, gained, lost = render([Chart(bars)]).splitlines()
    assert re.search(r"o=+\*#+ ", gained)
    assert re.search(r" #+o-+\*", lost)


@given(
    st.floats(0, 100),
    st.lists(st.tuples(st.sampled_from(Nature), st.floats(-60, 60)), max_size=5),
)
def test_every_bridge_fits_and_ends_where_its_figures_are(then: float, parts: list[tuple[Nature, float]]) -> None:
    now = then + sum(points for _, points in parts)
    axis, line = render([Chart([changes.bridge("x" * 40, then, now, parts)])]).splitlines()
    assert max(len(axis), len(line)) <= WIDTH
    low, high = float(axis.split()[0]), float(axis.split()[-1])
    assert low - 1e-9 <= min(then, now) <= max(then, now) <= high + 1e-9
    plot = line[18:-8]
    step = (high - low) / (len(plot) - 1)
    assert low + plot.rindex("*") * step == pytest.approx(now, abs=step / 2 + 1e-9)
    if "o" in plot:
        assert low + plot.index("o") * step == pytest.approx(then, abs=step / 2 + 1e-9)
    else:
        assert abs(now - then) <= step + 1e-9


@given(st.floats(0, 100), st.dictionaries(st.sampled_from(Cause), st.floats(-60, 60), max_size=5))
def test_every_waterfall_fits_and_has_a_line_for_each_cause_that_shows(then: float, causes: dict[Cause, float]) -> None:
    old = final_contents(vendors=2)
    _, found = changed(old, a_year_later(old))
    now = then + sum(causes.values())
    legend, chart = changes.waterfall(found, causes, (then, now))
    rows = render([chart]).splitlines()
    assert str(legend).startswith("o then, * now")
    assert len(rows) == len(change_words.by_size(causes)) + 3
    assert all(len(row) == WIDTH for row in rows[1:])


def test_the_first_page_says_changed_unchanged_or_withdrawn() -> None:
    old = final_contents(vendors=2)
    _, found = changed(old, a_year_later(old))
    assert change_words.stack_headline(found, {"v-2": "Two"}) == "Unchanged since 2026: Two."


def test_the_signs_choose_the_words() -> None:
    assert change_words.cause_word(Cause.EVIDENCE, -1) == "evidence stale"
    assert change_words.cause_word(Cause.EVIDENCE, 1) == "evidence renewed"
    assert change_words.cause_word(Cause.LEARNED, -1) == "answer lost"
    assert change_words.cause_word(Cause.WEIGHTS, -1) == "weights"
    assert change_words.cause_list({Cause.WEIGHTS: 2.0, Cause.SCOPE: 0.01}) == "weights +2.0, smaller effects"


def test_status_shows_blockers_waivers_divestments_and_exits() -> None:
    content = final_contents(vendors=2)
    content[profile_of("v-2")]["exit"] = {"owner": "IT", "planned": "x", "export": "y", "next_rehearsal": "2027-01-01"}
    content[GUARDRAILS]["review_tiers"] = [
        {"tier": 1, "data_classes": ["internal"], "full_months": 12, "light_months": 3}
    ]
    later = a_year_later(content)
    later[EVALUATION]["deciders"] = []
    noted = log(
        divest=[{"tool": "v-9", "owner": "A" * 60, "until": date(2027, 1, 1), "running": ("x" * 90,)}],
        triggers=[{"trigger": "sold", "vendor": "v-1", "date": date(2027, 2, 1), "by": "x", "note": "n" * 99}],
    )
    found = state(later, past(content), noted)
    page = fits(reviews.status_page(build(later), found))
    for words in (
        "without a deadline",
        "final-deciders",
        "never rehearsed; the next rehearsal is planned for 2027-01-01, overdue",
    ):
        assert words in " ".join(page.split())
    assert "2027-01-01 overdue" in page
    for other in (reviews.opened_page(build(later), found), reviews.due_page(build(later), found)):
        assert "light check due" in fits(other)
    to_text(dumped(found))


@pytest.mark.parametrize(
    ("on", "closed", "words"),
    [
        (date(2027, 12, 1), None, "14 days to the deadline of 2027-12-15"),
        (date(2027, 12, 14), date(2027, 12, 14), "1 day before the deadline of 2027-12-15"),
        (date(2027, 12, 15), None, "on the day of the deadline, 2027-12-15"),
        (date(2027, 12, 17), date(2027, 12, 17), "2 days past the deadline of 2027-12-15"),
        (None, None, "to be closed by 2027-12-15"),
    ],
)
def test_how_far_the_deadline_is(on: date | None, closed: date | None, words: str) -> None:
    content = final_contents(vendors=1)
    found = state(a_year_later(content), past(content), opened=review(deadline=date(2027, 12, 15)), on=on)
    assert change_words.deadline(replace(found, closed=closed)) == words


def test_due_answers_are_listed_by_their_reasons_and_ids_stay_whole() -> None:
    content = final_contents(vendors=1, criteria=1)
    key = "a-criterion-with-a-rather-long-id-made-of-many-words"
    content["criteria/f-1.yaml"]["criteria"] = [criterion(key)]
    content[WEIGHTS]["criteria"] = {key: 1}
    answers_of(content, "v-1")[key] = answers_of(content, "v-1").pop("c-1")
    page = fits(reviews.due_page(build(a_year_later(content)), state(a_year_later(content), past(content))))
    assert key in page


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({}, "2026: same figures"),
        ({"tampered": (Tampering("a.pdf", "it differs", "x"),)}, "a.pdf, x: it differs"),
        ({"figures": (FigureChange("a.b", 1.5, None),)}, "a.b: recorded 1.5, now nothing"),
        ({"figures": tuple(FigureChange(f"f{n}", 1, 2) for n in range(99))}, "and 79 more figures"),
        ({}, "Recorded by version 1.0, verified by version 1.0: both use version 2 of the numerical rules."),
        ({"figures": (FigureChange("a.b", 1.5, None),)}, "rules, so the figures should be equal: please report this."),
        (
            {"recorded_by": Engine("0.9", 1)},
            "The figures are the same; the numerical rules changed from version 1 to version 2.",
        ),
        (
            {"recorded_by": Engine("0.9", None), "figures": (FigureChange("a.b", 1.5, None),)},
            "The folder is untouched; the numerical rules changed from version unknown to version 2.",
        ),
    ],
)
def test_verification_in_words(found: dict[str, Any], words: str) -> None:
    engine = Engine("1.0", 2)
    given_ = {"tampered": (), "figures": (), "recorded_by": engine, **found}
    row = Verification("2026", date(2026, 1, 1), date(2026, 1, 2), computed_by=engine, **given_)
    assert words in " ".join(fits(reviews.verification_page(row)).split())


def test_history_page_shows_points_and_gaps() -> None:
    content = final_contents(vendors=1)
    points = [
        HistoryPoint(
            "commit", "2026-01-01 abcdef12", date(2026, 1, 1), Points(1, 2, 3), None, 0.5, {}, "subject " * 20
        ),
        HistoryPoint("commit", "x" * 70, None, None, None, 0.0, {}, "not an option then"),
        HistoryPoint("now", "now", date(2027, 1, 1), Points(2, 2, 3), 1, 0.5, {Cause.ANSWERS: Points(1, 0, 0)}),
    ]
    page = fits(reviews.history_page(build(content), "v-1", points))
    assert "now: score: answer changed +1.0" in page


# The paper


def papers(old: Content, new: Content) -> str:
    """The recommendation of the newer review, as text of its HTML."""
    from html import unescape

    workspace = build(new)
    result = evaluate(workspace, workspace.evaluation.as_of, version="1")
    noted = log(
        triggers=[{"trigger": "sold", "vendor": "v-1", "date": date(2027, 2, 1), "by": "x", "note": "<b>sold</b>"}],
        divest=[
            {"tool": "v-1", "owner": "IT", "until": date(2028, 1, 1), "running": ("a <form>",)},
            {"tool": "v-2", "owner": "IT", "until": date(2027, 1, 1), "running": ("a list",)},
        ],
    )
    known = state(new, past(old), noted)
    _, found = changed(old, new)
    html = recommendation_html(replace(result, changes=found, review=known), assets=[shipped_root() / "reports"])
    assert "<b>sold</b>" not in html
    text = re.sub(r"<style.*?</style>|<title>.*?</title>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_the_paper_explains_what_changed_and_what_was_looked_at_again() -> None:
    old = final_contents(vendors=3)
    new = a_year_later(old)
    new[WEIGHTS]["families"] = {"f-1": 10, "f-2": 5}
    new[EVALUATION]["policies"] = {"close_points": 3}
    new["criteria/f-1.yaml"]["criteria"][0]["levels"] = {level: f"New {level}" for level in range(5)}
    for vendor in ("v-1", "v-2", "v-3"):
        answers_of(new, vendor)["c-2"]["level"] = 1
    answers_of(new, "v-2")["c-1"]["level"] = 4
    answers_of(new, "v-3")["c-3"]["level"] = 0
    text = papers(old, new)
    for words in (
        "Changes since the previous review",
        "Changed since 2026; new: V-2; withdrawn: V-3",
        "Why V-3 is no longer in the stack",
        "asks something else",
        "policy close points 2 3",
        "All options moved the same way on Criterion c-2 (down)",
        "The review: what was confirmed",
        "Of 12 answers, 5 were given or confirmed since 2026; 7 were carried over unchanged from 2026",
        "a <form>",
        "V-2 IT 2027-01-01 overdue a list",
    ):
        assert words in text, words


def test_page_one_says_where_the_review_approves_something_else_than_is_recommended() -> None:
    old = final_contents(vendors=3)
    new = a_year_later(old)
    workspace = build(new)
    result = evaluate(workspace, workspace.evaluation.as_of, version="1")
    for note, told in (("Mixed portfolio.", "Mixed portfolio."), ("", "No reason is noted.")):
        known = state(new, past(old), opened=review(approved=("v-1", "v-2"), note=note))
        html = recommendation_html(replace(result, review=known), assets=[shipped_root() / "reports"])
        first = html.split('id="contents"')[0]
        assert f"The review 2027 approves V-1 and V-2, not what is recommended here. {told}" in first
    known = state(new, past(old))
    html = recommendation_html(replace(result, review=known), assets=[shipped_root() / "reports"])
    assert "not what is recommended here" not in html


def test_the_chart_of_the_paper_has_a_scale_that_shows_small_moves() -> None:
    old = final_contents(vendors=2, level=lambda _v, _key, _a: 2)
    new = a_year_later(old)
    answers_of(new, "v-1")["c-1"]["level"] = 3
    workspace, found = changed(old, new)
    result = evaluate(workspace, workspace.evaluation.as_of, version="1")
    html = recommendation_html(replace(result, changes=found), assets=[shipped_root() / "reports"])
    assert "Scale from 50 to 60 points" in html
    chart = html.split("score 50.0 then, 56.2 now")[1].split("</svg>")[0]
    assert re.findall(r'cx="([^"]+)"', chart) == ["0.00", "62.50"]


def test_the_numbers_of_the_bridge_are_those_of_the_change() -> None:
    old = final_contents(vendors=2)
    new = a_year_later(old)
    answers_of(new, "v-1")["c-1"]["level"] = 4
    text = papers(old, new)
    assert "V-1 50.0 62.5 +12.5 0.0 −50.0 2 to 2" in text
    assert "Criterion c-1 2 to 4 answer changed +12.50 −12.50" in text


def test_the_paper_shows_both_crossed_rankings_or_says_that_the_method_moved_nothing() -> None:
    old = final_contents(vendors=2, level=lambda v, key, _a: 4 if (v == "v-1") == (key in {"c-1", "c-3"}) else 1)
    old[WEIGHTS] |= {"criteria": dict.fromkeys(("c-1", "c-2", "c-3", "c-4"), 1), "families": {"f-1": 20, "f-2": 10}}
    new = a_year_later(old)
    answers_of(new, "v-2")["c-1"]["level"] = 0
    assert "No change is due to the method" in papers(old, new)
    new[WEIGHTS]["families"] = {"f-1": 10, "f-2": 20}
    text = papers(old, new)
    assert "V-1 75.0 (1) 75.0 (1) 50.0 (2) 50.0 (2)" in text
    assert "V-2 50.0 (2) 41.7 (2) 75.0 (1) 70.8 (1)" in text
    assert "New facts: the answers of 2027 with the weights and catalogue of 2026." in text


def test_a_first_review_says_nothing_of_changes() -> None:
    workspace = build(final_contents(vendors=2))
    result = evaluate(workspace, workspace.evaluation.as_of, version="1")
    assert "review" not in {section.id for section in outline(result, ENGLISH)}
    html = recommendation_html(result, assets=[shipped_root() / "reports"])
    assert "so it is compared with no previous review" in html
    first = replace(result, review=state(final_contents(vendors=2), None))
    assert "This is the first review" in recommendation_html(first, assets=[shipped_root() / "reports"])
    assert "Score of each option then and now" not in html


APPENDICES = {
    "A": "Method",
    "B": "Criteria",
    "C": "Scorecards",
    "D": "Evidence register",
    "E": "Assumptions and exceptions",
    "F": "Changes since the previous review",
    "G": "Sign-off",
}


@pytest.mark.parametrize("bare", [True, False])
def test_the_appendices_keep_their_letters_and_say_where_they_have_nothing(bare: bool) -> None:  # noqa: FBT001
    old = final_contents(vendors=2)
    new = a_year_later(old)
    if bare:
        new[EVALUATION] |= {"assumptions": [], "deciders": []}
    else:
        new[EVALUATION]["assumptions"] = ["Demand stays as it is."]
    found = [build(content) for content in (old, new)]
    before, after = (evaluate(workspace, workspace.evaluation.as_of, version="1") for workspace in found)
    result = (
        after
        if bare
        else replace(after, changes=change(ComparedReview("2026", before, "1"), ComparedReview("2027", after, "1")))
    )
    html = recommendation_html(result, assets=[shipped_root() / "reports"])
    letters = dict(re.findall(r'<h2 id="[^"]+" class="appendix"><span class="number">(.)</span> ([^<]+)</h2>', html))
    assert letters == APPENDICES
    assert list(letters) == sorted(letters)
    contents = re.findall(r'<span class="number">([A-G])</span> <a href="#([^"]+)">([^<]+)</a>', html)
    assert {letter: title for letter, _, title in contents} == APPENDICES
    told = dict(re.findall(r'<a class="ref" href="#([^"]+)">appendix (.)</a>', html))
    assert told.items() <= {place: letter for letter, place, _ in contents}.items()
    if bare:
        assert "No assumptions or exceptions are recorded." in html
        assert "No role is named, so there is nobody to sign." in html
    else:
        assert told["changes"] == "F"


def test_a_stack_that_is_gone_is_told_with_what_rules_its_tools_out() -> None:
    old = final_contents()
    new = a_year_later(old)
    tools = [vendor.profile.id for vendor in build(new).options]
    chosen = evaluate(build(old), build(old).evaluation.as_of, version="x").stacks
    assert chosen is not None
    assert chosen.chosen is not None
    gone = chosen.chosen.tools[0]
    for case in new["criteria/use-cases.yaml"]["use_cases"]:
        case["must"] = ["cap-1"]
    for tool in tools:
        new[profile_of(tool)]["capabilities"]["cap-1"]["support"] = "none"
    new[EVALUATION]["stack"] = {"excluded": [{"tool": gone, "reason": "The contract was ended."}]}
    workspace, found = changed(old, new)
    assert found.stack is not None
    assert found.stack.tools == (chosen.chosen.tools, ())
    assert found.stack.values[1] == 0.0
    assert sum(found.stack.causes.values()) == pytest.approx(found.stack.values[1] - found.stack.values[0], abs=1e-9)
    page = " ".join(fits(changes.change_page(workspace, found)).split())
    assert "nothing is approved" in page
    assert "is ruled out by the limits on the stack: The contract was ended." in page
