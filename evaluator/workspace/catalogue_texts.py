"""The texts of a catalogue after an upgrade: the shipped files, with the organisation's own criteria and texts kept in place.

Comments and layout of what is kept stay as they are. The new texts are read again and must hold exactly the
criteria that were planned; otherwise nothing is written.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from evaluator.errors import EvaluatorError
from evaluator.model.catalogue import Catalogue, CatalogueHead, CriteriaFile, Criterion
from evaluator.model.file_names import CATALOGUE, WEIGHTS
from evaluator.workspace import containment
from evaluator.workspace.yaml_positions import Node
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
    own: Mapping[str, str],
    shipped: Mapping[str, str],
    places: Mapping[str, str],
    catalogues: tuple[Catalogue, Catalogue],
    kept: Kept,
) -> dict[str, str | None]:
    """The new text of every file that changes, None for one that goes.

    Args:
        own: the texts of the workspace's ``criteria/`` files, by name.
        shipped: those of the shipped evaluation.
        places: family id -> the workspace's file of its criteria.
        catalogues: the workspace's catalogue and the shipped one.
        kept: what stays.

    Raises:
        EvaluatorError: a file is laid out so that its parts cannot be told apart.
    """
    mine, theirs = catalogues
    families = {family: f"criteria/{family}.yaml" for family in theirs.families} | dict(places)
    texts: dict[str, str | None] = {}
    for family, file in families.items():
        expected = _expected(family, mine, theirs, kept)
        if list(expected.items()) != [(criterion.id, criterion) for criterion in mine.families.get(family, ())]:
            texts[file] = _family(family, expected, (own, shipped), places, mine) if expected else None
            _check_criteria(file, texts[file], expected)
    gone = {family for family, file in families.items() if texts.get(file, "") is None}
    head = _head(own[CATALOGUE], shipped[CATALOGUE], kept.fields, gone)
    if head != mine.head:
        texts[CATALOGUE] = _head_text(own[CATALOGUE], shipped[CATALOGUE], kept.fields, gone)
    return texts


def _expected(family: str, mine: Catalogue, theirs: Catalogue, kept: Kept) -> dict[str, Criterion]:
    """The criteria of a family after the upgrade: the shipped ones in their order, then the organisation's own."""
    found = {
        criterion.id: mine.criteria[criterion.id] if criterion.id in kept.criteria else criterion
        for criterion in theirs.families.get(family, ())
    }
    own = {
        criterion.id: criterion for criterion in mine.families.get(family, ()) if criterion.id not in theirs.criteria
    }
    return found | own


def _family(
    family: str,
    expected: Mapping[str, Criterion],
    texts: tuple[Mapping[str, str], Mapping[str, str]],
    places: Mapping[str, str],
    mine: Catalogue,
) -> str:
    """The text of a family's file: each criterion from the file whose text it keeps."""
    own, shipped = texts
    known = _shipped_file(shipped, family)
    base = _Listed(shipped[known] if known else own[places[family]], "criteria")
    blocks = {}
    for key, criterion in expected.items():
        if key in base.items and (not known or mine.criteria.get(key) != criterion):
            blocks[key] = base.items[key]
        else:
            blocks[key] = _Listed(own[places[mine.family_of[key]]], "criteria").items[key]
    return base.text(blocks)


def _shipped_file(shipped: Mapping[str, str], family: str) -> str | None:
    for file, text in shipped.items():
        if file not in {CATALOGUE, WEIGHTS}:
            value = parse(text.encode("utf-8"), file).value
            if isinstance(value, Mapping) and value.get("family") == family:
                return file
    return None


def _check_criteria(file: str, text: str | None, expected: Mapping[str, Criterion]) -> None:
    if text is None:
        return
    document = parse(text.encode("utf-8"), file)
    try:
        found = CriteriaFile.model_validate(document.value)
    except ValidationError:
        found = None
    if document.problems or found is None or {item.id: item for item in found.criteria} != dict(expected):
        raise EvaluatorError(
            f"'{file}' is laid out so that its criteria cannot be told apart safely; nothing was written. "
            "Put every criterion on lines of its own, as in a new workspace."
        )


def _head(own: str, shipped: str, fields: Collection[str], gone: Collection[str]) -> CatalogueHead:
    """The head after the upgrade."""
    document = parse(_head_text(own, shipped, fields, gone).encode("utf-8"), CATALOGUE)
    try:
        return CatalogueHead.model_validate(document.value)
    except ValidationError as error:
        raise EvaluatorError(f"'{CATALOGUE}' cannot be put together; nothing was written.") from error


def _head_text(own: str, shipped: str, fields: Collection[str], gone: Collection[str]) -> str:
    """The shipped head with the organisation's own fields, families, triggers and references."""
    text = shipped
    for field in sorted(fields):
        text = _with_block(text, field, _block(own, field))
    for key in ("families", "triggers"):
        text = _with_items(text, own, key, gone if key == "families" else ())
    return _with_keys(text, own, "references")


class _Listed:
    """A file with a list under one of its top-level keys, taken apart: what stands before, each item, what stands after."""

    def __init__(self, text: str, key: str) -> None:
        document = parse(text.encode("utf-8"), key)
        self._lines = text.splitlines(keepends=True)
        if self._lines and not self._lines[-1].endswith("\n"):
            self._lines[-1] += "\n"
        node = (document.places.root.keys or {}).get(key)
        values = document.value.get(key, ()) if isinstance(document.value, Mapping) else ()
        nodes = node[2].items if node and node[2].items else []
        starts = [_above(self._lines, item.line - 1) for item in nodes]
        later = [line - 1 for line, _, _ in (document.places.root.keys or {}).values() if node and line > node[0]]
        end = _above(self._lines, min(later)) if later else len(self._lines)
        self.start = starts[0] if starts else end
        self.end = end
        self.items: dict[str, list[str]] = {
            str(value["id"]): self._lines[start:stop]
            for value, start, stop in zip(values, starts, [*starts[1:], end], strict=False)
            if isinstance(value, Mapping) and "id" in value
        }

    def text(self, items: Mapping[str, list[str]]) -> str:
        """The file with ``items`` in place of its own."""
        margin = next((_margin(block) for block in self.items.values()), 2)
        blocks = [_shifted(block, margin) for block in items.values()]
        return "".join(
            [*self._lines[: self.start], *(line for block in blocks for line in block), *self._lines[self.end :]]
        )


def _margin(block: Iterable[str]) -> int:
    first = next((line for line in block if line.lstrip().startswith("-")), "")
    return len(first) - len(first.lstrip())


def _shifted(block: list[str], margin: int) -> list[str]:
    """The block with its hyphen at ``margin``, each line ending in a line feed."""
    by = margin - _margin(block)
    return [
        f"{' ' * by}{line}" if by > 0 and line.strip() else line[min(-by, _indent(line)) :] if by < 0 else line
        for line in block
    ]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _above(lines: list[str], start: int) -> int:
    """The first line of the comment that stands directly above ``start``."""
    while start > 1 and lines[start - 1].lstrip().startswith("#"):
        start -= 1
    return start


def _span(text: str, key: str) -> tuple[list[str], int, int, Node | None]:
    """The lines of a text, the lines from and to which the block of a top-level key goes, and its node."""
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    keys = parse(text.encode("utf-8"), key).places.root.keys or {}
    if key not in keys:
        return lines, len(lines), len(lines), None
    line, _, node = keys[key]
    later = [other - 1 for other, _, _ in keys.values() if other > line]
    return lines, line - 1, _above(lines, min(later)) if later else len(lines), node


def _block(text: str, key: str) -> list[str]:
    lines, start, end, _ = _span(text, key)
    return lines[start:end]


def _with_block(text: str, key: str, block: list[str]) -> str:
    lines, start, end, _ = _span(text, key)
    return "".join([*lines[:start], *block, *lines[end:]])


def _with_items(text: str, own: str, key: str, gone: Collection[str]) -> str:
    """The text with those items of the own list whose ids it does not have."""
    mine, theirs = _Listed(own, key), _Listed(text, key)
    extra = {name: block for name, block in mine.items.items() if name not in theirs.items and name not in gone}
    if not extra:
        return text
    if not theirs.items:
        return _with_block(text, key, [f"{key}:\n", *(line for block in extra.values() for line in block)])
    return theirs.text({**theirs.items, **extra})


def _with_keys(text: str, own: str, key: str) -> str:
    """The text with those entries of the own mapping whose keys it does not have."""
    lines, _, end, node = _span(own, key)
    _, _, _, theirs = _span(text, key)
    known = set((theirs.keys if theirs else None) or {})
    found = sorted((line - 1, name) for name, (line, _, _) in ((node.keys if node else None) or {}).items())
    extra: list[str] = []
    for place, (line, name) in enumerate(found):
        stop = _above(lines, found[place + 1][0]) if place + 1 < len(found) else end
        if name not in known:
            extra += lines[_above(lines, line) : stop]
    if not extra:
        return text
    rows, first, last, _ = _span(text, key)
    if first == last:
        return "".join([*rows, "\n", f"{key}:\n", *extra])
    return "".join([*rows[:last], *extra, *rows[last:]])


def weights_with(text: str, families: Iterable[str], criteria: Iterable[str], version: str) -> str:
    """The weights with 0 for what is new, under a line that says so."""
    for key, names in (("families", tuple(families)), ("criteria", tuple(criteria))):
        if names:
            lines, _, end, node = _span(text, key)
            column = next((column for _, column, _ in ((node.keys if node else None) or {}).values()), 3) - 1
            margin = " " * column
            while end > 0 and not lines[end - 1].strip():
                end -= 1
            new = [f"{margin}# new in catalogue {version}: weighs nothing until somebody weighs it\n"]
            new += [f"{margin}{name}: 0\n" for name in names]
            text = "".join([*lines[:end], *new, *lines[end:]])
    return text
