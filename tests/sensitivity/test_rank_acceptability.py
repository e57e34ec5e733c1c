"""Counts of ranks over draws, held against counting every draw in plain loops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.sensitivity import rank_acceptability as module
from evaluator.sensitivity.arrays import Array
from evaluator.sensitivity.rank_acceptability import RankCounts

Block = tuple[Array, Array]


@st.composite
def blocks(draw: st.DrawFn) -> list[Block]:
    """Blocks of draws of a few options; scores from a coarse grid tie often, those from a fine one hardly ever."""
    options, criteria = draw(st.integers(1, 9)), draw(st.integers(1, 3))
    steps = draw(st.sampled_from([1, 3, 10_000]))
    chance = np.random.default_rng(draw(st.integers(0, 10_000)))
    return [
        (chance.integers(0, steps + 1, (count, options)) / steps, chance.random((count, criteria)))
        for count in draw(st.lists(st.integers(0, 6), min_size=1, max_size=3))
    ]


def counted(found: list[Block], most: int) -> dict[str, Array]:
    """The same sums draw by draw."""
    options, criteria = found[0][0].shape[1], found[0][1].shape[1]
    sums = {
        "counts": np.zeros((options, options)),
        "weights": np.zeros((options, criteria)),
        "ahead": np.zeros((options, options)),
        "regret": np.zeros(options),
    }
    draws = [(row, weight) for scores, weights in found for row, weight in zip(scores, weights, strict=True)]
    for number, (row, weight) in enumerate(draws):
        for one in range(options):
            better = sum(row[other] > row[one] for other in range(options))
            alike = [other for other in range(options) if row[other] == row[one]]
            for rank in range(better, better + len(alike)):
                sums["counts"][one, rank] += 1 / len(alike)
            if not better:
                sums["weights"][one] += weight / len(alike)
            sums["regret"][one] += row.max() - row[one]
            for other in range(options):
                if other != one and number < most:
                    sums["ahead"][one, other] += float(row[one] > row[other]) + float(row[one] == row[other]) / 2
    return sums


@pytest.mark.parametrize("most", [20_000, 7])
@given(blocks())
def test_every_sum_is_that_of_counting_draw_by_draw(most: int, found: list[Block]) -> None:
    expected = counted(found, most)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PAIRED", most)
        tally = RankCounts(found[0][0].shape[1], found[0][1].shape[1])
        for scores, weights in found:
            tally.add(scores.copy(), weights.copy())
    draws = sum(len(scores) for scores, _ in found)
    assert tally.samples == draws
    assert tally.paired == min(draws, most)
    for name, sums in expected.items():
        assert getattr(tally, name) == pytest.approx(sums, abs=1e-9), name


def test_options_in_many_bits() -> None:
    """17 options, whose names take five bits: all apart, the last is first; two alike share their ranks."""
    tally = RankCounts(17, 1)
    rising = np.arange(17) / 16
    alike = rising.copy()
    alike[16] = alike[15]
    tally.add(np.array([rising, alike]), np.array([[1.0], [0.5]]))
    assert tally.counts[16, :3] == pytest.approx([1.5, 0.5, 0])
    assert tally.counts[0, 16] == 2
    assert tally.weights[15:, 0] == pytest.approx([0.25, 1.25])
    assert tally.ahead[16, 15] == 1.5


def test_a_block_of_a_single_draw_counts_its_tie_as_half() -> None:
    """A single row, turned on its side, lies in memory as before: comparing must not see what ranking wrote over it."""
    tally = RankCounts(2, 1)
    tally.add(np.array([[0.5, 0.5]]), np.ones((1, 1)))
    assert tally.ahead.tolist() == [[0, 0.5], [0.5, 0]]


def test_float_noise_ties_and_a_real_difference_does_not() -> None:
    tally = RankCounts(2, 1)
    tally.add(np.array([[0.5, 0.5 + 1e-16], [0.5, 0.5 + 1e-9]]), np.ones((2, 1)))
    assert tally.counts.tolist() == [[0.5, 1.5], [1.5, 0.5]]


def test_a_new_tally_is_empty() -> None:
    tally = RankCounts(2, 3)
    assert (tally.options, tally.samples, tally.paired) == (2, 0, 0)
    assert (tally.counts.shape, tally.weights.shape, tally.ahead.shape) == ((2, 2), (2, 3), (2, 2))
    assert not any(part.any() for part in (tally.counts, tally.weights, tally.ahead, tally.regret))
