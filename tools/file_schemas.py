"""JSON schemas of the workspace's files, made from the models; editors check and complete with them."""

from __future__ import annotations

import ast
import inspect
import json
import sys
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from evaluator.workspace.file_reader import KINDS

_DAY = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d$"}


def schema_text(kind: str) -> str:
    """The schema of one kind of file (a key of ``KINDS``) as the text of a JSON file."""
    entry = KINDS[kind]
    schema = entry.model.model_json_schema(by_alias=True, mode="validation")
    _describe(schema, entry.model)
    for name, part in schema.get("$defs", {}).items():
        model = _named(name)
        if model is not None:
            _describe(part, model)
    schema = {
        "$schema": GenerateJsonSchema.schema_dialect,
        **schema,
        "title": f"{entry.place}: {entry.what}",
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _named(name: str) -> type[BaseModel] | None:
    """The model class that a definition is named after."""
    for module, content in list(sys.modules.items()):
        found = getattr(content, name, None) if module.startswith("evaluator.model.") else None
        if isinstance(found, type) and issubclass(found, BaseModel):
            return found
    return None


def _describe(schema: dict[str, Any], model: type[BaseModel]) -> None:
    """Adds what stands under each field in the source, and the form of dates.

    Pydantic could take these texts itself, but would then parse its own source on every start.
    """
    bases = [base for base in reversed(model.__mro__) if issubclass(base, BaseModel) and base is not BaseModel]
    texts = {name: text for base in bases for name, text in _field_texts(base).items()}
    annotations = {name: found for base in bases for name, found in inspect.get_annotations(base).items()}
    for name, field in model.model_fields.items():
        part = schema.get("properties", {}).get(field.alias or name)
        if part is None:
            continue
        if name in texts:
            part["description"] = texts[name]
        part.pop("title", None)
        if "Day" in str(annotations.get(name, "")):
            for choice in part.get("anyOf", [part]):
                if choice.get("type") == "string":
                    choice.update(_DAY)


def _field_texts(model: type[BaseModel]) -> dict[str, str]:
    """The text under each field of a model's class."""
    body = ast.parse(inspect.getsource(model)).body[0]
    texts = {}
    if isinstance(body, ast.ClassDef):
        for field, text in zip(body.body, body.body[1:], strict=False):
            if (
                isinstance(field, ast.AnnAssign)
                and isinstance(field.target, ast.Name)
                and isinstance(text, ast.Expr)
                and isinstance(text.value, ast.Constant)
                and isinstance(text.value.value, str)
            ):
                texts[field.target.id] = inspect.cleandoc(text.value.value).replace("\n", " ").replace("``", "`")
    return texts
