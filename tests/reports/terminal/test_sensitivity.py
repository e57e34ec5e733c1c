"""The terminal pages on how robust the answer is: every page fits, and says what was found, as it was computed."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import sqrt
from pathlib import Path

import pytest
from builders import AS_OF, USE_CASES, Content, answer, build, card_of, contents, evaluated, profile_of, use_case

from evaluator.evaluation.evaluate import evaluate
from evaluator.model.stack_limits import StackConstraints
from evaluator.model.workspace import Workspace
from evaluator.reports.language import ENGLISH
from evaluator.reports.paper.vendor_report import subject_view
from evaluator.reports.terminal import sensitivity as pages
from evaluator.reports.terminal.page import Page, render
from evaluator.reports.terminal.scores import stack_page
from evaluator.reports.terminal.sensitivity import questions_page
from evaluator.reports.words import METHOD_WORDS
from evaluator.sensitivity.breakeven import breakeven
from evaluator.sensitivity.method_comparison import METHODS, compare_methods
from evaluator.sensitivity.robustness import robustness
from evaluator.sensitivity.value_of_information import value_of_information
from evaluator.stack.details import stack_details
from evaluator.stack.limits import with_limits
from evaluator.workspace.load import load

ROOT = Path(__file__).parents[3]


@cache
def shipped() -> Workspace:
    workspace = load(ROOT).workspace
    assert workspace is not None
    return workspace


def text_of(page: Page) -> str:
    """The text of the page, which fits 80 columns."""
    text = render(page)
    assert all(len(line) <= 80 for line in text.splitlines()), [line for line in text.splitlines() if len(line) > 80]
    assert "nan" not in text.split()
    assert "None" not in text
    return text


def test_pages_on_the_shipped_evaluation() -> None:
    workspace, as_of = shipped(), shipped().evaluation.as_of
    result = evaluate(workspace, as_of, version="test")
    people = {
        "architect": dict.fromkeys(list(result.scores.weights)[:9], 1),
        "security": dict.fromkeys(result.scores.weights, 1),
    }
    drawn = robustness(evaluate(workspace, as_of, version="test"), 400, 1, stakeholders=people)
    robust = text_of(pages.robustness_page(workspace, drawn))
    assert "400 simulations with seed 1" in robust
    assert all(vendor.profile.name[:20] in robust for vendor in workspace.options)
    turning = text_of(pages.breakeven_page(workspace, breakeven(evaluate(workspace, as_of, version="test"))))
    assert "Smallest change of all weights together" in turning
    asked = text_of(
        pages.questions_page(workspace, value_of_information(evaluate(workspace, as_of, version="test"), 100))
    )
    assert "What to ask first" in asked
    text_of(pages.methods_page(workspace, compare_methods(evaluate(workspace, as_of, version="test"))))
    for limits in (StackConstraints(), StackConstraints(budget=1e6, currency="USD", required=("mendix", "retool"))):
        full = stack_details(evaluate(with_limits(workspace, limits), as_of, version="test"))
        assert full is not None
        text_of(stack_page(workspace, full))


def long_names() -> Content:
    content = contents(
        criteria=2, families=1, vendors=4, level=lambda vendor, key, _: (int(vendor[-1]) + 2 * int(key[-1])) % 5
    )
    for vendor in ("v-1", "v-2", "v-3", "v-4"):
        content[profile_of(vendor)]["name"] = f"A product with a name that goes on and on, number {vendor[-1]}"
    content["criteria/f-1.yaml"]["criteria"][0]["title"] = "A question that " + "needs many words and " * 6
    content[USE_CASES]["use_cases"] = [
        use_case("u-1", title="Something that somebody in some department " * 3, gates={"c-1": 4}),
        use_case("u-2", emphasis={"c-2": 4}),
    ]
    content[card_of("v-2")]["answers"]["c-1"] = answer("unknown")
    return content


def test_long_names_fit() -> None:
    workspace = build(long_names())
    result = evaluate(workspace, AS_OF, version="test")
    text_of(pages.robustness_page(workspace, robustness(evaluate(workspace, AS_OF, version="test"), 200, 1)))
    text_of(pages.breakeven_page(workspace, breakeven(evaluate(workspace, AS_OF, version="test"))))
    text_of(pages.questions_page(workspace, value_of_information(evaluate(workspace, AS_OF, version="test"), 50)))
    text_of(pages.methods_page(workspace, compare_methods(evaluate(workspace, AS_OF, version="test"))))
    for tools in (["v-1"], ["v-1", "v-2", "v-3", "v-4"]):
        full = stack_details(result, tools=tools)
        assert full is not None
        text_of(stack_page(workspace, full))


@pytest.mark.parametrize("options", [[], ["v-1"]])
def test_pages_with_no_option_and_with_one(options: list[str]) -> None:
    content = contents(vendors=2, criteria=2)
    content["evaluation.yaml"]["options"] = options
    workspace = build(content)
    for text in (
        pages.robustness_page(workspace, robustness(evaluate(workspace, AS_OF, version="test"), 50, 1)),
        pages.breakeven_page(workspace, breakeven(evaluate(workspace, AS_OF, version="test"))),
        pages.questions_page(workspace, value_of_information(evaluate(workspace, AS_OF, version="test"), 50)),
        pages.methods_page(workspace, compare_methods(evaluate(workspace, AS_OF, version="test"))),
    ):
        text_of(text)


def test_pages_where_all_tie() -> None:
    workspace = build(contents(vendors=3, criteria=2, level=2))
    result = evaluate(workspace, AS_OF, version="test")
    assert "share the first place" in text_of(pages.breakeven_page(workspace, breakeven(result)))
    asked = text_of(pages.questions_page(workspace, value_of_information(result, 50)))
    assert "No open answer could change anything." in asked
    others = text_of(pages.methods_page(workspace, compare_methods(result)))
    assert "does not depend on the method" in others


def test_every_method_has_its_words_and_they_can_disagree() -> None:
    assert set(METHODS) <= set(METHOD_WORDS)
    # One is best on one criterion of much weight, the other a little better on all others.
    levels = {"v-1": [4, 0, 0, 0], "v-2": [1, 1, 1, 1]}
    content = contents(criteria=4, families=1, vendors=2, level=lambda vendor, key, _: levels[vendor][int(key[2:]) - 1])
    content["criteria/weights.yaml"]["criteria"]["c-1"] = 1.5
    found = compare_methods(evaluated(content))
    assert found.first == ("v-1",)
    assert not found.agree
    first = {opinion.method: opinion.first for opinion in found.methods}
    assert first["weighted-sum"] == ("v-1",)
    assert first["promethee-usual"] == first["low-levels-count-more"] == ("v-2",)
    assert first["high-levels-count-more"] == ("v-1",)
    assert first["equal-weights"] == ("v-1", "v-2")
    assert "depends on the method" in text_of(pages.methods_page(build(content), found))


SAMPLES = 400
CONTENT = contents(
    criteria=4, vendors=2, level=lambda vendor, key, _: "unknown" if vendor == "v-1" and key != "c-1" else 2
)


def test_a_gain_and_its_error_are_printed_as_they_were_computed() -> None:
    workspace = build(CONTENT)
    found = value_of_information(evaluate(workspace, AS_OF, version="test"), SAMPLES)
    options = tuple(
        replace(option, gain=1.5, gain_error=0.25) if option.option == "v-1" else option for option in found.options
    )
    found = replace(found, options=options)
    assert "1.50 ± 0.25" in render(questions_page(workspace, found))
    result = replace(evaluate(workspace, AS_OF, version="test"), questions=found)
    assert "1.50 ± 0.25" in subject_view(result, "v-1", ENGLISH).asking


def test_the_error_is_that_of_a_mean_of_the_draws() -> None:
    # A gain lies between 0 and 100 points: its draws stray by at most half of that, and by less the more often they agree.
    workspace = build(CONTENT)
    (option,) = (
        found
        for found in value_of_information(evaluate(workspace, AS_OF, version="test"), SAMPLES).options
        if found.option == "v-1"
    )
    assert 0 < option.gain_error <= 50 / sqrt(SAMPLES)
    many = next(
        found
        for found in value_of_information(evaluate(workspace, AS_OF, version="test"), 16 * SAMPLES).options
        if found.option == "v-1"
    )
    assert many.gain_error == pytest.approx(option.gain_error / 4, rel=0.25)
