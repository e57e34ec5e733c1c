"""The sheets on what changed since the edition before: only where there is one, complete, and adding up."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
from builders import AS_OF, build, card_of, contents
from workbook_parity import Grid

from evaluator.analysis.change import Edition, change
from evaluator.analysis.evaluate import evaluate
from evaluator.models.result import Result
from evaluator.reports.workbook import comparison_xlsx


@pytest.fixture(scope="module")
def result() -> Result:
    old = contents(criteria=4, vendors=3, use_cases=2)
    new = copy.deepcopy(old)
    new[card_of("v-1")]["answers"]["c-1"]["level"] = 4
    new[card_of("v-2")]["answers"]["c-2"] |= {"level": "unknown", "evidence": []}
    aged = new[card_of("v-3")]["answers"]["c-3"]["evidence"]
    for item in aged:
        item |= {"date": "2019-01-01", "captured": "2019-01-01"}
    before, after = (evaluate(build(content), AS_OF, version="test") for content in (old, new))
    return replace(after, changes=change(Edition("2025", before, "test"), Edition("2026", after, "test")))


def test_without_an_edition_before_there_is_no_such_sheet(result: Result) -> None:
    names = Grid(comparison_xlsx(replace(result, changes=None))).book.sheetnames
    assert not {"Changes", "Change list"} & set(names)


def test_every_option_has_its_difference_and_causes_that_add_up(result: Result) -> None:
    assert result.changes is not None
    sheet = Grid(comparison_xlsx(result)).book["Changes"]
    heads = [cell.value for cell in sheet[4]]
    rows = [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=5, values_only=True)]
    assert len(rows) == len(result.changes.options) == 3
    low_only = False
    for row, option in zip(rows, result.changes.options, strict=True):
        assert option.difference is not None
        for name in ("score", "low"):
            total = getattr(option.difference, name)
            assert row[f"Difference of the {name}"] == pytest.approx(total, abs=1e-12)
            assert row[f"Do the causes add up to it? ({name})"] == "yes"
            head = f"{name.capitalize()}: "
            moved = [float(str(row[key])) for key in row if str(key).startswith(head) and row[key] is not None]
            assert sum(moved) == pytest.approx(total, abs=1e-9)
        low_only |= abs(option.difference.score) < 1e-12 < abs(option.difference.low)
    assert low_only, "the case must hold an option of which only the low moved"


def test_every_moved_cell_is_listed(result: Result) -> None:
    assert result.changes is not None
    sheet = Grid(comparison_xlsx(result)).book["Change list"]
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    assert len(rows) == sum(len(option.cells) for option in result.changes.options)
    assert {row[3] for row in rows} >= {4, "unknown"}
