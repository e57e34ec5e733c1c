"""Schemas for editors: what they say of fields, days and choices."""

from __future__ import annotations

import json
from typing import Any

import pytest
from file_schemas import schema_text

from evaluator.workspace.file_reader import KINDS

DAY = {"format": "date", "pattern": r"^\d{4}-\d\d-\d\d$", "type": "string"}


def schema(kind: str) -> Any:
    return json.loads(schema_text(kind))


def test_the_text_is_json_of_two_blanks_with_letters_as_they_are() -> None:
    for kind in KINDS:
        text = schema_text(kind)
        assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"
        assert next(iter(json.loads(text))) == "$schema"


def test_fields_have_no_titles_of_their_own() -> None:
    for kind in KINDS:
        found = schema(kind)
        for part in (found, *found.get("$defs", {}).values()):
            for field in part.get("properties", {}).values():
                assert "title" not in field


def test_a_day_has_its_form_also_where_there_need_not_be_one() -> None:
    review = schema("review")["properties"]
    assert review["opened"] == DAY
    assert review["as_of"] == {"description": "The date at which evidence is judged and the result is computed.", **DAY}
    assert review["deadline"] == {"anyOf": [DAY, {"type": "null"}], "default": None}
    assert review["since"]["anyOf"][0].keys().isdisjoint({"format"})
    assert schema("weights")["$defs"]["Seal"]["properties"]["date"] == DAY


def test_a_description_is_on_one_line_with_single_marks_for_code() -> None:
    texts = [
        field["description"]
        for kind in KINDS
        for part in (schema(kind), *schema(kind).get("$defs", {}).values())
        for field in part.get("properties", {}).values()
        if "description" in field
    ]
    assert len(texts) > 50
    assert not [text for text in texts if "\n" in text or "``" in text]
    missing = schema("scorecard")["$defs"]["Answer"]["properties"]["missing"]["description"]
    assert missing == (
        "What the next level still needs to be shown. An answer with an entry is a lower bound: nothing seen contradicts a higher level. "
        "Without one, the level is what the product has."
    )
    assert "`member` is everybody" not in missing


@pytest.mark.parametrize(
    ("kind", "definition", "field"),
    [
        ("profile", "Price", "minimum"), ("profile", "ExitPlan", "owner"), ("catalogue", "CatalogueHead", None), ("criteria", "Criterion", "levels"),
        ("use-cases", "UseCase", "emphasis"), ("guardrails", "ReviewTier", "full_months"), ("review-log", "TriggerEvent", "trigger"),
        ("stakeholder", "Judged", "points"), ("evaluation", "Policies", "close_points"), ("weights", "Seal", "digest"), ("language", None, "lang"),
        ("catalogue", None, "retired"), ("evaluation", "StackLimits", "required"),
    ],
)  # fmt: skip
def test_definitions_of_every_model_are_described(kind: str, definition: str | None, field: str | None) -> None:
    found = schema(kind)
    if definition and definition in found.get("$defs", {}):
        found = found["$defs"][definition]
    if field:
        assert found["properties"][field]["description"]
