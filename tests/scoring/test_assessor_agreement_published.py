"""Agreement figures against published examples and by their meaning."""

from __future__ import annotations

import pytest
from builders import workspace
from hypothesis import given
from hypothesis import strategies as st

from evaluator.scoring.assessor_agreement import agreement, alpha, equal_share

_: int | None = None
KRIPPENDORFF_2011: list[list[int | None]] = [
    # Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section C to E: four observers, twelve units,
    # missing data. Published there: nominal .743, ordinal .815, interval .849.
    [1, 1, _, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
    [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [_, 5, 5, 5], [_, _, 1, 1], [_, _, 3, _],
]  # fmt: skip
HAYES_2007 = """
112.2 1101. 2333. .00.0 000.0 000.0 102.1 1.20. 222.2 2111. .100. 0000. 1222. 33223 111.1 111.1 212.2 1233. 1101. 000.0
0011. 00.00 2333. 0000. 12.22 0111. 00010 1212. 1122. 112.2 110.0 2121. 22.22 3222. 222.2 223.2 222.2 22.12 2222. 111.1
"""
"""Hayes and Krippendorff (2007), Communication Methods and Measures 1(1), 77-89, table 1: forty articles by
five observers. Published there: ordinal alpha .7598."""


def test_the_ordinal_example_of_krippendorff_2011() -> None:
    assert alpha(KRIPPENDORFF_2011) == pytest.approx(0.815, abs=5e-4)


def test_the_ordinal_example_of_hayes_and_krippendorff_2007() -> None:
    units = [[None if mark == "." else int(mark) for mark in unit] for unit in HAYES_2007.split()]
    assert len(units) == 40
    assert alpha(units) == pytest.approx(0.7598, abs=5e-5)


def test_two_observers_by_hand() -> None:
    # Levels 0, 0, 1, 1 in two units that contradict each other once: n0 = 3, n1 = 5, distance (8 - 4)^2 = 16 for all.
    units = [[0, 0], [0, 1], [1, 1], [1, 1]]
    # observed: one pair of 16 in a unit of two; expected: 3 * 5 * 16 / (8 - 1).
    assert alpha(units) == pytest.approx(1 - 16 / (3 * 5 * 16 / 7))


@given(st.lists(st.lists(st.one_of(st.none(), st.integers(0, 4)), min_size=2, max_size=5), max_size=12))
def test_order_of_assessors_and_questions_does_not_matter(units: list[list[int | None]]) -> None:
    turned = [unit[::-1] for unit in units[::-1]]
    first, second = alpha(units), alpha(turned)
    assert (first is None) == (second is None)
    assert first is None or (first <= 1 and second == pytest.approx(first))
    assert equal_share(units) == equal_share(turned)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=12), st.integers(2, 4))
def test_perfect_agreement_is_one_or_nothing_to_measure(levels: list[int], assessors: int) -> None:
    units = [[level] * assessors for level in levels]
    assert equal_share(units) == 1
    assert alpha(units) == (1 if len(set(levels)) > 1 else None)


def test_unknown_is_missing_for_alpha_and_an_answer_for_the_share() -> None:
    units: list[list[int | None]] = [[None, None], [None, 2], [2, 2], [1, 1]]
    assert alpha(units) == 1
    assert equal_share(units) == 3 / 4


def test_figures_by_family_leave_out_what_only_one_assessor_answered() -> None:
    level = {"desk-a": 3, "desk-b": 2}
    found = agreement(workspace(criteria=4, families=2, vendors=2, assessors=("desk-a", "desk-b"),
                                level=lambda _, key, who: level[who] if key == "c-1" else 1))  # fmt: skip
    assert found.assessors == ("desk-a", "desk-b")
    assert found.vendors == ("v-1", "v-2")
    assert found.families["f-1"].compared == 4
    assert found.families["f-1"].equal == 0.5
    assert found.families["f-2"].alpha is None
    assert found.overall.compared == 8
    alone = agreement(workspace(assessors=("desk-a",)))
    assert alone.families == {}
    assert alone.overall.equal is None
