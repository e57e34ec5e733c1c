"""The names of the files of a workspace."""

from __future__ import annotations

from builders import workspace

from evaluator.model import file_names
from evaluator.model.file_names import (
    Layout,
    profile_file,
    review_file,
    scorecard_file,
    scorecard_folders,
    stakeholder_file,
)


def test_every_file_has_its_place() -> None:
    assert {name: value for name, value in vars(file_names).items() if name.isupper() and isinstance(value, str)} == {
        "EVALUATION": "evaluation.yaml",
        "CATALOGUE": "criteria/catalogue.yaml",
        "WEIGHTS": "criteria/weights.yaml",
        "USE_CASES": "criteria/use-cases.yaml",
        "GUARDRAILS": "criteria/guardrails.yaml",
        "REVIEW_LOG": "reviews/log.yaml",
        "LANGUAGE": "reports/language.yaml",
    }
    assert profile_file("v") == "vendors/v/profile.yaml"
    assert scorecard_file("v", "e", "a") == "vendors/v/e/a.yaml"
    assert stakeholder_file("r") == "weights/r.yaml"
    assert review_file("2026") == "reviews/2026.yaml"


def test_scorecards_lie_in_the_vendors_folder_and_one_for_each_edition() -> None:
    inside = ["pro", "business-2", "Pro", "-a", "a_b", "x.yaml"]
    assert scorecard_folders("v", inside) == ["vendors/v", "vendors/v/business-2", "vendors/v/pro"]


def test_a_scorecard_is_looked_for_where_it_was_read() -> None:
    card = workspace(vendors=1).vendors["v-1"].scorecards[0]
    key = ("v-1", "business", "desk-a")
    assert Layout().file_of(card) == Layout().card_file(*key) == scorecard_file(*key)
    found = Layout(scorecards={key: "vendors/v-1/desk-a.yaml"})
    assert found.file_of(card) == found.card_file(*key) == "vendors/v-1/desk-a.yaml"
    assert found.card_file("v-1", "enterprise", "desk-a") == "vendors/v-1/enterprise/desk-a.yaml"


def test_a_complete_catalogue_lies_in_files_named_after_its_families() -> None:
    found = Layout.default(workspace(criteria=3).catalogue)
    assert found.families == {"f-1": "criteria/f-1.yaml", "f-2": "criteria/f-2.yaml"}
    assert found.criteria == {
        "c-1": ("criteria/f-1.yaml", 0),
        "c-3": ("criteria/f-1.yaml", 1),
        "c-2": ("criteria/f-2.yaml", 0),
    }
    assert not found.incomplete_catalogue
    assert found.incomplete_vendors == frozenset()
    assert Layout() == Layout({}, {}, {}, incomplete_catalogue=False, incomplete_vendors=frozenset())
