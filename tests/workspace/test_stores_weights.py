"""The weights and what stakeholders said, read and written within a change to the workspace."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from builders import WEIGHTS, contents, freeze, stakeholder, write
from ruamel.yaml import YAML

from evaluator.errors import ContentError, EvaluatorError
from evaluator.model.catalogue import Seal
from evaluator.model.elicitation import Stakeholder
from evaluator.workspace.stores import WeightStore, edit_weights, stakeholder_text
from evaluator.workspace.transaction import transaction
from evaluator.workspace.yaml_editor import YamlEditor

TEXT = """\
# head
schema: weights/1
families:
  f-1: 10   # ten
  "f-2": 2.5
criteria:
  c-1: 1
  f-1: 7 # a criterion of the same name
  'c-2':  3
seal:
  date: 2026-01-15
  by: board   # kept
  method: swing
# after the seal

reasons: {}
"""
SEAL = Seal(date=date(2026, 11, 20), by="the board: all", method="swing", note="")
NEW = "seal:\n  date: 2026-11-20\n  by: 'the board: all'\n  method: swing\n"


def edited(text: str, figures: tuple[dict[str, float], dict[str, float]] | None, seal: Seal | None) -> str:
    editor = YamlEditor(text.encode(), WEIGHTS)
    edit_weights(editor, figures, seal)
    return editor.text().decode()


def figures(families: dict[str, float], criteria: dict[str, float], text: str = TEXT) -> str:
    return edited(text, (families, criteria), None)


def sealed(text: str, seal: Seal = SEAL) -> str:
    return edited(text, None, seal)


def test_only_the_numbers_change() -> None:
    assert figures({}, {}) == TEXT
    assert figures({"f-1": 20.0}, {}) == TEXT.replace("f-1: 10 ", "f-1: 20 ")
    assert figures({"f-2": 33.3}, {"c-2": 0, "f-1": 1e-7}) == (
        TEXT.replace('"f-2": 2.5', '"f-2": 33.3').replace("'c-2':  3", "'c-2':  0").replace("f-1: 7 ", "f-1: 1e-07 ")
    )
    windows = TEXT.replace("\n", "\r\n")
    assert figures({"f-1": 5}, {}, windows) == windows.replace("f-1: 10 ", "f-1: 5 ")


def test_whole_numbers_are_written_without_a_point() -> None:
    found = yaml.safe_load(figures({"f-1": 20.0, "f-2": 0.5}, {"c-1": 3}))
    assert [type(value) for value in (*found["families"].values(), found["criteria"]["c-1"])] == [int, float, int]


def test_a_file_in_flow_style_is_edited_as_a_whole() -> None:
    text = "# head\nfamilies: {f-1: 10, f-2: 90}\ncriteria:\n  c-1: 1 # one\n"
    found = figures({"f-2": 80}, {"c-1": 2}, text)
    assert yaml.safe_load(found) == {"families": {"f-1": 10, "f-2": 80}, "criteria": {"c-1": 2}}
    assert "# head" in found
    assert "# one" in found


def test_figures_of_something_new_are_added() -> None:
    assert yaml.safe_load(figures({"f-3": 4}, {}))["families"] == {"f-1": 10, "f-2": 2.5, "f-3": 4}


def test_a_seal_takes_the_place_of_another() -> None:
    new = TEXT.replace("date: 2026-01-15", "date: 2026-11-20").replace("by: board ", "by: 'the board: all' ")
    assert sealed(TEXT) == new
    assert sealed(TEXT.replace("\n", "\r\n")) == new.replace("\n", "\r\n")


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_first_seal_stands_at_the_end(end: str) -> None:
    assert sealed(f"families: {{}}\ncriteria: {{}}{end}") == f"families: {{}}\ncriteria: {{}}\n\n{NEW}"


def test_a_seal_keeps_its_predecessors_and_its_digest() -> None:
    given: dict[str, Any] = {
        "date": "2026-01-01",
        "by": "x",
        "method": "m",
        "digest": "0" * 64,
        "earlier": ({"date": "2025-01-01", "by": "y"},),
    }
    found = sealed(TEXT, Seal.model_validate(given))
    read = YAML(typ="safe", pure=True).load(found)["seal"]
    assert {**read, "date": str(read["date"]), "earlier": [{**read["earlier"][0], "date": "2025-01-01"}]} == {
        **given, "earlier": list(given["earlier"]),
    }  # fmt: skip


def test_a_file_with_errors_is_not_edited() -> None:
    with pytest.raises(ContentError) as raised:
        sealed("families: {}\na: 1\na: 1\n")
    assert str(raised.value) == "'criteria/weights.yaml' has errors; nothing was written."
    assert [problem.line for problem in raised.value.problems] == [3]


SAID = {
    "families": {"points": {"f-1": 100, "f-2": 0}},
    "criteria": {
        "f-1": {"order": [["c-1", "c-2"], ["c-3"]]},
        "f-2": {"pairs": [{"first": "c-4", "second": "c-5", "times": 0.5}]},
    },
}


def said(**groups: Any) -> Stakeholder:
    return Stakeholder.model_validate(freeze(stakeholder("it", **groups)))


def test_what_a_stakeholder_said_is_written_to_the_letter() -> None:
    assert (
        stakeholder_text(said(**SAID)).decode()
        == """\
# yaml-language-server: $schema=../schemas/stakeholder.schema.json
schema: stakeholder/1
role: it
date: 2026-01-10
families:
  points:
    f-1: 100
    f-2: 0
criteria:
  f-1:
    order:
      -
        - c-1
        - c-2
      -
        - c-3
  f-2:
    pairs:
      - first: c-4
        second: c-5
        times: 0.5
"""
    )
    assert yaml.safe_load(stakeholder_text(said(note="n"))) == {
        "schema": "stakeholder/1", "role": "it", "date": date(2026, 1, 10), "note": "n",
    }  # fmt: skip


def test_what_was_written_is_read(tmp_path: Path) -> None:
    with transaction(tmp_path) as change:
        store = WeightStore(change)
        assert store.read("it") is None
        store.write(said(**SAID))
        assert store.read("it") == said(**SAID)
    assert (tmp_path / "weights/it.yaml").read_bytes() == stakeholder_text(said(**SAID))


@pytest.mark.parametrize(
    ("text", "code"), [("a: [", "yaml-syntax"), ("schema: stakeholder/1\n", "missing-key"), ("a: &x 1\n", "yaml-alias")]
)
def test_a_file_with_errors_is_not_used(text: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights/it.yaml").write_text(text)
    with transaction(tmp_path) as change, pytest.raises(ContentError, match=r"^weights/it\.yaml has errors") as raised:
        WeightStore(change).read("it")
    assert raised.value.problems[0].code == code


def test_a_file_of_another_role_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights/hr.yaml").write_bytes(stakeholder_text(said()))
    with (
        transaction(tmp_path) as change,
        pytest.raises(ContentError, match=r"^weights/hr\.yaml: the file says it is it's") as raised,
    ):
        WeightStore(change).read("hr")
    assert [(one.code, one.file) for one in raised.value.problems] == [("stakeholder-role", "weights/hr.yaml")]


def test_figures_and_seal_are_changed_together_or_alone(tmp_path: Path) -> None:
    root = write(tmp_path, {**contents(), WEIGHTS: TEXT})
    for given, seal, expected in (
        (({"f-1": 20}, {}), SEAL, sealed(figures({"f-1": 20}, {}))),
        (({"f-1": 30}, {"c-1": 2}), None, sealed(figures({"f-1": 30}, {"c-1": 2}))),
        (None, SEAL, sealed(figures({"f-1": 30}, {"c-1": 2}))),
        (None, None, sealed(figures({"f-1": 30}, {"c-1": 2}))),
    ):
        with transaction(root) as change:
            WeightStore(change).change(given, seal)
        assert (root / WEIGHTS).read_text() == expected
    (root / WEIGHTS).unlink()
    with transaction(root) as change, pytest.raises(EvaluatorError) as raised:
        WeightStore(change).change(None, SEAL)
    assert (
        str(raised.value) == "criteria/weights.yaml cannot be read any more: the file is missing; nothing was written."
    )
