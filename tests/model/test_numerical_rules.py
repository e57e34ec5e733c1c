"""The version of the numerical rules: a figure that moves needs a new one, and a new one needs a figure that moved."""

from __future__ import annotations

from typing import Any

import pytest
from golden_figures import figures_of, golden_file, read_golden

from evaluator.model.numerical_rules import NUMERICAL_RULES

CASES = read_golden(NUMERICAL_RULES)


def close(one: Any, other: Any) -> bool:
    """Whether two figures are equal, to the last digits that another processor may round otherwise."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(close(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(close(*pair) for pair in zip(one, other, strict=True))
    if isinstance(one, float) or isinstance(other, float):
        return bool(one == pytest.approx(other, rel=1e-9, abs=1e-9))
    return bool(one == other)


@pytest.mark.parametrize("name", CASES)
def test_figures_are_those_of_the_version_of_the_rules(name: str) -> None:
    case = CASES[name]
    found = figures_of(case["files"])
    moved = {
        key: (case["figures"].get(key), found.get(key))
        for key in sorted({*case["figures"], *found})
        if not close(case["figures"].get(key), found.get(key))
    }
    assert not moved, f"raise NUMERICAL_RULES and run tools/new_golden_figures.py: {len(moved)} figures moved"


def test_every_version_moved_a_figure_of_the_same_content() -> None:
    for version in range(2, NUMERICAL_RULES + 1):
        before, after = read_golden(version - 1), read_golden(version)
        assert {name: case["files"] for name, case in before.items()} == {
            name: case["files"] for name, case in after.items()
        }
        assert any(not close(before[name]["figures"], after[name]["figures"]) for name in before)


def test_no_file_is_of_a_later_version() -> None:
    assert not golden_file(NUMERICAL_RULES + 1).exists()
