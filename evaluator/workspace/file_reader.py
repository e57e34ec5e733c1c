"""Reads the single files of one workspace and gathers what is wrong with them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from evaluator.errors import Problem, one_line
from evaluator.model.base import Model
from evaluator.workspace import containment
from evaluator.workspace.file_kinds import KINDS, kind_of, schema_of
from evaluator.workspace.validation_problems import problems_of
from evaluator.workspace.yaml_positions import Places, Steps
from evaluator.workspace.yaml_reader import NO_VALUE, YamlDocument, parse

_M = TypeVar("_M", bound=Model)


class Reader:
    """The files of the workspace at ``root``, a folder without links in its path.

    ``read`` gives their texts where not as on disk, ``document`` what they hold where they may be parsed already.
    """

    def __init__(
        self,
        root: Path,
        read: Callable[[str], bytes | Problem] | None = None,
        document: Callable[[bytes, str], YamlDocument] = parse,
    ) -> None:
        self.root = root
        self._document = document
        self._view = containment.WorkspaceView(root)
        self._read = read or self._view.read
        self.problems: list[Problem] = []
        self.places: dict[str, Places] = {}
        self.digests: dict[str, str] = {}

    def note(self, code: str, message: str, file: str, path: Steps = (), hint: str = "") -> None:
        """Notes a problem; with a path, of a file that was read."""
        line = column = None
        if path:
            line, column = self.places[file].best(path)
        self.problems.append(
            Problem(code=code, message=message, file=file, path=path, line=line, column=column, hint=hint)
        )

    def model(self, file: str, model: type[_M]) -> _M | None:
        """The content of one file, or nothing; what is wrong with it is noted."""
        data = self._read(file)
        if isinstance(data, Problem):
            self.problems.append(self._missing(file, model) if data.code == containment.MISSING else data)
            return None
        self.digests[file] = hashlib.sha256(data).hexdigest()
        document = self._document(data, file)
        self.places[file] = document.places
        self.problems += document.problems
        if document.value is None or self._is_other_kind(document.value, file, model):
            return None
        try:
            content = model.model_validate(document.value)
        except ValidationError as error:
            # What is no value at all fits no model either: that is one mistake, not two.
            unread = {(one.line, one.column) for one in document.problems if one.code in NO_VALUE}
            found = problems_of(error, model, document.places, file)
            self.problems += [one for one in found if (one.line, one.column) not in unread]
            return None
        return None if document.problems else content

    def entries(self, folder: str) -> tuple[containment.FolderEntry, ...] | None:
        """What is in a folder apart from hidden names, sorted; nothing where it may not be read."""
        found = self._view.folder(folder)
        if isinstance(found, Problem):
            self.problems.append(found)
            return None
        return tuple(entry for entry in found if not entry.is_hidden)

    def holds_yaml(self, folder: str) -> bool:
        """Whether there are files in a folder that may be meant for the workspace; not where it may not be read."""
        found = self._view.folder(folder)
        endings = (".yaml", ".yml")
        return not isinstance(found, Problem) and any(
            entry.name.lower().endswith(endings) and not entry.is_hidden for entry in found
        )

    def yaml_files(self, folder: str) -> list[str] | None:
        """The names of the YAML files of a folder; a name that somebody may take for one is noted."""
        entries = self.entries(folder)
        if entries is None:
            return None
        names = []
        for entry in entries:
            stem, dot, ending = entry.name.rpartition(".")
            if not dot or ending.lower() not in {"yaml", "yml"}:
                continue
            if containment.shown(entry.name) != entry.name:
                self.bad_name(f"{folder}/{entry.name}", "a file")
            elif ending == "yaml":
                names.append(entry.name)
            elif not entry.is_folder:
                self.note(
                    "stray-file",
                    f"the file is not read: its name ends in .{ending}",
                    f"{folder}/{entry.name}",
                    hint=f"rename it to {stem}.yaml",
                )
        return names

    def bad_name(self, name: str, what: str) -> None:
        """Notes a file or folder whose name cannot be used."""
        last = containment.shown(name).rpartition("/")[2]
        slug = re.sub(r"[^a-z0-9.]+", "-", last.lower()).strip("-")
        self.note(
            "bad-name",
            f"{what} is named in lower-case letters and digits, in words joined by hyphens",
            containment.shown(name),
            hint=f"for instance {slug}" if slug else "",
        )

    def _is_other_kind(self, value: Any, file: str, model: type[Model]) -> bool:
        """Whether the file says that it is something else; then the rest of it is not worth a complaint."""
        wanted = schema_of(model)
        found = value.get("schema") if isinstance(value, dict) else None
        if found is None or found == wanted:
            return False
        kind, _, version = str(found).partition("/")
        if kind == kind_of(model) and version:
            hint = "the file was written for another version of the evaluator"
        elif kind in KINDS:
            hint = f"such a file belongs at {KINDS[kind].place}"
        else:
            hint = f"write schema: {wanted}"
        says = f"schema: expected {wanted}, found {one_line(found)}"
        self.note("wrong-schema", says, file, ("schema",), hint)
        return True

    def _missing(self, file: str, model: type[Model]) -> Problem:
        kind = kind_of(model)
        message = f"the file is missing; expected {KINDS[kind].what}"
        if kind == "profile":
            return Problem(
                "no-profile", "the vendor's folder has no profile.yaml", file, hint="add it, or remove the folder"
            )
        other = f"{file.removesuffix('.yaml')}.yml"
        if (self.root / other).exists():
            return Problem(containment.MISSING, message, file, hint=f"rename {other}")
        return Problem(
            containment.MISSING, message, file, hint="`evaluator init DIR --blank` shows what belongs into it"
        )
