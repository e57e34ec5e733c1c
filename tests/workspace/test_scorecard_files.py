"""Scorecards are read, added and changed within a change to the workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from builders import answer, card_of, contents, freeze, scorecard, write

from evaluator.errors import ContentError, EvaluatorError
from evaluator.model.file_names import Layout
from evaluator.model.scorecard import Answer, Scorecard
from evaluator.workspace.scorecard_files import CardStore, plain
from evaluator.workspace.transaction import transaction


def card(vendor: str = "v-1", assessor: str = "new", **answers: Any) -> Scorecard:
    return Scorecard.model_validate(
        freeze(scorecard(vendor, assessor, {k.replace("_", "-"): v for k, v in answers.items()}))
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path, contents(criteria=2))


def test_plain_values_leave_out_what_is_empty_and_keep_what_is_zero() -> None:
    found = plain(Answer.model_validate(freeze(answer(0, missing=["x"], evidence=[]))))
    assert found == {"level": 0, "rationale": "The page says so.", "missing": ["x"], "confidence": "medium"}
    full = plain(card(c_1=answer(1)))
    assert list(full) == ["schema", "vendor", "edition", "assessor", "assessed", "kind", "answers"]
    assert full["answers"]["c-1"]["evidence"] == [
        {"source": "https://vendor.example/doc", "date": "2026-10-01", "grade": "C"}
    ]


def test_a_card_is_read_as_the_change_makes_it(root: Path) -> None:
    with transaction(root) as change:
        store = CardStore(change, Layout())
        assert store.read("v-1", "business", "nobody") is None
        before = store.read("v-1", "business", "desk-a")
        assert before
        assert before.answers["c-1"].level == 0
        assert store.change(before, {"c-1": before.answers["c-1"].model_copy(update={"level": 4})}, {}) == card_of(
            "v-1"
        )
        assert (after := store.read("v-1", "business", "desk-a"))
        assert after.answers["c-1"].level == 4
    assert yaml.safe_load((root / card_of("v-1")).read_text())["answers"]["c-1"]["level"] == 4


@pytest.mark.parametrize(
    ("text", "code"), [("a: [", "yaml-syntax"), ("schema: scorecard/1\n", "missing-key"), ("a: &x 1\n", "yaml-alias")]
)
def test_a_card_with_errors_is_not_used(text: str, code: str, root: Path) -> None:
    (root / card_of("v-1")).write_text(text)
    with (
        transaction(root) as change,
        pytest.raises(ContentError, match=r"^vendors/v-1/business/desk-a\.yaml has errors") as raised,
    ):
        CardStore(change, Layout()).read("v-1", "business", "desk-a")
    assert raised.value.problems[0].code == code


@pytest.mark.parametrize(
    ("old", "new"),
    [("vendor: v-1", "vendor: v-2"), ("edition: business", "edition: other"), ("assessor: desk-a", "assessor: desk-b")],
)
def test_a_card_that_says_it_is_another_is_not_used(old: str, new: str, root: Path) -> None:
    path = root / card_of("v-1")
    path.write_text(path.read_text().replace(old, new))
    with transaction(root) as change, pytest.raises(ContentError) as raised:
        CardStore(change, Layout()).read("v-1", "business", "desk-a")
    (problem,) = raised.value.problems
    assert (problem.code, problem.file, problem.message) == ("scorecard-vendor", card_of("v-1"), str(raised.value))
    assert "'s on v-" in problem.message


def test_a_new_card_has_its_answers_in_the_order_of_the_criteria(root: Path) -> None:
    new = card(c_9=answer(1), c_1=answer(2), c_2=answer(3), c_0=answer(4))
    with transaction(root) as change:
        assert CardStore(change, Layout(), ["c-2", "c-1"]).create(new) == "vendors/v-1/business/new.yaml"
    text = (root / "vendors/v-1/business/new.yaml").read_text()
    assert text.startswith(
        "# yaml-language-server: $schema=../../../schemas/scorecard.schema.json\nschema: scorecard/1\nvendor: v-1\n"
    )
    assert list(yaml.safe_load(text)["answers"]) == ["c-2", "c-1", "c-0", "c-9"]
    assert list(plain(new)["answers"]) == ["c-9", "c-1", "c-2", "c-0"]
    with transaction(root) as change:
        assert CardStore(change, Layout()).read("v-1", "business", "new") == new
        with pytest.raises(EvaluatorError, match="There is a file"):
            CardStore(change, Layout()).create(new)


def test_new_answers_stand_in_the_order_of_the_criteria(root: Path) -> None:
    with transaction(root) as change:
        store = CardStore(change, Layout(), ["c-0", "c-1", "c-3", "c-2"])
        before = store.read("v-1", "business", "desk-a")
        assert before
        new = Answer.model_validate(freeze(answer(1)))
        store.change(before, {"c-3": new, "c-0": new}, {"kind": "trial"})
    found = yaml.safe_load((root / card_of("v-1")).read_text())
    assert list(found["answers"]) == ["c-0", "c-1", "c-3", "c-2"]
    assert found["kind"] == "trial"
    with transaction(root) as change:
        CardStore(change, Layout()).change(before, {"c-3": None}, {})
    assert list(yaml.safe_load((root / card_of("v-1")).read_text())["answers"]) == ["c-0", "c-1", "c-2"]


def test_a_card_that_is_gone_is_not_changed(root: Path) -> None:
    with transaction(root) as change, pytest.raises(EvaluatorError) as raised:
        CardStore(change, Layout()).change(card(c_1=answer(1)), {}, {})
    assert (
        str(raised.value)
        == "vendors/v-1/business/new.yaml cannot be read any more: the file is missing; nothing was written."
    )
