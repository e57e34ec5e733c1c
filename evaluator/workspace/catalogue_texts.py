"""The files of a catalogue after an upgrade: the workspace's own, in which the shipped criteria and fields take their places.

Every file is edited in place, so comments, layout and texts that stay are not touched; a family that is new takes the shipped file.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from evaluator.errors import EvaluatorError, quoted
from evaluator.model.catalogue import Catalogue, CatalogueHead
from evaluator.model.file_names import CATALOGUE, WEIGHTS
from evaluator.workspace import containment
from evaluator.workspace.yaml_editor import YamlEditor
from evaluator.workspace.yaml_reader import parse

RELEASES = "criteria/releases.json"
"""Digests of every text of a criterion that was ever shipped."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays of a workspace's own catalogue."""

    criteria: Collection[str]
    """Criteria that both catalogues have and whose own text stays."""
    fields: Collection[str]
    """Fields of the head whose own text stays."""


def released(root: Path) -> dict[str, tuple[str, ...]]:
    """The digests of every shipped text, by criterion or field of the head."""
    data = containment.read(root, RELEASES)
    if not isinstance(data, bytes):
        raise EvaluatorError("The shipped catalogue lacks its list of releases; install evaluator again.")
    return {key: tuple(found) for key, found in json.loads(data).items()}


def upgraded_texts(
    own: Mapping[str, bytes],
    shipped: Mapping[str, bytes],
    places: Mapping[str, str],
    catalogues: tuple[Catalogue, Catalogue],
    kept: Kept,
) -> dict[str, bytes | None]:
    """The new text of every file that changes, None for one that goes.

    Args:
        own: the texts of the workspace's ``criteria/`` files, by name.
        shipped: those of the shipped evaluation.
        places: family id -> the workspace's file of its criteria.
        catalogues: the workspace's catalogue and the shipped one.
        kept: what stays.

    Raises:
        EvaluatorError: a file cannot be edited safely, or a new family needs the name of a file that holds another one.
    """
    mine, theirs = catalogues
    values = {name: parse(text, name).value for name, text in shipped.items()}
    own_values = [parse(text, name).value for name, text in own.items()]
    own_criteria = {
        key: value
        for key, value in _criteria(own_values).items()
        if key not in theirs.criteria or key in kept.criteria or mine.criteria[key] == theirs.criteria[key]
    }
    criteria = _criteria(values.values()) | own_criteria
    shipped_places = {value["family"]: name for name, value in values.items() if "family" in value}
    family_in = {file: family for family, file in places.items()}
    texts: dict[str, bytes | None] = {}
    for family, file in (shipped_places | dict(places)).items():
        before = [criterion.id for criterion in mine.families.get(family, ())]
        after = [criterion.id for criterion in theirs.families.get(family, ())]
        after += [key for key in before if key not in theirs.criteria]
        if not after:
            if family in places:
                texts[file] = None
        elif (other := family_in.get(file, family)) != family:
            raise EvaluatorError(
                f"{quoted(file)} holds the family {other}, and the new family {family} needs that name. Rename the file and try again."
            )
        else:
            editor = YamlEditor(own[file] if file in own else shipped[shipped_places[family]], file)
            editor.set(("criteria",), [criteria[key] for key in after])
            texts[file] = editor.text()
    gone = {family for family, file in places.items() if texts[file] is None}
    texts[CATALOGUE] = _head_text(own[CATALOGUE], values[CATALOGUE], kept.fields, gone)
    return {name: text for name, text in texts.items() if text != own.get(name)}


def _criteria(files: Iterable[Any]) -> dict[str, Any]:
    """The criteria of files of families by id, as plain values."""
    return {criterion["id"]: criterion for value in files for criterion in value.get("criteria", ())}


def _head_text(data: bytes, shipped: Mapping[str, Any], fields: Collection[str], gone: Collection[str]) -> bytes:
    """The text ``data`` of the head with the shipped values, but for the organisation's own ones."""
    editor = YamlEditor(data, CATALOGUE)
    wanted = _head(editor.value, shipped, fields, gone)
    for key in editor.value.keys() - wanted.keys():
        editor.remove((key,))
    for key, value in wanted.items():
        editor.set((key,), value, order=tuple(wanted))
    return editor.text()


def _head(
    own: Mapping[str, Any], shipped: Mapping[str, Any], fields: Collection[str], gone: Collection[str]
) -> dict[str, Any]:
    """The shipped head with the organisation's own fields, families, triggers and references."""
    wanted = {**shipped, **{field: own[field] for field in fields if field in own}}
    for key in ("families", "triggers"):
        known = {item["id"] for item in shipped.get(key, ())}
        extra = [item for item in own.get(key, ()) if item["id"] not in known and item["id"] not in gone]
        if extra:
            wanted[key] = (*shipped.get(key, ()), *extra)
    references = own.get("references", {}) | shipped.get("references", {})
    if references:
        wanted["references"] = references
    try:
        CatalogueHead.model_validate(wanted)
    except ValidationError as error:
        raise EvaluatorError(f"'{CATALOGUE}' cannot be put together; nothing was written.") from error
    return wanted


def weights_with(data: bytes, families: Iterable[str], criteria: Iterable[str], version: str) -> bytes:
    """The weights with 0 for what is new, under a line that says so."""
    editor = YamlEditor(data, WEIGHTS)
    for part, names in (("families", families), ("criteria", criteria)):
        remark = f"new in catalogue {version}: has no effect until it is given a weight"
        for name in names:
            editor.set((part, name), 0, remark=remark)
            remark = ""
    return editor.text()
