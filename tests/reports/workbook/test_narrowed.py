"""A comparison of some options or families: figures among those shown, and nothing that would mislead."""

from __future__ import annotations

import re

import pytest
from builders import AS_OF, workspace
from workbook_parity import Edit, Expected, Grid, mismatches

from evaluator.errors import EvaluatorError
from evaluator.evaluation.evaluate import evaluate
from evaluator.model.evaluated import Evaluated
from evaluator.model.workspace import Workspace
from evaluator.reports.workbook import comparison_xlsx


@pytest.fixture(scope="module")
def result() -> Evaluated:
    return evaluate(workspace(vendors=5, criteria=6, families=3, use_cases=2), AS_OF, version="test")


def test_chosen_options_are_compared_among_themselves(result: Evaluated) -> None:
    grid = Grid(comparison_xlsx(result, options=["v-2", "v-4", "v-5"]))
    assert sorted(grid.column("option_names")) == ["V-2", "V-4", "V-5"]
    assert min(grid.column("official_rank")) == 1
    whole = {option.name: option.score for option in result.scores.options}
    assert dict(zip(grid.column("option_names"), grid.column("official_score"), strict=True)) == pytest.approx(
        {name: whole[name] for name in ("V-2", "V-4", "V-5")}, abs=1e-9
    )
    evaluation = result.workspace.evaluation.model_copy(update={"options": ("v-2", "v-4", "v-5")})
    smaller = Workspace.model_construct(**{**dict(result.workspace), "evaluation": evaluation})
    size = grid.one("input_stack_size")
    assert list(mismatches(grid, Expected(smaller, Edit({}, {}, 1, 1, size)))) == []


def test_it_says_that_it_was_narrowed_and_keeps_the_hash_of_the_whole(result: Evaluated) -> None:
    grid = Grid(comparison_xlsx(result, options=["v-1", "v-2"]))
    assert grid.book["Read me"]["B4"].value == "Narrowed to 2 of 5 options"
    assert result.digest in str(grid.book.properties.description)


def test_one_family_shows_its_scores_and_leaves_out_clearance_use_cases_and_stacks(result: Evaluated) -> None:
    grid = Grid(comparison_xlsx(result, families=["f-2"]))
    wanted = {option.name: option.families["f-2"].score for option in result.scores.options}
    found = dict(zip(grid.column("option_names"), grid.column("official_score"), strict=True))
    assert found == pytest.approx(wanted, abs=1e-9)
    assert not {"Fit", "Stacks", "Stack list", "Use cases"} & set(grid.book.sheetnames)
    heads = [cell.value for cell in grid.book["Summary"][8]]
    assert "Cleared for" not in heads
    assert "Verdict" not in heads
    assert "Cleared for" not in [cell.value for cell in grid.book["Gates"][4]]
    assert list(grid.errors()) == []


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"options": ["v-9"]}, "There is no option 'v-9'; did you mean"),
        ({"options": ["zzz"]}, "There is no option 'zzz'; there are v-1, v-2, v-3, v-4, v-5."),
        ({"families": ["f-7"]}, "There is no family 'f-7'"),
    ],
)
def test_an_unknown_id_is_said(result: Evaluated, chosen: dict[str, list[str]], said: str) -> None:
    with pytest.raises(EvaluatorError, match=re.escape(said)):
        comparison_xlsx(result, options=chosen.get("options", ()), families=chosen.get("families", ()))
