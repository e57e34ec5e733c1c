"""How well one option serves one use case: scores under emphasis, capabilities, gates."""

from __future__ import annotations

from typing import Any

import pytest
from analysis_builders import case, cell, option, scores_of
from builders import USE_CASES, build, capability, contents, profile_of, use_case

from evaluator.errors import EvaluatorError
from evaluator.model.cost import Coverage
from evaluator.model.evaluated import Fit, Scores
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.vendor import Capability
from evaluator.model.workspace import Policies
from evaluator.scoring.fit import capability_share, fits, support_of


def scored(*levels: int | None, standing: EvidenceStatus = EvidenceStatus.SUPPORTED, **changes: Any) -> Scores:
    """One option on criteria of equal weight; a level of 4 earns all of it."""
    weight = 1 / len(levels)
    cells = [
        cell(f"c-{place}", 25 * (level or 0) * weight, weight=weight, level=level, evidence_status=standing)
        for place, level in enumerate(levels, start=1)
    ]
    return scores_of(option("v-1", *cells), **changes)


def one_fit(scores: Scores, support: dict[str, str] | None = None, **changes: Any) -> Fit:
    content = contents(criteria=4, families=1, vendors=1)
    content[USE_CASES]["use_cases"] = [use_case("u-1", **changes)]
    have = {"cap-1": "native", "cap-2": "native"} if support is None else support
    content[profile_of("v-1")]["capabilities"] = {key: capability(degree) for key, degree in have.items()}
    (found,) = fits(build(content), scores)["u-1"]
    return found


def test_the_score_without_emphasis_is_that_of_the_option() -> None:
    found = one_fit(scored(4, 1))
    assert (found.score, found.potential, found.fit) == (62.5, 62.5, 62.5)
    assert (found.option, found.use_case, found.coverage) == ("v-1", "u-1", Coverage.COVERED)


def test_emphasis_replaces_the_weights_of_a_score() -> None:
    # Weights 3 to 1: three quarters of 100 and one quarter of 25.
    assert one_fit(scored(4, 1), emphasis={"c-1": 3}).score == pytest.approx(81.25)
    assert one_fit(scored(4, 1), emphasis={"c-1": 0}).score == pytest.approx(25)


def test_a_cell_of_no_weight_plays_no_part() -> None:
    scores = scores_of(option("v-1", cell("c-1", 50, weight=1.0), cell("c-2", 0, weight=0.0)))
    assert one_fit(scores, emphasis={"c-2": 9}).score == pytest.approx(50)


def test_an_emphasis_that_leaves_nothing_any_weight_names_the_use_case() -> None:
    with pytest.raises(EvaluatorError, match=r"The emphasis of use case 'u-1' leaves no criterion any weight\."):
        one_fit(scored(4, 1), emphasis={"c-1": 0, "c-2": 0})


@pytest.mark.parametrize(
    ("support", "share"),
    [
        ({"cap-1": "native", "cap-2": "native"}, 1),
        ({"cap-1": "partial", "cap-2": "native"}, (0.6 + 0.5) / 1.5),
        ({"cap-1": "built", "cap-2": "native"}, (0.4 + 0.5) / 1.5),
        ({"cap-1": "native", "cap-2": "none"}, 1 / 1.5),
        ({"cap-1": "native", "cap-2": "unknown"}, 1 / 1.5),
        ({"cap-1": "native"}, 1 / 1.5),
    ],
)
def test_a_should_counts_half_of_a_must(support: dict[str, str], share: float) -> None:
    found = one_fit(scored(4), support)
    assert found.capabilities == pytest.approx(share)
    assert found.fit == pytest.approx(100 * share)
    assert found.coverage is Coverage.COVERED
    assert (found.absent, found.unknown_capabilities) == ((), ())


def test_a_must_that_is_not_there_ends_it_and_one_that_is_unknown_is_credited_in_part() -> None:
    gone = one_fit(scored(4), {"cap-1": "none", "cap-2": "native"})
    assert (gone.coverage, gone.fit, gone.absent, gone.unknown_capabilities) == (
        Coverage.NOT_COVERED,
        0,
        ("cap-1",),
        (),
    )
    assert gone.potential == pytest.approx(100 / 3)
    unknown = one_fit(scored(4), {"cap-1": "unknown", "cap-2": "native"})
    assert (unknown.coverage, unknown.absent, unknown.unknown_capabilities) == (Coverage.CONDITIONAL, (), ("cap-1",))
    assert unknown.fit == pytest.approx(unknown.potential / 2)
    assert one_fit(scored(4), {}).unknown_capabilities == ("cap-1",)


@pytest.mark.parametrize(
    ("level", "standing", "coverage", "credit"),
    [
        (3, EvidenceStatus.SUPPORTED, Coverage.COVERED, 1),
        (4, EvidenceStatus.SUPPORTED, Coverage.COVERED, 1),
        (2, EvidenceStatus.SUPPORTED, Coverage.NOT_COVERED, 0),
        (3, EvidenceStatus.STALE, Coverage.CONDITIONAL, 0.5),
        (2, EvidenceStatus.STALE, Coverage.NOT_COVERED, 0),
        (None, EvidenceStatus.UNKNOWN, Coverage.CONDITIONAL, 0.5),
    ],
)
def test_a_gate_of_the_use_case(level: int | None, standing: EvidenceStatus, coverage: Coverage, credit: float) -> None:
    found = one_fit(scored(level, 4, standing=standing), gates={"c-1": 3})
    assert found.coverage is coverage
    assert found.fit == pytest.approx(found.potential * credit)
    assert found.potential == pytest.approx(12.5 * (level or 0) + 50)
    listed = {Coverage.COVERED: (0, 0), Coverage.NOT_COVERED: (1, 0), Coverage.CONDITIONAL: (0, 1)}[coverage]
    assert (len(found.failed), len(found.unsupported)) == listed


def test_gates_of_the_class_hold_and_the_stricter_one_counts() -> None:
    scores = scored(3, 3, gates={"internal": {"c-1": 2}, "restricted": {"c-2": 4}})
    assert one_fit(scores).coverage is Coverage.COVERED
    assert one_fit(scores, gates={"c-1": 4}).coverage is Coverage.NOT_COVERED
    assert one_fit(scores, gates={"c-1": 1}).coverage is Coverage.COVERED
    found = one_fit(scores, data_class="restricted")
    assert [(check.criterion, check.required, check.observed) for check in found.failed] == [("c-2", 4, 3)]
    assert one_fit(scores, data_class="public").coverage is Coverage.COVERED


def test_a_gate_on_a_criterion_out_of_scope_is_none() -> None:
    assert one_fit(scored(0), gates={"c-2": 4}).coverage is Coverage.COVERED


def test_fits_stand_in_the_order_of_scores_and_use_cases() -> None:
    content = contents(criteria=1, families=1, vendors=2, use_cases=2)
    scores = scores_of(option("v-2", cell("c-1", 100, weight=1.0)), option("v-1", cell("c-1", 50, weight=1.0)))
    found = fits(build(content), scores)
    assert list(found) == ["u-1", "u-2"]
    assert [(fit.option, fit.use_case, fit.fit) for fit in found["u-2"]] == [("v-2", "u-2", 100), ("v-1", "u-2", 50)]


def test_support_of_what_the_profile_does_not_name_is_unknown() -> None:
    assert support_of(None) == "unknown"
    assert support_of(Capability.model_validate(capability("built"))) == "built"


def test_credits_and_the_part_of_a_should_are_policies() -> None:
    policies = Policies.model_validate(
        {"should_weight": 0.25, "capability_credit": {"native": 0.9, "partial": 0.3, "built": 0.1}}
    )
    asked = case("u-1", must=["a", "b"], should=["c"])
    support = {"a": "native", "b": "partial", "c": "built"}
    assert capability_share(asked, support, policies) == pytest.approx((0.9 + 0.3 + 0.25 * 0.1) / 2.25)


def test_where_nothing_is_asked_nothing_is_missing() -> None:
    assert capability_share(case("u-1", must=[], should=[]), {}, Policies()) == 1
    free = Policies.model_validate({"should_weight": 0})
    assert capability_share(case("u-1", must=[], should=["c"]), {"c": "none"}, free) == 1
