"""Scorecards and weights on disk, read and written within one change to a workspace.

Files that people write too are edited in place, so that comments, order and layout of the rest stay; a stakeholder's file is
written by the commands only, and therefore whole. However often a file is read and edited in a change, it is parsed once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from evaluator.errors import ContentError, EvaluatorError, Problem, has_errors
from evaluator.model.base import Model
from evaluator.model.catalogue import Seal
from evaluator.model.elicitation import Stakeholder
from evaluator.model.file_names import WEIGHTS, Layout, own_work_file, scorecard_file, stakeholder_file
from evaluator.model.own_work import OwnWorkEntry, OwnWorkFile
from evaluator.model.scorecard import Answer, Scorecard
from evaluator.workspace.containment import MISSING
from evaluator.workspace.file_reader import Reader
from evaluator.workspace.transaction import Transaction
from evaluator.workspace.yaml_editor import YamlEditor
from evaluator.workspace.yaml_reader import YamlDocument, parse
from evaluator.workspace.yaml_writer import dump

_SCORECARD_LINE = "# yaml-language-server: $schema=../../../schemas/scorecard.schema.json\n"
_OWN_WORK_LINE = "# yaml-language-server: $schema=../../schemas/own-work.schema.json\n"
_STAKEHOLDER_LINE = "# yaml-language-server: $schema=../schemas/stakeholder.schema.json\n"
_EMPTY: tuple[Any, ...] = (None, "", (), [], {})
_M = TypeVar("_M", bound=Model)


class Session:
    """The YAML files as one ``change`` finds and makes them."""

    def __init__(self, change: Transaction) -> None:
        self._change = change
        self._parsed: dict[str, tuple[bytes, YamlDocument]] = {}

    def model(self, name: str, model: type[_M], then: str = "try again") -> _M | None:
        """Return the content of a file; None where there is none.

        Raises:
            ContentError: it cannot be used; carries what is wrong with it. The message ends in what to do ``then``.
        """
        data = self._change.read(name)
        if isinstance(data, Problem) and data.code == MISSING:
            return None
        reader = Reader(self._change.root, self._change.read, self._document)
        found = reader.model(name, model)
        if found is None or has_errors(reader.problems):
            raise ContentError(f"{name} has errors; fix them and {then}.", reader.problems)
        return found

    def edit(self, name: str) -> YamlEditor:
        """Return the editor of a file, to be given to :meth:`write`.

        Raises:
            EvaluatorError: the file cannot be read.
        """
        data = self._change.read(name)
        if isinstance(data, Problem):
            raise EvaluatorError(f"{name} cannot be read any more: {data.message}; nothing was written.")
        return YamlEditor(data, name, self._document(data, name))

    def write(self, name: str, editor: YamlEditor) -> None:
        """Write a file as it was edited.

        Raises:
            EvaluatorError: it cannot be edited safely.
        """
        data = editor.text()
        self._change.write(name, data)
        self._parsed[name] = data, editor.document

    def _document(self, data: bytes, name: str) -> YamlDocument:
        known, document = self._parsed.get(name, (None, None))
        if document is None or known != data:
            document = parse(data, name)
            self._parsed[name] = data, document
        return document


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
        self._change.create(name, (_SCORECARD_LINE + dump(head)).encode("utf-8"))
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


def record_own_work(change: Transaction, vendor: str, place: tuple[str, str, str], entry: OwnWorkEntry) -> str:
    """Write what became of one item of own work; makes the file where there is none. Returns its name.

    Args:
        change: the change to write it in.
        vendor: the vendor's id.
        place: edition, criterion and item.
        entry: what became of it.

    Raises:
        ContentError: the file cannot be used as it is; carries what is wrong with it.
        EvaluatorError: it cannot be edited safely.
    """
    name, session = own_work_file(vendor), Session(change)
    recorded = session.model(name, OwnWorkFile)
    if recorded is None:
        edition, criterion, item = place
        new = {"schema": "own-work/1", "items": {edition: {criterion: {item: plain(entry)}}}}
        change.create(name, (_OWN_WORK_LINE + dump(new)).encode("utf-8"))
        return name
    editor, value = session.edit(name), plain(entry)
    path: tuple[str, ...] = ("items", *place)
    inside: Any = editor.document.value
    for depth, key in enumerate(path[:-1], start=1):
        inside = inside.get(key)
        if not inside:  # the first mapping on the way that is not there, or empty, comes with all below it
            for missing in reversed(path[depth:]):
                value = {missing: value}
            path = path[:depth]
            break
    editor.set(path, value)
    session.write(name, editor)
    return name


def plain(value: Model) -> dict[str, Any]:
    """A model as plain values in the order of its fields, without what is empty."""
    found: dict[str, Any] = _full(value.model_dump(mode="json", by_alias=True))
    return found


def _full(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _full(entry) for key, entry in value.items() if entry not in _EMPTY}
    return [_full(entry) for entry in value] if isinstance(value, list) else value


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
    return (_STAKEHOLDER_LINE + dump(_said(stakeholder))).encode("utf-8")


def _said(stakeholder: Stakeholder) -> dict[str, Any]:
    """The file as plain values; things of one rank as a list of their own."""
    value = {key: entry for key, entry in stakeholder.model_dump(mode="json", by_alias=True).items() if entry}
    if stakeholder.families is not None:
        value["families"] = _judged(value["families"])
    if stakeholder.criteria:
        value["criteria"] = {family: _judged(entry) for family, entry in value["criteria"].items()}
    return value


def _judged(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: entry for key, entry in value.items() if entry is not None}
