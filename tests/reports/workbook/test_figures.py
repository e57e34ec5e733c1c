"""Every official figure in the workbook is the result's; so is what previews show in place of formulas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import paper_cases as cases
import pytest
from builders import AS_OF, workspace
from workbook_parity import Edit, Expected, Grid, mismatches

from evaluator import api
from evaluator.evaluation.evaluate import evaluate
from evaluator.model.evaluated import Evaluated
from evaluator.reports.workbook import comparison_xlsx, plan

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def result() -> Evaluated:
    return api.evaluate(api.load(ROOT))


@pytest.fixture(scope="module")
def grid(result: Evaluated) -> Grid:
    return Grid(comparison_xlsx(result))


def table(grid: Grid, sheet: str, top: int) -> list[dict[str, Any]]:
    """The rows of a table as dictionaries by heading, until the first empty one."""
    page = grid.book[sheet]
    heads = [str(cell.value) for cell in page[top]]
    rows = []
    for row in page.iter_rows(min_row=top + 1, values_only=True):
        if all(value is None for value in row):
            break
        rows.append(dict(zip(heads, row, strict=True)))
    return rows


def test_what_is_stored_beside_the_formulas_is_what_the_engine_says(result: Evaluated, grid: Grid) -> None:
    shown = result.stacks.recommended if result.stacks else None
    first_gated = next(place for place, gates in enumerate(result.scores.gates.values(), start=1) if gates)
    edit = Edit({}, {}, data_class=first_gated, policy=1, size=shown or 1)
    assert list(mismatches(grid, Expected(result.workspace, edit, result.version))) == []


def test_the_summary_has_every_option_in_order_with_its_figures(result: Evaluated, grid: Grid) -> None:
    rows = table(grid, "Summary", 8)
    assert len(rows) == len(result.scores.options)
    for row, option in zip(rows, result.scores.options, strict=True):
        assert row["Rank"] == option.rank
        assert row["Option"] == option.name
        assert (row["Score"], row["Low"], row["High"]) == pytest.approx(
            (option.score, option.low, option.high), abs=1e-12
        )
        assert row["Answered, share of weight"] == pytest.approx(option.coverage, abs=1e-12)
        assert row["Stale, share of weight"] == pytest.approx(option.stale, abs=1e-12)


def test_the_matrix_shows_every_level(result: Evaluated, grid: Grid) -> None:
    rows = table(grid, "Compare", 4)[: len(result.scores.weights)]
    assert len(rows) == len(result.scores.weights)
    for place, row in enumerate(rows):
        for option in result.scores.options:
            cell = option.cells[place]
            if cell.level is None:
                assert str(row[option.name]).startswith("?")
            else:
                assert row[option.name] == cell.level


def test_families_gates_and_answers_are_complete(result: Evaluated, grid: Grid) -> None:
    families = table(grid, "Families", 4)
    for row, key in zip(families, ["identity"], strict=False):
        for option in result.scores.options:
            assert row[option.name] == pytest.approx(option.families[key].score, abs=1e-12)
    checks = sum(len(option.checks) for option in result.scores.options)
    assert len(table(grid, "Gate list", 4)) == checks
    cards = [card for option in result.workspace.options for card in option.scorecards]
    answers = table(grid, "Answers", 4)
    assert len(answers) == sum(key in result.scores.weights for card in cards for key in card.answers)
    counting = sum(len(cell.by) for option in result.scores.options for cell in option.cells)
    assert sum(row["Counts"] == "counts" for row in answers) == counting


def test_evidence_prices_and_rubrics_are_complete(result: Evaluated, grid: Grid) -> None:
    used = [item for item in result.evidence if any(use.criterion in result.scores.weights for use in item.uses)]
    rows = table(grid, "Evidence", 4)
    assert [row["No."] for row in rows] == [item.id for item in used]
    assert [row["Source"] for row in rows] == [item.source for item in used]
    assert [row["State"] == "stale" for row in rows] == [item.stale for item in used]
    prices = sum(len(edition.prices) or 1 for vendor in result.workspace.options for edition in vendor.profile.editions)
    assert len(table(grid, "Costs", 4)) == prices
    rubrics = table(grid, "Rubrics", 4)
    assert [row["Id"] for row in rubrics] == list(result.workspace.catalogue.criteria)
    assert rubrics[0]["Level 4"] == next(iter(result.workspace.catalogue.criteria.values())).levels[4]


def test_the_flat_data_has_one_row_per_option_and_criterion(result: Evaluated, grid: Grid) -> None:
    rows = table(grid, "Data", 1)
    assert len(rows) == len(result.scores.options) * len(result.scores.weights)
    points = dict.fromkeys((option.id for option in result.scores.options), 0.0)
    for row in rows:
        points[row["option"]] += row["points"]
    assert points == pytest.approx({option.id: option.score for option in result.scores.options}, abs=1e-9)


def test_differences_list_every_answer_on_which_assessors_differ(result: Evaluated, grid: Grid) -> None:
    differing = sum(cell.differs for option in result.scores.options for cell in option.cells)
    assert len(table(grid, "Differences", 4)) == differing


def test_where_stacks_are_too_many_the_sheet_says_what_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "MOST_SETS", 10)
    result = evaluate(workspace(vendors=6, criteria=5, use_cases=3), AS_OF, version="test")
    grid = Grid(comparison_xlsx(result))
    assert result.stacks is not None
    listed = {size.size: len(grid.column(f"stack_names_{size.size}")) for size in result.stacks.sizes}
    assert listed[1] == 6
    assert listed[2] == 1 + len(result.stacks.sizes[1].tied) + len(result.stacks.sizes[1].close)
    said = [str(cell.value) for row in grid.book["Stacks"].iter_rows() for cell in row if cell.value]
    assert any("15 sets of 2 tools exist, more than the" in text and "searches all" in text for text in said)
    edit = Edit({}, {}, data_class=1, policy=1, size=result.stacks.recommended or 1)
    assert list(mismatches(grid, Expected(result.workspace, edit))) == []


@pytest.mark.parametrize(
    "knobs",
    [
        {"vendors": 1, "criteria": 1, "families": 1},
        {"use_cases": 0},
        {"vendors": 3, "level": "unknown", "use_cases": 2},
        {"vendors": 4, "level": 2, "use_cases": 2},
        {"vendors": ["1e5", "100000", "2026", "a1", "r1c1", "true"], "criteria": 5, "use_cases": 2},
    ],
    ids=["one of each", "no use case", "nothing known", "all the same", "ids like numbers and cells"],
)
def test_small_and_odd_evaluations_make_a_workbook_that_agrees(knobs: dict[str, Any]) -> None:
    result = evaluate(workspace(**knobs), AS_OF, version="test")
    size = (result.stacks.recommended if result.stacks else None) or 1
    assert list(mismatches(Grid(comparison_xlsx(result)), Expected(result.workspace, Edit({}, {}, 1, 1, size)))) == []


def test_no_option_at_all_still_makes_a_workbook() -> None:
    from builders import EVALUATION, build, contents

    content = contents(vendors=2)
    content[EVALUATION]["options"] = []
    grid = Grid(comparison_xlsx(evaluate(build(content), AS_OF, version="test")))
    assert list(grid.errors()) == []
    assert "Stacks" not in grid.book.sheetnames


def test_turning_points_are_shown_where_they_were_computed(result: Evaluated) -> None:
    firm = api.with_sensitivity(result)
    assert firm.sensitivity is not None
    found = firm.sensitivity.breakeven
    grid = Grid(comparison_xlsx(firm))
    rows = table(grid, "Break-even", 5)
    assert len(rows) == len(found.families) + len(found.criteria)
    weights = sorted(turns.weight for turns in (*found.families, *found.criteria))
    assert sorted(row["Weight"] for row in rows) == pytest.approx(weights, abs=1e-12)
    below = sorted(turns.first_down.at for turns in (*found.families, *found.criteria) if turns.first_down)
    shown = [row["First place changes at or below"] for row in rows]
    assert sorted(value for value in shown if value != "never") == pytest.approx(below, abs=1e-12)
    assert "Break-even" not in Grid(comparison_xlsx(result)).book.sheetnames


def test_the_stack_in_full_is_shown_where_it_was_computed() -> None:
    firm = api.with_sensitivity(cases.result_of(cases.everyday()))
    assert firm.sensitivity is not None
    full = firm.sensitivity.stack
    assert full is not None
    assert len(full.worth) > 1
    grid = Grid(comparison_xlsx(firm))
    rows = [row for row in table(grid, "Stack in full", 5) if isinstance(row["Fair share"], float)]
    worth = {row["Tool"]: (row["Alone"], row["Lost without it"], row["Fair share"]) for row in rows}
    names = {option.id: option.name for option in firm.scores.options}
    assert worth == {names[row.tool]: pytest.approx((row.alone, row.last, row.fair)) for row in full.worth}
    sheet = [[cell.value for cell in row] for row in grid.book["Stack in full"].iter_rows()]
    for frontier in full.frontier:
        start = next(number for number, row in enumerate(sheet) if str(row[0]).endswith(f"in {frontier.currency}"))
        values = [row[1] for row in sheet[start + 1 : start + 1 + len(frontier.points)]]
        assert values == pytest.approx([point.value for point in frontier.points])
    for overlap in full.overlaps:
        assert any(row[0] == " + ".join(names[tool] for tool in overlap.tools) for row in sheet)
