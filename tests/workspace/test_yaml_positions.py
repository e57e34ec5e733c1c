"""From a path of keys and positions to line and column."""

from __future__ import annotations

import pytest

from evaluator.workspace.yaml_positions import Node, Places, Steps, last_line
from evaluator.workspace.yaml_reader import parse

TEXT = """\
a: x
list:
  - one
  - {k: v}
map:
  inner: 5
  3: 6
"""
PLACES = Places(
    Node(
        1,
        1,
        {
            "a": (1, 1, Node(1, 4, end=(1, 5))),
            "list": (
                2,
                1,
                Node(
                    3,
                    3,
                    None,
                    [Node(3, 5, end=(3, 8)), Node(4, 5, {"k": (4, 6, Node(4, 9, end=(4, 10)))}, end=(4, 11))],
                ),
            ),
            "map": (5, 1, Node(6, 3, {"inner": (6, 3, Node(6, 10, end=(6, 11))), 3: (7, 3, Node(7, 6, end=(7, 7)))})),
        },
    )
)


@pytest.mark.parametrize(
    ("path", "has", "key", "best"),
    [
        ((), True, (1, 1), (1, 1)),
        (("a",), True, (1, 1), (1, 4)),
        (("list",), True, (2, 1), (2, 1)),
        (("list", 0), True, (3, 5), (3, 5)),
        (("list", 1), True, (4, 5), (4, 5)),
        (("list", 1, "k"), True, (4, 6), (4, 9)),
        (("map",), True, (5, 1), (5, 1)),
        (("map", "inner"), True, (6, 3), (6, 10)),
        (("map", 3), True, (7, 3), (7, 6)),
        (("none",), False, (1, 1), (1, 1)),
        (("a", "deeper"), False, (1, 1), (1, 4)),
        (("list", 2), False, (2, 1), (2, 1)),
        (("list", -1), False, (2, 1), (2, 1)),
        (("list", "0"), False, (2, 1), (2, 1)),
        (("list", 1, "z", 0), False, (4, 5), (4, 5)),
        (("map", "other"), False, (5, 1), (5, 1)),
    ],
)
def test_a_path_leads_to_a_place_or_to_the_nearest_one(
    path: Steps, has: bool, key: tuple[int, int], best: tuple[int, int]  # noqa: FBT001
) -> None:  # fmt: skip
    assert PLACES.has(path) is has
    assert (PLACES.key(path), PLACES.best(path)) == (key, best)


def test_the_places_are_those_of_a_text() -> None:
    assert parse(TEXT.encode(), "").places.root == PLACES.root


def test_a_path_is_written_with_positions_from_one() -> None:
    assert PLACES.dotted(()) == ""
    assert PLACES.dotted(("list", 1, "k")) == "list[2].k"
    assert PLACES.dotted(("map", 3)) == "map.3"
    assert PLACES.dotted(("list", 7)) == "list[8]"
    assert PLACES.dotted(("other", 0)) == "other.0"
    assert PLACES.dotted((f"a{'b' * 50}", f"c{'d' * 50}")) == f"a{'b' * 38}….c{'d' * 38}…"


def test_a_document_without_content_starts_at_its_start() -> None:
    places = Places()
    assert places.best(("a",)) == places.key(("a",)) == (1, 1)
    assert not places.has(("a",))


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("k: x\n", 1),
        ("k:\n  long\n  text\n\n", 3),
        ("k: |-\n  a\n\n  # b\n\n# c\n", 4),
        ("k: |-\n  a", 2),
        ("k: [\n  a\n  ]\n", 3),
        ("k:\n", 1),
        ("k:\n  - a\n  - b: |\n      c\n\n  # d\n", 4),
        ("k: {}\n", 1),
    ],
)
def test_the_last_line_of_a_value(text: str, last: int) -> None:
    assert last_line(parse(text.encode(), "").places.root, text.split("\n")) == last
