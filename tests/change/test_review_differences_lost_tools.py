"""Why an approved tool no longer is: from fits given directly."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

from analysis_builders import cell, fit, gate, option, scores_of

from evaluator.change.review_differences import serving, tools_gone
from evaluator.model.change import GateMove, LostUse, ToolGone
from evaluator.model.evaluated import Evaluated, Fit, GateOutcome, OptionScore
from evaluator.model.evidence_status import EvidenceStatus

FAILED, OPEN = GateOutcome.FAILED, GateOutcome.UNSUPPORTED


def result(fits: Mapping[str, Mapping[str, Fit | float]], *options: OptionScore) -> Evaluated:
    """As much of a result as is read: fits by use case and option, and the scored options."""
    table = {
        case: tuple(found if isinstance(found, Fit) else fit(key, case, found) for key, found in row.items())
        for case, row in fits.items()
    }
    return cast("Evaluated", SimpleNamespace(fits=table, scores=scores_of(*options), as_of=date(2026, 1, 1)))


def options(*keys: str, **levels: int | None) -> tuple[OptionScore, ...]:
    return tuple(option(key, *(cell("c-1", 0, level=levels[key]) for _ in "1" if key in levels)) for key in keys)


def test_each_use_case_goes_to_the_best_fit_and_ties_to_the_first_id() -> None:
    found = result({"u-1": {"b": 50 + 2e-10, "a": 50, "d": 90}, "u-2": {"b": 60, "a": 50}, "u-3": {"a": 0, "b": 0}})
    assert serving(found, ["b", "a"]) == {"a": ("u-1",), "b": ("u-2",)}
    assert serving(found, ["d", "b"]) == {"b": ("u-2",), "d": ("u-1",)}
    assert list(serving(found, ["d", "b"])) == ["b", "d"]
    assert serving(found, ["a"]) == {"a": ("u-1", "u-2")}
    assert serving(found, []) == {}
    assert serving(found, ["unheard-of"]) == {}
    near = result({"u-1": {"b": 50, "a": 50 - 2e-9}, "u-2": {"b": 0.25}})
    assert serving(near, ["a", "b"]) == {"b": ("u-1", "u-2")}


def gone(
    old: Evaluated, new: Evaluated, before: tuple[str, ...] = ("a", "b"), after: tuple[str, ...] = ("b", "d")
) -> Any:
    return tools_gone(old, new, before, after)


def test_only_tools_that_left_are_told_with_what_they_served() -> None:
    old = result({"u-1": {"a": 80, "b": 70}, "u-2": {"a": 10, "b": 20}}, *options("a", "b"))
    new = result({"u-1": {"a": 75, "b": 65, "d": 90}, "u-2": {"a": 0, "b": 0, "d": 0}}, *options("d", "b", "a"))
    assert gone(old, new) == (ToolGone("a", "A", still_option=True, uses=(LostUse("u-1", (80, 75), "d", 90, (), ()),)),)
    assert gone(old, new, after=("a", "b")) == ()


def test_what_nobody_serves_any_more() -> None:
    old = result({"u-1": {"a": 80}}, *options("a"))
    new = result({"u-1": {"a": 75, "b": 0}}, *options("a", "b"))
    assert gone(old, new, ("a",), ("b",))[0].uses == (LostUse("u-1", (80, 75), None, 0, (), ()),)


def test_a_tool_and_a_use_case_that_are_gone() -> None:
    old = result({"u-1": {"a": 80}, "u-2": {"a": 60}}, option("a", name="Old name"))
    new = result({"u-1": {"b": 30}}, *options("b"))
    assert gone(old, new, ("a",), ("b",)) == (
        ToolGone(
            "a",
            "Old name",
            still_option=False,
            uses=(
                LostUse("u-1", (80, None), "b", 30, (), ()),
                LostUse("u-2", (60, None), None, 0, (), ()),
            ),
        ),
    )


def test_a_tool_goes_by_its_name_in_the_older_result() -> None:
    old = result({"u-1": {"a": 80}}, option("a", name="Then"))
    new = result({"u-1": {"a": 80}}, option("a", name="Now"))
    assert gone(old, new, ("a",), ())[0].name == "Then"
    assert gone(result({}), result({}), ("x",), ())[0] == ToolGone("x", "x", still_option=False, uses=())


OTHER = option("z", cell("c-1", 0, level=0))


def moves(was: dict[str, Any], now: dict[str, Any], levels: tuple[int, int] = (2, 2)) -> LostUse:
    old = result({"u-1": {"a": fit("a", "u-1", 50, **was)}}, option("a", cell("c-1", 0, level=levels[0])), OTHER)
    new = result({"u-1": {"a": fit("a", "u-1", 0, **now)}}, option("a", cell("c-1", 0, level=levels[1])), OTHER)
    use: LostUse = gone(old, new, ("a",), ())[0].uses[0]
    return use


def test_gates_that_stood_in_nobodys_way_and_do_now() -> None:
    now = {
        "failed": (gate("c-1", FAILED, required=4),),
        "unsupported": (gate("c-2", OPEN, evidence_status=EvidenceStatus.STALE),),
    }
    found = moves({}, now, (4, 2))
    assert found.gates == (
        GateMove("c-1", 4, (4, 2), "failed", EvidenceStatus.SUPPORTED),
        GateMove("c-2", 3, (None, None), "unsupported", EvidenceStatus.STALE),
    )


def test_a_gate_that_stood_in_the_way_alike_did_not_move() -> None:
    was = {"failed": (gate("c-1", FAILED),), "unsupported": (gate("c-2", OPEN),)}
    assert moves(was, was).gates == ()
    # What was open and now fails moved, and so did what failed and is now open.
    now = {"failed": (gate("c-2", FAILED),), "unsupported": (gate("c-1", OPEN),)}
    assert [(move.criterion, move.outcome) for move in moves(was, now).gates] == [
        ("c-2", "failed"),
        ("c-1", "unsupported"),
    ]


def test_capabilities_that_were_there_and_are_not() -> None:
    assert moves({"absent": ("cap-1",)}, {"absent": ("cap-2", "cap-1", "cap-3")}).absent == ("cap-2", "cap-3")
    assert moves({}, {}).absent == ()
