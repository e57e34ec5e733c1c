"""What is computed from a workspace: the small rules of the results."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from evaluator.model.cost import Cost
from evaluator.model.evaluated import (
    Cell,
    Difference,
    Evaluated,
    EvidenceItem,
    EvidenceUse,
    Explanation,
    FinalCheck,
    GateCheck,
    GateChecks,
    GateOutcome,
    OptionScore,
    OptionVerdict,
    Scores,
    Stack,
    Stacks,
    StackSize,
)
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.stack_details import StackDetails
from evaluator.model.stack_limits import NO_LIMITS

DAY = date(2026, 1, 1)
MET, FAILED, NOT_SHOWN, NOT_APPLICABLE = GateOutcome


def cell(criterion: str = "c", **levels: int | None) -> Cell:
    return Cell(criterion, 1, 1, EvidenceStatus.SUPPORTED, 1, 1, 1, None, (), levels)


def test_assessors_differ_where_their_levels_do() -> None:
    assert not cell().differs
    assert not cell(a=1).differs
    assert not cell(a=None, b=None).differs
    assert cell(a=1, b=2).differs
    assert cell(a=0, b=None).differs


def check(outcome: GateOutcome = MET, required: int = 2, observed: int | None = 2, **more: Any) -> GateCheck:
    return GateCheck("c", required, observed, outcome, "", EvidenceStatus.SUPPORTED, **more)


def test_what_the_next_level_needs_helps_below_the_level_only() -> None:
    assert [check(observed=level, missing=("x",)).still_missing for level in (None, 1, 2, 3)] == [
        ("x",),
        ("x",),
        (),
        (),
    ]
    assert check().missing == ()


def test_the_worst_outcome_of_a_class_counts() -> None:
    assert [GateChecks(tuple(map(check, each))).verdict for each in ((), (MET, MET), (MET, NOT_SHOWN), (NOT_SHOWN, FAILED, MET))] == [
        MET, MET, NOT_SHOWN, FAILED,
    ]  # fmt: skip
    gates = GateChecks((check(MET), check(FAILED), check(MET, required=3)))
    assert gates.of(MET) == (gates.checks[0], gates.checks[2])
    assert gates.of(NOT_SHOWN) == ()


@pytest.mark.parametrize(
    ("outcomes", "assessed", "verdict", "cleared"),
    [
        ((), True, MET, True),
        ((), False, NOT_SHOWN, False),
        ((NOT_APPLICABLE,), True, NOT_APPLICABLE, True),
        ((NOT_APPLICABLE,), False, NOT_SHOWN, False),
        ((NOT_APPLICABLE, MET), True, MET, True),
        ((NOT_APPLICABLE, NOT_SHOWN), True, NOT_SHOWN, False),
        ((NOT_APPLICABLE, FAILED), False, FAILED, False),
    ],
)
def test_what_does_not_apply_is_neither_met_nor_in_the_way(
    outcomes: tuple[GateOutcome, ...], *, assessed: bool, verdict: GateOutcome, cleared: bool
) -> None:
    gates = GateChecks(tuple(map(check, outcomes)), assessed=assessed)
    assert (gates.verdict, gates.cleared) == (verdict, cleared)
    assert [one.unmet for one in gates.checks] == [one in {FAILED, NOT_SHOWN} for one in outcomes]


def option(key: str, *cells: Cell) -> OptionScore:
    return OptionScore(key, key, key, "e", "E", 1, 1, 1, 1, 1, 0, (), {}, {}, None, None, cells, (), ())


def test_cells_and_options_are_found_by_their_ids() -> None:
    first, second = cell("c-1"), cell("c-2")
    found = option("v", first, second)
    assert found.cell("c-2") is second
    with pytest.raises(KeyError, match="c-3"):
        found.cell("c-3")
    scores = Scores(DAY, (option("v"), other := option("w")), {}, {}, "")
    assert scores.option("w") is other
    with pytest.raises(KeyError, match="x"):
        scores.option("x")


def test_the_chosen_stack_is_that_of_the_recommended_size() -> None:
    def size(number: int) -> StackSize:
        stack = Stack(("t",) * number, number, (), {}, Cost((), ()), {})
        return StackSize(number, stack, (), (), more_close=False, gain=0, combinations=1, examined=1)

    sizes = size(1), size(2)
    assert Stacks(sizes, 2, 0).chosen is sizes[1].best
    assert Stacks(sizes, None, 0).chosen is Stacks(sizes, 3, 0).chosen is None
    found = Stacks((), None, 0)
    assert (found.limits, found.budget, found.unlimited) == (NO_LIMITS, None, None)


def test_evidence_is_as_fresh_as_its_first_use_to_go_stale() -> None:
    def use(year: int, *, stale: bool) -> EvidenceUse:
        return EvidenceUse("c", "a", date(year, 1, 1), stale)

    def item(*uses: EvidenceUse) -> EvidenceItem:
        return EvidenceItem("E1", "v", "s", "A", None, None, "page", None, uses)

    found = item(use(2028, stale=False), use(2026, stale=True), use(2027, stale=False))
    assert found.fresh_until == date(2026, 1, 1)
    assert found.stale
    assert not item(use(2027, stale=False)).stale


def test_open_points_are_summed_exactly() -> None:
    parts = tuple(Difference("c", 1, 0, (None, None), each) for each in ((1e16, 1), (1, 2), (-1e16, 3)))
    assert Explanation(DAY, "v", None, 0, parts).open == (1, 6)
    assert Difference("c", 1, 0, (None, None)).open == (0, 0)


def test_words_and_what_is_left_out() -> None:
    assert [each.value for each in GateOutcome] == ["met", "failed", "unsupported", "not_applicable"]
    assert [each.value for each in OptionVerdict] == ["recommended", "close", "not_chosen", "ruled_out"]
    assert not FinalCheck("i", passed=True, finding="x").waived
    result = Evaluated(*(None,) * 15)  # type: ignore[arg-type]
    assert (result.sealing, result.review, result.changes, result.sensitivity, result.questions) == (None,) * 5
    assert result.schema == "result/1"
    assert StackDetails((), 0, (), (), (), (), (), {}, Cost((), ()), NO_LIMITS, None, ()).schema == "stack/1"
