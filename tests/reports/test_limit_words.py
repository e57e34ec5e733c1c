"""What of the limits is said against a recommendation."""

from __future__ import annotations

from dataclasses import replace

import paper_cases as cases
import pytest
from builders import EVALUATION, contents, profile_of

from evaluator.model.evaluated import Evaluated
from evaluator.model.stack_limits import Budget
from evaluator.reports.limit_words import limits_against, limits_lead, price_of_limits

SAME = "Without these limits the same stack would be recommended."
OTHER = "Without these limits V-1 would be recommended (1 tool), with a value of 100.0 points against 75.0."


def limited(**limits: object) -> Evaluated:
    """Four options of levels 4, 3, 2 and 1, each alone able to serve the use case."""
    content = contents(criteria=2, families=1, vendors=4, level=lambda vendor, *_: 5 - int(vendor[2:]))
    content[EVALUATION]["stack"] = limits
    return cases.result_of(content)


def ruled(tool: str) -> list[dict[str, str]]:
    return [{"tool": tool, "reason": "as decided"}]


def test_limits_that_change_nothing_speak_against_nothing() -> None:
    same = limited(excluded=ruled("v-3"))
    assert price_of_limits(same) == SAME
    assert limits_lead(same)[-1] == SAME
    assert limits_against(same) == ()


def test_another_stack_without_the_limits_speaks_against_the_recommendation() -> None:
    other = limited(excluded=ruled("v-1"))
    assert limits_against(other) == (OTHER,)


def test_without_limits_nothing_speaks_against_it() -> None:
    free = limited()
    assert (limits_against(free), price_of_limits(free), limits_lead(free)) == ((), "", ())


@pytest.mark.parametrize(("priced", "standing"), [(True, Budget.WITHIN), (False, Budget.UNKNOWN)])
def test_a_budget_speaks_against_it_where_nobody_can_show_that_it_is_kept(priced: bool, standing: Budget) -> None:  # noqa: FBT001
    content = contents(criteria=2, families=1, vendors=2, level=lambda vendor, *_: 5 - int(vendor[2:]))
    content[EVALUATION]["stack"] = {"budget": {"amount": 100_000, "currency": "EUR"}}
    if not priced:
        content[profile_of("v-1")]["editions"][0]["prices"] = []
    result = cases.result_of(content)
    assert result.stacks is not None
    assert result.stacks.budget is standing
    assert len(limits_against(result)) == (0 if priced else 1)


def test_a_result_without_a_stack_has_nothing_to_speak_against() -> None:
    assert limits_against(replace(limited(), stacks=None)) == ()
