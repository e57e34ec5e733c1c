"""The weights of all mixtures of two reviews' weights, catalogues and scopes, worked out by hand."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest
from builders import EVALUATION, WEIGHTS, Content, build, contents, criterion

from evaluator.change.mixtures import WEIGHT_MIXES, AllMixtureWeights, MixtureWeights


def mixtures(old: Content, new: Content) -> AllMixtureWeights:
    return AllMixtureWeights(build(old), build(new))


def content(families: Mapping[str, float], criteria: Mapping[str, float], **changes: Any) -> Content:
    """Families f-1 with the odd criteria and f-2 with the even ones."""
    made = contents(criteria=4, families=2, vendors=1)
    made[WEIGHTS]["families"] = families
    made[WEIGHTS]["criteria"] = criteria
    made[EVALUATION] |= changes
    return made


EVEN = {"c-1": 1, "c-2": 1, "c-3": 1, "c-4": 1}


def test_the_eight_rulers_count_in_binary() -> None:
    assert tuple(MixtureWeights(a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1)) == WEIGHT_MIXES
    assert MixtureWeights(1, 0, 0) == MixtureWeights(weights=1, criteria=0, scope=0)


def test_weights_alone() -> None:
    found = mixtures(content({"f-1": 3, "f-2": 1}, EVEN), content({"f-1": 1, "f-2": 1}, {**EVEN, "c-1": 3}))
    for criteria in (0, 1):
        for scope in (0, 1):
            # Three quarters of the weight shared alike, then a half shared as 3 to 1.
            assert found.weights(MixtureWeights(0, criteria, scope)) == pytest.approx(
                {"c-1": 0.375, "c-3": 0.375, "c-2": 0.125, "c-4": 0.125}
            )
            assert found.weights(MixtureWeights(1, criteria, scope)) == pytest.approx(
                {"c-1": 0.375, "c-3": 0.125, "c-2": 0.25, "c-4": 0.25}
            )
    assert found.home == {}
    assert found.criteria == ("c-1", "c-2", "c-3", "c-4")


def test_scope_alone() -> None:
    found = mixtures(
        content({"f-1": 1, "f-2": 1}, EVEN), content({"f-1": 1, "f-2": 1}, EVEN, out_of_scope={"c-1": "Law."})
    )
    assert found.counting == (frozenset(EVEN), frozenset(EVEN) - {"c-1"})
    assert found.home == {"c-1": 0}
    assert found.criteria == ("c-1", "c-2", "c-3", "c-4")
    for weights in (0, 1):
        for criteria in (0, 1):
            assert found.weights(MixtureWeights(weights, criteria, 0)) == pytest.approx(dict.fromkeys(EVEN, 0.25))
            assert found.weights(MixtureWeights(weights, criteria, 1)) == pytest.approx(
                {"c-3": 0.5, "c-2": 0.25, "c-4": 0.25}
            )


def test_a_criterion_that_came_into_scope_brings_its_importance_along() -> None:
    found = mixtures(
        content({"f-1": 1, "f-2": 1}, {**EVEN, "c-1": 9}, out_of_scope={"c-1": "Later."}),
        content({"f-1": 1, "f-2": 1}, {**EVEN, "c-1": 3}),
    )
    assert found.home == {"c-1": 1}
    assert found.weights(MixtureWeights(0, 0, 1))["c-1"] == pytest.approx(0.375)
    assert "c-1" not in found.weights(MixtureWeights(1, 1, 0))


def added() -> AllMixtureWeights:
    """The new catalogue has c-9, which the old one lacks; the old one has c-3, which the new one lacks."""
    old, new = content({"f-1": 1, "f-2": 1}, EVEN), content({"f-1": 1, "f-2": 1}, {**EVEN, "c-9": 3})
    new["criteria/f-1.yaml"]["criteria"][1] = criterion("c-9")
    del new[WEIGHTS]["criteria"]["c-3"]
    return mixtures(old, new)


def test_criteria_of_one_catalogue_come_with_it_and_bring_their_own_importance() -> None:
    found = added()
    assert found.home == {"c-3": 0, "c-9": 1}
    assert found.criteria == ("c-1", "c-2", "c-3", "c-4", "c-9")
    for weights in (0, 1):
        for scope in (0, 1):
            assert found.weights(MixtureWeights(weights, 0, scope)) == pytest.approx(
                {"c-1": 0.25, "c-3": 0.25, "c-2": 0.25, "c-4": 0.25}
            )
            # c-9 has three times the importance of c-1.
            assert found.weights(MixtureWeights(weights, 1, scope)) == pytest.approx(
                {"c-1": 0.125, "c-9": 0.375, "c-2": 0.25, "c-4": 0.25}
            )


def test_a_criterion_of_one_catalogue_that_is_out_of_scope_never_counts() -> None:
    old, new = content({"f-1": 1, "f-2": 1}, EVEN), content({"f-1": 1, "f-2": 1}, {**EVEN, "c-9": 3})
    new["criteria/f-1.yaml"]["criteria"].append(criterion("c-9"))
    new[EVALUATION]["out_of_scope"] = {"c-9": "Not yet."}
    found = mixtures(old, new)
    assert found.home == {}
    assert all("c-9" not in found.weights(mixture) for mixture in WEIGHT_MIXES)
    back = mixtures(new, old)
    assert all("c-9" not in back.weights(mixture) for mixture in WEIGHT_MIXES)


def test_a_family_that_counts_in_one_review_brings_its_importance_along() -> None:
    old = content({"f-1": 1, "f-2": 0}, EVEN, out_of_scope={"c-2": "Later.", "c-4": "Later."})
    new = content({"f-1": 1, "f-2": 3}, EVEN)
    found = mixtures(old, new)
    # Nobody weighed f-2 in earnest in the old review: its zero does not count.
    assert found.weights(MixtureWeights(0, 0, 1)) == pytest.approx(
        {"c-1": 0.125, "c-3": 0.125, "c-2": 0.375, "c-4": 0.375}
    )
    assert found.weights(MixtureWeights(1, 0, 0)) == pytest.approx({"c-1": 0.5, "c-3": 0.5})
    back = mixtures(new, old)
    assert back.weights(MixtureWeights(1, 1, 0)) == pytest.approx(
        {"c-1": 0.125, "c-3": 0.125, "c-2": 0.375, "c-4": 0.375}
    )


def test_a_mixture_in_which_nothing_has_any_weight_has_no_weights() -> None:
    old = content({"f-1": 1, "f-2": 0}, EVEN)
    new = content({"f-1": 0, "f-2": 1}, EVEN, out_of_scope={"c-1": "Law.", "c-3": "Law."})
    found = mixtures(old, new)
    # The old weights lie on f-1 alone, and f-1 is the family of the old review only.
    assert found.weights(MixtureWeights(0, 0, 1)) == {}
    assert found.weights(MixtureWeights(1, 1, 1)) == pytest.approx({"c-2": 0.5, "c-4": 0.5})


def test_missing_figures_weigh_nothing() -> None:
    old = content({"f-1": 1}, {"c-1": 1, "c-2": 1})
    found = mixtures(old, copy.deepcopy(old))
    assert found.weights(MixtureWeights(0, 0, 0)) == {"c-1": 1, "c-3": 0, "c-2": 0, "c-4": 0}
