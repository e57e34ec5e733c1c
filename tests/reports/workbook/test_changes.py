"""The sheets on what changed since the previous review: only where there is one, complete, and adding up."""

from __future__ import annotations

import copy
import re
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from builders import AS_OF, WEIGHTS, build, card_of, contents
from workbook_parity import Grid

from evaluator.change.review_differences import ComparedReview, change
from evaluator.evaluation.evaluate import evaluate
from evaluator.model.change import Cause
from evaluator.model.evaluated import Evaluated
from evaluator.reports.change_words import CAUSE_WORDS, cause_word
from evaluator.reports.workbook import comparison_xlsx


@pytest.fixture(scope="module")
def result() -> Evaluated:
    old = contents(criteria=4, vendors=3, use_cases=2, level=lambda _vendor, _key, _assessor: 2)
    new = copy.deepcopy(old)
    new[card_of("v-1")]["answers"]["c-1"]["level"] = 4
    new[WEIGHTS]["criteria"]["c-1"] = 5
    new[card_of("v-2")]["answers"]["c-2"] |= {"level": "unknown", "evidence": []}
    aged = new[card_of("v-3")]["answers"]["c-3"]["evidence"]
    for item in aged:
        item |= {"date": "2019-01-01", "captured": "2019-01-01"}
    before, after = (evaluate(build(content), AS_OF, version="test") for content in (old, new))
    return replace(after, changes=change(ComparedReview("2025", before, "test"), ComparedReview("2026", after, "test")))


def test_without_a_review_before_there_is_no_such_sheet(result: Evaluated) -> None:
    names = Grid(comparison_xlsx(replace(result, changes=None))).book.sheetnames
    assert not {"Changes", "Change list"} & set(names)


def test_every_option_has_its_difference_and_causes_that_add_up(result: Evaluated) -> None:
    assert result.changes is not None
    sheet = Grid(comparison_xlsx(result)).book["Changes"]
    heads = [cell.value for cell in sheet[4]]
    rows = [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=5, max_row=7, values_only=True)]
    assert {row["Option"] for row in rows} == {option.name for option in result.changes.options}
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


def test_every_moved_cell_is_listed(result: Evaluated) -> None:
    assert result.changes is not None
    sheet = Grid(comparison_xlsx(result)).book["Change list"]
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    assert len(rows) == sum(len(option.cells) for option in result.changes.options)
    assert {row[3] for row in rows} >= {4, "unknown"}


def charts(content: bytes) -> dict[str, list[tuple[str, str]]]:
    """The charts on the sheet of changes by title: name and cells of each series."""
    archive = zipfile.ZipFile(BytesIO(content))
    found = {}
    for name in archive.namelist():
        text = archive.read(name).decode("utf-8") if re.fullmatch(r"xl/charts/chart\d+\.xml", name) else ""
        if "'Changes'!" in text:
            title = "".join(re.findall(r"<a:t>([^<]*)</a:t>", text.split("</c:title>")[0]))
            series = re.findall(r"<c:ser>.*?<c:v>([^<]*)</c:v>.*?<c:val><c:numRef><c:f>([^<]*)</c:f>", text, re.DOTALL)
            found[title] = series
    return found


def read(content: bytes, cells: str) -> list[object]:
    """The values of a range of one column."""
    found = Grid(content).book["Changes"][cells.split("!")[1].replace("$", "")]
    return [cell.value for row in (found if isinstance(found, tuple) else ((found,),)) for cell in row]


def test_the_charts_read_the_causes_from_the_sheet(result: Evaluated) -> None:
    assert result.changes is not None
    content = comparison_xlsx(result)
    found = charts(content)
    for figure in ("Score", "Low"):
        series = dict(found[f"{figure}: what moved it since 2025"])
        assert series
        for cause, cells in series.items():
            expected = [
                getattr(option.causes[key], figure.lower()) if (key := by_word(cause)) in option.causes else None
                for option in result.changes.options
            ]
            assert read(content, cells) == pytest.approx(expected, abs=1e-12)


def by_word(word: str) -> Cause:
    return next(cause for cause, found in CAUSE_WORDS.items() if found == word)


def test_the_value_of_the_stack_is_a_waterfall_that_adds_up(result: Evaluated) -> None:
    assert result.changes is not None
    stack = result.changes.stack
    assert stack is not None
    content = comparison_xlsx(result)
    found = dict(charts(content)["Value of the stack since 2025, step by step"])
    assert list(found) == ["blank", "Value of the stack", "Gain", "Loss"]
    values = Grid(content).book["Changes"]
    rows = {row[0]: row[1:9] for row in values.iter_rows(values_only=True) if row[0]}
    assert rows["Value in 2025"][2] == pytest.approx(stack.values[0])
    assert rows["Value in 2026"][2] == pytest.approx(stack.values[1])
    assert rows["Do the steps add up to it?"][0] == "yes"
    reached = stack.values[0]
    for cause, points in sorted(stack.causes.items(), key=lambda item: -item[1]):
        row = rows[cause_word(cause, points)]
        assert row[0] == pytest.approx(points)
        assert row[4] == pytest.approx(min(reached, reached + points))
        assert (row[6], row[7]) == pytest.approx((max(0, points), max(0, -points)))
        reached += points
    assert reached == pytest.approx(stack.values[1])


def test_the_crossed_rankings_are_there(result: Evaluated) -> None:
    assert result.changes is not None
    sheet = Grid(comparison_xlsx(result)).book["Changes"]
    heads = [cell.value for cell in sheet[4]]
    for row, option in zip(sheet.iter_rows(min_row=5, values_only=True), result.changes.options, strict=False):
        found = dict(zip(heads, row, strict=True))
        assert option.crossed
        assert option.rank
        assert found["New facts, old method: score"] == pytest.approx(option.crossed.new_facts)
        assert found["New facts, old method: rank"] == option.rank.new_facts
        assert found["Old facts, new method: score"] == pytest.approx(option.crossed.new_method)
        assert found["Old facts, new method: rank"] == option.rank.new_method


def test_options_of_one_review_only_have_a_row_and_no_bridge() -> None:
    old = contents(criteria=2, vendors=["v-1", "v-2", "v-3"], use_cases=1)
    new = contents(criteria=2, vendors=["v-2", "v-3", "v-4"], use_cases=1)
    new[card_of("v-2")]["answers"]["c-1"]["level"] = 0
    before, after = (evaluate(build(content), AS_OF, version="test") for content in (old, new))
    moved = change(ComparedReview("2025", before, "test"), ComparedReview("2026", after, "test"))
    content = comparison_xlsx(replace(after, changes=moved))
    sheet = Grid(content).book["Changes"]
    heads = [cell.value for cell in sheet[4]]
    rows = {row[0]: dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=5, values_only=True)}
    for name, status in (("V-4", "came"), ("V-1", "went")):
        assert rows[name]["Status"] == status
        assert rows[name]["Difference of the score"] is None
        assert rows[name]["New facts, old method: score"] is None
    ((_, cells),) = charts(content)["Score: what moved it since 2025"]
    assert len(read(content, cells)) == 4
