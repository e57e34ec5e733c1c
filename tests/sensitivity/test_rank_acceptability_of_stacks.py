"""Which sets win how many draws, held against valuing every allowed set in every draw."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.sensitivity import rank_acceptability as module
from evaluator.sensitivity.rank_acceptability import SampledParts, StackCounts, standard_error
from evaluator.stack.exact_search import ANY, AllowedStacks

Rows = tuple[int, ...]


@st.composite
def earnings(draw: st.DrawFn) -> SampledParts:
    """Options x use cases x draws, in eighths, so that sums are exact and tie often; some draws earn nothing."""
    shape = draw(st.tuples(st.integers(1, 5), st.integers(1, 3), st.integers(1, 6)))
    chance = np.random.default_rng(draw(st.integers(0, 10_000)))
    table = chance.integers(0, draw(st.sampled_from([1, 4, 9])), shape) / 8
    table[:, :, 0] = 0.0 if draw(st.booleans()) else table[:, :, 0]
    return table.astype(np.float32)


def won(earned: SampledParts, sets: list[Rows], watched: Rows) -> tuple[dict[Rows, float], int, list[float]]:
    """Wins by set, draws in which no set is worth anything, and by what the watched set fell short."""
    wins: dict[Rows, float] = {}
    worthless, short = 0, []
    for draw in range(earned.shape[2]):
        values = {
            rows: sum(max(float(earned[row, case, draw]) for row in rows) for case in range(earned.shape[1])) for rows in sets
        }  # fmt: skip
        best = max(values.values())
        leaders = [rows for rows, value in values.items() if value == best]
        if watched:
            own = sum(max(float(earned[row, case, draw]) for row in watched) for case in range(earned.shape[1]))
            short.append(max(best - own, 0.0))
        if best == 0:
            worthless += 1
            continue
        for rows in leaders:
            wins[rows] = wins.get(rows, 0) + 1 / len(leaders)
    return wins, worthless, short


@pytest.mark.parametrize("every", [20_000, 0])
@given(earnings(), st.data())
def test_wins_are_those_of_valuing_every_set(every: int, earned: SampledParts, data: st.DataObject) -> None:
    options, cases, draws = earned.shape
    size = data.draw(st.integers(1, options))
    required = data.draw(st.sets(st.integers(0, options - 1), max_size=min(1, options - size)))
    excluded = data.draw(st.sets(st.integers(0, options - 1), max_size=options - size)) - required
    allowed = AllowedStacks(tuple(required), tuple(sorted(excluded)))
    sets = [rows for rows in combinations(range(options), size) if required <= set(rows) and not excluded & set(rows)]
    watched = data.draw(st.sampled_from([(), sets[0], sets[-1]]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "EXHAUSTIVE", every)
        patch.setattr(module, "HELD", 8)
        found = StackCounts(options, cases, size, draws, watched, allowed)
        found.add(earned[:, :, :1])
        found.add(earned[:, :, 1:])
    wins, worthless, short = won(earned, sets, watched)
    assert found.every == (every > 0)
    assert (found.samples, found.nothing_served) == (draws, worthless)
    expected = sorted(wins.items(), key=lambda item: (-round(item[1] / draws, 12), item[0]))
    assert [rows for rows, _, _ in found.shares()] == [rows for rows, _ in expected]
    assert [share for _, share, _ in found.shares()] == pytest.approx([count / draws for _, count in expected])
    assert all(error == standard_error(share, draws) for _, share, error in found.shares())
    assert found.members() == pytest.approx(
        [sum(count for rows, count in wins.items() if row in rows) / draws for row in range(options)]
    )
    if watched:
        assert np.concatenate(found.shortfalls) == pytest.approx(short)
    else:
        assert found.shortfalls == []


def test_a_set_that_accept_refuses_wins_nothing() -> None:
    earned = np.array([[[0.5]], [[0.25]], [[0.75]]], dtype=np.float32)
    found = StackCounts(3, 1, 1, 1, (), AllowedStacks(accept=lambda sets: sets[:, 0] != 2))
    found.add(earned)
    assert found.shares() == [((0,), 1.0, 0.0)]


@pytest.mark.parametrize(
    ("samples", "work", "fewest", "limit"),
    [(1000, 400_000_000, 200, 1000), (1000, 3 * 2 * 500, 200, 500), (1000, 1, 200, 200), (100, 1, 200, 100)],
)
def test_draws_are_bounded_by_the_work(
    monkeypatch: pytest.MonkeyPatch, samples: int, work: int, fewest: int, limit: int
) -> None:
    """Three sets of two out of three options, two use cases: six figures a draw."""
    monkeypatch.setattr(module, "WORK", work)
    monkeypatch.setattr(module, "FEWEST", fewest)
    assert StackCounts(3, 2, 2, samples).limit == limit
    assert StackCounts(0, 0, 1, samples).limit == min(samples, max(fewest, work))


@pytest.mark.parametrize("every", [20_000, 0])
def test_draws_beyond_the_limit_are_left_out(monkeypatch: pytest.MonkeyPatch, every: int) -> None:
    monkeypatch.setattr(module, "EXHAUSTIVE", every)
    found = StackCounts(2, 1, 1, 3, (1,))
    earned = np.array([[[1, 0, 0, 0, 0]], [[0, 1, 1, 1, 1]]], dtype=np.float32)
    found.add(earned[:, :, :2])
    found.add(earned[:, :, 2:])
    assert found.samples == 3
    assert [(rows, round(share, 9)) for rows, share, _ in found.shares()] == [((1,), 0.666666667), ((0,), 0.333333333)]
    assert np.concatenate(found.shortfalls).tolist() == [1, 0, 0]


def test_up_to_the_number_of_sets_all_are_valued(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EXHAUSTIVE", 3)
    assert StackCounts(3, 1, 2, 1).every
    assert not StackCounts(4, 1, 2, 1).every
    assert StackCounts(3, 1, 2, 1, (), ANY).sets.tolist() == [[0, 1], [0, 2], [1, 2]]


def test_the_standard_error_of_a_share() -> None:
    assert standard_error(0.2, 100) == pytest.approx(0.04)
    assert standard_error(0.5, 25) == pytest.approx(0.1)
    assert [standard_error(share, 10) for share in (0.0, 1.0, 1 + 1e-12)] == [0, 0, 0]
    assert standard_error(0.5, 0) == 0
