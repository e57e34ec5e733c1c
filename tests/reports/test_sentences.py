"""The sentence on the first place by score, and what of the limits is said against a recommendation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import paper_cases as cases
import pytest
from builders import EVALUATION, contents, profile_of

from evaluator.model.evaluated import Evaluated
from evaluator.model.stack_limits import Budget
from evaluator.reports.language import ENGLISH
from evaluator.reports.sentences import first_place, limits_against, limits_lead, price_of_limits

RESULT = cases.result_of(contents(vendors=3, level=lambda vendor, *_: int(vendor[2:])))


def with_lead(result: Evaluated = RESULT, **changes: Any) -> Evaluated:
    """The same result with other figures of the first option, and only it where that is said."""
    lead, *others = result.scores.options
    lead = replace(lead, **{"score": 75.0, "low": 75.0, "high": 75.0, "close": (), **changes})
    return replace(result, scores=replace(result.scores, options=(lead, *others)))


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (75.0, 75.0, "; every answer behind it is supported."),
        (75.0, 75.04, "."),
        (74.96, 75.0, "."),
        (75.0, 75.1, " (between 75.0 and 75.1, depending on open answers)."),
        (40.0, 75.0, " (between 40.0 and 75.0, depending on open answers)."),
    ],
)
def test_the_first_place_is_supported_only_where_nothing_is_open(low: float, high: float, words: str) -> None:
    result = with_lead(low=low, high=high)
    assert first_place(result, ENGLISH) == f"By score, V-3 comes first with 75.0 of 100 points{words}"
    lead = result.scores.options[0]
    alone = replace(result, scores=replace(result.scores, options=(lead,)))
    assert first_place(alone, ENGLISH) == f"V-3 is the only option and scores 75.0 of 100 points{words}"


def test_options_within_the_close_band_leave_the_first_place_open() -> None:
    assert first_place(with_lead(close=("v-2",)), ENGLISH) == (
        "By score, V-3 comes first with 75.0 of 100 points; V-2 lies within 2.0 points: too close to call."
    )
    assert first_place(with_lead(close=("v-2", "v-1")), ENGLISH).endswith(
        "; V-2 and V-1 lie within 2.0 points: too close to call."
    )


def test_a_shared_first_place_is_shared() -> None:
    tied = cases.result_of(contents(vendors=2, level=3))
    assert first_place(tied, ENGLISH) == "By score, V-1 and V-2 share the first place with 75.0 of 100 points."


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
    assert price_of_limits(same, ENGLISH) == SAME
    assert limits_lead(same, ENGLISH)[-1] == SAME
    assert limits_against(same, ENGLISH) == ()


def test_another_stack_without_the_limits_speaks_against_the_recommendation() -> None:
    other = limited(excluded=ruled("v-1"))
    assert limits_against(other, ENGLISH) == (OTHER,)


def test_without_limits_nothing_speaks_against_it() -> None:
    free = limited()
    assert (limits_against(free, ENGLISH), price_of_limits(free, ENGLISH), limits_lead(free, ENGLISH)) == ((), "", ())


@pytest.mark.parametrize(("priced", "standing"), [(True, Budget.WITHIN), (False, Budget.UNKNOWN)])
def test_a_budget_speaks_against_it_where_nobody_can_show_that_it_is_kept(priced: bool, standing: Budget) -> None:  # noqa: FBT001
    content = contents(criteria=2, families=1, vendors=2, level=lambda vendor, *_: 5 - int(vendor[2:]))
    content[EVALUATION]["stack"] = {"budget": {"amount": 100_000, "currency": "EUR"}}
    if not priced:
        content[profile_of("v-1")]["editions"][0]["prices"] = []
    result = cases.result_of(content)
    assert result.stacks is not None
    assert result.stacks.budget is standing
    assert len(limits_against(result, ENGLISH)) == (0 if priced else 1)


def test_a_result_without_a_stack_has_nothing_to_speak_against() -> None:
    assert limits_against(replace(limited(), stacks=None), ENGLISH) == ()
