"""Minimum levels: what meets, fails or does not show them, which are in force, and the class that follows."""

from __future__ import annotations

from typing import Any

import pytest
from builders import (
    AS_OF,
    EVALUATION,
    GUARDRAILS,
    USE_CASES,
    Content,
    answer,
    build,
    card_of,
    contents,
    criterion,
    freeze,
)
from hypothesis import given
from hypothesis import strategies as st

from evaluator.model.catalogue import Criterion
from evaluator.model.evaluated import Cell, GateCheck, GateChecks, GateOutcome
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.scorecard import Answer
from evaluator.model.vendor import Deployment
from evaluator.model.workspace import Workspace
from evaluator.scoring.gates import (
    check_gate,
    check_gates,
    class_gates,
    clearance,
    strictest,
    tag_gates,
    use_case_gates,
)
from evaluator.scoring.score import score

MET, FAILED, NOT_SHOWN = GateOutcome.MET, GateOutcome.FAILED, GateOutcome.UNSUPPORTED
NOT_APPLICABLE = GateOutcome.NOT_APPLICABLE
RUBRIC = Criterion.model_validate(freeze(criterion("c-1")))


def cell(level: int | None, standing: EvidenceStatus = EvidenceStatus.SUPPORTED, missing: tuple[str, ...] = ()) -> Cell:
    """A cell of ``c-1`` with this answer."""
    given_ = answer("unknown" if level is None else level, missing=missing)
    return Cell("c-1", 1.0, level, standing, 0, 0, 0, Answer.model_validate(freeze(given_)), ("a",), {"a": level})


@pytest.mark.parametrize(
    ("level", "standing", "missing", "outcome", "reason", "still"),
    [
        (2, EvidenceStatus.SUPPORTED, (), MET, "", ()),
        (3, EvidenceStatus.SUPPORTED, ("more",), MET, "", ()),
        (1, EvidenceStatus.SUPPORTED, (), FAILED, "level 1 where 2 is needed", ()),
        (0, EvidenceStatus.SUPPORTED, (), FAILED, "level 0 where 2 is needed", ()),
        (1, EvidenceStatus.STALE, (), FAILED, "level 1 where 2 is needed", ()),
        (1, EvidenceStatus.SUPPORTED, ("x", "y"), NOT_SHOWN, "level 1 is supported, level 2 is still open", ("x", "y")),
        (1, EvidenceStatus.STALE, ("x",), NOT_SHOWN, "the evidence is older than the criterion allows", ("x",)),
        (2, EvidenceStatus.STALE, (), NOT_SHOWN, "the evidence is older than the criterion allows", ()),
        (2, EvidenceStatus.UNSUPPORTED, (), NOT_SHOWN, "the answer names no evidence", ()),
        (4, EvidenceStatus.OVER_CAP, ("z",), NOT_SHOWN, "the grade of the evidence cannot carry the level", ("z",)),
        (None, EvidenceStatus.UNKNOWN, ("x",), NOT_SHOWN, "no answer is known", ("x",)),
    ],
)  # fmt: skip
def test_one_gate(
    level: int | None,
    standing: EvidenceStatus,
    missing: tuple[str, ...],
    outcome: GateOutcome,
    reason: str,
    still: tuple[str, ...],
) -> None:
    found = check_gate(cell(level, standing, missing), 2, RUBRIC)
    assert found == GateCheck("c-1", 2, level, outcome, reason, standing, still)


def test_a_cell_without_answer_is_not_shown() -> None:
    empty = Cell("c-1", 1.0, None, EvidenceStatus.UNKNOWN, 0, 0, 0, None, (), {})
    found = check_gate(empty, 0, RUBRIC)
    assert (found.outcome, found.reason, found.missing) == (NOT_SHOWN, "no answer is known", ())


def workspace(policy: Any = "starter", out: dict[str, str] | None = None) -> Workspace:
    """Starter gates on ``c-1``, other gates on ``c-2``, none on ``c-3``."""
    content = contents(criteria=3, families=1)
    content["criteria/f-1.yaml"]["criteria"] = [
        criterion("c-1", gates={"restricted": 2, "internal": 3}, starter_gate=True),
        criterion("c-2", gates={"internal": 1, "confidential": 2}),
        criterion("c-3", starter_gate=True),
    ]
    content[EVALUATION] |= {"policies": {"gates": policy}, "out_of_scope": out or {}}
    return build(content)


def test_gates_in_force_are_inherited_upwards_the_strictest_counting() -> None:
    """A class further up keeps the 3 of ``c-1`` although the catalogue asks for 2 only there."""
    assert class_gates(workspace("all")) == {
        "public": {},
        "internal": {"c-1": 3, "c-2": 1},
        "confidential": {"c-1": 3, "c-2": 2},
        "restricted": {"c-1": 3, "c-2": 2},
    }


@pytest.mark.parametrize(
    ("policy", "out", "on"),
    [
        ("starter", {}, {"c-1"}),
        ("all", {}, {"c-1", "c-2"}),
        (["c-2"], {}, {"c-2"}),
        (["c-1", "c-2"], {"c-1": "no"}, {"c-2"}),
        ([], {}, set()),
        ("all", {"c-2": "no"}, {"c-1"}),
        ("starter", {"c-1": "no"}, set()),
    ],
)
def test_which_gates_are_in_force(policy: Any, out: dict[str, str], on: set[str]) -> None:
    assert set(class_gates(workspace(policy, out))["restricted"]) == on


LEVELS = st.dictionaries(st.sampled_from(["c-1", "c-2", "c-3"]), st.integers(0, 4))


@given(LEVELS, LEVELS)
def test_the_strictest_of_two_in_the_order_of_the_catalogue(first: dict[str, int], second: dict[str, int]) -> None:
    found = strictest(first, second, workspace().catalogue)
    assert list(found) == [key for key in ("c-1", "c-2", "c-3") if key in {*first, *second}]
    for key, level in found.items():
        assert level == max(first.get(key, -1), second.get(key, -1))


def test_levels_are_checked_gate_by_gate() -> None:
    catalogue = workspace().catalogue
    found = check_gates({"c-1": cell(2)}, {"c-1": 3}, catalogue, "cloud")
    assert found == GateChecks((check_gate(cell(2), 3, RUBRIC),))
    assert check_gates({"c-1": cell(2)}, {}, catalogue, None) == GateChecks(())


@pytest.mark.parametrize(
    ("applies", "deployment", "outcome"),
    [
        (None, "cloud", FAILED),
        ("cloud", "cloud", FAILED),
        ("cloud", "self-hosted", NOT_APPLICABLE),
        ("self-hosted", "cloud", NOT_APPLICABLE),
        ("cloud", "either", FAILED),
        ("self-hosted", "either", FAILED),
        ("cloud", None, FAILED),
    ],
)
def test_a_gate_of_another_deployment_is_not_applicable(
    applies: str | None, deployment: Deployment | None, outcome: GateOutcome
) -> None:
    rubric = RUBRIC.model_copy(update={"gates_apply_to": applies})
    found = check_gate(cell(1, missing=()), 3, rubric, deployment)
    assert found.outcome is outcome
    assert found.reason == (
        f"applies to {applies} editions only" if outcome is NOT_APPLICABLE else "level 1 where 3 is needed"
    )


def tagged(**of_case: Any) -> Content:
    """Gates of the tags ``people`` and ``money`` on two criteria; ``secrets`` has none."""
    content = contents(criteria=2, families=1, level=2)
    content["criteria/f-1.yaml"]["criteria"] = [
        criterion("c-1", gates={"internal": 1}, tag_gates={"people": 3}),
        criterion("c-2", tag_gates={"people": 2, "money": 1}),
    ]
    content[GUARDRAILS]["data_tags"] = [{"id": key, "min_class": "internal"} for key in ("people", "money", "secrets")]
    content[USE_CASES]["use_cases"][0] |= of_case
    content[EVALUATION]["policies"] = {"gates": "all"}
    return content


def test_only_tags_with_a_gate_in_force_have_gates() -> None:
    assert tag_gates(build(tagged())) == {"people": {"c-1": 3, "c-2": 2}, "money": {"c-2": 1}}
    content = tagged()
    content[EVALUATION]["policies"] = {"gates": ["c-1"]}
    assert tag_gates(build(content)) == {"people": {"c-1": 3}}
    content[EVALUATION]["out_of_scope"] = {"c-1": "Not ours."}
    assert tag_gates(build(content)) == {}


@pytest.mark.parametrize(
    ("of_case", "expected"),
    [
        ({}, {"c-1": 1}),
        ({"data_tags": ["money"]}, {"c-1": 1, "c-2": 1}),
        ({"data_tags": ["money", "people", "secrets"]}, {"c-1": 3, "c-2": 2}),
        ({"data_tags": ["people"], "gates": {"c-1": 4, "c-2": 0}}, {"c-1": 4, "c-2": 2}),
        ({"conditional_tags": {"people": "where names are shown"}}, {"c-1": 1}),
        ({"data_class": "public", "data_tags": ["money"]}, {"c-2": 1}),
    ],
)
def test_a_use_case_has_the_strictest_gates_of_class_tags_and_its_own(
    of_case: dict[str, Any], expected: dict[str, int]
) -> None:
    space = build(tagged(**of_case))
    assert use_case_gates(space.demand.use_cases[0], score(space, AS_OF), space.catalogue) == expected


def test_clearance_per_tag() -> None:
    for option in score(build(tagged()), AS_OF).options:
        assert (option.cleared_tags, option.clearable_tags) == (("money",), ("money",))


def test_an_option_without_a_known_answer_is_cleared_for_nothing() -> None:
    content = tagged()
    for key in ("c-1", "c-2"):
        content[card_of("v-1")]["answers"][key] = answer("unknown")
    content["criteria/f-1.yaml"]["criteria"] = [criterion("c-1"), criterion("c-2", tag_gates={"money": 0})]
    of = {option.id: option for option in score(build(content), AS_OF).options}
    assert (of["v-1"].assessed, of["v-1"].cleared, of["v-1"].cleared_tags) == (False, None, ())
    assert (of["v-2"].assessed, of["v-2"].cleared, of["v-2"].cleared_tags) == (True, "restricted", ("money",))


def test_not_applicable_gates_clear_without_counting_as_met() -> None:
    content = tagged()
    for item in content["criteria/f-1.yaml"]["criteria"]:
        item["gates_apply_to"] = "self-hosted"
    option = score(build(content), AS_OF).options[0]
    assert option.tag_gates["people"].verdict is NOT_APPLICABLE
    assert option.tag_gates["people"].of(MET) == ()
    assert option.cleared_tags == ("people", "money")
    assert [check.criterion for check in option.not_applicable] == ["c-1", "c-2"]


def gates(*outcomes: GateOutcome) -> dict[str, GateChecks]:
    """One class per outcome, each with a gate of that outcome."""
    return {
        f"class-{number}": GateChecks((GateCheck("c-1", 2, 2, outcome, "", EvidenceStatus.SUPPORTED),))
        for number, outcome in enumerate(outcomes)
    }


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ((), (None, None)),
        ((MET, MET), ("class-1", "class-1")),
        ((MET, NOT_SHOWN), ("class-0", "class-1")),
        ((MET, FAILED), ("class-0", "class-0")),
        ((NOT_SHOWN, FAILED), (None, "class-0")),
        ((FAILED, FAILED), (None, None)),
        ((NOT_APPLICABLE, NOT_APPLICABLE), ("class-1", "class-1")),
    ],
)
def test_the_class_that_is_cleared_and_the_one_that_could_be(
    outcomes: tuple[GateOutcome, ...], expected: tuple[str | None, str | None]
) -> None:
    assert clearance(gates(*outcomes)) == expected
