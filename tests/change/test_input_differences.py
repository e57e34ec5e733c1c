"""What differs in the inputs of two reviews: criteria, weights, policies, use cases."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from builders import (
    CATALOGUE,
    EVALUATION,
    GUARDRAILS,
    USE_CASES,
    WEIGHTS,
    Content,
    build,
    contents,
    criterion,
    profile_of,
    use_case,
)

from evaluator.change.input_differences import criterion_changes, other_changes, same_way, weight_changes
from evaluator.change.mixtures import AllMixtureWeights
from evaluator.model.change import (
    CellChange,
    CriterionWhat,
    FieldChange,
    OptionChange,
    SameWay,
    WeightChange,
)

REVISED = {"version": "2.0.0", "meaning": "same", "note": "Said more clearly."}


def changed(change: Callable[[Content], object]) -> tuple[Content, Content]:
    """Content with an option, and a copy with one change."""
    old = contents(criteria=4, families=2, vendors=1)
    new = copy.deepcopy(old)
    change(new)
    return old, new


def first(content: Content) -> dict[str, Any]:
    """Criterion c-1."""
    found: dict[str, Any] = content["criteria/f-1.yaml"]["criteria"][0]
    return found


def moved_to_the_other_family(content: Content) -> None:
    content["criteria/f-2.yaml"]["criteria"].append(content["criteria/f-1.yaml"]["criteria"].pop(0))


def with_another_cap(content: Content) -> None:
    content[CATALOGUE]["evidence_grades"][3]["max_level"] = 3


CHANGES: dict[str, tuple[Callable[[Content], object], set[CriterionWhat]]] = {
    "nothing": (lambda _: None, set()),
    "question": (lambda new: first(new).update(question="How much of it?"), {CriterionWhat.REWORDED}),
    "same meaning": (
        lambda new: first(new).update(question="How much of it?", revisions=[REVISED]),
        {CriterionWhat.WORDING},
    ),
    "punctuation": (lambda new: first(new).update(question="How good is c-1!"), {CriterionWhat.WORDING}),
    "an anchor's punctuation": (
        lambda new: first(new)["levels"].update({1: "Level 1 of c-1."}),
        {CriterionWhat.WORDING},
    ),
    "another scale": (
        lambda new: first(new).update(levels={level: f"Level {level} of c-1" for level in range(4)}),
        {CriterionWhat.REWORDED},
    ),
    "values": (lambda new: first(new).update(values=[0, 0.5, 0.6, 0.7, 1]), {CriterionWhat.VALUES}),
    "freshness": (lambda new: first(new).update(fresh_months=13), {CriterionWhat.FRESHNESS}),
    "gates": (lambda new: first(new).update(gates={"internal": 2}), {CriterionWhat.GATES}),
    "starter gate": (lambda new: first(new).update(starter_gate=True), {CriterionWhat.GATES}),
    "family": (moved_to_the_other_family, {CriterionWhat.MOVED}),
    "out of scope": (lambda new: new[EVALUATION].update(out_of_scope={"c-1": "Law."}), {CriterionWhat.OUT_OF_SCOPE}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_each_change_of_a_criterion_is_named_and_no_other(name: str) -> None:
    change, what = CHANGES[name]
    old, new = (build(content) for content in changed(change))
    found = criterion_changes(old, new)
    assert {row.criterion: set(row.what) for row in found} == ({"c-1": what} if what else {})
    assert [row.title for row in found] == ["Criterion c-1"] * len(found)


def test_caps_are_those_of_every_criterion_on_the_catalogues_scale() -> None:
    old, new = (build(content) for content in changed(with_another_cap))
    assert [(row.criterion, row.what) for row in criterion_changes(old, new)] == [
        (f"c-{n}", (CriterionWhat.CAPS,)) for n in range(1, 5)
    ]


def test_another_scale_says_nothing_of_caps() -> None:
    def change(content: Content) -> None:
        with_another_cap(content)
        first(content)["levels"] = {level: f"Level {level} of c-1" for level in range(4)}

    old, new = (build(content) for content in changed(change))
    assert criterion_changes(old, new)[0].what == (CriterionWhat.REWORDED,)


def test_several_changes_stand_in_a_fixed_order() -> None:
    def change(content: Content) -> None:
        first(content).update(question="What of it?", values=[0, 0.5, 0.6, 0.7, 1], fresh_months=3, starter_gate=True)
        moved_to_the_other_family(content)
        content[EVALUATION]["out_of_scope"] = {"c-1": "Settled by law."}

    old, new = (build(content) for content in changed(change))
    (found,) = criterion_changes(old, new)
    assert found.what == (
        CriterionWhat.MOVED,
        CriterionWhat.REWORDED,
        CriterionWhat.VALUES,
        CriterionWhat.FRESHNESS,
        CriterionWhat.GATES,
        CriterionWhat.OUT_OF_SCOPE,
    )
    assert found.note == "Settled by law."
    (back,) = criterion_changes(new, old)
    assert back.what[-1] is CriterionWhat.IN_SCOPE
    assert back.note == ""


def test_criteria_that_come_and_go_are_told_by_id_with_their_reasons() -> None:
    def change(content: Content) -> None:
        content["criteria/f-1.yaml"]["criteria"][0] = criterion("c-0", title="New", revisions=[REVISED])
        content[WEIGHTS]["criteria"]["c-0"] = 1
        content[CATALOGUE]["retired"] = {"c-1": "Replaced by c-0."}

    old, new = (build(content) for content in changed(change))
    assert [(row.criterion, row.title, row.what, row.note) for row in criterion_changes(old, new)] == [
        ("c-0", "New", (CriterionWhat.ADDED,), "Said more clearly."),
        ("c-1", "Criterion c-1", (CriterionWhat.REMOVED,), "Replaced by c-0."),
    ]
    assert [(row.criterion, row.note) for row in criterion_changes(new, old)] == [("c-0", ""), ("c-1", "")]


def test_the_note_holds_the_revisions_that_are_new() -> None:
    later = {"version": "3.0.0", "meaning": "changed", "note": "Asks for more."}
    old, new = changed(lambda content: first(content).update(revisions=[REVISED, later], question="Is it?"))
    first(old)["revisions"] = [REVISED]
    assert criterion_changes(build(old), build(new))[0].note == "Asks for more."
    del first(old)["revisions"]
    assert criterion_changes(build(old), build(new))[0].note == "Said more clearly. Asks for more."


def test_a_criterion_that_was_out_of_scope_before_keeps_its_own_note() -> None:
    old, new = changed(lambda content: first(content).update(revisions=[REVISED], question="Is it?"))
    for content in (old, new):
        content[EVALUATION]["out_of_scope"] = {"c-1": "Settled by law."}
    (found,) = criterion_changes(build(old), build(new))
    assert (found.what, found.note) == ((CriterionWhat.WORDING,), "Said more clearly.")


def test_weights_that_differ_largest_difference_first() -> None:
    workspace = build(contents(criteria=4))
    mixtures = AllMixtureWeights(workspace, workspace)
    old = {"c-1": 0.4, "c-2": 0.3, "c-3": 0.3}
    new = {"c-1": 0.3, "c-2": 0.1, "c-3": 0.3 + 1e-13, "c-4": 0.3}
    assert weight_changes(mixtures, old, new) == (
        WeightChange("c-4", 0.0, 0.3),
        WeightChange("c-2", 0.3, 0.1),
        WeightChange("c-1", 0.4, 0.3),
    )
    assert weight_changes(mixtures, new, old)[0] == WeightChange("c-4", 0.3, 0.0)


def test_equal_differences_of_weights_stand_by_criterion_whatever_rounding_says() -> None:
    workspace = build(contents(criteria=4))
    found = weight_changes(
        AllMixtureWeights(workspace, workspace),
        dict.fromkeys(("c-1", "c-2", "c-3"), 0.25),
        {"c-1": 0.35, "c-2": 0.15 - 1e-11, "c-3": 0.25 + 2e-12},
    )
    assert [row.criterion for row in found] == ["c-1", "c-2", "c-3"]


def others(change: Callable[[Content], object]) -> tuple[FieldChange, ...]:
    old, new = changed(change)
    return other_changes(build(old), build(new))


def test_inputs_that_are_the_same_are_not_told() -> None:
    assert others(lambda _: None) == ()


def test_policies_and_stack_limits_are_told_field_by_field() -> None:
    found = others(
        lambda new: new[EVALUATION].update(
            policies={
                "min_gain": 5,
                "gates": ["c-1", "c-2"],
                "capability_credit": {"native": 0.9, "partial": 0.6, "built": 0.4},
            },
            stack={"max_tools": 3, "required": [{"tool": "v-1", "reason": "in place"}]},
        )
    )
    assert found == (
        FieldChange("policy min gain", "2", "5"),
        FieldChange("policy gates", "starter", "c-1, c-2"),
        FieldChange(
            "policy capability credit",
            "native 1.0, partial 0.6, built 0.4",
            "native 0.9, partial 0.6, built 0.4",
        ),
        FieldChange("stack max tools", "4", "3"),
        FieldChange("stack required", "", "tool v-1, reason in place"),
    )


def test_a_budget_that_comes_was_none() -> None:
    found = others(lambda new: new[EVALUATION].update(stack={"budget": {"amount": 100, "currency": "EUR"}}))
    assert found == (FieldChange("stack budget", "none", "amount 100, currency EUR"),)


def test_use_cases_are_told_by_id() -> None:
    old = contents(criteria=1, families=1, vendors=1)
    old[USE_CASES]["use_cases"] = [use_case("u-2"), use_case("u-1"), use_case("u-4", emphasis={"c-1": 2})]
    new = copy.deepcopy(old)
    new[USE_CASES]["use_cases"] = [use_case("u-3"), use_case("u-1", importance=3), use_case("u-4")]
    assert other_changes(build(old), build(new)) == (
        FieldChange("use case u-1: importance", "1", "3"),
        FieldChange("use case u-2", "removed", ""),
        FieldChange("use case u-3", "", "added"),
        FieldChange("use case u-4: emphasis", "c-1 2", ""),
    )


def test_data_classes_and_evaluated_editions() -> None:
    def change(content: Content) -> None:
        content[GUARDRAILS]["data_classes"].pop()
        content[profile_of("v-1")]["edition"] = "enterprise"

    assert others(change) == (
        FieldChange("data classes", "public, internal, confidential, restricted", "public, internal, confidential"),
        FieldChange("evaluated edition of v-1", "business", "enterprise"),
    )


def test_editions_are_those_of_vendors_in_both() -> None:
    old, new = contents(vendors=["b", "a", "x"]), contents(vendors=["a", "b", "y"])
    for vendor in ("a", "b", "y"):
        new[profile_of(vendor)]["edition"] = "enterprise"
    assert [row.what for row in other_changes(build(old), build(new))] == [
        "evaluated edition of a",
        "evaluated edition of b",
    ]


# Every option moved the same way


def kept(key: str, *levels: tuple[int | None, int | None], status: Any = "kept") -> OptionChange:
    cells = tuple(
        CellChange(f"c-{place}", pair, (None, None), (0.5, 0.5), {}) for place, pair in enumerate(levels, start=1)
    )
    return OptionChange(key, key, status, None, None, {}, cells, None, None, (None, None), (None, None))


def test_a_criterion_on_which_all_of_three_options_moved_the_same_way() -> None:
    found = same_way([kept("a", (1, 2), (3, 1)), kept("b", (0, 4), (2, 1)), kept("d", (3, 4), (1, 0))])
    assert found == (SameWay("c-1", up=True, options=3), SameWay("c-2", up=False, options=3))


def test_two_options_are_too_few() -> None:
    assert same_way([kept("a", (1, 2)), kept("b", (0, 4))]) == ()


def test_three_of_four_options_are_not_every_option() -> None:
    assert same_way([kept("a", (1, 2)), kept("b", (0, 4)), kept("d", (3, 4)), kept("e", (3, 3))]) == ()
    assert same_way([kept("a", (1, 2)), kept("b", (0, 4)), kept("d", (3, 4)), kept("e")]) == ()
    assert same_way([kept("a", (1, 2)), kept("b", (0, 4)), kept("d", (3, 4)), kept("e", (None, 3))]) == ()
    assert same_way([kept("a", (1, 2)), kept("b", (0, 4)), kept("d", (3, 4)), kept("e", (3, None))]) == ()


def test_an_option_that_moved_the_other_way() -> None:
    assert same_way([kept("a", (1, 2)), kept("b", (0, 4)), kept("d", (3, 2))]) == ()


def test_options_of_one_review_only_do_not_count() -> None:
    three = [kept("a", (1, 2)), kept("b", (0, 4)), kept("d", (3, 4))]
    assert same_way([*three, kept("e", status="came")]) == (SameWay("c-1", up=True, options=3),)
    assert same_way([*three[:2], kept("e", (1, 2), status="went")]) == ()


def test_criteria_stand_by_id() -> None:
    turned = [
        OptionChange(**{**{name: getattr(one, name) for name in one.__dataclass_fields__}, "cells": one.cells[::-1]})
        for one in (kept(key, (1, 2), (1, 2)) for key in "abd")
    ]
    assert [row.criterion for row in same_way(turned)] == ["c-1", "c-2"]
