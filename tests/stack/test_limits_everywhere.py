"""Limits that the evaluation sets on the stack: they bind every figure about stacks, and every paper says them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import paper_cases as cases
import pytest
from builders import AS_OF, EVALUATION, USE_CASES, Content, build, capability, contents, profile_of, use_case, write
from real_program import run

from evaluator import api
from evaluator.evaluation.subset import narrowed
from evaluator.model.evaluated import OptionVerdict
from evaluator.model.stack_limits import Budget, StackConstraints
from evaluator.reports.language import ENGLISH
from evaluator.reports.paper.papers import recommendation_html
from evaluator.reports.sentences import limits_lead
from evaluator.reports.terminal import scores
from evaluator.reports.terminal.page import render
from evaluator.sensitivity.breakeven import breakeven
from evaluator.sensitivity.robustness import robustness
from evaluator.sensitivity.value_of_information import value_of_information


def ladder(**limits: object) -> Content:
    """Four options of levels 4, 3, 2 and 1, each alone able to serve both use cases; each costs 10 EUR a month per maker."""
    content = contents(criteria=2, families=1, vendors=4, level=lambda vendor, *_: 5 - int(vendor[2:]), use_cases=2)
    content[EVALUATION]["stack"] = limits
    return content


def ruling(*tools: str) -> list[dict[str, str]]:
    return [{"tool": tool, "reason": f"Why {tool}."} for tool in tools]


def test_what_is_required_is_in_every_stack_and_what_is_excluded_in_none() -> None:
    result = cases.result_of(ladder(required=ruling("v-3"), excluded=ruling("v-1")))
    assert result.stacks is not None
    assert [size.best.tools for size in result.stacks.sizes] == [("v-3",), ("v-2", "v-3"), ("v-2", "v-3", "v-4")]
    assert result.stacks.recommended == 2
    assert result.stacks.unlimited is not None
    assert result.stacks.unlimited.tools == ("v-1",)
    assert result.verdicts["v-1"] is OptionVerdict.RULED_OUT
    assert limits_lead(result, ENGLISH) == (
        "Within the limits set, every stack holds V-3 and does without V-1.",
        "Without these limits V-1 would be recommended (1 tool), with a value of 100.0 points against 75.0.",
    )


def test_a_required_tool_that_serves_nothing_does_not_end_the_search() -> None:
    content = ladder(required=ruling("v-4"))
    content[USE_CASES]["use_cases"] = [use_case("u-1", must=["cap-1"])]
    content[profile_of("v-4")]["capabilities"] = {"cap-1": capability("none")}
    result = cases.result_of(content)
    assert result.stacks is not None
    assert [round(size.best.value, 6) for size in result.stacks.sizes[:2]] == [0.0, 100.0]
    assert result.stacks.chosen is not None
    assert result.stacks.chosen.tools == ("v-1", "v-4")


def test_firmness_keeps_to_the_limits() -> None:
    workspace = build(ladder(required=ruling("v-3"), excluded=ruling("v-1")))
    assert breakeven(api.evaluate(workspace, AS_OF)).stack == ("v-2", "v-3")
    drawn = robustness(api.evaluate(workspace, AS_OF), 200)
    for scenario in drawn.scenarios:
        assert scenario.stack is not None
        assert scenario.stack.tools == ("v-2", "v-3")
        assert all("v-1" not in row.tools and "v-3" in row.tools for size in scenario.sizes for row in size.stacks)
    found = value_of_information(api.evaluate(workspace, AS_OF), 20)
    assert found.stack == ("v-2", "v-3")
    assert next(option for option in found.options if option.option == "v-1").gain == 0


def test_a_budget_is_held_against_the_stated_figures_in_every_draw() -> None:
    # Two makers in each of two use cases at 10 a month: 240 to 480 a year, 360 expected; v-1 costs ten times as much.
    content = ladder(budget={"amount": 400, "currency": "EUR"})
    content[profile_of("v-1")]["editions"][0]["prices"][0]["amount"] = 100
    result = cases.result_of(content)
    assert result.stacks is not None
    assert result.stacks.chosen is not None
    assert (result.stacks.chosen.tools, result.stacks.budget) == (("v-2",), Budget.WITHIN)
    drawn = robustness(result, 200)
    assert all("v-1" not in row.tools for scenario in drawn.scenarios for size in scenario.sizes for row in size.stacks)
    assert breakeven(result).stack == ("v-2",)
    assert value_of_information(result, 20).stack == ("v-2",)


def test_without_a_stack_within_the_limits_every_paper_says_so() -> None:
    result = api.with_sensitivity(cases.result_of(cases.out_of_reach()))
    assert result.stacks is not None
    assert result.stacks.sizes == ()
    sentence = "No stack is possible within the limits of this evaluation."
    page = " ".join(render(scores.stacks_page(result)).split())
    assert sentence in page
    assert "costs no more than EUR 1 per year" in page
    assert sentence in recommendation_html(result, assets=cases.ASSETS)


def test_the_paper_gives_each_limit_with_its_reason() -> None:
    html = recommendation_html(cases.result_of(cases.limited()), assets=cases.ASSETS)
    for words in (
        "V-1: every stack holds it",
        "In place until the contract ends.",
        "V-5: no stack holds it",
        "ruled out",
    ):
        assert words in html
    assert "What every stack keeps to" not in recommendation_html(
        cases.result_of(cases.everyday()), assets=cases.ASSETS
    )


def test_limits_do_not_change_the_digest_of_who_sets_none() -> None:
    content = contents()
    before = build(content).digest
    content[EVALUATION]["stack"] = {"max_tools": 4, "required": [], "excluded": []}
    assert build(content).digest == before


def test_the_command_takes_limits_and_shows_the_stack_in_full(tmp_path: Path) -> None:
    root = write(tmp_path / "w", ladder(required=ruling("v-3")))
    plain = run("stack", "--workspace", root)
    assert "every stack holds V-3" in plain.stdout
    other = run("stack", "--workspace", root, "--required", "v-4", "--excluded", "v-1", "--json")
    assert json.loads(other.stdout)["limits"] == {
        "required": ["v-4"],
        "excluded": ["v-1"],
        "budget": None,
        "currency": "",
    }
    full = run("stack", "--workspace", root, "--budget", "500", "eur", "--full")
    assert "within the budget of EUR 500" in " ".join(full.stdout.split())
    found = json.loads(run("stack", "--workspace", root, "--budget", "500", "EUR", "--full", "--json").stdout)
    assert found["schema"] == "stack/1"
    assert found["limits"]["required"] == ["v-3"]


@pytest.mark.parametrize(
    ("options", "code", "sentence"),
    [
        (("--required", "nobody"), 1, "There is no option 'nobody'"),
        (("--required", "v-1", "--excluded", "v-1"), 1, "'v-1' is both required and excluded."),
        (
            ("--required", "v-1", "--max-tools", "1", "--required", "v-2"),
            1,
            "2 tools are required, and a stack may hold 1.",
        ),
        (("--budget", "10", "euro"), 2, "'euro' is not a currency; write three letters such as EUR."),
        (("--budget", "-1", "EUR"), 2, "-1"),
        (("--budget", "nan", "EUR"), 2, "is not an amount of money"),
        (("--budget", "inf", "EUR"), 2, "is not an amount of money"),
        (("--budget", "ten", "EUR"), 2, "'ten' is not a valid float"),
        (("--full", "--budget", "1", "EUR"), 1, "No stack keeps to these limits; loosen one of them."),
    ],
)
def test_limits_that_cannot_be_used(tmp_path: Path, options: tuple[str, ...], code: int, sentence: str) -> None:
    root = write(tmp_path / "w", ladder())
    found = run("stack", "--workspace", root, *options)
    assert found.returncode == code
    assert sentence in found.stderr
    assert "Traceback" not in found.stderr


def test_a_required_tool_that_serves_nothing_still_has_its_price() -> None:
    content = ladder(required=ruling("v-4"))
    content[USE_CASES]["use_cases"] = [use_case("u-1", must=["cap-1"])]
    content[profile_of("v-4")]["capabilities"] = {"cap-1": capability("none")}
    content[profile_of("v-4")]["editions"][0]["prices"][0] |= {"unit": "flat", "amount": 40, "per": "year"}
    alone = cases.result_of(content).stacks
    assert alone is not None
    assert [amount.expected for amount in alone.sizes[0].best.cost.amounts] == [40]
    content[EVALUATION]["stack"]["budget"] = {"amount": 279, "currency": "EUR"}  # 240 for v-1 and 40 for v-4 are 280
    within = cases.result_of(content).stacks
    assert within is not None
    assert [size.size for size in within.sizes] == [1]
    content[profile_of("v-4")]["editions"][0]["prices"][0] |= {"unit": "maker", "amount": 3, "minimum": 5}
    fewest = cases.result_of(content).stacks
    assert fewest is not None
    assert [amount.expected for amount in fewest.sizes[0].best.cost.amounts] == [15]


def test_limits_given_at_the_command_bind_everything_that_follows() -> None:
    workspace = build(ladder())
    result = api.evaluate(workspace, limits=api.limits(workspace, required=["v-3"], excluded=["v-1"]))
    assert result.stacks is not None
    assert result.digest != workspace.digest
    firm = api.with_sensitivity(result).sensitivity
    assert firm is not None
    assert firm.robustness.stack == firm.breakeven.stack == ("v-2", "v-3")
    assert limits_lead(result, ENGLISH)[0] == "Within the limits set, every stack holds V-3 and does without V-1."
    own = build(ladder(required=ruling("v-3", "v-2")))  # in another order than that of the ids
    assert api.evaluate(own, limits=api.limits(own)) == api.evaluate(own)


def test_who_names_a_tool_means_it_whatever_the_evaluation_says() -> None:
    workspace = build(ladder(required=ruling("v-3"), excluded=ruling("v-1")))
    assert api.limits(workspace, required=["v-1"]).excluded == ()
    assert api.limits(workspace, excluded=["v-3"]).required == ()


def test_where_limits_leave_no_stack_the_paper_gives_them_as_the_reason() -> None:
    result = cases.result_of(cases.out_of_reach())
    html = recommendation_html(result, assets=cases.ASSETS)
    stands = html.split("What stands in the way")[1].split("</section>")[0]
    assert "costs no more than EUR 1 per year" in stands
    assert "Without these limits" in stands
    assert "fail a minimum level" not in stands


def test_an_excluded_tool_is_no_way_out_and_the_papers_say_that_it_would_be() -> None:
    content = ladder(excluded=ruling("v-1"))
    content[USE_CASES]["use_cases"] = [use_case("u-1"), use_case("u-2", must=["cap-2"])]
    for number in range(1, 5):
        content[profile_of(f"v-{number}")]["capabilities"]["cap-2"] = capability("native" if number == 1 else "none")
    result = api.with_sensitivity(cases.result_of(content))
    assert result.sensitivity is not None
    full = result.sensitivity.stack
    assert full is not None
    assert [(row.use_case, row.elsewhere, row.ruled_out) for row in full.uncovered] == [("u-2", (), ("v-1",))]
    assert "Only what is ruled out could serve it: V-1." in " ".join(
        render(scores.stack_page(result.workspace, full)).split()
    )
    page = " ".join(render(scores.stacks_page(result)).split())
    assert "(only what is ruled out could serve it: V-1;" in page
    html = recommendation_html(result, assets=cases.ASSETS)
    plain = " ".join(re.sub(r"<[^>]*>", "", html).split())
    assert "Only what is ruled out could serve it: V-1." in plain
    assert "No option in scope serves it" not in plain


def test_a_narrowed_comparison_says_which_limits_it_leaves_aside() -> None:
    result = cases.result_of(ladder(required=ruling("v-3"), excluded=ruling("v-1")))
    assert narrowed(result, ["v-1", "v-3", "v-4"]).words == "Narrowed to 3 of 4 options"
    smaller = narrowed(result, ["v-2", "v-4"])
    assert smaller.words == "Narrowed to 2 of 4 options, without the limits on v-1 and v-3"
    assert smaller.result.stacks is not None
    assert smaller.result.stacks.limits == StackConstraints()
