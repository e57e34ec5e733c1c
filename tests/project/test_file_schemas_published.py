"""The published schemas agree with the models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from builders import (
    CATALOGUE,
    DONE,
    EVALUATION,
    GUARDRAILS,
    USE_CASES,
    WEIGHTS,
    card_of,
    contents,
    profile_of,
    stakeholder,
)
from file_schemas import schema_text

from evaluator.workspace.file_reader import KINDS, kind_of, schema_of

ROOT = Path(__file__).parents[2]
FILES = {
    "evaluation": EVALUATION,
    "catalogue": CATALOGUE,
    "criteria": "criteria/f-1.yaml",
    "weights": WEIGHTS,
    "use-cases": USE_CASES,
    "guardrails": GUARDRAILS,
    "profile": profile_of("v-1"),
    "scorecard": card_of("v-1"),
}
OTHERS: dict[str, Any] = {
    "stakeholder": stakeholder("office", families={"order": [["f-1"], ["f-2"]]}),
    "own-work": {"schema": "own-work/1", "items": {"business": {"c-1": {"report": DONE}}}},
    "review": {"schema": "review/1", "review": "2027", "as_of": "2027-11-24", "opened": "2027-10-01"},
    "language": {"schema": "language/1", "lang": "pt-BR", "strings": {"word.option": "Opção"}},
    "review-log": {
        "schema": "review-log/1",
        "triggers": [{"trigger": "sold", "vendor": "v-1", "date": "2027-03-02", "by": "architect"}],
        "checks": [{"vendor": "v-2", "date": "2027-03-02", "by": "architect"}],
        "divest": [{"tool": "v-3", "owner": "IT", "until": "2028-01-01", "running": ["a form"]}],
    },
}


def valid(kind: str) -> Any:
    """Valid content of a kind of file."""
    return OTHERS[kind] if kind in OTHERS else contents()[FILES[kind]]


def validator(kind: str) -> Any:
    schema = json.loads(schema_text(kind))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def as_json(value: Any) -> Any:
    """As an editor sees a YAML value: keys are text."""
    return json.loads(json.dumps(value))


@pytest.mark.parametrize("kind", KINDS)
def test_valid_content_fits(kind: str) -> None:
    validator(kind).validate(as_json(valid(kind)))


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_key_does_not_fit(kind: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        validator(kind).validate({**as_json(valid(kind)), "extra": 1})


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_says_what_it_is(kind: str) -> None:
    schema = json.loads(schema_text(kind))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "$id" not in schema
    assert schema["title"] == f"{KINDS[kind].place}: {KINDS[kind].what}"
    assert schema["properties"]["schema"]["const"] == schema_of(KINDS[kind].model)
    assert kind_of(KINDS[kind].model) == kind


def test_what_stands_under_a_field_describes_it() -> None:
    schema = json.loads(schema_text("scorecard"))
    assert schema["properties"]["edition"]["description"].startswith("The edition that was assessed")
    assert schema["$defs"]["Answer"]["description"].startswith("A level, or unknown")
    assert "lower bound" in schema["$defs"]["Answer"]["properties"]["missing"]["description"]


def test_a_day_has_the_form_of_a_day() -> None:
    content = as_json(contents()[FILES["scorecard"]])
    content["assessed"] = "24.11.2026"
    with pytest.raises(jsonschema.ValidationError):
        validator("scorecard").validate(content)


@pytest.mark.parametrize("path", sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("[cv]*/**/*.yaml")))
def test_every_shipped_file_names_the_schema_it_fits(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    mark, _, name = text.split("\n", 1)[0].partition("$schema=")
    assert mark == "# yaml-language-server: "
    kind = yaml.load(text, yaml.BaseLoader)["schema"].partition("/")[0]  # noqa: S506 - builds text only
    assert ((ROOT / path).parent / name).resolve() == ROOT / f"schemas/{kind}.schema.json"
