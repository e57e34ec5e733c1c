"""The sentence on the first place by score: supported only where every answer behind it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import paper_cases as cases
import pytest
from builders import contents

from evaluator.model.evaluated import Evaluated
from evaluator.reports.sentences import first_place

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
    assert first_place(result) == f"By score, V-3 comes first with 75.0 of 100 points{words}"
    lead = result.scores.options[0]
    alone = replace(result, scores=replace(result.scores, options=(lead,)))
    assert first_place(alone) == f"V-3 is the only option and scores 75.0 of 100 points{words}"


def test_options_within_the_close_band_leave_the_first_place_open() -> None:
    assert first_place(with_lead(close=("v-2",))) == (
        "By score, V-3 comes first with 75.0 of 100 points; V-2 lies within 2.0 points: too close to call."
    )
    assert first_place(with_lead(close=("v-2", "v-1"))).endswith(
        "; V-2 and V-1 lie within 2.0 points: too close to call."
    )


def test_a_shared_first_place_is_shared() -> None:
    tied = cases.result_of(contents(vendors=2, level=3))
    assert first_place(tied) == "By score, V-1 and V-2 share the first place with 75.0 of 100 points."
