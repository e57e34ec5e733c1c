"""What a stack has to keep to."""

from __future__ import annotations

from evaluator.models.limits import NO_LIMITS, Budget, Limits


def test_anything_limits() -> None:
    assert not NO_LIMITS.any
    assert Limits(required=("a",)).any
    assert Limits(excluded=("a",)).any
    assert Limits(budget=0).any
    assert not Limits(currency="EUR").any


def test_what_is_left_out_limits_nothing() -> None:
    assert Limits((), (), None, "") == NO_LIMITS
    assert [state.value for state in Budget] == ["within", "over", "not_shown"]
