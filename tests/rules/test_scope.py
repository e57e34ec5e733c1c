"""What is evaluated: options, gates, use cases, limits."""

from __future__ import annotations

from typing import Any

import pytest
from builders import EVALUATION, USE_CASES, Content, card_of, contents, profile_of, use_case
from check_context import found, messages, places

from evaluator.rules import scope

FAMILY = "criteria/f-1.yaml"


@pytest.mark.parametrize(
    ("vendors", "options", "path", "said"),
    [
        (0, None, (), "there is no option; a choice needs at least two"),
        (1, None, (), "there is only one option; a choice needs at least two"),
        (3, ["v-1"], ("options",), "there is only one option; a choice needs at least two"),
        (2, None, None, None),
    ],
)
def test_fewer_than_two_options(
    vendors: int, options: list[str] | None, path: tuple[str, ...] | None, said: str | None
) -> None:
    content = contents(vendors=vendors)
    content[EVALUATION]["options"] = options
    assert [(row.path, row.message) for row in found(scope.few_options, content)] == ([(path, said)] if said else [])
    assert found(scope.few_options, content, incomplete_vendors=frozenset({"v-9"})) == []


def gated(policy: Any = "starter", out: tuple[str, ...] = ()) -> Content:
    """A starter gate on ``c-1``, another on ``c-3``; ``c-2`` is in the starter set and has no gate."""
    content = contents(criteria=4, families=2)
    one, three = content[FAMILY]["criteria"]
    one |= {"gates": {"internal": 1}, "starter_gate": True}
    three |= {"gates": {"internal": 1}}
    content["criteria/f-2.yaml"]["criteria"][0]["starter_gate"] = True
    content[EVALUATION] |= {"policies": {"gates": policy}, "out_of_scope": dict.fromkeys(out, "no")}
    return content


@pytest.mark.parametrize(
    ("policy", "out", "said"),
    [
        ("starter", (), False),
        ("starter", ("c-1",), True),
        ("all", ("c-1",), False),
        ("all", ("c-1", "c-3"), True),
        (["c-3"], ("c-1",), False),
        (["c-2"], (), True),
        ([], (), True),
    ],
)
def test_no_gate_at_all(policy: Any, out: tuple[str, ...], *, said: bool) -> None:
    content = gated(policy, out)
    assert places(scope.no_gate, content) == ([(EVALUATION, ("policies", "gates"))] if said else [])
    assert found(scope.no_gate, content, incomplete_catalogue=True) == []


def test_a_catalogue_without_gates_needs_none() -> None:
    assert found(scope.no_gate, contents()) == []


@pytest.mark.parametrize(
    ("policy", "out", "said"),
    [
        ("starter", ("c-1", "c-3"), "1 gate is off because the criterion is out of scope: c-1"),
        (["c-1", "c-3"], ("c-3", "c-1"), "2 gates are off because the criterion is out of scope: c-1, c-3"),
        (["c-3"], ("c-1",), None),
        ("all", ("c-1",), None),
        ("starter", ("c-2",), None),
        ("starter", (), None),
    ],
)
def test_gates_on_criteria_out_of_scope(policy: Any, out: tuple[str, ...], said: str | None) -> None:
    rows = found(scope.gates_out_of_scope, gated(policy, out))
    assert [row.message for row in rows] == ([said] if said else [])
    assert [row.path for row in rows] == ([("out_of_scope", "c-1")] if said else [])


def test_gates_of_use_cases_on_criteria_out_of_scope() -> None:
    content = contents()
    content[EVALUATION]["out_of_scope"] = {"c-1": "no"}
    content[USE_CASES]["use_cases"] = [use_case("u-1", gates={"c-2": 1}), use_case("u-2", gates={"c-2": 1, "c-1": 1})]
    assert places(scope.gates_out_of_scope, content) == [(USE_CASES, ("use_cases", 1, "gates", "c-1"))]


def test_emphasis_that_leaves_no_weight() -> None:
    content = contents(criteria=2, families=1)
    content[USE_CASES]["use_cases"] = [
        use_case("u-1", emphasis={"c-1": 0}),
        use_case("u-2", emphasis={"c-1": 0, "c-2": 0.5}),
        use_case("u-3", emphasis={"c-1": 0, "c-2": 0}),
    ]
    assert places(scope.weightless_use_cases, content) == [(USE_CASES, ("use_cases", 2, "emphasis"))]
    content[EVALUATION]["out_of_scope"] = {"c-2": "no"}
    assert messages(scope.weightless_use_cases, content) == [
        f"the emphasis of u-{number} leaves no criterion any weight" for number in (1, 2, 3)
    ]
    content[EVALUATION]["out_of_scope"] = {"c-1": "no", "c-2": "no"}
    assert found(scope.weightless_use_cases, content) == []


def test_no_use_case() -> None:
    content = contents()
    assert found(scope.no_use_case, content) == []
    content[USE_CASES]["use_cases"] = []
    assert places(scope.no_use_case, content) == [(USE_CASES, ("use_cases",))]


def test_options_that_nobody_scored() -> None:
    content = contents(vendors=4, assessors=("a", "b"))
    for vendor, assessor in (("v-2", "a"), ("v-2", "b"), ("v-3", "a"), ("v-4", "a"), ("v-4", "b")):
        if vendor == "v-4":
            del content[card_of(vendor, assessor)]
        else:
            content[card_of(vendor, assessor)]["edition"] = "enterprise"
    assert places(scope.no_scorecard, content) == [(profile_of("v-2"), ("edition",)), (profile_of("v-4"), ("edition",))]
    assert places(scope.no_scorecard, content, incomplete_vendors=frozenset({"v-2"})) == [
        (profile_of("v-4"), ("edition",))
    ]


def test_excluded_by_id_or_name_and_an_option_all_the_same() -> None:
    content = contents(vendors=3)
    content[profile_of("v-2")]["name"] = "Second Tool"
    content[EVALUATION] |= {
        "options": ["v-1", "v-2"],
        "excluded": [
            {"option": option, "reason": "r", "date": "2026-01-01"} for option in ("v-3", "V-1", "Other", "second TOOL")
        ],
    }
    rows = found(scope.excluded_in_scope, content)
    assert [(row.file, row.path) for row in rows] == [
        (EVALUATION, ("excluded", place, "option")) for place in (1, 3)
    ]  # fmt: skip
    assert rows[1].message == "second TOOL is excluded but is an option in scope (v-2)"


def limited(**stack: Any) -> Content:
    """Three vendors, of which ``v-1`` and ``v-2`` are options."""
    content = contents(vendors=3)
    parts = {
        part: [{"tool": tool, "reason": "r"} for tool in tools] if part in {"required", "excluded"} else tools
        for part, tools in stack.items()
    }
    content[EVALUATION] |= {"options": ["v-1", "v-2"], "stack": parts}
    return content


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        ({"required": ["v-1"], "excluded": ["v-2"]}, []),
        ({"required": ["v-1", "v-2"], "max_tools": 2}, []),
        ({"required": ["v-1", "v-2"], "max_tools": 1}, [("required",)]),
        ({"required": ["v-1", "v-3"]}, [("required", 1, "tool")]),
        ({"excluded": ["nowhere", "v-3"]}, [("excluded", 1, "tool")]),
        ({"required": ["v-1"], "excluded": ["v-1"]}, [("excluded", 0, "tool")]),
        ({"excluded": ["v-1", "v-1"]}, [("excluded", 1, "tool")]),
        ({"excluded": ["v-1", "v-2"]}, [("excluded",)]),
    ],
)
def test_limits_on_the_stack(stack: dict[str, Any], expected: list[tuple[Any, ...]]) -> None:
    assert places(scope.stack_limits, limited(**stack)) == [(EVALUATION, ("stack", *path)) for path in expected]


def test_what_is_said_of_limits() -> None:
    said = messages(scope.stack_limits, limited(required=["v-3", "v-1", "v-1"], excluded=["v-1", "v-2"], max_tools=2))
    assert said == [
        "v-3 is required, but it is not among the options",
        "v-1 is required twice",
        "v-1 is excluded and required",
        "every option is excluded, so no stack can be chosen",
        "3 tools are required, and a stack may hold 2",
    ]


def test_without_options_nothing_is_excluded_altogether() -> None:
    content = contents(vendors=0)
    content[EVALUATION]["stack"] = {"excluded": []}
    assert found(scope.stack_limits, content) == []


@pytest.mark.parametrize(
    ("budget", "excluded", "said"),
    [
        ("EUR", [], None),
        ("USD", [], None),
        ("USD", ["v-2"], "prices are known in EUR; state the budget in one of them"),
        ("CHF", [], "prices are known in EUR, USD; state the budget in one of them"),
        ("CHF", ["v-1", "v-2"], None),
        (None, [], None),
    ],
)
def test_a_budget_in_a_currency_without_prices(budget: str | None, excluded: list[str], said: str | None) -> None:
    content = limited(excluded=excluded)
    content[profile_of("v-2")]["editions"][0]["prices"][0]["currency"] = "USD"
    if budget:
        content[EVALUATION]["stack"]["budget"] = {"amount": 10, "currency": budget}
    rows = found(scope.budget_currency, content)
    assert [row.hint for row in rows] == ([said] if said else [])
    assert [row.path for row in rows] == ([("stack", "budget", "currency")] if said else [])


def test_an_edition_that_is_not_listed_has_no_prices() -> None:
    content = limited(budget={"amount": 10, "currency": "CHF"})
    content[profile_of("v-1")]["edition"] = "gold"
    assert len(found(scope.budget_currency, content)) == 1


def test_gates_that_ask_less_of_a_higher_class() -> None:
    content = contents(criteria=3, families=1)
    for item, gates in zip(
        content[FAMILY]["criteria"],
        (
            {"internal": 2, "restricted": 2},
            {"restricted": 3, "public": 1, "internal": 0},
            {"public": 3, "restricted": 1},
        ),
        strict=True,
    ):
        item["gates"] = gates
    assert places(scope.falling_gates, content) == [
        (FAMILY, ("criteria", 1, "gates", "internal")),
        (FAMILY, ("criteria", 2, "gates", "restricted")),
    ]
    assert messages(scope.falling_gates, content)[1] == "the gate of c-3 requires 1 for restricted but 3 for public"
