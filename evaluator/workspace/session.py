"""The YAML files of one change to a workspace: each is parsed once, however often it is read and edited."""

from __future__ import annotations

from typing import TypeVar

from evaluator.errors import ContentError, EvaluatorError, Problem, has_errors
from evaluator.model.base import Model
from evaluator.workspace.containment import MISSING
from evaluator.workspace.file_reader import Reader
from evaluator.workspace.transaction import Transaction
from evaluator.workspace.yaml_editor import YamlEditor
from evaluator.workspace.yaml_reader import YamlDocument, parse

_M = TypeVar("_M", bound=Model)


class Session:
    """The files as one ``change`` finds and makes them."""

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
