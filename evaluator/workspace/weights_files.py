"""The weights of a workspace on disk: what each stakeholder said, and the organisation's own figures and seal.

A stakeholder's file is written by the commands and therefore written whole. ``criteria/weights.yaml`` is written by people:
only the numbers that change are replaced, and comments, order and layout stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evaluator.errors import ContentError, Problem
from evaluator.model.catalogue import Seal
from evaluator.model.elicitation import Stakeholder
from evaluator.model.file_names import WEIGHTS, stakeholder_file
from evaluator.workspace.scorecard_files import plain
from evaluator.workspace.session import Session
from evaluator.workspace.transaction import Transaction
from evaluator.workspace.yaml_editor import YamlEditor
from evaluator.workspace.yaml_writer import dump

_SCHEMA_LINE = "# yaml-language-server: $schema=../schemas/stakeholder.schema.json\n"


class WeightStore:
    """The files of stakeholders, and the weights, of a workspace within one ``change`` to it."""

    def __init__(self, change: Transaction) -> None:
        self._change = change
        self._session = Session(change)

    def read(self, role: str) -> Stakeholder | None:
        """What the stakeholder said so far; None where there is no file.

        Raises:
            ContentError: the file cannot be used as it is; carries what is wrong with it.
        """
        name = stakeholder_file(role)
        found = self._session.model(name, Stakeholder)
        if found is None:
            return None
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
        editor = self._session.edit(WEIGHTS)
        edit_weights(editor, figures, seal)
        self._session.write(WEIGHTS, editor)


def edit_weights(
    editor: YamlEditor, figures: tuple[Mapping[str, float], Mapping[str, float]] | None, seal: Seal | None
) -> None:
    """Change figures of families and of criteria, and the seal, of a weights file."""
    for part, entries in zip(("families", "criteria"), figures or (), strict=False):
        for key, value in entries.items():
            editor.set((part, key), int(value) if float(value).is_integer() else value)
    if seal is not None:
        editor.set(("seal",), plain(seal))


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
