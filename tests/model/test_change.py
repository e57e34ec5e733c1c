"""What changed between two reviews: sums, natures and differences."""

from __future__ import annotations

from typing import Any

import pytest

from evaluator.model.change import (
    NATURES,
    NOW,
    Cause,
    CellChange,
    Change,
    CriterionChange,
    CriterionWhat,
    Nature,
    OptionChange,
    Points,
    RankReason,
    StackChange,
    bridge_steps,
)


def test_every_cause_is_of_one_nature() -> None:
    by_nature = {nature: {cause.value for cause in Cause if NATURES[cause] is nature} for nature in Nature}
    assert by_nature == {
        Nature.FACTS: {"answers", "learned", "evidence", "edition", "capabilities"},
        Nature.METHOD: {"weights", "criteria", "rubrics", "combination", "scope", "engine", "gates", "policies"},
        Nature.CHOICE: {"demand", "options", "limits", "choice"},
    }
    assert [nature.value for nature in Nature] == ["facts", "method", "choice"]
    assert len(NATURES) == len(Cause) == 17


def test_the_words_of_the_record() -> None:
    assert NOW == "now"
    assert [reason.value for reason in RankReason] == ["unmoved", "facts", "method", "both", "options"]
    assert [what.value for what in CriterionWhat] == [
        "added", "removed", "moved", "reworded", "wording", "values", "freshness", "caps", "gates", "out-of-scope", "in-scope",
    ]  # fmt: skip
    assert CriterionChange("c", "t", ()).note == ""


def test_points_are_summed_exactly_whatever_their_order() -> None:
    parts = [Points(1e16, 1, 0.1), Points(1, 2, 0.2), Points(-1e16, 3, 0.3)]
    assert Points.total(parts) == Points.total(reversed(parts)) == Points(1, 6, 0.6)
    assert Points.total([]) == Points(0, 0, 0)


def test_points_are_something_where_one_of_the_three_is() -> None:
    assert [bool(Points(*three)) for three in ((0, 0, 0), (1, 0, 0), (0, -1, 0), (0, 0, 1))] == [
        False,
        True,
        True,
        True,
    ]


def option(**changes: Any) -> OptionChange:
    values: dict[str, Any] = {
        "id": "v", "name": "V", "status": "kept", "old": Points(1, 2, 3), "new": Points(10, 22, 36), "causes": {}, "cells": (),
        "rank": None, "crossed": None, "verdicts": (None, None), "cleared": (None, None), **changes,
    }  # fmt: skip
    return OptionChange(**values)


def test_a_difference_is_new_less_old_in_both_reviews() -> None:
    assert option().difference == Points(9, 20, 33)
    assert option(old=None).difference is option(new=None).difference is option(old=None, new=None).difference is None


def test_causes_of_one_nature_together() -> None:
    causes = {Cause.ANSWERS: Points(1, 2, 3), Cause.WEIGHTS: Points(10, 20, 30), Cause.EVIDENCE: Points(4, 5, 6)}
    found = option(causes=causes)
    assert found.of(Nature.FACTS) == Points(5, 7, 9)
    assert found.of(Nature.METHOD) == Points(10, 20, 30)
    assert found.of(Nature.CHOICE) == Points(0, 0, 0)
    cell = CellChange("c", (None, 1), (None, None), (0, 1), causes)
    assert cell.total == Points(15, 27, 39)


def test_tools_that_stayed_and_came() -> None:
    stack = StackChange((("c", "a", "b"), ("d", "b", "c")), (0, 0), {}, 0, 0, (), ())
    assert (stack.kept, stack.came) == (("c", "b"), ("d",))


def test_an_option_is_found_by_its_id() -> None:
    both = (option(id="a"), option(id="b"))
    change = Change(None, None, both, (), (), (), (), None)  # type: ignore[arg-type]
    assert change.option("b") is both[1]
    with pytest.raises(KeyError, match="z"):
        change.option("z")


def test_each_step_of_a_bridge_starts_where_the_one_before_it_ended() -> None:
    steps = bridge_steps(10, [(Cause.WEIGHTS, 2), (Cause.ANSWERS, -5)])
    assert [(step.cause, step.start, step.end) for step in steps] == [(Cause.WEIGHTS, 10, 12), (Cause.ANSWERS, 12, 7)]
    assert bridge_steps(10, []) == ()
