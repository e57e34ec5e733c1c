"""Matrix products in parts, whatever the size of a part."""

from __future__ import annotations

import numpy as np
import pytest

from evaluator.sensitivity import sampling as module
from evaluator.sensitivity.sampling import product


@pytest.mark.parametrize("part", [1, 6, 7, 12, 1 << 18])
@pytest.mark.parametrize("lines", [0, 1, 2, 5, 6, 7])
def test_parts_of_any_size_give_the_whole_product(monkeypatch: pytest.MonkeyPatch, part: int, lines: int) -> None:
    """Three times two figures in the columns: a part of 12 takes two lines, one of 1 still takes one."""
    monkeypatch.setattr(module, "PART", part)
    first = np.arange(lines * 3, dtype=float).reshape(lines, 3)
    second = np.array([[1.0, 2.0], [3.0, 5.0], [7.0, 11.0]])
    expected = [[sum(row[k] * second[k, column] for k in range(3)) for column in range(2)] for row in first]
    assert product(first, second).tolist() == expected


def test_without_columns_there_is_nothing() -> None:
    assert product(np.ones((3, 0)), np.ones((0, 2))).tolist() == [[0, 0]] * 3
    assert product(np.ones((3, 2)), np.ones((2, 0))).shape == (3, 0)


def test_a_part_keeps_to_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library is never given more than a part: 6 multiplications a line, so two lines of a part of 13 and the rest."""
    given: list[int] = []
    whole = np.matmul

    def counted(one: np.ndarray, two: np.ndarray, out: np.ndarray) -> None:
        given.append(one.shape[-2] * two.size)
        whole(one, two, out=out)

    monkeypatch.setattr(module, "PART", 13)
    monkeypatch.setattr(np, "matmul", counted)
    product(np.ones((5, 3)), np.ones((3, 2)))
    assert given == [12, 6]
