"""Fit, stack, cost, evidence register and verdicts on cases worked by hand."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

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
    criterion,
    evidence,
    profile_of,
    use_case,
)

from evaluator.evaluation.evaluate import evaluate
from evaluator.model.cost import Amount, Coverage
from evaluator.model.evaluated import Evaluated, Fit, OptionVerdict, StackSize
from evaluator.stack.recommendation import recommended_size


def result_of(content: Content) -> Evaluated:
    return evaluate(build(content), AS_OF, version="test")


def one_fit(content: Content) -> Fit:
    (fit,) = result_of(content).fits["u-1"]
    return fit


def single(
    level: int | str = 2, *, case: dict[str, Any] | None = None, support: dict[str, str] | None = None
) -> Content:
    """One vendor at one level, one use case that needs cap-1 and should have cap-2."""
    content = contents(criteria=1, families=1, vendors=1, level=level)
    content[USE_CASES]["use_cases"] = [use_case("u-1", **(case or {}))]
    if support is not None:
        content[profile_of("v-1")]["capabilities"] = {key: capability(degree) for key, degree in support.items()}
    return content


class TestFit:
    @pytest.mark.parametrize(
        ("support", "share", "coverage"),
        [
            ({"cap-1": "native", "cap-2": "native"}, 1.0, Coverage.COVERED),
            ({"cap-1": "partial", "cap-2": "native"}, 1.1 / 1.5, Coverage.COVERED),
            ({"cap-1": "native", "cap-2": "built"}, 1.2 / 1.5, Coverage.COVERED),
            ({"cap-1": "native", "cap-2": "unknown"}, 1.0 / 1.5, Coverage.COVERED),
            ({"cap-1": "unknown", "cap-2": "native"}, 0.5 / 1.5, Coverage.CONDITIONAL),
            ({"cap-1": "none", "cap-2": "native"}, 0.5 / 1.5, Coverage.NOT_COVERED),
            ({}, 0.0, Coverage.CONDITIONAL),
        ],
    )
    def test_capabilities(self, support: dict[str, str], share: float, coverage: Coverage) -> None:
        fit = one_fit(single(2, support=support))
        assert fit.capabilities == pytest.approx(share)
        assert fit.potential == pytest.approx(50 * share)
        assert fit.coverage is coverage
        credit = {Coverage.COVERED: 1.0, Coverage.CONDITIONAL: 0.5, Coverage.NOT_COVERED: 0.0}[coverage]
        assert fit.fit == pytest.approx(50 * share * credit)

    def test_a_use_case_that_needs_nothing_is_fitted_by_its_score(self) -> None:
        assert one_fit(single(3, case={"must": [], "should": []})).fit == pytest.approx(75)

    def test_emphasis_moves_the_weights_and_keeps_their_sum(self) -> None:
        content = contents(criteria=2, families=1, vendors=1, level=lambda _v, key, _a: {"c-1": 4, "c-2": 0}[key])
        content[USE_CASES]["use_cases"] = [use_case("u-1", emphasis={"c-1": 3})]
        assert one_fit(content).score == pytest.approx(75)

    @pytest.mark.parametrize(
        ("level", "changes", "coverage"),
        [
            (3, {}, Coverage.COVERED),
            (1, {}, Coverage.NOT_COVERED),
            (1, {"missing": ["a statement"]}, Coverage.CONDITIONAL),
            ("unknown", {}, Coverage.CONDITIONAL),
        ],
    )
    def test_gates_of_the_class_and_of_the_use_case(
        self, level: int | str, changes: dict[str, Any], coverage: Coverage
    ) -> None:
        by_class = single(level)
        by_class["criteria/f-1.yaml"]["criteria"] = [criterion("c-1", gates={"internal": 3}, starter_gate=True)]
        by_case = single(level, case={"gates": {"c-1": 3}})
        for content in (by_class, by_case):
            content[card_of("v-1")]["answers"]["c-1"] |= changes
            assert one_fit(content).coverage is coverage

    def test_a_gate_of_a_criterion_out_of_scope_does_not_apply(self) -> None:
        content = contents(criteria=2, families=1, vendors=1, level=2)
        content[EVALUATION]["out_of_scope"] = {"c-1": "does not apply here"}
        content[USE_CASES]["use_cases"] = [use_case("u-1", gates={"c-1": 4})]
        assert one_fit(content).coverage is Coverage.COVERED


def specialists() -> Content:
    """Three vendors of equal score; v-1 can do u-1 and u-2, v-2 only u-3, v-3 only u-2."""
    content = contents(criteria=1, families=1, vendors=3, level=4)
    content[USE_CASES]["capabilities"] = {f"cap-{n}": f"Ability {n}" for n in (1, 2, 3)}
    content[USE_CASES]["use_cases"] = [use_case(f"u-{n}", must=[f"cap-{n}"], should=[]) for n in (1, 2, 3)]
    able = {"v-1": {"cap-1": "native", "cap-2": "partial"}, "v-2": {"cap-3": "native"}, "v-3": {"cap-2": "native"}}
    for vendor, support in able.items():
        degrees = {f"cap-{n}": support.get(f"cap-{n}", "none") for n in (1, 2, 3)}
        content[profile_of(vendor)]["capabilities"] = {key: capability(degree) for key, degree in degrees.items()}
    return content


class TestStack:
    def test_best_sets_of_every_size(self) -> None:
        stacks = result_of(specialists()).stacks
        assert stacks is not None
        assert [size.best.tools for size in stacks.sizes] == [("v-1",), ("v-1", "v-2"), ("v-1", "v-2", "v-3")]
        assert [size.best.value for size in stacks.sizes] == pytest.approx([160 / 3, 260 / 3, 100])
        assert stacks.recommended == 3
        assert [size.combinations for size in stacks.sizes] == [3, 3, 1]

    def test_who_serves_what_and_what_each_tool_adds(self) -> None:
        stacks = result_of(specialists()).stacks
        assert stacks is not None
        best = stacks.sizes[2].best
        assert [(served.use_case, served.tool, served.others) for served in best.served] == [
            ("u-1", "v-1", ()),
            ("u-2", "v-3", ("v-1",)),
            ("u-3", "v-2", ()),
        ]
        assert best.marginal == pytest.approx({"v-1": 100 / 3, "v-2": 100 / 3, "v-3": 40 / 3})

    def test_importance_decides_between_use_cases(self) -> None:
        content = specialists()
        content[USE_CASES]["use_cases"][2]["importance"] = 10
        stacks = result_of(content).stacks
        assert stacks is not None
        assert stacks.sizes[0].best.tools == ("v-2",)

    def test_exact_ties_are_kept_beside_the_first(self) -> None:
        content = contents(criteria=1, families=1, vendors=3, level=2)
        stacks = result_of(content).stacks
        assert stacks is not None
        assert stacks.sizes[0].best.tools == ("v-1",)
        assert [stack.tools for stack in stacks.sizes[0].tied] == [("v-2",), ("v-3",)]
        assert stacks.sizes[0].close == ()

    def test_nothing_that_serves_anything_is_no_recommendation(self) -> None:
        content = single(3, support={"cap-1": "none"})
        result = result_of(content)
        assert result.stacks is not None
        assert result.stacks.recommended is None
        assert result.stacks.chosen is None
        assert result.verdicts == {"v-1": OptionVerdict.NOT_CHOSEN}

    def test_no_use_case_is_no_stack(self) -> None:
        content = contents(use_cases=0)
        assert result_of(content).stacks is None

    @pytest.mark.parametrize(
        ("gains", "size"),
        [
            ((50, 1, 30), 1),
            ((50, 2, 1.9), 2),
            ((50, 20, 30), 3),
            ((50,), 1),
            ((0, 5, 1), 2),
            ((0, 0), None),
            ((), None),
        ],
    )
    def test_the_recommended_size_stops_before_the_first_small_gain(
        self, gains: tuple[float, ...], size: int | None
    ) -> None:
        stacks = result_of(single(3)).stacks
        assert stacks is not None
        template = stacks.sizes[0]
        sizes = []
        value = 0.0
        for number, gain in enumerate(gains, start=1):
            value += gain
            best = dataclasses.replace(template.best, value=value)
            sizes.append(StackSize(number, best, (), (), more_close=False, gain=gain, combinations=1, examined=1))
        assert recommended_size(sizes, 2) == size

    def test_verdicts(self) -> None:
        content = contents(
            criteria=1, families=1, vendors=3, level=lambda vendor, _k, _a: {"v-1": 2, "v-2": 2, "v-3": 1}[vendor]
        )
        assert result_of(content).verdicts == {
            "v-1": OptionVerdict.RECOMMENDED,
            "v-2": OptionVerdict.CLOSE,
            "v-3": OptionVerdict.NOT_CHOSEN,
        }


def price(unit: str, amount: float, **changes: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "amount": amount,
        "currency": "EUR",
        "per": "month",
        "source": "https://vendor.example/pricing",
        "source_date": "2026-09-01",
        "confidence": "high",
        **changes,
    }


class TestCost:
    @staticmethod
    def amounts(prices: list[dict[str, Any]], **edition: Any) -> tuple[tuple[Amount, ...], tuple[str, ...]]:
        content = contents(criteria=1, families=1, vendors=1, level=3)
        content[USE_CASES]["use_cases"] = [
            use_case("u-1", users={"makers": 2, "internal": 20, "external": 0}),
            use_case("u-2", users={"makers": 5, "internal": 10, "external": 100}),
        ]
        content[profile_of("v-1")]["editions"][0] |= {"prices": prices, **edition}
        stacks = result_of(content).stacks
        assert stacks is not None
        cost = stacks.sizes[0].best.cost
        return cost.amounts, cost.unpriced

    @pytest.mark.parametrize(
        ("component", "low", "high"),
        [
            (price("flat", 100), 1200, 1200),
            (price("flat", 100, per="year"), 100, 100),
            (price("maker", 10), 600, 840),
            (price("internal-user", 1), 240, 360),
            (price("member", 1), 264, 444),
            (price("external-user", 1), 1200, 1200),
            (price("user", 1), 1380, 1644),
            (price("maker", 10, minimum=6), 720, 840),
            (price("internal-user", 1, included=15), 60, 180),
            (price("internal-user", 1, included=50), 0, 0),
        ],
    )
    def test_one_component(self, component: dict[str, Any], low: float, high: float) -> None:
        (amount,), unpriced = self.amounts([component])
        assert amount == Amount("EUR", low, (low + high) / 2, high)
        assert unpriced == ()

    def test_currencies_stay_apart(self) -> None:
        amounts, _ = self.amounts([price("flat", 1), price("flat", 2, currency="CHF"), price("flat", 3)])
        assert [(amount.currency, amount.low) for amount in amounts] == [("CHF", 24), ("EUR", 48)]

    def test_an_unknown_price_is_named_and_never_zero(self) -> None:
        assert self.amounts([]) == ((), ("v-1",))

    def test_a_partly_unknown_price_is_named_where_it_matters(self) -> None:
        amounts, unpriced = self.amounts([price("flat", 1)], unpriced=["external-user"])
        assert (amounts[0].low, unpriced) == (12, ("v-1",))


class TestEvidenceRegister:
    def test_one_row_per_option_and_item_with_all_its_uses(self) -> None:
        content = contents(criteria=2, families=1, vendors=2, level=2)
        rows = result_of(content).evidence
        assert [(row.id, row.option, [use.criterion for use in row.uses]) for row in rows] == [
            ("E0001", "v-1", ["c-1", "c-2"]),
            ("E0002", "v-2", ["c-1", "c-2"]),
        ]
        assert rows[0].fresh_until == date(2027, 10, 1)
        assert not rows[0].stale

    def test_the_shortest_limit_decides_when_a_row_goes_stale(self) -> None:
        content = contents(criteria=2, families=1, vendors=1, level=2)
        content["criteria/f-1.yaml"]["criteria"][1]["fresh_months"] = 1
        (row,) = result_of(content).evidence
        assert (row.fresh_until, row.stale) == (date(2026, 11, 1), True)

    def test_items_of_unknown_answers_are_listed_too(self) -> None:
        content = single("unknown")
        content[card_of("v-1")]["answers"]["c-1"] = answer("unknown", evidence=[evidence()])
        assert len(result_of(content).evidence) == 1


def test_leaders_and_what_sets_them_apart() -> None:
    content = contents(
        criteria=2, families=1, vendors=2, level=lambda vendor, key, _: 4 if (vendor, key) != ("v-2", "c-2") else 1
    )
    result = result_of(content)
    assert result.leaders == ("v-1", "v-2")
    assert {row.criterion: row.spread for row in result.separations} == pytest.approx({"c-2": 37.5})


def test_the_hash_follows_the_content_and_not_its_layout() -> None:
    content = contents()
    same = {name: dict(reversed(list(value.items()))) for name, value in reversed(list(content.items()))}
    assert build(content).digest == build(same).digest
    content[EVALUATION]["title"] = "Another"
    assert build(content).digest != build(same).digest


def test_validity_ends_after_a_year_at_most() -> None:
    assert result_of(contents()).valid_until == date(2027, 11, 24)
