"""Small edits of files as text: the lines to the letter."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml

from evaluator.errors import EvaluatorError
from evaluator.workspace.yaml_editor import entry_lines, with_days, with_entry

DAY = date(2027, 10, 20)
ENTRY = {"vendor": "v", "date": DAY, "by": "x", "note": "", "none": None, "empty": (), "no": False, "zero": 0}
LINES = "  - vendor: v\n    date: 2027-10-20\n    by: x\n    no: false\n    zero: 0\n"


def added(text: str, key: str = "checks", entry: dict[str, Any] = ENTRY) -> str:
    return with_entry(text.encode(), "log.yaml", key, entry).decode()


def days(text: str, *paths: tuple[str | int, ...], before: str = "") -> str:
    return with_days(text.encode(), "f.yaml", paths, DAY, before).decode()


def test_an_item_of_a_list_leaves_out_what_is_empty() -> None:
    assert entry_lines({"a": 1, "b": "", "c": {"d": ["e"]}}, 4, "\r\n") == [
        "    - a: 1\r\n",
        "      c:\r\n",
        "        d:\r\n",
        "          - e\r\n",
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("s: 1\n", f"s: 1\n\nchecks:\n{LINES}"),
        ("s: 1", f"s: 1\n\nchecks:\n{LINES}"),
        ("", f"\nchecks:\n{LINES}"),
        ("checks: []\nz: 1\n", f"checks:\n{LINES}z: 1\n"),
        ("checks:\n  - a: 1\n", f"checks:\n  - a: 1\n{LINES}"),
        ("checks:\n  - a: 1", f"checks:\n  - a: 1\n{LINES}"),
        ("checks:\n  - a: 1\n\n# z\nz: 1\n", f"checks:\n  - a: 1\n{LINES}\n# z\nz: 1\n"),
        ("a: 1\nchecks:\n  - a: 1\nz: 1\ny: 2\n", f"a: 1\nchecks:\n  - a: 1\n{LINES}z: 1\ny: 2\n"),
        ("checks:\n  - a: 1\n\n\n# end\n", f"checks:\n  - a: 1\n{LINES}\n\n# end\n"),
        ("checks:\n- a: 1\n", "checks:\n- a: 1\n" + LINES.replace("  - ", "- ").replace("    ", "  ")),
    ],
)
def test_an_entry_stands_at_the_end_of_its_list(before: str, after: str) -> None:
    assert added(before) == after
    windows = before.replace("\n", "\r\n")
    if "\n" in before:
        assert added(windows) == after.replace("\n", "\r\n")


def test_lists_and_dates_in_an_entry() -> None:
    found = added("s: 1\n", "divest", {"running": ["a", "b: c"], "until": DAY, "pair": ("x",)})
    assert yaml.safe_load(found)["divest"] == [{"running": ["a", "b: c"], "until": DAY, "pair": ["x"]}]


@pytest.mark.parametrize("text", ["checks: {a: 1}\n", "checks: [{a: 1}]\n", "checks: [\n  {a: 1}]\n", "s: &x 1\n"])
def test_an_entry_that_cannot_be_added_is_told_with_what_to_write(text: str) -> None:
    with pytest.raises(EvaluatorError) as raised:
        added(text)
    assert str(raised.value) == (
        "'log.yaml' is laid out so that it cannot be edited safely; add the entry to checks yourself. Nothing was written."
    )


TEXT = """\
as_of: 2026-01-02   # tail
quoted: '2026-01-02'
list:
  - day: "2026-01-02"
  - x: 1
answers:
  a:
    level: 1
    confidence: low
  b:
    confidence: low
"""


def test_a_day_takes_the_place_of_another() -> None:
    assert days(TEXT, ("as_of",)) == TEXT.replace("as_of: 2026-01-02", "as_of: 2027-10-20")
    assert days(TEXT, ("quoted",), ("list", 0, "day")) == TEXT.replace("'2026-01-02'", "'2027-10-20'").replace(
        '"2026-01-02"', '"2027-10-20"'
    )


def test_a_day_is_added_before_its_sibling() -> None:
    assert days(TEXT, ("answers", "a", "date"), ("answers", "b", "date"), before="confidence") == TEXT.replace(
        "    confidence: low", "    date: 2027-10-20\n    confidence: low"
    )
    windows = TEXT.replace("\n", "\r\n")
    assert days(windows, ("answers", "b", "date"), before="confidence") == windows.replace(
        "  b:\r\n", "  b:\r\n    date: 2027-10-20\r\n"
    )


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (TEXT, ("none",)),  # no sibling is named
        ("as_of: soon\n", ("as_of",)),
        ("as_of: &x 2026-01-02\n", ("as_of",)),
        ("as_of: '2026-01-02\n", ("as_of",)),
    ],
)
def test_a_day_that_cannot_be_set_is_told_with_what_to_write(text: str, path: tuple[str, ...]) -> None:
    with pytest.raises(EvaluatorError) as raised:
        days(text, path)
    assert str(raised.value) == (
        f"'f.yaml' is laid out so that it cannot be edited safely; write {path[-1]}: 2027-10-20 there yourself. Nothing was written."
    )
