"""Figures for people: what rounding may not say; and how wide a text is."""

from __future__ import annotations

import pytest
import wcwidth
from hypothesis import given
from hypothesis import strategies as st

from evaluator.reports.words import chance, columns_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0 %"), (0.0001, "<1 %"), (0.005, "<1 %"), (0.0051, "1 %"), (0.5, "50 %"), (0.994, "99 %"), (0.9949, "99 %"),
        (0.995, ">99 %"), (0.997, ">99 %"), (0.9999, ">99 %"), (1, "100 %"),
    ],
)  # fmt: skip
def test_a_chance_is_rounded_to_nothing_or_everything_only_where_it_is(value: float, text: str) -> None:
    assert chance(value) == text


@given(st.integers(0, 10_000))
def test_only_all_draws_are_100_percent_and_only_none_0(hits: int) -> None:
    text = chance(hits / 10_000)
    assert (text == "100 %") == (hits == 10_000)
    assert (text == "0 %") == (hits == 0)


@pytest.mark.parametrize("around", ["", "é", "\u0301"])
@pytest.mark.parametrize("count", [1, 2, 63, 64, 65, 66, 300, 301])
def test_a_row_of_flags_is_measured_in_pieces(count: int, around: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "é" + around + "\U0001f1e6" * count + around
    expected = wcwidth.width(text)
    measure, sizes = wcwidth.width, list[int]()

    def width(piece: str) -> int:
        sizes.append(len(piece))
        return measure(piece)

    monkeypatch.setattr(wcwidth, "width", width)
    assert columns_of(text) == expected
    assert max(sizes) <= 70
