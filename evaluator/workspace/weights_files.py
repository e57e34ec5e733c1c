"""The weights of a workspace on disk: what each stakeholder said, and the organisation's own figures and seal.

A stakeholder's file is written by the commands and therefore written whole. ``criteria/weights.yaml`` is written by people:
only the numbers that change are replaced, and comments, order and layout stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from evaluator.errors import ContentError, EvaluatorError, Problem, has_errors
from evaluator.model.catalogue import Seal
from evaluator.model.elicitation import Stakeholder
from evaluator.model.file_names import WEIGHTS, stakeholder_file
from evaluator.workspace.containment import MISSING
from evaluator.workspace.file_reader import Reader
from evaluator.workspace.scorecard_editor import edited_whole, end_of, joined_lines, split_lines, trimmed
from evaluator.workspace.scorecard_files import plain
from evaluator.workspace.transaction import Transaction
from evaluator.workspace.yaml_positions import Node
from evaluator.workspace.yaml_reader import parse
from evaluator.workspace.yaml_writer import dump, lines_of

_SCHEMA_LINE = "# yaml-language-server: $schema=../schemas/stakeholder.schema.json\n"


class WeightStore:
    """The files of stakeholders, and the weights, of a workspace within one ``change`` to it."""

    def __init__(self, change: Transaction) -> None:
        self._change = change

    def read(self, role: str) -> Stakeholder | None:
        """What the stakeholder said so far; None where there is no file.

        Raises:
            ContentError: the file cannot be used as it is; carries what is wrong with it.
        """
        name = stakeholder_file(role)
        data = self._change.read(name)
        if isinstance(data, Problem) and data.code == MISSING:
            return None
        reader = Reader(self._change.root, self._change.read)
        found = reader.model(name, Stakeholder)
        if found is None or has_errors(reader.problems):
            raise ContentError(f"{name} has errors; fix them and try again.", reader.problems)
        if found.role != role:
            message = f"the file says it is {found.role}'s; fix that and try again"
            raise ContentError(f"{name}: {message}.", [Problem("stakeholder-role", message, name)])
        return found

    def write(self, stakeholder: Stakeholder) -> None:
        """Write what a stakeholder said, whose file was read here before."""
        self._change.write(stakeholder_file(stakeholder.role), stakeholder_text(stakeholder))

    def change(self, figures: tuple[Mapping[str, float], Mapping[str, float]] | None, seal: Seal | None) -> None:
        """Change figures of families and criteria, or the seal, in ``criteria/weights.yaml``.

        Args:
            figures: new figures by family and by criterion, of some or all.
            seal: the new seal; None leaves it as it is.

        Raises:
            EvaluatorError: the file cannot be edited.
        """
        data = self._change.read(WEIGHTS)
        if isinstance(data, Problem):
            raise EvaluatorError(f"{WEIGHTS} cannot be read any more: {data.message}; nothing was written.")
        if figures is not None:
            data = with_figures(data, *figures)
        if seal is not None:
            data = with_seal(data, seal)
        self._change.write(WEIGHTS, data)


def stakeholder_text(stakeholder: Stakeholder) -> bytes:
    """The file of what a stakeholder said."""
    return (_SCHEMA_LINE + dump(_plain(stakeholder))).encode("utf-8")


def _plain(stakeholder: Stakeholder) -> dict[str, Any]:
    """The file as plain values; things of one rank as a list of their own."""
    value = {key: entry for key, entry in stakeholder.model_dump(mode="json", by_alias=True).items() if entry}
    if stakeholder.families is not None:
        value["families"] = _judged(value["families"])
    if stakeholder.criteria:
        value["criteria"] = {family: _judged(entry) for family, entry in value["criteria"].items()}
    return value


def _judged(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: entry for key, entry in value.items() if entry is not None}


def with_figures(data: bytes, families: Mapping[str, float], criteria: Mapping[str, float]) -> bytes:
    """The text of a weights file with some figures changed, and nothing else.

    Raises:
        EvaluatorError: the file cannot be edited without changing more than was asked for.
    """
    document = parse(data, "")
    wanted = {**document.value}
    changes = {"families": _numbers(families), "criteria": _numbers(criteria)}
    for part, figures in changes.items():
        wanted[part] = {**document.value[part], **figures}
    return _first_true(data, wanted, lambda: _lines_changed(data, document.places.root, changes), changes)


def with_seal(data: bytes, seal: Seal) -> bytes:
    """The text of a weights file with another seal, and nothing else changed.

    Raises:
        EvaluatorError: the file cannot be edited without changing more than was asked for.
    """
    document = parse(data, "")
    value = plain(seal)  # type: ignore[arg-type]
    wanted = {**document.value, "seal": _frozen(value)}
    return _first_true(data, wanted, lambda: _sealed_text(data, document.places.root, value), {"seal": value})


def _first_true(
    data: bytes, wanted: Mapping[str, Any], splice: Callable[[], bytes], changes: Mapping[str, Mapping[str, Any]]
) -> bytes:
    for attempt in (splice, partial(_through_editor, data, changes)):
        try:
            result = attempt()
        except Exception:  # noqa: BLE001, S112 - whatever an unusual file does to the libraries, the next attempt is made
            continue
        after = parse(result, "")
        if not after.problems and after.value == wanted:
            return result
    raise EvaluatorError(f"{WEIGHTS} has an unusual shape that cannot be edited safely; nothing was written.")


def _numbers(figures: Mapping[str, float]) -> dict[str, int | float]:
    return {key: int(value) if float(value).is_integer() else value for key, value in figures.items()}


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _frozen(entry) for key, entry in value.items()}
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value


def _lines_changed(data: bytes, root: Node, changes: Mapping[str, Mapping[str, Any]]) -> bytes:
    text = data.decode("utf-8")
    lines = text.split("\n")
    for part, figures in changes.items():
        _, _, block = (root.keys or {})[part]
        for key, value in figures.items():
            line = (block.keys or {})[key][0] - 1
            number = re.compile(rf"^(\s+[\"']?{re.escape(key)}[\"']?:\s+)[-+.\w]+(?=\s|$)")
            lines[line], count = number.subn(partial(_with, value), lines[line])
            if not count:
                raise ValueError(key)
    return "\n".join(lines).encode("utf-8")


def _with(value: float, found: re.Match[str]) -> str:
    return f"{found[1]}{value}"


def _sealed_text(data: bytes, root: Node, seal: Mapping[str, Any]) -> bytes:
    lines, carriage = split_lines(data.decode("utf-8"))
    new = [f"{line}{carriage}" for line in "\n".join(lines_of({"seal": seal})).split("\n")]
    top = root.keys or {}
    if "seal" in top:
        start = top["seal"][0] - 1
        lines[start : trimmed(lines, start, end_of(top, "seal", lines))] = new
    else:
        while lines and not lines[-1].strip():
            lines.pop()
        lines += [carriage, *new, carriage]
    return joined_lines(lines, carriage)


def _through_editor(data: bytes, changes: Mapping[str, Mapping[str, Any]]) -> bytes:
    """The file edited as a whole."""

    def change(value: Any) -> None:
        for part, entries in changes.items():
            if part == "seal":
                value[part] = dict(entries)
            else:
                value[part].update(entries)

    return edited_whole(data, change)
