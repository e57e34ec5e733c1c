"""Minimum levels: what meets, fails or does not show them, which are in force, and the class that follows."""

from __future__ import annotations

from typing import Any

import pytest
from builders import EVALUATION, answer, build, contents, criterion, freeze
from hypothesis import given
from hypothesis import strategies as st

from evaluator.model.evaluated import Cell, ClassGates, GateCheck, GateOutcome
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.scorecard import Answer
from evaluator.model.workspace import Workspace
from evaluator.scoring.gates import check_classes, check_gate, clearance, strictest, switched_on

MET, FAILED, NOT_SHOWN = GateOutcome.MET, GateOutcome.FAILED, GateOutcome.UNSUPPORTED


def cell(level: int | None, standing: EvidenceStatus = EvidenceStatus.SUPPORTED, missing: tuple[str, ...] = ()) -> Cell:
    """A cell of ``c-1`` with this answer."""
    given_ = answer("unknown" if level is None else level, missing=missing)
    return Cell("c-1", 1.0, level, standing, 0, 0, 0, Answer.model_validate(freeze(given_)), ("a",), {"a": level})


@pytest.mark.parametrize(
    ("level", "standing", "missing", "outcome", "reason", "cure"),
    [
        (2, EvidenceStatus.SUPPORTED, (), MET, "", ()),
        (3, EvidenceStatus.SUPPORTED, ("more",), MET, "", ()),
        (1, EvidenceStatus.SUPPORTED, (), FAILED, "level 1 where 2 is needed", ()),
        (0, EvidenceStatus.SUPPORTED, (), FAILED, "level 0 where 2 is needed", ()),
        (1, EvidenceStatus.STALE, (), FAILED, "level 1 where 2 is needed", ()),
        (1, EvidenceStatus.SUPPORTED, ("x", "y"), NOT_SHOWN, "level 1 is shown, level 2 is neither shown nor ruled out", ("x", "y")),
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
    cure: tuple[str, ...],
) -> None:
    found = check_gate(cell(level, standing, missing), 2)
    assert found == GateCheck("c-1", 2, level, outcome, reason, standing, cure)


def test_a_cell_without_answer_is_not_shown() -> None:
    empty = Cell("c-1", 1.0, None, EvidenceStatus.UNKNOWN, 0, 0, 0, None, (), {})
    found = check_gate(empty, 0)
    assert (found.outcome, found.reason, found.cure) == (NOT_SHOWN, "no answer is known", ())


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
    assert switched_on(workspace("all")) == {
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
    assert set(switched_on(workspace(policy, out))["restricted"]) == on


LEVELS = st.dictionaries(st.sampled_from(["c-1", "c-2", "c-3"]), st.integers(0, 4))


@given(LEVELS, LEVELS)
def test_the_strictest_of_two_in_the_order_of_the_catalogue(first: dict[str, int], second: dict[str, int]) -> None:
    found = strictest(first, second, workspace().catalogue)
    assert list(found) == [key for key in ("c-1", "c-2", "c-3") if key in {*first, *second}]
    for key, level in found.items():
        assert level == max(first.get(key, -1), second.get(key, -1))


def test_every_class_is_checked_gate_by_gate() -> None:
    found = check_classes({"c-1": cell(2)}, {"low": {}, "high": {"c-1": 3}})
    assert found == {"low": ClassGates(()), "high": ClassGates((check_gate(cell(2), 3),))}


def gates(*outcomes: GateOutcome) -> dict[str, ClassGates]:
    """One class per outcome, each with a gate of that outcome."""
    return {
        f"class-{number}": ClassGates((GateCheck("c-1", 2, 2, outcome, "", EvidenceStatus.SUPPORTED),))
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
    ],
)
def test_the_class_that_is_cleared_and_the_one_that_could_be(
    outcomes: tuple[GateOutcome, ...], expected: tuple[str | None, str | None]
) -> None:
    assert clearance(gates(*outcomes)) == expected
