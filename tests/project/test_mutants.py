"""Which mutants are made and which tests belong to a module, for ``make mutants``."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import pytest

pytest.importorskip("mutmut", reason="the extra 'mutants' is not installed")
sys.path.insert(0, str(Path(__file__).parents[1] / "heavy"))

import mutants


def made(source: str) -> set[str]:
    tree, found = mutants.find_changes(source)
    every = [mutants.apply_change("some.py", tree, change) for change in found]
    return {f"{one.line}: {one.before} -> {one.after}" for one in every if one}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(a):\n    return a + 1\n", {"2: 1 -> 2", "2: a + 1 -> a - 1"}),
        ("class A:\n    @property\n    def b(self):\n        return not self.c\n", {"4: not self.c -> self.c"}),
        ("kind = 'agreed'\n", {"1: 'agreed' -> 'XXagreedXX'", "1: 'agreed' -> 'AGREED'", "1: kind = 'agreed' -> kind = None"}),
        ("for a, b in zip(c, d, strict=True):\n    pass\n",
         {"1: zip(c, d, strict=True) -> " + after for after in
          ("zip(None, d, strict=True)", "zip(c, None, strict=True)", "zip(d, strict=True)", "zip(c, strict=True)")}),
        ("match a:\n    case 1: b('x y')\n    case _: c()\n",
         {"2: 1 -> 2", "1: match a: case 1: b('x y') case _: c() -> match a: case _: c()",
          "1: match a: case 1: b('x y') case _: c() -> match a: case 1: b('x y')"}),
    ],
)  # fmt: skip
def test_the_mutants_of_a_source(source: str, expected: set[str]) -> None:
    assert made(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        '"""What 1 + 1 is."""\n',
        "class A:\n    b: int | None\n    'One more than a.'\n",
        "@dataclass(frozen=True)\nclass A(B, frozen=True):\n    pass\n",
        "def f(a: Literal['x']) -> list[int | str]: ...\n",
        "if TYPE_CHECKING:\n    a = 1\n",
        "__all__ = ['a']\n",
        "Pair = tuple[int, int]\n",
        "raise ValueError(f'{name} is none of the criteria')\n",
        "cast('A', b)\n",
    ],
)
def test_what_no_test_could_notice_is_left_as_it_is(source: str) -> None:
    assert made(source) == set()


def test_a_line_is_drawn_once_and_the_same_seed_draws_the_same() -> None:
    first, lines = mutants.draw_sample(["evaluator/characters.py"], 1000, Random(4))
    assert mutants.draw_sample(["evaluator/characters.py"], 1000, Random(4)) == (first, lines)
    assert len({one.line for one in first}) == len(first) <= lines


@pytest.mark.parametrize(
    ("source", "counts"),
    [
        ("from evaluator.stack.contributions import shares", True),
        ("from evaluator.stack import contributions", True),
        ("def test_it():\n    import evaluator.stack.contributions", True),
        ("from evaluator.stack import pareto", False),
        ("from evaluator import stack", False),
        ("import builders  # which imports evaluator.stack.contributions", False),
    ],
)
def test_a_test_belongs_to_the_modules_that_it_imports_itself(source: str, *, counts: bool) -> None:
    assert ("evaluator.stack.contributions" in mutants.imported_names(source)) is counts


def test_a_module_is_mirrored_at_the_same_place_under_tests() -> None:
    assert mutants.mirroring_test("evaluator/errors.py") == "tests/test_errors.py"
    assert mutants.mirroring_test("evaluator/stack/contributions.py") == "tests/stack/test_contributions.py"
    assert mutants.mirroring_test("evaluator/workspace/git/objects.py") == "tests/workspace/git/test_objects.py"


def test_the_packages_are_those_below_the_reports() -> None:
    assert {"characters", "errors", "model", "scoring"} <= set(mutants.list_packages())
    assert not {"cli", "api", "reports"} & set(mutants.list_packages())
