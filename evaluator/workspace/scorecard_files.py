"""The scorecards of a workspace on disk: read one, add one, change one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from evaluator.errors import ContentError, Problem
from evaluator.model.base import Model
from evaluator.model.file_names import Layout, scorecard_file
from evaluator.model.scorecard import Answer, Scorecard
from evaluator.workspace.session import Session
from evaluator.workspace.transaction import Transaction
from evaluator.workspace.yaml_editor import YamlEditor
from evaluator.workspace.yaml_writer import dump

_SCHEMA_LINE = "# yaml-language-server: $schema=../../../schemas/scorecard.schema.json\n"
_EMPTY: tuple[Any, ...] = (None, "", (), [], {})


class CardStore:
    """The scorecards of a workspace within one ``change`` to it, where ``layout`` says; new answers are put in the ``order`` of the criteria."""

    def __init__(self, change: Transaction, layout: Layout, order: Sequence[str] = ()) -> None:
        self._change = change
        self._session = Session(change)
        self._layout = layout
        self._order = tuple(order)

    def read(self, vendor: str, edition: str, assessor: str) -> Scorecard | None:
        """The scorecard as it is now, or as the change makes it; None where there is none.

        Raises:
            ContentError: it cannot be used as it is; carries what is wrong with it.
        """
        name = self._layout.card_file(vendor, edition, assessor)
        card = self._session.model(name, Scorecard, "import again")
        if card is None:
            return None
        if (card.vendor, card.edition, card.assessor) != (vendor, edition, assessor):
            message = f"the scorecard says it is {card.assessor}'s on {card.vendor}, edition {card.edition}; fix that and import again"
            raise ContentError(message, [Problem("scorecard-vendor", message, name)])
        return card

    def create(self, card: Scorecard) -> str:
        """Write a new scorecard; returns the name of its file.

        Raises:
            EvaluatorError: there is one already.
        """
        name = scorecard_file(card.vendor, card.edition, card.assessor)
        answers = {key: card.answers[key] for key in sorted(card.answers, key=partial(_place, self._order))}
        head = plain(card)
        head["answers"] = {key: plain(answer) for key, answer in answers.items()}
        self._change.create(name, (_SCHEMA_LINE + dump(head)).encode("utf-8"))
        return name

    def change(self, before: Scorecard, answers: Mapping[str, Answer | None], head: Mapping[str, str]) -> str:
        """Change answers (None takes one away) and texts of the head; returns the name of the file.

        Raises:
            EvaluatorError: the file cannot be edited.
        """
        name = self._layout.file_of(before)
        editor = self._session.edit(name)
        new = {key: plain(answer) if answer is not None else None for key, answer in answers.items()}
        edit_answers(editor, new, head, self._order)
        self._session.write(name, editor)
        return name


def edit_answers(
    editor: YamlEditor, answers: Mapping[str, Mapping[str, Any] | None], head: Mapping[str, str], order: Sequence[str]
) -> None:
    """Change answers of a scorecard, given as plain values (None takes one away), and texts of its head; new answers take their place by ``order``."""
    for key, text in head.items():
        if text:
            editor.set((key,), text, before="answers")
        else:
            editor.remove((key,))
    for criterion in sorted(answers, key=partial(_place, order)):
        answer, path = answers[criterion], ("answers", criterion)
        if answer is None:
            editor.remove(path)
        else:
            editor.set(path, answer, order=order)


def _place(order: Sequence[str], criterion: str) -> tuple[int, str]:
    return (order.index(criterion) if criterion in order else len(order)), criterion


def plain(value: Model) -> dict[str, Any]:
    """A model as plain values in the order of its fields, without what is empty."""
    found: dict[str, Any] = _full(value.model_dump(mode="json", by_alias=True))
    return found


def _full(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _full(entry) for key, entry in value.items() if entry not in _EMPTY}
    return [_full(entry) for entry in value] if isinstance(value, list) else value
