"""The files of a workspace made from a matrix, value by value, and the totals they score to."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders import freeze

from evaluator.errors import ContentError, EvaluatorError
from evaluator.forms.matrix_workspace import ASSESSOR, MatrixReport, workspace_from
from evaluator.model.base import Model
from evaluator.model.catalogue import CatalogueHead, CriteriaFile, Weights
from evaluator.model.scorecard import Scorecard
from evaluator.model.vendor import Profile
from evaluator.model.workspace import Evaluation

DAY = date(2026, 11, 20)
HEAD = ["Criterion", "Weight", "Alpha", "Beta"]
X, Y = ["Sign-on", 2, 5, 1], ["Price", 1, 1, 4]
Files = dict[str, dict[str, Any]]


def made(folder: Path, *rows: Any, name: str = "My Matrix.csv", **options: Any) -> tuple[Files, MatrixReport]:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return workspace_from(path, DAY, **options)


def refusal(folder: Path, *rows: Any, **options: Any) -> list[tuple[str, str | None, str, str]]:
    """Code, cell, message and hint of what is wrong with the content."""
    with pytest.raises(ContentError, match=r"^'My Matrix.csv' has errors; fix them and try again.") as refused:
        made(folder, *rows, **options)
    return [(p.code, p.cell, p.message, p.hint) for p in refused.value.problems]


def test_every_file_of_a_plain_matrix(tmp_path: Path) -> None:
    files, _ = made(tmp_path, ["", "", "", "see"], HEAD, X, ["Price", 1, "", 4])
    assert list(files) == [
        "evaluation.yaml", "criteria/catalogue.yaml", "criteria/weights.yaml", "criteria/criteria.yaml",
        "vendors/alpha/profile.yaml", "vendors/alpha/as-scored/matrix.yaml", "vendors/beta/profile.yaml", "vendors/beta/as-scored/matrix.yaml",
    ]  # fmt: skip
    assert files["evaluation.yaml"] == {
        "schema": "evaluation/1",
        "title": "Evaluation from My Matrix.csv",
        "organisation": "Name of the organisation",
        "as_of": DAY,
        "notice": "Taken over from My Matrix.csv on 2026-11-20. No answer has evidence yet: that is why every low score is 0.",
    }
    catalogue = files["criteria/catalogue.yaml"]
    assert {
        key: catalogue[key] for key in ("schema", "id", "version", "date", "title", "status", "scale", "families")
    } == {
        "schema": "catalogue/1",
        "id": "my-matrix",
        "version": "1.0.0",
        "date": DAY,
        "title": "Criteria of My Matrix.csv",
        "status": "Taken over from a spreadsheet; the anchors are still to be written.",
        "scale": {"min": 1, "max": 5},
        "families": [{"id": "criteria", "title": "Criteria", "about": "product"}],
    }
    assert [(one["grade"], one["max_level"]) for one in catalogue["evidence_grades"]] == [
        ("A", 5), ("B", 5), ("C", 5), ("D", 3), ("E", 2),
    ]  # fmt: skip
    assert files["criteria/weights.yaml"] == {
        "schema": "weights/1",
        "note": "The weights of My Matrix.csv; not sealed.",
        "families": {"criteria": 3},
        "criteria": {"sign-on": 2, "price": 1},
    }
    family = files["criteria/criteria.yaml"]
    assert (family["schema"], family["family"]) == ("criteria/1", "criteria")
    assert family["criteria"][0] == {
        "id": "sign-on",
        "title": "Sign-on",
        "question": "Sign-on",
        "why": "Row of My Matrix.csv, A3.",
        "levels": {
            level: f"Score {level} of the sheet; what it takes is still to be written." for level in range(1, 6)
        },
        "values": [0.2, 0.4, 0.6, 0.8, 1],
        "evidence": ["whatever shows the level"],
        "fresh_months": 12,
        "edition_sensitive": False,
    }
    assert files["vendors/alpha/profile.yaml"] == {
        "schema": "profile/1",
        "id": "alpha",
        "name": "Alpha",
        "homepage": "unknown",
        "edition": "as-scored",
        "editions": [{"id": "as-scored", "name": "As scored in the sheet", "deployment": "either"}],
        "captured": DAY,
    }
    assert files["vendors/alpha/as-scored/matrix.yaml"] == {
        "schema": "scorecard/1",
        "vendor": "alpha",
        "edition": "as-scored",
        "assessor": ASSESSOR,
        "assessed": DAY,
        "kind": "desk review",
        "answers": {
            "sign-on": {"level": 5, "rationale": "Score 5 in My Matrix.csv, C3.", "confidence": "low"},
            "price": {"level": "unknown", "rationale": "No score in My Matrix.csv, C4.", "confidence": "low"},
        },
    }


def test_the_models_take_every_file(tmp_path: Path) -> None:
    files, _ = made(tmp_path, HEAD, X, Y)
    models: dict[str, type[Model]] = {"evaluation": Evaluation, "catalogue": CatalogueHead, "weights": Weights, "criteria": CriteriaFile,
              "profile": Profile, "scorecard": Scorecard}  # fmt: skip
    for value in files.values():
        models[value["schema"].partition("/")[0]].model_validate(freeze(value))


def test_the_report_gives_totals_in_both_terms(tmp_path: Path) -> None:
    _, report = made(tmp_path, HEAD, X, Y, ["Total", "", 11, 6])
    assert report.file == "My Matrix.csv"
    assert [(found.option, found.name, found.total) for found in report.totals] == [
        ("alpha", "Alpha", 11),
        ("beta", "Beta", 6),
    ]
    assert [found.score for found in report.totals] == pytest.approx([100 * 11 / 15, 100 * 6 / 15])
    assert report.conversion == "score = 100 x total / 15 (the most possible)"
    assert report.findings == ()
    assert report.taken == (
        "text in UTF-8, columns separated by commas",
        "criteria in rows: 2, named from A1 on",
        "options in columns: Alpha, Beta",
        "weights: B1 'Weight'",
        "families: none; one is made for all criteria",
        "totals: A4 'Total'",
        "scale: 1 to 5, because the scores touch both ends of it",
        "the totals in A4 are the sum of weight times score",
    )


def test_a_scale_from_0_needs_no_values_and_steps_become_levels(tmp_path: Path) -> None:
    files, report = made(tmp_path, HEAD, ["x", 1, 0, 2.5], ["y", 1, 5, 5])
    criterion = files["criteria/criteria.yaml"]["criteria"][0]
    assert "values" not in criterion
    assert list(criterion["levels"]) == list(range(11))
    assert criterion["levels"][3].startswith("Score 1.5 of the sheet")
    catalogue = files["criteria/catalogue.yaml"]
    assert catalogue["scale"] == {"min": 0, "max": 10}
    assert [one["max_level"] for one in catalogue["evidence_grades"]] == [10, 10, 10, 5, 2]
    assert files["vendors/beta/as-scored/matrix.yaml"]["answers"]["x"] == {
        "level": 5, "rationale": "Score 2.5 in My Matrix.csv, D2.", "confidence": "low",
    }  # fmt: skip
    assert "scale: 0 to 5, because the scores touch both ends of it" in report.taken
    assert [total.score for total in report.totals] == [50, 75]


def test_a_scale_below_0_is_scored_by_its_range(tmp_path: Path) -> None:
    files, report = made(tmp_path, HEAD, ["x", 3, -2, 2], ["y", 1, 0, ""], scale="-2..2")
    assert [(total.total, total.score) for total in report.totals] == [(-6, 12.5), (6, 75)]
    assert report.conversion == "score = 100 x the share of the scale's range, by weight"
    assert files["criteria/criteria.yaml"]["criteria"][0]["values"] == [0, 0.25, 0.5, 0.75, 1]
    assert files["criteria/catalogue.yaml"]["scale"] == {"min": -2, "max": 2}
    assert [one["max_level"] for one in files["criteria/catalogue.yaml"]["evidence_grades"]] == [2, 2, 2, 0, -1]


def test_remarks_become_the_question_and_options_reach_the_reader(tmp_path: Path) -> None:
    rows = [["Criterion", "Description", "Weight", "Alpha"], ["x", "How is x?", 1, 1], ["y", "", 1, 5]]
    files, _ = made(tmp_path, *rows, transposed=False)
    assert [one["question"] for one in files["criteria/criteria.yaml"]["criteria"]] == ["How is x?", "y"]
    square = [["Criterion", "Alpha", "Beta"], ["x", 1, 5], ["y", 3, 4]]
    files, report = made(tmp_path, *square, transposed=True)
    assert [total.name for total in report.totals] == ["x", "y"]


# Families


def families(files: Files) -> dict[str, float]:
    found: dict[str, float] = files["criteria/weights.yaml"]["families"]
    return found


def test_criteria_by_family_and_those_that_stand_before_the_first(tmp_path: Path) -> None:
    files, _ = made(tmp_path, HEAD, X, ["Money"], Y, ["z", 4, 5, 5])
    assert families(files) == {"criteria": 2, "money": 5}
    assert [one["id"] for one in files["criteria/money.yaml"]["criteria"]] == ["price", "z"]
    assert files["criteria/weights.yaml"]["criteria"] == {"sign-on": 2, "price": 1, "z": 4}


def test_sums_beside_families_change_nothing(tmp_path: Path) -> None:
    files, report = made(tmp_path, HEAD, ["One", 3], X, Y, ["Two", 4], ["z", 4, 5, 5])
    assert families(files) == {"one": 3, "two": 4}
    assert report.taken.count("figures beside the families: the sums of their weights") == 1


@pytest.mark.parametrize(("whole", "inside"), [(1, 1), (100, 100), (1, 100), (100, 1)])
def test_weights_of_families_multiply_the_shares_inside(tmp_path: Path, whole: float, inside: float) -> None:
    rows = [["One", 0.75 * whole], ["x", 0.6 * inside, 5, 1], ["y", 0.4 * inside, 1, 4], ["Two", 0.25 * whole], ["z", inside, 5, 5]]  # fmt: skip
    files, report = made(tmp_path, HEAD, *rows)
    assert files["criteria/weights.yaml"]["criteria"] == pytest.approx(
        {"x": 0.45 * whole, "y": 0.3 * whole, "z": 0.25 * whole}
    )
    assert families(files) == pytest.approx({"one": 0.75 * whole, "two": 0.25 * whole})
    said = "figures beside the families: weights of the families; those of the criteria are shares inside them"
    assert report.taken.count(said) == 1


@pytest.mark.parametrize(
    "rows",
    [
        [["One", 0.5], ["x", 0.6, 5, 1], ["y", 0.5, 1, 4], ["Two", 0.5], ["z", 1, 5, 5]],
        [["One", 0.5], ["x", 0.6, 5, 1], ["y", 0.4, 1, 4], ["Two", 0.4], ["z", 1, 5, 5]],
        [["One", 3], ["x", 2, 5, 1], ["y", 1, 1, 4], ["Two", 5], ["z", 4, 5, 5]],
    ],
)
def test_weights_of_families_that_are_neither(tmp_path: Path, rows: list[list[Any]]) -> None:
    with pytest.raises(EvaluatorError) as refused:
        made(tmp_path, HEAD, *rows)
    assert str(refused.value) == (
        "'My Matrix.csv' gives weights to families (One, Two) that are neither the sums of their criteria's weights "
        "nor weights of their own with shares of 100 % inside; make it one or the other."
    )


# What cannot be guessed


def test_words_for_scores_by_their_cells(tmp_path: Path) -> None:
    assert refusal(tmp_path, HEAD, X, ["y", 1, "good " * 10, 4]) == [
        ("not-a-score", "C3", f"expected a number, or nothing for unknown, found '{('good ' * 10)[:40]}'", "")
    ]


def test_names_that_are_used_twice_or_too_long(tmp_path: Path) -> None:
    assert refusal(tmp_path, ["Criterion", "Weight", "Alpha", "ALPHA", "Beta"], ["x", 1, 1, 5, 2]) == [
        ("two-options", None, "two options are called 'alpha'", "rename one of them")
    ]
    long = "n" * 501
    said = f"a name has 501 characters, expected at most 500: '{'n' * 40}…'"
    for rows in (
        (["Criterion", "Weight", long, "B"], ["x", 1, 1, 5]),
        (HEAD, [long, 1, 1, 5]),
        (HEAD, [long, "", "", ""], X, Y),
        (HEAD, [long, 1, 1, 5], [long, 1, 1, 5]),
    ):
        assert refusal(tmp_path, *rows) == [("name-too-long", None, said, "shorten it")]
    made(tmp_path, HEAD, [long[:500], 1, 1, 5])


def test_negative_weights_and_weights_of_nothing(tmp_path: Path) -> None:
    assert refusal(tmp_path, HEAD, X, ["y", -1, 1, 4], ["z", -2, 1, 4]) == [
        ("negative-weight", "B3", "a weight is negative", "turn its scale round instead")
    ]
    with pytest.raises(EvaluatorError, match=r"^'My Matrix.csv' has no criterion with a weight above 0.$"):
        made(tmp_path, HEAD, ["x", 0, 5, 1], ["y", 0, 1, 4])
    files, _ = made(tmp_path, HEAD, ["x", 0, 5, 1], ["y", 1, 1, 4])
    assert files["criteria/weights.yaml"]["criteria"] == {"x": 0, "y": 1}


def test_what_does_not_follow_is_found(tmp_path: Path) -> None:
    _, report = made(tmp_path, HEAD, X, Y, ["Rank", "", 2, 3])
    assert [problem.code for problem in report.findings] == ["rank"]


# Ids


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (["Ünï Côde™", "A & B", "  --  "], ["uni-codetm", "a-b", "unnamed"]),
        (["漢", "字"], ["unnamed", "unnamed-2"]),
        (["a-2", "a", "A!", "a?"], ["a-2", "a", "a-3", "a-4"]),
        (["x" * 80, "x" * 70], ["x" * 60, "x" * 60 + "-2"]),
        (["y" * 59 + " tail"], ["y" * 59]),
    ],
)
def test_ids_are_made_from_names_each_once(tmp_path: Path, names: list[str], ids: list[str]) -> None:
    files, _ = made(tmp_path, HEAD, *([name, 1, 1, 5] for name in names))
    assert [one["id"] for one in files["criteria/criteria.yaml"]["criteria"]] == ids


def test_no_family_takes_the_name_of_another_file(tmp_path: Path) -> None:
    files, _ = made(
        tmp_path, HEAD, ["Weights"], X, ["Use cases"], Y, ["Catalogue"], ["a", 1, 1, 5], ["Guardrails"], ["b", 1, 1, 5],
        name="---.csv",
    )  # fmt: skip
    assert list(families(files)) == ["weights-2", "use-cases-2", "catalogue-2", "guardrails-2"]
    assert files["criteria/catalogue.yaml"]["id"] == "unnamed"
