"""One stack in full: limits, cost of many stacks at once, frontier, worth, overlap, concentration, what stays open."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, permutations

import numpy as np
import pytest
from builders import AS_OF, USE_CASES, Content, build, capability, contents, profile, profile_of, use_case
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import evaluations

from evaluator.errors import EvaluatorError
from evaluator.evaluation.evaluate import evaluate
from evaluator.model.evaluated import Evaluated, Stack
from evaluator.model.stack_details import StackDetails
from evaluator.model.stack_limits import Budget, StackConstraints
from evaluator.stack import exact_search
from evaluator.stack.cost import set_costs
from evaluator.stack.details import concentrations, stack_details
from evaluator.stack.exact_search import all_sets
from evaluator.stack.limits import with_limits
from evaluator.stack.recommendation import describe, stacks

NEAR = 1e-7
UNITS = ["flat", "maker", "internal-user", "member", "external-user", "user"]


def result_of(content: Content) -> Evaluated:
    return evaluate(build(content), AS_OF, version="test")


def full(
    content: Content, limits: StackConstraints | None = None, *, tools: Sequence[str] = (), max_tools: int | None = None
) -> StackDetails | None:
    workspace = with_limits(build(content), limits or StackConstraints())
    result = evaluate(workspace, AS_OF, version="test", max_tools=max_tools)
    return stack_details(result, tools=tools, max_tools=max_tools)


@st.composite
def priced(draw: st.DrawFn) -> Content:
    """Evaluations with prices of every kind, some unknown, in two currencies."""
    content = draw(evaluations(max_vendors=4, max_criteria=3, use_cases=3))
    for name, value in content.items():
        if name.endswith("/profile.yaml"):
            prices = [
                {
                    "unit": draw(st.sampled_from(UNITS)),
                    "amount": draw(st.integers(1, 50)),
                    "currency": draw(st.sampled_from(["EUR", "EUR", "EUR", "USD"])),
                    "per": draw(st.sampled_from(["month", "year"])),
                    "minimum": draw(st.sampled_from([0, 0, 5])),
                    "included": draw(st.sampled_from([0, 0, 3])),
                    "source": "https://a.example",
                    "source_date": "2026-09-01",
                    "confidence": "high",
                }
                for _ in range(draw(st.integers(0, 2)))
            ]
            unpriced = [draw(st.sampled_from(UNITS[1:]))] if draw(st.integers(0, 3)) == 0 else []
            edition = {**value["editions"][0], "prices": prices, "unpriced": unpriced}
            content[name] = {**value, "editions": [edition, *value["editions"][1:]]}
    for case in content[USE_CASES]["use_cases"]:
        case["users"] = {
            "makers": draw(st.integers(0, 9)), "internal": draw(st.integers(0, 99)), "external": draw(st.integers(0, 99))
        }  # fmt: skip
    return content


def every_stack(result: Evaluated, sizes: range) -> list[Stack]:
    demand = result.matrix
    assert demand is not None
    return [describe(result.workspace, demand, tools) for size in sizes for tools in combinations(demand.options, size)]


def expected(stack: Stack, currency: str) -> float:
    return sum(amount.expected for amount in stack.cost.amounts if amount.currency == currency)


def known_only(stack: Stack, currency: str) -> bool:
    return not stack.cost.unpriced and all(
        amount.currency == currency or amount.expected == 0 for amount in stack.cost.amounts
    )


SLOW = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(priced())
def test_costs_of_many_stacks_are_those_of_each(content: Content) -> None:
    result = result_of(content)
    demand = result.matrix
    assert demand is not None
    costs = set_costs(result.workspace, demand)
    for size in range(1, len(demand.options) + 1):
        table = costs.of(all_sets(len(demand.options), size))
        for row, stack in enumerate(every_stack(result, range(size, size + 1))):
            for currency, amounts in table.expected.items():
                assert amounts[row] == pytest.approx(expected(stack, currency), abs=NEAR)
            assert table.unpriced[row] == bool(stack.cost.unpriced)


@SLOW
@given(priced())
def test_the_frontier_is_that_of_pricing_every_stack(content: Content) -> None:
    found = full(content)
    result = result_of(content)
    if found is None:
        return
    stacks = every_stack(result, range(1, min(4, len(result.scores.options)) + 1))
    for currency in ("EUR", "USD"):
        able = [stack for stack in stacks if known_only(stack, currency) and stack.value > NEAR]
        best = [
            stack
            for stack in able
            if not any(
                (other.value > stack.value + NEAR and expected(other, currency) <= expected(stack, currency) + NEAR)
                or (other.value >= stack.value - NEAR and expected(other, currency) < expected(stack, currency) - NEAR)
                for other in able
            )
        ]
        frontier = next((one for one in found.frontier if one.currency == currency), None)
        if frontier is None:
            assert not best or all(currency not in {a.currency for a in stack.cost.amounts} for stack in able)
            continue
        assert {(round(p.value, 6), round(sum(a.expected for a in p.cost.amounts), 4)) for p in frontier.points} == {
            (round(stack.value, 6), round(expected(stack, currency), 4)) for stack in best
        }
        assert [p.value for p in frontier.points] == sorted(p.value for p in frontier.points)
        assert frontier.priced + frontier.unpriced == len(stacks)
        rest = [stack.value for stack in stacks if not known_only(stack, currency)]
        top = max(rest, default=0.0)
        better = bool(rest) and top > frontier.points[-1].value + NEAR
        assert (frontier.better_unpriced is not None) == better
        if frontier.better_unpriced:
            assert frontier.better_unpriced.value == pytest.approx(top)


@pytest.mark.parametrize("exhaustive", [20_000, -1])
@SLOW
@given(content=priced(), data=st.data())
def test_limits_are_kept_and_nothing_better_keeps_them(content: Content, data: st.DataObject, exhaustive: int) -> None:
    result = result_of(content)
    names = sorted(option.id for option in result.scores.options)
    required = data.draw(st.lists(st.sampled_from(names), unique=True, max_size=1))
    excluded = [name for name in names if name not in required and data.draw(st.integers(0, 3)) == 0]
    budget = data.draw(st.one_of(st.none(), st.sampled_from([0.0, 500.0, 5_000.0, 50_000.0])))
    limits = StackConstraints(tuple(required), tuple(excluded), budget, "EUR" if budget is not None else "")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact_search, "EXHAUSTIVE", exhaustive)
        found = stacks(with_limits(result.workspace, limits), result.matrix)
    assert found is not None
    sizes = {size.size: size for size in found.sizes}
    for size in range(1, min(4, len(names)) + 1):
        able = [
            stack
            for stack in every_stack(result, range(size, size + 1))
            if set(required) <= set(stack.tools)
            and not set(excluded) & set(stack.tools)
            and (budget is None or expected(stack, "EUR") <= budget + NEAR)
        ]
        assert (size in sizes) == bool(able)
        if able:
            assert sizes[size].best.value == pytest.approx(max(stack.value for stack in able), abs=NEAR)
            assert sizes[size].best.tools in {stack.tools for stack in able}


def test_no_limits_are_the_plain_search() -> None:
    result = result_of(contents(criteria=4, vendors=5, use_cases=2))
    assert stacks(with_limits(result.workspace, StackConstraints()), result.matrix) == result.stacks


@pytest.mark.parametrize(
    ("limits", "word"),
    [
        (StackConstraints(required=("nobody",)), "not an option"),
        (StackConstraints(excluded=("nobody",)), "not an option"),
        (StackConstraints(required=("v-1",), excluded=("v-1",)), "both"),
        (StackConstraints(required=("v-1", "v-1")), "twice"),
        (StackConstraints(required=("v-1", "v-2", "v-3")), "a stack may hold 2"),
        (StackConstraints(budget=10.0), "currency"),
        (StackConstraints(excluded=("v-1", "v-2", "v-3")), "No stack keeps"),
    ],
)
def test_limits_that_cannot_be_kept(limits: StackConstraints, word: str) -> None:
    with pytest.raises(EvaluatorError, match=word):
        full(contents(criteria=2, vendors=3), limits, max_tools=2)


def test_a_budget_knows_three_answers() -> None:
    content = contents(criteria=2, families=1, vendors=2, level=lambda vendor, *_: 4 if vendor == "v-1" else 3)
    within = full(content, StackConstraints(budget=240.0, currency="EUR"))
    assert within is not None
    # Two makers at 10 a month for a year.
    assert (within.tools, within.budget) == (("v-1",), Budget.WITHIN)
    with pytest.raises(EvaluatorError, match="No stack keeps"):
        full(content, StackConstraints(budget=239.0, currency="EUR"))
    content[profile_of("v-1")]["editions"][0]["prices"] = []
    unknown = full(content, StackConstraints(budget=1.0, currency="EUR"))
    assert unknown is not None
    assert (unknown.tools, unknown.budget) == (("v-1",), Budget.UNKNOWN)
    named = full(content, StackConstraints(budget=1.0, currency="EUR"), tools=["v-2"])
    assert named is not None
    assert named.budget is Budget.OVER
    content[profile_of("v-1")] = profile("v-1")
    content[profile_of("v-1")]["editions"][0]["prices"][0]["currency"] = "USD"
    foreign = full(content, StackConstraints(budget=1.0, currency="EUR"))
    assert foreign is not None
    assert foreign.budget is Budget.UNKNOWN


def specialists() -> Content:
    """Two vendors that each do one job alone, a third that does both at half strength."""
    content = contents(
        criteria=1, families=1, vendors=["half", "one", "two"], level=lambda vendor, *_: 2 if vendor == "half" else 4
    )
    content[USE_CASES]["use_cases"] = [
        use_case("u-1", must=["cap-1"], should=[]),
        use_case("u-2", must=["cap-2"], should=[]),
        use_case("u-3", must=["cap-1", "cap-2"], should=[], gates={"c-1": 3}),
    ]
    content[profile_of("one")]["capabilities"] = {"cap-1": capability("native"), "cap-2": capability("none")}
    content[profile_of("two")]["capabilities"] = {"cap-1": capability("none"), "cap-2": capability("native")}
    return content


def test_worth_overlap_and_what_stays_open() -> None:
    found = full(specialists(), tools=["one", "two", "half"])
    assert found is not None
    assert found.value == pytest.approx(200 / 3)
    worth = {row.tool: (row.alone, row.last, row.fair) for row in found.worth}
    # Values of all sets: each alone 33.3, half with either 50, one and two 66.7, all three 66.7.
    assert worth["one"] == pytest.approx((100 / 3, 50 / 3, (2 * 100 / 3 + 50 / 3 + 100 / 3 + 2 * 50 / 3) / 6))
    assert worth["half"][2] == pytest.approx((2 * 100 / 3 + 50 / 3 + 50 / 3) / 6)
    assert worth["half"][:2] == pytest.approx((100 / 3, 0))
    assert sum(row.fair for row in found.worth) == pytest.approx(found.value)
    overlap = {row.tools: (row.share, row.use_cases) for row in found.overlaps}
    assert overlap["half", "one"][0] == pytest.approx(0.5)
    assert overlap["half", "one"][1] == ("u-1",)
    assert overlap["one", "two"] == (0.0, ())
    (gap,) = found.uncovered
    assert (gap.use_case, gap.elsewhere) == ("u-3", ())
    assert {(row.option, row.failed, row.absent) for row in gap.obstacles} == {
        ("half", ("c-1",), ()),
        ("one", (), ("cap-2",)),
        ("two", (), ("cap-1",)),
    }
    assert [(step.size, step.tools, step.covered, step.not_covered) for step in found.steps] == [
        (1, ("half",), 2, 1),
        (2, ("one", "two"), 2, 1),
        (3, ("half", "one", "two"), 2, 1),
    ]


def test_a_use_case_that_another_option_could_serve_names_it() -> None:
    found = full(specialists(), tools=["one"])
    assert found is not None
    assert {row.use_case: row.elsewhere for row in found.uncovered} == {"u-2": ("two", "half"), "u-3": ()}


@SLOW
@given(evaluations())
def test_fair_shares_are_the_mean_over_all_orders(content: Content) -> None:
    result = result_of(content)
    names = sorted(option.id for option in result.scores.options)
    found = full(content, tools=names)
    demand = result.matrix
    if found is None or demand is None:
        return
    values = {(): 0.0} | {
        tools: describe(result.workspace, demand, tools).value
        for size in range(1, len(names) + 1)
        for tools in combinations(names, size)
    }
    orders = list(permutations(names))
    for row in found.worth:
        total = 0.0
        for order in orders:
            before = tuple(sorted(order[: order.index(row.tool)]))
            total += values[tuple(sorted((*before, row.tool)))] - values[before]
        assert row.fair == pytest.approx(total / len(orders), abs=NEAR)
        assert -NEAR <= row.last <= row.fair + NEAR <= row.alone + 2 * NEAR
        assert row.alone <= found.value + NEAR


def test_shared_owner_and_region_are_named() -> None:
    content = contents(vendors=3)
    for vendor, owner, regions in (("v-1", "Group", ["EU", "US"]), ("v-2", "Group", ["EU"]), ("v-3", "", ["US"])):
        content[profile_of(vendor)] |= {"owner": owner, "regions": regions}
    found = concentrations(build(content), ["v-1", "v-2", "v-3"])
    assert [(row.kind, row.value, row.tools) for row in found] == [
        ("owner", "Group", ("v-1", "v-2")),
        ("region", "EU", ("v-1", "v-2")),
        ("region", "US", ("v-1", "v-3")),
    ]
    assert concentrations(build(content), ["v-2", "v-3"]) == ()


def test_no_use_case_no_stack() -> None:
    content = contents(vendors=2)
    content[USE_CASES]["use_cases"] = []
    assert full(content) is None


def test_very_many_stacks_are_priced_as_far_as_they_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evaluator.stack.pareto.MOST_SETS", 15)
    found = full(contents(vendors=5, criteria=2, level=3))
    assert found is not None
    assert [frontier.up_to for frontier in found.frontier] == [2]
    assert np.isclose(found.frontier[0].points[0].value, found.value)
