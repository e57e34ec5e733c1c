"""The names of the files of a workspace."""

from __future__ import annotations

from builders import workspace

from evaluator.model import file_names
from evaluator.model.file_names import Layout, profile_file, review_file, scorecard_file, stakeholder_file


def test_every_file_has_its_place() -> None:
    assert {name: value for name, value in vars(file_names).items() if name.isupper()} == {
        "EVALUATION": "evaluation.yaml",
        "CATALOGUE": "criteria/catalogue.yaml",
        "WEIGHTS": "criteria/weights.yaml",
        "USE_CASES": "criteria/use-cases.yaml",
        "GUARDRAILS": "criteria/guardrails.yaml",
        "REVIEW_LOG": "reviews/log.yaml",
        "LANGUAGE": "reports/language.yaml",
    }
    assert profile_file("v") == "vendors/v/profile.yaml"
    assert scorecard_file("v", "a") == "vendors/v/a.yaml"
    assert stakeholder_file("r") == "weights/r.yaml"
    assert review_file("2026") == "reviews/2026.yaml"


def test_a_complete_catalogue_lies_in_files_named_after_its_families() -> None:
    found = Layout.usual(workspace(criteria=3).catalogue)
    assert found.families == {"f-1": "criteria/f-1.yaml", "f-2": "criteria/f-2.yaml"}
    assert found.criteria == {
        "c-1": ("criteria/f-1.yaml", 0),
        "c-3": ("criteria/f-1.yaml", 1),
        "c-2": ("criteria/f-2.yaml", 0),
    }
    assert not found.incomplete_catalogue
    assert found.incomplete_vendors == frozenset()
    assert Layout() == Layout({}, {}, incomplete_catalogue=False, incomplete_vendors=frozenset())
