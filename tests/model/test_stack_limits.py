"""What a stack has to keep to."""

from __future__ import annotations

from evaluator.model.stack_limits import NO_LIMITS, Budget, StackConstraints


def test_anything_limits() -> None:
    assert not NO_LIMITS.any
    assert StackConstraints(required=("a",)).any
    assert StackConstraints(excluded=("a",)).any
    assert StackConstraints(budget=0).any
    assert not StackConstraints(currency="EUR").any


def test_what_is_left_out_limits_nothing() -> None:
    assert StackConstraints((), (), None, "") == NO_LIMITS
    assert [state.value for state in Budget] == ["within", "over", "unknown"]
