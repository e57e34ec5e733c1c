"""At most one edition of a vendor in a stack: in every figure about stacks, against trying every stack."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from random import Random

import pytest
from builders import (
    AS_OF,
    EVALUATION,
    USE_CASES,
    Content,
    answer,
    build,
    capability,
    card_of,
    contents,
    profile_of,
    scorecard,
    use_case,
    with_evaluated,
)

from evaluator import api
from evaluator.errors import EvaluatorError
from evaluator.model.evaluated import Evaluated
from evaluator.sensitivity.breakeven import breakeven
from evaluator.sensitivity.robustness import robustness
from evaluator.sensitivity.value_of_information import value_of_information
from evaluator.stack.details import stack_details
from evaluator.stack.recommendation import listed_stacks
from evaluator.stack.stack_value import value_of

EDITIONS = {"v-1": ("business", "enterprise", "gold"), "v-2": ("business", "enterprise"), "v-3": ("business",)}


def editions(seed: int) -> Content:
    """Six options of three vendors with levels, capabilities and prices by chance; some answers unknown."""
    chance = Random(seed)
    content = contents(criteria=2, families=1, vendors=list(EDITIONS), use_cases=0)
    needs = {f"cap-{number}": f"Need {number}" for number in range(1, 5)}
    content[USE_CASES] |= {
        "capabilities": needs,
        "use_cases": [
            use_case(f"u-{key[-1]}", must=[key], should=[], importance=chance.randint(1, 3)) for key in needs
        ],
    }
    for vendor, evaluated in EDITIONS.items():
        if len(evaluated) > 1:
            with_evaluated(content, vendor, *evaluated)
        profile = content[profile_of(vendor)]
        profile["capabilities"] = {}
        for edition in profile["editions"]:
            supports = {key: chance.choice(["native", "partial", "none", "unknown"]) for key in needs}
            edition["capabilities"] = {key: capability(found) for key, found in supports.items()}
            price = profile["editions"][0].get("prices") or content[profile_of("v-3")]["editions"][0]["prices"]
            edition["prices"] = [{**price[0], "amount": chance.randint(1, 50)}]
        for edition_id in evaluated:
            levels: list[int | str] = [1, 2, 3, 4, "unknown"]
            answers = {key: answer(chance.choice(levels)) for key in ("c-1", "c-2")}
            content[card_of(vendor, edition=edition_id)] = scorecard(vendor, "desk-a", answers, edition=edition_id)
    content[EVALUATION]["policies"] = {"close_points": 5, "min_gain": 0}
    return content


def sound(tools: tuple[str, ...]) -> bool:
    return len({tool.partition("@")[0] for tool in tools}) == len(tools)


def result_of(seed: int) -> Evaluated:
    return api.evaluate(build(editions(seed)), AS_OF)


@pytest.mark.parametrize("seed", range(25))
def test_stacks_are_those_of_trying_every_one(seed: int) -> None:
    result = result_of(seed)
    assert result.matrix is not None
    assert result.stacks is not None
    assert len(result.matrix.options) == 6
    assert [size.size for size in result.stacks.sizes] == [1, 2, 3]
    for size in result.stacks.sizes:
        every = [tools for tools in combinations(result.matrix.options, size.size) if sound(tools)]
        ranked = sorted(every, key=lambda tools: (-round(value_of(result.matrix, tools), 9), tools))  # type: ignore[arg-type]
        best = value_of(result.matrix, ranked[0])
        band = [tools for tools in ranked if value_of(result.matrix, tools) >= best - 5 - 1e-9]
        assert size.best.tools == ranked[0]
        assert [stack.tools for stack in (*size.tied, *size.close)] == band[1:50]
        assert size.combinations == len(every)
        assert set(listed_stacks(result, size.size, 1000).tools) == set(every)


@pytest.mark.parametrize("seed", range(4))
def test_no_figure_about_stacks_holds_two_editions_of_a_vendor(seed: int) -> None:
    result = result_of(seed)
    found = stack_details(result)
    assert found is not None
    stacks = [step.tools for step in found.steps] + [found.tools]
    stacks += [point.tools for frontier in found.frontier for point in frontier.points]
    drawn = robustness(result, 100)
    stacks += [share.tools for scenario in drawn.scenarios for size in scenario.sizes for share in size.stacks]
    turns = breakeven(result)
    places = [place for row in (*turns.criteria, *turns.families) for place in (row.stack_down, row.stack_up)]
    stacks += [place.to for place in places if place]
    values = value_of_information(result, 20)
    stacks += [tools for option in values.options for question in option.questions for tools in question.stacks]
    assert turns.stack == values.stack == found.tools
    assert stacks
    assert all(map(sound, stacks))


def test_every_frontier_point_is_the_best_that_so_much_money_buys() -> None:
    for seed in range(6):
        result = result_of(seed)
        found = stack_details(result)
        assert found is not None
        assert result.matrix is not None
        (frontier,) = found.frontier
        for point in frontier.points:
            cost = point.cost.expected("EUR")
            for size in (1, 2, 3):
                for tools in filter(sound, combinations(result.matrix.options, size)):
                    other = stack_details(result, tools=tools)
                    assert other is not None
                    assert other.cost.expected("EUR") > cost - 1e-6 or other.value <= point.value + 1e-9


def test_two_editions_of_a_vendor_are_refused_as_a_stack() -> None:
    result = result_of(1)
    error = "^Several editions of v-1 are named, and a stack holds at most one edition of a vendor.$"
    with pytest.raises(EvaluatorError, match=error):
        stack_details(result, tools=["v-1@business", "v-1@gold"])
    limits = api.limits(result.workspace, required=["v-1@business", "v-1@gold"])
    with pytest.raises(EvaluatorError, match=error):
        api.evaluate(result.workspace, AS_OF, limits=limits)


def test_limits_name_editions() -> None:
    workspace = build(editions(2))
    with pytest.raises(EvaluatorError, match=r"^Several editions of v-1 are evaluated; name one of them: "):
        api.limits(workspace, required=["v-1"])
    limits = api.limits(workspace, required=["v-2@enterprise"], excluded=["v-1"])
    assert limits.excluded == ("v-1@business", "v-1@enterprise", "v-1@gold")
    found = api.stack(workspace, AS_OF, limits=limits)
    assert found is not None
    assert [size.best.tools for size in found.sizes] == [("v-2@enterprise",), ("v-2@enterprise", "v-3")]


def test_a_vendor_with_one_evaluated_edition_is_as_free_as_before() -> None:
    content = contents(vendors=3, use_cases=2)
    plain = api.stack(build(content), AS_OF)
    with_evaluated(content, "v-1", "business")
    assert plain is not None
    assert replace(plain) == api.stack(build(content), AS_OF)
