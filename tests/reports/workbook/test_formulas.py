"""What formulas of the live model have in common: names, the value of a stack, checks."""

from __future__ import annotations

import re
from itertools import product

import pytest

from evaluator.reports.workbook.formulas import AGREES, DISAGREES, adds_up, equal, named, quoted, stack_value, verdict

TOOLS = ("v-1", "v-2", "w-3", "x")


def test_names_of_ranges_are_names_in_a_spreadsheet() -> None:
    assert named("fit", "power-apps") == "fit_power_apps"
    assert named("fit", "power-apps@per-app") == "fit_power_apps.per_app"
    assert named("best_stack", 2) == "best_stack_2"


def test_text_in_a_formula_keeps_its_quotes() -> None:
    assert quoted('a "b"') == '"a ""b"""'


@pytest.mark.parametrize("size", range(1, 5))
def test_a_use_case_counts_with_the_best_fit_of_the_stack_whatever_ties(size: int) -> None:
    formula = stack_value(TOOLS[:size])
    inside = re.fullmatch(r"SUMPRODUCT\(use_case_importance,(.*)\)/SUM\(use_case_importance\)", formula)
    assert inside
    for fits in product((0, 1, 2, 50), repeat=size):
        values = {named("fit", tool): fit for tool, fit in zip(TOOLS, fits, strict=False)}
        assert eval(inside[1], {}, values) == max(fits)  # noqa: S307 - our own formula, arithmetic and comparisons


def test_a_check_says_so_where_figures_differ_although_nothing_was_changed() -> None:
    assert equal("A1", "B1") == "ABS(A1-B1)<0.000000001"
    found = verdict("A1=B1", '"moved"')
    assert found == (
        f'IF(A1=B1,IF(changed_inputs=0,"{AGREES}","as official"),IF(changed_inputs=0,"{DISAGREES}","moved"))'
    )
    assert adds_up("SUM(A1:A3)", "B1") == 'IF(ABS(SUM(A1:A3)-B1)<0.000000001,"yes","NO")'
