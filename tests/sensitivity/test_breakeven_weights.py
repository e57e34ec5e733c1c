"""Turns along one weight: exact ones by hand, and stacks against looking at very many places."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.model.sensitivity import BreakevenPoint
from evaluator.scoring.tolerances import BREAKEVEN_PRECISION, PATH_END
from evaluator.sensitivity.arrays import Array, Arrays, recommended
from evaluator.sensitivity.breakeven import Path, first_breakevens, path, stack_breakevens
from evaluator.stack.exact_search import ANY, AllowedStacks


def table(values: list[list[float]], weights: list[float], **changes: Any) -> Arrays:
    """Options a, b, c ... with these values; one use case per criterion that counts nothing else, unless changed."""
    options, criteria = len(values), len(weights)
    given_: dict[str, Any] = {
        "importance": np.full(criteria, 1 / criteria),
        "emphasis": np.eye(criteria),
        "capability": np.ones((options, criteria)),
        "min_gain": 0.02,
        "sizes": tuple(range(1, min(4, options) + 1)),
        "allowed": ANY,
        **changes,
    }
    cases = len(given_["emphasis"])
    return Arrays(
        options=tuple("abcdefgh"[:options]),
        criteria=tuple(f"c-{number}" for number in range(criteria)),
        families=("f",) * criteria,
        weights=np.array(weights),
        values=np.array(values, dtype=float),
        use_cases=tuple(f"u-{number}" for number in range(cases)),
        conditional=np.zeros((options, cases), dtype=bool),
        credit=0.5,
        close=0.02,
        **given_,
    )


def along(weights: list[float], *group: int) -> Path:
    found = path(np.array(weights), np.isin(np.arange(len(weights)), group))
    assert found is not None
    return found


def test_a_path_keeps_the_proportions_of_all_others() -> None:
    found = along([0.5, 0.3, 0.2], 1, 2)
    assert found.share == pytest.approx(0.5)
    assert found.inside == pytest.approx([0, 0.6, 0.4])
    assert found.outside == pytest.approx([1, 0, 0])
    assert found.weights(np.array([0, 0.25, 1])) == pytest.approx(
        np.array([[1, 0, 0], [0.75, 0.15, 0.1], [0, 0.6, 0.4]])
    )


def test_what_has_no_weight_or_all_of_it_has_no_path() -> None:
    weights = np.array([1.0, 0.0])
    assert path(weights, np.array([True, False])) is None
    assert path(weights, np.array([False, True])) is None


def turns(
    values: list[list[float]], weights: list[float], leader: int = 0
) -> tuple[BreakevenPoint | None, BreakevenPoint | None]:
    """Turns of the first place along the first weight."""
    return first_breakevens(table(values, weights), along(weights, 0), leader)


def told(turn: BreakevenPoint | None) -> tuple[float, str] | None:
    """Where a turn is, to nine decimals, and to whom."""
    return (round(turn.at, 9), "".join(turn.to)) if turn else None


def test_the_first_place_turns_where_scores_meet() -> None:
    """a is 1 w + 0.2 (1 - w); b 0.6 flat meets it at w = 0.5; c 0.9 (1 - w) at 0.7 / 1.7."""
    down, up = turns([[1.0, 0.2], [0.6, 0.6], [0.0, 0.9]], [0.7, 0.3])
    assert told(down) == (0.5, "b")
    assert up is None
    down, up = turns([[0.2, 1.0], [0.6, 0.6], [0.9, 0.0]], [0.3, 0.7])
    assert down is None
    assert told(up) == (0.5, "b")


def test_rivals_that_draw_level_at_once_are_all_named() -> None:
    down, _ = turns([[1.0, 0.2], [0.6, 0.6], [0.6, 0.6], [0.0, 0.3]], [0.7, 0.3])
    assert down is not None
    assert down.to == ("b", "c")


def test_who_draws_level_only_at_the_ends_or_nowhere_overtakes_nowhere() -> None:
    assert turns([[1.0, 0.5], [0.5, 0.5], [0.4, 0.4]], [0.7, 0.3]) == (None, None)
    assert turns([[0.5, 1.0], [0.5, 0.5]], [0.7, 0.3]) == (None, None)
    assert turns([[0.5, 0.5], [0.4, 0.4]], [0.7, 0.3]) == (None, None)
    # Level at the stated weight itself: neither below nor above it.
    assert turns([[1.0, 0.0], [0.0, 1.0]], [0.5, 0.5]) == (None, None)


def test_both_sides_of_an_all_rounder() -> None:
    """b is 0.6 flat; a 1 - w falls below it from 0.4 on, c w rises above it from 0.6 on."""
    down, up = turns([[0.0, 1.0], [0.6, 0.6], [1.0, 0.0]], [0.5, 0.5], leader=1)
    assert told(down) == (0.4, "a")
    assert told(up) == (0.6, "c")


# --- stacks -----------------------------------------------------------------------------------------------------------


def stack_at(found: Arrays, way: Path, share: float) -> tuple[int, ...]:
    return recommended(found, way.weights(np.array([share]))[0])


def test_a_stack_of_one_turns_where_the_fits_meet() -> None:
    """One use case: a is w, b is 1 - w, so that b takes over below a half, and nothing above."""
    found = table(
        [[1, 0], [0, 1]], [0.7, 0.3], emphasis=np.ones((1, 2)), importance=np.ones(1), capability=np.ones((2, 1))
    )
    way = along([0.7, 0.3], 0)
    assert recommended(found, found.weights) == (0,)
    down, up = stack_breakevens(found, way, (0,))
    assert down is not None
    assert down.at == pytest.approx(0.5, abs=2 * BREAKEVEN_PRECISION)
    assert down.to == ("b",)
    assert up is None


def test_a_stack_grows_where_the_next_tool_adds_enough() -> None:
    """Two use cases of half the importance, each of one criterion; emphasis leaves the other criterion a tenth.

    What b adds in the second use case is (1 - w) / (1 - 0.9 w) / 2 less a's 0.1 w / (1 - 0.9 w) / 2.
    """
    emphasis = np.array([[1.0, 0.1], [0.1, 1.0]])
    found = table([[1, 0], [0, 1]], [0.9, 0.1], emphasis=emphasis, min_gain=0.3)
    way = along([0.9, 0.1], 0)

    def gain(share: float) -> float:
        return (1 - share - 0.1 * share) / (0.1 * share + 1 - share) / 2

    assert recommended(found, found.weights) == (0,)
    down, _ = stack_breakevens(found, way, (0,))
    assert down is not None
    assert gain(down.at) == pytest.approx(0.3, abs=1e-5)
    assert down.to == ("a", "b")


def test_a_stack_that_ties_with_the_recommended_one_holds() -> None:
    """a and b are alike: b was recommended, say, and is never worth less than a."""
    found = table([[1, 0], [1, 0], [0, 0.5]], [0.7, 0.3], emphasis=np.ones((1, 2)), importance=np.ones(1), capability=np.ones((3, 1)))  # fmt: skip
    down, up = stack_breakevens(found, along([0.7, 0.3], 0), (1,))
    assert down is not None
    # 0.5 (1 - w) = w where w is a third.
    assert down.at == pytest.approx(1 / 3, abs=2 * BREAKEVEN_PRECISION)
    assert (down.to, up) == (("c",), None)


EMPHASIS = np.array([[4.0, 1.0], [1.0, 4.0], [1.0, 0.0]])
"""By use case: how much the first of two criteria counts beside the second."""


def test_a_stack_that_fails_only_between_the_places_looked_at() -> None:
    """``a`` is worth 0.75 g, ``b`` 0.508 + 0.492 h, where g = 4 w / (1 + 3 w) and h = w / (4 - 3 w): a leads from about 0.56
    to 0.61 only, between the fifth and the sixth of nine places from 0.05 on."""
    found = table(
        [[1, 0], [1, 0.508]], [0.05, 0.95], importance=np.full(2, 0.5), emphasis=EMPHASIS[:2],
        capability=np.array([[0.75, 0.0], [0.0, 1.0]]), sizes=(1,),
    )  # fmt: skip
    down, up = stack_breakevens(found, along([0.05, 0.95], 0), (1,))
    assert down is None
    assert up is not None
    share = np.linspace(0.05, 1, 100_001)
    leads = 0.75 * 4 * share / (1 + 3 * share) > 0.508 + 0.492 * share / (4 - 3 * share)
    assert up.at == pytest.approx(share[leads.argmax()], abs=2e-5)
    assert up.to == ("a",)
    assert share[leads].max() < 0.63


def test_a_next_tool_that_adds_enough_only_between_the_places_looked_at() -> None:
    """``b`` alone serves the third use case in full, so that it always comes first; what ``a`` adds in the two others is
    0.1875 (0.5 + 0.5 g) + 0.125 (1 - h), with g and h as above, and is most between two places looked at."""
    found = table(
        [[1, 0.5], [1, 0]], [0.05, 0.95], importance=np.array([0.25, 0.25, 0.5]), emphasis=EMPHASIS,
        capability=np.array([[0.75, 1.0, 0.0], [0.0, 1.0, 1.0]]), min_gain=0.2692,
    )  # fmt: skip
    share = np.linspace(0.05, 1, 100_001)
    gain = 0.1875 * (0.5 + 2 * share / (1 + 3 * share)) + 0.125 * (1 - share / (4 - 3 * share))
    _, up = stack_breakevens(found, along([0.05, 0.95], 0), (1,))
    assert up is not None
    assert up.at == pytest.approx(share[(gain >= 0.2692).argmax()], abs=2e-5)
    assert up.to == ("a", "b")


def test_a_tool_that_adds_too_little_only_between_the_places_looked_at() -> None:
    """As above with the first two emphases exchanged: what ``a`` adds is 0.1875 (0.5 + 0.5 h) + 0.125 (1 - g), least between."""
    found = table(
        [[1, 0.5], [1, 0]], [0.05, 0.95], importance=np.array([0.25, 0.25, 0.5]), emphasis=EMPHASIS[[1, 0, 2]],
        capability=np.array([[0.75, 1.0, 0.0], [0.0, 1.0, 1.0]]), min_gain=0.13705,
    )  # fmt: skip
    share = np.linspace(0.05, 1, 100_001)
    gain = 0.1875 * (0.5 + share / (4 - 3 * share) / 2) + 0.125 * (1 - 4 * share / (1 + 3 * share))
    _, up = stack_breakevens(found, along([0.05, 0.95], 0), (0, 1))
    assert up is not None
    assert up.at == pytest.approx(share[(gain < 0.13705).argmax()], abs=2e-5)
    assert up.to == ("b",)


@st.composite
def tables(draw: st.DrawFn) -> Arrays:
    options, criteria, cases = draw(st.integers(2, 4)), draw(st.integers(2, 3)), draw(st.integers(1, 3))
    chance = np.random.default_rng(draw(st.integers(0, 100_000)))
    raw = chance.integers(1, 6, criteria).astype(float)
    limited = draw(st.sampled_from([ANY, ANY, AllowedStacks(required=(1,)), AllowedStacks(excluded=(0,))]))
    most = options - len(limited.excluded)
    return table(
        (chance.integers(0, 5, (options, criteria)) / 4).tolist(),
        (raw / raw.sum()).tolist(),
        importance=np.full(cases, 1 / cases),
        emphasis=chance.choice([0.5, 1.0, 2.0], (cases, criteria)),
        capability=chance.choice([0.0, 0.6, 1.0], (options, cases)),
        min_gain=draw(st.sampled_from([0.0, 0.02, 0.1])),
        sizes=tuple(range(1, min(3, most) + 1)),
        allowed=limited,
    )


def tied(found: Arrays, weights: Array, one: tuple[int, ...], two: tuple[int, ...]) -> bool:
    """Whether two stacks of one size are of the same value."""
    parts = found.parts(weights)
    values = [float(parts[list(rows)].max(axis=0).sum()) for rows in (one, two)]
    return len(one) == len(two) and abs(values[0] - values[1]) < 1e-9


@settings(max_examples=15)
@given(tables())
def test_a_stack_holds_as_far_as_its_turns_and_no_further(found: Arrays) -> None:
    stack = recommended(found, found.weights)
    if not stack:
        return
    way = along(list(found.weights), 0)
    for turn, end in zip(stack_breakevens(found, way, stack), (PATH_END, 1 - PATH_END), strict=True):
        sign = 1 if end > 0.5 else -1
        until = turn.at - sign * 2 * BREAKEVEN_PRECISION if turn else end
        for share in np.linspace(way.share, until, 15) if (until - way.share) * sign > 0 else ():
            now = stack_at(found, way, share)
            assert now == stack or tied(found, way.weights(np.array([share]))[0], stack, now)
        if turn:
            assert turn.to == tuple(found.options[row] for row in stack_at(found, way, turn.at))
            assert turn.to != tuple(found.options[row] for row in stack)
