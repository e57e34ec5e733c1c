"""A workbook that came back, and how the catalogue has moved since it went out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builders import build, contents
from exchange_sheets import FIRST, form_of, full
from hostile_workbooks import form, number_cell, rows_of, sheet, text_cell, workbook

from evaluator.errors import Severity
from evaluator.forms.cell_marks import Exported, exported
from evaluator.forms.scorecard_reader import Incoming, computed, moved_catalogue, open_forms, unplaced
from evaluator.model.catalogue import Catalogue
from evaluator.xlsx.guard import RefusedError


def catalogue(criteria: int = 2, change: Callable[[Any], None] | None = None) -> Catalogue:
    content = contents(criteria=criteria, families=1, vendors=0)
    if change:
        change(content["criteria/f-1.yaml"]["criteria"])
    return build(content).catalogue


def incoming(of: Catalogue | None = None) -> Incoming:
    return Incoming("given.xlsx", Exported() if of is None else exported(of), ())


def test_the_forms_of_a_workbook_and_what_went_out_with_it(tmp_path: Path) -> None:
    hidden = sheet(rows_of([[text_cell("A1", "evaluator-workbook/1")], [text_cell("A2", "catalogue"), text_cell("B2", "test"), text_cell("C2", "1")]]))  # fmt: skip
    plain = sheet(rows_of([[number_cell("A1", 1)]]))
    path = workbook(tmp_path / "given.xlsx", plain, form([]), hidden, form([], "questionnaire v-2 business"))
    found = open_forms(path)
    assert (found.file, [one.token.vendor for one in found.forms]) == ("given.xlsx", ["v-1", "v-2"])
    assert found.exported == Exported("test", "1")
    with pytest.raises(RefusedError) as refused:
        open_forms(workbook(path, plain, hidden))
    assert str(refused.value) == (
        "'given.xlsx' holds no form of the evaluator: its hidden marks are gone, or it never was one; "
        "export it again and copy the answers over."
    )


# The catalogue


def test_a_catalogue_that_has_not_moved_is_not_spoken_of() -> None:
    assert moved_catalogue(incoming(catalogue()), catalogue()) == []
    assert moved_catalogue(incoming(), catalogue()) == [
        "the hidden sheet is gone: what was exported is not known, so every difference has to be decided"
    ]


def test_criteria_reworded_added_and_removed_since() -> None:
    def reworded(criteria: Any) -> None:
        criteria[0]["question"] = "Something else?"
        del criteria[1]

    assert moved_catalogue(incoming(catalogue(3)), catalogue(4, reworded)) == [
        "exported from test 1.0.0, moved to test 1.0.0 by ids",
        "reworded since (read again whether the answers hold): c-1",
        "added since (not in the workbook): c-4",
        "removed since (their answers are not imported): c-2",
    ]
    assert moved_catalogue(incoming(catalogue(2)), catalogue(3)) == [
        "exported from test 1.0.0, moved to test 1.0.0 by ids", "added since (not in the workbook): c-3",
    ]  # fmt: skip


def test_long_lists_are_cut_after_twelve() -> None:
    twelve = ", ".join(f"c-{n}" for n in range(3, 15))
    assert moved_catalogue(incoming(catalogue(2)), catalogue(14))[1] == f"added since (not in the workbook): {twelve}"
    assert moved_catalogue(incoming(catalogue(2)), catalogue(15))[1].endswith(f"{twelve} and 1 more")


# Criteria without a place


def test_criteria_that_nobody_knows_are_told_by_their_cells() -> None:
    (problem,) = unplaced(form_of(full("c-1"), {"criterion": " x  y "}), incoming(catalogue()), catalogue())
    assert (problem.code, problem.message, problem.file, problem.cell, problem.severity) == (
        "unknown-criterion", "there is no criterion 'x y'", "given.xlsx", f"V-1!A{FIRST + 1}", Severity.ERROR,
    )  # fmt: skip
    (long,) = unplaced(form_of({"criterion": "n" * 70}), incoming(catalogue()), catalogue())
    assert long.message == f"there is no criterion '{'n' * 64}'"


def test_removed_criteria_are_told_where_something_is_entered() -> None:
    sent, now = incoming(catalogue(3)), catalogue(2)
    lines = [
        full("c-1"),
        {"criterion": "c-3", "line": 1.0},
        {"criterion": "c-3", "line": 2.0, "source": "far  off " * 9},
    ]
    (problem,) = unplaced(form_of(*lines), sent, now)
    assert (problem.code, problem.file, problem.cell, problem.severity) == (
        "removed-criterion", "given.xlsx", f"V-1!H{FIRST + 2}", Severity.WARNING,
    )  # fmt: skip
    assert problem.message == f"c-3 is no longer in the catalogue; its answer '{('far off ' * 9)[:60]}' is not imported"
    assert list(unplaced(form_of(*lines[:2]), sent, now)) == []
    (level,) = unplaced(form_of({"criterion": "c-3", "level": 3.0, "note": "x"}), sent, now)
    assert level.cell == f"V-1!C{FIRST}"


# Formulas


def test_stored_results_of_formulas_are_spoken_of() -> None:
    found = form_of(full("c-1"), full("c-2", level=""))
    assert computed(found) == []
    found.sheet.seen.computed |= {(5, 2), (4, 3), (4, 0), (3, 2), (4, 2)}
    assert computed(found) == ["formulas were not computed, their stored results were taken: V-1!C5, V-1!D5"]
    found.sheet.rows[5][2] = 2.0
    assert computed(found) == ["formulas were not computed, their stored results were taken: V-1!C5, V-1!D5, V-1!C6"]
