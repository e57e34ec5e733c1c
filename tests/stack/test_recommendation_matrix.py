"""What stacks are chosen by: fits times shares of importance."""

from __future__ import annotations

from analysis_builders import fit, workspace_of

from evaluator.stack.recommendation import decision_matrix

FITS = {
    "u-1": (fit("v-2", "u-1", 80), fit("v-1", "u-1", 40)),
    "u-2": (fit("v-2", "u-2", 10), fit("v-1", "u-2", 60)),
    "u-3": (fit("v-2", "u-3", 99), fit("v-1", "u-3", 99)),
}


def test_options_stand_by_id_and_use_cases_count_by_their_importance() -> None:
    found = decision_matrix(workspace_of({"v-1": [0, 0, 0], "v-2": [0, 0, 0]}, [3, 1, 0]), FITS)
    assert found is not None
    assert found.options == ("v-1", "v-2")
    assert [case.id for case in found.use_cases] == ["u-1", "u-2"]
    # Three quarters and one quarter of all importance.
    assert found.parts == ((30, 15), (60, 2.5))
    assert found.fits["u-2"]["v-1"] is FITS["u-2"][1]


def test_importance_below_one_counts() -> None:
    found = decision_matrix(workspace_of({"v-1": [0, 0, 0], "v-2": [0, 0, 0]}, [0.5, 0, 0]), FITS)
    assert found is not None
    assert found.parts == ((40,), (80,))


def test_where_no_use_case_counts_there_is_nothing_to_choose_by() -> None:
    assert decision_matrix(workspace_of({"v-1": [0, 0, 0], "v-2": [0, 0, 0]}, [0, 0, 0]), FITS) is None
