"""A workspace: options in scope, limits, defaults and the digest of the content."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from builders import (
    EVALUATION,
    build,
    capability,
    card_of,
    contents,
    profile_of,
    stakeholder,
    with_editions,
    with_evaluated,
)
from pydantic import ValidationError

from evaluator.model.stack_limits import NO_LIMITS, StackConstraints
from evaluator.model.workspace import CapabilityCredit, Evaluation, Policies, StackLimits, Vendor


def test_options_are_the_vendors_in_scope_by_id() -> None:
    content = contents(vendors=["b", "c", "a"])
    assert [option.id for option in build(content).options] == ["a", "b", "c"]
    content[EVALUATION]["options"] = ["c", "a", "z"]
    assert [option.id for option in build(content).options] == ["a", "c"]
    content[EVALUATION]["options"] = []
    assert build(content).options == ()


def test_an_assessor_has_a_scorecard_on_each_edition() -> None:
    content = contents(vendors=1, assessors=("b", "a"))
    with_editions(content, "v-1", "b", "enterprise", "gold")
    vendor = build(content).vendors["v-1"]
    assert [(card.assessor, card.edition) for card in vendor.scorecards] == [
        ("a", "business"), ("b", "business"), ("b", "enterprise"), ("b", "gold"),
    ]  # fmt: skip

    def edition_of(assessor: str, edition: str = "business") -> str | None:
        card = vendor.card_of(assessor, edition)
        return card.edition if card else None

    assert (edition_of("b"), edition_of("b", "gold"), edition_of("a", "gold")) == ("business", "gold", "business")
    assert (edition_of("b", "silver"), edition_of("c")) == (None, None)


def test_limits_are_those_of_the_file_without_reasons() -> None:
    def tools(*names: str) -> tuple[dict[str, str], ...]:
        return tuple({"tool": name, "reason": "x"} for name in names)

    assert StackLimits().limits == NO_LIMITS
    given = {"required": tools("b", "a"), "excluded": tools("d", "c"), "budget": {"amount": 5, "currency": "EUR"}}
    found = StackLimits.model_validate(given).limits
    assert found == StackConstraints(("a", "b"), ("c", "d"), 5.0, "EUR")
    assert isinstance(found.budget, float)


def test_limits_that_are_not_set_are_left_out_of_a_record() -> None:
    assert StackLimits().model_dump() == {"max_tools": 4}
    given = {"required": ({"tool": "a", "reason": "x"},), "budget": {"amount": 0, "currency": "EUR"}}
    assert set(StackLimits.model_validate(given).model_dump()) == {"max_tools", "required", "budget"}
    for number, is_one in {0: False, 1: True, 6: True, 7: False}.items():
        if is_one:
            assert StackLimits(max_tools=number).max_tools == number
        else:
            with pytest.raises(ValidationError):
                StackLimits(max_tools=number)


def test_what_an_evaluation_has_where_nothing_is_said() -> None:
    found = Evaluation.model_validate(
        {"schema": "evaluation/1", "title": "t", "organisation": "o", "as_of": "2026-01-01"}
    )
    assert found.model_dump(exclude={"format", "title", "organisation", "as_of"}) == {
        "notice": "", "question": "", "options": None, "status_quo": None, "excluded": (), "deciders": (), "out_of_scope": {},
        "stack": {"max_tools": 4},
        "policies": {
            "close_points": 2, "conditional_credit": 0.5, "min_gain": 2, "unknown_if": "any", "gates": "starter",
            "capability_credit": {"native": 1.0, "partial": 0.6, "built": 0.4}, "should_weight": 0.5,
        },
        "assumptions": (), "valid_months": 12,
    }  # fmt: skip
    assert Policies().capability_credit == CapabilityCredit()
    assert Vendor(profile=build(contents()).vendors["v-1"].profile).scorecards == ()


def test_another_evaluation_of_the_same_content() -> None:
    workspace = build(contents())
    assert len(workspace.options) == 2
    other = workspace.with_evaluation(options=("v-2",), title="Other")
    assert [vendor.profile.id for vendor in other.options] == ["v-2"]
    assert (other.evaluation.title, other.evaluation.organisation) == ("Other", workspace.evaluation.organisation)
    assert (other.catalogue, other.vendors) == (workspace.catalogue, workspace.vendors)
    assert workspace.evaluation.title == "Test evaluation"


def canonical(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_digest_is_over_the_content_and_not_its_order() -> None:
    content = contents()
    content[EVALUATION]["title"] = "Ü"
    workspace = build(content)
    dumped = workspace.model_dump(mode="json", by_alias=True)
    assert "stakeholders" not in dumped
    assert dumped["evaluation"]["schema"] == "evaluation/1"
    for vendor in dumped["vendors"].values():  # the digest is the same for either version of a profile
        vendor["profile"] |= {"schema": "profile/1", "edition": vendor["profile"].pop("evaluate")[0]}
    assert workspace.digest == canonical(dumped)
    assert build({name: content[name] for name in reversed(content)}).digest == workspace.digest
    content["weights/it.yaml"] = stakeholder("it", families={"points": {"f-1": 100, "f-2": 50}})
    assert build(content).digest != workspace.digest
    assert build(content).stakeholders["it"].role == "it"


def test_each_evaluated_edition_is_an_option_of_its_own() -> None:
    content = contents(vendors=2, assessors=("a",))
    with_editions(content, "v-1", "a", "enterprise", "gold")
    with_evaluated(content, "v-1", "enterprise", "business")
    profile = content[profile_of("v-1")]
    profile["editions"][1] |= {"deployment": "self-hosted", "capabilities": {"cap-1": capability("none")}}
    workspace = build(content)
    assert [option.id for option in workspace.options] == ["v-1@business", "v-1@enterprise", "v-2"]
    business, enterprise = (workspace.option(f"v-1@{key}") for key in ("business", "enterprise"))
    assert [card.edition for card in business.scorecards] == ["business"]
    assert [[card.edition for card in option.left_out] for option in workspace.options] == [["gold"], ["gold"], []]
    assert [card.edition for card in enterprise.cards] == ["enterprise", "gold"]
    assert (business.deployment, enterprise.deployment) == ("cloud", "self-hosted")
    support = [{key: found.support for key, found in option.capabilities.items()} for option in (business, enterprise)]
    assert support == [{"cap-1": "native", "cap-2": "native"}, {"cap-1": "none", "cap-2": "native"}]
    assert (business.name, enterprise.name, workspace.option("v-2").name) == ("V-1 Business", "V-1 Enterprise", "V-2")
    assert workspace.names["v-1"] == "V-1"
    # An assessor's scorecard on an edition that is not evaluated stands in for none on the option's own.
    del content[card_of("v-1", "a", "enterprise")]
    found = build(content).option("v-1@enterprise").card_of("a")
    assert found is not None
    assert found.edition == "gold"
    with pytest.raises(KeyError):
        workspace.option("v-1")


def test_the_options_in_scope_are_those_of_a_vendor_or_single_ones() -> None:
    content = contents(vendors=3)
    with_evaluated(content, "v-1", "business", "enterprise")

    def scope(*chosen: str) -> list[str]:
        content[EVALUATION]["options"] = list(chosen)
        return [option.id for option in build(content).options]

    assert scope("v-1", "v-3") == ["v-1@business", "v-1@enterprise", "v-3"]
    assert scope("v-1@enterprise", "v-2") == ["v-1@enterprise", "v-2"]
    assert scope("v-2@business") == []


def test_each_scorecard_in_scope_stands_once() -> None:
    content = contents(vendors=2)
    with_editions(content, "v-1", "desk-a", "enterprise", "gold")
    with_evaluated(content, "v-1", "business", "enterprise")
    content[EVALUATION]["options"] = ["v-1@business"]
    assert [card.edition for card in build(content).cards_in_scope] == ["business", "gold"]
    content[EVALUATION]["options"] = ["v-1"]
    assert [card.edition for card in build(content).cards_in_scope] == ["business", "enterprise", "gold"]


def test_the_version_of_a_profile_does_not_change_the_digest() -> None:
    content = contents(vendors=2)
    before = build(content).digest
    with_evaluated(content, "v-1", "business")
    assert build(content).digest == before
    with_evaluated(content, "v-1", "business", "enterprise")
    assert build(content).digest != before
